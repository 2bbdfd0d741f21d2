"""Where the diagnostics of types 3 to 6 of one set are collected.

A block is what the rules look at in one go: a claim, an HL branch, an 835 claim. What types 1 and 2 have
reported is not reported again: an element of theirs is left alone, and situations of an incomplete block
are not checked. Sums are checked wherever their amounts can be read.

A rule on claims declares above its function what it reads for a diagnostic:

    @reads("service-date-missing", "CLM19 DTP01")
    def check_served(...)

A place is an element of a segment (CLM19), with all its components and whether it is there at all, or a
segment id (N3): all of it, and whether, how often and where it is there; * is everything. That HL, CLM, LX
and SV begin levels, claims, lines and services need not be declared. Tests change everything that a rule did
not declare and see that it reports the same; fast_path/fingerprint.py keeps what is declared, so that no rule
is passed over."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from attrs import define, field

from x12_payer.edi.dates import is_day
from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.verdict import IEA_MISSING, SE_MISSING
from x12_payer.edi.wire.segments import LoopSegment

MOST_DIAGNOSTICS = 500  # of one code, listed for one set

CUT_SHORT = frozenset((SE_MISSING, IEA_MISSING))  # what says that the rest of a set is not there

LoopBlock = list[LoopSegment]
# The elements that hold amounts, and what says whose they are, by segment id.
Amounts = Mapping[str, frozenset[int]]
_Rule = TypeVar("_Rule", bound=Callable[..., object])


@frozen(eq=False)
class Marks:
    """What types 1 and 2 have reported of a set: places where its structure is broken (ordinals in the set,
    ascending), and elements that are wrong by ordinal. `everywhere`: too much to say where; `cut`: where the
    set ends before its end, 0 when it does not."""

    broken: tuple[int, ...] = ()
    elements: dict[int, frozenset[int]] = field(factory=dict)
    everywhere: bool = False
    cut: int = 0

    def whole(self, block: LoopBlock) -> bool:
        """Is nothing missing or out of place in the block? A segment that is missing is noticed at the one
        that comes after."""
        if self.everywhere:
            return False
        if not self.broken:
            return True
        at = bisect_left(self.broken, block[0][2])
        return at == len(self.broken) or self.broken[at] > block[-1][2] + 1

    def unread(self, block: LoopBlock, amounts: Amounts) -> bool:
        """May an amount of the block be another one than the one written? Whatever else is wrong does not
        matter, unless the set ends in the block."""
        if self.everywhere or (self.cut and block[-1][2] + 1 >= self.cut):
            return True
        if not self.broken and not self.elements:
            return False
        held = ((item[2], amounts[item[1][0]]) for item in block if item[1][0] in amounts)
        return any(at in self.broken or numbers & self.elements.get(at, frozenset()) for at, numbers in held)

    def faulty(self, block: LoopBlock, tags: frozenset[str]) -> bool:
        """Is an element wrong in a segment of the block that has one of these tags?"""
        return bool(self.elements) and any(i[2] in self.elements and i[1][0] in tags for i in block)


def marks_of(diagnostics: Iterable[Diagnostic]) -> Marks:
    """The marks that the diagnostics of one set leave. Warnings leave none."""
    broken: list[int] = []
    elements: dict[int, frozenset[int]] = {}
    everywhere, cut = False, 0
    for found in diagnostics:
        place = found.position
        if found.code == "findings-capped":
            everywhere = True
        elif found.is_error and place.element and not found.code.startswith("hl-"):
            elements[place.set_segment] = elements.get(place.set_segment, frozenset()) | {place.element}
        elif found.is_error and place.set_segment:
            broken.append(place.set_segment)
            cut = place.set_segment if found.code in CUT_SHORT else cut
    return Marks(tuple(sorted(broken)), elements, everywhere, cut)


@define(eq=False)
class Collector:
    """The diagnostics of one set so far. `first` is the ordinal of its ST in the file; `unit` the business
    unit at hand, as ("CLM01", "ABC123"). Of one code no more than `most` are listed: a fault of every claim
    does not hide another. `raised` counts what the rules raised, reported or not."""

    first: int
    marks: Marks
    unit: tuple[str, str] = ("", "")
    most: int = MOST_DIAGNOSTICS
    found: list[Diagnostic] = field(factory=list)
    reported: set[tuple[str, int, int, int, str]] = field(factory=set)
    counts: dict[str, int] = field(factory=dict)
    capped: bool = False
    raised: int = 0

    def add(
        self, key: str, at: LoopSegment, element: int = 0, component: int = 0, value: str | None = None
    ) -> None:
        """Report what is wrong at a segment, once. Without `value` the element's text is kept."""
        self.raised += 1
        loop, elements, ordinal = at
        wrong = self.marks.elements.get(ordinal)
        shown = text(elements, element) if value is None else value
        this = (key, ordinal, element, component, shown)
        if this in self.reported or (wrong and (not element or element in wrong)):
            return
        self.reported.add(this)
        count = self.counts[key] = self.counts.get(key, 0) + 1
        place = Position(
            self.first + ordinal - 1, ordinal, 0, elements[0], loop, element, component if element else 0
        )
        if count <= self.most:
            self.found.append(Diagnostic(key, place, shown, self.unit))
        elif not self.capped:
            self.capped = True
            self.found.append(Diagnostic("situations-capped", place))

    def take(self) -> Iterator[Diagnostic]:
        """What was found since it was asked last, in the order of the segments."""
        found, self.found = self.found, []
        return iter(sorted(found, key=lambda d: d.position.set_segment))


def text(elements: Sequence[str], number: int) -> str:
    """Element `number`, '' when there is none (or none was meant: 0)."""
    return elements[number] if 0 < number < len(elements) else ""


@lru_cache(maxsize=8192)
def period(form: str, value: str) -> tuple[str, str]:
    """The first and last day (CCYYMMDD) of a date in form D8, RD8 or DT; ('', '') for any other, and for what
    is no date."""
    if form == "RD8":
        first, _, last = value.partition("-")
    else:
        first = last = (value if form == "D8" else value[:8]) if form in ("D8", "DT") else ""
    return (first, last) if len(first) == len(last) == 8 and is_day(first) and is_day(last) else ("", "")


def dates(elements: list[str]) -> tuple[str, str]:
    """The first and last day of a DTP, ('', '') when it has none."""
    return period(elements[2], elements[3]) if len(elements) > 3 else ("", "")


class Reads(NamedTuple):
    """What a diagnostic depends on; `level`: it is raised at an HL, not at a claim."""

    places: frozenset[str]
    level: bool = False


_DECLARED: dict[str, Reads] = {}  # filled as the modules of the rules are imported, and never after


def reads(code: str, places: str, level: bool = False) -> Callable[[_Rule], _Rule]:
    """Declares the places that a rule reads for a diagnostic; one that two functions raise is declared at
    both."""

    def declare(rule: _Rule) -> _Rule:
        before = _DECLARED.get(code)
        known = before.places if before is not None else frozenset()
        _DECLARED[code] = Reads(known | frozenset(places.split()), level)
        return rule

    return declare


def declared() -> Mapping[str, Reads]:
    """What was declared, by diagnostic."""
    return _DECLARED
