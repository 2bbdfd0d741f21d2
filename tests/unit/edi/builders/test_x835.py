"""The 835 builder: goldens for order and usage, and remittances that balance as written."""

from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from attrs import evolve

from tests.worlds.places import GUIDES
from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.builders.x835_claim import cas, remittance_claim
from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.messages.common import Address, Contact, Party, Period, Person, Procedure, Reference
from x12_payer.edi.messages.remittance import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine
from x12_payer.edi.snip.rules.balance import check_835

D = Decimal
DAY = date(2026, 7, 15)
PAYER = Party(
    "PR",
    last_name="ATLANTIC HEALTH PLAN",
    id_qualifier="PI",
    id="ATL01",
    address=Address(("1 HARBOR PLAZA",), "BOSTON", "MA", "021100001"),
    contacts=(Contact("IC", "PROVIDER SERVICES", (("TE", "8005550100"),)),),
)
PAYEE = Party(
    "85",
    last_name="HARBOR THERAPY",
    id_qualifier="XX",
    id="1933333332",
    address=Address(("102 WHARF ST", "FLOOR 2"), "BOSTON", "MA", "021100001"),
    references=(Reference("EI", "043210003"), Reference("0B", "LIC9"), Reference("ZZ", "NOT-HERE")),
)
PATIENT = Party("IL", "1", "RIVERA", "JANE", id_qualifier="MI", id="A100000001")


def one_day(day: date) -> Period:
    return Period("472", day, day)


def therapy_line(**changes: Any) -> RemittanceLine:
    line = RemittanceLine(
        charge=D("150.00"),
        paid=D("100.00"),
        procedure=Procedure("HC", "97110", ("GP",)),
        units_paid=D(3),
        units_billed=D(3),
        period=one_day(date(2026, 7, 10)),
        adjustments=(Adjustment("PR", "3", D(20)), Adjustment("CO", "45", D(30))),
        references=(Reference("6R", "1"),),
        allowed=D(120),
    )
    return evolve(line, **changes)


def therapy_claim(**changes: Any) -> RemittanceClaim:
    claim = RemittanceClaim(
        control_number="PT-1001",
        status="1",
        charge=D(150),
        paid=D(100),
        patient_responsibility=D(20),
        filing_indicator="HM",
        payer_control_number="ICN1",
        patient=PATIENT,
        facility_code="11",
        frequency="1",
        references=(Reference("G1", "AU-PT5"),),
        lines=(therapy_line(),),
    )
    return evolve(claim, **changes)


def remittance(*claims: RemittanceClaim, **changes: Any) -> Remittance:
    made = Remittance(
        payer=PAYER,
        payee=PAYEE,
        trace="EFT1",
        payer_tax_id="990000001",
        method="CHK",
        amount=sum((c.paid for c in claims), D(0)),
        produced=DAY,
        payment_date=date(2026, 7, 17),
        claims=claims,
    )
    return evolve(made, **changes)


def claim_texts(claim: RemittanceClaim) -> list[str]:
    return lines(remittance_claim(claim))


def line_texts(line: RemittanceLine) -> list[str]:
    out = claim_texts(therapy_claim(lines=(line,)))
    return out[next(i for i, s in enumerate(out) if s.startswith("SVC")) :]


def test_a_whole_remittance() -> None:
    assert lines(build_835(remittance(therapy_claim(), receiver="CLEARCO01"))) == [
        "BPR*I*100*C*CHK******1990000001******20260717",
        "TRN*1*EFT1*1990000001",
        "REF*EV*CLEARCO01",
        "DTM*405*20260715",
        "N1*PR*ATLANTIC HEALTH PLAN",
        "N3*1 HARBOR PLAZA",
        "N4*BOSTON*MA*021100001",
        "REF*2U*ATL01",
        "PER*BL*PROVIDER SERVICES*TE*8005550100",
        "N1*PE*HARBOR THERAPY*XX*1933333332",
        "N3*102 WHARF ST*FLOOR 2",
        "N4*BOSTON*MA*021100001",
        "REF*TJ*043210003",
        "REF*0B*LIC9",
        "LX*1",
        "CLP*PT-1001*1*150*100*20*HM*ICN1*11*1",
        "NM1*QC*1*RIVERA*JANE****MI*A100000001",
        "REF*G1*AU-PT5",
        "SVC*HC:97110:GP*150*100**3",
        "DTM*472*20260710",
        "CAS*CO*45*30",
        "CAS*PR*3*20",
        "REF*6R*1",
        "AMT*B6*120",
    ]


