"""The store: the only room with state. One interchange is one unit of work, one transaction, exactly once.

The problem
-----------
A payer may lose nothing and do nothing twice. A file is read, checked, decided and answered; the answers
are files in a folder, the decisions rows in a database, and the machine can stop between any two
instructions. Two runs can meet on one store, one file can come twice, a folder can be full.

An example
----------
A file with one interchange of one claim. What is in the store and in the folder, when the run is killed at
each point, and what the same command then does:

    killed                        store      folder          the same command again
    while reading or deciding     nothing    nothing         decides, commits, writes
    after the commit              all of it  nothing         knows the bytes, writes the recorded answers
    between two files             all of it  the first file  the same; the first file is as recorded
    after the last file           all of it  both files      the same; exit status and bytes are the same

The idea
--------
- *One unit of work.* `Store.unit` is a transaction. Everything an interchange does happens in it: the hash
  of its bytes, claims, unit uses, accumulators, control numbers, and the very bytes of its answers. It
  commits whole or not at all.
- *The commit is the decision, the file is a copy.* Files are published after the commit, from the committed
  bytes, under a temporary name and then by rename (`adjudication/pipeline/publish.py`). Publishing again
  gives the same files.
- *Bytes are the identity.* An interchange is known by the hash of its bytes, not by its file name or its
  ISA13. Known bytes are answered from the record; an ISA13 with other bytes is a duplicate number.
- *One writer.* A unit first waits until no other transaction writes to this payer's store: `BEGIN
  IMMEDIATE` on SQLite, an advisory lock on PostgreSQL (`store/engine.py`). So what a unit reads (an unpaid
  claim, the next number, units left) is true until it commits. UNIQUE constraints are the second guard; a
  unit that meets one is rolled back and run again, and then sees what came first.
- *Payment runs have no inbound file* that could bring back their answers. Their files are recorded as
  unpublished, and the next run writes those that did not reach their folder.

What must stay true
-------------------
- Nothing leaves before the commit: no file, no line in a log that says it was done.
- Nothing inside a unit depends on the clock or on chance; `as_of` is passed in. The same store, input and
  `as_of` give the same bytes, so "again" can be compared byte for byte (tests/slow/test_crash.py kills runs
  at every step and does).
- Work passed to `run` can be done twice: it changes nothing but the transaction.
- Numbers come from `take_numbers`, in the same transaction as what they name.
- What is read once per store (payer, plans, partners) cannot change during a run, because a load is a unit
  too.

What would break it
-------------------
- Writing a file, or asking another service, inside a unit.
- A second connection that writes beside the unit.
- Keeping in memory what a later interchange has to see (units left, claims in force): it would outlive a
  rollback.

`open_store(url)` gives a Store; `store.unit(as_of)` is a transaction (`store/unit.py`).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Column, Engine, Table, select
from sqlalchemy.exc import SQLAlchemyError

from x12_payer.adjudication.actor import Actor, this_process
from x12_payer.adjudication.errors import StoreBusyError, StoreError
from x12_payer.adjudication.records import Payee
from x12_payer.adjudication.reference.reference import PAYER_NUMBERS, TABLES, Held, ReferenceData
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.audit import Act, record_act
from x12_payer.adjudication.store.engine import (
    keep_private,
    make_engine,
    may_succeed_again,
    one_writer,
    problem_of,
    why,
    without_secrets,
)
from x12_payer.adjudication.store.lists import one_of
from x12_payer.adjudication.store.migrate import bring_up_to_date
from x12_payer.adjudication.store.unit import LoadCount, Unit
from x12_payer.authorization.parties import Payer
from x12_payer.authorization.plans.plan import Plan, parse_plans, shipped_plans

ATTEMPTS = 5  # of one unit of work that other writers get in the way of

T = TypeVar("T")


def open_store(url: str, actor: Actor | None = None) -> "Store":
    """Open (and where needed create) the store: a SQLite path or a postgresql:// URL. `actor`: who the audit
    says it was; this process, when none is given."""
    if problem := problem_of(url):
        raise StoreError(f"store {without_secrets(url)!r}: {problem}")
    try:
        engine = make_engine(url)
        broken = bring_up_to_date(engine)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise StoreError(f"store {without_secrets(url)} cannot be opened: {why(error)}") from error
    except StoreError as error:
        raise StoreError(f"store {without_secrets(url)} cannot be opened: {error}") from error
    shared = keep_private(url)
    return Store(engine, actor or this_process(), (*broken, shared) if shared else broken)


class Store:
    """A store that is open. What is loaded (payer, plans, partners) is read once."""

    def __init__(self, engine: Engine, actor: Actor, warnings: tuple[str, ...] = ()) -> None:
        self._engine = engine
        self._actor = actor
        self.warnings = warnings  # what an operator should know of this store

    def close(self) -> None:
        """Let go of the connections to the server that wait for a next unit."""
        self._engine.dispose()

    @contextmanager
    def unit(self, as_of: datetime) -> Iterator[Unit]:
        """One transaction at a time of the payer: committed at the end, rolled back on any exception."""
        try:
            with self._engine.begin() as connection:
                one_writer(connection)
                yield Unit(connection, as_of, self._actor)
        except SQLAlchemyError as error:
            kind = StoreBusyError if may_succeed_again(error) else StoreError
            raise kind(f"the store failed: {why(error)}") from error

    def run(self, as_of: datetime, work: Callable[[Unit], T]) -> T:
        """What `work` gives, done in one unit; done anew when another writer was in the way."""
        for _ in range(ATTEMPTS - 1):
            with suppress(StoreBusyError), self.unit(as_of) as unit:
                return work(unit)
        with self.unit(as_of) as unit:
            return work(unit)

    def _all(self, table: Table) -> list[Mapping[str, Any]]:
        try:
            with self._engine.connect() as connection:
                return [dict(row) for row in connection.execute(select(table)).mappings()]
        except SQLAlchemyError as error:
            raise StoreError(f"the store failed: {why(error)}") from error

    @cached_property
    def payer(self) -> Payer | None:
        """payer.toml as loaded, None before the first load."""
        found = {row["name"]: row["value"] for row in self._all(schema.settings)}
        if not found:
            return None
        values: dict[str, Any] = {k: v for k, v in found.items() if k not in PAYER_NUMBERS}
        for key in PAYER_NUMBERS:
            if found.get(key):
                values[key] = Decimal(found[key]) if "percent" in key else int(Decimal(found[key]))
        return Payer(**values)

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """Shipped plans, overridden by loaded ones of the same id."""
        plans, wrong = self._read_plans()
        if wrong:
            raise StoreError(f"the store holds a plan that cannot be read: {wrong[0]}; load it again")
        return plans

    def _read_plans(self) -> tuple[Mapping[str, Plan], tuple[str, ...]]:
        texts = {row["plan_id"]: row["text"] for row in self._all(schema.plans)}
        loaded, wrong = parse_plans(texts, judged=False)
        return {**shipped_plans(), **{name: plan for name, (plan, _) in loaded.items()}}, wrong

    @cached_property
    def partners(self) -> frozenset[tuple[str, str]]:
        """(qualifier, interchange id) of every partner loaded."""
        rows = self._all(schema.reference["partners"])
        return frozenset((row["qualifier"], row["interchange_id"]) for row in rows)

    @cached_property
    def payees(self) -> Mapping[str, Payee]:
        """payees.csv by NPI."""
        return {row["npi"]: Payee(**row) for row in self._all(schema.reference["payees"])}

    @cached_property
    def held(self) -> Held:
        """What new reference data is judged beside; it may be the cure of a plan that cannot be read."""
        return Held(
            self._read_plans()[0],
            lambda ids: self._known(schema.reference["members"].c.member_id, ids),
            lambda npis: self._known(schema.reference["providers"].c.npi, npis),
        )

    def _known(self, column: Column[Any], values: Iterable[str]) -> frozenset[str]:
        """Those of the values that are in the column."""
        asked = sorted(set(values))
        if not asked:
            return frozenset()
        try:
            with self._engine.connect() as connection:
                return frozenset(connection.execute(select(column).where(one_of(column, asked))).scalars())
        except SQLAlchemyError as error:
            raise StoreError(f"the store failed: {why(error)}") from error

    def load(self, data: ReferenceData, file: str = "") -> tuple[LoadCount, ...]:
        """Insert or update by key, all or nothing; the same data again changes nothing. `file`: what the
        audit calls it."""
        payer = [{"name": k, "value": v} for k, v in data.payer.items()]
        plans = [{"plan_id": k, "text": v} for k, v in data.plans.items()]
        parts: list[tuple[Table, tuple[str, ...], Sequence[Mapping[str, str]]]] = [
            (schema.reference[name], TABLES[name].key, rows) for name, rows in data.rows.items()
        ]
        parts += [(schema.settings, ("name",), payer)] if payer else []
        parts += [(schema.plans, ("plan_id",), plans)] if plans else []

        def load(unit: Unit) -> tuple[LoadCount, ...]:
            counts = tuple(unit.merge(table, key, rows) for table, key, rows in parts)
            if any(c.added or c.changed for c in counts):  # given again after a crash it is no second act
                tables = {c.table: [c.added, c.changed, c.unchanged] for c in counts}
                record_act(unit, Act("load", {"tables": tables}, file, data.digest))
            return counts

        counts = self.run(datetime.min, load)
        for name in ("payer", "plans", "partners", "payees", "held"):
            self.__dict__.pop(name, None)
        return counts


def digest(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an interchange's bytes, in hexadecimal."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()
