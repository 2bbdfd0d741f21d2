"""Companion overlays: each kind of rule, where it applies, what it counts for; what is wrong in a file."""

from datetime import date

import pytest

from tests.worlds.text.valid_sets import AS_OF, ELIGIBILITY, PROFESSIONAL, interchange
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.snip.companion import Companion, companion_for, overlay, read_companion, shipped_companions
from x12_payer.edi.snip.situational import situations
from x12_payer.edi.wire.segments import Source

HEAD = 'partners = ["SENDER"]\n'


def judged(companion: Companion, kind: str, body: str) -> list[tuple[str, str, int, str]]:
    """(code, severity, ordinal in the set, segment) of everything that is said of a set."""
    source = Source(data=interchange(kind, body))
    (one,) = check_interchanges(source, every_guide=True)
    (s,) = one.groups[0].sets
    found = list(situations(s, loop_segments(source, s, one.delimiters), one.delimiters, AS_OF, code_lists()))
    said = overlay(companion, s, found, loop_segments(source, s, one.delimiters), one.delimiters)
    return [
        (j.diagnostic.code, j.severity, j.diagnostic.position.set_segment, j.diagnostic.position.tag)
        for j in said
    ]


def ordinals(body: str, start: str) -> list[int]:
    """Where segments that begin so are in the set."""
    return [n for n, line in enumerate(body.strip().splitlines(), 2) if line.startswith(start)]


def rule(text: str) -> Companion:
    return read_companion(f"{HEAD}[[rule]]\n{text}", "test.toml")


FIRST, SECOND = ordinals(PROFESSIONAL, "CLM*")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'loop = "2300"\nrequire = "REF*D9"',
            [("companion-required", FIRST, "CLM"), ("companion-required", SECOND, "CLM")],
        ),
        ('loop = "2300"\nrequire = "HI"', []),
        (
            'loop = "2310B"\nrequire = "PRV"',
            [("companion-required", n, "NM1") for n in ordinals(PROFESSIONAL, "NM1*82")],
        ),
        (
            'loop = "2400"\nrequire = "REF*6R"',
            [("companion-required", ordinals(PROFESSIONAL, "LX*")[2], "LX")],
        ),
        (
            'loop = "2400"\nforbid = "REF*6R"',
            [("companion-forbidden", n, "REF") for n in ordinals(PROFESSIONAL, "REF*6R")],
        ),
        ('forbid = "PAT"', [("companion-forbidden", n, "PAT") for n in ordinals(PROFESSIONAL, "PAT")]),
        ('element = "CLM05-01"\ncodes = ["11"]', []),
        (
            'element = "CLM05-01"\ncodes = ["22", "21"]',
            [("companion-code", FIRST, "CLM"), ("companion-code", SECOND, "CLM")],
        ),
        ('element = "CLM05-01"\nforbid = ["99"]', []),
        (
            'element = "CLM05-01"\nforbid = ["11"]',
            [("companion-forbidden", FIRST, "CLM"), ("companion-forbidden", SECOND, "CLM")],
        ),
        (
            'element = "SBR03"\nforbid = true',
            [("companion-forbidden", n, "SBR") for n in ordinals(PROFESSIONAL, "SBR")],
        ),
        ('element = "SBR04"\nforbid = true', []),
        (
            'element = "SBR04"\nrequire = true',
            [("companion-required", n, "SBR") for n in ordinals(PROFESSIONAL, "SBR")],
        ),
        ('loop = "2010BB"\nelement = "NM109"\ncodes = ["P1"]', []),
        (
            'loop = "2010BB"\nelement = "NM109"\ncodes = ["P2"]',
            [("companion-code", n, "NM1") for n in ordinals(PROFESSIONAL, "NM1*PR")],
        ),
        ('guide = "837I"\nforbid = "PAT"', []),
        (
            'guide = "837"\nforbid = "PAT"',
            [("companion-forbidden", n, "PAT") for n in ordinals(PROFESSIONAL, "PAT")],
        ),
    ],
)
def test_rules(text: str, expected: list[tuple[str, int, str]]) -> None:
    found = judged(rule(text), "P", PROFESSIONAL)
    assert found == [(code, "error", ordinal, tag) for code, ordinal, tag in expected]


