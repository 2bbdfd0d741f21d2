"""One claim of an 837: 2300 with its providers (2310) and other payers (2320, 2330)."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import Factory

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Claim, Indicators, Occurrence, OtherPayer
from x12_payer.edi.messages.common import Diagnosis, Party, Period, Person
from x12_payer.edi.parsers.common import LoopSegment, attachment, day, element, reference
from x12_payer.edi.parsers.x837_line import read_line
from x12_payer.edi.parsers.x837_shared import (
    Segments,
    Shared,
    adjustments,
    money,
    number,
    remember,
    shared_party,
    shared_period,
)

_DIAGNOSES = frozenset(("ABK", "BK", "ABF", "BF", "ABJ", "BJ", "APR", "PR", "ABN", "BN", "TQ"))
_PROCEDURES = frozenset(("BBR", "BR", "BBQ", "BQ"))
_OCCURRENCES = frozenset(("BH", "BI"))
_DISCHARGED = ["096", "TM"]  # DTP01 and DTP02: in an 837I a time of day
_CAUSES = 3  # components of CLM11 before the state


@frozen
class Levels:
    """What comes above a claim: 1000A, 2000A, 2000B and, for a dependent, 2000C."""

    kind: str
    set_control_number: str
    purpose: str  # BHT06
    submitter: Party
    receiver: Party
    billing_provider: Party
    pay_to: Party | None
    subscriber: Person
    patient: Person
    payer: Party
    responsibility: str
    group_number: str
    plan_name: str
    insurance_type: str
    filing_indicator: str
    billing_level: str
    subscriber_level: str


@frozen
class _Codes:
    """What the HI segments of a claim say, by kind."""

    diagnoses: tuple[Diagnosis, ...] = ()
    drg: str = ""
    procedures: tuple[Diagnosis, ...] = ()
    value_codes: tuple[tuple[str, Decimal], ...] = ()
    condition_codes: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()


@frozen
class _Parts:
    """The segments of a claim by where they belong."""

    own: dict[str, list[list[str]]] = Factory(dict)  # 2300 by tag
    providers: list[list[list[str]]] = Factory(list)  # each 2310
    other_payers: list[list[LoopSegment]] = Factory(list)  # each 2320 with its 2330
    lines: list[list[LoopSegment]] = Factory(list)  # each 2400 with what is below


def read_claim(block: Sequence[LoopSegment], levels: Levels, ordinal: int, shared: Shared) -> Claim:
    """The claim whose block begins with its CLM; `ordinal` is its 1-based place among the set's claims."""
    parts = _parts(block)
    own = parts.own
    clm = block[0][1]
    facility = [*element(clm, 5).split(shared.delimiters.component), "", ""]
    cl1: list[str] = own.get("CL1", [[]])[0]
    periods = _periods(own.get("DTP", ()), shared)
    codes = _codes(own.get("HI", ()), shared)
    consent = tuple(clm[6:13])
    return Claim(
        kind=levels.kind,
        set_control_number=levels.set_control_number,
        purpose=levels.purpose,
        ordinal=ordinal,
        position=block[0][2],
        submitter=levels.submitter,
        receiver=levels.receiver,
        billing_provider=levels.billing_provider,
        subscriber=levels.subscriber,
        patient=levels.patient,
        payer=levels.payer,
        responsibility=levels.responsibility,
        control_number=element(clm, 1),
        charge=money(element(clm, 2)),
        facility_code=facility[0],
        facility_qualifier=facility[1],
        frequency=facility[2],
        lines=tuple([read_line(part, levels.payer.id, shared) for part in parts.lines]),
        group_number=levels.group_number,
        plan_name=levels.plan_name,
        insurance_type=levels.insurance_type,
        filing_indicator=levels.filing_indicator,
        pay_to=levels.pay_to,
        indicators=shared.indicators.get(consent) or _indicators(consent, shared),
        predetermination=element(clm, 19) == "PB",
        delay_reason=element(clm, 20),
        references=tuple([reference(s) for s in own.get("REF", ())]),
        diagnoses=codes.diagnoses,
        drg=codes.drg,
        procedures=codes.procedures,
        value_codes=codes.value_codes,
        condition_codes=codes.condition_codes,
        occurrences=codes.occurrences,
        statement=_period(periods, "434"),
        admission=_period(periods, "435"),
        service_period=_period(periods, "472"),
        periods=periods,
        discharge_time=_discharge_time(own.get("DTP", ())) if levels.kind == "I" else "",
        admission_type=element(cl1, 1),
        admission_source=element(cl1, 2),
        patient_status=element(cl1, 3),
        providers=tuple([shared_party(part, shared) for part in parts.providers]),
        other_payers=tuple([_other_payer(part, shared) for part in parts.other_payers]),
        attachments=tuple([attachment(s) for s in own.get("PWK", ())]),
        patient_paid=_amount(own.get("AMT", ()), "F5"),
        billing_level=levels.billing_level,
        subscriber_level=levels.subscriber_level,
    )


