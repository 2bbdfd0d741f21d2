"""What a request has to contain before it can be decided: who renders the service, and how many units.

Only what is missing is asked for (CONTRACT section 7, "Rules" and "Approvals")."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve

from x12_payer.authorization.reviews.answer import Decided, rejection
from x12_payer.authorization.reviews.lines import asked_lines, is_servicing, servicing_parties
from x12_payer.authorization.reviews.values import EXTENSION, REVISION, Context, Line, ReviewOutcome, Verdict
from x12_payer.edi.messages.common import Party, Rejection
from x12_payer.edi.messages.services_review import ReviewDecision, ServiceDecision, ServicesReview

ZERO = Decimal(0)
_UNKNOWN_PROVIDER = "review_provider_unknown"


# -- who renders it ----------------------------------------------------------------------------------


def provider_unnamed(context: Context, line: Line) -> Verdict | None:
    """Nobody is named to render it (PTO-11, HRM-05): A4 0U. Nothing is held for it of a quota. What names an
    authorization is for the provider of that."""
    if context.review.category.certification_type in (EXTENSION, REVISION):
        return None
    if line.asked.provider_npi or servicing_parties(context.review, line.asked):
        return None
    return Verdict("A4", "review_provider_unnamed", units=ZERO)


def provider_unknown(context: Context, line: Line) -> Verdict | None:
    """Whoever is named is in no reference data, or has no NPI: AAA 44 at the provider."""
    named = servicing_parties(context.review, line.asked)
    return Verdict("", _UNKNOWN_PROVIDER) if any(_is_unknown(context, p) for p in named) else None


def _is_unknown(context: Context, party: Party) -> bool:
    return is_servicing(party) and context.directory.provider(party.npi) is None


def provider_rejected(context: Context, decided: Sequence[Decided]) -> ReviewOutcome | None:
    """The AAA of 2010EA and 2010F where a line could not be decided for want of a provider we know."""
    if all(d.verdict.reason != _UNKNOWN_PROVIDER for d in decided):
        return None
    review = context.review
    services = tuple(
        ServiceDecision(s, provider_rejections=_of_each(context, s.providers)) for s in review.services
    )
    rejected = _of_each(context, review.providers)
    return ReviewOutcome(ReviewDecision(review, services=services, provider_rejections=rejected))


def _of_each(context: Context, parties: Sequence[Party]) -> tuple[tuple[Rejection, ...], ...]:
    found = tuple((rejection(_UNKNOWN_PROVIDER),) if _is_unknown(context, p) else () for p in parties)
    return found if any(found) else ()


# -- how many ----------------------------------------------------------------------------------------


def without_zeros(review: ServicesReview) -> ServicesReview | ReviewDecision:
    """The request without the services of zero units; the AAA when nothing is left to decide."""
    asked = asked_lines(review)
    if any(_is_zero(a.units) and (a.ordinal == 0 or a.from_event) for a in asked):
        return ReviewDecision(review, event_rejections=(_no_units(),))
    none = {a.ordinal for a in asked if _is_zero(a.units)}
    if not none:
        return review
    left = tuple(s for n, s in enumerate(review.services, 1) if n not in none)
    if not left and all(a.ordinal in none for a in asked):
        return with_zeros(ReviewDecision(review), review)
    return evolve(review, services=left)


def with_zeros(decision: ReviewDecision, review: ServicesReview) -> ReviewDecision:
    """The answer to the request as sent: AAA at each service of zero units, the others as decided."""
    decided = iter(decision.services)
    none = {a.ordinal for a in asked_lines(review) if _is_zero(a.units)}
    services = [
        ServiceDecision(s, rejections=(_no_units(),)) if n in none else next(decided)
        for n, s in enumerate(review.services, 1)
    ]
    return evolve(decision, review=review, services=tuple(services))


def _is_zero(units: Decimal | None) -> bool:
    return units is not None and units <= ZERO


def _no_units() -> Rejection:
    return rejection("review_no_units")
