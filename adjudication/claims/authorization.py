"""What approvals, referrals and visit limits give a service line, before money (CONTRACT section 5, "837").

The answer is a Grant: how much of the billed quantity is covered, what it takes of which approval, and the
reason for the part that is not covered."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from attrs import field

from x12_payer.adjudication.claims.case import LineCase, referral_numbers
from x12_payer.authorization.approvals import Match, Wanted, find, referral
from x12_payer.authorization.facts import AccumulatorUse, Approval
from x12_payer.authorization.services import Requirement
from x12_payer.authorization.settings import is_emergency, is_inpatient
from x12_payer.authorization.units import NOTHING, Booked, Booking, Ledger, book
from x12_payer.edi.frozen import frozen

ZERO = Decimal(0)
ONE = Decimal(1)


@frozen
class Running:
    """What the claim has used up to the line at hand.

    added: accumulators moved, by (name, year). visits: (accumulator, day) counted."""

    ledger: Ledger
    added: Mapping[tuple[str, int], Decimal] = field(factory=dict)
    visits: frozenset[tuple[str, date]] = frozenset()

    def moved(self, uses: Iterable[AccumulatorUse]) -> "Running":
        """Once these accumulators have moved."""
        added, days = dict(self.added), []
        for use in uses:
            added[use.name, use.year] = added.get((use.name, use.year), ZERO) + use.amount
            if use.day is not None:
                days.append((use.name, use.day))
        return Running(self.ledger, added, self.visits.union(days) if days else self.visits)

    def booking(self, booked: Iterable[Booked]) -> "Running":
        """Once these units are taken."""
        ledger = self.ledger
        for one in booked:
            ledger = ledger.after(one)
        return Running(ledger, self.added, self.visits) if ledger is not self.ledger else self


@frozen
class Grant:
    """What is approved of the units and dates a LineCase asks about.

    covered: quantity approved. days: the dates it is on, () for all of them. reason: key for what is not
    approved ('' when all is). owed: the member owes the allowed amount of that part. penalty: dollars of the
    claim the member owes besides."""

    covered: Decimal
    days: tuple[date, ...] = ()
    booked: tuple[Booked, ...] = ()
    numbers: tuple[str, ...] = ()  # authorizations used
    reason: str = ""
    owed: bool = False
    penalty: Decimal = ZERO


UNASKED = Grant(ZERO)  # no referral is needed; how much is covered is not a referral's to say


def wanted_by(at: LineCase) -> Wanted:
    """What the line needs an approval for."""
    service = at.service
    asked = at.requirement
    return Wanted(
        category=asked.category,
        service_type=at.plan_answer.service_type,
        codes=tuple(code for code in (service.code, service.revenue_code) if code),
        modifiers=frozenset(service.modifiers),
        providers=at.npis,
        days=(at.case.admission,) if at.stay else at.days,
        stay=at.stay,
        whole=asked.matching == Booking.EXACT.value,
        notice=at.stay and (asked.notification or asked.notice_days is not None),
        inpatient=is_inpatient(service),
    )


# -- referrals -------------------------------------------------------------------------------------


def needs_referral(at: LineCase) -> bool:
    """Does the plan want a referral for the service, on whichever of the dates?"""
    if not at.plan_answer.referral or at.case.claim.predetermination:
        return False
    return not (is_emergency(at.service) or at.span.pcp_npi in at.npis)


def refer(at: LineCase, ledger: Ledger) -> Grant:
    """The referral a specialist's visit needs; the PCP and emergencies need none (HPH-03)."""
    if not needs_referral(at):
        return UNASKED
    match = referral(wanted_by(at), at.case.facts.member.approvals, referral_numbers(at))
    if match.reason:
        return Grant(ZERO, reason=match.reason)
    booked = book(Booking.CUT_BACK, at.demand, match.lots, ledger)
    if booked.covered < at.quantity:
        return Grant(ZERO, reason="claim_referral_exceeded")
    return Grant(at.quantity, booked=(booked,))


# -- authorizations --------------------------------------------------------------------------------


def excepted(at: LineCase) -> bool:
    """An approval on file covers a provider outside the network (GEN-30, HHC-02)."""
    if at.service.in_network or at.case.claim.predetermination:
        return False
    return bool(_match(at).lots)


def authorize(at: LineCase, running: Running) -> Grant:
    """What the approvals give the line; everything when the plan wants none."""
    if at.case.claim.predetermination or not is_required(at, running):
        return Grant(covered=at.quantity)
    match = _match(at)
    if match.reason:
        return _unapproved(at, match)
    if at.requirement.liability == "member" and _is_late(at, match.first):
        return Grant(ZERO, reason="claim_no_precertification")
    return _booked(at, match, running.ledger)


def _match(at: LineCase) -> Match:
    return find(wanted_by(at), at.named, at.case.facts.member.approvals, at.case.others)


def asks_nothing(at: LineCase) -> bool:
    """Does the plan pay the service whatever was approved and used before, and count no visit of it?"""
    return not (needs_referral(at) or may_require(at) or _counting(at))


def may_require(at: LineCase) -> bool:
    """Does the plan want an approval for the service, be it from some visit on?"""
    return at.requirement.answer in ("required", "delegated")


def is_required(at: LineCase, running: Running) -> bool:
    """True when the plan wants an approval for this line: always, or from the visit above its threshold."""
    asked = at.requirement
    if not may_require(at):
        return False
    if asked.threshold is None:
        return True
    name = asked.threshold_accumulator
    new = len(new_visits(at, name, running))
    return counted(at, name, running) + new > asked.threshold


