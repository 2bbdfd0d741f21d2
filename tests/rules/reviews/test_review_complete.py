"""What a request lacks: a servicing provider, units; and what is asked for after the service."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from tests.rules.reviews.test_review import MRI_HELD, PT26, REVISED
from tests.worlds.payer.review_world import (
    GROUP,
    HMO,
    HOSPITAL,
    IMAGING,
    LAB,
    MEDICARE,
    PCP,
    PPO,
    SPECIALIST,
    TODAY,
    D,
    after,
    by,
    certified,
    decide,
    request,
    service,
)
from x12_payer.authorization.facts import MemberFacts
from x12_payer.edi.messages.common import Party, Period, Quantity, Reference
from x12_payer.edi.messages.services_review import ServicesReview


@pytest.mark.parametrize(
    ("facts", "um", "services", "expected"),
    [
        (HMO, "HS I PT 11", (), "A4 0U"),
        (HMO, "HS I AD 11", (), "A4 0U"),
        (MEDICARE, "HS I AF 11", (), "A4 0U"),
        (MEDICARE, "HS I 42 12", (), "A4 0U"),
        (HMO, "AR I 48 21", (), "A4 0U"),
        (HMO, "AR I 2 21", (service("27447"),), "A4 0U | A4 0U"),
        (PPO, "HS I 62 22", (service("70551"),), "A4 0U | A4 0U"),
        (HMO, "SC I 3 11", (), "A4 0U"),
        (PPO, "HS I PT 11", (), "NA 0H"),
        (PPO, "SC I 3 11", (), "NA 0H"),
    ],
)
def test_a_request_names_who_renders_the_service(
    facts: MemberFacts, um: str, services: tuple[object, ...], expected: str
) -> None:
    sent = request(um, *services, hsd=("VS", 5))  # type: ignore[arg-type]
    outcome = decide(sent, facts)
    assert certified(outcome) == expected
    assert not any(a.status == "approved" or a.units for a in outcome.approvals)


@pytest.mark.parametrize("facts", [HMO, MEDICARE])
def test_an_incomplete_request_uses_no_quota(facts: MemberFacts) -> None:
    asked = evolve(PT26, quantity=Quantity("VS", D(12)))
    first = decide(evolve(asked, providers=()), facts)
    assert certified(first) == "A4 0U"
    assert certified(decide(asked, after(facts, first), tag="2")) == "A1"


NOBODY = by("1999999992")
NAME_ONLY = Party("SJ", "2", "SOME THERAPY")


@pytest.mark.parametrize("party", [NOBODY, NAME_ONLY])
def test_an_unknown_servicing_provider_is_rejected_where_it_is(party: Party) -> None:
    outcome = decide(evolve(PT26, providers=(by(PCP, "DN"), party)), HMO)
    decision = outcome.decision
    assert [[r.reason for r in found] for found in decision.provider_rejections] == [[], ["44"]]
    assert (decision.certification, outcome.approvals, outcome.case) == (None, (), None)
    at_service = request("HS I 62 22", service("70551", providers=(party,)), service("72148"))
    found = decide(evolve(at_service, providers=(by(IMAGING),)), PPO).decision
    assert [[r.reason for r in s] for s in found.services[0].provider_rejections] == [["44"]]
    assert (found.provider_rejections, found.services[1].provider_rejections) == ((), ())
    assert all(s.certification is None for s in found.services)
    assert certified(decide(evolve(PT26, providers=(party,)), PPO)) == "NA 0H"


def test_an_update_that_names_nobody_is_for_the_provider_approved_before() -> None:
    facts = evolve(PPO, approvals=(MRI_HELD,))
    outcome = decide(evolve(REVISED, providers=()), facts)
    assert certified(outcome) == "A6 | A6"
    assert {a.provider_npi for a in outcome.approvals} == {IMAGING}
    therapy = decide(PT26, HMO)
    more = evolve(request("HS 4 PT 11", requester=GROUP, hsd=("VS", 5)), references=(Reference("BB", "AU1"),))
    extended = decide(more, after(HMO, therapy), tag="2")
    assert [(a.status, a.provider_npi) for a in extended.approvals] == [("pended", GROUP)]


def scans(*units: int) -> ServicesReview:
    codes = ("81432", "81433", "81228")
    services = tuple(service(code, n) for code, n in zip(codes, units, strict=False))
    return request("HS I 5 81", *services, requester=SPECIALIST, provider=LAB, hi=("Z803",))


@pytest.mark.parametrize(
    ("units", "expected", "rejected"),
    [
        ((0,), "- | -", ["33"]),
        ((0, 0), "- | - | -", ["33", "33"]),
        ((0, 1), "A1 | - | A1", ["33", ""]),
        ((1, 0, 1), "A4 0V | A1 | - | A4 0V", ["", "33", ""]),
    ],
)
def test_a_service_of_zero_units_is_rejected_alone(
    units: tuple[int, ...], expected: str, rejected: list[str]
) -> None:
    outcome = decide(scans(*units), PPO)
    assert certified(outcome) == expected
    found = ["".join(r.reason for r in s.rejections) for s in outcome.decision.services]
    assert found == rejected
    assert len(outcome.approvals) == sum(1 for n in units if n)
    assert (outcome.case is None) is (not any(units))
    assert outcome.decision.review == scans(*units)


def test_zero_visits_of_an_event_reject_the_event() -> None:
    outcome = decide(evolve(PT26, quantity=Quantity("VS", D(0))), HMO)
    assert [r.reason for r in outcome.decision.event_rejections] == ["33"]
    assert (outcome.approvals, outcome.case) == ((), None)


def test_a_revision_to_zero_units_changes_nothing() -> None:
    facts = evolve(PPO, approvals=(MRI_HELD,))
    outcome = decide(evolve(REVISED, services=(service("72149", 0),)), facts)
    assert (certified(outcome), outcome.approvals) == ("- | -", ())


@pytest.mark.parametrize(
    ("facts", "um", "code", "hi", "provider"),
    [
        (PPO, "HS I 62 22", "70551", "G4489", IMAGING),
        (MEDICARE, "HS I 62 22", "72148", "M5416", IMAGING),
        (PPO, "HS I 73 22", "95806", "G4733", IMAGING),
        (MEDICARE, "HS I 12 12", "E0601", "G4733", HOSPITAL),
        (PPO, "HS I 5 81", "81432", "Z803", LAB),
    ],
)
@pytest.mark.parametrize(("ago", "late"), [(1, True), (0, False), (-1, False)])
def test_a_service_of_the_past_is_not_approved_afterwards(
    facts: MemberFacts, um: str, code: str, hi: str, provider: str, ago: int, late: bool
) -> None:
    day = TODAY - timedelta(days=ago)
    sent = request(
        um, service(code, period=Period("472", day, day)), provider=provider, hi=(hi,), messages=("SEEN",)
    )
    assert certified(decide(sent, facts)) == ("A3 17 | A3 17" if late else "A1 | A1")
    undated = evolve(sent, services=(service(code),))
    assert certified(decide(undated, facts)) == "A1 | A1"
    assert date(2026, 7, 6) == TODAY
