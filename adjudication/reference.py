"""Reference data as files (CONTRACT section 3): one table of columns for reading, checks and storage.

`read_reference(paths)` gives every row as text, checked, and every problem as
`file:line: column: what is wrong`.
Nothing here touches the store."""

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from attrs import field, frozen

from authorization.plan import parse_plan, shipped_plans
from edi.codeforms import is_npi

Check = Callable[[str], str]  # '' when the text is fine, else what is wrong with it


def anything(text: str) -> str:
    """Free text, may be empty."""
    return ""


def needed(text: str) -> str:
    """Free text that may not be empty."""
    return "" if text else "is empty"


def npi(text: str) -> str:
    """Ten digits with a right check digit."""
    return "" if is_npi(text) else "is not an NPI (ten digits with check digit)"


def optional_npi(text: str) -> str:
    """An NPI or empty."""
    return npi(text) if text else ""


def day(text: str) -> str:
    """A date YYYY-MM-DD."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return "is not a date YYYY-MM-DD"
    return "" if len(text) == 10 else "is not a date YYYY-MM-DD"


def optional_day(text: str) -> str:
    """A date or empty (open-ended)."""
    return day(text) if text else ""


def amount(text: str) -> str:
    """A number, not negative."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return "is not a number"
    return "" if value.is_finite() and value >= 0 else "is not a number of zero or more"


def optional_amount(text: str) -> str:
    """A number or empty."""
    return amount(text) if text else ""


def year(text: str) -> str:
    """A year of four digits."""
    return "" if text.isdigit() and len(text) == 4 else "is not a year"


def one_of(*choices: str) -> Check:
    """One of a closed list."""
    return lambda text: "" if text in choices else f"is none of {' '.join(c or '(blank)' for c in choices)}"


