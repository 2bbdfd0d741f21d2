"""The segments of one loop while it is read: a reader removes what it takes, and what is left goes into the
message's `other`, so that nothing of a set is lost silently."""

from collections.abc import Iterable, Sequence
from datetime import date

from x12_payer.edi.messages.common import Amount, Period, Segment
from x12_payer.edi.parsers.common import day, element
from x12_payer.edi.parsers.x837_shared import number


class Bag:
    """Segments by id, in their order."""

    __slots__ = ("_by_tag",)

    def __init__(self, segments: Iterable[list[str]]) -> None:
        self._by_tag: dict[str, list[list[str]]] = {}
        for segment in segments:
            same = self._by_tag.get(segment[0])
            if same is None:
                self._by_tag[segment[0]] = [segment]
            else:
                same.append(segment)

    def has(self, tag: str) -> bool:
        """Is a segment with the id at hand?"""
        return bool(self._by_tag.get(tag))

    def put(self, segment: list[str]) -> None:
        """Puts back a segment that turned out to be of no use."""
        self._by_tag.setdefault(segment[0], []).append(segment)

    def all(self, tag: str) -> list[list[str]]:
        """Takes every segment with the id."""
        return self._by_tag.pop(tag, [])

    def first(self, tag: str, *qualifiers: str) -> Sequence[str]:
        """Takes the first segment with the id and, when some are named, with one of these in element 01; ()
        when there is none."""
        same = self._by_tag.get(tag)
        if not same:
            return ()
        if not qualifiers:
            return same.pop(0)
        for at, segment in enumerate(same):
            if element(segment, 1) in qualifiers:
                return same.pop(at)
        return ()

    def day(self, tag: str, qualifier: str) -> date | None:
        """Takes the first DTM with the qualifier that is a date; any other stays."""
        for at, segment in enumerate(self._by_tag.get(tag, ())):
            if element(segment, 1) == qualifier and (when := day(element(segment, 2))):
                del self._by_tag[tag][at]
                return when
        return None

    def days(self, tag: str) -> tuple[Period, ...]:
        """Takes every DTM that is a date."""
        found = []
        for segment in self._by_tag.get(tag, [])[:]:
            if when := day(element(segment, 2)):
                found.append(Period(element(segment, 1), when, when))
                self._by_tag[tag].remove(segment)
        return tuple(found)

    def amount(self, tag: str, qualifier: str) -> Amount | None:
        """Takes the first AMT or QTY with the qualifier; one that is no number stays, and gives None."""
        for at, segment in enumerate(self._by_tag.get(tag, ())):
            if element(segment, 1) == qualifier and (value := number(element(segment, 2))) is not None:
                del self._by_tag[tag][at]
                return Amount(qualifier, value)
        return None

    def amounts(self, tag: str) -> tuple[Amount, ...]:
        """Takes every AMT or QTY that states a number."""
        same = self._by_tag.get(tag)
        if not same:
            return ()
        found = []
        for segment in same[:]:
            if (value := number(element(segment, 2))) is not None:
                found.append(Amount(element(segment, 1), value))
                same.remove(segment)
        return tuple(found)

    def left(self) -> tuple[Segment, ...]:
        """What nobody took."""
        return tuple([tuple(segment) for same in self._by_tag.values() for segment in same])
