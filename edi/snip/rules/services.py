"""One service segment (SV1, SV2, SV3) by itself: what it says, and what is wrong with it whatever the claim
is. Both are worked out once for each text, because the same services come again and again."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from attrs import field

from x12_payer.edi.codes.ranges import in_range
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.rules.balance import amount
from x12_payer.edi.snip.rules.collector import reads, text
from x12_payer.edi.tables import rows

CHARGE = {"SV1": 2, "SV2": 3, "SV3": 2}  # the element that holds the charge of a line
UNITS = {"SV1": 4, "SV2": 5, "SV3": 6}
PROCEDURE = {"SV1": 1, "SV2": 2, "SV3": 1}
POINTERS = {"SV1": 7, "SV3": 11}
MEASURE = {"SV1": 3, "SV2": 4}
MINUTES = "MJ"
CENTS, THOUSANDTHS = -2, -3  # the last digit of an amount, of a quantity
_ZERO = Decimal(0)

LineRules = Mapping[str, str]  # the rules of line_rules.csv that speak of a code, with what each needs


@cache
def _rules() -> tuple[Mapping[str, str], ...]:
    return tuple(rows("line_rules"))


@lru_cache(maxsize=20_000)
def rules_of(code: str) -> LineRules:
    """The rules of line_rules.csv that speak of a procedure, place or revenue code, with what each needs."""
    found: dict[str, str] = {}
    for row in _rules():
        if in_range(code, row["from"], row["to"]):
            found.setdefault(row["rule"], row["needs"])
    return found


@frozen(eq=False)
class ServiceView:
    """What SV1, SV2 or SV3 says by itself. `faults` are diagnostics with their elements; `highest` is the
    last diagnosis pointed at; `misdirected`: one is pointed at twice, or one before the first."""

    charge: Decimal = _ZERO
    code: str = ""
    rules: LineRules = field(factory=dict)
    faults: tuple[tuple[str, int], ...] = ()
    highest: int = 0
    misdirected: bool = False


NO_SERVICE = ServiceView()


@lru_cache(maxsize=16_384)
def service_view(elements: tuple[str, ...], separator: str) -> ServiceView:
    """`service_of`, remembered."""
    return service_of(elements, separator)


def service_of(elements: Sequence[str], separator: str) -> ServiceView:
    """What SV1, SV2 or SV3 says by itself."""
    tag = elements[0]
    procedure = text(elements, PROCEDURE[tag])
    code = procedure.split(separator, 2)[1] if separator in procedure else ""
    rules = rules_of(code)
    faults = tuple((key, at) for key, rule in SERVICE_RULES.items() if (at := rule(elements, rules)))
    pointers = [p for p in text(elements, POINTERS.get(tag, 0)).split(separator) if p]
    numbers = [int(p) for p in pointers if p.isdecimal() and len(p) < 4]
    misdirected = len(set(pointers)) < len(pointers) or 0 in numbers
    charge = amount(text(elements, CHARGE[tag]))
    return ServiceView(charge, code, rules, faults, max(numbers, default=0), misdirected)


def last_digit(number: Decimal) -> int:
    """The exponent of the last digit that is not a closing zero: -2 for 1.25, 0 for 3."""
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


# --- rules on one service: each gives the element that is wrong, or 0


@reads("charge-negative", "SV102 SV203 SV302")
def _negative(elements: Sequence[str], rules: LineRules) -> int:
    """A charge is not negative."""
    number = CHARGE[elements[0]]
    return number if amount(text(elements, number)) < 0 else 0


@reads("charge-decimals", "SV102 SV203 SV302")
def _fractions(elements: Sequence[str], rules: LineRules) -> int:
    """A charge has whole cents."""
    number = CHARGE[elements[0]]
    return number if last_digit(amount(text(elements, number))) < CENTS else 0


@reads("line-units", "SV104 SV203 SV205 SV306")
def _units(elements: Sequence[str], rules: LineRules) -> int:
    """Units are more than zero. An institutional line without a charge may have none."""
    number = UNITS[elements[0]]
    stated = text(elements, number)
    free = elements[0] == "SV2" and not amount(text(elements, CHARGE["SV2"]))
    return number if stated and amount(stated) <= 0 and not free else 0


@reads("number-decimals", "SV104 SV205 SV306")
def _decimals(elements: Sequence[str], rules: LineRules) -> int:
    """A quantity has three decimals at most."""
    number = UNITS[elements[0]]
    return number if last_digit(amount(text(elements, number))) < THOUSANDTHS else 0


@reads("line-minutes-unexpected", "SV101 SV103 SV202 SV204")
def _minutes(elements: Sequence[str], rules: LineRules) -> int:
    """Minutes are for anesthesia."""
    number = MEASURE.get(elements[0], 0)
    return number if text(elements, number) == MINUTES and "anesthesia" not in rules else 0


# The diagnostic of each; whoever adds one here has it called for every line.
SERVICE_RULES: Mapping[str, Callable[[Sequence[str], LineRules], int]] = {
    "charge-negative": _negative,
    "charge-decimals": _fractions,
    "line-units": _units,
    "number-decimals": _decimals,
    "line-minutes-unexpected": _minutes,
}
