"""Plan files judged when they are loaded: what could never apply is named, with the nearest right value."""

from importlib import resources
from pathlib import Path

import pytest

from x12_payer.adjudication.errors import StoreError
from x12_payer.adjudication.reference.reference import Held, read_reference
from x12_payer.adjudication.store.store import open_store
from x12_payer.authorization.plans.checks import plan_problems
from x12_payer.authorization.plans.plan import parse_plan, parse_plans
from x12_payer.edi.toml_text import toml_tables

BASE = 'id = "MINE"\nbase = "BAY-PPO"\n'
REQUIRED = '[[requirement]]\nrule = "X"\nanswer = "required"\n'
SHARED = '[[cost_share]]\nrule = "X"\n'
LIMITED = (
    '[[limit]]\nrule = "X"\naccumulator = "visits:ACU"\nquantity = 12\nunit = "VS"\nservice_types = ["64"]\n'
)

WRONG = [
    (SHARED + 'coinsurance = "20"', "coinsurance: 20 is no fraction between 0 and 1; did you mean 0.20?"),
    (SHARED + 'coinsurance = "1.5"', "coinsurance: 1.5 is no fraction between 0 and 1"),
    (SHARED + "copay = 20", 'copay: expected an amount in quotes, as "20.00"'),
    (SHARED + 'copay = "20.005"', "copay: 20.005 has more than two decimals"),
    (SHARED + f'copay = "{"9" * 20}"', "copay: has more digits than can be sent"),
    (
        SHARED + 'roles = ["specialst"]',
        "roles: 'specialst' is no role of a provider; did you mean",
    ),
    (SHARED + 'places = ["1O"]', "places: '1O' is no place of service"),
    (SHARED + "codes = []", "codes: an empty list fits nothing"),
    (SHARED + 'codes = ["99215-99211"]', "codes: 99215-99211 is not a range: no code is in it"),
    (SHARED + 'codes = ["0001U-00999"]', "codes: 0001U-00999 is not a range"),
    (SHARED + 'codes = ["99 213"]', "codes: '99 213' is neither a code nor a range of codes"),
    (SHARED + 'diagnoses = ["c50.1"]', "did you mean C501?"),
    (SHARED + "age_from = 18\nage_under = 18", "age_under: nobody is 18 or older and under 18"),
    (REQUIRED + 'requesters = ["pcpp"]', "requesters: 'pcpp' is no requester; did you mean pcp?"),
    (REQUIRED + 'extension_requesters = ["theraptist"]', "did you mean therapist?"),
    (REQUIRED + "quota = 5", "quota_unit: missing: the quota would never count"),
    (REQUIRED + 'quota_unit = "VS"', "quota_unit: says how to count a quota, and there is none"),
    (REQUIRED + "threshold = 12", "threshold_accumulator: missing: the threshold would never count"),
    (REQUIRED + 'threshold_accumulator = "visits:CHIRO"', "threshold: missing"),
    (REQUIRED.replace("required", "delegated"), "delegate: missing: an answer names whom"),
    (
        REQUIRED.replace("required", "delegated") + f'delegate = "{"V" * 61}"',
        "delegate: has 61 characters; 60 is the most that can be sent",
    ),
    (REQUIRED + 'message = "ASK ☃"', "message: has a character that no interchange can carry"),
    (
        REQUIRED.replace("required", "delegated") + 'delegate = "V"\ndelegate_phone = "1-800-CALL"',
        "delegate_phone: '1-800-CALL' is no telephone number",
    ),
    (f'name = "{"N" * 51}"', "mine.toml: name: has 51 characters; 50 is the most that can be sent"),
    (LIMITED.replace('"64"', '"ZZ9"'), "service_types: 'ZZ9' is no service type"),
    (LIMITED.replace("12", "12.0001").replace("12.0001", '"12.0001"'), "quantity: 12.0001 is no quantity"),
]


