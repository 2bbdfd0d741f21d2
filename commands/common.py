"""What the commands share: exit statuses, options, messages, the files of the given paths."""

import sys
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import click

from x12_payer.edi.wire.inputs import STDIN

REJECTED = 1  # done, and something was rejected or wrong
NOTHING_DONE = 2
AGAIN = "what was done is kept, the same command again does the rest"  # of `edi process`
STOPPED = 130  # as the shell has it: 128 and SIGINT
LINES_AT_ONCE = 500
YEARS = range(2000, 2100)  # which ISA09 can say


class InputPath(click.Path):
    """A file or folder that is there, or `-` for standard input."""

    def __init__(self, folders: bool = True) -> None:
        super().__init__(path_type=Path, exists=True, dir_okay=folders)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Its path; that of standard input is known by its name."""
        if value == "-":
            return STDIN
        found = super().convert(value, param, ctx)
        assert isinstance(found, Path)
        return found


path_type = InputPath()
file_type = InputPath(folders=False)
show_values_option = click.option(
    "--show-values",
    is_flag=True,
    help="Show the values of the file, also those of people; else they are masked.",
)


def _usable(ctx: click.Context, param: click.Parameter, folder: Path | None) -> Path | None:
    """The folder, when everything in it can be used; else it is said what cannot."""
    if folder is not None:
        from x12_payer.edi.snip.own_maps import problems_of  # only who has a folder waits for it

        if problems := problems_of(folder):
            fail("\n".join(problems))
    return folder


maps_option = click.option(
    "--maps",
    envvar="EDI_MAPS",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    callback=_usable,
    metavar="DIR",
    help="Your own code lists (DIR/codes/*.csv) and partners' overlays (DIR/companion/*.toml); also from "
    "$EDI_MAPS.",
)
no_store_option = click.option("--db", hidden=True, expose_value=False, help="Taken by every command.")


class AsOf(click.ParamType):  # type: ignore[type-arg]  # a generic since click 8.4, and older ones are allowed
    """An ISO 8601 local time of the payer."""

    name = "timestamp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """A datetime without zone; a date alone is its midnight."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            self.fail(f"{value!r} is not an ISO 8601 time such as 2026-07-06T12:00:00", param, ctx)
        if found.year not in YEARS:
            self.fail(f"{value!r}: an ISA gives its year in two digits, for 2000 to 2099", param, ctx)
        return found


def fail(message: str) -> NoReturn:
    """One line on stderr and exit status 2: nothing was done."""
    click.echo(message, err=True)
    sys.exit(NOTHING_DONE)


def input_files(paths: Iterable[Path]) -> list[Path]:
    """The files themselves and those in the folders, hidden ones left out, in the order of their names."""
    once_only(paths := list(paths))
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            found.append(path)
    return found


def once_only(paths: Iterable[Path]) -> None:
    """Standard input is read to its end: a second time nothing would come."""
    if sum(path == STDIN for path in paths) > 1:
        fail("`-` is standard input, which can be read only once")


def print_lines(lines: Iterable[str], end: str = "\n", unknown: str = "backslashreplace") -> None:
    """Lines to standard output, many at once; what it cannot encode is spelled out as `unknown` says."""
    encoding = sys.stdout.encoding or "utf-8"
    stream = iter(lines)
    while some := list(islice(stream, LINES_AT_ONCE)):
        text = "".join(line + end for line in some)
        click.echo(text.encode(encoding, unknown).decode(encoding), nl=False)
