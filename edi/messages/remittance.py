"""835 (005010X221A1): what is paid, adjusted and reversed, to be written or as read.

`other` holds what was read and has no field here; it is not written again."""

from datetime import date
from decimal import Decimal

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.messages.common import (
    Amount,
    Contact,
    Party,
    Period,
    Person,
    Procedure,
    Reference,
    Segment,
)


@frozen
class RemittanceLine:
    """One 2110. A reversal carries every amount negated and the units as first reported."""

    charge: Decimal  # SVC02
    paid: Decimal  # SVC03
    procedure: Procedure | None = None  # SVC01; NU with revenue code when there is none
    revenue_code: str = ""  # SVC04, or SVC01-02 under NU
    units_paid: Decimal | None = None  # SVC05
    units_billed: Decimal | None = None  # SVC07, only when it differs from SVC05
    period: Period | None = None  # DTM 472, or 150/151
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()  # G1 where lines differ, 6R, HPI of another provider
    allowed: Decimal | None = None  # AMT*B6
    remarks: tuple[str, ...] = ()  # LQ*HE
    procedure_billed: Procedure | None = None  # SVC06, where another one was adjudicated
    amounts: tuple[Amount, ...] = ()  # AMT but B6: DY KH T T2 ZK ...
    quantities: tuple[Amount, ...] = ()  # QTY: ZK ZL ZM ...
    other_remarks: tuple[Reference, ...] = ()  # LQ but HE, as RX: list and code
    other: tuple[Segment, ...] = ()


@frozen
class RemittanceClaim:
    """One 2100."""

    control_number: str  # CLP01
    status: str  # CLP02: 1 2 3 4 22 25 ...
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal
    filing_indicator: str  # CLP06
    payer_control_number: str  # CLP07
    patient: Party  # NM1*QC
    facility_code: str = ""  # CLP08
    frequency: str = ""  # CLP09
    drg: str = ""  # CLP11
    insured: Party | None = None  # NM1*IL when not the patient
    rendering: Party | None = None  # NM1*82
    corrected_patient: Person | None = None  # NM1*74
    adjustments: tuple[Adjustment, ...] = ()  # claim level
    references: tuple[Reference, ...] = ()  # G1, EA, F8 ...
    statement: Period | None = None  # DTM 232, 233
    received: date | None = None  # DTM 050
    expiration: date | None = None  # DTM 036
    coverage: Decimal | None = None  # AMT*AU
    patient_paid: Decimal | None = None  # AMT*F5
    interest: Decimal | None = None  # AMT*I
    remarks: tuple[str, ...] = ()  # MIA/MOA RARCs
    inpatient: bool = False  # remarks go to MIA, not MOA
    lines: tuple[RemittanceLine, ...] = ()
    group: str = "1"  # LX01 of the group that the claim is in
    patient_status: str = ""  # CLP10
    drg_weight: Decimal | None = None  # CLP12
    discharge_fraction: Decimal | None = None  # CLP13
    crossover: Party | None = None  # NM1*TT: the payer that the claim was passed on to
    corrected_payer: Party | None = None  # NM1*PR: who should have paid first
    other_insured: Party | None = None  # NM1*GB
    adjudication: tuple[Amount, ...] = ()  # amounts and days of MIA and MOA by element: MIA01, MIA04, MOA01
    contacts: tuple[Contact, ...] = ()  # PER*CX
    amounts: tuple[Amount, ...] = ()  # AMT but AU, F5, I: D8 DY NL T2 ZK ...
    quantities: tuple[Amount, ...] = ()  # QTY: CA CD LA ...
    periods: tuple[Period, ...] = ()  # DTM but 232, 233, 036, 050
    other: tuple[Segment, ...] = ()


@frozen
class ProviderAdjustment:
    """One pair of a PLB: positive is money kept."""

    code: str  # FB WO L6 ...
    reference: str
    amount: Decimal
    fiscal_year_end: date | None  # None when it was read and is no date
    provider: str = ""  # PLB01 when that is not the payee


@frozen
class ClaimGroup:
    """One LX (2000): a group of claims, with the sums of TS3 and TS2 for the provider."""

    number: str  # LX01, as in the claims that are in it
    provider: str = ""  # TS301
    facility_code: str = ""  # TS302
    fiscal_period_end: date | None = None  # TS303
    sums: tuple[Amount, ...] = ()  # by element: TS304 claims, TS305 charge, TS201 ...


@frozen
class Remittance:
    """One 835 set: one payee, one payment."""

    payer: Party  # with address and contact (PER*BL); its tax number is in TRN03 and BPR10
    payee: Party
    trace: str  # TRN02
    payer_tax_id: str  # TRN03 and BPR10 are '1' + this
    method: str  # ACH CHK NON
    amount: Decimal
    produced: date | None  # DTM*405; None when it was read and is no date
    payment_date: date | None  # BPR16; the same
    claims: tuple[RemittanceClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    payer_routing: str = ""
    payer_account: str = ""
    payee_routing: str = ""
    payee_account_type: str = ""
    payee_account: str = ""
    receiver: str = ""  # REF*EV: who receives the set when that is not the payee
    groups: tuple[ClaimGroup, ...] = ()  # those with sums, or without a claim
    control_number: str = ""  # ST02 as read
    handling: str = ""  # BPR01; '' is I, or H where nothing is paid
    debit: bool = False  # BPR03 is D
    payment_format: str = ""  # BPR05; '' is CCP of an ACH
    payer_routing_qualifier: str = "01"  # BPR06
    payer_account_type: str = "DA"  # BPR08
    payee_routing_qualifier: str = "01"  # BPR12
    originator: str = ""  # BPR10 and TRN03 where they are not '1' + payer_tax_id
    originator_code: str = ""  # BPR11 and TRN04
    currency: str = ""  # CUR02
    version: str = ""  # REF*F2
    delivery: tuple[str, ...] = ()  # RDM of the payee, its elements from 01 on
    other: tuple[Segment, ...] = ()
