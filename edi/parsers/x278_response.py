"""278 responses: review (005010X217), inquiry (X215), acknowledgment of a notification (X216).

Levels: 20 and 21 (UMO and requester; in X216 who informed and who was), 22 subscriber, 23 dependent, EV
patient event, SS service. Each event is one decision, and so is a level with nothing below it: the answer
ends there."""

from collections.abc import Iterable, Sequence

from attrs import evolve

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Party, Person, Rejection, Segment
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewDecision,
    ReviewResponse,
    ServiceDecision,
    ServiceRequest,
    ServicesReview,
)
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import (
    Hierarchy,
    Level,
    Lineage,
    LoopSegment,
    ancestor,
    attachment,
    diagnoses,
    element,
    hierarchy,
    level_ids,
    procedure,
    reference,
)
from x12_payer.edi.parsers.levels import (
    cut,
    segments_of,
    taken_party,
    taken_periods,
    taken_person,
    taken_quantities,
    taken_rejections,
    taken_traces,
)
from x12_payer.edi.parsers.x278 import EVENT, SERVICE_ELEMENTS, category_of, kind_of, messages_of, parts_of
from x12_payer.edi.parsers.x837_shared import number
from x12_payer.edi.wire.segments import Delimiters

_SUBSCRIBER, _DEPENDENT, _SERVICE = "22", "23", "SS"  # HL03
_NO_PROVIDERS = ("L5", "45", "FS", "ND", "PW", "R3")  # NM101: a contact for information, places of transport
_PENDED = "19"  # BHT06
_NOTIFICATION = "notification"
_NOBODY = Person(Party(""))


def parse_278_response(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str
) -> ReviewResponse:
    """One answering 278 set from ST to SE; `version` is its GS08 and decides the kind."""
    tree = hierarchy(segments)
    header = tree.set_header(version)
    kind = kind_of(version)
    umo = next((_named(x[-1]) for x in tree.lineages if x[-1].code == _umo(kind)), _Named())
    return ReviewResponse(
        header=header,
        kind=kind,
        payer=umo.person.party,
        decisions=tuple(
            _decision(x, tree, kind, header.type == _PENDED, delimiters)
            for x in tree.lineages
            if x[-1].code == EVENT or (x[-1].code != _SERVICE and not tree.children(x[-1]))
        ),
        purpose=header.purpose,
    )


def _umo(kind: str) -> str:
    """HL03 of the level of the payer."""
    return "21" if kind == _NOTIFICATION else "20"


@frozen
class _Named:
    """A level above the event: who is in it, and why it was rejected."""

    person: Person = _NOBODY
    rejections: tuple[Rejection, ...] = ()
    other: tuple[Segment, ...] = ()


def _named(level: Level | None) -> _Named:
    bag = Bag(segments_of(level))
    person, _ = taken_person(bag)
    return _Named(person, taken_rejections(bag), bag.left())


def _decision(
    lineage: Lineage, tree: Hierarchy, kind: str, pended: bool, delimiters: Delimiters
) -> ReviewDecision:
    event = lineage[-1] if lineage[-1].code == EVENT else None
    payer = _named(ancestor(lineage, _umo(kind)))
    requester = _named(ancestor(lineage, "20" if kind == _NOTIFICATION else "21"))
    subscriber, dependent = (_named(ancestor(lineage, code)) for code in (_SUBSCRIBER, _DEPENDENT))
    head, names = cut(segments_of(event), "NM1")
    bag = Bag(head)
    returned, own = taken_traces(bag)
    admission = bag.first("CL1")
    parties, rejected, others = _providers(names)
    review = ServicesReview(
        levels=level_ids(lineage),
        payer=payer.person.party,
        requester=requester.person.party,
        subscriber=subscriber.person,
        dependent=dependent.person if ancestor(lineage, _DEPENDENT) else None,
        category=category_of(bag.first("UM"), delimiters),
        traces=returned,
        diagnoses=diagnoses(bag.first("HI"), delimiters),
        admission_type=element(admission, 1),
        admission_source=element(admission, 2),
        patient_status=element(admission, 3),
        providers=parties,
        services=(),
        asked=event is not None,
    )
    services = tree.children(event) if event else ()
    return ReviewDecision(
        review=review,
        payer_rejections=payer.rejections,
        requester_rejections=requester.rejections,
        subscriber_rejections=subscriber.rejections,
        dependent_rejections=dependent.rejections,
        event_rejections=taken_rejections(bag),
        certification=_certification(bag),
        quantity=next(iter(taken_quantities(bag, most=1)), None),
        periods=taken_periods(bag),
        references=tuple(map(reference, bag.all("REF"))),
        attachments=tuple(map(attachment, bag.all("PWK"))),
        messages=messages_of(bag.all("MSG")),
        services=tuple(_service(x[-1], delimiters) for x in services if x[-1].code == _SERVICE),
        pended=pended,
        provider_rejections=rejected,
        own_traces=own,
        other=(
            *(s for level in (payer, requester, subscriber, dependent) for s in level.other),
            *bag.left(),
            *others,
        ),
    )


