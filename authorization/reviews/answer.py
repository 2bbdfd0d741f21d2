"""Verdicts put together: the answer of a 278, the approvals it creates and the case that is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from x12_payer.authorization.facts import Approval, ReviewCase
from x12_payer.authorization.reviews.lines import event_period, kind_of
from x12_payer.authorization.reviews.periods import window
from x12_payer.authorization.reviews.quantity import granted_quantity
from x12_payer.authorization.reviews.values import (
    EXTENSION,
    REFERRAL,
    Context,
    Line,
    Numbers,
    ReviewOutcome,
    Verdict,
    Window,
)
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Attachment, Period, Quantity, Reference, Rejection
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewDecision,
    ServiceDecision,
    ServicesReview,
)
from x12_payer.edi.tables import reason

APPROVED = ("A1", "A6")
EXPEDITED = ("U", "03")  # UM06
_STATUS = {
    "A1": "approved",
    "A2": "approved",
    "A6": "approved",
    "A3": "denied",
    "A4": "pended",
    "C": "cancelled",
    "NA": "not_required",
    "CT": "delegated",
}
_ROW_UNITS = {"DY": "DY", "DA": "DY", "VS": "VS"}  # HSD01, SV103; anything else counts as units


@frozen
class Decided:
    """One line, what was decided and, when approved, when it holds and under which row."""

    line: Line
    verdict: Verdict
    window: Window | None = None

    @property
    def action(self) -> str:
        """HCR01."""
        return self.verdict.action

    @property
    def units(self) -> Decimal:
        """Units as granted, as asked, or one."""
        asked = self.line.asked.units
        return (
            self.verdict.units if self.verdict.units is not None else Decimal(1) if asked is None else asked
        )


def outcome_of(context: Context, decided: Sequence[Decided], numbers: Numbers) -> ReviewOutcome:
    """The answer, the rows and the case of an event whose lines are decided."""
    decision = answer(context, decided, numbers)
    rows = tuple(row(context, d, numbers) for d in decided if d.action in (*APPROVED, "A3", "A4"))
    return ReviewOutcome(decision, rows, case_of(context, decision, numbers.case))


def decide(context: Context, line: Line, verdict: Verdict) -> Decided:
    """A verdict with the dates it gives."""
    return Decided(line, verdict, window(context, line) if verdict.action in APPROVED else None)


# --- rows ---------------------------------------------------------------------------------------------------


def row(context: Context, decided: Decided, numbers: Numbers) -> Approval:
    """The row of one line: approved under the authorization number, denied or pended under the case."""
    line, asked = decided.line, decided.line.asked
    approved = decided.action in APPROVED
    number = numbers.number if approved else numbers.case
    holds = decided.window
    return Approval(
        key=f"{number}/{asked.ordinal}",
        number=number,
        member_id=context.facts.member_id,
        kind=kind_of(context.review),
        status=_STATUS[decided.action],
        service_type=line.service_type,
        requester_npi=context.review.requester.npi,
        provider_npi=asked.provider_npi,
        code=asked.code,
        code_to=asked.code_to,
        modifiers=asked.modifiers,
        unit=line.requirement.quota_unit or _ROW_UNITS.get(asked.unit, "UN"),
        units=decided.units,
        issued_date=context.today,
        effective_date=holds.effective if holds else min(line.begin, context.today),
        expiration_date=holds.expires if holds else None,
        reason=reason(decided.verdict.reason).hcr_reason if decided.verdict.reason else "",
        case_number=numbers.case,
        extension=context.review.category.certification_type == EXTENSION,
        trace=trace_of(context.review),
    )


def trace_of(review: ServicesReview) -> str:
    """TRN02 of the request."""
    return next((t.reference for t in review.traces), "")


# --- the answer ---------------------------------------------------------------------------------------------


def answer(context: Context, decided: Sequence[Decided], numbers: Numbers) -> ReviewDecision:
    """HCR, dates, quantity, REF, PWK and MSG at the event and at each service."""
    action = event_action([d.action for d in decided])
    own = next((d for d in decided if d.line.asked.ordinal == 0), None)
    leading = [d for d in decided if d.action == action] or list(decided)
    granted = [d.window for d in decided if d.window]
    return ReviewDecision(
        review=context.review,
        certification=_certification(action, leading[0].verdict, numbers.number),
        quantity=_event_quantity(context.review, decided, action),
        periods=_event_periods(context.review, granted) if action in ("A1", "A2", "A6") else (),
        references=() if action in (*APPROVED, "A2") else (Reference("NT", numbers.case),),
        attachments=_wanted(*(d.verdict for d in decided)),
        messages=tuple(dict.fromkeys(m for d in decided for m in texts(d.verdict))),
        contact=next((d.verdict.contact for d in decided if d.verdict.contact), None),
        services=tuple(_service(d, numbers.number) for d in decided if d is not own),
        pended=action == "A4",
    )


def event_action(actions: Sequence[str]) -> str:
    """HCR01 of the event from those of its lines (CONTRACT section 5): any pended A4; approved and denied A2;
    all approved, some with fewer units A6; else as they are. What needs nothing, or is a vendor's, does not
    weigh."""
    found = set(actions)
    if "A4" in found:
        return "A4"
    weighing = found - {"NA", "CT"} or found
    if "A3" in weighing and weighing & {"A1", "A6"}:
        return "A2"
    return next(a for a in ("A6", "A1", "A3", "CT", "C", "NA") if a in weighing)


def texts(verdict: Verdict) -> tuple[str, ...]:
    """What MSG says: why not, in the words of reasons.csv, and what the plan adds."""
    why = reason(verdict.reason).text.upper() if verdict.reason else ""
    return tuple(text for text in (why, verdict.message) if text)


def certification(verdict: Verdict, number: str) -> Certification:
    """HCR of one line: a number when approved, else the reason."""
    return _certification(verdict.action, verdict, number)


def _certification(action: str, verdict: Verdict, number: str) -> Certification:
    if action in (*APPROVED, "A2"):
        return Certification(action, number)
    return Certification(action, "", reason(verdict.reason).hcr_reason)


def _service(decided: Decided, number: str) -> ServiceDecision:
    request, verdict = decided.line.asked.request, decided.verdict
    assert request is not None  # only the event's own line has none
    cut_to = verdict.units if verdict.action == "A6" else None
    by_hsd = request.quantity is not None
    return ServiceDecision(
        request=request,
        certification=_certification(verdict.action, verdict, number),
        unit=request.unit,
        units=None if by_hsd else _cut_units(decided, cut_to),
        quantity=granted_quantity(request.quantity, cut_to)
        if request.quantity and cut_to is not None
        else None,
        periods=periods(decided.window) if decided.window else (),
        attachments=_wanted(verdict),
        messages=texts(verdict),
    )


def _cut_units(decided: Decided, cut_to: Decimal | None) -> Decimal | None:
    request = decided.line.asked.request
    return cut_to if request and request.units is not None else None


def _event_quantity(review: ServicesReview, decided: Sequence[Decided], action: str) -> Quantity | None:
    """HSD of the event: cut with the line it speaks of; as asked when another line was cut; the days of a
    stay approved without any."""
    if action not in ("A1", "A2", "A6"):
        return None
    own = next((d for d in decided if d.line.asked.ordinal == 0), None)
    if own is not None:
        if own.action == "A3":
            return None
        if own.verdict.units is not None:
            asked = review.quantity or Quantity(own.line.asked.unit, own.verdict.units)
            return granted_quantity(asked, own.verdict.units)
        return review.quantity
    inherited = [d for d in decided if d.action in APPROVED and _asks_by_event(d)]
    if review.quantity and inherited:
        return granted_quantity(review.quantity, max(d.units for d in inherited))
    return None


def _asks_by_event(decided: Decided) -> bool:
    request = decided.line.asked.request
    return request is not None and request.quantity is None and decided.line.asked.from_event


def _event_periods(review: ServicesReview, granted: Sequence[Window]) -> tuple[Period, ...]:
    """102, 007, 036 over all that was granted; of a referral the event date too, when it was shortened."""
    if not granted:
        return ()
    whole = Window(granted[0].issued, min(w.effective for w in granted), max(w.expires for w in granted))
    asked = event_period(review)
    if review.category.request_category == REFERRAL and asked and asked.end > whole.expires:
        return (*periods(whole), Period(asked.qualifier, asked.begin, whole.expires, "RD8"))
    return periods(whole)


def periods(window: Window) -> tuple[Period, ...]:
    """DTP 102 issued, 007 effective, 036 expires."""
    days = (("102", window.issued), ("007", window.effective), ("036", window.expires))
    return tuple(Period(qualifier, day, day) for qualifier, day in days)


def _wanted(*verdicts: Verdict) -> tuple[Attachment, ...]:
    types = dict.fromkeys(t for v in verdicts for t in v.wanted)
    return tuple(Attachment(t, "FX") for t in types)


# --- the case -----------------------------------------------------------------------------------------------


def case_of(context: Context, decision: ReviewDecision, number: str) -> ReviewCase:
    """The event as it is now, to be kept under its case number."""
    return ReviewCase(
        case_number=number,
        member_id=context.facts.member_id,
        received=context.today,
        due=due(context.review, context.as_of).isoformat(timespec="seconds"),
        review=context.review,
        decision=decision,
        status=status_of(decision),
    )


def status_of(decision: ReviewDecision) -> str:
    """The case's status from HCR01 of the event."""
    return _STATUS[decision.certification.action] if decision.certification else "rejected"


