"""The places of diagnostics of types 3 to 6 in the file: the set is read again only if there are any, and
only as far as the last one."""

from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import evolve

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.check import loop_segments
from x12_payer.edi.reading.checked import CheckedSet
from x12_payer.edi.wire.segments import Delimiters, Source, blocks


def with_offsets(
    source: Source, s: CheckedSet, delimiters: Delimiters, found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """The diagnostics of one set with their loops and byte offsets, in the order of the segments."""
    wanted = {d.position.set_segment for d in found}
    if not wanted:
        return
    read = islice(loop_segments(source, s, delimiters), max(wanted))
    loops = {n: loop for loop, _, n in read if n in wanted}
    offsets = dict(_offsets(source, s, delimiters, wanted))
    for one in sorted(found, key=lambda d: d.position.set_segment):
        place = one.position
        loop, offset = loops.get(place.set_segment, place.loop), offsets.get(place.set_segment, 0)
        yield evolve(one, position=evolve(place, loop=loop, offset=offset))


def _offsets(
    source: Source, s: CheckedSet, delimiters: Delimiters, wanted: set[int]
) -> Iterator[tuple[int, int]]:
    """The byte offsets of some segments by their ordinals in the set."""
    ordinal, last = 0, max(wanted)
    for piece in blocks(source, s.offset, s.offset + s.length, delimiters.segment, s.line_end):
        for index, text in enumerate(piece.texts):
            if text:
                ordinal += 1
                if ordinal in wanted:
                    yield ordinal, piece.offsets[index]
                if ordinal == last:
                    return
