"""The house: imports go one way between the rooms and inside them, and each library has one door.

A case a room, not a case a file: what fails names the file."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.worlds.places import ROOT

NAME = "x12_payer"
ROOMS = ["maps", "edi", "authorization", "adjudication", "library", "commands", "cli"]
DOORS_OF_ALL = {"__init__", "__main__", "messages", "pytest_plugin"}  # they name what the rooms hold
INSIDE = {  # a child of the room imports itself and those before it
    "edi": [
        "version",
        "frozen",
        "words",
        "toml_text",
        "tables",
        "dates",
        "clock",
        "codes",
        "diagnostics",
        "wire",
        "guides",
        "reading",
        "messages",
        "parsers",
        "builders",
        "snip",
        "edits",
        "display",
    ],
}
DOORS = {
    "pyx12": ("edi/guides/",),
    "lxml": ("edi/guides/",),
    "sqlalchemy": ("adjudication/store/",),
    "sqlite3": ("adjudication/store/",),
    "psycopg": ("adjudication/store/",),
    "click": ("commands/", "cli.py", "__main__.py"),
    "rich": ("commands/", "cli.py"),
}
STRANGERS = (  # the first never imports the second
    ("edi/parsers/", "edi.builders"),
    ("edi/builders/", "edi.parsers"),
    ("edi/snip/rules/", "edi.snip.fast_path"),
)
X12_TEXT = ("edi.parsers", "edi.builders", "edi.reading.check", "edi.wire.writer")
MOST_MODULES = 20  # of one folder, its __init__ apart
MOST_LINES = 420  # of one module; essays at its head are not counted, here and below
SCREEN = 60  # lines of one function
MOST_PARAMETERS = 7  # of one function, those of a command apart: they are its options
LONGER_LISTS = {  # no more than these
    "edi/builders/interchange.py:build": 8,  # public: x12_payer.build
}


def files_of(room: str) -> list[Path]:
    """The modules of a room."""
    alone = ROOT / f"{room}.py"
    return [alone] if alone.exists() else sorted((ROOT / room).rglob("*.py"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """What a file imports, in full."""

    def names() -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: relative import"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    return tuple(names())


def imported(path: Path) -> list[str]:
    """The same; our own modules without the package's name."""
    return [name.removeprefix(f"{NAME}.") for name in imports(path)]


def ours(path: Path) -> list[list[str]]:
    """What a file imports of ours, each as its parts below the package."""
    parts = (name.split(".") for name in imports(path))
    return [names[1:] for names in parts if names[0] == NAME]


