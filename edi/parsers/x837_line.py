"""One service line of an 837: 2400 (SV1, SV2 or SV3) with its drug (2410), providers (2420) and what other
payers did with it (2430)."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import Factory

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Drug, PriorPayment, ServiceLine
from x12_payer.edi.messages.common import Period, Procedure, Reference
from x12_payer.edi.parsers.common import LoopSegment, attachment, element, reference
from x12_payer.edi.parsers.x837_shared import (
    ZERO,
    Segments,
    Shared,
    adjustments,
    money,
    number,
    remembered,
    shared_party,
    shared_period,
    shared_procedure,
)

_ONE = Decimal(1)


@frozen
class _Service:
    """What SV1, SV2 or SV3 says."""

    charge: Decimal = ZERO
    procedure: Procedure | None = None
    revenue_code: str = ""
    unit: str = "UN"
    quantity: Decimal = _ONE
    place_of_service: str = ""
    pointers: tuple[str, ...] = ()
    oral_cavity: tuple[str, ...] = ()
    emergency: bool = False


@frozen
class _Parts:
    """The segments of a line by where they belong."""

    own: dict[str, list[list[str]]] = Factory(dict)  # 2400 by tag
    drug: list[list[str]] = Factory(list)  # 2410
    providers: list[list[list[str]]] = Factory(list)  # each 2420
    payments: list[list[list[str]]] = Factory(list)  # each 2430


def read_line(block: Sequence[LoopSegment], payer_id: str, shared: Shared) -> ServiceLine:
    """The line whose block begins with its LX; `payer_id` is NM109 of 2010BB."""
    parts = _parts(block)
    own = parts.own
    service = _service(own, shared)
    teeth, surfaces = _teeth(own.get("TOO", ()), shared)
    return ServiceLine(
        number=element(block[0][1], 1),
        charge=service.charge,
        procedure=service.procedure,
        revenue_code=service.revenue_code,
        unit=service.unit,
        quantity=service.quantity,
        place_of_service=service.place_of_service,
        diagnosis_pointers=service.pointers,
        period=_service_date(own.get("DTP", ()), shared),
        references=_references(own.get("REF", ()), payer_id, shared),
        providers=tuple([shared_party(part, shared) for part in parts.providers]),
        prior_payments=tuple([_payment(part, shared) for part in parts.payments]),
        teeth=teeth,
        surfaces=surfaces,
        oral_cavity=service.oral_cavity,
        attachments=tuple([attachment(s) for s in own.get("PWK", ())]),
        emergency=service.emergency,
        drug=_drug(parts.drug, shared) if parts.drug else None,
        surfaces_of=_surfaces_of(own["TOO"], shared) if len(teeth) > 1 else (),
        position=block[0][2],
    )


def _parts(block: Sequence[LoopSegment]) -> _Parts:
    """A loop opens with its first segment: LIN (2410), NM1 (2420), SVD (2430)."""
    parts = _Parts()
    own = parts.own
    for loop, segment, _ in block:
        tag = segment[0]
        if loop == "2400":
            own.setdefault(tag, []).append(segment)
        elif loop == "2410":
            parts.drug.append(segment)
        elif loop == "2430":
            if tag == "SVD":
                parts.payments.append([segment])
            elif parts.payments:
                parts.payments[-1].append(segment)
        elif tag == "NM1":
            parts.providers.append([segment])
        elif parts.providers:
            parts.providers[-1].append(segment)
    return parts


def _service(own: dict[str, list[list[str]]], shared: Shared) -> _Service:
    for tag, read in _SERVICES:
        if tag in own:
            service: _Service = remembered(shared.services, own[tag][0], read, shared)
            return service
    return _Service()


def _professional(sv1: Sequence[str], shared: Shared) -> _Service:
    """SV1: procedure, charge, unit, quantity, place of service, -, pointers, -, emergency."""
    return _Service(
        charge=money(element(sv1, 2)),
        procedure=shared_procedure(element(sv1, 1), shared),
        unit=element(sv1, 3) or "UN",
        quantity=_quantity(element(sv1, 4)),
        place_of_service=element(sv1, 5),
        pointers=_components(element(sv1, 7), shared),
        emergency=element(sv1, 9) == "Y",
    )


def _institutional(sv2: Sequence[str], shared: Shared) -> _Service:
    """SV2: revenue code, procedure, charge, unit, quantity."""
    return _Service(
        charge=money(element(sv2, 3)),
        procedure=shared_procedure(element(sv2, 2), shared),
        revenue_code=element(sv2, 1),
        unit=element(sv2, 4) or "UN",
        quantity=_quantity(element(sv2, 5)),
    )


def _dental(sv3: Sequence[str], shared: Shared) -> _Service:
    """SV3: procedure, charge, place of service, oral cavity, prosthesis, quantity, ..., pointers (11)."""
    return _Service(
        charge=money(element(sv3, 2)),
        procedure=shared_procedure(element(sv3, 1), shared),
        quantity=_quantity(element(sv3, 6)),
        place_of_service=element(sv3, 3),
        pointers=_components(element(sv3, 11), shared),
        oral_cavity=_components(element(sv3, 4), shared),
    )


_SERVICES = (("SV1", _professional), ("SV2", _institutional), ("SV3", _dental))


def _quantity(text: str) -> Decimal:
    """An absent quantity is 1 (SV306 is situational)."""
    value = number(text)
    return _ONE if value is None else value


def _components(text: str, shared: Shared) -> tuple[str, ...]:
    return tuple([part for part in text.split(shared.delimiters.component) if part])


def _service_date(segments: Segments, shared: Shared) -> Period | None:
    for segment in segments:
        if element(segment, 1) == "472":
            return shared_period(segment, shared)
    return None


def _references(segments: Segments, payer_id: str, shared: Shared) -> tuple[Reference, ...]:
    """REF04 `2U:id` says that the number is another payer's: such a REF is not ours and is left out."""
    return tuple([reference(s) for s in segments if len(s) < 5 or not _of_other(s[4], payer_id, shared)])


