"""One transaction on the store: everything a run reads and writes of one interchange. Why it is one
transaction, and what exactly once takes: store.py.

Facts about members and claims are read by facts.py."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve
from sqlalchemy import Connection, Table, func, insert, select, true, update

from x12_payer.adjudication.actor import Actor
from x12_payer.adjudication.errors import StoreBusyError
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.lists import one_of
from x12_payer.adjudication.store.records import dump
from x12_payer.authorization.facts import Approval, ReviewCase
from x12_payer.edi.frozen import frozen

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

NO_INTERCHANGE = 0  # what answers no interchange: the files of a payment run


@frozen
class Outbound:
    """One outbound interchange: file name and bytes, as committed."""

    name: str
    content: bytes

    @property
    def control_number(self) -> str:
        """ISA13: we wrote the header, so it is where it belongs."""
        return self.content[90:99].decode("ascii")


@frozen
class SentSet:
    """One set that we sent, with its envelope: what an acknowledgment may name. A TA1 without a group is one
    without a set."""

    name: str  # of the outbound file
    receiver: str  # ISA07/ISA08
    control_number: str  # ISA13
    created: str  # ISA09/ISA10
    functional_id: str = ""  # GS01
    group_number: str = ""  # GS06
    version: str = ""  # GS08
    set_id: str = ""  # ST01
    set_number: str = ""  # ST02
    reference: str = ""  # BHT03, in an 835 TRN02


@frozen
class Known:
    """An interchange the store has seen: its row and what it was refused with ('' accepted)."""

    id: int
    ta1: str
    summary: str


@frozen
class LoadCount:
    """What a load did to one table."""

    table: str
    added: int
    changed: int
    unchanged: int


class Unit:
    """One transaction on the store."""

    def __init__(self, connection: Connection, as_of: datetime, actor: Actor) -> None:
        self.connection = connection
        self.as_of = as_of
        self.actor = actor

    # -- reference data -------------------------------------------------------------------------------

    def merge(self, table: Table, key: tuple[str, ...], rows: Sequence[Mapping[str, str]]) -> LoadCount:
        """Insert or update rows by key and count what that changed."""
        old = {
            tuple(row[k] for k in key): dict(row) for row in self.connection.execute(select(table)).mappings()
        }
        new = {tuple(row[k] for k in key): dict(row) for row in rows}
        added = [row for k, row in new.items() if k not in old]
        changed = [row for k, row in new.items() if k in old and old[k] != row]
        if added or changed:
            self.upsert(table, [*added, *changed])
        return LoadCount(table.name, len(added), len(changed), len(new) - len(added) - len(changed))

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or update those whose primary key is there."""
        if not rows:
            return
        statement = self._insert(table)
        keys = [c.name for c in table.primary_key.columns]
        rest = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
        self.connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=rest), [dict(row) for row in rows]
        )

    def _insert(self, table: Table) -> "postgresql.Insert | sqlite.Insert":
        """An INSERT that can say ON CONFLICT, in the store's dialect; the other one is not imported."""
        if self.connection.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as postgresql_insert

            return postgresql_insert(table)
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert(table)

    # -- numbers --------------------------------------------------------------------------------------

    def take_numbers(self, name: str, count: int = 1) -> int:
        """Take `count` numbers of a series and give the first; numbers are never given twice."""
        table = schema.counters
        statement = self._insert(table).values(name=name, value=count)
        taken = statement.on_conflict_do_update(
            index_elements=["name"], set_={"value": table.c.value + count}
        ).returning(table.c.value)
        return int(self.connection.execute(taken).scalar_one()) - count + 1

    def peek_number(self, name: str) -> int:
        """The number a series would give next."""
        table = schema.counters
        last = self.connection.execute(select(table.c.value).where(table.c.name == name)).scalar() or 0
        return int(last) + 1

    # -- interchanges ---------------------------------------------------------------------------------

    def known_bytes(self, digest: str) -> Known | None:
        """The accepted interchange with exactly these bytes, whatever refused them before or after."""
        table = schema.interchanges
        return self._known((table.c.digest == digest) & (table.c.ta1 == ""))

    def known_refusal(self, digest: str, ta1: str, file: str) -> Known | None:
        """These bytes refused for this reason under this file's name; an empty name is any."""
        table = schema.interchanges
        named = table.c.file == file if file else true()
        return self._known((table.c.digest == digest) & (table.c.ta1 == ta1) & named)

    def accepted_with(self, sender: str, receiver: str, control_number: str) -> int:
        """How many interchanges were accepted under this sender's control number."""
        table = schema.interchanges
        used = select(func.count()).where(
            table.c.sender == sender,
            table.c.receiver == receiver,
            table.c.control_number == control_number,
            table.c.ta1 == "",
        )
        return int(self.connection.execute(used).scalar_one())

    def _known(self, condition: Any) -> Known | None:
        table = schema.interchanges
        first = select(table).where(condition).order_by(table.c.id)
        row = self.connection.execute(first).mappings().first()
        return None if row is None else Known(row["id"], row["ta1"], row["summary"])

    def add_interchange(
        self,
        sender: str,
        receiver: str,
        control_number: str,
        digest: str,
        ta1: str,
        correspondent: str,
        file: str = "",
    ) -> int:
        """Record an interchange and give its id. `correspondent` says whom a later 835 goes to."""
        row = {
            "file": file,
            "repeat": 0 if ta1 else self.accepted_with(sender, receiver, control_number),
            "sender": sender,
            "receiver": receiver,
            "control_number": control_number,
            "digest": digest,
            "ta1": ta1,
            "received": self.as_of.isoformat(),
            "correspondent": correspondent,
            "summary": "",
        }
        result = self.connection.execute(insert(schema.interchanges).values(**row))
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def save_answers(
        self, interchange: int, files: Sequence[Outbound], sent: Iterable[SentSet], summary: str
    ) -> None:
        """Keep the outbound bytes of an interchange, the sets in them and its result."""
        table = schema.interchanges
        self.connection.execute(update(table).where(table.c.id == interchange).values(summary=summary))
        self.insert(
            schema.outbound,
            [
                {
                    "interchange": interchange,
                    "name": f.name,
                    "content": f.content,
                    "published": 0,
                    "control_number": f.control_number,
                }
                for f in files
            ],
        )
        self.insert(schema.sent, [asdict(one) for one in sent])

    def answers(self, interchange: int) -> tuple[Outbound, ...]:
        """The recorded answers of an interchange."""
        table = schema.outbound
        rows = self.connection.execute(
            select(table).where(table.c.interchange == interchange).order_by(table.c.id)
        )
        return tuple(Outbound(row["name"], row["content"]) for row in rows.mappings())

    def unpublished(self) -> tuple[Outbound, ...]:
        """The files of payment runs that may not have reached their folder: nothing comes in again that
        would bring them back, as the inbound file does for an interchange."""
        table = schema.outbound
        waiting = (table.c.interchange == NO_INTERCHANGE) & (table.c.published == 0)
        rows = self.connection.execute(select(table).where(waiting).order_by(table.c.id))
        return tuple(Outbound(row["name"], row["content"]) for row in rows.mappings())

    def unwritten(self) -> tuple[Outbound, ...]:
        """The files that an earlier run could not write: the next one does."""
        table = schema.outbound
        rows = self.connection.execute(select(table).where(table.c.published == 2).order_by(table.c.id))
        return tuple(Outbound(row["name"], row["content"]) for row in rows.mappings())

    def mark_published(self, names: Iterable[str]) -> None:
        """These files are in their folder."""
        self._mark(names, 1)

    def mark_unwritten(self, names: Iterable[str]) -> None:
        """These files could not be written."""
        self._mark(names, 2)

    def _mark(self, names: Iterable[str], published: int) -> None:
        if asked := set(names):
            table = schema.outbound
            named = one_of(table.c.name, asked)
            self.connection.execute(update(table).where(named).values(published=published))

    def free_name(self, name: str) -> str:
        """The name, or `<stem>-2...` and so on when a file of that name was written before: no answer may
        take the place of another."""
        table = schema.outbound
        stem, *rest = name.rsplit(".", 3)  # <stem>.<ISA13>.<kind>.x12
        candidate, count = name, 1
        while self.connection.execute(select(table.c.id).where(table.c.name == candidate)).first():
            count += 1
            candidate = ".".join([f"{stem}-{count}", *rest])
        return candidate

    # -- decisions ------------------------------------------------------------------------------------

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows in one statement."""
        if rows:
            self.connection.execute(insert(table), [dict(row) for row in rows])

    def save_approvals(self, approvals: Sequence[Approval]) -> None:
        """Add approvals, or replace those of the same key. What is used is not kept here: uses say it."""
        self._own_numbers({a.number: a.member_id for a in approvals if a.number})
        self.upsert(
            schema.approvals,
            [
                {
                    "key": a.key,
                    "number": a.number,
                    "case_number": a.case_number,
                    "member_id": a.member_id,
                    "kind": a.kind,
                    "status": a.status,
                    "record": dump(evolve(a, used=Decimal(0))),
                }
                for a in approvals
            ],
        )

    def _own_numbers(self, owners: Mapping[str, str]) -> None:
        """Each number belongs to its member from now on; one that is another's was given out meanwhile."""
        if not owners:
            return
        table = schema.numbers
        rows = [{"number": number, "member_id": member} for number, member in owners.items()]
        self.connection.execute(self._insert(table).on_conflict_do_nothing(), rows)
        kept = self.connection.execute(select(table).where(one_of(table.c.number, owners)))
        if any(owners[row.number] != row.member_id for row in kept):
            raise StoreBusyError("the store failed: an authorization number was given to somebody else")

    def save_case(self, case: ReviewCase) -> None:
        """Add a 278 case, or replace the one of the same number."""
        row = {
            "case_number": case.case_number,
            "member_id": case.member_id,
            "status": case.status,
            "received": case.received.isoformat(),
            "due": case.due,
            "record": dump(case),
        }
        self.upsert(schema.cases, [row])
