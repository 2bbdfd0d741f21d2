"""837 from the file to the 835: scenarios C and R with people of our own. Every amount is worked out from the
plan table (CONTRACT section 4) in the comment beside it."""

from pathlib import Path
from typing import Any

import pytest

from tests.worlds.edi_command import edi
from tests.worlds.payer.claim_forms import (
    Form,
    again,
    body,
    claim_numbers,
    dental,
    outcomes,
    professional,
    stay,
)
from tests.worlds.payer.e2e import Out, World

PCP, SPECIALIST, THERAPY, LAB = "1201100017", "1302200021", "1403300035", "1706600065"
IMAGING, HOSPITAL, CHIRO, HOME = "1807700079", "1908800083", "1109900096", "1212121218"
ORTHODONTIST, DENTIST, OUTSIDER = "1313131314", "1414141410", "1515151516"
VERA = ("@provider 82 1504400049",)  # a therapist with a contract
DAY1, DAY2, DAY3 = "2026-08-15T08:00:00", "2026-08-16T08:00:00", "2026-08-17T08:00:00"


def send(world: World, *forms: Form, as_of: str = DAY1) -> Out:
    return world.send(f"837{forms[0].kind}", body(forms), as_of=as_of)


def approve(
    world: World, number: str, member: str, service_type: str, provider: str, units: str, **more: str
) -> None:
    """An approved row of authorizations.csv; `units` like `UN 2`."""
    row = {"kind": "authorization", "status": "approved", "code": "", "to": "", "modifier": ""}
    row |= {"issued": "2026-07-01", "begin": "2026-07-01", "end": "2026-09-30", "reason": ""} | more
    unit, count = units.split()
    who = (number, member, row["kind"], row["status"], service_type, PCP, provider)
    what = (row["code"], row["to"], row["modifier"], unit, count)
    when = (row["issued"], row["begin"], row["end"])
    world.load("authorizations", ",".join((*who, *what, *when, row["reason"])))


# -- cost shares -----------------------------------------------------------------------------------

VISIT, SURGERY = "99213 140 1 20260708", "29881 1000 1 20260709"  # fees 100 and 800


@pytest.mark.parametrize(
    ("who", "visit", "surgery"),
    [
        ("B100", "80 20 PR3:20", "400 400 PR1:300 PR2:100"),  # HMO, 200 of 500 met: 300 + 20 % of 500
        ("B200", "80 20 PR3:20", "640 160 PR2:160"),  # PPO, deductible met
        ("B300", "", "700 100 PR3:100"),  # Medicare HMO: copay 100
        ("B400", "75 25 PR3:25", "382.5 417.5 PR1:350 PR2:67.5"),  # FEP: 350, then 15 % of 450
        ("B500", "80 20 PR3:20", "240 560 PR1:500 PR2:60"),  # POS: 500, then 20 % of 300
        ("B903", "80 20 PR3:20", "240 560 PR1:500 PR2:60"),
    ],
)
def test_what_a_visit_and_a_surgery_cost_on_each_plan(
    world: World, who: str, visit: str, surgery: str
) -> None:
    forms = [
        professional("V", PCP, who, VISIT),
        professional("S", SPECIALIST, who, SURGERY, place="24"),
    ]
    said = outcomes(send(world, *forms))
    paid, owed, *shares = surgery.split()
    assert said["S"] == f"1 1000 {paid} {owed} | 29881 1000 {paid} CO45:200 {' '.join(shares)}"
    if visit:
        paid, owed, share = visit.split()
        assert said["V"] == f"1 140 {paid} {owed} | 99213 140 {paid} CO45:40 {share}"
    else:  # the PCP is paid by the month for it, and the visit has no copay
        assert said["V"] == "1 140 0 0 | 99213 140 0 CO24:140"


