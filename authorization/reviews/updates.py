"""Updates of what was decided before (UM02): cancel, revise, extend, appeal. They name it by REF BB or NT
(CONTRACT section 5; wire_rules 4.2)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import evolve

from x12_payer.authorization.facts import Approval, ReviewCase
from x12_payer.authorization.reviews.answer import (
    APPROVED,
    Decided,
    answer,
    case_of,
    certification,
    decide,
    number_not_found,
    outcome_of,
    rejection,
    row,
    status_of,
    texts,
)
from x12_payer.authorization.reviews.lines import asked_lines, lines_of
from x12_payer.authorization.reviews.rules import decide_line
from x12_payer.authorization.reviews.values import Context, Numbers, ReviewOutcome, Verdict
from x12_payer.edi.messages.common import Reference, first_reference
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewDecision,
    ServiceDecision,
    ServicesReview,
)

ZERO = Decimal(0)


def named_number(review: ServicesReview) -> str:
    """The number an update or inquiry names: REF BB, else NT, of the event, else of its services."""
    places = (review.references, *(s.references for s in review.services))
    for qualifier in ("BB", "NT"):
        found = next((n for refs in places if (n := first_reference(refs, qualifier))), "")
        if found:
            return found
    return ""


def rows_named(approvals: Iterable[Approval], number: str) -> tuple[Approval, ...]:
    """The member's rows of an authorization or case number."""
    return tuple(a for a in approvals if number and number in (a.number, a.case_number))


def case_named(cases: Sequence[ReviewCase], number: str) -> ReviewCase | None:
    """The latest case of that case number, or that gave out that authorization number."""
    return next((c for c in reversed(cases) if number in (c.case_number, *_numbers_in(c.decision))), None)


def _numbers_in(decision: ReviewDecision) -> tuple[str, ...]:
    all_of = (decision.certification, *(s.certification for s in decision.services))
    return tuple(c.number for c in all_of if c and c.number)


# --- cancel -------------------------------------------------------------------------------------------------


def cancel(context: Context, numbers: Numbers) -> ReviewOutcome:
    """HCR C: nothing of what is named can be used any more; what claims have used stays used (A13)."""
    number = named_number(context.review)
    rows = _rows_in_question(context, rows_named(context.facts.approvals, number))
    if not rows:
        return ReviewOutcome(number_not_found(context.review))
    if all(a.status == "denied" for a in rows):
        return _nothing_to_update(context, number, numbers)
    changed = tuple(_cancelled(a) for a in rows if a.status in ("approved", "pended"))
    cancelled = Certification("C", rows[0].number)
    decision = ReviewDecision(
        review=context.review,
        certification=cancelled,
        references=(Reference("BB", rows[0].number),),
        services=tuple(ServiceDecision(s, cancelled) for s in context.review.services),
    )
    named = rows_named(context.facts.approvals, number)
    left = [a for a in named if a not in rows and a.status in ("approved", "pended")]
    return ReviewOutcome(decision, changed, None if left else _closed(context, decision, number, numbers))


def _rows_in_question(context: Context, rows: tuple[Approval, ...]) -> tuple[Approval, ...]:
    """All rows of the number, or those of the procedures the request lists."""
    codes = {a.code for a in asked_lines(context.review) if a.code}
    return tuple(a for a in rows if a.code in codes) if codes else rows


def _cancelled(approval: Approval) -> Approval:
    """Nothing left, whatever claims give back later: a cancelled row is found by no claim (CONTRACT 7)."""
    return evolve(approval, status="cancelled", units=approval.used)


def _closed(context: Context, decision: ReviewDecision, number: str, numbers: Numbers) -> ReviewCase:
    """The case as it is now: the one that was named, else (decided elsewhere) a new one."""
    old = case_named(context.facts.cases, number)
    if old is None:
        return case_of(context, decision, numbers.case)
    return evolve(old, decision=evolve(decision, review=old.review), status=status_of(decision))


# --- revise -------------------------------------------------------------------------------------------------


def revise(context: Context, numbers: Numbers) -> ReviewOutcome:
    """A6 under the same number, its rows replaced; after a claim has used one A3 25 with AAA 33 (A12)."""
    number = named_number(context.review)
    rows = [a for a in rows_named(context.facts.approvals, number) if a.status == "approved"]
    if not rows:
        return _nothing_to_update(context, number, numbers)
    if any(a.used > ZERO for a in rows):
        return _already_used(context, numbers)
    number = rows[0].number
    context = evolve(context, superseded=number)
    decided = [decide(context, line, decide_line(context, line)) for line in lines_of(context)]
    if any(d.action not in APPROVED for d in decided):
        return outcome_of(context, decided, Numbers(number, numbers.case))
    return _replaced(context, rows, decided, Numbers(number, numbers.case))


