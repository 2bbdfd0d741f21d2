"""A crash at any instant, then the same command again: the same state and the same bytes, nothing lost,
nothing paid or used twice (DESIGN "Store", CONTRACT section 2)."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.worlds.edi_command import edi, edi_process
from tests.worlds.places import SAMPLES

pytestmark = pytest.mark.crash

STORY = SAMPLES / "09-replacement-and-void"
FIRST = STORY / "inbound" / "1-originals.x12"
SECOND = STORY / "inbound" / "2-corrected.x12"
AS_OF = {"1": "2026-05-04T08:00:00", "2": "2026-05-11T08:00:00"}
DIE = "import os\ndef die(*_): os._exit(137)\n"
DEATHS = {
    "after the commit, before a file": (
        "import x12_payer.commands.pay as pay, x12_payer.commands.process as process\n"
        "pay.publish = process.publish = die"
    ),
    "after the first file": (
        "import x12_payer.adjudication.pipeline.publish as p\nreal, seen = p.os.replace, []\n"
        "def second(a, b):\n"
        "    if seen: die()\n"
        "    seen.append(real(a, b))\n"
        "p.os.replace = second"
    ),
    "while a file is written": "import x12_payer.adjudication.pipeline.publish as p\np.os.fsync = die",
    "before the answers are saved": (
        "from x12_payer.adjudication.store import unit as u\nu.Unit.save_answers = die"
    ),
    "after claims are saved": "import x12_payer.adjudication.pipeline.interchange as p\np.remit = die",
}


def arguments(store: Path, out: Path, *files: Path) -> list[object]:
    """`edi process` on the day of the story's step."""
    return ["process", "--db", store, "--out", out, "--as-of", AS_OF[files[0].name[0]], *files]


def contents(folder: Path) -> dict[str, bytes]:
    """File name → bytes; no temporary file may be among them for long."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


REAL_TIME = ("at", "previous", "hash")  # of the audit: when it was, and what depends on it


def state(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, sorted."""
    with sqlite3.connect(store) as db:
        names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        tables = {name: db.execute(f'select * from "{name}"').fetchall() for name in names if name != "audit"}
        kept = [row[1] for row in db.execute("pragma table_info(audit)") if row[1] not in REAL_TIME]
        tables["audit"] = db.execute(f"select {', '.join(kept)} from audit").fetchall()
    return {name: sorted(rows, key=repr) for name, rows in tables.items()}


def undisturbed(store: Path, out: Path, *runs: Path) -> None:
    """The story without a crash."""
    for file in runs:
        assert edi(*arguments(store, out, file)).exit == 0


@pytest.mark.parametrize("death", DEATHS)
def test_killed_and_run_again(death: str, store: Path, tmp_path: Path) -> None:
    twin, out, expected = tmp_path / "twin.db", tmp_path / "out", tmp_path / "expected"
    shutil.copy(store, twin)
    undisturbed(twin, expected, FIRST, SECOND)
    undisturbed(store, out, FIRST)
    killed = edi_process(*arguments(store, out, SECOND), before=DIE + DEATHS[death])
    assert killed.exit == 137
    assert contents(out).items() < contents(expected).items()
    again = edi(*arguments(store, out, SECOND))
    assert again.exit == 0
    assert contents(out) == contents(expected)
    assert state(store) == state(twin)


def test_killed_between_two_interchanges_of_one_file(store: Path, tmp_path: Path) -> None:
    both = tmp_path / "1-both.x12"
    both.write_bytes(FIRST.read_bytes() + SECOND.read_bytes())
    twin, out, expected = tmp_path / "twin.db", tmp_path / "out", tmp_path / "expected"
    shutil.copy(store, twin)
    assert edi(*arguments(twin, expected, both)).exit == 0
    killed = edi_process(*arguments(store, out, both), before=DIE + DEATHS["after the commit, before a file"])
    assert killed.exit == 137
    assert edi(*arguments(store, out, both)).exit == 0
    assert contents(out) == contents(expected)
    assert state(store) == state(twin)


