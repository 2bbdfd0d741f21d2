"""The segments of a file as they stream by, each with its place and the names its guide gives it.

Nothing is checked: what cannot be placed is passed on without a name, and no bytes make this raise."""

from collections.abc import Iterable, Iterator

from attrs import define

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.engine import Machine, machine
from x12_payer.edi.guides.model import LoopNode, SegmentNode
from x12_payer.edi.guides.registry import GuideRow, row_for
from x12_payer.edi.guides.states import State
from x12_payer.edi.reading.cut import Cut, cut_segments
from x12_payer.edi.wire.segments import Delimiters, Source

OUTER = frozenset({"ISA", "TA1", "GS", "GE", "IEA"})


@frozen
class NamedSegment:
    """One segment. Ordinals count from 1, `set_ordinal` from the ST (0 outside a set); `interchange`, `group`
    and `set` are control numbers; `guide` is the guide's name, '' when there is none; `node` the segment's
    entry in it; `loops` are the loops it is in, outermost first, `opens` those that begin with it."""

    elements: list[str]
    ordinal: int
    offset: int
    delimiters: Delimiters
    set_ordinal: int = 0
    interchange: str = ""
    group: str = ""
    set: str = ""
    guide: str = ""
    node: SegmentNode | None = None
    loops: tuple[LoopNode, ...] = ()
    opens: tuple[LoopNode, ...] = ()

    @property
    def tag(self) -> str:
        """Its id."""
        return self.elements[0]

    @property
    def loop(self) -> str:
        """The id of the loop it is in, '' when that is only the set or a part of it."""
        inner = [loop for loop in self.loops if is_named(loop)]
        return inner[-1].id if inner else ""

    def at(self, number: int) -> str:
        """An element, '' when it is absent."""
        return self.elements[number] if number < len(self.elements) else ""


def is_named(loop: LoopNode) -> bool:
    """Is it a loop that people speak of (2010AA), not the set itself or a part of it (HEADER)?"""
    return not loop.wrapper and loop.id[:1].isdigit()


def named_segments(source: Source) -> Iterator[NamedSegment]:
    """Every segment of every interchange, with the names of its guide where there is one."""
    interchange = group = ""
    gs: list[str] = []
    walk: _SetWalk | None = None
    for cut, following in _pairs(cut_segments(source)):
        elements = cut.elements
        tag = elements[0]
        if tag == "ISA":
            interchange, group, gs = _at(elements, 13), "", []
        elif tag == "GS":
            group, gs = _at(elements, 6), elements
        if tag == "ST":
            walk = _set_walk(elements, cut.delimiters, _guide_row(elements, gs, following))
        elif tag in OUTER:
            walk = None
        own = "" if tag in ("ISA", "TA1", "IEA") else group
        yield _named(cut, interchange, own) if walk is None else walk.place(cut, interchange, own)
        if tag == "SE":
            walk = None


def _at(elements: list[str], number: int) -> str:
    return elements[number] if number < len(elements) else ""


def _named(cut: Cut, interchange: str, group: str) -> NamedSegment:
    return NamedSegment(*cut, interchange=interchange, group=group)


def _pairs(cuts: Iterable[Cut]) -> Iterator[tuple[Cut, list[str]]]:
    """Each segment with the elements of the one after it."""
    held: Cut | None = None
    for cut in cuts:
        if held is not None:
            yield held, cut.elements
        held = cut
    if held is not None:
        yield held, []


def _guide_row(st: list[str], gs: list[str], following: list[str]) -> GuideRow | None:
    """The guide of a set: ST03 has the first word, GS08 the second."""
    purpose = _at(following, 2) if following[:1] == ["BHT"] else ""
    for gs08 in (_at(st, 3), _at(gs, 8)):
        row = row_for(gs08, _at(gs, 1), _at(st, 1), purpose) if gs08 else None
        if row is not None:
            return row
    return None


@define(eq=False)
class _SetWalk:
    """Goes along the segments of one set."""

    set: str
    guide: str
    machine: Machine | None
    state: State | None
    count: int = 0

    def place(self, cut: Cut, interchange: str, group: str) -> NamedSegment:
        """The segment with its place in the set and in the guide."""
        self.count += 1
        node: SegmentNode | None = None
        loops: tuple[LoopNode, ...] = ()
        opens: tuple[LoopNode, ...] = ()
        if self.machine is not None and self.state is not None:
            node, loops = self.state.node, self.state.loops
            if self.count > 1:
                step = self.machine.automaton.step(self.state, cut.elements)
                self.state, node, opens = step.state, step.node, step.opens
                loops = self.state.loops
                if node is not None and node is not self.state.node:  # behind its place in the guide
                    loops = self.machine.guide.open_loops(node)
        return NamedSegment(*cut, self.count, interchange, group, self.set, self.guide, node, loops, opens)


def _set_walk(st: list[str], delimiters: Delimiters, row: GuideRow | None) -> _SetWalk:
    ready = machine(row.key, delimiters) if row is not None else None
    start = ready.automaton.start if ready is not None else None
    return _SetWalk(_at(st, 2), row.key if row is not None else "", ready, start)
