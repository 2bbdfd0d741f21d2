"""Names, docstrings, comments and pages are in plain English: words of a dialect that this code once had do
not come back. docs/glossary.md has the words to use."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds.places import ROOT

INSTEAD = {
    r"told|tells?|telling": "report, say, give",
    r"sound": "valid",
    r"stands?|stood|standing": "is, comes, in force, accepted",
    r"mend(?:s|ed|ing)?": "fix, correct",
    r"hears?|heard": "get, report",
    r"outlines?": "fingerprint",
    r"quick(?:ly)?": "fast",
    r"by the book": "by the recipe",
}
BANNED = re.compile(rf"\b(?:{'|'.join(INSTEAD)})\b", re.IGNORECASE)
REAL_USES = re.compile(
    r"\b(?:stands? for|stands alone|can(?:not)? tell"
    r"|who hears what"  # a heading of docs/contract.md
    r"|tells? (?:[\w']+ ){0,5}(?:apart|from)|told apart"
    r"|the quick tests|quiet enough to tell|no standing answer|after being told"
    r"|a line that begins with @ stands)\b"
    r'|nothing is "told"',
    re.IGNORECASE,
)
TABLES = ("| `inquiry_edits.csv` |", "| `diagnostic_pages.csv` |")  # rows that name columns as they are
ROOMS = (
    "edi",
    "authorization",
    "adjudication",
    "commands",
    "maps",
    "docs",
    "bench",
    "samples",
    "tests",
    "changes",
)
HERE = Path(__file__)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def prose(path: Path) -> Iterator[str]:
    """What a file says to people: paragraphs of a page without their code, docstrings, comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
        lines = (line for line in text.splitlines() if not line.startswith(TABLES))
        yield from "\n".join(lines).split("\n\n")
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and (words := ast.get_docstring(node)):
            yield words
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def dialect(text: str) -> list[str]:
    """The banned words of a text, names in backticks and real uses of English apart."""
    flat = re.sub(r"\s+", " ", re.sub(r"`[^`]*`", "", text))
    return BANNED.findall(REAL_USES.sub("", flat))


def files_of(room: str) -> list[Path]:
    found = [*(ROOT / room).rglob("*.py"), *(ROOT / room).rglob("*.md")]
    return sorted(path for path in found if path != HERE)


def names(path: Path) -> Iterator[str]:
    """What a module calls things: functions, classes, parameters, and what is assigned."""
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def as_words(name: str) -> str:
    """`told_of`, `ToldOf`: Told Of."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).strip()


@pytest.mark.parametrize("room", ROOMS)
def test_so_do_its_names(room: str) -> None:
    found = {
        path: words for path in files_of(room) for name in names(path) if (words := dialect(as_words(name)))
    }
    assert found == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_speaks_plain_english(room: str) -> None:
    found = {path: words for path in files_of(room) for text in prose(path) if (words := dialect(text))}
    assert found == {}


def test_so_do_the_pages_and_modules_at_the_top() -> None:
    for path in sorted([*ROOT.glob("*.py"), *ROOT.glob("*.md")]):
        assert [words for text in prose(path) if (words := dialect(text))] == [], path


def test_a_banned_word_is_found_and_a_real_use_is_not() -> None:
    assert dialect("Tells whether it\nstands; nobody is told.") == ["Tells", "stands", "told"]
    assert dialect(as_words("ToldOf")) == ["Told"]
    assert dialect("X stands for a value that we cannot tell; `told` tells two of a kind apart") == []
