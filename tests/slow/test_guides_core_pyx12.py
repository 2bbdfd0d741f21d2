"""What pyx12 itself says under our guides: valid sets pass, broken ones do not.

pyx12 runs through a folder built on the fly: its code lists and dictionary (corrected by
maps/codes/data_elements.csv), our guides, and an index made from maps/guides/guides.csv.
"""

from pathlib import Path

import pytest

from tests.worlds.engines.pyx12_guides import pyx12_says, write_maps


@pytest.fixture(scope="module")
def map_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A map_path for pyx12 that serves our guides."""
    return write_maps(tmp_path_factory.mktemp("maps"), SETS)


def verdict(path: Path, folder: Path) -> list[str]:
    """pyx12's error texts for one file; empty when it accepts."""
    good, said = pyx12_says(path.read_text(encoding="latin-1"), folder)
    assert good == (not said)
    return [one.text for one in said]


HEAD = "NM1*41*2*SENDING DESK*****46*DESK01|PER*IC*DESK*TE*5550100100|NM1*40*2*PLAN*****46*PLAN01"
BILL = "HL*1**20*1|NM1*85*2*RIVER CLINIC*****XX*1234567893|N3*1 RIVER WAY|N4*BOSTON*MA*02111|REF*EI*123456789"
SUBSCRIBER = "HL*2*1*22*0|SBR*P*18*******CI|NM1*IL*1*DOE*PAT****MI*M1|NM1*PR*2*PLAN*****PI*PLAN01"
PARTY = "HL*1**20*1|NM1*PR*2*PLAN*****PI*PLAN01|HL*2*1*21*1"
WHO = "NM1*1P*2*RIVER CLINIC*****XX*1234567893"

