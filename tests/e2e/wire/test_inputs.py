"""Where a file may come from: standard input, a pipe; what one is that is no X12 as it is; and an ISA
that cannot be read."""

import gzip
import io
import os
import threading
import zipfile
from pathlib import Path

import pytest

from tests.worlds.edi_command import Said, edi
from tests.worlds.places import SAMPLES
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.reading.file_kinds import what_it_is
from x12_payer.edi.reading.header_faults import header_trouble
from x12_payer.edi.reading.wrapped import line_width
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.inputs import STDIN, opened
from x12_payer.edi.wire.segments import Source

STORY = SAMPLES / "10-bad-files"
GOOD = STORY / "inbound" / "6-all-is-well.x12"
SENT = GOOD.read_bytes()
FLAT = SENT.replace(b"\r", b"").replace(b"\n", b"")
AS_OF = "2026-04-21T08:00:00"
WIRE_COMMANDS = ("validate", "show", "explain")


def process(store: Path, out: Path, *more: object, stdin: bytes = b"") -> Said:
    return edi("process", "--db", store, "--out", out, "--as-of", AS_OF, *more, stdin=stdin)


# -- standard input and pipes ------------------------------------------------------------------------


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("spelled", ["-", "/dev/stdin"])
def test_process_takes_standard_input(spelled: str, workers: str, store: Path, tmp_path: Path) -> None:
    said = process(store, tmp_path / "a", "--workers", workers, spelled, stdin=SENT)
    assert said.exit == 0
    assert said.stdout.splitlines()[1].split()[:2] == ["stdin", "000001006"]
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [f"stdin.000001006.{kind}.x12" for kind in ("277CA", "835", "999")]
    # the same bytes as a file are known
    assert "processed before" in process(store, tmp_path / "b", GOOD).stderr


def test_the_wire_commands_take_standard_input() -> None:
    for command in WIRE_COMMANDS:
        by_name, by_dash = edi(command, GOOD), edi(command, "-", stdin=SENT)
        assert by_dash.stdout.replace("stdin", str(GOOD)) == by_name.stdout, command
        assert by_dash.exit == by_name.exit


def test_findings_of_standard_input_have_its_name() -> None:
    said = edi(
        "validate", "--format", "jsonl", "-", stdin=SENT.replace(b"*SE*", b"*SE*").replace(b"CLM*", b"CLX*")
    )
    assert said.exit == 1
    assert '"file": "stdin"' in said.stdout


def test_an_answer_and_its_original_may_be_piped(store: Path, tmp_path: Path) -> None:
    assert process(store, tmp_path / "a", GOOD).exit == 0
    answer = next((tmp_path / "a").glob("*.277CA.x12"))
    piped = edi("explain", "-", GOOD, stdin=answer.read_bytes())
    assert piped == edi("explain", answer, GOOD)
    assert piped == edi("explain", answer, "-", stdin=SENT)


@pytest.mark.parametrize("command", ["validate", "explain"])
def test_standard_input_comes_once(command: str) -> None:
    said = edi(command, "-", "-", stdin=SENT)
    assert (said.exit, "can be read only once" in said.stderr) == (2, True)


def test_a_file_called_dash_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "-").write_bytes(SENT)
    monkeypatch.chdir(tmp_path)
    assert edi("validate", "./-", stdin=b"hello").exit == 0


def test_without_standard_input_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(OSError, match="Bad file"), opened(STDIN):
        pass


@pytest.mark.parametrize("command", WIRE_COMMANDS)
def test_a_pipe_with_a_writer_is_read(command: str) -> None:
    read, write = os.pipe()
    os.write(write, SENT)
    os.close(write)
    try:
        said = edi(command, f"/dev/fd/{read}")
    finally:
        os.close(read)
    assert said.stdout.replace(f"/dev/fd/{read}", str(GOOD)) == edi(command, GOOD).stdout