def test_a_repeated_element_is_looked_at_in_each_repetition() -> None:
    body = ELIGIBILITY.replace("EQ*30", "EQ*30^98^47")
    (place,) = ordinals(body, "EQ*30")
    limited = rule('element = "EQ01"\ncodes = ["30", "98"]')
    assert judged(limited, "270", body) == [("companion-code", "error", place, "EQ")]


def test_severities() -> None:
    weights = """
[[severity]]
code = "code-taxonomy"
severity = "warning"
[[severity]]
guide = "837I"
code = "balance-837-charge"
severity = "warning"
"""
    body = PROFESSIONAL.replace("207Q00000X", "207Q00000Z").replace("CLM*C2*90*", "CLM*C2*91*")
    found = judged(read_companion(HEAD + weights, "test.toml"), "P", body)
    assert [(code, severity) for code, severity, _, _ in found] == [
        ("code-taxonomy", "warning"),
        ("balance-837-charge", "error"),
    ]


def test_the_partners_own_words() -> None:
    companion = rule('forbid = "PAT"\nmessage = "No dependents."')
    source = Source(data=interchange("P", PROFESSIONAL))
    (one,) = check_interchanges(source)
    (s,) = one.groups[0].sets
    (found,) = overlay(companion, s, (), loop_segments(source, s, one.delimiters), one.delimiters)
    assert found.message == "No dependents."
    assert found.diagnostic.row.snip == "7"
    assert found.diagnostic.position.segment == found.diagnostic.position.set_segment + 2


def test_who_and_when() -> None:
    dated = read_companion('partners = ["A", "B"]\neffective = 2026-01-01\nend = 2026-06-30\n', "dated.toml")
    open_ended = read_companion('partners = ["B"]\n', "open.toml")
    both = (dated, open_ended)
    assert companion_for("A         ", date(2026, 6, 30), both) is dated
    assert companion_for("A", date(2026, 7, 1), both) is None
    assert companion_for("B", date(2025, 12, 31), both) is open_ended
    assert companion_for("C", date(2026, 1, 1), both) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("partners = [", "test.toml: "),
        ('name = "x"', "partners is missing"),
        (HEAD + 'rules = "x"', "test.toml: rules is not known"),
        (HEAD + '[[rule]]\nloop = "2300"', "rule 1: say one of require, forbid and codes"),
        (HEAD + '[[rule]]\nrequire = "REF"\nforbid = "PWK"', "rule 1: say one of"),
        (HEAD + '[[rule]]\nrequire = "REF*D9"', "rule 1: a required segment needs its loop"),
        (HEAD + '[[rule]]\ncodes = ["1"]', "rule 1: element is missing"),
        (HEAD + "[[rule]]\nforbid = true", "rule 1: element is missing"),
        (HEAD + '[[rule]]\nelement = "NM1"\nforbid = true', "NM1 is no element"),
        (HEAD + '[[rule]]\nelemnt = "NM109"\nforbid = true', "rule 1: elemnt is not known"),
        (HEAD + '[[severity]]\ncode = "no-such"\nseverity = "error"', "severity 1: name a code"),
        (HEAD + '[[severity]]\ncode = "code-npi"\nseverity = "off"', "severity 1: name a code"),
        (HEAD + '[[severity]]\ncode = "element-code"\nseverity = "warning"', "is of type 1 or 2"),
    ],
)
def test_what_is_wrong_in_a_file(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"test\.toml") as caught:
        read_companion(text, "test.toml")
    assert message in str(caught.value)


def test_the_shipped_example() -> None:
    companion = companion_for("RIVERBEND-EX", date(2026, 7, 1), shipped_companions())
    assert companion is not None
    found = judged(companion, "P", PROFESSIONAL)
    codes = [code for code, _, _, _ in found]
    assert codes.count("companion-required") == 2  # REF*D9 of both claims
    assert codes.count("companion-code") == 2  # the payer's id
