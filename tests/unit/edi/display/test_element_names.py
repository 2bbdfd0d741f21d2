"""Every element that says little by its data element's name has one that says what it is at its place."""

from collections.abc import Iterator

import pytest

from x12_payer.edi.display.element_names import _rows, name_here
from x12_payer.edi.display.names import element_name
from x12_payer.edi.guides.model import ElementSpec, SegmentNode
from x12_payer.edi.guides.registry import guide_named, registry

SAYS_LITTLE = {"Amount", "Id", "Industry code", "Yes or no", "Quantity", "Product or service id", "Id code"}
SAYS_LITTLE |= {"Date, time or period", "Condition indicator", "Code list qualifier", "Date"}
GUIDES = sorted({row.key for row in registry()})


def elements(guide: str) -> Iterator[tuple[SegmentNode, int, ElementSpec, int]]:
    """Every element and component that the guide uses."""
    for node in guide_named(guide).segments:
        for spec in node.elements:
            if spec.usage != "N":
                yield node, spec.number, spec, 0
                for inner in spec.components:
                    if inner.usage != "N":
                        yield node, spec.number, inner, inner.number


@pytest.mark.parametrize("guide", GUIDES)
def test_no_element_is_only_an_amount(guide: str) -> None:
    poor = {
        f"{node.tag}{number:02d}-{component}"
        for node, number, spec, component in elements(guide)
        if name_here(guide, node, number, spec, component) in SAYS_LITTLE
    }
    assert poor == set()


def test_every_row_names_something() -> None:
    used = set()
    for guide in GUIDES:
        for node, number, _, component in elements(guide):
            rows = _rows().get(node.tag, ())
            used |= {(node.tag, row) for row in rows[:] if row.fits(guide, number, component)}
    assert {(tag, row) for tag, rows in _rows().items() for row in rows} == used


@pytest.mark.parametrize(
    ("guide", "loop", "tag", "element", "component", "name"),
    [
        ("835.X221A1", "2100", "CLP", 3, 0, "Claim charge"),
        ("835.X221A1", "2100", "CLP", 4, 0, "Claim payment"),
        ("835.X221A1", "2100", "CLP", 5, 0, "Patient responsibility"),
        ("271.X279A1", "2110C", "EB", 11, 0, "Authorization required"),
        ("271.X279A1", "2110C", "EB", 12, 0, "In the plan's network"),
        ("837P.X222A1", "2010BA", "NM1", 9, 0, "Subscriber id"),
        ("837P.X222A1", "2400", "SV1", 1, 2, "Procedure code"),
        ("837P.X222A1", "2300", "REF", 2, 0, "Id"),  # of many kinds: only the segment says which
        ("837I.X223A2", "2300", "CLM", 2, 0, "Claim charge"),
    ],
)
def test_what_an_element_is(guide: str, loop: str, tag: str, element: int, component: int, name: str) -> None:
    assert element_name(guide, loop, tag, element, component) == name
