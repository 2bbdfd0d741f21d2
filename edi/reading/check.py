"""Checking interchanges as they stream by: envelope and guide (SNIP types 1 and 2).

`check_interchanges` never raises on any bytes and holds no more than one piece of the file. What it gives
for each set is small: where the set is, whether it is accepted, and what is wrong with it. An accepted
set is read again with `loop_segments`."""

from collections.abc import Iterator
from functools import cache

from attrs import evolve

from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.guides.walk import loops_of
from x12_payer.edi.reading.checked import CheckedGroup, CheckedInterchange, CheckedSet, Follow
from x12_payer.edi.reading.envelope import NOT_X12, Header, find_header, read_header
from x12_payer.edi.reading.reader import Reader
from x12_payer.edi.reading.wrapped import every, line_width
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters, LoopSegment, Source, blocks

__all__ = [
    "TEXT_OUTSIDE",
    "CheckedGroup",
    "CheckedInterchange",
    "CheckedSet",
    "check_interchanges",
    "inbound_guides",
    "loop_segments",
]

TEXT_OUTSIDE = "text-outside"
WRAPPED = "lines-wrapped"


@cache
def inbound_guides() -> frozenset[str]:
    """The guides that a payer takes in (inbound_guides.csv)."""
    return frozenset(row["guide"] for row in rows("inbound_guides"))


def check_interchanges(
    source: Source, every_guide: bool = False, follow: Follow | None = None
) -> Iterator[CheckedInterchange]:
    """Every interchange of a file, in order. Taken are the guides that a payer takes in, or, with
    `every_guide`, all that there are. `follow` looks at the segments of a set while they are at hand."""
    taken = None if every_guide else inbound_guides()
    offset, outside = find_header(source, 0)
    if offset < 0:
        from x12_payer.edi.reading.file_kinds import what_it_is  # an interchange need not wait for it

        found = Diagnostic(NOT_X12, Position(offset=max(outside, 0)), detail=what_it_is(source))
        yield CheckedInterchange(1, 0, source.size, ("",), DEFAULT_DELIMITERS, (found,), found.row.ta105, ())
        return
    stray = [_outside(outside)] if outside >= 0 else []
    ordinal, segments = 1, 0
    while offset >= 0:
        header = read_header(source, offset)
        reader = Reader(source, offset, header, segments, taken, stray, follow)
        interchange = _in_one_piece(reader.interchange(ordinal), header, source)
        offset, outside = find_header(source, offset + interchange.length)
        if outside >= 0:
            after = (*interchange.diagnostics, _outside(outside))
            interchange = evolve(interchange, diagnostics=after)
        yield interchange
        ordinal, segments, stray = ordinal + 1, reader.ordinal, []


def _in_one_piece(found: CheckedInterchange, header: Header, source: Source) -> CheckedInterchange:
    """The interchange; one that is wrapped is refused for that alone, whatever else its pieces seem to be."""
    unread = header.foreign or any(number < 0 for _, number, _ in header.faults)
    width = line_width(source, found.offset) if _is_faulty(found) and not unread else 0
    if not width:
        return found
    before = tuple(one for one in found.diagnostics if one.code == TEXT_OUTSIDE)
    detail = f"a line ends after {every(width)}"
    wrapped = Diagnostic(WRAPPED, Position(offset=found.offset, tag="ISA"), detail=detail)
    return evolve(
        found,
        diagnostics=(*before, wrapped),
        ta1=wrapped.row.ta105,
        groups=(),
        ta1_segments=(),
        remark="",
    )


def _is_faulty(found: CheckedInterchange) -> bool:
    sets = (one.diagnostics for group in found.groups for one in group.sets)
    stated = (found.diagnostics, *(group.diagnostics for group in found.groups), *sets)
    return bool(found.ta1) or any(d.is_error for part in stated for d in part)


def _outside(offset: int) -> Diagnostic:
    return Diagnostic(TEXT_OUTSIDE, Position(offset=offset))


def loop_segments(source: Source, s: CheckedSet, delimiters: Delimiters) -> Iterator[LoopSegment]:
    """The segments of an accepted set with their loops, ST to SE; no check is made again."""
    pieces = blocks(source, s.offset, s.offset + s.length, delimiters.segment, s.line_end)
    texts = (text for block in pieces for text in block.texts)
    return loops_of(s.guide, delimiters, texts)
