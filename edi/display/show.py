"""An interchange formatted for people: one line for each element, indented by loop, with names from the
guide.

Lines are values; how they look (colors, a terminal or a pipe) is up to the command line."""

from collections.abc import Iterator
from sys import maxsize

from x12_payer.edi.display.annotate import NamedSegment, is_named, named_segments
from x12_payer.edi.display.elements import SECRET, ElementValue, element_values, printable
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import LoopNode
from x12_payer.edi.guides.registry import guide_named, registry
from x12_payer.edi.reading.envelope import ISA_LENGTH, ISA_SEPARATORS
from x12_payer.edi.reading.header_faults import header_trouble
from x12_payer.edi.reading.wrapped import line_width, wrapped_words
from x12_payer.edi.wire.segments import Source

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
ENDS = ("", "IEA")  # what comes before an interchange, or at the end of the file
CUT = "the interchange breaks off here, without an IEA"
CLAIM_STARTS = {"CLM": 1, "CLP": 1, "TRN": 2}  # which element holds the number of a claim
SET_DEPTH = 3  # of what is in no loop


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
    ordinal: int = 0  # of a segment in the file


def show(source: Source, claim: str = "", ordinals: tuple[int, int] | None = None) -> Iterator[ShownLine]:
    """Every interchange of a file, line by line, as it streams by; a word where one breaks off. Nothing for a
    file without an ISA.

    claim: only the claims of that number (CLM01, CLP01). ordinals: only the segments from one to another."""
    if claim or ordinals:
        for segment in _some(source, claim, ordinals):
            yield from _segment(segment, source)
        return
    last = ""
    for segment in named_segments(source):
        if segment.tag == "ISA" and last not in ENDS:
            yield ShownLine("envelope", 0, "--", CUT)
        yield from _segment(segment, source)
        last = "" if _is_unread(segment) else segment.tag
    if last not in ENDS:
        yield ShownLine("envelope", 0, "--", CUT)


def _some(source: Source, claim: str, ordinals: tuple[int, int] | None) -> Iterator[NamedSegment]:
    """The segments that were asked for."""
    first, last = ordinals or (1, maxsize)
    around: LoopNode | None = None  # the loop of the claim, while we are in it
    for segment in named_segments(source):
        if segment.ordinal > last:
            return
        if segment.tag in CLAIM_STARTS and segment.opens:
            around = segment.opens[-1] if segment.at(CLAIM_STARTS[segment.tag]).strip() == claim else None
        elif segment.node is not None and around not in segment.loops:
            around = None
        if segment.ordinal >= first and (not claim or around is not None):
            yield segment


def _segment(segment: NamedSegment, source: Source) -> Iterator[ShownLine]:
    named = [loop for loop in segment.loops if is_named(loop)]
    for loop in segment.opens:
        if is_named(loop):
            yield ShownLine("loop", SET_DEPTH + named.index(loop), loop.id, loop.name)
    depth = ENVELOPE_DEPTH.get(segment.tag, SET_DEPTH + len(named))
    kind = "envelope" if segment.tag in ENVELOPE_NAMES else "segment"
    tag, name = printable(segment.tag), _name(segment)
    yield ShownLine(kind, depth, tag, name, note=_note(segment, source), ordinal=segment.ordinal)
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


def _note(segment: NamedSegment, source: Source) -> str:
    """Of a set its guide; of a segment that the guide does not place there, so much."""
    if _is_unread(segment):
        trouble = header_trouble(source, segment.offset) or "not 106 characters"
        return f"{trouble}; what follows it cannot be read"
    if segment.tag == "ISA" and (width := line_width(source, segment.offset)):
        return wrapped_words(width)
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
