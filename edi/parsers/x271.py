"""271 (005010X279A1): what a payer answers about each patient of a 270.

Levels as in the 270: 20 source, 21 receiver, 22 subscriber, 23 dependent. There is an answer for each
level with nothing below it, and for a subscriber with benefits or a rejection above a dependent."""

from collections.abc import Iterable, Sequence

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import (
    Diagnosis,
    Party,
    Period,
    Person,
    Reference,
    Rejection,
    Segment,
    Trace,
)
from x12_payer.edi.messages.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityResponse,
)
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import (
    Hierarchy,
    Level,
    Lineage,
    LoopSegment,
    ancestor,
    components,
    diagnoses,
    element,
    hierarchy,
    level_ids,
    procedure,
    reference,
    repeats,
)
from x12_payer.edi.parsers.levels import (
    cut,
    segments_of,
    taken_party,
    taken_periods,
    taken_person,
    taken_quantities,
    taken_rejections,
    taken_traces,
)
from x12_payer.edi.parsers.x837_shared import number
from x12_payer.edi.wire.segments import Delimiters

_SOURCE, _RECEIVER, _SUBSCRIBER, _DEPENDENT = "20", "21", "22", "23"  # HL03
_GROUP_NUMBER = "6P"  # REF01
_PLACE = "ZZ"  # III01
_NOBODY = Person(Party(""))


@frozen
class _Level:
    """One level as read: who is in it and what is said there."""

    person: Person = _NOBODY
    corrected: bool = False
    returned: tuple[Trace, ...] = ()
    traces: tuple[Trace, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    periods: tuple[Period, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    other: tuple[Segment, ...] = ()

    @property
    def party(self) -> Party:
        """Who is named there."""
        return self.person.party


def parse_271(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str = ""
) -> EligibilityResponse:
    """One 271 set from ST to SE; `version` is its GS08. Odd content never raises."""
    tree = hierarchy(segments)
    levels = {id(x[-1]): _level(x[-1], delimiters) for x in tree.lineages}  # HL01 may come twice
    return EligibilityResponse(
        header=tree.set_header(version),
        answers=tuple(_answer(x, levels) for x in tree.lineages if _is_answered(x[-1], levels, tree)),
    )


def _is_answered(level: Level, levels: dict[int, _Level], tree: Hierarchy) -> bool:
    if not tree.children(level):
        return True
    read = levels[id(level)]
    return level.code == _SUBSCRIBER and bool(read.benefits or read.rejections)


def _level(level: Level, delimiters: Delimiters) -> _Level:
    head, blocks = cut(segments_of(level), "EB")
    bag = Bag(head)
    returned, own = taken_traces(bag)
    person, corrected = taken_person(bag)
    return _Level(
        person=person,
        corrected=corrected,
        returned=returned,
        traces=own,
        rejections=taken_rejections(bag),
        diagnoses=diagnoses(bag.first("HI"), delimiters),
        periods=taken_periods(bag),
        benefits=tuple(_benefit(block, delimiters) for block in blocks),
        other=bag.left(),
    )


def _answer(lineage: Lineage, levels: dict[int, _Level]) -> EligibilityAnswer:
    def read(code: str) -> _Level:
        level = ancestor(lineage, code)
        return levels[id(level)] if level else _Level()

    source, receiver, subscriber, dependent = map(read, (_SOURCE, _RECEIVER, _SUBSCRIBER, _DEPENDENT))
    last = levels[id(lineage[-1])]
    is_dependent = lineage[-1].code == _DEPENDENT
    patient = lineage[-1].code in (_SUBSCRIBER, _DEPENDENT)
    inquiry = EligibilityInquiry(
        levels=level_ids(lineage),
        source=source.party,
        receiver=receiver.party,
        subscriber=subscriber.person,
        dependent=dependent.person if is_dependent else None,
        traces=last.returned if patient else (),
        subscriber_traces=subscriber.returned if is_dependent else (),
    )
    return EligibilityAnswer(
        inquiry=inquiry,
        source=source.party,
        source_rejections=source.rejections,
        receiver_rejections=receiver.rejections,
        subscriber_rejections=() if is_dependent else subscriber.rejections,
        dependent_rejections=dependent.rejections,
        subscriber=subscriber.person if patient else None,
        dependent=dependent.person if is_dependent else None,
        periods=last.periods,
        benefits=last.benefits,
        group_number=subscriber.party.reference(_GROUP_NUMBER),
        subscriber_corrected=subscriber.corrected,
        dependent_corrected=dependent.corrected,
        own_traces=last.traces,
        diagnoses=last.diagnoses,
        other=tuple(s for level in lineage for s in levels[id(level)].other),
    )


def _benefit(block: Sequence[list[str]], delimiters: Delimiters) -> Benefit:
    """One 2110 with its 2115, and its 2120 between LS and LE."""
    own, names = cut(block, "NM1")
    bag = Bag(own)
    eb = bag.first("EB")
    bag.all("LS")
    bag.all("LE")
    related = [Bag(name) for name in names]
    parties = tuple(map(taken_party, related))
    for one in related:
        one.all("LE")
    place = bag.first("III", _PLACE)
    return Benefit(
        information=element(eb, 1),
        coverage_level=element(eb, 2),
        service_types=repeats(element(eb, 3), delimiters),
        insurance_type=element(eb, 4),
        plan_description=element(eb, 5),
        time_period=element(eb, 6),
        amount=number(element(eb, 7)),
        percent=number(element(eb, 8)),
        quantity_qualifier=element(eb, 9),
        quantity=number(element(eb, 10)),
        authorization=element(eb, 11),
        in_network=element(eb, 12),
        procedure=procedure(element(eb, 13), delimiters),
        diagnosis_pointers=tuple(filter(None, components(element(eb, 14), delimiters))),
        quantities=taken_quantities(bag),
        references=tuple(reference(s) for s in bag.all("REF")),
        periods=taken_periods(bag),
        rejections=taken_rejections(bag),
        messages=tuple(filter(None, (element(s, 1) for s in bag.all("MSG")))),
        place_of_service=element(place, 2),
        additional=tuple(Reference(element(s, 1), element(s, 2)) for s in bag.all("III")),
        related=parties,
        other=(*bag.left(), *(s for one in related for s in one.left())),
    )
