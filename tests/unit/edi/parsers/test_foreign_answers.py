"""Answers of other payers: what they say and we do not is carried, and what no field has is kept."""

from datetime import date
from decimal import Decimal

from attrs import evolve

from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.messages.claim import Adjustment, ClaimAcknowledgmentSet
from x12_payer.edi.messages.common import Amount, Contact, Party, Period, Reference, Rejection
from x12_payer.edi.messages.eligibility import EligibilityResponse
from x12_payer.edi.messages.enrollment import MemberEnrollment
from x12_payer.edi.messages.remittance import ClaimGroup, ProviderAdjustment, Remittance
from x12_payer.edi.messages.services_review import ReviewResponse
from x12_payer.edi.parsers.registry import Message, parse

D = Decimal
BLANK = " " * 10
ISA = f"ISA*00*{BLANK}*00*{BLANK}*ZZ*{'PAYER':15}*ZZ*{'CLINIC':15}*260715*0930*^*00501*000000001*0*T*:~"


def read_set(functional_id: str, version: str, set_id: str, body: str) -> list[Message]:
    """The messages of one set; `body` has a segment a line."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    gs = f"GS*{functional_id}*PAYER*CLINIC*20260715*0930*1*X*{version}"
    inner = [
        gs,
        f"ST*{set_id}*0001*{version}",
        *lines,
        f"SE*{len(lines) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    found = list(parse(ISA + "~".join(inner) + "~"))
    return [m for m in found if not isinstance(m, Diagnostic)]


REMITTANCE = """
    BPR*I*500*C*ACH*CTX*01*111000025*DA*9988*1990000001*7*01*222000111*SG*5544*20260715
    TRN*1*T100*1990000001*7
    CUR*PR*USD
    REF*EV*CLEARCO
    DTM*405*20260714
    N1*PR*FAR HEALTH*XV*88888
    N3*1 ROAD
    N4*AKRON*OH*44301
    REF*NF*12345
    PER*CX*CLAIMS*TE*8005550100*EX*12
    PER*BL*DESK*TE*8005550101
    PER*IC**UR*FAR.EXAMPLE
    N1*PE*HILL CLINIC*XX*1234567893
    REF*TJ*043210003
    RDM*OL*HILL*FTP.EXAMPLE
    LX*7
    TS3*1234567893*11*20261231*2*900
    CLP*A1*19*600*400*50*MC*ICN9*13*1**470*1.5*.8
    CAS*CO*45*100*1*131*-2
    CAS*PR*1*50
    NM1*QC*1*LONG*ANN****MI*M1
    NM1*TT*2*NEXT PAYER*****PI*77
    MIA*3***400*MA01***********5
    REF*EA*REC1
    DTM*232*20260601
    DTM*233*20260603
    DTM*009*20260620
    PER*CX**TE*8005550177
    AMT*AU*400
    AMT*D8*12
    QTY*CA*3
    SVC*HC:99213:25::::OFFICE*600*400*0510*2*HC:99214*3
    DTM*150*20260601
    DTM*151*20260602
    REF*LU*11
    AMT*B6*450
    AMT*KH*5
    QTY*ZL*2
    LQ*HE*N362
    LQ*RX*M3
    K3*UNHEARD OF
    PLB*1234567893*20261231*WO:REF1*30*L6*-2
    PLB*9999999999*20261231*FB:REF2*-10
