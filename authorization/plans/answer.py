"""Everything a plan answers about a service, remembered for services that the plan cannot distinguish.

Claims ask the same few questions thousands of times. A plan's rows look at dates, ages and diagnoses only
through the boundaries they name, so a service is reduced to what they can see of it before it is looked
up; the answer about the reduced service is the answer about the service."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from attrs import evolve

from x12_payer.authorization.plans.plan import (
    Plan,
    Terms,
    cost_share,
    limits,
    referral,
    requirement,
    service_type,
    terms,
)
from x12_payer.authorization.plans.rows import Match
from x12_payer.authorization.services import NO_ENCOUNTER, CostShare, Encounter, Limit, Requirement, Service
from x12_payer.edi.frozen import frozen


@frozen
class PlanAnswer:
    """What one plan says of one service: the answers of `plans.plan`, function by function."""

    requirement: Requirement
    cost: CostShare
    limits: tuple[Limit, ...]
    referral: str  # rule ids, '' when none is needed
    service_type: str
    terms: Terms


@frozen
class Breakpoints:
    """What the rows of a plan can see: the first days and ages that make a difference, sorted, and the
    prefixes of diagnoses they name."""

    days: tuple[date, ...]
    ages: tuple[int, ...]
    diagnoses: tuple[str, ...]


# What a plan sees of a service: the fields of a Service from the day to the encounter and the age, brought to
# the boundaries that the plan names. A bare tuple, because one is made and hashed for each question.
Seen = tuple[
    date, str, str, tuple[str, ...], str, str, str, tuple[str, ...], str, str, bool, Encounter, int | None
]


def ask(plan: Plan, service: Service) -> PlanAnswer:
    """The plan's answer about the service."""
    marks = _marks(plan)
    named = marks.diagnoses
    day = _day(marks.days, service.day)
    seen = (
        day,
        service.service_type,
        service.code,
        service.modifiers,
        service.revenue_code,
        service.place_of_service,
        service.type_of_bill,
        tuple(d for d in service.diagnoses if d.startswith(named)) if named else (),
        service.request_category,
        service.provider_role,
        service.in_network,
        _encounter(service, day),
        _age(marks.ages, service.age),
    )
    return _answer(plan, seen)


def distinguishes(plan: Plan, service: Service, day: date, age: int | None) -> bool:
    """May the plan answer otherwise of the same service on another day, at that age?"""
    marks, surgery = _marks(plan), service.encounter.surgery_days
    return (
        _day(marks.days, service.day) != _day(marks.days, day)
        or _age(marks.ages, service.age) != _age(marks.ages, age)
        or (service.day in surgery) != (day in surgery)
    )


def days_seen(plan: Plan, begin: date, end: date) -> tuple[date, ...]:
    """The dates after `begin`, up to `end`, from which the plan may answer otherwise."""
    days = _marks(plan).days
    return days[bisect_right(days, begin) : bisect_right(days, end)]


@lru_cache(maxsize=16384)
def _answer(plan: Plan, seen: Seen) -> PlanAnswer:
    (
        day,
        service_type_sent,
        code,
        modifiers,
        revenue_code,
        place_of_service,
        type_of_bill,
        diagnoses,
        request_category,
        provider_role,
        in_network,
        encounter,
        age,
    ) = seen
    service = Service(
        day=day,
        service_type=service_type_sent,
        code=code,
        modifiers=modifiers,
        revenue_code=revenue_code,
        place_of_service=place_of_service,
        type_of_bill=type_of_bill,
        diagnoses=diagnoses,
        request_category=request_category,
        provider_role=provider_role,
        in_network=in_network,
        encounter=encounter,
        age=age,
    )
    return PlanAnswer(
        requirement=requirement(plan, service),
        cost=cost_share(plan, service),
        limits=limits(plan, service),
        referral=referral(plan, service),
        service_type=service_type(service),
        terms=terms(plan, day),
    )


@lru_cache(maxsize=256)
def _marks(plan: Plan) -> Breakpoints:
    matches = list(_matches(plan))
    ends = (m.end + timedelta(1) for m in matches if m.end < date.max)
    return Breakpoints(
        days=tuple(sorted({*(m.effective for m in matches), *ends})),
        ages=tuple(
            sorted({a for m in matches for a in (m.age_from, m.age_under) if a is not None}),
        ),
        diagnoses=tuple(sorted({prefix for m in matches for prefix in m.diagnoses})),
    )


def _matches(plan: Plan) -> Iterable[Match]:
    for rows in (plan.terms, plan.cost_shares, plan.requirements, plan.limits, plan.referrals):
        for row in rows:
            yield row.match


def _encounter(service: Service, mark: date) -> Encounter:
    """The encounter as a service on the mark sees it: of the days with a surgery its own alone."""
    own = service.encounter
    if own is NO_ENCOUNTER or not own.surgery_days:
        return own
    return _with_surgery(own, mark if service.day in own.surgery_days else None)


@lru_cache(maxsize=4096)
def _with_surgery(encounter: Encounter, day: date | None) -> Encounter:
    """The encounter with a surgery on this day alone, or on none."""
    return evolve(encounter, surgery_days=frozenset() if day is None else frozenset((day,)))


def _day(marks: tuple[date, ...], day: date) -> date:
    """The mark on or before the day."""
    at = bisect_right(marks, day)
    return marks[at - 1] if at else date.min


def _age(marks: tuple[int, ...], age: int | None) -> int | None:
    """The mark at or below the age, -1 below them all."""
    if age is None:
        return None
    at = bisect_right(marks, age)
    return marks[at - 1] if at else -1
