"""One claim of an 837 as the rules of types 3, 4 and 6 look at it: its segments sorted by what they say.

Nothing is copied or converted but dates (first and last day, CCYYMMDD)."""

from attrs import define, field

from edi.segments import LoopSegment
from edi.situations_report import Block, dates, text

SERVICE = frozenset(("SV1", "SV2", "SV3"))
CHARGE = {"SV1": 2, "SV2": 3, "SV3": 2}  # the element that holds the charge of a line
UNITS = {"SV1": 4, "SV2": 5, "SV3": 6}
PROCEDURE = {"SV1": 1, "SV2": 2, "SV3": 1}
POINTERS = {"SV1": 7, "SV3": 11}

Day = tuple[str, str, LoopSegment]  # first day, last day, the DTP


@define(eq=False)
class Line:
    """One 2400. `rest`: its segments without LX, SV, DTP*472 and REF*6R, those of the loops below too."""

    lx: LoopSegment
    service: LoopSegment | None = None
    dated: LoopSegment | None = None  # DTP*472
    first: str = ""
    last: str = ""
    control: str = ""  # REF*6R
    rest: Block = field(factory=list)

    def others(self, tag: str, qualifier: str = "") -> Block:
        """Those of `rest` with the tag and, when one is given, element 01."""
        return [i for i in self.rest if i[1][0] == tag and (not qualifier or text(i[1], 1) == qualifier)]


@define(eq=False)
class ClaimView:
    """One 2300 with its lines. `own`: segments of the claim and its providers by tag, or by tag and element
    01 (REF, NM1, AMT); the first of each."""

    kind: str  # P I D
    clm: LoopSegment
    facility: str = ""  # CLM05-01
    frequency: str = ""  # CLM05-03
    own: dict[str, LoopSegment] = field(factory=dict)
    days: dict[str, Day] = field(factory=dict)  # DTP of 2300 by qualifier
    codes: Block = field(factory=list)  # HI
    payers: list[Block] = field(factory=list)  # each 2320 with its 2330
    lines: list[Line] = field(factory=list)

    @property
    def payments(self) -> bool:
        """Has another payer a part in the claim?"""
        return bool(self.payers) or any(i[1][0] == "SVD" for line in self.lines for i in line.rest)


def claim_view(kind: str, block: Block, separator: str) -> ClaimView:
    """The claim whose block begins with its CLM."""
    clm = block[0]
    place = text(clm[1], 5).split(separator)
    claim = ClaimView(kind, clm, place[0], place[2] if len(place) > 2 else "")
    start = next((n for n, item in enumerate(block) if item[1][0] == "LX"), len(block))
    _own(claim, block[1:start])
    lines = claim.lines
    for item in block[start:]:
        elements = item[1]
        tag = elements[0]
        if tag == "LX":
            line = Line(item)
            lines.append(line)
        elif tag in SERVICE and line.service is None:
            line.service = item
        elif tag == "DTP" and line.dated is None and elements[1] == "472":
            line.dated = item
            line.first, line.last = dates(elements)
        elif tag == "REF" and elements[1] == "6R":
            line.control = text(elements, 2)
        else:
            line.rest.append(item)
    return claim


def _own(claim: ClaimView, block: Block) -> None:
    """What stands before the first line."""
    own, payers = claim.own, claim.payers
    for item in block:
        elements = item[1]
        tag = elements[0]
        if tag == "SBR":
            payers.append([item])
        elif payers:
            payers[-1].append(item)
        elif tag == "HI":
            claim.codes.append(item)
        elif tag == "DTP":
            claim.days[text(elements, 1)] = (*dates(elements), item)
        elif tag in ("REF", "NM1", "AMT"):
            own.setdefault(f"{tag}*{text(elements, 1)}", item)
        else:
            own.setdefault(tag, item)


def service_days(claim: ClaimView) -> tuple[str, str]:
    """The first and the last day of service: of the lines, else DTP*472 or 434 of the claim; ('', '') when
    nothing says them."""
    lines = claim.lines
    if len(lines) == 1:
        first, last = lines[0].first, lines[0].last
    else:
        first = min((line.first for line in lines if line.first), default="")
        last = max((line.last for line in lines if line.last), default="")
    if first:
        return first, last
    stated = claim.days.get("472") or claim.days.get("434")
    return (stated[0], stated[1]) if stated else ("", "")
