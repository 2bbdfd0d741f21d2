"""A decided claim that waits after all: its 835 would fail our own check (CONTRACT section 7). Pure values.

What it took is given back as if it had been reversed, so that the claims after it find it there; when it
is decided again it takes what is left then. A record without money keeps both, what was taken and what
was given back, because the units used of an approval are the sum of every use there ever was."""

from datetime import datetime
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.engine import reverse_claim
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord

ZERO = Decimal(0)


def waiting_again(record: ClaimRecord, key: str) -> ClaimRecord:
    """The claim as it was before it was decided, and the key of why it waits. A void bears the amounts of
    the claim it takes back, negated: it waits with those it was sent with."""
    lines = [
        evolve(line, charge=abs(line.charge), paid=ZERO, copay=ZERO, reasons=()) for line in record.lines
    ]
    return evolve(
        record,
        status="pended",
        charge=abs(record.charge),
        paid=ZERO,
        patient_responsibility=ZERO,
        adjudicated=None,
        lines=tuple(lines),
        remittance=None,
        reasons=(key,),
        uses=(),
        accumulators=(),
        interest=ZERO,
    )


def taken_and_returned(
    record: ClaimRecord, number: str, as_of: datetime, facts: ClaimFacts
) -> ClaimRecord | None:
    """What the claim took and what it gives back, under a number of our book-keeping; None when it took
    nothing."""
    if not record.uses and not record.accumulators:
        return None
    back = reverse_claim(record, number, as_of, facts)
    return evolve(
        back,
        charge=ZERO,
        paid=ZERO,
        patient_responsibility=ZERO,
        lines=(),
        remittance=None,
        replaces="",
        interest=ZERO,
        uses=(*(evolve(use, claim_number=number) for use in record.uses), *back.uses),
        accumulators=(*record.accumulators, *back.accumulators),
    )
