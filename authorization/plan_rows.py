"""The rows of a plan file as values, and when a row fits a service. One row, one `fits`; first match wins."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from authorization.services import CostShare, Limit, Requirement, Service


@frozen
class Match:
    """When a row applies. Every field that is given has to agree; an absent one agrees with everything.

    What the service does not say (no place, no age) never excludes it, except from `age_from`."""

    network: str = ""  # in, out
    codes: tuple[tuple[str, str], ...] = ()  # (from, to), inclusive
    diagnoses: tuple[str, ...] = ()  # prefixes; one diagnosis of the service has to begin with one
    places: tuple[str, ...] = ()  # place of service
    roles: tuple[str, ...] = ()  # role of the provider
    emergency: bool | None = None
    inpatient: bool | None = None
    observation: bool | None = None
    same_day_surgery: bool | None = None
    age_from: int | None = None  # completed years, inclusive
    age_under: int | None = None  # completed years, exclusive
    effective: date = date.min
    end: date = date.max


@frozen
class Terms:
    """What a plan promises as a whole on a day. Amounts in dollars a calendar year; None: the plan has none.

    out_of_network: '' covered as the cost-share rows say, `review` pends a request (GEN-30), `refused` denies
    it (GEN-23). network False: every provider counts as contracted."""

    deductible: Decimal = Decimal(0)
    out_of_pocket_max: Decimal | None = None
    dental_maximum: Decimal | None = None
    out_of_network_deductible: Decimal | None = None
    network: bool = True
    primary_care: bool = False
    out_of_network: str = ""
    carved_out: tuple[str, ...] = ()  # service types another carrier covers
    limits: tuple[Limit, ...] = ()  # every benefit limit in force on the day
    rule: str = ""


@frozen
class TermsRow:
    """One [[terms]] of a plan file."""

    match: Match
    terms: Terms


@frozen
class CostShareRow:
    """One [[cost_share]]: the classes it holds for ('' any) and what the member pays."""

    match: Match
    classes: tuple[str, ...]
    share: CostShare


@frozen
class RequirementRow:
    """One [[requirement]]: the categories it holds for (() any) and what the plan asks.

    otherwise: it is read only where no other row asks for an authorization (GEN-30)."""

    match: Match
    categories: tuple[str, ...]
    requirement: Requirement
    otherwise: bool = False


@frozen
class LimitRow:
    """One [[limit]]."""

    match: Match
    limit: Limit


@frozen
class ReferralRow:
    """One [[referral]]: office visits that need an approved referral."""

    match: Match
    rule: str


@frozen(cache_hash=True)  # a key of look-ups that are remembered
class Plan:
    """One plan: its rows in the order they are read, its own before those of the plan it is based on."""

    id: str
    name: str = ""  # EB05
    product: str = ""  # EB04
    base: str = ""
    abstract: bool = False  # only to be based on
    terms: tuple[TermsRow, ...] = ()
    cost_shares: tuple[CostShareRow, ...] = ()
    requirements: tuple[RequirementRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    requirements_by_category: dict[str, tuple[RequirementRow, ...]] = field(
        factory=dict, eq=False, repr=False
    )
    cost_shares_by_class: dict[str, tuple[CostShareRow, ...]] = field(factory=dict, eq=False, repr=False)


def fits(match: Match, service: Service) -> bool:
    """True when every given field of the match agrees with the service."""
    return (
        match.effective <= service.day <= match.end
        and (not match.network or (match.network == "in") == service.in_network)
        and _setting_fits(match, service)
        and (match.age_from is None or (service.age is not None and service.age >= match.age_from))
        and (match.age_under is None or service.age is None or service.age < match.age_under)
        and (not match.places or service.place_of_service in match.places)
        and (not match.roles or service.provider_role in match.roles)
        and (not match.codes or in_ranges(service.code, match.codes))
        and (not match.diagnoses or any_begins(service.diagnoses, match.diagnoses))
    )


def is_emergency(service: Service) -> bool:
    """Emergency department or said to be one: POS 23, revenue 045x, REF*4N*3 (HTR-03)."""
    return service.emergency or service.place_of_service == "23" or service.revenue_code.startswith("045")


def is_inpatient(service: Service) -> bool:
    """A hospital stay: POS 21 or bill type 011x, 012x (HTR-05)."""
    return service.inpatient or service.place_of_service == "21" or service.type_of_bill in ("11", "12")


def is_observation(service: Service) -> bool:
    """Part of an observation stay: revenue 0762 (HTR-04)."""
    return service.observation or service.revenue_code == "0762"


def is_same_day_surgery(service: Service) -> bool:
    """Part of an outpatient surgery: POS 24 or on the same claim and day (HTR-06)."""
    return service.same_day_surgery or service.place_of_service == "24"


def _setting_fits(match: Match, service: Service) -> bool:
    return (
        (match.emergency is None or match.emergency == is_emergency(service))
        and (match.inpatient is None or match.inpatient == is_inpatient(service))
        and (match.observation is None or match.observation == is_observation(service))
        and (match.same_day_surgery is None or match.same_day_surgery == is_same_day_surgery(service))
    )


def in_range(code: str, first: str, last: str) -> bool:
    """True when the code lies in the range and has its letters where the range has them (0042T, 0042U)."""
    return first <= code <= last and len(code) == len(first) and _letters(code) == _letters(first)


def in_ranges(code: str, ranges: Iterable[tuple[str, str]]) -> bool:
    """True when the code lies in one of the ranges."""
    return any(in_range(code, first, last) for first, last in ranges)


def any_begins(values: Iterable[str], prefixes: tuple[str, ...]) -> bool:
    """True when one of the values begins with one of the prefixes."""
    return any(value.startswith(prefixes) for value in values)


def _letters(code: str) -> tuple[tuple[int, str], ...]:
    return tuple((i, c) for i, c in enumerate(code) if not c.isdigit())