def _parts(block: Sequence[LoopSegment]) -> _Parts:
    """A loop opens with its first segment: NM1 (2310), SBR (2320), LX (2400). A segment of a loop that was
    not opened is passed over."""
    parts = _Parts()
    own, lines = parts.own, parts.lines
    for item in block:
        loop, segment, _ = item
        tag = segment[0]
        place = loop[:3]
        if loop == "2300":
            own.setdefault(tag, []).append(segment)
        elif place[:2] == "24":
            if tag == "LX":
                lines.append([item])
            elif lines:
                lines[-1].append(item)
        elif place == "231":
            if tag == "NM1":
                parts.providers.append([segment])
            elif parts.providers:
                parts.providers[-1].append(segment)
        elif place in ("232", "233"):
            if tag == "SBR":
                parts.other_payers.append([item])
            elif parts.other_payers:
                parts.other_payers[-1].append(item)
    return parts


def _periods(segments: Segments, shared: Shared) -> tuple[Period, ...]:
    if not segments:
        return ()
    return tuple([p for p in (shared_period(s, shared) for s in segments) if p is not None])


def _period(periods: Sequence[Period], qualifier: str) -> Period | None:
    for period in periods:
        if period.qualifier == qualifier:
            return period
    return None


def _amount(segments: Segments, qualifier: str) -> Decimal | None:
    for segment in segments:
        if element(segment, 1) == qualifier:
            return number(element(segment, 2))
    return None


def _indicators(key: tuple[str, ...], shared: Shared) -> Indicators:
    """CLM06 to CLM12 (the key), which are the same in nearly all claims of a set: kept for the next one."""
    signed, assigned, benefits, release, patient, cause, program = (*key, *[""] * 7)[:7]
    causes = [*cause.split(shared.delimiters.component), "", "", "", "", ""]
    found = Indicators(
        *(signed, assigned, benefits, release, patient),
        causes=tuple(filter(None, causes[:_CAUSES])),
        accident_state=causes[_CAUSES],
        accident_country=causes[_CAUSES + 1],
        special_program=program,
    )
    remember(shared.indicators, key, found)
    return found


def _discharge_time(segments: Segments) -> str:
    for segment in segments:
        if segment[1:3] == _DISCHARGED:
            return element(segment, 3)
    return ""


def _codes(segments: Segments, shared: Shared) -> _Codes:
    """Every composite of the HI segments (C022: qualifier, code, ..., amount 05, ..., indicator 09)."""
    diagnoses: list[Diagnosis] = []
    procedures: list[Diagnosis] = []
    values: list[tuple[str, Decimal]] = []
    conditions: list[str] = []
    occurrences: list[Occurrence] = []
    drg = ""
    for segment in segments:
        for text in segment[1:]:
            qualifier, _, rest = text.partition(shared.delimiters.component)
            if not rest:
                continue
            code, *more = rest.split(shared.delimiters.component)
            if qualifier in _DIAGNOSES:
                diagnoses.append(Diagnosis(qualifier, code, element(more, 6)))  # a point is a fault (A7:254)
            elif qualifier in _PROCEDURES:
                procedures.append(Diagnosis(qualifier, code, "", day(element(more, 1))))
            elif qualifier in _OCCURRENCES:
                begin, _, end = element(more, 1).partition("-")
                occurrences.append(Occurrence(code, day(begin), day(end)))
            elif qualifier == "BE":
                values.append((code, money(element(more, 2))))
            elif qualifier == "BG":
                conditions.append(code)
            elif qualifier == "DR":
                drg = code
    return _Codes(
        tuple(diagnoses), drg, tuple(procedures), tuple(values), tuple(conditions), tuple(occurrences)
    )


def _other_payer(block: Sequence[LoopSegment], shared: Shared) -> OtherPayer:
    """One 2320 with 2330A (insured), 2330B (payer, its REF and DTP*573); 2330C to H say nothing we use."""
    own = [segment for loop, segment, _ in block if loop == "2320"]
    insured = [segment for loop, segment, _ in block if loop == "2330A"]
    payer = [segment for loop, segment, _ in block if loop == "2330B"]
    amounts = [s for s in own if s[0] == "AMT"]
    dates = _periods([s for s in payer if s[0] == "DTP"], shared)
    sbr: list[str] = own[0] if own else []
    oi: list[str] = next((s for s in own if s[0] == "OI"), [])
    paid_on = _period(dates, "573")
    return OtherPayer(
        responsibility=element(sbr, 1),
        relationship=element(sbr, 2),
        group_number=element(sbr, 3),
        plan_name=element(sbr, 4),
        insurance_type=element(sbr, 5),
        filing_indicator=element(sbr, 9),
        indicators=Indicators("", "", element(oi, 3), element(oi, 6), element(oi, 4)),
        payer=shared_party(payer, shared) if payer else None,
        insured=shared_party(insured) if insured else None,
        paid=_amount(amounts, "D"),
        patient_liability=_amount(amounts, "EAF"),
        adjustments=adjustments([s for s in own if s[0] == "CAS"]),
        references=tuple([reference(s) for s in payer if s[0] == "REF"]),
        paid_on=paid_on.begin if paid_on else None,
    )
