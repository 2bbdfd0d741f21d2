"""Which loop a 999 means. IK303 has room for four characters (2010 for 2010AA); the full id is found again
in the file that was answered: by its own diagnostic of the same fault, else by where the segment is."""

from collections.abc import Iterable, Iterator, Mapping

from x12_payer.edi.display.annotate import named_segments
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import short_loop
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.wire.segments import Source


@frozen
class ErrorPlace:
    """What an IK3 says: GS06 and ST02 of the set, the ordinal in it, IK301, IK303 and IK304."""

    group: str
    set: str
    ordinal: int
    tag: str
    loop: str
    fault: str


Loops = Mapping[ErrorPlace, str]


def plain(group: str) -> str:
    """A group control number: leading zeros do not count."""
    return group.lstrip("0") or group


def loops_meant(ack: Source, original: Source) -> Loops:
    """The full id of the loop for each IK3 where the original says it."""
    places = list(_places(ack))
    found = _checked(original, {(p.group, p.set) for p in places}) if places else {}
    left = {(p.group, p.set, p.ordinal): p for p in places if p not in found}
    for segment in named_segments(original) if left else ():
        place = left.get((plain(segment.group), segment.set, segment.set_ordinal))
        if place is not None and short_loop(segment.loop) == place.loop:
            found.setdefault(place, segment.loop)
    return found


def _places(ack: Source) -> Iterator[ErrorPlace]:
    group = number = ""
    for segment in named_segments(ack):
        if segment.tag == "AK1":
            group = plain(segment.at(2))
        elif segment.tag == "AK2":
            number = segment.at(2)
        elif segment.tag in ("IK3", "AK3") and segment.at(2).isdigit():
            at = segment.at
            yield ErrorPlace(group, number, int(at(2)), at(1), at(3), at(4))


def _checked(original: Source, sets: Iterable[tuple[str, str]]) -> dict[ErrorPlace, str]:
    """What our own check finds in some sets of the original."""
    found: dict[ErrorPlace, str] = {}
    for interchange in check_interchanges(original, every_guide=True):
        for group in interchange.groups:
            number = plain(group.gs[6])
            for one in group.sets:
                if (number, one.control_number) not in sets:
                    continue
                for d in one.diagnostics:
                    at, loop = d.position, d.position.loop
                    place = ErrorPlace(
                        number, one.control_number, at.set_segment, at.tag, short_loop(loop), d.row.ik304
                    )
                    if place.loop:
                        found.setdefault(place, loop)
    return found
