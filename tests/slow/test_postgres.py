"""The store on PostgreSQL: the bytes are SQLite's, and two runs at once do what one after the other does.

Two runs are brought to meet, not left to chance: the first stops inside its transaction, after everything is
read and decided; the second is started and has either ended or waits for the lock; then the first goes on.
Without the one-writer rule the second has read what the first was about to change: a claim is paid twice, a
number given to two members, a control number taken twice."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import frozen
from sqlalchemy import text

from tests.unit.adjudication.test_store import TWICE, outbound
from tests.worlds.edi_command import Said, demo, edi
from tests.worlds.payer.claim_forms import again, body, professional
from tests.worlds.payer.e2e import interchange
from tests.worlds.payer.review_forms import asked
from tests.worlds.places import E2E_DATA, ROOT, SAMPLES
from tests.worlds.postgres_server import PATIENCE, Server, server
from x12_payer.adjudication.errors import StoreError
from x12_payer.adjudication.store.schema import GUARDS
from x12_payer.adjudication.store.store import ATTEMPTS, open_store
from x12_payer.adjudication.store.unit import Unit

pytestmark = pytest.mark.postgres

PCP, THERAPY = "1201100017", "1403300035"
AS_OF = "2026-07-15T08:00:00"
NOW = datetime.fromisoformat(AS_OF)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with server() as found:
        yield found


@pytest.fixture(scope="module")
def loaded(postgres: Server) -> str:
    """A database with the reference data of e2e_data/, to be copied."""
    name = postgres.database()
    said = edi("load", "--db", postgres.url(name), E2E_DATA)
    assert said.exit == 0, said
    return name


@pytest.fixture(scope="module")
def made(postgres: Server) -> str:
    """A database with an empty store, to be copied."""
    name = postgres.database()
    open_store(postgres.url(name))
    return name


# -- the same bytes --------------------------------------------------------------------------------


@pytest.mark.parametrize("story", sorted(SAMPLES.glob("[0-9]*")), ids=lambda story: story.name)
def test_a_story_gives_the_same_bytes(story: Path, postgres: Server, made: str, tmp_path: Path) -> None:
    play, url = demo(), postgres.url(postgres.copy(made))
    assert edi(*play.load_arguments(story, url)).exit == 0
    assert edi(*play.load_arguments(story, url)).exit == 0  # and once more: nothing changes
    answers = tmp_path / "answers"
    answers.mkdir()
    for step in play.read_story(story)["step"]:
        said = edi(*play.step_arguments(story, step, url, answers))
        assert said.exit == step.get("exit", 0), said.stderr
    assert list(play.differences(story, answers)) == []
    said = edi("audit", "verify", "--db", url)
    assert said.exit == 0, said.stderr


@pytest.mark.parametrize("change", ["UPDATE audit SET operator = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_no_row_of_the_audit_can_be_changed(change: str, postgres: Server, loaded: str) -> None:
    with postgres.connect(loaded) as connection, pytest.raises(psycopg.Error, match="only ever added to"):
        connection.execute(change.encode())


# -- two at once -----------------------------------------------------------------------------------


@frozen
class Side:
    """One of two runs: its arguments, and where its answers go."""

    arguments: tuple[object, ...]
    out: Path


PAUSE = """
import pathlib, time
from x12_payer.adjudication.store.unit import Unit
inside, go = map(pathlib.Path, ({inside!r}, {go!r}))
real = Unit.save_answers
def pausing(*a):
    if not inside.exists():
        inside.touch()
        end = time.monotonic() + {patience}
        while not go.exists():
            assert time.monotonic() < end
            time.sleep(0.01)
    return real(*a)
