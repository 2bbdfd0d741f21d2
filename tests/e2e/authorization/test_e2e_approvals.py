"""Approvals from authorizations.csv and the 278 to the 835: which one pays, and what is left of it."""

import pytest

from tests.worlds.payer.claim_forms import Form, again, body, claim_numbers, outcomes, professional, stay
from tests.worlds.payer.e2e import Out, World

PCP, SPECIALIST, THERAPY, HOSPITAL, HOME = (
    "1201100017",
    "1302200021",
    "1403300035",
    "1908800083",
    "1212121218",
)
VERA = ("@provider 82 1504400049",)
DAYS = [f"2026-08-{day}T08:00:00" for day in range(15, 25)]


def send(world: World, *forms: Form, as_of: str = DAYS[0]) -> Out:
    return world.send(f"837{forms[0].kind}", body(forms), as_of=as_of)


def row(number: str, member: str, service_type: str, npi: str, units: str, **more: str) -> str:
    """A line of authorizations.csv; `units` like `UN 2`, `code` like `97110`, `97110-97150` or `97110:GO`."""
    facts = {"kind": "authorization", "status": "approved", "code": "", "begin": "2026-07-01"}
    facts |= {"end": "2026-12-31"} | more
    code, _, modifier = facts["code"].partition(":")
    first, _, last = code.partition("-")
    unit, count = units.split()
    values = (number, member, facts["kind"], facts["status"], service_type, PCP, npi, first, last, modifier)
    return ",".join((*values, unit, count, "2026-07-01", facts["begin"], facts["end"], ""))


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("unit", ["UN", "VS"])
def test_speech_and_occupational_approvals_are_not_for_physical_therapy(
    world: World, unit: str, named: bool
) -> None:
    world.load(
        "authorizations",
        row("ST1", "B100", "AF", THERAPY, f"{unit} 9", code="97110-97150"),
        row("OT1", "B100", "AD", THERAPY, f"{unit} 9", code="97110:GO"),
        row("OT2", "B100", "AD", THERAPY, f"{unit} 9"),
    )
    forms = [
        professional(
            f"{number}-{n}",
            THERAPY,
            "B100",
            f"97110{modifier} 60 1 2026070{n}",
            references=(f"G1*{number}",) if named else (),
            after=VERA,
        )
        for n, (number, modifier) in enumerate(
            [("ST1", ":GP"), ("OT1", ":GP"), ("OT2", ":GP"), ("OT1", "")], 6
        )
    ]
    said = outcomes(send(world, *forms))
    reason = "CO284:60 N54" if named else "CO197:60"
    assert [text.split(" | ")[1].split(" ", 3)[3] for text in said.values()] == [f"{reason} 0/1"] * 4


def test_a_line_over_the_turn_of_two_approvals_uses_and_says_both(world: World) -> None:
    """Home health dates: two of July under one, two of August under the other; 8 units of 150."""
    world.load(
        "authorizations",
        row("HH7", "B300", "42", HOME, "DY 40", end="2026-07-31"),
        row("HH8", "B300", "42", HOME, "DY 3", begin="2026-08-01"),
    )
    first = professional("H1", HOME, "B300", "G0151 1600 8 20260730-20260802", place="12")
    second = professional("H2", HOME, "B300", "G0151 800 4 20260803-20260804", place="12")
    out = send(world, first, second)
    said = outcomes(out)
    assert said["H1"] == "1 1600 1200 0 | G0151 1600 1200 CO45:400 HH7 HH8"
    assert said["H2"] == "1 800 300 0 HH8 | G0151 800 300 CO45:100 CO198:400 N362 2/4"
    back = outcomes(send(world, again(first, "8", claim_numbers(out)["H1"]), as_of=DAYS[1]))
    assert back["H1"] == "22 -1600 -1200 0 | G0151 -1600 -1200 CO45:-400 HH7 HH8"
    more = professional("H3", HOME, "B300", "G0151 800 4 20260806-20260807", place="12")
    assert outcomes(send(world, more, as_of=DAYS[2]))["H3"] == "1 800 600 0 HH8 | G0151 800 600 CO45:200"


