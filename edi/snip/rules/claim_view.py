"""One claim of an 837 as the rules of types 3, 4 and 6 look at it: its segments sorted by what they are
about.

Nothing is copied. What a service segment means by itself is worked out once for each text, because the
same services come again and again."""

from decimal import Decimal

from attrs import define

from x12_payer.edi.snip.rules.collector import LoopBlock, dates, period, text
from x12_payer.edi.snip.rules.services import CHARGE, NO_SERVICE, ServiceView, service_view
from x12_payer.edi.wire.segments import LoopSegment

_QUALIFIED = frozenset(("REF", "NM1", "AMT"))
_ZERO = Decimal(0)

Day = tuple[str, str, LoopSegment]  # first day, last day, the DTP


@define(eq=False)
class Line:
    """One 2400. `rest`: its segments without LX, SV, DTP*472 and REF*6R, those of the loops below too."""

    lx: LoopSegment
    rest: LoopBlock
    segment: LoopSegment | None = None  # SV1, SV2, SV3
    service: ServiceView = NO_SERVICE
    dated: LoopSegment | None = None  # DTP*472
    first: str = ""
    last: str = ""
    control: str = ""  # REF*6R
    named: LoopSegment | None = None  # that REF

    def others(self, tag: str) -> LoopBlock:
        """Those of `rest` with the tag."""
        return [i for i in self.rest if i[1][0] == tag]


@define(eq=False)
class ClaimView:
    """One 2300 with its lines. `own`: segments of the claim and its providers by tag, or by tag and element
    01 (REF, NM1, AMT); the first of each."""

    kind: str  # P I D
    clm: LoopSegment
    facility: str  # CLM05-01
    frequency: str  # CLM05-03
    own: dict[str, LoopSegment]
    days: dict[str, Day]  # DTP of 2300 by qualifier
    codes: LoopBlock  # HI
    payers: list[LoopBlock]  # each 2320 with its 2330
    lines: list[Line]
    payments: bool = False  # has another payer a part in the claim?
    charged: Decimal = _ZERO  # the sum of the line charges
    highest: int = 0  # the last diagnosis that a line points at
    ruled: bool = False  # does line_rules.csv speak of a line?


def claim_view(kind: str, block: LoopBlock, separator: str) -> ClaimView:
    """The claim whose block begins with its CLM."""
    clm = block[0]
    place = text(clm[1], 5).split(separator)
    lines: list[Line] = []
    frequency = place[2] if len(place) > 2 else ""
    claim = ClaimView(kind, clm, place[0], frequency, {}, {}, [], [], lines)
    rest: LoopBlock = []
    for at, item in enumerate(block):
        elements = item[1]
        tag = elements[0]
        if tag == "LX":
            if not lines:
                _own(claim, block[1:at])
            rest = []
            line = Line(item, rest)
            lines.append(line)
        elif not lines:
            continue
        elif tag in CHARGE:
            line.segment = item
            line.service = service_view(tuple(elements), separator)
        elif tag == "DTP" and len(elements) > 3 and elements[1] == "472":
            line.dated = item
            line.first, line.last = period(elements[2], elements[3])
        elif tag == "REF" and len(elements) > 2 and elements[1] == "6R":
            line.control, line.named = elements[2], item
        else:
            rest.append(item)
            if tag == "SVD":
                claim.payments = True
    if not lines:
        _own(claim, block[1:])
    _sum_up(claim)
    return claim


def _sum_up(claim: ClaimView) -> None:
    """What the services come to together."""
    for line in claim.lines:
        service = line.service
        claim.charged += service.charge
        if service.highest > claim.highest:
            claim.highest = service.highest
        if service.rules:
            claim.ruled = True


def _own(claim: ClaimView, block: LoopBlock) -> None:
    """What comes before the first line."""
    own, payers = claim.own, claim.payers
    for item in block:
        elements = item[1]
        tag = elements[0]
        if tag == "SBR":
            claim.payments = True
            payers.append([item])
        elif payers:
            payers[-1].append(item)
        elif tag == "HI":
            claim.codes.append(item)
        elif tag == "DTP":
            claim.days[text(elements, 1)] = (*dates(elements), item)
        elif tag in _QUALIFIED:
            own.setdefault(f"{tag}*{text(elements, 1)}", item)
        else:
            own.setdefault(tag, item)


def service_days(claim: ClaimView) -> tuple[str, str]:
    """The first and the last day of service: of the lines, else DTP*472 or 434 of the claim; ('', '') when
    nothing says them."""
    first = last = ""
    for line in claim.lines:
        if line.first and (not first or line.first < first):
            first = line.first
        if line.last > last:
            last = line.last
    if first:
        return first, last
    stated = claim.days.get("472") or claim.days.get("434")
    return (stated[0], stated[1]) if stated else ("", "")
