"""The audit: who ran or decided what, when, on which file, with which program and plans (CONTRACT section 8).

One row an act (a load, an interchange, a payment run, a release), written in the transaction of the act: an
act that is not in the audit did not happen. Rows are never changed. Each holds the hash of the row before
and its own over everything in it, so a row that somebody changed, took out or put in breaks the chain at
that place; the counter of the rows notices when the last ones are gone.

    sequence  act      previous   hash
    1         load     0000...    9f3c...
    2         process  9f3c...    51ab...
    3         pay      51ab...    c07e...

What was decided is JSON with our own numbers, codes and reasons: no name, no birth date, no member id."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert, select

from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.records import as_json
from x12_payer.adjudication.store.unit import Unit
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import map_path

FIRST = "0" * 64  # what the first row says of the one before
SERIES = "audit"
_CHAINED = tuple(c.name for c in schema.audit.columns if c.name != "hash")


@frozen
class Act:
    """One thing done. `file` and `digest`: of the inbound file or interchange, '' where there is none."""

    name: str  # load process pay release
    decided: Mapping[str, Any]
    file: str = ""
    digest: str = ""


@frozen
class Entry:
    """One row, as it is kept."""

    sequence: int
    at: str  # UTC
    as_of: str  # local time of the payer, '' for a load
    act: str
    operator: str
    host: str
    version: str
    rules: str  # SHA-256 of the shipped rules and the loaded plans
    file: str
    digest: str
    decided: str
    previous: str
    hash: str


def record_act(unit: Unit, act: Act) -> None:
    """Add the act to the chain."""
    table = schema.audit
    sequence = unit.take_numbers(SERIES)
    before = select(table.c.hash).where(table.c.sequence < sequence).order_by(table.c.sequence.desc())
    row = {
        "sequence": sequence,
        "at": unit.actor.now().isoformat(),
        "as_of": unit.as_of.isoformat() if act.name != "load" else "",
        "act": act.name,
        "operator": unit.actor.operator,
        "host": unit.actor.host,
        "version": unit.actor.version,
        "rules": _rules(unit),
        "file": act.file,
        "digest": act.digest,
        "decided": as_json(act.decided),
        "previous": unit.connection.execute(before.limit(1)).scalar() or FIRST,
    }
    unit.connection.execute(insert(table), [{**row, "hash": _hash(row)}])


def _hash(row: Mapping[str, Any]) -> str:
    text = json.dumps([row[name] for name in _CHAINED], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _rules(unit: Unit) -> str:
    """A digest of what decides: the shipped rules, and the plans in force."""
    table = schema.plans
    total = hashlib.sha256(_shipped().encode())
    for name, text in unit.connection.execute(
        select(table.c.plan_id, table.c.text).order_by(table.c.plan_id)
    ):
        total.update(f"\0{name}\0{text}".encode())
    return total.hexdigest()


@cache
def _shipped() -> str:
    total = hashlib.sha256()
    for path in sorted(map_path("rules").iterdir()):
        if path.suffix in (".csv", ".toml"):
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def entries(unit: Unit, begin: date | None = None, end: date | None = None) -> Iterator[Entry]:
    """The rows in order, of these days (UTC, both included) or all."""
    table = schema.audit
    asked = select(table).order_by(table.c.sequence)
    if begin is not None:
        asked = asked.where(table.c.at >= begin.isoformat())
    if end is not None:
        asked = asked.where(table.c.at < (end + timedelta(1)).isoformat())
    found = unit.connection.execution_options(yield_per=1000).execute(asked)
    return (Entry(**row) for row in found.mappings())


def broken_link(rows: Iterable[Entry], count: int) -> str:
    """What is wrong at the first row that does not fit, '' when the chain of `count` rows is whole."""
    previous, sequence = FIRST, 0
    for row in rows:
        sequence += 1
        if row.sequence != sequence:
            return f"row {sequence} is missing: after row {sequence - 1} comes row {row.sequence}"
        if row.previous != previous:
            return f"row {row.sequence} does not follow row {row.sequence - 1}: one of them was changed"
        values = {name: getattr(row, name) for name in _CHAINED}
        if row.hash != _hash(values):
            return f"row {row.sequence} was changed after it was written"
        previous = row.hash
    return f"row {sequence + 1} is missing: {count} were written" if sequence < count else ""


def verify(unit: Unit) -> tuple[int, str]:
    """How many rows were ever written, and what is wrong with them ('' nothing)."""
    count = unit.peek_number(SERIES) - 1
    return count, broken_link(entries(unit), count)
