"""An oracle for money and units: what CONTRACT says of a claim, written again from its text alone.

Nothing of the engines is imported. It knows a few services on three plans (`facts.py`), a person's approvals
and claims, and decides professional claims in the order of CONTRACT section 5 with the rulings of section 7.
It is slow and plain on purpose: a line over several dates is judged date by date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.slow.oracle.facts import LIMIT, PLANS, SERVICES, Service

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass
class Approval:
    """One row of an approval. `uses`: units by claim number and date; a date counted again has none."""

    key: str
    number: str
    member: str
    status: str  # approved denied cancelled
    service_type: str
    npi: str
    code: str
    code_to: str
    unit: str  # UN VS DY
    units: Decimal
    begin: date
    end: date
    uses: list[tuple[str, date, Decimal]] = field(default_factory=list)  # claim, date, units

    def left(self) -> Decimal:
        """Units that no claim in force has taken."""
        return self.units - sum((units for _, _, units in self.uses), ZERO)

    def counted(self, day: date) -> bool:
        """True when a claim in force has used this approval on the day."""
        return any(d == day for _, d, _ in self.uses)


@dataclass
class Line:
    """One service line as billed."""

    code: str  # with its modifier, 97110:GP
    charge: Decimal
    units: int
    begin: date
    days: tuple[date, ...]

    @property
    def service(self) -> Service:
        """The facts of its code."""
        return SERVICES[self.code]

    def key(self) -> tuple[object, ...]:
        """What makes a line the same as another one (section 5, exact duplicate)."""
        return (self.code, self.units, self.charge, self.days)


@dataclass
class Claim:
    """One claim as billed, and what the oracle decided."""

    number: str
    member: str
    npi: str
    lines: tuple[Line, ...]
    numbers: tuple[str, ...] = ()  # REF*G1 of the claim
    outcomes: list["Outcome"] = field(default_factory=list)
    visits: list[tuple[str, date]] = field(default_factory=list)  # (npi, date) that count towards the limit
    moved: list[tuple[str, int, Decimal]] = field(default_factory=list)  # accumulator, year, dollars


@dataclass
class Outcome:
    """A line decided: dollars paid, units covered, CAS amounts by group and reason, approvals used."""

    paid: Decimal
    covered: int
    adjustments: dict[str, Decimal]
    numbers: set[str]

    def shown(self) -> tuple[str, int, tuple[tuple[str, str], ...]]:
        """As the comparison wants it."""
        parts = sorted((key, f"{amount:.2f}") for key, amount in self.adjustments.items() if amount)
        return (f"{self.paid:.2f}", self.covered, tuple(parts))


@dataclass
class Person:
    """A member: coverage spans, what was used before we started, approvals, consents, claims in force."""

    member: str
    plan: str
    spans: tuple[tuple[date, date], ...]
    base: dict[tuple[str, int], Decimal]
    approvals: list[Approval] = field(default_factory=list)
    consents: set[tuple[str, str]] = field(default_factory=set)  # npi, code
    kept: dict[str, Decimal] = field(default_factory=dict)  # cancelled approvals a correction may use again
    asked: dict[tuple[str, date], Approval] = field(default_factory=dict)  # approved requests: what, for when
    claims: list[Claim] = field(default_factory=list)

    def usable(self, approval: Approval) -> bool:
        """Approved; or cancelled since, but used by the very claim that is corrected."""
        return approval.status == "approved" or approval.key in self.kept

    def left(self, approval: Approval) -> Decimal:
        """What may still be taken of the approval."""
        return min(approval.left(), self.kept.get(approval.key, approval.units))

    def covered(self, day: date) -> bool:
        """True when a span includes the day."""
        return any(begin <= day <= end for begin, end in self.spans)

    def total(self, name: str, year: int, extra: Iterable[tuple[str, int, Decimal]] = ()) -> Decimal:
        """An accumulator: loaded, moved by claims in force, and by the claim at hand."""
        moved = [m for claim in self.claims for m in claim.moved]
        found = (amount for n, y, amount in (*moved, *extra) if (n, y) == (name, year))
        return self.base.get((name, year), ZERO) + sum(found, ZERO)

    def visits(self, year: int, extra: Iterable[tuple[str, date]] = ()) -> set[tuple[str, date]]:
        """The therapy visits of a year: one a provider and date."""
        found = (v for claim in self.claims for v in claim.visits)
        return {v for v in (*found, *extra) if v[1].year == year}


def cents(amount: Decimal | Fraction) -> Decimal:
    """Half up to the cent."""
    if isinstance(amount, Fraction):
        amount = Decimal(amount.numerator) / Decimal(amount.denominator)
    return amount.quantize(CENT, ROUND_HALF_UP)


# -- a claim ---------------------------------------------------------------------------------------------


@dataclass
class _Part:
    """A line taken apart: dates and units that pay, units lost and why, numbers used."""

    line: Line
    whole: str = ""  # one reason denies the line
    days: tuple[date, ...] = ()
    units: int = 0
    lost: list[tuple[str, int, bool]] = field(default_factory=list)  # reason, units, the member owes allowed
    takes: list[tuple[Approval, date, Decimal]] = field(default_factory=list)
    before: list[tuple[Approval, date, Decimal]] = field(default_factory=list)  # taken by other dates of it


def decide(person: Person, claim: Claim, everybody: Sequence[Person]) -> None:
    """Decide the claim, take its units and add it to the person's claims in force."""
    parts = [_take_apart(person, claim, line, everybody) for line in claim.lines]
    carriers = _copay_carriers(claim, parts)
    for at, part in enumerate(parts):
        claim.outcomes.append(_price(person, claim, part, {d for i, d in carriers if i == at}))
    person.claims.append(claim)


