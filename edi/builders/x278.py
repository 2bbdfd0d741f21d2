"""278 responses: review (005010X217), inquiry (X215), acknowledgment of a notification (X216).

Levels: 20 and 21 (UMO and requester; in X216 who informed and who was informed), 22 subscriber, 23
dependent, EV patient event, SS service. A rejection is written as AAA at the level that failed, with
nothing of that review below it. The event and its services are echoed with the decision; an
acknowledgment echoes only UM and the providers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat

from x12_payer.edi.builders.common import (
    Level,
    address,
    attachment,
    by_level,
    composite,
    contact,
    d8,
    dated,
    demographics,
    diagnosis,
    distinct,
    hhmm,
    hierarchy,
    messages,
    name,
    number,
    quantity,
    reference,
    rejection,
    specialty,
    trace,
    without_id,
)
from x12_payer.edi.messages.common import (
    Contact,
    Party,
    Period,
    Person,
    Quantity,
    Reference,
    Rejection,
    Trace,
)
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewCategory,
    ReviewDecision,
    ReviewResponse,
    ServiceDecision,
    ServiceRequest,
)
from x12_payer.edi.wire.segments import OutElement, OutSegment

NOTIFICATION = "notification"
EVENT_DATES = ("439", "484", "ABC", "431", "AAH", "435", "096", "102", "036", "007")  # DTP of 2000E, in order
SERVICE_DATES = ("472", "102", "036", "007")  # DTP of 2000F, in order
RANGES = ("AAH", "435", "472", "007")  # DTP that may be RD8
MOST_TRACES = 3  # TRN in 2000E, 2000F
MOST_ATTACHMENTS = 10  # PWK
MOST_DIAGNOSES = 12  # HI
ECHOED_QUANTITY = ("A1", "A4")  # certified as asked, or still under review
SERVICE_UNITS = ("UN", "MJ", "F2", "DA")  # SV103, SV204
ANSWERED_REQUESTERS = ("1P", "FA")  # NM101 of 2010B in a response
ANSWERED_PROVIDER = {"1T": "SJ"}  # NM101 a request knows in 2010F and a response does not


def build_278(response: ReviewResponse, created: datetime) -> list[OutSegment]:
    """Body of the 278 (BHT to the last segment before SE); reviews of one HL share that HL."""
    pending = any(d.pended for d in response.decisions)
    is_notification = response.kind == NOTIFICATION
    bht: OutSegment = (
        "BHT",
        "0007",
        "53" if is_notification else response.purpose,
        response.header.reference,
        d8(created),
        hhmm(created),
        "" if is_notification else "19" if pending else "18",
    )
    levels = _acknowledged(response) if is_notification else _answered(response)
    return [bht, *hierarchy(list(levels))]


def _levels(decision: ReviewDecision) -> tuple[str, ...]:
    return decision.review.levels


# --- the two topmost levels ---------------------------------------------------------------------------------


def _answered(response: ReviewResponse) -> Iterator[Level]:
    """X217, X215: 20 is the UMO, 21 the requester."""
    for group in by_level(response.decisions, 1, _levels):
        rejections = distinct(r for d in group for r in d.payer_rejections)
        yield Level(0, "20", tuple(_umo(response.payer, group, rejections)))
        left = [d for d in group if not d.payer_rejections]
        for below in by_level(left, 2, _levels):
            refused = distinct(r for d in below for r in d.requester_rejections)
            yield Level(1, "21", tuple(_requester(below[0].review.requester, refused)))
            yield from _subscribers([d for d in below if not d.requester_rejections], acknowledged=False)


def _acknowledged(response: ReviewResponse) -> Iterator[Level]:
    """X216: 20 is who informed, 21 the payer."""
    for group in by_level(response.decisions, 1, _levels):
        refused = distinct(r for d in group for r in d.requester_rejections)
        sender = group[0].review.requester
        body = (name(sender), *map(reference, sender.references[:8]), *map(rejection, refused))
        yield Level(0, "20", body)
        left = [d for d in group if not d.requester_rejections]
        for below in by_level(left, 2, _levels):
            rejections = distinct(r for d in below for r in d.payer_rejections)
            yield Level(1, "21", tuple(_umo(response.payer, below, rejections)))
            yield from _subscribers([d for d in below if not d.payer_rejections], acknowledged=True)


def _umo(
    payer: Party, group: Sequence[ReviewDecision], rejections: Sequence[Rejection]
) -> Iterator[OutSegment]:
    """NM1, PER and AAA of the payer: under the entity it was addressed by, as sent when it is rejected."""
    addressed = group[0].review.payer
    yield name(addressed if rejections else payer, addressed.entity or "X3")
    contacts: list[Contact] = [d.contact for d in group if d.contact]
    yield from map(contact, [*contacts, *payer.contacts][:1])
    yield from map(rejection, rejections)


def _requester(party: Party, rejections: Sequence[Rejection]) -> Iterator[OutSegment]:
    yield name(party, party.entity if party.entity in ANSWERED_REQUESTERS else ANSWERED_REQUESTERS[0])
    yield from map(reference, party.references[:8])
    yield from map(rejection, rejections)
    yield from specialty(party)


# --- the patient --------------------------------------------------------------------------------------------


def _subscribers(decisions: Sequence[ReviewDecision], acknowledged: bool) -> Iterator[Level]:
    for group in by_level(decisions, 3, _levels):
        rejections = distinct(r for d in group for r in d.subscriber_rejections)
        subscriber = group[0].review.subscriber
        named = name(subscriber.party, "IL")
        yield Level(2, "22", tuple(_person(named, subscriber, rejections, ("Y", "18"), acknowledged)))
        left = [d for d in group if not d.subscriber_rejections]
        for decision in left:
            if decision.review.dependent is None:
                yield from _event(decision, 3, acknowledged)
        yield from _dependents([d for d in left if d.review.dependent], acknowledged)


def _dependents(decisions: Sequence[ReviewDecision], acknowledged: bool) -> Iterator[Level]:
    for group in by_level(decisions, 4, _levels):
        rejections = distinct(r for d in group for r in d.dependent_rejections)
        dependent = group[0].review.dependent
        if dependent is None:
            continue
        named = name(without_id(dependent.party), "QC")
        relationship = ("N", dependent.relationship)
        yield Level(3, "23", tuple(_person(named, dependent, rejections, relationship, acknowledged)))
        for decision in group:
            if not decision.dependent_rejections:
                yield from _event(decision, 4, acknowledged)


def _person(
    named: OutSegment,
    person: Person,
    rejections: Sequence[Rejection],
    relationship: tuple[str, str],
    acknowledged: bool,
) -> Iterator[OutSegment]:
    """The person as sent; an acknowledgment has neither address nor relationship."""
    yield named
    yield from map(reference, person.party.references[:9])
    if not acknowledged:
        yield from address(person.party.address)
    yield from map(rejection, rejections)
    yield from demographics(person, birth_required=True)
    if person.relationship and not acknowledged:
        yield ("INS", *relationship)


# --- the event ----------------------------------------------------------------------------------------------


def _event(decision: ReviewDecision, depth: int, acknowledged: bool) -> Iterator[Level]:
    """2000E with 2010EA, then its services unless the event itself is rejected."""
    review = decision.review
    body = (
        *_traces(review.traces, decision.own_traces),
        *map(rejection, decision.event_rejections),
        *_category(review.category, urgency=not acknowledged),
        *_certification(decision.certification),
        *_references(decision.references, () if acknowledged else review.references),
        *_dates(decision.periods, () if acknowledged else review.periods, EVENT_DATES),
        *(() if acknowledged else _diagnoses(decision)),
        *_quantity(decision.quantity, None if acknowledged else review.quantity, decision.certification),
        *(() if acknowledged else _admission(decision)),
        *map(attachment, decision.attachments[:MOST_ATTACHMENTS]),
        *_message(decision.messages),
        *_providers(review.providers, decision.provider_rejections, acknowledged),
    )
    yield Level(depth, "EV", body)
    if not decision.event_rejections:
        for service in decision.services:
            yield Level(depth + 1, "SS", tuple(_service(service, acknowledged)))


def _traces(sent: Sequence[Trace], own: Sequence[Trace]) -> list[OutSegment]:
    """The sender's own traces returned, then ours; one that already was a returned one stays out."""
    returned = [trace(t, "2") for t in sent if t.type != "2"]
    return [*returned, *(trace(t, "1") for t in own)][:MOST_TRACES]


