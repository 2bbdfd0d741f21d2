"""The readers of 271, 277, 277CA, 278 responses and 835: what we write is read and written again, byte for
byte; and `parse`, which finds the reader of each set."""

import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import x12_payer.edi.parsers.registry
from tests.worlds.places import ROOT, SAMPLES
from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.guides.registry import GuideRow, registry
from x12_payer.edi.messages.acknowledgment import Acknowledgment
from x12_payer.edi.messages.claim import Claim, ClaimAcknowledgmentSet
from x12_payer.edi.messages.claim_status import ClaimStatusRequest, ClaimStatusResponse
from x12_payer.edi.messages.eligibility import EligibilityRequest, EligibilityResponse
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.messages.services_review import ReviewRequest, ReviewResponse
from x12_payer.edi.parsers.registry import Message, parse, reader_of
from x12_payer.edi.reading.tree import FileOrBytes, read
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, OutSegment, Source

ANSWERS = sorted(
    path
    for kind in ("271", "277", "277CA", "278", "835")
    for path in SAMPLES.glob(f"*/expected/*.{kind}.x12")
)
INBOUND = sorted(SAMPLES.glob("*/inbound/*.x12"))


def built(message: Message | Diagnostic) -> list[OutSegment]:
    """The body of the set that a message came from."""
    match message:
        case Remittance():
            return build_835(message)
        case ClaimAcknowledgmentSet() if message.header and message.header.created:
            return build_277ca(message, message.header.created)
        case EligibilityResponse() if message.header.created:
            return build_271(message, message.header.created)
        case ClaimStatusResponse() if message.header.created:
            return build_277(message, message.header.created)
        case ReviewResponse() if message.header.created:
            return build_278(message, message.header.created)
    raise AssertionError(f"no builder for {message}")


def bodies(path: Path) -> Iterator[list[str]]:
    """The segments of each set of a file, between ST and SE."""
    body: list[str] = []
    for line in path.read_text(encoding="latin-1").split("~\n"):
        if line.startswith("ST*"):
            body = []
        elif line.startswith("SE*"):
            yield body
            body = []
        else:
            body.append(line)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_an_answer_of_ours_is_read_and_written_again(path: Path) -> None:
    read = list(parse(path))
    assert [lines(built(message)) for message in read] == list(bodies(path))


# --- which set is read by what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row", registry(), ids=lambda row: f"{row.gs08}-{row.st01}-{'|'.join(sorted(row.bht02))}"
)
def test_every_guide_has_a_reader(row: GuideRow) -> None:
    for purpose in row.bht02 or ("",):
        found = reader_of(row.gs08, row.st01, row.gs01, ("", purpose))
        assert found is not None
        assert found.guide in ("", row.key)


@pytest.mark.parametrize("set_id", ["834", "997", "824"])
def test_sets_without_a_guide_have_a_reader(set_id: str) -> None:
    assert reader_of("", set_id) is not None


def test_a_set_that_nothing_reads_has_none() -> None:
    assert reader_of("005010X218", "820") is None


@pytest.mark.parametrize(
    ("set_id", "bht", "message"),
    [
        ("277", ("0085", "08"), ClaimAcknowledgmentSet),
        ("277", ("0010", "08"), ClaimStatusResponse),
        ("278", ("0007", "13"), ReviewRequest),
        ("278", ("0007", "11"), ReviewResponse),
    ],
)
def test_a_set_of_another_version_is_read_by_its_bht(
    set_id: str, bht: tuple[str, str], message: type[Message]
) -> None:
    found = reader_of("004010X999", set_id, "", bht)
    assert found is not None
    segments = [("", ["ST", set_id, "0001"], 1), ("", ["BHT", *bht, "R"], 2), ("", ["SE", "3", "0001"], 3)]
    assert [type(m) for m in found.read(segments, DEFAULT_DELIMITERS, "004010X999")] == [message]


@pytest.mark.parametrize("path", INBOUND, ids=lambda path: path.name)
def test_every_valid_inbound_set_gives_messages(path: Path) -> None:
    sets = [one for interchange in read(path) for group in interchange.groups for one in group.sets]
    expected = {KIND_OF_SET.get(one.id, Acknowledgment) for one in sets}
    found = {type(m) for m in parse(path) if not isinstance(m, Diagnostic)}
    assert found - {Acknowledgment} <= expected
    assert expected <= found | {Acknowledgment}


