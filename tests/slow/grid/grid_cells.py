"""The cells of the grid: one service in one setting each, as a caller knows it, without what it means."""

import random
from collections.abc import Iterator
from datetime import date

from attrs import evolve, frozen

from x12_payer.authorization.parties import Contract, Directory, Member, Provider
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.edi.codes.forms import is_npi

SERVICE = date(2026, 7, 13)
PLANS = shipped_plans()
# One provider of each kind in the network and one outside; the PCP asks.
KINDS = ("imaging", "therapy_group", "chiropractor", "hospital", "orthodontist", "dentist", "home_health")
PCP = "1911111114"
NPIS = dict(
    zip(
        ((kind, inside) for kind in KINDS for inside in (True, False)),
        (n for n in map(str, range(1_400_000_000, 1_400_000_999)) if is_npi(n)),
        strict=False,
    )
)
DIRECTORY = Directory(
    {
        PCP: Provider(PCP, "1", "WARD", "IDA", role="pcp"),
        **{npi: Provider(npi, "2", kind.upper(), role=kind) for (kind, _), npi in NPIS.items()},
    },
    {
        (npi, plan): (Contract(npi, plan, date(2020, 1, 1)),)
        for plan in PLANS
        for npi in (PCP, *(npi for (_, inside), npi in NPIS.items() if inside))
    },
)


@frozen
class Cell:
    """One service in one setting, as a caller would describe it."""

    plan: str
    code: str = ""
    modifier: str = ""
    revenue: str = ""
    place: str = ""  # professional and dental
    bill: str = ""  # institutional: first two digits
    age: int = 40
    diagnosis: str = "M5450"
    inside: bool = True
    quantity: int = 1
    emergency: str = ""  # 4N: said on the claim, 03 on the request; CL1: an emergency admission
    stay: str = ""  # the service type of an admission
    service_type: str = ""  # asked about by type alone, where a 270 has no code to ask with
    beside: str = ""  # another code or revenue code of the same day, on the same request and claim
    provider: str = "imaging"

    @property
    def npi(self) -> str:
        """Who would do it."""
        return NPIS[self.provider, self.inside]

    @property
    def member(self) -> Member:
        """A member of the plan of that age."""
        born = date(SERVICE.year - self.age, 1, 15)
        return Member("A1", "A1", "18", "RIVERA", "JANE", born, "F", self.plan, date(2026, 1, 1), pcp_npi=PCP)


# -- cells -------------------------------------------------------------------------------------------------


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_THERAPY = _words("97110:GP 97110:GO 97110:GN 97110 97161 97165 97140 92507 92526")
_DENTAL = _words("D0120 D1110 D2140 D2740 D4910 D5110 D7140 D7240 D8080 D8090 D8660 D8670 D8680 D8695 D9110")
_HOME = _words("G0151 G0162 G0299")
_CODES = _words(
    """99213 99215 99284 99281 70551 70450 70460 78815 76390 70030 81432 81228 81370 81405 0037U 0010U 0500U
    0501U 0042T 0101T 0011M 95810 95806 G0398 E0601 A7030 E0486 E0100 27447 29881 22551 62323 64483 63030
    41899 40701 96413 77385 J9035 58970 89250 89290 90791 90837 S9484 H2011 H0036 H0037 80053 36415 99406
    G0378 A0430 V5261"""
)
_PLACES = _words("11 12 21 22 23 24 31 51 52 55 61 81")
_DIAGNOSES = _words("M5450 G4733 Z1371 Z94 C50911 F411 Q359 M170 R51 S060X0A")
_AGES = (10, 18, 19, 25, 40, 70)
_TYPES = _words(
    """2 3 5 6 12 18 33 35 38 40 42 45 46 48 61 62 67 73 78 86 87 88 98 A4 A6 A7 A8 AB AD AF AG AI AL BB CG CI
    DM MH NI ON PT RT"""
)
_ADMITTED = _words("45 46 48 87 A7 AB AG AI CG CI NI RT")
# bill type, revenue codes, service type of the admission ('' outpatient), of the 270 ('' none)
_STAYS = (
    ("11", "0120 0124 0191 0206", "48", "48"),
    ("12", "0120", "48", "48"),
    ("18", "0120 0022", "AG", "AG"),
    ("21", "0120 0022", "AG", "AG"),
    ("81", "0651 0655", "45", "45"),
    ("82", "0656 0655", "46", "46"),
    ("86", "1001", "RT", "RT"),
    ("86", "1002", "AI", "AI"),
)
_OUTPATIENT = (("13", "0912", "", "BB"), ("13", "0913", "", "BB"))
_BY_CODE = (  # bill type, revenue code of an outpatient line with a code
    ("13", "0360"), ("13", "0450"), ("13", "0610"), ("13", "0300"), ("13", "0510"), ("13", "0762"),
    ("85", "0450"), ("83", "0490"), ("32", "0420"), ("34", "0551"), ("22", "0430"),
)  # fmt: skip


