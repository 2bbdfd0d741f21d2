"""Splitting quantities and amounts: nothing is lost, and no part is finer than an 835 can carry.

A line over several dates has its units spread evenly over them (CONTRACT section 7). Seven units on three
dates are 2 1/3 each: two good dates hold 4 2/3, and 4 whole units are covered."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")
_NOISE = Decimal("0.000000001")  # what dividing and adding up again may be off by


def step_of(quantity: Decimal) -> Decimal:
    """The smallest part of a quantity: one unit of a whole one, else a thousandth."""
    return ONE if quantity == quantity.to_integral_value() else _THOUSANDTH


def good_part(part: Decimal, quantity: Decimal) -> Decimal:
    """The part of the quantity that good dates hold, rounded down: never below one whole unit (one step of
    what is not whole) while a date is good."""
    if part <= ZERO:
        return ZERO
    step = step_of(quantity)
    return min(max(_floor(part, step), step), quantity)


def spread(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> tuple[Decimal, ...]:
    """The total in parts like the weights, each a multiple of the step; the last takes what is left."""
    if len(weights) == 1:
        return (total,)
    whole = sum(weights, ZERO)
    parts: list[Decimal] = []
    reached, taken = ZERO, ZERO
    for weight in weights[:-1]:
        reached += weight
        upto = _floor(total * reached / whole, step) if whole else ZERO
        parts.append(upto - taken)
        taken = upto
    return (*parts, total - taken) if weights else ()


def _floor(amount: Decimal, step: Decimal) -> Decimal:
    if step is ONE:
        return amount.quantize(_NOISE).to_integral_value(ROUND_FLOOR)
    steps = (amount / step).quantize(_NOISE).to_integral_value(ROUND_FLOOR)
    return steps * step
