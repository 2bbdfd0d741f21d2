"""278 requests: review (005010X217), inquiry (X215), notification (X216).

Levels: 20 and 21 (UMO and requester; in X216 who informs and who is informed), 22 subscriber, 23 dependent,
EV patient event, SS service. The guides have room for one event a set. `levels` of a review and `level` of a
service are what a reader found and are not looked at."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from x12_payer.edi.builders.common import (
    Level,
    address,
    attachment,
    beginning,
    composite,
    contact,
    demographics,
    diagnosis,
    grouped,
    hierarchy,
    name,
    number,
    period,
    quantity,
    reference,
    relationship,
    specialty,
    trace,
)
from x12_payer.edi.builders.refusal import no_place
from x12_payer.edi.messages.common import Party, Person
from x12_payer.edi.messages.services_review import (
    ReviewCategory,
    ReviewRequest,
    ServiceRequest,
    ServicesReview,
)
from x12_payer.edi.wire.segments import OutElement, OutSegment

PURPOSES = {"review": "13", "inquiry": "28", "notification": "14"}  # BHT02, where the header has none
NOTIFICATION = "notification"


def build_278_request(request: ReviewRequest, created: datetime) -> list[OutSegment]:
    """Body of the 278 (BHT to the last segment before SE); `created` where its header has no time."""
    bht = beginning(request.header, "0007", PURPOSES[request.kind], created)
    return [bht, *hierarchy(list(_parties(request)))]


def _parties(request: ReviewRequest) -> Iterator[Level]:
    """The two topmost levels: in a notification the requester comes first."""

    def first(review: ServicesReview) -> Party:
        return review.requester if request.kind == NOTIFICATION else review.payer

    def second(review: ServicesReview) -> Party:
        return review.payer if request.kind == NOTIFICATION else review.requester

    for group in grouped(request.reviews, first):
        yield Level(0, "20", tuple(_party(first(group[0]))))
        for below in grouped(group, second):
            yield Level(1, "21", tuple(_party(second(below[0]))))
            for same in grouped(below, lambda r: r.subscriber):
                yield from _subscriber(same)


def _party(party: Party) -> Iterator[OutSegment]:
    """NM1, REF, N3, N4, PER, PRV."""
    yield name(party)
    yield from map(reference, party.references)
    yield from address(party.address)
    yield from map(contact, party.contacts)
    yield from specialty(party)


def _subscriber(reviews: Sequence[ServicesReview]) -> Iterator[Level]:
    yield Level(2, "22", tuple(_person(reviews[0].subscriber, subscriber=True)))
    for review in reviews:
        if review.dependent is None:
            yield from _event(review, 3)
    dependents = [r for r in reviews if r.dependent is not None]
    for same in grouped(dependents, lambda r: r.dependent):
        if same[0].dependent is not None:
            yield Level(3, "23", tuple(_person(same[0].dependent, subscriber=False)))
        for review in same:
            yield from _event(review, 4)


def _person(person: Person, subscriber: bool) -> Iterator[OutSegment]:
    yield name(person.party)
    yield from map(reference, person.party.references)
    yield from address(person.party.address)
    yield from demographics(person)
    yield from relationship(person, subscriber)


def _event(review: ServicesReview, depth: int) -> Iterator[Level]:
    """2000E with 2010EA, then its services; nothing where nothing is asked."""
    if not review.asked:
        return
    yield Level(depth, "EV", tuple(_event_segments(review)))
    for service in review.services:
        yield Level(depth + 1, "SS", tuple(_service(service)))


def _event_segments(review: ServicesReview) -> Iterator[OutSegment]:
    yield from map(trace, review.traces)
    if review.category != ReviewCategory():
        yield _category(review.category)
    yield from map(reference, review.references)
    yield from map(period, review.periods)
    if review.diagnoses:
        yield ("HI", *map(diagnosis, review.diagnoses))
    if review.quantity:
        yield quantity(review.quantity)
    if review.admission_type or review.admission_source or review.patient_status:
        yield ("CL1", review.admission_type, review.admission_source, review.patient_status)
    yield from map(attachment, review.attachments)
    yield from (("MSG", text) for text in review.messages)
    for provider in review.providers:
        yield from _party(provider)


def _category(category: ReviewCategory) -> OutSegment:
    facility: OutElement = ""
    if category.facility_code:
        facility = (category.facility_code, category.facility_qualifier)
    return (
        "UM",
        category.request_category,
        category.certification_type,
        category.service_type,
        facility,
        "",
        category.level_of_service,
        "",
        "",
        category.release_of_information,
        category.delay_reason,
    )


def _service(service: ServiceRequest) -> Iterator[OutSegment]:
    """2000F with 2010F."""
    yield from map(trace, service.traces)
    if service.category is not None:
        yield _category(service.category)
    yield from map(reference, service.references)
    if service.period:
        yield period(service.period)
    yield from _service_line(service)
    yield from _teeth(service)
    if service.quantity:
        yield quantity(service.quantity)
    yield from map(attachment, service.attachments)
    yield from (("MSG", text) for text in service.messages)
    for provider in service.providers:
        yield from _party(provider)


def _service_line(service: ServiceRequest) -> Iterator[OutSegment]:
    """SV1, SV2 or SV3, nothing when no service is named."""
    code, charge, units = composite(service.procedure), number(service.charge), number(service.units)
    tag = service.segment or _tag(service)
    if tag == "SV1":
        no_place(tag, revenue_code=service.revenue_code, oral_cavity=service.oral_cavity)
        yield (tag, code, charge, service.unit, units)
    elif tag == "SV2":
        no_place(tag, oral_cavity=service.oral_cavity)
        yield (tag, service.revenue_code, code, charge, service.unit, units)
    elif tag == "SV3":
        no_place(tag, revenue_code=service.revenue_code, unit=service.unit)
        cavity: OutElement = service.oral_cavity or ""
        yield (tag, code, charge, "", cavity, "", units)


def _tag(service: ServiceRequest) -> str:
    """The segment a service belongs into, where none is given: dental codes, revenue codes, others."""
    if service.revenue_code:
        return "SV2"
    if service.procedure is None:
        return ""
    return "SV3" if service.procedure.qualifier == "AD" else "SV1"


def _teeth(service: ServiceRequest) -> Iterator[OutSegment]:
    first = ((service.tooth, service.surfaces),) if service.tooth or service.surfaces else ()
    for tooth, surfaces in (*first, *service.more_teeth):
        yield ("TOO", "JP", tooth, surfaces or "")
