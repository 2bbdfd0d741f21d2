"""What a claim frequency (CLM05-03) does: one table, frequency_effects.csv, for everybody."""

from collections.abc import Mapping
from functools import cache, lru_cache

from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows

CLAIM, ZERO_BILL, REPLACEMENT, VOID, REFUSED = "claim", "zero", "replacement", "void", "refused"


@frozen
class Frequency:
    """One row: what claims of this kind and frequency do, and whether they are the last bill of a stay."""

    does: str
    ends_stay: bool = False


_UNKNOWN = Frequency(REFUSED)


@cache
def frequencies() -> Mapping[tuple[str, str], Frequency]:
    """The table by kind of claim (P I D) and frequency."""
    return {
        (row["kind"], row["frequency"]): Frequency(row["does"], bool(row["ends_stay"]))
        for row in rows("frequency_effects")
    }


@lru_cache(maxsize=256)
def effect(kind: str, frequency: str) -> str:
    """What a claim does: claim, zero, replacement, void, refused (also what the table does not name)."""
    return frequencies().get((kind, frequency), _UNKNOWN).does


@lru_cache(maxsize=256)
def takes_back(kind: str, frequency: str) -> bool:
    """True for a replacement and a void: they name an earlier claim in REF*F8."""
    return effect(kind, frequency) in (REPLACEMENT, VOID)


def ends_stay(kind: str, frequency: str) -> bool:
    """True for the last (or only) bill of a stay."""
    return frequencies().get((kind, frequency), _UNKNOWN).ends_stay
