"""A segment that does not fit: what to report, and where checking goes on.

What is reported is the likeliest single fault: a segment after its place, one whose loop was not opened,
or one too many."""

from attrs import evolve

from x12_payer.edi.guides.model import NO_LIMIT, LoopNode, Node, SegmentNode, first_segments
from x12_payer.edi.guides.qualifiers import ElementPlace, fits
from x12_payer.edi.guides.registry import known_tags, set_tags
from x12_payer.edi.guides.states import (
    ENTERED,
    LOOP_REPEAT,
    NOT_USED,
    OTHER,
    REPORTED,
    SEQUENCE,
    Candidate,
    State,
    States,
    Step,
)
from x12_payer.edi.guides.steps import bit_of, candidates_of, match, missing_before, spent

MANY_MISSING = 2  # rather is the segment itself out of place


def passed_over(states: States, state: State, tag: str) -> Step:
    """The segment follows from what was reported before: nothing is reported of it."""
    return Step(_silent(states, state, tag), None, state.node.loop)


def _silent(states: States, state: State, tag: str, *signs: str) -> State:
    """The same state, passing over what belongs to one more loop."""
    inside = states.loop_tags.get(tag, frozenset())
    return states.state(state.node, state.seen, state.passed_over | inside | frozenset(signs))


def came_late(
    states: States, state: State, tag: str, places: list[ElementPlace], values: list[str]
) -> Step | None:
    """The segment that opens a loop, right behind the one that should follow it: the two have changed
    places. When nothing else is awaited in the loop, it rather opens the next one."""
    if ENTERED not in state.passed_over:
        return None
    for level in range(len(state.loops) - 1, 0, -1):
        loop = state.loops[level]
        anchor = None if loop.wrapper else loop.anchor
        if anchor is None or anchor.tag != tag or fits(anchor, places, values) < len(places):
            continue
        bit = bit_of(loop, anchor)
        seen = (*state.seen[:level], state.seen[level] | bit, *state.seen[level + 1 :])
        if bit and not state.seen[level] & bit and (loop.repeat == 1 or _is_unfinished(state, level, seen)):
            stay = states.state(state.node, seen, frozenset())
            return Step(stay, anchor, anchor.loop, SEQUENCE, late=True)
    return None


def _is_unfinished(state: State, level: int, seen: tuple[int, ...]) -> bool:
    """Is a required part of the loops from a level on still to come?"""
    inner = zip(state.loops[level:], seen[level:], strict=True)
    return any(bit_of(loop, child) & ~met for loop, met in inner for child in loop.children)


def instead(
    states: States, state: State, chosen: Candidate, places: list[ElementPlace], values: list[str]
) -> Step | None:
    """What is likelier than that the segment is `chosen`: it opens a loop a second time that may be there
    once, or it is behind its place and much of what comes before `chosen` is still to come."""
    loop = chosen.path[-1] if chosen.path else None
    if loop is not None and loop.repeat == 1 and chosen.segment is state.node:
        return Step(state, chosen.segment, chosen.segment.loop, LOOP_REPEAT)
    if chosen.child.usage != "R" and len(missing_before(state, chosen)) >= MANY_MISSING:
        passed = _passed(state, chosen.segment.tag, places, values)
        if passed is not None and passed.segment is not chosen.segment:
            return _late(states, state, passed)
    return None


def miscoded(
    state: State, tag: str, candidates: list[Candidate], places: list[ElementPlace], values: list[str]
) -> Candidate | None:
    """A required part that is still to come and has this id: then its qualifier is wrong. A qualifier that is
    some other loop's opens that loop in the wrong place instead; one that fits a required part before was
    missed there."""
    for candidate in candidates:
        awaited = _is_awaited(state, candidate)
        if awaited and (not candidate.path or OTHER in values or "" in values):
            passed = _passed(state, tag, places, values) if places else None
            return None if passed is not None and _is_awaited(state, passed) else candidate
    return None


def _is_awaited(state: State, candidate: Candidate) -> bool:
    """Is it a required part that was not met yet?"""
    return bool(bit_of(state.loops[candidate.level], candidate.child) & ~state.seen[candidate.level])


def recover(
    states: States,
    state: State,
    tag: str,
    places: list[ElementPlace],
    values: list[str],
    candidates: list[Candidate],
) -> Step:
    """What to say of a segment that fits nowhere."""
    here = state.node.loop
    if tag not in states.guide.tags:
        return Step(state, None, here, _strange(states.guide.set_id, tag))
    passed = _passed(state, tag, places, values)
    inner = [c for c in candidates if c.level == len(state.loops) - 1 and not c.path]
    if inner and not (passed is not None and _is_awaited(state, passed)):
        # its loop has such segments, but none with this qualifier
        return Step(state, inner[0].segment, here, qualifier_only=True)
    implied = _implied(state, tag, places, values)
    if passed is not None and not (implied is not None and _rather(state, implied[0], passed)):
        return _late(states, state, passed)
    if implied is not None:
        step = match(states, state, implied[0])
        entered = states.state(step.state.node, step.state.seen, frozenset((ENTERED,)))
        return evolve(step, state=entered, absent=implied[1])
    if REPORTED in state.passed_over and tag in states.loop_tags:
        return passed_over(states, state, tag)
    stay = _silent(states, state, tag, REPORTED)
    if candidates and places and values[0] in (OTHER, ""):  # no part of this id has such a code
        return Step(stay, candidates[0].segment, here, qualifier_only=True)
    return Step(stay, None, here, "segment-unexpected")


