"""The house: imports go one way (maps <- edi <- authorization <- adjudication <- cli), one door a library."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["maps", "edi", "authorization", "adjudication", "cli"]
DOORS = {
    "pyx12": ("edi/guide",),
    "lxml": ("edi/guide",),
    "sqlalchemy": ("adjudication/store",),
    "sqlite3": ("adjudication/store",),
    "psycopg": ("adjudication/store",),
    "click": ("cli",),
    "rich": ("cli",),
}
MODULES = sorted(
    p.relative_to(ROOT).as_posix()
    for p in [*ROOT.glob("cli*.py"), *(q for room in ROOMS[:-1] for q in (ROOT / room).rglob("*.py"))]
)


def imported(path: str) -> Iterator[str]:
    """Every module a file imports, in full."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name: str) -> str:
    """The room of a module or path."""
    top = name.replace("/", ".").split(".")[0]
    return "cli" if top.startswith("cli") else top


@pytest.mark.parametrize("path", MODULES)
def test_imports_go_one_way(path: str) -> None:
    here = ROOMS.index(room(path))
    for name in imported(path):
        if room(name) in ROOMS:
            assert ROOMS.index(room(name)) <= here, f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES)
def test_one_door_a_library(path: str) -> None:
    for name in imported(path):
        allowed = DOORS.get(name.split(".")[0])
        assert allowed is None or path.startswith(allowed), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES)
def test_parsers_and_builders_are_strangers(path: str) -> None:
    for name in imported(path):
        assert not (path.startswith("edi/parsers/") and name.startswith("edi.builders")), path
        assert not (path.startswith("edi/builders/") and name.startswith("edi.parsers")), path


@pytest.mark.parametrize("path", MODULES)
def test_x12_text_stays_behind_the_pipeline(path: str) -> None:
    if path.startswith(("authorization/", "adjudication/")) and "pipeline" not in path:
        for name in imported(path):
            assert not name.startswith(("edi.parsers", "edi.builders", "edi.check", "edi.writer")), (
                f"{path}: {name}"
            )


def test_maps_hold_data_only() -> None:
    for path in (ROOT / "maps").rglob("*.py"):
        assert path.name == "__init__.py", f"{path}: Python in maps"
        assert path.read_text(encoding="utf-8").strip() == "", f"{path}: not empty"


def test_every_module_is_in_the_wheel_and_typed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    here = {path.stem for path in ROOT.glob("cli*.py")}
    assert set(project["setuptools"]["py-modules"]) == here
    assert {name.removesuffix(".py") for name in project["mypy"]["files"] if name.endswith(".py")} == here
    packages = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for room in ("edi", "authorization", "adjudication", "maps")
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert set(project["setuptools"]["packages"]) == packages
