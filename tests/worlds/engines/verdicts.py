"""What `edi validate` and `edi process` make of the same bytes, unit by unit, to hold one to the other.

The one lists findings, the other sends TA1 and 999; both are read here as their users read them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from attrs import frozen

from x12_payer.edi.builders.x999 import build_999
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.display.annotate import named_segments
from x12_payer.edi.reading.checked import CheckedGroup, CheckedInterchange
from x12_payer.edi.snip.set_errors import check_to_answer
from x12_payer.edi.snip.validate import LocatedDiagnostic, diagnostics_in
from x12_payer.edi.wire.segments import Source

AS_OF = date(2026, 7, 15)
GUIDE_TYPES = 2
END = 1 << 60
NOT_OURS = frozenset({"group-unsupported", "set-unsupported"})  # valid or not: a payer does not take it in
OF_THE_ONE_BEFORE = frozenset(
    {"iea-missing", "ge-missing", "se-missing"}
)  # noticed where the next one begins
SAYS_NOTHING = "ta1-element"  # an error in an acknowledgment, which nobody answers


@frozen
class Opinion:
    """Of one interchange, group or set: its kind and number, whether `edi validate` finds no error in it or
    in what it is in, and whether neither TA1 nor 999 refuses it."""

    kind: str
    number: str
    valid: bool
    taken: bool


def opinions(source: Source) -> Iterator[Opinion]:
    """Both opinions of every unit of a file; what is not a payer's to take in is left out."""
    errors = [f for f in diagnostics_in(source, GUIDE_TYPES, AS_OF) if f.is_error and f.code != SAYS_NOTHING]
    known = list(check_to_answer(source, AS_OF))
    groups = [s.offset for s in named_segments(source) if s.tag == "GS"]
    for one, end in pairwise([*known, None]):
        assert one is not None
        last = end.offset if end is not None else END
        mine = [f for f in errors if _inside(f, f.offset, one.offset, last)]
        outer = [f for f in mine if diagnostic_codes()[f.code].ta105]
        number = one.isa[13] if len(one.isa) > 13 else ""
        yield Opinion("interchange", number, not outer, not one.ta1)
        starts = [at for at in groups if one.offset <= at < last]
        for group, (start, stop) in zip(one.groups, pairwise([*starts, END]), strict=False):
            if not NOT_OURS & {d.code for d in group.diagnostics}:
                inner = [f for f in mine if f not in outer and _inside(f, f.offset, start, stop)]
                yield from _of_group(group, one, inner, bool(outer))


def _inside(found: LocatedDiagnostic, at: int, first: int, last: int) -> bool:
    return first < at <= last if found.code in OF_THE_ONE_BEFORE else first <= at < last


def _of_group(
    group: CheckedGroup, one: CheckedInterchange, errors: Sequence[LocatedDiagnostic], refused: bool
) -> Iterator[Opinion]:
    body = build_999(group, one.delimiters)
    result = body[-1]
    valid = not refused and not any(not f.set_segment or diagnostic_codes()[f.code].ak905 for f in errors)
    taken = not one.ta1 and (result[1] != "R" or len(result) == 5)
    yield Opinion("group", group.gs[6], valid, taken)
    answers = [segment[1] for segment in body if segment[0] == "IK5"]
    for at, s in enumerate(group.sets):
        if not NOT_OURS & {d.code for d in s.diagnostics}:
            first, last = s.ordinal, s.ordinal + s.segment_count
            inside = [f for f in errors if f.set_segment and _inside(f, f.segment, first, last)]
            wrong = [f for f in inside if f.set == s.control_number]
            yield Opinion("set", s.control_number, valid and not wrong, taken and answers[at] == "A")
