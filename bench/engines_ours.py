"""Our side of the benchmark. Each function reads one file whole and gives what it found against it, '' when
it accepts it."""

from datetime import date
from pathlib import Path

from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.snip.validate import USUAL_SNIP, diagnostics_in
from x12_payer.edi.wire.segments import Source

AS_OF = date(2026, 7, 6)
PIECE = 1 << 18  # characters read at once


def we_check(path: Path) -> str:
    """Envelope and guide, SNIP types 1 and 2."""
    for interchange in check_interchanges(Source(path=str(path)), every_guide=True):
        for group in interchange.groups:
            for one in group.sets:
                if one.diagnostics or not one.accepted:
                    return f"set {one.control_number}: {[d.code for d in one.diagnostics][:3]}"
        if interchange.ta1 or interchange.diagnostics:
            return f"envelope: {[d.code for d in interchange.diagnostics]}"
    return ""


def we_validate(path: Path) -> str:
    """SNIP types 1 to 6, as `edi validate` does."""
    found = next(diagnostics_in(Source(path=str(path)), USUAL_SNIP, AS_OF), None)
    return f"segment {found.segment}: {found.code}" if found else ""


def split_alone(path: Path) -> str:
    """No check at all: the file cut into segments and each of these into elements. What any reader in Python
    that looks at every element spends before it begins."""
    rest, segments = "", 0
    with path.open(encoding="latin-1", newline="") as file:
        while piece := file.read(PIECE):
            *texts, rest = (rest + piece).split("~")
            for text in texts:
                segments += bool(text.split("*"))
    return "" if segments else "no segment"
