"""What is asked about or billed, and what a plan answers. One question, three askers: the 271's EB11, the
278 and the claim put the same `Service` to the same look-up in `authorization/plans/plan.py`."""

from datetime import date
from decimal import Decimal

from x12_payer.edi.frozen import frozen


@frozen(cache_hash=True)
class Encounter:
    """What the whole claim or request says of the setting of each of its services (authorization/settings.py
    makes it from what was sent and says what it means)."""

    emergency_department: bool = False  # a charge of an emergency department (revenue 045x)
    observed: bool = False  # a charge of an observation stay
    surgery_days: frozenset[date] = frozenset()  # days with a surgery
    exception: str = ""  # REF*4N
    level_of_service: str = ""  # UM06
    admission_type: str = ""  # CL101
    admission: bool = False  # a request for an admission (UM01 AR)


NO_ENCOUNTER = Encounter()


@frozen
class Service:
    """One service in one setting on one day. Empty fields are unknown, not 'none'."""

    day: date
    service_type: str = ""  # X12 service type (EQ01, UM03)
    code: str = ""  # CPT, HCPCS or CDT
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""  # four digits
    place_of_service: str = ""
    type_of_bill: str = ""  # as CLM05-1 has it: first two digits (11), no leading zero, '' when professional
    diagnoses: tuple[str, ...] = ()  # principal first, without points
    request_category: str = ""  # UM01 of a 278: AR HS SC
    provider_npi: str = ""
    provider_role: str = ""
    provider_taxonomy: str = ""
    in_network: bool = True
    encounter: Encounter = NO_ENCOUNTER
    age: int | None = None  # completed years on the day

    def on(self, day: date, in_network: bool, age: int | None) -> "Service":
        """The same service on another day (written out: `evolve` is slow)."""
        return Service(
            day,
            self.service_type,
            self.code,
            self.modifiers,
            self.revenue_code,
            self.place_of_service,
            self.type_of_bill,
            self.diagnoses,
            self.request_category,
            self.provider_npi,
            self.provider_role,
            self.provider_taxonomy,
            in_network,
            self.encounter,
            age,
        )


@frozen
class Limit:
    """A benefit limit: so many units of the service types together in a calendar year."""

    accumulator: str  # visits:PT-OT
    quantity: Decimal
    unit: str  # VS
    service_types: tuple[str, ...]
    rule: str


@frozen
class Requirement:
    """What the plan asks for before a service. `answer`: required, not_required, not_covered, delegated."""

    answer: str
    category: str  # genetic high_tech_radiology physical_therapy ... '' when none fits
    rule: str  # rule ids of the row that answered
    matching: str = "cut_back"  # exact or cut_back: how billed units meet approved ones
    requesters: tuple[str, ...] = ()  # pcp referred_specialist therapist chiropractor orthodontist; () anyone
    quota: Decimal | None = None  # units one may have approved in a period
    quota_unit: str = ""
    auto_approve: bool = False  # within the quota, without criteria
    validity: str = ""  # end_of_year, issue+60, issue+90, start+364, start+59, asked+365 ...
    threshold: Decimal | None = None  # visits per year that need none; required beyond
    threshold_accumulator: str = ""
    message: str = ""  # for a MSG of the 271, own words
    delegate: str = ""  # name of the vendor that decides
    delegate_phone: str = ""
    quota_scope: str = ""  # provider: counted per servicing provider; '' per member
    extension_requesters: tuple[str, ...] = ()  # who else may ask for an extension (UM02 4)
    documents: tuple[str, ...] = ()  # PWK01 types a request has to send, each
    before_service: bool = False  # a request received after the service date is late
    notification: bool = False  # a notice (X216) is asked for, no prior authorization: EB11 is N
    window_days: int | None = None  # notice or precertification at the latest so many days after admission
    penalty: Decimal | None = None  # dollars the member owes when the approval is late or absent
    liability: str = "provider"  # who owes the charge when the approval is absent: provider or member
    denial: str = ""  # key of reasons.csv when not covered
    quota_once: bool = False  # one approval a period, whatever is left of it
    extension_documents: tuple[str, ...] = ()  # PWK01 types an extension has to send, each
    notice_days: Decimal | None = None  # days a notice in time certifies of an emergency behavioural stay

    @property
    def flag(self) -> str:
        """EB11 of a 271: Y when an authorization has to be asked for beforehand, else N."""
        return "Y" if self.answer in ("required", "delegated") and not self.notification else "N"


@frozen
class CostShare:
    """How plan and member share the allowed amount. Amounts in dollars, coinsurance a fraction.

    Order: copay, then deductible, then coinsurance on what is left (a plan row has copay or coinsurance)."""

    category: str  # office therapy imaging surgery inpatient emergency laboratory dental_basic ...
    covered: bool = True
    copay: Decimal = Decimal(0)
    deductible: bool = False
    coinsurance: Decimal = Decimal(0)
    limits: tuple[Limit, ...] = ()
    maximum: str = ""  # dental_maximum when the plan's payment counts towards it
    maximum_amount: Decimal | None = None
    balance_billing: bool = False  # charge above allowed is PR*45 (not contracted), else CO*45
    reason: str = ""  # key of reasons.csv when not covered
    rule: str = ""