def test_one_copay_a_claim_and_day(world: World) -> None:
    form = professional("C", PCP, "B200", VISIT, "99214 200 1 20260708", "90837 150 1 20260709")
    assert outcomes(send(world, form))["C"] == (
        "1 490 310 40 | 99213 140 80 CO45:40 PR3:20 | 99214 200 140 CO45:60 | 90837 150 90 CO45:40 PR3:20"
    )


def test_out_of_pocket_maximum_stops_copay_and_coinsurance(world: World) -> None:
    world.load("accumulators", "B100,2026,out_of_pocket,1990", "B200,2026,out_of_pocket,3900")
    said = outcomes(
        send(
            world,
            professional("A", PCP, "B100", VISIT),
            professional("B", PCP, "B100", "99214 200 1 20260709"),
            professional("C", SPECIALIST, "B200", SURGERY, place="24"),
        )
    )
    assert said["A"] == "1 140 90 10 | 99213 140 90 CO45:40 PR3:10"
    assert said["B"] == "1 200 140 0 | 99214 200 140 CO45:60"
    assert said["C"] == "1 1000 700 100 | 29881 1000 700 CO45:200 PR2:100"  # 160 by the plan, 100 left


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("B100", "1 150 0 150 | 90837 150 0 PR242:150 0/1"),
        ("B200", "1 150 66 84 | 90837 150 66 PR2:44 PR45:40"),  # 40 % of 110, no contract
        ("B500", "1 150 77 73 | 90837 150 77 PR2:33 PR45:40"),  # 30 %, no deductible
    ],
)
def test_out_of_network(world: World, who: str, said: str) -> None:
    form = professional("O", OUTSIDER, who, "90837 150 1 20260708", diagnosis="F411")
    assert outcomes(send(world, form))["O"] == said


def test_an_emergency_has_one_copay_and_free_imaging(world: World) -> None:
    form = professional(
        "E", OUTSIDER, "B100", "99284 500 1 20260708", "70551 900 1 20260708", place="23", diagnosis="R519"
    )
    assert outcomes(send(world, form))["E"] == (
        "1 1400 850 150 | 99284 500 250 CO45:100 PR3:150 | 70551 900 600 CO45:300"
    )


# -- approvals -------------------------------------------------------------------------------------


def imaging(number: str, on: str, by: str = IMAGING, **more: Any) -> Form:
    return professional(number, by, "B200", f"70551 900 1 {on}", diagnosis="R519", **more)


PAID = "1 900 525 75 {0} | 70551 900 525 CO45:300 PR3:75"


def test_dates_are_inclusive_and_the_provider_counts(world: World) -> None:
    approve(world, "AU1", "B200", "62", IMAGING, "UN 9", code="70551", end="2026-07-10")
    by_number = ("G1*AU1",)
    said = outcomes(
        send(
            world,
            imaging("before", "20260630", references=by_number),
            imaging("first", "20260701", references=by_number),
            imaging("last", "20260710", references=by_number),
            imaging("after", "20260711", references=by_number),
            imaging("hospital", "20260705", HOSPITAL, references=by_number),
            imaging("search", "20260706"),
        )
    )
    late = "1 900 0 0 | 70551 900 0 CO302:900 N351 0/1"
    assert (said["before"], said["after"]) == (late, late)
    assert (said["first"], said["last"], said["search"]) == (PAID.format("AU1"),) * 3
    assert said["hospital"] == "1 900 0 0 | 70551 900 0 CO296:900 0/1"


def test_search_takes_what_expires_first_until_all_is_used(world: World) -> None:
    approve(world, "LATE", "B200", "62", IMAGING, "UN 1", code="70551")
    approve(world, "SOON", "B200", "62", IMAGING, "UN 1", code="70551", end="2026-08-30")
    said = outcomes(send(world, *(imaging(f"I{n}", f"2026070{n}") for n in (1, 2, 3))))
    assert (said["I1"], said["I2"]) == (PAID.format("SOON"), PAID.format("LATE"))
    assert said["I3"] == "1 900 0 0 | 70551 900 0 CO198:900 N362 0/1"


