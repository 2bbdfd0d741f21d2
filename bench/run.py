"""The benchmark: our check, validation and pipeline against pyx12 4.0.0 and, where it is installed
(extra `dev`), x12sdk 2.2.0, on the same files, in one process, in one run; then our peak memory.

    make bench                            everything: some minutes
    python -m bench.run --small                  1,000 records a kind only, no memory
    python -m bench.run --claims 5000            the pipeline alone, three rows
    python -m bench.run --memory 20000 1000000   peak memory alone, for so many claims each

Quote the ratios, not the seconds: all sides run in turn on the same machine, and the median of the rounds
counts. The others only read or validate; our pipeline reads, checks, decides, prices, stores, acknowledges
and pays."""

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.engines import has_x12sdk
from bench.memory import command_seconds, peak_of
from bench.reference import write_reference
from bench.table import (
    CHECK,
    HEADER,
    KINDS,
    PYX12,
    WARM_SEED,
    Row,
    Starter,
    Work,
    floor,
    generate,
    lines_of,
    ours,
    peers,
    rows_for,
)
from x12_payer.adjudication.pipeline.interchange import process_source
from x12_payer.adjudication.reference.reference import read_reference
from x12_payer.adjudication.store.store import Store, open_store
from x12_payer.commands.stores import settings_of
from x12_payer.edi.snip.set_errors import check_to_answer
from x12_payer.edi.wire.segments import Source

AS_OF = datetime(2026, 7, 6, 12)
USUAL, LARGE, LARGEST = 1_000, 20_000, 200_000
PIPELINE = "we process (all)"


def fresh_store(reference: Path, folder: Path) -> Store:
    """A store with the reference data of the file."""
    store = open_store(str(folder / f"{time.monotonic_ns()}.db"))
    store.load(read_reference([reference])[0])
    return store


def we_process(path: Path, store: Store) -> str:
    """The whole pipeline; every claim must be accepted and some money paid."""
    source, settings = Source(path=str(path)), settings_of(store, AS_OF)
    for done in process_source(
        source, check_to_answer(source, AS_OF.date()), path.name, path.stem, store, settings
    ):
        if done.report.refused or done.report.claims_refused or not done.report.paid:
            return "a claim or set refused, or nothing paid"
    return ""


def pipeline(folder: Path) -> Starter:
    """The pipeline as an engine: the store of a file is loaded outside the time that counts."""

    def start(path: Path) -> Work:
        reference = folder / f"reference-{path.stem}"
        write_reference(path, reference)
        store = fresh_store(reference, folder)
        return lambda: we_process(path, store)

    return start


def show(rows: list[Row], against: list[Row]) -> None:
    """Print rows as soon as they are there."""
    for line in lines_of(rows, against):
        print(line, flush=True)


def all_kinds(count: int, rounds: int, folder: Path) -> list[Row]:
    """Every kind against every engine; gives the rows of the 837P."""
    kept: list[Row] = []
    for kind in KINDS:
        own = ours() | ({PIPELINE: pipeline(folder)} if kind == "837P" else {})
        rows = rows_for(kind, peers(kind, folder), own, count, rounds, folder)
        show(rows, rows)
        kept = kept or rows
    return kept


def large(count: int, rounds: int, against: list[Row], folder: Path) -> None:
    """Ours alone on a large 837P, set beside what the others need for a claim of the usual one."""
    own = floor() | ours() | {PIPELINE: pipeline(folder)}
    show(rows_for("837P", {}, own, count, rounds, folder), against)


def three_rows(claims: int, rounds: int, folder: Path) -> None:
    """pyx12, our check, our pipeline on one 837P."""
    other = {PYX12: peers("837P", folder)[PYX12]}
    own = {CHECK: ours()[CHECK], PIPELINE: pipeline(folder)}
    rows = rows_for("837P", other, own, claims, rounds, folder)
    show(rows, rows)


def commands(count: int, rounds: int, against: list[Row], folder: Path) -> None:
    """The command `edi validate` on a large 837P, beside what pyx12 needs for a claim of the usual one. The
    least of the rounds counts, for what else runs on the machine only adds."""
    path = generate("837P", count, WARM_SEED, folder / "command.x12")
    per_claim = next(row.per_record for row in against if row.engine == PYX12)
    print(f"\n{'command, start included':28} {'CPU s':>8} {'x pyx12':>8}   {count} claims")
    for options in (["--snip", "2"], []):
        seconds = min(command_seconds(["validate", *options, str(path)]) for _ in range(rounds))
        name = " ".join(["edi validate", *options])
        print(f"{name:28} {seconds:8.3f} {per_claim * count / seconds:8.1f}", flush=True)
    path.unlink()


def memory(counts: Sequence[int], folder: Path) -> None:
    """Peak memory and CPU of check and validation, each in a process of its own."""
    print("\npeak memory")
    print(f"kind   records  file MB  check MB  {'CPU s':>7}  validate MB  {'CPU s':>7}")
    for count in counts:
        path = generate("837P", count, 1, folder / "memory.x12")
        size = path.stat().st_size / 1e6
        (check, first), (validate, second) = (peak_of(what, path) for what in ("check", "validate"))
        line = f"837P  {count:8d} {size:8.1f} {check / 1e6:9.1f} {first:8.2f}"
        print(f"{line} {validate / 1e6:12.1f} {second:8.2f}", flush=True)
        path.unlink()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, help="the pipeline alone, on so many claims")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs="+", metavar="CLAIMS", help="peak memory alone")
    parser.add_argument("--small", action="store_true", help=f"{USUAL} records a kind, no memory")
    args = parser.parse_args()
    if args.memory:
        with tempfile.TemporaryDirectory() as name:
            memory(args.memory, Path(name))
        return
    print(f"median CPU seconds of {args.rounds} rounds, each on files of its own")
    print(HEADER)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.claims:
            three_rows(args.claims, args.rounds, folder)
            return
        usual = all_kinds(USUAL, args.rounds, folder)
        if not args.small:
            large(LARGE, args.rounds, usual, folder)
            commands(LARGE, args.rounds, usual, folder)
            memory((LARGE, LARGEST), folder)
        if not has_x12sdk():
            print("\nx12sdk is not installed: pip install '.[dev]'")


if __name__ == "__main__":
    main()
