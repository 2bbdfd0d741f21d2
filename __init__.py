"""The open X12 processor for a health payer, as a Python library.

    import x12_payer as x12

    for interchange in x12.read("claims.x12"):     # groups, sets, segments; nothing is lost
        print(interchange.control_number)
    problems = x12.validate("claims.x12")          # what is wrong with it, () when it is valid
    for message in x12.parse("claims.x12"):        # typed messages
        ...
    with x12.Payer("store.db") as payer:           # or ":memory:", or a postgresql:// URL
        payer.load("data/")
        answers = payer.process("claims.x12")

What `__all__` names is public and versioned semantically from 0.2 on; the rest is private. A name is imported
when it is first used, so `import x12_payer` costs nothing."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from x12_payer.adjudication.errors import StoreError
    from x12_payer.edi.diagnostics.model import Diagnostic
    from x12_payer.edi.parsers.registry import Message, parse
    from x12_payer.edi.reading.tree import Group, Interchange, Segment, Set, read
    from x12_payer.edi.snip.validate import LocatedDiagnostic
    from x12_payer.library import Answer, Answers, Payer, ReferenceDataError, validate

__all__ = [
    "Answer",
    "Answers",
    "Diagnostic",
    "Group",
    "Interchange",
    "LocatedDiagnostic",
    "Message",
    "Payer",
    "ReferenceDataError",
    "Segment",
    "Set",
    "StoreError",
    "parse",
    "read",
    "validate",
]

_HOMES = {  # where each name lives
    "adjudication.errors": ("StoreError",),
    "edi.diagnostics.model": ("Diagnostic",),
    "edi.parsers.registry": ("Message", "parse"),
    "edi.reading.tree": ("Group", "Interchange", "Segment", "Set", "read"),
    "edi.snip.validate": ("LocatedDiagnostic",),
    "library": ("Answer", "Answers", "Payer", "ReferenceDataError", "validate"),
}


def __getattr__(name: str) -> object:
    """A public name, imported from its home."""
    home = next((module for module, names in _HOMES.items() if name in names), "")
    if not home:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
