"""A guide ready to check segments: what one does in a state of the automaton, and what is wrong with its
elements.

A text that was checked in a state is kept there, within bounds; what is not the same for every segment of a
step (diagnostics of elements, HL, the business unit for CTX) hangs on the entry as an `Extra`."""

from functools import cache

from attrs import define, field

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.automaton import MOST_STATES, Automaton
from x12_payer.edi.guides.elements import (
    ElementDiagnostic,
    SegmentCheck,
    check_elements,
    qualifier_diagnostics,
    segment_check,
)
from x12_payer.edi.guides.fast_match import NEVER, SEEN_OFTEN, fast_pattern
from x12_payer.edi.guides.model import NO_LIMIT, Guide, LoopNode
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.guides.states import State, Step
from x12_payer.edi.wire.segments import Delimiters

MOST_LIKELY = 6  # expressions tried in one state
MOST_SHAPES = 256  # counted in one state
KEPT_SEGMENTS = 100_000  # judged segments kept for one guide
KEPT_FAST = 4096  # segments kept in one state that an expression would judge nearly as fast
ENVELOPE = frozenset({"ISA", "GS", "ST", "GE", "IEA"})
ISA_TEXT = 105  # characters of an ISA before its terminator

Opening = tuple[int, int, int, int, list[int], LoopNode]  # counter, limit, range to reset, zeros


@frozen(eq=False)
class Extra:
    """What a segment asks for beyond the counters."""

    step: Step | None
    tag: str = ""
    diagnostics: tuple[ElementDiagnostic, ...] = ()
    kind: str = ""  # HL, SE, empty, or the name of the business unit whose value it gives
    element: int = 0  # where that value is
    level: int = 0  # depth of an HL
    quiet: bool = False  # nothing is wrong here: it begins a business unit, or is an HL


Hit = tuple[State, int, int, tuple[Opening, ...] | None, Extra | None]


def is_isa(text: str) -> bool:
    """An ISA may come with other separators than the last one."""
    return text.startswith("ISA") and len(text) >= ISA_TEXT


def is_envelope(text: str, separator: str) -> bool:
    """Is this a segment of the envelope (other than SE)?"""
    return text.split(separator, 1)[0] in ENVELOPE or is_isa(text)


