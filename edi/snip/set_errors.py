"""The diagnostics of types 3 to 7 of a set that the 999 accepts; they are reported in its own answer
(CONTRACT section 5, "Who hears what")."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from sys import maxsize
from typing import TYPE_CHECKING

from attrs import evolve

from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.reading.checked import CheckedInterchange, CheckedSet
from x12_payer.edi.snip.companion import companion_for, overlay
from x12_payer.edi.snip.own_maps import codes_of, companions_of
from x12_payer.edi.snip.situational import follow_claims, found_in_set
from x12_payer.edi.wire.segments import Delimiters, Source

if TYPE_CHECKING:
    from x12_payer.edi.snip.fast_path.claims import Memory


def check_to_answer(
    source: Source, as_of: date, maps: Path | None = None, memory: "Memory | None" = None
) -> Iterator[CheckedInterchange]:
    """Every interchange of a file, checked for a payer who answers it: types 3 to 6 of claims are looked at
    in the same pass, so that `set_errors` has them ready. `memory`, an empty dict at first, keeps what is
    learned of claims from one file of a run to the next."""
    return check_interchanges(source, follow=follow_claims(as_of, codes_of(maps), maxsize, memory))


def set_errors(
    source: Source,
    one: CheckedSet,
    delimiters: Delimiters,
    sender: str,
    as_of: date,
    maps: Path | None = None,
) -> list[Diagnostic]:
    """The errors of types 3 to 6, all of them, and of type 7 for a sender (ISA06) with a companion overlay,
    which also sets the severity of its diagnostics. `maps` is a user's own folder. Positions have neither
    loop nor offset."""
    accepted = evolve(one, diagnostics=())  # no error of types 1 and 2 hides anything: the set is accepted
    found = found_in_set(source, accepted, delimiters, as_of, codes_of(maps))
    companion = companion_for(sender.strip(), as_of, companions_of(maps))
    if companion is None:
        return [d for d in found if d.is_error]
    judged = overlay(companion, one, found, loop_segments(source, one, delimiters), delimiters)
    return [j.diagnostic for j in judged if j.severity == "error"]
