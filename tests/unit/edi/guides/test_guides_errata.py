"""Every id of a guide, base and errata, leads to the same guide, whether a file is checked or taken in."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.worlds.places import ROOT
from tests.worlds.text.found import errors_of, sets_of
from x12_payer.edi.guides.registry import registry, row_for
from x12_payer.edi.reading.check import check_interchanges, inbound_guides
from x12_payer.edi.reading.checked import CheckedInterchange
from x12_payer.edi.wire.segments import Source

IDS = {  # each guide with the ids that name it, the one of the newest file first
    "270.X279A1": ("005010X279A1", "005010X279"),
    "271.X279A1": ("005010X279A1", "005010X279"),
    "276.X212": ("005010X212",),
    "277.X212": ("005010X212",),
    "277CA.X214": ("005010X214",),
    "278Q.X215": ("005010X215",),
    "278R.X215": ("005010X215",),
    "278Q.X216": ("005010X216",),
    "278R.X216": ("005010X216",),
    "278Q.X217": ("005010X217",),
    "278R.X217": ("005010X217",),
    "835.X221A1": ("005010X221A1", "005010X221"),
    "837P.X222A1": ("005010X222A1", "005010X222", "005010X222A2"),
    "837I.X223A2": ("005010X223A2", "005010X223", "005010X223A1", "005010X223A3"),
    "837D.X224A2": ("005010X224A2", "005010X224", "005010X224A1", "005010X224A3"),
    "999.X231A1": ("005010X231A1", "005010X231"),
}
PAIRS = [(name, gs08, st03) for name, ids in IDS.items() for gs08 in ids for st03 in ids]
FOREIGN = [
    ("837P.X222A1", "005010X222A1", "005010X223A2"),
    ("837I.X223A2", "005010X223A3", "005010X224A3"),
    ("837D.X224A2", "005010X224", "005010X222"),
    ("270.X279A1", "005010X279", "005010X212"),
    ("278Q.X217", "005010X217", "005010X215"),
]


@cache
def examples() -> dict[str, str]:
    """A valid interchange of the samples for each guide."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "samples").glob("*/*/*.x12")):
        text = path.read_text(encoding="latin-1")
        checked = checks(text, every=True)
        guides = {s.guide for s in sets_of(checked)}
        if len(guides) == 1 and not errors_of(checked):
            found.setdefault(guides.pop(), text)
    return found


def checks(text: str, every: bool) -> list[CheckedInterchange]:
    return list(check_interchanges(Source(data=text.encode("latin-1")), every))


def renamed(text: str, gs08: str, st03: str) -> str:
    text = re.sub(r"(?m)^(GS\*(?:[^*~]*\*){7})[^*~]*", lambda m: m[1] + gs08, text)
    return re.sub(r"(?m)^(ST\*[^*~]*\*[^*~]*)\*[^*~]*", lambda m: f"{m[1]}*{st03}", text)


def test_the_list_here_is_the_registry() -> None:
    def ids(name: str) -> Iterator[str]:
        yield from (r.gs08 for r in registry() if r.key == name and r.status == "current")
        yield from sorted(r.gs08 for r in registry() if r.key == name and r.status == "alias")

    assert {name: tuple(ids(name)) for name in {r.key for r in registry()}} == IDS
    assert set(examples()) == set(IDS)


@pytest.mark.parametrize(("name", "gs08", "st03"), PAIRS)
def test_any_id_of_a_guide_names_it(name: str, gs08: str, st03: str) -> None:
    text = renamed(examples()[name], gs08, st03)
    for every in (True, False) if name in inbound_guides() else (True,):
        checked = checks(text, every)
        assert errors_of(checked) == []
        assert {(s.guide, s.accepted) for s in sets_of(checked)} == {(name, True)}


@pytest.mark.parametrize(("name", "gs08", "st03"), FOREIGN)
def test_the_id_of_another_guide_is_found(name: str, gs08: str, st03: str) -> None:
    for every in (True, False):
        checked = checks(renamed(examples()[name], gs08, st03), every)
        assert {d.code for d in errors_of(checked)} == {"set-guide"}
        assert {s.reject_codes for s in sets_of(checked)} == {("I6",)}


@pytest.mark.parametrize(
    ("gs08", "purpose", "key"),
    [
        ("005010X215", "28", "278Q.X215"),
        ("005010X215", "11", "278R.X215"),
        ("005010X215", "49", "278R.X215"),
        ("005010X215", "13", "278Q.X215"),
        ("005010X216", "CN", "278Q.X216"),
        ("005010X216", "14", "278Q.X216"),
        ("005010X216", "53", "278R.X216"),
        ("005010X216", "ZZ", "278Q.X216"),
        ("005010X217", "13", "278Q.X217"),
        ("005010X217", "11", "278R.X217"),
        ("005010X217", "ZZ", "278Q.X217"),
    ],
)
def test_the_purpose_parts_question_and_answer(gs08: str, purpose: str, key: str) -> None:
    """A purpose of neither is read as a question: what asks is what a payer is sent."""
    row = row_for(gs08, "HI", "278", purpose)
    assert row is not None
    assert row.key == key
