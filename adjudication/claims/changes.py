"""The dates on which the decision about a claim over several dates may change from the date before.

Dates between two of them are decided as one. A date that is listed needlessly does no harm: what is
decided alike is joined again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Protocol

from x12_payer.adjudication.records import ClaimFacts
from x12_payer.authorization.parties import Directory
from x12_payer.authorization.plans.answer import days_seen
from x12_payer.authorization.plans.plan import Plan

_DAY = timedelta(1)


class Dated(Protocol):
    """What is in force from one date to another, both included."""

    @property
    def effective_date(self) -> date:
        """The first date."""

    @property
    def termination_date(self) -> date | None:
        """The last date, None while it goes on."""


def differs(rows: Iterable[Dated], begin: date, end: date) -> Iterator[date]:
    """The dates after `begin`, up to `end`, on which other rows are in force than on the date before."""
    for row in rows:
        if begin < row.effective_date <= end:
            yield row.effective_date
        last = row.termination_date
        if last is not None and begin <= last < end:
            yield last + _DAY


def changes(
    facts: ClaimFacts,
    plans: Mapping[str, Plan],
    directory: Directory,
    npis: Iterable[str],
    surgery_days: Iterable[date],
    begin: date,
    end: date,
) -> tuple[date, ...]:
    """The dates after `begin`, up to `end`, on which coverage, network, plan, age, setting, consents or
    another payer's coverage may differ from the date before, in order. `npis`: who bills and renders."""
    spans = facts.member.spans
    found = set(differs(chain(spans, facts.consents, facts.other_coverage), begin, end))
    for plan in {span.plan_id for span in spans}:
        for npi in npis:
            found.update(differs(directory.contracts.get((npi, plan), ()), begin, end))
        if plan in plans:
            found.update(days_seen(plans[plan], begin, end))
    for born in {span.birth_date for span in spans}:
        found.update(_birthdays(born, begin, end))
    for day in surgery_days:
        found.update(d for d in (day, day + _DAY) if begin < d <= end)
    return tuple(sorted(found))


def _birthdays(born: date, begin: date, end: date) -> Iterator[date]:
    """Somebody born on 29 February is a year older on 1 March of other years."""
    for year in range(begin.year, end.year + 1):
        try:
            day = born.replace(year=year)
        except ValueError:
            day = date(year, 3, 1)
        if begin < day <= end:
            yield day