def test_the_rooms_are_all_there_is() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages | {"cli", "library"} == set(ROOMS)
    assert {path.stem for path in ROOT.glob("*.py")} == {"cli", "library"} | DOORS_OF_ALL


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_one_way(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    for path in files_of(room):
        for parts in ours(path):
            assert parts[0] in allowed, f"{path} imports {'.'.join(parts)}"


@pytest.mark.parametrize("room", INSIDE)
def test_imports_go_one_way_inside(room: str) -> None:
    order = INSIDE[room]
    for path in files_of(room):
        here = path.relative_to(ROOT / room).parts[0].removesuffix(".py")
        if here == "__init__":
            continue
        allowed = set(order[: order.index(here) + 1])
        for parts in ours(path):
            assert parts[0] != room or parts[1] in allowed, f"{path} imports {'.'.join(parts)}"


@pytest.mark.parametrize("room", [room for room in ROOMS if (ROOT / room).is_dir()])
def test_no_arrow_runs_back(room: str) -> None:
    """In every folder the graph of its children, a folder being one of them, has no circle."""
    for folder in sorted({path.parent for path in files_of(room)}):
        within = folder.relative_to(ROOT).parts
        graph: dict[str, set[str]] = {}
        for path in folder.rglob("*.py"):
            here = path.relative_to(folder).parts[0].removesuffix(".py")
            to = {
                p[len(within)] for p in ours(path) if tuple(p[: len(within)]) == within and p[len(within) :]
            }
            graph.setdefault(here, set()).update(to - {here})
        tuple(TopologicalSorter(graph).static_order())  # raises CycleError with the circle


@pytest.mark.parametrize("room", ROOMS)
def test_one_door_a_library(room: str) -> None:
    for path in files_of(room):
        for name in imported(path):
            allowed = DOORS.get(name.split(".")[0])
            assert allowed is None or path.relative_to(ROOT).as_posix().startswith(allowed), (
                f"{path} imports {name}"
            )


@pytest.mark.parametrize(("here", "other"), STRANGERS)
def test_strangers(here: str, other: str) -> None:
    for path in sorted((ROOT / here).rglob("*.py")):
        for name in imported(path):
            assert not name.startswith(other), f"{path} imports {name}"


@pytest.mark.parametrize("room", ["authorization", "adjudication"])
def test_x12_text_stays_behind_the_pipeline(room: str) -> None:
    for path in files_of(room):
        if (ROOT / "adjudication" / "pipeline") not in path.parents:
            for name in imported(path):
                assert not name.startswith(X12_TEXT), f"{path}: {name}"


@pytest.mark.parametrize("room", [*(room for room in ROOMS if (ROOT / room).is_dir()), "tests", "bench"])
def test_a_folder_holds_few_modules(room: str) -> None:
    for folder in {path.parent for path in files_of(room)}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MOST_MODULES, folder


def lines_of(node: ast.Module | ast.FunctionDef, whole: int) -> int:
    """The lines of a module or function without its docstring."""
    if ast.get_docstring(node) is None:
        return whole
    head = node.body[0]
    return whole - ((head.end_lineno or head.lineno) - head.lineno + 1)


@pytest.mark.parametrize("room", [*ROOMS, "bench", "samples", "docs"])
def test_a_module_is_short_and_a_function_fits_a_screen(room: str) -> None:
    for path in files_of(room):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        assert lines_of(tree, len(text.splitlines())) <= MOST_LINES, path
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                whole = (node.end_lineno or node.lineno) - node.lineno + 1
                assert lines_of(node, whole) <= SCREEN, f"{path}: {node.name}"


def parameters(node: ast.FunctionDef) -> int:
    """How many a function has, self and cls apart."""
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def test_an_argument_list_is_short() -> None:
    long: dict[str, int] = {}
    for path in (path for room in ROOMS for path in files_of(room)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or parameters(node) <= MOST_PARAMETERS:
                continue
            if not any("click.command" in ast.unparse(one) for one in node.decorator_list):
                long[f"{path.relative_to(ROOT).as_posix()}:{node.name}"] = parameters(node)
    assert long == LONGER_LISTS, "make a value of what belongs together"


def test_those_who_read_segments_are_listed() -> None:
    """docs/design.md says of each why it does not use another one."""
    readers = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in files_of(room)
        if "edi.wire.segments.blocks" in imported(path)
    }
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    rows = page.split("## One splitter")[1].split("\n## ")[0].split("\n|---")[1].splitlines()
    listed = {
        name
        for row in rows
        if row.startswith("|")
        for name in re.findall(r"`([\w/]+\.py)`", row.split("|")[1])
    }
    assert readers == listed


def test_maps_hold_data_only() -> None:
    for path in (ROOT / "maps").rglob("*.py"):
        assert path.name == "__init__.py", f"{path}: Python in maps"
        assert path.read_text(encoding="utf-8").strip() == "", f"{path}: not empty"


def test_every_package_is_in_the_wheel_under_one_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    folders = {path.parent for room in ROOMS for path in files_of(room) if path.name == "__init__.py"}
    packages = {".".join((NAME, *folder.relative_to(ROOT).parts)) for folder in folders}
    assert set(project["setuptools"]["packages"]) == packages | {NAME}
    files = {Path(name) for name in project["mypy"]["files"]}
    typed = {path.name.removesuffix(".py") for path in files if path.parts[0] == ".typing"}
    assert typed == {*ROOMS} | DOORS_OF_ALL
    assert {str(path) for path in files if path.parts[0] != ".typing"} == {
        "bench",
        "docs",
        "samples",
        "tests",
    }
