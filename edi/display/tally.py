"""The result of checking files: counts while the diagnostics go by, and one line for each file."""

from collections.abc import Iterable, Iterator

from attrs import field, mutable

from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.validate import LocatedDiagnostic
from x12_payer.edi.wire.segments import Source


@mutable
class Tally:
    """Counts of one file while its findings go by."""

    errors: int = 0
    warnings: int = 0
    unread: bool = False  # it could not be read to its end
    masked: bool = False  # a value was left out of what is shown
    by_code: dict[str, int] = field(factory=dict)

    def add(self, found: LocatedDiagnostic) -> None:
        """Count one."""
        if found.is_error:
            self.errors += 1
        else:
            self.warnings += 1
        self.by_code[found.code] = self.by_code.get(found.code, 0) + 1


@frozen
class Checked:
    """A file to report on. `findings` are read once; `tally` holds their counts when they have been."""

    name: str
    source: Source
    diagnostics: Iterable[LocatedDiagnostic]
    tally: Tally


def summary(file: str, tally: Tally) -> str:
    """One line for one file."""
    if tally.unread:
        return f"{file}: could not be read"
    if not tally.errors and not tally.warnings:
        return f"{file}: valid"
    return f"{file}: {_many(tally.errors, 'error')}, {_many(tally.warnings, 'warning')}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def counted(found: Iterable[LocatedDiagnostic], tally: Tally) -> Iterator[LocatedDiagnostic]:
    """The same findings; the tally counts them as they go by."""
    for one in found:
        tally.add(one)
        yield one
