"""docs/diagnostics.md, made from the tables: for every code what it means, why it matters, how to fix it,
and a smallest example. `python -m x12_payer.edi.diagnostics.page > docs/diagnostics.md` writes it; `edi
explain CODE` prints one section."""

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache

from x12_payer.edi.diagnostics.model import DiagnosticCode, diagnostic_codes
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows

SNIP_NAMES = {
    "1": "syntax and envelope",
    "2": "guide",
    "3": "balances",
    "4": "situations between segments",
    "5": "code sets",
    "6": "lines of service",
    "7": "plan and partner",
}
HEAD = """# Diagnostics

Every diagnostic of `edi validate`, and so every code in a TA1 or 999, has a name and a section here. This
page is made from `maps/codes/diagnostics.csv` and `maps/codes/diagnostic_pages.csv` (`make docs`). A test
keeps it current and checks that each example provokes its code. The examples change one of the valid files in
`docs/examples`; SE01 is counted again.
"""
WHOLE_FILE = "="
_WRAP = re.compile(r"\{wrap:(\d+)\}")  # a line break after so many characters, and none elsewhere
_TIMES = re.compile(r"\{(\d+):([^}]*)\}")
_SET = re.compile(r"^ST\*.*?^SE\*[^~]*~\n", re.MULTILINE | re.DOTALL)
_SE = re.compile(r"^SE\*[^~]*", re.MULTILINE)


@frozen
class Page:
    """One row of diagnostic_pages.csv. `example` names a file of docs/examples without its ending, `change`
    what to change in it; without a change there is no example, and `example` says why."""

    code: str
    why: str = ""
    fix: str = ""
    example: str = ""
    change: str = ""


@cache
def pages() -> Mapping[str, Page]:
    """diagnostic_pages.csv by code."""
    return {
        row["code"]: Page(*(row[name] or "" for name in ("code", "why", "mend", "example", "change")))
        for row in rows("diagnostic_pages")
    }


def steps(change: str) -> list[tuple[str, str]]:
    """The single changes: what is there, and what to write in its place."""
    if wrap := _WRAP.fullmatch(change):
        return [("a line break after each segment", f"one after every {wrap[1]} characters")]
    found = []
    for part in change.split(";;"):
        old, _, new = part.strip().partition("->")
        found.append((old.strip(), new.strip()))
    return found


def changed(text: str, change: str) -> str:
    """A valid file (a segment a line) with the change made. Raises ValueError when a part is not in it."""
    if change.startswith(WHOLE_FILE):
        return change[1:]
    if wrap := _WRAP.fullmatch(change):
        flat, width = text.replace("\n", ""), int(wrap[1])
        return "\n".join(flat[at : at + width] for at in range(0, len(flat), width))
    ending = _SE.search(text)
    for old, new in steps(change):
        old, new = _spelled(old, text), _spelled(new, text)
        if old not in text:
            raise ValueError(f"{old!r} is not in the example")
        text = text.replace(old, new, 1)
    after = _SE.search(text)
    if ending is not None and after is not None and ending[0].split("*")[1] == after[0].split("*")[1]:
        text = _SET.sub(_counted, text)
    return text


def _spelled(part: str, text: str) -> str:
    """A part of a change as it is in a file."""
    whole, end = _SET.search(text), _SE.search(text)
    part = part.replace("{copy}", whole[0] if whole else "").replace("{SE}", end[0] if end else "")
    part = _TIMES.sub(lambda times: times[2] * int(times[1]), part)
    return re.sub(r"~\n?", "~\n", part)


def _counted(found: re.Match[str]) -> str:
    """A set with SE01 counted anew."""
    body = found[0]
    count = sum(1 for segment in body.split("~\n") if segment)
    return re.sub(r"^SE\*\d+\*", f"SE*{count}*", body, flags=re.MULTILINE)


def document() -> str:
    """The whole page."""
    parts = [HEAD]
    for snip, name in SNIP_NAMES.items():
        codes = [row for row in diagnostic_codes().values() if row.snip == snip]
        if codes:
            parts.append(f"## SNIP {snip}: {name}\n")
            parts += ["\n".join(_section(row, pages().get(row.code, Page(row.code)))) for row in codes]
    return "\n".join(parts)


def _section(row: DiagnosticCode, page: Page) -> Iterator[str]:
    what, advice = _what(row, page)
    yield f"### {row.code}\n"
    yield f"{row.severity.capitalize()}{_answers(row)}. Source: {row.source}.\n"
    yield f"- What: {what}."
    if page.why:
        yield f"- Why: {page.why}"
    if advice:
        yield f"- How to fix: {advice}"
    yield from _example(page)
    yield ""


def _what(row: DiagnosticCode, page: Page) -> tuple[str, str]:
    """What is wrong, and how to fix it: the table's text holds both where the page says nothing."""
    if page.fix:
        return row.text, page.fix
    what, _, advice = row.text.partition(": ")
    return what, f"{advice[:1].upper()}{advice[1:]}." if advice else ""


def _stated_as(row: DiagnosticCode) -> list[tuple[str, str]]:
    """How a TA1 and a 999 say it: element and code."""
    codes = (("TA105", row.ta105), ("AK905", row.ak905), ("IK502", row.ik502), ("IK304", row.ik304))
    return [(name, code) for name, code in (*codes, ("IK403", row.ik403)) if code]


def _answers(row: DiagnosticCode) -> str:
    stated = [f"{name} {code}" for name, code in _stated_as(row)]
    return f" ({', '.join(stated)})" if stated else ""


def _example(page: Page) -> Iterator[str]:
    if page.change.startswith(WHOLE_FILE):
        yield f"- Example: a file that holds `{page.change[1:]}`"
        return
    if not page.change:
        if page.example:
            yield f"- Example: none; {page.example}."
        return
    yield f"- Example, in [{page.example}.x12](examples/{page.example}.x12):"
    for old, new in steps(page.change):
        yield f"  - `{old}` → {f'`{new}`' if new else 'leave it out'}"


def page_values(code: str) -> dict[str, object]:
    """The section of one code as plain values."""
    row, page = diagnostic_codes()[code], pages().get(code, Page(code))
    what, advice = _what(row, page)
    whole = page.change.startswith(WHOLE_FILE)
    return {
        **{"code": code, "severity": row.severity, "snip": int(row.snip), "what": what},
        **{"why": page.why, "fix": advice, "answers": dict(_stated_as(row)), "source": row.source},
        "example": page.change[1:] if whole else page.example if page.change else "",
        "change": [] if whole else [list(step) for step in steps(page.change) if page.change],
    }


def page_lines(code: str) -> Iterator[str]:
    """The section of one code for a terminal."""
    row, page = diagnostic_codes()[code], pages().get(code, Page(code))
    what, advice = _what(row, page)
    yield f"{code}: {row.severity}, SNIP {row.snip} ({SNIP_NAMES[row.snip]})"
    yield f"  What:    {what}."
    if page.why:
        yield f"  Why:     {page.why}"
    if advice:
        yield f"  Fix:     {advice}"
    if page.change.startswith(WHOLE_FILE):
        yield f"  Example: a file that holds {page.change[1:]}"
    elif page.change:
        yield f"  Example: in a valid {page.example}"
        for old, new in steps(page.change):
            yield f"    {old}  becomes  {new}" if new else f"    {old}  is left out"
    if stated := _stated_as(row):
        yield f"  Answer:  {', '.join(f'{name} {value}' for name, value in stated)}"
    yield f"  Source:  {row.source}"


if __name__ == "__main__":
    sys.stdout.write(document())
