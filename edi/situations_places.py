"""A set read for types 3 to 6: in blocks, without a walk through its guide; where findings stand in it."""

from collections.abc import Iterator, Sequence
from itertools import count, repeat

from attrs import evolve

from edi.check import loop_segments
from edi.checked import CheckedSet
from edi.diagnostics import Diagnostic
from edi.segments import Delimiters, Source, blocks
from edi.situations_report import MOST_IN_BLOCK, Block

PIECE = 1 << 13  # bytes taken apart at once


def set_blocks(
    source: Source, s: CheckedSet, delimiters: Delimiters, cuts: frozenset[str]
) -> Iterator[Block]:
    """The segments of a set in blocks, each begun by one of the tags; the loops are empty."""
    held: Block = []
    ordinal, separator = 1, delimiters.element
    small = evolve(source, chunk=min(source.chunk, PIECE))
    for piece in blocks(small, s.offset, s.offset + s.length, delimiters.segment, s.line_end):
        parts = [text.split(separator) for text in piece.texts if text]
        items = list(zip(repeat(""), parts, count(ordinal)))
        ordinal += len(parts)
        begin = 0
        for at in [n for n, elements in enumerate(parts) if elements[0] in cuts]:
            if held or at > begin:
                yield held + items[begin:at] if held else items[begin:at]
            held, begin = [], at
        held = (held + items[begin:])[:MOST_IN_BLOCK]
    if held:
        yield held


def with_places(
    source: Source, s: CheckedSet, delimiters: Delimiters, found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """The findings of one set with their loops and byte offsets, in the order of the segments."""
    wanted = {d.position.set_segment for d in found}
    if not wanted:
        return
    loops = {n: loop for loop, _, n in loop_segments(source, s, delimiters) if n in wanted}
    offsets = dict(_offsets(source, s, delimiters, wanted))
    for one in sorted(found, key=lambda d: d.position.set_segment):
        place = one.position
        loop, offset = loops.get(place.set_segment, place.loop), offsets.get(place.set_segment, 0)
        yield evolve(one, position=evolve(place, loop=loop, offset=offset))


def _offsets(
    source: Source, s: CheckedSet, delimiters: Delimiters, wanted: set[int]
) -> Iterator[tuple[int, int]]:
    """The byte offsets of some segments by their ordinals in the set."""
    ordinal = 0
    for piece in blocks(source, s.offset, s.offset + s.length, delimiters.segment, s.line_end):
        for index, text in enumerate(piece.texts):
            if text:
                ordinal += 1
                if ordinal in wanted:
                    yield ordinal, piece.offsets[index]
