"""The store: the only room with state. One interchange is one unit of work, one transaction.

`open_store(url)` gives a Store; `store.unit()` is a transaction with everything a run reads and writes.
Facts about members and claims are read by `store_facts.py`."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import evolve, frozen
from sqlalchemy import Connection, Engine, Table, bindparam, create_engine, event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from adjudication import store_schema as schema
from adjudication.records import ClaimRecord, Payee
from adjudication.reference import PAYER_NUMBERS, TABLES, ReferenceData
from adjudication.store_records import dump
from authorization.facts import Approval, ReviewCase
from authorization.parties import Payer
from authorization.plan import Plan, parse_plan, shipped_plans


class StoreError(Exception):
    """The store cannot be opened or used; the text says why, without data."""


@frozen
class Outbound:
    """One outbound interchange: file name and bytes, as committed."""

    name: str
    content: bytes


@frozen
class Known:
    """An interchange the store has seen: its row and what it was refused with ('' accepted)."""

    id: int
    digest: str
    ta1: str
    summary: str


@frozen
class LoadCount:
    """What a load did to one table."""

    table: str
    added: int
    changed: int
    unchanged: int


def open_store(url: str) -> "Store":
    """Open (and where needed create) the store: a SQLite path or a postgresql:// URL."""
    try:
        engine = _engine(url)
        schema.metadata.create_all(engine)
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise StoreError(f"store {_safe(url)} cannot be opened: {type(error).__name__}") from error
    return Store(engine)


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
    def unit(self, as_of: datetime) -> Iterator["Unit"]:
        """One transaction at a time of the payer: committed at the end, rolled back on any exception."""
        try:
            with self._engine.begin() as connection:
                yield Unit(connection, as_of)
        except SQLAlchemyError as error:
            raise StoreError(f"store failed: {type(error).__name__}: {error.__cause__}") from error

    def _all(self, table: Table) -> list[Mapping[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

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


class Unit:
    """One transaction on the store."""

    def __init__(self, connection: Connection, as_of: datetime) -> None:
        self.connection = connection
        self.as_of = as_of

    # -- reference data -------------------------------------------------------------------------------

    def merge(self, table: Table, key: tuple[str, ...], rows: Sequence[Mapping[str, str]]) -> LoadCount:
        """Insert or update rows by key and count what that changed."""
        old = {
            tuple(row[k] for k in key): dict(row) for row in self.connection.execute(select(table)).mappings()
        }
        new = {tuple(row[k] for k in key): dict(row) for row in rows}
        added = [row for k, row in new.items() if k not in old]
        changed = [row for k, row in new.items() if k in old and old[k] != row]
        if added or changed:
            self.upsert(table, [*added, *changed])
        return LoadCount(table.name, len(added), len(changed), len(new) - len(added) - len(changed))

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or update those whose primary key is there."""
        if not rows:
            return
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table)
        keys = [c.name for c in table.primary_key.columns]
        rest = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=rest), [dict(row) for row in rows]
        )

    # -- numbers --------------------------------------------------------------------------------------

    def take_numbers(self, name: str, count: int = 1) -> int:
        """Take `count` numbers of a series and give the first; numbers are never given twice."""
        first = self.peek_number(name)
        self.upsert(schema.counters, [{"name": name, "value": first + count - 1}])
        return first

    def peek_number(self, name: str) -> int:
        """The number a series would give next."""
        table = schema.counters
        last = self.connection.execute(select(table.c.value).where(table.c.name == name)).scalar() or 0
        return int(last) + 1

    # -- interchanges ---------------------------------------------------------------------------------

    def known_bytes(self, digest: str) -> Known | None:
        """The latest interchange with exactly these bytes."""
        return self._known(schema.interchanges.c.digest == digest)

    def known_number(self, sender: str, receiver: str, control_number: str) -> Known | None:
        """The accepted interchange that used up this sender's control number."""
        table = schema.interchanges
        return self._known(
            (table.c.sender == sender)
            & (table.c.receiver == receiver)
            & (table.c.control_number == control_number)
            & (table.c.ta1 == "")
        )

    def _known(self, condition: Any) -> Known | None:
        table = schema.interchanges
        row = (
            self.connection.execute(select(table).where(condition).order_by(table.c.id.desc()))
            .mappings()
            .first()
        )
        return None if row is None else Known(row["id"], row["digest"], row["ta1"], row["summary"])

    def add_interchange(
        self, sender: str, receiver: str, control_number: str, digest: str, ta1: str, correspondent: str
    ) -> int:
        """Record an interchange and give its id. `correspondent` says whom a later 835 goes to."""
        row = {
            "sender": sender,
            "receiver": receiver,
            "control_number": control_number,
            "digest": digest,
            "ta1": ta1,
            "received": self.as_of.isoformat(),
            "correspondent": correspondent,
            "summary": "",
        }
        result = self.connection.execute(insert(schema.interchanges).values(**row))
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def save_answers(self, interchange: int, files: Sequence[Outbound], summary: str) -> None:
        """Keep the outbound bytes of an interchange with its result."""
        table = schema.interchanges
        self.connection.execute(update(table).where(table.c.id == interchange).values(summary=summary))
        self.insert(
            schema.outbound,
            [{"interchange": interchange, "name": f.name, "content": f.content} for f in files],
        )

    def answers(self, interchange: int) -> tuple[Outbound, ...]:
        """The recorded answers of an interchange."""
        table = schema.outbound
        rows = self.connection.execute(
            select(table).where(table.c.interchange == interchange).order_by(table.c.id)
        )
        return tuple(Outbound(row["name"], row["content"]) for row in rows.mappings())

    def free_name(self, name: str) -> str:
        """The name, or `<stem>-2...` and so on when a file of that name was written before: no answer may
        take the place of another."""
        table = schema.outbound
        stem, *rest = name.rsplit(".", 3)  # <stem>.<ISA13>.<kind>.x12
        candidate, count = name, 1
        while self.connection.execute(select(table.c.id).where(table.c.name == candidate)).first():
            count += 1
            candidate = ".".join([f"{stem}-{count}", *rest])
        return candidate

    def add_acknowledgments(self, interchange: int, found: Iterable[tuple[str, str, str]]) -> None:
        """Record inbound acknowledgments: (kind, what they refer to, result)."""
        rows = [{"interchange": interchange, "kind": k, "refers_to": r, "result": s} for k, r, s in found]
        self.insert(schema.acknowledgments, rows)

    # -- decisions ------------------------------------------------------------------------------------

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows in one statement."""
        if rows:
            self.connection.execute(insert(table), [dict(row) for row in rows])

    def save_approvals(self, approvals: Sequence[Approval]) -> None:
        """Add approvals, or replace those of the same key. What is used is not kept here: uses say it."""
        self.upsert(
            schema.approvals,
            [
                {
                    "key": a.key,
                    "number": a.number,
                    "case_number": a.case_number,
                    "member_id": a.member_id,
                    "kind": a.kind,
                    "status": a.status,
                    "record": dump(evolve(a, used=Decimal(0))),
                }
                for a in approvals
            ],
        )

    def save_case(self, case: ReviewCase) -> None:
        """Add a 278 case, or replace the one of the same number."""
        row = {
            "case_number": case.case_number,
            "member_id": case.member_id,
            "status": case.status,
            "received": case.received.isoformat(),
            "due": case.due,
            "record": dump(case),
        }
        self.upsert(schema.cases, [row])

    def save_claims(self, records: Sequence[ClaimRecord], interchange: int) -> None:
        """Add decided claims with what they used."""
        first = self.take_numbers("claim_sequence", len(records)) if records else 0
        self.insert(
            schema.claims,
            [_claim_row(record, interchange, first + n) for n, record in enumerate(records)],
        )
        self.insert(
            schema.uses,
            [
                {
                    "approval_key": use.approval_key,
                    "member_id": record.member_id,
                    "number": use.number,
                    "claim_number": use.claim_number,
                    "line": use.line,
                    "units": str(use.units),
                    "service_date": use.service_date.isoformat(),
                }
                for record in records
                for use in record.uses
            ],
        )
        self.insert(
            schema.accumulator_uses,
            [
                {
                    "member_id": record.member_id,
                    "claim_number": record.claim_number,
                    "year": use.year,
                    "name": use.name,
                    "amount": str(use.amount),
                    "day": use.day.isoformat() if use.day else "",
                    "provider_npi": use.provider_npi,
                }
                for record in records
                for use in record.accumulators
            ],
        )

    def mark_replaced(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Claims that a reversal or a replacement took away: (claim number, number that replaced it)."""
        table = schema.claims
        for number, replacement in pairs:
            self.connection.execute(
                update(table)
                .where(table.c.claim_number == number)
                .values(status="reversed", replaced_by=replacement)
            )

    def mark_remitted(self, numbers: Sequence[str], trace: str, remitted: date) -> None:
        """Claims that went out in the 835 of this trace."""
        table = schema.claims
        statement = (
            update(table)
            .where(table.c.claim_number == bindparam("number"))
            .values(trace=bindparam("in_trace"), remitted=bindparam("on_day"))
        )
        rows = [{"number": n, "in_trace": trace, "on_day": remitted.isoformat()} for n in numbers]
        if rows:
            self.connection.execute(statement, rows)

    # -- money ----------------------------------------------------------------------------------------

    def correspondents(self) -> dict[int, str]:
        """Whom the answers to an interchange went to, by its id."""
        table = schema.interchanges
        return {row.id: row.correspondent for row in self.connection.execute(select(table))}

    def balances(self, npis: Iterable[str]) -> dict[str, Decimal]:
        """Negative balances carried forward, by payee NPI (as a positive amount owed to us)."""
        table = schema.balances
        rows = self.connection.execute(select(table).where(table.c.npi.in_(sorted(set(npis)))))
        return {row.npi: Decimal(row.amount) for row in rows}

    def save_balances(self, balances: Mapping[str, Decimal]) -> None:
        """Replace the carried balances of these payees."""
        self.upsert(schema.balances, [{"npi": n, "amount": str(a)} for n, a in balances.items()])

    def add_remittance(self, trace: str, npi: str, amount: Decimal, paid_on: date, interchange: int) -> None:
        """Record one 835 set."""
        row = {
            "trace": trace,
            "npi": npi,
            "amount": str(amount),
            "paid_on": paid_on.isoformat(),
            "interchange": interchange,
        }
        self.insert(schema.remittances, [row])


def _claim_row(record: ClaimRecord, interchange: int, sequence: int) -> dict[str, Any]:
    return {
        "claim_number": record.claim_number,
        "member_id": record.member_id,
        "billing_npi": record.billing_npi,
        "control_number": record.control_number,
        "status": record.status,
        "received": record.received.isoformat(),
        "replaced_by": record.replaced_by,
        "trace": record.trace,
        "remitted": record.remitted.isoformat() if record.remitted else "",
        "sequence": sequence,
        "interchange": interchange,
        "record": dump(record),
    }


def digest(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an interchange's bytes, in hexadecimal."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()
