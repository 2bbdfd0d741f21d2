"""Outbound segments as text, for goldens: `*` and `:` between parts, trimmed at the end."""

from collections.abc import Iterable

from x12_payer.edi.wire.segments import OutElement, OutSegment


def element_text(element: OutElement) -> str:
    if isinstance(element, str):
        return element
    if isinstance(element, list):
        return "^".join(element_text(part) for part in element)
    return ":".join(element).rstrip(":")


def texts(segments: Iterable[OutSegment]) -> list[str]:
    return ["*".join(element_text(e) for e in segment).rstrip("*") for segment in segments]
