"""HL levels (type 4): HL04 states whether a level has others below it. The guide walk checks numbers and
parents."""

from attrs import define, field

from x12_payer.edi.guides.model import SERVICE_LEVEL
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, reads
from x12_payer.edi.wire.segments import LoopSegment

_ANSWERS = frozenset("01")
_HL = frozenset(("HL",))


@reads("birth-in-future", "HL03 DMG02", level=True)
def check_birth(born: LoopSegment, today: str, collector: Collector) -> None:
    """A birth date (DMG02) lies in the past."""
    elements = born[1]
    if len(elements) > 2 and elements[2] > today:
        collector.add("birth-in-future", born, 2)


@reads("created-in-future", "BHT04", level=True)
def check_created(block: LoopBlock, today: str, collector: Collector) -> None:
    """A set was not made in the future (BHT04). `block` is its head."""
    for item in block:
        if item[1][0] == "BHT" and len(item[1]) > 4 and item[1][4] > today:
            collector.add("created-in-future", item, 4)


@define(eq=False)
class OpenLevel:
    """A level that may still get others below it."""

    hl: LoopSegment
    number: str  # HL01
    children: bool = False
    stops: bool = False  # an AAA says that nothing can follow


@define(eq=False)
class Tree:
    """The levels that are open, from the top down."""

    collector: Collector
    answers: bool = False  # may a level have an AAA?
    open: list[OpenLevel] = field(factory=list)
    torn: bool = False  # a number is wrong: who is below whom is not known

    def enter(self, block: LoopBlock) -> None:
        """A new level begins; those beside it and below it end. An AAA in it stops what would be below."""
        hl = block[0]
        elements = hl[1]
        marks = self.collector.marks
        if marks.elements and marks.faulty([hl], _HL):
            self.torn = True
        if len(elements) < 3 or self.torn or marks.broken:
            return
        parent, levels = elements[2], self.open
        if elements[3:4] == [SERVICE_LEVEL]:  # whichever service it names, it hangs below the event
            while levels and levels[-1].hl[1][3:4] == [SERVICE_LEVEL]:
                self._end(levels.pop())
        else:
            while levels and levels[-1].number != parent:
                self._end(levels.pop())
        if levels:
            levels[-1].children = True
        stops = self.answers and any(i[1][0] == "AAA" for i in block)
        levels.append(OpenLevel(hl, elements[1], False, stops))

    def leave(self) -> None:
        """The set ends."""
        while self.open:
            self._end(self.open.pop())

    @reads("hl-children", "HL", level=True)
    def _end(self, level: OpenLevel) -> None:
        """HL04 is 1 with levels below and 0 without; absent it says nothing."""
        elements = level.hl[1]
        if len(elements) < 5 or self.torn:
            return
        due = "1" if level.children or (level.stops and elements[4] == "1") else "0"
        if elements[4] in _ANSWERS and elements[4] != due:
            self.collector.add("hl-children", level.hl, 4)
