"""Answers → 277."""

from datetime import date, datetime
from decimal import Decimal

from attrs import evolve

from tests.worlds.text.bodies import loop_segments
from tests.worlds.text.outbound import lines, text
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    ClaimStatusRequest,
    ClaimStatusResponse,
    LineStatus,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import Contact, Party, Period, Procedure, Reference
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

CREATED = datetime(2026, 8, 6, 9, 0)
DAY = date(2026, 8, 6)
PAYER = Party(
    "PR", "2", "ATLANTIC", id_qualifier="PI", id="ATL01", contacts=(Contact("IC", "DESK", (("TE", "8"),)),)
)
REQUEST = """
BHT*0010*13*S1*20260806*0900
HL*1**20*1
NM1*PR*2*AS SENT*****PI*P1
HL*2*1*21*1
NM1*41*2*CLEARING*****46*C1
HL*3*2*19*1
NM1*1P*2*CLINIC*****XX*1922222223
HL*4*3*22*1
DMG*D8*19751130*M
NM1*IL*1*HADDAD*OMAR****MI*A3
TRN*1*OWN-1
REF*EJ*C-1
HL*5*4*23
DMG*D8*20100101*F
NM1*QC*1*HADDAD*LEA
TRN*1*DEP-1
HL*6*2*19*1
NM1*1P*2*OTHER*****XX*1988888883
HL*7*6*22*0
DMG*D8*19600101*M
NM1*IL*1*NOVAK*PAUL****MI*A6
TRN*1*THIRD
"""


def request(body: str = REQUEST) -> ClaimStatusRequest:
    return parse_276(loop_segments("276", body), DEFAULT_DELIMITERS, "005010X212")


def build(*answers: ClaimStatusAnswer) -> list[str]:
    return lines(build_277(ClaimStatusResponse(request().header, PAYER, answers), CREATED))


def status(*codes: tuple[str, ...]) -> StatusInformation:
    return StatusInformation(tuple(Status(*c) for c in codes), DAY)


def answer(inquiry: ClaimInquiry, *claims: ClaimStatusClaim) -> ClaimStatusAnswer:
    return ClaimStatusAnswer(inquiry, claims=claims or (ClaimStatusClaim((status(("D0", "35")),)),))


def day(number: int, qualifier: str = "472") -> Period:
    return Period(qualifier, date(2026, 7, number), date(2026, 7, number))


PAID = ClaimStatusClaim(
    information=(
        StatusInformation(
            (Status("F1", "65"),),
            DAY,
            Decimal("2100.00"),
            Decimal(1650),
            date(2026, 7, 15),
            date(2026, 7, 16),
            "TRACE1",
        ),
    ),
    references=(
        Reference("EJ", "C-1"),
        Reference("D9", "N1"),
        Reference("LU", "never"),
        Reference("1K", "ICN1", "never"),
        Reference("BLT", "111"),
    ),
    period=Period("434", date(2026, 7, 10), date(2026, 7, 12), "RD8", "20260710-20260712"),
    lines=(
        LineStatus(
            (status(("F1", "65")),),
            Decimal(1500),
            Decimal(1200),
            Procedure("HC", "81432", ("26",), "not written"),
            units=Decimal(2),
            line_control_number="L1",
            period=day(10),
        ),
        LineStatus((status(("F1", "65")),), Decimal(600), Decimal(450), revenue_code="0120"),
        LineStatus(
            (status(("F2", "84"), ("F2", "252")),),
            Decimal(10),
            Decimal(0),
            Procedure("HC", "G0299"),
            revenue_code="0551",
            units=Decimal(1),
            period=Period("472", date(2026, 7, 11), date(2026, 7, 11), "DT", "202607111030"),
        ),
    ),
)


