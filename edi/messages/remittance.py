"""835 (005010X221A1): what is paid, adjusted and reversed, ready to be written."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.messages.common import Party, Period, Person, Procedure, Reference


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


@frozen
class ProviderAdjustment:
    """One pair of a PLB: positive is money kept."""

    code: str  # FB WO L6 ...
    reference: str
    amount: Decimal
    fiscal_year_end: date


@frozen
class Remittance:
    """One 835 set: one payee, one payment."""

    payer: Party  # with address, tax id in REF*2U? no: TRN03/BPR10; contact (PER*BL)
    payee: Party
    trace: str  # TRN02
    payer_tax_id: str  # TRN03 and BPR10 are '1' + this
    method: str  # ACH CHK NON
    amount: Decimal
    produced: date  # DTM*405
    payment_date: date  # BPR16
    claims: tuple[RemittanceClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    payer_routing: str = ""
    payer_account: str = ""
    payee_routing: str = ""
    payee_account_type: str = ""
    payee_account: str = ""
    receiver: str = ""  # REF*EV: who receives the set when that is not the payee