"""


def test_a_remittance_of_another_payer() -> None:
    (read,) = read_set("HP", "005010X221A1", "835", REMITTANCE)
    assert isinstance(read, Remittance)
    assert (read.handling, read.payment_format, read.originator_code, read.currency) == (
        "I",
        "CTX",
        "7",
        "USD",
    )
    assert (read.payer.id_qualifier, read.payer.id, read.payer.reference("NF")) == ("XV", "88888", "12345")
    assert read.payer.contacts[0] == Contact("CX", "CLAIMS", (("TE", "8005550100"), ("EX", "12")))
    assert read.delivery == ("OL", "HILL", "FTP.EXAMPLE")
    sums = (Amount("TS304", D(2)), Amount("TS305", D(900)))
    assert read.groups == (ClaimGroup("7", "1234567893", "11", date(2026, 12, 31), sums),)
    assert read.provider_adjustments == (
        ProviderAdjustment("WO", "REF1", D(30), date(2026, 12, 31)),
        ProviderAdjustment("L6", "", D(-2), date(2026, 12, 31)),
        ProviderAdjustment("FB", "REF2", D(-10), date(2026, 12, 31), "9999999999"),
    )


def test_a_claim_of_it() -> None:
    (read,) = read_set("HP", "005010X221A1", "835", REMITTANCE)
    assert isinstance(read, Remittance)
    (claim,) = read.claims
    assert claim.adjustments == (
        Adjustment("CO", "45", D(100), D(1)),
        Adjustment("CO", "131", D(-2)),
        Adjustment("PR", "1", D(50)),
    )
    assert (claim.group, claim.drg_weight, claim.discharge_fraction) == ("7", D("1.5"), D("0.8"))
    assert claim.crossover == Party("TT", "2", "NEXT PAYER", id_qualifier="PI", id="77")
    assert claim.adjudication == (Amount("MIA01", D(3)), Amount("MIA04", D(400)), Amount("MIA16", D(5)))
    assert (claim.remarks, claim.inpatient) == (("MA01",), True)
    assert claim.periods == (Period("009", date(2026, 6, 20), date(2026, 6, 20)),)
    assert (claim.coverage, claim.amounts, claim.quantities) == (
        D(400),
        (Amount("D8", D(12)),),
        (Amount("CA", D(3)),),
    )
    (line,) = claim.lines
    assert line.procedure is not None
    assert line.procedure_billed is not None
    assert (line.procedure.modifiers, line.procedure.description) == (("25",), "OFFICE")
    assert (line.procedure_billed.code, line.units_billed, line.revenue_code) == ("99214", D(3), "0510")
    assert line.period == Period("472", date(2026, 6, 1), date(2026, 6, 2), "RD8")
    assert (line.amounts, line.quantities) == ((Amount("KH", D(5)),), (Amount("ZL", D(2)),))
    assert line.other_remarks == (Reference("RX", "M3"),)
    assert line.other == (("K3", "UNHEARD OF"),)


def test_what_the_835_builder_works_out() -> None:
    """Sums of equal reasons in order, no CLP05 in a reversal, NON for nothing, the payer's id in REF*2U."""
    (read,) = read_set("HP", "005010X221A1", "835", REMITTANCE)
    assert isinstance(read, Remittance)
    twice = (Adjustment("PR", "1", D(20)), Adjustment("CO", "45", D(5)), Adjustment("PR", "1", D(30)))
    claim = evolve(read.claims[0], status="22", adjustments=twice)
    payer = evolve(read.payer, id_qualifier="PI", references=(), contacts=())
    sent = evolve(read, claims=(claim,), payer=payer, handling="", payment_format="", amount=D(0))
    written = lines(build_835(sent))
    assert written[0] == "BPR*H*0*C*NON************20260715"
    assert [s for s in written if s.startswith("CAS")] == ["CAS*CO*45*5", "CAS*PR*1*50"]
    assert "CLP*A1*22*600*400**MC*ICN9*13*1**470*1.5*.8" in written
    assert {"REF*2U*88888", "PER*BL*FAR HEALTH"} <= set(written)


BENEFITS = """
    BHT*0022*11*REF1*20260715*0930
    HL*1**20*1
    NM1*PR*2*FAR HEALTH*****PI*88888
    PER*IC*DESK*TE*8005550100
    HL*2*1*21*1
    NM1*1P*2*HILL CLINIC*****XX*1234567893
    HL*3*2*22*1
    TRN*2*ASKED1*9CLINIC
    TRN*1*OURS1*9PAYER
    NM1*IL*1*LONG*ANN****MI*M1
    REF*6P*GRP1*ACME
    N4*AKRON*OH*44301***CY*COUNTY
    INS*Y*18*001*25
    HL*4*3*23*0
    NM1*03*1*LONG*BO
    DMG*D8*20150102*M
    INS*N*19
    HI*ABK:J45909
    DTP*346*D8*20260101
    EB*C*IND*30^98*HM*GOLD*23*500*.2*VS*12*Y*W*HC:99213:25*1:2
    HSD*VS*12***26
    HSD*****34
    REF*9F*R1
    DTP*348*RD8*20260101-20261231
    AAA*Y**15*N
    MSG*CALL FIRST
    III*ZZ*11
    III*GR*X1
    LS*2120
    NM1*P3*1*KIND*EVA****XX*1234567893
    PER*IC**TE*8005550199
    PRV*PC*PXC*207Q00000X
    LE*2120
"""


