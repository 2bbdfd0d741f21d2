"""278: review (005010X217), inquiry (X215) and notification (X216), request and response.

`other` holds what was read in a response and has no field here; it is not written again."""

from datetime import date
from decimal import Decimal

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import (
    Attachment,
    Contact,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    Rejection,
    Segment,
    SetHeader,
    Trace,
)


@frozen
class ReviewCategory:
    """UM: request category UM01, certification type UM02, service type UM03, facility UM04, urgency UM06."""

    request_category: str = ""  # AR HS SC IN
    certification_type: str = ""  # I R 4 S 3 N 1 2
    service_type: str = ""
    facility_code: str = ""  # UM04-01
    facility_qualifier: str = ""  # UM04-02: B place of service, A bill type
    level_of_service: str = ""  # UM06: U 03 E
    release_of_information: str = ""  # UM09
    delay_reason: str = ""  # UM10


@frozen
class ServiceRequest:
    """One 2000F (SS): what is asked for, and who would do it."""

    level: str  # HL01
    traces: tuple[Trace, ...] = ()
    category: ReviewCategory | None = None  # its own UM, when sent
    procedure: Procedure | None = None  # SV1, SV2 or SV3
    segment: str = ""  # SV1 SV2 SV3: which one, to be echoed
    revenue_code: str = ""  # SV201
    charge: Decimal | None = None
    unit: str = ""  # UN DA ...
    units: Decimal | None = None
    quantity: Quantity | None = None  # HSD
    period: Period | None = None  # DTP*472
    references: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    messages: tuple[str, ...] = ()
    providers: tuple[Party, ...] = ()  # 2010F
    tooth: str = ""  # TOO02
    surfaces: tuple[str, ...] = ()
    oral_cavity: tuple[str, ...] = ()  # SV304
    more_teeth: tuple[tuple[str, tuple[str, ...]], ...] = ()  # the TOO after the first: tooth, surfaces


@frozen
class ServicesReview:
    """One patient event (2000E, EV) with its services. `levels`: HL01 of UMO, requester, subscriber
    (, dependent), event. In a notification (X216) `requester` is the level that informs (HL 20) and
    `payer` the one informed (HL 21)."""

    levels: tuple[str, ...]
    payer: Party  # 2010A (X216: 2010B)
    requester: Party  # 2010B (X216: 2010A)
    subscriber: Person
    dependent: Person | None
    category: ReviewCategory
    traces: tuple[Trace, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    quantity: Quantity | None = None  # HSD at event level
    periods: tuple[Period, ...] = ()  # AAH 435 096 472 ...
    references: tuple[Reference, ...] = ()  # BB, NT ...
    admission_type: str = ""  # CL101
    admission_source: str = ""  # CL102
    patient_status: str = ""  # CL103
    attachments: tuple[Attachment, ...] = ()
    messages: tuple[str, ...] = ()
    providers: tuple[Party, ...] = ()  # 2010EA
    services: tuple[ServiceRequest, ...] = ()
    asked: bool = True  # False: a person without an event (2000E); `levels` end at the person

    def period(self, *qualifiers: str) -> Period | None:
        """The first event date with one of the qualifiers."""
        return next((p for p in self.periods if p.qualifier in qualifiers), None)


@frozen
class ReviewRequest:
    """One inbound 278 set; `kind` is review, inquiry or notification."""

    header: SetHeader
    kind: str
    reviews: tuple[ServicesReview, ...]


@frozen
class Certification:
    """HCR: action HCR01 (A1 A2 A3 A4 A6 C CT NA), number HCR02, reason HCR03."""

    action: str
    number: str = ""
    reason: str = ""
    second_opinion: str = ""  # HCR04: Y where one is asked for


@frozen
class ServiceDecision:
    """One 2000F of the response."""

    request: ServiceRequest
    certification: Certification | None = None
    rejections: tuple[Rejection, ...] = ()
    procedure: Procedure | None = None  # as decided (None: as asked)
    unit: str = ""
    units: Decimal | None = None  # as decided
    quantity: Quantity | None = None
    periods: tuple[Period, ...] = ()  # 102 issued, 007 effective, 036 expires, 472
    references: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    messages: tuple[str, ...] = ()
    provider_rejections: tuple[tuple[Rejection, ...], ...] = ()  # 2010F AAA, an entry each; () when none
    own_traces: tuple[Trace, ...] = ()  # TRN*1: of the one who answers
    other: tuple[Segment, ...] = ()


@frozen
class ReviewDecision:
    """The answer to one ServicesReview. A rejection at a level stops everything below it. Of a decision as
    read, `review` is what the answer echoes of it: levels, traces (TRN*2, as they were sent), people, UM,
    diagnoses, admission and providers; dates, quantities and references are those of the decision."""

    review: ServicesReview
    payer_rejections: tuple[Rejection, ...] = ()  # 2010A
    requester_rejections: tuple[Rejection, ...] = ()  # 2010B
    subscriber_rejections: tuple[Rejection, ...] = ()  # 2010C
    dependent_rejections: tuple[Rejection, ...] = ()  # 2010D
    event_rejections: tuple[Rejection, ...] = ()  # 2000E AAA
    certification: Certification | None = None
    quantity: Quantity | None = None  # HSD as decided
    periods: tuple[Period, ...] = ()  # 102 007 036 AAH 435 ...
    references: tuple[Reference, ...] = ()  # BB, NT
    attachments: tuple[Attachment, ...] = ()  # what is wanted
    messages: tuple[str, ...] = ()  # MSG
    contact: Contact | None = None  # PER of 2010A (a delegate)
    services: tuple[ServiceDecision, ...] = ()
    pended: bool = False  # BHT06 19 instead of 18
    provider_rejections: tuple[tuple[Rejection, ...], ...] = ()  # 2010EA AAA, an entry each; () when none
    own_traces: tuple[Trace, ...] = ()  # TRN*1: of the one who answers
    other: tuple[Segment, ...] = ()  # of the event and of the levels above it


@frozen
class ReviewResponse:
    """One outbound 278 set. `purpose` is BHT02: 11 response, 53 acknowledgment of a notification."""

    header: SetHeader  # of the request; as read, that of the response
    kind: str
    payer: Party
    decisions: tuple[ReviewDecision, ...]
    purpose: str = "11"
    created: date | None = None
