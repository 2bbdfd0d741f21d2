"""278 review, inquiry and notification → values."""

from datetime import date
from decimal import Decimal

import pytest

from tests.worlds.text.bodies import loop_segments
from x12_payer.edi.messages.common import Attachment, Diagnosis, Period, Procedure, Quantity, Reference, Trace
from x12_payer.edi.messages.services_review import ReviewRequest
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

HEAD = """
BHT*0007*13*R1*20260706*1100
HL*1**20*1
NM1*X3*2*SOME PLAN*****PI*P1
HL*2*1*21*1
NM1*1P*1*LIN*MEI****XX*1911111114
REF*ZH*55
PER*IC**TE*6175550111
HL*3*2*22*1
NM1*IL*1*RIVERA*JANE****MI*A1
DMG*D8*19800315*F
"""


def parse(body: str, version: str = "005010X217") -> ReviewRequest:
    return parse_278(loop_segments("278", body), DEFAULT_DELIMITERS, version)


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("005010X217", "review"),
        ("005010X215", "inquiry"),
        ("005010X216", "notification"),
        ("005010X217E1", "review"),
    ],
)
def test_kind_comes_from_the_version(version: str, kind: str) -> None:
    assert parse(HEAD, version).kind == kind


def test_a_person_about_whom_nothing_is_asked() -> None:
    (alone,) = parse(HEAD).reviews
    assert (alone.asked, alone.levels, alone.dependent, alone.subscriber.id) == (
        False,
        ("1", "2", "3"),
        None,
        "A1",
    )
    (child,) = parse(HEAD + "HL*4*3*23*0\nNM1*QC*1*RIVERA*LEO\nDMG*D8*20150101*M\n").reviews
    assert (child.asked, child.levels, child.dependent is None) == (False, ("1", "2", "3", "4"), False)
    (event,) = parse(HEAD + "HL*4*3*EV*0\nUM*HS*I*98\n").reviews
    assert (event.asked, event.levels) == (True, ("1", "2", "3", "4"))


@pytest.mark.parametrize(
    "parents",
    [(4, 4, 4), (4, 5, 6), (4, 5, 5), (4, 4, 5)],
)
def test_a_service_below_a_service_is_one_of_the_event(parents: tuple[int, ...]) -> None:
    levels = [f"HL*{n}*{above}*SS*0\nSV1*HC:9711{n}**UN*{n}\n" for n, above in enumerate(parents, 5)]
    other = "HL*8*3*EV*1\nUM*HS*I*AD*11:B\nHL*9*8*SS*0\nSV1*HC:97165**UN*1\n"
    first, second = parse(HEAD + "HL*4*3*EV*1\nUM*HS*I*PT*11:B\n" + "".join(levels) + other).reviews
    assert [(s.level, s.procedure.code) for s in first.services if s.procedure] == [
        ("5", "97115"),
        ("6", "97116"),
        ("7", "97117"),
    ]
    assert [s.level for s in second.services] == ["9"]


def test_many_services_in_a_chain() -> None:
    levels = "".join(f"HL*{n}*{n - 1}*SS*0\nSV1*HC:97110**UN*1\n" for n in range(5, 3000))
    (review,) = parse(HEAD + "HL*4*3*EV*1\nUM*HS*I*PT*11:B\n" + levels).reviews
    assert len(review.services) == 2995


