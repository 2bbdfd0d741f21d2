"""How a 271, 277 or 278 answers the diagnostics of types 3 to 7 on an inquiry (CONTRACT section 5, "Who
hears what"): each becomes an AAA or a claim status by its row of maps/codes/inquiry_edits.csv.

It is reported at the level (HL01) of the diagnostic and, within it, for the service, claim or provider."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TypeVar

from attrs import define, field

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.edits.rows import Fit, by_segment
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.messages.common import Rejection
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import Delimiters, LoopSegment

EVERY = -1  # the part of a level that stands for each of its services
# What is counted inside a level: the loop, and the segment that opens it. It ends where the next one begins.
_PARTS = {"2110C": "EQ", "2110D": "EQ", "2200D": "TRN", "2200E": "TRN", "2010EA": "NM1", "2010F": "NM1"}

LevelPart = tuple[str, int]  # HL01 and the ordinal of the part, 0 for the level itself
Reply = Rejection | Status
T = TypeVar("T")


@frozen
class InquiryEdits:
    """What is said at which place; a place of which nothing is said has no entry. Parts are the EQ of a
    patient (270), the TRN of a patient (276), the providers of an event or a service (278)."""

    rejections: Mapping[LevelPart, tuple[Rejection, ...]] = field(factory=dict)
    statuses: Mapping[LevelPart, tuple[Status, ...]] = field(factory=dict)


NO_EDITS = InquiryEdits()


@frozen
class InquiryEditRow:
    """One row of inquiry_edits.csv. `loop` is a beginning."""

    set_id: str
    loop: str
    fit: Fit
    everywhere: bool  # reported at every service, not where the finding is
    reply: Reply | None  # None: nothing is said


@cache
def _table() -> Mapping[str, tuple[InquiryEditRow, ...]]:
    found: dict[str, tuple[InquiryEditRow, ...]] = {}
    for r in rows("inquiry_edits"):
        row = InquiryEditRow(
            r["set"], r["loop"], Fit(r["tag"], r["element"], r["qualifier"]), bool(r["told"]), _reply(r)
        )
        found[r["diagnostic"]] = (*found.get(r["diagnostic"], ()), row)
    return found


def _reply(row: Mapping[str, str]) -> Reply | None:
    if row["aaa"]:
        return Rejection("N", row["aaa"], row["follow_up"])
    return Status(row["category"], row["status"], row["entity"]) if row["status"] else None


@define(eq=False)
class _Walk:
    """Where the walk is, in a set of this id, and what is reported so far."""

    set_id: str = ""
    level: str = ""
    part: int = 0  # which one of the level, with what comes below it
    rejections: dict[LevelPart, tuple[Rejection, ...]] = field(factory=dict)
    statuses: dict[LevelPart, tuple[Status, ...]] = field(factory=dict)

    def step(self, item: LoopSegment) -> None:
        """Go on to a segment."""
        loop, elements, _ = item
        tag, first = elements[0], elements[1] if len(elements) > 1 else ""
        if tag == "ST":
            self.set_id = first
        elif tag == "HL":
            self.level, self.part = first, 0
        elif _PARTS.get(loop) == tag:
            self.part += 1

    def report(self, one: Diagnostic, item: LoopSegment, delimiters: Delimiters) -> None:
        """Say what the table says of a finding in this segment."""
        row = self._row(one, item, delimiters)
        if row is None or row.reply is None or not self.level:
            return
        place = (self.level, EVERY if row.everywhere else self.part)
        if isinstance(row.reply, Rejection):
            _add(self.rejections, place, row.reply)
        else:
            _add(self.statuses, place, row.reply)

    def _row(self, one: Diagnostic, item: LoopSegment, delimiters: Delimiters) -> InquiryEditRow | None:
        loop, elements, _ = item
        here = (
            row
            for row in _table().get(one.code, ())
            if row.set_id == self.set_id and loop.startswith(row.loop)
        )
        return next((row for row in here if row.fit.holds(one, elements, delimiters)), None)


def _add(reported: dict[LevelPart, tuple[T, ...]], place: LevelPart, reply: T) -> None:
    reported[place] = tuple(dict.fromkeys((*reported.get(place, ()), reply)))


def inquiry_edits(
    found: Collection[Diagnostic], segments: Iterable[LoopSegment], delimiters: Delimiters
) -> InquiryEdits:
    """What is said of each place of a 270, 276 or 278. `found` are errors of one set, `segments` the set from
    ST to SE."""
    wanted = by_segment(found)
    walk = _Walk()
    for item in segments if wanted else ():
        walk.step(item)
        for one in wanted.get(item[2], ()):
            walk.report(one, item, delimiters)
    return InquiryEdits(walk.rejections, walk.statuses)
