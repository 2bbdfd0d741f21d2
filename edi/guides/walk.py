"""One pass over one transaction set: the guide's automaton, the counters beside it, the HL tree, and the
diagnostics with their places.

The loop over the segments does one dictionary look-up for a segment text that was seen before in the same
state; what that does not decide hangs on the entry as an `Extra`. The memory of texts is bounded
(guides/engine.py)."""

from collections.abc import Iterable, Iterator
from itertools import islice

from attrs import define, field

from x12_payer.edi.diagnostics.model import Diagnostic, Position, capped, diagnostic_codes
from x12_payer.edi.guides.elements import ElementDiagnostic
from x12_payer.edi.guides.engine import Extra, Hit, Machine, machine
from x12_payer.edi.guides.model import SERVICE_LEVEL, LoopNode, SegmentNode
from x12_payer.edi.guides.states import LOOP_REPEAT, State
from x12_payer.edi.wire.segments import Block, Delimiters, LoopSegment

MOST_DIAGNOSTICS = 500  # warnings listed for one set; as many errors
SEGMENT_MISSING = "segment-missing"


def empty_segment(position: Position) -> Diagnostic:
    """Two terminators with nothing between them."""
    return Diagnostic("segment-empty", position)


@define(eq=False)
class Walk:
    """The state of one pass over one set. `segments` counts from the ST on."""

    machine: Machine
    state: State
    counts: list[int]
    ordinal: int  # of the last segment, in the file
    segments: int = 1
    ended: bool = False
    diagnostics: list[Diagnostic] = field(factory=list)
    errors: int = 0  # among them: many warnings hide no error
    capped: bool = False
    unit: tuple[str, int, str] = ("", 0, "")  # the last business unit: name, element, its segment
    levels: list[tuple[str, str]] = field(factory=list)  # the open levels: HL01 as it is and as it should be
    last_level: tuple[int, int] = (0, 0)  # HL01 of the last HL, as it is and as it should be
    unplaced: set[str] = field(factory=set)  # HL01 of levels that have no place: one fault with those below

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
            if index:
                count = counts[index] + 1
                counts[index] = count
                if count > limit:
                    self.ordinal, self.segments = file_base + at, set_base + at
                    self._over_segment(block, at, index, count, limit)
            elif opens:
                for counter, most, low, high, zeros, loop in opens:
                    count = counts[counter] + 1
                    counts[counter] = count
                    counts[low:high] = zeros
                    if count > most:
                        self.ordinal, self.segments = file_base + at, set_base + at
                        self._over_loop(block, at, loop, count)
            if extra is not None and not (extra.quiet and self._passes(text, extra)):
                self.ordinal, self.segments = file_base + at, set_base + at
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

    def _passes(self, text: str, extra: Extra) -> bool:
        """Takes a segment that only begins a business unit, or is an HL in order; False, and nothing done,
        for any other."""
        if extra.element:
            self.unit = (extra.kind, extra.element, text)
            return True
        _, number, parent, *_ = (*text.split(self.machine.delimiters.element, 3), "", "")
        if not self._follows(number, parent, extra.level):
            return False
        self.unit = ("", 0, "")
        return True

    def _extra(self, block: Block, at: int, text: str, extra: Extra) -> bool:
        """Findings and bookkeeping. True when the walk cannot know any more in which loop it is."""
        step = extra.step
        if step is None:
            self._list(empty_segment(self._position(block, at, "", "")))
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
        for diagnostic in extra.diagnostics:
            self._add(
                diagnostic.code, self._position(block, at, extra.tag, step.loop, diagnostic), diagnostic.value
            )
        if extra.kind == "HL":
            return self._level(block, at, text, extra)
        if step.absent is not None and step.absent.tag == "HL":
            self._absent_level(extra.level)
        return False

    def _level(self, block: Block, at: int, text: str, extra: Extra) -> bool:
        """HL01 counts on by one; HL02 is the level above that is still open. What the guide says of these two
        elements already is not said again, and a number that is wrong once may go on either way. True when
        HL02 names an open level, but not the one above: then HL02 or HL03 is wrong, nobody knows which. A
        service that names one before it of the same event is plain enough."""
        parts = [*text.split(self.machine.delimiters.element), "", ""]
        number, parent = parts[1], parts[2]
        given = int(number) if number.isascii() and number.isdigit() and len(number) < 13 else 0
        expected = [last + 1 for last in self.last_level]
        errors = (f for f in extra.diagnostics if diagnostic_codes()[f.code].severity == "error")
        reported = {diagnostic.element for diagnostic in errors}
        loop = extra.step.loop if extra.step else ""
        if given not in expected and 1 not in reported:
            place = ElementDiagnostic("", 1, data_element="628")
            self._add("hl-number", self._position(block, at, "HL", loop, place), number)
        self.last_level = (given, given) if given in expected else (given or expected[1], expected[1])
        if not extra.level:
            self.unplaced.add(number)
            return False
        open_levels = {name for level in self.levels for name in level}
        del self.levels[extra.level - 1 :]
        above = self.levels[-1] if self.levels else ("",)
        self.levels.append((number, str(self.last_level[1])))
        if extra.level > 1 and parent not in above and 2 not in reported and parent not in self.unplaced:
            where = self._position(block, at, "HL", loop, ElementDiagnostic("", 2, data_element="734"))
            if parts[3:4] == [SERVICE_LEVEL] and _is_between(parent, above, given):
                self._add("hl-parent-service", where, parent)
                return False
            self._add("hl-parent", where, parent)
            return parent in open_levels
        return False

    def _follows(self, number: str, parent: str, level: int) -> bool:
        """Takes an HL whose number is the next one and whose parent is the level above, as nearly all are;
        False, and nothing done, for any other."""
        last, counted = self.last_level
        if last != counted or number != str(last + 1) or not 0 < level <= len(self.levels) + 1:
            return False
        if level > 1 and parent != self.levels[level - 2][0]:
            return False
        self.last_level = (last + 1, last + 1)
        self.levels[level - 1 :] = [(number, number)]
        return True

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
            self._add(LOOP_REPEAT, self._position(block, at, loop.anchor.tag, loop.id))

    def _position(
        self, block: Block, at: int, tag: str, loop: str, diagnostic: ElementDiagnostic | None = None
    ) -> Position:
        place = diagnostic or ElementDiagnostic("", 0)
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
        self._list(Diagnostic(code, position, value, self._context()))

    def _list(self, found: Diagnostic) -> None:
        """Errors and warnings are counted apart, so that many warnings hide no error."""
        listed = self.errors if found.is_error else len(self.diagnostics) - self.errors
        if listed < MOST_DIAGNOSTICS:
            self.errors += found.is_error
            self.diagnostics.append(found)
        elif not self.capped:
            self.capped = True
            self.diagnostics.append(capped(found.position))

    def _withdraw(self, node: SegmentNode) -> None:
        """A segment that was reported missing has come late: that is said instead."""
        for index in range(len(self.diagnostics) - 1, -1, -1):
            found = self.diagnostics[index]
            if (found.code, found.position.tag, found.position.loop) == (
                SEGMENT_MISSING,
                node.tag,
                node.loop,
            ):
                del self.diagnostics[index]
                self.errors -= 1
                return


def _is_between(parent: str, above: tuple[str, ...], number: int) -> bool:
    """Is it the number of a level since the one above? What came since that is below it."""
    numbers = [int(n) for n in (parent, *above) if n.isascii() and n.isdigit() and len(n) < 13]
    return len(numbers) == 1 + len(above) and any(first < numbers[0] < number for first in numbers[1:])


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
