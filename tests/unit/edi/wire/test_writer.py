"""The writer: envelopes that count right, separators that are in no value; what is written reads back."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.text.wire import check
from x12_payer.edi.reading.envelope import read_header
from x12_payer.edi.wire.segments import NOTHING_REPEATS, Delimiters, OutSegment, Source
from x12_payer.edi.wire.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange

WHEN = datetime(2026, 7, 6, 12, 5)


def outbound(*bodies: list[OutSegment], set_id: str = "271", **more: Any) -> OutboundInterchange:
    sets = [OutboundSet(set_id, f"{n:04d}", "005010X279A1", body) for n, body in enumerate(bodies, 1)]
    groups = [OutboundGroup("HB", 7, "005010X279A1", "ATLANTIC01", "CLEARCO01", sets)] if bodies else []
    values = {"groups": groups, **more}
    return OutboundInterchange("ZZ", "ATLANTIC01", "30", "CLEARCO01", 42, WHEN, "T", **values)


def lines(data: bytes) -> list[str]:
    return data.decode("latin-1").splitlines()


def test_an_interchange() -> None:
    assert lines(write_interchange(outbound([("BHT", "0022", "11", "X")], [("BHT", "0022")]))) == [
        "ISA*00*          *00*          *ZZ*ATLANTIC01     *30*CLEARCO01      "
        "*260706*1205*^*00501*000000042*0*T*:~",
        "GS*HB*ATLANTIC01*CLEARCO01*20260706*1205*7*X*005010X279A1~",
        "ST*271*0001*005010X279A1~",
        "BHT*0022*11*X~",
        "SE*3*0001~",
        "ST*271*0002*005010X279A1~",
        "BHT*0022~",
        "SE*3*0002~",
        "GE*2*7~",
        "IEA*1*000000042~",
    ]


def test_a_bare_ta1() -> None:
    ta1 = ("TA1", "000000104", "260706", "1015", "R", "023")
    assert lines(write_interchange(outbound(ta1=ta1)))[1:] == [
        "TA1*000000104*260706*1015*R*023~",
        "IEA*0*000000042~",
    ]


def test_an_835_has_no_st03() -> None:
    assert "ST*835*0001~" in lines(write_interchange(outbound([("BPR", "H")], set_id="835")))


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (("EB", "1", "", ""), "EB*1"),
        (("EB", "", "", "X"), "EB***X"),
        (("SVC", ("HC", "99213", "", ""), "1"), "SVC*HC:99213*1"),
        (("SVC", ("", "", ""), ""), "SVC"),
        (("EB", "1", "", ["30", "PT", ""]), "EB*1**30^PT"),
        (("HI", [("A", "B"), ("C", "", "D")]), "HI*A:B^C::D"),
        (("MSG", "A\nB\x07C"), "MSG*A B C"),
        (("MSG", "Größe"), "MSG*Größe"),
        (("MSG", "\u2019"), "MSG*?"),  # no character of the wire
    ],
)
def test_segments(segment: OutSegment, expected: str) -> None:
    assert lines(write_interchange(outbound([segment])))[3] == expected + "~"


@pytest.mark.parametrize(
    ("value", "preferred", "expected"),
    [
        ("plain", Delimiters("|", "!", ">", "'"), "*^:~"),
        ("has:colon", Delimiters("|", "!", ">", "'"), "|!>'"),
        ("has:both>", Delimiters("|", "!", ">", "'"), "*^~|"),
        ("has:colon", None, "*^~|"),
        ("has:colon", Delimiters("*", "^", "\x1f", "\n"), "*^~|"),  # no blank is taken for a separator
        ("*^:~|>!+;<", None, "@#%{"),
    ],
)
def test_separators_are_in_no_value(value: str, preferred: Delimiters | None, expected: str) -> None:
    data = write_interchange(outbound([("MSG", value)]), preferred)
    header = read_header(Source(data=data), 0)
    d = header.delimiters
    assert d.element + d.repetition + d.component + d.segment == expected
    assert f"MSG{d.element}{value}{d.segment}" in lines(data)


def test_an_id_of_the_header_may_hold_a_separator() -> None:
    more = {"usage": "T"}
    one = OutboundInterchange("ZZ", "A*B", "ZZ", "C", 1, WHEN, more["usage"])
    assert write_interchange(one)[3:4] != b"*"


values = st.text(
    st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f\x85\xa0"), max_size=12
)
components = st.one_of(values, st.lists(values, min_size=1, max_size=3).map(tuple))
elements = st.one_of(components, st.lists(components, min_size=1, max_size=3))
segments = st.lists(elements, max_size=5).map(lambda found: ("MSG", *found))


def read(element: str, delimiters: Delimiters) -> list[list[str]]:
    return [part.split(delimiters.component) for part in element.split(delimiters.repetition)]


def shape(element: object) -> list[list[str]]:
    """An outbound element as repetitions of components, empty ends taken off."""
    parts = element if isinstance(element, list) else [element]
    found: list[list[Any]] = [list(part) if isinstance(part, tuple) else [part] for part in parts]
    for part in found:
        while len(part) > 1 and not part[-1]:
            part.pop()
    while len(found) > 1 and found[-1] == [""]:
        found.pop()
    return found


@given(st.lists(segments, min_size=1, max_size=4))
def test_what_is_written_reads_back(body: list[OutSegment]) -> None:
    data = write_interchange(outbound(body))
    (one,) = check(data, every_guide=True)
    assert one.ta1 == ""
    assert one.groups[0].sets[0].segment_count == len(body) + 2
    d = one.delimiters
    text = data.decode("latin-1")
    found = [segment.lstrip("\n").split(d.element) for segment in text.split(d.segment)][3 : 3 + len(body)]
    for written, segment in zip(found, body, strict=True):
        expected = [shape(element) for element in segment[1:]]
        while expected and expected[-1] == [[""]]:
            expected.pop()
        assert [read(element, d) for element in written[1:]] == expected


def test_separators_of_a_file_without_repetitions_are_never_ours() -> None:
    """ISA11 must hold a sign: that nothing repeats in what came in does not go out."""
    body: list[OutSegment] = [("MSG", "A*B"), ("EQ", ["30", "98"])]
    data = write_interchange(outbound(body), Delimiters("|", NOTHING_REPEATS, ">", "'"))
    assert len(data.split(b"\n")[0]) == 106
    assert not chr(data[82]).isalnum()
