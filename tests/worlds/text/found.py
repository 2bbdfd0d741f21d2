"""What the check found in a file, gathered over its interchanges, groups and sets."""

from collections.abc import Iterator

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.check import CheckedInterchange, CheckedSet


def sets_of(found: list[CheckedInterchange]) -> Iterator[CheckedSet]:
    """The sets in the order of the file."""
    return (s for i in found for g in i.groups for s in g.sets)


def errors_of(found: list[CheckedInterchange]) -> list[Diagnostic]:
    """The findings that count against the file, in its order."""
    outer = [d for i in found for d in (*i.diagnostics, *(d for g in i.groups for d in g.diagnostics))]
    every = [*outer, *(d for s in sets_of(found) for d in s.diagnostics)]
    return sorted((d for d in every if d.is_error), key=lambda d: d.position.segment)


def accepted(found: list[CheckedInterchange]) -> bool:
    """Would every set of the file be taken?"""
    groups = [g for i in found for g in i.groups]
    whole = not any(i.ta1 for i in found) and not any(g.rejected_codes for g in groups)
    return whole and all(s.accepted for s in sets_of(found))
