"""Diagnostics as one self-contained HTML page: the file with its diagnostics in place.

A small file is shown whole, of a large one only the segments with diagnostics and some around them.
Everything is escaped; values are masked unless asked for."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

from attrs import define, field
from jinja2 import Environment, Template

from x12_payer.edi.diagnostics.page import page_values
from x12_payer.edi.display.annotate import NamedSegment, is_named, named_segments
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.masking import segment_parts
from x12_payer.edi.display.names import element_name
from x12_payer.edi.display.show import ENVELOPE_DEPTH, SET_DEPTH
from x12_payer.edi.display.tally import Checked
from x12_payer.edi.display.text import place, where
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.validate import LocatedDiagnostic
from x12_payer.edi.wire.segments import Source

MOST_LISTED = 2_000  # findings of one file shown with their segments
WHOLE_BYTES = 200_000  # up to this size a file is shown whole
MOST_WHOLE = 2_000_000  # bytes of files shown whole on one page; of those behind only a part is
AROUND = 3  # segments shown before and behind one with findings


@frozen
class Part:
    """One element of a shown segment."""

    text: str
    title: str
    wrong: bool


@frozen
class Note:
    """A finding beside its segment."""

    severity: str
    snip: int
    code: str
    message: str
    where: str
    place: str
    value: str
    advice: str  # how to fix it


@frozen
class ReportRow:
    """One line of the file view: a loop (`title`), a segment (`parts`, `notes`), or a gap (neither)."""

    kind: str
    depth: int = 0
    ordinal: int = 0
    title: str = ""
    separator: str = ""
    parts: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()


@frozen
class View:
    """One file as the template takes it."""

    number: int  # its place on the page, from 1
    name: str
    errors: int
    warnings: int
    codes: tuple[tuple[str, int, int], ...]  # with times and the first segment; 0: none is shown
    unread: bool
    unlisted: int
    whole: bool
    outside: tuple[Note, ...]  # findings that belong to no segment
    rows: Iterator[ReportRow]


@frozen
class Line:
    """One file in the index."""

    number: int
    name: str
    errors: int
    warnings: int
    unread: bool


@define(eq=False)
class _Page:
    """What is known of the whole page when its files have gone by."""

    index: list[Line] = field(factory=list)
    codes: set[str] = field(factory=set)

    @property
    def pages(self) -> Iterator[Mapping[str, object]]:
        """The sections of the codes on the page."""
        return (page_values(code) for code in sorted(self.codes))


def report(
    files: Iterable[Checked], show_values: bool, about: str = "", several: bool = False
) -> Iterator[str]:
    """The page, piece by piece; one file is held at a time. `about` says how and when it was made; of
    `several` files those without findings are only named."""
    page = _Page()
    yield from _template().generate(
        title="Findings of edi validate",
        about=about,
        files=_views(files, show_values, several, page),
        index=page.index,
        page=page,
        masked=not show_values,
    )


def _views(files: Iterable[Checked], show_values: bool, several: bool, page: _Page) -> Iterator[View]:
    left = MOST_WHOLE
    for number, file in enumerate(files, 1):
        view = _view(number, file, show_values, left, several)
        left -= _size(file.source) if view.whole else 0
        page.index.append(Line(number, view.name, view.errors, view.warnings, view.unread))
        page.codes.update(code for code, _, _ in view.codes)
        yield view


@cache
def _template() -> Template:
    text = resources.files("x12_payer.edi.display").joinpath("report.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)


def _view(number: int, file: Checked, show_values: bool, left: int, several: bool) -> View:
    """One file; it is shown whole when it is small, and no larger than what is `left` for such files."""
    listed: dict[int, list[LocatedDiagnostic]] = {}
    first: dict[str, int] = {}
    count = 0
    for found in file.diagnostics:
        count += 1
        if count <= MOST_LISTED:
            listed.setdefault(found.segment, []).append(found)
            first.setdefault(found.code, found.segment)
    tally = file.tally
    small = count <= MOST_LISTED and _size(file.source) <= min(WHOLE_BYTES, left)
    whole = small and not tally.unread and (count > 0 or not several)
    outside = tuple(_note(found, show_values) for found in listed.get(0, ()))
    codes = sorted(tally.by_code.items(), key=lambda item: (-item[1], item[0]))
    return View(
        number=number,
        name=printable(file.name),
        errors=tally.errors,
        warnings=tally.warnings,
        unread=tally.unread,
        codes=tuple((code, times, first.get(code, 0)) for code, times in codes),
        unlisted=max(count - MOST_LISTED, 0),
        whole=whole,
        outside=outside,
        rows=_rows(file.source, listed, whole, show_values)
        if (whole or count) and not tally.unread
        else iter(()),
    )


def _size(source: Source) -> int:
    try:
        return source.size
    except OSError:
        return 0


def _rows(
    source: Source, listed: Mapping[int, list[LocatedDiagnostic]], whole: bool, show_values: bool
) -> Iterator[ReportRow]:
    """The segments to show, with their loops, and gaps where some are left out."""
    before: deque[NamedSegment] = deque(maxlen=AROUND)
    after, left_out, last = 0, False, 0
    needed = max(listed, default=0) + AROUND
    for segment in named_segments(source):
        last = segment.ordinal
        if not whole and last > needed:
            yield ReportRow("gap")
            return
        if not whole and last not in listed and not after:
            left_out = left_out or len(before) == AROUND
            before.append(segment)
            continue
        after = AROUND if last in listed else max(after - 1, 0)
        if left_out:
            yield ReportRow("gap")
        for shown in (*before, segment):
            yield from _segment(shown, listed.get(shown.ordinal, ()), show_values)
        before.clear()
        left_out = False
    for found in (found for ordinal in sorted(listed) if ordinal > last for found in listed[ordinal]):
        yield ReportRow("end", ordinal=found.segment, notes=(_note(found, show_values),))


def _segment(
    segment: NamedSegment, found: Iterable[LocatedDiagnostic], show_values: bool
) -> Iterator[ReportRow]:
    named = [loop for loop in segment.loops if is_named(loop)]
    for loop in segment.opens:
        if is_named(loop):
            yield ReportRow("loop", SET_DEPTH + named.index(loop), title=f"{loop.id} {loop.name}")
    notes = tuple(_note(one, show_values) for one in found)
    wrong = {one.element for one in found if one.element and one.tag == segment.tag}
    yield ReportRow(
        "segment",
        ENVELOPE_DEPTH.get(segment.tag, SET_DEPTH + len(named)),
        segment.ordinal,
        segment.node.name if segment.node is not None else "",
        segment.delimiters.element,
        tuple(_parts(segment, show_values, wrong)),
        notes,
    )


def _parts(segment: NamedSegment, show_values: bool, wrong: set[int]) -> Iterator[Part]:
    loop = segment.node.loop if segment.node is not None else ""
    for number, text in enumerate(segment_parts(segment, show_values, wrong)):
        name = element_name(segment.guide, loop, segment.tag, number) if number and text else ""
        title = f"{segment.tag}{number:02d} {name}".rstrip() if number and text else ""
        yield Part(text, printable(title), number in wrong)
    for number in sorted(wrong):
        if number >= len(segment.elements):  # an element that should be there
            yield Part("", f"{segment.tag}{number:02d}", True)


def _note(found: LocatedDiagnostic, show_values: bool) -> Note:
    value = printable(found.value) if show_values else ""
    advice = str(page_values(found.code)["fix"])
    return Note(
        found.severity, found.snip, found.code, found.message, where(found), place(found), value, advice
    )
