"""Types 3 and 4 on adjustments, of an 835 and of other payers in an 837: each takes something off, each
reason occurs once, and a reason that needs a remark has one."""

from x12_payer.edi.codes.lists import CodeList
from x12_payer.edi.snip.rules.balance import amount
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, reads, text
from x12_payer.edi.wire.segments import LoopSegment

CAS_AMOUNTS = frozenset((1, *range(3, 19, 3)))  # with CAS01, which says whose they are
_LAST = 18  # elements of a CAS
_REMARKS = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}  # where remark codes are
_REMARK_LISTS = frozenset(("HE", "RX"))  # LQ01: remarks, reject codes of a pharmacy
_ADJUSTED = frozenset(("CLM", "CLP", "LX", "SBR", "SVC", "SVD"))  # what the adjustments after it are of
_LAST_PROVIDER = 14  # elements of a PLB


@reads("adjustment-zero", "CAS")
@reads("adjustment-reason-repeat", "CAS")
def check_adjustments(block: LoopBlock, collector: Collector) -> None:
    """No adjustment is of nothing, and no reason of a group is given twice for one claim, line or payer, in
    whichever CAS."""
    seen: set[tuple[str, str]] = set()
    for item in block:
        elements = item[1]
        if elements[0] in _ADJUSTED:
            seen.clear()
        if elements[0] != "CAS":
            continue
        group = text(elements, 1)
        for number in range(2, min(len(elements), _LAST + 1), 3):
            reason, taken = elements[number], text(elements, number + 1)
            if not reason:
                continue
            if taken and not amount(taken):
                collector.add("adjustment-zero", item, number + 1)
            if (group, reason) in seen:
                collector.add("adjustment-reason-repeat", item, number)
            seen.add((group, reason))


def check_provider_adjustments(plb: LoopSegment, collector: Collector) -> None:
    """A provider adjustment takes or gives something."""
    for number in range(4, min(len(plb[1]), _LAST_PROVIDER + 1), 2):
        if plb[1][number] and not amount(plb[1][number]):
            collector.add("provider-adjustment-zero", plb, number)


@reads("other-payer-remark-missing", "CAS LQ MOA MIA")
def check_remarks(block: LoopBlock, reasons: CodeList, key: str, collector: Collector) -> None:
    """A reason that says nothing by itself (its row of the list says so) has a remark in its claim. `block`
    is the claim with its lines, `key` what is reported."""
    asked = reasons.noted("needs_remark")
    asking = [
        (item, number)
        for item in block
        if item[1][0] == "CAS" and not asked.keys().isdisjoint(item[1])
        for number in range(2, min(len(item[1]), _LAST + 1), 3)
        if item[1][number] in asked
    ]
    if not asking or any(_is_remark(item[1]) for item in block):
        return
    for item, number in asking:
        collector.add(key, item, number)


def _is_remark(elements: list[str]) -> bool:
    if elements[0] == "LQ":
        return text(elements, 1) in _REMARK_LISTS and bool(text(elements, 2))
    return any(text(elements, number) for number in _REMARKS.get(elements[0], ()))
