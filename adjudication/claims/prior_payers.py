"""What the payers before us did with a claim, assigned to its lines (CONTRACT section 7, X221A1 CAS*OA*23).

Each payer reports what it paid and wrote off and what it left to the patient: by line (2430), for the
claim (2320), or both. What is reported for the claim alone has no line and is assigned to the lines, to
the cent:

- what was left to the patient goes to each line as far as our benefit for it can use it, in the order of
  the lines (so the claim is paid the lesser of our benefit and what was left, whatever the order); what
  no benefit uses falls to the last lines. A line takes no more of it than that payer had paid on it.
- what was paid or written off goes to the lines in order, up to what each still has open.

Of several payers the one that left least to the patient decides: a later payer never adds to what is
left."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.pricing import cents
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Adjustment, Claim, OtherPayer, PriorPayment, ServiceLine
from x12_payer.edi.tables import reason

ZERO = Decimal(0)
PRIOR_PAYER = "claim_prior_payer"
_PATIENT = "PR"


@frozen
class Part:
    """One line as the earlier payers left it. explained: paid or written off. reported: what the payers that
    speak of the line left to the patient, None when none does.

    least, most: bounds of what may be left of it; least_after, most_after: those of the lines behind it."""

    charge: Decimal
    explained: Decimal = ZERO
    reported: Decimal | None = None
    least: Decimal = ZERO
    most: Decimal = ZERO
    least_after: Decimal = ZERO
    most_after: Decimal = ZERO


@frozen
class Prior:
    """The lines that are still to be settled, first to last, and what the claim has for them together.

    left: to the patient. explained: what is paid or written off for the claim without a line."""

    parts: tuple[Part, ...]
    left: Decimal
    explained: Decimal = ZERO


@frozen
class _Reported:
    """What one payer says of one line."""

    paid: Decimal
    explained: Decimal
    left: Decimal


@frozen
class _Payer:
    """What one payer says: of the lines (None: nothing), and of the claim beyond these."""

    lines: tuple[_Reported | None, ...]
    explained: Decimal = ZERO  # of the claim, without a line; negative where it takes back from the lines
    moved: bool = False  # the claim's part takes from what the lines were paid
    left: Decimal | None = None  # of the whole claim; None: nothing says it
    settled: bool = False  # it says only what is left: the rest is paid or written off


def prior_payers(claim: Claim) -> Prior:
    """What is left of each line of the claim after the payers before us."""
    payers = [p for p in _payers(claim) if p is not None]
    parts = _bounded([_part(payers, at, line.charge) for at, line in enumerate(claim.lines)])
    charge = _sum(p.charge for p in parts)
    explained = _sum(t.explained for p in payers for t in p.lines if t) + _sum(p.explained for p in payers)
    left = min([p.left for p in payers if p.left is not None], default=charge)
    if not payers or any(p.left is None for p in payers):
        left = min(left, charge - explained)
    settled = any(p.settled for p in payers)
    beyond = charge if settled else _sum(max(p.explained, ZERO) for p in payers)
    return Prior(parts, _within(left, ZERO, _sum(p.most for p in parts)), beyond)


def as_whole(prior: Prior) -> Prior:
    """The lines taken together, for a stay that is priced as one."""
    reported = [p.reported for p in prior.parts]
    whole = Part(
        charge=_sum(p.charge for p in prior.parts),
        explained=_sum(p.explained for p in prior.parts),
        reported=None if None in reported else _sum(t for t in reported if t is not None),
        least=_sum(p.least for p in prior.parts),
        most=_sum(p.most for p in prior.parts),
    )
    return evolve(prior, parts=(whole,))


def after_line(prior: Prior, left: Decimal, explained: Decimal) -> Prior:
    """What is left for the lines behind the first one, which took so much of both."""
    part = prior.parts[0]
    beyond = max(explained - own_explained(part, left), ZERO)
    return Prior(prior.parts[1:], prior.left - left, prior.explained - beyond)


def left_to_patient(prior: Prior, benefit: Decimal) -> Decimal:
    """What the earlier payers left to the patient of the first line, which we would pay `benefit` for."""
    part = prior.parts[0]
    useful = max(part.least, min(benefit, prior.left - part.least_after), prior.left - part.most_after)
    return _within(useful, ZERO, min(part.most, prior.left))


def explained_of(prior: Prior, left: Decimal) -> Decimal:
    """What the earlier payers paid and wrote off of the first line, of which they left so much (OA*23)."""
    part = prior.parts[0]
    return _within(own_explained(part, left) + prior.explained, ZERO, part.charge - left)


def own_explained(part: Part, left: Decimal) -> Decimal:
    """What the payers say of the line itself, less what the claim took back from it for the patient."""
    taken = ZERO if part.reported is None else max(left - part.reported, ZERO)
    return _within(part.explained - taken, ZERO, part.charge - left)


# -- lines -----------------------------------------------------------------------------------------


def _part(payers: Sequence[_Payer], at: int, charge: Decimal) -> Part:
    reported = [(p, t) for p in payers if (t := p.lines[at]) is not None]
    silent = len(reported) < len(payers) or not payers
    left = min([t.left for _, t in reported], default=None)
    most = min([t.left + (t.paid if p.moved else ZERO) for p, t in reported], default=charge)
    return Part(
        charge=charge,
        explained=_sum(t.explained for _, t in reported),
        reported=left,
        least=ZERO if silent or left is None else _within(left, ZERO, charge),
        most=_within(most, ZERO, charge),
    )


def _bounded(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Each part with the bounds of those behind it."""
    found: list[Part] = []
    least = most = ZERO
    for part in reversed(parts):
        found.append(evolve(part, least_after=least, most_after=most))
        least, most = least + part.least, most + part.most
    return tuple(reversed(found))


