"""Plans: the look-up that 271, 278 and claims share. Expected values are those of CONTRACT section 4."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from x12_payer.authorization.plans.plan import (
    category,
    cost_share,
    criteria,
    limits,
    parse_plan,
    referral,
    requirement,
    shipped_plans,
    terms,
)
from x12_payer.authorization.services import Encounter, Service

DAY = date(2026, 7, 6)
MEDICAL = (
    "BAY-HMO",
    "BAY-HMO-CHIRO12",
    "BAY-POS",
    "BAY-PPO",
    "BAY-EPO",
    "BAY-INDEMNITY",
    "MEDICARE-HMO",
    "MEDICARE-PPO",
    "FEP-STANDARD",
    "FEP-BASIC",
)
COMMERCIAL = MEDICAL[:5]
D = Decimal


def service(**values: Any) -> Service:
    return Service(day=DAY, **values)


PT = service(code="97110", modifiers=("GP",), place_of_service="11")
OT = service(code="97110", modifiers=("GO",))
ST = service(code="92507")
MRI = service(code="70551", place_of_service="22")
GENE = service(code="81432")
SLEEP_HOME = service(code="95806", place_of_service="12")
SLEEP_LAB = service(code="95810", place_of_service="22")
CPAP = service(code="E0601")
ONCOLOGY = service(code="77385")
KNEE = service(code="27447", place_of_service="24")
SCOPE = service(code="29881", place_of_service="24")
OFFICE = service(code="99213", place_of_service="11")
TALK = service(code="90837")
CHIRO = service(code="98940")
ED = service(code="99284", place_of_service="23")
STAY = service(revenue_code="0120", type_of_bill="11")
EMERGENCY = Encounter(exception="3")
NURSE = service(code="G0299")
PHP = service(revenue_code="0912", type_of_bill="13")
RESIDENTIAL = service(revenue_code="1002", type_of_bill="86")
COMMUNITY = service(code="H0036", age=12)
BRACES = service(code="D8080", age=15)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (service(code="81105"), "genetic"),
        (service(code="81408"), "genetic"),
        (service(code="81409"), ""),
        (service(code="0500U"), "genetic"),
        (service(code="0042T"), ""),
        (service(code="70499"), ""),
        (service(code="78816"), "high_tech_radiology"),
        (service(code="97530", modifiers=("59", "GO")), "occupational_therapy"),
        (service(code="97530"), "physical_therapy"),
        (service(code="97166"), "occupational_therapy"),
        (service(code="97110", modifiers=("GN",)), "speech_therapy"),
        (service(code="G0299", type_of_bill="32"), "home_health"),
        (service(code="97110", modifiers=("GP",), type_of_bill="32"), "home_health"),
        (service(code="J9035"), "oncology"),
        (service(code="97110", service_type="AD"), "occupational_therapy"),
        (service(code="97110", service_type="PT"), "physical_therapy"),
        (service(code="97110", service_type="AD", modifiers=("GP",)), "physical_therapy"),
        (service(code="97110", service_type="1"), "physical_therapy"),
        (service(code="J9035", type_of_bill="11"), ""),
        (service(code="27447", type_of_bill="11"), "back_joint_pain"),
        (service(revenue_code="0124", type_of_bill="11"), "inpatient"),
        (service(revenue_code="0250", type_of_bill="11"), ""),
        (service(revenue_code="0191", type_of_bill="21"), "skilled_nursing"),
        (service(revenue_code="1001", type_of_bill="86"), "residential_mental_health"),
        (service(service_type="A7"), "residential_mental_health"),
        (service(service_type="A7", request_category="AR", place_of_service="21"), "inpatient"),
        (
            service(service_type="RT", request_category="AR", place_of_service="21"),
            "residential_mental_health",
        ),
        (service(service_type="MH", request_category="AR", place_of_service="21"), "inpatient"),
        (service(service_type="2", request_category="AR", place_of_service="21"), "inpatient"),
        (service(service_type="2"), "back_joint_pain"),
        (service(service_type="62", place_of_service="21"), "high_tech_radiology"),
        (service(service_type="40", place_of_service="21"), "inpatient"),
        (service(revenue_code="0120", place_of_service="21"), "inpatient"),
        (service(service_type="3", request_category="SC"), "referral"),
        (service(service_type="MH"), ""),
        (service(code="D8660", service_type="38"), "orthodontic_records"),
        (service(code="99213"), ""),
        (service(), ""),
    ],
)
def test_category(asked: Service, expected: str) -> None:
    assert category(asked) == expected


# who needs it: every other medical plan does not
@pytest.mark.parametrize(
    ("asked", "required"),
    [
        (PT, ("BAY-HMO", "BAY-HMO-CHIRO12", "BAY-POS", "MEDICARE-HMO")),
        (OT, ("BAY-HMO", "BAY-HMO-CHIRO12", "BAY-POS", "MEDICARE-HMO")),
        (ST, ("MEDICARE-HMO",)),
        (MRI, (*COMMERCIAL, "MEDICARE-HMO", "MEDICARE-PPO")),
        (evolve(MRI, place_of_service="23"), ()),
        (evolve(MRI, encounter=EMERGENCY), ()),
        (evolve(MRI, encounter=Encounter(observed=True)), ()),
        (evolve(MRI, place_of_service="51"), ()),
        (evolve(MRI, encounter=Encounter(surgery_days=frozenset((MRI.day,)))), ()),
        (evolve(MRI, place_of_service=""), (*COMMERCIAL, "MEDICARE-HMO", "MEDICARE-PPO")),
        (GENE, (*COMMERCIAL, "FEP-STANDARD", "FEP-BASIC")),
        (evolve(GENE, diagnoses=("I10", "Z940")), ()),
        (SLEEP_HOME, (*MEDICAL[:8],)),
        (SLEEP_LAB, MEDICAL),
        (CPAP, (*MEDICAL[:8],)),
        (KNEE, MEDICAL),
        (SCOPE, ()),
        (OFFICE, ()),
        (TALK, ()),
        (CHIRO, ("BAY-HMO", "BAY-POS")),
        (STAY, MEDICAL),
        (NURSE, ("MEDICARE-HMO",)),
        (PHP, (*COMMERCIAL, "MEDICARE-HMO", "MEDICARE-PPO")),
        (COMMUNITY, COMMERCIAL),
        (service(service_type="3", request_category="SC"), (*COMMERCIAL[:3], "MEDICARE-HMO")),
        (service(code="42200", diagnoses=("Q359",)), MEDICAL),
        (service(code="42200"), ()),
        (service(service_type="62", place_of_service="21"), ()),
    ],
)
def test_who_needs_authorization(asked: Service, required: tuple[str, ...]) -> None:
    answers = {plan: requirement(shipped_plans()[plan], asked).answer for plan in MEDICAL}
    assert {p for p, answer in answers.items() if answer == "required"} == set(required)


@pytest.mark.parametrize(
    ("asked", "plan", "answer", "rule"),
    [
        (ONCOLOGY, "BAY-PPO", "delegated", "ONC-03"),
        (ONCOLOGY, "MEDICARE-HMO", "delegated", "ONC-03"),
        (ONCOLOGY, "BAY-INDEMNITY", "not_required", "ONC-04"),
        (ONCOLOGY, "FEP-BASIC", "not_required", "ONC-05"),
        (COMMUNITY, "FEP-STANDARD", "not_covered", "BH-19"),
        (COMMUNITY, "MEDICARE-HMO", "not_covered", "BH-20"),
        (evolve(COMMUNITY, age=19), "BAY-PPO", "not_covered", "BH-22"),
        (BRACES, "BAY-DENTAL", "required", "DEN-13"),
        (evolve(BRACES, age=18), "BAY-DENTAL", "required", "DEN-13"),
        (evolve(BRACES, age=19), "BAY-DENTAL", "not_covered", "DEN-13"),
        (service(code="D8660"), "BAY-DENTAL", "not_required", "DEN-14"),
        (evolve(TALK, in_network=False), "BAY-HMO", "required", "GEN-30"),
        (evolve(TALK, in_network=False), "BAY-EPO", "required", "GEN-30"),
        (evolve(TALK, in_network=False), "MEDICARE-HMO", "required", "GEN-30"),
        (evolve(TALK, in_network=False, encounter=EMERGENCY), "BAY-HMO", "not_required", "BH-02"),
        (evolve(CHIRO, in_network=False), "BAY-HMO", "required", "GEN-30"),
        (evolve(ONCOLOGY, in_network=False), "BAY-HMO", "delegated", "ONC-03"),
        (evolve(GENE, in_network=False), "BAY-EPO", "required", "GTX-16"),
        (evolve(TALK, in_network=False, encounter=EMERGENCY), "BAY-EPO", "not_required", "BH-02"),
        (evolve(NURSE, in_network=False), "BAY-EPO", "required", "HHC-02"),
        (evolve(PT, in_network=False), "BAY-POS", "not_required", "GEN-29"),
        (evolve(MRI, in_network=False), "BAY-POS", "not_required", "GEN-29"),
        (evolve(MRI, in_network=False), "BAY-PPO", "required", "HTR-01"),
        (CHIRO, "BAY-HMO-CHIRO12", "not_required", "CHI-02"),
        (PHP, "FEP-BASIC", "not_required", "BH-17"),
    ],
)
def test_answer_and_rule(asked: Service, plan: str, answer: str, rule: str) -> None:
    found = requirement(shipped_plans()[plan], asked)
    assert found.answer == answer
    assert rule in found.rule.split()


def test_quotas_and_validity() -> None:
    hmo, medicare = shipped_plans()["BAY-HMO"], shipped_plans()["MEDICARE-HMO"]
    assert [(r.quota, r.validity, r.quota_scope) for r in (requirement(hmo, PT), requirement(hmo, OT))] == [
        (D(26), "end_of_year", "provider")
    ] * 2
    assert requirement(medicare, PT).quota == 12
    assert requirement(medicare, PT).requesters == ("pcp",)
    assert requirement(medicare, ST).quota == 30
    assert requirement(medicare, ST).validity == "start+364"
    home = requirement(medicare, NURSE)
    assert (home.quota, home.quota_unit, home.validity, home.quota_once) == (D(40), "DY", "start+59", True)
    assert requirement(hmo, MRI).validity == "issue+60"
    assert requirement(hmo, GENE).matching == "exact"
    assert requirement(hmo, MRI).matching == "cut_back"


@pytest.mark.parametrize(("age", "days"), [(14, 3), (22, 3), (23, 2), (50, 2), (None, 3)])
def test_substance_use_notice_depends_on_age(age: int | None, days: int) -> None:
    found = requirement(shipped_plans()["BAY-PPO"], evolve(RESIDENTIAL, age=age))
    assert (found.notification, found.window_days, found.flag) == (True, days, "N")


FREE, DED20, DED40 = ("0", False, "0"), ("0", True, "0.20"), ("0", True, "0.40")


def copay(amount: str) -> tuple[str, bool, str]:
    return (amount, False, "0")


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("BAY-HMO", (copay("20"), copay("20"), copay("75"), DED20, FREE, copay("150"), FREE)),
        ("BAY-HMO-CHIRO12", (copay("20"), copay("20"), copay("75"), DED20, FREE, copay("150"), FREE)),
        ("BAY-POS", (copay("20"), copay("20"), copay("75"), DED20, FREE, copay("150"), FREE)),
        ("BAY-PPO", (copay("20"), copay("20"), copay("75"), DED20, DED20, copay("150"), FREE)),
        ("BAY-EPO", (copay("20"), copay("20"), copay("75"), DED20, DED20, copay("150"), FREE)),
        ("BAY-INDEMNITY", (DED20, DED20, DED20, DED20, DED20, DED20, DED20)),
        ("MEDICARE-HMO", (FREE, copay("20"), FREE, copay("100"), FREE, copay("90"), FREE)),
        ("MEDICARE-PPO", (copay("15"), copay("20"), FREE, copay("150"), FREE, copay("90"), FREE)),
        (
            "FEP-STANDARD",
            (copay("25"), copay("25"), ("0", True, "0.15"), ("0", True, "0.15"), FREE, copay("150"), FREE),
        ),
        ("FEP-BASIC", (copay("30"), copay("30"), copay("100"), copay("150"), FREE, copay("150"), FREE)),
    ],
)
def test_cost_share_table(plan: str, expected: tuple[tuple[str, bool, str], ...]) -> None:
    columns = (OFFICE, PT, MRI, SCOPE, STAY, ED, GENE)
    for asked, (amount, deductible, fraction) in zip(columns, expected, strict=True):
        share = cost_share(shipped_plans()[plan], asked)
        assert (share.covered, share.copay, share.deductible, share.coinsurance) == (
            True,
            D(amount),
            deductible,
            D(fraction),
        ), asked


@pytest.mark.parametrize(
    ("asked", "plan", "expected"),
    [
        (service(code="99406"), "BAY-PPO", FREE),  # PGM-09
        (SLEEP_LAB, "BAY-PPO", FREE),  # sleep studies as laboratory
        (ONCOLOGY, "BAY-PPO", DED20),  # oncology as outpatient surgery
        (ONCOLOGY, "MEDICARE-HMO", copay("100")),
        (CPAP, "BAY-HMO", FREE),
        (NURSE, "BAY-EPO", FREE),
        (PHP, "BAY-PPO", DED20),  # as inpatient
        (RESIDENTIAL, "BAY-PPO", DED20),
        (evolve(SCOPE, place_of_service="21"), "BAY-HMO", FREE),  # no outpatient surgery
        (evolve(MRI, place_of_service="23"), "BAY-PPO", FREE),
        (evolve(MRI, encounter=EMERGENCY), "FEP-STANDARD", FREE),
        (service(revenue_code="0762", type_of_bill="13"), "BAY-PPO", FREE),
        (service(revenue_code="0450", type_of_bill="13"), "BAY-HMO", copay("150")),
        (evolve(ED, in_network=False), "BAY-POS", copay("150")),
        (evolve(OFFICE, in_network=False), "BAY-POS", ("0", False, "0.30")),
        (evolve(GENE, in_network=False), "BAY-POS", ("0", False, "0.30")),
        (evolve(OFFICE, in_network=False), "BAY-PPO", DED40),
        (evolve(STAY, in_network=False), "MEDICARE-PPO", DED40),
        (evolve(OFFICE, in_network=False), "FEP-STANDARD", DED40),
        (evolve(OFFICE, in_network=False), "BAY-INDEMNITY", DED20),
        (service(code="D0120"), "BAY-DENTAL", FREE),
        (service(code="D2140"), "BAY-DENTAL", ("0", False, "0.20")),
        (service(code="D2740"), "BAY-DENTAL", ("0", False, "0.50")),
        (BRACES, "BAY-DENTAL", ("0", False, "0.50")),
        (service(service_type="98"), "BAY-HMO", copay("20")),
        (service(service_type="48"), "BAY-PPO", DED20),
        (service(service_type="86"), "BAY-HMO", copay("150")),
        (service(service_type="62", place_of_service="22"), "BAY-HMO", copay("75")),
    ],
)
def test_cost_share_of(asked: Service, plan: str, expected: tuple[str, bool, str]) -> None:
    share = cost_share(shipped_plans()[plan], asked)
    assert share.covered
    assert (share.copay, share.deductible, share.coinsurance) == (D(expected[0]), expected[1], D(expected[2]))


@pytest.mark.parametrize(
    ("asked", "plan", "reason"),
    [
        (evolve(OFFICE, in_network=False), "BAY-HMO", "plan_out_of_network"),
        (evolve(OFFICE, in_network=False), "BAY-EPO", "plan_out_of_network"),
        (evolve(OFFICE, in_network=False), "FEP-BASIC", "plan_out_of_network"),
        (evolve(BRACES, age=19), "BAY-DENTAL", "plan_age"),
        (OFFICE, "BAY-DENTAL", "plan_not_covered"),
        (COMMUNITY, "FEP-BASIC", "plan_not_covered"),
        (service(code="D2740"), "BAY-HMO", "plan_not_covered"),
    ],
)
def test_not_covered(asked: Service, plan: str, reason: str) -> None:
    share = cost_share(shipped_plans()[plan], asked)
    assert (share.covered, share.reason) == (False, reason)


@pytest.mark.parametrize("plan", ["BAY-HMO", "BAY-EPO", "FEP-BASIC", "BAY-PPO"])
def test_an_emergency_is_covered_as_in_network(plan: str) -> None:
    share = cost_share(shipped_plans()[plan], evolve(ED, in_network=False))
    assert (share.covered, share.copay, share.balance_billing) == (True, D(150), False)


def test_the_dental_maximum_leaves_orthodontia_out() -> None:
    dental = shipped_plans()["BAY-DENTAL"]
    crown, braces = cost_share(dental, service(code="D2740")), cost_share(dental, BRACES)
    assert (crown.maximum, crown.maximum_amount) == ("dental_maximum", D(1500))
    assert (braces.maximum, braces.maximum_amount) == ("", None)
    assert cost_share(dental, service(code="D8660")).maximum == "dental_maximum"


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("BAY-HMO", {"PT": [("visits:PT-OT", 60)], "AF": [], "33": []}),
        ("BAY-HMO-CHIRO12", {"PT": [("visits:PT-OT", 60)], "AF": [], "33": [("visits:CHIRO", 12)]}),
        ("BAY-PPO", {"PT": [("visits:PT-OT", 60)], "AF": [], "33": []}),
        ("FEP-BASIC", {"PT": [("visits:PT-OT-ST", 75)], "AF": [("visits:PT-OT-ST", 75)], "33": []}),
        ("MEDICARE-HMO", {"PT": [], "AF": [], "33": []}),
        ("BAY-INDEMNITY", {"PT": [], "AF": [], "33": []}),
    ],
)
def test_limits(plan: str, expected: dict[str, list[tuple[str, int]]]) -> None:
    for kind, found in expected.items():
        asked = service(service_type=kind)
        assert [(i.accumulator, i.quantity) for i in limits(shipped_plans()[plan], asked)] == found


def test_terms() -> None:
    found = {p: terms(plan, DAY) for p, plan in shipped_plans().items()}
    assert {p: (t.deductible, t.out_of_pocket_max) for p, t in found.items()} == {
        "BAY-HMO": (500, 2000),
        "BAY-HMO-CHIRO12": (500, 2000),
        "BAY-POS": (500, 4000),
        "BAY-PPO": (500, 4000),
        "BAY-EPO": (750, 5000),
        "BAY-INDEMNITY": (1000, 6000),
        "MEDICARE-HMO": (0, 3400),
        "MEDICARE-PPO": (0, 5000),
        "FEP-STANDARD": (350, 6000),
        "FEP-BASIC": (0, 6500),
        "BAY-DENTAL": (0, None),
    }
    assert found["BAY-POS"].out_of_network_deductible == 0
    assert not found["BAY-INDEMNITY"].network
    assert [i.accumulator for i in found["BAY-HMO-CHIRO12"].limits] == ["visits:CHIRO", "visits:PT-OT"]


@pytest.mark.parametrize(
    ("plan", "role", "code", "in_network", "needed"),
    [
        ("BAY-HMO", "specialist", "99213", True, True),
        ("BAY-HMO-CHIRO12", "specialist", "99202", True, True),
        ("BAY-POS", "specialist", "99215", True, True),
        ("BAY-POS", "specialist", "99213", False, False),
        ("BAY-HMO", "pcp", "99213", True, False),
        ("BAY-HMO", "specialist", "29881", True, False),
        ("BAY-PPO", "specialist", "99213", True, False),
        ("MEDICARE-HMO", "specialist", "99213", True, False),
    ],
)
def test_referral(plan: str, role: str, code: str, in_network: bool, needed: bool) -> None:
    asked = service(code=code, provider_role=role, in_network=in_network)
    assert bool(referral(shipped_plans()[plan], asked)) is needed


@pytest.mark.parametrize(
    ("code", "diagnoses", "met"),
    [
        ("70551", ("G4489",), True),
        ("70553", ("R519",), True),
        ("70552", ("G4800",), False),
        ("70551", ("I10", "I639"), True),
        ("72148", ("M545",), True),
        ("78815", ("C50911",), True),
        ("81432", ("Z803",), True),
        ("81228", ("Z803",), False),
        ("81228", ("Q909",), True),
        ("95806", ("R0683",), False),
        ("27447", ("M1711",), True),
    ],
)
def test_criteria(code: str, diagnoses: tuple[str, ...], met: bool) -> None:
    found = criteria(code, DAY)
    assert found is not None
    assert found.met(diagnoses) is met


def test_no_criteria_for_what_the_table_leaves_out() -> None:
    assert criteria("70450", DAY) is None
    assert criteria("95811", DAY) is not None
    assert criteria("70551", date(2023, 12, 31)) is None


GOOD = """
id = "MY-PPO"
name = "MY PPO"
product = "PR"
base = "BAY-PPO"

