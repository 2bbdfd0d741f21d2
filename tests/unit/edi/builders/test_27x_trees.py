"""Whatever is answered, the HL of a 271, 277 or 278 form a valid tree and every trace comes back."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    ClaimStatusResponse,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import Party, Person, Reference, Rejection, SetHeader, Trace
from x12_payer.edi.messages.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityResponse,
)
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewCategory,
    ReviewDecision,
    ReviewResponse,
    ServiceDecision,
    ServiceRequest,
    ServicesReview,
)

CREATED = datetime(2026, 7, 6, 12, 0)
DAY = date(2026, 7, 6)
PAYER = Party("PR", "2", "PLAN", id_qualifier="PI", id="P1")
HEADER = SetHeader("270", "0001", "005010X279A1", reference="REF")
NO_PAYER = (Rejection("N", "42", "Y"),)
NO_PROVIDER = (Rejection("N", "43", "C"),)
NO_SUBSCRIBER = (Rejection("N", "72", "C"),)
NO_DEPENDENT = (Rejection("N", "67", "C"),)
NO_EVENT = (Rejection("N", "33", "C"),)
IDS = {"PR": "PI", "X3": "PI", "1P": "XX", "41": "46", "IL": "MI"}


def party(entity: str, number: str) -> Party:
    """A party as the guides want it: the payer an organization, a dependent without an id."""
    qualifier = IDS.get(entity, "")
    return Party(
        entity,
        "2" if entity in ("PR", "X3") else "1",
        f"NAME{number}",
        id_qualifier=qualifier,
        id=f"ID{number}" if qualifier else "",
    )


@st.composite
def paths(draw: st.DrawFn, above: int, most: int = 2) -> list[tuple[tuple[str, ...], bool]]:
    """Patients as HL01 from the topmost level down, and whether the last is a dependent: `above` levels, then
    a subscriber who is asked about himself, has dependents, or both; at most `most` side by side."""
    number = 0

    def fresh() -> str:
        nonlocal number
        number += 1
        return str(number)

    found: list[tuple[tuple[str, ...], bool]] = []

    def grow(prefix: tuple[str, ...], left: int) -> None:
        for _ in range(draw(st.integers(1, most))):
            path = (*prefix, fresh())
            if left:
                grow(path, left - 1)
                continue
            dependents = draw(st.integers(0, most))
            if not dependents or draw(st.booleans()):
                found.append((path, False))
            found.extend(((*path, fresh()), True) for _ in range(dependents))

    grow((), above)
    return found


def some(draw: st.DrawFn, chance: int = 5) -> bool:
    return draw(st.integers(1, chance)) == 1


def check_tree(built: list[str], parents: dict[str, tuple[str, ...]], silent: str = "") -> None:
    """HL01 count from 1; HL02 is an earlier HL of a level that may be above; HL04 says whether a child
    follows (levels of code `silent` do not say)."""
    levels = [[*line.split("*"), ""][1:5] for line in built if line.startswith("HL")]
    codes: dict[str, str] = {}
    for expected, (number, parent, code, _) in enumerate(levels, 1):
        assert number == str(expected)
        assert codes.get(parent, "") in parents[code]
        codes[number] = code
    with_children = {parent for _, parent, _, _ in levels}
    for number, _, code, children in levels:
        assert children == ("" if code == silent else str(int(number in with_children)))
    opened: list[str] = []
    for number, parent, _, _ in levels:
        while opened and opened[-1] != parent:
            opened.pop()
        assert opened or not parent
        opened.append(number)


def returned(built: list[str], kind: str = "2") -> list[str]:
    return [line.split("*")[2] for line in built if line.startswith(f"TRN*{kind}")]


def below(built: list[str], tag: str) -> list[list[str]]:
    """The segments of each level in which the tag occurs, up to the next HL."""
    levels: list[list[str]] = []
    for line in built:
        if line.startswith("HL"):
            levels.append([])
        if levels:
            levels[-1].append(line)
    return [level for level in levels if any(line.startswith(tag) for line in level)]


@st.composite
def eligibility(draw: st.DrawFn) -> tuple[EligibilityAnswer, ...]:
    refused_above = {0: draw(st.sets(st.integers(1, 12))), 1: draw(st.sets(st.integers(1, 12)))}
    answers = []
    for path, is_dependent in draw(paths(2)):
        inquiry = EligibilityInquiry(
            levels=path,
            source=party("PR", path[0]),
            receiver=party("1P", path[1]),
            subscriber=Person(party("IL", path[2])),
            dependent=Person(party("03", path[-1])) if is_dependent else None,
            traces=(Trace("1", "-".join(path), "9CLEARCO01"),),
        )
        answers.append(
            EligibilityAnswer(
                inquiry,
                PAYER,
                source_rejections=NO_PAYER if int(path[0]) in refused_above[0] else (),
                receiver_rejections=NO_PROVIDER if int(path[1]) in refused_above[1] else (),
                subscriber_rejections=NO_SUBSCRIBER if some(draw) else (),
                dependent_rejections=NO_DEPENDENT if is_dependent and some(draw) else (),
                benefits=(Benefit("1"),) * draw(st.integers(0, 2)),
            )
        )
    return tuple(answers)


@given(eligibility())
def test_271(answers: tuple[EligibilityAnswer, ...]) -> None:
    built = lines(build_271(EligibilityResponse(HEADER, answers), CREATED))
    check_tree(built, {"20": ("",), "21": ("20",), "22": ("21",), "23": ("22",)})
    answered = [a for a in answers if not a.source_rejections and not a.receiver_rejections]
    reached = [a for a in answered if not (a.inquiry.dependent and a.subscriber_rejections)]
    back = sorted(returned(built))
    assert set(back) >= {"-".join(a.inquiry.levels) for a in reached}
    # Where the subscriber is refused the dependents' traces are in its level, as far as it holds them.
    refused = [a for a in answered if a not in reached]
    assert set(back) <= {"-".join(a.inquiry.levels) for a in answered}
    assert len(back) == len(set(back))
    assert len(refused) > 3 or len(back) >= len(reached) + min(len(refused), 2)
    valid = [a for a in reached if not a.subscriber_rejections and not a.dependent_rejections]
    assert sum(line.startswith("EB") for line in built) == sum(len(a.benefits) for a in valid)


@st.composite
def claim_status(draw: st.DrawFn) -> tuple[ClaimStatusAnswer, ...]:
    refused = {1: draw(st.sets(st.integers(1, 12))), 2: draw(st.sets(st.integers(1, 12)))}
    status = StatusInformation((Status("E0", "24"),), DAY)
    answers = []
    for path, is_dependent in draw(paths(3)):
        inquiry = ClaimInquiry(
            levels=path,
            payer=party("PR", path[0]),
            receiver=party("41", path[1]),
            provider=party("1P", path[2]),
            subscriber=Person(party("IL", path[3])),
            dependent=Person(party("QC", path[4])) if is_dependent else None,
        )
        for n in range(draw(st.integers(1, 2))):
            claim = ClaimStatusClaim((StatusInformation((Status("F1", "65"),), DAY, Decimal(1)),))
            answers.append(
                ClaimStatusAnswer(
                    evolve(inquiry, trace=Trace("1", f"{'-'.join(path)}.{n}")),
                    receiver_status=status if int(path[1]) in refused[1] else None,
                    provider_status=status if int(path[2]) in refused[2] else None,
                    claims=(claim,) * draw(st.integers(1, 2)),
                )
            )
    return tuple(answers)


@given(claim_status())
def test_277(answers: tuple[ClaimStatusAnswer, ...]) -> None:
    built = lines(build_277(ClaimStatusResponse(HEADER, PAYER, answers), CREATED))
    parents: dict[str, tuple[str, ...]] = {
        "20": ("",),
        "21": ("20",),
        "19": ("21",),
        "22": ("19",),
        "23": ("22",),
    }
    check_tree(built, parents, silent="23")
    reached = [a for a in answers if not a.receiver_status and not a.provider_status]
    expected = [a.inquiry.trace.reference for a in reached if a.inquiry.trace for _ in a.claims]
    refused = {a.inquiry.levels[:2] for a in answers if a.receiver_status}
    assert sorted(returned(built)) == sorted([*expected, *("REF" for _ in refused)])
    stopped = {a.inquiry.levels[:3] for a in answers if a.provider_status and not a.receiver_status}
    assert returned(built, "1") == ["REF"] * len(stopped)
    assert all(level[0].split("*")[3] == "19" for level in below(built, "TRN*1"))


@st.composite
def services_review(draw: st.DrawFn, most: int = 2) -> tuple[ReviewDecision, ...]:
    refused = {0: draw(st.sets(st.integers(1, 12))), 1: draw(st.sets(st.integers(1, 12)))}
    decisions = []
    for path, is_dependent in draw(paths(2, most)):
        for n in range(draw(st.integers(1, 2))):
            services = tuple(
                ServiceRequest(f"s{k}", traces=(Trace("1", f"{'-'.join(path)}.{n}.{k}", "9CLEARCO01"),))
                for k in range(draw(st.integers(0, 2)))
            )
            review = ServicesReview(
                levels=(*path, f"e{n}"),
                payer=party("X3", path[0]),
                requester=party("1P", path[1]),
                subscriber=Person(party("IL", path[2])),
                dependent=Person(party("QC", path[3])) if is_dependent else None,
                category=ReviewCategory("HS", "I", "1"),
                traces=(Trace("1", f"{'-'.join(path)}.{n}", "9CLEARCO01"),),
                services=services,
            )
            decisions.append(
                ReviewDecision(
                    review,
                    payer_rejections=NO_PAYER if int(path[0]) in refused[0] else (),
                    requester_rejections=NO_PROVIDER if int(path[1]) in refused[1] else (),
                    subscriber_rejections=NO_SUBSCRIBER if some(draw) else (),
                    dependent_rejections=NO_DEPENDENT if is_dependent and some(draw) else (),
                    event_rejections=NO_EVENT if some(draw) else (),
                    certification=Certification("A1", "AU1"),
                    references=(Reference("NT", "C1"),),
                    services=tuple(ServiceDecision(s, Certification("A1", "AU1")) for s in services),
                )
            )
    return tuple(decisions)


def _services_returned(built: list[str], decisions: tuple[ReviewDecision, ...]) -> None:
    parents: dict[str, tuple[str, ...]] = {
        "20": ("",),
        "21": ("20",),
        "22": ("21",),
        "23": ("22",),
        "EV": ("22", "23"),
        "SS": ("EV",),
    }
    check_tree(built, parents)
    stops: tuple[Callable[[ReviewDecision], object], ...] = (
        lambda d: d.payer_rejections,
        lambda d: d.requester_rejections,
        lambda d: d.subscriber_rejections,
        lambda d: d.dependent_rejections,
    )
    reached = [d for d in decisions if not any(stop(d) for stop in stops)]
    expected = [d.review.traces[0].reference for d in reached]
    for decision in reached:
        if not decision.event_rejections:
            expected += [s.request.traces[0].reference for s in decision.services]
    assert sorted(returned(built)) == sorted(expected)


@given(services_review())
def test_278(decisions: tuple[ReviewDecision, ...]) -> None:
    response = ReviewResponse(HEADER, "review", PAYER, decisions)
    _services_returned(lines(build_278(response, CREATED)), decisions)


@given(services_review())
def test_278_acknowledgment(decisions: tuple[ReviewDecision, ...]) -> None:
    response = ReviewResponse(HEADER, "notification", PAYER, decisions)
    _services_returned(lines(build_278(response, CREATED)), decisions)
