"""The envelope: ISA, GS, ST and their trailers, each checked by itself. What needs the store (partners,
duplicate interchanges) is not checked here."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice, pairwise

from attrs import evolve

from x12_payer.edi.dates import is_day, is_time
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.elements import TOO_MANY
from x12_payer.edi.guides.registry import GuideRow, registry, rows_for
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import FIRST_CHUNK, NOTHING_REPEATS, WHITE, Delimiters, Source

ISA_LENGTH = 106
# Where the element separator is in an ISA whose 16 elements have their fixed lengths.
ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
VERSION = "00501"
MOST_SEPARATORS = 12  # of the sixteen in their places: then the elements are, too
NO_ELEMENT = -1
NO_REPETITION = "delimiter"
NOT_X12 = "not-x12"
SEPARATOR = "separator-invalid"
GROUP_UNSUPPORTED = "group-unsupported"
ISA_ELEMENT = "isa-element"
SET_FOREIGN = "set-foreign"
SET_GUIDE = "set-guide"
SET_ID = "set-id"
SET_UNNAMED = "set-unnamed"
SET_UNSUPPORTED = "set-unsupported"
NAME_LENGTHS = ((1, 3, 3), (2, 4, 9))  # of ST01 and ST02, by which an AK2 names a set
MARK = "ï»¿"  # a UTF-8 byte-order mark read as latin-1
_SEARCHED = 1 << 16  # bytes looked through at once
_NEAR = 1 << 9
_OVERLAP = 4
_ISA = re.compile(r"(?:^|(?<=[^A-Za-z0-9]))ISA[^A-Za-z0-9 \r\n]")


@frozen
class Header:
    """One ISA as read. `isa`: elements 1-16 at their numbers, ("",) when not even ISA13 can be read;
    `faults`: diagnostic code, element (0 for a separator that is no element, 17 the terminator) and value;
    `warnings`: the same of what is no reason to refuse."""

    isa: tuple[str, ...]
    delimiters: Delimiters
    faults: tuple[tuple[str, int, str], ...] = ()
    warnings: tuple[tuple[str, int, str], ...] = ()

    @property
    def readable(self) -> bool:
        """Can what follows be cut into segments?"""
        return not any(number < 0 or code == SEPARATOR for code, number, _ in self.faults)

    @property
    def foreign(self) -> bool:
        """Is it of another version, so that nothing inside can be judged?"""
        return self.isa[12:13] != (VERSION,)

    @property
    def ta105(self) -> str:
        """The note of the first fault, '' when there is none."""
        return next((_ta105(code, number) for code, number, _ in self.faults), "")

    @property
    def remark(self) -> str:
        """The note of the first thing that is wrong and no reason to refuse, '' when there is none."""
        return next((_ta105(code, number) for code, number, _ in self.warnings if code == NO_REPETITION), "")


def _ta105(code: str, number: int) -> str:
    element = isa_elements().get(number)
    return element.ta105 if element else diagnostic_codes()[code].ta105


@frozen
class IsaElement:
    """One row of isa_elements.csv."""

    number: int
    pattern: re.Pattern[str]  # empty for a separator
    ta105: str


@cache
def isa_elements() -> dict[int, IsaElement]:
    """isa_elements.csv by element number; 0 stands for the element separator, 17 for the terminator."""
    return {
        int(row["element"]): IsaElement(int(row["element"]), re.compile(row["pattern"]), row["ta105"])
        for row in rows("isa_elements")
    }


def find_header(source: Source, start: int) -> tuple[int, int]:
    """(offset of the first ISA at or behind `start`, offset of the first thing before it that is no blank);
    -1 where there is none. What begins with ISA is one whatever follows; in the middle of other text
    it takes a separator to be one."""
    at, outside, size = start, -1, _NEAR  # it is mostly there at once
    while True:
        text = source.read(at, size).decode("latin-1")
        last = len(text) < size
        head = text.lstrip(WHITE + MARK)
        if outside < 0 and head.startswith("ISA"):
            return at + len(text) - len(head), -1
        found = _ISA.search(text)
        before = text[: found.start()] if found else text if last else text[:-_OVERLAP]
        stripped = before.lstrip(WHITE + MARK)
        if stripped and outside < 0:
            outside = at + len(before) - len(stripped)
        if found:
            return at + found.start(), outside
        if last:
            return -1, outside
        at, size = at + size - _OVERLAP, _SEARCHED


def read_header(source: Source, offset: int) -> Header:
    """The ISA at an offset."""
    text = source.read(offset, ISA_LENGTH).decode("latin-1")
    separator = text[3:4]
    if len(text) < ISA_LENGTH or any(text[i] != separator for i in ISA_SEPARATORS):
        return _unreadable(text)
    isa = _in_places(text)
    if any(separator in value for number, value in enumerate(isa) if number not in (11, 16)):
        return _unreadable(text)
    separates = _separates(isa[11])
    delimiters = Delimiters(separator, isa[11] if separates else NOTHING_REPEATS, text[104], text[105])
    if isa[12] != VERSION:
        return Header(isa, delimiters, (("isa-version", 12, isa[12]),))
    faults = (*_separator_faults(delimiters), *_element_faults(isa))
    warnings = [] if separates else [(NO_REPETITION, 11, isa[11])]
    if not any(code == SEPARATOR for code, _, _ in faults):
        delimiters, other = _component(source, offset + ISA_LENGTH, delimiters)
        warnings += [("component-separator", 16, other)] if other else []
    return Header(isa, delimiters, faults, tuple(warnings))


def _in_places(text: str) -> tuple[str, ...]:
    """The elements of an ISA by their places, its tag at 0."""
    return tuple(text[a + 1 : b] for a, b in pairwise((-1, *ISA_SEPARATORS, 105)))


def _separates(value: str) -> bool:
    """Can it be a separator? Letters, digits and blanks occur in values."""
    return len(value) == 1 and not value.isalnum() and value != " "


def _component(source: Source, start: int, delimiters: Delimiters) -> tuple[Delimiters, str]:
    """The component separator that is really used, and that character when ISA16 does not say so. Only where
    the separator of ISA16 is nowhere while the place of service of a claim is written with another."""
    text = source.read(start, FIRST_CHUNK).decode("latin-1")
    if delimiters.component in text:
        return delimiters, ""
    separator = re.escape(delimiters.element)
    claim = re.search(rf"CLM{separator}(?:[^{separator}]*{separator}){{4}}\w\w?([^\w\s])[AB]\1\w", text)
    if claim is None or claim[1] in _all(delimiters):
        return delimiters, ""
    return evolve(delimiters, component=claim[1]), claim[1]


def _all(delimiters: Delimiters) -> tuple[str, ...]:
    return (delimiters.element, delimiters.repetition, delimiters.component, delimiters.segment)


def _unreadable(text: str) -> Header:
    """An ISA whose elements are not all where they belong: one whose ISA13 can be read still has a name in a
    TA1. It is at its place where most of the others are, else behind the thirteenth separator."""
    places = [text[place] for place in ISA_SEPARATORS if place < len(text)]
    found = Counter(filter(_separates, places))
    usual, met = next(iter(found.most_common(1)), ("*", 0))
    regular = met >= MOST_SEPARATORS
    separator = text[3] if not regular and _separates(text[3:4]) else usual
    in_places = regular and text[89:90] == text[99:100] == separator
    isa = (*(_in_places(text.ljust(ISA_LENGTH)) if in_places else text.split(separator)), *[""] * 17)[:17]
    named = re.fullmatch("[0-9]{9}", isa[13]) is not None
    delimiters = Delimiters(separator, "^", ":", "~" if "~" in text else "\n")
    return Header(isa if named else ("",), delimiters, (("isa-length", NO_ELEMENT, ""),))


def _separator_faults(delimiters: Delimiters) -> Iterator[tuple[str, int, str]]:
    """Separators are no letters, digits or blanks, and all four differ. That nothing repeats (ISA11) is no
    fault."""
    used: set[str] = set()
    for number, value in (
        (0, delimiters.element),
        (17, delimiters.segment),
        (16, delimiters.component),
        (11, delimiters.repetition),
    ):
        if value in used or not (_separates(value) or value == NOTHING_REPEATS):
            yield SEPARATOR, number, value
        used.add(value)


def _element_faults(isa: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    for number, row in isa_elements().items():
        if row.pattern.pattern and not row.pattern.fullmatch(isa[number]):
            yield ISA_ELEMENT, number, isa[number]


def group_faults(gs: tuple[str, ...]) -> Iterator[tuple[str, int, str]]:
    """What is wrong with the elements of a GS (nine, from the tag on): code, element, value."""
    if not (gs[6].isascii() and gs[6].isdigit() and 1 <= len(gs[6]) <= 9):
        yield "group-control", 6, gs[6]
    for number in (2, 3):
        if not 2 <= len(gs[number].strip()) <= 15:
            yield "group-party", number, gs[number]
    valid = {
        4: len(gs[4]) == 8 and is_day(gs[4]),
        5: is_time(gs[5]),
        7: gs[7] == "X",
    }
    for number, good in valid.items():
        if not good:
            yield "gs-element", number, gs[number]


@cache
def _ta1_patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """ta1_elements.csv: what each element of a TA1 looks like."""
    return tuple((int(row["element"]), re.compile(row["pattern"])) for row in rows("ta1_elements"))


def ta1_faults(ta1: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """What is wrong with the elements of a TA1 (from the tag on): element, value."""
    parts = (*ta1, *[""] * 6)
    for number, pattern in _ta1_patterns():
        if not pattern.fullmatch(parts[number]):
            yield number, parts[number]
    yield from ((number, value) for _, number, value in trailing(list(ta1), 5))


def group_refused(gs01: str, gs08: str, taken: frozenset[str] | None) -> str:
    """Why a group is refused as a whole: the diagnostic code, '' when it is taken. `taken`: names of the
    guides that are handled, None for all."""
    ours = [row for row in registry() if taken is None or row.key in taken]
    known = [row for row in registry() if (row.gs01, row.gs08) == (gs01, gs08)]
    if gs01 not in {row.gs01 for row in ours} or (known and not set(known) & set(ours)):
        return GROUP_UNSUPPORTED
    return "" if known else "group-version"


def set_row(
    gs01: str,
    gs08: str,
    st01: str,
    bht02: str,
    taken: frozenset[str] | None,
    likeliest: Callable[[Sequence[GuideRow]], GuideRow],
) -> tuple[GuideRow | None, str]:
    """The guide row of a set, or why there is none. `likeliest` chooses where BHT02 gives no direction."""
    rows = rows_for(gs08, gs01, st01, bht02)
    if rows:
        row = rows[0] if len(rows) == 1 else likeliest(rows)
        return (row, "") if taken is None or row.key in taken else (None, SET_UNSUPPORTED)
    if not re.fullmatch(r"[0-9A-Z]{3}", st01):
        return None, SET_ID
    return None, SET_FOREIGN


def trailing(elements: list[str], last: int) -> Iterator[tuple[str, int, str]]:
    """The first value behind the last element that a segment may have: code, element, value."""
    more = ((number, value) for number, value in enumerate(elements) if number > last and value)
    yield from ((TOO_MANY, number, value) for number, value in islice(more, 1))


def set_faults(
    gs: tuple[str, ...], st: list[str], row: GuideRow | None, refused: str, used: set[str]
) -> Iterator[tuple[str, int, str]]:
    """What is wrong with an ST (four at least, from the tag on): code, element, value. A set of another group
    that names its own guide is refused for the guide (CONTRACT section 5, "999")."""
    unnamed = [number for number, *lengths in NAME_LENGTHS if not _fits_a_name(st[number], *lengths)]
    yield from ((SET_UNNAMED, number, st[number]) for number in unnamed)
    if refused == SET_FOREIGN and st[3] not in ("", gs[8]):
        yield SET_GUIDE, 3, st[3]
    elif refused and not (refused == SET_ID and 1 in unnamed):
        yield refused, 1, st[1]
    yield from trailing(st, 3)
    if 2 not in unnamed:
        if not re.fullmatch(r"[0-9A-Za-z]{4,9}", st[2]):
            yield "set-control", 2, st[2]
        elif st[2] in used:
            yield "set-duplicate", 2, st[2]
    if row is None:
        return
    if row.gs01 != gs[1]:
        yield "set-group", 1, gs[1]
    if not _same_guide(gs, st, row):
        yield SET_GUIDE, 3, st[3]


def _fits_a_name(value: str, least: int, most: int) -> bool:
    """Can an AK2 carry it as it came? Blanks at its ends do not count and other signs than text cannot go."""
    return least <= len(value.strip(" ")) and len(value) <= most and value.isprintable()


def _same_guide(gs: tuple[str, ...], st: list[str], row: GuideRow) -> bool:
    """Does ST03 name the guide of GS08, under any of its ids? An 835 need not name one."""
    if st[3] == gs[8] or (not st[3] and not row.names_itself):
        return True
    return any((r.gs08, r.st01, r.file) == (st[3], row.st01, row.file) for r in registry())
