"""Finding what we sent by the numbers in an acknowledgment; keeping the acknowledgments received."""

from sqlalchemy import func, select

from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.records import dump
from x12_payer.adjudication.store.unit import SentSet, Unit
from x12_payer.edi.messages.acknowledgment import Acknowledgment


def sent_where(unit: Unit, receiver: str, **named: str) -> tuple[SentSet, ...]:
    """The sets sent to a receiver, by columns of `sent`; in the order in which they were sent."""
    table = schema.sent
    wanted = select(table).where(*(table.c[column] == value for column, value in named.items()))
    rows = unit.connection.execute(wanted.where(table.c.receiver == receiver).order_by(table.c.id))
    return tuple(SentSet(*row[1:]) for row in rows)


def times_before(unit: Unit, sender: str, kind: str, refers_to: str) -> int:
    """How many acknowledgments of the kind this sender sent of the same thing."""
    table = schema.acknowledgments
    same = (table.c.refers_to == refers_to) & (table.c.kind == kind) & (table.c.sender == sender)
    return int(unit.connection.execute(select(func.count()).select_from(table).where(same)).scalar_one())


def add_acknowledgment(
    unit: Unit, interchange: int, sender: str, ack: Acknowledgment, sent: str, repeats: int
) -> None:
    """Record an acknowledgment that came in this interchange: `sent` is the outbound file it answers, '' for
    nothing we sent, `repeats` how many of the same thing came before."""
    row = {
        "interchange": interchange,
        "kind": ack.kind,
        "refers_to": ack.refers_to,
        "result": " ".join([ack.result, *ack.codes]).strip(),
        "sender": sender,
        "sent": sent,
        "repeats": repeats,
        "record": dump(ack),
    }
    unit.insert(schema.acknowledgments, [row])
