"""A claim and its lines as the tests see them: dates, setting, plan, service. Built once, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from attrs import evolve

from x12_payer.adjudication.claims.changes import changes, differs
from x12_payer.adjudication.pricing import find_fee
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord, Fee, FeeSchedule
from x12_payer.authorization.approvals import Named
from x12_payer.authorization.facts import Approval
from x12_payer.authorization.lists import listed
from x12_payer.authorization.parties import Directory, Member, Payer
from x12_payer.authorization.plans.answer import PlanAnswer, ask, distinguishes
from x12_payer.authorization.plans.plan import Plan, in_network
from x12_payer.authorization.services import CostShare, Encounter, Requirement, Service
from x12_payer.authorization.settings import Rendered, bill_type, diagnosis_codes, encounter, is_emergency
from x12_payer.authorization.units import Demand
from x12_payer.edi.codes.frequencies import ZERO_BILL, effect
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.messages.common import Party, Period

ONE = Decimal(1)


@frozen
class ClaimCase:
    """One claim with everything its lines are decided from.

    active: claims of the person that are decided, still in force and overlap this one in time; a bill that
    asks for nothing is none of them.
    effect: what its frequency does (x12_payer.edi.codes.frequencies).
    admission: the day of admission, the first day billed when none is given.
    rendering_npi, facility_npi: those of the claim, for lines without their own. numbers: its REF*G1.
    drg_fee: set when the whole claim is priced by its DRG.
    changes: of a claim with a line over several dates, those on which it may be judged otherwise than on the
    date before, in order."""

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
    encounter: Encounter
    type_of_bill: str
    effect: str
    active: tuple[ClaimRecord, ...]
    admission: date
    billing_npi: str
    rendering_npi: str
    facility_npi: str
    diagnoses: tuple[str, ...]
    numbers: tuple[str, ...]
    drg_fee: Fee | None = None
    changes: tuple[date, ...] = ()


@frozen
class LineCase:
    """One service line of a case on its date, under the plan in force that day.

    A line over several dates is judged date by date (CONTRACT section 7), a stay and a line that is covered
    whole or not at all together: `days` are the dates at stake, `quantity` the units on them; `period` is
    always that of the whole line.

    plan_answer: what the plan says of the service; requirement and cost are its answers, cost as in network
    where an exception is approved. npis: who bills, renders, or is the facility of the line."""

    case: ClaimCase
    line: ServiceLine
    period: Period
    days: tuple[date, ...]
    quantity: Decimal
    span: Member
    plan: Plan
    service: Service
    plan_answer: PlanAnswer
    requirement: Requirement
    cost: CostShare
    npis: frozenset[str]
    rendering_npi: str
    stay: bool

    def on(self, days: tuple[date, ...], quantity: Decimal) -> "LineCase":
        """The case of so many units on these dates (written out: `evolve` is slow)."""
        return LineCase(
            self.case,
            self.line,
            self.period,
            days,
            quantity,
            self.span,
            self.plan,
            self.service,
            self.plan_answer,
            self.requirement,
            self.cost,
            self.npis,
            self.rendering_npi,
            self.stay,
        )

    @property
    def day(self) -> date:
        """The date judged, the first one of a stay."""
        return self.days[0]

    @property
    def demand(self) -> Demand:
        """What the line asks of an approval."""
        return Demand(self.quantity, self.days, _in_days(self.line), self.stay)

    @property
    def named(self) -> Named:
        """Authorization numbers of the line and of the claim (2400 and 2300 REF*G1)."""
        return Named(_references(self.line, "G1"), self.case.numbers)


def _references(source: Claim | ServiceLine, qualifier: str) -> tuple[str, ...]:
    return tuple([r.value for r in source.references if r.qualifier == qualifier])


def npi_of(providers: Iterable[Party], entity: str) -> str:
    """The NPI of the first provider of that entity code (NM101), '' when there is none."""
    for provider in providers:
        if provider.entity == entity:
            return provider.npi
    return ""


def referral_numbers(at: LineCase) -> tuple[str, ...]:
    """Referral numbers of the line, else of the claim (REF*9F)."""
    return _references(at.line, "9F") or _references(at.case.claim, "9F")


def service_days(period: Period, line: ServiceLine) -> tuple[date, ...]:
    """The dates of a line: all of its range; of a range billed in days, as many as are billed (the day of
    discharge is none)."""
    count = max((period.end - period.begin).days + 1, 1)
    if _in_days(line):
        count = max(1, min(count, int(line.quantity)))
    return _days_from(period.begin, count)


@lru_cache(maxsize=1024)  # the lines of a stay have the same
def _days_from(begin: date, count: int) -> tuple[date, ...]:
    return tuple([begin + timedelta(days=n) for n in range(count)])


def _in_days(line: ServiceLine) -> bool:
    """The quantity of the line is itself a number of days."""
    return line.unit == "DA" or listed("room_and_board", line.revenue_code)


def line_period(claim: Claim, line: ServiceLine, today: date) -> Period:
    """When a line was rendered: its own date, the claim's, the statement's; today for a predetermination."""
    found = line.period or claim.service_period or claim.statement or claim.admission
    return found or Period("472", today, today)


@frozen
class OnFile:
    """What the payer holds when it decides claims, whoever they are for. `approvals`: for anybody, under the
    authorization numbers that the claims name; `today`: the day on which they are decided."""

    plans: Mapping[str, Plan]
    directory: Directory
    fees: FeeSchedule
    payer: Payer
    approvals: Mapping[str, tuple[Approval, ...]]
    today: date


def open_case(claim: Claim, number: str, facts: ClaimFacts, on_file: OnFile, received: date) -> ClaimCase:
    """The case of a claim: its setting, and what of the person's history touches it."""
    today = on_file.today
    periods = [line_period(claim, line, today) for line in claim.lines]
    begin, end = _first_and_last(claim, periods, today)
    setting = _encounter(claim, periods)
    over_dates = any(p.begin != p.end for p in periods)
    return ClaimCase(
        claim=claim,
        number=number,
        facts=facts,
        plans=on_file.plans,
        directory=on_file.directory,
        fees=on_file.fees,
        payer=on_file.payer,
        others=on_file.approvals,
        received=received,
        today=today,
        begin=begin,
        end=end,
        encounter=setting,
        type_of_bill=_bill_type(claim),
        effect=effect(claim.kind, claim.frequency),
        active=tuple(
            [
                c
                for c in facts.claims
                if c.service_end >= begin
                and c.service_begin <= end
                and c.status in ("paid", "denied")
                and effect(c.kind, c.frequency) != ZERO_BILL
            ]
        ),
        admission=claim.admission.begin if claim.admission else begin,
        billing_npi=claim.billing_provider.npi,
        rendering_npi=npi_of(claim.providers, "82"),
        facility_npi=npi_of(claim.providers, "77"),
        diagnoses=diagnosis_codes([d.code for d in claim.diagnoses]),
        numbers=_references(claim, "G1"),
        drg_fee=_drg_fee(claim, facts, on_file.fees, begin),
        changes=changes(
            facts, on_file.plans, on_file.directory, _who(claim), setting.surgery_days, begin, end
        )
        if over_dates
        else (),
    )


