"""The shared sample interchanges, and what our engine says of them."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from edi.check import CheckedInterchange, CheckedSet
from edi.diagnostics import Diagnostic

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
BOOKS = frozenset({"README.md", "MANIFEST.tsv", "MUST_ACCEPT.txt"})


def sample_names() -> list[str]:
    """Every interchange of the corpus, by its path in it; none when the corpus is not there."""
    files = (p for p in CORPUS.rglob("*") if p.is_file() and p.name not in BOOKS)
    return sorted(str(p.relative_to(CORPUS)) for p in files)


def manifest() -> dict[str, dict[str, str]]:
    """MANIFEST.tsv by file."""
    with (CORPUS / "MANIFEST.tsv").open(newline="", encoding="utf-8") as table:
        return {row["file"]: row for row in csv.DictReader(table, delimiter="\t")}


def unmasked(text: str) -> str:
    """The same with a GS01 that means something: XX hides what else is wrong in many of the fail/ files."""
    with (ROOT / "maps" / "guides" / "guides.csv").open(newline="", encoding="utf-8") as table:
        group_of = {row["st01"]: row["gs01"] for row in csv.DictReader(table)}
    kind = re.search(r"[~\n]ST.(\d{3})", text)
    known = group_of.get(kind[1], "XX") if kind else "XX"
    return re.sub(r"([~\n]GS.)XX", lambda m: m[1] + known, text)


def read(name: str) -> str:
    """One file, a character a byte."""
    return (CORPUS / name).read_bytes().decode("latin-1")


def sets_of(found: list[CheckedInterchange]) -> Iterator[CheckedSet]:
    """The sets in the order of the file."""
    return (s for i in found for g in i.groups for s in g.sets)


def errors_of(found: list[CheckedInterchange]) -> list[Diagnostic]:
    """The findings that count against the file, in its order."""
    outer = [d for i in found for d in (*i.diagnostics, *(d for g in i.groups for d in g.diagnostics))]
    every = [*outer, *(d for s in sets_of(found) for d in s.diagnostics)]
    return sorted((d for d in every if d.is_error), key=lambda d: d.position.segment)


def accepted(found: list[CheckedInterchange]) -> bool:
    """Would every set of the file be taken?"""
    groups = [g for i in found for g in i.groups]
    whole = not any(i.ta1 for i in found) and not any(g.rejected_codes for g in groups)
    return whole and all(s.accepted for s in sets_of(found))
