"""Files that a run could not write; the next one does."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from x12_payer.adjudication.pipeline.publish import Unwritten, publish
from x12_payer.adjudication.store.store import Store
from x12_payer.commands.log import note
from x12_payer.edi.display.elements import printable


def publish_late(store: Store, as_of: datetime, out: Path) -> Sequence[Unwritten]:
    """Put what an earlier run could not write into this run's folder; what still cannot be."""
    with store.unit(as_of) as unit:
        late = unit.unwritten()
        failed = publish(late, out) if late else ()
        unit.mark_published({file.name for file in late} - {one.name for one in failed})
    return failed


def keep_unwritten(store: Store, as_of: datetime, unwritten: Sequence[Unwritten], out: Path) -> bool:
    """Have the next run write what could not be written, and say so; True when there is something."""
    if not unwritten:
        return False
    with store.unit(as_of) as unit:
        unit.mark_unwritten({one.name for one in unwritten})
    for why in sorted({one.why for one in unwritten}):
        names = ", ".join(printable(one.name) for one in unwritten if one.why == why)
        note(f"{out}: not written: {names}: {why}; it is kept, the next run writes it")
    return True
