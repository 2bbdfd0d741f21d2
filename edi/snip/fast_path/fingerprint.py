"""The fingerprint of an 837 claim: all that the rules of SNIP types 3, 4 and 6 can see of it.

The problem
-----------
Types 1 and 2 check a segment by one look-up (edi/guides/automaton.py). The rules of types 3 to 6 look at
whole claims: sums, dates against each other, what one segment demands of another. They cost some 25
microseconds a claim, several times the rest. But most claims of a file are alike in everything a rule looks
at: other names, numbers, amounts and days, and the same office visit.

An example
----------
Three segments of three claims, and whether they have the fingerprint of the first:

    CLM*A1*150***11:B:1*Y*A*Y*Y  HI*ABK:M25561  SV1*HC:97110:GP*150*UN*3***1  the first: the rules look at it
    CLM*B7*90***11:B:1*Y*A*Y*Y   HI*ABK:M5450   SV1*HC:97140*90*UN*2***1      the same: passed without them
    CLM*C3*90***11:B:7*Y*A*Y*Y   HI*ABK:M5450   SV1*HC:97140*90*UN*2***1      another: CLM05-03 is 7

Claim number, charge, diagnosis, procedure and units are left out: a rule asks of them at most what is
checked for every claim anyway (below). The frequency stays in: with 7 a rule demands REF*F8.

The idea
--------
A rule is a function of what it reads. If two claims agree in everything that any rule reads, every rule
gives the same answer for both. So a claim is written down with everything no rule reads left out, its
*fingerprint*. The rules look at the first claim of each fingerprint; if they report nothing, the
fingerprint is remembered, and every later claim that has it is passed without them. A claim that gives a
diagnostic is never remembered.

What rules compare is checked in another way, for every claim, by fast_path/claims.py: the charge is the sum
of the lines, CLM01 was not used before in the set, lines are numbered 1, 2, 3, pointers name a diagnosis
that is there, and no line, reference or diagnosis is repeated. Days become an order: 20260601 before
20260603 before today is `0 1 2`, for whatever days, because rules only ask which comes first. Codes of
external lists (type 5) are looked up by themselves; a segment whose codes may not hold has no fingerprint,
and the claim goes to the rules.

There are two sizes. As long as no service is of a kind that a rule speaks of (ambulance, anesthesia,
dental, minutes), the *short* fingerprint leaves out how many segments of a kind there are, and those that
only type 5 reads (UNSEEN). Otherwise the *full* one keeps them.

What must stay true
-------------------
- What a rule reads is in the fingerprint, or is checked for every claim, or keeps the claim from having
  one. Nobody has to remember it: rules declare what they read (`reads` in rules/collector.py), settled.py
  lists by place which of them the checks here make needless, and whatever is read besides is added to the
  fingerprint as it is. A rule on the charge that is declared and not settled sees every claim whose charge
  is new to it: right at once, fast when somebody settles it.
- The declarations are true. Tests change every element that a rule did not declare and see that it reports
  the same; others learn valid claims, change one thing, and compare the fast path with the rules alone.
- Learning happens only after the rules were silent. In doubt the claim goes to the rules; there is one set
  of rules.
- What is remembered belongs to one run, and in it to one guide, one day, one set of delimiters and one set
  of code lists. It is bounded, and ends with the run.

What would break it
-------------------
- A place in settled.py for a rule that the checks here do not cover.
- A rule that compares claims with each other, beyond the numbers and duplicates that fast_path/claims.py
  remembers.
- Remembering a fingerprint over a change of day: a code may end, a date may come to be in the past.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter

from attrs import define, field

from x12_payer.edi.codes.lists import CodeList
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.rules.claim_view import ClaimView, Line, service_days
from x12_payer.edi.snip.rules.codes import FURTHER, Plan, check_codes, codes_last
from x12_payer.edi.snip.rules.collector import Collector, Marks, dates, text
from x12_payer.edi.snip.rules.diagnoses import EXTERNAL_CAUSE, LISTED, POA_EXEMPT, PRINCIPAL, diagnosis_rules
from x12_payer.edi.snip.rules.parties import BESIDE, check_billing
from x12_payer.edi.snip.rules.services import CHARGE, PROCEDURE, UNITS, rules_of, service_of
from x12_payer.edi.wire.segments import Delimiters

KEPT_TEXTS = 16_384  # of one kind
YEARS = 3  # services longer ago are left to the rules: codes of today were perhaps not in use
FREE = {  # elements of which a rule asks at most whether they are there
    "K3": (1,),
    "N3": (1, 2),
    "N4": (1, 2, 3),
    "NM1": (3, 4, 5, 7, 9),
    "NTE": (2,),
    "PER": (2, 4, 6, 8),
    "PWK": (6,),
    "REF": (2, 3),
    "SBR": (3, 4),
}
UNSEEN = frozenset(  # of a claim whose services are ordinary: only type 5 looks into them
    ("AMT", "CN1", "CR1", "CR2", "CRC", "HCP", "K3", "LIN", "MEA", "N3", "N4", "NTE", "PER", "PRV", "PS1")
)
REPLACED = "F8"  # of the references a rule asks for this one
ORDINARY = "-"  # a service without anything that a rule speaks of
_PAYERS = frozenset(("SBR", "SVD", "CAS"))  # another payer has a part: sums are left to the rules
_BORN = "DMG"
_INSTITUTIONAL = "837I"
_APART = frozenset(("CLM", _BORN, "DTP", "HI", "HL", "LX", "NM1", "REF", *CHARGE))
_ID, _QUALIFIER = 9, 8  # elements of an NM1
_BEFORE_QUALIFIER = 7  # separators
_TO_NAME = 9  # characters of an NM1 with its elements 01 and 02
HEAD = itemgetter(slice(7))  # the characters of a REF or NM1 with its qualifier
_DEATH = 6  # PAT06
_ONE = "1"  # in place of a charge, of units
_MONEY = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_UNITS = re.compile(r"[1-9][0-9]{0,5}")

Pick = Callable[[Sequence[str]], tuple[str, ...]]
Part = str  # what a fingerprint keeps of a segment; '': it may be wrong
ServicePart = tuple[Part, int, int]  # with the charge in cents, and the last diagnosis pointed at
# In full, in short, how many can be pointed at, and the codes that may come only once.
Diagnoses = tuple[Part, Part, int, tuple[str, ...]]
UNSURE: ServicePart = ("", 0, 0)
UNSURE_CODES: Diagnoses = ("", "", 0, ())
NO_CODES: Diagnoses = ("-", "-", 0, ())


@frozen(eq=False)
class Timing:
    """How the days of a claim lie to one another and to today; the same without the days of ordinary lines;
    and its first and last day of service."""

    order: str
    short: str
    first: str
    last: str


@frozen(eq=False)
class Layout:
    """Where things are in a block of the same segment ids in the same order."""

    names: Pick
    references: Pick
    days: Pick
    own_days: int  # how many of these come before the first line
    services: Pick
    daily: bool  # has each line one service and one of these days?
    numbers: Pick  # LX
    counted: tuple[str, ...]  # what these should be
    codes: Pick  # HI
    seen: Pick
    own_seen: int  # how many of these come before the first line
    unseen: Pick
    born: int  # DMG; 0 when there is none

    def repeats(self, block: Sequence[str]) -> bool:
        """May two lines of the block be the same?"""
        services = self.services(block)
        if len(set(services)) == len(services):
            return False
        days = self.days(block)[self.own_days :]
        return not self.daily or len(set(zip(services, days, strict=True))) < len(services)


@define(eq=False)
class Fingerprints:
    """Makes fingerprints for one guide, day and set of delimiters, of claims with services since `since`.
    What is kept is kept within bounds."""

    guide: str
    today: str
    delimiters: Delimiters
    plan: Plan
    probe: Collector = field(init=False, repr=False)  # takes what type 5 would report
    since: str = field(init=False)
    replaced: str = field(init=False)  # how the REF of a claim begins that replaces another
    part: Callable[[str], Part] = field(init=False, repr=False)
    service: Callable[[str], ServicePart] = field(init=False, repr=False)
    kind: Callable[[str], tuple[Part, int]] = field(init=False, repr=False)
    diagnoses: Callable[[str], Diagnoses] = field(init=False, repr=False)
    diagnosis: Callable[[str], Part] = field(init=False, repr=False)
    timing: Callable[[int, tuple[str, ...]], Timing | None] = field(init=False, repr=False)
    dtp: Callable[[str], tuple[Part, str, str]] = field(init=False, repr=False)
    frequency: Callable[[str], str] = field(init=False, repr=False)
    billing: Callable[[str], bool] = field(init=False, repr=False)
    beside: frozenset[str] = field(init=False, repr=False)  # how an NM1 begins that a rule asks for
    cents: Callable[[str], int] = field(init=False, repr=False)
    named: Mapping[str, CodeList] | None = field(init=False, repr=False)
    coded: frozenset[str] = field(init=False, repr=False)  # how a REF begins that holds a code

    def __attrs_post_init__(self) -> None:
        self.probe = Collector(1, Marks())
        self.replaced = self.delimiters.element.join(("REF", REPLACED, ""))
        self.since = f"{int(self.today[:4]) - YEARS:04}0101"
        keep = lru_cache(maxsize=KEPT_TEXTS)
        self.part, self.service, self.cents = keep(self._part), keep(self._service), keep(cents)
        self.timing, self.frequency = keep(self._timing), keep(self._frequency)
        self.diagnoses, self.diagnosis = keep(self._diagnoses), keep(self._diagnosis)
        self.kind, self.dtp = keep(self._kind), keep(self._dtp)
        self.billing = keep(self._billing)
        self.beside = frozenset(HEAD(self.delimiters.element.join(("NM1", party, ""))) for party in BESIDE)
        self.named = _coded_names(self.plan)
        self.coded = _coded_references(self.plan, self.delimiters.element)

    def names(self, segments: Sequence[str]) -> list[Part]:
        """The part of each NM1, '' for one whose id may be wrong."""
        separator, named, found = self.delimiters.element, self.named, []
        for nm1 in segments:
            parts = nm1.rsplit(separator, 2)
            if named is None or parts[0].count(separator) != _BEFORE_QUALIFIER:
                found.append(self.part(nm1))
                continue
            _, qualifier, value = parts
            codes = named.get(qualifier)
            valid = codes is None or value in codes.valid or codes.lasts(value, self.since, self.today)
            found.append(nm1[:_TO_NAME] + qualifier if valid else "")
        return found

    def references(self, segments: Sequence[str]) -> list[Part]:
        """The part of each REF: its qualifier; '' for one that may be wrong."""
        heads = [*map(HEAD, segments)]
        if self.coded.isdisjoint(heads):
            return heads
        return [self.part(r) if h in self.coded else h for r, h in zip(segments, heads, strict=True)]

    def _part(self, segment: str) -> Part:
        elements = segment.split(self.delimiters.element)
        tag = elements[0]
        if not self._silent(elements) or (tag == "PAT" and text(elements, _DEATH)):
            return ""
        return self._masked(elements, FREE.get(tag, ()))

    def _silent(self, elements: list[str]) -> bool:
        """Has type 5 nothing to report of a segment, on whatever day since `since`?"""
        if not codes_last(self.plan, elements, self.delimiters, self.since, self.today):
            return False
        asked = self.plan.get(elements[0])
        if asked is None or not any(asked[FURTHER:]):
            return True
        check_codes(self.plan, [("", elements, 1)], self.today, self.delimiters, self.probe)
        if not self.probe.raised:
            return True
        self.probe = Collector(1, Marks())
        return False

    def _masked(self, elements: list[str], places: Sequence[int]) -> Part:
        free = {n for n in places if n < len(elements) and elements[n]}
        return self.delimiters.element.join("?" if n in free else e for n, e in enumerate(elements))

    def _service(self, segment: str) -> ServicePart:
        """A service without its charge, its units, and a code of which line_rules.csv does not speak."""
        elements = segment.split(self.delimiters.element)
        money, units = CHARGE[elements[0]], UNITS[elements[0]]
        charge = text(elements, money)
        if not _MONEY.fullmatch(charge):
            return UNSURE
        if cents(charge):
            elements[money] = _ONE
        if _UNITS.fullmatch(text(elements, units)):
            elements[units] = _ONE
        part, highest = self.kind(self.delimiters.element.join(elements))
        return part, cents(charge), highest

    def _kind(self, segment: str) -> tuple[Part, int]:
        """The part of a service whose charge and units are one where they may be any, and the last
        diagnosis that it points at."""
        elements = segment.split(self.delimiters.element)
        tag, separator = elements[0], self.delimiters.component
        known = service_of(elements, separator)
        if not self._silent(elements):
            return "", 0
        if (
            tag != "SV2"
            and not (known.rules or known.faults or known.misdirected)
            and elements[CHARGE[tag]] == _ONE
        ):
            return ORDINARY, known.highest
        if tag == "SV2" and not rules_of(elements[1]):
            elements[1] = "?"
        if known.code and not known.rules:
            parts = elements[PROCEDURE[tag]].split(separator)
            elements[PROCEDURE[tag]] = separator.join((parts[0], "?", *parts[2:]))
        return self.delimiters.element.join(elements), known.highest

    def _diagnoses(self, segment: str) -> Diagnoses:
        """HI with numbers for its codes (the same code has the same number), and only with its qualifiers."""
        _, *composites = segment.split(self.delimiters.element)
        short = [*map(self.diagnosis, composites)]
        if not all(short):
            return UNSURE_CODES
        separator, join = self.delimiters.component, self.delimiters.element.join
        count = len(short) if short[0].split(separator, 1)[0] in LISTED else 0
        numbers: dict[str, str] = {}
        listed = []
        for at, composite in enumerate(composites):
            qualifier, code = composite.split(separator, 2)[:2]
            if qualifier in LISTED:
                listed.append(code)
            numbers.setdefault(code, str(at))
            composites[at] = numbers[code]
        if len(set(listed)) < len(listed):
            return UNSURE_CODES
        kinds = sorted(set(short))
        return join((*short, *composites)), join(kinds), count, tuple(listed)

    def _diagnosis(self, composite: str) -> Part:
        """A composite of an HI without its code, '' when that may be wrong; but whether the code need not
        say that it was present on admission."""
        parts = composite.split(self.delimiters.component)
        if len(parts) < 2 or not self._silent(["HI", composite]):
            return ""
        rules = diagnosis_rules(parts[0], parts[1])
        if parts[0] in PRINCIPAL and EXTERNAL_CAUSE in rules:
            return ""
        exempt = POA_EXEMPT if POA_EXEMPT in rules and self.guide.startswith(_INSTITUTIONAL) else ""
        return self.delimiters.component.join((parts[0], exempt, *parts[2:]))

    def _billing(self, level: str) -> bool:
        """Is there nothing to report of a billing provider? `level` is what follows its HL, a segment a
        line."""
        parts = (segment.split(self.delimiters.element) for segment in level.split("\n"))
        collector = Collector(1, Marks())
        check_billing([("", elements, 1) for elements in parts], collector)
        return not collector.raised

    def _frequency(self, rest: str) -> str:
        """CLM05-03, from what follows CLM02; '' when there is none, or a code may be wrong."""
        elements = ["CLM", "", "", *rest.split(self.delimiters.element)]
        place = text(elements, 5).split(self.delimiters.component)
        return place[2] if len(place) > 2 and self._silent(elements) else ""

    def _timing(self, own: int, segments: tuple[str, ...]) -> Timing | None:
        """The DTP of a claim and of its lines, so many of them its own; None when one is wrong by itself."""
        found: list[tuple[Part, str, str]] = []
        claim = ClaimView("", ("", [], 0), "", "", {}, {}, [], [], [])
        for at, segment in enumerate(segments):
            part, first, last = self.dtp(segment)
            if not part:
                return None
            found.append((part, first, last))
            item = ("", [segment], 0)
            if at < own:
                claim.days[part[4:7]] = (first, last, item)
            elif _is_served(part):
                claim.lines.append(Line(item, [], dated=item, first=first, last=last))
        begin = ("", *service_days(claim))
        of_lines = sorted({_order(self.today, (begin, one)) for one in found[own:] if not _is_served(one[0])})
        short = "|".join((_order(self.today, (begin, *found[:own])), *of_lines))
        return Timing(_order(self.today, found), short, *begin[1:])

    def _dtp(self, segment: str) -> tuple[Part, str, str]:
        """The part of one DTP, and its first and last day."""
        elements = segment.split(self.delimiters.element)
        if not self._silent(elements):
            return "", "", ""
        first, last = dates(elements)
        return self._masked(elements, (3,) if first else ()), first, last


def _is_served(dtp: Part) -> bool:
    return dtp[4:7] == "472"


def _order(today: str, days: Sequence[tuple[Part, str, str]]) -> str:
    """DTP with the order in which their first and last days and today come."""
    every = [today]
    for _, first, last in days:
        every += first, last
    ranks = {day: str(rank) for rank, day in enumerate(sorted(set(every)))}
    return " ".join([*[part for part, _, _ in days], *[ranks[day] for day in every]])


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
    return frozenset(HEAD(separator.join(("REF", value, ""))) for _, choices in chosen for value in choices)


def layout_of(tags: Sequence[str], plan: Plan, separator: str) -> Layout | None:
    """The layout of a block from its segment ids; None when the rules have to look at it in any case."""
    if (tags[0] == "CLM" and not _PAYERS.isdisjoint(tags)) or tags.count(_BORN) > (_BORN not in plan):
        return None
    lines = tags.index("LX") if "LX" in tags else len(tags)
    at: dict[str, list[int]] = {}
    for n, tag in enumerate(tags):
        kind = "SV" if tag in CHARGE else tag if tag in _APART else "unseen" if tag in UNSEEN else "seen"
        if kind != "unseen" or tag in plan:
            at.setdefault(kind, []).append(n)
    place = {kind: pick(places) for kind, places in at.items()}.get
    begins = [*at.get("LX", ()), len(tags)]
    within = [tags[first:end] for first, end in pairwise(begins)]
    numbers = range(1, len(at.get("LX", ())) + 1)
    return Layout(
        names=place("NM1", _NONE),
        references=place("REF", _NONE),
        days=place("DTP", _NONE),
        own_days=sum(n < lines for n in at.get("DTP", ())),
        services=place("SV", _NONE),
        daily=all(one.count("DTP") == 1 and sum(tag in CHARGE for tag in one) == 1 for one in within),
        numbers=place("LX", _NONE),
        counted=tuple(f"LX{separator}{number}" for number in numbers),
        codes=place("HI", _NONE),
        seen=place("seen", _NONE),
        own_seen=sum(n < lines for n in at.get("seen", ())),
        unseen=place("unseen", _NONE),
        born=tags.index(_BORN) if _BORN in tags else 0,
    )


def pick(places: Sequence[int]) -> Pick:
    """Gives the members at these places as a tuple."""
    if len(places) == 1:
        only = places[0]
        return lambda block: (block[only],)
    return itemgetter(*places)


def _nothing(block: Sequence[str]) -> tuple[str, ...]:
    return ()


_NONE: Pick = _nothing


def cents(amount: str) -> int:
    """A plain amount in cents; 0 for any other text."""
    if not _MONEY.fullmatch(amount):
        return 0
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))
