"""One verdict: what `edi validate` calls valid TA1 and 999 never refuse, and the other way round."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.unit.edi.diagnostics.test_diagnostics import SAMPLES
from tests.unit.edi.reading.test_check import FAULTS, REVIEW
from tests.unit.edi.reading.test_check_properties import mutated
from tests.worlds.engines.verdicts import Opinion, opinions
from tests.worlds.places import DOCS, ROOT
from tests.worlds.text.wire import TWO_CLAIMS, claims, group, header, interchange, transaction, wire
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.wire.segments import Source

FILES = sorted(
    path
    for folder in ("samples", "docs/examples", "tests/worlds/text/crashers")
    for path in (ROOT / folder).rglob("*.x12")
)


def both(data: bytes) -> list[Opinion]:
    """The opinions of a file, which agree."""
    found = list(opinions(Source(data=data)))
    assert [one for one in found if one.valid != one.taken] == []
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_of_every_file_here(path: Path) -> None:
    assert both(path.read_bytes())


@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_of_a_file_for_every_finding(code: str) -> None:
    sample = SAMPLES[code]
    found = both(sample if isinstance(sample, bytes) else wire(sample))
    row = diagnostic_codes()[code]
    refuses = row.severity == "error" and code not in ("ta1-element", "set-unsupported", "group-unsupported")
    assert not refuses or not all(one.taken for one in found)


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(DOCS)], ids=lambda p: p.stem)
def test_of_a_file_without_one_of_its_segments(path: Path) -> None:
    text = path.read_text(encoding="latin-1")
    for at in [m.start() for m in re.finditer(r"(?m)^[A-Z]", text)]:
        end = text.index("~\n", at) + 2
        both((text[:at] + text[end:]).encode("latin-1"))  # SE01 is then wrong, too
        both((text[:end] + text[at:]).encode("latin-1"))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(mutated())
def test_of_any_mutation(data: bytes) -> None:
    both(data)


GUIDES = ["005010X222A1", "005010X222", "005010X223A2", "005010X298", "004010X098A1", "", "X", "005010X221A1"]
HEALTHY = transaction(TWO_CLAIMS, number="0007")


@pytest.mark.parametrize("number", ["0001", "1", "", "0007", "00-1", "0000000001"])
@pytest.mark.parametrize("set_id", ["837", "83", "", "270", "ZZZ", "8-7"])
def test_of_any_beginning_of_a_set(set_id: str, number: str) -> None:
    for guide in GUIDES:
        one = transaction(TWO_CLAIMS, set_id=set_id, number=number, guide=guide)
        found = both(wire(interchange(group(one, HEALTHY))))
        intact = (set_id, number) == ("837", "0001") and guide in GUIDES[:2]
        assert all(opinion.taken for opinion in found) is intact


@pytest.mark.parametrize("sign", ["^", "U", "1", " ", ":", "*", "~", "|", "\x1f", "\xe9"])
@pytest.mark.parametrize("place", [3, 82, 104, 105])
def test_of_any_separator(place: int, sign: str) -> None:
    head = header() + "~"
    spoilt = head[:place] + sign + head[place + 1 :]
    both(spoilt.encode("latin-1") + wire(claims()[1:]))


@pytest.mark.parametrize("outside", [b"\x1a", b"hello", b"ISA", b"ISA*", b"ISAX", b"\n\n"])
def test_of_what_is_around(outside: bytes) -> None:
    both(outside + wire(claims()))
    both(wire(claims()) + outside)
    both(wire(claims()) + outside + wire(claims()))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}-{fault[2]}")
def test_of_a_bad_set_between_good_ones(fault: tuple[str, list[str], str, str, int, int, str]) -> None:
    sets = [transaction(b, number=f"000{n}") for n, b in enumerate((TWO_CLAIMS, fault[1], TWO_CLAIMS), 1)]
    found = both(wire(interchange(group(*sets))))
    assert [one.taken for one in found if one.kind == "set"] == [True, False, True]


def test_of_services_below_services() -> None:
    levels = ["HL*6*5*SS*0", "UM*HS*I*2", "HL*7*5*SS*0", "UM*HS*I*2", "HL*8*7*SS*0", "UM*HS*I*2"]
    one = transaction([*REVIEW, *levels], set_id="278", guide="005010X217")
    found = both(wire(interchange(group(one, functional="HI", version="005010X217"))))
    assert all(one.taken for one in found)
