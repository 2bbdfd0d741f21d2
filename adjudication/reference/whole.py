"""Reference data checked as a whole: rows by themselves, against each other, and against what the store
holds. What could never apply, or never be sent, is refused before it is loaded (CONTRACT section 8)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from attrs import field

from x12_payer.adjudication.reference.checks import ColumnCheck, closed_list, is_day, quoted
from x12_payer.adjudication.reference.files import TableRow
from x12_payer.adjudication.reference.tables import TABLES
from x12_payer.authorization.plans.plan import Plan, shipped_plans
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.codes.ranges import is_range
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows as table_rows
from x12_payer.edi.words import closest, nearest


def _nobody(_: Iterable[str]) -> Collection[str]:
    return ()


@frozen
class Held:
    """What a store holds already: its plans, and which of some members or NPIs it knows."""

    plans: Mapping[str, Plan] = field(factory=dict)
    members: Callable[[Iterable[str]], Collection[str]] = _nobody
    providers: Callable[[Iterable[str]], Collection[str]] = _nobody


def row_problems(
    rows: Iterable[TableRow], plans: Mapping[str, Plan], held: Held
) -> Iterator[tuple[TableRow, str]]:
    """Everything wrong with the rows: each value, each row, then one row with others."""
    rows = list(rows)
    faulty: set[int] = set()
    for row, words in _one_by_one(rows, plans):
        faulty.add(id(row))
        yield row, words
    good = [row for row in rows if id(row) not in faulty]
    yield from _same_key(good)
    yield from _two_members(good)
    yield from _unknown(rows, held)


def _one_by_one(rows: Iterable[TableRow], plans: Mapping[str, Plan]) -> Iterator[tuple[TableRow, str]]:
    checks = {name: {c.name: ColumnCheck(c) for c in spec.columns.values()} for name, spec in TABLES.items()}
    known = accumulators({**shipped_plans(), **plans})
    for row in rows:
        columns = checks[row.table]
        wrong = {name: words for name, check in columns.items() if (words := check(row.values[name]))}
        for name, column in TABLES[row.table].columns.items():
            value = row.values[name]
            if name in wrong or not value:
                continue
            if column.form.startswith("plan") and not (value in plans or _any_plan(column.form, value)):
                wrong[name] = f"names no plan, shipped or loaded{nearest(value, plans)}"
            elif column.form == "accumulator" and value not in known:
                wrong[name] = f"is no accumulator of any plan{nearest(value, known)}"
        yield from ((row, row.problem(name, words)) for name, words in _in_words(row, wrong))
        for name, words in _row_rules(row):
            if name not in wrong:
                yield row, row.problem(name, words)


def _in_words(row: TableRow, wrong: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the values of a row, the value itself where it may be shown. In a table of people a
    row with several faults may have all its values one column off: a name may be anywhere in it."""
    columns = TABLES[row.table].columns
    shifted = len(wrong) > 1 and any(column.person for column in columns.values())
    for name, words in wrong.items():
        yield name, words if shifted or columns[name].person else quoted(row.values[name], words)


def _any_plan(form: str, value: str) -> bool:
    return form == "plan_or_any" and value == "*"


def accumulators(plans: Mapping[str, Plan]) -> tuple[str, ...]:
    """What may be counted: the closed list, and the limits and thresholds of the plans."""
    found = dict.fromkeys(closed_list("accumulator"))
    for plan in plans.values():
        found |= dict.fromkeys(row.limit.accumulator for row in plan.limits)
        names = (row.requirement.threshold_accumulator for row in plan.requirements)
        found |= dict.fromkeys(name for name in names if name)
    return tuple(found)


@cache
def canada() -> frozenset[str]:
    """The provinces of Canada: their postal codes have a form of their own."""
    return frozenset(row["code"] for row in table_rows("states") if row["country"] == "CA")


# -- one row ---------------------------------------------------------------------------------------

PERIODS = ("effective_date", "termination_date"), ("effective_date", "expiration_date")


def _row_rules(row: TableRow) -> Iterator[tuple[str, str]]:
    values = row.values
    for first, last in PERIODS:
        begin, end = values.get(first, ""), values.get(last, "")
        if is_day(begin) and is_day(end) and end < begin:
            named = "" if TABLES[row.table].columns[last].person else f"{end} "
            yield last, f"{named}is before {first}: the row could never apply"
    yield from RULES.get(row.table, _no_rule)(values)


