"""Reasons of money: not paid separately, not covered, above the fee in an emergency; whole cents; what the
835 says besides (CONTRACT section 7)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from tests.worlds.payer.claim_world import (
    DAY,
    DENTIST,
    GROUP,
    HOSPITAL,
    ORTHODONTIST,
    OUTSIDER,
    PCP,
    SPECIALIST,
    World,
    approval,
    balanced,
    cas,
    claim,
    consent,
    fee,
    line,
    party,
    remitted,
    visits,
    world,
)
from x12_payer.adjudication.pricing import Room, fee_amount
from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.messages.common import Party, Period, Reference
from x12_payer.edi.tables import reasons

FREE = (fee("97010", "0"),)


def amounts(**expected: str | int) -> dict[str, Decimal]:
    """co45=300 as {'CO*45': 300}."""
    return {f"{k[:2].upper()}*{k[2:]}": Decimal(v) for k, v in expected.items()}


# -- a fee of zero ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_file", "what"),
    [
        (world(fees=(fee("99213", "0", npi=PCP),)), claim(line("99213", 140), by=PCP)),
        (world(fees=(fee("99213", "0.00", basis="case", npi=PCP),)), claim(line("99213", 140), by=PCP)),
        (world(fees=(fee("99213", "0", basis="percent", npi=PCP),)), claim(line("99213", 140), by=PCP)),
        (
            world("BAY-HMO", visits(), fees=(fee("97110", "0", modifier="GP"),)),
            claim(line("97110:GP", 140), by=GROUP, g1="AU-1"),
        ),
        # the visits of the year are used up: still nobody owes it
        (
            world("BAY-PPO", accumulators={"visits:PT-OT": "60"}, fees=(fee("97110", "0", modifier="GP"),)),
            claim(line("97110:GP", 140), by=PCP),
        ),
        (world(fees=(fee("99213", "0", npi=OUTSIDER),)), claim(line("99213", 140), by=OUTSIDER)),
    ],
)
def test_a_fee_of_zero_is_not_paid_separately(on_file: World, what: Claim) -> None:
    before = on_file.facts.member
    record, after = on_file.decide(what)
    assert balanced(record)
    assert (record.status, record.paid, cas(record)) == ("paid", 0, amounts(co97=140))
    assert (remitted(record).lines[0].remarks, remitted(record).lines[0].units_billed) == (("M15",), None)
    assert (record.uses, record.accumulators) == ((), ())
    assert after.facts.member.accumulated("out_of_pocket", 2026) == before.accumulated("out_of_pocket", 2026)


def test_its_neighbour_pays_as_usual() -> None:
    what = claim(line("97010", 60), line("99213", 140), by=PCP)
    record, _ = world(fees=FREE).decide(what)
    assert [cas(record, n) for n in (0, 1)] == [amounts(co97=60), amounts(co45=40, pr3=20)]


def test_dates_before_the_fee_are_not_paid_separately() -> None:
    """Two of four dates have a fee of zero; the others are paid, each with its copay."""
    dates = Period("472", DAY, DAY + timedelta(3))
    row = fee("99213", "0", npi=PCP)
    fees = (
        evolve(row, termination_date=DAY + timedelta(1)),
        evolve(row, amount=Decimal(100), effective_date=DAY + timedelta(2)),
    )
    record, _ = world(fees=fees).decide(claim(line("99213", 600, 4, period=dates), by=PCP))
    assert balanced(record)
    assert (record.paid, cas(record)) == (160, amounts(co97=300, pr3=40, co45=100))
    assert remitted(record).lines[0].remarks == ("M15",)


def test_capitation_is_no_fee_of_zero() -> None:
    monthly = (fee("99213", "0", basis="capitated", npi=PCP),)
    record, _ = world("MEDICARE-HMO", fees=monthly).decide(claim(line("99213", 140), by=PCP))
    assert cas(record) == amounts(co24=140)


# -- not covered -----------------------------------------------------------------------------------

BRACES = claim(line("D8080", 4000), by=ORTHODONTIST)  # a dental code on a medical plan


@pytest.mark.parametrize(
    ("what", "agreed", "group"),
    [
        (BRACES, False, "CO"),
        (BRACES, True, "PR"),
        (claim(line("D8080:GA", 4000), by=ORTHODONTIST), False, "PR"),
        (claim(line("D8080:KX:GX", 4000), by=ORTHODONTIST), False, "PR"),
        (claim(line("D8080:GY", 4000), by=ORTHODONTIST), False, "CO"),
        (claim(line("D8080:GZ", 4000), by=ORTHODONTIST), False, "CO"),
    ],
)
def test_not_covered_is_the_providers_unless_agreed(what: Claim, agreed: bool, group: str) -> None:
    consents = (consent(ORTHODONTIST, "D8080"),) if agreed else ()
    record, _ = world("BAY-PPO", consents=consents).decide(what)
    assert (cas(record), record.status) == ({f"{group}*96": 4000}, "denied")
    assert record.patient_responsibility == (4000 if group == "PR" else 0)
    assert remitted(record).lines[0].remarks == ("N130",)


def test_out_of_network_is_the_members_whatever_was_agreed() -> None:
    record, _ = world("BAY-HMO").decide(claim(line("99213", 140), by=OUTSIDER))
    assert cas(record) == amounts(pr242=140)


def test_every_reason_of_what_is_not_covered_says_a_remark() -> None:
    """CARC 96 asks for one; and it is the provider's, but for the one row of consent."""
    rows = [row for row in reasons().values() if row.carc == "96"]
    assert all(row.rarc for row in rows)
    assert [row.key for row in rows if row.group != "CO"] == ["claim_not_covered_consent"]


