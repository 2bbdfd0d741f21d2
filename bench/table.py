"""The table of the benchmark: every kind of file, every engine, the same files in turn in one process.

In every round each of our engines has a file of its own seed, and the others read that file too: no cache of
ours has seen its segments. What an engine keeps from one file to the next (its code, our compiled guides) is
warmed with a small file of another seed."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from attrs import frozen

from bench import make_837p, make_others
from bench.engines import Engine, has_x12sdk, pyx12_for, x12sdk_reads
from bench.engines_ours import split_alone, we_check, we_validate

KINDS = ("837P", "837I", "835", "270", "278")
WARM_SEED, WARM_COUNT = 999, 20
PYX12, X12SDK, CHECK, VALIDATE = "pyx12", "x12sdk", "we check (1-2)", "we validate (1-6)"
SPLIT = "split, no check"
HEADER = (
    f"{'kind':5} {'records':>8} {'engine':20} {'CPU s':>8} {'records/s':>10} {'MB/s':>7} "
    f"{'x pyx12':>8} {'x x12sdk':>9}"
)

Work = Callable[[], str]  # what is timed; gives what it found against the file
Starter = Callable[[Path], Work]  # makes ready for a file, outside the time that counts
Engines = dict[str, Starter]  # by the name in the table


@frozen
class Row:
    """One engine on one kind of file: the median of its rounds. `fault`: why there is no figure."""

    kind: str
    count: int
    engine: str
    seconds: float
    megabytes: float
    fault: str = ""

    @property
    def per_record(self) -> float:
        """CPU seconds a claim, inquiry or request."""
        return self.seconds / self.count


def generate(kind: str, count: int, seed: int, path: Path) -> Path:
    """One seeded file."""
    if kind == "837P":
        lines = make_837p.interchange(count, seed)
    else:
        lines = make_others.interchange(kind, count, seed)
    with path.open("w", encoding="latin-1") as out:
        out.writelines(lines)
    return path


def timed(work: Work) -> tuple[float, str]:
    """CPU seconds of this process, system time included (other load on the machine counts little), and what
    the work gave."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def ready(engine: Engine) -> Starter:
    """An engine that has nothing to prepare for a file."""
    return lambda path: partial(engine, path)


def peers(kind: str, folder: Path) -> Engines:
    """The engines that ours are compared with."""
    found = {PYX12: ready(pyx12_for(kind, folder / f"maps-{kind}"))}
    return found | ({X12SDK: ready(x12sdk_reads)} if has_x12sdk() else {})


def floor() -> Engines:
    """What splitting alone costs."""
    return {SPLIT: ready(split_alone)}


def ours() -> Engines:
    """Our engines that need no store."""
    return {CHECK: ready(we_check), VALIDATE: ready(we_validate)}


def rows_for(kind: str, others: Engines, own: Engines, count: int, rounds: int, folder: Path) -> list[Row]:
    """One row an engine. A file of 20 records warms each up, and says whether it can read the kind at all."""
    engines = others | own
    warm = generate(kind, WARM_COUNT, WARM_SEED, folder / f"{kind}-warm.x12")
    faults = {name: start(warm)() for name, start in engines.items()}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    size = 0
    for seed, one in enumerate(list(own) * rounds, 1):
        path = generate(kind, count, seed, folder / f"{kind}-{seed}.x12")
        size = path.stat().st_size
        for name in (*others, one):
            if not faults[name]:
                seconds[name].append(measured(f"{name} on {kind}", engines[name], path))
        path.unlink()
    medians = {name: statistics.median(found or [0.0]) for name, found in seconds.items()}
    return [Row(kind, count, name, medians[name], size / 1e6, faults[name]) for name in engines]


def measured(what: str, start: Starter, path: Path) -> float:
    """CPU seconds of one engine on a file that it must accept."""
    spent, found = timed(start(path))
    if found:
        raise SystemExit(f"{what}: the generated file is not accepted: {found}")
    return spent


def lines_of(rows: list[Row], against: list[Row]) -> Iterator[str]:
    """The rows as text; `against` holds the rows of pyx12 and x12sdk that they are set beside, a record."""
    base = {row.engine: row.per_record for row in against if not row.fault}
    for row in rows:
        head = f"{row.kind:5} {row.count:8d} {row.engine:20} "
        if row.fault:
            yield f"{head}does not read this kind ({row.fault})"
            continue
        speed = f"{row.count / row.seconds:10.0f} {row.megabytes / row.seconds:7.1f} "
        yield f"{head}{row.seconds:8.3f} {speed}{_ratio(base, PYX12, row):>8} {_ratio(base, X12SDK, row):>9}"


def _ratio(base: dict[str, float], name: str, row: Row) -> str:
    return f"{base[name] / row.per_record:.1f}" if name in base else "-"
