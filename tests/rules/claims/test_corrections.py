"""Which claim a correction or void means: chains of claims decided, waiting, replaced or voided."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from tests.worlds.payer.payer_world import PAYER, TODAY, claim, record, service_line
from x12_payer.adjudication.claims.corrections import by_number, last_of_chain, last_remitted, meant
from x12_payer.adjudication.claims.front_end import is_late
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.edi.messages.common import Reference


def one(number: str, status: str, replaces: str = "", by: str = "") -> ClaimRecord:
    return record(number, status=status, replaces=replaces, replaced_by=by)


CHAINS = {
    "one claim": [one("A", "paid")],
    "replaced": [one("A", "reversed", by="B"), one("BR", "reversal", "A"), one("B", "paid", "A")],
    "replaced twice": [
        one("A", "reversed", by="B"),
        one("BR", "reversal", "A"),
        one("B", "reversed", "A", by="C"),
        one("CR", "reversal", "B"),
        one("C", "denied", "B"),
    ],
    "voided": [one("A", "reversed", by="V"), one("V", "reversal", "A")],
    "replaced, then voided": [
        one("A", "reversed", by="B"),
        one("B", "reversed", "A", by="V"),
        one("V", "reversal", "B"),
    ],
    "waits": [one("A", "pended")],
    "a correction waits": [one("A", "paid"), one("B", "pended", "A")],
    "a correction took the place of one that waited": [
        one("A", "paid"),
        one("B", "reversed", "A", by="C"),
        one("C", "pended", "A"),
    ],
    "corrected while it waited": [one("A", "reversed", by="B"), one("B", "pended", "A")],
    "a void waits": [one("A", "paid"), one("V", "pended", "A")],
}


@pytest.mark.parametrize(
    ("chain", "named", "in_force", "waiting"),
    [
        ("one claim", "A", "A", ""),
        ("one claim", "Z", "", ""),
        ("one claim", "", "", ""),
        ("replaced", "A", "B", ""),
        ("replaced", "B", "B", ""),
        ("replaced", "BR", "", ""),
        ("replaced twice", "A", "C", ""),
        ("replaced twice", "B", "C", ""),
        ("voided", "A", "", ""),
        ("voided", "V", "", ""),
        ("replaced, then voided", "A", "", ""),
        ("waits", "A", "", "A"),
        ("a correction waits", "A", "A", "B"),
        ("a correction waits", "B", "A", "B"),
        ("a correction took the place of one that waited", "A", "A", "C"),
        ("a correction took the place of one that waited", "B", "A", "C"),
        ("corrected while it waited", "A", "", "B"),
        ("corrected while it waited", "B", "", "B"),
        ("a void waits", "A", "A", "V"),
        ("a void waits", "V", "A", "V"),
    ],
)
def test_what_a_number_means(chain: str, named: str, in_force: str, waiting: str) -> None:
    found = meant(named, by_number(CHAINS[chain]))
    assert (found.active.claim_number if found.active else "") == in_force
    assert "".join(c.claim_number for c in found.waiting) == waiting
    assert (found.claim.claim_number if found.claim else "") == (in_force or waiting)


@pytest.mark.parametrize("chain", CHAINS)
def test_at_most_one_claim_of_a_chain_is_in_force(chain: str) -> None:
    claims = by_number(CHAINS[chain])
    ends = {last.claim_number for n in claims if (last := last_of_chain(n, claims)) and last.finalized}
    assert len(ends) <= 1


def test_the_latest_remittance_of_a_chain() -> None:
    paid, again = date(2026, 3, 1), date(2026, 6, 1)
    first = evolve(one("A", "reversed", by="B"), remitted=paid)
    second = evolve(one("B", "paid", "A"), remitted=None)
    claims = by_number([first, second])
    assert last_remitted("B", claims) == last_remitted("A", claims) == paid
    assert last_remitted("B", by_number([first, evolve(second, remitted=again)])) == again
    assert last_remitted("B", by_number([second])) is None


LIMIT = PAYER.timely_filing_days
SERVED = TODAY.date() - timedelta(LIMIT + 10)


@pytest.mark.parametrize(
    ("frequency", "remitted", "delay", "late"),
    [
        ("7", TODAY.date() - timedelta(LIMIT), "", False),
        ("7", TODAY.date() - timedelta(LIMIT + 1), "", True),
        ("7", TODAY.date() - timedelta(LIMIT + 1), "3", False),
        ("7", None, "", True),
        ("8", TODAY.date() - timedelta(LIMIT + 1), "", False),
        ("1", None, "", False),
    ],
)
def test_a_correction_has_a_limit_of_its_own(
    frequency: str, remitted: date | None, delay: str, late: bool
) -> None:
    sent = claim(
        frequency=frequency,
        delay_reason=delay,
        references=(Reference("F8", "A"),),
        lines=(service_line(on=SERVED),),
    )
    assert is_late(sent, TODAY.date(), remitted, PAYER) == late


def test_a_correction_of_what_nobody_remitted_counts_from_its_last_service() -> None:
    sent = claim(
        frequency="7",
        lines=(service_line(on=SERVED), service_line("2", on=TODAY.date() - timedelta(LIMIT))),
    )
    assert not is_late(sent, TODAY.date(), None, PAYER)