def test_a_transfer_names_both_accounts() -> None:
    paid = remittance(
        therapy_claim(),
        method="ACH",
        payer_routing="011000015",
        payer_account="123456",
        payee_routing="021000021",
        payee_account_type="SG",
        payee_account="987654",
    )
    assert lines(build_835(paid))[0] == (
        "BPR*I*100*C*ACH*CCP*01*011000015*DA*123456*1990000001**01*021000021*SG*987654*20260717"
    )


@pytest.mark.parametrize("method", ["NON", "CHK", "ACH"])
def test_nothing_paid_is_h_and_non(method: str) -> None:
    denied = therapy_claim(
        paid=D(0),
        patient_responsibility=D(0),
        lines=(therapy_line(paid=D(0), adjustments=(Adjustment("CO", "197", D(150)),), units_paid=D(0)),),
    )
    out = lines(build_835(remittance(denied, method=method)))
    assert out[0] == "BPR*H*0*C*NON************20260717"
    assert out[1] == "TRN*1*EFT1*1990000001"
    assert "CLP*PT-1001*1*150*0**HM*ICN1*11*1" in out
    assert "SVC*HC:97110:GP*150*0**0**3" in out


def test_a_reversal_says_no_patient_responsibility_and_comes_before_its_correction() -> None:
    back = therapy_claim(
        status="22",
        charge=D(-150),
        paid=D(-100),
        patient_responsibility=D(-20),
        lines=(
            therapy_line(
                charge=D(-150),
                paid=D(-100),
                adjustments=(Adjustment("CO", "45", D(-30)), Adjustment("PR", "3", D(-20))),
                allowed=None,
            ),
        ),
    )
    again = therapy_claim(
        frequency="7",
        payer_control_number="ICN2",
        paid=D(0),
        patient_responsibility=D(0),
        lines=(
            therapy_line(paid=D(0), adjustments=(Adjustment("CO", "198", D(150), D(3)),), units_paid=D(0)),
        ),
    )
    carried = ProviderAdjustment("FB", "202607-1", D(-100), date(2026, 12, 31))
    made = remittance(back, again, amount=D(0), provider_adjustments=(carried,))
    out = lines(build_835(made))
    start = out.index("LX*1") + 1
    assert out[start:] == [
        "CLP*PT-1001*22*-150*-100**HM*ICN1*11*1",
        "NM1*QC*1*RIVERA*JANE****MI*A100000001",
        "REF*G1*AU-PT5",
        "SVC*HC:97110:GP*-150*-100**3",
        "DTM*472*20260710",
        "CAS*CO*45*-30",
        "CAS*PR*3*-20",
        "REF*6R*1",
        "CLP*PT-1001*1*150*0**HM*ICN2*11*7",
        "NM1*QC*1*RIVERA*JANE****MI*A100000001",
        "REF*G1*AU-PT5",
        "SVC*HC:97110:GP*150*0**0**3",
        "DTM*472*20260710",
        "CAS*CO*198*150*3",
        "REF*6R*1",
        "AMT*B6*120",
        "PLB*1933333332*20261231*FB:202607-1*-100",
    ]
    assert check_835(build_835(made)) == []


def test_everything_a_claim_can_say_in_order() -> None:
    claim = therapy_claim(
        charge=D(14000),
        paid=D(9500),
        patient_responsibility=D(500),
        drg="470",
        facility_code="11",
        insured=evolve(PATIENT, entity="XX", first_name="JOHN", id="A2"),
        rendering=Party("82", "1", "VEGA", "ROSA", id_qualifier="XX", id="1944444441"),
        corrected_patient=Person(Party("IL", "1", "RIVERA", "JANET", id_qualifier="MI", id="A9")),
        adjustments=(Adjustment("PR", "197", D(500)), Adjustment("CO", "45", D(4000))),
        references=(Reference("1G", "U1"), Reference("G1", "AU-1"), Reference("EA", "MRN")),
        statement=Period("434", date(2026, 7, 1), date(2026, 7, 4)),
        received=date(2026, 7, 6),
        expiration=date(2026, 6, 30),
        coverage=D(10000),
        interest=D("12.50"),
        patient_paid=D("20.00"),
        remarks=("MA67", "N1"),
        lines=(),
    )
    assert claim_texts(claim) == [
        "CLP*PT-1001*1*14000*9500*500*HM*ICN1*11*1**470",
        "CAS*CO*45*4000",
        "CAS*PR*197*500",
        "NM1*QC*1*RIVERA*JANE****MI*A100000001",
        "NM1*IL*1*RIVERA*JOHN****MI*A2",
        "NM1*74*1*RIVERA*JANET****C*A9",
        "NM1*82*1*VEGA*ROSA****XX*1944444441",
        "MOA***MA67*N1",
        "REF*G1*AU-1",
        "REF*EA*MRN",
        "REF*1G*U1",
        "DTM*232*20260701",
        "DTM*233*20260704",
        "DTM*036*20260630",
        "DTM*050*20260706",
        "AMT*AU*10000",
        "AMT*F5*20",
        "AMT*I*12.5",
    ]


