"""The two databases: how an engine is made, how one writer at a time is ensured, what an error means.

The rule "one transaction writes at a time" (DESIGN "Store") is implemented here for both: SQLite takes
BEGIN IMMEDIATE, PostgreSQL an advisory lock that ends with the transaction. So everything a unit of work
reads is true until it commits; without it two runs could read the same free number and the same unpaid
claim."""

import os
import re
from contextlib import suppress
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool, StaticPool

WRITER = 0x5831_3250  # 'X12P': our first half of the lock's name; the second is the schema, one a payer
IN_MEMORY = ":memory:"
OURS = 0o600
OTHERS = 0o077
NO_STORE = "neither a SQLite path nor a postgresql:// URL"
HINTS = {  # SQLite's words, and what a user can do
    "database is locked": "another run holds it; try again when that has ended",
    "database disk image is malformed": "it is damaged; restore it from a copy",
    "file is not a database": "it is no SQLite database, or $EDI_DB_KEY is not its key",
    "unable to open database file": "it is a folder, or in a folder that is not there or may not be written",
}
AGAIN = frozenset({"40001", "40P01"})  # serialization failure, deadlock: the same once more may succeed
_OPEN_URL = re.compile(r"\w+://[\w.-]*(:\d+)?(/[\w./-]*)?")  # no user, no parameters
_SECRET = re.compile(  # a URL without its //, or the key=value form that libpq takes
    r":.*@|^postgres\w*:|(^|\s)(host|hostaddr|port|dbname|user|password|service|sslmode)\s*=", re.I | re.S
)
_DRIVE = re.compile(r"^[A-Za-z]:(?=[\\/])")  # of a path on Windows
_ONE_WRITER = text("SELECT pg_advisory_xact_lock(:ours, hashtext(current_schema()))")


def make_engine(url: str) -> Engine:
    """The engine of a SQLite path or a postgresql:// URL."""
    if "://" in url:
        # Pinged: a server that was started again between two units costs a connection, not a run.
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)
    key = os.environ.get("EDI_DB_KEY", "") if url != IN_MEMORY else ""
    # SQLCipher is SQLite with encrypted pages. The key is set by a statement: a URL may end up in an error.
    driver = {"module": import_module("sqlcipher3.dbapi2")} if key else {}
    _only_ours(url)
    # No pool: every unit opens and closes the file, so that nothing lingers beside it between runs. A store
    # in memory is its one connection.
    pool = StaticPool if url == IN_MEMORY else NullPool
    engine = create_engine(f"sqlite:///{url}", poolclass=pool, **driver)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        if key:  # before anything else reads the file; a pragma takes no parameters
            connection.execute("PRAGMA key = '" + key.replace("'", "''") + "'")
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=60000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _only_ours(path: str) -> None:
    """A new file that only its owner may read (it holds people); SQLite gives its journals the same mode.
    What cannot be made here SQLite reports."""
    if path != IN_MEMORY:
        with suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS))


def one_writer(connection: Connection) -> None:
    """Wait until no other transaction writes to this payer's store; held until this one ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_WRITER, {"ours": WRITER})


def may_succeed_again(error: Exception) -> bool:
    """True when the same unit of work, begun anew, may succeed: another writer was in the way."""
    if isinstance(error, IntegrityError):
        return True  # a unique row that came in between: begun anew, the unit sees it
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in AGAIN


def why(error: Exception) -> str:
    """What the database says of itself, without any value of a row: those are in errors of other kinds."""
    if isinstance(error, ImportError):
        kind, extra = (
            ("$EDI_DB_KEY", "sqlcipher") if "sqlcipher" in str(error.name) else ("PostgreSQL", "postgres")
        )
        return f"{error.name} is not installed; for {kind}: pip install 'x12-payer[{extra}]'"
    if isinstance(error, IntegrityError):
        return "IntegrityError: a row would be repeated or incomplete; nothing of this unit was kept"
    stated = str(error.orig).strip() if isinstance(error, DBAPIError) else ""
    if not stated or not (isinstance(error, OperationalError) or type(error) is DatabaseError):
        return type(error).__name__
    words = stated.splitlines()[0]
    return HINTS.get(words, words)


def without_secrets(url: str) -> str:
    """The store's name as it may be shown: what may hold a password is left out."""
    if "://" not in url:
        return "..." if _SECRET.search(_DRIVE.sub("", url)) else url
    scheme = url.split("://")[0]
    return url if _OPEN_URL.fullmatch(url) else f"{scheme if scheme.isalnum() else ''}://..."


def problem_of(url: str) -> str | None:
    """Why this cannot name a store, in words that repeat none of it; None when it can.

    A raw @ in a password ends it for the URL's reader; the rest would become the host, and the error of the
    database would print it."""
    if "://" not in url:
        return None if url and without_secrets(url) == url else NO_STORE
    if not url.startswith("postgresql://"):
        return NO_STORE
    try:
        parts = make_url(url)
    except (ValueError, ArgumentError):
        return "the URL cannot be read: write postgresql://user@host:5432/name, the port in digits"
    if url.count("@") > 1 or "@" in (parts.database or "") or "?" in (parts.username or ""):
        return "the URL cannot be read: in a user or password write @ as %40, / as %2F and ? as %3F"
    return None


def keep_private(path: str) -> str | None:
    """Let only its owner read an existing file (it holds people); what to know when that cannot be done."""
    try:
        if path != IN_MEMORY and "://" not in path and os.stat(path).st_mode & OTHERS:
            os.chmod(path, OURS)
    except OSError:
        return "others may read this store, and it cannot be changed here: run chmod 600 on it as its owner"
    return None
