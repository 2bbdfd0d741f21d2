"""A reviewer's ruling on what was pended."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from attrs import evolve
from test_review import (
    DIRECTORY,
    FEP,
    HMO,
    KNEE,
    MORE,
    MRI,
    MRI_HELD,
    PPO,
    REVISED,
    THERAPY,
    WITH_RECORDS,
    after,
    decide,
    genes,
    told,
)

from authorization.facts import AccumulatorUse, Approval, MemberFacts
from authorization.plan import shipped_plans
from authorization.review import ReviewOutcome
from authorization.review_queue import Ruling, is_open, is_overdue, rule
from edi.messages.common import Diagnosis, Reference

LATER = datetime(2026, 7, 8, 9, 30)
D = Decimal


def ruled(facts: MemberFacts, ruling: Ruling, tag: str = "CASE1") -> ReviewOutcome:
    case = next(c for c in facts.cases if c.case_number == tag)
    plan = shipped_plans()[facts.spans[0].plan_id]
    return rule(case, ruling, facts, plan, DIRECTORY, "AU9", LATER)


def test_approve() -> None:
    facts = after(PPO, decide(MRI, PPO))
    assert is_open(facts.cases[0])
    outcome = ruled(facts, Ruling("approve"))
    assert told(outcome) == "A1 | A1"
    decision = outcome.decision
    assert {p.qualifier: p.begin for p in decision.periods} == {
        "102": date(2026, 7, 8),
        "007": date(2026, 7, 8),
        "036": date(2026, 9, 6),
    }
    assert decision.review.traces == MRI.traces
    assert decision.references == (Reference("NT", "CASE1"),)
    assert not decision.pended
    assert decision.attachments == ()
    (row,) = outcome.approvals
    assert (row.key, row.number, row.status, row.code) == ("CASE1/1", "AU9", "approved", "70551")
    assert outcome.case is not None
    assert (outcome.case.case_number, outcome.case.status) == ("CASE1", "approved")


@pytest.mark.parametrize(("code", "said"), [("", "0F"), ("0G", "0G")])
def test_deny(code: str, said: str) -> None:
    outcome = ruled(after(PPO, decide(MRI, PPO)), Ruling("deny", reason=code, message="NO PRIOR STUDY"))
    assert told(outcome) == f"A3 {said} | A3 {said}"
    assert outcome.decision.messages == ("NO PRIOR STUDY",)
    assert [(a.status, a.number, a.reason) for a in outcome.approvals] == [("denied", "CASE1", said)]


def test_pend_again_keeps_it_open() -> None:
    outcome = ruled(after(PPO, decide(MRI, PPO)), Ruling("pend", reason="0V"))
    assert told(outcome) == "A4 0V | A4 0V"
    assert outcome.decision.pended
    assert outcome.decision.attachments


def test_only_what_is_open_is_ruled_on() -> None:
    facts = after(PPO, decide(genes(("81432", 1), ("81228", 1)), PPO))
    outcome = ruled(facts, Ruling("deny"))
    assert told(outcome) == "A2 | A1 | A3 0F"
    assert [a.code for a in outcome.approvals] == ["81228"]
    approved = ruled(facts, Ruling("approve"))
    assert told(approved) == "A1 | A1 | A1"
    assert {a.number for a in after(facts, approved).approvals} == {"AU1"}


def test_modify_cuts_units() -> None:
    unmet = evolve(genes(("81228", 2)), diagnoses=(Diagnosis("ABK", "I10"),))
    outcome = ruled(after(PPO, decide(unmet, PPO)), Ruling("modify", units={1: D(1)}))
    assert told(outcome) == "A6 | A6"
    assert outcome.decision.services[0].units == 1
    assert outcome.approvals[0].units == 1


def test_days_of_a_stay() -> None:
    unmet = evolve(KNEE, diagnoses=(Diagnosis("ABK", "S72001A"),))
    outcome = ruled(after(HMO, decide(unmet, HMO)), Ruling("modify", units={0: D(4)}))
    assert told(outcome) == "A6 | A1"
    assert outcome.decision.quantity is not None
    assert outcome.decision.quantity.value == 4
    assert sorted((a.unit, a.units) for a in outcome.approvals) == [("DY", 4), ("UN", 1)]


def test_an_extension_ends_with_its_period() -> None:
    facts = evolve(HMO, approvals=(THERAPY,))
    facts = after(facts, decide(evolve(MORE, **WITH_RECORDS), facts))
    outcome = ruled(facts, Ruling("approve"))
    assert told(outcome) == "A1"
    (row,) = outcome.approvals
    assert (row.units, row.expiration_date, row.extension) == (10, date(2026, 12, 31), True)
    assert outcome.decision.quantity is not None


def test_an_approved_revision_replaces() -> None:
    facts = evolve(PPO, approvals=(MRI_HELD,))
    facts = after(facts, decide(evolve(REVISED, diagnoses=(Diagnosis("ABK", "I10"),)), facts))
    rows = after(facts, ruled(facts, Ruling("approve"))).approvals
    assert sorted((a.number, a.code, a.status) for a in rows) == [
        ("AU77", "72148", "cancelled"),
        ("AU77", "72149", "approved"),
    ]
    denied = after(facts, ruled(facts, Ruling("deny"))).approvals
    assert [a.status for a in denied if a.code == "72148"] == ["approved"]


def test_overdue_is_told_not_decided() -> None:
    facts = after(PPO, decide(MRI, PPO))
    case = facts.cases[0]
    assert not is_overdue(case, datetime(2026, 7, 13, 12))
    assert is_overdue(case, datetime(2026, 7, 13, 12, 0, 1))
    closed = after(facts, ruled(facts, Ruling("deny")))
    assert not is_overdue(closed.cases[0], datetime(2027, 1, 1))


@pytest.mark.parametrize("facts", [HMO, FEP])
def test_every_open_row_is_closed(facts: MemberFacts) -> None:
    unmet = evolve(KNEE, diagnoses=(Diagnosis("ABK", "I10"),))
    held = after(facts, decide(unmet, facts))
    rows: tuple[Approval, ...] = after(held, ruled(held, Ruling("approve"))).approvals
    assert {a.status for a in rows} == {"approved"}


def test_a_ruling_grants_no_more_than_the_benefit_leaves() -> None:
    facts = evolve(HMO, approvals=(THERAPY,))
    facts = after(facts, decide(evolve(MORE, **WITH_RECORDS), facts))
    facts = evolve(facts, accumulators=(AccumulatorUse("visits:PT-OT", 2026, D(56)),))
    outcome = ruled(facts, Ruling("approve"))
    assert (told(outcome), outcome.approvals[0].units) == ("A6", 4)
