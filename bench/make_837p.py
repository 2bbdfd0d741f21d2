#!/usr/bin/env python3
"""Write a valid, invented 837P of any size, the same for the same seed.

    bench/make_837p.py --claims 20000 --seed 1 > claims.x12

Three service lines a claim (or --lines), one subscriber a claim, --per-provider claims under one billing
provider, all in one set. The NPIs have right check digits; the people do not exist."""

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

ISA = (
    "ISA*00*          *00*          *ZZ*CLEARCO01      *ZZ*ATLANTIC01     "
    "*260706*1015*^*00501*000000001*0*T*:"
)
GS = "GS*HC*CLEARCO01*ATLANTIC01*20260706*1015*1*X*005010X222A1"
HEAD = (
    "BHT*0019*00*BENCH*20260706*1015*CH",
    "NM1*41*2*CLEARCO CLEARINGHOUSE*****46*CLEARCO01",
    "PER*IC*DESK*TE*6175550100",
    "NM1*40*2*ATLANTIC HEALTH PLAN*****46*ATL01",
)
LAST = [
    "ADAMS",
    "BROOKS",
    "CHEN",
    "DIAZ",
    "EVANS",
    "FONTAINE",
    "GUPTA",
    "HADDAD",
    "IVANOV",
    "JONES",
    "KIM",
    "LOPEZ",
    "MOORE",
    "NGUYEN",
]
FIRST = [
    "ALEX",
    "BLAIR",
    "CASEY",
    "DANA",
    "ELI",
    "FRAN",
    "GALE",
    "HAYDEN",
    "INDIA",
    "JORDAN",
    "KAI",
    "LEE",
    "MORGAN",
    "NOEL",
]
STREETS = ["ELM", "OAK", "PINE", "MAPLE", "CEDAR", "WHARF", "HARBOR", "BEACON", "SUMMER", "WINTER"]
TOWNS = (("BOSTON", "MA", "021080001"), ("QUINCY", "MA", "021690002"), ("SALEM", "MA", "019700003"))
SERVICES = (("99213", 140), ("97110", 45), ("97140", 50), ("70553", 1850), ("85025", 18), ("93000", 35))
DIAGNOSES = ("M25561", "M5416", "J069", "E119", "I10", "G4733", "R51")
FIRST_DAY = date(2026, 1, 2)


def npi(number: int) -> str:
    """The NPI whose first nine digits are 1 and `number`: the Luhn digit of 80840 and the nine behind it."""
    nine = f"1{number:08d}"
    total = 24
    for place, digit in enumerate(reversed(nine)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{nine}{-total % 10}"


def person(rng: random.Random) -> tuple[str, str, str, str, str, str]:
    """Last name, first name, N3, N4, birth date, sex."""
    town, state, zip_code = rng.choice(TOWNS)
    born = date(1940, 1, 1) + timedelta(days=rng.randrange(28000))
    return (
        rng.choice(LAST),
        rng.choice(FIRST),
        f"N3*{rng.randrange(1, 999)} {rng.choice(STREETS)} ST",
        f"N4*{town}*{state}*{zip_code}",
        f"{born:%Y%m%d}",
        rng.choice("FM"),
    )


def provider(rng: random.Random, level: int) -> Iterator[str]:
    """One 2000A."""
    last, first, street, town, _, _ = person(rng)
    yield f"HL*{level}**20*1"
    yield "PRV*BI*PXC*207Q00000X"
    yield f"NM1*85*1*{last}*{first}****XX*{npi(rng.randrange(10**8))}"
    yield street
    yield town
    yield f"REF*EI*{rng.randrange(10**8, 10**9)}"


def claim(rng: random.Random, level: int, parent: int, number: int, lines: int) -> Iterator[str]:
    """One 2000B with its claim."""
    last, first, street, town, born, sex = person(rng)
    yield f"HL*{level}*{parent}*22*0"
    yield f"SBR*P*18*GRP{rng.randrange(100, 140)}******CI"
    yield f"NM1*IL*1*{last}*{first}****MI*A{number:06d}{rng.randrange(1000):03d}"
    yield street
    yield town
    yield f"DMG*D8*{born}*{sex}"
    yield "NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01"
    rounds = range(0, lines, len(SERVICES))  # a service comes again on another day
    services = [one for _ in rounds for one in rng.sample(SERVICES, len(SERVICES))][:lines]
    units = [rng.choice((1, 1, 1, 2)) for _ in services]
    charge = sum((Decimal(price) * n for (_, price), n in zip(services, units, strict=True)), Decimal(0))
    begin = FIRST_DAY + timedelta(days=rng.randrange(180))
    yield f"CLM*B{number:07d}*{charge}***11:B:1*Y*A*Y*Y"
    principal, other = rng.sample(DIAGNOSES, 2)
    yield f"HI*ABK:{principal}*ABF:{other}"
    yield f"NM1*82*1*{rng.choice(LAST)}*{rng.choice(FIRST)}****XX*{npi(rng.randrange(500))}"
    yield "PRV*PE*PXC*208D00000X"
    for ordinal, ((code, price), n) in enumerate(zip(services, units, strict=True), 1):
        yield f"LX*{ordinal}"
        yield f"SV1*HC:{code}*{price * n}*UN*{n}***1:2"
        yield f"DTP*472*D8*{begin + timedelta(days=(ordinal - 1) // len(SERVICES)):%Y%m%d}"
        yield f"REF*6R*B{number:07d}-{ordinal}"


def segments(claims: int, seed: int, lines: int, per_provider: int) -> Iterator[str]:
    """ST to SE without their counts."""
    rng = random.Random(seed)
    yield from HEAD
    level = parent = 0
    for number in range(1, claims + 1):
        if (number - 1) % per_provider == 0:
            level += 1
            parent = level
            yield from provider(rng, level)
        level += 1
        yield from claim(rng, level, parent, number, lines)


def interchange(claims: int, seed: int = 1, lines: int = 3, per_provider: int = 500) -> Iterator[str]:
    """The lines of the file."""
    count = 2
    yield from (f"{segment}~\n" for segment in (ISA, GS, "ST*837*0001*005010X222A1"))
    for segment in segments(claims, seed, lines, per_provider):
        count += 1
        yield f"{segment}~\n"
    yield from (f"{segment}~\n" for segment in (f"SE*{count}*0001", "GE*1*1", "IEA*1*000000001"))


def main() -> None:
    """Write to standard output."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--claims", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--lines", type=int, default=3)
    options.add_argument("--per-provider", type=int, default=500)
    given = options.parse_args()
    sys.stdout.writelines(interchange(given.claims, given.seed, given.lines, given.per_provider))


if __name__ == "__main__":
    main()
