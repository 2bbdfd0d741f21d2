#!/usr/bin/env python3
"""Write a valid, invented 837I, 835, 270 or 278 request of any size, the same for the same seed.

    bench/make_others.py 837I --count 1000 --seed 1 > claims.x12

Count is claims, claim payments, inquiries or requests. A 278 has one request a set; the others have all
in one set."""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from bench.make_837p import DIAGNOSES, FIRST, FIRST_DAY, HEAD, LAST, SERVICES, npi, person

BHT_DAY = "20260706"
ROOMS = (("0120", 1800), ("0250", 95), ("0300", 60), ("0320", 210))  # revenue code, charge a day or unit
THERAPIES = ("97110", "97140", "97530")
HOSPITALS = ("HARBOR GENERAL HOSPITAL", "SUMMIT MEDICAL CENTER", "EASTSIDE HOSPITAL")


def day(rng: random.Random) -> date:
    """A day of the first half of the year."""
    return FIRST_DAY + timedelta(days=rng.randrange(150))


def name(rng: random.Random) -> str:
    """NM103 and NM104."""
    return f"{rng.choice(LAST)}*{rng.choice(FIRST)}"


def member(rng: random.Random) -> tuple[str, str]:
    """The NM1 and DMG of a subscriber."""
    last, first, _, _, born, sex = person(rng)
    return f"NM1*IL*1*{last}*{first}****MI*A{rng.randrange(10**9):09d}", f"DMG*D8*{born}*{sex}"


# --- 837I --------------------------------------------------------------------------------------------------


def institutional(rng: random.Random, count: int) -> Iterator[str]:
    """One billing provider, a subscriber a claim: stays of a few days with ancillary lines."""
    yield from HEAD
    yield "HL*1**20*1"
    yield f"NM1*85*2*{rng.choice(HOSPITALS)}*****XX*{npi(rng.randrange(10**8))}"
    yield from ("N3*1 WHARF ST", "N4*BOSTON*MA*021100001", "REF*EI*990000002")
    for number in range(1, count + 1):
        yield from _stay(rng, number)


def _stay(rng: random.Random, number: int) -> Iterator[str]:
    _, _, street, town, _, _ = person(rng)
    insured, born = member(rng)
    admitted, days = day(rng), rng.randrange(1, 6)
    lines = [(code, price * days, days) for code, price in ROOMS]
    yield f"HL*{number + 1}*1*22*0"
    yield f"SBR*P*18*GRP{rng.randrange(100, 140)}******CI"
    yield from (insured, street, town, born, "NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01")
    yield f"CLM*I{number:07d}*{sum(charge for _, charge, _ in lines)}***11:A:1**A*Y*Y"
    yield "DTP*096*TM*1100"
    yield f"DTP*434*RD8*{admitted:%Y%m%d}-{admitted + timedelta(days=days):%Y%m%d}"
    yield f"DTP*435*DT*{admitted:%Y%m%d}{rng.randrange(24):02d}30"
    yield "CL1*1*1*01"
    yield f"HI*ABK:{rng.choice(DIAGNOSES)}:::::::Y"
    yield f"HI*ABJ:{rng.choice(DIAGNOSES)}"
    yield f"NM1*71*1*{name(rng)}****XX*{npi(rng.randrange(500))}"
    for ordinal, (code, charge, units) in enumerate(lines, 1):
        yield f"LX*{ordinal}"
        yield f"SV2*{code}**{charge}*{'DA' if code == '0120' else 'UN'}*{units}"


# --- 835 ---------------------------------------------------------------------------------------------------


def remittance(rng: random.Random, count: int) -> Iterator[str]:
    """One cheque for all the claims; every sum agrees."""
    claims = [_paid_claim(rng, number) for number in range(1, count + 1)]
    yield f"BPR*I*{sum(paid for paid, _ in claims)}*C*CHK******1990000001******{BHT_DAY}"
    yield from ("TRN*1*000000001*1990000001", f"DTM*405*{BHT_DAY}")
    yield from ("N1*PR*ATLANTIC HEALTH PLAN", "N3*1 HARBOR PLAZA", "N4*BOSTON*MA*021100001")
    yield from ("REF*2U*ATL01", "PER*BL*PROVIDER SERVICES*TE*8005550100")
    yield f"N1*PE*BAYSIDE PRACTICE*XX*{npi(rng.randrange(10**8))}"
    yield from ("N3*1 WHARF ST", "N4*BOSTON*MA*021100001", "REF*TJ*990000002", "LX*1")
    for _, segments in claims:
        yield from segments