SETS = {  # file -> GS01, ST01, GS08, the body of a small valid set
    "270.X279A1.xml": (
        "HS*270*005010X279A1",
        f"BHT*0022*13*A1*20260706*1015|{PARTY}|{WHO}|HL*3*2*22*1|NM1*IL*1*DOE*PAT****MI*M1|HL*4*3*23*0"
        "|TRN*1*T1*9DESK00001|NM1*03*1*DOE*KIM|DMG*D8*20150101*F|DTP*291*D8*20260706|EQ*30|EQ**HC:70551",
    ),
    "271.X279A1.xml": (
        "HB*271*005010X279A1",
        f"BHT*0022*11*A1*20260706*1015|{PARTY}|{WHO}|HL*3*2*22*0|TRN*2*T1*9DESK00001|NM1*IL*1*DOE*PAT****MI*M1"
        "|EB*1*IND*30*HM|EB*C*IND*30***23*500|MSG*TEXT|LS*2120|NM1*P3*1*ROE*SAM****XX*1234567893|PER*IC**TE*5550100100"
        "|NM1*VN*2*RADIOLOGY MANAGER|LE*2120|EB*B*IND*PT***27*20",
    ),
    "276.X212.xml": (
        "HR*276*005010X212",
        f"BHT*0010*13*A1*20260706*1015|{PARTY}|NM1*41*2*DESK*****46*DESK01|HL*3*2*19*1|{WHO}|HL*4*3*22*0"
        "|DMG*D8*19800101*F|NM1*IL*1*DOE*PAT****MI*M1|TRN*1*T1|REF*EJ*P1|REF*1K*C1|AMT*T3*100|DTP*472*D8*20260701"
        "|SVC*HC:70551*100*****1|REF*FJ*1|DTP*472*D8*20260701",
    ),
    "277.X212.xml": (
        "HN*277*005010X212",
        f"BHT*0010*08*A1*20260706*1015*DG|{PARTY}|NM1*41*2*DESK*****46*DESK01|HL*3*2*19*1|{WHO}|HL*4*3*22*0"
        "|NM1*IL*1*DOE*PAT****MI*M1|TRN*2*T1|STC*F2:84*20260706**100*0******F2:252|REF*1K*C1|DTP*472*D8*20260701"
        "|SVC*HC:70551*100*0****1|STC*F2:252*20260706|REF*FJ*1|DTP*472*D8*20260701",
    ),
    "277CA.X214.xml": (
        "HN*277*005010X214",
        "BHT*0085*08*A1*20260706*1015*TH|HL*1**20*1|NM1*PR*2*PLAN*****PI*PLAN01|TRN*1*R1|DTP*050*D8*20260706"
        "|DTP*009*D8*20260706|HL*2*1*21*1|NM1*41*2*DESK*****46*DESK01|TRN*2*B1|STC*A1:19:PR*20260706*WQ*100"
        "|QTY*90*1|AMT*YU*100|HL*3*2*19*1|NM1*85*2*RIVER CLINIC*****XX*1234567893|HL*4*3*PT"
        "|NM1*QC*1*DOE*PAT****MI*M1|TRN*2*P1|STC*A2:20:PR*20260706*WQ*100|REF*1K*C1|DTP*472*D8*20260701"
        "|HL*5*3*PT|NM1*QC*1*ROE*SAM****MI*M2|TRN*2*P2|STC*A3:33:IL*20260706*U*50|DTP*472*D8*20260701",
    ),
    "835.X221A1.xml": (
        "HP*835*005010X221A1",
        "BPR*I*80*C*CHK************20260706|TRN*1*T1*1123456789|DTM*405*20260706|N1*PR*PLAN|N3*1 PLAN WAY"
        "|N4*BOSTON*MA*02111|PER*BL*HELP*TE*5550100100|N1*PE*RIVER CLINIC*XX*1234567893|LX*1"
        "|CLP*P1*1*100*90**HM*C1|NM1*QC*1*DOE*PAT****MI*M1|REF*F8*C1|SVC*HC:70551*100*90**1|DTM*472*20260701|CAS*CO*45*10|REF*G1*A1"
        "|LQ*HE*N362|CLP*P2*22*-10*0**HM*C2|NM1*QC*1*DOE*PAT"
        "|PLB*1234567893*20261231*FB:X*4|PLB*1234567893*20261231*L6*6",
    ),
    "837P.X222A1.xml": (
        "HC*837*005010X222A1",
        f"BHT*0019*00*A1*20260706*1015*CH|{HEAD}|{BILL}|{SUBSCRIBER}|CLM*P1*100***11:B:1*Y*A*Y*Y"
        "|REF*G1*A1|HI*ABK:G4489|NM1*82*1*ROE*SAM****XX*1234567893|SBR*S*18*******CI|AMT*D*20|OI***Y***Y|NM1*IL*1*DOE*PAT****MI*M9"
        "|NM1*PR*2*OTHER PLAN*****PI*O1|LX*1|SV1*HC:70551*100*UN*1***1|DTP*472*D8*20260701"
        "|LX*2|SV1*HC:70552*0*UN*1***1|PWK*OZ*FX***AC*N1|DTP*472*RD8*20260701-20260702|REF*6R*2",
    ),
    "837I.X223A2.xml": (
        "HC*837*005010X223A2",
        f"BHT*0019*00*A1*20260706*1015*CH|{HEAD}|{BILL}|HL*2*1*22*1|SBR*P********CI|NM1*IL*1*DOE*PAT****MI*M1"
        "|NM1*PR*2*PLAN*****PI*PLAN01|HL*3*2*23*0|PAT*19|NM1*QC*1*DOE*KIM|N3*1 A WAY|N4*BOSTON*MA*02111"
        "|DMG*D8*20150101*F|CLM*P1*100***11:A:1**A*Y*Y|DTP*434*RD8*20260701-20260703|DTP*435*DT*202607010800|CL1*1*1*01|REF*G1*A1"
        "|HI*ABK:J189|HI*ABJ:J189|NM1*71*1*ROE*SAM****XX*1234567893|LX*1|SV2*0120**100*DA*2",
    ),
    "999.X231A1.xml": (
        "FA*999*005010X231A1",
        "AK1*HC*1*005010X222A1|AK2*837*0001*005010X222A1|IK3*CLM*22*2300*8|CTX*CLM01:P1|IK4*5:2:1*1332*7*X"
        "|CTX*SITUATIONAL TRIGGER*CLM*22*2300*5:3*C023:1325|IK5*R*5|AK2*837*0002|IK5*A|AK9*P*2*2*1",
    ),
}


