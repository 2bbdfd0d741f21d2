"""A claim and its lines as the tests see them: dates, setting, plan, service. Built once, never changed."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from adjudication.pricing import find_fee
from adjudication.records import ClaimFacts, ClaimRecord, Fee, FeeSchedule
from authorization.claim_lists import listed
from authorization.facts import Approval
from authorization.parties import Directory, Member, Payer
from authorization.plan import Plan, cost_share, requirement
from authorization.services import CostShare, Requirement, Service
from authorization.units import Demand
from edi.messages.claim import Claim, ServiceLine
from edi.messages.common import Period

ONE = Decimal(1)


@frozen
class ClaimCase:
    """One claim with everything its lines are decided from.

    standing: claims of the person that are decided, still stand and overlap this one in time.
    drg_fee: set when the whole claim is priced by its DRG."""

    claim: Claim
    number: str
    facts: ClaimFacts
    plans: Mapping[str, Plan]
    directory: Directory
    fees: FeeSchedule
    payer: Payer
    others: Mapping[str, tuple[Approval, ...]]
    received: date
    today: date
    begin: date
    end: date
    emergency: bool
    observation: bool
    inpatient: bool
    surgery_days: frozenset[date]
    standing: tuple[ClaimRecord, ...]
    drg_fee: Fee | None = None

    @property
    def admission(self) -> date:
        """The day of admission; the first day billed when none is given."""
        return self.claim.admission.begin if self.claim.admission else self.begin


@frozen
class LineCase:
    """One service line of a case on its date, under the plan in force that day."""

    case: ClaimCase
    line: ServiceLine
    period: Period
    span: Member
    plan: Plan
    service: Service
    requirement: Requirement
    cost: CostShare
    rendering_npi: str
    stay: bool

    @property
    def demand(self) -> Demand:
        """What the line asks of an approval."""
        in_days = self.line.unit == "DA" or listed("room_and_board", self.line.revenue_code)
        return Demand(self.line.quantity, service_days(self.period, self.line), in_days)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Authorization numbers of the line, else of the claim (2400 and 2300 REF*G1)."""
        return _references(self.line, "G1") or _references(self.case.claim, "G1")

    @property
    def npis(self) -> frozenset[str]:
        """Who bills, renders, or is the facility of the line."""
        facility = next(
            (p.npi for p in (*self.line.providers, *self.case.claim.providers) if p.entity == "77"), ""
        )
        return frozenset((self.case.claim.billing_provider.npi, self.rendering_npi, facility)) - {""}


def _references(source: Claim | ServiceLine, qualifier: str) -> tuple[str, ...]:
    return tuple(r.value for r in source.references if r.qualifier == qualifier)


def referral_numbers(at: LineCase) -> tuple[str, ...]:
    """Referral numbers of the line, else of the claim (REF*9F)."""
    return _references(at.line, "9F") or _references(at.case.claim, "9F")


def service_days(period: Period, line: ServiceLine) -> tuple[date, ...]:
    """The dates of service of a line: one, or as many of a range as units are billed."""
    if period.begin == period.end:
        return (period.begin,)
    span = (period.end - period.begin).days + 1
    count = max(1, min(span, int(line.quantity)))
    return tuple(period.begin + timedelta(days=n) for n in range(count))


def line_period(claim: Claim, line: ServiceLine, today: date) -> Period:
    """When a line was rendered: its own date, the claim's, the statement's; today for a predetermination."""
    found = line.period or claim.service_period or claim.statement or claim.admission
    return found or Period("472", today, today)


def open_case(
    claim: Claim,
    number: str,
    facts: ClaimFacts,
    plans: Mapping[str, Plan],
    directory: Directory,
    fees: FeeSchedule,
    payer: Payer,
    others: Mapping[str, tuple[Approval, ...]],
    received: date,
    today: date,
) -> ClaimCase:
    """The case of a claim: its setting, and what of the person's history touches it."""
    periods = [line_period(claim, line, today) for line in claim.lines]
    begin = min((p.begin for p in periods), default=today)
    end = max((p.end for p in periods), default=today)
    if claim.statement:
        begin, end = min(begin, claim.statement.begin), max(end, claim.statement.end)
    return ClaimCase(
        claim=claim,
        number=number,
        facts=facts,
        plans=plans,
        directory=directory,
        fees=fees,
        payer=payer,
        others=others,
        received=received,
        today=today,
        begin=begin,
        end=end,
        emergency=_emergency(claim),
        observation=any(_observed(line) for line in claim.lines),
        inpatient=_inpatient_bill(claim),
        surgery_days=_surgery_days(claim, today),
        standing=tuple(
            c
            for c in facts.claims
            if c.service_end >= begin and c.service_begin <= end and c.status in ("paid", "denied")
        ),
        drg_fee=_drg_fee(claim, facts, fees, begin),
    )


