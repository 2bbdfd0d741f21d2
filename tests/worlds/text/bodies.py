"""Bodies of 837 sets, and the loops of a valid 270, 276, 278 or 837 named without the guide engine."""

from collections.abc import Iterator

from x12_payer.edi.parsers.common import LoopSegment

_LEVELS = {  # HL03 and the loop it opens
    "270": {"20": "2000A", "21": "2000B", "22": "2000C", "23": "2000D"},
    "276": {"20": "2000A", "21": "2000B", "19": "2000C", "22": "2000D", "23": "2000E"},
    "278": {"20": "2000A", "21": "2000B", "22": "2000C", "23": "2000D", "EV": "2000E", "SS": "2000F"},
    "837": {"20": "2000A", "22": "2000B", "23": "2000C"},
}
_NAMES = {"270": "2100", "276": "2100", "278": "2010"}
_OPENERS = {"270": {"EQ": "2110"}, "276": {"TRN": "2200", "SVC": "2210"}, "278": {}}
_CLAIM_OPENERS = {"CLM": "2300", "LX": "2400", "LIN": "2410", "SVD": "2430"}
_CLAIM_NAMES = {  # of a loop, NM101 and the loop it opens
    "": {"41": "1000A", "40": "1000B"},
    "2000A": {"85": "2010AA", "87": "2010AB", "PE": "2010AC"},
    "2000B": {"IL": "2010BA", "PR": "2010BB"},
    "2000C": {"QC": "2010CA"},
    "2300": {"DN": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "71": "2310A", "72": "2310B"},
    "2320": {"IL": "2330A", "PR": "2330B", "82": "2330D"},
    "2400": {"82": "2420A", "DK": "2420E", "DN": "2420F"},
}


def loop_segments(kind: str, body: str, element: str = "*") -> Iterator[LoopSegment]:
    """ST to SE as a parser gets them; `body` has one segment a line, from BHT on."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    whole = (f"ST{element}{kind}{element}0001", *lines, f"SE{element}0{element}0001")
    segments = [line.split(element) for line in whole]
    loops = _claim_loops(segments) if kind == "837" else _inquiry_loops(kind, segments)
    return ((loop, segment, n) for n, (loop, segment) in enumerate(zip(loops, segments, strict=True), 1))


def _inquiry_loops(kind: str, segments: list[list[str]]) -> Iterator[str]:
    level = loop = "HEADER"
    for segment in segments:
        tag = segment[0]
        if tag == "HL":
            level = loop = _LEVELS[kind][segment[3]]
        elif tag == "NM1":
            loop = _NAMES[kind] + level[4:]
            if kind == "278" and level == "2000E":
                loop = "2010EC" if segment[1] in ("00", "CA", "GG") else "2010EA"
        elif tag in _OPENERS[kind]:
            loop = _OPENERS[kind][tag] + level[4:]
        yield loop


def _claim_loops(segments: list[list[str]]) -> Iterator[str]:
    level = loop = ""
    for segment in segments:
        tag = segment[0]
        if tag == "HL":
            level = loop = _LEVELS["837"][segment[3]]
        elif tag == "SBR" and level != "2000B":
            level = loop = "2320"
        elif tag in _CLAIM_OPENERS:
            loop = _CLAIM_OPENERS[tag]
            level = {"2410": "2400", "2430": "2400"}.get(loop, loop)
        elif tag == "NM1":
            loop = _CLAIM_NAMES[level][segment[1]]
        yield loop


HEAD = """
BHT*0019*00*B1*20260715*0830*CH
NM1*41*2*CLEARCO CLEARINGHOUSE*****46*CLEARCO01
PER*IC*DESK*TE*6175550100
NM1*40*2*ATLANTIC HEALTH PLAN*****46*ATL01
"""

PROFESSIONAL = (
    HEAD
    + """