Unit.save_answers = pausing
"""


def start(side: Side, before: str = "") -> "subprocess.Popen[str]":
    """A run in a process of its own."""
    program = f"from x12_payer import cli\n{before}\ncli.main()"
    command = [sys.executable, "-c", program, *map(str, side.arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(run: "subprocess.Popen[str]") -> Said:
    out, err = run.communicate(timeout=PATIENCE)
    return Said(run.returncode, out, err)


def until(what: Callable[[], bool]) -> None:
    """Wait for something that is about to happen."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def waiting(postgres: Server, database: str) -> bool:
    """True when a transaction of this database waits for another's lock."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock' "
        "AND state = 'active'"
    )
    with postgres.connect() as connection:
        row = connection.execute(asked, [database]).fetchone()
    return row is not None and row[0] > 0


def at_once(postgres: Server, database: str, first: Side, second: Side, folder: Path) -> tuple[Said, Said]:
    """Both runs, the second begun while the first is inside its transaction."""
    inside, go = folder / "inside", folder / "go"
    pause = PAUSE.format(inside=str(inside), go=str(go), patience=PATIENCE)
    one = start(first, pause)
    until(lambda: inside.exists() or one.poll() is not None)
    other = start(second)
    until(lambda: waiting(postgres, database) or other.poll() is not None)
    go.touch()
    return ended(one), ended(other)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def therapy(trace: str, member: str, visits: int) -> str:
    """A request for physical therapy that is approved within the quota."""
    event = ("HI*ABK:M5450", f"HSD*VS*{visits}")
    return asked(trace, member, PCP, "UM*HS*I*PT*11:B", *event, provider=THERAPY)


def bodies(name: str, number: str = "") -> tuple[str, str]:
    """What two senders send at once: (kind, body) of one interchange."""
    claim = professional("C1", PCP, "B200", "99213 140 1 20260702")
    changed = professional("C1", PCP, "B200", "99213 150 1 20260702")
    sends = {
        "claim": ("837P", body([claim])),
        "other claim": ("837P", body([professional("C2", PCP, "B200", "99214 190 1 20260703")])),
        "replacement": ("837P", body([again(claim, "7", number)])),
        "other replacement": ("837P", body([again(changed, "7", number)])),
        "void": ("837P", body([again(claim, "8", number)])),
        "request": ("278", therapy("T1", "B100", 8)),
        "other request": ("278", therapy("T2", "B500", 8)),
        "more visits": ("278", therapy("T3", "B100", 20)),
    }
    return sends[name]


RACES = {  # what both send, and the ISA13 of each
    "the same interchange": ("claim", 101, "claim", 101),
    "one number, other bytes": ("claim", 101, "other claim", 101),
    "one claim under two numbers": ("claim", 101, "claim", 102),
    "two requests for a number": ("request", 101, "other request", 102),
    "one quota for two requests": ("request", 101, "more visits", 102),
    "two replacements of one claim": ("replacement", 101, "other replacement", 102),
    "a replacement and a void": ("replacement", 101, "void", 102),
}


@pytest.mark.parametrize("race", RACES)
def test_two_runs_at_once_do_what_one_after_the_other_does(
    race: str, postgres: Server, loaded: str, tmp_path: Path
) -> None:
    first, icn, second, other_icn = RACES[race]
    begun = postgres.copy(loaded)
    number = original(postgres.url(begun), tmp_path) if "replacement" in first else ""
    databases = begun, postgres.copy(begun)
    files = []
    for name, isa13, file in ((first, icn, "a.x12"), (second, other_icn, "b.x12")):
        kind, text_ = bodies(name, number)
        files.append(tmp_path / file)
        files[-1].write_bytes(interchange(kind, [text_], isa13))
    results: dict[str, Any] = {}
    for way, database in zip(("at once", "in turn"), databases, strict=True):
        sides = [process(postgres.url(database), tmp_path / way / file.stem, file) for file in files]
        if way == "at once":
            said = at_once(postgres, database, sides[0], sides[1], tmp_path)
        else:
            said = ended(start(sides[0])), ended(start(sides[1]))
        reported = [(one.exit, one.stderr, contents(side.out)) for one, side in zip(said, sides, strict=True)]
        results[way] = (*reported, state(postgres, database))
    assert results["at once"] == results["in turn"]
    assert results["in turn"][0][2] != {}


def process(url: str, out: Path, *files: Path) -> Side:
    return Side(("process", "--db", url, "--out", out, "--as-of", AS_OF, *files), out)


def original(url: str, folder: Path) -> str:
    """Send the claim that the others replace; our claim control number of it."""
    kind, text_ = bodies("claim")
    (folder / "0.x12").write_bytes(interchange(kind, [text_], 100))
    out = folder / "original"
    arguments = ("process", "--db", url, "--out", out, "--as-of", "2026-07-08T08:00:00", folder / "0.x12")
    assert edi(*arguments).exit == 0
    content = (out / "0.000000100.277CA.x12").read_text()
    return content.split("REF*1K*")[1].split("~")[0]


def state(postgres: Server, database: str) -> dict[str, list[str]]:
    """Every row of every table but for ids, which a rolled back transaction uses up, and the real time of the
    audit with what depends on it."""
    with postgres.connect(database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {}
        for (name,) in tables:
            left_out = "'id,interchange,at,previous,hash'"
            rows = connection.execute(
                f"SELECT to_jsonb(t) - string_to_array({left_out}, ',') FROM {name} t"
            ).fetchall()
            found[name] = sorted(str(row[0]) for row in rows)
    return found


@pytest.mark.parametrize("commands", [("pay", "pay"), ("pay", "process"), ("process", "pay")])
def test_a_claim_is_paid_once(
    commands: tuple[str, str], postgres: Server, loaded: str, tmp_path: Path
) -> None:
    database = postgres.copy(loaded)
    url = postgres.url(database)
    for n, name in enumerate(("claim", "other claim")):
        kind, text_ = bodies(name)
        (tmp_path / f"{n}.x12").write_bytes(interchange(kind, [text_], 100 + n))
    early = ("process", "--db", url, "--out", tmp_path / "acks", "--as-of", AS_OF)
    assert edi(*early, "--no-pay", tmp_path / "0.x12").exit == 0
    sides = []
    for n, command in enumerate(commands):
        files = [tmp_path / "1.x12"] if command == "process" else []
        out = tmp_path / f"out{n}"
        sides.append(Side((command, "--db", url, "--out", out, "--as-of", AS_OF, *files), out))
    said = at_once(postgres, database, sides[0], sides[1], tmp_path)
    assert [one.exit for one in said] == [0, 0], said
    with postgres.connect(database) as connection:
        claims = connection.execute("SELECT trace, status FROM claims").fetchall()
        paid = connection.execute("SELECT sum(amount::numeric) FROM remittances").fetchone()
    assert len(claims) == (1 if commands == ("pay", "pay") else 2)
    assert all(trace and status == "paid" for trace, status in claims)
    remitted = {
        name: content for side in sides for name, content in contents(side.out).items() if "835" in name
    }
    reported = [segment for content in remitted.values() for segment in content.decode().split("~\n")]
    assert sum(segment.startswith("CLP*") for segment in reported) == len(claims)
    assert paid is not None
    assert sum(float(s.split("*")[2]) for s in reported if s.startswith("BPR*")) == float(paid[0])


# -- the lock and what is behind it ------------------------------------------------------------


def test_who_only_opens_a_store_does_not_wait_for_its_writer(postgres: Server, loaded: str) -> None:
    url = postgres.url(postgres.copy(loaded))
    with open_store(url).unit(NOW) as unit:
        unit.take_numbers("x")
        other = open_store(url)
        assert other.payer is not None
        assert other.partners


def test_two_payers_in_one_database_do_not_wait_for_each_other(postgres: Server, made: str) -> None:
    database = postgres.copy(made)
    with postgres.connect(database) as connection:
        connection.execute("CREATE SCHEMA second")
    url = postgres.url(database)
    second = open_store(f"{url}&options=-csearch_path%3Dsecond")
    with open_store(url).unit(NOW) as unit:
        unit.take_numbers("x")
        with second.unit(NOW) as other:
            assert other.take_numbers("x") == 1


@pytest.mark.parametrize("what", TWICE)
def test_what_may_be_there_once_is_there_once(what: str, postgres: Server, made: str) -> None:
    store = open_store(postgres.url(postgres.copy(made)))
    with pytest.raises(StoreError, match="would be repeated"), store.unit(NOW) as unit:
        TWICE[what](unit)


def test_an_older_store_gets_its_guards_or_says_why_not(postgres: Server, made: str) -> None:
    database = postgres.copy(made)
    url = postgres.url(database)
    with open_store(url).unit(NOW) as unit:
        unit.save_answers(1, [outbound("a.x12", 1)], (), "")
    with postgres.connect(database) as connection:
        for name in GUARDS:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("DELETE FROM counters")
        connection.execute(
            "INSERT INTO outbound (interchange, name, content, published, control_number) "
            "SELECT interchange, name, content, published, '' FROM outbound"
        )
    (said,) = open_store(url).warnings
    assert said.startswith("two outbound files have one name")
    with postgres.connect(database) as connection:
        indexes = {row[0] for row in connection.execute("SELECT indexname FROM pg_indexes").fetchall()}
    assert set(GUARDS) - indexes == {"outbound_one_name"}


def test_a_store_that_a_newer_edi_used_is_left_alone(postgres: Server, made: str) -> None:
    database = postgres.copy(made)
    with postgres.connect(database) as connection:
        connection.execute("UPDATE counters SET value = 99 WHERE name = 'generation'")
    with pytest.raises(StoreError, match="a newer edi has used this store"):
        open_store(postgres.url(database))


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_serialization_failure_and_a_deadlock_are_tried_again(
    code: str, postgres: Server, made: str
) -> None:
    store = open_store(postgres.url(postgres.copy(made)))
    tries: list[int] = []

    def work(unit: Unit) -> int:
        tries.append(unit.take_numbers("x"))
        if len(tries) < ATTEMPTS:
            raised = f"DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '{code}'; END $$"
            unit.connection.execute(text(raised))
        return tries[-1]

    assert store.run(NOW, work) == 1
    assert tries == [1] * ATTEMPTS
    with pytest.raises(StoreError):
        store.run(NOW, lambda unit: unit.connection.execute(text("SELECT 1/0")))


def test_a_server_that_goes_away_is_one_line_and_the_same_command_does_the_rest(
    postgres: Server, loaded: str, tmp_path: Path
) -> None:
    database, twin = postgres.copy(loaded), postgres.copy(loaded)
    kind, text_ = bodies("claim")
    file, out = tmp_path / "a.x12", tmp_path / "out"
    file.write_bytes(interchange(kind, [text_], 101))
    side = process(postgres.url(database), out, file)
    inside, go = tmp_path / "inside", tmp_path / "go"
    run = start(side, PAUSE.format(inside=str(inside), go=str(go), patience=PATIENCE))
    until(lambda: inside.exists() or run.poll() is not None)
    with postgres.connect() as connection:
        gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(gone, [database])
    go.touch()
    said = ended(run)
    assert said.exit == 2
    assert len(said.stderr.splitlines()) == 1
    assert said.stderr.startswith("the store failed: ")
    assert contents(out) == {}
    assert ended(start(side)).exit == 0
    expected = tmp_path / "expected"
    assert edi("process", "--db", postgres.url(twin), "--out", expected, "--as-of", AS_OF, file).exit == 0
    assert contents(out) == contents(expected)
    assert state(postgres, database) == state(postgres, twin)
