"""Types 4 and 5 on 271 and 277: what an answer states, and the parties it names."""

from attrs import define

from x12_payer.edi.snip.rules.collector import Block, Report, text
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
    report: Report
    tree: Tree

    def take(self, block: Block) -> None:
        """One block: the head, an HL, the end."""
        self.tools.check_codes(block, self.tools.today)
        tag = block[0][1][0]
        if tag == "SE":
            self.tree.leave()
        elif tag == "HL":
            self.tree.enter(block)
            for item in block:
                if item[1][0] == "EB":
                    check_benefit(item, self.report)
            if self.report.marks.whole(block):
                check_related(block, self.report)
            check_statuses(block, self.tools, self.report)
        elif tag == "ST":
            check_created(block, self.tools.today, self.report)


def response_rules(tools: Tools, report: Report) -> ResponseRules:
    """The rules for one 271 or 277."""
    return ResponseRules(tools, report, Tree(report, answers=True))


def check_related(block: Block, report: Report) -> None:
    """The parties related to a benefit (2120 of a 271) stand between an LS and an LE; who stands before the
    first benefit is the person. Reported once a benefit."""
    header: LoopSegment | None = None
    told = True
    for item in block:
        tag = item[1][0]
        if tag == "EB" or tag == "LE":
            if (tag == "LE") != (header is not None):
                report.say("related-party-unwrapped", item if header is None else header)
            header, told = None, tag == "LE" and told
        elif tag == "LS":
            header = item
        elif tag == "NM1" and header is None and not told:
            report.say("related-party-unwrapped", item)
            told = True
    if header is not None:
        report.say("related-party-unwrapped", header)


def check_benefit(eb: LoopSegment, report: Report) -> None:
    """A copay or deductible states an amount, a coinsurance a percentage."""
    kind = text(eb[1], 1)
    if (kind in _MONEY and not text(eb[1], 7)) or (kind == _COINSURANCE and not text(eb[1], 8)):
        report.say("benefit-amount-missing", eb, 8 if kind == _COINSURANCE else 7)
