"""Two hops: each code the claim engine can say has one row in reasons.csv and one module that raises it."""

import ast

import pytest

from tests.worlds.places import ROOT
from x12_payer.authorization.lists import listed, meaning, table
from x12_payer.edi.tables import ReasonCodes, reasons

ROWS = {key: row for key, row in reasons().items() if key.startswith("claim_")}
GROUPS = {"CO", "OA", "PI", "PR"}  # CAS01 of X221A1; CR is not used in 5010


def raised_in() -> dict[str, set[str]]:
    """The modules that name each key, in the two rooms that decide claims."""
    found: dict[str, set[str]] = {}
    for path in [*ROOT.glob("authorization/**/*.py"), *ROOT.glob("adjudication/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ROWS:
                found.setdefault(node.value, set()).add(str(path.relative_to(ROOT)))
    return found


def test_each_key_is_raised_in_exactly_one_module() -> None:
    modules = raised_in()
    assert {key: modules.get(key) for key in ROWS if len(modules.get(key, ())) != 1} == {}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_row_says_what_the_wire_needs(row: ReasonCodes) -> None:
    waits = row.category.startswith("P")
    assert waits or (row.group in GROUPS and row.carc)
    assert bool(row.category) == bool(row.status)
    assert row.text
    assert row.source


def test_every_list_has_sources_and_known_ranges() -> None:
    for row in table("lists"):
        assert row["source"], row
        assert not row["to"] or (len(row["to"]) == len(row["from"]) and row["from"] <= row["to"]), row


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("surgery_code", "10004", True),
        ("surgery_code", "69990", True),
        ("surgery_code", "70010", False),
        ("surgery_code", "2988", False),
        ("emergency_revenue", "0459", True),
        ("emergency_revenue", "", False),
    ],
)
def test_ranges_are_inclusive(name: str, value: str, expected: bool) -> None:
    assert listed(name, value) is expected


def test_what_a_value_stands_for() -> None:
    assert [meaning("claim_status", code, "1") for code in ("P", "S", "T", "B", "")] == [
        "1",
        "2",
        "3",
        "3",
        "1",
    ]
