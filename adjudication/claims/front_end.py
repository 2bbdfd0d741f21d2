"""The front-end edits of a claim: what a 277CA refuses before adjudication (CONTRACT section 5, "837").

Here is what only the store can decide (type 7); what the claim itself shows (types 3 to 6) comes in as
`edits`. Every edit that applies is reported; a claim for another payer gets that one alone."""

from collections.abc import Iterator
from datetime import date, timedelta

from x12_payer.adjudication.claims.case import line_period
from x12_payer.adjudication.claims.coverage_checks import line_item
from x12_payer.adjudication.people import PersonMatch, Roster, find_dependent, find_subscriber, is_our_payer
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.authorization.duplicates import Item, Key, Whole, claim_key, days_of
from x12_payer.authorization.lists import listed
from x12_payer.authorization.parties import Directory, Payer
from x12_payer.edi.codes.frequencies import REFUSED, REPLACEMENT, VOID, effect, takes_back
from x12_payer.edi.edits.claims import ClaimEdits
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Claim, LineAcknowledgment, ServiceLine
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.tables import reason

NO_EDITS = ClaimEdits()


@frozen
class FrontEndResult:
    """No statuses: accepted. `lines` are those that caused a rejection; `patient` is who was found."""

    statuses: tuple[Status, ...]
    lines: tuple[LineAcknowledgment, ...]
    patient: PersonMatch

    @property
    def accepted(self) -> bool:
        """True when the claim goes on to adjudication (A2:20)."""
        return not self.statuses


@frozen
class FrontEndReason:
    """A key of reasons.csv."""

    key: str

    @property
    def status(self) -> Status:
        """The STC of the finding."""
        row = reason(self.key)
        return Status(row.category, row.status, row.entity)


@frozen
class Corrected:
    """The claim that a correction or void names (REF*F8), None when none is in force; whether it comes past
    its time."""

    original: ClaimRecord | None = None
    late: bool = False


NO_CLAIM = Corrected()


def check_claim(
    claim: Claim,
    roster: Roster,
    directory: Directory,
    payer: Payer,
    corrects: Corrected = NO_CLAIM,
    edits: ClaimEdits = NO_EDITS,
    repeats: bool = False,
) -> FrontEndResult:
    """What the 277CA says of a claim. `edits`: what the check of types 3 to 7 says of it; `repeats`: a claim
    before it in the file has the same `key_of`."""
    if not is_our_payer(claim.payer, payer):
        return FrontEndResult((FrontEndReason("front_payer").status,), (), PersonMatch())
    patient = _patient(claim, roster)
    reasons = [
        *_provider_reasons(claim, directory),
        *(FrontEndReason(key) for key in patient.reasons),
        *_payment_reasons(claim),
        *_date_reasons(claim),
        *_purpose_reasons(claim),
        *_frequency_reasons(claim),
        *_original_reasons(claim, corrects, patient, edits),
        *_file_reasons(repeats),
    ]
    statuses = dict.fromkeys((*(f.status for f in reasons), *edits.statuses))
    return FrontEndResult(tuple(statuses), _refused_lines(claim, edits), patient)


def _refused_lines(claim: Claim, edits: ClaimEdits) -> tuple[LineAcknowledgment, ...]:
    """The lines of which the check says something."""
    if not edits.lines:
        return ()
    answered = ((line, edits.lines.get(line.position, ())) for line in claim.lines)
    return tuple(LineAcknowledgment(line, statuses) for line, statuses in answered if statuses)


def _patient(claim: Claim, roster: Roster) -> PersonMatch:
    """The patient: the subscriber, or one of the subscriber's family."""
    subscriber = find_subscriber(claim.subscriber, roster)
    if not subscriber.found or claim.patient == claim.subscriber:
        return subscriber
    return find_dependent(claim.patient, subscriber, roster)


# -- providers -------------------------------------------------------------------------------------


def _provider_reasons(claim: Claim, directory: Directory) -> Iterator[FrontEndReason]:
    if directory.provider(claim.billing_provider.npi) is None:
        yield FrontEndReason("front_billing_unknown")


# -- what others paid, and when -----------------------------------------------------------------------


