"""Types 3 to 5 on an 835: claim by claim, then the payment."""

from decimal import Decimal
from operator import itemgetter

from attrs import define, field

from x12_payer.edi.snip.rules.adjustments import (
    CAS_AMOUNTS,
    check_adjustments,
    check_provider_adjustments,
    check_remarks,
)
from x12_payer.edi.snip.rules.balance import Imbalance, amount, claim_835, payment_835, provider_adjusted
from x12_payer.edi.snip.rules.collector import Amounts, Collector, LoopBlock, text
from x12_payer.edi.snip.rules.payers import roots
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

CUTS = frozenset(("LX", "CLP", "PLB", "SE"))
AMOUNTS: Amounts = {
    "BPR": frozenset((2,)),
    "CLP": frozenset((2, 3, 4, 5)),
    "SVC": frozenset((2, 3)),
    "CAS": CAS_AMOUNTS,
    "PLB": frozenset((4, 6, 8, 10, 12, 14)),
    "TS3": frozenset((4, 5)),
}
_BPR = frozenset(("BPR",))
REVERSAL = "22"
NO_PAYMENT = "NON"
_ELECTRONIC = frozenset(("ACH", "BOP", "FWT"))
_ACCOUNTS = (6, 7, 8, 9, 12, 13, 14, 15)  # BPR06-09 the payer's, BPR12-15 the payee's
_FEE_SCHEDULE = "45"
_TRIPLETS = 6  # reasons that one CAS takes
_ZERO = Decimal(0)
_CLAIM_DATES = frozenset(("232", "233"))
_LINE_DATES = frozenset(("472", "150", "151"))
_NUMBERED = itemgetter(2, 1)  # of a segment its ordinal and its elements


@define(eq=False)
class ProviderTotals:
    """What a TS3 says of the claims after it, and what they come to."""

    ts3: LoopSegment
    claims: int = 0
    charge: Decimal = _ZERO
    excused: list[Decimal] = field(factory=list)  # differences reported at its claims


@define(eq=False)
class RemittanceRules:
    """The pass over one 835. `total` is what the claims were paid less the provider adjustments so far;
    `excused` are differences reported at a claim, from which one of the payment may follow."""

    tools: Tools
    collector: Collector
    day: str
    bpr: LoopSegment | None = None
    total: Decimal = _ZERO
    provider: ProviderTotals | None = None
    excused: list[Decimal] = field(factory=list)
    torn: bool = False  # an amount cannot be read: totals over claims say nothing

    def take(self, block: LoopBlock) -> None:
        """One block: the head, an LX, a claim, a PLB, the end."""
        item = block[0]
        tag = item[1][0]
        marks = self.collector.marks
        self.torn = self.torn or marks.unread(block, AMOUNTS)
        if tag == "ST":
            self._head(block)
        self.tools.check_codes(block, self.day)
        if tag == "LX":
            self._end_provider()
            ts3 = next((i for i in block if i[1][0] == "TS3"), None)
            self.provider = ProviderTotals(ts3) if ts3 is not None else None
        elif tag == "CLP":
            self._claim(block)
        elif tag == "PLB":
            self.total -= provider_adjusted(item[1])
            check_provider_adjustments(item, self.collector)
        elif tag == "SE":
            self._end()

    def _head(self, block: LoopBlock) -> None:
        self.bpr = next((i for i in block if i[1][0] == "BPR"), None)
        if self.bpr is not None:
            unread = self.collector.marks.faulty([self.bpr], _BPR)
            self.day = "" if unread else text(self.bpr[1], 16) or self.day
            if self.collector.marks.whole(block):
                check_payment(self.bpr, self.collector)

    def _claim(self, block: LoopBlock) -> None:
        clp = block[0]
        self.collector.unit = ("CLP01", text(clp[1], 1))
        self.total += amount(text(clp[1], 4))
        if self.provider is not None:
            self.provider.claims += 1
            self.provider.charge += amount(text(clp[1], 3))
        marks = self.collector.marks
        if not marks.unread(block, AMOUNTS):
            for found in roots(claim_835([*map(_NUMBERED, block)])):
                self.excused.append(found.difference)
                if self.provider is not None:
                    self.provider.excused.append(abs(found.difference))
                self._say(found, next(item for item in block if item[2] == found.ordinal))
        if marks.whole(block):
            check_remitted(block, self.collector)
            check_remarks(block, self.tools.codes.lists["carc"], "adjustment-remark-missing", self.collector)

    def _say(self, found: Imbalance, at: LoopSegment) -> None:
        self.collector.add(found.key, at, _STATED.get(found.key, 0))

    def _end_provider(self) -> None:
        """TS304 and TS305 count and sum up the claims after the TS3."""
        provider, self.provider = self.provider, None
        if provider is None or self.torn:
            return
        ts3 = provider.ts3
        if amount(text(ts3[1], 4)) != provider.claims:
            self.collector.add("balance-835-provider-count", ts3, 4)
        difference = abs(amount(text(ts3[1], 5)) - provider.charge)
        if difference and difference not in (*provider.excused, sum(provider.excused, _ZERO)):
            self.collector.add("balance-835-provider-charge", ts3, 5)

    def _end(self) -> None:
        self._end_provider()
        self.collector.unit = ("", "")
        if self.bpr is None or self.torn:
            return
        payment = amount(text(self.bpr[1], 2))
        for found in payment_835(self.bpr[2], payment, self.total):
            if -found.difference not in (*self.excused, sum(self.excused, _ZERO)):
                self._say(found, self.bpr)


