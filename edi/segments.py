"""Segments as they stand on the wire: delimiters, and what a segment is going out.

Inbound, a segment is `list[str]`: the split text with the tag at 0. Outbound, a tuple whose elements may be
composites (tuples) or repetitions (lists)."""

from attrs import frozen

OutComponent = str | tuple[str, ...]
OutElement = str | tuple[str, ...] | list[OutComponent]
OutSegment = tuple[OutElement, ...]


@frozen
class Delimiters:
    """The four separators, taken from the ISA (element 4th character, ISA11, ISA16, terminator)."""

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    segment: str = "~"


DEFAULT_DELIMITERS = Delimiters()
