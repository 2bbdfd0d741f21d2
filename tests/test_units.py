"""The units ledger: before, act, after; and what holds whatever is billed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorization.facts import Approval, MemberFacts, Use
from authorization.units import Booked, Booking, Demand, Ledger, book, give_back, open_ledger, uses
from tests.claim_world import approval

MONDAY = date(2026, 7, 6)


def lot(unit: str, units: int, used: int = 0, key: str = "A") -> Approval:
    return approval(f"AU-{key}", key=key, unit=unit, units=Decimal(units), used=Decimal(used))


def demand(quantity: int, *days: int, in_days: bool = False) -> Demand:
    return Demand(Decimal(quantity), tuple(MONDAY + timedelta(d) for d in days or (0,)), in_days)


# unit, approved, used, (quantity, days ...), in days -> covered, left afterwards, by method
CASES = [
    ("UN", 3, 0, demand(2), {"exact": (2, 1), "cut_back": (2, 1)}),
    ("UN", 3, 0, demand(3), {"exact": (3, 0), "cut_back": (3, 0)}),
    ("UN", 3, 1, demand(3), {"exact": (0, 2), "cut_back": (2, 0)}),
    ("UN", 3, 3, demand(1), {"exact": (0, 0), "cut_back": (0, 0)}),
    ("UN", 3, 5, demand(1), {"exact": (0, 0), "cut_back": (0, 0)}),
    ("VS", 2, 0, demand(4), {"exact": (4, 1), "cut_back": (4, 1)}),
    ("VS", 2, 2, demand(4), {"exact": (0, 0), "cut_back": (0, 0)}),
    ("VS", 2, 1, demand(4, 0, 1), {"exact": (0, 1), "cut_back": (2, 0)}),
    ("DY", 2, 0, demand(8, 0), {"exact": (8, 1), "cut_back": (8, 1)}),
    ("DY", 5, 0, demand(7, in_days=True), {"exact": (0, 5), "cut_back": (5, 0)}),
    ("DY", 5, 0, demand(4, in_days=True), {"exact": (4, 1), "cut_back": (4, 1)}),
]


@pytest.mark.parametrize("method", list(Booking))
@pytest.mark.parametrize(("unit", "units", "used", "asked", "after"), CASES)
def test_booking(
    unit: str, units: int, used: int, asked: Demand, after: dict[str, tuple[int, int]], method: Booking
) -> None:
    approved = lot(unit, units, used)
    booked = book(method, asked, [approved], Ledger())
    assert (booked.covered, Ledger().after(booked).left(approved)) == after[method.value]


def test_a_demand_goes_through_the_lots_in_order() -> None:
    lots = [lot("UN", 2, key="A"), lot("UN", 5, key="B")]
    booked = book(Booking.CUT_BACK, demand(3), lots, Ledger())
    assert [(t.approval.key, t.units) for t in booked.takes] == [("A", 2), ("B", 1)]


def test_a_day_counted_in_any_lot_is_free() -> None:
    lots = [lot("VS", 2, key="A"), lot("VS", 2, 1, key="B")]
    known = open_ledger([Use("B", "AU-B", "ICN0", "1", Decimal(1), MONDAY)])
    booked = book(Booking.CUT_BACK, demand(1), lots, known)
    assert [(t.approval.key, t.units) for t in booked.takes] == [("B", 0)]


def test_nothing_to_book_against() -> None:
    assert book(Booking.CUT_BACK, demand(1), [], Ledger()) == Booked((), Decimal(0))


# -- giving back -----------------------------------------------------------------------------------


def use(claim: str, units: int, key: str = "A") -> Use:
    return Use(key, f"AU-{key}", claim, "1", Decimal(units), MONDAY)


# name: (taken, standing others, what came before) -> units given back
BACK = {
    "alone": ([use("C1", 1)], [], [use("C1", 1)], [-1]),
    "a quantity, whatever others took": ([use("C1", 2)], [use("C2", 3)], [use("C1", 2), use("C2", 3)], [-2]),
    "a visit another claim shares": ([use("C1", 1)], [use("C2", 0)], [use("C1", 1), use("C2", 0)], [0]),
    "the last of those that shared": (
        [use("C2", 0)],
        [],
        [use("C1", 1), use("C2", 0), use("R1", 0)],
        [-1],
    ),
    "one that came second": ([use("C2", 0)], [use("C1", 1)], [use("C1", 1), use("C2", 0)], [0]),
    "two lines of one visit": ([use("C1", 1), use("C1", 0)], [], [use("C1", 1), use("C1", 0)], [-1, 0]),
}


@pytest.mark.parametrize("name", BACK)
def test_give_back(name: str) -> None:
    taken, standing, history, expected = BACK[name]
    back = give_back(taken, standing, history, "R9")
    assert [u.units for u in back] == expected
    assert {u.claim_number for u in back} == {"R9"}


# -- properties ------------------------------------------------------------------------------------

UNITS = st.integers(0, 12)
DEMANDS = st.lists(
    st.builds(
        lambda q, d, n, s: demand(q, *range(d, d + n), in_days=s),
        st.integers(0, 9),
        st.integers(0, 4),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=6,
)
LOTS = st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=3)


@given(st.sampled_from(("UN", "VS", "DY")), LOTS, DEMANDS, st.sampled_from(list(Booking)))
def test_never_more_than_is_left(
    unit: str, approved: list[tuple[int, int]], demands: list[Demand], method: Booking
) -> None:
    lots = [lot(unit, units, used, f"L{n}") for n, (units, used) in enumerate(approved)]
    before = sum(one.left for one in lots)
    ledger, taken = Ledger(), Decimal(0)
    for asked in demands:
        booked = book(method, asked, lots, ledger)
        assert 0 <= booked.covered <= asked.quantity
        assert method is Booking.CUT_BACK or booked.covered in (0, asked.quantity)
        ledger = ledger.after(booked)
        taken += sum(t.units for t in booked.takes)
    assert all(ledger.left(one) >= 0 for one in lots)
    assert before - taken == sum(ledger.left(one) for one in lots)


@given(UNITS, st.lists(st.integers(0, 6), min_size=1, max_size=8), st.randoms())
def test_visits_do_not_depend_on_the_order_of_lines(units: int, days: list[int], random: object) -> None:
    approved = lot("VS", units)

    def taken(order: list[int]) -> Decimal:
        ledger = Ledger()
        for day in order:
            ledger = ledger.after(book(Booking.CUT_BACK, demand(1, day), [approved], ledger))
        return ledger.left(approved)

    shuffled = list(days)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert taken(days) == taken(shuffled) == max(units - len(set(days)), 0)


@given(
    st.sampled_from(("UN", "VS", "DY")),
    st.integers(0, 9),
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=5),
    st.randoms(),
)
def test_taking_every_claim_back_in_any_order_restores_the_approval(
    unit: str, units: int, claims: list[tuple[int, int]], random: object
) -> None:
    facts = MemberFacts("M1", (), (lot(unit, units),))
    history: list[Use] = []
    standing: dict[str, tuple[Use, ...]] = {}
    for n, (quantity, day) in enumerate(claims):
        ledger = open_ledger(u for held in standing.values() for u in held)
        booked = book(Booking.CUT_BACK, demand(quantity, day), facts.approvals, ledger)
        made = uses(booked, f"C{n}", "1")
        facts, standing[f"C{n}"] = facts.with_uses(made, ()), made
        history += made
    order = list(standing)
    random.shuffle(order)  # type: ignore[attr-defined]
    for name in order:
        taken = standing.pop(name)
        back = give_back(taken, [u for held in standing.values() for u in held], history, f"R{name}")
        facts = facts.with_uses(back, ())
        history += back
        days = {u.service_date for held in standing.values() for u in held}
        if unit != "UN":
            assert facts.approvals[0].used == len(days)
    assert facts.approvals == (lot(unit, units),)
