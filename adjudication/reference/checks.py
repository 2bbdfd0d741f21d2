"""One value of reference data → '' or what is wrong with it, in words that an operator can act on.

Lengths are those of the data element in which the value is sent, codes those of the lists that `edi
validate` applies to an outbound file: what loads can be sent. Values that identify people never appear in
the words."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from x12_payer.adjudication.reference.tables import Column
from x12_payer.edi.codes.forms import is_npi
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.guides.sendable import character_fault, id_fault, text_fault
from x12_payer.edi.guides.xml import data_elements
from x12_payer.edi.tables import rows
from x12_payer.edi.words import nearest

Check = Callable[[str], str]

_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SHOWN = 40  # characters of a wrong value
DECIMALS = {"money": 2, "quantity": 3, "rate": 4}
CALLED = {  # code sets and lists as people call them
    "ein": "employer identification number of nine digits",
    "ssn": "social security number",
    "phone": "telephone number of ten digits",
    "routing": "bank routing number (nine digits with check digit)",
    "state": "state",
    "zip": "ZIP code of five or nine digits",
    "postal_ca": "Canadian postal code",
    "taxonomy": "taxonomy code",
    "modifier": "modifier of two characters",
    "hcpcs": "procedure, revenue or DRG code",
}
NEAREST = ("state",)  # code sets that are short enough to offer one of


@cache
def closed_list(name: str) -> tuple[str, ...]:
    """The values of a list of reference_values.csv, in its order."""
    return tuple(row["value"] for row in rows("reference_values") if row["list"] == name)


@cache
def service_types() -> frozenset[str]:
    """The X12 service types (element 1365)."""
    return frozenset(row["code"] for row in rows("service_types"))


class ColumnCheck:
    """The check of one column; values that proved right are remembered, a file repeats itself."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self._right: set[str] = set()

    def __call__(self, value: str) -> str:
        """'' or what is wrong."""
        if value in self._right:
            return ""
        wrong = self._wrong(value)
        if not wrong:
            self._right.add(value)
        return wrong

    def _wrong(self, value: str) -> str:
        column = self.column
        if not value:
            return "" if column.blank else "is empty"
        return FORMS[column.form](value, column) or character_fault(value)


def quoted(value: str, words: str) -> str:
    """The words with the wrong value before them where it helps: too long a text does not."""
    if not value or words.startswith("has "):
        return words
    short = value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
    return f"{short!r} {words}"


def _text(value: str, column: Column) -> str:
    return text_fault(value, column.of[0])


def _id(value: str, column: Column) -> str:
    return id_fault(value, column.of[0])


def _list(value: str, column: Column) -> str:
    choices = closed_list(column.of[0])
    return "" if value in choices else f"is none of {' '.join(choices)}{nearest(value, choices)}"


def _code(value: str, column: Column) -> str:
    lists = code_lists().lists
    if any(lists[name].holds(value, "") for name in column.of):
        return ""
    first = column.of[0]
    near = nearest(value, lists[first].valid | set(lists[first].dated)) if first in NEAREST else ""
    names = (CALLED[name] for name in column.of if name in CALLED)
    words = [next(names)] if first == "hcpcs" else list(names)
    return f"is no {' and no '.join(words)}{near}"


def _modifiers(value: str, column: Column) -> str:
    holds = code_lists().lists["modifier"].holds
    return "" if all(holds(one, "") for one in value.replace(":", " ").split()) else "is no modifier"


def _npi(value: str, column: Column) -> str:
    return "" if is_npi(value) else "is not an NPI (ten digits with check digit)"


def _day(value: str, column: Column) -> str:
    if is_day(value):
        return ""
    meant = _other_day(value)
    if meant and column.person:
        return "is not a date YYYY-MM-DD: year, month and day are in another order or form"
    return f"is not a date YYYY-MM-DD{f'; did you mean {meant}?' if meant else ''}"


def is_day(value: str) -> bool:
    """True for YYYY-MM-DD, a day of the calendar."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _other_day(value: str) -> str:
    """03/15/1980 or 19800315 as 1980-03-15; '' when it is no such date."""
    if found := _MONTH_FIRST.fullmatch(value):
        month, day, year = found.groups()
    elif found := _TOGETHER.fullmatch(value):
        year, month, day = found.groups()
    else:
        return ""
    meant = f"{year}-{int(month):02d}-{int(day):02d}"
    return meant if is_day(meant) else ""


def _year(value: str, column: Column) -> str:
    return "" if re.fullmatch(r"(19|20|21)\d\d", value, re.ASCII) else "is not a year"


def _number(value: str, column: Column) -> str:
    """A number that the data element can carry, with no more decimals than its kind has."""
    if not _NUMBER.fullmatch(value):
        plain = value.replace(",", "").lstrip("$")
        near = f"; did you mean {plain}?" if plain != value and _NUMBER.fullmatch(plain) else ""
        return f"is not a number of zero or more, in digits{near}"
    whole, _, decimals = value.partition(".")
    most = DECIMALS[column.form]
    if len(decimals.rstrip("0")) > most:
        return f"has more than {most} decimals"
    limit = data_elements()[column.of[0]].most
    digits = len(whole.lstrip("0")) + most
    return (
        f"has {digits - most} digits before the point; {limit - most} can be sent" if digits > limit else ""
    )


def _whole(value: str, column: Column) -> str:
    return "" if value.isascii() and value.isdigit() and len(value) <= 5 else "is not a whole number of days"


def _zone(value: str, column: Column) -> str:
    zones = available_timezones()
    return "" if value in zones else f"is no time zone such as America/New_York{nearest(value, zones)}"


def _service_type(value: str, column: Column) -> str:
    return "" if value in service_types() else "is no service type (X12 element 1365)"


def _reason(value: str, column: Column) -> str:
    return (
        "" if code_lists().lists["review_reason"].holds(value, "") else "is no decision reason (X12 list 886)"
    )


def _judged_later(value: str, column: Column) -> str:
    return ""  # as a whole: which plans and accumulators there are, this very load may say


FORMS: Mapping[str, Callable[[str, Column], str]] = {
    "text": _text,
    "id": _id,
    "list": _list,
    "code": _code,
    "modifiers": _modifiers,
    "npi": _npi,
    "day": _day,
    "year": _year,
    "money": _number,
    "quantity": _number,
    "rate": _number,
    "whole": _whole,
    "zone": _zone,
    "service_type": _service_type,
    "reason": _reason,
    "plan": _judged_later,
    "plan_or_any": _judged_later,
    "accumulator": _judged_later,
}
