"""278 requests: review (005010X217), inquiry (X215), notification (X216).

Levels: 20 and 21 (UMO and requester; in X216 who informs and who is informed), 22 subscriber, 23 dependent,
EV patient event, SS service. Each event is one review, and so is a person without one."""

from collections.abc import Iterable, Sequence

from x12_payer.edi.messages.services_review import (
    ReviewCategory,
    ReviewRequest,
    ServiceRequest,
    ServicesReview,
)
from x12_payer.edi.parsers.common import (
    Hierarchy,
    Level,
    Lineage,
    LoopSegment,
    ancestor,
    attachment,
    components,
    decimal,
    diagnoses,
    element,
    first_period,
    hierarchy,
    level_ids,
    named,
    parties,
    periods,
    person,
    procedure,
    quantity,
    reference,
    trace,
)
from x12_payer.edi.wire.segments import Delimiters

EVENT, PERSONS = "EV", ("22", "23")  # HL03


def parse_278(segments: Iterable[LoopSegment], delimiters: Delimiters, version: str) -> ReviewRequest:
    """One inbound 278 set from ST to SE; `version` is its GS08 and decides the kind."""
    tree = hierarchy(segments)
    kind = kind_of(version)
    return ReviewRequest(
        header=tree.set_header(version),
        kind=kind,
        reviews=tuple(_review(x, tree, kind, delimiters) for x in tree.lineages if _is_review(x, tree)),
    )


def _is_review(lineage: Lineage, tree: Hierarchy) -> bool:
    """An event; also a person about whom nothing is asked, who must be answered all the same."""
    level = lineage[-1]
    if level.code in PERSONS:
        return not any(below[-1].code in (EVENT, *PERSONS) for below in tree.children(level))
    return level.code == EVENT


def kind_of(version: str) -> str:
    """inquiry, notification or review, by GS08."""
    if "X215" in version:
        return "inquiry"
    return "notification" if "X216" in version else "review"


def _review(lineage: Lineage, tree: Hierarchy, kind: str, delimiters: Delimiters) -> ServicesReview:
    event = lineage[-1]
    own = event.groups[0]
    dependent = ancestor(lineage, "23")
    first, second = named(ancestor(lineage, "20")), named(ancestor(lineage, "21"))
    payer, requester = (second, first) if kind == "notification" else (first, second)
    admission = own.first("CL1")
    return ServicesReview(
        levels=level_ids(lineage),
        payer=payer,
        requester=requester,
        subscriber=person(ancestor(lineage, "22") or event),
        dependent=person(dependent) if dependent else None,
        category=category_of(own.first("UM"), delimiters),
        traces=tuple(map(trace, own.all("TRN"))),
        diagnoses=diagnoses(own.first("HI"), delimiters),
        quantity=quantity(own.first("HSD")),
        periods=periods(own.all("DTP")),
        references=tuple(map(reference, own.all("REF"))),
        admission_type=element(admission, 1),
        admission_source=element(admission, 2),
        patient_status=element(admission, 3),
        attachments=tuple(map(attachment, own.all("PWK"))),
        messages=messages_of(own.all("MSG")),
        providers=parties(event, "2010EA"),
        services=tuple(_service(x[-1], delimiters) for x in tree.children(event) if x[-1].code == "SS"),
        asked=event.code == EVENT,
    )


def category_of(um: Sequence[str], delimiters: Delimiters) -> ReviewCategory:
    """A UM; all empty when there is none (X215 may leave it out)."""
    facility = [*components(element(um, 4), delimiters), "", ""]
    return ReviewCategory(
        request_category=element(um, 1),
        certification_type=element(um, 2),
        service_type=element(um, 3),
        facility_code=facility[0],
        facility_qualifier=facility[1],
        level_of_service=element(um, 6),
        release_of_information=element(um, 9),
        delay_reason=element(um, 10),
    )


def messages_of(found: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The text of each MSG."""
    return tuple(text for text in (element(s, 1) for s in found) if text)


def _service(level: Level, delimiters: Delimiters) -> ServiceRequest:
    own = level.groups[0]
    um = own.first("UM")
    segment = next((s for s in own.segments if s[0] in SERVICE_ELEMENTS), [])
    tag = segment[0] if segment else ""
    at = SERVICE_ELEMENTS.get(tag, (0, 0, 0, 0, 0))
    service, revenue, charge, unit, units = (element(segment, n) if n else "" for n in at)
    teeth = [(element(s, 2), parts_of(element(s, 3), delimiters)) for s in own.all("TOO")]
    tooth, surfaces = teeth[0] if teeth else ("", ())
    return ServiceRequest(
        level=level.id,
        traces=tuple(map(trace, own.all("TRN"))),
        category=category_of(um, delimiters) if um else None,
        procedure=procedure(service, delimiters),
        segment=tag,
        revenue_code=revenue,
        charge=decimal(charge),
        unit=unit,
        units=decimal(units),
        quantity=quantity(own.first("HSD")),
        period=first_period(periods(own.all("DTP")), "472"),
        references=tuple(map(reference, own.all("REF"))),
        attachments=tuple(map(attachment, own.all("PWK"))),
        messages=messages_of(own.all("MSG")),
        providers=parties(level, "2010F"),
        tooth=tooth,
        surfaces=surfaces,
        oral_cavity=parts_of(element(segment, 4), delimiters) if tag == "SV3" else (),
        more_teeth=tuple(teeth[1:]),
    )


# Where procedure, revenue code, charge, unit and units are; 0: nowhere (X217 2000F).
SERVICE_ELEMENTS = {"SV1": (1, 0, 2, 3, 4), "SV2": (2, 1, 3, 4, 5), "SV3": (1, 0, 2, 0, 6)}


def parts_of(value: str, delimiters: Delimiters) -> tuple[str, ...]:
    """The components of a composite, empty ones left out."""
    return tuple(part for part in components(value, delimiters) if part)
