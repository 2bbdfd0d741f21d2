"""Bodies of 270, 276 and 278 sets for tests: naming the loops of a sound body without the guide engine, and
outbound segments as text."""

from collections.abc import Iterable, Iterator

from x12_payer.edi.parsers.common import LoopSegment
from x12_payer.edi.wire.segments import OutComponent, OutElement, OutSegment

LEVELS = {
    "270": {"20": "2000A", "21": "2000B", "22": "2000C", "23": "2000D"},
    "276": {"20": "2000A", "21": "2000B", "19": "2000C", "22": "2000D", "23": "2000E"},
    "278": {"20": "2000A", "21": "2000B", "22": "2000C", "23": "2000D", "EV": "2000E", "SS": "2000F"},
}
NAMES = {"270": "2100", "276": "2100", "278": "2010"}
OPENERS = {"270": {"EQ": "2110"}, "276": {"TRN": "2200", "SVC": "2210"}, "278": {}}


def loop_segments(kind: str, body: str, element: str = "*") -> Iterator[LoopSegment]:
    """ST to SE as a parser gets them; `body` has one segment a line, from BHT on."""
    level = loop = "HEADER"
    lines = (line.strip() for line in body.splitlines() if line.strip())
    for ordinal, line in enumerate((f"ST{element}{kind}{element}0001", *lines, f"SE{element}9"), 1):
        segment = line.split(element)
        tag = segment[0]
        if tag == "HL":
            level = loop = LEVELS[kind][segment[3]]
        elif tag == "NM1":
            loop = NAMES[kind] + level[4:]
            if kind == "278" and level == "2000E":
                loop = "2010EC" if segment[1] in ("00", "CA", "GG") else "2010EA"
        elif tag in OPENERS[kind]:
            loop = OPENERS[kind][tag] + level[4:]
        yield loop, segment, ordinal


def _component(value: OutComponent) -> str:
    return value if isinstance(value, str) else ":".join(value).rstrip(":")


def _element(value: OutElement) -> str:
    return "^".join(map(_component, value)) if isinstance(value, list) else _component(value)


def lines(segments: Iterable[OutSegment]) -> list[str]:
    """Outbound segments as text with the usual delimiters, empty ends trimmed."""
    return ["*".join(map(_element, s)).rstrip("*") for s in segments]


def text(block: str) -> list[str]:
    """The lines of a block, without indentation and empty lines."""
    return [line.strip() for line in block.splitlines() if line.strip()]
