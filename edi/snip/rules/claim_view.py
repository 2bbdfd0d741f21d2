"""One claim of an 837 as the rules of types 3, 4 and 6 look at it: its segments sorted by what they are
about.

Nothing is copied. What a service segment means by itself is worked out once for each text, because the
same services come again and again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from attrs import define, field

from x12_payer.edi.codes.ranges import in_range
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.rules.balance import amount
from x12_payer.edi.snip.rules.collector import LoopBlock, dates, period, text
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import LoopSegment

CHARGE = {"SV1": 2, "SV2": 3, "SV3": 2}  # the element that holds the charge of a line
UNITS = {"SV1": 4, "SV2": 5, "SV3": 6}
PROCEDURE = {"SV1": 1, "SV2": 2, "SV3": 1}
POINTERS = {"SV1": 7, "SV3": 11}
MEASURE = {"SV1": 3, "SV2": 4}
MINUTES = "MJ"
CENTS, THOUSANDTHS = -2, -3  # the last digit of an amount, of a quantity
_QUALIFIED = frozenset(("REF", "NM1", "AMT"))
_ZERO = Decimal(0)

Day = tuple[str, str, LoopSegment]  # first day, last day, the DTP


@cache
def _rules() -> tuple[Mapping[str, str], ...]:
    return tuple(rows("line_rules"))


@lru_cache(maxsize=20_000)
def rules_of(code: str) -> Mapping[str, str]:
    """The rules of line_rules.csv that speak of a procedure, place or revenue code, with what each needs."""
    found: dict[str, str] = {}
    for row in _rules():
        if in_range(code, row["from"], row["to"]):
            found.setdefault(row["rule"], row["needs"])
    return found


@frozen(eq=False)
class ServiceView:
    """What SV1, SV2 or SV3 says by itself. `highest` is the last diagnosis pointed at; `odd`: there is
    something to say of it whatever the claim is."""

    charge: Decimal = _ZERO
    code: str = ""
    rules: Mapping[str, str] = field(factory=dict)
    highest: int = 0
    odd: bool = False


NO_SERVICE = ServiceView()


def last_digit(number: Decimal) -> int:
    """The exponent of the last digit that is not a closing zero: -2 for 1.25, 0 for 3."""
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


@lru_cache(maxsize=16_384)
def _service(elements: tuple[str, ...], separator: str) -> ServiceView:
    return service_of(elements, separator)


def service_of(elements: Sequence[str], separator: str) -> ServiceView:
    """What SV1, SV2 or SV3 says by itself."""
    tag = elements[0]
    charge, units = text(elements, CHARGE[tag]), text(elements, UNITS[tag])
    procedure = text(elements, PROCEDURE[tag])
    code = procedure.split(separator, 2)[1] if separator in procedure else ""
    rules = rules_of(code)
    pointers = [p for p in text(elements, POINTERS.get(tag, 0)).split(separator) if p]
    numbers = [int(p) for p in pointers if p.isdecimal() and len(p) < 4]
    odd = (
        charge[:1] == "-"
        or (units != "" and amount(units) <= 0)
        or len(set(pointers)) < len(pointers)
        or 0 in numbers
        or text(elements, MEASURE.get(tag, 0)) == MINUTES
        or last_digit(amount(charge)) < CENTS
        or last_digit(amount(units)) < THOUSANDTHS
    )
    return ServiceView(amount(charge), code, rules, max(numbers, default=0), odd)


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
    odd: bool = False  # is there something to say of a line by itself?


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
            line.service = _service(tuple(elements), separator)
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
        if service.odd:
            claim.odd = True


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
