"""What holds for all tests."""

import pytest

from tests.worlds.places import TESTS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in tests/slow is slow."""
    for item in items:
        if item.path.is_relative_to(TESTS / "slow"):
            item.add_marker(pytest.mark.slow)
