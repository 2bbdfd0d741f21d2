"""One service line decided: tests, approvals, limits, price, cost share, other payers, in this order.

The first test that fails denies the line (CONTRACT section 5, wire_rules section 8); the rest is priced."""

from datetime import date
from decimal import Decimal

from attrs import evolve, frozen

from adjudication.claims_authorization import (
    Grant,
    Running,
    accumulated,
    authorize,
    excepted,
    over_limit,
    refer,
    visits,
)
from adjudication.claims_case import ClaimCase, LineCase, in_network, line_case, line_period
from adjudication.claims_tests import first_failure, not_covered, not_eligible, span_of
from adjudication.pricing import Room, Shares, allowed_amount, cents, find_fee, share
from adjudication.records import Fee
from authorization.claim_lists import meaning
from authorization.facts import AccumulatorUse, Use
from authorization.plan import terms
from authorization.units import Booked, uses
from edi.messages.claim import Adjustment, Claim, ServiceLine
from edi.messages.common import Period
from edi.tables import reason

ZERO = Decimal(0)


@frozen
class LineOutcome:
    """One line as decided. covered: quantity paid for. pended: it waits for pricing, nothing else counts."""

    line: ServiceLine
    period: Period | None
    paid: Decimal = ZERO
    covered: Decimal = ZERO
    adjustments: tuple[Adjustment, ...] = ()
    reasons: tuple[str, ...] = ()
    allowed: Decimal | None = None
    copay: Decimal = ZERO
    denied: bool = False
    pended: bool = False
    number: str = ""  # authorization used
    uses: tuple[Use, ...] = ()
    accumulators: tuple[AccumulatorUse, ...] = ()
    penalty: Decimal = ZERO
    rendering_npi: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """LQ*HE: the remark codes of the reasons, each once."""
        codes = (reason(key).rarc for key in self.reasons)
        return tuple(dict.fromkeys(code for code in codes if code))


def decide_line(case: ClaimCase, line: ServiceLine, running: Running) -> tuple[LineOutcome, Running]:
    """The line's outcome and what is used up after it."""
    span = span_of(case, line)
    if span is None:
        return _denied(line, line_period(case.claim, line, case.today), not_eligible(case, line)), running
    plan = case.plans.get(span.plan_id)
    if plan is None:
        return _pended(line, line_period(case.claim, line, case.today), "claim_no_plan"), running
    at = line_case(case, line, span, plan)
    failure = first_failure(at)
    if failure:
        return _deny(at, failure), running
    if not at.cost.covered:
        if not excepted(at, running.ledger):
            return _deny(at, not_covered(at)), running
        at = in_network(at)
    return _approve(at, running)


def _approve(at: LineCase, running: Running) -> tuple[LineOutcome, Running]:
    """A covered line meets referrals, authorizations and limits, then its price."""
    referred = refer(at, running.ledger)
    if referred.reason:
        return _deny(at, referred.reason), running
    grant = authorize(at, running)
    if not grant.covered and grant.reason and not grant.owed:
        return _deny(at, grant.reason), running
    if grant.covered and over_limit(at, running):
        grant = Grant(ZERO, reason="claim_benefit_limit", owed=True)
    fee = _fee(at)
    if fee is None:
        return _pended(at.line, at.period, "claim_no_fee"), running
    return _settle(at, grant, (*referred.booked, *grant.booked), fee, running)


def _fee(at: LineCase) -> Fee | None:
    """The DRG's fee, else that of the HCPCS, else that of the revenue code."""
    if at.case.drg_fee is not None:
        return at.case.drg_fee
    code = at.service.code or at.service.revenue_code
    return find_fee(at.case.fees, at.plan.id, at.npis, code, at.service.modifiers, at.period.begin)


# -- whole lines denied or waiting -----------------------------------------------------------------


def _denied(line: ServiceLine, period: Period | None, key: str, rendering: str = "") -> LineOutcome:
    return LineOutcome(
        line=line,
        period=period,
        adjustments=(adjust(key, line.charge, line.quantity),),
        reasons=(key,),
        denied=True,
        rendering_npi=rendering,
    )


