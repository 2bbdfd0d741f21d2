"""The store as a file: who may read it, what an older one is given, what is in it only once."""

import sqlite3
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.worlds.edi_command import edi
from tests.worlds.places import SAMPLES
from x12_payer.adjudication.errors import StoreBusyError, StoreError
from x12_payer.adjudication.records import Balance
from x12_payer.adjudication.store.claims import open_balances, save_balances
from x12_payer.adjudication.store.engine import without_secrets
from x12_payer.adjudication.store.migrate import GENERATION
from x12_payer.adjudication.store.schema import GUARDS
from x12_payer.adjudication.store.store import ATTEMPTS, Store, open_store
from x12_payer.adjudication.store.unit import Outbound, Unit

STORY = SAMPLES / "03-therapy"
NOW = datetime(2026, 7, 6, 12)


def outbound(name: str, number: int) -> Outbound:
    """A file of ours, as far as its header says its number."""
    header = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'US':15}*ZZ*{'THEM':15}*260706*1200*^*00501*{number:09d}*0*P*:~"
    return Outbound(name, header.encode())


def accept(unit: Unit, number: str, digest: str, ta1: str = "") -> None:
    unit.add_interchange("ZZ/THEM", "ZZ/US", number, digest, ta1, "")


def indexes(path: Path) -> set[str]:
    with sqlite3.connect(path) as db:
        return {row[0] for row in db.execute("select name from sqlite_master where type = 'index'")}


def test_only_its_owner_may_read_a_new_store(tmp_path: Path) -> None:
    open_store(str(tmp_path / "edi.db"))
    assert (tmp_path / "edi.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://h/x?password=secretpw", "postgresql://..."),
        ("postgresql://u:secretpw@h/x", "postgresql://..."),
        ("postgresql://u:p?secretpw@h/x", "postgresql://..."),
        ("postgresql://h/x", "postgresql://h/x"),
        ("some/edi.db", "some/edi.db"),
        ("odd@name?.db", "odd@name?.db"),
        ("C:\\work@home\\edi.db", "C:\\work@home\\edi.db"),
        ("postgresql://h:5432/x", "postgresql://h:5432/x"),
        ("postgresql://u:secretpw/x", "postgresql://..."),
        ("//u:secretpw@h/x", "..."),
        ("u:secretpw@h/x", "..."),
        ("postgresql:/u:secretpw@h/x", "..."),
        ("postgresql:secretpw", "..."),
        ("host=h user=u password=secretpw", "..."),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "neither a SQLite path"),
        ("sqlite:///secretpw.db?x", "neither a SQLite path"),
        ("postgres://u:secretpw@h/x", "neither a SQLite path"),
        ("//u:secretpw@h/x", "neither a SQLite path"),
        ("postgresql:/u:secretpw@h/x", "neither a SQLite path"),
        ("host=h user=u password=secretpw", "neither a SQLite path"),
        ("postgresql://u:pw@secretpw@h/x", "write @ as %40"),
        ("postgresql://u:pw@h@secretpw/x", "write @ as %40"),
        ("postgresql://u:pw@secretpw/w@h/x", "write @ as %40"),
        ("postgresql://u:pw@secretpw?w@h/x", "write @ as %40"),
        ("postgresql://u/v:secretpw@h/x", "write @ as %40"),
        ("postgresql://h?password=pw@secretpw", "write @ as %40"),
        ("postgresql://u:secretpw@h:port/x", "the port in digits"),
        ("postgresql://u:secretpw/x", "the port in digits"),
    ],
)
@pytest.mark.parametrize("command", ["pay", "load"])
def test_a_name_that_can_be_no_store_is_refused_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, problem: str, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=problem) as error:
        open_store(url)
    assert "secretpw" not in str(error.value)
    ran = edi(command, "--db", url, *(("--out", "out") if command == "pay" else (STORY / "data",)))
    assert ran.exit == 2
    assert "store" in ran.stderr
    assert "secretpw" not in ran.stdout + ran.stderr
    assert "internal error" not in ran.stderr
    assert not list(tmp_path.iterdir())


