"""What holds for all tests, and the fixtures that many of them share."""

from pathlib import Path

import pytest

from tests.worlds.edi_command import demo, edi
from tests.worlds.payer.e2e import World
from tests.worlds.places import TESTS


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
