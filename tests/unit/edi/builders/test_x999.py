"""The 999 and the TA1: goldens from spoilt interchanges, and our own 999 is valid under its guide."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.edi.reading.test_check import REVIEWS
from tests.worlds.text.wire import (
    ELIGIBILITY,
    TWO_CLAIMS,
    after,
    check,
    claims,
    findings,
    group,
    instead,
    interchange,
    transaction,
    without,
)
from x12_payer.edi.builders.ta1 import ta1_segment
from x12_payer.edi.builders.x999 import build_999
from x12_payer.edi.reading.check import CheckedInterchange
from x12_payer.edi.wire.segments import OutElement, OutSegment
from x12_payer.edi.wire.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange


def text(segment: OutSegment) -> str:
    def part(element: OutElement) -> str:
        return element if isinstance(element, str) else ":".join(map(str, element)).rstrip(":")

    return "*".join(map(part, segment)).rstrip("*")


def acknowledged(segments: list[str]) -> list[str]:
    (one,) = check(segments)
    return [text(s) for g in one.groups for s in build_999(g, one.delimiters)]


def body_999(body: list[str]) -> list[str]:
    return acknowledged(claims(body))[2:]


HEAD = ["AK1*HC*104*005010X222A1", "AK2*837*0001*005010X222A1"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TWO_CLAIMS, ["IK5*A", "AK9*A*1*1*1"]),
        (
            instead("CLM", "CLM*C1*280****Y*A*Y*Y"),
            ["IK3*CLM*18*2300*8", "CTX*CLM01:C1", "IK4*5**1", "IK5*R*5", "AK9*R*1*1*0"],
        ),
        (
            instead("CLM", "CLM*C1*280***11:X:1*Y*A*Y*Y"),
            ["IK3*CLM*18*2300*8", "CTX*CLM01:C1", "IK4*5:2*1332*7*X", "IK5*R*5", "AK9*R*1*1*0"],
        ),
        (
            instead("HL*2", "HL*2*7*22*0"),
            ["IK3*HL*11*2000*8", "IK4*2*734*7*7", "IK5*R*5", "AK9*R*1*1*0"],
        ),
        (
            instead("HL*2", "HL*4*1*22*0"),
            ["IK3*HL*11*2000*8", "IK4*1*628*7*4", "IK5*R*5", "AK9*R*1*1*0"],
        ),
        (
            instead("NM1*IL", f"NM1*IL*1*{'W' * 120}*OMAR****MI*A1"),
            [
                "IK3*NM1*13*2010*8",
                "CTX*SUBSCRIBER NAME NM109:A1",
                f"IK4*3*1035*5*{'W' * 99}",
                "IK5*R*5",
                "AK9*R*1*1*0",
            ],
        ),
        (
            after("CLM", "ZZZ*1*2"),
            ["IK3*ZZZ*19*2300*1", "CTX*CLM01:C1", "IK5*R*5", "AK9*R*1*1*0"],
        ),
        (without("BHT"), ["IK3*BHT*2**3", "IK5*R*5", "AK9*R*1*1*0"]),
        (
            without("SV1", nth=1),
            ["IK3*SV1*25*2400*3", "CTX*CLM01:C1", "IK5*R*5", "AK9*R*1*1*0"],
        ),
        (  # two faults in one segment: one IK3 with two IK4; a warning is not reported
            instead("SV1", "SV1*HC:99213*x*QQ*1 ***1"),
            [
                "IK3*SV1*22*2400*8",
                "CTX*CLM01:C1",
                "IK4*2*782*6*x",
                "IK4*3*355*7*QQ",
                "IK4*4*380*6*1 ",
                "IK5*R*5",
                "AK9*R*1*1*0",
            ],
        ),
        (  # a composite has no number in the dictionary
            instead("HI", "HI*ABK:M25561^ABF:M25562"),
            [
                "IK3*HI*19*2300*8",
                "CTX*CLM01:C1",
                "IK4*1::2**12*ABK:M25561^ABF:M25562",
                "IK5*R*5",
                "AK9*R*1*1*0",
            ],
        ),
        (instead("N4", "N4*BOSTON*MA*021100001**"), ["IK5*A", "AK9*A*1*1*1"]),  # a warning alone
        # a segment id is quoted as it was sent, as far as IK301 can hold it
        (after("CLM", "clm*1"), ["IK3*clm*19*2300*1", "CTX*CLM01:C1", "IK5*R*5", "AK9*R*1*1*0"]),
        (after("CLM", "Z-*1"), ["IK3*Z-*19*2300*1", "CTX*CLM01:C1", "IK5*R*5", "AK9*R*1*1*0"]),
        (after("CLM", "ZZZZ*1"), ["IK3*ZZZ*19*2300*1", "CTX*CLM01:C1", "IK5*R*5", "AK9*R*1*1*0"]),
        (after("CLM", "zz\x01*1"), ["IK5*R*5", "AK9*R*1*1*0"]),
        (after("CLM", "Z*1"), ["IK5*R*5", "AK9*R*1*1*0"]),
        (after("CLM", "*1"), ["IK5*R*5", "AK9*R*1*1*0"]),
    ],
)
def test_one_set(body: list[str], expected: list[str]) -> None:
    assert acknowledged(claims(body)) == HEAD + expected


def test_sets_in_part_accepted() -> None:
    sets = [transaction(TWO_CLAIMS, number=f"000{n}") for n in (1, 2)]
    bad = transaction(instead("CLM", "CLM*C1*280****Y*A*Y*Y"), number="0003")
    assert acknowledged(interchange(group(*sets, bad)))[1:] == [
        "AK2*837*0001*005010X222A1",
        "IK5*A",
        "AK2*837*0002*005010X222A1",
        "IK5*A",
        "AK2*837*0003*005010X222A1",
        "IK3*CLM*18*2300*8",
        "CTX*CLM01:C1",
        "IK4*5**1",
        "IK5*R*5",
        "AK9*P*3*3*2",
    ]


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        (group(transaction(TWO_CLAIMS, count="31")), [*HEAD, "IK5*R*4", "AK9*R*1*1*0"]),
        (group(transaction(TWO_CLAIMS, trailer="0002")), [*HEAD, "IK5*R*3", "AK9*R*1*1*0"]),
        (group(transaction(TWO_CLAIMS)[:-1]), [*HEAD, "IK5*R*2", "AK9*R*1*1*0"]),
        (
            group(transaction(TWO_CLAIMS, guide="005010X223A2")),
            [HEAD[0], "AK2*837*0001*005010X223A2", "IK5*R*I6", "AK9*R*1*1*0"],
        ),
        (
            group(transaction(TWO_CLAIMS), transaction(TWO_CLAIMS)),
            [*HEAD, "IK5*A", HEAD[1], "IK5*R*23", "AK9*P*2*2*1"],
        ),
        (group(transaction(without("BHT"), count="9")), [*HEAD, "IK3*BHT*2**3", "IK5*R*5*4", "AK9*R*1*1*0"]),
        # a group that is refused as a whole
        (group(transaction(TWO_CLAIMS), included="2"), [HEAD[0], "AK9*R*2*1*0*5"]),
        (group(transaction(TWO_CLAIMS), trailer="77"), [HEAD[0], "AK9*R*1*1*0*4"]),
        (group(transaction(TWO_CLAIMS))[:-1], [HEAD[0], "AK9*R*1*1*0*3"]),
        (
            group(transaction(TWO_CLAIMS), version="004010X098A1"),
            ["AK1*HC*104*004010X098A1", "AK9*R*1*1*0*2"],
        ),
        (
            group(transaction([]), functional="HP", version="005010X221A1"),
            ["AK1*HP*104*005010X221A1", "AK9*R*1*1*0*1"],
        ),
        (
            group(transaction(TWO_CLAIMS, count="31"), included="2"),
            [*HEAD, "IK5*R*4", "AK9*R*2*1*0*5"],  # what is wrong inside is reported as well
        ),
        (group(transaction(TWO_CLAIMS), number="X"), ["AK1*HC*0*005010X222A1", "AK9*R*1*1*0*6"]),
        (group(["N3*STRAY"], transaction(TWO_CLAIMS), included="1"), [HEAD[0], "AK9*R*1*1*0*5"]),
        (group(transaction(TWO_CLAIMS, number="1")), [HEAD[0], "AK9*R*1*1*0*5"]),
        (group(transaction(TWO_CLAIMS, set_id="")), [HEAD[0], "AK9*R*1*1*0*5"]),
        (
            group(transaction(TWO_CLAIMS), transaction(TWO_CLAIMS, number="000000000A")),
            [HEAD[0], "AK9*R*2*2*0*5"],
        ),
        (
            group(
                transaction(TWO_CLAIMS, number="12", count="9"),
                transaction(without("BHT"), number="0003"),
                transaction(TWO_CLAIMS, number="0004"),
            ),
            [
                *(HEAD[0], "AK2*837*0003*005010X222A1", "IK3*BHT*2**3", "IK5*R*5"),
                "AK9*R*3*3*0*5",
            ],
        ),
        (
            group(transaction(["BHT*0007*11*1"], set_id="278", guide="005010X217"), **REVIEWS),
            ["AK1*HI*104*005010X217", "AK9*R*1*1*0*1"],
        ),
    ],
)
def test_groups(segments: list[str], expected: list[str]) -> None:
    assert acknowledged(interchange(segments)) == expected


def test_inquiry_with_two_elements_missing() -> None:
    body = instead("NM1*1P", "NM1*1P*1*PATEL*ANIL", body=ELIGIBILITY)
    one = group(
        transaction(body, set_id="270", guide="005010X279A1"), functional="HS", version="005010X279A1"
    )
    assert acknowledged(interchange(one)) == [
        "AK1*HS*104*005010X279A1",
        "AK2*270*0001*005010X279A1",
        "IK3*NM1*6*2100*8",
        "IK4*8*66*1",
        "IK4*9*67*1",
        "IK5*R*5",
        "AK9*R*1*1*0",
    ]


def test_ta1() -> None:
    (one,) = check(claims())
    assert text(ta1_segment(one.isa, "A", "000")) == "TA1*000000104*260706*1015*A*000"
    assert text(ta1_segment(("",), "R", "024")) == "TA1*000000000***R*024"
    odd = (*one.isa[:9], "2026-7", "10:15", *one.isa[11:13], "12A", *one.isa[14:])
    assert text(ta1_segment(odd, "R", "018")) == "TA1*000000000***R*018"


def answered(one: CheckedInterchange) -> bytes:
    bodies = [build_999(g, one.delimiters) for g in one.groups]
    sets = [OutboundSet("999", f"{n:04d}", "005010X231A1", body) for n, body in enumerate(bodies, 1)]
    out = OutboundGroup("FA", 1, "005010X231A1", "ATLANTIC01", "CLEARCO01", sets)
    when = datetime(2026, 7, 6, 12, 0)
    return write_interchange(
        OutboundInterchange("ZZ", "A", "ZZ", "B", 1, when, "T", groups=[out]), one.delimiters
    )


@st.composite
def spoilt(draw: st.DrawFn) -> list[str]:
    """Claims with a few segments dropped, doubled, swapped or written over."""
    segments = claims()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(1, len(segments) - 2))
        kind = draw(st.sampled_from(["dropped", "doubled", "element", "text", "swapped"]))
        if kind == "dropped":
            del segments[at]
        elif kind == "doubled":
            segments.insert(at, segments[at])
        elif kind == "swapped":
            segments[at], segments[-at] = segments[-at], segments[at]
        elif kind == "text":
            segments[at] = draw(st.text(st.characters(max_codepoint=255), max_size=130))
        else:
            elements = segments[at].split("*")
            value = draw(st.sampled_from(["", " ", "X" * 130, "\x00", "A:B:C", "^", "é", "12", "\xa0"]))
            elements[draw(st.integers(0, len(elements) - 1))] = value
            segments[at] = "*".join(elements)
    return segments


@settings(max_examples=150, deadline=None)
@given(spoilt())
def test_whatever_was_received_the_999_is_valid(segments: list[str]) -> None:
    for one in check(segments):
        if not one.ta1:
            errors = [d for d in findings(check(answered(one))) if d.is_error]
            assert errors == []
