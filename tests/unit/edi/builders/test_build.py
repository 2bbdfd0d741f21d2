"""What `build` writes reads back as what it was given and passes `edi validate` at type 6; what it can not
write it refuses."""

import doctest
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import x12_payer.edi.builders.interchange
from tests.worlds.text.build_strategies import CREATED, claim_status, claims, eligibility, reviews
from tests.worlds.text.parse_back import errors, messages, sets, unplaced
from x12_payer.edi.builders.interchange import TradingPartner, build
from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.messages.claim_status import ClaimInquiry
from x12_payer.edi.messages.eligibility import EligibilityInquiry
from x12_payer.edi.messages.services_review import ReviewRequest

PARTNERS: Any = {
    "sender": TradingPartner("CLEARCO01"),
    "receiver": TradingPartner("ATLANTIC01"),
    "created": CREATED,
}
PROPERTY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def grouped(items: Sequence[Any], *keys: Callable[[Any], Any]) -> list[Any]:
    """The items as sets group them: those that agree in the first keys are together; False before True."""

    def rank(item: Any) -> tuple[int, ...]:
        found = []
        for n in range(1, len(keys) + 1):
            mine = [key(item) for key in keys[:n]]
            flag = isinstance(mine[-1], bool)
            first = next(i for i, other in enumerate(items) if [key(other) for key in keys[:n]] == mine)
            found.append(int(mine[-1]) if flag else first)
        return tuple(found)

    return sorted(items, key=rank)


def test_the_example_in_the_docstring() -> None:
    assert doctest.testmod(x12_payer.edi.builders.interchange).attempted > 5
    assert doctest.testmod(x12_payer.edi.builders.interchange).failed == 0


@pytest.mark.slow
@PROPERTY
@given(eligibility())
def test_a_270_reads_back(asked: list[EligibilityInquiry]) -> None:
    text = build(asked, **PARTNERS)
    assert errors(text) == []
    expected = grouped(
        asked,
        lambda i: i.receiver,
        lambda i: i.subscriber,
        lambda i: i.dependent is not None,
        lambda i: bool(i.subscriber_traces),
        lambda i: i.subscriber_traces,
    )
    assert messages(text) == expected


@pytest.mark.slow
@PROPERTY
@given(claim_status())
def test_a_276_reads_back(asked: list[ClaimInquiry]) -> None:
    text = build(asked, **PARTNERS)
    assert errors(text) == []
    expected = grouped(
        asked,
        lambda i: i.receiver,
        lambda i: i.provider,
        lambda i: i.subscriber,
        lambda i: i.dependent is not None,
        lambda i: i.dependent,
    )
    assert messages(text) == expected


@pytest.mark.slow
@PROPERTY
@given(reviews())
def test_a_278_reads_back(asked: ReviewRequest) -> None:
    text = build([asked], **PARTNERS)
    assert errors(text) == []
    (back,) = sets(text)
    assert back.header == asked.header
    assert [unplaced(r) for r in back.reviews] == list(asked.reviews)
    assert messages(build(asked.reviews, **PARTNERS)) == list(asked.reviews)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["P", "I", "D"])
def test_an_837_reads_back(kind: str) -> None:
    @PROPERTY
    @given(claims(kind))
    def reads_back(billed: list[Claim]) -> None:
        text = build(billed, **PARTNERS)
        assert errors(text) == []
        expected = grouped(
            billed,
            lambda c: (c.billing_provider, c.pay_to),
            lambda c: (c.subscriber, c.responsibility, c.group_number),
            lambda c: c.patient != c.subscriber,
            lambda c: c.patient,
        )
        assert messages(text) == expected

    reads_back()
