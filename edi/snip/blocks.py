"""A set in blocks for types 3 to 6: each begins where a claim, an HL branch and the like begin.

Claims are followed in the same pass as types 1 and 2 (fast_path/claims.py). Other sets, and sets in which
types 1 and 2 found something, are read a second time in blocks, without walking the guide again."""

from collections.abc import Iterable, Iterator
from itertools import count, repeat

from attrs import evolve

from x12_payer.edi.reading.checked import CheckedSet
from x12_payer.edi.snip.rules.collector import LoopBlock
from x12_payer.edi.wire.segments import Delimiters, LoopSegment, Source, blocks

MOST_IN_BLOCK = 100_000  # segments looked at together; a block goes on a little so that one sees it is longer
PIECE = 1 << 13  # bytes taken apart at once: few enough to stay near the processor


def set_blocks(
    source: Source, s: CheckedSet, delimiters: Delimiters, cuts: frozenset[str]
) -> Iterator[LoopBlock]:
    """The segments of a set in blocks, each begun by one of the tags; the loops are empty."""
    held: LoopBlock = []
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
        if not held:
            held = items[begin:]
        elif len(held) <= MOST_IN_BLOCK:
            held.extend(items[begin:])
    if held:
        yield held


def set_texts(source: Source, s: CheckedSet, delimiters: Delimiters) -> Iterator[list[str]]:
    """The segments of a set as they are, many at a time."""
    for piece in blocks(source, s.offset, s.offset + s.length, delimiters.segment, s.line_end):
        yield piece.texts if all(piece.texts) else [text for text in piece.texts if text]


def segment_blocks(segments: Iterable[LoopSegment], cuts: frozenset[str]) -> Iterator[LoopBlock]:
    """Segments at hand in blocks, each begun by one of the tags."""
    block: LoopBlock = []
    for item in segments:
        if item[1][0] in cuts:
            if block:
                yield block
            block = [item]
        elif len(block) <= MOST_IN_BLOCK:
            block.append(item)
    if block:
        yield block