def test_event_with_everything() -> None:
    request = parse(
        HEAD
        + """
        HL*4*3*EV*0
        TRN*1*PA-1*9CLEARCO01
        TRN*1*PA-2*9OTHERCO01*X
        UM*AR*I*2*21:B*AA*U***Y*3
        REF*BB*AU1
        REF*NT*CASE1
        DTP*AAH*RD8*20260701-20260715
        DTP*435*D8*20260702
        DTP*096*D8*nonsense
        HI*ABK:M17.11:D8:20260601*ABJ:I10
        HSD*DY*40*WK*3*7*60*A*D
        CL1*3*1*30
        CR6*1*20260503*****W*I
        PWK*77*FX***AC*ATT-1
        PWK*DA*EL
        MSG*first
        NM1*SJ*2*HOUSE*****XX*1988888883
        REF*1J*9
        N3*1 ROAD
        N4*BOSTON*MA*02110
        PER*IC*DESK*TE*617
        PRV*PE*PXC*282N00000X
        NM1*71*1*DOE*JO
        NM1*GG*2*OTHER UMO
        DTP*598*D8*20260101
        """
    )
    (review,) = request.reviews
    assert review.levels == ("1", "2", "3", "4")
    assert (review.payer.entity, review.payer.id) == ("X3", "P1")
    assert review.requester.npi == "1911111114"
    assert review.requester.contacts[0].numbers == (("TE", "6175550111"),)
    assert (review.subscriber.id, review.dependent) == ("A1", None)
    assert review.traces == (Trace("1", "PA-1", "9CLEARCO01"), Trace("1", "PA-2", "9OTHERCO01", "X"))
    um = review.category
    assert (um.request_category, um.certification_type, um.service_type) == ("AR", "I", "2")
    assert (um.facility_code, um.facility_qualifier, um.level_of_service) == ("21", "B", "U")
    assert (um.release_of_information, um.delay_reason) == ("Y", "3")
    assert review.references == (Reference("BB", "AU1"), Reference("NT", "CASE1"))
    assert [p.qualifier for p in review.periods] == ["AAH", "435"]
    event = review.period("AAH")
    assert event is not None
    assert (event.begin, event.end, event.format) == (date(2026, 7, 1), date(2026, 7, 15), "RD8")
    assert review.diagnoses == (
        Diagnosis("ABK", "M1711", day=date(2026, 6, 1)),
        Diagnosis("ABJ", "I10"),
    )
    assert review.quantity == Quantity("DY", Decimal(40), "WK", "3", "7", "60", "A", "D")
    assert (review.admission_type, review.admission_source, review.patient_status) == ("3", "1", "30")
    assert review.attachments == (Attachment("77", "FX", "ATT-1"), Attachment("DA", "EL"))
    assert review.messages == ("first",)
    assert [p.entity for p in review.providers] == ["SJ", "71"]
    house = review.providers[0]
    assert (house.npi, house.taxonomy, house.reference("1J")) == ("1988888883", "282N00000X", "9")
    assert review.services == ()


def test_services_of_each_sort() -> None:
    (review,) = parse(
        HEAD
        + """
        HL*4*3*EV*1
        UM*HS*I*5
        HI*ABK:Z803
        HL*5*4*SS*0
        TRN*1*S-1*9CLEARCO01
        UM*HS*I*62*22:B
        REF*BB*AU9
        DTP*472*D8*20260708
        SV1*HC:81432:26::::TEXT:81439*100*UN*1.5
        HSD*VS*4
        PWK*77*FX***AC*A1
        MSG*note
        NM1*SJ*1*LIN*MEI****XX*1911111114
        HL*6*4*SS*0
        DTP*472*RD8*20260708-20260710
        SV2*0120*HC:27447*900*DA*3
        HL*7*4*SS*0
        SV3*AD:D8080*4000**10:20**1
        TOO*JP*8*M:O
        TOO*JP*9
        HL*8*4*SS*0
        NM1*FA*2*CARING HANDS*****XX*1345678910
        """
    ).reviews
    one, two, three, four = review.services
    assert (one.level, one.segment, one.traces[0].reference) == ("5", "SV1", "S-1")
    assert one.category is not None
    assert (one.category.service_type, one.category.facility_code) == ("62", "22")
    assert one.procedure == Procedure("HC", "81432", ("26",), "TEXT", "81439")
    assert (one.charge, one.unit, one.units) == (Decimal(100), "UN", Decimal("1.5"))
    assert one.period == Period("472", date(2026, 7, 8), date(2026, 7, 8), "D8", "20260708")
    assert (one.references, one.messages) == ((Reference("BB", "AU9"),), ("note",))
    assert (one.quantity, one.attachments) == (Quantity("VS", Decimal(4)), (Attachment("77", "FX", "A1"),))
    assert [p.entity for p in one.providers] == ["SJ"]
    assert (two.segment, two.revenue_code, two.unit, two.units) == ("SV2", "0120", "DA", Decimal(3))
    assert two.procedure == Procedure("HC", "27447")
    assert two.charge == Decimal(900)
    assert two.category is None
    assert (three.segment, three.procedure, three.units) == ("SV3", Procedure("AD", "D8080"), Decimal(1))
    assert (three.unit, three.charge) == ("", Decimal(4000))
    assert three.oral_cavity == ("10", "20")
    assert (three.tooth, three.surfaces, three.more_teeth) == ("8", ("M", "O"), (("9", ()),))
    assert (four.segment, four.procedure, four.units) == ("", None, None)
    assert four.providers[0].last_name == "CARING HANDS"


