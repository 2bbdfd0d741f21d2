"""A service line split by date: which units are paid on which dates, and why the others are not.

    G0151, 7 units on 3 dates, 2 dates approved        -> 4 units on 2 dates, 3 units CO*198
    90837, 6 units on 6 dates, covered to the third    -> 3 units on 3 dates, 3 units PR*27

The ruling is CONTRACT section 7: units are spread evenly over the dates, a date that is not good loses
its share, and what is left is rounded down to what can be billed, never below one unit while a date is
good.

Which dates: all of the range; of a range billed in days, as many as days are billed. Coverage, plan and
tests are checked for each date; dates that the plan treats alike then meet referrals, approvals and
limits together.

No unit is rendered on two dates. A line with fewer units than dates does not say on which dates they were
rendered: the good dates are taken from the first on, as many as there are units, and only these count a
visit, use an approval and owe a copay. One unit over three dates is one visit; sixty units over four
dates are four.

Where the even share is not a whole number, the dates are first tried with less than it; then the units
that the good dates can hold are booked on these."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from attrs import evolve

from x12_payer.adjudication.claims.authorization import Running, asks_nothing, consented
from x12_payer.adjudication.claims.case import (
    ClaimCase,
    LineCase,
    has_one_fee,
    line_case,
    line_fee,
    line_period,
    on_days,
    service_days,
)
from x12_payer.adjudication.claims.coverage_checks import not_eligible
from x12_payer.adjudication.claims.judge import Refused, Verdict, admit, approve, is_whole
from x12_payer.authorization.facts import AccumulatorUse
from x12_payer.authorization.parties import Member
from x12_payer.authorization.spread import ONE, ZERO, good_part, spread, step_of
from x12_payer.authorization.units import Booked
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import ServiceLine
from x12_payer.edi.messages.common import Period

_NO_PLAN = "claim_no_plan"


@frozen
class Judged:
    """A line as judged. covered: what is paid, units on their dates, one case for each price and year.

    numbers: the authorizations used. penalty: dollars of the claim the member owes besides. pends: why the
    line cannot be judged yet ('' when it can)."""

    line: ServiceLine
    period: Period
    rendering_npi: str = ""
    covered: tuple[LineCase, ...] = ()
    refused: tuple[Refused, ...] = ()
    booked: tuple[Booked, ...] = ()
    visits: tuple[AccumulatorUse, ...] = ()
    numbers: tuple[str, ...] = ()
    penalty: Decimal = ZERO
    pends: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why units are refused, each reason once."""
        return tuple(dict.fromkeys([r.reason for r in self.refused])) if self.refused else ()


def judge_line(case: ClaimCase, line: ServiceLine, running: Running) -> tuple[Judged, Running]:
    """The line as judged and what is used up after it; a stay priced by DRG is judged on its first day."""
    period = line_period(case.claim, line, case.today)
    if period.begin != period.end and line.quantity > ZERO and case.drg_fee is None:
        return _judge_dates(case, line, period, running)
    span = case.facts.member.span(period.begin)  # GEN-35: the coverage on the line's date
    if span is None:
        refused = Refused(line.quantity, not_eligible(case, period.begin))
        return Judged(line, period, refused=(refused,)), running
    plan = case.plans.get(span.plan_id)
    if plan is None:
        return Judged(line, period, pends=_NO_PLAN), running
    at, failure = admit(line_case(case, line, period, (period.begin,), span, plan))
    if failure:
        return Judged(line, period, at.rendering_npi, refused=(Refused(line.quantity, failure, at),)), running
    verdict, running = approve(at, running)
    return Judged(
        line,
        period,
        at.rendering_npi,
        (verdict.covered,) if verdict.covered is not None else (),
        verdict.refused,
        verdict.booked,
        verdict.visits,
        verdict.numbers,
        verdict.penalty,
    ), running


# -- several dates ---------------------------------------------------------------------------------


def _judge_dates(
    case: ClaimCase, line: ServiceLine, period: Period, running: Running
) -> tuple[Judged, Running]:
    days = service_days(period, line)
    cases, outside, pends = _dated(case, line, period, days)
    if pends:
        return Judged(line, period, pends=pends), running
    groups = _alike(cases) if len(cases) > 1 else cases
    units, step = line.quantity, step_of(line.quantity)
    if len(groups) == 1 and not outside and asks_nothing(groups[0]):
        return _all_good(groups[0], step), running
    lost: list[Refused] = []
    if units < len(days):
        groups, kept, bad = _rendered(groups, units, len(days), running)
        lost = _merged(units - kept, [*outside, *bad], step)
        units, outside = kept, []
    verdicts, refused, after = _spread_over(groups, outside, units, step, running)
    covered = [v.covered for v in verdicts if v.covered is not None]
    return Judged(
        line,
        period,
        rendering_npi=cases[0].rendering_npi if cases else "",
        covered=_stretches(covered, step),
        refused=(*lost, *_merged(units - _units(covered), refused, step)),
        booked=tuple([b for v in verdicts for b in v.booked]),
        visits=tuple([use for v in verdicts for use in v.visits]),
        numbers=tuple(dict.fromkeys([number for v in verdicts for number in v.numbers])),
        penalty=max([v.penalty for v in verdicts], default=ZERO),
    ), after