@pytest.mark.parametrize(("row", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_could_never_apply_is_named(row: str, said: str) -> None:
    plan, problems = parse_plan(f"{BASE}\n{row}\n", "mine.toml")
    assert plan is None
    assert len(problems) == 1, problems
    assert problems[0].startswith("mine.toml: ")
    assert said in problems[0]


@pytest.mark.parametrize(
    "row",
    [
        SHARED + 'coinsurance = "0"\ncopay = "20.00"\nroles = ["specialist"]\ncodes = ["0001U-0500U"]',
        SHARED + 'coinsurance = "1"\nage_under = 19\ndiagnoses = ["C", "M54"]\nplaces = ["11"]',
        REQUIRED + 'requesters = ["pcp", "referred_specialist"]\nquota = 12\nquota_unit = "VS"',
        REQUIRED + 'threshold = 12\nthreshold_accumulator = "visits:CHIRO"',
        LIMITED,
    ],
)
def test_what_may_apply_is_taken(row: str) -> None:
    plan, problems = parse_plan(f"{BASE}\n{row}\n", "mine.toml")
    assert problems == ()
    assert plan is not None


def test_a_plan_that_covers_nothing_is_refused() -> None:
    _, problems = parse_plan('id = "BAY-HMO"\nname = "EMPTY"\n', "mine.toml")
    assert problems == (
        "mine.toml: cost_share: no row, of its own or of a base: the plan would cover nothing",
    )
    assert parse_plan('id = "FRAME"\nabstract = true\n', "mine.toml")[1] == ()


def test_the_shipped_plans_could_all_be_loaded() -> None:
    for file in resources.files("x12_payer.maps").joinpath("rules").iterdir():
        if file.name.endswith(".toml"):
            assert list(plan_problems(toml_tables(file.read_text(encoding="utf-8")), file.name)) == []


def test_a_plan_based_on_another_of_the_load_or_the_store(tmp_path: Path) -> None:
    mine, above = 'id = "A-MINE"\nbase = "B-MINE"\n', 'id = "B-MINE"\nbase = "BAY-EPO"\n'
    found, problems = parse_plans({"a": mine, "b": above})
    assert problems == ()
    assert found["A-MINE"][0].product == "EP"
    assert parse_plans({"a": mine})[1] == ("a: base: no plan of that id",)
    assert parse_plans({"a": mine}, {"B-MINE": found["B-MINE"][0]})[1] == ()
    round_about = parse_plans({"a": mine, "b": above.replace("BAY-EPO", "A-MINE")})[1]
    assert round_about == ("a: base: no plan of that id", "b: base: no plan of that id")


def test_a_replaced_plan_is_the_base_of_what_is_loaded_with_it() -> None:
    mine = 'id = "A-MINE"\nbase = "BAY-EPO"\n'
    replaced = 'id = "BAY-EPO"\nname = "OURS"\nbase = "BAY-EPO"\n'
    found, problems = parse_plans({"a": mine, "b": replaced})
    assert problems == ()
    assert found["A-MINE"][0].name == "OURS"


PAYER = """
name = "P"
payer_id = "PP1"
tax_id = "990000009"
interchange_qualifier = "ZZ"
interchange_id = "PP"
"""


def test_a_plan_loaded_before_it_was_judged_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "payer.toml").write_text(PAYER)
    (tmp_path / "mine.toml").write_text(f'{BASE}\n{SHARED}copay = "20.00"\n')
    store = open_store(str(tmp_path / "edi.db"))
    data, problems = read_reference([tmp_path], store.held)
    assert problems == ()
    old = data.plans["MINE"].replace('"20.00"', "20")
    store.load(type(data)(plans={"MINE": old}))
    assert "MINE" in store.plans


def test_a_plan_that_cannot_be_read_is_said_and_may_be_loaded_again(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "edi.db"))
    data, _ = read_reference([], Held())
    store.load(type(data)(plans={"MINE": BASE + "colour = 1\n"}))
    with pytest.raises(StoreError, match="MINE: colour: unknown key; load it again"):
        assert store.plans
    (tmp_path / "mine.toml").write_text(BASE)
    again, problems = read_reference([tmp_path / "mine.toml"], store.held)
    assert problems == ()
    store.load(again)
    assert "MINE" in store.plans
