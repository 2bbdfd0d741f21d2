"""Types 3 to 6 on 835, 999, 277CA, 270, 271, 276, 278: one change in a valid set, and what is said of it."""

import pytest

from tests.worlds.text.valid_sets import ELIGIBILITY, findings, interchange, raised

Said = list[tuple[str, str, str]]

REPEATED = [("4", "adjustment-reason-repeat", "CAS"), ("4", "adjustment-group-repeat", "CAS")]
REMITTANCE = """
BPR*I*190*C*ACH*CCP*01*011000015*DA*123*1512345678**01*011000028*DA*456*20260715
TRN*1*T1*1512345678
DTM*405*20260715
N1*PR*PAYER
N3*1 A ST
N4*BOSTON*MA*02108
PER*BL*DESK*TE*6175550100
N1*PE*ANA HILL*XX*1234567893
REF*TJ*123456789
LX*1
TS3*1234567893*11*20261231*2*300
CLP*C1*1*200*150*20*HM*K1*11*1
CAS*CO*24*10
NM1*QC*1*STONE*KIM****MI*M1
SVC*HC:99213*200*160**1
DTM*472*20260601
CAS*CO*45*20
CAS*PR*3*20
AMT*B6*180
CLP*C2*1*100*70**HM*K2*11*1
NM1*QC*1*BROOK*PIA****MI*M2
DTM*232*20260603
DTM*233*20260603
SVC*HC:99212*100*70**1
CAS*CO*45*30
LQ*HE*N130
CLP*C3*22*-50*-40**HM*K3*11*1
NM1*QC*1*BROOK*SAM****MI*M3
SVC*HC:99212*-50*-40**1
DTM*472*20260101
CAS*CO*45*-10
PLB*1234567893*20261231*L6:K1*-10
"""


def changed(kind: str, body: str, before: str, after: str) -> Said:
    assert before in body
    return raised(findings(interchange(kind, body.replace(before, after, 1))))


# The TS3 counts two claims of 300: the reversal is behind another LX.
REMITTANCE = REMITTANCE.replace("CLP*C3*22", "LX*2\nCLP*C3*22")


def test_a_valid_835() -> None:
    assert raised(findings(interchange("835", REMITTANCE))) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("SVC*HC:99212*100*70", "SVC*HC:99212*100*71", [("3", "balance-835-line", "SVC")]),
        ("CAS*CO*45*30", "CAS*CO*45*29", [("3", "balance-835-line", "SVC")]),
        ("CAS*CO*24*10", "CAS*CO*24*11", [("3", "balance-835-claim", "CLP")]),
        ("CLP*C2*1*100*70*", "CLP*C2*1*100*71*", [("3", "balance-835-claim", "CLP")]),
        ("CLP*C1*1*200*150*20", "CLP*C1*1*200*150*10", [("3", "balance-835-patient", "CLP")]),
        ("BPR*I*190", "BPR*I*191", [("3", "balance-835-payment", "BPR")]),
        ("L6:K1*-10", "L6:K1*-11", [("3", "balance-835-payment", "BPR")]),
        ("20261231*2*300", "20261231*3*300", [("3", "balance-835-provider-count", "TS3")]),
        ("20261231*2*300", "20261231*2*301", [("3", "balance-835-provider-charge", "TS3")]),
        ("CLP*C2*1*100*", "CLP*C2*1*101*", [("3", "balance-835-claim", "CLP")]),  # and not the TS3 besides
        ("*456*20260715", "*456*20261315", [("1", "element-date", "BPR")]),  # no day for the code lists
        (
            "BPR*I*190*C*ACH*CCP*01*011000015",
            "BPR*I*190*C*ACH*CCP*01*011000016",
            [("5", "code-routing", "BPR")],
        ),
        ("BPR*I*190*C*ACH*", "BPR*I*190*C*NON*", [("4", "payment-method", "BPR")]),
        (
            "ACH*CCP*01*011000015*DA*123*1512345678**01*011000028*DA*456*",
            "ACH*CCP*01*011000015*DA*123*1512345678******",
            [("4", "payment-account-missing", "BPR")],
        ),
        ("DTM*472*20260601\n", "", [("4", "remit-date-missing", "SVC")]),
        ("DTM*232*20260603\nDTM*233*20260603\n", "", [("4", "remit-date-missing", "SVC")]),
        ("CAS*CO*45*20\n", "CAS*CO*45*10\nCAS*CO*97*10\n", [("4", "adjustment-group-repeat", "CAS")]),
        ("CLP*C3*22*-50*-40*", "CLP*C3*22*-50*-40*10", [("4", "reversal-patient-amount", "CLP")]),
        ("CAS*CO*45*20\n", "CAS*CO*45*10**45*10\n", [("4", "adjustment-reason-repeat", "CAS")]),
        ("CAS*CO*24*10", "CAS*CO*24*4**131*2**24*4", [("4", "adjustment-reason-repeat", "CAS")]),
        ("CAS*PR*3*20", "CAS*PR*3*10\nCAS*PR*3*10", REPEATED),
        ("CAS*PR*3*20", "CAS*PR*45*20", []),
        ("CAS*CO*24*10", "CAS*CO*45*10", []),
        ("CAS*CO*24*10", "CAS*CO*999*10", [("5", "code-adjustment-reason", "CAS")]),
        ("CAS*CO*24*10", "CAS*CO*17*10", [("5", "code-adjustment-reason", "CAS")]),
        ("LQ*HE*N130", "LQ*HE*N1300", [("5", "code-remark", "LQ")]),
        ("N1*PE*ANA HILL*XX*1234567893", "N1*PE*ANA HILL*XX*1234567892", [("5", "code-npi", "N1")]),
    ],
)
def test_835(before: str, after: str, expected: Said) -> None:
    assert changed("835", REMITTANCE, before, after) == expected


