"""Claims as they arrived, as the store keeps them: their own segments with those above them, unparsed.
Reading them again gives the claim."""

import json
from collections.abc import Iterable, Iterator

from attrs import evolve

from x12_payer.adjudication.errors import StoreError
from x12_payer.adjudication.store.records import DAMAGED, as_json
from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.parsers.x837 import Block, Blocks, parse_837
from x12_payer.edi.wire.segments import Delimiters, LoopSegment


def with_messages(
    claims: Iterable[tuple[Claim, Blocks]], delimiters: Delimiters, version: str
) -> Iterator[tuple[Claim, str]]:
    """Each claim of a set with the text that is kept of it: what it was read from, which one it was in its
    set. The levels above many claims are written once."""
    four = (delimiters.element, delimiters.repetition, delimiters.component, delimiters.segment)
    head = f"[{as_json(version)},{as_json(four)}"
    above: list[tuple[Block, str]] = []
    for claim, blocks in claims:
        known = {id(block): text for block, text in above}  # `above` holds them, so no id is used again
        texts = [known.get(id(block)) or _kept(block, delimiters) for block in blocks if block]
        above = list(zip([block for block in blocks if block], texts, strict=True))[:-1]
        yield claim, f"{head},{claim.ordinal},[{','.join(texts)}]]"


def _kept(block: Block, delimiters: Delimiters) -> str:
    """Of a block: its place in the set, the loops, the segments."""
    loops = " ".join([loop for loop, _, _ in block])
    segments = delimiters.segment.join([delimiters.element.join(e) for _, e, _ in block])
    return as_json((block[0][2], loops, segments))


def claim_from(message: str) -> Claim:
    """The claim of a text that `with_messages` made. Raises StoreError when it is none."""
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
