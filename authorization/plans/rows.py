"""The rows of a plan file as values, and when a row fits a service. One row, one `fits`; first match wins."""

from datetime import date
from decimal import Decimal

from attrs import field

from x12_payer.authorization.services import CostShare, Limit, Requirement, Service
from x12_payer.authorization.settings import (
    diagnosis_fits,
    is_emergency,
    is_inpatient,
    is_observation,
    is_same_day_surgery,
)
from x12_payer.edi.codes.ranges import in_ranges
from x12_payer.edi.frozen import frozen


@frozen
class Match:
    """When a row applies. Every field that is given has to agree; an absent one agrees with everything.

    What the service does not say (no place, no age) never excludes it, except from `age_from`."""

    network: str = ""  # in, out
    codes: tuple[tuple[str, str], ...] = ()  # (from, to), inclusive
    diagnoses: tuple[str, ...] = ()  # prefixes; one diagnosis of the service has to begin with one
    places: tuple[str, ...] = ()  # place of service
    service_types: tuple[str, ...] = ()  # asked about by type alone, without a code
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
        and (not match.service_types or by_type_alone(service) in match.service_types)
        and (not match.roles or service.provider_role in match.roles)
        and (not match.codes or in_ranges(service.code, match.codes))
        and (not match.diagnoses or diagnosis_fits(service.diagnoses, match.diagnoses))
    )


def by_type_alone(service: Service) -> str:
    """The service type where nothing but that is asked about, else ''; a claim always names a code."""
    return "" if service.code or service.revenue_code else service.service_type


def _setting_fits(match: Match, service: Service) -> bool:
    return (
        (match.emergency is None or match.emergency == is_emergency(service))
        and (match.inpatient is None or match.inpatient == is_inpatient(service))
        and (match.observation is None or match.observation == is_observation(service))
        and (match.same_day_surgery is None or match.same_day_surgery == is_same_day_surgery(service))
    )