def test_several_events_for_subscriber_and_dependent() -> None:
    reviews = parse(
        HEAD
        + """
        HL*4*3*EV*1
        TRN*1*E1*9CLEARCO01
        UM*HS*I*1
        HL*5*4*SS*0
        SV1*HC:1
        HL*6*3*EV*0
        TRN*1*E2*9CLEARCO01
        UM*HS*I*2
        HL*7*3*23*1
        NM1*QC*1*RIVERA*LUIS
        DMG*D8*20120101*M
        INS*N*19
        HL*8*7*EV*1
        TRN*1*E3*9CLEARCO01
        UM*SC*I*3
        HL*9*8*SS*0
        SV1*HC:2
        HL*10*8*SS*0
        SV1*HC:3
        """
    ).reviews
    assert [r.levels for r in reviews] == [
        ("1", "2", "3", "4"),
        ("1", "2", "3", "6"),
        ("1", "2", "3", "7", "8"),
    ]
    assert [r.traces[0].reference for r in reviews] == ["E1", "E2", "E3"]
    assert [[s.procedure.code for s in r.services if s.procedure] for r in reviews] == [["1"], [], ["2", "3"]]
    assert reviews[0].dependent is None
    assert reviews[2].dependent is not None
    assert (reviews[2].dependent.party.first_name, reviews[2].dependent.relationship) == ("LUIS", "19")


def test_notification_turns_the_two_topmost_levels_round() -> None:
    (review,) = parse(
        """
        BHT*0007*CN*N1*20260706*0930*NO
        HL*1**20*1
        NM1*FA*2*HOUSE*****XX*1988888883
        HL*2*1*21*1
        NM1*X3*2*SOME PLAN*****PI*P1
        HL*3*2*22*1
        NM1*IL*1*RIVERA*JANE****MI*A1
        HL*4*3*EV*0
        TRN*1*NT-1*9CLEARCO01
        UM*AR*I*MH*21:B**03
        DTP*435*D8*20260705
        CL1*1
        NM1*FA*2*HOUSE*****XX*1988888883
        """,
        "005010X216",
    ).reviews
    assert (review.payer.id, review.requester.npi) == ("P1", "1988888883")
    assert review.category.level_of_service == "03"
    admission = review.period("435")
    assert admission is not None
    assert admission.begin == date(2026, 7, 5)
    assert review.admission_type == "1"


def test_inquiry_may_leave_out_um() -> None:
    (review,) = parse(HEAD + "HL*4*3*EV*0\nTRN*1*Q*9CLEARCO01\nREF*NT*CASE1", "005010X215").reviews
    assert review.category.request_category == ""
    assert review.references == (Reference("NT", "CASE1"),)


def test_odd_content_is_none_not_an_error() -> None:
    (review,) = parse(
        HEAD
        + "HL*4*3*EV*1\nTRN\nUM\nREF\nDTP*435\nHI*ABK\nHSD*VS*x\nCL1\nPWK\nMSG\nHL*5*4*SS*0\nSV1\nTOO\nHSD"
    ).reviews
    assert (review.periods, review.diagnoses, review.quantity, review.messages) == ((), (), None, ())
    (service,) = review.services
    assert (service.segment, service.procedure, service.units, service.quantity) == ("SV1", None, None, None)
