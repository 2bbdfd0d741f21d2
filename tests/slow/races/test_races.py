"""The short form of run.py: each race once. The long form: python -m tests.slow.races.run 50."""

import pytest

from tests.slow.races.run import all_races

pytestmark = [pytest.mark.crash, pytest.mark.postgres]


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_what_runs_at_once_leave(kind: str) -> None:
    assert list(all_races(kind, 1)) == []