def _certification(bag: Bag) -> Certification | None:
    hcr = bag.first("HCR")
    return Certification(*(element(hcr, n) for n in range(1, 5))) if hcr else None


def _providers(
    names: Sequence[list[list[str]]],
) -> tuple[tuple[Party, ...], tuple[tuple[Rejection, ...], ...], list[Segment]]:
    """The providers of an event or a service, the AAA of each (() when there is none), and the rest."""
    parties: list[Party] = []
    rejected: list[tuple[Rejection, ...]] = []
    others: list[Segment] = []
    for block in names:
        if element(block[0], 1) in _NO_PROVIDERS:
            others += map(tuple, block)
            continue
        bag = Bag(block)
        parties.append(taken_party(bag))
        rejected.append(taken_rejections(bag))
        others += bag.left()
    return tuple(parties), tuple(rejected) if any(rejected) else (), others


def _service(level: Level, delimiters: Delimiters) -> ServiceDecision:
    head, names = cut(segments_of(level), "NM1")
    bag = Bag(head)
    returned, own = taken_traces(bag)
    um = bag.first("UM")
    parties, rejected, others = _providers(names)
    request = _service_line(bag, delimiters)
    request = evolve(
        request,
        level=level.id,
        traces=returned,
        category=category_of(um, delimiters) if um else None,
        providers=parties,
    )
    return ServiceDecision(
        request=request,
        certification=_certification(bag),
        rejections=taken_rejections(bag),
        procedure=request.procedure,
        unit=request.unit,
        units=request.units,
        quantity=next(iter(taken_quantities(bag, most=1)), None),
        periods=taken_periods(bag),
        references=tuple(map(reference, bag.all("REF"))),
        attachments=tuple(map(attachment, bag.all("PWK"))),
        messages=messages_of(bag.all("MSG")),
        provider_rejections=rejected,
        own_traces=own,
        other=(*bag.left(), *others),
    )


def _service_line(bag: Bag, delimiters: Delimiters) -> ServiceRequest:
    """SV1, SV2 or SV3 and TOO: the service as it is decided."""
    tag = next((tag for tag in SERVICE_ELEMENTS if bag.has(tag)), "")
    segment: Sequence[str] = bag.first(tag) if tag else ()
    at = SERVICE_ELEMENTS.get(tag, (0, 0, 0, 0, 0))
    service, revenue, charge, unit, units = (element(segment, n) if n else "" for n in at)
    teeth = [(element(s, 2), parts_of(element(s, 3), delimiters)) for s in bag.all("TOO")]
    tooth, surfaces = teeth[0] if teeth else ("", ())
    return ServiceRequest(
        level="",
        procedure=procedure(service, delimiters),
        segment=tag,
        revenue_code=revenue,
        charge=number(charge),
        unit=unit,
        units=number(units),
        tooth=tooth,
        surfaces=surfaces,
        oral_cavity=parts_of(element(segment, 4), delimiters) if tag == "SV3" else (),
        more_teeth=tuple(teeth[1:]),
    )
