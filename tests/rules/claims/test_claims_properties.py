"""What holds for every claim, whatever is on file: the money adds up and nobody pays or uses too much."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import (
    CHIRO,
    DAY,
    GROUP,
    HOSPITAL,
    IMAGING,
    LAB,
    OUTSIDER,
    PCP,
    SPECIALIST,
    THERAPIST,
    approval,
    balanced,
    claim,
    consent,
    line,
    other_payer,
    remitted,
    visits,
    world,
)
from x12_payer.authorization.plans.plan import shipped_plans, terms

CODES = ("97110:GP", "97165:GO", "99213", "70551", "81228", "29881", "98940", "90837", "99283", "0120")
LINES = st.builds(
    lambda code, charge, units, later: line(code, str(charge), units, on=DAY + timedelta(later)),
    st.sampled_from(CODES),
    st.decimals(0, 3000, places=2),
    st.integers(1, 5),
    st.integers(0, 2),
)
CLAIMS = st.builds(
    lambda lines, by, place, responsibility, left: evolve(
        claim(*lines, by=by, rendering=THERAPIST if by == GROUP else "", facility_code=place),
        responsibility=responsibility,
        other_payers=(other_payer("10", patient_liability=left),) if responsibility != "P" else (),
    ),
    st.lists(LINES, min_size=1, max_size=4),
    st.sampled_from((GROUP, PCP, SPECIALIST, IMAGING, LAB, HOSPITAL, CHIRO, OUTSIDER)),
    st.sampled_from(("11", "22", "23", "24")),
    st.sampled_from(("P", "P", "S")),
    st.decimals(0, 500, places=2),
)
PLANS = st.sampled_from([plan for plan in shipped_plans() if plan != "BAY-DENTAL"])
UNITS = st.integers(0, 3)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PLANS, UNITS, UNITS, st.booleans(), st.lists(CLAIMS, min_size=1, max_size=4), st.integers(0, 4000))
def test_money_adds_up_and_nothing_is_used_twice(
    plan: str, therapy: int, scans: int, agreed: bool, claims: list[object], spent: int
) -> None:
    state = world(
        plan,
        visits("AU-PT", units=therapy),
        approval("AU-IM", units=Decimal(scans)),
        approval("AU-LAB", service_type="5", provider_npi=LAB, units=Decimal(scans)),
        approval("RF", kind="referral", provider_npi=SPECIALIST, unit="VS"),
        accumulators={"deductible": str(spent // 4), "out_of_pocket": str(spent)},
        consents=(consent(GROUP, "97110"),) if agreed else (),
    )
    promised = terms(shipped_plans()[plan], DAY)
    for what in claims:
        record, state = state.decide(what)  # type: ignore[arg-type]
        if record.status == "pended":
            assert (record.remittance, record.paid, record.uses, record.accumulators) == (None, 0, (), ())
            continue
        assert balanced(record)
        assert all(0 <= one.paid <= one.charge for one in remitted(record).lines)
        assert record.patient_responsibility == remitted(record).patient_responsibility
        for one, kept in zip(remitted(record).lines, record.lines, strict=True):
            assert one.allowed is None or one.paid <= one.allowed <= one.charge
            assert kept.paid == one.paid
            assert all(a.amount > 0 for a in one.adjustments) or not one.charge
    member = state.facts.member
    assert all(0 <= a.used <= a.units for a in member.approvals)
    assert member.accumulated("deductible", 2026) <= max(promised.deductible, Decimal(spent // 4))
    if promised.out_of_pocket_max is not None:
        assert member.accumulated("out_of_pocket", 2026) <= max(promised.out_of_pocket_max, Decimal(spent))
