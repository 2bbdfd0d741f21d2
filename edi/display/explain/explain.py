"""What an acknowledgment or an answer means, in plain words: TA1, 999 (and 997), 824, 277CA, 277, 835, and
the AAA and HCR of a 271 or 278; and, given the original, which segment of it is meant.

The words for codes are in maps/codes/explanations.csv. Values of people are masked unless asked for."""

import json
from collections.abc import Iterator

from attrs import evolve

from x12_payer.edi.display.annotate import named_segments
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.explain.acks import ACKS
from x12_payer.edi.display.explain.advice import ADVICE
from x12_payer.edi.display.explain.answers import ANSWERS
from x12_payer.edi.display.explain.loops import Loops, loops_meant
from x12_payer.edi.display.explain.original import LINE_NUMBERS, Target, look_up
from x12_payer.edi.display.explain.values import ExplainedLine, Progress
from x12_payer.edi.wire.segments import Source

__all__ = ["ExplainedLine", "as_json", "explain"]

HANDLERS = {**ANSWERS, **ADVICE, **ACKS}
# Segments behind which a service line is over; its control number (REF) may come last in it.
AFTER_A_LINE = frozenset({"SVC", "CLP", "LX", "TRN", "HL", "PLB", "SE", "ST"})


def explain(
    ack: Source, original: Source | None = None, show_values: bool = False
) -> Iterator[ExplainedLine]:
    """The lines of the explanation; nothing for a file without an ISA. Without the original they stream by,
    with it the lines are held until it has been read."""
    if original is None:
        yield from _lines(ack, show_values, {})
        return
    held = list(_lines(ack, show_values, loops_meant(ack, original)))
    targets = [line.target for line in held if line.target is not None]
    places = look_up(original, targets, show_values)
    number = 0
    for line in held:
        yield line
        if line.target is not None:
            place = places.get(number, "not found there")
            number += 1
            text = f"in the original: {place}"
            yield ExplainedLine("original", line.depth + 1, text, line.target, line.loop)


def as_json(line: ExplainedLine) -> str:
    """One line as a JSON object: what is said, and the place in the original it speaks of."""
    target = line.target or Target("", ())
    group, number = (*target.numbers, "", "")[:2] if target.kind in ("group", "segment") else ("", "")
    values = {
        **{"kind": line.kind, "depth": line.depth, "text": line.text, "group": group, "set": number},
        **{"set_segment": target.ordinal, "loop": line.loop, "element": target.element},
    }
    return json.dumps(values)


def _lines(ack: Source, show_values: bool, loops: Loops) -> Iterator[ExplainedLine]:
    """The explanation of every set, and a word where there is nothing to explain."""
    progress = Progress(show_values, loops)
    of_line: list[ExplainedLine] = []
    silent = ""
    for segment in named_segments(ack):
        if segment.tag in AFTER_A_LINE:
            yield from of_line
            of_line = []
        if segment.tag == "ST":
            progress, silent = (
                Progress(show_values, loops),
                f"Set {printable(segment.set)}, {printable(segment.at(1))}",
            )
        handler = HANDLERS.get(segment.tag)
        found = list(handler(segment, progress)) if handler is not None else []
        silent = "" if found else silent
        if progress.in_line:
            of_line += found
            if segment.tag == "REF" and segment.at(1) in LINE_NUMBERS:
                of_line = [_of_line(line, segment.at(2)) for line in of_line]
        else:
            yield from found
        if segment.tag == "SE" and silent:
            yield ExplainedLine("heading", 0, f"{silent}: nothing in it that needs explaining")
    yield from of_line


def _of_line(line: ExplainedLine, number: str) -> ExplainedLine:
    """The same line, its target known by the line's control number."""
    if line.target is None or not line.target.line:
        return line
    return evolve(line, target=evolve(line.target, line=number))
