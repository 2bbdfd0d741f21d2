"""The short form of run.py: some kills on each store. The long form: python -m tests.slow.kills.run 500."""

import pytest

from tests.slow.kills.run import all_kills

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("kind", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_kills_at_any_instant_change_nothing(kind: str) -> None:
    found = list(all_kills(kind, 6))
    assert sum(kills for kills, _ in found) >= 6
    assert [text for _, wrong in found for text in wrong] == []
