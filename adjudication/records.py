"""Claims as decided and the reference data only claims need. Values only; the store keeps them."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from attrs import evolve, field

from x12_payer.authorization.facts import AccumulatorUse, MemberFacts, Use
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Period, Procedure
from x12_payer.edi.messages.remittance import RemittanceClaim


@frozen
class Fee:
    """One row of fees.csv. plan_id '*' is any plan; a blank npi any provider."""

    plan_id: str
    npi: str
    code: str
    modifier: str
    basis: str  # unit day case percent drg capitated
    amount: Decimal
    effective_date: date
    termination_date: date | None = None


@frozen
class Consent:
    """One row of consents.csv: the member agreed in writing to be billed."""

    member_id: str
    npi: str
    code: str
    effective_date: date
    termination_date: date | None = None


@frozen
class OtherCoverage:
    """One row of other_coverage.csv; `order` is primary, secondary ..."""

    member_id: str
    payer_name: str
    payer_id: str
    policy_id: str
    order: str
    effective_date: date
    termination_date: date | None = None


@frozen
class Payee:
    """One row of payees.csv."""

    npi: str
    routing_number: str
    account_type: str
    account_number: str


@frozen
class Balance:
    """What a payee owes us from one earlier 835: that one's TRN02 is its reference. 0: taken back in full."""

    npi: str
    reference: str
    amount: Decimal
    opened: date | None = None


@frozen
class LineRecord:
    """One service line of a decided claim, as status, duplicate and report need it."""

    number: str  # LX01
    charge: Decimal
    paid: Decimal
    procedure: Procedure | None = None
    revenue_code: str = ""
    unit: str = "UN"
    quantity: Decimal = Decimal(1)
    period: Period | None = None
    control_number: str = ""  # REF*6R
    reasons: tuple[str, ...] = ()  # keys of reasons.csv that decided it
    copay: Decimal = Decimal(0)
    rendering_npi: str = ""
    sites: tuple[str, ...] = ()  # teeth, surfaces, oral cavity: part of what makes a dental line a duplicate


@frozen
class ClaimRecord:
    """One claim as decided. `remittance` is None while the claim pends.

    status: paid (finalized with or without money), denied (every line denied), pended, predetermined,
    reversed (was paid or denied, then replaced or voided). A reversal is itself a record of status reversal
    whose remittance is the negated original."""

    claim_number: str  # our claim control number: 277CA REF*1K, CLP07
    member_id: str
    subscriber_id: str
    plan_id: str
    kind: str  # P I D
    control_number: str  # CLM01
    frequency: str
    billing_npi: str
    billing_tax_id: str
    charge: Decimal
    paid: Decimal
    patient_responsibility: Decimal
    status: str
    received: date
    adjudicated: date | None
    service_begin: date
    service_end: date
    facility_code: str
    lines: tuple[LineRecord, ...]
    remittance: RemittanceClaim | None = None
    reasons: tuple[str, ...] = ()  # claim-level keys of reasons.csv
    uses: tuple[Use, ...] = ()
    accumulators: tuple[AccumulatorUse, ...] = ()
    rendering_npi: str = ""
    claim_references: tuple[tuple[str, str], ...] = ()  # EA, D9 ... as sent
    replaces: str = ""  # claim number of the original (7, 8)
    replaced_by: str = ""
    clearinghouse_trace: str = ""  # REF*D9
    # what the payment run adds
    trace: str = ""  # TRN02 of the 835 it went out in
    remitted: date | None = None
    interest: Decimal = Decimal(0)  # paid with it; of a reversal what it takes back, negative

    @property
    def finalized(self) -> bool:
        """True when decided and in force (not pended, not reversed)."""
        return self.status in ("paid", "denied", "predetermined")


@frozen
class ClaimFacts:
    """What is on file for one person when a claim is decided."""

    member: MemberFacts
    claims: tuple[ClaimRecord, ...] = ()  # every claim of the person, oldest first
    consents: tuple[Consent, ...] = ()
    other_coverage: tuple[OtherCoverage, ...] = ()

    def after(self, *records: ClaimRecord) -> "ClaimFacts":
        """The facts the next claim of the person sees. A reversal marks its original, the claim that takes
        its place says so; one that pends takes nothing away."""
        member, claims = self.member, self.claims
        for record in records:
            if record.replaces and record.status != "pended":
                claims = taken_away(claims, (record.replaces,), record.claim_number)
            member = member.with_uses(record.uses, record.accumulators)
            claims = (*claims, record)
        return evolve(self, member=member, claims=claims)

    def withdrawn(self, numbers: Collection[str], by: str) -> "ClaimFacts":
        """The facts once these claims were withdrawn, undecided, in favor of another."""
        return evolve(self, claims=taken_away(self.claims, numbers, by)) if numbers else self

    def without(self, number: str) -> "ClaimFacts":
        """The facts without one claim, to decide it again."""
        return evolve(self, claims=tuple([c for c in self.claims if c.claim_number != number]))


def taken_away(claims: tuple[ClaimRecord, ...], numbers: Collection[str], by: str) -> tuple[ClaimRecord, ...]:
    """The claims, those of the numbers marked as reversed by another."""
    return tuple(
        [evolve(c, status="reversed", replaced_by=by) if c.claim_number in numbers else c for c in claims]
    )


@frozen
class FeeSchedule:
    """The fee rows of the codes somebody asked about, by code."""

    fees: Mapping[str, tuple[Fee, ...]] = field(factory=dict)