def test_whole_answer() -> None:
    own, dependent, third = request().inquiries
    built = build(answer(own, PAID, PAID), answer(dependent), answer(third))
    claim = text("""
        TRN*2*OWN-1
        STC*F1:65*20260806**2100*1650*20260715**20260716*TRACE1
        REF*1K*ICN1
        REF*BLT*111
        REF*EJ*C-1
        REF*D9*N1
        DTP*472*RD8*20260710-20260712
        SVC*HC:81432:26*1500*1200****2
        STC*F1:65*20260806
        REF*FJ*L1
        DTP*472*D8*20260710
        SVC*NU:0120*600*450****1
        STC*F1:65*20260806
        DTP*472*RD8*20260710-20260712
        SVC*HC:G0299*10*0*0551***1
        STC*F2:84*20260806********F2:252
        DTP*472*D8*20260711
    """)
    assert built == [
        *text("""
            BHT*0010*08*S1*20260806*0900*DG
            HL*1**20*1
            NM1*PR*2*ATLANTIC*****PI*ATL01
            PER*IC*DESK*TE*8
            HL*2*1*21*1
            NM1*41*2*CLEARING*****46*C1
            HL*3*2*19*1
            NM1*1P*2*CLINIC*****XX*1922222223
            HL*4*3*22*1
            NM1*IL*1*HADDAD*OMAR****MI*A3
        """),
        *claim,
        *claim,
        *text("""
            HL*5*4*23
            NM1*QC*1*HADDAD*LEA
            TRN*2*DEP-1
            STC*D0:35*20260806
            HL*6*2*19*1
            NM1*1P*2*OTHER*****XX*1988888883
            HL*7*6*22*0
            NM1*IL*1*NOVAK*PAUL****MI*A6
            TRN*2*THIRD
            STC*D0:35*20260806
        """),
    ]


def test_receiver_status_stops_there() -> None:
    built = build(
        *(
            evolve(
                answer(i),
                receiver_status=status(("E0", "0", "41")),
                provider_status=status(("E0", "24", "1P")),
            )
            for i in request().inquiries
        )
    )
    assert built[4:] == text("""
        HL*2*1*21*0
        NM1*41*2*CLEARING*****46*C1
        TRN*2*S1
        STC*E0:0:41*20260806
    """)


def test_provider_status_stops_there_and_the_next_provider_is_answered() -> None:
    own, dependent, third = request().inquiries
    unknown = StatusInformation((Status("E0", "24", "1P"),), DAY, Decimal(5), Decimal(5))
    built = build(
        evolve(answer(own), provider_status=unknown),
        evolve(answer(dependent), provider_status=unknown),
        answer(third),
    )
    assert built[4:] == text("""
        HL*2*1*21*1
        NM1*41*2*CLEARING*****46*C1
        HL*3*2*19*0
        NM1*1P*2*CLINIC*****XX*1922222223
        TRN*1*S1
        STC*E0:24:1P*20260806
        HL*4*2*19*1
        NM1*1P*2*OTHER*****XX*1988888883
        HL*5*4*22*0
        NM1*IL*1*NOVAK*PAUL****MI*A6
        TRN*2*THIRD
        STC*D0:35*20260806
    """)


def test_unknown_subscriber_is_said_at_the_claim() -> None:
    third = request().inquiries[2]
    built = build(answer(third, ClaimStatusClaim((status(("E0", "33", "IL")),))))
    assert built[-2:] == ["TRN*2*THIRD", "STC*E0:33:IL*20260806"]


def test_a_missing_trace_is_answered_with_zero() -> None:
    third = request().inquiries[2]
    assert build(answer(evolve(third, trace=None)))[-2:] == ["TRN*2*0", "STC*D0:35*20260806"]


def test_more_statuses_than_one_stc_can_hold() -> None:
    third = request().inquiries[2]
    many = StatusInformation(tuple(Status("F2", str(n)) for n in range(1, 5)), DAY, Decimal(9), Decimal(0))
    built = build(answer(third, ClaimStatusClaim((many,))))
    assert built[-2:] == ["STC*F2:1*20260806**9*0*****F2:2*F2:3", "STC*F2:4*20260806"]


def test_only_a_dependent_is_asked_about() -> None:
    dependent = request().inquiries[1]
    built = build(answer(dependent))
    assert built[8:] == text("""
        HL*4*3*22*1
        NM1*IL*1*HADDAD*OMAR****MI*A3
        HL*5*4*23
        NM1*QC*1*HADDAD*LEA
        TRN*2*DEP-1
        STC*D0:35*20260806
    """)
