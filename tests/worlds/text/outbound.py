"""Outbound segments as text, for goldens, and blocks of text to compare them with."""

from collections.abc import Iterable

from x12_payer.edi.wire.segments import OutComponent, OutElement, OutSegment


def _component(value: OutComponent) -> str:
    return value if isinstance(value, str) else ":".join(value).rstrip(":")


def _element(value: OutElement) -> str:
    return "^".join(map(_component, value)) if isinstance(value, list) else _component(value)


def lines(segments: Iterable[OutSegment]) -> list[str]:
    """Outbound segments with the usual delimiters, empty ends trimmed."""
    return ["*".join(map(_element, segment)).rstrip("*") for segment in segments]


def text(block: str) -> list[str]:
    """The lines of a block, without indentation and empty lines."""
    return [line.strip() for line in block.splitlines() if line.strip()]
