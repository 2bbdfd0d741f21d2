"""Claims that are taken by their fingerprint: the fast path says what the rules say, of any mutated file."""

import random
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from tests.worlds.places import SAMPLES
from tests.worlds.text.valid_sets import AS_OF, DENTAL, HEAD, INSTITUTIONAL, PROFESSIONAL, SECOND, interchange
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.snip.fast_path.claims import KEPT_TERMS, FastClaims, Memory
from x12_payer.edi.snip.situational import follow_claims, found_in_set, situations
from x12_payer.edi.wire.segments import Source

RICH = (
    HEAD.replace("SBR*P", "SBR*S")
    + """CLM*R1*300***11:B:1*Y*A*Y*Y
HI*ABK:M25561*ABF:I10
SBR*P*18*G2******CI
AMT*D*240
OI***Y*P**Y
NM1*IL*1*STONE*KIM****MI*N1
NM1*PR*2*OTHER*****PI*P2
LX*1
SV1*HC:99213*300*UN*1***1:2
DTP*472*D8*20260601
SVD*P2*240*HC:99213**1
CAS*PR*2*60
DTP*573*D8*20260610
"""
    + SECOND
    + """CLM*R2*250***11:B:7*Y*A*Y*Y**AA:::MA
DTP*439*D8*20260515
DTP*431*D8*20260516
PWK*OZ*BM***AC*A1
REF*G1*AU1
REF*F8*K1
NTE*ADD*SEEN TWICE
HI*ABK:S72001A*ABF:I10*ABF:E119
NM1*82*1*REED*LEE****XX*1234567893
PRV*PE*PXC*208D00000X
LX*1
SV1*HC:A0428*100*UN*1***1
CR1*LB*140**A*DH*12
DTP*472*D8*20260601
NM1*PW*2
N3*1 WHARF ST
N4*BOSTON*MA*02108
NM1*45*2
N3*2 WHARF ST
N4*BOSTON*MA*02108
LX*2
SV1*HC:00100*150*MJ*45***1:2:3
DTP*472*D8*20260602
REF*6R*R2-2
"""
)


def bodies() -> list[tuple[str, list[str]]]:
    """Valid sets, ST and SE left out, with the kind of claim."""
    found = [("P", PROFESSIONAL), ("I", INSTITUTIONAL), ("D", DENTAL), ("P", RICH)]
    return [(kind, body.strip().splitlines()) for kind, body in found] + [
        (kind, many(body.strip().splitlines(), 3)) for kind, body in found
    ]


def many(body: list[str], times: int) -> list[str]:
    """The subscribers of a set several times, with claim and HL numbers of their own."""
    first = next(n for n, one in enumerate(body) if one.startswith("HL*2*"))
    levels = sum(one.startswith("HL*") for one in body[first:])
    found = body[:first]
    for turn in range(times):
        for one in body[first:]:
            elements = one.split("*")
            if elements[0] == "HL":
                elements[1] = str(int(elements[1]) + turn * levels)
                elements[2] = "1" if elements[2] == "1" else str(int(elements[2]) + turn * levels)
            elif elements[0] == "CLM":
                elements[1] += f"-{turn}"
            found.append("*".join(elements))
    return found


VALUES = ("0", "1", "2", "-5", "12.5", "12.345", "20260601", "20260602", "20260716", "20140101", "19000101")
OTHERS = (
    "11:B:7",
    "21:B:1",
    "41:B:1",
    "13:A:1",
    "ABK:I10",
    "BK:4019",
    "ABF:I10",
    "1:1",
    "9",
    "S",
    "P",
    "19",
    "18",
    "",
    # what the rules beyond the guide ask for
    "PO BOX 12",
    "02108",
    "021080001",
    "P3",
    "DN",
    "ABK:W010XXA",
    "ABK:M1711",
    "ABK:M1711:::::::Y",
    "ABF:Z7901",
    "30",
    "0516",
    "0300",
)
CODES = (
    "HC:A0428",
    "HC:00100",
    "HC:99199",
    "HC:27447:LT",
    "HC:9921",
    "AD:D2392",
    "1234567890",
    "1234567893",
    "X",
)


def mutate(body: list[str], rng: random.Random) -> list[str]:
    """The same with a few changes that types 1 and 2 often let pass."""
    found = list(body)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(3, len(found))
        elements = found[at].split("*")
        alike = [one.split("*") for one in found if one.split("*")[0] == elements[0]]
        what = rng.random()
        if what < 0.75 and len(elements) > 1:
            place = rng.randrange(1, len(elements))
            near = [one[place] for one in alike if len(one) > place]
            elements[place] = rng.choice((*near, *near, *VALUES, *OTHERS, *CODES))
            found[at] = "*".join(elements)
        elif what < 0.82:
            del found[at]
        elif what < 0.85:
            found.insert(at, found[at])
        elif what < 0.9:
            starts = [n for n, one in enumerate(found) if one.startswith(("LX*", "CLM*"))] or [at]
            begin = rng.choice(starts)
            found[begin:begin] = found[begin : begin + rng.choice((3, 4))]
        elif what < 0.94:
            found[at] = "*".join((*elements, rng.choice((*VALUES, *OTHERS))))
        else:
            other = rng.randrange(3, len(found))
            found[at], found[other] = found[other], found[at]
    return found


