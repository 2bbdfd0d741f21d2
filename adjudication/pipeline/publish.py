"""Committed answers → files in a folder, by atomic rename. Publishing twice leaves the same files.

A temporary file is newly created under a name that nobody can guess (never through a link that somebody
planted). It is locked as long as its writer lives, which distinguishes what a killed run left from what
another run is writing."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from x12_payer.adjudication.store.unit import Outbound
from x12_payer.edi.frozen import frozen

try:
    import fcntl
except ImportError:  # not on Windows: there temporary files of killed runs stay
    fcntl = None  # type: ignore[assignment]

TEMPORARY = re.compile(r"\.([0-9a-f]{16}|.+\.x12)\.part")  # ours, and those of earlier versions
LONGEST_NAME = 255  # bytes of a file name, on every file system in use
ANSWER_ENDING = len(".000000000.277CA.x12") + len("-99999")  # what an answer adds to its inbound file's stem
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


@frozen
class Unwritten:
    """A file that could not be put into its folder, and why."""

    name: str
    why: str


def folder_for(folder: Path) -> None:
    """Make the folder where it is not there yet, for its owner alone, and take away what killed runs left in
    it. Raises OSError when no file may be written into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    for path in folder.iterdir():
        if TEMPORARY.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            with suppress(OSError), path.open("rb") as left:
                if _locked(left.fileno()):
                    path.unlink()


def publish(files: Iterable[Outbound], folder: Path) -> tuple[Unwritten, ...]:
    """Put each file into the folder, mode 0600, flushed to disk before it gets its name. One that cannot be
    written stops no other; the store has it for the next run."""
    return tuple(filter(None, (_one(file, folder) for file in files)))


def _one(file: Outbound, folder: Path) -> Unwritten | None:
    for again in (True, False):
        try:
            _write(file, folder)
            return None
        except FileNotFoundError as error:  # another run took the new file for one that was left behind
            if not again:
                return Unwritten(file.name, str(error.strerror))
        except OSError as error:
            return Unwritten(file.name, str(error.strerror))
    return None


def _write(file: Outbound, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / file.name
    if target.is_file() and target.read_bytes() == file.content:
        return
    with _temporary(folder) as (handle, temporary):
        out = memoryview(file.content)
        while out:
            out = out[os.write(handle, out) :]
        os.fsync(handle)
        os.replace(temporary, target)


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[int, Path]]:
    """A new file, locked until it has its name; it goes when it does not get one."""
    path = folder / f".{token_hex(8)}.part"
    handle = os.open(path, NEW_FILE, 0o600)
    try:
        _locked(handle)
        yield handle, path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Take the file's lock; False when its writer has it."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def unusable_name(path: Path) -> str:
    """Why no answer can be named after a file, '' when one can. Asked before anything of it is decided."""
    if any("\ud800" <= char <= "\udfff" for char in path.name):
        return "its name is no UTF-8, and answers are named after it; rename it"
    length = len(os.fsencode(path.stem))
    if length + ANSWER_ENDING > LONGEST_NAME:
        return f"its name has {length} bytes, too many to name answers after it; rename it"
    return ""
