"""Why an ISA is not 106 characters with its elements in their places, in words, without its values."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from x12_payer.edi.reading.envelope import ISA_LENGTH, ISA_SEPARATORS, read_header
from x12_payer.edi.reading.wrapped import LINES, line_width, wrapped_words
from x12_payer.edi.wire.segments import Source

LOOKED_AT = 1 << 12  # bytes
TAG = len("ISA")
WIDTHS = tuple(end - start - 1 for start, end in pairwise(ISA_SEPARATORS))  # of ISA01 to ISA15
ENDING = 2  # ISA16 and the segment terminator
FAR = 30  # characters too many are no element that is a little too long
MOST_REASONS = 3
NEXT_GROUP = re.compile(r"[^A-Za-z0-9](?=GS[^A-Za-z0-9 ])")
FEW = 12  # of sixteen elements: then there is no sense in saying which is too short
NEXT_SEGMENTS = ("GS", "TA1", "IEA")


def header_trouble(source: Source, offset: int) -> str:
    """Of an ISA that cannot be read: 'ISA06 has 14 characters instead of 15'; '' when we cannot tell."""
    text = source.read(offset, LOOKED_AT).decode("latin-1")
    separator = read_header(source, offset).delimiters.element
    width = line_width(source, offset)
    broken = wrapped_words(width) if width else _line_breaks(text, separator)
    if broken:
        text = LINES.sub("", text)
    return "; ".join(filter(None, (broken, *islice(_troubles(text, separator), MOST_REASONS))))


def _line_breaks(text: str, separator: str) -> str:
    """Lines of any length that end inside the ISA."""
    first, *others = LINES.split(text)
    goes_on = len(others) > 0 and others[0].split(separator)[0] not in NEXT_SEGMENTS
    inside = first.count(separator) < len(ISA_SEPARATORS) <= "".join((first, *others)).count(separator)
    return wrapped_words() if goes_on and inside else ""


def _troubles(text: str, separator: str) -> Iterator[str]:
    """What is wrong from left to right; behind an element of a wrong length the next one is read from where
    that really ends."""
    count = NEXT_GROUP.split(text)[0].count(separator)
    if count < FEW:
        yield f"it has {count} elements instead of {len(ISA_SEPARATORS)}"
        return
    if text[TAG : TAG + 1] != separator:
        yield "there is no element separator after ISA"
    start = TAG + 1
    for number, width in enumerate(WIDTHS, 1):
        name, end = f"ISA{number:02d}", start + width
        found = text.find(separator, start)
        if found != end:
            if end >= len(text) and found < 0:
                break
            if fault := _separator_fault(text, separator, number, end, found):
                yield f"{fault} {name}"
            elif found < 0 or found > end + FAR:
                yield f"no element separator after {name}"
                return
            else:
                yield f"{name} has {_many(found - start)} instead of {width}"
                end = found
        start = end + 1
    if len(text) < start + ENDING:
        yield "the file ends inside it"


def _separator_fault(text: str, separator: str, number: int, end: int, found: int) -> str:
    """Words where an element has its width and a separator is the fault: everything behind it is in its
    place, counted from its end."""
    here, *rest = ISA_SEPARATORS[number:]
    after = end + ISA_LENGTH - 1 - here  # of ISA16, where the terminator is
    placed = all(text[end + at - here : end + at - here + 1] == separator for at in rest)
    if not placed or separator in text[after - 1 : after + 1]:
        return ""
    if found < end:
        return "an element separator inside" if text[end : end + 1] == separator else ""
    next_one = end + rest[0] - here if rest else end + ENDING + 1
    is_next = found == next_one if rest else found < 0 or found >= next_one
    return "no element separator after" if is_next else ""


def _many(count: int) -> str:
    return f"{count} character" + ("" if count == 1 else "s")
