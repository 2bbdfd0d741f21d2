"""What a file without an ISA is, and what to do with it: recognized by its first bytes
(maps/codes/file_signatures.csv)."""

import re
from functools import cache

from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.envelope import NOT_X12, find_header, read_header
from x12_payer.edi.reading.header_faults import header_trouble
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import WHITE, Source

LOOKED_AT = 1 << 12  # bytes
BLANKS = (WHITE + "\0").encode()
HEX_DIGITS = 2  # of a byte
LEAST_COLUMNS = 3  # of a table; a sentence has a comma, too
LINES_OF_A_TABLE = 5  # that are looked at
COLUMN_SEPARATORS = (b",", b";", b"\t", b"|")


@frozen
class _Signature:
    pattern: re.Pattern[bytes]
    after_blanks: bool
    words: str


@cache
def _signatures() -> tuple[_Signature, ...]:
    return tuple(
        _Signature(_pattern(row["bytes"]), bool(row["after_blanks"]), f"it is {row['kind']}: {row['remedy']}")
        for row in rows("file_signatures")
    )


def _pattern(digits: str) -> re.Pattern[bytes]:
    pairs = (digits[at : at + HEX_DIGITS] for at in range(0, len(digits), HEX_DIGITS))
    return re.compile(
        b"".join(b"." if one == ".." else re.escape(bytes.fromhex(one)) for one in pairs), re.DOTALL
    )


def what_it_is(source: Source) -> str:
    """Of a file without an ISA: 'it is a gzip file: unpack it first (gunzip)'; '' when nothing is known."""
    size = source.size
    if not size:
        return "the file is empty"
    head = source.read(0, LOOKED_AT)
    text = head.lstrip(BLANKS)
    if not text and _only_blanks(source):
        return f"the file holds nothing but {size} blanks"
    for one in _signatures():
        if one.pattern.match(text if one.after_blanks else head):
            return one.words
    if columns := _columns(text):
        return f"it is a table of {columns} columns (CSV): ask for the X12 that it represents"
    return ""


def no_interchange(source: Source) -> str:
    """Why nothing can be read of a file: it has no ISA, and what it is, or its first ISA is at fault; ''
    where one can be read."""
    start, _ = find_header(source, 0)
    if start < 0:
        stated = diagnostic_codes()[NOT_X12].text
        return "; ".join(filter(None, (stated[:1].lower() + stated[1:], what_it_is(source))))
    if read_header(source, start).readable:
        return ""
    return "; ".join(filter(None, ("its ISA cannot be read", header_trouble(source, start))))


def _only_blanks(source: Source) -> bool:
    at = 0
    while piece := source.read(at, source.chunk):
        if piece.strip(BLANKS):
            return False
        at += len(piece)
    return True


def _columns(text: bytes) -> int:
    """Of a table its columns: as many of one separator in every line, and no blank behind it; 0 for text."""
    lines = [line for line in text.splitlines()[:LINES_OF_A_TABLE] if line.strip()]
    for one in COLUMN_SEPARATORS:
        counts = {line.count(one) + 1 for line in lines}
        if (
            len(lines) > 1
            and len(counts) == 1
            and min(counts) >= LEAST_COLUMNS
            and one + b" " not in lines[0]
        ):
            return counts.pop()
    return 0
