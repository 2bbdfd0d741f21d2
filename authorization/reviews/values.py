"""Values inside the review of one patient event (278). Nothing here decides."""

from datetime import date, datetime
from decimal import Decimal

from x12_payer.authorization.facts import Approval, MemberFacts, ReviewCase
from x12_payer.authorization.parties import Directory, Member
from x12_payer.authorization.plans.plan import Plan
from x12_payer.authorization.services import Requirement, Service
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Contact
from x12_payer.edi.messages.services_review import ReviewDecision, ServiceRequest, ServicesReview

INITIAL, RENEWAL, EXTENSION, REVISION, CANCEL = "I", "R", "4", "S", "3"  # UM02
APPEALS = ("N", "1", "2")  # UM02: reconsideration, appeal immediate, appeal standard
REFERRAL, ADMISSION = "SC", "AR"  # UM01
THERAPIES = ("physical_therapy", "occupational_therapy", "speech_therapy")


@frozen
class ReviewOutcome:
    """What is answered and what is stored.

    approvals: rows to store or to replace by key (approved, denied, pended, cancelled). case: the event as it
    is now, to store or replace by its case number; None when nothing is kept (AAA, duplicate, inquiry). The
    pre-issued number is used up when a row carries it, the pre-issued case when `case` does."""

    decision: ReviewDecision
    approvals: tuple[Approval, ...] = ()
    case: ReviewCase | None = None


@frozen
class Asked:
    """One thing to decide as the request has it: the event itself (ordinal 0) or one of its services.

    begin and end are None when no date was sent; units None when no quantity was. `own_days`: the stay of an
    admission, its days in `units`."""

    ordinal: int
    request: ServiceRequest | None
    service_type: str  # UM03 as sent
    code: str
    code_to: str
    modifiers: tuple[str, ...]
    unit: str
    units: Decimal | None
    begin: date | None
    end: date | None
    provider_npi: str
    documented: bool  # a PWK or MSG came, with it or with the event
    attached: frozenset[str] = frozenset()  # the types of those PWK (PWK01)
    stay: bool = False
    from_event: bool = False  # unit and units are those of the event's HSD


@frozen
class Line:
    """One thing to decide with what the plan says of it."""

    asked: Asked
    service: Service
    requirement: Requirement
    service_type: str  # of its category
    begin: date  # as asked, else the day of receipt

    @property
    def category(self) -> str:
        """The category the plan knows it by."""
        return self.requirement.category


@frozen
class Context:
    """All that the tests of one event look at."""

    review: ServicesReview
    facts: MemberFacts
    span: Member
    plan: Plan
    directory: Directory
    as_of: datetime
    superseded: str = ""  # number of an authorization under revision: its rows count for nothing

    @property
    def today(self) -> date:
        """The day of receipt."""
        return self.as_of.date()

    @property
    def active(self) -> tuple[Approval, ...]:
        """Rows approved or open, those under revision left out."""
        return tuple(
            a
            for a in self.facts.approvals
            if a.status in ("approved", "pended") and a.number != (self.superseded or None)
        )


@frozen
class Verdict:
    """The decision on one line. action: HCR01 (A1 A3 A4 A6 NA CT); reason: key of reasons.csv, '' approved.

    units as granted (None: as asked); wanted: PWK types; message: MSG in own words; days: most days of the
    stay its criteria allow."""

    action: str
    reason: str = ""
    units: Decimal | None = None
    wanted: tuple[str, ...] = ()
    message: str = ""
    contact: Contact | None = None
    days: Decimal | None = None


@frozen
class Window:
    """When an approval holds: DTP 102, 007, 036."""

    issued: date
    effective: date
    expires: date


@frozen
class Numbers:
    """Pre-issued by the store: the authorization number and the case number of this event."""

    number: str
    case: str
