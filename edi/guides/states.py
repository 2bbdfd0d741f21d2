"""The states of the guide automaton, and what a segment does there. The idea is explained in automaton.py."""

from collections import Counter
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from attrs import define, field

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import Guide, LoopNode, Node, SegmentNode, all_loops

OTHER = "?"  # in a key: a value that no node of the tag lists
ENTERED = "*entered"  # among `passed_over`: the loop was just entered without the segment that opens it
REPORTED = (
    "*told"  # the last segment had no place and was reported: a loop behind it that has none follows from it
)
SIGNS = frozenset((ENTERED, REPORTED))
# Rows of diagnostics.csv.
LOOP_REPEAT, NOT_USED, SEQUENCE = "loop-repeat", "segment-not-used", "segment-sequence"


@define(eq=False)
class State:
    """Where a walk is. `seen`: for each open loop the bits of its required children that were met;
    `passed_over`: ids of segments to pass over in silence until one fits again, and the two signs above."""

    node: SegmentNode
    loops: tuple[LoopNode, ...]
    seen: tuple[int, ...]
    passed_over: frozenset[str]
    steps: dict[str, "Step"] = field(factory=dict, repr=False)
    # kept by edi/guides/engine.py: whole segments judged here, and the shapes of valid ones
    hits: dict[str, Any] = field(factory=dict, repr=False)
    likely: list[tuple[Callable[[str], object], Any]] = field(factory=list, repr=False)
    shapes: Counter[Hashable] = field(factory=Counter, repr=False)

    def forget(self) -> None:
        """Let go of all that was kept here."""
        for kept in (self.steps, self.hits, self.likely, self.shapes):
            kept.clear()

    @property
    def silent(self) -> frozenset[str]:
        """The ids alone of `passed_over`."""
        return self.passed_over - SIGNS


@frozen(eq=False)
class Step:
    """What a segment does in a state. `node` is None when the segment fits nowhere; `fault` is the key of
    what is wrong with its place; `missing` are required segments that should have come before."""

    state: State
    node: SegmentNode | None
    loop: str
    fault: str = ""
    counted: bool = False  # a segment inside its loop, not one that opens it
    opens: tuple[LoopNode, ...] = ()
    missing: tuple[SegmentNode, ...] = ()
    late: bool = False  # a required segment that was reported missing comes after all
    absent: SegmentNode | None = None  # the segment left out that should have opened the loop
    qualifier_only: bool = False  # the qualifier fits no node: nothing else can be said of the segment


@frozen(eq=False)
class Candidate:
    """A segment that can come next: the open loop it or its path hangs under, and the loops to open."""

    level: int
    child: Node
    path: tuple[LoopNode, ...]
    segment: SegmentNode

    def steps_down(self) -> list[tuple[LoopNode, Node]]:
        """Each loop to open with the child that opens it."""
        inner: list[Node] = [*self.path[1:], self.segment]
        return list(zip(self.path, inner, strict=False))


@define(slots=False, eq=False)
class States:
    """The states of one guide so far."""

    guide: Guide
    states: dict[tuple[int, tuple[int, ...], frozenset[str]], State] = field(
        factory=dict, init=False, repr=False
    )

    def state(self, node: SegmentNode, seen: tuple[int, ...], passed_over: frozenset[str]) -> State:
        """The one state of these values."""
        key = (node.index, seen, passed_over)
        found = self.states.get(key)
        if found is None:
            found = State(node, self.guide.open_loops(node), seen, passed_over)
            self.states[key] = found
        return found

    @cached_property
    def loop_tags(self) -> dict[str, frozenset[str]]:
        """For each segment id that opens a loop: the ids of the segments inside such loops."""
        found: dict[str, set[str]] = {}
        for loop in all_loops(self.guide.root):
            if not loop.wrapper:
                inside = {s.tag for s in self.guide.segments if loop.index < s.index < loop.end}
                found.setdefault(loop.anchor.tag, set()).update(inside)
        return {tag: frozenset(inside - {tag, "ST", "SE"}) for tag, inside in found.items()}