def test_the_remarks_of_an_inpatient_stay_go_to_mia() -> None:
    out = claim_texts(therapy_claim(inpatient=True, remarks=("MA67", "N1", "N2", "N3", "N4", "N5")))
    assert "MIA*0****MA67***************N1*N2*N3*N4" in out
    (mia,) = (s.split("*") for s in out if s.startswith("MIA"))
    assert (mia[5], mia[20], mia[23]) == ("MA67", "N1", "N4")


@pytest.mark.parametrize(
    ("changes", "svc"),
    [
        ({}, "SVC*HC:97110:GP*150*100**3"),
        ({"units_paid": D(2)}, "SVC*HC:97110:GP*150*100**2**3"),
        ({"units_paid": D(0)}, "SVC*HC:97110:GP*150*100**0**3"),
        ({"units_billed": None}, "SVC*HC:97110:GP*150*100**3"),
        ({"units_paid": None, "units_billed": D(1)}, "SVC*HC:97110:GP*150*100"),
        ({"units_paid": None, "units_billed": D(2)}, "SVC*HC:97110:GP*150*100****2"),
        ({"revenue_code": "0420"}, "SVC*HC:97110:GP*150*100*0420*3"),
        ({"procedure": None, "revenue_code": "0120"}, "SVC*NU:0120*150*100**3"),
        ({"procedure": Procedure("AD", "D8080", (), "BRACES", "D8090")}, "SVC*AD:D8080*150*100**3"),
        ({"charge": D("150.50"), "paid": D("0.75")}, "SVC*HC:97110:GP*150.5*.75**3"),
    ],
)
def test_the_service_segment(changes: dict[str, Any], svc: str) -> None:
    assert line_texts(therapy_line(**changes))[0] == svc


def test_everything_a_line_can_say_in_order() -> None:
    line = therapy_line(
        period=Period("472", date(2026, 7, 1), date(2026, 7, 3)),
        references=(
            Reference("0K", "POLICY"),
            Reference("HPI", "1944444441"),
            Reference("6R", "L1"),
            Reference("G1", "AU-2"),
        ),
        remarks=("N54", "N362"),
    )
    assert line_texts(line)[1:] == [
        "DTM*150*20260701",
        "DTM*151*20260703",
        "CAS*CO*45*30",
        "CAS*PR*3*20",
        "REF*G1*AU-2",
        "REF*6R*L1",
        "REF*HPI*1944444441",
        "REF*0K*POLICY",
        "AMT*B6*120",
        "LQ*HE*N54",
        "LQ*HE*N362",
    ]
    bare = therapy_line(period=None, adjustments=(), references=(), allowed=None)
    assert line_texts(bare) == ["SVC*HC:97110:GP*150*100**3"]


def test_no_more_numbers_than_the_guide_has_room_for() -> None:
    """A line split over many approvals: eight REF of 2110, five of 2100, and the others beside them."""
    numbers = tuple(Reference("G1", f"AU-{n}") for n in range(12))
    found = [t for t in line_texts(therapy_line(references=(*numbers, Reference("6R", "7")))) if "REF" in t]
    assert found == [*(f"REF*G1*AU-{n}" for n in range(8)), "REF*6R*7"]
    found = [t for t in claim_texts(therapy_claim(references=numbers, lines=())) if "REF" in t]
    assert found == [f"REF*G1*AU-{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("adjustments", "written"),
    [
        ((), []),
        ((("CO", "198", 100, 1), ("CO", "45", 40, None)), ["CAS*CO*45*40**198*100*1"]),
        (
            (("PR", "2", 110, None), ("OA", "23", 1, None), ("PR", "1", 250, None), ("CO", "45", 200, None)),
            ["CAS*CO*45*200", "CAS*OA*23*1", "CAS*PR*1*250**2*110"],
        ),
        (
            (("CO", "B7", 1, None), ("CO", "A1", 2, None), ("CO", "197", 3, None), ("CO", "9", 4, None)),
            ["CAS*CO*9*4**197*3**A1*2**B7*1"],
        ),
        ((("CO", "45", 10, None), ("CO", "45", 5, 2)), ["CAS*CO*45*15*2"]),
        ((("CO", "45", 0, None), ("PR", "3", 5, None), ("PR", "3", -5, None)), []),
        (
            tuple(("CO", str(n), n, None) for n in range(8, 0, -1)),
            ["CAS*CO*1*1**2*2**3*3**4*4**5*5**6*6", "CAS*CO*7*7**8*8"],
        ),
    ],
)
def test_adjustments(adjustments: tuple[tuple[str, str, int, int | None], ...], written: list[str]) -> None:
    values = [
        Adjustment(group, reason, D(amount), None if quantity is None else D(quantity))
        for group, reason, amount, quantity in adjustments
    ]
    assert lines(cas(values)) == written


