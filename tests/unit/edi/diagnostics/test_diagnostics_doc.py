"""docs/diagnostics.md: made from the tables; a section for every code, whose example provokes it."""

from datetime import date
from pathlib import Path

import pytest

from tests.worlds.places import DOCS
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.diagnostics.page import changed, document, pages, steps
from x12_payer.edi.snip.validate import PARTNER_SNIP, diagnostics_in
from x12_payer.edi.wire.segments import Source

EXAMPLES = DOCS / "examples"
AS_OF = date(2026, 7, 15)
MOST_BESIDES = 3
CAPPED = {"findings-capped", "situations-capped", "block-capped"}  # they are behind hundreds of others
WITH_EXAMPLE = sorted(code for code, page in pages().items() if page.change)
WITHOUT_EXAMPLE = {"set-unsupported", "element-pattern"}


def codes(text: str) -> list[str]:
    return [found.code for found in diagnostics_in(Source(data=text.encode("latin-1")), PARTNER_SNIP, AS_OF)]


def base(name: str) -> str:
    return (EXAMPLES / f"{name}.x12").read_text(encoding="latin-1") if name else ""


def test_the_page_is_made_from_the_tables() -> None:
    assert (DOCS / "diagnostics.md").read_text(encoding="utf-8") == document()


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(pages()) == set(diagnostic_codes())


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.x12")), ids=lambda path: path.stem)
def test_the_files_that_examples_change_are_valid(path: Path) -> None:
    assert codes(path.read_text(encoding="latin-1")) == []


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_each_example_provokes_its_code(code: str) -> None:
    page = pages()[code]
    found = codes(changed(base(page.example), page.change))
    assert code in found
    assert code in CAPPED or len(found) <= 1 + MOST_BESIDES


def test_only_these_have_no_example() -> None:
    without = {code for code, page in pages().items() if not page.change}
    assert without == WITHOUT_EXAMPLE
    assert all(pages()[code].example for code in without)  # it says why


@pytest.mark.parametrize("code", sorted(pages()))
def test_each_page_says_why_and_how_to_fix(code: str) -> None:
    page = pages()[code]
    assert page.why.endswith(".")
    assert page.fix or ": " in diagnostic_codes()[code].text


def test_a_change_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in the example"):
        changed("ST*1~\nSE*2*1~\n", "GS*1 -> GS*2")


def test_counts_are_made_anew_unless_the_trailer_is_changed() -> None:
    text = "ST*1~\nA*1~\nSE*3*0001~\n"
    assert changed(text, "A*1~ -> A*1~B*1~") == "ST*1~\nA*1~\nB*1~\nSE*4*0001~\n"
    assert changed(text, "{SE} -> SE*9*0001") == "ST*1~\nA*1~\nSE*9*0001~\n"
    assert changed(text, "A*1~ -> {3:A*1~}").count("A*1") == 3


def test_steps_of_a_change() -> None:
    assert steps("A -> B ;; C~ ->") == [("A", "B"), ("C~", "")]
