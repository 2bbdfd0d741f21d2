"""The readers of 271, 277, 277CA, 278 responses and 835: what we write is read and written again, byte for
byte; and `parse`, which finds the reader of each set."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds.places import SAMPLES
from tests.worlds.segment_texts import texts
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.messages.claim import ClaimAcknowledgmentSet
from x12_payer.edi.messages.claim_status import ClaimStatusResponse
from x12_payer.edi.messages.eligibility import EligibilityResponse
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.messages.services_review import ReviewResponse
from x12_payer.edi.parsers.registry import Message, parse
from x12_payer.edi.wire.segments import OutSegment

ANSWERS = sorted(
    path
    for kind in ("271", "277", "277CA", "278", "835")
    for path in SAMPLES.glob(f"*/expected/*.{kind}.x12")
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
