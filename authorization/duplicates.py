"""What makes two lines, two claims, two requests or two notices the same: one comparison, one table.

The caller fills in what was billed or requested. `maps/rules/duplicates.csv` lists the facts that
distinguish two of a kind, and the key holds only those: the same key, the same thing."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter

from attrs import field, fields_dict

from x12_payer.authorization.lists import table
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Period, Procedure

Key = tuple[Hashable, ...]
Days = tuple[date | None, date | None] | None

NO_PROCEDURE = Procedure()


def _in_no_order(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(values))


@frozen
class Item:
    """One service billed or asked for. `npi` is who bills it, or who would do it."""

    npi: str = ""
    service_type: str = ""
    code: str = ""
    code_to: str = ""
    modifiers: tuple[str, ...] = field(default=(), converter=_in_no_order)
    revenue_code: str = ""
    sites: tuple[str, ...] = field(default=(), converter=_in_no_order)  # teeth, surfaces, areas of the mouth
    begin: date | None = None
    end: date | None = None
    quantity: Decimal | None = None
    charge: Decimal | None = None
    place: str = ""
    renderers: tuple[str, ...] = ()  # NPIs


@frozen
class Whole:
    """One claim or request with its services; a request leaves what only a claim says as it is."""

    items: tuple[Item, ...]
    kind: str = ""
    billing_npi: str = ""
    subscriber_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    total: Decimal | None = None
    frequency: str = ""
    original: str = ""
    predetermination: bool = False
    responsibility: str = ""
    facility: str = ""
    statement: Days = None
    service_dates: Days = None


def days_of(period: Period | None) -> Days:
    """First and last day of a period."""
    return (period.begin, period.end) if period else None


def line_key(line: Item) -> Key:
    """Of a claim line: two with one key are an exact duplicate (scenario C16)."""
    return _facts("line", Item)(line)


def claim_key(claim: Whole) -> Key:
    """Of a whole claim: everything but the sender's own numbers. Lines in another order are the same."""
    lines = Counter(map(_facts("claim", Item), claim.items))
    return (*_facts("claim", Whole)(claim), frozenset(lines.items()))


def request_key(request: Whole) -> Key:
    """Of a 278 request (CONTRACT section 5, "Duplicate"). How many are asked for is not looked at."""
    return (*_facts("request", Whole)(request), frozenset(map(_facts("request", Item), request.items)))


def row_key(request: Whole) -> Key:
    """Of a request as far as the rows of an authorization decided elsewhere can say it."""
    return (*_facts("row", Whole)(request), frozenset(map(_facts("row", Item), request.items)))


def notice_key(admission: Item) -> Key:
    """Of the notice of an admission (X216): two of the same admission certify its days once."""
    return _facts("notice", Item)(admission)


@cache
def _facts(kind: str, of: type[Item] | type[Whole]) -> Callable[[Item | Whole], Key]:
    """What reads the facts of the table's column that this class holds."""
    known = fields_dict(of)
    return _reader([row["fact"] for row in table("duplicates") if row[kind] and row["fact"] in known])


def _reader(names: list[str]) -> Callable[[Item | Whole], Key]:
    if len(names) == 1:
        return lambda thing: (getattr(thing, names[0]),)
    return attrgetter(*names)
