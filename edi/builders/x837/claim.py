"""One claim of an 837: 2300 with its providers (2310) and other payers (2320, 2330). What a kind of claim has
no place for is written all the same, so that the guide refuses it. The lines are written in `line`."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from x12_payer.edi.builders.common import address, attachment, d8, distinct, name, number, period, reference
from x12_payer.edi.builders.x837.line import line_segments
from x12_payer.edi.builders.x837.shared import adjustment_segments, party_segments
from x12_payer.edi.messages.claim import Claim, Indicators, Occurrence, OtherPayer
from x12_payer.edi.messages.common import Diagnosis
from x12_payer.edi.wire.segments import OutElement, OutSegment

MOST_CODES = 12  # composites in one HI
REASONS = ("APR", "PR")  # reasons for a visit: three in one HI
MOST_REASONS = 3


def claim_segments(claim: Claim) -> Iterator[OutSegment]:
    """CLM to the last line."""
    yield _claim(claim)
    yield from _dates(claim)
    if claim.admission_type or claim.admission_source or claim.patient_status:
        yield ("CL1", claim.admission_type, claim.admission_source, claim.patient_status)
    yield from map(attachment, claim.attachments)
    if claim.patient_paid is not None:
        yield ("AMT", "F5", number(claim.patient_paid))
    yield from map(reference, claim.references)
    yield from _codes(claim)
    for provider in claim.providers:
        yield from party_segments(provider)
    for payer in claim.other_payers:
        yield from _other_payer(payer)
    for ordinal, line in enumerate(claim.lines, 1):
        yield from line_segments(line, claim.kind, ordinal)


def _claim(claim: Claim) -> OutSegment:
    stated = claim.indicators
    return (
        "CLM",
        claim.control_number,
        number(claim.charge),
        "",
        "",
        (claim.facility_code, claim.facility_qualifier, claim.frequency),
        stated.provider_signature,
        stated.assignment,
        stated.benefits,
        stated.release,
        stated.patient_signature,
        _causes(stated),
        stated.special_program,
        *[""] * 6,
        "PB" if claim.predetermination else "",
        claim.delay_reason,
    )


def _causes(stated: Indicators) -> OutElement:
    """CLM11: three causes, then the place of the accident."""
    where = (stated.accident_state, stated.accident_country)
    return (*(*stated.causes, "", "", "")[: max(3, len(stated.causes))], *where)


def _dates(claim: Claim) -> Iterator[OutSegment]:
    """Every DTP; the periods that have a name of their own need not be among `periods`."""
    if claim.discharge_time:
        yield ("DTP", "096", "TM", claim.discharge_time)
    named = (claim.statement, claim.admission, claim.service_period)
    yield from map(period, distinct((*claim.periods, *(p for p in named if p))))


def _codes(claim: Claim) -> Iterator[OutSegment]:
    """The HI: of an 837I a segment for each sort of code, else all diagnoses in one."""
    if claim.kind == "I":
        for qualifier, run in groupby(claim.diagnoses, key=lambda d: d.qualifier):
            most = MOST_REASONS if qualifier in REASONS else MOST_CODES
            yield from _hi([_diagnosis(d) for d in run], most)
    elif claim.diagnoses:
        yield ("HI", *map(_diagnosis, claim.diagnoses))
    if claim.drg:
        yield ("HI", ("DR", claim.drg))
    for _, run in groupby(claim.procedures, key=lambda d: d.qualifier):
        yield from _hi([_procedure(d) for d in run])
    for _, events in groupby(claim.occurrences, key=lambda o: o.end is None):
        yield from _hi([_occurrence(o) for o in events])
    yield from _hi([("BE", code, "", "", number(amount)) for code, amount in claim.value_codes])
    yield from _hi([("BG", code) for code in claim.condition_codes])


def _hi(codes: Sequence[OutElement], most: int = MOST_CODES) -> Iterator[OutSegment]:
    for at in range(0, len(codes), most):
        yield ("HI", *codes[at : at + most])


def _diagnosis(value: Diagnosis) -> OutElement:
    return (value.qualifier, value.code, *[""] * 6, value.poa)


def _procedure(value: Diagnosis) -> OutElement:
    day = ("D8", d8(value.day)) if value.day else ()
    return (value.qualifier, value.code, *day)


def _occurrence(value: Occurrence) -> OutElement:
    begin = d8(value.begin) if value.begin else ""
    if value.end is None:
        return ("BH", value.code, "D8", begin)
    return ("BI", value.code, "RD8", f"{begin}-{d8(value.end)}")


def _other_payer(other: OtherPayer) -> Iterator[OutSegment]:
    """One 2320 with 2330A and 2330B."""
    plan = (other.relationship, other.group_number, other.plan_name, other.insurance_type)
    yield ("SBR", other.responsibility, *plan, "", "", "", other.filing_indicator)
    yield from adjustment_segments(other.adjustments)
    for qualifier, amount in (("D", other.paid), ("EAF", other.patient_liability)):
        if amount is not None:
            yield ("AMT", qualifier, number(amount))
    stated = other.indicators
    yield ("OI", "", "", stated.benefits, stated.patient_signature, "", stated.release)
    if other.insured:
        yield from party_segments(other.insured)
    if other.payer:
        yield name(other.payer)
        yield from address(other.payer.address)
    if other.paid_on:
        yield ("DTP", "573", "D8", d8(other.paid_on))
    known = other.payer.references if other.payer else ()
    yield from map(reference, distinct((*known, *other.references)))
