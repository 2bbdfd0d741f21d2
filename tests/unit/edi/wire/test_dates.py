"""Dates and times by their forms."""

import pytest

from x12_payer.edi.dates import is_day, is_period, is_time


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("20260706", True),
        ("260706", True),
        ("20240229", True),
        ("20230229", False),
        ("19000229", False),
        ("20000229", True),
        ("20260431", False),
        ("20261301", False),
        ("20260700", False),
        ("00000101", False),
        ("2026070", False),
        ("2026-7-6", False),
        ("２０２６０７０６", False),
        ("2026070²", False),
        ("", False),
    ],
)
def test_day(text: str, good: bool) -> None:
    assert is_day(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        *((text, True) for text in ("0000", "2359", "101530", "10153099")),
        *((text, False) for text in ("2400", "1060", "101", "10156", "101575", "", "AB12")),
    ],
)
def test_time(text: str, good: bool) -> None:
    assert is_time(text) is good


@pytest.mark.parametrize(
    ("form", "text", "good"),
    [
        ("D8", "20260706", True),
        ("D8", "260706", False),
        ("D6", "260706", True),
        ("RD8", "20260701-20260731", True),
        ("RD8", "20260701", False),
        ("RD8", "20260701-20260732", False),
        ("RD8", "-", False),
        ("DT", "202607061015", True),
        ("DT", "20260706", False),
        ("TM", "1015", True),
        ("TM", "9915", False),
        ("RTS", "20260706101530", True),
        ("CY", "2026", True),
        ("ZZZ", "whatever", True),  # a form that is not known is not judged
        ("D8", "", True),  # presence is not a matter of form
    ],
)
def test_period(form: str, text: str, good: bool) -> None:
    assert is_period(form, text) is good
