"""The diagnostics of types 3 to 7 of an inquiry, put in their place in the engine's answer (CONTRACT section
5, "Who hears what"). A refusal at a level stops everything below it and discloses nothing on file; what
the engine itself refuses at the same or a higher level stays."""

from collections.abc import Callable, Sequence
from datetime import date

from attrs import evolve

from x12_payer.authorization.reviews.engine import ReviewOutcome
from x12_payer.edi.edits.inquiries import EVERY, InquiryEdits
from x12_payer.edi.messages.claim_status import ClaimStatusAnswer, ClaimStatusClaim, StatusInformation
from x12_payer.edi.messages.common import Party, Rejection
from x12_payer.edi.messages.eligibility import Benefit, EligibilityAnswer, EligibilityInquiry, ServiceInquiry
from x12_payer.edi.messages.services_review import ReviewDecision, ServiceDecision, ServicesReview

REQUEST_ERROR = "E0"  # STC01-1 of what is wrong with the request itself

Rejections = tuple[Rejection, ...]


def topmost(
    engine: Sequence[Rejections], levels: Sequence[str], edits: InquiryEdits
) -> tuple[Rejections, ...]:
    """What is refused at each level (HL01, '' where there is none), top down: at the first of which the
    engine or the check says something what both say, each once; nothing at the others."""
    reported = [
        tuple(dict.fromkeys((*own, *edits.rejections.get((level, 0), ()))))
        for own, level in zip(engine, levels, strict=True)
    ]
    first = next((at for at, stated in enumerate(reported) if stated), len(reported))
    return tuple(stated if at == first else () for at, stated in enumerate(reported))


# -- 271 ---------------------------------------------------------------------------------------------


def refused_eligibility(
    inquiry: EligibilityInquiry,
    edits: InquiryEdits,
    decide: Callable[[EligibilityInquiry], EligibilityAnswer],
) -> EligibilityAnswer:
    """The engine's answer to what is valid of an inquiry, with the services that are not refused one by one
    (EB*V). Where none is valid nothing else is reported."""
    if not edits.rejections:
        return decide(inquiry)
    asked = [(s, _of_service(inquiry, number, edits)) for number, s in enumerate(inquiry.services, 1)]
    valid = tuple(service for service, stated in asked if not stated)
    answer = evolve(decide(evolve(inquiry, services=valid or inquiry.services)), inquiry=inquiry)
    source, receiver, subscriber, dependent = topmost(
        (
            answer.source_rejections,
            answer.receiver_rejections,
            answer.subscriber_rejections,
            answer.dependent_rejections,
        ),
        (*inquiry.levels, "")[:4],
        edits,
    )
    bare = EligibilityAnswer(inquiry, answer.source, source, receiver, subscriber, dependent)
    if source or receiver or subscriber or dependent:
        return bare
    refused = tuple(_unanswered(service, stated) for service, stated in asked if stated)
    reported = answer if valid or not refused else bare
    return evolve(reported, benefits=(*reported.benefits, *refused))


def _of_service(inquiry: EligibilityInquiry, number: int, edits: InquiryEdits) -> Rejections:
    level = inquiry.levels[-1]
    places = ((level, number), (level, EVERY))
    return tuple(dict.fromkeys(stated for place in places for stated in edits.rejections.get(place, ())))


def _unanswered(service: ServiceInquiry, stated: Rejections) -> Benefit:
    return Benefit("V", "", service.service_types, procedure=service.procedure, rejections=stated)


# -- 277 ---------------------------------------------------------------------------------------------


def refused_status(
    answer: ClaimStatusAnswer, number: int, edits: InquiryEdits, today: date
) -> ClaimStatusAnswer:
    """The answer to the `number`th inquiry about a patient: if the check finds anything no claim is given,
    and of what the engine says only that the patient is not found."""
    inquiry = answer.inquiry
    stated = edits.statuses.get((inquiry.levels[-1], number), ())
    if not stated or answer.receiver_status or answer.provider_status:
        return answer
    own = [s for claim in answer.claims for i in claim.information for s in i.statuses]
    refused = dict.fromkeys((*(s for s in own if s.category == REQUEST_ERROR), *stated))
    information = (StatusInformation(tuple(refused), today),)
    return ClaimStatusAnswer(
        inquiry, claims=(ClaimStatusClaim(information, inquiry.references, inquiry.period),)
    )


# -- 278 ---------------------------------------------------------------------------------------------


def refused_review(
    review: ServicesReview, outcome: ReviewOutcome, kind: str, edits: InquiryEdits
) -> ReviewOutcome:
    """The outcome of one event. An event in which the check finds something leaves nothing behind: its
    services are decided together or not at all. `kind` is that of the request."""
    if not edits.rejections:
        return outcome
    decision, notified = outcome.decision, kind == "notification"  # X216: the payer is below
    payer, requester = decision.payer_rejections, decision.requester_rejections
    first, second, subscriber, dependent = topmost(
        (
            *((requester, payer) if notified else (payer, requester)),
            decision.subscriber_rejections,
            decision.dependent_rejections,
        ),
        (*review.levels[:-1], "")[:4],
        edits,
    )
    payer, requester = (second, first) if notified else (first, second)
    if payer or requester or subscriber or dependent:
        return ReviewOutcome(ReviewDecision(review, payer, requester, subscriber, dependent))
    event = review.levels[-1]
    (stated,) = topmost((decision.event_rejections,), (event,), edits)
    providers = _of_providers(review.providers, event, edits)
    if stated or providers:
        return ReviewOutcome(ReviewDecision(review, event_rejections=stated, provider_rejections=providers))
    services = _refused_services(review, edits)
    return ReviewOutcome(ReviewDecision(review, services=services)) if services else outcome


def _refused_services(review: ServicesReview, edits: InquiryEdits) -> tuple[ServiceDecision, ...]:
    """The services that are refused, each for itself or for a provider of its own (2010F)."""
    reported = (
        ServiceDecision(
            request,
            rejections=edits.rejections.get((request.level, 0), ()),
            provider_rejections=_of_providers(request.providers, request.level, edits),
        )
        for request in review.services
    )
    return tuple(one for one in reported if one.rejections or one.provider_rejections)


def _of_providers(providers: Sequence[Party], level: str, edits: InquiryEdits) -> tuple[Rejections, ...]:
    """The refusals of each provider, () when there are none."""
    stated = tuple(edits.rejections.get((level, number), ()) for number, _ in enumerate(providers, 1))
    return stated if any(stated) else ()
