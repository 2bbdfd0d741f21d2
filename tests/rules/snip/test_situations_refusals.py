"""What a payer would refuse or asks about beyond the guide: one change in a valid set, what is said of it."""

from datetime import date

import pytest

from tests.worlds.text.valid_sets import (
    AS_OF,
    ELIGIBILITY,
    INSTITUTIONAL,
    PROFESSIONAL,
    findings,
    interchange,
)
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.snip.validate import diagnostics_in as validated
from x12_payer.edi.wire.segments import Source

STAY = "HI*ABK:M1711:::::::Y\n"
VISIT = "HI*ABK:I10\nHI*APR:I10\n"
LAB = "SV2*0300*HC:85025*100*UN*1"
ER = "SV2*0450*HC:99283*300*UN*1"
LINE = "LX*1\nSV1*HC:99212*90*UN*1***1\nDTP*472*D8*20260603\n"
TWICE = LINE + LINE.replace("LX*1", "LX*2")
CASES = [
    # admitting diagnosis
    ("I", "HI*ABJ:M1711\n", "", ["admitting-diagnosis-missing"]),
    ("I", "***11:A:1", "***12:A:1", []),
    ("I", "***11:A:1**A*Y*Y\nDTP*096*TM*1100\n", "***18:A:2**A*Y*Y\n", []),
    # who operated
    ("I", "NM1*72*1*REED*LEE****XX*1234567893\n", "", ["operating-missing"]),
    # reason for the visit
    ("I", "HI*APR:I10\n", "", ["visit-reason-missing"]),
    ("I", f"HI*APR:I10\n|{ER}", f"|{ER.replace('0450', '0516')}", []),  # CL101 3: it was planned
    (
        "I",
        f"CL1*3*1*01|HI*APR:I10\n|{ER}",
        f"CL1*2*1*01||{ER.replace('0450', '0516')}",
        ["visit-reason-missing"],
    ),
    ("I", f"CLM*I2*400***13:A:1|HI*APR:I10\n|{ER}", f"CLM*I2*400***14:A:1||{ER}", []),
    # a procedure code for the revenue code
    ("I", LAB, "SV2*0300**100*UN*1", ["line-procedure-missing"]),
    ("I", LAB, "SV2*0250**100*UN*1", []),
    ("I", "SV2*0360*HC:27447*2000*UN*1", "SV2*0360**2000*UN*1", []),  # on an inpatient bill
    # present on admission
    ("I", STAY, "HI*ABK:M1711\n", ["present-on-admission-missing"]),
    ("I", STAY, f"{STAY}|HI*ABF:I10\n".replace("|", ""), ["present-on-admission-missing"]),
    ("I", STAY, STAY + "HI*ABF:I10:::::::N\n", []),
    ("I", STAY, STAY + "HI*ABF:Z7901\n", []),  # nobody asks
    ("I", STAY, "HI*ABK:S72001D\n", []),  # a subsequent encounter
    ("I", STAY, "HI*ABK:S72001A\n", ["present-on-admission-missing"]),
    # still a patient
    ("I", "CL1*1*1*01", "CL1*1*1*30", ["still-patient-final"]),
    ("I", "***11:A:1**A*Y*Y\nDTP*096*TM*1100\n|CL1*1*1*01", "***11:A:3**A*Y*Y\n|CL1*1*1*30", []),
    ("I", "CL1*3*1*01", "CL1*3*1*30", []),  # treatments that go on
    # the billing provider
    ("P", "N3*1 ELM ST", "N3*PO BOX 12", ["billing-address-box"]),
    ("P", "N3*1 ELM ST", "N3*1 ELM ST*P.O. Box 12", ["billing-address-box"]),
    ("P", "N3*1 ELM ST", "N3*POST OFFICE BOX 12", ["billing-address-box"]),
    ("P", "N3*1 ELM ST", "N3*LOCKBOX 77", ["billing-address-box"]),
    ("P", "N3*1 ELM ST", "N3*12 BOXWOOD ST", []),
    ("P", "N3*1 ELM ST", "N3*RR 2 BOX 12", []),
    ("P", "N3*2 OAK ST", "N3*PO BOX 12", []),  # the patient's
    ("P", "N4*BOSTON*MA*021080001", "N4*BOSTON*MA*02108", ["billing-zip-short"]),
    # who is the patient has an id
    ("P", "NM1*IL*1*STONE*KIM****MI*M1", "NM1*IL*1*STONE*KIM", ["subscriber-id-missing"]),
    ("P", "NM1*IL*1*BROOK*SAM****MI*M2", "NM1*IL*1*BROOK*SAM", []),  # the patient is another one
    # diagnoses
    ("P", "ABF:I10", "ABF:M25561", ["diagnosis-repeat"]),
    ("I", STAY, STAY + "HI*ABF:M1711:::::::Y\n", ["diagnosis-repeat"]),
    ("P", "HI*ABK:J069", "HI*ABK:Y9301", ["principal-external-cause"]),
    ("P", "HI*ABK:J069", "HI*ABK:E860", []),  # ICD-10: no external cause
    ("P", "HI*ABK:J069", "HI*ABK:J069*ABF:W010XXA", []),
    # a primary care provider behind the referring one
    ("P", "NM1*82*1*REED", "NM1*P3*1*LIN*MEI\nNM1*82*1*REED", ["referring-missing"]),
    ("P", "NM1*82*1*REED", "NM1*DN*1*LIN*MEI\nNM1*P3*1*LIN*MEI\nNM1*82*1*REED", []),
    ("P", LINE, LINE + "NM1*P3*1*LIN*MEI\n", ["referring-missing"]),
    ("P", LINE, LINE + "NM1*DN*1*LIN*MEI\nNM1*P3*1*LIN*MEI\n", []),
    # two lines alike
    ("P", f"CLM*C2*90*|{LINE}", f"CLM*C2*180*|{TWICE}", ["line-repeat"]),
    ("P", f"CLM*C2*90*|{LINE}", f"CLM*C2*180*|{TWICE}REF*6R*9\n", ["line-repeat"]),
    ("P", f"CLM*C2*90*|{LINE}", f"CLM*C2*180*|{TWICE.replace('20260603', '20260602', 1)}", []),
    ("P", f"CLM*C2*90*|{LINE}", f"CLM*C2*180*|{TWICE.replace('99212', '99212:76', 1)}", []),
    ("P", f"CLM*C2*90*|{LINE}", f"CLM*C2*180*|{TWICE}NTE*ADD*ANOTHER\n", []),
    # when it was made
    ("P", "BHT*0019*00*R1*20260715", "BHT*0019*00*R1*20260716", ["created-in-future"]),
    ("270", "BHT*0022*13*R1*20260715", "BHT*0022*13*R1*20270101", ["created-in-future"]),
]
BODIES = {"P": PROFESSIONAL, "I": INSTITUTIONAL, "270": ELIGIBILITY}


