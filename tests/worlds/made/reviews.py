"""278 responses: decisions, for Hypothesis."""

from collections.abc import Sequence

from attrs import evolve
from hypothesis import strategies as st

from tests.worlds.made.common import (
    NOBODY,
    Numbers,
    aaas,
    addresses,
    contacts,
    counts,
    diagnoses,
    headers,
    maybe_cents,
    maybe_word,
    of,
    organizations,
    people,
    periods,
    procedures,
    quantities,
    references,
    rejections,
    some,
    traces,
    words,
)
from x12_payer.edi.messages.common import (
    Attachment,
    Party,
    Period,
    Person,
    Rejection,
)
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewCategory,
    ReviewDecision,
    ReviewResponse,
    ServiceDecision,
    ServiceRequest,
    ServicesReview,
)

certifications = st.builds(
    Certification, of("A1", "A3", "A4", "A6"), maybe_word, of("", "0V", "0Q"), of("", "Y")
)
attachments = st.builds(Attachment, of("03", "OZ"), of("FX", "EL"), maybe_word)


def decided_periods(order: Sequence[str], ranges: Sequence[str]) -> st.SearchStrategy[tuple[Period, ...]]:
    return st.sets(of(*order), max_size=4).flatmap(
        lambda chosen: st.tuples(*(periods(st.just(q), q in ranges) for q in order if q in chosen))
    )


@st.composite
def providers(draw: st.DrawFn) -> Party:
    party = draw(
        organizations(
            "SJ",
            "XX",
            address=st.none() | addresses,
            references=references("0B", "EI"),
            contacts=some(contacts(), 1),
        )
    )
    return evolve(party, provider_code="PE", taxonomy="207Q00000X") if draw(st.booleans()) else party


@st.composite
def named_providers(draw: st.DrawFn) -> tuple[tuple[Party, ...], tuple[tuple[Rejection, ...], ...]]:
    found = draw(some(providers(), 2))
    rejected = tuple(draw(some(rejections, 1)) for _ in found)
    return found, rejected if any(rejected) else ()


@st.composite
def service_decisions(draw: st.DrawFn, level: str) -> ServiceDecision:
    segment = draw(of("", "SV1", "SV2", "SV3"))
    units = draw(st.none() | counts) if segment else None
    unit = draw(of("UN", "DA")) if units and segment != "SV3" else ""
    teeth = draw(some(st.tuples(of("3", "14"), some(of("M", "O"), 2)), 2))
    first, *more = (*teeth, ("", ()))
    parties, rejected = draw(named_providers())
    request = ServiceRequest(
        level=level,
        traces=draw(some(traces, 2)),
        category=draw(st.none() | categories("")),
        procedure=draw(procedures) if segment in ("SV1", "SV3") else None,
        segment=segment,
        revenue_code="0120" if segment == "SV2" else "",
        charge=draw(maybe_cents) if segment else None,
        unit=unit,
        units=units,
        providers=parties,
        tooth=first[0],
        surfaces=first[1],
        oral_cavity=draw(some(of("10", "20"), 2)) if segment == "SV3" else (),
        more_teeth=tuple(t for t in more if t[0]),
    )
    return ServiceDecision(
        request=request,
        certification=draw(st.none() | certifications),
        rejections=draw(some(rejections, 1)),
        procedure=request.procedure,
        unit=unit,
        units=units,
        quantity=draw(st.none() | quantities),
        periods=draw(decided_periods(("472", "102", "036", "007"), ("472", "007"))),
        references=draw(references("NT", "BB")),
        attachments=draw(some(attachments, 2)),
        messages=draw(some(words, 1)),
        provider_rejections=rejected,
        own_traces=draw(some(traces, 1)),
    )


def categories(urgency: str) -> st.SearchStrategy[ReviewCategory]:
    return st.builds(
        ReviewCategory,
        of("HS", "SC"),
        of("I", "S"),
        of("", "62"),
        st.just("22"),
        st.just("B"),
        st.just(urgency),
    )


@st.composite
def review_responses(draw: st.DrawFn) -> ReviewResponse:
    at = Numbers()
    payer = draw(organizations("X3", contacts=some(contacts(), 1)))
    pended = draw(st.booleans())
    decisions: list[ReviewDecision] = []
    top = at.next()
    if draw(st.integers(0, 5)) == 0:
        decisions = [_stopped(top, payer, pended, payer_rejections=draw(aaas))]
    for _ in range(0 if decisions else draw(st.integers(1, 2))):
        levels = at.next(top)
        requester = draw(organizations("1P", "XX", references=references("EI")))
        if draw(st.integers(0, 3)) == 0:
            decisions.append(_stopped(levels, payer, pended, requester, requester_rejections=draw(aaas)))
            continue
        for _ in range(draw(st.integers(1, 2))):
            decisions += draw(_events(at, levels, _stopped(levels, payer, pended, requester)))
    header = headers("278", "005010X217", "0007", "11", "19" if pended else "18")
    return ReviewResponse(draw(header), "review", payer, tuple(decisions))


def _stopped(
    levels: tuple[str, ...],
    payer: Party,
    pended: bool,
    requester: Party = NOBODY,
    **rejected: tuple[Rejection, ...],
) -> ReviewDecision:
    review = ServicesReview(levels, payer, requester, Person(NOBODY), None, ReviewCategory(), asked=False)
    return ReviewDecision(review, pended=pended, **rejected)  # type: ignore[arg-type]


@st.composite
def _events(
    draw: st.DrawFn, at: Numbers, above: tuple[str, ...], base: ReviewDecision
) -> list[ReviewDecision]:
    levels = at.next(above)
    subscriber = draw(people("IL", relationship="18"))
    base = evolve(base, review=evolve(base.review, levels=levels, subscriber=subscriber))
    if draw(st.integers(0, 3)) == 0:
        return [evolve(base, subscriber_rejections=draw(aaas))]
    if draw(st.booleans()):
        levels = at.next(levels)
        dependent = draw(people("QC", with_id=False, relationship="19"))
        base = evolve(base, review=evolve(base.review, levels=levels, dependent=dependent))
        if draw(st.integers(0, 3)) == 0:
            return [evolve(base, dependent_rejections=draw(aaas))]
    return [draw(_event(at, levels, base)) for _ in range(draw(st.integers(1, 2)))]


@st.composite
def _event(draw: st.DrawFn, at: Numbers, above: tuple[str, ...], base: ReviewDecision) -> ReviewDecision:
    levels = at.next(above)
    parties, rejected = draw(named_providers())
    review = evolve(
        base.review,
        levels=levels,
        asked=True,
        category=draw(categories("U")),
        traces=draw(some(traces, 2)),
        diagnoses=draw(some(diagnoses, 4)),
        admission_type=draw(of("", "1")),
        providers=parties,
    )
    stopped = draw(st.booleans())
    services = 0 if stopped else draw(st.integers(0, 2))
    return evolve(
        base,
        review=review,
        event_rejections=draw(aaas) if stopped else (),
        certification=draw(st.none() | certifications),
        quantity=draw(st.none() | quantities),
        periods=draw(decided_periods(("AAH", "435", "102", "036", "007"), ("AAH", "435", "007"))),
        references=draw(references("NT", "BB")),
        attachments=draw(some(attachments, 2)),
        messages=draw(some(words, 1)),
        provider_rejections=rejected,
        own_traces=draw(some(traces, 1)),
        services=tuple(draw(service_decisions(at.next(levels)[-1])) for _ in range(services)),
    )