def wire(head: str, body: str) -> str:
    gs01, st01, gs08 = head.split("*")
    st = f"ST*{st01}*0001" + ("" if st01 == "835" else f"*{gs08}")
    inside = [st, *body.split("|")]
    lines = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'DESK01':15}*ZZ*{'PLAN01':15}*260706*1015*^*00501*000000001*0*T*:",
        f"GS*{gs01}*DESK01*PLAN01*20260706*1015*1*X*{gs08}",
        *inside,
        f"SE*{len(inside) + 1}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(line + "~\n" for line in lines)


@pytest.mark.parametrize("name", SETS)
def test_pyx12_accepts_a_small_valid_set(name: str, map_folder: Path, tmp_path: Path) -> None:
    sent = tmp_path / "sound.x12"
    sent.write_text(wire(*SETS[name]), encoding="ascii")
    assert verdict(sent, map_folder) == []


BROKEN = [  # file, text replaced, by what, a word of the finding
    ("270.X279A1.xml", "|EQ*30", "|EQ*??", "EQ01"),
    ("270.X279A1.xml", "BHT*0022*13", "BHT*0022*11", "BHT02"),
    ("271.X279A1.xml", "HL*3*2*22*0|", "", "TRN"),
    ("271.X279A1.xml", "|LS*2120", "|LS*2110", "LS01"),
    ("276.X212.xml", "|DTP*472*D8*20260701|SVC", "|DTP*472*RD8*2026|SVC", "DTP03"),
    ("276.X212.xml", f"|HL*3*2*19*1|{WHO}", "", "2000C"),
    ("277.X212.xml", "|STC*F2:252*20260706", "", "STC"),
    ("277CA.X214.xml", "*WQ*100|REF", "*XX*100|REF", "STC03"),
    ("277CA.X214.xml", "|TRN*2*P1", "", "2200D"),
    ("835.X221A1.xml", "|PER*BL*HELP*TE*5550100100", "", "PER"),
    ("835.X221A1.xml", "|PLB*1234567893*20261231*L6*6", "|PLB*1234567893*20261231*L6", "PLB04"),
    ("837P.X222A1.xml", "|HI*ABK:G4489", "", "HI"),
    ("837P.X222A1.xml", "PWK*OZ*FX", "PWK*77*FX", "PWK"),
    ("837P.X222A1.xml", "11:B:1*Y", "11:C:1*Y", "CLM05-02"),
    ("837I.X223A2.xml", "|DTP*434*RD8*20260701-20260703", "", "DTP"),
    ("837I.X223A2.xml", "|CL1*1*1*01", "", "CL1"),
    ("999.X231A1.xml", "|IK3*CLM*22*2300*8", "|IK3*CLM*22*2300*9", "IK304"),
    ("999.X231A1.xml", "|IK5*A", "", "IK5"),
]


@pytest.mark.parametrize(("name", "old", "new", "word"), BROKEN)
def test_pyx12_rejects_a_broken_set(
    name: str, old: str, new: str, word: str, map_folder: Path, tmp_path: Path
) -> None:
    head, body = SETS[name]
    assert old in body
    sent = tmp_path / "broken.x12"
    sent.write_text(wire(head, body.replace(old, new, 1)), encoding="ascii")
    errors = verdict(sent, map_folder)
    assert any(word in e for e in errors), errors
