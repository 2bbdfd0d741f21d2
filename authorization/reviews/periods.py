"""Quotas, benefit limits and how long an approval holds (CONTRACT 4 "Approvals", 5 "Limits")."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve

from x12_payer.authorization.facts import Approval
from x12_payer.authorization.plans.plan import category, limits, service_type
from x12_payer.authorization.reviews.values import Context, Line, Window
from x12_payer.authorization.services import Service

_A_YEAR = timedelta(days=364)  # 365 days, both ends included


def benefit_left(context: Context, line: Line) -> Decimal | None:
    """What the strictest benefit limit leaves of its calendar year; None: no limit. Visits used count, not
    visits approved."""
    year = line.begin.year
    left = [
        limit.quantity - context.facts.accumulated(limit.accumulator, year)
        for limit in limits(context.plan, line.service)
    ]
    return max(min(left), Decimal(0)) if left else None


def in_period(context: Context, line: Line) -> tuple[Approval, ...]:
    """Approved and open rows of the same authorization period, and of cancelled ones what claims had used;
    extensions included: the same category, for a quota by provider the same provider, and the same calendar
    year or a window around the start asked for."""
    used = (
        evolve(a, units=a.used) for a in context.facts.approvals if a.status == "cancelled" and a.used > 0
    )
    return tuple(
        a
        for a in (*context.active, *used)
        if a.kind == "authorization"
        and _same_category(a, line)
        and (line.requirement.quota_scope != "provider" or a.provider_npi == line.asked.provider_npi)
        and _same_period(a, line)
    )


def quota_left(context: Context, line: Line) -> Decimal | None:
    """What the quota leaves, never negative; None: no quota. A number's rows share their visits."""
    quota = line.requirement.quota
    if quota is None:
        return None
    counted = (a for a in in_period(context, line) if a.units > 0)
    rows = [a for a in counted if not a.extension and a.unit == line.requirement.quota_unit]
    if rows and line.requirement.quota_once:
        return Decimal(0)
    by_number: dict[str, Decimal] = {}
    for row in rows:
        by_number[row.number] = max(by_number.get(row.number, Decimal(0)), row.units)
    return max(quota - sum(by_number.values(), Decimal(0)), Decimal(0))


def window(context: Context, line: Line) -> Window:
    """When an approval given now holds. In a therapy period it ends with the period's first (PTO-14)."""
    issued = context.today
    rule, _, days = (line.requirement.validity or "issue+90").partition("+")
    if rule == "issue":
        effective = min(issued, line.begin)
        return Window(issued, effective, issued + timedelta(days=int(days)))
    if rule == "asked":
        latest = line.begin + timedelta(days=int(days))
        ranged = line.asked.end if line.asked.end and line.asked.end > line.begin else latest
        return Window(issued, line.begin, min(ranged, latest))
    own = date(line.begin.year, 12, 31) if rule == "end_of_year" else line.begin + timedelta(days=int(days))
    first = _first_of_period(context, line) if line.requirement.quota is not None else None
    return Window(issued, line.begin, first or own)


def _first_of_period(context: Context, line: Line) -> date | None:
    ends = [
        (a.effective_date or date.min, a.expiration_date)
        for a in in_period(context, line)
        if a.status != "pended" and a.expiration_date and a.expiration_date >= line.begin
    ]
    return min(ends)[1] if ends else None


def _same_category(approval: Approval, line: Line) -> bool:
    if approval.service_type == line.service_type:
        return True
    known = Service(
        day=line.begin,
        service_type=approval.service_type,
        code=approval.code,
        modifiers=approval.modifiers,
    )
    return category(known) == line.category and service_type(known) == line.service_type


def _same_period(approval: Approval, line: Line) -> bool:
    start = approval.effective_date or approval.issued_date
    if start is None:
        return False
    if line.requirement.validity == "end_of_year":
        return start.year == line.begin.year
    days = timedelta(days=int(line.requirement.validity.partition("+")[2] or 0)) or _A_YEAR
    return start <= line.begin <= (approval.expiration_date or start + days)
