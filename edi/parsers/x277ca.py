"""277CA (005010X214): the payer's front-end verdict on each claim of an 837.

Levels: 20 payer, 21 receiver (who sent the 837), 19 billing provider, PT patient. An STC at 21 or 19 is
about the whole batch, or about all claims of a provider; each TRN of a patient is one claim."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve

from x12_payer.edi.messages.claim import (
    Claim,
    ClaimAcknowledgment,
    ClaimAcknowledgmentSet,
    ClaimSet,
    LevelAcknowledgment,
    LineAcknowledgment,
    ProviderAcknowledgment,
    ServiceLine,
)
from x12_payer.edi.messages.claim_status import Status, StatusInformation
from x12_payer.edi.messages.common import Party, Person, Reference, SetHeader
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import Level, Lineage, LoopSegment, element, hierarchy, procedure, reference
from x12_payer.edi.parsers.levels import cut, segments_of, taken_party, taken_period, taken_person
from x12_payer.edi.parsers.x277 import status_information
from x12_payer.edi.parsers.x837_shared import ZERO, money, number
from x12_payer.edi.wire.segments import Delimiters

_PAYER, _RECEIVER, _PROVIDER = "20", "21", "19"  # HL03
_ACCEPTED = "WQ"  # STC03
_REVENUE = "NU"  # SVC01-01
_SERVICE_DATE = "472"  # DTP01
_OURS, _BILL_TYPE = "1K", "BLT"  # REF01; only an institutional claim has the second
_NOBODY = Party("")


def parse_277ca(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str
) -> ClaimAcknowledgmentSet:
    """One 277CA set from ST to SE; `version` is its GS08. Odd content never raises."""
    tree = hierarchy(segments)
    header = tree.set_header(version)
    top = Bag(_first(tree.lineages, _PAYER))
    batch = Bag(_first(tree.lineages, _RECEIVER))
    payer = taken_party(top)
    submitter = taken_party(batch)
    acknowledgment = _stated(batch, delimiters)
    trace = element(top.first("TRN"), 2)
    claims = tuple(_claims(tree.lineages, submitter, payer, delimiters))
    return ClaimAcknowledgmentSet(
        claim_set=ClaimSet(SetHeader("837", "", "", reference=acknowledgment.trace), "", submitter, _NOBODY),
        payer=payer,
        reference=header.reference,
        received=_day(top, "050"),
        processed=_day(top, "009"),
        claims=claims,
        batch=acknowledgment,
        providers=tuple(_provider(x[-1], delimiters) for x in tree.lineages if x[-1].code == _PROVIDER),
        payer_trace="" if trace == header.reference else trace,
        header=header,
        other=top.left(),
    )


def _first(lineages: Iterable[Lineage], code: str) -> list[list[str]]:
    return next((segments_of(x[-1]) for x in lineages if x[-1].code == code), [])


def _day(bag: Bag, qualifier: str) -> date | None:
    found = taken_period(bag, qualifier)
    return found.begin if found else None


def _stated(bag: Bag, delimiters: Delimiters) -> LevelAcknowledgment:
    """TRN, STC, QTY and AMT of a level above the claims."""
    return LevelAcknowledgment(
        trace=element(bag.first("TRN"), 2),
        information=tuple(status_information(s, delimiters) for s in bag.all("STC")),
        quantities=bag.amounts("QTY"),
        amounts=bag.amounts("AMT"),
        other=bag.left(),
    )


def _provider(level: Level, delimiters: Delimiters) -> ProviderAcknowledgment:
    bag = Bag(segments_of(level))
    return ProviderAcknowledgment(level.id, taken_party(bag), _stated(bag, delimiters))


def _claims(
    lineages: Iterable[Lineage], submitter: Party, payer: Party, delimiters: Delimiters
) -> Iterator[ClaimAcknowledgment]:
    """The claims of every patient, in order."""
    ordinal = 0
    above, provider = "", _NOBODY
    for lineage in lineages:
        level = lineage[-1]
        if level.code == _PROVIDER:
            above, provider = level.id, taken_party(Bag(segments_of(level)))
        if level.code in (_PAYER, _RECEIVER, _PROVIDER):
            continue
        head, blocks = cut(segments_of(level), "TRN")
        bag = Bag(head)
        patient, _ = taken_person(bag)
        for block in blocks:
            ordinal += 1
            yield _claim(block, ordinal, (submitter, provider, payer), patient, above, delimiters)


def _claim(
    block: list[list[str]],
    ordinal: int,
    parties: tuple[Party, Party, Party],
    patient: Person,
    level: str,
    delimiters: Delimiters,
) -> ClaimAcknowledgment:
    """One 2200D with its 2220D. `parties`: submitter, billing provider, payer."""
    own, lines = cut(block, "SVC")
    bag = Bag(own)
    number_ = element(bag.first("TRN"), 2)
    information = tuple(status_information(s, delimiters) for s in bag.all("STC"))
    control = element(bag.first("REF", _OURS), 2)
    bill = element(bag.first("REF", _BILL_TYPE), 2)
    period = taken_period(bag, _SERVICE_DATE)
    submitter, provider, payer = parties
    claim = Claim(
        kind="I" if bill else "P",
        set_control_number="",
        ordinal=ordinal,
        position=0,
        submitter=submitter,
        billing_provider=provider,
        subscriber=patient,
        patient=patient,
        payer=payer,
        responsibility="",
        control_number=number_,
        charge=next((i.charge for i in information if i.charge is not None), ZERO),
        facility_code=bill[:2],
        facility_qualifier="A" if bill else "",
        frequency=bill[2:],
        lines=(),
        references=tuple(reference(s) for s in bag.all("REF")),
        statement=period if bill else None,
        service_period=None if bill else period,
        billing_level=level,
    )
    return ClaimAcknowledgment(
        claim=claim,
        accepted=bool(information) and all(i.action == _ACCEPTED for i in information),
        statuses=tuple(map(_status, information)),
        payer_control_number=control,
        lines=tuple(_line(line, delimiters) for line in lines),
        information=information,
        other=bag.left(),
    )


def _status(information: StatusInformation) -> Status:
    """The first status of an STC, with the code of a second one of its category."""
    first, second, *_ = (*information.statuses, Status("", ""), Status("", ""))
    return evolve(first, other=second.code if second.category == first.category else "")


def _line(block: list[list[str]], delimiters: Delimiters) -> LineAcknowledgment:
    """One 2220D. SVC01 with qualifier NU is a revenue code, else SVC04 may hold one."""
    bag = Bag(block)
    svc = bag.first("SVC")
    service = procedure(element(svc, 1), delimiters)
    by_revenue = service is not None and service.qualifier == _REVENUE
    information = tuple(status_information(s, delimiters) for s in bag.all("STC"))
    named = element(bag.first("REF", "FJ"), 2)
    line = ServiceLine(
        number=named,
        charge=money(element(svc, 2)),
        procedure=None if by_revenue else service,
        revenue_code=service.code if service and by_revenue else element(svc, 4),
        quantity=number(element(svc, 7)) or ZERO,
        period=taken_period(bag, _SERVICE_DATE),
        references=(Reference("6R", named),) if named else (),
    )
    return LineAcknowledgment(line, tuple(map(_status, information)), information, bag.left())
