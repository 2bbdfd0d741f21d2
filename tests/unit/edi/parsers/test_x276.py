"""276 → values."""

from datetime import date
from decimal import Decimal

import pytest

from tests.worlds.text.bodies import loop_segments
from x12_payer.edi.messages.claim_status import ClaimStatusRequest
from x12_payer.edi.messages.common import Procedure, Reference
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

HEAD = """
BHT*0010*13*CS*20260806*0900
HL*1**20*1
NM1*PR*2*SOME PLAN*****PI*P1
HL*2*1*21*1
NM1*41*2*CLEARING*****46*C1
HL*3*2*19*1
NM1*1P*2*CLINIC*****XX*1922222223
"""
BIRTH_FIRST = "DMG*D8*19751130*M\nNM1*IL*1*HADDAD*OMAR****MI*A3\n"
NAME_FIRST = "NM1*IL*1*HADDAD*OMAR****MI*A3\nDMG*D8*19751130*M\n"


def parse(body: str) -> ClaimStatusRequest:
    return parse_276(loop_segments("276", body), DEFAULT_DELIMITERS, "005010X212")


@pytest.mark.parametrize("who", [BIRTH_FIRST, NAME_FIRST])
def test_claim_inquiry(who: str) -> None:
    request = parse(
        HEAD
        + "HL*4*3*22*0\n"
        + who
        + """
        TRN*1*CS-1
        REF*1K*CLM9
        REF*BLT*111
        REF*EJ*GL-501
        AMT*T3*2100.5
        DTP*472*RD8*20260710-20260712
        SVC*HC:81432:26*1500****001*2
        REF*FJ*L-1
        DTP*472*D8*20260710
        SVC*NU:0120*600.5*0****1
        DTP*472*D8*20260711
        SVC*HC:G0299*10*0*0551
        """
    )
    assert request.header.reference == "CS"
    (inquiry,) = request.inquiries
    assert inquiry.levels == ("1", "2", "3", "4")
    assert (inquiry.payer.id, inquiry.receiver.id, inquiry.provider.npi) == ("P1", "C1", "1922222223")
    assert (inquiry.subscriber.id, inquiry.subscriber.birth_date) == ("A3", date(1975, 11, 30))
    assert inquiry.subscriber.gender == "M"
    assert inquiry.trace is not None
    assert inquiry.trace.reference == "CS-1"
    assert inquiry.references == (Reference("1K", "CLM9"), Reference("BLT", "111"), Reference("EJ", "GL-501"))
    assert inquiry.charge == Decimal("2100.5")
    assert inquiry.period is not None
    assert (inquiry.period.begin, inquiry.period.end) == (date(2026, 7, 10), date(2026, 7, 12))
    first, room, visit = inquiry.lines
    assert first.procedure == Procedure("HC", "81432", ("26",))
    assert (first.charge, first.units, first.line_control_number) == (Decimal(1500), Decimal(2), "L-1")
    assert first.period is not None
    assert (room.procedure, room.revenue_code, room.charge) == (None, "0120", Decimal("600.5"))
    assert room.line_control_number == ""
    assert (visit.revenue_code, visit.period) == ("0551", None)


def test_several_traces_dependents_and_providers() -> None:
    inquiries = parse(
        HEAD
        + """
        HL*4*3*22*1
        DMG*D8*19751130*M
        NM1*IL*1*HADDAD*OMAR****MI*A3
        TRN*1*OWN-1
        AMT*T3*1
        TRN*1*OWN-2
        AMT*T3*2
        SVC*HC:99213*2****1*1
        DTP*472*D8*20260711
        HL*5*4*23*0
        DMG*D8*20100101*F
        NM1*QC*1*HADDAD*LEA
        TRN*1*DEP-1
        DTP*472*D8*20260712
        HL*6*2*19*1
        NM1*1P*2*OTHER*****FI*123456789
        NM1*1P*2*OTHER*****XX*1988888883
        HL*7*6*22*0
        NM1*IL*1*NOVAK*PAUL****MI*A6
        TRN*1*THIRD
        """
    ).inquiries
    assert [i.trace.reference for i in inquiries if i.trace] == ["OWN-1", "OWN-2", "DEP-1", "THIRD"]
    one, two, dependent, third = inquiries
    assert (one.charge, one.lines) == (Decimal(1), ())
    assert (two.charge, len(two.lines)) == (Decimal(2), 1)
    assert dependent.levels == ("1", "2", "3", "4", "5")
    assert dependent.subscriber.id == "A3"
    assert dependent.dependent is not None
    assert dependent.dependent.birth_date == date(2010, 1, 1)
    assert dependent.charge is None
    assert third.levels == ("1", "2", "6", "7")
    assert third.provider.npi == "1988888883"


def test_a_patient_without_a_trace_is_still_answered_but_a_subscriber_above_a_dependent_is_not() -> None:
    inquiries = parse(
        HEAD
        + """
        HL*4*3*22*1
        NM1*IL*1*HADDAD*OMAR****MI*A3
        HL*5*4*23*0
        NM1*QC*1*HADDAD*LEA
        HL*6*3*22*0
        NM1*IL*1*NOVAK*PAUL****MI*A6
        """
    ).inquiries
    assert [(i.levels[-1], i.trace) for i in inquiries] == [("5", None), ("6", None)]


def test_odd_content_is_none_not_an_error() -> None:
    (inquiry,) = parse(
        HEAD + "HL*4*3*22*0\nDMG*D8\nNM1*IL\nTRN\nREF*EJ\nAMT*T3*many\nDTP*472*RD8*2026\nSVC\nREF*FJ\n"
    ).inquiries
    assert (inquiry.charge, inquiry.period, inquiry.subscriber.birth_date) == (None, None, None)
    (line,) = inquiry.lines
    assert (line.procedure, line.charge, line.units, line.period) == (None, None, None, None)
