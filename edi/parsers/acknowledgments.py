"""Inbound TA1, 999, 997, 824 and 277CA: the verdicts on each interchange, group and set.

No guide is needed: what can be read of a broken one is read. Sources: the standard's TA1, AK1-AK9, IK5,
OTI, TED and RED; X214 for the 277CA."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from attrs import evolve

from x12_payer.edi.messages.acknowledgment import Acknowledgment, SetResult
from x12_payer.edi.parsers.common import element
from x12_payer.edi.wire.segments import Delimiters

Segments = Iterable[Sequence[str]]

RECEIVER_LEVEL = "21"  # HL03: where a 277CA names the batch
ANSWERED = "2"  # TRN01: the trace of the one who is answered
UNKNOWN = "NA"  # OTI03 of one who does not know it


def parse_ta1(segment: Sequence[str]) -> Acknowledgment:
    """A TA1."""
    number, day, time, result, note = (element(segment, n) for n in range(1, 6))
    return Acknowledgment(
        "TA1", result, tuple(filter(None, [note])), interchange=number, created=f"{day}/{time}"
    )


def parse_acknowledgments(kind: str, segments: Segments, delimiters: Delimiters) -> Iterator[Acknowledgment]:
    """What one set (ST to SE, elements with the tag at 0) of a kind says, in file order."""
    yield from _PARSERS[kind](kind, segments, delimiters)


def _group_acknowledgment(kind: str, segments: Segments, delimiters: Delimiters) -> Iterator[Acknowledgment]:
    """A 999 or 997: one group, and the sets of it that are named."""
    found = Acknowledgment(kind)
    sets: list[SetResult] = []
    for one in segments:
        match one[0]:
            case "AK1":
                found = evolve(
                    found, functional_id=element(one, 1), group=element(one, 2), version=element(one, 3)
                )
            case "AK2":
                sets.append(SetResult(element(one, 1), element(one, 2)))
            case "IK5" | "AK5" if sets:
                codes = tuple(filter(None, one[2:7]))
                sets[-1] = evolve(sets[-1], result=element(one, 1), codes=codes)
            case "AK9":
                counts, codes = tuple(element(one, n) for n in (2, 3, 4)), tuple(filter(None, one[5:10]))
                found = evolve(found, result=element(one, 1), counts=counts, codes=codes)
    yield evolve(found, sets=tuple(sets))


def _claims_acknowledgment(kind: str, segments: Segments, delimiters: Delimiters) -> Iterator[Acknowledgment]:
    """A 277CA: the batch it answers and every status in it. The first STC01 counts of each STC."""
    level = reference = ""
    statuses: Counter[str] = Counter()
    actions: set[str] = set()
    for one in segments:
        match one[0]:
            case "HL":
                level = element(one, 3)
            case "TRN" if level == RECEIVER_LEVEL and element(one, 1) == ANSWERED:
                reference = reference or element(one, 2)
            case "STC":
                statuses[element(one, 1).replace(delimiters.component, ":")] += 1
                actions.add(element(one, 3))
    result = " ".join(sorted(filter(None, actions)))
    yield Acknowledgment(kind, result, reference=reference, statuses=tuple(statuses.items()))


def _application_advice(kind: str, segments: Segments, delimiters: Delimiters) -> Iterator[Acknowledgment]:
    """An 824: what its OTI loops say, those of one set or group together."""
    blocks: list[list[Sequence[str]]] = []
    for one in segments:
        if one[0] == "OTI":
            blocks.append([])
        if blocks:
            blocks[-1].append(one)
    for _, same in groupby(blocks, key=lambda block: _named(block[0])):
        yield _advice(kind, list(same))


def _named(oti: Sequence[str]) -> tuple[str, ...]:
    """What an OTI speaks of: group, set, or a reference when it has no group."""
    place = tuple(element(oti, n) for n in (8, 9, 10))
    return place if place[0] else (*place, element(oti, 3))


def _advice(kind: str, blocks: Sequence[Sequence[Sequence[str]]]) -> Acknowledgment:
    """OTI loops of one set or group: items of it (IR, a claim) count with it."""
    first = blocks[0][0]
    results = sorted({element(block[0], 1) for block in blocks} - {""})
    statuses: Counter[str] = Counter()
    for one in (segment for block in blocks for segment in block):
        if one[0] == "TED":
            statuses[element(one, 1)] += 1
        elif one[0] == "RED" and element(one, 6):
            statuses[element(one, 6)] += 1
    result, reference = " ".join(results), element(first, 3)
    number, set_id = element(first, 9), element(first, 10)
    return Acknowledgment(
        kind,
        result,
        group=element(first, 8),
        reference="" if reference == UNKNOWN else reference,
        sets=(SetResult(set_id, number, result),) if number else (),
        statuses=tuple(statuses.items()),
    )


_PARSERS: Mapping[str, Callable[[str, Segments, Delimiters], Iterator[Acknowledgment]]] = {
    "999": _group_acknowledgment,
    "997": _group_acknowledgment,
    "277CA": _claims_acknowledgment,
    "824": _application_advice,
}