def _category(category: ReviewCategory, urgency: bool) -> Iterator[OutSegment]:
    if not category.request_category:
        return
    facility = (category.facility_code, category.facility_qualifier)
    yield (
        "UM",
        category.request_category,
        category.certification_type,
        category.service_type,
        facility if category.facility_code else "",
        "",
        category.level_of_service if urgency else "",
    )


def _certification(certification: Certification | None) -> Iterator[OutSegment]:
    if certification:
        stated = (certification.action, certification.number, certification.reason)
        yield ("HCR", *stated, certification.second_opinion)


def _references(decided: Sequence[Reference], sent: Sequence[Reference]) -> Iterator[OutSegment]:
    """REF NT then BB: the decided one, else the one sent."""
    for qualifier in ("NT", "BB"):
        found = next((r for r in (*decided, *sent) if r.qualifier == qualifier and r.value), None)
        if found:
            yield ("REF", qualifier, found.value)


def _dates(decided: Sequence[Period], sent: Sequence[Period], order: Sequence[str]) -> Iterator[OutSegment]:
    """DTP in the guide's order: the decided one, else the one sent."""
    for qualifier in order:
        found = next((p for p in (*decided, *sent) if p.qualifier == qualifier), None)
        if found:
            yield dated(found, day_only=qualifier not in RANGES)


