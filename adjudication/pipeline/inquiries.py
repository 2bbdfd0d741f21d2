"""270, 276 and 278 sets: parse, look up once for the whole set, decide each inquiry, build the answer."""

from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import evolve

from x12_payer.adjudication.claim_status import ClaimsOnFile, decide_status
from x12_payer.adjudication.eligibility.engine import CoverageOnFile, decide_eligibility
from x12_payer.adjudication.eligibility.review_parties import identify
from x12_payer.adjudication.pipeline.refusals import refused_eligibility, refused_review, refused_status
from x12_payer.adjudication.pipeline.values import Answer, Settings, payer_party
from x12_payer.adjudication.store.facts import (
    RosterIndex,
    approvals_by_number,
    claims_of,
    directory,
    member_facts,
    other_coverage,
    roster_index,
)
from x12_payer.adjudication.store.unit import Unit
from x12_payer.authorization.facts import MemberFacts
from x12_payer.authorization.parties import Directory
from x12_payer.authorization.reviews.answer import status_of, unsupported
from x12_payer.authorization.reviews.engine import (
    Numbers,
    ReviewOutcome,
    answer_inquiry,
    asks_for_review,
    decide_review,
    directory_npis,
    plan_of,
    receive_notification,
)
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.edits.inquiries import InquiryEdits
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim_status import ClaimStatusResponse
from x12_payer.edi.messages.common import Party
from x12_payer.edi.messages.eligibility import EligibilityAnswer, EligibilityInquiry, EligibilityResponse
from x12_payer.edi.messages.services_review import ReviewRequest, ReviewResponse, ServicesReview
from x12_payer.edi.parsers.common import LoopSegment
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.wire.segments import Delimiters


@frozen
class InquirySet:
    """One accepted set of inquiries, with what answering it takes."""

    segments: Iterable[LoopSegment]
    delimiters: Delimiters
    version: str
    unit: Unit
    settings: Settings
    edits: InquiryEdits  # what the check of types 3 to 7 found in it


def answer_eligibility(work: InquirySet) -> Answer:
    """One 270 set → one 271 set."""
    request = parse_270(work.segments, work.delimiters, work.version)
    unit, settings = work.unit, work.settings
    index = roster_index(unit, (p for i in request.inquiries for p in (i.subscriber, i.dependent)))
    known = facts_of_everybody(unit, index)
    npis = {i.receiver.npi for i in request.inquiries} | {s.pcp_npi for f in known.values() for s in f.spans}
    providers = directory(unit, npis)
    others = other_coverage(unit, known)
    on_file = CoverageOnFile(
        known.__getitem__,
        providers,
        settings.plans,
        settings.payer,
        lambda member_id: others.get(member_id, ()),
    )

    def decide(inquiry: EligibilityInquiry) -> EligibilityAnswer:
        roster = index.roster(inquiry.subscriber, inquiry.dependent)
        return decide_eligibility(inquiry, roster, on_file, settings.as_of)

    answers = tuple(refused_eligibility(inquiry, work.edits, decide) for inquiry in request.inquiries)
    body = build_271(EligibilityResponse(request.header, answers), settings.as_of)
    return Answer("271", "271", "HB", "005010X279A1", body)


def answer_status(work: InquirySet) -> Answer:
    """One 276 set → one 277 set."""
    request = parse_276(work.segments, work.delimiters, work.version)
    unit, settings = work.unit, work.settings
    index = roster_index(unit, (p for i in request.inquiries for p in (i.subscriber, i.dependent)))
    claims = claims_of(unit, index.by_id)
    providers = directory(unit, {i.provider.npi for i in request.inquiries})
    on_file = ClaimsOnFile(lambda member_id: claims.get(member_id, ()), providers, settings.payer)
    decided = (
        decide_status(
            inquiry,
            index.roster(inquiry.subscriber, inquiry.dependent),
            on_file,
            known_receiver(inquiry.receiver, settings),
            settings.as_of,
        )
        for inquiry in request.inquiries
    )
    numbers = ordinals(inquiry.levels[-1] for inquiry in request.inquiries)
    answers = tuple(
        refused_status(answer, number, work.edits, settings.as_of.date())
        for answer, number in zip(decided, numbers, strict=True)
    )
    body = build_277(
        ClaimStatusResponse(request.header, payer_party(settings, "PR", "PI"), answers), settings.as_of
    )
    return Answer("277", "277", "HN", "005010X212", body)


