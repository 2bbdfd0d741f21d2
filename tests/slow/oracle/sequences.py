"""Random sequences for the oracle: people and approvals, and what is sent about them."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tests.slow.oracle.facts import GROUP, HOME, OFFERED, PCP, SERVICES, Service
from tests.slow.oracle.rules import Approval, Claim, Line, Person

START, FIRST_DAY = date(2026, 1, 12), date(2025, 12, 20)
NAMES = {"BAY-HMO": "HOLT", "BAY-PPO": "PENN", "MEDICARE-HMO": "MARSH"}


def people(rng: random.Random, tag: str) -> list[Person]:
    """Two members of the sequence, near the end of their benefits or not, with approvals and consents."""
    found = []
    for at, plan in enumerate(rng.sample(sorted(OFFERED), 2)):
        base: dict[tuple[str, int], Decimal] = {}
        for year in (2025, 2026):
            base["visits:PT-OT", year] = Decimal(rng.choice([0, 0, 55, 58, 59, 60]))
            base["deductible", year] = Decimal(rng.choice([0, 430, 500]))
            base["out_of_pocket", year] = Decimal(rng.choice([0, 0, 1950, 1985, 2000]))
        ends = rng.choice([date(2026, 12, 31)] * 4 + [date(2026, 2, 3), date(2026, 2, 20)])
        begins = rng.choice([date(2025, 1, 1)] * 4 + [date(2026, 1, 5)])
        person = Person(f"Z{tag}{at}", plan, ((begins, ends),), base)
        for number in range(rng.randint(1, 4)):
            first = approval(rng, person, f"N{tag}{at}{number}")
            person.approvals.append(first)
            if rng.random() < 0.3:  # a second row of the number, decided with it
                second = approval(rng, person, first.number, row="b")
                second.status = first.status
                if (second.service_type, second.npi, second.code) != (
                    first.service_type,
                    first.npi,
                    first.code,
                ):
                    person.approvals.append(second)
        for code in OFFERED[plan]:
            service = SERVICES[code]
            if not service.exact and rng.random() < 0.15:
                person.consents.add((service.npi, service.procedure))
        found.append(person)
    return found


def approval(rng: random.Random, person: Person, number: str, row: str = "a") -> Approval:
    """A row for one of the member's services: exact, a range or the whole service type; often nearly used."""
    service = SERVICES[
        rng.choice([c for c in OFFERED[person.plan] if SERVICES[c].service_type not in ("98", "A6", "2")])
    ]
    code, code_to = service.procedure, ""
    if not service.exact and service.procedure.isdigit():
        code, code_to = rng.choice([(code, ""), ("", ""), (str(int(code) - 4), str(int(code) + 33))])
    begin = rng.choice([date(2025, 12, 1), date(2026, 1, 10), date(2026, 1, 11)])
    unit = service.unit if rng.random() < 0.8 or service.unit == "DY" else "UN"
    status = rng.choices(["approved", "denied", "cancelled"], [8, 1, 1])[0]
    return Approval(
        key=f"{number}{row}",
        number=number,
        member=person.member,
        status=status,
        service_type=service.service_type,
        npi=service.npi if rng.random() < 0.9 else rng.choice([PCP, GROUP, HOME]),
        code=code,
        code_to=code_to,
        unit=unit,
        units=Decimal(rng.randint(1, 4)),
        begin=begin,
        end=begin + timedelta(days=rng.choice([20, 45, 90])),
    )


def claim(rng: random.Random, person: Person, everybody: Sequence[Person], today: date, number: str) -> Claim:
    """One to three lines of one provider; the number of an approval, of another's, of none."""
    npi = rng.choice(sorted({SERVICES[c].npi for c in OFFERED[person.plan]}))
    codes = [c for c in OFFERED[person.plan] if SERVICES[c].npi == npi]
    lines = [line(rng, person, rng.choice(codes), today) for _ in range(rng.randint(1, 3))]
    if any(x.service.deductible for x in lines):  # imaging beside surgery needs no approval: left out
        lines = [x for x in lines if x.service.service_type != "62"]
    unique = tuple({(x.code, x.days): x for x in lines}.values())
    own = [a.number for a in person.approvals if " " not in a.number]  # a denied request has no number
    others = [a.number for p in everybody if p is not person for a in p.approvals if " " not in a.number]
    numbers = tuple(rng.choices([[], own, others, ["NOBODYS"]], [5, 4, 1, 1])[0])
    picked = (rng.choice(numbers),) if numbers else ()
    return Claim(number, person.member, npi, unique, picked)


def line(rng: random.Random, person: Person, code: str, today: date) -> Line:
    """A line of one date, or of several; units in whole shares where an approval may count units."""
    service = SERVICES[code]
    end = today - timedelta(days=rng.randint(0, min((today - FIRST_DAY).days, 30)))
    dates = 1 if service.exact or service.deductible or rng.random() < 0.6 else rng.randint(2, 4)
    days = tuple(end - timedelta(days=n) for n in range(dates))[::-1]
    by_units = service.unit == "UN" or service.limited or any(a.unit == "UN" for a in person.approvals)
    by_units = by_units or not all(person.covered(d) for d in days)  # whole shares: which reason has the rest
    units = dates * rng.randint(1, 2) if by_units else rng.randint(dates, 2 * dates + 3)
    if service.exact:
        units = rng.choice([1, 1, 2])
    each = service.fee + rng.choice([Decimal(-5), Decimal(0), Decimal("12.50"), Decimal(40)])
    return Line(code, each * units, units, days[0], days)


