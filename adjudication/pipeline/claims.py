"""837 sets: claims in chunks, front-end edits, decisions in file order, one 277CA a set; then the 835s.

The store is asked for everything that 500 claims need in a few queries, and their results are written in
bulk: a query for each claim took most of the time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from attrs import evolve, field

from x12_payer.adjudication.claims.case import OnFile, claim_days
from x12_payer.adjudication.claims.corrections import Claims, Meant, by_number, last_remitted, meant
from x12_payer.adjudication.claims.engine import decide_claim, reverse_claim
from x12_payer.adjudication.claims.front_end import (
    NO_EDITS,
    Corrected,
    FrontEndResult,
    check_claim,
    is_late,
    key_of,
)
from x12_payer.adjudication.pipeline.messages import with_messages
from x12_payer.adjudication.pipeline.values import Answer, Settings, payer_party
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord, FeeSchedule
from x12_payer.adjudication.store.claims import Refused, mark_replaced, save_claims, save_refused
from x12_payer.adjudication.store.facts import (
    Days,
    RosterIndex,
    approvals_by_number,
    claim_chains,
    claim_facts,
    directory,
    fee_schedule,
    roster_index,
)
from x12_payer.adjudication.store.unit import Unit
from x12_payer.authorization.duplicates import Key
from x12_payer.authorization.facts import Approval
from x12_payer.authorization.parties import Directory
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.codes.frequencies import VOID, effect, takes_back
from x12_payer.edi.edits.claims import ClaimEdits
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Claim, ClaimAcknowledgment, ClaimAcknowledgmentSet, ClaimSet
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.parsers.common import LoopSegment
from x12_payer.edi.parsers.x837 import read_837
from x12_payer.edi.tables import reason
from x12_payer.edi.wire.segments import Delimiters

CHUNK = 500  # claims looked up, decided and written together


Came = tuple[Claim, str]  # a claim and the text of it that is kept


@frozen
class Batch:
    """What the claims of one interchange share: decided records in order, and the claims seen so far."""

    interchange: int
    records: list[ClaimRecord] = field(factory=list)
    seen: set[Key] = field(factory=set)
    rejected: list[str] = field(factory=list)  # CLM01 of those refused in the 277CA
    accepted: list[str] = field(factory=list)  # our number of those that went on


@frozen
class Decision:
    """What a claim gave: its records (a reversal before the claim that replaces what it reverses), the
    person's facts after it, and the claims that were withdrawn with what took their place."""

    records: tuple[ClaimRecord, ...]
    facts: ClaimFacts
    withdrawn: tuple[tuple[str, str], ...] = ()

    @property
    def taken_away(self) -> list[tuple[str, str]]:
        """(claim, what took its place): withdrawn, reversed, replaced. One that pends takes nothing away."""
        decided = [(r.replaces, r.claim_number) for r in self.records if r.replaces and r.status != "pended"]
        return [*self.withdrawn, *decided]


@frozen
class Lookups:
    """What one chunk needs from the store, read in a few queries."""

    roster: RosterIndex
    directory: Directory
    fees: FeeSchedule
    originals: Claims  # those that REF*F8 names, with what replaced them and what they replaced
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
    claim_set, claims = read_837(segments, delimiters, version)
    # Its text at once: the segments of a whole chunk at hand would fill the caches of the machine.
    came = with_messages(claims, delimiters, version)
    reported: list[ClaimAcknowledgment] = []
    for chunk in chunks(came):
        reported += answer_chunk(chunk, unit, settings, batch, edits)
    return acknowledge(claim_set, reported, unit, settings)


