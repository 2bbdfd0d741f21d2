"""Small readers that every parser uses. A parser sees (loop, elements, ordinal) triples.

`loop` is the guide's loop id (2010BA, 2300 ...), `elements` the split segment with the tag at 0 (so
`elements[3]` is element 03), `ordinal` its 1-based place in the set (ST is 1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from attrs import evolve

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import SERVICE_LEVEL
from x12_payer.edi.messages.common import (
    Address,
    Attachment,
    Contact,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    SetHeader,
    Trace,
)
from x12_payer.edi.wire.segments import Delimiters

LoopSegment = tuple[str, list[str], int]


def element(elements: Sequence[str], number: int) -> str:
    """Element `number` (1-based), '' when it is not there."""
    return elements[number] if number < len(elements) else ""


def components(value: str, delimiters: Delimiters) -> list[str]:
    """The components of a composite."""
    return value.split(delimiters.component)


def repeats(value: str, delimiters: Delimiters) -> tuple[str, ...]:
    """The repetitions of an element, empty ones left out."""
    return tuple(part for part in value.split(delimiters.repetition) if part)


def decimal(text: str) -> Decimal | None:
    """A number element, None when empty or not a number."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def day(text: str) -> date | None:
    """A CCYYMMDD date (a time behind it is ignored), None when it is none."""
    if not text[:8].isdecimal():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def moment(date_text: str, time_text: str) -> datetime | None:
    """BHT04 and BHT05 (or GS04, GS05) together, None when the date is none."""
    start = day(date_text)
    if start is None:
        return None
    digits = (time_text + "0000")[:4]
    hour, minute = (int(digits[:2]), int(digits[2:])) if digits.isdecimal() else (0, 0)
    return datetime(start.year, start.month, start.day, min(hour, 23), min(minute, 59))


def period(elements: Sequence[str]) -> Period | None:
    """A DTP with format D8, DT or RD8; None for times and unreadable dates."""
    text = element(elements, 3)
    form = element(elements, 2)
    begin_text, _, end_text = text.partition("-")
    begin = day(begin_text)
    if begin is None or form in ("TM", ""):
        return None
    end = day(end_text) if end_text else None
    return Period(element(elements, 1), begin, end or begin, form, text)


def reference(elements: Sequence[str]) -> Reference:
    """A REF."""
    if len(elements) > 2:  # as nearly all are
        return Reference(*elements[1:4])
    return Reference(element(elements, 1), "")


def trace(elements: Sequence[str]) -> Trace:
    """A TRN."""
    return Trace(element(elements, 1), element(elements, 2), element(elements, 3), element(elements, 4))


def attachment(elements: Sequence[str]) -> Attachment:
    """A PWK."""
    return Attachment(element(elements, 1), element(elements, 2), element(elements, 6))


def contact(elements: Sequence[str]) -> Contact:
    """A PER."""
    pairs = ((element(elements, n), element(elements, n + 1)) for n in (3, 5, 7))
    return Contact(element(elements, 1), element(elements, 2), tuple(p for p in pairs if p[0]))


def quantity(elements: Sequence[str]) -> Quantity | None:
    """An HSD, None when it states no number."""
    value = decimal(element(elements, 2))
    if value is None:
        return None
    return Quantity(
        unit=element(elements, 1),
        value=value,
        frequency_unit=element(elements, 3),
        frequency=element(elements, 4),
        period_unit=element(elements, 5),
        period=element(elements, 6),
        pattern=element(elements, 7),
        time=element(elements, 8),
    )


def procedure(value: str, delimiters: Delimiters) -> Procedure | None:
    """A C003 composite: qualifier, code, up to four modifiers, description, code to."""
    if not value:
        return None
    parts = components(value, delimiters) + [""] * 8
    return Procedure(parts[0], parts[1], tuple(m for m in parts[2:6] if m), parts[6], parts[7])


def diagnoses(elements: Sequence[str], delimiters: Delimiters) -> tuple[Diagnosis, ...]:
    """Every composite of an HI."""
    found = []
    for value in elements[1:]:
        parts = components(value, delimiters) + [""] * 9
        if parts[0] and parts[1]:
            when = day(parts[3]) if parts[2] == "D8" else None
            found.append(Diagnosis(parts[0], parts[1].replace(".", ""), parts[8], when))
    return tuple(found)


