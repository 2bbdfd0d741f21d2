"""270 → values."""

from datetime import date
from decimal import Decimal

from tests.worlds.text.bodies import loop_segments
from x12_payer.edi.messages.common import Diagnosis, Procedure, Reference, Trace
from x12_payer.edi.messages.eligibility import EligibilityRequest
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters

VERSION = "005010X279A1"

HEAD = """
BHT*0022*13*Q1*20260706*1015*RT
HL*1**20*1
NM1*PR*2*SOME PLAN*****PI*P1
HL*2*1*21*1
NM1*1P*1*LIN*MEI****XX*1911111114
REF*EO*77
N3*1 ROAD*FLOOR 2
N4*BOSTON*MA*021100001
PRV*PE*PXC*207Q00000X
"""


def parse(body: str, delimiters: Delimiters = DEFAULT_DELIMITERS) -> EligibilityRequest:
    return parse_270(loop_segments("270", body, delimiters.element), delimiters, VERSION)


def test_header_source_and_receiver() -> None:
    request = parse(HEAD + "HL*3*2*22*0\nNM1*IL*1*RIVERA*JANE****MI*A1\nEQ*30")
    header = request.header
    assert (header.set_id, header.control_number, header.version) == ("270", "0001", VERSION)
    assert (header.reference, header.purpose, header.type) == ("Q1", "13", "RT")
    assert header.created is not None
    assert header.created.isoformat() == "2026-07-06T10:15:00"
    (inquiry,) = request.inquiries
    assert inquiry.levels == ("1", "2", "3")
    assert (inquiry.source.last_name, inquiry.source.id) == ("SOME PLAN", "P1")
    receiver = inquiry.receiver
    assert (receiver.npi, receiver.provider_code, receiver.taxonomy) == ("1911111114", "PE", "207Q00000X")
    assert receiver.references == (Reference("EO", "77"),)
    assert receiver.address is not None
    assert (receiver.address.lines, receiver.address.zip) == (("1 ROAD", "FLOOR 2"), "021100001")


def test_subscriber_with_everything() -> None:
    (inquiry,) = parse(
        HEAD
        + """
        HL*3*2*22*0
        TRN*1*T-1*9CLEARCO01
        TRN*1*T-2*9TRACER001*UNIT
        NM1*IL*1*RIVERA*JANE*Q**JR*MI*A1
        REF*6P*GRP1
        N3*1 ELM
        N4*SALEM*MA*01970
        PRV*AT*HPI*1922222223
        DMG*D8*19800315*F
        INS*Y*18***************2
        HI*ABK:E119*ABF:I10
        DTP*102*D8*20250101
        DTP*291*RD8*20260701-20260731
        EQ*30
        EQ*98^PT^AD**FAM
        III*ZZ*11
        REF*G1*AU1
        DTP*291*D8*20260709
        EQ**HC:97110:GP
        """
    ).inquiries
    subscriber = inquiry.subscriber
    assert (subscriber.id, subscriber.party.middle_name, subscriber.party.suffix) == ("A1", "Q", "JR")
    assert (subscriber.birth_date, subscriber.gender, subscriber.relationship) == (
        date(1980, 3, 15),
        "F",
        "18",
    )
    assert subscriber.party.references == (Reference("6P", "GRP1"),)
    assert inquiry.dependent is None
    assert inquiry.provider_npi == "1922222223"
    assert inquiry.traces == (Trace("1", "T-1", "9CLEARCO01"), Trace("1", "T-2", "9TRACER001", "UNIT"))
    assert inquiry.diagnoses == (Diagnosis("ABK", "E119"), Diagnosis("ABF", "I10"))
    assert inquiry.period is not None
    assert (inquiry.period.begin, inquiry.period.end) == (date(2026, 7, 1), date(2026, 7, 31))
    general, listed, coded = inquiry.services
    assert general.service_types == ("30",)
    assert (general.period, general.place_of_service) == (None, "")
    assert listed.service_types == ("98", "PT", "AD")
    assert listed.place_of_service == "11"
    assert listed.references == (Reference("G1", "AU1"),)
    assert listed.period is not None
    assert listed.period.begin == date(2026, 7, 9)
    assert coded.service_types == ()
    assert coded.procedure == Procedure("HC", "97110", ("GP",))


