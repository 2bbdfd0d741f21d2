"""Type 4 on the parties of an 837: where the billing provider is, and who may be named only with another
one."""

import re
from functools import cache

from x12_payer.edi.snip.rules.claim_view import ClaimView
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, reads, text
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import LoopSegment

BILLING = "85"
BESIDE = {"P3": "DN"}  # NM101: a party, and the one without which it is not named
_SHORT_ZIP = 5
_DOMESTIC = frozenset(("", "US"))


@cache
def _boxes() -> re.Pattern[str]:
    """How a post office box is written (address_forms.csv)."""
    forms = (row["pattern"] for row in rows("address_forms") if row["form"] == "post_office_box")
    return re.compile("|".join(forms), re.IGNORECASE)


@reads("billing-address-box", "HL03 NM101 N3", level=True)
@reads("billing-zip-short", "HL03 NM101 N403 N404", level=True)
def check_billing(block: LoopBlock, collector: Collector) -> None:
    """The billing provider has a street address with all nine digits of the ZIP code. `block` is its
    level."""
    party = ""
    for item in block:
        elements = item[1]
        if elements[0] == "NM1":
            party = text(elements, 1)
        elif party != BILLING:
            continue
        elif elements[0] == "N3":
            for number in (1, 2):
                if _boxes().search(text(elements, number)):
                    collector.add("billing-address-box", item, number)
        elif elements[0] == "N4" and len(text(elements, 3)) == _SHORT_ZIP and text(elements, 4) in _DOMESTIC:
            collector.add("billing-zip-short", item, 3)


@reads("referring-missing", "NM101")
def check_beside(claim: ClaimView, collector: Collector) -> None:
    """A party that may only be named with another one is not named alone."""
    for party, other in BESIDE.items():
        if f"NM1*{other}" in claim.own:
            continue
        found: list[LoopSegment] = []
        if f"NM1*{party}" in claim.own:
            found.append(claim.own[f"NM1*{party}"])
        for line in claim.lines:
            names = {text(i[1], 1): i for i in line.others("NM1")}
            if party in names and other not in names:
                found.append(names[party])
        for item in found:
            collector.add("referring-missing", item, 1)
