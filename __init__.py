"""The open X12 processor for a health payer, as a Python library.

    import x12_payer as x12

    for interchange in x12.read("claims.x12"):     # groups, sets, segments; nothing is lost
        print(interchange.control_number)
    problems = x12.validate("claims.x12")          # what is wrong with it, () when it is valid
    for message in x12.parse("claims.x12"):        # typed messages
        ...
    text = x12.build(messages, sender=..., receiver=..., created=...)  # of the classes of x12.messages
    with x12.Payer("store.db") as payer:           # or ":memory:", or a postgresql:// URL
        payer.load("data/")
        answers = payer.process("claims.x12")

What `__all__` names is public and versioned semantically from 0.2 on; the rest is private. A name is imported
when it is first used, so `import x12_payer` costs nothing."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from x12_payer import messages
    from x12_payer.adjudication.errors import StoreError
    from x12_payer.edi.builders.interchange import TradingPartner, Writable, build
    from x12_payer.edi.builders.refusal import WriteError
    from x12_payer.edi.diagnostics.model import Diagnostic
    from x12_payer.edi.parsers.registry import Message, parse
    from x12_payer.edi.reading.tree import Group, Interchange, Segment, Set, read
    from x12_payer.edi.snip.validate import LocatedDiagnostic
    from x12_payer.edi.wire.segments import Delimiters
    from x12_payer.library import Answer, Answers, Payer, ReferenceDataError, validate

__all__ = [
    "Answer",
    "Answers",
    "Delimiters",
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
    "TradingPartner",
    "Writable",
    "WriteError",
    "build",
    "messages",
    "parse",
    "read",
    "validate",
]

_HOMES = {  # where each name lives
    "adjudication.errors": ("StoreError",),
    "edi.builders.interchange": ("TradingPartner", "Writable", "build"),
    "edi.builders.refusal": ("WriteError",),
    "edi.diagnostics.model": ("Diagnostic",),
    "edi.parsers.registry": ("Message", "parse"),
    "edi.reading.tree": ("Group", "Interchange", "Segment", "Set", "read"),
    "edi.snip.validate": ("LocatedDiagnostic",),
    "edi.wire.segments": ("Delimiters",),
    "library": ("Answer", "Answers", "Payer", "ReferenceDataError", "validate"),
    "messages": ("messages",),  # a module is its own home
}


def __getattr__(name: str) -> object:
    """A public name, imported from its home."""
    home = next((module for module, names in _HOMES.items() if name in names), "")
    if not home:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{home}")
    return module if home == name else getattr(module, name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
