"""Files that a program has wrapped: a line break after every so many characters, inside segments.

    ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260715*0800*^*00501*000000001*0
    *T*:~GS*HC*SENDER*RECEIVER*20260715*0800*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*X*2026

A break may be anywhere, so each piece seems to have a fault of its own, and none of these shows what is
wrong. A line that ends inside a segment is a cut. Every cut of a wrapped file is equally far from the
start of its line, and no line is longer; lines that end with their segment may be shorter (fold keeps the
line ends that were there). Two lines of the full width are no accident, nor is a line break inside the
ISA, which has no room for one."""

import re

from x12_payer.edi.reading.envelope import ISA_LENGTH, ISA_SEPARATORS
from x12_payer.edi.wire.segments import Source

LOOKED_AT = 1 << 16  # bytes
LINES = re.compile("\r\n|\r|\n")
LEAST_ALIKE = 2  # lines of the full width


def line_width(source: Source, offset: int) -> int:
    """After how many characters the lines of an interchange are cut; 0 when they are not."""
    text = source.read(offset, LOOKED_AT).decode("latin-1")
    *lines, _ = LINES.split(text)  # the last one may end with what was read
    terminator = _terminator(LINES.sub("", text[: 3 * ISA_LENGTH]))
    cuts = [len(line) for line in lines if line and not line.rstrip(" ").endswith(terminator)]
    if not terminator or not cuts:
        return 0
    if offset and len(cuts) > 1 and cuts[0] == len(lines[0]) < cuts[1]:
        cuts[0] = cuts[1]  # the line began before the ISA
    width = max(map(len, lines))
    if set(cuts) != {width}:
        return 0
    alike = sum(len(line) == width for line in lines)
    return width if alike >= LEAST_ALIKE or len(lines[0]) < ISA_LENGTH else 0


def _terminator(flat: str) -> str:
    """The segment terminator of an ISA that is in one piece again, '' when that is none."""
    separators = {flat[at : at + 1] for at in ISA_SEPARATORS}
    found = flat[ISA_LENGTH - 1 : ISA_LENGTH]
    return found if len(separators) == 1 and not found.isalnum() else ""


def wrapped_words(width: int = 0) -> str:
    """What is said of such a file; without a width when the lines differ."""
    often = f" ({every(width)})" if width else ""
    return f"there are line breaks inside segments{often}: send each segment in one piece"


def every(width: int) -> str:
    """How far apart the line breaks are."""
    return f"every {width} characters"
