"""Sets made from a guide by chance, with each loop, segment and element it allows, and ways to spoil one."""

from collections.abc import Iterator
from random import Random

from x12_payer.edi.guides.model import ElementSpec, LoopNode, SegmentNode
from x12_payer.edi.guides.registry import Guide, registry

FORMATS = {
    "D8": "20260706",
    "RD8": "20260701-20260706",
    "DT": "202607061015",
    "RDT": "202607011015-202607061015",
    "TM": "1015",
}
OUTSIDE = {"states": "MA", "country": "CA", "currency": "USD"}  # one code of each outside list
FORMAT, DATE = "1250", "1251"  # data elements: how a date is written, and the date
TEXT = "A1B2C3D4E5" * 27
Made = list[tuple[SegmentNode, str]]


def made(guide: Guide, seed: int) -> Made:
    """A valid set without its ST and SE: each segment with its node. The seed says how full it is."""
    out: Made = []
    _fill_loop(Random(seed), guide.root, 0, ((seed % 4) + 1) / 5, out)
    return out


def wire(guide: Guide, texts: list[str]) -> str:
    """The interchange that holds the set."""
    row = next(r for r in registry() if r.key == guide.key and r.status == "current")
    if row.bht02:
        head = texts[0].split("*")
        texts = ["*".join([*head[:2], min(row.bht02), *head[3:]]), *texts[1:]]
    lines = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'SENDER':15}*ZZ*{'PLAN':15}*260706*1015*^*00501*000000001*0*T*:",
        f"GS*{row.gs01}*SENDER*PLAN*20260706*1015*1*X*{row.gs08}",
        f"ST*{row.st01}*0001" + (f"*{row.gs08}" if row.names_itself else ""),
        *texts,
        f"SE*{len(texts) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(f"{line}~\n" for line in lines)


def _fill_loop(r: Random, loop: LoopNode, parent: int, fullness: float, out: Made) -> None:
    for child in loop.children:
        if isinstance(child, SegmentNode):
            if child.tag in ("ST", "SE"):
                continue
            most = 1 if child is loop.children[0] and not loop.wrapper else child.max_use
            for _ in range(_times(r, child.usage, most, fullness)):
                above = parent
                if child.tag == "HL":
                    parent = 1 + sum(node.tag == "HL" for node, _ in out)
                out.append((child, _fill_segment(r, child, parent, above, fullness)))
        else:
            for _ in range(_times(r, child.usage, child.repeat, fullness)):
                _fill_loop(r, child, parent, fullness, out)


def _times(r: Random, usage: str, most: int, fullness: float) -> int:
    if usage == "N" or (usage == "S" and r.random() > fullness):
        return 0
    return 1 if r.random() < 0.7 else r.randint(1, min(most, 2))


def _fill_segment(r: Random, node: SegmentNode, level: int, above: int, fullness: float) -> str:
    if node.tag == "HL":
        given = {1: str(level), 2: str(above)}
        values = [given.get(e.number) or _value(r, e, "") for e in node.elements]
        shown = (v if e.usage == "R" else "" for e, v in zip(node.elements, values, strict=True))
        return "*".join(["HL", *shown]).rstrip("*")
    full = r.random() < fullness
    used = {
        e.number for e in node.elements if e.usage == "R" or (e.usage == "S" and (full or r.random() < 0.3))
    }
    used, form, values = _agreed(node, used), "", [node.tag]
    for spec in node.elements:
        count = r.randint(1, min(spec.repeat, 3))
        each = [_composite(r, spec, full) if spec.composite else _value(r, spec, form) for _ in range(count)]
        values.append("^".join(each) if spec.number in used else "")
        form = values[-1] if spec.data_element == FORMAT else form
    return "*".join(values).rstrip("*")


def _agreed(node: SegmentNode, used: set[int]) -> set[int]:
    """The same elements, so that the syntax notes hold: what a note asks for is added, or what asks goes."""
    must = {e.number for e in node.elements if e.usage == "R"}
    free = _possible(node)
    used = used & free
    for _ in range(5):
        for note in node.syntax:
            numbers, first = set(note.numbers), note.numbers[0]
            rest = numbers - {first}
            if note.kind == "P" and used & numbers:
                used = used | numbers if numbers <= free else used - (numbers - must)
            elif note.kind == "R" and not used & numbers:
                used = used | {min(numbers & free)}
            elif note.kind == "C" and first in used:
                used = used | rest
            elif note.kind == "L" and first in used and not used & rest:
                used = used | {min(rest & free)}
    return used


def _possible(node: SegmentNode) -> set[int]:
    """The elements that can be there under the syntax notes, one of those that exclude each other."""
    free = {e.number for e in node.elements if e.usage != "N"}
    for note in node.syntax:
        numbers = set(note.numbers)
        if note.kind == "E" and numbers & free:
            free -= numbers - {min(numbers & free)}
    for note in node.syntax:
        first, rest = note.numbers[0], set(note.numbers[1:])
        if (note.kind == "C" and not rest <= free) or (note.kind == "L" and not rest & free):
            free -= {first}
    return free


def _composite(r: Random, spec: ElementSpec, full: bool) -> str:
    values, form = [], ""
    for part in spec.components:
        wanted = part.usage == "R" or (part.usage == "S" and full)
        values.append(_value(r, part, form) if wanted else "")
        form = values[-1] if part.data_element == FORMAT else form
    return ":".join(values).rstrip(":")


def _value(r: Random, spec: ElementSpec, form: str) -> str:
    if spec.codes:
        return r.choice(sorted(spec.codes))
    if spec.external in OUTSIDE:
        return OUTSIDE[spec.external]
    if spec.data_element in (FORMAT, DATE):
        return "D8" if spec.data_element == FORMAT else FORMATS[form or "D8"]
    if spec.kind in ("DT", "TM"):
        return FORMATS["D8" if spec.kind == "DT" else "TM"][-spec.most :]
    if spec.kind[0] in "NR":
        return str(r.randint(1, 9)) * spec.least
    return TEXT[: spec.least if spec.kind == "ID" else r.randint(spec.least, min(spec.most, len(TEXT)))]


def spoiled(r: Random, whole: Made) -> Iterator[tuple[str, list[str]]]:
    """The same set with one fault: what the fault is, and the segments."""
    texts = [text for _, text in whole]
    at = r.randrange(1, len(whole))
    node, values = whole[at][0], texts[at].split("*")
    spec = r.choice(node.elements)

    def changed(value: str) -> list[str]:
        new = values + [""] * (spec.number + 1 - len(values))
        new[spec.number] = value
        return [*texts[:at], "*".join(new).rstrip("*"), *texts[at + 1 :]]

    filled = spec.number < len(values) and values[spec.number] != ""
    empty = [""] * (len(node.elements) + 1 - len(values))
    yield "too many", [*texts[:at], "*".join([*values, *empty, "X"]), *texts[at + 1 :]]
    if spec.usage == "N":
        yield "not used", changed("1")
    if filled and spec.usage == "R" and node.tag != "HL":
        yield "missing", changed("")
    if filled and not spec.composite:
        yield "long", changed("9" * (spec.most + 1))
    if filled and spec.codes and "Q9" not in spec.codes:
        yield "code", changed("Q9")
