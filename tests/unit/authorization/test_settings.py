"""The setting of a service: one function and one list for each question (CONTRACT 7)."""

from datetime import date

import pytest

from x12_payer.authorization.services import NO_ENCOUNTER, Encounter, Service
from x12_payer.authorization.settings import (
    Rendered,
    diagnosis_codes,
    diagnosis_fits,
    encounter,
    is_emergency,
    is_inpatient,
    is_observation,
    is_same_day_surgery,
)
from x12_payer.edi.codes.ranges import in_range, in_ranges

DAY, NEXT = date(2026, 7, 6), date(2026, 7, 7)


def service(said: Encounter = NO_ENCOUNTER, **fields: str) -> Service:
    return Service(day=DAY, encounter=said, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (service(place_of_service="23"), True),
        (service(place_of_service="22"), False),
        (service(revenue_code="0450"), True),
        (service(revenue_code="0459"), True),
        (service(revenue_code="0460"), False),
        (service(encounter([Rendered(DAY, revenue_code="0451")])), True),
        (service(encounter([], exception="3")), True),
        (service(encounter([], exception="4")), False),
        (service(encounter([], level_of_service="03")), True),
        (service(encounter([], level_of_service="U")), False),
        (service(encounter([], admission_type="1"), type_of_bill="11"), True),
        (service(encounter([], admission_type="1"), place_of_service="51"), True),
        (service(encounter([], admission_type="1"), type_of_bill="13"), False),
        (service(encounter([], admission_type="1", admission=True)), True),
        (service(encounter([], admission_type="3"), type_of_bill="11"), False),
        (service(code="99284"), False),
        (service(code="99284", place_of_service="22"), False),
        (service(service_type="86"), True),
        (service(service_type="86", place_of_service="22"), False),
        (service(service_type="86", code="99284"), False),
    ],
)
def test_what_an_emergency_is(asked: Service, expected: bool) -> None:
    assert is_emergency(asked) is expected


@pytest.mark.parametrize(
    ("bill", "place", "expected"),
    [
        *((bill, "", True) for bill in ("11", "12", "18", "21")),
        *((bill, "", False) for bill in ("13", "14", "22", "32", "81", "82", "")),
        *(("", place, True) for place in ("21", "51", "61")),
        *(("", place, False) for place in ("11", "22", "23", "24", "31", "52", "55", "56")),
    ],
)
def test_what_a_hospital_stay_is(bill: str, place: str, expected: bool) -> None:
    assert is_inpatient(service(type_of_bill=bill, place_of_service=place)) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (service(revenue_code="0762"), True),
        (service(code="G0378"), True),
        (service(encounter([Rendered(NEXT, revenue_code="0762")])), True),
        (service(encounter([Rendered(NEXT, "G0379")])), True),
        (service(revenue_code="0760"), False),
    ],
)
def test_what_an_observation_stay_is(asked: Service, expected: bool) -> None:
    assert is_observation(asked) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (service(place_of_service="24"), True),
        (service(encounter([Rendered(DAY, "29881")])), True),
        (service(encounter([Rendered(DAY, revenue_code="0360")])), True),
        (service(encounter([Rendered(DAY, revenue_code="0490")])), True),
        (service(encounter([Rendered(NEXT, "29881")])), False),
        (service(encounter([Rendered(None, "29881")])), False),
        (service(encounter([Rendered(DAY, "70551")])), False),
        (service(encounter([Rendered(DAY, "29881")]), type_of_bill="11"), False),
        (service(encounter([Rendered(DAY, "29881")]), place_of_service="21"), False),
    ],
)
def test_what_a_surgery_of_the_day_is(asked: Service, expected: bool) -> None:
    assert is_same_day_surgery(asked) is expected


@pytest.mark.parametrize(
    ("code", "first", "last", "expected"),
    [
        ("00100", "00100", "01999", True),
        ("01999", "00100", "01999", True),
        ("0010U", "00100", "01999", False),
        ("0101T", "00100", "01999", False),
        ("0042U", "0001U", "0500U", True),
        ("0500U", "0001U", "0500U", True),
        ("0501U", "0001U", "0500U", False),
        ("0042T", "0001U", "0500U", False),
        ("0042U", "0001T", "0900T", False),
        ("00421", "0001U", "0500U", False),
        ("J9035", "J9000", "J9999", True),
        ("K9035", "J9000", "J9999", False),
        ("B", "A", "H", True),
        ("1", "A", "H", False),
        ("450", "0450", "0459", False),
        ("E0601", "E0601", "", True),
        ("E0602", "E0601", "", False),
        ("", "00100", "01999", False),
    ],
)
def test_codes_compare_within_one_form(code: str, first: str, last: str, expected: bool) -> None:
    assert in_range(code, first, last) is expected
    assert in_ranges(code, [("99999", "99999"), (first, last or first)]) is expected


def test_diagnoses_compare_as_capitals_without_a_point() -> None:
    sent = diagnosis_codes(["g47.33", "M5450"])
    assert sent == ("G4733", "M5450")
    assert diagnosis_fits(sent, ("G47",))
    assert not diagnosis_fits(sent, ("C",))
    assert not diagnosis_fits((), ("C",))
