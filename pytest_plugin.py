"""A pytest fixture for those who test against a payer: `pip install x12-payer` brings it.

    def test_a_member_is_covered(payer):
        answers = payer.process(Path("270.x12"), as_of=datetime(2026, 7, 6))
        assert answers.kinds == ("999", "271")

`payer` has its store in memory and the reference data of the folder `data` beside the test, where there is
one; each test has its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from x12_payer.library import Payer

DATA = "data"


@pytest.fixture
def payer(request: pytest.FixtureRequest) -> "Iterator[Payer]":
    """A payer with what `data` beside the test holds."""
    from x12_payer.library import Payer  # only a test that asks for a payer waits for one

    data = request.path.parent / DATA
    with Payer() as ready:
        if data.is_dir():
            ready.load(data)
        yield ready
