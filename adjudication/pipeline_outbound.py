"""Answers → files: envelopes with our control numbers, the inbound's addresses turned round, file names."""

from collections.abc import Sequence
from itertools import groupby

from attrs import frozen

from adjudication.pipeline_values import Answer
from adjudication.store_unit import Outbound, Unit
from edi.builders.ta1 import ta1_segment
from edi.builders.x999 import build_999
from edi.check import CheckedGroup, CheckedInterchange
from edi.segments import DEFAULT_DELIMITERS, Delimiters, OutSegment
from edi.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange


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


def correspondent(checked: CheckedInterchange) -> Correspondent:
    """The other side of an inbound interchange."""
    isa = [part.strip() for part in (*checked.isa, *[""] * 17)]
    gs: tuple[str, ...] = checked.groups[0].gs if checked.groups else ()
    return Correspondent(
        qualifier=isa[5] or "ZZ",
        id=isa[6],
        our_qualifier=isa[7] or "ZZ",
        our_id=isa[8],
        code=gs[2] if len(gs) > 3 else isa[6],
        our_code=gs[3] if len(gs) > 3 else isa[8],
        usage=isa[15] or "P",
        delimiters=checked.delimiters,
    )


def refusal_body(checked: CheckedInterchange, note: str) -> OutSegment:
    """The TA1 that refuses an interchange."""
    return ta1_segment(checked.isa, "R", note)


def acknowledgments(checked: CheckedInterchange, groups: Sequence[CheckedGroup]) -> list[Answer]:
    """One 999 set for each group received."""
    return [
        Answer("999", "999", "FA", "005010X231A1", tuple(build_999(group, checked.delimiters)))
        for group in groups
    ]


def acceptance(checked: CheckedInterchange) -> OutSegment | None:
    """The TA1 that ISA14 asks for, None when it does not."""
    return ta1_segment(checked.isa, "A", "000") if checked.isa[14] == "1" else None


def write_file(
    to: Correspondent, name: str, answers: Sequence[Answer], unit: Unit, ta1: OutSegment | None = None
) -> Outbound:
    """One outbound interchange as a file. `name` may hold {number} for the interchange's own number."""
    number = unit.take_numbers("interchange")
    content = write_interchange(
        OutboundInterchange(
            sender_qualifier=to.our_qualifier,
            sender=to.our_id,
            receiver_qualifier=to.qualifier,
            receiver=to.id,
            control_number=number,
            created=unit.as_of,
            usage=to.usage,
            ta1=ta1,
            groups=_groups(to, answers, unit),
        ),
        to.delimiters,
    )
    return Outbound(unit.free_name(name.replace("{number}", f"{number:09d}")), content)


def _groups(to: Correspondent, answers: Sequence[Answer], unit: Unit) -> tuple[OutboundGroup, ...]:
    """One functional group for each run of answers of the same guide."""
    return tuple(
        OutboundGroup(
            functional_id,
            unit.take_numbers("group"),
            version,
            to.our_code,
            to.code,
            tuple(
                OutboundSet(answer.set_id, f"{n:04d}", version, tuple(answer.body))
                for n, answer in enumerate(members, 1)
            ),
        )
        for (functional_id, version), members in groupby(answers, lambda a: (a.functional_id, a.version))
    )
