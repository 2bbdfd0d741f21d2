"""The README does what it says: its shell blocks run, the text after a block is what the block prints, and
commands, options, tables and links are the ones that exist. Blocks marked `sh make` are not run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.worlds.places import ROOT
from x12_payer import cli
from x12_payer.adjudication.reference.reference import PAYER_NUMBERS, PAYER_TEXT, TABLES

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "samples").rglob("*.md")]
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROOMS = ("edi", "maps", "authorization", "adjudication", "samples", "docs")


def command(name: str) -> click.Command:
    """A command of `edi`."""
    found = cli.cli.get_command(click.Context(cli.cli), name)
    assert found is not None
    return found


COMMANDS = {name: command(name) for name in cli.COMMANDS}


def blocks(text: str) -> list[tuple[str, str]]:
    """Every fenced block: what is written behind the fence, and what is in it."""
    return FENCE.findall(text)


def tutorial() -> Iterator[tuple[str, str | None]]:
    """The shell blocks to run, in order, each with the text that has to come out (None: not shown)."""
    found = blocks(README)
    for (kind, content), (next_kind, next_content) in zip(found, [*found[1:], ("", "")], strict=True):
        if kind == "sh":
            yield content, next_content if next_kind == "text" else None


def trimmed(text: str) -> list[str]:
    """Lines without the blanks at their ends; empty ones at the end left out."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip().split("\n")


def test_every_block_is_of_a_known_kind() -> None:
    kinds = [kind for kind, _ in blocks(README)]
    assert set(kinds) == {"sh", "sh make", "text"}
    before = dict(zip(kinds[1:], kinds, strict=False))
    assert before["text"] == "sh"
    assert README.count("```") == 2 * len(kinds)


def test_blocks_marked_make_only_run_make() -> None:
    lines = [line for kind, content in blocks(README) if kind == "sh make" for line in content.splitlines()]
    assert lines
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in lines:
        assert re.match(r"make ([a-z]+)(\s+#.*)?$", line), line
        assert line.split()[1] in targets


def test_the_shell_blocks_run_and_print_what_is_shown(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    bin_ = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / ".typing"),
    }
    environment.pop("EDI_DB", None)
    ran = 0
    for content, expected in tutorial():
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", content],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{content}\n{done.stdout}\n{done.stderr}"
        if expected is not None:
            assert trimmed(done.stdout) == trimmed(expected), content
        ran += 1
    assert ran >= 6


# -- commands and options --------------------------------------------------------------------------------


def section(title: str) -> str:
    """What is under a heading, to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def options(command: click.Command) -> set[str]:
    """The long options that a command shows, --help left out; of a group those of its commands."""
    if isinstance(command, click.Group):
        return set().union(*(options(one) for one in command.commands.values()))
    shown = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    return {o for p in shown for o in p.opts if o.startswith("--")}


def test_every_command_has_its_section() -> None:
    assert set(re.findall(r"^### edi ([a-z]+)$", README, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_options_of_a_command_are_those_of_its_help(name: str) -> None:
    text = section(f"edi {name}")
    reported = set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE))
    assert reported == options(COMMANDS[name])
    assert f"edi {name}" in text
    assert set(re.findall(r"--[a-z][a-z-]*", text)) <= reported | {"--help"}


def test_every_option_the_readme_names_exists() -> None:
    known = set().union(*(options(c) for c in COMMANDS.values()), {"--help", "--version"})
    known |= {"--include"}  # of grep
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) <= known


# -- tables of reference data ----------------------------------------------------------------------------


def test_every_table_of_reference_data_is_documented_with_its_columns() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)\.csv` \| (.+) \|$", section("Your own data"), re.MULTILINE))
    assert set(rows) == set(TABLES)
    for name, columns in rows.items():
        assert columns.split(", ") == list(TABLES[name].columns), name


def test_every_setting_of_the_payer_is_documented() -> None:
    text = section("Your own data")
    for setting in (*PAYER_TEXT, *PAYER_NUMBERS):
        assert f"`{setting}`" in text, setting


# -- places ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_files_and_rooms_the_readme_names_exist() -> None:
    for path in re.findall(r"`((?:edi|maps|authorization|adjudication|samples|tests|docs)/[^`*]*)`", README):
        assert (ROOT / path).exists(), path


def test_every_dependency_is_documented() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    wanted = re.search(r"^dependencies = \[(.*?)\]", project, re.MULTILINE | re.DOTALL)
    assert wanted
    names = {name.lower() for name in re.findall(r'"([A-Za-z0-9-]+)', wanted[1])}
    reported = re.findall(
        r"^\| ([A-Za-z0-9-]+) \|", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE
    )
    assert {name.lower() for name in reported} - {"package"} == names


def test_the_changelog_names_every_command() -> None:
    pages = [ROOT / "CHANGELOG.md", *(ROOT / "changes").glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    for name in COMMANDS:
        assert f"edi {name}" in text, name


def test_every_table_of_codes_is_documented() -> None:
    reported = (ROOT / "maps" / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "maps" / "codes").glob("*.csv")):
        assert f"{path.name}`" in reported, path.name
