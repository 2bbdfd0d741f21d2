"""What the commands share: exit statuses, the one line for a user, the files of the given paths."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

REJECTED = 1  # done, and something was rejected or wrong
NOTHING_DONE = 2


def fail(message: str) -> NoReturn:
    """One line on stderr and exit status 2: nothing was done."""
    click.echo(message, err=True)
    sys.exit(NOTHING_DONE)


def input_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves and those in the folders, hidden ones left out, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            found.append(path)
    return found
