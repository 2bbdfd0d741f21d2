"""270 (005010X279A1): who asks about whom, and about which services.

Levels: 20 source, 21 receiver, 22 subscriber, 23 dependent. A subscriber is asked about when an EQ is
under it or no dependent is; a dependent always is."""

from collections.abc import Iterable

from x12_payer.edi.messages.common import Period, Trace
from x12_payer.edi.messages.eligibility import EligibilityInquiry, EligibilityRequest, ServiceInquiry
from x12_payer.edi.parsers.common import (
    Hierarchy,
    Level,
    Lineage,
    LoopGroup,
    LoopSegment,
    ancestor,
    diagnoses,
    element,
    first_period,
    hierarchy,
    level_ids,
    named,
    periods,
    person,
    procedure,
    reference,
    repeats,
    trace,
)
from x12_payer.edi.wire.segments import Delimiters


def parse_270(segments: Iterable[LoopSegment], delimiters: Delimiters, version: str) -> EligibilityRequest:
    """One 270 set from ST to SE; `version` is its GS08."""
    tree = hierarchy(segments)
    return EligibilityRequest(
        header=tree.set_header(version),
        inquiries=tuple(_inquiry(x, delimiters) for x in tree.lineages if _is_asked_about(x[-1], tree)),
    )


def _is_asked_about(level: Level, tree: Hierarchy) -> bool:
    if level.code == "23":
        return True
    if level.code != "22":
        return False
    return bool(level.opened_by("EQ")) or not tree.children(level)


def _inquiry(lineage: Lineage, delimiters: Delimiters) -> EligibilityInquiry:
    patient = lineage[-1]
    subscriber = ancestor(lineage, "22") or patient
    is_dependent = patient.code == "23"
    return EligibilityInquiry(
        levels=level_ids(lineage),
        source=named(ancestor(lineage, "20")),
        receiver=named(ancestor(lineage, "21")),
        subscriber=person(subscriber),
        dependent=person(patient) if is_dependent else None,
        traces=_traces(patient),
        period=_asked_period(patient),
        diagnoses=diagnoses(patient.first("HI"), delimiters),
        services=tuple(_service(group, delimiters) for group in patient.opened_by("EQ")),
        provider_npi=_provider_npi(patient),
        subscriber_traces=_traces(subscriber) if is_dependent and not subscriber.opened_by("EQ") else (),
    )


def _traces(level: Level) -> tuple[Trace, ...]:
    return tuple(trace(s) for g in level.groups for s in g.all("TRN"))


def _provider_npi(level: Level) -> str:
    """The provider a question is about, where it is not the one who asks (PRV*AT*HPI*npi)."""
    found = level.first("PRV")
    return element(found, 3) if found and element(found, 2) == "HPI" else ""


def _asked_period(level: Level) -> Period | None:
    """DTP*291 of 2100C or 2100D (those of 2110 belong to their service)."""
    above = (s for g in level.groups if g.tag != "EQ" for s in g.all("DTP"))
    return first_period(periods(above), "291")


def _service(group: LoopGroup, delimiters: Delimiters) -> ServiceInquiry:
    eq = group.segments[0]
    additional = [(element(s, 1), element(s, 2)) for s in group.all("III")]
    return ServiceInquiry(
        service_types=repeats(element(eq, 1), delimiters),
        procedure=procedure(element(eq, 2), delimiters),
        place_of_service=next((code for qualifier, code in additional if qualifier == "ZZ"), ""),
        diagnoses=tuple(code for qualifier, code in additional if qualifier in ("BF", "BK", "ABF", "ABK")),
        references=tuple(reference(s) for s in group.all("REF")),
        period=first_period(periods(group.all("DTP")), "291"),
    )
