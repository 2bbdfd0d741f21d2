"""834 (005010X220): who is enrolled in what, member by member.

`other` holds what was read and has no field here; it is not written again."""

from datetime import date, datetime
from decimal import Decimal

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import (
    Address,
    Amount,
    Party,
    Period,
    Person,
    Reference,
    Segment,
    first_reference,
)


@frozen
class EnrollmentHeader:
    """What is at the head of one 834 set (its members are streamed): BGN and 1000."""

    control_number: str  # ST02
    version: str  # GS08
    purpose: str  # BGN01: 00 original, 15 re-sent, 22 information
    reference: str  # BGN02
    created: datetime | None  # BGN03, BGN04
    action: str  # BGN08: 2 change, 4 verify, RX replace
    sponsor: Party  # 1000A, N1*P5
    payer: Party  # 1000B, N1*IN
    brokers: tuple[Party, ...] = ()  # 1000C, N1 BO and TV
    policy: str = ""  # REF*38
    periods: tuple[Period, ...] = ()  # DTP 007, 303, 382 ...
    totals: tuple[Amount, ...] = ()  # QTY: DT dependents, ET employees, TO all
    other: tuple[Segment, ...] = ()


@frozen
class OtherInsurance:
    """One 2320: another coverage of the member (COB)."""

    responsibility: str  # COB01: P S T U
    policy: str = ""  # COB02
    coordination: str = ""  # COB03: 1 coordinated, 5 unknown, 6 none
    service_types: tuple[str, ...] = ()  # COB04
    references: tuple[Reference, ...] = ()
    periods: tuple[Period, ...] = ()  # DTP 344, 345
    payers: tuple[Party, ...] = ()  # 2330
    other: tuple[Segment, ...] = ()


@frozen
class Coverage:
    """One 2300: a health coverage of the member (HD) with its dates (DTP 348 begins, 349 ends)."""

    maintenance: str  # HD01: 001 change, 021 added, 024 ended, 025 reinstated, 030 audit ...
    insurance_line: str  # HD03: HLT HMO PPO DEN VIS ...
    plan: str = ""  # HD04
    level: str = ""  # HD05: EMP FAM ESP ECH IND ...
    late: bool = False  # HD09 Y
    periods: tuple[Period, ...] = ()
    amounts: tuple[Amount, ...] = ()  # AMT: P3 premium, D2 deductible ...
    references: tuple[Reference, ...] = ()
    providers: tuple[Party, ...] = ()  # 2310: NM1 P3 ...
    other_insurance: tuple[OtherInsurance, ...] = ()
    other: tuple[Segment, ...] = ()

    @property
    def begin(self) -> date | None:
        """DTP*348."""
        return next((p.begin for p in self.periods if p.qualifier == "348"), None)

    @property
    def end(self) -> date | None:
        """DTP*349."""
        return next((p.begin for p in self.periods if p.qualifier == "349"), None)


@frozen
class Language:
    """One LUI: a language the member uses; by a code of a list (LD, LE), in words, or both."""

    code_list: str = ""
    code: str = ""
    words: str = ""
    use: str = ""  # LUI04: 5 reading, 6 writing, 7 speaking, 8 native


@frozen
class ReportingCategory:
    """One 2750: what the sponsor reports by (N1*75 and its name), with its value."""

    party: Party
    reference: Reference | None = None
    period: Period | None = None
    other: tuple[Segment, ...] = ()


@frozen
class MemberEnrollment:
    """One 2000 (INS): a subscriber or a dependent, with names and coverages."""

    header: EnrollmentHeader
    ordinal: int  # 1-based order of the member in the set
    subscriber: bool  # INS01 Y
    relationship: str  # INS02: 18 self, 01 spouse, 19 child ...
    maintenance: str  # INS03
    member: Person  # 2100A, with PER, N3 and N4 in its party
    reason: str = ""  # INS04
    benefit_status: str = ""  # INS05: A active, C COBRA, S surviving, T ...
    medicare: tuple[str, ...] = ()  # INS06: plan, eligibility reason
    cobra_event: str = ""  # INS07
    employment: str = ""  # INS08
    student: str = ""  # INS09
    disabled: bool = False  # INS10 Y
    confidentiality: str = ""  # INS13
    birth_sequence: Decimal | None = None  # INS17
    marital_status: str = ""  # DMG04
    references: tuple[Reference, ...] = ()  # 0F subscriber number, 1L policy, 17 23 DX F6 ...
    periods: tuple[Period, ...] = ()  # 356 357 303 336 ...
    amounts: tuple[Amount, ...] = ()  # AMT of 2100A
    languages: tuple[Language, ...] = ()
    former: Person | None = None  # 2100B, NM1*70: as it was reported before
    mailing: Address | None = None  # 2100C, NM1*31
    parties: tuple[Party, ...] = ()  # 2100D to 2100H: employer 36, school M8, custodian S3, guardian ...
    coverages: tuple[Coverage, ...] = ()
    categories: tuple[ReportingCategory, ...] = ()  # 2700
    other: tuple[Segment, ...] = ()  # disability, income, health and what else was said

    @property
    def subscriber_number(self) -> str:
        """REF*0F: what ties the members of a family together."""
        return first_reference(self.references, "0F")
