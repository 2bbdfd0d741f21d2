"""277CA: claims at the door, for Hypothesis."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st

from tests.worlds.made.common import (
    NOBODY,
    Numbers,
    amounts,
    bare,
    cents,
    counts,
    days,
    headers,
    maybe_cents,
    maybe_word,
    of,
    organizations,
    people,
    periods,
    procedures,
    references,
    some,
    word,
)
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
from x12_payer.edi.messages.claim_status import (
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import (
    Party,
    Person,
    Reference,
    SetHeader,
)


@st.composite
def door_statuses(draw: st.DrawFn, action: str, dated: bool = True) -> StatusInformation:
    return StatusInformation(
        draw(some(st.builds(Status, of("A2", "A3", "A7"), of("20", "33", "562"), of("", "85")), 2, 1)),
        draw(days) if dated else None,
        charge=draw(maybe_cents),
        action=action,
        message=draw(maybe_word),
    )


def _firsts(information: Sequence[StatusInformation]) -> tuple[Status, ...]:
    """The first status of each STC, with the code of a second one of its category."""
    found = []
    for one in information:
        first, second = (*one.statuses, Status("", ""))[:2]
        found.append(evolve(first, other=second.code if second.category == first.category else ""))
    return tuple(found)


@st.composite
def level_acknowledgments(draw: st.DrawFn, trace: str) -> LevelAcknowledgment:
    return LevelAcknowledgment(
        trace,
        draw(some(door_statuses(draw(of("WQ", "U"))), 2, 1)),
        draw(amounts("90", "AA")),
        draw(amounts("YU", "YY")),
    )


@st.composite
def acknowledged_lines(draw: st.DrawFn) -> LineAcknowledgment:
    procedure = draw(st.none() | procedures)
    number = draw(word)
    line = ServiceLine(
        number=number,
        charge=draw(cents),
        procedure=procedure,
        revenue_code=draw(of("", "0450")) if procedure else "0450",
        quantity=draw(counts),
        period=draw(st.none() | periods(st.just("472"))),
        references=(Reference("6R", number),),
    )
    information = draw(some(door_statuses("U", dated=False), 2, 1))
    return LineAcknowledgment(line, _firsts(information), information)


@st.composite
def claim_acknowledgments(
    draw: st.DrawFn, ordinal: int, submitter: Party, provider: Party, payer: Party, level: str
) -> ClaimAcknowledgment:
    accepted = draw(st.booleans())
    information = draw(some(door_statuses("WQ" if accepted else "U"), 2, 1))
    patient = Person(draw(people("QC").map(bare)))
    institutional = draw(st.booleans())
    period = draw(periods(st.just("472")))
    claim = Claim(
        kind="I" if institutional else "P",
        set_control_number="",
        ordinal=ordinal,
        position=0,
        submitter=submitter,
        billing_provider=provider,
        subscriber=patient,
        patient=patient,
        payer=payer,
        responsibility="",
        control_number=draw(word),
        charge=next((i.charge for i in information if i.charge is not None), Decimal(0)),
        facility_code="11" if institutional else "",
        facility_qualifier="A" if institutional else "",
        frequency="1" if institutional else "",
        lines=(),
        references=draw(references("D9")),
        statement=period if institutional else None,
        service_period=None if institutional else period,
        billing_level=level,
    )
    return ClaimAcknowledgment(
        claim,
        accepted,
        _firsts(information),
        draw(word) if accepted else "",
        draw(some(acknowledged_lines(), 2)),
        information,
    )


@st.composite
def acknowledgment_sets(draw: st.DrawFn) -> ClaimAcknowledgmentSet:
    payer, submitter = draw(organizations("PR")), draw(organizations("41", "46"))
    at = Numbers()
    top = at.next(at.next())
    header = draw(headers("277", "005010X214", "0085", "08", "TH"))
    claims: list[ClaimAcknowledgment] = []
    providers = []
    for _ in range(draw(st.integers(0, 2))):
        provider = draw(organizations("85", draw(of("XX", "FI"))))
        level = at.next(top)[-1]
        providers.append(ProviderAcknowledgment(level, provider, draw(level_acknowledgments("0"))))
        for _ in range(draw(st.integers(0, 2))):
            at.next()
            one = claim_acknowledgments(len(claims) + 1, submitter, provider, payer, level)
            claims.append(draw(one))
    batch = draw(level_acknowledgments(draw(word)))
    return ClaimAcknowledgmentSet(
        claim_set=ClaimSet(SetHeader("837", "", "", reference=batch.trace), "", submitter, NOBODY),
        payer=payer,
        reference=header.reference,
        received=draw(days),
        processed=draw(days),
        claims=tuple(claims),
        batch=batch,
        providers=tuple(providers),
        payer_trace=draw(of("", "TRACE9")),
        header=header,
    )
