"""278 from the file to the answer, and claims that use what it gave: scenarios A with people of our own."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.worlds.payer.claim_forms import Form, body, outcomes, professional, stay
from tests.worlds.payer.e2e import NOON, Out, World
from tests.worlds.payer.review_forms import asked, inquired, noticed, review_outcomes, service
from x12_payer.adjudication.pipeline.inquiries import facts_of_everybody
from x12_payer.adjudication.store.facts import roster_index
from x12_payer.edi.messages.common import Party, Person

PCP, SPECIALIST, THERAPY, STRANGER = "1201100017", "1302200021", "1403300035", "1605500051"
LAB, IMAGING, HOSPITAL, CHIRO, HOME = "1706600065", "1807700079", "1908800083", "1109900096", "1212121218"
ORTHODONTIST, DENTIST, OUTSIDER = "1313131314", "1414141410", "1515151516"
VERA = ("@provider 82 1504400049",)  # a therapist with a contract
LATER = "2026-08-15T08:00:00"
PT, OT, MRI, GENES = "UM*HS*I*PT*11:B", "UM*HS*I*AD*11:B", "UM*HS*I*62*22:B", "UM*HS*I*5*81:B"
BACK, RECORDS = "HI*ABK:M5450", "PWK*77*FX***AC*ATT1"


def ask(world: World, *bodies: str, kind: str = "278", as_of: str = NOON) -> str:
    return review_outcomes(world.send(kind, *bodies, as_of=as_of))


def claim(world: World, *forms: Form, as_of: str = LATER) -> dict[str, str]:
    return outcomes(world.send(f"837{forms[0].kind}", body(forms), as_of=as_of))


def held(number: str, member: str, units: int, **more: str) -> str:
    """A row of authorizations.csv: physical therapy at the group unless a test says otherwise."""
    row = {"kind": "authorization", "status": "approved", "type": "PT", "provider": THERAPY, "code": ""}
    row |= {"unit": "VS", "begin": "2026-02-02", "end": "2026-12-31", "reason": ""} | more
    first = (number, member, row["kind"], row["status"], row["type"], PCP, row["provider"], row["code"])
    last = (row["unit"], str(units), row["begin"], row["begin"], row["end"], row["reason"])
    return ",".join((*first, "", "", *last))


def number_of(out: Out) -> str:
    return next(s.split("*")[2] for s in out.find("278", "HCR"))


def test_therapy_and_the_visits_it_pays(world: World) -> None:
    first = asked("T1", "B100", PCP, PT, BACK, "HSD*VS*2", provider=THERAPY)
    assert ask(world, first) == "T1 A1 036:20261231 HSD*VS*2"
    visits = [
        professional(f"V{n}", THERAPY, "B100", f"97110:GP 60 1 2026070{n}", after=VERA) for n in (7, 8, 9)
    ]
    paid = claim(world, *visits)  # fee 40, copay 20
    assert paid["V7"] == "1 60 20 20 AU2607000001 | 97110:GP 60 20 CO45:20 PR3:20"
    assert paid["V8"] == paid["V7"].replace("V7", "V8")
    assert "CO198:60" in paid["V9"]


@pytest.mark.parametrize(
    ("member", "requester", "um", "hsd", "expected"),
    [
        ("B100", SPECIALIST, PT, "HSD*VS*8", "Q A3 0D"),
        ("B300", SPECIALIST, PT, "HSD*VS*8", "Q A3 0E"),
        ("B300", PCP, PT, "HSD*VS*20", "Q A6 036:20270705 HSD*VS*12"),
        ("B300", PCP, "UM*HS*I*42*12:B", "HSD*DY*40***7*60", "Q A1 036:20260903 HSD*DY*40***7*60"),
        ("B400", THERAPY, PT, "HSD*VS*8", "Q NA 0H"),
        ("B500", PCP, OT, "HSD*VS*3*WK**34*2", "Q A1 036:20261231 HSD*VS*3*WK**34*2"),
        ("B500", PCP, OT, "HSD*VS*5*WK**34*2", "Q A6 036:20261231 HSD*VS*26"),
    ],
)
def test_who_may_ask_for_how_much(
    world: World, member: str, requester: str, um: str, hsd: str, expected: str
) -> None:
    assert ask(world, asked("Q", member, requester, um, BACK, hsd, provider=THERAPY)) == expected


def test_a_quota_is_the_group_s_and_the_member_s_own(world: World) -> None:
    world.load("authorizations", held("AU-OLD", "B100", 20))
    visits = [
        asked("A", "B100", PCP, PT, BACK, "HSD*VS*10", provider=THERAPY),
        asked("B", "B100", PCP, PT, BACK, "HSD*VS*1", "DTP*AAH*D8*20260801", provider=THERAPY),
        asked("C", "B100", PCP, OT, BACK, "HSD*VS*10", provider=THERAPY),
        asked("D", "B100", PCP, PT, BACK, "HSD*VS*10", provider=THERAPY, dependent="B101"),
        asked("E", "B100", PCP, PT, BACK, "HSD*VS*10", provider=THERAPY),
    ]
    assert ask(world, *visits).splitlines() == [
        "A A6 036:20261231 HSD*VS*6",
        "B A3 04",
        "C A1 036:20261231 HSD*VS*10",
        "D A1 036:20261231 HSD*VS*10",
        "E A3 0Q BB:AU2607000001",
    ]


def test_a_referral_makes_a_requester_and_pays_its_visits(world: World) -> None:
    days = "DTP*AAH*RD8*20260706-20261005"
    referral = asked("R", "B100", PCP, "UM*SC*I*3*11:B", BACK, "HSD*VS*1", days, provider=SPECIALIST)
    assert ask(world, referral) == "R A1 036:20261005 HSD*VS*1"
    therapy = asked("P", "B100", SPECIALIST, PT, BACK, "HSD*VS*4", provider=THERAPY)
    assert ask(world, therapy) == "P A1 036:20261231 HSD*VS*4"
    visits = [professional(f"O{n}", SPECIALIST, "B100", f"99213 140 1 2026070{n}") for n in (7, 8)]
    paid = claim(world, *visits)
    assert paid["O7"].startswith("1 140 80 20")
    assert "CO287:140" in paid["O8"]


def test_imaging_is_good_for_sixty_days(world: World) -> None:
    wanting = asked(
        "M", "B200", SPECIALIST, MRI, "HI*ABK:G4489", provider=IMAGING, services=[service("70551")]
    )
    assert ask(world, wanting) == "M A4 0U | A4 0U"
    backs = asked(
        "N", "B200", SPECIALIST, MRI, BACK, RECORDS, provider=IMAGING, services=[service("72148", 2)]
    )
    assert ask(world, backs) == "N A1 036:20260904 | A1"
    days = [
        professional(
            f"I{d}",
            IMAGING,
            "B200",
            f"72148 650 1 202609{d}",
            place="22",
            references=("G1*AU2607000001",),
        )
        for d in ("04", "05")
    ]
    paid = claim(world, *days, as_of="2026-09-20T08:00:00")
    assert paid["I04"].startswith("1 650 425 75 ")  # fee 500, copay 75
    assert "CO302:650" in paid["I05"]


def test_three_tests_three_answers_and_an_exact_claim(world: World) -> None:
    tests = [service("81432"), service("81433", 2), service("81228")]
    three = asked("G", "B200", SPECIALIST, GENES, "HI*ABK:Z803", provider=LAB, services=tests)
    assert ask(world, three) == "G A4 0V | A1 | A6 1 | A4 0V"
    late = [service("81432", 1, "20260705"), service("81433")]
    mixed = asked("H", "B902", SPECIALIST, GENES, "HI*ABK:Z803", provider=LAB, services=late)
    assert ask(world, mixed) == "H A2 036:20261004 | A3 17 | A1"
    paid = claim(world, professional("L", LAB, "B200", "81432 1500 1 20260710", "81433 900 2 20260710"))
    assert "81432 1500 1200 CO45:300" in paid["L"]
    assert "CO198:900" in paid["L"]
    assert "CO39:1500" in claim(world, professional("K", LAB, "B902", "81432 1500 1 20260705"))["K"]


def test_a_stay_is_cut_to_the_days_of_its_criteria(world: World) -> None:
    event = ("HI*ABK:M1711", "HSD*DY*7", "DTP*435*D8*20260715", "CL1*3")
    knee = ("UM*HS*I*2", "DTP*472*D8*20260715", "SV2**HC:27447", f"@provider SJ {SPECIALIST}")
    request = asked("S", "B100", PCP, "UM*AR*I*2*21:B", *event, provider=HOSPITAL, services=[knee])
    assert ask(world, request) == "S A6 036:20261013 HSD*DY*5 | A1"
    week = stay("D", HOSPITAL, "B100", "20260715", "20260722", "0120 21000 7", diagnosis="M1711")
    assert claim(world, week)["D"].startswith("1 21000 7500")  # five days of 1500


def test_a_notice_in_time_certifies_three_days_once(world: World) -> None:
    def notice(trace: str, day: str) -> str:
        event = (f"DTP*435*D8*{day}", "HI*ABK:F329", "CL1*1")
        return noticed(trace, "B200", HOSPITAL, "UM*AR*I*MH*21:B**03", *event)

    receipts = ask(
        world, notice("N1", "20260703"), notice("N2", "20260702"), notice("N3", "20260703"), kind="278N"
    )
    assert receipts.splitlines() == ["N1 A1 HSD*DY*3", "N2 A3 17", "N3 A1 HSD*DY*3"]
    night = stay("E", HOSPITAL, "B200", "20260703", "20260708", "0120 7000 5", diagnosis="F329")
    # three days of 1400, as charged; 20 % of them the member's
    assert claim(world, night)["E"].startswith("1 7000 3360 840 ")


def test_a_notice_of_residential_care_has_a_window_by_age(world: World) -> None:
    event = ("DTP*435*D8*20260703", "HI*ABK:F1020")
    grown = noticed("G", "B200", OUTSIDER, "UM*AR*I*AI*56:B", *event)
    young = noticed("Y", "B100", HOSPITAL, "UM*AR*I*AI*56:B", *event, dependent="B101")
    assert ask(world, grown, young, kind="278N").splitlines() == ["G A3 17", "Y NA 18"]


@pytest.mark.parametrize(
    ("member", "provider", "um", "expected"),
    [
        ("B100", OUTSIDER, "UM*HS*I*A6*11:B", "O A4 0V"),
        ("B100", OUTSIDER, "UM*HS*I*ON*11:B", "O CT 0J"),
        ("B100", STRANGER, PT, "O A3 09"),
        ("B500", OUTSIDER, "UM*HS*I*A6*11:B", "O NA 0H"),
        ("B200", OUTSIDER, "UM*HS*I*A6*11:B", "O NA 0H"),
        ("B400", OUTSIDER, "UM*HS*I*A6*11:B", "O NA 0H"),
    ],
)
def test_out_of_network_by_plan(world: World, member: str, provider: str, um: str, expected: str) -> None:
    found = ask(world, asked("O", member, PCP, um, BACK, "HSD*VS*4", provider=provider))
    assert found.replace(" HSD*VS*4", "") == expected


def test_what_was_cancelled_or_revised_is_no_longer_paid(world: World) -> None:
    scan = {"type": "62", "provider": IMAGING, "code": "72148", "unit": "UN", "end": "2026-08-30"}
    world.load("authorizations", held("AU-C", "B200", 1, **scan), held("AU-R", "B902", 1, **scan))
    cancel = asked("C", "B200", SPECIALIST, "UM*HS*3*62*22:B", "REF*BB*AU-C", provider=IMAGING)
    strange = asked("X", "B902", SPECIALIST, "UM*HS*3*62*22:B", "REF*BB*AU-C", provider=IMAGING)
    assert ask(world, cancel, strange).splitlines() == ["C C BB:AU-C", "X AAAAA BB:AU-C"]
    revise = asked(
        "R",
        "B902",
        SPECIALIST,
        "UM*HS*S*62*22:B",
        "REF*BB*AU-R",
        BACK,
        RECORDS,
        provider=IMAGING,
        services=[service("72149")],
    )
    assert ask(world, revise) == "R A6 BB:AU-R 036:20260830 | A6 1"
    number = ("G1*AU-C",), ("G1*AU-R",)
    paid = claim(
        world,
        professional("C1", IMAGING, "B200", "72148 650 1 20260713", place="22", references=number[0]),
        professional("R1", IMAGING, "B902", "72148 650 1 20260713", place="22", references=number[1]),
    )
    assert "CO197:650" in paid["C1"]
    assert "CO284:650" in paid["R1"]


def test_an_inquiry_reports_what_is_in_force(world: World) -> None:
    world.load("authorizations", held("AU-Q", "B100", 12))
    known = inquired("K", "B100", PCP, "UM*HS*I*PT", "REF*BB*AU-Q")
    other = inquired("O", "B200", PCP, "UM*HS*I*PT", "REF*BB*AU-Q")
    assert ask(world, known, other, kind="278I").splitlines() == [
        "K A1 BB:AU-Q 036:20261231 HSD*VS*12",
        "O AAAAA BB:AU-Q",
    ]


def test_an_extension_needs_documents_and_something_to_extend(world: World) -> None:
    world.load("authorizations", held("AU-E", "B100", 26), held("AU-X", "B500", 26, end="2026-07-05"))
    more = "UM*HS*4*PT*11:B"
    bare = asked("B", "B100", THERAPY, more, "REF*BB*AU-E", BACK, "HSD*VS*6", provider=THERAPY)
    each = [f"PWK*{kind}*FX***AC*ATT{kind}" for kind in ("08", "06", "09")]
    full = asked("F", "B100", THERAPY, more, "REF*BB*AU-E", BACK, "HSD*VS*6", *each, provider=THERAPY)
    over = asked("O", "B500", THERAPY, more, "REF*BB*AU-X", BACK, "HSD*VS*6", RECORDS, provider=THERAPY)
    assert [line[:7].strip() for line in ask(world, bare, full, over).splitlines()] == [
        "B A4 0U",
        "F A4 0V",
        "O A3 17",
    ]


def test_nothing_is_reported_of_a_person_who_is_not_meant(world: World) -> None:
    wrong = asked("W", "B100", PCP, PT, BACK, "HSD*VS*6", provider=THERAPY)
    wrong = wrong.replace("@member B100", "NM1*IL*1*MARLOW*EDNA****MI*B100\nDMG*D8*19790612*F")
    out = world.send("278", wrong, asked("P", "B600", PCP, PT, BACK, "HSD*VS*6", provider=THERAPY))
    assert not out.find("278", "HCR")
    assert [s for s in out.all("278") if s.startswith("AAA")] == ["AAA*N**71*C", "AAA*N**95*N"]
    assert not any("19790621" in segment for segment in out.all("278"))


def test_orthodontia_is_an_orthodontist_s_until_nineteen(world: World) -> None:
    def braces(trace: str, who: str, *more: str) -> str:
        um, work = "UM*HS*I*38*11:B", [service("D8080", 1, "20260720")]
        return asked(trace, "B700", who, um, "HI*ABK:M264", *more, provider=who, services=work)

    sent = [
        braces("D", DENTIST),
        braces("O", ORTHODONTIST),
        braces("R", ORTHODONTIST, "PWK*DA*EL***AC*MODELS"),
    ]
    assert ask(world, *sent).splitlines() == [
        "D A3 0X | A3 0X",
        "O A4 0U | A4 0U",
        "R A3 0Q BB:CASE260706000002 | A3 0Q",
    ]


def test_chiropractic_beyond_twelve_visits_is_asked_for_in_time(world: World) -> None:
    world.load("accumulators", "B100,2026,visits:CHIRO,12", "B500,2026,visits:CHIRO,8")
    um = "UM*HS*I*33*11:B"

    def care(trace: str, member: str, day: str) -> str:
        return asked(trace, member, CHIRO, um, BACK, "HSD*VS*4", f"DTP*AAH*D8*{day}", provider=CHIRO)

    sent = [care("A", "B100", "20260628"), care("B", "B100", "20260629"), care("C", "B500", "20260628")]
    assert [x.replace(" HSD*VS*4", "") for x in ask(world, *sent).splitlines()] == [
        "A A3 17",
        "B A4 0V",
        "C NA 0H",
    ]


def test_the_reviewer_s_case_keeps_who_asked(world: World) -> None:
    pended = asked("KEEP", "B200", SPECIALIST, MRI, BACK, provider=IMAGING, services=[service("72148")])
    world.send("278", pended)
    with world.store.unit(datetime.fromisoformat(NOON)) as unit:  # what a later answer echoes
        known = facts_of_everybody(
            unit, roster_index(unit, [Person(Party("IL", id_qualifier="MI", id="B200"))])
        )
    (case,) = known["B200"].cases
    assert case.header is not None
    assert case.header.reference == "KEEP"


NOBODYS_EVENT = """
BHT*0007*13*R1*20260706*1015
HL*1**20*1
NM1*X3*2*BEACON COAST*****PI*BCH77
HL*2*1*21*1
@provider 1P 1201100017
HL*3*2*22*1
@member {}
"""


@pytest.mark.parametrize(("kind", "purpose"), [("278", "13"), ("278I", "28")])
@pytest.mark.parametrize(("payer", "said"), [("BCH77", "AAA*N**15*C"), ("ELSE1", "AAA*N**79*N")])
def test_a_278_that_asks_nothing_is_answered_so(
    kind: str, purpose: str, payer: str, said: str, world: World
) -> None:
    body = NOBODYS_EVENT.format("B200").replace("BCH77", payer).replace("*13*R1", f"*{purpose}*R1")
    out = world.send(kind, body)
    assert out.has("999", "IK5*A")
    assert out.find("278", "AAA") == [said]
    assert not out.find("278", "HCR")


def test_a_dependent_without_an_event_is_refused_by_the_999(world: World) -> None:
    out = world.send("278", NOBODYS_EVENT.format("B100") + "HL*4*3*23*0\n@patient B101\n")
    assert out.has("999", "IK3*HL*", "IK5*R*5")


def test_a_service_below_the_one_before_it_is_decided_like_any_other(tmp_path: Path) -> None:
    genes = [service("81432"), service("81433"), service("81228")]
    plain = asked("G1", "B200", SPECIALIST, GENES, "HI*ABK:Z803", provider=LAB, services=genes)
    chained = plain.replace("HL*6*4*SS", "HL*6*5*SS").replace("HL*7*4*SS", "HL*7*6*SS")
    assert chained != plain
    answers = [ask(World(tmp_path / f"{n}.db"), body) for n, body in enumerate((plain, chained))]
    assert answers[0] == answers[1]
    assert answers[0].count("|") == 3
