"""A small world to decide 278s in: invented members, providers and approvals, and reviews written short."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import evolve

from x12_payer.authorization.facts import Approval, MemberFacts
from x12_payer.authorization.parties import Contract, Directory, Member, Provider
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.authorization.reviews.engine import (
    Numbers,
    ReviewOutcome,
    decide_review,
    plan_of,
)
from x12_payer.edi.messages.common import (
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    Trace,
)
from x12_payer.edi.messages.services_review import ReviewCategory, ServiceRequest, ServicesReview

NOON = datetime(2026, 7, 6, 12)
TODAY = NOON.date()
D = Decimal
PCP, SPECIALIST, GROUP, THERAPIST, STRANGER = (
    "1911111114",
    "1922222223",
    "1933333332",
    "1944444441",
    "1955555556",
)
LAB, IMAGING, HOSPITAL, CHIRO, HOME = "1966666665", "1977777774", "1988888883", "1900000005", "1200000010"
ORTHODONTIST, DENTIST, OUTSIDE, SPEECH = "1300000019", "1400000018", "1500000017", "1810000012"
ROLES = {
    PCP: "pcp",
    SPECIALIST: "specialist",
    GROUP: "therapy_group",
    THERAPIST: "therapist",
    STRANGER: "therapist",
    LAB: "laboratory",
    IMAGING: "imaging",
    HOSPITAL: "hospital",
    CHIRO: "chiropractor",
    HOME: "home_health",
    ORTHODONTIST: "orthodontist",
    DENTIST: "dentist",
    OUTSIDE: "psychologist",
    SPEECH: "therapy_group",
}
DIRECTORY = Directory(
    providers={npi: Provider(npi, "2", role.upper(), role=role) for npi, role in ROLES.items()},
    contracts={
        (npi, plan): (Contract(npi, plan, date(2020, 1, 1)),)
        for npi in ROLES
        for plan in shipped_plans()
        if npi not in (OUTSIDE, STRANGER)
    },
)


def member(plan: str, birth: date = date(1980, 3, 15), pcp: str = PCP, **more: Any) -> MemberFacts:
    span = Member(
        "A1",
        "A1",
        "18",
        "RIVERA",
        "JANE",
        birth,
        "F",
        plan,
        date(2026, 1, 1),
        pcp_npi=pcp,
        **more,
    )
    return MemberFacts("A1", (span,))


HMO, PPO, MEDICARE, FEP = (member(p) for p in ("BAY-HMO", "BAY-PPO", "MEDICARE-HMO", "FEP-STANDARD"))


def service(code: str = "", units: int | None = 1, **more: Any) -> ServiceRequest:
    qualifier = "AD" if code.startswith("D") else "HC"
    values: dict[str, Any] = {
        "level": "5",
        "procedure": Procedure(qualifier, code) if code else None,
        "segment": "SV1",
        "unit": "UN" if units is not None else "",
        "units": None if units is None else D(units),
    }
    return ServiceRequest(**{**values, **more})


def on(day: date, qualifier: str = "472", end: date | None = None) -> Period:
    return Period(qualifier, day, end or day, "RD8" if end else "D8")


def by(npi: str, entity: str = "SJ") -> Party:
    return Party(entity, "2", "SOMEBODY", id_qualifier="XX", id=npi)


def request(
    um: str,
    *services: ServiceRequest,
    requester: str = PCP,
    provider: str = "",
    entity: str = "SJ",
    hsd: tuple[str, int] | None = None,
    hi: tuple[str, ...] = ("M5450",),
    number: str = "",
    day: date | None = None,
    **more: Any,
) -> ServicesReview:
    """A review from `UM01 UM02 UM03 UM04 [UM06]`, e.g. 'HS I PT 11'."""
    kind, certification, service_type, facility, *urgency = um.split()
    bill = facility.startswith("T")
    values: dict[str, Any] = {
        "levels": ("1", "2", "3", "4"),
        "payer": Party("X3"),
        "requester": by(requester, "1P"),
        "subscriber": Person(Party("IL", "1", "RIVERA", "JANE", id_qualifier="MI", id="A1")),
        "dependent": None,
        "category": ReviewCategory(
            kind, certification, service_type, facility.strip("T"), "A" if bill else "B", *urgency
        ),
        "traces": (Trace("1", "T-1", "9CLEARCO01"),),
        "diagnoses": tuple(Diagnosis("ABK", c) for c in hi),
        "quantity": Quantity(hsd[0], D(hsd[1])) if hsd else None,
        "periods": (on(day, "435" if kind == "AR" else "AAH"),) if day else (),
        "references": (Reference("BB", number),) if number else (),
        "providers": (by(provider, entity),) if provider else (),
        "services": services,
    }
    return ServicesReview(**{**values, **more})


def decide(review: ServicesReview, facts: MemberFacts, at: datetime = NOON, tag: str = "1") -> ReviewOutcome:
    plan = plan_of(review, facts, shipped_plans(), at)
    return decide_review(review, facts, plan, DIRECTORY, Numbers(f"AU{tag}", f"CASE{tag}"), at)


def certified(outcome: ReviewOutcome) -> str:
    """HCR of the event, then of its services: 'A2 | A1 A3 0V'."""
    decision = outcome.decision
    parts = [decision.certification, *(s.certification for s in decision.services)]
    return " | ".join(f"{c.action} {c.reason}".strip() if c else "-" for c in parts)


def after(facts: MemberFacts, *outcomes: ReviewOutcome) -> MemberFacts:
    """The facts the next request sees."""
    for outcome in outcomes:
        rows = {a.key: a for a in facts.approvals} | {a.key: a for a in outcome.approvals}
        cases = {c.case_number: c for c in facts.cases}
        if outcome.case:
            cases[outcome.case.case_number] = outcome.case
        facts = evolve(facts, approvals=tuple(rows.values()), cases=tuple(cases.values()))
    return facts


def dates(outcome: ReviewOutcome) -> Mapping[str, date]:
    return {p.qualifier: p.begin for p in outcome.decision.periods}


def loaded(number: str, service_type: str, provider: str, **more: Any) -> Approval:
    values: dict[str, Any] = {
        "key": number,
        "number": number,
        "member_id": "A1",
        "kind": "authorization",
        "status": "approved",
        "service_type": service_type,
        "requester_npi": PCP,
        "provider_npi": provider,
    }
    return Approval(**{**values, **more})
