"""The interchange that `build` writes: which set each kind of message becomes, how claims are grouped, what
is counted, and what is refused."""

import doctest
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import evolve

import x12_payer.edi.builders.interchange as interchange_module
from tests.worlds.engines.pyx12_guides import pyx12_says, write_maps
from tests.worlds.places import ROOT, SAMPLES
from tests.worlds.text.build_strategies import CREATED, PAYER, RECEIVER, SUBMITTER
from tests.worlds.text.parse_back import errors, messages, unplaced
from x12_payer.edi.builders.interchange import MOST_IN_SET, TradingPartner, Writable, build
from x12_payer.edi.builders.refusal import WriteError
from x12_payer.edi.messages.acknowledgment import Acknowledgment
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.messages.common import (
    Address,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Reference,
)
from x12_payer.edi.messages.eligibility import EligibilityInquiry, ServiceInquiry
from x12_payer.edi.parsers.registry import parse
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.wire.segments import Delimiters, Source

PARTNERS: Any = {
    "sender": TradingPartner("CLEARCO01"),
    "receiver": TradingPartner("ATLANTIC01"),
    "created": CREATED,
}
HOME = Address(("10 ELM ST",), "BOSTON", "MA", "021080001")
BILLING = Party(
    "85",
    "2",
    "HARBOR THERAPY",
    id_qualifier="XX",
    id="1933333332",
    address=Address(("102 WHARF ST",), "BOSTON", "MA", "021100001"),
    references=(Reference("EI", "043210003"),),
)
JANE = Person(
    Party("IL", "1", "RIVERA", "JANE", id_qualifier="MI", id="A100000001", address=HOME),
    date(1980, 3, 15),
    "F",
    "18",
)
LINE = ServiceLine(
    "1",
    Decimal(150),
    Procedure("HC", "97110"),
    period=Period("472", date(2026, 7, 1), date(2026, 7, 1), "D8", "20260701"),
    diagnosis_pointers=("1",),
)
CLAIM = Claim(
    "P",
    "",
    0,
    0,
    SUBMITTER,
    BILLING,
    JANE,
    JANE,
    PAYER,
    "P",
    "C1",
    Decimal(150),
    "11",
    "B",
    "1",
    (LINE,),
    filing_indicator="CI",
    diagnoses=(Diagnosis("ABK", "M5450"),),
    receiver=RECEIVER,
)
DOCTOR = Party("1P", "1", "LIN", "MEI", id_qualifier="XX", id="1911111114")
INQUIRY = EligibilityInquiry((), PAYER, DOCTOR, JANE, services=(ServiceInquiry(("30",)),))


def segments(text: str, *tags: str) -> list[list[str]]:
    """The segments of some tags, split."""
    return [s.split("*") for s in text.replace("\n", "").split("~") if s.split("*")[0] in tags]


def numbered(count: int, **more: Any) -> list[Claim]:
    return [evolve(CLAIM, control_number=f"C{n}", **more) for n in range(count)]


def refused(*given: Any, **more: Any) -> WriteError:
    with pytest.raises(WriteError) as caught:
        build(given, **{**PARTNERS, **more})
    return caught.value


# --- what is read is written again --------------------------------------------------------------------------

VOLATILE = {"control_number", "created", "levels", "level", "ordinal", "position", "set_control_number"}
VOLATILE |= {"billing_level", "subscriber_level"}


def differences(one: Any, other: Any, name: str = "") -> list[str]:
    """The fields in which two messages differ, but for places and numbers of their files."""
    if one == other:
        return []
    if attrs.has(type(one)) and type(one) is type(other):
        return [
            found
            for field in attrs.fields(type(one))
            if field.name not in VOLATILE
            for found in differences(
                getattr(one, field.name), getattr(other, field.name), f"{name}.{field.name}"
            )
        ]
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return [found for a, b in zip(one, other, strict=True) for found in differences(a, b, name)]
    return [name]


def is_asked(path: Path) -> bool:
    """Has the file something that we are asked or billed for?"""
    return any(f"ST*{kind}" in path.read_text(encoding="latin-1") for kind in ("270", "276", "278", "837"))


def codes_of(text: str) -> set[str]:
    """What is wrong, wherever it is."""
    return {error.rpartition(" ")[2] for error in errors(text)}


