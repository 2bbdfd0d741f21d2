"""The remembered answer about a service is the answer of the plan, whatever the service."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from x12_payer.authorization.plans.answer import ask
from x12_payer.authorization.plans.plan import (
    cost_share,
    limits,
    parse_plan,
    referral,
    requirement,
    service_type,
    shipped_plans,
    terms,
)
from x12_payer.authorization.services import Encounter, Service

CODES = ("", "99213", "97110", "98940", "70551", "81228", "D8080", "E0601", "77385", "29881", "90837")
SERVICES = st.builds(
    Service,
    day=st.dates(date(2023, 12, 1), date(2026, 12, 31)),
    code=st.sampled_from(CODES),
    modifiers=st.sampled_from(((), ("GP",), ("GN", "59"))),
    revenue_code=st.sampled_from(("", "0120", "0450", "0912", "1002")),
    place_of_service=st.sampled_from(("", "11", "21", "23", "24")),
    type_of_bill=st.sampled_from(("", "11", "13", "21", "32")),
    diagnoses=st.sampled_from(((), ("M5450",), ("Q359", "Z1371"), ("Z94",), ("F411",))),
    provider_npi=st.sampled_from(("", "1234567893")),
    provider_role=st.sampled_from(("", "pcp", "specialist", "orthodontist")),
    in_network=st.booleans(),
    encounter=st.builds(
        Encounter,
        emergency_department=st.booleans(),
        observed=st.booleans(),
        surgery_days=st.frozensets(st.dates(date(2026, 6, 1), date(2026, 7, 31)), max_size=3),
        exception=st.sampled_from(("", "3")),
        level_of_service=st.sampled_from(("", "03", "U")),
        admission_type=st.sampled_from(("", "1", "3")),
        admission=st.booleans(),
    ),
    age=st.none() | st.integers(0, 99),
)


@given(st.sampled_from(sorted(shipped_plans())), SERVICES)
def test_it_is_what_the_plan_says(plan_id: str, service: Service) -> None:
    plan = shipped_plans()[plan_id]
    reported = ask(plan, service)
    assert reported.requirement == requirement(plan, service)
    assert reported.cost == cost_share(plan, service)
    assert reported.limits == limits(plan, service)
    assert reported.referral == referral(plan, service)
    assert reported.service_type == service_type(service)
    assert reported.terms == terms(plan, service.day)


DATED = """
id = "DATED"
name = "DATED"
product = "HM"
[[terms]]
deductible = "0.00"
rule = "TEST"
effective = 2024-01-01
[[cost_share]]
class = ["office"]
copay = "10.00"
age_under = 12
rule = "TEST"
effective = 2024-01-01
end = 2026-06-30
[[cost_share]]
class = ["office"]
copay = "20.00"
rule = "TEST"
effective = 2024-01-01
end = 2026-06-30
[[cost_share]]
class = ["office"]
copay = "30.00"
rule = "TEST"
effective = 2026-07-01
"""


@pytest.mark.parametrize(
    ("day", "age", "copay"),
    [
        (date(2026, 6, 30), 11, 10),
        (date(2026, 6, 30), 12, 20),
        (date(2026, 6, 30), None, 10),
        (date(2026, 7, 1), 11, 30),
        (date(2024, 1, 1), 40, 20),
    ],
)
def test_the_days_and_ages_at_which_a_row_begins_and_ends(day: date, age: int | None, copay: int) -> None:
    plan, problems = parse_plan(DATED, "dated.toml")
    assert plan is not None, problems
    visit = Service(day=day, code="99213", place_of_service="11", age=age)
    assert ask(plan, visit).cost.copay == copay
    assert ask(plan, evolve(visit, provider_npi="1")) is ask(plan, visit)  # nothing a row looks at


def test_plans_of_the_same_id_are_not_confused() -> None:
    one, _ = parse_plan(DATED, "dated.toml")
    other, _ = parse_plan(DATED.replace("30.00", "35.00"), "dated.toml")
    assert one is not None
    assert other is not None
    visit = Service(day=date(2026, 8, 1), code="99213")
    assert [ask(plan, visit).cost.copay for plan in (one, other, one)] == [30, 35, 30]
