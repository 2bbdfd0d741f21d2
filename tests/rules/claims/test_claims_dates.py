"""A service line over several dates is judged by date (CONTRACT section 7, "Quantities and money")."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import (
    CHIRO,
    DAY,
    GROUP,
    HOME_HEALTH,
    HOSPITAL,
    LAB,
    PCP,
    SPECIALIST,
    SUPPLY,
    World,
    approval,
    balanced,
    cas,
    claim,
    consent,
    day,
    fee,
    line,
    member,
    money,
    other_payer,
    remitted,
    stay,
    visits,
    world,
)
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.authorization.facts import AccumulatorUse, Approval
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.edi.messages.claim import ServiceLine
from x12_payer.edi.messages.common import Period

D = Decimal


def over(code: str, charge: str | int, units: int | str, begin: str, end: str, **more: Any) -> ServiceLine:
    """A line over the dates from begin to end."""
    period = Period("472", day(begin), day(end), "RD8")
    return line(code, charge, quantity=D(units), period=period, **more)


def home_dates(units: int, **more: Any) -> Approval:
    row = {"service_type": "42", "provider_npi": HOME_HEALTH, "unit": "DY", "units": D(units), **more}
    return approval("AU-HH", **row)


def triplets(record: ClaimRecord, at: int = 0) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Amount and quantity of each reason of a line, equal reasons added up as the 835 does."""
    found: dict[str, tuple[Decimal, Decimal | None]] = {}
    for a in remitted(record).lines[at].adjustments:
        key = f"{a.group}*{a.reason}"
        amount, quantity = found.get(key, (D(0), None))
        counted = [q for q in (quantity, a.quantity) if q is not None]
        found[key] = (amount + a.amount, sum(counted, D(0)) if counted else None)
    return found


def short(record: ClaimRecord, at: int = 0) -> tuple[str, str, dict[str, str]]:
    """Paid, units paid and reasons of a line: `{"CO*198": "540/3"}`."""
    one = remitted(record).lines[at]
    reasons = {
        key: f"{amount:f}" + (f"/{quantity:f}" if quantity is not None else "")
        for key, (amount, quantity) in triplets(record, at).items()
    }
    assert one.units_paid is not None
    return plain(one.paid), plain(one.units_paid), {k: tidy(v) for k, v in reasons.items()}


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def tidy(text: str) -> str:
    return "/".join(plain(D(part)) for part in text.split("/"))


def moved(record: ClaimRecord) -> dict[tuple[str, int], Decimal]:
    found: dict[tuple[str, int], Decimal] = {}
    for use in record.accumulators:
        found[use.name, use.year] = found.get((use.name, use.year), D(0)) + use.amount
    return {key: amount for key, amount in found.items() if amount}


# -- units and reasons -------------------------------------------------------------------------------

HH = {"by": HOME_HEALTH, "facility_code": "12"}
ENDED: dict[str, Any] = {"spans": (member("BAY-PPO", termination_date=date(2026, 7, 8)),)}
BEGAN: dict[str, Any] = {"spans": (member("BAY-PPO", effective_date=date(2026, 7, 8)),)}