@define(eq=False)
class Machine:
    """A guide ready to run with one set of delimiters; what it learns it keeps within bounds."""

    guide: Guide
    delimiters: Delimiters
    automaton: Automaton
    checks: dict[int, SegmentCheck] = field(factory=dict, repr=False)
    valid: dict[Step, tuple[Hit, SegmentCheck | None]] = field(factory=dict, repr=False)
    kept: int = 0

    def resolve(self, state: State, text: str) -> Hit | None:
        """Judge a segment that was not seen before in this state; None for a segment of the envelope."""
        hit: Hit | None
        for fits, hit in state.likely:
            if fits(text):
                if len(state.hits) < KEPT_FAST:
                    self._keep(state, text, hit)
                return hit
        hit = self._judge(state, text)
        if hit is not None:
            self._keep(state, text, hit)
        return hit

    def _keep(self, state: State, text: str, hit: Hit) -> None:
        if self.kept >= KEPT_SEGMENTS:
            self.forget()
        self.kept += 1
        state.hits[text] = hit

    def _judge(self, state: State, text: str) -> Hit | None:
        """The same, element by element."""
        if not text:
            return (state, 0, NO_LIMIT, None, Extra(None, kind="empty"))
        elements = text.split(self.delimiters.element)
        if elements[0] in ENVELOPE or is_isa(text):
            return None
        step = self.automaton.step(state, elements)
        known = self.valid.get(step)
        if known is None:
            known = self.valid[step] = self._valid(step, elements[0])
        hit, check = known
        if check is None:
            return hit
        diagnostics = self._diagnostics(step, check, elements)
        if diagnostics:
            return (*hit[:4], self._extra(step, elements[0], diagnostics))
        if not step.qualifier_only:
            self._learn(state, check, elements, hit)
        return hit

    def _learn(self, state: State, check: SegmentCheck, elements: list[str], hit: Hit) -> None:
        """A shape of valid segments that comes often in a state gets an expression: what matches it has the
        same id and qualifiers, so the same step, and is valid."""
        places = self.automaton.places[elements[0]]
        if len(state.likely) >= MOST_LIKELY or any(component for (_, component), _ in places):
            return
        fixed = [number for (number, _), _ in places]
        values = tuple(elements[number] for number in fixed if number < len(elements))
        shape = (elements[0], values, *map(bool, elements))
        if len(state.shapes) >= MOST_SHAPES:
            state.shapes.clear()
        state.shapes[shape] += 1
        if state.shapes[shape] == SEEN_OFTEN:
            pattern = fast_pattern(elements, check.specs, check.dates, fixed, self.delimiters)
            if pattern is not NEVER:
                state.likely.append((pattern.fullmatch, hit))

    def forget(self) -> None:
        """Let go of every kept segment."""
        for state in self.automaton.states.values():
            state.hits.clear()
        if len(self.automaton.states) > MOST_STATES:
            self.valid.clear()
        self.automaton.forget()
        self.kept = 0

    def _diagnostics(
        self, step: Step, check: SegmentCheck, elements: list[str]
    ) -> tuple[ElementDiagnostic, ...]:
        if step.qualifier_only:
            places = [place for place, _ in self.automaton.places[check.node.tag]]
            return qualifier_diagnostics(check, elements, places)
        return check_elements(check, elements)

    def _valid(self, step: Step, tag: str) -> tuple[Hit, SegmentCheck | None]:
        """What a step comes to when the elements are valid, and the check of whether they are."""
        extra = self._extra(step, tag, ())
        node = step.node
        if node is None:
            return (step.state, 0, NO_LIMIT, None, extra), None
        check = None
        if tag != "SE":  # the envelope judges it
            check = self.checks.get(node.index)
            if check is None:
                check = self.checks[node.index] = segment_check(node, self.delimiters)
        if step.qualifier_only:
            return (step.state, 0, NO_LIMIT, None, extra), check
        if step.counted:
            return (step.state, node.index, node.max_use, None, extra), check
        return (step.state, 0, NO_LIMIT, tuple(_opening(loop) for loop in step.opens), extra), check

    def _extra(self, step: Step, tag: str, diagnostics: tuple[ElementDiagnostic, ...]) -> Extra | None:
        kind, element = _unit(self.guide, step, tag)
        loud = bool(diagnostics or step.fault or step.missing or step.late)
        if kind or loud:
            level = _hl_level(step) if "HL" in (tag, step.absent and step.absent.tag) else 0
            quiet = not loud and step.absent is None and kind != "SE"
            return Extra(step, tag, diagnostics, kind, element, level, quiet)
        return None


def _opening(loop: LoopNode) -> Opening:
    return (loop.index, loop.repeat, loop.index + 1, loop.end, [0] * (loop.end - loop.index - 1), loop)


def _hl_level(step: Step) -> int:
    if step.node is None or step.qualifier_only:
        return 0
    return sum(1 for loop in step.state.loops if not loop.wrapper and loop.anchor.tag == "HL")


def _unit(guide: Guide, step: Step, tag: str) -> tuple[str, int]:
    """The kind of an Extra, and the element that holds the value of a business unit (CTX01 of the 999)."""
    if tag in ("HL", "SE"):
        return tag, 0
    if guide.set_id == "837":
        if tag == "CLM":
            return "CLM01", 1
        if tag == "NM1" and step.node is not None and not step.qualifier_only:
            return {"2010BA": ("SUBSCRIBER NAME NM109", 9), "2010CA": ("PATIENT NAME NM109", 9)}.get(
                step.loop, ("", 0)
            )
    elif tag == "TRN":
        return "TRN02", 2
    return "", 0


@cache
def machine(key: str, delimiters: Delimiters) -> Machine:
    """The machine of a guide (by its name) for these delimiters."""
    guide = guide_named(key)
    return Machine(guide, delimiters, Automaton(guide, delimiters))
