"""277: answers about claims, for Hypothesis."""

from attrs import evolve
from hypothesis import strategies as st

from tests.worlds.made.common import (
    NOBODY,
    Numbers,
    bare,
    cents,
    contacts,
    counts,
    days,
    headers,
    maybe_cents,
    maybe_word,
    of,
    organizations,
    people,
    periods,
    procedures,
    references,
    some,
    word,
)
from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    ClaimStatusResponse,
    LineStatus,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import (
    Person,
    Trace,
)

statuses = st.builds(Status, of("F1", "F2", "P1"), of("65", "84", "20"), of("", "QC", "1P"))


@st.composite
def information_codes(draw: st.DrawFn, brief: bool = False) -> StatusInformation:
    found = StatusInformation(draw(some(statuses, 3, 1)), draw(days), message=draw(maybe_word))
    if brief:
        return found
    return evolve(
        found,
        charge=draw(maybe_cents),
        paid=draw(maybe_cents),
        adjudicated=draw(st.none() | days),
        remitted=draw(st.none() | days),
        trace=draw(maybe_word),
    )


@st.composite
def line_statuses(draw: st.DrawFn) -> LineStatus:
    procedure = draw(st.none() | procedures)
    return LineStatus(
        information=draw(some(information_codes(brief=True), 2, 1)),
        charge=draw(cents),
        paid=draw(cents),
        procedure=procedure,
        revenue_code=draw(of("", "0450")) if procedure else "0450",
        units=draw(counts),
        line_control_number=draw(maybe_word),
        period=draw(periods(st.just("472"))),
    )


status_claims = st.builds(
    ClaimStatusClaim,
    some(information_codes(), 2, 1),
    references("1K", "BLT", "EJ"),
    st.none() | periods(st.just("472")),
    some(line_statuses(), 2),
)


@st.composite
def status_responses(draw: st.DrawFn) -> ClaimStatusResponse:
    at = Numbers()
    payer = draw(organizations("PR", contacts=some(contacts(), 1)))
    answers: list[ClaimStatusAnswer] = []
    top = at.next()
    for _ in range(draw(st.integers(1, 2))):
        levels = at.next(top)
        receiver = draw(organizations("41", "46"))
        asked = ClaimInquiry(levels, payer, receiver, NOBODY, Person(NOBODY))
        if draw(st.booleans()):
            said = draw(st.lists(information_codes(brief=True), min_size=1, max_size=2, unique=True))
            answers += [ClaimStatusAnswer(asked, one, level_trace="BATCH1") for one in said]
            continue
        levels = at.next(levels)
        asked = evolve(asked, levels=levels, provider=draw(organizations("1P", "XX")))
        if draw(st.booleans()):
            answers.append(
                ClaimStatusAnswer(asked, provider_status=draw(information_codes(brief=True)), level_trace="0")
            )
            continue
        for _ in range(draw(st.integers(1, 2))):
            answers += draw(_patients(at, levels, asked))
    return ClaimStatusResponse(draw(headers("277", "005010X212", "0010", "08", "DG")), payer, tuple(answers))


@st.composite
def _patients(
    draw: st.DrawFn, at: Numbers, above: tuple[str, ...], asked: ClaimInquiry
) -> list[ClaimStatusAnswer]:
    levels = at.next(above)
    asked = evolve(asked, levels=levels, subscriber=Person(draw(people("IL").map(bare))))
    traces_ = draw(st.lists(word, min_size=1, max_size=2, unique=True))
    children = draw(st.integers(0, 1))
    found = []
    if not children or draw(st.booleans()):
        found += [_status_answer(asked, t, draw(some(status_claims, 2, 1))) for t in traces_]
    if children:
        dependent = Person(draw(people("QC", with_id=False).map(bare)))
        asked = evolve(asked, levels=at.next(levels), dependent=dependent)
        found += [_status_answer(asked, t, draw(some(status_claims, 2, 1))) for t in traces_]
    return found


def _status_answer(
    asked: ClaimInquiry, trace: str, claims: tuple[ClaimStatusClaim, ...]
) -> ClaimStatusAnswer:
    return ClaimStatusAnswer(evolve(asked, trace=Trace("1", trace)), claims=claims)
