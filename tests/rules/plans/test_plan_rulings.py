"""What CONTRACT 7 rules about the shipped plans, asked of the one look-up."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from x12_payer.authorization.parties import Contract, Directory
from x12_payer.authorization.plans.plan import (
    category,
    cost_share,
    in_network,
    parse_plan,
    requirement,
    shipped_plans,
)
from x12_payer.authorization.services import Encounter, Service

DAY = date(2026, 7, 6)
PLANS = shipped_plans()
MEDICAL = sorted(set(PLANS) - {"BAY-DENTAL"})
OUT_COVERED = ("BAY-POS", "BAY-PPO", "MEDICARE-PPO", "FEP-STANDARD")
OWN_ALONE = ("BAY-HMO", "BAY-HMO-CHIRO12", "BAY-EPO", "FEP-BASIC", "MEDICARE-HMO")


def service(**fields: Any) -> Service:
    return Service(day=DAY, **fields)


@pytest.mark.parametrize("plan", MEDICAL)
@pytest.mark.parametrize(
    "code", ["D0120", "D2740", "D4910", "D7140", "D7240", "D8080", "D8670", "D8695", "D9110"]
)
@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("place", ["11", "23"])
def test_a_dental_code_needs_a_dental_benefit(plan: str, code: str, inside: bool, place: str) -> None:
    share = cost_share(PLANS[plan], service(code=code, in_network=inside, place_of_service=place, age=40))
    assert (share.covered, share.reason) == (False, "plan_not_covered")


def test_a_row_of_an_own_plan_means_dental_classes_only_by_name() -> None:
    text = 'id = "OWN"\n[[terms]]\nrule = "T"\n[[cost_share]]\n{}\ncopay = "5.00"\nrule = "T"\n'
    for named, covered in (("", False), ('class = ["dental_major"]', True)):
        plan, problems = parse_plan(text.format(named), "own.toml")
        assert plan is not None, problems
        assert cost_share(plan, service(code="D2740")).covered is covered


@pytest.mark.parametrize("plan", MEDICAL)
def test_oral_surgery_shares_cost_as_outpatient_surgery(plan: str) -> None:
    asked, surgery = service(service_type="40"), service(code="29881", place_of_service="24")
    assert cost_share(PLANS[plan], asked) == cost_share(PLANS[plan], surgery)
    assert requirement(PLANS[plan], asked).flag == "N"


def test_oral_surgery_is_a_dental_benefit_by_its_type_alone() -> None:
    share = cost_share(PLANS["BAY-DENTAL"], service(service_type="40"))
    assert (share.covered, share.coinsurance, share.maximum) == (True, Decimal("0.20"), "dental_maximum")
    assert not cost_share(PLANS["BAY-DENTAL"], service(service_type="40", code="41899")).covered
    assert not cost_share(PLANS["BAY-DENTAL"], service(code="29881")).covered


@pytest.mark.parametrize("code", ["D0120", "D2140", "D2740", "D8080", "D8660", "D8670"])
def test_the_dental_plan_pays_alike_in_and_out_of_network(code: str) -> None:
    inside, outside = (
        cost_share(PLANS["BAY-DENTAL"], service(code=code, in_network=n, age=12)) for n in (True, False)
    )
    assert evolve(outside, balance_billing=False) == inside


@pytest.mark.parametrize("code", ["D8080", "D8670", "D8680"])
def test_monthly_visits_and_retention_are_orthodontia(code: str) -> None:
    young, old = (service(code=code, age=age) for age in (12, 19))
    assert category(young) == "orthodontia"
    assert requirement(PLANS["BAY-DENTAL"], young).answer == "required"
    assert cost_share(PLANS["BAY-DENTAL"], young).coinsurance == Decimal("0.50")
    assert not cost_share(PLANS["BAY-DENTAL"], young).maximum
    assert requirement(PLANS["BAY-DENTAL"], old).answer == "not_covered"


@pytest.mark.parametrize("plan", OWN_ALONE)
@pytest.mark.parametrize("code", ["99213", "70551", "29881", "97110", "80053", "E0601", "99284", "G0299"])
def test_nothing_but_emergencies_is_covered_out_of_network(plan: str, code: str) -> None:
    away = service(code=code, place_of_service="22", in_network=False)
    assert cost_share(PLANS[plan], away).reason == "plan_out_of_network"
    emergency = evolve(away, place_of_service="23")
    inside = evolve(emergency, in_network=True)
    assert cost_share(PLANS[plan], emergency) == cost_share(PLANS[plan], inside)


@pytest.mark.parametrize("plan", MEDICAL)
@pytest.mark.parametrize(
    "said",
    [Encounter(exception="3"), Encounter(emergency_department=True), Encounter(level_of_service="03")],
)
def test_an_emergency_is_never_balance_billed(plan: str, said: Encounter) -> None:
    asked = service(code="99213", place_of_service="11", in_network=False, encounter=said)
    assert cost_share(PLANS[plan], asked).covered
    assert not cost_share(PLANS[plan], asked).balance_billing


@pytest.mark.parametrize("plan", OUT_COVERED)
def test_other_care_out_of_network_may_be_balance_billed(plan: str) -> None:
    assert cost_share(PLANS[plan], service(code="99213", in_network=False)).balance_billing


@pytest.mark.parametrize("plan", MEDICAL)
@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (service(type_of_bill="81", revenue_code="0651"), "hospice"),
        (service(type_of_bill="82", revenue_code="0656"), "hospice"),
        (service(service_type="45"), "hospice"),
        (service(service_type="46"), "hospice"),
        (service(service_type="46", request_category="AR", place_of_service="21"), "hospice"),
        (service(type_of_bill="18", revenue_code="0120"), "skilled_nursing"),
        (service(type_of_bill="21", revenue_code="0022"), "skilled_nursing"),
        (service(service_type="CG"), "inpatient"),
        (service(service_type="AB"), "inpatient"),
    ],
)
def test_stays_need_an_approval_and_share_cost_as_inpatient(plan: str, asked: Service, kind: str) -> None:
    assert category(asked) == kind
    assert requirement(PLANS[plan], asked).answer == "required"
    assert cost_share(PLANS[plan], asked).category == "inpatient"


def test_hospice_has_no_cost_share_on_the_hmo() -> None:
    share = cost_share(PLANS["BAY-HMO"], service(type_of_bill="82", revenue_code="0656"))
    assert (share.covered, share.copay, share.deductible, share.coinsurance) == (True, 0, False, 0)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("BAY-INDEMNITY", ("required", False)),
        ("BAY-PPO", ("required", True)),
        ("FEP-BASIC", ("required", False)),
    ],
)
def test_a_psychiatric_admission_by_its_type(plan: str, expected: tuple[str, bool]) -> None:
    """On commercial plans A7 may be residential care, for which a notice is enough (BH-09)."""
    need = requirement(PLANS[plan], service(service_type="A7"))
    assert (need.answer, need.notification) == expected


@pytest.mark.parametrize("plan", MEDICAL)
@pytest.mark.parametrize("kind", ["12", "18", "DM"])
def test_durable_equipment_by_its_type_answers_as_the_code(plan: str, kind: str) -> None:
    by_type, by_code = service(service_type=kind), service(code="E0601")
    assert requirement(PLANS[plan], by_type) == requirement(PLANS[plan], by_code)
    assert cost_share(PLANS[plan], by_type) == cost_share(PLANS[plan], by_code)


@pytest.mark.parametrize("plan", MEDICAL)
@pytest.mark.parametrize("kind", ["35", "88", "AL"])
def test_what_another_carrier_covers_is_not_covered_by_type(plan: str, kind: str) -> None:
    assert not cost_share(PLANS[plan], service(service_type=kind)).covered


@pytest.mark.parametrize(
    ("plan", "asked", "before"),
    [
        ("BAY-HMO", service(code="70551", place_of_service="22"), True),
        ("MEDICARE-PPO", service(code="70551", place_of_service="22"), True),
        ("BAY-EPO", service(code="95810", place_of_service="22"), True),
        ("BAY-INDEMNITY", service(code="E0601"), True),
        ("FEP-STANDARD", service(code="95810", place_of_service="22"), False),
    ],
)
def test_before_the_service(plan: str, asked: Service, before: bool) -> None:
    assert requirement(PLANS[plan], asked).before_service is before


@pytest.mark.parametrize("inside", [True, False])
def test_community_treatment_of_an_adult_is_covered_nowhere(inside: bool) -> None:
    for plan in ("BAY-HMO", "BAY-POS", "BAY-PPO", "BAY-EPO"):
        asked = service(code="H0036", age=19, in_network=inside)
        assert cost_share(PLANS[plan], asked).reason == "plan_age", plan


def test_who_is_in_the_network() -> None:
    contract = Contract("1", "BAY-PPO", date(2026, 1, 1), date(2026, 6, 30))
    directory = Directory(contracts={("1", "BAY-PPO"): (contract,)})
    ppo, indemnity = PLANS["BAY-PPO"], PLANS["BAY-INDEMNITY"]
    assert in_network(ppo, directory, "1", date(2026, 6, 30))
    assert not in_network(ppo, directory, "1", DAY)
    assert not in_network(ppo, directory, "2", date(2026, 6, 30))
    assert in_network(indemnity, directory, "2", DAY)
    assert in_network(ppo, directory, "", DAY)
