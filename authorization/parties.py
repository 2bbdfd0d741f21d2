"""Reference data about people and providers, as loaded (CONTRACT section 3). Values only."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field

from x12_payer.edi.frozen import frozen


@frozen
class Payer:
    """payer.toml: who the processor speaks for."""

    name: str
    payer_id: str
    tax_id: str
    interchange_qualifier: str
    interchange_id: str
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    time_zone: str = ""
    timely_filing_days: int = 365
    routing_number: str = ""
    account_number: str = ""
    interest_annual_percent: Decimal | None = None
    interest_after_days: int | None = None


@frozen
class Member:
    """One row of members.csv: one coverage span of one person."""

    member_id: str
    subscriber_id: str
    relationship: str  # 18 self, 01 spouse, 19 child, G8 other
    last_name: str
    first_name: str
    birth_date: date
    gender: str
    plan_id: str
    effective_date: date
    termination_date: date | None = None
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    group_number: str = ""
    pcp_npi: str = ""

    def covers(self, day: date) -> bool:
        """True when the span includes the day (both ends inclusive)."""
        return self.effective_date <= day and (self.termination_date is None or day <= self.termination_date)


@frozen
class Provider:
    """One row of providers.csv."""

    npi: str
    entity_type: str  # 1 person, 2 organization
    name: str  # last name or organization
    first_name: str = ""
    tax_id: str = ""
    taxonomy: str = ""
    role: str = ""  # pcp specialist therapist therapy_group orthodontist dentist hospital ...
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@frozen
class Contract:
    """One row of networks.csv: the provider is contracted with the plan in these dates."""

    npi: str
    plan_id: str
    effective_date: date
    termination_date: date | None = None


@frozen
class Directory:
    """Providers and their contracts, for the NPIs somebody asked about."""

    providers: Mapping[str, Provider] = field(factory=dict)
    contracts: Mapping[tuple[str, str], tuple[Contract, ...]] = field(factory=dict)  # (npi, plan_id)

    def provider(self, npi: str) -> Provider | None:
        """The provider of that NPI, or None when it is in no reference data."""
        return self.providers.get(npi)

    def contracted(self, npi: str, plan_id: str, day: date) -> bool:
        """True when the NPI has a contract with the plan on the day."""
        for c in self.contracts.get((npi, plan_id), ()):
            if c.effective_date <= day and (c.termination_date is None or day <= c.termination_date):
                return True
        return False