def test_numbers_of_lines_that_differ_are_reported_by_line(world: World) -> None:
    approve(world, "AU1", "B200", "62", IMAGING, "UN 1", code="70551")
    approve(world, "AU2", "B200", "62", IMAGING, "UN 1", code="72148")
    form = professional(
        "N", IMAGING, "B200", "70551 900 1 20260708", "72148 700 1 20260708", diagnosis="R519"
    )
    assert outcomes(send(world, form))["N"] == (
        "1 1600 1025 75 | 70551 900 525 CO45:300 PR3:75 AU1 | 72148 700 500 CO45:200 AU2"
    )


def test_genetic_tests_match_exactly_and_lines_share_units(world: World) -> None:
    approve(world, "AU1", "B200", "5", LAB, "UN 2", code="81228")
    lines = ("81228 300 1 20260708", "81228:59 300 1 20260708")
    said = outcomes(
        send(
            world,
            professional("whole", LAB, "B200", "81228 900 3 20260707", references=("G1*AU1",)),
            professional("split", LAB, "B200", *lines, references=("G1*AU1",)),
        )
    )
    assert said["whole"] == "1 900 0 0 | 81228 900 0 CO198:900 N362 0/3"
    assert said["split"] == "1 600 500 0 AU1 | 81228 300 250 CO45:50 | 81228:59 300 250 CO45:50"


def test_a_range_of_codes_is_cut_back_to_the_units_left(world: World) -> None:
    approve(world, "AU1", "B100", "PT", THERAPY, "UN 3", code="97110", to="97150")
    forms = [
        professional(f"T{n}", THERAPY, "B100", f"97140:GP 110 2 2026070{n}", references=("G1*AU1",))
        for n in (7, 8)
    ]
    said = outcomes(send(world, *forms))
    assert said["T7"] == "1 110 56 20 AU1 | 97140:GP 110 56 CO45:34 PR3:20"
    # one of two is left: 55 billed for it, 38 allowed, 20 copay; the other 55 is over
    assert said["T8"] == "1 110 18 20 AU1 | 97140:GP 110 18 CO45:17 CO198:55 PR3:20 N362 1/2"


def test_consent_makes_the_member_owe_what_is_not_approved(world: World) -> None:
    approve(world, "AU1", "B100", "PT", THERAPY, "VS 1")
    world.load("consents", f"B100,{THERAPY},97110,2026-07-01,", f"B200,{IMAGING},,2026-07-01,2026-07-31")
    said = outcomes(
        send(
            world,
            professional("first", THERAPY, "B100", "97110:GP 150 3 20260708", after=VERA),
            professional("over", THERAPY, "B100", "97110:GP 150 3 20260709", after=VERA),
            imaging("none", "20260731"),
            imaging("ended", "20260801"),
        )
    )
    assert said["first"] == "1 150 100 20 AU1 | 97110:GP 150 100 CO45:30 PR3:20"
    assert said["over"] == "1 150 0 120 | 97110:GP 150 0 CO45:30 PR198:120 N362 0/3"
    assert said["none"] == "1 900 0 600 | 70551 900 0 CO45:300 PR197:600 0/1"
    assert said["ended"] == "1 900 0 0 | 70551 900 0 CO197:900 0/1"


def test_days_of_a_stay_and_a_stay_priced_by_drg(world: World) -> None:
    approve(world, "DAYS", "B100", "48", HOSPITAL, "DY 3", end="2026-07-05", begin="2026-07-05")
    approve(world, "DRG", "B100", "48", HOSPITAL, "DY 1", begin="2026-07-12")
    said = outcomes(
        send(
            world,
            stay("days", HOSPITAL, "B100", "20260705", "20260710", "0120 10000 5"),
            stay(
                "drg",
                HOSPITAL,
                "B100",
                "20260712",
                "20260718",
                "0120 40000 6",
                codes=("HI*DR:470",),
            ),
            stay(
                "none",
                HOSPITAL,
                "B100",
                "20260601",
                "20260607",
                "0120 40000 6",
                codes=("HI*DR:470",),
            ),
        )
    )
    assert said["days"] == "1 10000 4500 0 DAYS | 0120 10000 4500 CO45:1500 CO198:4000 N362 3/5"
    assert said["drg"] == "1 40000 18000 0 CO45:22000 DRG"
    assert said["none"] == "1 40000 0 0 CO197:40000"


