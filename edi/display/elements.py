"""The elements of a segment one by one, with their names, formatted for people."""

from collections.abc import Iterator, Mapping
from functools import cache

from x12_payer.edi.codes.texts import meaning
from x12_payer.edi.dates import is_day, is_time
from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.element_names import name_here
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import ElementSpec
from x12_payer.edi.tables import rows

SECRET = "secret"  # kind of an element that may hold a password
DATE_FORM, DATE_PERIOD = "1250", "1251"
_UNCUT = frozenset({"ISA11", "ISA16"})  # they hold the separators themselves


@frozen
class ElementValue:
    """One value: `ref` as printed in a guide (NM103, SV101-02), its name, what is there (`raw`), the same
    as people read it (`text`) and the meaning of a code ('' when there is none)."""

    ref: str
    number: int
    component: int
    repeat: int
    name: str
    data_element: str
    kind: str
    raw: str
    text: str
    meaning: str
    listed: bool = False  # it is in the guide's own list of codes


@cache
def _envelope() -> Mapping[str, tuple[str, str]]:
    return {row["element"]: (row["name"], row["kind"]) for row in rows("envelope_elements")}


def element_values(segment: NamedSegment) -> Iterator[ElementValue]:
    """The values of a segment from left to right; empty ones are left out."""
    specs = {spec.number: spec for spec in segment.node.elements} if segment.node is not None else {}
    form = ""
    for number, text in enumerate(segment.elements[1:], 1):
        if not text.strip():
            continue
        for value in _of_element(segment, number, text, specs.get(number), form):
            form = value.raw if value.data_element == DATE_FORM else form
            yield value


def _of_element(
    segment: NamedSegment, number: int, text: str, spec: ElementSpec | None, form: str
) -> Iterator[ElementValue]:
    ref = f"{printable(segment.tag)}{number:02d}"
    if segment.tag in ("ISA", "GS", "GE", "IEA", "TA1", "ST", "SE") or ref in _UNCUT:
        yield _value(_Place(segment, ref, number), spec, text, form)
        return
    separators = segment.delimiters
    repeats = text.split(separators.repetition) if separators.repetition else [text]
    for repeat, part in enumerate(repeats, 1):
        which = repeat if len(repeats) > 1 else 0
        composite = spec.composite if spec is not None else separators.component in part
        if not composite:
            yield _value(_Place(segment, ref, number, 0, which), spec, part, form)
            continue
        inner = {c.number: c for c in spec.components} if spec is not None else {}
        pieces = part.split(separators.component)
        for component, piece in enumerate(pieces, 1):
            if piece:
                after = pieces[component] if component < len(pieces) else ""
                place = _Place(segment, f"{ref}-{component:02d}", number, component, which)
                value = _value(place, inner.get(component), piece, form, after)
                form = piece if value.data_element == DATE_FORM else form
                yield value


@frozen
class _Place:
    """Where a value is in its segment: CLM05-01 is component 1 of element 5; 0 where there is only one."""

    segment: NamedSegment
    ref: str
    number: int
    component: int = 0
    repeat: int = 0


def _value(place: _Place, spec: ElementSpec | None, raw: str, form: str, after: str = "") -> ElementValue:
    ref, number, component, segment = place.ref, place.number, place.component, place.segment
    name, kind = _envelope().get(ref, ("", ""))
    data_element = ""
    if spec is not None:
        kind, data_element = spec.kind, spec.data_element
        node = segment.node
        name = name_here(segment.guide, node, number, spec, component) if node is not None else spec.name
    text = readable(kind, data_element, raw.rstrip() if ref.startswith("ISA") else raw, form)
    listed = spec is not None and raw in spec.codes
    words = meaning(ref, data_element, raw, after)
    return ElementValue(
        ref, number, component, place.repeat, name, data_element, kind, raw, text, words, listed
    )


def readable(kind: str, data_element: str, raw: str, form: str) -> str:
    """A date as 2026-07-06, a time as 10:15, a period as "… to …"; anything else unchanged."""
    if data_element == DATE_PERIOD:
        begin, dash, end = raw.partition("-")
        if dash and form.startswith("RD"):
            return f"{_moment(begin)} to {_moment(end)}"
        return _time(raw) if form == "TM" else _moment(raw)
    if kind == "DT":
        return _moment(raw)
    return _time(raw) if kind == "TM" else printable(raw)


def _moment(raw: str) -> str:
    """A day, with the time of day behind it when there is one; six digits are of this century."""
    if raw.isascii() and raw.isdigit() and len(raw) in (6, 8) and is_day(raw):
        day = raw if len(raw) == 8 else "20" + raw
        return f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if len(raw) in (12, 14) and is_day(raw[:8]) and is_time(raw[8:]):
        return f"{_moment(raw[:8])} {_time(raw[8:])}"
    return printable(raw)


def _time(raw: str) -> str:
    if not is_time(raw):
        return printable(raw)
    hour, minute, second = raw[:2], raw[2:4], raw[4:6]
    return f"{hour}:{minute}:{second}" if second else f"{hour}:{minute}"


def printable(raw: str) -> str:
    """Text that can be put on a terminal: UTF-8 is read as such, control characters are spelled out."""
    try:
        text = raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = raw
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