def claim_days(claim: Claim, today: date) -> tuple[date, date]:
    """The first and the last date that a claim is about: which of the past it may meet."""
    return _first_and_last(claim, [line_period(claim, line, today) for line in claim.lines], today)


def _first_and_last(claim: Claim, periods: Sequence[Period], today: date) -> tuple[date, date]:
    begin = min([p.begin for p in periods], default=today)
    end = max([p.end for p in periods], default=today)
    if claim.statement:
        return min(begin, claim.statement.begin), max(end, claim.statement.end)
    return begin, end


def _who(claim: Claim) -> set[str]:
    """The NPIs that bill and render."""
    named = (claim.providers, *[line.providers for line in claim.lines if line.providers])
    return {claim.billing_provider.npi, *[npi_of(providers, "82") for providers in named]} - {""}


def _bill_type(claim: Claim) -> str:
    return bill_type(claim.facility_code) if claim.facility_qualifier == "A" else ""


def _place(claim: Claim, line: ServiceLine) -> str:
    if claim.facility_qualifier == "A":
        return ""
    return line.place_of_service or claim.facility_code


def _encounter(claim: Claim, periods: Iterable[Period]) -> Encounter:
    """What the claim says of the setting of its lines."""
    lines = [
        Rendered(period.begin, line.procedure.code if line.procedure else "", line.revenue_code)
        for line, period in zip(claim.lines, periods, strict=True)
    ]
    return encounter(lines, exception=claim.reference("4N"), admission_type=claim.admission_type)


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


