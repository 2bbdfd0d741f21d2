"""The 999 (005010X231A1) for one received group, from its diagnostics.

Every code comes from the diagnostic's row in maps/codes/diagnostics.csv; warnings are not in a 999."""

from collections.abc import Iterator
from itertools import groupby

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.guides.model import short_loop
from x12_payer.edi.messages.acknowledgment import Acknowledgment
from x12_payer.edi.reading.checked import CheckedGroup, CheckedSet
from x12_payer.edi.reading.verdict import group_result, is_unnamed
from x12_payer.edi.wire.segments import Delimiters, OutElement, OutSegment

LONGEST_VALUE = 99  # IK404
SHORTEST_TAG, LONGEST_TAG = 2, 3  # IK301
LONGEST_UNIT = 35  # CTX01-02
LARGEST_COUNT = 999_999  # AK902-AK904
ELEMENT_ERRORS = "8"  # IK304


def build_999(group: CheckedGroup, delimiters: Delimiters) -> list[OutSegment]:
    """The body of one 999, AK1 to AK9. `delimiters` are those of the received interchange.

    A group that is refused as a whole names only the sets that have findings of their own, and never one
    whose ST01 or ST02 an AK2 cannot carry: such a set takes its group with it (AK905 5)."""
    gs = (*group.gs, *[""] * 9)
    number = gs[6] if gs[6].isascii() and gs[6].isdigit() and len(gs[6]) <= 9 else "0"
    body: list[OutSegment] = [("AK1", _sized(gs[1], 2), number, _text(gs[8], 12) or "0")]
    for one in group.sets:
        if (one.reject_codes or not group.rejected_codes) and not is_unnamed(one):
            body += _set(one)
    body.append(_result(group))
    return body


def restated_999(stated: Acknowledgment) -> list[OutSegment]:
    """The body of a 999 that says of the group and its sets what another one said, without the places of the
    errors (IK3, IK4), which an Acknowledgment does not hold."""
    body: list[OutSegment] = [("AK1", stated.functional_id, stated.group, stated.version)]
    for one in stated.sets:
        body += [("AK2", one.set_id, one.number), ("IK5", one.result, *one.codes)]
    return [*body, ("AK9", stated.result, *stated.counts, *stated.codes)]


def _set(one: CheckedSet) -> Iterator[OutSegment]:
    yield ("AK2", one.set_id, one.control_number, _text(one.implementation, 35))
    errors = [d for d in one.diagnostics if d.is_error and d.row.ik304 and _tag(d.position.tag)]
    for _, found in groupby(errors, key=_segment_key):
        yield from _segment(list(found))
    rejected = bool(one.reject_codes) or not one.accepted
    yield ("IK5", "R", *one.reject_codes) if rejected else ("IK5", "A")


def _segment_key(d: Diagnostic) -> tuple[int, str, str, str]:
    return (d.position.set_segment, d.position.tag, d.position.loop, d.row.ik304)


def _segment(found: list[Diagnostic]) -> Iterator[OutSegment]:
    """IK3, the business unit, and an IK4 for each element: the findings of one segment."""
    first = found[0]
    place = first.position
    yield ("IK3", _tag(place.tag), str(place.set_segment), short_loop(place.loop), first.row.ik304)
    unit, value = first.context[0], _text(first.context[1], LONGEST_UNIT)
    if unit and value:
        yield ("CTX", (unit, value))
    if first.row.ik304 == ELEMENT_ERRORS:
        for diagnostic in found:
            yield _element(diagnostic)


def _element(diagnostic: Diagnostic) -> OutSegment:
    place = diagnostic.position
    parts = [str(n) if n else "" for n in (place.element, place.component, place.repeat)]
    where: OutElement = tuple(parts) if any(parts[1:]) else parts[0]
    value = _text(diagnostic.value, LONGEST_VALUE)
    return ("IK4", where, place.data_element, diagnostic.row.ik403, value)


def _text(value: str, most: int) -> str:
    """What was received, as far as an element of the 999 can hold it: a value of blanks only is none."""
    cut = value[:most]
    return "" if all(c.isspace() or c < " " or c == "\x7f" for c in cut) else cut


def _sized(value: str, size: int) -> str:
    """An id of fixed length; Zs stand for one that has not the length."""
    return value if len(value) == size and value.isalnum() else "Z" * size


def _tag(tag: str) -> str:
    """A segment id as it was sent, as far as IK301 can hold it (two or three characters); '' for one that it
    cannot: IK5 alone says then that a segment is wrong."""
    kept = tag[:LONGEST_TAG].rstrip(" ")
    return kept if len(kept) >= SHORTEST_TAG and kept.isprintable() else ""


def _result(group: CheckedGroup) -> OutSegment:
    """AK9: the verdict; sets as stated, counted and accepted."""
    counts = (str(min(n, LARGEST_COUNT)) for n in (group.included, group.received, group.accepted))
    return ("AK9", group_result(group), *counts, *group.rejected_codes)
