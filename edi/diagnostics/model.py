"""Diagnostics: what is wrong with a sender's file, and where. Text, severity and the codes for TA1 and 999
come from one row of maps/codes/diagnostics.csv; each key of it is raised in one module."""

from collections.abc import Mapping
from functools import cache

from attrs import fields

from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows


@frozen
class DiagnosticCode:
    """One row of diagnostics.csv. An empty code: not said there."""

    code: str
    severity: str  # error, warning
    snip: str  # 1-7
    ta105: str = ""
    ak905: str = ""
    ik304: str = ""
    ik403: str = ""
    ik502: str = ""
    text: str = ""
    source: str = ""


@frozen
class Position:
    """A place in a file. Ordinals count from 1; 0 means that the place has none (a set ordinal in an ISA)."""

    segment: int = 0  # ordinal in the file
    set_segment: int = 0  # ordinal in the set, ST is 1
    offset: int = 0  # bytes from the start of the file
    tag: str = ""
    loop: str = ""
    element: int = 0
    component: int = 0
    repeat: int = 0
    data_element: str = ""  # its number in the dictionary, as 1035


@frozen
class Diagnostic:
    """One finding. `value` is what was there (never in a log); `context` the business unit it happened in,
    as ("CLM01", "ABC123"); `detail` what more than the table's text is known, without values."""

    code: str
    position: Position
    value: str = ""
    context: tuple[str, str] = ("", "")
    detail: str = ""

    @property
    def text(self) -> str:
        """What is wrong, in words."""
        return f"{self.row.text}; {self.detail}" if self.detail else self.row.text

    @property
    def row(self) -> DiagnosticCode:
        """What the table says of the code."""
        return diagnostic_codes()[self.code]

    @property
    def is_error(self) -> bool:
        """Does it count against the file?"""
        return diagnostic_codes()[self.code].severity == "error"


@frozen
class Judged:
    """A finding with what it counts for, and the partner's own words where there are any."""

    diagnostic: Diagnostic
    severity: str
    message: str


DIAGNOSTICS_CAPPED = "findings-capped"


def capped(position: Position) -> Diagnostic:
    """Says that there are more findings than are listed."""
    return Diagnostic(DIAGNOSTICS_CAPPED, position)


@cache
def diagnostic_codes() -> Mapping[str, DiagnosticCode]:
    """diagnostics.csv by code."""
    names = [f.name for f in fields(DiagnosticCode)]
    return {
        row["code"]: DiagnosticCode(**{name: row[name] or "" for name in names})
        for row in rows("diagnostics")
    }
