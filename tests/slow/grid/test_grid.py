"""One question, three askers, one answer: 3,000 cells of the grid of grid.py (CONTRACT 7, DESIGN "One answer
to one question"). By hand on many more: `make grid`."""

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from tests.slow.grid.grid import RULED, Answers, answers, disagreements, unruled
from tests.slow.grid.grid_askers import Stated, ask_270, ask_278, ask_837
from tests.slow.grid.grid_cells import PLANS, Cell, cells
from x12_payer.adjudication.claims import case as claims_case
from x12_payer.adjudication.eligibility import coverage as eligibility_coverage
from x12_payer.authorization.reviews import lines as review_lines
from x12_payer.authorization.services import NO_ENCOUNTER, Encounter

SEED, COUNT, PARTS = 20261130, 3_000, 8  # parts, so that a failure names few cells


@cache
def everything() -> tuple[Answers, ...]:
    return tuple(answers(cell) for cell in cells(COUNT, SEED))


@pytest.mark.parametrize("part", range(PARTS))
def test_three_askers_get_one_answer(part: int) -> None:
    some = everything()[part::PARTS]
    assert [(said, got.words, got.cell) for got in some for said in unruled(got)] == []


def test_the_cells_are_of_every_plan_and_of_many_answers() -> None:
    some = everything()
    assert {got.cell.plan for got in some} == set(PLANS)
    assert {got.review.words.split()[0] for got in some} >= {"A1", "A3", "A4", "A6", "CT", "NA"}
    assert sum(got.inquiry is not None for got in some) > 200
    assert sum(got.approved is not None for got in some) > 100
    assert {got.claim.needed for got in some if got.claim} == {"", "yes", "no"}


def test_each_ruling_is_met_by_a_cell() -> None:
    """A difference that no longer occurs is no longer ruled."""
    some = everything()
    for ruling in RULED:
        met = [got for got in some if ruling.where(got) and set(ruling.differs) & set(disagreements(got))]
        assert met, ruling.contract


def _says_nothing(*_: object, **__: Any) -> Encounter:
    return NO_ENCOUNTER


@pytest.mark.parametrize(
    ("asker", "name", "instead"),
    [
        (claims_case, "encounter", _says_nothing),
        (claims_case, "bill_type", lambda _: ""),
        (claims_case, "in_network", lambda *_: True),
        (claims_case, "diagnosis_codes", lambda _: ()),
        (review_lines, "encounter", _says_nothing),
        (review_lines, "bill_type", lambda _: ""),
        (review_lines, "in_network", lambda *_: True),
        (review_lines, "diagnosis_codes", lambda _: ()),
        (eligibility_coverage, "diagnosis_codes", lambda _: ()),
    ],
)
def test_an_asker_that_no_longer_asks_the_one_definition_is_found(
    asker: ModuleType, name: str, instead: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asker, name, instead)
    assert any(unruled(answers(cell)) for cell in cells(COUNT, SEED))


@pytest.mark.parametrize(
    ("cell", "inquiry", "review", "claim"),
    [
        (Cell("BAY-POS", "D2740", place="11", inside=False, provider="dentist"), False, False, False),
        (Cell("BAY-HMO", "99284", place="22", inside=False), False, True, False),
        (Cell("BAY-HMO", "99284", place="23", inside=False), True, True, True),
        (Cell("BAY-PPO", "0010U", place="81"), True, True, True),
    ],
)
def test_what_each_says(cell: Cell, inquiry: bool, review: bool, claim: bool) -> None:
    reported = (ask_270(cell), ask_278(cell)[0], ask_837(cell))
    assert tuple(isinstance(t, Stated) and t.covered for t in reported) == (inquiry, review, claim)
