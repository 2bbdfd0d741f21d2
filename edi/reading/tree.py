"""An interchange as a tree: groups, sets, segments; the door `x12_payer.read`.

Nothing is checked and nothing is lost: `raw` of each node is the bytes as they came, line ends included, and
the `raw` of all interchanges with `before` and `after` is the file. A set keeps where its bytes are, not the
segments: these are cut when someone asks, so a file of a million claims costs a small object a set."""

from collections.abc import Iterator
from pathlib import Path

from attrs import define, field

from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.cut import Cut, cut_segments
from x12_payer.edi.reading.envelope import ISA_LENGTH, read_header
from x12_payer.edi.reading.header_faults import header_trouble
from x12_payer.edi.wire.segments import Delimiters, Source, blocks

FileOrBytes = str | Path | bytes


@frozen
class Segment:
    """One segment. `elements`: its id at 0, so that element 3 is at 3; `ordinal` counts from 1 in the file,
    `offset` is the byte where it begins."""

    elements: tuple[str, ...]
    ordinal: int
    offset: int
    delimiters: Delimiters = field(repr=False)

    @property
    def tag(self) -> str:
        """Its id: ISA, NM1, CLM."""
        return self.elements[0]

    def at(self, number: int, component: int = 0, repeat: int = 1) -> str:
        """An element by its number, '' when it is absent; a component of it (from 1) or a repetition (from
        1) where one is asked for."""
        text = self.elements[number] if 0 <= number < len(self.elements) else ""
        if repeat > 1 or component:
            parts = text.split(self.delimiters.repetition)
            text = parts[repeat - 1] if repeat <= len(parts) else ""
        if not component:
            return text
        pieces = text.split(self.delimiters.component)
        return pieces[component - 1] if component <= len(pieces) else ""

    def __str__(self) -> str:
        return self.delimiters.element.join(self.elements) + self.delimiters.segment


@frozen
class _Span:
    """A part of a file: its first segment, and where its bytes are."""

    header: Segment
    trailer: Segment | None  # None when it is missing
    length: int
    _source: Source = field(repr=False)

    @property
    def raw(self) -> bytes:
        """Its bytes as they came."""
        return self._source.read(self.header.offset, self.length)

    @property
    def segments(self) -> Iterator[Segment]:
        """Every segment in it, header and trailer included."""
        first, delimiters = self.header, self.header.delimiters
        end = first.offset + self.length
        ordinal = first.ordinal
        for block in blocks(self._source, first.offset, end, delimiters.segment, ""):
            for text, offset in zip(block.texts, block.offsets, strict=False):
                if not text:
                    continue
                yield Segment(tuple(text.split(delimiters.element)), ordinal, offset, delimiters)
                if text.startswith("IEA"):
                    return
                ordinal += 1


@frozen
class Set(_Span):
    """One transaction set, ST to SE. `version` is ST03, GS08 where ST03 is absent."""

    version: str

    @property
    def id(self) -> str:
        """ST01: 837, 270."""
        return self.header.at(1)

    @property
    def control_number(self) -> str:
        """ST02."""
        return self.header.at(2)


@frozen
class Group(_Span):
    """One functional group, GS to GE."""

    sets: tuple[Set, ...]

    @property
    def control_number(self) -> str:
        """GS06."""
        return self.header.at(6)

    @property
    def version(self) -> str:
        """GS08: 005010X222A1."""
        return self.header.at(8)


@frozen
class Interchange(_Span):
    """One interchange, ISA to IEA. `trouble`: why its header cannot be read, in words; then it has no groups.
    `raw` goes on to the next interchange or the end of the file; `before`: of the first one, the bytes that
    precede its ISA."""

    groups: tuple[Group, ...]
    trouble: str = ""
    before: bytes = b""

    @property
    def control_number(self) -> str:
        """ISA13."""
        return self.header.at(13)

    @property
    def sender(self) -> tuple[str, str]:
        """ISA05 and ISA06, without their padding."""
        return self.header.at(5).strip(), self.header.at(6).strip()

    @property
    def receiver(self) -> tuple[str, str]:
        """ISA07 and ISA08, without their padding."""
        return self.header.at(7).strip(), self.header.at(8).strip()

    @property
    def delimiters(self) -> Delimiters:
        """The separators it is written with."""
        return self.header.delimiters

    @property
    def sets(self) -> Iterator[Set]:
        """The sets of all its groups."""
        return (one for group in self.groups for one in group.sets)


