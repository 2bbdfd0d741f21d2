"""The finding table of CONTRACT section 5 ("837"): what is on file, the claim, what the 835 says."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.payer.claim_world import (
    CHIRO,
    DAY,
    DENTIST,
    GROUP,
    HOME_HEALTH,
    HOSPITAL,
    IMAGING,
    LAB,
    NOW,
    ORTHODONTIST,
    OUTSIDER,
    PCP,
    SPECIALIST,
    STRANGER,
    SUPPLY,
    THERAPIST,
    World,
    approval,
    balanced,
    cas,
    claim,
    consent,
    fee,
    line,
    member,
    other_payer,
    primary_elsewhere,
    remitted,
    stay,
    summed,
    visits,
    world,
)
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.authorization.facts import ReviewCase
from x12_payer.authorization.plans.plan import parse_plan
from x12_payer.edi.messages.claim import Adjustment, Claim, PriorPayment, ServiceLine
from x12_payer.edi.messages.common import Period


def decided(on_file: World, what: Claim) -> ClaimRecord:
    record, _ = on_file.decide(what)
    if record.remittance is not None:
        assert balanced(record)
    return record


def amounts(**expected: str | int) -> dict[str, Decimal]:
    """co45=300 as {'CO*45': 300}."""
    return {f"{k[:2].upper()}*{k[2:]}": Decimal(v) for k, v in expected.items()}


MRI = line("70551", 900)
GENETIC = approval("AU-G", service_type="5", provider_npi=LAB, code="81432")
REFERRAL = approval("RF-1", kind="referral", service_type="3", provider_npi=SPECIALIST, unit="VS")

# name: (on file, claim, adjustments of the first line, paid, remark)
ONE_LINE: dict[str, tuple[World, Claim, dict[str, Decimal], int | str, str]] = {
    "exact match pays the lesser of charge and fee": (
        world("BAY-PPO", GENETIC),
        claim(line("81432", 1500), by=LAB, g1="AU-G"),
        amounts(co45=300),
        1200,
        "",
    ),
    "a charge below the fee is allowed whole": (
        world("BAY-PPO", GENETIC),
        claim(line("81432", 1000), by=LAB, g1="AU-G"),
        {},
        1000,
        "",
    ),
    "before coverage": (
        world(spans=(member(effective_date=date(2026, 9, 1)),)),
        claim(MRI),
        amounts(pr26=900),
        0,
        "",
    ),
    "after coverage": (
        world(spans=(member(termination_date=date(2026, 5, 31)),)),
        claim(MRI),
        amounts(pr27=900),
        0,
        "",
    ),
    "between two spans": (
        world(
            spans=(member(termination_date=date(2026, 5, 31)), member(effective_date=date(2026, 9, 1))),
        ),
        claim(MRI),
        amounts(pr27=900),
        0,
        "",
    ),
    "filed late": (
        world(spans=(member(effective_date=date(2024, 1, 1)),)),
        claim(line("99213", 140, on=NOW.date() - timedelta(366)), by=PCP),
        amounts(co29=140),
        0,
        "",
    ),
    "on the last day of the filing limit": (
        world(spans=(member(effective_date=date(2024, 1, 1)),)),
        claim(line("99213", 140, on=NOW.date() - timedelta(365)), by=PCP),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "late because of the authorization": (
        world(spans=(member(effective_date=date(2024, 1, 1)),)),
        claim(line("99213", 140, on=NOW.date() - timedelta(366)), by=PCP, delay_reason="3"),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "late for another reason": (
        world(spans=(member(effective_date=date(2024, 1, 1)),)),
        claim(line("99213", 140, on=NOW.date() - timedelta(366)), by=PCP, delay_reason="11"),
        amounts(co29=140),
        0,
        "",
    ),
    "no authorization": (world(), claim(MRI), amounts(co197=900), 0, ""),
    "no authorization with consent": (
        world(consents=(consent(IMAGING, "70551"),)),
        claim(MRI),
        amounts(pr197=600, co45=300),
        0,
        "",
    ),
    "consent for another code": (
        world(consents=(consent(IMAGING, "72148"),)),
        claim(MRI),
        amounts(co197=900),
        0,
        "",
    ),
    "consent to another provider": (
        world(consents=(consent(HOSPITAL, "70551"),)),
        claim(MRI),
        amounts(co197=900),
        0,
        "",
    ),
    "unknown number": (world("BAY-PPO", approval()), claim(MRI, g1="NOBODY"), amounts(co197=900), 0, ""),
    "number of another member": (
        world(others=(approval("AU-X", member_id="M2"),), consents=(consent(IMAGING, "70551"),)),
        claim(MRI, g1="AU-X"),
        amounts(co197=900),
        0,
        "",
    ),
    "number of a denied request": (
        world("BAY-PPO", approval(status="denied")),
        claim(MRI, g1="AU-1"),
        amounts(co39=900),
        0,
        "",
    ),
    "number of a cancelled authorization": (
        world("BAY-PPO", approval(status="cancelled")),
        claim(MRI, g1="AU-1"),
        amounts(co197=900),
        0,
        "",
    ),
    "number of a request that is pended": (
        world("BAY-PPO", approval(status="pended")),
        claim(MRI, g1="AU-1"),
        amounts(co197=900),
        0,
        "",
    ),
    "a denied request is found": (
        world("BAY-PPO", approval(status="denied", code="70551")),
        claim(MRI),
        amounts(co39=900),
        0,
        "",
    ),
    "a denied request does not hide an approved one": (
        world("BAY-PPO", approval("AU-0", status="denied"), approval("AU-2")),
        claim(MRI),
        amounts(co45=300, pr3=75),
        525,
        "",
    ),
    "a referral is no authorization": (
        world("BAY-PPO", approval(kind="referral")),
        claim(MRI, g1="AU-1"),
        amounts(co197=900),
        0,
        "",
    ),
    "another provider": (
        world("BAY-PPO", approval(provider_npi=HOSPITAL)),
        claim(MRI, g1="AU-1"),
        amounts(co296=900),
        0,
        "",
    ),
    "approved for who renders": (
        world("BAY-PPO", approval(provider_npi=SPECIALIST)),
        claim(MRI, g1="AU-1", rendering=SPECIALIST),
        amounts(co45=300, pr3=75),
        525,
        "",
    ),
    "another code": (
        world("BAY-PPO", approval(code="72148")),
        claim(MRI, g1="AU-1"),
        amounts(co284=900),
        0,
        "N54",
    ),
    "a modifier that is not approved": (
        world("BAY-PPO", approval(service_type="12", provider_npi=SUPPLY, code="E0601", modifiers=("RR",))),
        claim(line("E0601:NU", 800), by=SUPPLY, g1="AU-1"),
        amounts(co284=800),
        0,
        "N54",
    ),
    "the approved modifier": (
        world("BAY-PPO", approval(service_type="12", provider_npi=SUPPLY, code="E0601", modifiers=("RR",))),
        claim(line("E0601:RR", 80), by=SUPPLY, g1="AU-1"),
        amounts(co45=20),
        60,
        "",
    ),
    "an informational modifier": (
        world("BAY-PPO", approval(service_type="5", provider_npi=LAB, code="81228", units=Decimal(2))),
        claim(line("81228:59", 300), by=LAB, g1="AU-1"),
        amounts(co45=50),
        250,
        "",
    ),
    "a code inside the approved range": (
        world("BAY-HMO", visits(code="97110", code_to="97150", unit="UN", units=3)),
        claim(line("97140:GP", 140, 3), by=GROUP, rendering=THERAPIST, g1="AU-1"),
        amounts(co45=26, pr3=20),
        94,
        "",
    ),
    "a code outside the approved range": (
        world("BAY-HMO", visits(code="97110", code_to="97150", unit="UN", units=3)),
        claim(line("97799:GP", 140), by=GROUP, rendering=THERAPIST, g1="AU-1"),
        amounts(co284=140),
        0,
        "N54",
    ),
    "the day after the approval ends": (
        world("BAY-PPO", approval(expiration_date=DAY - timedelta(1))),
        claim(MRI, g1="AU-1"),
        amounts(co302=900),
        0,
        "N351",
    ),
    "the last day of the approval": (
        world("BAY-PPO", approval(expiration_date=DAY)),
        claim(MRI, g1="AU-1"),
        amounts(co45=300, pr3=75),
        525,
        "",
    ),
    "the first day of the approval": (
        world("BAY-PPO", approval(effective_date=DAY)),
        claim(MRI, g1="AU-1"),
        amounts(co45=300, pr3=75),
        525,
        "",
    ),
    "the day before the approval begins": (
        world("BAY-PPO", approval(effective_date=DAY + timedelta(1))),
        claim(MRI, g1="AU-1"),
        amounts(co302=900),
        0,
        "N351",
    ),
    "units over are cut back": (
        world("BAY-PPO", approval(service_type="12", provider_npi=SUPPLY, code="A7030", units=Decimal(2))),
        claim(line("A7030", 300, 3), by=SUPPLY, g1="AU-1"),
        amounts(co45=40, co198=100),
        160,
        "N362",
    ),
    "units over with consent": (
        world(
            "BAY-PPO",
            approval(service_type="12", provider_npi=SUPPLY, code="A7030", units=Decimal(2)),
            consents=(consent(SUPPLY, "A7030"),),
        ),
        claim(line("A7030", 300, 3), by=SUPPLY, g1="AU-1"),
        amounts(co45=60, pr198=80),
        160,
        "N362",
    ),
    "all visits used with consent": (
        world("BAY-HMO", visits(units=0), consents=(consent(GROUP, "97110"),)),
        claim(line("97110:GP", 150, 3), by=GROUP, rendering=THERAPIST, g1="AU-1"),
        amounts(co45=30, pr198=120),
        0,
        "N362",
    ),
    "genetic units over deny the whole line": (
        world("BAY-PPO", evolve(GENETIC, code="81228", units=Decimal(2))),
        claim(line("81228", 900, 3), by=LAB, g1="AU-G"),
        amounts(co198=900),
        0,
        "N362",
    ),
    "a search that finds only used-up approvals": (
        world("BAY-PPO", approval(units=Decimal(0))),
        claim(MRI),
        amounts(co198=900),
        0,
        "N362",
    ),
    "benefit limit": (
        world("BAY-HMO", visits(units=10), accumulators={"visits:PT-OT": "60"}),
        claim(line("97110:GP", 150, 3), by=GROUP, rendering=THERAPIST, g1="AU-1"),
        amounts(pr119=120, co45=30),
        0,
        "",
    ),
    "the last visit of the benefit": (
        world("BAY-HMO", visits(units=10), accumulators={"visits:PT-OT": "59"}),
        claim(line("97110:GP", 150, 3), by=GROUP, rendering=THERAPIST, g1="AU-1"),
        amounts(co45=30, pr3=20),
        100,
        "",
    ),
    "out of network without coverage": (
        world("BAY-EPO"),
        claim(line("90837", 150), by=OUTSIDER),
        amounts(pr242=150),
        0,
        "",
    ),
    "out of network, approved": (
        world("BAY-HMO", approval(service_type="A6", provider_npi=OUTSIDER, code="90837")),
        claim(line("90837", 150), by=OUTSIDER, g1="AU-1"),
        amounts(pr45=50, pr3=20),
        80,
        "",
    ),
    "out of network in an emergency": (
        world("BAY-EPO"),
        claim(line("99283", 500), by=OUTSIDER, facility_code="23"),
        amounts(co45=200, pr3=150),
        150,
        "",
    ),
    "POS out of network": (
        world("BAY-POS"),
        claim(line("90837", 150), by=OUTSIDER),
        amounts(pr45=50, pr2=30),
        70,
        "",
    ),
    "no referral": (
        world("BAY-HMO"),
        claim(line("99213", 140), by=SPECIALIST),
        amounts(co288=140),
        0,
        "",
    ),
    "a referral that ended": (
        world("BAY-HMO", evolve(REFERRAL, expiration_date=DAY - timedelta(1))),
        claim(line("99213", 140), by=SPECIALIST),
        amounts(co288=140),
        0,
        "",
    ),
    "referred": (
        world("BAY-HMO", REFERRAL),
        claim(line("99213", 140), by=SPECIALIST),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "referral used up": (
        world("BAY-HMO", evolve(REFERRAL, used=Decimal(1))),
        claim(line("99213", 140), by=SPECIALIST),
        amounts(co287=140),
        0,
        "",
    ),
    "the PCP needs no referral": (
        world("BAY-HMO", spans=(member("BAY-HMO", pcp_npi=SPECIALIST),)),
        claim(line("99213", 140), by=SPECIALIST),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "therapist without contract": (
        world("BAY-HMO", visits()),
        claim(line("97110:GP", 150, 3), by=GROUP, rendering=STRANGER, g1="AU-1"),
        amounts(co185=150),
        0,
        "",
    ),
    "other payer is primary": (
        world(other_coverage=(primary_elsewhere(),)),
        claim(line("99213", 140), by=PCP),
        amounts(co22=140),
        0,
        "",
    ),
    "another payer that comes after us": (
        world(other_coverage=(evolve(primary_elsewhere(), order="secondary"),)),
        claim(line("99213", 140), by=PCP),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "another payer that was primary before": (
        world(other_coverage=(evolve(primary_elsewhere(), termination_date=DAY - timedelta(1)),)),
        claim(line("99213", 140), by=PCP),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "a group without contract and its therapist": (
        world("BAY-PPO"),
        claim(line("97110:GP", 150, 3), by=OUTSIDER, rendering=STRANGER),
        amounts(pr45=30, pr2=48),
        72,
        "",
    ),
    "an approval does not cover what the plan never covers": (
        world("BAY-HMO", approval(service_type="38", provider_npi=ORTHODONTIST, code="D8080")),
        claim(line("D8080", 4000), by=ORTHODONTIST, g1="AU-1"),
        amounts(co96=4000),
        0,
        "N130",
    ),
    "imaging of a patient in a psychiatric hospital": (
        world("BAY-HMO"),
        claim(MRI, facility_code="51"),
        amounts(co45=300),
        600,
        "",
    ),
    "capitated with copay": (
        world("BAY-HMO", fees=(fee("99213", "0", "capitated", "BAY-HMO", PCP),)),
        claim(line("99213", 140), by=PCP),
        amounts(co24=120, pr3=20),
        0,
        "",
    ),
    "capitated for somebody else": (
        world("BAY-HMO", fees=(fee("99213", "0", "capitated", "BAY-HMO", SPECIALIST),)),
        claim(line("99213", 140), by=PCP),
        amounts(co45=40, pr3=20),
        80,
        "",
    ),
    "imaging in the emergency department": (
        world(),
        claim(MRI, facility_code="23"),
        amounts(co45=300),
        600,
        "",
    ),
    "imaging said to be an emergency": (world(), claim(MRI, **{"4n": "3"}), amounts(co45=300), 600, ""),
    "imaging with another exception": (world(), claim(MRI, **{"4n": "7"}), amounts(co197=900), 0, ""),
    "imaging of an inpatient": (
        world("BAY-HMO"),
        claim(MRI, facility_code="21"),
        amounts(co45=300),
        600,
        "",
    ),
    "orthodontia by a general dentist": (
        world("BAY-DENTAL", approval(service_type="38", provider_npi=DENTIST, code="D8080")),
        claim(line("D8080", 4000), by=DENTIST, g1="AU-1", kind="D"),
        amounts(co8=4000),
        0,
        "",
    ),
    "coinsurance rounds half up": (
        world("BAY-DENTAL"),
        claim(line("D2391", "101.01"), by=DENTIST, kind="D"),
        amounts(pr2="20.20"),
        "80.81",
        "",
    ),
    "deductible, then coinsurance": (
        world("BAY-PPO", accumulators={"deductible": "250"}),
        claim(line("29881", 1000), by=SPECIALIST, facility_code="24"),
        amounts(co45=200, pr1=250, pr2=110),
        440,
        "",
    ),
    "the out-of-pocket maximum stops coinsurance": (
        world("BAY-PPO", accumulators={"deductible": "250", "out_of_pocket": "3700"}),
        claim(line("29881", 1000), by=SPECIALIST, facility_code="24"),
        amounts(co45=200, pr1=250, pr2=50),
        500,
        "",
    ),
    "the out-of-pocket maximum stops a copay": (
        world("BAY-PPO", accumulators={"out_of_pocket": "4000"}),
        claim(line("99213", 140), by=PCP),
        amounts(co45=40),
        100,
        "",
    ),
}


@pytest.mark.parametrize("name", ONE_LINE)
def test_one_line(name: str) -> None:
    on_file, what, expected, paid, remark = ONE_LINE[name]
    if what.kind == "D":
        on_file = evolve(
            on_file,
            facts=evolve(
                on_file.facts,
                member=evolve(
                    on_file.facts.member, spans=(member("BAY-DENTAL", birth_date=date(2010, 8, 21)),)
                ),
            ),
        )
    record = decided(on_file, what)
    first = remitted(record).lines[0]
    assert cas(record) == expected
    assert (record.paid, first.paid) == (Decimal(paid), Decimal(paid))
    assert "".join(first.remarks) == remark
    assert remitted(record).status == "1"


def test_a_denied_line_reports_no_paid_units_and_consumes_nothing() -> None:
    on_file = world("BAY-PPO", approval(code="72148"))
    record, after = on_file.decide(claim(line("70551", 900, 2), g1="AU-1"))
    first = remitted(record).lines[0]
    assert (first.units_paid, first.units_billed, first.allowed) == (0, 2, None)
    assert record.status == "denied"
    assert record.lines[0].reasons == ("claim_authorization_code",)
    assert (record.uses, after.left("AU-1"), remitted(record).references) == ((), 1, ())


def test_each_line_is_decided_by_itself() -> None:
    on_file = world("BAY-PPO", GENETIC)
    record = decided(on_file, claim(line("81432", 1500), line("81455", 2900), by=LAB, g1="AU-G"))
    assert (cas(record, 0), cas(record, 1)) == (amounts(co45=300), amounts(co284=2900))
    assert (record.paid, record.status, remitted(record).references[0].value) == (1200, "paid", "AU-G")


def test_lines_with_different_authorizations_name_their_own() -> None:
    on_file = world("BAY-PPO", GENETIC, evolve(GENETIC, key="B", number="AU-B", code="81433"))
    record = decided(on_file, claim(line("81432", 1500), line("81433", 600), by=LAB))
    assert remitted(record).references == ()
    assert [[r.value for r in one.references] for one in remitted(record).lines] == [["AU-G"], ["AU-B"]]


def test_the_approval_that_expires_first_and_has_units_is_used() -> None:
    on_file = world(
        "BAY-PPO",
        approval("AU-LATE", expiration_date=date(2026, 12, 31)),
        approval("AU-SOON", expiration_date=date(2026, 8, 1)),
        approval("AU-USED", expiration_date=date(2026, 7, 20), used=Decimal(1)),
    )
    first, after = on_file.decide(claim(MRI))
    second, after = after.decide(claim(line("70551", 900, on=DAY + timedelta(1))))
    third, _ = after.decide(claim(line("70551", 900, on=DAY + timedelta(2))))
    assert [u.number for r in (first, second, third) for u in r.uses] == ["AU-SOON", "AU-LATE"]
    assert cas(third) == amounts(co198=900)


def test_a_visit_is_counted_once_a_day_whatever_is_billed() -> None:
    on_file = world("BAY-HMO", visits(units=2), accumulators={"visits:PT-OT": "0"})
    therapy = claim(line("97110:GP", 150, 3), line("97140:GP", 40), by=GROUP, rendering=THERAPIST, g1="AU-1")
    record, after = on_file.decide(therapy)
    assert (record.status, after.left("AU-1")) == ("paid", 1)
    assert after.facts.member.accumulated("visits:PT-OT", 2026) == 1
    again, after = after.decide(claim(line("97110:GP", 50), by=GROUP, rendering=THERAPIST, g1="AU-1"))
    assert (again.status, after.left("AU-1")) == ("paid", 1)
    assert after.facts.member.accumulated("visits:PT-OT", 2026) == 1


def test_two_providers_on_a_day_are_two_visits() -> None:
    _, after = world("BAY-PPO").decide(claim(line("97110:GP", 150, 3), by=GROUP, rendering=THERAPIST))
    _, after = after.decide(claim(line("97110:GP", 150, 3), by=HOSPITAL))
    assert after.facts.member.accumulated("visits:PT-OT", 2026) == 2


def test_one_copay_a_claim_provider_and_date() -> None:
    on_file = world("BAY-PPO")
    what = claim(
        line("97110:GP", 40), line("97140:GP", 38), line("97110:GP", 40, on=DAY + timedelta(1)), by=GROUP
    )
    record = decided(on_file, what)
    assert [cas(record, n).get("PR*3", 0) for n in range(3)] == [20, 0, 20]


def test_the_deductible_is_shared_across_claims() -> None:
    on_file = world("BAY-PPO", accumulators={"deductible": "250"})
    surgery = claim(line("29881", 1000), by=SPECIALIST, facility_code="24")
    first, after = on_file.decide(surgery)
    later = claim(line("29881", 1000, on=DAY + timedelta(1)), by=SPECIALIST, facility_code="24")
    second, _ = after.decide(later)
    assert (cas(first)["PR*1"], cas(second).get("PR*1"), cas(second)["PR*2"]) == (250, None, 160)


def test_the_same_service_again_is_a_duplicate() -> None:
    visit = claim(line("99213", 140), by=PCP)
    _, after = world().decide(visit)
    again, _ = after.decide(evolve(visit, control_number="OTHER"))
    assert cas(again) == amounts(oa18=140)


@pytest.mark.parametrize(
    "other",
    [
        line("99213", 141),
        line("99213", 140, 2),
        line("99213:25", 140),
        line("99213", 140, on=DAY + timedelta(1)),
    ],
)
def test_what_differs_is_no_duplicate(other: ServiceLine) -> None:
    _, after = world().decide(claim(line("99213", 140), by=PCP))
    record, _ = after.decide(claim(other, by=PCP))
    elsewhere, _ = after.decide(claim(line("99213", 140), by=SPECIALIST))
    assert ("OA*18" in cas(record), "OA*18" in cas(elsewhere)) == (False, False)


def test_another_tooth_is_no_duplicate() -> None:
    on_file = world("BAY-DENTAL")
    first = claim(line("D2740", 1000, teeth=("3",)), by=DENTIST, kind="D")
    _, after = on_file.decide(first)
    other, _ = after.decide(claim(line("D2740", 1000, teeth=("14",)), by=DENTIST, kind="D"))
    same, _ = after.decide(first)
    assert ("OA*18" in cas(other), "OA*18" in cas(same)) == (False, True)


def test_a_denied_claim_counts_as_decided_and_a_reversed_one_does_not() -> None:
    first, after = world().decide(claim(MRI))
    again, _ = after.decide(claim(MRI))
    _, gone = after.reverse(first)
    anew, _ = gone.decide(claim(MRI))
    assert (cas(again), cas(anew)) == (amounts(oa18=900), amounts(co197=900))


def test_a_code_without_a_fee_makes_the_whole_claim_wait() -> None:
    on_file = world("BAY-PPO", GENETIC)
    record, after = on_file.decide(claim(line("81432", 1500), line("99499", 10), by=LAB))
    assert (record.status, record.remittance, record.adjudicated) == ("pended", None, None)
    assert (record.reasons, record.paid, record.uses, record.accumulators) == (("claim_no_fee",), 0, (), ())
    assert after.left("AU-G") == 1


def test_a_denied_line_needs_no_fee() -> None:
    gone = world(spans=(member(termination_date=date(2026, 5, 31)),))
    assert decided(gone, claim(line("99499", 10), by=PCP)).status == "denied"


def test_a_plan_that_is_not_loaded_makes_the_claim_wait() -> None:
    record = decided(world("NO-SUCH-PLAN"), claim(line("99213", 140), by=PCP))
    assert (record.status, record.reasons) == ("pended", ("claim_no_plan",))


def test_not_covered_for_a_reason_that_claims_cannot_tell() -> None:
    text = """
