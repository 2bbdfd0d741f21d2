"""Interchanges, groups and sets: envelope faults, guide faults, places, several of each."""

import pytest

from tests.worlds.text.wire import (
    ELIGIBILITY,
    TWO_CLAIMS,
    after,
    check,
    claims,
    codes,
    findings,
    group,
    header,
    index,
    instead,
    interchange,
    respell,
    transaction,
    wire,
    without,
)
from x12_payer.edi.reading.check import CheckedSet, check_interchanges, loop_segments
from x12_payer.edi.wire.segments import Delimiters, Source

E270 = {"set_id": "270", "guide": "005010X279A1"}
G270 = {"functional": "HS", "version": "005010X279A1"}


def only_set(body: list[str]) -> CheckedSet:
    (one,) = check(claims(body))
    return one.groups[0].sets[0]


def test_a_valid_interchange() -> None:
    (one,) = check(claims())
    assert (one.ordinal, one.offset, one.ta1, one.diagnostics) == (1, 0, "", ())
    assert one.isa[13] == "000000104"
    assert one.isa[6] == "CLEARCO01      "
    assert one.length == len(wire(claims())) - 1  # without the last line end
    (checked,) = one.groups
    assert (checked.included, checked.received, checked.accepted) == (1, 1, 1)
    assert checked.gs[8] == "005010X222A1"
    (s,) = checked.sets
    assert (s.set_id, s.control_number, s.version, s.guide) == ("837", "0001", "005010X222A1", "837P.X222A1")
    assert s.accepted
    assert s.segment_count == len(TWO_CLAIMS) + 2
    assert s.ordinal == 3
    data = wire(claims())
    assert data[s.offset :].startswith(b"ST*837")
    assert data[: s.offset + s.length].endswith(b"SE*39*0001~")


def test_loops_of_an_accepted_set() -> None:
    (one,) = check(claims())
    s = one.groups[0].sets[0]
    found = list(loop_segments(Source(data=wire(claims())), s, one.delimiters))
    assert [ordinal for _, _, ordinal in found] == list(range(1, 40))
    assert found[0][:2] == ("ST_LOOP", ["ST", "837", "0001", "005010X222A1"])
    by_text = {"*".join(elements): loop for loop, elements, _ in found}
    assert by_text["BHT*0019*00*T1*20260706*1015*CH"] == "HEADER"
    assert by_text["NM1*IL*1*DOE*JOHN****MI*A100000004"] == "2010BA"
    assert by_text["NM1*82*1*DOE*JANE****XX*1922222223"] == "2310B"
    assert by_text["LX*2"] == "2400"
    assert by_text["SE*39*0001"] == "ST_LOOP"


@pytest.mark.parametrize(
    ("segments", "note", "expected"),
    [
        (claims()[:-1], "023", ["iea-missing"]),
        (claims()[:20], "023", ["iea-missing"]),  # cut in the middle of a set: one finding
        (interchange(isa=header()), "", []),
        (claims()[1:], "024", ["not-x12"]),
        ([header()[:50], *claims()[1:]], "024", ["isa-length"]),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header(version="00401")), "017", ["isa-version"]),
        (
            interchange(group(transaction(TWO_CLAIMS)), isa=header(version="00401", repetition="U")),
            "017",
            ["isa-version"],
        ),
        (interchange(group(transaction(TWO_CLAIMS)), trailer="000000999"), "001", ["isa-control"]),
        (interchange(group(transaction(TWO_CLAIMS)), count="2"), "021", ["isa-groups"]),
        (interchange(group(transaction(TWO_CLAIMS)), count="X"), "021", ["isa-groups"]),
        (
            interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition=":")),
            "022",
            ["separator-invalid"],
        ),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition="U")), "", ["delimiter"]),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition="7")), "", ["delimiter"]),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition=" ")), "", ["delimiter"]),
        (
            interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition="*")),
            "022",
            ["separator-invalid"],
        ),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header()[:-1] + "^"), "022", ["separator-invalid"]),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header(usage="Q")), "020", ["isa-element"]),
        (interchange(group(transaction(TWO_CLAIMS)), isa=header(asked="2")), "019", ["isa-element"]),
        (interchange(transaction(TWO_CLAIMS), count="0"), "022", ["interchange-structure"]),
    ],
)
def test_interchange_faults(segments: list[str], note: str, expected: list[str]) -> None:
    (one,) = check(segments)
    assert one.ta1 == note
    assert [d.code for d in findings([one])] == expected


def test_isa_elements_have_their_notes() -> None:
    spoilt = {
        1: ("99", "010"),
        3: ("99", "012"),
        5: ("Q1", "005"),
        6: (" " * 15, "006"),
        7: ("Q1", "007"),
        8: (" " * 15, "008"),
        9: ("261306", "014"),
        10: ("2515", "015"),
        13: ("00000010A", "018"),
    }
    for number, (value, note) in spoilt.items():
        elements = header().split("*")
        elements[number] = value
        (one,) = check(interchange(group(transaction(TWO_CLAIMS)), isa="*".join(elements)))
        assert one.ta1 == note, number


