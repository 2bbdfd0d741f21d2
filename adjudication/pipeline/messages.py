"""Claims as they arrived, as the store keeps them: their own segments with those above them, unparsed.
Reading them again gives the claim."""

import json
from collections.abc import Iterator

from attrs import evolve

from x12_payer.adjudication.errors import StoreError
from x12_payer.adjudication.store.records import DAMAGED, as_json
from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.parsers.x837 import Blocks, parse_837
from x12_payer.edi.wire.segments import Delimiters, LoopSegment


def message_of(blocks: Blocks, ordinal: int, delimiters: Delimiters, version: str) -> str:
    """The text that is kept of a claim: what it was read from, which one it was in its set."""
    element, segment = delimiters.element, delimiters.segment
    kept = [  # of each block: its place in the set, the loops, the segments
        (
            block[0][2],
            " ".join([loop for loop, _, _ in block]),
            segment.join([element.join(e) for _, e, _ in block]),
        )
        for block in blocks
        if block
    ]
    return as_json((version, (element, delimiters.repetition, delimiters.component, segment), ordinal, kept))


def claim_from(message: str) -> Claim:
    """The claim of a text that `message_of` made. Raises StoreError when it is none."""
    try:
        version, separators, ordinal, kept = json.loads(message)
        delimiters = Delimiters(*separators)
        segments = (
            item for first, loops, texts in kept for item in _segments(first, loops, texts, delimiters)
        )
        _, claims = parse_837(segments, delimiters, version)
        return evolve(next(claims), ordinal=ordinal)
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration):
        raise StoreError(DAMAGED) from None


def _segments(first: int, loops: str, texts: str, delimiters: Delimiters) -> Iterator[LoopSegment]:
    every = zip(loops.split(" "), texts.split(delimiters.segment), strict=True)
    for number, (loop, text) in enumerate(every, first):
        yield loop, text.split(delimiters.element), number
