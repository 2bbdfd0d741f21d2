"""The covered part of a service line priced and shared: who owes which part of it (CONTRACT section 4).

Two ways: capitated, and by fee. Each gives the CAS triplets of that part as the first payer would say them;
what payers before us change is coordination.py's."""

from datetime import date
from decimal import Decimal

from attrs import evolve, frozen

from adjudication.claims_authorization import Running, accumulated, visits
from adjudication.claims_case import LineCase
from adjudication.pricing import Room, Shares, allowed_amount, share
from adjudication.records import Fee
from authorization.facts import AccumulatorUse
from authorization.lists import meaning
from edi.messages.claim import Adjustment, Claim
from edi.tables import reason

ZERO = Decimal(0)
DEDUCTIBLE, COINSURANCE, COPAY = "claim_deductible", "claim_coinsurance", "claim_copay"
OVER_FEE, BALANCE_BILLED = "claim_over_fee", "claim_balance_billed"


@frozen
class Money:
    """The covered part of a line. allowed: None where no fee was compared (capitation).

    denied: the plan pays nothing because its maximum is used up."""

    paid: Decimal
    allowed: Decimal | None
    adjustments: tuple[Adjustment, ...]
    reasons: tuple[str, ...] = ()
    copay: Decimal = ZERO
    denied: bool = False


def adjust(key: str, amount: Decimal, quantity: Decimal | None = None) -> Adjustment:
    """The CAS triplet of a reason."""
    row = reason(key)
    return Adjustment(row.group, row.carc, amount, quantity)


def above(at: LineCase, amount: Decimal) -> tuple[Adjustment, ...]:
    """The charge above the allowed amount: the member's only where the provider has no contract."""
    if not amount:
        return ()
    return (adjust(BALANCE_BILLED if at.cost.balance_billing else OVER_FEE, amount),)


def share_line(
    at: LineCase, fee: Fee, charge: Decimal, quantity: Decimal, running: Running
) -> tuple[Money, tuple[AccumulatorUse, ...], Running]:
    """Price and share `quantity` of the line, billed for `charge`; the accumulators it moves; and what is
    used up afterwards."""
    payer = (at.rendering_npi or at.case.billing_npi, at.day)
    capitated = fee.basis == "capitated"
    allowed = charge if capitated else allowed_amount(fee, charge, quantity)
    cost = evolve(at.cost, deductible=False, coinsurance=ZERO) if capitated else at.cost
    shares = share(cost, allowed, _room(at, running), payer in running.copays)
    money = _capitated(shares) if capitated else _primary(at, shares, allowed, charge)
    moved = (*_owed(at, shares), *_to_maximum(at, money.paid), *visits(at, running))
    return money, moved, _after(running, moved, payer if shares.copay else None)


def _room(at: LineCase, running: Running) -> Room:
    """What is left of deductible, out-of-pocket maximum and the plan's maximum in the line's year."""
    promised = at.told.terms
    deductible = _left(at, running, "deductible", promised.deductible if at.cost.deductible else None)
    return Room(
        deductible=deductible or ZERO,
        out_of_pocket=_left(at, running, "out_of_pocket", promised.out_of_pocket_max),
        maximum=_left(at, running, at.cost.maximum, at.cost.maximum_amount),
    )


def _left(at: LineCase, running: Running, name: str, amount: Decimal | None) -> Decimal | None:
    """What is left of an amount a year, None where the plan has none."""
    if amount is None:
        return None
    return max(amount - accumulated(at, name, at.day.year, running), ZERO)


# -- the two ways ----------------------------------------------------------------------------------


def _capitated(shares: Shares) -> Money:
    """Paid by the month: the charge but for the copay is the capitation's (scenario C20)."""
    key = "claim_capitated"
    rest = shares.benefit + shares.over_maximum
    return Money(ZERO, None, (*_owed_by_member(shares), adjust(key, rest)), (key,), shares.copay)


def _primary(at: LineCase, shares: Shares, allowed: Decimal, charge: Decimal) -> Money:
    """The plan's benefit; what is above its yearly maximum is the member's."""
    adjustments = (*above(at, charge - allowed), *_owed_by_member(shares))
    if not shares.over_maximum:
        return Money(shares.benefit, allowed, adjustments, (), shares.copay)
    key = "claim_benefit_maximum"
    adjustments = (*adjustments, adjust(key, shares.over_maximum))
    return Money(shares.benefit, allowed, adjustments, (key,), shares.copay, denied=not shares.benefit)


def _owed_by_member(shares: Shares) -> tuple[Adjustment, ...]:
    parts = (
        (DEDUCTIBLE, shares.deductible),
        (COINSURANCE, shares.coinsurance),
        (COPAY, shares.copay),
    )
    return tuple([adjust(key, amount) for key, amount in parts if amount])


def claim_status(claim: Claim) -> str:
    """CLP02 of a decided claim: 1, 2 or 3 by SBR01; a denial of a recognised member keeps it."""
    return meaning("claim_status", claim.responsibility, "1")


# -- accumulators ----------------------------------------------------------------------------------


def _owed(at: LineCase, shares: Shares) -> tuple[AccumulatorUse, ...]:
    year = at.day.year
    amounts = (("deductible", shares.deductible), ("out_of_pocket", shares.out_of_pocket))
    return tuple([AccumulatorUse(name, year, amount) for name, amount in amounts if amount])


def _to_maximum(at: LineCase, paid: Decimal) -> tuple[AccumulatorUse, ...]:
    if not at.cost.maximum or not paid:
        return ()
    return (AccumulatorUse(at.cost.maximum, at.day.year, paid),)


def _after(running: Running, moved: tuple[AccumulatorUse, ...], copay: tuple[str, date] | None) -> Running:
    if not moved and not copay:
        return running
    added = dict(running.added)
    for use in moved:
        added[use.name, use.year] = added.get((use.name, use.year), ZERO) + use.amount
    return Running(
        ledger=running.ledger,
        added=added,
        visits=running.visits.union([(use.name, use.day) for use in moved if use.day is not None]),
        copays=running.copays | {copay} if copay else running.copays,
    )
