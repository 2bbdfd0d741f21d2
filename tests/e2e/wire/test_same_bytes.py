"""The same bytes are the same interchange (CONTRACT sections 2 and 7): whichever run accepted them answers; a
refused interchange is refused again under its own file's name."""

import sqlite3
from pathlib import Path

from tests.worlds.edi_command import Said, edi
from tests.worlds.places import SAMPLES

STORY = SAMPLES / "09-replacement-and-void"
SENT = (STORY / "inbound" / "1-originals.x12").read_bytes()
AS_OF = "2026-05-04T08:00:00"


def stranger(data: bytes = SENT) -> bytes:
    """The file as somebody who is no partner sends it."""
    start = data.index(b"*ZZ*") + 4
    return data[:start] + b"STRANGER9".ljust(15) + data[start + 15 :]


def send(store: Path, out: Path, name: str, data: bytes, *options: str) -> tuple[Said, dict[str, bytes]]:
    """`edi process` of one file in a folder of its own; what it said and what it wrote."""
    file = store.parent / name
    file.write_bytes(data)
    said = edi("process", "--db", store, "--out", out, "--as-of", AS_OF, *options, file)
    return said, {path.name: path.read_bytes() for path in out.iterdir()}


def count(store: Path, table: str) -> int:
    with sqlite3.connect(store) as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


def test_what_was_accepted_answers_with_the_flag_and_without(store: Path, tmp_path: Path) -> None:
    data = stranger()
    refused, before = send(store, tmp_path / "0", "s.x12", data)
    assert refused.exit == 1
    assert list(before) == ["s.000000901.TA1.x12"]
    first, files = send(store, tmp_path / "1", "s.x12", data, "--any-partner")
    assert first.exit == 0
    assert {name.split(".")[2] for name in files} == {"999", "277CA", "835"}
    claims = count(store, "claims")
    for n, options in enumerate(((), ("--any-partner",), ()), 2):
        again, same = send(store, tmp_path / str(n), "s.x12", data, *options)
        assert again.exit == 0
        assert "was processed before" in again.stderr
        assert same == files
    assert count(store, "claims") == claims


def test_a_refusal_is_under_each_name_and_each_night(store: Path, tmp_path: Path) -> None:
    data = stranger()
    said, first = send(store, tmp_path / "1", "a.x12", data)
    assert (said.exit, list(first)) == (1, ["a.000000901.TA1.x12"])
    said, other = send(store, tmp_path / "2", "b.x12", data)
    assert (said.exit, list(other)) == (1, ["b.000000901.TA1.x12"])
    said, again = send(store, tmp_path / "3", "a.x12", data)
    assert (said.exit, again) == (1, first)
    assert "processed before" not in said.stderr
    assert count(store, "interchanges") == 2


def test_a_refusal_does_not_use_up_the_number(store: Path, tmp_path: Path) -> None:
    send(store, tmp_path / "1", "a.x12", SENT.replace(b"*GRANITEVALLEY  *", b"*SOMEBODYELSE   *"))
    said, files = send(store, tmp_path / "2", "a.x12", SENT)
    assert said.exit == 0
    assert len(files) == 3


def test_any_partner_lets_a_repeated_number_pass_and_only_it(store: Path, tmp_path: Path) -> None:
    other = SENT.replace(b"CLM*RV-B*", b"CLM*RV-Y*")
    third = SENT.replace(b"CLM*RV-B*", b"CLM*RV-X*")
    for n, data in enumerate((SENT, other)):
        said, _ = send(store, tmp_path / str(n), f"{n}.x12", data, "--any-partner")
        assert said.exit == 0
    said, files = send(store, tmp_path / "9", "9.x12", third)
    assert said.exit == 1
    assert b"*R*025~" in files["9.000000901.TA1.x12"]


def test_a_file_knows_the_interchange_it_came_in(store: Path, tmp_path: Path) -> None:
    send(store, tmp_path / "1", "first name.x12", SENT)
    with sqlite3.connect(store) as db:
        row = db.execute("select file, summary from interchanges").fetchone()
    assert row[0] == "first name.x12"
    assert '"file":"first name.x12"' in row[1]
