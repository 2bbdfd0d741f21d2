"""What a check gives: an interchange, its groups and their sets, each with what is wrong with it."""

from collections.abc import Callable
from typing import Protocol

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.frozen import frozen
from x12_payer.edi.wire.segments import Delimiters


class Follower(Protocol):
    """Looks at the segments of one set while the set is walked."""

    def take(self, texts: list[str]) -> None:
        """The next segments, ST first, as they are."""

    def end(self) -> tuple[Diagnostic, ...]:
        """The set is at its end: what was found."""


# Begins to follow a set (name of its guide, delimiters, ordinal of its ST in the file), or does not.
Follow = Callable[[str, Delimiters, int], Follower | None]


@frozen
class CheckedSet:
    """One set ST to SE. `guide` is the guide's name (837P.X222A1), '' when it has none."""

    set_id: str  # ST01
    control_number: str  # ST02
    version: str  # ST03, GS08 when it is absent
    guide: str
    gs01: str
    ordinal: int  # of the ST in the file
    offset: int
    length: int
    segment_count: int  # ST and SE included
    diagnostics: tuple[Diagnostic, ...]
    accepted: bool
    walked: bool = True  # was it judged by its guide? Else nothing is known of its segments
    reject_codes: tuple[str, ...] = ()  # IK502
    implementation: str = ""  # ST03 as received
    line_end: str = ""  # what follows the terminators
    followed: tuple[Diagnostic, ...] | None = None  # what a follower found; only of a set without findings


@frozen
class CheckedGroup:
    """One group GS to GE. `gs`: elements 1-8 at their numbers."""

    gs: tuple[str, ...]
    included: int  # GE01 as received; the count when it is absent
    received: int  # sets counted
    accepted: int
    diagnostics: tuple[Diagnostic, ...]
    rejected_codes: tuple[str, ...]  # AK905
    sets: tuple[CheckedSet, ...]
    ordinal: int = 0  # of the GS in the file
    offset: int = 0


@frozen
class CheckedInterchange:
    """One interchange ISA to IEA. `isa`: elements 1-16 at their numbers, ("",) when unreadable; `ta1`: the
    TA105 note for which it must be refused, '' when there is none; `remark`: the TA105 note of what is wrong
    and no reason to refuse it."""

    ordinal: int
    offset: int
    length: int
    isa: tuple[str, ...]
    delimiters: Delimiters
    diagnostics: tuple[Diagnostic, ...]
    ta1: str
    groups: tuple[CheckedGroup, ...]
    ta1_segments: tuple[tuple[str, ...], ...] = ()  # TA1 received, elements from the tag on
    remark: str = ""