def _unapproved(at: LineCase, match: Match) -> Grant:
    """No approval fits: who owes the charge, or which flat amount."""
    if match.lack != "misfit" and at.requirement.penalty is not None:
        return Grant(at.quantity, penalty=at.requirement.penalty)
    if match.lack != "misfit" and at.requirement.liability == "member":
        return Grant(ZERO, reason="claim_no_precertification")
    if match.lack == "none" and consented(at):
        return Grant(ZERO, reason="claim_no_authorization_consent", owed=True)
    return Grant(ZERO, reason=match.reason)


def _booked(at: LineCase, match: Match, ledger: Ledger) -> Grant:
    """What the approvals give. A stay needs days left; a case rate takes them and is not cut by them."""
    demand = at.demand
    if at.stay and not demand.in_days:
        return _beside_the_days(at, match)
    booked = book(Booking(at.requirement.matching), demand, match.lots, ledger)
    numbers = booked.numbers
    owed = _owed_when_late(at, booked.takes[0].approval if booked.takes else match.first)
    if booked.covered >= demand.quantity or (booked.takes and at.case.drg_fee is not None):
        return Grant(demand.quantity, booked=(booked,), numbers=numbers, penalty=owed)
    reason = "claim_units_over_consent" if consented(at) else _over(at, booked)
    return Grant(
        booked.covered,
        booked.days,
        (booked,),
        numbers,
        reason,
        owed=consented(at),
        penalty=owed,
    )


def _beside_the_days(at: LineCase, match: Match) -> Grant:
    """What a stay costs besides its days: paid while its approvals had days left when the claim came."""
    lots = [lot for group in match.lots for lot in group]
    lot = next((lot for lot in lots if lot.left > ZERO), None)
    if lot is None:
        return Grant(ZERO, reason=_over(at, NOTHING))
    return Grant(at.quantity, numbers=(lot.number,), penalty=_owed_when_late(at, lot))


def _owed_when_late(at: LineCase, approval: Approval) -> Decimal:
    """The flat amount the member owes for a stay certified late (BH-07)."""
    penalty = at.requirement.penalty
    return penalty if penalty is not None and _is_late(at, approval) else ZERO


def _over(at: LineCase, booked: Booked) -> str:
    return "claim_days_over" if at.stay and booked.covered > ZERO else "claim_units_over"


def _is_late(at: LineCase, approval: Approval) -> bool:
    """Certified more days after the admission than the plan allows (BH-07, BH-14)."""
    window = _window(at.requirement)
    certified = _certified_on(at, approval)
    return window is not None and certified is not None and certified > at.case.admission + timedelta(window)


def _window(asked: Requirement) -> int | None:
    return 0 if asked.window_days is None and asked.before_service else asked.window_days


def _certified_on(at: LineCase, approval: Approval) -> date | None:
    """When the request was received; the issue date of a row decided elsewhere."""
    cases = at.case.facts.member.cases
    received = (c.received for c in cases if approval.case_number and c.case_number == approval.case_number)
    return next(received, approval.issued_date)


def consented(at: LineCase) -> bool:
    """The member agreed in writing to be billed for this provider and code on the day (GEN-06, PTO-16)."""
    day, code = at.day, at.service.code or at.service.revenue_code
    return any(
        c.npi in at.npis
        and c.code in ("", code)
        and c.effective_date <= day
        and (c.termination_date is None or day <= c.termination_date)
        for c in at.case.facts.consents
    )


# -- visit limits ----------------------------------------------------------------------------------


def accumulated(at: LineCase, name: str, year: int, running: Running) -> Decimal:
    """An accumulator of the person in the year, this claim's earlier lines included."""
    return at.case.facts.member.accumulated(name, year) + running.added.get((name, year), ZERO)


def counted(at: LineCase, name: str, running: Running) -> Decimal:
    """The accumulator in the year of the line's date."""
    return accumulated(at, name, at.day.year, running)


def new_visits(at: LineCase, name: str, running: Running) -> tuple[date, ...]:
    """The line's dates not yet counted as a visit to the provider: one a member, day and provider."""
    billing = at.case.billing_npi
    known = {
        use.day
        for claim in at.case.active
        for use in claim.accumulators
        if use.name == name and use.provider_npi == billing
    }
    return tuple([d for d in at.days if d not in known and (name, d) not in running.visits])


def over_limit(at: LineCase, running: Running) -> bool:
    """True when the visit would be one more than the benefit limit of the year (STR-02, CHI-02)."""
    for limit in at.plan_answer.limits:
        name = limit.accumulator
        if counted(at, name, running) + len(new_visits(at, name, running)) > limit.quantity:
            return True
    return False


def visits(at: LineCase, running: Running) -> tuple[AccumulatorUse, ...]:
    """The visits a paid line counts; a date counted before is named again with zero, so that it stays counted
    when the other claim is reversed."""
    names = _counting(at)
    if not names:
        return ()
    billing = at.case.billing_npi
    found: list[AccumulatorUse] = []
    for name in names:
        new = new_visits(at, name, running)
        found += [
            AccumulatorUse(name, d.year, ONE if d in new else ZERO, d, billing)
            for d in at.days
            if (name, d) not in running.visits
        ]
    return tuple(found)


def _counting(at: LineCase) -> tuple[str, ...]:
    """The accumulators that count a visit of the line."""
    names = [limit.accumulator for limit in at.plan_answer.limits]
    if at.requirement.threshold_accumulator:
        names.append(at.requirement.threshold_accumulator)
    return tuple(dict.fromkeys(names)) if names else ()
