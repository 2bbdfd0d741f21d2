"""Segments as they are on the wire: delimiters, where the bytes come from, and how they are split.

Inbound, a segment is `list[str]`: the split text with the id at 0; no object is made for a segment or an
element. Outbound, it is a tuple whose elements may be composites (tuples) or repetitions (lists). Bytes are
read as latin-1, one character a byte, so that a place in the text is a place in the file. Files are read in
pieces, and a piece becomes segments by one `str.split`."""

import os
import stat
from collections.abc import Iterator
from errno import ESPIPE
from functools import cached_property
from itertools import accumulate

from x12_payer.edi.frozen import frozen

OutComponent = str | tuple[str, ...]
OutElement = str | tuple[str, ...] | list[OutComponent]
OutSegment = tuple[OutElement, ...]
LoopSegment = tuple[str, list[str], int]  # loop id, elements with the tag at 0, ordinal in the set (ST is 1)

FIRST_CHUNK = 1 << 14
LAST_CHUNK = 1 << 15
LONGEST_SEGMENT = 1 << 18  # more than this without a terminator is no segment
WHITE = " \t\r\n"
NOTHING_REPEATS = "\u0100"  # a repetition separator that no text holds: one character of it is one byte


@frozen
class Delimiters:
    """The four separators, taken from the ISA (element 4th character, ISA11, ISA16, terminator)."""

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    segment: str = "~"


DEFAULT_DELIMITERS = Delimiters()


@frozen
class Source:
    """Where an interchange file comes from: a path, an open file, or bytes at hand. Read in pieces, never
    held whole. With a handle the path is but a name: another file may have taken its place since."""

    path: str = ""
    data: bytes | None = None
    chunk: int = LAST_CHUNK  # the largest piece read at once
    handle: int = -1  # of the file, when it is open

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`; b'' at the end."""
        if self.data is not None:
            return self.data[offset : offset + size]
        if self.handle >= 0:
            return _read_at(self.handle, offset, size)
        handle = open_file(self.path)
        try:
            return _read_at(handle, offset, size)
        finally:
            os.close(handle)

    @property
    def size(self) -> int:
        """Bytes in all."""
        if self.data is not None:
            return len(self.data)
        return os.stat(self.handle if self.handle >= 0 else self.path).st_size


def open_file(path: str) -> int:
    """The handle of a file that can be read in any place. Raises OSError in words for another thing of that
    name: what comes out of a pipe or a device would be waited for without end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return handle
    os.close(handle)
    if stat.S_ISFIFO(mode):
        raise OSError(ESPIPE, os.strerror(ESPIPE), path)
    raise OSError(None, "it is a device or a folder, not a file", path)


def _read_at(handle: int, offset: int, size: int) -> bytes:
    found = os.pread(handle, size, offset)
    while 0 < len(found) < size:
        more = os.pread(handle, size - len(found), offset + len(found))
        if not more:
            break
        found += more
    return found


@frozen(slots=False, eq=False)
class Block:
    """Segments that were cut from one piece of the file.

    `texts` are the segments without terminators and line ends; `raw` the same before leading white space was
    taken off (often the same list); `gap` the bytes between two of `raw`; `start` the offset of the first;
    `open_end` says that the last one has no terminator behind it."""

    texts: list[str]
    raw: list[str]
    start: int
    gap: int
    open_end: bool = False

    @cached_property
    def offsets(self) -> list[int]:
        """The byte offset of each segment, worked out when someone asks."""
        begins = accumulate((len(part) + self.gap for part in self.raw), initial=self.start)
        return [
            begin + len(part) - len(text)
            for begin, part, text in zip(begins, self.raw, self.texts, strict=False)
        ]


def line_end(text: str) -> str:
    """The line end that `text` begins with: CR LF, LF, CR or ''."""
    return next((end for end in ("\r\n", "\n", "\r") if text.startswith(end)), "")


def blocks(
    source: Source, start: int, end: int, terminator: str, line: str, longest: int = LONGEST_SEGMENT
) -> Iterator[Block]:
    """The bytes from `start` to `end` as blocks of segments.

    `line` is the line end seen after the first terminator: while every terminator has it, one split does all.
    Pieces grow, so that a file of many small interchanges is not read again and again."""
    size = min(FIRST_CHUNK, source.chunk)
    held, held_at, at = "", start, start
    while at < end:
        chunk = source.read(at, min(size, end - at))
        if not chunk:
            break
        at += len(chunk)
        size = min(size * 4, source.chunk)
        held += chunk.decode("latin-1")
        block, used = _cut(held, held_at, terminator, line)
        if block is not None:
            yield block
            held, held_at = held[used:], held_at + used
        if len(held) > longest:
            break
    yield from _rest(held, held_at, terminator)


def _rest(text: str, start: int, terminator: str) -> Iterator[Block]:
    """What is left at the end: whole segments whose line end is missing, and one without a terminator."""
    block, used = _cut(text, start, terminator, "")
    if block is not None:
        yield block
    last = text[used:].lstrip(WHITE)
    if last:
        yield Block([last], [last], start + len(text) - len(last), len(terminator), open_end=True)


def _cut(text: str, start: int, terminator: str, line: str) -> tuple[Block | None, int]:
    """The whole segments of `text`, and how many characters they take with what parts them."""
    both = terminator + line
    cut = text.rfind(both)
    if cut >= 0:
        head = text[:cut]
        parts = head.split(both)
        if _is_even(head, len(parts) - 1, terminator, line):
            return Block(parts, parts, start, len(both)), cut + len(both)
    cut = text.rfind(terminator)
    if cut < 0:
        return None, 0
    raw = text[:cut].split(terminator)
    used = cut + len(terminator)
    used += len(text) - used - len(text[used:].lstrip("\r\n"))
    return Block([part.lstrip(WHITE) for part in raw], raw, start, len(terminator)), used


def _is_even(head: str, ends: int, terminator: str, line: str) -> bool:
    """Does every terminator in `head` have the line end behind it, and is there neither a line end nor white
    space in another place before a segment? `ends` is how often both come together."""
    if head.count(terminator) != ends or head[:1] in WHITE:
        return False
    for c in "\r\n":
        if head.count(c) != ends if c in line else c in head:
            return False
    both = terminator + line
    return both + " " not in head and ("\t" not in head or both + "\t" not in head)
