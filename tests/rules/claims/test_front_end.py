"""Front-end edits of a claim: each finding by itself, with what must not be found."""

from collections.abc import Hashable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.payer.payer_world import (
    DIRECTORY,
    GROUP,
    MOTHER,
    PAYER,
    PCP,
    PPO,
    ROSTER,
    SON,
    SPECIALIST,
    TODAY,
    as_sent,
    claim,
    day,
    payer,
    person,
    provider,
    record,
    service_line,
)
from tests.worlds.payer.short import status_words
from x12_payer.adjudication.claims.front_end import NO_EDITS, Corrected, FrontEndResult, check_claim, key_of
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.edi.edits.claims import ClaimEdits
from x12_payer.edi.messages.claim import Adjustment, Claim, OtherPayer, PriorPayment
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.messages.common import Party, Period, Procedure, Reference

TOMORROW = TODAY.date() + timedelta(days=1)


def check(
    sent: Claim,
    seen: frozenset[tuple[Hashable, ...]] = frozenset(),
    original: ClaimRecord | None = None,
    edits: ClaimEdits = NO_EDITS,
) -> FrontEndResult:
    return check_claim(sent, ROSTER, DIRECTORY, PAYER, Corrected(original), edits, key_of(sent) in seen)


F8 = (Reference("F8", "N1"),)
UNDATED = evolve(service_line(), period=None)


@pytest.mark.parametrize(
    ("changes", "statuses"),
    [
        ({}, []),
        ({"payer": payer("OTHER")}, ["A3:116"]),
        ({"payer": payer("OTHER"), "charge": Decimal(1)}, ["A3:116"]),
        ({"subscriber": person("ZULU", "ANN", date(1970, 1, 1), "M999")}, ["A3:33:IL"]),
        ({"subscriber": person("VOSS", "KARL", date(1970, 2, 4), "M200")}, ["A7:158:IL"]),
        ({"subscriber": person("VOGT", "KARL", PPO.birth_date, "M200")}, ["A7:125:IL"]),
        ({"billing_provider": provider("1911111115", "85")}, ["A7:562:85"]),
        ({"billing_provider": provider("1888888884", "85")}, ["A7:562:85"]),
        ({"billing_provider": Party("85")}, ["A7:562:85"]),
        ({"providers": (provider(PCP, "82"),)}, []),
        ({"frequency": "7", "references": F8}, ["A3:464"]),
        ({"frequency": "1", "references": F8}, []),
        ({"frequency": "9"}, ["A7:535"]),
        ({"frequency": "Q", "references": F8}, ["A7:535"]),
        ({"kind": "I", "frequency": "9"}, []),
        ({"kind": "I", "frequency": "Q", "references": F8}, ["A3:464"]),
        ({"kind": "I", "frequency": "Y", "references": F8}, ["A7:535"]),
        ({"frequency": "7"}, ["A3:464"]),
        ({"kind": "D", "lines": (UNDATED,)}, ["A6:187"]),
        ({"kind": "D", "lines": (service_line(), UNDATED)}, ["A6:187"]),
        ({"kind": "D", "lines": (UNDATED,), "service_period": day(TODAY.date())}, []),
        ({"kind": "I", "lines": (UNDATED,), "statement": Period("434", TODAY.date(), TODAY.date())}, []),
        ({"kind": "D", "lines": (UNDATED,), "predetermination": True}, []),
        ({"kind": "D", "lines": (UNDATED,), "frequency": "8", "references": F8}, ["A3:464"]),
        ({"responsibility": "S"}, ["A6:286"]),
        ({"responsibility": "T", "other_payers": (OtherPayer("P"),)}, ["A6:286"]),
        ({"responsibility": "S", "other_payers": (OtherPayer("P", paid=Decimal(0)),)}, []),
        ({"responsibility": "S", "other_payers": (OtherPayer("P", patient_liability=Decimal(9)),)}, []),
        (
            {
                "responsibility": "S",
                "other_payers": (OtherPayer("P", adjustments=(Adjustment("PR", "96", Decimal(9)),)),),
            },
            [],
        ),
    ],
)
def test_claim(changes: dict[str, Any], statuses: list[str]) -> None:
    sent = claim(PPO, **changes)
    if "subscriber" in changes:
        sent = evolve(sent, patient=sent.subscriber)
    result = check(sent)
    assert status_words(result.statuses) == statuses
    assert result.accepted == (not statuses)
    assert result.lines == ()


def test_an_accepted_claim_names_its_patient() -> None:
    assert check(claim(PPO)).patient.member_id == "M200"