@pytest.mark.parametrize(
    ("one", "rejected", "expected"),
    [
        (group(transaction(TWO_CLAIMS), included="2"), ("5",), ["ge-count"]),
        (group(transaction(TWO_CLAIMS), included="X"), ("5",), ["ge-count"]),
        (group(transaction(TWO_CLAIMS), trailer="77"), ("4",), ["ge-control"]),
        (group(transaction(TWO_CLAIMS), trailer="0104"), (), []),  # a number: leading zeros do not count
        (group(transaction(TWO_CLAIMS))[:-1], ("3",), ["ge-missing"]),
        (group(transaction(TWO_CLAIMS), number="X1"), ("6",), ["group-control"]),
        (group(transaction(TWO_CLAIMS), version="004010X098A1"), ("2",), ["group-version"]),
        (group(transaction(TWO_CLAIMS), version="005010X279A1"), ("2",), ["group-version"]),
        (group(transaction(TWO_CLAIMS), functional="PO"), ("1",), ["group-unsupported"]),
        (group(transaction([]), functional="HP", version="005010X221A1"), ("1",), ["group-unsupported"]),
        (group(transaction([]), functional="HB", version="005010X279A1"), ("1",), ["group-unsupported"]),
    ],
)
def test_group_faults(one: list[str], rejected: tuple[str, ...], expected: list[str]) -> None:
    (found,) = check(interchange(one))
    assert found.ta1 == ""
    assert found.groups[0].rejected_codes == rejected
    assert [d.code for d in findings([found])] == expected
    if rejected:
        assert found.groups[0].accepted == 0
        assert not any(s.accepted for s in found.groups[0].sets)


@pytest.mark.parametrize("element", [2, 3])
@pytest.mark.parametrize("value", ["", "A", "A" * 16])
def test_a_group_without_a_valid_sender_or_receiver_is_refused(element: int, value: str) -> None:
    parts = group(transaction(TWO_CLAIMS))[0].split("*")
    parts[element] = value
    (found,) = check(interchange(["*".join(parts), *group(transaction(TWO_CLAIMS))[1:]]))
    assert found.groups[0].rejected_codes == ("1",)
    assert [d.code for d in findings([found])] == ["group-party"]


@pytest.mark.parametrize(("second", "rejected"), [("105", ()), ("104", ("19",)), ("0104", ("19",))])
def test_a_group_number_is_used_once_in_an_interchange(second: str, rejected: tuple[str, ...]) -> None:
    one, other = group(transaction(TWO_CLAIMS)), group(transaction(TWO_CLAIMS), number=second)
    (found,) = check(interchange(one, other))
    assert [g.rejected_codes for g in found.groups] == [(), rejected]
    assert [g.accepted for g in found.groups] == [1, int(not rejected)]


def test_a_refused_group_counts_its_sets() -> None:
    (one,) = check(interchange(group(transaction(TWO_CLAIMS), transaction([]), version="004010X098A1")))
    assert (one.groups[0].included, one.groups[0].received, one.groups[0].sets) == (2, 2, ())


@pytest.mark.parametrize(
    ("one", "rejected", "expected"),
    [
        (transaction(TWO_CLAIMS, count="31"), ("4",), ["se-count"]),
        (transaction(TWO_CLAIMS, count="X"), ("4",), ["se-count"]),
        (transaction(TWO_CLAIMS, trailer="0002"), ("3",), ["se-control"]),
        (transaction(TWO_CLAIMS)[:-1], ("2",), ["se-missing"]),
        (transaction(TWO_CLAIMS, number="00-1"), ("7",), ["set-control"]),
        (transaction(TWO_CLAIMS, guide="005010X223A2"), ("I6",), ["set-guide"]),
        (transaction(TWO_CLAIMS, guide="005010X999"), ("I6",), ["set-guide"]),
        (transaction(TWO_CLAIMS, guide=""), ("I6",), ["set-guide"]),
        (transaction(TWO_CLAIMS, guide="005010X222"), (), []),  # an older id of the same guide
        (transaction(ELIGIBILITY, set_id="270", guide="005010X279A1"), ("I6",), ["set-guide"]),
        (transaction(ELIGIBILITY, set_id="270"), ("18",), ["set-foreign"]),  # with the guide of the group
        (transaction(ELIGIBILITY, set_id="270", guide=""), ("18",), ["set-foreign"]),
        (transaction(TWO_CLAIMS, guide="005010X222A1*X"), ("5",), ["element-too-many"]),
        (transaction(TWO_CLAIMS, number="0001", trailer="0001*X"), ("5",), ["element-too-many"]),
        (transaction(TWO_CLAIMS, set_id="8-7"), ("6",), ["set-id"]),
        (transaction(TWO_CLAIMS, guide="004010X098A1"), ("I6",), ["set-guide"]),
    ],
)
def test_set_faults(one: list[str], rejected: tuple[str, ...], expected: list[str]) -> None:
    (found,) = check(interchange(group(one)))
    (s,) = found.groups[0].sets
    assert s.reject_codes == rejected
    assert s.accepted is not bool(rejected)
    assert [d.code for d in findings([found])] == expected


