"""The schema: reference tables as loaded, and what processing writes. One schema for both engines.

Dates are ISO text and amounts decimal text, so that both engines give back exactly what was put in.

What may never be there twice has a unique index (GUARDS). The one-writer rule of `engine.py` already
ensures it; the index is the second guard, against whoever writes outside that rule. Columns with a
default are newer than their table: an older store gets them when it is opened."""

from typing import Any

from sqlalchemy import (
    DDL,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)

from x12_payer.adjudication.reference.reference import TABLES

metadata = MetaData()

reference = {
    name: Table(
        name,
        metadata,
        *(Column(c, Text, primary_key=c in spec.key, nullable=False) for c in spec.columns),
    )
    for name, spec in TABLES.items()
}
Index("members_subscriber", reference["members"].c.subscriber_id)
Index("members_birth", reference["members"].c.birth_date)
Index("fees_code", reference["fees"].c.code)

settings = Table(
    "settings", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)
plans = Table(
    "plans", metadata, Column("plan_id", Text, primary_key=True), Column("text", Text, nullable=False)
)

# One row a service: loaded authorizations come here too, decided ones are added.
approvals = Table(
    "approvals",
    metadata,
    Column("key", Text, primary_key=True),
    Column("number", Text, nullable=False, index=True),
    Column("case_number", Text, nullable=False, index=True),
    Column("member_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("record", Text, nullable=False),
)
# Every number that approvals bear, with whom it belongs to: one number is one member's.
numbers = Table(
    "numbers",
    metadata,
    Column("number", Text, primary_key=True),
    Column("member_id", Text, nullable=False),
)
cases = Table(
    "cases",
    metadata,
    Column("case_number", Text, primary_key=True),
    Column("member_id", Text, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("received", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("record", Text, nullable=False),
)
uses = Table(
    "uses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("approval_key", Text, nullable=False, index=True),
    Column("member_id", Text, nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("claim_number", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("units", Text, nullable=False),
    Column("service_date", Text, nullable=False),
)
accumulator_uses = Table(
    "accumulator_uses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member_id", Text, nullable=False, index=True),
    Column("claim_number", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("provider_npi", Text, nullable=False),
)
claims = Table(
    "claims",
    metadata,
    Column("claim_number", Text, primary_key=True),
    Column("member_id", Text, nullable=False),
    # first and last date of service, '' in rows of an older store
    Column("service_begin", Text, nullable=False, server_default=""),
    Column("service_end", Text, nullable=False, server_default=""),
    Column("billing_npi", Text, nullable=False, index=True),
    Column("control_number", Text, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("received", Text, nullable=False),
    # status, replaced_by, trace and remitted change after the decision; the columns hold, not the record
    Column("replaced_by", Text, nullable=False),
    Column("trace", Text, nullable=False, index=True),
    Column("remitted", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("interchange", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("reverses", Text, nullable=False, server_default=""),  # of a reversal: the claim it takes back
    Column("interest", Text, nullable=False, server_default=""),  # paid with it (PLB L6)
    # which claims of a member's past a decision looks at is read from this index alone
    Index("claims_past", "member_id", "service_end", "service_begin", "status", "claim_number"),
)
# The claim as it came: what a claim that pends, or is corrected by the payer, is decided from again.
claim_messages = Table(
    "claim_messages",
    metadata,
    Column("claim_number", Text, primary_key=True),
    Column("message", Text, nullable=False),
)
# Claims that a 277CA refused: there is no decision behind them, only what `edi claims list` says.
refused_claims = Table(
    "refused_claims",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("interchange", Integer, nullable=False, index=True),
    Column("control_number", Text, nullable=False),  # CLM01
    Column("billing_npi", Text, nullable=False),
    Column("charge", Text, nullable=False),
    Column("received", Text, nullable=False),
    Column("statuses", Text, nullable=False),  # as the 277CA says them: A7:535 A3:33:IL
)
# What payees owe us, by the trace (TRN02) of the 835 that carried it forward.
open_balances = Table(
    "open_balances",
    metadata,
    Column("npi", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("amount", Text, nullable=False),
    Column("opened", Text, nullable=False),
)
# Of older stores: one balance a payee. Opening the store moves it to open_balances, under the reference that
# it was carried under, the NPI.
balances = Table(
    "balances", metadata, Column("npi", Text, primary_key=True), Column("amount", Text, nullable=False)
)
remittances = Table(
    "remittances",
    metadata,
    Column("trace", Text, primary_key=True),
    Column("npi", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("paid_on", Text, nullable=False),
    Column("interchange", Integer, nullable=False),
)
interchanges = Table(
    "interchanges",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("control_number", Text, nullable=False),
    Column("digest", Text, nullable=False, index=True),
    Column("ta1", Text, nullable=False),  # '' accepted, else the note code it was refused with
    Column("received", Text, nullable=False),
    Column("correspondent", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("file", Text, nullable=False, server_default=""),  # the inbound file's name
    # how many accepted ones had the same sender, receiver and number: with --any-partner only
    Column("repeat", Integer, nullable=False, server_default="0"),
    Index("interchanges_number", "sender", "receiver", "control_number"),
)
outbound = Table(
    "outbound",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("interchange", Integer, nullable=False, index=True),
    Column("name", Text, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    # of a payment run: 1 once its files are in the folder; of any file: 2 when it could not be written there
    Column("published", Integer, nullable=False),
    Column("control_number", Text, nullable=False, server_default=""),  # ISA13
)
# One row a set that went out, with the numbers that an acknowledgment names it by.
sent = Table(
    "sent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),  # of the outbound file
    Column("receiver", Text, nullable=False),
    Column("control_number", Text, nullable=False, index=True),
    Column("created", Text, nullable=False),
    Column("functional_id", Text, nullable=False),
    Column("group_number", Text, nullable=False, index=True),
    Column("version", Text, nullable=False),
    Column("set_id", Text, nullable=False),
    Column("set_number", Text, nullable=False),
    Column("reference", Text, nullable=False, index=True),
)
# What came in.
acknowledgments = Table(
    "acknowledgments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("interchange", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("refers_to", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("sender", Text, nullable=False, server_default=""),
    Column("sent", Text, nullable=False, server_default="", index=True),  # outbound file, '' nothing we sent
    Column("repeats", Integer, nullable=False, server_default="0"),  # of the same thing that came before
    Column("record", Text, nullable=False, server_default=""),
    Index("acknowledgments_refers_to", "refers_to"),
)
# Who did what, when (audit.py). Only ever added to: the databases refuse anything else.
audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False, index=True),  # UTC
    *(Column(name, Text, nullable=False) for name in ("as_of", "act", "operator", "host", "version")),
    *(Column(name, Text, nullable=False) for name in ("rules", "file", "digest", "decided")),
    *(Column(name, Text, nullable=False) for name in ("previous", "hash")),
)
_REFUSED = "the audit is only ever added to"
for _act in ("UPDATE", "DELETE"):
    _refuse = (
        f"CREATE TRIGGER audit_no_{_act.lower()} BEFORE {_act} ON audit "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    )
    event.listen(audit, "after_create", DDL(_refuse).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
_refuse = (
    "CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$;"
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
)
event.listen(audit, "after_create", DDL(_refuse).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
counters = Table(
    "counters", metadata, Column("name", Text, primary_key=True), Column("value", Integer, nullable=False)
)


def _once(words: str, name: str, *columns: Column[Any], where: ColumnElement[bool] | None = None) -> str:
    """A unique index; the words say what an older store breaks that cannot have it. Gives its name."""
    _partial.append((Index(name, *columns, unique=True), where))
    GUARDS[name] = f"{words}; the store is used as it is, without this guard"
    return name


_partial: list[tuple[Index, ColumnElement[bool] | None]] = []


def speak(dialect: str) -> None:
    """Let the indexes know their WHERE in the dialect of the store: said in both when they are made, each
    start would import both."""
    for index, where in _partial:
        index.dialect_options[dialect]["where"] = where


GUARDS: dict[str, str] = {}  # what the store says of itself when it cannot have a unique index
_accepted = interchanges.c.ta1 == ""
_once(
    "an interchange with the same bytes was accepted twice",
    "interchanges_accepted_bytes",
    interchanges.c.digest,
    where=_accepted,
)
_once(
    "two interchanges of one sender were accepted under one number (ISA13)",
    "interchanges_accepted_number",
    interchanges.c.sender,
    interchanges.c.receiver,
    interchanges.c.control_number,
    interchanges.c.repeat,
    where=_accepted,
)
_once("two outbound files have one name", "outbound_one_name", outbound.c.name)
_once(
    "two outbound interchanges have one number (ISA13)",
    "outbound_one_number",
    outbound.c.control_number,
    where=outbound.c.control_number != "",
)
_once(
    "two outbound sets have one number in their group",
    "sent_one_number",
    sent.c.group_number,
    sent.c.set_number,
    where=sent.c.group_number != "",
)
_once("a claim was reversed twice", "claims_one_reversal", claims.c.reverses, where=claims.c.reverses != "")