def ordinals(levels: Iterable[str]) -> Iterator[int]:
    """Which one of its level each inquiry is, from 1 on."""
    seen: Counter[str] = Counter()
    for level in levels:
        seen[level] += 1
        yield seen[level]


def known_receiver(receiver: Party, settings: Settings) -> bool:
    """True when NM109 of 2100B is a partner's id, or when every partner is taken as known."""
    if settings.any_partner or not settings.partners:
        return True
    return any(receiver.id == interchange_id for _, interchange_id in settings.partners)


def facts_of_everybody(unit: Unit, index: RosterIndex) -> dict[str, MemberFacts]:
    """Facts of every member in the index, by member id."""
    return member_facts(unit, index, index.by_id)


def answer_review(work: InquirySet) -> Answer:
    """One inbound 278 set → one outbound 278 set; every event sees what the ones before it were given."""
    request = parse_278(work.segments, work.delimiters, work.version)
    unit, settings = work.unit, work.settings
    index = roster_index(unit, (p for r in request.reviews for p in (r.subscriber, r.dependent)))
    known = facts_of_everybody(unit, index)
    providers = directory(unit, {npi for r in request.reviews for npi in directory_npis(r)})
    decisions = []
    events: list[tuple[str, ...]] = []
    for review in request.reviews:
        roster = index.roster(review.subscriber, review.dependent)
        parties = identify(review, roster, providers, settings.payer)
        if parties.refusal is not None:
            refusal = refused_review(review, ReviewOutcome(parties.refusal), request.kind, work.edits)
            decisions.append(refusal.decision)
            continue
        facts = known[parties.patient.member_id]
        outcome = decide_event(review, request, facts, providers, work)
        decisions.append(outcome.decision)
        events += audited(outcome)
        known[facts.member_id] = facts.with_review(outcome.approvals, outcome.case)
    response = ReviewResponse(
        header=request.header,
        kind=request.kind,
        payer=payer_party(settings, "X3", "PI"),
        decisions=tuple(decisions),
        purpose="53" if request.kind == "notification" else "11",
    )
    body = build_278(response, settings.as_of)
    waiting = sum(status_of(decision) == "pended" for decision in decisions)
    return Answer("278", "278", "HI", work.version, body, waiting, tuple(events))


def audited(outcome: ReviewOutcome) -> Iterator[tuple[str, ...]]:
    """What an event left behind: of each row its number, status and reason; of one without rows its case."""
    for row in outcome.approvals:
        yield row.number or row.case_number, row.status, row.reason
    if outcome.case is not None and not outcome.approvals:
        yield outcome.case.case_number, outcome.case.status


def decide_event(
    review: ServicesReview,
    request: ReviewRequest,
    facts: MemberFacts,
    providers: Directory,
    work: InquirySet,
) -> ReviewOutcome:
    """One event of a set decided, and what it leaves behind stored. A number that no row carries is not used
    up. A case keeps the header of the set that asked, for a reviewer's later answer."""
    unit, settings, edits = work.unit, work.settings, work.edits
    if request.kind == "inquiry":
        return refused_review(review, answer_inquiry(review, facts), request.kind, edits)
    if request.kind == "review" and not asks_for_review(review, request.header.purpose):
        return refused_review(review, ReviewOutcome(unsupported(review)), request.kind, edits)
    decide = receive_notification if request.kind == "notification" else decide_review
    number, case = next_authorization(unit, settings), next_case(unit, settings)
    plan = plan_of(review, facts, settings.plans, settings.as_of)
    outcome = decide(review, facts, plan, providers, Numbers(number, case), settings.as_of)
    outcome = refused_review(review, outcome, request.kind, edits)
    if any(row.number == number for row in outcome.approvals):
        unit.take_numbers("authorization")
    if outcome.case is not None:
        if outcome.case.case_number == case:
            unit.take_numbers("case")
        kept = evolve(outcome.case, header=outcome.case.header or request.header)
        unit.save_case(kept)
        outcome = evolve(outcome, case=kept)
    unit.save_approvals(outcome.approvals)
    return outcome


def next_authorization(unit: Unit, settings: Settings) -> str:
    """The next authorization number, passing over those that were loaded."""
    while True:
        number = f"AU{settings.as_of:%y%m}{unit.peek_number('authorization'):06d}"
        if not approvals_by_number(unit, [number]):
            return number
        unit.take_numbers("authorization")


def next_case(unit: Unit, settings: Settings) -> str:
    """The next case number."""
    return f"CASE{settings.as_of:%y%m%d}{unit.peek_number('case'):06d}"


ANSWERS = {"270": answer_eligibility, "276": answer_status, "278": answer_review}
