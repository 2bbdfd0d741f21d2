"""Element checks of one segment, each rule before and after."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from x12_payer.edi.guides.elements import check_elements, qualifier_diagnostics, segment_check
from x12_payer.edi.guides.model import ElementSpec, SegmentNode, SyntaxNote
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters


def spec(number: int, usage: str = "S", kind: str = "AN", **more: Any) -> ElementSpec:
    return ElementSpec(
        f"XX{number:02}", number, str(more.pop("data", 1000 + number)), "", usage, kind, **more
    )


def node(*elements: ElementSpec, syntax: tuple[SyntaxNote, ...] = ()) -> SegmentNode:
    return SegmentNode(1, "XX", "", 10, "R", 1, "2000", syntax, elements)


def faults(segment: SegmentNode, text: str, delimiters: Delimiters = DEFAULT_DELIMITERS) -> list[str]:
    """code@element-component-repeat of every finding; checked twice, because valid values are kept."""
    check = segment_check(segment, delimiters)
    found = [check_elements(check, text.split(delimiters.element)) for _ in range(2)]
    assert found[0] == found[1]
    return [f"{f.code}@{f.element}-{f.component}-{f.repeat}" for f in found[0]]


@pytest.mark.parametrize(
    ("usage", "text", "expected"),
    [
        ("R", "XX*A", []),
        ("R", "XX*", ["element-missing@1-0-0", "separators-behind@1-0-0"]),
        ("R", "XX", ["element-missing@1-0-0"]),
        ("S", "XX", []),
        ("N", "XX*A", ["element-not-used@1-0-0"]),
        ("S", "XX*A*B", ["element-too-many@2-0-0"]),
        ("S", "XX*A**B*C", ["element-too-many@3-0-0"]),
        ("S", "XX*A**", ["separators-behind@3-0-0"]),
        ("S", "XX* A", ["element-blanks@1-0-0"]),
        ("S", "XX*A ", ["element-blanks@1-0-0"]),
        ("R", "XX* ", ["element-character@1-0-0"]),
        ("S", "XX*A\x07B", ["element-character@1-0-0"]),
        ("S", "XX*A:B", ["element-components@1-0-0"]),
        ("S", "XX*A^B", ["element-repeats@1-0-2"]),
        ("S", "XX*\xc9T\xc9", []),  # letters of latin-1 are letters
    ],
)
def test_presence_and_characters(usage: str, text: str, expected: list[str]) -> None:
    assert faults(node(spec(1, usage, least=1, most=5)), text) == expected


@pytest.mark.parametrize(
    ("kind", "least", "most", "value", "fault"),
    [
        ("AN", 2, 4, "A", "short"),
        ("AN", 2, 4, "AB", ""),
        ("AN", 2, 4, "ABCD", ""),
        ("AN", 2, 4, "ABCDE", "long"),
        ("ID", 2, 2, "A", "short"),
        ("N0", 1, 3, "123", ""),
        ("N0", 1, 3, "-123", ""),  # the sign is no digit
        ("N0", 1, 3, "1234", "long"),
        ("N0", 1, 3, "1.5", "character"),
        ("N0", 1, 3, "12A", "character"),
        ("N2", 1, 3, "1", ""),
        ("R", 1, 4, "12.34", ""),  # nor the point
        ("R", 1, 4, "-12.34", ""),
        ("R", 1, 4, ".5", ""),
        ("R", 1, 4, "5.", ""),
        ("R", 1, 4, "123.45", "long"),
        ("R", 1, 4, "1,5", "character"),
        ("R", 1, 4, "1E5", "character"),
        ("R", 1, 4, "--1", "character"),
        ("R", 1, 4, ".", "character"),
        ("DT", 8, 8, "20260706", ""),
        ("DT", 8, 8, "20260732", "date"),
        ("DT", 8, 8, "2026070", "date"),
        ("DT", 8, 8, "260706", "date"),  # six digits are for the ISA alone
        ("TM", 4, 8, "1015", ""),
        ("TM", 4, 8, "2500", "time"),
    ],
)
def test_types_and_lengths(kind: str, least: int, most: int, value: str, fault: str) -> None:
    expected = [f"element-{fault}@1-0-0"] if fault else []
    assert faults(node(spec(1, kind=kind, least=least, most=most)), f"XX*{value}") == expected


def test_codes_known_to_x12_or_not() -> None:
    one = node(spec(1, "R", "ID", codes=frozenset({"IL"}), data="98"))
    assert faults(one, "XX*IL") == []
    assert faults(one, "XX*QC") == ["element-code-unused@1-0-0"]  # other guides have it
    assert faults(one, "XX*31") == ["element-code-unused@1-0-0"]  # no guide here has it, X12 has
    assert faults(one, "XX*@@") == ["element-code@1-0-0"]
    assert faults(one, "XX*TOOLONG") == ["element-code@1-0-0"]  # one finding, not a length as well


def test_pattern() -> None:
    assert faults(node(spec(1, pattern=r"\d{9}")), "XX*123456789") == []
    assert faults(node(spec(1, pattern=r"\d{9}")), "XX*12345678A") == ["element-pattern@1-0-0"]


def composite(usage: str = "S", repeat: int = 1) -> ElementSpec:
    inner = (
        spec(1, "R", "ID", codes=frozenset({"HC", "AD"}), data="235"),
        spec(2, "R", most=5),
        spec(3, "N"),
        spec(4),
    )
    return ElementSpec("XX01", 1, "C003", "", usage, "C", repeat=repeat, components=inner)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XX*HC:99213", []),
        ("XX*HC:99213::A", []),
        ("XX*HC", ["element-missing@1-2-0"]),
        ("XX*:99213", ["element-missing@1-1-0"]),
        ("XX*@@:99213", ["element-code@1-1-0"]),
        ("XX*HC:992133", ["element-long@1-2-0"]),
        ("XX*HC:99213:X", ["element-not-used@1-3-0"]),
        ("XX*HC:99213::A:B", ["element-components@1-0-0"]),
        ("XX*HC:99213::::", []),
        ("XX*HC:1^HC:2", ["element-repeats@1-0-2"]),
    ],
)
def test_composite(text: str, expected: list[str]) -> None:
    assert faults(node(composite()), text) == expected


def test_repetitions() -> None:
    three = node(composite(repeat=3))
    assert faults(three, "XX*HC:1^HC:2^AD:3") == []
    assert faults(three, "XX*HC:1^@@:2^HC") == ["element-code@1-1-2", "element-missing@1-2-3"]
    assert faults(three, "XX*HC:1^HC:2^HC:3^HC:4") == ["element-repeats@1-0-4"]
    assert faults(three, "XX*@@:1") == ["element-code@1-1-0"]  # the only one needs no number
    assert faults(node(spec(1, repeat=2, most=2)), "XX*A^BBB") == ["element-long@1-0-2"]


def test_required_composite() -> None:
    assert faults(node(composite("R")), "XX") == ["element-missing@1-0-0"]


@pytest.mark.parametrize(
    ("kind", "numbers", "text", "expected"),
    [
        ("P", (1, 2), "XX*A*B", []),
        ("P", (1, 2), "XX", []),
        ("P", (1, 2), "XX*A", ["element-conditional@2-0-0"]),
        ("P", (1, 2), "XX**B", ["element-conditional@1-0-0"]),
        ("P", (1, 2), "XX*A*", ["separators-behind@2-0-0", "element-conditional@2-0-0"]),
        ("R", (1, 2), "XX**B", []),
        ("R", (1, 2), "XX***C", ["element-conditional@1-0-0"]),
        ("E", (1, 2), "XX*A", []),
        ("E", (1, 2), "XX*A*B", ["element-exclusion@2-0-0"]),
        ("C", (1, 2), "XX**B", []),
        ("C", (1, 2), "XX*A", ["element-conditional@2-0-0"]),
        ("L", (1, 2, 3), "XX*A**C", []),
        ("L", (1, 2, 3), "XX*A", ["element-conditional@2-0-0"]),
        (
            "C",
            (1, 9),
            "XX*A",
            ["element-conditional@9-0-0"],
        ),  # a note about an element that the guide leaves out
        ("P", (1, 9), "XX*A***D*E*F*G*H*I", ["element-too-many@4-0-0"]),
    ],
)
def test_relations(kind: str, numbers: tuple[int, ...], text: str, expected: list[str]) -> None:
    segment = node(spec(1), spec(2), spec(3), syntax=(SyntaxNote(kind, numbers),))
    assert faults(segment, text) == expected


def test_a_relation_is_not_said_of_an_element_already_missing() -> None:
    segment = node(spec(1), spec(2, "R"), syntax=(SyntaxNote("P", (1, 2)),))
    assert faults(segment, "XX*A") == ["element-missing@2-0-0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("XX*D8*20260706", []),
        ("XX*D8*20260732", ["element-date@2-0-0"]),
        ("XX*RD8*20260701-20260706", []),
        ("XX*RD8*20260701", ["element-date@2-0-0"]),
        ("XX*TM*2515", ["element-time@2-0-0"]),
        ("XX*D8", []),
        ("XX*D8*2026\x01706", ["element-character@2-0-0"]),  # once, not as a date as well
    ],
)
def test_date_in_the_form_that_comes_before_it(text: str, expected: list[str]) -> None:
    assert faults(node(spec(1, data="1250"), spec(2, data="1251", most=35)), text) == expected


def test_date_inside_a_composite() -> None:
    inner = (spec(1, data="1250"), spec(2, data="1251", most=35))
    one = node(ElementSpec("XX01", 1, "C022", "", "S", "C", repeat=2, components=inner))
    assert faults(one, "XX*D8:20260706^RD8:20260101-20260131") == []
    assert faults(one, "XX*D8:20260706^D8:20269999") == ["element-date@1-2-2"]


def test_only_the_qualifier_is_judged_when_it_fits_no_node() -> None:
    one = node(spec(1, "R", "ID", codes=frozenset({"G1"}), data="128"), spec(2, "R", most=3))
    check = segment_check(one, DEFAULT_DELIMITERS)
    found = qualifier_diagnostics(check, ["XX", "@@", "TOOLONG"], [(1, 0)])
    assert [(f.code, f.element, f.value) for f in found] == [("element-code", 1, "@@")]
    assert qualifier_diagnostics(check, ["XX"], [(1, 0)])[0].code == "element-missing"
    assert qualifier_diagnostics(check, ["XX", "G1"], [(1, 0), (9, 1)]) == ()


@given(st.text(max_size=80), st.sampled_from(["*^:~", "|!>'", "\x1d\x1f\x1c\x1e"]))
def test_any_text_gives_findings_and_no_exception(text: str, separators: str) -> None:
    delimiters = Delimiters(separators[0], separators[1], separators[2], separators[3])
    segment = node(
        spec(1, "R", "ID", codes=frozenset({"A"})),
        composite("R", 3).__class__(
            "XX02", 2, "C003", "", "R", "C", repeat=3, components=composite().components
        ),
        spec(3, kind="DT"),
        spec(4, kind="R", most=4),
        spec(5, data="1250"),
        spec(6, data="1251"),
        spec(8, pattern="a+"),
        syntax=(SyntaxNote("P", (3, 4)), SyntaxNote("E", (5, 8)), SyntaxNote("R", (7, 12))),
    )
    check = segment_check(segment, delimiters)
    elements = f"XX{delimiters.element}{text}".split(delimiters.element)
    for finding in check_elements(check, elements):
        assert finding.code.startswith(("element-", "separators-"))
        assert finding.element >= 1
