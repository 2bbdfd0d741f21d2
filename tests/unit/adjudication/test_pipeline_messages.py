"""Claims as the store keeps them: what is read out of the kept text is the claim that came."""

import pytest

from tests.worlds.places import SAMPLES
from x12_payer.adjudication.errors import StoreError
from x12_payer.adjudication.pipeline.messages import claim_from, with_messages
from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.parsers.x837 import parse_837, read_837
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.wire.segments import Source


def kept_and_came() -> list[tuple[str, Claim]]:
    """The text of each claim of the stories, and the claim as the set gives it."""
    found: list[tuple[str, Claim]] = []
    for path in sorted(SAMPLES.glob("*/inbound/*.x12")):
        source = Source(path=str(path))
        for checked in check_interchanges(source):
            sets = (s for g in checked.groups for s in g.sets if s.set_id == "837" and s.accepted)
            for one in sets:
                delimiters = checked.delimiters
                read = read_837(loop_segments(source, one, delimiters), delimiters, one.version)[1]
                texts = [text for _, text in with_messages(read, delimiters, one.version)]
                again = parse_837(loop_segments(source, one, delimiters), delimiters, one.version)[1]
                found += zip(texts, again, strict=True)
    return found


def test_a_kept_claim_is_the_claim_that_came() -> None:
    found = kept_and_came()
    assert {claim.kind for _, claim in found} == {"P", "I", "D"}
    assert any(claim.patient != claim.subscriber for _, claim in found)
    assert any(claim.ordinal > 1 for _, claim in found)
    for text, claim in found:
        assert claim_from(text) == claim


def test_a_kept_claim_holds_nothing_of_the_other_claims() -> None:
    for text, claim in kept_and_came():
        assert text.count("CLM*") == 1
        assert f"CLM*{claim.control_number}*" in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '["005010X222A1",["*","^",":","~"],1,[]]',
        "[1,2,3,4]",
        '["",["*","^",":","~"],1,[[1,"2300","CLM~LX"]]]',
    ],
)
def test_a_text_that_holds_no_claim_is_damage(text: str) -> None:
    with pytest.raises(StoreError):
        claim_from(text)