ANSWERS = sorted(SAMPLES.glob("*/expected/*.x12"))


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_an_answer_of_ours_is_written_as_it_was_read(path: Path) -> None:
    read: list[Any] = list(parse(path))
    text = build(read, **PARTNERS)
    assert errors(text) == []
    back = list(parse(text.encode("latin-1")))
    assert [differences(a, b) for a, b in zip(read, back, strict=True)] == [[] for _ in read]
    guides = ("GS", "ST")
    before = segments(path.read_text(encoding="latin-1"), *guides)
    assert [(s[1], s[-1]) for s in segments(text, *guides)] == [(s[1], s[-1]) for s in before]


BAD = "10-bad-files"
REQUESTS = [
    path for path in sorted(SAMPLES.glob("*/inbound/*.x12")) if BAD not in path.parts and is_asked(path)
]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_request_of_the_samples_is_written_as_it_was_read(path: Path) -> None:
    sent = path.read_text(encoding="latin-1")
    text = build(messages(sent), **PARTNERS)
    assert codes_of(text) <= codes_of(sent)
    assert sorted(map(repr, messages(text))) == sorted(map(repr, messages(sent)))


# --- groups, sets, levels -----------------------------------------------------------------------------------


def test_each_kind_of_claim_has_its_group() -> None:
    dental = evolve(
        CLAIM,
        kind="D",
        control_number="D1",
        lines=(evolve(LINE, procedure=Procedure("AD", "D1110"), diagnosis_pointers=()),),
    )
    text = build([INQUIRY, CLAIM, dental, evolve(CLAIM, control_number="C2")], **PARTNERS, group_number=7)
    assert [(s[1], s[6], s[8]) for s in segments(text, "GS")] == [
        ("HS", "7", "005010X279A1"),
        ("HC", "8", "005010X222A1"),
        ("HC", "9", "005010X224A2"),
    ]
    assert [s[1:] for s in segments(text, "ST")] == [
        ["270", "0001", "005010X279A1"],
        ["837", "0001", "005010X222A1"],
        ["837", "0001", "005010X224A2"],
    ]
    assert errors(text) == []


def test_claims_of_one_submitter_and_purpose_share_a_set() -> None:
    other = evolve(SUBMITTER, id="OTHER01")
    given = [
        CLAIM,
        evolve(CLAIM, submitter=other),
        evolve(CLAIM, purpose="RP"),
        evolve(CLAIM, control_number="C2"),
    ]
    text = build(given, **PARTNERS)
    assert [s[1:3] for s in segments(text, "ST")] == [["837", f"000{n}"] for n in (1, 2, 3)]
    assert [s[1] for s in segments(text, "CLM")] == ["C1", "C2", "C1", "C1"]
    assert len({s[3] for s in segments(text, "BHT")}) == 3


def test_no_set_has_more_than_its_most() -> None:
    text = build(numbered(MOST_IN_SET + 1), **PARTNERS)
    (interchange,) = check_interchanges(Source(data=text.encode("latin-1")))
    first, second = interchange.groups[0].sets
    assert (first.control_number, second.control_number) == ("0001", "0002")
    assert len(segments(text, "CLM")) == MOST_IN_SET + 1
    assert text.split("ST*837*0002")[1].count("CLM*") == 1


def test_a_level_has_a_hundred_claims() -> None:
    text = build(numbered(101), **PARTNERS)
    assert [s[1:] for s in segments(text, "HL")] == [
        ["1", "", "20", "1"],
        ["2", "1", "22", "0"],
        ["3", "1", "22", "0"],
    ]


def test_claims_are_grouped_by_who_bills_who_is_insured_and_who_is_ill() -> None:
    child = Person(Party("QC", "1", "RIVERA", "SAMI", address=HOME), date(2015, 1, 1), "M", "19")
    parent = evolve(JANE, relationship="", birth_date=None, gender="", party=evolve(JANE.party, address=None))
    second = evolve(BILLING, id="1944444441")
    given = [
        evolve(CLAIM, control_number="A"),
        evolve(CLAIM, control_number="B", billing_provider=second),
        evolve(CLAIM, control_number="C", subscriber=parent, patient=child),
        evolve(CLAIM, control_number="D"),
        evolve(CLAIM, control_number="E", subscriber=parent, patient=child),
    ]
    text = build(given, **PARTNERS)
    assert [s[1] for s in segments(text, "CLM")] == ["A", "D", "C", "E", "B"]
    assert [s[1:] for s in segments(text, "HL")] == [
        ["1", "", "20", "1"],
        ["2", "1", "22", "0"],
        ["3", "1", "22", "1"],
        ["4", "3", "23", "0"],
        ["5", "", "20", "1"],
        ["6", "5", "22", "0"],
    ]
    assert errors(text) == []


