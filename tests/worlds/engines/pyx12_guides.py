"""pyx12 as an independent engine under our guides: map folders for it, and what it says of an interchange."""

import csv
import io
import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyx12
import pyx12.params
import pyx12.x12n_document
from attrs import frozen

from tests.worlds.places import GUIDES, ROOT

PYX12_MAPS = Path(pyx12.__file__).parent / "map"


@frozen
class Said:
    """One finding of pyx12: the ordinal of the segment in the file (0: it gives none), code and text."""

    segment: int
    code: str
    text: str


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of one CSV file."""
    with path.open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def write_maps(folder: Path, names: Iterable[str]) -> Path:
    """A map_path in which pyx12 knows the guide files of `names`, which must differ in GS08 or GS01.

    It holds pyx12's code lists, its dictionary corrected by maps/codes/data_elements.csv, our guides, and an
    index made from maps/guides/guides.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("codes.xml", "x12.control.00501.xml"):
        shutil.copy(PYX12_MAPS / name, folder)
    dictionary = ET.parse(PYX12_MAPS / "dataele.xml")
    for r in rows(ROOT / "maps" / "codes" / "data_elements.csv"):
        old = dictionary.getroot().find(f"data_ele[@ele_num='{r['data_ele']}']")
        entry = ET.SubElement(dictionary.getroot(), "data_ele", ele_num=r["data_ele"]) if old is None else old
        entry.attrib.update(data_type=r["type"], min_len=r["min"], max_len=r["max"], name=r["name"])
    dictionary.write(folder / "dataele.xml")
    index, wanted = ET.Element("maps"), set(names)
    version = ET.SubElement(index, "version", icvn="00501")
    for r in rows(GUIDES / "guides.csv"):
        if r["file"] in wanted:
            entry = ET.SubElement(version, "map", vriic=r["gs08"], fic=r["gs01"], abbr=r["st01"])
            entry.text = r["file"]
            shutil.copy(GUIDES / r["file"], folder)
    ET.ElementTree(index).write(folder / "maps.xml")
    return folder


def _walk(node: Any, line: int) -> Iterator[Said]:
    if isinstance(node, dict):
        line = node.get("cur_line", line) or line
        yield from (Said(line, str(e["err_cde"]), e["err_str"]) for e in node.get("errors", []))
        for value in node.values():
            yield from _walk(value, line)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, line)


def pyx12_says(text: str, folder: Path) -> tuple[bool, list[Said]]:
    """pyx12's verdict on an interchange and its findings; some of its rejections come without a finding."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    out = io.StringIO()
    good = pyx12.x12n_document.x12n_document(
        pyx12.params.ParamsBase(), io.StringIO(text), None, None, None, out, map_path=str(folder)
    )
    return bool(good), list(_walk(json.loads(out.getvalue() or "{}"), 0))
