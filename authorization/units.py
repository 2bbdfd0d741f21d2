"""The units ledger: how billed units meet approved ones. Pure functions over values, no money.

An approval counts in one of two ways (CONTRACT section 4 and 5):
- by quantity: UN, and DY where the line itself is measured in days (a stay);
- by day: VS and DY otherwise. One visit (one date) a member, day and provider, however many units or lines.

Booking methods: `exact` takes all or nothing, `cut_back` takes what is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from authorization.facts import Approval, Use

ZERO = Decimal(0)
ONE = Decimal(1)
_BY_DAY = frozenset(("VS", "DY"))


class Booking(Enum):
    """How billed units meet approved ones; the values are those of `Requirement.matching`."""

    EXACT = "exact"
    CUT_BACK = "cut_back"


@frozen
class Demand:
    """What one service line asks for: the quantity billed, on these distinct dates.

    `in_days`: the quantity is itself a number of days (unit DA, room and board)."""

    quantity: Decimal
    days: tuple[date, ...]
    in_days: bool = False


@frozen
class Take:
    """Units taken of one approval for one day; 0 when that day was counted before (it stays counted)."""

    approval: Approval
    units: Decimal
    day: date


@frozen
class Booked:
    """The result of booking: `covered` is the part of the demanded quantity that is approved."""

    takes: tuple[Take, ...]
    covered: Decimal


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
        days = frozenset((take.approval.key, take.day) for take in booked.takes)
        return Ledger(spent, self.counted | days)


def open_ledger(standing: Iterable[Use]) -> Ledger:
    """A ledger that knows the days on which claims that still stand used each approval."""
    return Ledger(counted=frozenset((use.approval_key, use.service_date) for use in standing))


def by_day(approval: Approval, demand: Demand) -> bool:
    """True when the approval counts days (visits, dates of service), not the quantity billed."""
    return approval.unit in _BY_DAY and not (approval.unit == "DY" and demand.in_days)


def exact(demand: Demand, lots: Sequence[Approval], ledger: Ledger) -> Booked:
    """All of the demand, or nothing (genetic tests, CONTRACT section 4; GTX-16)."""
    booked = cut_back(demand, lots, ledger)
    return booked if booked.covered >= demand.quantity else Booked((), ZERO)


def cut_back(demand: Demand, lots: Sequence[Approval], ledger: Ledger) -> Booked:
    """What is left of the lots, in their order, up to the demand."""
    if not lots:
        return Booked((), ZERO)
    if by_day(lots[0], demand):
        return _take_days(demand, [lot for lot in lots if by_day(lot, demand)], ledger)
    return _take_quantity(demand, [lot for lot in lots if not by_day(lot, demand)], ledger)


_METHODS: Mapping[Booking, Callable[[Demand, Sequence[Approval], Ledger], Booked]] = {
    Booking.EXACT: exact,
    Booking.CUT_BACK: cut_back,
}


def book(method: Booking, demand: Demand, lots: Sequence[Approval], ledger: Ledger) -> Booked:
    """Book the demand against the lots (approvals of one number, first to expire first)."""
    return _METHODS[method](demand, lots, ledger)


def _take_quantity(demand: Demand, lots: Sequence[Approval], ledger: Ledger) -> Booked:
    takes: list[Take] = []
    open_units = max(demand.quantity, ZERO)
    for lot in lots:
        units = min(ledger.left(lot), open_units)
        if units > ZERO:
            takes.append(Take(lot, units, demand.days[0]))
            open_units -= units
    return Booked(tuple(takes), demand.quantity - open_units)


def _take_days(demand: Demand, lots: Sequence[Approval], ledger: Ledger) -> Booked:
    takes: list[Take] = []
    left = {lot.key: ledger.left(lot) for lot in lots}
    for day in demand.days:
        lot = next((lot for lot in lots if (lot.key, day) in ledger.counted), None)
        if lot is not None:
            takes.append(Take(lot, ZERO, day))
            continue
        lot = next((lot for lot in lots if left[lot.key] >= ONE), None)
        if lot is not None:
            takes.append(Take(lot, ONE, day))
            left[lot.key] -= ONE
    if len(takes) == len(demand.days):
        return Booked(tuple(takes), demand.quantity)
    return Booked(tuple(takes), demand.quantity * len(takes) / len(demand.days))


def uses(booked: Booked, claim_number: str, line: str) -> tuple[Use, ...]:
    """The takes as uses by one claim line."""
    return tuple(
        Use(take.approval.key, take.approval.number, claim_number, line, take.units, take.day)
        for take in booked.takes
    )


def give_back(
    taken: Sequence[Use], standing: Iterable[Use], history: Iterable[Use], claim_number: str
) -> tuple[Use, ...]:
    """The uses that undo `taken`, made by the reversal `claim_number`.

    `standing`: uses of the person's other claims that stand. `history`: every use of the person, `taken` and
    reversals included. A visit or date that another standing claim counted too stays taken; the last claim of
    that day gives it back."""
    nets: dict[tuple[str, date], Decimal] = {}
    for use in history:
        key = (use.approval_key, use.service_date)
        nets[key] = nets.get(key, ZERO) + use.units
    others: dict[tuple[str, date], bool] = {}
    for use in standing:
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
