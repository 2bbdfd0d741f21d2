"""Small writers that every builder uses. A builder gives body segments (those between ST and SE).

A segment is a tuple whose first item is the id; an element is a str, a composite a tuple of str, a
repeated element a list of those. The writer trims empty elements at the end."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from textwrap import wrap
from typing import TypeVar

from attrs import evolve

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import (
    Address,
    Amount,
    Attachment,
    Contact,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    Rejection,
    SetHeader,
    Trace,
)
from x12_payer.edi.wire.segments import OutElement, OutSegment

T = TypeVar("T")

MSG_LENGTH = 264  # data element 933


@lru_cache(maxsize=16384)
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


@lru_cache(maxsize=4096)
def d8(value: date) -> str:
    """CCYYMMDD."""
    return value.strftime("%Y%m%d")


def beginning(header: SetHeader, structure: str, purpose: str, created: datetime) -> OutSegment:
    """The BHT of a request; the structure, purpose and time are these where the header has none."""
    when = header.created or created
    first = (header.structure or structure, header.purpose or purpose, header.reference)
    return ("BHT", *first, d8(when), hhmm(when), header.type)


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


def without_id(party: Party) -> Party:
    """The party without NM108 and NM109, which a dependent does not have (271, 277, 278)."""
    return evolve(party, id_qualifier="", id="")


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


def numbered(tag: str, amounts: Iterable[Amount]) -> list[str]:
    """The elements of a segment from 01 on, of amounts that are named by element: MIA04."""
    found = {int(a.qualifier[len(tag) :]): a.value for a in amounts if a.qualifier.startswith(tag)}
    return [number(found.get(at)) for at in range(1, max(found, default=0) + 1)]


def amounts(tag: str, values: Iterable[Amount]) -> list[OutSegment]:
    """An AMT or QTY for each."""
    return [(tag, value.qualifier, number(value.value)) for value in values]


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


def dated(value: Period, qualifier: str = "", day_only: bool = False) -> OutSegment:
    """A DTP where the guide knows only D8 and RD8: as sent when it was one of them, else its days."""
    if value.format in ("D8", "RD8") and value.text and not (day_only and value.format == "RD8"):
        return ("DTP", qualifier or value.qualifier, value.format, value.text)
    if day_only or value.begin == value.end:
        return ("DTP", qualifier or value.qualifier, "D8", d8(value.begin))
    return ("DTP", qualifier or value.qualifier, "RD8", f"{d8(value.begin)}-{d8(value.end)}")


def attachment(value: Attachment) -> OutSegment:
    """A PWK; the control number has its qualifier AC."""
    qualifier = "AC" if value.control_number else ""
    return ("PWK", value.type, value.transmission, "", "", qualifier, value.control_number)


def specialty(value: Party) -> Iterator[OutSegment]:
    """A PRV, nothing when the party has none."""
    if value.provider_code:
        coded = ("PXC", value.taxonomy) if value.taxonomy else ()
        yield ("PRV", value.provider_code, *coded)


def demographics(value: Person, birth_required: bool = False) -> Iterator[OutSegment]:
    """A DMG with birth date and sex, nothing when neither is known (or when the guide wants the date)."""
    if value.birth_date:
        yield ("DMG", "D8", d8(value.birth_date), value.gender)
    elif value.gender and not birth_required:
        yield ("DMG", "", "", value.gender)


def relationship(value: Person, subscriber: bool) -> Iterator[OutSegment]:
    """An INS of a request, nothing when it would say nothing."""
    if value.relationship or value.birth_order:
        yield ("INS", "Y" if subscriber else "N", value.relationship, *[""] * 14, value.birth_order)


def diagnosis(value: Diagnosis) -> OutElement:
    """A C022 composite: qualifier, code and, when known, the date."""
    if value.day:
        return (value.qualifier, value.code, "D8", d8(value.day))
    return (value.qualifier, value.code)


def messages(texts: Iterable[str], most: int) -> Iterator[OutSegment]:
    """MSG segments: a long text goes on in the next one, at most `most` in all."""
    lines = [line for text in texts for line in wrap(text, MSG_LENGTH, break_on_hyphens=False)]
    for line in lines[:most]:
        yield ("MSG", line)


# --- hierarchies: 271, 277, 278 -----------------------------------------------------------------------------


@frozen
class Level:
    """One HL to be written: depth (0 is the topmost), HL03 and what comes below it. Some guides have no HL04
    at a level that never has children (277 2000E)."""

    depth: int
    code: str
    body: tuple[OutSegment, ...]
    has_hl04: bool = True


def hierarchy(levels: Sequence[Level]) -> Iterator[OutSegment]:
    """The levels, parents before their children, with their HL: fresh numbers, parents, HL04 as it is."""
    open_levels: list[int] = []
    for index, level in enumerate(levels):
        del open_levels[level.depth :]
        parent = str(open_levels[-1]) if open_levels else ""
        open_levels.append(index + 1)
        has_child = index + 1 < len(levels) and levels[index + 1].depth > level.depth
        children = ("1" if has_child else "0") if level.has_hl04 else ""
        yield ("HL", str(index + 1), parent, level.code, children)
        yield from level.body


def by_level(items: Iterable[T], depth: int, levels: Callable[[T], tuple[str, ...]]) -> list[list[T]]:
    """Items that are below the same HL of that depth (1 is the topmost), in order of appearance.

    An item whose levels do not reach that depth is by itself."""
    groups: dict[tuple[str | int, ...], list[T]] = {}
    for index, item in enumerate(items):
        path = levels(item)[:depth]
        key: tuple[str | int, ...] = path if len(path) == depth else (*path, index)
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def grouped(items: Iterable[T], key: Callable[[T], object]) -> list[list[T]]:
    """Items of the same key together, in order of appearance."""
    groups: dict[object, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def distinct(items: Iterable[T]) -> list[T]:
    """Each item once, in order."""
    found: list[T] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
