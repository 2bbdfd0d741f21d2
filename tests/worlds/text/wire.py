"""Small invented interchanges for the tests of the wire, and ways to spoil them."""

from collections.abc import Sequence

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.check import CheckedInterchange, check_interchanges
from x12_payer.edi.wire.segments import Delimiters, Source

TWO_CLAIMS = """\
BHT*0019*00*T1*20260706*1015*CH
NM1*41*2*CLEARCO CLEARINGHOUSE*****46*CLEARCO01
PER*IC*DESK*TE*6175550100
NM1*40*2*ATLANTIC HEALTH PLAN*****46*ATL01
HL*1**20*1
NM1*85*1*PATEL*ANIL****XX*1922222223
N3*101 WHARF ST
N4*BOSTON*MA*021100001
REF*EI*043210002
HL*2*1*22*0
SBR*P*18*GRP200******12
NM1*IL*1*HADDAD*OMAR****MI*A100000003
N3*12 ELM ST
N4*BOSTON*MA*021080001
DMG*D8*19751130*M
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
CLM*C1*280***11:B:1*Y*A*Y*Y
HI*ABK:M25561
NM1*82*1*DOE*JANE****XX*1922222223
LX*1
SV1*HC:99213*140*UN*1***1
DTP*472*D8*20260702
LX*2
SV1*HC:99214*140*UN*1***1
DTP*472*D8*20260703
HL*3*1*22*0
SBR*P*18*GRP200******12
NM1*IL*1*DOE*JOHN****MI*A100000004
N3*12 ELM ST
N4*BOSTON*MA*021080001
DMG*D8*19751130*M
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
CLM*C2*140***11:B:1*Y*A*Y*Y
HI*ABK:M25561
LX*1
SV1*HC:99213*140*UN*1***1
DTP*472*D8*20260702""".splitlines()

ELIGIBILITY = """\
BHT*0022*13*E1*20260706*1015
HL*1**20*1
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
HL*2*1*21*1
NM1*1P*1*PATEL*ANIL****XX*1922222223
HL*3*2*22*0
TRN*1*E1-T*9CLEARCO01
NM1*IL*1*HADDAD*OMAR****MI*A100000003
DMG*D8*19751130*M
DTP*291*D8*20260701
EQ*30""".splitlines()


def header(
    version: str = "00501",
    number: str = "000000104",
    asked: str = "0",
    usage: str = "T",
    repetition: str = "^",
) -> str:
    """An ISA."""
    return (
        "ISA*00*          *00*          *ZZ*CLEARCO01      *ZZ*ATLANTIC01     "
        f"*260706*1015*{repetition}*{version}*{number}*{asked}*{usage}*:"
    )


def transaction(
    body: Sequence[str],
    set_id: str = "837",
    number: str = "0001",
    guide: str = "005010X222A1",
    count: str = "",
    trailer: str = "",
) -> list[str]:
    """ST, body, SE."""
    start = f"ST*{set_id}*{number}*{guide}" if guide else f"ST*{set_id}*{number}"
    return [start, *body, f"SE*{count or len(body) + 2}*{trailer or number}"]


def group(
    *sets: Sequence[str],
    functional: str = "HC",
    version: str = "005010X222A1",
    number: str = "104",
    included: str = "",
    trailer: str = "",
) -> list[str]:
    """GS, sets, GE."""
    start = f"GS*{functional}*CLEARCO01*ATLANTIC01*20260706*1015*{number}*X*{version}"
    inside = [segment for one in sets for segment in one]
    return [start, *inside, f"GE*{included or len(sets)}*{trailer or number}"]


def interchange(*groups: Sequence[str], isa: str = "", count: str = "", trailer: str = "") -> list[str]:
    """ISA, groups, IEA."""
    isa = isa or header()
    inside = [segment for one in groups for segment in one]
    return [isa, *inside, f"IEA*{count or len(groups)}*{trailer or isa[90:99]}"]


def claims(body: Sequence[str] = TWO_CLAIMS) -> list[str]:
    """A whole interchange with one 837P."""
    return interchange(group(transaction(body)))


def wire(segments: Sequence[str], end: str = "~\n") -> bytes:
    """The bytes, each segment with its terminator."""
    return "".join(segment + end for segment in segments).encode("latin-1")


def check(segments: Sequence[str] | bytes, every_guide: bool = False) -> list[CheckedInterchange]:
    """Every interchange, checked."""
    data = segments if isinstance(segments, bytes) else wire(segments)
    return list(check_interchanges(Source(data=data), every_guide))


def findings(interchanges: Sequence[CheckedInterchange]) -> list[Diagnostic]:
    """Every diagnostic of whatever level."""
    found: list[Diagnostic] = []
    for one in interchanges:
        found += one.diagnostics
        for checked in one.groups:
            found += checked.diagnostics
            for checked_set in checked.sets:
                found += checked_set.diagnostics
    return found


def codes(segments: Sequence[str] | bytes, every_guide: bool = False) -> list[str]:
    """The codes of every diagnostic."""
    return [d.code for d in findings(check(segments, every_guide))]


def index(start: str, body: Sequence[str] = TWO_CLAIMS, nth: int = 0) -> int:
    """Where the nth segment that begins so is."""
    return [i for i, segment in enumerate(body) if segment.startswith(start)][nth]


def without(start: str, nth: int = 0, body: Sequence[str] = TWO_CLAIMS) -> list[str]:
    """The body without one segment."""
    at = index(start, body, nth)
    return [*body[:at], *body[at + 1 :]]


def instead(start: str, *new: str, nth: int = 0, body: Sequence[str] = TWO_CLAIMS) -> list[str]:
    """The body with other segments in the place of one."""
    at = index(start, body, nth)
    return [*body[:at], *new, *body[at + 1 :]]


def after(start: str, *new: str, nth: int = 0, body: Sequence[str] = TWO_CLAIMS) -> list[str]:
    """The body with segments put in behind one."""
    at = index(start, body, nth)
    return [*body[: at + 1], *new, *body[at + 1 :]]


def respell(segments: Sequence[str], delimiters: Delimiters) -> list[str]:
    """The same segments with other separators."""
    table = str.maketrans("*^:", delimiters.element + delimiters.repetition + delimiters.component)
    return [segment.translate(table) for segment in segments]
