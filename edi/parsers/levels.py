"""The levels (HL) of an answer, read by segment id alone: 271, 277, 277CA and 278 as they come back.

An answer is read without its guide, so that one with loops out of order, or of an older version, is read as
far as it goes. What no field has goes into `other`."""

from collections.abc import Sequence
from itertools import pairwise

from attrs import evolve

from x12_payer.edi.messages.common import Party, Period, Person, Quantity, Rejection, Trace
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import (
    PARTY_SEGMENTS,
    Level,
    day,
    element,
    party,
    period,
    quantity,
    trace,
)

OWN, RETURNED = "1", "2"  # TRN01: of the one who writes it; of the one who is answered
MOST_OF_PARTY = {"NM1": 10, "N4": 5}  # the first element that a party does not have
CORRECTED = "001"  # INS03: the data differ from those sent


def segments_of(level: Level | None) -> list[list[str]]:
    """Everything in a level behind its HL, up to the next one."""
    return [s for group in level.groups for s in group.segments if s[0] != "HL"] if level else []


def cut(segments: Sequence[list[str]], *tags: str) -> tuple[list[list[str]], list[list[list[str]]]]:
    """What comes before the first segment with one of the ids, and then each of these with what follows."""
    starts = [at for at, segment in enumerate(segments) if segment[0] in tags]
    blocks = [list(segments[start:end]) for start, end in pairwise((*starts, len(segments)))]
    return list(segments[: starts[0]] if starts else segments), blocks


def taken_party(bag: Bag) -> Party:
    """The party of the first NM1, with the N3, N4, REF, PER and PRV beside it. An NM1 or N4 that says more
    than a party has (NM110, N405) stays as well."""
    own = [s for tag in sorted(PARTY_SEGMENTS) for s in bag.all(tag)]
    name = bag.first("NM1")
    for segment in (name, *(s for s in own if s[0] == "N4")):
        if any(segment[MOST_OF_PARTY[segment[0]] :] if segment else ()):
            bag.put(list(segment))
    return party(name, own) if name else Party("")


def taken_person(bag: Bag) -> tuple[Person, bool]:
    """The person of a subscriber or dependent level, and whether INS says that what was sent is corrected."""
    dmg, ins = bag.first("DMG"), bag.first("INS")
    person = Person(
        party=taken_party(bag),
        birth_date=day(element(dmg, 2)),
        gender=element(dmg, 3),
        relationship=element(ins, 2),
    )
    return person, element(ins, 3) == CORRECTED


def taken_rejections(bag: Bag) -> tuple[Rejection, ...]:
    """Every AAA."""
    return tuple(Rejection(element(s, 1), element(s, 3), element(s, 4)) for s in bag.all("AAA"))


def taken_traces(bag: Bag) -> tuple[tuple[Trace, ...], tuple[Trace, ...]]:
    """The traces that are returned, as they were sent (TRN01 1), and those of the one who answers."""
    found = [trace(s) for s in bag.all("TRN")]
    returned = tuple(evolve(t, type=OWN) for t in found if t.type == RETURNED)
    return returned, tuple(t for t in found if t.type != RETURNED)


def taken_periods(bag: Bag, tag: str = "DTP") -> tuple[Period, ...]:
    """Every DTP that can be read; what cannot stays."""
    found = []
    for segment in bag.all(tag):
        if when := period(segment):
            found.append(when)
        else:
            bag.put(segment)
    return tuple(found)


def taken_period(bag: Bag, *qualifiers: str) -> Period | None:
    """The first DTP with one of the qualifiers that can be read; any other stays."""
    found = None
    for segment in bag.all("DTP"):
        if found is None and element(segment, 1) in qualifiers and (when := period(segment)):
            found = when
        else:
            bag.put(segment)
    return found


def taken_quantities(bag: Bag, most: int = 99) -> tuple[Quantity, ...]:
    """Every HSD that states a number, or the first `most` of them; any other stays."""
    found: list[Quantity] = []
    for segment in bag.all("HSD"):
        if len(found) < most and (value := quantity(segment)):
            found.append(value)
        else:
            bag.put(segment)
    return tuple(found)
