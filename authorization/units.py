"""The units ledger: how billed units meet approved ones. Pure functions over values, no money.

The problem
-----------
An approval says 12 visits, or 40 dates, or 3 units. Claims use it up, line by line and over months; a line
can cover several dates, be covered by several approvals, share a visit with another claim, and be taken
back later. No unit may be used twice or be lost, in whatever order claims and corrections come.

The idea
--------
An approval counts in one of two ways (CONTRACT section 5 and 7, "Approvals"):
- by quantity: UN, and the days of a stay;
- by day: VS, and DY of dates (home health). One visit (one date) a day, however many units or lines.

Booking is a function from the *demand* of a line and the approvals that fit it to the *takes*, with a
*ledger* of what was taken before; nothing is changed in place. `exact` takes all of a line under one number
or nothing (genetic tests); `cut_back` takes what is there. One number that covers the line alone is used
alone; cut_back splits a line over several numbers only when none does.

    method    before           act                    takes    covered  after
    cut_back  A=3 UN           2 units on 1           A:2      2        A=1
    cut_back  A=2 UN           3 units on 1           A:2      2        A=0
    exact     A=2 UN           3 units on 1           -        0        A=2
    cut_back  A=2 UN, B=3 UN   3 units on 1           B:3      3        A=2 B=0
    cut_back  A=2 UN, B=3 UN   4 units on 1           A:2 B:2  4        A=0 B=1
    cut_back  A=2 VS           4 units on 1           A:1      4        A=1
    cut_back  A=1 VS           4 units on 1,2         A:1      2        A=0
    cut_back  A=9 UN@1-2       7 units on 1,2,3       A:4      4        A=5

The last two rows are lines over several dates: units are spread evenly over the dates, and a date that no
approval holds on (`A=9 UN@1-2` holds on dates 1 and 2), or for which nothing is left, loses its share
(CONTRACT section 7). Seven units on three dates are 2, 2 and 3, and the third date is lost.

Giving back undoes the uses of a claim that is replaced or voided. Units of quantity come back as they were
taken. A visit that two claims counted on one day was paid for once, by the first: it comes back only with
the last claim of that day.

    before          act         gives back  left of A=3 VS
    C1:1            reverse C1  1           3
    C1:1 C2:0       reverse C1  0           2
    C1:1 C2:0       reverse C2  0           2
    C1:1 C2:0 R1:0  reverse C2  1           3

All of it is on one day. In the last row C1 was reversed before (R1 gave back nothing, because C2 still
counted the day), and now C2 gives the visit back. A test runs both tables.

What must stay true
-------------------
- The units taken of an approval are never more than it has left; what is covered is never more than what is
  billed.
- Taking every claim back, in any order, restores the approval.
- The number of visits used does not depend on the order of claims or lines within a day.
- `uses` are only ever added: a reversal is a use with its sign turned. What is used is their sum, kept
  nowhere else.
- A line is booked once. The claim engine passes the ledger on from line to line and claim to claim.

What would break it
-------------------
- Storing what is left of an approval beside its uses: the two would differ after the first crash or
  correction.
- Rounding each date of a line by itself: 7 units on 3 dates would become 2, 2, 2. The fraction due is
  carried on.
- Counting a visit by lines or units and not by approval and date: a second line of the day would use a
  second visit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import Enum
from fractions import Fraction

from attrs import evolve, field

from x12_payer.authorization.facts import Approval, Use
from x12_payer.edi.frozen import frozen

ZERO = Decimal(0)
ONE = Decimal(1)
_PART = Decimal("0.001")  # units billed in parts are spread over dates in parts of this size


class Booking(Enum):
    """How billed units meet approved ones; the values are those of `Requirement.matching`."""

    EXACT = "exact"
    CUT_BACK = "cut_back"


@frozen
class Demand:
    """What one service line asks for: the quantity billed, on these distinct dates.

    `in_days`: the quantity is itself a number of days (unit DA, room and board). `stay`: days of a stay, for
    which an approval has to hold on the day of admission alone."""

    quantity: Decimal
    days: tuple[date, ...]
    in_days: bool = False
    stay: bool = False


@frozen
class Take:
    """Units taken of one approval; 0 for a date that was counted before (it stays counted).

    `day` is the first of `days`, the dates they are for; by day there is one take a date. `covered`: the part
    of the line's quantity that is approved by them."""

    approval: Approval
    units: Decimal
    day: date
    days: tuple[date, ...]
    covered: Decimal


