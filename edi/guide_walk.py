"""A guide as an automaton that is built while it runs.

A state says at which segment of the guide the walk stands and which required parts of the open loops were
met. From a state a segment's id and qualifiers lead to a step: the next state, the loops that open, and what
is missing or out of place. A step is worked out once and then looked up; how often segments and loops
occurred is counted beside the automaton, because numbers would make endless states of it.

One fault, one finding: a segment that fits nowhere leaves the state as it is. When it would have opened a
loop, the state also remembers which segments belong to such a loop and passes over them in silence."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, frozen

from edi.guide import known_tags
from edi.guide_qualifiers import Place, codes_at, fits, qualifiers
from edi.guide_values import NO_LIMIT, Guide, LoopNode, Node, SegmentNode, all_loops, first_segments
from edi.segments import Delimiters

MOST_STATES = 20_000
FOREIGN, UNKNOWN = "*foreign", "*unknown"  # keys of segment ids that are not in the guide
OTHER = "?"  # stands in a key for a value that no node of the tag lists


@define(eq=False)
class State:
    """Where a walk stands. `seen`: for each open loop the bits of its required children that were met;
    `passed_over`: ids of segments to pass over in silence until one fits again."""

    node: SegmentNode
    loops: tuple[LoopNode, ...]
    seen: tuple[int, ...]
    passed_over: frozenset[str]
    steps: dict[str, "Step"] = field(factory=dict, repr=False)
    # kept by edi/walk_machine.py: whole segments judged here, and the shapes of sound ones
    hits: dict[str, Any] = field(factory=dict, repr=False)
    likely: list[tuple[Callable[[str], object], Any]] = field(factory=list, repr=False)
    shapes: Counter[Hashable] = field(factory=Counter, repr=False)

    def forget(self) -> None:
        """Let go of all that was kept here."""
        for kept in (self.steps, self.hits, self.likely, self.shapes):
            kept.clear()


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
class Automaton:
    """The states and steps of one guide so far, for one set of delimiters."""

    guide: Guide
    delimiters: Delimiters
    states: dict[tuple[int, tuple[int, ...], frozenset[str]], State] = field(factory=dict, repr=False)

    @cached_property
    def start(self) -> State:
        """The state after the ST."""
        first = self.guide.root.children[0]
        assert isinstance(first, SegmentNode)
        return self.state(first, (_bit(self.guide.root, first),), frozenset())

    def state(self, node: SegmentNode, seen: tuple[int, ...], passed_over: frozenset[str]) -> State:
        """The one state of these values."""
        key = (node.index, seen, passed_over)
        found = self.states.get(key)
        if found is None:
            found = State(node, self.guide.open_loops(node), seen, passed_over)
            self.states[key] = found
        return found

    @cached_property
    def places(self) -> dict[str, tuple[tuple[Place, frozenset[str]], ...]]:
        """For each segment id: the qualifiers that tell its nodes apart, with every code listed there."""
        found = qualifiers(self.guide)
        return {
            tag: tuple((place, self._listed(tag, place)) for place in sorted(found.get(tag, ())))
            for tag in self.guide.tags
        }

    def _listed(self, tag: str, place: Place) -> frozenset[str]:
        nodes = (node for node in self.guide.segments if node.tag == tag)
        return frozenset().union(*(codes_at(node, place) for node in nodes))

    @cached_property
    def loop_tags(self) -> dict[str, frozenset[str]]:
        """For each segment id that opens a loop: the ids of the segments inside such loops."""
        found: dict[str, set[str]] = {}
        for loop in all_loops(self.guide.root):
            if not loop.wrapper:
                inside = {s.tag for s in self.guide.segments if loop.index < s.index < loop.end}
                found.setdefault(loop.anchor.tag, set()).update(inside)
        return {tag: frozenset(inside - {tag, "ST", "SE"}) for tag, inside in found.items()}

    def lost(self, state: State) -> State:
        """A state that stands nowhere in particular until its opening segment's id comes again."""
        inside = self.loop_tags.get(state.node.tag, frozenset())
        return self.state(state.node, (*state.seen[:-1], -1), state.passed_over | inside)

    def values(self, elements: list[str]) -> list[str]:
        """The qualifiers that matter for a segment; what no node of its id lists is the same to all."""
        found = []
        for (number, component), listed in self.places.get(elements[0], ()):
            value = elements[number] if number < len(elements) else ""
            if component:
                parts = value.split(self.delimiters.repetition, 1)[0].split(self.delimiters.component)
                value = parts[component - 1] if component <= len(parts) else ""
            found.append(value if value in listed or not value else OTHER)
        return found

    def step(self, state: State, elements: list[str]) -> Step:
        """The step of a segment; memoised in the state."""
        tag = elements[0]
        values = self.values(elements) if self.places.get(tag) else []
        key = "*".join((tag, *values)) if tag in self.places else self._strange(tag)
        found = state.steps.get(key)
        if found is None:
            found = _find(self, state, tag, values)
            state.steps[key] = found
        return found

    def _strange(self, tag: str) -> str:
        """The key of a segment id that is not in the guide: there may be any number of these."""
        return FOREIGN if tag in known_tags() else UNKNOWN

    def forget(self) -> None:
        """Let go of the states when there are too many of them."""
        if len(self.states) > MOST_STATES:
            self.states.clear()
            self.start.forget()


