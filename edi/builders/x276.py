"""276 (005010X212): which claims are asked about.

Levels: 20 payer, 21 receiver, 19 provider, 22 subscriber, 23 dependent; inquiries of the same parties and
persons share their levels, each with a TRN of its own. Of parties and persons a 276 has names, ids, birth
dates and sex; what else is known of them is not written. `levels` of an inquiry are what a reader found and
are not looked at."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from x12_payer.edi.builders.common import (
    Level,
    beginning,
    composite,
    demographics,
    grouped,
    hierarchy,
    name,
    number,
    period,
    reference,
    trace,
)
from x12_payer.edi.messages.claim_status import ClaimInquiry, ClaimStatusRequest, LineInquiry
from x12_payer.edi.messages.common import Person, Trace
from x12_payer.edi.wire.segments import OutElement, OutSegment

NO_TRACE = Trace("1", "")  # TRN is required: the guide says what is missing
REVENUE = "NU"  # SVC01-01 of a revenue code that is by itself


def build_276(request: ClaimStatusRequest, created: datetime) -> list[OutSegment]:
    """Body of the 276 (BHT to the last segment before SE); `created` where its header has no time."""
    bht = beginning(request.header, "0010", "13", created)
    return [bht, *hierarchy(list(_payers(request.inquiries)))]


def _payers(inquiries: Sequence[ClaimInquiry]) -> Iterator[Level]:
    for group in grouped(inquiries, lambda i: i.payer):
        yield Level(0, "20", (name(group[0].payer),))
        for received in grouped(group, lambda i: i.receiver):
            yield Level(1, "21", (name(received[0].receiver),))
            for provided in grouped(received, lambda i: i.provider):
                yield Level(2, "19", (name(provided[0].provider),))
                for same in grouped(provided, lambda i: i.subscriber):
                    yield from _subscriber(same)


def _subscriber(inquiries: Sequence[ClaimInquiry]) -> Iterator[Level]:
    """The subscriber's own claims, then those of each dependent."""
    own = [i for i in inquiries if i.dependent is None]
    yield Level(3, "22", tuple(_person(inquiries[0].subscriber, own)))
    dependents = [i for i in inquiries if i.dependent is not None]
    for same in grouped(dependents, lambda i: i.dependent):
        if same[0].dependent is not None:
            yield Level(4, "23", tuple(_person(same[0].dependent, same)), has_hl04=False)


def _person(person: Person, inquiries: Sequence[ClaimInquiry]) -> Iterator[OutSegment]:
    """DMG, NM1 and the claims asked about."""
    yield from demographics(person)
    yield name(person.party)
    for inquiry in inquiries:
        yield from _claim(inquiry)


def _claim(inquiry: ClaimInquiry) -> Iterator[OutSegment]:
    """One 2200 with its 2210."""
    yield trace(inquiry.trace or NO_TRACE)
    yield from map(reference, inquiry.references)
    if inquiry.charge is not None:
        yield ("AMT", "T3", number(inquiry.charge))
    if inquiry.period:
        yield period(inquiry.period)
    for line in inquiry.lines:
        yield from _line(line)


def _line(line: LineInquiry) -> Iterator[OutSegment]:
    service: OutElement = (REVENUE, line.revenue_code)
    beside = ""
    if line.procedure is not None:
        service, beside = composite(line.procedure), line.revenue_code
    yield ("SVC", service, number(line.charge), "", beside, "", "", number(line.units))
    if line.line_control_number:
        yield ("REF", "FJ", line.line_control_number)
    if line.period:
        yield period(line.period)