def test_benefits_of_another_payer() -> None:
    (read,) = read_set("HB", "005010X279A1", "271", BENEFITS)
    assert isinstance(read, EligibilityResponse)
    (answer,) = read.answers
    assert (answer.group_number, answer.subscriber_corrected, answer.dependent_corrected) == (
        "GRP1",
        True,
        False,
    )
    assert [t.reference for t in answer.inquiry.subscriber_traces] == ["ASKED1"]
    assert answer.dependent is not None
    assert (answer.dependent.birth_date, answer.diagnoses[0].code) == (date(2015, 1, 2), "J45909")
    (benefit,) = answer.benefits
    assert (benefit.service_types, benefit.percent, benefit.diagnosis_pointers) == (
        ("30", "98"),
        D("0.2"),
        ("1", "2"),
    )
    assert (benefit.quantities[0].value, benefit.place_of_service) == (D(12), "11")
    assert benefit.additional == (Reference("GR", "X1"),)
    assert benefit.rejections == (Rejection("Y", "15", "N"),)
    assert (benefit.related[0].taxonomy, benefit.related[0].contacts[0].numbers) == (
        "207Q00000X",
        (("TE", "8005550199"),),
    )
    assert benefit.other == (("HSD", "", "", "", "", "34"),)
    assert ("N4", "AKRON", "OH", "44301", "", "", "CY", "COUNTY") in answer.other


def test_what_the_271_builder_leaves_out() -> None:
    """What has no field is kept in the message and not written; the rest comes back as it was."""
    (read,) = read_set("HB", "005010X279A1", "271", BENEFITS)
    assert isinstance(read, EligibilityResponse)
    assert read.header.created is not None
    came = [line.strip() for line in BENEFITS.splitlines() if line.strip()]
    written = lines(build_271(read, read.header.created))
    assert [s for s in came if s not in written] == [
        "TRN*1*OURS1*9PAYER",
        "REF*6P*GRP1*ACME",
        "N4*AKRON*OH*44301***CY*COUNTY",
        "HSD*****34",
    ]


def test_a_batch_refused_as_a_whole() -> None:
    (read,) = read_set(
        "HN",
        "005010X214",
        "277",
        """
        BHT*0085*08*B1*20260715*0930*TH
        HL*1**20*1
        NM1*AY*2*CLEARING HOUSE*****46*CH1
        TRN*1*B1-PAYER
        DTP*050*D8*20260714
        DTP*009*D8*20260715
        HL*2*1*21*0
        NM1*41*2*HILL BILLING*****46*S1
        TRN*2*BATCH7
        STC*A3:24:41*20260715*U*1500.7******A3:116:PR*A8:21*NOT OURS
        QTY*AA*3
        AMT*YY*1500.7
        """,
    )
    assert isinstance(read, ClaimAcknowledgmentSet)
    assert (read.claims, read.payer.entity, read.payer_trace) == ((), "AY", "B1-PAYER")
    assert read.claim_set.header.reference == "BATCH7"
    assert read.batch is not None
    (said,) = read.batch.information
    assert [(s.category, s.code, s.entity) for s in said.statuses] == [
        ("A3", "24", "41"),
        ("A3", "116", "PR"),
        ("A8", "21", ""),
    ]
    assert (said.action, said.charge, said.message) == ("U", D("1500.7"), "NOT OURS")
    assert (read.batch.quantities, read.batch.amounts) == (
        (Amount("AA", D(3)),),
        (Amount("YY", D("1500.7")),),
    )


