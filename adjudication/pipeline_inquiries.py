"""270, 276 and 278 sets: parse, look up once for the whole set, decide each inquiry, build the answer."""

from collections.abc import Iterable, Mapping

from adjudication.claim_status import decide_status
from adjudication.eligibility import decide_eligibility
from adjudication.pipeline_values import Answer, Settings
from adjudication.store import Unit
from adjudication.store_facts import (
    RosterIndex,
    claims_of,
    directory,
    member_facts,
    roster_index,
)
from authorization.facts import MemberFacts
from edi.builders.x271 import build_271
from edi.builders.x277 import build_277
from edi.builders.x278 import build_278
from edi.messages.claim_status import ClaimStatusResponse
from edi.messages.common import Party
from edi.messages.eligibility import EligibilityResponse
from edi.parsers.common import LoopSegment
from edi.parsers.x270 import parse_270
from edi.parsers.x276 import parse_276
from edi.parsers.x278 import parse_278
from edi.segments import Delimiters


def answer_eligibility(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str, unit: Unit, settings: Settings
) -> Answer:
    """One 270 set → one 271 set."""
    request = parse_270(segments, delimiters, version)
    index = roster_index(unit, (p for i in request.inquiries for p in (i.subscriber, i.dependent)))
    known = facts_of_everybody(unit, index)
    npis = {i.receiver.npi for i in request.inquiries} | {s.pcp_npi for f in known.values() for s in f.spans}
    providers = directory(unit, npis)
    answers = tuple(
        decide_eligibility(
            inquiry,
            index.roster(inquiry.subscriber, inquiry.dependent),
            known.__getitem__,
            providers,
            settings.plans,
            settings.payer,
            settings.as_of,
        )
        for inquiry in request.inquiries
    )
    body = build_271(EligibilityResponse(request.header, answers), settings.as_of)
    return Answer("271", "271", "HB", "005010X279A1", body)


def answer_status(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str, unit: Unit, settings: Settings
) -> Answer:
    """One 276 set → one 277 set."""
    request = parse_276(segments, delimiters, version)
    index = roster_index(unit, (p for i in request.inquiries for p in (i.subscriber, i.dependent)))
    claims = claims_of(unit, index.by_id)
    providers = directory(unit, {i.provider.npi for i in request.inquiries})
    answers = tuple(
        decide_status(
            inquiry,
            index.roster(inquiry.subscriber, inquiry.dependent),
            lambda member_id: claims.get(member_id, ()),
            providers,
            known_receiver(inquiry.receiver, settings),
            settings.payer,
            settings.as_of,
        )
        for inquiry in request.inquiries
    )
    body = build_277(
        ClaimStatusResponse(request.header, payer_party(settings, "PR", "PI"), answers), settings.as_of
    )
    return Answer("277", "277", "HN", "005010X212", body)


def known_receiver(receiver: Party, settings: Settings) -> bool:
    """True when NM109 of 2100B is a partner's id, or when every partner is taken as known."""
    if settings.any_partner or not settings.partners:
        return True
    return receiver.id in {interchange_id for _, interchange_id in settings.partners}


def facts_of_everybody(unit: Unit, index: RosterIndex) -> Mapping[str, MemberFacts]:
    """Facts of every member in the index, by member id."""
    return member_facts(unit, index, index.by_id)


def payer_party(settings: Settings, entity: str, qualifier: str) -> Party:
    """We, as an NM1 names us."""
    payer = settings.payer
    return Party(entity, "2", payer.name, id_qualifier=qualifier, id=payer.payer_id)


def answer_review(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str, unit: Unit, settings: Settings
) -> Answer:
    """One inbound 278 set → one outbound 278 set; every event sees what the ones before it were given."""
    request = parse_278(segments, delimiters, version)
    index = roster_index(unit, (p for r in request.reviews for p in (r.subscriber, r.dependent)))
    known = dict(facts_of_everybody(unit, index))
    providers = directory(unit, npis_of(request, known))
    decisions = []
    for review in request.reviews:
        parties = identify(
            review, index.roster(review.subscriber, review.dependent), providers, settings.payer
        )
        if parties.refusal is not None:
            decisions.append(parties.refusal)
            continue
        facts = known[parties.patient.member_id]
        outcome = _decide(review, request.kind, facts, providers, unit, settings)
        decisions.append(outcome.decision)
        known[facts.member_id] = facts.with_review(outcome.approvals, outcome.case)
    response = ReviewResponse(
        request.header,
        request.kind,
        payer_party(settings, "X3", "PI"),
        tuple(decisions),
        "53" if request.kind == "notification" else "11",
        settings.as_of.date(),
    )
    return Answer("278", "278", "HI", version, build_278(response, settings.as_of))