def test_the_receiver_is_the_payer_where_none_is_named() -> None:
    (name,) = [s for s in segments(build([evolve(CLAIM, receiver=None)], **PARTNERS), "NM1") if s[1] == "40"]
    assert name[1:] == ["40", "2", "ATLANTIC HEALTH PLAN", "", "", "", "", "46", "ATL01"]


def test_numbers_times_usage_and_separators_are_the_callers() -> None:
    delimiters = Delimiters("|", "!", ">", "\n")
    text = build(
        [CLAIM],
        sender=TradingPartner("US", "30", "OURCODE"),
        receiver=TradingPartner("THEM"),
        created=datetime(2026, 1, 2, 3, 4),
        control_number=77,
        usage="T",
        delimiters=delimiters,
    )
    isa, gs, st, bht, *_ = text.split("\n")
    assert isa.split("|")[5:] == [
        *(
            "30",
            "US".ljust(15),
            "ZZ",
            "THEM".ljust(15),
            "260102",
            "0304",
            "!",
            "00501",
            "000000077",
            "0",
            "T",
            ">",
        )
    ]
    assert gs == "GS|HC|OURCODE|THEM|20260102|0304|1|X|005010X222A1"
    assert st == "ST|837|0001|005010X222A1"
    assert bht == "BHT|0019|00|0000000770001|20260102|0304|CH"
    assert messages(text) == [unplaced(CLAIM)]


def test_the_same_messages_are_the_same_text() -> None:
    assert build(numbered(3), **PARTNERS) == build(iter(numbered(3)), **PARTNERS)


# --- acknowledgments ----------------------------------------------------------------------------------------


def test_a_checked_group_becomes_a_999() -> None:
    text = build([CLAIM], **PARTNERS).replace("CLM*C1*150", "CLM*C1*X")
    (checked,) = check_interchanges(Source(data=text.encode("latin-1")))
    answer = build(checked.groups, **PARTNERS)
    assert segments(answer, "AK1", "IK4", "AK9") == [
        ["AK1", "HC", "1", "005010X222A1"],
        ["IK4", "2", "782", "6", "X"],
        ["AK9", "R", "1", "1", "0"],
    ]
    assert errors(answer) == []


def test_a_ta1_is_between_isa_and_gs() -> None:
    ta1 = Acknowledgment("TA1", "A", ("000",), interchange="000000007", created="260706/1015")
    text = build([ta1, CLAIM], **PARTNERS)
    assert text.split("\n")[1] == "TA1*000000007*260706*1015*A*000~"
    assert next(iter(parse(build([ta1], **PARTNERS).encode()))) == ta1
    with pytest.raises(TypeError, match="one TA1"):
        build([ta1, ta1], **PARTNERS)


# --- what is refused ----------------------------------------------------------------------------------------


def member(last_name: str) -> EligibilityInquiry:
    return evolve(INQUIRY, subscriber=evolve(JANE, party=evolve(JANE.party, last_name=last_name)))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DOE*JOHN", "* separates here"),
        ("DOE:JOHN", ": separates here"),
        ("DOE^JOHN", "^ separates here"),
        ("DOE~JOHN", "~ separates here"),
        ("DOE\nJOHN", "control character"),
        ("DOE\x7fJOHN", "control character"),
        ("DOEŁJOHN", "U+0141 is not in Latin-1"),
        ("DOEJOHN" * 10, "too long"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, said: str) -> None:
    error = refused(member(name))
    assert str(error).startswith("segment 10, NM103 in 2100C: ")
    assert said in str(error)
    assert "DOE" not in str(error)
    (found,) = error.diagnostics
    assert (found.value, found.position.set_segment) == (name, 8)


