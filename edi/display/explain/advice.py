"""An 824 (application advice) in plain words: what became of a set, a group or an item of it, and why."""

from collections.abc import Callable, Iterator, Mapping

from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.explain.acks import place_in
from x12_payer.edi.display.explain.original import Target
from x12_payer.edi.display.explain.values import ExplainedLine, Told, coded, counted
from x12_payer.edi.display.names import element_ref

Lines = Iterator[ExplainedLine]
ITEM = "I"  # OTI01 of an item begins so: a claim, an inquiry
NOT_KNOWN = "NA"  # OTI03 of one who does not know the reference


def _oti(segment: NamedSegment, told: Told) -> Lines:
    at = segment.at
    told.group, told.set = at(8), at(9)
    told.unit = "" if at(3) == NOT_KNOWN else at(3)
    text = f"{_subject(segment, told)}: {coded('OTI01', at(1))}"
    yield ExplainedLine("heading", 0, text, _target(told, at(1)))


def _subject(segment: NamedSegment, told: Told) -> str:
    """Item C1, set 0001, 835, group 12: as far as it is named."""
    item, reference = (told.unit, "") if segment.at(1).startswith(ITEM) else ("", told.unit)
    named = (
        ("item", item),
        ("set", told.set),
        ("", segment.at(10)),
        ("group", told.group),
        ("reference", "" if told.group else reference),
    )
    parts = [f"{word} {printable(value)}".strip() for word, value in named if value]
    return f"About {', '.join(parts)}" if parts else "About something it does not name"


def _target(told: Told, result: str) -> Target | None:
    """The item by its reference; else the set, the group, or what has the reference."""
    if told.unit and (result.startswith(ITEM) or not told.group):
        return Target("unit", (told.unit,))
    if told.set and told.group:
        return Target("segment", (told.group, told.set), ordinal=1)
    return Target("group", (told.group,)) if told.group else None


def _ted(segment: NamedSegment, told: Told) -> Lines:
    at = segment.at
    told.tag, told.ordinal = at(3), counted(at(4))
    element, component, repeat = place_in(segment, 5)
    place = element_ref(printable(told.tag), element, component, repeat)
    where = f"Segment {told.ordinal}, {place}: " if told.ordinal else f"{place}: " if place else ""
    stood = f'; there stood "{told.value(at(7))}"' if at(7) else ""
    said = f'; they say "{told.value(at(2))}"' if at(2) else ""
    target = Target("segment", (told.group, told.set), ordinal=told.ordinal, element=element)
    text = f"{where or 'Why: '}{coded('TED01', at(1))}{stood}{said}"
    yield ExplainedLine("text", 1, text, target if told.ordinal and told.set else None)


def _red(segment: NamedSegment, told: Told) -> Lines:
    code, source = segment.at(6), segment.at(5)
    if code:
        of = f" of list {printable(source)}" if source else ""
        yield ExplainedLine("text", 2, f"Why: {coded('RED06', code)}{of}")


ADVICE: Mapping[str, Callable[[NamedSegment, Told], Lines]] = {"OTI": _oti, "TED": _ted, "RED": _red}
