"""Replacement and void: everything negated, everything given back, before anything else is tested."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import (
    DAY,
    DENTIST,
    GROUP,
    HOSPITAL,
    NOW,
    PCP,
    SPECIALIST,
    THERAPIST,
    World,
    approval,
    balanced,
    claim,
    line,
    member,
    remitted,
    stay,
    visits,
    world,
)
from x12_payer.adjudication.claims.engine import reverse_claim
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.edi.messages.claim import Claim


def therapy(*days: int, **more: Any) -> Claim:
    lines = [line("97110:GP", 150, 3, on=DAY + timedelta(d)) for d in days]
    return claim(*lines, by=GROUP, rendering=THERAPIST, **more)


SURGERY = claim(line("29881", 1000), line("99213", 140), by=SPECIALIST, facility_code="24")
CROWN = claim(line("D2740", 1200), by=DENTIST, kind="D")
FEP_STAY = stay(line("0120", 8000, 4), begin="2026-07-06", end="2026-07-10")
KINDS: dict[str, tuple[World, Claim]] = {
    "visits and a copay": (world("BAY-HMO", visits(units=2)), therapy(0, 2)),
    "cut back": (world("BAY-HMO", visits(units=1)), therapy(0, 2)),
    "denied": (world("BAY-HMO"), therapy(0)),
    "deductible": (world("BAY-PPO", accumulators={"deductible": "250"}), SURGERY),
    "penalty of the claim": (world("FEP-STANDARD"), FEP_STAY),
    "yearly maximum": (world(spans=(member("BAY-DENTAL", birth_date=date(2010, 8, 21)),)), CROWN),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_reversal_undoes_a_claim_to_the_cent(name: str) -> None:
    before, what = KINDS[name]
    original, after = before.decide(what)
    reversal, end = after.reverse(original)
    old, new = remitted(original), remitted(reversal)
    assert balanced(reversal)
    assert (new.status, new.payer_control_number, new.patient_responsibility) == (
        "22",
        original.claim_number,
        0,
    )
    assert (new.charge, new.paid) == (-old.charge, -old.paid)
    assert [a.amount for a in new.adjustments] == [-a.amount for a in old.adjustments]
    for was, now in zip(old.lines, new.lines, strict=True):
        assert (now.charge, now.paid, now.units_paid) == (-was.charge, -was.paid, was.units_paid)
        assert [(a.group, a.reason, a.amount) for a in now.adjustments] == [
            (a.group, a.reason, -a.amount) for a in was.adjustments
        ]
    assert (reversal.status, reversal.replaces, reversal.adjudicated) == (
        "reversal",
        original.claim_number,
        NOW.date(),
    )
    assert same_book(before, end)
    assert end.facts.claims[0].status == "reversed"


def same_book(one: World, other: World) -> bool:
    """Approvals and accumulators are as they were."""
    names = {a.name for a in other.facts.member.accumulators}
    return one.facts.member.approvals == other.facts.member.approvals and all(
        one.facts.member.accumulated(n, 2026) == other.facts.member.accumulated(n, 2026) for n in names
    )


def test_a_replacement_is_decided_with_what_the_original_gave_back() -> None:
    original, after = world("BAY-HMO", visits(units=2)).decide(therapy(0, 2))
    assert after.left("AU-1") == 0
    reversal, after = after.reverse(original)
    corrected, after = after.decide(therapy(0, frequency="7", f8=original.claim_number))
    assert (reversal.paid, corrected.paid, corrected.status) == (-200, 100, "paid")
    assert (corrected.replaces, remitted(corrected).frequency) == (original.claim_number, "7")
    assert after.left("AU-1") == 1


def test_a_void_gives_the_visit_to_the_next_claim_and_not_to_an_old_one() -> None:
    first, after = world("BAY-HMO", visits(units=1)).decide(therapy(0))
    second, after = after.decide(therapy(2))
    _, after = after.reverse(first)
    third, _ = after.decide(therapy(4))
    assert [r.status for r in (first, second, third)] == ["paid", "denied", "paid"]


def test_a_visit_that_two_claims_share_is_given_back_with_the_last() -> None:
    first, after = world("BAY-HMO", visits(units=1)).decide(therapy(0))
    second, after = after.decide(claim(line("97140:GP", 40), by=GROUP, rendering=THERAPIST))
    assert (second.status, after.left("AU-1")) == ("paid", 0)
    _, after = after.reverse(first)
    assert after.left("AU-1") == 0
    assert after.facts.member.accumulated("visits:PT-OT", 2026) == 1
    _, after = after.reverse(second)
    assert after.left("AU-1") == 1
    assert after.facts.member.accumulated("visits:PT-OT", 2026) == 0


def test_a_claim_that_waits_is_reversed_without_a_remittance() -> None:
    waiting, after = world().decide(claim(line("99499", 10), by=PCP))
    reversal, after = after.reverse(waiting)
    assert (reversal.status, reversal.remittance, after.facts.claims[0].status) == (
        "reversal",
        None,
        "reversed",
    )


def test_without_facts_everything_taken_is_given_back() -> None:
    original, _ = world("BAY-HMO", visits(units=2)).decide(therapy(0, 2))
    reversal = reverse_claim(original, "ICN9", NOW)
    assert [u.units for u in reversal.uses] == [-1, -1]
    assert [a.amount for a in reversal.accumulators] == [-a.amount for a in original.accumulators]


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(("97110:GP", "97140:GP", "97165:GO", "99213", "29881")),
        st.integers(1, 4),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(CLAIMS, st.randoms())
def test_voiding_every_claim_in_any_order_restores_the_book(
    billed: list[tuple[str, int, int]], random: object
) -> None:
    start = world(
        "BAY-HMO",
        visits("AU-PT", units=2),
        visits("AU-OT", units=1, service_type="AD"),
        approval("RF-1", kind="referral", provider_npi=GROUP, unit="VS", units=Decimal(1)),
        accumulators={"deductible": "250"},
    )
    state, records = start, list[ClaimRecord]()
    for n, (code, units, later) in enumerate(billed):
        what = claim(line(code, 100 * units, units, on=DAY + timedelta(later)), by=GROUP, rendering=THERAPIST)
        record, state = state.decide(evolve(what, control_number=f"C{n}"))
        assert balanced(record)
        assert all(a.used <= a.units for a in state.facts.member.approvals)
        records.append(record)
    random.shuffle(records)  # type: ignore[attr-defined]
    for record in records:
        _, state = state.reverse(record)
        assert all(a.used >= 0 for a in state.facts.member.approvals)
    assert same_book(start, state)


def test_the_hospital_is_who_the_penalty_was_kept_from() -> None:
    original, _ = KINDS["penalty of the claim"][0].decide(FEP_STAY)
    assert (original.billing_npi, original.paid) == (HOSPITAL, 5500)
