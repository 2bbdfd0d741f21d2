"""The quick yes: it never says that a segment is sound when the look at every element finds something."""

import random
import time

import pytest

from edi.guide import guide_named, registry
from edi.guide_elements import SegmentCheck, check_elements, segment_check
from edi.guide_plain import NEVER, plain_pattern
from edi.segments import DEFAULT_DELIMITERS

NOTES = ("element-conditional", "element-exclusion")  # looked at apart from the expression
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


@pytest.mark.parametrize("name", GUIDES)
def test_plain_is_sound(name: str) -> None:
    guide = guide_named(name)
    rng = random.Random(name)
    matched = 0
    for node in guide.segments:
        if node.tag in ("ST", "SE"):
            continue
        check = segment_check(node, DEFAULT_DELIMITERS)
        pattern = plain_pattern(node.tag, check.specs, check.dates, check.last_required, DEFAULT_DELIMITERS)
        for text in texts(check, rng, 60):
            if pattern.fullmatch(text):
                matched += 1
                wrong = [f for f in check_elements(check, text.split("*")) if f.code not in NOTES]
                assert wrong == [], f"{name} {node.tag}: {text}"
    assert matched > 10


@pytest.mark.parametrize(
    ("tag", "loop", "text", "plain"),
    [
        ("NM1", "2010BA", "NM1*IL*1*RIVERA*JANE****MI*A100000001", True),
        ("NM1", "2010BA", "NM1*IL*1*RIVERA *JANE****MI*A100000001", False),
        ("DMG", "2010BA", "DMG*D8*19800315*F", True),
        ("DMG", "2010BA", "DMG*D8*19800231*F", False),
        ("CLM", "2300", "CLM*A1*140***11:B:1*Y*A*Y*Y", True),
        ("CLM", "2300", "CLM*A1*140***11:X:1*Y*A*Y*Y", False),
        ("CLM", "2300", "CLM*A1*140***11:B:1*Y*A*Y*Y*", False),
        ("SV1", "2400", "SV1*HC:97110:GP*150*UN*3***1", True),
    ],
)
def test_usual_segments_of_a_claim_are_plain(tag: str, loop: str, text: str, plain: bool) -> None:
    nodes = (n for n in guide_named("837P.X222A1").segments if (n.tag, n.loop) == (tag, loop))
    check = segment_check(next(nodes), DEFAULT_DELIMITERS)
    pattern = plain_pattern(tag, check.specs, check.dates, check.last_required, DEFAULT_DELIMITERS)
    assert pattern is not NEVER
    assert bool(pattern.fullmatch(text)) is plain


def test_no_text_takes_long() -> None:
    check = segment_check(
        next(n for n in guide_named("837P.X222A1").segments if (n.tag, n.loop) == ("NM1", "2010BA")),
        DEFAULT_DELIMITERS,
    )
    pattern = plain_pattern("NM1", check.specs, check.dates, check.last_required, DEFAULT_DELIMITERS)
    start = time.process_time()
    for text in ("NM1" + "*IL" * 5000, "NM1*IL*1*" + "A" * 200_000 + "!" * 9, "NM1*IL*1*" + " A" * 50_000):
        assert pattern.fullmatch(text) is None
    assert time.process_time() - start < 2
