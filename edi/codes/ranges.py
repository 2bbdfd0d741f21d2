"""Whether a code is in a range of codes: one comparison for plans, approvals, edits and rules."""

from collections.abc import Iterable


def in_range(code: str, first: str, last: str = "") -> bool:
    """True when the code lies between `first` and `last`, inclusive (`last` empty: the one code).

    Codes compare within one form alone: as long as the range's ends, letters where these have letters. So
    0010U, a laboratory test, does not lie between 00100 and 01999, and 0042U not in 0001T-0900T."""
    if not last:
        return code == first
    return len(code) == len(first) and first <= code <= last and _same_form(code, first, last)


def is_range(first: str, last: str) -> bool:
    """True when codes can lie between the two: both alike in length and letters, and in this order."""
    return in_range(first, first, last) and in_range(last, first, last)


def in_ranges(code: str, ranges: Iterable[tuple[str, str]]) -> bool:
    """True when the code lies in one of the ranges."""
    return any(in_range(code, first, last) for first, last in ranges)


def _same_form(code: str, first: str, last: str) -> bool:
    """Digits where the ends have digits, and the letter that both ends have in a place."""
    return all(
        mine == low if low == high and not low.isdigit() else mine.isdigit() == low.isdigit()
        for mine, low, high in zip(code, first, last, strict=True)
    )