@pytest.mark.parametrize(
    "bad",
    [
        {"number": "1"},
        {"number": ""},
        {"number": "    "},
        {"number": "001 "},
        {"number": "0000000001"},
        {"number": "00\x01 1"},
        {"set_id": ""},
        {"set_id": "83"},
        {"set_id": "8370"},
        {"set_id": "   "},
    ],
)
def test_a_set_that_no_acknowledgment_can_name_takes_its_group_with_it(bad: dict[str, str]) -> None:
    other = {"number": "0002"} | bad
    sets = [transaction(TWO_CLAIMS), transaction(TWO_CLAIMS, **other), transaction(TWO_CLAIMS, number="0003")]
    (one,) = check(interchange(group(*sets), group(transaction(TWO_CLAIMS), number="105")))
    first, second = one.groups
    assert (first.rejected_codes, first.received, first.accepted) == (("5",), 3, 0)
    assert [s.accepted for s in first.sets] == [False] * 3
    assert [d.code for d in findings([one]) if d.position.tag == "ST"] == ["set-unnamed"]
    assert (second.rejected_codes, second.accepted) == ((), 1)


def test_second_set_of_the_same_number() -> None:
    (one,) = check(interchange(group(transaction(TWO_CLAIMS), transaction(TWO_CLAIMS))))
    assert [s.accepted for s in one.groups[0].sets] == [True, False]
    assert one.groups[0].sets[1].reject_codes == ("23",)


def test_a_bad_set_does_not_stop_its_neighbours() -> None:
    bad = transaction(instead("CLM", "CLM*C1*280****Y*A*Y*Y"), number="0002")
    sets = [transaction(TWO_CLAIMS), bad, transaction(TWO_CLAIMS, number="0003")]
    (one,) = check(interchange(group(*sets)))
    assert [s.accepted for s in one.groups[0].sets] == [True, False, True]
    assert (one.groups[0].received, one.groups[0].accepted) == (3, 2)


def test_the_set_after_one_without_se_is_read() -> None:
    (one,) = check(interchange(group(transaction(TWO_CLAIMS)[:-1], transaction(TWO_CLAIMS, number="0002"))))
    assert [s.accepted for s in one.groups[0].sets] == [False, True]