def _diagnoses(decision: ReviewDecision) -> Iterator[OutSegment]:
    found = decision.review.diagnoses[:MOST_DIAGNOSES]
    if found:
        yield ("HI", *map(diagnosis, found))


def _quantity(
    decided: Quantity | None, asked: Quantity | None, certification: Certification | None
) -> Iterator[OutSegment]:
    """HSD as decided; as asked when it was certified as asked or is still under review."""
    echoed = asked if certification and certification.action in ECHOED_QUANTITY else None
    shown = decided or echoed
    if shown:
        yield quantity(shown)


def _admission(decision: ReviewDecision) -> Iterator[OutSegment]:
    review = decision.review
    if review.admission_type or review.admission_source or review.patient_status:
        yield ("CL1", review.admission_type, review.admission_source, review.patient_status)


def _message(texts: Sequence[str]) -> Iterator[OutSegment]:
    """The one MSG a loop may have."""
    yield from messages([" ".join(texts)], 1)


def _providers(
    parties: Sequence[Party], rejected: Sequence[Sequence[Rejection]], acknowledged: bool
) -> Iterator[OutSegment]:
    """Each 2010EA or 2010F as sent, with its AAA; an acknowledgment has no more than name and ids."""
    for party, rejections in zip(parties, rejected or repeat(()), strict=False):
        yield name(party, ANSWERED_PROVIDER.get(party.entity, party.entity))
        yield from map(reference, party.references[:7])
        if not acknowledged:
            yield from address(party.address)
            yield from map(contact, party.contacts[:1])
        yield from map(rejection, rejections)
        if not acknowledged:
            yield from specialty(party)


# --- the service --------------------------------------------------------------------------------------------


def _service(decision: ServiceDecision, acknowledged: bool) -> Iterator[OutSegment]:
    """2000F with 2010F."""
    request = decision.request
    yield from _traces(request.traces, decision.own_traces)
    yield from map(rejection, decision.rejections)
    if request.category and not acknowledged:
        yield from _category(request.category, urgency=False)
    yield from _certification(decision.certification)
    yield from _references(decision.references, () if acknowledged else request.references)
    sent = (request.period,) if request.period and not acknowledged else ()
    yield from _dates(decision.periods, sent, SERVICE_DATES)
    if not acknowledged:
        yield from _service_line(decision)
        yield from _teeth(request)
        yield from _quantity(decision.quantity, request.quantity, decision.certification)
    yield from map(attachment, decision.attachments[:MOST_ATTACHMENTS])
    yield from _message(decision.messages)
    yield from _providers(request.providers, decision.provider_rejections, acknowledged)


def _service_line(decision: ServiceDecision) -> Iterator[OutSegment]:
    """SV1, SV2 or SV3, as sent, with procedure and units as decided; unit and units go together."""
    request = decision.request
    procedure = composite(decision.procedure or request.procedure)
    units = request.units if decision.units is None else decision.units
    decided_unit = decision.unit if decision.unit in SERVICE_UNITS else ""
    unit = (decided_unit or request.unit or "UN") if units is not None else ""
    if request.segment == "SV1":
        yield ("SV1", procedure, number(request.charge), unit, number(units))
    elif request.segment == "SV2":
        yield ("SV2", request.revenue_code, procedure, number(request.charge), unit, number(units))
    elif request.segment == "SV3":
        cavity: OutElement = request.oral_cavity or ""
        yield ("SV3", procedure, number(request.charge), "", cavity, "", number(units))


def _teeth(request: ServiceRequest) -> Iterator[OutSegment]:
    first = ((request.tooth, request.surfaces),) if request.tooth else ()
    for tooth, surfaces in (*first, *request.more_teeth):
        yield ("TOO", "JP", tooth, surfaces or "")
