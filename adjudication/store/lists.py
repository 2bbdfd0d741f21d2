"""`column IN (many texts)` as one bound value, on both engines: the statement is compiled once, however many
texts there are."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Items(FunctionElement[str]):
    """The texts of a JSON list as a subquery."""

    inherit_cache = True


@compiles(_Items, "sqlite")
def _sqlite_items(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(items.clauses, **options)}))"


@compiles(_Items, "postgresql")
def _postgresql_items(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT jsonb_array_elements_text(CAST({compiler.process(items.clauses, **options)} AS jsonb)))"


def one_of(column: Column[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """True where the column holds one of the texts."""
    items = _Items(literal(json.dumps(sorted(set(values))), Text))
    return column.op("IN", is_comparison=True, return_type=Boolean())(items)