def _payment_reasons(claim: Claim) -> Iterator[FrontEndReason]:
    if lacks_prior_payment(claim):
        yield FrontEndReason("front_prior_payment")


def _date_reasons(claim: Claim) -> Iterator[FrontEndReason]:
    """Without a day nobody knows what holds for a service; a predetermination asks what would be, a void
    takes back what was."""
    if claim.predetermination or claim.service_period or claim.statement:
        return
    if effect(claim.kind, claim.frequency) == VOID:
        return
    if any(line.period is None for line in claim.lines):
        yield FrontEndReason("front_undated")


def lacks_prior_payment(claim: Claim) -> bool:
    """True when we are not the first payer and nothing says what the first one did (2320 AMT, CAS; 2430)."""
    if claim.is_billed_first:
        return False
    answered = any(
        p.paid is not None or p.patient_liability is not None or p.adjustments for p in claim.other_payers
    )
    return not answered and not any(line.prior_payments for line in claim.lines)


# -- replacement, void, duplicate ------------------------------------------------------------------


def _purpose_reasons(claim: Claim) -> Iterator[FrontEndReason]:
    """An encounter is reported and a subrogation demanded under BHT06: neither asks us to pay a claim."""
    if not listed("charged", claim.purpose):
        yield FrontEndReason("front_purpose")


def _frequency_reasons(claim: Claim) -> Iterator[FrontEndReason]:
    """Bills that no provider sends to a plan, and those that nothing here acts on."""
    if effect(claim.kind, claim.frequency) == REFUSED:
        yield FrontEndReason("front_frequency")


def _original_reasons(
    claim: Claim, corrects: Corrected, patient: PersonMatch, edits: ClaimEdits
) -> Iterator[FrontEndReason]:
    """A replacement or void must name a claim that we hold and is in force, a replacement in time."""
    if not takes_back(claim.kind, claim.frequency):
        return
    if edits.statuses and not claim.reference("F8"):
        return  # reported already: there is no number
    if corrects.original is None or not may_replace(claim, corrects.original, patient):
        yield FrontEndReason("front_original_unknown")
    elif corrects.late:
        yield FrontEndReason("front_filed_late")


def is_late(claim: Claim, received: date, remitted: date | None, payer: Payer) -> bool:
    """True for a correction that comes more than the filing limit after the latest remittance of what it
    corrects, after its service while there is none. A void is never late: it gives money back."""
    if effect(claim.kind, claim.frequency) != REPLACEMENT or listed("accepted_delay", claim.delay_reason):
        return False
    served = (line_period(claim, line, received).end for line in claim.lines)
    begin = remitted or max(served, default=received)
    return received > begin + timedelta(payer.timely_filing_days)


def may_replace(claim: Claim, original: ClaimRecord, patient: PersonMatch) -> bool:
    """True when the original is the same patient's, was billed by the same provider and is still in force."""
    if original.status in ("reversed", "reversal"):
        return False
    if patient.found and original.member_id != patient.member_id:
        return False
    billing = claim.billing_provider
    tax_id = billing.reference("EI", "SY")
    return billing.npi == original.billing_npi or bool(tax_id and tax_id == original.billing_tax_id)


def _file_reasons(repeats: bool) -> Iterator[FrontEndReason]:
    if repeats:
        yield FrontEndReason("front_duplicate")


def key_of(claim: Claim) -> Key:
    """What makes two claims of a file the same (authorization/duplicates.py)."""
    patient = claim.patient
    return claim_key(
        Whole(
            items=tuple([_item(claim, line) for line in claim.lines]),
            kind=claim.kind,
            billing_npi=claim.billing_provider.npi,
            subscriber_id=claim.subscriber.id,
            last_name=patient.party.last_name,
            first_name=patient.party.first_name,
            birth_date=patient.birth_date,
            total=claim.charge,
            frequency=claim.frequency,
            original=claim.reference("F8"),
            predetermination=claim.predetermination,
            responsibility=claim.responsibility,
            facility=claim.facility_code,
            statement=days_of(claim.statement),
            service_dates=days_of(claim.service_period),
        )
    )


def _item(claim: Claim, line: ServiceLine) -> Item:
    renderers = tuple([p.npi for p in line.providers])
    return line_item(claim.billing_provider.npi, line, line.period, line.place_of_service, renderers)
