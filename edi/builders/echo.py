"""What we echo (account numbers, references, names) cut to what an outbound set can carry: a value that
arrived in another form than an X12 file, or comes from an older store, must not make a whole answer
wrong."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import OutSegment


@cache
def _limits() -> Mapping[str, tuple[tuple[int, int], ...]]:
    """echo_limits.csv: element and length by segment id."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for row in rows("echo_limits"):
        limit = (int(row["element"]), int(row["length"]))
        found[row["segment"]] = (*found.get(row["segment"], ()), limit)
    return found


def fit(body: Iterable[OutSegment]) -> Iterator[OutSegment]:
    """The segments, their echoed values no longer than they may be."""
    limits = _limits()
    for segment in body:
        tag = segment[0]
        yield _cut(segment, limits[tag]) if isinstance(tag, str) and tag in limits else segment


def _cut(segment: OutSegment, limits: tuple[tuple[int, int], ...]) -> OutSegment:
    for at, length in limits:
        value = segment[at] if at < len(segment) else ""
        if isinstance(value, str) and len(value) > length:
            segment = (*segment[:at], value[:length].rstrip(), *segment[at + 1 :])
    return segment