_STATED = {
    "balance-835-line": 3,
    "balance-835-claim": 4,
    "balance-835-charge": 3,
    "balance-835-patient": 5,
    "balance-835-payment": 2,
    "balance-835-negative-payment": 2,
}


def remittance_rules(tools: Tools, collector: Collector) -> RemittanceRules:
    """The rules for one 835."""
    return RemittanceRules(tools, collector, tools.today)


def check_payment(bpr: LoopSegment, collector: Collector) -> None:
    """Nothing paid is NON; what is paid electronically names both accounts."""
    elements = bpr[1]
    method, paid = text(elements, 4), amount(text(elements, 2))
    if paid >= 0 and (method == NO_PAYMENT) != (paid == 0):
        collector.add("payment-method", bpr, 4)
    elif method in _ELECTRONIC:
        absent = next((number for number in _ACCOUNTS if not text(elements, number)), 0)
        if absent:
            collector.add("payment-account-missing", bpr, absent)


def check_remitted(block: LoopBlock, collector: Collector) -> None:
    """What the segments of one 835 claim ask of one another."""
    clp = block[0]
    if text(clp[1], 2) == REVERSAL:
        if amount(text(clp[1], 3)) > 0:
            collector.add("reversal-positive", clp, 3)
        if amount(text(clp[1], 5)):
            collector.add("reversal-patient-amount", clp, 5)
    parts = _parts(block)
    _dates(parts, collector)
    for part in parts:
        if part.adjustments:
            check_adjustments(part.adjustments, collector)
            _groups(part, collector)


@define(eq=False)
class Part:
    """A claim itself, or one of its lines: the segment it begins with, its CAS, and DTM01 of its dates."""

    begin: LoopSegment
    adjustments: LoopBlock = field(factory=list)
    dated: list[str] = field(factory=list)


def _parts(block: LoopBlock) -> list[Part]:
    """The claim itself, then each line."""
    part = Part(block[0])
    parts = [part]
    for item in block:
        tag = item[1][0]
        if tag == "SVC":
            part = Part(item)
            parts.append(part)
        elif tag == "CAS":
            part.adjustments.append(item)
        elif tag == "DTM":
            part.dated.append(text(item[1], 1))
    return parts


def _dates(parts: list[Part], collector: Collector) -> None:
    """A service has a date: in the claim (232, 233) or in each line (472, 150, 151)."""
    own, *lines = parts
    if not _CLAIM_DATES.isdisjoint(own.dated):
        return
    for line in lines:
        if _LINE_DATES.isdisjoint(line.dated):
            collector.add("remit-date-missing", line.begin)


def _groups(part: Part, collector: Collector) -> None:
    """One CAS a group until it is full; reason 45 does not take the whole charge of a line."""
    room: set[str] = set()
    elements = part.begin[1]
    charge = amount(text(elements, 2)) if elements[0] == "SVC" else _ZERO
    for item in part.adjustments:
        elements = item[1]
        group = text(elements, 1)
        if group in room:
            collector.add("adjustment-group-repeat", item, 1)
        if len(elements) <= 2 + 3 * (_TRIPLETS - 1):
            room.add(group)
        if charge and text(elements, 2) == _FEE_SCHEDULE and amount(text(elements, 3)) == charge:
            collector.add("adjustment-whole-charge", item, 2)