def test_the_number_of_the_line_comes_before_that_of_the_claim(world: World) -> None:
    world.load(
        "authorizations",
        row("CLAIM", "B200", "12", SPECIALIST, "UN 2", code="E0601", end="2026-08-01"),
        row("LINE", "B200", "12", SPECIALIST, "UN 2", code="E0601"),
        row("OTHER", "B200", "12", SPECIALIST, "UN 9", code="E0601", end="2026-07-20"),
    )
    lines = ("E0601 70 1 20260706", "E0601 71 1 20260707 REF*G1*LINE", "E0601 230 3 20260708 REF*G1*LINE")
    form = professional("L", SPECIALIST, "B200", *lines, place="12", references=("G1*CLAIM",))
    said = outcomes(send(world, form))["L"].split(" | ")
    assert said[1:3] == ["E0601 70 60 CO45:10 CLAIM", "E0601 71 60 CO45:11 LINE"]
    # one of each is left for three units: 153.33 of the charge, 120 allowed
    assert said[3] == "E0601 230 120 CO45:33.33 CO198:76.67 LINE CLAIM N362 2/3"


def test_two_referrals_serve_two_visits_of_one_date(world: World) -> None:
    world.load(
        "authorizations",
        row("RF1", "B100", "3", SPECIALIST, "UN 1", kind="referral", end="2026-08-01"),
        row("RF2", "B100", "3", SPECIALIST, "UN 1", kind="referral"),
    )
    forms = [
        professional(f"V{n}", SPECIALIST, "B100", f"{code} 200 1 20260708")
        for n, code in enumerate(("99213", "99214", "99215"))
    ]
    said = outcomes(send(world, *forms))
    assert [text.split()[2] for text in said.values()] == ["80", "120", "0"]
    assert said["V2"] == "1 200 0 0 | 99215 200 0 CO287:200 0/1"


def test_a_row_that_is_loaded_as_cancelled_pays_nothing_more(world: World) -> None:
    held = row("EQ", "B200", "12", SPECIALIST, "UN 4", code="E0601")
    world.load("authorizations", held)

    def rented(number: str, units: int, day: int, named: bool = True) -> Form:
        references = ("G1*EQ",) if named else ()
        line = f"E0601 {70 * units} {units} 202607{day:02d}"
        return professional(number, SPECIALIST, "B200", line, place="12", references=references)

    first = rented("A", 2, 6)
    number = claim_numbers(out := send(world, first))["A"]
    assert outcomes(out)["A"].startswith("1 140 120 0 EQ")
    world.load("authorizations", held.replace(",approved,", ",cancelled,"))
    said = outcomes(send(world, rented("B", 1, 7), rented("C", 1, 8, named=False), as_of=DAYS[1]))
    assert [text.split(" | ")[1] for text in said.values()] == ["E0601 70 0 CO197:70 0/1"] * 2
    corrected = again(first, "7", number, "E0601 210 3 20260706")
    out = send(world, corrected, as_of=DAYS[2])
    assert outcomes(out)["A"].split(" ## ")[1] == ("1 210 120 0 EQ | E0601 210 120 CO45:20 CO198:70 N362 2/3")
    send(world, again(corrected, "8", claim_numbers(out)["A"]), as_of=DAYS[3])
    assert outcomes(send(world, rented("D", 1, 9), as_of=DAYS[4]))["D"] == (
        "1 70 0 0 | E0601 70 0 CO197:70 0/1"
    )


def test_a_stay_at_a_case_rate_uses_the_days_of_two_approvals(world: World) -> None:
    world.load(
        "authorizations",
        row("D1", "B100", "2", HOSPITAL, "DY 2", code="27447", end="2026-08-01"),
        row("D2", "B100", "48", HOSPITAL, "DY 2"),
    )
    drg = ("HI*DR:470",)
    said = outcomes(
        send(
            world,
            stay("S1", HOSPITAL, "B100", "20260705", "20260708", "0120 40000 3", codes=drg),
            stay("S2", HOSPITAL, "B100", "20260711", "20260716", "0120 40000 5", codes=drg),
            stay("S3", HOSPITAL, "B100", "20260720", "20260722", "0120 40000 2", codes=drg),
        )
    )
    assert said["S1"] == "1 40000 18000 0 CO45:22000 D1 D2"
    assert said["S2"] == "1 40000 18000 0 CO45:22000 D2"
    assert said["S3"] == "1 40000 0 0 CO198:40000"
