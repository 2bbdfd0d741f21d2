"""What may be paid of the units and dates of a service line, before money.

First the tests that look at the date alone (`admit`), then what can be used up: referrals,
authorizations, visit limits (`approve`). The first that fails denies (CONTRACT section 5, wire_rules
section 8)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.authorization import (
    UNASKED,
    Grant,
    Running,
    asks_nothing,
    authorize,
    excepted,
    is_required,
    needs_referral,
    over_limit,
    refer,
    visits,
)
from x12_payer.adjudication.claims.case import LineCase, as_in_network
from x12_payer.adjudication.claims.coverage_checks import first_failure, not_covered
from x12_payer.authorization.facts import AccumulatorUse
from x12_payer.authorization.spread import ONE, ZERO, spread, step_of
from x12_payer.authorization.units import Booked, Booking
from x12_payer.edi.frozen import frozen

_LIMIT = "claim_benefit_limit"
_EXACT = Booking.EXACT.value


@frozen
class Refused:
    """Units of a line that are not paid. at: None where no coverage includes the date. owed: the member owes
    their allowed amount."""

    quantity: Decimal
    reason: str
    at: LineCase | None = None
    owed: bool = False


@frozen
class Verdict:
    """The units and dates at stake as judged. covered: those that are paid, None when there are none.

    visits: the accumulators they count. numbers: the authorizations used. penalty: dollars of the claim that
    the member owes besides."""

    covered: LineCase | None
    refused: tuple[Refused, ...] = ()
    booked: tuple[Booked, ...] = ()
    visits: tuple[AccumulatorUse, ...] = ()
    numbers: tuple[str, ...] = ()
    penalty: Decimal = ZERO


def admit(at: LineCase) -> tuple[LineCase, str]:
    """The case as it goes on, and why it does not: the tests of its date, and what the plan covers."""
    failure = first_failure(at)
    if failure or at.cost.covered:
        return at, failure
    inside = as_in_network(at)
    if inside.cost.covered and excepted(at):
        return inside, ""
    return at, not_covered(at)


def approve(at: LineCase, running: Running) -> tuple[Verdict, Running]:
    """What referrals, authorizations and limits leave of the units, and what is used up after them."""
    if asks_nothing(at):
        return Verdict(at), running
    if len(at.days) > 1 and not is_whole(at):
        return _by_date(at, running)
    referred = refer(at, running.ledger)
    if referred.reason:
        return _refuse(at, referred.reason), running
    grant = authorize(at, running)
    if grant.covered and over_limit(at, running):
        return Verdict(None, _over_the_limit(at, grant)), running
    if not grant.reason:
        return _paid(at, (), (referred, grant), running)
    if not grant.covered:
        return _refuse(at, grant.reason, grant.owed), running
    covered = at.on(grant.days or at.days, grant.covered)
    return _paid(covered, (_short(at, grant),), (referred, grant), running)


def is_whole(at: LineCase) -> bool:
    """Its dates are judged together: a stay, and what is covered whole or not at all."""
    return at.stay or at.requirement.matching == _EXACT


def _refuse(at: LineCase, key: str, owed: bool = False) -> Verdict:
    return Verdict(None, (Refused(at.quantity, key, at, owed),))


def _short(at: LineCase, grant: Grant) -> Refused:
    """What a grant leaves: on the dates it does not cover, else on those it covers in part."""
    lost = tuple([day for day in at.days if grant.covered and day not in grant.days])
    return Refused(at.quantity - grant.covered, grant.reason, at.on(lost or at.days, at.quantity), grant.owed)


def _over_the_limit(at: LineCase, grant: Grant) -> tuple[Refused, ...]:
    """Units are tested before limits: only what is approved is over the limit (wire_rules section 8)."""
    approved = at.on(grant.days or at.days, grant.covered)
    over = Refused(approved.quantity, _LIMIT, approved, owed=True)
    return (over, _short(at, grant)) if grant.reason else (over,)


def _paid(
    covered: LineCase, refused: tuple[Refused, ...], grants: Sequence[Grant], running: Running
) -> tuple[Verdict, Running]:
    booked = tuple([b for grant in grants for b in grant.booked])
    seen = visits(covered, running)
    verdict = Verdict(
        covered,
        refused,
        booked,
        seen,
        numbers=tuple(dict.fromkeys([number for grant in grants for number in grant.numbers])),
        penalty=max([grant.penalty for grant in grants], default=ZERO),
    )
    if booked:
        running = running.booking(booked)
    return verdict, running.moved(seen) if seen else running


# -- several dates ---------------------------------------------------------------------------------


def _by_date(at: LineCase, running: Running) -> tuple[Verdict, Running]:
    """Dates that are asked for under one plan and price: each needs its referral and its visit; the units of
    those that need an authorization are asked for together, so that one approval is used where one is enough.
    """
    even = spread(at.quantity, [ONE] * len(at.days), step_of(at.quantity))
    held = dict(zip(at.days, even, strict=True))
    referrals, refused = _referred(at, held, running)
    open_days = [day for day in at.days if day in referrals]
    beyond: list[date] = []
    while True:
        granted = _granted(at, held, open_days, running)
        good = sorted([day for part, grant in granted if _gives(grant) for day in grant.days or part.days])
        over = _over(at, held, good, running)
        if not over:
            break
        beyond += over
        open_days = [day for day in open_days if day not in over]  # they leave their approvals to others
    refused += [_short(part, grant) for part, grant in granted if grant.reason]
    verdict, after = Verdict(None), running
    if good:
        giving = [grant for _, grant in granted if _gives(grant)]
        covered = at.on(tuple(good), sum([grant.covered for grant in giving], ZERO))
        verdict, after = _paid(covered, (), [*(referrals[day] for day in good), *giving], running)
    for day in sorted(beyond):
        refused += _beyond(at, held, day, running if good and day < good[0] else after)
    return evolve(verdict, refused=tuple(refused)), after


def _beyond(at: LineCase, held: Mapping[date, Decimal], day: date, running: Running) -> list[Refused]:
    """A date over the visit limit: what approvals had left for it is over it, the rest unapproved. It uses
    none of them: as a line of its own it would be denied."""
    refused: list[Refused] = []
    for one, grant in _granted(at, held, [day], running):
        refused += _over_the_limit(one, grant) if _gives(grant) else [_short(one, grant)]
    return refused


def _gives(grant: Grant) -> bool:
    return grant.covered > ZERO or not grant.reason


def _only(at: LineCase, held: Mapping[date, Decimal], days: Sequence[date]) -> LineCase:
    return at.on(tuple(days), sum([held[day] for day in days], ZERO))


def _referred(
    at: LineCase, held: Mapping[date, Decimal], running: Running
) -> tuple[dict[date, Grant], list[Refused]]:
    """The referral of each date that has one, and the dates that lack theirs."""
    if not needs_referral(at):
        return dict.fromkeys(at.days, UNASKED), []
    found: dict[date, Grant] = {}
    refused: list[Refused] = []
    for day in at.days:
        one = _only(at, held, [day])
        grant = refer(one, running.ledger)
        if grant.reason:
            refused.append(Refused(held[day], grant.reason, one))
        else:
            found[day] = grant
            running = running.booking(grant.booked)
    return found, refused


def _granted(
    at: LineCase, held: Mapping[date, Decimal], days: Sequence[date], running: Running
) -> list[tuple[LineCase, Grant]]:
    """What is granted to the dates below the plan's threshold of visits, and what to those above it."""
    if not days:
        return []
    if at.requirement.threshold is None:
        every = _only(at, held, days)
        return [(every, authorize(every, running))]
    free: list[date] = []
    above: list[date] = []
    for day in days:
        one = _only(at, held, [day])
        if is_required(one, running):
            above.append(day)
        else:
            free.append(day)
            running = running.moved(visits(one, running))
    found = []
    if free:
        unasked = _only(at, held, free)
        found.append((unasked, Grant(unasked.quantity)))
    if above:
        asked = _only(at, held, above)
        found.append((asked, authorize(asked, running)))
    return found


def _over(
    at: LineCase, held: Mapping[date, Decimal], days: Sequence[date], running: Running
) -> frozenset[date]:
    """The dates that would be a visit more than the benefit limit of their year."""
    over: set[date] = set()
    if at.plan_answer.limits:
        for day in days:
            one = _only(at, held, [day])
            if over_limit(one, running):
                over.add(day)
            else:
                running = running.moved(visits(one, running))
    return frozenset(over)
