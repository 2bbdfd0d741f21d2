"""What a guide is made of. Nodes are numbered in document order, so that what a loop holds is one range."""

from collections.abc import Iterator
from functools import cached_property

from attrs import define, field

from x12_payer.edi.frozen import frozen

NO_LIMIT = 1 << 30
SERVICE_LEVEL = "SS"  # HL03 of a service, which hangs below its event
FIRST_OR_UNKNOWN = frozenset(("", "P", "U"))  # SBR01 of a claim that no payer has seen before us
LONGEST_LOOP = 4  # data element 447, in IK303 and CTX04


@frozen
class SyntaxNote:
    """A relation between elements: P paired, R one of, E only one of, C and L conditional (first governs)."""

    kind: str
    numbers: tuple[int, ...]


@frozen(eq=False)
class ElementSpec:
    """One element or component. `codes` is the guide's closed list (empty: open)."""

    ref: str  # NM103, SV101-02
    number: int  # place in the segment, or in the composite
    data_element: str  # 1035, C003
    name: str
    usage: str  # R S N
    kind: str = "AN"  # AN ID DT TM N0 N2 R, C for a composite
    least: int = 1
    most: int = NO_LIMIT
    repeat: int = 1
    codes: frozenset[str] = frozenset()
    external: str = ""  # name of an outside code list (checked as type 5)
    pattern: str = ""
    components: tuple["ElementSpec", ...] = ()
    syntax: tuple[SyntaxNote, ...] = ()  # of a composite

    @property
    def composite(self) -> bool:
        """Is it made of components?"""
        return self.kind == "C"


@frozen(eq=False)
class SegmentNode:
    """One segment at its place in a guide."""

    index: int
    tag: str
    name: str
    position: int
    usage: str
    max_use: int
    loop: str  # id of the loop it is in
    syntax: tuple[SyntaxNote, ...]
    elements: tuple[ElementSpec, ...]


@frozen(eq=False)
class LoopNode:
    """One loop. A wrapper has no segment that opens it; every other loop is opened by its first child.
    Its descendants have the numbers index + 1 to end - 1."""

    index: int
    id: str
    name: str
    position: int
    usage: str
    repeat: int
    wrapper: bool
    children: tuple["Node", ...]
    end: int

    @property
    def anchor(self) -> SegmentNode:
        """The segment that opens the loop (for a wrapper: the first one inside)."""
        return first_segments(self)[0]


Node = SegmentNode | LoopNode


def first_segments(node: Node) -> tuple[SegmentNode, ...]:
    """The segments by which a node can begin: itself, a loop's first child, any child of a wrapper."""
    if isinstance(node, SegmentNode):
        return (node,)
    if node.wrapper:
        return tuple(segment for child in node.children for segment in first_segments(child))
    return first_segments(node.children[0])


def short_loop(loop: str) -> str:
    """The id of a loop as data element 447 takes it, without its letters (2010 for 2010AA); '' for a part of
    the set that is no loop to people (HEADER)."""
    return loop[:LONGEST_LOOP] if loop[:1].isdigit() else ""


def all_loops(loop: LoopNode) -> Iterator[LoopNode]:
    """A loop and every loop inside it, in document order."""
    yield loop
    for child in loop.children:
        if isinstance(child, LoopNode):
            yield from all_loops(child)


@define(slots=False, eq=False)
class Guide:
    """A whole guide, from ST to SE."""

    key: str  # 837P.X222A1
    set_id: str  # ST01
    name: str
    root: LoopNode  # the loop of ST
    size: int  # how many nodes
    parents: tuple[LoopNode | None, ...] = field(repr=False)  # by node index

    @cached_property
    def segments(self) -> tuple[SegmentNode, ...]:
        """Every segment in document order."""
        return tuple(_segments(self.root))

    @cached_property
    def tags(self) -> frozenset[str]:
        """The ids of its segments."""
        return frozenset(node.tag for node in self.segments)

    def open_loops(self, node: SegmentNode) -> tuple[LoopNode, ...]:
        """The loops that are open at a segment, outermost first."""
        found: list[LoopNode] = []
        loop = self.parents[node.index]
        while loop is not None:
            found.append(loop)
            loop = self.parents[loop.index]
        return tuple(reversed(found))


def _segments(loop: LoopNode) -> list[SegmentNode]:
    found: list[SegmentNode] = []
    for child in loop.children:
        found += [child] if isinstance(child, SegmentNode) else _segments(child)
    return found
