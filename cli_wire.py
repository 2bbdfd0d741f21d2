"""The commands that need no store: `edi validate`, `edi show`, `edi explain`."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click
from attrs import field, frozen

from cli_common import NOTHING_DONE, REJECTED, input_files
from edi.explain import ExplainedLine, explain
from edi.render import Tally, counted, json_line, summary, text_lines
from edi.render_html import Checked, report
from edi.segments import Source
from edi.show import ShownLine, show
from edi.validate import PARTNER_SNIP, USUAL_SNIP, Finding, findings

WORTH_A_BAR = 4_000_000  # bytes from which a progress bar is of use
LINES_AT_ONCE = 500
COLOURS = {"error": "red", "warning": "yellow", "envelope": "blue", "loop": "cyan", "segment": "green"}

path_type = click.Path(path_type=Path, exists=True)
file_type = click.Path(path_type=Path, exists=True, dir_okay=False)
show_values_option = click.option(
    "--show-values",
    is_flag=True,
    help="Show the values of the file, also those of people; else they are masked.",
)


# --- edi validate ------------------------------------------------------------------------------------------


no_store_option = click.option("--db", hidden=True, expose_value=False, help="Taken by every command.")


@click.command("validate")
@no_store_option
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl", "html"]), default="text", show_default=True
)
@click.option(
    "--snip",
    type=click.IntRange(1, PARTNER_SNIP),
    default=USUAL_SNIP,
    show_default=True,
    help="Check SNIP types 1 to N; 7 is the sender's companion overlay (maps/companion).",
)
@show_values_option
@click.argument("paths", nargs=-1, required=True, type=path_type)
@click.pass_context
def validate_command(
    ctx: click.Context, form: str, snip: int, show_values: bool, paths: Sequence[Path]
) -> None:
    """Check interchanges, inbound or outbound; no store is needed.

    Exit status 0: no errors (warnings at most), 1: errors were found, 2: a file could not be read.

    \b
    Examples:
      edi validate claims.x12                       what is wrong, for people
      edi validate --snip 2 inbox/                  syntax and guides only, a whole folder
      edi validate --format jsonl claims.x12 | jq   one object a finding
      edi validate --format html claims.x12 > report.html
    """
    checked = _Validation(snip, date.today())
    files = input_files(paths)
    if form == "html":
        say_all(report(checked.checked(files), show_values), end="", unknown="xmlcharrefreplace")
    else:
        for file in checked.checked(files):
            say_all(_jsonl(file, show_values) if form == "jsonl" else _text(file, show_values))
    if not files:
        click.echo("no file in the given paths", err=True)
    ctx.exit(checked.status)


@frozen
class _Validation:
    """One run over several files; what it came to is counted on the way."""

    snip: int
    as_of: date
    tallies: list[Tally] = field(factory=list)

    @property
    def status(self) -> int:
        """The exit status so far."""
        if not self.tallies or any(tally.unread for tally in self.tallies):
            return NOTHING_DONE
        return REJECTED if any(tally.errors for tally in self.tallies) else 0

    def checked(self, files: Iterable[Path]) -> Iterator[Checked]:
        """Each file with its findings, which come as they are asked for."""
        for path in files:
            bar = Bar(path, passes=2 if self.snip > 2 else 1)
            tally = Tally()
            self.tallies.append(tally)
            source = WatchedSource(path=str(path), seen=bar.advance)
            found = counted(findings(source, self.snip, self.as_of, str(path)), tally)
            readable = _readable(bar.until_first(found), path, tally)
            yield Checked(str(path), Source(path=str(path)), readable, tally)


def _readable(found: Iterable[Finding], path: Path, tally: Tally) -> Iterator[Finding]:
    """A file that cannot be read is said to be so, and the others go on."""
    try:
        yield from found
    except OSError as error:
        tally.unread = True
        click.echo(f"{path}: cannot be read: {error.strerror}", err=True)


def _jsonl(file: Checked, show_values: bool) -> Iterator[str]:
    for found in file.findings:
        yield json_line(found, show_values)


def _text(file: Checked, show_values: bool) -> Iterator[str]:
    for found in file.findings:
        if file.tally.errors + file.tally.warnings == 1:
            yield click.style(file.name, bold=True)
        first, *more = text_lines(found, show_values)
        severity, _, rest = first.partition(" ")
        yield f"{click.style(severity, fg=COLOURS[severity])} {rest}"
        yield from (click.style(line, dim=True) for line in more)
    yield summary(file.name, file.tally)


# --- edi show ----------------------------------------------------------------------------------------------


@click.command("show")
@no_store_option
@click.argument("path", type=file_type)
@click.pass_context
def show_command(ctx: click.Context, path: Path) -> None:
    """Show an interchange, indented by loop, with names for loops and elements.

    It shows what the file holds, names and birth dates included.

    \b
    Examples:
      edi show claims.x12 | less
      edi show 271.x12 | grep -A6 AAA
    """
    lines = show(Source(path=str(path)))
    first = next(lines, None)
    if first is None:
        click.echo(f"{path}: there is no ISA here: this is not an X12 interchange", err=True)
        ctx.exit(NOTHING_DONE)
    say_all(shown_line(line) for line in chain([first], lines))


def shown_line(line: ShownLine) -> str:
    """One line of `edi show`."""
    indent = "  " * line.depth
    if line.kind == "element":
        note = click.style(f"  {line.note}", dim=True) if line.note else ""
        return f"{indent}{line.ref:<9} {line.name:<32} {click.style(line.text, bold=True)}{note}"
    note = f"  ({line.note})" if line.note else ""
    return f"{indent}{click.style(line.ref, fg=COLOURS[line.kind], bold=True)} {line.name}{note}".rstrip()


# --- edi explain -------------------------------------------------------------------------------------------


@click.command("explain")
@no_store_option
@show_values_option
@click.argument("ack", type=file_type)
@click.argument("original", type=file_type, required=False)
@click.pass_context
def explain_command(ctx: click.Context, show_values: bool, ack: Path, original: Path | None) -> None:
    """Say in plain words what an acknowledgment or answer means.

    ACK holds a TA1, 999, 277CA, 271, 277, 278 or 835. With ORIGINAL, the file it answers, the segments it
    points at are shown.

    \b
    Examples:
      edi explain answer.999.x12
      edi explain answer.999.x12 claims.x12
    """
    beside = Source(path=str(original)) if original is not None else None
    lines = list(explain(Source(path=str(ack)), beside, show_values))
    if not lines:
        click.echo(f"{ack}: there is nothing to explain in it", err=True)
        ctx.exit(NOTHING_DONE)
    say_all(explained_line(line) for line in lines)


def explained_line(line: ExplainedLine) -> str:
    """One line of `edi explain`."""
    text = "  " * line.depth + line.text
    if line.kind == "heading":
        return click.style(text, bold=True)
    return click.style(text, fg="cyan") if line.kind == "original" else text


# --- what they share ---------------------------------------------------------------------------------------


def say_all(lines: Iterable[str], end: str = "\n", unknown: str = "backslashreplace") -> None:
    """Lines to standard output, many at once; what it cannot encode is spelled out as `unknown` says."""
    encoding = sys.stdout.encoding or "utf-8"
    stream = iter(lines)
    while some := list(islice(stream, LINES_AT_ONCE)):
        text = "".join(line + end for line in some)
        click.echo(text.encode(encoding, unknown).decode(encoding), nl=False)


@frozen
class WatchedSource(Source):
    """A source that tells how much was read of it."""

    seen: Callable[[int], None] = field(default=lambda size: None)

    def read(self, offset: int, size: int) -> bytes:
        """As `Source.read`."""
        data = Source.read(self, offset, size)
        self.seen(len(data))
        return data


class Bar:
    """A progress bar on stderr: for a large file, on a terminal, until the first finding is shown."""

    def __init__(self, path: Path, passes: int) -> None:
        size = os.path.getsize(path) * passes if os.path.exists(path) else 0
        wanted = size >= WORTH_A_BAR and sys.stderr.isatty()
        self.bar: Any = click.progressbar(length=size, label=path.name, file=sys.stderr) if wanted else None

    def advance(self, size: int) -> None:
        """So many bytes more."""
        if self.bar is not None:
            self.bar.update(size)

    def until_first(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """The same findings; the bar goes when the first one comes, or none."""
        for one in found:
            self.end()
            yield one
        self.end()

    def end(self) -> None:
        """Take it away."""
        if self.bar is not None:
            self.bar.render_finish()
            self.bar = None