def test_a_payment_of_nothing() -> None:
    rest = REMITTANCE.split("TRN*1", 1)[1]
    denial = (
        "BPR*H*0*C*NON************20260715\nTRN*1"
        + rest.split("LX*1")[0]
        + """LX*1
CLP*C1*1*200*0**HM*K1*11*1
NM1*QC*1*STONE*KIM****MI*M1
SVC*HC:99213*200*0**0
DTM*472*20260601
CAS*CO*197*200
"""
    )
    assert raised(findings(interchange("835", denial))) == []
    assert changed("835", denial, "C*NON", "C*CHK") == [("4", "payment-method", "BPR")]
    assert changed("835", denial, "CAS*CO*197", "CAS*CO*45") == [("4", "adjustment-whole-charge", "CAS")]
    assert changed("835", denial, "CLP*C1*1*200", "CLP*C1*22*200") == [("4", "reversal-positive", "CLP")]


def test_two_remittances_in_a_group_are_two() -> None:
    wrong = REMITTANCE.replace("BPR*I*190", "BPR*I*191")
    found = findings(interchange("835", REMITTANCE, wrong, REMITTANCE))
    assert [(d.code, d.position.set_segment) for d in found] == [("balance-835-payment", 2)]


ACKNOWLEDGMENT = """
AK1*HC*1*005010X222A1
AK2*837*0001*005010X222A1
IK3*CLM*22**8
CTX*CLM01:C1
IK4*2*782*1
IK5*R*5
AK2*837*0002*005010X222A1
IK5*A
AK9*P*2*2*1
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("AK9*P", "AK9*P", []),
        ("AK9*P*2*2*1", "AK9*P*2*3*1", [("3", "balance-999-received", "AK9")]),
        ("AK9*P*2*2*1", "AK9*P*2*2*2", [("3", "balance-999-accepted", "AK9")]),
        ("AK9*P*2*2*1", "AK9*A*2*2*1", [("4", "acknowledgment-verdict", "AK9")]),
        ("AK9*P*2*2*1", "AK9*R*2*2*0*4", []),
        ("IK5*A\nAK9*P*2*2*1", "IK5*E\nAK9*P*2*2*1", []),
        ("IK5*R*5\n", "IK5*A\n", [("3", "balance-999-accepted", "AK9")]),
        ("IK5*R*5\n", "IK5*Q*5\n", [("2", "element-code", "IK5")]),  # nobody knows how many are there
        ("IK5*R*5\n", "", [("2", "segment-missing", "IK5")]),
        ("IK4*2*782*1\n", "", [("4", "acknowledgment-detail-missing", "IK3")]),
        ("IK3*CLM*22**8\nCTX*CLM01:C1\nIK4*2*782*1\n", "IK3*CLM*22**3\n", []),
    ],
)
def test_999(before: str, after: str, expected: Said) -> None:
    assert changed("999", ACKNOWLEDGMENT, before, after) == expected


CLAIM_ACKNOWLEDGMENT = """
BHT*0085*08*A1*20260715*0800*TH
HL*1**20*1
NM1*PR*2*PAYER*****PI*P1
TRN*1*R1
DTP*050*D8*20260715
DTP*009*D8*20260715
HL*2*1*21*1
NM1*41*2*CLEARING*****46*SENDER
TRN*2*B1
STC*A1:19:PR*20260715*WQ*390
QTY*90*2
QTY*AA*1
AMT*YU*300
AMT*YY*90
HL*3*2*19*1
NM1*85*1*HILL*ANA****XX*1234567893
TRN*1*0
QTY*QA*2
QTY*QC*1
AMT*YU*300
AMT*YY*90
HL*4*3*PT
NM1*QC*1*STONE*KIM****MI*M1
TRN*2*C1
STC*A2:20*20260715*WQ*200
REF*1K*K1
DTP*472*D8*20260601
TRN*2*C2
STC*A2:20*20260715*WQ*100
REF*1K*K2
DTP*472*D8*20260601
HL*5*3*PT
NM1*QC*1*BROOK*PIA****MI*M2
TRN*2*C3
STC*A7:562:85*20260715*U*90
DTP*472*D8*20260601
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("QTY*90*2", "QTY*90*2", []),
        ("QTY*90*2", "QTY*90*3", [("3", "balance-277ca-count", "QTY")]),
        ("QTY*AA*1", "QTY*AA*2", [("3", "balance-277ca-count", "QTY")]),
        ("QTY*QC*1", "QTY*QC*2", [("3", "balance-277ca-count", "QTY")]),
        ("AMT*YY*90\nHL*3", "AMT*YY*91\nHL*3", [("3", "balance-277ca-amount", "AMT")]),
        (
            "AMT*YU*300\nAMT*YY*90\nHL*4",
            "AMT*YU*301\nAMT*YY*90\nHL*4",
            [("3", "balance-277ca-amount", "AMT")],
        ),
        ("STC*A7:562:85", "STC*A7:5620:85", [("5", "code-status", "STC")]),
        ("STC*A7:562:85", "STC*A9:562:85", [("5", "code-status", "STC")]),
        ("HL*3*2*19*1", "HL*3*2*19*0", [("4", "hl-children", "HL")]),
        ("XX*1234567893", "XX*1234567890", [("5", "code-npi", "NM1")]),
        # what cannot be counted is not
        ("*U*90\n", "*Q*90\n", [("2", "element-code", "STC")]),
        ("HL*5*3*PT", "HL*5*3*QQ", [("2", "element-code", "HL")]),
    ],
)
def test_277ca(before: str, after: str, expected: Said) -> None:
    assert changed("277CA", CLAIM_ACKNOWLEDGMENT, before, after) == expected


