"""An interchange as people read it: one line an element, indented by loop, with names from the guide.

Lines are values; how they look (colours, a terminal or a pipe) is for the command line to say."""

from collections.abc import Iterator

from attrs import frozen

from edi.annotate import NamedSegment, is_named, named_segments
from edi.elements import SECRET, ElementValue, element_values, printable
from edi.envelope import ISA_LENGTH, ISA_SEPARATORS
from edi.guide import guide_named, registry
from edi.segments import Source

ENVELOPE_NAMES = {
    "ISA": "Interchange",
    "TA1": "Interchange acknowledgment",
    "GS": "Functional group",
    "ST": "Transaction set",
    "SE": "Set end",
    "GE": "Group end",
    "IEA": "Interchange end",
}
ENVELOPE_DEPTH = {"ISA": 0, "TA1": 1, "GS": 1, "ST": 2, "SE": 2, "GE": 1, "IEA": 0}
ENDS = ("", "IEA")  # what stands before an interchange, or at the end of the file
CUT = "the interchange breaks off here, without an IEA"
SET_DEPTH = 3  # of what stands in no loop


@frozen
class ShownLine:
    """One line. `kind` is envelope, loop, segment or element; `ref` the id (NM1, NM103, 2010AA); `text` the
    value as people read it; `note` what its code means."""

    kind: str
    depth: int
    ref: str
    name: str
    text: str = ""
    note: str = ""


def show(source: Source) -> Iterator[ShownLine]:
    """Every interchange of a file, line by line, as it streams by; a word where one breaks off. Nothing for a
    file without an ISA."""
    last = ""
    for segment in named_segments(source):
        if segment.tag == "ISA" and last not in ENDS:
            yield ShownLine("envelope", 0, "--", CUT)
        yield from _segment(segment)
        last = "" if _is_unread(segment) else segment.tag
    if last not in ENDS:
        yield ShownLine("envelope", 0, "--", CUT)


def _segment(segment: NamedSegment) -> Iterator[ShownLine]:
    named = [loop for loop in segment.loops if is_named(loop)]
    for loop in segment.opens:
        if is_named(loop):
            yield ShownLine("loop", SET_DEPTH + named.index(loop), loop.id, loop.name)
    depth = ENVELOPE_DEPTH.get(segment.tag, SET_DEPTH + len(named))
    kind = "envelope" if segment.tag in ENVELOPE_NAMES else "segment"
    yield ShownLine(kind, depth, printable(segment.tag), _name(segment), note=_note(segment))
    for value in element_values(segment):
        yield _element(value, depth + 1)


def _is_unread(segment: NamedSegment) -> bool:
    """Is it a header that could not be read?"""
    text = "*".join(segment.elements)
    whole = len(text) == ISA_LENGTH - 1 and all(text[at] == "*" for at in ISA_SEPARATORS)
    return segment.tag == "ISA" and not whole


def _name(segment: NamedSegment) -> str:
    if segment.tag in ENVELOPE_NAMES:
        return ENVELOPE_NAMES[segment.tag]
    return segment.node.name if segment.node is not None else ""


def _note(segment: NamedSegment) -> str:
    """Of a set its guide; of a segment that the guide does not place there, so much."""
    if _is_unread(segment):
        return "not 106 characters with every element in its place: what follows it cannot be read"
    if segment.tag == "ST":
        return guide_title(segment.guide) if segment.guide else "no guide here: shown without names"
    if segment.guide and segment.node is None and segment.set_ordinal:
        return "not in the guide at this place"
    return ""


def guide_title(key: str) -> str:
    """A guide in words, as 'Professional claim (837P.X222A1)'."""
    name = next((row.name for row in registry() if row.key == key), "") or guide_named(key).name
    return f"{name} ({key})"


def _element(value: ElementValue, depth: int) -> ShownLine:
    ref = f"{value.ref}[{value.repeat}]" if value.repeat else value.ref
    text = "(not shown)" if value.kind == SECRET and value.raw.strip() else value.text
    return ShownLine("element", depth, ref, value.name, text, value.meaning)
