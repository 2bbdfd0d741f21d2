"""The guides of 270, 271, 276, 277, 277CA, 835, 837P, 837I and 999: shape, registry and facts."""

import csv
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import pyx12

from tests.worlds.places import ROOT

GUIDES = ROOT / "maps" / "guides"
PYX12_MAPS = Path(pyx12.__file__).parent / "map"

CORE = (
    "270.X279A1.xml",
    "271.X279A1.xml",
    "276.X212.xml",
    "277.X212.xml",
    "277CA.X214.xml",
    "835.X221A1.xml",
    "837I.X223A2.xml",
    "837P.X222A1.xml",
    "999.X231A1.xml",
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def root(name: str) -> ET.Element:
    return ET.parse(GUIDES / name).getroot()


def codes(element: ET.Element) -> tuple[str, ...]:
    return tuple(c.text or "" for c in element.findall("valid_codes/code"))


# --- shape --------------------------------------------------------------------

WANTED = {
    "loop": {"xid", "pos", "usage", "repeat", "name"},
    "segment": {"xid", "pos", "usage", "max_use", "name"},
    "element": {"xid", "data_ele", "usage", "seq", "name"},
    "composite": {"xid", "data_ele", "usage", "seq", "name"},
}
OPTIONAL = {"loop": {"type"}, "segment": set(), "element": {"repeat"}, "composite": {"repeat"}}


@pytest.mark.parametrize("name", CORE)
def test_every_node_has_its_attributes_and_nothing_else(name: str) -> None:
    for node in root(name).iter():
        if node.tag not in WANTED:
            continue
        have = set(node.attrib)
        assert WANTED[node.tag] <= have <= WANTED[node.tag] | OPTIONAL[node.tag], (name, node.attrib)
        assert node.get("usage") in {"R", "S", "N"}
        assert all(node.attrib.values()), (name, node.attrib)
        assert 1 <= len((node.get("name") or "").split()) <= 6, node.attrib
        for key in ("repeat", "max_use"):
            assert re.fullmatch(r">1|[1-9]\d*", node.get(key) or "1"), (name, node.attrib)


@pytest.mark.parametrize("name", CORE)
def test_elements_are_numbered_without_gaps(name: str) -> None:
    for segment in root(name).iter("segment"):
        parts = [c for c in segment if c.tag in {"element", "composite"}]
        assert [c.get("seq") for c in parts] == [f"{i:02d}" for i in range(1, len(parts) + 1)]
        for part in parts:
            assert part.get("xid") == f"{segment.get('xid')}{part.get('seq')}"
            inner = part.findall("element")
            assert [e.get("xid") for e in inner] == [
                f"{part.get('xid')}-{i:02d}" for i in range(1, len(inner) + 1)
            ]
            if part.tag == "composite":
                assert bool(inner) == (part.get("usage") != "N"), part.attrib


@pytest.mark.parametrize("name", CORE)
def test_data_elements_are_in_the_dictionary(name: str) -> None:
    known = {e.get("ele_num") for e in ET.parse(PYX12_MAPS / "dataele.xml").getroot().iter("data_ele")}
    known |= {r["data_ele"] for r in rows(ROOT / "maps" / "codes" / "data_elements.csv")}
    assert {e.get("data_ele") for e in root(name).iter("element")} - known == set()


@pytest.mark.parametrize("name", CORE)
def test_positions_never_decrease(name: str) -> None:
    for loop in root(name).iter("loop"):
        at = [int(c.get("pos") or "") for c in loop if c.tag in {"loop", "segment"}]
        assert at == sorted(at), (name, loop.get("xid"))


@pytest.mark.parametrize("name", CORE)
def test_syntax_names_elements_that_exist(name: str) -> None:
    for segment in root(name).iter("segment"):
        last = len([c for c in segment if c.tag in {"element", "composite"}])
        for rule in segment.findall("syntax"):
            assert re.fullmatch(r"[PRECL](\d\d){2,}", rule.text or ""), segment.attrib
            assert all(int(n) <= last for n in re.findall(r"\d\d", rule.text or "")), rule.text


def keys(segment: ET.Element) -> list[frozenset[str]]:
    """The code lists that tell a segment from its like: first components of its first three parts."""
    out = []
    for part in [c for c in segment if c.tag in {"element", "composite"}][:3]:
        leaf = part if part.tag == "element" else part.find("element")
        out.append(frozenset(codes(leaf)) if leaf is not None and part.get("usage") == "R" else frozenset())
    return out


def starts(loop: ET.Element) -> Iterator[ET.Element]:
    """What a segment is held against in this loop: its segments and the first of each child loop."""
    for child in loop:
        if child.tag == "segment":
            yield child
        elif child.tag == "loop":
            first = next(c for c in child if c.tag in {"loop", "segment"})
            yield first if first.tag == "segment" else next(starts(first))


@pytest.mark.parametrize("name", CORE)
def test_segments_of_a_loop_differ(name: str) -> None:
    for loop in root(name).iter("loop"):
        for a, b in combinations(starts(loop), 2):
            if a.get("xid") == b.get("xid"):
                apart = any(x and y and not x & y for x, y in zip(keys(a), keys(b), strict=False))
                assert apart, (name, loop.get("xid"), a.get("name"), b.get("name"))


def test_all_guides_share_one_envelope() -> None:
    def bare(name: str) -> str:
        tree = root(name)
        group = tree.find("loop/loop[@xid='GS_LOOP']")
        assert group is not None
        group.remove(next(c for c in group if c.get("xid") == "ST_LOOP"))
        return ET.tostring(next(iter(tree)), encoding="unicode").replace(" ", "").replace("\n", "")

    assert len({bare(name) for name in CORE}) == 1


# --- registry -------------------------------------------------------------------


@pytest.mark.parametrize("name", CORE)
def test_the_registry_and_st_agree(name: str) -> None:
    mine = [r for r in rows(GUIDES / "guides.csv") if r["file"] == name]
    assert [r["status"] for r in mine].count("current") == 1
    st = next(s for s in root(name).iter("segment") if s.get("xid") == "ST")
    parts = {e.get("xid"): e for e in st}
    assert {r["st01"] for r in mine} == set(codes(parts["ST01"]))
    if parts["ST03"].get("usage") != "N":
        assert {r["gs08"] for r in mine} == set(codes(parts["ST03"]))
        assert codes(parts["ST03"])[0] == next(r["gs08"] for r in mine if r["status"] == "current")


def test_a_group_leads_to_one_guide() -> None:
    seen = [
        (r["gs08"], r["gs01"], r["st01"], b)
        for r in rows(GUIDES / "guides.csv")
        for b in r["bht02"].split("|")
    ]
    assert len(seen) == len(set(seen))


# --- facts ----------------------------------------------------------------------

FACTS = [  # file, loop path below ST_LOOP, segment, element, attribute, codes or codes+ (among them), value
    ("270.X279A1.xml", "2000C/2100C/2110C", "EQ", "EQ01", "repeat", "99"),
    ("270.X279A1.xml", "2000C", "", "", "usage", "R"),
    ("270.X279A1.xml", "2000D/2100D/2110D", "", "", "usage", "R"),
    ("271.X279A1.xml", "2000C", "", "", "usage", "S"),
    ("271.X279A1.xml", "2110C", "LS", "LS01", "codes", "2120"),
    ("271.X279A1.xml", "2110D", "LE", "", "usage", "S"),
    ("271.X279A1.xml", "2110C", "EB", "EB03", "repeat", "99"),
    ("276.X212.xml", "2100C", "", "", "repeat", "2"),
    ("276.X212.xml", "2200E", "", "", "usage", "R"),
    ("277.X212.xml", "2200C", "TRN", "TRN01", "codes", "1"),
    ("277.X212.xml", "2200D", "TRN", "TRN01", "codes", "2"),
    ("277.X212.xml", "2200D", "STC", "STC10-03", "codes+", "6M GD P6"),
    ("277.X212.xml", "2220E", "STC", "STC11-03", "codes+", "6M GD P6"),
    ("277CA.X214.xml", "2000C", "", "", "usage", "S"),
    ("277CA.X214.xml", "2000C", "HL", "HL04", "codes", "0 1"),
    ("277CA.X214.xml", "2000D", "HL", "HL03", "codes", "PT"),
    ("277CA.X214.xml", "2000D", "HL", "HL04", "usage", "N"),
    ("277CA.X214.xml", "2200C", "", "", "usage", "S"),
    ("277CA.X214.xml", "2200D", "STC", "STC03", "codes", "U WQ"),
    ("835.X221A1.xml", "ST_LOOP", "PLB", "", "max_use", ">1"),
    ("835.X221A1.xml", "ST_LOOP", "ST", "ST03", "usage", "N"),
    ("837P.X222A1.xml", "DETAIL", "", "", "usage", "R"),
    ("837P.X222A1.xml", "2010BA", "NM1", "NM109", "usage", "S"),
    ("837P.X222A1.xml", "2000B/2300", "", "", "usage", "S"),
    ("837P.X222A1.xml", "2000C/2300", "", "", "usage", "R"),
    ("837P.X222A1.xml", "2400", "", "", "repeat", "50"),
    ("837I.X223A2.xml", "2400", "", "", "repeat", "999"),
    ("999.X231A1.xml", "2100", "IK3", "IK304", "codes", "1 2 3 4 5 6 7 8 I4 I6 I7 I8 I9"),
    ("999.X231A1.xml", "2110", "IK4", "", "usage", "R"),
]


def loop_at(name: str, path: str) -> ET.Element:
    if path == "ST_LOOP":
        path = "GS_LOOP/ST_LOOP"
    node = root(name)
    for xid in path.split("/"):
        node = next(n for n in node.iter("loop") if n.get("xid") == xid)
    return node


@pytest.mark.parametrize(("name", "path", "segment", "element", "what", "value"), FACTS)
def test_facts(name: str, path: str, segment: str, element: str, what: str, value: str) -> None:
    node = loop_at(name, path)
    if segment:
        node = next(c for c in node if c.get("xid") == segment)
    if element:
        node = next(c for c in node.iter("element") if c.get("xid") == element)
    if what == "codes+":
        assert set(value.split()) <= set(codes(node))
        return
    assert (" ".join(codes(node)) if what == "codes" else node.get(what)) == value


def test_dictionary_corrections() -> None:
    fixed = {
        r["data_ele"]: (r["type"], r["min"], r["max"])
        for r in rows(ROOT / "maps" / "codes" / "data_elements.csv")
    }
    assert fixed["719"] == ("N0", "1", "10")


# --- against pyx12's own maps -----------------------------------------------------

Fact = tuple[str, str, str]  # path, property, value


def flatten(node: ET.Element, path: str = "") -> Iterator[Fact]:
    """Every fact of a tree, in either notation of pyx12; wrapper loops and unused components left out."""

    def value(n: ET.Element, key: str) -> str:
        return n.get(key) or n.findtext(key) or ""

    same: dict[str, int] = {}
    for child in node:
        if child.tag not in WANTED:
            continue
        usage = value(child, "usage")
        here = f"{path}/{child.get('xid') or child.findtext('element/data_ele')}"
        if child.tag == "segment":
            leaf = next((e for e in child.iter("element")), None)
            here += f"[{codes(leaf)[0]}]" if leaf is not None and codes(leaf) else ""
            same[here] = same.get(here, 0) + 1
            here += f"#{same[here]}" if same[here] > 1 else ""
        if child.get("type") != "wrapper":
            for key in ("pos", "usage", "repeat", "max_use", "data_ele", "seq"):
                if value(child, key):
                    yield here, key, value(child, key)
            for rule in child.findall("syntax"):
                yield here, "syntax", rule.text or ""
        if usage != "N" and child.tag == "element":
            for code in codes(child):
                yield here, "code", code
            for extra in [*child.findall("valid_codes[@external]"), *child.findall("regex")]:
                yield here, extra.tag, extra.get("external") or extra.text or ""
        if child.tag != "composite" or usage != "N":
            yield from flatten(child, path if child.get("type") == "wrapper" else here)


# What we changed on purpose: (loop, segment, element) -> facts only in pyx12's map, facts only in ours.
CHANGED: dict[str, dict[str, tuple[str, str]]] = {
    "837P.X222A1.xml": {
        "ST[837]/ST03": ("S", "005010X222 005010X222A1 005010X222A2 R"),
        "BHT[0019]/BHT06": ("", "31"),
        "1000A/PER[IC]/PER03": ("ED", ""),
        "1000A/PER[IC]/PER05": ("ED", ""),
        "1000A/PER[IC]/PER07": ("ED", ""),
        "2010BA/NM1[IL]/NM108": ("R", "S"),
        "2010BA/NM1[IL]/NM109": ("R", "S"),
        "2010BA/REF[SY]/REF02": ("[0-9]{9}", ""),
        "2010BA/PER[IC]/PER05": ("", "TE"),
        "2300/CLM/CLM05/CLM05-02": ("R", "S"),
        "2300/REF[4N]/REF02": ("", "1 2 3 4 5 6 7"),
        "2300/REF[F5]/REF02": ("", "N Y"),
        "2320/AMT[F2]": ("", "1 3000 S"),
        "2320/AMT[F2]/AMT01": ("", "01 522 F2 R"),
        "2320/AMT[F2]/AMT02": ("", "02 782 R"),
        "2320/AMT[F2]/AMT03": ("", "03 478 N"),
        "2330A/REF[SY]/REF02": ("[0-9]{9}", ""),
        "2320/2330B": ("R", "S"),
        "2330B/REF[T4]/REF02": ("", "Y"),
    },
    "837I.X223A2.xml": {
        "ST[837]/ST03": ("", "005010X223 005010X223A1 005010X223A3"),
        "2010AA/N4/N403": ("[0-9]{9}", ""),
        "2300/CLM/CLM06": ("N", "N S Y"),
        "2300/DTP[434]/DTP02": ("", "D8"),
        "2300/REF[4N]/REF02": ("", "1 2 3 4 5 6 7"),
        "2300/CRC[ZZ]/CRC04": ("", "AV NU S2 ST"),
        "2300/CRC[ZZ]/CRC05": ("", "AV NU S2 ST"),
        "2330B/REF[T4]/REF02": ("", "Y"),
    },
    "835.X221A1.xml": {"/PLB": ("0100", "0130")},
}
PYX12_FILE = {
    "837P.X222A1.xml": "837.5010.X222.A1.xml",
    "837I.X223A2.xml": "837Q3.I.5010.X223.A1.xml",
    "835.X221A1.xml": "835.5010.X221.A1.xml",
}


@pytest.mark.parametrize("name", CHANGED)
def test_the_map_differs_from_pyx12_only_where_corrected(name: str) -> None:
    def below_st(tree: ET.Element) -> set[Fact]:
        return set(flatten(next(n for n in tree.iter("loop") if n.get("xid") == "ST_LOOP")))

    ours, theirs = below_st(root(name)), below_st(ET.parse(PYX12_MAPS / PYX12_FILE[name]).getroot())
    plb = set(codes(next(e for e in root("835.X221A1.xml").iter("element") if e.get("xid") == "PLB03-01")))
    left = {k: [set(v[0].split()), set(v[1].split())] for k, v in CHANGED[name].items()}
    found: dict[str, list[set[str]]] = {k: [set(), set()] for k in left}
    for side, facts in ((0, theirs - ours), (1, ours - theirs)):
        for path, what, value in facts:
            if (
                name.startswith("835")
                and what == "code"
                and re.search(r"/PLB\d\d-01$", path)
                and value in plb
            ):
                continue  # correction: PLB05-01 and the later ones take the list of PLB03-01
            key = next((k for k in left if path.endswith(k)), None)
            assert key, (path, what, value)
            found[key][side].add(value)
    assert found == left
