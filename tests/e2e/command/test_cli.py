"""The command line as a script meets it: exit statuses, what is said where, and never a traceback
(CONTRACT sections 1 and 2)."""

import json
import re
import shutil
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from tests.worlds.edi_command import Said, edi, edi_process
from tests.worlds.places import SAMPLES
from x12_payer import cli
from x12_payer.adjudication.store.engine import why
from x12_payer.edi.clock import local_now

STORY = SAMPLES / "10-bad-files"
AS_OF = "2026-04-21T08:00:00"
GOOD = STORY / "inbound" / "6-all-is-well.x12"
PARTLY = STORY / "inbound" / "4-one-set-of-three.x12"
NOT_OURS = STORY / "inbound" / "1-not-our-address.x12"
GARBAGE = STORY / "inbound" / "5-garbage.x12"
PAYEES = b"npi,routing_number,account_type,account_number\n"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the answers go; not there yet."""
    return tmp_path / "answers"


def process(store: Path, out: Path, *more: object) -> Said:
    """`edi process` on the day of the story."""
    return edi("process", "--db", store, "--out", out, "--as-of", AS_OF, *more)


def kinds(out: Path) -> list[str]:
    """The kinds of the files in a folder, in the order of their names."""
    return [path.name.split(".")[-2] for path in sorted(out.iterdir())] if out.is_dir() else []


def plain(said: Said) -> str:
    """Everything said, after a look that no traceback is in it."""
    assert "Traceback" not in said.stdout + said.stderr
    assert "internal error" not in said.stderr
    return said.stdout + said.stderr


# -- help and version ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_everywhere(command: str, option: str) -> None:
    said = edi(*command.split(), option)
    assert said.exit == 0
    assert said.stdout.startswith("Usage: edi")
    assert said.stderr == ""


def test_version() -> None:
    said = edi("--version")
    assert said.exit == 0
    assert re.fullmatch(r"edi, version \d+\.\d+\.\d+\n", said.stdout)


def test_help_names_exit_statuses_and_what_is_written() -> None:
    for name in cli.COMMANDS:
        for words in {"claims": ("list", "release"), "audit": ("show", "verify")}.get(name, ("",)):
            said = edi(*f"{name} {words}".split(), "--help").stdout
            assert "Exit status 0:" in said, name
    assert "INBOUND_FILE.ISA13.KIND.x12" in edi("process", "--help").stdout
    assert "ISA13.835.x12" in edi("pay", "--help").stdout


def test_summaries_of_commands_are_whole() -> None:
    for arguments in ((), ("claims",), ("audit",)):
        assert "..." not in edi(*arguments, "--help").stdout.split("Commands:")[1]


@pytest.mark.parametrize(
    ("typed", "meant"), [("proces", "process"), ("valdate", "validate"), ("PAY", "pay"), ("zzz", "")]
)
def test_a_mistyped_command_gets_a_suggestion(typed: str, meant: str) -> None:
    said = edi(typed)
    assert said.exit == 2
    assert (f"did you mean {meant}?" in said.stderr) == bool(meant)
    assert ("did you mean" in said.stderr) == bool(meant)


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_respected(no_color: str, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(
        "click.utils.should_strip_ansi", lambda stream, color: not color and color is not None
    )
    monkeypatch.setattr("click._compat.isatty", lambda stream: True)
    for command in (("validate", PARTLY), ("show", GOOD)):
        assert ("\x1b" in edi(*command).stdout) == coloured, command


# -- load ------------------------------------------------------------------------------------------------


def test_load_counts_rows_by_table(tmp_path: Path) -> None:
    said = edi("load", "--db", tmp_path / "store.db", STORY / "data")
    assert said.exit == 0
    assert re.search(r"^ ?members +2 +0 +0", said.stdout, re.MULTILINE)


def test_bad_rows_are_named_by_file_line_and_column_and_nothing_is_loaded(tmp_path: Path) -> None:
    data, store = tmp_path / "data", tmp_path / "store.db"
    shutil.copytree(STORY / "data", data)
    fees = data / "fees.csv"
    fees.write_text(
        fees.read_text() + "*,,99214,,unit,much,2024-01-01,\nNO-PLAN,,99215,,unit,1,2024-13-01,\n"
    )
    said = edi("load", "--db", store, data)
    assert said.exit == 2
    assert f"{fees}:3: amount: 'much' is not a number" in said.stderr
    assert f"{fees}:4: effective_date: '2024-13-01' is not a date YYYY-MM-DD" in said.stderr
    assert f"{fees}:4: plan_id: 'NO-PLAN' names no plan" in said.stderr
    assert "nothing loaded: 3 problems" in plain(said)
    assert "holds no payer" in edi("process", "--db", store, "--out", tmp_path / "out", GOOD).stderr


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("members.csv", b"member_id,last_name\n", "subscriber_id: column is missing"),
        ("members.csv", b"\xff\xfe\x00", "is not UTF-8"),
        ("strangers.csv", b"a,b\n", "no such table"),
        ("payer.toml", b"name = \n", "payer.toml"),
        ("payer.toml", b'name = "X"\n', "payer_id: is missing"),
        ("payer.toml", b"", "is missing"),
        ("members.csv", b"", "column is missing"),
        ("payees.csv", PAYEES + b"a\0", "is no text: a byte of it is 0"),
        ("payees.csv", PAYEES + b'"' + b"1," * 70_000, "is a quote not closed?"),
        ("payer.toml", b'interchange_id = "SIXTEEN-LETTERS-"', "interchange_id: has 16 characters; 15"),
    ],
)
def test_bad_reference_files(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    said = edi("load", "--db", tmp_path / "store.db", tmp_path / name)
    assert said.exit == 2
    assert expected in plain(said)


def test_load_of_a_folder_without_tables(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = edi("load", "--db", tmp_path / "store.db", tmp_path / "empty")
    assert said.exit == 2
    assert "nothing to load" in plain(said)


# -- process: exit status --------------------------------------------------------------------------------


def test_0_when_nothing_was_rejected(store: Path, out: Path) -> None:
    said = process(store, out, GOOD)
    assert said.exit == 0
    assert plain(said)
    assert kinds(out) == ["277CA", "835", "999"]


@pytest.mark.parametrize(("file", "answers"), [(PARTLY, ["277CA", "835", "999"]), (NOT_OURS, ["TA1"])])
def test_1_when_a_999_or_a_ta1_rejects(file: Path, answers: list[str], store: Path, out: Path) -> None:
    said = process(store, out, file)
    assert said.exit == 1
    assert plain(said)
    assert kinds(out) == answers


def test_0_when_only_a_277ca_rejects(tmp_path: Path, out: Path) -> None:
    story, store = SAMPLES / "16-refused-at-the-door", tmp_path / "store.db"
    assert edi("load", "--db", store, story / "data").exit == 0
    assert process(store, out, story / "inbound").exit == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n  \n",
        b"not X12 at all",
        b"\xff" * 400,
        b"\x00" * 400,
        b"ISA",
        b"ISA*00*",
        b"%PDF-1.7\n" * 40,
    ],
)
def test_nothing_readable_is_2(content: bytes, tmp_path: Path, store: Path, out: Path) -> None:
    file = tmp_path / "inbound.x12"
    file.write_bytes(content)
    said = process(store, out, file)
    assert said.exit in ((1, 2) if content.startswith(b"ISA") else (2,))
    assert plain(said)
    assert "835" not in kinds(out)


def test_1_when_only_some_files_can_be_read(store: Path, out: Path) -> None:
    said = process(store, out, GARBAGE, GOOD)
    assert said.exit == 1
    assert "5-garbage.x12: no interchange in it" in said.stderr
    assert kinds(out) == ["277CA", "835", "999"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--as-of", "yesterday", GOOD),
        ("--as-of", "2026-02-30T08:00:00", GOOD),
        ("--as-of", "1999-12-31T08:00:00", GOOD),
        ("--as-of", "9999-12-31T08:00:00", GOOD),
        ("--as-of", "", GOOD),
        ("--format", "xml", GOOD),
        ("--workers", "0", GOOD),
        ("--workers", "many", GOOD),
        ("--no-such-option", GOOD),
        ("no-such-file.x12",),
        (GOOD, "no-such-file.x12"),
    ],
)
def test_bad_usage_is_2_and_does_nothing(arguments: tuple[object, ...], store: Path, out: Path) -> None:
    said = edi("process", "--db", store, "--out", out, *arguments)
    assert said.exit == 2
    assert "Usage: edi process" in plain(said)
    assert not out.exists()


def test_no_command_and_an_unknown_one() -> None:
    assert edi("no-such-command").exit == 2
    assert "No such command" in plain(edi("no-such-command"))
    assert edi().exit in (0, 2)
    assert "Usage: edi" in plain(edi())


def test_2_without_an_out_folder(store: Path) -> None:
    said = edi("process", "--db", store, GOOD)
    assert said.exit == 2
    assert "--out" in plain(said)


def test_2_when_out_is_a_file(store: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    assert process(store, tmp_path / "taken", GOOD).exit == 2
    said = process(store, tmp_path / "taken" / "below", GOOD)
    assert said.exit == 2
    assert plain(said)


def test_2_when_the_folder_is_empty(store: Path, tmp_path: Path, out: Path) -> None:
    (tmp_path / "inbox").mkdir()
    said = process(store, out, tmp_path / "inbox")
    assert said.exit == 2
    assert "no file to process" in plain(said)


def test_2_when_nothing_was_loaded(tmp_path: Path, out: Path) -> None:
    for arguments in (("process", GOOD), ("pay",)):
        said = edi(arguments[0], "--db", tmp_path / "new.db", "--out", out, *arguments[1:])
        assert said.exit == 2
        assert "new.db is not there" in plain(said)
        assert "run `edi load`" in plain(said)
    assert not out.exists()
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("command", ["load", "process", "pay"])
@pytest.mark.parametrize("kind", ["folder", "no folder", "not a store", "no server", "no kind", "nothing"])
def test_2_when_the_store_is_not_available(command: str, kind: str, tmp_path: Path, out: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, " * 200)
    db = {
        "folder": tmp_path,
        "no folder": tmp_path / "nowhere" / "store.db",
        "not a store": tmp_path / "text.db",
        "no server": "postgresql://nobody@127.0.0.1:1/none",
        "no kind": "mysql://x",
        "nothing": "",
    }[kind]
    rest: dict[str, list[object]] = {
        "load": [STORY / "data"],
        "process": ["--out", out, GOOD],
        "pay": ["--out", out],
    }
    said = edi(command, "--db", db, *rest[command])
    assert said.exit == 2
    assert plain(said).strip()
    assert len(said.stderr.strip().splitlines()) <= 2


def test_a_damaged_store_is_said_to_be_so(store: Path, out: Path) -> None:
    data = bytearray(store.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    store.write_bytes(data)
    said = process(store, out, GOOD)
    assert said.exit == 2
    assert "it is damaged" in plain(said)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("", {}, sqlite3.OperationalError("database is locked")), "another run holds it"),
        (OperationalError("", {}, sqlite3.OperationalError("disk I/O error\nmore")), "disk I/O error"),
        (IntegrityError("", {}, sqlite3.IntegrityError("Key (member_id)=(M1)")), "IntegrityError"),
        (DataError("", {}, sqlite3.DataError("invalid date 1960-01-01")), "DataError"),
        (ModuleNotFoundError(name="psycopg"), "psycopg is not installed"),
    ],
)
def test_the_stores_own_words_without_values(error: Exception, expected: str) -> None:
    said = why(error)
    assert said.startswith(expected)
    assert "M1" not in said
    assert "\n" not in said


def test_2_and_nothing_decided_when_out_cannot_be_made(store: Path, out: Path) -> None:
    said = process(store, GOOD / "below", GOOD)
    assert (said.exit, "Not a directory" in plain(said)) == (2, True)
    again = process(store, out, GOOD)
    assert "processed before" not in again.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_with_one_line_and_the_same_command_does_the_rest(
    workers: str, store: Path, out: Path
) -> None:
    program = (
        "import os, signal\nfrom x12_payer.commands import process as command\nreal = command.publish\n"
        "def stop(*a):\n    real(*a)\n    os.killpg(0, signal.SIGINT)\n"
        "os.setpgid(0, 0)\nsignal.signal(signal.SIGINT, signal.default_int_handler)\ncommand.publish = stop"
    )
    arguments = ["process", "--db", store, "--out", out, "--as-of", AS_OF, "--workers", workers, GOOD, PARTLY]
    said = edi_process(*arguments, before=program)
    assert said.exit == 130
    assert plain(said).splitlines() == [
        "stopped; what was done is kept, the same command again does the rest"
    ]
    assert kinds(out) == ["277CA", "835", "999"]
    assert edi(*arguments).exit == 1
    assert {path.name.split(".")[0] for path in out.iterdir()} == {GOOD.stem, PARTLY.stem}


def test_a_worker_that_is_killed_is_one_line(store: Path, out: Path) -> None:
    program = (
        "import os\nfrom x12_payer.adjudication.pipeline import files as p\n"
        "def die(*_): os._exit(9)\np.check_file = die"
    )
    said = edi_process("process", "--db", store, "--out", out, "--workers", "2", GOOD, PARTLY, before=program)
    assert (said.exit, plain(said).startswith("a worker was ended from outside")) == (2, True)
    assert len(said.stderr.splitlines()) == 1


def test_2_when_a_file_may_not_be_read_and_the_others_go_on(store: Path, tmp_path: Path, out: Path) -> None:
    program = f"import os\nclosed = {str(tmp_path / 'closed.x12')!r}\n"
    (tmp_path / "closed.x12").write_bytes(GOOD.read_bytes())
    program += (
        "real = os.open\n"
        "def refuse(file, *a, **k):\n"
        "    if str(file) == closed: raise PermissionError(13, 'Permission denied', closed)\n"
        "    return real(file, *a, **k)\n"
        "os.open = refuse"
    )
    arguments = ["process", "--db", store, "--out", out, "--as-of", AS_OF]
    alone = edi_process(*arguments, tmp_path / "closed.x12", before=program)
    assert alone.exit == 2
    assert "Permission denied" in plain(alone)
    both = edi_process(*arguments, tmp_path / "closed.x12", GOOD, before=program)
    assert both.exit == 1
    assert "Permission denied" in plain(both)
    assert kinds(out) == ["277CA", "835", "999"]


def test_an_internal_error_is_one_line_without_data(store: Path, out: Path) -> None:
    program = (
        "from x12_payer.commands import process as command\n"
        "def broken(*_): raise KeyError('BRANDT')\ncommand.show_reports = broken"
    )
    said = edi_process("process", "--db", store, "--out", out, "--as-of", AS_OF, GOOD, before=program)
    assert said.exit == 2
    assert "Traceback" not in said.stderr
    assert "BRANDT" not in said.stderr
    assert "internal error (KeyError)" in said.stderr


# -- process: what goes in and comes out -----------------------------------------------------------------


def test_folders_are_read_in_the_order_of_names_without_hidden_files(
    store: Path, tmp_path: Path, out: Path
) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "below").mkdir(parents=True)
    shutil.copy(PARTLY, inbox / "below" / "2.x12")
    shutil.copy(GOOD, inbox / "1.x12")
    shutil.copy(NOT_OURS, inbox / ".3.x12.part")
    said = process(store, out, inbox)
    assert [line.split()[0] for line in said.stdout.splitlines()[1:] if line.strip()] == [
        "1.x12",
        "2.x12",
        "total",
    ]
    assert {path.name.split(".")[0] for path in out.iterdir()} == {"1", "2"}


def test_files_are_ours_alone_and_complete(store: Path, out: Path) -> None:
    process(store, out, GOOD)
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert not [path for path in out.iterdir() if path.name.startswith(".")]
    assert {path.name for path in out.iterdir()} == {
        f"6-all-is-well.000001006.{kind}.x12" for kind in ("999", "277CA", "835")
    }


def test_json_is_one_object_an_interchange(store: Path, out: Path) -> None:
    said = process(store, out, "--format", "json", PARTLY, NOT_OURS)
    first, second = (json.loads(line) for line in said.stdout.splitlines())
    assert (first["file"], first["interchange"]) == (PARTLY.name, "000001004")
    assert (first["sets"], first["accepted"], first["rejected"], first["claims"]) == (3, 2, 1, 2)
    assert first["paid"] == "160.00"
    assert sorted(first["answers"]) == sorted(p.name for p in out.iterdir() if "TA1" not in p.name)
    assert (second["ta1"], second["accepted"]) == ("009", 0)


def test_any_partner_takes_strangers(store: Path, out: Path) -> None:
    said = process(store, out, "--any-partner", NOT_OURS)
    assert said.exit == 0
    assert kinds(out) == ["277CA", "835", "999"]


def test_no_pay_then_pay_once(store: Path, out: Path) -> None:
    assert process(store, out, "--no-pay", GOOD).exit == 0
    assert kinds(out) == ["277CA", "999"]
    run = ("pay", "--db", store, "--out", out, "--as-of", "2026-04-24T18:00:00")
    first = edi(*run)
    assert first.exit == 0
    assert kinds(out) == ["835", "277CA", "999"]
    assert "835" in first.stdout
    again = edi(*run)
    assert again.exit == 0
    assert "nothing to pay" in again.stderr
    assert kinds(out) == ["835", "277CA", "999"]


def test_the_store_may_come_from_the_environment(
    store: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDI_DB", str(store))
    assert edi("process", "--out", out, "--as-of", AS_OF, GOOD).exit == 0


def test_workers_give_the_same_bytes(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    shutil.copy(store, other)
    one, two = tmp_path / "one", tmp_path / "two"
    said = [process(store, one, STORY / "inbound"), process(other, two, "--workers", 2, STORY / "inbound")]
    assert said[0] == said[1]
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


def test_braces_in_a_file_name_are_kept(store: Path, tmp_path: Path, out: Path) -> None:
    odd = tmp_path / "batch {number} {kind}.x12"
    shutil.copy(GOOD, odd)
    assert process(store, out, odd).exit == 0
    assert all(path.name.startswith("batch {number} {kind}.0000") for path in out.iterdir())


@pytest.mark.parametrize("machine", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_now_is_the_payer_s_not_the_machine_s(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        payer = datetime.now(UTC).astimezone(ZoneInfo("Pacific/Kiritimati")).replace(tzinfo=None)
        assert abs(local_now("Pacific/Kiritimati") - payer) < timedelta(minutes=1)
        assert abs(local_now("") - datetime.now()) < timedelta(minutes=1)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_table_and_the_json_count_alike(store: Path, tmp_path: Path) -> None:
    table = process(store, tmp_path / "a", PARTLY, GOOD, NOT_OURS)
    total = table.stdout.splitlines()[-1].split()
    assert "refused, TA1 009: the receiver named in ISA08" in table.stderr
    again = tmp_path / "again.db"
    assert edi("load", "--db", again, STORY / "data").exit == 0
    said = edi(
        "process",
        "--db",
        again,
        "--out",
        tmp_path / "b",
        "--as-of",
        AS_OF,
        "--format",
        "json",
        PARTLY,
        GOOD,
        NOT_OURS,
    )
    objects = [json.loads(line) for line in said.stdout.splitlines()]
    names = ("sets", "accepted", "rejected", "claims", "claims_refused", "claims_denied", "claims_pended")
    sums = [sum(one[name] for one in objects) for name in (*names, "claims_paid", "requests_pended")]
    assert total[:10] == ["total", *map(str, sums)]
    assert sums[:4] == [4, 3, 1, 3]
    assert sum(sums[4:8]) == 3, "each claim ended one way"
