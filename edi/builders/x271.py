"""271 (005010X279A1): the answer to a 270.

Levels as in the 270: 20 source, 21 receiver, 22 subscriber, 23 dependent. A rejection is written as AAA
at the level that failed, with nothing of that inquiry below it; a rejected person is echoed as sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import evolve

from x12_payer.edi.builders.common import (
    Level,
    address,
    by_level,
    composite,
    contact,
    d8,
    dated,
    demographics,
    diagnosis,
    distinct,
    hhmm,
    hierarchy,
    messages,
    name,
    number,
    quantity,
    reference,
    rejection,
    specialty,
    trace,
    without_id,
)
from x12_payer.edi.messages.common import Party, Person, Reference, Trace
from x12_payer.edi.messages.eligibility import Benefit, EligibilityAnswer, EligibilityResponse
from x12_payer.edi.wire.segments import OutSegment

MOST_MESSAGES = 10  # MSG in 2110
MOST_RELATED = 23  # 2120
MOST_REFERENCES = 9  # REF in 2100
MOST_DATES = 9  # DTP in 2100
MOST_TRACES = 3  # TRN in 2000
CORRECTED = ("001", "25")  # INS03, INS04: the data differ from those sent
DEPENDENT_RELATIONSHIP = {"34": "G8"}  # a 270 knows 34, a 271 does not


def build_271(response: EligibilityResponse, created: datetime) -> list[OutSegment]:
    """Body of the 271 (BHT to the last segment before SE); inquiries of one HL share that HL."""
    header = response.header
    bht: OutSegment = ("BHT", "0022", "11", header.reference, d8(created), hhmm(created))
    return [bht, *hierarchy(list(_sources(response.answers)))]


def _levels(answer: EligibilityAnswer) -> tuple[str, ...]:
    return answer.inquiry.levels


def _sources(answers: Sequence[EligibilityAnswer]) -> Iterator[Level]:
    for group in by_level(answers, 1, _levels):
        rejections = distinct(r for a in group for r in a.source_rejections)
        source = group[0].inquiry.source if rejections else group[0].source
        body = (
            name(source, source.entity or "PR"),
            *(contact(c) for c in source.contacts[:3] if not rejections),
            *map(rejection, rejections),
        )
        yield Level(0, "20", body)
        yield from _receivers([a for a in group if not a.source_rejections])


def _receivers(answers: Sequence[EligibilityAnswer]) -> Iterator[Level]:
    for group in by_level(answers, 2, _levels):
        receiver = group[0].inquiry.receiver
        rejections = distinct(r for a in group for r in a.receiver_rejections)
        body = (
            name(receiver),
            *map(reference, receiver.references[:MOST_REFERENCES]),
            *address(receiver.address),
            *map(rejection, rejections),
            *specialty(receiver),
        )
        yield Level(1, "21", body)
        yield from _subscribers([a for a in group if not a.receiver_rejections])


def _subscribers(answers: Sequence[EligibilityAnswer]) -> Iterator[Level]:
    for group in by_level(answers, 3, _levels):
        own = [a for a in group if a.inquiry.dependent is None]
        first = (own or group)[0]
        traces = distinct(t for a in group for t in _subscriber_traces(a))
        rejections = distinct(r for a in group for r in a.subscriber_rejections)
        sent = first.inquiry.subscriber
        person = sent if rejections else first.subscriber or sent
        group_number = "" if any(map(_is_rejected, group)) else first.group_number
        body = (
            *_traces(traces, distinct(t for a in own for t in a.own_traces)),
            name(person.party, "IL"),
            *map(reference, _person_references(person.party, group_number)),
            *address(person.party.address),
            *map(rejection, rejections),
            *demographics(person),
            *_subscriber_relationship(sent, person, any(a.subscriber_corrected for a in group)),
            *(s for a in own if not _is_rejected(a) for s in _coverage(a)),
        )
        yield Level(2, "22", body)
        yield from _dependents([a for a in group if a.inquiry.dependent and not a.subscriber_rejections])


def _traces(returned: Sequence[Trace], own: Sequence[Trace]) -> list[OutSegment]:
    """TRN: those of the inquirer first."""
    return [*(trace(t, "2") for t in returned), *(trace(t, "1") for t in own)][:MOST_TRACES]


def _subscriber_traces(answer: EligibilityAnswer) -> tuple[Trace, ...]:
    """Those of 2000C; where the answer ends there, those of the dependent too, so that none is lost."""
    inquiry = answer.inquiry
    if not inquiry.dependent:
        return inquiry.traces
    ends_here = inquiry.traces if answer.subscriber_rejections else ()
    return (*inquiry.subscriber_traces, *ends_here)


def _dependents(answers: Sequence[EligibilityAnswer]) -> Iterator[Level]:
    for answer in answers:
        sent = answer.inquiry.dependent
        if sent is None:
            continue
        person = sent if answer.dependent_rejections else answer.dependent or sent
        body = (
            *_traces(answer.inquiry.traces, answer.own_traces),
            name(without_id(person.party), "03"),
            *map(reference, person.party.references[:MOST_REFERENCES]),
            *address(person.party.address),
            *map(rejection, answer.dependent_rejections),
            *demographics(person),
            *_dependent_relationship(sent, person, answer.dependent_corrected),
            *(() if _is_rejected(answer) else _coverage(answer)),
        )
        yield Level(3, "23", body)


def _is_rejected(answer: EligibilityAnswer) -> bool:
    return bool(answer.subscriber_rejections or answer.dependent_rejections)


def _person_references(party: Party, group_number: str) -> list[Reference]:
    """REF of 2100C: those sent, with our group number in place of the one sent."""
    if not group_number:
        return list(party.references[:MOST_REFERENCES])
    kept = [r for r in party.references if r.qualifier != "6P"]
    return [Reference("6P", group_number), *kept[: MOST_REFERENCES - 1]]


def _is_corrected(sent: Person, answered: Person) -> bool:
    """True when something sent about the person is answered with another value (case aside)."""

    def facts(p: Person) -> tuple[str, ...]:
        born = d8(p.birth_date) if p.birth_date else ""
        return (p.party.last_name.casefold(), p.party.first_name.casefold(), born, p.gender)

    return any(a and a != b for a, b in zip(facts(sent), facts(answered), strict=True))


def _subscriber_relationship(sent: Person, answered: Person, stated: bool) -> Iterator[OutSegment]:
    corrected = stated or _is_corrected(sent, answered)
    if corrected or sent.relationship:
        yield ("INS", "Y", "18", *(CORRECTED if corrected else ()))


def _dependent_relationship(sent: Person, answered: Person, stated: bool) -> Iterator[OutSegment]:
    relationship = answered.relationship or sent.relationship
    if relationship:
        written = DEPENDENT_RELATIONSHIP.get(relationship, relationship)
        corrected = stated or _is_corrected(sent, answered)
        yield ("INS", "N", written, *(CORRECTED if corrected else ()))


def _coverage(answer: EligibilityAnswer) -> Iterator[OutSegment]:
    """HI and DTP of 2100 and every 2110."""
    if answer.diagnoses:
        yield ("HI", *map(diagnosis, answer.diagnoses))
    yield from (dated(p) for p in answer.periods[:MOST_DATES])
    for benefit in answer.benefits:
        yield from _benefit(benefit)


def _benefit(benefit: Benefit) -> Iterator[OutSegment]:
    """One 2110 with its 2115 and its 2120 between LS and LE."""
    yield (
        "EB",
        benefit.information,
        benefit.coverage_level,
        list(benefit.service_types) if len(benefit.service_types) > 1 else "".join(benefit.service_types),
        benefit.insurance_type,
        benefit.plan_description,
        benefit.time_period,
        number(benefit.amount),
        number(benefit.percent),
        benefit.quantity_qualifier,
        number(benefit.quantity),
        benefit.authorization,
        benefit.in_network,
        composite(benefit.procedure and evolve(benefit.procedure, description="")),
        benefit.diagnosis_pointers or "",
    )
    yield from map(quantity, benefit.quantities)
    yield from map(reference, benefit.references)
    yield from map(dated, benefit.periods)
    yield from map(rejection, benefit.rejections)
    yield from messages(benefit.messages, MOST_MESSAGES)
    if benefit.place_of_service:
        yield ("III", "ZZ", benefit.place_of_service)
    yield from (("III", r.qualifier, r.value) for r in benefit.additional)
    if benefit.related:
        yield ("LS", "2120")
        for party in benefit.related[:MOST_RELATED]:
            yield from _related(party)
        yield ("LE", "2120")


def _related(party: Party) -> Iterator[OutSegment]:
    yield name(party)
    yield from address(party.address)
    yield from map(contact, party.contacts[:3])
    yield from specialty(party)
