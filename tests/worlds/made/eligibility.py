"""271: answers to eligibility inquiries, for Hypothesis."""

from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from tests.worlds.made.common import (
    NOBODY,
    Numbers,
    aaas,
    addresses,
    contacts,
    counts,
    diagnoses,
    each_once,
    headers,
    maybe_cents,
    maybe_word,
    of,
    organizations,
    people,
    periods,
    procedures,
    quantities,
    references,
    rejections,
    some,
    traces,
    word,
    words,
)
from x12_payer.edi.messages.common import (
    Party,
    Person,
    Reference,
)
from x12_payer.edi.messages.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityResponse,
)


@st.composite
def benefits(draw: st.DrawFn) -> Benefit:
    return Benefit(
        information=draw(of("1", "A", "B", "C", "F", "CB")),
        coverage_level=draw(of("", "IND", "FAM")),
        service_types=draw(some(of("30", "98", "UC"))),
        insurance_type=draw(of("", "HM")),
        plan_description=draw(st.just("") | words),
        time_period=draw(of("", "23", "27")),
        amount=draw(maybe_cents),
        percent=draw(st.none() | of(Decimal("0.2"), Decimal(1))),
        quantity_qualifier=draw(of("", "VS")),
        quantity=draw(st.none() | counts),
        authorization=draw(of("", "Y", "N", "U")),
        in_network=draw(of("", "Y", "N", "W")),
        procedure=draw(st.none() | procedures),
        periods=draw(some(periods(of("291", "348")))),
        messages=draw(some(words)),
        place_of_service=draw(of("", "11")),
        related=draw(some(related())),
        references=draw(references("18", "1L", "9F")),
        rejections=draw(some(rejections, 1)),
        diagnosis_pointers=draw(some(of("1", "2"), 2)),
        quantities=draw(some(quantities, 2)),
        additional=draw(some(st.builds(Reference, st.just("BF"), word), 2)),
    )


@st.composite
def related(draw: st.DrawFn) -> Party:
    party = draw(organizations("P3", "XX", address=st.none() | addresses, contacts=some(contacts(), 2)))
    return evolve(party, provider_code="PC", taxonomy="207Q00000X") if draw(st.booleans()) else party


@st.composite
def eligibility_responses(draw: st.DrawFn) -> EligibilityResponse:
    at = Numbers()
    answers: list[EligibilityAnswer] = []
    for _ in range(draw(st.integers(1, 2))):
        source = draw(organizations("PR", contacts=some(contacts(), 2)))
        levels = at.next()
        if draw(st.integers(0, 5)) == 0:
            silent = evolve(source, contacts=())  # a payer that takes no question names no desk
            answers.append(_ended(levels, silent, source_rejections=draw(aaas)))
            continue
        for _ in range(draw(st.integers(1, 2))):
            receiver = draw(organizations("1P", "XX", address=st.none() | addresses))
            below = at.next(levels)
            if draw(st.integers(0, 5)) == 0:
                answers.append(_ended(below, source, receiver, receiver_rejections=draw(aaas)))
                continue
            for _ in range(draw(st.integers(1, 2))):
                answers += draw(_family(at, below, source, receiver))
    return EligibilityResponse(draw(headers("271", "005010X279A1", "0022", "11", "")), tuple(answers))


def _ended(
    levels: tuple[str, ...], source: Party, receiver: Party = NOBODY, **rejected: Any
) -> EligibilityAnswer:
    inquiry = EligibilityInquiry(levels, source, receiver, Person(NOBODY))
    return EligibilityAnswer(inquiry, source, **rejected)


@st.composite
def _family(
    draw: st.DrawFn, at: Numbers, above: tuple[str, ...], source: Party, receiver: Party
) -> list[EligibilityAnswer]:
    """A subscriber, or dependents below one, or both."""
    levels = at.next(above)
    subscriber = draw(people("IL", relationship="18"))
    number = draw(maybe_word)
    if number:
        subscriber = evolve(subscriber, party=evolve(subscriber.party, references=(Reference("6P", number),)))
    returned = draw(each_once(traces, 2))
    corrected = draw(st.booleans())
    children = draw(st.integers(0, 2))
    base = _ended(levels, source, receiver)
    base = evolve(base, subscriber=subscriber, group_number=number, subscriber_corrected=corrected)
    found = []
    if not children or draw(st.booleans()):
        inquiry = evolve(base.inquiry, subscriber=subscriber, traces=returned)
        own = evolve(base, inquiry=inquiry, own_traces=draw(some(traces, 1)))
        covered = _coverage(1 if children else 0)
        said = draw(st.fixed_dictionaries({"subscriber_rejections": aaas}) | covered)
        found.append(evolve(own, **said))
    for _ in range(children):
        dependent = draw(people("03", with_id=False, relationship="19"))
        inquiry = evolve(
            base.inquiry,
            levels=at.next(levels),
            subscriber=subscriber,
            dependent=dependent,
            traces=draw(some(traces, 2)),
            subscriber_traces=returned,
        )
        answer = evolve(
            base,
            inquiry=inquiry,
            dependent=dependent,
            dependent_corrected=draw(st.booleans()),
            own_traces=draw(some(traces, 1)),
        )
        said = draw(st.fixed_dictionaries({"dependent_rejections": aaas}) | _coverage(0))
        found.append(evolve(answer, **said))
    return found


def _coverage(least: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "periods": some(periods(of("346", "356"))),
            "diagnoses": some(diagnoses, 2),
            "benefits": some(benefits(), 3, least),
        }
    )
