"""The store: the only room with state. One interchange is one unit of work, one transaction.

`open_store(url)` gives a Store; `store.unit(as_of)` is a transaction (`store_unit.py`)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Column, Engine, Table, select
from sqlalchemy.exc import SQLAlchemyError

from x12_payer.adjudication.errors import StoreBusyError, StoreError
from x12_payer.adjudication.records import Payee
from x12_payer.adjudication.reference.reference import PAYER_NUMBERS, TABLES, Held, ReferenceData
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.engine import (
    make_engine,
    may_succeed_again,
    one_writer,
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


def open_store(url: str) -> "Store":
    """Open (and where needed create) the store: a SQLite path or a postgresql:// URL."""
    if not url or ("://" in url and not url.startswith("postgresql://")):
        raise StoreError(f"store {without_secrets(url)!r}: neither a SQLite path nor a postgresql:// URL")
    try:
        engine = make_engine(url)
        broken = bring_up_to_date(engine)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise StoreError(f"store {without_secrets(url)} cannot be opened: {why(error)}") from error
    return Store(engine, broken)


class Store:
    """A store that is open. What is loaded (payer, plans, partners) is read once."""

    def __init__(self, engine: Engine, warnings: tuple[str, ...] = ()) -> None:
        self._engine = engine
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
                yield Unit(connection, as_of)
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
        """Those of the values that stand in the column."""
        asked = sorted(set(values))
        if not asked:
            return frozenset()
        try:
            with self._engine.connect() as connection:
                return frozenset(connection.execute(select(column).where(one_of(column, asked))).scalars())
        except SQLAlchemyError as error:
            raise StoreError(f"the store failed: {why(error)}") from error

    def load(self, data: ReferenceData) -> tuple[LoadCount, ...]:
        """Insert or update by key, all or nothing; the same data again changes nothing."""
        payer = [{"name": k, "value": v} for k, v in data.payer.items()]
        plans = [{"plan_id": k, "text": v} for k, v in data.plans.items()]
        parts: list[tuple[Table, tuple[str, ...], Sequence[Mapping[str, str]]]] = [
            (schema.reference[name], TABLES[name].key, rows) for name, rows in data.rows.items()
        ]
        parts += [(schema.settings, ("name",), payer)] if payer else []
        parts += [(schema.plans, ("plan_id",), plans)] if plans else []
        counts = self.run(
            datetime.min, lambda unit: tuple(unit.merge(table, key, rows) for table, key, rows in parts)
        )
        for name in ("payer", "plans", "partners", "payees", "held"):
            self.__dict__.pop(name, None)
        return counts


def digest(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an interchange's bytes, in hexadecimal."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()
