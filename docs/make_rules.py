"""docs/rules.md, made from maps/rules/rule_ids.csv: each rule in our own words, where it comes from, and what
cites it. `python docs/make_rules.py > docs/rules.md` writes it; `make docs` writes every generated page."""

import ast
import csv
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULE = re.compile(r"\b[A-Z]{2,3}-\d\d\b")
CODE = ("edi", "authorization", "adjudication", "commands")
LABELS = ("category", "class", "service_types", "accumulator", "codes")  # what names a row of a plan
HEAD = """# The rules

What the shipped plans and the engines carry out, rule by rule. `GTX-16` in a comment, or in a column
`rule` or `source`, is a row of this page. The words are ours; the source names a public page and its
line. The plans are fictional: they carry these rules so that the product is tried on real ones.

This page is made from `maps/rules/rule_ids.csv` and from everything that cites it (`make docs`). Plan
rows are named by their table and what they speak of, rows of a CSV by their first cell, code by its
function. A rule that nothing cites binds people (registering, telephoning, verifying), belongs to
something that is [not built yet](contract.md#what-is-not-built-yet), or follows from others.

| source | page |
|---|---|
| 000 | a general article about the Harvard Pilgrim provider portal |
| 001 | Blue Cross Blue Shield of Massachusetts: prior authorization overview |
| 002 | Harmony: how to submit an outpatient authorization request online |
| 003 | Blue Cross Blue Shield of Massachusetts: forms library and clinical resources |
"""
GROUPS = {
    "GEN": "General",
    "BH": "Behavioral health",
    "ONC": "Cancer treatment",
    "CHI": "Chiropractic",
    "DEN": "Dental, oral surgery, orthodontia",
    "EDB": "Enhanced dental benefits",
    "GTX": "Genetic tests",
    "HAB": "Habilitation",
    "HTR": "High-tech radiology",
    "HHC": "Home health",
    "AMG": "Back, joint and pain procedures",
    "PTO": "Physical and occupational therapy",
    "STR": "Short-term rehabilitation",
    "SLP": "Speech therapy",
    "SLE": "Sleep studies and equipment",
    "PGM": "Programs",
    "HPH": "Provider portal",
    "HRM": "Outpatient request",
    "VND": "Delegated vendors",
}


def rules(root: Path = ROOT) -> list[dict[str, str]]:
    """The rows of rule_ids.csv: id, text, source."""
    return list(table(root / "maps" / "rules" / "rule_ids.csv"))


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV of maps/; lines that begin with # are notes."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines(True) if not line.startswith("#"))
    return csv.DictReader(lines)


def in_tables(root: Path = ROOT) -> Iterator[tuple[str, str, str]]:
    """What cites in maps/: path, name of the row, and the text of its `rule` and `source`."""
    for path in sorted((root / "maps").rglob("*.csv")):
        if path.name == "rule_ids.csv":
            continue
        for row in table(path):
            cited = " ".join(row.get(column) or "" for column in ("rule", "source"))
            yield path.relative_to(root).as_posix(), next(iter(row.values())), cited
    for path in sorted((root / "maps" / "rules").glob("*.toml")):
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, found in plan.items():
            for row in found if isinstance(found, list) else ():
                label = next((" ".join(row[key]) for key in LABELS if isinstance(row.get(key), list)), "")
                yield path.relative_to(root).as_posix(), f"{name} {label}".strip(), row.get("rule", "")


def in_code(root: Path = ROOT) -> Iterator[tuple[str, str, str]]:
    """What cites in the code: path, the function or class around it ('' at the head), and the line."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            owners = _owners(ast.parse(text))
            for number, line in enumerate(text.splitlines(), 1):
                if RULE.search(line):
                    yield path.relative_to(root).as_posix(), owners.get(number, ""), line


def document(root: Path = ROOT) -> str:
    """The whole page."""
    known = rules(root)
    cited = _cited({rule["id"] for rule in known}, root)
    out, group = io.StringIO(), ""
    out.write(HEAD)
    for rule in known:
        prefix = rule["id"].split("-")[0]
        if prefix != group:
            out.write(f"\n## {GROUPS[prefix]}\n\n")
            out.write("| rule | in our words | source | cited by |\n|---|---|---|---|\n")
        group = prefix
        places = "; ".join(cited.get(rule["id"], ()))
        out.write(f"| {rule['id']} | {rule['text']} | {rule['source']} | {places} |\n")
    return out.getvalue()


def _cited(known: set[str], root: Path) -> dict[str, list[str]]:
    """By rule the places that cite it, each file once with its rows or functions."""
    places: dict[str, dict[str, list[str]]] = {}
    for path, name, text in (*in_tables(root), *in_code(root)):
        for rule in known.intersection(RULE.findall(text)):
            names = places.setdefault(rule, {}).setdefault(path, [])
            if name and name not in names:
                names.append(name)
    return {
        rule: [f"`{path}`{' ' if names else ''}{', '.join(names)}" for path, names in files.items()]
        for rule, files in places.items()
    }


def _owners(tree: ast.Module) -> dict[int, str]:
    """By line the innermost function or class that holds it."""
    found: dict[int, str] = {}
    for node in ast.walk(tree):  # outer before inner: the inner one overwrites
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.update(dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.name))
    return found


if __name__ == "__main__":
    sys.stdout.write(document())
