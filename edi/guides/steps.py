"""A segment that fits: what can come next in a state of the automaton, and what is missing before it."""

from collections.abc import Iterator

from x12_payer.edi.guides.model import NO_LIMIT, LoopNode, Node, SegmentNode, first_segments
from x12_payer.edi.guides.qualifiers import ElementPlace, fits
from x12_payer.edi.guides.states import NOT_USED, Candidate, State, States, Step


def bit_of(loop: LoopNode, child: Node) -> int:
    """The bit of a required child of a loop, 0 for any other."""
    return 1 << loop.children.index(child) if child.usage == "R" else 0


def candidates_of(state: State) -> Iterator[Candidate]:
    """What can come next, the innermost open loop first, then by place in the guide."""
    child: Node = state.node
    for level in range(len(state.loops) - 1, -1, -1):
        loop = state.loops[level]
        for other in loop.children:
            if other.position >= child.position and not spent(loop, other, child):
                for path, segment in _paths(other):
                    yield Candidate(level, other, path, segment)
        child = loop


def spent(loop: LoopNode, other: Node, current: Node) -> bool:
    """A loop's opening segment does not repeat inside it; a wrapper that counts one is not entered twice."""
    if isinstance(other, SegmentNode):
        return not loop.wrapper and other is loop.children[0]
    return other.wrapper and other is current and other.repeat == 1


def _paths(node: Node) -> Iterator[tuple[tuple[LoopNode, ...], SegmentNode]]:
    """The loops to open, and the segment that opens them."""
    if isinstance(node, SegmentNode):
        yield (), node
    elif not node.wrapper:
        for path, segment in _paths(node.children[0]):
            yield (node, *path), segment
    else:
        for child in node.children:
            for path, segment in _paths(child):
                yield (node, *path), segment


def best(candidates: list[Candidate], places: list[ElementPlace], values: list[str]) -> Candidate | None:
    """The first candidate whose qualifiers all fit, else the one where most of them do."""
    scores = [fits(c.segment, places, values) for c in candidates]
    best = max(scores, default=0)
    if not candidates or (best == 0 and places):
        return None
    return candidates[scores.index(best)]


def match(states: States, state: State, chosen: Candidate) -> Step:
    """The segment is `chosen`."""
    segment, level = chosen.segment, chosen.level
    opened = [bit_of(loop, inner) for loop, inner in chosen.steps_down()]
    seen = (*state.seen[:level], state.seen[level] | bit_of(state.loops[level], chosen.child), *opened)
    used = segment.usage != "N" and all(loop.usage != "N" for loop in chosen.path)
    opens = tuple(loop for loop in chosen.path if not loop.wrapper)
    return Step(
        state=states.state(segment, seen, frozenset()),
        node=segment,
        loop=segment.loop,
        fault="" if used else NOT_USED,
        counted=not opens,  # the first segment of a wrapper opens no loop
        opens=opens,
        missing=tuple(missing_before(state, chosen)),
    )


def missing_before(state: State, chosen: Candidate) -> list[SegmentNode]:
    """Required segments that should have come before the chosen one, in the order of the guide."""
    found: list[SegmentNode] = []
    child: Node = state.node
    for level in range(len(state.loops) - 1, chosen.level - 1, -1):
        loop, seen = state.loops[level], state.seen[level]
        end = chosen.child.position if level == chosen.level else NO_LIMIT
        for other in loop.children:
            if child.position <= other.position < end and bit_of(loop, other) & ~seen:
                found += _required(other)
        child = loop
    for loop, inner in chosen.steps_down():
        for other in loop.children:
            if other.position < inner.position and other.usage == "R":
                found += _required(other)
    return sorted(found, key=lambda node: node.index)


def _required(node: Node) -> list[SegmentNode]:
    """The segments to name when a required part is absent: for a loop the one that opens it."""
    if isinstance(node, LoopNode) and node.wrapper:
        return [segment for child in node.children if child.usage == "R" for segment in _required(child)]
    return [first_segments(node)[0]]
