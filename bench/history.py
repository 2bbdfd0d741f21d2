"""What a claim costs when there is a past: the same claims against a store without earlier claims, against
one where each member has ten, and against one that holds those of many other members.

    python -m bench.history                              1,000 claims, 50,000 earlier claims of others
    python -m bench.history --claims 500 --others 1000000

The earlier claims of the members are processed as claims are; those of others are rows copied in the store,
which is all that the decision about somebody else could meet of them."""

import argparse
import re
import shutil
import sqlite3
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench.reference import write_reference
from bench.run import we_process
from bench.table import generate, timed
from x12_payer.adjudication.reference.reference import read_reference
from x12_payer.adjudication.store.store import open_store

SEED, ROUNDS, EARLIER = 7, 3, 10
STEP, DAYS = 17, 180  # earlier claims lie on other days of the half-year in which the generated ones lie
FIRST_DAY = date(2026, 1, 2)
USUAL, OTHERS = 1_000, 50_000


def earlier(path: Path, nth: int, to: Path) -> Path:
    """The same claims under other numbers, each on another day."""
    with path.open(encoding="latin-1") as lines, to.open("w", encoding="latin-1") as out:
        out.writelines(_moved(lines, nth))
    return to


def _moved(lines: Iterable[str], nth: int) -> Iterator[str]:
    for line in lines:
        if line.startswith(("ISA", "IEA")):
            line = line.replace("*000000001", f"*{nth + 1:09d}")
        elif line.startswith("CLM*"):
            line = line.replace("CLM*B", f"CLM*H{nth}", 1)
        elif line.startswith("DTP*472"):
            line = re.sub(r"\d{8}", lambda found: _other_day(found.group(), nth), line)
        yield line


def _other_day(text: str, nth: int) -> str:
    past = (date(int(text[:4]), int(text[4:6]), int(text[6:])) - FIRST_DAY).days
    return f"{FIRST_DAY + timedelta((past + STEP * nth) % (DAYS + 1)):%Y%m%d}"


def add_others(store: Path, rows: int) -> None:
    """Instead of the claims in the store, copies of them under other numbers for other members."""
    with closing(sqlite3.connect(store)) as held:
        columns = [column for _, column, *_ in held.execute("PRAGMA table_info(claims)")]
        found = held.execute(f"SELECT {', '.join(columns)} FROM claims").fetchall()
        number, member = columns.index("claim_number"), columns.index("member_id")
        held.execute("DELETE FROM claims")
        for n in range(rows // len(found)):
            copies = [[*row] for row in found]
            for copied in copies:
                copied[number] += f"C{n}"
                copied[member] += f"C{n // EARLIER}"
            held.executemany(f"INSERT INTO claims VALUES ({', '.join('?' * len(columns))})", copies)
        held.commit()


def main() -> None:
    """Print CPU seconds of each store and their ratio to the first."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--claims", type=int, default=USUAL)
    options.add_argument("--others", type=int, default=OTHERS)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = generate("837P", given.claims, SEED, folder / "claims.x12")
        write_reference(path, folder / "reference")
        stores = dict(_stores(path, folder, given.others))
        seconds = {title: _median(path, stores[title], folder) for title in stores}
    first = next(iter(seconds.values()))
    for title, spent in seconds.items():
        print(f"{title:45} {spent:8.3f} s {spent / first:6.2f}")


def _stores(path: Path, folder: Path, others: int) -> Iterator[tuple[str, Path]]:
    yield "no earlier claims", _store(folder, "empty", [])
    each = [earlier(path, nth, folder / f"earlier-{nth}.x12") for nth in range(1, EARLIER + 1)]
    yield f"{EARLIER} earlier claims a member", _store(folder, "own", each)
    crowd = _store(folder, "crowd", each[:1])
    add_others(crowd, others)
    yield f"{others:,} earlier claims of others", crowd


def _store(folder: Path, name: str, claims: Sequence[Path]) -> Path:
    """A store with the reference data in which these files were processed."""
    path = folder / f"{name}.db"
    with closing(open_store(str(path))) as store:
        store.load(read_reference([folder / "reference"])[0])
        for file in claims:
            if fault := we_process(file, store):
                raise SystemExit(fault)
    return path


def _median(path: Path, store: Path, folder: Path) -> float:
    rounds: list[float] = []
    for _ in range(ROUNDS):
        opened = open_store(str(shutil.copy(store, folder / "round.db")))
        seconds, fault = timed(partial(we_process, path, opened))
        opened.close()
        if fault:
            raise SystemExit(fault)
        rounds.append(seconds)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
