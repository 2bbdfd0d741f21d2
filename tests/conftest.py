"""What holds for all tests, and the fixtures that many of them share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.worlds.edi_command import demo, edi
from tests.worlds.payer.e2e import World
from tests.worlds.places import TESTS

# The same examples on every run, so that the gate judges the change and not the luck of the draw; new ones
# with HYPOTHESIS_PROFILE=search, and what they find is kept in tests/crashers/ or as an @example
settings.register_profile("same", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in tests/slow is slow."""
    for item in items:
        if item.path.is_relative_to(TESTS / "slow"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A store with the payer of e2e_data/, and what is sent to it."""
    return World(tmp_path / "store.db")


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The file of a store with the reference data of the test module's STORY."""
    path = tmp_path / "store.db"
    assert edi(*demo().load_arguments(request.module.STORY, path)).exit == 0
    return path