def _all_good(at: LineCase, step: Decimal) -> Judged:
    """A line none of whose dates can be refused: what judging them would give."""
    units = at.line.quantity
    if step is not ONE:
        units = good_part(units, units)
    if units != at.quantity or units < len(at.days):
        at = at.on(at.days[: max(1, int(units))], units)
    return Judged(at.line, at.period, at.rendering_npi, _stretches([at], step))


def _spread_over(
    groups: Sequence[LineCase], outside: Sequence[Refused], units: Decimal, step: Decimal, running: Running
) -> tuple[list[Verdict], list[Refused], Running]:
    """The units spread evenly over all dates, asked for on those that pass; `outside` counts the others."""
    dates = _dates(groups) + sum([r.quantity for r in outside], ZERO)
    if not groups:
        return [], list(outside), running
    even = good_part(units / dates, units)
    verdicts, short, after = _try(groups, [even * len(at.days) for at in groups], running)
    if even * dates == units:
        return verdicts, [*_scaled(outside, even), *short], after
    covered = [v.covered for v in verdicts if v.covered is not None]
    good = {day for at in covered for day in at.days}
    kept = good_part(units * len(good) / dates, units)
    lost = [r for r in short if r.at is not None and good.isdisjoint(r.at.days)]
    lost = [evolve(r, quantity=_dates([r.at])) for r in lost if r.at is not None]
    whole = spread(kept, [Decimal(len(at.days)) for at in covered], step)
    verdicts, short, after = _try(covered, whole, running)
    return verdicts, [*_scaled([*outside, *lost], units / dates), *short], after


def _scaled(dates: Iterable[Refused], share: Decimal) -> list[Refused]:
    return [evolve(r, quantity=r.quantity * share) for r in dates]


def _dated(
    case: ClaimCase, line: ServiceLine, period: Period, days: tuple[date, ...]
) -> tuple[list[LineCase], list[Refused], str]:
    """The dates that pass their tests; those that do not, counted; why the line cannot be judged yet. What is
    judged whole is judged as of its first day under the coverage."""
    cases: list[LineCase] = []
    refused: list[Refused] = []
    for span, runs in _runs(case, days):
        if span is None:
            refused += [Refused(ONE, not_eligible(case, day)) for run in runs for day in run]
            continue
        plan = case.plans.get(span.plan_id)
        if plan is None:
            return [], [], _NO_PLAN
        first = line_case(case, line, period, runs[0], span, plan)
        if is_whole(first):
            every = runs[0] if len(runs) == 1 else tuple([day for run in runs for day in run])
            judged = [admit(first if every is first.days else first.on(every, first.quantity))]
        else:
            judged = _admitted([first, *[on_days(first, run) for run in runs[1:]]])
        for at, failure in judged:
            if failure:
                refused.append(Refused(_dates([at]), failure, at))
            else:
                cases.append(at)
    return cases, refused, ""


def _runs(case: ClaimCase, days: tuple[date, ...]) -> list[tuple[Member | None, list[tuple[date, ...]]]]:
    """The dates by coverage (GEN-35), each in runs within which nothing changes that they are judged from."""
    covering = case.facts.member.span
    if not case.changes:
        return [(covering(days[0]), [days])]
    runs = [tuple(run) for _, run in groupby(days, lambda day: bisect_right(case.changes, day))]
    return [(span, list(parts)) for span, parts in groupby(runs, lambda run: covering(run[0]))]


def _admitted(runs: Iterable[LineCase]) -> list[tuple[LineCase, str]]:
    """Each run as admitted. One that is not goes date by date: an approval that makes an exception is looked
    for on each, and each loses its own share."""
    found: list[tuple[LineCase, str]] = []
    for run in runs:
        at, failure = admit(run)
        if run.cost.covered and not failure:
            found.append((at, ""))
        else:
            found += [admit(run.on((day,), run.quantity)) for day in run.days]
    return found


def _alike(cases: Iterable[LineCase]) -> list[LineCase]:
    """Dates that the plan treats alike put together."""

    def treated(at: LineCase) -> object:
        return at.plan.id, at.plan_answer, at.cost, at.service.in_network, consented(at)

    return [_together(run) for _, run in groupby(cases, treated)]


