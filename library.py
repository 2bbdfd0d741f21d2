"""The Python door: what `x12_payer/__init__.py` names and no room can hold, because it takes the clock of
the machine or conducts the pipeline, as the commands do."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType

from x12_payer.adjudication.actor import this_process
from x12_payer.adjudication.pipeline.interchange import process_source
from x12_payer.adjudication.pipeline.payment import pay_run
from x12_payer.adjudication.pipeline.values import Report, Settings
from x12_payer.adjudication.reference.reference import read_reference
from x12_payer.adjudication.store.store import Store, open_store
from x12_payer.adjudication.store.unit import LoadCount, Outbound, Unit
from x12_payer.edi.clock import local_now
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.tree import FileOrBytes, Interchange, read, source_of
from x12_payer.edi.snip.set_errors import check_to_answer
from x12_payer.edi.snip.validate import USUAL_SNIP, LocatedDiagnostic, diagnostics_in

IN_MEMORY = ":memory:"
NAME = "inbound"  # of what comes as bytes, where the caller gives none


class ReferenceDataError(ValueError):
    """Reference data was refused and nothing of it loaded; `problems` has a line for each fault, which names
    file, line and column."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def validate(
    file: FileOrBytes, snip: int = USUAL_SNIP, as_of: date | None = None, maps: Path | None = None
) -> tuple[LocatedDiagnostic, ...]:
    """What is wrong with a file (path, bytes or text), types 1 to `snip` (7: the sender's companion guide,
    too), in the order of the file; () when it is valid. `as_of` is the day whose code lists hold, today when
    none is given; `maps` a folder of your own code lists. Raises OSError when a path cannot be read."""
    name = "" if isinstance(file, bytes) else str(file) if isinstance(file, Path) else ""
    return tuple(
        diagnostics_in(source_of(file), snip, as_of or date.today(), name, maps, exact=as_of is not None)
    )


@frozen
class Answer:
    """One interchange that the payer answered with. `kind`: TA1 999 277CA 271 277 278 835; `name`: the file
    name that `edi process` would give it."""

    name: str
    kind: str
    content: bytes

    @property
    def text(self) -> str:
        """The interchange as text."""
        return self.content.decode("latin-1")

    def read(self) -> Interchange:
        """Its groups, sets and segments."""
        return next(read(self.content))


@frozen
class Answers:
    """What became of a file or a payment run: `files` in the order they were written, `reports` one for each
    inbound interchange (counts and control numbers), `notes` for the operator."""

    files: tuple[Answer, ...]
    reports: tuple[Report, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def of(self, kind: str) -> tuple[Answer, ...]:
        """The files of a kind: 271, 835."""
        return tuple(file for file in self.files if file.kind == kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the files, in order."""
        return tuple(file.kind for file in self.files)


class Payer:
    """A payer that answers: a store and what is loaded into it.

    store: a SQLite file (made when it is not there), a postgresql:// URL, or ":memory:", which is gone when
    the payer is closed. A context manager; what one call decides is committed before it returns. Raises
    StoreError when the store cannot be opened or used. by: who the audit says it was; $EDI_USER, else the
    login name, when none is given."""

    def __init__(self, store: str | Path = IN_MEMORY, by: str = "") -> None:
        self._store: Store = open_store(str(store), this_process(by))

    def __enter__(self) -> "Payer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def load(self, *paths: str | Path) -> tuple[LoadCount, ...]:
        """Load reference data from files or folders, all or nothing; the same again changes nothing. Gives
        what changed, a row a table. Raises ReferenceDataError when anything is wrong."""
        data, problems = read_reference([Path(path) for path in paths], self._store.held)
        if not problems and self._store.payer is None and not data.payer:
            problems = ("payer.toml: is missing; the first load needs it",)
        if problems:
            raise ReferenceDataError(problems)
        return self._store.load(data, " ".join(Path(path).name for path in paths))

    def process(
        self,
        file: FileOrBytes,
        as_of: datetime | None = None,
        *,
        name: str = "",
        pay: bool = True,
        any_partner: bool = False,
        maps: Path | None = None,
    ) -> Answers:
        """Answer every interchange of a file, each in a transaction of its own, as `edi process` does.

        as_of: local time of the payer, the only clock of every decision; now when none is given. name: what
        the file is called in reports and answers. pay: write 835s for the claims it decides. any_partner:
        take unknown senders and receivers. maps: your own code lists. Raises OSError when a path cannot be
        read, ReferenceDataError when nothing is loaded yet."""
        settings = self._settings(as_of, pay=pay, any_partner=any_partner, maps=maps)
        source = source_of(file)
        called = name or (Path(source.path).name if source.path else NAME)
        checked = check_to_answer(source, settings.as_of.date(), maps)
        done = [*process_source(source, checked, called, Path(called).stem, self._store, settings)]
        files = tuple(answer for one in done for answer in map(_answer, one.files))
        notes = tuple(note for one in done for note in one.report.notes)
        return Answers(files, tuple(one.report for one in done), notes)

    def pay(self, as_of: datetime | None = None) -> Answers:
        """The payment run alone, as `edi pay`: pended claims whose cause is gone are decided, then every
        decided claim that is in no 835 yet goes into one."""
        settings = self._settings(as_of)

        def run(unit: Unit) -> tuple[tuple[str, ...], tuple[Outbound, ...]]:
            notes, files = pay_run(unit, settings), unit.unpublished()
            unit.mark_published({file.name for file in files})
            return notes, files

        notes, files = self._store.run(settings.as_of, run)
        return Answers(tuple(map(_answer, files)), notes=notes)

    def _settings(
        self,
        as_of: datetime | None,
        *,
        pay: bool = True,
        any_partner: bool = False,
        maps: Path | None = None,
    ) -> Settings:
        store = self._store
        if store.payer is None:
            raise ReferenceDataError(["nothing is loaded: call load() with payer.toml and reference tables"])
        now = as_of or local_now(store.payer.time_zone)
        return Settings(store.payer, store.plans, store.partners, store.payees, now, pay, any_partner, maps)


def _answer(file: Outbound) -> Answer:
    return Answer(file.name, file.name.rsplit(".", 2)[-2], file.content)
