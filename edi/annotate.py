"""The segments of a file as they stream by, each with its place and the names its guide gives it.

No check is made: what cannot be placed is passed on without a name, and no bytes make this raise."""

from collections.abc import Iterable, Iterator

from attrs import define, evolve, frozen

from edi.envelope import ISA_LENGTH, find_header, read_header
from edi.guide import GuideRow, row_for
from edi.guide_values import LoopNode, SegmentNode
from edi.guide_walk import State
from edi.segments import Delimiters, Source, blocks, line_end
from edi.walk import Machine, is_isa, machine

OUTER = frozenset({"ISA", "TA1", "GS", "GE", "IEA"})


@frozen
class NamedSegment:
    """One segment. Ordinals count from 1, `set_ordinal` from the ST (0 outside a set); `interchange`, `group`
    and `set` are control numbers; `guide` is the guide's name, '' when there is none; `node` the segment's
    entry in it; `loops` are the loops it stands in, outermost first, `opens` those that begin with it."""

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
        """The id of the loop it stands in, '' when that is only the set or a part of it."""
        inner = [loop for loop in self.loops if is_named(loop)]
        return inner[-1].id if inner else ""

    def at(self, number: int) -> str:
        """An element, '' when it is absent."""
        return self.elements[number] if number < len(self.elements) else ""


def is_named(loop: LoopNode) -> bool:
    """Is it a loop that people speak of (2010AA), not the set itself or a part of it (HEADER)?"""
    return not loop.wrapper and loop.id[:1].isdigit()


def plain_segments(source: Source) -> Iterator[NamedSegment]:
    """Every segment of every interchange with its place in the file, no more."""
    offset, _ = find_header(source, 0)
    ordinal = 0
    while offset >= 0:
        header = read_header(source, offset)
        ordinal += 1
        isa = list(header.isa) if len(header.isa) > 1 else ["ISA"]
        yield NamedSegment(isa, ordinal, offset, header.delimiters)
        end = offset + ISA_LENGTH if header.readable else offset + len("ISA")
        if header.readable:
            for segment in _body(source, end, header.delimiters, ordinal):
                end = segment.offset + (0 if segment.tag == "ISA" else len("IEA"))
                if segment.tag == "ISA":
                    break
                ordinal = segment.ordinal
                yield segment
        offset, _ = find_header(source, end)


def _body(source: Source, start: int, delimiters: Delimiters, ordinal: int) -> Iterator[NamedSegment]:
    """From behind an ISA to the IEA, or to the next ISA (given, too, so that its place is known)."""
    line = line_end(source.read(start, 2).decode("latin-1"))
    for block in blocks(source, start + len(line), source.size, delimiters.segment, line):
        for index, text in enumerate(block.texts):
            if not text:
                continue
            ordinal += 1
            elements = ["ISA"] if is_isa(text) else text.split(delimiters.element)
            yield NamedSegment(elements, ordinal, block.offsets[index], delimiters)
            if elements[0] in ("ISA", "IEA"):
                return


def named_segments(source: Source) -> Iterator[NamedSegment]:
    """Every segment of every interchange, with the names of its guide where there is one."""
    interchange = group = ""
    gs: list[str] = []
    walk: _SetWalk | None = None
    for segment, following in _pairs(plain_segments(source)):
        tag = segment.tag
        if tag == "ISA":
            interchange, group, gs = segment.at(13), "", []
        elif tag == "GS":
            group, gs = segment.at(6), segment.elements
        if tag == "ST":
            walk = _set_walk(segment, _guide_row(segment, gs, following))
        elif tag in OUTER:
            walk = None
        placed = segment if walk is None else walk.place(segment)
        outside = tag in ("ISA", "TA1", "IEA")
        yield evolve(placed, interchange=interchange, group="" if outside else group)
        if tag == "SE":
            walk = None


def _pairs(segments: Iterable[NamedSegment]) -> Iterator[tuple[NamedSegment, NamedSegment | None]]:
    """Each segment with the one behind it."""
    held: NamedSegment | None = None
    for segment in segments:
        if held is not None:
            yield held, segment
        held = segment
    if held is not None:
        yield held, None


def _guide_row(st: NamedSegment, gs: list[str], following: NamedSegment | None) -> GuideRow | None:
    """The guide of a set: ST03 has the first word, GS08 the second."""
    head = [*gs, *[""] * 9]
    purpose = following.at(2) if following is not None and following.tag == "BHT" else ""
    for gs08 in (st.at(3), head[8]):
        row = row_for(gs08, head[1], st.at(1), purpose) if gs08 else None
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

    def place(self, segment: NamedSegment) -> NamedSegment:
        """The segment with its place in the set and in the guide."""
        self.count += 1
        if self.machine is None or self.state is None:
            return evolve(segment, set_ordinal=self.count, set=self.set)
        node: SegmentNode | None = self.state.node
        loops = self.state.loops
        opens: tuple[LoopNode, ...] = ()
        if self.count > 1:
            step = self.machine.automaton.step(self.state, segment.elements)
            self.state, node, opens = step.state, step.node, step.opens
            loops = step.state.loops if node is None else self.machine.guide.open_loops(node)
        return NamedSegment(
            segment.elements,
            segment.ordinal,
            segment.offset,
            segment.delimiters,
            self.count,
            set=self.set,
            guide=self.guide,
            node=node,
            loops=loops,
            opens=opens,
        )


def _set_walk(st: NamedSegment, row: GuideRow | None) -> _SetWalk:
    ready = machine(row.key, st.delimiters) if row is not None else None
    start = ready.automaton.start if ready is not None else None
    return _SetWalk(st.at(2), row.key if row is not None else "", ready, start)
