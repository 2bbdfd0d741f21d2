"""A file given to a command: opened once, whatever is put in the place of its name meanwhile.

Interchanges are read by offset. What comes from a pipe, standard input included, is first copied into a
file without a name, which nobody else sees and which is gone when we exit."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EBADF, ESPIPE
from pathlib import Path
from typing import IO

from x12_payer.edi.wire.segments import Source, open_file

STDIN = Path("/dev/stdin")  # `-`, however it is spelled
STDIN_NAME = "stdin"
PIECE = 1 << 16


def shown_name(path: Path) -> str:
    """A path as reports name it."""
    return STDIN_NAME if path == STDIN else str(path)


def is_piped(path: Path) -> bool:
    """Can it be read but once?"""
    try:
        return path == STDIN or stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        return False  # whoever opens it says why


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A file, open as long as it is read. Raises OSError."""
    if is_piped(path):
        from tempfile import TemporaryFile  # only who has a pipe waits for it

        with TemporaryFile() as copy:
            _copy(path, copy)
            copy.flush()
            yield Source(path=shown_name(path), handle=copy.fileno())
        return
    handle = open_file(str(path))
    try:
        yield Source(path=str(path), handle=handle)
    finally:
        os.close(handle)


def _copy(path: Path, copy: IO[bytes]) -> None:
    """Everything that comes. A pipe that nobody writes into would be waited for for ever: an OSError."""
    if path == STDIN:
        if sys.stdin is None:
            raise OSError(EBADF, os.strerror(EBADF), STDIN_NAME)
        while piece := sys.stdin.buffer.read(PIECE):
            copy.write(piece)
        return
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        while True:
            try:
                piece = os.read(handle, PIECE)
            except BlockingIOError:  # somebody has it open who wrote nothing yet
                os.set_blocking(handle, True)
                continue
            if not piece:
                break
            os.set_blocking(handle, True)
            copy.write(piece)
    finally:
        os.close(handle)
    if not copy.tell():
        raise OSError(ESPIPE, os.strerror(ESPIPE), str(path))
