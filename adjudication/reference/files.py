"""Files of reference data → rows of text with their place, and what keeps a file from being read at all."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from x12_payer.adjudication.reference.tables import TABLES, TableSpec
from x12_payer.edi.frozen import frozen
from x12_payer.edi.toml_text import TomlTextError, toml_tables
from x12_payer.edi.words import nearest

OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_HEAD = re.compile(r"\$?\d{1,3}")  # of a number whose thousands are parted: 1,200.00
_TAIL = re.compile(r"\d{3}(\.\d*)?")


@frozen
class TableRow:
    """One row of a table as it is in its file, every value without white space around it."""

    table: str
    place: str  # file:line
    values: Mapping[str, str]

    def problem(self, column: str, words: str) -> str:
        """A problem as it is reported."""
        return f"{self.place}: {column}: {words}"


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The CSV and TOML files of the folders, and every file that is named itself."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".csv", ".toml") and p.is_file())
        else:
            yield path


def text_of(path: Path, problems: list[str]) -> str | None:
    """A file's text, None when it has none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        problems.append(f"{path}: is not UTF-8 (byte {error.start})")
    else:
        if "\0" not in text:
            return text
        problems.append(f"{path}: is no text: a byte of it is 0")
    return None


def toml_of(path: Path, problems: list[str]) -> dict[str, Any] | None:
    """The tables of a TOML file, None when it cannot be read."""
    text = text_of(path, problems)
    try:
        return None if text is None else toml_tables(text)
    except TomlTextError as error:
        problems.append(f"{path}: {error}")
    return None


def table_rows(path: Path, problems: list[str]) -> list[TableRow]:
    """The rows of a CSV, as far as they can be read."""
    spec = TABLES.get(path.stem)
    if spec is None or path.suffix != ".csv":
        near = nearest(path.stem, TABLES)
        problems.append(
            f"{path}: no such table{near}; tables are {', '.join(TABLES)}, payer.toml and plans/*.toml"
        )
        return []
    text = text_of(path, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[TableRow] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if wrong := list(_header_problems(path, spec, header)):
            problems += wrong
            return []
        for values in reader:
            place = f"{path}:{reader.line_num}"
            if len(values) > len(header):
                problems.append(_too_many(place, header, values))
            elif any(values):
                row = dict.fromkeys(header, "") | dict(zip(header, map(str.strip, values), strict=False))
                found.append(TableRow(spec.name, place, row))
    except csv.Error as error:
        problems.append(f"{path}:{reader.line_num}: {error}; is a quote not closed?")
    return found


def _header_problems(path: Path, spec: TableSpec, header: list[str]) -> Iterator[str]:
    for sign, words in OTHER_SEPARATORS.items():
        if len(header) == 1 and sign in header[0]:
            yield f"{path}:1: columns separated by {words}; save the file with commas between them"
            return
    for name in header:
        if header.count(name) > 1 or name not in spec.columns:
            stated = "is repeated" if name in spec.columns else "no such column"
            missing = [column for column in spec.columns if column not in header]
            yield f"{path}:1: {name}: {stated}{nearest(name, missing)}"
    yield from (f"{path}:1: {name}: column is missing" for name in spec.columns if name not in header)


def _too_many(place: str, header: list[str], values: list[str]) -> str:
    """More values than columns: often a number whose thousands are parted by the very comma."""
    for column, head, tail in zip(header, values, values[1:], strict=False):
        if _HEAD.fullmatch(head.strip()) and _TAIL.fullmatch(tail.strip()):
            number = f"{head.strip()},{tail.strip()}"
            plain = number.replace(",", "").lstrip("$")
            return f"{place}: {column}: {number} is not in quotes and reads as two values; write {plain}"
    return f"{place}: {header[-1]}: more values than columns ({len(values)}, not {len(header)})"
