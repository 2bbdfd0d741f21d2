"""Which of a member's earlier claims the store gives to a decision, and what an older store does."""

import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.worlds.payer.payer_world import record
from x12_payer.adjudication.store.claims import save_claims
from x12_payer.adjudication.store.facts import Days, claims_within
from x12_payer.adjudication.store.store import open_store

NOW = datetime(2026, 7, 6, 12)
MEMBER = record().member_id
JUNE = date(2026, 6, 1), date(2026, 6, 30)


def given(path: Path, days: dict[str, Days]) -> dict[str, list[str]]:
    with open_store(str(path)).unit(NOW) as unit:
        return {m: [c.claim_number for c in found] for m, found in claims_within(unit, days).items()}


@pytest.mark.parametrize(
    ("begin", "end", "status", "meant"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), "paid", False),
        (date(2026, 5, 1), date(2026, 6, 1), "paid", True),
        (date(2026, 6, 30), date(2026, 7, 8), "denied", True),
        (date(2026, 1, 1), date(2026, 12, 31), "paid", True),
        (date(2026, 7, 1), date(2026, 7, 1), "paid", False),
        (date(2026, 6, 7), date(2026, 6, 7), "pended", False),
        (date(2026, 6, 7), date(2026, 6, 7), "reversed", False),
        (date(2026, 6, 7), date(2026, 6, 7), "reversal", False),
        (date(2026, 6, 7), date(2026, 6, 7), "predetermined", False),
    ],
)
def test_what_was_decided_and_meets_the_days(
    tmp_path: Path, begin: date, end: date, status: str, meant: bool
) -> None:
    with open_store(str(tmp_path / "edi.db")).unit(NOW) as unit:
        save_claims(unit, [record("N1", service_begin=begin, service_end=end, status=status)], 1)
    assert given(tmp_path / "edi.db", {MEMBER: JUNE}) == ({MEMBER: ["N1"]} if meant else {})


def test_each_member_has_days_of_their_own(tmp_path: Path) -> None:
    june, july = ({"service_begin": day, "service_end": day} for day in (date(2026, 6, 7), date(2026, 7, 7)))
    with open_store(str(tmp_path / "edi.db")).unit(NOW) as unit:
        claims = [record("N1", **june), record("N2", **july), record("N3", **june)]
        claims += [record("O1", member_id="OTHER", **june), record("O2", member_id="OTHER", **july)]
        save_claims(unit, [*claims, record("X1", member_id="NOBODY", **june)], 1)
    asked = {MEMBER: JUNE, "OTHER": (date(2026, 7, 1), date(2026, 7, 31))}
    assert given(tmp_path / "edi.db", asked) == {MEMBER: ["N1", "N3"], "OTHER": ["O2"]}
    assert given(tmp_path / "edi.db", {}) == {}


def test_the_rows_of_an_older_store_are_all_given(tmp_path: Path) -> None:
    path = tmp_path / "edi.db"
    with open_store(str(path)).unit(NOW) as unit:
        save_claims(unit, [record("N1")], 1)
    with sqlite3.connect(path) as db:
        db.execute("drop index claims_past")
        for column in ("service_begin", "service_end"):
            db.execute(f"alter table claims drop column {column}")
        db.execute("delete from counters where name = 'schema'")
    assert given(path, {MEMBER: JUNE}) == {MEMBER: ["N1"]}
