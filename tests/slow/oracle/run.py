"""One random sequence through the product and the oracle, compared claim by claim.

python -m tests.slow.oracle.run 2000 [first seed]       2,000 sequences: some minutes
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.slow.oracle import sequences as seq
from tests.slow.oracle.facts import GROUP, SERVICES
from tests.slow.oracle.rules import Claim, Person, correct, decide, take_back
from tests.worlds.payer.e2e import Out, World

ZERO = Decimal(0)
PER_WORLD = 25  # sequences that share a store: their members are their own


def run(world: World, seed: int) -> list[str]:
    """The disagreements of one sequence, in words; none is how it should be."""
    rng, wrong = random.Random(seed), []
    persons = seq.people(rng, f"{seed:05d}")
    load(world, persons)
    today = seq.START
    ours: dict[str, Any] = {}
    for step in range(rng.randint(6, 11)):
        today += timedelta(days=rng.randint(0, 6))
        person = rng.choice(persons)
        what = rng.choices(["claim", "replace", "void", "genes", "visits", "cancel"], [10, 4, 2, 2, 2, 1])[0]
        label = f"{what} {seed}-{step}"
        if what in ("replace", "void") and person.claims:
            old = rng.choice(person.claims)
            new = seq.claim(rng, person, persons, today, f"{seed}-{step}") if what == "replace" else old
            if what == "replace" and rng.random() < 0.5:
                new = Claim(f"{seed}-{step}", old.member, old.npi, old.lines, new.numbers)
            if new.npi != old.npi:
                continue
            out = world.send(
                "837P",
                seq.claim_body(person, new, "7" if what == "replace" else "8", ours[old.number]),
                as_of=noon(today),
            )
            if what == "replace":
                correct(person, old, new, persons)
                wrong += compare(label, out, new)
                ours[new.number] = our_number(out, new.number)
            else:
                take_back(person, old)
                wrong += (
                    []
                    if any(s.startswith(f"CLP*{new.number}*22*") for s in out.all("835"))
                    else [f"{label}: no reversal"]
                )
        elif what == "claim":
            new = seq.claim(rng, person, persons, today, f"{seed}-{step}")
            out = world.send("837P", seq.claim_body(person, new), as_of=noon(today))
            decide(person, new, persons)
            wrong += compare(label, out, new)
            ours[new.number] = our_number(out, new.number)
        elif what == "genes":
            wrong += genes(world, rng, person, label, today)
        elif what == "visits":
            wrong += visits(world, rng, person, label, today)
        elif what == "cancel":
            wrong += cancel(world, rng, person, label, today)
    return wrong + balances(world, seed, persons)


def noon(day: date) -> str:
    return f"{day}T12:00:00"


def load(world: World, persons: list[Person]) -> None:
    """What is on file before the first step."""
    world.load("members", *map(seq.member_row, persons))
    world.load(
        "accumulators",
        *(f"{p.member},{year},{name},{value}" for p in persons for (name, year), value in p.base.items()),
    )
    world.load("authorizations", *(seq.approval_row(a) for p in persons for a in p.approvals))
    if consents := [
        f"{p.member},{npi},{code},2025-01-01," for p in persons for npi, code in sorted(p.consents)
    ]:
        world.load("consents", *consents)


# -- claims ----------------------------------------------------------------------------------------------


def our_number(out: Out, number: str) -> str:
    """Our claim control number of the 277CA."""
    found = ""
    for parts in (segment.split("*") for segment in out.all("277CA")):
        if parts[0] == "TRN":
            found = parts[2]
        elif parts[:2] == ["REF", "1K"] and found == number:
            return parts[2]
    return ""


def compare(label: str, out: Out, claim: Claim) -> list[str]:
    """What the 835 says of the claim against the oracle."""
    blocks = [block for block in paid_claims(out) if block[0][1] == claim.number and block[0][2] != "22"]
    if len(blocks) != 1:
        return [f"{label}: {len(blocks)} payments of {claim.number}: {out.all('277CA')}"]
    head, *rest = blocks[0]
    lines: list[list[list[str]]] = []
    above: list[list[str]] = []
    for segment in rest:
        if segment[0] == "SVC":
            lines.append([])
        (lines[-1] if lines else above).append(segment)
    said = [one_line(line) for line in lines]
    expected = [outcome.shown() for outcome in claim.outcomes]
    wrong = [
        f"{label} line {n}: {e} expected, said {s}"
        for n, (e, s) in enumerate(zip(expected, said, strict=True), 1)
        if e != s
    ]
    paid = sum((o.paid for o in claim.outcomes), ZERO)
    owed = sum((a for o in claim.outcomes for key, a in o.adjustments.items() if key.startswith("PR")), ZERO)
    if Decimal(head[4]) != paid or Decimal(head[5] or 0) != owed:
        wrong.append(f"{label}: CLP04 {head[4]} CLP05 {head[5]}, expected {paid} and {owed}")
    numbers = {s[2] for s in rest if s[:2] == ["REF", "G1"]}
    used = {n for o in claim.outcomes for n in o.numbers}
    if used and numbers != used:
        wrong.append(f"{label}: REF*G1 {sorted(numbers)}, expected {sorted(used)}")
    return wrong


def paid_claims(out: Out) -> Iterator[list[list[str]]]:
    """The segments of each CLP."""
    block: list[list[str]] = []
    for parts in (segment.split("*") for segment in out.all("835")):
        if parts[0] in ("CLP", "PLB", "SE", "ST", "LX"):
            if block:
                yield block
            block = []
        if parts[0] == "CLP" or block:
            block.append(parts)


def one_line(segments: list[list[str]]) -> tuple[str, int, tuple[tuple[str, str], ...]]:
    """Paid, units, and the CAS amounts summed by reason, as an Outcome shows them."""
    service = segments[0]
    cas: dict[str, Decimal] = {}
    for segment in segments:
        if segment[0] == "CAS":
            for at in range(2, len(segment), 3):
                key = segment[1] + segment[at]
                cas[key] = cas.get(key, ZERO) + Decimal(segment[at + 1])
    shown = tuple(sorted((key, f"{amount:.2f}") for key, amount in cas.items() if amount))
    units = Decimal(service[5]) if len(service) > 5 and service[5] else Decimal(1)
    return (f"{Decimal(service[3]):.2f}", int(units), shown)


# -- requests --------------------------------------------------------------------------------------------


def last_answer(out: Out) -> tuple[str, str]:
    """HCR01 with HCR03 of a 278 answer and the number, of the last level that has them."""
    found = [s.split("*") for s in out.all("278") if s.startswith(("HCR*", "AAA*"))]
    if not found or found[-1][0] == "AAA":
        return ("*".join(found[-1]) if found else "nothing", "")
    _, action, number, why = [*found[-1], "", ""][:4]
    return (f"{action} {why}".strip(), number)


def genes(world: World, rng: random.Random, person: Person, label: str, today: date) -> list[str]:
    """A genetic test with its diagnosis: a unit is approved, 90 days from issue; one in the past is late."""
    service, units = SERVICES[rng.choice(["81432", "81433"])], rng.choice([1, 2])
    day = today + timedelta(days=rng.choice([-3, 0, 2]))
    if person.plan == "MEDICARE-HMO" or not (person.covered(today) and person.covered(day)):
        return []
    body = seq.request_body(person, label, service, units, day)
    said = last_answer(world.send("278", body, as_of=noon(today)))
    expected = "A1" if units == 1 else "A6"
    if active(person, service.procedure, day):
        expected = "A3 0Q"
    elif day < today:
        expected = "A3 17"
    if said[0] != expected:
        return [f"{label}: {said}, expected {expected}"]
    if expected in ("A1", "A6"):
        end = today + timedelta(days=90)
        row = seq.answered(person, said[1], service, Decimal(1), min(day, today), end)
        person.asked[service.procedure, day] = row
    elif expected != "A3 0Q":
        seq.answered(person, label, service, ZERO, day, date.max).status = "denied"
    return []


def visits(world: World, rng: random.Random, person: Person, label: str, today: date) -> list[str]:
    """Therapy visits within 26 a provider and year (HMO): what authorizations hold already is taken off."""
    if person.plan != "BAY-HMO" or not person.covered(today):
        return []
    service, units = SERVICES[rng.choice(["97110:GP", "97530:GO"])], rng.choice([2, 10, 26])
    held = [
        a.units
        for a in person.approvals
        if (a.status, a.service_type, a.npi) == ("approved", service.service_type, GROUP)
        and a.unit == "VS"
        and a.begin.year == today.year
    ]
    used = person.base["visits:PT-OT", today.year] + len(person.visits(today.year))
    quota, benefit = 26 - sum(held, ZERO), 60 - used
    given = min(Decimal(units), quota, benefit)
    expected = "A3 0L" if benefit <= 0 else "A3 04" if quota <= 0 else "A1" if given == units else "A6"
    if active(person, service.service_type, today):
        expected = "A3 0Q"
    body = seq.request_body(person, label, service, units, today)
    out = world.send("278", body, as_of=noon(today))
    said = last_answer(out)
    if said[0] != expected:
        return [f"{label}: {said}, expected {expected} ({units} asked, quota {quota}, benefit {benefit})"]
    if expected in ("A1", "A6"):
        row = seq.answered(person, said[1], service, given, today, expires(out))
        person.asked[service.service_type, today] = row
    elif expected != "A3 0Q":
        seq.answered(person, label, service, ZERO, today, date.max).status = "denied"
    return []


def expires(out: Out) -> date:
    """DTP*036: a later approval of a therapy period ends with the first one (PTO-14)."""
    day = out.value("278", "DTP*036", 3)
    return date(int(day[:4]), int(day[4:6]), int(day[6:]))


def active(person: Person, what: str, day: date) -> bool:
    """True when the same was asked before and approved, and is not cancelled."""
    before = person.asked.get((what, day))
    return before is not None and before.status == "approved"


def cancel(world: World, rng: random.Random, person: Person, label: str, today: date) -> list[str]:
    """A cancellation: HCR C, and nothing of that number pays from now on."""
    open_ones = [a for a in person.approvals if a.status == "approved" and person.covered(today)]
    if not open_ones:
        return []
    chosen = rng.choice(open_ones)
    rows = [a for a in person.approvals if a.number == chosen.number]
    if len(rows) > 1:
        return []
    said = last_answer(world.send("278", seq.cancel_body(person, label, chosen), as_of=noon(today)))
    chosen.status = "cancelled"
    return [] if said[0] == "C" else [f"{label}: {said}, expected C"]


# -- at the end ------------------------------------------------------------------------------------------


def balances(world: World, seed: int, persons: list[Person]) -> list[str]:
    """No approval gives more than it has."""
    over = [a.key for p in persons for a in p.approvals if a.left() < 0]
    return [f"seed {seed}: the oracle itself overbooked {over}"] if over else []


def all_sequences(count: int, first: int = 0) -> Iterator[str]:
    """The disagreements of `count` sequences."""
    for begin in range(first, first + count, PER_WORLD):
        with tempfile.TemporaryDirectory() as folder:
            world = World(Path(folder) / "store.db")
            world.load("fees", *(f"*,,{s.procedure},,unit,{s.fee},2024-01-01," for s in SERVICES.values()))
            for seed in range(begin, min(begin + PER_WORLD, first + count)):
                yield from run(world, seed)


if __name__ == "__main__":
    found = 0
    for text in all_sequences(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0):
        found += 1
        print(text, flush=True)
    print(f"{sys.argv[1]} sequences, {found} disagreements")