def test_benefit_limit_and_threshold_of_visits(world: World) -> None:
    approve(world, "AU1", "B100", "PT", THERAPY, "VS 9")
    world.load("accumulators", "B100,2026,visits:PT-OT,59", "B100,2026,visits:CHIRO,12")
    world.load("accumulators", "B903,2026,visits:CHIRO,11")
    therapy = [
        professional(f"T{n}", THERAPY, "B100", f"97110:GP 150 3 2026070{n}", after=VERA) for n in (7, 8)
    ]
    chiro = [professional(f"{who}-{n}", CHIRO, who, f"98940 60 1 2026070{n}") for who, n in CHIRO_VISITS]
    said = outcomes(send(world, *therapy, *chiro))
    assert said["T7"] == "1 150 100 20 AU1 | 97110:GP 150 100 CO45:30 PR3:20"
    assert said["T8"] == "1 150 0 120 | 97110:GP 150 0 CO45:30 PR119:120 0/3"
    assert said["B100-7"] == "1 60 0 0 | 98940 60 0 CO197:60 0/1"  # the thirteenth needs an approval
    assert said["B903-7"] == "1 60 25 20 | 98940 60 25 CO45:15 PR3:20"
    assert said["B903-8"] == "1 60 0 45 | 98940 60 0 CO45:15 PR119:45 0/1"  # twelve and no more


CHIRO_VISITS = (("B100", 7), ("B903", 7), ("B903", 8))


def test_referral_of_a_specialist_visit(world: World) -> None:
    approve(world, "RF1", "B100", "3", SPECIALIST, "VS 1", kind="referral", end="2026-07-10")
    said = outcomes(
        send(
            world,
            *(professional(f"S{n}", SPECIALIST, "B100", f"99213 140 1 202607{n}") for n in ("10", "11")),
            professional("again", SPECIALIST, "B100", "99213 140 1 20260709"),
            professional("child", SPECIALIST, "B100", "99213 140 1 20260709", dependent="B101"),
            professional("ppo", SPECIALIST, "B200", "99213 140 1 20260709"),
        )
    )
    paid = "1 140 80 20 | 99213 140 80 CO45:40 PR3:20"
    assert (said["S10"], said["ppo"]) == (paid, paid)
    assert said["again"] == "1 140 0 0 | 99213 140 0 CO287:140 0/1"
    assert (said["S11"], said["child"]) == ("1 140 0 0 | 99213 140 0 CO288:140 0/1",) * 2


# -- other payers, dental --------------------------------------------------------------------------


def test_secondary_pays_the_lesser_and_primary_is_refused(world: World) -> None:
    other: tuple[str, ...] = ("SBR*P*18*******12", "CAS*CO*45*20", "CAS*PR*3*30", "AMT*D*150", "OI***Y***Y")
    other += ("NM1*IL*1*BARTER*HUGH****MI*FM9001", "NM1*PR*2*FIRST MUTUAL*****PI*FIRS1")
    by_line = "99213 200 1 20260709 SVD*FIRS1*0*HC:99213**1 CAS*CO*45*50 CAS*PR*1*150 DTP*573*D8*20260801"
    nothing = (other[0], "AMT*D*0", *other[4:])
    said = outcomes(
        send(
            world,
            professional("claim", PCP, "B904", "99213 200 1 20260708", payer_order="S", after=other),
            professional("line", PCP, "B904", by_line, payer_order="S", after=nothing),
            professional("first", PCP, "B904", "99213 200 1 20260710"),
            professional("bare", PCP, "B904", "99213 200 1 20260711", payer_order="S"),
        )
    )
    assert said["claim"] == "2 200 30 0 | 99213 200 30 OA23:170"  # 30 left to the patient
    # 150 left to the patient, our benefit is 80: his copay, and what is above the fee
    assert said["line"] == "2 200 80 20 | 99213 200 80 CO45:50 OA23:50 PR3:20"
    assert said["first"] == "1 200 0 0 | 99213 200 0 CO22:200 0/1"
    assert said["bare"] == "U A6:286"


