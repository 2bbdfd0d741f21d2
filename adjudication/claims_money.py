"""The covered part of a service line priced and shared: who owes which part of it (CONTRACT section 4).

Three ways: capitated, as the first payer, after other payers. Each gives the CAS triplets of that part."""

from datetime import date
from decimal import Decimal

from attrs import evolve, frozen

from adjudication.claims_authorization import Running, accumulated, visits
from adjudication.claims_case import ClaimCase, LineCase
from adjudication.pricing import Room, Shares, allowed_amount, share
from adjudication.records import Fee
from authorization.facts import AccumulatorUse
from authorization.lists import meaning
from edi.messages.claim import Adjustment, Claim, ServiceLine
from edi.tables import reason

ZERO = Decimal(0)


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
    return (adjust("claim_balance_billed" if at.cost.balance_billing else "claim_over_fee", amount),)


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
    left = running.left_by_prior
    if capitated:
        money = _capitated(shares)
    elif is_primary(at.case):
        money = _primary(at, shares, allowed, charge)
    else:
        money, left = _after_others(at, shares, allowed, charge, left)
    owed = _owed(at, shares)
    seen = visits(at, running)
    paid = _to_maximum(at, money.paid)
    # After other payers the member owes us nothing: the shares only count inside the claim.
    moved = (*(owed if capitated or is_primary(at.case) else ()), *paid, *seen)
    running = _after(running, (*owed, *paid, *seen), payer if shares.copay else None, left)
    return money, moved, running


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


# -- the three ways --------------------------------------------------------------------------------


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
        ("claim_deductible", shares.deductible),
        ("claim_coinsurance", shares.coinsurance),
        ("claim_copay", shares.copay),
    )
    return tuple([adjust(key, amount) for key, amount in parts if amount])


def _after_others(
    at: LineCase, shares: Shares, allowed: Decimal, charge: Decimal, left_of_claim: Decimal
) -> tuple[Money, Decimal]:
    """The lesser of our benefit and what the earlier payers left to the patient; the rest is theirs (C18)."""
    own = left_to_patient(at.line)
    paid = min(shares.benefit, left_of_claim if own is None else own)
    rest = charge - paid
    adjustments = (adjust("claim_prior_payer", rest),) if rest else ()
    return Money(paid, allowed, adjustments), left_of_claim - paid if own is None else left_of_claim


def is_primary(case: ClaimCase) -> bool:
    """True when no other payer went before us (SBR01)."""
    return claim_status(case.claim) == "1"


def claim_status(claim: Claim) -> str:
    """CLP02 of a decided claim: 1, 2 or 3 by SBR01; a denial of a recognised member keeps it."""
    return meaning("claim_status", claim.responsibility, "1")


def left_to_patient(line: ServiceLine) -> Decimal | None:
    """What the last of the earlier payers left to the patient (2430 CAS*PR), None when no 2430 says."""
    left = [
        sum((a.amount for a in prior.adjustments if a.group == "PR"), ZERO) for prior in line.prior_payments
    ]
    return min(left, default=None)


# -- accumulators ----------------------------------------------------------------------------------


def _owed(at: LineCase, shares: Shares) -> tuple[AccumulatorUse, ...]:
    year = at.day.year
    amounts = (("deductible", shares.deductible), ("out_of_pocket", shares.out_of_pocket))
    return tuple([AccumulatorUse(name, year, amount) for name, amount in amounts if amount])


def _to_maximum(at: LineCase, paid: Decimal) -> tuple[AccumulatorUse, ...]:
    if not at.cost.maximum or not paid:
        return ()
    return (AccumulatorUse(at.cost.maximum, at.day.year, paid),)


def _after(
    running: Running, moved: tuple[AccumulatorUse, ...], copay: tuple[str, date] | None, left: Decimal
) -> Running:
    if not moved and not copay and left == running.left_by_prior:
        return running
    added = dict(running.added)
    for use in moved:
        added[use.name, use.year] = added.get((use.name, use.year), ZERO) + use.amount
    return Running(
        ledger=running.ledger,
        added=added,
        visits=running.visits.union([(use.name, use.day) for use in moved if use.day is not None]),
        copays=running.copays | {copay} if copay else running.copays,
        left_by_prior=left,
    )
