"""A service line decided in two steps, so that a claim's copay falls on the line that owes the most.

First every line of the claim is judged and priced (`draft_line`): which units are paid, and why not the
others. Then each is shared between plan and member (`settle_line`), when it is known which line carries the
copay of a provider and date."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.authorization import Running
from x12_payer.adjudication.claims.case import ClaimCase, LineCase, line_fee, line_period
from x12_payer.adjudication.claims.dates import Judged, judge_line
from x12_payer.adjudication.claims.judge import Refused
from x12_payer.adjudication.claims.money import (
    NOT_SEPARATE,
    Priced,
    above,
    adjust,
    allowed_of,
    is_free,
    price,
    share_line,
)
from x12_payer.adjudication.pricing import cents
from x12_payer.adjudication.records import Fee
from x12_payer.authorization.facts import AccumulatorUse, Use
from x12_payer.authorization.units import uses
from x12_payer.edi.codes.frequencies import ZERO_BILL
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Adjustment, ServiceLine
from x12_payer.edi.messages.common import Period
from x12_payer.edi.tables import reason

ZERO = Decimal(0)
_NO_FEE = "claim_no_fee"


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
        plan_answer = {(a.group, a.reason) for a in self.adjustments}
        rows = [row for row in map(reason, self.reasons) if row.rarc and (row.group, row.carc) in plan_answer]
        return tuple(dict.fromkeys([row.rarc for row in rows]))


@frozen
class Draft:
    """A line judged and priced: decided, or with `parts` that are still to be shared.

    refused: the triplets of the units that are not paid."""

    judged: Judged
    outcome: LineOutcome | None = None
    parts: tuple[Priced, ...] = ()
    refused: tuple[Adjustment, ...] = ()


def draft_line(case: ClaimCase, line: ServiceLine, running: Running) -> tuple[Draft, Running]:
    """What of the line is to be paid, and what approvals and visits are used up after it."""
    if case.effect == ZERO_BILL:
        return _zero_bill(case, line), running
    judged, after = judge_line(case, line, running)
    if judged.pends:
        return _pended(judged, judged.pends), running
    if not judged.refused and len(judged.covered) == 1:
        draft = _one_price(judged, judged.covered[0])
        return draft, after if draft.parts else running
    fees = [line_fee(at) for at in judged.covered]
    owed = [line_fee(r.at) if r.owed and r.at is not None else None for r in judged.refused]
    if None in fees or any(r.owed and fee is None for r, fee in zip(judged.refused, owed, strict=True)):
        return _pended(judged, _NO_FEE), running  # only what is paid or owed needs a fee
    known = [fee for fee in (*fees, *owed) if fee is not None]
    if known and all(map(is_free, known)):
        return _not_separate(judged), running
    charges = _charges(line, [r.quantity for r in judged.refused] + [at.quantity for at in judged.covered])
    refused = _refused_parts(judged, owed, charges) if owed else ()
    if not judged.covered:
        return _denied(judged, refused), after
    paying = zip(judged.covered, fees, charges[len(owed) :], strict=True)
    parts = tuple([price(at, fee, charge) for at, fee, charge in paying if fee is not None])
    return Draft(judged, None, parts, refused), after


def _one_price(judged: Judged, at: LineCase) -> Draft:
    """A line that is paid whole at one price, as most are."""
    fee = line_fee(at)
    if fee is None:
        return _pended(judged, _NO_FEE)
    if is_free(fee):
        return _not_separate(judged)
    return Draft(judged, None, (price(at, fee, judged.line.charge),))


def _denied(judged: Judged, refused: tuple[Adjustment, ...]) -> Draft:
    return Draft(
        judged,
        LineOutcome(
            judged.line,
            judged.period,
            adjustments=refused,
            reasons=judged.reasons,
            denied=True,
            rendering_npi=judged.rendering_npi,
        ),
    )


def _zero_bill(case: ClaimCase, line: ServiceLine) -> Draft:
    """A line of a bill that asks for nothing."""
    key = "claim_zero_bill"
    judged = Judged(line, line_period(case.claim, line, case.today))
    whole = adjust(key, line.charge, line.quantity)
    return Draft(judged, LineOutcome(line, judged.period, adjustments=(whole,), reasons=(key,)))


def _not_separate(judged: Judged) -> Draft:
    """A line with a fee of zero: nobody owes it and it uses nothing."""
    line = judged.line
    return Draft(
        judged,
        LineOutcome(
            line,
            judged.period,
            covered=line.quantity,
            adjustments=(adjust(NOT_SEPARATE, line.charge),),
            reasons=(NOT_SEPARATE,),
            allowed=ZERO,
            rendering_npi=judged.rendering_npi,
        ),
    )


def _pended(judged: Judged, key: str) -> Draft:
    return Draft(judged, LineOutcome(judged.line, judged.period, reasons=(key,), pended=True))


def _charges(line: ServiceLine, quantities: Sequence[Decimal]) -> list[Decimal]:
    """The charge of the line by quantity, to the cent; what rounding leaves is the last part's."""
    charges: list[Decimal] = []
    reached, taken = ZERO, ZERO
    for quantity in quantities[:-1]:
        reached += quantity
        upto = cents(line.charge * reached / line.quantity)
        charges.append(upto - taken)
        taken = upto
    return [*charges, line.charge - taken]


def _refused_parts(
    judged: Judged, fees: Sequence[Fee | None], charges: Sequence[Decimal]
) -> tuple[Adjustment, ...]:
    parts = zip(judged.refused, fees, charges, strict=False)
    return tuple([triplet for refused, fee, charge in parts for triplet in _refused(refused, fee, charge)])


def _refused(refused: Refused, fee: Fee | None, charge: Decimal) -> tuple[Adjustment, ...]:
    """Units that are not covered: all of their charge, or the allowed amount when the member owes that."""
    if fee is None or refused.at is None:
        return (adjust(refused.reason, charge, refused.quantity),)
    owed = charge if fee.basis == "capitated" else allowed_of(refused.at, fee, charge, refused.quantity)
    return (adjust(refused.reason, owed, refused.quantity), *above(refused.at, charge - owed))


# -- money -----------------------------------------------------------------------------------------


def settle_line(draft: Draft, owed: Sequence[Decimal], running: Running) -> tuple[LineOutcome, Running]:
    """The line with its covered parts shared, each owing its copay, and what is used up after it."""
    if draft.outcome is not None:
        return draft.outcome, running
    judged = draft.judged
    number, line = draft.parts[0].at.case.number, judged.line.number
    money, moved, running = share_line(draft.parts, owed, running)
    return LineOutcome(
        line=judged.line,
        period=judged.period,
        paid=money.paid,
        covered=sum([part.at.quantity for part in draft.parts], ZERO) - money.refused,
        adjustments=(*money.adjustments, *draft.refused),
        reasons=(*judged.reasons, *money.reasons),
        allowed=money.allowed,
        copay=money.copay,
        denied=money.denied,
        numbers=judged.numbers,
        uses=tuple([use for b in judged.booked for use in uses(b, number, line)]),
        accumulators=(*moved, *judged.visits),
        penalty=judged.penalty,
        rendering_npi=judged.rendering_npi,
    ), running


def promise(outcome: LineOutcome) -> LineOutcome:
    """A line of a predetermination (CLP02 25): what we would pay today, and nothing moves."""
    promised = (adjust("claim_predetermined", outcome.paid),) if outcome.paid else ()
    return evolve(outcome, paid=ZERO, adjustments=(*outcome.adjustments, *promised), accumulators=())
