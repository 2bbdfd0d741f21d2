"""Where an acknowledgment points to in the file it answers.

A `Target` is what is meant, in the words of the answer (a control number, a claim number, a trace); the
original is read once and only the segment of every target is kept."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from attrs import define, field

from x12_payer.edi.display.annotate import NamedSegment, named_segments
from x12_payer.edi.display.explain.loops import plain
from x12_payer.edi.display.masking import segment_text
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import Source

# Loops that begin another patient, claim or inquiry: what was held of the one before is let go.
UNIT_LOOPS = frozenset({"2300", "2200D", "2200E", "2100"})
SERVICE_LOOP = "2000F"  # an HL, but a part of its event
LINE_STARTS = frozenset({"LX", "SVC"})
LINE_NUMBERS = frozenset({"6R", "FJ"})
SERVICES = ("SV1", "SV2", "SV3", "SVC")
UNIT_HEADS = ("CLM", "CLP", "TRN", "BHT")


@frozen
class Look:
    """A segment to look for: its id, its first element and its loop when they matter ('' any). `entity` is
    the NM101 of the loop in which it is looked for first."""

    tag: str
    qualifier: str = ""
    loop: str = ""
    entity: str = ""


@frozen
class Target:
    """What is meant. `kind` is interchange (numbers: ISA13), group (GS06), segment (GS06, ST02) with its
    `ordinal` in the set, or unit: a claim (CLM01, CLP01), an inquiry (TRN02) or a whole set (BHT03) in which
    `looks` are tried in turn; `line` is a line control number, or #2 for the second. `element` is the one
    meant."""

    kind: str
    numbers: tuple[str, ...]
    ordinal: int = 0
    looks: tuple[Look, ...] = ()
    line: str = ""
    element: int = 0


def looks_for(list_name: str, code: str, loop: str = "", entity: str = "") -> tuple[tuple[Look, ...], int]:
    """The segments a code speaks of and the element meant (points_at.csv). `loop` and `entity` (NM101) are
    where the answer was."""
    segments, element = _points_at().get((list_name, code), ("", 0))
    looks = []
    for part in filter(None, segments.split("|")):
        tag, _, qualifier = part.partition(":")
        looks.append(Look(tag, qualifier or (entity if tag == "NM1" else ""), loop, entity))
    return tuple(looks), element


@cache
def _points_at() -> Mapping[tuple[str, str], tuple[str, int]]:
    return {
        (row["list"], row["code"]): (row["segments"], int(row["element"] or 0)) for row in rows("points_at")
    }


@define(eq=False)
class _Search:
    """The targets that are still looked for, and the segments of the unit at hand: a claim, an inquiry, with
    what comes above it in the set."""

    wanted: dict[tuple[str, ...], list[int]]
    targets: Sequence[Target]
    show_values: bool
    held: list[NamedSegment] = field(factory=list)
    found: dict[int, str] = field(factory=dict)

    def keep(self, key: tuple[str, ...], segment: NamedSegment) -> None:
        """This segment is what the targets of the key mean."""
        for number in self.wanted.pop(key, ()):
            self.found[number] = _reported(segment, self.targets[number].element, self.show_values)

    def close(self) -> None:
        """The unit at hand is complete: find in it what is wanted."""
        for name in _names(self.held):
            left = []
            for number in self.wanted.get(("unit", name), ()):
                segment, exact = choose(self.held, self.targets[number])
                if segment is None:
                    left.append(number)
                else:
                    element = self.targets[number].element if exact else 0
                    self.found[number] = _reported(segment, element, self.show_values)
            if ("unit", name) in self.wanted:
                self.wanted[("unit", name)] = left

    def take(self, segment: NamedSegment) -> None:
        """The next segment of the original."""
        if segment.opens and any(_begins_unit(loop.id, loop.anchor.tag) for loop in segment.opens):
            self.close()
            gone = {loop.index for loop in segment.opens}
            self.held = [s for s in self.held if not gone & {loop.index for loop in s.loops}]
        elif segment.tag == "ST":
            self.held = []
        if segment.set_ordinal:
            self.held.append(segment)
        if segment.tag == "SE":
            self.close()
            self.held = []


def _begins_unit(loop: str, tag: str) -> bool:
    return loop in UNIT_LOOPS or (tag == "HL" and loop != SERVICE_LOOP)


def _names(held: Iterable[NamedSegment]) -> list[str]:
    """The claim number, the traces and the id of the set."""
    places = {"CLM": 1, "CLP": 1, "TRN": 2, "BHT": 3}
    found = (s.at(places[s.tag]) for s in held if s.tag in places)
    return list(dict.fromkeys(name for name in found if name))


def look_up(source: Source, targets: Sequence[Target], show_values: bool) -> Mapping[int, str]:
    """For the number of each target that is there: its segment, with its place, in one line."""
    wanted: dict[tuple[str, ...], list[int]] = {}
    for number, target in enumerate(targets):
        wanted.setdefault(_key(target), []).append(number)
    search = _Search(wanted, targets, show_values)
    units = any(target.kind == "unit" for target in targets)
    for segment in named_segments(source):
        if segment.tag == "ISA":
            search.keep(("interchange", segment.interchange), segment)
        group = plain(segment.group)
        if segment.tag == "GS":
            search.keep(("group", group), segment)
        if segment.set_ordinal:
            search.keep(("segment", group, segment.set, str(segment.set_ordinal)), segment)
        if units:
            search.take(segment)
    return search.found


def _key(target: Target) -> tuple[str, ...]:
    if target.kind not in ("group", "segment"):
        return (target.kind, *target.numbers)
    ordinal = (str(target.ordinal),) if target.kind == "segment" else ()
    return (target.kind, plain(target.numbers[0]), *target.numbers[1:], *ordinal)


def choose(held: Sequence[NamedSegment], target: Target) -> tuple[NamedSegment | None, bool]:
    """The segment of a unit that a target means, and whether it is one of its looks: the first of them that
    is there, else the service line or the head of the unit; None when the unit has other lines only."""
    lines = _lines(held)
    within = list(held)
    if target.line and lines:
        within = _line(lines, target.line)
        if not within:
            return None, False
    found = next((s for look in target.looks for s in _matching(within, look)), None)
    if found is not None:
        return found, True
    if target.line and lines:
        return next((s for s in within if s.tag in SERVICES), within[0]), False
    loops = {look.loop for look in target.looks if look.loop}
    if loops:
        return next((s for s in held if s.loop in loops), None), False
    return next((s for tag in UNIT_HEADS for s in held if s.tag == tag), None), False


def _matching(held: Sequence[NamedSegment], look: Look) -> list[NamedSegment]:
    """What fits a look; those in the loop of its entity first."""
    good = [
        s
        for s in held
        if s.tag == look.tag
        and look.loop in ("", s.loop)
        and look.qualifier in ("", s.at(1).split(s.delimiters.component)[0])
    ]
    loops = {s.loop for s in held if s.tag == "NM1" and look.entity and s.at(1) == look.entity}
    return sorted(good, key=lambda s: s.loop not in loops)


def _lines(held: Iterable[NamedSegment]) -> list[list[NamedSegment]]:
    """The segments of each service line."""
    lines: list[list[NamedSegment]] = []
    for segment in held:
        starts = segment.tag in LINE_STARTS or (segment.tag == "HL" and segment.loop == SERVICE_LOOP)
        if starts:
            lines.append([])
        if lines:
            lines[-1].append(segment)
    return lines


def _line(lines: Sequence[list[NamedSegment]], line: str) -> list[NamedSegment]:
    """One service line, by its control number or trace, or by its place (#2)."""
    if line.startswith("#") and line[1:].isdigit():
        number = int(line[1:])
        return lines[number - 1] if number <= len(lines) else []
    return next((one for one in lines if _has_number(one, line)), [])


def _has_number(line: Iterable[NamedSegment], number: str) -> bool:
    return any(
        s.at(2) == number and (s.tag == "TRN" or (s.tag == "REF" and s.at(1) in LINE_NUMBERS)) for s in line
    )


def _reported(segment: NamedSegment, element: int, show_values: bool) -> str:
    """The segment with its place in the file."""
    spot = f"segment {segment.ordinal}"
    if segment.set_ordinal:
        spot += f", set {segment.set} no. {segment.set_ordinal}"
    name = segment.node.name if segment.node is not None else ""
    about = f"{segment.tag} {name}".strip() + (f", {segment.loop}" if segment.loop else "")
    meant = f", element {element}" if element else ""
    text = segment_text(segment, show_values, {element} if element else ())
    return f"{spot}, byte {segment.offset}, {about}{meant}: {text}"
