"""edi load: every bad row by file, line and column; all or nothing; the same twice changes nothing."""

from datetime import datetime
from pathlib import Path

import pytest

from adjudication.reference import TABLES, read_reference
from adjudication.store import open_store

PAYER = """
name = "TEST PLAN"
payer_id = "TST01"
tax_id = "990000009"
interchange_qualifier = "ZZ"
interchange_id = "TESTPLAN"
"""
PARTNERS = "qualifier,interchange_id,name\nZZ,SENDER01,A SENDER\n"
FEES = "plan_id,npi,code,modifier,basis,amount,effective_date,termination_date\n"


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder with these files; a name's __ is a point."""
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("*,,99213,,unit,12.50,2024-13-01,", "fees.csv:2: effective_date: is not a date YYYY-MM-DD"),
        ("*,,99213,,unit,12.50,20240101,", "fees.csv:2: effective_date: is not a date YYYY-MM-DD"),
        ("*,,99213,,unit,-1,2024-01-01,", "fees.csv:2: amount: is not a number of zero or more"),
        ("*,,99213,,unit,NaN,2024-01-01,", "fees.csv:2: amount: is not a number of zero or more"),
        ("*,,99213,,hour,1,2024-01-01,", "fees.csv:2: basis: is none of unit day case percent drg capitated"),
        ("*,1911111115,99213,,unit,1,2024-01-01,", "fees.csv:2: npi: is not an NPI"),
        ("*,,,,unit,1,2024-01-01,", "fees.csv:2: code: is empty"),
        ("NO-PLAN,,99213,,unit,1,2024-01-01,", "fees.csv:2: plan_id: names no plan"),
        ("*,,99213,,unit,1,2024-01-01,,extra", "more values than columns"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_column(tmp_path: Path, row: str, said: str) -> None:
    _, problems = read_reference([folder(tmp_path, fees__csv=FEES + row + "\n")])
    assert len(problems) == 1
    assert said in problems[0]


def test_every_bad_row_is_reported_in_one_go(tmp_path: Path) -> None:
    rows = "*,,99213,,unit,x,2024-01-01,\n*,,99214,,unit,1,2024-01-01,\n*,,,,unit,1,bad,\n"
    _, problems = read_reference([folder(tmp_path, fees__csv=FEES + rows)])
    assert [p.split("fees.csv:")[1].split(":")[0] for p in problems] == ["2", "4", "4"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("fees__csv", "plan_id,npi\n", "column is missing"),
        ("partners__csv", PARTNERS.replace("name", "nam"), "nam: no such column"),
        ("memebers__csv", "a,b\n", "no such table"),
        ("payer__toml", "name = 1\nname = 2\n", "payer.toml"),
        ("payer__toml", PAYER + 'colour = "blue"\n', "colour: no such setting"),
        ("payer__toml", PAYER.replace("tax_id", "taxid"), "tax_id: is missing"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    _, problems = read_reference([folder(tmp_path, **{name: text})])
    assert any(said in problem for problem in problems), problems


def test_latin_text_is_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_bytes(b"qualifier,interchange_id,name\nZZ,X,CAF\xc9\n")
    _, problems = read_reference([tmp_path])
    assert any("is not UTF-8" in p for p in problems)


def test_loading_twice_changes_nothing_and_an_update_changes_one_row(tmp_path: Path) -> None:
    fees = FEES + "*,,99213,,unit,100,2024-01-01,\n*,,99214,,unit,140,2024-01-01,\n"
    path = folder(tmp_path, payer__toml=PAYER, partners__csv=PARTNERS, fees__csv=fees)
    store = open_store(str(tmp_path / "store.db"))
    first = {c.table: (c.added, c.changed, c.unchanged) for c in store.load(read_reference([path])[0])}
    assert first["fees"] == (2, 0, 0)
    again = {c.table: (c.added, c.changed, c.unchanged) for c in store.load(read_reference([path])[0])}
    assert again["fees"] == (0, 0, 2)
    assert again["partners"] == (0, 0, 1)
    (path / "fees.csv").write_text(fees.replace("140", "150"), encoding="utf-8")
    third = {c.table: (c.added, c.changed, c.unchanged) for c in store.load(read_reference([path])[0])}
    assert third["fees"] == (0, 1, 1)
    assert store.payer is not None
    assert store.payer.payer_id == "TST01"
    assert store.partners == {("ZZ", "SENDER01")}


def test_every_table_has_a_key_of_its_own_columns() -> None:
    for spec in TABLES.values():
        assert set(spec.key) <= set(spec.columns), spec.name


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))
    with store.unit(datetime(2026, 7, 6)) as unit:
        assert [unit.take_numbers("x"), unit.take_numbers("x", 5), unit.take_numbers("x")] == [1, 2, 7]
    with store.unit(datetime(2026, 7, 6)) as unit:
        assert unit.take_numbers("x") == 8
        assert unit.take_numbers("y") == 1


def test_a_unit_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))

    def fail() -> None:
        with store.unit(datetime(2026, 7, 6)) as unit:
            unit.take_numbers("x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.unit(datetime(2026, 7, 6)) as unit:
        assert unit.take_numbers("x") == 1
