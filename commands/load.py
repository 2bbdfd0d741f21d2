"""`edi load`: reference data into the store."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from x12_payer.adjudication.reference.reference import read_reference
from x12_payer.commands.common import fail
from x12_payer.commands.stores import by_option, console, db_option, opened


@click.command(short_help="Load reference data: all or nothing, insert or update by key.")
@db_option
@by_option
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def load(db: str, by: str, paths: Sequence[Path]) -> None:
    """Load reference data from files or folders: all or nothing, insert or update by key.

    Exit status 0: loaded, 2: nothing was; each problem is a line on stderr.

    \b
    Example: edi load --db edi.db reference/
    """
    store = opened(db, by)
    data, problems = read_reference(paths, store.held)
    if not problems and store.payer is None and not data.payer:
        problems = ("payer.toml: is missing; the first load needs it",)
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        fail(f"nothing loaded: {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    table = Table("table", "added", "changed", "unchanged", box=None)
    for count in store.load(data, " ".join(path.name for path in paths)):
        table.add_row(
            "payer" if count.table == "settings" else count.table,
            str(count.added),
            str(count.changed),
            str(count.unchanged),
        )
    console().print(table)
