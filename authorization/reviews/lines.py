"""What a 278 asks for, line by line, and the dates and providers it names (guide X217, 2000E and 2000F)."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import evolve

from x12_payer.authorization.duplicates import Item, Whole
from x12_payer.authorization.parties import Member
from x12_payer.authorization.plans.plan import category, in_network, requirement, service_type
from x12_payer.authorization.reviews.quantity import whole_quantity
from x12_payer.authorization.reviews.values import ADMISSION, REFERRAL, THERAPIES, Asked, Context, Line
from x12_payer.authorization.services import Encounter, Service
from x12_payer.authorization.settings import Rendered, bill_type, diagnosis_codes, encounter
from x12_payer.edi.messages.common import Party, Period, Procedure
from x12_payer.edi.messages.services_review import ReviewCategory, ServiceRequest, ServicesReview

_SERVICING = ("SJ", "1T", "FA", "71", "72", "77", "AAJ")  # NM101 of who does it, the first found counts
_SERVICING_A_STAY = ("FA", "SJ", "71")
_BY_VISIT = (*THERAPIES, "chiropractic", "home_health", "partial_hospitalization", "referral")
_EVENT_DATES = ("AAH", "435", "472", "096")


def event_period(review: ServicesReview) -> Period | None:
    """The event's own date: event, admission or service date."""
    return next((p for q in _EVENT_DATES if (p := review.period(q))), None)


def review_days(review: ServicesReview, as_of: datetime) -> tuple[date, ...]:
    """Every day the request speaks of, the event's first; the day of receipt when it names none."""
    own = event_period(review)
    found = [own] if own else []
    found += [s.period for s in review.services if s.period]
    return tuple(p.begin for p in found) or (as_of.date(),)


def asked_lines(review: ServicesReview) -> tuple[Asked, ...]:
    """The lines of a request: its services, else the event; an admission is a line of its own before them."""
    services = tuple(_of_service(review, s, n) for n, s in enumerate(review.services, 1))
    if review.category.request_category == ADMISSION or not services:
        return (_of_event(review), *services)
    return services


def _of_event(review: ServicesReview) -> Asked:
    stay = review.category.request_category == ADMISSION
    period, quantity = event_period(review), review.quantity
    return Asked(
        ordinal=0,
        request=None,
        service_type=review.category.service_type,
        code="",
        code_to="",
        modifiers=(),
        unit=quantity.unit if quantity else "DY" if stay else "",
        units=whole_quantity(quantity) if quantity else None,
        begin=period.begin if period else None,
        end=period.end if period else None,
        provider_npi=_npi(servicing(review.providers, _SERVICING_A_STAY if stay else _SERVICING)),
        documented=_is_documented(review, review.services),
        attached=_attached(review, review.services),
        stay=stay,
    )


def _of_service(review: ServicesReview, request: ServiceRequest, ordinal: int) -> Asked:
    procedure = request.procedure or Procedure()
    period = request.period or event_period(review)
    own = request.category
    asked = Asked(
        ordinal=ordinal,
        request=request,
        service_type=(own.service_type if own else "") or review.category.service_type,
        code=procedure.code,
        code_to=procedure.code_to,
        modifiers=procedure.modifiers,
        unit="UN",
        units=request.units,
        begin=period.begin if period else None,
        end=period.end if period else None,
        provider_npi="",
        documented=_is_documented(review, (request,)),
        attached=_attached(review, (request,)),
    )
    kind = category(_service(review, asked))
    return evolve(_counted(review, asked, kind), provider_npi=_npi(_who_serves(review, request, kind)))


def _is_documented(review: ServicesReview, services: Iterable[ServiceRequest]) -> bool:
    """A PWK or MSG came, with the event or with one of these services."""
    with_event = bool(review.attachments or review.messages)
    return with_event or any(s.attachments or s.messages for s in services)


def _attached(review: ServicesReview, services: Iterable[ServiceRequest]) -> frozenset[str]:
    """PWK01 of what came with the event or with one of these services."""
    sent = (review.attachments, *(s.attachments for s in services))
    return frozenset(attachment.type for some in sent for attachment in some)


def _counted(review: ServicesReview, asked: Asked, kind: str) -> Asked:
    """With its quantity: HSD of the service; for what is approved in visits the HSD of the event, when it is
    no stay's; the units of SV1, SV2, SV3; else that HSD."""
    own = asked.request.quantity if asked.request else None
    if own:
        return evolve(asked, unit=own.unit, units=whole_quantity(own))
    of_event = review.quantity if review.category.request_category != ADMISSION else None
    if of_event and (kind in _BY_VISIT or asked.units is None):
        return evolve(asked, unit=of_event.unit, units=whole_quantity(of_event), from_event=True)
    return asked


def _who_serves(review: ServicesReview, request: ServiceRequest, kind: str) -> Party | None:
    """2010F, else 2010EA. Therapy is approved for the group of 2010EA (PTO-11)."""
    own = request.providers
    event = servicing(review.providers, _SERVICING)
    group_first = kind in THERAPIES
    return (event if group_first else None) or servicing(own, _SERVICING) or event