def test_a_writer_may_take_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    holder = os.open(fifo, os.O_RDWR)  # somebody has it open, and wrote nothing yet
    waited_for, block = threading.Event(), os.set_blocking

    def write() -> None:
        assert waited_for.wait(60)
        for at in range(0, len(SENT), 100):
            os.write(holder, SENT[at : at + 100])
        os.close(holder)

    def blocking(handle: int, wanted: bool) -> None:
        block(handle, wanted)
        waited_for.set()

    monkeypatch.setattr(os, "set_blocking", blocking)
    writer = threading.Thread(target=write)
    writer.start()
    with opened(fifo) as source:
        assert source.read(0, source.size) == SENT
    writer.join()


# -- what a file is ----------------------------------------------------------------------------------


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.x12", SENT)
    return out.getvalue()


TEXT = FLAT.decode("ascii")
KINDS = [
    (gzip.compress(SENT), "it is a gzip file: unpack it first (gunzip)"),
    (zipped(), "it is a zip archive: unpack it first (unzip)"),
    *((TEXT.encode(name), "it is text in UTF-16") for name in ("utf-16", "utf-16-le", "utf-16-be")),
    *((TEXT.encode(name), "it is text in UTF-32") for name in ("utf-32", "utf-32-le", "utf-32-be")),
    (b"\xfe\xff" + TEXT.encode("utf-16-be"), "it is text in UTF-16"),
    (TEXT.encode("cp037"), "it is text in EBCDIC"),
    (b"%PDF-1.7\n%\xe2\xe3", "it is a PDF document"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it is an image (PNG)"),
    (b'<?xml version="1.0"?><a/>', "it is XML"),
    (b"\n  <claims/>", "it is XML"),
    (b"<!DOCTYPE html><title>502</title>", "it is an HTML page"),
    (b' {"claim": 1}', "it is JSON"),
    (b"[]", "it is JSON"),
    (b"claim,amount,date\n1,2,3\n4,5,6\n", "it is a table of 3 columns (CSV)"),
    (b"claim;amount;date;code\r\n1;2;3;4\r\n", "it is a table of 4 columns (CSV)"),
    (b"-----BEGIN PGP MESSAGE-----\n\nhQEM", "it is encrypted or signed (PGP): decrypt it first (gpg)"),
    (bytes.fromhex("85010c03aabbccdd11223344"), "it is encrypted (PGP): decrypt it first (gpg)"),
    (bytes.fromhex("c1c0cc03aabbccdd11223344"), "it is encrypted (PGP): decrypt it first (gpg)"),
    (bytes.fromhex("8c0d04090302"), "it is encrypted (PGP): decrypt it first (gpg)"),
    (bytes.fromhex("308203f106092a864886f70d010703a0"), "it is encrypted or signed (CMS)"),
    (b"SVNBKjAwKg==", "it is an interchange in base64"),
    (b"GS*HC*A*B~ST*837*0001~", "it is X12 that begins with GS: the ISA before it is missing"),
    (b"UNB+UNOA:1+A+B", "it is an EDIFACT interchange"),
    (b"MSH|^~\\&|A|B", "it is an HL7 version 2 message"),
    (b"", "the file is empty"),
    (b" \r\n\t\n", "the file holds nothing but 5 blanks"),
    (b" " * 5000 + b"hello", ""),
    (b"hello", ""),
    (b"Dear colleague, here it is,\nthe file, as promised, and a word.\n", ""),
    (b"STATEMENT of account", ""),
]


@pytest.mark.parametrize(("data", "words"), KINDS)
def test_a_file_is_named_for_what_it_is(data: bytes, words: str) -> None:
    said = what_it_is(Source(data=data))
    assert said.startswith(words) if words else said == ""


@pytest.mark.parametrize("data", [gzip.compress(SENT), TEXT.encode("utf-16"), b"", b"\n \n"])
def test_every_command_says_what_a_file_is(data: bytes, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.x12"
    path.write_bytes(data)
    words = what_it_is(Source(data=data))
    assert words
    for command, status in (("validate", 1), ("show", 2), ("explain", 2)):
        said = edi(command, path)
        assert (said.exit, words in said.stdout + said.stderr) == (status, True), command
    said = process(store, tmp_path / "out", path)
    assert (said.exit, f"a.x12: no interchange in it: nothing begins with ISA; {words}" in said.stderr) == (
        2,
        True,
    )


def test_every_signature_is_reached_and_has_a_source() -> None:
    for row in rows("file_signatures"):
        first = bytes.fromhex(row["bytes"].replace("..", "00"))
        assert row["source"], row
        said = what_it_is(Source(data=first))
        assert said == f"it is {row['kind']}: {row['remedy']}", row


# -- an ISA that cannot be read ----------------------------------------------------------------------


def resized(number: int, by: int) -> bytes:
    parts = SENT[:106].decode().split("*")
    value = parts[number]
    parts[number] = value + "0" * by if by > 0 else value[:by]
    return "*".join(parts).encode() + SENT[106:]


@pytest.mark.parametrize("by", [-1, 1, 2])
@pytest.mark.parametrize(
    ("number", "width"), list(enumerate((2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1), 1))
)
def test_an_element_of_the_isa_has_the_wrong_width(number: int, width: int, by: int) -> None:
    has = "1 character" if width + by == 1 else f"{width + by} characters"
    expected = f"ISA{number:02d} has {has} instead of {width}"
    assert header_trouble(Source(data=resized(number, by)), 0) == expected


def test_two_elements_that_make_up_for_each_other_are_both_named() -> None:
    data = SENT.replace(b"*00*          *00*", b"*00*         *00 *", 1)
    assert header_trouble(Source(data=data), 0) == (
        "ISA02 has 9 characters instead of 10; ISA03 has 3 characters instead of 2"
    )


@pytest.mark.parametrize(
    ("place", "sign", "words"),
    [
        (3, b"X", "there is no element separator after ISA"),
        (6, b"|", "no element separator after ISA01"),
        (50, b"X", "no element separator after ISA06"),
        (101, b"X", "no element separator after ISA14"),
        (103, b"X", "no element separator after ISA15"),
        (8, b"*", "an element separator inside ISA02"),
        (40, b"*", "an element separator inside ISA06"),
    ],
)
def test_separators_of_the_isa(place: int, sign: bytes, words: str) -> None:
    assert header_trouble(Source(data=SENT[:place] + sign + SENT[place + 1 :]), 0) == words


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("columns", [40, 60, 72, 80, 100])
def test_line_breaks_inside_segments(columns: int, end: bytes) -> None:
    wrapped = end.join(FLAT[at : at + columns] for at in range(0, len(FLAT), columns))
    expected = (
        f"there are line breaks inside segments (every {columns} characters): send each segment in one piece"
    )
    assert header_trouble(Source(data=wrapped), 0) == expected
    assert header_trouble(Source(data=wrapped + end), 0) == expected
    assert header_trouble(Source(data=wrapped * 10), 0).startswith("there are line breaks inside segments")
    uneven = wrapped.replace(b"HL*", b"HL*" + end, 1)
    assert header_trouble(Source(data=uneven), 0) == expected.replace(f" (every {columns} characters)", "")


WIDTHS = [1, 2, 3, 53, 103, 104, 105, 106, 107, 120, 128, 132, 133, 200, 255]


def wrapped_at(columns: int, end: bytes = b"\n", data: bytes = FLAT) -> bytes:
    return end.join(data[at : at + columns] for at in range(0, len(data), columns))


def said_of(data: bytes) -> list[tuple[str, str]]:
    """Everything that is said of a file, the interchange, its groups and its sets."""
    return [
        (d.code, d.detail)
        for one in check_interchanges(Source(data=data))
        for found in (
            one.diagnostics,
            *(group.diagnostics for group in one.groups),
            *(s.diagnostics for group in one.groups for s in group.sets),
        )
        for d in found
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("columns", WIDTHS)
def test_a_wrapped_file_is_one_finding_whatever_its_width(columns: int, end: bytes) -> None:
    for data in (FLAT, FLAT.replace(b"*", b"\x1d")):
        ((code, detail),) = said_of(wrapped_at(columns, end, data))
        if columns < 3:  # not even ISA is in one piece
            words = "it is X12 with line breaks inside segments: send each segment in one piece"
            assert (code, detail) == ("not-x12", words)
        else:
            assert code == ("isa-length" if columns < 104 else "lines-wrapped")
            assert f"every {columns} characters" in detail


@pytest.mark.parametrize("columns", [107, 120, 200])
def test_a_wrapped_file_in_company(columns: int) -> None:
    twice = wrapped_at(columns, data=FLAT * 2)
    assert {code for code, _ in said_of(twice)} <= {"lines-wrapped", "isa-length"}
    marked = said_of(b"\xef\xbb\xbf" + wrapped_at(columns))
    assert marked == [("lines-wrapped", f"a line ends after every {columns} characters")]
    assert said_of(SENT + wrapped_at(columns))[0][0] == "lines-wrapped"


def test_only_long_segments_are_wrapped_and_line_ends_are_left() -> None:
    long = SENT.replace(b"HL*1*", b"NTE*ADD*" + b"A" * 200 + b"~\r\nHL*1*", 1).replace(b"\r", b"")
    folded = b"\n".join(line[at : at + 110] for line in long.split(b"\n") for at in range(0, len(line), 110))
    assert said_of(folded + b"\n")[0][0] != "lines-wrapped"  # a single cut may be a slip
    twice = folded.replace(b"NTE*", b"NTE*ADD*" + b"B" * 102 + b"\n" + b"B" * 5 + b"~\nNTE*", 1)
    assert said_of(twice + b"\n") == [("lines-wrapped", "a line ends after every 110 characters")]


@pytest.mark.parametrize(
    "data",
    [
        SENT,
        SENT.replace(b"\r", b"").replace(b"\n", b"\r\n"),
        FLAT,
        b"\n".join(line.ljust(140) for line in FLAT.replace(b"~", b"~\n").split(b"\n")),
        FLAT.replace(b"~", b"\n"),
    ],
)
def test_what_is_not_wrapped(data: bytes) -> None:
    assert said_of(data) == []
    assert line_width(Source(data=data), 0) == 0


def test_a_slip_in_one_segment_is_a_finding_of_its_own() -> None:
    slipped = SENT.replace(b"HL*1*", b"HL\n*1*", 1).replace(b"HL*2*", b"HL*\n2*", 1)
    assert slipped != SENT
    assert "lines-wrapped" not in {code for code, _ in said_of(slipped)}


def test_every_command_says_that_a_file_is_wrapped(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.x12"
    path.write_bytes(wrapped_at(120))
    said = edi("validate", path)
    assert said.stdout.count("line breaks inside segments") == 1
    assert "lines-wrapped" in said.stdout
    assert "line breaks inside segments (every 120 characters)" in edi("show", path).stdout
    assert process(store, tmp_path / "out", path).exit == 1
    (answer,) = (tmp_path / "out").glob("*.TA1.x12")
    assert "*R*024~" in answer.read_text()


def test_a_header_that_ends_too_soon() -> None:
    assert header_trouble(Source(data=SENT[:104]), 0) == "the file ends inside it"
    assert header_trouble(Source(data=b"ISA*00*00~GS*HC~"), 0) == "it has 2 elements instead of 16"


@pytest.mark.parametrize(
    "data", [resized(6, -1), b"\n".join(FLAT[at : at + 80] for at in range(0, len(FLAT), 80))]
)
def test_every_command_says_what_is_wrong_with_a_header(data: bytes, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.x12"
    path.write_bytes(data)
    words = header_trouble(Source(data=data), 0)
    assert words in edi("validate", path).stdout
    assert f"({words}; what follows it cannot be read)" in edi("show", path).stdout
    assert f"its ISA cannot be read; {words}" in edi("explain", path).stderr
    said = process(store, tmp_path / "out", path)
    assert said.stderr.splitlines()[-1].startswith("a.x12: ")
    assert said.stderr.splitlines()[-1].endswith(words)
