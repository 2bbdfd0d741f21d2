"""Guide files: XML in pyx12's map format (values as attributes or as child elements) to guide values.

Types and lengths of data elements come from pyx12's dictionary, corrected by
maps/codes/data_elements.csv."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from lxml import etree

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import (
    NO_LIMIT,
    ElementSpec,
    Guide,
    LoopNode,
    Node,
    SegmentNode,
    SyntaxNote,
    all_loops,
)
from x12_payer.edi.tables import rows


@frozen
class DataElement:
    """Type and length of one data element."""

    kind: str
    least: int
    most: int


_OPEN = DataElement("AN", 1, NO_LIMIT)  # what is not in the dictionary


def _pyx12_maps() -> Path:
    """The folder of pyx12's maps; its code is not imported."""
    found = find_spec("pyx12")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "map"


@cache
def data_elements() -> dict[str, DataElement]:
    """The data element dictionary by number: pyx12's, then data_elements.csv over it."""
    tree = etree.fromstring(_pyx12_maps().joinpath("dataele.xml").read_bytes())
    found = {
        e.get("ele_num", ""): DataElement(
            e.get("data_type", "AN"), int(e.get("min_len", "1")), int(e.get("max_len", "1"))
        )
        for e in tree.iter("data_ele")
    }
    for row in rows("data_elements"):
        found[row["data_ele"]] = DataElement(row["type"], int(row["min"]), int(row["max"]))
    return found


@cache
def required_when() -> dict[str, tuple[tuple[int, int], ...]]:
    """required_when.csv: for a segment or composite the pairs (when this one is there, that one must be)."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for row in rows("required_when"):
        found[row["node"]] = (*found.get(row["node"], ()), (int(row["when"]), int(row["then"])))
    return found


@cache
def other_tags() -> frozenset[str]:
    """Segment ids of pyx12's own maps, to tell a segment of another set from no segment at all."""
    found = {"ISA", "GS", "GE", "IEA", "TA1"}
    for file in _pyx12_maps().iterdir():
        if file.name.endswith(".xml"):
            text = file.read_text(encoding="utf-8")
            found.update(re.findall(r'<segment xid="(\w{2,3})"', text))
    return frozenset(found)


def load(key: str, text: bytes) -> Guide:
    """The guide in one file; `key` is its name."""
    top = etree.fromstring(text)
    start = next(loop for loop in top.iter("loop") if loop.get("xid") == "ST_LOOP")
    parents: list[LoopNode | None] = []
    root = _loop(start, parents)
    for loop in all_loops(root):
        for child in loop.children:
            parents[child.index] = loop
    values = _values(top)
    return Guide(key, values["xid"], values.get("name", ""), root, len(parents), tuple(parents))


def _values(element: etree._Element) -> dict[str, str]:
    """The attributes of an element. In a file that writes them as pyx12 does, with the usage as the text of a
    child, the texts of the children, too."""
    found = cast(dict[str, str], dict(element.items()))
    if "usage" not in found:
        for child in element:
            if child.text and isinstance(child.tag, str):
                found.setdefault(child.tag, child.text.strip())
    return found


def _count(text: str) -> int:
    return NO_LIMIT if not text or text.startswith(">") else int(text)


def _loop(element: etree._Element, parents: list[LoopNode | None]) -> LoopNode:
    index = len(parents)
    parents.append(None)
    values = _values(element)
    loop_id = values["xid"]
    children: list[Node] = []
    parts = [(e, _values(e)) for e in element if e.tag in ("segment", "loop")]
    for part, inner in sorted(parts, key=lambda both: int(both[1]["pos"])):
        if part.tag == "loop":
            children.append(_loop(part, parents))
        else:
            children.append(_segment(part, inner, loop_id, len(parents)))
            parents.append(None)
    return LoopNode(
        index=index,
        id=loop_id,
        name=values.get("name", ""),
        position=int(values["pos"]),
        usage=values.get("usage", ""),
        repeat=_count(values.get("repeat", "1")),
        wrapper=values.get("type") == "wrapper",
        children=tuple(children),
        end=len(parents),
    )


def _segment(element: etree._Element, values: dict[str, str], loop_id: str, index: int) -> SegmentNode:
    syntax: list[SyntaxNote] = []
    elements: list[ElementSpec] = []
    for part in element:
        if part.tag == "element":
            elements.append(_element(part))
        elif part.tag == "composite":
            elements.append(_composite(part))
        elif part.tag == "syntax":
            syntax.append(_note(part.text or ""))
    pairs = _pairs(values["xid"], elements)
    return SegmentNode(
        index=index,
        tag=values["xid"],
        name=values.get("name", ""),
        position=int(values["pos"]),
        usage=values.get("usage", ""),
        max_use=_count(values.get("max_use", "1")),
        loop=loop_id,
        syntax=(*_beyond(syntax, pairs), *pairs),
        elements=tuple(elements),
    )


def _pairs(node: str, parts: Sequence[ElementSpec]) -> tuple[SyntaxNote, ...]:
    """What the guides ask for below the syntax notes, where both elements are used."""
    asked = required_when().get(node)
    if asked is None:
        return ()
    used = {part.number for part in parts if part.usage != "N"}
    return tuple(SyntaxNote("C", pair) for pair in asked if used.issuperset(pair))


def _beyond(notes: Sequence[SyntaxNote], pairs: Sequence[SyntaxNote]) -> list[SyntaxNote]:
    """The notes that say more than the pairs: one that allows either of two is narrowed to one."""
    narrowed = {pair.numbers for pair in pairs}
    return [n for n in notes if n.kind != "L" or not narrowed & {(n.numbers[0], then) for then in n.numbers}]


def _note(text: str) -> SyntaxNote:
    """P0809 is a note of kind P between elements 8 and 9."""
    text = text.strip()
    return SyntaxNote(text[:1], tuple(int(text[i : i + 2]) for i in range(1, len(text), 2)))


def _composite(element: etree._Element) -> ElementSpec:
    values = _values(element)
    components = tuple(_element(e) for e in element.findall("element"))
    return ElementSpec(
        ref=values.get("xid", ""),
        number=int(values["seq"]),
        data_element=values.get("data_ele", ""),
        name=values.get("name", ""),
        usage=values.get("usage", ""),
        kind="C",
        repeat=_count(values.get("repeat", "1")),
        components=components,
        syntax=_pairs(values.get("data_ele", ""), components),
    )


def _element(element: etree._Element) -> ElementSpec:
    values = _values(element)
    number = values.get("data_ele", "")
    entry = data_elements().get(number, _OPEN)
    codes = next((child for child in element if child.tag == "valid_codes"), None) if len(element) else None
    return ElementSpec(
        ref=values.get("xid", ""),
        number=int(values["seq"]),
        data_element=number,
        name=values.get("name", ""),
        usage=values.get("usage", ""),
        kind=entry.kind,
        least=entry.least,
        most=entry.most,
        repeat=_count(values.get("repeat", "1")),
        codes=_codes(codes),
        external=codes.get("external", "") if codes is not None else "",
        pattern=values.get("regex", ""),
    )


def _codes(codes: etree._Element | None) -> frozenset[str]:
    """The guide's list; a list that an outside source feeds is open here and checked as type 5."""
    if codes is None or codes.get("external"):
        return frozenset()
    return frozenset([code.text.strip() for code in codes if code.tag == "code" and code.text])
