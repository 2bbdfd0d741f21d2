"""One service line of an 837: 2400 (SV1, SV2 or SV3) with its drug (2410), providers (2420) and what other
payers did with it (2430)."""

from collections.abc import Iterator
from itertools import zip_longest

from x12_payer.edi.builders.common import attachment, composite, d8, number, period, reference
from x12_payer.edi.builders.refusal import no_place
from x12_payer.edi.builders.x837.shared import adjustment_segments, party_segments
from x12_payer.edi.messages.claim import Drug, PriorPayment, ServiceLine
from x12_payer.edi.wire.segments import OutElement, OutSegment

ONE = 1  # SV306 of a single service is left out


def line_segments(line: ServiceLine, kind: str, ordinal: int) -> Iterator[OutSegment]:
    """LX to the last 2430. `kind` is the claim's (P I D); `ordinal` is LX01 where the line has no number."""
    yield ("LX", line.number or str(ordinal))
    yield _SERVICES[kind](line)
    yield from _teeth(line)
    yield from map(attachment, line.attachments)
    if line.period:
        yield period(line.period)
    yield from map(reference, line.references)
    if line.drug:
        yield from _drug(line.drug)
    for provider in line.providers:
        yield from party_segments(provider)
    for payment in line.prior_payments:
        yield from _payment(payment, line, kind)


def _professional(line: ServiceLine) -> OutSegment:
    no_place("SV1", revenue_code=line.revenue_code, oral_cavity=line.oral_cavity)
    quantity = (line.unit, number(line.quantity))
    emergency = "Y" if line.emergency else ""
    place, pointers = line.place_of_service, line.diagnosis_pointers
    return (
        "SV1",
        composite(line.procedure),
        number(line.charge),
        *quantity,
        place,
        "",
        pointers,
        "",
        emergency,
    )


def _institutional(line: ServiceLine) -> OutSegment:
    no_place(
        "SV2",
        place_of_service=line.place_of_service,
        diagnosis_pointers=line.diagnosis_pointers,
        oral_cavity=line.oral_cavity,
        emergency=line.emergency,
    )
    service = (line.revenue_code, composite(line.procedure), number(line.charge))
    return ("SV2", *service, line.unit, number(line.quantity))


def _dental(line: ServiceLine) -> OutSegment:
    no_place(
        "SV3", revenue_code=line.revenue_code, emergency=line.emergency, unit=line.unit.removeprefix("UN")
    )
    quantity = "" if line.quantity == ONE else number(line.quantity)
    cavity, pointers = line.oral_cavity, line.diagnosis_pointers
    service = (composite(line.procedure), number(line.charge), line.place_of_service)
    return ("SV3", *service, cavity, "", quantity, *[""] * 4, pointers)


_SERVICES = {"P": _professional, "I": _institutional, "D": _dental}


def _teeth(line: ServiceLine) -> Iterator[OutSegment]:
    """A TOO a tooth."""
    surfaces = _surfaces_of_each(line)
    teeth = line.teeth or (("",) if any(surfaces) else ())
    for tooth, its in zip_longest(teeth, surfaces, fillvalue=()):
        if tooth or its:
            yield ("TOO", "JP", tooth or "", its or "")


def _surfaces_of_each(line: ServiceLine) -> tuple[tuple[str, ...], ...]:
    """The surfaces of each tooth. Those of several teeth together are refused: nobody knows whose each is."""
    if not line.surfaces_of and (len(line.teeth) < 2 or not line.surfaces):
        return (line.surfaces,)
    together = tuple(surface for its in line.surfaces_of for surface in its)
    if line.surfaces not in ((), together) or len(line.surfaces_of) != len(line.teeth):
        no_place("TOO", surfaces=line.surfaces or together)
    return line.surfaces_of


def _drug(drug: Drug) -> Iterator[OutSegment]:
    yield ("LIN", "", drug.qualifier, drug.code)
    if drug.quantity is not None or drug.unit:
        unit: OutElement = (drug.unit,)
        yield ("CTP", "", "", "", number(drug.quantity), unit)


def _payment(payment: PriorPayment, line: ServiceLine, kind: str) -> Iterator[OutSegment]:
    """One 2430. Units that are not given are the line's, since SVD05 is required."""
    revenue = line.revenue_code if kind == "I" else ""
    units = line.quantity if payment.units is None else payment.units
    yield (
        "SVD",
        payment.payer_id,
        number(payment.paid),
        composite(payment.procedure),
        revenue,
        number(units),
    )
    yield from adjustment_segments(payment.adjustments)
    if payment.paid_on:
        yield ("DTP", "573", "D8", d8(payment.paid_on))
    if payment.patient_liability is not None:
        yield ("AMT", "EAF", number(payment.patient_liability))