FAULTS = [
    ("hl-parent", instead("HL*2", "HL*2*7*22*0"), "HL", "2000B", 11, 2, "7"),
    ("hl-number", instead("HL*2", "HL*5*1*22*0"), "HL", "2000B", 11, 1, "5"),
    ("hl-parent", instead("HL*3", "HL*3*1*23*0"), "HL", "2000C", 27, 2, "1"),
    ("element-code", instead("HL*2", "HL*2*1*@@*0"), "HL", "2000B", 11, 3, "@@"),
    ("element-code", instead("HL*3", "HL*3*1*@@*0"), "HL", "2400", 27, 3, "@@"),
    ("element-code-unused", instead("HL*3", "HL*3*1*PT*0"), "HL", "2400", 27, 3, "PT"),
    ("element-date", instead("DTP*472", "DTP*472*D8*20260230"), "DTP", "2400", 23, 3, "20260230"),
    ("element-date", instead("DMG", "DMG*D8*19751330*M"), "DMG", "2010BA", 16, 2, "19751330"),
    ("element-code", instead("CLM", "CLM*C1*280***11:X:1*Y*A*Y*Y"), "CLM", "2300", 18, 5, "X"),
    ("element-long", instead("NM1*IL", f"NM1*IL*1*{'W' * 61}"), "NM1", "2010BA", 13, 3, "W" * 61),
    ("segment-missing", without("BHT"), "BHT", "HEADER", 2, 0, ""),
    ("segment-missing", without("NM1*41"), "NM1", "1000A", 3, 0, ""),
    ("segment-missing", without("PER"), "PER", "1000A", 4, 0, ""),
    ("segment-missing", without("NM1*40"), "NM1", "1000B", 5, 0, ""),
    ("segment-missing", without("HL*1"), "HL", "2000A", 6, 0, ""),
    ("segment-missing", without("NM1*85"), "NM1", "2010AA", 7, 0, ""),
    ("segment-missing", without("N3"), "N3", "2010AA", 8, 0, ""),
    ("segment-missing", without("REF*EI"), "REF", "2010AA", 10, 0, ""),
    ("segment-missing", without("HL*2"), "HL", "2000B", 11, 0, ""),
    ("segment-missing", without("SBR"), "SBR", "2000B", 12, 0, ""),
    ("segment-missing", without("NM1*IL"), "NM1", "2010BA", 13, 0, ""),
    ("segment-missing", without("NM1*PR"), "NM1", "2010BB", 17, 0, ""),
    ("segment-missing", without("CLM"), "CLM", "2300", 18, 0, ""),
    ("segment-missing", without("HI"), "HI", "2300", 19, 0, ""),
    ("segment-missing", without("LX"), "LX", "2400", 21, 0, ""),
    ("segment-missing", without("SV1"), "SV1", "2400", 22, 0, ""),
    ("segment-missing", without("DTP*472"), "DTP", "2400", 23, 0, ""),
    ("segment-missing", without("NM1*IL", nth=1), "NM1", "2010BA", 29, 0, ""),
    ("segment-missing", without("CLM", nth=1), "CLM", "2300", 34, 0, ""),
    ("segment-unknown", after("CLM", "ZZZ*1*2"), "ZZZ", "2300", 19, 0, ""),
    ("segment-foreign", after("CLM", "PLB*1*2"), "PLB", "2300", 19, 0, ""),
    ("segment-foreign", after("CLM", "PO1*1*2"), "PO1", "2300", 19, 0, ""),
    ("element-code", after("HI", "NM1*QQ*1*DOE", "N3*1 ST", "N4*X*MA*02108"), "NM1", "2300", 20, 1, "QQ"),
    ("segment-unexpected", after("HI", "N3*1 ST"), "N3", "2300", 20, 0, ""),
    ("segment-not-used", after("HI", "CL1*1*1*01"), "CL1", "2300", 20, 0, ""),  # the 837I has it
    ("element-character", instead("SV1", "SV1*HC:99213*140*UN*1***1.00"), "SV1", "2400", 22, 7, "1.00"),
    ("element-long", instead("SV1", "SV1*HC:99213*140*UN*1***100"), "SV1", "2400", 22, 7, "100"),
    ("element-code", instead("SV1", "SV1*HC:99213*140*UN*1***13"), "SV1", "2400", 22, 7, "13"),
    ("element-code", instead("DTP*472", "DTP*@@*D8*20260702"), "DTP", "2400", 23, 1, "@@"),
    ("segment-sequence", after("NM1*82", "DTP*435*D8*20260101"), "DTP", "2300", 21, 0, ""),
    ("segment-sequence", after("LX", "HI*ABK:M25561"), "HI", "2300", 22, 0, ""),
    ("segment-repeat", after("BHT", TWO_CLAIMS[0]), "BHT", "HEADER", 3, 0, ""),
    ("segment-repeat", after("SBR", TWO_CLAIMS[10]), "SBR", "2000B", 13, 0, ""),
    ("segment-repeat", after("CLM", "REF*G1*1", "REF*D9*3", "REF*G1*2"), "REF", "2300", 21, 0, ""),
    ("loop-repeat", after("NM1*82", TWO_CLAIMS[18]), "NM1", "2310B", 21, 0, ""),
    ("element-code-unused", after("CLM", "REF*EI*1"), "REF", "2300", 19, 1, "EI"),
    ("element-code", after("CLM", "REF*@@*1"), "REF", "2300", 19, 1, "@@"),
    ("element-conditional", instead("NM1*82", "NM1*82*1*DOE*JANE****XX"), "NM1", "2310B", 20, 9, ""),
    ("element-too-many", instead("N4", "N4*BOSTON*MA*021100001*****A"), "N4", "2010AA", 9, 8, "A"),
    ("element-character", instead("SV1", "SV1*HC:99213*1x0*UN*1***1"), "SV1", "2400", 22, 2, "1x0"),
]


@pytest.mark.parametrize(("code", "body", "tag", "loop", "ordinal", "element", "value"), FAULTS)
def test_one_fault_one_finding(
    code: str, body: list[str], tag: str, loop: str, ordinal: int, element: int, value: str
) -> None:
    (found,) = only_set(body).diagnostics
    place = found.position
    assert (found.code, place.tag, place.loop) == (code, tag, loop)
    assert (place.set_segment, place.segment, place.element, found.value) == (
        ordinal,
        ordinal + 2,
        element,
        value,
    )
    segments = wire(claims(body))
    assert segments[place.offset - 1 : place.offset] == b"\n"
    assert segments[: place.offset].count(b"~") == place.segment - 1


def test_what_is_below_a_level_of_an_unknown_kind_is_no_second_fault() -> None:
    at = index("HL*3")
    patient = [
        "HL*4*3*23*0",
        "PAT*19",
        "NM1*QC*1*DOE*JO",
        *TWO_CLAIMS[at + 3 : at + 6],
        *TWO_CLAIMS[at + 7 :],
    ]
    family = ["HL*3*1*22*1", "SBR*P**GRP200******12", TWO_CLAIMS[at + 2], TWO_CLAIMS[at + 6], *patient]
    assert only_set([*TWO_CLAIMS[:at], *family]).diagnostics == ()
    (found,) = only_set([*TWO_CLAIMS[:at], "HL*3*1*@@*1", *family[1:]]).diagnostics
    assert (found.code, found.position.tag, found.value) == ("element-code", "HL", "@@")


