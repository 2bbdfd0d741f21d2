"""What the commands that need a store share: their options, and how a store is opened."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from x12_payer.adjudication.actor import this_process
from x12_payer.adjudication.pipeline.values import Settings
from x12_payer.adjudication.store.engine import problem_of, without_secrets
from x12_payer.adjudication.store.store import Store, open_store
from x12_payer.commands.common import AsOf, fail, path_type
from x12_payer.commands.log import note
from x12_payer.edi.clock import local_now

db_option = click.option(
    "--db",
    envvar="EDI_DB",
    default="edi.db",
    show_default=True,
    metavar="STORE",
    help="The store: a SQLite file or a postgresql:// URL; also from $EDI_DB.",
)
as_of_option = click.option(
    "--as-of",
    type=AsOf(),
    show_default="now, in the payer's time zone",
    help="Local time of the payer, ISO 8601; the only clock: same store, input and time give the same bytes.",
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the answers; made when it is not there.",
)
by_option = click.option(
    "--by",
    default="",
    metavar="USER",
    show_default="$EDI_USER, else the login name",
    help="Who the audit says it was.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json is one object a line.",
)
paths_argument = click.argument("paths", nargs=-1, required=True, type=path_type)


def console() -> Console:
    """Standard output: as wide as the terminal, and wide enough for any row in a pipe."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def opened_to_read(db: str, by: str = "") -> Store:
    """The store; exit 2 when there is none: a wrong name makes no file."""
    if "://" not in db and not (db and problem_of(db)) and not Path(db).exists():
        fail(f"{db or 'the store'} is not there: name it with --db or $EDI_DB, or run `edi load` to make it")
    return opened(db, by)


def store_with_data(db: str, by: str = "") -> Store:
    """The open store; exit 2 when nothing was loaded yet."""
    store = opened_to_read(db, by)
    if store.payer is None:
        name = without_secrets(db)
        fail(f"{name} holds no payer: run `edi load` with payer.toml and the reference tables first")
    return store


def opened(db: str, by: str = "") -> Store:
    """The store, and on stderr what its operator should know of it."""
    store = open_store(db, this_process(by))
    click.get_current_context().call_on_close(store.close)
    for warning in store.warnings:
        note(f"{without_secrets(db)}: {warning}", warning=True)
    return store


def settings_of(store: Store, as_of: datetime | None, **options: Any) -> Settings:
    """The settings of a run on this store; without a time it is now, on the payer's clock."""
    assert store.payer is not None
    now = as_of or local_now(store.payer.time_zone)
    return Settings(store.payer, store.plans, store.partners, store.payees, now, **options)
