"""`edi explain`: every acknowledgment in plain words, and the segment of the original it points at."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.places import EXAMPLES
from tests.worlds.text.valid_sets import ISA, PROFESSIONAL, interchange
from x12_payer.cli import cli
from x12_payer.edi.builders.ta1 import ta1_segment
from x12_payer.edi.builders.x999 import build_999
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.diagnostics.page import changed, pages, steps
from x12_payer.edi.display.explain.explain import ExplainedLine, as_json, explain
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, OutSegment, Source

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.x12"))


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.x12").read_text(encoding="latin-1")


def explained(ack: str, original: str | None = None, show_values: bool = False) -> list[ExplainedLine]:
    beside = Source(data=original.encode("latin-1")) if original is not None else None
    return list(explain(Source(data=ack.encode("latin-1")), beside, show_values))


def texts(ack: str, original: str | None = None, show_values: bool = False) -> list[str]:
    return [line.text for line in explained(ack, original, show_values)]


def behind(lines: list[str], start: str) -> str:
    """The line behind the first that begins so."""
    return lines[next(n for n, line in enumerate(lines) if line.startswith(start)) + 1]


def segment_at(original: str, line: str) -> str:
    """The segment of the original that a line names by its byte."""
    offset = int(line.partition("byte ")[2].partition(",")[0])
    return original[offset:].split("~")[0]


def written(segments: list[OutSegment]) -> str:
    """Segments as a body for `interchange`."""
    separators = DEFAULT_DELIMITERS

    def plain(element: object) -> str:
        return separators.component.join(element) if isinstance(element, tuple) else str(element)

    return "\n".join(separators.element.join(plain(e) for e in segment).rstrip("*") for segment in segments)


def ack_of(original: str) -> str:
    """Our own 999 of a file."""
    (one,) = check_interchanges(Source(data=original.encode("latin-1")), every_guide=True)
    return interchange("999", written(build_999(one.groups[0], one.delimiters))).decode()


# --- TA1 -------------------------------------------------------------------------------------------------


def test_ta1() -> None:
    original = example("837P")
    (one,) = check_interchanges(Source(data=original.encode("latin-1")))
    ack = interchange("P").decode()
    start, end = ack.index("GS*"), ack.index("IEA*")
    note = written([ta1_segment(one.isa, "R", "006")])
    lines = texts(f"{ack[:start]}{note}~\n{ack[end:].replace('IEA*1', 'IEA*0')}", original)
    outcome = "the interchange was refused: nothing in it was processed (R)"
    assert lines == [
        f"TA1: interchange 000000001 of 2026-07-15: {outcome}",
        "Note: the sender is not known to the receiver (ISA06) (006)",
        "in the original: segment 1, byte 0, ISA, element 6: "
        + original.split("~")[0].replace("SENDER         ", "xxx"),
    ]


# --- 999 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said", "segment"),
    [
        (
            "CLM*C2*90***11:B:1 -> CLM*C2*90***",
            "CLM05 Place of service: a required value is missing (1)",
            "CLM*C2*90***",
        ),
        (
            "DMG*D8*20150505*F -> DMG*D8*20150535*F",
            'DMG02 Birth date: the value is not a valid date (8); there stood "xxx"',
            "DMG*D8*20150535*F",
        ),
        (
            "SV1*HC:99212*90*UN*1***1 -> SV1*HC:99212*90*XX*1***1",
            'SV103 Unit of service: the value is not in the code list (7); there stood "xxx"',
            "SV1*HC:99212*90*XX*1***1",
        ),
    ],
)
def test_a_999_points_at_the_element(change: str, said: str, segment: str) -> None:
    original = changed(example("837P"), change)
    lines = explained(ack_of(original), original)
    place = next(n for n, line in enumerate(lines) if line.text == said) + 1
    assert lines[place].kind == "original"
    assert segment_at(original, lines[place].text).startswith(segment)
    values = texts(ack_of(original), original, show_values=True)
    assert any(segment in text for text in values)


def test_a_999_names_segment_loop_and_claim() -> None:
    original = changed(example("837P"), "HI*ABK:J069~ ->")
    lines = texts(ack_of(original), original)
    assert "Set 0001: Professional claim" in lines
    assert any("HI Diagnoses in 2300 Claim: a segment that must be here is missing (3)" in s for s in lines)
    assert "It is about CLM01 C2" in lines
    assert "Result: the set was refused: nothing in it was processed (R)" in lines
    assert "Why: one or more segments are in error (5)" in lines
    assert lines[-1] == "Result: the group was refused (R): 0 of 1 set accepted, 1 rejected"


def test_a_999_on_two_sets_points_into_the_second() -> None:
    original = example("999")  # one that answers an 837 of two sets
    lines = texts(original)
    assert lines[0] == "Acknowledgment of group 104: claims, 005010X222A1"
    assert lines[-1].startswith("Result: some sets of the group were accepted and some were refused (P)")


def test_who_someone_is_stays_masked() -> None:
    ack = example("999").replace("CTX*CLM01:C2", "CTX*SUBSCRIBER NAME NM109:M2")
    assert "It is about SUBSCRIBER NAME NM109 xxx" in texts(ack)
    assert "It is about SUBSCRIBER NAME NM109 M2" in texts(ack, show_values=True)


@pytest.mark.parametrize(
    ("place", "said"), [("*5", "CLM05"), ("*11:2", "CLM11-02"), ("*3::2", "CLM03[2]"), ("", "CLM")]
)
def test_a_situational_trigger_is_explained(place: str, said: str) -> None:
    ack = example("999").replace("CTX*CLM01:C2", f"CTX*SITUATIONAL TRIGGER*CLM*17*2300{place}")
    assert f"Because of segment 17, {said}" in texts(ack)


def test_every_context_is_reported() -> None:
    ack = example("999").replace("CTX*CLM01:C2", "CTX*CLM01:C2^PATIENT NAME NM109:M2^TRN02:T1")
    lines = texts(ack)
    at = lines.index("It is about CLM01 C2")
    assert lines[at : at + 3] == [
        "It is about CLM01 C2",
        "It is about PATIENT NAME NM109 xxx",
        "It is about TRN02 T1",
    ]


def groups(*bodies_of: list[str]) -> str:
    """Professional claims in one interchange: a group (1, 2 ...) for each list of bodies."""
    text = f"{ISA}~\n"
    for number, bodies in enumerate(bodies_of, 1):
        one = interchange("P", *bodies).decode()
        inside = one[one.index("GS*") : one.index("IEA*")]
        end = f"GE*{len(bodies)}*"
        text += inside.replace("*0800*1*X*", f"*0800*{number}*X*").replace(f"{end}1~", f"{end}{number}~")
    return f"{text}IEA*{len(bodies_of)}*000000001~\n"


def test_the_second_set_of_the_second_group() -> None:
    wrong = PROFESSIONAL.replace("DMG*D8*20150505", "DMG*D8*20150535").replace("ABK:J069", "ABK:J069^")
    original = groups([PROFESSIONAL], [PROFESSIONAL, wrong])
    (one,) = check_interchanges(Source(data=original.encode()))
    ack = interchange("999", *(written(build_999(g, one.delimiters)) for g in one.groups)).decode()
    lines = texts(ack, original)
    assert not any("not found there" in line for line in lines)
    for said, segment in (("DMG02 ", "DMG*D8*20150535*F"), ("HI01[2] ", "HI*ABK:J069^")):
        place = behind(lines, said)
        assert segment_at(original, place) == segment
        assert original[: int(place.partition("byte ")[2].partition(",")[0])].count("~\nST*") == 3
    assert "set 0002 no. 39" in behind(lines, "DMG02")


def test_a_group_number_with_leading_zeros_is_the_same() -> None:
    original = example("837P")
    ack = ack_of(changed(original, "HI*ABK:J069~ ->")).replace("AK1*HC*1*", "AK1*HC*0001*")
    place = behind(texts(ack, original), "Acknowledgment of group 0001")
    assert segment_at(original, place).startswith("GS*HC")


def test_a_997() -> None:
    original = example("837P")
    ack = ack_of(changed(original, "DMG*D8*20150505*F -> DMG*D8*20150535*F"))
    for new, old in (("AK3*", "IK3*"), ("AK4*", "IK4*"), ("AK5*", "IK5*"), ("ST*997*0001", "ST*999*0001")):
        ack = ack.replace(old, new)
    ack = ack.replace("*005010X231A1", "*005010").replace("AK1*HC*1*005010X222A1", "AK1*HC*1")
    lines = texts(ack.replace("AK2*837*0001*005010X222A1", "AK2*837*0001"), original)
    assert segment_at(original, behind(lines, "DMG02")) == "DMG*D8*20150505*F"
    assert "Result: the set was refused: nothing in it was processed (R)" in lines


@pytest.mark.parametrize("kind", ["271", "277", "277CA", "278", "278-response", "835", "999"])
def test_a_999_on_what_we_sent(kind: str) -> None:
    """Each segment in turn is missing, or another comes before it: the 999 of that points into the file."""
    segments = example(kind).split("~")
    inside = range(next(n for n, s in enumerate(segments) if "ST*" in s) + 1, len(segments) - 4)
    pointed = 0
    for number in inside:
        for other in (
            segments[:number] + segments[number + 1 :],
            [*segments[:number], "ZZZ*1", *segments[number:]],
        ):
            original = "~".join(other)
            lines = explained(ack_of(original), original)
            assert not any("not found there" in line.text for line in lines)
            pointed += sum(line.kind == "original" for line in lines)
    assert pointed > 4 * len(inside)


# --- 824 -------------------------------------------------------------------------------------------------

ADVICE = "OTI*TR*TN*NA***20260720*0800*1*0001*835*005010X221A1"


def advice(*segments: str) -> str:
    """An 824: we hold no guide for it."""
    body = ["ST*824*0001*005010X186A1", "BGN*11*Q1*20260721*0900", *segments, f"SE*{len(segments) + 3}*0001"]
    around = ["GS*AG*SENDER*RECEIVER*20260721*0900*1*X*005010X186A1", *body, "GE*1*1", "IEA*1*000000001"]
    return "".join(f"{segment}~\n" for segment in (ISA, *around))


@pytest.mark.parametrize(
    ("segments", "said", "segment"),
    [
        ([ADVICE], "About set 0001, 835, group 1: the set was refused (TR)", "ST*835*0001"),
        (["OTI*GR*BT*NA*****1"], "About group 1: the group was refused (GR)", "GS*HP*SENDER*RECEIVER"),
        (
            ["OTI*IR*EJ*C1*****1*0001*835"],
            "About item C1, set 0001, 835, group 1: the item was refused (IR)",
            "CLP*C1*1*300",
        ),
        (["OTI*TR*TN*000000001"], "About reference 000000001: the set was refused (TR)", "TRN*1*000000001"),
        (
            [ADVICE, "TED*813*CALL KIM STONE*N1*10*2*93*STONE"],
            "Segment 10, N102: the payee's name or address is missing or not valid (813); "
            'there stood "xxx"; they say "xxx"',
            "N1*PE",
        ),
        ([ADVICE, "TED*848**TRN*3"], "Segment 3, TRN: data is not correct (848)", "TRN*1*000000001"),
        ([ADVICE, "TED*ABC"], "Why: code ABC", ""),
        ([ADVICE, "TED*024", "RED*NA****IBP*E054"], "Why: code E054 of list IBP", ""),
        ([ADVICE, "TED*024", "CTX*CLM01:C1"], "It is about CLM01 C1", ""),
        (["OTI*TR*TN*NA"], "About something it does not name: the set was refused (TR)", ""),
        (["OTI*TA*TN*NA*****1*0002*835"], "About set 0002, 835, group 1: the set was accepted (TA)", "-"),
    ],
)
def test_an_824(segments: list[str], said: str, segment: str) -> None:
    original = example("835")
    lines = explained(advice(*segments), original)
    at = next(n for n, line in enumerate(lines) if line.text == said)
    beside = lines[at + 1].text if at + 1 < len(lines) and lines[at + 1].kind == "original" else ""
    if segment == "-":
        assert beside == "in the original: not found there"
    else:
        assert bool(beside) == bool(segment)
        assert not beside or segment_at(original, beside).startswith(segment)
    assert "STONE" not in " ".join(line.text for line in lines)


# --- 277CA and 277 ---------------------------------------------------------------------------------------


def test_a_status_that_contradicts_itself_is_said_to() -> None:
    contrary = example("277CA").replace("STC*A7:254*20260715*U*", "STC*A7:254*20260715*WQ*")
    assert behind(texts(contrary), "Claim C2: accepted").startswith(
        "Category and action contradict each other"
    )
    other = example("277CA").replace("STC*A2:20*20260715*WQ*", "STC*A2:20*20260715*U*")
    assert behind(texts(other), "Claim C1: rejected").startswith("Category and action contradict each other")
    assert not any("contradict" in line for line in texts(example("277CA")))


def test_277ca() -> None:
    original, ack = example("837P"), example("277CA")
    lines = texts(ack, original)
    assert "Claim C1: accepted, charge 300.00" in lines
    assert "Claim C2: rejected, charge 90.00" in lines
    assert "rejected: information is not valid (A7): the principal diagnosis (254)" in lines
    place = behind(lines, "rejected: information is not valid (A7)")
    assert segment_at(original, place) == "HI*ABK:J069"
    assert "J069" not in place


@pytest.mark.parametrize(
    ("status", "words", "segment"),
    [
        ("A3:33:IL", "the subscriber and the subscriber id are not found (33", "NM1*IL*1*BROOK*SAM****MI*M2"),
        ("A3:33:QC", "the subscriber and the subscriber id are not found (33", "NM1*QC*1*BROOK*PIA"),
        ("A7:158:QC", "the patient's date of birth (158, QC)", "DMG*D8*20150505*F"),
        ("A7:562:85", "the billing provider's NPI (562, 85)", "NM1*85*1*HILL*ANA****XX*1234567893"),
        ("A7:178", "the charges submitted (178)", "CLM*C2*90***11:B:1*Y*A*Y*Y"),
        ("A7:454", "the procedure code (454)", "SV1*HC:99212*90*UN*1***1"),
        ("A7:510", "a date lies in the future", "DTP*472*D8*20260603"),
        ("A7:464", "the payer's claim control number (464)", "CLM*C2*90***11:B:1*Y*A*Y*Y"),
        ("A3:746", "the same claim was submitted before (746)", "CLM*C2*90***11:B:1*Y*A*Y*Y"),
        ("A6:286", "what another payer decided (286)", "SBR*P**G1******CI"),
        ("A3:116", "the claim went to the wrong payer (116)", "NM1*PR*2*PAYER*****PI*P1"),
        ("A7:9999", "code (9999)", "CLM*C2*90***11:B:1*Y*A*Y*Y"),
    ],
)
def test_a_status_code_points_at_what_it_speaks_of(status: str, words: str, segment: str) -> None:
    original, ack = example("837P"), example("277CA").replace("STC*A7:254*", f"STC*{status}*")
    lines = texts(ack, original)
    said = next(n for n, line in enumerate(lines) if words in line)
    assert segment_at(original, lines[said + 1]) == segment


def test_a_line_is_found_by_its_control_number() -> None:
    original = example("837P")
    ack = changed(
        example("277CA"),
        "STC*A2:20*20260715*WQ*300~REF*1K*2607150000001~DTP*472*D8*20260601~ -> "
        "STC*A7:21*20260715*U*300~DTP*472*D8*20260601~SVC*HC:97110:GP*100*****2~STC*A7:454**U~REF*FJ*C1-2~",
    )
    lines = texts(ack, original)
    place = behind(lines, "rejected: information is not valid (A7): the procedure code (454)")
    assert segment_at(original, place) == "SV1*HC:97110:GP*100*UN*2***1"


def test_277() -> None:
    lines = texts(example("277"), example("276"))
    assert lines[0] == (
        "Claim S1-1: charge 300.00, paid 200.00, decided 2026-07-14, check or trace 000000001"
    )
    assert lines[1] == "finished: paid (F1): the claim or line is paid (65)"
    assert segment_at(example("276"), lines[2]) == "TRN*1*S1-1"


# --- 835 -------------------------------------------------------------------------------------------------


def test_835() -> None:
    original = example("837P")
    lines = texts(example("835"), original)
    assert lines[0] == "Payment of 210.00, bank transfer, 2026-07-20"
    assert lines[1] == (
        "Claim C1: processed, we are primary (1); charge 300.00, paid 200.00, patient's share 50.00"
    )
    assert segment_at(original, lines[2]) == "CLM*C1*300***11:B:1*Y*A*Y*Y"
    assert segment_at(original, behind(lines, "Line 2, HC:97110:GP")) == "SV1*HC:97110:GP*100*UN*2***1"
    assert "30.00: the copay (3); the patient's share (PR)" in lines
    assert any(
        line.startswith("70.00: more was billed than precertified or authorized (198)") for line in lines
    )
    assert "Remark: more days or units than the maximum we accept (N362)" in lines
    assert "10.00 more is paid: interest owed (L6), reference C1" in lines
    assert "20.00 less is paid: recovery of an overpayment (WO), reference C9" in lines


def test_a_line_without_control_number_is_found_by_its_place() -> None:
    original = example("837P")
    ack = changed(example("835"), "REF*6R*C1-2~ ->")
    assert segment_at(original, behind(texts(ack, original), "Line 2")) == "SV1*HC:97110:GP*100*UN*2***1"


def test_a_claim_that_is_not_in_the_original_is_said_not_to_be() -> None:
    lines = texts(example("835").replace("CLP*C1*", "CLP*C7*").replace("*C1-", "*C7-"), example("837P"))
    assert lines[2] == "in the original: not found there"


def test_several_reasons_in_one_cas() -> None:
    ack = changed(example("835"), "CAS*CO*45*50~ -> CAS*CO*45*20**131*30*1~")
    lines = texts(ack)
    assert any(line.startswith("20.00: the charge is above the agreed") for line in lines)
    assert any(line.startswith("30.00 for 1 unit: a discount agreed for this claim (131)") for line in lines)


# --- 271 and 278 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aaa", "words", "segment"),
    [
        (
            "AAA*N**72*C",
            "the subscriber's id is missing, not valid or not on file",
            "NM1*IL*1*STONE*KIM****MI*M1",
        ),
        ("AAA*N**71*C", "the patient's date of birth is not the one on file", "DMG*D8*19800101*F"),
        ("AAA*N**63*C", "the date of service lies in the future", "DTP*291*D8*20260715"),
        ("AAA*Y**42*R", "the system cannot answer now", "NM1*IL*1*STONE*KIM****MI*M1"),
    ],
)
def test_aaa_of_a_271(aaa: str, words: str, segment: str) -> None:
    original = example("270")
    ack = changed(
        example("271"),
        f"NM1*IL*1*STONE*KIM****MI*M1~ -> NM1*IL*1*STONE*KIM****MI*M1~{aaa}~",
    )
    lines = texts(ack, original)
    code = aaa.split("*")[3]
    assert lines[0] == f"Subscriber name (2100C): {words} ({code})"
    assert segment_at(original, lines[1]) == segment
    assert lines[2].endswith(f"({aaa.split('*')[1]})")
    assert lines[3].startswith("What to do: ")


def test_aaa_at_the_provider() -> None:
    original = example("270")
    provider = "NM1*1P*1*HILL*ANA****XX*1234567893~"
    ack = changed(example("271"), f"{provider} -> {provider}AAA*N**51*C~")
    lines = texts(ack, original)
    assert "the provider is not on file (51)" in lines[0]
    assert segment_at(original, lines[1]) == provider[:-1]


def test_a_271_without_aaa_needs_no_words() -> None:
    assert texts(example("271")) == ["Set 0001, 271: nothing in it that needs explaining"]


def test_hcr() -> None:
    original = changed(
        example("278"),
        "HL*5*4*SS*0~ -> HL*5*4*SS*0~UM*HS*I*PT~SV1*HC:97110~HSD*VS*8~HL*6*4*SS*0~",
    )
    lines = texts(example("278-response"), original)
    assert lines[0] == "Patient event level (2000E): certified in part (A2), number AU1"
    assert segment_at(original, lines[1]) == "UM*AR*I*2*21:B*****Y"
    assert lines[2] == "Service level (2000F): certified in full (A1), number AU1"
    assert segment_at(original, lines[3]) == "SV1*HC:97110"
    assert lines[4] == "Service level (2000F): not certified (A3)"
    assert segment_at(original, lines[5]) == "SV2**HC:27447"
    assert lines[6] == "Why: the plan does not cover the service (0M)"


# --- anything --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_no_value_of_a_person_is_reported(name: str) -> None:
    for original in ("837P", "270", "276", "278"):
        for text in texts(example(name), example(original)):
            assert not any(word in text for word in ("STONE", "BROOK", "19800101", "20150505", "*M1", "*M2"))


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(NAMES), beside=st.sampled_from(NAMES), data=st.data())
def test_no_bytes_make_it_raise(name: str, beside: str, data: st.DataObject) -> None:
    raw = bytearray(example(name).encode("latin-1"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    for line in explained(raw.decode("latin-1"), example(beside), show_values=True):
        assert line.text.isprintable()


# --- the command -----------------------------------------------------------------------------------------


def edi(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_the_command() -> None:
    result = edi("explain", EXAMPLES / "277CA.x12", EXAMPLES / "837P.x12")
    assert result.exit_code == 0
    assert "Claim C2: rejected" in result.stdout
    assert "in the original: segment" in result.stdout
    assert "\x1b" not in result.stdout


def test_what_is_no_interchange_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    result = edi("explain", path)
    assert result.exit_code == 2
    assert "there is no ISA here" in result.stderr


LOOPS_CUT_SHORT = (
    "N4*BOSTON*MA*021080001~ -> ;; DMG*D8*19800101*F -> DMG*D8*19801301*F ;; NM1*PR*2*PAYER -> NM1*PR*X*PAYER"
)
FULL = ["2010AA", "2010BA", "2010BB"]


def test_the_full_loop_is_found_in_the_original() -> None:
    original = changed(example("837P"), LOOPS_CUT_SHORT)
    ack = ack_of(original)
    assert re.findall(r"IK3\*(\w+)\*\d+\*(\w*)\*", ack) == [("N4", "2010"), ("DMG", "2010"), ("NM1", "2010")]
    beside = [line for line in explained(ack, original) if line.text.startswith("Segment")]
    assert [line.loop for line in beside] == FULL
    assert all(f" in {line.loop} " in line.text for line in beside)
    alone = [line for line in explained(ack) if line.text.startswith("Segment")]
    assert [line.loop for line in alone] == ["2010"] * 3
    assert all(" in 2010:" in line.text for line in alone)


def test_json_says_the_full_loop_and_the_place() -> None:
    original = changed(example("837P"), LOOPS_CUT_SHORT)
    lines = [json.loads(as_json(line)) for line in explained(ack_of(original), original)]
    segments = [line for line in lines if line["text"].startswith("Segment")]
    assert [(x["loop"], x["group"], x["set"]) for x in segments] == [(loop, "1", "0001") for loop in FULL]
    assert [x["set_segment"] for x in segments] == [10, 16, 17]
    assert {x["element"] for x in lines if x["loop"]} == {0, 2}


def test_the_loop_of_a_fault_that_we_do_not_find_is_that_of_the_segment() -> None:
    original = example("837P")
    body = ["AK1*HC*1*005010X222A1", "AK2*837*0001", "IK3*DMG*17*2010*8", "IK5*R*5", "AK9*R*1*1*0"]
    lines = explained(interchange("999", "\n".join(body)).decode(), original)
    assert next(line.loop for line in lines if line.text.startswith("Segment")) == "2010BA"


def test_an_acknowledgment_with_the_full_id_says_it_without_the_original() -> None:
    body = ["AK1*HC*1*005010X222A1", "AK2*837*0001", "IK3*DMG*17*2010BA*8", "IK5*R*5", "AK9*R*1*1*0"]
    lines = explained(interchange("999", "\n".join(body)).decode())
    assert next(line.loop for line in lines if line.text.startswith("Segment")) == "2010BA"


def test_json_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "a.x12"
    path.write_text(ack_of(example("837P")), encoding="latin-1")
    said = CliRunner().invoke(cli, ["explain", "--format", "json", str(path)])
    assert said.exit_code == 0
    assert [set(json.loads(line)) for line in said.stdout.splitlines()] == [
        {"kind", "depth", "text", "group", "set", "set_segment", "loop", "element"}
    ] * len(said.stdout.splitlines())


# --- the code of a finding ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(diagnostic_codes()))
def test_the_code_of_a_finding_is_explained(code: str) -> None:
    said = edi("explain", code)
    page = pages()[code]
    assert said.exit_code == 0
    assert said.stdout.startswith(f"{code}: {diagnostic_codes()[code].severity}, SNIP ")
    assert page.why in said.stdout
    assert "  Fix:     " in said.stdout
    assert all(old.removeprefix("=") in said.stdout for old, _ in steps(page.change))
    values = json.loads(edi("explain", "--format", "json", code).stdout)
    assert (values["code"], values["why"], bool(values["fix"])) == (code, page.why, True)


@pytest.mark.parametrize(
    ("typed", "meant"), [("code-nip", "code-npi"), ("isa-lenght", "isa-length"), ("qq", "")]
)
def test_an_unknown_word_gives_the_nearest_codes(typed: str, meant: str) -> None:
    said = edi("explain", typed)
    assert said.exit_code == 2
    assert f"there is no file '{typed}'" in said.stderr
    assert meant in said.stderr
    assert ("did you mean" in said.stderr) == bool(meant)


def test_a_file_goes_before_a_code_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code-npi").write_text("hello")
    assert "code-npi: there is no ISA here" in edi("explain", "code-npi").stderr


def test_a_code_has_no_original() -> None:
    said = edi("explain", "code-npi", EXAMPLES / "837P.x12")
    assert (said.exit_code, "it takes no file" in said.stderr) == (2, True)


def test_validate_names_it_once(tmp_path: Path) -> None:
    path = tmp_path / "a.x12"
    path.write_text((EXAMPLES / "837P.x12").read_text().replace("1234567893", "1234567890"))
    said = edi("validate", path)
    assert said.stderr.count("edi explain code-npi") == 1
    assert "edi explain" not in edi("validate", EXAMPLES / "837P.x12").stderr
    assert "edi explain" not in edi("validate", "--format", "jsonl", path).stderr


# --- totals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ("QTY*AA*8~AMT*YY*1771.96", ["8 of 8 claims rejected, 1771.96"]),
        (
            "QTY*90*2~QTY*AA*1~AMT*YU*300~AMT*YY*10.5",
            ["2 of 3 claims accepted, 300.00", "1 of 3 claims rejected, 10.50"],
        ),
        ("QTY*90*2~AMT*YU*300", ["2 of 2 claims accepted, 300.00"]),
        ("QTY*90*2", ["2 of 2 claims accepted"]),
        ("", []),
    ],
)
def test_totals_of_a_277ca(counts: str, said: list[str]) -> None:
    text = (EXAMPLES / "277CA.x12").read_text().replace("\n", "")
    text = re.sub(r"~(QTY|AMT)\*(90|AA|QA|QC|YU|YY)\*[^~]*", "", text)
    head, stc, rest = re.split(r"(~STC\*A1[^~]*)", text, maxsplit=1)
    data = (head + stc + (f"~{counts}" if counts else "") + rest).encode()
    lines = [line.text for line in explain(Source(data=data))]
    assert [line for line in lines if " claims " in line] == said


def test_what_is_but_received_is_not_called_accepted() -> None:
    lines = [line.text for line in explain(Source(data=(EXAMPLES / "277CA.x12").read_bytes()))]
    batch = [line for line in lines if line.startswith(("The submission", "The provider"))]
    assert batch
    assert all(": received" in line and "accepted" not in line for line in batch)
    assert any(line.startswith("Claim ") and ": accepted" in line for line in lines)


@pytest.mark.parametrize(
    ("ak9", "said"),
    [
        ("P*3*3*1", "1 of 3 sets accepted, 2 rejected"),
        ("A*2*2*2", "2 of 2 sets accepted"),
        ("R*4*3*0*5", "0 of 3 sets accepted, 3 rejected; 4 stated"),
    ],
)
def test_counts_of_a_999(ak9: str, said: str) -> None:
    text = (EXAMPLES / "999.x12").read_text()
    data = re.sub(r"AK9\*[^~]*", f"AK9*{ak9}", text).encode()
    assert any(line.text.endswith(said) for line in explain(Source(data=data)))
