"""The setting of a service and the facts around it: emergency, inpatient, observation, outpatient surgery.

Each question has one function here and one list in maps/rules/lists.csv. A 270, a 278 and a claim fill
what they were sent into `Service` and `Encounter` unchanged; what it means is decided only here (CONTRACT
7)."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from x12_payer.authorization.lists import listed
from x12_payer.authorization.services import NO_ENCOUNTER, Encounter, Service
from x12_payer.edi.frozen import frozen


@frozen
class Rendered:
    """One line of a claim or a request as the settings see it. day: None when none was sent."""

    day: date | None
    code: str = ""
    revenue_code: str = ""


def encounter(
    lines: Iterable[Rendered],
    exception: str = "",
    level_of_service: str = "",
    admission_type: str = "",
    admission: bool = False,
) -> Encounter:
    """What a claim or a request as a whole says of the setting of each of its lines."""
    days, emergency, observed = [], False, False
    for line in lines:
        in_emergency, is_observed, is_surgical = _setting_of(line.code, line.revenue_code)
        emergency, observed = emergency or in_emergency, observed or is_observed
        if is_surgical and line.day is not None:
            days.append(line.day)
    return _encounter(
        emergency, observed, frozenset(days), exception, level_of_service, admission_type, admission
    )


@lru_cache(maxsize=4096)  # one object for equal ones: it is compared and hashed for each question to a plan
def _encounter(
    emergency: bool,
    observed: bool,
    surgery_days: frozenset[date],
    exception: str,
    level_of_service: str,
    admission_type: str,
    admission: bool,
) -> Encounter:
    found = Encounter(
        emergency, observed, surgery_days, exception, level_of_service, admission_type, admission
    )
    return NO_ENCOUNTER if found == NO_ENCOUNTER else found


@lru_cache(maxsize=4096)
def _setting_of(code: str, revenue_code: str) -> tuple[bool, bool, bool]:
    """What a line says of the whole: an emergency department, an observation, a surgery."""
    return (
        listed("emergency_revenue", revenue_code),
        _is_observed(code, revenue_code),
        listed("surgery_revenue", revenue_code) or is_surgery(code),
    )


def bill_type(facility_code: str) -> str:
    """The first two digits of a bill type (CLM05-1, UM04-1), however they were sent: 11 of 011."""
    return facility_code.lstrip("0")


def diagnosis_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Diagnoses as the rules compare them: capitals without a point."""
    return tuple([code.replace(".", "").upper() for code in codes])


def diagnosis_fits(diagnoses: Iterable[str], prefixes: tuple[str, ...]) -> bool:
    """True when one of the diagnoses begins as one of the prefixes of a row does."""
    return any(diagnosis.startswith(prefixes) for diagnosis in diagnoses)


def is_emergency(service: Service) -> bool:
    """An emergency wherever it is: place 23, revenue 045x, REF*4N*3, an emergency admission (CL101 1) to a
    hospital, an emergency request (UM06 03). A code (99284) or a service type beside a place is none; service
    type 86 alone asks about emergencies (CONTRACT 7, HTR-03)."""
    stated = service.encounter
    return (
        in_emergency_department(service)
        or stated.emergency_department
        or listed("emergency_exception", stated.exception)
        or listed("emergency_level", stated.level_of_service)
        or (listed("emergency_admission", stated.admission_type) and _is_admission(service))
        or (
            listed("emergency_service_type", service.service_type)
            and not (service.code or service.place_of_service or service.type_of_bill)
        )
    )


def in_emergency_department(service: Service) -> bool:
    """A visit to an emergency department: place 23 or revenue 045x."""
    return listed("emergency_place", service.place_of_service) or listed(
        "emergency_revenue", service.revenue_code
    )


def is_inpatient(service: Service) -> bool:
    """In a hospital stay: bill type 011x, 012x, 018x or 021x, place 21, 51 or 61 (CONTRACT 7, HTR-05)."""
    return is_inpatient_bill(service.type_of_bill) or listed("inpatient_place", service.place_of_service)


def _is_admission(service: Service) -> bool:
    """In a hospital; a request for an admission is, unless it names another place."""
    placed = service.place_of_service or service.type_of_bill
    return is_inpatient(service) or (service.encounter.admission and not placed)


def is_inpatient_bill(type_of_bill: str) -> bool:
    """A bill type of a hospital stay."""
    return listed("inpatient_bill", type_of_bill)


def is_observation(service: Service) -> bool:
    """Part of an observation stay: revenue 0762 or its codes on the claim (HTR-04)."""
    return service.encounter.observed or _is_observed(service.code, service.revenue_code)


def is_same_day_surgery(service: Service) -> bool:
    """Part of an outpatient surgery: place 24, or a surgery the same day on the same claim (HTR-06)."""
    return listed("surgery_place", service.place_of_service) or (
        service.day in service.encounter.surgery_days and not is_inpatient(service)
    )


def is_surgery(code: str) -> bool:
    """A surgical procedure: CPT 10004 to 69990 (CONTRACT 4)."""
    return listed("surgery_code", code)


def _is_observed(code: str, revenue_code: str) -> bool:
    return listed("observation_revenue", revenue_code) or listed("observation_code", code)
