"""The recipes of CONTRIBUTING.md are complete: each is followed in a copy of the repository, and its commands
print what it shows."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from tests.worlds.places import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (\d+\. [^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCK = re.compile(
    r"(?:^ *`(?P<path>[\w./+-]+)`\n\n)?^(?P<indent> *)```(?P<kind>\w+)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "build", "out"
)


@frozen
class Block:
    """A fenced block: the file it is for ('' for commands and what they print), its kind, its text."""

    path: str
    kind: str
    text: str


def blocks(recipe: str) -> Iterator[Block]:
    for found in BLOCK.finditer(recipe):
        indent = len(found["indent"])
        lines = [line[indent:] for line in found["text"].splitlines()]
        yield Block(found["path"] or "", found["kind"], "\n".join(lines) + "\n")


def changed(text: str, diff: str) -> str:
    """The text with one hunk applied; its context says where, and has to be there once."""
    lines = [line or " " for line in diff.rstrip("\n").split("\n")]
    before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    assert text.count(before) == 1, before
    return text.replace(before, after)


def follow(recipe: str, tree: Path) -> int:
    """Do what a recipe says, and compare; how many of its commands printed what they should."""
    compared = 0
    found = list(blocks(recipe))
    for block, following in zip(found, [*found[1:], Block("", "", "")], strict=True):
        if block.kind == "sh":
            printed = run(block.text, tree)
            if following.kind == "text":
                assert printed == following.text, block.text
                compared += 1
        elif block.kind == "diff":
            path = tree / block.path
            path.write_text(changed(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")
        elif block.kind != "text":
            path = tree / block.path
            assert not path.exists(), block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    return compared


def run(commands: str, tree: Path) -> str:
    shims = tree / "shims"
    shims.mkdir(exist_ok=True)
    edi = shims / "edi"
    edi.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m x12_payer "$@"\n')
    edi.chmod(0o755)
    path = os.pathsep.join((str(shims), str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(tree / ".typing")}
    environment.pop("EDI_DB", None)
    done = subprocess.run(
        ["bash", "-c", commands], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return textwrap.dedent(done.stdout)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_says(name: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, symlinks=True, ignore=LEFT_OUT)
    assert follow(RECIPES[name], tree) >= 1


def test_there_is_a_recipe_for_what_is_added_most_often() -> None:
    assert [name.partition(". ")[2] for name in RECIPES] == [
        "A diagnostic",
        "A line rule",
        "A plan row",
        "A guide",
        "A code list",
        "A reason",
        "A story",
        "A command",
        "A plan condition",
        "An element in the 835",
    ]


def test_every_block_is_found() -> None:
    assert sum(len(list(blocks(recipe))) for recipe in RECIPES.values()) == PAGE.count("```") / 2


def test_its_links_lead_somewhere() -> None:
    prose = BLOCK.sub("", PAGE)
    links = re.findall(r"\]\(([^)#]+)", prose)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize(
    ("text", "message"), [("a\nb\n", "x"), ("x\nx\n", "x")], ids=["not there", "there twice"]
)
def test_a_place_that_is_not_clear_is_refused(text: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        changed(text, " x\n+y\n")
