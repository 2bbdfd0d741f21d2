"""Types 3 to 5 on acknowledgments: 999 (counts and verdict) and 277CA (counts and amounts by level)."""

from decimal import Decimal
from itertools import takewhile

from attrs import define, field

from x12_payer.edi.snip.rules.balance import amount
from x12_payer.edi.snip.rules.collector import Amounts, Collector, LoopBlock, text
from x12_payer.edi.snip.rules.levels import Tree, check_created
from x12_payer.edi.snip.rules.statuses import check_statuses
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

CUTS_999 = frozenset(("AK2", "AK9", "SE"))
CUTS_277CA = frozenset(("HL", "SE"))
ACCEPTED = frozenset("AE")  # IK501: accepted, accepted with errors
ELEMENT_ERRORS = "8"
_VERDICT: Amounts = {"AK2": frozenset(), "IK5": frozenset((1,)), "AK9": frozenset((1, 3, 4))}
_ZERO = Decimal(0)


@define(eq=False)
class ImplementationRules:
    """The pass over one 999."""

    tools: Tools
    collector: Collector
    verdicts: list[str] = field(factory=list)  # IK501 of each set
    torn: bool = False  # a verdict is missing or wrong: the counts say nothing

    def take(self, block: LoopBlock) -> None:
        """One block: the head, a set that is answered, the verdict on the group."""
        marks = self.collector.marks
        self.torn = self.torn or marks.unread(block, _VERDICT)
        tag = block[0][1][0]
        if tag == "AK2":
            self.verdicts += [text(item[1], 1) for item in block if item[1][0] == "IK5"]
            if marks.whole(block):
                self._set(block)
        elif tag == "AK9" and not self.torn:
            self._group(block[0])

    def _set(self, block: LoopBlock) -> None:
        segment: LoopSegment | None = None  # an IK3 that still waits for its IK4
        for item in block:
            tag = item[1][0]
            if tag in ("IK3", "IK5"):
                self._detail(segment)
            if tag == "IK3":
                segment = item if text(item[1], 4) == ELEMENT_ERRORS else None
            elif tag in ("IK4", "IK5"):
                segment = None

    def _detail(self, segment: LoopSegment | None) -> None:
        """Errors in elements (IK304 8) are named by IK4."""
        if segment is not None:
            self.collector.add("acknowledgment-detail-missing", segment, 4)

    def _group(self, ak9: LoopSegment) -> None:
        """AK903 and AK904 count the sets; AK901 is what comes of them. A 999 need not list sets; one that
        refuses the whole group (AK905) need not list the valid ones."""
        if not self.verdicts:
            return
        verdict, accepted = text(ak9[1], 1), sum(v in ACCEPTED for v in self.verdicts)
        unlisted = amount(text(ak9[1], 3)) - len(self.verdicts)
        if unlisted < 0 or (unlisted and not text(ak9[1], 5)):
            self.collector.add("balance-999-received", ak9, 3)
        elif verdict != "R" and amount(text(ak9[1], 4)) != accepted:
            self.collector.add("balance-999-accepted", ak9, 4)
        elif verdict not in _fitting(accepted, len(self.verdicts), "E" in self.verdicts):
            self.collector.add("acknowledgment-verdict", ak9, 1)


def _fitting(accepted: int, received: int, errors: bool) -> str:
    """The AK901 that fit: M, W and X (security) and a group that itself fails (R) always do."""
    if accepted == 0:
        return "RMWX"
    if accepted < received:
        return "PRMWX"
    return "ERMWX" if errors else "AERMWX"


def implementation_rules(tools: Tools, collector: Collector) -> ImplementationRules:
    """The rules for one 999."""
    return ImplementationRules(tools, collector)


# --- 277CA


@define(eq=False)
class Stated:
    """What a level says of the claims below it (QTY, AMT by qualifier), and what they come to by verdict: WQ
    accepted, U rejected."""

    totals: dict[str, LoopSegment]
    count: dict[str, int] = field(factory=lambda: {"WQ": 0, "U": 0})
    charge: dict[str, Decimal] = field(factory=lambda: {"WQ": _ZERO, "U": _ZERO})


