"""The fuzz target holds: on seeds, on seeded mutations, and for seconds under atheris where that is."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slow.fuzz import fuzz_check
from tests.slow.fuzz.fuzz_check import mutations, seeds, target
from tests.worlds.places import ROOT

MUTATIONS = 300
SECONDS = 5


def test_what_is_valid_and_what_once_crashed() -> None:
    assert len(seeds()) > 100
    for data in seeds():
        target(data)


def test_seeded_mutations() -> None:
    spoilt = list(mutations(MUTATIONS, seed=20260715))
    assert spoilt == list(mutations(MUTATIONS, seed=20260715))
    assert len(set(spoilt)) > MUTATIONS * 0.9
    for data in spoilt:
        target(data)


@pytest.mark.parametrize("nothing", [b"", b"\0", b"ISA", b"ISA" + b"*" * 200, b"\xef\xbb\xbf"])
def test_next_to_nothing(nothing: bytes) -> None:
    target(nothing)


def test_the_target_fails_when_we_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_check, "build_999", lambda group, delimiters: [("AK1", "HC")])
    answered = next(data for data in seeds() if b"*HC*" in data)
    with pytest.raises(AssertionError):
        target(answered)


def test_seconds_of_fuzzing(tmp_path: Path) -> None:
    """Guided by coverage where atheris is installed; without it the same mutations, other seeds."""
    if importlib.util.find_spec("atheris") is None:
        for data in mutations(3 * MUTATIONS, seed=7):
            target(data)
        return
    here = os.environ | {"PYTHONPATH": str(ROOT)}
    run = [sys.executable, "-m", fuzz_check.__name__, f"-max_total_time={SECONDS}", "-seed=1"]
    done = subprocess.run(
        run, cwd=tmp_path, env=here, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Done " in done.stderr
    assert list(tmp_path.iterdir()) == []
