"""What cannot be written is refused: nothing is cut, left out or changed to make it fit."""

from collections.abc import Iterable

from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.guides.elements import NOT_USED

MOST_SHOWN = 10  # diagnostics in the text of the exception


class WriteError(ValueError):
    """Messages that no valid interchange can hold. `diagnostics` name segment, loop and element of each
    value; its text never shows the values themselves."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        shown = [_line(d) for d in self.diagnostics[:MOST_SHOWN]]
        more = len(self.diagnostics) - len(shown)
        super().__init__("; ".join([*shown, *([f"and {more} more"] if more else [])]))


def _line(diagnostic: Diagnostic) -> str:
    """Where and why, without the value: `segment 12, NM103 in 2010BA: The value is too long`."""
    place = diagnostic.position
    element = f"{place.element:02}" if place.element else ""
    component = f"-{place.component:02}" if place.component else ""
    loop = f" in {place.loop}" if place.loop else ""
    where = f"segment {place.segment}, " if place.segment else ""
    return f"{where}{place.tag}{element}{component}{loop}: {diagnostic.text}"


def no_place(tag: str, **values: object) -> None:
    """Refuses values of a message for which the segment has no element: raises WriteError for them."""
    there = [name for name, value in values.items() if value]
    if there:
        raise WriteError(Diagnostic(NOT_USED, Position(tag=tag), detail=name) for name in there)