def _paid_claim(rng: random.Random, number: int) -> tuple[Decimal, list[str]]:
    """What is paid, and loop 2100 with its services: 80 of 100 allowed, 20 of that for the patient."""
    lines: list[str] = []
    total = owed = paid = Decimal(0)
    served = day(rng)
    for code, price in rng.choices(SERVICES, k=3):
        charge = Decimal(price)
        contract, patient = charge / 5, charge / 5 * 4 / 5
        pays = charge - contract - patient
        lines += [f"SVC*HC:{code}*{charge}*{pays.normalize():f}**1", f"DTM*472*{served:%Y%m%d}"]
        lines += [f"CAS*CO*45*{contract.normalize():f}", f"CAS*PR*2*{patient.normalize():f}"]
        lines += [f"REF*6R*B{number:07d}-{len(lines)}", f"AMT*B6*{(charge - contract).normalize():f}"]
        total, owed, paid = total + charge, owed + patient, paid + pays
    amounts = f"{total}*{paid.normalize():f}*{owed.normalize():f}"
    head = [f"CLP*B{number:07d}*1*{amounts}*12*2607060{number:06d}*11*1"]
    head += [f"NM1*QC*1*{name(rng)}****MI*A{rng.randrange(10**9):09d}", f"DTM*050*{BHT_DAY}"]
    return paid.normalize(), head + lines


# --- 270 and 278 -------------------------------------------------------------------------------------------


def eligibility(rng: random.Random, count: int) -> Iterator[str]:
    """One information receiver, a subscriber an inquiry."""
    yield f"BHT*0022*13*BENCH*{BHT_DAY}*1015"
    yield from ("HL*1**20*1", "NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01")
    yield from ("HL*2*1*21*1", f"NM1*1P*1*{name(rng)}****XX*{npi(rng.randrange(10**8))}")
    for number in range(1, count + 1):
        insured, born = member(rng)
        yield from (f"HL*{number + 2}*2*22*0", f"TRN*1*E{number:07d}*9CLEARCO01", insured, born)
        yield from (f"DTP*291*D8*{day(rng):%Y%m%d}", f"EQ*{rng.choice(('30', '98', 'PT'))}")


def review(rng: random.Random, number: int) -> Iterator[str]:
    """One request for therapy visits: an event and its two services."""
    insured, born = member(rng)
    start = day(rng)
    yield f"BHT*0007*13*R{number:07d}*{BHT_DAY}*1015"
    yield from ("HL*1**20*1", "NM1*X3*2*ATLANTIC HEALTH PLAN*****PI*ATL01")
    yield from ("HL*2*1*21*1", f"NM1*1P*1*{name(rng)}****XX*{npi(rng.randrange(500))}")
    yield from ("PER*IC**TE*6175550100", "HL*3*2*22*1", insured, born)
    yield from ("HL*4*3*EV*1", f"TRN*1*R{number:07d}*9CLEARCO01", "UM*HS*I*PT*11:B*****Y")
    yield f"DTP*AAH*RD8*{start:%Y%m%d}-{start + timedelta(days=60):%Y%m%d}"
    yield f"HI*ABK:{rng.choice(DIAGNOSES)}"
    yield f"NM1*SJ*1*{name(rng)}****XX*{npi(rng.randrange(500))}"
    for level in (5, 6):
        yield f"HL*{level}*4*SS*0"
        yield f"SV1*HC:{rng.choice(THERAPIES)}**UN*{rng.randrange(1, 5)}"


# --- the envelope ------------------------------------------------------------------------------------------

# kind -> GS01, ST01, GS08, is ST03 there, the body of each set for (rng, count)
Bodies = Callable[[random.Random, int], Iterator[Iterator[str]]]


def _one(body: Callable[[random.Random, int], Iterator[str]]) -> Bodies:
    return lambda rng, count: iter([body(rng, count)])


def _many(body: Callable[[random.Random, int], Iterator[str]]) -> Bodies:
    return lambda rng, count: map(partial(body, rng), range(1, count + 1))


KINDS: dict[str, tuple[str, str, str, bool, Bodies]] = {
    "837I": ("HC", "837", "005010X223A2", True, _one(institutional)),
    "835": ("HP", "835", "005010X221A1", False, _one(remittance)),
    "270": ("HS", "270", "005010X279A1", True, _one(eligibility)),
    "278": ("HI", "278", "005010X217", True, _many(review)),
}


def interchange(kind: str, count: int, seed: int = 1) -> Iterator[str]:
    """The lines of the file."""
    group, set_id, guide, names_guide, bodies = KINDS[kind]
    isa = "ISA*00*          *00*          *ZZ*CLEARCO01      *ZZ*ATLANTIC01     *260706*1015"
    yield f"{isa}*^*00501*000000001*0*T*:~\n"
    yield f"GS*{group}*CLEARCO01*ATLANTIC01*{BHT_DAY}*1015*1*X*{guide}~\n"
    sets = 0
    for body in bodies(random.Random(seed), count):
        sets += 1
        yield f"ST*{set_id}*{sets:04d}{'*' + guide if names_guide else ''}~\n"
        segments = 2
        for segment in body:
            segments += 1
            yield f"{segment}~\n"
        yield f"SE*{segments}*{sets:04d}~\n"
    yield f"GE*{sets}*1~\n"
    yield "IEA*1*000000001~\n"


def main() -> None:
    """Write to standard output."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kind", choices=sorted(KINDS))
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    sys.stdout.writelines(interchange(given.kind, given.count, given.seed))


if __name__ == "__main__":
    main()
