"""Types 4 and 5 on 271 and 277: what an answer states, and the parties it names."""

from attrs import define

from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, text
from x12_payer.edi.snip.rules.levels import Tree, check_created
from x12_payer.edi.snip.rules.statuses import check_statuses
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

CUTS = frozenset(("HL", "SE"))
_MONEY = frozenset("BCGY")  # EB01: copay, deductible, out of pocket, spend-down
_COINSURANCE = "A"


@define(eq=False)
class ResponseRules:
    """The pass over one 271 or 277."""

    tools: Tools
    collector: Collector
    tree: Tree

    def take(self, block: LoopBlock) -> None:
        """One block: the head, an HL, the end."""
        self.tools.check_codes(block, self.tools.today)
        tag = block[0][1][0]
        if tag == "SE":
            self.tree.leave()
        elif tag == "HL":
            self.tree.enter(block)
            for item in block:
                if item[1][0] == "EB":
                    check_benefit(item, self.collector)
            if self.collector.marks.whole(block):
                check_related(block, self.collector)
            check_statuses(block, self.tools, self.collector)
        elif tag == "ST":
            check_created(block, self.tools.today, self.collector)


def response_rules(tools: Tools, collector: Collector) -> ResponseRules:
    """The rules for one 271 or 277."""
    return ResponseRules(tools, collector, Tree(collector, answers=True))


def check_related(block: LoopBlock, collector: Collector) -> None:
    """The parties related to a benefit (2120 of a 271) are between an LS and an LE; who comes before the
    first benefit is the person. Reported once a benefit."""
    header: LoopSegment | None = None
    reported = True
    for item in block:
        tag = item[1][0]
        if tag == "EB" or tag == "LE":
            if (tag == "LE") != (header is not None):
                collector.add("related-party-unwrapped", item if header is None else header)
            header, reported = None, tag == "LE" and reported
        elif tag == "LS":
            header = item
        elif tag == "NM1" and header is None and not reported:
            collector.add("related-party-unwrapped", item)
            reported = True
    if header is not None:
        collector.add("related-party-unwrapped", header)


def check_benefit(eb: LoopSegment, collector: Collector) -> None:
    """A copay or deductible states an amount, a coinsurance a percentage."""
    kind = text(eb[1], 1)
    if (kind in _MONEY and not text(eb[1], 7)) or (kind == _COINSURANCE and not text(eb[1], 8)):
        collector.add("benefit-amount-missing", eb, 8 if kind == _COINSURANCE else 7)