def _replaced(
    context: Context, rows: Sequence[Approval], decided: Sequence[Decided], numbers: Numbers
) -> ReviewOutcome:
    """New rows in the dates of those they take the place of, under keys of their own."""
    replaced = _pairs(rows, decided)
    taken = {a.key for a in context.facts.approvals}
    new, modified = [], []
    for d in decided:
        old = replaced.get(d.line.asked.ordinal, rows[0])
        inherits = _in_dates_of(old, d)
        key = _free_key(numbers.number, taken)
        taken.add(key)
        new.append(_at_provider_of(old, evolve(row(context, inherits, numbers), key=key)))
        modified.append(evolve(inherits, verdict=evolve(d.verdict, action="A6", units=d.units)))
    gone = tuple(evolve(a, status="replaced", units=ZERO) for a in rows if a in replaced.values())
    decision = answer(context, modified, numbers)
    old_case = case_named(context.facts.cases, numbers.number)
    case = case_of(context, decision, old_case.case_number if old_case else numbers.case)
    own = tuple(evolve(a, case_number=case.case_number) for a in new)
    return ReviewOutcome(decision, (*gone, *own), case)


def _at_provider_of(old: Approval, new: Approval) -> Approval:
    """An update that names nobody is for the provider approved before."""
    return new if new.provider_npi else evolve(new, provider_npi=old.provider_npi)


def _in_dates_of(old: Approval, decided: Decided) -> Decided:
    """The new decision, holding when the row it replaces held."""
    holds = decided.window
    if holds is None:
        return decided
    effective = old.effective_date or holds.effective
    expires = old.expiration_date or holds.expires
    return evolve(decided, window=evolve(holds, effective=effective, expires=expires))


def _pairs(rows: Sequence[Approval], decided: Sequence[Decided]) -> dict[int, Approval]:
    """Which row each line replaces: the one of its code, else one that no line names."""
    pairs: dict[int, Approval] = {}
    for d in decided:
        asked = d.line.asked
        same = next((a for a in rows if (a.code, a.modifiers) == (asked.code, asked.modifiers)), None)
        if same is not None:
            pairs[asked.ordinal] = same
    free = [a for a in rows if a not in pairs.values()]
    for d in decided:
        if d.line.asked.ordinal not in pairs and free:
            pairs[d.line.asked.ordinal] = free.pop(0)
    return pairs


def _free_key(number: str, taken: set[str]) -> str:
    ordinal = 1
    while f"{number}/{ordinal}" in taken:
        ordinal += 1
    return f"{number}/{ordinal}"


def _already_used(context: Context, numbers: Numbers) -> ReviewOutcome:
    verdict = Verdict("A3", "review_revision_after_use")
    outcome = refused(context, verdict, numbers)
    found = (rejection(verdict.reason),)
    services = tuple(evolve(s, rejections=found) for s in outcome.decision.services)
    return evolve(outcome, decision=evolve(outcome.decision, services=services))


# --- extend -------------------------------------------------------------------------------------------------


def extend(context: Context, numbers: Numbers) -> ReviewOutcome:
    """More of the same under review, with documents; an expired approval is not extended (PTO-17, A11)."""
    number = named_number(context.review)
    rows = rows_named(context.facts.approvals, number)
    approved = [a for a in rows if a.status == "approved"]
    if not approved:
        return _nothing_to_update(context, number, numbers)
    expired = all(a.expiration_date and a.expiration_date < context.today for a in approved)
    decided = []
    for line in lines_of(context):
        verdict = decide_line(context, line)
        if expired and verdict.action == "A4":
            verdict = Verdict("A3", "review_expired")
        decided.append(decide(context, line, verdict))
    outcome = outcome_of(context, decided, numbers)
    return evolve(outcome, approvals=tuple(_at_provider_of(approved[0], a) for a in outcome.approvals))


def appeal(context: Context, numbers: Numbers) -> ReviewOutcome:
    """A reconsideration or an appeal is a reviewer's: A4 0W (GEN-34, CHI-09, HTR-16)."""
    number = named_number(context.review)
    if not rows_named(context.facts.approvals, number) and not case_named(context.facts.cases, number):
        return ReviewOutcome(number_not_found(context.review))
    return refused(context, Verdict("A4", "review_reconsideration"), numbers)


def _nothing_to_update(context: Context, number: str, numbers: Numbers) -> ReviewOutcome:
    """The number is not the member's: AAA AA; it was denied, cancelled or still is open: A3 0N."""
    if not rows_named(context.facts.approvals, number):
        return ReviewOutcome(number_not_found(context.review))
    return refused(context, Verdict("A3", "review_no_prior_approval"), numbers)


def refused(context: Context, verdict: Verdict, numbers: Numbers) -> ReviewOutcome:
    """One verdict for the whole event; a case is kept, no row."""
    decision = ReviewDecision(
        review=context.review,
        certification=certification(verdict, numbers.number),
        references=(Reference("NT", numbers.case),),
        messages=texts(verdict),
        services=tuple(
            ServiceDecision(s, certification(verdict, numbers.number), messages=texts(verdict))
            for s in context.review.services
        ),
        pended=verdict.action == "A4",
    )
    return ReviewOutcome(decision, (), case_of(context, decision, numbers.case))
