"""What is installed: the lock agrees with pyproject.toml and has hashes, and each package is explained."""

import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.worlds.places import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
RUN = PYPROJECT["project"]["dependencies"]
WANTED = {
    "run": [*RUN, *EXTRAS["postgres"]],
    "dev": [*RUN, *EXTRAS["dev"]],
    "release": PYPROJECT["dependency-groups"]["release"],
}
PIN = re.compile(
    r"^(\S+)==(\S+?)(?: ; .+?)?"  # name, version, on which platform
    r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+$",
    re.MULTILINE,
)


def locked(name: str) -> str:
    """The text of a lock."""
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, set[str]]:
    """The locked versions of each package; more than one where they differ by platform."""
    found: dict[str, set[str]] = {}
    for package, version in PIN.findall(locked(name)):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize("name", WANTED)
def test_the_lock_satisfies_pyproject(name: str) -> None:
    versions = pins(name)
    for requirement in map(Requirement, WANTED[name]):
        pinned = versions.get(canonicalize_name(requirement.name), set())
        assert pinned, f"{requirement} is not locked: make lock"
        assert all(map(requirement.specifier.contains, pinned)), f"{requirement}: {pinned}: make lock"


@pytest.mark.parametrize("name", WANTED)
def test_every_pin_has_its_hash(name: str) -> None:
    entries = re.findall(r"^[^\s#].*", locked(name), re.MULTILINE)
    assert len(PIN.findall(locked(name))) == len(entries)


def test_the_tests_run_on_what_an_installation_runs_on() -> None:
    run, dev = pins("run"), pins("dev")
    assert {package: dev.get(package) for package in run} == run


def test_every_development_package_is_explained() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    for requirement in map(Requirement, [*chain(*EXTRAS.values()), *WANTED["release"]]):
        assert re.search(rf"\b{re.escape(requirement.name.lower())}\b", page), requirement.name