def role_of(code: str) -> str:
    name, _, modifier = code.partition(":")
    if modifier or code in _THERAPY:
        return "therapy_group"
    if name in _HOME:
        return "home_health"
    if name.startswith("D"):
        return "orthodontist" if name.startswith("D8") else "dentist"
    return "chiropractor" if name.startswith("9894") else "imaging"


def _by_place(pick: random.Random, plan: str) -> Cell:
    code = pick.choice([*_CODES, *_CODES, *_THERAPY, *_HOME, *_DENTAL, "98940", "98943"])
    name, _, modifier = code.partition(":")
    return Cell(
        plan, name, modifier,
        place=pick.choice(_PLACES),
        age=pick.choice(_AGES),
        diagnosis=pick.choice(_DIAGNOSES),
        inside=pick.random() < 0.6,
        quantity=pick.choice((1, 1, 2, 4, 32)),
        emergency="4N" if pick.random() < 0.2 else "",
        provider=role_of(code),
    )  # fmt: skip


def _facility(pick: random.Random, plan: str) -> Cell:
    bill, revenues, stay, kind = pick.choice((*_STAYS, *_STAYS, *_OUTPATIENT))
    return Cell(
        plan,
        revenue=pick.choice(revenues.split()),
        bill=bill,
        age=pick.choice(_AGES),
        diagnosis=pick.choice(_DIAGNOSES),
        inside=pick.random() < 0.6,
        quantity=pick.choice((1, 2, 4, 5)),
        emergency="CL1" if stay and pick.random() < 0.3 else "",
        stay=stay,
        service_type=kind,
        provider="hospital",
    )


def _line_with_code(pick: random.Random, plan: str) -> Cell:
    bill, revenue = pick.choice(_BY_CODE)
    cell = _by_place(pick, plan)
    code = pick.choice(_CODES) if cell.code.startswith("D") else cell.code
    return evolve(cell, code=code, bill=bill, revenue=revenue, place="", provider="hospital", emergency="")


def _with_another(pick: random.Random, plan: str) -> Cell:
    cell = pick.choice((_by_place, _line_with_code))(pick, plan)
    code = pick.choice(("70551", "70450", "78815", cell.code if cell.code[:1] != "D" else "95810"))
    others = ("29881", "64483", "G0378", "99284") if cell.place else ("29881", "0762", "0450", "0360", "0300")
    return evolve(cell, code=code, modifier="", beside=pick.choice(others), provider="imaging")


def _by_type(pick: random.Random, plan: str) -> Cell:
    kind = pick.choice(_TYPES)
    inside = pick.random() < 0.6
    place, stay = pick.choice(_PLACES), ""
    if kind in _ADMITTED:
        place, stay = pick.choice(("21", "51", "61", "55", "56")), kind
    provider = {"38": "orthodontist", "PT": "therapy_group", "AD": "therapy_group", "AF": "therapy_group"}
    return Cell(
        plan,
        place=place,
        service_type=kind,
        stay=stay,
        inside=inside,
        age=pick.choice(_AGES),
        provider=provider.get(kind, "hospital"),
    )


def cells(count: int, seed: int) -> Iterator[Cell]:
    """So many cells, always the same for a seed: each plan in turn."""
    pick = random.Random(seed)
    plans = sorted(PLANS)
    for n in range(count):
        make = pick.choices(
            (_by_place, _facility, _line_with_code, _with_another, _by_type), (6, 3, 2, 2, 2)
        )[0]
        yield make(pick, plans[n % len(plans)])
