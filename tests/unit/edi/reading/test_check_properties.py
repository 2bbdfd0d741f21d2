"""Any bytes give interchanges and diagnostics, never an exception, and the same in pieces of any size."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.worlds.places import CRASHERS, EXAMPLES
from tests.worlds.text.wire import (
    ELIGIBILITY,
    claims,
    findings,
    group,
    interchange,
    respell,
    transaction,
    wire,
)
from x12_payer.edi.reading.check import CheckedInterchange, check_interchanges, loop_segments
from x12_payer.edi.snip.validate import diagnostics_in as every_finding
from x12_payer.edi.wire.segments import Delimiters, Source

ELIGIBLE = group(
    transaction(ELIGIBILITY, set_id="270", guide="005010X279A1"), functional="HS", version="005010X279A1"
)

pytestmark = pytest.mark.slow
VALID = [
    wire(claims()),
    wire(interchange(ELIGIBLE), "~"),
    wire(respell(claims(), Delimiters("|", "!", ">", "'")), "'\r\n") + wire(interchange(ELIGIBLE)),
]
SAMPLE_FILES = EXAMPLES.glob("*.x12")
CRASHED = sorted(CRASHERS.glob("*.x12"))
BITS = [
    b"~",
    b"*",
    b":",
    b"^",
    b"ISA",
    b"IEA*1*1~",
    b"SE*1*1~",
    b"HL*",
    b"\n",
    b"\0",
    b" ",
    b"ST*",
    b"\xff",
    b"~~",
]


def everything(data: bytes, chunk: int = 1 << 20) -> list[CheckedInterchange]:
    """Check, look at every finding, and read every accepted set again."""
    source = Source(data=data, chunk=chunk)
    found = list(check_interchanges(source))
    for diagnostic in findings(found):
        assert diagnostic.row.text
        assert 0 <= diagnostic.position.offset <= len(data)
    for one in found:
        for s in (s for g in one.groups for s in g.sets if s.accepted):
            again = list(loop_segments(source, s, one.delimiters))
            assert len(again) == s.segment_count
            assert again[0][1][0] == "ST"
            assert again[-1][1][0] == "SE"
    return found


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid file with a few bytes changed, cut out, put in or moved."""
    data = bytearray(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            data[at : at + 1] = bytes([draw(st.integers(0, 255))])
        elif kind == 1:
            del data[at : at + draw(st.integers(1, 60))]
        elif kind == 2:
            data[at:at] = draw(st.sampled_from(BITS))
        elif kind == 3:
            other = draw(st.integers(0, len(data)))
            data[at:at] = data[other : other + draw(st.integers(1, 200))]
        else:
            del data[at:]
    return bytes(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
@example(b"ISA" + b"*" * 103)
@example(b"ISA*" + b"ISA*" * 60)
def test_any_bytes(data: bytes) -> None:
    assert everything(data)


@settings(max_examples=300, deadline=None)
@given(mutated(), st.sampled_from([1 << 20, 5, 64, 300]))
def test_any_mutation_of_a_valid_file(data: bytes, chunk: int) -> None:
    assert everything(data, chunk) == everything(data)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(VALID), st.integers(1, 700))
def test_pieces_of_any_size_give_the_same(data: bytes, chunk: int) -> None:
    found = everything(data, chunk)
    assert [d for d in findings(found) if d.is_error] == []
    assert found == everything(data)


SEPARATORS = st.characters(max_codepoint=255).filter(lambda c: not c.isalnum() and c not in " \t\r\n-./")


@settings(max_examples=60, deadline=None)
@given(st.lists(SEPARATORS, min_size=4, max_size=4, unique=True))
def test_any_legal_separators(four: list[str]) -> None:
    delimiters = Delimiters(*four)
    (one,) = everything(wire(respell(claims(), delimiters), delimiters.segment))
    assert (one.delimiters, one.ta1, one.groups[0].accepted) == (delimiters, "", 1)


@pytest.mark.parametrize("path", CRASHED, ids=lambda p: p.stem)
def test_what_once_crashed(path: Path) -> None:
    data = path.read_bytes()
    assert everything(data, 7) == everything(data)
    list(every_finding(Source(data=data), 7, date(2026, 7, 15)))


@pytest.mark.parametrize("path", sorted(SAMPLE_FILES), ids=lambda p: p.stem)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("*00501*", "*0050\xf6*"),  # another version: no set is walked
        lambda text: text.replace("*00501*", "*00401*"),
        lambda text: re.sub(r"\nGS\*..\*", "\nGS*PO*", text),  # a group that is not handled
        lambda text: re.sub(r"(\nST\*\w+\*\w+)[^~]*", r"\1*005010X999", text),  # no guide
    ],
)
def test_a_set_that_was_not_walked_is_looked_at_no_further(spoil: Callable[[str], str], path: Path) -> None:
    """Its segments may be anything: here every separator of an element is gone."""
    head, start, rest = path.read_text(encoding="latin-1").partition("\nBHT")
    data = spoil(head + start + re.sub(r"(\n[A-Z]\w+)\*", r"\1", rest)).encode("latin-1")
    assert all(found.snip <= 2 for found in every_finding(Source(data=data), 7, date(2026, 7, 15)))
