"""Bringing a store up to date: its tables created, an older store given the columns and indexes that came
later. A store that a newer edi has used is refused: this one does not know what its rows mean by now."""

from collections.abc import Iterator
from decimal import Decimal
from zlib import crc32

from sqlalchemy import Connection, Engine, Index, Table, inspect
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from x12_payer.adjudication.errors import StoreError
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.engine import one_writer

FORM = "schema"  # the row of `counters` that says which form the store has
GENERATION = 1  # one more whenever older programs can no longer write to what this one leaves
IN_USE = "generation"  # the row of `counters` that holds it; SQLite holds it as user_version
NEWER = "a newer edi has used this store; use that version or a newer one"


def bring_up_to_date(engine: Engine) -> tuple[str, ...]:
    """Make what is missing. Gives a sentence for each guard that the store's own rows break: such a store
    opens all the same, because only people can say which of two rows is right."""
    schema.speak(engine.dialect.name)
    form = _form(engine)
    if _has_form(engine, form):
        return ()
    with engine.begin() as connection:
        one_writer(connection)  # two runs may open a new store at once
        _refuse_newer(connection)
        schema.metadata.create_all(connection)
        _mark(connection)
        _add_columns(connection)
        _move_balances(connection)
        broken = tuple(_add_indexes(connection))
        if not broken:
            _remember(connection, form)
    return broken


def _form(engine: Engine) -> int:
    """A number for the whole schema: another one whenever a table, a column or an index is another."""
    tables = sorted(schema.metadata.tables.values(), key=lambda table: table.name)
    parts: list[CreateTable | CreateIndex] = [CreateTable(table) for table in tables]
    parts += [CreateIndex(index) for table in tables for index in _indexes(table)]
    return crc32("".join(str(part.compile(dialect=engine.dialect)) for part in parts).encode()) & 0x7FFF_FFFF


def _has_form(engine: Engine, form: int) -> bool:
    """A look without a transaction of our own: who only opens a store does not wait for its writer."""
    try:
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(_ask_generation(engine.dialect.name))
            generation = cursor.fetchone()
            cursor.execute(f"SELECT value FROM counters WHERE name = '{FORM}'")
            return generation == (GENERATION,) and cursor.fetchone() == (form,)
        finally:
            raw.close()
    except SQLAlchemyError:
        raise
    except Exception:  # the driver's own error: no such table, in a store that is new
        return False


def _ask_generation(dialect: str) -> str:
    if dialect == "sqlite":
        return "PRAGMA user_version"
    return f"SELECT value FROM counters WHERE name = '{IN_USE}'"


def _refuse_newer(connection: Connection) -> None:
    """StoreError for a store of a later generation, or with columns that we do not know: an older edi would
    leave them out of what it writes."""
    there = inspect(connection)
    held = set(there.get_table_names()) & set(schema.metadata.tables)
    if connection.dialect.name == "sqlite" or schema.counters.name in held:
        found = connection.exec_driver_sql(_ask_generation(connection.dialect.name)).scalar()
        if found is not None and found > GENERATION:
            raise StoreError(NEWER)
    for name in sorted(held):
        ours = schema.metadata.tables[name].columns
        if strange := [c["name"] for c in there.get_columns(name) if c["name"] not in ours]:
            raise StoreError(f"{name} has columns that are not known here ({', '.join(strange)}): {NEWER}")


def _mark(connection: Connection) -> None:
    """The store is of our generation."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {GENERATION}")
        return
    table = schema.counters
    connection.execute(table.delete().where(table.c.name == IN_USE))
    connection.execute(table.insert().values(name=IN_USE, value=GENERATION))


def _remember(connection: Connection, form: int) -> None:
    table = schema.counters
    connection.execute(table.delete().where(table.c.name == FORM))
    connection.execute(table.insert().values(name=FORM, value=form))


def _add_columns(connection: Connection) -> None:
    """The columns that came later: they have a default."""
    for table in schema.metadata.tables.values():
        newer = [column for column in table.columns if column.server_default is not None]
        there = {column["name"] for column in inspect(connection).get_columns(table.name)} if newer else set()
        for column in newer:
            if column.name not in there:
                added = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {added}")


def _move_balances(connection: Connection) -> None:
    """The one balance a payee of older stores, under the reference that its 835 named: the NPI."""
    old, new = schema.balances, schema.open_balances
    rows = connection.execute(old.select()).mappings().all()
    moved = [
        {"npi": row["npi"], "reference": row["npi"], "amount": row["amount"], "opened": ""}
        for row in rows
        if Decimal(row["amount"])
    ]
    if moved:
        connection.execute(new.insert(), moved)
    if rows:
        connection.execute(old.delete())


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))


def _add_indexes(connection: Connection) -> Iterator[str]:
    """The indexes that came later; what keeps a unique one from being made is said."""
    for table in schema.metadata.tables.values():
        there = {index["name"] for index in inspect(connection).get_indexes(table.name)}
        for index in _indexes(table):
            if index.name in there:
                continue
            try:
                with connection.begin_nested():
                    index.create(connection)
            except IntegrityError:
                yield schema.GUARDS[str(index.name)]
