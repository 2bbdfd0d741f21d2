"""A segment without the values of people: codes, counts, amounts, dates of service, claim numbers and the
envelope stay readable, every other value is masked, including the bad value of a diagnostic."""

from collections.abc import Collection

from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.elements import SECRET, ElementValue, element_values, printable

MASK = "xxx"
NUMBERS = frozenset({"N0", "N2", "R"})
CLAIM_NUMBERS = frozenset({"CLM01", "CLP01"})
SERVICE_DATES = frozenset({"DTP03", "DTM02"})
PROCEDURE = "234"  # data element of procedure and revenue codes
OPEN_TAGS = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1", "BHT", "HL", "LX"})


def segment_text(segment: NamedSegment, show_values: bool, wrong: Collection[int] = ()) -> str:
    """The segment as it is, or masked. `wrong`: numbers of the elements that have findings."""
    return segment.delimiters.element.join(segment_parts(segment, show_values, wrong))


def segment_parts(segment: NamedSegment, show_values: bool, wrong: Collection[int] = ()) -> list[str]:
    """The id and the elements of the segment, as they are or masked."""
    if show_values:
        return [printable(text) for text in segment.elements]
    values: dict[int, list[ElementValue]] = {}
    for value in element_values(segment):
        values.setdefault(value.number, []).append(value)
    parts = [printable(segment.tag)]
    for number, text in enumerate(segment.elements[1:], 1):
        parts.append(_element(segment, text, values.get(number, []), number in wrong))
    return parts


def _element(segment: NamedSegment, text: str, values: list[ElementValue], wrong: bool) -> str:
    if not values:
        return text if not text.strip() else MASK
    if wrong:
        return MASK
    if len(values) == 1 and not values[0].component:
        return _value(segment, values[0])
    shown: list[list[str]] = []
    for value in values:
        while len(shown) < max(value.repeat, 1):
            shown.append([])
        inner = shown[max(value.repeat, 1) - 1]
        inner += [""] * (max(value.component, 1) - len(inner) - 1)
        inner.append(_value(segment, value))
    separators = segment.delimiters
    return separators.repetition.join(separators.component.join(inner) for inner in shown)


def _value(segment: NamedSegment, value: ElementValue) -> str:
    return printable(value.raw) if _harmless(segment.tag, value) else MASK


def _harmless(tag: str, value: ElementValue) -> bool:
    """A code, a number or a part of the envelope."""
    if tag in OPEN_TAGS:
        return value.kind != SECRET
    if value.ref in CLAIM_NUMBERS:
        return True
    if value.ref in SERVICE_DATES or value.data_element == PROCEDURE:
        return any(c.isdigit() for c in value.raw)  # a name in the wrong place is none
    return value.listed or value.kind in NUMBERS or bool(value.meaning)
