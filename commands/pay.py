"""`edi pay`: the payment run alone."""

from datetime import datetime
from pathlib import Path

import click

from x12_payer.adjudication.pipeline.payment import pay_run
from x12_payer.adjudication.pipeline.publish import folder_for, publish
from x12_payer.commands.common import NOTHING_DONE
from x12_payer.commands.log import in_json, log_option, log_payment, log_run, note
from x12_payer.commands.publishing import keep_unwritten, publish_late
from x12_payer.commands.stores import (
    as_of_option,
    by_option,
    db_option,
    out_option,
    settings_of,
    store_with_data,
)


@click.command(short_help="The payment run alone: 835s for claims that are in none yet.")
@db_option
@out_option
@as_of_option
@by_option
@log_option
@click.pass_context
def pay(ctx: click.Context, db: str, out: Path, as_of: datetime | None, by: str) -> None:
    """The payment run alone: claims that pend are decided again when their cause is gone, then 835s for
    finalized claims that are in none yet, named ISA13.835.x12. Their names go to stdout.

    Exit status 0: written, or nothing to pay, 2: nothing was done, or a file could not be written.

    \b
    Example: edi pay --out out --as-of 2026-07-31T18:00:00
    """
    store = store_with_data(db, by)
    settings = settings_of(store, as_of)  # read before the transaction: a store has one writer
    log_run(settings.as_of, by)
    folder_for(out)
    unwritten = list(publish_late(store, settings.as_of, out))
    notes, files = store.run(settings.as_of, lambda unit: (pay_run(unit, settings), unit.unpublished()))
    failed = publish(files, out)
    written = {file.name for file in files} - {one.name for one in failed}
    with store.unit(settings.as_of) as unit:
        unit.mark_published(written)
    if in_json():
        log_payment(sorted(written), notes)
    else:
        for each in notes:
            note(each)
    for file in files:
        if file.name in written:
            click.echo(str(out / file.name))
    if keep_unwritten(store, settings.as_of, [*unwritten, *failed], out):
        ctx.exit(NOTHING_DONE)
    if not files:
        note("nothing to pay")
