"""Deliberate faults in a valid 837P: each is found once, at its type and segment, with little besides."""

import pytest

from tests.worlds.text.valid_sets import PROFESSIONAL, findings, interchange, raised

MOST_BESIDES = 3
CLAIM_AGAIN = """HL*5*1*22*0
SBR*P*18*G1******CI
NM1*IL*1*STONE*KIM****MI*M1
N3*2 OAK ST
N4*QUINCY*MA*02169
DMG*D8*19800101*F
NM1*PR*2*PAYER*****PI*P1
CLM*C1*300***11:B:1*Y*A*Y*Y
HI*ABK:M25561*ABF:I10
LX*1
SV1*HC:99213*300*UN*1***1:2
DTP*472*D8*20260601
"""


def test_the_valid_file() -> None:
    assert findings(interchange("P", PROFESSIONAL)) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        # type 1: syntax and envelope
        ("HL*2*1*22*0", "HL*2*7*22*0", ("1", "hl-parent", "HL")),
        ("HL*3*1*22*1", "HL*9*1*22*1", ("1", "hl-number", "HL")),
        ("DTP*472*D8*20260603", "DTP*472*D8*20260631", ("1", "element-date", "DTP")),
        ("DMG*D8*20150505*F", "DMG*D8*2015055*F", ("1", "element-date", "DMG")),
        ("NM1*QC*1*BROOK*PIA", f"NM1*QC*1*{'B' * 61}*PIA", ("1", "element-long", "NM1")),
        ("CLM*C2*90*", "CLM*C2*9O*", ("1", "element-character", "CLM")),
        ("HI*ABK:J069", "HI*ABK:J069\nQQQ*1", ("1", "segment-unknown", "QQQ")),
        ("PAT*19\n", "PAT*19\nBPR*I*1\n", ("1", "segment-foreign", "BPR")),
        # type 2: the guide
        ("DTP*472*D8*20260603\n", "", ("2", "segment-missing", "DTP")),
        ("HI*ABK:J069\n", "", ("2", "segment-missing", "HI")),
        ("REF*6R*C1-1", "REF*6R*C1-1\nREF*6R*C1-9", ("2", "segment-repeat", "REF")),
        ("SV1*HC:99212*90*UN*1***1", "SV1*HC:99212**UN*1***1", ("2", "element-missing", "SV1")),
        ("SV1*HC:99212*90*UN*1***1", "SV1*HC:99212*90*XX*1***1", ("2", "element-code", "SV1")),
        ("CLM*C1*300***11:B:1*Y*", "CLM*C1*300***11:B:1*Q*", ("2", "element-code", "CLM")),
        # type 3: sums
        ("CLM*C1*300*", "CLM*C1*301*", ("3", "balance-837-charge", "CLM")),
        ("SV1*HC:99212*90*", "SV1*HC:99212*89.99*", ("3", "balance-837-charge", "CLM")),
        # type 4: situations
        ("HL*3*1*22*1", "HL*3*1*22*0", ("4", "hl-children", "HL")),
        ("HL*2*1*22*0", "HL*2*1*22*1", ("4", "hl-children", "HL")),
        ("SV1*HC:99212*90*UN*1***1", "SV1*HC:99212*90*UN*1***2", ("4", "pointer-without-diagnosis", "SV1")),
        ("CLM*C2*90***11:B:1", "CLM*C2*90***11:B:7", ("4", "claim-original-missing", "CLM")),
        ("CLM*C2*90***11:B:1", "CLM*C2*90***11:B:8", ("4", "claim-original-missing", "CLM")),
        ("SBR*P*18*G1", "SBR*P**G1", ("4", "patient-loop-missing", "SBR")),
        ("SBR*P**G1", "SBR*P*18*G1", ("4", "patient-loop-surplus", "SBR")),
        ("DMG*D8*19800101*F\n", "", ("4", "patient-birth-missing", "NM1")),
        ("DTP*472*D8*20260603\n", "DTP*472*D8*20260603\n" + CLAIM_AGAIN, ("4", "claim-duplicate", "CLM")),
        ("LX*2\n", "LX*1\n", ("4", "line-number-sequence", "LX")),
        ("REF*6R*C1-2", "REF*6R*C1-1", ("4", "line-control-repeat", "REF")),
        ("20260601-20260602", "20260602-20260601", ("4", "period-reversed", "DTP")),
        ("DMG*D8*20150505*F", "DMG*D8*20260604*F", ("4", "birth-after-service", "DMG")),
        ("DTP*472*D8*20260603", "DTP*472*D8*20260716", ("4", "service-in-future", "DTP")),
        ("SBR*P*18*G1", "SBR*S*18*G1", ("4", "other-payer-missing", "SBR")),
        (
            "CLM*C2*90***11:B:1*Y*A*Y*Y",
            "CLM*C2*90***11:B:1*Y*A*Y*Y**AA:::MA",
            ("4", "accident-date-missing", "CLM"),
        ),
        ("CLM*C2*90*", "CLM*C2*-90*", ("4", "charge-negative", "CLM")),
        # type 5: outside codes
        (
            "NM1*82*1*REED*LEE****XX*1234567893",
            "NM1*82*1*REED*LEE****XX*1234567890",
            ("5", "code-npi", "NM1"),
        ),
        ("REF*EI*123456789", "REF*EI*12345678", ("5", "code-tax-id", "REF")),
        ("HI*ABK:J069", "HI*ABK:1069", ("5", "code-diagnosis", "HI")),
        ("HI*ABK:J069", "HI*ABK:J06.9", ("5", "code-diagnosis", "HI")),
        ("SV1*HC:99212*", "SV1*HC:9921*", ("5", "code-procedure", "SV1")),
        ("97110:GP", "97110:GPX", ("1", "element-long", "SV1")),
        ("97110:GP", "97110:G-", ("5", "code-modifier", "SV1")),
        ("CLM*C2*90***11:B:1", "CLM*C2*90***30:B:1", ("5", "code-place", "CLM")),
        ("CLM*C2*90***11:B:1", "CLM*C2*90***11:B:Z", ("5", "code-frequency", "CLM")),
        ("N4*SALEM*MA*01970", "N4*SALEM*XX*01970", ("5", "code-state", "N4")),
        ("N4*SALEM*MA*01970", "N4*SALEM*MA*0197", ("5", "code-zip", "N4")),
        ("207Q00000X", "207Q0000XX0", ("5", "code-taxonomy", "PRV")),
        ("207Q00000X", "207Q00000Z", ("5", "code-taxonomy", "PRV")),
        # type 6: lines of service
        ("SV1*HC:97110:GP*100*UN*2", "SV1*HC:97110:GP*100*UN*0", ("6", "line-units", "SV1")),
        ("SV1*HC:99212*90*UN*1", "SV1*HC:00300*90*UN*1", ("6", "line-anesthesia-minutes", "SV1")),
        ("SV1*HC:99212*90*UN*1", "SV1*HC:99212*90*MJ*15", ("6", "line-minutes-unexpected", "SV1")),
    ],
)
def test_one_fault_one_finding(before: str, after: str, fault: tuple[str, str, str]) -> None:
    assert before in PROFESSIONAL
    found = raised(findings(interchange("P", PROFESSIONAL.replace(before, after, 1))))
    assert found == [fault]


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ("HL*1**20*1", "PRV*BI*PXC*207Q00000X", ("1", "segment-sequence", "HL")),
        ("NM1*85*1*HILL*ANA****XX*1234567893", "N3*1 ELM ST", ("1", "segment-sequence", "NM1")),
        ("N3*1 ELM ST", "N4*BOSTON*MA*021080001", ("1", "segment-sequence", "N3")),
        ("HL*2*1*22*0", "SBR*P*18*G1******CI", ("1", "segment-sequence", "HL")),
        ("NM1*IL*1*STONE*KIM****MI*M1", "N3*2 OAK ST", ("1", "segment-sequence", "NM1")),
        ("NM1*QC*1*BROOK*PIA", "N3*3 PINE ST", ("1", "segment-sequence", "NM1")),
        ("CLM*C2*90***11:B:1*Y*A*Y*Y", "HI*ABK:J069", ("1", "segment-sequence", "CLM")),
        ("HI*ABK:M25561*ABF:I10", "NM1*82*1*REED*LEE****XX*1234567893", ("1", "segment-sequence", "HI")),
        ("NM1*82*1*REED*LEE****XX*1234567893", "LX*1", ("1", "segment-sequence", "NM1")),
        ("LX*1", "SV1*HC:99213*200*UN*1***1:2", ("1", "segment-sequence", "LX")),
        ("SV1*HC:99212*90*UN*1***1", "DTP*472*D8*20260603", ("1", "segment-sequence", "SV1")),
    ],
)
def test_two_segments_that_changed_places(first: str, second: str, fault: tuple[str, str, str]) -> None:
    assert f"{first}\n{second}\n" in PROFESSIONAL
    body = PROFESSIONAL.replace(f"{first}\n{second}\n", f"{second}\n{first}\n", 1)
    assert raised(findings(interchange("P", body))) == [fault]