id = "BARE"
name = "BARE"
product = "HM"
[[terms]]
deductible = "0.00"
rule = "TEST"
effective = 2024-01-01
[[cost_share]]
class = ["office"]
covered = false
denial = "review_late"
rule = "TEST"
effective = 2024-01-01
"""
    plan, problems = parse_plan(text, "bare.toml")
    assert (plan is not None, problems) == (True, ())
    assert plan is not None
    record = decided(world("BARE", plans={"BARE": plan}), claim(line("99213", 140), by=PCP))
    assert cas(record) == amounts(co96=140)


# -- other payers ----------------------------------------------------------------------------------


def secondary(left: str, level: str = "line") -> Claim:
    """200 of which the primary paid 80, wrote off some and left so much to the patient."""
    written_off = Adjustment("CO", "45", Decimal(120) - Decimal(left))
    owed = (written_off, Adjustment("PR", "2", Decimal(left)))
    what = claim(line("99213", 200), by=PCP, responsibility="S")
    if level == "claim":
        return evolve(what, other_payers=(other_payer("80", adjustments=owed),))
    if level == "EAF":
        return evolve(what, other_payers=(other_payer("80", patient_liability=Decimal(left)),))
    prior = (PriorPayment("OTH1", Decimal(80), adjustments=owed),)
    return evolve(what, lines=(evolve(what.lines[0], prior_payments=prior),))


@pytest.mark.parametrize("level", ["line", "claim", "EAF"])
@pytest.mark.parametrize(
    ("left", "paid", "reported"),
    [("40", 40, {"oa23": 160}), ("120", 80, {"oa23": 80, "pr3": 20, "co45": 20}), ("0", 0, {"oa23": 200})],
)
def test_secondary_pays_the_lesser(left: str, paid: int, reported: dict[str, int], level: str) -> None:
    record = decided(world(other_coverage=(primary_elsewhere(),)), secondary(left, level))
    assert (record.paid, cas(record), remitted(record).status) == (paid, amounts(**reported), "2")
    assert record.patient_responsibility == reported.get("pr3", 0)


def test_what_the_primary_left_is_spent_once() -> None:
    what = claim(line("99213", 200), line("97110:GP", 200, 3), by=PCP, responsibility="S")
    what = evolve(what, other_payers=(other_payer("300", patient_liability=Decimal(100)),))
    record = decided(world(), what)
    assert [one.paid for one in remitted(record).lines] == [80, 20]


def test_one_copay_a_day_also_in_our_benefit_as_secondary() -> None:
    what = claim(line("99213", 200), line("97110:GP", 200, 3), by=PCP, responsibility="S")
    what = evolve(what, other_payers=(other_payer("0", patient_liability=Decimal(400)),))
    record, after = world().decide(what)
    assert [one.paid for one in remitted(record).lines] == [80, 120]
    assert after.facts.member.accumulated("out_of_pocket", 2026) == 20


def test_tertiary_is_status_3() -> None:
    assert remitted(decided(world(), evolve(secondary("40"), responsibility="T"))).status == "3"


# -- stays -----------------------------------------------------------------------------------------

DAYS = approval("AU-S", service_type="48", provider_npi=HOSPITAL, unit="DY", units=Decimal(5))
WEEK = stay(line("0120", 21000, 7), begin="2026-07-01", end="2026-07-08", g1="AU-S")


def test_days_over_are_cut_back() -> None:
    record, after = world("BAY-HMO", DAYS).decide(WEEK)
    assert balanced(record)
    assert (cas(record), record.paid) == (amounts(co198=6000, co45=7500), 7500)
    first = remitted(record).lines[0]
    assert (first.units_paid, first.units_billed, first.remarks) == (5, 7, ("N362",))
    assert (record.lines[0].reasons, after.left("AU-S")) == (("claim_days_over",), 0)
    assert remitted(record).statement == Period("434", date(2026, 7, 1), date(2026, 7, 8))


def test_a_second_part_of_the_stay_finds_the_days_used() -> None:
    _, after = world("BAY-HMO", DAYS).decide(
        stay(line("0120", 6000, 3), begin="2026-07-01", end="2026-07-04", g1="AU-S")
    )
    part = evolve(WEEK, lines=(line("0124", 12000, 4, on=None),), charge=Decimal(12000))
    record, _ = after.decide(part)
    assert (cas(record)["CO*198"], record.paid) == (6000, 2400)


def test_what_is_billed_beside_the_days_of_a_stay_takes_none() -> None:
    on_file = world(
        "BAY-HMO", evolve(DAYS, service_type="AG"), fees=(fee("0191", "450", "day"), fee("0300", "50"))
    )
    what = stay(
        line("0191", 1500, 3),
        evolve(line("0300", 80), unit="UN"),
        begin="2026-07-01",
        end="2026-07-04",
        bill="21",
        g1="AU-S",
    )
    record, after = on_file.decide(what)
    assert ([one.paid for one in remitted(record).lines], after.left("AU-S")) == ([1350, 50], 2)
    alone = evolve(what, references=(), lines=what.lines[1:], charge=Decimal(80))
    assert cas(world("BAY-HMO", fees=on_file.fees).decide(alone)[0]) == amounts(co197=80)


def test_a_record_spans_the_statement() -> None:
    what = stay(line("0120", 6000, 3), begin="2026-07-01", end="2026-07-08")
    dated = evolve(what, lines=(evolve(what.lines[0], period=Period("472", DAY, DAY)),))
    record = decided(world("BAY-HMO", DAYS), dated)
    assert (record.service_begin, record.service_end) == (date(2026, 7, 1), date(2026, 7, 8))


def test_a_stay_without_days_left_is_denied_whole() -> None:
    record = decided(world("BAY-HMO", evolve(DAYS, used=Decimal(5))), WEEK)
    assert (cas(record), record.lines[0].reasons) == (amounts(co198=21000), ("claim_units_over",))


def test_a_stay_is_found_without_its_number_whatever_it_was_asked_as() -> None:
    for service_type in ("48", "1", "MH", "2"):
        on_file = world("BAY-HMO", evolve(DAYS, service_type=service_type, kind="notification"))
        what = evolve(WEEK, references=())
        assert decided(on_file, what).paid == 7500, service_type


def test_another_kind_of_stay_is_another_code() -> None:
    record = decided(world("BAY-HMO", evolve(DAYS, service_type="42")), WEEK)
    assert cas(record) == amounts(co284=21000)


def test_a_stay_is_tested_on_its_admission() -> None:
    record = decided(world("BAY-HMO", evolve(DAYS, expiration_date=date(2026, 7, 2), units=Decimal(7))), WEEK)
    assert record.paid == 10500


DRG = fee("470", "18000", "drg")
JOINT = stay(
    line("0120", 30000, 6), line("0360", 10000), begin="2026-07-01", end="2026-07-07", drg="470", g1="AU-S"
)


def test_days_do_not_cut_a_drg_payment() -> None:
    record, after = world("BAY-HMO", DAYS, fees=(DRG,)).decide(JOINT)
    found = remitted(record)
    assert balanced(record)
    assert (found.lines, found.paid, summed(found.adjustments)) == ((), 18000, amounts(co45=22000))
    assert (found.drg, found.inpatient, found.references[0].value, after.left("AU-S")) == (
        "470",
        True,
        "AU-S",
        0,
    )


def test_a_drg_without_a_fee_is_priced_by_its_lines() -> None:
    record = decided(world("BAY-HMO", DAYS, fees=(fee("0360", "900"),)), JOINT)
    assert (remitted(record).drg, record.paid, len(remitted(record).lines)) == ("", 8400, 2)


def test_a_drg_stay_without_authorization_is_denied() -> None:
    record = decided(world("BAY-HMO", fees=(DRG,)), evolve(JOINT, references=()))
    assert (summed(remitted(record).adjustments), record.status) == (amounts(co197=40000), "denied")


def test_a_drg_pays_no_more_than_the_charge() -> None:
    record = decided(world("BAY-HMO", DAYS, fees=(evolve(DRG, amount=Decimal(50000)),)), JOINT)
    assert (record.paid, remitted(record).adjustments) == (40000, ())


def test_a_drg_shares_cost_as_inpatient() -> None:
    record = decided(world("BAY-PPO", DAYS, fees=(DRG,), accumulators={"deductible": "0"}), JOINT)
    assert summed(remitted(record).adjustments) == amounts(co45=22000, pr1=500, pr2=3500)


def fep(**more: Any) -> World:
    return world("FEP-STANDARD", evolve(DAYS, units=Decimal(7), **more))


@pytest.mark.parametrize(
    ("on_file", "penalty"),
    [
        (fep(issued_date=date(2026, 6, 20)), 0),
        (fep(issued_date=date(2026, 7, 3)), 0),
        (fep(issued_date=date(2026, 7, 4)), 500),
        (world("FEP-STANDARD"), 500),
        (fep(status="cancelled"), 500),
    ],
)
def test_late_precertification_costs_a_flat_amount(on_file: World, penalty: int) -> None:
    record = decided(on_file, WEEK)
    assert (record.paid, record.patient_responsibility) == (10500 - penalty, penalty)
    assert summed(remitted(record).adjustments) == (amounts(pr197=penalty) if penalty else {})
    assert record.reasons == (("claim_precertification_penalty",) if penalty else ())


def test_the_penalty_is_taken_once_and_never_above_the_payment() -> None:
    two = stay(line("0120", 6000, 2), line("0124", 6000, 2), begin="2026-07-06", end="2026-07-10")
    small = stay(line("0120", 300, 1), begin="2026-07-06", end="2026-07-07")
    assert decided(world("FEP-STANDARD"), two).paid == 2 * 1500 + 2 * 1200 - 500
    assert (decided(world("FEP-STANDARD"), small).paid, cas(decided(world("FEP-STANDARD"), small))) == (0, {})


def test_precertification_is_as_late_as_its_request() -> None:
    nobody: Any = None  # its request and its decision are not asked
    asked = ReviewCase("CASE1", "M1", date(2026, 7, 2), "", nobody, nobody, "approved")
    on_file = fep(issued_date=date(2026, 7, 9), case_number="CASE1")
    member_facts = evolve(on_file.facts.member, cases=(asked,))
    in_time = evolve(on_file, facts=evolve(on_file.facts, member=member_facts))
    assert (decided(in_time, WEEK).reasons, decided(on_file, WEEK).paid) == ((), 10000)


def test_a_denied_precertification_denies() -> None:
    assert cas(decided(fep(status="denied"), WEEK)) == amounts(co39=21000)


RESIDENTIAL = approval("AU-R", service_type="AI", provider_npi=HOSPITAL, unit="DY", units=Decimal(7))


@pytest.mark.parametrize(
    ("on_file", "paid"),
    [
        (world("FEP-STANDARD", RESIDENTIAL), 4900),
        (world("FEP-STANDARD", evolve(RESIDENTIAL, issued_date=date(2026, 7, 2))), 0),
        (world("FEP-STANDARD"), 0),
    ],
)
def test_residential_care_has_to_be_certified_before_admission(on_file: World, paid: int) -> None:
    what = stay(line("1002", 7000, 7), begin="2026-07-01", end="2026-07-08", bill="86")
    record = decided(on_file, what)
    assert record.paid == paid
    assert cas(record) == (amounts(co45=2100) if paid else amounts(pr197=7000))


# -- settings that need no imaging authorization ---------------------------------------------------


def outpatient(*codes: str) -> Claim:
    lines = [
        evolve(line(c, 900), procedure=line("70551", 0).procedure, revenue_code="0350") for c in codes[:1]
    ]
    lines += [evolve(line(c, 500), unit="UN") for c in codes[1:]]
    return claim(*lines, kind="I", facility_code="13", facility_qualifier="A", by=HOSPITAL)


@pytest.mark.parametrize("beside", ["0450", "0762", "0360", "0490"])
def test_imaging_beside_emergency_observation_or_surgery(beside: str) -> None:
    record = decided(world(fees=(fee(beside, "400"),)), outpatient("70551", beside))
    assert "CO*197" not in cas(record)


def test_imaging_alone_in_the_outpatient_department() -> None:
    assert cas(decided(world(), outpatient("70551"))) == amounts(co197=900)


def test_imaging_on_the_day_of_surgery_and_on_another() -> None:
    surgery = line("29881", 1000)
    same = decided(world(), claim(surgery, MRI, by=SPECIALIST))
    other = decided(world(), claim(surgery, line("70551", 900, on=DAY + timedelta(1)), by=SPECIALIST))
    assert ("CO*197" in cas(same, 1), "CO*197" in cas(other, 1)) == (False, True)


# -- thresholds, dates, dental ---------------------------------------------------------------------


def test_chiropractic_needs_an_authorization_from_the_thirteenth_visit() -> None:
    on_file = world("BAY-HMO", accumulators={"visits:CHIRO": "11"})
    what = claim(line("98940", 60), line("98940", 60, on=DAY + timedelta(1)), by=CHIRO)
    record, after = on_file.decide(what)
    assert [cas(record, n).get("CO*197", 0) for n in (0, 1)] == [0, 60]
    assert after.facts.member.accumulated("visits:CHIRO", 2026) == 12
    approved = world(
        "BAY-HMO",
        approval(service_type="33", provider_npi=CHIRO, unit="VS"),
        accumulators={"visits:CHIRO": "12"},
    )
    assert decided(approved, claim(line("98940", 60), by=CHIRO)).paid == 25


def test_home_health_counts_dates() -> None:
    on_file = world(
        "MEDICARE-HMO", approval(service_type="42", provider_npi=HOME_HEALTH, unit="DY", units=Decimal(1))
    )
    what = claim(
        line("G0151", 180, 4),
        line("G0151", 90),
        line("G0151", 180, on=DAY + timedelta(1)),
        by=HOME_HEALTH,
        facility_code="12",
    )
    record = decided(on_file, what)
    assert [one.paid for one in remitted(record).lines] == [180, 90, 0]
    assert cas(record, 2) == amounts(co198=180)


def dental(*codes: str, used: str = "0", on: date | None = DAY, **more: Any) -> ClaimRecord:
    on_file = world(
        "BAY-DENTAL",
        spans=(member("BAY-DENTAL", birth_date=date(2010, 8, 21)),),
        accumulators={"dental_maximum": used},
    )
    lines = [line(c, FEE[c], on=on) for c in codes]
    return decided(on_file, claim(*lines, kind="D", **{"by": ORTHODONTIST, **more}))


FEE = {"D1110": 110, "D2740": 1200, "D8080": 4000}


def test_the_yearly_maximum_comes_after_coinsurance() -> None:
    record = dental("D1110", "D2740", "D1110", used="1000", by=DENTIST)
    assert cas(record, 0) == amounts(co45=20)
    assert cas(record, 1) == amounts(co45=200, pr2=500, pr119=90)
    assert cas(record, 2) == amounts(co45=20, pr119=90)
    assert (record.paid, remitted(record).lines[2].units_paid, remitted(record).lines[2].allowed) == (
        500,
        0,
        None,
    )


def test_a_predetermination_promises_and_uses_nothing() -> None:
    record = dental("D8080", predetermination=True)
    assert (record.status, remitted(record).status, record.paid) == ("predetermined", "25", 0)
    assert cas(record) == amounts(oa101=2000, pr2=2000)
    undated = dental("D8080", predetermination=True, on=None)
    assert (cas(undated), remitted(undated).lines[0].period) == (cas(record), None)
    assert (record.uses, record.accumulators) == ((), ())


def test_a_predetermination_knows_the_maximum() -> None:
    record = dental("D2740", "D2740", used="900", by=DENTIST, predetermination=True)
    assert [cas(record, n)["OA*101"] for n in (0, 1)] == [500, 100]
    assert cas(record, 1)["PR*119"] == 400


def test_orthodontia_does_not_use_the_maximum() -> None:
    on_file = world(
        "BAY-DENTAL",
        approval(service_type="38", provider_npi=ORTHODONTIST, code="D8080"),
        spans=(member("BAY-DENTAL", birth_date=date(2010, 8, 21)),),
        accumulators={"dental_maximum": "1500"},
    )
    record, after = on_file.decide(claim(line("D8080", 4000), by=ORTHODONTIST, kind="D"))
    assert (cas(record), record.paid) == (amounts(pr2=2000), 2000)
    assert after.facts.member.accumulated("dental_maximum", 2026) == 1500


# -- what the 835 names ----------------------------------------------------------------------------


def test_who_is_named() -> None:
    what = claim(line("99213", 140), by=GROUP, rendering=THERAPIST, g1="")
    child = evolve(what.patient, party=evolve(what.patient.party, entity="QC", first_name="AL", id=""))
    found = remitted(decided(world(), evolve(what, patient=child)))
    assert found.insured is not None
    assert found.rendering is not None
    assert (found.patient.entity, found.patient.first_name, found.insured.id) == ("QC", "AL", "M1")
    assert (found.rendering.npi, found.payer_control_number, found.filing_indicator) == (
        THERAPIST,
        "ICN1",
        "12",
    )
    plain = remitted(decided(world(), evolve(what, filing_indicator="")))
    assert (plain.insured, plain.filing_indicator) == (None, "ZZ")


STEPS: list[Callable[[ClaimRecord], object]] = [
    lambda r: r.uses,
    lambda r: r.accumulators,
    lambda r: r.remittance,
]


@pytest.mark.parametrize("part", STEPS)
def test_the_same_question_has_the_same_answer(part: Callable[[ClaimRecord], object]) -> None:
    on_file = world("BAY-HMO", visits(units=2))
    what = claim(line("97110:GP", 150, 3), by=GROUP, rendering=THERAPIST)
    assert part(on_file.decide(what)[0]) == part(on_file.decide(what)[0])


def test_a_claim_after_the_coverage_says_when_it_ended() -> None:
    gone = world(spans=(member(termination_date=date(2026, 5, 31)),))
    record = decided(gone, claim(line("99213", 140), by=PCP))
    assert record.remittance is not None
    assert (cas(record), record.remittance.expiration) == (amounts(pr27=140), date(2026, 5, 31))
    held = decided(world(), claim(line("99213", 140), by=PCP))
    assert held.remittance is not None
    assert held.remittance.expiration is None
