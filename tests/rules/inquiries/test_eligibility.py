"""270 to 271: what is asked, what is on file, which statements come out."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.payer_world import (
    DIRECTORY,
    EVERYBODY,
    GONE,
    MOTHER,
    PAYER,
    PCP,
    PPO,
    SAME_1,
    SON,
    SPECIALIST,
    TODAY,
    as_sent,
    day,
    member,
    payer,
    person,
    provider,
)
from x12_payer.adjudication.eligibility.engine import CoverageOnFile, date_reason, decide_eligibility
from x12_payer.adjudication.people import Roster
from x12_payer.adjudication.records import OtherCoverage
from x12_payer.authorization.facts import AccumulatorUse, MemberFacts
from x12_payer.authorization.parties import Member
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.edi.messages.common import Diagnosis, Period, Procedure, Reference, Rejection
from x12_payer.edi.messages.eligibility import Benefit, EligibilityAnswer, EligibilityInquiry, ServiceInquiry

BORN = date(1985, 6, 15)


def enrolled(plan: str, **more: Any) -> Member:
    return member("M900", "QUILL", "NED", BORN, plan, **more)


def eq(*kinds: str, place: str = "", procedure: str = "", period: Period | None = None) -> ServiceInquiry:
    return ServiceInquiry(
        kinds, Procedure("HC", procedure) if procedure else None, place_of_service=place, period=period
    )


def inquiry(who: Member, *services: ServiceInquiry, **changes: Any) -> EligibilityInquiry:
    values: dict[str, Any] = {
        "levels": ("1", "2", "3"),
        "source": payer(),
        "receiver": provider(PCP),
        "subscriber": as_sent(who),
        "services": services,
    }
    return EligibilityInquiry(**{**values, **changes})


def ask(
    asked: EligibilityInquiry,
    *people: Member,
    used: tuple[AccumulatorUse, ...] = (),
    other: tuple[OtherCoverage, ...] = (),
    now: datetime = TODAY,
) -> EligibilityAnswer:
    spans = people or EVERYBODY

    def facts(member_id: str) -> MemberFacts:
        return MemberFacts(member_id, tuple(s for s in spans if s.member_id == member_id), accumulators=used)

    on_file = CoverageOnFile(facts, DIRECTORY, shipped_plans(), PAYER, lambda _: other)
    return decide_eligibility(asked, Roster(spans), on_file, now)


def answer(
    plan: str, *services: ServiceInquiry, used: Mapping[str, int | str] | None = None, **more: Any
) -> list[str]:
    """The statements about one member of the plan, each as EB would show it."""
    who = enrolled(plan, **more)
    uses = tuple(AccumulatorUse(name, 2026, Decimal(n)) for name, n in (used or {}).items())
    return [eb(b) for b in ask(inquiry(who, *services), who, used=uses).benefits]


def eb(benefit: Benefit) -> str:
    """Elements 01 to 13 of an EB, trimmed, without EB05."""

    def text(value: Decimal | None) -> str:
        return "" if value is None else f"{value.normalize():f}"

    elements = (
        benefit.information,
        benefit.coverage_level,
        "^".join(benefit.service_types),
        benefit.insurance_type,
        "",
        benefit.time_period,
        text(benefit.amount),
        text(benefit.percent),
        benefit.quantity_qualifier,
        text(benefit.quantity),
        benefit.authorization,
        benefit.in_network,
        f"{benefit.procedure.qualifier}:{benefit.procedure.code}" if benefit.procedure else "",
    )
    return "*".join(elements).rstrip("*")


def about(statements: list[str], kind: str) -> list[str]:
    """Those whose EB03 holds the service type."""
    return [s for s in statements if kind in f"{s}**".split("*")[2].split("^")]


# -- AAA -----------------------------------------------------------------------------------------------

N71, N72, N73 = (Rejection("N", code, "C") for code in ("71", "72", "73"))
N62, N63, N75 = (Rejection("N", code, "C") for code in ("62", "63", "75"))


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({"source": payer("OTHER")}, "source", ("79",)),
        ({"source": payer("")}, "source", ("T4",)),
        ({"receiver": provider("1911111115")}, "receiver", ("43",)),
        ({"receiver": provider("1888888884")}, "receiver", ("51",)),
        ({"receiver": provider("")}, "receiver", ("51",)),
        ({"source": payer("OTHER"), "receiver": provider("")}, "source", ("79",)),
        ({"receiver": provider(""), "subscriber": person("A", "B", BORN, "M0")}, "receiver", ("51",)),
        ({"subscriber": person("ZULU", "ANN", BORN, "M999")}, "subscriber", ("72",)),
        ({"subscriber": person("ZULU", "ANN", BORN)}, "subscriber", ("75",)),
        ({"subscriber": person("VOGT", "KARL", BORN, "M200")}, "subscriber", ("71", "73")),
        ({"subscriber": person(member_id="M200")}, "subscriber", ("58", "73")),
        ({"period": day(date(2026, 9, 1), "291")}, "subscriber", ("63",)),
        ({"period": day(date(2024, 7, 5), "291")}, "subscriber", ("62",)),
        (
            {"period": day(date(2024, 1, 5), "291"), "subscriber": person("VOSS", "KARL", BORN, "M200")},
            "subscriber",
            ("71", "62"),
        ),
        ({"dependent": as_sent(SON, "03")}, "dependent", ("67",)),
        (
            {"dependent": as_sent(SON, "03"), "subscriber": person("ZULU", "ANN", BORN, "M999")},
            "subscriber",
            ("72",),
        ),
        (
            {
                "dependent": as_sent(SON, "03"),
                "subscriber": as_sent(MOTHER),
                "period": day(date(2027, 3, 1), "291"),
            },
            "dependent",
            ("63",),
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_level(
    changes: dict[str, Any], level: str, said: tuple[str, ...]
) -> None:
    reported = ask(inquiry(PPO, eq("30"), **changes))
    found = {
        name: getattr(reported, f"{name}_rejections")
        for name in ("source", "receiver", "subscriber", "dependent")
    }
    assert {name: tuple(r.reason for r in rs) for name, rs in found.items() if rs} == {level: said}
    assert (reported.benefits, reported.periods, reported.subscriber, reported.dependent) == (
        (),
        (),
        None,
        None,
    )
    assert reported.group_number == ""


def test_several_members_fit() -> None:
    reported = ask(inquiry(PPO, eq("30"), subscriber=person("SMITH", "JOHN", SAME_1.birth_date)))
    assert reported.subscriber_rejections == (Rejection("Y", "76", "C"),)


@pytest.mark.parametrize(
    ("asked", "now", "reason"),
    [
        (date(2026, 8, 31), date(2026, 7, 6), ""),
        (date(2026, 9, 1), date(2026, 7, 6), "inquiry_date_future"),
        (date(2027, 1, 31), date(2026, 12, 31), ""),
        (date(2027, 2, 1), date(2026, 12, 31), "inquiry_date_future"),
        (date(2027, 2, 28), date(2027, 1, 31), ""),
        (date(2024, 7, 6), date(2026, 7, 6), ""),
        (date(2024, 7, 5), date(2026, 7, 6), "inquiry_date_past"),
        (date(2022, 2, 27), date(2024, 2, 29), "inquiry_date_past"),
        (date(2022, 2, 28), date(2024, 2, 29), ""),
    ],
)
def test_how_far_an_inquiry_may_look(asked: date, now: date, reason: str) -> None:
    assert date_reason(asked, now) == reason


def test_one_service_out_of_reach_is_said_there_and_the_other_answered() -> None:
    late = eq("98", period=day(date(2027, 1, 1), "291"))
    reported = ask(inquiry(PPO, late, eq("33")))
    assert reported.benefits[0] == Benefit("V", "", ("98",), rejections=(N63,))
    assert about([eb(b) for b in reported.benefits[1:]], "33")
    alone = ask(inquiry(PPO, late))
    assert (alone.subscriber_rejections, alone.benefits) == ((N63,), ())


@given(
    st.sampled_from(["VOSS", "VOGT", "SMITH", ""]),
    st.sampled_from(["KARL", "JOHN", ""]),
    st.sampled_from([PPO.birth_date, SAME_1.birth_date, BORN, None]),
    st.sampled_from(["M200", "M401", "M999", ""]),
    st.sampled_from([date(2026, 7, 1), date(2020, 1, 1), date(2030, 1, 1)]),
)
def test_an_aaa_says_nothing_on_file(
    last: str, first: str, born: date | None, member_id: str, on: date
) -> None:
    asked = inquiry(PPO, eq("30"), subscriber=person(last, first, born, member_id), period=day(on, "291"))
    reported = ask(asked)
    if reported.subscriber_rejections:
        assert reported == EligibilityAnswer(
            asked, reported.source, subscriber_rejections=reported.subscriber_rejections
        )
        assert len(set(reported.subscriber_rejections)) == len(reported.subscriber_rejections)
    else:
        assert reported.benefits


# -- who is echoed, and for when -------------------------------------------------------------------------


def test_a_found_person_is_answered_with_the_data_on_file() -> None:
    reported = ask(inquiry(PPO, eq("30"), subscriber=person("voss, jr", "KARL", PPO.birth_date)))
    assert reported.subscriber is not None
    party = reported.subscriber.party
    assert (party.last_name, party.id_qualifier, party.id) == ("VOSS", "MI", "M200")
    assert (reported.subscriber.gender, reported.group_number) == ("F", "G77")


@pytest.mark.parametrize(
    ("on", "group"),
    [
        (date(2026, 6, 30), "BEFORE"),
        (date(2026, 7, 1), "AFTER"),
        (date(2025, 12, 31), "BEFORE"),  # the coverage that begins next
    ],
)
def test_the_group_is_that_of_the_coverage_on_the_day(on: date, group: str) -> None:
    first = evolve(enrolled("BAY-HMO", end=date(2026, 6, 30)), group_number="BEFORE")
    second = evolve(enrolled("BAY-PPO", begin=date(2026, 7, 1)), group_number="AFTER")
    reported = ask(inquiry(second, eq("30"), period=day(on, "291")), first, second)
    assert reported.group_number == group


def test_a_dependent_is_answered_at_its_own_level() -> None:
    reported = ask(inquiry(MOTHER, eq("98"), dependent=as_sent(SON, "03")))
    assert reported.dependent is not None
    assert (reported.dependent.party.first_name, reported.dependent.relationship) == ("BEN", "19")
    assert reported.subscriber is not None
    assert reported.subscriber.party.first_name == "ADA"
    assert about([eb(b) for b in reported.benefits], "98")[0] == "1*IND*98*HM*******N*Y"


def test_a_dependent_by_an_own_id_is_a_subscriber() -> None:
    reported = ask(inquiry(SON, eq("98")))
    assert reported.dependent is None
    assert about([eb(b) for b in reported.benefits], "98")


SPRING = enrolled("BAY-HMO", begin=date(2026, 1, 1), end=date(2026, 5, 31))
SUMMER = enrolled("BAY-PPO", begin=date(2026, 7, 1))


@pytest.mark.parametrize(
    ("spans", "period", "status", "dates"),
    [
        ((SPRING,), None, "6*IND*30*HM", ("347 2026-05-31",)),
        (
            (SPRING,),
            day(date(2026, 5, 31), "291"),
            "1*IND*30*HM********Y",
            ("346 2026-01-01", "347 2026-05-31"),
        ),
        ((SPRING, SUMMER), None, "1*IND*30*PR********N", ("346 2026-07-01",)),
        ((SPRING, SUMMER), day(date(2026, 6, 15), "291"), "6*IND*30*HM", ("347 2026-05-31",)),
        ((SUMMER,), day(date(2026, 6, 15), "291"), "6*IND*30*PR", ("346 2026-07-01",)),
        (
            (SPRING, SUMMER),
            Period("291", date(2026, 6, 1), date(2026, 7, 31)),
            "1*IND*30*PR********N",
            ("346 2026-07-01",),
        ),
    ],
)
def test_active_inactive_and_to_come(
    spans: tuple[Member, ...], period: Period | None, status: str, dates: tuple[str, ...]
) -> None:
    reported = ask(inquiry(spans[0], eq("30"), period=period), *spans)
    assert eb(reported.benefits[0]) == status
    assert tuple(f"{p.qualifier} {p.begin}" for p in reported.periods) == dates
    if status.startswith("6"):
        assert len(reported.benefits) == 1


@pytest.mark.parametrize("service", [eq("30"), eq("PT"), eq("98", "33"), eq(procedure="81432")])
def test_inactive_is_the_same_whatever_is_asked(service: ServiceInquiry) -> None:
    reported = ask(inquiry(GONE, service))
    assert [eb(b) for b in reported.benefits] == ["6*IND*30*HM"]
    assert reported.subscriber_rejections == ()


def test_a_range_that_holds_two_coverages_names_both() -> None:
    reported = ask(
        inquiry(SPRING, eq("30"), period=Period("291", date(2026, 5, 1), date(2026, 7, 31))), SPRING, SUMMER
    )
    plans = [
        (eb(b), tuple(p.begin for p in b.periods))
        for b in reported.benefits
        if b.information == "1" and b.periods
    ]
    assert eb(reported.benefits[0]) == "1*IND*30*HM********Y"
    assert plans == [("1*IND*30*PR", (SUMMER.effective_date,))]


# -- 30 ------------------------------------------------------------------------------------------------


def test_the_plan_as_a_whole() -> None:
    reported = answer("BAY-HMO", eq("30"), used={"deductible": 250, "out_of_pocket": 300}, pcp=PCP)
    assert reported[:2] == ["1*IND*30*HM********Y", "1*IND*1^33^47^48^50^86^98^MH^UC*HM"]
    for expected in (
        "C*IND*30***23*500*****Y",
        "C*IND*30***29*250*****Y",
        "G*IND*30***23*2000*****Y",
        "G*IND*30***29*1700*****Y",
        "B*IND*33^98^MH^UC***27*20*****Y",
        "B*IND*86***27*150*****W",
        "B*IND*47^48***36*0*****Y",
        "A*IND*50*****0.2****Y",
        "I*IND*30*********N",
        "L*IND",
    ):
        assert expected in reported
    assert not [s for s in about(reported, "30") if s.split("*")[10:11] == ["Y"]]
    assert not [s for s in reported if s.startswith("I") and s.split("*")[2] != "30"]


def test_without_any_eq_the_plan_is_answered() -> None:
    assert answer("BAY-PPO") == answer("BAY-PPO", eq("30"))


def test_what_is_out_of_network_is_kept_apart() -> None:
    reported = answer("BAY-POS", eq("30"))
    assert "C*IND*30***23*500*****Y" in reported
    assert "C*IND*30***23*0*****N" in reported
    assert not [s for s in reported if s.startswith("I*IND*30")]
    assert "A*IND*33^47^48^50^98^MH^UC*****0.3****N" in reported


def test_a_plan_without_network_answers_once() -> None:
    reported = answer("BAY-INDEMNITY", eq("30"))
    assert reported[0] == "1*IND*30*IN********Y"
    assert {s.split("*")[11] for s in reported[1:] if len(s.split("*")) > 11} == {"W"}


def test_the_dental_plan() -> None:
    reported = answer("BAY-DENTAL", eq("30"), used={"dental_maximum": 1100})
    assert reported[:2] == ["1*IND*30*********N", "1*IND*35"]
    assert "F*IND*35***23*1500*****W" in reported
    assert "F*IND*35***29*400*****W" in reported
    assert not about(reported, "33")
    assert "I*IND*33********N*W" in answer("BAY-DENTAL", eq("33"))


def test_a_type_that_is_not_configured_is_answered_as_30() -> None:
    assert answer("BAY-PPO", eq("64")) == answer("BAY-PPO", eq("30"))
    assert about(answer("BAY-PPO", eq("64", "PT")), "PT")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "Y"),
        ({"provider_npi": SPECIALIST}, "N"),
        ({"receiver": provider(SPECIALIST)}, "N"),
        ({"receiver": provider(SPECIALIST), "provider_npi": PCP}, "Y"),
    ],
)
@pytest.mark.parametrize("service", [eq("30"), eq("62"), eq(procedure="99213"), eq("35")])
def test_the_plan_line_says_whether_the_provider_is_in_the_network(
    asked: dict[str, Any], expected: str, service: ServiceInquiry
) -> None:
    who = enrolled("BAY-HMO")
    reported = [eb(b) for b in ask(inquiry(who, service, **asked), who).benefits]
    assert reported[0] == f"1*IND*30*HM********{expected}"


# -- one service ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "service", "status"),
    [
        ("BAY-HMO", eq("PT"), ["1*IND*PT*HM*******Y*Y"]),
        ("BAY-PPO", eq("PT"), ["1*IND*PT*PR*******N*W"]),
        ("FEP-STANDARD", eq("PT"), ["1*IND*PT*PR*******N*W"]),
        ("MEDICARE-HMO", eq("AF"), ["1*IND*AF*HN*******Y*Y"]),
        ("BAY-POS", eq("PT"), ["1*IND*PT*PS*******Y*Y", "1*IND*PT*PS*******N*N"]),
        ("BAY-PPO", eq("62", place="22"), ["1*IND*62*PR*******Y*W"]),
        ("BAY-PPO", eq("62", place="23"), ["1*IND*62*PR*******N*W"]),
        ("FEP-STANDARD", eq("62", place="22"), ["1*IND*62*PR*******N*W"]),
        ("FEP-STANDARD", eq("BB"), ["1*IND*BB*PR*******N*W"]),
        ("BAY-PPO", eq("BB"), ["1*IND*BB*PR*******Y*W"]),
        ("BAY-PPO", eq("48"), ["1*IND*48*PR*******Y*W"]),
        ("BAY-PPO", eq("RT"), ["1*IND*RT*PR*******N*W"]),
        ("MEDICARE-HMO", eq("RT"), ["1*IND*RT*HN*******Y*Y"]),
        ("BAY-PPO", eq("50"), ["1*IND*50*PR*******U*W"]),
        ("FEP-STANDARD", eq(procedure="95810", place="12"), ["1*IND*62*PR*******N*W*HC:95810"]),
        ("FEP-STANDARD", eq(procedure="95810", place="22"), ["1*IND*62*PR*******Y*W*HC:95810"]),
        ("BAY-PPO", eq("5"), ["1*IND*5*PR*******Y*W"]),
        ("MEDICARE-PPO", eq("5"), ["1*IND*5*PR*******N*W"]),
        ("BAY-PPO", eq(procedure="81432"), ["1*IND*5*PR*******Y*W*HC:81432"]),
        ("FEP-STANDARD", eq(procedure="H0036"), ["I*IND*MH********N*W*HC:H0036"]),
        ("BAY-HMO", eq("35"), ["I*IND*35********N*W"]),
        ("BAY-HMO", eq("38"), ["I*IND*38********N*W"]),
    ],
)
def test_covered_and_authorization(plan: str, service: ServiceInquiry, status: list[str]) -> None:
    reported = answer(plan, service)
    assert [s for s in reported if s[0] in "1I" and s.split("*")[2] != "30"] == status


@pytest.mark.parametrize(
    ("plan", "service", "used", "expected"),
    [
        ("BAY-PPO", eq("48"), {"deductible": 500}, ["C*IND*48***29*0*****Y", "A*IND*48*****0.2****Y"]),
        ("BAY-PPO", eq("48"), {"deductible": 600}, ["C*IND*48***23*500*****Y", "C*IND*48***29*0*****Y"]),
        ("BAY-PPO", eq("48"), {"deductible": "33.335"}, ["C*IND*48***29*466.66*****Y"]),
        ("BAY-PPO", eq("48"), {"out_of_pocket": 500}, ["G*IND*30***29*3500*****Y"]),
        ("BAY-PPO", eq("48"), {}, ["A*IND*48*****0.4****N", "C*IND*48***23*500*****N"]),
        ("BAY-HMO", eq("98"), {}, ["B*IND*98***27*20*****Y"]),
        ("MEDICARE-PPO", eq("98"), {}, ["B*IND*98***27*15*****Y", "A*IND*98*****0.4****N"]),
        ("BAY-PPO", eq("62", place="23"), {}, ["B*IND*62***27*0*****W"]),
        ("FEP-STANDARD", eq("62"), {}, ["A*IND*62*****0.15****Y", "C*IND*62***23*350*****Y"]),
        (
            "BAY-HMO",
            eq("PT"),
            {"visits:PT-OT": 22},
            ["F*IND*PT^AD***23***VS*60*Y*W", "F*IND*PT^AD***29***VS*38*Y*W"],
        ),
        ("BAY-HMO", eq("AD"), {"visits:PT-OT": 70}, ["F*IND*PT^AD***29***VS*0*Y*W"]),
        ("FEP-STANDARD", eq("AF"), {"visits:PT-OT-ST": 5}, ["F*IND*PT^AD^AF***29***VS*70*N*W"]),
        (
            "BAY-HMO-CHIRO12",
            eq("33"),
            {"visits:CHIRO": 2},
            ["F*IND*33***23***VS*12*N*W", "F*IND*33***29***VS*10*N*W"],
        ),
        (
            "BAY-HMO",
            eq("33"),
            {},
            ["F*IND*33***23***VS*12*N*W", "D*IND*33********Y*W", "B*IND*33***27*20*****Y"],
        ),
        ("BAY-HMO", eq("33"), {"visits:CHIRO": 11}, ["1*IND*33*HM*******N*Y"]),
        ("BAY-HMO", eq("33"), {"visits:CHIRO": 12}, ["1*IND*33*HM*******Y*Y", "F*IND*33***29***VS*0*N*W"]),
    ],
)
def test_cost_share_and_limits(
    plan: str, service: ServiceInquiry, used: Mapping[str, int | str], expected: list[str]
) -> None:
    reported = answer(plan, service, used=used)
    assert [s for s in expected if s not in reported] == []


def test_the_chiropractic_limit_never_needs_authorization() -> None:
    reported = about(answer("BAY-HMO-CHIRO12", eq("33")), "33")
    assert not [s for s in reported if s.split("*")[10:11] == ["Y"]]
    assert not [s for s in reported if s.startswith("D")]


def test_equal_statements_are_merged_and_different_ones_are_not() -> None:
    reported = answer("BAY-HMO", eq("PT", "AD", "98"))
    assert reported[:2] == ["1*IND*30*HM********Y", "1*IND*PT^AD*HM*******Y*Y"]
    assert "B*IND*PT^AD^98***27*20*****Y" in reported
    assert len(reported) == len(set(reported))


def test_place_of_service_and_procedure_come_back() -> None:
    who = enrolled("BAY-PPO")
    reported = ask(inquiry(who, eq("62", place="22"), eq(procedure="81432")), who).benefits
    assert {b.place_of_service for b in reported if b.service_types == ("62",)} == {"22"}
    assert {b.place_of_service for b in reported if b.service_types == ("30",)} == {""}
    assert [b.procedure for b in reported if b.information == "1"] == [None, None, Procedure("HC", "81432")]


def test_a_diagnosis_of_the_patient_counts() -> None:
    who = enrolled("BAY-PPO")
    service = eq(procedure="81432")
    for diagnoses, letter in (((), "Y"), ((Diagnosis("ABK", "Z9411"),), "N")):
        reported = ask(inquiry(who, service, diagnoses=diagnoses), who).benefits
        assert reported[1].authorization == letter


@pytest.mark.parametrize(
    ("born", "status"), [(date(2010, 7, 6), "1*IND*38********Y*W"), (date(2007, 7, 6), "I*IND*38********N*W")]
)
def test_orthodontia_by_age(born: date, status: str) -> None:
    who = member("M901", "QUILL", "UMA", born, "BAY-DENTAL")
    assert eb(ask(inquiry(who, eq("38")), who).benefits[1]) == status


def test_messages_come_with_the_status() -> None:
    who = enrolled("BAY-HMO")
    first = ask(inquiry(who, eq("PT")), who).benefits[1]
    assert first.messages == (
        "UP TO 26 VISITS PER PROVIDER AUTO-APPROVED ON REQUEST BY PCP OR AUTHORIZED SPECIALIST",
    )
    beyond = next(b for b in ask(inquiry(who, eq("33")), who).benefits if b.information == "D")
    assert beyond.messages == ("AUTHORIZATION REQUIRED FOR VISITS 13 AND BEYOND",)


def test_a_delegate_is_named() -> None:
    who = enrolled("BAY-PPO")
    first = ask(inquiry(who, eq("ON")), who).benefits[1]
    assert first.authorization == "Y"
    (vendor,) = first.related
    assert vendor.entity == "X3"
    assert vendor.contacts[0].numbers[0][0] == "TE"


def test_the_primary_care_provider() -> None:
    who = enrolled("BAY-HMO", pcp=PCP)
    last = ask(inquiry(who, eq("98")), who).benefits[-1]
    assert last.information == "L"
    assert [(p.entity, p.last_name, p.npi) for p in last.related] == [("P3", "WARD", PCP)]
    without = enrolled("BAY-HMO")
    assert not [b for b in ask(inquiry(without, eq("98")), without).benefits if b.information == "L"]


@pytest.mark.parametrize(
    ("order", "end", "entity"),
    [("primary", None, "PRP"), ("secondary", None, "SEP"), ("primary", date(2026, 3, 1), "")],
)
def test_another_payer(order: str, end: date | None, entity: str) -> None:
    other = OtherCoverage("M900", "FIRST MUTUAL", "FM1", "POL7", order, date(2026, 1, 1), end)
    who = enrolled("BAY-PPO")
    reported = [b for b in ask(inquiry(who, eq("98")), who, other=(other,)).benefits if b.information == "R"]
    assert [(b.related[0].entity, b.related[0].id, b.references) for b in reported] == (
        [(entity, "FM1", (Reference("IG", "POL7"),))] if entity else []
    )


def test_a_plan_without_rules_is_active_and_no_more() -> None:
    who = enrolled("NOT-LOADED")
    assert [eb(b) for b in ask(inquiry(who, eq("98")), who).benefits] == ["1*IND*30"]


def test_another_year_begins_anew() -> None:
    who = enrolled("BAY-PPO")
    uses = (AccumulatorUse("deductible", 2026, Decimal(500)),)
    now = datetime(2026, 12, 10, 9, 0)
    statements: Callable[[date], list[str]] = lambda on: [  # noqa: E731
        eb(b) for b in ask(inquiry(who, eq("30"), period=day(on, "291")), who, used=uses, now=now).benefits
    ]
    assert "C*IND*30***29*0*****Y" in statements(date(2026, 12, 31))
    assert "C*IND*30***29*500*****Y" in statements(date(2027, 1, 2))


@given(
    st.sampled_from(sorted(shipped_plans())),
    st.sampled_from(["30", "98", "PT", "33", "62", "48", "35", "MH", "64"]),
)
def test_every_plan_answers_every_type(plan: str, kind: str) -> None:
    who = evolve(enrolled(plan), pcp_npi="")
    reported = ask(inquiry(who, eq(kind)), who)
    assert reported.benefits
    assert not reported.subscriber_rejections
    for benefit in reported.benefits:
        assert benefit.amount is None or benefit.amount >= 0
        assert benefit.quantity is None or benefit.quantity >= 0
        assert benefit.percent is None or 0 < benefit.percent < 1
        assert benefit.service_types != ("30",) or benefit.authorization == ""
