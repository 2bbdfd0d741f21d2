"""The edits of a claim at the door: what a 277CA refuses before adjudication (CONTRACT section 5, "837").

Every finding that applies is told; a claim for another payer is told only that."""

from collections.abc import Container, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from attrs import frozen

from adjudication.people import PersonMatch, Roster, find_dependent, find_subscriber, is_our_payer
from adjudication.records import ClaimRecord
from authorization.parties import Directory, Payer
from edi.codeforms import is_icd10_cm, is_npi, is_procedure
from edi.messages.claim import Claim, LineAcknowledgment, ServiceLine
from edi.messages.claim_status import Status
from edi.messages.common import Party, Period
from edi.tables import reason, rows

REPLACEMENT, VOID = "7", "8"

ClaimKey = tuple[object, ...]


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
class Finding:
    """A key of reasons.csv, with the entity (277CA STC01-03) when the row leaves it open."""

    key: str
    entity: str = ""

    @property
    def status(self) -> Status:
        """The STC of the finding."""
        row = reason(self.key)
        return Status(row.category, row.status, self.entity or row.entity)


def check_claim(
    claim: Claim,
    roster: Roster,
    directory: Directory,
    payer: Payer,
    seen: Container[ClaimKey],
    original: ClaimRecord | None,
    as_of: datetime,
    key: ClaimKey | None = None,
) -> FrontEndResult:
    """What the 277CA says of a claim. `seen` holds the `claim_key` of the claims before it in the file,
    `original` is the claim its REF*F8 names, None when we hold none; `key` its own key, when it is known."""
    if not is_our_payer(claim.payer, payer):
        return FrontEndResult((Finding("front_payer").status,), (), PersonMatch())
    patient = _patient(claim, roster)
    lines = tuple(_checked_lines(claim, as_of.date()))
    findings = [
        *_provider_findings(claim, directory),
        *(Finding(key) for key in patient.reasons),
        *_claim_findings(claim, as_of.date()),
        *_original_findings(claim, original, patient),
        *_file_findings(key or claim_key(claim), seen),
    ]
    statuses = [f.status for f in findings] + [s for line in lines for s in line.statuses]
    return FrontEndResult(tuple(dict.fromkeys(statuses)), lines, patient)


def _patient(claim: Claim, roster: Roster) -> PersonMatch:
    """The patient: the subscriber, or one of the subscriber's family."""
    subscriber = find_subscriber(claim.subscriber, roster)
    if not subscriber.found or claim.patient == claim.subscriber:
        return subscriber
    return find_dependent(claim.patient, subscriber, roster)


# -- providers -------------------------------------------------------------------------------------


def _provider_findings(claim: Claim, directory: Directory) -> Iterator[Finding]:
    billing = claim.billing_provider
    if directory.provider(billing.npi) is None:
        yield Finding("front_billing_unknown")
    yield from _npi_findings((billing, *claim.providers))


def _npi_findings(providers: tuple[Party, ...]) -> Iterator[Finding]:
    """A7:562 with the entity, for each provider whose NPI has another check digit."""
    for provider in providers:
        if provider.npi and not is_npi(provider.npi):
            yield Finding("front_npi", _entity(provider.entity))


def _entity(entity: str) -> str:
    """How a 277CA names the provider of an 837, '' when it has no name for it."""
    return _entities().get(entity, "")


@cache
def _entities() -> dict[str, str]:
    return {row["entity"]: row["status_entity"] for row in rows("claim_entities")}


# -- the claim and its lines -----------------------------------------------------------------------


def _claim_findings(claim: Claim, today: date) -> Iterator[Finding]:
    if not charges_balance(claim):
        yield Finding("front_charge")
    if not all(is_icd10_cm(d.code) for d in claim.diagnoses):
        yield Finding("front_diagnosis")
    yield from _future_findings((claim.statement, claim.service_period), today)
    if lacks_prior_payment(claim):
        yield Finding("front_prior_payment")


def charges_balance(claim: Claim) -> bool:
    """CLM02 is the sum of the line charges."""
    return claim.charge == sum((line.charge for line in claim.lines), Decimal(0))


def _future_findings(periods: tuple[Period | None, ...], today: date) -> Iterator[Finding]:
    """A7:510 when a date of service lies after today."""
    if any(p is not None and p.end > today for p in periods):
        yield Finding("front_future")


def lacks_prior_payment(claim: Claim) -> bool:
    """True when we are not the first payer and nothing says what the first one did (AMT*D, 2430)."""
    if claim.responsibility in ("", "P", "U"):
        return False
    told = any(p.paid is not None for p in claim.other_payers)
    return not told and not any(line.prior_payments for line in claim.lines)


def _checked_lines(claim: Claim, today: date) -> Iterator[LineAcknowledgment]:
    """The lines with a finding of their own."""
    for line in claim.lines:
        findings = tuple(_line_findings(line, today))
        if findings:
            yield LineAcknowledgment(line, tuple(dict.fromkeys(f.status for f in findings)))


def _line_findings(line: ServiceLine, today: date) -> Iterator[Finding]:
    yield from _future_findings((line.period,), today)
    procedure = line.procedure
    if procedure is not None and not is_procedure(procedure.qualifier, procedure.code):
        yield Finding("front_procedure")
    yield from _npi_findings(line.providers)


# -- replacement, void, duplicate ------------------------------------------------------------------


def _original_findings(claim: Claim, original: ClaimRecord | None, patient: PersonMatch) -> Iterator[Finding]:
    """A replacement or void must name a claim that we hold and that still stands."""
    if claim.frequency not in (REPLACEMENT, VOID):
        return
    if not claim.reference("F8"):
        yield Finding("front_original_missing")
    elif original is None or not may_replace(claim, original, patient):
        yield Finding("front_original_unknown")


def may_replace(claim: Claim, original: ClaimRecord, patient: PersonMatch) -> bool:
    """True when the original is the same patient's, was billed by the same provider and still stands."""
    if original.status in ("reversed", "reversal"):
        return False
    if patient.found and original.member_id != patient.member_id:
        return False
    billing = claim.billing_provider
    tax_id = billing.reference("EI", "SY")
    return billing.npi == original.billing_npi or bool(tax_id and tax_id == original.billing_tax_id)


def _file_findings(key: ClaimKey, seen: Container[ClaimKey]) -> Iterator[Finding]:
    if key in seen:
        yield Finding("front_duplicate")


def claim_key(claim: Claim) -> ClaimKey:
    """What makes two claims of a file the same: everything but the sender's own numbers (C16)."""
    patient = claim.patient
    return (
        claim.kind,
        claim.billing_provider.npi,
        claim.subscriber.id,
        patient.party.last_name,
        patient.party.first_name,
        patient.birth_date,
        claim.charge,
        claim.frequency,
        claim.reference("F8"),
        claim.predetermination,
        claim.responsibility,
        claim.facility_code,
        claim.statement and (claim.statement.begin, claim.statement.end),
        claim.service_period and (claim.service_period.begin, claim.service_period.end),
        tuple([_line_key(line) for line in claim.lines]),
    )


def _line_key(line: ServiceLine) -> ClaimKey:
    procedure = line.procedure
    return (
        procedure and (procedure.code, procedure.modifiers),
        line.revenue_code,
        line.quantity,
        line.charge,
        line.period and (line.period.begin, line.period.end),
        line.place_of_service,
        line.teeth,
        line.surfaces,
        line.oral_cavity,
        tuple([p.npi for p in line.providers]),
    )
