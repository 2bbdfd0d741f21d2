"""SIGKILLs at any instant: every step of every story of samples/ (claims with approvals, replacements and
voids, 270, 276, 278, acknowledgments, payment runs) is killed, given again, and in the end must leave the
bytes and the rows of a run that nobody disturbed, on SQLite and on PostgreSQL.

    python -m tests.slow.kills.run 500            so many kills on each store
    python -m tests.slow.kills.run 500 7          with another seed

A run is a process of its own. It kills itself a random time after its modules are loaded, so that nearly
every kill meets work under way and hardly any the start of Python; what a kill finds is decided by the
clock, not by us. What differs is printed."""

import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.slow.test_crash import contents
from tests.slow.test_crash import state as sqlite_state
from tests.slow.test_postgres import state as postgres_state
from tests.worlds.edi_command import demo
from tests.worlds.places import ROOT
from tests.worlds.postgres_server import Server, server

LONGEST = 0.25  # seconds from the first instruction of the command to the kill
AT_MOST = 3  # kills of one step
TIMED = """
import os, signal, sys, threading
import x12_payer.commands.load, x12_payer.commands.pay, x12_payer.commands.process
import x12_payer.commands.claims, x12_payer.adjudication.pipeline.inquiries
from x12_payer.cli import main
killer = threading.Timer({delay}, os.kill, (os.getpid(), signal.SIGKILL))
killer.daemon = True
killer.start()
main()
"""
ALONE = "from x12_payer.cli import main\nmain()\n"


class Stores:
    """Where the stores of a story are kept, and what is in one at the end."""

    def __init__(self, folder: Path, postgres: Server | None) -> None:
        self._folder, self._postgres = folder, postgres
        self._names: dict[str, str] = {}

    def url(self, name: str) -> str:
        """The store of this name, as --db names it."""
        if self._postgres is None:
            return str(self._folder / f"{name}.db")
        if name not in self._names:
            self._names[name] = self._postgres.database()
        return self._postgres.url(self._names[name])

    def state(self, name: str) -> dict[str, Any]:
        """Every row of every table."""
        if self._postgres is None:
            with sqlite3.connect(self._folder / f"{name}.db") as db:
                assert db.execute("pragma integrity_check").fetchone() == ("ok",)
            return dict(sqlite_state(self._folder / f"{name}.db"))
        return dict(postgres_state(self._postgres, self._names[name]))


def edi(program: str, arguments: Sequence[str]) -> int:
    """The exit status of a run in a process of its own."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=300).returncode


def steps(play: ModuleType, story: Path, store: str, answers: Path) -> list[tuple[list[str], int]]:
    """The arguments of each call of a story, and its exit status."""
    found = [(list(play.load_arguments(story, store)), 0)]
    for step in play.read_story(story)["step"]:
        found.append((list(play.step_arguments(story, step, store, answers)), int(step.get("exit", 0))))
    return found


def disturbed(arguments: Sequence[str], expected: int, rng: random.Random) -> tuple[int, list[str]]:
    """How often a step was killed before it came to its end, and what is wrong with how it ended."""
    kills = 0
    while kills < AT_MOST:
        status = edi(TIMED.format(delay=rng.uniform(0, LONGEST)), arguments)
        if status != -signal.SIGKILL:
            break
        kills += 1
    else:
        status = edi(ALONE, arguments)
    return kills, [] if status == expected else [f"exit {status}, not {expected}: {' '.join(arguments)}"]


def story_killed(story: Path, stores: Stores, folder: Path, rng: random.Random) -> tuple[int, list[str]]:
    """The kills of one story, and what differs from the story undisturbed."""
    play, wrong, kills = demo(), [], 0
    for name in ("calm", "killed"):
        answers = folder / name
        answers.mkdir()
        for arguments, expected in steps(play, story, stores.url(name), answers):
            if name == "killed":
                times, faults = disturbed(arguments, expected, rng)
                kills += times
                wrong += faults
            elif (status := edi(ALONE, arguments)) != expected:
                wrong.append(f"exit {status} without a kill: {' '.join(arguments)}")
    if contents(folder / "killed") != contents(folder / "calm"):
        wrong.append(f"{story.name}: other files or bytes")
    if left := [path.name for path in (folder / "killed").iterdir() if path.name.startswith(".")]:
        wrong.append(f"{story.name}: left behind {left}")
    calm, killed = stores.state("calm"), stores.state("killed")
    wrong += [f"{story.name}: other rows in {name}" for name in calm if calm[name] != killed.get(name)]
    if edi(ALONE, ["audit", "verify", "--db", stores.url("killed")]) != 0:
        wrong.append(f"{story.name}: the audit is broken")
    return kills, wrong


@contextmanager
def kept_in(kind: str) -> Iterator[Server | None]:
    """A server for PostgreSQL, nothing for SQLite."""
    if kind == "SQLite":
        yield None
        return
    with server() as found:
        yield found


def all_kills(kind: str, count: int, seed: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Stories by chance until there were so many kills: those of each and what differs."""
    rng, done = random.Random(seed), 0
    with kept_in(kind) as postgres:
        while done < count:
            story = rng.choice(demo().stories())
            with tempfile.TemporaryDirectory() as folder:
                kills, wrong = story_killed(story, Stores(Path(folder), postgres), Path(folder), rng)
            done += kills
            yield kills, wrong


def main(count: int, seed: int) -> None:
    """Both stores in turn."""
    for kind in ("SQLite", "PostgreSQL"):
        stories = kills = faults = 0
        for times, wrong in all_kills(kind, count, seed):
            stories, kills, faults = stories + 1, kills + times, faults + len(wrong)
            for text in wrong:
                print(f"{kind}: {text}", flush=True)
        print(f"{kind}: {kills} kills in {stories} stories, {faults} differences", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
