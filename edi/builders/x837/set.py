"""837P, 837I, 837D (X222A1, X223A2, X224A2): claims of one kind in one set.

Levels: 20 billing provider, 22 subscriber, 23 patient. Claims of the same billing provider, subscriber and
patient share their levels, a hundred to a level. What a reader found of places in a file (`ordinal`,
`position`, `billing_level` ...) is not looked at. The claim itself is written in `claim`."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from x12_payer.edi.builders.common import Level, d8, demographics, grouped, hhmm, hierarchy
from x12_payer.edi.builders.x837.claim import claim_segments
from x12_payer.edi.builders.x837.shared import party_segments
from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.messages.common import Party, Person
from x12_payer.edi.wire.segments import OutSegment

MOST_CLAIMS = 100  # 2300 in one 2000B or 2000C


def build_837(claims: Sequence[Claim], reference: str, created: datetime) -> list[OutSegment]:
    """Body of the 837 (BHT to the last segment before SE). The claims, one at least, are of one kind,
    purpose, submitter and receiver; `reference` is BHT03, `created` BHT04 and BHT05."""
    first = claims[0]
    head: list[OutSegment] = [
        ("BHT", "0019", "00", reference, d8(created), hhmm(created), first.purpose),
        *party_segments(first.submitter),
        *party_segments(receiver_of(first)),
    ]
    return [*head, *hierarchy(list(_providers(claims)))]


def receiver_of(claim: Claim) -> Party:
    """1000B: the one given, else the payer under the id that the claim is addressed to."""
    payer = claim.payer
    return claim.receiver or Party("40", "2", payer.last_name, id_qualifier="46", id=payer.id)


def _providers(claims: Sequence[Claim]) -> Iterator[Level]:
    for group in grouped(claims, lambda c: (c.billing_provider, c.pay_to)):
        yield Level(0, "20", tuple(_billing(group[0])))
        for insured in grouped(group, _insurance):
            yield from _subscriber(insured)


def _billing(claim: Claim) -> Iterator[OutSegment]:
    """2000A: here PRV comes before the name."""
    name, *more = party_segments(claim.billing_provider)
    yield from (s for s in more if s[0] == "PRV")
    yield name
    yield from (s for s in more if s[0] != "PRV")
    if claim.pay_to:
        yield from party_segments(claim.pay_to)


def _insurance(claim: Claim) -> tuple[object, ...]:
    """What 2000B says."""
    sbr = (claim.responsibility, claim.group_number, claim.plan_name, claim.insurance_type)
    return (claim.subscriber, claim.payer, *sbr, claim.filing_indicator)


def _subscriber(claims: Sequence[Claim]) -> Iterator[Level]:
    """2000B with the subscriber's own claims, then 2000C for each patient."""
    own = [c for c in claims if c.patient == c.subscriber]
    others = [c for c in claims if c.patient != c.subscriber]
    head = tuple(_insured(claims[0]))
    levels = [Level(1, "22", (*head, *segments)) for segments in _hundreds(own)]
    yield from levels or [Level(1, "22", head)]
    for same in grouped(others, lambda c: c.patient):
        patient = tuple(_patient(same[0].patient))
        yield from (Level(2, "23", (*patient, *segments)) for segments in _hundreds(same))


def _hundreds(claims: Sequence[Claim]) -> Iterator[list[OutSegment]]:
    """The segments of as many claims as one level may have."""
    for at in range(0, len(claims), MOST_CLAIMS):
        yield [s for claim in claims[at : at + MOST_CLAIMS] for s in claim_segments(claim)]


def _insured(claim: Claim) -> Iterator[OutSegment]:
    """SBR, PAT, 2010BA, 2010BB."""
    subscriber = claim.subscriber
    plan = (claim.group_number, claim.plan_name, claim.insurance_type)
    yield ("SBR", claim.responsibility, subscriber.relationship, *plan, *[""] * 3, claim.filing_indicator)
    if subscriber.death_date:
        yield _status("", subscriber)
    yield from _person(subscriber)
    yield from party_segments(claim.payer)


def _patient(patient: Person) -> Iterator[OutSegment]:
    """PAT and 2010CA."""
    yield _status(patient.relationship, patient)
    yield from _person(patient)


def _status(relationship: str, person: Person) -> OutSegment:
    """A PAT: the relationship and, when there is one, the day of death."""
    died = ("D8", d8(person.death_date)) if person.death_date else ()
    return ("PAT", relationship, "", "", "", *died)


def _person(person: Person) -> Iterator[OutSegment]:
    """2010BA or 2010CA: DMG comes before REF and PER."""
    segments = list(party_segments(person.party))
    yield from (s for s in segments if s[0] not in ("REF", "PER"))
    yield from demographics(person)
    yield from (s for s in segments if s[0] in ("REF", "PER"))
