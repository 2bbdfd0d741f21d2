"""270 (005010X279A1): who asks about whom, and about which services.

Levels: 20 source, 21 receiver, 22 subscriber, 23 dependent. Inquiries of the same source, receiver and
subscriber share those levels; a subscriber asked about twice has a level for each inquiry, since a level asks
only once. `levels` of an inquiry are what a reader found and are not looked at."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from x12_payer.edi.builders.common import (
    Level,
    address,
    beginning,
    composite,
    demographics,
    diagnosis,
    grouped,
    hierarchy,
    name,
    period,
    reference,
    relationship,
    specialty,
    trace,
)
from x12_payer.edi.messages.common import Party, Person, Trace
from x12_payer.edi.messages.eligibility import EligibilityInquiry, EligibilityRequest, ServiceInquiry
from x12_payer.edi.wire.segments import OutElement, OutSegment

ASKED_ABOUT = "AT"  # PRV01 of the provider a question is about, where none is given


def build_270(request: EligibilityRequest, created: datetime) -> list[OutSegment]:
    """Body of the 270 (BHT to the last segment before SE); `created` where its header has no time."""
    bht = beginning(request.header, "0022", "13", created)
    return [bht, *hierarchy(list(_sources(request.inquiries)))]


def _sources(inquiries: Sequence[EligibilityInquiry]) -> Iterator[Level]:
    for group in grouped(inquiries, lambda i: i.source):
        yield Level(0, "20", (name(group[0].source),))
        for asked in grouped(group, lambda i: i.receiver):
            yield Level(1, "21", tuple(_party(asked[0].receiver)))
            for same in grouped(asked, lambda i: i.subscriber):
                yield from _subscriber(same)


def _subscriber(inquiries: Sequence[EligibilityInquiry]) -> Iterator[Level]:
    """A subscriber's own inquiries, then those about dependents: below the last of them where that is an
    inquiry all the same, else below levels that name the subscriber only."""
    own = [i for i in inquiries if i.dependent is None]
    for inquiry in own:
        yield Level(2, "22", tuple(_asked(inquiry, inquiry.subscriber, subscriber=True)))
    shared = bool(own and own[-1].services)
    dependents = [i for i in inquiries if i.dependent is not None]
    for group in sorted(grouped(dependents, lambda i: i.subscriber_traces), key=_has_traces):
        if group[0].subscriber_traces or not shared:
            named = _person(group[0].subscriber, group[0].subscriber_traces, subscriber=True)
            yield Level(2, "22", tuple(named))
        for inquiry in group:
            if inquiry.dependent is not None:
                yield Level(3, "23", tuple(_asked(inquiry, inquiry.dependent, subscriber=False)))


def _has_traces(group: Sequence[EligibilityInquiry]) -> bool:
    return bool(group[0].subscriber_traces)


def _party(party: Party) -> Iterator[OutSegment]:
    """NM1, REF, N3, N4, PRV of 2100B."""
    yield name(party)
    yield from map(reference, party.references)
    yield from address(party.address)
    yield from specialty(party)


def _person(
    person: Person, traces: Sequence[Trace], subscriber: bool, provider_npi: str = ""
) -> Iterator[OutSegment]:
    """TRN of 2000C or 2000D, and 2100C or 2100D up to the INS."""
    party = person.party
    yield from map(trace, traces)
    yield name(party)
    yield from map(reference, party.references)
    yield from address(party.address)
    if provider_npi:
        yield ("PRV", party.provider_code or ASKED_ABOUT, "HPI", provider_npi)
    if party.taxonomy or not provider_npi:
        yield from specialty(party)
    yield from demographics(person)
    if not subscriber or person.birth_order:  # that subscribers are themselves goes without an INS
        yield from relationship(person, subscriber)


def _asked(inquiry: EligibilityInquiry, person: Person, subscriber: bool) -> Iterator[OutSegment]:
    """A person who is asked about, and what is asked."""
    yield from _person(person, inquiry.traces, subscriber, inquiry.provider_npi)
    if inquiry.diagnoses:
        yield ("HI", *map(diagnosis, inquiry.diagnoses))
    if inquiry.period:
        yield period(inquiry.period)
    for service in inquiry.services:
        yield from _service(service)


def _service(service: ServiceInquiry) -> Iterator[OutSegment]:
    """One 2110."""
    types: OutElement = "".join(service.service_types)
    if len(service.service_types) > 1:
        types = list(service.service_types)
    yield ("EQ", types, composite(service.procedure))
    if service.place_of_service:
        yield ("III", "ZZ", service.place_of_service)
    yield from (("III", "BF", code) for code in service.diagnoses)
    yield from map(reference, service.references)
    if service.period:
        yield period(service.period)
