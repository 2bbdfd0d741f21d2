"""HSD: rates counted, grants written."""

from decimal import Decimal

import pytest

from x12_payer.authorization.reviews.quantity import granted_quantity, whole_quantity
from x12_payer.edi.messages.common import Quantity

D = Decimal


def hsd(text: str) -> Quantity:
    parts = [*text.split("*"), *[""] * 8]
    return Quantity(parts[0], D(parts[1]), *parts[2:6])


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("VS*26", 26),
        ("DY*40***7*60", 40),  # 40 days within 60: no rate
        ("VS*3*WK**34*2", 26),
        ("VS*2*WK**35*6", 12),
        ("VS*1*DA**7*21", 21),
        ("VS*1*WK*2*35*8", 4),  # every second week
        ("VS*1*MO**21*1", 12),
        ("VS*3*WK", 3),
        ("VS*3*WK**27*2", 3),  # a visit is no time
    ],
)
def test_a_rate_is_counted_over_its_time(asked: str, whole: int) -> None:
    assert whole_quantity(hsd(asked)) == whole


@pytest.mark.parametrize(
    ("asked", "units", "written"),
    [
        ("VS*26", 16, "VS*16"),
        ("DY*50***7*60", 40, "DY*40***7*60"),
        ("VS*3*WK**34*2", 26, "VS*3*WK**34*2"),
        ("VS*3*WK**34*2", 16, "VS*16"),
    ],
)
def test_what_was_granted_is_written(asked: str, units: int, written: str) -> None:
    assert granted_quantity(hsd(asked), D(units)) == hsd(written)
