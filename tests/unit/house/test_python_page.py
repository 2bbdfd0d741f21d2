"""docs/python.md: every block runs, in order, as a reader would type it."""

import re

import pytest

from tests.worlds.places import DOCS, ROOT

BLOCKS = re.findall(r"^```python\n(.*?)^```", (DOCS / "python.md").read_text(encoding="utf-8"), re.M | re.S)


def test_the_blocks_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for number, block in enumerate(BLOCKS, 1):
        exec(compile(block, f"docs/python.md, block {number}", "exec"), names)
    printed = capsys.readouterr().out
    assert len(BLOCKS) >= 6
    assert "'Claim'" in printed
    assert "in segment" in printed


def test_the_page_names_every_function() -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    for name in ("read", "validate", "parse", "build", "Payer"):
        assert f"`{name}`" in page or f"x12.{name}(" in page, name
