"""What the parts of the 837 parser share: amounts, adjustments and a memory of texts that repeat."""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from attrs import Factory

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Adjustment, Indicators
from x12_payer.edi.messages.common import Amount, Party, Period, Procedure
from x12_payer.edi.parsers.common import decimal, element, party, period, procedure
from x12_payer.edi.wire.segments import Delimiters

ZERO = Decimal(0)
# Parties, procedures and dates repeat from claim to claim; a memo is emptied when it holds this many.
_MEMO_LIMIT = 5_000
_DIGITS = 18  # data element 782

Segments = Sequence[list[str]]
_K = TypeVar("_K")
_V = TypeVar("_V")


@frozen
class Shared:
    """What the claims of one set share while it is read: the delimiters and a memo of equal texts."""

    delimiters: Delimiters
    parties: dict[tuple[tuple[str, ...], ...], Party] = Factory(dict)
    procedures: dict[str, Procedure | None] = Factory(dict)
    periods: dict[tuple[str, ...], Period | None] = Factory(dict)
    services: dict[tuple[str, ...], Any] = Factory(dict)  # what SV1, SV2 and SV3 say
    indicators: dict[tuple[str, ...], Indicators] = Factory(dict)  # what CLM06 to CLM12 say


def money(text: str) -> Decimal:
    """An amount; 0 when it is empty or no number."""
    return number(text) or ZERO


@lru_cache(maxsize=16384)
def number(text: str) -> Decimal | None:
    """A count or an amount that may be absent; None when it is empty, no number or beyond all measure (a
    number element has 18 digits at most)."""
    value = decimal(text)
    if value is None or not value.is_finite() or abs(value.adjusted()) > _DIGITS:
        return None
    return value


def shared_party(segments: Segments, shared: Shared | None = None) -> Party:
    """The Party of one NM1 loop; with `shared`, equal texts give the same object."""
    if shared is None:
        return party(segments[0], segments[1:])
    key = tuple([tuple(s) for s in segments])
    found = shared.parties.get(key)
    if found is None:
        found = party(segments[0], segments[1:])
        remember(shared.parties, key, found)
    return found


def shared_procedure(text: str, shared: Shared) -> Procedure | None:
    """The procedure composite with this text, None when it is empty."""
    if text in shared.procedures:
        return shared.procedures[text]
    found = procedure(text, shared.delimiters)
    remember(shared.procedures, text, found)
    return found


def shared_period(segment: Sequence[str], shared: Shared) -> Period | None:
    """The Period of a DTP, None when it is a time or unreadable."""
    key = tuple(segment)
    if key in shared.periods:
        return shared.periods[key]
    found = period(segment)
    remember(shared.periods, key, found)
    return found


def remembered(
    memo: dict[tuple[str, ...], _V],
    segment: Sequence[str],
    read: Callable[[Sequence[str], Shared], _V],
    shared: Shared,
) -> _V:
    """What `read` makes of the segment; equal segments give the same object."""
    key = tuple(segment)
    found = memo.get(key)
    if found is None:
        found = read(segment, shared)
        remember(memo, key, found)
    return found


def adjustments(segments: Segments) -> tuple[Adjustment, ...]:
    """Every triplet of the CAS segments, in the order sent."""
    return tuple(
        Adjustment(element(s, 1), s[at], money(element(s, at + 1)), number(element(s, at + 2)))
        for s in segments
        for at in range(2, len(s), 3)
        if s[at]
    )


def named_elements(segment: Sequence[str], start: int = 1, but: Collection[int] = ()) -> tuple[Amount, ...]:
    """Every number of a segment from element `start` on, by the element's reference: MIA04, TS305."""
    return tuple(
        Amount(f"{segment[0]}{at:02}", value)
        for at, text in enumerate(segment)
        if at >= start and at not in but and (value := number(text)) is not None
    )


def remember(memo: dict[_K, _V], key: _K, value: _V) -> None:
    """Keep a value under its key; a memo that is full begins anew."""
    if len(memo) >= _MEMO_LIMIT:
        memo.clear()
    memo[key] = value
