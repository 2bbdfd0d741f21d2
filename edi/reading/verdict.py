"""The verdict that the diagnostics of types 1 and 2 lead to, for an interchange, a group and a set: the same
for `edi validate` and for the TA1 and the 999 of `edi process`.

An error refuses what it is in: an interchange by a TA1, a group by AK905, a set by IK5. A warning refuses
nothing. What else `edi process` decides (are the partners known, was the interchange here before, is the
set ours to answer) is not about the file and has no place here."""

from collections.abc import Iterable, Sequence

from attrs import evolve

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.checked import CheckedGroup, CheckedSet
from x12_payer.edi.reading.envelope import SET_UNNAMED, Header

IEA_MISSING = "iea-missing"
SE_MISSING = "se-missing"
MOST_CODES = 5  # IK502-IK506, AK905-AK909


def refusal_note(header: Header, found: Iterable[Diagnostic]) -> str:
    """TA105 of a refused interchange, '' when accepted: what the header says first, then a missing end, then
    what else is wrong."""
    errors = [d for d in found if d.is_error and d.row.ta105]
    first = sorted(errors, key=lambda d: d.code != IEA_MISSING)
    return header.ta105 or next((d.row.ta105 for d in first), "")


def set_is_intact(found: Iterable[Diagnostic]) -> bool:
    """Is a set that is there to its end without error?"""
    return not any(d.is_error for d in found)


def set_codes(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    """IK502 of a refused set, each once."""
    codes = (d.row.ik502 for d in found if d.is_error)
    return tuple(dict.fromkeys(filter(None, codes)))[:MOST_CODES]


def is_unnamed(one: CheckedSet) -> bool:
    """Can no AK2 carry its ST01 and ST02 as they came? Then it takes its group with it."""
    return any(d.code == SET_UNNAMED for d in one.diagnostics)


def judged_group(
    gs: tuple[str, ...],
    included: int,
    received: int,
    found: Sequence[Diagnostic],
    sets: Sequence[CheckedSet],
    ended: bool,
) -> CheckedGroup:
    """A group with its verdict: one that is refused, or cut short, has no accepted set."""
    inside = (d for one in sets for d in one.diagnostics)
    codes = tuple(dict.fromkeys(d.row.ak905 for d in (*found, *inside) if d.row.ak905))
    if codes or not ended:
        sets = [evolve(one, accepted=False) for one in sets]
    accepted = sum(one.accepted for one in sets)
    return CheckedGroup(gs, included, received, accepted, tuple(found), codes[:MOST_CODES], tuple(sets))


def group_result(group: CheckedGroup) -> str:
    """AK901: accepted, in part, or rejected."""
    if group.rejected_codes:
        return "R"
    if group.accepted == group.received:
        return "A"
    return "P" if group.accepted else "R"
