"""Two and four runs at once on one store, by chance: the same file in all, other bytes under one number, one
claim under several numbers, requests for the next authorization number and for one quota, corrections of one
claim, payment runs. What they leave must be what they leave one after the other, in one order or the other.

    python -m tests.slow.races.run 50             each race so many times, on SQLite and on PostgreSQL
    python -m tests.slow.races.run 50 7           with another seed

test_postgres.py brings two runs to meet inside their transactions; here they meet where they happen to.
Compared are totals: interchanges accepted, claims and payments by status, units used, numbers given out."""

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from attrs import frozen

from tests.slow.kills.run import kept_in
from tests.slow.test_postgres import AS_OF, bodies, ended, original, start
from tests.slow.test_postgres import Side as Run
from tests.worlds.edi_command import edi
from tests.worlds.payer.e2e import interchange
from tests.worlds.places import E2E_DATA
from tests.worlds.postgres_server import Server

KINDS = ("SQLite", "PostgreSQL")
SPREAD = 0.05  # seconds between the first and the last start


@frozen
class Race:
    """What the runs send in turn (a name of `bodies`, or pay), and the ISA13 of each."""

    sends: tuple[str, ...]
    numbers: tuple[int, ...] = (101, 102, 103, 104)
    sizes: tuple[int, ...] = (2, 4)


RACES = {
    "the same interchange": Race(("claim",), (101,) * 4),
    "one number, other bytes": Race(("claim", "other claim"), (101,) * 4),
    "one claim under several numbers": Race(("claim",)),
    "requests for a number": Race(("request", "other request"), sizes=(2,)),
    "one quota for two requests": Race(("request", "more visits"), sizes=(2,)),
    "replacements of one claim": Race(("replacement", "other replacement")),
    "a replacement and a void": Race(("replacement", "void"), sizes=(2,)),
    "payment runs": Race(("pay",)),
    "a payment run beside claims": Race(("pay", "other claim")),
}
ASKED = {
    "interchanges": "SELECT ta1, count(*) FROM interchanges GROUP BY ta1",
    "claims": "SELECT status, count(*) FROM claims GROUP BY status",
    "unpaid": "SELECT count(*) FROM claims WHERE trace = '' AND status IN ('paid', 'denied', 'reversal')",
    "uses": "SELECT units FROM uses",
    "visits": "SELECT name, amount FROM accumulator_uses",
    "numbers": "SELECT member_id, count(*) FROM numbers GROUP BY member_id",
    "cases": "SELECT status, count(*) FROM cases GROUP BY status",
    "remitted": "SELECT amount FROM remittances",
    "owed": "SELECT amount FROM open_balances",
    "names": "SELECT count(*), count(DISTINCT name), count(DISTINCT control_number) FROM outbound",
}
ADDED_UP = ("uses", "remitted", "owed")


class Stores:
    """Copies of one store with the reference data of e2e_data/."""

    def __init__(self, folder: Path, postgres: Server | None) -> None:
        self._folder, self._postgres, self._made = folder, postgres, 0
        self._loaded = postgres.database() if postgres else str(folder / "loaded.db")
        assert edi("load", "--db", self._url(self._loaded), E2E_DATA).exit == 0

    def _url(self, name: str) -> str:
        return self._postgres.url(name) if self._postgres else name

    def copy(self) -> str:
        """A new store, as --db names it."""
        self._made += 1
        if self._postgres is not None:
            return self._postgres.url(self._postgres.copy(self._loaded))
        path = self._folder / f"{self._made}.db"
        path.write_bytes(Path(self._loaded).read_bytes())
        return str(path)


def totals(url: str) -> dict[str, Any]:
    """What is in a store, without what depends on who came first."""
    found: dict[str, Any] = {}
    connection: Any = psycopg.connect(url) if "://" in url else sqlite3.connect(url)
    try:
        for name, question in ASKED.items():
            cursor = connection.cursor()
            cursor.execute(question)
            rows = cursor.fetchall()
            found[name] = round(sum(float(row[0]) for row in rows), 2) if name in ADDED_UP else Counter(rows)
    finally:
        connection.close()
    return found


def sides(race: Race, size: int, url: str, folder: Path) -> list[Run]:
    """The runs of a race, the store brought to where it begins."""
    number = original(url, folder) if "replacement" in race.sends else ""
    if "pay" in race.sends:
        _process(url, folder, "claim", 90, "--no-pay")
    found = []
    for n in range(size):
        name, out = race.sends[n % len(race.sends)], folder / f"out{n}"
        arguments: tuple[object, ...] = ("--db", url, "--out", out, "--as-of", AS_OF)
        if name == "pay":
            found.append(Run(("pay", *arguments), out))
            continue
        file = folder / f"{n}.x12"
        file.write_bytes(interchange(bodies(name, number)[0], [bodies(name, number)[1]], race.numbers[n]))
        found.append(Run(("process", *arguments, file), out))
    return found


def _process(url: str, folder: Path, name: str, number: int, *more: str) -> None:
    kind, text = bodies(name)
    file = folder / f"before-{number}.x12"
    file.write_bytes(interchange(kind, [text], number))
    out = folder / "before"
    assert edi("process", "--db", url, "--out", out, "--as-of", AS_OF, *more, file).exit == 0


def at_once(runs: Sequence[Run], rng: random.Random) -> list[str]:
    """All of them, started almost together; what a run said that ended otherwise than it may."""
    started: list[subprocess.Popen[str]] = []
    for run in runs:
        started.append(start(run))
        time.sleep(rng.uniform(0, SPREAD / len(runs)))
    said = [ended(one) for one in started]
    return [f"exit {one.exit}: {one.stderr}" for one in said if one.exit not in (0, 1)]


def run_race(race: Race, size: int, stores: Stores, rng: random.Random) -> list[str]:
    """What is wrong after the race, in words; the orders in which it could have been run are its measure."""
    allowed = []
    for turned in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            url = stores.copy()
            runs = sides(race, size, url, Path(folder))
            for run in reversed(runs) if turned else runs:
                edi(*run.arguments)
            allowed.append(totals(url))
    with tempfile.TemporaryDirectory() as folder:
        url = stores.copy()
        wrong = at_once(sides(race, size, url, Path(folder)), rng)
        found = totals(url)
    if found not in allowed:
        names = [name for name in found if found[name] not in [one[name] for one in allowed]]
        wrong.append(f"other totals: {({n: (found[n], [a[n] for a in allowed]) for n in names}) or found}")
    if edi("audit", "verify", "--db", url).exit != 0:
        wrong.append("the audit is broken")
    return wrong


def all_races(kind: str, times: int, seed: int = 0) -> Iterator[str]:
    """What is wrong after each race, so many times."""
    rng = random.Random(seed)
    with kept_in(kind) as postgres, tempfile.TemporaryDirectory() as folder:
        stores = Stores(Path(folder), postgres)
        for title, race in RACES.items():
            for size in race.sizes:
                for _ in range(times):
                    yield from (f"{title}, {size} runs: {text}" for text in run_race(race, size, stores, rng))


def main(times: int, seed: int) -> None:
    """Both stores in turn."""
    for kind in KINDS:
        found = 0
        for text in all_races(kind, times, seed):
            found += 1
            print(f"{kind}: {text}", flush=True)
        print(f"{kind}: {len(RACES)} races, {times} times each, {found} differences", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
