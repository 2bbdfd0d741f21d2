"""Types 3 to 6 on claims: one change in a valid file, and what is said of it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.text.valid_sets import (
    AS_OF,
    DENTAL,
    INSTITUTIONAL,
    PROFESSIONAL,
    findings,
    interchange,
    raised,
)
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.reading.checked import CheckedSet
from x12_payer.edi.snip import blocks, situational
from x12_payer.edi.snip.offsets import with_offsets
from x12_payer.edi.snip.rules.balance import Imbalance
from x12_payer.edi.snip.rules.collector import MOST_DIAGNOSTICS, marks_of
from x12_payer.edi.snip.rules.payers import roots
from x12_payer.edi.snip.situational import check_set, situations
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters, Source

Change = tuple[str, str]

DROP_OFF = "NM1*45*2*CLINIC\nN3*2 B ST\nN4*BOSTON*MA*02108\n"
AMBULANCE = (
    ("SV1*HC:99212*90*UN*1", "SV1*HC:A0429*90*UN*1"),
    ("CLM*C2*90***11:B:1", "CLM*C2*90***41:B:1"),
    ("HI*ABK:J069\n", "CR1*LB*140**A*DH*12\nHI*ABK:J069\n"),
    (
        "LX*1\nSV1*HC:A0429",
        f"NM1*PW*2\nN3*1 A ST\nN4*BOSTON*MA*02108\n{DROP_OFF}LX*1\nSV1*HC:A0429",
    ),
)
OTHER_PAYER = """SBR*P*18*G7******CI
CAS*CO*45*20
CAS*PR*3*10
AMT*D*60
OI***Y***Y
NM1*IL*1*BROOK*SAM****MI*X1
NM1*PR*2*FIRST PLAN*****PI*FP1
DTP*573*D8*20260610
LX*1
SV1*HC:99212"""
SUBSCRIBER = "SBR*P*18\nNM1*IL*1*A*B****MI*M9\nDMG*D8*19900101*F\nNM1*PR*2*PAYER*****PI*P1\n"
SECONDARY = (("SBR*P**G1", "SBR*S**G1"), ("LX*1\nSV1*HC:99212", OTHER_PAYER))
SPLIT = (
    ("SBR*P**G1", "SBR*S**G1"),
    (
        "LX*1\nSV1*HC:99212",
        OTHER_PAYER.replace("CAS*CO*45*20\nCAS*PR*3*10\n", "").replace("DTP*573*D8*20260610\n", ""),
    ),
    (
        "DTP*472*D8*20260603",
        "DTP*472*D8*20260603\nSVD*FP1*60*HC:99212**1\nCAS*CO*45*20\nCAS*PR*3*10\nDTP*573*D8*20260610",
    ),
)


def changed(body: str, *changes: Change) -> str:
    for before, after in changes:
        assert before in body
        body = body.replace(before, after, 1)
    return body


def found_in(kind: str, body: str, *changes: Change) -> list[tuple[str, str, str]]:
    return raised(findings(interchange(kind, changed(body, *changes))))


@pytest.mark.parametrize(
    ("kind", "body"), [("P", PROFESSIONAL), ("I", INSTITUTIONAL), ("D", DENTAL)], ids=["P", "I", "D"]
)
def test_valid_claims(kind: str, body: str) -> None:
    assert found_in(kind, body) == []


@pytest.mark.parametrize("changes", [AMBULANCE, SECONDARY, SPLIT], ids=["ambulance", "secondary", "split"])
def test_valid_professional_claims(changes: tuple[Change, ...]) -> None:
    assert found_in("P", PROFESSIONAL, *changes) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # what other payers did
        ((*SECONDARY, ("AMT*D*60", "AMT*D*59")), [("3", "balance-837-other-payer", "AMT")]),
        ((*SPLIT, ("SVD*FP1*60", "SVD*FP1*59")), [("3", "balance-837-line-payment", "SVD")]),
        ((*SPLIT, ("CAS*CO*45*20", "CAS*CO*45*21")), [("3", "balance-837-line-payment", "SVD")]),
        ((*SPLIT, ("SVD*FP1", "SVD*FP2")), [("4", "line-payer-unknown", "SVD")]),
        ((*SECONDARY, ("SBR*P*18*G7", "SBR*S*18*G7")), [("4", "payer-order-repeat", "SBR")]),
        ((*SECONDARY, ("CLM*C2*90", "CLM*C2*91")), [("3", "balance-837-charge", "CLM")]),
        ((("SBR*P**G1", "SBR*T**G1"),), [("4", "other-payer-missing", "SBR")]),
        ((("SBR*P**G1", "SBR*U**G1"),), []),
        # replacement
        ((("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "11:B:7*Y*A*Y*Y\nREF*F8*R1\nHI*ABK:J069"),), []),
        # accidents
        (
            (("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "11:B:1*Y*A*Y*Y**AA\nDTP*439*D8*20260601\nHI*ABK:J069"),),
            [("4", "accident-state-missing", "CLM")],
        ),
        ((("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "11:B:1*Y*A*Y*Y**EM\nHI*ABK:J069"),), []),
        (
            (("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "11:B:1*Y*A*Y*Y**OA\nDTP*439*D8*20260604\nHI*ABK:J069"),),
            [("4", "date-after-service", "DTP")],
        ),
        # people
        ((("PAT*19\n", "PAT*19****D8*20260602\n"),), [("4", "death-before-service", "CLM")]),
        ((("PAT*19\n", "PAT*19****D8*20260603\n"),), []),
        (
            (
                ("HL*4*3*23*0", "HL*4*1*22*0"),
                ("PAT*19\nNM1*QC*1*BROOK*PIA", "SBR*P*18\nNM1*IL*1*BROOK*PIA****MI*M3"),
                ("DMG*D8*20150505*F\n", "DMG*D8*20150505*F\nNM1*PR*2*PAYER*****PI*P1\n"),
            ),
            [("4", "hl-children", "HL")],
        ),
        (
            (
                ("HL*2*1*22*0\n", f"HL*2*1*22*0\n{SUBSCRIBER}HL*3*1*22*0\n"),
                ("HL*3*1*22*1", "HL*4*1*22*1"),
                ("HL*4*3*23*0", "HL*5*4*23*0"),
            ),
            [("4", "subscriber-without-claim", "HL")],
        ),
        # numbers and charges
        ((("CLM*C2*90", "CLM*C1*90"),), [("4", "claim-number-repeat", "CLM")]),
        ((("CLM*C2*90", "CLM*C2*0"), ("99212*90", "99212*0")), [("4", "charge-zero", "CLM")]),
        ((("LX*1\nSV1*HC:99212", "LX*A\nSV1*HC:99212"),), [("1", "element-character", "LX")]),
        ((("LX*2", "LX*3"),), [("4", "line-number-sequence", "LX")]),
        ((("UN*1***1:2", "UN*1***1:1"),), [("4", "pointer-repeat", "SV1")]),
        ((("UN*1***1:2", "UN*1***1:3"),), [("4", "pointer-without-diagnosis", "SV1")]),
        # attachments
        (
            (("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "11:B:1*Y*A*Y*Y\nPWK*OZ*EL\nHI*ABK:J069"),),
            [("4", "attachment-number-missing", "PWK")],
        ),
        ((("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "11:B:1*Y*A*Y*Y\nPWK*OZ*AA\nHI*ABK:J069"),), []),
        # lines of service
        ((("SV1*HC:99212*90*UN*1", "SV1*HC:00300*90*MJ*45"),), []),
        ((("SV1*HC:99212*90*UN*1", "SV1*HC:01996*90*UN*1"),), []),
        ((("SV1*HC:99212*90", "SV1*HC:J3490*90"),), [("6", "line-description-missing", "SV1")]),
        ((("SV1*HC:99212*90", "SV1*HC:J3490:::::SALINE*90"),), []),
        (
            (
                ("SV1*HC:99212*90", "SV1*HC:J1100*90"),
                ("20260603", "20260603\nLIN**N4*00409488710\nCTP****1*ML"),
            ),
            [],
        ),
        (
            (
                ("SV1*HC:99212*90", "SV1*HC:J1100*90"),
                ("20260603", "20260603\nLIN**N4*0409488710\nCTP****1*ML"),
            ),
            [("5", "code-drug", "LIN")],
        ),
        ((*AMBULANCE, ("CR1*LB*140**A*DH*12\n", "")), [("6", "ambulance-transport-missing", "SV1")]),
        ((*AMBULANCE, (DROP_OFF, "")), [("6", "ambulance-locations-missing", "SV1")]),
        # outside codes
        ((("HI*ABK:J069", "HI*BK:4660"), ("D8*20260603", "D8*20150930")), []),
        ((("HI*ABK:J069", "HI*BK:4660"), ("D8*20260603", "D8*20151001")), [("5", "diagnosis-version", "HI")]),
        ((("HI*ABK:J069", "HI*BK:J069"),), [("5", "code-diagnosis", "HI")]),
        ((("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "27:B:1*Y*A*Y*Y\nHI*ABK:J069"),), []),
        (
            (("11:B:1*Y*A*Y*Y\nHI*ABK:J069", "27:B:1*Y*A*Y*Y\nHI*ABK:J069"), ("D8*20260603", "D8*20230930")),
            [("5", "code-place", "CLM")],
        ),
        ((("N4*SALEM*MA*01970", "N4*TORONTO*ON*M5H2N2*CA"),), []),
        ((("N4*SALEM*MA*01970", "N4*TORONTO*ON*M5H2N*CA"),), [("5", "code-zip", "N4")]),
        ((("N4*SALEM*MA*01970", "N4*LYON**69001*FR"),), []),
        ((("N4*SALEM*MA*01970", "N4*LYON**69001*XF"),), [("5", "code-country", "N4")]),
        ((*SECONDARY, ("CAS*PR*3*10", "CAS*PR*999*10")), [("5", "code-adjustment-reason", "CAS")]),
        ((*SECONDARY, ("CAS*CO*45*20", "CAS*CO*15*20")), [("5", "code-adjustment-reason", "CAS")]),
    ],
)
def test_professional(changes: tuple[Change, ...], expected: list[tuple[str, str, str]]) -> None:
    assert found_in("P", PROFESSIONAL, *changes) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("DTP*435*DT*202606010900\n", "", [("4", "admission-date-missing", "CLM")]),
        ("CL1*1*1*01", "CL1**1*01", [("4", "admission-type-missing", "CL1")]),
        ("CL1*1*1*01", "CL1*7*1*01", [("5", "code-admission", "CL1")]),
        ("CL1*1*1*01", "CL1*1*7*01", [("5", "code-admission", "CL1")]),
        ("CL1*1*1*01", "CL1*1*1*99", [("5", "code-admission", "CL1")]),
        ("DTP*096*TM*1100\n", "", [("4", "discharge-hour-missing", "CLM")]),
        ("DTP*435*DT*202606010900", "DTP*435*DT*202606050900", [("4", "admission-after-statement", "DTP")]),
        ("20260601-20260604", "20260604-20260601", [("4", "period-reversed", "DTP")]),
        ("UN*1\nDTP*472*D8*20260601", "UN*1\nDTP*472*D8*20260605", [("4", "line-outside-statement", "DTP")]),
        ("UN*1\nDTP*472*D8*20260605\n", "UN*1\n", [("4", "line-date-missing", "SV2")]),
        (
            "DTP*434*RD8*20260605-20260606",
            "DTP*434*RD8*20260605-20260605",
            [("4", "line-outside-statement", "DTP")],
        ),
        ("SV2*0120**3000*DA*3", "SV2*0033**3000*DA*3", [("5", "code-revenue", "SV2")]),
        ("CLM*I2*400***13:A:1", "CLM*I2*400***10:A:1", [("5", "code-bill-type", "CLM")]),
        ("CLM*I2*400***13:A:1", "CLM*I2*400***13:A:6", [("5", "code-frequency", "CLM")]),
        ("HI*BBR:0SRD0J9", "HI*BBR:0SRD0I9", [("5", "code-inpatient-procedure", "HI")]),
        (
            "HI*BBR:0SRD0J9:D8:20260601\n",
            "HI*BBR:0SRD0J9:D8:20260601\nHI*BG:0\n",
            [("5", "code-condition", "HI")],
        ),
        (
            "HI*BBR:0SRD0J9:D8:20260601\n",
            "HI*BBR:0SRD0J9:D8:20260601\nHI*BI:70:RD8:20260604-20260601\n",
            [("4", "period-reversed", "HI")],
        ),
        ("SV2*0300*HC:85025*100*UN*1", "SV2*0300*HC:85025*100*UN*0", [("6", "line-units", "SV2")]),
        ("CLM*I2*400", "CLM*I2*401", [("3", "balance-837-charge", "CLM")]),
        ("CLM*I2*400***13:A:1", "CLM*I2*400***32:A:1", [("6", "home-health-start-missing", "CLM")]),
    ],
)
def test_institutional(before: str, after: str, expected: list[tuple[str, str, str]]) -> None:
    assert found_in("I", INSTITUTIONAL, (before, after)) == expected


def test_a_home_health_visit_says_what_was_done() -> None:
    home = (
        ("CLM*I2*400***13:A:1**A*Y*Y\n", "CLM*I2*400***32:A:1**A*Y*Y\n"),
        ("20260605-20260606\n", "20260605-20260606\nDTP*435*D8*20260605\n"),
        ("SV2*0450*HC:99283*300", "SV2*0550*HC:G0299*300"),
    )
    assert found_in("I", INSTITUTIONAL, *home) == []
    bare = (*home, ("SV2*0550*HC:G0299*300", "SV2*0550**300"))
    assert found_in("I", INSTITUTIONAL, *bare) == [("6", "home-health-procedure-missing", "SV2")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("TOO*JP*14*M:O\n", "", [("6", "tooth-missing", "SV3")]),
        ("TOO*JP*14*M:O", "TOO*JP*14", [("6", "surface-missing", "TOO")]),
        ("TOO*JP*14*M:O", "TOO*JP*14*M", [("6", "surface-count", "TOO")]),
        ("TOO*JP*14*M:O", "TOO*JP**M:O", [("6", "surface-without-tooth", "TOO")]),
        ("TOO*JP*14*M:O", "TOO*JP*33*M:O", [("5", "code-tooth", "TOO")]),
        ("SV3*AD:D4341*200**10**1", "SV3*AD:D4341*200****1", [("6", "quadrant-missing", "SV3")]),
        ("SV3*AD:D2392*150****1\nTOO*JP*14*M:O", "SV3*AD:D2394*150****1\nTOO*JP*14*M:O:D:B:L", []),
        (
            "SV3*AD:D2392*150****1\nTOO*JP*14*M:O",
            "SV3*AD:X2392*150****1\nTOO*JP*14*M:O",
            [("5", "code-procedure", "SV3")],
        ),
        ("CLM*D1*350", "CLM*D1*300", [("3", "balance-837-charge", "CLM")]),
    ],
)
def test_dental(before: str, after: str, expected: list[tuple[str, str, str]]) -> None:
    assert found_in("D", DENTAL, (before, after)) == expected


# --- places, limits, delimiters


def test_places_point_at_the_element() -> None:
    body = changed(PROFESSIONAL, ("SV1*HC:97110:GP*100*UN*2***1", "SV1*HC:9711:G-*100*UN*2***3"))
    data = interchange("P", body)
    found = [d for d in findings(data) if d.position.tag == "SV1"]
    places = {(d.code, d.position.element, d.position.component): d for d in found}
    assert set(places) == {
        ("code-procedure", 1, 2),
        ("code-modifier", 1, 3),
        ("pointer-without-diagnosis", 7, 1),
    }
    for one in found:
        place = one.position
        assert data[place.offset :].startswith(b"SV1*HC:9711:")
        assert data[: place.offset].count(b"~") == place.segment - 1
        assert place.set_segment == place.segment - 2
        assert place.loop == "2400"
        assert one.context == ("CLM01", "C1")
    assert places["code-modifier", 1, 3].value == "G-"


@pytest.mark.parametrize("line", ["", "\n", "\r\n"])
def test_offsets_with_any_line_end(line: str) -> None:
    data = interchange("P", changed(PROFESSIONAL, ("CLM*C2*90", "CLM*C2*91")), line=line)
    (found,) = findings(data)
    assert data[found.position.offset :].startswith(b"CLM*C2*91*")


def test_other_delimiters() -> None:
    body = changed(PROFESSIONAL, ("CLM*C2*90***11:B:1", "CLM*C2*91***30:B:7"))
    plain = raised(findings(interchange("P", body)))
    other = interchange("P", body).decode().translate(str.maketrans("*:^~", "|>!'"))
    assert raised(findings(other.encode())) == plain
    assert [code for _, code, _ in plain] == ["code-place", "balance-837-charge", "claim-original-missing"]


FAULTY = changed(
    PROFESSIONAL,
    ("CLM*C1*300", "CLM*C1*301"),
    ("SV1*HC:97110:GP", "SV1*HC:9711:GP"),
    ("SBR*P**G1", "SBR*P*18*G1"),
    ("N4*SALEM*MA", "N4*SALEM*XX"),
)


@pytest.mark.parametrize("chunk", [*range(1, 40), 1000, 1 << 20])
@pytest.mark.parametrize("line", ["", "\r\n", "~\n "])  # the last: empty segments and blanks before
def test_the_size_of_the_pieces_and_the_walk_say_the_same(chunk: int, line: str) -> None:
    """From the file in pieces of any size, or from loop segments: the same findings at the same places."""
    source = Source(data=interchange("P", FAULTY, line=line), chunk=chunk)
    (one,) = check_interchanges(Source(data=source.data))
    (s,) = one.groups[0].sets
    codes = code_lists()
    parts = loop_segments(source, s, one.delimiters)
    walked = list(situations(s, parts, one.delimiters, AS_OF, codes))
    placed = list(with_offsets(source, s, one.delimiters, walked))
    assert check_set(source, s, one.delimiters, AS_OF, codes) == placed
    assert [(d.code, d.position.loop) for d in placed] == [
        ("balance-837-charge", "2300"),
        ("code-procedure", "2400"),
        ("patient-loop-surplus", "2000B"),
        ("code-state", "2010CA"),
    ]
    assert {(d.code, d.position.loop) for d in placed} == {(d.code, d.position.loop) for d in walked}
    assert all(source.read(d.position.offset, 3).decode() == d.position.tag[:3].ljust(3, "*") for d in placed)


def test_every_claim_is_looked_at() -> None:
    body = changed(PROFESSIONAL, ("CLM*C1*300", "CLM*C1*301"), ("CLM*C2*90", "CLM*C2*91"))
    found = findings(interchange("P", body, body))
    assert [(d.code, d.value) for d in found] == [
        ("balance-837-charge", v) for v in ("301", "91", "301", "91")
    ]
    assert len({d.position.segment for d in found}) == 4


def test_a_claim_that_is_not_whole_is_not_judged_further() -> None:
    """Types 1 and 2 say that the line has no date; that the sum is wrong too may come of it."""
    body = changed(PROFESSIONAL, ("SV1*HC:99212*90*UN*1***1\n", ""))
    assert found_in("P", body) == [("2", "segment-missing", "SV1")]


def test_a_reported_element_is_not_reported_again() -> None:
    assert found_in(
        "P", PROFESSIONAL, ("XX*1234567893\nLX", "XX*12345678901234567890" + "1" * 70 + "\nLX")
    ) == [("1", "element-long", "NM1")]


def test_findings_are_limited() -> None:
    lines = "".join(
        f"LX*{n}\nSV1*HC:9921*1*UN*1***1\nDTP*472*D8*202605{n % 28 + 1:02}\n" for n in range(1, 29)
    )
    claims = "".join(f"CLM*Z{n}*28***11:B:1*Y*A*Y*Y\nHI*ABK:J069\n{lines}" for n in range(20))
    found = findings(interchange("P", PROFESSIONAL.rstrip() + "\n" + claims))
    assert [d.code for d in found].count("code-procedure") == MOST_DIAGNOSTICS
    assert found[-1].code == "situations-capped"
    more = findings(
        interchange("P", PROFESSIONAL.rstrip() + "\n" + claims.replace("CLM*Z19*28", "CLM*Z19*29"))
    )
    assert [d.code for d in more if d not in found] == [
        "balance-837-charge"
    ]  # one fault does not hide another


def test_a_claim_too_long_to_be_looked_at_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 8
    monkeypatch.setattr(situational, "MOST_IN_BLOCK", limit)
    monkeypatch.setattr(blocks, "MOST_IN_BLOCK", limit)
    faulty = changed(PROFESSIONAL, ("CLM*C2*90*", "CLM*C2*91*"))
    source = Source(data=interchange("P", faulty))
    (one,) = check_interchanges(source)
    (s,) = one.groups[0].sets
    items = list(loop_segments(source, s, one.delimiters))
    cuts = frozenset(("HL", "CLM", "SE"))
    read = [len(block) for block in blocks.set_blocks(source, s, one.delimiters, cuts)]
    assert read == [5, 6, 7, 11, 4, 6, 5, 1]  # all of it: the piece was at hand
    found = list(situations(s, items, one.delimiters, AS_OF, code_lists()))
    assert [(d.code, d.position.tag) for d in found] == [
        ("block-capped", "SV1"),
        ("balance-837-charge", "CLM"),
    ]
    (begin,) = (item[2] for item in items if item[1][:2] == ["CLM", "C1"])
    assert found[0].position.set_segment == begin + limit


def test_a_guide_without_rules_gives_nothing() -> None:
    bare = CheckedSet("834", "1", "", "834.X220A1", "BE", 1, 0, 0, 2, (), True)
    parts = [("ST_LOOP", ["ST", "834", "1"], 1), ("ST_LOOP", ["SE", "2", "1"], 2)]
    assert list(situations(bare, parts, DEFAULT_DELIMITERS, date(2026, 1, 1), code_lists())) == []


TEXT = st.text(alphabet="ABC019-.:^ ", max_size=6)
BARE = [
    "HL",
    "CLM",
    "SBR",
    "NM1",
    "HI",
    "LX",
    "SV1",
    "SV2",
    "SV3",
    "DTP",
    "REF",
    "SVD",
    "CAS",
    "AMT",
    "TOO",
    "N4",
    "PAT",
    "DMG",
    "CL1",
    "PWK",
    "CLP",
    "SVC",
    "BPR",
    "PLB",
    "TS3",
    "STC",
    "QTY",
    "TRN",
    "EB",
    "UM",
    "HCR",
    "AAA",
    "AK2",
    "AK9",
    "IK3",
    "IK4",
    "IK5",
    "EQ",
    "SE",
    "DTM",
    "LQ",
    "INS",
]
TAGS = st.sampled_from(BARE)
GUIDES = st.sampled_from(
    [
        "837P.X222A1",
        "837I.X223A2",
        "837D.X224A2",
        "835.X221A1",
        "270.X279A1",
        "271.X279A1",
        "276.X212",
        "277.X212",
        "277CA.X214",
        "278Q.X217",
        "278R.X217",
        "278Q.X215",
        "999.X231A1",
    ]
)
CODES = st.sampled_from(
    ["18", "20", "21", "22", "23", "EV", "SS", "PT", "19", "472", "434", "RD8", "D8", "P", "S"]
)


@given(GUIDES, st.lists(st.tuples(TAGS, st.lists(TEXT | CODES, max_size=17)), max_size=40))
def test_any_segments_give_findings_and_no_exception(
    guide: str, segments: list[tuple[str, list[str]]]
) -> None:
    bare = CheckedSet("", "1", "", guide, "", 1, 0, 0, 2, (), True)
    parts = [("2300", [tag, *elements], n) for n, (tag, elements) in enumerate(segments, 1)]
    delimiters = Delimiters("*", "^", ":", "~")
    found = list(situations(bare, parts, delimiters, date(2026, 1, 1), code_lists()))
    assert all(1 <= d.position.set_segment <= len(segments) and d.row.snip in "3456" for d in found)


@given(GUIDES, st.sampled_from(["CLM", "LX", "CLP", "HL", "AK2", "TRN"]))
def test_bare_segments_are_survived(guide: str, opener: str) -> None:
    """Every segment id without any element, behind every segment that opens something."""
    bare = CheckedSet("", "1", "", guide, "", 1, 0, 0, 2, (), True)
    tags = [tag for after in BARE for tag in (opener, after)]
    parts = [("", [tag], n) for n, tag in enumerate(tags, 1)]
    assert list(situations(bare, parts, DEFAULT_DELIMITERS, date(2026, 1, 1), code_lists())) is not None


# --- small parts


def test_what_types_1_and_2_leave() -> None:
    found = [
        Diagnostic("segment-missing", Position(9, 7, tag="DTP")),
        Diagnostic("element-date", Position(4, 2, tag="DTP", element=3)),
        Diagnostic("element-blanks", Position(5, 3, tag="NM1", element=3)),
        Diagnostic("gs-element", Position(1, 0, tag="GS", element=2)),
    ]
    marks = marks_of(found)
    assert (marks.broken, marks.elements) == ((7,), {2: frozenset({3})})
    block = [("", ["CLM"], n) for n in (4, 5, 6)]
    assert not marks.whole(block)  # what is missing is noticed behind its place
    assert marks.whole([("", ["CLM"], 5)])
    assert marks.whole([("", ["CLM"], 8)])
    assert not marks_of([Diagnostic("findings-capped", Position())]).whole(block)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ([("a", 1), ("b", 1)], ["a"]),
        ([("a", 1), ("b", -1)], ["a"]),
        ([("a", 1), ("b", 2)], ["a", "b"]),
        ([("a", 1), ("a", 2), ("b", 3)], ["a", "a"]),
        ([("a", 1), ("a", -1), ("b", 2)], ["a", "a", "b"]),
        ([], []),
    ],
)
def test_a_difference_is_reported_once(found: list[tuple[str, int]], kept: list[str]) -> None:
    imbalances = [Imbalance(key, 1, Decimal(size), Decimal(0)) for key, size in found]
    assert [one.key for one in roots(imbalances)] == kept
