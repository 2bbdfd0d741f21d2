"""837P, 837I, 837D as read, and the 277CA (005010X214) that acknowledges them, to be written or as read."""

from datetime import date
from decimal import Decimal

from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import FIRST_OR_UNKNOWN
from x12_payer.edi.messages.claim_status import Status, StatusInformation
from x12_payer.edi.messages.common import (
    Amount,
    Attachment,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Reference,
    Segment,
    SetHeader,
    first_reference,
)


@frozen
class Adjustment:
    """One triplet of a CAS: group, reason (CARC), amount (positive reduces payment), quantity."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@frozen
class PriorPayment:
    """One 2430: what another payer did with the line (SVD, CAS, DTP*573)."""

    payer_id: str  # SVD01
    paid: Decimal
    procedure: Procedure | None = None
    units: Decimal | None = None
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    patient_liability: Decimal | None = None  # AMT*EAF


@frozen
class Indicators:
    """What CLM06 to CLM12, or the OI of another payer, says of consent and cause. The defaults are an
    ordinary claim's: signed, assigned, released, no accident."""

    provider_signature: str = "Y"  # CLM06: Y N
    assignment: str = "A"  # CLM07: A B C
    benefits: str = "Y"  # CLM08, OI03: Y N W, paid to the provider
    release: str = "Y"  # CLM09, OI06: Y I
    patient_signature: str = ""  # CLM10, OI04: P
    causes: tuple[str, ...] = ()  # CLM11-01 to 03: AA EM OA
    accident_state: str = ""  # CLM11-04
    accident_country: str = ""  # CLM11-05
    special_program: str = ""  # CLM12


ORDINARY = Indicators()
CONSENTED = Indicators(provider_signature="", assignment="")  # an OI has neither


@frozen
class Occurrence:
    """One HI*BH (an occurrence, one day) or HI*BI (a span, which has an end)."""

    code: str
    begin: date | None
    end: date | None = None


@frozen
class Drug:
    """One 2410: LIN02, LIN03, and the quantity of CTP04 in the unit of CTP05."""

    code: str
    quantity: Decimal | None = None
    unit: str = ""  # F2 GR ME ML UN
    qualifier: str = "N4"


@frozen
class OtherPayer:
    """One 2320 with its 2330: another payer's part in the claim."""

    responsibility: str  # SBR01
    filing_indicator: str = ""
    payer: Party | None = None  # 2330B
    insured: Party | None = None  # 2330A
    paid: Decimal | None = None  # AMT*D
    patient_liability: Decimal | None = None  # AMT*EAF
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    paid_on: date | None = None
    relationship: str = "18"  # SBR02: the patient's to the insured
    group_number: str = ""  # SBR03
    plan_name: str = ""  # SBR04
    insurance_type: str = ""  # SBR05
    indicators: Indicators = CONSENTED  # OI


@frozen
class ServiceLine:
    """One 2400. Quantity in `unit` (UN units, MJ minutes, DA days)."""

    number: str  # LX01
    charge: Decimal
    procedure: Procedure | None = None
    revenue_code: str = ""
    unit: str = "UN"
    quantity: Decimal = Decimal(1)
    place_of_service: str = ""
    diagnosis_pointers: tuple[str, ...] = ()
    period: Period | None = None  # DTP*472
    references: tuple[Reference, ...] = ()
    providers: tuple[Party, ...] = ()  # 2420
    prior_payments: tuple[PriorPayment, ...] = ()
    teeth: tuple[str, ...] = ()  # TOO02
    surfaces: tuple[str, ...] = ()  # TOO03, those of all teeth
    oral_cavity: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    emergency: bool = False  # SV109
    drug: Drug | None = None
    position: int = 0  # ordinal of the LX in the set
    surfaces_of: tuple[tuple[str, ...], ...] = ()  # those of each tooth, where there are several

    @property
    def control_number(self) -> str:
        """REF*6R, else ''."""
        return first_reference(self.references, "6R")

    @property
    def sites(self) -> tuple[str, ...]:
        """Where in the mouth: teeth, surfaces, areas."""
        return (*self.teeth, *self.surfaces, *self.oral_cavity)

    @property
    def drug_code(self) -> str:
        """LIN03, else ''."""
        return self.drug.code if self.drug else ""

    def reference(self, *qualifiers: str) -> str:
        """REF02 of the first reference with one of the qualifiers, else ''."""
        return first_reference(self.references, *qualifiers)