def changed(body: str, before: str, after: str) -> str:
    """Parts of a change are parted by a bar."""
    for old, new in zip(before.split("|"), after.split("|"), strict=True):
        assert old in body
        body = body.replace(old, new, 1)
    return body


@pytest.mark.parametrize(("kind", "before", "after", "expected"), CASES)
def test_one_change(kind: str, before: str, after: str, expected: list[str]) -> None:
    found = findings(interchange(kind, changed(BODIES[kind], before, after)))
    assert [d.code for d in found] == expected


def test_errors_are_what_a_payer_surely_refuses() -> None:
    errors = {
        code for _, _, _, codes in CASES for code in codes if diagnostic_codes()[code].severity == "error"
    }
    assert errors == {
        "admitting-diagnosis-missing",
        "billing-address-box",
        "created-in-future",
        "principal-external-cause",
        "subscriber-id-missing",
    }


# -- balances, whatever else is wrong --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "besides"),
    [
        ("HI*ABK:J069", "ZZZ*1\nHI*ABK:J069", "segment-unknown"),
        ("HI*ABK:J069", "N3*1 A ST\nHI*ABK:J069", "segment-unexpected"),
        ("***11:B:1*Y*A*Y*Y\nHI*ABK:J069", "***111:B:1*Y*A*Y*Y\nHI*ABK:J069", "element-long"),
        ("***11:B:1*Y*A*Y*Y\nHI*ABK:J069", "***11:B:1*V*A*Y*Y\nHI*ABK:J069", "element-code"),
        ("DTP*472*D8*20260603", "DTP*472*D8*20261303", "element-date"),
        ("SV1*HC:99212*90*UN*1***1", "SV1*HC:99212*90*ZZ*1***1", "element-code"),
    ],
)
def test_a_charge_is_judged_whatever_else_is_wrong(before: str, after: str, besides: str) -> None:
    wrong = changed(PROFESSIONAL, f"CLM*C2*90*|{before}", f"CLM*C2*91*|{after}")
    found = [d.code for d in findings(interchange("P", wrong))]
    assert besides in found
    assert found.count("balance-837-charge") == 1
    right = [d.code for d in findings(interchange("P", changed(PROFESSIONAL, before, after)))]
    assert besides in right
    assert "balance-837-charge" not in right


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CLM*C2*90*", "CLM*C2*X*"),
        ("SV1*HC:99212*90*UN", "SV1*HC:99212*9O*UN"),
        ("SV1*HC:99212*90*UN*1***1\n", ""),
        ("LX*1\nSV1*HC:99212", "SV1*HC:99212"),
    ],
)
def test_an_amount_that_cannot_be_read_gives_no_balance(before: str, after: str) -> None:
    found = findings(interchange("P", changed(PROFESSIONAL, before, after)))
    assert any(d.is_error for d in found)
    assert not any(d.code.startswith("balance") for d in found)


def test_a_claim_that_breaks_off_is_not_added_up() -> None:
    whole = interchange("P", PROFESSIONAL.replace("CLM*C1*300*", "CLM*C1*301*")).decode()
    cut = whole[: whole.index("LX*2")]
    codes = [one.code for one in validated(Source(data=cut.encode()), 6, AS_OF)]
    assert "balance-837-charge" not in codes


