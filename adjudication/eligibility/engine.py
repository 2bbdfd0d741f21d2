"""270 to 271: whose coverage is asked about, on which day, and what it is (CONTRACT section 5, "271").

What is wrong with the inquiry is an AAA at its level, and an AAA discloses nothing on file."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache

from attrs import evolve

from x12_payer.adjudication.eligibility.benefits import active_benefits, merged
from x12_payer.adjudication.eligibility.coverage import Coverage
from x12_payer.adjudication.eligibility.plan import plan_statements
from x12_payer.adjudication.people import (
    PersonMatch,
    Roster,
    find_dependent,
    find_subscriber,
    is_our_payer,
    rejections,
)
from x12_payer.adjudication.records import OtherCoverage
from x12_payer.authorization.facts import MemberFacts
from x12_payer.authorization.parties import Directory, Member, Payer
from x12_payer.authorization.plans.plan import Plan
from x12_payer.edi.codes.forms import is_npi
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Contact, Party, Period, Person
from x12_payer.edi.messages.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    ServiceInquiry,
)
from x12_payer.edi.tables import rows

OtherCoverageOf = Callable[[str], tuple[OtherCoverage, ...]]


def no_other_coverage(_member_id: str) -> tuple[OtherCoverage, ...]:
    """Nobody has another payer."""
    return ()


@frozen
class CoverageOnFile:
    """What the payer holds when it answers about coverage. `facts` and `other_coverage` are by member id."""

    facts: Callable[[str], MemberFacts]
    directory: Directory
    plans: Mapping[str, Plan]
    payer: Payer
    other_coverage: OtherCoverageOf = no_other_coverage


def decide_eligibility(
    inquiry: EligibilityInquiry, roster: Roster, on_file: CoverageOnFile, as_of: datetime
) -> EligibilityAnswer:
    """The answer to one inquiry. `roster`: those whom it may mean; facts and other coverage are asked for the
    patient only."""
    payer, directory = on_file.payer, on_file.directory
    answer = EligibilityAnswer(inquiry, _source(payer))
    if key := payer_reason(inquiry.source, payer):
        return evolve(answer, source_rejections=rejections((key,)))
    if key := receiver_reason(inquiry.receiver, directory):
        return evolve(answer, receiver_rejections=rejections((key,)))
    subscriber = find_subscriber(inquiry.subscriber, roster)
    dates = date_reasons(inquiry, as_of.date())
    if inquiry.dependent is None:
        if keys := (*subscriber.reasons, *dates):
            return evolve(answer, subscriber_rejections=rejections(keys))
        patient = subscriber
    else:
        if subscriber.reasons:
            return evolve(answer, subscriber_rejections=rejections(subscriber.reasons))
        patient = find_dependent(inquiry.dependent, subscriber, roster)
        if keys := (*patient.reasons, *dates):
            return evolve(answer, dependent_rejections=rejections(keys))
    answered = _with_people(answer, subscriber, patient, as_of.date())
    return _with_coverage(answered, patient, on_file, as_of.date())


def _source(payer: Payer) -> Party:
    phone = (("TE", payer.contact_phone),) if payer.contact_phone else ()
    contacts = (Contact("IC", payer.contact_name, phone),) if phone else ()
    return Party("PR", "2", payer.name, id_qualifier="PI", id=payer.payer_id, contacts=contacts)


def payer_reason(sent: Party, payer: Payer) -> str:
    """What is wrong with the payer named in 2100A (2010A of a 278), '' when it is ours."""
    if not sent.id:
        return "inquiry_payer_missing"
    return "" if is_our_payer(sent, payer) else "inquiry_payer"


def receiver_reason(sent: Party, directory: Directory) -> str:
    """What is wrong with who asks in 2100B, '' when it may. One that is named by an id of another kind (a tax
    id, an employer, a payer) is in no provider directory: it is answered, without a network (EB12 W)."""
    return "" if sent.id and not sent.npi else provider_reason(sent, directory)


def provider_reason(sent: Party, directory: Directory) -> str:
    """What is wrong with the provider who asks (an NPI of 2100B; 2010B of a 278), '' when it is known."""
    if sent.npi and not is_npi(sent.npi):
        return "provider_npi_invalid"
    return "" if directory.provider(sent.npi) else "provider_unknown"


# -- dates -----------------------------------------------------------------------------------------


def date_reasons(inquiry: EligibilityInquiry, today: date) -> tuple[str, ...]:
    """Why the dates asked about cannot be answered at all: that of the person, or that of every service."""
    if inquiry.period is not None and (own := date_reason(inquiry.period.begin, today)):
        return (own,)
    found = [date_reason(_day(s, inquiry, today), today) for s in services_of(inquiry)]
    return tuple(dict.fromkeys(found)) if found and all(found) else ()


def date_reason(day: date, today: date) -> str:
    """62 when the day is over 24 months old, 63 when it is past the end of next month, else '' (E09)."""
    if day < _months_from(today, -_months("inquiry_past")):
        return "inquiry_date_past"
    last = _months_from(today.replace(day=1), _months("inquiry_future"))
    if day > last.replace(day=monthrange(last.year, last.month)[1]):
        return "inquiry_date_future"
    return ""


@cache
def _months(key: str) -> int:
    return next(int(row["value"]) for row in rows("answer_limits") if row["key"] == key)


def _months_from(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(service: ServiceInquiry, inquiry: EligibilityInquiry, today: date) -> date:
    """The day asked about: of the service, of the person, else today."""
    period = service.period or inquiry.period
    return period.begin if period else today


# -- people ----------------------------------------------------------------------------------------


def _with_people(
    answer: EligibilityAnswer, subscriber: PersonMatch, patient: PersonMatch, today: date
) -> EligibilityAnswer:
    """Who was found: names as they are on file now, the group of the coverage that is answered for."""
    inquiry = answer.inquiry
    span = span_to_report(patient.spans, _first_day(inquiry, patient.spans, today))
    answered = evolve(
        answer,
        subscriber=on_file(inquiry.subscriber, subscriber.spans[-1]),
        group_number=span.group_number,
    )
    if inquiry.dependent is None:
        return answered
    return evolve(answered, dependent=on_file(inquiry.dependent, patient.spans[-1]))


def on_file(sent: Person, span: Member) -> Person:
    """The person as sent with the name, id, birth date and sex on file (the person was recognised)."""
    party = evolve(
        sent.party,
        last_name=span.last_name,
        first_name=span.first_name,
        id_qualifier="MI",
        id=span.member_id,
    )
    return evolve(
        sent,
        party=party,
        birth_date=span.birth_date,
        gender=span.gender,
        relationship=sent.relationship or span.relationship,
    )


# -- coverage --------------------------------------------------------------------------------------


def _with_coverage(
    answer: EligibilityAnswer, patient: PersonMatch, on_file: CoverageOnFile, today: date
) -> EligibilityAnswer:
    inquiry, spans, plans = answer.inquiry, patient.spans, on_file.plans
    facts, others = on_file.facts(patient.member_id), on_file.other_coverage(patient.member_id)
    benefits: list[Benefit] = []
    plan_wide: list[Benefit] = []
    for service in services_of(inquiry):
        asked = service.period or inquiry.period
        if key := date_reason(_day(service, inquiry, today), today):
            benefits.append(_unanswerable(service, key))
            continue
        day = covered_day(spans, asked, today)
        span = span_on(spans, day)
        plan = plans.get(span.plan_id) if span else None
        if span is None or plan is None:
            benefits.append(_known_only(spans, span, day, plans))
            continue
        held = tuple(o for o in others if _in_force(o, day))
        npi = inquiry.provider_npi or inquiry.receiver.npi
        coverage = Coverage(span, plan, facts, day, on_file.directory, held, npi)
        diagnoses = service.diagnoses or tuple(d.code for d in inquiry.diagnoses)
        benefits.extend(active_benefits(coverage, evolve(service, diagnoses=diagnoses)))
        plan_wide.extend(plan_statements(coverage))
    day = _first_day(inquiry, spans, today)
    further = _further_spans(spans, day, inquiry.period, plans)
    return evolve(answer, periods=plan_dates(spans, day), benefits=merged((*benefits, *plan_wide, *further)))


def services_of(inquiry: EligibilityInquiry) -> tuple[ServiceInquiry, ...]:
    """What is asked; without any EQ the plan as a whole."""
    return inquiry.services or (ServiceInquiry(service_types=("30",)),)


def _first_day(inquiry: EligibilityInquiry, spans: tuple[Member, ...], today: date) -> date:
    """The day the dates of the person are reported for: that of the first service."""
    return covered_day(spans, services_of(inquiry)[0].period or inquiry.period, today)


def span_to_report(spans: tuple[Member, ...], day: date) -> Member:
    """The coverage an answer speaks of: in force on the day, else the one that ended last, else the next."""
    return span_on(spans, day) or _ended(spans, day) or spans[0]


def span_on(spans: Iterable[Member], day: date) -> Member | None:
    """The span that includes the day."""
    return next((s for s in spans if s.covers(day)), None)


def covered_day(spans: tuple[Member, ...], period: Period | None, today: date) -> date:
    """The day that is answered for: the first of the range asked about on which the person is covered, its
    first day when there is none, today when no date was sent."""
    if period is None:
        return today
    if span_on(spans, period.begin):
        return period.begin
    later = [s.effective_date for s in spans if period.begin < s.effective_date <= period.end]
    return min(later, default=period.begin)


def _in_force(other: OtherCoverage, day: date) -> bool:
    return other.effective_date <= day and (other.termination_date is None or day <= other.termination_date)


def plan_dates(spans: tuple[Member, ...], day: date) -> tuple[Period, ...]:
    """DTP of the person: begin (346) and end (347) of the coverage in force; of a coverage that ended its end
    alone, of one that is still to come its begin."""
    span = span_on(spans, day)
    if span is not None:
        return (*_date("346", span.effective_date), *_date("347", span.termination_date))
    gone = _ended(spans, day)
    if gone is not None:
        return _date("347", gone.termination_date)
    return _date("346", min((s.effective_date for s in spans), default=None))


def _date(qualifier: str, day: date | None) -> tuple[Period, ...]:
    return (Period(qualifier, day, day),) if day else ()


def _ended(spans: tuple[Member, ...], day: date) -> Member | None:
    """The coverage that ended last before the day."""
    gone = [s for s in spans if s.termination_date is not None and s.termination_date < day]
    return max(gone, key=lambda s: s.termination_date or date.min, default=None)


def _known_only(
    spans: tuple[Member, ...], span: Member | None, day: date, plans: Mapping[str, Plan]
) -> Benefit:
    """EB*6 with the plan that ended last, or that begins next (E02); EB*1 alone for a plan without rules."""
    return _plan_benefit("1" if span else "6", plans.get(span_to_report(spans, day).plan_id))


def _plan_benefit(information: str, plan: Plan | None) -> Benefit:
    if plan is None:
        return Benefit(information, "IND", ("30",))
    return Benefit(information, "IND", ("30",), insurance_type=plan.product, plan_description=plan.name)


def _unanswerable(service: ServiceInquiry, key: str) -> Benefit:
    """EB*V with the AAA of one service whose own date is out of reach, where other services are answered."""
    return Benefit("V", "", service.service_types, procedure=service.procedure, rejections=rejections((key,)))


def _further_spans(
    spans: tuple[Member, ...], day: date, period: Period | None, plans: Mapping[str, Plan]
) -> Iterator[Benefit]:
    """EB*1 with its dates for each later coverage inside the range that was asked about."""
    for span in spans:
        begin, end = span.effective_date, span.termination_date
        if period is not None and day < begin <= period.end:
            dates = Period("291", begin, end) if end else Period("346", begin, begin)
            yield evolve(_plan_benefit("1", plans.get(span.plan_id)), periods=(dates,))
