"""The small readers, and that no content makes a parser or the builder behind it raise."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.edi.builders import test_x271, test_x277, test_x278_builder
from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.guides.walk import loops_of
from x12_payer.edi.messages.claim_status import ClaimStatusAnswer, ClaimStatusResponse
from x12_payer.edi.messages.common import Diagnosis, Party, Period, Procedure, Quantity
from x12_payer.edi.messages.eligibility import EligibilityAnswer, EligibilityResponse
from x12_payer.edi.messages.services_review import ReviewDecision, ReviewResponse, ServiceDecision
from x12_payer.edi.parsers import common
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("12.50", Decimal("12.5")),
        ("-.5", Decimal("-.5")),
        ("x", None),
        ("NaN", None),
        ("Infinity", None),
        ("1,5", None),
    ],
)
def test_decimal(written: str, value: Decimal | None) -> None:
    assert common.decimal(written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("20260706", date(2026, 7, 6)),
        ("202607061130", date(2026, 7, 6)),
        ("20260230", None),
        ("2026", None),
        ("", None),
        ("2_26 7 6", None),
        ("²0260706", None),
        ("00000000", None),
    ],
)
def test_day(written: str, value: date | None) -> None:
    assert common.day(written) == value


@pytest.mark.parametrize(
    ("day", "time", "value"),
    [
        ("20260706", "1130", datetime(2026, 7, 6, 11, 30)),
        ("20260706", "", datetime(2026, 7, 6)),
        ("20260706", "11", datetime(2026, 7, 6, 11)),
        ("20260706", "9999", datetime(2026, 7, 6, 23, 59)),
        ("20260706", "²²²²", datetime(2026, 7, 6)),
        ("", "1130", None),
    ],
)
def test_moment(day: str, time: str, value: datetime | None) -> None:
    assert common.moment(day, time) == value


@pytest.mark.parametrize(
    ("segment", "value"),
    [
        ("DTP*472*D8*20260706", Period("472", date(2026, 7, 6), date(2026, 7, 6), "D8", "20260706")),
        (
            "DTP*472*RD8*20260706-20260709",
            Period("472", date(2026, 7, 6), date(2026, 7, 9), "RD8", "20260706-20260709"),
        ),
        ("DTP*472*RD8*20260706-", Period("472", date(2026, 7, 6), date(2026, 7, 6), "RD8", "20260706-")),
        ("DTP*096*TM*1100", None),
        ("DTP*472", None),
    ],
)
def test_period(segment: str, value: Period | None) -> None:
    assert common.period(segment.split("*")) == value


def test_composites() -> None:
    assert common.procedure("HC:97110:GP::59", DEFAULT_DELIMITERS) == Procedure("HC", "97110", ("GP", "59"))
    assert common.procedure("", DEFAULT_DELIMITERS) is None
    hi = ["HI", "ABK:E11.9:::::::Y", "", "BBR:0SG:D8:20260706", "ABF"]
    assert common.diagnoses(hi, DEFAULT_DELIMITERS) == (
        Diagnosis("ABK", "E119", "Y"),
        Diagnosis("BBR", "0SG", "", date(2026, 7, 6)),
    )
    assert common.quantity(["HSD", "VS", "3", "WK", "", "34", "2"]) == Quantity(
        "VS", Decimal(3), "WK", "", "34", "2"
    )
    assert common.quantity(["HSD", "", "", "", "", "", "", "A"]) is None


@st.composite
def damaged(draw: st.DrawFn, body: str) -> str:
    """A body in which some elements were cut off, emptied or replaced, and some segments dropped or moved."""
    kept = [line.strip() for line in body.splitlines() if line.strip()]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(kept) - 1))
        what = draw(st.sampled_from(["cut", "replace", "drop", "move"]))
        if what == "drop" and len(kept) > 1:
            kept.pop(at)
        elif what == "move":
            kept.insert(draw(st.integers(0, len(kept) - 1)), kept.pop(at))
        elif not kept[at].startswith("HL"):
            elements = kept[at].split("*")
            place = draw(st.integers(1, len(elements)))
            value = draw(st.sampled_from(["", ":", "^", "²", "-1", "NaN", "20261399", "HC", "x" * 90]))
            rest = elements[place + 1 :] if what == "replace" else []
            kept[at] = "*".join((*elements[:place], value, *rest))
    return "\n".join(kept)


HEADER = Party("PR", "2", "PLAN", id_qualifier="PI", id="P1")
CREATED = datetime(2026, 7, 6, 12, 0)


@given(damaged(test_x271.REQUEST))
def test_any_270_is_read_and_answered(body: str) -> None:
    request = parse_270(_segments("270.X279A1", body), DEFAULT_DELIMITERS, "005010X279A1")
    answers = tuple(EligibilityAnswer(i, HEADER) for i in request.inquiries)
    assert lines(build_271(EligibilityResponse(request.header, answers), CREATED))[0].startswith(
        "BHT*0022*11"
    )


@given(damaged(test_x277.REQUEST))
def test_any_276_is_read_and_answered(body: str) -> None:
    request = parse_276(_segments("276.X212", body), DEFAULT_DELIMITERS, "005010X212")
    answers = tuple(ClaimStatusAnswer(i, claims=(test_x277.PAID,)) for i in request.inquiries)
    built = lines(build_277(ClaimStatusResponse(request.header, HEADER, answers), CREATED))
    assert sum(line.startswith("TRN*2") for line in built) == len(request.inquiries)


@given(
    damaged(test_x278_builder.REQUEST + test_x278_builder.DEPENDENT),
    st.sampled_from(["X215", "X216", "X217"]),
)
def test_any_278_is_read_and_answered(body: str, version: str) -> None:
    request = parse_278(_segments(f"278Q.{version}", body), DEFAULT_DELIMITERS, version)
    decisions = tuple(
        ReviewDecision(r, services=tuple(ServiceDecision(s) for s in r.services)) for r in request.reviews
    )
    built = lines(build_278(ReviewResponse(request.header, request.kind, HEADER, decisions), CREATED))
    assert sum("*EV*" in line for line in built) == len(request.reviews)


def _segments(guide: str, body: str) -> Iterator[common.LoopSegment]:
    """What the guide engine makes of the body."""
    return loops_of(guide, DEFAULT_DELIMITERS, [f"ST*{guide[:3]}*0001", *body.splitlines(), "SE*9*0001"])