def correct(person: Person, old: Claim, claim: Claim, everybody: Sequence[Person]) -> None:
    """A replacement: the reversal, then the corrected claim. It keeps what the old one used of an approval
    that was cancelled since."""
    used = {a.key: [u for number, _, u in a.uses if number == old.number] for a in person.approvals}
    take_back(person, old)
    cancelled = {a.key for a in person.approvals if a.status == "cancelled"}
    person.kept = {key: sum(units, ZERO) for key, units in used.items() if units and key in cancelled}
    decide(person, claim, everybody)
    person.kept = {}


def take_back(person: Person, claim: Claim) -> None:
    """A reversal: units, visits and dollars come back. A date that another claim in force counted stays."""
    person.claims.remove(claim)
    for approval in person.approvals:
        mine = [use for use in approval.uses if use[0] == claim.number]
        approval.uses = [use for use in approval.uses if use[0] != claim.number]
        for _, day, units in mine:
            if approval.unit == "UN" or not units:
                continue
            heir = next((i for i, use in enumerate(approval.uses) if use[1] == day), None)
            if heir is not None:
                number, day, _ = approval.uses[heir]
                approval.uses[heir] = (number, day, units)


def _take_apart(person: Person, claim: Claim, line: Line, everybody: Sequence[Person]) -> _Part:
    part = _Part(line)
    eligible = tuple(d for d in line.days if person.covered(d))
    if not eligible:
        part.whole = _uncovered(person, line.days[0])
        return part
    if any(
        old.npi == claim.npi and other.key() == line.key() for old in person.claims for other in old.lines
    ):
        part.whole = "OA18"
        return part
    part.units = _share(line, len(eligible))
    if len(eligible) < len(line.days):
        gone = next(d for d in line.days if d not in eligible)
        part.lost.append((_uncovered(person, gone), line.units - part.units, False))
    _use_up(person, claim, part, eligible, everybody)
    for approval, day, units in part.takes:
        approval.uses.append((claim.number, day, units))
    return part


def _use_up(
    person: Person, claim: Claim, part: _Part, days: Sequence[date], everybody: Sequence[Person]
) -> None:
    """Approvals, then the visits of the year. A date without a visit left uses no approval, as a line of its
    own would use none: what it would have found is over the limit, the rest is not approved. Where visits are
    limited the units of a line are a multiple of its dates."""
    line, plan, open_days, units = part.line, PLANS[person.plan], tuple(days), part.units
    share = line.units // len(line.days)
    limited = line.service.limited and plan.limit
    beyond: list[date] = []
    while True:
        part.takes = []
        found = _Found(open_days, units, dict.fromkeys(open_days, share))
        if plan.needs(line.service) and open_days:
            found = _authorize(person, claim, part, open_days, units, everybody)
        over = _over(person, claim, found.days) if limited else set()
        if not over:
            break
        beyond += over
        open_days, units = tuple(d for d in open_days if d not in over), units - share * len(over)
    part.lost.append((found.why, units - found.units, found.owed))
    taken = part.takes
    for day in sorted(beyond):
        one = _Found((day,), share, {day: share})
        if plan.needs(line.service):
            part.before, part.takes = [take for take in taken if take[1] < day], []
            one = _authorize(person, claim, part, (day,), share, everybody)
        part.lost.append(("PR119", one.units, True))
        part.lost.append((one.why, share - one.units, one.owed))
    part.takes = taken
    part.lost = [one for one in part.lost if one[1]]
    part.days, part.units = found.days, found.units
    if limited:
        claim.visits += [(claim.npi, day) for day in found.days]


