"""The store: the only room with state. One interchange is one unit of work, one transaction.

`open_store(url)` gives a Store; `store.unit(as_of)` is a transaction (`store_unit.py`)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateColumn

from adjudication import store_schema as schema
from adjudication.errors import StoreError
from adjudication.records import Payee
from adjudication.reference import PAYER_NUMBERS, TABLES, ReferenceData
from adjudication.store_unit import LoadCount, Unit
from authorization.parties import Payer
from authorization.plan import Plan, parse_plan, shipped_plans

HINTS = {  # SQLite's words, and what a user can do
    "database is locked": "another run holds it; try again when that has ended",
    "database disk image is malformed": "it is damaged; restore it from a copy",
    "file is not a database": "it is no SQLite database",
    "unable to open database file": "it is a folder, or in a folder that is not there or may not be written",
}


def open_store(url: str) -> "Store":
    """Open (and where needed create) the store: a SQLite path or a postgresql:// URL."""
    if not url or ("://" in url and not url.startswith("postgresql://")):
        raise StoreError(f"store {_safe(url)!r}: neither a SQLite path nor a postgresql:// URL")
    try:
        engine = _engine(url)
        with engine.begin() as connection:
            schema.metadata.create_all(connection)
            add_columns(connection)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise StoreError(f"store {_safe(url)} cannot be opened: {why(error)}") from error
    return Store(engine)


def why(error: Exception) -> str:
    """What the database says of itself, without any value of a row: those stand in errors of other kinds."""
    if isinstance(error, ImportError):
        return f"{error.name} is not installed; for PostgreSQL: pip install 'x12-payer[postgres]'"
    said = str(error.orig).strip() if isinstance(error, DBAPIError) else ""
    if not said or not (isinstance(error, OperationalError) or type(error) is DatabaseError):
        return type(error).__name__
    words = said.splitlines()[0]
    return HINTS.get(words, words)


def add_columns(connection: Connection) -> None:
    """Give the tables of an older store the columns that came later: they have a default."""
    for table in schema.metadata.tables.values():
        newer = [column for column in table.columns if column.server_default is not None]
        if not newer:
            continue
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in newer:
            if column.name not in there:
                added = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {added}")
        if not there.issuperset(column.name for column in newer):
            for index in table.indexes:
                index.create(connection, checkfirst=True)


def _safe(url: str) -> str:
    return url if "@" not in url else url.split("://")[0] + "://..."


def _engine(url: str) -> Engine:
    if "://" in url:
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    # No pool: every unit opens and closes the file, so that nothing lingers beside it between runs.
    engine = create_engine(f"sqlite:///{url}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=60000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Store:
    """A store that is open. What is loaded (payer, plans, partners) is read once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def unit(self, as_of: datetime) -> Iterator[Unit]:
        """One transaction at a time of the payer: committed at the end, rolled back on any exception."""
        try:
            with self._engine.begin() as connection:
                yield Unit(connection, as_of)
        except SQLAlchemyError as error:
            raise StoreError(f"the store failed: {why(error)}") from error

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
        loaded = (parse_plan(row["text"], row["plan_id"])[0] for row in self._all(schema.plans))
        return {**shipped_plans(), **{plan.id: plan for plan in loaded if plan is not None}}

    @cached_property
    def partners(self) -> frozenset[tuple[str, str]]:
        """(qualifier, interchange id) of every partner loaded."""
        rows = self._all(schema.reference["partners"])
        return frozenset((row["qualifier"], row["interchange_id"]) for row in rows)

    @cached_property
    def payees(self) -> Mapping[str, Payee]:
        """payees.csv by NPI."""
        return {row["npi"]: Payee(**row) for row in self._all(schema.reference["payees"])}

    def load(self, data: ReferenceData) -> tuple[LoadCount, ...]:
        """Insert or update by key, all or nothing; the same data again changes nothing."""
        payer = [{"name": k, "value": v} for k, v in data.payer.items()]
        plans = [{"plan_id": k, "text": v} for k, v in data.plans.items()]
        parts: list[tuple[Table, tuple[str, ...], Sequence[Mapping[str, str]]]] = [
            (schema.reference[name], TABLES[name].key, rows) for name, rows in data.rows.items()
        ]
        parts += [(schema.settings, ("name",), payer)] if payer else []
        parts += [(schema.plans, ("plan_id",), plans)] if plans else []
        with self.unit(datetime.min) as unit:
            counts = tuple(unit.merge(table, key, rows) for table, key, rows in parts)
        for name in ("payer", "plans", "partners", "payees"):
            self.__dict__.pop(name, None)
        return counts


def digest(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an interchange's bytes, in hexadecimal."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()