_COUNTED: Amounts = {
    "HL": frozenset((1, 2, 3)),
    "TRN": frozenset(),
    "STC": frozenset((3, 4)),
    "QTY": frozenset((1, 2)),
    "AMT": frozenset((1, 2)),
}
_COUNTS = {"QTY*90": "WQ", "QTY*AA": "U", "QTY*QA": "WQ", "QTY*QC": "U"}
_AMOUNTS = {"AMT*YU": "WQ", "AMT*YY": "U"}


@define(eq=False)
class ClaimAcknowledgmentRules:
    """The pass over one 277CA. `open` are the levels of submitter and provider that are not ended."""

    tools: Tools
    collector: Collector
    tree: Tree
    open: dict[str, Stated] = field(factory=dict)  # by HL03
    torn: bool = False  # an amount cannot be read, or a claim has no verdict

    def take(self, block: LoopBlock) -> None:
        """One block: the head, an HL, the end."""
        marks = self.collector.marks
        self.torn = self.torn or marks.unread(block, _COUNTED)
        self.tools.check_codes(block, self.tools.today)
        tag, level = block[0][1][0], text(block[0][1], 3)
        check_statuses(block, self.tools, self.collector)
        if tag == "ST":
            check_created(block, self.tools.today, self.collector)
        elif tag == "SE":
            self._end("19")
            self._end("21")
            self.tree.leave()
        elif tag == "HL":
            self.tree.enter(block)
            if level == "PT":
                self._claim(block)
            elif level in ("19", "21"):
                self._end("19")
                if level == "21":
                    self._end("21")
                self.open[level] = Stated(_totals(block))

    def _claim(self, block: LoopBlock) -> None:
        """Each TRN of a patient is a claim; one STC with U rejects it."""
        for claim in _claims(block):
            own = takewhile(lambda item: item[1][0] != "SVC", claim)
            statuses = [i for i in own if i[1][0] == "STC"]
            if not statuses:
                self.torn = True
                continue
            verdict = "U" if any(text(i[1], 3) == "U" for i in statuses) else "WQ"
            charge = amount(text(statuses[0][1], 4))
            for stated in self.open.values():
                stated.count[verdict] += 1
                stated.charge[verdict] += charge

    def _end(self, level: str) -> None:
        stated = self.open.pop(level, None)
        if stated is None or self.torn:
            return
        if not sum(stated.count.values()):
            self._unlisted(stated)
            return
        for key, verdict in _COUNTS.items():
            item = stated.totals.get(key)
            if item is not None and amount(text(item[1], 2)) != stated.count[verdict]:
                self.collector.add("balance-277ca-count", item, 2)
        for key, verdict in _AMOUNTS.items():
            item = stated.totals.get(key)
            if item is not None and amount(text(item[1], 2)) != stated.charge[verdict]:
                self.collector.add("balance-277ca-amount", item, 2)

    def _unlisted(self, stated: Stated) -> None:
        """A provider whose claims are not listed counts as stated at the submitter."""
        submitter = self.open.get("21")
        if submitter is None:
            return
        for key, item in stated.totals.items():
            if key in _COUNTS:
                submitter.count[_COUNTS[key]] += int(amount(text(item[1], 2)))
            elif key in _AMOUNTS:
                submitter.charge[_AMOUNTS[key]] += amount(text(item[1], 2))


def _totals(block: LoopBlock) -> dict[str, LoopSegment]:
    return {f"{i[1][0]}*{text(i[1], 1)}": i for i in block if i[1][0] in ("QTY", "AMT")}


def _claims(block: LoopBlock) -> list[LoopBlock]:
    """The parts of a patient's level, each begun by a TRN."""
    parts: list[LoopBlock] = []
    for item in block:
        if item[1][0] == "TRN":
            parts.append([])
        if parts:
            parts[-1].append(item)
    return parts


def claim_acknowledgment_rules(tools: Tools, collector: Collector) -> ClaimAcknowledgmentRules:
    """The rules for one 277CA."""
    return ClaimAcknowledgmentRules(tools, collector, Tree(collector))