def test_dental_coinsurance_then_maximum_and_predetermination(world: World) -> None:
    on = {"before": ("DTP*472*D8*20260708",)}
    first = dental("promise", DENTIST, "B700", "D2740 1200 1", tail="*" * 10 + "PB")
    said = outcomes(
        send(
            world,
            first,
            dental("crown", DENTIST, "B700", "D2740 1200 1", **on),
            dental("clean", DENTIST, "B700", "D1110 110 1", **on),
            dental("braces", DENTIST, "B700", "D8080 4000 1", **on),
            dental("open", ORTHODONTIST, "B700", "D8080 4000 1", **on),
        )
    )
    # 1000 allowed, 500 coinsurance, 400 left of the maximum
    assert said["promise"] == "25 1200 0 600 | D2740 1200 0 CO45:200 OA101:400 PR2:500 PR119:100"
    assert said["crown"] == "1 1200 400 600 | D2740 1200 400 CO45:200 PR2:500 PR119:100"
    assert said["clean"] == "1 110 0 90 | D1110 110 0 CO45:20 PR119:90 0/1"
    assert said["braces"] == "1 4000 0 0 | D8080 4000 0 CO8:4000 0/1"
    assert said["open"] == "1 4000 0 0 | D8080 4000 0 CO197:4000 0/1"


# -- reversal, payment -----------------------------------------------------------------------------


def test_a_void_gives_the_deductible_back_to_the_next_claim(world: World) -> None:
    first = professional("A", SPECIALIST, "B100", SURGERY, place="24")
    out = send(world, first)
    assert outcomes(out)["A"] == "1 1000 400 400 | 29881 1000 400 CO45:200 PR1:300 PR2:100"
    void = again(first, "8", claim_numbers(out)["A"])
    second = professional("B", SPECIALIST, "B100", "29881 1000 1 20260710", place="24")
    said = outcomes(send(world, void, second, as_of=DAY2))
    assert said["A"] == "22 -1000 -400 0 | 29881 -1000 -400 CO45:-200 PR1:-300 PR2:-100"
    assert said["B"] == "1 1000 400 400 | 29881 1000 400 CO45:200 PR1:300 PR2:100"


def test_a_replacement_is_tested_after_its_units_came_back(world: World) -> None:
    approve(world, "AU1", "B200", "62", IMAGING, "UN 2", code="70551")
    first = professional(
        "A", IMAGING, "B200", "70551 900 1 20260708", "70551:59 900 1 20260708", references=("G1*AU1",)
    )
    out = send(world, first)
    number = claim_numbers(out)["A"]
    said = outcomes(send(world, again(first, "7", number, "70551 1800 2 20260708"), as_of=DAY2))["A"]
    assert said == (
        "22 -1800 -1125 0 AU1 | 70551 -900 -525 CO45:-300 PR3:-75 | 70551:59 -900 -600 CO45:-300"
        " ## 1 1800 1125 75 AU1 | 70551 1800 1125 CO45:600 PR3:75"
    )
    gone = again(first, "8", number)  # the first number means the claim in force
    assert outcomes(send(world, gone, as_of=DAY3))["A"] == (
        "22 -1800 -1125 0 AU1 | 70551 -1800 -1125 CO45:-600 PR3:-75"
    )
    assert outcomes(send(world, again(first, "7", number), as_of=DAY3))["A"] == "U A3:464"  # none in force