def placed(found: list[Diagnostic]) -> list[tuple[int, str, int, int, str, tuple[str, str]]]:
    places = [(d.position.set_segment, d.code, d.position.element, d.position.component, d) for d in found]
    return sorted((n, code, e, c, d.value, d.context) for n, code, e, c, d in places)


def compare(data: bytes, as_of: date = AS_OF) -> tuple[int, int]:
    """Both ways on every set without an error of types 1 and 2: how many sets, and how many findings."""
    sets = findings = 0
    source, codes = Source(data=data), code_lists()
    memory: Memory = {}
    follow = follow_claims(as_of, codes, memory=memory)
    for one in check_interchanges(source, every_guide=True, follow=follow):
        for s in (s for group in one.groups for s in group.sets):
            if any(d.is_error for d in s.diagnostics):
                assert s.followed is None
                continue
            again = evolve(s, followed=None)
            fast = placed(found_in_set(source, again, one.delimiters, as_of, codes, 500, memory))
            if s.followed is not None:
                assert placed(list(s.followed)) == fast
            else:
                assert s.diagnostics or s.set_id != "837"
            segments = loop_segments(source, s, one.delimiters)
            plain = placed(list(situations(s, segments, one.delimiters, as_of, codes)))
            assert fast == plain, data
            sets, findings = sets + 1, findings + len(plain)
    return sets, findings


def run(seed: int, times: int) -> tuple[int, int]:
    rng = random.Random(seed)
    known = bodies()
    sets = findings = 0
    for _ in range(times):
        kind, body = rng.choice(known)
        new = compare(interchange(kind, "\n".join(mutate(body, rng)), "\n".join(body)))
        sets, findings = sets + new[0], findings + new[1]
    return sets, findings


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_mutated_claims(seed: int) -> None:
    sets, findings = run(seed, 1000)
    assert sets > 1000  # each file has a valid set, and some of the others are
    assert findings > 20


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*/inbound/*")), ids=lambda path: "/".join(path.parts[-3:])
)
def test_samples(path: Path) -> None:
    compare(path.read_bytes())


@pytest.mark.parametrize("today", [date(2014, 12, 31), date(2026, 6, 1), date(2026, 6, 2), date(2030, 1, 1)])
def test_other_days(today: date) -> None:
    for kind, body in bodies():
        compare(interchange(kind, "\n".join(body)), today)


def test_most_claims_are_taken_by_their_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    by_rules = FastClaims._by_rules

    def counting(self: FastClaims, block: list[str]) -> None:
        asked.append(block[0])
        by_rules(self, block)

    monkeypatch.setattr(FastClaims, "_by_rules", counting)
    body = many(PROFESSIONAL.strip().splitlines(), 40)
    assert compare(interchange("P", "\n".join(body))) == (1, 0)
    assert sum(one.startswith("CLM") for one in body) == 80
    assert sum(one.startswith("CLM") for one in asked) <= 2


def test_pieces_of_any_size_give_the_same() -> None:
    data = interchange("P", "\n".join(many(PROFESSIONAL.strip().splitlines(), 5)))
    source = Source(data=data, chunk=40)
    (one,) = check_interchanges(source, every_guide=True)
    (s,) = one.groups[0].sets
    assert found_in_set(source, s, one.delimiters, AS_OF, code_lists()) == []


def test_nothing_learned_outlives_its_run() -> None:
    data = interchange("P", "\n".join(many(PROFESSIONAL.strip().splitlines(), 5)))

    def check(memory: Memory) -> int:
        follow = follow_claims(AS_OF, code_lists(), memory=memory)
        list(check_interchanges(Source(data=data), every_guide=True, follow=follow))
        (learned,) = memory.values()
        return len(learned.valid)

    one: Memory = {}
    assert [check(one), check(one)] == [2, 2]  # learned once
    assert check({}) == 2  # and anew by another run


def test_a_run_keeps_little() -> None:
    memory: Memory = {}
    data = interchange("P", PROFESSIONAL)
    for day in range(1, 9):
        follow = follow_claims(date(2026, 7, day), code_lists(), memory=memory)
        list(check_interchanges(Source(data=data), every_guide=True, follow=follow))
        assert len(memory) == min(day, KEPT_TERMS)