def _bill_type(claim: Claim) -> str:
    return claim.facility_code.lstrip("0") if claim.facility_qualifier == "A" else ""


def _place(claim: Claim, line: ServiceLine) -> str:
    if claim.facility_qualifier == "A":
        return ""
    return line.place_of_service or claim.facility_code


def _emergency(claim: Claim) -> bool:
    """REF*4N*3, or an emergency room charge on the claim (HTR-03)."""
    return listed("emergency_exception", claim.reference("4N")) or any(
        listed("emergency_revenue", line.revenue_code) for line in claim.lines
    )


def _observed(line: ServiceLine) -> bool:
    code = line.procedure.code if line.procedure else ""
    return listed("observation_revenue", line.revenue_code) or listed("observation_code", code)


def _inpatient_bill(claim: Claim) -> bool:
    return listed("inpatient_bill", _bill_type(claim))


def _surgery_days(claim: Claim, today: date) -> frozenset[date]:
    """The days with an outpatient surgery on the claim (HTR-06)."""
    if _inpatient_bill(claim):
        return frozenset()
    return frozenset(
        line_period(claim, line, today).begin
        for line in claim.lines
        if listed("surgery_revenue", line.revenue_code)
        or (line.procedure is not None and listed("surgery_code", line.procedure.code))
    )


def _drg_fee(claim: Claim, facts: ClaimFacts, fees: FeeSchedule, day: date) -> Fee | None:
    span = facts.member.span(day)
    if not claim.drg or span is None or not listed("drg_bill", _bill_type(claim)):
        return None
    fee = find_fee(fees, span.plan_id, (claim.billing_provider.npi,), claim.drg, (), day)
    return fee if fee is not None and fee.basis == "drg" else None


def whole_stay(case: ClaimCase) -> ServiceLine:
    """The claim as one line: a stay priced by DRG is decided as a whole."""
    rooms = [line for line in case.claim.lines if listed("room_and_board", line.revenue_code)]
    days = sum((line.quantity for line in rooms), Decimal(0))
    if not days:
        days = Decimal(max(1, (case.end - case.begin).days))
    return ServiceLine(
        number="1",
        charge=case.claim.charge,
        revenue_code=(rooms or case.claim.lines)[0].revenue_code if case.claim.lines else "",
        unit="DA",
        quantity=days,
    )


def line_case(case: ClaimCase, line: ServiceLine, span: Member, plan: Plan) -> LineCase:
    """The case of one line; the plan is asked once for its requirement and its cost share."""
    claim = case.claim
    period = line_period(claim, line, case.today)
    rendering = _rendering(claim, line)
    service = _service(case, line, period.begin, span, rendering)
    asked = requirement(plan, service)
    return LineCase(
        case=case,
        line=line,
        period=period,
        span=span,
        plan=plan,
        service=service,
        requirement=asked,
        cost=cost_share(plan, service),
        rendering_npi=rendering,
        stay=listed("stay_category", asked.category),
    )


def in_network(at: LineCase) -> LineCase:
    """The line as if its provider were contracted: an approved exception pays as in network (GEN-30)."""
    service = evolve(at.service, in_network=True)
    return evolve(at, service=service, cost=evolve(cost_share(at.plan, service), balance_billing=True))


def _rendering(claim: Claim, line: ServiceLine) -> str:
    own = next((p.npi for p in line.providers if p.entity == "82"), "")
    party = claim.provider("82")
    return own or (party.npi if party else "")


def _service(case: ClaimCase, line: ServiceLine, day: date, span: Member, rendering: str) -> Service:
    claim = case.claim
    billing = claim.billing_provider.npi
    provider = case.directory.provider(rendering or billing)
    place = _place(claim, line)
    return Service(
        day=day,
        code=line.procedure.code if line.procedure else "",
        modifiers=line.procedure.modifiers if line.procedure else (),
        revenue_code=line.revenue_code,
        place_of_service=place,
        type_of_bill=_bill_type(claim),
        diagnoses=tuple(d.code for d in claim.diagnoses),
        provider_npi=rendering or billing,
        provider_role=provider.role if provider else "",
        provider_taxonomy=provider.taxonomy if provider else "",
        in_network=case.directory.contracted(billing, span.plan_id, day),
        emergency=case.emergency or listed("emergency_place", place),
        inpatient=case.inpatient or listed("inpatient_place", place),
        observation=case.observation,
        same_day_surgery=day in case.surgery_days,
        age=_age(span.birth_date, day),
    )


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
