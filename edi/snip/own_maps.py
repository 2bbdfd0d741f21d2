"""A user's own code lists and companion overlays, from a folder laid out like maps/ (codes/*.csv,
companion/*.toml): a code list replaces the shipped one of its name, overlays come before the shipped
ones."""

import csv
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from x12_payer.edi.codes.lists import CodeLists, code_lists
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.tables import rows

if TYPE_CHECKING:  # overlays are imported when someone asks for them: a check of types 1 to 6 does not
    from x12_payer.edi.snip.companion import Companion

CODES, COMPANION = "codes", "companion"
TABLES = ("code_lists", "code_places", "bill_types")  # beside the lists themselves


@cache
def codes_of(folder: Path | None) -> CodeLists:
    """The code sets with those of a user's folder; None: as shipped."""
    return code_lists(() if folder is None else (folder / CODES,))


@cache
def companions_of(folder: Path | None) -> "tuple[Companion, ...]":
    """The companion overlays, those of a user's folder first; None: as shipped."""
    from x12_payer.edi.snip.companion import read_companion, shipped_companions

    if folder is None:
        return shipped_companions()
    files = sorted((folder / COMPANION).glob("*.toml"))
    own = (read_companion(_text(file), file.name) for file in files)
    return (*own, *shipped_companions())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file.name}: is not UTF-8 (byte {error.start})") from error


def problems_of(folder: Path) -> tuple[str, ...]:
    """What is wrong with a user's folder, a line each; () when all of it can be used."""
    found = [*_problems_of_codes(folder), *_problems_of_companions(folder)]
    if not found and not any((folder / part).is_dir() for part in (CODES, COMPANION)):
        return (f"{folder}: has neither {CODES}/ nor {COMPANION}/",)
    return tuple(found)


def _problems_of_codes(folder: Path) -> list[str]:
    place = folder / CODES
    files = sorted(place.glob("*.csv"))
    if found := [problem for file in files if (problem := _problem_of_table(file))]:
        return found
    try:
        lists = code_lists((place,)).lists.values()
        for one in lists:
            one.holds("?", "20260101")  # reads the list
            if one.diagnostic not in diagnostic_codes():
                return [f"{place}: {one.name}: diagnostics.csv has no {one.diagnostic!r}"]
        known = {row["file"] for row in rows("code_lists")} | set(TABLES) | _named(place / "code_lists.csv")
    except KeyError as error:
        return [f"{place}: a column or list is missing: {error}"]
    except (ValueError, re.error, OSError) as error:
        return [f"{place}: {error}"]
    return [f"{file}: no code list has this name" for file in files if file.stem not in known]


def _problem_of_table(file: Path) -> str:
    """Why a table cannot be read, '' when it can."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        table = csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#"))
        entries = list(table)
    except UnicodeDecodeError as error:
        return f"{file}: is not UTF-8 (byte {error.start})"
    except (csv.Error, OSError) as error:
        return f"{file}: {getattr(error, 'strerror', None) or error}"
    if not entries:
        return f"{file}: has no row"
    if file.stem not in TABLES and "code" not in (table.fieldnames or ()):
        return f"{file}: code: column is missing"
    if file.stem in TABLES and any(None in entry.values() for entry in entries):
        return f"{file}: a row has fewer values than the table has columns"
    return ""


def _named(path: Path) -> set[str]:
    """The files that the user's own code_lists.csv names."""
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["file"] or "" for row in csv.DictReader(line for line in file if line[:1] != "#")}


def _problems_of_companions(folder: Path) -> list[str]:
    try:
        companions_of(folder)
    except (ValueError, OSError) as error:
        return [f"{folder / COMPANION}: {error}"]
    return []
