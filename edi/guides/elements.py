"""Element checks of one segment against its node in a guide (SNIP types 1 and 2).

Diagnostics have no place in the file here: the same text at the same node always gives the same ones, so
they can be kept. Every element remembers some values that proved valid."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from attrs import define, field

from x12_payer.edi.dates import is_period
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import ElementSpec, SegmentNode, SyntaxNote
from x12_payer.edi.guides.registry import known_codes
from x12_payer.edi.wire.segments import Delimiters

KEPT_VALUES = 2048  # valid values that one element remembers
TRAILING, TOO_MANY = "separators-behind", "element-too-many"
CHARACTER, NOT_USED = "element-character", "element-not-used"
CONDITIONAL = "element-conditional"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NUMBERS = {
    "N0": re.compile(r"-?\d+"),
    "N2": re.compile(r"-?\d+"),
    "R": re.compile(r"-?(\d+\.?\d*|\.\d+)"),
}
_DATE_FORMS = {"DT": "D8", "TM": "TM"}  # the form that a type asks for; no DT of 005010 has six digits


@frozen
class ElementDiagnostic:
    """One thing wrong inside a segment. `component` and `repeat` are 0 where the element has none."""

    code: str
    element: int
    component: int = 0
    repeat: int = 0
    data_element: str = ""
    value: str = ""


@define(eq=False)
class SegmentCheck:
    """What is needed to check segments of one node fast: its elements, each with values known to be valid,
    and which elements were present in segments that keep the syntax notes."""

    node: SegmentNode
    delimiters: Delimiters
    specs: tuple[ElementSpec, ...]
    valid: tuple[set[str], ...]
    dates: tuple[int, ...]  # elements (data element 1250) whose neighbour is a date in their form
    last_required: int
    valid_dates: set[tuple[str, str]] = field(factory=set)
    valid_presence: set[tuple[bool, ...]] = field(factory=set)


def segment_check(node: SegmentNode, delimiters: Delimiters) -> SegmentCheck:
    """The check of one node."""
    listed = {spec.number: spec for spec in node.elements}
    specs = tuple(
        listed.get(number) or ElementSpec(f"{node.tag}{number:02}", number, "", "", "N")
        for number in range(1, max(listed, default=0) + 1)
    )
    return SegmentCheck(
        node,
        delimiters,
        specs,
        tuple(set(_always_valid(spec)) for spec in specs),
        _date_pairs(specs),
        max((spec.number for spec in specs if spec.usage == "R"), default=0),
    )


def _spec(check: SegmentCheck, number: int) -> ElementSpec:
    """Element `number`; one that is not used where the guide lists none."""
    if number <= len(check.specs):
        return check.specs[number - 1]
    return ElementSpec(f"{check.node.tag}{number:02}", number, "", "", "N")


def _always_valid(spec: ElementSpec) -> frozenset[str]:
    nothing = frozenset() if spec.usage == "R" else frozenset({""})
    return nothing if spec.composite or spec.usage == "N" else nothing | spec.codes


def _date_pairs(specs: Sequence[ElementSpec]) -> tuple[int, ...]:
    return tuple(
        first.number
        for first, second in pairwise(specs)
        if first.data_element == "1250" and second.data_element == "1251"
    )


def check_elements(check: SegmentCheck, elements: list[str]) -> tuple[ElementDiagnostic, ...]:
    """Everything wrong with the elements of a segment; () when it is valid."""
    found: list[ElementDiagnostic] = []
    number = 0
    for value, valid in zip(elements[1:], check.valid, strict=False):
        if value not in valid:
            found += _unusual(check, number, value)
        number += 1
    if number < check.last_required:
        found += [_missing(spec) for spec in check.specs[number:] if spec.usage == "R"]
    if len(elements) > len(check.specs) + 1 or elements[-1] == "":
        found += _surplus(check, elements)
    if check.dates:
        found += _dates(check, elements, {f.element for f in found})
    if check.node.syntax:
        presence = tuple(map(bool, elements))
        if presence not in check.valid_presence:
            broken = list(_relations(check, elements, {f.element for f in found if f.code != TRAILING}))
            if broken or found:
                found += broken
            elif len(check.valid_presence) < KEPT_VALUES:
                check.valid_presence.add(presence)
    return tuple(found)


def _unusual(check: SegmentCheck, index: int, value: str) -> list[ElementDiagnostic]:
    """One element whose value was not seen before."""
    spec, valid = check.specs[index], check.valid[index]
    if _clearly_valid(spec, value, check.delimiters):
        wrong: list[ElementDiagnostic] = []
    else:
        wrong = list(_element(spec, value, check.delimiters))
    if not wrong and len(valid) < KEPT_VALUES:
        valid.add(value)
    return wrong


def _clearly_valid(spec: ElementSpec, value: str, delimiters: Delimiters) -> bool:
    """A fast yes for the usual text of an open element; no means: look closer."""
    return (
        spec.kind in ("AN", "ID")
        and not spec.codes
        and not spec.pattern
        and spec.usage != "N"
        and spec.least <= len(value) <= spec.most
        and value.isprintable()
        and value[:1] != " "
        and value[-1:] != " "
        and value != ""
        and delimiters.component not in value
        and delimiters.repetition not in value
    )


def qualifier_diagnostics(
    check: SegmentCheck, elements: list[str], places: Sequence[tuple[int, int]]
) -> tuple[ElementDiagnostic, ...]:
    """Only what is wrong with the qualifiers (`places`: element and component, 0 for none), the first of it:
    for a segment whose qualifier fits no node, so that nothing else can be said of it."""
    for number, component in places:
        spec = _spec(check, number)
        value = elements[number] if number < len(elements) else ""
        if component and component <= len(spec.components):
            parts = value.split(check.delimiters.repetition)[0].split(check.delimiters.component)
            part = parts[component - 1] if component <= len(parts) else ""
            inner = spec.components[component - 1]
            wrong = list(_simple(inner, part, number, component, 0) if part else [_missing(inner, number)])
        else:
            wrong = list(_element(spec, value, check.delimiters))
        if wrong:
            return tuple(wrong[:1])
    return ()


def _surplus(check: SegmentCheck, elements: list[str]) -> Iterator[ElementDiagnostic]:
    """Elements behind the last one of the guide, and separators behind the last value."""
    limit = len(check.specs)
    for number in range(limit + 1, len(elements)):
        if elements[number]:
            yield ElementDiagnostic(TOO_MANY, number, value=elements[number])
            return
    if elements[-1] == "" and len(elements) > 1:
        yield ElementDiagnostic(TRAILING, len(elements) - 1)


def _missing(spec: ElementSpec, element: int = 0, repeat: int = 0) -> ElementDiagnostic:
    """A required element is absent; a composite is reported by its own number, without a data element."""
    component = spec.number if element else 0
    number = "" if spec.composite else spec.data_element
    return ElementDiagnostic("element-missing", element or spec.number, component, repeat, number)


def _element(spec: ElementSpec, value: str, delimiters: Delimiters) -> Iterator[ElementDiagnostic]:
    """One element with all its repetitions."""
    if value == "":
        if spec.usage == "R":
            yield _missing(spec)
        return
    if spec.usage == "N":
        yield _unused(spec, value, spec.number, 0, 0)
        return
    parts = value.split(delimiters.repetition)
    if len(parts) > spec.repeat:
        number = "" if spec.composite else spec.data_element
        yield ElementDiagnostic("element-repeats", spec.number, 0, len(parts), number, value)
        return
    for ordinal, part in enumerate(parts, 1):
        repeat = ordinal if len(parts) > 1 else 0
        if spec.composite:
            yield from _composite(spec, part, repeat, delimiters)
        elif delimiters.component in part:
            yield _components(spec, part, repeat)
        elif part:
            yield from _simple(spec, part, spec.number, 0, repeat)


def _components(spec: ElementSpec, value: str, repeat: int) -> ElementDiagnostic:
    number = "" if spec.composite else spec.data_element
    return ElementDiagnostic("element-components", spec.number, 0, repeat, number, value)


def _composite(
    spec: ElementSpec, value: str, repeat: int, delimiters: Delimiters
) -> Iterator[ElementDiagnostic]:
    parts = value.split(delimiters.component)
    if len(parts) > len(spec.components) and any(parts[len(spec.components) :]):
        if spec.components:  # a guide may leave a composite open
            yield _components(spec, value, repeat)
        return
    wrong = set()
    for inner, part in zip(spec.components, parts + [""] * len(spec.components), strict=False):
        for diagnostic in _component(inner, part, spec.number, repeat):
            wrong.add(inner.number)
            yield diagnostic
    present = [number for number, part in enumerate(parts, 1) if part]
    for note in spec.syntax:
        number = _absent(note, present)
        if number and number not in wrong:
            wrong.update(note.numbers)
            of = spec.components[number - 1].data_element
            yield ElementDiagnostic(CONDITIONAL, spec.number, number, repeat, of)
    for number in _date_pairs(spec.components):
        pair = [parts[n - 1] if n <= len(parts) else "" for n in (number, number + 1)]
        fault = _date_fault(pair[0], pair[1])
        if fault and not wrong & {number, number + 1}:
            inner = spec.components[number]
            yield ElementDiagnostic(fault, spec.number, inner.number, repeat, inner.data_element, pair[1])


def _component(spec: ElementSpec, value: str, element: int, repeat: int) -> Iterator[ElementDiagnostic]:
    if value == "":
        if spec.usage == "R":
            yield _missing(spec, element, repeat)
    elif spec.usage == "N":
        yield _unused(spec, value, element, spec.number, repeat)
    else:
        yield from _simple(spec, value, element, spec.number, repeat)


def _unused(spec: ElementSpec, value: str, element: int, component: int, repeat: int) -> ElementDiagnostic:
    number = "" if spec.composite else spec.data_element
    return ElementDiagnostic(NOT_USED, element, component, repeat, number, value)


def _simple(
    spec: ElementSpec, value: str, element: int, component: int, repeat: int
) -> Iterator[ElementDiagnostic]:
    """One value: its code list, else its type and length. At most one error, and perhaps a warning."""

    def diagnostic(code: str) -> ElementDiagnostic:
        return ElementDiagnostic(code, element, component, repeat, spec.data_element, value)

    if spec.codes:
        if value not in spec.codes:
            malformed = _type_fault(spec, value) if spec.kind in _NUMBERS else ""
            yield diagnostic(malformed or _code_fault(spec, value))
        return
    fault = _type_fault(spec, value)
    if fault:
        yield diagnostic(fault)
    elif spec.pattern and not re.fullmatch(spec.pattern, value):
        yield diagnostic("element-pattern")
    elif value[0] == " " or value[-1] == " ":
        yield diagnostic("element-blanks")


def _code_fault(spec: ElementSpec, value: str) -> str:
    """X12 knows the code and the guide does not: I6; nobody knows it: 7."""
    known = value in known_codes().get(spec.data_element, frozenset())
    return "element-code-unused" if known else "element-code"


def _type_fault(spec: ElementSpec, value: str) -> str:
    """The key of what is wrong with a value of an open element, or ''."""
    form = _DATE_FORMS.get(spec.kind)
    if form:
        return _date_fault(form, value)
    if not _well_formed(spec.kind, value):
        return CHARACTER
    return _length_fault(spec, value)


def _well_formed(kind: str, value: str) -> bool:
    """Are the characters such as the type takes?"""
    pattern = _NUMBERS.get(kind)
    if pattern is not None:
        return pattern.fullmatch(value) is not None
    return _CONTROL.search(value) is None and not value.isspace()


def _length_fault(spec: ElementSpec, value: str) -> str:
    """Lengths count characters, in a number digits only."""
    length = len(value) - value.count("-") - value.count(".") if spec.kind in _NUMBERS else len(value)
    if length > spec.most:
        return "element-long"
    return "element-short" if length < spec.least else ""


def _date_fault(form: str, value: str) -> str:
    """The key for a value that has not the form (data element 1250), or ''."""
    if is_period(form, value):
        return ""
    return "element-time" if form == "TM" else "element-date"


def _dates(check: SegmentCheck, elements: list[str], reported: set[int]) -> Iterator[ElementDiagnostic]:
    """Elements 1250 and 1251 side by side: the second in the form that the first names."""
    for number in check.dates:
        if number + 1 >= len(elements) or not reported.isdisjoint((number, number + 1)):
            continue
        pair = elements[number], elements[number + 1]
        if pair in check.valid_dates:
            continue
        fault = _date_fault(*pair)
        if fault:
            spec = check.specs[number]
            yield ElementDiagnostic(fault, spec.number, 0, 0, spec.data_element, pair[1])
        elif len(check.valid_dates) < KEPT_VALUES:
            check.valid_dates.add(pair)


def _relations(check: SegmentCheck, elements: list[str], reported: set[int]) -> Iterator[ElementDiagnostic]:
    """The syntax notes, each at most once, and not where the element is reported already."""
    for note in check.node.syntax:
        present = [n for n in note.numbers if n < len(elements) and elements[n]]
        if note.kind == "E":
            if len(present) > 1 and present[1] not in reported:
                yield _relation("element-exclusion", check, present[1], elements[present[1]])
        else:
            number = _absent(note, present)
            if number and number not in reported:
                yield _relation(CONDITIONAL, check, number, "")


def _relation(code: str, check: SegmentCheck, number: int, value: str) -> ElementDiagnostic:
    spec = _spec(check, number)
    return ElementDiagnostic(code, number, 0, 0, "" if spec.composite else spec.data_element, value)


def _absent(note: SyntaxNote, present: list[int]) -> int:
    """The element that a note P, R, C or L finds missing, 0 when it is kept."""
    absent = [n for n in note.numbers if n not in present]
    first = note.numbers[0]
    broken = {
        "P": bool(present) and bool(absent),
        "R": not present,
        "C": first in present and bool(absent),
        "L": first in present and len(present) == 1,
    }.get(note.kind, False)
    return absent[0] if broken and absent else 0