def test_a_level_of_another_provider_left_out_is_reported_once() -> None:
    at = index("HL*2")
    again = [
        "HL*4**20*1",
        *TWO_CLAIMS[index("NM1*85") : at],
        "HL*5*4*22*0",
        *TWO_CLAIMS[at + 1 : index("HL*3")],
    ]
    assert only_set([*TWO_CLAIMS, *again]).diagnostics == ()
    (found,) = only_set([*TWO_CLAIMS, *again[1:]]).diagnostics
    assert (found.code, found.position.tag, found.position.loop) == ("segment-missing", "HL", "2000A")


REVIEW = """\
BHT*0007*13*A1*20260706*1100
HL*1**20*1
NM1*X3*2*ATLANTIC HEALTH PLAN*****PI*ATL01
HL*2*1*21*1
NM1*1P*1*PATEL*ANIL****XX*1922222223
HL*3*2*22*1
NM1*IL*1*HADDAD*OMAR****MI*A100000003
HL*4*3*EV*1
UM*AR*I*2*21:B*****Y
HL*5*4*SS*0
UM*HS*I*2
DTP*472*D8*20260715
SV2**HC:27447""".splitlines()


def test_a_segment_behind_its_place_opens_no_level_that_may_be_there_once() -> None:
    def found(body: list[str]) -> list[tuple[str, str, str]]:
        one = group(
            transaction(body, set_id="278", guide="005010X217"), functional="HI", version="005010X217"
        )
        return [(d.code, d.position.tag, d.position.loop) for d in findings(check(interchange(one)))]

    assert found(REVIEW) == []
    changed = [*REVIEW[:10], REVIEW[11], REVIEW[10], *REVIEW[12:]]
    assert found(changed) == [("segment-sequence", "UM", "2000F")]


def test_blanks_around_a_parent_do_not_make_it_one() -> None:
    found = only_set(instead("HL*2", "HL*2* 7*22*0")).diagnostics
    assert [(d.code, d.value) for d in found if d.is_error] == [("hl-parent", " 7")]


def test_each_strange_segment_keeps_its_own_id() -> None:
    found = only_set(after("CLM", "ZZZ*1", "QQ*2")).diagnostics
    assert [d.position.tag for d in found] == ["ZZZ", "QQ"]


def test_every_segment_without_a_place_is_reported() -> None:
    found = only_set(after("NM1*82", "N3*1 ELM ST", "N4*BOSTON*MA*021080001")).diagnostics
    assert [(d.code, d.position.tag, d.position.loop) for d in found] == [
        ("segment-unexpected", "N3", "2310B"),
        ("segment-unexpected", "N4", "2310B"),
    ]


OTHER_PAYER = ("AMT*D*80", "OI***Y***Y", "NM1*IL*1*HADDAD*OMAR****MI*P5", "NM1*PR*2*PRIMARY*****PI*PRIM1")


@pytest.mark.parametrize(
    ("cas", "expected"),
    [
        ("CAS*CO*45*80", []),
        ("CAS*CO*45*80**253*1", []),
        ("CAS*CO*45*80*1*253*1*1", []),
        ("CAS*CO*45*80**253**1", [("element-conditional", 6)]),
        ("CAS*CO*45*80**253", [("element-conditional", 6)]),
        ("CAS*CO*45*80**253*1**96**1", [("element-conditional", 9)]),
        ("CAS*CO*45*1**253*1**96*1**97*1**119*1**50**1", [("element-conditional", 18)]),
        ("CAS*CO*45*80****1", [("element-conditional", 5)]),
        ("CAS*CO*45*80***1", [("element-conditional", 5)]),
        ("CAS*CO*45*80**253*x*1", [("element-character", 6)]),
    ],
)
def test_each_reason_of_an_adjustment_has_its_amount(cas: str, expected: list[tuple[str, int]]) -> None:
    body = after("NM1*82", "SBR*P*18*******12", cas, *OTHER_PAYER)
    found = only_set(body).diagnostics
    assert [(d.code, d.position.element) for d in found] == expected


@pytest.mark.parametrize(
    ("diagnosis", "expected"),
    [
        ("ABK:M25561:D8:20260701", []),
        ("ABK:M25561", []),
        ("ABK:M25561::20260701", [("element-conditional", 3)]),
        ("ABK:M25561:D8", [("element-conditional", 4)]),
        ("ABK:M25561:D8:20261301", [("element-date", 4)]),
        ("ABK:M25561:XX:20260701", [("element-code", 3)]),
    ],
)
def test_the_form_of_a_date_and_the_date_are_together(
    diagnosis: str, expected: list[tuple[str, int]]
) -> None:
    at = index("UM", REVIEW) + 1
    one = transaction([*REVIEW[:at], f"HI*{diagnosis}", *REVIEW[at:]], set_id="278", guide="005010X217")
    (found,) = check(interchange(group(one, **REVIEWS)))
    assert [(d.code, d.position.component) for d in findings([found])] == expected


