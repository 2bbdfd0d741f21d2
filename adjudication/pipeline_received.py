"""Acknowledgments that were sent to us (TA1, 999, 997, 824, 277CA): recorded, never answered."""

from collections.abc import Iterator
from functools import cache

from edi.check import CheckedGroup, CheckedInterchange, loop_segments
from edi.segments import Source
from edi.tables import rows


def only_ta1(checked: CheckedInterchange) -> bool:
    """True for an interchange that holds a TA1 and no group: that is never answered, or two sides would go
    on answering each other for ever."""
    return bool(checked.ta1_segments) and not checked.groups


def is_acknowledgment(group: CheckedGroup) -> bool:
    """True for a group that is recorded and never answered (999, 824, 277CA)."""
    gs = (*group.gs, *[""] * 9)
    return any(gs[1] == gs01 and gs[8].startswith(gs08) for gs01, gs08 in acknowledging_groups())


@cache
def acknowledging_groups() -> tuple[tuple[str, str], ...]:
    """(GS01, beginning of GS08) of acknowledgments.csv."""
    return tuple((row["gs01"], row["gs08"] or "") for row in rows("acknowledgments"))


def received_acknowledgments(source: Source, checked: CheckedInterchange) -> Iterator[tuple[str, str, str]]:
    """(kind, what it refers to, result) of every acknowledgment in an interchange that was sent to us."""
    for ta1 in checked.ta1_segments:
        yield "TA1", "*".join(ta1[1:4]), "*".join(ta1[4:6])
    for group in checked.groups:
        if not is_acknowledgment(group):
            continue
        for one in group.sets:
            refers = result = ""
            for _, elements, _ in loop_segments(source, one, checked.delimiters) if one.guide else ():
                if elements[0] == "AK1":
                    refers = "*".join(elements[1:4])
                elif elements[0] == "AK9":
                    result = elements[1]
                elif elements[0] == "TRN" and not refers:
                    refers = elements[2]
            yield one.set_id, refers, result