@frozen
class TableSpec:
    """One CSV: its columns with their checks, in the file's order, and the columns that make its key."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Check]
    members: tuple[str, ...] = ()  # columns that name a plan


def _spec(name_: str, key: str, plan_column: str = "", /, **columns: Check) -> TableSpec:
    return TableSpec(name_, tuple(key.split()), columns, (plan_column,) if plan_column else ())


TABLES: Mapping[str, TableSpec] = {
    spec.name: spec
    for spec in (
        _spec("partners", "qualifier interchange_id", qualifier=needed, interchange_id=needed, name=anything),
        _spec(
            "payees",
            "npi",
            npi=npi,
            routing_number=needed,
            account_type=one_of("DA", "SG"),
            account_number=needed,
        ),
        _spec(
            "members",
            "member_id effective_date",
            "plan_id",
            member_id=needed,
            subscriber_id=needed,
            relationship=one_of("18", "01", "19", "G8"),
            last_name=needed,
            first_name=anything,
            birth_date=day,
            gender=one_of("F", "M", "U", ""),
            address=anything,
            city=anything,
            state=anything,
            zip=anything,
            plan_id=needed,
            group_number=anything,
            effective_date=day,
            termination_date=optional_day,
            pcp_npi=optional_npi,
        ),
        _spec(
            "providers",
            "npi",
            npi=npi,
            entity_type=one_of("1", "2"),
            name=needed,
            first_name=anything,
            tax_id=anything,
            taxonomy=anything,
            role=anything,
            address=anything,
            city=anything,
            state=anything,
            zip=anything,
        ),
        _spec(
            "networks",
            "npi plan_id effective_date",
            "plan_id",
            npi=npi,
            plan_id=needed,
            effective_date=day,
            termination_date=optional_day,
        ),
        _spec(
            "fees",
            "plan_id npi code modifier effective_date",
            "plan_id",
            plan_id=needed,
            npi=optional_npi,
            code=needed,
            modifier=anything,
            basis=one_of("unit", "day", "case", "percent", "drg", "capitated"),
            amount=amount,
            effective_date=day,
            termination_date=optional_day,
        ),
        _spec(
            "accumulators",
            "member_id year accumulator",
            member_id=needed,
            year=year,
            accumulator=one_of(
                "deductible",
                "out_of_pocket",
                "visits:PT-OT",
                "visits:PT-OT-ST",
                "visits:CHIRO",
                "dental_maximum",
            ),
            value=amount,
        ),
        _spec(
            "other_coverage",
            "member_id payer_id order effective_date",
            member_id=needed,
            payer_name=anything,
            payer_id=needed,
            policy_id=anything,
            order=one_of("primary", "secondary", "tertiary"),
            effective_date=day,
            termination_date=optional_day,
        ),
        _spec(
            "authorizations",
            "authorization_number service_type provider_npi code code_to modifier",
            authorization_number=needed,
            member_id=needed,
            kind=one_of("authorization", "referral", "notification"),
            status=one_of("approved", "denied", "cancelled", "pended"),
            service_type=anything,
            requester_npi=optional_npi,
            provider_npi=optional_npi,
            code=anything,
            code_to=anything,
            modifier=anything,
            unit=one_of("UN", "VS", "DY"),
            units=amount,
            issued_date=optional_day,
            effective_date=optional_day,
            expiration_date=optional_day,
            reason=anything,
        ),
        _spec(
            "consents",
            "member_id npi code effective_date",
            member_id=needed,
            npi=optional_npi,
            code=anything,
            effective_date=day,
            termination_date=optional_day,
        ),
    )
}

PAYER_NEEDED = ("name", "payer_id", "tax_id", "interchange_qualifier", "interchange_id")
PAYER_TEXT = (
    *PAYER_NEEDED,
    "address",
    "city",
    "state",
    "zip",
    "contact_name",
    "contact_phone",
    "time_zone",
    "routing_number",
    "account_number",
)
PAYER_LENGTHS = {"interchange_qualifier": 2, "interchange_id": 15}  # ISA05-08 are as long as that
PAYER_NUMBERS = ("timely_filing_days", "interest_annual_percent", "interest_after_days")


@frozen
class ReferenceData:
    """What was read: rows by table (each row a mapping of text), payer settings, plan texts by plan id."""

    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(factory=dict)
    payer: Mapping[str, str] = field(factory=dict)
    plans: Mapping[str, str] = field(factory=dict)


def read_reference(
    paths: Iterable[Path], known_plans: Iterable[str] = ()
) -> tuple[ReferenceData, tuple[str, ...]]:
    """Read files and folders; `known_plans` are plan ids loaded before. Gives the data and the problems."""
    rows: dict[str, list[Mapping[str, str]]] = {}
    payer: dict[str, str] = {}
    plans: dict[str, str] = {}
    problems: list[str] = []
    places: list[tuple[str, str, str]] = []  # plan id used, and where
    files = list(_files(paths))
    if not files:
        problems.append("nothing to load: no CSV or TOML file in the given paths")
    for path in files:
        if path.suffix == ".toml" and path.name == "payer.toml":
            payer.update(_read_payer(path, problems))
        elif path.suffix == ".toml":
            plans.update(_read_plan(path, problems))
        else:
            rows.setdefault(path.stem, []).extend(_read_table(path, problems, places))
    plan_ids = {*shipped_plans(), *plans, *known_plans, "*"}
    problems += [
        f"{where}: {column}: names no plan, shipped or loaded"
        for plan, where, column in places
        if plan not in plan_ids
    ]
    return ReferenceData(rows, payer, plans), tuple(problems)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".csv", ".toml") and p.is_file())
        else:
            yield path


def _read_table(
    path: Path, problems: list[str], places: list[tuple[str, str, str]]
) -> list[Mapping[str, str]]:
    spec = TABLES.get(path.stem)
    if spec is None or path.suffix != ".csv":
        problems.append(f"{path}: no such table; tables are {', '.join(TABLES)}, payer.toml and plans/*.toml")
        return []
    text = _text(path, problems)
    if text is None:
        return []
    if "\0" in text:
        problems.append(f"{path}: is no text: a byte of it is 0")
        return []
    reader = csv.DictReader(text.splitlines())
    header = reader.fieldnames or []
    wrong = [f"{path}:1: {c}: column is missing" for c in spec.columns if c not in header]
    wrong += [f"{path}:1: {c}: no such column" for c in header if c not in spec.columns]
    if wrong:
        problems += wrong
        return []
    found: list[Mapping[str, str]] = []
    for raw in _rows(reader, path, problems):
        where = f"{path}:{reader.line_num}"
        row = {column: (raw[column] or "").strip() for column in spec.columns}
        bad = [f"{where}: {c}: {said}" for c, check in spec.columns.items() if (said := check(row[c]))]
        bad += [f"{where}: {header[-1]}: more values than columns"] if None in raw else []
        problems += bad
        if not bad:
            found.append(row)
        places += [(row[c], where, c) for c in spec.members if row[c]]
    return found


def _rows(
    reader: "csv.DictReader[str]", path: Path, problems: list[str]
) -> Iterator[dict[str | Any, str | Any]]:
    """The rows as far as they can be read."""
    try:
        yield from reader
    except csv.Error as error:
        problems.append(f"{path}:{reader.line_num}: {error}; is a quote not closed?")


def _text(path: Path, problems: list[str]) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        problems.append(f"{path}: is not UTF-8 (byte {error.start})")
    return None


def _read_payer(path: Path, problems: list[str]) -> dict[str, str]:
    text = _text(path, problems)
    if text is None:
        return {}
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: {error}")
        return {}
    problems += [f"{path}: {key}: is missing" for key in PAYER_NEEDED if not data.get(key)]
    problems += [
        f"{path}: {key}: has more than {limit} characters"
        for key, limit in PAYER_LENGTHS.items()
        if len(str(data.get(key, ""))) > limit
    ]
    for key, value in data.items():
        if key not in PAYER_TEXT and key not in PAYER_NUMBERS:
            problems.append(f"{path}: {key}: no such setting")
        elif key in PAYER_NUMBERS and optional_amount(str(value)):
            problems.append(f"{path}: {key}: {optional_amount(str(value))}")
    return {key: str(value) for key, value in data.items()}


def _read_plan(path: Path, problems: list[str]) -> dict[str, str]:
    text = _text(path, problems)
    if text is None:
        return {}
    plan, wrong = parse_plan(text, str(path))
    problems += wrong
    return {} if plan is None else {plan.id: text}