@pytest.mark.parametrize(
    ("sent", "written"), [("HM", "HM"), ("12", "12"), ("FI", "OF"), ("CI", "ZZ"), ("BL", "ZZ"), ("", "ZZ")]
)
def test_a_filing_indicator_the_835_does_not_know(sent: str, written: str) -> None:
    assert claim_texts(therapy_claim(filing_indicator=sent))[0].split("*")[6] == written


def test_provider_adjustments_by_fiscal_year_six_pairs_each() -> None:
    this, last = date(2026, 12, 31), date(2025, 12, 31)
    found = [ProviderAdjustment("WO", f"R{n}", D(n), this) for n in range(1, 8)]
    found.insert(3, ProviderAdjustment("L6", "ICN1", D("-12.50"), last))
    made = remittance(therapy_claim(), amount=D(100) - 28 + D("12.50"), provider_adjustments=tuple(found))
    assert lines(build_835(made))[-3:] == [
        "PLB*1933333332*20251231*L6:ICN1*-12.5",
        "PLB*1933333332*20261231*WO:R1*1*WO:R2*2*WO:R3*3*WO:R4*4*WO:R5*5*WO:R6*6",
        "PLB*1933333332*20261231*WO:R7*7",
    ]
    assert check_835(build_835(made)) == []


def test_a_payee_without_an_npi_and_a_person() -> None:
    person = evolve(PAYEE, entity_type="1", last_name="LIN", first_name="MEI", id_qualifier="", id="")
    out = lines(build_835(remittance(therapy_claim(), payee=person)))
    at = out.index("N1*PE*LIN MEI*FI*043210003")
    assert out[at + 3] == "REF*0B*LIC9"
    assert "REF*TJ*043210003" not in out


def test_the_payers_contacts() -> None:
    contacts = (
        Contact("BL", "EDI DESK", (("FX", "6175550101"), ("EM", "edi@atlantic.example"))),
        Contact("CX", "CLAIMS", (("TE", "8005550100"), ("EX", "22"))),
    )
    out = lines(build_835(remittance(therapy_claim(), payer=evolve(PAYER, contacts=contacts))))
    at = out.index("PER*CX*CLAIMS*TE*8005550100*EX*22")
    assert out[at + 1] == "PER*BL*EDI DESK*EM*edi@atlantic.example*FX*6175550101"
    for none in ((), (Contact("BL"),)):
        bare = lines(build_835(remittance(therapy_claim(), payer=evolve(PAYER, contacts=none))))
        assert "PER*BL*ATLANTIC HEALTH PLAN" in bare


def test_no_claims_no_lx() -> None:
    carried = ProviderAdjustment("FB", "X", D(0), date(2026, 12, 31))
    out = lines(build_835(remittance(provider_adjustments=(carried,))))
    assert not [s for s in out if s.startswith(("LX", "CLP"))]
    assert out[-1] == "PLB*1933333332*20261231*FB:X*0"


def guide_codes(file: str, element: str) -> set[str]:
    root = ElementTree.parse(GUIDES / file).getroot()
    return {
        code.text or ""
        for found in root.iter("element")
        if found.get("xid") == element
        for code in found.iter("code")
    }


@pytest.mark.parametrize("file", ["837P.X222A1.xml", "837I.X223A2.xml", "837D.X224A2.xml"])
def test_every_filing_indicator_of_an_837_has_one_in_the_835(file: str) -> None:
    known = guide_codes("835.X221A1.xml", "CLP06")
    sent = guide_codes(file, "SBR09")
    assert len(known) > 10
    assert len(sent) > 10
    for code in sent:
        assert claim_texts(therapy_claim(filing_indicator=code))[0].split("*")[6] in known
