"""What the parts of `edi explain` hand to each other: the lines so far, and what the answer named so far."""

from decimal import Decimal, InvalidOperation

from attrs import define, field

from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.display.elements import printable, readable
from x12_payer.edi.display.explain.loops import Loops
from x12_payer.edi.display.explain.original import Target
from x12_payer.edi.display.masking import MASK
from x12_payer.edi.frozen import frozen


@frozen
class ExplainedLine:
    """One line. `kind` is heading, text, or original (a segment of the file that was answered); `target` is
    what it speaks of in the original; `loop` the loop which that is in, by its full id when known."""

    kind: str
    depth: int
    text: str
    target: Target | None = None
    loop: str = ""


@define(eq=False)
class Progress:
    """What the answer said so far. `unit` is the claim number or trace at hand, `batch` the id of the
    answered set; `lines` counts the service lines of the unit."""

    show_values: bool = False
    loops: Loops = field(factory=dict)  # the full ids of those that a 999 names
    functional_id: str = ""  # AK101
    guide_id: str = ""  # AK103
    group: str = ""  # GS06 of the answered group
    set: str = ""  # ST02 of the answered set
    guide: str = ""  # name of its guide
    tag: str = ""  # IK301
    ordinal: int = 0  # IK302
    loop: str = ""  # IK303
    unit: str = ""
    batch: str = ""
    totals: dict[tuple[str, str], str] = field(factory=dict)  # of a batch: QTY or AMT, and its result
    lines: int = 0
    in_line: bool = False
    services: int = 0
    service_trace: str = ""

    def value(self, raw: str) -> str:
        """A value for people's eyes: masked unless asked for."""
        return printable(raw) if self.show_values else MASK

    def line(self) -> str:
        """The line at hand as a Target names it, '' outside of a line."""
        return f"#{self.lines}" if self.in_line else ""


def coded(list_name: str, code: str) -> str:
    """The words of a code with the code behind, as 'the copay (3)'; the code alone when we have no words."""
    words = text_of(list_name, code)
    return f"{words} ({printable(code)})" if words else f"code {printable(code)}"


def money(raw: str) -> str:
    """An amount with two decimals; what is no amount unchanged."""
    try:
        return f"{Decimal(raw or 0):.2f}"
    except InvalidOperation:
        return printable(raw)


def day(raw: str) -> str:
    """A date as 2026-07-06."""
    return readable("DT", "", raw, "")


def counted(raw: str) -> int:
    """A count, 0 when it is none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