# name: (world, line, claim) -> paid, units paid, reasons
LINES: dict[str, tuple[World, ServiceLine, dict[str, Any], tuple[str, str, dict[str, str]]]] = {
    "seven units on three dates, two of them approved": (
        world("MEDICARE-HMO", home_dates(2)),
        over("G0151", 1260, 7, "2026-07-06", "2026-07-08"),
        HH,
        ("600", "4", {"CO*45": "120", "CO*198": "540/3"}),
    ),
    "one of them approved": (
        world("MEDICARE-HMO", home_dates(1)),
        over("G0151", 1260, 7, "2026-07-06", "2026-07-08"),
        HH,
        ("300", "2", {"CO*45": "60", "CO*198": "900/5"}),
    ),
    "all of them approved": (
        world("MEDICARE-HMO", home_dates(3)),
        over("G0151", 1260, 7, "2026-07-06", "2026-07-08"),
        HH,
        ("1050", "7", {"CO*45": "210"}),
    ),
    "two dates inside the approval": (
        world("MEDICARE-HMO", home_dates(9, effective_date=day("2026-07-07"))),
        over("G0151", 1260, 7, "2026-07-06", "2026-07-08"),
        HH,
        ("600", "4", {"CO*45": "120", "CO*198": "540/3"}),
    ),
    "the member agreed to be billed": (
        world("MEDICARE-HMO", home_dates(2), consents=(consent(HOME_HEALTH, "G0151"),)),
        over("G0151", 1260, 7, "2026-07-06", "2026-07-08"),
        HH,
        ("600", "4", {"CO*45": "210", "PR*198": "450/3"}),
    ),
    "coverage ended inside": (
        world(**ENDED),
        over("90837", 720, 6, "2026-07-06", "2026-07-11"),
        {"by": PCP},
        ("240", "3", {"CO*45": "60", "PR*3": "60", "PR*27": "360/3"}),
    ),
    "coverage began inside": (
        world(**BEGAN),
        over("90837", 600, 5, "2026-07-06", "2026-07-10"),
        {"by": PCP},
        ("240", "3", {"CO*45": "60", "PR*3": "60", "PR*26": "240/2"}),
    ),
    "coverage ended, units do not divide": (
        world(**ENDED),
        over("90837", 840, 7, "2026-07-06", "2026-07-11"),
        {"by": PCP},
        ("240", "3", {"CO*45": "60", "PR*3": "60", "PR*27": "480/4"}),
    ),
    "coverage began inside, nothing approved": (
        world(
            spans=(member("BAY-HMO", effective_date=day("2026-07-03"), pcp_npi=PCP),),
            accumulators={"visits:PT-OT": "59"},
        ),
        over("97110:GP", 300, 6, "2026-07-01", "2026-07-06"),
        {"by": GROUP},
        ("0", "0", {"PR*26": "100/2", "CO*197": "200/4"}),
    ),
    "no date covered": (
        world(**ENDED),
        over("90837", 240, 2, "2026-07-09", "2026-07-10"),
        {"by": PCP},
        ("0", "0", {"PR*27": "240/2"}),
    ),
    "half units": (
        world("MEDICARE-HMO", home_dates(2)),
        over("G0151", 500, "2.5", "2026-07-06", "2026-07-08"),
        HH,
        # fewer units than dates: two dates are rendered, both approved
        ("375", "2.5", {"CO*45": "125"}),
    ),
    "parts of units": (
        world("MEDICARE-HMO", home_dates(1)),
        over("G0151", 700, "3.5", "2026-07-06", "2026-07-08"),
        HH,
        ("174.9", "1.166", {"CO*45": "58.3", "CO*198": "466.8/2.334"}),
    ),
    "no visit approved any more": (
        world("MEDICARE-HMO", home_dates(2, used=D(2))),
        over("G0151", 1260, 7, "2026-07-06", "2026-07-08"),
        HH,
        ("0", "0", {"CO*198": "1260/7"}),
    ),
    "units of an approval, not its dates": (
        world("BAY-PPO", approval("AU-S", service_type="12", provider_npi=SUPPLY, code="A7030", units=D(4))),
        over("A7030", 840, 7, "2026-07-06", "2026-07-08"),
        {"by": SUPPLY},
        ("320", "4", {"CO*45": "160", "CO*198": "360/3"}),
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_over_dates(name: str) -> None:
    on_file, one, about, expected = LINES[name]
    record, _ = on_file.decide(claim(one, **about))
    assert short(record) == expected
    assert balanced(record)


def test_coverage_approval_and_limit_come_together_in_one_line() -> None:
    # six dates: two before the coverage, two pay; for the others a visit is approved and none is left
    on_file = world(
        "BAY-HMO",
        visits("AU-PT", units=3),
        spans=(member("BAY-HMO", effective_date=day("2026-07-03"), pcp_npi=PCP),),
        accumulators={"visits:PT-OT": "58"},
    )
    record, after = on_file.decide(claim(over("97110:GP", 600, 12, "2026-07-01", "2026-07-06"), by=GROUP))
    paid, units, reasons = short(record)
    assert (paid, units) == ("120", "4")  # 160 less two copays
    assert reasons == {"CO*45": "80", "PR*3": "40", "PR*26": "200/4", "PR*119": "160/4"}
    assert after.left("AU-PT") == 1  # the dates that pay use their visits, and only those
    assert moved(record)["visits:PT-OT", 2026] == 2


def test_dates_without_an_approval_and_a_limit() -> None:
    on_file = world("BAY-HMO", visits("AU-PT", units=1), accumulators={"visits:PT-OT": "58"})
    record, after = on_file.decide(claim(over("97110:GP", 200, 4, "2026-07-06", "2026-07-07"), by=GROUP))
    assert short(record) == ("60", "2", {"CO*45": "20", "PR*3": "20", "CO*198": "100/2"})
    assert after.left("AU-PT") == 0


# -- visits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "begin", "end", "counted"),
    [
        (1, "2026-07-06", "2026-07-08", 1),  # no unit is rendered on two dates
        (2, "2026-07-06", "2026-07-08", 2),
        (3, "2026-07-06", "2026-07-08", 3),
        (60, "2026-07-06", "2026-07-09", 4),  # nor is a date more than one visit
    ],
)
def test_visits_and_copays_of_a_range(units: int, begin: str, end: str, counted: int) -> None:
    record, _ = world().decide(claim(over("97110:GP", 40 * units, units, begin, end), by=GROUP))
    assert moved(record)["visits:PT-OT", 2026] == counted
    assert cas(record) == {"PR*3": D(20) * counted}
    assert remitted(record).lines[0].units_paid == units


def test_the_visits_left_pay_the_rest_is_over_the_limit() -> None:
    on_file = world(accumulators={"visits:PT-OT": "59"})
    record, after = on_file.decide(claim(over("97110:GP", 120, 2, "2026-07-08", "2026-07-09"), by=GROUP))
    assert short(record) == ("20", "1", {"CO*45": "40", "PR*3": "20", "PR*119": "40/1"})
    again, _ = after.decide(claim(line("97140:GP", 60, on=date(2026, 7, 13)), by=GROUP))
    assert short(again) == ("0", "0", {"CO*45": "22", "PR*119": "38/1"})


def test_a_visit_counted_before_is_no_new_one() -> None:
    on_file = world(accumulators={"visits:PT-OT": "58"})
    _, on_file = on_file.decide(claim(line("97140:GP", 38, on=day("2026-07-09")), by=GROUP))
    record, _ = on_file.decide(claim(over("97110:GP", 120, 3, "2026-07-08", "2026-07-10"), by=GROUP))
    assert short(record) == ("40", "2", {"PR*3": "40", "PR*119": "40/1"})  # the 8th is the last, the 9th free


def test_fewer_units_than_dates_take_the_good_dates_first() -> None:
    on_file = world(spans=(member("BAY-PPO", effective_date=date(2026, 7, 8)),))
    record, _ = on_file.decide(claim(over("97110:GP", 40, 1, "2026-07-06", "2026-07-08"), by=GROUP))
    assert short(record) == ("20", "1", {"PR*3": "20"})
    assert [use.day for use in record.accumulators if use.day] == [date(2026, 7, 8)]


def test_a_threshold_is_passed_inside_a_line() -> None:
    # BAY-HMO: chiropractic needs an approval from the 13th visit of the year on (CHI-01)
    on_file = world("BAY-HMO", accumulators={"visits:CHIRO": "11"})
    record, _ = on_file.decide(claim(over("98940", 135, 3, "2026-07-06", "2026-07-08"), by=CHIRO))
    assert short(record) == ("25", "1", {"PR*3": "20", "CO*197": "90/2"})


def test_taking_a_line_back_gives_every_date_back() -> None:
    on_file = world("BAY-HMO", visits("AU-PT", units=3))
    record, after = on_file.decide(claim(over("97110:GP", 120, 3, "2026-07-06", "2026-07-08"), by=GROUP))
    assert (after.left("AU-PT"), after.facts.member.accumulated("visits:PT-OT", 2026)) == (0, 3)
    _, back = after.reverse(record)
    assert (back.left("AU-PT"), back.facts.member.accumulated("visits:PT-OT", 2026)) == (3, 0)
    assert back.facts.member.accumulated("out_of_pocket", 2026) == 0


# -- referrals, whole lines, stays ---------------------------------------------------------------------


def test_each_date_needs_its_referral() -> None:
    referral = approval(
        "RF-1", kind="referral", provider_npi=SPECIALIST, unit="VS", units=D(2), service_type="3"
    )
    on_file = world("BAY-HMO", referral, spans=(member("BAY-HMO", pcp_npi=PCP),))
    record, after = on_file.decide(claim(over("99213", 300, 3, "2026-07-06", "2026-07-08"), by=SPECIALIST))
    assert short(record) == ("160", "2", {"PR*3": "40", "CO*287": "100/1"})
    assert after.left("RF-1") == 0


def test_what_is_matched_exactly_is_covered_whole_or_not_at_all() -> None:
    tests = approval("AU-G", service_type="5", provider_npi=LAB, code="81228", units=D(2))
    for units, expected in ((2, ("500", "2", {})), (3, ("0", "0", {"CO*198": "750/3"}))):
        one = over("81228", 250 * units, units, "2026-07-06", "2026-07-07")
        record, _ = world("BAY-HMO", tests).decide(claim(one, by=LAB))
        assert short(record) == expected


def days_of_stay(units: int) -> Approval:
    return approval(
        "AU-I", service_type="48", provider_npi=HOSPITAL, unit="DY", units=D(units), issued_date=DAY
    )


def test_coverage_ends_inside_a_stay() -> None:
    on_file = world(
        "BAY-HMO", days_of_stay(9), spans=(member("BAY-HMO", termination_date=day("2026-07-09")),)
    )
    record, after = on_file.decide(stay(line("0120", 9000, 6), begin="2026-07-06", end="2026-07-12"))
    assert short(record) == ("6000", "4", {"PR*27": "3000/2"})
    assert after.left("AU-I") == 5


def test_days_over_and_coverage_ended_in_one_stay() -> None:
    on_file = world(
        "BAY-HMO", days_of_stay(3), spans=(member("BAY-HMO", termination_date=day("2026-07-09")),)
    )
    record, _ = on_file.decide(stay(line("0120", 9000, 6), begin="2026-07-06", end="2026-07-12"))
    assert short(record) == ("4500", "3", {"PR*27": "3000/2", "CO*198": "1500/1"})


def test_the_day_of_discharge_is_no_day_of_the_stay() -> None:
    on_file = world("BAY-HMO", days_of_stay(5))
    record, _ = on_file.decide(stay(line("0120", 10500, 7), begin="2026-07-06", end="2026-07-13"))
    assert short(record) == ("7500", "5", {"CO*198": "3000/2"})


# -- plans and years -----------------------------------------------------------------------------------


def test_two_plans_inside_a_line() -> None:
    spans = (
        member("BAY-PPO", termination_date=day("2026-07-07")),
        member("BAY-INDEMNITY", effective_date=day("2026-07-08")),
    )
    on_file = world(spans=spans)  # deductible met
    record, _ = on_file.decide(claim(over("90837", 480, 4, "2026-07-06", "2026-07-09"), by=PCP))
    assert short(record) == ("320", "4", {"CO*45": "80", "PR*2": "40", "PR*3": "40"})


def test_accumulators_move_in_the_year_of_each_date() -> None:
    spans = (member("BAY-INDEMNITY", effective_date=day("2025-01-01")),)
    one = over("90837", 400, 4, "2025-12-30", "2026-01-02")
    record, _ = world(spans=spans, accumulators={"deductible": "1000"}).decide(claim(one, by=PCP))
    # 2025: nothing met, 200 deductible; 2026: met, 20 % of 200
    assert short(record) == ("160", "4", {"PR*1": "200", "PR*2": "40"})
    assert moved(record) == {
        ("deductible", 2025): D(200),
        ("out_of_pocket", 2025): D(200),
        ("out_of_pocket", 2026): D(40),
    }


def test_the_limit_is_that_of_the_year_of_each_date() -> None:
    spans = (member("BAY-PPO", effective_date=day("2025-01-01")),)
    on_file = world(spans=spans, accumulators={"visits:PT-OT": "60"})
    record, _ = on_file.decide(claim(over("97110:GP", 160, 4, "2025-12-30", "2026-01-02"), by=GROUP))
    assert short(record) == ("40", "2", {"PR*3": "40", "PR*119": "80/2"})
    assert moved(record)["visits:PT-OT", 2025] == 2


def test_the_fee_is_that_of_each_date() -> None:
    dear = evolve(fee("90837", "110", plan_id="BAY-PPO"), effective_date=day("2026-07-08"))
    record, _ = world(fees=(dear,)).decide(claim(over("90837", 480, 4, "2026-07-06", "2026-07-09"), by=PCP))
    assert short(record) == ("340", "4", {"CO*45": "60", "PR*3": "80"})


def test_a_case_is_paid_once_a_line() -> None:
    spans = (member("BAY-PPO", effective_date=day("2025-01-01")),)
    once = fee("90837", "150", basis="case", plan_id="BAY-PPO")
    one = over("90837", 400, 4, "2025-12-30", "2026-01-02")
    record, _ = world(spans=spans, fees=(once,)).decide(claim(one, by=PCP))
    assert short(record) == ("70", "4", {"CO*45": "250", "PR*3": "80"})


def test_amounts_round_once_a_line() -> None:
    third = fee("90837", "10.03", plan_id="BAY-INDEMNITY")
    record, _ = world("BAY-INDEMNITY", fees=(third,)).decide(
        claim(over("90837", "30.09", 3, "2026-07-06", "2026-07-08"), by=PCP)
    )
    assert cas(record) == {"PR*2": D("6.02")}


def test_after_another_payer() -> None:
    one = over("90837", 360, 3, "2026-07-06", "2026-07-08")
    record, _ = world().decide(
        claim(one, by=PCP, responsibility="S", other_payers=(other_payer("200", patient_liability=D(100)),))
    )
    assert (remitted(record).paid, balanced(record)) == (100, True)


# -- copays ------------------------------------------------------------------------------------------

OFFICE, URGENT = line("99213", 140), line("99283", 500)
EMERGENCY = evolve(URGENT, place_of_service="23")


@pytest.mark.parametrize("lines", [(OFFICE, EMERGENCY), (EMERGENCY, OFFICE)])
def test_the_highest_copay_counts_whatever_the_order(lines: tuple[ServiceLine, ...]) -> None:
    record, _ = world().decide(claim(*lines, by=PCP))
    owed = {one.procedure.code: kept.copay for one, kept in zip(lines, record.lines, strict=True)}  # type: ignore[union-attr]
    assert owed == {"99213": 0, "99283": 150}
    assert moved(record) == {("out_of_pocket", 2026): D(150)}


# name: lines, what is used -> copay of each line
COPAYS: dict[str, tuple[tuple[ServiceLine, ...], Mapping[str, str], list[int]]] = {
    "among equals the first": ((OFFICE, line("90837", 120)), {}, [20, 0]),
    "each date has its own": ((OFFICE, line("99213", 140, on=date(2026, 7, 9))), {}, [20, 20]),
    "no more than what is allowed": ((OFFICE, evolve(EMERGENCY, charge=D(15))), {}, [20, 0]),
    "no more than is left of the maximum": ((OFFICE, EMERGENCY), {"out_of_pocket": "3900"}, [0, 100]),
    "nothing left of the maximum": ((OFFICE, EMERGENCY), {"out_of_pocket": "4000"}, [0, 0]),
    "another rendering provider": (
        (OFFICE, evolve(line("90837", 120), providers=(claim(by=PCP).billing_provider,))),
        {},
        [20, 0],
    ),
    "a range and a date of it": (
        (over("90837", 360, 3, "2026-07-07", "2026-07-09"), EMERGENCY),
        {},
        [40, 150],
    ),
}


@pytest.mark.parametrize("name", COPAYS)
def test_copays(name: str) -> None:
    lines, used, expected = COPAYS[name]
    record, _ = world(accumulators=used).decide(claim(*lines, by=PCP))
    assert [kept.copay for kept in record.lines] == expected
    assert balanced(record)


def test_a_stay_owes_one_copay_also_over_new_year() -> None:
    plan = shipped_plans()["BAY-HMO"]
    dear = {row: evolve(row, share=evolve(row.share, copay=D(250))) for row in plan.cost_shares}
    by_class = {kind: tuple(dear[row] for row in rows) for kind, rows in plan.cost_shares_by_class.items()}
    plans = {"BAY-HMO": evolve(plan, cost_shares=tuple(dear.values()), cost_shares_by_class=by_class)}
    on_file = world(
        "BAY-HMO",
        evolve(days_of_stay(9), effective_date=day("2025-12-01")),
        spans=(member("BAY-HMO", effective_date=day("2025-01-01")),),
        plans=plans,
    )
    record, _ = on_file.decide(stay(line("0120", 6000, 4), begin="2025-12-30", end="2026-01-03"))
    assert short(record) == ("5750", "4", {"PR*3": "250"})


def test_a_dear_line_that_is_denied_leaves_the_copay_to_the_other() -> None:
    imaging = line("70551", 800)  # copay 75, no approval
    record, _ = world("BAY-HMO", spans=(member("BAY-HMO", pcp_npi=PCP),)).decide(
        claim(imaging, OFFICE, by=PCP)
    )
    assert cas(record) == {"CO*197": D(800)}
    assert record.lines[1].copay == 20


# -- fees ----------------------------------------------------------------------------------------------

NO_FEE = "97150:GP"


@pytest.mark.parametrize(
    ("on_file", "one", "status"),
    [
        (world("BAY-HMO"), over(NO_FEE, 90, 2, "2026-07-06", "2026-07-07"), "denied"),  # nothing approved
        (world(**ENDED), over(NO_FEE, 90, 2, "2026-07-09", "2026-07-10"), "denied"),
        (world(**ENDED), over(NO_FEE, 90, 2, "2026-07-08", "2026-07-09"), "pended"),
        (
            world("BAY-HMO", consents=(consent(GROUP, "97150"),)),
            line(NO_FEE, 90),
            "pended",
        ),  # owes the allowed
        (world(accumulators={"visits:PT-OT": "60"}), line(NO_FEE, 90), "pended"),
        (world("BAY-HMO", visits(units=1, used=D(1))), line(NO_FEE, 90), "denied"),
    ],
)
def test_only_what_is_paid_or_owed_needs_a_fee(on_file: World, one: ServiceLine, status: str) -> None:
    record, _ = on_file.decide(claim(one, by=GROUP))
    assert record.status == status


# -- whatever is billed ----------------------------------------------------------------------------------

FIRST = date(2025, 12, 26)
RANGES = st.tuples(st.integers(0, 12), st.integers(2, 5))
CODES = {
    "97110:GP": (GROUP, "PT"),
    "90837": (PCP, "A6"),
    "98940": (CHIRO, "33"),
    "G0151": (HOME_HEALTH, "42"),
}


@st.composite
def worlds(draw: st.DrawFn, code: str) -> World:
    """A person with coverage, approvals and accumulators that begin or end about the range."""
    npi, service_type = CODES[code]
    plan = draw(st.sampled_from(("BAY-HMO", "BAY-PPO", "BAY-INDEMNITY", "MEDICARE-HMO", "FEP-STANDARD")))
    turn = FIRST + timedelta(draw(st.integers(0, 16)))
    spans = draw(
        st.sampled_from(
            (
                (member(plan, effective_date=day("2025-01-01")),),
                (member(plan, effective_date=turn),),
                (member(plan, effective_date=day("2025-01-01"), termination_date=turn),),
                (
                    member(plan, effective_date=day("2025-01-01"), termination_date=turn),
                    member("BAY-PPO", effective_date=turn + timedelta(1)),
                ),
            )
        )
    )
    lot = approval(
        "AU-1",
        service_type=service_type,
        provider_npi=npi,
        unit=draw(st.sampled_from(("VS", "UN"))),
        units=D(draw(st.integers(0, 8))),
        effective_date=FIRST + timedelta(draw(st.integers(-3, 6))),
        expiration_date=FIRST + timedelta(draw(st.integers(6, 18))),
    )
    used = {
        "visits:PT-OT": draw(st.sampled_from(("0", "57", "59", "60"))),
        "visits:CHIRO": draw(st.sampled_from(("0", "10", "12"))),
        "deductible": draw(st.sampled_from(("0", "450", "1000"))),
        "out_of_pocket": draw(st.sampled_from(("0", "1960", "3950"))),
    }
    agreed = (evolve(consent(npi, code.split(":")[0]), effective_date=FIRST),) if draw(st.booleans()) else ()
    on_file = world(plan, lot, spans=spans, consents=agreed, accumulators=used)
    earlier = tuple(AccumulatorUse(name, 2025, D(value)) for name, value in used.items())
    person = evolve(on_file.facts.member, accumulators=(*on_file.facts.member.accumulators, *earlier))
    return evolve(on_file, facts=evolve(on_file.facts, member=person))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CODES)), RANGES, st.integers(1, 12), st.decimals(0, 900, places=2), st.data())
