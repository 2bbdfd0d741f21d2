"""Valid interchanges and what the whole check says of them, for the tests of types 1 to 6."""

from collections.abc import Iterable
from datetime import date

from x12_payer.edi.codes.lists import CodeLists, code_lists
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.snip.situational import check_set
from x12_payer.edi.wire.segments import Source

AS_OF = date(2026, 7, 15)
ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
    "*260715*0800*^*00501*000000001*0*T*:"
)

# Submitter, billing provider and a first subscriber; then a second subscriber.
HEAD = """
BHT*0019*00*R1*20260715*0800*CH
NM1*41*2*CLEARING*****46*SENDER
PER*IC*DESK*TE*6175550100
NM1*40*2*PAYER*****46*RECEIVER
HL*1**20*1
NM1*85*1*HILL*ANA****XX*1234567893
N3*1 ELM ST
N4*BOSTON*MA*021080001
REF*EI*123456789
HL*2*1*22*0
SBR*P*18*G1******CI
NM1*IL*1*STONE*KIM****MI*M1
N3*2 OAK ST
N4*QUINCY*MA*02169
DMG*D8*19800101*F
NM1*PR*2*PAYER*****PI*P1
"""
SECOND = """HL*3*1*22*0
SBR*P*18*G1******CI
NM1*IL*1*BROOK*SAM****MI*M2
N3*2 OAK ST
N4*QUINCY*MA*02169
DMG*D8*19700101*M
NM1*PR*2*PAYER*****PI*P1
"""
PROFESSIONAL = """
BHT*0019*00*R1*20260715*0800*CH
NM1*41*2*CLEARING*****46*SENDER
PER*IC*DESK*TE*6175550100
NM1*40*2*PAYER*****46*RECEIVER
HL*1**20*1
PRV*BI*PXC*207Q00000X
NM1*85*1*HILL*ANA****XX*1234567893
N3*1 ELM ST
N4*BOSTON*MA*021080001
REF*EI*123456789
HL*2*1*22*0
SBR*P*18*G1******CI
NM1*IL*1*STONE*KIM****MI*M1
N3*2 OAK ST
N4*QUINCY*MA*02169
DMG*D8*19800101*F
NM1*PR*2*PAYER*****PI*P1
CLM*C1*300***11:B:1*Y*A*Y*Y
HI*ABK:M25561*ABF:I10
NM1*82*1*REED*LEE****XX*1234567893
LX*1
SV1*HC:99213*200*UN*1***1:2
DTP*472*D8*20260601
REF*6R*C1-1
LX*2
SV1*HC:97110:GP*100*UN*2***1
DTP*472*RD8*20260601-20260602
REF*6R*C1-2
HL*3*1*22*1
SBR*P**G1******CI
NM1*IL*1*BROOK*SAM****MI*M2
NM1*PR*2*PAYER*****PI*P1
HL*4*3*23*0
PAT*19
NM1*QC*1*BROOK*PIA
N3*3 PINE ST
N4*SALEM*MA*01970
DMG*D8*20150505*F
CLM*C2*90***11:B:1*Y*A*Y*Y
HI*ABK:J069
LX*1
SV1*HC:99212*90*UN*1***1
DTP*472*D8*20260603
"""
INSTITUTIONAL = (
    """
BHT*0019*00*R1*20260715*0800*CH
NM1*41*2*CLEARING*****46*SENDER
PER*IC*DESK*TE*6175550100
NM1*40*2*PAYER*****46*RECEIVER
HL*1**20*1
NM1*85*2*GENERAL HOSPITAL*****XX*1234567893
N3*1 ELM ST
N4*BOSTON*MA*021080001
REF*EI*123456789
HL*2*1*22*0
SBR*P*18*G1******CI
NM1*IL*1*STONE*KIM****MI*M1
N3*2 OAK ST
N4*QUINCY*MA*02169
DMG*D8*19800101*F
NM1*PR*2*PAYER*****PI*P1
CLM*I1*5000***11:A:1**A*Y*Y
DTP*096*TM*1100
DTP*434*RD8*20260601-20260604
DTP*435*DT*202606010900
CL1*1*1*01
HI*ABK:M1711:::::::Y
HI*ABJ:M1711
HI*BBR:0SRD0J9:D8:20260601
NM1*71*1*REED*LEE****XX*1234567893
NM1*72*1*REED*LEE****XX*1234567893
LX*1
SV2*0120**3000*DA*3
LX*2
SV2*0360*HC:27447*2000*UN*1
DTP*472*D8*20260601
"""
    + SECOND
    + """CLM*I2*400***13:A:1**A*Y*Y
DTP*434*RD8*20260605-20260606
CL1*3*1*01
HI*ABK:I10
HI*APR:I10
NM1*71*1*REED*LEE****XX*1234567893
LX*1
SV2*0450*HC:99283*300*UN*1
DTP*472*D8*20260605
LX*2
SV2*0300*HC:85025*100*UN*1
DTP*472*D8*20260606
"""
)
DENTAL = (
    HEAD
    + """CLM*D1*350***11:B:1*Y*A*Y*Y
DTP*472*D8*20260601
LX*1
SV3*AD:D2392*150****1
TOO*JP*14*M:O
LX*2
SV3*AD:D4341*200**10**1
"""
)
ELIGIBILITY = """
BHT*0022*13*R1*20260715*0800
HL*1**20*1
NM1*PR*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*3*2*22*0
TRN*1*T1*9SENDER001
NM1*IL*1*STONE*KIM****MI*M1
DMG*D8*19800101
DTP*291*RD8*20260701-20260731
EQ*30
HL*4*2*22*1
NM1*IL*1******MI*M2
HL*5*4*23*0
TRN*1*T2*9SENDER001
NM1*03*1*BROOK*PIA
DMG*D8*20150505
INS*N*19
EQ**HC:99213
"""
_GUIDES = {
    "P": ("HC", "005010X222A1", "837"),
    "I": ("HC", "005010X223A2", "837"),
    "D": ("HC", "005010X224A2", "837"),
    "835": ("HP", "005010X221A1", "835"),
    "270": ("HS", "005010X279A1", "270"),
    "271": ("HB", "005010X279A1", "271"),
    "276": ("HR", "005010X212", "276"),
    "277": ("HN", "005010X212", "277"),
    "278": ("HI", "005010X217", "278"),
    "278 inquiry": ("HI", "005010X215", "278"),
    "277CA": ("HN", "005010X214", "277"),
    "999": ("FA", "005010X231A1", "999"),
}