def _no_rule(_: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return iter(())


def _address(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A ZIP code belongs to the country of its state."""
    state, code = values["state"], values["zip"]
    lists = code_lists().lists
    if state and code and lists["state"].holds(state, ""):
        form = "postal_ca" if state in canada() else "zip"
        if not lists[form].holds(code, "") and any(lists[f].holds(code, "") for f in ("zip", "postal_ca")):
            yield "zip", f"is the postal code of another country than {state}"


def _fee(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if values["basis"] == "percent" and _number(values["amount"]) > 100:
        yield "amount", f"{values['amount']} is more than 100 percent of the charge"


def _accumulator(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not values["accumulator"].startswith("visits:") and _places(values["value"]) > 2:
        yield "value", f"{values['value']} is money and has more than 2 decimals"


def _authorization(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    first, last = values["code"], values["code_to"]
    if not first and not values["service_type"]:
        yield "service_type", "is empty, and so is code: the row is for no service"
    if last and not first:
        yield "code_to", f"{last} ends a range that has no code to begin with"
    elif last and not is_range(first, last):
        yield "code_to", f"{first} to {last} is not a range: no code is in it"


RULES: Mapping[str, Callable[[Mapping[str, str]], Iterator[tuple[str, str]]]] = {
    "members": _address,
    "providers": _address,
    "fees": _fee,
    "accumulators": _accumulator,
    "authorizations": _authorization,
}


def _number(text: str) -> Decimal:
    return Decimal(text) if text.replace(".", "", 1).isdecimal() else Decimal(0)


def _places(text: str) -> int:
    return len(text.partition(".")[2].rstrip("0"))


# -- one row with others ---------------------------------------------------------------------------


def _same_key(rows: Iterable[TableRow]) -> Iterator[tuple[TableRow, str]]:
    """Two rows of one file that are the same but for what they say: which of them is meant?"""
    seen: dict[tuple[str, ...], TableRow] = {}
    for row in rows:
        key = TABLES[row.table].key
        path = row.place.rpartition(":")[0]
        before = seen.setdefault((path, *(row.values[k] for k in key)), row)
        if before.values != row.values:
            line = before.place.rpartition(":")[2]
            yield row, row.problem(key[-1], f"another row for the same {' '.join(key)} as line {line}")


def _two_members(rows: Iterable[TableRow]) -> Iterator[tuple[TableRow, str]]:
    """One authorization number is one member's."""
    owners: dict[str, str] = {}
    for row in rows:
        if row.table == "authorizations":
            number, member = row.values["authorization_number"], row.values["member_id"]
            if owners.setdefault(number, member) != member:
                yield row, row.problem("member_id", f"{number} is the number of another member above")


OFFERED = 20  # so many unknown values are offered the nearest known one: among many it takes long to find


def _unknown(rows: list[TableRow], held: Held) -> Iterator[tuple[TableRow, str]]:
    """Members and providers that rows name and nobody knows: of a dependent, the subscriber."""
    asked: dict[str, dict[str, list[tuple[TableRow, str]]]] = {"member": {}, "provider": {}}
    ours = {
        "member": {row.values["member_id"]: row for row in rows if row.table == "members"},
        "provider": {row.values["npi"]: row for row in rows if row.table == "providers"},
    }
    for row in rows:
        for column in TABLES[row.table].columns.values():
            value = row.values[column.name]
            if column.refers and value and value not in ours[column.refers]:
                asked[column.refers].setdefault(value, []).append((row, column.name))
    known = {"member": held.members(asked["member"]), "provider": held.providers(asked["provider"])}
    for kind, values in asked.items():
        strange = [value for value in values if value not in known[kind]]
        for n, value in enumerate(strange):
            who = f"{value} is no provider" if kind == "provider" else "is no member"
            near = _near(value, ours[kind], kind) if n < OFFERED else ""
            words = f"{who}, loaded or in this load{near}"
            for row, name in values[value]:
                if not ColumnCheck(TABLES[row.table].columns[name])(value):
                    yield row, row.problem(name, words)


def _near(value: str, ours: Mapping[str, TableRow], kind: str) -> str:
    """Who of this load may be meant: of a member the line alone, the id is never shown."""
    if kind == "provider":
        return nearest(value, ours)
    near = closest(value, ours)
    return f"; did you mean that of {ours[near].place}?" if near else ""
