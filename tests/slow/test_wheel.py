"""The wheel: one top-level name, so that nobody else's `edi`, `maps` or `cli` is overwritten."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.worlds.places import ROOT

STRANGERS = ("edi", "maps")  # projects of PyPI whose packages have names of our rooms


def pip(*words: object) -> None:
    """Run pip; its words on a failure."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_one_top_level_name(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"x12_payer"}
    assert {"x12_payer/py.typed", "x12_payer/cli.py", "x12_payer/maps/codes/diagnostics.csv"} <= set(names)
    assert not [name for name in names if name.split("/")[1] in ("tests", "bench", "docs", "samples")]


def test_the_wheel_lives_beside_packages_of_our_rooms_names(wheel: Path, tmp_path: Path) -> None:
    pip("install", "--no-deps", "--target", tmp_path, *STRANGERS)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py")}
    assert {name for name in STRANGERS if (tmp_path / name).is_dir()} == set(STRANGERS)
    pip("install", "--no-deps", "--target", tmp_path, wheel)
    assert {path: path.read_bytes() for path in before} == before
    program = f"""
from importlib.util import find_spec
print(*(find_spec(name).origin for name in ("x12_payer", *{STRANGERS})))
import x12_payer.cli
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [Path(name).parent for name in done.stdout.split()] == [
        tmp_path / name for name in ("x12_payer", *STRANGERS)
    ]
