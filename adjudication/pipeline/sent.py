"""The sets that we sent, with the numbers by which an acknowledgment identifies them."""

from collections.abc import Iterable, Iterator, Sequence

from x12_payer.adjudication.store.unit import Outbound, SentSet
from x12_payer.edi.reading.envelope import ISA_LENGTH

LONGEST_START = 2000  # ST, BPR and TRN of an 835
REFERENCES = {"BHT": 3, "TRN": 2}  # where a set says which it is; BHT03, TRN02


def sent_sets(files: Iterable[Outbound]) -> Iterator[SentSet]:
    """Every set of the files. Only the starts of groups and sets are looked at: an 835 may be long."""
    for file in files:
        isa = file.content[:ISA_LENGTH].decode("latin-1").split(file.content[3:4].decode("latin-1"))
        receiver = "/".join(part.strip() for part in isa[7:9])
        envelope = (file.name, receiver, isa[13], "/".join(isa[9:11]))
        group = ("", "", "")
        sets = 0
        for start in sorted([*_starts(file.content, "GS"), *_starts(file.content, "ST")]):
            segments = _segments(file.content, start)
            first = segments[0]
            if first[0] == "GS":
                group = (first[1], first[6], first[8])
                continue
            sets += 1
            yield SentSet(*envelope, *group, first[1], first[2], _reference(segments[1:3]))
        if not sets:
            yield SentSet(*envelope)


def _starts(content: bytes, tag: str) -> Iterator[int]:
    """Where segments of an id begin: our writer ends each with a line end, and no value holds one."""
    needle = b"\n" + tag.encode() + content[3:4]
    at = content.find(needle)
    while at >= 0:
        yield at + 1
        at = content.find(needle, at + 1)


def _segments(content: bytes, start: int) -> list[list[str]]:
    """A segment and the few behind it, as elements."""
    element, terminator = content[3:4].decode("latin-1"), content[105:106].decode("latin-1")
    text = content[start : start + LONGEST_START].decode("latin-1")
    return [part.strip().split(element) for part in text.split(terminator, 3)[:3]]


def _reference(segments: Iterable[Sequence[str]]) -> str:
    """The first reference behind the ST, '' when there is none."""
    found = (one[REFERENCES[one[0]]] for one in segments if one[0] in REFERENCES)
    return next(found, "")
