"""How a 277CA answers the diagnostics of types 3 to 7 on the claims of an 837 (CONTRACT section 5, "Who
hears what"): each becomes a claim status by its row of maps/codes/claim_edits.csv.

A diagnostic above the claims (2000A, 2000B, 2000C) is reported for every claim below."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from attrs import define, evolve, field

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.edits.rows import Fit, by_segment
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import Delimiters, LoopSegment

ITS_OWN = "*"  # entity of a row: the party in whose loop the finding is
LEVELS = ("20", "22", "23")  # HL03: billing provider, subscriber, patient


@frozen
class ClaimEdits:
    """The statuses of one claim, those of its lines included; `lines` by the position of their LX."""

    statuses: tuple[Status, ...] = ()
    lines: Mapping[int, tuple[Status, ...]] = field(factory=dict)


@frozen
class ClaimEditRow:
    """One row of claim_edits.csv."""

    fit: Fit
    status: Status | None  # None: nothing is said


@cache
def _table() -> Mapping[str, tuple[ClaimEditRow, ...]]:
    found: dict[str, tuple[ClaimEditRow, ...]] = {}
    for r in rows("claim_edits"):
        status = Status(r["category"], r["status"], r["entity"], r["other"] or "") if r["status"] else None
        row = ClaimEditRow(Fit(r["tag"], r["element"], r["qualifier"]), status)
        found[r["diagnostic"]] = (*found.get(r["diagnostic"], ()), row)
    return found


def status_entity(entity: str, loop: str = "") -> str:
    """How STC01-03 names the party with this NM101, '' when it has no name for it."""
    return next((to for begin, to in _entities().get(entity, ()) if loop.startswith(begin)), "")


@cache
def _entities() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for r in rows("claim_entities"):
        found[r["entity"]] = (*found.get(r["entity"], ()), (r["loop"], r["status_entity"]))
    return found


@define(eq=False)
class _Place:
    """Where the walk is: what was said at each level above, the claim, its line, the party."""

    above: list[list[Status]] = field(factory=lambda: [[] for _ in range(len(LEVELS) + 1)])
    level: int = 0
    claim: int = 0  # position of the CLM, 0 above the claims
    line: int = 0  # position of the LX
    party: tuple[str, str] = ("", "")  # loop and NM101


def claim_edits(
    found: Collection[Diagnostic], segments: Iterable[LoopSegment], delimiters: Delimiters
) -> dict[int, ClaimEdits]:
    """What is said of each claim, by the position of its CLM; a claim of which nothing is said has no entry.
    `found` are errors of one set, `segments` the set from ST to SE."""
    wanted = by_segment(found)
    reported: dict[int, ClaimEdits] = {}
    place = _Place()
    for item in segments if wanted else ():
        _step(place, item, reported)
        for one in wanted.get(item[2], ()):
            status = _status(one, item[1], place.party if place.party[0] == item[0] else ("", ""), delimiters)
            if status is not None:
                _report(place, status, reported)
    return reported


def _step(place: _Place, item: LoopSegment, reported: dict[int, ClaimEdits]) -> None:
    """Go on to a segment. A level ends those below it; a claim gets what was said above."""
    loop, elements, position = item
    tag = elements[0]
    if tag == "HL":
        code = elements[3] if len(elements) > 3 else ""
        place.level = LEVELS.index(code) + 1 if code in LEVELS else place.level
        place.above[place.level :] = [[] for _ in place.above[place.level :]]
        place.claim = place.line = 0
    elif tag == "CLM":
        place.claim, place.line = position, 0
        if inherited := [s for level in place.above for s in level]:
            reported[position] = ClaimEdits(tuple(dict.fromkeys(inherited)))
    elif tag == "LX":
        place.line = position
    elif tag == "NM1":
        place.party = (loop, elements[1] if len(elements) > 1 else "")


def _report(place: _Place, status: Status, reported: dict[int, ClaimEdits]) -> None:
    if not place.claim:
        place.above[place.level].append(status)
        return
    edits = reported.get(place.claim, ClaimEdits())
    lines = dict(edits.lines)
    if place.line:
        lines[place.line] = tuple(dict.fromkeys((*lines.get(place.line, ()), status)))
    statuses = tuple(dict.fromkeys((*edits.statuses, status)))
    reported[place.claim] = ClaimEdits(statuses, lines)


def _status(
    one: Diagnostic, elements: list[str], party: tuple[str, str], delimiters: Delimiters
) -> Status | None:
    """The status of one finding, None when nothing is said of it."""
    for row in _table().get(one.code, ()):
        if row.fit.holds(one, elements, delimiters):
            if row.status is None or row.status.entity != ITS_OWN:
                return row.status
            return evolve(row.status, entity=status_entity(party[1], party[0]))
    return None