def test_a_maximum_used_up_refuses_the_units() -> None:
    """SVC05 0 of 1: the unit is with the reason."""
    crown = evolve(claim(line("D2740", 1000), by=DENTIST), kind="D")
    record, _ = world("BAY-DENTAL", accumulators={"dental_maximum": "1500"}).decide(crown)
    found = remitted(record).lines[0]
    assert (found.units_paid, found.units_billed) == (0, 1)
    assert [(a.reason, a.amount, a.quantity) for a in found.adjustments if a.reason == "119"] == [
        ("119", 500, 1)
    ]
    record, _ = world("BAY-DENTAL", accumulators={"dental_maximum": "1400"}).decide(crown)
    found = remitted(record).lines[0]
    assert (found.paid, found.units_paid, found.units_billed) == (100, 1, None)
    assert [a.quantity for a in found.adjustments] == [None, None]


# -- emergencies -----------------------------------------------------------------------------------

VISIT = claim(line("99283", 900), by=OUTSIDER, facility_code="23")


@pytest.mark.parametrize(
    ("on_file", "what"),
    [
        (world("BAY-HMO"), VISIT),
        (world("BAY-PPO"), VISIT),
        (world("BAY-PPO", consents=(consent(OUTSIDER, "99283"),)), VISIT),
        (world("BAY-PPO"), claim(line("99213", 900), by=OUTSIDER, **{"4n": "3"})),
        # an exception approved for the provider changes nothing in an emergency
        (
            world("BAY-HMO", approval(service_type="", provider_npi=OUTSIDER, units=Decimal(9))),
            evolve(VISIT, references=(Reference("G1", "AU-1"),)),
        ),
        (
            world(
                "BAY-PPO",
                visits(units=8, unit="UN", provider_npi=OUTSIDER),
                consents=(consent(OUTSIDER, "97110"),),
            ),
            claim(line("97110:GP", 900, 9), by=OUTSIDER, facility_code="23"),
        ),
    ],
)
def test_an_emergency_is_never_balance_billed(on_file: World, what: Claim) -> None:
    record, _ = on_file.decide(what)
    assert balanced(record)
    assert record.paid > 0
    assert "CO*45" in cas(record)
    assert not {"PR*45", "PR*242"} & set(cas(record))
    after_others = evolve(what, responsibility="S", other_payers=())
    record, _ = on_file.decide(after_others)
    assert not {"PR*45", "PR*242"} & set(cas(record))


# -- whole cents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("basis", ["unit", "day", "case", "drg"])
def test_a_fee_with_parts_of_a_cent_is_rounded(basis: str) -> None:
    assert fee_amount(fee("99213", "80.125", basis=basis), Decimal(500), Decimal(1)) == Decimal("80.13")


def test_what_was_used_before_is_rounded() -> None:
    room = Room(deductible=Decimal("33.335"), out_of_pocket=Decimal("100.004"), maximum=Decimal("9.995"))
    assert (room.deductible, room.out_of_pocket, room.maximum) == (
        Decimal("33.34"),
        Decimal("100.00"),
        Decimal("10.00"),
    )


# -- what the 835 says besides ---------------------------------------------------------------------


def test_the_provider_of_a_line_is_named_where_it_is_not_the_claims() -> None:
    other = (party("82", SPECIALIST),)
    own = (party("82", PCP),)
    three = (line("99213", 140), line("99213", 140, providers=other), line("99213", 140, providers=own))
    for what in (claim(*three, by=PCP), claim(*three, by=HOSPITAL, rendering=PCP)):
        record, _ = world().decide(what)
        named = [[r for r in one.references if r.qualifier == "HPI"] for one in remitted(record).lines]
        assert named == [[], [Reference("HPI", SPECIALIST)], []]
    nameless = (Party("82", "1", "ROE"),)
    record, _ = world().decide(claim(line("99213", 140, providers=nameless), by=PCP))
    assert remitted(record).lines[0].references == ()


@pytest.mark.parametrize(("sent", "echoed"), [("20", "20"), ("20.005", "20.01"), ("0", None), (None, None)])
def test_what_the_patient_paid_comes_back(sent: str | None, echoed: str | None) -> None:
    paid = Decimal(sent) if sent is not None else None
    record, state = world().decide(claim(line("99213", 140), by=PCP, patient_paid=paid))
    expected = Decimal(echoed) if echoed is not None else None
    assert (remitted(record).patient_paid, record.paid) == (expected, 80)
    reversal, _ = state.reverse(record)
    assert remitted(reversal).patient_paid == (None if expected is None else -expected)
