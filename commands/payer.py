"""The payer's commands: `edi load`, `edi process`, `edi pay`."""

import json
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from attrs import asdict
from rich.console import Console
from rich.table import Table
from rich.text import Text

from x12_payer.adjudication.pipeline.files import process_files
from x12_payer.adjudication.pipeline.payment import pay_run
from x12_payer.adjudication.pipeline.publish import Unwritten, folder_for, publish
from x12_payer.adjudication.pipeline.values import Acknowledged, Report, Settings
from x12_payer.adjudication.reference.reference import read_reference
from x12_payer.adjudication.store.engine import without_secrets
from x12_payer.adjudication.store.store import Store, open_store
from x12_payer.commands.common import (
    AGAIN,
    NOTHING_DONE,
    REJECTED,
    AsOf,
    fail,
    input_files,
    maps_option,
    path_type,
)
from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.display.elements import printable

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
paths_argument = click.argument("paths", nargs=-1, required=True, type=path_type)


def console() -> Console:
    """Standard output: as wide as the terminal, and wide enough for any row in a pipe."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def store_with_data(db: str) -> Store:
    """The open store; exit 2 when nothing was loaded yet."""
    if "://" not in db and not Path(db).exists():  # a wrong name makes no file
        fail(f"{db or 'the store'} is not there: name it with --db or $EDI_DB, or run `edi load` to make it")
    store = opened(db)
    if store.payer is None:
        name = without_secrets(db)
        fail(f"{name} holds no payer: run `edi load` with payer.toml and the reference tables first")
    return store


def opened(db: str) -> Store:
    """The store, and on stderr what its operator should know of it."""
    store = open_store(db)
    click.get_current_context().call_on_close(store.close)
    for warning in store.warnings:
        click.echo(f"warning: {without_secrets(db)}: {warning}", err=True)
    return store


def settings_of(store: Store, as_of: datetime | None, **options: Any) -> Settings:
    """The settings of a run on this store; without a time it is now, on the payer's clock."""
    assert store.payer is not None
    now = as_of or local_now(store.payer.time_zone)
    return Settings(store.payer, store.plans, store.partners, store.payees, now, **options)


def local_now(time_zone: str) -> datetime:
    """The local time in a zone (America/New_York), to the second; the machine's when none is given."""
    return datetime.now(ZoneInfo(time_zone) if time_zone else None).replace(microsecond=0, tzinfo=None)


@click.command(short_help="Load reference data: all or nothing, insert or update by key.")
@db_option
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def load(db: str, paths: Sequence[Path]) -> None:
    """Load reference data from files or folders: all or nothing, insert or update by key.

    Exit status 0: loaded, 2: nothing was; each problem is a line on stderr.

    \b
    Example: edi load --db edi.db reference/
    """
    store = opened(db)
    data, problems = read_reference(paths, store.held)
    if not problems and store.payer is None and not data.payer:
        problems = ("payer.toml: is missing; the first load needs it",)
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        fail(f"nothing loaded: {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    table = Table("table", "added", "changed", "unchanged", box=None)
    for count in store.load(data):
        table.add_row(
            "payer" if count.table == "settings" else count.table,
            str(count.added),
            str(count.changed),
            str(count.unchanged),
        )
    console().print(table)


@click.command(short_help="The main job: interchanges in, acknowledgments and answers out.")
@db_option
@out_option
@as_of_option
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that check.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table, or one JSON object an interchange and line.",
)
@click.option("--no-pay", is_flag=True, help="Decide claims but write no 835; `edi pay` does later.")
@click.option("--any-partner", is_flag=True, help="Take unknown senders and receivers as known.")
@maps_option
@paths_argument
@click.pass_context
def process(
    ctx: click.Context,
    db: str,
    out: Path,
    as_of: datetime | None,
    workers: int,
    form: str,
    no_pay: bool,
    any_partner: bool,
    maps: Path | None,
    paths: Sequence[Path],
) -> None:
    """The main job: inbound interchanges in, acknowledgments and answers out.

    PATHS are files, folders with all below them, or `-` for standard input. Answers are named
    INBOUND_FILE.ISA13.KIND.x12, kind one of TA1 999 277CA 271 277 278 835; those to standard input begin
    with stdin. Notes go to stderr.

    Exit status 0: nothing was rejected by a TA1 or 999, 1: something was, 2: nothing was done.

    \b
    Examples:
      edi process --out out --as-of 2026-07-06T12:00:00 inbox/
      gpg -d claims.x12.gpg | edi process --out out -
    """
    store = store_with_data(db)
    settings = settings_of(store, as_of, pay=not no_pay, any_partner=any_partner, maps=maps)
    folder_for(out)  # before anything is decided
    unwritten = list(publish_late(store, settings.as_of, out))
    reports = []
    try:
        for done in process_files(input_files(paths), store, settings, workers):
            unwritten += publish(done.files, out)
            reports.append(done.report)
            say_of(done.report)
    except BrokenProcessPool:
        fail(f"a worker was ended from outside; {AGAIN}")
    if not reports:
        fail("no file to process in the given paths")
    show_reports(reports, form)
    left = keep_unwritten(store, settings.as_of, unwritten, out)
    if left or any(report.failed for report in reports) or all(report.unreadable for report in reports):
        ctx.exit(NOTHING_DONE)
    ctx.exit(REJECTED if any(report.refused and not report.repeated for report in reports) else 0)


