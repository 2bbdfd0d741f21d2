"""A file split into segments, each with its place. Nothing is checked, and no bytes make this raise.

Everybody who needs segments without a verdict reads them here: `edi show`, the tree of `x12_payer.read`,
and our own check of an 835."""

from collections.abc import Iterator
from typing import NamedTuple

from x12_payer.edi.guides.engine import is_isa
from x12_payer.edi.reading.envelope import ISA_LENGTH, find_header, read_header
from x12_payer.edi.wire.segments import Delimiters, Source, blocks, line_end


class Cut(NamedTuple):
    """One segment: its elements with the tag at 0, its ordinal in the file (from 1), its byte offset, and the
    delimiters it was written with."""

    elements: list[str]
    ordinal: int
    offset: int
    delimiters: Delimiters


def cut_segments(source: Source) -> Iterator[Cut]:
    """Every segment of every interchange, in file order. An ISA that cannot be read has what could be read of
    it; what follows it is skipped up to the next ISA."""
    offset, _ = find_header(source, 0)
    ordinal = 0
    while offset >= 0:
        header = read_header(source, offset)
        ordinal += 1
        isa = list(header.isa) if len(header.isa) > 1 else ["ISA"]
        yield Cut(isa, ordinal, offset, header.delimiters)
        end = offset + ISA_LENGTH if header.readable else offset + len("ISA")
        if header.readable:
            for cut in _body(source, end, header.delimiters, ordinal):
                tag = cut.elements[0]
                end = cut.offset + (0 if tag == "ISA" else len("IEA"))
                if tag == "ISA":
                    break
                ordinal = cut.ordinal
                yield cut
        offset, _ = find_header(source, end)


def _body(source: Source, start: int, delimiters: Delimiters, ordinal: int) -> Iterator[Cut]:
    """From after an ISA to the IEA, or to the next ISA (given, too, so that its place is known)."""
    line = line_end(source.read(start, 2).decode("latin-1"))
    for block in blocks(source, start + len(line), source.size, delimiters.segment, line):
        for text, offset in zip(block.texts, block.offsets, strict=False):
            if not text:
                continue
            ordinal += 1
            elements = ["ISA"] if is_isa(text) else text.split(delimiters.element)
            yield Cut(elements, ordinal, offset, delimiters)
            if elements[0] in ("ISA", "IEA"):
                return
