"""The essays at the heads of modules are true: their tables and examples are run."""

import re
from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from tests.rules.claims.test_units import MONDAY, at, demand, lot
from tests.worlds.places import EXAMPLES
from tests.worlds.text.valid_sets import HEAD, SECOND, interchange
from x12_payer.authorization import units
from x12_payer.authorization.facts import Approval, Use
from x12_payer.authorization.units import Booking, Ledger, book, give_back
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.guides.automaton import Automaton
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.snip.fast_path import fingerprint
from x12_payer.edi.snip.rules.claims import ClaimRules
from x12_payer.edi.snip.situational import follow_claims
from x12_payer.edi.snip.validate import diagnostics_in
from x12_payer.edi.wire.segments import Delimiters, Source

EXAMPLE = EXAMPLES / "837P.x12"


def table(text: str | None, first: str) -> list[list[str]]:
    """The rows of the table of an essay whose first heading is this one, cut where its headings begin."""
    lines = (text or "").splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith(f"    {first} "))
    begins = [found.start() for found in re.finditer(r"(?<=  )\S", lines[head])]
    rows = []
    for line in lines[head + 1 :]:
        if not line.strip():
            break
        ends = [*begins[1:], len(line)]
        rows.append([line[begin:end].strip() for begin, end in zip(begins, ends, strict=True)])
    return rows


# -- the units ledger ------------------------------------------------------------------------------


def approved(text: str) -> Approval:
    """`A=9 UN@1-2`: nine units under key A, in force on dates 1 and 2."""
    found = re.fullmatch(r"(\w)=(\d) (\w\w)(?:@(\d)-(\d))?", text)
    assert found
    one = lot(found[3], int(found[2]), key=found[1])
    return at(one, int(found[4]), int(found[5])) if found[4] else one


BOOKED = table(units.__doc__, "method")
GIVEN_BACK = table(units.__doc__, "before")


@pytest.mark.parametrize("row", BOOKED, ids=" ".join)
def test_booking_before_act_after(row: list[str]) -> None:
    method, before, act, takes, covered, after = row
    approvals = [approved(one) for one in before.split(", ")]
    asked = re.fullmatch(r"(\d) units on ([\d,]+)", act)
    assert asked
    booked = book(
        Booking(method), demand(int(asked[1]), *map(int, asked[2].split(","))), [approvals], Ledger()
    )
    taken: dict[str, Decimal] = {}
    for take in booked.takes:
        taken[take.approval.key] = taken.get(take.approval.key, Decimal(0)) + take.units
    assert " ".join(f"{key}:{number}" for key, number in taken.items()) == takes.replace("-", "")
    assert booked.covered == Decimal(covered)
    ledger = Ledger().after(booked)
    assert " ".join(f"{one.key}={ledger.left(one)}" for one in approvals) == after


@pytest.mark.parametrize("row", GIVEN_BACK, ids=" ".join)
def test_giving_back_before_act_after(row: list[str]) -> None:
    before, act, back, left = row
    history = [used(one) for one in before.split()]
    reversed_before = {use.claim_number.replace("R", "C") for use in history if use.claim_number[0] == "R"}
    claim = act.removeprefix("reverse ")
    taken = [use for use in history if use.claim_number == claim]
    gone = {claim, *reversed_before}
    active = [use for use in history if use.claim_number[0] == "C" and use.claim_number not in gone]
    given = give_back(taken, active, history, claim.replace("C", "R"))
    assert -sum(use.units for use in given) == Decimal(back)
    spent = sum(use.units for use in (*history, *given))
    assert evolve(lot("VS", 3), used=Decimal(spent)).left == Decimal(left)


def used(text: str) -> Use:
    claim, number = text.split(":")
    return Use("A", "AU-A", claim, "1", Decimal(number), MONDAY)


def test_the_tables_of_the_ledger_are_read() -> None:
    assert (len(BOOKED), len(GIVEN_BACK)) == (8, 4)


# -- the guide automaton ---------------------------------------------------------------------------


def test_the_steps_of_the_automaton() -> None:
    automaton = Automaton(guide_named("837P.X222A1"), Delimiters())
    state = automaton.start
    before = ("NM1*41", "HL*1**20", "NM1*85", "HL*2*1*22", "NM1*IL", "CLM*1*1", "LX*1", "SV1*HC:1", "DTP*472")
    for segment in before:
        state = automaton.step(state, segment.split("*")).state
    reported = []
    for segment in ("LX*2", "DTP*472*D8*20260601", "SV1*HC:99213*300*UN*1***1", "LX*3"):
        step = automaton.step(state, segment.split("*"))
        reported.append((len(step.opens), [node.tag for node in step.missing], step.fault, step.late))
        state = step.state
    assert reported == [
        (1, [], "", False),
        (0, ["SV1"], "", False),
        (0, [], "segment-sequence", True),
        (1, [], "", False),
    ]


def test_one_fault_one_diagnostic() -> None:
    text = EXAMPLE.read_text(encoding="latin-1")
    line = re.search(r"(SV1\*[^~]*~\n)(DTP\*472[^~]*~\n)", text)
    assert line
    swapped = text.replace(line[0], line[2] + line[1], 1)
    found = diagnostics_in(Source(data=swapped.encode()), 6, date(2026, 7, 15))
    assert [one.code for one in found] == ["segment-sequence"]


# -- the fingerprint -------------------------------------------------------------------------------

ANOTHER_DAY = date(2026, 9, 1)  # what a run learns belongs to its day: nothing is known on this one
CLAIMS = [line for line in (fingerprint.__doc__ or "").splitlines() if line.startswith("    CLM*")]
LEVELS = (HEAD, SECOND, SECOND.replace("HL*3", "HL*4").replace("M2", "M3"))


def test_the_rules_look_at_each_fingerprint_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    take = ClaimRules.take

    def spy(self: ClaimRules, block: list[tuple[str, list[str], int]]) -> None:
        looked.extend(elements[1] for _, elements, _ in block if elements[0] == "CLM")
        take(self, block)

    monkeypatch.setattr(ClaimRules, "take", spy)
    body = ""
    for level, three in zip(LEVELS, CLAIMS, strict=True):
        clm, hi, sv1 = re.findall(r"(?:CLM|HI|SV1)\*\S+", three)
        body += f"{level}{clm}\n{hi}\nLX*1\n{sv1}\nDTP*472*D8*20260601\n"
    source = Source(data=interchange("P", body))
    (checked,) = check_interchanges(source, follow=follow_claims(ANOTHER_DAY, code_lists()))
    ((one,),) = [group.sets for group in checked.groups]
    assert looked == ["A1", "C3"]
    assert [found.code for found in one.followed or ()] == ["claim-original-missing"]
