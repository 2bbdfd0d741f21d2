"""TOML as people write it: whatever is wrong with a text is one error with a message."""

import tomllib
from typing import Any


class TomlTextError(ValueError):
    """The text is no TOML; the words say why."""


def toml_tables(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises TomlTextError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlTextError(str(error)) from None
    except RecursionError:
        raise TomlTextError("brackets are nested too deeply") from None