def test_fifty_first_line() -> None:
    lines = [
        s for n in range(51) for s in (f"LX*{n + 1}", "SV1*HC:99213*140*UN*1***1", "DTP*472*D8*20260702")
    ]
    at = index("LX")
    (found,) = only_set([*TWO_CLAIMS[:at], *lines]).diagnostics
    assert (found.code, found.position.tag, found.position.set_segment) == (
        "loop-repeat",
        "LX",
        at + 1 + 50 * 3 + 1,
    )


def test_counters_begin_again_with_each_loop() -> None:
    twice = after("CLM", "REF*G1*1")
    twice = after("CLM", "REF*G1*2", nth=1, body=twice)
    assert only_set(twice).diagnostics == ()


def test_findings_of_one_set_are_limited() -> None:
    body = [*TWO_CLAIMS[:22], *["ZZZ*1"] * 2000, *TWO_CLAIMS[22:]]
    found = [d.code for d in only_set(body).diagnostics]
    assert found.count("findings-capped") == 1
    assert len(found) == 501


def test_many_warnings_hide_no_error() -> None:
    body = [*TWO_CLAIMS[:-1], *[""] * 600, "DTP*472*D8*20269902"]
    (one,) = check(interchange(group(transaction(body, count="39"))))
    (found,) = one.groups[0].sets
    assert not found.accepted
    assert [d.code for d in found.diagnostics if d.code != "segment-empty"] == [
        "findings-capped",
        "element-date",
    ]


def test_many_empty_segments_hide_no_fault_of_the_interchange() -> None:
    wrong = interchange(group(transaction(TWO_CLAIMS)), trailer="000000999")
    (one,) = check([wrong[0], *[""] * 300, *wrong[1:]])
    assert one.ta1 == "001"


def test_context_is_the_business_unit_that_is_open() -> None:
    def context(body: list[str]) -> tuple[str, str]:
        return only_set(body).diagnostics[0].context

    assert context(instead("NM1*85", "NM1*85*1*PATEL*ANIL*****1922222223")) == ("", "")
    assert context(instead("DMG", "DMG*D8*1")) == ("SUBSCRIBER NAME NM109", "A100000003")
    assert context(instead("SV1", "SV1*HC:99213*x*UN*1***1")) == ("CLM01", "C1")
    assert context(instead("SV1", "SV1*HC:99213*x*UN*1***1", nth=2)) == ("CLM01", "C2")
    assert context(instead("HL*3", "HL*3*1*22*7")) == ("", "")  # the claim before is closed
    assert context(without("SV1", nth=1)) == ("CLM01", "C1")


def test_context_of_an_inquiry_is_its_trace() -> None:
    body = instead("EQ", "EQ*@@", body=ELIGIBILITY)
    (one,) = check(interchange(group(transaction(body, **E270), **G270)))
    assert one.groups[0].sets[0].diagnostics[0].context == ("TRN02", "E1-T")


def test_several_interchanges_groups_and_sets() -> None:
    eligibility = group(
        transaction(ELIGIBILITY, **E270),
        transaction(ELIGIBILITY, number="0002", **E270),
        number="105",
        **G270,
    )
    first = interchange(group(transaction(TWO_CLAIMS)), eligibility)
    second = respell(claims(), Delimiters("|", "!", ">", "'"))
    data = b"\n\n" + wire(first) + b"\r\n" + wire(second, "'")
    one, two = check(data)
    assert [len(g.sets) for g in one.groups] == [1, 2]
    assert [s.guide for g in one.groups for s in g.sets] == ["837P.X222A1", "270.X279A1", "270.X279A1"]
    assert all(s.accepted for i in (one, two) for g in i.groups for s in g.sets)
    assert two.delimiters == Delimiters("|", "!", ">", "'")
    assert two.groups[0].sets[0].ordinal == len(first) + 3  # ordinals go on through the file
    assert data[two.offset :].startswith(b"ISA|00|")


def test_an_interchange_without_end_does_not_swallow_the_next() -> None:
    for second in (wire(claims()), wire(respell(claims(), Delimiters("|", "!", ">", "'")), "'")):
        one, two = check(wire(claims()[:-2]) + second)
        assert (one.ta1, two.ta1) == ("023", "")
        assert two.groups[0].accepted == 1


def test_text_around_interchanges_is_reported_and_passed_over() -> None:
    data = b"hello\n" + wire(claims()) + b"between\n" + wire(claims()) + b"behind"
    one, two = check(data)
    assert (one.ta1, two.ta1) == ("", "")
    places = [d.position.offset for d in findings([one, two])]
    assert [d.code for d in findings([one, two])] == ["text-outside"] * 3
    assert [data[p:].split(b"\n")[0] for p in places] == [b"hello", b"between", b"behind"]


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\n\n  ", b"\xef\xbb\xbf\r\n", b""])
@pytest.mark.parametrize("end", ["~", "~\n", "~\r\n", "~\n\n", "~\r"])
def test_line_ends_and_what_comes_before(before: bytes, end: str) -> None:
    assert codes(before + wire(claims(), end) + b"\r\n\r\n") == []