def test_a_decision_with_a_contact_and_an_ambulance() -> None:
    (read,) = read_set(
        "HI",
        "005010X217",
        "278",
        """
        BHT*0007*11*R1*20260715*0930*19
        HL*1**20*1
        NM1*X3*2*FAR HEALTH*****PI*88888
        HL*2*1*21*1
        NM1*1P*1*KIND*EVA****XX*1234567893
        AAA*N**51*C
        HL*3*2*22*1
        NM1*IL*1*LONG*ANN****MI*M1
        HL*4*3*EV*0
        TRN*2*ASKED*9CLINIC
        TRN*1*OURS*9PAYER
        UM*HS*I*56*41:B**E
        HCR*A4**0V*Y
        CR1***I
        NM1*L5*2*RECORDS DESK
        NM1*PW*2
        N3*1 ROAD
        NM1*77*2*HOSPITAL*****XX*1234567893
        AAA*N**44*C
        """,
    )
    assert isinstance(read, ReviewResponse)
    (decision,) = read.decisions
    assert decision.pended
    assert decision.requester_rejections == (Rejection("N", "51", "C"),)
    assert (decision.own_traces[0].reference, decision.review.traces[0].reference) == ("OURS", "ASKED")
    assert decision.certification is not None
    assert decision.certification.second_opinion == "Y"
    assert [p.entity for p in decision.review.providers] == ["77"]
    assert decision.provider_rejections == ((Rejection("N", "44", "C"),),)
    assert [s[0] for s in decision.other] == ["CR1", "NM1", "NM1", "N3"]


def test_members_of_a_sponsor() -> None:
    found = read_set(
        "BE",
        "005010X220A1",
        "834",
        """
        BGN*00*F1*20260715*0930*PT***2
        REF*38*POL1
        DTP*007*D8*20260801
        QTY*TO*2
        N1*P5*ACME*FI*043210003
        N1*IN*FAR HEALTH*XV*88888
        N1*TV*BROKER*FI*111111111
        ACT*55
        INS*Y*18*021*20*A*C:1**FT
        REF*0F*S1
        DTP*336*D8*20260701
        NM1*IL*1*LONG*ANN****34*123456789
        PER*IP**HP*6035550100
        N3*1 ROAD
        N4*AKRON*OH*44301**CY*03
        DMG*D8*19800102*F*M
        LUI***SPANISH*7
        HLH*N
        NM1*36*2*ACME EAST
        HD*021**HMO*GOLD*FAM
        DTP*348*D8*20260801
        AMT*P3*12.5
        LX*1
        NM1*P3*1*KIND*EVA****XX*1234567893*25
        COB*S*X9*1
        REF*60*Y
        LS*2700
        LX*1
        N1*75*DIVISION
        REF*ZZ*NORTH
        LE*2700
        INS*N*19*024*07*A
        REF*0F*S1
        NM1*74*1*LONG*BO
        HD*024**HMO
        DTP*349*D8*20260831
        """,
    )
    first, second = found
    assert isinstance(first, MemberEnrollment)
    assert isinstance(second, MemberEnrollment)
    assert first.header is second.header
    assert (first.header.sponsor.last_name, first.header.policy, first.header.action) == ("ACME", "POL1", "2")
    assert first.header.other == (("ACT", "55"),)
    assert (first.subscriber, first.medicare, first.employment) == (True, ("C", "1"), "FT")
    assert (first.subscriber_number, second.subscriber_number, second.relationship) == ("S1", "S1", "19")
    assert (first.languages[0].words, first.marital_status) == ("SPANISH", "M")
    (coverage,) = first.coverages
    assert (coverage.plan, coverage.begin, coverage.amounts) == (
        "GOLD",
        date(2026, 8, 1),
        (Amount("P3", D("12.5")),),
    )
    assert (coverage.providers[0].npi, coverage.other_insurance[0].policy) == ("1234567893", "X9")
    assert first.categories[0].reference == Reference("ZZ", "NORTH")
    assert second.coverages[0].end == date(2026, 8, 31)
    assert {s[0] for s in first.other} == {"HLH", "N4"}
    assert [s[0] for s in coverage.other] == ["NM1"]
