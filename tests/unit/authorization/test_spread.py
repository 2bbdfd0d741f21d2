"""Quantities and amounts taken apart: nothing is lost, nothing is finer than its step."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from x12_payer.authorization.spread import CENT, good_part, spread, step_of

D = Decimal


@pytest.mark.parametrize(
    ("part", "quantity", "good"),
    [
        (D(14) / 3, "7", "4"),  # two of three dates
        (D(7) / 3, "7", "2"),
        (D(1) / 3, "1", "1"),  # never below one while a date is good
        (D(2) / 3, "2", "1"),
        (D(0), "7", "0"),
        (D(7) / 3 + D(7) / 3 + D(7) / 3, "7", "7"),  # what dividing loses is no unit
        (D(5) / 3, "2.5", "1.666"),
        (D("0.0001"), "0.5", "0.001"),
        (D("0.0005"), "0.0005", "0.0005"),  # finer than a part as it was billed: never more than that
    ],
)
def test_good_part(part: Decimal, quantity: str, good: str) -> None:
    assert good_part(part, D(quantity)) == D(good)


@pytest.mark.parametrize(
    ("total", "weights", "step", "parts"),
    [
        ("7", (1, 1, 1), "1", ("2", "2", "3")),
        ("4", (1, 1), "1", ("2", "2")),
        ("100", (1, 1, 1), "0.01", ("33.33", "33.33", "33.34")),
        ("2.5", (1, 1), "0.001", ("1.25", "1.25")),
        ("3", (), "1", ()),
        ("0", (0, 0), "1", ("0", "0")),
    ],
)
def test_spread(total: str, weights: tuple[int, ...], step: str, parts: tuple[str, ...]) -> None:
    assert spread(D(total), [D(w) for w in weights], D(step)) == tuple(map(D, parts))


@given(st.decimals(0, 9999, places=2), st.lists(st.decimals(0, 99, places=3), min_size=1, max_size=9))
def test_the_parts_add_up_and_are_never_negative(total: Decimal, weights: list[Decimal]) -> None:
    parts = spread(total, weights, CENT)
    assert sum(parts) == total
    assert all(part >= 0 and part % CENT == 0 for part in parts)


@given(st.integers(1, 99), st.integers(1, 31), st.data())
def test_the_good_part_of_whole_units_is_whole(units: int, dates: int, data: st.DataObject) -> None:
    good = data.draw(st.integers(1, dates))
    part = good_part(D(units) * good / dates, D(units))
    assert part == max(1, units * good // dates)
    assert part % step_of(D(units)) == 0