def _bit(loop: LoopNode, child: Node) -> int:
    """The bit of a required child of a loop, 0 for any other."""
    return 1 << loop.children.index(child) if child.usage == "R" else 0


# --- from a state to a step ------------------------------------------------------------------------------


def _find(automaton: Automaton, state: State, tag: str, values: list[str]) -> Step:
    """Work out a step: where the segment fits, else what to say of it."""
    places = [place for place, _ in automaton.places.get(tag, ())]
    candidates = [c for c in _candidates(state) if c.segment.tag == tag]
    chosen = _best(candidates, places, values)
    if tag in state.passed_over:
        return Step(_silent(automaton, state, tag), None, state.node.loop)
    if chosen is not None:
        return _match(automaton, state, chosen)
    if state.passed_over and tag in automaton.guide.tags:
        return Step(_silent(automaton, state, tag), None, state.node.loop)
    miscoded = _miscoded(state, candidates, values)
    if miscoded is not None:  # not counted: the right one may still come
        return evolve(_match(automaton, state, miscoded), counted=False, opens=())
    return _misfit(automaton, state, tag, places, values, candidates)


def _candidates(state: State) -> Iterator[Candidate]:
    """What can come next, the innermost open loop first, then by place in the guide."""
    child: Node = state.node
    for level in range(len(state.loops) - 1, -1, -1):
        loop = state.loops[level]
        for other in loop.children:
            if other.position >= child.position and not _spent(loop, other, child):
                for path, segment in _paths(other):
                    yield Candidate(level, other, path, segment)
        child = loop


def _spent(loop: LoopNode, other: Node, current: Node) -> bool:
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


def _best(candidates: list[Candidate], places: list[Place], values: list[str]) -> Candidate | None:
    """The first candidate whose qualifiers all fit, else the one where most of them do."""
    scores = [fits(c.segment, places, values) for c in candidates]
    best = max(scores, default=0)
    if not candidates or (best == 0 and places):
        return None
    return candidates[scores.index(best)]


def _miscoded(state: State, candidates: list[Candidate], values: list[str]) -> Candidate | None:
    """A required part that is still to come and has this id: then its qualifier is wrong. A qualifier that is
    some other loop's opens that loop in the wrong place instead."""
    for candidate in candidates:
        loop = state.loops[candidate.level]
        awaited = _bit(loop, candidate.child) & ~state.seen[candidate.level]
        if awaited and (not candidate.path or OTHER in values or "" in values):
            return candidate
    return None


def _match(automaton: Automaton, state: State, chosen: Candidate) -> Step:
    """The segment is `chosen`."""
    segment, level = chosen.segment, chosen.level
    opened = [_bit(loop, inner) for loop, inner in chosen.steps_down()]
    seen = (*state.seen[:level], state.seen[level] | _bit(state.loops[level], chosen.child), *opened)
    used = segment.usage != "N" and all(loop.usage != "N" for loop in chosen.path)
    opens = tuple(loop for loop in chosen.path if not loop.wrapper)
    return Step(
        state=automaton.state(segment, seen, frozenset()),
        node=segment,
        loop=segment.loop,
        fault="" if used else "segment-not-used",
        counted=not opens,  # the first segment of a wrapper opens no loop
        opens=opens,
        missing=tuple(_missing_before(state, chosen)),
    )


