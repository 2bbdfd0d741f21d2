"""The readers of 271, 277, 277CA, 278 responses and 835: what we write is read and written again, byte for
byte; and `parse`, which finds the reader of each set."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edi.builders.x271 import build_271
from edi.builders.x277 import build_277
from edi.builders.x277ca import build_277ca
from edi.builders.x278 import build_278
from edi.builders.x835 import build_835
from edi.diagnostics import Diagnostic
from edi.guide import registry
from edi.messages.acknowledgment import Acknowledgment
from edi.messages.claim import Claim, ClaimAcknowledgmentSet
from edi.messages.claim_status import ClaimStatusRequest, ClaimStatusResponse
from edi.messages.eligibility import EligibilityRequest, EligibilityResponse
from edi.messages.remittance import Remittance
from edi.messages.services_review import ReviewRequest, ReviewResponse
from edi.parsers.registry import Message, parse, reader_of
from edi.segments import OutSegment, Source
from tests.segment_texts import texts

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ANSWERS = sorted(
    path for kind in ("271", "277", "277CA", "278", "835") for path in SAMPLES.glob(f"*/expected/*.{kind}.x12")
)
INBOUND = sorted(SAMPLES.glob("*/inbound/*.x12")) or sorted(SAMPLES.glob("*/*.x12"))


def built(message: Message | Diagnostic) -> list[OutSegment]:
    """The body of the set that a message came from."""
    match message:
        case Remittance():
            return build_835(message)
        case ClaimAcknowledgmentSet() if message.header and message.header.created:
            return build_277ca(message, message.header.created)
        case EligibilityResponse() if message.header.created:
            return build_271(message, message.header.created)
        case ClaimStatusResponse() if message.header.created:
            return build_277(message, message.header.created)
        case ReviewResponse() if message.header.created:
            return build_278(message, message.header.created)
    raise AssertionError(f"no builder for {message}")


def bodies(path: Path) -> Iterator[list[str]]:
    """The segments of each set of a file, between ST and SE."""
    body: list[str] = []
    for line in path.read_text(encoding="latin-1").split("~\n"):
        if line.startswith("ST*"):
            body = []
        elif line.startswith("SE*"):
            yield body
            body = []
        else:
            body.append(line)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_an_answer_of_ours_is_read_and_written_again(path: Path) -> None:
    read = list(parse(path))
    assert [texts(built(message)) for message in read] == list(bodies(path))
