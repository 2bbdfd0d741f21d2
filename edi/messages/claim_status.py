"""276 and 277 (005010X212), to be written or as read.

`other` holds what was read and has no field here; it is not written again."""

from datetime import date
from decimal import Decimal

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import (
    Party,
    Period,
    Person,
    Procedure,
    Reference,
    Segment,
    SetHeader,
    Trace,
)


@frozen
class LineInquiry:
    """One 2210 of a 276: SVC, REF*FJ, DTP*472."""

    procedure: Procedure | None = None
    revenue_code: str = ""  # SVC01-02 when SVC01-01 is NU, else SVC04
    charge: Decimal | None = None
    units: Decimal | None = None
    line_control_number: str = ""  # REF*FJ
    period: Period | None = None


@frozen
class ClaimInquiry:
    """One 2200D/2200E of a 276 (one TRN). `levels`: HL01 of payer, receiver, provider, subscriber
    (and dependent)."""

    levels: tuple[str, ...]
    payer: Party
    receiver: Party  # NM1*41
    provider: Party  # NM1*1P
    subscriber: Person
    dependent: Person | None = None
    trace: Trace | None = None
    references: tuple[Reference, ...] = ()  # 1K BLT LU 6P EJ XZ D9 as sent, in order
    charge: Decimal | None = None  # AMT*T3
    period: Period | None = None  # DTP*472
    lines: tuple[LineInquiry, ...] = ()


@frozen
class ClaimStatusRequest:
    """One 276 set."""

    header: SetHeader
    inquiries: tuple[ClaimInquiry, ...]


@frozen
class Status:
    """One status composite C043: category (507), code (508), entity (98). `other`: the code of a second one
    of this category, where the first asks for it (277CA)."""

    category: str
    code: str
    entity: str = ""
    other: str = ""
    code_list: str = ""  # RX where the code is of the pharmacies' list


@frozen
class StatusInformation:
    """One STC of a 277 or 277CA. `statuses` go to STC01, STC10, STC11."""

    statuses: tuple[Status, ...]
    effective: date | None  # STC02; None when it was read and is no date
    charge: Decimal | None = None  # STC04
    paid: Decimal | None = None  # STC05
    adjudicated: date | None = None  # STC06
    remitted: date | None = None  # STC08
    trace: str = ""  # STC09
    message: str = ""  # STC12
    action: str = ""  # STC03 of a 277CA: WQ accepted, U rejected


@frozen
class LineStatus:
    """One 2220D/E of a 277: SVC, STC, REF*FJ, DTP*472."""

    information: tuple[StatusInformation, ...]
    charge: Decimal
    paid: Decimal
    procedure: Procedure | None = None
    revenue_code: str = ""
    units: Decimal | None = None  # SVC07: units as submitted
    line_control_number: str = ""
    period: Period | None = None
    other: tuple[Segment, ...] = ()


@frozen
class ClaimStatusClaim:
    """One 2200D/2200E of a 277: the trace returned, STC, references, date, lines."""

    information: tuple[StatusInformation, ...]
    references: tuple[Reference, ...] = ()  # 1K ours, then EJ ... as sent or as known
    period: Period | None = None
    lines: tuple[LineStatus, ...] = ()
    other: tuple[Segment, ...] = ()


@frozen
class ClaimStatusAnswer:
    """The answer to one inquiry: a status at receiver (2200B) or provider (2200C) level stops there;
    else one entry a claim found (or one that says none was). Of an answer as read, `inquiry` is what the
    answer echoes of it: levels, people and trace; several STC of one level are as many answers."""

    inquiry: ClaimInquiry
    receiver_status: StatusInformation | None = None
    provider_status: StatusInformation | None = None
    claims: tuple[ClaimStatusClaim, ...] = ()
    level_trace: str = ""  # TRN02 of 2200B or 2200C; '' is BHT03
    other: tuple[Segment, ...] = ()  # of the levels


@frozen
class ClaimStatusResponse:
    """One 277 set, answering one 276 set."""

    header: SetHeader  # of the 276; as read, that of the 277
    payer: Party  # ours, 2100A
    answers: tuple[ClaimStatusAnswer, ...]
