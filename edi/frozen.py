"""`frozen`: values whose fields nobody sets again.

mypy and pyright see attrs' own `frozen` and refuse an assignment to a field. At run time the class is an
ordinary one with slots: the guard of attrs is paid for each field of each value made, a tenth of the time of
`edi process` (docs/performance.md), and no code that passes `mypy --strict` can meet it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as frozen
else:
    from attrs import define, setters

    def frozen(cls=None, **options):
        """As attrs' `frozen`: equal by value and hashable, unless `eq=False`."""
        if options.get("eq", True):
            options["unsafe_hash"] = True
        return define(cls, on_setattr=setters.NO_OP, **options)
