"""Everything that is wrong with a file, in one pass: the diagnostics of `edi validate` (CONTRACT section 6).

Interchanges come one after another and one set is held at a time, so memory does not grow with the file."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, field

from x12_payer.edi.dates import is_day
from x12_payer.edi.diagnostics.model import Diagnostic, Judged, Position
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.reading.checked import CheckedGroup, CheckedInterchange, CheckedSet, Follow
from x12_payer.edi.reading.envelope import find_header, read_header
from x12_payer.edi.reading.verdict import IEA_MISSING
from x12_payer.edi.wire.segments import Delimiters, Source

if TYPE_CHECKING:
    from x12_payer.edi.snip.fast_path.claims import Memory

USUAL_SNIP = 6  # types 1 to 6 hold for everybody
PARTNER_SNIP = 7  # the companion overlay of the sender, too
GUIDE_SNIP = 2  # types 1 and 2 come with the guide check itself
LONGEST_END = 200  # bytes of an SE and what is around it
GRACE = timedelta(days=365)
GROUP_DATE, LONG_DATE = 4, 8  # GS04, CCYYMMDD


@frozen
class LocatedDiagnostic:
    """One diagnostic, as CONTRACT section 6 lists it. `interchange`, `group` and `set` are control numbers,
    `segment` counts from 1 in the file and `set_segment` from the ST; 0 and '': it has none. `value` is what
    was there and is shown only when the user asks for it."""

    file: str
    interchange: str
    group: str
    set: str
    segment: int
    set_segment: int
    offset: int
    tag: str
    loop: str
    element: int
    component: int
    repeat: int
    code: str
    severity: str  # error, warning
    snip: int
    message: str
    value: str = ""
    guide: str = ""  # name of the set's guide, for the names of loops and elements

    @property
    def is_error(self) -> bool:
        """Does it count against the file?"""
        return self.severity == "error"


@frozen
class Terms:
    """What is asked for: types 1 to `snip`, on the day for which dated code lists are read, with a user's own
    code lists and overlays. `memory` is what the run has learned of claims."""

    snip: int
    as_of: date
    maps: Path | None = None
    memory: "Memory" = field(factory=dict, eq=False)


def diagnostics_in(
    source: Source,
    snip: int,
    as_of: date,
    file: str = "",
    maps: Path | None = None,
    exact: bool = False,
    memory: "Memory | None" = None,
) -> Iterator[LocatedDiagnostic]:
    """The diagnostics of types 1 to `snip` in the order of the file. Every guide is taken, also those of what
    a payer sends out; `as_of` is the day on which it is judged, `exact` on that day whatever the file says of
    its own; `maps` is a user's own folder of code lists. Type 7 is what the sender's companion overlay
    (maps/companion) asks for; what needs a store is not judged here. `memory`, an empty dict at first, keeps
    what is learned of claims from one file of a run to the next."""
    judged = as_of if exact else judged_on(source, as_of)
    terms = Terms(snip, judged, maps, {} if memory is None else memory)
    follow = _follow(terms) if snip > GUIDE_SNIP else None
    for interchange in check_interchanges(source, every_guide=True, follow=follow):
        inner = _sets(source, interchange, terms, file)
        outer = sorted(_envelope(interchange, terms.as_of, file), key=_place)
        yield from (found for found in merge(outer, inner, key=_place) if found.snip <= snip)


def judged_on(source: Source, as_of: date) -> date:
    """The day on which a file is judged. One dated after the clock (ISA09 of the first interchange) is
    judged by its own date and given a year's grace: nobody knows then what lies in the future."""
    start, _ = find_header(source, 0)
    isa = read_header(source, start).isa if start >= 0 else ()
    try:
        written = datetime.strptime(f"20{isa[9]}", "%Y%m%d").date()
    except (IndexError, ValueError):
        return as_of
    return written + GRACE if written > as_of else as_of


def _place(found: LocatedDiagnostic) -> tuple[int, int, int]:
    return (found.segment, found.offset, found.element)


def _envelope(interchange: CheckedInterchange, as_of: date, file: str) -> Iterator[LocatedDiagnostic]:
    """What is wrong with the interchange and its groups."""
    number = _control(interchange)
    for d in interchange.diagnostics:
        yield finding(Judged(d, d.row.severity, d.text), file, number)
    for group in interchange.groups:
        for d in (*group.diagnostics, *_created(group, as_of)):
            yield finding(Judged(d, d.row.severity, d.row.text), file, number, group.gs[6])


