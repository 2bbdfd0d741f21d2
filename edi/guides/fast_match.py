"""A fast yes for segments: one regular expression that matches only valid texts of one shape.

A shape is a node, the values of its qualifiers, and which elements are present. The expression is made from
a segment that proved valid, once its shape has been seen often enough to be worth it, and takes a narrow
view: usual characters, one repetition, plain dates. What does not match is checked element by element
(guides/elements.py), so it saves time and never changes a diagnostic."""

import re
from collections.abc import Collection, Sequence

from x12_payer.edi.guides.model import ElementSpec
from x12_payer.edi.wire.segments import Delimiters

SEEN_OFTEN = 64  # valid segments of a shape before its expression is built
MOST_CODES = 80
NEVER = re.compile(r"(?!)")  # of a shape that has no plain text

_DAY = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9]"


def fast_pattern(
    valid: Sequence[str],
    specs: Sequence[ElementSpec],
    dates: Collection[int],
    fixed: Collection[int],
    delimiters: Delimiters,
) -> re.Pattern[str]:
    """The expression for the shape of a valid segment. `dates`: elements (1250) whose neighbour (1251) is a
    date in their form; `fixed`: elements that have the value that is in `valid`."""
    parts = [re.escape(valid[0])]
    for spec, value in zip(specs, valid[1:], strict=False):
        if value == "":
            part: str | None = ""
        elif spec.number in fixed:
            part = re.escape(value)
        elif spec.number in dates:
            part = "D8" if value == "D8" else None
        elif spec.number - 1 in dates:
            part = _DAY if valid[spec.number - 1] == "D8" and not spec.codes else None
        else:
            part = _value(spec, delimiters)
        if part is None:
            return NEVER
        parts.append(part)
    return re.compile(re.escape(delimiters.element).join(parts))


def _text(spec: ElementSpec, delimiters: Delimiters) -> str | None:
    """One component, or nothing where it may be absent; None when a required one has no plain text."""
    value = None if spec.usage == "N" else _value(spec, delimiters)
    if value is None:
        return None if spec.usage == "R" else ""
    return value if spec.usage == "R" else f"(?:{value})?"


def _value(spec: ElementSpec, delimiters: Delimiters) -> str | None:
    """A plain value of an element or component, None when there is none."""
    if spec.composite:
        return _components(spec, delimiters)
    if spec.codes:
        codes = "|".join(map(re.escape, sorted(spec.codes)))
        return f"(?:{codes})" if len(spec.codes) <= MOST_CODES else None
    if spec.pattern:
        return None
    if spec.kind in ("AN", "ID"):
        usual = _characters(delimiters)
        return f"(?! )[{usual}]{{{max(spec.least, 1)},{spec.most}}}(?<! )"
    if spec.kind == "N0":
        return f"[0-9]{{{max(spec.least, 1)},{spec.most}}}"
    if spec.kind == "R" and spec.least <= 1 and spec.most > 2:
        return f"[0-9]{{1,{spec.most - 2}}}(?:\\.[0-9]{{1,2}})?"
    return {"DT": _DAY, "TM": _TIME}.get(spec.kind) if spec.least <= 4 or spec.kind == "DT" else None


def _components(spec: ElementSpec, delimiters: Delimiters) -> str | None:
    """A composite whose components are plain; one with a date inside has no plain text."""
    if any(inner.data_element in ("1250", "1251") and inner.usage == "R" for inner in spec.components):
        return None
    separator = re.escape(delimiters.component)
    required = max((inner.number for inner in spec.components if inner.usage == "R"), default=0)
    if not required:
        return None
    tail = ""
    for inner in reversed(spec.components):
        dated = inner.data_element in ("1250", "1251")
        text = "" if dated else _text(inner, delimiters)
        if text is None:
            return None
        part = f"{separator if inner.number > 1 else ''}{text}{tail}"
        tail = part if inner.number <= required else f"(?:{part})?"
    return f"{tail}(?<!{separator})"


def _characters(delimiters: Delimiters) -> str:
    """The class of printable ASCII characters that separate nothing."""
    four = (delimiters.element, delimiters.repetition, delimiters.component, delimiters.segment)
    return "".join(re.escape(chr(c)) for c in range(32, 127) if chr(c) not in four)