def test_a_full_disk_is_one_line_and_the_next_run_publishes(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    full = (
        "import x12_payer.adjudication.pipeline.publish as p\n"
        "def full(*_): raise OSError(28, 'No space left on device', 'out')\n"
        "p.os.fsync = full"
    )
    said = edi_process(*arguments(store, out, FIRST), before=full)
    assert said.exit == 2
    assert "No space left on device" in said.stderr
    assert "Traceback" not in said.stderr
    assert contents(out) == {}
    assert edi(*arguments(store, out, FIRST)).exit == 0
    assert len(contents(out)) == 3


@pytest.mark.parametrize("death", ["after the commit, before a file", "while a file is written"])
def test_a_payment_run_killed_and_run_again(death: str, store: Path, tmp_path: Path) -> None:
    out, expected, twin = tmp_path / "out", tmp_path / "expected", tmp_path / "twin.db"
    assert edi(*arguments(store, tmp_path / "acks", FIRST), "--no-pay").exit == 0
    shutil.copy(store, twin)
    assert edi("pay", "--db", twin, "--out", expected, "--as-of", AS_OF["2"]).exit == 0
    run = ["pay", "--db", store, "--out", out, "--as-of", AS_OF["2"]]
    assert edi_process(*run, before=DIE + DEATHS[death]).exit == 137
    assert edi(*run).exit == 0
    assert contents(out) == contents(expected)
    assert len(contents(out)) == 1
    assert state(store) == state(twin)


def test_the_same_input_twice_changes_nothing(store: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    undisturbed(store, out, FIRST, SECOND)
    before = state(store)
    again = [edi(*arguments(store, other, file)) for file in (FIRST, SECOND, FIRST)]
    assert [said.exit for said in again] == [0, 0, 0]
    assert all("was processed before" in said.stderr for said in again)
    assert contents(other) == contents(out)
    assert state(store) == before


def test_a_later_day_publishes_what_was_recorded(store: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    undisturbed(store, out, FIRST)
    assert edi("process", "--db", store, "--out", other, "--as-of", "2026-09-01T00:00:00", FIRST).exit == 0
    assert contents(other) == contents(out)


def test_the_same_bytes_twice_in_one_run(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "1-copy.x12"
    shutil.copy(FIRST, copy)
    said = edi(*arguments(store, tmp_path / "out", FIRST, copy))
    assert said.exit == 0
    assert set(contents(tmp_path / "out")) == {
        f"1-originals.000000901.{k}.x12" for k in ("999", "277CA", "835")
    }


def refusals(out: Path) -> list[bytes]:
    """What is in the files where a TA1 says 025; empty when anything else is there too."""
    return [content for content in contents(out).values() if b"*R*025~" in content and b"GS*" not in content]


def test_the_same_number_with_other_bytes_is_refused_and_changes_no_claim(
    store: Path, tmp_path: Path
) -> None:
    other = tmp_path / "1-other.x12"
    other.write_bytes(FIRST.read_bytes().replace(b"CLM*RV-B*100", b"CLM*RV-Z*100"))
    undisturbed(store, tmp_path / "out", FIRST)
    before = state(store)
    second, third = tmp_path / "second", tmp_path / "third"
    assert edi(*arguments(store, second, other)).exit == 1
    assert edi(*arguments(store, third, other)).exit == 1  # as wrong as before: the same TA1 again
    assert len(refusals(second)) == len(contents(second)) == 1
    assert refusals(third) == refusals(second)
    changed = {name for name, rows in state(store).items() if rows != before[name]}
    assert changed == {"interchanges", "outbound", "sent", "counters", "audit"}
    # the first file is still known by its bytes
    assert edi(*arguments(store, tmp_path / "fourth", FIRST)).exit == 0


def test_a_refused_number_may_be_used_again(store: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "1-wrong.x12"
    wrong.write_bytes(FIRST.read_bytes().replace(b"*ZZ*GRANITEVALLEY  *", b"*ZZ*SOMEBODYELSE   *"))
    assert edi(*arguments(store, tmp_path / "wrong", wrong)).exit == 1
    assert edi(*arguments(store, tmp_path / "out", FIRST)).exit == 0
    assert len(contents(tmp_path / "out")) == 3
