"""Claims that pend, from the file to the 835: what waits for a fee or at our own check, corrections and voids
of what waits, and how they leave when their cause is gone."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

import x12_payer.adjudication.pipeline.own_check as own_check
from tests.worlds.edi_command import edi
from tests.worlds.payer.claim_forms import Form, again, body, claim_numbers, outcomes, professional
from tests.worlds.payer.e2e import Out, interchange, sets_of
from tests.worlds.payer.paying_world import (
    BACK,
    DAY1,
    DAY2,
    DAY3,
    DAY4,
    FEE,
    NO_FEE,
    PAID,
    PCP,
    SPECIALIST,
    THERAPY,
    VISIT,
    WAITED,
    PayingWorld,
    active,
    balanced,
    fault,
    listed,
    pay,
    send,
    settings,
)
from x12_payer.adjudication.pipeline.pended import decide_pended
from x12_payer.adjudication.pipeline.values import Report
from x12_payer.adjudication.reference.reference import TABLES
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.store import open_store
from x12_payer.adjudication.store.unit import Unit


@pytest.fixture
def world(tmp_path: Path) -> PayingWorld:
    return PayingWorld(tmp_path / "store.db")


# -- a price that comes late -------------------------------------------------------------------------


def test_a_claim_without_a_fee_is_decided_when_the_fee_is_there(world: PayingWorld) -> None:
    out = send(world, professional("A", PCP, "B200", NO_FEE), professional("B", PCP, "B100", VISIT))
    assert outcomes(out) == {"A": "pends", "B": PAID}
    number = claim_numbers(out)["A"]
    assert pay(world, DAY2).sets == {}
    assert active(world)[number] == "pended no_fee"
    world.load("fees", FEE)
    paid = pay(world, DAY3)
    assert outcomes(paid) == {"A": WAITED}
    assert paid.value("835", "CLP*A", 7) == number
    assert (active(world)[number], world.notes) == (
        "paid",
        (f"claim {number} pended and is decided now: paid",),
    )
    assert pay(world, DAY4).sets == {}


def test_it_is_decided_with_the_day_it_was_received(world: PayingWorld) -> None:
    """Filed on the last day, priced after it: not late. What others used meanwhile counts."""
    world.load("accumulators", "B200,2026,visits:PT-OT,59")
    late = professional("A", THERAPY, "B200", "97161:GP 150 1 20260708")
    send(world, late, as_of="2027-07-08T08:00:00")
    assert outcomes(send(world, professional("B", PCP, "B200", VISIT), as_of="2027-07-09T08:00:00"))["B"] == (
        "1 140 0 0 | 99213 140 0 CO29:140 0/1"
    )
    world.load("fees", "*,,97161,,unit,100.00,2024-01-01,")
    (said,) = outcomes(pay(world, "2027-07-20T08:00:00")).values()
    assert "CO29" not in said


def test_two_alike_wait_and_one_is_paid(world: PayingWorld) -> None:
    first, second = professional("A", PCP, "B200", NO_FEE), professional("B", PCP, "B200", NO_FEE)
    send(world, first)
    send(world, second, as_of=DAY2)
    world.load("fees", FEE)
    assert outcomes(pay(world, DAY3)) == {"A": WAITED, "B": "1 220 0 0 | 99204 220 0 OA18:220 0/1"}


def test_a_plan_that_comes_late(world: PayingWorld, tmp_path: Path) -> None:
    row = dict(zip(TABLES["members"].columns, OAKES_ROW.split(","), strict=True))
    with world.store.unit(datetime.fromisoformat(DAY1)) as unit:
        unit.upsert(schema.reference["members"], [row])
    claim = body([professional("A", PCP, "B200", VISIT)]).replace("@subscriber B200", OAKES)
    number = claim_numbers(world.send("837P", claim, as_of=DAY1))["A"]
    assert active(world)[number] == "pended no_plan"
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "OWN-PPO.toml").write_text(OWN_PLAN, encoding="utf-8")
    said = edi("load", "--db", tmp_path / "store.db", tmp_path / "plans")
    assert said.exit == 0, said.stderr
    world.store = open_store(str(tmp_path / "store.db"))
    (text,) = outcomes(pay(world, DAY2)).values()
    assert text.startswith("1 140 ")


OAKES_ROW = "B990,B990,18,OAKES,UMA,1980-01-02,F,9 PIER,PORTLAND,ME,041010009,OWN-PPO,G9,2026-01-01,,"
OAKES = """NM1*IL*1*OAKES*UMA****MI*B990
N3*9 PIER
N4*PORTLAND*ME*041010009
DMG*D8*19800102*F"""
OWN_PLAN = """id = "OWN-PPO"
name = "OWN PPO"
product = "PR"
base = "BAY-PPO"
"""


# -- corrections that wait ------------------------------------------------------------------------------


def corrected(world: PayingWorld) -> tuple[Form, str, str]:
    """A claim that is paid, and a correction of it that waits for a fee: the form and both numbers."""
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    out = send(world, again(form, "7", first, NO_FEE), as_of=DAY2)
    assert outcomes(out) == {"A": "pends"}
    return form, first, claim_numbers(out)["A"]


def test_a_correction_that_waits_takes_nothing_back_until_it_is_decided(world: PayingWorld) -> None:
    _, first, second = corrected(world)
    assert pay(world, DAY3).sets == {}
    assert active(world) == {first: "paid", second: "pended no_fee"}
    world.load("fees", FEE)
    paid = pay(world, DAY4)
    assert outcomes(paid)["A"] == f"{BACK} ## {WAITED}"
    assert paid.value("835", "BPR", 2) == "70"
    assert active(world) == {first: "reversed", second: "paid"}


def test_what_it_corrects_is_still_there_for_the_next_claim(world: PayingWorld) -> None:
    form, _, _ = corrected(world)
    assert outcomes(send(world, professional("B", PCP, "B200", VISIT), as_of=DAY3))["B"] == (
        "1 140 0 0 | 99213 140 0 OA18:140 0/1"
    )
    assert form.number == "A"


@pytest.mark.parametrize("named", ["first", "second"])
def test_the_next_correction_takes_the_place_of_the_one_that_waits(world: PayingWorld, named: str) -> None:
    form, first, second = corrected(world)
    number = {"first": first, "second": second}[named]
    out = send(world, again(form, "7", number, "99213 150 1 20260708"), as_of=DAY3)
    assert outcomes(out)["A"] == f"{BACK} ## 1 150 80 20 | 99213 150 80 CO45:50 PR3:20"
    world.load("fees", FEE)
    assert pay(world, DAY4).sets == {}
    assert active(world) == {first: "reversed", second: "reversed", claim_numbers(out)["A"]: "paid"}


@pytest.mark.parametrize("named", ["first", "second"])
def test_a_void_takes_back_what_was_paid_and_the_correction_that_waits(
    world: PayingWorld, named: str
) -> None:
    form, first, second = corrected(world)
    number = {"first": first, "second": second}[named]
    out = send(world, again(form, "8", number), as_of=DAY3)
    assert outcomes(out)["A"] == BACK
    world.load("fees", FEE)
    assert pay(world, DAY4).sets == {}
    assert active(world) == {first: "reversed", second: "reversed", claim_numbers(out)["A"]: "void"}
    assert outcomes(send(world, again(form, "7", first), as_of=DAY4))["A"] == "U A3:464"


def test_a_second_correction_that_waits_withdraws_the_first_one(world: PayingWorld) -> None:
    form, first, second = corrected(world)
    out = send(world, again(form, "7", second, "99205 300 1 20260708"), as_of=DAY3)
    third = claim_numbers(out)["A"]
    world.load("fees", FEE)
    assert pay(world, DAY3).sets == {}  # the fee of the one that was withdrawn moves nothing
    assert active(world) == {first: "paid", second: "reversed", third: "pended no_fee"}
    world.load("fees", "*,,99205,,unit,200.00,2024-01-01,")
    assert outcomes(pay(world, DAY4))["A"] == f"{BACK} ## 1 300 180 20 | 99205 300 180 CO45:100 PR3:20"


def test_a_claim_that_waits_and_is_voided_or_corrected_is_never_decided(world: PayingWorld) -> None:
    one, two = professional("A", PCP, "B200", NO_FEE), professional("B", PCP, "B100", NO_FEE)
    numbers = claim_numbers(send(world, one, two))
    out = send(world, again(one, "8", numbers["A"]), again(two, "7", numbers["B"], VISIT), as_of=DAY2)
    assert outcomes(out) == {"A": "pends", "B": PAID}  # nothing is said of the void: nothing was paid
    world.load("fees", FEE)
    assert pay(world, DAY3).sets == {}
    assert set(active(world).values()) == {"reversed", "void", "paid"}


def test_corrections_of_one_claim_in_one_file(world: PayingWorld) -> None:
    """Each sees what became of the one before it, whichever number it names."""
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    out = send(world, again(form, "7", first, NO_FEE), again(form, "8", first), as_of=DAY2)
    assert outcomes(out)["A"] == BACK
    twice = send(world, again(form, "8", first), as_of=DAY3)
    assert outcomes(twice)["A"] == "U A3:464"


# -- our own check --------------------------------------------------------------------------------------


def process(world: PayingWorld, *forms: Form, as_of: str = DAY1) -> tuple[Out, Report]:
    """The answers and the report of one interchange."""
    (done,) = world.process(interchange(f"837{forms[0].kind}", [body(forms)], 900), as_of)
    found: dict[str, list[list[str]]] = {}
    for file in done.files:
        found.setdefault(file.name.split(".")[-2], []).extend(sets_of(file.content))
    return Out(found), done.report


DENIED = "1 60 0 0 | 97110:GP 60 0 CO197:60 0/1"
FOUR: Sequence[Form] = (
    professional("A", PCP, "B200", VISIT),
    professional("B", SPECIALIST, "B200", VISIT),
    professional("C", PCP, "B100", VISIT),
    professional("D", THERAPY, "B100", "97110:GP 60 1 20260708"),
)


def test_what_fails_our_own_check_holds_only_itself(
    world: PayingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch, "B")
    out, report = process(world, *FOUR)
    said = outcomes(out)
    assert (said["A"], said["B"], said["C"], said["D"]) == (PAID, "pends", PAID, DENIED)
    number = claim_numbers(out)["B"]
    (note,) = report.notes
    assert note == f"claim {number} pends, own_check: the 835 would fail (element-code)"
    assert (report.claims, report.claims_paid, report.claims_denied, report.claims_pended) == (4, 2, 1, 1)
    assert not report.refused
    (one,) = listed(world, "pended", "own_check")
    assert (one.claim, one.patient_account, one.cause, one.paid) == (number, "B", "own_check", 0)
    with world.store.unit(datetime.fromisoformat(DAY2)) as unit:
        before = unit.peek_number("trace"), unit.peek_number("interchange")
    assert pay(world, DAY2).sets == {}  # still at fault; no number is used up for it
    with world.store.unit(datetime.fromisoformat(DAY2)) as unit:
        assert (unit.peek_number("trace"), unit.peek_number("interchange")) == before
    monkeypatch.undo()
    paid = pay(world, DAY3)
    assert outcomes(paid)["B"] == PAID
    assert paid.value("835", "CLP", 7) == number


def test_a_correction_at_fault_waits_with_its_reversal(
    world: PayingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, other = professional("A", PCP, "B200", VISIT), professional("B", PCP, "B100", VISIT)
    first = claim_numbers(send(world, form))["A"]
    fault(monkeypatch, "A2")
    wrong = again(professional("A2", PCP, "B200", VISIT), "7", first, "99214 200 1 20260708")
    out = send(world, wrong, other, as_of=DAY2)
    assert outcomes(out) == {"A2": "pends", "B": PAID}
    second = claim_numbers(out)["A2"]
    assert active(world)[first] == "paid"
    assert active(world)[second] == "pended own_check"
    monkeypatch.undo()
    paid = pay(world, DAY3)
    assert outcomes(paid) == {"A": BACK, "A2": "1 200 120 20 | 99214 200 120 CO45:60 PR3:20"}
    assert [s.split("*")[1] for s in paid.find("835", "CLP")] == ["A", "A2"]
    assert paid.value("835", "BPR", 2) == "40"


def test_a_void_at_fault_waits_and_the_claim_stays_in_force(
    world: PayingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    fault(monkeypatch, "A")
    out = send(world, again(form, "8", first), as_of=DAY2)
    assert "835" not in out.sets
    void = claim_numbers(out)["A"]
    assert active(world) == {first: "paid", void: "pended own_check"}
    (waits,) = listed(world, "pended")
    assert (waits.charge, waits.paid) == (140, 0)
    monkeypatch.undo()
    assert outcomes(pay(world, DAY3))["A"] == BACK
    assert active(world) == {first: "reversed", void: "void"}


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_no_835_reverses_what_none_has_reported(world: PayingWorld, frequency: str) -> None:
    """A claim decided without payment goes out with what takes it back, in front of it."""
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form, pay=False))["A"]
    out = send(world, again(professional("A", PCP, "B200", VISIT), frequency, first), as_of=DAY2)
    statuses = [segment.split("*")[2] for segment in out.find("835", "CLP")]
    assert statuses == ["1", "22"] + ["1"] * (frequency == "7")
    assert not out.find("835", "PLB")
    assert pay(world, DAY3).sets == {}


def test_a_claim_at_fault_that_was_corrected_before_it_left(
    world: PayingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim and its reversal come to nothing; the correction goes out alone."""
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form, pay=False))["A"]
    again_ = again(professional("A2", PCP, "B200", VISIT), "7", first, "99214 200 1 20260708")
    second = claim_numbers(send(world, again_, as_of=DAY2, pay=False))["A2"]
    fault(monkeypatch, "A")
    paid = pay(world, DAY3)
    assert outcomes(paid) == {"A2": "1 200 120 20 | 99214 200 120 CO45:60 PR3:20"}
    assert active(world) == {first: "reversed", second: "paid"}
    monkeypatch.undo()
    assert pay(world, DAY4).sets == {}


