"""Which qualifiers distinguish segments with one id: REF by REF01, HL by HL03, PWK by PWK01 and PWK02 ..."""

from itertools import combinations

from x12_payer.edi.guides.model import ElementSpec, Guide, LoopNode, SegmentNode, all_loops, first_segments

PARTY = "NM1"  # who is meant is in NM101 wherever that is
QUALIFIER_PLACES = 3  # qualifiers are in the first elements
ElementPlace = tuple[int, int]  # element, component (0: none)


def codes_at(node: SegmentNode, place: ElementPlace) -> frozenset[str]:
    """The code list of a node at a qualifier's place; empty when it has none."""
    spec = spec_at(node, place)
    return spec.codes if spec else frozenset()


def spec_at(node: SegmentNode, place: ElementPlace) -> ElementSpec | None:
    """The element or component at a place."""
    spec = next((e for e in node.elements if e.number == place[0]), None)
    if spec and place[1]:
        return next((c for c in spec.components if c.number == place[1]), None)
    return spec


def qualifiers(guide: Guide) -> dict[str, set[ElementPlace]]:
    """By segment id the places by which nodes of that id that can come after one another differ; an id whose
    nodes nothing tells apart is left out."""
    lists = {segment.index: _lists(segment) for segment in guide.segments}
    starts = {loop.index: _starts(loop) for loop in all_loops(guide.root)}
    found: dict[str, set[ElementPlace]] = {}
    for loop in all_loops(guide.root):
        rivals: dict[str, list[SegmentNode]] = {}
        child: LoopNode | None = None
        above: LoopNode | None = loop
        while above is not None:
            for position, segment in starts[above.index]:
                if child is None or position >= child.position:
                    rivals.setdefault(segment.tag, []).append(segment)
            child, above = above, guide.parents[above.index]
        for _, one in starts[loop.index]:
            for other in rivals[one.tag]:
                place = _difference(lists[one.index], lists[other.index]) if other is not one else None
                if place is not None:
                    found.setdefault(one.tag, set()).add(place)
    parties = [segment for segment in guide.segments if segment.tag == PARTY]
    for one, other in combinations(parties, 2):
        place = _difference(lists[one.index], lists[other.index])
        if place == (1, 0):
            found.setdefault(PARTY, set()).add(place)
    return found


def _starts(loop: LoopNode) -> list[tuple[int, SegmentNode]]:
    """The segments with which children of a loop can begin, each with its child's position."""
    return [(child.position, segment) for child in loop.children for segment in first_segments(child)]


def _lists(node: SegmentNode) -> dict[ElementPlace, frozenset[str]]:
    """The code lists of a node where a qualifier may be, in the order of their places."""
    places = ((number, component) for number in range(1, QUALIFIER_PLACES + 1) for component in (0, 1))
    found = ((place, codes_at(node, place)) for place in places)
    return {place: codes for place, codes in found if codes}


def _difference(
    one: dict[ElementPlace, frozenset[str]], other: dict[ElementPlace, frozenset[str]]
) -> ElementPlace | None:
    """The first place where both have a list and no code in common."""
    for place, codes in one.items():
        if place in other and codes.isdisjoint(other[place]):
            return place
    return None


def fits(segment: SegmentNode, places: list[ElementPlace], values: list[str]) -> int:
    """How many of the qualifiers fit, counted up to the first that does not."""
    for count, (place, value) in enumerate(zip(places, values, strict=True)):
        spec = spec_at(segment, place)
        if spec is None or not spec.codes or value in spec.codes or (not value and spec.usage != "R"):
            continue
        return count
    return len(places)
