"""Answers → files: envelopes with our control numbers, the inbound addresses swapped, file names."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from x12_payer.adjudication.pipeline.values import Answer
from x12_payer.adjudication.store.unit import Outbound, Unit
from x12_payer.authorization.parties import Payer
from x12_payer.edi.builders.echo import fit
from x12_payer.edi.builders.ta1 import ta1_segment
from x12_payer.edi.builders.x999 import build_999
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.check import CheckedGroup, CheckedInterchange
from x12_payer.edi.reading.envelope import isa_elements
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters, OutSegment
from x12_payer.edi.wire.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange

UNKNOWN = "UNKNOWN"  # ISA08 where the sender does not say who it is
MUTUALLY_DEFINED = "ZZ"  # ISA05
ID_WIDTH = 15  # ISA06, ISA08
CODE_LENGTHS = (2, 15)  # GS02, GS03


@frozen
class Correspondent:
    """Whom an answer goes to: the inbound's ISA05-08, GS02-03 and ISA15 as they came."""

    qualifier: str
    id: str
    our_qualifier: str
    our_id: str
    code: str = ""  # GS02
    our_code: str = ""  # GS03
    usage: str = "P"
    delimiters: Delimiters = DEFAULT_DELIMITERS


def correspondent(checked: CheckedInterchange, payer: Payer) -> Correspondent:
    """The other side of an inbound interchange. What an ISA or GS may not hold is not sent back: our own
    qualifier and id stand for a bad receiver, ZZ and UNKNOWN for a bad sender."""
    isa = (*checked.isa, *[""] * 17)
    gs = (*(checked.groups[0].gs if checked.groups else ()), *[""] * 9)
    sender = _valid(isa, 6, UNKNOWN)
    receiver = _valid(isa, 8, payer.interchange_id)
    return Correspondent(
        qualifier=_valid(isa, 5, MUTUALLY_DEFINED),
        id=sender,
        our_qualifier=_valid(isa, 7, payer.interchange_qualifier),
        our_id=receiver,
        code=_code(gs[2], sender),
        our_code=_code(gs[3], receiver),
        usage=_valid(isa, 15, "P"),
        delimiters=checked.delimiters,
    )


def _valid(isa: Sequence[str], number: int, other: str) -> str:
    """An element of the ISA without the blanks that fill it, or `other` where it has a wrong value."""
    value = isa[number].strip()
    width = ID_WIDTH if number in (6, 8) else 0
    return value if isa_elements()[number].pattern.fullmatch(value.ljust(width)) else other


def _code(value: str, other: str) -> str:
    """GS02 or GS03 as received, or `other` where it has not the length."""
    return value if CODE_LENGTHS[0] <= len(value.strip()) <= CODE_LENGTHS[1] else other


def refusal_body(checked: CheckedInterchange, note: str) -> OutSegment:
    """The TA1 that refuses an interchange."""
    return ta1_segment(checked.isa, "R", note)


def dated(ta1: OutSegment, now: datetime) -> OutSegment:
    """A TA1 whose date and time are there: where those of the interchange could not be read, when it came."""
    day, time = ta1[2] or now.strftime("%y%m%d"), ta1[3] or now.strftime("%H%M")
    return (*ta1[:2], day, time, *ta1[4:])


def acknowledgments(checked: CheckedInterchange, groups: Sequence[CheckedGroup]) -> list[Answer]:
    """One 999 set for each group received."""
    return [
        Answer("999", "999", "FA", "005010X231A1", tuple(build_999(group, checked.delimiters)))
        for group in groups
    ]


def acceptance(checked: CheckedInterchange) -> OutSegment | None:
    """The TA1 that ISA14 asks for, and that of an interchange without groups: nothing else would answer it.
    It says what was wrong and no reason to refuse. None when a 999 is enough."""
    if checked.isa[14] != "1" and checked.groups:
        return None
    code, note = ("E", checked.remark) if checked.remark else ("A", "000")
    return ta1_segment(checked.isa, code, note)


def write_file(
    to: Correspondent,
    prefix: str,
    kind: str,
    answers: Sequence[Answer],
    unit: Unit,
    ta1: OutSegment | None = None,
) -> Outbound:
    """One outbound interchange as a file `<prefix>.<kind>.x12`; without a prefix its own number is there
    (CONTRACT section 2)."""
    number = unit.take_numbers("interchange")
    groups = _groups(to, answers, lambda: unit.take_numbers("group"))
    content = _interchange(to, number, unit.as_of, groups, ta1 and dated(ta1, unit.as_of))
    return Outbound(unit.free_name(f"{prefix or f'{number:09d}'}.{kind}.x12"), content)


def draft(to: Correspondent, answers: Sequence[Answer], created: datetime) -> bytes:
    """What a file of these answers would look like; it takes no numbers of the store."""
    return _interchange(to, 1, created, _groups(to, answers, lambda: 1))


def _interchange(
    to: Correspondent,
    number: int,
    created: datetime,
    groups: tuple[OutboundGroup, ...],
    ta1: OutSegment | None = None,
) -> bytes:
    return write_interchange(
        OutboundInterchange(
            sender_qualifier=to.our_qualifier,
            sender=to.our_id,
            receiver_qualifier=to.qualifier,
            receiver=to.id,
            control_number=number,
            created=created,
            usage=to.usage,
            ta1=ta1,
            groups=groups,
        ),
        to.delimiters,
    )


def _groups(
    to: Correspondent, answers: Sequence[Answer], next_number: Callable[[], int]
) -> tuple[OutboundGroup, ...]:
    """One functional group for each run of answers of the same guide."""
    return tuple(
        OutboundGroup(
            functional_id,
            next_number(),
            version,
            to.our_code,
            to.code,
            tuple(
                OutboundSet(answer.set_id, f"{n:04d}", version, tuple(fit(answer.body)))
                for n, answer in enumerate(members, 1)
            ),
        )
        for (functional_id, version), members in groupby(answers, lambda a: (a.functional_id, a.version))
    )
