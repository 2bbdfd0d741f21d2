"""`edi show`: an interchange with names, readable dates and codes; anything at all is shown plainly."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.places import EXAMPLES
from x12_payer.cli import cli
from x12_payer.commands.show import shown_line
from x12_payer.edi.codes.texts import meaning, text_of
from x12_payer.edi.display.annotate import named_segments
from x12_payer.edi.display.elements import printable, readable
from x12_payer.edi.display.show import ShownLine, show
from x12_payer.edi.guides.registry import guide_named, listed_codes, registry
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.tables import reasons, rows
from x12_payer.edi.wire.segments import Source

NO_WORDS = {"45", "46", "47"}  # levels of care of a kind of facility that is rarely met
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.x12"))


def example(name: str) -> bytes:
    return (EXAMPLES / f"{name}.x12").read_bytes()


def lines(data: bytes) -> list[ShownLine]:
    return list(show(Source(data=data)))


def element(shown: list[ShownLine], ref: str, number: int = 0) -> ShownLine:
    return [line for line in shown if line.ref == ref][number]


@pytest.mark.parametrize("name", NAMES)
def test_every_segment_and_value_is_shown_with_a_name(name: str) -> None:
    data = example(name)
    shown = lines(data)
    assert [line.ref for line in shown if line.kind in ("segment", "envelope")] == [
        text.split(b"*")[0].decode() for text in data.split(b"~\n")[:-1]
    ]
    assert all(line.name for line in shown)
    assert not any("not in the guide" in line.note for line in shown)


@pytest.mark.parametrize("name", NAMES)
def test_loops_are_those_of_the_check(name: str) -> None:
    source = Source(data=example(name))
    (one,) = check_interchanges(source, every_guide=True)
    checked = [item for s in one.groups[0].sets for item in loop_segments(source, s, one.delimiters)]
    named = [(s.node.loop if s.node else "", s.elements, s.set_ordinal) for s in named_segments(source)]
    assert [item for item in named if item[2]] == checked


def test_places_in_the_file_are_right() -> None:
    data = example("837P") + b"\n" + example("835").replace(b"*", b"|")
    seen = list(named_segments(Source(data=data)))
    assert [s.ordinal for s in seen] == list(range(1, len(seen) + 1))
    for segment in seen:
        assert data[segment.offset :].startswith(segment.tag.encode())
    assert {s.group for s in seen if s.set} == {"1"}
    assert len(seen) == data.count(b"~")


def test_dates_codes_and_composites_are_readable() -> None:
    shown = lines(example("837P"))
    assert element(shown, "ISA09").text == "2026-07-15"
    assert element(shown, "ISA15").note == "test"
    assert element(shown, "GS01").note == "claims"
    assert element(shown, "BHT05").text == "08:00"
    assert element(shown, "DMG02").text == "1980-01-01"
    assert element(shown, "DTP03", 1).text == "2026-06-01 to 2026-06-02"
    assert element(shown, "CLM05-01").note == "office"
    assert element(shown, "CLM05-03").note == "original"
    assert element(shown, "SV101-02").text == "99213"
    assert element(shown, "HI02-01").note == "diagnosis (ICD-10)"
    assert element(lines(example("835")), "CAS02").note == "the charge is above the agreed or allowed amount"
    assert element(lines(example("277")), "STC01-02").note == "the claim or line is paid"
    assert element(lines(example("278-response")), "HCR03").note == "the plan does not cover the service"
    assert element(lines(example("271")), "EB03").note == "plan as a whole"


def test_loops_are_indented_below_one_another() -> None:
    shown = lines(example("837P"))
    depth = {line.ref: line.depth for line in shown if line.kind == "loop"}
    assert depth["2000A"] < depth["2000B"] < depth["2300"] < depth["2400"]
    assert depth["2010AA"] == depth["2000A"] + 1
    set_line = element(shown, "ST")
    assert set_line.note == "Professional claim (837P.X222A1)"


def test_repeated_elements_are_counted() -> None:
    data = example("271").replace(b"EB*1*IND*30*", b"EB*1*IND*30^98*")
    shown = lines(data)
    assert element(shown, "EB03[2]").note == text_of("service_types", "98")


def test_a_set_without_a_guide_is_shown_plainly() -> None:
    data = example("837P").replace(b"005010X222A1", b"005010X298").replace(b"*837*", b"*850*")
    shown = lines(data)
    assert element(shown, "ST").note == "no guide here: shown without names"
    assert element(shown, "NM103").text == "CLEARING"
    assert element(shown, "NM103").name == ""
    assert element(shown, "CLM05-02").text == "B"


def test_what_is_in_the_wrong_place_is_said_to() -> None:
    shown = lines(example("837P").replace(b"HI*ABK:J069~\n", b"HI*ABK:J069~\nQQQ*1~\n"))
    assert element(shown, "QQQ").note == "not in the guide at this place"


def test_passwords_are_not_shown() -> None:
    shown = lines(example("837P").replace(b"*00*          *ZZ", b"*01*SECRET    *ZZ", 1))
    assert element(shown, "ISA04").text == "(not shown)"


@pytest.mark.parametrize(
    ("kind", "data_element", "raw", "form", "text"),
    [
        ("DT", "373", "20260706", "", "2026-07-06"),
        ("DT", "373", "260706", "", "2026-07-06"),
        ("DT", "373", "20261306", "", "20261306"),
        ("TM", "337", "2561", "", "2561"),
        ("TM", "337", "101530", "", "10:15:30"),
        ("AN", "1251", "202607061015", "DT", "2026-07-06 10:15"),
        ("AN", "1251", "1015", "TM", "10:15"),
        ("AN", "1251", "20260601-20260602", "RD8", "2026-06-01 to 2026-06-02"),
        ("AN", "1251", "ABC", "D8", "ABC"),
        ("AN", "1035", "20260706", "", "20260706"),
    ],
)
def test_readable(kind: str, data_element: str, raw: str, form: str, text: str) -> None:
    assert readable(kind, data_element, raw, form) == text


def test_printable_reads_utf8_and_spells_out_control_characters() -> None:
    assert printable("JOSÉ".encode().decode("latin-1")) == "JOSÉ"
    assert printable("JOSÉ") == "JOSÉ"
    assert printable("A\x1b[2J\x07") == "A\\x1b[2J\\x07"


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_no_bytes_make_it_raise(name: str, data: st.DataObject) -> None:
    raw = bytearray(example(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    assert all(shown_line(line).replace("\x1b", "").isprintable() for line in lines(bytes(raw)))


WHOLE = (EXAMPLES / "837P.x12").read_bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (WHOLE[:700], "breaks off"),
        (WHOLE[: WHOLE.index(b"CLM*")] + WHOLE, "breaks off"),
        (b"ISA*00*00~GS*HC~", "it has 2 elements instead of 16; what follows it cannot be read"),
    ],
)
def test_what_breaks_off_or_cannot_be_read_is_said_to_do_so(data: bytes, words: str) -> None:
    assert sum(words in shown_line(line) for line in lines(data)) == 1
    assert not any("breaks off" in shown_line(line) for line in lines(WHOLE))


# --- the words of codes ----------------------------------------------------------------------------------


def test_the_table_of_words_is_valid() -> None:
    table = rows("explanations")
    keys = [(row["list"], row["code"]) for row in table]
    assert len(keys) == len(set(keys))
    assert all(row["text"] and row["source"] and row["text"].isascii() for row in table)
    listed = {name for row in rows("element_lists") for name in row["list"].split()}
    used = listed | {"status", "category", "entity", "CARC", "RARC", "total"}  # by their name
    assert {name for name, _ in keys} <= used
    assert listed <= {name for name, _ in keys} | {"service_types"}


@pytest.mark.parametrize(
    ("element", "left_out"),
    [
        *((number, set()) for number in ("716", "618", "620", "621", "715", "717", "889", "901", "1033")),
        *((number, set()) for number in ("1029", "426", "735", "736", "1390", "1138", "615", "1069")),
        *((number, set()) for number in ("1250", "1065", "1332", "1322", "1525", "1338", "591", "305")),
        ("98", set()),
        ("306", {"U", "WQ"}),  # those of STC03
    ],
)
def test_closed_lists_have_words_for_every_code(element: str, left_out: set[str]) -> None:
    for code in listed_codes()[element] - left_out:
        assert meaning("", element, code), code


def test_every_remark_that_we_can_send_has_words() -> None:
    sent = {code for row in reasons().values() for code in row.rarc.split()}
    assert sent
    assert [code for code in sorted(sent) if not text_of("RARC", code)] == []


def test_who_a_party_is_is_beside_its_code() -> None:
    sent = example("277").replace(b"STC*F1:65", b"STC*F1:65:5W", 1)
    assert element(list(lines(sent)), "STC01-03").note == "magnetic resonance imaging"


@pytest.mark.parametrize(
    "tag", ["EB", "HSD", "UM", "HCR", "CLP", "CAS", "SV1", "SV2", "SV3", "CLM", "BPR", "AAA"]
)
def test_coded_elements_of_answers_have_words(tag: str) -> None:
    pointers = {"1328"}  # numbers of diagnoses
    for key in {row.key for row in registry()}:
        for node in guide_named(key).segments:
            if node.tag == tag:
                for element in node.elements:
                    for spec in element.components if element.composite else (element,):
                        part = f"-{spec.number:02d}" if element.composite else ""
                        ref = f"{tag}{element.number:02d}{part}"
                        without = {c for c in spec.codes if not meaning(ref, spec.data_element, c)}
                        assert not without or spec.data_element in pointers, (key, ref, sorted(without))


@pytest.mark.parametrize(
    ("ref", "code", "qualifier", "words"),
    [
        ("CLM05-01", "11", "A", "type of bill: hospital, inpatient"),
        ("CLM05-01", "11", "B", "office"),
        ("CLM05-01", "11", "", ""),
        ("UM04-01", "13", "A", "type of bill: hospital, outpatient"),
        ("UM04-01", "12", "B", "home"),
        ("CLP08", "11", "", "office or type of bill: hospital, inpatient"),
        ("CLP08", "18", "", "type of bill: hospital swing beds"),
        ("SV105", "11", "", "office"),
    ],
)
def test_a_facility_code_is_read_by_its_qualifier(ref: str, code: str, qualifier: str, words: str) -> None:
    assert meaning(ref, "1331", code, qualifier) == words


@pytest.mark.parametrize(("name", "words"), [("837I", "type of bill: "), ("837P", "office")])
def test_the_facility_of_a_claim(name: str, words: str) -> None:
    found = [line.note for line in lines(example(name)) if line.ref == "CLM05-01"]
    assert found
    assert all(note.startswith(words) for note in found)


def test_every_type_of_bill_in_use_has_words() -> None:
    for row in rows("bill_types"):
        assert row["end"] or row["code"] in NO_WORDS or text_of("bill_type", row["code"]), row["code"]


def test_words_are_of_codes_that_exist() -> None:
    for name, file in (
        ("CARC", "carc"),
        ("RARC", "rarc"),
        ("status", "claim_status"),
        ("category", "claim_status_category"),
        ("HCR03", "review_reason"),
    ):
        listed = {row["code"] for row in rows(file)}
        ours = {row["code"] for row in rows("explanations") if row["list"] == name}
        assert ours <= listed, (name, sorted(ours - listed))


def test_every_code_we_send_has_words() -> None:
    for row in rows("reasons"):
        for column, name in (
            ("group", "CAS01"),
            ("carc", "CARC"),
            ("rarc", "RARC"),
            ("aaa", "AAA03"),
            ("follow_up", "AAA04"),
            ("hcr", "HCR01"),
            ("hcr_reason", "HCR03"),
            ("category", "category"),
            ("status", "status"),
            ("line_status", "status"),
            ("entity", "entity"),
        ):
            assert not row[column] or text_of(name, row[column]), (row["key"], column, row[column])
    for row in rows("diagnostics"):
        for column, name in (("ta105", "TA105"), ("ak905", "AK905"), ("ik304", "IK304")):
            assert not row[column] or text_of(name, row[column])
        for column, name in (("ik403", "IK403"), ("ik502", "IK502")):
            assert not row[column] or text_of(name, row[column])


# --- the command -----------------------------------------------------------------------------------------


def test_the_command_is_plain_in_a_pipe() -> None:
    result = CliRunner().invoke(cli, ["show", str(EXAMPLES / "837P.x12")])
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "2010BA Subscriber name" in result.stdout


def test_what_is_no_interchange_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    result = CliRunner().invoke(cli, ["show", str(path)])
    assert result.exit_code == 2
    assert "no ISA" in result.stderr
