"""pyx12 under our guides beside our engine: whether the two say the same of a file (types 1 and 2)."""

from pathlib import Path

from pyx12.errors import EngineError

from tests.worlds.engines.pyx12_guides import pyx12_says, write_maps
from tests.worlds.text.found import accepted, errors_of
from x12_payer.edi.reading.check import CheckedInterchange, check_interchanges
from x12_payer.edi.wire.segments import Source

VERDICT, SEGMENT = "verdict", "segment"


class Maps:
    """Map folders for pyx12 by the guides in them: a 278 request and response share GS01 and GS08, so one
    folder cannot serve both."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folders: dict[tuple[str, ...], Path] = {}

    def folder(self, guides: tuple[str, ...]) -> Path:
        if guides not in self.folders:
            self.folders[guides] = write_maps(self.base / str(len(self.folders)), guides)
        return self.folders[guides]


def guides_of(found: list[CheckedInterchange]) -> tuple[str, ...]:
    """The guide files of a file, one for each GS01 and GS08."""
    named: dict[tuple[str, str], str] = {}
    for g in (g for i in found for g in i.groups):
        for s in (s for s in g.sets if s.guide):
            named.setdefault((g.gs[1], g.gs[8]), f"{s.guide}.xml")
    return tuple(sorted(set(named.values())))


def difference(text: str, maps: Maps) -> str | None:
    """'' where the two agree, else what differs; None when there is nothing of ours to compare."""
    found = list(check_interchanges(Source(data=text.encode("latin-1")), every_guide=True))
    guides, errors = guides_of(found), errors_of(found)
    if not guides:
        return None
    try:
        good, said = pyx12_says(text, maps.folder(guides))
    except EngineError:  # it has no map for one of the groups
        good, said = False, []
    if good != (accepted(found) and not errors):
        return VERDICT
    theirs = min((s.segment for s in said), default=0)
    ours = min((d.position.segment for d in errors), default=0)
    return "" if ours == theirs else SEGMENT
