"""The benchmark runs, on tiny files; what it measures is not judged here."""

import sys
from pathlib import Path

import pytest

from bench import engines, engines_ours, history, memory, run, table

pytestmark = pytest.mark.bench

COUNTS = {"837P": "CLM", "837I": "CLM", "835": "CLP", "270": "EQ", "278": "UM"}


@pytest.mark.parametrize("kind", table.KINDS)
def test_generated_files_are_valid_and_seeded(kind: str, tmp_path: Path) -> None:
    path = table.generate(kind, 7, 1, tmp_path / "a.x12")
    text = path.read_text()
    assert text.count(f"\n{COUNTS[kind]}*") == 7
    assert text == table.generate(kind, 7, 1, tmp_path / "b.x12").read_text()
    assert text != table.generate(kind, 7, 2, tmp_path / "c.x12").read_text()
    assert engines_ours.we_check(path) == engines_ours.we_validate(path) == ""
    assert engines.pyx12_for(kind, tmp_path / "maps")(path) == ""


@pytest.mark.parametrize("kind", table.KINDS)
def test_an_engine_says_what_is_wrong(kind: str, tmp_path: Path) -> None:
    path = table.generate(kind, 2, 1, tmp_path / "a.x12")
    path.write_text(path.read_text().replace("\nHL*1**", "\nHL*1*9*").replace("\nDTM*405*", "\nDTM*999*"))
    assert engines_ours.we_check(path)
    assert engines_ours.we_validate(path)


def test_rows_of_every_engine(tmp_path: Path) -> None:
    own = table.floor() | table.ours() | {run.PIPELINE: run.pipeline(tmp_path)}
    rows = table.rows_for("837P", table.peers("837P", tmp_path), own, 4, 1, tmp_path)
    assert [row.engine for row in rows if row.engine != table.X12SDK] == [table.PYX12, *own]
    assert all(row.seconds > 0 and not row.fault for row in rows)
    assert len(list(table.lines_of(rows, rows))) == len(rows)


def test_ratios_are_a_record() -> None:
    base = table.Row("837P", 10, table.PYX12, 5.0, 1.0)
    large = table.Row("837P", 1000, table.CHECK, 10.0, 100.0)
    (line,) = table.lines_of([large], [base])
    assert line.split()[-5:] == ["10.000", "100", "10.0", "50.0", "-"]


def test_what_cannot_be_read_is_said() -> None:
    (line,) = table.lines_of([table.Row("278", 10, table.X12SDK, 0.0, 1.0, "KeyError")], [])
    assert "does not read this kind (KeyError)" in line


def test_an_engine_that_refuses_the_kind_gives_a_row(tmp_path: Path) -> None:
    refusing = {"other": table.ready(lambda path: "no")}
    rows = table.rows_for("270", refusing, {table.CHECK: table.ours()[table.CHECK]}, 3, 1, tmp_path)
    assert [bool(row.fault) for row in rows] == [True, False]


@pytest.mark.parametrize("what", ["check", "validate"])
def test_peak_memory_of_a_child(what: str, tmp_path: Path) -> None:
    path = table.generate("837P", 3, 1, tmp_path / "a.x12")
    peak, seconds = memory.peak_of(what, path)
    assert 10e6 < peak < 1e9
    assert 0 < seconds < 60


def test_the_memory_table_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "--memory", "2", "3"])
    run.main()
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()[-2:]] == ["2", "3"]


def test_the_command_with_its_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run.commands(2, 1, [table.Row("837P", 10, table.PYX12, 5.0, 1.0)], tmp_path)
    lines = capsys.readouterr().out.splitlines()[-2:]
    assert [line.split()[:2] for line in lines] == [["edi", "validate"]] * 2
    assert all(float(line.split()[-1]) > 0 for line in lines)


def test_the_small_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "USUAL", 2)
    monkeypatch.setattr(sys, "argv", ["run.py", "--small", "--rounds", "1"])
    run.main()
    shown = capsys.readouterr().out
    assert all(f"\n{kind} " in shown for kind in table.KINDS)


def test_the_three_rows_of_the_pipeline(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "--claims", "2", "--rounds", "1"])
    run.main()
    assert capsys.readouterr().out.count("837P") == 3


def test_the_past_makes_three_rows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["history.py", "--claims", "5", "--others", "50"])
    history.main()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["no", "10", "50"]
    assert all(float(row[-1]) > 0 for row in rows)