def is_content(file: FileOrBytes) -> bool:
    """Is it bytes or text, not a path?"""
    if isinstance(file, str):
        return file.lstrip().startswith("ISA") and len(file) >= ISA_LENGTH
    return isinstance(file, bytes)


def source_of(file: FileOrBytes) -> Source:
    """Where the bytes come from: a path, the bytes themselves, or the text of an interchange (it begins with
    ISA and is longer than one, which no path is). Raises OSError when a path cannot be read."""
    if isinstance(file, str) and is_content(file):
        file = file.encode("utf-8")
    if isinstance(file, bytes):
        return Source(data=file)
    source = Source(path=str(file))
    source.read(0, 1)  # a path that cannot be read fails here, not halfway
    return source


def read(file: FileOrBytes) -> Iterator[Interchange]:
    """Every interchange of a file (a path, bytes, or text), in order; none for a file without an ISA.

    Raises OSError when a path cannot be read; no content raises. `x12_payer.validate` judges it."""
    source = source_of(file)
    tree = _Tree(source)
    for cut in cut_segments(source):
        if cut.elements[0] == "ISA" and tree.isa is not None:
            yield tree.interchange(cut.offset)
        tree.take(cut)
    if tree.isa is not None:
        yield tree.interchange(source.size)


@define(eq=False)
class _Tree:
    """The interchange in hand. A node ends where the next segment begins."""

    source: Source
    isa: Segment | None = None
    iea: Segment | None = None
    gs: Segment | None = None
    st: Segment | None = None
    closing: Segment | None = None  # an SE or GE, until it is known where it ends
    groups: list[Group] = field(factory=list)
    sets: list[Set] = field(factory=list)
    first: bool = True

    def take(self, cut: Cut) -> None:
        """The next segment."""
        segment = Segment(tuple(cut.elements), cut.ordinal, cut.offset, cut.delimiters)
        tag = segment.tag
        if self.closing is not None or tag in ("ST", "GS", "GE", "IEA"):
            self._close(cut.offset, whole=tag in ("GS", "IEA"))
        if tag == "ISA":
            self.isa = segment
        elif tag == "IEA":
            self.iea = segment
        elif tag == "GS":
            self.gs = segment
        elif tag == "ST" and self.gs is not None:
            self.st = segment
        elif (tag == "SE" and self.st is not None) or (tag == "GE" and self.gs is not None):
            self.closing = segment

    def _close(self, end: int, whole: bool) -> None:
        """The set that is open ends here, and with `whole` or its GE the group."""
        trailer, self.closing = self.closing, None
        tag = trailer.tag if trailer is not None else ""
        if self.st is not None:
            ending = trailer if tag == "SE" else None
            at = trailer.offset if trailer is not None and ending is None else end
            version = self.st.at(3) or (self.gs.at(8) if self.gs is not None else "")
            self.sets.append(Set(self.st, ending, at - self.st.offset, self.source, version))
            self.st = None
        if self.gs is not None and (whole or tag == "GE"):
            ending = trailer if tag == "GE" else None
            self.groups.append(Group(self.gs, ending, end - self.gs.offset, self.source, tuple(self.sets)))
            self.gs, self.sets = None, []

    def interchange(self, end: int) -> Interchange:
        """The interchange, which ends here; the next one may begin."""
        assert self.isa is not None
        self._close(end, whole=True)
        isa, iea, groups = self.isa, self.iea, tuple(self.groups)
        trouble = ""
        if not read_header(self.source, isa.offset).readable:
            trouble = header_trouble(self.source, isa.offset) or "its header is not 106 characters"
        before = self.source.read(0, isa.offset) if self.first else b""
        self.isa = self.iea = None
        self.groups, self.first = [], False
        return Interchange(isa, iea, end - isa.offset, self.source, groups, trouble, before)