def test_quantities_add_up_and_money_balances(
    code: str, at: tuple[int, int], units: int, charge: Decimal, data: st.DataObject
) -> None:
    on_file = data.draw(worlds(code))
    begin = FIRST + timedelta(at[0])
    one = line(code, str(charge), units, period=Period("472", begin, begin + timedelta(at[1] - 1)))
    record, after = on_file.decide(claim(one, by=CODES[code][0]))
    assert balanced(record)
    reported = remitted(record).lines[0]
    assert reported.units_paid is not None
    assert reported.units_paid % 1 == 0
    refused = sum((a.quantity for a in reported.adjustments if a.quantity is not None), D(0))
    assert reported.units_paid + refused == units
    assert all(a.amount >= 0 and a.amount == round(a.amount, 2) for a in reported.adjustments)
    assert all(a.quantity is None or a.quantity % 1 == 0 for a in reported.adjustments)
    assert all(0 <= a.used <= a.units for a in after.facts.member.approvals)
    assert len([use for use in record.accumulators if use.day and use.amount]) <= min(units, at[1])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(CODES)), RANGES, st.integers(1, 3), st.sampled_from((30, 40, 100, 180)), st.data()
)
def test_a_range_is_worth_what_its_dates_are_worth(
    code: str, at: tuple[int, int], each: int, price: int, data: st.DataObject
) -> None:
    """Units that divide evenly: the line over the dates and one line a date come to the same."""
    on_file = data.draw(worlds(code))
    days = [FIRST + timedelta(at[0] + n) for n in range(at[1])]
    npi = CODES[code][0]
    whole = line(code, price * each * len(days), each * len(days), period=Period("472", days[0], days[-1]))
    together, after = on_file.decide(claim(whole, by=npi))
    apart, beside = on_file.decide(claim(*(line(code, price * each, each, on=d) for d in days), by=npi))
    assume("pended" not in (together.status, apart.status))
    assert together.paid == apart.paid
    assert together.patient_responsibility == apart.patient_responsibility
    assert moved(together) == moved(apart)
    assert after.left("AU-1") == beside.left("AU-1")
    assert remitted(together).lines[0].units_paid == sum(one.units_paid or 0 for one in remitted(apart).lines)


