"""The oldest version of every dependency that pyproject.toml allows does the main job."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.worlds.places import ROOT

STORY = ROOT / "samples" / "03-therapy"
AS_OF = "2026-04-14T09:30:00"


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST = tuple(map(int, PROJECT["requires-python"].removeprefix(">=").split(".")))


def floors() -> list[str]:
    """Every dependency of the package at its lowest version."""
    return [wanted.replace(">=", "==") for wanted in PROJECT["dependencies"]]


@pytest.mark.skipif(
    sys.version_info[:2] != OLDEST, reason="old versions have wheels for the oldest Python only"
)
def test_the_oldest_allowed_versions_do_the_main_job(tmp_path: Path) -> None:
    assert all("==" in floor for floor in floors()), "each dependency names the version it needs at least"
    libraries = tmp_path / "libraries"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", libraries]
    subprocess.run([*map(str, pip), *floors()], check=True, capture_output=True)
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(libraries), str(ROOT / ".typing")])}

    def edi(*words: object) -> None:
        program = "import sys; from x12_payer.cli import main; sys.argv[0] = 'edi'; main()"
        done = subprocess.run(
            [sys.executable, "-S", "-c", program, *map(str, words)], env=where, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    store, out = tmp_path / "store.db", tmp_path / "out"
    edi("load", "--db", store, STORY / "data")
    edi("process", "--db", store, "--out", out, "--as-of", AS_OF, STORY / "inbound" / "1-request.x12")
    edi("pay", "--db", store, "--out", out, "--as-of", AS_OF)
    edi("validate", STORY / "inbound" / "1-request.x12")
    edi("show", STORY / "inbound" / "1-request.x12")
    for command in ("load", "process", "pay", "validate", "show", "explain"):
        edi(command, "--help")
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    expected = {path.name: path.read_bytes() for path in (STORY / "expected").glob("1-*")}
    assert written == expected
