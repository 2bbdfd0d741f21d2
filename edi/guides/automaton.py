"""A guide as an automaton that is built while files run through it.

The problem
-----------
For each segment of a file four questions have to be answered: which node of the guide is it, which loops
does it open, which required segments should have come before it, and is it out of place? The guide of a
professional claim has hundreds of nodes, and searching it for every segment is what makes validation slow.
But real files repeat themselves: after the first claims every situation has occurred before.

An example
----------
A claim of an 837P, in three steps and one fault. `seen` are the required children of loop 2400 met so far:

    segment         loop opened  seen after  what the step reports
    LX*2            2400         LX          nothing
    DTP*472*D8*...  -            LX DTP      SV1 is missing: it belongs before DTP
    SV1*HC:99213... -            LX SV1 DTP  SV1 comes too late; it is not missing after all
    LX*3            2400         LX          nothing

The idea
--------
A *state* is all of the past that can matter for the future: the last node of the guide, and for each open
loop which of its required children were met (a bit each). A *step* is what a segment does in a state: the
next state, the loops it opens, what is missing before it, what is wrong with its place. A step depends only
on the segment's id and the qualifiers by which the guide distinguishes nodes (`DTP*472` from `DTP*435`),
never on its other values. So it is worked out once, kept in the state under that key, and looked up from
then on: the example above costs four searches for the first such claim of a run, and four look-ups for each
later one.

States are made when a file leads to them. All states a guide allows would be far too many; a file of a
million claims needs about as many as one of a thousand.

Counting is left outside. How often a segment or loop occurred would make a state of each number, so the
counters are beside the automaton (`edi/guides/walk.py`), and a step names the counter that moves.

One fault gives one diagnostic. A segment that fits nowhere leaves the state as it is, as if it had not
come. If it would have opened a loop, its state also remembers which segments belong to such a loop, and
these are skipped until one fits again (`edi/guides/recovery.py`).

What must stay true
-------------------
- A step is a function of state, id and qualifiers alone. `Automaton.values` therefore returns every element
  by which the guide distinguishes two nodes of one id, and nothing else.
- A state holds no counter, no value of the file, no position.
- A key is bounded: a qualifier that no node lists is `OTHER`, an id that the guide does not have is one of
  three.
- States can be dropped at any time (`forget`, beyond MOST_STATES): they are only a memory of what was
  worked out.
- The next state of a fault is a state that a valid file could reach too, or one that returns to such a
  state; so checking never gets lost for the rest of a set.

What would break it
-------------------
- Deciding a step by a value that is not among the qualifiers: the first claim's answer would be given to
  all others.
- A guide whose loops differ only in a later segment: the automaton looks at one segment and
  never back.
- Keeping something of the file (a claim number, an amount) in a state: memory would grow with the file.
"""

from functools import cached_property

from attrs import define, evolve

from x12_payer.edi.guides.model import SegmentNode
from x12_payer.edi.guides.qualifiers import ElementPlace, codes_at, qualifiers
from x12_payer.edi.guides.recovery import came_late, instead, miscoded, passed_over, recover
from x12_payer.edi.guides.registry import known_tags, set_tags
from x12_payer.edi.guides.states import OTHER, State, States, Step
from x12_payer.edi.guides.steps import best, bit_of, candidates_of, match
from x12_payer.edi.wire.segments import Delimiters

MOST_STATES = 20_000
# Keys of segment ids that are not in the guide.
FOREIGN, UNKNOWN, UNUSED = "*foreign", "*unknown", "*unused"


@define(slots=False, eq=False)
class Automaton(States):
    """The states and steps of one guide so far, for one set of delimiters."""

    delimiters: Delimiters

    @cached_property
    def start(self) -> State:
        """The state after the ST."""
        first = self.guide.root.children[0]
        assert isinstance(first, SegmentNode)
        return self.state(first, (bit_of(self.guide.root, first),), frozenset())

    @cached_property
    def places(self) -> dict[str, tuple[tuple[ElementPlace, frozenset[str]], ...]]:
        """For each segment id: the qualifiers that tell its nodes apart, with every code listed there."""
        found = qualifiers(self.guide)
        return {
            tag: tuple((place, self._listed(tag, place)) for place in sorted(found.get(tag, ())))
            for tag in self.guide.tags
        }

    def _listed(self, tag: str, place: ElementPlace) -> frozenset[str]:
        nodes = (node for node in self.guide.segments if node.tag == tag)
        return frozenset().union(*(codes_at(node, place) for node in nodes))

    def lost(self, state: State) -> State:
        """A state that is nowhere in particular until its opening segment's id comes again."""
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
        if tag in set_tags(self.guide.set_id):
            return UNUSED
        return FOREIGN if tag in known_tags() else UNKNOWN

    def forget(self) -> None:
        """Let go of the states when there are too many of them."""
        if len(self.states) > MOST_STATES:
            self.states.clear()
            self.start.forget()


def _find(automaton: Automaton, state: State, tag: str, values: list[str]) -> Step:
    """Work out a step: where the segment fits, else what to say of it."""
    places = [place for place, _ in automaton.places.get(tag, ())]
    candidates = [c for c in candidates_of(state) if c.segment.tag == tag]
    chosen = best(candidates, places, values)
    if tag in state.silent:
        return passed_over(automaton, state, tag)
    late = came_late(automaton, state, tag, places, values)
    if late is not None:
        return late
    if chosen is not None:
        return instead(automaton, state, chosen, places, values) or match(automaton, state, chosen)
    if state.silent and tag in automaton.guide.tags:
        return passed_over(automaton, state, tag)
    wrong = miscoded(state, tag, candidates, places, values)
    if wrong is not None:  # not counted: the right one may still come
        step = match(automaton, state, wrong)
        return evolve(step, counted=False, opens=(), qualifier_only=not wrong.path)
    return recover(automaton, state, tag, places, values, candidates)
