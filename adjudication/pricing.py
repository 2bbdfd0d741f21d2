"""What a service is worth and who owes which part of it (CONTRACT section 3 fees.csv, section 4 plan table).

Amounts are dollars rounded half up to cents, per line. Nothing here knows claims, CAS or approvals."""

from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from attrs import field
from attrs.converters import optional

from x12_payer.adjudication.records import Fee, FeeSchedule
from x12_payer.authorization.services import CostShare
from x12_payer.edi.frozen import frozen

ZERO = Decimal(0)
CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def cents(amount: Decimal) -> Decimal:
    """The amount rounded half up to cents (CONTRACT section 4)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@frozen
class Room:
    """What is left to the member and the plan in the calendar year, before a line is shared.

    deductible: still to be met. out_of_pocket: still to be paid at most, None without a maximum.
    maximum: what the plan may still pay towards a yearly maximum, None without one."""

    deductible: Decimal = field(default=ZERO, converter=cents)
    out_of_pocket: Decimal | None = field(default=None, converter=optional(cents))
    maximum: Decimal | None = field(default=None, converter=optional(cents))


@frozen
class Shares:
    """One line's allowed amount taken apart; the five parts add up to it.

    `benefit` is what the plan pays; `over_maximum` is the member's because the yearly maximum is used up."""

    copay: Decimal = ZERO
    deductible: Decimal = ZERO
    coinsurance: Decimal = ZERO
    over_maximum: Decimal = ZERO
    benefit: Decimal = ZERO

    @property
    def out_of_pocket(self) -> Decimal:
        """What counts towards the out-of-pocket maximum."""
        return self.copay + self.deductible + self.coinsurance


def find_fee(
    schedule: FeeSchedule,
    plan_id: str,
    npis: Collection[str],
    code: str,
    modifiers: Collection[str],
    day: date,
) -> Fee | None:
    """The most specific fee row of the code on the day, or None: then the claim waits for pricing.

    A row that names the plan, the provider or a modifier is for nobody else. More named things are more
    specific; among equals the modifier, then the provider, then the plan, then the later row."""
    fitting = [
        fee
        for fee in schedule.fees.get(code, ())
        if fee.plan_id in ("*", plan_id)
        and (not fee.npi or fee.npi in npis)
        and (not fee.modifier or fee.modifier in modifiers)
        and fee.effective_date <= day
        and (fee.termination_date is None or day <= fee.termination_date)
    ]
    if len(fitting) == 1:
        return fitting[0]
    return max(fitting, key=_specificity, default=None)


def _specificity(fee: Fee) -> tuple[int, bool, bool, bool, date]:
    named = (bool(fee.modifier), bool(fee.npi), fee.plan_id != "*")
    return (sum(named), *named, fee.effective_date)


def fee_amount(fee: Fee, charge: Decimal, quantity: Decimal) -> Decimal:
    """The fee for a line: a unit or a day each, a case or a stay once, a percentage of the charge."""
    if fee.basis in ("unit", "day"):
        return cents(fee.amount * quantity)
    if fee.basis == "percent":
        return cents(charge * fee.amount / HUNDRED)
    return cents(fee.amount)


def allowed_amount(fee: Fee, charge: Decimal, quantity: Decimal) -> Decimal:
    """The lesser of charge and fee (GEN-41)."""
    return min(charge, fee_amount(fee, charge, quantity))


def share(cost: CostShare, allowed: Decimal, room: Room, copay: Decimal) -> Shares:
    """Copay, then deductible, then coinsurance on what is left; the out-of-pocket maximum stops all three.

    `copay`: what is due for the dates. Then the plan pays, up to its yearly maximum; what is above is the
    member's (CONTRACT section 4)."""
    open_ended = allowed if room.out_of_pocket is None else room.out_of_pocket
    copay = min(copay, allowed, open_ended)
    left, most = allowed - copay, open_ended - copay
    deductible = min(room.deductible, left, most) if cost.deductible else ZERO
    left, most = left - deductible, most - deductible
    coinsurance = min(cents(left * cost.coinsurance), most)
    benefit = left - coinsurance
    payable = benefit if room.maximum is None else min(benefit, room.maximum)
    return Shares(copay, deductible, coinsurance, benefit - payable, payable)
