"""Names of places in a guide: of a loop, a segment and an element, for people who read diagnostics."""

from collections.abc import Iterator, Mapping
from functools import cache

from x12_payer.edi.display.element_names import name_here
from x12_payer.edi.guides.model import LoopNode, SegmentNode, short_loop
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.tables import rows


@cache
def _envelope() -> Mapping[str, str]:
    return {row["element"]: row["name"] for row in rows("envelope_elements")}


@cache
def _loops(guide: str) -> Mapping[str, str]:
    return {loop.id: loop.name for loop in _walk(guide_named(guide).root)}


def _walk(loop: LoopNode) -> Iterator[LoopNode]:
    yield loop
    for child in loop.children:
        if isinstance(child, LoopNode):
            yield from _walk(child)


@cache
def nodes_at(guide: str, loop: str, tag: str) -> tuple[SegmentNode, ...]:
    """The segments of that id in a loop of a guide, in every loop that an id may mean that was cut short;
    none without a guide."""
    if not guide:
        return ()
    named = [s for s in guide_named(guide).segments if s.tag == tag]
    return tuple([s for s in named if s.loop == loop] or [s for s in named if short_loop(s.loop) == loop])


def loop_name(guide: str, loop: str) -> str:
    """The name of a loop, '' for a set without a guide and for what is no loop to people (HEADER), and where
    an id that was cut short (2010) may mean several."""
    if not guide or not loop[:1].isdigit():
        return ""
    names = _loops(guide)
    meant = {names[loop]} if loop in names else {name for at, name in names.items() if short_loop(at) == loop}
    return meant.pop() if len(meant) == 1 else ""


def segment_name(guide: str, loop: str, tag: str, required: bool = False) -> str:
    """The name of a segment in a loop; '' when several of that id have different names. `required`: one that
    the guide asks for is meant."""
    found = nodes_at(guide, loop, tag) if guide else ()
    names = {s.name for s in found if s.usage == "R" or not required}
    return names.pop() if len(names) == 1 else ""


def element_name(guide: str, loop: str, tag: str, element: int, component: int = 0) -> str:
    """The name of an element or component; '' when the guide has several names for the place, or none."""
    ref = f"{tag}{element:02d}"
    if ref in _envelope():
        return _envelope()[ref]
    if not guide:
        return ""
    found = [(node, s) for node in nodes_at(guide, loop, tag) for s in node.elements if s.number == element]
    if component:
        found = [(node, c) for node, s in found for c in s.components if c.number == component]
    here = {name_here(guide, node, element, spec, component) for node, spec in found}
    names = here if len(here) == 1 else {spec.name for _, spec in found}
    return names.pop() if len(names) == 1 else ""


def element_ref(tag: str, element: int, component: int = 0, repeat: int = 0) -> str:
    """NM103, SV101-02, EQ01[3]; the id alone when no element is meant."""
    if not element:
        return tag
    ref = f"{tag}{element:02d}" + (f"-{component:02d}" if component else "")
    return f"{ref}[{repeat}]" if repeat > 1 else ref
