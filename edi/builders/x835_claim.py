"""One claim (2100) and its lines (2110) of an 835, in the order of X221A1."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from x12_payer.edi.builders.common import amounts, composite, contact, d8, name, number, numbered
from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.messages.common import Party, Period, Reference
from x12_payer.edi.messages.remittance import RemittanceClaim, RemittanceLine
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import OutElement, OutSegment

_REVERSAL = "22"
PREDETERMINED = "25"
NO_SERVICE_DATE = "19000101"  # X221A1 2110 DTM02: a predetermination has no date of service
_CAS_ELEMENTS = 18  # six triplets of reason, amount and quantity in one CAS
_REMARKS = 5  # in one MIA or MOA
_MIA_REMARKS, _MOA_REMARKS = (5, 20, 21, 22, 23), (3, 4, 5, 6, 7)  # the elements they are in
_CLAIM_IDS = 5  # REF of other claim ids in one 2100
_SERVICE_IDS = 8  # REF of service ids in one 2110
_RENDERING = ("0B", "1A", "1B", "1C", "1D", "1G", "1H", "1J", "D3", "G2", "HPI", "SY", "TJ")
# REF groups of 2110 in order: what identifies the service, the line's own number, the provider, the policy
_LINE_REFERENCES = {"6R": 1, **dict.fromkeys(_RENDERING, 2), "0K": 3}


def remittance_claim(claim: RemittanceClaim) -> Iterator[OutSegment]:
    """CLP and all that belongs to the claim, lines last."""
    yield _payment(claim)
    yield from cas(claim.adjustments)
    yield from _names(claim)
    yield from _remarks(claim)
    for reference in _at_most(_CLAIM_IDS, claim.references, lambda r: int(r.qualifier in _RENDERING)):
        yield _reference(reference)
    yield from _dates(claim)
    if claim.coverage is not None:
        yield ("AMT", "AU", number(claim.coverage))
    if claim.patient_paid is not None:
        yield ("AMT", "F5", number(claim.patient_paid))
    if claim.interest is not None:
        yield ("AMT", "I", number(claim.interest))
    yield from amounts("AMT", claim.amounts)
    yield from amounts("QTY", claim.quantities)
    for line in claim.lines:
        yield from _line(line, claim.status == PREDETERMINED)


def cas(adjustments: Sequence[Adjustment]) -> list[OutSegment]:
    """One CAS for each group (another when there are more than six reasons), reasons ascending; equal
    reasons are added up and what comes to nothing is left out."""
    if not adjustments:
        return []
    sums: dict[tuple[str, str], Adjustment] = {}
    for one in adjustments:
        key = (one.group, one.reason)
        sums[key] = _sum(sums[key], one) if key in sums else one
    groups: dict[str, list[str]] = {}
    for a in sorted(sums.values(), key=_place) if len(sums) > 1 else sums.values():
        if a.amount != 0:
            groups.setdefault(a.group, []).extend((a.reason, number(a.amount), number(a.quantity)))
    return [
        ("CAS", group, *elements[at : at + _CAS_ELEMENTS])
        for group, elements in groups.items()
        for at in range(0, len(elements), _CAS_ELEMENTS)
    ]


def _place(adjustment: Adjustment) -> tuple[str, int, int, str]:
    """By group; in a group numbers by value, then A1, B7 and the like by letter."""
    group, reason = adjustment.group, adjustment.reason
    return (group, 0, int(reason), "") if reason.isdecimal() else (group, 1, 0, reason)


def _sum(one: Adjustment, other: Adjustment) -> Adjustment:
    counted = [a.quantity for a in (one, other) if a.quantity is not None]
    quantity = sum(counted, Decimal(0)) if counted else None
    return Adjustment(one.group, one.reason, one.amount + other.amount, quantity)


@cache
def _filing_indicators() -> Mapping[str, str]:
    """filing_indicators.csv: the SBR09 codes that CLP06 has not, and what stands for them."""
    return {row["sbr09"]: row["clp06"] for row in rows("filing_indicators")}


def _payment(claim: RemittanceClaim) -> OutSegment:
    """CLP. CLP05 is left out when it is zero and in a reversal (X12 RFI 396, CONTRACT section 5)."""
    owed = claim.patient_responsibility if claim.status != _REVERSAL else Decimal(0)
    return (
        "CLP",
        claim.control_number,
        claim.status,
        number(claim.charge),
        number(claim.paid),
        number(owed) if owed else "",
        _filing_indicators().get(claim.filing_indicator, claim.filing_indicator),
        claim.payer_control_number,
        claim.facility_code,
        claim.frequency,
        claim.patient_status,
        claim.drg,
        number(claim.drg_weight),
        number(claim.discharge_fraction),
    )


def _names(claim: RemittanceClaim) -> Iterator[OutSegment]:
    """NM1 QC, IL, 74, 82, TT, PR, GB. NM1*QC is always a person; a corrected id is marked C."""
    yield ("NM1", "QC", "1", *name(claim.patient)[3:])
    if claim.insured is not None:
        yield name(claim.insured, "IL")
    if claim.corrected_patient is not None:
        yield _corrected(claim.corrected_patient.party)
    if claim.rendering is not None:
        yield name(claim.rendering, "82")
    others = (("TT", claim.crossover), ("PR", claim.corrected_payer), ("GB", claim.other_insured))
    yield from (name(party, entity) for entity, party in others if party is not None)


def _corrected(party: Party) -> OutSegment:
    return (*name(party, "74")[:8], "C" if party.id else "", party.id)


def _remarks(claim: RemittanceClaim) -> Iterator[OutSegment]:
    """Claim-level remark codes: MIA05 and MIA20 to 23 for an inpatient stay (MIA01 is 0 when nobody counted
    days), else MOA03 to MOA07; with the amounts that are named by element."""
    codes = claim.remarks[:_REMARKS]
    if not codes and not claim.adjudication:
        return
    mia, moa = (numbered(tag, claim.adjudication) for tag in ("MIA", "MOA"))
    if claim.inpatient:
        yield _with_remarks("MIA", mia or ["0"], codes, _MIA_REMARKS)
    if moa or not claim.inpatient:
        yield _with_remarks("MOA", moa, () if claim.inpatient else codes, _MOA_REMARKS)


def _with_remarks(tag: str, values: Sequence[str], codes: Sequence[str], places: Sequence[int]) -> OutSegment:
    elements = [*values, *[""] * 24][:24]
    for at, code in zip(places, codes, strict=False):
        elements[at - 1] = code
    return (tag, *elements)


def _dates(claim: RemittanceClaim) -> Iterator[OutSegment]:
    if claim.statement is not None:
        yield ("DTM", "232", d8(claim.statement.begin))
        yield ("DTM", "233", d8(claim.statement.end))
    if claim.expiration is not None:
        yield ("DTM", "036", d8(claim.expiration))
    if claim.received is not None:
        yield ("DTM", "050", d8(claim.received))
    yield from (("DTM", p.qualifier, d8(p.begin)) for p in claim.periods)
    yield from map(contact, claim.contacts)


def _reference(reference: Reference) -> OutSegment:
    return ("REF", reference.qualifier, reference.value)


def _line(line: RemittanceLine, predetermined: bool) -> list[OutSegment]:
    """One 2110: SVC, DTM, CAS, REF, AMT, LQ."""
    found = [_service(line)]
    if line.period is not None:
        found += _service_dates(line.period)
    elif predetermined:
        found.append(("DTM", "472", NO_SERVICE_DATE))
    found += cas(line.adjustments)
    if line.references:
        found += map(_reference, _at_most(_SERVICE_IDS, line.references, _line_place))
    if line.allowed is not None:
        found.append(("AMT", "B6", number(line.allowed)))
    found += amounts("AMT", line.amounts)
    found += amounts("QTY", line.quantities)
    found += [("LQ", "HE", remark) for remark in line.remarks]
    found += [("LQ", r.qualifier, r.value) for r in line.other_remarks]
    return found


def _at_most(
    most: int, references: Sequence[Reference], place: Callable[[Reference], int]
) -> Iterator[Reference]:
    """In the order of their places, and no more of the first place than the guide has room for."""
    first = [r for r in references if place(r) == 0]
    yield from first[:most]
    yield from sorted([r for r in references if place(r) > 0], key=place)


def _line_place(reference: Reference) -> int:
    return _LINE_REFERENCES.get(reference.qualifier, 0)


def _service(line: RemittanceLine) -> OutSegment:
    """SVC01 is the procedure, or NU and the revenue code; SVC04 the revenue code beside a procedure. An
    absent SVC05 says 1, so SVC07 is compared with that."""
    service: OutElement = ("NU", line.revenue_code)
    beside = ""
    if line.procedure is not None:
        service = composite(line.procedure)[:6]
        beside = line.revenue_code
    paid = Decimal(1) if line.units_paid is None else line.units_paid
    billed = line.units_billed if line.units_billed != paid else None
    sums = (number(line.charge), number(line.paid))
    submitted = composite(line.procedure_billed)
    return ("SVC", service, *sums, beside, number(line.units_paid), submitted, number(billed))


def _service_dates(period: Period) -> list[OutSegment]:
    if period.begin == period.end:
        return [("DTM", "472", d8(period.begin))]
    return [("DTM", "150", d8(period.begin)), ("DTM", "151", d8(period.end))]
