"""Committed answers → files in a folder, by atomic rename. Publishing twice leaves the same files."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from adjudication.store_unit import Outbound


def folder_for(folder: Path) -> None:
    """Make the folder where it is not there yet. Raises OSError when no file may be written into it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def publish(files: Iterable[Outbound], folder: Path) -> None:
    """Write each file under a temporary name, flush it to disk and rename it; mode 0600. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        target = folder / file.name
        if target.exists() and target.read_bytes() == file.content:
            continue
        temporary = folder / f".{file.name}.part"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(file.content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, target)
