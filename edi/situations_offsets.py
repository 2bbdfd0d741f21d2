"""Where findings of types 3 to 6 stand in the file: the set is cut again, only when there is something to
find."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from edi.check import CheckedSet
from edi.diagnostics import Diagnostic
from edi.segments import Delimiters, Source, blocks


def with_offsets(
    source: Source, s: CheckedSet, delimiters: Delimiters, found: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """The findings of one set with their byte offsets, in the order of the segments."""
    waiting = sorted(found, key=lambda d: d.position.set_segment)
    if not waiting:
        return
    at, ordinal = 0, 0
    for block in blocks(source, s.offset, s.offset + s.length, delimiters.segment, s.line_end):
        for index, segment in enumerate(block.texts):
            if not segment:
                continue
            ordinal += 1
            while waiting[at].position.set_segment == ordinal:
                place = evolve(waiting[at].position, offset=block.offsets[index])
                yield evolve(waiting[at], position=place)
                at += 1
                if at == len(waiting):
                    return
    yield from waiting[at:]