@frozen
class Booked:
    """The result of booking: `covered` is the part of the demanded quantity that is approved."""

    takes: tuple[Take, ...]
    covered: Decimal

    @property
    def days(self) -> tuple[date, ...]:
        """The dates that are covered, wholly or in part."""
        return tuple(sorted({day for take in self.takes for day in take.days}))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The authorization numbers used, in the order of their use."""
        return tuple(dict.fromkeys([take.approval.number for take in self.takes]))


NOTHING = Booked((), ZERO)
Lots = Sequence[Sequence[Approval]]  # groups of approvals that fit equally well, the best group first


@frozen
class Ledger:
    """What has been taken since the facts were read: units by approval key, and the days counted once."""

    spent: Mapping[str, Decimal] = field(factory=dict)
    counted: frozenset[tuple[str, date]] = frozenset()

    def left(self, approval: Approval) -> Decimal:
        """Units of the approval nobody has taken, never negative."""
        return max(approval.left - self.spent.get(approval.key, ZERO), ZERO)

    def after(self, booked: Booked) -> "Ledger":
        """The ledger once the takes are made."""
        if not booked.takes:
            return self
        spent = dict(self.spent)
        for take in booked.takes:
            spent[take.approval.key] = spent.get(take.approval.key, ZERO) + take.units
        days = frozenset((take.approval.key, day) for take in booked.takes for day in take.days)
        return Ledger(spent, self.counted | days)


def open_ledger(active: Iterable[Use]) -> Ledger:
    """A ledger that knows the days on which claims in force used each approval."""
    return Ledger(counted=frozenset((use.approval_key, use.service_date) for use in active))


def by_day(approval: Approval, demand: Demand) -> bool:
    """True when the approval counts dates (visits, dates of service), not the quantity billed."""
    if demand.stay:
        return False
    return approval.unit == "VS" or (approval.unit == "DY" and not demand.in_days)


def kept(approvals: Sequence[Approval], given_back: Iterable[Use]) -> tuple[Approval, ...]:
    """The approvals as the correction of a claim finds them: what the claim used of one that was cancelled
    since is still its own, and nothing more of it (CONTRACT section 7).

    `given_back`: the uses of the reversal of what is corrected."""
    back: dict[str, Decimal] = {}
    for use in given_back:
        back[use.approval_key] = back.get(use.approval_key, ZERO) - use.units
    return tuple(
        evolve(a, status="approved", units=a.used + max(back[a.key], ZERO))
        if a.status == "cancelled" and a.key in back
        else a
        for a in approvals
    )


# -- booking ---------------------------------------------------------------------------------------


def book(method: Booking, demand: Demand, lots: Lots, ledger: Ledger) -> Booked:
    """Book the demand against the approvals that fit it, the best first; of equals the first to expire."""
    return _METHODS[method](demand, lots, ledger)


def exact(demand: Demand, lots: Lots, ledger: Ledger) -> Booked:
    """All of the demand under one number, or nothing (genetic tests, CONTRACT section 4; GTX-16)."""
    alone = (_take(demand, _of_number(lots, number), ledger) for number in _numbers(demand, lots, ledger))
    return next((booked for booked in alone if booked.covered >= demand.quantity), NOTHING)


def cut_back(demand: Demand, lots: Lots, ledger: Ledger) -> Booked:
    """All of the demand under one number; when none has as much, what several have left, up to the demand."""
    if len({lot.number for group in lots for lot in group}) == 1:
        return _take(demand, lots, ledger)
    alone = exact(demand, lots, ledger)
    return alone if alone.takes else _take(demand, lots, ledger)


_METHODS: Mapping[Booking, Callable[[Demand, Lots, Ledger], Booked]] = {
    Booking.EXACT: exact,
    Booking.CUT_BACK: cut_back,
}


def _numbers(demand: Demand, lots: Lots, ledger: Ledger) -> tuple[str, ...]:
    """The numbers that have something to give, in the order of their first approval that has; among equals
    one that counted a date of the line before."""

    def counted(lot: Approval) -> bool:
        return any(_is_free(lot, day, demand, ledger) for day in demand.days)

    found: list[str] = []
    for group in lots:
        giving = [lot for lot in group if ledger.left(lot) > ZERO or counted(lot)]
        found += [lot.number for lot in sorted(giving, key=lambda lot: not counted(lot))]
    return tuple(dict.fromkeys(found))


def _of_number(lots: Lots, number: str) -> Lots:
    return [[lot for lot in group if lot.number == number] for group in lots]


def _take(demand: Demand, lots: Lots, ledger: Ledger) -> Booked:
    """What the approvals give, date by date. Units billed whole are taken whole: 7 on 3 dates as 2, 2, 3."""
    left = {lot.key: ledger.left(lot) for group in lots for lot in group}
    takes: list[Take] = []
    due, covered = Fraction(0), ZERO  # of the dates so far, those without an approval left out
    for day in demand.days:
        good = [[lot for lot in group if demand.stay or lot.holds_on(day)] for group in lots]
        if not any(left[lot.key] > ZERO or _is_free(lot, day, demand, ledger) for g in good for lot in g):
            continue
        due += Fraction(demand.quantity) / len(demand.days)
        wanted = _due_today(demand, due, covered)
        if wanted <= ZERO:
            continue
        given = _take_of_day(demand, day, wanted, good, left, ledger)
        takes += given
        part = sum([take.covered for take in given], ZERO)
        covered += part
        if part < wanted:
            due = Fraction(covered)  # what the date lacks is lost
    return Booked(_one_a_lot(takes, demand), covered)


def _due_today(demand: Demand, due: Fraction, covered: Decimal) -> Decimal:
    """The units of a date: all of a line of one date; else its share, rounded down with those before it, and
    never less than one unit while nothing is covered."""
    if len(demand.days) == 1:
        return max(demand.quantity, ZERO)
    step = ONE if _is_whole(demand.quantity) else _PART
    parts = due / Fraction(step)
    rounded = Decimal(parts.numerator // parts.denominator) * step
    return max(rounded, min(ONE, demand.quantity)) - covered


def _is_whole(quantity: Decimal) -> bool:
    return quantity == quantity.to_integral_value()


def _is_free(lot: Approval, day: date, demand: Demand, ledger: Ledger) -> bool:
    """The date was counted under the approval before: it costs nothing more."""
    return (lot.key, day) in ledger.counted and by_day(lot, demand)


def _take_of_day(
    demand: Demand, day: date, wanted: Decimal, good: Lots, left: dict[str, Decimal], ledger: Ledger
) -> list[Take]:
    """What the approvals that hold on the day give for it; of a group the one that counted it before."""
    takes: list[Take] = []
    for group in good:
        free = next((lot for lot in group if _is_free(lot, day, demand, ledger)), None)
        for lot in [free] if free else group:
            units, part = _given(lot, demand, left[lot.key], wanted)
            if part <= ZERO and free is None:
                continue
            units, part = (ZERO, wanted) if free else (units, part)
            takes.append(Take(lot, units, day, (day,), part))
            left[lot.key] -= units
            wanted -= part
            if wanted <= ZERO:
                return takes
    return takes


def _given(lot: Approval, demand: Demand, left: Decimal, wanted: Decimal) -> tuple[Decimal, Decimal]:
    """Units taken of an approval, and the part of the line's quantity they cover."""
    if by_day(lot, demand):
        return (ONE, wanted) if left >= ONE else (ZERO, ZERO)
    whole = len(demand.days) > 1 and _is_whole(demand.quantity)
    units = min(left.to_integral_value(ROUND_DOWN) if whole else left, wanted)
    return units, units


