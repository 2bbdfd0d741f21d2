"""Which diagnostics of types 3 to 7 a row of claim_edits.csv or inquiry_edits.csv is about."""

from collections.abc import Iterable

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.frozen import frozen
from x12_payer.edi.wire.segments import Delimiters


@frozen
class Fit:
    """Where a finding must be; '' fits everything. `qualifier` comes in front of the value: the segment's
    first element, or the composite's first component."""

    tag: str
    element: str
    qualifier: str

    def holds(self, one: Diagnostic, elements: list[str], delimiters: Delimiters) -> bool:
        """Does the row speak of a finding in this segment?"""
        number = one.position.element
        if self.tag not in ("", elements[0]) or self.element not in ("", str(number)):
            return False
        return not self.qualifier or self.qualifier in _qualifiers(number, elements, delimiters)


def _qualifiers(number: int, elements: list[str], delimiters: Delimiters) -> set[str]:
    values = set(elements[1:2])
    if 0 < number < len(elements):
        values.add(elements[number].split(delimiters.component, 1)[0])
    return values


def by_segment(found: Iterable[Diagnostic]) -> dict[int, list[Diagnostic]]:
    """Findings of one set by the ordinal of their segment in it."""
    wanted: dict[int, list[Diagnostic]] = {}
    for one in found:
        wanted.setdefault(one.position.set_segment, []).append(one)
    return wanted
