"""The public sample interchanges in the folder that $EDI_CORPUS names; they are not in this repository."""

import csv
import os
import re
from pathlib import Path

from tests.worlds.places import ROOT

CORPUS = Path(os.environ["EDI_CORPUS"]).resolve()
BOOKS = frozenset({"README.md", "MANIFEST.tsv", "MUST_ACCEPT.txt"})


def sample_names() -> list[str]:
    """Every interchange of the corpus, by its path in it."""
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