@pytest.mark.parametrize(
    ("patient", "statuses", "found"),
    [
        (as_sent(SON, "QC"), [], "M101"),
        (person("O'BRIEN-STONE", "NICO", date(2015, 1, 1), entity="QC"), ["A3:33:QC"], ""),
    ],
)
def test_the_patient_is_a_dependent(patient: object, statuses: list[str], found: str) -> None:
    subscriber = person("O'BRIEN-STONE", "ADA", None, "M100")
    result = check(claim(MOTHER, subscriber=subscriber, patient=patient))
    assert (status_words(result.statuses), result.patient.member_id) == (statuses, found)


def test_what_the_check_says_refuses_the_claim_and_names_its_lines() -> None:
    npi, units = Status("A7", "562", "82"), Status("A7", "476")
    lines = (evolve(service_line("1"), position=20), evolve(service_line("2"), position=30))
    edits = ClaimEdits((npi, units), {30: (units,)})
    result = check(claim(PPO, *lines), edits=edits)
    assert status_words(result.statuses) == ["A7:562:82", "A7:476"]
    assert [(a.line.number, a.statuses) for a in result.lines] == [("2", (units,))]


def test_the_same_status_is_reported_once() -> None:
    edits = ClaimEdits((Status("A7", "562", "85"), Status("A7", "158", "IL")))
    unknown = claim(PPO, billing_provider=provider("1911111115", "85"))
    assert status_words(check(unknown, edits=edits).statuses) == ["A7:562:85", "A7:158:IL"]


def test_another_payers_claim_gets_that_status_only() -> None:
    edits = ClaimEdits((Status("A7", "178"),), {0: (Status("A7", "178"),)})
    result = check(claim(PPO, payer=payer("OTHER")), edits=edits)
    assert (status_words(result.statuses), result.lines) == (["A3:116"], ())


def test_an_original_that_is_not_named_is_reported_once() -> None:
    edits = ClaimEdits((Status("A7", "464"),))
    assert status_words(check(claim(PPO, frequency="7"), edits=edits).statuses) == ["A7:464"]


def test_a_prior_payment_on_a_line_is_enough() -> None:
    line = evolve(service_line(), prior_payments=(PriorPayment("PRIM1", Decimal(80)),))
    assert status_words(check(claim(PPO, line, responsibility="S")).statuses) == []


@pytest.mark.parametrize(
    ("original", "statuses"),
    [
        (record(), []),
        (record(status="denied"), []),
        (record(member_id="M100"), ["A3:464"]),
        (record(status="reversed"), ["A3:464"]),
        (record(status="reversal"), ["A3:464"]),
        (record(billing_npi=GROUP, billing_tax_id="999"), ["A3:464"]),
        (None, ["A3:464"]),
    ],
)
def test_the_original_of_a_replacement(original: ClaimRecord | None, statuses: list[str]) -> None:
    for frequency in ("7", "8"):
        sent = claim(PPO, frequency=frequency, references=F8)
        assert status_words(check(sent, original=original).statuses) == statuses


def test_the_original_may_have_another_npi_of_the_same_tax_id() -> None:
    billing = evolve(provider(SPECIALIST, "85"), references=(Reference("EI", "222"),))
    sent = claim(PPO, frequency="7", references=F8, billing_provider=billing)
    assert status_words(check(sent, original=record(billing_npi=GROUP, billing_tax_id="222")).statuses) == []


def test_the_same_claim_twice_in_a_file() -> None:
    first = claim(PPO)
    seen = frozenset({key_of(first)})
    assert status_words(check(claim(PPO), seen).statuses) == ["A3:746"]
    assert status_words(check(claim(PPO, control_number="PC-2", ordinal=2), seen).statuses) == ["A3:746"]


@pytest.mark.parametrize(
    "other",
    [
        claim(PPO, service_line(on=date(2026, 7, 3))),
        claim(PPO, service_line(charge="150")),
        claim(PPO, service_line(code="99214")),
        claim(PPO, evolve(service_line(), procedure=Procedure("HC", "99213", ("25",)))),
        claim(PPO, evolve(service_line(), quantity=Decimal(2))),
        claim(PPO, frequency="7", references=F8),
        claim(PPO, predetermination=True),
        claim(PPO, billing_provider=provider(PCP, "85")),
        claim(MOTHER),
        claim(PPO, responsibility="S"),
    ],
)
def test_another_claim_is_no_duplicate(other: Claim) -> None:
    assert key_of(other) != key_of(claim(PPO))
