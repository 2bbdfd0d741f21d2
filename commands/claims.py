"""`edi claims`: the claims of the store, and deciding pended ones again."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import click
from attrs import asdict
from rich.table import Table

from x12_payer.adjudication.pipeline.decided import of_claims
from x12_payer.adjudication.pipeline.pended import decide_pended
from x12_payer.adjudication.store.audit import Act, record_act
from x12_payer.adjudication.store.claim_list import PENDED, STATUSES, ListedClaim, list_claims
from x12_payer.adjudication.store.unit import Unit
from x12_payer.commands.common import fail
from x12_payer.commands.stores import (
    as_of_option,
    by_option,
    console,
    db_option,
    format_option,
    settings_of,
    store_with_data,
)

MONEY = ("charge", "paid")


@click.group(short_help="List claims; decide those again that pend.")
def claims() -> None:
    """List claims, and decide those that pend again when their cause is gone."""


@claims.command("list", short_help="The claims in the order they came.")
@db_option
@as_of_option
@click.option("--status", type=click.Choice(STATUSES), help="Only these; refused: in the 277CA.")
@click.option("--cause", default="", metavar="CAUSE", help="Only these: no_fee, own_check, A7:562:85 ...")
@format_option
def list_command(db: str, as_of: datetime | None, status: str | None, cause: str, form: str) -> None:
    """The claims in the order they came.

    Exit status 0: listed, 2: the store is not there or holds no payer.

    \b
    Example: edi claims list --status pended --format json
    """
    store = store_with_data(db)
    with store.unit(settings_of(store, as_of).as_of) as unit:
        show(list_claims(unit, status or "", cause), form)


@claims.command("release", short_help="Decide claims that pend again, all or these.")
@db_option
@as_of_option
@by_option
@format_option
@click.argument("numbers", metavar="[CLAIM]...", nargs=-1)
def release_command(db: str, as_of: datetime | None, by: str, form: str, numbers: Sequence[str]) -> None:
    """Decide claims that pend again, all or these: the fee or the plan is loaded, our own check passes.
    One whose cause remains stays pended. `edi pay` does the same before it pays.

    Exit status 0: done, 2: nothing was done, as when a number is not known.

    \b
    Example: edi claims release 2607150000001
    """
    store = store_with_data(db, by)
    settings = settings_of(store, as_of)

    def release(unit: Unit) -> list[ListedClaim]:
        asked = frozenset(numbers) if numbers else None
        before = {one.claim for one in list_claims(unit, PENDED, numbers=asked)}
        unknown = (asked or frozenset()).difference(one.claim for one in list_claims(unit, numbers=asked))
        if unknown:
            fail(f"no claim of this number: {', '.join(sorted(unknown))}")
        if decided := decide_pended(unit, settings, asked):
            record_act(unit, Act("release", {"claims": of_claims(decided)}))
        return list(list_claims(unit, numbers=asked or frozenset(before)))

    show(store.run(settings.as_of, release), form)


def show(found: Iterable[ListedClaim], form: str) -> None:
    """A line a claim."""
    rows = ({**asdict(one), **{name: f"{getattr(one, name):.2f}" for name in MONEY}} for one in found)
    if form == "json":
        for row in rows:
            click.echo(json.dumps(row))
        return
    names = [name.replace("_", " ") for name in ListedClaim.__annotations__]
    table = Table(box=None)
    for name in names:
        table.add_column(name, justify="right" if name in MONEY else "left")
    for row in rows:
        table.add_row(*row.values())
    console().print(table)