[[requirement]]
category = ["high_tech_radiology"]
answer = "not_required"
rule = "HOUSE-1"
effective = 2026-07-10

[[cost_share]]
class = ["office"]
copay = "35.00"
rule = "HOUSE-2"
end = 2026-07-31
"""


def test_a_new_row_takes_effect_on_its_day() -> None:
    plan, problems = parse_plan(GOOD, "my.toml")
    assert problems == ()
    assert plan is not None
    before, after = requirement(plan, evolve(MRI, day=date(2026, 7, 9))), evolve(MRI, day=date(2026, 7, 10))
    assert before.answer == "required"
    assert requirement(plan, after).answer == "not_required"
    assert cost_share(plan, evolve(OFFICE, day=date(2026, 7, 31))).copay == 35
    assert cost_share(plan, evolve(OFFICE, day=date(2026, 8, 1))).copay == 20


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('id = "MY-PPO"\n', "", "my.toml: id: missing"),
        ('base = "BAY-PPO"', 'base = "NOWHERE"', "my.toml: base: no plan of that id"),
        ('rule = "HOUSE-1"\n', "", "my.toml: requirement 1, rule: missing"),
        ('answer = "not_required"', 'answer = "maybe"', "my.toml: requirement 1, answer: one of "),
        ('["high_tech_radiology"]', '["mri"]', "my.toml: requirement 1, category: unknown: mri"),
        ('copay = "35.00"', "copay = 35.5", "my.toml: cost_share 1, copay: expected an amount"),
        ('copay = "35.00"', 'copay = "x"', "my.toml: cost_share 1, copay: expected an amount"),
        ('copay = "35.00"', 'co_pay = "35"', "my.toml: cost_share 1, co_pay: unknown key"),
        ("end = 2026-07-31", 'end = "soon"', "my.toml: cost_share 1, end: expected a date"),
        ("[[cost_share]]", "[cost_share]", "my.toml: cost_share: write it as [[cost_share]]"),
        ('answer = "not_required"', 'answer = "not_covered"', "my.toml: requirement 1, denial: missing"),
        (
            'answer = "not_required"',
            'answer = "not_covered"\ndenial = "so"',
            "my.toml: requirement 1, denial: no such key",
        ),
        ('product = "PR"', "product = PR", "my.toml: Invalid value"),
        (
            "effective = 2026-07-10",
            "effective = 2026-07-10\nend = 2026-07-01",
            "my.toml: requirement 1, end: before",
        ),
        ("effective = 2026-07-10", 'validity = "soon"', "my.toml: requirement 1, validity: "),
    ],
)
def test_bad_plan_files_are_said_so(before: str, after: str, message: str) -> None:
    assert before in GOOD
    plan, problems = parse_plan(GOOD.replace(before, after), "my.toml")
    assert plan is None
    assert any(p.startswith(message) for p in problems), problems


def test_every_shipped_row_is_dated_and_cites_a_rule() -> None:
    for plan in shipped_plans().values():
        rows: tuple[Any, ...] = (
            *plan.terms,
            *plan.cost_shares,
            *plan.requirements,
            *plan.limits,
            *plan.referrals,
        )
        assert all(r.match.effective > date.min for r in rows)
        assert all(r.requirement.rule for r in plan.requirements)


@given(
    plan=st.sampled_from(sorted(MEDICAL)),
    code=st.sampled_from(
        ["", "97110", "70551", "81432", "99213", "29881", "E0601", "0042T", "D2740", "H0036"]
    ),
    revenue=st.sampled_from(["", "0120", "0450", "0762", "0912", "1001", "0250"]),
    place=st.sampled_from(["", "11", "12", "21", "22", "23", "24"]),
    in_network=st.booleans(),
    emergency=st.booleans(),
)
def test_every_question_has_one_answer(
    plan: str, code: str, revenue: str, place: str, in_network: bool, emergency: bool
) -> None:
    asked = service(
        code=code,
        revenue_code=revenue,
        place_of_service=place,
        in_network=in_network,
        encounter=EMERGENCY if emergency else Encounter(),
    )
    needed, share = requirement(shipped_plans()[plan], asked), cost_share(shipped_plans()[plan], asked)
    assert needed.category == category(asked)
    assert 0 <= share.coinsurance < 1
    assert not (share.copay and (share.coinsurance or share.deductible))
    assert share.covered or share.reason
