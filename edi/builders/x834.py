"""834 (005010X220): the members of one sponsor, as they were read or made."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve

from x12_payer.edi.builders.common import address, amounts, contact, d8, dated, hhmm, name, number, reference
from x12_payer.edi.messages.common import Address, Party, Person
from x12_payer.edi.messages.enrollment import (
    Coverage,
    EnrollmentHeader,
    MemberEnrollment,
    OtherInsurance,
    ReportingCategory,
)
from x12_payer.edi.wire.segments import OutSegment

_FIRST_REFERENCES = ("0F", "1L")  # REF01 of 2000 in order, before the others
_CATEGORIES = "2700"  # LS01


def build_834(header: EnrollmentHeader, members: Iterable[MemberEnrollment]) -> Iterator[OutSegment]:
    """The body of one 834, BGN to the last member, one by one; their own headers do not matter."""
    created = header.created
    when = (d8(created), hhmm(created)) if created else ("", "")
    yield ("BGN", header.purpose, header.reference, *when, "", "", "", header.action)
    if header.policy:
        yield ("REF", "38", header.policy)
    yield from map(dated, header.periods)
    yield from amounts("QTY", header.totals)
    for party, entity in ((header.sponsor, "P5"), (header.payer, "IN")):
        yield _organization(party, entity)
    yield from (_organization(broker, broker.entity) for broker in header.brokers)
    for member in members:
        yield from _member(member)


def _organization(party: Party, entity: str) -> OutSegment:
    return ("N1", entity, party.last_name, party.id_qualifier, party.id)


def _member(member: MemberEnrollment) -> Iterator[OutSegment]:
    """2000: INS and everything up to the next one."""
    yield _ins(member)
    firsts = [r for q in _FIRST_REFERENCES for r in member.references if r.qualifier == q]
    yield from map(reference, (*firsts, *(r for r in member.references if r not in firsts)))
    yield from map(dated, member.periods)
    party = member.member.party
    yield from _named(evolve(party, entity=party.entity or "IL"))
    yield from _demographics(member.member, member.marital_status)
    yield from amounts("AMT", member.amounts)
    yield from (("LUI", one.code_list, one.code, one.words, one.use) for one in member.languages)
    if member.former:
        yield from _named(evolve(member.former.party, entity="70"))
        yield from _demographics(member.former)
    yield from _mailing(member.mailing)
    for other in member.parties:
        yield from _named(other)
    for coverage in member.coverages:
        yield from _coverage(coverage)
    yield from _categories(member.categories)


def _ins(member: MemberEnrollment) -> OutSegment:
    died = member.member.death_date
    return (
        "INS",
        "Y" if member.subscriber else "N",
        member.relationship,
        member.maintenance,
        member.reason,
        member.benefit_status,
        member.medicare or "",
        member.cobra_event,
        member.employment,
        member.student,
        "Y" if member.disabled else "",
        "D8" if died else "",
        d8(died) if died else "",
        member.confidentiality,
        *("", "", ""),
        number(member.birth_sequence),
    )


def _named(party: Party) -> Iterator[OutSegment]:
    """NM1, PER, N3 and N4, in the order of 2100."""
    yield name(party)
    yield from map(contact, party.contacts)
    yield from address(party.address)


def _demographics(person: Person, marital_status: str = "") -> Iterator[OutSegment]:
    born = d8(person.birth_date) if person.birth_date else ""
    if born or person.gender or marital_status:
        yield ("DMG", "D8" if born else "", born, person.gender, marital_status)


def _mailing(value: Address | None) -> Iterator[OutSegment]:
    if value is not None:
        yield ("NM1", "31", "1")
        yield from address(value)


def _coverage(coverage: Coverage) -> Iterator[OutSegment]:
    """2300 with 2310 and 2320."""
    late = "Y" if coverage.late else ""
    kind = (coverage.insurance_line, coverage.plan, coverage.level)
    yield ("HD", coverage.maintenance, "", *kind, "", "", "", late)
    yield from map(dated, coverage.periods)
    yield from amounts("AMT", coverage.amounts)
    yield from map(reference, coverage.references)
    for ordinal, provider in enumerate(coverage.providers, 1):
        yield ("LX", str(ordinal))
        yield name(provider)
        yield from address(provider.address)
        yield from map(contact, provider.contacts)
    for other in coverage.other_insurance:
        yield from _other_insurance(other)


def _other_insurance(other: OtherInsurance) -> Iterator[OutSegment]:
    yield ("COB", other.responsibility, other.policy, other.coordination, list(other.service_types))
    yield from map(reference, other.references)
    yield from map(dated, other.periods)
    for payer in other.payers:
        yield name(payer)
        yield from address(payer.address)
        yield from map(contact, payer.contacts)


def _categories(categories: Sequence[ReportingCategory]) -> Iterator[OutSegment]:
    """2700 and 2750, between LS and LE."""
    if not categories:
        return
    yield ("LS", _CATEGORIES)
    for ordinal, category in enumerate(categories, 1):
        yield ("LX", str(ordinal))
        yield _organization(category.party, category.party.entity or "75")
        if category.reference:
            yield reference(category.reference)
        if category.period:
            yield dated(category.period)
    yield ("LE", _CATEGORIES)