def test_a_second_provider_counts_at_the_submitter() -> None:
    more = CLAIM_ACKNOWLEDGMENT + CLAIM_ACKNOWLEDGMENT[CLAIM_ACKNOWLEDGMENT.index("HL*3") :].replace(
        "HL*5*3", "HL*8*6"
    ).replace("HL*4*3", "HL*7*6").replace("HL*3*2", "HL*6*2")
    wrong = raised(findings(interchange("277CA", more)))
    assert wrong == [("3", "balance-277ca-count", "QTY")] * 2 + [("3", "balance-277ca-amount", "AMT")] * 2
    for before, after in (("90*2", "90*4"), ("AA*1", "AA*2"), ("YU*300", "YU*600"), ("YY*90", "YY*180")):
        more = more.replace(before, after, 1)
    assert raised(findings(interchange("277CA", more))) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("EQ*30", "EQ*30", []),
        ("EQ*30\n", "", [("4", "inquiry-missing", "HL")]),
        ("EQ**HC:99213\n", "", [("2", "segment-missing", "EQ")]),
        (
            "NM1*IL*1*STONE*KIM****MI*M1\nDMG*D8*19800101\n",
            "NM1*IL*1\n",
            [("4", "inquiry-person-unidentified", "NM1")],
        ),
        ("NM1*IL*1*STONE*KIM****MI*M1\nDMG*D8*19800101\n", "NM1*IL*1\nDMG*D8*19800101\n", []),
        ("NM1*IL*1*STONE*KIM****MI*M1\nDMG*D8*19800101\n", "NM1*IL*1*STONE\n", []),
        (
            "NM1*03*1*BROOK*PIA\nDMG*D8*20150505\n",
            "NM1*03*1\n",
            [("4", "inquiry-person-unidentified", "NM1")],
        ),
        ("INS*N*19\n", "", [("4", "person-relationship-missing", "NM1")]),
        ("20260701-20260731", "20260731-20260701", [("4", "period-reversed", "DTP")]),
        ("HL*4*2*22*1", "HL*4*2*22*0", [("4", "hl-children", "HL")]),
        ("EQ**HC:99213", "EQ**HC:9921X", [("5", "code-procedure", "EQ")]),
        ("DMG*D8*19800101", "DMG*D8*20260716", [("4", "birth-in-future", "DMG")]),
        ("DMG*D8*20150505", "DMG*D8*20260716", [("4", "birth-in-future", "DMG")]),
        ("XX*1234567893", "XX*1234567890", [("5", "code-npi", "NM1")]),
    ],
)
def test_270(before: str, after: str, expected: Said) -> None:
    assert changed("270", ELIGIBILITY, before, after) == expected


