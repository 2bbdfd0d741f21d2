"""`parse(build(message)) == message` for every answer that we write, over messages that use every field."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings

from tests.worlds.made.acknowledgments import acknowledgment_sets
from tests.worlds.made.claim_status import status_responses
from tests.worlds.made.common import CREATED
from tests.worlds.made.eligibility import eligibility_responses
from tests.worlds.made.enrollments import enrollments
from tests.worlds.made.remittances import remittances
from tests.worlds.made.reviews import review_responses
from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.builders.x834 import build_834
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.messages.claim import ClaimAcknowledgmentSet
from x12_payer.edi.messages.claim_status import ClaimStatusResponse
from x12_payer.edi.messages.eligibility import EligibilityResponse
from x12_payer.edi.messages.enrollment import EnrollmentHeader, MemberEnrollment
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.messages.services_review import ReviewResponse
from x12_payer.edi.parsers.x271 import parse_271
from x12_payer.edi.parsers.x277 import parse_277
from x12_payer.edi.parsers.x277ca import parse_277ca
from x12_payer.edi.parsers.x278_response import parse_278_response
from x12_payer.edi.parsers.x834 import parse_834
from x12_payer.edi.parsers.x835 import parse_835
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, LoopSegment, OutSegment

pytestmark = pytest.mark.slow

often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def wired(set_id: str, body: Iterable[OutSegment]) -> list[LoopSegment]:
    """ST to SE as a reader gets them."""
    whole = [f"ST*{set_id}*0001", *lines(body), "SE*0*0001"]
    return [("", line.split("*"), number) for number, line in enumerate(whole, 1)]


@often
@given(remittances())
def test_remittances(sent: Remittance) -> None:
    assert parse_835(wired("835", build_835(sent)), DEFAULT_DELIMITERS) == sent


@often
@given(eligibility_responses())
def test_eligibility(sent: EligibilityResponse) -> None:
    body = build_271(sent, CREATED)
    assert parse_271(wired("271", body), DEFAULT_DELIMITERS, sent.header.version) == sent


@often
@given(status_responses())
def test_claim_status(sent: ClaimStatusResponse) -> None:
    body = build_277(sent, CREATED)
    assert parse_277(wired("277", body), DEFAULT_DELIMITERS, sent.header.version) == sent


@often
@given(acknowledgment_sets())
def test_claim_acknowledgments(sent: ClaimAcknowledgmentSet) -> None:
    body = build_277ca(sent, CREATED)
    assert parse_277ca(wired("277", body), DEFAULT_DELIMITERS, "005010X214") == sent


@often
@given(review_responses())
def test_reviews(sent: ReviewResponse) -> None:
    body = build_278(sent, CREATED)
    assert parse_278_response(wired("278", body), DEFAULT_DELIMITERS, sent.header.version) == sent


@often
@given(enrollments())
def test_enrollments(sent: tuple[EnrollmentHeader, tuple[MemberEnrollment, ...]]) -> None:
    header, members = sent
    read, found = parse_834(wired("834", build_834(header, members)), DEFAULT_DELIMITERS, header.version)
    assert (read, tuple(found)) == sent
