"""Every folder of the rooms has a README.md that names what lives in it, and nothing else."""

import re
from pathlib import Path

import pytest

from tests.worlds.places import ROOT

ROOMS = ("edi", "authorization", "adjudication", "commands")
FOLDERS = sorted(path.parent for room in ROOMS for path in (ROOT / room).rglob("__init__.py"))
MOST_LINES = 18


def children(folder: Path) -> set[str]:
    """The modules and folders in it."""
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in folder.glob("*/__init__.py")}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_a_readme_names_what_lives_here(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == f"# {folder.relative_to(ROOT).as_posix()}"
    assert len(lines) <= MOST_LINES
    assert lines[-1].startswith("Never in here: ")
    named = [
        name
        for line in lines
        if re.match(r"\d+\. ", line)
        for name in re.findall(r"`(\w+)`", line.split(":")[0])
    ]
    assert sorted(named) == sorted(children(folder))
