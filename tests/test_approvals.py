"""Which approval a line meets: by number, by search, and the order in which the tests fail."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from authorization.approvals import Match, Wanted, find, referral
from authorization.facts import Approval, Use
from authorization.units import Ledger, open_ledger
from tests.claim_world import DAY, HOSPITAL, IMAGING, SPECIALIST, approval

WANTED = Wanted("high_tech_radiology", "62", ("70551",), frozenset(), frozenset((IMAGING,)), DAY, DAY)
FITS = approval(code="70551")
OTHER_PROVIDER = {"provider_npi": HOSPITAL}
OTHER_CODE = {"code": "72148"}
OTHER_DATES = {"expiration_date": date(2026, 7, 7)}


def look_up(*rows: Approval, numbers: str = "AU-1", wanted: Wanted = WANTED, others: str = "") -> Match:
    held = {others: (approval(others, member_id="M2"),)} if others else {}
    return find(wanted, numbers.split(), rows, held, Ledger())


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"status": "denied", **OTHER_PROVIDER, **OTHER_CODE}, "claim_authorization_denied"),
        ({"status": "cancelled", **OTHER_PROVIDER}, "claim_authorization_cancelled"),
        ({**OTHER_PROVIDER, **OTHER_CODE, **OTHER_DATES}, "claim_authorization_provider"),
        ({**OTHER_CODE, **OTHER_DATES}, "claim_authorization_code"),
        (OTHER_DATES, "claim_authorization_dates"),
        ({}, ""),
    ],
)
def test_the_first_test_that_fails_names_the_reason(differs: dict[str, object], reason: str) -> None:
    assert look_up(evolve(FITS, **differs)).reason == reason  # type: ignore[arg-type]


def test_by_number() -> None:
    assert look_up(numbers="AU-9", others="AU-9").reason == "claim_authorization_of_another_member"
    assert look_up(FITS, numbers="AU-1 AU-9", others="AU-9").lots == (FITS,)
    assert look_up(FITS, numbers="AU-9").reason == "claim_no_authorization"


def test_a_replaced_row_beside_the_approved_one_is_another_code() -> None:
    replaced = evolve(FITS, key="old", status="cancelled")
    assert look_up(replaced, evolve(FITS, code="72149")).reason == "claim_authorization_code"


def test_the_case_number_of_a_denied_request_is_its_number() -> None:
    denied = evolve(FITS, number="", case_number="CASE1", status="denied")
    assert look_up(denied, numbers="CASE1").reason == "claim_authorization_denied"


@pytest.mark.parametrize("differs", [OTHER_PROVIDER, OTHER_CODE, OTHER_DATES])
def test_a_search_passes_over_what_does_not_fit(differs: dict[str, object]) -> None:
    row = evolve(FITS, **differs)  # type: ignore[arg-type]
    assert look_up(row, numbers="") == Match(reason="claim_no_authorization", lack="none")
    assert look_up(evolve(row, status="denied"), numbers="").reason == "claim_no_authorization"
    assert look_up(row, evolve(FITS, key="2", number="AU-2"), numbers="").lots[0].number == "AU-2"


def test_rows_of_one_number_are_used_together_and_numbers_are_not_mixed() -> None:
    again = evolve(FITS, key="2", extension=True)
    other = evolve(FITS, key="3", number="AU-3")
    assert look_up(FITS, other, again, numbers="").lots == (again, FITS)


def test_a_day_that_was_counted_needs_no_unit_left() -> None:
    full = evolve(FITS, unit="VS", used=Decimal(1), expiration_date=date(2026, 8, 1))
    later = evolve(FITS, key="2", number="AU-2", unit="VS")
    ledger = open_ledger([Use(full.key, "AU-1", "ICN1", "1", Decimal(1), DAY)])
    assert find(WANTED, (), (full, later), {}, ledger).lots == (full,)
    assert find(WANTED, (), (full, later), {}, Ledger()).lots == (later,)


def test_exact_matching_prefers_an_approval_with_enough_units() -> None:
    small = evolve(FITS, expiration_date=date(2026, 8, 1))
    enough = evolve(FITS, key="2", number="AU-2", units=Decimal(2))
    both = (small, enough)
    assert find(evolve(WANTED, at_least=Decimal(2)), (), both, {}, Ledger()).lots == (enough,)
    assert find(WANTED, (), both, {}, Ledger()).lots == (small,)


@pytest.mark.parametrize(
    ("approved", "line", "fits"),
    [
        ((), ("GP",), True),
        (("RR",), ("RR", "KX"), True),
        (("RR",), ("NU",), False),
        (("RR",), (), False),
        (("GP",), (), True),
    ],
)
def test_modifiers(approved: tuple[str, ...], line: tuple[str, ...], fits: bool) -> None:
    match = look_up(evolve(FITS, modifiers=approved), wanted=evolve(WANTED, modifiers=frozenset(line)))
    assert bool(match.lots) is fits


@pytest.mark.parametrize(("service_type", "fits"), [("62", True), ("PT", False), ("", False)])
def test_a_blank_code_means_every_code_of_the_service_type(service_type: str, fits: bool) -> None:
    assert bool(look_up(evolve(FITS, code="", service_type=service_type)).lots) is fits


def test_a_line_over_several_days_has_to_end_inside() -> None:
    long = evolve(WANTED, end=date(2026, 10, 1))
    assert look_up(FITS, wanted=long).reason == "claim_authorization_dates"


REFERRED = approval("RF-1", kind="referral", provider_npi=SPECIALIST, units=Decimal(2))
VISIT = evolve(WANTED, category="", codes=("99213",), providers=frozenset((SPECIALIST,)))


@pytest.mark.parametrize(
    "differs", [{"status": "denied"}, {"kind": "authorization"}, OTHER_PROVIDER, OTHER_DATES]
)
def test_what_is_no_referral(differs: dict[str, object]) -> None:
    row = evolve(REFERRED, **differs)  # type: ignore[arg-type]
    assert referral(VISIT, (row,), (), Ledger()).reason == "claim_no_referral"


def test_the_referral_named_on_the_claim_is_used_first() -> None:
    named = evolve(REFERRED, key="2", number="RF-2", expiration_date=date(2026, 12, 31))
    assert referral(VISIT, (REFERRED, named), ("RF-2",), Ledger()).lots == (named,)
    assert referral(VISIT, (REFERRED, named), ("RF-9",), Ledger()).lots == (REFERRED,)
