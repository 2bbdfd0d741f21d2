"""277CA (005010X214): the verdict on each claim of one 837 set before adjudication.

Four levels: payer (2000A), submitter (2000B), billing provider (2000C), patient (2000D). Each claim has a
2000D of its own, as in the guide's published examples, so a reader finds one status trace under one HL."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from x12_payer.edi.builders.common import amounts, composite, d8, hhmm, name, number
from x12_payer.edi.messages.claim import (
    Claim,
    ClaimAcknowledgment,
    ClaimAcknowledgmentSet,
    LevelAcknowledgment,
    LineAcknowledgment,
    ProviderAcknowledgment,
    ServiceLine,
)
from x12_payer.edi.messages.claim_status import Status, StatusInformation
from x12_payer.edi.messages.common import Party
from x12_payer.edi.tables import reason
from x12_payer.edi.wire.segments import OutElement, OutSegment

_UNUSED = ("",) * 5  # STC05 to STC09
_NO_PROVIDER_TRACE = "0"  # TRN02 of 2200C is required; an 837 carries no trace of the provider
_ACKNOWLEDGING = ("PR", "AY")  # NM101 of 2100A: a payer, a clearinghouse
_NO_MEMBER_ID = "UNKNOWN"  # NM109 of 2100D is required; an 837 may leave the member id out


def build_277ca(ack: ClaimAcknowledgmentSet, created: datetime) -> list[OutSegment]:
    """The body of one 277CA, BHT to the last 2000D, for one accepted 837 set (CONTRACT section 2)."""
    numbers = count(1)
    payer_level, receiver_level = next(numbers), next(numbers)
    body: list[OutSegment] = [
        ("BHT", "0085", "08", ack.reference, d8(created), hhmm(created), "TH"),
        ("HL", str(payer_level), "", "20", "1"),
        name(ack.payer, ack.payer.entity if ack.payer.entity in _ACKNOWLEDGING else "PR"),
        ("TRN", "1", ack.payer_trace or ack.reference),
        *(("DTP", q, "D8", d8(day)) for q, day in (("050", ack.received), ("009", ack.processed)) if day),
        ("HL", str(receiver_level), str(payer_level), "21", "1" if ack.claims or ack.providers else "0"),
        name(ack.claim_set.submitter, "41"),
        ("TRN", "2", ack.claim_set.header.reference),
        *_batch(ack),
    ]
    for acknowledgment, claims in _by_billing_provider(ack):
        provider_level = next(numbers)
        body += _provider(acknowledgment, claims, provider_level, receiver_level)
        for claim in claims:
            body += _patient(claim, ack, next(numbers), provider_level)
    return body


def _by_billing_provider(
    ack: ClaimAcknowledgmentSet,
) -> Iterator[tuple[ProviderAcknowledgment | None, list[ClaimAcknowledgment]]]:
    """The claims of each 2000A of the 837, in its order; first those of which more is known."""
    found: dict[tuple[str, str], list[ClaimAcknowledgment]] = {}
    for claim in ack.claims:
        key = (claim.claim.billing_level, claim.claim.billing_provider.id)
        found.setdefault(key, []).append(claim)
    for acknowledgment in ack.providers:
        yield acknowledgment, found.pop((acknowledgment.level, acknowledgment.provider.id), [])
    yield from ((None, claims) for claims in found.values())


def _charges(claims: Sequence[ClaimAcknowledgment]) -> Decimal:
    return sum((c.claim.charge for c in claims), Decimal(0))


def _totals(claims: Sequence[ClaimAcknowledgment], accepted: str, rejected: str) -> Iterator[OutSegment]:
    """QTY of the claims accepted and rejected, then AMT*YU and AMT*YY; a kind with no claim is left out."""
    kinds = [
        (accepted, "YU", [c for c in claims if c.accepted]),
        (rejected, "YY", [c for c in claims if not c.accepted]),
    ]
    for quantity, _, found in kinds:
        if found:
            yield ("QTY", quantity, str(len(found)))
    for _, amount, found in kinds:
        if found:
            yield ("AMT", amount, number(_charges(found)))


def _received() -> Status:
    """Received, not yet a judgement: what the levels above the claim say."""
    row = reason("front_received")
    return Status(row.category, row.status, row.entity)


def _batch(ack: ClaimAcknowledgmentSet) -> Iterator[OutSegment]:
    """2200B behind its TRN: as it was read, else as the claims give it."""
    if ack.batch is not None:
        yield from _stated(ack.batch)
    else:
        yield _status(_received(), _day(ack.processed), "WQ", _charges(ack.claims))
        yield from _totals(ack.claims, "90", "AA")


def _stated(acknowledgment: LevelAcknowledgment) -> Iterator[OutSegment]:
    yield from map(_information, acknowledgment.information)
    yield from amounts("QTY", acknowledgment.quantities)
    yield from amounts("AMT", acknowledgment.amounts)


def _information(acknowledgment: StatusInformation) -> OutSegment:
    """An STC as it was read."""
    first, second, third, *_ = (*map(_composite, acknowledgment.statuses), "", "", "")
    day, charge = _day(acknowledgment.effective), number(acknowledgment.charge)
    return ("STC", first, day, acknowledgment.action, charge, *_UNUSED, second, third, acknowledgment.message)


def _composite(status: Status) -> OutElement:
    parts = (status.category, status.code, status.entity, status.code_list)
    return parts if status.code_list else parts[:3]


def _day(value: date | None) -> str:
    return d8(value) if value else ""


def _status(status: Status, day: str, action: str, charge: Decimal | None) -> OutSegment:
    acknowledgment = ("STC", (status.category, status.code, status.entity), day, action, number(charge))
    return (*acknowledgment, *_UNUSED, (status.category, status.other)) if status.other else acknowledgment


def _provider(
    acknowledgment: ProviderAcknowledgment | None,
    claims: Sequence[ClaimAcknowledgment],
    level: int,
    parent: int,
) -> Iterator[OutSegment]:
    """2000C with 2200C: the counts of one billing provider. STC02 is not used here."""
    yield ("HL", str(level), str(parent), "19", "1" if claims else "0")
    if acknowledgment is not None:
        yield _billing_name(acknowledgment.provider)
        yield ("TRN", "1", acknowledgment.acknowledgment.trace or _NO_PROVIDER_TRACE)
        yield from _stated(acknowledgment.acknowledgment)
        return
    yield _billing_name(claims[0].claim.billing_provider)
    yield ("TRN", "1", _NO_PROVIDER_TRACE)
    yield _status(_received(), "", "WQ", _charges(claims))
    yield from _totals(claims, "QA", "QC")


def _billing_name(provider: Party) -> OutSegment:
    """NM1*85 by NPI, else by tax number: NM108 has to be XX or FI."""
    tax_number = provider.id if provider.id_qualifier == "FI" else provider.reference("EI", "SY")
    identifier = ("XX", provider.npi) if provider.npi else ("FI", tax_number)
    return (*name(provider, "85")[:8], *identifier)


def _patient(
    ack: ClaimAcknowledgment, head: ClaimAcknowledgmentSet, level: int, parent: int
) -> Iterator[OutSegment]:
    """2000D with 2200D: one claim, its statuses and numbers, and the lines that caused a rejection."""
    claim = ack.claim
    action = "WQ" if ack.accepted else "U"
    yield ("HL", str(level), str(parent), "PT")
    yield _patient_name(claim)
    yield ("TRN", "2", claim.control_number)
    yield from map(_information, ack.information)
    for status in () if ack.information else ack.statuses:
        yield _status(status, _day(head.processed), action, claim.charge)
    if ack.accepted and ack.payer_control_number:
        yield ("REF", "1K", ack.payer_control_number)
    if claim.reference("D9"):
        yield ("REF", "D9", claim.reference("D9"))
    if claim.kind == "I":
        yield ("REF", "BLT", claim.facility_code + claim.frequency)
    yield from _service_date(_claim_dates(claim, head.received))
    for line in ack.lines:
        yield from _line(line)


def _patient_name(claim: Claim) -> OutSegment:
    """NM1*QC of a person; a dependent is sent without an id, so the subscriber's is there."""
    patient = claim.patient.party
    member_id = claim.patient.id or claim.subscriber.id or _NO_MEMBER_ID
    names = (patient.last_name, patient.first_name, patient.middle_name, "", patient.suffix)
    return ("NM1", "QC", "1", *names, "MI", member_id)


