"""The changelog: its headings, and the fragments from which its next version is made."""

import re
import subprocess
import sys
import tomllib
from datetime import date

from tests.worlds.places import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]  # of Keep a Changelog
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
FRAGMENTS = [path for path in (ROOT / "changes").iterdir() if path.name != "README.md"]


def test_the_newest_version_is_that_of_the_project() -> None:
    versions = re.findall(r"^## (.+) - (.+)$", CHANGELOG, re.MULTILINE)
    assert len(versions) == len(re.findall(r"^## ", CHANGELOG, re.MULTILINE))
    assert versions[0][0] == PYPROJECT["project"]["version"]
    days = [date.fromisoformat(day) for _, day in versions]
    assert days == sorted(days, reverse=True)


def test_the_headings_are_the_known_kinds_in_their_order() -> None:
    for version in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert headings == [kind for kind in KINDS if kind in headings]


def test_every_fragment_is_in_the_draft_of_the_next_version() -> None:
    assert [kind["name"] for kind in PYPROJECT["tool"]["towncrier"]["type"]] == KINDS
    draft = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert draft.startswith("## next - ")
    for path in FRAGMENTS:
        assert re.fullmatch(rf"[\w+-]+\.({'|'.join(KINDS).lower()})\.md", path.name), path.name
        words = path.read_text(encoding="utf-8").split()
        assert " ".join(words) in " ".join(draft.split()), path.name


def test_a_version_is_written_below_the_marker() -> None:
    assert CHANGELOG.count(PYPROJECT["tool"]["towncrier"]["start_string"]) == 1
