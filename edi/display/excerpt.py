"""The segment of a diagnostic, as it is in the file, with the element marked:

    71 | CLM*xxx*140***11:X:1
                          ^ CLM05-02

Values of people are masked unless asked for."""

from collections.abc import Iterator

from attrs import define

from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.masking import MASK, segment_parts
from x12_payer.edi.display.names import element_ref, nodes_at
from x12_payer.edi.reading.envelope import Header, find_header, read_header
from x12_payer.edi.snip.validate import LocatedDiagnostic
from x12_payer.edi.wire.segments import Source

LONGEST = 4_096  # bytes of a segment that are looked at
WIDTH = 100  # characters of it that are shown
CUT = "…"


@define
class Excerpts:
    """Reads the segments of one file for its findings, which come in the order of the file."""

    source: Source
    masked: bool = False  # something was, so far
    _header: Header | None = None
    _next: int = 0  # where the next interchange begins, -1 when there is none

    def of(self, found: LocatedDiagnostic, show_values: bool) -> Iterator[str]:
        """The two lines; none where the finding is about what is not there."""
        segment = self._segment(found)
        if segment is None:
            return
        parts = segment_parts(segment, show_values, (found.element,) if found.element else ())
        self.masked = self.masked or any(MASK in part for part in parts)
        line, at, width = _cut(parts, segment.delimiters.element, found.element)
        gutter = f"  {found.segment:>5} | "
        yield gutter + line
        if found.element:
            ref = element_ref(found.tag, found.element, found.component, found.repeat)
            yield " " * (len(gutter) + at) + f"{'^' * max(width, 1)} {ref}"

    def _segment(self, found: LocatedDiagnostic) -> NamedSegment | None:
        header = self._header_at(found.offset)
        if header is None or not header.readable or not found.tag:
            return None
        text = self.source.read(found.offset, LONGEST).decode("latin-1")
        elements = text.split(header.delimiters.segment, 1)[0].lstrip("\r\n").split(header.delimiters.element)
        if elements[0] != found.tag:
            return None
        nodes = nodes_at(found.guide, found.loop, found.tag)
        return NamedSegment(
            elements,
            found.segment,
            found.offset,
            header.delimiters,
            guide=found.guide,
            node=nodes[0] if nodes else None,
        )

    def _header_at(self, offset: int) -> Header | None:
        """The header of the interchange around an offset."""
        while 0 <= self._next <= offset:
            start, _ = find_header(self.source, self._next)
            if start < 0 or start > offset:
                self._next = start
                break
            self._header = read_header(self.source, start)
            self._next = start + len("ISA")
        return self._header


def _cut(parts: list[str], separator: str, element: int) -> tuple[str, int, int]:
    """The segment in one line, no wider than people read, and where the element is in it."""
    line = separator.join(parts)
    before = separator.join(parts[:element])
    at = min(len(before) + 1, len(line)) if element else 0
    width = len(parts[element]) if element < len(parts) else 0
    if len(line) <= WIDTH:
        return line, at, width
    start = max(0, min(at - WIDTH // 2, len(line) - WIDTH))
    shown = line[start : start + WIDTH]
    shown = (CUT if start else "") + shown + (CUT if start + WIDTH < len(line) else "")
    return shown, at - start + (1 if start else 0), min(width, WIDTH)
