"""Values to and from the text that the store keeps (JSON); nothing else knows the form."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

from cattrs.errors import BaseValidationError
from cattrs.fns import identity
from cattrs.preconf.json import make_converter

from x12_payer.adjudication.errors import StoreError

T = TypeVar("T")

DAMAGED = "the store holds a record that cannot be read: it was damaged, or a newer edi wrote it"

_converter = make_converter(omit_if_default=True)
as_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode  # values are trees


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _is_optional(kind: Any) -> bool:
    return NoneType in get_args(kind) and len(get_args(kind)) == 2


def _write_tuple(kind: Any) -> Callable[[Any], Any]:
    """Tuples of texts and of tuples of texts are JSON as they are; items of others are written one by one."""
    item = get_args(kind)[0]
    if item is str or item == tuple[str, str]:
        return identity
    write = _converter.get_unstructure_hook(item)
    return lambda values: [write(value) for value in values]


def _write_optional(kind: Any) -> Callable[[Any], Any]:
    write = _converter.get_unstructure_hook(next(k for k in get_args(kind) if k is not NoneType))
    return lambda value: None if value is None else write(value)


_converter.register_unstructure_hook_factory(_is_tuple, _write_tuple)
_converter.register_unstructure_hook_factory(_is_optional, _write_optional)
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text[:10]))


def dump(value: object) -> str:
    """A frozen attrs value as JSON text, the same text for the same value."""
    return as_json(_converter.unstructure(value))


def restore(text: str, kind: type[T]) -> T:
    """The value `dump` made the text from. Raises StoreError when it was made from no such value."""
    try:
        return _converter.structure(json.loads(text), kind)
    except (ValueError, LookupError, TypeError, ArithmeticError, BaseValidationError):
        raise StoreError(DAMAGED) from None
