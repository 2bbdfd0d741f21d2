"""Runs the stories of this folder through the installed `edi` command, each with a store of its own.

    python samples/demo.py [--out OUT] [--edi COMMAND] [STORY ...]

STORY is a folder's name or its beginning (`03`, `12-coord`); none given: all of them. The answers of a story
are in OUT/<story>/answers, its store is OUT/<story>/store.db. Exit status: 0 when every answer is byte for
byte the one in the story's expected/, 1 when one is not, 2 when nothing ran. Standard library only."""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WIDTH = "100"  # of the tables, when no terminal says another


def stories(wanted: Sequence[str] = ()) -> list[Path]:
    """The story folders, in order; `wanted` are beginnings of their names."""
    found = sorted(path.parent for path in HERE.glob("*/story.toml"))
    return [s for s in found if not wanted or any(s.name.startswith(w.rstrip("/")) for w in wanted)]


def read_story(story: Path) -> Mapping[str, Any]:
    """The story's title and its steps, as story.toml says them (samples/README.md names the keys)."""
    return tomllib.loads((story / "story.toml").read_text(encoding="utf-8"))


def load_arguments(story: Path, store: Path) -> list[str]:
    """Arguments of the `edi` that loads the story's reference data."""
    return ["load", "--db", str(store), str(story / "data")]


def step_arguments(story: Path, step: Mapping[str, Any], store: Path, answers: Path) -> list[str]:
    """Arguments of the `edi` that does one step of the story."""
    command = step.get("command", "process")
    common = [command, "--db", str(store), "--out", str(answers), "--as-of", step["as_of"]]
    return [*common, *step.get("args", []), *(str(story / file) for file in step.get("inbound", []))]


def differences(story: Path, answers: Path) -> Iterator[str]:
    """Names of answers that are missing, new, or not byte for byte as in expected/."""
    here = {path.name: path.read_bytes() for path in answers.glob("*")}
    there = {path.name: path.read_bytes() for path in (story / "expected").glob("*")}
    yield from sorted(name for name in {*here, *there} if here.get(name) != there.get(name))


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """One call of `edi`, its words kept."""
    environment = {**os.environ, "COLUMNS": os.environ.get("COLUMNS", WIDTH)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def play(story: Path, edi: str, out: Path) -> bool:
    """Run one story and print what came in and what went out. True when all is as the story says."""
    script = read_story(story)
    print(f"\n{story.name}\n  {script['title']}\n")
    shutil.rmtree(out / story.name, ignore_errors=True)
    answers, store = out / story.name / "answers", out / story.name / "store.db"
    answers.mkdir(parents=True)
    loaded = run([edi, *load_arguments(story, store)])
    if loaded.returncode:
        print(loaded.stderr, file=sys.stderr)
        return False
    fine = True
    for step in script["step"]:
        print(f"  {step['as_of'][:16].replace('T', ' ')}  edi {step.get('command', 'process')}")
        done = run([edi, *step_arguments(story, step, store, answers)])
        show(done.stdout.replace(f"{answers}{os.sep}", ""))
        show(done.stderr)
        if done.returncode != step.get("exit", 0):
            print(f"  exit status {done.returncode}, {step.get('exit', 0)} was expected")
            fine = False
    wrong = list(differences(story, answers))
    for name in wrong:
        print(f"  not as in expected/: {name}")
    return fine and not wrong


def show(text: str) -> None:
    """Indented, without the blanks at the ends of lines."""
    for line in text.splitlines():
        print(f"    {line.rstrip()}".rstrip())


def main() -> int:
    """Play the stories and say where to look."""
    about, _, usage = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=about, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wanted", nargs="*", metavar="STORY")
    parser.add_argument("--out", type=Path, default=Path("out"))
    beside = Path(sys.executable).with_name("edi")
    parser.add_argument("--edi", default=str(beside) if beside.exists() else shutil.which("edi"))
    options = parser.parse_args()
    chosen = stories(options.wanted)
    if not options.edi or not chosen:
        print("no edi command: run `make setup` first" if chosen else "no such story", file=sys.stderr)
        return 2
    failed = [story.name for story in chosen if not play(story, options.edi, options.out)]
    print(f"\n{len(chosen)} stories. What went out: {options.out}/<story>/answers")
    print("What came in: samples/<story>/inbound. What happened and why: samples/<story>/README.md")
    if failed:
        print(f"Not as the story tells it: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
