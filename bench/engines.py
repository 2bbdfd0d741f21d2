"""The engines that the benchmark compares ours with: pyx12 and, where it is installed, x12sdk.

Each function reads one file whole and gives what it found against it, '' when it accepts it."""

import io
import logging
import shutil
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pyx12
import pyx12.params
import pyx12.x12n_document

from x12_payer.edi.tables import rows

GUIDES = Path(__file__).resolve().parent.parent / "maps" / "guides"
PYX12_MAPS = Path(pyx12.__file__).parent / "map"
OUR_GUIDES = {  # for the kinds that pyx12 has no 5010 map for: file, GS08, GS01
    "270": ("270.X279A1.xml", "005010X279A1", "HS"),
    "278": ("278Q.X217.xml", "005010X217", "HI"),
}

Engine = Callable[[Path], str]


def pyx12_validates(maps: Path | None, path: Path) -> str:
    """pyx12 with its own maps, or with those of a folder."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    folder = str(maps) if maps else None
    run = pyx12.x12n_document.x12n_document
    valid = run(pyx12.params.params(), str(path), io.StringIO(), None, None, map_path=folder)
    return "" if valid else "finds faults"


def pyx12_for(kind: str, folder: Path) -> Engine:
    """pyx12 for one kind of file; `folder` is where a map index is made when it needs our guide."""
    return partial(pyx12_validates, pyx12_maps(kind, folder) if kind in OUR_GUIDES else None)


def pyx12_maps(kind: str, folder: Path) -> Path:
    """A folder in which pyx12 finds our guide for a kind, with its own code lists and a dictionary that knows
    the element lengths of maps/codes/data_elements.csv."""
    file, gs08, gs01 = OUR_GUIDES[kind]
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("codes.xml", "x12.control.00501.xml"):
        shutil.copy(PYX12_MAPS / name, folder)
    shutil.copy(GUIDES / file, folder)
    dictionary = ET.parse(PYX12_MAPS / "dataele.xml")
    root = dictionary.getroot()
    for row in rows("data_elements"):
        number = row["data_ele"]
        entry = root.find(f"data_ele[@ele_num='{number}']")
        entry = ET.SubElement(root, "data_ele", ele_num=number) if entry is None else entry
        entry.attrib.update(data_type=row["type"], min_len=row["min"], max_len=row["max"], name=row["name"])
    dictionary.write(folder / "dataele.xml")
    index = f'<map vriic="{gs08}" fic="{gs01}" abbr="{kind}">{file}</map>'
    (folder / "maps.xml").write_text(f'<maps><version icvn="00501">{index}</version></maps>')
    return folder


def x12sdk_reads(path: Path) -> str:
    """x12sdk: every set as validated models."""
    from x12sdk.io import X12ModelReader  # it comes with the extra `dev` and need not be there

    sets = 0
    try:
        with X12ModelReader(str(path)) as reader:
            sets = sum(1 for _ in reader.models())
    except Exception as error:  # whatever it raises is its answer
        return f"{type(error).__name__}"
    return "" if sets else "reads no set"


def has_x12sdk() -> bool:
    """Is the optional extra `dev` installed?"""
    return find_spec("x12sdk") is not None
