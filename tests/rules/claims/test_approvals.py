"""Which approval a line meets: by number, by search, and the order in which the tests fail."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.payer.claim_world import DAY, HOSPITAL, IMAGING, SPECIALIST, approval
from x12_payer.authorization.approvals import Match, Named, Wanted, find, referral
from x12_payer.authorization.facts import Approval

WANTED = Wanted("high_tech_radiology", "62", ("70551",), frozenset(), frozenset((IMAGING,)), (DAY,))
FITS = approval(code="70551")
OTHER_PROVIDER = {"provider_npi": HOSPITAL}
OTHER_CODE = {"code": "72148"}
OTHER_DATES = {"expiration_date": date(2026, 7, 7)}


def look_up(*rows: Approval, numbers: str = "AU-1", wanted: Wanted = WANTED, others: str = "") -> Match:
    held = {others: (approval(others, member_id="M2"),)} if others else {}
    return find(wanted, Named(claim=tuple(numbers.split())), rows, held)


def order(match: Match) -> list[list[str]]:
    """The keys of what fits, group by group."""
    return [[a.key for a in group] for group in match.lots]


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
def test_the_first_test_that_fails_names_the_reason(differs: dict[str, Any], reason: str) -> None:
    assert look_up(evolve(FITS, **differs)).reason == reason


def test_by_number() -> None:
    assert look_up(numbers="AU-9", others="AU-9").reason == "claim_authorization_of_another_member"
    assert look_up(FITS, numbers="AU-1 AU-9", others="AU-9").lots == ((FITS,),)
    assert look_up(FITS, numbers="AU-9").reason == "claim_no_authorization"


def test_a_replaced_row_beside_the_approved_one_is_another_code() -> None:
    other = evolve(FITS, code="72149")
    for status, reason in (
        ("replaced", "claim_authorization_code"),
        ("cancelled", "claim_authorization_cancelled"),
        ("denied", "claim_authorization_denied"),
    ):
        assert look_up(evolve(FITS, key="old", status=status), other).reason == reason
        assert look_up(evolve(FITS, key="old", status=status), FITS).lots == ((FITS,),)
    assert look_up(evolve(FITS, status="replaced")).reason == "claim_no_authorization"


def test_the_case_number_of_a_denied_request_is_its_number() -> None:
    denied = evolve(FITS, number="", case_number="CASE1", status="denied")
    assert look_up(denied, numbers="CASE1").reason == "claim_authorization_denied"


@pytest.mark.parametrize("differs", [OTHER_PROVIDER, OTHER_CODE, OTHER_DATES])
def test_a_search_passes_over_what_does_not_fit(differs: dict[str, Any]) -> None:
    row = evolve(FITS, **differs)
    assert look_up(row, numbers="") == Match(reason="claim_no_authorization", lack="none")
    assert look_up(evolve(row, status="denied"), numbers="").reason == "claim_no_authorization"
    assert look_up(row, evolve(FITS, key="2", number="AU-2"), numbers="").first.number == "AU-2"


EXACT = FITS
NARROW = evolve(FITS, code="70551", code_to="70553", key="narrow")
WIDE = evolve(FITS, code="70336", code_to="71555", key="wide")
TYPE = evolve(FITS, code="", key="type")
SOONER: dict[str, Any] = {"expiration_date": date(2026, 8, 1)}


def test_the_order_of_those_that_fit() -> None:
    sooner = [evolve(a, **SOONER) for a in (NARROW, WIDE, TYPE)]
    groups = order(look_up(*reversed(sooner), EXACT, numbers=""))
    assert groups == [[EXACT.key], ["narrow"], ["wide"], ["type"]]
    later = evolve(EXACT, key="0", number="AU-0")
    soon = evolve(EXACT, key="9", number="AU-9", **SOONER)
    assert order(look_up(later, EXACT, soon, numbers="")) == [["9", "0", EXACT.key]]
    assert order(look_up(evolve(EXACT, expiration_date=None), soon, numbers="")) == [["9", EXACT.key]]


def test_those_named_on_the_line_come_before_those_of_the_claim() -> None:
    on_line = evolve(TYPE, number="AU-L", key="L")
    on_claim = evolve(EXACT, number="AU-C", key="C", **SOONER)
    found = evolve(EXACT, number="AU-F", key="F", **SOONER)
    rows = (found, on_claim, on_line)
    assert order(find(WANTED, Named(("AU-L",), ("AU-C",)), rows, {})) == [["L"], ["C"]]
    misfit = evolve(on_line, provider_npi=HOSPITAL)
    assert order(find(WANTED, Named(("AU-L",), ("AU-C",)), (misfit, on_claim, found), {})) == [["C"]]
    assert find(WANTED, Named(("AU-L",)), (misfit, found), {}).reason == "claim_authorization_provider"


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


# approved under, its code and modifiers; the line: category, its type, code and modifiers -> it fits
THERAPY = [
    ("PT", "97530", "", "physical_therapy PT 97530 GP", True),
    ("PT", "97530", "", "occupational_therapy AD 97530 GO", False),
    ("AD", "97530", "GO", "physical_therapy PT 97530 GP", False),
    ("AD", "97530", "", "physical_therapy PT 97530 GP", False),
    ("AD", "97530", "", "physical_therapy PT 97530", False),
    ("AD", "97530", "", "occupational_therapy AD 97530 GO", True),
    ("AD", "", "", "physical_therapy PT 97530 GP", False),
    ("AF", "92507", "", "physical_therapy PT 92507 GP", False),
    ("AF", "92507", "GN", "speech_therapy AF 92507", True),
    ("PT", "92507", "", "speech_therapy AF 92507", False),
    ("1", "97530", "GO", "physical_therapy PT 97530 GP", False),
    ("1", "97530", "GP", "physical_therapy PT 97530", True),
    ("42", "97530", "", "physical_therapy PT 97530 GP", False),
    ("2", "58970", "", "infertility 61 58970", True),
    ("48", "27447", "", "back_joint_pain 2 27447", True),
    ("48", "97530", "GO", "physical_therapy PT 97530 GP", False),
    ("2", "29881", "", "  29881", True),
    ("2", "", "", "  29881", False),
    ("18", "E0601", "", "sleep_equipment 12 E0601", True),
]


@pytest.mark.parametrize(("approved", "code", "modifier", "line", "fits"), THERAPY)
def test_the_service_type_counts_with_or_without_a_code(
    approved: str, code: str, modifier: str, line: str, fits: bool
) -> None:
    row = evolve(FITS, service_type=approved, code=code, modifiers=tuple(modifier.split()))
    category, service_type, billed, *modifiers = line.split(" ")
    wanted = evolve(WANTED, category=category, service_type=service_type, codes=(billed,))
    match = look_up(row, wanted=evolve(wanted, modifiers=frozenset(modifiers)))
    assert (bool(match.lots), match.reason) == (fits, "" if fits else "claim_authorization_code")
    assert bool(look_up(row, numbers="", wanted=evolve(wanted, modifiers=frozenset(modifiers))).lots) is fits


def test_a_line_over_several_days_has_one_inside() -> None:
    inside, outside = date(2026, 9, 30), date(2026, 10, 1)
    assert look_up(FITS, wanted=evolve(WANTED, days=(inside, outside))).lots
    reason = "claim_authorization_dates"
    assert look_up(FITS, wanted=evolve(WANTED, days=(inside, outside), whole=True)).reason == reason
    assert look_up(FITS, wanted=evolve(WANTED, days=(outside,))).reason == reason


NOTICE = approval(kind="notification", service_type="48", unit="DY", units=Decimal(3))
STAY = evolve(WANTED, category="inpatient", service_type="48", codes=("0124",), stay=True)


@pytest.mark.parametrize("numbers", ["AU-1", ""])
def test_a_notice_is_only_for_a_stay_that_wants_one(numbers: str) -> None:
    assert look_up(NOTICE, wanted=evolve(STAY, notice=True), numbers=numbers).lots
    assert look_up(NOTICE, wanted=STAY, numbers=numbers).reason == "claim_no_authorization"
    therapy = evolve(NOTICE, service_type="62", unit="VS")
    assert look_up(therapy, numbers=numbers).reason == "claim_no_authorization"


@pytest.mark.parametrize(
    ("service_type", "code", "fits"),
    [("48", "", True), ("2", "27447", True), ("42", "G0151", False), ("42", "", False), ("PT", "", False)],
)
def test_the_days_of_a_stay(service_type: str, code: str, fits: bool) -> None:
    row = approval(service_type=service_type, code=code, unit="DY")
    assert bool(look_up(row, wanted=STAY).lots) is fits


REFERRED = approval("RF-1", kind="referral", provider_npi=SPECIALIST, units=Decimal(2))
VISIT = evolve(WANTED, category="", codes=("99213",), providers=frozenset((SPECIALIST,)))


@pytest.mark.parametrize(
    "differs", [{"status": "denied"}, {"kind": "authorization"}, OTHER_PROVIDER, OTHER_DATES]
)
def test_what_is_no_referral(differs: dict[str, Any]) -> None:
    row = evolve(REFERRED, **differs)
    assert referral(VISIT, (row,), ()).reason == "claim_no_referral"


def test_the_referral_named_on_the_claim_is_used_first() -> None:
    named = evolve(REFERRED, key="2", number="RF-2", expiration_date=date(2026, 12, 31))
    assert referral(VISIT, (REFERRED, named), ("RF-2",)).lots == ((named,),)
    assert referral(VISIT, (REFERRED, named), ("RF-9",)).lots == ((REFERRED, named),)
