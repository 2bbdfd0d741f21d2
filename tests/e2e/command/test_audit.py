"""`edi audit`: what is recorded of each act, that nobody is named in it, and that a changed row is found."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.command.test_phi import named, of_the_data, of_the_files
from tests.worlds.edi_command import demo, edi, play
from tests.worlds.places import ROOT, SAMPLES
from x12_payer.edi.version import VERSION

STORY = SAMPLES / "09-replacement-and-void"
FIRST = STORY / "inbound" / "1-originals.x12"
AS_OF = "2026-05-04T08:00:00"


def rows(store: Path) -> list[dict[str, object]]:
    said = edi("audit", "show", "--db", store, "--format", "json")
    assert said.exit == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def process(store: Path, out: Path, *more: str, file: Path = FIRST) -> None:
    assert edi("process", "--db", store, "--out", out, "--as-of", AS_OF, *more, file).exit == 0


@pytest.mark.parametrize("story", demo().stories(), ids=lambda story: story.name)
def test_the_chain_of_a_story_is_whole_and_names_nobody(story: Path, tmp_path: Path) -> None:
    play(story, tmp_path)
    assert edi("audit", "verify", "--db", tmp_path / "store.db").exit == 0
    shown = [
        edi("audit", "show", "--db", tmp_path / "store.db", "--format", form) for form in ("text", "json")
    ]
    found = rows(tmp_path / "store.db")
    assert [row["act"] for row in found][:2] == ["load", "process"]
    assert [row["sequence"] for row in found] == list(range(1, len(found) + 1))
    assert named(shown, of_the_data(story / "data") | of_the_files(story / "inbound")) == []


def test_who_what_when_on_which_file(store: Path, tmp_path: Path) -> None:
    process(store, tmp_path / "out", "--by", "night shift")
    _, row = rows(store)
    assert (row["act"], row["operator"], row["file"]) == ("process", "night shift", "1-originals.x12")
    assert (row["as_of"], row["version"]) == (AS_OF, VERSION)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", str(row["at"]))
    assert row["decided"] == {
        "interchange": "000000901",
        "sets": 1,
        "accepted": 1,
        "claims": [["2605040000001", "paid", "200.00", ""], ["2605040000002", "paid", "60.00", ""]],
        "remittances": [["000000001", "2100003039", "260.00"]],
        "answers": [f"1-originals.000000901.{kind}.x12" for kind in ("999", "277CA", "835")],
    }


def test_a_payment_run_is_recorded_when_it_pays(store: Path, tmp_path: Path) -> None:
    process(store, tmp_path / "out", "--no-pay")
    for _ in range(2):
        assert edi("pay", "--db", store, "--out", tmp_path / "out", "--as-of", AS_OF, "--by", "ann").exit == 0
    _, _, paid = rows(store)
    assert (paid["act"], paid["operator"]) == ("pay", "ann")
    assert paid["decided"] == {
        "claims": [],
        "remittances": [["000000001", "2100003039", "260.00"]],
        "answers": ["000000003.835.x12"],
    }


def test_what_is_known_already_is_no_act(store: Path, tmp_path: Path) -> None:
    process(store, tmp_path / "out")
    process(store, tmp_path / "out")
    assert edi(*demo().load_arguments(STORY, store)).exit == 0
    assert [row["act"] for row in rows(store)] == ["load", "process"]


def test_the_operator_comes_from_the_environment(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDI_USER", "cron")
    process(store, tmp_path / "out")
    assert rows(store)[1]["operator"] == "cron"


@pytest.mark.parametrize(("begin", "end", "shown"), [("2020-01-01", "2020-12-31", 0), ("2020-01-01", "", 1)])
def test_the_days_that_are_asked_for(begin: str, end: str, shown: int, store: Path) -> None:
    days = ["--from", begin, *(["--to", end] if end else [])]
    assert edi("audit", "show", "--db", store, "--format", "json", *days).stdout.count("\n") == shown


def change(db: sqlite3.Connection) -> None:
    db.execute("update audit set operator = 'somebody' where sequence = 2")


def take_out(db: sqlite3.Connection) -> None:
    db.execute("delete from audit where sequence = 2")


def take_the_last(db: sqlite3.Connection) -> None:
    db.execute("delete from audit where sequence = 3")


def put_in_place(db: sqlite3.Connection) -> None:
    """A row changed together with its own hash: the next one does not follow it."""
    db.execute("update audit set hash = '0', previous = previous where sequence = 1")
    db.execute("update audit set previous = '0' where sequence = 2")


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (change, "row 2 was changed after it was written"),
        (take_out, "row 2 is missing: after row 1 comes row 3"),
        (take_the_last, "row 3 is missing: 3 were written"),
        (put_in_place, "row 1 was changed after it was written"),
    ],
)
def test_the_first_broken_link_is_named(
    tamper: Callable[[sqlite3.Connection], None], words: str, store: Path, tmp_path: Path
) -> None:
    process(store, tmp_path / "out")
    process(store, tmp_path / "out", file=STORY / "inbound" / "2-corrected.x12")
    assert edi("audit", "verify", "--db", store).stdout == "3 rows, the chain is whole\n"
    with sqlite3.connect(store) as db:
        for name in ("audit_no_update", "audit_no_delete"):
            db.execute(f"drop trigger {name}")
        tamper(db)
    said = edi("audit", "verify", "--db", store)
    assert (said.exit, said.stderr) == (1, f"the audit is broken: {words}\n")


@pytest.mark.parametrize("statement", ["update audit set operator = 'x'", "delete from audit"])
def test_the_database_refuses_to_change_a_row(statement: str, store: Path) -> None:
    with sqlite3.connect(store) as db, pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        db.execute(statement)


def test_an_older_store_begins_its_chain_when_it_is_opened(store: Path, tmp_path: Path) -> None:
    with sqlite3.connect(store) as db:
        db.execute("drop table audit")
        db.execute("delete from counters where name in ('schema', 'audit')")
    process(store, tmp_path / "out")
    assert [row["act"] for row in rows(store)] == ["process"]
    assert edi("audit", "verify", "--db", store).exit == 0


def test_a_wrong_name_makes_no_store(tmp_path: Path) -> None:
    assert edi("audit", "verify", "--db", tmp_path / "none.db").exit == 2
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_the_project_s() -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
