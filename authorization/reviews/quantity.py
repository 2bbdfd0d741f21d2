"""HSD: how many are requested in all, and how what was granted is written (guide X217, 2000E, 2000F)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache

from attrs import evolve

from x12_payer.authorization.lists import table
from x12_payer.edi.messages.common import Quantity


@cache
def _days() -> Mapping[str, Fraction]:
    return {row["code"]: Fraction(row["days"]) for row in table("period_days")}


def whole_quantity(asked: Quantity) -> Decimal:
    """How many in all: HSD02, or as many as a rate comes to in the time it is asked for, rounded down:
    HSD*VS*3*WK**34*2 are 26 visits."""
    rate, time = _days().get(asked.frequency_unit), _days().get(asked.period_unit)
    if rate is None or time is None or not asked.period.isdigit():
        return asked.value
    every = int(asked.frequency) if asked.frequency.isdigit() else 1
    total = Fraction(asked.value) * time * int(asked.period) / (rate * max(every, 1))
    return Decimal(int(total))


def granted_quantity(asked: Quantity, units: Decimal) -> Quantity:
    """The HSD of what was granted: as asked, else the number, without a rate that no longer comes to it."""
    if units == whole_quantity(asked):
        return asked
    return Quantity(asked.unit, units) if asked.frequency_unit else evolve(asked, value=units)
