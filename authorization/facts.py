"""What is on file about one person's approvals and use of benefits. Values only; the store fills them."""

from datetime import date
from decimal import Decimal

from attrs import evolve

from x12_payer.authorization.parties import Member
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import SetHeader
from x12_payer.edi.messages.services_review import ReviewDecision, ServicesReview


@frozen
class Approval:
    """One service row of an authorization, referral or notification: decided, pended, denied or cancelled.

    A blank code means every code of the service type at that provider. Dates are inclusive. `used` is what
    paid claims have consumed so far (reversals given back), in `unit`."""

    key: str  # the store's own key of this row, stable
    number: str  # authorization number; for a denied or pended row its case number
    member_id: str
    kind: str  # authorization referral notification
    status: str  # approved denied cancelled pended; replaced: by the rows of a revision
    service_type: str
    requester_npi: str
    provider_npi: str
    code: str = ""
    code_to: str = ""
    modifiers: tuple[str, ...] = ()
    unit: str = "UN"  # UN VS DY
    units: Decimal = Decimal(0)
    issued_date: date | None = None
    effective_date: date | None = None
    expiration_date: date | None = None
    reason: str = ""  # HCR03
    case_number: str = ""
    used: Decimal = Decimal(0)
    extension: bool = False  # outside the initial quota (CONTRACT section 5)
    trace: str = ""  # TRN02 of the request

    @property
    def left(self) -> Decimal:
        """Units approved and not yet used, never negative."""
        return max(self.units - self.used, Decimal(0))

    def holds_on(self, day: date) -> bool:
        """True from the effective to the expiration date, both inclusive; an absent one is open."""
        if self.effective_date is not None and day < self.effective_date:
            return False
        return self.expiration_date is None or day <= self.expiration_date


@frozen
class Use:
    """Units of one approval consumed by one claim line (negative when a reversal gives them back)."""

    approval_key: str
    number: str  # authorization number, as reported
    claim_number: str
    line: str  # LX01
    units: Decimal
    service_date: date


@frozen
class AccumulatorUse:
    """An amount or a count added to a member's accumulator of a year by one claim (negative: given back).

    Names: deductible, out_of_pocket, visits:PT-OT, visits:PT-OT-ST, visits:CHIRO, dental_maximum,
    and copay days are not accumulated here."""

    name: str
    year: int
    amount: Decimal
    day: date | None = None  # of a visit: counted once a member, day and provider
    provider_npi: str = ""


@frozen
class ReviewCase:
    """One 278 event as it is now: what was asked, what was decided, for inquiries, reviewers, duplicates."""

    case_number: str
    member_id: str
    received: date
    due: str  # ISO local time the decision is due
    review: ServicesReview
    decision: ReviewDecision
    status: str  # approved denied pended cancelled not_required ...
    header: SetHeader | None = None  # of the set that asked: a reviewer's answer echoes its BHT03


@frozen
class MemberFacts:
    """One person as the store knows them when a message is decided."""

    member_id: str
    spans: tuple[Member, ...]  # every coverage span of the person, oldest first
    approvals: tuple[Approval, ...] = ()
    accumulators: tuple[AccumulatorUse, ...] = ()  # loaded starting values and what claims added
    cases: tuple[ReviewCase, ...] = ()

    def span(self, day: date) -> Member | None:
        """The coverage span that includes the day, or None."""
        for span in self.spans:
            if span.covers(day):
                return span
        return None

    def accumulated(self, name: str, year: int) -> Decimal:
        """The accumulator's value in the year, never negative."""
        total = sum([a.amount for a in self.accumulators if a.name == name and a.year == year], Decimal(0))
        return max(total, Decimal(0))

    def with_review(self, approvals: tuple[Approval, ...], case: ReviewCase | None) -> "MemberFacts":
        """The facts after a 278 event: rows and case added, or put in place of those of the same key."""
        rows = {a.key: a for a in (*self.approvals, *approvals)}
        cases = {c.case_number: c for c in (*self.cases, *((case,) if case else ()))}
        return evolve(self, approvals=tuple(rows.values()), cases=tuple(cases.values()))

    def with_uses(self, uses: tuple[Use, ...], accumulators: tuple[AccumulatorUse, ...]) -> "MemberFacts":
        """The facts after a claim: units consumed (or given back) and accumulators moved."""
        if not uses and not accumulators:
            return self
        moved = {u.approval_key: Decimal(0) for u in uses}
        for use in uses:
            moved[use.approval_key] += use.units
        approvals = self.approvals
        if moved:
            approvals = tuple(
                evolve(a, used=a.used + moved[a.key]) if a.key in moved else a for a in approvals
            )
        held = (*self.accumulators, *accumulators)
        return MemberFacts(self.member_id, self.spans, approvals, held, self.cases)
