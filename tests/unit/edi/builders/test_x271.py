"""Answers → 271."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.text.bodies import loop_segments
from tests.worlds.text.outbound import lines, text
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.messages.common import (
    Address,
    Contact,
    Party,
    Period,
    Person,
    Procedure,
    Reference,
    Rejection,
)
from x12_payer.edi.messages.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityResponse,
)
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

CREATED = datetime(2026, 7, 6, 12, 5)
PAYER = Party("PR", "2", "ATLANTIC", id_qualifier="PI", id="ATL01")
REQUEST = """
BHT*0022*13*Q1*20260706*1015
HL*1**20*1
NM1*PR*2*AS SENT*****PI*P1
HL*2*1*21*1
NM1*1P*1*LIN*MEI****XX*1911111114
REF*EO*77
N3*1 ROAD
N4*BOSTON*MA*02110
PRV*PE*PXC*207Q00000X
HL*3*2*22*1
TRN*1*T-1*9CLEARCO01
TRN*1*T-2*9TRACER001*UNIT
NM1*IL*1*RIVERA*JANE****MI*A1
REF*6P*OLDGROUP
REF*EA*44
N3*1 ELM
N4*SALEM*MA*01970
DMG*D8*19800315*F
EQ*30
HL*4*3*23*0
TRN*1*T-3*9CLEARCO01
NM1*03*1*RIVERA*LUIS
DMG*D8*20120101*M
INS*N*34
EQ*98
HL*5*2*22*0
NM1*IL*1*NOVAK*PAUL****MI*A6
EQ*33
"""


def inquiries(body: str = REQUEST) -> tuple[EligibilityInquiry, ...]:
    return parse_270(loop_segments("270", body), DEFAULT_DELIMITERS, "005010X279A1").inquiries


def build(*answers: EligibilityAnswer) -> list[str]:
    header = parse_270(loop_segments("270", REQUEST), DEFAULT_DELIMITERS, "005010X279A1").header
    return lines(build_271(EligibilityResponse(header, answers), CREATED))


def test_three_patients_share_the_levels_they_shared() -> None:
    jane, luis, paul = (EligibilityAnswer(i, PAYER) for i in inquiries())
    built = build(
        evolve(
            jane,
            group_number="GRP1",
            periods=(Period("346", date(2026, 1, 1), date(2026, 1, 1)),),
            benefits=(Benefit("1", "IND", ("30",), "HM", "PLAN"),),
        ),
        evolve(luis, benefits=(Benefit("1", "IND", ("98",), "HM"),)),
        evolve(paul, benefits=(Benefit("6", "IND", ("33",), "HM"),)),
    )
    assert built == text("""
        BHT*0022*11*Q1*20260706*1205
        HL*1**20*1
        NM1*PR*2*ATLANTIC*****PI*ATL01
        HL*2*1*21*1
        NM1*1P*1*LIN*MEI****XX*1911111114
        REF*EO*77
        N3*1 ROAD
        N4*BOSTON*MA*02110
        PRV*PE*PXC*207Q00000X
        HL*3*2*22*1
        TRN*2*T-1*9CLEARCO01
        TRN*2*T-2*9TRACER001*UNIT
        NM1*IL*1*RIVERA*JANE****MI*A1
        REF*6P*GRP1
        REF*EA*44
        N3*1 ELM
        N4*SALEM*MA*01970
        DMG*D8*19800315*F
        DTP*346*D8*20260101
        EB*1*IND*30*HM*PLAN
        HL*4*3*23*0
        TRN*2*T-3*9CLEARCO01
        NM1*03*1*RIVERA*LUIS
        DMG*D8*20120101*M
        INS*N*G8
        EB*1*IND*98*HM
        HL*5*2*22*0
        NM1*IL*1*NOVAK*PAUL****MI*A6
        EB*6*IND*33*HM
    """)


def test_a_benefit_in_the_order_of_the_guide() -> None:
    long_text = "word " * 120
    benefit = Benefit(
        information="F",
        coverage_level="IND",
        service_types=("PT", "AD"),
        insurance_type="HM",
        plan_description="PLAN",
        time_period="23",
        amount=Decimal("20.50"),
        percent=Decimal("0.2"),
        quantity_qualifier="VS",
        quantity=Decimal("60"),
        authorization="Y",
        in_network="W",
        procedure=Procedure("HC", "97110", ("GP",), "not written", "97112"),
        periods=(Period("348", date(2026, 1, 1), date(2026, 12, 31)),),
        messages=("Short", long_text),
        place_of_service="22",
        related=(
            Party(
                "P3",
                "1",
                "LIN",
                "MEI",
                id_qualifier="XX",
                id="1911111114",
                address=Address(("1 ROAD",), "BOSTON", "MA", "02110"),
                contacts=(Contact("IC", "", (("TE", "617"),)),),
                provider_code="PC",
                taxonomy="207Q00000X",
            ),
            Party("PR", "2", "OTHER"),
        ),
        references=(Reference("G1", "AU1"),),
        rejections=(Rejection("N", "33", "C"),),
    )
    (_, _, paul) = inquiries()
    built = build(EligibilityAnswer(paul, PAYER, benefits=(benefit, Benefit("L"))))
    start = built.index("EB*F*IND*PT^AD*HM*PLAN*23*20.5*.2*VS*60*Y*W*HC:97110:GP:::::97112")
    assert built[start + 1 : start + 4] == ["REF*G1*AU1", "DTP*348*RD8*20260101-20261231", "AAA*N**33*C"]
    texts = [line[4:] for line in built if line.startswith("MSG*")]
    assert texts[0] == "Short"
    assert " ".join(texts[1:]) == long_text.strip()
    assert len(texts) == 4
    assert max(map(len, texts)) <= 264
    assert built[start + 8 :] == text("""
        III*ZZ*22
        LS*2120
        NM1*P3*1*LIN*MEI****XX*1911111114
        N3*1 ROAD
        N4*BOSTON*MA*02110
        PER*IC**TE*617
        PRV*PC*PXC*207Q00000X
        NM1*PR*2*OTHER
        LE*2120
        EB*L
    """)


def test_more_text_than_ten_messages_can_hold_is_cut() -> None:
    (_, _, paul) = inquiries()
    benefit = Benefit("D", messages=tuple(f"text {n}" for n in range(14)))
    built = build(EligibilityAnswer(paul, PAYER, benefits=(benefit,)))
    assert [line for line in built if line.startswith("MSG")] == [f"MSG*text {n}" for n in range(10)]


GENERAL: Any = (Rejection("N", "72", "C"), Rejection("N", "71", "C"))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("source_rejections", ["NM1*PR*2*AS SENT*****PI*P1", "AAA*N**72*C", "AAA*N**71*C"]),
        (
            "receiver_rejections",
            ["N4*BOSTON*MA*02110", "AAA*N**72*C", "AAA*N**71*C", "PRV*PE*PXC*207Q00000X"],
        ),
        ("subscriber_rejections", ["N4*SALEM*MA*01970", "AAA*N**72*C", "AAA*N**71*C", "DMG*D8*19800315*F"]),
    ],
)
def test_a_rejection_stops_what_is_below_and_discloses_nothing(field: str, expected: list[str]) -> None:
    jane, luis, _ = inquiries()
    on_file = Person(
        Party("IL", "1", "SECRET", "NAME", id_qualifier="MI", id="A1"), date(1999, 1, 1), "M", "18"
    )
    answers = [
        evolve(
            EligibilityAnswer(i, PAYER),
            subscriber=on_file,
            group_number="SECRETGROUP",
            periods=(Period("346", date(2026, 1, 1), date(2026, 1, 1)),),
            benefits=(Benefit("1", "IND", ("30",)),),
            **{field: GENERAL},
        )
        for i in (jane, luis)
    ]
    built = build(*answers)
    start = built.index(expected[0])
    assert built[start : start + len(expected)] == expected
    assert start + len(expected) == len(built)
    assert not any("SECRET" in line or line.startswith(("EB", "DTP")) for line in built)
    assert [line[-1] for line in built if line.startswith("HL")][-1] == "0"


def test_an_unknown_dependent_is_rejected_below_the_subscriber() -> None:
    _, luis, _ = inquiries()
    built = build(
        evolve(
            EligibilityAnswer(luis, PAYER),
            dependent_rejections=(Rejection("N", "67", "C"),),
            benefits=(Benefit("1"),),
            group_number="GRP1",
        )
    )
    assert built[-6:] == text("""
        HL*4*3*23*0
        TRN*2*T-3*9CLEARCO01
        NM1*03*1*RIVERA*LUIS
        AAA*N**67*C
        DMG*D8*20120101*M
        INS*N*G8
    """)
    assert "REF*6P*GRP1" not in built
    assert "TRN*2*T-1*9CLEARCO01" not in built


def test_one_rejected_patient_leaves_the_other_answered() -> None:
    jane, _, paul = inquiries()
    built = build(
        evolve(EligibilityAnswer(jane, PAYER), subscriber_rejections=GENERAL),
        evolve(EligibilityAnswer(paul, PAYER), benefits=(Benefit("1"),)),
    )
    assert [line for line in built if line.startswith(("HL", "AAA", "EB"))] == text("""
        HL*1**20*1
        HL*2*1*21*1
        HL*3*2*22*0
        AAA*N**72*C
        AAA*N**71*C
        HL*4*2*22*0
        EB*1
    """)


@pytest.mark.parametrize(
    ("sent", "on_file", "expected"),
    [
        ({}, {}, []),
        ({"last_name": "rivera"}, {}, []),
        ({"last_name": ""}, {}, []),
        ({"last_name": "RIVERA JR"}, {}, ["INS*Y*18*001*25"]),
        ({"first_name": "JAN"}, {}, ["INS*Y*18*001*25"]),
        ({}, {"gender": "M"}, ["INS*Y*18*001*25"]),
        ({}, {"birth_date": date(1980, 3, 16)}, ["INS*Y*18*001*25"]),
        ({}, {"relationship": "18"}, []),
    ],
)
def test_data_answered_other_than_sent_are_marked(
    sent: dict[str, Any], on_file: dict[str, Any], expected: list[str]
) -> None:
    jane = inquiries()[0]
    person = jane.subscriber
    asked = evolve(jane, subscriber=evolve(person, party=evolve(person.party, **sent)))
    built = build(EligibilityAnswer(asked, PAYER, subscriber=evolve(person, **on_file)))
    assert [line for line in built if line.startswith("INS")] == expected


def test_relationship_and_birth_as_sent() -> None:
    jane = inquiries()[0]
    asked = evolve(jane, subscriber=evolve(jane.subscriber, relationship="18", birth_date=None))
    built = build(EligibilityAnswer(asked, PAYER))
    assert built[-2:] == ["DMG***F", "INS*Y*18"]


def test_an_id_on_file_is_not_written_for_a_dependent() -> None:
    luis = inquiries()[1]
    on_file = Person(
        Party("IL", "1", "RIVERA", "LUIS", id_qualifier="MI", id="A2"), date(2012, 1, 1), "M", "19"
    )
    built = build(EligibilityAnswer(luis, PAYER, dependent=on_file))
    assert "NM1*03*1*RIVERA*LUIS" in built
    assert "INS*N*19" in built


def test_inquiries_without_levels_never_share_one() -> None:
    jane, _, paul = (evolve(i, levels=()) for i in inquiries())
    built = build(EligibilityAnswer(jane, PAYER), EligibilityAnswer(paul, PAYER))
    assert [line for line in built if line.startswith("HL")] == text("""
        HL*1**20*1
        HL*2*1*21*1
        HL*3*2*22*0
        HL*4**20*1
        HL*5*4*21*1
        HL*6*5*22*0
    """)


def test_traces_of_a_subscriber_above_a_dependent_come_back_where_they_were() -> None:
    body = REQUEST.replace("EQ*30\n", "")
    luis, _ = inquiries(body)
    built = build(EligibilityAnswer(luis, PAYER))
    assert [line for line in built if line.startswith(("HL", "TRN"))] == text("""
        HL*1**20*1
        HL*2*1*21*1
        HL*3*2*22*1
        TRN*2*T-1*9CLEARCO01
        TRN*2*T-2*9TRACER001*UNIT
        HL*4*3*23*0
        TRN*2*T-3*9CLEARCO01
    """)


def test_a_trace_of_a_dependent_comes_back_where_the_answer_ends() -> None:
    body = REQUEST.replace("EQ*30\n", "").replace("TRN*1*T-2*9TRACER001*UNIT\n", "")
    luis, _ = inquiries(body)
    built = build(EligibilityAnswer(luis, PAYER, subscriber_rejections=(Rejection("N", "72", "C"),)))
    assert [line for line in built if line.startswith(("HL", "TRN", "AAA"))] == text("""
        HL*1**20*1
        HL*2*1*21*1
        HL*3*2*22*0
        TRN*2*T-1*9CLEARCO01
        TRN*2*T-3*9CLEARCO01
        AAA*N**72*C
    """)
