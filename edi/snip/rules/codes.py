"""Types 4 and 5 inside one segment: codes of external sets, reversed date ranges.

What a guide requires is worked out once for each segment id; a value that proved valid is a look-up."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from attrs import define, field

from x12_payer.edi.codes.lists import CodeList, CodeLists, CodePlace
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.rules.collector import Collector
from x12_payer.edi.wire.segments import Delimiters, LoopSegment

KEPT_TEXTS = 20_000  # valid composites that one place remembers
LAST_ELEMENT = 30  # no segment has more elements
_RANGES = ("837I", "278")  # guides with periods inside HI
_CLAIMS = "837"
_NORTH_AMERICA = frozenset(("", "US", "CA"))
_PERIODS = {"DTP": 2, "DTM": 5}  # the element that names the form of a period; the period comes after it

Asked = tuple[int, set[str], CodeList]


@frozen(eq=False)
class CompositePart:
    """A code in a composite: its component, and on which choices of which component it hangs (0: none)."""

    component: int
    codes: CodeList
    when_component: int
    when: frozenset[str]


@define(eq=False)
class CompositeCodes:
    """The codes of one composite. `valid` are texts whose codes hold on any day."""

    parts: tuple[CompositePart, ...]
    valid: set[str] = field(factory=lambda: {""}, repr=False)

    def wrong(self, value: str, day: str, separator: str) -> list[tuple[int, CodeList, str]]:
        """Each code that does not hold: component, its set and the code."""
        pieces = value.split(separator)
        found, lasting = [], True
        for part in self.parts:
            if part.when_component and piece(pieces, part.when_component) not in part.when:
                continue
            code = piece(pieces, part.component)
            if not part.codes.holds(code, day):
                found.append((part.component, part.codes, code))
            elif code not in part.codes.valid:
                lasting = False
        if lasting and not found and len(self.valid) < KEPT_TEXTS:
            self.valid.add(value)
        return found

    def lasts(self, value: str, separator: str, first: str, last: str) -> bool:
        """Do its codes hold on each day from the first to the last one?"""
        pieces = value.split(separator)
        return all(
            part.codes.lasts(piece(pieces, part.component), first, last)
            for part in self.parts
            if not part.when_component or piece(pieces, part.when_component) in part.when
        )


class SegmentCodes(NamedTuple):
    """What one segment id asks for. `plain`: elements with their sets; `chosen`: the element that chooses and
    what its values ask for; `single`: composites; `every`: what each composite from the first on asks for.
    With each set go the values known to be valid."""

    plain: tuple[Asked, ...] = ()
    chosen: tuple[tuple[int, Mapping[str, tuple[Asked, ...]]], ...] = ()
    single: tuple[tuple[int, set[str], CompositeCodes], ...] = ()
    every: CompositeCodes | None = None
    form: int = 0  # the element that says in which form a period is
    ranges: bool = False  # composites may hold a period
    address: bool = False  # an N4, which says the state and ZIP code in the countries that have them


Plan = Mapping[str, SegmentCodes]
FURTHER = 4  # from here on a SegmentCodes says what else than codes is asked for


@cache
def code_plan(guide: str, codes: CodeLists) -> Plan:
    """The codes that a guide asks for, by segment id."""
    by_tag: dict[str, list[CodePlace]] = {tag: [] for tag in _PERIODS}
    for place in codes.places:
        if place.belongs_to(guide):
            by_tag.setdefault(place.tag, []).append(place)
    return {
        tag: SegmentCodes(
            tuple(_plain(places, codes)),
            tuple(_chosen(places, codes)),
            tuple(_single(places, codes)),
            _every(tag, places, codes),
            form=_PERIODS.get(tag, 0),
            ranges=tag == "HI" and guide.startswith(_RANGES),
            address=tag == "N4" and guide.startswith(_CLAIMS),
        )
        for tag, places in by_tag.items()
    }


def _asked(number: int, codes: CodeList) -> Asked:
    return number, codes.valid, codes


def _elements(place: CodePlace) -> Iterable[int]:
    return range(place.element, LAST_ELEMENT, place.step) if place.step else (place.element,)


def _plain(places: Iterable[CodePlace], codes: CodeLists) -> Iterator[Asked]:
    for place in places:
        if not place.component and not place.when_element:
            yield from (_asked(number, codes.lists[place.codes]) for number in _elements(place))


def _chosen(
    places: Iterable[CodePlace], codes: CodeLists
) -> Iterator[tuple[int, Mapping[str, tuple[Asked, ...]]]]:
    found: dict[int, dict[str, tuple[Asked, ...]]] = {}
    for place in places:
        if place.when_element and not place.component:
            choices = found.setdefault(place.when_element, {})
            for choice in place.when:
                choices[choice] = (*choices.get(choice, ()), _asked(place.element, codes.lists[place.codes]))
    yield from found.items()


def _part(place: CodePlace, codes: CodeLists) -> CompositePart:
    return CompositePart(place.component, codes.lists[place.codes], place.when_component, place.when)


def _single(places: Iterable[CodePlace], codes: CodeLists) -> Iterator[tuple[int, set[str], CompositeCodes]]:
    found: dict[int, list[CompositePart]] = {}
    for place in places:
        if place.component and not place.step:
            found.setdefault(place.element, []).append(_part(place, codes))
    for element, parts in found.items():
        composite = CompositeCodes(tuple(parts))
        yield element, composite.valid, composite


def _every(tag: str, places: Iterable[CodePlace], codes: CodeLists) -> CompositeCodes | None:
    """What each composite of a segment asks for; the segment id counts as valid, so that a whole segment can
    be asked at once."""
    parts = tuple(_part(place, codes) for place in places if place.component and place.step)
    return CompositeCodes(parts, {"", tag}) if parts else None


def piece(pieces: list[str], number: int) -> str:
    """Component `number` of a composite, '' when it has none."""
    return pieces[number - 1] if number <= len(pieces) else ""


def check_codes(
    plan: Plan, block: Iterable[LoopSegment], day: str, delimiters: Delimiters, collector: Collector
) -> None:
    """Report the codes of a block that do not hold on the day (CCYYMMDD), and periods that end before they
    begin."""
    for item in block:
        elements = item[1]
        asked = plan.get(elements[0])
        if asked is None:
            continue
        plain, chosen, single, every, form, ranges, address = asked
        size = len(elements)
        for number, valid, codes in plain:
            if number < size and elements[number] not in valid:
                _check_element(codes, item, number, day, delimiters, collector)
        for chooser, choices in chosen:
            choice = choices.get(elements[chooser] if chooser < size else "")
            if choice is not None:
                for number, valid, codes in choice:
                    if number < size and elements[number] not in valid:
                        _check_element(codes, item, number, day, delimiters, collector)
        for number, valid, composite in single:
            if number < size and elements[number] not in valid:
                _check_composite(composite, item, number, day, delimiters, collector)
        if every is not None and not every.valid.issuperset(elements):
            for number in range(1, size):
                if elements[number] not in every.valid:
                    _check_composite(every, item, number, day, delimiters, collector)
        if form and form < size and elements[form] == "RD8":
            _check_period(item, form + 1, elements[form + 1 :], collector)
        elif ranges:
            _check_ranges(item, delimiters, collector)
        elif address and not (size > 3 and elements[2] and elements[3]):
            _check_address(item, collector)


def codes_last(plan: Plan, elements: list[str], delimiters: Delimiters, first: str, last: str) -> bool:
    """Do the codes of a segment hold on each day from the first to the last one? A repeated element counts as
    one that may not."""
    asked = plan.get(elements[0])
    if asked is None:
        return True
    by_choice = (
        choices.get(elements[chooser] if chooser < len(elements) else "", ())
        for chooser, choices in asked.chosen
    )
    wanted = [*asked.plain, *(one for choice in by_choice for one in choice)]
    composites = [(number, composite) for number, _, composite in asked.single]
    if asked.every is not None:
        composites += [(number, asked.every) for number in range(1, len(elements))]
    separator, size = delimiters.component, len(elements)
    return all(codes.lasts(elements[n], first, last) for n, _, codes in wanted if n < size) and all(
        composite.lasts(elements[n], separator, first, last) for n, composite in composites if n < size
    )


def _check_element(
    codes: CodeList, item: LoopSegment, number: int, day: str, delimiters: Delimiters, collector: Collector
) -> None:
    for code in item[1][number].split(delimiters.repetition):
        if not codes.holds(code, day):
            collector.add(codes.diagnostic, item, number, value=code)


def _check_composite(
    composite: CompositeCodes,
    item: LoopSegment,
    number: int,
    day: str,
    delimiters: Delimiters,
    collector: Collector,
) -> None:
    for component, codes, code in composite.wrong(item[1][number], day, delimiters.component):
        collector.add(codes.diagnostic, item, number, component, code)


def _check_period(
    item: LoopSegment, element: int, values: list[str], collector: Collector, component: int = 0
) -> None:
    """A period RD8 ends before it begins."""
    first, _, last = values[0].partition("-") if values else ("", "", "")
    if last and last < first:
        collector.add("period-reversed", item, element, component, values[0])


def _check_ranges(item: LoopSegment, delimiters: Delimiters, collector: Collector) -> None:
    """Periods in composites (C022: form 03, period 04)."""
    for number, value in enumerate(item[1]):
        if "RD8" in value:
            pieces = value.split(delimiters.component)
            if piece(pieces, 3) == "RD8":
                _check_period(item, number, pieces[3:], collector, component=4)


def _check_address(item: LoopSegment, collector: Collector) -> None:
    """An address in the United States or Canada has its state (or province) and ZIP (or postal) code."""
    _, state, zip_code, country = (*item[1][1:5], "", "", "", "")[:4]
    if country in _NORTH_AMERICA:
        if not state:
            collector.add("address-state-missing", item, 2)
        if not zip_code:
            collector.add("address-zip-missing", item, 3)
