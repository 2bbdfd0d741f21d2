"""Many files, one after another: whatever is wrong with one stops only that one.

With more than one worker the files are checked in a pool of processes, ahead of the decisions; decisions
are made one after another, so the answers do not depend on the number of workers."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from x12_payer.adjudication.errors import InputChangedError, StoreError
from x12_payer.adjudication.pipeline.inbound import Seal, seal
from x12_payer.adjudication.pipeline.interchange import Processed, process_source
from x12_payer.adjudication.pipeline.publish import unusable_name
from x12_payer.adjudication.pipeline.values import Report, Settings
from x12_payer.adjudication.store.store import Store
from x12_payer.edi.reading.check import CheckedInterchange
from x12_payer.edi.snip.set_errors import check_to_answer
from x12_payer.edi.wire.inputs import is_piped, opened
from x12_payer.edi.wire.segments import Source
from x12_payer.edi.words import unread

if TYPE_CHECKING:
    from x12_payer.edi.snip.fast_path.claims import Memory

Checked = tuple[Seal, Iterable[CheckedInterchange]]
Look = Callable[[Source], Checked]  # a file's seal and what is in it

CHANGED = "it was changed while it was read; send it again when it is whole"
BUG = "internal error ({}): please report it; EDI_DEBUG=1 shows the details"


def process_files(
    files: Sequence[Path], store: Store, settings: Settings, workers: int = 1
) -> Iterator[Processed]:
    """Every interchange of every file, in order. Only what concerns all of them is raised: the store failed,
    or a worker was ended."""
    with lookers(files, settings, workers) as looks:
        for path, look in zip(files, looks, strict=True):
            yield from process_file(path, look, store, settings)


def process_file(path: Path, look: Look, store: Store, settings: Settings) -> Iterator[Processed]:
    """The interchanges of one file; what stopped it is the last thing said of it."""
    name = file_name(path)
    if why := unusable_name(path):
        yield stopped(name, why)
        return
    try:
        with opened(path) as source:
            kept, found = look(source)
            yield from process_source(source, found, name, path.stem, store, settings, kept)
    except (StoreError, BrokenProcessPool):
        raise
    except InputChangedError:
        yield stopped(name, CHANGED)
    except OSError as error:
        yield stopped(name, f"cannot be read: {unread(error)}")
    except Exception as error:  # a bug that one file meets; the others have a right to their answers
        if os.environ.get("EDI_DEBUG"):
            raise
        yield stopped(name, BUG.format(type(error).__name__), failed=True)


def stopped(name: str, why: str, failed: bool = False) -> Processed:
    """What is said of a file that went no further."""
    return Processed(Report(name, "", notes=(why,), unreadable=True, failed=failed), ())


def file_name(path: Path) -> str:
    """The name as text: bytes that are no UTF-8 are spelled out."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


@contextmanager
def lookers(files: Sequence[Path], settings: Settings, workers: int) -> Iterator[Iterable[Look]]:
    """For each file a look at it: when it is asked for, or ahead by a pool of processes."""
    terms = settings.as_of.date(), settings.maps
    memory: Memory = {}  # what this run learns of claims

    def here(source: Source) -> Checked:
        return seal(source), check_to_answer(source, *terms, memory)

    if workers == 1:
        yield (here for _ in files)
        return
    with ProcessPoolExecutor(workers, initializer=end_silently) as pool:
        try:
            results = [
                None if unusable_name(path) or is_piped(path) else pool.submit(check_file, path, *terms)
                for path in files
            ]
            yield (here if result is None else awaited(result) for result in results)
        except BrokenProcessPool:
            raise  # its thread is waited for: at exit it would meet pipes that are closed
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what waits is not begun
            raise


def end_silently() -> None:
    """Ctrl-C ends a worker at once, without a traceback; the process that started it says a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def check_file(path: Path, as_of: date, maps: Path | None) -> tuple[Seal, list[CheckedInterchange]]:
    """What a worker does with a file. By its seal the deciding process knows whether both read the same."""
    with opened(path) as source:
        return seal(source), list(check_to_answer(source, as_of, maps))


def awaited(result: Future[tuple[Seal, list[CheckedInterchange]]]) -> Look:
    """What a worker found, or its exception, when the file's turn has come."""

    def look(_: Source) -> Checked:
        return result.result()

    return look
