"""X215: the decision as it is now, found by authorization number, case number, or what it was for."""

from collections.abc import Sequence

from attrs import evolve

from x12_payer.authorization.facts import Approval, MemberFacts, ReviewCase
from x12_payer.authorization.reviews.answer import event_action, number_not_found, periods
from x12_payer.authorization.reviews.updates import case_named, named_number, rows_named
from x12_payer.authorization.reviews.values import ReviewOutcome, Window
from x12_payer.edi.messages.common import Period, Procedure, Quantity, Reference
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewDecision,
    ServiceDecision,
    ServiceRequest,
    ServicesReview,
)

_ACTION = {"approved": "A1", "denied": "A3", "pended": "A4", "cancelled": "C"}


def answer_inquiry(review: ServicesReview, facts: MemberFacts) -> ReviewOutcome:
    """The decision in force under the inquiry's own traces; AAA AA when the number is not the member's."""
    number = named_number(review)
    case = case_named(facts.cases, number) if number else _case_like(review, facts.cases)
    if case is not None:
        return ReviewOutcome(_as_it_is(review, case))
    rows = [a for a in rows_named(facts.approvals, number) if a.status in _ACTION]
    return ReviewOutcome(_from_rows(review, rows) if rows else number_not_found(review))


def _case_like(review: ServicesReview, cases: Sequence[ReviewCase]) -> ReviewCase | None:
    """The latest case of the same kind and service type, of the event date when one is sent."""
    asked = review.category
    wanted = {(p.qualifier, p.begin) for p in review.periods}
    for case in reversed(cases):
        held = case.review.category
        same = (held.request_category, held.service_type) == (asked.request_category, asked.service_type)
        if same and wanted <= {(p.qualifier, p.begin) for p in case.review.periods}:
            return case
    return None


def _as_it_is(review: ServicesReview, case: ReviewCase) -> ReviewDecision:
    """The decision, without the traces of the request it answered."""
    services = tuple(evolve(s, request=evolve(s.request, traces=())) for s in case.decision.services)
    held = case.decision
    shown = evolve(
        review,
        category=case.review.category if not review.category.request_category else review.category,
        quantity=case.review.quantity,
        diagnoses=review.diagnoses or case.review.diagnoses,
    )
    return evolve(held, review=shown, services=services)


def _from_rows(review: ServicesReview, rows: Sequence[Approval]) -> ReviewDecision:
    """The answer for rows decided elsewhere and loaded: HCR, dates and units by row."""
    services = tuple(_service(n, a) for n, a in enumerate(rows, 1) if a.code)
    action = event_action([_ACTION[a.status] for a in rows])
    first = next((a for a in rows if _ACTION[a.status] == action), rows[0])
    blank = next((a for a in rows if not a.code), None)
    return ReviewDecision(
        review=review,
        certification=_certification(first, action),
        quantity=Quantity(blank.unit, blank.units) if blank and blank.unit in ("VS", "DY") else None,
        periods=_periods(first),
        services=services,
        references=() if first.status == "approved" else (Reference("NT", first.number),),
    )


def _service(ordinal: int, approval: Approval) -> ServiceDecision:
    qualifier = "AD" if approval.code.startswith("D") else "HC"
    request = ServiceRequest(
        level=str(ordinal),
        procedure=Procedure(qualifier, approval.code, approval.modifiers, code_to=approval.code_to),
        segment="SV3" if qualifier == "AD" else "SV1",
        unit="UN",
        units=approval.units if approval.unit == "UN" else None,
    )
    return ServiceDecision(
        request, _certification(approval, _ACTION[approval.status]), periods=_periods(approval)
    )


def _certification(approval: Approval, action: str) -> Certification:
    if action in ("A1", "A2", "A6", "C"):
        return Certification(action, approval.number)
    return Certification(action, "", approval.reason or ("0W" if action == "A4" else ""))


def _periods(approval: Approval) -> tuple[Period, ...]:
    days = (approval.issued_date, approval.effective_date, approval.expiration_date)
    if approval.status != "approved" or not all(days):
        return ()
    issued, effective, expires = (d for d in days if d)
    return periods(Window(issued, effective, expires))
