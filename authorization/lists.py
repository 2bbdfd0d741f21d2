"""The short lists of maps/rules/lists.csv that values are compared with. Parsed once, used often."""

import csv
import io
from collections.abc import Mapping
from functools import cache, lru_cache

from x12_payer.edi.codes.ranges import in_range
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import map_path


@frozen
class Range:
    """One row: values `first` to `last`, inclusive; `means` what they stand for."""

    first: str
    last: str
    means: str

    def holds(self, value: str) -> bool:
        """True when the value lies in the range."""
        return in_range(value, self.first, self.last)


def table(name: str) -> list[dict[str, str]]:
    """The rows of maps/rules/<name>.csv; lines that begin with # are left out."""
    text = map_path("rules", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))


@cache
def _lists() -> Mapping[str, tuple[Range, ...]]:
    found: dict[str, tuple[Range, ...]] = {}
    for row in table("lists"):
        item = Range(row["from"], row["to"] or row["from"], row["means"])
        found[row["list"]] = (*found.get(row["list"], ()), item)
    return found


@lru_cache(maxsize=8192)
def listed(name: str, value: str) -> bool:
    """True when the list of that name holds the value; an unknown list is a bug (KeyError)."""
    return any(item.holds(value) for item in _lists()[name])


@lru_cache(maxsize=1024)
def meaning(name: str, value: str, default: str = "") -> str:
    """What the value stands for in the list, else the default."""
    return next((item.means for item in _lists()[name] if item.holds(value)), default)
