"""One pass over one transaction set: the guide's automaton, the counters beside it, the HL tree, and the
findings with their places.

The loop over the segments does one dictionary look-up for a segment that was seen before in the same state;
what is not in the look-up (element findings, HL, the business unit for CTX) hangs on the entry as an
`Extra`."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from attrs import define, field, frozen

from edi.diagnostics import Diagnostic, Position, capped, diagnostic_codes
from edi.guide import guide_named
from edi.guide_elements import (
    ElementFinding,
    SegmentCheck,
    check_elements,
    qualifier_findings,
    segment_check,
)
from edi.guide_plain import NEVER, SEEN_OFTEN, plain_pattern
from edi.guide_values import NO_LIMIT, Guide, LoopNode, SegmentNode
from edi.guide_walk import MOST_STATES, Automaton, State, Step
from edi.segments import Block, Delimiters, LoopSegment

MOST_LIKELY = 6  # expressions tried in one state
MOST_SHAPES = 256  # counted in one state
KEPT_SEGMENTS = 100_000  # judged segments kept for one guide
MOST_FINDINGS = 500  # listed for one set
ENVELOPE = frozenset({"ISA", "GS", "ST", "GE", "IEA"})
SEGMENT_MISSING = "segment-missing"
ISA_TEXT = 105  # characters of an ISA before its terminator

Opening = tuple[int, int, int, int, list[int], LoopNode]  # counter, limit, range to reset, zeros


@frozen(eq=False)
class Extra:
    """What a segment asks for beyond the counters."""

    step: Step | None
    tag: str = ""
    findings: tuple[ElementFinding, ...] = ()
    kind: str = ""  # HL, SE, empty, or the name of the business unit whose value it gives
    element: int = 0  # where that value stands
    level: int = 0  # depth of an HL


Hit = tuple[State, int, int, tuple[Opening, ...] | None, Extra | None]


def is_isa(text: str) -> bool:
    """An ISA may come with other separators than the last one."""
    return text.startswith("ISA") and len(text) >= ISA_TEXT


def is_envelope(text: str, separator: str) -> bool:
    """Is this a segment of the envelope (other than SE)?"""
    return text.split(separator, 1)[0] in ENVELOPE or is_isa(text)


def empty_segment(position: Position) -> Diagnostic:
    """Two terminators with nothing between them."""
    return Diagnostic("segment-empty", position)


@define(eq=False)
class Machine:
    """A guide ready to run with one set of delimiters; what it learns it keeps within bounds."""

    guide: Guide
    delimiters: Delimiters
    automaton: Automaton
    checks: dict[int, SegmentCheck] = field(factory=dict, repr=False)
    sound: dict[Step, tuple[Hit, SegmentCheck | None]] = field(factory=dict, repr=False)
    kept: int = 0

    def resolve(self, state: State, text: str) -> Hit | None:
        """Judge a segment that was not seen before in this state; None for a segment of the envelope."""
        for fits, known in state.likely:
            if fits(text):
                hit: Hit | None = known
                break
        else:
            hit = self._judge(state, text)
            if hit is None:
                return None
        if self.kept >= KEPT_SEGMENTS:
            self.forget()
        self.kept += 1
        state.hits[text] = hit
        return hit

    def _judge(self, state: State, text: str) -> Hit | None:
        """The same, element by element."""
        if not text:
            return (state, 0, NO_LIMIT, None, Extra(None, kind="empty"))
        elements = text.split(self.delimiters.element)
        if elements[0] in ENVELOPE or is_isa(text):
            return None
        step = self.automaton.step(state, elements)
        known = self.sound.get(step)
        if known is None:
            known = self.sound[step] = self._sound(step, elements[0])
        hit, check = known
        if check is None:
            return hit
        findings = self._findings(step, check, elements)
        if findings:
            return (*hit[:4], self._extra(step, elements[0], findings))
        if not step.qualifier_only:
            self._learn(state, check, elements, hit)
        return hit

    def _learn(self, state: State, check: SegmentCheck, elements: list[str], hit: Hit) -> None:
        """A shape of sound segments that comes often in a state gets an expression: what matches it has the
        same id and qualifiers, so the same step, and is sound."""
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
            pattern = plain_pattern(elements, check.specs, check.dates, fixed, self.delimiters)
            if pattern is not NEVER:
                state.likely.append((pattern.fullmatch, hit))

    def forget(self) -> None:
        """Let go of every kept segment."""
        for state in self.automaton.states.values():
            state.hits.clear()
        if len(self.automaton.states) > MOST_STATES:
            self.sound.clear()
        self.automaton.forget()
        self.kept = 0

    def _findings(self, step: Step, check: SegmentCheck, elements: list[str]) -> tuple[ElementFinding, ...]:
        if step.qualifier_only:
            places = [place for place, _ in self.automaton.places[check.node.tag]]
            return qualifier_findings(check, elements, places)
        return check_elements(check, elements)

    def _sound(self, step: Step, tag: str) -> tuple[Hit, SegmentCheck | None]:
        """What a step comes to when the elements are sound, and the check that tells whether they are."""
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

    def _extra(self, step: Step, tag: str, findings: tuple[ElementFinding, ...]) -> Extra | None:
        kind, element = _unit(self.guide, step, tag)
        if findings or kind or step.fault or step.missing or step.late:
            level = _hl_level(step) if "HL" in (tag, step.absent and step.absent.tag) else 0
            return Extra(step, tag, findings, kind, element, level)
        return None


def _opening(loop: LoopNode) -> Opening:
    return (loop.index, loop.repeat, loop.index + 1, loop.end, [0] * (loop.end - loop.index - 1), loop)


def _hl_level(step: Step) -> int:
    if step.node is None:
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


@define(eq=False)
class Walk:
    """The state of one pass over one set. `segments` counts from the ST on."""

    machine: Machine
    state: State
    counts: list[int]
    ordinal: int  # of the last segment, in the file
    segments: int = 1
    ended: bool = False
    findings: list[Diagnostic] = field(factory=list)
    capped: bool = False
    unit: tuple[str, int, str] = ("", 0, "")  # the last business unit: name, element, its segment
    levels: list[tuple[str, str]] = field(factory=list)  # the open levels: HL01 as it is and as it should be
    last_level: tuple[int, int] = (0, 0)  # HL01 of the last HL, as it is and as it should be

    def feed(self, block: Block, start: int) -> int:
        """Take segments of a block from index `start` on, until the SE (taken) or an envelope segment (left).
        Returns the index of the first segment not taken."""
        state, counts, resolve = self.state, self.counts, self.machine.resolve
        file_base, set_base = self.ordinal - start + 1, self.segments - start + 1
        at = start
        for text in islice(block.texts, start, None):
            hit: Hit | None = state.hits.get(text)
            if hit is None:
                hit = resolve(state, text)
                if hit is None:
                    break
            state, index, limit, opens, extra = hit
            self.ordinal, self.segments = file_base + at, set_base + at
            if index:
                count = counts[index] + 1
                counts[index] = count
                if count > limit:
                    self._over_segment(block, at, index, count, limit)
            elif opens:
                for counter, most, low, high, zeros, loop in opens:
                    count = counts[counter] + 1
                    counts[counter] = count
                    counts[low:high] = zeros
                    if count > most:
                        self._over_loop(block, at, loop, count)
            if extra is not None:
                if self._extra(block, at, text, extra):
                    state = self.machine.automaton.lost(state)
                if extra.kind == "empty":
                    file_base, set_base = file_base - 1, set_base - 1
                elif extra.kind == "SE":
                    self.ended = True
                    at += 1
                    break
            at += 1
        self.state = state
        self.ordinal, self.segments = file_base + at - 1, set_base + at - 1
        return at

    def _extra(self, block: Block, at: int, text: str, extra: Extra) -> bool:
        """Findings and bookkeeping. True when the walk cannot know any more in which loop it stands."""
        step = extra.step
        if step is None:
            if len(self.findings) < MOST_FINDINGS:
                self.findings.append(empty_segment(self._position(block, at, "", "")))
            return False
        for node in step.missing:
            self._add(SEGMENT_MISSING, self._position(block, at, node.tag, node.loop))
        if extra.element:
            self.unit = (extra.kind, extra.element, text)
        elif extra.kind == "HL":
            self.unit = ("", 0, "")
        if step.late and step.node is not None:
            self._withdraw(step.node)
        if step.fault:  # strange segments share a step, so the id is read from the text
            tag = text.split(self.machine.delimiters.element, 1)[0]
            self._add(step.fault, self._position(block, at, tag, step.loop))
        for finding in extra.findings:
            self._add(finding.code, self._position(block, at, extra.tag, step.loop, finding), finding.value)
        if extra.kind == "HL":
            return self._level(block, at, text, extra)
        if step.absent is not None and step.absent.tag == "HL":
            self._absent_level(extra.level)
        return False

    def _level(self, block: Block, at: int, text: str, extra: Extra) -> bool:
        """HL01 counts on by one; HL02 is the level above that is still open. What the guide says of these two
        elements already is not said again, and a number that is wrong once may go on either way. True when
        HL02 names an open level, but not the one above: then HL02 or HL03 is wrong, nobody knows which."""
        parts = [*text.split(self.machine.delimiters.element), "", ""]
        number, parent = parts[1], parts[2]
        given = int(number) if number.isascii() and number.isdigit() and len(number) < 13 else 0
        expected = [last + 1 for last in self.last_level]
        errors = (f for f in extra.findings if diagnostic_codes()[f.code].severity == "error")
        reported = {finding.element for finding in errors}
        loop = extra.step.loop if extra.step else ""
        if given not in expected and 1 not in reported:
            place = ElementFinding("", 1, data_element="628")
            self._add("hl-number", self._position(block, at, "HL", loop, place), number)
        self.last_level = (given, given) if given in expected else (given or expected[1], expected[1])
        if not extra.level:
            return False
        open_levels = {name for level in self.levels for name in level}
        del self.levels[extra.level - 1 :]
        above = self.levels[-1] if self.levels else ("",)
        self.levels.append((number, str(self.last_level[1])))
        if extra.level > 1 and parent not in above and 2 not in reported:
            place = ElementFinding("", 2, data_element="734")
            self._add("hl-parent", self._position(block, at, "HL", loop, place), parent)
            return parent in open_levels
        return False

    def _absent_level(self, level: int) -> None:
        """An HL was left out: the others may count with it or without it."""
        expected = self.last_level[1] + 1
        self.last_level = (self.last_level[0], expected)
        del self.levels[level - 1 :]
        self.levels.append((str(expected), str(expected)))

    def _context(self) -> tuple[str, str]:
        """The last business unit with its value."""
        name, element, text = self.unit
        parts = text.split(self.machine.delimiters.element)
        value = parts[element] if element < len(parts) else ""
        return (name, value) if element and value else ("", "")

    def _over_segment(self, block: Block, at: int, index: int, count: int, limit: int) -> None:
        if count == limit + 1:
            node = next(n for n in self.machine.guide.segments if n.index == index)
            self._add("segment-repeat", self._position(block, at, node.tag, node.loop))

    def _over_loop(self, block: Block, at: int, loop: LoopNode, count: int) -> None:
        if count == loop.repeat + 1:
            self._add("loop-repeat", self._position(block, at, loop.anchor.tag, loop.id))

    def _position(
        self, block: Block, at: int, tag: str, loop: str, finding: ElementFinding | None = None
    ) -> Position:
        place = finding or ElementFinding("", 0)
        return Position(
            self.ordinal,
            self.segments,
            block.offsets[at],
            tag,
            loop,
            place.element,
            place.component,
            place.repeat,
            place.data_element,
        )

    def _add(self, code: str, position: Position, value: str = "") -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Diagnostic(code, position, value, self._context()))
        elif not self.capped:
            self.capped = True
            self.findings.append(capped(position))

    def _withdraw(self, node: SegmentNode) -> None:
        """A segment that was reported missing has come late: that is said instead."""
        for index in range(len(self.findings) - 1, -1, -1):
            found = self.findings[index]
            if (found.code, found.position.tag, found.position.loop) == (
                SEGMENT_MISSING,
                node.tag,
                node.loop,
            ):
                del self.findings[index]
                return


def walk(key: str, delimiters: Delimiters, ordinal: int) -> Walk:
    """A walk that has taken the ST, which is segment `ordinal` of the file."""
    ready = machine(key, delimiters)
    return Walk(ready, ready.automaton.start, [0] * ready.guide.size, ordinal)


def loops_of(key: str, delimiters: Delimiters, texts: Iterable[str]) -> Iterator[LoopSegment]:
    """The loop of every segment from ST to SE, without any check."""
    ready = machine(key, delimiters)
    state, separator = ready.automaton.start, delimiters.element
    step_of = ready.automaton.step
    ordinal = 0
    for text in texts:
        if not text:
            continue
        ordinal += 1
        elements = text.split(separator)
        if ordinal == 1:
            yield state.node.loop, elements, ordinal
            continue
        step = step_of(state, elements)
        state = step.state
        yield step.loop, elements, ordinal
