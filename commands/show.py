"""`edi show`: an interchange as people read it."""

from itertools import chain
from pathlib import Path
from typing import Any

import click

from x12_payer.commands.common import fail, file_type, no_store_option, print_lines
from x12_payer.edi.display.show import ShownLine, show
from x12_payer.edi.reading.file_kinds import no_interchange
from x12_payer.edi.wire.inputs import opened, shown_name

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


@click.command("show", short_help="Show an interchange with names for loops and elements.")
@no_store_option
@click.option(
    "--claim", default="", metavar="NUMBER", help="Only claims of this patient control number (CLM01, CLP01)."
)
@click.option(
    "--segment", "ordinals", type=SegmentRange(), metavar="N[-M]", help="Only these segments, by number."
)
@click.argument("path", type=file_type)
def show_command(claim: str, ordinals: tuple[int, int] | None, path: Path) -> None:
    """Show an interchange, indented by loop, with names for loops and elements.

    Each segment has the number that `edi validate` gives. It shows what the file holds, names and birth
    dates included. `-` is standard input.

    Exit status 0: shown, 2: the file could not be read, or nothing of what was asked for is in it.

    \b
    Examples:
      edi show claims.x12 | less
      edi show 271.x12 | grep -A6 AAA
      edi show --claim PT-A claims.x12
      edi show --segment 71 claims.x12
    """
    with opened(path) as source:
        lines = show(source, claim, ordinals)
        first = next(lines, None)
        if first is None:
            fail(f"{shown_name(path)}: {no_interchange(source) or 'nothing of that number in it'}")
        print_lines(shown_line(line) for line in chain([first], lines))


def shown_line(line: ShownLine) -> str:
    """One line of `edi show`: segments have their number before them."""
    indent = (f"{line.ordinal:>5} " if line.ordinal else " " * 6) + "  " * line.depth
    if line.kind == "element":
        note = click.style(f"  {line.note}", dim=True) if line.note else ""
        return f"{indent}{line.ref:<9} {line.name:<32} {click.style(line.text, bold=True)}{note}"
    note = f"  ({line.note})" if line.note else ""
    return f"{indent}{click.style(line.ref, fg=COLOURS[line.kind], bold=True)} {line.name}{note}".rstrip()
