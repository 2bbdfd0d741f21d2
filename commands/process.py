"""`edi process`: interchanges in, acknowledgments and answers out."""

import json
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click
from attrs import asdict
from rich.table import Table
from rich.text import Text

from x12_payer.adjudication.pipeline.files import process_files
from x12_payer.adjudication.pipeline.publish import folder_for, publish
from x12_payer.adjudication.pipeline.values import Acknowledged, Report
from x12_payer.commands.common import (
    AGAIN,
    NOTHING_DONE,
    REJECTED,
    fail,
    input_files,
    maps_option,
)
from x12_payer.commands.log import in_json, log_option, log_report, log_run
from x12_payer.commands.publishing import keep_unwritten, publish_late
from x12_payer.commands.stores import (
    as_of_option,
    by_option,
    console,
    db_option,
    out_option,
    paths_argument,
    settings_of,
    store_with_data,
)
from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.display.elements import printable


@click.command(short_help="The main job: interchanges in, acknowledgments and answers out.")
@db_option
@out_option
@as_of_option
@by_option
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
@log_option
@maps_option
@paths_argument
@click.pass_context
def process(
    ctx: click.Context,
    db: str,
    out: Path,
    as_of: datetime | None,
    by: str,
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
    store = store_with_data(db, by)
    settings = settings_of(store, as_of, pay=not no_pay, any_partner=any_partner, maps=maps)
    log_run(settings.as_of, by)
    folder_for(out)  # before anything is decided
    unwritten = list(publish_late(store, settings.as_of, out))
    reports = []
    try:
        for done in process_files(input_files(paths), store, settings, workers):
            unwritten += publish(done.files, out)
            reports.append(done.report)
            print_notes(done.report)
    except BrokenProcessPool:
        fail(f"a worker was ended from outside; {AGAIN}")
    if not reports:
        fail("no file to process in the given paths")
    show_reports(reports, form)
    left = keep_unwritten(store, settings.as_of, unwritten, out)
    if left or any(report.failed for report in reports) or all(report.unreadable for report in reports):
        ctx.exit(NOTHING_DONE)
    ctx.exit(REJECTED if any(report.refused and not report.repeated for report in reports) else 0)


def print_notes(report: Report) -> None:
    """What an operator should know of an interchange, on stderr."""
    if in_json():
        log_report(report)
        return
    file = printable(report.file)
    if report.ta1:
        click.echo(f"{file}: refused, TA1 {report.ta1}: {text_of('TA105', report.ta1)}", err=True)
    for note in report.notes:
        click.echo(f"{file}: {note}", err=True)
    for one in report.acknowledged:
        click.echo(f"{file}: {acknowledged_line(one)}", err=True)
    if report.repeated:
        click.echo(f"{file}: {report.interchange} was processed before", err=True)


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