def servicing(parties: Iterable[Party], entities: tuple[str, ...] = _SERVICING) -> Party | None:
    """The party that would do it, by the order of the entity codes."""
    found = list(parties)
    return next((p for e in entities for p in found if p.entity == e), None)


def _npi(party: Party | None) -> str:
    return party.npi if party else ""


def servicing_parties(review: ServicesReview, asked: Asked) -> tuple[Party, ...]:
    """Everybody named to do it, with the service or with the event."""
    own = asked.request.providers if asked.request else ()
    return tuple(p for p in (*own, *review.providers) if is_servicing(p))


def is_servicing(party: Party) -> bool:
    """True for somebody named to render a service or a stay."""
    return party.entity in _SERVICING


def _service(review: ServicesReview, asked: Asked, day: date = date.min) -> Service:
    """The line as the classification knows it: nothing yet about the person or the network."""
    place = _facility(review.category, asked.request)
    is_bill = place.facility_qualifier == "A"
    request_category = review.category.request_category
    return Service(
        day=asked.begin or day,
        service_type=asked.service_type,
        code=asked.code,
        modifiers=asked.modifiers,
        revenue_code=asked.request.revenue_code if asked.request else "",
        place_of_service="" if is_bill else place.facility_code,
        type_of_bill=bill_type(place.facility_code) if is_bill else "",
        diagnoses=diagnosis_codes([d.code for d in review.diagnoses]),
        request_category=request_category if request_category == REFERRAL or asked.stay else "",
        encounter=_encounter(review),
    )


def _encounter(review: ServicesReview) -> Encounter:
    """What the request as a whole says of the setting of its services."""
    event, own = event_period(review), review.services
    lines = [
        Rendered(
            period.begin if (period := s.period or event) else None,
            s.procedure.code if s.procedure else "",
            s.revenue_code,
        )
        for s in own
    ]
    return encounter(
        lines,
        level_of_service=review.category.level_of_service,
        admission_type=review.admission_type,
        admission=review.category.request_category == ADMISSION,
    )


def _facility(event: ReviewCategory, request: ServiceRequest | None) -> ReviewCategory:
    own = request.category if request else None
    return own if own and own.facility_code else event


def lines_of(context: Context) -> tuple[Line, ...]:
    """The lines with what the plan asks of them."""
    return tuple(_line(context, asked) for asked in asked_lines(context.review))


def _line(context: Context, asked: Asked) -> Line:
    service = _service(context.review, asked, context.today)
    provider = context.directory.provider(asked.provider_npi)
    party = next((p for p in servicing_parties(context.review, asked) if p.npi == asked.provider_npi), None)
    known = evolve(
        service,
        provider_npi=asked.provider_npi,
        provider_role=provider.role if provider else "",
        provider_taxonomy=provider.taxonomy if provider else party.taxonomy if party else "",
        in_network=in_network(context.plan, context.directory, asked.provider_npi, service.day),
        age=age_on(context.span, service.day),
    )
    return Line(
        asked=asked,
        service=known,
        requirement=requirement(context.plan, known),
        service_type=asked.service_type
        if service.request_category == REFERRAL
        else service_type(known) or asked.service_type,
        begin=service.day,
    )


def age_on(span: Member, day: date) -> int:
    """Completed years on the day."""
    birth = span.birth_date
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def kind_of(review: ServicesReview) -> str:
    """The kind of approval the request is for."""
    return "referral" if review.category.request_category == REFERRAL else "authorization"


def asked_whole(review: ServicesReview, received: date) -> Whole:
    """The request as `authorization/duplicates.py` compares it, one without a date as of the day it came."""
    return Whole(tuple(_item(review, asked, received) for asked in asked_lines(review)), kind=kind_of(review))


def _item(review: ServicesReview, asked: Asked, received: date) -> Item:
    sent = asked.request
    teeth = ((sent.tooth, sent.surfaces), *sent.more_teeth) if sent else ()
    sites = tuple(site for tooth, surfaces in teeth for site in (tooth, *surfaces) if site)
    return Item(
        npi=asked.provider_npi,
        code=asked.code,
        code_to=asked.code_to,
        modifiers=asked.modifiers,
        begin=asked.begin or received,
        end=asked.end or received,
        service_type=_type_asked(review, asked, received),
        revenue_code=sent.revenue_code if sent else "",
        sites=(*sites, *(sent.oral_cavity if sent else ())),
    )


def _type_asked(review: ServicesReview, asked: Asked, received: date) -> str:
    """The service type as it was sent. Only a code's own comes first: therapy is the same under PT and 1.
    What kinds of stay or referral have in common (48, 3) makes no two of them the same."""
    if not asked.code or kind_of(review) == "referral":
        return asked.service_type
    return service_type(_service(review, asked, received)) or asked.service_type


def directory_npis(review: ServicesReview) -> frozenset[str]:
    """Every NPI a decision on the request looks up: requester and whoever would do it."""
    parties = (review.requester, *review.providers, *(p for s in review.services for p in s.providers))
    return frozenset(p.npi for p in parties if p.npi)
