"""What an element is at its place in a guide, in our own words: "Claim payment", not "Amount".

A guide names an element as its data element is called; maps/codes/element_names.csv is more specific
where that is too general, often through the name of the segment ("Prior authorization", "Admission
date")."""

from collections.abc import Mapping
from functools import cache

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import ElementSpec, SegmentNode
from x12_payer.edi.tables import rows

_DATED = ("date", "hour", "issued", "expires")
_SINGULAR = {"Diagnoses": "Diagnosis", "Diagnoses, requested documents": "Diagnosis or document"}


@frozen
class _Row:
    """One row of the table: every `step`th element from `element` on, `step` 0 for that one alone."""

    element: int
    step: int
    component: int
    guide: str
    name: str

    def fits(self, guide: str, element: int, component: int) -> bool:
        """True when the row names this element of this guide."""
        beyond = element - self.element
        there = beyond % self.step == 0 and beyond >= 0 if self.step else beyond == 0
        return there and component == self.component and guide.startswith(self.guide)


@cache
def _rows() -> Mapping[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for row in rows("element_names"):
        first, plus, step = row["element"].partition("+")
        every = int(step or 1) if plus else 0
        one = _Row(int(first), every, int(row["component"] or 0), row["guide"], row["name"])
        found.setdefault(row["tag"], []).append(one)
    return {tag: tuple(one) for tag, one in found.items()}


@cache
def name_here(guide: str, node: SegmentNode, element: int, spec: ElementSpec, component: int = 0) -> str:
    """The name of an element or component of a segment at its place; the data element's own without a row."""
    for row in _rows().get(node.tag, ()):
        if row.fits(guide, element, component):
            return _worded(row.name, node.name)
    return spec.name


def _worded(pattern: str, segment: str) -> str:
    """The name of a row with the segment's name put in: a number of its own for a list of ids or amounts."""
    party = segment.removesuffix(" name").removesuffix(" id")
    one = _SINGULAR.get(segment, segment)
    text = pattern.format(
        segment=_one_of(segment),
        party=party,
        one=one,
        day=segment if any(word in segment.lower() for word in _DATED) else f"{segment} date",
    )
    return text.replace("number number", "number").replace("code code", "code").replace("name name", "name")


def _one_of(segment: str) -> str:
    for many, single in ((" ids", " id"), (" amounts", " amount"), (" quantities", " quantity")):
        if segment.endswith(many):
            return segment.removesuffix(many) + single
    return segment
