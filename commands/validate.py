"""`edi validate`. It imports no more than a check needs: start-up counts for small files."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import field

from x12_payer.commands.common import (
    NOTHING_DONE,
    REJECTED,
    AsOf,
    input_files,
    maps_option,
    no_store_option,
    path_type,
    print_lines,
    show_values_option,
)
from x12_payer.edi.display.tally import Checked, Tally, counted, summary
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.validate import PARTNER_SNIP, USUAL_SNIP, LocatedDiagnostic, diagnostics_in
from x12_payer.edi.wire.inputs import opened, shown_name
from x12_payer.edi.wire.segments import Source
from x12_payer.edi.words import unread

if TYPE_CHECKING:
    from x12_payer.edi.display.excerpt import Excerpts
    from x12_payer.edi.snip.fast_path.claims import Memory

WORTH_A_BAR = 4_000_000  # bytes from which a progress bar is of use
COLOURS = {"error": "red", "warning": "yellow"}


@click.command("validate", short_help="Check interchanges, inbound or outbound; no store is needed.")
@no_store_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl", "html"]),
    default="text",
    show_default=True,
    help="For people, one JSON object a line and diagnostic, or a page.",
)
@click.option(
    "--snip",
    type=click.IntRange(1, PARTNER_SNIP),
    default=USUAL_SNIP,
    show_default=True,
    help="Check SNIP types 1 to N; 7 is the sender's companion overlay (of maps/companion or --maps).",
)
@click.option(
    "--as-of",
    type=AsOf(),
    show_default="now",
    help="The day on which the file is checked, ISO 8601: later dates are in the future.",
)
@maps_option
@show_values_option
@click.argument("paths", nargs=-1, required=True, type=path_type)
@click.pass_context
def validate_command(
    ctx: click.Context,
    form: str,
    snip: int,
    as_of: datetime | None,
    maps: Path | None,
    show_values: bool,
    paths: Sequence[Path],
) -> None:
    """Check interchanges, inbound or outbound; no store is needed. `-` is standard input.

    Exit status 0: no errors (warnings at most), 1: errors were found, 2: a file could not be read.

    \b
    Examples:
      edi validate claims.x12                       what is wrong, for people
      edi validate --snip 2 inbox/                  syntax and guides only, a whole folder
      edi validate --format jsonl claims.x12 | jq   one object a diagnostic
      edi validate --format html claims.x12 > report.html
      gunzip -c claims.x12.gz | edi validate -
    """
    checked = _Validation(snip, as_of.date() if as_of else None, maps)
    files = input_files(paths)
    if form == "html":
        from x12_payer.edi.display.html import (
            report,  # its templates take time to load: only who asks for them waits
        )

        page = report(checked.checked(files), show_values, checked.about, len(files) > 1)
        print_lines(page, end="", unknown="xmlcharrefreplace")
    else:
        for file in checked.checked(files):
            print_lines(_jsonl(file, show_values) if form == "jsonl" else _text(file, show_values))
    if not files:
        click.echo("no file in the given paths", err=True)
    if any(tally.masked for tally in checked.tallies):
        click.echo("xxx: a value that may say who somebody is; --show-values shows it", err=True)
    if form == "text" and (codes := checked.codes):
        click.echo(f"`edi explain {codes[0]}` says why, and how to fix it; so of every code", err=True)
    ctx.exit(checked.status)


@frozen
class _Validation:
    """One run over several files; what it came to is counted on the way."""

    snip: int
    as_of: date | None  # None: now
    maps: Path | None
    tallies: list[Tally] = field(factory=list)
    memory: "Memory" = field(factory=dict)  # what this run has learned of claims

    @property
    def status(self) -> int:
        """The exit status so far."""
        if not self.tallies or any(tally.unread for tally in self.tallies):
            return NOTHING_DONE
        return REJECTED if any(tally.errors for tally in self.tallies) else 0

    @property
    def about(self) -> str:
        """How a report was made."""
        from importlib.metadata import version  # slow, and only a report says it

        day = self.as_of or date.today()
        types = "type 1" if self.snip == 1 else f"types 1 to {self.snip}"
        own = f", maps of {self.maps}" if self.maps else ""
        return f"edi {version('x12-payer')}: SNIP {types}, judged as of {day}{own}"

    @property
    def codes(self) -> Sequence[str]:
        """Those of the findings so far, in the order they came."""
        return list(dict.fromkeys(code for tally in self.tallies for code in tally.by_code))

    def checked(self, files: Iterable[Path]) -> Iterator[Checked]:
        """Each file with its findings, which come as they are asked for."""
        for path in files:
            name, tally = shown_name(path), Tally()
            self.tallies.append(tally)
            with ExitStack() as stack:
                try:
                    source = stack.enter_context(opened(path))
                except OSError as error:
                    _report_unread(name, error, tally)
                    yield Checked(name, Source(data=b""), (), tally)
                    continue
                yield Checked(name, source, self._diagnostics(source, name, tally), tally)

    def _diagnostics(self, source: Source, name: str, tally: Tally) -> Iterator[LocatedDiagnostic]:
        """The findings of one file, counted. One that cannot be read to its end is said to be so, and the
        others go on."""
        day, exact = self.as_of or date.today(), self.as_of is not None
        bar = Bar(name, source.size)
        watched = WatchedSource(path=source.path, handle=source.handle, seen=bar.advance)
        found = counted(diagnostics_in(watched, self.snip, day, name, self.maps, exact, self.memory), tally)
        try:
            yield from bar.until_first(found)
        except OSError as error:
            _report_unread(name, error, tally)


def _report_unread(name: str, error: OSError, tally: Tally) -> None:
    tally.unread = True
    click.echo(f"{name}: cannot be read: {unread(error)}", err=True)


def _jsonl(file: Checked, show_values: bool) -> Iterator[str]:
    for found in file.diagnostics:
        from x12_payer.edi.display.text import json_line  # a valid file has nothing to render

        yield json_line(found, show_values)


def _text(file: Checked, show_values: bool) -> Iterator[str]:
    excerpts: Excerpts | None = None
    for found in file.diagnostics:
        from x12_payer.edi.display.text import text_lines  # a valid file has nothing to render

        excerpts = excerpts or _excerpts(file)
        if file.tally.errors + file.tally.warnings == 1:
            yield click.style(file.name, bold=True)
        first, *more = text_lines(found, show_values)
        severity, _, rest = first.partition(" ")
        yield f"{click.style(severity, fg=COLOURS[severity])} {rest}"
        yield from (click.style(line, dim=True) for line in more)
        yield from excerpts.of(found, show_values)
    file.tally.masked = excerpts is not None and excerpts.masked
    yield summary(file.name, file.tally)


def _excerpts(file: Checked) -> "Excerpts":
    from x12_payer.edi.display.excerpt import Excerpts

    return Excerpts(file.source)


@frozen
class WatchedSource(Source):
    """A source that reports how much was read of it."""

    seen: Callable[[int], None] = field(default=lambda size: None)

    def read(self, offset: int, size: int) -> bytes:
        """As `Source.read`."""
        data = Source.read(self, offset, size)
        self.seen(len(data))
        return data


class Bar:
    """A progress bar on stderr: for a large file, on a terminal, until the first finding is shown. It counts
    what is read; some kinds of sets are read twice, then the second time it stays full."""

    def __init__(self, name: str, size: int) -> None:
        wanted = size >= WORTH_A_BAR and sys.stderr.isatty()
        label = Path(name).name
        self.bar: Any = click.progressbar(length=size, label=label, file=sys.stderr) if wanted else None

    def advance(self, size: int) -> None:
        """So many bytes more."""
        if self.bar is not None:
            self.bar.update(size)

    def until_first(self, found: Iterable[LocatedDiagnostic]) -> Iterator[LocatedDiagnostic]:
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
