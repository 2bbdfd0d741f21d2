"""Types 3 and 4 on other payers of an 837 claim (2320, 2330, 2430)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from edi.balance import OTHER_PAYER, Imbalance, claim_837
from edi.segments import LoopSegment
from edi.situations_claim import ClaimView
from edi.situations_report import Block, Report, text

FIRST_OR_UNKNOWN = frozenset(("", "P", "U"))
_UNKNOWN = "U"
_PAYER = frozenset(("NM1",))
_STATED = 2  # CLM02, SVD02, AMT02


def check_payers(claim: ClaimView, sbr: LoopSegment | None, report: Report) -> None:
    """Who pays before us is told, each payer has a place of its own, and lines name payers of the claim."""
    responsibility = text(sbr[1], 1) if sbr is not None else ""
    if not claim.payers:
        if sbr is not None and responsibility not in FIRST_OR_UNKNOWN:
            report.say("other-payer-missing", sbr, 1)
        return
    taken = {responsibility} - {"", _UNKNOWN}
    for payer in claim.payers:
        place = text(payer[0][1], 1)
        if place in taken:
            report.say("payer-order-repeat", payer[0], 1)
        taken |= {place} - {_UNKNOWN}
    told: set[str] = set()
    for item in _strangers(claim, report):
        if text(item[1], 1) not in told:
            report.say("line-payer-unknown", item, 1)
        told.add(text(item[1], 1))


def _strangers(claim: ClaimView, report: Report) -> Block:
    """The SVD whose payer is none of the claim; none when the id of one of those is wrong."""
    named = [i for payer in claim.payers for i in payer if _is_payer(i)]
    if report.marks.faulty(named, _PAYER):
        return []
    ids = {text(i[1], 9).strip() for i in named}
    paid = (i for line in claim.lines for i in line.others("SVD"))
    return [i for i in paid if text(i[1], 1).strip() not in ids]


def _is_payer(item: LoopSegment) -> bool:
    return item[1][0] == "NM1" and text(item[1], 1) == "PR"


def check_sums(claim: ClaimView, block: Block, report: Report) -> None:
    """Every equation of a claim in which other payers have a part. Where a line names a stranger, it is
    not known what belongs to which payer; what a negative charge does to the sums is not told."""
    at = {item[2]: item for item in block}
    unknown = bool(_strangers(claim, report))
    negative = text(claim.clm[1], _STATED)[:1] == "-" or any(line.service.charge < 0 for line in claim.lines)
    for found in roots(claim_837([(ordinal, elements) for _, elements, ordinal in block])):
        if not (negative or (unknown and found.key == OTHER_PAYER)):
            report.say(found.key, at[found.ordinal], _STATED)


def roots(found: Iterable[Imbalance]) -> Iterator[Imbalance]:
    """Imbalances of one claim without those that only follow from another: a difference that was told, of one
    total or of several together, is not told again of the next kind of total."""
    told: dict[str, list[Decimal]] = {}
    for one in found:
        before = [differences for key, differences in told.items() if key != one.key]
        size = abs(one.difference)
        if any(size == abs(sum(d, Decimal(0))) or size in map(abs, d) for d in before):
            continue
        told.setdefault(one.key, []).append(one.difference)
        yield one
