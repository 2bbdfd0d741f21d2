"""Claims as they came, as the store keeps them: their own segments with those above them, and nothing read
out of them yet. Reading them again gives the claim."""

import json

from attrs import evolve

from adjudication.errors import StoreError
from adjudication.store_records import DAMAGED, as_json
from edi.messages.claim import Claim
from edi.parsers.x837 import Blocks, parse_837
from edi.segments import Delimiters


def message_of(blocks: Blocks, ordinal: int, delimiters: Delimiters, version: str) -> str:
    """The text that is kept of a claim: what it was read from, which one it was in its set."""
    separators = (delimiters.element, delimiters.repetition, delimiters.component, delimiters.segment)
    return as_json((version, separators, ordinal, blocks))


def claim_from(message: str) -> Claim:
    """The claim of a text that `message_of` made. Raises StoreError when it is none."""
    try:
        version, separators, ordinal, blocks = json.loads(message)
        segments = ((loop, elements, number) for block in blocks for loop, elements, number in block)
        _, claims = parse_837(segments, Delimiters(*separators), version)
        return evolve(next(claims), ordinal=ordinal)
    except (ValueError, LookupError, TypeError, StopIteration):
        raise StoreError(DAMAGED) from None
