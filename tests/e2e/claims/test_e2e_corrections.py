"""Corrections and frequencies from the file to the 835: what is refused at the door, what reverses what."""

from pathlib import Path

import pytest
from attrs import evolve

from tests.worlds.payer.claim_forms import Form, again, claim_numbers, outcomes, professional
from tests.worlds.payer.paying_world import (
    BACK,
    DAY1,
    DAY2,
    DAY3,
    PAID,
    PCP,
    VISIT,
    PayingWorld,
    active,
    send,
)

HOSPITAL = "1908800083"


@pytest.fixture
def world(tmp_path: Path) -> PayingWorld:
    return PayingWorld(tmp_path / "store.db")


def bill(number: str, subscriber: str, frequency: str, charge: str = "500", day: str = "20260708") -> Form:
    """An emergency visit billed by the hospital: fee 500, the HMO's copay 150."""
    before = (f"DTP*434*RD8*{day}-{day}", "CL1*1*1*01")
    line = f"0450 {charge} 1 {day}"
    form = Form("I", number, HOSPITAL, subscriber, (line,), place="13", before=before)
    return evolve(form, frequency=frequency, codes=("HI*APR:R0789",))


def outcome(world: PayingWorld, form: Form, as_of: str = DAY1) -> str:
    """What became of a claim sent alone."""
    return outcomes(send(world, form, as_of=as_of))[form.number]


@pytest.mark.parametrize("frequency", list("5ABCDEFGHIJKMNOPXYZ"))
def test_bills_that_no_provider_sends_to_a_plan_touch_nothing(world: PayingWorld, frequency: str) -> None:
    first = claim_numbers(send(world, bill("A", "B100", "1")))["A"]
    wrong = again(bill("B", "B100", frequency, "450"), frequency, first)
    assert outcome(world, wrong, DAY2) == "U A7:535"
    assert active(world) == {first: "paid"}


@pytest.mark.parametrize("frequency", list("12349"))
def test_frequencies_that_are_claims(world: PayingWorld, frequency: str) -> None:
    assert outcome(world, bill("A", "B100", frequency)).startswith("1 500 350 150")
    assert outcome(world, bill("B", "B100", frequency), DAY2).startswith("1 500 0 0")  # OA18


def test_a_bill_for_nothing_is_priced_at_nothing_and_blocks_nobody(world: PayingWorld) -> None:
    nothing = "1 500 0 0 | 0450 500 0 CO246:500 0/1"
    assert outcome(world, bill("A", "B100", "0")) == nothing
    assert (
        outcome(world, bill("B", "B800", "0", day="20240101")) == nothing
    )  # no coverage, no limit is looked at
    assert outcome(world, bill("C", "B100", "1"), DAY2).startswith("1 500 350 150")


def test_a_reopening_is_a_replacement(world: PayingWorld) -> None:
    first = claim_numbers(send(world, bill("A", "B100", "1")))["A"]
    assert outcome(world, bill("B", "B100", "Q"), DAY2) == "U A7:464"  # of nothing
    found = outcome(world, again(bill("A", "B100", "Q", "450"), "Q", first), DAY2)
    assert found.startswith("22 -500 -350 0")
    assert " ## 1 450 300 150 | " in found


@pytest.mark.parametrize("frequency", ["0", "2", "5", "9", "Q"])
def test_professional_claims_have_three_frequencies(world: PayingWorld, frequency: str) -> None:
    assert outcome(world, professional("A", PCP, "B200", VISIT, frequency=frequency)) == "U A7:535"


def test_an_original_names_no_earlier_claim(world: PayingWorld) -> None:
    form = professional("A", PCP, "B200", VISIT, references=("F8*12345",))
    out = send(world, form)
    assert outcomes(out)["A"] == PAID
    assert out.find("835", "REF*F8") == []
    first = claim_numbers(out)["A"]
    corrected = send(world, again(professional("A", PCP, "B200", VISIT), "7", first), as_of=DAY2)
    assert corrected.find("835", "REF*F8") == [f"REF*F8*{first}"]


CORRECTED = "99213 150 1 20260708"


@pytest.mark.parametrize(
    ("as_of", "late"),
    [("2027-08-15T23:00:00", False), ("2027-08-16T00:00:00", True)],
)
def test_a_correction_has_a_limit_of_its_own(world: PayingWorld, as_of: str, late: bool) -> None:
    """365 days from the remittance of 2026-08-15, whatever the day of service."""
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    found = outcome(world, again(form, "7", first, CORRECTED), as_of)
    assert found == ("U A3:718" if late else f"{BACK} ## 1 150 80 20 | 99213 150 80 CO45:50 PR3:20")
    if late:
        assert active(world) == {first: "paid"}
        assert outcome(world, again(form, "8", first), as_of) == BACK  # a void is never late


def test_the_limit_counts_from_the_latest_remittance_of_the_chain(world: PayingWorld) -> None:
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    second = outcome(world, again(form, "7", first, CORRECTED), "2027-08-10T08:00:00")
    assert second.startswith(BACK)
    third = outcome(world, again(form, "7", first, VISIT), "2028-08-09T08:00:00")
    assert third.endswith(f" ## {PAID}")


def test_a_chain_of_corrections_by_any_of_its_numbers(world: PayingWorld) -> None:
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    out = send(world, again(form, "7", first, CORRECTED), as_of=DAY2)
    second = claim_numbers(out)["A"]
    again_ = outcome(world, again(form, "7", first), DAY2)
    assert again_ == f"22 -150 -80 0 | 99213 -150 -80 CO45:-50 PR3:-20 ## {PAID}"
    assert outcome(world, again(form, "8", second), DAY3) == BACK
    for number in (first, second):
        assert outcome(world, again(form, "7", number), DAY3) == "U A3:464"
        assert outcome(world, again(form, "8", number), DAY3) == "U A3:464"