def _together(cases: Iterable[LineCase]) -> LineCase:
    """How many units they hold together is for the caller to say."""
    every = tuple(cases)
    if len(every) == 1:
        return every[0]
    return every[0].on(tuple([day for at in every for day in at.days]), every[0].quantity)


def _dates(cases: Iterable[LineCase]) -> Decimal:
    return Decimal(sum([len(at.days) for at in cases]))


def _units(cases: Iterable[LineCase]) -> Decimal:
    return sum([at.quantity for at in cases], ZERO)


def _rendered(
    groups: list[LineCase], units: Decimal, dates: int, running: Running
) -> tuple[list[LineCase], Decimal, list[Refused]]:
    """Of a line with fewer units than dates: the dates it is rendered on, the units on them, and the dates
    that are not good. Each is looked at as if it were the only one."""
    good: list[LineCase] = []
    bad: list[Refused] = []
    for group in groups:
        whole, _ = approve(group.on(group.days, _dates([group])), running)
        if not whole.refused:
            good.append(group)
            continue
        together = {day: r for r in whole.refused if r.at is not None for day in r.at.days}
        for at in [group] if is_whole(group) else [group.on((day,), ONE) for day in group.days]:
            count = _dates([at])
            verdict, _ = approve(at.on(at.days, max(units * count / dates, min(ONE, units))), running)
            if verdict.covered is not None:
                good.append(at)
            else:
                # why, as the line over all its dates has it: beside an approved date it is units over
                bad += [evolve(together.get(at.day, r), quantity=count, at=r.at) for r in verdict.refused]
    kept = good_part(units * _dates(good) / dates, units)
    wanted = max(1, int(kept))
    days = [day for at in good for day in at.days][:wanted]
    chosen = [at.on(tuple([d for d in at.days if d in days]), ONE) for at in good]
    return _alike([at for at in chosen if at.days]), kept, bad


def _try(
    groups: Sequence[LineCase], quantities: Sequence[Decimal], running: Running
) -> tuple[list[Verdict], list[Refused], Running]:
    """The groups judged in turn with these quantities, what is refused, and what is used up afterwards."""
    verdicts: list[Verdict] = []
    for at, quantity in zip(groups, quantities, strict=True):
        if quantity:
            asked = at if quantity == at.quantity else at.on(at.days, quantity)
            verdict, running = approve(asked, running)
            verdicts.append(verdict)
    return verdicts, [r for v in verdicts for r in v.refused], running


# -- dates with one price --------------------------------------------------------------------------


def _stretches(covered: Sequence[LineCase], step: Decimal) -> tuple[LineCase, ...]:
    """Dates that follow each other with the same plan, fee and year put together: they are priced as one."""
    if len(covered) == 1 and _is_one_price(covered[0], step):
        return tuple(covered)
    single = [
        (at, day, quantity)
        for at in covered
        for day, quantity in zip(at.days, spread(at.quantity, [ONE] * len(at.days), step), strict=True)
        if quantity
    ]
    return tuple([_stretch(list(run)) for _, run in groupby(single, lambda one: _price_of(*one[:2]))])


def _is_one_price(at: LineCase, step: Decimal) -> bool:
    """Units on each of the dates, all in one year, and one fee."""
    enough = at.quantity >= step * len(at.days)
    return enough and at.day.year == at.days[-1].year and has_one_fee(at)


def _stretch(run: Sequence[tuple[LineCase, date, Decimal]]) -> LineCase:
    return run[0][0].on(tuple([day for _, day, _ in run]), sum([quantity for *_, quantity in run], ZERO))


def _price_of(at: LineCase, day: date) -> object:
    """What must be the same for dates to be priced as one."""
    return at.plan.id, at.cost, at.plan_answer.terms, line_fee(at, day), day.year


def _merged(total: Decimal, refused: Sequence[Refused], step: Decimal) -> list[Refused]:
    """So many units refused for these reasons: each reason once, and where the member owes it each price."""
    if not refused:
        return []
    merged: dict[object, Refused] = {}
    for one in refused:
        for part in _by_day(one) if one.owed else (one,):
            key = (
                part.reason,
                _price_of(part.at, part.at.day) if part.owed and part.at is not None else None,
            )
            known = merged.get(key)
            merged[key] = evolve(part, quantity=part.quantity + known.quantity) if known else part
    parts = spread(total, [one.quantity for one in merged.values()], step)
    return [evolve(one, quantity=part) for one, part in zip(merged.values(), parts, strict=True) if part]


def _by_day(refused: Refused) -> Iterable[Refused]:
    at = refused.at
    if at is None:
        return (refused,)
    share = refused.quantity / len(at.days)
    return (evolve(refused, quantity=share, at=at.on((day,), share)) for day in at.days)
