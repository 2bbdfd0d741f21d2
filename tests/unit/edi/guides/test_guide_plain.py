"""The fast yes: it never says that a segment is valid when the look at every element finds something."""

import random
import re
import time

import pytest

from tests.worlds.text import wire
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.guides import engine as walk_machine
from x12_payer.edi.guides.elements import SegmentCheck, check_elements, segment_check
from x12_payer.edi.guides.fast_match import NEVER, fast_pattern
from x12_payer.edi.guides.registry import guide_named, registry
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

GUIDES = sorted({row.key for row in registry()})
VALUES = (
    *("", "1", "A", "AA", "ABC DEF", " A", "A ", "D8", "RD8", "20260706", "20260230", "20260131", "260706"),
    *("0", "12", "12.5", "12.345", "-1", "1.", ".5", "1E5", "123456789012345678901", "HC:99213", "HC:", ":"),
    *("HC:99213:GP", "ABK:M5450", "A^B", "A:B^C:D", "11:B:1", "11::1", "\x07", "É", "X" * 61, "1015", "2561"),
)


def texts(check: SegmentCheck, rng: random.Random, count: int) -> list[str]:
    """Segments of a node: codes of the guide, usual and unusual values, some elements too many."""
    found = []
    for _ in range(count):
        parts = [check.node.tag]
        for spec in check.specs[: rng.randrange(len(check.specs) + 1)]:
            own = sorted(spec.codes)
            inner = [sorted(c.codes)[0] if c.codes else rng.choice(VALUES) for c in spec.components]
            choices = [*(own[:3] * 4), ":".join(inner) if inner else "AB", rng.choice(VALUES), ""]
            parts.append(rng.choice(choices))
        parts += rng.choice(([], [], [], ["X"], [""]))
        found.append("*".join(parts))
    return found


def pattern_of(check: SegmentCheck, valid: str, fixed: tuple[int, ...] = ()) -> re.Pattern[str]:
    return fast_pattern(valid.split("*"), check.specs, check.dates, fixed, DEFAULT_DELIMITERS)


def claim_check(tag: str, loop: str) -> SegmentCheck:
    nodes = (n for n in guide_named("837P.X222A1").segments if (n.tag, n.loop) == (tag, loop))
    return segment_check(next(nodes), DEFAULT_DELIMITERS)


@pytest.mark.slow
@pytest.mark.parametrize("name", GUIDES)
def test_plain_is_valid(name: str) -> None:
    """What matches the expression of any valid segment is valid, and has its qualifier."""
    rng = random.Random(name)
    matched = 0
    for node in guide_named(name).segments:
        if node.tag in ("ST", "SE"):
            continue
        check = segment_check(node, DEFAULT_DELIMITERS)
        several = texts(check, rng, 60)
        good = {text for text in several if check_elements(check, text.split("*")) == ()}
        for valid in sorted(good)[:12]:
            pattern = pattern_of(check, valid, fixed=(1,))
            for text in filter(pattern.fullmatch, [*several, *texts(check, rng, 20)]):
                matched += text != valid
                wrong = check_elements(check, text.split("*"))
                assert wrong == (), f"{name} {node.tag}: {text}"
                assert text.split("*")[1:2] == valid.split("*")[1:2]
    assert matched > 10


@pytest.mark.parametrize(
    ("loop", "valid", "text", "plain"),
    [
        ("2010BA", "NM1*IL*1*DOE*J****MI*A1", "NM1*IL*1*RIVERA*JANE****MI*A100000001", True),
        ("2010BA", "NM1*IL*1*DOE*J****MI*A1", "NM1*IL*1*RIVERA *JANE****MI*A100000001", False),
        ("2010BA", "NM1*IL*1*DOE*J****MI*A1", "NM1*IL*1*RIVERA*JANE****MI", False),
        ("2010BA", "NM1*IL*1*DOE*J****MI*A1", "NM1*IL*1*RIVERA*JANE*****A1", False),
        ("2010BA", "DMG*D8*19700101*M", "DMG*D8*19800315*F", True),
        ("2010BA", "DMG*D8*19700101*M", "DMG*D8*19800231*F", False),
        ("2010BA", "DMG*D8*19700101*M", "DMG*D6*800228*F", False),
        ("2300", "CLM*B*1***11:B:1*Y*A*Y*Y", "CLM*A1*140***11:B:1*Y*A*Y*Y", True),
        ("2300", "CLM*B*1***11:B:1*Y*A*Y*Y", "CLM*A1*140***11:X:1*Y*A*Y*Y", False),
        ("2300", "CLM*B*1***11:B:1*Y*A*Y*Y", "CLM*A1*140***11:B:1*Y*A*Y*Y*", False),
        ("2400", "SV1*HC:1*1*UN*1***1", "SV1*HC:97110:GP*150*UN*3***1", True),
    ],
)
def test_usual_segments_of_a_claim_are_plain(loop: str, valid: str, text: str, plain: bool) -> None:
    pattern = pattern_of(claim_check(valid.split("*")[0], loop), valid)
    assert pattern is not NEVER
    assert bool(pattern.fullmatch(valid))
    assert bool(pattern.fullmatch(text)) is plain


def test_no_text_takes_long() -> None:
    pattern = pattern_of(claim_check("NM1", "2010BA"), "NM1*IL*1*DOE*J****MI*A1")
    start = time.process_time()
    for text in ("NM1" + "*IL" * 5000, "NM1*IL*1*" + "A" * 200_000 + "!" * 9, "NM1*IL*1*" + " A" * 50_000):
        assert pattern.fullmatch(text) is None
    assert time.process_time() - start < 2


def spoiled(segments: list[str], rng: random.Random) -> list[str]:
    """The same with one element of one segment changed, or the segment left out."""
    at = rng.randrange(2, len(segments) - 2)
    elements = segments[at].split("*")
    elements[rng.randrange(1, len(elements))] = rng.choice(VALUES)
    return [*segments[:at], *rng.choice((["*".join(elements)], [])), *segments[at + 1 :]]


def found_with(
    monkeypatch: pytest.MonkeyPatch, often: int, kept: int, files: list[list[str]]
) -> list[list[Diagnostic]]:
    """What is found by a machine that learns a shape when it came `often` times and keeps `kept` texts of a
    state, 3 * `kept` in all."""
    monkeypatch.setattr(walk_machine, "SEEN_OFTEN", often)
    monkeypatch.setattr(walk_machine, "KEPT_FAST", kept)
    monkeypatch.setattr(walk_machine, "KEPT_SEGMENTS", 3 * kept)
    walk_machine.machine.cache_clear()
    found = [wire.findings(wire.check(segments)) for segments in files]
    walk_machine.machine.cache_clear()
    return found


def test_learned_shapes_change_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(7)
    files = [wire.claims(), *(spoiled(wire.claims(), rng) for _ in range(400)), wire.claims()]
    expected = found_with(monkeypatch, 10**9, 10**9, files)
    assert found_with(monkeypatch, 1, 10**9, files) == expected
    assert found_with(monkeypatch, 1, 7, files) == expected
    assert sum(map(bool, expected)) > 100