def due(review: ServicesReview, received: datetime) -> datetime:
    """When a decision is due: 72 hours for an expedited request, else seven calendar days (scenario A18)."""
    expedited = review.category.level_of_service in EXPEDITED
    return received + (timedelta(hours=72) if expedited else timedelta(days=7))


# --- AAA ----------------------------------------------------------------------------------------------------


def rejection(key: str) -> Rejection:
    """The AAA of a reason."""
    codes = reason(key)
    return Rejection("N", codes.aaa, codes.follow_up)


def not_eligible(review: ServicesReview) -> ReviewDecision:
    """The patient is not covered on a day asked for: AAA 95 where the patient is (A20)."""
    found = (rejection("review_not_eligible"),)
    if review.dependent is not None:
        return ReviewDecision(review, dependent_rejections=found)
    return ReviewDecision(review, subscriber_rejections=found)


def number_not_found(review: ServicesReview) -> ReviewDecision:
    """No authorization or case of that number is the member's: AAA AA at the event (A14)."""
    return ReviewDecision(review, event_rejections=(rejection("review_number_not_found"),))


def unsupported(review: ServicesReview) -> ReviewDecision:
    """A kind of review we do not do: AAA 33 at the event (X12 2153)."""
    return ReviewDecision(review, event_rejections=(rejection("review_unsupported"),))