STATUS = """
BHT*0010*13*R1*20260715*0800
HL*1**20*1
NM1*PR*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*41*2*CLEARING*****46*SENDER
HL*3*2*19*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*4*3*22*0
DMG*D8*19800101*F
NM1*IL*1*STONE*KIM****MI*M1
TRN*1*T1
REF*1K*K1
TRN*1*T2
REF*EJ*C2
DTP*472*RD8*20260601-20260602
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("REF*1K", "REF*1K", []),
        ("REF*1K*K1", "REF*EJ*C1", [("4", "inquiry-claim-undated", "TRN")]),
        ("DTP*472*RD8*20260601-20260602\n", "", [("4", "inquiry-claim-undated", "TRN")]),
        ("DTP*472*RD8*20260601-20260602\n", "SVC*HC:99213*90*****1\nDTP*472*D8*20260601\n", []),
        ("DMG*D8*19800101*F\n", "", [("4", "inquiry-birth-missing", "HL")]),
        (
            "TRN*1*T1\nREF*1K*K1\nTRN*1*T2\nREF*EJ*C2\nDTP*472*RD8*20260601-20260602\n",
            "",
            [("4", "inquiry-missing", "HL")],
        ),
    ],
)
def test_276(before: str, after: str, expected: Said) -> None:
    assert changed("276", STATUS, before, after) == expected


REVIEW = """
BHT*0007*13*R1*20260715*0800
HL*1**20*1
NM1*X3*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*3*2*22*1
NM1*IL*1*BROOK*SAM****MI*M2
HL*4*3*23*1
NM1*QC*1*BROOK*PIA
INS*N*19
HL*5*4*EV*1
TRN*1*T1*9SENDER001
UM*HS*I**11:B
HI*ABK:M545
HL*6*5*SS*0
SV1*HC:97110**UN*12
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("UM*HS*I", "UM*HS*I", []),
        (REVIEW[REVIEW.index("HL*5") :], "HL*5*4*EV*0\nUM*HS*I**11:B\n", [("4", "review-empty", "HL")]),
        (REVIEW[REVIEW.index("HL*5") :], "HL*5*4*EV*0\nUM*HS*I*PT*11:B\n", []),
        (REVIEW[REVIEW.index("HL*5") :], "HL*5*4*EV*0\nUM*HS*3**11:B\nREF*BB*A1\n", []),
        ("UM*HS*I**11:B", "UM*HS*S**11:B", [("4", "review-reference-missing", "UM")]),
        ("UM*HS*I**11:B", "UM*HS*3**11:B\nREF*BB*A1", []),
        ("UM*HS*I**11:B", "UM*AR*I*2*21:B", [("4", "review-admission-date-missing", "UM")]),
        ("UM*HS*I**11:B", "UM*AR*I*2*21:B\nDTP*435*D8*20260720", []),
        ("UM*HS*I**11:B", "UM*AR*I*2*21:B\nDTP*096*D8*20260720", []),
        ("INS*N*19\n", "", [("4", "person-relationship-missing", "NM1")]),
        ("HL*5*4*EV*1", "HL*5*4*EV*0", [("4", "hl-children", "HL")]),
        (  # services below the one before them
            "HL*6*5*SS*0",
            "HL*6*5*SS*0\nSV1*HC:97110**UN*1\nHL*7*6*SS*0\nSV1*HC:97110**UN*1\nHL*8*6*SS*0",
            [("1", "hl-parent-service", "HL")] * 2,
        ),
        ("HL*6*5*SS*0", "HL*6*5*SS*0\nSV1*HC:97110**UN*1\nHL*7*5*SS*0", []),
        ("HI*ABK:M545", "HI*ABK:M54.5", [("5", "code-diagnosis", "HI")]),
        ("UM*HS*I**11:B", "UM*HS*I**30:B", [("5", "code-place", "UM")]),
        ("SV1*HC:97110**UN*12", "SV1*HC:97110X**UN*12", [("5", "code-procedure", "SV1")]),
    ],
)
def test_278_request(before: str, after: str, expected: Said) -> None:
    assert changed("278", REVIEW, before, after) == expected


