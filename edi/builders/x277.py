"""277 (005010X212): the answer to a 276.

Levels as in the 276: 20 payer, 21 receiver, 19 provider, 22 subscriber, 23 dependent. A status about the
receiver or the provider is written at that level with nothing below it; otherwise each claim found is one
TRN*2 loop."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from x12_payer.edi.builders.common import (
    Level,
    by_level,
    contact,
    d8,
    dated,
    distinct,
    hhmm,
    hierarchy,
    name,
    number,
    reference,
    without_id,
)
from x12_payer.edi.messages.claim_status import (
    ClaimStatusAnswer,
    ClaimStatusClaim,
    ClaimStatusResponse,
    LineStatus,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import Procedure, Reference
from x12_payer.edi.wire.segments import OutElement, OutSegment

REFERENCES = ("1K", "BLT", "EJ", "XZ", "VV", "D9")  # REF of 2200D, in order, one each
STATUSES_IN_STC = 3  # STC01, STC10, STC11
NO_TRACE = "0"  # TRN02 is required also when nothing was sent


def build_277(response: ClaimStatusResponse, created: datetime) -> list[OutSegment]:
    """Body of the 277 (BHT to the last segment before SE); inquiries of one HL share that HL."""
    header = response.header
    bht: OutSegment = ("BHT", "0010", "08", header.reference, d8(created), hhmm(created), "DG")
    return [bht, *hierarchy(list(_payers(response)))]


def _levels(answer: ClaimStatusAnswer) -> tuple[str, ...]:
    return answer.inquiry.levels


def _payers(response: ClaimStatusResponse) -> Iterator[Level]:
    reference_number = response.header.reference
    body = (name(response.payer, "PR"), *map(contact, response.payer.contacts[:1]))
    for group in by_level(response.answers, 1, _levels):
        yield Level(0, "20", body)
        yield from _receivers(group, reference_number)


def _receivers(answers: Sequence[ClaimStatusAnswer], reference_number: str) -> Iterator[Level]:
    for group in by_level(answers, 2, _levels):
        statuses = distinct(a.receiver_status for a in group if a.receiver_status)
        body: tuple[OutSegment, ...] = (name(group[0].inquiry.receiver, "41"),)
        if statuses:
            body = (*body, _level_trace("2", group, reference_number), *_all_statuses(statuses, brief=True))
        yield Level(1, "21", body)
        yield from _providers([a for a in group if not a.receiver_status], reference_number)


def _providers(answers: Sequence[ClaimStatusAnswer], reference_number: str) -> Iterator[Level]:
    for group in by_level(answers, 3, _levels):
        statuses = distinct(a.provider_status for a in group if a.provider_status)
        body: tuple[OutSegment, ...] = (name(group[0].inquiry.provider, "1P"),)
        if statuses:
            body = (*body, _level_trace("1", group, reference_number), *_all_statuses(statuses, brief=True))
        yield Level(2, "19", body)
        yield from _subscribers([a for a in group if not a.provider_status])


def _level_trace(type_: str, answers: Sequence[ClaimStatusAnswer], reference_number: str) -> OutSegment:
    """The TRN of a status about the receiver or the provider."""
    named = next((a.level_trace for a in answers if a.level_trace), reference_number)
    return ("TRN", type_, named or NO_TRACE)


def _subscribers(answers: Sequence[ClaimStatusAnswer]) -> Iterator[Level]:
    for group in by_level(answers, 4, _levels):
        own = [a for a in group if a.inquiry.dependent is None]
        claims = tuple(s for a in own for s in _claims(a))
        yield Level(3, "22", (name(group[0].inquiry.subscriber.party, "IL"), *claims))
        yield from _dependents([a for a in group if a.inquiry.dependent])


def _dependents(answers: Sequence[ClaimStatusAnswer]) -> Iterator[Level]:
    for group in by_level(answers, 5, _levels):
        dependent = group[0].inquiry.dependent
        if dependent:
            claims = tuple(s for a in group for s in _claims(a))
            body = (name(without_id(dependent.party), "QC"), *claims)
            yield Level(4, "23", body, has_hl04=False)


def _claims(answer: ClaimStatusAnswer) -> Iterator[OutSegment]:
    """2200D or 2200E: one loop a claim found, each with the trace of the inquiry."""
    sent = answer.inquiry.trace
    for claim in answer.claims:
        yield ("TRN", "2", sent.reference if sent and sent.reference else NO_TRACE)
        yield from _claim(claim)


def _claim(claim: ClaimStatusClaim) -> Iterator[OutSegment]:
    yield from _all_statuses(claim.information)
    yield from map(reference, _references(claim.references))
    if claim.period:
        yield dated(claim.period, "472")
    for line in claim.lines:
        yield from _line(line, claim)


def _references(references: Sequence[Reference]) -> Iterator[Reference]:
    for qualifier in REFERENCES:
        found = next((r for r in references if r.qualifier == qualifier and r.value), None)
        if found:
            yield Reference(found.qualifier, found.value)


def _line(line: LineStatus, claim: ClaimStatusClaim) -> Iterator[OutSegment]:
    """A 2220; SVC07 is required, 1 when nothing else is known."""
    revenue = line.revenue_code if line.procedure else ""
    yield (
        "SVC",
        _service(line.procedure, line.revenue_code),
        number(line.charge),
        number(line.paid),
        revenue,
        "",
        "",
        number(line.units) or "1",
    )
    yield from _all_statuses(line.information, brief=True)
    if line.line_control_number:
        yield ("REF", "FJ", line.line_control_number)
    period = line.period or claim.period
    if period:
        yield dated(period, "472")


def _service(procedure: Procedure | None, revenue_code: str) -> OutElement:
    """SVC01: the procedure, else the revenue code under NU."""
    if procedure is None:
        return ("NU", revenue_code)
    return (procedure.qualifier, procedure.code, *procedure.modifiers[:4])


def _all_statuses(information: Sequence[StatusInformation], brief: bool = False) -> Iterator[OutSegment]:
    for each in information:
        yield from _status_information(each, brief)


def _status_information(information: StatusInformation, brief: bool) -> Iterator[OutSegment]:
    """An STC, more than one when there are more statuses than one can hold. `brief`: statuses and date alone,
    as 2200B, 2200C and 2220 have it."""
    statuses = information.statuses
    for start in range(0, len(statuses), STATUSES_IN_STC):
        first, *more = map(_status, statuses[start : start + STATUSES_IN_STC])
        amounts = ("",) * 7 if brief or start else _amounts(information)
        stated = (*more, "", "")[:2]
        day = d8(information.effective) if information.effective else ""
        message = "" if start else information.message
        yield ("STC", first, day, *amounts, *stated, message)


def _amounts(information: StatusInformation) -> tuple[str, ...]:
    """STC03 to STC09."""
    return (
        "",
        number(information.charge),
        number(information.paid),
        d8(information.adjudicated) if information.adjudicated else "",
        "",
        d8(information.remitted) if information.remitted else "",
        information.trace,
    )


def _status(status: Status) -> OutElement:
    parts = (status.category, status.code, status.entity, status.code_list)
    return parts if status.code_list else parts[: 3 if status.entity else 2]
