"""What a guide allows is valid under it, and one fault is found: sets made from every guide by chance."""

from random import Random

import pytest

from tests.worlds.text.found import errors_of
from tests.worlds.text.guide_sets import made, spoiled, wire
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.guides.registry import Guide, guide_named, registry
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.wire.segments import Source

KEYS = sorted({row.key for row in registry()})
SEEDS = range(20)


def errors(guide: Guide, texts: list[str]) -> list[Diagnostic]:
    text = wire(guide, texts)
    return errors_of(list(check_interchanges(Source(data=text.encode("ascii")), every_guide=True)))


@pytest.mark.parametrize("key", KEYS)
def test_what_the_guide_allows_is_valid(key: str) -> None:
    guide = guide_named(key)
    for seed in SEEDS:
        whole = made(guide, seed)
        assert [
            (d.code, d.position.loop, whole[d.position.set_segment - 2][1])
            for d in errors(guide, [t for _, t in whole])
        ] == []


@pytest.mark.parametrize("key", KEYS)
def test_each_segment_of_the_guide_is_made(key: str) -> None:
    guide = guide_named(key)
    seen = {node.index for seed in range(60) for node, _ in made(guide, seed)}
    wanted = {
        n.index: f"{n.loop} {n.name}" for n in guide.segments if n.usage != "N" and n.tag not in ("ST", "SE")
    }
    assert [name for index, name in wanted.items() if index not in seen] == []


@pytest.mark.parametrize("key", KEYS)
def test_one_fault_is_found(key: str) -> None:
    guide = guide_named(key)
    for seed in SEEDS:
        r = Random(seed)
        for what, texts in spoiled(r, made(guide, seed)):
            assert errors(guide, texts), (what, seed)