def test_a_chain_at_fault_waits_from_its_end(world: PayingWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reversal of a claim that is paid is at fault: everything that came of it waits."""
    form = professional("A", PCP, "B200", VISIT)
    first = claim_numbers(send(world, form))["A"]
    two = again(professional("A2", PCP, "B200", VISIT), "7", first, "99214 200 1 20260708")
    second = claim_numbers(send(world, two, as_of=DAY2, pay=False))["A2"]
    three = again(professional("A3", PCP, "B200", VISIT), "7", first, "99214 210 1 20260708")
    third = claim_numbers(send(world, three, as_of=DAY2, pay=False))["A3"]
    fault(monkeypatch, "A")
    assert pay(world, DAY3).sets == {}
    assert active(world) == {first: "paid", second: "pended own_check", third: "pended own_check"}
    monkeypatch.undo()
    paid = pay(world, DAY4)
    assert balanced(paid)
    assert paid.value("835", "BPR", 2) == "40"
    assert active(world) == {first: "reversed", second: "reversed", third: "paid"}


def test_a_payee_at_fault_holds_its_claims_only(world: PayingWorld) -> None:
    with world.store.unit(datetime.fromisoformat(DAY1)) as unit:
        _move(unit, PCP, "1 " + "VERY " * 12 + "LONG WHARF LANE")
    out, report = process(world, *FOUR)
    said = outcomes(out)
    assert [number for number, text in said.items() if text == "pends"] == ["A", "C"]
    assert len(report.notes) == 2
    assert {one.patient_account for one in listed(world, "pended", "own_check")} == {"A", "C"}
    with world.store.unit(datetime.fromisoformat(DAY2)) as unit:
        _move(unit, PCP, "1 WHARF LANE")
    assert outcomes(pay(world, DAY2)) == {"A": PAID, "C": PAID}


def test_a_payee_at_fault_holds_a_whole_chain_and_the_last_of_it_is_paid(world: PayingWorld) -> None:
    """None of it had left: in the end only the claim in force goes out, the voided one never."""
    form, gone = professional("A", PCP, "B200", VISIT), professional("V", PCP, "B100", VISIT)
    numbers = claim_numbers(send(world, form, gone, pay=False))
    send(world, again(form, "7", numbers["A"], "99214 200 1 20260708"), pay=False, as_of=DAY2)
    send(world, again(form, "7", numbers["A"], "99213 160 1 20260708"), pay=False, as_of=DAY2)
    send(world, again(gone, "8", numbers["V"]), pay=False, as_of=DAY2)
    with world.store.unit(datetime.fromisoformat(DAY2)) as unit:
        _move(unit, PCP, "1 " + "VERY " * 12 + "LONG WHARF LANE")
    assert pay(world, DAY3).sets == {}
    assert sorted(active(world).values()) == ["pended own_check", *["reversed"] * 3, "void"]
    with world.store.unit(datetime.fromisoformat(DAY3)) as unit:
        _move(unit, PCP, "1 WHARF LANE")
    assert outcomes(pay(world, DAY4)) == {"A": "1 160 80 20 | 99213 160 80 CO45:60 PR3:20"}
    assert pay(world, DAY4).sets == {}


def _move(unit: Unit, npi: str, address: str) -> None:
    """Another address in the store, as no load of today would take it."""
    table = schema.reference["providers"]
    unit.connection.execute(table.update().where(table.c.npi == npi).values(address=address))


def test_what_a_claim_at_fault_took_is_there_for_the_next(
    world: PayingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.load(
        "authorizations",
        f"AU1,B100,authorization,approved,62,{PCP},1807700079,70551,,,UN,1,2026-07-01,2026-07-01,2026-09-30,",
    )
    scan = professional("A", "1807700079", "B100", "70551 900 1 20260708", references=("G1*AU1",))
    fault(monkeypatch, "A")
    assert outcomes(send(world, scan))["A"] == "pends"
    second = professional("B", "1807700079", "B100", "70551 900 1 20260709", references=("G1*AU1",))
    assert outcomes(send(world, second, as_of=DAY2))["B"].startswith("1 900 525 75 AU1")
    monkeypatch.undo()
    assert outcomes(pay(world, DAY3))["A"] == "1 900 0 0 | 70551 900 0 CO198:900 N362 0/1"


def test_a_file_that_passes_is_checked_once(world: PayingWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = own_check.faults

    def counted(content: bytes) -> tuple[str, ...]:
        seen.append(content.count(b"\nCLP*"))
        return real(content)

    for module in ("x12_payer.adjudication.pipeline.own_check", "x12_payer.adjudication.pipeline.payment"):
        monkeypatch.setattr(f"{module}.faults", counted)
    forms = [professional(f"N{n}", PCP, "B200", f"99213 140 1 202607{n:02d}") for n in range(1, 17)]
    send(world, *forms)
    assert seen == [16]
    seen.clear()
    fault(monkeypatch, "F7")
    send(world, *(professional(f"F{n}", PCP, "B100", f"99213 140 1 202607{n:02d}") for n in range(1, 17)))
    assert len(seen) <= 14  # by halving, not one by one
    assert seen[-1] == 15


# -- the commands ---------------------------------------------------------------------------------------


def command(world: PayingWorld, tmp_path: Path, *arguments: object) -> list[dict[str, str]]:
    said = edi("claims", *arguments, "--db", tmp_path / "store.db", "--as-of", DAY4, "--format", "json")
    assert said.exit == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_the_list_says_every_claim_in_a_line(world: PayingWorld, tmp_path: Path) -> None:
    wrong = professional("R", PCP, "B200", VISIT, charge="150")
    denied = professional("D", THERAPY, "B100", "97110:GP 60 1 20260708")
    out = send(
        world, professional("P", PCP, "B200", VISIT), professional("W", PCP, "B100", NO_FEE), wrong, denied
    )
    numbers, trace = claim_numbers(out), out.value("835", "TRN", 2)
    rows = command(world, tmp_path, "list")
    assert rows[0] == {
        "claim": numbers["P"],
        "patient_account": "P",
        "received": "2026-08-15",
        "status": "paid",
        "cause": "",
        "charge": "140.00",
        "paid": "80.00",
        "payee_npi": PCP,
        "remittance": trace,
    }
    assert [(r["patient_account"], r["status"], r["cause"]) for r in rows[1:]] == [
        ("W", "pended", "no_fee"),
        ("D", "denied", "no_authorization"),
        ("R", "refused", "A7:178"),
    ]
    assert (rows[3]["claim"], rows[3]["charge"], rows[3]["payee_npi"]) == ("", "150.00", PCP)
    for status in ("pended", "paid", "denied", "refused"):
        assert [r["status"] for r in command(world, tmp_path, "list", "--status", status)] == [status]
    assert [r["patient_account"] for r in command(world, tmp_path, "list", "--cause", "A7:178")] == ["R"]
    assert [r["patient_account"] for r in command(world, tmp_path, "list", "--cause", "claim_no_fee")] == [
        "W"
    ]
    text = edi("claims", "list", "--db", tmp_path / "store.db").stdout
    assert [line.split()[-1] for line in text.splitlines()[1:2]] == [trace]
    assert "QUINCY" not in text


def test_release_decides_those_that_are_named_or_all(world: PayingWorld, tmp_path: Path) -> None:
    out = send(world, professional("A", PCP, "B200", NO_FEE), professional("B", PCP, "B100", NO_FEE))
    first, second = claim_numbers(out).values()
    assert [r["status"] for r in command(world, tmp_path, "release")] == ["pended", "pended"]
    world.load("fees", FEE)
    (one,) = command(world, tmp_path, "release", second)
    assert (one["claim"], one["status"], one["paid"], one["remittance"]) == (second, "paid", "150.00", "")
    assert active(world) == {first: "pended no_fee", second: "paid"}
    assert [r["claim"] for r in command(world, tmp_path, "release")] == [first]
    assert command(world, tmp_path, "release") == []
    assert outcomes(pay(world, DAY4)) == {"A": WAITED, "B": WAITED}


def test_release_of_a_number_that_we_do_not_hold(world: PayingWorld, tmp_path: Path) -> None:
    send(world, professional("A", PCP, "B200", NO_FEE))
    said = edi("claims", "release", "X9", "--db", tmp_path / "store.db")
    assert (said.exit, said.stderr.strip()) == (2, "no claim of this number: X9")
    world.load("fees", FEE)
    both = edi("claims", "release", "X9", *active(world), "--db", tmp_path / "store.db")
    assert both.exit == 2
    assert set(active(world).values()) == {"pended no_fee"}  # nothing was done


def test_a_claim_of_an_older_store_waits_until_it_is_sent_again(world: PayingWorld) -> None:
    number = claim_numbers(send(world, professional("A", PCP, "B200", NO_FEE)))["A"]
    with world.store.unit(datetime.fromisoformat(DAY2)) as unit:
        unit.connection.execute(schema.claim_messages.delete())
        assert decide_pended(unit, settings(world, DAY2)) == ()
    world.load("fees", FEE)
    assert pay(world, DAY3).sets == {}
    assert active(world) == {number: "pended no_fee"}