def _created(group: CheckedGroup, as_of: date) -> Iterator[Diagnostic]:
    """A group was not made in the future (GS04)."""
    made = group.gs[GROUP_DATE]
    if len(made) == LONG_DATE and is_day(made) and made > as_of.strftime("%Y%m%d"):
        place = Position(segment=group.ordinal, offset=group.offset, tag="GS", element=GROUP_DATE)
        yield Diagnostic("group-in-future", place, made)


def _control(interchange: CheckedInterchange) -> str:
    return interchange.isa[13] if len(interchange.isa) > 13 else ""


def _sets(
    source: Source, interchange: CheckedInterchange, terms: Terms, file: str
) -> Iterator[LocatedDiagnostic]:
    """What is wrong with the sets, set by set."""
    number = _control(interchange)
    for group in interchange.groups:
        for one in group.sets:
            found = list(one.diagnostics)
            if terms.snip > GUIDE_SNIP:
                whole = _torn(one) if _is_cut(source, interchange, one) else one
                found += _deeper(source, whole, interchange.delimiters, terms)
            judged = _judged(source, one, interchange, terms, found)
            ready = (finding(j, file, number, group.gs[6], one.control_number, one.guide) for j in judged)
            yield from sorted(ready, key=_place)


def _is_cut(source: Source, interchange: CheckedInterchange, one: CheckedSet) -> bool:
    """Does the file end in this set, before its SE?"""
    if not any(d.code == IEA_MISSING for d in interchange.diagnostics):
        return False
    size = min(one.length, LONGEST_END)
    end = source.read(one.offset + one.length - size, size).rstrip().decode("latin-1")
    last = end.rstrip(interchange.delimiters.segment).rpartition(interchange.delimiters.segment)[2]
    return not last.strip().startswith(f"SE{interchange.delimiters.element}")


def _torn(one: CheckedSet) -> CheckedSet:
    """The set with a mark after its last segment: the part before it is not judged as if it were whole."""
    end = Position(one.ordinal + one.segment_count, one.segment_count + 1)
    return evolve(one, diagnostics=(*one.diagnostics, Diagnostic(IEA_MISSING, end)), followed=None)


def _follow(terms: Terms) -> Follow:
    """Types 3 to 6 in the same pass, where that can be. Their rules are imported when they are asked for:
    types 1 and 2 need none of them."""
    from x12_payer.edi.snip.own_maps import codes_of
    from x12_payer.edi.snip.situational import follow_claims

    return follow_claims(terms.as_of, codes_of(terms.maps), memory=terms.memory)


def _deeper(source: Source, one: CheckedSet, delimiters: Delimiters, terms: Terms) -> list[Diagnostic]:
    """Diagnostics of types 3 to `snip`; `check_set` lists no more than a set may have."""
    from x12_payer.edi.snip.own_maps import codes_of
    from x12_payer.edi.snip.situational import check_set

    every = check_set(source, one, delimiters, terms.as_of, codes_of(terms.maps), terms.memory)
    return [d for d in every if int(d.row.snip) <= terms.snip]


def _judged(
    source: Source,
    one: CheckedSet,
    interchange: CheckedInterchange,
    terms: Terms,
    found: list[Diagnostic],
) -> list[Judged]:
    """The diagnostics with what they count for; with type 7, what the sender's (ISA06) companion asks for
    besides."""
    usual = [Judged(d, d.row.severity, d.row.text) for d in found]
    if terms.snip < PARTNER_SNIP or not one.walked:
        return usual
    from x12_payer.edi.snip.companion import companion_for, judged_for_partner
    from x12_payer.edi.snip.own_maps import companions_of

    sender = interchange.isa[6] if len(interchange.isa) > 6 else ""
    companion = companion_for(sender, terms.as_of, companions_of(terms.maps))
    if companion is None:
        return usual
    return judged_for_partner(companion, source, one, interchange.delimiters, found)


def finding(
    judged: Judged, file: str, interchange: str, group: str = "", number: str = "", guide: str = ""
) -> LocatedDiagnostic:
    """A diagnostic with what it counts for and where it was found."""
    diagnostic = judged.diagnostic
    place = diagnostic.position
    return LocatedDiagnostic(
        file=file,
        interchange=interchange,
        group=group,
        set=number,
        segment=place.segment,
        set_segment=place.set_segment,
        offset=place.offset,
        tag=place.tag,
        loop=place.loop,
        element=place.element,
        component=place.component,
        repeat=place.repeat,
        code=diagnostic.code,
        severity=judged.severity,
        snip=int(diagnostic.row.snip),
        message=judged.message,
        value=diagnostic.value,
        guide=guide,
    )
