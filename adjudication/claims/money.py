"""The covered part of a service line priced and shared: who owes which part of it (CONTRACT section 4).

There are two ways: capitated, and by fee. Each gives the CAS triplets of that part as the first payer
would report them; coordination.py applies what earlier payers change."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.authorization import Running, accumulated
from x12_payer.adjudication.claims.case import LineCase
from x12_payer.adjudication.pricing import Room, Shares, allowed_amount, cents, share
from x12_payer.adjudication.records import Fee
from x12_payer.authorization.facts import AccumulatorUse
from x12_payer.authorization.lists import meaning
from x12_payer.authorization.spread import CENT, ONE, spread
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Adjustment, Claim
from x12_payer.edi.tables import reason

ZERO = Decimal(0)
DEDUCTIBLE, COINSURANCE, COPAY = "claim_deductible", "claim_coinsurance", "claim_copay"
OVER_FEE, BALANCE_BILLED = "claim_over_fee", "claim_balance_billed"
NOT_SEPARATE = "claim_not_paid_separately"


@frozen
class Money:
    """The covered part of a line. allowed: None where no fee was compared (capitation).

    denied: the plan pays nothing because its maximum is used up; refused: units of which this is so."""

    paid: Decimal
    allowed: Decimal | None
    adjustments: tuple[Adjustment, ...]
    reasons: tuple[str, ...] = ()
    copay: Decimal = ZERO
    denied: bool = False
    refused: Decimal = ZERO


def adjust(key: str, amount: Decimal, quantity: Decimal | None = None) -> Adjustment:
    """The CAS triplet of a reason."""
    row = reason(key)
    return Adjustment(row.group, row.carc, amount, quantity)


def above(at: LineCase, amount: Decimal) -> tuple[Adjustment, ...]:
    """The charge above the allowed amount: the member's only where the provider has no contract."""
    if not amount:
        return ()
    return (adjust(BALANCE_BILLED if at.cost.balance_billing else OVER_FEE, amount),)


@frozen
class Priced:
    """Covered units of a line with one plan, fee and year, billed for `charge`.

    allowed: the charge where no fee was compared (capitation)."""

    at: LineCase
    charge: Decimal
    allowed: Decimal
    capitated: bool = False


def price(at: LineCase, fee: Fee, charge: Decimal) -> Priced:
    """The covered units at the fee."""
    if fee.basis == "capitated":
        return Priced(at, charge, charge, capitated=True)
    return Priced(at, charge, allowed_of(at, fee, charge, at.quantity))


def is_free(fee: Fee) -> bool:
    """A fee of zero: the price of another service holds this one; capitation has no fee."""
    return not fee.amount and fee.basis != "capitated"


def allowed_of(at: LineCase, fee: Fee, charge: Decimal, quantity: Decimal) -> Decimal:
    """What is allowed of the line's charge for so many of its units; a case is paid once a line."""
    whole = at.line.quantity
    if fee.basis == "case" and quantity != whole:
        return min(charge, cents(fee.amount * quantity / whole))
    return allowed_amount(fee, charge, quantity)


def share_line(
    parts: Sequence[Priced], copays: Sequence[Decimal], running: Running
) -> tuple[Money, tuple[AccumulatorUse, ...], Running]:
    """The covered parts of a line shared in turn, each owing its copay; the accumulators this moves, and what
    is used up afterwards."""
    shared: list[Money] = []
    moved: list[AccumulatorUse] = []
    for part, copay in zip(parts, copays, strict=True):
        at, cost = part.at, part.at.cost
        if part.capitated:
            cost = evolve(cost, deductible=False, coinsurance=ZERO)
        shares = share(cost, part.allowed, _room(at, running), copay)
        if part.capitated:
            money = _capitated(shares)
        elif part.charge and not part.allowed:
            money = _not_separate(part)
        else:
            money = _primary(at, shares, part.allowed, part.charge)
        uses = (*_owed(at, shares), *_to_maximum(at, money.paid))
        running = running.moved(uses) if uses else running
        shared.append(money)
        moved += uses
    return _added_up(shared), tuple(moved), running


def _added_up(money: Sequence[Money]) -> Money:
    if len(money) == 1:
        return money[0]
    allowed = [one.allowed for one in money if one.allowed is not None]
    return Money(
        sum([one.paid for one in money], ZERO),
        sum(allowed, ZERO) if allowed else None,
        tuple([a for one in money for a in one.adjustments]),
        tuple(dict.fromkeys([key for one in money for key in one.reasons])),
        sum([one.copay for one in money], ZERO),
        denied=all(one.denied for one in money),
        refused=sum([one.refused for one in money], ZERO),
    )


# -- copays ----------------------------------------------------------------------------------------


def copays(lines: Sequence[Sequence[Priced]]) -> list[list[Decimal]]:
    """What each part of each line owes as a copay: one for each provider and date of the claim, the highest
    of those its lines owe, on the line that owes it, the first of equals (CONTRACT section 7)."""
    if not any(part.at.cost.copay for parts in lines for part in parts):
        return [[ZERO] * len(parts) for parts in lines]
    due = [[_due(part) for part in parts] for parts in lines]
    carried: dict[tuple[str, date], tuple[Decimal, int, int]] = {}
    for at, of_line in enumerate(due):
        for n, of_part in enumerate(of_line):
            for key, amount in of_part:
                if key not in carried or amount > carried[key][0]:
                    carried[key] = (amount, at, n)
    owed = [[ZERO] * len(of_line) for of_line in due]
    for amount, at, n in carried.values():
        owed[at][n] += amount
    return owed


def _due(part: Priced) -> list[tuple[tuple[str, date], Decimal]]:
    """The copay of each date, at most what is allowed for it; a stay owes one, on its first day."""
    copay = part.at.cost.copay
    if not copay:
        return []
    at = part.at
    payer = at.rendering_npi or at.case.billing_npi
    if at.stay or len(at.days) == 1:
        return [((payer, at.period.begin if at.stay else at.day), min(copay, part.allowed))]
    each = spread(part.allowed, [ONE] * len(at.days), CENT)
    return [((payer, day), min(copay, allowed)) for day, allowed in zip(at.days, each, strict=True)]


def _room(at: LineCase, running: Running) -> Room:
    """What is left of deductible, out-of-pocket maximum and the plan's maximum in the line's year."""
    promised = at.plan_answer.terms
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


def _not_separate(part: Priced) -> Money:
    """Nobody owes what is not paid separately; other dates of the line have a fee."""
    return Money(ZERO, ZERO, (adjust(NOT_SEPARATE, part.charge),), (NOT_SEPARATE,))


def _primary(at: LineCase, shares: Shares, allowed: Decimal, charge: Decimal) -> Money:
    """The plan's benefit; what is above its yearly maximum is the member's."""
    adjustments = (*above(at, charge - allowed), *_owed_by_member(shares))
    if not shares.over_maximum:
        return Money(shares.benefit, allowed, adjustments, (), shares.copay)
    key = "claim_benefit_maximum"
    if shares.benefit:
        adjustments = (*adjustments, adjust(key, shares.over_maximum))
        return Money(shares.benefit, allowed, adjustments, (key,), shares.copay)
    units = at.quantity
    adjustments = (*adjustments, adjust(key, shares.over_maximum, units))
    return Money(ZERO, allowed, adjustments, (key,), shares.copay, denied=True, refused=units)


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