KIND_OF_SET: dict[str, type[Message]] = {
    "270": EligibilityRequest,
    "276": ClaimStatusRequest,
    "278": ReviewRequest,
    "837": Claim,
    "277": ClaimAcknowledgmentSet,
}


# --- the file -----------------------------------------------------------------------------------------------

BLANK = " " * 10
ISA = f"ISA*00*{BLANK}*00*{BLANK}*ZZ*{'PAYER':15}*ZZ*{'CLINIC':15}*260715*0930*^*00501*000000001*0*T*:~"
GS = "GS*HP*PAYER*CLINIC*20260715*0930*1*X*005010X221A1~"
REMITTANCE = "ST*835*0001~BPR*I*10*C*CHK******1990000001******20260715~TRN*1*T1*1990000001~SE*4*0001~"
END = "GE*1*1~IEA*1*000000001~"


def codes(content: FileOrBytes) -> list[str]:
    """What `parse` gives: the names of messages, the codes of diagnostics."""
    return [m.code if isinstance(m, Diagnostic) else type(m).__name__ for m in parse(content)]


def test_a_path_bytes_and_text_are_read_alike(tmp_path: Path) -> None:
    text = ISA + GS + REMITTANCE + END
    path = tmp_path / "a.x12"
    path.write_text(text)
    assert list(parse(path)) == list(parse(str(path))) == list(parse(text)) == list(parse(text.encode()))
    assert codes(text) == ["Remittance"]


def test_several_interchanges_and_sets_in_order() -> None:
    ta1 = ISA + "TA1*000000009*260715*0930*A*000~IEA*0*000000001~"
    text = ISA + GS + REMITTANCE + REMITTANCE + END + "\n" + ta1
    assert codes(text) == ["Remittance", "Remittance", "Acknowledgment"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", ["not-x12"]),
        (ISA[:50], ["isa-length"]),
        (ISA + GS + REMITTANCE, ["Remittance", "iea-missing"]),
        (ISA + GS + REMITTANCE[:60] + END, ["Remittance", "se-missing"]),
        (ISA + GS + "ST*820*0001~BPR*C*1~SE*3*0001~" + END, ["set-unsupported"]),
        (
            ISA + GS + "ST*820*0001~BPR*C*1~" + REMITTANCE + END,
            ["set-unsupported", "se-missing", "Remittance"],
        ),
        (ISA + GS + REMITTANCE + ISA + END, ["Remittance", "iea-missing"]),
    ],
)
def test_what_cannot_be_read_is_a_diagnostic(text: str, expected: list[str]) -> None:
    assert codes(text.encode()) == expected


def test_a_missing_path_is_an_error() -> None:
    with pytest.raises(OSError, match="nowhere"):
        list(parse("/nowhere.x12"))


def test_the_example_of_the_docstring_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = doctest.testmod(x12_payer.edi.parsers.registry)
    assert ran.attempted > 1
    assert ran.failed == 0


def test_claims_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first claim of a large set is there before the file is read."""
    whole = next(SAMPLES.glob("03-therapy/inbound/2-*")).read_text(encoding="latin-1")
    start, end = whole.index("CLM*"), whole.index("SE*")
    many = (whole[:start] + whole[start:end] * 2000 + whole[end:]).encode("latin-1")
    taken = 0
    read_at = Source.read

    def counted(source: Source, offset: int, size: int) -> bytes:
        nonlocal taken
        taken += size
        return read_at(source, offset, size)

    monkeypatch.setattr(Source, "read", counted)
    assert isinstance(next(parse(many)), Claim)
    assert taken < len(many) / 10


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_set_is_so_broken_that_reading_it_raises(data: st.DataObject) -> None:
    """Segments lost, doubled, moved and cut, in an answer of ours."""
    path = data.draw(st.sampled_from(ANSWERS))
    lines = path.read_text(encoding="latin-1").split("~\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(1, len(lines) - 1))
        match data.draw(st.sampled_from(("lose", "double", "move", "cut", "odd"))):
            case "lose" if len(lines) > 2:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(data.draw(st.integers(1, len(lines) - 1)), lines[at])
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case _:
                parts = lines[at].split("*")
                parts[data.draw(st.integers(0, len(parts) - 1))] = data.draw(st.sampled_from(ODD))
                lines[at] = "*".join(parts)
    list(parse("~\n".join(lines).encode("latin-1")))


ODD = ("", "X", "-", "1E9", "NaN", "99999999", "20261332", ":::", "^", "HC:", "²", "9" * 40)
