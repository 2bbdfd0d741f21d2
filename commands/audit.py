"""`edi audit`: who ran or decided what, when, on which file, and whether the record of it is whole."""

import json
from collections.abc import Iterable
from datetime import datetime

import click
from attrs import asdict
from rich.table import Table

from x12_payer.adjudication.store.audit import Entry, entries, verify
from x12_payer.commands.common import REJECTED
from x12_payer.commands.stores import console, db_option, format_option, opened_to_read
from x12_payer.edi.display.elements import printable

NEVER = datetime.min
SHOWN = ("sequence", "at", "as_of", "act", "operator", "host", "version", "file", "decided")
day = click.DateTime(["%Y-%m-%d"])


@click.group(short_help="Who ran or decided what, when; whether the record is whole.")
def audit() -> None:
    """The append-only record of every load, interchange, payment run and release: who, when, on which file,
    with which version of program and rules. Each row holds the hash of the one before."""


@audit.command("show", short_help="The rows of these days.")
@db_option
@click.option("--from", "begin", type=day, metavar="D", help="First day, UTC.")
@click.option("--to", "end", type=day, metavar="D", help="Last day, UTC.")
@format_option
def show_command(db: str, begin: datetime | None, end: datetime | None, form: str) -> None:
    """The rows of these days, all when none are given; with --format json everything in them.

    Exit status 0: shown, 2: the store is not there.

    \b
    Example: edi audit show --from 2026-07-01 --format json
    """
    with opened_to_read(db).unit(NEVER) as unit:
        show(entries(unit, begin.date() if begin else None, end.date() if end else None), form)


@audit.command("verify", short_help="Whether a row was changed, taken out or put in.")
@db_option
@click.pass_context
def verify_command(ctx: click.Context, db: str) -> None:
    """Follow the chain from the first row to the last.

    Exit status 0: whole, 1: broken, the first row that does not fit is named, 2: the store is not there.

    \b
    Example: edi audit verify --db edi.db
    """
    with opened_to_read(db).unit(NEVER) as unit:
        count, wrong = verify(unit)
    if wrong:
        click.echo(f"the audit is broken: {wrong}", err=True)
        ctx.exit(REJECTED)
    click.echo(f"{count} row{'' if count == 1 else 's'}, the chain is whole")


def show(rows: Iterable[Entry], form: str) -> None:
    """A line a row."""
    if form == "json":
        for row in rows:
            click.echo(json.dumps({**asdict(row), "decided": json.loads(row.decided)}))
        return
    table = Table(*(name.replace("_", " ") for name in SHOWN), box=None)
    for row in rows:
        values = {**asdict(row), "file": printable(row.file), "decided": in_short(json.loads(row.decided))}
        table.add_row(*(str(values[name]) for name in SHOWN))
    console().print(table)


def in_short(decided: dict[str, object]) -> str:
    """Counts of what was decided: 'claims 3, answers 3'."""
    counted = (
        f"{name.replace('_', ' ')} {len(value) if isinstance(value, (list, dict)) else value}"
        for name, value in decided.items()
    )
    return ", ".join(counted)
