"""Where a reason is cited, it is in this repository: rules, sections of the contract, sources, scenarios. And
nothing here points outside."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import x12_payer
from docs import make_rules
from tests.worlds.places import ROOT
from x12_payer.adjudication.reference.reference import TABLES
from x12_payer.cli import COMMANDS

HERE = Path(__file__)

CODE = ("edi", "authorization", "adjudication", "commands", "tests", "bench", "samples")
IDS = {row["id"] for row in make_rules.rules()}
STANDARDS = {"ICD-10", "UB-04", "UTF-16", "UTF-32"}  # that look like the id of a rule
CONTRACT = re.compile(r"CONTRACT(?: sections?)? (\d+)(?: (?:and|to) (\d+))?")
WIRE = re.compile(r"wire_rules(?: section)? (\d+(?:\.\d+)*)(?: and (\d+(?:\.\d+)*))?")
SCENARIO = re.compile(r"scenarios? ([A-Z]\d\d)\b(?:(?:,| and| to) ([A-Z]\d\d)\b)*")
OUTSIDE = re.compile(r"\.\./shared|\bdomain/(?:guides|rules|seeds|wire)|seeds_catalogue|/work/")
MAY_LOOK_OUTSIDE = {".ci/run"}  # acceptance scenarios, when they are beside the checkout


def headings(page: str) -> set[str]:
    """The numbers of a page's headings, and of the lists below them: 6, 6.2, 6.2.4."""
    found, at = set(), ""
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#+ (\d+(?:\.\d+)?)\.? ", line):
            at = heading[1]
            found.add(at)
        elif item := re.match(r"(\d+)\. ", line):
            found.add(f"{at}.{item[1]}")
    return found


SCENARIOS = re.findall(r"^\| ([A-Z]\d\d) \|", (ROOT / "docs" / "scenarios.md").read_text(), re.MULTILINE)
KINDS = (
    ("CONTRACT", CONTRACT, headings("contract.md")),
    ("wire_rules", WIRE, headings("wire_sources.md")),
    ("scenario", SCENARIO, set(SCENARIOS)),
)


def unresolved(text: str) -> list[str]:
    """The citations of a text that lead nowhere."""
    text = re.sub(r"\s+(?:#:? )?", " ", text)
    wrong = []
    for kind, pattern, known in KINDS:
        cited = [name for found in pattern.findall(text) for name in found if name]
        wrong += [f"{kind} {name}" for name in cited if name not in known]
    prefixes = {rule.split("-")[0] for rule in IDS}
    return wrong + [r for r in make_rules.RULE.findall(text) if r.split("-")[0] in prefixes and r not in IDS]


def sources() -> Iterator[Path]:
    for folder in CODE:
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from sorted(ROOT.glob("*.py"))


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_page_of_rules_is_current() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == make_rules.document(), "make docs"


def test_every_rule_has_an_id_of_its_own_its_words_and_its_source() -> None:
    rows = make_rules.rules()
    assert len(IDS) == len(rows)
    for row in rows:
        assert re.fullmatch(r"[A-Z]{2,3}-\d\d", row["id"])
        assert row["text"].endswith(".")
        assert re.fullmatch(r"00[0-3]:[\d,-]+(; 00[0-3]:[\d,-]+)*", row["source"]), row


def test_the_tables_cite_what_is_here() -> None:
    for path, name, text in make_rules.in_tables():
        assert unresolved(text) == [], (path, name)
        assert {rule for rule in make_rules.RULE.findall(text) if rule not in STANDARDS} <= IDS, (path, name)


def test_each_row_of_a_plan_cites_rules_or_the_contract_and_nothing_else() -> None:
    for path in sorted((ROOT / "maps" / "rules").glob("*.toml")):
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in plan.values():
            for row in table if isinstance(table, list) else ():
                rest = CONTRACT.sub("", row["rule"])
                assert set(rest.split()) <= IDS, (path.name, row["rule"])


def test_comments_cite_what_is_here() -> None:
    for path in sources():
        if path != HERE:
            assert unresolved(path.read_text(encoding="utf-8")) == [], path


def test_the_contract_lists_what_is_built_and_what_is_not() -> None:
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    built, not_built = page.split("## What is not built yet")
    promised = set(re.findall(r"`edi\s+([a-z]+)", not_built)) - {"claims", "process"}  # parts of these are
    assert promised
    assert not promised & set(COMMANDS), "built: move it up in docs/contract.md"
    assert [name for name in COMMANDS if f"`edi {name}" not in built] == [], "docs/contract.md"
    assert not set(re.findall(r"`([a-z_]+)\.csv`", not_built)) & set(TABLES)
    assert [name for name in x12_payer.__all__ if f"x12_payer.{name}" in not_built] == []


def test_what_leads_nowhere_is_found() -> None:
    text = "GTX-99; CONTRACT 12; CONTRACT sections 4 and 44; wire_rules 6.2.9; scenario C99"
    assert unresolved(text) == ["CONTRACT 12", "CONTRACT 44", "wire_rules 6.2.9", "scenario C99", "GTX-99"]


def test_nothing_points_outside_the_repository() -> None:
    named = []
    for name in tracked():
        if name in MAY_LOOK_OUTSIDE or ROOT / name == HERE:
            continue
        if (ROOT / name).is_symlink():  # .typing/x12_payer: the checkout itself
            continue
        text = (ROOT / name).read_text(encoding="utf-8", errors="ignore")
        named += [(name, found) for found in OUTSIDE.findall(text)]
    assert named == []
