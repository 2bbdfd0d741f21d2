"""Any legal separators: a file says the same whichever four it is written with."""

from datetime import date

import pytest

from tests.worlds.places import SAMPLES
from x12_payer.edi.snip.validate import diagnostics_in
from x12_payer.edi.wire.segments import Source

FILES = [p for p in sorted(SAMPLES.glob("*/*/*.x12")) if "10-bad-files" not in p.parts]
USUAL = "*^:~"
OTHERS = [
    "\x1d\x1e\x1f\x1c",
    "\x1f\x1d\x1c\x1e",
    "\t|\\\n",
    "|\x07\t\r",
    "\x0b\x0c!\n",
    "+{}'",
    "\xa6\xac\xb7\xb6",
]


def found(data: bytes) -> list[tuple[str, int, int, int]]:
    checked = diagnostics_in(Source(data=data), 6, date(2026, 7, 6))
    return [(f.code, f.segment, f.element, f.component) for f in checked]


@pytest.mark.slow
@pytest.mark.parametrize("separators", OTHERS, ids=[ascii(four) for four in OTHERS])
def test_a_file_says_the_same(separators: str) -> None:
    spelled, seen = str.maketrans(USUAL, separators), 0
    for path in FILES:
        text = path.read_bytes().decode("latin-1").replace("\n", "")
        if text[3] + text[82] + text[104:106] != USUAL or set(separators) & set(text):
            continue
        other = text.translate(spelled).encode("latin-1")
        assert found(other) == found(text.encode("latin-1")), path
        seen += 1
    assert seen > 50
