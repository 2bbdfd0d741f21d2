"""Decided lines as a claim record and as the content of the 835 (X221A1 2100 and 2110)."""

from datetime import date
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.case import ClaimCase, npi_of
from x12_payer.adjudication.claims.coverage_checks import NO_LONGER_COVERED
from x12_payer.adjudication.claims.lines import LineOutcome
from x12_payer.adjudication.claims.money import adjust, claim_status
from x12_payer.adjudication.pricing import cents
from x12_payer.adjudication.records import ClaimRecord, LineRecord
from x12_payer.authorization.facts import AccumulatorUse
from x12_payer.authorization.lists import meaning
from x12_payer.authorization.settings import is_inpatient_bill
from x12_payer.edi.codes.frequencies import takes_back
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Adjustment, Claim
from x12_payer.edi.messages.common import Party, Period, Reference
from x12_payer.edi.messages.remittance import RemittanceClaim, RemittanceLine
from x12_payer.edi.tables import reason

ZERO = Decimal(0)
_KEPT = ("EA", "D9", "F8")  # references of the claim the record keeps


@frozen
class Totals:
    """A claim's money: what is paid, what the member owes, and the adjustments of the claim as a whole."""

    paid: Decimal
    owed: Decimal
    adjustments: tuple[Adjustment, ...]
    reasons: tuple[str, ...]


def record_claim(case: ClaimCase, outcomes: tuple[LineOutcome, ...]) -> ClaimRecord:
    """The record of a claim decided today; one line that waits for pricing makes the whole claim wait."""
    if any(outcome.pended for outcome in outcomes):
        return _pended(case, outcomes)
    return _record(case, outcomes, _status(case.claim, outcomes), _totals(outcomes))


def _pended(case: ClaimCase, outcomes: tuple[LineOutcome, ...]) -> ClaimRecord:
    waiting = tuple(o if o.pended else evolve(o, paid=ZERO, reasons=(), copay=ZERO) for o in outcomes)
    keys = tuple(dict.fromkeys(key for o in waiting for key in o.reasons))
    return _record(case, waiting, "pended", Totals(ZERO, ZERO, (), keys))


def _status(claim: Claim, outcomes: tuple[LineOutcome, ...]) -> str:
    if claim.predetermination:
        return "predetermined"
    return "denied" if all(outcome.denied for outcome in outcomes) else "paid"


def _totals(outcomes: tuple[LineOutcome, ...]) -> Totals:
    """The lines' sums, less a flat penalty the member owes for the whole claim (BH-07). It lowers our
    benefit: after other payers it counts as far as the benefit no longer reaches what they left."""
    paid = sum([o.paid for o in outcomes], ZERO)
    benefit = sum([o.paid if o.benefit is None else o.benefit for o in outcomes], ZERO)
    owed = sum([a.amount for o in outcomes for a in o.adjustments if a.group == "PR"], ZERO)
    flat = cents(max([o.penalty for o in outcomes], default=ZERO))
    penalty = max(paid - max(benefit - flat, ZERO), ZERO)
    if not penalty:
        return Totals(paid, owed, (), ())
    key = "claim_precertification_penalty"
    return Totals(paid - penalty, owed + penalty, (adjust(key, penalty),), (key,))


def _summed(outcomes: tuple[LineOutcome, ...]) -> tuple[AccumulatorUse, ...]:
    """Accumulators of the claim: amounts added up by name and year, visits one by one."""
    if not any(outcome.accumulators for outcome in outcomes):
        return ()
    sums: dict[tuple[str, int, date | None, str], Decimal] = {}
    for outcome in outcomes:
        for use in outcome.accumulators:
            key = (use.name, use.year, use.day, use.provider_npi)
            sums[key] = sums.get(key, ZERO) + use.amount
    return tuple(
        [AccumulatorUse(name, year, amount, day, npi) for (name, year, day, npi), amount in sums.items()]
    )


def _record(case: ClaimCase, outcomes: tuple[LineOutcome, ...], status: str, totals: Totals) -> ClaimRecord:
    """The record; of a claim that pends it says nothing that only a decision gives."""
    claim, decided = case.claim, status != "pended"
    spans = case.facts.member.spans
    span = case.facts.member.span(case.begin) or (spans[-1] if spans else None)
    return ClaimRecord(
        claim_number=case.number,
        member_id=case.facts.member.member_id,
        subscriber_id=span.subscriber_id if span else claim.subscriber.id,
        plan_id=span.plan_id if span else "",
        kind=claim.kind,
        control_number=claim.control_number,
        frequency=claim.frequency,
        billing_npi=case.billing_npi,
        billing_tax_id=claim.billing_provider.reference("EI", "SY"),
        charge=claim.charge,
        paid=totals.paid,
        patient_responsibility=totals.owed,
        status=status,
        received=case.received,
        adjudicated=case.today if decided else None,
        service_begin=case.begin,
        service_end=case.end,
        facility_code=claim.facility_code,
        lines=tuple([_line_record(outcome) for outcome in outcomes]),
        remittance=_remittance(case, outcomes, totals) if decided else None,
        reasons=totals.reasons,
        uses=tuple([use for o in outcomes for use in o.uses]) if decided else (),
        accumulators=_summed(outcomes) if decided else (),
        rendering_npi=case.rendering_npi,
        claim_references=tuple([(r.qualifier, r.value) for r in claim.references if r.qualifier in _KEPT]),
        replaces=claim.reference("F8") if takes_back(claim.kind, claim.frequency) else "",
        clearinghouse_trace=claim.reference("D9"),
    )