def _one_a_lot(takes: Sequence[Take], demand: Demand) -> tuple[Take, ...]:
    """What was taken by quantity of one approval on several dates is one take."""
    found: dict[tuple[str, date | None], Take] = {}
    for take in takes:
        key = (take.approval.key, take.day if by_day(take.approval, demand) else None)
        before = found.get(key)
        if before is not None:
            take = evolve(
                before,
                units=before.units + take.units,
                days=(*before.days, *take.days),
                covered=before.covered + take.covered,
            )
        found[key] = take
    return tuple(found.values())


def uses(booked: Booked, claim_number: str, line: str) -> tuple[Use, ...]:
    """The takes as uses by one claim line."""
    return tuple(
        Use(take.approval.key, take.approval.number, claim_number, line, take.units, take.day)
        for take in booked.takes
    )


def give_back(
    taken: Sequence[Use], active: Iterable[Use], history: Iterable[Use], claim_number: str
) -> tuple[Use, ...]:
    """The uses that undo `taken`, made by the reversal `claim_number`.

    `active`: uses of the person's other claims in force. `history`: every use of the person, `taken` and
    reversals included. A visit or date that another claim in force counted too stays taken; the last claim of
    that day gives it back."""
    nets: dict[tuple[str, date], Decimal] = {}
    for use in history:
        key = (use.approval_key, use.service_date)
        nets[key] = nets.get(key, ZERO) + use.units
    others: dict[tuple[str, date], bool] = {}
    for use in active:
        key = (use.approval_key, use.service_date)
        others[key] = others.get(key, False) or use.units == ZERO
    back: list[Use] = []
    for use in taken:
        key = (use.approval_key, use.service_date)
        if use.units == ZERO:
            units = ZERO if key in others else -max(nets.get(key, ZERO), ZERO)
        else:
            units = ZERO if others.get(key, False) else -use.units
        nets[key] = nets.get(key, ZERO) + units
        back.append(Use(use.approval_key, use.number, claim_number, use.line, units, use.service_date))
    return tuple(back)
