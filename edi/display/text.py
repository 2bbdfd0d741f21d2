"""Diagnostics as text and as JSON lines (CONTRACT section 6). They contain values only when asked for."""

import json
from collections.abc import Iterator

from attrs import asdict

from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.names import element_name, element_ref, loop_name, segment_name
from x12_payer.edi.snip.validate import LocatedDiagnostic

SEGMENT_MISSING = "3"  # IK304
NOT_REPORTED = ("value", "guide")  # fields of a Finding that are no part of the contract's object


def json_line(found: LocatedDiagnostic, show_values: bool) -> str:
    """One finding as one JSON object."""
    reported = {name: value for name, value in asdict(found).items() if name not in NOT_REPORTED}
    if show_values:
        reported["value"] = printable(found.value)
    return json.dumps(reported)


def where(found: LocatedDiagnostic) -> str:
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


def _is_missing(found: LocatedDiagnostic) -> bool:
    """Is it about a required segment that is not there?"""
    return diagnostic_codes()[found.code].ik304 == SEGMENT_MISSING


def place(found: LocatedDiagnostic) -> str:
    """The place in the file: 'segment 17, set 0001 no. 15, byte 812'."""
    parts = [f"segment {found.segment}"] if found.segment else []
    if found.set:
        parts.append(f"set {printable(found.set)} no. {found.set_segment}")
    return ", ".join([*parts, f"byte {found.offset}"])


def text_lines(found: LocatedDiagnostic, show_values: bool) -> Iterator[str]:
    """One finding for people: where, what, and the place in the file."""
    spot = where(found)
    value = f', value "{printable(found.value)}"' if show_values and found.value else ""
    yield f"{found.severity} [SNIP {found.snip}] {found.code}" + (f" at {spot}" if spot else "")
    yield f"  {found.message} ({place(found)}{value})"
