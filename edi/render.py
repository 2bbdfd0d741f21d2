"""Findings as text and as JSON lines (CONTRACT section 6). Values stand in them only when asked for."""

import json
from collections.abc import Iterable, Iterator

from attrs import asdict, field, frozen, mutable

from edi.diagnostics import diagnostic_codes
from edi.elements import printable
from edi.segments import Source
from edi.show_names import element_name, element_ref, loop_name, segment_name
from edi.validate import Finding

SEGMENT_MISSING = "3"  # IK304
NOT_TOLD = ("value", "guide")  # fields of a Finding that are no part of the contract's object


@mutable
class Tally:
    """Counts of one file while its findings go by."""

    errors: int = 0
    warnings: int = 0
    unread: bool = False  # it could not be read to its end
    by_code: dict[str, int] = field(factory=dict)

    def add(self, found: Finding) -> None:
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
    findings: Iterable[Finding]
    tally: Tally


def json_line(found: Finding, show_values: bool) -> str:
    """One finding as one JSON object."""
    told = {name: value for name, value in asdict(found).items() if name not in NOT_TOLD}
    if show_values:
        told["value"] = printable(found.value)
    return json.dumps(told)


def where(found: Finding) -> str:
    """The place in the guide's words: 'NM109 Id code, 2010BA Subscriber name'."""
    ref = element_ref(found.tag, found.element, found.component, found.repeat)
    name = (
        element_name(found.guide, found.loop, found.tag, found.element, found.component)
        if found.element
        else segment_name(found.guide, found.loop, found.tag, _is_missing(found))
    )
    loop = loop_name(found.guide, found.loop)
    parts = (f"{ref} {name}".strip(), f"{found.loop} {loop}" if loop else "")
    return printable(", ".join(part for part in parts if part))


def _is_missing(found: Finding) -> bool:
    """Is it about a required segment that is not there?"""
    return diagnostic_codes()[found.code].ik304 == SEGMENT_MISSING


def place(found: Finding) -> str:
    """The place in the file: 'segment 17, set 0001 no. 15, byte 812'."""
    parts = [f"segment {found.segment}"] if found.segment else []
    if found.set:
        parts.append(f"set {printable(found.set)} no. {found.set_segment}")
    return ", ".join([*parts, f"byte {found.offset}"])


def text_lines(found: Finding, show_values: bool) -> Iterator[str]:
    """One finding for people: where, what, and the place in the file."""
    spot = where(found)
    value = f', value "{printable(found.value)}"' if show_values and found.value else ""
    yield f"{found.severity} [SNIP {found.snip}] {found.code}" + (f" at {spot}" if spot else "")
    yield f"  {found.message} ({place(found)}{value})"


def summary(file: str, tally: Tally) -> str:
    """One line for one file."""
    if tally.unread:
        return f"{file}: could not be read"
    if not tally.errors and not tally.warnings:
        return f"{file}: sound"
    return f"{file}: {_many(tally.errors, 'error')}, {_many(tally.warnings, 'warning')}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def counted(found: Iterable[Finding], tally: Tally) -> Iterator[Finding]:
    """The same findings; the tally counts them as they go by."""
    for one in found:
        tally.add(one)
        yield one
