"""What keeps an interchange from being written: values that would be cut or be taken for separators, and what
the guide has against the sets."""

import re
from collections.abc import Iterable, Iterator, Sequence

from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.guides.elements import CHARACTER
from x12_payer.edi.guides.walk import loops_of
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.reading.envelope import ISA_ELEMENT, isa_elements
from x12_payer.edi.wire.segments import Delimiters, OutElement, OutSegment, Source
from x12_payer.edi.wire.writer import OutboundInterchange, segment_text

WIDTHS = {5: 2, 6: 15, 7: 2, 8: 15, 13: 9, 15: 1}  # of the elements of the ISA that are given
LAST_CHARACTER = "\xff"  # of Latin-1
_REPLACED = "X"  # stands for a bad character while the loop is looked for


def bad_values(
    interchange: OutboundInterchange, delimiters: Delimiters, guides: Iterable[str]
) -> list[Diagnostic]:
    """Values of the ISA that do not fit, and values of the sets that hold a separator, a control character or
    one beyond Latin-1. `guides` are the guides of the sets, in order."""
    bad = _bad_characters(delimiters)
    return [*_header(interchange, bad), *_sets(interchange, delimiters, bad, iter(guides))]


def _bad_characters(delimiters: Delimiters) -> re.Pattern[str]:
    four = (delimiters.element, delimiters.repetition, delimiters.component, delimiters.segment)
    return re.compile(f"[{re.escape(''.join(four))}\\x00-\\x1f\\x7f]|[^\\x00-\\xff]")


def _header(interchange: OutboundInterchange, bad: re.Pattern[str]) -> Iterator[Diagnostic]:
    given = {
        5: interchange.sender_qualifier,
        6: interchange.sender,
        7: interchange.receiver_qualifier,
        8: interchange.receiver,
        13: f"{interchange.control_number:09d}",
        15: interchange.usage,
    }
    for number, value in given.items():
        width = WIDTHS[number]
        fits = len(value) <= width and isa_elements()[number].pattern.fullmatch(value.ljust(width))
        if not fits or bad.search(value):
            yield Diagnostic(ISA_ELEMENT, Position(segment=1, tag="ISA", element=number), value)


def _sets(
    interchange: OutboundInterchange, delimiters: Delimiters, bad: re.Pattern[str], guides: Iterator[str]
) -> Iterator[Diagnostic]:
    ordinal = 1 if interchange.ta1 is None else 2
    for group in interchange.groups:
        ordinal += 1
        for one in group.sets:
            guide = next(guides)
            found = [
                (at, *where) for at, segment in enumerate(one.segments) for where in _values(segment, bad)
            ]
            loops = _loops(guide, one.segments, delimiters, bad) if found else []
            for at, (element, component, repeat), value in found:
                place = Position(
                    segment=ordinal + at + 2,
                    set_segment=at + 2,
                    tag=str(one.segments[at][0]),
                    loop=loops[at],
                    element=element,
                    component=component,
                    repeat=repeat,
                )
                yield Diagnostic(CHARACTER, place, value, detail=_why(value, bad))
            ordinal += len(one.segments) + 2
        ordinal += 1


def _why(value: str, bad: re.Pattern[str]) -> str:
    """Which character it is."""
    found = next(bad.finditer(value))[0]
    if found > LAST_CHARACTER:
        return f"U+{ord(found):04X} is not in Latin-1"
    return f"{found} separates here" if found.isprintable() else "it is a control character"


def _values(segment: OutSegment, bad: re.Pattern[str]) -> Iterator[tuple[tuple[int, int, int], str]]:
    """The values with a bad character, with element, component and repeat."""
    for number, element in enumerate(segment):
        for component, repeat, value in _parts(element):
            if bad.search(value):
                yield (number, component, repeat), value


def _parts(element: OutElement) -> Iterator[tuple[int, int, str]]:
    """Component, repeat and value of everything in an element; 0 where it is not made of such."""
    if isinstance(element, str):
        yield 0, 0, element
    elif isinstance(element, tuple):
        yield from ((component, 0, value) for component, value in enumerate(element, 1))
    else:
        for repeat, part in enumerate(element, 1):
            yield from ((component, repeat, value) for component, _, value in _parts(part))


def _loops(
    guide: str, segments: Sequence[OutSegment], delimiters: Delimiters, bad: re.Pattern[str]
) -> list[str]:
    """The loop of each segment, as if the bad characters were others."""
    if not guide:
        return [""] * len(segments)
    texts = [segment_text(tuple(_clean(e, bad) for e in segment), delimiters) for segment in segments]
    return [loop for loop, _, _ in loops_of(guide, delimiters, ["ST", *texts])][1:]


def _clean(element: OutElement, bad: re.Pattern[str]) -> OutElement:
    if isinstance(element, str):
        return bad.sub(_REPLACED, element)
    if isinstance(element, tuple):
        return tuple(bad.sub(_REPLACED, part) for part in element)
    cleaned = (_clean(part, bad) for part in element)
    return [part for part in cleaned if not isinstance(part, list)]


def errors_in(text: str, unguided: str) -> list[Diagnostic]:
    """What types 1 and 2 have against an interchange that was written. Groups of the GS01 `unguided` are
    passed over: there is no guide to judge them by."""
    found: list[Diagnostic] = []
    for interchange in check_interchanges(Source(data=text.encode("latin-1")), every_guide=True):
        found += interchange.diagnostics
        for group in (one for one in interchange.groups if one.gs[1] != unguided):
            found += group.diagnostics
            found += (d for one in group.sets for d in one.diagnostics)
    return [d for d in found if d.is_error]
