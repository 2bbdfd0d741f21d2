"""What must add up, to the cent: an 835 before it is sent and when it is validated, the charges and the
other payers' part of an 837 (SNIP type 3; wire rules section 6.2).

An 835 is read in order, with one claim of it held at a time; an 837 is given claim by claim. Amounts that
are absent or not numbers count as zero: the guide check reports those."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from x12_payer.edi.frozen import frozen
from x12_payer.edi.wire.segments import OutElement

_ZERO = Decimal(0)
OTHER_PAYER = "balance-837-other-payer"
_REVERSAL = "22"
_DIGITS = 18  # data element 782
_CHARGE = {"SV1": 2, "SV2": 3, "SV3": 2}  # the element that holds the charge of an 837 line

_Segment = Sequence[OutElement]
Numbered = tuple[int, _Segment]


@frozen
class Imbalance:
    """Something that does not add up: `key` names the rule, `ordinal` is the place of the segment that states
    the total (SVC, CLP, BPR; CLM, the first SVD of the payer, AMT*D). `stated` is written there, `summed` is
    what the parts come to."""

    key: str
    ordinal: int
    stated: Decimal
    summed: Decimal

    @property
    def difference(self) -> Decimal:
        """By how much the total is too high."""
        return self.stated - self.summed


def check_835(segments: Iterable[_Segment]) -> list[str]:
    """The keys of what does not balance in one 835 (the body or the whole set), in order; [] when all
    does."""
    return [found.key for found in balance_835(segments)]


def balance_835(segments: Iterable[_Segment]) -> Iterator[Imbalance]:
    """Every equation of one 835 that does not hold: lines and claims in order, the payment last. Ordinals
    count the segments given, from 1."""
    claim: list[Numbered] = []
    ordinal_of_payment, payment, total = 0, _ZERO, _ZERO
    for ordinal, segment in enumerate(segments, 1):
        tag = segment[0]
        if tag in ("CLP", "LX", "PLB", "SE"):
            yield from claim_835(claim)
            claim = []
        if tag == "BPR":
            ordinal_of_payment, payment = ordinal, _amount(segment, 2)
        elif tag == "PLB":
            total -= provider_adjusted(segment)
        elif tag == "CLP":
            total += _amount(segment, 4)
            claim = [(ordinal, segment)]
        elif claim:
            claim.append((ordinal, segment))
    yield from claim_835(claim)
    yield from payment_835(ordinal_of_payment, payment, total)


def payment_835(ordinal: int, payment: Decimal, total: Decimal) -> Iterator[Imbalance]:
    """BPR02 is what the claims were paid less the provider adjustments (`total`), and not negative."""
    yield from _unequal("balance-835-payment", ordinal, payment, total)
    if payment < 0:
        yield Imbalance("balance-835-negative-payment", ordinal, payment, _ZERO)


def provider_adjusted(plb: _Segment) -> Decimal:
    """The sum of the amounts of one PLB."""
    return _sum(plb, first=4, step=2)


def claim_835(block: Sequence[Numbered]) -> Iterator[Imbalance]:
    """One claim, CLP first. Line: charge - CAS = paid. Claim: charge - every CAS = paid, charge = the lines'
    charges, CLP05 = every CAS*PR (a reversal says no CLP05)."""
    if not block:
        return
    ordinal, clp = block[0]
    adjusted, of_patient = _ZERO, _ZERO
    lines: list[tuple[int, _Segment]] = []
    charges: list[Decimal] = []  # of the lines
    remaining: list[Decimal] = []  # what the adjustments of each line leave of its charge
    for place, segment in block:
        tag = segment[0]
        if tag == "SVC":
            lines.append((place, segment))
            charges.append(_amount(segment, 2))
            remaining.append(charges[-1])
        elif tag == "CAS":
            amount = _sum(segment, first=3, step=3)
            adjusted += amount
            if _text(segment, 1) == "PR":
                of_patient += amount
            if lines:
                remaining[-1] -= amount
    for (place, svc), left in zip(lines, remaining, strict=True):
        if (paid := _amount(svc, 3)) != left:
            yield Imbalance("balance-835-line", place, paid, left)
    charge = _amount(clp, 3)
    yield from _unequal("balance-835-claim", ordinal, _amount(clp, 4), charge - adjusted)
    if lines:
        yield from _unequal("balance-835-charge", ordinal, charge, sum(charges, _ZERO))
    if _text(clp, 2) != _REVERSAL:
        yield from _unequal("balance-835-patient", ordinal, _amount(clp, 5), of_patient)


def charge_837(ordinal: int, charge: Decimal, charges: Iterable[Decimal]) -> Iterator[Imbalance]:
    """CLM02 is the sum of the line charges."""
    yield from _unequal("balance-837-charge", ordinal, charge, sum(charges, _ZERO))


def claim_837(block: Sequence[Numbered]) -> Iterator[Imbalance]:
    """One claim, CLM first: CLM02 = the lines' charges. Then the lines, then the other payers."""
    if not block:
        return
    ordinal, clm = block[0]
    own, *lines = _parts(block, "LX")
    charge = _amount(clm, 2)
    charges = [_line_charge(line) for line in lines]
    yield from charge_837(ordinal, charge, charges)
    payments = [_parts(line, "SVD")[1:] for line in lines]
    for line_charge, paid in zip(charges, payments, strict=True):
        yield from _line_payments(line_charge, paid)
    for other in _parts(own, "SBR")[1:]:
        of_lines = [p for line in payments for p in line if _text(p[0][1], 1) == _payer_id(other)]
        yield from _other_payer(other, charge, of_lines)