@pytest.mark.parametrize(
    ("left_out", "fault"),
    [
        ("HL*2*1*22*0", ("2", "segment-missing", "HL")),
        ("HL*4*3*23*0", ("2", "segment-missing", "HL")),
        ("CLM*C1*300***11:B:1*Y*A*Y*Y", ("2", "segment-missing", "CLM")),
        ("LX*2", ("2", "segment-missing", "LX")),
        ("NM1*PR*2*PAYER*****PI*P1", ("2", "segment-missing", "NM1")),
    ],
)
def test_a_loop_whose_first_segment_is_left_out(left_out: str, fault: tuple[str, str, str]) -> None:
    assert f"{left_out}\n" in PROFESSIONAL
    found = raised(findings(interchange("P", PROFESSIONAL.replace(f"{left_out}\n", "", 1))))
    assert found.count(fault) == 1
    assert len(found) <= 1 + MOST_BESIDES, found


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("SE*45*0001", "SE*46*0001", ("1", "se-count", "SE")),
        ("SE*45*0001", "SE*45*0002", ("1", "se-control", "SE")),
        ("GE*2*1", "GE*3*1", ("1", "ge-count", "GE")),
        ("IEA*1*000000001", "IEA*1*000000002", ("1", "isa-control", "IEA")),
        ("ST*837*0002*", "ST*837*0001*", ("1", "set-duplicate", "ST")),
        ("GS*HC*", "GS*HX*", ("1", "group-unsupported", "GS")),
    ],
)
def test_one_fault_in_the_envelope(before: str, after: str, fault: tuple[str, str, str]) -> None:
    text = interchange("P", PROFESSIONAL, PROFESSIONAL).decode()
    assert before in text
    found = raised(findings(text.replace(before, after, 1).encode()))
    assert found.count(fault) == 1
    assert len(found) <= 1 + MOST_BESIDES, found