@pytest.mark.parametrize("separators", ["*^:~", "|!>'", "+#<$", "\x1d\x1f\x1c\x1e"])
def test_any_separators(separators: str) -> None:
    delimiters = Delimiters(*separators)
    (one,) = check(wire(respell(claims(), delimiters), delimiters.segment))
    assert one.delimiters == delimiters
    assert one.groups[0].accepted == 1


def test_last_terminator_may_be_missing_with_a_warning() -> None:
    data = wire(claims()).rstrip(b"~\n")
    (one,) = check(data)
    assert (one.ta1, [d.code for d in one.diagnostics]) == ("", ["unterminated"])
    assert one.groups[0].accepted == 1
    assert one.length == len(data)


def test_component_separator_in_use() -> None:
    body = [segment.replace(":", ">") for segment in TWO_CLAIMS]
    (one,) = check(claims(body))
    assert [d.code for d in findings([one])] == ["component-separator"]
    assert one.delimiters.component == ">"
    assert one.groups[0].accepted == 1


def test_direction_is_taken_from_bht02() -> None:
    def guide(purpose: str) -> str:
        one = transaction([f"BHT*0007*{purpose}*1*20260706*1015"], set_id="278", guide="005010X217")
        (found,) = check(interchange(group(one, functional="HI", version="005010X217")), every_guide=True)
        return found.groups[0].sets[0].guide

    assert guide("13") == "278Q.X217"
    assert guide("11") == "278R.X217"
    assert guide("@@") == "278Q.X217"  # its BHT02 is then wrong


REVIEWS = {"functional": "HI", "version": "005010X217"}


def response(number: str = "0001") -> list[str]:
    """A 278 response."""
    body = ["BHT*0007*11*1*20260706*1015"]
    return transaction(body, set_id="278", guide="005010X217", number=number)


def test_a_group_of_responses_is_refused_as_a_whole() -> None:
    (found,) = check(interchange(group(response(), response("0002"), **REVIEWS)))
    (one,) = found.groups
    assert (one.rejected_codes, one.sets, one.received, one.accepted) == (("1",), (), 2, 0)
    assert [d.code for d in findings([found])] == ["group-unsupported"]


def test_a_response_among_requests_is_refused_alone() -> None:
    request = transaction(REVIEW, set_id="278", guide="005010X217", number="0002")
    (found,) = check(interchange(group(response(), request, **REVIEWS)))
    (one,) = found.groups
    assert one.rejected_codes == ()
    assert [(s.accepted, s.reject_codes) for s in one.sets] == [(False, ("1",)), (True, ())]


@pytest.mark.parametrize(
    ("body", "guide"),
    [
        (["BHT*0007*99*1*20260706*1015*18"], "278R.X217"),
        (["BHT*0007*99*1*20260706*1015*19"], "278R.X217"),
        (["BHT*0007*99*1*20260706*1015", "HL*1**20*1", "TRN*2*1*9TIDEGATE0"], "278R.X217"),
        (["BHT*0007*99*1*20260706*1015", "HL*1**20*1", "HCR*A1*AU1"], "278R.X217"),
        (["BHT*0007*99*A1*20260706*1100", *REVIEW[1:]], "278Q.X217"),
        (["HL*1**20*1", "TRN*2*1*9TIDEGATE0"], "278R.X217"),
    ],
)
def test_the_direction_of_a_wrong_bht02_is_the_one_in_which_the_least_is_wrong(
    body: list[str], guide: str
) -> None:
    first = transaction(body, set_id="278", guide="005010X217")
    after_it = transaction(["BHT*0007*13*1", "TRN*2*1"], set_id="278", guide="005010X217", number="0002")
    (found,) = check(interchange(group(first, after_it, **REVIEWS)), every_guide=True)
    assert [s.guide for s in found.groups[0].sets] == [guide, "278Q.X217"]


def test_every_guide_takes_what_a_payer_sends() -> None:
    body = [*ELIGIBILITY[:1]]
    segments = interchange(
        group(transaction(body, set_id="271", guide="005010X279A1"), functional="HB", version="005010X279A1")
    )
    assert check(segments)[0].groups[0].rejected_codes == ("1",)
    assert check(segments, every_guide=True)[0].groups[0].rejected_codes == ()


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ((4, 4, 4), []),
        ((4, 5, 6), ["hl-parent-service"] * 2),
        ((4, 4, 5), ["hl-parent-service"]),
        ((4, 6, 4), ["hl-parent"]),  # itself
        ((4, 7, 4), ["hl-parent"]),  # one behind it
        ((4, 99, 4), ["hl-parent"]),
        ((4, 3, 4), ["hl-parent"]),  # the person
    ],
)
def test_a_service_may_name_the_one_before_it(parents: tuple[int, ...], expected: list[str]) -> None:
    services = [part for n, above in enumerate(parents, 5) for part in (f"HL*{n}*{above}*SS*0", *REVIEW[-3:])]
    one = transaction([*REVIEW[:-4], *services], set_id="278", guide="005010X217")
    (found,) = check(interchange(group(one, **REVIEWS)))
    assert [d.code for d in findings([found])] == expected
    assert found.groups[0].sets[0].accepted is ("hl-parent" not in expected)