def _strange(set_id: str, tag: str) -> str:
    """What to say of a segment id that is not in the guide: other guides of the set have it, or X12 knows it,
    or nobody does."""
    if tag in set_tags(set_id):
        return NOT_USED
    return "segment-foreign" if tag in known_tags() else "segment-unknown"


def _passed(state: State, tag: str, places: list[ElementPlace], values: list[str]) -> Candidate | None:
    """The segment at an earlier place of an open loop, where it would have fitted. Above the HL at hand only
    one that is still awaited."""
    child: Node = state.node
    above = False
    for level in range(len(state.loops) - 1, -1, -1):
        loop = state.loops[level]
        for other in loop.children:
            if other.position < child.position and not spent(loop, other, child):
                segment = first_segments(other)[0]
                wrapper = isinstance(other, LoopNode) and other.wrapper
                if not wrapper and segment.tag == tag and fits(segment, places, values) == len(places):
                    path = (other,) if isinstance(other, LoopNode) else ()
                    found = Candidate(level, other, path, segment)
                    if not above or _is_awaited(state, found):
                        return found
        above = above or (not loop.wrapper and loop.anchor.tag == "HL")
        child = loop
    return None


def _rather(state: State, implied: Candidate, passed: Candidate) -> bool:
    """Was the loop of `implied` rather left unopened than the segment sent behind its place? It is required
    there, and the earlier place does not need it: it may be absent, or it was met and the loop repeats."""
    if implied.segment.usage != "R" or _is_awaited(state, passed):
        return False
    again = implied.path[-1] in state.loops and implied.path[-1].repeat != 1
    return len(missing_before(state, implied)) < MANY_MISSING and (again or passed.child.usage != "R")


def _implied(
    state: State, tag: str, places: list[ElementPlace], values: list[str]
) -> tuple[Candidate, SegmentNode] | None:
    """Where the segment belongs when only the segment that opens its loop has been left out, and that one.
    The loop is still awaited, or it is the only one that could be meant and the segment is required in it."""
    found: list[tuple[Candidate, SegmentNode]] = []
    for candidate in candidates_of(state):
        loop = candidate.path[-1] if candidate.path else None
        inner = _first_inside(loop, tag, places, values) if loop else None
        if loop is None or inner is None:
            continue
        path = (*candidate.path, inner) if isinstance(inner, LoopNode) else candidate.path
        implied = Candidate(candidate.level, candidate.child, path, first_segments(inner)[0])
        if _is_awaited(state, candidate):
            if inner.usage == "R" or len(missing_before(state, implied)) < MANY_MISSING:
                return implied, candidate.segment
        elif inner.usage == "R" and not _is_used_up(state, candidate):
            found.append((implied, candidate.segment))
    anchors = {anchor.index for _, anchor in found}  # a wrapper that repeats, too, gives the same one twice
    return found[0] if len(anchors) == 1 else None


def _is_used_up(state: State, candidate: Candidate) -> bool:
    """Was a part that may be there once met?"""
    child = candidate.child
    bit = bit_of(state.loops[candidate.level], child)
    once = isinstance(child, LoopNode) and child.repeat == 1
    return once and (child in state.loops or bool(bit & state.seen[candidate.level]))


def _first_inside(loop: LoopNode, tag: str, places: list[ElementPlace], values: list[str]) -> Node | None:
    """The part of a loop that begins with the segment, if nothing else that is required comes before it."""
    inside = loop.children[1:]
    first_required = min((child.position for child in inside if child.usage == "R"), default=NO_LIMIT)
    for child in inside:
        segment = first_segments(child)[0]
        good = segment.tag == tag and fits(segment, places, values) == len(places)
        if good and child.position <= first_required:
            return child
    return None


def _late(states: States, state: State, passed: Candidate) -> Step:
    """A segment behind its place: it counts as met, the walk stays where it is."""
    bit = bit_of(state.loops[passed.level], passed.child) & ~state.seen[passed.level]
    seen = tuple(s | bit if level == passed.level else s for level, s in enumerate(state.seen))
    stay = states.state(state.node, seen, state.silent)
    if passed.path:
        stay = _silent(states, stay, passed.segment.tag)
    return Step(stay, passed.segment, passed.segment.loop, SEQUENCE, late=bool(bit))
