"""One service line decided: tests, approvals, limits, price, cost share, other payers, in this order.

The first test that fails denies the line (CONTRACT section 5, wire_rules section 8); the rest is priced."""

from decimal import Decimal

from attrs import evolve, frozen

from adjudication.claims_authorization import Grant, Running, authorize, excepted, over_limit, refer
from adjudication.claims_case import ClaimCase, LineCase, as_in_network, line_case, line_period
from adjudication.claims_money import above, adjust, share_line
from adjudication.claims_tests import first_failure, not_covered, not_eligible
from adjudication.pricing import allowed_amount, cents, find_fee
from adjudication.records import Fee
from authorization.facts import AccumulatorUse, Use
from authorization.units import Booked, uses
from edi.frequencies import ZERO_BILL, effect
from edi.messages.claim import Adjustment, ServiceLine
from edi.messages.common import Period
from edi.tables import reason

ZERO = Decimal(0)


@frozen
class LineOutcome:
    """One line as decided. covered: quantity paid for. pended: it waits for pricing, nothing else counts.

    benefit: what we would pay as the first payer, None when we are."""

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
    numbers: tuple[str, ...] = ()  # authorizations used
    uses: tuple[Use, ...] = ()
    accumulators: tuple[AccumulatorUse, ...] = ()
    penalty: Decimal = ZERO
    rendering_npi: str = ""
    benefit: Decimal | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """LQ*HE: the remark codes of the reasons, each once; a remark belongs to an adjustment."""
        if not self.reasons:
            return ()
        told = {(a.group, a.reason) for a in self.adjustments}
        rows = [row for row in map(reason, self.reasons) if row.rarc and (row.group, row.carc) in told]
        return tuple(dict.fromkeys([row.rarc for row in rows]))


def decide_line(case: ClaimCase, line: ServiceLine, running: Running) -> tuple[LineOutcome, Running]:
    """The line's outcome and what is used up after it."""
    period = line_period(case.claim, line, case.today)
    if effect(case.claim.kind, case.claim.frequency) == ZERO_BILL:
        return evolve(_denied(line, period, "claim_zero_bill"), denied=False), running
    span = case.facts.member.span(period.begin)  # GEN-35: the coverage on the line's date
    if span is None:
        return _denied(line, period, not_eligible(case, period.begin)), running
    plan = case.plans.get(span.plan_id)
    if plan is None:
        return _pended(line, period, "claim_no_plan"), running
    at = line_case(case, line, period, span, plan)
    failure = first_failure(at)
    if failure:
        return _deny(at, failure), running
    if not at.cost.covered:
        inside = as_in_network(at)
        if not inside.cost.covered or not excepted(at):
            return _deny(at, not_covered(at)), running
        at = inside
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
    return find_fee(at.case.fees, at.plan.id, at.npis, code, at.service.modifiers, at.day)


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


# -- money -----------------------------------------------------------------------------------------


def _settle(
    at: LineCase, grant: Grant, booked: tuple[Booked, ...], fee: Fee, running: Running
) -> tuple[LineOutcome, Running]:
    """Split the line into what is covered and what is not; price both."""
    over = at.line.quantity - grant.covered
    over_charge = _part(at.line.charge, over, at.line.quantity) if grant.reason else ZERO
    refused = _refused(at, grant, fee, over, over_charge)
    if grant.reason and not grant.covered:
        return evolve(_deny(at, grant.reason), adjustments=refused), running
    money, moved, running = share_line(at, fee, at.line.charge - over_charge, grant.covered, running)
    outcome = LineOutcome(
        line=at.line,
        period=at.period,
        paid=money.paid,
        covered=ZERO if money.denied else grant.covered,
        adjustments=(*money.adjustments, *refused),
        reasons=(grant.reason, *money.reasons) if grant.reason else money.reasons,
        allowed=money.allowed,
        copay=money.copay,
        denied=money.denied,
        numbers=grant.numbers,
        uses=tuple([use for b in booked for use in uses(b, at.case.number, at.line.number)]),
        accumulators=moved,
        penalty=grant.penalty,
        rendering_npi=at.rendering_npi,
    )
    if not booked:
        return outcome, running
    ledger = running.ledger
    for b in booked:
        ledger = ledger.after(b)
    return outcome, evolve(running, ledger=ledger)


def promise(outcome: LineOutcome) -> LineOutcome:
    """A line of a predetermination (CLP02 25): what we would pay today, and nothing moves."""
    promised = (adjust("claim_predetermined", outcome.paid),) if outcome.paid else ()
    return evolve(outcome, paid=ZERO, adjustments=(*outcome.adjustments, *promised), accumulators=())


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
    return (adjust(grant.reason, owed, quantity), *above(at, charge - owed))
