"""Committed answers reach their folder: by this run or the next, whatever one of them meets."""

import fcntl
import os
import sqlite3
from pathlib import Path

import pytest

from tests.worlds.edi_command import edi, edi_process
from tests.worlds.places import SAMPLES
from x12_payer.adjudication.pipeline.publish import folder_for, publish
from x12_payer.adjudication.store.unit import Outbound

STORY = SAMPLES / "09-replacement-and-void"
FIRST = STORY / "inbound" / "1-originals.x12"
AS_OF = "2026-05-04T08:00:00"
A, B = Outbound("a.x12", b"first"), Outbound("b.x12", b"second")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_files_and_folder_are_their_owners(tmp_path: Path) -> None:
    folder_for(tmp_path / "out")
    assert publish([A], tmp_path / "out") == ()
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "out" / "a.x12").stat().st_mode & 0o777 == 0o600


def test_one_that_cannot_be_written_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.x12").mkdir()
    long = Outbound("n" * 252 + ".x12", b"x")
    failed = publish([A, long, B], tmp_path)
    assert [one.name for one in failed] == ["a.x12", long.name]
    assert [one.why for one in failed] == ["Is a directory", "File name too long"]
    assert contents(tmp_path) == {"b.x12": b"second"}


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"precious")
    out = tmp_path / "out"
    folder_for(out)
    for name in (".a.x12.part", "b.x12"):
        (out / name).symlink_to(mine)
    assert publish([A, B], out) == ()
    assert mine.read_bytes() == b"precious"
    assert not (out / "b.x12").is_symlink()
    folder_for(out)
    assert mine.exists()


def test_what_killed_runs_left_goes_and_what_others_write_stays(tmp_path: Path) -> None:
    left, older, theirs = (
        tmp_path / name for name in (f".{'0' * 16}.part", ".a.x12.part", f".{'1' * 16}.part")
    )
    for path in (left, older, theirs, tmp_path / ".profile.part"):
        path.write_bytes(b"half")
    with theirs.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        folder_for(tmp_path)
        assert sorted(contents(tmp_path)) == [theirs.name, ".profile.part"]


def test_the_next_run_writes_what_this_one_could_not(store: Path, tmp_path: Path) -> None:
    out, expected = tmp_path / "out", tmp_path / "expected"
    out.mkdir()
    (out / "1-originals.000000901.835.x12").mkdir()
    run = ["process", "--db", store, "--as-of", AS_OF, "--out"]
    said = edi(*run, out, FIRST)
    assert said.exit == 2
    assert "not written: 1-originals.000000901.835.x12: Is a directory; it is kept" in said.stderr
    assert len(contents(out)) == 2
    still = edi("pay", "--db", store, "--as-of", AS_OF, "--out", out)  # it is in the way of this run, too
    assert (still.exit, "not written" in still.stderr) == (2, True)
    (out / "1-originals.000000901.835.x12").rmdir()
    assert edi("pay", "--db", store, "--as-of", AS_OF, "--out", out).exit == 0
    assert edi(*run, expected, FIRST).exit == 0
    assert contents(out) == contents(expected)
    with sqlite3.connect(store) as db:
        assert {row[0] for row in db.execute("select published from outbound")} == {0, 1}


@pytest.mark.slow
def test_a_payment_that_cannot_be_written_is_not_lost(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert (
        edi("process", "--db", store, "--out", tmp_path / "acks", "--as-of", AS_OF, "--no-pay", FIRST).exit
        == 0
    )
    pay = ["pay", "--db", store, "--out", out, "--as-of", AS_OF]
    full = (
        "import x12_payer.adjudication.pipeline.publish as p\n"
        "def full(*_): raise OSError(28, 'No space left on device')\n"
        "p.os.fsync = full"
    )
    said = edi_process(*pay, before=full)
    assert (said.exit, "No space left on device" in said.stderr) == (2, True)
    assert contents(out) == {}
    assert edi(*pay).exit == 0
    (name,) = contents(out)
    assert name.endswith(".835.x12")
    assert os.stat(out / name).st_mode & 0o777 == 0o600


def test_a_new_file_that_another_run_swept_away_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    swept: list[Path] = []

    def sweep(handle: int) -> None:
        real(handle)
        if not swept:
            swept.extend(path for path in tmp_path.iterdir() if path.suffix == ".part")
            swept[0].unlink()

    monkeypatch.setattr("x12_payer.adjudication.pipeline.publish.os.fsync", sweep)
    assert publish([A], tmp_path) == ()
    assert contents(tmp_path) == {"a.x12": b"first"}
    assert len(swept) == 1
