"""Every story of samples/ ends in exactly the bytes it shows. UPDATE_SAMPLES=1 writes them anew: then read
them against the contract before they are kept."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds.edi_command import demo, edi, play
from tests.worlds.places import ROOT, SAMPLES
from x12_payer.edi.snip.rules.balance import check_835

DEMO = demo()
STORIES = DEMO.stories()
UPDATE = os.environ.get("UPDATE_SAMPLES") == "1"
names = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


def errors(path: Path) -> set[int]:
    """The SNIP types of the errors that `edi validate` finds in a file."""
    said = edi("validate", "--format", "jsonl", path)
    found = [json.loads(line) for line in said.stdout.splitlines()]
    return {one["snip"] for one in found if one["severity"] == "error"}


def contents(folder: Path) -> dict[str, bytes]:
    """File name → bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_there_are_enough_stories() -> None:
    assert len(STORIES) >= 12
    assert [story.name[:2] for story in STORIES] == [f"{n:02d}" for n in range(1, len(STORIES) + 1)]


@names
def test_ends_in_the_expected_bytes(story: Path, tmp_path: Path) -> None:
    said = play(story, tmp_path)
    steps = DEMO.read_story(story)["step"]
    assert [one.exit for one in said] == [0, *(step.get("exit", 0) for step in steps)]
    expected = story / "expected"
    if UPDATE:
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(tmp_path / "answers", expected)
        for path in expected.iterdir():
            path.chmod(0o644)
    assert contents(tmp_path / "answers") == contents(expected)


@names
def test_the_same_again_in_another_store(story: Path, tmp_path: Path) -> None:
    play(story, tmp_path / "first")
    play(story, tmp_path / "second")
    assert contents(tmp_path / "first" / "answers") == contents(tmp_path / "second" / "answers")


@names
def test_the_reference_data_loads_twice_without_a_change(story: Path, tmp_path: Path) -> None:
    arguments = DEMO.load_arguments(story, tmp_path / "store.db")
    assert edi(*arguments).exit == 0
    again = edi(*arguments)
    assert again.exit == 0
    counts = [line.split()[1:3] for line in again.stdout.splitlines()[1:] if line.strip()]
    assert counts
    assert all(count == ["0", "0"] for count in counts)


@names
def test_inbound_files_are_clean_unless_the_story_says_otherwise(story: Path) -> None:
    steps = DEMO.read_story(story)["step"]
    inbound = {f"inbound/{path.name}" for path in (story / "inbound").iterdir()}
    assert inbound == {file for step in steps for file in step.get("inbound", [])}
    found = {file: errors(story / file) for file in inbound}
    faulty = {file for step in steps for file in step.get("faulty", [])}
    refused = {file for step in steps for file in step.get("refused", [])}
    assert {file for file, types in found.items() if types & {1, 2}} == faulty
    assert {file for file, types in found.items() if types - {1, 2}} == refused


@names
def test_outbound_files_are_clean_and_balance(story: Path) -> None:
    for path in sorted((story / "expected").iterdir()):
        assert errors(path) == set(), path.name
        for one in re.findall(r"^ST\*835.*?^SE\*[^~]*~", path.read_text(), re.MULTILINE | re.DOTALL):
            segments = [segment.strip().split("*") for segment in one.split("~") if segment.strip()]
            assert list(check_835(segments)) == [], path.name


@names
def test_the_story_is_explained(story: Path) -> None:
    text = (story / "README.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == f"# {DEMO.read_story(story)['title']}"
    assert 15 <= len(lines) <= 40
    for file in re.findall(r"`((?:inbound|expected|data)/[^`]+)`", text):
        assert (story / file).is_file(), f"{story.name} tells of {file}"
    for file in re.findall(r"`((?:edi|authorization|adjudication|maps)/[^`]+)`", text):
        assert (ROOT / file).exists(), f"{story.name} tells of {file}"


@names
def test_segments_quoted_in_the_story_are_in_its_files(story: Path) -> None:
    text = (story / "README.md").read_text(encoding="utf-8")
    quoted = re.findall(r"`([A-Z][A-Z0-9]{1,2}\*[^`]*)`", text)
    assert quoted
    segments = {
        segment.strip()
        for folder in ("inbound", "expected")
        for path in (story / folder).iterdir()
        for segment in path.read_text(encoding="latin-1").split("~")
    }
    for quote in quoted:
        assert any(segment == quote or segment.startswith(f"{quote}*") for segment in segments), quote


def test_every_story_is_in_the_index() -> None:
    index = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d\d-[^/)]+)/", index) == [story.name for story in STORIES]


def test_the_demo_plays_a_story_and_says_where_to_look(tmp_path: Path) -> None:
    command = [sys.executable, str(SAMPLES / "demo.py"), "--out", str(tmp_path / "out"), "03", "14"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for reported in ("Physical therapy", "2-visits.x12", "300.00", "edi pay", "000000005.835.x12"):
        assert reported in done.stdout
    assert done.stdout.splitlines()[-1].endswith("samples/<story>/README.md")
    assert len(list((tmp_path / "out" / "03-therapy" / "answers").iterdir())) == 7


def test_the_demo_says_when_an_answer_is_another(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "03-therapy", tmp_path / "03-therapy")
    shutil.copy(SAMPLES / "demo.py", tmp_path)
    answer = tmp_path / "03-therapy" / "expected" / "2-visits.000000302.835.x12"
    answer.write_bytes(answer.read_bytes().replace(b"*300*", b"*301*"))
    command = [sys.executable, str(tmp_path / "demo.py"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert f"not as in expected/: {answer.name}" in done.stdout
    assert "03-therapy" in done.stderr