@pytest.mark.parametrize("guide", ["005010X298", "005010X223A2", "004010X098A1", ""])
def test_a_guide_that_is_not_that_of_the_group_is_an_error_whoever_asks(guide: str) -> None:
    segments = interchange(group(transaction(TWO_CLAIMS, guide=guide)))
    assert codes(segments, every_guide=True) == codes(segments) == ["set-guide"]


@pytest.mark.parametrize(
    ("end", "note", "expected"),
    [
        ("IEA*1*000000104", "", ["unterminated"]),
        ("IEA*1*000000999", "001", ["isa-control", "unterminated"]),
        ("IEA*1*0000001", "023", ["iea-missing"]),
        ("IEA*1", "023", ["iea-missing"]),
        ("IE", "023", ["interchange-structure", "iea-missing"]),
    ],
)
def test_an_interchange_cut_short_in_its_last_segment(end: str, note: str, expected: list[str]) -> None:
    (one,) = check(wire(claims()[:-1]) + end.encode())
    assert (one.ta1, [d.code for d in one.diagnostics]) == (note, expected)


@pytest.mark.parametrize(
    ("note", "elements"),
    [
        ("TA1*000000905*260706*1015*A*000", []),
        ("TA1*0905*260706*1015*A", [1, 5]),
        ("TA1*000000905***R*024", [2, 3]),
        ("TA1*000000905*260706*1015*X*099", [4, 5]),
        ("TA1*000000905*260706*1015*A*000*X", [6]),
    ],
)
def test_the_elements_of_a_ta1(note: str, elements: list[int]) -> None:
    (one,) = check([header(), note, "IEA*0*000000104"])
    assert one.ta1 == ""
    found = [("ta1-element", n) for n in elements]
    assert [(d.code, d.position.element) for d in one.diagnostics] == found


def test_ta1_received_is_kept() -> None:
    note = ["TA1*000000905*260706*1015*A*000"]
    (one,) = check([header(), *note, "IEA*0*000000104"])
    assert (one.ta1, one.ta1_segments) == ("", (("TA1", "000000905", "260706", "1015", "A", "000"),))


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"hello", b"ISA", b"ISA*", b"\x00\xff" * 40, b"ISA" + b"*" * 200]
)
def test_what_is_no_interchange_is_said_to_be_none(data: bytes) -> None:
    (one,) = check(data)
    assert one.ta1 == "024"
    assert one.groups == ()


def test_header_of_wrong_length_still_names_the_interchange() -> None:
    short = "*".join(part.strip() if i in (2, 4) else part for i, part in enumerate(header().split("*")))
    (one,) = check([short, *claims()[1:]])
    assert (one.ta1, one.isa[13], one.isa[9]) == ("024", "000000104", "260706")


def test_a_header_cut_short_behind_its_number_still_names_its_sender() -> None:
    (one,) = check(wire([header()])[:100])
    assert (one.ta1, one.isa[13], one.isa[9], one.isa[6].strip()) == (
        "024",
        "000000104",
        "260706",
        "CLEARCO01",
    )


@pytest.mark.parametrize("size", [98, 85, 40, 8, 3])
def test_a_header_cut_short_before_its_number_names_nobody(size: int) -> None:
    (one,) = check(wire([header()])[:size])
    assert (one.ta1, one.isa, [d.code for d in findings([one])]) == ("024", ("",), ["isa-length"])


@pytest.mark.parametrize("place", [3, 6, 17, 50, 69, 99, 103])
@pytest.mark.parametrize("sign", ["X", " ", "|", "7"])
def test_one_wrong_separator_does_not_hide_the_number(place: int, sign: str) -> None:
    spoilt = header()[:place] + sign + header()[place + 1 :]
    (one,) = check([spoilt, *claims()[1:]])
    assert [d.code for d in findings([one])] == ["isa-length"]
    assert (one.ta1, one.isa[13:14]) == ("024", ("000000104",) if place not in (89, 99) else ())


@pytest.mark.parametrize("between", [b"", b"\n", b"behind\n"])
def test_an_interchange_behind_another_may_be_unreadable(between: bytes) -> None:
    spoilt = wire([header().replace("ISA*", "ISAX"), *claims()[1:]])
    first, *others = check(wire(claims()) + between + spoilt)
    assert (first.ta1, len(others)) == ("", 0 if between.strip() else 1)
    assert [one.ta1 for one in others] == ["024"] * len(others)


def test_small_chunks_change_nothing() -> None:
    data = wire(claims(instead("CLM", "CLM*C1*280***11:X:1*Y*A*Y*Y"))) + wire(claims())
    whole = list(check_interchanges(Source(data=data)))
    for chunk in (1, 2, 3, 7, 50, 106, 107, 1000):
        assert list(check_interchanges(Source(data=data, chunk=chunk))) == whole
