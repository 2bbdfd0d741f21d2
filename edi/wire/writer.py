"""The writer: sets, groups and an interchange as bytes. It counts what the trailers state, trims empty
elements at the end, and never lets a value hold a separator."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from x12_payer.edi.frozen import frozen
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters, OutElement, OutSegment

POOL = "*^:~|>!+;<@#%{}[]$=\\`_&\"'(),"  # separators to choose from when the usual ones are in a value
LINE_ENDS = "\r\n"
_BLANKS = {**dict.fromkeys(range(32), " "), 127: " "}
_CONTROLS = frozenset(map(chr, _BLANKS))


@frozen
class OutboundSet:
    """One set. `segments`: its body, without ST and SE. `version` is written as ST03, but not in an 835."""

    set_id: str
    control_number: str
    version: str
    segments: Sequence[OutSegment]


@frozen
class OutboundGroup:
    """One functional group."""

    functional_id: str  # GS01
    control_number: int  # GS06
    version: str  # GS08
    sender: str  # GS02
    receiver: str  # GS03
    sets: Sequence[OutboundSet]


@frozen
class OutboundInterchange:
    """One interchange; `created` is the time of ISA09-10 and GS04-05."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    control_number: int
    created: datetime
    usage: str
    acknowledgment: str = "0"
    ta1: OutSegment | None = None
    groups: Sequence[OutboundGroup] = ()


def write_interchange(interchange: OutboundInterchange, preferred: Delimiters | None = None) -> bytes:
    """The bytes of an interchange, a line end after each terminator. `preferred` are the separators to take
    when one of ours is in a value."""
    segments: list[OutSegment] = list(_segments(interchange))
    used = _characters(segments)
    if used & _CONTROLS:
        segments = [tuple(map(_clean, segment)) for segment in segments]
        used = _characters(segments)
    used.update(interchange.sender_qualifier, interchange.sender, interchange.receiver_qualifier)
    used.update(interchange.receiver, interchange.usage)
    text = _text_of(interchange, segments, _choose(used, preferred))
    return text.encode("latin-1", errors="replace")


def interchange_text(interchange: OutboundInterchange, delimiters: Delimiters) -> str:
    """The text of an interchange with these separators, a line end after each terminator. That no value holds
    one of them is for the caller to see to."""
    return _text_of(interchange, list(_segments(interchange)), delimiters)


def _text_of(interchange: OutboundInterchange, segments: list[OutSegment], delimiters: Delimiters) -> str:
    lines = [_header(interchange, delimiters), *(segment_text(segment, delimiters) for segment in segments)]
    end = delimiters.segment if delimiters.segment in LINE_ENDS else delimiters.segment + "\n"
    return end.join(lines) + end


def _segments(interchange: OutboundInterchange) -> Iterator[OutSegment]:
    """Everything behind the ISA."""
    if interchange.ta1 is not None:
        yield interchange.ta1
    for group in interchange.groups:
        yield from _group(group, interchange.created)
    yield ("IEA", str(len(interchange.groups)), f"{interchange.control_number:09d}")


def _group(group: OutboundGroup, created: datetime) -> Iterator[OutSegment]:
    number = str(group.control_number)
    day, time = created.strftime("%Y%m%d"), created.strftime("%H%M")
    yield ("GS", group.functional_id, group.sender, group.receiver, day, time, number, "X", group.version)
    for one in group.sets:
        yield ("ST", one.set_id, one.control_number, "" if one.set_id == "835" else one.version)
        yield from one.segments
        yield ("SE", str(len(one.segments) + 2), one.control_number)
    yield ("GE", str(len(group.sets)), number)


def _header(interchange: OutboundInterchange, delimiters: Delimiters) -> str:
    """The ISA, 105 characters without its terminator."""
    elements = (
        *("ISA", "00", " " * 10, "00", " " * 10),
        _fixed(interchange.sender_qualifier, 2),
        _fixed(interchange.sender, 15),
        _fixed(interchange.receiver_qualifier, 2),
        _fixed(interchange.receiver, 15),
        *(interchange.created.strftime("%y%m%d"), interchange.created.strftime("%H%M")),
        *(delimiters.repetition, "00501", f"{interchange.control_number:09d}"),
        *(interchange.acknowledgment, _fixed(interchange.usage, 1), delimiters.component),
    )
    return delimiters.element.join(elements)


def _fixed(value: str, size: int) -> str:
    return value.translate(_BLANKS)[:size].ljust(size)


def _clean(element: OutElement) -> OutElement:
    """An element whose control characters have become blanks."""
    if isinstance(element, str):
        return element.translate(_BLANKS)
    if isinstance(element, tuple):
        return tuple(part.translate(_BLANKS) for part in element)
    cleaned = (_clean(part) for part in element)
    return [part for part in cleaned if not isinstance(part, list)]


def _text(element: OutElement) -> str:
    """The values of an element, one behind the other."""
    if isinstance(element, str):
        return element
    return "".join(element) if isinstance(element, tuple) else "".join(map(_text, element))


def _characters(segments: list[OutSegment]) -> set[str]:
    """Every character that is in a value."""
    return set("".join(map(_values, segments)))


def _values(segment: OutSegment) -> str:
    """The values of a segment, one behind the other."""
    try:
        return "".join(segment)  # type: ignore[arg-type]
    except TypeError:  # a composite or a repeated element in it
        return "".join(map(_text, segment))


def _choose(used: set[str], preferred: Delimiters | None) -> Delimiters:
    """Ours, else the preferred ones, else such as are in no value."""
    for delimiters in (DEFAULT_DELIMITERS, preferred):
        if delimiters is not None:
            four = {delimiters.element, delimiters.repetition, delimiters.component, delimiters.segment}
            if len(four) == 4 and not four & used and not any(c.isspace() or c.isalnum() for c in four):
                return delimiters
    free = [c for c in POOL if c not in used]
    free += [chr(code) for code in range(0xA1, 0xFF) if not chr(code).isalnum() and chr(code) not in used]
    return Delimiters(*free[:4])


def segment_text(segment: OutSegment, delimiters: Delimiters) -> str:
    """One segment as text, without its terminator."""
    try:
        return delimiters.element.join(segment).rstrip(delimiters.element)  # type: ignore[arg-type]
    except TypeError:  # a composite or a repeated element in it
        pass
    parts = [e if isinstance(e, str) else _element(e, delimiters) for e in segment]
    while parts and not parts[-1]:
        parts.pop()
    return delimiters.element.join(parts)


def _element(element: OutElement, delimiters: Delimiters) -> str:
    if isinstance(element, str):
        return element
    if isinstance(element, tuple):
        end = len(element)
        while end and not element[end - 1]:
            end -= 1
        return delimiters.component.join(element[:end])
    repetitions = [_element(part, delimiters) for part in element]
    while repetitions and not repetitions[-1]:
        repetitions.pop()
    return delimiters.repetition.join(repetitions)
