"""The 999 (005010X231A1) for one received group, from its diagnostics.

Every code comes from the diagnostic's row in maps/codes/diagnostics.csv; what is no error is not in a 999."""

from collections.abc import Iterator
from itertools import groupby

from edi.check import CheckedGroup, CheckedSet
from edi.diagnostics import Diagnostic
from edi.segments import Delimiters, OutElement, OutSegment

MOST_CODES = 5  # IK502-IK506, AK905-AK909
LONGEST_VALUE = 99  # IK404
LONGEST_UNIT = 35  # CTX01-02
LARGEST_COUNT = 999_999  # AK902-AK904
ELEMENT_ERRORS = "8"  # IK304


def build_999(group: CheckedGroup, delimiters: Delimiters) -> list[OutSegment]:
    """The body of one 999, AK1 to AK9. `delimiters` are those of the received interchange.

    A group that is refused as a whole names only the sets that have findings of their own."""
    gs = (*group.gs, *[""] * 9)
    number = gs[6] if gs[6].isascii() and gs[6].isdigit() and len(gs[6]) <= 9 else "0"
    body: list[OutSegment] = [("AK1", _sized(gs[1], 2), number, _text(gs[8], 12) or "0")]
    for one in group.sets:
        if not group.rejected_codes or one.reject_codes:
            body += _set(one)
    body.append(_result(group))
    return body


def _set(one: CheckedSet) -> Iterator[OutSegment]:
    number = _text(one.control_number, 9).rjust(4, "0")
    yield ("AK2", _sized(one.set_id, 3), number, _text(one.implementation, 35))
    errors = [d for d in one.diagnostics if d.is_error and d.row.ik304]
    for _, findings in groupby(errors, key=_segment_key):
        yield from _segment(list(findings))
    rejected = bool(one.reject_codes) or not one.accepted
    yield ("IK5", "R", *one.reject_codes[:MOST_CODES]) if rejected else ("IK5", "A")


def _segment_key(d: Diagnostic) -> tuple[int, str, str, str]:
    return (d.position.set_segment, d.position.tag, d.position.loop, d.row.ik304)


def _segment(findings: list[Diagnostic]) -> Iterator[OutSegment]:
    """IK3, the business unit, and an IK4 for each element: the findings of one segment."""
    first = findings[0]
    place = first.position
    loop = place.loop if place.loop[:1].isdigit() else ""
    yield ("IK3", _tag(place.tag), str(place.set_segment), loop, first.row.ik304)
    unit, value = first.context[0], _text(first.context[1], LONGEST_UNIT)
    if unit and value:
        yield ("CTX", (unit, value))
    if first.row.ik304 == ELEMENT_ERRORS:
        for finding in findings:
            yield _element(finding)


def _element(finding: Diagnostic) -> OutSegment:
    place = finding.position
    parts = [str(n) if n else "" for n in (place.element, place.component, place.repeat)]
    where: OutElement = tuple(parts) if any(parts[1:]) else parts[0]
    value = _text(finding.value, LONGEST_VALUE)
    return ("IK4", where, place.data_element, finding.row.ik403, value)


def _text(value: str, most: int) -> str:
    """What was received, as far as an element of the 999 can hold it: a value of blanks only is none."""
    cut = value[:most]
    return "" if all(c.isspace() or c < " " or c == "\x7f" for c in cut) else cut


def _sized(value: str, size: int) -> str:
    """An id of fixed length; Zs stand for one that has not the length."""
    return value if len(value) == size and value.isalnum() else "Z" * size


def _tag(tag: str) -> str:
    """A segment id that IK301 can hold: two or three capital letters and digits."""
    kept = "".join(c for c in tag.upper() if c.isascii() and c.isalnum())[:3]
    return kept if len(kept) > 1 else "ZZZ"


def _result(group: CheckedGroup) -> OutSegment:
    """AK9: accepted, with errors, in part, or rejected; sets as stated, counted and accepted."""
    if group.rejected_codes:
        code = "R"
    elif group.accepted == group.received:
        code = "E" if any(d.is_error for d in group.diagnostics) else "A"
    else:
        code = "P" if group.accepted else "R"
    counts = (str(min(n, LARGEST_COUNT)) for n in (group.included, group.received, group.accepted))
    return ("AK9", code, *counts, *group.rejected_codes[:MOST_CODES])
