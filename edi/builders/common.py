"""Small writers that every builder uses. A builder gives body segments (what stands between ST and SE).

A segment is a tuple whose first item is the tag; an element is a str, a composite a tuple of str, a repeated
element a list of those. Empty elements at the end are trimmed by the writer."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from edi.messages.common import (
    Address,
    Contact,
    Party,
    Period,
    Procedure,
    Quantity,
    Reference,
    Rejection,
    Trace,
)
from edi.segments import OutElement, OutSegment


def number(value: Decimal | int | None) -> str:
    """A number as X12 writes it: no exponent, no needless zeros, '' for None."""
    if value is None:
        return ""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("0."):
        text = text[1:]
    elif text.startswith("-0."):
        text = "-" + text[2:]
    return "0" if text in ("", "-0", "-") else text


def d8(value: date) -> str:
    """CCYYMMDD."""
    return value.strftime("%Y%m%d")


def hhmm(value: datetime) -> str:
    """HHMM."""
    return value.strftime("%H%M")


def composite(procedure: Procedure | None) -> OutElement:
    """A C003 composite, '' for None."""
    if procedure is None:
        return ""
    modifiers = (*procedure.modifiers, "", "", "", "")[:4]
    return (procedure.qualifier, procedure.code, *modifiers, procedure.description, procedure.code_to)


def name(party: Party, entity: str = "") -> OutSegment:
    """An NM1."""
    return (
        "NM1",
        entity or party.entity,
        party.entity_type,
        party.last_name,
        party.first_name,
        party.middle_name,
        "",
        party.suffix,
        party.id_qualifier if party.id else "",
        party.id,
    )


def address(value: Address | None) -> Iterator[OutSegment]:
    """N3 and N4, nothing for None."""
    if value is None:
        return
    if value.lines:
        yield ("N3", *value.lines)
    if value.city:
        yield ("N4", value.city, value.state, value.zip, value.country)


def reference(value: Reference) -> OutSegment:
    """A REF."""
    return ("REF", value.qualifier, value.value, value.description)


def trace(value: Trace, type_: str = "") -> OutSegment:
    """A TRN; `type_` 2 returns the sender's."""
    return ("TRN", type_ or value.type, value.reference, value.company, value.division)


def contact(value: Contact) -> OutSegment:
    """A PER."""
    return ("PER", value.function, value.name, *(part for pair in value.numbers for part in pair))


def rejection(value: Rejection) -> OutSegment:
    """An AAA."""
    return ("AAA", value.valid, "", value.reason, value.follow_up)


def period(value: Period, qualifier: str = "", tag: str = "DTP") -> OutSegment:
    """A DTP, a range as RD8."""
    same = value.begin == value.end
    text = value.text or (d8(value.begin) if same else f"{d8(value.begin)}-{d8(value.end)}")
    form = value.format if value.text else ("D8" if same else "RD8")
    return (tag, qualifier or value.qualifier, form, text)


def quantity(value: Quantity) -> OutSegment:
    """An HSD."""
    return (
        "HSD",
        value.unit,
        number(value.value),
        value.frequency_unit,
        value.frequency,
        value.period_unit,
        value.period,
        value.pattern,
        value.time,
    )
