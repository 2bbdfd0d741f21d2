#!/usr/bin/env python3
"""The benchmark: the whole pipeline against pyx12's validation alone, on one file, in one process, one run.

    make bench            1,000 professional claims of three lines
    bench/run.py --claims 5000 --rounds 5

Quote the ratio, not the seconds: both sides run in turn on the same machine, and the median of the rounds
counts. pyx12 only validates; ours reads, checks, decides, prices, stores, acknowledges and pays."""

import argparse
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import make_837p  # noqa: E402
import pyx12.params  # noqa: E402
import pyx12.x12n_document  # noqa: E402
from reference import write_reference  # noqa: E402

from adjudication.pipeline import process_source  # noqa: E402
from adjudication.reference import read_reference  # noqa: E402
from adjudication.store import Store, open_store  # noqa: E402
from cli_payer import settings_of  # noqa: E402
from edi.check import check_interchanges  # noqa: E402
from edi.segments import Source  # noqa: E402

AS_OF = datetime(2026, 7, 6, 12)


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process, system time included: other load on the machine counts little."""
    start = time.process_time()
    work()
    return time.process_time() - start


def pyx12_validates(path: Path) -> None:
    """pyx12 4.0.0 over the file with its own maps; it must find nothing."""
    sink = io.StringIO()
    sound = pyx12.x12n_document.x12n_document(pyx12.params.params(), str(path), sink, None, None)
    if not sound:
        raise SystemExit("pyx12 does not accept the generated file")


def we_check(path: Path) -> None:
    """Our own check alone."""
    for interchange in check_interchanges(Source(path=str(path))):
        if interchange.ta1 or not all(s.accepted for g in interchange.groups for s in g.sets):
            raise SystemExit("our check does not accept the generated file")


def fresh_store(reference: Path, folder: Path) -> Store:
    """A store with the reference data of the file."""
    store = open_store(str(folder / f"{time.monotonic_ns()}.db"))
    store.load(read_reference([reference])[0])
    return store


def we_process(path: Path, store: Store) -> None:
    """The whole pipeline; every claim must be accepted and some money paid."""
    source, settings = Source(path=str(path)), settings_of(store, AS_OF)
    for done in process_source(source, check_interchanges(source), path.name, path.stem, store, settings):
        if done.report.refused or done.report.claims_rejected or not done.report.paid:
            raise SystemExit("the pipeline does not accept the generated file")


def generate(claims: int, path: Path) -> None:
    """The seeded file."""
    with path.open("w", encoding="latin-1") as out:
        out.writelines(make_837p.interchange(claims))


def measure(claims: int, rounds: int) -> None:
    """The table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "claims.x12"
        generate(claims, path)
        write_reference(path, folder / "reference")
        we_check(path)  # both engines read their guides before they are timed
        seconds: dict[str, list[float]] = {"pyx12 validates": [], "we check": [], "we process": []}
        for _ in range(rounds):
            store = fresh_store(folder / "reference", folder)
            seconds["pyx12 validates"].append(timed(lambda: pyx12_validates(path)))
            seconds["we check"].append(timed(lambda: we_check(path)))
            seconds["we process"].append(timed(lambda store=store: we_process(path, store)))
        size = path.stat().st_size / 1e6
    print(f"{claims} professional claims, {size:.2f} MB, {rounds} rounds, median CPU seconds")
    base = statistics.median(seconds["pyx12 validates"])
    for what, found in seconds.items():
        median = statistics.median(found)
        print(f"{what:18} {median:8.3f} s   {claims / median:9.0f} claims/s   {base / median:6.1f} x pyx12")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    measure(args.claims, args.rounds)


if __name__ == "__main__":
    main()