def test_an_inquiry_may_ask_for_everything() -> None:
    body = REVIEW.replace("BHT*0007*13", "BHT*0007*28")[: REVIEW.index("HL*5")] + "HL*5*4*EV*0\nUM*AR*I*2\n"
    assert [one for one in raised(findings(interchange("278 inquiry", body))) if one[0] in "3456"] == []


DECISION = """
BHT*0007*11*R1*20260715*0800*18
HL*1**20*1
NM1*X3*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*3*2*22*1
NM1*IL*1*STONE*KIM****MI*M1
HL*4*3*EV*1
TRN*2*T1*9SENDER001
UM*HS*I**11:B
HCR*A1*A1
HL*5*4*SS*0
HCR*A3**0V
SV1*HC:97110**UN*12
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("HCR*A1*A1", "HCR*A1*A1", []),
        ("HCR*A1*A1", "HCR*A1", [("4", "review-number-missing", "HCR")]),
        ("HCR*A3**0V", "HCR*A3", [("4", "review-reason-missing", "HCR")]),
        ("HCR*A3**0V", "HCR*A3**ZZ", [("5", "code-review-reason", "HCR")]),
        ("HCR*A1*A1\n", "", []),
        ("HCR*A1*A1\nHL*5*4*SS*0\nHCR*A3**0V\n", "HL*5*4*SS*0\n", [("4", "review-undecided", "HL")]),
    ],
)
def test_278_response(before: str, after: str, expected: Said) -> None:
    assert changed("278", DECISION, before, after) == expected


BENEFIT = """
BHT*0022*11*R1*20260715*0800
HL*1**20*1
NM1*PR*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*3*2*22*0
TRN*2*T1*9SENDER001
NM1*IL*1*STONE*KIM****MI*M1
EB*1**30
EB*B**98****20
EB*A**98*****.2
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("EB*1**30", "EB*1**30", []),
        ("EB*B**98****20", "EB*B**98", [("4", "benefit-amount-missing", "EB")]),
        ("EB*A**98*****.2", "EB*A**98****20", [("4", "benefit-amount-missing", "EB")]),
        ("HL*3*2*22*0", "HL*3*2*22*1", [("4", "hl-children", "HL")]),
        (BENEFIT[BENEFIT.index("HL*3") :], "AAA*N**50*N\n", []),
    ],
)
def test_271(before: str, after: str, expected: Said) -> None:
    assert changed("271", BENEFIT, before, after) == expected
