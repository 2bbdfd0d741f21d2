"""The tables of reference data as declared in maps/codes/reference_columns.csv: a row there is a column, its
place in the key, and how its values are checked. A new table is new rows."""

from collections.abc import Mapping
from functools import cache
from itertools import groupby

from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows

PAYER = "payer"  # the settings of payer.toml


@frozen
class Column:
    """One column (or setting): its form, whether it may be empty, whether its values are of people (an error
    never shows those), and what a value has to name."""

    name: str
    form: str
    of: tuple[str, ...] = ()
    blank: bool = False
    person: bool = False
    refers: str = ""  # member, provider


@frozen
class TableSpec:
    """One CSV: its columns in the file's order, and those that make its key."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]


@cache
def _declared() -> Mapping[str, TableSpec]:
    found = {}
    for name, group in groupby(rows("reference_columns"), lambda row: row["table"]):
        entries = list(group)
        key = tuple(row["column"] for row in entries if row["key"])
        found[name] = TableSpec(name, key, {row["column"]: _column(row) for row in entries})
    return found


def _column(row: Mapping[str, str]) -> Column:
    of = tuple(part for part in row["of"].split("|") if part)
    return Column(row["column"], row["form"], of, bool(row["blank"]), bool(row["person"]), row["refers"])


TABLES: Mapping[str, TableSpec] = {name: spec for name, spec in _declared().items() if name != PAYER}
SETTINGS: Mapping[str, Column] = _declared()[PAYER].columns
