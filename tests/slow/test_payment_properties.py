"""Random runs of claims, corrections, voids, late fees and faults of ours: whatever happens, the money that
went out is what is in force, and a payment run done again changes nothing."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from attrs import define, field

from tests.worlds.payer.claim_forms import Form, again, claim_numbers, professional
from tests.worlds.payer.e2e import Out
from tests.worlds.payer.paying_world import PCP, SPECIALIST, PayingWorld, fault, pay, send
from x12_payer.adjudication.store.claims import open_balances
from x12_payer.adjudication.store.unit import Unit

FEES = {"99213": 100, "99214": 140, "90837": 110, "99204": 170, "99205": 210, "99203": 120}
LATE = ("99204", "99205", "99203")
PAYER = """name = "BEACON COAST HEALTH"
payer_id = "BCH77"
tax_id = "880000077"
interchange_qualifier = "ZZ"
interchange_id = "BEACONCOAST"
contact_name = "DESK"
contact_phone = "2075550111"
time_zone = "America/New_York"
timely_filing_days = 365
interest_annual_percent = "12"
interest_after_days = 20
"""


@define
class Story:
    """One run: the world, what was sent, what went out."""

    world: PayingWorld
    random: Random
    day: int = 0
    sent: list[tuple[Form, str]] = field(factory=list)  # with our number
    paid: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)

    @property
    def now(self) -> str:
        self.day += self.random.choice((1, 1, 2, 15))
        return f"2026-{8 + self.day // 28 % 4:02d}-{1 + self.day % 28:02d}T08:00:00"

    def book(self, out: Out) -> None:
        """What went out; every set balances."""
        for one in out.sets.get("835", ()):
            parts = [segment.split("*") for segment in one]
            bpr = next(Decimal(p[2]) for p in parts if p[0] == "BPR")
            claims = [Decimal(p[4]) for p in parts if p[0] == "CLP"]
            pairs = [(p[n - 1], Decimal(p[n])) for p in parts if p[0] == "PLB" for n in range(4, len(p), 2)]
            assert bpr == sum(claims) - sum(amount for _, amount in pairs)
            assert bpr >= 0
            back = [amount for code, amount in pairs if code.startswith("FB") and amount > 0]
            assert sum(claims) > 0 or not back
            self.paid += bpr
            self.interest -= sum(amount for code, amount in pairs if code.startswith("L6"))


def steps(story: Story, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What happens, one thing after the other."""
    random, world = story.random, story.world
    late = list(LATE)
    random.shuffle(late)
    for n in range(14):
        what = random.choice(("claim", "claim", "claim", "correct", "correct", "void", "fee", "pay", "fault"))
        if what == "fault":
            monkeypatch.undo()
            if random.random() < 0.6:
                fault(monkeypatch, *random.sample([f"C{k}" for k in range(n + 1)], min(n + 1, 2)))
        elif what == "fee" and late:
            code = late.pop()
            world.load("fees", f"*,,{code},,unit,{FEES[code]}.00,2024-01-01,")
        elif what == "pay":
            story.book(pay(world, story.now))
        elif what == "claim" or not story.sent:
            line = f"{random.choice(list(FEES))} {random.choice((90, 130, 250))} 1 202607{n + 1:02d}"
            deliver(story, professional(f"C{n}", random.choice((PCP, SPECIALIST)), "B200", line))
        elif what in ("correct", "void"):
            form, number = random.choice(story.sent)
            code, charge, *rest = form.lines[0].split()
            line = " ".join((random.choice(list(FEES)), str(int(charge) + 10), *rest))
            seven = what == "correct"
            deliver(story, again(plain(form), "7" if seven else "8", number, *([line] if seven else [])))
        yield what


def plain(form: Form) -> Form:
    """The form without the number that it named."""
    return professional(form.number, form.billing, form.subscriber, *form.lines)


def deliver(story: Story, form: Form) -> None:
    out = send(story.world, form, as_of=story.now, pay=story.random.random() < 0.7)
    story.book(out)
    story.sent += [(form, number) for number in claim_numbers(out).values()]


def active(path: Path) -> tuple[Decimal, Decimal]:
    """What the claims in force were paid, and the interest on it."""
    with sqlite3.connect(path) as db:
        in_force = "select json_extract(record, '$.paid'), interest from claims where status = 'paid'"
        rows = db.execute(in_force).fetchall()
    interest = sum((Decimal(amount or 0) for _, amount in rows), Decimal(0))
    return sum((Decimal(amount) for amount, _ in rows), Decimal(0)), interest


def state(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as db:
        names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        return {name: db.execute(f'select * from "{name}"').fetchall() for name in names}


def torn(path: Path) -> list[tuple[str, str]]:
    """Reversals that left in another 835 than the correction beside them, or without it."""
    with sqlite3.connect(path) as db:
        found = db.execute(
            "select r.claim_number, r.trace from claims r join claims c"
            " on r.claim_number = c.claim_number || 'R' where r.trace <> c.trace"
        )
        return found.fetchall()


def owed(unit: Unit) -> Decimal:
    return sum((b.amount for b in open_balances(unit, [PCP, SPECIALIST])), Decimal(0))


@pytest.mark.parametrize("seed", range(6))
def test_the_money_that_went_out_is_what_is_in_force(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store.db"
    story = Story(PayingWorld(store), Random(seed))
    (tmp_path / "payer").mkdir()
    (tmp_path / "payer" / "payer.toml").write_text(PAYER, encoding="utf-8")
    story.world._load(tmp_path / "payer")
    for _ in steps(story, monkeypatch):
        assert torn(store) == []
    monkeypatch.undo()
    for code in LATE:
        story.world.load("fees", f"*,,{code},,unit,{FEES[code]}.00,2024-01-01,")
    story.book(pay(story.world, story.now))
    with story.world.store.unit(datetime.fromisoformat(story.now)) as unit:
        balance = owed(unit)
    paid, interest = active(store)
    assert (story.paid, story.interest) == (paid + interest + balance, interest)
    before = state(store)
    assert before["claims"]
    assert not [row for row in before["claims"] if "pended" in row]
    assert pay(story.world, story.now).sets == {}
    assert state(store) == before
