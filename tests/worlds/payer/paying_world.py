"""A store whose claims pend, are decided later and are paid by payment runs of their own."""

from datetime import datetime

import pytest

import x12_payer.adjudication.pipeline.own_check as own_check
from tests.worlds.payer.claim_forms import Form, body
from tests.worlds.payer.e2e import Out, World, sets_of
from x12_payer.adjudication.pipeline.payment import pay_run
from x12_payer.adjudication.pipeline.values import Settings
from x12_payer.adjudication.store.claim_list import ListedClaim, list_claims
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.wire.segments import OutSegment

PCP, SPECIALIST, THERAPY = "1201100017", "1302200021", "1403300035"
DAY1, DAY2, DAY3, DAY4 = (f"2026-08-{day}T08:00:00" for day in (15, 16, 17, 18))
VISIT, NO_FEE = "99213 140 1 20260708", "99204 220 1 20260708"  # the fee of 99213 is 100, the copay 20
FEE = "*,,99204,,unit,170.00,2024-01-01,"
PAID, WAITED = "1 140 80 20 | 99213 140 80 CO45:40 PR3:20", "1 220 150 20 | 99204 220 150 CO45:50 PR3:20"
BACK = "22 -140 -80 0 | 99213 -140 -80 CO45:-40 PR3:-20"


class PayingWorld(World):
    """A store, and what its last payment run of its own said."""

    notes: tuple[str, ...] = ()


def send(world: PayingWorld, *forms: Form, as_of: str = DAY1, pay: bool = True) -> Out:
    return world.send(f"837{forms[0].kind}", body(forms), as_of=as_of, pay=pay)


def settings(world: PayingWorld, as_of: str) -> Settings:
    store = world.store
    assert store.payer is not None
    return Settings(
        store.payer, store.plans, store.partners, store.payees, datetime.fromisoformat(as_of), maps=None
    )


def pay(world: PayingWorld, as_of: str) -> Out:
    """A payment run of its own; what it wrote."""
    run = settings(world, as_of)
    with world.store.unit(run.as_of) as unit:
        world.notes = pay_run(unit, run)
        files = unit.unpublished()
        unit.mark_published(file.name for file in files)
    return Out({"835": [one for file in files for one in sets_of(file.content)]} if files else {})


def listed(world: PayingWorld, status: str = "", cause: str = "") -> list[ListedClaim]:
    with world.store.unit(datetime.fromisoformat(DAY4)) as unit:
        return list(list_claims(unit, status, cause))


def active(world: PayingWorld) -> dict[str, str]:
    """`status cause` of every claim by our number."""
    return {one.claim: f"{one.status} {one.cause}".strip() for one in listed(world) if one.claim}


def balanced(out: Out) -> bool:
    """BPR02 of each set is what its claims pay less its PLB."""
    for one in out.sets.get("835", ()):
        parts = [segment.split("*") for segment in one]
        paid = sum(float(p[4]) for p in parts if p[0] == "CLP")
        plb = sum(float(p[n]) for p in parts if p[0] == "PLB" for n in range(4, len(p), 2))
        if round(paid - plb, 2) != float(next(p[2] for p in parts if p[0] == "BPR")):
            return False
    return True


def fault(monkeypatch: pytest.MonkeyPatch, *accounts: str) -> None:
    """A fault of ours: what the 835 says of these claims is wrong, in reversals, too."""

    def wrong(remittance: Remittance) -> list[OutSegment]:
        body_ = build_835(remittance)
        return [(*s[:2], "ZZZ", *s[3:]) if s[0] == "CLP" and s[1] in accounts else s for s in body_]

    monkeypatch.setattr(own_check, "build_835", wrong)
