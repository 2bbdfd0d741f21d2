"""The tables of maps/codes as values: one row of reasons.csv or diagnostics.csv for each outbound code."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import fields

from x12_payer import maps
from x12_payer.edi.frozen import frozen


@frozen
class ReasonCodes:
    """One row of reasons.csv: a decision's key and how each transaction says it. Empty: not said there."""

    key: str
    group: str = ""  # CAS01
    carc: str = ""  # CAS02
    rarc: str = ""  # LQ*HE
    aaa: str = ""  # AAA03
    follow_up: str = ""  # AAA04
    hcr: str = ""  # HCR01
    hcr_reason: str = ""  # HCR03
    category: str = ""  # STC01-1 at claim level (277) or 277CA
    status: str = ""  # STC01-2
    line_status: str = ""  # STC code at the service line when it differs
    entity: str = ""  # STC01-3
    text: str = ""
    source: str = ""


def map_path(*parts: str) -> Path:
    """A file or folder of maps, which lie beside the code (importlib.resources would import much more)."""
    return Path(maps.__path__[0], *parts)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of maps/codes/<name>.csv; lines that begin with # are left out."""
    text = map_path("codes", f"{name}.csv").read_text(encoding="utf-8")
    lines = (line for line in io.StringIO(text) if not line.startswith("#"))
    return list(csv.DictReader(lines))


@cache
def reasons() -> Mapping[str, ReasonCodes]:
    """reasons.csv by key."""
    names = {f.name for f in fields(ReasonCodes)}
    return {
        row["key"]: ReasonCodes(**{k: v or "" for k, v in row.items() if k in names})
        for row in rows("reasons")
    }


def reason(key: str) -> ReasonCodes:
    """The row of a key; an unknown key is a bug (KeyError)."""
    return reasons()[key]
