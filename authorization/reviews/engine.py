"""The review of 278 requests, inquiries and notices: eligibility, duplicate, then the tests line by line
(CONTRACT section 5, "278"). Payer, requester and person are resolved before (adjudication)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import evolve

from x12_payer.authorization.duplicates import Item, Whole, request_key, row_key
from x12_payer.authorization.facts import Approval, MemberFacts, ReviewCase
from x12_payer.authorization.lists import listed
from x12_payer.authorization.parties import Directory
from x12_payer.authorization.plans.plan import Plan
from x12_payer.authorization.reviews.answer import Decided, decide, not_eligible, outcome_of, unsupported
from x12_payer.authorization.reviews.complete import provider_rejected, with_zeros, without_zeros
from x12_payer.authorization.reviews.inquiry import answer_inquiry
from x12_payer.authorization.reviews.lines import asked_whole, directory_npis, lines_of, review_days
from x12_payer.authorization.reviews.notice import notice_outcome
from x12_payer.authorization.reviews.rules import decide_line, decide_stay
from x12_payer.authorization.reviews.updates import appeal, cancel, extend, refused, revise
from x12_payer.authorization.reviews.values import (
    APPEALS,
    CANCEL,
    EXTENSION,
    INITIAL,
    REVISION,
    Context,
    Numbers,
    ReviewOutcome,
    Verdict,
)
from x12_payer.edi.messages.common import Reference
from x12_payer.edi.messages.services_review import ReviewDecision, ServicesReview

__all__ = [
    "Numbers",
    "ReviewOutcome",
    "answer_inquiry",
    "decide_review",
    "directory_npis",
    "plan_of",
    "receive_notification",
    "review_days",
]

TAKEN_BACK = "01"  # BHT02
_REVIEWED = ("HS", "SC", "AR")  # UM01
_UPDATES: Mapping[str, Callable[[Context, Numbers], ReviewOutcome]] = {
    CANCEL: cancel,
    REVISION: revise,
    EXTENSION: extend,
    **dict.fromkeys(APPEALS, appeal),
}


def plan_of(
    review: ServicesReview, facts: MemberFacts, plans: Mapping[str, Plan], as_of: datetime
) -> Plan | None:
    """The plan that covers the member on the first day asked for, None when none does."""
    span = facts.span(review_days(review, as_of)[0])
    return plans.get(span.plan_id) if span else None


def decide_review(
    review: ServicesReview,
    facts: MemberFacts,
    plan: Plan | None,
    directory: Directory,
    numbers: Numbers,
    as_of: datetime,
) -> ReviewOutcome:
    """The decision on one event of an X217 request.

    `numbers` are pre-issued; they are used up only when the outcome carries them."""
    context = _context(review, facts, plan, directory, as_of)
    if context is None:
        return ReviewOutcome(not_eligible(review))
    if review.category.request_category not in _REVIEWED:
        return ReviewOutcome(unsupported(review))
    valid = review if review.category.certification_type == CANCEL else without_zeros(review)
    if isinstance(valid, ReviewDecision):
        return ReviewOutcome(valid)
    outcome = _decided(evolve(context, review=valid), numbers)
    return outcome if valid is review else evolve(outcome, decision=with_zeros(outcome.decision, review))


def asks_for_review(review: ServicesReview, purpose: str) -> bool:
    """BHT02 of the set (`purpose`) asks for a review (13), or takes back what UM02 cancels (01)."""
    cancels = purpose == TAKEN_BACK and review.category.certification_type == CANCEL
    return cancels or listed("review_purpose", purpose)


def _decided(context: Context, numbers: Numbers) -> ReviewOutcome:
    update = _UPDATES.get(context.review.category.certification_type)
    if update is not None:
        return update(context, numbers)
    if duplicate := _duplicate(context, numbers):
        return duplicate
    decided = decide_lines(context)
    return provider_rejected(context, decided) or outcome_of(context, decided, numbers)


def receive_notification(
    review: ServicesReview,
    facts: MemberFacts,
    plan: Plan | None,
    directory: Directory,
    numbers: Numbers,
    as_of: datetime,
) -> ReviewOutcome:
    """The receipt of one event of an X216 notification; `numbers` as for `decide_review`."""
    context = _context(review, facts, plan, directory, as_of)
    if context is None:
        return ReviewOutcome(not_eligible(review))
    return notice_outcome(context, numbers)


def _context(
    review: ServicesReview, facts: MemberFacts, plan: Plan | None, directory: Directory, as_of: datetime
) -> Context | None:
    """None when the person is not covered on a day asked for, or the plan is not loaded."""
    spans = [facts.span(day) for day in review_days(review, as_of)]
    covered = [span for span in spans if span is not None]
    if plan is None or len(covered) < len(spans):
        return None
    return Context(review, facts, covered[0], plan, directory, as_of)


def decide_lines(context: Context) -> tuple[Decided, ...]:
    """Every line decided; the stay of an admission last, for its services decide it."""
    lines = lines_of(context)
    services = {x: decide_line(context, x) for x in lines if not x.asked.stay}
    return tuple(
        decide(context, x, decide_stay(context, x, tuple(services.values())) if x.asked.stay else services[x])
        for x in lines
    )


def _duplicate(context: Context, numbers: Numbers) -> ReviewOutcome | None:
    """The same request as one approved or open: A3 0Q naming it in REF BB; nothing is kept (A23)."""
    if context.review.category.certification_type not in (INITIAL, ""):
        return None
    found = _same_case(context) or _same_rows(context)
    if not found:
        return None
    outcome = refused(context, Verdict("A3", "review_duplicate"), numbers)
    decision = evolve(outcome.decision, references=(Reference("BB", found),))
    return ReviewOutcome(decision)


def _same_case(context: Context) -> str:
    """The number of the case that asked for the same, '' when there is none."""
    wanted = request_key(asked_whole(context.review, context.today))
    for held in context.facts.cases:
        is_in_force = held.status in ("approved", "pended")
        if is_in_force and request_key(asked_whole(held.review, held.received)) == wanted:
            return _number_of(held)
    return ""


def _number_of(held: ReviewCase) -> str:
    decision: ReviewDecision = held.decision
    certified = (decision.certification, *(s.certification for s in decision.services))
    return next((c.number for c in certified if c and c.number), held.case_number)


def _same_rows(context: Context) -> str:
    """The number of rows decided elsewhere that are the same, '' when there are none."""
    wanted = row_key(asked_whole(context.review, context.today))
    known = {c.case_number for c in context.facts.cases}
    by_number: dict[tuple[str, str], list[Approval]] = {}
    for row in context.active:
        if row.case_number not in known:
            by_number.setdefault((row.number, row.kind), []).append(row)
    for (number, kind), rows in by_number.items():
        if row_key(Whole(tuple(_item(row) for row in rows), kind=kind)) == wanted:
            return number
    return ""


def _item(row: Approval) -> Item:
    return Item(
        npi=row.provider_npi,
        code=row.code,
        code_to=row.code_to,
        modifiers=row.modifiers,
        begin=row.effective_date,
        end=row.expiration_date,
        service_type=row.service_type,
    )
