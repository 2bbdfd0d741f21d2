"""Pended claims, decided again: the missing fee or plan is loaded, or our own check passes.

They are decided as of now, with the day the claim was received: what other claims used meanwhile counts.
A claim keeps its number. One whose cause remains stays as it is, and nothing is written."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from attrs import evolve

from x12_payer.adjudication.claims.corrections import by_number, meant
from x12_payer.adjudication.pipeline.claims import CHUNK, Decision, Lookups, decide_against, look_up
from x12_payer.adjudication.pipeline.messages import claim_from
from x12_payer.adjudication.pipeline.outbound import Correspondent
from x12_payer.adjudication.pipeline.own_check import OWN_CHECK, Trial
from x12_payer.adjudication.pipeline.values import Settings
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord
from x12_payer.adjudication.store.claims import (
    Pended,
    correspondents,
    mark_replaced,
    rewrite_claim,
    save_claims,
    waiting_claims,
)
from x12_payer.adjudication.store.facts import claim_facts, directory, roster_of
from x12_payer.adjudication.store.records import restore
from x12_payer.adjudication.store.unit import Unit
from x12_payer.edi.codes.frequencies import VOID, effect
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Claim


@frozen
class Waiting:
    """A claim that pends, the interchange it came in, and the claim as it came."""

    record: ClaimRecord
    interchange: int
    claim: Claim


def decide_pended(
    unit: Unit, settings: Settings, numbers: Iterable[str] | None = None
) -> tuple[ClaimRecord, ...]:
    """Decide the claims that pend (of these numbers, or all) again, in the order they came. Gives those that
    are decided now."""
    senders: dict[int, str] = {}
    decided: list[ClaimRecord] = []
    waiting = (_as_it_came(one) for one in waiting_claims(unit, numbers) if one.message)
    while chunk := list(islice(waiting, CHUNK)):
        senders = senders or correspondents(unit)
        decided += _decide_chunk(chunk, unit, settings, senders)
    return tuple(decided)


def _as_it_came(one: Pended) -> Waiting:
    return Waiting(one.record, one.interchange, claim_from(one.message))


def _decide_chunk(
    chunk: Sequence[Waiting], unit: Unit, settings: Settings, senders: dict[int, str]
) -> Iterator[ClaimRecord]:
    look = look_up([one.claim for one in chunk], unit)
    members = dict.fromkeys(one.record.member_id for one in chunk)
    facts = claim_facts(unit, roster_of(unit, members), members)
    for one in chunk:
        before = facts[one.record.member_id]
        if not any(c.claim_number == one.record.claim_number and c.status == "pended" for c in before.claims):
            continue  # withdrawn meanwhile
        decision = _decide(one, before, look, settings)
        if decision is None or not _passes(one, decision, unit, settings, senders):
            continue
        facts[one.record.member_id] = decision.facts
        yield _save(one, decision, unit)


def _decide(one: Waiting, facts: ClaimFacts, look: Lookups, settings: Settings) -> Decision | None:
    """The decision of a claim that waited; None when it has to wait on."""
    claim, record = one.claim, one.record
    number = record.claim_number
    facts = facts.without(number)
    target = meant(record.replaces, by_number(facts.claims))
    waiting = tuple(c.claim_number for c in target.waiting)
    if effect(claim.kind, claim.frequency) == VOID and target.claim is None:
        return None  # what it takes back is gone already
    facts = facts.withdrawn(waiting, number)
    decision = decide_against(target, claim, number, facts, look, settings, record.received)
    if decision.records[-1].status == "pended":
        return None
    return evolve(decision, withdrawn=tuple((other, number) for other in waiting))


def _passes(
    one: Waiting, decision: Decision, unit: Unit, settings: Settings, senders: dict[int, str]
) -> bool:
    """True when nothing that held the claim at our own check would hold it again."""
    if OWN_CHECK not in one.record.reasons:
        return True
    due = [record for record in decision.records if record.remittance is not None]
    to = restore(senders[one.interchange], Correspondent)
    payees = directory(unit, {record.billing_npi for record in due}).providers
    return not due or not Trial(to, payees, settings).fails(due)


def _save(one: Waiting, decision: Decision, unit: Unit) -> ClaimRecord:
    """Write the decision: the claim keeps its place, a reversal beside it is new."""
    *reversals, decided = decision.records
    decided = evolve(decided, replaces=decided.replaces or one.record.replaces)
    rewrite_claim(unit, decided)
    save_claims(unit, reversals, one.interchange)
    mark_replaced(unit, decision.taken_away)
    return decided