HL*1**20*1
PRV*BI*PXC*225100000X
NM1*85*2*HARBOR THERAPY*****XX*1933333332
N3*102 WHARF ST*FLOOR 2
N4*BOSTON*MA*021100001
REF*EI*043210003
PER*IC*OFFICE*TE*6175550111
NM1*87*2
N3*PO BOX 1
N4*BOSTON*MA*021100002
HL*2*1*22*0
SBR*P*18*GRP100******HM
NM1*IL*1*RIVERA*JANE*Q**JR*MI*A100000001
N3*10 ELM ST
N4*BOSTON*MA*021080001
DMG*D8*19800315*F
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
CLM*PT-1*300***11:B:7*Y*A*Y*Y***********3
DTP*435*D8*20260701
DTP*096*TM*1100
PWK*OZ*EL***AC*ATT-1
AMT*F5*20
REF*G1*AU-1
REF*F8*ICN-0
HI*ABK:M5450*ABF:M1711
NM1*DN*1*PATEL*ANIL****XX*1922222223
NM1*82*1*VEGA*ROSA****XX*1944444441
PRV*PE*PXC*225100000X
LX*1
SV1*HC:97110:GP:59*150*UN*3*12**1:2**Y
DTP*472*RD8*20260708-20260710
REF*6R*L-1
REF*G1*AU-2
REF*G1*AU-THEIRS**2U:OTHER1
REF*9F*RF-OURS**2U:ATL01
LIN**N4*00002143301
CTP****2*ML
NM1*82*1*ITO*KEN****XX*1955555556
REF*0B*LIC1
NM1*DK*1*LIN*MEI****XX*1911111114
LX*2
SV1*HC:99213*150.00*MJ*15***1
PWK*CT*AB
DTP*472*D8*20260709
CLM*PT-2*50***11:B:1*Y*A*Y*Y
HI*ABK:M5450
LX*1
SV1*HC:97140*50*UN*1***1
DTP*472*D8*20260712
HL*3*1*22*1
SBR*S**GRP200*PLAN NAME*****12
NM1*IL*1*HADDAD*OMAR****MI*A100000003
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
HL*4*3*23*0
PAT*19****D8*20260720
NM1*QC*1*HADDAD*SAMI
N3*12 ELM ST
N4*BOSTON*MA*021080001
DMG*D8*20150101*M
CLM*DP-1*200***22:B:1*Y*A*Y*Y
HI*ABK:J069
SBR*P*18*******12
CAS*CO*45*10
CAS*PR*1*5*1*2*7**3*9*2
AMT*D*80
AMT*EAF*40
OI***Y***Y
NM1*IL*1*WHITE*NORA****MI*PM55501
NM1*PR*2*PRIMARY MUTUAL*****PI*PRIM1
DTP*573*D8*20260711
REF*F8*THEIR-ICN
SBR*T*18*******CI
OI***Y***Y
NM1*IL*1*WHITE*NORA****MI*TM1
NM1*PR*2*THIRD MUTUAL*****PI*THIRD1
LX*1
SV1*HC:99213*200*UN*1***1
DTP*472*D8*20260708
SVD*PRIM1*80*HC:99213**1
CAS*CO*45*80
CAS*PR*2*40
DTP*573*D8*20260712
SVD*THIRD1*0*HC:99213**1
CAS*OA*23*200
HL*5**20*1
NM1*85*1*LIN*MEI****XX*1911111114
N3*100 WHARF ST
N4*BOSTON*MA*021100001
REF*EI*043210001
HL*6*5*22*0
SBR*P*18
NM1*IL*1*FELD*RUTH****MI*A100000004
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
CLM*OV-1*140***11:B:1*Y*A*Y*Y
HI*ABK:I10
LX*1
SV1*HC:99213*140*UN*1***1
DTP*472*D8*20260709
"""
)

INSTITUTIONAL = (
    HEAD
    + """
HL*1**20*1
NM1*85*2*BAY HOSPITAL*****XX*1988888883
HL*2*1*22*0
SBR*P*18*GRP100******HM
NM1*IL*1*RIVERA*JANE****MI*A100000001
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
CLM*HS-1*21000.50***11:A:1**A*Y*Y
DTP*096*TM*1100
DTP*434*RD8*20260715-20260722
DTP*435*DT*202607150800
CL1*3*1*01
REF*G1*AU-I21
HI*ABK:M1711:::::::Y
HI*ABJ:M1711
HI*APR:R51*APR:R52
HI*ABF:E119:::::::N*ABF:I10
HI*DR:470
HI*BBR:0SRC0J9:D8:20260716
HI*BBQ:0SRD0J9:D8:20260717
HI*BI:74:RD8:20260718-20260719
HI*BH:A1:D8:20260715*BH:11:D8:20260710
HI*BE:80:::7*BE:02:::12.5
HI*BG:02*BG:C5
NM1*71*1*PATEL*ANIL****XX*1922222223
LX*1
SV2*0120**21000*DA*7
LX*2
SV2*0450*HC:99284:25*.5*UN*1
DTP*472*D8*20260715
"""
)

DENTAL = (
    HEAD
    + """
HL*1**20*1
NM1*85*2*BAY DENTAL*****XX*1300000019
HL*2*1*22*0
SBR*P*18*GRP700******CI
NM1*IL*1*KIM*ANA****MI*A100000007
NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01
CLM*D-77*4250***11:B:1*Y*A*Y*Y**********PB
DTP*472*D8*20260713
DN1*24
PWK*DA*EL***AC*ATT-88
LX*1
SV3*AD:D8080*4000****1
LX*2
SV3*AD:D2392*250*22*10:20*I*2*****1:3
TOO*JP*3*M:O:D
TOO*JP*14*O
"""
)
