"""The tables behind the answers: each row says what its transaction can hold."""

import ast
import re

import pytest

from tests.worlds.places import ROOT
from x12_payer.adjudication.eligibility.coverage import generic_types
from x12_payer.edi.tables import reasons, rows

OURS = ("member_", "provider_", "inquiry_", "status_", "front_")
AAA = {  # AAA03 of the 271 at the level the key is raised for (X279A1)
    "inquiry_payer": "2100A",
    "inquiry_payer_missing": "2100A",
    "provider_": "2100B",
    "member_dependent_": "2100D",
    "member_": "2100C",
    "inquiry_date_": "2100C",
}
ALLOWED = {
    "2100A": {"04", "41", "42", "79", "80", "T4"},
    "2100B": {"15", "41", "43", "44", "45", "46", "47", "48", "50", "51", "79", "97", "T4"},
    "2100C": {"58", "62", "63", "71", "72", "73", "74", "75", "76", "78"},
    "2100D": {"58", "62", "63", "64", "65", "66", "67", "68", "71", "77"},
}
KEYS = sorted(key for key in reasons() if key.startswith(OURS))


@pytest.mark.parametrize("key", [k for k in KEYS if k.startswith(("member_", "provider_", "inquiry_"))])
def test_an_aaa_fits_its_level(key: str) -> None:
    level = next(level for prefix, level in AAA.items() if key.startswith(prefix))
    assert reasons()[key].aaa in ALLOWED[level]
    assert reasons()[key].follow_up in ("C", "N")


@pytest.mark.parametrize("key", [k for k in KEYS if k.startswith(("status_", "front_", "member_"))])
def test_a_status_has_a_category_of_its_transaction(key: str) -> None:
    row = reasons()[key]
    wanted = r"[DEFP][0-4]" if key.startswith("status_") else r"A[1-8]"
    assert re.fullmatch(wanted, row.category)
    assert row.status.isdigit()


def verdicts() -> list[tuple[str, str]]:
    """HCR01 and key of every Verdict(...) that the review of a 278 spells out."""
    calls = (
        node
        for path in sorted((ROOT / "authorization" / "reviews").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Verdict"
    )
    spelled = [tuple(a.value for a in call.args if isinstance(a, ast.Constant)) for call in calls]
    return [(str(said[0]), str(said[1])) for said in spelled if len(said) == 2]


@pytest.mark.parametrize(("hcr", "key"), verdicts())
def test_a_verdict_is_the_hcr01_of_its_row(hcr: str, key: str) -> None:
    assert reasons()[key].hcr == hcr


def test_most_verdicts_are_spelled_out() -> None:
    assert len(verdicts()) >= 15


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_raised_in_one_place(key: str) -> None:
    files = [f for room in ("edi", "authorization", "adjudication") for f in (ROOT / room).rglob("*.py")]
    assert sum(f.read_text(encoding="utf-8").count(f'"{key}"') for f in files) == 1


def test_every_row_has_a_text_and_a_source() -> None:
    assert [k for k in KEYS if not (reasons()[k].text and reasons()[k].source)] == []


def test_service_types() -> None:
    table = rows("service_types")
    codes = [row["code"] for row in table]
    assert len(codes) == len(set(codes))
    assert all(row["name"] and row["source"] and row["authorization"] in ("", "U", "-") for row in table)
    assert generic_types() == ("1", "33", "35", "47", "48", "50", "86", "88", "98", "AL", "MH", "UC")


def test_claim_entities_are_named_as_the_277ca_can() -> None:
    known = "03 40 41 71 72 73 77 82 85 87 1P 1Z DK DN DQ FA GB HK IL LI MSC PR PRP QB QC QD SEP TL TTP TU"
    assert {row["status_entity"] for row in rows("claim_entities")} <= set(known.split())
