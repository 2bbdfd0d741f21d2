"""Claims and payments in the store: what a decision, a payment run or a correction writes.

Functions over a unit, as in `facts.py`, which reads facts for decisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from x12_payer.adjudication.errors import StoreBusyError
from x12_payer.adjudication.records import Balance, ClaimRecord
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.facts import claim_of
from x12_payer.adjudication.store.lists import one_of
from x12_payer.adjudication.store.records import dump, restore
from x12_payer.adjudication.store.unit import Unit
from x12_payer.edi.frozen import frozen


@frozen
class Refused:
    """A claim that a 277CA refused: codes and numbers only."""

    control_number: str  # CLM01
    billing_npi: str
    charge: Decimal
    statuses: str  # A7:535 A3:33:IL


@frozen
class Pended:
    """A claim that pends, the interchange it came in, and the text of it as it came: '' in a store that is
    older than the keeping of claims."""

    record: ClaimRecord
    interchange: int
    message: str


# -- claims ----------------------------------------------------------------------------------------


def save_claims(
    unit: Unit, records: Sequence[ClaimRecord], interchange: int, messages: Mapping[str, str] | None = None
) -> None:
    """Add decided claims with what they used, and the text of each as it came, by our number."""
    first = unit.take_numbers("claim_sequence", len(records)) if records else 0
    unit.insert(
        schema.claims,
        [
            {**_claim_row(record), "sequence": first + n, "interchange": interchange}
            for n, record in enumerate(records)
        ],
    )
    _save_uses(unit, records)
    unit.insert(
        schema.claim_messages,
        [{"claim_number": n, "message": message} for n, message in (messages or {}).items()],
    )


def _claim_row(record: ClaimRecord) -> dict[str, Any]:
    return {
        "claim_number": record.claim_number,
        "member_id": record.member_id,
        "billing_npi": record.billing_npi,
        "control_number": record.control_number,
        "status": record.status,
        "received": record.received.isoformat(),
        "replaced_by": record.replaced_by,
        "reverses": record.replaces if record.status == "reversal" else "",
        "trace": record.trace,
        "remitted": record.remitted.isoformat() if record.remitted else "",
        "service_begin": record.service_begin.isoformat(),
        "service_end": record.service_end.isoformat(),
        "record": dump(record),
    }


def _save_uses(unit: Unit, records: Sequence[ClaimRecord]) -> None:
    unit.insert(
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
    unit.insert(
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


def mark_replaced(unit: Unit, pairs: Sequence[tuple[str, str]]) -> None:
    """Claims that a reversal or a replacement took away: (claim number, number that replaced it)."""
    table = schema.claims
    for number, replacement in pairs:
        unit.connection.execute(
            update(table)
            .where(table.c.claim_number == number)
            .values(status="reversed", replaced_by=replacement)
        )


def save_refused(unit: Unit, refused: Sequence[Refused], interchange: int) -> None:
    """Keep what was refused in a 277CA."""
    unit.insert(
        schema.refused_claims,
        [
            {
                "interchange": interchange,
                "control_number": one.control_number,
                "billing_npi": one.billing_npi,
                "charge": str(one.charge),
                "received": unit.as_of.date().isoformat(),
                "statuses": one.statuses,
            }
            for one in refused
        ],
    )


# -- claims that wait --------------------------------------------------------------------------------


def waiting_claims(unit: Unit, numbers: Iterable[str] | None = None) -> Iterator[Pended]:
    """The claims that pend, of these numbers or all, in the order they came."""
    table, came = schema.claims, schema.claim_messages
    asked = select(table, came.c.message).outerjoin(came, came.c.claim_number == table.c.claim_number)
    asked = asked.where(table.c.status == "pended").order_by(table.c.sequence)
    if numbers is not None:
        asked = asked.where(one_of(table.c.claim_number, numbers))
    for row in unit.connection.execute(asked).mappings().all():
        yield Pended(claim_of(dict(row)), row["interchange"], row["message"] or "")


def rewrite_claim(unit: Unit, record: ClaimRecord) -> None:
    """The claim of this number as it is now: decided at last, or waiting again; with what it uses now."""
    _forget_uses(unit, record.claim_number)
    table = schema.claims
    unit.connection.execute(
        update(table).where(table.c.claim_number == record.claim_number).values(**_claim_row(record))
    )
    _save_uses(unit, [record])


def drop_reversal(unit: Unit, reversal: ClaimRecord) -> None:
    """Undo a reversal that never left: its original is in force again as it was decided."""
    _forget_uses(unit, reversal.claim_number)
    table = schema.claims
    unit.connection.execute(delete(table).where(table.c.claim_number == reversal.claim_number))
    reinstate(unit, reversal.replaces)


def reinstate(unit: Unit, number: str) -> None:
    """The claim that was reversed is in force again as it was decided."""
    table = schema.claims
    found = unit.connection.execute(select(table).where(table.c.claim_number == number)).mappings().one()
    decided = restore(found["record"], ClaimRecord).status
    unit.connection.execute(
        update(table).where(table.c.claim_number == number).values(status=decided, replaced_by="")
    )


def _forget_uses(unit: Unit, number: str) -> None:
    for table in (schema.uses, schema.accumulator_uses):
        unit.connection.execute(delete(table).where(table.c.claim_number == number))


# -- money -----------------------------------------------------------------------------------------


def mark_remitted(unit: Unit, numbers: Sequence[str], trace: str, remitted: date) -> None:
    """Claims that went out in the 835 of this trace."""
    table = schema.claims
    # Of an expression there is no index: by that of the trace SQLite would look at every claim not remitted.
    unsent = func.length(table.c.trace) == 0
    paid = update(table).where(one_of(table.c.claim_number, numbers), unsent)
    done = unit.connection.execute(paid.values(trace=trace, remitted=remitted.isoformat()))
    if done.rowcount != len(set(numbers)):
        raise StoreBusyError("the store failed: a claim went out in another 835 meanwhile")


def save_interest(unit: Unit, paid: Mapping[str, Decimal]) -> None:
    """The interest paid with claims, by our number: a reversal takes it back."""
    table = schema.claims
    for number, amount in paid.items():
        unit.connection.execute(
            update(table).where(table.c.claim_number == number).values(interest=str(amount))
        )


def correspondents(unit: Unit) -> dict[int, str]:
    """Whom the answers to an interchange went to, by its id."""
    table = schema.interchanges
    return {row.id: row.correspondent for row in unit.connection.execute(select(table))}


def open_balances(unit: Unit, npis: Iterable[str]) -> tuple[Balance, ...]:
    """What these payees owe us, the oldest balance first."""
    table = schema.open_balances
    rows = unit.connection.execute(
        select(table)
        .where(one_of(table.c.npi, npis), table.c.amount != "0")
        .order_by(table.c.opened, table.c.reference)
    )
    return tuple(
        Balance(r.npi, r.reference, Decimal(r.amount), date.fromisoformat(r.opened) if r.opened else None)
        for r in rows
    )


def save_balances(unit: Unit, balances: Sequence[Balance]) -> None:
    """Add balances, or change those of the same payee and reference; taken back in full they stay as 0."""
    rows = [
        {
            "npi": balance.npi,
            "reference": balance.reference,
            "amount": str(balance.amount or 0),
            "opened": balance.opened.isoformat() if balance.opened else "",
        }
        for balance in balances
    ]
    unit.upsert(schema.open_balances, rows)


def add_remittance(
    unit: Unit, trace: str, npi: str, amount: Decimal, paid_on: date, interchange: int
) -> None:
    """Record one 835 set."""
    row = {
        "trace": trace,
        "npi": npi,
        "amount": str(amount),
        "paid_on": paid_on.isoformat(),
        "interchange": interchange,
    }
    unit.connection.execute(insert(schema.remittances), [row])
