"""The writer: separators never stand in a value, controls become blanks, empty ends are trimmed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.segments import Delimiters, OutSegment
from edi.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange


def written(*body: OutSegment, preferred: Delimiters | None = None) -> str:
    """One set with this body as the text of an interchange."""
    one = OutboundSet("271", "0001", "005010X279A1", body)
    group = OutboundGroup("HB", 7, "005010X279A1", "US", "THEM", (one,))
    when = datetime(2026, 7, 6, 10, 15)
    interchange = OutboundInterchange("ZZ", "US", "ZZ", "THEM", 12, when, "T", groups=(group,))
    return write_interchange(interchange, preferred).decode("latin-1")


def test_counts_numbers_and_the_fixed_header() -> None:
    lines = written(("BHT", "0022", "11"), ("EB", "1", "", "")).split("~\n")
    assert len(lines[0]) == 105
    assert lines[0][-3:] == "T*:"
    assert lines[3:7] == ["BHT*0022*11", "EB*1", "SE*4*0001", "GE*1*7"]
    assert lines[7:] == ["IEA*1*000000012", ""]


def test_composites_and_repetitions_are_trimmed_too() -> None:
    text = written(("EB", "1", "", [("30",), ("98",), ""], ("HC", "97110", "", "")))
    assert "EB*1**30^98*HC:97110~" in text


@pytest.mark.parametrize("held", ["*", "^", ":", "~"])
def test_a_separator_in_a_value_makes_the_writer_take_others(held: str) -> None:
    preferred = Delimiters("|", "!", ">", "'")
    text = written(("MSG", f"A{held}B"), preferred=preferred)
    assert text[3] == "|"
    assert f"MSG|A{held}B'" in text


def test_preferred_separators_that_stand_in_a_value_are_not_taken() -> None:
    text = written(("MSG", "A*B|C"), preferred=Delimiters("|", "!", ">", "'"))
    assert text[3] not in "*|"
    assert f"MSG{text[3]}A*B|C" in text


def test_control_characters_become_blanks() -> None:
    assert "MSG*A B C~" in written(("MSG", "A\nB\tC"))


@given(st.lists(st.text(st.characters(max_codepoint=255), min_size=1, max_size=12), min_size=1, max_size=6))
def test_every_value_comes_back(values: list[str]) -> None:
    text = written(("ZZZ", *values), preferred=Delimiters("|", "!", ">", "'"))
    end = text[105]
    segments = [part.lstrip("\n").split(text[3]) for part in text.split(end)]
    clean = [v.translate({**dict.fromkeys(range(32), " "), 127: " "}) for v in values]
    assert next(s for s in segments if s[0] == "ZZZ")[1:] == clean
    assert [s[0] for s in segments] == ["ISA", "GS", "ST", "ZZZ", "SE", "GE", "IEA", ""]