# -- payers ----------------------------------------------------------------------------------------


def _payers(claim: Claim) -> Iterable[_Payer | None]:
    """Every payer once; one id in several 2320 is one payer, as nothing distinguishes its lines."""
    by_id: dict[str, list[OtherPayer]] = {}
    for number, other in enumerate(claim.other_payers):
        by_id.setdefault(_id(other) or f" {number}", []).append(other)
    for line in claim.lines:
        for payment in line.prior_payments:
            by_id.setdefault(payment.payer_id.strip(), [])
    for payer_id, others in by_id.items():
        yield _payer(claim.lines, payer_id, others)


def _id(other: OtherPayer) -> str:
    return other.payer.id.strip() if other.payer else ""


def _payer(lines: Sequence[ServiceLine], payer_id: str, others: Sequence[OtherPayer]) -> _Payer | None:
    """One payer, None when it says nothing: it has not decided yet, or comes after us."""
    reported = tuple([_reported(_of_line(line, payer_id)) for line in lines])
    paid_by_line = _sum(t.paid for t in reported if t)
    paid = _known(other.paid for other in others)
    liability = _known(other.patient_liability for other in others)
    adjusted = [a for other in others for a in other.adjustments]
    if not any(reported) and paid is None and liability is None and not adjusted:
        return None
    if any(reported) and paid in (None, paid_by_line):
        adjusted = _beyond(adjusted, lines, payer_id)
    if paid is None:
        before = paid_by_line if any(reported) else _sum(line.charge for line in lines)
        paid = (
            max(before - _sum(cents(a.amount) for a in adjusted), ZERO) if any(reported) or adjusted else ZERO
        )
    explained = paid - paid_by_line + _written_off(adjusted)
    left: Decimal | None = _sum(t.left for t in reported if t) + _of_patient(adjusted)
    if liability is not None:
        left = liability
    elif None in reported and not adjusted:
        left = None
    settled = liability is not None and not adjusted and not any(reported)
    return _Payer(reported, explained, bool(adjusted) and any(reported), left, settled)


def _of_line(line: ServiceLine, payer_id: str) -> list[PriorPayment]:
    return [p for p in line.prior_payments if p.payer_id.strip() == payer_id]


def _reported(payments: Sequence[PriorPayment]) -> _Reported | None:
    """What one payer's 2430 of a line come to, several when it split the line."""
    if not payments:
        return None
    adjusted = [a for p in payments for a in p.adjustments]
    paid = _sum(cents(p.paid) for p in payments)
    liability = _known(p.patient_liability for p in payments)
    left = _of_patient(adjusted) if liability is None else liability
    return _Reported(paid, paid + _written_off(adjusted), max(left, ZERO))


def _beyond(adjusted: Sequence[Adjustment], lines: Sequence[ServiceLine], payer_id: str) -> list[Adjustment]:
    """The adjustments of the claim that the lines do not have too: AMT*D is what the lines were paid, so the
    claim took nothing from it, and what is at both levels is said twice."""
    open_: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        for a in (a for payment in _of_line(line, payer_id) for a in payment.adjustments):
            open_[a.group, a.reason] = open_.get((a.group, a.reason), ZERO) + cents(a.amount)
    found: list[Adjustment] = []
    for a in adjusted:
        amount = cents(a.amount)
        known = min(amount, max(open_.get((a.group, a.reason), ZERO), ZERO))
        open_[a.group, a.reason] = open_.get((a.group, a.reason), ZERO) - known
        if amount - known:
            found.append(evolve(a, amount=amount - known))
    return found


def _of_patient(adjusted: Iterable[Adjustment]) -> Decimal:
    return _sum(cents(a.amount) for a in adjusted if a.group == _PATIENT)


def _written_off(adjusted: Iterable[Adjustment]) -> Decimal:
    """CO, OA and PI, but for the payer's own OA*23: that is what others before it did."""
    row = reason(PRIOR_PAYER)
    own = (row.group, row.carc)
    return _sum(cents(a.amount) for a in adjusted if a.group != _PATIENT and (a.group, a.reason) != own)


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is said, None when nothing is."""
    stated = [cents(amount) for amount in amounts if amount is not None]
    return _sum(stated) if stated else None


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _within(amount: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(low, min(amount, high))
