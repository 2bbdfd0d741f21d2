"""A reviewer's ruling on a pended case: the final answer to the same request (scenarios A04, A05, A09).

What was decided at once stays as it was; only what is open is ruled on."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from attrs import evolve, field, frozen

from authorization.facts import Approval, MemberFacts, ReviewCase
from authorization.parties import Directory
from authorization.plan import Plan
from authorization.review_answer import event_action, periods, status_of
from authorization.review_lines import lines_of, review_days
from authorization.review_periods import benefit_left, window
from authorization.review_quantity import granted_quantity
from authorization.review_updates import named_number, rows_named
from authorization.review_values import REVISION, Context, Line, ReviewOutcome, Window
from edi.messages.common import Quantity, Reference
from edi.messages.services_review import Certification, ReviewDecision, ServiceDecision
from edi.tables import ReasonCodes, reason

_STATUS = {"A1": "approved", "A6": "approved", "A3": "denied", "A4": "pended"}


@frozen
class Ruling:
    """What the reviewer says. action: approve, modify, deny, pend; units: as granted, by ordinal of the
    service (0: the event), for modify; reason: HCR03 in place of the usual one; message: MSG; services: the
    ordinals ruled on, () all that are open."""

    action: str
    units: dict[int, Decimal] = field(factory=dict)
    reason: str = ""
    message: str = ""
    services: tuple[int, ...] = ()


def is_open(case: ReviewCase) -> bool:
    """True while a reviewer has to decide it."""
    return case.status == "pended"


def is_overdue(case: ReviewCase, as_of: datetime) -> bool:
    """Open and past its clock; it is reported, never denied for that (CONTRACT section 5)."""
    return is_open(case) and datetime.fromisoformat(case.due) < as_of


def rule(
    case: ReviewCase,
    ruling: Ruling,
    facts: MemberFacts,
    plan: Plan,
    directory: Directory,
    number: str,
    as_of: datetime,
) -> ReviewOutcome:
    """The answer, rows and case after the ruling; `number` is pre-issued, used up when a row carries it."""
    span = facts.span(review_days(case.review, as_of)[0]) or facts.spans[-1]
    context = Context(case.review, facts, span, plan, directory, as_of)
    own = [a for a in facts.approvals if a.case_number == case.case_number]
    number = _number_to_use(context, own, number)
    lines = {line.asked.ordinal: line for line in lines_of(context)}
    ruled = {
        n: _rule_row(context, line, row, ruling, number)
        for n, line in lines.items()
        if (row := _open_row(own, n)) is not None and (not ruling.services or n in ruling.services)
    }
    decision = _answer(case, ruling, ruled, lines, number)
    rows = (*(row for row, _ in ruled.values()), *_replaced_by(context, ruled))
    return ReviewOutcome(decision, rows, evolve(case, decision=decision, status=status_of(decision)))


def _open_row(own: Sequence[Approval], ordinal: int) -> Approval | None:
    return next((a for a in own if a.status == "pended" and a.key.endswith(f"/{ordinal}")), None)


def _number_to_use(context: Context, own: Sequence[Approval], number: str) -> str:
    """The number the event already has; of a revision the one it revises; else the new one."""
    if context.review.category.certification_type == REVISION:
        return named_number(context.review) or number
    return next((a.number for a in own if a.status == "approved"), number)


def _rule_row(
    context: Context, line: Line, row: Approval, ruling: Ruling, number: str
) -> tuple[Approval, Certification]:
    """One open row after the ruling, and its HCR."""
    units = _units(context, line, row, ruling)
    action = {"deny": "A3", "pend": "A4"}.get(ruling.action) or ("A1" if units == row.units else "A6")
    if action not in ("A1", "A6"):
        why = ruling.reason or (row.reason if action == "A4" else _usual_denial().hcr_reason)
        return evolve(row, status=_STATUS[action], reason=why), Certification(action, "", why)
    holds = window(context, line)
    granted = evolve(
        row,
        number=number,
        status="approved",
        units=units,
        issued_date=holds.issued,
        effective_date=holds.effective,
        expiration_date=holds.expires,
        reason="",
    )
    return granted, Certification(action, number)


def _usual_denial() -> ReasonCodes:
    return reason("review_denied")


def _units(context: Context, line: Line, row: Approval, ruling: Ruling) -> Decimal:
    """As the reviewer grants them, else as asked; never more than the benefit limit leaves."""
    units = ruling.units.get(line.asked.ordinal, row.units)
    left = benefit_left(context, line)
    return units if left is None else min(units, left)


def _replaced_by(context: Context, ruled: dict[int, tuple[Approval, Certification]]) -> tuple[Approval, ...]:
    """Rows a revision replaces once it is approved (CONTRACT section 5, "Revision")."""
    if context.review.category.certification_type != REVISION:
        return ()
    new = {row.key for row, certification in ruled.values() if certification.action in ("A1", "A6")}
    named = rows_named(context.facts.approvals, named_number(context.review))
    old = [a for a in named if a.status == "approved" and a.key not in new and a.used == 0]
    return tuple(evolve(a, status="cancelled", units=Decimal(0)) for a in old) if new else ()


# --- the answer ---------------------------------------------------------------------------------------------


def _answer(
    case: ReviewCase,
    ruling: Ruling,
    ruled: dict[int, tuple[Approval, Certification]],
    lines: dict[int, Line],
    number: str,
) -> ReviewDecision:
    held = case.decision
    services = tuple(
        _service(s, ruled[n], ruling) if n in ruled else s for n, s in enumerate(held.services, 1)
    )
    own = ruled[0][1] if 0 in ruled else held.certification if 0 in lines else None
    actions = [c.action for c in (own, *(s.certification for s in services)) if c]
    action = event_action(actions)
    first = next((c for c in (own, *(s.certification for s in services)) if c and c.action == action), None)
    approved = action in ("A1", "A2", "A6")
    windows = [_window(row) for row, c in ruled.values() if c.action in ("A1", "A6")]
    return evolve(
        held,
        certification=Certification(
            action, number if approved else "", "" if approved or first is None else first.reason
        ),
        quantity=_quantity(case, ruled, action),
        periods=periods(windows[0]) if windows and approved else held.periods if approved else (),
        references=(Reference("NT", case.case_number),),
        attachments=held.attachments if action == "A4" else (),
        messages=_messages(ruling, action, held.messages),
        services=services,
        pended=action == "A4",
    )


def _service(held: ServiceDecision, ruled: tuple[Approval, Certification], ruling: Ruling) -> ServiceDecision:
    row, certification = ruled
    cut = certification.action == "A6"
    by_hsd = held.request.quantity is not None
    asked = held.request.quantity
    return evolve(
        held,
        certification=certification,
        units=row.units if cut and not by_hsd and held.request.units is not None else None,
        quantity=granted_quantity(asked, row.units) if asked and cut else None,
        periods=periods(_window(row)) if certification.action in ("A1", "A6") else (),
        attachments=held.attachments if certification.action == "A4" else (),
        messages=_messages(ruling, certification.action, held.messages),
    )


def _messages(ruling: Ruling, action: str, held: tuple[str, ...]) -> tuple[str, ...]:
    """The reviewer's words; a denial without any says the usual ones, an open case what it said before."""
    if ruling.message:
        return (ruling.message,)
    if action == "A3":
        return (_usual_denial().text.upper(),)
    return held if action == "A4" else ()


def _quantity(
    case: ReviewCase, ruled: dict[int, tuple[Approval, Certification]], action: str
) -> Quantity | None:
    if action not in ("A1", "A2", "A6"):
        return None
    asked = case.review.quantity
    if 0 in ruled and ruled[0][1].action in ("A1", "A6"):
        units = ruled[0][0].units
        return granted_quantity(asked, units) if asked else Quantity(ruled[0][0].unit, units)
    return asked


def _window(row: Approval) -> Window:
    """The dates of an approved row: it has them all."""
    assert row.issued_date is not None
    assert row.effective_date is not None
    assert row.expiration_date is not None
    return Window(row.issued_date, row.effective_date, row.expiration_date)
