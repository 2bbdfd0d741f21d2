"""Dates of a line among which nothing changes are judged as one: the answer is that of date by date."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import (
    GROUP,
    HOSPITAL,
    LAB,
    PCP,
    SPECIALIST,
    STRANGER,
    THERAPIST,
    World,
    approval,
    claim,
    consent,
    directory,
    fee,
    line,
    member,
    party,
    primary_elsewhere,
    remitted,
    stay,
    visits,
    world,
)
from tests.worlds.payer.claim_world import day as day_of
from x12_payer.adjudication.claims.changes import changes
from x12_payer.adjudication.records import ClaimFacts, Fee
from x12_payer.authorization.facts import MemberFacts
from x12_payer.authorization.parties import Contract, Directory, Member
from x12_payer.authorization.plans.plan import Plan, shipped_plans
from x12_payer.authorization.plans.rows import CostShareRow
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.messages.common import Period

CODES = ("99213", "97110:GP", "98940", "81228", "29881", "90837", "J1745", "0120", "0250", "0450", "G0151")
STARTS = st.sampled_from((day_of("2026-07-01"), day_of("2025-12-27"), day_of("2026-02-24")))
NPIS = (GROUP, PCP, SPECIALIST, LAB, HOSPITAL, STRANGER)
# What may change among the dates; most examples have one, so that nothing else hides it.
WHAT = ("coverage", "plan", "birthday", "contract", "consent", "elsewhere", "fee", "surgery")
Changing = frozenset[str]
CHANGING = st.frozensets(st.sampled_from(WHAT), min_size=1, max_size=2)


@st.composite
def in_force(draw: st.DrawFn, first: date, changes_here: bool = True) -> dict[str, Any]:
    """The dates of a row, which may begin or end among those of the claim."""
    begin, end = date(2020, 1, 1), None
    if changes_here and draw(st.booleans()):
        begin = first + timedelta(draw(st.integers(0, 5)))
    if changes_here and draw(st.booleans()):
        end = begin + timedelta(2) if begin > first else first + timedelta(draw(st.integers(0, 5)))
    return {"effective_date": begin, "termination_date": end}


@st.composite
def people(draw: st.DrawFn, first: date, what: Changing) -> tuple[Member, ...]:
    """One or two spans of coverage; a birthday that may fall on a date of the claim."""
    plans = st.sampled_from(("BAY-HMO", "BAY-PPO", "BAY-INDEMNITY", "MEDICARE-HMO"))
    born = date(1980, 3, 15)
    if "birthday" in what:
        turn = first + timedelta(draw(st.integers(0, 6)))
        born = draw(st.sampled_from((turn.replace(year=turn.year - 18), date(2008, 2, 29))))
    plan = "DATED" if what & {"plan", "birthday", "surgery"} else draw(plans)
    one = member(plan, pcp_npi=PCP, birth_date=born, **draw(in_force(first, "coverage" in what)))
    if one.termination_date is None:
        return (one,)
    after = one.termination_date + timedelta(1)
    return (one, evolve(one, plan_id=draw(plans), effective_date=after, termination_date=None))


@st.composite
def dated_plan(draw: st.DrawFn, first: date, what: Changing) -> Plan:
    """A shipped plan many of whose rows end or begin among the dates, or speak of age or surgery."""
    turn = first + timedelta(draw(st.integers(0, 6)))
    plan = shipped_plans()[draw(st.sampled_from(("BAY-HMO", "BAY-PPO")))]
    kinds: list[dict[str, Any]] = [{"end": turn}, {"effective": turn}] if "plan" in what else []
    kinds += [{"age_from": 18}, {"age_under": 18}] if "birthday" in what else []
    kinds += [{"same_day_surgery": True}, {"same_day_surgery": False}] if "surgery" in what else []
    if not kinds:
        return evolve(plan, id="DATED")
    kind, every = draw(st.sampled_from(kinds)), draw(st.integers(1, 3))

    def turned(rows: tuple[CostShareRow, ...]) -> tuple[CostShareRow, ...]:
        return tuple(
            evolve(row, match=evolve(row.match, **kind)) if n % every == 0 else row
            for n, row in enumerate(rows)
        )

    by_class = {name: turned(rows) for name, rows in plan.cost_shares_by_class.items()}
    shares = tuple(row for rows in by_class.values() for row in rows)
    return evolve(plan, id="DATED", cost_shares=shares, cost_shares_by_class=by_class)


@st.composite
def lines(draw: st.DrawFn, first: date, code: str) -> ServiceLine:
    units = draw(st.integers(1, 12).map(Decimal) | st.decimals("0.001", 9, places=3))
    last = first + timedelta(draw(st.integers(1, 8)))
    one = line(code, draw(st.sampled_from(("900", "1234.57"))), quantity=units)
    return evolve(one, period=Period("472", first, last, "RD8"))


@st.composite
def claims(draw: st.DrawFn, first: date, what: Changing) -> Claim:
    """A stay, or a claim with lines over several dates; there may be a surgery on one of them."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3))
    billed = [draw(lines(first, code)) for code in codes]
    if "surgery" in what:
        billed.append(line("29881", 800, on=first + timedelta(draw(st.integers(0, 4)))))
    kind = draw(st.sampled_from(("stay", "outpatient", "")))
    if kind == "stay":
        last = first + timedelta(draw(st.integers(1, 9)))
        return stay(*billed, begin=str(first), end=str(last), bill=draw(st.sampled_from(("11", "13", "21"))))
    if kind == "outpatient":
        return claim(*billed, by=HOSPITAL, kind="I", facility_code="13", facility_qualifier="A")
    place = draw(st.sampled_from(("11", "21", "22", "24")))
    if draw(st.booleans()):
        return claim(*billed, by=draw(st.sampled_from(NPIS)), facility_code=place)
    if draw(st.booleans()):
        return claim(*billed, by=GROUP, rendering=THERAPIST, facility_code=place)
    own = [evolve(one, providers=(party("82", THERAPIST),)) for one in billed]
    return claim(*own, by=GROUP, facility_code=place)


