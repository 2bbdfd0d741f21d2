"""An 824 (application advice) in plain words: what became of a set, a group or an item of it, and why."""

from collections.abc import Callable, Iterator, Mapping

from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.explain.acks import place_in
from x12_payer.edi.display.explain.original import Target
from x12_payer.edi.display.explain.values import ExplainedLine, Progress, coded, counted
from x12_payer.edi.display.names import element_ref

Lines = Iterator[ExplainedLine]
ITEM = "I"  # OTI01 of an item begins so: a claim, an inquiry
NOT_KNOWN = "NA"  # OTI03 of one who does not know the reference


def _oti(segment: NamedSegment, progress: Progress) -> Lines:
    at = segment.at
    progress.group, progress.set = at(8), at(9)
    progress.unit = "" if at(3) == NOT_KNOWN else at(3)
    text = f"{_subject(segment, progress)}: {coded('OTI01', at(1))}"
    yield ExplainedLine("heading", 0, text, _target(progress, at(1)))


def _subject(segment: NamedSegment, progress: Progress) -> str:
    """Item C1, set 0001, 835, group 12: as far as it is named."""
    item, reference = (progress.unit, "") if segment.at(1).startswith(ITEM) else ("", progress.unit)
    named = (
        ("item", item),
        ("set", progress.set),
        ("", segment.at(10)),
        ("group", progress.group),
        ("reference", "" if progress.group else reference),
    )
    parts = [f"{word} {printable(value)}".strip() for word, value in named if value]
    return f"About {', '.join(parts)}" if parts else "About something it does not name"


def _target(progress: Progress, result: str) -> Target | None:
    """The item by its reference; else the set, the group, or what has the reference."""
    if progress.unit and (result.startswith(ITEM) or not progress.group):
        return Target("unit", (progress.unit,))
    if progress.set and progress.group:
        return Target("segment", (progress.group, progress.set), ordinal=1)
    return Target("group", (progress.group,)) if progress.group else None


def _ted(segment: NamedSegment, progress: Progress) -> Lines:
    at = segment.at
    progress.tag, progress.ordinal = at(3), counted(at(4))
    element, component, repeat = place_in(segment, 5)
    place = element_ref(printable(progress.tag), element, component, repeat)
    where = f"Segment {progress.ordinal}, {place}: " if progress.ordinal else f"{place}: " if place else ""
    found = f'; there stood "{progress.value(at(7))}"' if at(7) else ""
    stated = f'; they say "{progress.value(at(2))}"' if at(2) else ""
    target = Target("segment", (progress.group, progress.set), ordinal=progress.ordinal, element=element)
    text = f"{where or 'Why: '}{coded('TED01', at(1))}{found}{stated}"
    yield ExplainedLine("text", 1, text, target if progress.ordinal and progress.set else None)


def _red(segment: NamedSegment, progress: Progress) -> Lines:
    code, source = segment.at(6), segment.at(5)
    if code:
        of = f" of list {printable(source)}" if source else ""
        yield ExplainedLine("text", 2, f"Why: {coded('RED06', code)}{of}")


ADVICE: Mapping[str, Callable[[NamedSegment, Progress], Lines]] = {"OTI": _oti, "TED": _ted, "RED": _red}
