"""Types 4 and 5 on the 278 (X215, X216, X217), requests and responses."""

from attrs import define

from x12_payer.edi.snip.rules.balance import amount
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, text
from x12_payer.edi.snip.rules.inquiries import DEPENDENT, SUBSCRIBER, check_births, check_relationship
from x12_payer.edi.snip.rules.levels import Tree, check_created
from x12_payer.edi.snip.rules.services import UNITS
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

CUTS = frozenset(("HL", "SE"))
EVENT, SERVICE = "EV", "SS"
_UPDATES = frozenset(("3", "4", "S"))  # UM02: cancel, extension, revision
_NUMBERS = frozenset(("BB", "NT"))
_ADMISSION = "AR"
_STAY_DATES = frozenset(("435", "096"))  # DTP01: admission, discharge
_QUANTITIES = {**UNITS, "HSD": 2}  # the element that says how much is asked for
_GRANTED = frozenset(("A1", "A6"))  # HCR01
_REFUSED = frozenset(("A3", "A4"))


@define(eq=False)
class ReviewRules:
    """The pass over one 278. `event` is the event as long as nothing says which service is meant (an answer:
    what was decided)."""

    tools: Tools
    collector: Collector
    tree: Tree
    request: bool
    event: LoopSegment | None = None

    def take(self, block: LoopBlock) -> None:
        """One block: the head, an HL, the end."""
        self.tools.check_codes(block, self.tools.today)
        hl = block[0]
        if hl[1][0] == "SE":
            self._end_event()
            self.tree.leave()
        elif hl[1][0] == "ST":
            check_created(block, self.tools.today, self.collector)
        elif hl[1][0] == "HL":
            self.tree.enter(block)
            self._level(block, text(hl[1], 3))

    def _level(self, block: LoopBlock, code: str) -> None:
        if code == SERVICE:
            self._service(block)
            return
        self._end_event()
        if code == EVENT:
            self._event(block)
        elif code in (SUBSCRIBER, DEPENDENT) and self.request and self.collector.marks.whole(block):
            check_births(block, self.tools.today, self.collector)
            if code == DEPENDENT:
                check_relationship(block, self.collector)

    def _event(self, block: LoopBlock) -> None:
        if self.request:
            check_quantities(block, self.collector)
        if not self.collector.marks.whole(block):
            return
        um = next((i for i in block if i[1][0] == "UM"), None)
        if self.request:
            if um is not None and not _is_inquiry(self.tools.guide):
                check_request(um, block, self.collector)
                if not text(um[1], 3) and not _numbers(block):
                    self.event = block[0]
        else:
            check_decision(block, self.collector)
            if not _has(block, "HCR", "AAA"):
                self.event = block[0]

    def _service(self, block: LoopBlock) -> None:
        if self.request or _has(block, "HCR", "AAA"):
            self.event = None
        if self.request:
            check_quantities(block, self.collector)
        else:
            check_decision(block, self.collector)

    def _end_event(self) -> None:
        """A request says what it is about; an answer what was decided."""
        if self.event is not None and not self.collector.marks.broken:
            self.collector.add("review-empty" if self.request else "review-undecided", self.event)
        self.event = None


def review_rules(tools: Tools, collector: Collector) -> ReviewRules:
    """The rules for one 278: 278Q asks or notifies, 278R answers."""
    return ReviewRules(tools, collector, Tree(collector, answers=True), tools.guide.startswith("278Q"))


def _has(block: LoopBlock, *tags: str) -> bool:
    return any(i[1][0] in tags for i in block)


def _is_inquiry(guide: str) -> bool:
    """An inquiry (X215) may ask for everything about a patient."""
    return "X215" in guide


def _numbers(block: LoopBlock) -> set[str]:
    """The numbers of an earlier review that the event names: what it was about need not be repeated."""
    return {text(i[1], 1) for i in block if i[1][0] == "REF"} & _NUMBERS


def check_request(um: LoopSegment, block: LoopBlock, collector: Collector) -> None:
    """What changes a review names it; an admission has its date, a discharge its own."""
    if text(um[1], 2) in _UPDATES and not _numbers(block):
        collector.add("review-reference-missing", um, 2)
    dated = any(i[1][0] == "DTP" and text(i[1], 1) in _STAY_DATES for i in block)
    if text(um[1], 1) == _ADMISSION and text(um[1], 2) == "I" and not dated:
        collector.add("review-admission-date-missing", um, 1)


def check_quantities(block: LoopBlock, collector: Collector) -> None:
    """What is asked for is more than nothing."""
    for item in block:
        number = _QUANTITIES.get(item[1][0], 0)
        stated = text(item[1], number)
        if stated and amount(stated) <= 0:
            collector.add("line-units", item, number)


def check_decision(block: LoopBlock, collector: Collector) -> None:
    """An approval has a number, a denial or pend a reason."""
    for item in block:
        if item[1][0] != "HCR":
            continue
        action = text(item[1], 1)
        if action in _GRANTED and not text(item[1], 2):
            collector.add("review-number-missing", item, 2)
        elif action in _REFUSED and not text(item[1], 3):
            collector.add("review-reason-missing", item, 3)