# -- the day on which it is judged -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "exact", "expected"),
    [
        (date(2026, 7, 14), True, {"created-in-future", "group-in-future"}),
        (date(2026, 7, 15), True, set()),
        (date(2026, 7, 14), False, set()),  # the clock is behind, not the file ahead
    ],
)
def test_the_day_that_is_given_holds(as_of: date, exact: bool, expected: set[str]) -> None:
    source = Source(data=interchange("P", PROFESSIONAL))
    assert {one.code for one in validated(source, 6, as_of, exact=exact)} == expected


def test_a_group_made_in_the_future_is_reported_at_its_gs() -> None:
    text = (
        interchange("P", PROFESSIONAL)
        .decode()
        .replace("RECEIVER*20260715*0800*1", "RECEIVER*20991231*0800*1")
    )
    (one,) = validated(Source(data=text.encode()), 6, AS_OF)
    assert (one.code, one.severity, one.tag, one.segment, one.element) == (
        "group-in-future",
        "warning",
        "GS",
        2,
        4,
    )
    assert text[one.offset : one.offset + 3] == "GS*"


# -- adjustments -----------------------------------------------------------------------------------------

PAYER = """SBR*P*18*G7******CI
CAS*CO*45*30
AMT*D*60
OI***Y***Y
NM1*IL*1*BROOK*SAM****MI*X1
NM1*PR*2*FIRST PLAN*****PI*FP1
DTP*573*D8*20260610
"""
SECONDARY = changed(PROFESSIONAL, f"SBR*P**G1|{LINE}", f"SBR*S**G1|{PAYER}{LINE}")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("CAS*CO*45*30", []),
        ("CAS*CO*45*30**253*0", ["adjustment-zero"]),
        ("CAS*CO*45*20**45*10", ["adjustment-reason-repeat"]),
        ("CAS*CO*45*20**253*10", []),
        ("CAS*CO*45*20\nCAS*CO*45*10", ["adjustment-reason-repeat"]),
        ("CAS*CO*253*20\nCAS*PR*1*4\nCAS*CO*45*3**253*3", ["adjustment-reason-repeat"]),
        ("CAS*CO*45*20\nCAS*OA*45*10", []),
        ("CAS*CO*96*30", ["other-payer-remark-missing"]),
    ],
)
def test_adjustments_of_another_payer(after: str, expected: list[str]) -> None:
    body = SECONDARY.replace("CAS*CO*45*30", after, 1)
    assert [d.code for d in findings(interchange("P", body))] == expected


# -- answers ---------------------------------------------------------------------------------------------

BENEFITS = """
BHT*0022*11*R1*20260715*1015
HL*1**20*1
NM1*PR*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*3*2*22*0
TRN*2*T1*9SENDER001
NM1*IL*1*STONE*KIM****MI*M1
DMG*D8*19800101*F
DTP*346*D8*20260101
EB*1*IND*30
EB*L*IND
LS*2120
NM1*P3*1*LIN*MEI****XX*1234567893
LE*2120
EB*B*IND*98***27*20
"""
UNWRAPPED = [("4", "related-party-unwrapped")]


@pytest.mark.parametrize(
    ("before", "after", "tags"),
    [
        ("LS*2120", "LS*2120", []),
        ("LS*2120\n|LE*2120\n", "|", ["NM1"]),
        ("LS*2120\n", "", ["NM1", "LE"]),
        ("LE*2120\n", "", ["LS"]),
        ("LS*2120\nNM1*P3*1*LIN*MEI****XX*1234567893\nLE*2120\n", "", []),
    ],
)
def test_related_parties_are_between_ls_and_le(before: str, after: str, tags: list[str]) -> None:
    found = findings(interchange("271", changed(BENEFITS, before, after)))
    assert [(d.code, d.position.tag) for d in found] == [("related-party-unwrapped", tag) for tag in tags]


REVIEW = """
BHT*0007*13*R1*20260715*1015
HL*1**20*1
NM1*X3*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*3*2*22*1
NM1*IL*1*STONE*KIM****MI*M1
HL*4*3*EV*1
TRN*1*T1*9SENDER001
UM*HS*I*62*22:B
HI*ABK:M5416
HL*5*4*SS*0
DTP*472*D8*20260720
SV1*HC:72148**UN*1
HSD*VS*2
"""


@pytest.mark.parametrize(
    ("before", "after", "tags"),
    [
        ("UN*1", "UN*1", []),
        ("UN*1", "UN*0", ["SV1"]),
        ("SV1*HC:72148**UN*1", "SV2**HC:72148**UN*0", ["SV2"]),
        ("HSD*VS*2", "HSD*VS*0", ["HSD"]),
        ("**UN*1", "", []),
    ],
)
def test_nothing_is_no_quantity_to_ask_for(before: str, after: str, tags: list[str]) -> None:
    found = findings(interchange("278", changed(REVIEW, before, after)))
    assert [(d.code, d.position.tag) for d in found] == [("line-units", tag) for tag in tags]
