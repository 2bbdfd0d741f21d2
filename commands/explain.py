"""`edi explain`: an acknowledgment, an answer or a diagnostic in plain words."""

import json
from contextlib import ExitStack
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from x12_payer.commands.common import (
    InputPath,
    fail,
    file_type,
    no_store_option,
    once_only,
    print_lines,
    show_values_option,
)
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.diagnostics.page import page_lines, page_values
from x12_payer.edi.display.explain.explain import ExplainedLine, as_json, explain
from x12_payer.edi.reading.file_kinds import no_interchange
from x12_payer.edi.wire.inputs import opened, shown_name

NEAREST = 3  # codes offered for a mistyped one


class FileOrCode(InputPath):
    """A file that is there, `-`, or the name of a diagnostic."""

    name = "file or code"

    def convert(  # type: ignore[override]
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        """A path, or the name as it is."""
        word = str(value)
        if value == "-" or Path(word).exists():
            return super().convert(value, param, ctx)
        if word in diagnostic_codes():
            return word
        near = get_close_matches(word, diagnostic_codes(), NEAREST)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        self.fail(f"there is no file {word!r}, and no diagnostic of that name{meant}", param, ctx)


@click.command("explain", short_help="Explain an acknowledgment, an answer or a diagnostic in plain words.")
@no_store_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or one JSON object a line.",
)
@show_values_option
@click.argument("ack", type=FileOrCode(folders=False))
@click.argument("original", type=file_type, required=False)
def explain_command(form: str, show_values: bool, ack: Path | str, original: Path | None) -> None:
    """Explain an acknowledgment, an answer or a diagnostic in plain words.

    ACK holds a TA1, 999, 997, 824, 277CA, 271, 277, 278 or 835: one that we wrote, or an inbound one that
    answers what we sent. With ORIGINAL, the file it answers, the segments it refers to are shown, and the
    loops of a 999, which has room for four characters, by their full ids (2010AA). JSON is one object a line.
    `-` is standard input.

    Instead of ACK the code of a diagnostic (code-npi): what it means, why it matters, how to fix it.

    Exit status 0: explained, 2: a file could not be read, or holds nothing to explain.

    \b
    Examples:
      edi explain answer.999.x12
      edi explain answer.999.x12 claims.x12
      edi explain --format json answer.999.x12 claims.x12
      edi explain code-npi
    """
    if isinstance(ack, str):
        if original is not None:
            raise click.UsageError(f"{ack} is the code of a diagnostic: it takes no file")
        print_lines([json.dumps(page_values(ack))] if form == "json" else page_lines(ack))
        return
    once_only(path for path in (ack, original) if path is not None)
    with ExitStack() as stack:
        source = stack.enter_context(opened(ack))
        beside = stack.enter_context(opened(original)) if original is not None else None
        lines = list(explain(source, beside, show_values))
        if not lines:
            fail(f"{shown_name(ack)}: {no_interchange(source) or 'there is nothing to explain in it'}")
    print_lines(as_json(line) if form == "json" else explained_line(line) for line in lines)


def explained_line(line: ExplainedLine) -> str:
    """One line of `edi explain`."""
    text = "  " * line.depth + line.text
    if line.kind == "heading":
        return click.style(text, bold=True)
    return click.style(text, fg="cyan") if line.kind == "original" else text