def _missing_before(state: State, chosen: Candidate) -> list[SegmentNode]:
    """Required segments that should have come before the chosen one, in the order of the guide."""
    found: list[SegmentNode] = []
    child: Node = state.node
    for level in range(len(state.loops) - 1, chosen.level - 1, -1):
        loop, seen = state.loops[level], state.seen[level]
        end = chosen.child.position if level == chosen.level else NO_LIMIT
        for other in loop.children:
            if child.position <= other.position < end and _bit(loop, other) & ~seen:
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


def _silent(automaton: Automaton, state: State, tag: str) -> State:
    """The same state, passing over what belongs to one more loop."""
    inside = automaton.loop_tags.get(tag, frozenset())
    return automaton.state(state.node, state.seen, state.passed_over | inside)


def _misfit(
    automaton: Automaton,
    state: State,
    tag: str,
    places: list[Place],
    values: list[str],
    candidates: list[Candidate],
) -> Step:
    """What to say of a segment that fits nowhere."""
    here = state.node.loop
    if tag not in automaton.guide.tags:
        fault = "segment-foreign" if tag in known_tags() else "segment-unknown"
        return Step(state, None, here, fault)
    inner = [c for c in candidates if c.level == len(state.loops) - 1 and not c.path]
    if inner:  # its loop has such segments, but none with this qualifier
        return Step(state, inner[0].segment, here, qualifier_only=True)
    passed = _passed(state, tag, places, values)
    if passed is not None:
        return _late(automaton, state, passed)
    implied = _implied(state, tag, places, values)
    if implied is not None:
        return evolve(_match(automaton, state, implied[0]), absent=implied[1])
    return Step(_silent(automaton, state, tag), None, here, "segment-unexpected")


def _passed(state: State, tag: str, places: list[Place], values: list[str]) -> Candidate | None:
    """The segment at an earlier place of an open loop, where it would have fitted."""
    child: Node = state.node
    for level in range(len(state.loops) - 1, -1, -1):
        loop = state.loops[level]
        for other in loop.children:
            if other.position < child.position and not _spent(loop, other, child):
                segment = first_segments(other)[0]
                wrapper = isinstance(other, LoopNode) and other.wrapper
                if not wrapper and segment.tag == tag and fits(segment, places, values) == len(places):
                    path = (other,) if isinstance(other, LoopNode) else ()
                    return Candidate(level, other, path, segment)
        child = loop
    return None


def _implied(
    state: State, tag: str, places: list[Place], values: list[str]
) -> tuple[Candidate, SegmentNode] | None:
    """Where the segment belongs when only the segment that opens its loop has been left out, and that one.
    The loop is still awaited, or it is the only one that could be meant and the segment is required in it."""
    found: list[tuple[Candidate, SegmentNode]] = []
    for candidate in _candidates(state):
        loop = candidate.path[-1] if candidate.path else None
        inner = _first_inside(loop, tag, places, values) if loop else None
        if loop is None or inner is None:
            continue
        path = (*candidate.path, inner) if isinstance(inner, LoopNode) else candidate.path
        implied = Candidate(candidate.level, candidate.child, path, first_segments(inner)[0])
        if _bit(state.loops[candidate.level], candidate.child) & ~state.seen[candidate.level]:
            return implied, candidate.segment
        if inner.usage == "R":
            found.append((implied, candidate.segment))
    return found[0] if len(found) == 1 else None


def _first_inside(loop: LoopNode, tag: str, places: list[Place], values: list[str]) -> Node | None:
    """The part of a loop that begins with the segment, if nothing else that is required stands before it."""
    inside = loop.children[1:]
    first_required = min((child.position for child in inside if child.usage == "R"), default=NO_LIMIT)
    for child in inside:
        segment = first_segments(child)[0]
        good = segment.tag == tag and fits(segment, places, values) == len(places)
        if good and child.position <= first_required:
            return child
    return None


def _late(automaton: Automaton, state: State, passed: Candidate) -> Step:
    """A segment behind its place: it counts as met, the walk stays where it is."""
    bit = _bit(state.loops[passed.level], passed.child) & ~state.seen[passed.level]
    seen = tuple(s | bit if level == passed.level else s for level, s in enumerate(state.seen))
    stay = automaton.state(state.node, seen, state.passed_over)
    if passed.path:
        stay = _silent(automaton, stay, passed.segment.tag)
    return Step(stay, passed.segment, passed.segment.loop, "segment-sequence", late=bool(bit))