def _share(line: Line, dates: int) -> int:
    """Covered units, evenly over the dates, rounded down to whole ones; never below one."""
    return max(1, line.units * dates // len(line.days)) if dates else 0


def _uncovered(person: Person, day: date) -> str:
    return "PR27" if any(begin <= day for begin, _ in person.spans) else "PR26"


# -- approvals -------------------------------------------------------------------------------------------


@dataclass
class _Found:
    """What the approvals give: dates and units, and why the rest is not covered."""

    days: tuple[date, ...]
    units: int
    by_day: dict[date, int] = field(default_factory=dict)
    why: str = ""
    owed: bool = False  # the member owes the allowed amount of the rest


def _authorize(
    person: Person,
    claim: Claim,
    part: _Part,
    days: tuple[date, ...],
    units: int,
    everybody: Sequence[Person],
) -> _Found:
    line = part.line
    consent = (claim.npi, line.service.procedure) in person.consents
    fitting = _find(person, claim, line, days, everybody)
    if isinstance(fitting, str):
        if fitting == "none":
            return _Found((), 0, {}, "PR197" if consent else "CO197", consent)
        return _Found((), 0, {}, fitting)
    if line.service.exact:
        chosen = next((a for a in fitting if person.left(a) >= line.units), None)
        if chosen is None:
            return _Found((), 0, {}, "CO198")
        part.takes = [(chosen, line.begin, Decimal(line.units))]
        return _Found(days, units)
    by_day = _alone(person, part, days, fitting) or _by_date(person, part, days, fitting)
    good = tuple(d for d in days if d in by_day)
    by_visit = all(a.unit != "UN" for a, _, _ in part.takes)
    covered = _share(line, len(good)) if by_visit else sum(by_day.values())
    return _Found(good, covered, by_day, "PR198" if consent else "CO198", consent)


def _find(
    person: Person, claim: Claim, line: Line, days: tuple[date, ...], everybody: Sequence[Person]
) -> list[Approval] | str:
    """The approvals that fit, the one to use first at the front; else the reason, or `none`."""
    if claim.numbers:
        named = [a for a in person.approvals if a.number in claim.numbers]
        if not named:
            others = any(a.number in claim.numbers for p in everybody for a in p.approvals)
            return "CO197" if others else "none"
        found = [a for a in named if person.usable(a)]
        if not found:
            return "CO39" if any(a.status == "denied" for a in named) else "CO197"
        for fits, why in (
            (lambda a: a.npi == claim.npi, "CO296"),
            (lambda a: _code_fits(a, line.service), "CO284"),
            (lambda a: any(a.begin <= d <= a.end for d in days), "CO302"),
        ):
            found = [a for a in found if fits(a)]
            if not found:
                return why
    else:
        fitting = [
            a
            for a in person.approvals
            if a.npi == claim.npi and _code_fits(a, line.service) and any(a.begin <= d <= a.end for d in days)
        ]
        found = [a for a in fitting if person.usable(a)]
        if not found:
            return "CO39" if any(a.status == "denied" for a in fitting) else "none"
    return sorted(found, key=lambda a: (_narrowness(a), a.end, a.number, a.key))


def _code_fits(approval: Approval, service: Service) -> bool:
    if approval.service_type != service.service_type:
        return False
    if not approval.code:
        return True
    return approval.code <= service.procedure <= (approval.code_to or approval.code)


def _narrowness(approval: Approval) -> tuple[int, int]:
    """The exact code, the narrower range, the service type."""
    if not approval.code:
        return (2, 0)
    if not approval.code_to or approval.code_to == approval.code:
        return (0, 0)
    return (1, int(approval.code_to[-4:]) - int(approval.code[-4:]))


def _alone(
    person: Person, part: _Part, days: tuple[date, ...], fitting: list[Approval]
) -> dict[date, int] | None:
    """The units by date when one number covers the whole line: then it is not split."""
    share = part.line.units // len(part.line.days)
    for number in dict.fromkeys(a.number for a in fitting):
        part.takes = []
        found = _by_date(person, part, days, [a for a in fitting if a.number == number])
        if found == dict.fromkeys(days, share):
            return found
    part.takes = []
    return None


def _by_date(person: Person, part: _Part, days: tuple[date, ...], fitting: list[Approval]) -> dict[date, int]:
    """Units by date: each takes its share, or its visit, from the first approval that has it; a date that an
    approval has counted already costs nothing."""
    line, found = part.line, {}
    share = line.units // len(line.days)  # by quantity: whole, as the sequences make them
    for day in days:
        there = [a for a in fitting if a.begin <= day <= a.end]
        taken, known = 0, next((a for a in there if a.unit != "UN" and _counted(a, day, part)), None)
        if known:
            part.takes.append((known, day, ZERO))
            taken = share
        for approval in there:
            left = person.left(approval) - sum(
                (u for a, _, u in (*part.before, *part.takes) if a is approval), ZERO
            )
            some = min(left, Decimal(share - taken)) if approval.unit == "UN" else min(left, Decimal(1))
            if taken < share and some > 0:
                part.takes.append((approval, day, some))
                taken = taken + int(some) if approval.unit == "UN" else share
        if taken:
            found[day] = taken
    return found


def _counted(approval: Approval, day: date, part: _Part) -> bool:
    return approval.counted(day) or any(a is approval and d == day for a, d, _ in part.takes)


# -- the visit limit -------------------------------------------------------------------------------------


def _over(person: Person, claim: Claim, days: Sequence[date]) -> set[date]:
    """The dates without a visit left in their year; a provider's date that counts already takes none."""
    over: set[date] = set()
    new: list[tuple[str, date]] = []
    for day in days:
        known = person.visits(day.year, [*claim.visits, *new])
        used = person.base.get(("visits:PT-OT", day.year), ZERO) + len(known)
        if (claim.npi, day) in known or used + 1 <= LIMIT:
            new.append((claim.npi, day))
        else:
            over.add(day)
    return over


# -- money -----------------------------------------------------------------------------------------------


def _copay_carriers(claim: Claim, parts: Sequence[_Part]) -> set[tuple[int, date]]:
    """Which line owes the copay of a date: the highest, the first line among equals."""
    found: dict[date, tuple[Decimal, int]] = {}
    for at, part in enumerate(parts):
        if part.whole:
            continue
        for day in part.days:
            owed = part.line.service.copay
            if owed and (day not in found or owed > found[day][0]):
                found[day] = (owed, at)
    return {(at, day) for day, (_, at) in found.items()}


def _price(person: Person, claim: Claim, part: _Part, copay_days: set[date]) -> Outcome:
    line = part.line
    if part.whole:
        return Outcome(ZERO, 0, {part.whole: line.charge}, set())
    each, fee = line.charge / line.units, line.service.fee
    cas: dict[str, Decimal] = {}

    def add(key: str, amount: Decimal) -> None:
        cas[key] = cas.get(key, ZERO) + amount

    for why, units, owed in part.lost:
        billed = each * units
        if owed:
            allowed = min(billed, fee * units)
            add(why, allowed)
            add("CO45", billed - allowed)
        else:
            add(why, billed)
    if not part.units:
        return Outcome(ZERO, 0, cas, set())
    billed = each * part.units
    allowed = min(billed, fee * part.units)
    add("CO45", billed - allowed)
    paid = allowed
    for day in sorted(copay_days):
        copay = min(line.service.copay, _room(person, claim, day.year))
        add("PR3", copay)
        claim.moved.append(("out_of_pocket", day.year, copay))
        paid -= copay
    if line.service.deductible:
        paid -= _deductible(person, claim, line, allowed, add)
    return Outcome(paid, part.units, cas, {a.number for a, _, _ in part.takes})


def _room(person: Person, claim: Claim, year: int) -> Decimal:
    most = PLANS[person.plan].out_of_pocket
    return max(most - person.total("out_of_pocket", year, claim.moved), ZERO)


def _deductible(person: Person, claim: Claim, line: Line, allowed: Decimal, add) -> Decimal:  # type: ignore[no-untyped-def]
    """Deductible, then 20 %, up to the out-of-pocket maximum."""
    year, plan = line.begin.year, PLANS[person.plan]
    room = _room(person, claim, year)
    still = max(plan.deductible - person.total("deductible", year, claim.moved), ZERO)
    first = min(still, allowed, room)
    second = min(cents((allowed - first) * Decimal("0.20")), room - first)
    add("PR1", first)
    add("PR2", second)
    claim.moved += [("deductible", year, first), ("out_of_pocket", year, first + second)]
    return first + second
