"""What makes two lines, claims, requests the same: the table holds for each fact, alone, of every kind."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, fields_dict

from x12_payer.authorization.duplicates import (
    Item,
    Key,
    Whole,
    claim_key,
    line_key,
    notice_key,
    request_key,
    row_key,
)
from x12_payer.authorization.lists import table

DAY = date(2026, 7, 1)
ITEM = Item(
    npi="1911111114",
    service_type="48",
    code="99213",
    modifiers=("25",),
    revenue_code="0450",
    sites=("3",),
    begin=DAY,
    end=DAY,
    quantity=Decimal(1),
    charge=Decimal(140),
    place="11",
    renderers=("1922222223",),
)
WHOLE = Whole((ITEM,), kind="P", total=Decimal(140), birth_date=DAY, statement=(DAY, DAY))
OTHER = {
    "modifiers": ("59",),
    "sites": ("14",),
    "renderers": (),
    "begin": date(2026, 6, 30),
    "end": date(2026, 7, 2),
    "birth_date": date(1980, 3, 15),
    "statement": (DAY, date(2026, 7, 2)),
    "service_dates": (DAY, DAY),
    "quantity": Decimal(2),
    "charge": Decimal(141),
    "total": Decimal(141),
    "predetermination": True,
}
OF_WHOLES: dict[str, Callable[[Whole], Key]] = {"claim": claim_key, "request": request_key, "row": row_key}
OF_ITEMS: dict[str, Callable[[Item], Key]] = {"line": line_key, "notice": notice_key}
FACTS = [row["fact"] for row in table("duplicates")]


def changed(fact: str) -> Whole:
    """The same thing but for one fact."""
    value: Any = OTHER.get(fact, "OTHER")
    if fact in fields_dict(Item):
        return evolve(WHOLE, items=(evolve(ITEM, **{fact: value}),))
    return evolve(WHOLE, **{fact: value})


def test_the_table_names_every_fact_once() -> None:
    assert sorted(FACTS) == sorted({*fields_dict(Item), *fields_dict(Whole)} - {"items"})


@pytest.mark.parametrize("kind", [*OF_WHOLES, *OF_ITEMS])
@pytest.mark.parametrize("row", table("duplicates"), ids=FACTS)
def test_a_fact_distinguishes_where_the_table_has_it(row: dict[str, str], kind: str) -> None:
    other = changed(row["fact"])
    if kind in OF_WHOLES:
        same = OF_WHOLES[kind](other) == OF_WHOLES[kind](WHOLE)
    else:
        same = OF_ITEMS[kind](other.items[0]) == OF_ITEMS[kind](ITEM)
    assert same == (not row[kind])


def test_lines_in_another_order_are_one_claim_and_a_line_more_is_another() -> None:
    more = evolve(ITEM, code="99214")
    both, turned = (evolve(WHOLE, items=items) for items in ((ITEM, more), (more, ITEM)))
    assert claim_key(both) == claim_key(turned)
    assert claim_key(both) != claim_key(evolve(WHOLE, items=(ITEM, more, more)))


def test_a_service_twice_in_a_request_is_the_same_request() -> None:
    assert request_key(evolve(WHOLE, items=(ITEM, ITEM))) == request_key(WHOLE)
