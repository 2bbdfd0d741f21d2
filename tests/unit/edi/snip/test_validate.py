"""`edi validate`: findings in order and in place, the three formats, exit statuses, values masked."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.places import EXAMPLES
from x12_payer.cli import cli
from x12_payer.edi.diagnostics.page import changed, pages
from x12_payer.edi.display.html import AROUND, report
from x12_payer.edi.display.tally import Checked, Tally, counted, summary
from x12_payer.edi.display.text import json_line, text_lines
from x12_payer.edi.snip.validate import LocatedDiagnostic, diagnostics_in
from x12_payer.edi.wire.segments import Source

AS_OF = date(2026, 7, 15)
FIELDS = (
    *("file", "interchange", "group", "set", "segment", "set_segment", "offset", "tag", "loop"),
    *("element", "component", "repeat", "code", "severity", "snip", "message"),
)
VALID = (EXAMPLES / "837P.x12").read_text(encoding="latin-1")
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.x12"))


def found_in(text: str, snip: int = 6) -> list[LocatedDiagnostic]:
    return list(diagnostics_in(Source(data=text.encode("latin-1")), snip, AS_OF, "f.x12"))


def edi(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1-valid.x12").write_text(VALID)
    (tmp_path / "2-bad.x12").write_text(VALID.replace("HI*ABK:J069", "HI*ABK:J06.9"))
    (tmp_path / ".hidden").write_text("not looked at")
    return tmp_path


# --- findings --------------------------------------------------------------------------------------------


def test_a_finding_has_its_place() -> None:
    bad = VALID.replace("HI*ABK:J069", "HI*ABK:J06.9")
    (found,) = found_in(bad)
    offset = bad.index("HI*ABK:J06.9")
    ordinal = bad[:offset].count("~") + 1
    assert (found.interchange, found.group, found.set) == ("000000001", "1", "0001")
    assert (found.segment, found.set_segment, found.offset) == (ordinal, ordinal - 2, offset)
    assert (found.tag, found.loop, found.element, found.component) == ("HI", "2300", 1, 2)
    assert (found.code, found.severity, found.snip) == ("code-diagnosis", "error", 5)


@pytest.mark.parametrize(
    ("old", "new", "snip"),
    [
        ("HL*2*1*22*0", "HL*2*7*22*0", 1),
        ("HI*ABK:J069~", "", 2),
        ("CLM*C1*300*", "CLM*C1*301*", 3),
        ("LX*2~", "LX*1~", 4),
        ("HI*ABK:J069", "HI*ABK:J06.9", 5),
        ("HC:97110:GP*100*UN*2", "HC:97110:GP*100*UN*0", 6),
    ],
)
def test_types_above_n_are_left_out(old: str, new: str, snip: int) -> None:
    bad = changed(VALID, f"{old} -> {new}")
    for highest in range(1, 7):
        assert [found.snip for found in found_in(bad, highest)] == ([snip] if highest >= snip else [])


def test_everything_wrong_is_found_in_one_pass_in_the_order_of_the_file() -> None:
    bad = VALID
    for old, new in (
        ("*20260715*0800*1*X*", "*20261515*0800*1*X*"),  # GS
        ("CLM*C1*300*", "CLM*C1*301*"),
        ("DMG*D8*20150505*F", "DMG*D8*20150535*F"),
        ("LX*2~", "LX*1~"),
        ("IEA*1*", "IEA*2*"),
    ):
        assert old in bad
        bad = bad.replace(old, new, 1)
    found = found_in(bad)
    expected = ["gs-element", "balance-837-charge", "line-number-sequence", "element-date", "isa-groups"]
    assert [one.code for one in found] == expected
    assert [one.segment for one in found] == sorted(one.segment for one in found)


def test_every_interchange_of_a_file_is_checked() -> None:
    other = VALID.replace("000000001", "000000002").replace("CLM*C2*90*", "CLM*C2*91*")
    found = found_in(VALID + other + VALID.replace("IEA*1*000000001", "IEA*1*9"))
    assert [(one.interchange, one.code) for one in found] == [
        ("000000002", "balance-837-charge"),
        ("000000001", "isa-control"),
    ]
    assert found[0].segment == VALID.count("~") + found[0].set_segment + 2


def test_one_set_of_two_is_wrong() -> None:
    start, end = VALID.index("ST*"), VALID.index("GE*")
    again = VALID[start:end].replace("*0001", "*0002").replace("CLM*C2*90*", "CLM*C2*91*")
    found = found_in(VALID[:end] + again + VALID[end:].replace("GE*1*", "GE*2*"))
    assert [(one.set, one.code) for one in found] == [("0002", "balance-837-charge")]


def test_what_a_partner_asks_for_comes_with_type_7() -> None:
    theirs = VALID.replace("SENDER         *ZZ", "RIVERBEND-EX   *ZZ").replace("207Q00000X", "207Q00000Z")
    assert [(one.code, one.severity) for one in found_in(theirs)] == [("code-taxonomy", "error")]
    found = found_in(theirs, 7)
    assert [one.severity for one in found if one.code == "code-taxonomy"] == ["warning"]
    wanted = [one for one in found if one.code == "companion-required"]
    assert [theirs[one.offset :].split("*")[1] for one in wanted] == ["C1", "C3", "C2"]
    assert {(one.tag, one.snip) for one in wanted} == {("CLM", 7)}
    assert "REF*D9" in wanted[0].message
    assert found_in(VALID, 7) == []


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("DTP*472*D8*20260603", ["iea-missing"]),  # the last claim has lost its lines: its sum says nothing
        ("LX*2", ["iea-missing"]),
        ("GE*", ["iea-missing", "hl-children"]),
        ("IEA*", ["iea-missing", "hl-children"]),
    ],
)
def test_what_a_file_that_breaks_off_has_lost_is_not_asked_for(end: str, expected: list[str]) -> None:
    text = VALID.replace("HL*2*1*22*0", "HL*2*1*22*1")
    found = found_in(text[: text.index(end)])
    assert sorted(one.code for one in found) == sorted(expected)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (date(2026, 7, 15), ["service-in-future"]),
        (date(2026, 1, 1), []),  # the file is dated 2026-07-15: the clock is behind, not the service ahead
        (date(2026, 12, 31), []),
    ],
)
def test_a_file_dated_behind_the_clock(clock: date, expected: list[str]) -> None:
    text = VALID.replace("DTP*472*D8*20260603", "DTP*472*D8*20260801")
    source = Source(data=text.encode())
    assert [one.code for one in diagnostics_in(source, 6, clock)] == expected


def test_what_is_no_interchange_is_said_to_be_so() -> None:
    assert [(one.code, one.segment) for one in found_in("hello")] == [("not-x12", 0)]
    assert [one.code for one in found_in("")] == ["not-x12"]


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_no_bytes_make_it_raise(name: str, data: st.DataObject) -> None:
    raw = bytearray((EXAMPLES / f"{name}.x12").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
    source = Source(data=bytes(raw))
    tally = Tally()
    found = list(counted(diagnostics_in(source, 6, AS_OF, "f"), tally))
    assert tally.errors + tally.warnings == len(found)
    for one in found:
        json.loads(json_line(one, True))
        assert all(line.isprintable() for line in text_lines(one, True))
    assert "</html>" in "".join(report([Checked("f", source, found, tally)], True))


# --- formats ---------------------------------------------------------------------------------------------


def test_json_lines_have_the_fields_of_the_contract(folder: Path) -> None:
    result = edi("validate", "--format", "jsonl", folder / "2-bad.x12")
    (line,) = result.stdout.splitlines()
    assert tuple(json.loads(line)) == FIELDS
    assert json.loads(line)["file"] == str(folder / "2-bad.x12")
    assert "J06" not in line


def test_values_only_when_asked_for(folder: Path) -> None:
    for form in ("text", "jsonl", "html"):
        shown = edi("validate", "--format", form, folder / "2-bad.x12").stdout
        assert "J06.9" not in shown
        assert not any(name in shown for name in ("BROOK", "19800101", "STONE"))
        asked = edi("validate", "--format", form, "--show-values", folder / "2-bad.x12").stdout
        assert "J06.9" in asked


def test_text_names_the_place() -> None:
    (found,) = found_in(VALID.replace("NM1*QC*1*BROOK*PIA", "NM1*QC*1**PIA"))
    first, second = text_lines(found, False)
    place = f"segment {found.segment}, set 0001 no. {found.set_segment}, byte {found.offset}"
    assert first == (
        "error [SNIP 2] element-missing at NM103 Patient last or organization name, 2010CA Patient name"
    )
    assert second == f"  A required element is missing ({place})"


def test_text_ends_with_a_word_on_each_file(folder: Path) -> None:
    lines = edi("validate", folder).stdout.splitlines()
    assert lines[0] == f"{folder / '1-valid.x12'}: valid"
    assert lines[-1] == f"{folder / '2-bad.x12'}: 1 error, 0 warnings"


def test_the_summary_counts() -> None:
    assert summary("f", Tally(2, 1)) == "f: 2 errors, 1 warning"


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "escape.x12"
    path.write_bytes(VALID.replace("HI*ABK:J069", "HI*ABK:\x1b[31m").encode())
    result = edi("validate", "--show-values", path)
    assert "\x1b" not in result.stdout
    assert "\\x1b[31m" in result.stdout


# --- the HTML report -------------------------------------------------------------------------------------


def page(text: str, show_values: bool = False) -> str:
    source, tally = Source(data=text.encode("latin-1")), Tally()
    found = list(counted(diagnostics_in(source, 6, AS_OF, "<f>&.x12"), tally))
    return "".join(report([Checked("<f>&.x12", source, found, tally)], show_values))


def test_the_report_shows_the_file_with_its_findings_in_place() -> None:
    text = page(VALID.replace("HI*ABK:J069", "HI*ABK:J06.9"))
    before, _, behind = text.partition('<strong><a href="#code-code-diagnosis"')
    assert behind
    assert before.rindex('class="no"') < before.rindex('class="wrong"')  # in the row of its segment
    assert before.count('class="no"') < text.count('class="no"') == VALID.count("~")
    assert "2010CA Patient name" in text


def test_the_report_is_self_contained_and_escaped() -> None:
    text = page(VALID.replace("BROOK*PIA", "<b>X</b>*&PIA"), show_values=True)
    assert "&lt;b&gt;X&lt;/b&gt;" in text
    assert "<b>X" not in text
    assert "&lt;f&gt;&amp;.x12" in text
    assert not any(word in text for word in ("<script", "http://", "https://", "src=", "<link"))


def test_the_report_of_a_large_file_shows_only_what_is_around_findings() -> None:
    start, end = VALID.index("ST*"), VALID.index("GE*")
    sets = [VALID[start:end].replace("*0001", f"*{number:04}") for number in range(1, 201)]
    sets[100] = sets[100].replace("HI*ABK:J069", "HI*ABK:J06.9")
    many = VALID[:start] + "".join(sets) + VALID[end:].replace("GE*1*", "GE*200*")
    text = page(many)
    assert text.count("<strong>") == 1
    assert 'class="row gap"' in text
    assert text.count('class="no"') == 2 * AROUND + 1
    assert "The file is large" in text


def test_the_report_leads_to_the_first_finding_of_each_code() -> None:
    text = page(VALID.replace("HI*ABK:J069", "HI*ABK:J06.9"))
    (ordinal,) = [one.segment for one in found_in(VALID.replace("HI*ABK:J069", "HI*ABK:J06.9"))]
    assert f'<a href="#s1-{ordinal}">' in text
    assert f'id="s1-{ordinal}"' in text
    assert "The file is large" not in text


def test_the_report_of_many_files_shows_only_the_first_ones_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = VALID.replace("HI*ABK:J069", "HI*ABK:J06.9").encode()
    monkeypatch.setattr("x12_payer.edi.display.html.MOST_WHOLE", 2 * len(bad))

    def checked(number: int) -> Checked:
        source, tally = Source(data=bad), Tally()
        return Checked(f"{number}.x12", source, counted(diagnostics_in(source, 6, AS_OF), tally), tally)

    text = "".join(report(map(checked, range(3)), False))
    assert text.count("<section>") == 3
    assert [part.count("The file is large") for part in text.split("<section>")[1:]] == [0, 0, 1]


def test_the_report_says_how_it_was_made_and_what_the_codes_mean() -> None:
    bad = VALID.replace("HI*ABK:J069", "HI*ABK:J06.9")
    source, tally = Source(data=bad.encode()), Tally()
    one = Checked("f", source, counted(diagnostics_in(source, 6, AS_OF), tally), tally)
    text = "".join(report([one], False, "edi 1.2: <SNIP>"))
    assert "<title>Findings of edi validate</title>" in text
    assert "edi 1.2: &lt;SNIP&gt;" in text
    targets, links = re.findall('id="([^"]+)"', text), re.findall('href="#([^"]+)"', text)
    assert {"code-code-diagnosis"} <= set(links) <= set(targets)
    assert len(targets) == len(set(targets))
    assert pages()["code-diagnosis"].why.partition("'")[0] in text


def test_no_empty_line_follows_a_note() -> None:
    text = page(VALID.replace("HI*ABK:J069", "HI*ABK:J06.9"))
    rows_ = re.findall(r'<div class="row".*?</div>\n(?=<div class="row|</div>)', text, re.DOTALL)
    assert any("note error" in row for row in rows_)
    assert not any("\n" in row.rstrip("\n") for row in rows_)  # .row keeps white space


def test_many_files_have_an_index_with_totals(folder: Path) -> None:
    text = edi("validate", "--format", "html", folder).stdout
    nav = text[text.index("<nav") : text.index("</nav>")]
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    assert re.findall('href="#f([0-9]+)"', nav) == [str(n) for n in range(1, len(files) + 1)]
    errors = [int(n) for n in re.findall(r'<td class="num">([0-9]+)</td><td class="num">[0-9]+</td>', nav)]
    assert f'<th>{len(files)} files</th><th class="num">{sum(errors)}</th>' in nav
    assert sum(errors) > 0
    valid = text[text.index('id="f1"') : text.index('id="f2"')]
    assert "Valid: nothing was found." in valid
    assert 'class="no"' not in valid  # it is named, not shown
    assert "<nav" not in edi("validate", "--format", "html", files[0]).stdout


def test_a_missing_end_comes_after_the_last_segment() -> None:
    text = page(VALID[: VALID.index("GE*")])
    assert "(behind the last segment)" in text
    assert "iea-missing" in text


# --- the command -----------------------------------------------------------------------------------------


def test_exit_statuses(folder: Path) -> None:
    assert edi("validate", folder / "1-valid.x12").exit_code == 0
    assert edi("validate", folder).exit_code == 1
    assert edi("validate", "--snip", 4, folder).exit_code == 0
    assert edi("validate", folder / "absent").exit_code == 2
    assert edi("validate", "--snip", 0, folder).exit_code == 2
    assert edi("validate").exit_code == 2


def test_warnings_are_no_errors(tmp_path: Path) -> None:
    path = tmp_path / "blanks.x12"
    path.write_text(VALID.replace("BROOK*PIA", "BROOK *PIA"))
    result = edi("validate", path)
    assert "1 warning" in result.stdout
    assert result.exit_code == 0


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Source.read

    def refuse(self: Source, offset: int, size: int) -> bytes:
        if self.path.endswith("1-valid.x12"):
            raise PermissionError(13, "Permission denied")
        return read(self, offset, size)

    monkeypatch.setattr(Source, "read", refuse)
    result = edi("validate", folder)
    assert "cannot be read: Permission denied" in result.stderr
    assert "code-diagnosis" in result.stdout
    assert "1-valid.x12: valid" not in result.stdout
    assert result.exit_code == 2


def test_an_empty_folder_is_nothing_to_read(tmp_path: Path) -> None:
    result = edi("validate", tmp_path)
    assert result.exit_code == 2
    assert "no file" in result.stderr


@pytest.mark.parametrize("command", ["validate", "show", "explain"])
def test_help_has_examples(command: str) -> None:
    result = edi(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
