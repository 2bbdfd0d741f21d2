"""Types 3 to 6 on claims, rule by rule: what is asked of addresses, dates, other payers and providers; what
follows from a fault is not reported besides."""

import pytest

from tests.worlds.text.valid_sets import DENTAL, INSTITUTIONAL, PROFESSIONAL, findings, interchange, raised

Said = list[tuple[str, str, str]]
PAYER = """SBR*P*18*G7******CI
CAS*CO*45*30
AMT*D*60
OI***Y***Y
NM1*IL*1*BROOK*SAM****MI*X1
NM1*PR*2*FIRST PLAN*****PI*FP1
DTP*573*D8*20260610
"""
LINES = """LX*1
SV1*HC:99212*45*UN*1***1
DTP*472*D8*20260603
SVD*FP1*30*HC:99212**1
CAS*CO*45*15
DTP*573*D8*20260610
LX*2
SV1*HC:99213*45*UN*1***1
DTP*472*D8*20260603
SVD*FP1*30*HC:99213**1
CAS*CO*45*15
DTP*573*D8*20260610
"""
OWN_LINE = "LX*1\nSV1*HC:99212*90*UN*1***1\nDTP*472*D8*20260603\n"
SECONDARY = PROFESSIONAL.replace("SBR*P**G1", "SBR*S**G1").replace(OWN_LINE, PAYER + OWN_LINE)
BY_LINE = PROFESSIONAL.replace("SBR*P**G1", "SBR*S**G1").replace(
    OWN_LINE, PAYER.replace("CAS*CO*45*30\n", "") + LINES
)
CASES = [
    # addresses and numbers
    ("P", PROFESSIONAL, "N3*2 OAK ST\n", "", [("4", "patient-address-missing", "NM1")]),
    ("P", PROFESSIONAL, "N4*QUINCY*MA*02169\n", "", [("4", "patient-address-missing", "NM1")]),
    ("P", PROFESSIONAL, "N4*SALEM*MA*01970", "N4*SALEM**01970", [("4", "address-state-missing", "N4")]),
    ("P", PROFESSIONAL, "N4*SALEM*MA*01970", "N4*SALEM*MA", [("4", "address-zip-missing", "N4")]),
    ("P", PROFESSIONAL, "N4*SALEM*MA*01970", "N4*LYON***FR", []),
    ("P", PROFESSIONAL, "N4*SALEM*MA*01970", "N4*SALEM*MA*00000", [("5", "code-zip", "N4")]),
    ("P", PROFESSIONAL, "TE*6175550100", "TE*617-555-0100", [("5", "code-phone", "PER")]),
    ("P", PROFESSIONAL, "TE*6175550100", "EM*desk@clearing.example", []),
    ("P", PROFESSIONAL, "REF*EI*123456789", "REF*EI*000000000", [("5", "code-tax-id", "REF")]),
    # dates
    ("P", PROFESSIONAL, "D8*19800101", "D8*20260716", [("4", "birth-in-future", "DMG")]),
    ("P", PROFESSIONAL, "D8*20150505", "D8*20260716", [("4", "birth-in-future", "DMG")]),
    (
        "P",
        SECONDARY,
        "DTP*573*D8*20260610",
        "DTP*573*D8*20260716",
        [("4", "other-payer-date-in-future", "DTP")],
    ),
    ("P", SECONDARY, "CAS*CO*45*30", "CAS*306*45*30", [("2", "element-code", "CAS")]),
    ("P", SECONDARY, "CAS*CO*45*30", "CAS*CO*311*30", []),  # a number given out after our list was made
    ("P", SECONDARY, "CAS*CO*45*30", "CAS*CO*999*30", [("5", "code-adjustment-reason", "CAS")]),
    # other payers
    ("P", SECONDARY, "AMT*D*60\n", "", []),
    ("P", SECONDARY, "CAS*CO*45*30\nAMT*D*60\n", "", [("4", "other-payer-payment-missing", "SBR")]),
    ("P", SECONDARY, "SBR*S**G1******CI", "SBR*S**G1******MB", [("4", "medicare-reason-missing", "SBR")]),
    ("P", SECONDARY, "SBR*S**G1******CI", "SBR*S**G1**12****MB", []),
    ("P", BY_LINE, "FIRST PLAN*****PI*FP1", "FIRST PLAN*****PI*FP2", [("4", "line-payer-unknown", "SVD")]),
    ("P", BY_LINE, "FIRST PLAN*****PI*FP1", "FIRST PLAN*****QQ*FP2", [("2", "element-code", "NM1")]),
    ("P", BY_LINE, "FIRST PLAN*****PI*FP1", "FIRST PLAN*****PI", [("2", "element-missing", "NM1")]),
    ("P", SECONDARY, "SBR*S**G1", "SBR*Z**G1", [("2", "element-code", "SBR")]),
    # charges and units
    ("P", SECONDARY, "CLM*C2*90*", "CLM*C2*-90*", [("4", "charge-negative", "CLM")]),
    (
        "P",
        PROFESSIONAL,
        "CLM*C2*90*",
        "CLM*C2*90.005*",
        [("3", "balance-837-charge", "CLM"), ("4", "charge-decimals", "CLM")],
    ),
    *(
        (kind, body, before, after, [("3", "balance-837-charge", "CLM"), ("4", "charge-decimals", after[:3])])
        for kind, body, before, after in (
            ("P", PROFESSIONAL, "SV1*HC:99212*90*", "SV1*HC:99212*90.005*"),
            ("I", INSTITUTIONAL, "SV2*0300*HC:85025*100*", "SV2*0300*HC:85025*100.001*"),
            ("D", DENTAL, "SV3*AD:D2392*150*", "SV3*AD:D2392*150.125*"),
        )
    ),
    (
        "P",
        PROFESSIONAL,
        "SV1*HC:99212*90*UN*1",
        "SV1*HC:99212*90*UN*1.2345",
        [("4", "number-decimals", "SV1")],
    ),
    ("P", PROFESSIONAL, "SV1*HC:99212*90*UN*1", "SV1*HC:99212*90*UN*1.5", []),
    ("P", PROFESSIONAL, "SV1*HC:99212*90*UN", "SV1*HC:99212*90.00*UN", []),
    ("P", PROFESSIONAL, "SV1*HC:99212*90*UN", "SV1*HC:99212*90.000*UN", []),
    # diagnoses: with a wrong HI nobody knows how many there are
    ("P", PROFESSIONAL, "HI*ABK:M25561*ABF:I10", "HI*ABK:M25561*QQQ:I10", [("2", "element-code", "HI")]),
    ("P", PROFESSIONAL, "HI*ABK:J069", "HI*BK:4660", [("5", "diagnosis-version", "HI")]),
    # lines of service of another kind of claim
    ("P", PROFESSIONAL, "SV1*HC:99212*90", "SV1*HC:D7140*90", []),
    (
        "P",
        PROFESSIONAL,
        "SV1*HC:99212*90*UN*1***1",
        "SV1*HC:93010*90*UN*1*41**1",
        [],
    ),  # a physician in an ambulance
    # institutional
    ("I", INSTITUTIONAL, "NM1*71*1*REED*LEE****XX*1234567893\n", "", [("4", "attending-missing", "CLM")]),
    (
        "I",
        INSTITUTIONAL,
        "SV2*0360*HC:27447*2000*UN*1\nDTP*472*D8*20260601",
        "SV2*0024*HP:A0801*2000*UN*1\nDTP*472*D8*20260620",
        [],
    ),
    ("I", INSTITUTIONAL, "CLM*I2*400***13:A:1", "CLM*I2*400***34:A:1", []),
    # dental
    ("D", DENTAL, "DTP*472*D8*20260601\n", "", [("4", "service-date-missing", "CLM")]),
    ("D", DENTAL, "DTP*472*D8*20260601", "DTP*472*D8*20261301", [("1", "element-date", "DTP")]),
    ("D", DENTAL, "11:B:1*Y*A*Y*Y\nDTP*472*D8*20260601\n", "11:B:1*Y*A*Y*Y**********PB\n", []),
    ("D", DENTAL, "SV3*AD:D2392*150****1\nTOO*JP*14*M:O", "SV3*AD:D6055*150****1", []),  # by arch
]


