"""The checks of a plan file that can be read: rows that could never apply, or would mean what nobody
intends.

`plan_problems` looks at the tables as written. `files.py` has already checked which keys there are and
the types of their values; a plan that was loaded is not checked again when it is read."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.codes.ranges import is_range
from x12_payer.edi.guides.sendable import character_fault, text_fault
from x12_payer.edi.guides.xml import data_elements
from x12_payer.edi.tables import rows
from x12_payer.edi.words import nearest

Table = Mapping[str, Any]
Wrong = Iterator[tuple[str, str]]  # key, what is wrong with it

MONEY = (
    *("deductible", "out_of_pocket_max", "dental_maximum", "out_of_network_deductible"),
    *("copay", "penalty"),
)
LISTS = ("codes", "diagnoses", "places", "roles", "service_types", "carved_out", "class", "category")
PLAN_NAME = "1204"  # EB05
_CODE = re.compile(r"[0-9A-Z]{3,7}")
_PREFIX = re.compile(r"[A-Z][0-9A-Z]{0,6}")
_PAIRS = (("quota", "quota_unit"), ("threshold", "threshold_accumulator"))
_OF_QUOTA = ("quota_unit", "quota_scope", "quota_once")


def plan_problems(data: Table, source: str) -> Iterator[str]:
    """One sentence for each thing wrong: `source: table n, key: what`."""
    if isinstance(data.get("name"), str) and (words := text_fault(data["name"], PLAN_NAME)):
        yield f"{source}: name: {words}"
    for name, tables in data.items():
        if isinstance(tables, list):
            for n, table in enumerate(tables, 1):
                yield from (f"{source}: {name} {n}, {key}: {words}" for key, words in _row(table))


def _row(table: Table) -> Wrong:
    for key, value in table.items():
        check = CHECKS.get(key)
        if key in LISTS and value == []:
            yield key, "an empty list fits nothing; leave the key out to fit everything"
        elif check is not None and not isinstance(value, bool):
            yield from ((key, words) for words in check(value))
    yield from _together(table)


def _together(table: Table) -> Wrong:
    """Keys of one row that need each other, or leave nothing between them."""
    for first, second in _PAIRS:
        if first in table and second not in table:
            yield second, f"missing: the {first} would never count"
    if "threshold_accumulator" in table and "threshold" not in table:
        yield "threshold", "missing: the accumulator would never be looked at"
    for key in _OF_QUOTA:
        if key in table and "quota" not in table:
            yield key, "says how to count a quota, and there is none"
    if table.get("answer") == "delegated" and not table.get("delegate"):
        yield "delegate", "missing: an answer names whom the payer delegates to"
    if "age_from" in table and "age_under" in table and table["age_from"] >= table["age_under"]:
        yield "age_under", f"nobody is {table['age_from']} or older and under {table['age_under']}"


# -- one value -------------------------------------------------------------------------------------


def _money(value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f'expected an amount in quotes, as "{value}.00"'
    elif _places(value) > 2:
        yield f"{value} has more than two decimals"
    elif len(value.partition(".")[0].lstrip("0")) > data_elements()["782"].most - 2:
        yield "has more digits than can be sent"


def _share(value: Any) -> Iterator[str]:
    if not 0 <= Decimal(str(value)) <= 1:
        near = f"; did you mean 0.{int(value):02d}?" if str(value).isdecimal() and int(value) < 100 else ""
        yield f"{value} is no fraction between 0 and 1{near}"
    elif not isinstance(value, str):
        yield 'expected a fraction in quotes, as "0.20"'


def _sent_in(element: str) -> Callable[[Any], Iterator[str]]:
    """The check of a text that answers carry in this data element."""

    def check(value: Any) -> Iterator[str]:
        if isinstance(value, str) and (words := text_fault(value, element)):
            yield words

    return check


def _message(value: Any) -> Iterator[str]:
    """A text of any length: MSG is repeated."""
    if isinstance(value, str) and (words := character_fault(value)):
        yield words


def _phone(value: Any) -> Iterator[str]:
    if isinstance(value, str) and not code_lists().lists["phone"].holds(value, ""):
        yield f"{value!r} is no telephone number of ten digits"


def _places(value: str) -> int:
    return len(value.partition(".")[2].rstrip("0"))


def _quantity(value: Any) -> Iterator[str]:
    if _places(str(value)) > 3 or Decimal(str(value)) >= 10**12:
        yield f"{value} is no quantity that can be sent"


def _ranges(value: Any) -> Iterator[str]:
    for text in value:
        first, dash, last = text.partition("-")
        if not all(_CODE.fullmatch(code) for code in ((first, last) if dash else (first,))):
            yield f"{text!r} is neither a code nor a range of codes"
        elif dash and not is_range(first, last):
            yield f"{text} is not a range: no code is in it"


def _prefixes(value: Any) -> Iterator[str]:
    for text in value:
        if not _PREFIX.fullmatch(text):
            plain = text.replace(".", "").upper()
            near = f"; did you mean {plain}?" if _PREFIX.fullmatch(plain) else ""
            yield f"{text!r} begins no diagnosis as it is sent, in capitals and without a point{near}"


def _among(known: Callable[[], Collection[str]], words: str) -> Callable[[Any], Iterator[str]]:
    """The check of a list of texts, each of which has to be one of those that are known."""

    def check(value: Any) -> Iterator[str]:
        for text in value:
            if text not in known():
                yield f"{text!r} is no {words}{nearest(text, known())}"

    return check


@cache
def roles() -> frozenset[str]:
    """The roles of providers."""
    return frozenset(row["value"] for row in rows("reference_values") if row["list"] == "role")


@cache
def requesters() -> frozenset[str]:
    """Who may ask for a service: a role, or somebody whom the rules know besides."""
    return roles() | {row["value"] for row in rows("reference_values") if row["list"] == "requester"}


@cache
def service_types() -> frozenset[str]:
    """The X12 service types (element 1365)."""
    return frozenset(row["code"] for row in rows("service_types"))


def _places_of_service(value: Any) -> Iterator[str]:
    holds = code_lists().lists["place_of_service"].holds
    yield from (f"{text!r} is no place of service" for text in value if not holds(text, ""))


CHECKS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    **dict.fromkeys(MONEY, _money),
    "coinsurance": _share,
    "delegate": _sent_in("93"),
    "delegate_phone": _phone,
    "message": _message,
    "quota": _quantity,
    "threshold": _quantity,
    "quantity": _quantity,
    "codes": _ranges,
    "diagnoses": _prefixes,
    "places": _places_of_service,
    "roles": _among(roles, "role of a provider"),
    "requesters": _among(requesters, "requester"),
    "extension_requesters": _among(requesters, "requester"),
    "service_types": _among(service_types, "service type (X12 element 1365)"),
    "carved_out": _among(service_types, "service type (X12 element 1365)"),
}