def _claim_dates(claim: Claim, received: date | None) -> tuple[date, date] | None:
    """The statement (837I), the claim's service date (837D), else the lines' first and last day. A
    predetermination has none, and DTP*472 is required: the day of receipt."""
    whole = claim.statement if claim.kind == "I" else claim.service_period
    periods = [whole] if whole else [line.period for line in claim.lines if line.period]
    if not periods:
        return (received, received) if received else None
    return min(p.begin for p in periods), max(p.end for p in periods)


def _service_date(days: tuple[date, date] | None) -> Iterator[OutSegment]:
    if days is None:
        return
    begin, end = days
    if begin == end:
        yield ("DTP", "472", "D8", d8(begin))
    else:
        yield ("DTP", "472", "RD8", f"{d8(begin)}-{d8(end)}")


def _line(ack: LineAcknowledgment) -> Iterator[OutSegment]:
    """2220D. STC02 is not used; REF*FJ is the line's 6R, else its LX01."""
    line = ack.line
    yield _service(line)
    yield from map(_information, ack.information)
    for status in () if ack.information else ack.statuses:
        yield _status(status, "", "U", None)
    yield ("REF", "FJ", line.control_number or line.number)
    if line.period:
        yield from _service_date((line.period.begin, line.period.end))


def _service(line: ServiceLine) -> OutSegment:
    """SVC01 is the procedure, or NU and the revenue code; SVC04 the revenue code beside a procedure."""
    service: OutElement = ("NU", line.revenue_code)
    beside = ""
    if line.procedure is not None:
        service = composite(line.procedure)[:6]
        beside = line.revenue_code
    return ("SVC", service, number(line.charge), "", beside, "", "", number(line.quantity))