def say_of(report: Report) -> None:
    """What an operator should know of an interchange, on stderr."""
    file = printable(report.file)
    if report.ta1:
        click.echo(f"{file}: refused, TA1 {report.ta1}: {text_of('TA105', report.ta1)}", err=True)
    for note in report.notes:
        click.echo(f"{file}: {note}", err=True)
    for one in report.acknowledged:
        click.echo(f"{file}: {acknowledged_line(one)}", err=True)
    if report.repeated:
        click.echo(f"{file}: {report.interchange} was processed before", err=True)


def publish_late(store: Store, as_of: datetime, out: Path) -> Sequence[Unwritten]:
    """Put what an earlier run could not write into this run's folder; what still cannot be."""
    with store.unit(as_of) as unit:
        late = unit.unwritten()
        failed = publish(late, out) if late else ()
        unit.mark_published({file.name for file in late} - {one.name for one in failed})
    return failed


def keep_unwritten(store: Store, as_of: datetime, unwritten: Sequence[Unwritten], out: Path) -> bool:
    """Have the next run write what could not be written, and say so; True when there is something."""
    if not unwritten:
        return False
    with store.unit(as_of) as unit:
        unit.mark_unwritten({one.name for one in unwritten})
    for why in sorted({one.why for one in unwritten}):
        names = ", ".join(printable(one.name) for one in unwritten if one.why == why)
        click.echo(f"{out}: not written: {names}: {why}; it is kept, the next run writes it", err=True)
    return True


RESULTS = {
    "accepted": "accepted",
    "errors": "accepted with errors",
    "part": "REJECTED in part",
    "rejected": "REJECTED",
    "unclear": "received, its result is not readable",
}


def acknowledged_line(one: Acknowledged) -> str:
    """What the other side says of a file of ours: '999: our 1.000000012.835.x12 REJECTED: set 0001 (5), see
    `edi explain`'."""
    if not one.file:
        named = f" ({one.refers_to})" if one.refers_to else ""
        return f"{one.kind}: answers nothing we sent{named}"
    again = "; an answer to the same came before" if one.repeats else ""
    result = RESULTS[one.result]
    if one.result in ("accepted", "unclear"):
        return f"{one.kind}: our {one.file} {result}{again}"
    text = f"{one.kind}: our {one.file} {result}: {', '.join((*one.details, 'see `edi explain`'))}{again}"
    return text if one.result == "errors" else click.style(text, fg="red", bold=True)


COUNTS = ("claims", "claims_refused", "claims_denied", "claims_pended", "claims_paid", "requests_pended")
COLUMNS = (
    *("file", "interchange", "sets", "accepted", "rejected"),
    *("claims", "refused", "denied", "pended", "paid", "requests pended", "answers", "amount"),
)


def _total(reports: Sequence[Report]) -> list[str]:
    """The last row: what came anew, each count added up."""
    new = [report for report in reports if not report.repeated]
    sums = [
        sum(getattr(report, name) for report in new) for name in ("sets", "accepted", "rejected", *COUNTS)
    ]
    paid = sum((report.paid for report in new), Decimal(0))
    return ["total", "", *map(str, sums), "", f"{paid:.2f}" if paid else ""]


def show_reports(reports: Sequence[Report], form: str) -> None:
    """What came in and what went out, a row an interchange."""
    if form == "json":
        for report in reports:
            click.echo(json.dumps({**asdict(report), "paid": str(report.paid)}))
        return
    table = Table(*COLUMNS, box=None)
    for report in reports:
        kinds = " ".join(name.rsplit(".", 2)[1] for name in report.answers)
        counts = [getattr(report, name) for name in COUNTS]
        rejected = f"TA1 {report.ta1}" if report.ta1 else str(report.rejected)
        amount = f"{report.paid:.2f}" if report.paid else ""
        sets = (str(report.sets), str(report.accepted), rejected)
        file = Text(printable(report.file))
        table.add_row(file, report.interchange, *sets, *map(str, counts), kinds, amount)
    if len(reports) > 1:
        table.add_row(*_total(reports), style="bold")
    console().print(table)


@click.command(short_help="The payment run alone: 835s for claims that are in none yet.")
@db_option
@out_option
@as_of_option
@click.pass_context
def pay(ctx: click.Context, db: str, out: Path, as_of: datetime | None) -> None:
    """The payment run alone: claims that pend are decided again when their cause is gone, then 835s for
    finalized claims that are in none yet, named ISA13.835.x12. Their names go to stdout.

    Exit status 0: written, or nothing to pay, 2: nothing was done, or a file could not be written.

    \b
    Example: edi pay --out out --as-of 2026-07-31T18:00:00
    """
    store = store_with_data(db)
    settings = settings_of(store, as_of)  # read before the transaction: a store has one writer
    folder_for(out)
    unwritten = list(publish_late(store, settings.as_of, out))
    notes, files = store.run(settings.as_of, lambda unit: (pay_run(unit, settings), unit.unpublished()))
    failed = publish(files, out)
    written = {file.name for file in files} - {one.name for one in failed}
    with store.unit(settings.as_of) as unit:
        unit.mark_published(written)
    for note in notes:
        click.echo(note, err=True)
    for file in files:
        if file.name in written:
            click.echo(str(out / file.name))
    if keep_unwritten(store, settings.as_of, [*unwritten, *failed], out):
        ctx.exit(NOTHING_DONE)
    if not files:
        click.echo("nothing to pay", err=True)