@frozen
class Claim:
    """One 2300 with everything above it that it needs. `patient` is the subscriber when SBR02 is 18."""

    kind: str  # P I D
    set_control_number: str
    ordinal: int  # 1-based order of the claim in the set
    position: int  # ordinal of the CLM in the set
    submitter: Party  # 1000A
    billing_provider: Party  # 2010AA
    subscriber: Person  # 2010BA
    patient: Person  # 2010CA, or the subscriber
    payer: Party  # 2010BB
    responsibility: str  # SBR01: P S T ...
    control_number: str  # CLM01
    charge: Decimal  # CLM02
    facility_code: str  # CLM05-01: place of service, or first two of the bill type
    facility_qualifier: str  # CLM05-02
    frequency: str  # CLM05-03
    lines: tuple[ServiceLine, ...]
    group_number: str = ""  # SBR03
    filing_indicator: str = ""  # SBR09
    pay_to: Party | None = None
    predetermination: bool = False  # CLM19 PB
    delay_reason: str = ""  # CLM20
    references: tuple[Reference, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    drg: str = ""  # HI*DR
    procedures: tuple[Diagnosis, ...] = ()  # HI*BBR, BBQ
    value_codes: tuple[tuple[str, Decimal], ...] = ()  # HI*BE
    condition_codes: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()  # HI*BH, HI*BI
    statement: Period | None = None  # DTP*434
    admission: Period | None = None  # DTP*435
    service_period: Period | None = None  # DTP*472 at claim level (dental)
    periods: tuple[Period, ...] = ()  # every claim-level DTP
    admission_type: str = ""  # CL101
    admission_source: str = ""
    patient_status: str = ""  # CL103
    providers: tuple[Party, ...] = ()  # 2310
    other_payers: tuple[OtherPayer, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    patient_paid: Decimal | None = None  # AMT*F5
    billing_level: str = ""  # HL01 of 2000A
    subscriber_level: str = ""  # HL01 of 2000B
    purpose: str = "CH"  # BHT06 of the set: CH charged, RP reported, 31 subrogation
    receiver: Party | None = None  # 1000B; None when it is to be built: the payer
    plan_name: str = ""  # SBR04
    insurance_type: str = ""  # SBR05
    indicators: Indicators = ORDINARY  # CLM06 to CLM12
    discharge_time: str = ""  # DTP*096 as HHMM (837I)

    @property
    def is_billed_first(self) -> bool:
        """True when nobody is said to pay before us: SBR01 P, or U, which is decided as P."""
        return self.responsibility in FIRST_OR_UNKNOWN

    @property
    def occurrence_codes(self) -> tuple[str, ...]:
        """The codes of the occurrences and spans, in order."""
        return tuple(o.code for o in self.occurrences)

    def reference(self, *qualifiers: str) -> str:
        """REF02 of the first claim-level reference with one of the qualifiers, else ''."""
        return first_reference(self.references, *qualifiers)

    def provider(self, *entities: str) -> Party | None:
        """The first claim-level provider whose NM101 is one of these."""
        return next((p for p in self.providers if p.entity in entities), None)


@frozen
class ClaimSet:
    """What is at the head of one 837 set (its claims are streamed)."""

    header: SetHeader
    kind: str  # P I D
    submitter: Party
    receiver: Party


@frozen
class LineAcknowledgment:
    """One 2220D of a 277CA: only for a line that caused a rejection. As read, the line has what an 837 line
    would have it from: service, charge, quantity, dates, and its number in REF*6R."""

    line: ServiceLine
    statuses: tuple[Status, ...]
    information: tuple[StatusInformation, ...] = ()  # every STC; () where `statuses` say it all
    other: tuple[Segment, ...] = ()


@frozen
class ClaimAcknowledgment:
    """One 2200D of a 277CA: accepted (A2:20, WQ) or rejected (U). Each status is one STC. As read, the claim
    has only what a 277CA says of it: patient, number, charge, dates, type of bill, REF*D9."""

    claim: Claim
    accepted: bool
    statuses: tuple[Status, ...]
    payer_control_number: str = ""  # REF*1K when accepted
    lines: tuple[LineAcknowledgment, ...] = ()
    information: tuple[StatusInformation, ...] = ()  # every STC; () where `statuses` say it all
    other: tuple[Segment, ...] = ()


@frozen
class LevelAcknowledgment:
    """2200B or 2200C of a 277CA as read: what is said of the batch, or of all claims of a provider."""

    trace: str = ""  # TRN02
    information: tuple[StatusInformation, ...] = ()
    quantities: tuple[Amount, ...] = ()  # QTY: 90 AA, QA QC
    amounts: tuple[Amount, ...] = ()  # AMT: YU YY
    other: tuple[Segment, ...] = ()


@frozen
class ProviderAcknowledgment:
    """One 2000C of a 277CA as read; it may have no claim."""

    level: str  # HL01, `billing_level` of its claims
    provider: Party
    acknowledgment: LevelAcknowledgment


@frozen
class ClaimAcknowledgmentSet:
    """One 277CA set for one accepted 837 set."""

    claim_set: ClaimSet
    payer: Party
    reference: str  # BHT03, ours
    received: date | None  # DTP*050; None when it was read and is no date
    processed: date | None  # DTP*009; the same
    claims: tuple[ClaimAcknowledgment, ...]
    batch: LevelAcknowledgment | None = None  # 2200B; None: as the claims give it
    providers: tuple[ProviderAcknowledgment, ...] = ()  # 2000C; (): as the claims give them
    payer_trace: str = ""  # TRN02 of 2200A where it is not the reference
    header: SetHeader | None = None  # of the 277CA as read
    other: tuple[Segment, ...] = ()