def party(elements: Sequence[str], rest: Sequence[list[str]] = ()) -> Party:
    """An NM1 with the N3, N4, REF, PER and PRV segments that follow it in its loop."""
    address, references, contacts = _belongings(rest)
    provider_code, taxonomy = next(
        ((element(s, 1), element(s, 3) if element(s, 2) == "PXC" else "") for s in rest if s[0] == "PRV"),
        ("", ""),
    )
    return Party(
        entity=element(elements, 1),
        entity_type=element(elements, 2),
        last_name=element(elements, 3),
        first_name=element(elements, 4),
        middle_name=element(elements, 5),
        suffix=element(elements, 7),
        id_qualifier=element(elements, 8),
        id=element(elements, 9),
        address=address,
        references=references,
        contacts=contacts,
        provider_code=provider_code,
        taxonomy=taxonomy,
    )


def _belongings(
    rest: Sequence[list[str]],
) -> tuple[Address | None, tuple[Reference, ...], tuple[Contact, ...]]:
    lines: tuple[str, ...] = ()
    city = state = zip_code = country = ""
    references: list[Reference] = []
    contacts: list[Contact] = []
    for segment in rest:
        tag = segment[0]
        if tag == "N3":
            lines = tuple(line for line in segment[1:3] if line)
        elif tag == "N4":
            city, state, zip_code = element(segment, 1), element(segment, 2), element(segment, 3)
            country = element(segment, 4)
        elif tag == "REF":
            references.append(reference(segment))
        elif tag == "PER":
            contacts.append(contact(segment))
    address = Address(lines, city, state, zip_code, country) if lines or city else None
    return address, tuple(references), tuple(contacts)


PARTY_SEGMENTS = frozenset(("N3", "N4", "REF", "PER", "PRV"))  # what `party` reads behind the name


def organization(elements: Sequence[str], rest: Sequence[list[str]] = ()) -> Party:
    """An N1 with the N3, N4, REF and PER segments that follow it in its loop."""
    address, references, contacts = _belongings(rest)
    return Party(
        entity=element(elements, 1),
        last_name=element(elements, 2),
        id_qualifier=element(elements, 3),
        id=element(elements, 4),
        address=address,
        references=references,
        contacts=contacts,
    )


def set_header(st: Sequence[str], bht: Sequence[str], version: str) -> SetHeader:
    """ST and BHT together; `version` is the GS08 of the group."""
    return SetHeader(
        set_id=element(st, 1),
        control_number=element(st, 2),
        version=version,
        structure=element(bht, 1),
        purpose=element(bht, 2),
        reference=element(bht, 3),
        created=moment(element(bht, 4), element(bht, 5)),
        type=element(bht, 6),
    )


# --- hierarchies: 270, 276, 278 -----------------------------------------------------------------------------


@frozen
class LoopGroup:
    """One occurrence of a loop inside a level: its id and its segments, the first of which opens it."""

    loop: str
    segments: tuple[list[str], ...]

    @property
    def tag(self) -> str:
        """The tag of the segment that opens it."""
        return self.segments[0][0]

    def all(self, tag: str) -> list[list[str]]:
        """Its segments with the tag."""
        return [s for s in self.segments if s[0] == tag]

    def first(self, tag: str) -> list[str]:
        """Its first segment with the tag, [] when there is none."""
        return next((s for s in self.segments if s[0] == tag), [])


@frozen
class Level:
    """One HL: its HL01, HL02 and HL03, and the loops that are in it up to the next HL."""

    id: str
    parent: str
    code: str
    groups: tuple[LoopGroup, ...]

    def first(self, tag: str) -> list[str]:
        """The first segment with the tag in any of its loops, [] when there is none."""
        return next((s for g in self.groups for s in g.segments if s[0] == tag), [])

    def opened_by(self, tag: str, *loops: str) -> list[LoopGroup]:
        """Its loops that open with the tag and, when loops are named, have one of those ids."""
        return [g for g in self.groups if g.tag == tag and (not loops or g.loop in loops)]


Lineage = tuple[Level, ...]  # from the topmost level down to one level