def chunks(claims: Iterable[Came]) -> Iterator[list[Came]]:
    """The claims in lists of at most CHUNK."""
    rest = iter(claims)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def answer_chunk(
    chunk: Sequence[Came], unit: Unit, settings: Settings, batch: Batch, edits: Mapping[int, ClaimEdits]
) -> list[ClaimAcknowledgment]:
    """Front-end edits for every claim of the chunk, then decisions in order; what one uses the next sees."""
    claims = [claim for claim, _ in chunk]
    look = look_up(claims, unit)
    if at := second_correction(claims, look.originals):  # it finds in the store what became of the original
        before = answer_chunk(chunk[:at], unit, settings, batch, edits)
        return [*before, *answer_chunk(chunk[at:], unit, settings, batch, edits)]
    results = [front_end(c, look, settings, batch, edits.get(c.position, NO_EDITS)) for c in claims]
    accepted = [(c, r.patient.member_id) for c, r in zip(claims, results, strict=True) if r.accepted]
    first = unit.take_numbers("claim", len(accepted)) if accepted else 0
    facts = claim_facts(unit, look.roster, days_that_matter(accepted, settings.as_of.date()))
    today, welcome = f"{settings.as_of:%y%m%d}", (accepted_status(),)
    reported: list[ClaimAcknowledgment] = []
    decided: list[Decision] = []
    messages: dict[str, str] = {}
    refused: list[Refused] = []
    for (claim, message), result in zip(chunk, results, strict=True):
        if not result.accepted:
            batch.rejected.append(claim.control_number)
            refused.append(refused_claim(claim, result))
            reported.append(ClaimAcknowledgment(claim, False, result.statuses, "", result.lines))
            continue
        number = f"{today}{first:07d}"
        first += 1
        reported.append(ClaimAcknowledgment(claim, True, welcome, number))
        batch.accepted.append(number)
        messages[number] = message
        member = result.patient.member_id
        decision = decide(claim, number, facts[member], look, settings)
        facts[member] = decision.facts
        decided.append(decision)
    save_refused(unit, refused, batch.interchange)
    save_decisions(decided, batch.interchange, unit, messages)
    batch.records.extend(record for decision in decided for record in decision.records)
    return reported


def days_that_matter(claims: Iterable[tuple[Claim, str]], today: date) -> dict[str, Days | None]:
    """Of each member the dates on which earlier claims may meet these; None (any date) for who has one
    corrected or voided: what that gives back depends on everything that used the same."""
    days: dict[str, Days | None] = {}
    for claim, member in claims:
        begin, end = claim_days(claim, today)
        if takes_back(claim.kind, claim.frequency):
            days[member] = None
        elif (known := days.get(member, (begin, end))) is not None:
            days[member] = min(begin, known[0]), max(end, known[1])
    return days


def second_correction(claims: Sequence[Claim], originals: Claims) -> int:
    """The place of the first claim that corrects what one before it corrects; 0 when there is none."""
    corrected: set[str] = set()
    for at, claim in enumerate(claims):
        found = meant_by(claim, originals).claim
        if found is None:
            continue
        if found.claim_number in corrected:
            return at
        corrected.add(found.claim_number)
    return 0


def meant_by(claim: Claim, originals: Claims) -> Meant:
    """What a claim takes away: nothing unless it is a correction or a void."""
    return meant(named_by(claim), originals) if takes_back(claim.kind, claim.frequency) else Meant(None)


def named_by(claim: Claim) -> str:
    """Our number of the claim that a correction or void names."""
    return claim.reference("F8")


def refused_claim(claim: Claim, result: FrontEndResult) -> Refused:
    """What is kept of a claim that is refused."""
    stated = (":".join(filter(None, (s.category, s.code, s.entity))) for s in result.statuses)
    return Refused(claim.control_number, claim.billing_provider.npi, claim.charge, " ".join(stated))


def save_decisions(
    decided: Sequence[Decision], interchange: int, unit: Unit, messages: Mapping[str, str]
) -> None:
    """The records of the decisions, the claims as they came, and what was taken away."""
    records = [record for decision in decided for record in decision.records]
    save_claims(unit, records, interchange, messages)
    mark_replaced(unit, [pair for decision in decided for pair in decision.taken_away])