def test_a_negative_balance_is_carried_until_it_is_paid(world: World) -> None:
    visits = [professional(f"V{n}", PCP, "B200", f"99213 140 1 2026070{n}") for n in (1, 2, 3, 4)]
    out = send(world, *visits[:2])
    numbers = claim_numbers(out)
    voids = send(world, *(again(v, "8", numbers[v.number]) for v in visits[:2]), as_of=DAY2)
    trace = voids.value("835", "TRN", 2)
    assert voids.find("835", "PLB") == [f"PLB*{PCP}*20261231*FB:{trace}*-160"]
    assert voids.value("835", "BPR", 2) == "0"
    third = send(world, visits[2], as_of=DAY3)  # 80 earned of 160 owed
    assert third.find("835", "PLB") == [f"PLB*{PCP}*20261231*FB:{trace}*80"]
    assert (third.value("835", "BPR", 1), third.value("835", "BPR", 4)) == ("H", "NON")
    last = send(world, visits[3], professional("V5", PCP, "B200", "99214 200 1 20260705"), as_of=DAY3)
    assert last.value("835", "BPR", 2) == "120"  # 80 + 120 - 80
    assert last.find("835", "PLB") == [f"PLB*{PCP}*20261231*FB:{trace}*80"]


def test_a_payment_run_of_its_own_pays_each_payee_once(world: World, tmp_path: Path) -> None:
    forms = (professional("A", PCP, "B200", VISIT), professional("B", SPECIALIST, "B200", VISIT))
    out = world.send("837P", body(forms), as_of=DAY1, pay=False)
    assert "835" not in out.sets
    for folder, files in (("first", 1), ("second", 0)):
        where = tmp_path / folder
        assert edi("pay", "--db", tmp_path / "store.db", "--out", where, "--as-of", DAY2).exit == 0
        found = list(where.glob("*.835.x12"))
        assert len(found) == files
        for file in found:
            assert file.read_bytes().count(b"\nBPR*I*80*") == 2  # one set a payee


# -- refused at the door ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (professional("X", PCP, "B200", "99213 140 1 20260815"), "1 140 80 20"),  # today
        (professional("X", PCP, "B200", "99213 140 1 20260816"), "U A7:510"),  # tomorrow
        (professional("X", PCP, "B200", VISIT, charge="150"), "U A7:178"),
        (professional("X", PCP, "B200", VISIT, diagnosis="71946"), "U A7:254"),
        (professional("X", PCP, "B200", "9921 140 1 20260708"), "U A7:454"),
        (professional("X", PCP, "B200", VISIT, frequency="7"), "U A7:464"),
        (professional("X", PCP, "B200", VISIT, frequency="8", references=("F8*NONE",)), "U A3:464"),
        (professional("X", PCP, "B600", "99213 140 1 20260430"), "1 140 80 20"),  # the last day covered
        (professional("X", PCP, "B600", "99213 140 1 20260501"), "1 140 0 140 | 99213 140 0 PR27:140 0/1"),
        (professional("X", PCP, "B800", "99213 140 1 20250815"), "1 140 80 20"),  # 365 days ago
        (professional("X", PCP, "B800", "99213 140 1 20250814"), "1 140 0 0 | 99213 140 0 CO29:140 0/1"),
    ],
)
def test_what_is_refused_and_what_is_denied(world: World, form: Form, said: str) -> None:
    assert outcomes(send(world, form))["X"].startswith(said)


def test_the_same_claim_twice(world: World) -> None:
    said = outcomes(send(world, *(professional(n, PCP, "B200", VISIT) for n in ("A", "B"))))
    assert said["A"].startswith("1 140 80 20")
    assert said["B"] == "U A3:746"
    later = outcomes(send(world, professional("C", PCP, "B200", VISIT), as_of=DAY2))
    assert later["C"] == "1 140 0 0 | 99213 140 0 OA18:140 0/1"
