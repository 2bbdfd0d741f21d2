"""What `edi claims list` shows: every claim of the store in a line, including those that a 277CA refused."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from sqlalchemy import select

from x12_payer.adjudication.records import ClaimRecord
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.facts import claim_of
from x12_payer.adjudication.store.lists import one_of
from x12_payer.adjudication.store.unit import Unit
from x12_payer.edi.frozen import frozen

REFUSED, PENDED = "refused", "pended"
STATUSES = (PENDED, "paid", "denied", REFUSED)
PREFIX = "claim_"  # of the keys of reasons.csv that decide claims


@frozen
class ListedClaim:
    """One line of the list; `cause` is why it pends, was denied or refused. Codes and numbers only."""

    claim: str  # our number, '' for a claim that was refused
    patient_account: str  # CLM01
    received: str
    status: str
    cause: str
    charge: Decimal
    paid: Decimal
    payee_npi: str
    remittance: str  # TRN02


def list_claims(
    unit: Unit, status: str = "", cause: str = "", numbers: frozenset[str] | None = None
) -> Iterator[ListedClaim]:
    """The claims in the order they came; then those that were refused, which have no number of ours."""
    found = _decided(unit, status, numbers) if status != REFUSED else iter(())
    if status in ("", REFUSED) and numbers is None:
        found = chain(found, _refused(unit))
    wanted = cause.removeprefix(PREFIX)
    return (one for one in found if not wanted or wanted in one.cause.split())


def _decided(unit: Unit, status: str, numbers: frozenset[str] | None) -> Iterator[ListedClaim]:
    table = schema.claims
    asked = select(table).order_by(table.c.sequence)
    if status:
        asked = asked.where(table.c.status == status)
    if numbers is not None:
        asked = asked.where(one_of(table.c.claim_number, numbers))
    for row in unit.connection.execute(asked).mappings():
        if not row["claim_number"].isdecimal():
            continue  # our own book-keeping beside a claim
        claim = claim_of(dict(row))
        yield ListedClaim(
            claim=claim.claim_number,
            patient_account=claim.control_number,
            received=claim.received.isoformat(),
            status="void" if claim.status == "reversal" else claim.status,
            cause=cause_of(claim),
            charge=claim.charge,
            paid=claim.paid,
            payee_npi=claim.billing_npi,
            remittance=claim.trace,
        )


def cause_of(claim: ClaimRecord) -> str:
    """Why a claim pends or was denied: the keys of its reasons, `no_fee own_check`; '' for every other."""
    if claim.status not in (PENDED, "denied"):
        return ""
    keys = dict.fromkeys((*claim.reasons, *(key for line in claim.lines for key in line.reasons)))
    return " ".join(key.removeprefix(PREFIX) for key in keys)


def _refused(unit: Unit) -> Iterator[ListedClaim]:
    table = schema.refused_claims
    for row in unit.connection.execute(select(table).order_by(table.c.id)):
        yield ListedClaim(
            claim="",
            patient_account=row.control_number,
            received=row.received,
            status=REFUSED,
            cause=row.statuses,
            charge=Decimal(row.charge),
            paid=Decimal(0),
            payee_npi=row.billing_npi,
            remittance="",
        )