def _line_charge(line: Sequence[Numbered]) -> Decimal:
    return next(
        (_amount(s, _CHARGE[s[0]]) for _, s in line if isinstance(s[0], str) and s[0] in _CHARGE), _ZERO
    )


def _line_payments(charge: Decimal, payments: Sequence[Sequence[Numbered]]) -> Iterator[Imbalance]:
    """For each other payer: what it paid and adjusted on the line (2430, several when it split the line)
    comes to the line's charge."""
    explained: dict[str, Decimal] = {}
    first: dict[str, int] = {}
    for payment in payments:
        ordinal, svd = payment[0]
        payer = _text(svd, 1)
        first.setdefault(payer, ordinal)
        explained[payer] = explained.get(payer, _ZERO) + _amount(svd, 2) + _adjusted(payment)
    for payer, total in explained.items():
        yield from _unequal("balance-837-line-payment", first[payer], charge, total)


def _other_payer(
    other: Sequence[Numbered], charge: Decimal, line_payments: Sequence[Sequence[Numbered]]
) -> Iterator[Imbalance]:
    """AMT*D, when sent, is the claim's charge less the payer's CAS of the claim (2320) and of the lines."""
    stated = next((item for item in other if item[1][0] == "AMT" and _text(item[1], 1) == "D"), None)
    if stated is None:
        return
    summed = charge - _adjusted(other) - sum((_adjusted(p) for p in line_payments), _ZERO)
    yield from _unequal(OTHER_PAYER, stated[0], _amount(stated[1], 2), summed)


def _payer_id(other: Sequence[Numbered]) -> str:
    """NM109 of 2330B."""
    return next((_text(s, 9) for _, s in other if s[0] == "NM1" and _text(s, 1) == "PR"), "")


def _parts(block: Sequence[Numbered], tag: str) -> list[list[Numbered]]:
    """What comes before the first segment with the tag (perhaps nothing), then one part for each of them."""
    parts: list[list[Numbered]] = [[]]
    for item in block:
        if item[1][0] == tag:
            parts.append([])
        parts[-1].append(item)
    return parts


def _unequal(key: str, ordinal: int, stated: Decimal, summed: Decimal) -> Iterator[Imbalance]:
    if stated != summed:
        yield Imbalance(key, ordinal, stated, summed)


def _adjusted(block: Sequence[Numbered], group: str = "") -> Decimal:
    """The sum of the CAS amounts, of one group or of all."""
    found = (s for _, s in block if s[0] == "CAS" and (not group or _text(s, 1) == group))
    return sum((_sum(s, first=3, step=3) for s in found), _ZERO)


def _sum(segment: _Segment, first: int, step: int) -> Decimal:
    return sum([amount(value) for value in segment[first::step] if isinstance(value, str)], _ZERO)


def _text(segment: _Segment, number: int) -> str:
    value = segment[number] if number < len(segment) else ""
    return value if isinstance(value, str) else ""


def _amount(segment: _Segment, number: int) -> Decimal:
    value = segment[number] if number < len(segment) else ""
    return amount(value) if isinstance(value, str) else _ZERO


@lru_cache(maxsize=16384)
def amount(text: str) -> Decimal:
    """The number in an element; zero when it is absent or none."""
    try:
        value = Decimal(text or 0)
    except InvalidOperation:
        return _ZERO
    return value if value.is_finite() and abs(value.adjusted()) <= _DIGITS else _ZERO
