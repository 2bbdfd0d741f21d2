"""Fees, allowed amounts and cost shares."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import fee
from x12_payer.adjudication.pricing import Room, Shares, allowed_amount, cents, find_fee, share
from x12_payer.adjudication.records import Fee, FeeSchedule
from x12_payer.authorization.services import CostShare

DAY = date(2026, 7, 8)
D = Decimal


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("10", "10.00")]
)
def test_half_up(amount: str, rounded: str) -> None:
    assert cents(D(amount)) == D(rounded)


ANY = fee("99213", "1")
PLAN = fee("99213", "2", plan_id="P")
PROVIDER = fee("99213", "3", npi="N")
MODIFIER = fee("99213", "4", modifier="25")
PLAN_PROVIDER = fee("99213", "5", plan_id="P", npi="N")
LATER = evolve(fee("99213", "6"), effective_date=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ((), None),
        ((ANY,), 1),
        ((ANY, PLAN), 2),
        ((PLAN, ANY), 2),
        ((PLAN, PROVIDER), 3),
        ((PROVIDER, MODIFIER), 4),
        ((MODIFIER, PLAN_PROVIDER), 5),
        ((LATER, ANY), 6),
        ((ANY, LATER), 6),
        ((evolve(PLAN, plan_id="Q"), ANY), 1),
        ((evolve(PROVIDER, npi="M"), ANY), 1),
        ((evolve(MODIFIER, modifier="26"), ANY), 1),
        ((evolve(ANY, effective_date=date(2026, 7, 9)),), None),
        ((evolve(ANY, effective_date=DAY),), 1),
        ((evolve(ANY, termination_date=date(2026, 7, 7)),), None),
        ((evolve(ANY, termination_date=DAY),), 1),
    ],
)
def test_the_most_specific_row_in_force(rows: tuple[Fee, ...], amount: int | None) -> None:
    found = find_fee(FeeSchedule({"99213": rows}), "P", ("N",), "99213", ("25",), DAY)
    assert (found.amount if found else None) == amount


@pytest.mark.parametrize(
    ("basis", "amount", "allowed"),
    [
        ("unit", "40", "120"),
        ("day", "40", "120"),
        ("case", "40", "40"),
        ("drg", "40", "40"),
        ("percent", "33.333", "50"),
        ("unit", "60", "150"),
        ("percent", "120", "150"),
    ],
)
def test_allowed(basis: str, amount: str, allowed: str) -> None:
    assert allowed_amount(fee("X", amount, basis), D(150), D(3)) == D(allowed)


COPAY = CostShare("office", copay=D(20))
SURGERY = CostShare("surgery", deductible=True, coinsurance=D("0.20"))
BOTH = CostShare("odd", copay=D(20), deductible=True, coinsurance=D("0.10"))
DENTAL = CostShare("dental_major", coinsurance=D("0.50"), maximum="dental_maximum")


@pytest.mark.parametrize(
    ("cost", "allowed", "room", "taken", "shares"),
    [
        (COPAY, 100, Room(), False, Shares(copay=D(20), benefit=D(80))),
        (COPAY, 100, Room(), True, Shares(benefit=D(100))),
        (COPAY, 15, Room(), False, Shares(copay=D(15))),
        (COPAY, 100, Room(out_of_pocket=D(5)), False, Shares(copay=D(5), benefit=D(95))),
        (COPAY, 100, Room(deductible=D(50)), False, Shares(copay=D(20), benefit=D(80))),
        (SURGERY, 800, Room(D(250)), False, Shares(deductible=D(250), coinsurance=D(110), benefit=D(440))),
        (SURGERY, 800, Room(), False, Shares(coinsurance=D(160), benefit=D(640))),
        (SURGERY, 800, Room(D(1000)), False, Shares(deductible=D(800))),
        (SURGERY, 800, Room(D(250), D(300)), False, Shares(D(0), D(250), D(50), D(0), D(500))),
        (SURGERY, 800, Room(D(250), D(100)), False, Shares(deductible=D(100), benefit=D(700))),
        (SURGERY, 800, Room(D(250), D(0)), False, Shares(benefit=D(800))),
        (BOTH, 100, Room(D(30)), False, Shares(D(20), D(30), D(5), D(0), D(45))),
        (DENTAL, 1000, Room(maximum=D(400)), False, Shares(D(0), D(0), D(500), D(100), D(400))),
        (DENTAL, 1000, Room(maximum=D(0)), False, Shares(D(0), D(0), D(500), D(500), D(0))),
    ],
)
def test_share(cost: CostShare, allowed: int, room: Room, taken: bool, shares: Shares) -> None:
    assert share(cost, D(allowed), room, D(0) if taken else cost.copay) == shares


MONEY = st.decimals(0, 5000, places=2)


@given(
    st.builds(CostShare, st.just("x"), copay=MONEY, deductible=st.booleans(), coinsurance=st.decimals(0, 1)),
    MONEY,
    st.builds(Room, MONEY, st.none() | MONEY, st.none() | MONEY),
    st.booleans(),
)
def test_the_parts_are_never_negative_and_add_up(
    cost: CostShare, allowed: Decimal, room: Room, taken: bool
) -> None:
    found = share(cost, allowed, room, D(0) if taken else cost.copay)
    parts = (found.copay, found.deductible, found.coinsurance, found.over_maximum, found.benefit)
    assert all(part >= 0 for part in parts)
    assert sum(parts) == allowed
    assert found.deductible <= room.deductible
    assert room.out_of_pocket is None or found.out_of_pocket <= room.out_of_pocket
    assert room.maximum is None or found.benefit <= room.maximum
