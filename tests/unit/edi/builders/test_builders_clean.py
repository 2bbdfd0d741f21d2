"""What the 271, 277 and 278 builders write is clean under its guide, and the loops the guide engine names are
those the parsers understand."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from tests.unit.edi.builders import test_x271, test_x277, test_x278_builder
from tests.unit.edi.builders.test_27x_trees import (
    CREATED,
    HEADER,
    PAYER,
    claim_status,
    eligibility,
    services_review,
)
from tests.worlds.text.bodies import loop_segments
from tests.worlds.text.inbound_sets import inbound_sets
from tests.worlds.text.outbound import lines, text
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.guides.walk import loops_of
from x12_payer.edi.messages.claim_status import ClaimStatusAnswer, ClaimStatusResponse
from x12_payer.edi.messages.common import (
    Address,
    Attachment,
    Contact,
    Party,
    Period,
    Procedure,
    Quantity,
    Reference,
    Rejection,
)
from x12_payer.edi.messages.eligibility import Benefit, EligibilityAnswer, EligibilityResponse
from x12_payer.edi.messages.services_review import Certification, ReviewDecision, ReviewResponse
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Source

GROUPS = {"271": "HB", "277": "HN", "278": "HI"}
WHO = f"*ZZ*{'PLAN':15}*ZZ*{'THEM':15}"
ISA = f"ISA*00*{'':10}*00*{'':10}{WHO}*260706*1200*^*00501*000000001*0*T*:"


def findings(guide: str, body: list[str]) -> list[str]:
    """What is said against a body (BHT on) in an interchange: code, place and segment."""
    set_id, version = guide[:3], f"005010{guide.split('.')[1]}"
    texts = [
        ISA,
        f"GS*{GROUPS[set_id]}*PLAN*THEM*20260706*1200*1*X*{version}",
        f"ST*{set_id}*0001*{version}",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    source = Source(data=("~\n".join(texts) + "~\n").encode("latin-1"))
    (interchange,) = check_interchanges(source, every_guide=True)
    (group,) = interchange.groups
    (checked,) = group.sets
    assert checked.guide == guide
    found = [*interchange.diagnostics, *group.diagnostics, *checked.diagnostics]
    return [
        f"{d.code} {d.position.loop} {d.position.tag}{d.position.element:02} {texts[d.position.segment - 1]}"
        for d in found
    ]


def test_a_fault_is_found() -> None:
    jane = test_x271.inquiries()[0]
    built = test_x271.build(EligibilityAnswer(jane, PAYER, benefits=(Benefit("??"),)))
    assert findings("271.X279A1", built) == ["element-code 2110C EB01 EB*??"]
    built.remove("NM1*IL*1*RIVERA*JANE****MI*A1")
    assert findings("271.X279A1", built)


# --- every sort of content ----------------------------------------------------------------------------------

BENEFITS = (
    Benefit(
        "1", "IND", ("30", "98"), "HM", "PLAN", periods=(Period("348", date(2026, 1, 1), date(2026, 12, 31)),)
    ),
    Benefit("C", "IND", ("30",), time_period="23", amount=Decimal("500.00"), in_network="Y"),
    Benefit("A", "IND", ("48",), percent=Decimal("0.2"), authorization="Y", in_network="W"),
    Benefit(
        "F",
        "IND",
        ("PT", "AD"),
        time_period="29",
        quantity_qualifier="VS",
        quantity=Decimal(38),
        messages=("Shared.", "word " * 100),
        place_of_service="22",
        references=(Reference("G1", "AU1"),),
        rejections=(Rejection("N", "62", "C"),),
    ),
    Benefit("I", procedure=Procedure("HC", "H0036", ("GP",), "text", "H0037")),
    Benefit(
        "L",
        related=(
            Party(
                "P3",
                "1",
                "LIN",
                "MEI",
                id_qualifier="XX",
                id="1911111114",
                address=Address(("1 ROAD", "FLOOR 2"), "BOSTON", "MA", "021100001"),
                contacts=(Contact("IC", "DESK", (("TE", "6175550111"),)),),
                provider_code="PC",
                taxonomy="207Q00000X",
            ),
        ),
    ),
)


def test_271_with_everything() -> None:
    dates = (
        Period("346", date(2026, 1, 1), date(2026, 1, 1)),
        Period("291", date(2026, 7, 1), date(2026, 7, 9)),
    )
    payer = evolve(PAYER, contacts=(Contact("IC", "DESK", (("TE", "8005550100"), ("FX", "8"))),))
    answers = [
        EligibilityAnswer(i, payer, periods=dates, benefits=BENEFITS, group_number="GRP1")
        for i in test_x271.inquiries()
    ]
    assert findings("271.X279A1", test_x271.build(*answers)) == []


@pytest.mark.parametrize(
    ("field", "reasons"),
    [
        ("source_rejections", ("42", "79")),
        ("receiver_rejections", ("43", "51")),
        ("subscriber_rejections", ("71", "72", "73", "75", "76", "62", "63")),
        ("dependent_rejections", ("67",)),
    ],
)
def test_271_with_rejections(field: str, reasons: tuple[str, ...]) -> None:
    rejections: Any = tuple(Rejection("Y" if r == "76" else "N", r, "C") for r in reasons)
    answers = [
        evolve(EligibilityAnswer(i, PAYER, benefits=BENEFITS), **{field: rejections})
        for i in test_x271.inquiries()
        if i.dependent or field != "dependent_rejections"
    ]
    assert findings("271.X279A1", test_x271.build(*answers)) == []


def test_277_with_everything() -> None:
    inquiries = test_x277.request().inquiries
    paid = [test_x277.answer(i, test_x277.PAID, test_x277.PAID) for i in inquiries]
    assert findings("277.X212", test_x277.build(*paid)) == []


@pytest.mark.parametrize(
    ("field", "code"), [("receiver_status", ("E0", "0", "41")), ("provider_status", ("E0", "24", "1P"))]
)
def test_277_with_a_status_above(field: str, code: tuple[str, ...]) -> None:
    status: Any = test_x277.status(code)
    answers = [evolve(test_x277.answer(i), **{field: status}) for i in test_x277.request().inquiries]
    assert findings("277.X212", test_x277.build(*answers)) == []


def fully_decided(decision: ReviewDecision) -> ReviewDecision:
    """With everything a decision may carry."""
    day = date(2026, 7, 6)
    periods = tuple(Period(q, day, day) for q in ("102", "036", "007"))
    said = (Reference("NT", "CASE1"),)
    wanted = Attachment("77", "FX", "C1"), Attachment("DA", "EL")
    return evolve(
        decision,
        periods=periods,
        references=said,
        attachments=wanted,
        messages=("Why.",),
        quantity=Quantity("DY", Decimal(5), "WK", "3", "34", "2"),
        contact=Contact("IC", "VENDOR", (("TE", "8005550199"),)),
        services=tuple(
            evolve(
                s, periods=periods, references=said, attachments=wanted, messages=("Why.",), units=Decimal(1)
            )
            for s in decision.services
        ),
    )


@pytest.mark.parametrize("action", ["A1", "A3", "A4", "A6", "C", "CT", "NA"])
@pytest.mark.parametrize("more", [lambda d: d, fully_decided])
def test_278_review(action: str, more: Callable[[ReviewDecision], ReviewDecision]) -> None:
    asked = test_x278_builder.request()
    reason = {"A3": "0V", "A4": "0U", "CT": "0J", "NA": "0H"}.get(action, "")
    decision = more(test_x278_builder.decide(asked.reviews[0], action, reason))
    assert findings("278R.X217", test_x278_builder.build(decision, asked=asked)) == []


@pytest.mark.parametrize(
    ("field", "rejections"),
    [
        ("payer_rejections", (Rejection("N", "79", "Y"),)),
        ("requester_rejections", (Rejection("N", "43", "C"), Rejection("N", "51", "C"))),
        ("subscriber_rejections", tuple(Rejection("N", r, "C") for r in ("71", "72", "73", "75", "95"))),
        ("subscriber_rejections", (Rejection("Y", "76", "C"),)),
        ("dependent_rejections", (Rejection("N", "67", "C"),)),
        ("event_rejections", (Rejection("N", "33", "C"), Rejection("N", "AA", "C"))),
    ],
)
@pytest.mark.parametrize(("version", "guide"), [("005010X217", "278R.X217"), ("005010X215", "278R.X215")])
def test_278_with_rejections(field: str, rejections: Any, version: str, guide: str) -> None:
    asked = test_x278_builder.request(test_x278_builder.REQUEST + test_x278_builder.DEPENDENT, version)
    decisions = [evolve(test_x278_builder.decide(r, "A1"), **{field: rejections}) for r in asked.reviews]
    if field == "dependent_rejections":
        decisions = decisions[1:]
    assert findings(guide, test_x278_builder.build(*decisions, asked=asked)) == []


def test_278_inquiry() -> None:
    asked = test_x278_builder.request(version="005010X215")
    decision = fully_decided(test_x278_builder.decide(asked.reviews[0], "A6"))
    assert findings("278R.X215", test_x278_builder.build(decision, asked=asked)) == []


@pytest.mark.parametrize("certification", [None, Certification("A3", "", "17"), Certification("A1", "NT1")])
@pytest.mark.parametrize("more", [lambda d: d, fully_decided])
def test_278_acknowledgment(
    certification: Certification | None, more: Callable[[ReviewDecision], ReviewDecision]
) -> None:
    asked = test_x278_builder.request(test_x278_builder.NOTIFICATION, "005010X216")
    decision = more(ReviewDecision(asked.reviews[0], certification=certification))
    assert findings("278R.X216", test_x278_builder.build(decision, asked=asked)) == []


# --- every sort of tree -------------------------------------------------------------------------------------


@given(eligibility())
def test_271_trees(answers: tuple[EligibilityAnswer, ...]) -> None:
    built = lines(build_271(EligibilityResponse(HEADER, answers), CREATED))
    assert findings("271.X279A1", built) == []


@given(claim_status())
def test_277_trees(answers: tuple[ClaimStatusAnswer, ...]) -> None:
    built = lines(build_277(ClaimStatusResponse(HEADER, PAYER, answers), CREATED))
    assert findings("277.X212", built) == []


@given(services_review(1))
def test_278_trees(decisions: tuple[ReviewDecision, ...]) -> None:
    for kind, guide in (("review", "278R.X217"), ("inquiry", "278R.X215"), ("notification", "278R.X216")):
        built = lines(build_278(ReviewResponse(HEADER, kind, PAYER, decisions), CREATED))
        assert findings(guide, built) == []


# --- the engine's loops are the parsers' loops --------------------------------------------------------------

KINDS = {
    "270": ("270.X279A1", "005010X279A1", parse_270),
    "276": ("276.X212", "005010X212", parse_276),
    "278": ("278Q.X217", "005010X217", parse_278),
    "278I": ("278Q.X215", "005010X215", parse_278),
    "278N": ("278Q.X216", "005010X216", parse_278),
}
INBOUND = [
    *inbound_sets("27"),
    ("271-request", "270", text(test_x271.REQUEST)),
    ("277-request", "276", text(test_x277.REQUEST)),
    ("278-request", "278", text(test_x278_builder.REQUEST + test_x278_builder.DEPENDENT)),
    ("278-notification", "278N", text(test_x278_builder.NOTIFICATION)),
]


@pytest.mark.parametrize(("kind", "body"), [pytest.param(k, b, id=n) for n, k, b in INBOUND])
def test_parsed_by_the_engines_loops(kind: str, body: list[str]) -> None:
    guide, version, parse = KINDS[kind]
    texts = [f"ST*{kind[:3]}*0001", *body, "SE*9"]
    by_engine = parse(loops_of(guide, DEFAULT_DELIMITERS, texts), DEFAULT_DELIMITERS, version)
    assert by_engine == parse(loop_segments(kind[:3], "\n".join(body)), DEFAULT_DELIMITERS, version)