def _deny(at: LineCase, key: str) -> LineOutcome:
    return _denied(at.line, at.period, key, at.rendering_npi)


def _pended(line: ServiceLine, period: Period | None, key: str) -> LineOutcome:
    return LineOutcome(line=line, period=period, reasons=(key,), pended=True)


def adjust(key: str, amount: Decimal, quantity: Decimal | None = None) -> Adjustment:
    """The CAS triplet of a reason."""
    row = reason(key)
    return Adjustment(row.group, row.carc, amount, quantity)


# -- money -----------------------------------------------------------------------------------------


def _settle(
    at: LineCase, grant: Grant, booked: tuple[Booked, ...], fee: Fee, running: Running
) -> tuple[LineOutcome, Running]:
    """Split the line into what is covered and what is not, price both, share the covered part."""
    over = at.line.quantity - grant.covered
    over_charge = _part(at.line.charge, over, at.line.quantity) if grant.reason else ZERO
    refused = _refused(at, grant, fee, over, over_charge)
    reasons = (grant.reason,) if grant.reason else ()
    if grant.reason and not grant.covered:
        return evolve(_deny(at, grant.reason), adjustments=refused), running
    outcome, running = _share(at, fee, at.line.charge - over_charge, grant.covered, running)
    taken = tuple(use for b in booked for use in uses(b, at.case.number, at.line.number))
    outcome = evolve(
        outcome,
        adjustments=(*outcome.adjustments, *refused),
        reasons=(*reasons, *outcome.reasons),
        number=grant.number,
        uses=taken,
        penalty=grant.penalty,
        rendering_npi=at.rendering_npi,
    )
    if at.case.claim.predetermination:
        return evolve(outcome, uses=(), accumulators=()), running
    ledger = running.ledger
    for b in booked:
        ledger = ledger.after(b)
    return outcome, evolve(running, ledger=ledger)


def _part(charge: Decimal, quantity: Decimal, whole: Decimal) -> Decimal:
    return charge if quantity == whole or not whole else cents(charge * quantity / whole)


def _refused(
    at: LineCase, grant: Grant, fee: Fee, quantity: Decimal, charge: Decimal
) -> tuple[Adjustment, ...]:
    """The part that is not covered: all of its charge, or its allowed amount when the member owes that."""
    if not grant.reason:
        return ()
    if not grant.owed:
        return (adjust(grant.reason, charge, quantity),)
    owed = charge if fee.basis == "capitated" else allowed_amount(fee, charge, quantity)
    return (adjust(grant.reason, owed, quantity), *_above(at, charge - owed))


def _above(at: LineCase, amount: Decimal) -> tuple[Adjustment, ...]:
    """The charge above the allowed amount: the member's only where the provider has no contract."""
    if not amount:
        return ()
    return (adjust("claim_balance_billed" if at.cost.balance_billing else "claim_over_fee", amount),)


def _share(
    at: LineCase, fee: Fee, charge: Decimal, quantity: Decimal, running: Running
) -> tuple[LineOutcome, Running]:
    """Price and share the covered part; what the year's accumulators and the copays are afterwards."""
    payer = (at.rendering_npi or at.case.claim.billing_provider.npi, at.period.begin)
    capitated = fee.basis == "capitated"
    allowed = charge if capitated else allowed_amount(fee, charge, quantity)
    cost = evolve(at.cost, deductible=False, coinsurance=ZERO) if capitated else at.cost
    shares = share(cost, allowed, _room(at, running), payer in running.copays)
    outcome = LineOutcome(line=at.line, period=at.period, covered=quantity, allowed=allowed)
    if capitated:
        outcome, shares = _capitated(outcome, shares)
    elif is_primary(at.case):
        outcome = _primary(at, outcome, shares, charge)
    else:
        outcome, shares, running = _secondary(at, outcome, shares, charge, running)
    moved = (*_moved(at, shares, outcome), *visits(at, running))
    running = _after(running, moved, payer if shares.copay else None)
    if at.case.claim.predetermination:
        promised = outcome.paid
        outcome = evolve(
            outcome,
            paid=ZERO,
            adjustments=(*outcome.adjustments, adjust("claim_predetermined", promised)),
        )
    return evolve(outcome, accumulators=moved, copay=shares.copay), running