def test_money_of_a_line_is_in_cents() -> None:
    record, _ = world("MEDICARE-HMO", home_dates(2)).decide(
        claim(over("G0151", "1000.01", 7, "2026-07-06", "2026-07-08"), **HH)
    )
    assert cas(record) == {"CO*198": D("428.58")}
    assert remitted(record).paid == money("571.43")


# -- units before limits (wire_rules section 8) ------------------------------------------------------


@pytest.mark.parametrize(
    ("used", "reasons"),
    [
        ("60", {"CO*45": "20", "PR*119": "40/1", "CO*198": "120/2"}),  # one unit approved, no visit left
        ("59", {"CO*45": "20", "PR*3": "20", "CO*198": "120/2"}),
    ],
)
def test_of_one_date_only_what_is_approved_is_over_the_limit(used: str, reasons: dict[str, str]) -> None:
    on_file = world("BAY-HMO", visits("AU-PT", units=1, unit="UN"), accumulators={"visits:PT-OT": used})
    record, after = on_file.decide(claim(line("97110:GP", 180, 3, on=day("2026-07-08")), by=GROUP))
    assert short(record)[2] == reasons
    assert after.left("AU-PT") == (1 if used == "60" else 0)
    assert balanced(record)


def test_of_a_date_over_the_limit_only_what_is_approved_is_over_it() -> None:
    # two units a date, three approved, one visit left: of the second date one is over, one unapproved
    on_file = world("BAY-HMO", visits("AU-PT", units=3, unit="UN"), accumulators={"visits:PT-OT": "59"})
    record, after = on_file.decide(claim(over("97110:GP", 240, 4, "2026-07-08", "2026-07-09"), by=GROUP))
    assert short(record) == (
        "60",
        "2",
        {"CO*45": "60", "PR*3": "20", "PR*119": "40/1", "CO*198": "60/1"},
    )
    assert after.left("AU-PT") == 1
    assert balanced(record)


