"""X216: notice of an admission. It is acknowledged with a receipt; one in time may certify the first days
(BH-05, BH-09 to BH-11, GEN-13)."""

from datetime import date, timedelta
from decimal import Decimal

from x12_payer.authorization.duplicates import Item, notice_key
from x12_payer.authorization.facts import Approval
from x12_payer.authorization.lists import listed
from x12_payer.authorization.reviews.answer import case_of, certification, texts, trace_of
from x12_payer.authorization.reviews.lines import lines_of
from x12_payer.authorization.reviews.values import Context, Line, Numbers, ReviewOutcome, Verdict
from x12_payer.authorization.settings import is_emergency
from x12_payer.edi.messages.common import Quantity, Reference
from x12_payer.edi.messages.services_review import Certification, ReviewDecision
from x12_payer.edi.tables import reason

_A_STAY = Decimal(365)  # days; a notice of residential care covers the stay, however long


def notice_outcome(context: Context, numbers: Numbers) -> ReviewOutcome:
    """The receipt (REF NT). Late: A3 17. An emergency behavioural admission in time: first days certified."""
    line = lines_of(context)[0]
    emergency = is_emergency(line.service)
    if before := _already_noticed(context, line):
        return _reported_again(context, before, numbers)
    if _late(context, line, emergency):
        verdict = Verdict("A3", "review_notice_late")
        return _receipt(context, certification(verdict, ""), numbers, messages=texts(verdict))
    days = line.requirement.notice_days
    if emergency and days is not None and is_behavioural(context):
        first_days = _row(context, line, numbers, days)
        decided = Certification("A1", numbers.number)
        return _receipt(context, decided, numbers, first_days, Quantity("DY", days))
    stay = _row(context, line, numbers, _A_STAY) if line.requirement.notification else None
    return _receipt(context, _received(), numbers, stay)


def _received() -> Certification:
    return Certification("NA", "", reason("review_notice_received").hcr_reason)


def _already_noticed(context: Context, line: Line) -> Approval | None:
    """What an earlier notice of the same admission certified: sent twice, it certifies nothing more."""
    who = line.asked.provider_npi or context.review.requester.npi
    wanted = notice_key(Item(who, line.service_type, begin=line.begin))
    noticed = (a for a in context.active if a.kind == "notification")
    return next(
        (
            a
            for a in noticed
            if notice_key(Item(a.provider_npi, a.service_type, begin=a.effective_date)) == wanted
        ),
        None,
    )


def _reported_again(context: Context, before: Approval, numbers: Numbers) -> ReviewOutcome:
    """The receipt says what the first one said: days certified, or that the notice was received."""
    if before.units >= _A_STAY:
        return _receipt(context, _received(), numbers)
    days = Quantity("DY", before.units)
    return _receipt(context, Certification("A1", before.number), numbers, quantity=days)


def _late(context: Context, line: Line, emergency: bool) -> bool:
    """After the window of a stay that a notice certifies: it closes with the third (second) day after the
    admission, which has no hour (CONTRACT section 5, "Windows")."""
    needed = line.requirement
    certifies = needed.notification or (emergency and needed.notice_days is not None)
    if not certifies or needed.window_days is None:
        return False
    return context.today > line.begin + timedelta(days=needed.window_days)


def is_behavioural(context: Context) -> bool:
    """A psychiatric or substance-use admission, by its service type or its principal diagnosis."""
    if listed("behavioural_service_type", context.review.category.service_type):
        return True
    principal = next((d.code for d in context.review.diagnoses), "")
    return listed("behavioural_diagnosis", principal[:1])


def _row(context: Context, line: Line, numbers: Numbers, days: Decimal) -> Approval:
    return Approval(
        key=f"{numbers.number}/0",
        number=numbers.number,
        member_id=context.facts.member_id,
        kind="notification",
        status="approved",
        service_type=line.service_type,
        requester_npi=context.review.requester.npi,
        provider_npi=line.asked.provider_npi or context.review.requester.npi,
        unit="DY",
        units=days,
        issued_date=context.today,
        effective_date=line.begin,
        expiration_date=_last(line.begin, days),
        case_number=numbers.case,
        trace=trace_of(context.review),
    )


def _last(first: date, days: Decimal) -> date:
    return first + timedelta(days=int(days) - 1)


def _receipt(
    context: Context,
    decided: Certification,
    numbers: Numbers,
    row: Approval | None = None,
    quantity: Quantity | None = None,
    messages: tuple[str, ...] = (),
) -> ReviewOutcome:
    decision = ReviewDecision(
        review=context.review,
        certification=decided,
        quantity=quantity,
        references=(Reference("NT", numbers.case),),
        messages=messages,
    )
    rows = (row,) if row else ()
    return ReviewOutcome(decision, rows, case_of(context, decision, numbers.case))
