"""270 and 271 (005010X279A1): the inquiry as read, and the answer to be written or as read.

`other` holds what was read and has no field here; it is not written again."""

from decimal import Decimal

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import (
    Attachment,
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

__all__ = [
    "Attachment",
    "Benefit",
    "EligibilityAnswer",
    "EligibilityInquiry",
    "EligibilityRequest",
    "EligibilityResponse",
    "ServiceInquiry",
]


@frozen
class ServiceInquiry:
    """One 2110C/2110D of a 270: EQ and what comes under it."""

    service_types: tuple[str, ...] = ()  # EQ01, repeated
    procedure: Procedure | None = None  # EQ02
    place_of_service: str = ""  # III02 when III01 is ZZ
    diagnoses: tuple[str, ...] = ()  # III02 when III01 is BF, BK ...
    references: tuple[Reference, ...] = ()
    period: Period | None = None  # DTP*291 in 2110


@frozen
class EligibilityInquiry:
    """One patient asked about. `levels` holds the HL01 of source, receiver, subscriber (and dependent):
    inquiries that share a prefix share that HL in the answer."""

    levels: tuple[str, ...]
    source: Party  # 2100A
    receiver: Party  # 2100B
    subscriber: Person  # 2100C
    dependent: Person | None = None  # 2100D
    traces: tuple[Trace, ...] = ()
    period: Period | None = None  # DTP*291 in 2100C/D
    diagnoses: tuple[Diagnosis, ...] = ()
    services: tuple[ServiceInquiry, ...] = ()
    subscriber_traces: tuple[Trace, ...] = ()  # TRN of 2000C when the patient is a dependent
    provider_npi: str = ""  # PRV03 of the patient's level when PRV02 is HPI: the provider asked about


@frozen
class EligibilityRequest:
    """One 270 set."""

    header: SetHeader
    inquiries: tuple[EligibilityInquiry, ...]


@frozen
class Benefit:
    """One EB of a 271 with its loop. Money and quantities Decimal, percent as a fraction (0.2)."""

    information: str  # EB01
    coverage_level: str = ""  # EB02 IND FAM ...
    service_types: tuple[str, ...] = ()  # EB03
    insurance_type: str = ""  # EB04
    plan_description: str = ""  # EB05
    time_period: str = ""  # EB06
    amount: Decimal | None = None  # EB07
    percent: Decimal | None = None  # EB08
    quantity_qualifier: str = ""  # EB09
    quantity: Decimal | None = None  # EB10
    authorization: str = ""  # EB11 Y N U
    in_network: str = ""  # EB12 Y N W U
    procedure: Procedure | None = None  # EB13
    periods: tuple[Period, ...] = ()  # DTP in 2110
    messages: tuple[str, ...] = ()  # MSG
    place_of_service: str = ""  # 2115 III*ZZ
    related: tuple[Party, ...] = ()  # 2120 NM1 (LS*2120 .. LE*2120 around them)
    references: tuple[Reference, ...] = ()
    rejections: tuple[Rejection, ...] = ()  # AAA in 2110
    diagnosis_pointers: tuple[str, ...] = ()  # EB14: ordinals in the answer's diagnoses
    quantities: tuple[Quantity, ...] = ()  # HSD
    additional: tuple[Reference, ...] = ()  # 2115 but ZZ: list III01, code III02
    other: tuple[Segment, ...] = ()


@frozen
class EligibilityAnswer:
    """The answer to one inquiry. Rejections are at the level that failed; a rejection at a level stops
    everything below it. Of an answer as read, `inquiry` is what the answer echoes of it: the levels, the
    traces (TRN*2, as they were sent) and the people."""

    inquiry: EligibilityInquiry
    source: Party  # our own payer party for 2100A
    source_rejections: tuple[Rejection, ...] = ()  # 2100A
    receiver_rejections: tuple[Rejection, ...] = ()  # 2100B
    subscriber_rejections: tuple[Rejection, ...] = ()  # 2100C
    dependent_rejections: tuple[Rejection, ...] = ()  # 2100D
    subscriber: Person | None = None  # to be written in 2100C (None: as sent)
    dependent: Person | None = None
    periods: tuple[Period, ...] = ()  # DTP 346, 347, 356 ... in 2100C or 2100D
    benefits: tuple[Benefit, ...] = ()  # 2110C or 2110D, in order
    group_number: str = ""  # REF*6P in 2100C
    subscriber_corrected: bool = False  # INS03 001: also where nothing differs from what is at hand
    dependent_corrected: bool = False
    own_traces: tuple[Trace, ...] = ()  # TRN*1: of the one who answers
    diagnoses: tuple[Diagnosis, ...] = ()  # HI in 2100C or 2100D
    other: tuple[Segment, ...] = ()  # of the patient's level and of those above it


@frozen
class EligibilityResponse:
    """One 271 set, answering one 270 set."""

    header: SetHeader  # of the 270; as read, that of the 271
    answers: tuple[EligibilityAnswer, ...]
