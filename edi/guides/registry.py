"""Implementation guides as values: loops, segments, elements, and the registry that finds a set's guide.

A guide is an XML file in maps/guides (pyx12's map format); maps/guides/guides.csv maps GS08, GS01, ST01
and BHT02 to a file. Loaded once and kept; nothing here changes afterwards."""

import csv
import io
from collections.abc import Iterator, Mapping
from functools import cache

from attrs import field

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides import xml as guide_xml
from x12_payer.edi.guides.model import (
    ElementSpec,
    Guide,
    LoopNode,
    Node,
    SegmentNode,
    SyntaxNote,
    first_segments,
)
from x12_payer.edi.tables import map_path, rows

__all__ = [
    "ElementSpec",
    "Guide",
    "GuideRow",
    "LoopNode",
    "Node",
    "SegmentNode",
    "SyntaxNote",
    "first_segments",
    "guide_named",
    "known_codes",
    "known_tags",
    "listed_codes",
    "registry",
    "set_tags",
]


@frozen
class GuideRow:
    """One row of guides.csv. `bht02` are the purposes that part directions of one GS08 (empty: any)."""

    gs08: str
    gs01: str
    st01: str
    file: str
    bht02: frozenset[str] = field(default=frozenset())
    name: str = ""
    status: str = ""

    @property
    def key(self) -> str:
        """The guide's name: its file without the ending, as 837P.X222A1."""
        return self.file.removesuffix(".xml")

    @property
    def names_itself(self) -> bool:
        """Has the set its guide's id in ST03?"""
        start = guide_named(self.key).root.children[0]
        return isinstance(start, SegmentNode) and any(
            e.number == 3 and e.usage == "R" for e in start.elements
        )


@cache
def registry() -> tuple[GuideRow, ...]:
    """Every row of maps/guides/guides.csv."""
    text = map_path("guides", "guides.csv").read_text(encoding="utf-8")
    lines = (line for line in io.StringIO(text) if not line.startswith("#"))
    return tuple(
        GuideRow(
            row["gs08"],
            row["gs01"],
            row["st01"],
            row["file"],
            frozenset(filter(None, (row["bht02"] or "").split("|"))),
            row["name"] or "",
            row["status"] or "",
        )
        for row in csv.DictReader(lines)
    )


def current_row(key: str) -> GuideRow:
    """The row under which sets of a guide are written; a guide that has none is a bug (StopIteration)."""
    return next(row for row in registry() if row.key == key and row.status == "current")


def rows_for(gs08: str, gs01: str, st01: str, bht02: str = "") -> tuple[GuideRow, ...]:
    """The registry rows that a set may have: several when BHT02 fits no direction. Where only GS01 does not
    belong to the set, the set and GS08 decide."""
    named = [r for r in registry() if (r.gs08, r.st01) == (gs08, st01)]
    rows = [r for r in named if r.gs01 == gs01] or named
    fitting = [r for r in rows if bht02 in r.bht02 or not r.bht02]
    return tuple(fitting or rows)


def row_for(gs08: str, gs01: str, st01: str, bht02: str = "") -> GuideRow | None:
    """The registry row of a set. Where BHT02 fits no direction the first one is taken: its guide then says
    that the code is wrong."""
    return next(iter(rows_for(gs08, gs01, st01, bht02)), None)


@cache
def guide_named(key: str) -> Guide:
    """The guide of one file, by its name without the ending (837P.X222A1)."""
    text = map_path("guides", key + ".xml").read_bytes()
    return guide_xml.load(key, text)


def _elements(loop: LoopNode) -> Iterator[ElementSpec]:
    for child in loop.children:
        if isinstance(child, LoopNode):
            yield from _elements(child)
        else:
            for spec in child.elements:
                yield spec
                yield from spec.components


@cache
def listed_codes() -> Mapping[str, frozenset[str]]:
    """Codes that any guide here lists, by data element number."""
    found: dict[str, set[str]] = {}
    for key in dict.fromkeys(row.key for row in registry()):
        for spec in _elements(guide_named(key).root):
            found.setdefault(spec.data_element, set()).update(spec.codes)
    return {number: frozenset(codes) for number, codes in found.items()}


@cache
def known_codes() -> Mapping[str, frozenset[str]]:
    """Codes that X12 knows, by data element number: those of the guides here and of x12_codes.csv."""
    found = dict(listed_codes())
    for row in rows("x12_codes"):
        number = row["data_element"]
        found[number] = found.get(number, frozenset()) | frozenset(row["codes"].split())
    return found


@cache
def set_tags(set_id: str) -> frozenset[str]:
    """Segment ids of every guide of a transaction set (of an 837: professional, institutional, dental)."""
    return frozenset().union(*(guide_named(row.key).tags for row in registry() if row.st01 == set_id))


@cache
def known_tags() -> frozenset[str]:
    """Segment ids that X12 knows: those of the guides here and of the envelope, pyx12's other maps and
    x12_segments.csv."""
    listed = (row["segments"].split() for row in rows("x12_segments"))
    return frozenset().union(
        guide_xml.other_tags(), *listed, *(guide_named(key).tags for key in {row.key for row in registry()})
    )