def test_a_store_with_a_key_is_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlcipher3")
    path, loaded = tmp_path / "edi.db", STORY / "data"
    monkeypatch.setenv("EDI_DB_KEY", "it's a key")
    assert edi("load", "--db", path, loaded).exit == 0
    open_store(str(path)).close()
    held = path.read_bytes()
    assert not held.startswith(b"SQLite format 3")
    assert b"BRANDT" not in held
    for other in ("wrong", ""):
        monkeypatch.setenv("EDI_DB_KEY", other)
        said = edi("pay", "--db", path, "--out", tmp_path / "out")
        assert said.exit == 2
        assert "EDI_DB_KEY is not its key" in said.stderr
    assert path.read_bytes() == held


def test_a_key_without_its_library_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDI_DB_KEY", "secretpw")
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    monkeypatch.setitem(sys.modules, "sqlcipher3.dbapi2", None)
    with pytest.raises(StoreError, match=r"x12-payer\[sqlcipher\]") as error:
        open_store(str(tmp_path / "edi.db"))
    assert "secretpw" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_an_existing_store_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "edi.db"
    open_store(str(path))
    path.chmod(0o644)
    assert open_store(str(path)).warnings == ()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_store_that_cannot_be_made_private_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "edi.db"
    open_store(str(path))
    path.chmod(0o644)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.chmod", refuse)
    assert "chmod 600" in "".join(open_store(str(path)).warnings)


def test_a_file_that_is_no_store_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database, whatever is said of it\n" * 9)
    path.chmod(0o644)
    with pytest.raises(StoreError):
        open_store(str(path))
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "change",
    [
        f"pragma user_version = {GENERATION + 1}",
        "pragma user_version = 99; delete from counters",
        "alter table claims add column mood text; delete from counters",
    ],
)
def test_a_store_that_a_newer_edi_used_is_left_alone(tmp_path: Path, change: str) -> None:
    path = tmp_path / "edi.db"
    open_store(str(path))
    with sqlite3.connect(path) as db:
        db.executescript(change)
        db.commit()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"cannot be opened: .*a newer edi has used this store"):
        open_store(str(path))
    assert path.read_bytes() == before


def test_a_store_without_a_generation_is_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "edi.db"
    open_store(str(path))
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 0")
    open_store(str(path))
    with sqlite3.connect(path) as db:
        assert db.execute("pragma user_version").fetchone() == (GENERATION,)


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_an_older_store_gets_its_guards_when_it_is_opened(tmp_path: Path, name: str) -> None:
    path = tmp_path / "edi.db"
    open_store(str(path))
    with sqlite3.connect(path) as db:
        db.execute(f"drop index {name}")
        db.execute("delete from counters")  # an older store does not know its form
    assert open_store(str(path)).warnings == ()
    assert name in indexes(path)


def test_a_store_that_breaks_a_guard_opens_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "edi.db"
    with open_store(str(path)).unit(NOW) as unit:
        accept(unit, "000000001", "aa")
    with sqlite3.connect(path) as db:
        db.execute("drop index interchanges_accepted_bytes")
        db.execute("delete from counters")
        columns = "sender, receiver, control_number, digest, ta1, received, correspondent, summary"
        values = "'ZZ/X', receiver, control_number, digest, ta1, received, correspondent, summary"
        db.execute(f"insert into interchanges ({columns}) select {values} from interchanges")
    for _ in range(2):  # as long as it is so
        (said,) = open_store(str(path)).warnings
        assert said.startswith("an interchange with the same bytes was accepted twice")


