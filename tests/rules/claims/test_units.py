"""The units ledger: before, act, after; and what holds whatever is billed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import approval
from x12_payer.authorization.facts import Approval, MemberFacts, Use
from x12_payer.authorization.units import Booked, Booking, Demand, Ledger, book, give_back, open_ledger, uses

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
    booked = book(method, asked, [[approved]], Ledger())
    assert (booked.covered, Ledger().after(booked).left(approved)) == after[method.value]


A2, A5, B3 = lot("UN", 2, key="A"), lot("UN", 5, key="A"), lot("UN", 3, key="B")
# groups, what is asked -> what is taken of each, by method
SPLIT = {
    "the first that has as much alone": ([[A2, B3]], demand(3), [("B", 3)], [("B", 3)]),
    "whatever its group": ([[A2], [B3]], demand(3), [("B", 3)], [("B", 3)]),
    "the better group first": ([[B3], [A5]], demand(2), [("B", 2)], [("B", 2)]),
    "no one has as much": ([[A2, B3]], demand(4), [("A", 2), ("B", 2)], []),
    "nor both together": ([[A2, B3]], demand(6), [("A", 2), ("B", 3)], []),
    "a used-up one is passed over": ([[lot("UN", 2, 2, "A"), B3]], demand(1), [("B", 1)], [("B", 1)]),
    "rows of one number are one": (
        [[A2], [evolve(B3, number="AU-A")]],
        demand(3),
        [("A", 2), ("B", 1)],
        [("A", 2), ("B", 1)],
    ),
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_line_is_split_when_no_number_covers_it_alone(name: str) -> None:
    groups, asked, split, whole = SPLIT[name]
    for method, expected in ((Booking.CUT_BACK, split), (Booking.EXACT, whole)):
        booked = book(method, asked, groups, Ledger())
        assert [(t.approval.key, t.units) for t in booked.takes] == expected


def at(approved: Approval, first: int, last: int) -> Approval:
    days = {"effective_date": MONDAY + timedelta(first), "expiration_date": MONDAY + timedelta(last)}
    return evolve(approved, **days)  # type: ignore[arg-type]


def shown(booked: Booked) -> list[tuple[str, int, list[int]]]:
    return [(t.approval.key, int(t.units), [(d - MONDAY).days for d in t.days]) for t in booked.takes]


# unit, dates of A, dates of B, asked -> takes, covered
BY_DATE = [
    ("VS", (0, 1), (2, 9), demand(4, 0, 1, 2, 3), "A1:0 A1:1 B1:2 B1:3", 4),
    ("DY", (0, 1), (2, 9), demand(8, 0, 1, 2, 3), "A1:0 A1:1 B1:2 B1:3", 8),
    ("UN", (0, 1), (2, 9), demand(4, 0, 1, 2, 3), "A2:01 B2:23", 4),
    ("UN", (0, 0), (1, 9), demand(7, 0, 1, 2), "A2:0 B5:12", 7),
    ("UN", (0, 1), (9, 9), demand(7, 0, 1, 2), "A4:01", 4),
    ("UN", (1, 2), (9, 9), demand(7, 0, 1, 2), "A4:12", 4),
    ("VS", (1, 2), (9, 9), demand(7, 0, 1, 2), "A1:1 A1:2", 4),
    ("VS", (0, 9), (0, 9), demand(3, 0, 1, 2), "A1:0 A1:1 A1:2", 3),
    ("UN", (9, 9), (9, 9), demand(3, 0, 1, 2), "", 0),
]


@pytest.mark.parametrize(("unit", "first", "second", "asked", "takes", "covered"), BY_DATE)
def test_a_date_takes_of_the_approval_that_holds_on_it(
    unit: str, first: tuple[int, int], second: tuple[int, int], asked: Demand, takes: str, covered: int
) -> None:
    groups = [[at(lot(unit, 9, key="A"), *first), at(lot(unit, 9, key="B"), *second)]]
    booked = book(Booking.CUT_BACK, asked, groups, Ledger())
    reported = [f"{key}{units}:{''.join(map(str, days))}" for key, units, days in shown(booked)]
    assert (" ".join(reported), booked.covered) == (takes, covered)


def test_units_in_parts_are_spread_in_parts() -> None:
    asked = Demand(Decimal("2.5"), (MONDAY, MONDAY + timedelta(1), MONDAY + timedelta(2)))
    booked = book(Booking.CUT_BACK, asked, [[at(lot("UN", 9), 0, 1)]], Ledger())
    assert booked.covered == Decimal("1.666")


def test_the_days_of_a_stay_are_a_quantity_and_its_dates_are_not_asked() -> None:
    asked = evolve(demand(3, 0, 1, 2, in_days=True), stay=True)
    groups = [[at(lot("DY", 2, key="A"), 0, 0), at(lot("VS", 3, key="B"), 0, 0)]]
    assert shown(book(Booking.CUT_BACK, asked, groups, Ledger())) == [("B", 3, [0, 1, 2])]
    known = open_ledger([Use("A", "AU-A", "ICN0", "1", Decimal(1), MONDAY)])
    used_up = [[lot("DY", 2, 2, "A"), lot("DY", 3, key="B")]]
    assert shown(book(Booking.CUT_BACK, asked, used_up, known)) == [("B", 3, [0, 1, 2])]


@pytest.mark.parametrize(("unit", "key", "units"), [("VS", "A", 0), ("DY", "A", 0), ("UN", "B", 1)])
def test_counted_once_a_date_belongs_to_visits_and_dates(unit: str, key: str, units: int) -> None:
    known = open_ledger([Use("A", "AU-A", "ICN0", "1", Decimal(1), MONDAY)])
    booked = book(Booking.CUT_BACK, demand(1), [[lot(unit, 1, 1, "A"), lot(unit, 2, key="B")]], known)
    assert [(t.approval.key, t.units) for t in booked.takes] == [(key, units)]


def test_a_date_counted_under_one_of_equals_is_free() -> None:
    known = open_ledger([Use("B", "AU-B", "ICN0", "1", Decimal(1), MONDAY)])
    equals = [lot("VS", 2, key="A"), lot("VS", 2, 1, key="B")]
    for groups in ([equals], [[evolve(one, number="AU-A") for one in equals]]):
        booked = book(Booking.CUT_BACK, demand(1), groups, known)
        assert [(t.approval.key, t.units) for t in booked.takes] == [("B", 0)]


def test_a_number_that_counts_visits_and_units_uses_both() -> None:
    rows = [evolve(lot("VS", 1, key="A")), evolve(lot("UN", 4, key="B"), number="AU-A")]
    ledger, taken = Ledger(), list[tuple[str, Decimal]]()
    for day in (0, 1, 2):
        booked = book(Booking.CUT_BACK, demand(2, day), [rows], ledger)
        ledger, taken = ledger.after(booked), [*taken, *((t.approval.key, t.units) for t in booked.takes)]
    assert taken == [("A", 1), ("B", 2), ("B", 2)]


def test_nothing_to_book_against() -> None:
    assert book(Booking.CUT_BACK, demand(1), [], Ledger()) == Booked((), Decimal(0))


# -- giving back -----------------------------------------------------------------------------------


def use(claim: str, units: int, key: str = "A") -> Use:
    return Use(key, f"AU-{key}", claim, "1", Decimal(units), MONDAY)


# name: (taken, others in force, what came before) -> units given back
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
    taken, active, history, expected = BACK[name]
    back = give_back(taken, active, history, "R9")
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
        booked = book(method, asked, [lots], ledger)
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
            ledger = ledger.after(book(Booking.CUT_BACK, demand(1, day), [[approved]], ledger))
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
    active: dict[str, tuple[Use, ...]] = {}
    for n, (quantity, day) in enumerate(claims):
        ledger = open_ledger(u for held in active.values() for u in held)
        booked = book(Booking.CUT_BACK, demand(quantity, day), [facts.approvals], ledger)
        made = uses(booked, f"C{n}", "1")
        facts, active[f"C{n}"] = facts.with_uses(made, ()), made
        history += made
    order = list(active)
    random.shuffle(order)  # type: ignore[attr-defined]
    for name in order:
        taken = active.pop(name)
        back = give_back(taken, [u for held in active.values() for u in held], history, f"R{name}")
        facts = facts.with_uses(back, ())
        history += back
        days = {u.service_date for held in active.values() for u in held}
        if unit != "UN":
            assert facts.approvals[0].used == len(days)
    assert facts.approvals == (lot(unit, units),)
