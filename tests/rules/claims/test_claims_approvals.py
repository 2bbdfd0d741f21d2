"""Which approvals claims use and what is left of them: split lines, stays, notices, cancellations."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.payer.claim_world import (
    DAY,
    GROUP,
    HOSPITAL,
    IMAGING,
    SUPPLY,
    THERAPIST,
    approval,
    balanced,
    cas,
    claim,
    day,
    fee,
    line,
    remitted,
    stay,
    summed,
    visits,
    world,
)
from x12_payer.adjudication.records import ClaimRecord, Fee
from x12_payer.authorization.facts import Approval
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.messages.common import Diagnosis, Period, Reference

LATER = {"expiration_date": date(2026, 12, 31)}


def supplies(number: str, units: int, **more: Any) -> Approval:
    facts = {"service_type": "12", "provider_npi": SUPPLY, "code": "A7030", "units": Decimal(units)}
    return approval(number, **{**facts, **more})


def sent(*lines: ServiceLine, **more: Any) -> Claim:
    return claim(*lines, by=SUPPLY, facility_code="12", **more)


def numbers(record: ClaimRecord) -> tuple[str, ...]:
    """REF G1 of the claim, then of each line: `AU-1`, or `- AU-1 AU-1,AU-2`."""
    found = remitted(record)

    def numbers_in(references: tuple[Reference, ...]) -> str:
        return ",".join(r.value for r in references if r.qualifier == "G1") or "-"

    return (numbers_in(found.references), *(numbers_in(one.references) for one in found.lines))


def test_a_line_is_split_over_two_numbers_and_says_both() -> None:
    state = world("BAY-PPO", supplies("AU-1", 1), supplies("AU-2", 2, **LATER))
    record, state = state.decide(sent(line("A7030", 300, 3)))
    assert (record.paid, cas(record), numbers(record)) == (240, {"CO*45": 60}, ("-", "AU-1,AU-2"))
    _, after = state.reverse(record)
    assert (after.left("AU-1"), after.left("AU-2")) == (1, 2)
    over, _ = after.decide(sent(line("A7030", 400, 4)))
    assert (over.paid, cas(over)) == (240, {"CO*45": 60, "CO*198": 100})


def test_one_number_that_has_as_much_is_used_alone() -> None:
    state = world("BAY-PPO", supplies("AU-1", 1), supplies("AU-2", 3, **LATER))
    record, state = state.decide(sent(line("A7030", 300, 3)))
    assert (record.paid, numbers(record), state.left("AU-1")) == (240, ("AU-2", "-"), 1)


def test_all_the_numbers_given_count_and_no_other() -> None:
    rows = (supplies("AU-1", 1), supplies("AU-2", 1), supplies("AU-3", 9))
    on_line = line("A7030", 300, 3, references=(Reference("G1", "AU-2"),))
    record, state = world("BAY-PPO", *rows).decide(sent(on_line, g1="AU-1"))
    assert (record.paid, numbers(record)) == (160, ("-", "AU-2,AU-1"))
    assert state.left("AU-3") == 9


def test_an_exact_line_is_never_split() -> None:
    def test_of(number: str, **more: Any) -> Approval:
        return approval(number, service_type="5", code="81228", **more)

    state = world("BAY-PPO", test_of("AU-1"), test_of("AU-2", **LATER))
    record, state = state.decide(claim(line("81228", 500, 2), by=IMAGING))
    assert (record.paid, cas(record)) == (0, {"CO*198": 500})
    assert (state.left("AU-1"), state.left("AU-2")) == (1, 1)


@pytest.mark.parametrize("unit", ["UN", "VS"])
def test_a_line_over_the_end_of_an_approval_uses_the_next_too(unit: str) -> None:
    first = visits("AU-1", 9, unit=unit, expiration_date=date(2026, 7, 9))
    second = visits("AU-2", 9, unit=unit, effective_date=date(2026, 7, 10))
    billed = line("97110:GP", 600, 4, period=Period("472", DAY, DAY + timedelta(3)))
    what = claim(billed, by=GROUP, rendering=THERAPIST)
    record, state = world("BAY-HMO", first, second).decide(what)
    assert (record.status, numbers(record)) == ("paid", ("-", "AU-1,AU-2"))
    assert not any(key.endswith("198") for key in cas(record))
    assert (state.left("AU-1"), state.left("AU-2")) == (7, 7)
    alone, _ = world("BAY-HMO", first).decide(what)
    assert cas(alone)["CO*198"] == 300


def test_a_therapy_uses_no_other_therapys_approval() -> None:
    given = approval("AU-1", service_type="AD", provider_npi=GROUP, code="97110", modifiers=("GO",))
    physical = claim(line("97110:GP", 60), by=GROUP, rendering=THERAPIST)
    named = evolve(physical, references=(Reference("G1", "AU-1"),))
    state = world("BAY-HMO", given)
    assert cas(state.decide(physical)[0]) == {"CO*197": 60}
    assert cas(state.decide(named)[0]) == {"CO*284": 60}
    occupational = claim(line("97110:GO", 60), by=GROUP, rendering=THERAPIST)
    assert state.decide(occupational)[0].paid == 20


# -- stays -----------------------------------------------------------------------------------------


def days(number: str, units: int, **more: Any) -> Approval:
    facts = {"service_type": "48", "provider_npi": HOSPITAL, "unit": "DY", "units": Decimal(units)}
    return approval(number, **{**facts, **more})


def test_bills_of_one_stay_use_one_approval_after_the_other() -> None:
    state = world("BAY-HMO", days("AU-1", 3), days("AU-2", 3, **LATER))
    first, state = state.decide(
        stay(line("0120", 9000, 3), begin="2026-07-06", end="2026-07-09", frequency="2")
    )
    second, state = state.decide(
        evolve(
            stay(line("0120", 9000, 3), begin="2026-07-09", end="2026-07-12", frequency="4"),
            admission=Period("435", day("2026-07-06"), day("2026-07-06")),
        )
    )
    assert [(r.paid, numbers(r)[0]) for r in (first, second)] == [(4500, "AU-1"), (4500, "AU-2")]
    assert (state.left("AU-1"), state.left("AU-2")) == (0, 0)


def test_what_a_stay_costs_besides_its_days_needs_days_left_too() -> None:
    """On the bill of a skilled nursing facility every line belongs to the stay."""
    state = world("BAY-HMO", days("AU-1", 2, service_type="AG"))
    lines = (line("0120", 6000, 2), line("0300", 100, 1, unit="UN"))
    bill = stay(*lines, begin="2026-07-06", end="2026-07-08", bill="21")
    priced = evolve(state, fees=(fee("0300", "80"),))
    first, after = priced.decide(bill)
    assert (first.paid, cas(first, 1)) == (3080, {"CO*45": 20})
    again, _ = after.decide(
        evolve(bill, statement=Period("434", day("2026-07-20"), day("2026-07-22")), admission=None)
    )
    assert (again.paid, cas(again), cas(again, 1)) == (0, {"CO*198": 6000}, {"CO*198": 100})


def test_a_case_rate_needs_a_day_left_and_is_not_cut_by_days() -> None:
    state = evolve(world("BAY-HMO", days("AU-1", 2), days("AU-2", 1, **LATER)), fees=(case_rate(),))

    def admitted(begin: str, end: str, nights: int) -> Claim:
        return stay(line("0120", 30000, nights), begin=begin, end=end, drg="470")

    first, state = state.decide(admitted("2026-07-02", "2026-07-07", 5))
    assert (first.paid, numbers(first)) == (18000, ("AU-1,AU-2",))
    assert (state.left("AU-1"), state.left("AU-2")) == (0, 0)
    second, _ = state.decide(admitted("2026-07-10", "2026-07-12", 2))
    assert (second.paid, summed(remitted(second).adjustments)) == (0, {"CO*198": 30000})
    assert balanced(second)


def case_rate() -> Fee:
    return fee("470", "18000", basis="drg")


# -- notices ---------------------------------------------------------------------------------------


def test_a_notice_is_no_authorization_of_therapy() -> None:
    noticed = visits("AU-1", 9, kind="notification")
    record, _ = world("BAY-HMO", noticed).decide(
        claim(line("97110:GP", 60), by=GROUP, rendering=THERAPIST, g1="AU-1")
    )
    assert cas(record) == {"CO*197": 60}


@pytest.mark.parametrize(("plan", "paid"), [("BAY-HMO", 4500), ("FEP-STANDARD", 4000)])
def test_a_notice_of_an_admission_is_for_plans_that_want_one(plan: str, paid: int) -> None:
    bill = stay(line("0120", 9000, 3), begin="2026-07-06", end="2026-07-09")
    record, _ = world(plan, days("AU-1", 3, kind="notification")).decide(bill)
    assert record.paid == paid


# -- cancelled approvals -----------------------------------------------------------------------------

ORIGINAL = sent(line("A7030", 200, 2))


def corrected(units: int, **more: Any) -> Claim:
    return sent(line("A7030", 100 * units, units), frequency="7", f8="ICN1", **more)


def test_a_cancelled_approval_pays_nothing_more_and_a_void_revives_nothing() -> None:
    original, state = world("BAY-PPO", supplies("AU-1", 5)).decide(ORIGINAL)
    state = state.cancelled("AU-1")
    other = sent(line("A7030", 100, on=DAY + timedelta(1)))
    for what in (other, evolve(other, references=(Reference("G1", "AU-1"),))):
        assert cas(state.decide(what)[0]) == {"CO*197": 100}
    _, state = state.reverse(original)
    for what in (other, evolve(other, references=(Reference("G1", "AU-1"),))):
        assert cas(state.decide(what)[0]) == {"CO*197": 100}


# units on the correction -> paid, CAS
KEPT = [
    (1, 80, {"CO*45": 20}),
    (2, 160, {"CO*45": 40}),
    (3, 160, {"CO*45": 40, "CO*198": 100}),
]


@pytest.mark.parametrize("g1", ["", "AU-1"])
@pytest.mark.parametrize(("units", "paid", "reported"), KEPT)
def test_a_correction_keeps_what_the_claim_used(
    units: int, paid: int, reported: dict[str, int], g1: str
) -> None:
    original, state = world("BAY-PPO", supplies("AU-1", 5)).decide(ORIGINAL)
    other, state = state.decide(sent(line("A7030", 100, on=DAY + timedelta(1))))
    state = state.cancelled("AU-1")
    _, state = state.reverse(other)  # given back, and nobody's any more
    record, after = state.correct(original, corrected(units, g1=g1))
    assert (record.paid, cas(record)) == (paid, reported)
    again, end = after.correct(record, corrected(3, g1=g1))
    assert again.paid == paid
    _, end = end.reverse(again)
    assert [a.used for a in end.facts.member.approvals] == [0]
    assert [a.status for a in end.facts.member.approvals] == ["cancelled"]


def test_a_correction_that_did_not_use_it_finds_it_cancelled() -> None:
    denied, state = world("BAY-PPO", supplies("AU-1", 5, provider_npi=GROUP)).decide(ORIGINAL)
    assert cas(denied) == {"CO*197": 200}
    state = state.cancelled("AU-1")
    assert cas(state.correct(denied, corrected(2))[0]) == {"CO*197": 200}


def test_a_shared_visit_is_kept_with_the_claim_that_shares_it() -> None:
    def therapy(code: str, **more: Any) -> Claim:
        return claim(line(code, 60), by=GROUP, rendering=THERAPIST, **more)

    first, state = world("BAY-HMO", visits("AU-1", 4)).decide(therapy("97110:GP"))
    second, state = state.decide(therapy("97140:GP"))
    assert state.left("AU-1") == 3
    state = state.cancelled("AU-1")
    record, state = state.correct(second, therapy("97140:GP", frequency="7", f8="ICN2"))
    assert record.status == "paid"
    record, state = state.correct(first, therapy("97110:GP", frequency="7", f8="ICN1"))
    assert record.status == "paid"
    assert [a.used for a in state.facts.member.approvals] == [1]


@pytest.mark.parametrize("plan", ["BAY-INDEMNITY", "BAY-HMO"])
@pytest.mark.parametrize("asked_as", ["A7", "MH", "48"])
def test_a_psychiatric_admission_is_found_under_the_type_it_was_asked_for(plan: str, asked_as: str) -> None:
    days = approval("AU-1", service_type=asked_as, provider_npi=HOSPITAL, unit="DY", units=Decimal(3))
    what = stay(
        line("0124", 3600, 3), begin="2026-07-13", end="2026-07-16", diagnoses=(Diagnosis("ABK", "F329"),)
    )
    record, state = world(plan, days).decide(what)
    assert record.status == "paid"
    assert state.left("AU-1") == 0