def look_up(claims: Sequence[Claim], unit: Unit) -> Lookups:
    """Everything the chunk asks of the store."""
    return Lookups(
        roster_index(unit, (p for c in claims for p in (c.subscriber, c.patient))),
        directory(unit, {npi for c in claims for npi in npis_of(c)}),
        fee_schedule(unit, {code for c in claims for code in codes_of(c)}),
        claim_chains(unit, {named_by(c) for c in claims if takes_back(c.kind, c.frequency)}),
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
    key = key_of(claim)
    original = meant_by(claim, look.originals).claim
    remitted = last_remitted(original.claim_number, look.originals) if original else None
    result = check_claim(
        claim,
        look.roster.roster(claim.subscriber, claim.patient),
        look.directory,
        settings.payer,
        Corrected(original, is_late(claim, settings.as_of.date(), remitted, settings.payer)),
        edits,
        repeats=key in batch.seen,
    )
    batch.seen.add(key)
    return result


def decide(claim: Claim, number: str, facts: ClaimFacts, look: Lookups, settings: Settings) -> Decision:
    """The decision of a claim that comes in: received today; a correction of it that waits is withdrawn."""
    target = Meant(None)
    if takes_back(claim.kind, claim.frequency):
        target = meant(named_by(claim), by_number((*look.originals.values(), *facts.claims)))
    waiting = tuple(c.claim_number for c in target.waiting)
    facts = facts.withdrawn(waiting, number)
    decision = decide_against(target, claim, number, facts, look, settings, settings.as_of.date())
    if not waiting:
        return decision
    return evolve(decision, withdrawn=tuple((waits, number) for waits in waiting))


def decide_against(
    target: Meant,
    claim: Claim,
    number: str,
    facts: ClaimFacts,
    look: Lookups,
    settings: Settings,
    received: date,
) -> Decision:
    """The decision of a claim that takes the place of `target`: for a replacement the reversal before it,
    for a void the reversal alone. A replacement that pends holds its reversal: what it corrects stays."""
    original = target.claim
    void = effect(claim.kind, claim.frequency) == VOID
    if void:
        assert original is not None, "a void of nothing is refused at the door"
        reversal = evolve(reverse_claim(original, number, settings.as_of, facts), received=received)
        return Decision((reversal,), facts.after(reversal))
    reversals: tuple[ClaimRecord, ...] = ()
    after = facts
    if target.active is not None:
        # Beside a corrected claim the reversal is a record of its own; on the wire it bears the original's.
        reversals = (reverse_claim(target.active, reversal_number(number), settings.as_of, facts),)
        after = facts.after(*reversals)
    on_file = OnFile(
        settings.plans, look.directory, look.fees, settings.payer, look.approvals, settings.as_of.date()
    )
    taken_back = reversals[0] if reversals else None
    decided = decide_claim(claim, number, after, on_file, received, taken_back)
    replaces = original.claim_number if original else ""
    if decided.replaces != replaces:
        decided = evolve(decided, replaces=replaces)
    if decided.status == "pended":
        return Decision((decided,), facts.after(decided))
    return Decision((*reversals, decided), after.after(decided))


def reversal_number(number: str) -> str:
    """The number of the reversal that goes with a correction."""
    return f"{number}R"


def accepted_status() -> Status:
    """A2:20, the status of every claim that goes on."""
    row = reason("front_accepted")
    return Status(row.category, row.status)


def acknowledge(
    claim_set: ClaimSet, reported: Sequence[ClaimAcknowledgment], unit: Unit, settings: Settings
) -> Answer:
    """The 277CA of one 837 set."""
    today = settings.as_of.date()
    reference = f"{unit.take_numbers('277CA'):09d}"
    acknowledgment = ClaimAcknowledgmentSet(
        claim_set, payer_party(settings, "PR", "PI"), reference, today, today, tuple(reported)
    )
    return Answer("277CA", "277", "HN", "005010X214", build_277ca(acknowledgment, settings.as_of))