def test_a_component_and_a_repetition_have_their_places() -> None:
    line = evolve(LINE, procedure=Procedure("HC", "97110", ("G:",)))
    (found,) = refused(evolve(CLAIM, lines=(line,))).diagnostics
    assert (found.position.tag, found.position.element, found.position.component) == ("SV1", 1, 3)
    (found,) = refused(evolve(INQUIRY, services=(ServiceInquiry(("30", "9^")),))).diagnostics
    assert (found.position.tag, found.position.element, found.position.repeat) == ("EQ", 1, 2)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"lines": ()}, "LX in 2400"),
        ({"diagnoses": ()}, "HI in 2300"),
        ({"submitter": evolve(SUBMITTER, contacts=())}, "PER in 1000A"),
        ({"facility_qualifier": "X"}, "CLM05-02 in 2300"),
        ({"billing_provider": evolve(BILLING, address=None)}, "N3 in 2010AA"),
        ({"drg": "470"}, "HI01-01 in 2300"),
        ({"statement": Period("434", date(2026, 7, 1), date(2026, 7, 2))}, "DTP01 in 2300"),
        ({"lines": (evolve(LINE, revenue_code="0450"),)}, "SV1"),
        ({"lines": (evolve(LINE, teeth=("3",)),)}, "TOO"),
        ({"lines": (LINE,) * 51}, "LX in 2400"),
    ],
)
def test_a_claim_that_its_guide_does_not_take_is_refused(change: dict[str, Any], place: str) -> None:
    assert place in str(refused(evolve(CLAIM, **change)))


def test_surfaces_of_several_teeth_are_refused_where_nobody_knows_whose_they_are() -> None:
    line = evolve(LINE, procedure=Procedure("AD", "D2392"), diagnosis_pointers=(), teeth=("3", "14"))
    dental = evolve(CLAIM, kind="D", lines=(evolve(line, surfaces=("M", "O")),))
    assert "surfaces" in str(refused(dental))
    known = evolve(dental, lines=(evolve(line, surfaces_of=(("M", "O"), ())),))
    assert [s[2:] for s in segments(build([known], **PARTNERS), "TOO")] == [["3", "M:O"], ["14"]]


@pytest.mark.parametrize(
    ("more", "element"),
    [
        ({"sender": TradingPartner("LONGER THAN FIFTEEN")}, "ISA06"),
        ({"receiver": TradingPartner("THEM", "99")}, "ISA07"),
        ({"receiver": TradingPartner("TH*M")}, "ISA08"),
        ({"control_number": 1_000_000_000}, "ISA13"),
        ({"usage": "X"}, "ISA15"),
        ({"sender": TradingPartner("US", code="A CODE TOO LONG FOR GS")}, "GS02"),
    ],
)
def test_an_envelope_that_does_not_fit_is_refused(more: dict[str, Any], element: str) -> None:
    assert element in str(refused(CLAIM, **more))


def test_only_the_first_faults_are_shown() -> None:
    error = refused(*(evolve(CLAIM, control_number=f"C*{n}") for n in range(12)))
    assert len(error.diagnostics) == 12
    assert str(error).endswith("and 2 more")


def test_what_is_no_message_is_a_type_error() -> None:
    other: Any = Acknowledgment("277CA")
    with pytest.raises(TypeError, match="no set is built from Acknowledgment 277CA"):
        build([other], **PARTNERS)
    with pytest.raises(TypeError, match="no set is built from str"):
        build([other.kind], **PARTNERS)


# --- other engines, and the documents -----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "guide"), [("P", "837P.X222A1.xml"), ("270", "270.X279A1.xml")])
def test_pyx12_takes_it(kind: str, guide: str, tmp_path: Path) -> None:
    given: list[Writable] = [INQUIRY] if kind == "270" else [*numbered(3)]
    assert pyx12_says(build(given, **PARTNERS), write_maps(tmp_path / "maps", [guide])) == (True, [])


def test_the_page_about_writing_holds() -> None:
    page = doctest.testfile(str(ROOT / "docs" / "writing.md"), module_relative=False)
    assert (page.attempted > 20, page.failed) == (True, 0)
    example = doctest.testmod(interchange_module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert (example.attempted > 5, example.failed) == (True, 0)
