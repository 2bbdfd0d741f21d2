"""What a 271 answers for the plan as a whole: deductible, out-of-pocket maximum, dental maximum, services
outside the network, the primary care provider, another payer."""

from collections.abc import Iterator
from decimal import Decimal

from x12_payer.adjudication.eligibility.coverage import BOTH, IN, OUT, Coverage, Question, asked_service
from x12_payer.adjudication.pricing import cents
from x12_payer.adjudication.records import OtherCoverage
from x12_payer.authorization.plans.plan import cost_share, requirement
from x12_payer.edi.messages.common import Party, Period, Reference
from x12_payer.edi.messages.eligibility import Benefit

CALENDAR_YEAR, REMAINING = "23", "29"  # EB06
PLAN = ("30",)


def plan_statements(coverage: Coverage) -> Iterator[Benefit]:
    """Every statement about the plan as a whole, in the order they are written."""
    yield from deductible(coverage, PLAN)
    yield from _out_of_pocket(coverage)
    yield from _dental_maximum(coverage)
    yield from _outside_the_network(coverage)
    yield from _primary_care(coverage)
    yield from (_other_payer(o) for o in coverage.other)


def deductible(coverage: Coverage, service_types: tuple[str, ...], network: str = "") -> Iterator[Benefit]:
    """EB*C for the year and what is left of it; without `network` for each that the plan covers."""
    plan = coverage.terms
    for eb12 in (network,) if network else _networks(coverage):
        base = plan.deductible
        if eb12 == OUT and plan.out_of_network_deductible is not None:
            base = plan.out_of_network_deductible
        yield from yearly("C", service_types, base, used(coverage, "deductible"), eb12)


def used(coverage: Coverage, accumulator: str) -> Decimal:
    """What the person has used of an accumulator in the year of the day; what was loaded may be finer."""
    return cents(coverage.facts.accumulated(accumulator, coverage.day.year))


def yearly(
    information: str, service_types: tuple[str, ...], base: Decimal, gone: Decimal, network: str
) -> Iterator[Benefit]:
    """An amount of the calendar year (23) and what is left of it (29)."""
    for period, amount in ((CALENDAR_YEAR, base), (REMAINING, max(base - gone, Decimal(0)))):
        yield Benefit(
            information, "IND", service_types, time_period=period, amount=amount, in_network=network
        )


def _networks(coverage: Coverage) -> tuple[str, ...]:
    if not coverage.terms.network:
        return (BOTH,)
    return (IN, OUT) if covers_outside(coverage) else (IN,)


def covers_outside(coverage: Coverage) -> bool:
    """True when the plan pays for ordinary services outside its network."""
    return cost_share(coverage.plan, asked_service(coverage, Question(), inside=False)).covered


def _out_of_pocket(coverage: Coverage) -> Iterator[Benefit]:
    most = coverage.terms.out_of_pocket_max
    if most is not None:
        network = IN if coverage.terms.network else BOTH
        yield from yearly("G", PLAN, most, used(coverage, "out_of_pocket"), network)


def _dental_maximum(coverage: Coverage) -> Iterator[Benefit]:
    """EB*F with the year's maximum (DEN-01, DEN-02)."""
    most = coverage.terms.dental_maximum
    if most is not None:
        yield from yearly("F", ("35",), most, used(coverage, "dental_maximum"), BOTH)


def _outside_the_network(coverage: Coverage) -> Iterator[Benefit]:
    """EB*I for the plan where only emergencies are covered outside its network (GEN-23, GEN-28)."""
    if not coverage.terms.network or covers_outside(coverage) or coverage.terms.dental_maximum is not None:
        return
    need = requirement(coverage.plan, asked_service(coverage, Question(), inside=False))
    messages = tuple(m for m in ("EXCEPT EMERGENCY SERVICES", need.message) if m)
    yield Benefit("I", "IND", PLAN, in_network=OUT, messages=messages)


def _primary_care(coverage: Coverage) -> Iterator[Benefit]:
    """EB*L with the primary care provider of the span (GEN-05)."""
    npi = coverage.span.pcp_npi
    if not npi:
        return
    known = coverage.directory.provider(npi)
    party = Party(
        "P3",
        known.entity_type if known else "1",
        known.name if known else "",
        known.first_name if known else "",
        id_qualifier="XX",
        id=npi,
    )
    yield Benefit("L", "IND", related=(party,))


def _other_payer(other: OtherCoverage) -> Benefit:
    """EB*R with the other payer in 2120 and the policy as REF*IG (CHI-07)."""
    entity = {"primary": "PRP", "secondary": "SEP", "tertiary": "TTP"}.get(other.order.lower(), "PR")
    begin, end = other.effective_date, other.termination_date
    return Benefit(
        "R",
        "IND",
        PLAN,
        periods=(Period("290", begin, end or begin),),
        related=(Party(entity, "2", other.payer_name, id_qualifier="PI", id=other.payer_id),),
        references=(Reference("IG", other.policy_id),) if other.policy_id else (),
    )