@pytest.mark.parametrize("units", [2, 7])
def test_dates_beside_an_approved_one_are_units_over_however_many_units(units: int) -> None:
    on_file = world("MEDICARE-HMO", home_dates(9, effective_date=day("2026-07-08")))
    record, _ = on_file.decide(claim(over("G0151", 600, units, "2026-07-06", "2026-07-08"), by=HOME_HEALTH))
    _, _, reasons = short(record)
    assert "CO*198" in reasons
    assert "CO*302" not in reasons


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(set(shipped_plans()) - {"BAY-DENTAL"})),
    st.sampled_from(("99213", "85025", "97110:GP", "J1745", "98940", "81228", "29881")),
    st.decimals("0.001", 12, places=3) | st.integers(1, 12).map(D),
    st.integers(0, 8),
    st.sampled_from(("2026-01-01", "2026-07-05", "2025-12-28")),
    st.sampled_from((GROUP, PCP, SPECIALIST, LAB)),
)
def test_a_line_of_which_nothing_is_asked_is_decided_as_if_it_were(
    plan: str, code: str, units: Decimal, more: int, begin: str, by: str
) -> None:
    """The short way, for services that need no approval and count no visit, gives what the long one gives."""
    first = day(begin)
    last = first + timedelta(days=more)
    billed = line(code, "900", quantity=units, period=Period("472", first, last, "RD8"))
    place = world(spans=(member(plan, effective_date=day("2025-01-01"), pcp_npi=PCP),))
    with pytest.MonkeyPatch.context() as patch:
        short_way = place.decide(claim(billed, by=by))
        patch.setattr("x12_payer.adjudication.claims.dates.asks_nothing", lambda _: False)
        patch.setattr("x12_payer.adjudication.claims.judge.asks_nothing", lambda _: False)
        assert place.decide(claim(billed, by=by)) == short_way
