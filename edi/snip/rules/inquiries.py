"""Types 4 and 5 on 270 and 276: who is asked about, and what is asked."""

from attrs import define

from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, text
from x12_payer.edi.snip.rules.levels import Tree, check_birth, check_created
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

CUTS = frozenset(("HL", "SE"))
SUBSCRIBER, DEPENDENT = "22", "23"
_ASKS = {"270": "EQ", "276": "TRN"}  # the segment that asks about a person
_CLAIM_NUMBER = "REF*1K"


@define(eq=False)
class InquiryRules:
    """The pass over one 270 or 276. `waiting` is a subscriber about whom nothing was asked so far."""

    tools: Tools
    collector: Collector
    tree: Tree
    waiting: LoopSegment | None = None

    def take(self, block: LoopBlock) -> None:
        """One block: the head, an HL, the end."""
        self.tools.check_codes(block, self.tools.today)
        hl = block[0]
        if hl[1][0] == "SE":
            self._end_subscriber()
            self.tree.leave()
        elif hl[1][0] == "ST":
            check_created(block, self.tools.today, self.collector)
        elif hl[1][0] == "HL":
            self.tree.enter(block)
            self._level(block, text(hl[1], 3))

    def _level(self, block: LoopBlock, code: str) -> None:
        if code != DEPENDENT:
            self._end_subscriber()
        if code not in (SUBSCRIBER, DEPENDENT) or not self.collector.marks.whole(block):
            return
        kind = self.tools.guide[:3]
        asks = any(i[1][0] == _ASKS[kind] for i in block)
        if code == DEPENDENT:
            self.waiting = None
        if not asks and (code == DEPENDENT or self.waiting is None):
            self.waiting = block[0]
        check_person(block, code == DEPENDENT, self.collector)
        check_births(block, self.tools.today, self.collector)
        if kind == "276":
            check_status_inquiry(block, self.collector)
        elif code == DEPENDENT:
            check_relationship(block, self.collector)

    def _end_subscriber(self) -> None:
        """Something is asked about the subscriber, or about a dependent."""
        if self.waiting is not None and not self.collector.marks.broken:
            self.collector.add("inquiry-missing", self.waiting)
        self.waiting = None


def inquiry_rules(tools: Tools, collector: Collector) -> InquiryRules:
    """The rules for one 270 or 276."""
    return InquiryRules(tools, collector, Tree(collector))


def _first(block: LoopBlock, tag: str) -> LoopSegment | None:
    return next((i for i in block if i[1][0] == tag), None)


def check_person(block: LoopBlock, dependent: bool, collector: Collector) -> None:
    """A person is looked for by id, name or birth date (a dependent has no id); another number will do."""
    name, born = _first(block, "NM1"), _first(block, "DMG")
    if name is None:
        return
    known = text(name[1], 3) or text(name[1], 4) or (not dependent and text(name[1], 9))
    if not known and not (born and text(born[1], 2)) and _first(block, "REF") is None:
        collector.add("inquiry-person-unidentified", name)


def check_births(block: LoopBlock, today: str, collector: Collector) -> None:
    """The birth date of a person lies in the past."""
    born = _first(block, "DMG")
    if born is not None:
        check_birth(born, today, collector)


def check_relationship(block: LoopBlock, collector: Collector) -> None:
    """A dependent's relationship to the subscriber is given (INS02)."""
    relation, name = _first(block, "INS"), _first(block, "NM1")
    if name is not None and (relation is None or not text(relation[1], 2)):
        collector.add("person-relationship-missing", name)


def check_status_inquiry(block: LoopBlock, collector: Collector) -> None:
    """A patient has a birth date, and each claim asked about has our number or a date."""
    parts: list[LoopBlock] = [[]]
    for item in block:
        if item[1][0] == "TRN":
            parts.append([])
        parts[-1].append(item)
    if len(parts) > 1 and _first(block, "DMG") is None:
        collector.add("inquiry-birth-missing", block[0])
    for part in parts[1:]:
        stated = {f"{i[1][0]}*{text(i[1], 1)}" for i in part}
        if _CLAIM_NUMBER not in stated and "DTP*472" not in stated:
            collector.add("inquiry-claim-undated", part[0])
