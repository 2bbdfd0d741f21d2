"""Values to and from the text the store keeps (JSON); nothing else knows the form."""

import json
from datetime import date
from decimal import Decimal
from typing import TypeVar

from cattrs.preconf.json import make_converter

T = TypeVar("T")

_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text[:10]))


def dump(value: object) -> str:
    """A frozen attrs value as JSON text, the same text for the same value."""
    return json.dumps(_converter.unstructure(value), separators=(",", ":"))


def restore(text: str, kind: type[T]) -> T:
    """The value `dump` made the text from."""
    return _converter.structure(json.loads(text), kind)