def answered(
    person: Person, number: str, service: Service, units: Decimal, begin: date, end: date
) -> Approval:
    """The row that an approved request gave: by code for what is matched exactly, else by service type."""
    code = service.procedure if service.exact else ""
    kind = (service.service_type, service.npi, code, "", service.unit)
    row = Approval(f"R{number}", number, person.member, "approved", *kind, units, begin, end)
    person.approvals.append(row)
    return row


# -- as interchanges -------------------------------------------------------------------------------------


def birth(person: Person) -> str:
    """A birth date; nobody's, and the same for every member of a plan."""
    return "19500602" if person.plan == "MEDICARE-HMO" else "19810602"


def member_row(person: Person) -> str:
    """The line of members.csv."""
    (begin, end), born = person.spans[0], birth(person)
    day = f"{born[:4]}-{born[4:6]}-{born[6:]}"
    return (
        f"{person.member},{person.member},18,{NAMES[person.plan]},{person.member},{day},F,1 TEST ROAD,"
        f"PORTLAND,ME,041010009,{person.plan},G1,{begin},{end},{PCP}"
    )


def approval_row(a: Approval) -> str:
    """The line of authorizations.csv; a denied row is known by its case number."""
    reason = "0V" if a.status == "denied" else ""
    return (
        f"{a.number},{a.member},authorization,{a.status},{a.service_type},{PCP},{a.npi},{a.code},{a.code_to},,"
        f"{a.unit},{a.units},{a.begin},{a.begin},{a.end},{reason}"
    )


def named(person: Person) -> list[str]:
    """NM1 and DMG of the member; the first name is the id, as every name here is made up."""
    return [
        f"NM1*IL*1*{NAMES[person.plan]}*{person.member}****MI*{person.member}",
        f"DMG*D8*{birth(person)}*F",
    ]


def claim_body(person: Person, claim: Claim, frequency: str = "1", original: str = "") -> str:
    """The 837P of one claim."""
    name, demographics = named(person)
    charge = sum((x.charge for x in claim.lines), Decimal(0))
    segments = [
        "BHT*0019*00*OR*20260706*0800*CH",
        "@head",
        "HL*1**20*1",
        f"@billing {claim.npi}",
        "HL*2*1*22*0",
    ]
    segments += [
        "SBR*P*18*G1******12",
        name,
        "N3*1 TEST ROAD",
        "N4*PORTLAND*ME*041010009",
        demographics,
        "@payer",
    ]
    segments += [f"CLM*{claim.number}*{charge}***11:B:{frequency}*Y*A*Y*Y"]
    segments += [f"REF*G1*{n}" for n in claim.numbers] + ([f"REF*F8*{original}"] if original else [])
    segments += ["HI*ABK:M5450"]
    for at, x in enumerate(claim.lines, 1):
        span = f"D8*{x.begin:%Y%m%d}" if len(x.days) == 1 else f"RD8*{x.begin:%Y%m%d}-{x.days[-1]:%Y%m%d}"
        segments += [f"LX*{at}", f"SV1*HC:{x.code}*{x.charge}*UN*{x.units}***1", f"DTP*472*{span}"]
    return "\n".join(segments)


def request_body(person: Person, trace: str, service: Service, units: int, day: date) -> str:
    """A 278 for genetic tests (by code) or therapy visits, or the end of one (`cancel_body`)."""
    segments = [
        f"BHT*0007*13*{trace}*20260706*1100",
        "HL*1**20*1",
        "NM1*X3*2*BEACON COAST HEALTH*****PI*BCH77",
    ]
    segments += ["HL*2*1*21*1", f"@provider 1P {PCP}", "PER*IC**TE*2075550111", "HL*3*2*22*1", *named(person)]
    if service.exact:
        segments += ["HL*4*3*EV*1", f"TRN*1*{trace}*9TIDEGATE1", "UM*HS*I*5*81:B", "HI*ABK:Z803"]
        segments += [f"@provider SJ {service.npi}", "HL*5*4*SS*0", f"DTP*472*D8*{day:%Y%m%d}"]
        segments += [f"SV1*HC:{service.procedure}**UN*{units}"]
    else:
        segments += ["HL*4*3*EV*0", f"TRN*1*{trace}*9TIDEGATE1", f"UM*HS*I*{service.service_type}*11:B"]
        segments += ["HI*ABK:M5450", f"HSD*VS*{units}", f"@provider SJ {service.npi}"]
    return "\n".join(segments)


def cancel_body(person: Person, trace: str, approval: Approval) -> str:
    """A 278 that cancels an approval (UM02 3)."""
    segments = [
        f"BHT*0007*13*{trace}*20260706*1100",
        "HL*1**20*1",
        "NM1*X3*2*BEACON COAST HEALTH*****PI*BCH77",
    ]
    segments += ["HL*2*1*21*1", f"@provider 1P {PCP}", "PER*IC**TE*2075550111", "HL*3*2*22*1", *named(person)]
    segments += ["HL*4*3*EV*0", f"TRN*1*{trace}*9TIDEGATE1", f"UM*HS*3*{approval.service_type}*11:B"]
    return "\n".join([*segments, f"REF*BB*{approval.number}", f"@provider SJ {approval.npi}"])