def interchange(kind: str, *bodies: str, line: str = "\n") -> bytes:
    """The bodies, segments a line each, as sets of one group."""
    gs01, guide, set_id = _GUIDES[kind]
    segments = [ISA, f"GS*{gs01}*SENDER*RECEIVER*20260715*0800*1*X*{guide}"]
    for number, body in enumerate(bodies, 1):
        inside = body.strip().splitlines()
        named = "" if set_id == "835" else f"*{guide}"
        segments += [f"ST*{set_id}*{number:04}{named}", *inside, f"SE*{len(inside) + 2}*{number:04}"]
    segments += [f"GE*{len(bodies)}*1", "IEA*1*000000001"]
    return "".join(f"{segment}~{line}" for segment in segments).encode()


def findings(data: bytes, as_of: date = AS_OF, codes: CodeLists | None = None) -> list[Diagnostic]:
    """What types 1 to 6 say of a file, in that order."""
    source = Source(data=data)
    found: list[Diagnostic] = []
    for one in check_interchanges(source, every_guide=True):
        found += one.diagnostics
        for group in one.groups:
            found += group.diagnostics
            for s in group.sets:
                found += s.diagnostics
                found += check_set(source, s, one.delimiters, as_of, codes or code_lists())
    return found


def raised(found: Iterable[Diagnostic]) -> list[tuple[str, str, str]]:
    """Findings as (SNIP type, code, segment id)."""
    return [(d.row.snip, d.code, d.position.tag) for d in found]
