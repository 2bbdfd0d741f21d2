"""A stranger with the README in hand finds the place of what is to be added: at most two links away, a module
that the last page names and that is there."""

import os
import re
from pathlib import Path

import pytest

from tests.worlds.places import ROOT

LINK = re.compile(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)")
NAMED = re.compile(r"`([\w/]+\.(?:py|csv))`")
PLACES = (  # what is added, the recipe, the module and what in it
    ("a situational rule", "A diagnostic", "edi/snip/rules/claims.py", "def check_claim"),
    ("a condition of plan rows", "A plan condition", "authorization/plans/rows.py", "def fits"),
    ("an element in the 835", "An element in the 835", "edi/messages/remittance.py", "class Remittance:"),
    ("an element in the 835", "An element in the 835", "edi/builders/x835.py", "def build_835"),
    ("an element in the 835", "An element in the 835", "edi/builders/x835_claim.py", "def remittance_claim"),
    (
        "an element in the 835",
        "An element in the 835",
        "adjudication/payment/remittance.py",
        "def make_remittances",
    ),
)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def linked(page: Path, words: str) -> list[Path]:
    """The pages that some words of a page link to."""
    return [Path(os.path.normpath(page.parent / link)) for link in LINK.findall(words)]


def table() -> list[str]:
    """The rows of the README that say where to go."""
    part = text(ROOT / "README.md").split("| to add | go to |\n|---|---|\n")[1]
    return part.split("\n\n")[0].splitlines()


def named(page: Path, module: Path) -> bool:
    """A page names a module by its path, or is the README of its folder and lists it."""
    words = text(page)
    own = page.parent == module.parent and f"`{module.stem}`" in words
    return own or f"`{module.relative_to(ROOT).as_posix()}`" in words


@pytest.mark.parametrize(("what", "recipe", "module", "content"), PLACES)
def test_the_place_is_two_links_away(what: str, recipe: str, module: str, content: str) -> None:
    (row,) = (line for line in table() if line.startswith(f"| {what}"))
    pages = linked(ROOT / "README.md", row)
    assert pages
    second = [page for first in pages for page in linked(first, text(first))]
    place = ROOT / module
    assert any(named(page, place) for page in [ROOT / "README.md", *pages, *second]), module
    assert content in text(place)
    assert re.search(rf"^## \d+\. {recipe}$", text(ROOT / "CONTRIBUTING.md"), re.M)


def test_what_the_table_names_is_there() -> None:
    for row in table():
        folders = [page.parent for page in linked(ROOT / "README.md", row)]
        files = NAMED.findall(row)
        assert files or folders, row
        for name in files:
            assert any((folder / name).is_file() for folder in [ROOT, *folders]), name


def test_the_recipes_are_one_link_away() -> None:
    assert ROOT / "CONTRIBUTING.md" in linked(ROOT / "README.md", text(ROOT / "README.md"))
