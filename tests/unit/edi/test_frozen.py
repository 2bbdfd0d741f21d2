"""`edi.frozen`: what a value promises at run time, and what the type checker refuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds.places import ROOT
from x12_payer.edi.frozen import frozen


@frozen
class Amount:
    """A value."""

    cents: int
    currency: str = "USD"


@frozen(eq=False)
class Table:
    """A thing that is only itself."""

    rows: dict[str, int]


def test_equal_values_are_one_key() -> None:
    assert Amount(1) == Amount(1) != Amount(2)
    assert {Amount(1): "a"}[Amount(1, "USD")] == "a"


def test_what_is_only_itself_can_hold_what_has_no_hash() -> None:
    first, second = Table({"a": 1}), Table({"a": 1})
    assert first != second
    assert len({first, second}) == 2


def test_no_field_can_be_added() -> None:
    assert not hasattr(Amount(1), "__dict__")


@pytest.mark.slow
def test_the_type_checker_refuses_to_set_a_field(tmp_path: Path) -> None:
    script = tmp_path / "user.py"
    script.write_text(
        "from x12_payer.edi.messages.common import Period\n"
        "def change(period: Period) -> None:\n"
        "    period.qualifier = '472'\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert 'Property "qualifier" defined in "Period" is read-only' in done.stdout