def line_case(
    case: ClaimCase, line: ServiceLine, period: Period, days: tuple[date, ...], span: Member, plan: Plan
) -> LineCase:
    """The case of all units of a line on these dates; the plan is asked once, of the first of them."""
    rendering = npi_of(line.providers, "82") or case.rendering_npi
    facility = _facility(case, line)
    service = _service(case, line, days[0], span, plan, rendering)
    plan_answer = ask(plan, service)
    return LineCase(
        case=case,
        line=line,
        period=period,
        days=days,
        quantity=line.quantity,
        span=span,
        plan=plan,
        service=service,
        plan_answer=plan_answer,
        requirement=plan_answer.requirement,
        cost=plan_answer.cost,
        npis=frozenset((case.billing_npi, rendering, facility)) - {""},
        rendering_npi=rendering,
        stay=listed("stay_category", plan_answer.requirement.category),
    )


def on_days(at: LineCase, days: tuple[date, ...]) -> LineCase:
    """All units of the same line on other dates under the same coverage, among which nothing changes; the
    plan is asked again where it may answer otherwise."""
    case, plan, day = at.case, at.plan, days[0]
    networked = in_network(plan, case.directory, case.billing_npi, day)
    age = _age(at.span.birth_date, day)
    if networked == at.service.in_network and not distinguishes(plan, at.service, day, age):
        return at.on(days, at.line.quantity)
    service = at.service.on(day, networked, age)
    plan_answer = ask(plan, service)
    return LineCase(
        case,
        at.line,
        at.period,
        days,
        at.line.quantity,
        at.span,
        plan,
        service,
        plan_answer,
        plan_answer.requirement,
        plan_answer.cost,
        at.npis,
        at.rendering_npi,
        listed("stay_category", plan_answer.requirement.category),
    )


def line_fee(at: LineCase, day: date | None = None) -> Fee | None:
    """The DRG's fee, else that of the HCPCS, else that of the revenue code; None when none is on file. Of the
    date judged, when no `day` is given."""
    if at.case.drg_fee is not None:
        return at.case.drg_fee
    code = at.service.code or at.service.revenue_code
    return find_fee(at.case.fees, at.plan.id, at.npis, code, at.service.modifiers, day or at.day)


def has_one_fee(at: LineCase) -> bool:
    """Is the fee of all its dates that of the first?"""
    code = at.service.code or at.service.revenue_code
    rows = () if at.case.drg_fee is not None else at.case.fees.fees.get(code, ())
    return not any(differs(rows, at.day, at.days[-1]))


def as_in_network(at: LineCase) -> LineCase:
    """The line as if its provider were contracted: an approved exception pays as in network (GEN-30). There
    is no contract that forbids to bill the rest, but in an emergency."""
    service = evolve(at.service, in_network=True)
    billed = not is_emergency(service)
    return evolve(at, service=service, cost=evolve(ask(at.plan, service).cost, balance_billing=billed))


def _facility(case: ClaimCase, line: ServiceLine) -> str:
    """The line's own service facility when it names one, even without an NPI; else the claim's."""
    if any(p.entity == "77" for p in line.providers):
        return npi_of(line.providers, "77")
    return case.facility_npi


def _service(
    case: ClaimCase, line: ServiceLine, day: date, span: Member, plan: Plan, rendering: str
) -> Service:
    claim, procedure = case.claim, line.procedure
    billing = case.billing_npi
    provider = case.directory.provider(rendering or billing)
    return Service(
        day=day,
        code=procedure.code if procedure else "",
        modifiers=procedure.modifiers if procedure else (),
        revenue_code=line.revenue_code,
        place_of_service=_place(claim, line),
        type_of_bill=case.type_of_bill,
        diagnoses=case.diagnoses,
        provider_npi=rendering or billing,
        provider_role=provider.role if provider else "",
        provider_taxonomy=provider.taxonomy if provider else "",
        in_network=in_network(plan, case.directory, billing, day),
        encounter=case.encounter,
        age=_age(span.birth_date, day),
    )


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