def test_two_dependents_under_one_subscriber_and_a_second_subscriber() -> None:
    inquiries = parse(
        HEAD
        + """
        HL*3*2*22*1
        TRN*1*ABOVE*9CLEARCO01
        NM1*IL*1*RIVERA*JANE****MI*A1
        HL*4*3*23*0
        TRN*1*D-1*9CLEARCO01
        NM1*03*1*RIVERA*LUIS
        DMG*D8*20120101*M
        INS*N*19
        DTP*291*D8*20260706
        EQ*98
        HL*5*3*23*0
        NM1*03*1*RIVERA*ANA
        EQ*30
        HL*6*2*22*0
        NM1*IL*1*NOVAK*PAUL****MI*A6
        EQ*33
        """
    ).inquiries
    assert [i.levels for i in inquiries] == [("1", "2", "3", "4"), ("1", "2", "3", "5"), ("1", "2", "6")]
    luis, ana, paul = inquiries
    assert luis.subscriber.id == ana.subscriber.id == "A1"
    assert luis.dependent is not None
    assert (luis.dependent.party.first_name, luis.dependent.relationship) == ("LUIS", "19")
    assert luis.dependent.birth_date == date(2012, 1, 1)
    assert [t.reference for t in luis.traces] == ["D-1"]
    assert [t.reference for t in luis.subscriber_traces] == ["ABOVE"]
    assert luis.period is not None
    assert ana.dependent is not None
    assert (ana.dependent.birth_date, ana.period, ana.traces) == (None, None, ())
    assert (paul.dependent, paul.subscriber.id, paul.services[0].service_types) == (None, "A6", ("33",))


def test_a_subscriber_with_a_question_and_a_dependent_gives_two_inquiries() -> None:
    own, dependent = parse(
        HEAD
        + """
        HL*3*2*22*1
        TRN*1*S*9CLEARCO01
        NM1*IL*1*RIVERA*JANE****MI*A1
        EQ*30
        HL*4*3*23*0
        NM1*03*1*RIVERA*LUIS
        EQ*98
        """
    ).inquiries
    assert (own.levels, own.dependent) == (("1", "2", "3"), None)
    assert [t.reference for t in own.traces] == ["S"]
    assert dependent.levels == ("1", "2", "3", "4")
    assert dependent.subscriber_traces == ()


def test_a_subscriber_without_a_question_and_without_dependents_is_asked_about() -> None:
    (inquiry,) = parse(HEAD + "HL*3*2*22*0\nNM1*IL*1*RIVERA*JANE****MI*A1").inquiries
    assert inquiry.services == ()


def test_two_sources_and_receivers_keep_their_own() -> None:
    inquiries = parse(
        HEAD
        + """
        HL*3*2*22*0
        NM1*IL*1*A
        EQ*30
        HL*4*1*21*1
        NM1*1P*2*GROUP*****XX*1922222223
        HL*5*4*22*0
        NM1*IL*1*B
        EQ*30
        HL*6**20*1
        NM1*PR*2*OTHER*****PI*P2
        HL*7*6*21*1
        NM1*FA*2*HOUSE*****XX*1988888883
        HL*8*7*22*0
        NM1*IL*1*C
        EQ*30
        """
    ).inquiries
    assert [(i.source.id, i.receiver.id, i.subscriber.party.last_name) for i in inquiries] == [
        ("P1", "1911111114", "A"),
        ("P1", "1922222223", "B"),
        ("P2", "1988888883", "C"),
    ]


def test_odd_content_is_none_not_an_error() -> None:
    (inquiry,) = parse(
        HEAD
        + """
        HL*3*2*22*0
        TRN*1
        NM1*IL
        DMG*D8*1980
        INS*Y
        HI*
        DTP*291*D8*20261399
        EQ
        III*ZZ
        DTP*291
        """
    ).inquiries
    assert inquiry.subscriber.birth_date is None
    assert inquiry.period is None
    (service,) = inquiry.services
    assert (service.service_types, service.procedure, service.period) == ((), None, None)


def test_other_delimiters() -> None:
    delimiters = Delimiters("|", "!", ">", "'")
    body = HEAD.replace("*", "|") + "HL|3|2|22|0\nNM1|IL|1|X\nHI|ABK>E11.9\nEQ|98!PT\nEQ||HC>97110>GP>59"
    (inquiry,) = parse(body, delimiters).inquiries
    assert inquiry.services[0].service_types == ("98", "PT")
    assert inquiry.services[1].procedure == Procedure("HC", "97110", ("GP", "59"))
    assert inquiry.diagnoses == (Diagnosis("ABK", "E119"),)


def test_nothing_asked() -> None:
    request = parse("")
    assert request.inquiries == ()
    assert request.header.reference == ""
    assert Decimal(request.header.control_number) == 1