@st.composite
def contracts(draw: st.DrawFn, first: date, what: Changing) -> Directory:
    known = directory()
    if "contract" not in what:
        return known
    found = {
        (npi, plan): tuple(Contract(npi, plan, **row) for row in draw(st.lists(in_force(first), max_size=2)))
        for npi in draw(st.sampled_from((NPIS, (THERAPIST,))))
        for plan in ("BAY-HMO", "BAY-PPO", "MEDICARE-HMO")
    }
    return evolve(known, contracts={**known.contracts, **found})


@st.composite
def worlds(draw: st.DrawFn, first: date, what: Changing) -> World:
    def priced(code: str) -> list[Fee]:
        base = evolve(fee(code.split(":")[0], "60"), effective_date=date(2020, 1, 1))
        amounts = draw(st.lists(st.sampled_from(("70", "90", "0")), max_size=2)) if "fee" in what else []
        return [
            base,
            *[evolve(base, amount=Decimal(a), npi=HOSPITAL, **draw(in_force(first))) for a in amounts],
        ]

    on_file = [
        approval(
            f"AU-{npi}",
            service_type=draw(st.sampled_from(("PT", "48", "5", "2"))),
            provider_npi=npi,
            units=Decimal(draw(st.integers(1, 9))),
            effective_date=first + timedelta(draw(st.integers(-3, 4))),
            expiration_date=first + timedelta(draw(st.integers(4, 12))),
        )
        for npi in draw(st.sets(st.sampled_from(NPIS), max_size=2))
    ]
    agreed = [evolve(consent(npi, ""), **draw(in_force(first))) for npi in NPIS if "consent" in what]
    elsewhere = [evolve(primary_elsewhere(), **draw(in_force(first)))] if "elsewhere" in what else []
    return world(
        "BAY-HMO",
        *on_file,
        spans=draw(people(first, what)),
        consents=tuple(agreed),
        other_coverage=tuple(elsewhere),
        fees=tuple(one for code in CODES for one in priced(code)),
        plans={**shipped_plans(), "DATED": draw(dated_plan(first, what))},
    )


def every_date(*_: object) -> tuple[date, ...]:
    begin, end = day_of("2025-12-01"), day_of("2026-08-01")
    return tuple(begin + timedelta(n) for n in range(1, (end - begin).days + 1))


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.data())
def test_it_is_what_date_by_date_gives(data: st.DataObject) -> None:
    first, what = (
        data.draw(STARTS),
        data.draw(st.sets(st.sampled_from(WHAT), min_size=1, max_size=2).map(frozenset)),
    )
    billed, on_file = data.draw(claims(first, what)), data.draw(worlds(first, what))
    known = data.draw(contracts(first, what))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.worlds.payer.claim_world.directory", lambda: known)
        short_way = on_file.decide(billed)
        patch.setattr("x12_payer.adjudication.claims.case.changes", every_date)
        patch.setattr("x12_payer.adjudication.claims.dates._is_one_price", lambda *_: False)
        assert on_file.decide(billed) == short_way


@pytest.mark.parametrize("on_the_line", [True, False])
def test_the_contract_of_the_therapist_ends_among_the_dates(on_the_line: bool) -> None:
    known = directory()
    ended = (Contract(THERAPIST, "BAY-HMO", date(2020, 1, 1), day_of("2026-07-07")),)
    known = evolve(known, contracts={**known.contracts, (THERAPIST, "BAY-HMO"): ended})
    period = Period("472", day_of("2026-07-06"), day_of("2026-07-08"), "RD8")
    one = line("97110:GP", 120, 3, period=period, providers=(party("82", THERAPIST),) if on_the_line else ())
    billed = claim(one, by=GROUP, rendering="" if on_the_line else THERAPIST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.worlds.payer.claim_world.directory", lambda: known)
        record, _ = world("BAY-HMO", visits(units=3)).decide(billed)
    assert remitted(record).lines[0].units_paid == 2
    assert record.lines[0].reasons == ("claim_therapist_not_contracted",)


FIRST, LAST = day_of("2026-07-01"), day_of("2026-07-10")


def changing(
    spans: tuple[Member, ...] = (member(),), surgery: Iterable[date] = (), contract: Contract | None = None
) -> list[str]:
    rows = {(contract.npi, contract.plan_id): (contract,)} if contract else {}
    facts = ClaimFacts(MemberFacts("M1", spans))
    found = changes(facts, shipped_plans(), Directory({}, rows), {HOSPITAL}, surgery, FIRST, LAST)
    return [f"{one:%m-%d}" for one in found]


def test_nothing_changes_in_most_claims() -> None:
    assert changing() == []
    assert changing(contract=Contract(HOSPITAL, "BAY-PPO", date(2020, 1, 1))) == []


def test_what_begins_or_ends_among_the_dates_is_a_change() -> None:
    assert changing((member(termination_date=day_of("2026-07-04")),)) == ["07-05"]
    assert changing((member(effective_date=day_of("2026-07-04")),)) == ["07-04"]
    assert changing((member(effective_date=FIRST, termination_date=LAST),)) == []
    assert changing(contract=Contract(HOSPITAL, "BAY-PPO", FIRST, day_of("2026-07-02"))) == ["07-03"]
    assert changing((member(birth_date=day_of("1980-07-10")),)) == ["07-10"]
    assert changing(surgery=[FIRST, day_of("2026-07-06")]) == ["07-02", "07-06", "07-07"]
