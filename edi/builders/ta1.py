"""The TA1: the verdict on an interchange as a whole."""

from collections.abc import Sequence

from x12_payer.edi.wire.segments import OutSegment


def ta1_segment(isa: Sequence[str], ack_code: str, note: str) -> OutSegment:
    """A TA1 for an interchange. `isa`: its elements 1-16 at their numbers, shorter when unreadable;
    `ack_code` A, E or R (TA104); `note` TA105, 000 with A."""
    known = (*isa, *[""] * 17)
    number, day, time = (
        value if value.isascii() and value.isdigit() and len(value) == size else ""
        for value, size in ((known[13], 9), (known[9], 6), (known[10], 4))
    )
    return ("TA1", number or "0" * 9, day, time, ack_code, note)
