"""Reference data as files (CONTRACT section 3): read, checked, and given to the store as text.

`read_reference(paths, held)` gives every row and every problem as `file:line: column: what is wrong`.
With a problem nothing is loaded. Columns, lists and lengths are tables of maps/codes (`tables.py`); a
value is checked by `checks.py`, rows together by `whole.py`. The store is not touched."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import field

from x12_payer.adjudication.reference.checks import ColumnCheck, quoted
from x12_payer.adjudication.reference.files import TableRow, files_in, table_rows, text_of, toml_of
from x12_payer.adjudication.reference.tables import SETTINGS, TABLES, TableSpec
from x12_payer.adjudication.reference.whole import Held, row_problems
from x12_payer.authorization.plans.plan import parse_plans, shipped_plans
from x12_payer.edi.frozen import frozen
from x12_payer.edi.words import nearest

__all__ = ["PAYER_NUMBERS", "PAYER_TEXT", "TABLES", "Held", "ReferenceData", "TableSpec", "read_reference"]

_COUNTS = ("whole", "rate")
PAYER_NUMBERS = tuple(name for name, setting in SETTINGS.items() if setting.form in _COUNTS)
PAYER_TEXT = tuple(name for name in SETTINGS if name not in PAYER_NUMBERS)
NOTHING_HELD = Held()


@frozen
class ReferenceData:
    """What was read: rows by table (each row a mapping of text), payer settings, plan texts by plan id."""

    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(factory=dict)
    payer: Mapping[str, str] = field(factory=dict)
    plans: Mapping[str, str] = field(factory=dict)

    @property
    def digest(self) -> str:
        """The SHA-256 of all of it."""
        text = json.dumps([self.rows, self.payer, self.plans], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def read_reference(paths: Iterable[Path], held: Held = NOTHING_HELD) -> tuple[ReferenceData, tuple[str, ...]]:
    """Read files and folders and judge them together with what the store holds. Gives the data and the
    problems, file by file and line by line."""
    rows: list[TableRow] = []
    payer: dict[str, str] = {}
    texts: dict[str, str] = {}  # of plan files, by path
    problems: list[str] = []
    files = list(files_in(paths))
    if not files:
        problems.append("nothing to load: no CSV or TOML file in the given paths")
    for path in files:
        if path.suffix != ".toml":
            rows += table_rows(path, problems)
        elif path.name == "payer.toml":
            payer.update(_read_payer(path, problems))
        else:
            texts |= {} if (text := text_of(path, problems)) is None else {str(path): text}
    plans, wrong = parse_plans(texts, held.plans)
    problems += wrong
    known = {**shipped_plans(), **held.plans, **{name: plan for name, (plan, _) in plans.items()}}
    order = {id(row): n for n, row in enumerate(rows)}
    found = sorted(row_problems(rows, known, held), key=lambda pair: order[id(pair[0])])
    problems += [words for _, words in found]
    by_table: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row.values)
    loaded = {name: texts[source] for name, (_, source) in plans.items()}
    return ReferenceData(by_table, payer, loaded), tuple(problems)


def _read_payer(path: Path, problems: list[str]) -> dict[str, str]:
    data = toml_of(path, problems)
    if data is None:
        return {}
    for key, setting in SETTINGS.items():
        value = data.get(key, "")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            problems.append(f"{path}: {key}: is neither text nor a number")
        elif key not in data and not setting.blank:
            problems.append(f"{path}: {key}: is missing")
        elif words := ColumnCheck(setting)(str(value).strip()):
            problems.append(f"{path}: {key}: {quoted(str(value), words)}")
    unknown = [key for key in data if key not in SETTINGS]
    absent = [key for key in SETTINGS if key not in data]
    problems += [f"{path}: {key}: no such setting{nearest(key, absent)}" for key in unknown]
    return {key: str(value).strip() for key, value in data.items()}