@pytest.mark.parametrize(("kind", "body", "before", "after", "expected"), CASES)
def test_one_change(kind: str, body: str, before: str, after: str, expected: Said) -> None:
    assert before in body
    found = raised(findings(interchange(kind, body.replace(before, after, 1))))
    assert found == expected


@pytest.mark.parametrize("body", [SECONDARY, BY_LINE], ids=["by claim", "by line"])
def test_valid_secondary_claims(body: str) -> None:
    assert raised(findings(interchange("P", body))) == []


@pytest.mark.parametrize("place", ["21", "51", "61"])
def test_a_visit_to_an_inpatient_has_the_day_of_the_admission(place: str) -> None:
    body = PROFESSIONAL.replace("CLM*C2*90***11", f"CLM*C2*90***{place}")
    assert raised(findings(interchange("P", body))) == [("4", "inpatient-admission-missing", "CLM")]
    dated = body.replace("HI*ABK:J069", "DTP*435*D8*20260601\nHI*ABK:J069")
    assert raised(findings(interchange("P", dated))) == []


def test_what_is_wrong_with_a_subscriber_is_reported_once_for_all_claims() -> None:
    line = "LX*1\nSV1*HC:99213*200*UN*1***1\nDTP*472*D8*20260601\n"
    more = PROFESSIONAL.replace("HL*3*1", f"CLM*C9*200***11:B:1*Y*A*Y*Y\nHI*ABK:I10\n{line}HL*3*1")
    body = more.replace("SBR*P*18", "SBR*S*18")
    assert raised(findings(interchange("P", body))) == [("4", "other-payer-missing", "SBR")]


def test_the_place_is_where_the_amount_or_number_is() -> None:
    changes = [("AMT*D*60", "AMT*D*61", 2), ("CLM*C2*90", "CLM*C2*91", 2)]
    for before, after, element in changes:
        (found,) = findings(interchange("P", SECONDARY.replace(before, after, 1)))
        assert (found.position.tag, found.position.element) == (before.split("*")[0], element)
    (found,) = findings(interchange("P", BY_LINE.replace("SVD*FP1*30*HC:99213", "SVD*FP1*31*HC:99213")))
    assert (found.position.tag, found.position.element, found.value) == ("SVD", 2, "31")
