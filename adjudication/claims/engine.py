"""The claim engine: deciding a claim, and reversing a decided one (CONTRACT section 5, "837").

Lines are judged in order, then shared in order, and each sees what the earlier ones used; the caller puts
every record into the facts (`ClaimFacts.after`) before the next claim of the person. A replacement is
reverse_claim, then decide_claim with the facts after the reversal; a void is reverse_claim alone."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.authorization import Running
from x12_payer.adjudication.claims.case import ClaimCase, OnFile, open_case, whole_stay
from x12_payer.adjudication.claims.coordination import coordinate, open_prior
from x12_payer.adjudication.claims.lines import Draft, LineOutcome, draft_line, promise, settle_line
from x12_payer.adjudication.claims.money import copays
from x12_payer.adjudication.claims.record import record_claim
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord, LineRecord
from x12_payer.authorization.facts import AccumulatorUse, Use
from x12_payer.authorization.units import give_back, kept, open_ledger
from x12_payer.edi.messages.claim import Adjustment, Claim
from x12_payer.edi.messages.remittance import RemittanceClaim, RemittanceLine

ZERO = Decimal(0)


def decide_claim(
    claim: Claim,
    number: str,
    facts: ClaimFacts,
    on_file: OnFile,
    received: date,
    reversal: ClaimRecord | None = None,
) -> ClaimRecord:
    """The record of one claim under our claim control number: paid, denied, pended or predetermined.

    `reversal`: of the claim that this one corrects; `facts` are those after it."""
    if reversal is not None:
        approvals = kept(facts.member.approvals, reversal.uses)
        facts = evolve(facts, member=evolve(facts.member, approvals=approvals))
    case = open_case(claim, number, facts, on_file, received)
    return record_claim(case, _decide_lines(case))


def _decide_lines(case: ClaimCase) -> tuple[LineOutcome, ...]:
    running = Running(ledger=open_ledger(use for claim in case.active for use in claim.uses))
    prior = open_prior(case)
    drafts: list[Draft] = []
    lines = (whole_stay(case),) if case.drg_fee is not None else case.claim.lines
    for line in lines:
        draft, running = draft_line(case, line, running)
        drafts.append(draft)
    outcomes: list[LineOutcome] = []
    for draft, owed in zip(drafts, copays([draft.parts for draft in drafts]), strict=True):
        outcome, running = settle_line(draft, owed, running)
        if prior is not None:
            outcome, running, prior = coordinate(outcome, running, prior)
        outcomes.append(promise(outcome) if case.claim.predetermination else outcome)
    return tuple(outcomes)


# -- reversal --------------------------------------------------------------------------------------


def reverse_claim(
    original: ClaimRecord, number: str, as_of: datetime, facts: ClaimFacts | None = None
) -> ClaimRecord:
    """The record that takes a claim back: every amount negated, units and accumulators given back.

    With the person's `facts`, a visit that another claim in force on the same day also counted stays counted;
    without them everything the original took is given back."""
    others = tuple(
        c for c in (facts.claims if facts else ()) if c.claim_number != original.claim_number and c.finalized
    )
    history = [u for c in facts.claims for u in c.uses] if facts else list(original.uses)
    moved = [u for c in facts.claims for u in c.accumulators] if facts else list(original.accumulators)
    return evolve(
        original,
        claim_number=number,
        charge=-original.charge,
        paid=-original.paid,
        patient_responsibility=-original.patient_responsibility,
        status="reversal",
        adjudicated=as_of.date(),
        lines=tuple(_negated_line(line) for line in original.lines),
        remittance=_negated(original.remittance) if original.remittance else None,
        uses=give_back(original.uses, _alone([u for c in others for u in c.uses]), history, number),
        accumulators=_give_back(original.accumulators, others, moved),
        replaces=original.claim_number,
        replaced_by="",
        trace="",
        remitted=None,
        interest=-original.interest,
    )


def _give_back(
    taken: tuple[AccumulatorUse, ...], others: tuple[ClaimRecord, ...], history: list[AccumulatorUse]
) -> tuple[AccumulatorUse, ...]:
    """Amounts negated; visits by the same rule as the days of an approval."""
    visits = tuple(u for u in taken if u.day is not None)
    amounts = tuple(evolve(u, amount=-u.amount) for u in taken if u.day is None)
    back = give_back(
        _as_uses(visits),
        _alone(_as_uses(tuple(u for c in others for u in c.accumulators))),
        _as_uses(tuple(history)),
        "",
    )
    counted = tuple(evolve(visit, amount=use.units) for visit, use in zip(visits, back, strict=True))
    return (*amounts, *counted)


def _alone(active: Sequence[Use]) -> list[Use]:
    """Without the uses of a day that another of these claims holds: they do not need the one given back."""
    held = {(u.approval_key, u.service_date) for u in active if u.units > ZERO}
    return [u for u in active if u.units or (u.approval_key, u.service_date) not in held]


def _as_uses(visits: tuple[AccumulatorUse, ...]) -> tuple[Use, ...]:
    """Visits as uses of an approval named for accumulator and provider: one rule gives both back."""
    return tuple(
        Use(f"{v.name}/{v.provider_npi}", "", "", "", v.amount, v.day) for v in visits if v.day is not None
    )


def _negated_line(line: LineRecord) -> LineRecord:
    return evolve(line, charge=-line.charge, paid=-line.paid, copay=-line.copay)


def _negated(claim: RemittanceClaim) -> RemittanceClaim:
    """CLP02 22: the claim as first reported with its amounts negated, units left; CLP05 is not sent."""
    return evolve(
        claim,
        status="22",
        charge=-claim.charge,
        paid=-claim.paid,
        patient_responsibility=ZERO,
        adjustments=_negated_all(claim.adjustments),
        coverage=None if claim.coverage is None else -claim.coverage,
        patient_paid=None if claim.patient_paid is None else -claim.patient_paid,
        interest=None,
        lines=tuple(_negated_remittance_line(line) for line in claim.lines),
    )


def _negated_remittance_line(line: RemittanceLine) -> RemittanceLine:
    return evolve(
        line,
        charge=-line.charge,
        paid=-line.paid,
        adjustments=_negated_all(line.adjustments),
        allowed=None if line.allowed is None else -line.allowed,
    )


def _negated_all(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(evolve(a, amount=-a.amount) for a in adjustments)