def _of_other(text: str, payer_id: str, shared: Shared) -> bool:
    qualifier, _, owner = text.partition(shared.delimiters.component)
    return qualifier == "2U" and owner.split(shared.delimiters.component)[0] != payer_id


def _teeth(segments: Segments, shared: Shared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """TOO02 of each TOO, and the surfaces (TOO03) of all of them in order."""
    if not segments:
        return (), ()
    teeth = tuple([element(s, 2) for s in segments if element(s, 2)])
    surfaces = tuple([part for s in segments for part in _components(element(s, 3), shared)])
    return teeth, surfaces


def _surfaces_of(segments: Segments, shared: Shared) -> tuple[tuple[str, ...], ...]:
    """The surfaces of each tooth; () when none has any."""
    found = tuple([_components(element(s, 3), shared) for s in segments if element(s, 2)])
    return found if any(found) else ()


def _drug(segments: Segments, shared: Shared) -> Drug | None:
    """2410: LIN and, beside it, CTP."""
    lin: list[str] = next((s for s in segments if s[0] == "LIN"), [])
    ctp: list[str] = next((s for s in segments if s[0] == "CTP"), [])
    if not element(lin, 3):
        return None
    unit = element(ctp, 5).split(shared.delimiters.component)[0]
    return Drug(element(lin, 3), number(element(ctp, 4)), unit, element(lin, 2))


def _payment(segments: Segments, shared: Shared) -> PriorPayment:
    """One 2430: SVD (payer, paid, procedure, revenue code, units), CAS, DTP*573, AMT*EAF."""
    svd = segments[0]
    dates = (shared_period(s, shared) for s in segments if s[0] == "DTP" and element(s, 1) == "573")
    paid_on = next((p.begin for p in dates if p is not None), None)
    liability = next((element(s, 2) for s in segments if s[0] == "AMT" and element(s, 1) == "EAF"), "")
    return PriorPayment(
        payer_id=element(svd, 1),
        paid=money(element(svd, 2)),
        procedure=shared_procedure(element(svd, 3), shared),
        units=number(element(svd, 5)),
        adjustments=adjustments([s for s in segments if s[0] == "CAS"]),
        paid_on=paid_on,
        patient_liability=number(liability),
    )
