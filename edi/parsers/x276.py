"""276 (005010X212): which claims are asked about.

Levels: 20 payer, 21 receiver, 19 provider, 22 subscriber, 23 dependent. Each TRN is one inquiry; the
subscriber is the patient when there is no dependent level between. A lowest level without a TRN is one
inquiry too, so that nobody goes unanswered."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from x12_payer.edi.messages.claim_status import ClaimInquiry, ClaimStatusRequest, LineInquiry
from x12_payer.edi.parsers.common import (
    Hierarchy,
    Lineage,
    LoopGroup,
    LoopSegment,
    ancestor,
    decimal,
    element,
    first_period,
    hierarchy,
    level_ids,
    named,
    periods,
    person,
    procedure,
    reference,
    trace,
)
from x12_payer.edi.wire.segments import Delimiters


def parse_276(segments: Iterable[LoopSegment], delimiters: Delimiters, version: str) -> ClaimStatusRequest:
    """One 276 set from ST to SE; `version` is its GS08."""
    tree = hierarchy(segments)
    return ClaimStatusRequest(
        header=tree.set_header(version),
        inquiries=tuple(
            inquiry
            for lineage in tree.lineages
            if lineage[-1].code in ("22", "23")
            for inquiry in _inquiries(lineage, tree, delimiters)
        ),
    )


def _inquiries(lineage: Lineage, tree: Hierarchy, delimiters: Delimiters) -> Iterator[ClaimInquiry]:
    patient = lineage[-1]
    claims = _claims(patient.groups)
    if not claims and tree.children(patient):
        return
    bare = ClaimInquiry(
        levels=level_ids(lineage),
        payer=named(ancestor(lineage, "20")),
        receiver=named(ancestor(lineage, "21")),
        provider=named(ancestor(lineage, "19")),
        subscriber=person(ancestor(lineage, "22") or patient),
        dependent=person(patient) if patient.code == "23" else None,
    )
    if not claims:
        yield bare
    for claim, lines in claims:
        yield evolve(
            bare,
            trace=trace(claim.segments[0]),
            references=tuple(reference(s) for s in claim.all("REF")),
            charge=decimal(element(claim.first("AMT"), 2)),
            period=first_period(periods(claim.all("DTP")), "472"),
            lines=tuple(_line(group, delimiters) for group in lines),
        )


def _claims(groups: Sequence[LoopGroup]) -> list[tuple[LoopGroup, list[LoopGroup]]]:
    """Each 2200 with the 2210 that follow it."""
    claims: list[tuple[LoopGroup, list[LoopGroup]]] = []
    for group in groups:
        if group.tag == "TRN":
            claims.append((group, []))
        elif group.tag == "SVC" and claims:
            claims[-1][1].append(group)
    return claims


def _line(group: LoopGroup, delimiters: Delimiters) -> LineInquiry:
    """A 2210. SVC01 with qualifier NU is a revenue code, else SVC04 may hold one."""
    svc = group.segments[0]
    service = procedure(element(svc, 1), delimiters)
    is_revenue = service is not None and service.qualifier == "NU"
    return LineInquiry(
        procedure=None if is_revenue else service,
        revenue_code=service.code if service and is_revenue else element(svc, 4),
        charge=decimal(element(svc, 2)),
        units=decimal(element(svc, 7)),
        line_control_number=next(
            (r.value for r in map(reference, group.all("REF")) if r.qualifier == "FJ"), ""
        ),
        period=first_period(periods(group.all("DTP")), "472"),
    )
