"""TA1, 999 and 997 in plain words."""

from collections.abc import Callable, Iterator, Mapping

from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.explain.loops import ErrorPlace, plain
from x12_payer.edi.display.explain.original import Target, looks_for
from x12_payer.edi.display.explain.values import ExplainedLine, Progress, coded, counted, day
from x12_payer.edi.display.names import element_name, element_ref, loop_name, segment_name
from x12_payer.edi.guides.registry import row_for

TRIGGER = "SITUATIONAL TRIGGER"
SEGMENT_MISSING = "3"  # IK304
PERSONAL = ("SUBSCRIBER", "PATIENT", "NM109")  # business units whose value says who someone is
Lines = Iterator[ExplainedLine]


def _ta1(segment: NamedSegment, progress: Progress) -> Lines:
    at = segment.at
    control = printable(at(1))
    yield ExplainedLine("heading", 0, f"TA1: interchange {control} of {day(at(2))}: {coded('TA104', at(4))}")
    looks, element = looks_for("TA105", at(5))
    target = Target("interchange", (at(1),), looks=looks, element=element)
    yield ExplainedLine("text", 1, f"Note: {coded('TA105', at(5))}", target)


def _ak1(segment: NamedSegment, progress: Progress) -> Lines:
    progress.functional_id, progress.group, progress.guide_id = segment.at(1), segment.at(2), segment.at(3)
    what = text_of("functional_group", progress.functional_id) or printable(progress.functional_id)
    guide = f", {printable(progress.guide_id)}" if progress.guide_id else ""
    text = f"Acknowledgment of group {printable(progress.group)}: {what}{guide}"
    yield ExplainedLine("heading", 0, text, Target("group", (progress.group,)))


def _ak2(segment: NamedSegment, progress: Progress) -> Lines:
    progress.set = segment.at(2)
    row = row_for(segment.at(3) or progress.guide_id, progress.functional_id, segment.at(1))
    progress.guide = row.key if row is not None else ""
    kind = row.name if row is not None else segment.at(1)
    yield ExplainedLine("heading", 1, f"Set {printable(progress.set)}: {printable(kind)}")


def _ik3(segment: NamedSegment, progress: Progress) -> Lines:
    at = segment.at
    place = ErrorPlace(plain(progress.group), progress.set, counted(at(2)), at(1), at(3), at(4))
    progress.tag, progress.ordinal, progress.loop = at(1), place.ordinal, progress.loops.get(place, at(3))
    name = segment_name(
        progress.guide, progress.loop, progress.tag, required=segment.at(4) == SEGMENT_MISSING
    )
    about = f"{printable(progress.tag)} {name}".strip()
    loop = loop_name(progress.guide, progress.loop)
    inside = f" in {printable(progress.loop)} {loop}".rstrip() if progress.loop else ""
    text = f"Segment {progress.ordinal}, {about}{inside}: {coded('IK304', segment.at(4))}"
    yield ExplainedLine("text", 2, text, _target(progress), progress.loop)


def _target(progress: Progress, element: int = 0) -> Target:
    return Target("segment", (progress.group, progress.set), ordinal=progress.ordinal, element=element)


def _ctx(segment: NamedSegment, progress: Progress) -> Lines:
    if segment.at(1) == TRIGGER:
        element, component, repeat = place_in(segment, 5)
        ref = element_ref(printable(segment.at(2)), element, component, repeat)
        target = Target(
            "segment", (progress.group, progress.set), ordinal=counted(segment.at(3)), element=element
        )
        yield ExplainedLine("text", 3, f"Because of segment {printable(segment.at(3))}, {ref}", target)
        return
    for context in segment.at(1).split(segment.delimiters.repetition):
        name, _, value = context.partition(segment.delimiters.component)
        if value:
            personal = any(word in name for word in PERSONAL)
            shown = progress.value(value) if personal else printable(value)
            yield ExplainedLine("text", 3, f"It is about {printable(name)} {shown}")


def place_in(segment: NamedSegment, at: int) -> tuple[int, int, int]:
    """Element, component and repetition of a C030, 0 where there is none."""
    places = [counted(part) for part in segment.at(at).split(segment.delimiters.component)]
    element, component, repeat = (*places, 0, 0, 0)[:3]
    return element, component, repeat


def _ik4(segment: NamedSegment, progress: Progress) -> Lines:
    element, component, repeat = place_in(segment, 1)
    name = element_name(progress.guide, progress.loop, progress.tag, element, component)
    ref = element_ref(printable(progress.tag), element, component, repeat)
    value = f'; there stood "{progress.value(segment.at(4))}"' if segment.at(4) else ""
    text = f"{ref} {name}".strip() + f": {coded('IK403', segment.at(3))}{value}"
    yield ExplainedLine("text", 3, text, _target(progress, element), progress.loop)


def _ik5(segment: NamedSegment, progress: Progress) -> Lines:
    yield ExplainedLine("text", 2, f"Result: {coded('IK501', segment.at(1))}")
    for code in filter(None, segment.elements[2:7]):
        target = Target("segment", (progress.group, progress.set), ordinal=1)
        yield ExplainedLine("text", 3, f"Why: {coded('IK502', code)}", target)
    progress.set = progress.guide = ""


def _ak9(segment: NamedSegment, progress: Progress) -> Lines:
    stated, came, taken = (counted(segment.at(n)) for n in (2, 3, 4))
    counts = f"{taken} of {_sets(came)} accepted"
    if taken < came:
        counts += f", {came - taken} rejected"
    if stated != came:
        counts += f"; {stated} stated"
    yield ExplainedLine("text", 1, f"Result: {coded('AK901', segment.at(1))}: {counts}")
    for code in filter(None, segment.elements[5:10]):
        yield ExplainedLine("text", 2, f"Why: {coded('AK905', code)}", Target("group", (progress.group,)))


def _sets(count: int) -> str:
    return f"{count} set" + ("" if count == 1 else "s")


ACKS: Mapping[str, Callable[[NamedSegment, Progress], Lines]] = {
    "TA1": _ta1,
    "AK1": _ak1,
    "AK2": _ak2,
    "IK3": _ik3,
    "AK3": _ik3,
    "CTX": _ctx,
    "IK4": _ik4,
    "AK4": _ik4,
    "IK5": _ik5,
    "AK5": _ik5,
    "AK9": _ak9,
}