@frozen
class Hierarchy:
    """A set taken apart by its HL: what comes before the first one by tag (ST, BHT), every level with its
    ancestors in order, and the levels right below each HL01."""

    header: Mapping[str, list[str]]
    lineages: tuple[Lineage, ...]
    below: Mapping[str, tuple[Lineage, ...]]

    def set_header(self, version: str) -> SetHeader:
        """ST and BHT as a value."""
        return set_header(self.header.get("ST", []), self.header.get("BHT", []), version)

    def children(self, level: Level) -> tuple[Lineage, ...]:
        """Lineages of the levels right below one, in order."""
        return self.below.get(level.id, ())


def hierarchy(segments: Iterable[LoopSegment]) -> Hierarchy:
    """The levels of a set (ST to SE) and the loops inside each."""
    header: dict[str, list[str]] = {}
    found: list[tuple[list[str], list[tuple[str, list[list[str]]]]]] = []
    for loop, elements, _ in segments:
        tag = elements[0]
        if tag == "SE":
            continue
        if tag == "HL":
            found.append((elements, [(loop, [elements])]))
        elif not found:
            header.setdefault(tag, elements)
        else:
            groups = found[-1][1]
            if groups[-1][0] != loop or groups[-1][1][0][0] == tag:
                groups.append((loop, []))
            groups[-1][1].append(elements)
    lineages = _lineages(
        Level(
            id=element(hl, 1),
            parent=element(hl, 2),
            code=element(hl, 3),
            groups=tuple(LoopGroup(loop, tuple(inner)) for loop, inner in groups),
        )
        for hl, groups in found
    )
    below: dict[str, list[Lineage]] = {}
    for lineage in lineages:
        below.setdefault(lineage[-1].parent, []).append(lineage)
    return Hierarchy(header, lineages, {parent: tuple(x) for parent, x in below.items()})


def _lineages(levels: Iterable[Level]) -> tuple[Lineage, ...]:
    """Each level behind those above it. A service that names the one before it as its parent is beside
    that one, below the same event: the check takes it with a warning."""
    by_id: dict[str, Lineage] = {}
    lineages = []
    for level in levels:
        above = by_id.get(level.parent, ())
        if level.code == SERVICE_LEVEL and above and above[-1].code == SERVICE_LEVEL:
            level, above = evolve(level, parent=above[-1].parent), above[:-1]
        lineage = (*above, level)
        by_id[level.id] = lineage
        lineages.append(lineage)
    return tuple(lineages)


def ancestor(lineage: Lineage, code: str) -> Level | None:
    """The level of that HL03 in a lineage, the lowest one, None when there is none."""
    return next((level for level in reversed(lineage) if level.code == code), None)


def level_ids(lineage: Lineage) -> tuple[str, ...]:
    """HL01 of every level of a lineage, topmost first."""
    return tuple(level.id for level in lineage)


def named(level: Level | None) -> Party:
    """The party of a level's first NM1; an NPI goes before another id when the name loop repeats."""
    groups = level.opened_by("NM1") if level else []
    if not groups:
        return Party("")
    loop = groups[0].loop
    parties = [party(g.segments[0], g.segments[1:]) for g in groups if g.loop == loop]
    return next((p for p in parties if p.npi), parties[0])


def parties(level: Level, *loops: str) -> tuple[Party, ...]:
    """Every NM1 of the loops named."""
    return tuple(party(g.segments[0], g.segments[1:]) for g in level.opened_by("NM1", *loops))


def person(level: Level) -> Person:
    """The person of a subscriber or dependent level: NM1, DMG (in either loop), INS."""
    dmg, ins = level.first("DMG"), level.first("INS")
    return Person(
        party=named(level),
        birth_date=day(element(dmg, 2)),
        gender=element(dmg, 3),
        relationship=element(ins, 2),
        birth_order=element(ins, 17),
    )


def periods(segments: Iterable[Sequence[str]]) -> tuple[Period, ...]:
    """Every readable DTP."""
    return tuple(p for p in map(period, segments) if p)


def first_period(found: Iterable[Period], *qualifiers: str) -> Period | None:
    """The first period with one of the qualifiers."""
    return next((p for p in found if p.qualifier in qualifiers), None)
