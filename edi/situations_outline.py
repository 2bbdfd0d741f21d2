"""The outline of an 837 claim: all that the rules of types 3, 4 and 6 can see of it, without what they only
compare with one another (names, numbers, amounts, days).

Rules that said nothing of one claim say nothing of the next one with the same outline (situations_quick.py).
A value is left out of the outline only where FREE or a function here says so; whatever else stands in a
segment is part of it. A segment whose codes may not hold on some day has no outline at all."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from attrs import define, field, frozen

from edi.codelists import CodeList
from edi.segments import Delimiters
from edi.situations_claim import CHARGE, PROCEDURE, UNITS, ClaimView, Line, rules_of, service_days
from edi.situations_codes import Plan, check_codes, codes_last
from edi.situations_report import Marks, Report, dates, text

KEPT_TEXTS = 16_384  # of one kind
FREE = {  # elements of which a rule asks at most whether they are there
    "K3": (1,),
    "N3": (1, 2),
    "N4": (1, 2, 3),
    "NM1": (3, 4, 5, 7, 9),
    "NTE": (2,),
    "PER": (2, 4, 6, 8),
    "REF": (2, 3),
    "SBR": (3, 4),
}
UNSEEN = frozenset(("K3", "N3", "PER"))  # no rule looks into them
_PAYERS = frozenset(("SBR", "SVD", "CAS"))  # another payer has a part: sums are left to the rules
_BORN = "DMG"
_APART = frozenset(("CLM", _BORN, "DTP", "HL", "LX", "NM1", "REF", *CHARGE))
_ID, _QUALIFIER = 9, 8  # elements of an NM1
_BEFORE_QUALIFIER = 7  # separators
_TO_NAME = 9  # characters of an NM1 with its elements 01 and 02
_HEAD = 7  # characters of a REF with its qualifier
_DEATH = 6  # PAT06
_MONEY = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_UNITS = re.compile(r"[1-9][0-9]{0,5}")

Pick = Callable[[Sequence[str]], tuple[str, ...]]
Stand = str  # what stands for a segment in an outline; '': it may be wrong
Service = tuple[Stand, int]  # with the charge in cents
UNSURE: Service = ("", 0)


@frozen(eq=False)
class Timing:
    """How the days of a claim lie to one another and to today, and its first and last day of service."""

    order: str
    first: str
    last: str


@frozen(eq=False)
class Layout:
    """Where things stand in a block of the same segment ids in the same order."""

    names: Pick
    references: Pick
    days: Pick
    own_days: int  # how many of these stand before the first line
    services: Pick
    numbers: Pick  # LX
    counted: tuple[str, ...]  # what these should be
    others: Pick
    born: int  # DMG; 0 when there is none


@define(eq=False)
class Outlines:
    """Makes outlines for one guide, day and set of delimiters. What is kept is kept within bounds."""

    guide: str
    today: str
    delimiters: Delimiters
    plan: Plan
    stand: Callable[[str], Stand] = field(init=False, repr=False)
    service: Callable[[str], Service] = field(init=False, repr=False)
    timing: Callable[[int, tuple[str, ...]], Timing | None] = field(init=False, repr=False)
    frequency: Callable[[str], str] = field(init=False, repr=False)
    cents: Callable[[str], int] = field(init=False, repr=False)
    named: Mapping[str, CodeList] | None = field(init=False, repr=False)
    coded: frozenset[str] = field(init=False, repr=False)  # how a REF begins that holds a code

    def __attrs_post_init__(self) -> None:
        keep = lru_cache(maxsize=KEPT_TEXTS)
        self.stand, self.service, self.cents = keep(self._stand), keep(self._service), keep(cents)
        self.timing, self.frequency = keep(self._timing), keep(self._frequency)
        self.named = _coded_names(self.plan)
        self.coded = _coded_references(self.plan, self.delimiters.element)

    def names(self, segments: Sequence[str]) -> list[Stand]:
        """What stands for each NM1, '' for one whose id may be wrong."""
        separator, named, found = self.delimiters.element, self.named, []
        for nm1 in segments:
            parts = nm1.rsplit(separator, 2)
            if named is None or parts[0].count(separator) != _BEFORE_QUALIFIER:
                found.append(self.stand(nm1))
                continue
            _, qualifier, value = parts
            codes = named.get(qualifier)
            sound = codes is None or value in codes.sound or codes.lasts(value)
            found.append(nm1[:_TO_NAME] + qualifier if sound else "")
        return found

    def references(self, segments: Sequence[str]) -> list[Stand]:
        """What stands for each REF: its qualifier; '' for one that may be wrong."""
        heads = [ref[:_HEAD] for ref in segments]
        if self.coded.isdisjoint(heads):
            return heads
        return [self.stand(r) if h in self.coded else h for r, h in zip(segments, heads, strict=True)]

    def _stand(self, segment: str) -> Stand:
        elements = segment.split(self.delimiters.element)
        tag = elements[0]
        if not self._silent(elements) or (tag == "PAT" and text(elements, _DEATH)):
            return ""
        return self._diagnoses(elements) if tag == "HI" else self._masked(elements, FREE.get(tag, ()))

    def _silent(self, elements: list[str]) -> bool:
        """Has type 5 nothing to say of a segment, whatever the day?"""
        report = Report(1, Marks())
        check_codes(self.plan, [("", elements, 1)], self.today, self.delimiters, report)
        return not report.heard and codes_last(self.plan, elements, self.delimiters)

    def _masked(self, elements: list[str], places: Sequence[int]) -> Stand:
        free = {n for n in places if n < len(elements) and elements[n]}
        return self.delimiters.element.join("?" if n in free else e for n, e in enumerate(elements))

    def _service(self, segment: str) -> Service:
        """A service without its charge, its units, and a code of which line_rules.csv does not speak."""
        elements = segment.split(self.delimiters.element)
        tag, separator = elements[0], self.delimiters.component
        charge = text(elements, CHARGE[tag])
        if not self._silent(elements) or not _MONEY.fullmatch(charge):
            return UNSURE
        free = [CHARGE[tag]] if cents(charge) else []
        if _UNITS.fullmatch(text(elements, UNITS[tag])):
            free.append(UNITS[tag])
        if tag == "SV2" and not rules_of(elements[1]):
            free.append(1)
        number = PROCEDURE[tag]
        qualifier, _, rest = text(elements, number).partition(separator)
        code, _, more = rest.partition(separator)
        seen = list(elements)
        if code and not rules_of(code):
            seen[number] = separator.join((qualifier, "?", more))
        return self._masked(seen, free), cents(charge)

    def _diagnoses(self, elements: list[str]) -> Stand:
        """HI with numbers for its codes: the same code has the same number."""
        separator = self.delimiters.component
        numbers: dict[str, str] = {}
        found = []
        for element in elements[1:]:
            qualifier, _, rest = element.partition(separator)
            code, _, more = rest.partition(separator)
            found.append(separator.join((qualifier, numbers.setdefault(code, str(len(numbers))), more)))
        return self.delimiters.element.join(("HI", *found))

    def _frequency(self, rest: str) -> str:
        """CLM05-03, from what stands behind CLM02; '' when there is none, or a code may be wrong."""
        elements = ["CLM", "", "", *rest.split(self.delimiters.element)]
        place = text(elements, 5).split(self.delimiters.component)
        return place[2] if len(place) > 2 and self._silent(elements) else ""

    def _timing(self, own: int, segments: tuple[str, ...]) -> Timing | None:
        """The DTP of a claim and of its lines, so many of them its own; None when one is wrong by itself."""
        found: list[str] = []
        days = [self.today]
        claim = ClaimView("", ("", [], 0), "", "", {}, {}, [], [], [])
        for at, segment in enumerate(segments):
            elements = segment.split(self.delimiters.element)
            if not self._silent(elements):
                return None
            first, last = dates(elements)
            found.append(self._masked(elements, (3,) if first else ()))
            days += (first, last)
            item = ("", elements, 0)
            if at < own:
                claim.days[text(elements, 1)] = (first, last, item)
            elif text(elements, 1) == "472":
                claim.lines.append(Line(item, [], dated=item, first=first, last=last))
        ranks = sorted(set(days))
        order = [str(ranks.index(day)) for day in days]
        return Timing(" ".join((*found, *order)), *service_days(claim))


def _coded_names(plan: Plan) -> Mapping[str, CodeList] | None:
    """The lists for NM109 by NM108; None when an NM1 has other codes besides."""
    asked = plan.get("NM1")
    if asked is None:
        return {}
    if asked.plain or asked.single or asked.every is not None or len(asked.chosen) != 1:
        return None
    ((chooser, choices),) = asked.chosen
    places = {number for choice in choices.values() for number, _, _ in choice}
    if chooser != _QUALIFIER or places != {_ID}:
        return None
    return {value: choice[0][2] for value, choice in choices.items() if len(choice) == 1}


def _coded_references(plan: Plan, separator: str) -> frozenset[str]:
    """The first characters of each REF whose 02 is a code of an outside set."""
    chosen = plan["REF"].chosen if "REF" in plan else ()
    return frozenset(separator.join(("REF", value, ""))[:_HEAD] for _, choices in chosen for value in choices)


def layout_of(tags: Sequence[str], plan: Plan, separator: str) -> Layout | None:
    """The layout of a block from its segment ids; None when the rules have to look at it in any case."""
    if (tags[0] == "CLM" and not _PAYERS.isdisjoint(tags)) or tags.count(_BORN) > (_BORN not in plan):
        return None
    lines = tags.index("LX") if "LX" in tags else len(tags)
    at = {tag: [n for n, one in enumerate(tags) if one == tag] for tag in tags}
    days, numbers = at.get("DTP", []), at.get("LX", [])
    silent = {tag for tag in UNSEEN if tag not in plan}
    return Layout(
        names=pick(at.get("NM1", [])),
        references=pick(at.get("REF", [])),
        days=pick(days),
        own_days=sum(n < lines for n in days),
        services=pick([n for n, tag in enumerate(tags) if tag in CHARGE]),
        numbers=pick(numbers),
        counted=tuple(f"LX{separator}{number}" for number in range(1, len(numbers) + 1)),
        others=pick([n for n, tag in enumerate(tags) if tag not in _APART and tag not in silent]),
        born=tags.index(_BORN) if _BORN in tags else 0,
    )


def pick(places: Sequence[int]) -> Pick:
    """Gives the members at these places as a tuple."""
    if not places:
        return lambda block: ()
    if len(places) == 1:
        only = places[0]
        return lambda block: (block[only],)
    return itemgetter(*places)


def cents(amount: str) -> int:
    """A plain amount in cents; 0 for any other text."""
    if not _MONEY.fullmatch(amount):
        return 0
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))
