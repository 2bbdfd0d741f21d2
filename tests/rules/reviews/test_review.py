"""278: requests, updates, inquiries, notices decided. Scenarios A01 to A35 as values, and neighbours."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.review_world import (
    CHIRO,
    DENTIST,
    DIRECTORY,
    FEP,
    GROUP,
    HMO,
    HOME,
    HOSPITAL,
    IMAGING,
    LAB,
    MEDICARE,
    NOON,
    ORTHODONTIST,
    OUTSIDE,
    PCP,
    PPO,
    SPECIALIST,
    SPEECH,
    STRANGER,
    THERAPIST,
    TODAY,
    D,
    after,
    by,
    certified,
    dates,
    decide,
    loaded,
    member,
    on,
    request,
    service,
)
from x12_payer.authorization.duplicates import request_key
from x12_payer.authorization.facts import AccumulatorUse, Approval, MemberFacts
from x12_payer.authorization.lists import table
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.authorization.reviews.answer import event_action
from x12_payer.authorization.reviews.engine import (
    Numbers,
    ReviewOutcome,
    answer_inquiry,
    directory_npis,
    plan_of,
    receive_notification,
)
from x12_payer.authorization.reviews.lines import asked_lines, asked_whole
from x12_payer.edi.messages.common import (
    Attachment,
    Diagnosis,
    Party,
    Person,
    Procedure,
    Quantity,
    Reference,
    Trace,
)
from x12_payer.edi.messages.services_review import ReviewCategory, ServiceRequest, ServicesReview
from x12_payer.edi.tables import reasons

PT26 = request("HS I PT 11", provider=GROUP, hsd=("VS", 26))


def test_therapy_is_approved_to_the_end_of_the_year() -> None:
    outcome = decide(PT26, HMO)
    assert certified(outcome) == "A1"
    assert outcome.decision.certification is not None
    assert outcome.decision.certification.number == "AU1"
    assert dates(outcome) == {"102": TODAY, "007": TODAY, "036": date(2026, 12, 31)}
    (row,) = outcome.approvals
    assert (row.key, row.number, row.status, row.kind) == ("AU1/0", "AU1", "approved", "authorization")
    assert (row.service_type, row.provider_npi, row.unit, row.units) == ("PT", GROUP, "VS", 26)
    assert (row.effective_date, row.expiration_date, row.trace) == (TODAY, date(2026, 12, 31), "T-1")
    assert outcome.case is not None
    assert (outcome.case.case_number, outcome.case.status) == ("CASE1", "approved")
    assert not outcome.decision.pended


@pytest.mark.parametrize(
    ("facts", "requester", "um", "expected"),
    [
        (HMO, PCP, "HS I PT 11", "A1"),
        (HMO, SPECIALIST, "HS I PT 11", "A3 0D"),
        (HMO, GROUP, "HS I PT 11", "A3 0D"),
        (MEDICARE, PCP, "HS I PT 11", "A1"),
        (MEDICARE, SPECIALIST, "HS I PT 11", "A3 0E"),
        (MEDICARE, SPECIALIST, "HS I AF 11", "A3 0D"),
        (HMO, SPECIALIST, "SC I 3 11", "A3 0E"),
        (HMO, PCP, "SC I 3 11", "A1"),
        (PPO, SPECIALIST, "HS I PT 11", "NA 0H"),
        (PPO, PCP, "SC I 3 11", "NA 0H"),
        (FEP, GROUP, "HS I PT 11", "NA 0H"),
        (member("BAY-INDEMNITY"), SPECIALIST, "HS I AD 11", "NA 0H"),
        (member("BAY-HMO", pcp=""), PCP, "HS I PT 11", "A1"),
        (member("BAY-HMO", pcp=HOSPITAL), PCP, "HS I PT 11", "A3 0D"),
    ],
)
def test_who_may_request(facts: MemberFacts, requester: str, um: str, expected: str) -> None:
    outcome = decide(request(um, requester=requester, provider=GROUP, hsd=("VS", 8)), facts)
    assert certified(outcome) == expected
    assert bool(outcome.decision.messages) is (expected not in ("A1",))


def test_a_referral_makes_a_requester_while_it_is_open() -> None:
    asked = request("HS I PT 11", requester=SPECIALIST, provider=GROUP, hsd=("VS", 8))
    period = on(TODAY, "AAH", date(2026, 10, 5))
    sent = request("SC I 3 11", provider=SPECIALIST, hsd=("VS", 3), periods=(period,))
    referral = decide(sent, HMO, tag="R")
    assert certified(referral) == "A1"
    assert [(a.kind, a.units, a.expiration_date) for a in referral.approvals] == [
        ("referral", 3, date(2026, 10, 5))
    ]
    facts = after(HMO, referral)
    assert certified(decide(asked, facts, datetime(2026, 10, 5, 9))) == "A1"
    assert certified(decide(asked, facts, datetime(2026, 10, 6, 9))) == "A3 0D"
    assert certified(decide(evolve(asked, requester=by(CHIRO, "1P")), facts)) == "A3 0D"


def test_a_referral_lasts_a_year_at_most() -> None:
    period = on(TODAY, "AAH", date(2028, 7, 1))
    sent = request("SC I 3 11", provider=SPECIALIST, hsd=("VS", 3), periods=(period,))
    outcome = decide(sent, HMO)
    assert outcome.approvals[0].expiration_date == date(2027, 7, 5)
    assert [p.end for p in outcome.decision.periods if p.qualifier == "AAH"] == [date(2027, 7, 5)]


@pytest.mark.parametrize(
    ("held", "asked", "expected", "granted"),
    [
        ([], 26, "A1", 26),
        ([], 30, "A6", 26),
        ([10], 26, "A6", 16),
        ([10], 16, "A1", 16),
        ([26], 8, "A3 04", None),
        ([10, 16], 1, "A3 04", None),
    ],
)
def test_quota_of_the_year(held: list[int], asked: int, expected: str, granted: int | None) -> None:
    rows = tuple(
        loaded(
            f"P{n}",
            "PT",
            GROUP,
            unit="VS",
            units=D(units),
            effective_date=date(2026, 3, 2),
            expiration_date=date(2026, 12, 31),
        )
        for n, units in enumerate(held)
    )
    outcome = decide(
        request("HS I PT 11", provider=GROUP, hsd=("VS", asked), day=TODAY), evolve(HMO, approvals=rows)
    )
    assert certified(outcome) == expected
    if granted is None:
        assert outcome.decision.messages
        assert not outcome.decision.periods
    else:
        assert outcome.approvals[0].units == granted
        quantity = outcome.decision.quantity or outcome.decision.review.quantity
        assert quantity is not None
        assert quantity.value == granted


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"provider_npi": SPEECH}, "A1"),  # the quota is by provider
        ({"service_type": "AD"}, "A1"),  # OT has its own
        ({"effective_date": date(2025, 3, 2)}, "A1"),  # of another year
        ({"status": "cancelled"}, "A1"),
        ({"status": "denied"}, "A1"),
        ({"extension": True}, "A1"),  # outside the initial quota
        ({"kind": "referral"}, "A1"),
        ({"status": "pended"}, "A3 04"),  # open ones count
        ({}, "A3 04"),
    ],
)
def test_what_counts_towards_the_quota(change: dict[str, Any], expected: str) -> None:
    held = loaded("P", "PT", GROUP, unit="VS", units=D(26), effective_date=date(2026, 3, 2))
    facts = evolve(HMO, approvals=(evolve(held, **change),))
    assert certified(decide(PT26, facts)) == expected


def test_a_later_approval_keeps_the_end_of_the_period() -> None:
    first = decide(request("HS I PT 11", provider=GROUP, hsd=("VS", 4)), MEDICARE, tag="1")
    assert dates(first)["036"] == date(2027, 7, 5)
    asked = request("HS I PT 11", provider=GROUP, hsd=("VS", 20), day=date(2026, 9, 1))
    later = decide(asked, after(MEDICARE, first), datetime(2026, 9, 1, 9), "2")
    assert (certified(later), later.approvals[0].units, dates(later)["036"]) == ("A6", 8, date(2027, 7, 5))
    new = decide(
        evolve(asked, periods=(on(date(2027, 7, 6), "AAH"),)), after(member_long(), first), NOON, "3"
    )
    assert (certified(new), new.approvals[0].units) == ("A6", 12)


def member_long() -> MemberFacts:
    return MEDICARE


def test_benefit_limit_cuts_then_refuses() -> None:
    def used(visits: int) -> MemberFacts:
        return evolve(HMO, accumulators=(AccumulatorUse("visits:PT-OT", 2026, D(visits)),))

    assert certified(decide(PT26, used(34))) == "A1"
    cut = decide(PT26, used(50))
    assert (certified(cut), cut.approvals[0].units) == ("A6", 10)
    assert certified(decide(PT26, used(60))) == "A3 0L"
    none_needed = evolve(member("BAY-PPO"), accumulators=(AccumulatorUse("visits:PT-OT", 2026, D(60)),))
    assert certified(decide(PT26, none_needed)) == "A3 0L"
    assert certified(decide(evolve(PT26, periods=(on(date(2027, 1, 4), "AAH"),)), used(60))) == "A1"


MRI = request(
    "HS I 62 22",
    service("70551", period=on(date(2026, 7, 20))),
    requester=SPECIALIST,
    provider=IMAGING,
    hi=("G4489",),
)
WITH_RECORDS: dict[str, Any] = {"attachments": (Attachment("77", "FX", "ATT-1"),)}


def test_imaging_without_records_pends_and_names_them() -> None:
    outcome = decide(MRI, PPO)
    assert certified(outcome) == "A4 0U | A4 0U"
    decision = outcome.decision
    assert decision.pended
    assert decision.references == (Reference("NT", "CASE1"),)
    assert [a.type for a in decision.attachments] == ["77", "RR"]
    assert decision.messages
    assert not decision.periods
    (row,) = outcome.approvals
    assert (row.status, row.number, row.case_number, row.reason) == ("pended", "CASE1", "CASE1", "0U")
    assert outcome.case is not None
    assert (outcome.case.status, outcome.case.due) == ("pended", "2026-07-13T12:00:00")


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (evolve(MRI, **WITH_RECORDS), "A1 | A1"),
        (evolve(MRI, messages=("SEEN BY NEUROLOGY",)), "A1 | A1"),
        (evolve(MRI, services=(evolve(MRI.services[0], **WITH_RECORDS),)), "A1 | A1"),
        (evolve(MRI, diagnoses=(Diagnosis("ABK", "I10"),), **WITH_RECORDS), "A4 0V | A4 0V"),
        (evolve(MRI, diagnoses=(Diagnosis("ABK", "I10"),)), "A4 0U | A4 0U"),
        (evolve(MRI, services=(service("70450"),), **WITH_RECORDS), "A4 0V | A4 0V"),
        (evolve(MRI, category=evolve(MRI.category, facility_code="23")), "NA 0H | NA 0H"),
        (evolve(MRI, category=evolve(MRI.category, level_of_service="03")), "NA 0H | NA 0H"),
        (evolve(MRI, category=evolve(MRI.category, facility_code="24")), "NA 0H | NA 0H"),
        (evolve(MRI, category=evolve(MRI.category, request_category="IN")), "-"),
    ],
)
def test_imaging(review: ServicesReview, expected: str) -> None:
    assert certified(decide(review, PPO)) == expected


def test_imaging_holds_sixty_days_from_issue() -> None:
    outcome = decide(evolve(MRI, **WITH_RECORDS), PPO)
    assert dates(outcome) == {"102": TODAY, "007": TODAY, "036": date(2026, 9, 4)}
    assert (outcome.approvals[0].code, outcome.approvals[0].units) == ("70551", 1)


@pytest.mark.parametrize(("urgency", "hours"), [("", 168), ("U", 72), ("03", 72), ("E", 168)])
def test_clock(urgency: str, hours: int) -> None:
    sleep = request(f"HS I 12 12 {urgency}", service("E0601"), provider=LAB, hi=("R0683",))
    case = decide(sleep, PPO).case
    assert case is not None
    assert datetime.fromisoformat(case.due) - NOON == timedelta(hours=hours)


def genes(*tests: tuple[str, int], day: date = date(2026, 7, 8)) -> ServicesReview:
    return request(
        "HS I 5 81",
        *(service(code, units, period=on(day)) for code, units in tests),
        requester=SPECIALIST,
        provider=LAB,
        hi=("Z803",),
    )


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([("81432", 1)], "A1 | A1"),
        ([("81433", 2)], "A6 | A6"),
        ([("81432", 1), ("81433", 2)], "A6 | A1 | A6"),
        ([("81432", 1), ("81433", 2), ("81228", 1)], "A4 0V | A1 | A6 | A4 0V"),
        ([("81432", 1), ("90837", 1)], "A1 | A1 | NA 0H"),
        ([("81432", 1), ("H0036", 1)], "A2 | A1 | A3 0Y"),
        ([("90837", 1), ("H0036", 1)], "A3 0Y | NA 0H | A3 0Y"),
    ],
)
def test_event_against_services(tests: list[tuple[str, int]], expected: str) -> None:
    outcome = decide(genes(*tests), PPO)
    assert certified(outcome) == expected
    assert outcome.decision.pended is expected.startswith("A4")


def test_units_cut_are_at_the_service() -> None:
    outcome = decide(genes(("81432", 1), ("81433", 2)), PPO)
    assert [s.units for s in outcome.decision.services] == [None, 1]
    assert [(a.code, a.units, a.key) for a in outcome.approvals] == [
        ("81432", 1, "AU1/1"),
        ("81433", 1, "AU1/2"),
    ]


def test_rows_of_mixed_answers() -> None:
    outcome = decide(genes(("81432", 1), ("81228", 1)), PPO)
    assert [(a.code, a.status, a.number) for a in outcome.approvals] == [
        ("81432", "approved", "AU1"),
        ("81228", "pended", "CASE1"),
    ]


def test_units_of_a_test_are_its_own_visits_are_the_events() -> None:
    tests = evolve(genes(("81433", 2)), quantity=Quantity("VS", D(1)))
    assert [(a.unit, a.units) for a in decide(tests, PPO).approvals] == [("UN", 1)]
    therapy = request("HS I PT 11", service("97110", 90), provider=GROUP, hsd=("VS", 30))
    outcome = decide(therapy, HMO)
    assert [(a.code, a.unit, a.units) for a in outcome.approvals] == [("97110", "VS", 26)]
    assert certified(outcome) == "A6 | A6"
    assert outcome.decision.quantity is not None
    assert outcome.decision.quantity.value == 26


def test_a_knee_asked_in_days_outside_an_admission() -> None:
    knee = service("27447", None, quantity=Quantity("DY", D(7)))
    sent = request("HS I 2 21", knee, provider=HOSPITAL, hi=("M1711",))
    outcome = decide(sent, HMO)
    assert (certified(outcome), outcome.approvals[0].units) == ("A6 | A6", 5)


@pytest.mark.parametrize(
    ("change", "expected"),
    [({}, "A4 0U | A4 0U"), (WITH_RECORDS, "A4 0V | A4 0V")],
)
def test_supplies_are_renewed_with_records_of_their_use(change: dict[str, Any], expected: str) -> None:
    sent = request("HS R 12 12", service("A7030"), provider=LAB, hi=("G4733",))
    assert certified(decide(evolve(sent, **change), PPO)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(TODAY, "A1 | A1"), (TODAY - timedelta(1), "A3 17 | A3 17"), (TODAY + timedelta(1), "A1 | A1")],
)
def test_a_genetic_test_is_asked_for_before_it(day: date, expected: str) -> None:
    assert certified(decide(genes(("81432", 1), day=day), PPO)) == expected


@given(st.lists(st.sampled_from(["A1", "A3", "A4", "A6", "NA", "CT"]), min_size=1, max_size=6))
def test_event_action_follows_its_services(actions: list[str]) -> None:
    event = event_action(actions)
    assert (event == "A4") == ("A4" in actions)
    if event == "A2":
        assert "A3" in actions
        assert {"A1", "A6"} & set(actions)
    elif event != "A4":
        assert event in actions
    assert event_action(actions[::-1]) == event


KNEE = request(
    "AR I 2 21",
    service(
        "27447", None, category=ReviewCategory("HS", "I", "2"), segment="SV2", providers=(by(SPECIALIST),)
    ),
    provider=HOSPITAL,
    entity="FA",
    hsd=("DY", 7),
    hi=("M1711",),
    day=date(2026, 7, 15),
    admission_type="3",
)


@pytest.mark.parametrize(
    ("days", "hi", "expected", "granted"),
    [
        (7, "M1711", "A6 | A1", 5),
        (5, "M1711", "A1 | A1", 5),
        (4, "M1711", "A1 | A1", 4),
        (7, "S72001A", "A4 0V | A4 0V", None),
        (None, "M1711", "A1 | A1", 5),
    ],
)
def test_days_of_an_admission(days: int | None, hi: str, expected: str, granted: int | None) -> None:
    quantity = Quantity("DY", D(days)) if days else None
    outcome = decide(evolve(KNEE, quantity=quantity, diagnoses=(Diagnosis("ABK", hi),)), HMO)
    assert certified(outcome) == expected
    stay, surgery = outcome.approvals
    assert (stay.service_type, stay.code, stay.provider_npi, stay.unit) == ("48", "", HOSPITAL, "DY")
    assert (surgery.code, surgery.provider_npi, surgery.unit) == ("27447", SPECIALIST, "UN")
    if granted:
        assert outcome.decision.quantity is not None
        assert (stay.units, outcome.decision.quantity.value) == (granted, granted)
        assert (stay.effective_date, surgery.expiration_date) == (date(2026, 7, 15), date(2026, 10, 4))


def test_an_admission_without_criteria_is_reviewed() -> None:
    medical = request(
        "AR I 1 21",
        provider=HOSPITAL,
        entity="FA",
        hsd=("DY", 3),
        hi=("J189",),
        day=TODAY,
        requester=HOSPITAL,
    )
    assert certified(decide(medical, HMO)) == "A4 0V"


def test_fep_precertification_after_admission_is_still_reviewed() -> None:
    late = evolve(KNEE, periods=(on(date(2026, 7, 3), "435"),), quantity=Quantity("DY", D(4)))
    outcome = decide(late, FEP)
    assert certified(outcome) == "A1 | A1"
    assert (outcome.approvals[0].issued_date, outcome.approvals[0].effective_date) == (
        TODAY,
        date(2026, 7, 3),
    )


@pytest.mark.parametrize(("admitted", "expected"), [(TODAY, "A4 0U"), (TODAY - timedelta(1), "A3 17")])
def test_fep_residential_is_certified_before_admission(admitted: date, expected: str) -> None:
    stay = request("AR I RT 56", provider=HOSPITAL, entity="FA", hsd=("DY", 20), hi=("F329",), day=admitted)
    assert certified(decide(stay, FEP)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (member("BAY-PPO"), "CT 0J | CT 0J"),
        (member("MEDICARE-PPO"), "CT 0J | CT 0J"),
        (member("BAY-INDEMNITY"), "NA 0H | NA 0H"),
        (member("FEP-BASIC"), "NA 0H | NA 0H"),
    ],
)
def test_oncology_is_delegated(facts: MemberFacts, expected: str) -> None:
    outcome = decide(request("HS I ON 11", service("77385", 25), provider=SPECIALIST, hi=("C50911",)), facts)
    assert certified(outcome) == expected
    assert outcome.approvals == ()
    contact = outcome.decision.contact
    assert (contact is not None) is expected.startswith("CT")
    if contact:
        assert contact.name
        assert contact.numbers[0][0] == "TE"


@pytest.mark.parametrize(
    ("um", "code", "facts", "expected"),
    [
        ("HS I 62 12", "95806", HMO, "A1 | A1"),
        ("HS I 12 12", "E0601", PPO, "A1 | A1"),
        ("HS I 62 12", "95806", FEP, "NA 0H | NA 0H"),
        ("HS I 62 22", "95810", FEP, "A1 | A1"),
        ("HS I A6 11", "90837", HMO, "NA 0H | NA 0H"),
        ("HS I MH 11", "H0036", FEP, "A3 0M | A3 0M"),
        ("HS I 61 11", "58970", HMO, "A4 0V | A4 0V"),
        ("HS I 4 11", "99213", member("BAY-DENTAL"), "A3 0M | A3 0M"),
    ],
)
def test_by_plan(um: str, code: str, facts: MemberFacts, expected: str) -> None:
    assert certified(decide(request(um, service(code), provider=LAB, hi=("G4733",)), facts)) == expected


@pytest.mark.parametrize(
    ("plan", "provider", "expected"),
    [
        ("BAY-HMO", HOME, "NA 0H"),
        ("BAY-HMO", OUTSIDE, "A4 0V"),
        ("BAY-EPO", OUTSIDE, "A4 0V"),
        ("BAY-PPO", OUTSIDE, "NA 0H"),
        ("BAY-POS", OUTSIDE, "NA 0H"),
        ("MEDICARE-PPO", HOME, "NA 0H"),
        ("MEDICARE-HMO", HOME, "A1"),
        ("FEP-BASIC", HOME, "NA 0H"),
        ("FEP-BASIC", OUTSIDE, "A3 09"),
        ("MEDICARE-HMO", OUTSIDE, "A4 0V"),
    ],
)
def test_home_health_by_plan_and_network(plan: str, provider: str, expected: str) -> None:
    asked = request("HS I 42 12", provider=provider, hsd=("VS", 12), hi=("I509",))
    assert certified(decide(asked, member(plan))) == expected


@pytest.mark.parametrize(("urgency", "expected"), [("", "A3 09 | A3 09"), ("03", "A1 | A1")])
def test_fep_basic_pays_its_network_only(urgency: str, expected: str) -> None:
    sleep = request(f"HS I 62 22 {urgency}", service("95810"), provider=OUTSIDE, hi=("G4733",))
    assert certified(decide(sleep, member("FEP-BASIC"))) == expected
    assert certified(decide(sleep, FEP)) == "A1 | A1"


def test_a_vendor_decides_out_of_network_too() -> None:
    radiation = request("HS I ON 11", service("77385", 25), provider=OUTSIDE, hi=("C50911",))
    assert certified(decide(radiation, HMO)) == "CT 0J | CT 0J"


GIVEN_OUT = evolve(
    HMO,
    approvals=(loaded("AU9", "PT", GROUP, unit="VS", units=D(26), effective_date=date(2026, 2, 2)),),
)


@pytest.mark.parametrize(
    ("facts", "requester", "code", "visits", "documented", "expected"),
    [
        (GIVEN_OUT, PCP, "97161", 1, False, "A1 | A1"),
        (GIVEN_OUT, PCP, "97161", 4, False, "A6 | A6"),
        (GIVEN_OUT, PCP, "97164", 1, False, "A3 04 | A3 04"),  # no first evaluation
        (GIVEN_OUT, GROUP, "97162", 1, True, "A1 | A1"),  # with a prescription
        (GIVEN_OUT, GROUP, "97162", 1, False, "A3 0D | A3 0D"),
        (GIVEN_OUT, CHIRO, "97162", 1, True, "A3 0D | A3 0D"),
        (HMO, GROUP, "97161", 1, True, "A3 0D | A3 0D"),  # the first visits are not given out yet
    ],
)
def test_a_new_episode_is_evaluated_beyond_the_quota(
    facts: MemberFacts, requester: str, code: str, visits: int, documented: bool, expected: str
) -> None:
    asked = request(
        "HS I PT 11",
        service(code, None),
        requester=requester,
        provider=GROUP,
        hsd=("VS", visits),
        **(WITH_RECORDS if documented else {}),
    )
    outcome = decide(asked, facts)
    assert certified(outcome) == expected
    assert [a.units for a in outcome.approvals if a.status == "approved"] in ([], [D(1)])


def test_out_of_network_on_an_hmo_is_reviewed_whatever_it_is() -> None:
    talk = request("HS I A6 11", service("90837", 10), provider=OUTSIDE, hi=("F411",))
    assert certified(decide(talk, HMO)) == "A4 0V | A4 0V"
    emergency = evolve(talk, category=evolve(talk.category, facility_code="23"))
    assert certified(decide(emergency, HMO)) == "NA 0H | NA 0H"


@pytest.mark.parametrize(
    ("plan", "event", "therapist", "expected"),
    [
        ("BAY-HMO", GROUP, STRANGER, "A3 09 | A3 09"),
        ("BAY-HMO", GROUP, THERAPIST, "A1 | A1"),
        ("BAY-HMO", "", STRANGER, "A3 09 | A3 09"),
        ("BAY-POS", GROUP, STRANGER, "A3 09 | A3 09"),
        ("BAY-POS", "", STRANGER, "NA 0H | NA 0H"),
        ("MEDICARE-HMO", GROUP, STRANGER, "A3 09 | A3 09"),
        ("BAY-PPO", GROUP, STRANGER, "NA 0H | NA 0H"),
    ],
)
def test_therapist_without_contract(plan: str, event: str, therapist: str, expected: str) -> None:
    line = service("97110", None, providers=(by(therapist),))
    outcome = decide(request("HS I PT 11", line, provider=event, hsd=("VS", 6)), member(plan))
    assert certified(outcome) == expected
    if expected == "A1 | A1":
        assert outcome.approvals[0].provider_npi == GROUP


GLOBAL = request("HS I 42 12", provider=HOME, hsd=("DY", 40), hi=("I509",))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 8, 3, 9), "A3 04"),
        (datetime(2026, 9, 3, 9), "A3 04"),
        (datetime(2026, 9, 4, 9), "A1"),
    ],
)
def test_one_global_home_health_approval_a_period(at: datetime, expected: str) -> None:
    first = decide(evolve(GLOBAL, quantity=Quantity("DY", D(10))), MEDICARE)
    assert dates(first) == {"102": TODAY, "007": TODAY, "036": date(2026, 9, 3)}
    again = decide(evolve(GLOBAL, periods=(on(at.date(), "AAH"),)), after(MEDICARE, first), at, "2")
    assert certified(again) == expected
    if expected == "A1":
        assert dates(again)["036"] == date(2026, 11, 2)


def attached(*types: str) -> tuple[Attachment, ...]:
    """A PWK of each type."""
    return tuple(Attachment(kind, "EL", f"ATT-{kind}") for kind in types)


BRACES = request(
    "HS I 38 11", service("D8080", segment="SV3"), requester=ORTHODONTIST, provider=ORTHODONTIST, hi=("M264",)
)


@pytest.mark.parametrize(
    ("birth", "change", "expected"),
    [
        (date(2010, 8, 21), {}, "A4 0U | A4 0U"),
        (date(2010, 8, 21), WITH_RECORDS, "A4 0U | A4 0U"),  # none of those named
        (date(2010, 8, 21), {"attachments": attached("DA", "RB")}, "A4 0V | A4 0V"),
        (date(2010, 8, 21), {"requester": by(DENTIST, "1P"), "providers": (by(DENTIST),)}, "A3 0X | A3 0X"),
        (date(2010, 8, 21), {"providers": (by(DENTIST),)}, "A3 0X | A3 0X"),
        (date(2010, 8, 21), {"services": (service("D8660"),)}, "NA 0H | NA 0H"),
        (date(2007, 7, 7), {}, "A4 0U | A4 0U"),  # nineteen tomorrow
        (date(2007, 7, 6), {}, "A3 0Y | A3 0Y"),
    ],
)
def test_orthodontia(birth: date, change: dict[str, Any], expected: str) -> None:
    assert certified(decide(evolve(BRACES, **change), member("BAY-DENTAL", birth, pcp=""))) == expected


def visits(plan: str, used: int) -> MemberFacts:
    return evolve(member(plan), accumulators=(AccumulatorUse("visits:CHIRO", 2026, D(used)),))


@pytest.mark.parametrize(
    ("plan", "used", "asked", "days", "expected"),
    [
        ("BAY-HMO", 0, 12, 0, "NA 0H"),
        ("BAY-HMO", 8, 4, 0, "NA 0H"),
        ("BAY-HMO", 12, 4, 0, "A4 0V"),
        ("BAY-HMO", 12, 4, -7, "A4 0V"),
        ("BAY-HMO", 12, 4, -8, "A3 17"),
        ("BAY-HMO", 12, 4, 7, "A4 0V"),
        ("BAY-HMO", 12, 4, 8, "A3 17"),
        ("BAY-HMO-CHIRO12", 4, 4, 0, "NA 0H"),
        ("BAY-HMO-CHIRO12", 12, 4, 0, "A3 0L"),
        ("BAY-PPO", 30, 4, 0, "NA 0H"),
    ],
)
def test_chiropractic(plan: str, used: int, asked: int, days: int, expected: str) -> None:
    sent = request(
        "HS I 33 11",
        requester=CHIRO,
        provider=CHIRO,
        hsd=("VS", asked),
        hi=("M9903",),
        day=TODAY + timedelta(days),
    )
    assert certified(decide(sent, visits(plan, used))) == expected


def test_the_same_request_again_is_a_duplicate() -> None:
    facts = after(HMO, decide(PT26, HMO))
    again = decide(evolve(PT26, traces=(Trace("1", "T-2"),)), facts, NOON + timedelta(hours=1), "2")
    assert certified(again) == "A3 0Q"
    assert again.decision.references == (Reference("BB", "AU1"),)
    assert (again.approvals, again.case) == ((), None)


@pytest.mark.parametrize(
    "change",
    [
        {"category": evolve(PT26.category, service_type="AD")},
        {"providers": (by(SPEECH),)},
        {"periods": (on(TODAY + timedelta(1), "AAH"),)},
        {"category": evolve(PT26.category, certification_type="R")},
        {"services": (service("97110"),)},
    ],
)
def test_what_differs_is_no_duplicate(change: dict[str, Any]) -> None:
    facts = after(HMO, decide(evolve(PT26, quantity=Quantity("VS", D(2))), HMO))
    assert certified(decide(evolve(PT26, **change), facts, tag="2"))[:2] in ("A1", "A6")


def test_duplicates_of_open_and_denied_requests() -> None:
    pended = after(PPO, decide(MRI, PPO))
    again = decide(MRI, pended, tag="2")
    assert certified(again) == "A3 0Q | A3 0Q"
    assert again.decision.references == (Reference("BB", "CASE1"),)
    by_specialist = evolve(PT26, requester=by(SPECIALIST, "1P"))
    denied = after(HMO, decide(by_specialist, HMO))
    assert certified(decide(PT26, denied, tag="2")) == "A1"
    other = decide(evolve(MRI, services=(service("70552", period=on(date(2026, 7, 20))),)), pended, tag="2")
    assert certified(other) == "A4 0U | A4 0U"


def test_a_loaded_authorization_makes_a_duplicate_too() -> None:
    held = loaded("AUX", "PT", GROUP, unit="VS", units=D(12), effective_date=TODAY)
    facts = evolve(HMO, approvals=(held,))
    outcome = decide(PT26, facts)
    assert certified(outcome) == "A3 0Q"
    assert outcome.decision.references == (Reference("BB", "AUX"),)


STAY = request("AR I AB T11", entity="FA", provider=HOSPITAL, hsd=("DY", 3), day=TODAY + timedelta(3))
SPECIALIST_VISITS = request("SC I 3 11", provider=SPECIALIST, hsd=("VS", 3), day=TODAY)
TWO_TEETH = request(
    "HS I 25 11",
    service("D4341", tooth="10", segment="SV3"),
    requester=DENTIST,
    provider=DENTIST,
    day=TODAY + timedelta(3),
)


@pytest.mark.parametrize(
    ("facts", "first", "change"),
    [
        (PPO, STAY, {"category": evolve(STAY.category, service_type="CG")}),
        (PPO, STAY, {"category": evolve(STAY.category, service_type="A7")}),
        (HMO, SPECIALIST_VISITS, {"category": evolve(SPECIALIST_VISITS.category, service_type="98")}),
    ],
)
def test_another_service_type_is_another_request(
    facts: MemberFacts, first: ServicesReview, change: dict[str, Any]
) -> None:
    held = after(facts, decide(first, facts))
    assert certified(decide(first, held, tag="2")).startswith("A3 0Q")
    assert "0Q" not in certified(decide(evolve(first, **change), held, tag="2"))


def test_another_loaded_stay_is_no_duplicate() -> None:
    held = evolve(
        PPO, approvals=(loaded("AUX", "AB", HOSPITAL, unit="DY", effective_date=TODAY + timedelta(3)),)
    )
    assert certified(decide(STAY, held)).startswith("A3 0Q")
    assert "0Q" not in certified(
        decide(evolve(STAY, category=evolve(STAY.category, service_type="CG")), held)
    )


def test_the_units_asked_for_distinguish_no_requests() -> None:
    held = after(PPO, decide(STAY, PPO))
    assert certified(decide(evolve(STAY, quantity=Quantity("DY", D(9))), held, tag="2")).startswith("A3 0Q")


@pytest.mark.parametrize(
    "other",
    [
        evolve(TWO_TEETH.services[0], tooth="20"),
        evolve(TWO_TEETH.services[0], more_teeth=(("20", ()),)),
        evolve(TWO_TEETH.services[0], procedure=Procedure("AD", "D4341", code_to="D4342")),
    ],
)
def test_other_work_is_another_request(other: ServiceRequest) -> None:
    asked = evolve(TWO_TEETH, services=(other,))
    assert request_key(asked_whole(TWO_TEETH, TODAY)) == request_key(asked_whole(evolve(TWO_TEETH), TODAY))
    assert request_key(asked_whole(asked, TODAY)) != request_key(asked_whole(TWO_TEETH, TODAY))


def test_not_eligible() -> None:
    ended = member("BAY-HMO", termination_date=date(2026, 5, 31))
    may = decide(evolve(PT26, periods=(on(date(2026, 5, 31), "AAH"),)), ended, datetime(2026, 5, 20, 10))
    assert certified(may) == "A1"
    july = decide(PT26, ended)
    assert [(r.valid, r.reason, r.follow_up) for r in july.decision.subscriber_rejections] == [
        ("N", "95", "N")
    ]
    assert (july.approvals, july.case) == ((), None)
    child = evolve(PT26, dependent=Person(Party("QC", "1", "RIVERA", "LUIS")))
    assert decide(child, ended).decision.dependent_rejections


MRI_HELD = loaded(
    "AU77",
    "62",
    IMAGING,
    code="72148",
    units=D(1),
    issued_date=date(2026, 7, 1),
    effective_date=date(2026, 7, 1),
    expiration_date=date(2026, 8, 30),
)
REVISED = request(
    "HS S 62 22",
    service("72149", period=on(date(2026, 7, 13))),
    requester=SPECIALIST,
    provider=IMAGING,
    hi=("M5416",),
    number="AU77",
    **WITH_RECORDS,
)


def test_revision_replaces_what_it_names() -> None:
    facts = evolve(PPO, approvals=(MRI_HELD,))
    outcome = decide(REVISED, facts)
    assert certified(outcome) == "A6 | A6"
    assert outcome.decision.certification is not None
    assert outcome.decision.certification.number == "AU77"
    assert [(a.code, a.status, a.units) for a in outcome.approvals] == [
        ("72148", "replaced", 0),
        ("72149", "approved", 1),
    ]
    new = outcome.approvals[1]
    assert (new.number, new.effective_date, new.expiration_date) == (
        "AU77",
        date(2026, 7, 1),
        date(2026, 8, 30),
    )
    assert new.key not in {MRI_HELD.key}


def test_revision_of_one_of_two_services_leaves_the_other() -> None:
    first = decide(genes(("81432", 1), ("81433", 1)), PPO)
    sent = evolve(
        genes(("81433", 1)),
        category=ReviewCategory("HS", "S", "5", "81", "B"),
        references=(Reference("BB", "AU1"),),
    )
    outcome = decide(sent, after(PPO, first), tag="2")
    rows = {a.key: a for a in after(PPO, first, outcome).approvals}
    assert sorted((a.code, a.status) for a in rows.values()) == [
        ("81432", "approved"),
        ("81433", "approved"),
        ("81433", "replaced"),
    ]


def test_revision_after_a_claim_is_refused() -> None:
    outcome = decide(REVISED, evolve(PPO, approvals=(evolve(MRI_HELD, used=D(1)),)))
    assert certified(outcome) == "A3 25 | A3 25"
    assert [(r.valid, r.reason) for r in outcome.decision.services[0].rejections] == [("N", "33")]
    assert outcome.approvals == ()


def test_revision_that_does_not_meet_criteria_leaves_the_old_approval() -> None:
    facts = evolve(PPO, approvals=(MRI_HELD,))
    outcome = decide(evolve(REVISED, diagnoses=(Diagnosis("ABK", "I10"),)), facts)
    assert certified(outcome) == "A4 0V | A4 0V"
    assert [a.status for a in after(facts, outcome).approvals if a.code == "72148"] == ["approved"]


CANCEL = request("HS 3 62 22", requester=SPECIALIST, provider=IMAGING, number="AU77")


@pytest.mark.parametrize("used", [0, 2, 5])
def test_cancelled_is_cancelled_whatever_was_used(used: int) -> None:
    held = evolve(MRI_HELD, units=D(5), used=D(used))
    outcome = decide(CANCEL, evolve(PPO, approvals=(held,)))
    assert certified(outcome) == "C"
    assert outcome.decision.certification is not None
    assert outcome.decision.certification.number == "AU77"
    row = ("AU77", "cancelled", used, 0)
    assert [(a.key, a.status, a.units, a.left) for a in outcome.approvals] == [row]


def test_cancel_of_one_procedure_leaves_the_case_open() -> None:
    first = decide(genes(("81432", 1), ("81433", 1)), PPO)
    held = after(PPO, first)
    used = evolve(held, approvals=tuple(evolve(a, used=a.units) for a in held.approvals))
    sent = evolve(
        genes(("81433", 1)),
        category=ReviewCategory("HS", "3", "5", "81", "B"),
        references=(Reference("BB", "AU1"),),
    )
    outcome = decide(sent, used, tag="2")
    assert [(a.code, a.status) for a in outcome.approvals] == [("81433", "cancelled")]
    assert outcome.case is None


@pytest.mark.parametrize(("used", "expected"), [(0, "A1 26"), (20, "A6 6"), (26, "A3 0")])
def test_what_was_used_before_a_cancellation_stays_in_the_quota(used: int, expected: str) -> None:
    gone = evolve(THERAPY, units=D(26), used=D(used))
    cancel = request("HS 3 PT 11", requester=PCP, provider=GROUP, number=gone.number)
    facts = evolve(HMO, approvals=(gone,))
    cancelled = after(facts, decide(cancel, facts))
    again = decide(PT26, cancelled, tag="2")
    granted = sum(a.units for a in again.approvals if a.status == "approved")
    assert f"{certified(again)[:2]} {granted}" == expected


def test_cancel_of_a_case_closes_it() -> None:
    facts = after(PPO, decide(MRI, PPO))
    outcome = decide(evolve(CANCEL, references=(Reference("NT", "CASE1"),)), facts, tag="2")
    assert certified(outcome) == "C"
    closed = after(facts, outcome)
    assert [(c.case_number, c.status) for c in closed.cases] == [("CASE1", "cancelled")]
    assert certified(decide(MRI, closed, tag="3")) == "A4 0U | A4 0U"


@pytest.mark.parametrize("um", ["HS 3 62 22", "HS S 62 22", "HS 4 62 22", "HS N 62 22"])
def test_updates_of_an_unknown_number(um: str) -> None:
    outcome = decide(request(um, number="NOBODYS"), PPO)
    assert [r.reason for r in outcome.decision.event_rejections] == ["AA"]
    assert (outcome.approvals, outcome.case) == ((), None)


def test_appeal_is_reviewed_again() -> None:
    denied = decide(evolve(PT26, requester=by(SPECIALIST, "1P")), HMO)
    outcome = decide(request("HS N PT 11", number="CASE1"), after(HMO, denied), tag="2")
    assert certified(outcome) == "A4 0W"
    assert outcome.decision.pended


THERAPY = loaded(
    "AU50",
    "PT",
    GROUP,
    unit="VS",
    units=D(26),
    effective_date=date(2026, 2, 2),
    expiration_date=date(2026, 12, 31),
)
MORE = request("HS 4 PT 11", requester=GROUP, provider=GROUP, hsd=("VS", 10), number="AU50")


@pytest.mark.parametrize(
    ("review", "held", "expected"),
    [
        (MORE, THERAPY, "A4 0U"),
        (evolve(MORE, attachments=attached("06")), THERAPY, "A4 0U"),
        (evolve(MORE, attachments=attached("08", "06", "09")), THERAPY, "A4 0V"),
        (evolve(MORE, requester=by(PCP, "1P")), THERAPY, "A4 0U"),
        (evolve(MORE, requester=by(IMAGING, "1P")), THERAPY, "A3 0D"),
        (MORE, evolve(THERAPY, expiration_date=date(2026, 7, 5)), "A3 17"),
        (MORE, evolve(THERAPY, expiration_date=TODAY), "A4 0U"),
        (MORE, evolve(THERAPY, status="cancelled"), "A3 0N"),
    ],
)
def test_extension(review: ServicesReview, held: Approval, expected: str) -> None:
    outcome = decide(review, evolve(HMO, approvals=(held,)))
    assert certified(outcome) == expected
    assert all(a.extension for a in outcome.approvals)


@pytest.mark.parametrize(
    ("sent", "said", "wanted"),
    [
        ((), False, ["08", "06", "09"]),
        (("CK",), False, ["08", "06", "09"]),  # another type stands for none of them
        ((), True, ["08", "06", "09"]),  # nor does a message
        (("08",), False, ["06", "09"]),
        (("06", "09"), True, ["08"]),
        (("09", "CK", "08", "06"), False, []),
    ],
)
def test_each_document_a_plan_names_is_asked_for_by_its_type(
    sent: tuple[str, ...], said: bool, wanted: list[str]
) -> None:
    review = evolve(MORE, attachments=attached(*sent), messages=("RECORDS FOLLOW",) if said else ())
    outcome = decide(review, evolve(HMO, approvals=(THERAPY,)))
    assert certified(outcome) == ("A4 0U" if wanted else "A4 0V")
    assert [a.type for a in outcome.decision.attachments] == wanted


def test_an_expired_imaging_approval_is_not_extended() -> None:
    held = evolve(MRI_HELD, code="70551", expiration_date=date(2026, 6, 9))
    sent = request("HS 4 62 22", requester=SPECIALIST, provider=IMAGING, number="AU77", hi=("G4489",))
    outcome = decide(sent, evolve(PPO, approvals=(held,)))
    assert certified(outcome) == "A3 17"
    assert "NEW REQUEST" in " ".join(outcome.decision.messages)


def inquiry(number: str = "", qualifier: str = "BB", um: str = "HS I 62 22") -> ServicesReview:
    asked = request(um)
    return evolve(
        asked,
        traces=(Trace("1", "Q-1"),),
        references=(Reference(qualifier, number),) if number else (),
        diagnoses=(),
    )


def test_inquiry_shows_the_decision_as_it_is() -> None:
    pended = decide(MRI, PPO)
    facts = after(PPO, pended)
    shown = answer_inquiry(inquiry("CASE1", "NT"), facts)
    assert shown.decision.pended
    assert certified(shown) == "A4 0U | A4 0U"
    assert shown.decision.review.traces == (Trace("1", "Q-1"),)
    assert shown.decision.services[0].request.traces == ()
    assert (shown.approvals, shown.case) == ((), None)
    unknown = answer_inquiry(inquiry("AU9999999"), facts)
    assert [(r.valid, r.reason, r.follow_up) for r in unknown.decision.event_rejections] == [("N", "AA", "C")]
    assert certified(unknown) == "-"


def test_inquiry_by_authorization_number_and_after_cancelling() -> None:
    facts = after(PPO, decide(evolve(MRI, **WITH_RECORDS), PPO))
    assert certified(answer_inquiry(inquiry("AU1"), facts)) == "A1 | A1"
    gone = after(facts, decide(evolve(CANCEL, references=(Reference("BB", "AU1"),)), facts, tag="2"))
    assert certified(answer_inquiry(inquiry("AU1"), gone)) == "C"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "A1 | A1"),
        ({"status": "denied", "reason": "0F"}, "A3 0F | A3 0F"),
        ({"status": "cancelled"}, "C | C"),
        ({"status": "pended"}, "A4 0W | A4 0W"),
        ({"code": "", "unit": "VS"}, "A1"),
    ],
)
def test_inquiry_about_a_loaded_row(change: dict[str, Any], expected: str) -> None:
    facts = evolve(PPO, approvals=(evolve(MRI_HELD, **change),))
    assert certified(answer_inquiry(inquiry("AU77"), facts)) == expected


def test_inquiry_without_a_number_finds_the_latest_of_its_kind() -> None:
    facts = after(PPO, decide(MRI, PPO))
    assert certified(answer_inquiry(inquiry(), facts)) == "A4 0U | A4 0U"
    other = answer_inquiry(inquiry(um="HS I PT 11"), facts)
    assert [r.reason for r in other.decision.event_rejections] == ["AA"]


def notice(um: str, admitted: date, hi: str = "F329", admission_type: str = "1") -> ServicesReview:
    return request(
        um,
        requester=HOSPITAL,
        provider=HOSPITAL,
        entity="FA",
        hi=(hi,),
        day=admitted,
        admission_type=admission_type,
    )


def receive(review: ServicesReview, facts: MemberFacts, at: datetime = NOON, tag: str = "1") -> ReviewOutcome:
    plan = plan_of(review, facts, shipped_plans(), at)
    return receive_notification(review, facts, plan, DIRECTORY, Numbers(f"AU{tag}", f"CASE{tag}"), at)


@pytest.mark.parametrize(
    ("um", "days_ago", "birth", "expected", "rows"),
    [
        ("AR I MH 21 03", 1, 1980, "A1", 1),
        ("AR I MH 21 03", 3, 1980, "A1", 1),
        ("AR I MH 21 03", 4, 1980, "A3 17", 0),
        ("AR I A7 21 03", 1, 1980, "A1", 1),
        ("AR I RT 56", 3, 1980, "NA 18", 1),
        ("AR I RT 56", 4, 1980, "A3 17", 0),
        ("AR I AI 55", 2, 1980, "NA 18", 1),
        ("AR I AI 55", 3, 1980, "A3 17", 0),
        ("AR I AI 55", 3, 2012, "NA 18", 1),
        ("AR I AI 55", 4, 2012, "A3 17", 0),
    ],
)
def test_notice_windows(um: str, days_ago: int, birth: int, expected: str, rows: int) -> None:
    sent = notice(um, TODAY - timedelta(days_ago), admission_type="1" if um.endswith("03") else "")
    outcome = receive(sent, member("BAY-PPO", date(birth, 5, 2)))
    assert certified(outcome) == expected
    assert outcome.decision.references == (Reference("NT", "CASE1"),)
    assert len(outcome.approvals) == rows
    if expected == "A1":
        (row,) = outcome.approvals
        assert (row.kind, row.service_type, row.unit, row.units) == ("notification", "48", "DY", 3)
        assert (row.provider_npi, row.effective_date) == (HOSPITAL, TODAY - timedelta(days_ago))


def test_notice_of_another_admission_is_only_received() -> None:
    outcome = receive(notice("AR I 1 21 03", TODAY, "J189"), HMO)
    assert (certified(outcome), outcome.approvals) == ("NA 18", ())
    planned = receive(notice("AR I MH 21", TODAY - timedelta(9), admission_type="3"), HMO)
    assert (certified(planned), planned.approvals) == ("NA 18", ())


def test_missing_quantity_is_asked_for() -> None:
    outcome = decide(request("HS I PT 11", provider=GROUP), HMO)
    assert certified(outcome) == "A4 0U"
    assert "VISITS" in outcome.decision.messages[0]


def test_every_number_of_the_request_is_looked_up() -> None:
    sent = request("HS I PT 11", service("97110", providers=(by(THERAPIST),)), provider=GROUP)
    assert directory_npis(sent) == {PCP, GROUP, THERAPIST}


@given(
    asked=st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=6),
    used=st.integers(min_value=0, max_value=70),
)
def test_never_more_than_quota_and_benefit(asked: list[int], used: int) -> None:
    facts = evolve(HMO, accumulators=(AccumulatorUse("visits:PT-OT", 2026, D(used)),))
    for n, visits_asked in enumerate(asked):
        sent = request("HS I PT 11", provider=GROUP, hsd=("VS", visits_asked), day=TODAY + timedelta(n))
        outcome = decide(sent, facts, tag=str(n))
        facts = after(facts, outcome)
        assert all(a.units <= max(60 - used, 0) for a in outcome.approvals if a.status == "approved")
    granted = sum((a.units for a in facts.approvals if a.status == "approved"), D(0))
    assert granted <= 26
    assert len({a.key for a in facts.approvals}) == len(facts.approvals)


def test_a_revision_says_when_it_holds() -> None:
    """It keeps the dates of what it replaces (A12)."""
    row = loaded(
        "AU7",
        "62",
        IMAGING,
        code="72148",
        units=D(1),
        issued_date=date(2026, 7, 1),
        effective_date=date(2026, 7, 1),
        expiration_date=date(2026, 8, 30),
    )
    facts = evolve(PPO, approvals=(row,))
    sent = request("HS S 62 22", service("72149"), provider=IMAGING, number="AU7", **WITH_RECORDS)
    outcome = decide(sent, facts)
    assert certified(outcome) == "A6 | A6"
    said = {"102": TODAY, "007": date(2026, 7, 1), "036": date(2026, 8, 30)}
    assert dates(outcome) == said
    assert {p.qualifier: p.begin for p in outcome.decision.services[0].periods} == said
    new = next(a for a in outcome.approvals if a.status == "approved")
    assert (new.code, new.effective_date, new.expiration_date) == ("72149", said["007"], said["036"])


@pytest.mark.parametrize(
    ("um", "expected", "units"), [("AR I MH 21 03", "A1", D(3)), ("AR I RT 56", "NA 18", D(365))]
)
def test_an_admission_sent_twice_certifies_nothing_more(um: str, expected: str, units: Decimal) -> None:
    sent = notice(um, TODAY - timedelta(1))
    first = receive(sent, HMO)
    again = receive(sent, after(HMO, first), NOON + timedelta(days=9), "2")
    assert (certified(first), certified(again)) == (expected, expected)
    assert [a.units for a in first.approvals] == [units]
    assert again.approvals == ()
    assert again.decision.quantity == first.decision.quantity


def test_words_and_documents_of_an_answer_can_be_written() -> None:
    """No delimiter in our own words, and only PWK types that the guide of the answer knows."""
    words = [row.text for key, row in reasons().items() if key.startswith(("review_", "plan_"))]
    wanted = {t for row in table("criteria") for t in row["documents"].split()}
    for plan in shipped_plans().values():
        for row in plan.requirements:
            words.append(row.requirement.message)
            wanted |= {*row.requirement.documents, *row.requirement.extension_documents}
    assert not [w for w in words if set(w) & set("*:^~")]
    guide = resources.files("x12_payer.maps").joinpath("guides", "278R.X217.xml").read_text(encoding="utf-8")
    known = re.findall(r'xid="PWK01".*?</element>', guide, re.DOTALL)
    assert known
    assert wanted
    for codes in known:
        assert wanted <= set(re.findall(r"<code>(\w+)</code>", codes))


@pytest.mark.parametrize("where", ["event", "service"])
def test_records_of_a_service_are_records_of_its_stay(where: str) -> None:
    with_event = WITH_RECORDS if where == "event" else {}
    with_service = WITH_RECORDS if where == "service" else {}
    knee = service("27447", None, **with_service)
    stay = request("AR I 2 21", knee, provider=HOSPITAL, hsd=("DY", 3), hi=("M1711",), **with_event)
    assert asked_lines(stay)[0].documented
    assert not asked_lines(request("AR I 2 21", service("27447", None), provider=HOSPITAL))[0].documented
