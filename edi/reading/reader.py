"""Reads one interchange, segment by segment: groups, sets and trailers; each set is handed to its guide."""

from collections.abc import Iterator, Sequence

from attrs import define, evolve, field

from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.guides.engine import is_envelope
from x12_payer.edi.guides.registry import GuideRow
from x12_payer.edi.guides.walk import Walk, empty_segment, walk
from x12_payer.edi.reading.checked import CheckedGroup, CheckedInterchange, CheckedSet, Follow, Follower
from x12_payer.edi.reading.envelope import (
    GROUP_UNSUPPORTED,
    ISA_LENGTH,
    SET_GUIDE,
    SET_UNSUPPORTED,
    Header,
    find_header,
    group_faults,
    group_refused,
    set_faults,
    set_row,
    ta1_faults,
    trailing,
)
from x12_payer.edi.reading.verdict import (
    IEA_MISSING,
    SE_MISSING,
    judged_group,
    refusal_note,
    set_codes,
    set_is_intact,
)
from x12_payer.edi.wire.segments import FIRST_CHUNK, WHITE, Block, Source, blocks, line_end

PURPOSE = ("BHT", 2)
MOST_DIAGNOSTICS = 200  # of what may come again and again in an interchange: it hides no other fault


@define(eq=False)
class Reader:
    """Reads one interchange. `found` are findings of the interchange itself."""

    source: Source
    offset: int
    header: Header
    ordinal: int  # segments of the file taken so far
    taken: frozenset[str] | None
    found: list[Diagnostic]
    follow: Follow | None = None
    pieces: Iterator[Block] = field(default=iter(()))
    block: Block | None = None
    index: int = 0
    last: tuple[Block, int] | None = None  # the segment taken last
    line: str = ""
    numbers: set[int] = field(factory=set)  # GS06 of the groups so far

    def interchange(self, ordinal: int) -> CheckedInterchange:
        """The whole interchange, as far as it can be read."""
        self.ordinal += 1
        for code, number, value in (*self.header.faults, *self.header.warnings):
            self._report(code, self._place("ISA", number), value, self._trouble() if number < 0 else "")
        groups: list[CheckedGroup] = []
        notes: list[tuple[str, ...]] = []
        if self.header.readable:
            self._open()
            groups, notes = self._content()
            end = self._end()
        else:
            following, _ = find_header(self.source, self.offset + 3)
            end = following if following >= 0 else self.source.size
        return CheckedInterchange(
            ordinal,
            self.offset,
            end - self.offset,
            self.header.isa,
            self.header.delimiters,
            tuple(self.found),
            refusal_note(self.header, self.found),
            tuple(groups),
            tuple(notes),
            self.header.remark,
        )

    def _trouble(self) -> str:
        # imported late: an ISA that can be read need not wait for it
        from x12_payer.edi.reading.header_faults import header_trouble

        return header_trouble(self.source, self.offset)

    def _open(self) -> None:
        start = self.offset + ISA_LENGTH
        self.line = line_end(self.source.read(start, 2).decode("latin-1"))
        self.pieces = blocks(
            self.source,
            start + len(self.line),
            self.source.size,
            self.header.delimiters.segment,
            self.line,
        )

    def _content(self) -> tuple[list[CheckedGroup], list[tuple[str, ...]]]:
        """From behind the ISA to the IEA."""
        groups: list[CheckedGroup] = []
        notes: list[tuple[str, ...]] = []
        lost = False
        while True:
            tag = self.tag()
            if tag in ("", "ISA"):
                self._report(IEA_MISSING, self._place(tag))
                return groups, notes
            if tag == "IEA":
                self._trailer(len(groups))
                return groups, notes
            if tag == "GS":
                groups.append(self._group())
            elif tag == "TA1":
                notes.append(self._ta1())
            else:
                if not lost:
                    self._report("interchange-structure", self._place(tag))
                lost = True
                self.take()

    def _ta1(self) -> tuple[str, ...]:
        """A TA1 that was received: what is wrong with it is reported and changes nothing else."""
        place = self._place("TA1")
        note = tuple(self.take())
        if len(self.found) < MOST_DIAGNOSTICS:
            for element, value in ta1_faults(note):
                self._report("ta1-element", evolve(place, element=element), value)
        return note

    def _trailer(self, groups: int) -> None:
        place = self._place("IEA")
        iea = [*self.take(), "", "", ""]
        unterminated = self.block is not None and self.block.open_end
        if unterminated and len(iea[2]) < len(self.header.isa[13]):  # cut short in its last segment
            self._report(IEA_MISSING, place)
            return
        if number(iea[1]) != groups:
            self._report("isa-groups", evolve(place, element=1), iea[1])
        if iea[2] != self.header.isa[13]:
            self._report("isa-control", evolve(place, element=2), iea[2])
        if unterminated:
            self._report("unterminated", place)

    # --- groups and sets

    def _group(self) -> CheckedGroup:
        place = self._place("GS")
        gs = (*self.take(), *[""] * 9)[:9]
        found = [Diagnostic(c, evolve(place, element=e), v) for c, e, v in group_faults(gs)]
        refused = group_refused(gs[1], gs[8], self.taken) if not self.header.foreign else ""
        if refused:
            found.append(Diagnostic(refused, place, gs[8]))
        if (given := number(gs[6])) in self.numbers:
            found.append(Diagnostic("group-duplicate", evolve(place, element=6), gs[6]))
        if given >= 0:
            self.numbers.add(given)
        sets: list[CheckedSet] = []
        received, lost = 0, False
        used: set[str] = set()
        while (tag := self.tag()) not in ("", "ISA", "GE", "IEA", "GS"):
            if tag == "ST":
                received += 1
                checked = self._set(gs, used, skip=bool(refused) or self.header.foreign)
                used.add(checked.control_number)
                if not refused:
                    sets.append(checked)
                continue
            if not lost:
                found.append(Diagnostic("group-structure", self._place(tag)))
            lost = True
            self.take()
        included, ended = self._group_end(gs, received, found)
        if sets and all(any(d.code == SET_UNSUPPORTED for d in one.diagnostics) for one in sets):
            found, sets = [*found, Diagnostic(GROUP_UNSUPPORTED, place, gs[8])], []
        group = judged_group(gs, included, received, found, sets, ended)
        return evolve(group, ordinal=place.segment, offset=place.offset)

    def _group_end(self, gs: tuple[str, ...], received: int, found: list[Diagnostic]) -> tuple[int, bool]:
        """GE01 as received and whether the group has an end. A group cut short by the end of the interchange
        is the interchange's fault and no second finding."""
        tag = self.tag()
        place = self._place(tag)
        if tag != "GE":
            if tag in ("IEA", "GS"):
                found.append(Diagnostic("ge-missing", place))
            return received, False
        ge = [*self.take(), "", "", ""]
        included = number(ge[1])
        if included != received:
            found.append(Diagnostic("ge-count", evolve(place, element=1), ge[1]))
        if not same_number(ge[2], gs[6]):
            found.append(Diagnostic("ge-control", evolve(place, element=2), ge[2]))
        return (received if included < 0 else included), True

    def _set(self, gs: tuple[str, ...], used: set[str], skip: bool) -> CheckedSet:
        """One set. `skip`: the group or the interchange is refused, so only its end is looked for."""
        place, offset = evolve(self._place("ST"), set_segment=1), self._at()
        begin = self.take()
        st = [*begin, "", "", "", ""]
        row, refused = set_row(gs[1], gs[8], st[1], self._purpose(), self.taken, self._likeliest)
        found = [
            Diagnostic(code, evolve(place, element=element), value)
            for code, element, value in ([] if skip else set_faults(gs, st, row, refused, used))
        ]
        start = self.ordinal
        # a set of another guide is not judged by this one
        walked = not skip and row is not None and not any(d.code == SET_GUIDE for d in found)
        pass_over = walk(row.key, self.header.delimiters, start) if walked and row is not None else None
        follower: Follower | None = None
        if self.follow is not None and pass_over is not None and row is not None and not found:
            follower = self.follow(row.key, self.header.delimiters, start)
        if pass_over is not None:
            se, count = self._walk(pass_over, begin, follower)
            found += pass_over.diagnostics
        else:
            se, count = self._skim()
        if not skip:
            found += self._set_end(se, st, count)
        return CheckedSet(
            set_id=st[1],
            control_number=st[2],
            version=st[3] or gs[8],
            guide=row.key if row else "",
            gs01=gs[1],
            ordinal=start,
            offset=offset,
            length=self._end() - offset,
            segment_count=count,
            diagnostics=tuple(found),
            walked=pass_over is not None,
            accepted=not skip and se is not None and set_is_intact(found),
            reject_codes=set_codes(found),
            implementation=st[3],
            line_end=self.line,
            followed=follower.end() if follower is not None and not found else None,
        )

    def _purpose(self) -> str:
        """BHT02 of the segment behind the ST, else ''."""
        parts = [*(self.peek() or "").split(self.header.delimiters.element), "", "", ""]
        return parts[2] if parts[0] == "BHT" else ""

    def _likeliest(self, rows: Sequence[GuideRow]) -> GuideRow:
        """The guide by which the least is wrong with the set at hand, whose BHT02 is none of theirs: TRN*2,
        HCR or AAA are at fault in a question and belong into an answer. The first one when they are even."""
        text = self.source.read(self._at(), FIRST_CHUNK).decode("latin-1")
        cut = text.split(self.header.delimiters.segment)[: -1 if len(text) == FIRST_CHUNK else None]
        texts = [segment.lstrip(WHITE) for segment in cut]

        def faults(row: GuideRow) -> int:
            tried = walk(row.key, self.header.delimiters, 0)
            tried.feed(Block(texts, texts, 0, 0), 0)
            places = (d.position for d in tried.diagnostics if d.is_error)
            return sum((place.tag, place.element) != PURPOSE for place in places)

        return min(rows, key=faults)

    def _walk(
        self, pass_over: Walk, st: list[str], follower: Follower | None
    ) -> tuple[list[str] | None, int]:
        """Let the guide have the set, and the follower until something is found. The SE when there is one,
        and the count of segments."""
        se: list[str] | None = None
        if follower is not None:
            follower.take([self.header.delimiters.element.join(st)])
        while not pass_over.ended and (block := self._loaded()) is not None:
            text = block.texts[self.index]
            if text and is_envelope(text, self.header.delimiters.element):
                break
            begin, self.index = self.index, pass_over.feed(block, self.index)
            if follower is not None and not pass_over.diagnostics:
                follower.take(block.texts[begin : self.index])
            self.ordinal = pass_over.ordinal
            self.last = (block, self.index - 1)
        if pass_over.ended and self.block is not None:
            se = self.block.texts[self.index - 1].split(self.header.delimiters.element)
        return se, pass_over.segments

    def _skim(self) -> tuple[list[str] | None, int]:
        """Pass over a set that is not checked."""
        count = 1
        while not self._outer():
            count += 1
            elements = self.take()
            if elements[0] == "SE":
                return elements, count
        return None, count

    def _set_end(self, se: list[str] | None, st: list[str], count: int) -> Iterator[Diagnostic]:
        if se is None:
            tag = self.tag()
            if tag not in ("", "ISA"):  # else the interchange is cut short
                yield Diagnostic(SE_MISSING, evolve(self._place(tag), set_segment=count + 1))
            return
        se = [*se, "", "", ""]
        place = Position(self.ordinal, count, self._last_at(), "SE")
        for code, element, value in trailing(se, 2):
            yield Diagnostic(code, evolve(place, element=element), value)
        if number(se[1]) != count:
            yield Diagnostic("se-count", evolve(place, element=1), se[1])
        if se[2] != st[2]:
            yield Diagnostic("se-control", evolve(place, element=2), se[2])

    # --- the next segment

    def _loaded(self) -> Block | None:
        """The block with the next segment at `index`, None at the end."""
        while self.block is None or self.index >= len(self.block.texts):
            self.block, self.index = next(self.pieces, None), 0
            if self.block is None:
                return None
        return self.block

    def peek(self) -> str | None:
        """The segment that comes next, None at the end. Empty ones are passed over."""
        while (block := self._loaded()) is not None:
            if block.texts[self.index]:
                return block.texts[self.index]
            if len(self.found) < MOST_DIAGNOSTICS:
                self.found.append(empty_segment(Position(self.ordinal, 0, self._at())))
            self.index += 1
        return None

    def tag(self) -> str:
        """The id of the next segment, '' at the end. An ISA with other separators is one, too."""
        text = self.peek()
        if text is None:
            return ""
        if is_envelope(text, self.header.delimiters.element) and text.startswith("ISA"):
            return "ISA"
        return text.split(self.header.delimiters.element, 1)[0] or "?"

    def _outer(self) -> bool:
        """Does the next segment end the set without an SE?"""
        text = self.peek()
        return text is None or is_envelope(text, self.header.delimiters.element)

    def take(self) -> list[str]:
        """The next segment, taken; there is one."""
        text = self.peek() or ""
        if self.block is not None:
            self.last = (self.block, self.index)
        self.index += 1
        self.ordinal += 1
        return text.split(self.header.delimiters.element)

    def _last_at(self) -> int:
        """The offset of the segment taken last; the ISA before there was one."""
        return self.last[0].offsets[self.last[1]] if self.last else self.offset

    def _end(self) -> int:
        """The offset behind the segment taken last."""
        if self.last is None:
            return self.offset + ISA_LENGTH
        block, index = self.last
        return block.offsets[index] + len(block.texts[index]) + (0 if block.open_end else 1)

    def _at(self) -> int:
        """The offset of the next segment."""
        if self.block is None or self.index >= len(self.block.texts):
            return self._end()
        return self.block.offsets[self.index]

    def _place(self, tag: str, element: int = 0) -> Position:
        """The place of the next segment, or of the ISA."""
        if tag == "ISA" and self.block is None:
            return Position(self.ordinal, 0, self.offset, tag, element=max(element, 0))
        return Position(self.ordinal + 1, 0, self._at(), tag, element=max(element, 0))

    def _report(self, code: str, position: Position, value: str = "", detail: str = "") -> None:
        self.found.append(Diagnostic(code, position, value, detail=detail))


def number(text: str) -> int:
    """A count, -1 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else -1


def same_number(one: str, other: str) -> bool:
    """Control numbers of a group are numbers: leading zeros do not count."""
    return one == other or (number(one) >= 0 and number(one) == number(other))
