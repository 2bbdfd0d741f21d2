"""837 sets: claims in chunks, front-end edits, decisions in file order, one 277CA a set; then the 835s."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from adjudication.claims import decide_claim, reverse_claim
from adjudication.front_end import (
    NO_EDITS,
    REPLACEMENT,
    VOID,
    ClaimKey,
    FrontEndResult,
    check_claim,
    claim_key,
)
from adjudication.pipeline_inquiries import payer_party
from adjudication.pipeline_values import Answer, Settings
from adjudication.records import ClaimFacts, ClaimRecord, FeeSchedule
from adjudication.store_facts import (
    RosterIndex,
    approvals_by_number,
    claim_facts,
    claims_by_number,
    directory,
    fee_schedule,
    roster_index,
)
from adjudication.store_unit import Unit
from authorization.facts import Approval
from authorization.parties import Directory
from edi.builders.x277ca import build_277ca
from edi.claim_edits import ClaimEdits
from edi.messages.claim import Claim, ClaimAcknowledgment, ClaimAcknowledgmentSet, ClaimSet
from edi.messages.claim_status import Status
from edi.parsers.common import LoopSegment
from edi.parsers.x837 import parse_837
from edi.segments import Delimiters
from edi.tables import reason

CHUNK = 500  # claims looked up, decided and written together


@frozen
class Batch:
    """What the claims of one interchange share: decided records in order, and the claims seen so far."""

    interchange: int
    records: list[ClaimRecord] = field(factory=list)
    seen: set[ClaimKey] = field(factory=set)
    rejected: list[str] = field(factory=list)  # CLM01 of those refused in the 277CA
    accepted: list[str] = field(factory=list)  # our number of those that went on


@frozen
class Lookups:
    """What one chunk needs from the store, read in a few queries."""

    roster: RosterIndex
    directory: Directory
    fees: FeeSchedule
    originals: dict[str, ClaimRecord]
    approvals: dict[str, tuple[Approval, ...]]


def answer_claims(
    segments: Iterable[LoopSegment],
    delimiters: Delimiters,
    version: str,
    unit: Unit,
    settings: Settings,
    batch: Batch,
    edits: Mapping[int, ClaimEdits],
) -> Answer:
    """One 837 set → one 277CA set; the decided claims are added to the batch and to the store. `edits` say
    what the check found, by the position of the CLM."""
    claim_set, claims = parse_837(segments, delimiters, version)
    told: list[ClaimAcknowledgment] = []
    for chunk in chunks(claims):
        told += answer_chunk(chunk, unit, settings, batch, edits)
    return acknowledge(claim_set, told, unit, settings)


def chunks(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """The claims in lists of at most CHUNK. A second claim against the same original begins a new list, so
    that it finds in the store what became of the original."""
    chunk: list[Claim] = []
    replaced: set[str] = set()
    for claim in claims:
        original = claim.reference("F8") if claim.frequency in (REPLACEMENT, VOID) else ""
        if len(chunk) == CHUNK or original in replaced:
            yield chunk
            chunk, replaced = [], set()
        chunk.append(claim)
        if original:
            replaced.add(original)
    if chunk:
        yield chunk


def answer_chunk(
    claims: Sequence[Claim], unit: Unit, settings: Settings, batch: Batch, edits: Mapping[int, ClaimEdits]
) -> list[ClaimAcknowledgment]:
    """Front-end edits for every claim of the chunk, then decisions in order; what one uses the next sees."""
    look = look_up(claims, unit)
    results = [front_end(c, look, settings, batch, edits.get(c.position, NO_EDITS)) for c in claims]
    accepted = [r.patient.member_id for r in results if r.accepted]
    first = unit.take_numbers("claim", len(accepted)) if accepted else 0
    facts = claim_facts(unit, look.roster, accepted)
    today, welcome = f"{settings.as_of:%y%m%d}", (accepted_status(),)
    told: list[ClaimAcknowledgment] = []
    decided: list[ClaimRecord] = []
    for claim, result in zip(claims, results, strict=True):
        if not result.accepted:
            batch.rejected.append(claim.control_number)
            told.append(ClaimAcknowledgment(claim, False, result.statuses, "", result.lines))
            continue
        number = f"{today}{first:07d}"
        first += 1
        told.append(ClaimAcknowledgment(claim, True, welcome, number))
        batch.accepted.append(number)
        before = facts[result.patient.member_id]
        records = decide(claim, number, before, look, settings)
        facts[result.patient.member_id] = before.after(*records)
        decided += records
    unit.save_claims(decided, batch.interchange)
    unit.mark_replaced([(r.replaces, r.claim_number) for r in decided if r.replaces])
    batch.records.extend(decided)
    return told


def look_up(claims: Sequence[Claim], unit: Unit) -> Lookups:
    """Everything the chunk asks of the store."""
    return Lookups(
        roster_index(unit, (p for c in claims for p in (c.subscriber, c.patient))),
        directory(unit, {npi for c in claims for npi in npis_of(c)}),
        fee_schedule(unit, {code for c in claims for code in codes_of(c)}),
        claims_by_number(unit, {c.reference("F8") for c in claims if c.frequency in (REPLACEMENT, VOID)}),
        dict(approvals_by_number(unit, {number for c in claims for number in numbers_of(c)})),
    )


def npis_of(claim: Claim) -> Iterator[str]:
    """Every NPI the claim names."""
    yield claim.billing_provider.npi
    for provider in claim.providers:
        yield provider.npi
    for line in claim.lines:
        for provider in line.providers:
            yield provider.npi


def codes_of(claim: Claim) -> Iterator[str]:
    """Every code the claim could be priced by."""
    yield claim.drg
    for line in claim.lines:
        yield line.revenue_code
        if line.procedure is not None:
            yield line.procedure.code


def numbers_of(claim: Claim) -> Iterator[str]:
    """Every authorization and referral number the claim quotes."""
    for references in (claim.references, *(line.references for line in claim.lines)):
        for reference in references:
            if reference.qualifier in ("G1", "9F"):
                yield reference.value


def front_end(
    claim: Claim, look: Lookups, settings: Settings, batch: Batch, edits: ClaimEdits
) -> FrontEndResult:
    """The edits of one claim, and its key remembered for the claims after it."""
    key = claim_key(claim)
    result = check_claim(
        claim,
        look.roster.roster(claim.subscriber, claim.patient),
        look.directory,
        settings.payer,
        batch.seen,
        look.originals.get(claim.reference("F8")),
        key,
        edits,
    )
    batch.seen.add(key)
    return result


def decide(
    claim: Claim, number: str, facts: ClaimFacts, look: Lookups, settings: Settings
) -> tuple[ClaimRecord, ...]:
    """The decision of one claim: for a replacement the reversal before it, for a void the reversal alone."""
    records: tuple[ClaimRecord, ...] = ()
    if claim.frequency in (REPLACEMENT, VOID):
        original = look.originals[claim.reference("F8")]
        # Beside a corrected claim the reversal is a record of its own; on the wire it bears the original's.
        own = number if claim.frequency == VOID else f"{number}R"
        records = (reverse_claim(original, own, settings.as_of, facts),)
        facts = facts.after(*records)
    if claim.frequency == VOID:
        return records
    decided = decide_claim(
        claim,
        number,
        facts,
        settings.plans,
        look.directory,
        look.fees,
        settings.payer,
        look.approvals,
        settings.as_of.date(),
        settings.as_of,
    )
    return (*records, decided)


def accepted_status() -> Status:
    """A2:20, the status of every claim that goes on."""
    row = reason("front_accepted")
    return Status(row.category, row.status)


def acknowledge(
    claim_set: ClaimSet, told: Sequence[ClaimAcknowledgment], unit: Unit, settings: Settings
) -> Answer:
    """The 277CA of one 837 set."""
    today = settings.as_of.date()
    reference = f"{unit.take_numbers('277CA'):09d}"
    acknowledgment = ClaimAcknowledgmentSet(
        claim_set, payer_party(settings, "PR", "PI"), reference, today, today, tuple(told)
    )
    return Answer("277CA", "277", "HN", "005010X214", build_277ca(acknowledgment, settings.as_of))