def _line_record(outcome: LineOutcome) -> LineRecord:
    line = outcome.line
    return LineRecord(
        number=line.number,
        charge=line.charge,
        paid=outcome.paid,
        procedure=line.procedure,
        revenue_code=line.revenue_code,
        unit=line.unit,
        quantity=line.quantity,
        period=outcome.period,
        control_number=line.control_number,
        reasons=outcome.reasons,
        copay=outcome.copay,
        rendering_npi=outcome.rendering_npi,
        sites=line.sites,
    )


# -- the 835's view --------------------------------------------------------------------------------


def _remittance(case: ClaimCase, outcomes: tuple[LineOutcome, ...], totals: Totals) -> RemittanceClaim:
    claim = case.claim
    numbers = tuple(dict.fromkeys([number for o in outcomes for number in o.numbers]))
    whole = case.drg_fee is not None  # no lines: every adjustment belongs to the claim
    rendering = claim.provider("82")
    return RemittanceClaim(
        control_number=claim.control_number,
        status="25" if claim.predetermination else claim_status(claim),
        charge=claim.charge,
        paid=totals.paid,
        patient_responsibility=totals.owed,
        filing_indicator=meaning("filing_indicator", claim.filing_indicator, claim.filing_indicator),
        payer_control_number=case.number,
        patient=_named(claim.patient.party, "QC"),
        facility_code=claim.facility_code,
        frequency=claim.frequency,
        drg=claim.drg if whole else "",
        insured=_insured(claim),
        rendering=_named(rendering, "82") if rendering and rendering.npi else None,
        adjustments=(*totals.adjustments, *(a for o in outcomes if whole for a in o.adjustments)),
        references=_claim_references(claim, numbers if whole or len(numbers) == 1 else ()),
        statement=_statement(case),
        received=case.received,
        expiration=_coverage_end(case, outcomes),
        patient_paid=cents(claim.patient_paid) if claim.patient_paid else None,
        remarks=_claim_remarks(outcomes, totals) if whole else _remarks(totals),
        inpatient=is_inpatient_bill(case.type_of_bill),
        lines=() if whole else tuple([_remittance_line(claim, o, len(numbers) > 1) for o in outcomes]),
    )


def _coverage_end(case: ClaimCase, outcomes: tuple[LineOutcome, ...]) -> date | None:
    """DTM*036: the last day of coverage, when a line was denied because it came after (X221A1 2100)."""
    if not any(NO_LONGER_COVERED in outcome.reasons for outcome in outcomes):
        return None
    ended = (span.termination_date for span in case.facts.member.spans)
    return max((day for day in ended if day and day < case.end), default=None)


def _named(party: Party, entity: str) -> Party:
    """The name and number of a party, as an NM1 of the 835 has it."""
    return Party(
        entity=entity,
        entity_type=party.entity_type,
        last_name=party.last_name,
        first_name=party.first_name,
        middle_name=party.middle_name,
        suffix=party.suffix,
        id_qualifier=party.id_qualifier,
        id=party.id,
    )


def _insured(claim: Claim) -> Party | None:
    if claim.patient == claim.subscriber:
        return None
    return _named(claim.subscriber.party, "IL")


def _claim_references(claim: Claim, numbers: tuple[str, ...]) -> tuple[Reference, ...]:
    """G1 of the authorizations used where no line says them; EA as sent, and of a correction the claim it
    names."""
    used = tuple(Reference("G1", number) for number in numbers)
    echoed = ("EA", "F8") if takes_back(claim.kind, claim.frequency) else ("EA",)
    sent = tuple([Reference(r.qualifier, r.value) for r in claim.references if r.qualifier in echoed])
    return (*used, *sent)


def _statement(case: ClaimCase) -> Period | None:
    """DTM 232 and 233: the statement of an institutional claim, the dates of one priced as a whole."""
    if case.claim.kind != "I":
        return None
    return case.claim.statement or Period("434", case.begin, case.end)


def _remarks(totals: Totals) -> tuple[str, ...]:
    return tuple([code for code in [reason(key).rarc for key in totals.reasons] if code])


def _claim_remarks(outcomes: tuple[LineOutcome, ...], totals: Totals) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_remarks(totals), *(code for o in outcomes for code in o.remarks))))


def _remittance_line(claim: Claim, outcome: LineOutcome, own_numbers: bool) -> RemittanceLine:
    """One 2110. SVC05 is what was considered for payment, SVC07 what was billed when that differs.

    A line without a date of its own says none: the statement's dates are in 2100, a predetermination has
    none at all."""
    line = outcome.line
    references = []
    if own_numbers:
        references += [Reference("G1", number) for number in outcome.numbers]
    control_number = line.control_number
    if control_number:
        references.append(Reference("6R", control_number))
    rendering = npi_of(line.providers, "82")
    if rendering not in ("", npi_of(claim.providers, "82") or claim.billing_provider.npi):
        references.append(Reference("HPI", rendering))  # another provider than the claim's
    return RemittanceLine(
        charge=line.charge,
        paid=outcome.paid,
        procedure=line.procedure,
        revenue_code=line.revenue_code,
        units_paid=outcome.covered,
        units_billed=line.quantity if line.quantity != outcome.covered else None,
        period=line.period or claim.service_period,
        adjustments=outcome.adjustments,
        references=tuple(references),
        allowed=outcome.allowed if not outcome.denied else None,
        remarks=outcome.remarks,
    )
