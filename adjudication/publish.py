"""Committed answers → files in a folder, by atomic rename. Publishing twice leaves the same files."""

import os
from collections.abc import Iterable
from pathlib import Path

from adjudication.store_unit import Outbound


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
