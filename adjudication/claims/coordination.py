"""A decided line after the payers before us (CONTRACT section 5 "secondary", section 7).

The line is first decided as if nobody had paid before us. Then `OA*23` is what the earlier payers paid
and wrote off, we pay the lesser of our benefit and what they left to the patient, and what is left of the
charge keeps our own reasons: the patient's share, what we refuse, last what is above the fee. A line that
we deny keeps its denial for what `OA*23` does not explain; a denial of group OA (a duplicate) covers the
whole charge.

The member's deductible and out-of-pocket move by what the member really owes us (CLP05), not by the share
that an earlier payer bore; inside the claim our benefit is computed with whole shares."""

from collections.abc import Iterable
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.claims.authorization import Running
from x12_payer.adjudication.claims.case import ClaimCase
from x12_payer.adjudication.claims.lines import LineOutcome
from x12_payer.adjudication.claims.money import (
    BALANCE_BILLED,
    COINSURANCE,
    COPAY,
    DEDUCTIBLE,
    OVER_FEE,
    adjust,
    claim_status,
)
from x12_payer.adjudication.claims.prior_payers import (
    PRIOR_PAYER,
    Prior,
    after_line,
    as_whole,
    explained_of,
    left_to_patient,
    prior_payers,
)
from x12_payer.authorization.facts import AccumulatorUse
from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.tables import reason

ZERO = Decimal(0)
_SHARES = (DEDUCTIBLE, COINSURANCE, COPAY)  # in the order they are kept
_ABOVE = (OVER_FEE, BALANCE_BILLED)
_OF_MEMBER = ("deductible", "out_of_pocket")  # accumulators of what the member pays


def open_prior(case: ClaimCase) -> Prior | None:
    """What the earlier payers did, None when we are the first (SBR01)."""
    if claim_status(case.claim) == "1":
        return None
    prior = prior_payers(case.claim)
    return as_whole(prior) if case.drg_fee is not None else prior


def coordinate(outcome: LineOutcome, running: Running, prior: Prior) -> tuple[LineOutcome, Running, Prior]:
    """The next line of the claim, decided as if we were the first payer, after the others; and what is used
    up and left for the lines behind it."""
    if outcome.pended or (outcome.denied and _undecided(outcome)):
        return outcome, running, after_line(prior, ZERO, ZERO)
    left = left_to_patient(prior, outcome.paid)
    explained = explained_of(prior, left)
    settled = _settled(outcome, min(outcome.paid, left), explained)
    return settled, _given_back(running, outcome, settled), after_line(prior, left, explained)


def _settled(outcome: LineOutcome, paid: Decimal, explained: Decimal) -> LineOutcome:
    adjustments = (
        *((adjust(PRIOR_PAYER, explained),) if explained else ()),
        *_own(outcome.adjustments, outcome.line.charge - explained - paid),
    )
    return evolve(
        outcome,
        paid=paid,
        benefit=outcome.paid,
        adjustments=adjustments,
        copay=_amount(adjustments, (COPAY,)),
        accumulators=_moved(outcome.accumulators, adjustments, paid),
    )


def _undecided(outcome: LineOutcome) -> bool:
    """A denial that is nobody's liability: the line is not judged at all."""
    group = reason(PRIOR_PAYER).group
    return all(a.group == group for a in outcome.adjustments)


# -- our own reasons -------------------------------------------------------------------------------


def _own(adjustments: tuple[Adjustment, ...], rest: Decimal) -> tuple[Adjustment, ...]:
    """As much of the line's own adjustments as there is left to explain; should they not reach, the rest is
    above the fee."""
    kept: list[Adjustment] = []
    for a in sorted(adjustments, key=_rank):
        amount = min(a.amount, rest)
        if amount:
            kept.append(evolve(a, amount=amount))
            rest -= amount
    return (*kept, adjust(OVER_FEE, rest)) if rest else tuple(kept)


def _rank(a: Adjustment) -> int:
    """The member's share, what else falls to the member, what we refuse, what is above the fee."""
    if _is(a, _SHARES):
        return [_is(a, (key,)) for key in _SHARES].index(True)
    if _is(a, _ABOVE):
        return len(_SHARES) + 2
    return len(_SHARES) + (a.group != reason(COPAY).group)


def _is(a: Adjustment, keys: Iterable[str]) -> bool:
    return any((row.group, row.carc) == (a.group, a.reason) for row in map(reason, keys))


def _amount(adjustments: Iterable[Adjustment], keys: Iterable[str]) -> Decimal:
    return sum([a.amount for a in adjustments if _is(a, keys)], ZERO)


# -- accumulators ----------------------------------------------------------------------------------


def _moved(
    uses: tuple[AccumulatorUse, ...], adjustments: tuple[Adjustment, ...], paid: Decimal
) -> tuple[AccumulatorUse, ...]:
    """The accumulators as the line moves them in the end: the member's by what is owed, a yearly maximum by
    what is paid, visits as they were."""
    deductible, out_of_pocket = _OF_MEMBER
    return (
        *_shrunk([u for u in uses if u.name == deductible], _amount(adjustments, (DEDUCTIBLE,))),
        *_shrunk([u for u in uses if u.name == out_of_pocket], _amount(adjustments, _SHARES)),
        *_shrunk(_of_maximum(uses), paid),
        *(u for u in uses if u.day is not None),
    )


def _of_maximum(uses: Iterable[AccumulatorUse]) -> list[AccumulatorUse]:
    return [use for use in uses if use.day is None and use.name not in _OF_MEMBER]


def _shrunk(uses: Iterable[AccumulatorUse], to: Decimal) -> tuple[AccumulatorUse, ...]:
    """The uses, first to last, until they come to the amount."""
    kept: list[AccumulatorUse] = []
    for use in uses:
        amount = min(use.amount, to)
        if amount:
            kept.append(evolve(use, amount=amount))
            to -= amount
    return tuple(kept)


def _given_back(running: Running, decided: LineOutcome, settled: LineOutcome) -> Running:
    """What the line does not take of a yearly maximum, because others paid, is there for the next line."""
    if decided.paid == settled.paid or not _of_maximum(decided.accumulators):
        return running
    added = dict(running.added)
    for sign, outcome in ((-1, decided), (1, settled)):
        for use in _of_maximum(outcome.accumulators):
            added[use.name, use.year] = added.get((use.name, use.year), ZERO) + sign * use.amount
    return evolve(running, added=added)
