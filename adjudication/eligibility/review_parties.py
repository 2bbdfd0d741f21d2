"""The parties of a 278: payer, requester and patient are checked before any rule of a plan (CONTRACT section
5, order of tests). A level that fails carries its AAA, and nothing below it is answered."""

from x12_payer.adjudication.eligibility.engine import payer_reason, provider_reason
from x12_payer.adjudication.people import (
    BIRTH_DATE_MISSING,
    NOBODY_FITS,
    PersonMatch,
    Roster,
    find_dependent,
    find_subscriber,
    rejection,
)
from x12_payer.authorization.parties import Directory, Payer
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.services_review import ReviewDecision, ServicesReview

NOTHING_ASKED = "review_nothing_asked"


@frozen
class Parties:
    """The patient of a review, or the rejections that take the place of a decision."""

    patient: PersonMatch
    refusal: ReviewDecision | None = None


def identify(review: ServicesReview, roster: Roster, directory: Directory, payer: Payer) -> Parties:
    """Payer → requester → subscriber → dependent; the first level that fails is answered."""
    nobody = PersonMatch()
    if key := payer_reason(review.payer, payer):
        return Parties(nobody, ReviewDecision(review, payer_rejections=(rejection(key),)))
    if key := provider_reason(review.requester, directory):
        return Parties(nobody, ReviewDecision(review, requester_rejections=(rejection(key),)))
    if not review.asked:  # 2010C has no AAA for it
        return Parties(nobody, ReviewDecision(review, requester_rejections=(rejection(NOTHING_ASKED),)))
    subscriber = find_subscriber(review.subscriber, roster)
    if not subscriber.found:
        found = tuple(map(rejection, _stated_of(review, subscriber.reasons)))
        return Parties(nobody, ReviewDecision(review, subscriber_rejections=found))
    if review.dependent is None:
        return Parties(subscriber)
    dependent = find_dependent(review.dependent, subscriber, roster)
    if not dependent.found:
        found = tuple(map(rejection, dependent.reasons))
        return Parties(nobody, ReviewDecision(review, dependent_rejections=found))
    return Parties(dependent)


def _stated_of(review: ServicesReview, reasons: tuple[str, ...]) -> tuple[str, ...]:
    """An id nobody has, sent without a date of birth: it is asked for, AAA 58 (A21)."""
    asked = review.subscriber
    unknown = reasons == (NOBODY_FITS,)
    return (BIRTH_DATE_MISSING,) if unknown and asked.id and asked.birth_date is None else reasons