def test_a_store_without_the_newer_columns_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "edi.db"
    with open_store(str(path)).unit(NOW) as unit:
        accept(unit, "000000001", "aa")
    with sqlite3.connect(path) as db:
        for name in GUARDS:
            db.execute(f"drop index {name}")
        for table, column in (("interchanges", "file"), ("interchanges", "repeat"), ("claims", "reverses")):
            db.execute(f"alter table {table} drop column {column}")
        db.execute("delete from counters")
    store = open_store(str(path))
    assert store.warnings == ()
    with store.unit(NOW) as unit:
        assert unit.known_bytes("aa") is not None


def accept_the_same_bytes(unit: Unit) -> None:
    for number in ("000000001", "000000002"):
        accept(unit, number, "aa")


def save_one_name(unit: Unit) -> None:
    for number in (1, 2):
        unit.save_answers(1, [outbound("a.x12", number)], (), "")


def save_one_number(unit: Unit) -> None:
    for name in ("a.x12", "b.x12"):
        unit.save_answers(1, [outbound(name, 1)], (), "")


TWICE = {
    "the same bytes accepted": accept_the_same_bytes,
    "one outbound name": save_one_name,
    "one outbound number": save_one_number,
}


@pytest.mark.parametrize("what", TWICE)
def test_what_may_be_there_once_is_there_once(tmp_path: Path, what: str) -> None:
    store = open_store(str(tmp_path / "edi.db"))
    with pytest.raises(StoreError, match="would be repeated"), store.unit(NOW) as unit:
        TWICE[what](unit)
    with store.unit(NOW) as unit:
        assert unit.known_bytes("aa") is None
        assert unit.answers(1) == ()


def test_the_same_number_refused_is_not_used_up(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "edi.db")).unit(NOW) as unit:
        accept(unit, "000000001", "aa", "006")
        accept(unit, "000000001", "aa", "009")
        accept(unit, "000000001", "aa")
        assert unit.accepted_with("ZZ/THEM", "ZZ/US", "000000001") == 1


def test_a_unit_that_another_writer_disturbed_is_done_anew(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "edi.db"))
    tries: list[int] = []

    def work(unit: Unit) -> int:
        tries.append(unit.take_numbers("x"))
        if len(tries) < 3:
            raise StoreBusyError("in the way")
        return tries[-1]

    assert store.run(NOW, work) == 1
    assert tries == [1, 1, 1]  # what a disturbed unit took was given back


def test_trying_again_has_an_end(tmp_path: Path) -> None:
    store: Store = open_store(str(tmp_path / "edi.db"))
    tries: list[int] = []

    def never(_: Unit) -> None:
        tries.append(1)
        raise StoreBusyError("in the way")

    with pytest.raises(StoreBusyError):
        store.run(NOW, never)
    assert len(tries) == ATTEMPTS


def test_the_balances_of_an_older_store_keep_the_reference_that_they_were_carried_under(
    tmp_path: Path,
) -> None:
    path = tmp_path / "edi.db"
    open_store(str(path))
    with sqlite3.connect(path) as db:
        db.execute("insert into balances values ('1201100017', '160.50'), ('1302200021', '0')")
        db.execute("delete from counters")  # an older store does not know its form
    for _ in range(2):
        with open_store(str(path)).unit(NOW) as unit:
            (found,) = open_balances(unit, ["1201100017", "1302200021"])
    assert (found.npi, found.reference, found.amount) == ("1201100017", "1201100017", Decimal("160.50"))


def test_balances_are_given_the_oldest_first_until_they_are_taken_back(tmp_path: Path) -> None:
    owed = [Balance("1", "000000009", Decimal(5), NOW.date()), Balance("1", "1", Decimal(7))]
    with open_store(str(tmp_path / "edi.db")).unit(NOW) as unit:
        save_balances(unit, owed)
        assert [b.reference for b in open_balances(unit, ["1"])] == ["1", "000000009"]
        save_balances(unit, [Balance("1", "1", Decimal("0.00"))])
        assert open_balances(unit, ["1", "2"]) == (owed[0],)
