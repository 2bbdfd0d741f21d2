"""The log of a run on stderr: lines for people, or with `--log json` a JSON object a line for machines.

What is logged are file names, control numbers and counts, never a person."""

import sys
from collections.abc import Iterable
from time import monotonic
from typing import Any

import click
from attrs import asdict

from x12_payer.adjudication.actor import this_process
from x12_payer.adjudication.pipeline.values import Report

_LOG = f"{__name__}.log"


def _begin(ctx: click.Context, _param: click.Parameter, form: str) -> None:
    if form == "json":
        import structlog  # only who logs waits for it

        begun = monotonic()

        def timed(_logger: Any, _name: str, fields: Any) -> Any:
            """With the seconds since the run began."""
            return {**fields, "seconds": round(monotonic() - begun, 3)}

        to = structlog.PrintLogger(sys.stderr)
        ctx.meta[_LOG] = structlog.wrap_logger(
            to, processors=[structlog.processors.add_log_level, timed, structlog.processors.JSONRenderer()]
        )


log_option = click.option(
    "--log",
    envvar="EDI_LOG",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    is_eager=True,
    expose_value=False,
    callback=_begin,
    help="What stderr is: words, or one JSON object an interchange and line; also from $EDI_LOG.",
)


def in_json() -> bool:
    """True when the log is for machines."""
    return _LOG in click.get_current_context().meta


def log_run(as_of: Any, by: str) -> None:
    """From here on each line says as of when the run decides and who runs it."""
    meta = click.get_current_context().meta
    if _LOG in meta:
        meta[_LOG] = meta[_LOG].bind(as_of=as_of.isoformat(), operator=this_process(by).operator)


def log_report(report: Report) -> None:
    """The line of an interchange, in JSON only: counts, file names, dollars as text."""
    line = {**asdict(report), "paid": str(report.paid)}
    log = click.get_current_context().meta[_LOG]
    (log.error if report.failed else log.info)("interchange", **line)


def log_payment(answers: Iterable[str], notes: Iterable[str]) -> None:
    """The line of a payment run, in JSON only."""
    click.get_current_context().meta[_LOG].info("payment", answers=list(answers), notes=list(notes))


def note(text: str, warning: bool = False) -> None:
    """What an operator should know, and not of one interchange."""
    log = click.get_current_context().meta.get(_LOG)
    if log is None:
        click.echo(f"warning: {text}" if warning else text, err=True)
    else:
        (log.warning if warning else log.info)("note", text=text)
