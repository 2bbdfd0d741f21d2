"""The commands that show what a file says: `edi show`, `edi explain`."""

from itertools import chain
from pathlib import Path
from typing import Any

import click

from cli_common import NOTHING_DONE, file_type, no_store_option, say_all, show_values_option
from edi.explain import ExplainedLine, as_json, explain
from edi.segments import Source
from edi.show import ShownLine, show

COLOURS = {"envelope": "blue", "loop": "cyan", "segment": "green"}


class SegmentRange(click.ParamType):  # type: ignore[type-arg]  # a generic since click 8.4
    """One segment by its number, or a range."""

    name = "segments"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """The first and the last."""
        if isinstance(value, tuple):
            return value
        first, dash, last = str(value).partition("-")
        if not first.isdigit() or (dash and not last.isdigit()) or (dash and int(last) < int(first)):
            self.fail(f"{value!r} is neither a number nor a range such as 71-90", param, ctx)
        return int(first), int(last or first)


# --- edi show ----------------------------------------------------------------------------------------------


@click.command("show")
@no_store_option
@click.option("--claim", default="", metavar="NUMBER", help="Only claims of this patient control number.")
@click.option("--segment", "ordinals", type=SegmentRange(), metavar="N[-M]", help="Only these segments.")
@click.argument("path", type=file_type)
@click.pass_context
def show_command(ctx: click.Context, claim: str, ordinals: tuple[int, int] | None, path: Path) -> None:
    """Show an interchange, indented by loop, with names for loops and elements.

    Each segment has the number that `edi validate` gives. It shows what the file holds, names and birth
    dates included.

    \b
    Examples:
      edi show claims.x12 | less
      edi show 271.x12 | grep -A6 AAA
      edi show --claim PT-A claims.x12
      edi show --segment 71 claims.x12
    """
    lines = show(Source(path=str(path)), claim, ordinals)
    first = next(lines, None)
    if first is None and (claim or ordinals):
        click.echo(f"{path}: nothing of that number in it", err=True)
        ctx.exit(NOTHING_DONE)
    if first is None:
        click.echo(f"{path}: there is no ISA here: this is not an X12 interchange", err=True)
        ctx.exit(NOTHING_DONE)
    say_all(shown_line(line) for line in chain([first], lines))


def shown_line(line: ShownLine) -> str:
    """One line of `edi show`: segments have their number before them."""
    indent = (f"{line.ordinal:>5} " if line.ordinal else " " * 6) + "  " * line.depth
    if line.kind == "element":
        note = click.style(f"  {line.note}", dim=True) if line.note else ""
        return f"{indent}{line.ref:<9} {line.name:<32} {click.style(line.text, bold=True)}{note}"
    note = f"  ({line.note})" if line.note else ""
    return f"{indent}{click.style(line.ref, fg=COLOURS[line.kind], bold=True)} {line.name}{note}".rstrip()


# --- edi explain -------------------------------------------------------------------------------------------


@click.command("explain")
@no_store_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@show_values_option
@click.argument("ack", type=file_type)
@click.argument("original", type=file_type, required=False)
@click.pass_context
def explain_command(
    ctx: click.Context, form: str, show_values: bool, ack: Path, original: Path | None
) -> None:
    """Say in plain words what an acknowledgment or answer means.

    ACK holds a TA1, 999, 997, 824, 277CA, 271, 277, 278 or 835: one that we wrote, or one that came in and
    answers what we sent. With ORIGINAL, the file it answers, the segments it points at are shown, and the
    loops of a 999, which has room for four characters, by their full ids (2010AA). JSON is one object a line.

    \b
    Examples:
      edi explain answer.999.x12
      edi explain answer.999.x12 claims.x12
      edi explain --format json answer.999.x12 claims.x12
    """
    beside = Source(path=str(original)) if original is not None else None
    lines = list(explain(Source(path=str(ack)), beside, show_values))
    if not lines:
        click.echo(f"{ack}: there is nothing to explain in it", err=True)
        ctx.exit(NOTHING_DONE)
    say_all(as_json(line) if form == "json" else explained_line(line) for line in lines)


def explained_line(line: ExplainedLine) -> str:
    """One line of `edi explain`."""
    text = "  " * line.depth + line.text
    if line.kind == "heading":
        return click.style(text, bold=True)
    return click.style(text, fg="cyan") if line.kind == "original" else text
