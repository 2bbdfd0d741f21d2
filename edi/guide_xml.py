"""Guide files: XML in pyx12's map format (values as attributes or as child elements) to guide values.

Types and lengths of data elements come from pyx12's dictionary, corrected by maps/codes/data_elements.csv."""

import re
from functools import cache
from importlib import resources

from attrs import frozen
from lxml import etree

from edi.guide_values import NO_LIMIT, ElementSpec, Guide, LoopNode, Node, SegmentNode, SyntaxNote, all_loops
from edi.tables import rows


@frozen
class DataElement:
    """Type and length of one data element."""

    kind: str
    least: int
    most: int


@cache
def data_elements() -> dict[str, DataElement]:
    """The data element dictionary by number: pyx12's, then data_elements.csv over it."""
    tree = etree.fromstring(resources.files("pyx12").joinpath("map", "dataele.xml").read_bytes())
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
def other_tags() -> frozenset[str]:
    """Segment ids of pyx12's own maps, to tell a segment of another set from no segment at all."""
    found = {"ISA", "GS", "GE", "IEA", "TA1"}
    for file in resources.files("pyx12").joinpath("map").iterdir():
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
    return Guide(key, _value(top, "xid"), _value(top, "name"), root, len(parents), tuple(parents))


def _value(element: etree._Element, name: str, default: str = "") -> str:
    """An attribute, or the text of the child of that name."""
    found = element.get(name)
    if found is None:
        found = element.findtext(name)
    return default if found is None else found.strip()


def _count(text: str) -> int:
    return NO_LIMIT if not text or text.startswith(">") else int(text)


def _loop(element: etree._Element, parents: list[LoopNode | None]) -> LoopNode:
    index = len(parents)
    parents.append(None)
    loop_id = _value(element, "xid")
    children: list[Node] = []
    parts = [e for e in element if e.tag in ("segment", "loop")]
    for part in sorted(parts, key=lambda e: int(_value(e, "pos"))):
        if part.tag == "loop":
            children.append(_loop(part, parents))
        else:
            children.append(_segment(part, loop_id, len(parents)))
            parents.append(None)
    return LoopNode(
        index=index,
        id=loop_id,
        name=_value(element, "name"),
        position=int(_value(element, "pos")),
        usage=_value(element, "usage"),
        repeat=_count(_value(element, "repeat", "1")),
        wrapper=_value(element, "type") == "wrapper",
        children=tuple(children),
        end=len(parents),
    )


def _segment(element: etree._Element, loop_id: str, index: int) -> SegmentNode:
    elements = [e for e in element if e.tag in ("element", "composite")]
    return SegmentNode(
        index=index,
        tag=_value(element, "xid"),
        name=_value(element, "name"),
        position=int(_value(element, "pos")),
        usage=_value(element, "usage"),
        max_use=_count(_value(element, "max_use", "1")),
        loop=loop_id,
        syntax=tuple(_note(e.text or "") for e in element.findall("syntax")),
        elements=tuple(_composite(e) if e.tag == "composite" else _element(e) for e in elements),
    )


def _note(text: str) -> SyntaxNote:
    """P0809 is a note of kind P between elements 8 and 9."""
    text = text.strip()
    return SyntaxNote(text[:1], tuple(int(text[i : i + 2]) for i in range(1, len(text), 2)))


def _composite(element: etree._Element) -> ElementSpec:
    return ElementSpec(
        ref=_value(element, "xid"),
        number=int(_value(element, "seq")),
        data_element=_value(element, "data_ele"),
        name=_value(element, "name"),
        usage=_value(element, "usage"),
        kind="C",
        repeat=_count(_value(element, "repeat", "1")),
        components=tuple(_element(e) for e in element.findall("element")),
    )


def _element(element: etree._Element) -> ElementSpec:
    number = _value(element, "data_ele")
    entry = data_elements().get(number, DataElement("AN", 1, NO_LIMIT))
    codes = element.find("valid_codes")
    return ElementSpec(
        ref=_value(element, "xid"),
        number=int(_value(element, "seq")),
        data_element=number,
        name=_value(element, "name"),
        usage=_value(element, "usage"),
        kind=entry.kind,
        least=entry.least,
        most=entry.most,
        repeat=_count(_value(element, "repeat", "1")),
        codes=_codes(codes),
        external=codes.get("external", "") if codes is not None else "",
        pattern=_value(element, "regex"),
    )


def _codes(codes: etree._Element | None) -> frozenset[str]:
    """The guide's list; a list that an outside source feeds is open here and checked as type 5."""
    if codes is None or codes.get("external"):
        return frozenset()
    return frozenset(code.text.strip() for code in codes.findall("code") if code.text)
