"""277 (005010X212): what a payer answers about the claims of a 276.

Levels as in the 276: 20 payer, 21 receiver, 19 provider, 22 subscriber, 23 dependent. A TRN with its STC
at 21 or 19 says why nothing is below; at 22 or 23 it is one claim. Consecutive claims with the same trace
answer one inquiry; a patient without a TRN is an answer without a claim."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from attrs import evolve

from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    ClaimStatusResponse,
    LineStatus,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import Party, Person, Trace
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import (
    Level,
    Lineage,
    LoopSegment,
    ancestor,
    components,
    day,
    element,
    hierarchy,
    level_ids,
    procedure,
    reference,
)
from x12_payer.edi.parsers.levels import OWN, cut, segments_of, taken_party, taken_period, taken_person
from x12_payer.edi.parsers.x837_shared import money
from x12_payer.edi.parsers.x837_shared import number as amount
from x12_payer.edi.wire.segments import Delimiters

_PAYER, _RECEIVER, _PROVIDER, _SUBSCRIBER, _DEPENDENT = "20", "21", "19", "22", "23"  # HL03
_REVENUE = "NU"  # SVC01-01
_LINE_NUMBER = "FJ"  # REF01
_SERVICE_DATE = "472"  # DTP01


def parse_277(segments: Iterable[LoopSegment], delimiters: Delimiters, version: str) -> ClaimStatusResponse:
    """One 277 set from ST to SE; `version` is its GS08. Odd content never raises."""
    tree = hierarchy(segments)
    payers = (x[-1] for x in tree.lineages if x[-1].code == _PAYER)
    return ClaimStatusResponse(
        header=tree.set_header(version),
        payer=_named(next(payers, None)),
        answers=tuple(
            answer
            for lineage in tree.lineages
            for answer in _answers(lineage, bool(tree.children(lineage[-1])), delimiters)
        ),
    )


def _named(level: Level | None) -> Party:
    return taken_party(Bag(cut(segments_of(level), "TRN")[0]))


def _person(level: Level | None) -> Person:
    return taken_person(Bag(cut(segments_of(level), "TRN")[0]))[0]


def _answers(lineage: Lineage, has_children: bool, delimiters: Delimiters) -> Iterator[ClaimStatusAnswer]:
    level = lineage[-1]
    head, blocks = cut(segments_of(level), "TRN")
    if not blocks and has_children:
        return
    bare = ClaimStatusAnswer(_inquiry(lineage), other=_left(head))
    if not blocks:
        yield bare
    for stated, same in groupby(blocks, key=lambda block: block[0][1:3]):
        number = element(stated, 1)
        if level.code in (_SUBSCRIBER, _DEPENDENT):
            asked = evolve(bare.inquiry, trace=Trace(OWN, number))
            yield evolve(bare, inquiry=asked, claims=tuple(_claim(block, delimiters) for block in same))
        else:
            answer = evolve(bare, level_trace=number)
            yield from (one for block in same for one in _above(answer, level, block, delimiters))


def _inquiry(lineage: Lineage) -> ClaimInquiry:
    dependent = ancestor(lineage, _DEPENDENT)
    return ClaimInquiry(
        levels=level_ids(lineage),
        payer=_named(ancestor(lineage, _PAYER)),
        receiver=_named(ancestor(lineage, _RECEIVER)),
        provider=_named(ancestor(lineage, _PROVIDER)),
        subscriber=_person(ancestor(lineage, _SUBSCRIBER)),
        dependent=_person(dependent) if dependent else None,
    )


def _left(head: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    bag = Bag(head)
    taken_person(bag)
    return bag.left()


def _above(
    answer: ClaimStatusAnswer, level: Level, block: list[list[str]], delimiters: Delimiters
) -> Iterator[ClaimStatusAnswer]:
    """A status of the receiver or the provider: an answer for each STC."""
    bag = Bag(block)
    bag.first("TRN")
    statuses = [status_information(s, delimiters) for s in bag.all("STC")]
    other = (*answer.other, *bag.left())
    for status in statuses:
        if level.code == _PROVIDER:
            yield evolve(answer, provider_status=status, other=other)
        else:
            yield evolve(answer, receiver_status=status, other=other)
    if not statuses:
        yield evolve(answer, other=other)


def _claim(block: list[list[str]], delimiters: Delimiters) -> ClaimStatusClaim:
    """One 2200 with its 2220."""
    own, lines = cut(block, "SVC")
    bag = Bag(own)
    bag.first("TRN")
    return ClaimStatusClaim(
        information=tuple(status_information(s, delimiters) for s in bag.all("STC")),
        references=tuple(reference(s) for s in bag.all("REF")),
        period=taken_period(bag, _SERVICE_DATE),
        lines=tuple(_line(line, delimiters) for line in lines),
        other=bag.left(),
    )


def _line(block: list[list[str]], delimiters: Delimiters) -> LineStatus:
    """One 2220. SVC01 with qualifier NU is a revenue code, else SVC04 may hold one."""
    bag = Bag(block)
    svc = bag.first("SVC")
    service = procedure(element(svc, 1), delimiters)
    by_revenue = service is not None and service.qualifier == _REVENUE
    return LineStatus(
        information=tuple(status_information(s, delimiters) for s in bag.all("STC")),
        charge=money(element(svc, 2)),
        paid=money(element(svc, 3)),
        procedure=None if by_revenue else service,
        revenue_code=service.code if service and by_revenue else element(svc, 4),
        units=amount(element(svc, 7)),
        line_control_number=element(bag.first("REF", _LINE_NUMBER), 2),
        period=taken_period(bag, _SERVICE_DATE),
        other=bag.left(),
    )


def status_information(stc: list[str], delimiters: Delimiters) -> StatusInformation:
    """One STC with the statuses of STC01, STC10 and STC11."""
    return StatusInformation(
        statuses=tuple(_status(element(stc, n), delimiters) for n in (1, 10, 11) if element(stc, n)),
        effective=day(element(stc, 2)),
        charge=amount(element(stc, 4)),
        paid=amount(element(stc, 5)),
        adjudicated=day(element(stc, 6)),
        remitted=day(element(stc, 8)),
        trace=element(stc, 9),
        message=element(stc, 12),
        action=element(stc, 3),
    )


def _status(value: str, delimiters: Delimiters) -> Status:
    """A C043 composite."""
    category, code, entity, code_list, *_ = [*components(value, delimiters), "", "", ""]
    return Status(category, code, entity, code_list=code_list)
