"""What is checked is what is decided and kept: a file that changes while it is read is named and stops alone
(CONTRACT section 2: nothing lost). And what one file does wrong stops no other."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.worlds.edi_command import Said, edi, edi_process
from tests.worlds.places import SAMPLES
from x12_payer.adjudication.errors import InputChangedError
from x12_payer.adjudication.pipeline.inbound import PIECE, seal
from x12_payer.edi.wire.inputs import opened

STORY = SAMPLES / "09-replacement-and-void"
SENT = (STORY / "inbound" / "1-originals.x12").read_bytes()
AS_OF = "2026-05-04T08:00:00"
CHANGED = "it was changed while it was read; send it again when it is whole"
WORKERS = pytest.mark.parametrize("workers", ["1", "2"])


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def numbered(n: int) -> bytes:
    """The interchange under another number, with claims of its own."""
    return SENT.replace(b"000000901", b"%09d" % n).replace(b"CLM*RV-", b"CLM*R%d-" % n)


def process(store: Path, out: Path, *paths: Path, before: str = "", workers: str = "1") -> Said:
    arguments = ("process", "--db", store, "--out", out, "--as-of", AS_OF, "--workers", workers, *paths)
    return edi_process(*arguments, before=before) if before else edi(*arguments)


def count(store: Path, table: str) -> int:
    with sqlite3.connect(store) as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


def hook(change: str, file: Path, other: Path) -> str:
    """Python that changes the file once the first interchange in it has been checked and digested."""
    return (
        "import os, x12_payer.adjudication.pipeline.interchange as p\n"
        f"file, other = {str(file)!r}, {str(other)!r}\n"
        "real, seen = p.digest, []\n"
        "def changing(chunks):\n"
        "    found = real(chunks)\n"
        "    if not seen:\n"
        "        seen.append(1)\n"
        f"        {change}\n"
        "    return found\n"
        "p.digest = changing"
    )


OVERWRITTEN = "open(file, 'r+b').write(open(other, 'rb').read())"
CUT = "os.truncate(file, 900)"
REPLACED = "os.replace(other, file)"


@WORKERS
@pytest.mark.parametrize("change", [OVERWRITTEN, CUT])
def test_a_file_changed_while_it_is_read_stops_alone(
    change: str, workers: str, store: Path, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "1.x12").write_bytes(SENT)
    (inbox / "2.x12").write_bytes(numbered(902))
    other = tmp_path / "other"
    other.write_bytes(SENT.replace(b"RV-B", b"RV-Z"))
    said = process(
        store, tmp_path / "out", inbox, before=hook(change, inbox / "1.x12", other), workers=workers
    )
    assert said.exit == 1
    assert f"1.x12: {CHANGED}" in said.stderr.replace("\n", " ")
    assert {path.name.split(".")[0] for path in (tmp_path / "out").iterdir()} == {"2"}
    assert count(store, "interchanges") == 1
    # what was meant, sent again, is decided: nothing of the first try is in its way
    (inbox / "1.x12").write_bytes(SENT)
    again = process(store, tmp_path / "out", inbox / "1.x12")
    assert (again.exit, "processed before" in again.stderr) == (0, False)


@WORKERS
def test_a_file_replaced_by_name_is_still_the_one_that_was_opened(
    workers: str, store: Path, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "1.x12").write_bytes(SENT)
    other = tmp_path / "other"
    other.write_bytes(SENT.replace(b"RV-B", b"RV-Z"))
    before = hook(REPLACED, inbox / "1.x12", other)
    assert process(store, tmp_path / "out", inbox, before=before, workers=workers).exit == 0
    texts = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    assert b"RV-B" in texts
    assert b"RV-Z" not in texts
    # its digest is that of what was decided
    (tmp_path / "same.x12").write_bytes(SENT)
    assert "processed before" in process(store, tmp_path / "out", tmp_path / "same.x12").stderr


def test_interchanges_before_the_change_stay_decided(store: Path, inbox: Path, tmp_path: Path) -> None:
    pad = b" " * PIECE  # so that the second lies in a piece of its own
    (inbox / "1.x12").write_bytes(SENT + pad + numbered(902))
    change = f"if len(seen) == 2: os.truncate(file, {len(SENT + pad)} + 700)"
    before = hook("pass", inbox / "1.x12", inbox).replace(
        "    if not seen:\n        seen.append(1)\n        pass\n", f"    seen.append(1)\n    {change}\n"
    )
    said = process(store, tmp_path / "out", inbox, before=before)
    assert said.exit == 1
    assert CHANGED in said.stderr
    assert count(store, "interchanges") == 1


def test_a_seal_holds_for_the_pieces_that_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"a" * PIECE + b"b" * PIECE + b"c" * 10)
    with opened(path) as source:
        kept = seal(source)
        kept.check(source, 0, 2 * PIECE + 10)
        with path.open("r+b") as file:
            file.seek(PIECE + 5)
            file.write(b"X")
        kept.check(source, 0, PIECE)
        kept.check(source, 2 * PIECE, 10)
        for offset, length in ((PIECE, 1), (PIECE - 1, 2), (0, 2 * PIECE + 10)):
            with pytest.raises(InputChangedError):
                kept.check(source, offset, length)
        with path.open("ab") as file:
            file.write(b"more")
        with pytest.raises(InputChangedError):
            kept.check(source, 2 * PIECE, 10)


# -- names, pipes, faults --------------------------------------------------------------------------


def latin(inbox: Path) -> None:
    Path(os.fsdecode(os.fsencode(inbox) + b"/a\xe9.x12")).write_bytes(SENT)


def long(inbox: Path) -> None:
    (inbox / f"{'a' * 240}.x12").write_bytes(SENT)


def nothing(inbox: Path) -> None:
    (inbox / "a.x12").write_bytes(b"")


STOPPED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a name in Latin-1": (latin, "a\\xe9.x12: its name is no UTF-8, and answers are named after it"),
    "a name that is too long": (long, "its name has 240 bytes, too many to name answers after it"),
    "an empty file": (nothing, "a.x12: no interchange in it"),
}


@WORKERS
@pytest.mark.parametrize("what", STOPPED)
def test_what_cannot_be_taken_stops_nobody_else(
    what: str, workers: str, store: Path, inbox: Path, tmp_path: Path
) -> None:
    make, words = STOPPED[what]
    make(inbox)
    (inbox / "z.x12").write_bytes(numbered(902))
    said = process(store, tmp_path / "out", inbox, workers=workers)
    assert said.exit == 1
    assert words in said.stderr
    assert {path.name.split(".")[0] for path in (tmp_path / "out").iterdir()} == {"z"}
    assert count(store, "interchanges") == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("fifo", "it is a pipe that nobody writes into"),
        ("/dev/zero", "it is a device or a folder, not a file"),
    ],
)
def test_pipes_and_devices_are_not_waited_for(kind: str, words: str, store: Path, tmp_path: Path) -> None:
    odd = Path(kind)
    if kind == "fifo":
        odd = tmp_path / "fifo"
        os.mkfifo(odd)
    good = tmp_path / "z.x12"
    good.write_bytes(SENT)
    said = process(store, tmp_path / "out", odd, good)
    assert said.exit == 1
    assert f"{odd.name}: cannot be read: {words}" in said.stderr
    assert len(list((tmp_path / "out").iterdir())) == 3
    for command in ("validate", "show", "explain"):
        alone = edi(command, odd)
        assert (alone.exit, words in alone.stderr) == (2, True), command


def test_a_file_name_does_not_speak_to_the_terminal(store: Path, inbox: Path, tmp_path: Path) -> None:
    (inbox / "a\x1b[31m\n[bold]b.x12").write_bytes(SENT)
    (inbox / "c\x1b.x12").write_bytes(b"nothing")
    said = process(store, tmp_path / "out", inbox)
    assert said.exit == 1
    assert "\x1b" not in said.stdout + said.stderr
    assert "a\\x1b[31m\\n[bold]b.x12" in said.stdout
    assert "c\\x1b.x12: no interchange" in said.stderr


@WORKERS
def test_a_fault_of_ours_in_one_file_is_named_and_the_others_go_on(
    workers: str, store: Path, inbox: Path, tmp_path: Path
) -> None:
    for n, name in enumerate("abc", 901):
        (inbox / f"{name}.x12").write_bytes(numbered(n))
    before = (
        "import x12_payer.adjudication.pipeline.interchange as p\nreal = p.answer_claims\n"
        "def broken(*a):\n"
        "    if p.broken: p.broken -= 1; raise KeyError('BRANDT')\n"
        "    return real(*a)\n"
        "p.broken = 1\np.answer_claims = broken"
    )
    said = process(store, tmp_path / "out", inbox, before=before, workers=workers)
    assert said.exit == 2
    assert "a.x12: internal error (KeyError): please report it" in said.stderr.replace("\n", " ")
    assert "BRANDT" not in said.stderr
    assert {path.name.split(".")[0] for path in (tmp_path / "out").iterdir()} == {"b", "c"}
    assert process(store, tmp_path / "out", inbox).exit == 0
    assert len(list((tmp_path / "out").iterdir())) == 9


def test_a_damaged_record_is_one_line(store: Path, inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.x12").write_bytes(SENT)
    assert process(store, tmp_path / "out", inbox).exit == 0
    with sqlite3.connect(store) as db:
        db.execute("update claims set record = '{'")
    (inbox / "b.x12").write_bytes(numbered(902))
    said = process(store, tmp_path / "out", inbox / "b.x12")
    assert said.exit == 2
    assert said.stderr.splitlines() == [
        "the store holds a record that cannot be read: it was damaged, or a newer edi wrote it"
    ]
