"""Decisions → 278 responses."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.text.bodies import loop_segments
from tests.worlds.text.outbound import lines, text
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.messages.common import Attachment, Contact, Party, Period, Quantity, Reference, Rejection
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewDecision,
    ReviewRequest,
    ReviewResponse,
    ServiceDecision,
    ServicesReview,
)
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

CREATED = datetime(2026, 7, 6, 12, 0)
PAYER = Party("PR", "2", "ATLANTIC", id_qualifier="PI", id="ATL01")
REQUEST = """
BHT*0007*13*R1*20260706*1100
HL*1**20*1
NM1*X3*2*AS SENT*****PI*P1
HL*2*1*21*1
NM1*1P*1*LIN*MEI****XX*1911111114
REF*ZH*55
N3*1 NOT ECHOED
PER*IC**TE*6175550111
PRV*PE*PXC*207Q00000X
HL*3*2*22*1
NM1*IL*1*RIVERA*JANE****MI*A1
REF*6P*GRP1
N3*1 ELM
N4*SALEM*MA*01970
DMG*D8*19800315*F
INS*Y*18
HL*4*3*EV*1
TRN*1*PA-1*9CLEARCO01
TRN*2*THEIRS*9CLEARCO01
UM*AR*I*2*21:B*AA*U***Y*3
REF*BB*AU0
DTP*435*D8*20260715
HI*ABK:M1711:D8:20260601*ABF:I10
HSD*DY*7
CL1*3**30
PWK*77*FX***AC*ATT-1
MSG*their text
NM1*FA*2*HOUSE*****XX*1988888883
REF*1J*9
N3*1 ROAD
N4*BOSTON*MA*02110
PER*IC*DESK*TE*617
PRV*PE*PXC*282N00000X
HL*5*4*SS*0
TRN*1*S-1*9CLEARCO01
UM*HS*I*2
REF*BB*AU9
DTP*472*D8*20260715
SV1*HC:27447:LT*900*UN*2
HSD*VS*4
NM1*1T*1*DOE*JO****XX*1922222223
HL*6*4*SS*0
SV2*0120*HC:27447*900*DA*3
HL*7*4*SS*0
SV3*AD:D8080*4000**10:20**1
TOO*JP*8*M:O
TOO*JP*9
"""


def request(body: str = REQUEST, version: str = "005010X217") -> ReviewRequest:
    return parse_278(loop_segments("278", body), DEFAULT_DELIMITERS, version)


def build(*decisions: ReviewDecision, asked: ReviewRequest | None = None, payer: Party = PAYER) -> list[str]:
    asked = asked or request()
    return lines(build_278(ReviewResponse(asked.header, asked.kind, payer, decisions), CREATED))


def day(qualifier: str, month: int, number: int) -> Period:
    return Period(qualifier, date(2026, month, number), date(2026, month, number))


def decide(review: ServicesReview, action: str, reason: str = "") -> ReviewDecision:
    """Everything decided alike."""
    certification = Certification(action, "AU1" if action in ("A1", "A6") else "", reason)
    services = tuple(ServiceDecision(s, certification) for s in review.services)
    return ReviewDecision(review, certification=certification, services=services)


def test_whole_answer() -> None:
    (review,) = request().reviews
    one, two, three = review.services
    decision = ReviewDecision(
        review,
        certification=Certification("A6", "AU1"),
        quantity=Quantity("DY", Decimal(5)),
        periods=(day("007", 7, 6), day("036", 9, 4), day("102", 7, 6)),
        references=(Reference("NT", "CASE1"),),
        attachments=(Attachment("77", "FX", "C1"), Attachment("DA", "EL")),
        messages=("Decided.", "In part."),
        contact=Contact("IC", "VENDOR", (("TE", "800"),)),
        services=(
            ServiceDecision(
                one,
                Certification("A6", "AU1"),
                units=Decimal(1),
                unit="VS",
                periods=(day("036", 9, 4), day("007", 7, 6), day("102", 7, 6)),
                references=(Reference("NT", "CASE2"),),
            ),
            ServiceDecision(
                two,
                Certification("A3", "", "0V"),
                (Rejection("N", "33"),),
                procedure=one.procedure,
                messages=("No.",),
            ),
            ServiceDecision(three, Certification("A1", "AU1")),
        ),
    )
    assert build(decision) == text("""
        BHT*0007*11*R1*20260706*1200*18
        HL*1**20*1
        NM1*X3*2*ATLANTIC*****PI*ATL01
        PER*IC*VENDOR*TE*800
        HL*2*1*21*1
        NM1*1P*1*LIN*MEI****XX*1911111114
        REF*ZH*55
        PRV*PE*PXC*207Q00000X
        HL*3*2*22*1
        NM1*IL*1*RIVERA*JANE****MI*A1
        REF*6P*GRP1
        N3*1 ELM
        N4*SALEM*MA*01970
        DMG*D8*19800315*F
        INS*Y*18
        HL*4*3*EV*1
        TRN*2*PA-1*9CLEARCO01
        UM*AR*I*2*21:B**U
        HCR*A6*AU1
        REF*NT*CASE1
        REF*BB*AU0
        DTP*435*D8*20260715
        DTP*102*D8*20260706
        DTP*036*D8*20260904
        DTP*007*D8*20260706
        HI*ABK:M1711:D8:20260601*ABF:I10
        HSD*DY*5
        CL1*3**30
        PWK*77*FX***AC*C1
        PWK*DA*EL
        MSG*Decided. In part.
        NM1*FA*2*HOUSE*****XX*1988888883
        REF*1J*9
        N3*1 ROAD
        N4*BOSTON*MA*02110
        PER*IC*DESK*TE*617
        PRV*PE*PXC*282N00000X
        HL*5*4*SS*0
        TRN*2*S-1*9CLEARCO01
        UM*HS*I*2
        HCR*A6*AU1
        REF*NT*CASE2
        REF*BB*AU9
        DTP*472*D8*20260715
        DTP*102*D8*20260706
        DTP*036*D8*20260904
        DTP*007*D8*20260706
        SV1*HC:27447:LT*900*UN*1
        NM1*SJ*1*DOE*JO****XX*1922222223
        HL*6*4*SS*0
        AAA*N**33*C
        HCR*A3**0V
        SV2*0120*HC:27447:LT*900*DA*3
        MSG*No.
        HL*7*4*SS*0
        HCR*A1*AU1
        SV3*AD:D8080*4000**10:20**1
        TOO*JP*8*M:O
        TOO*JP*9
    """)


@pytest.mark.parametrize(
    ("action", "echoed"),
    [("A1", True), ("A4", True), ("A6", False), ("A2", False), ("A3", False), ("NA", False), ("C", False)],
)
def test_the_quantity_asked_counts_for_itself_only_when_not_decided_otherwise(
    action: str, echoed: bool
) -> None:
    (review,) = request().reviews
    built = build(decide(review, action))
    assert ("HSD*DY*7" in built) is echoed
    assert ("HSD*VS*4" in built) is echoed


def test_pending_says_more_will_follow() -> None:
    (review,) = request().reviews
    decision = evolve(decide(review, "A4", "0U"), pended=True, references=(Reference("NT", "CASE1"),))
    built = build(decision)
    assert built[0] == "BHT*0007*11*R1*20260706*1200*19"
    assert "HCR*A4**0U" in built
    assert "REF*NT*CASE1" in built


NO: Any = (Rejection("N", "51", "C"), Rejection("Y", "76", "C"))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("payer_rejections", ["HL*1**20*0", "NM1*X3*2*AS SENT*****PI*P1", "AAA*N**51*C", "AAA*Y**76*C"]),
        (
            "requester_rejections",
            [
                "HL*2*1*21*0",
                "NM1*1P*1*LIN*MEI****XX*1911111114",
                "REF*ZH*55",
                "AAA*N**51*C",
                "AAA*Y**76*C",
                "PRV*PE*PXC*207Q00000X",
            ],
        ),
        (
            "subscriber_rejections",
            [
                "HL*3*2*22*0",
                "NM1*IL*1*RIVERA*JANE****MI*A1",
                "REF*6P*GRP1",
                "N3*1 ELM",
                "N4*SALEM*MA*01970",
                "AAA*N**51*C",
                "AAA*Y**76*C",
                "DMG*D8*19800315*F",
                "INS*Y*18",
            ],
        ),
    ],
)
def test_a_rejection_stops_what_is_below(field: str, expected: list[str]) -> None:
    (review,) = request().reviews
    built = build(evolve(decide(review, "A1"), **{field: NO}))
    start = built.index(expected[0])
    assert built[start:] == expected


def test_a_rejected_event_has_no_services() -> None:
    (review,) = request().reviews
    built = build(ReviewDecision(review, event_rejections=(Rejection("N", "AA", "C"),), services=()))
    start = built.index("HL*4*3*EV*0")
    assert built[start + 1 : start + 4] == ["TRN*2*PA-1*9CLEARCO01", "AAA*N**AA*C", "UM*AR*I*2*21:B**U"]
    assert not any(line.startswith(("HCR", "HSD", "SV")) for line in built)
    assert not any("*SS*" in line for line in build(evolve(decide(review, "A1"), event_rejections=NO)))


DEPENDENT = """
HL*8*3*23*1
NM1*QC*1*RIVERA*LUIS
REF*EJ*77
DMG*D8*20120101*M
INS*N*19
HL*9*8*EV*0
TRN*1*PA-2*9CLEARCO01
UM*HS*I*PT
HL*10*8*EV*0
TRN*1*PA-3*9CLEARCO01
UM*HS*I*AD
"""


def test_events_of_subscriber_and_dependent() -> None:
    asked = request(REQUEST + DEPENDENT)
    own, first, second = (decide(r, "A1") for r in asked.reviews)
    built = build(own, evolve(first, pended=True), second, asked=asked)
    assert built[0].endswith("*19")
    start = built.index("HL*8*3*23*1")
    assert built[start:] == text("""
        HL*8*3*23*1
        NM1*QC*1*RIVERA*LUIS
        REF*EJ*77
        DMG*D8*20120101*M
        INS*N*19
        HL*9*8*EV*0
        TRN*2*PA-2*9CLEARCO01
        UM*HS*I*PT
        HCR*A1*AU1
        HL*10*8*EV*0
        TRN*2*PA-3*9CLEARCO01
        UM*HS*I*AD
        HCR*A1*AU1
    """)


def test_a_rejected_dependent_leaves_the_subscriber_answered() -> None:
    asked = request(REQUEST + DEPENDENT)
    own, first, second = (decide(r, "A1") for r in asked.reviews)
    refused = (Rejection("N", "67", "C"),)
    built = build(
        own,
        evolve(first, dependent_rejections=refused),
        evolve(second, dependent_rejections=refused),
        asked=asked,
    )
    start = built.index("HL*8*3*23*0")
    assert built[start:] == text("""
        HL*8*3*23*0
        NM1*QC*1*RIVERA*LUIS
        REF*EJ*77
        AAA*N**67*C
        DMG*D8*20120101*M
        INS*N*19
    """)
    assert "HL*4*3*EV*1" in built


def test_a_decision_goes_before_what_was_sent_and_dates_before_ranges() -> None:
    asked = request(
        REQUEST.replace(
            "DTP*435*D8*20260715", "DTP*AAH*RD8*20260706-20261005\nDTP*435*D8*20260715\nDTP*439*D8*20260101"
        )
    )
    decision = evolve(
        decide(asked.reviews[0], "A1"),
        periods=(day("435", 7, 16), Period("036", date(2026, 7, 1), date(2026, 7, 9))),
    )
    dates = [line for line in build(decision, asked=asked) if line.startswith("DTP")]
    assert dates[:4] == [
        "DTP*439*D8*20260101",
        "DTP*AAH*RD8*20260706-20261005",
        "DTP*435*D8*20260716",
        "DTP*036*D8*20260701",
    ]


def test_an_entity_a_response_does_not_know_becomes_a_provider() -> None:
    asked = request(REQUEST.replace("NM1*1P*1*LIN", "NM1*36*1*LIN"))
    built = build(decide(asked.reviews[0], "A1"), asked=asked)
    assert "NM1*1P*1*LIN*MEI****XX*1911111114" in built


def test_the_payers_own_contact_when_nobody_else_decides() -> None:
    (review,) = request().reviews
    payer = evolve(PAYER, contacts=(Contact("IC", "DESK", (("TE", "1"),)), Contact("IC", "OTHER")))
    built = build(decide(review, "A1"), payer=payer)
    assert next(line for line in built if line.startswith("PER")) == "PER*IC*DESK*TE*1"


def test_a_message_too_long_for_one_segment_is_cut_at_a_word() -> None:
    (review,) = request().reviews
    built = build(evolve(decide(review, "A3", "0V"), messages=("word " * 80,)))
    (message,) = [line for line in built if line.startswith("MSG")]
    assert message.endswith("word")
    assert len(message) - 4 <= 264


def test_an_inquiry_without_um_is_answered_without_one() -> None:
    body = "\n".join(
        line for line in REQUEST.splitlines() if not line.startswith(("UM", "SV", "HL*5", "HL*6"))
    )
    asked = request(body, "005010X215")
    built = build(decide(asked.reviews[0], "A1"), asked=asked)
    assert built[0] == "BHT*0007*11*R1*20260706*1200*18"
    assert not any(line.startswith("UM") for line in built)


NOTIFICATION = """
BHT*0007*CN*N1*20260706*0930*NO
HL*1**20*1
NM1*FA*2*HOUSE*****XX*1988888883
REF*1J*9
HL*2*1*21*1
NM1*X3*2*AS SENT*****PI*P1
HL*3*2*22*1
NM1*IL*1*RIVERA*JANE****MI*A1
N3*1 ELM
DMG*D8*19800315*F
INS*Y*18
HL*4*3*EV*0
TRN*1*NT-1*9CLEARCO01
UM*AR*I*MH*21:B**03
REF*BB*AU0
DTP*435*D8*20260705
HI*ABK:F329
CL1*1
NM1*FA*2*HOUSE*****XX*1988888883
PER*IC**TE*6175550188
"""


@pytest.mark.parametrize(
    ("certification", "hcr"), [(None, []), (Certification("A3", "", "17"), ["HCR*A3**17"])]
)
def test_notification_is_acknowledged(certification: Certification | None, hcr: list[str]) -> None:
    asked = request(NOTIFICATION, "005010X216")
    decision = ReviewDecision(
        asked.reviews[0], certification=certification, references=(Reference("NT", "CASE1"),), pended=True
    )
    assert build(decision, asked=asked) == [
        *text("""
            BHT*0007*53*N1*20260706*1200
            HL*1**20*1
            NM1*FA*2*HOUSE*****XX*1988888883
            REF*1J*9
            HL*2*1*21*1
            NM1*X3*2*ATLANTIC*****PI*ATL01
            HL*3*2*22*1
            NM1*IL*1*RIVERA*JANE****MI*A1
            DMG*D8*19800315*F
            HL*4*3*EV*0
            TRN*2*NT-1*9CLEARCO01
            UM*AR*I*MH*21:B
        """),
        *hcr,
        "REF*NT*CASE1",
        "NM1*FA*2*HOUSE*****XX*1988888883",
    ]


@pytest.mark.parametrize(
    ("field", "last"),
    [
        ("requester_rejections", ["HL*1**20*0", "NM1*FA*2*HOUSE*****XX*1988888883", "REF*1J*9"]),
        ("payer_rejections", ["HL*2*1*21*0", "NM1*X3*2*AS SENT*****PI*P1"]),
    ],
)
def test_a_refused_notification_stops_at_its_level(field: str, last: list[str]) -> None:
    asked = request(NOTIFICATION, "005010X216")
    built = build(evolve(ReviewDecision(asked.reviews[0]), **{field: NO}), asked=asked)
    assert built[-len(last) - 2 :] == [*last, "AAA*N**51*C", "AAA*Y**76*C"]