def _room(at: LineCase, running: Running) -> Room:
    """What is left of deductible, out-of-pocket maximum and the plan's maximum in the line's year."""
    year = at.period.begin.year
    promised = terms(at.plan, at.period.begin)
    ceiling, maximum = promised.out_of_pocket_max, at.cost.maximum_amount

    def left(amount: Decimal, name: str) -> Decimal:
        return max(amount - accumulated(at, name, year, running), ZERO)

    return Room(
        deductible=left(promised.deductible, "deductible"),
        out_of_pocket=None if ceiling is None else left(ceiling, "out_of_pocket"),
        maximum=None if maximum is None else left(maximum, at.cost.maximum),
    )


def _capitated(outcome: LineOutcome, shares: Shares) -> tuple[LineOutcome, Shares]:
    """Paid by the month: the charge but for the copay is the capitation's (scenario C20)."""
    key = "claim_capitated"
    rest = shares.benefit + shares.over_maximum
    adjustments = (*_owed_by_member(shares), adjust(key, rest))
    outcome = evolve(outcome, adjustments=adjustments, reasons=(key,), allowed=None)
    return outcome, evolve(shares, benefit=ZERO, over_maximum=ZERO)


def _primary(at: LineCase, outcome: LineOutcome, shares: Shares, charge: Decimal) -> LineOutcome:
    assert outcome.allowed is not None
    adjustments = (*_above(at, charge - outcome.allowed), *_owed_by_member(shares))
    if not shares.over_maximum:
        return evolve(outcome, paid=shares.benefit, adjustments=adjustments)
    key = "claim_benefit_maximum"
    adjustments = (*adjustments, adjust(key, shares.over_maximum))
    if shares.benefit:
        return evolve(outcome, paid=shares.benefit, adjustments=adjustments, reasons=(key,))
    return evolve(outcome, covered=ZERO, adjustments=adjustments, reasons=(key,), denied=True)


def _owed_by_member(shares: Shares) -> tuple[Adjustment, ...]:
    parts = (
        ("claim_deductible", shares.deductible),
        ("claim_coinsurance", shares.coinsurance),
        ("claim_copay", shares.copay),
    )
    return tuple(adjust(key, amount) for key, amount in parts if amount)


def _secondary(
    at: LineCase, outcome: LineOutcome, shares: Shares, charge: Decimal, running: Running
) -> tuple[LineOutcome, Shares, Running]:
    """The lesser of our benefit and what the earlier payers left to the patient; the rest is theirs (C18)."""
    own = left_to_patient(at.line)
    left = running.left_by_prior if own is None else own
    paid = min(shares.benefit, left)
    if own is None:
        running = evolve(running, left_by_prior=running.left_by_prior - paid)
    rest = charge - paid
    adjustments = (adjust("claim_prior_payer", rest),) if rest else ()
    return evolve(outcome, paid=paid, adjustments=adjustments), Shares(benefit=paid), running


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


def _moved(at: LineCase, shares: Shares, outcome: LineOutcome) -> tuple[AccumulatorUse, ...]:
    year = at.period.begin.year
    amounts = (
        ("deductible", shares.deductible),
        ("out_of_pocket", shares.out_of_pocket),
        (at.cost.maximum, outcome.paid if at.cost.maximum else ZERO),
    )
    return tuple(AccumulatorUse(name, year, amount) for name, amount in amounts if amount)


def _after(running: Running, moved: tuple[AccumulatorUse, ...], copay: tuple[str, date] | None) -> Running:
    added = dict(running.added)
    for use in moved:
        added[use.name, use.year] = added.get((use.name, use.year), ZERO) + use.amount
    counted = frozenset((use.name, use.day) for use in moved if use.day is not None)
    copays = running.copays | {copay} if copay else running.copays
    return evolve(running, added=added, visits=running.visits | counted, copays=copays)
