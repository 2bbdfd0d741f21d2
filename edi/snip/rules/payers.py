"""Types 3 and 4 on other payers of an 837 claim (2320, 2330, 2430)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from x12_payer.edi.guides.model import FIRST_OR_UNKNOWN
from x12_payer.edi.snip.rules.balance import OTHER_PAYER, Imbalance, claim_837
from x12_payer.edi.snip.rules.claim_view import ClaimView
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, dates, reads, text
from x12_payer.edi.wire.segments import LoopSegment

_UNKNOWN = "U"
_DONE = frozenset(("D", "A8"))
_MEDICARE = frozenset(("MA", "MB"))
_PAYER, _SBR = frozenset(("NM1",)), frozenset(("SBR",))
_STATED = 2  # CLM02, SVD02, AMT02


@reads("other-payer-missing", "HL03 SBR01")
@reads("other-payer-payment-missing", "HL03 SBR01 AMT01 CAS SVD")
@reads("payer-order-repeat", "HL03 SBR01")
@reads("line-payer-unknown", "SBR NM101 NM109 SVD01")
def check_payers(claim: ClaimView, sbr: LoopSegment | None, today: str, collector: Collector) -> None:
    """Who pays before us is named and what it paid, each payer has a place of its own, and lines name payers
    of the claim. `sbr` is that of the subscriber."""
    known = sbr is not None and not collector.marks.faulty([sbr], _SBR)
    responsibility = text(sbr[1], 1) if sbr is not None and known else ""
    later = sbr is not None and responsibility not in FIRST_OR_UNKNOWN
    if sbr is not None and later:
        _medicare(claim, sbr, collector)
    if not claim.payers:
        if sbr is not None and later:
            collector.add("other-payer-missing", sbr, 1)
        return
    if later and not _has_paid(claim):
        collector.add("other-payer-payment-missing", claim.payers[0][0])
    _adjudicated(claim, today, collector)
    taken = {responsibility} - {"", _UNKNOWN}
    for payer in claim.payers:
        place = text(payer[0][1], 1)
        if place in taken:
            collector.add("payer-order-repeat", payer[0], 1)
        taken |= {place} - {_UNKNOWN}
    reported: set[str] = set()
    for item in _strangers(claim, collector):
        if text(item[1], 1) not in reported:
            collector.add("line-payer-unknown", item, 1)
        reported.add(text(item[1], 1))


def _has_paid(claim: ClaimView) -> bool:
    """Does anything say what an other payer did: an amount (AMT*D paid, A8 not covered), CAS, or SVD?"""
    of_claim = (i[1] for payer in claim.payers for i in payer)
    reported = any(e[0] == "CAS" or (e[0] == "AMT" and text(e, 1) in _DONE) for e in of_claim)
    return reported or any(line.others("SVD") for line in claim.lines)


@reads("medicare-reason-missing", "HL03 SBR01 SBR05 SBR09")
def _medicare(claim: ClaimView, sbr: LoopSegment, collector: Collector) -> None:
    """Medicare after another payer says why (SBR05 of an 837P)."""
    if claim.kind == "P" and text(sbr[1], 9) in _MEDICARE and not text(sbr[1], 5):
        collector.add("medicare-reason-missing", sbr, 5)


@reads("other-payer-date-in-future", "SBR DTP01 DTP02 DTP03")
def _adjudicated(claim: ClaimView, today: str, collector: Collector) -> None:
    """What another payer decided lies in the past (DTP*573 of 2330B and 2430)."""
    dated = [i for payer in claim.payers for i in payer] + [i for line in claim.lines for i in line.rest]
    for item in dated:
        if item[1][0] == "DTP" and text(item[1], 1) == "573" and dates(item[1])[0] > today:
            collector.add("other-payer-date-in-future", item, 3)


def _strangers(claim: ClaimView, collector: Collector) -> LoopBlock:
    """The SVD whose payer is none of the claim; none when the id of one of those is wrong."""
    named = _names(claim)
    if collector.marks.faulty(named, _PAYER):
        return []
    ids = {text(i[1], 9).strip() for i in named}
    paid = (i for line in claim.lines for i in line.others("SVD"))
    return [i for i in paid if text(i[1], 1).strip() not in ids]


def _names(claim: ClaimView) -> LoopBlock:
    """The NM1 of the other payers (2330B)."""
    return [i for payer in claim.payers for i in payer if _is_payer(i)]


def _is_payer(item: LoopSegment) -> bool:
    return item[1][0] == "NM1" and text(item[1], 1) == "PR"


@reads("balance-837-charge", "CLM02 SV102 SV203 SV302")
@reads("balance-837-line-payment", "CLM02 SBR SV102 SV203 SV302 SVD CAS AMT NM101 NM109")
@reads("balance-837-other-payer", "CLM02 SBR SV102 SV203 SV302 SVD CAS AMT NM101 NM109")
def check_sums(claim: ClaimView, block: LoopBlock, collector: Collector) -> None:
    """Every equation of a claim in which other payers have a part. Where a line names a stranger, it is
    not known what belongs to which payer; what a negative charge does to the sums is not reported."""
    at = {item[2]: item for item in block}
    unknown = bool(_strangers(claim, collector)) or collector.marks.faulty(_names(claim), _PAYER)
    negative = text(claim.clm[1], _STATED)[:1] == "-" or any(line.service.charge < 0 for line in claim.lines)
    for found in roots(claim_837([(ordinal, elements) for _, elements, ordinal in block])):
        if not (negative or (unknown and found.key == OTHER_PAYER)):
            collector.add(found.key, at[found.ordinal], _STATED)


def roots(found: Iterable[Imbalance]) -> Iterator[Imbalance]:
    """Imbalances of one claim without those that only follow from another: a difference that was reported, of
    one total or of several together, is not reported again of the next kind of total."""
    reported: dict[str, list[Decimal]] = {}
    for one in found:
        before = [differences for key, differences in reported.items() if key != one.key]
        size = abs(one.difference)
        if any(size == abs(sum(d, Decimal(0))) or size in map(abs, d) for d in before):
            continue
        reported.setdefault(one.key, []).append(one.difference)
        yield one
