"""837P, 837I, 837D: one set read as a stream of claims (X222A1, X223A2, X224A2).

The set is split into blocks that begin with an HL or a CLM. An HL block changes the levels above the
claims that follow; a CLM block is one claim. Only the current block is held: memory does not grow with
the set."""

from collections.abc import Iterable, Iterator, Sequence

from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim import Claim, ClaimSet
from x12_payer.edi.messages.common import Party, Person
from x12_payer.edi.parsers.common import LoopSegment, day, element, set_header
from x12_payer.edi.parsers.x837_claim import Levels, read_claim
from x12_payer.edi.parsers.x837_shared import Segments, Shared, shared_party
from x12_payer.edi.wire.segments import Delimiters

# What a claim was read from: the head of the set, the levels above the claim, its own segments.
Block = Sequence[LoopSegment]
Blocks = tuple[Block, ...]

_KINDS = {"X222": "P", "X223": "I", "X224": "D"}
_NOBODY = Party(entity="")


@frozen
class _Subscriber:
    """One 2000B: the subscriber, the payer and what SBR says."""

    level: str
    person: Person
    payer: Party
    responsibility: str
    group_number: str
    plan_name: str
    insurance_type: str
    filing_indicator: str


@frozen
class _Billing:
    """One 2000A: the billing provider and the pay-to address."""

    level: str
    provider: Party
    pay_to: Party | None


_NO_BILLING = _Billing("", _NOBODY, None)
_NO_SUBSCRIBER = _Subscriber("", Person(_NOBODY), _NOBODY, "", "", "", "", "")


def claim_kind(version: str) -> str:
    """P, I or D from GS08 or ST03; a version that names none of the three guides is read as P."""
    return next((kind for guide, kind in _KINDS.items() if guide in version), "P")


def parse_837(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str
) -> tuple[ClaimSet, Iterator[Claim]]:
    """One 837 set, ST to SE: what is at its head, and its claims one at a time in the order received.

    The iterator draws on `segments` as it goes; parties that are above several claims are the same objects
    in each of them. Odd content never raises: what cannot be read is empty, None or zero."""
    claim_set, claims = read_837(segments, delimiters, version)
    return claim_set, (claim for claim, _ in claims)


def read_837(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str
) -> tuple[ClaimSet, Iterator[tuple[Claim, Blocks]]]:
    """The same with what each claim was read from: a set of these segments alone gives the claim again."""
    blocks = _blocks(segments)
    first = next(blocks, [])
    head = _by_loop(first)
    claim_set = ClaimSet(
        header=set_header(_first(head, "ST"), _first(head, "BHT"), version),
        kind=claim_kind(version),
        submitter=_party(head.get("1000A", ())),
        receiver=_party(head.get("1000B", ())),
    )
    return claim_set, _claims(first, blocks, claim_set, Shared(delimiters))


def _claims(
    head: list[LoopSegment], blocks: Iterator[list[LoopSegment]], claim_set: ClaimSet, shared: Shared
) -> Iterator[tuple[Claim, Blocks]]:
    billing, subscriber, patient = _NO_BILLING, _NO_SUBSCRIBER, None
    above = {"": head}  # by loop: a level ends those below it
    levels: Levels | None = None
    ordinal = 0
    for block in blocks:
        loop, first, _ = block[0]
        if first[0] == "CLM":
            ordinal += 1
            if levels is None:
                levels = _levels(claim_set, billing, subscriber, patient)
            yield read_claim(block, levels, ordinal, shared), (*above.values(), block)
            continue
        levels = None
        above = {name: one for name, one in above.items() if name < loop} | {loop: block}
        if loop == "2000A":
            billing, subscriber, patient = _billing(block, shared), _NO_SUBSCRIBER, None
        elif loop == "2000B":
            subscriber, patient = _subscriber(block, shared), None
        elif loop == "2000C":
            patient = _patient(block)


def _blocks(segments: Iterable[LoopSegment]) -> Iterator[list[LoopSegment]]:
    """The head of the set (ST to the first HL), then one block for each HL and each CLM."""
    block: list[LoopSegment] = []
    for item in segments:
        tag = item[1][0]
        if tag == "CLM" or tag == "HL":
            yield block
            block = [item]
        elif tag != "SE":
            block.append(item)
    yield block


def _by_loop(block: Sequence[LoopSegment]) -> dict[str, list[list[str]]]:
    """The segments of each loop, in order; ST, BHT and whatever else has no loop of its own by tag."""
    found: dict[str, list[list[str]]] = {}
    for loop, segment, _ in block:
        key = segment[0] if segment[0] in ("ST", "BHT") else loop
        found.setdefault(key, []).append(segment)
    return found


def _first(loops: dict[str, list[list[str]]], key: str) -> list[str]:
    return loops.get(key, [[]])[0]


def _party(segments: Segments, shared: Shared | None = None) -> Party:
    return shared_party(segments, shared) if segments else _NOBODY


def _billing(block: Sequence[LoopSegment], shared: Shared) -> _Billing:
    """2000A: PRV*BI is beside the HL and belongs to the provider of 2010AA."""
    loops = _by_loop(block)
    specialty = [s for s in loops.get("2000A", ()) if s[0] == "PRV"]
    pay_to = loops.get("2010AB")
    return _Billing(
        level=element(block[0][1], 1),
        provider=_party([*loops.get("2010AA", ()), *specialty]),
        pay_to=_party(pay_to, shared) if pay_to else None,
    )


def _subscriber(block: Sequence[LoopSegment], shared: Shared) -> _Subscriber:
    loops = _by_loop(block)
    own = loops.get("2000B", ())
    sbr: list[str] = next((s for s in own if s[0] == "SBR"), [])
    return _Subscriber(
        level=element(block[0][1], 1),
        person=_person(loops.get("2010BA", ()), element(sbr, 2), own),
        payer=_party(loops.get("2010BB", ()), shared),
        responsibility=element(sbr, 1),
        group_number=element(sbr, 3),
        plan_name=element(sbr, 4),
        insurance_type=element(sbr, 5),
        filing_indicator=element(sbr, 9),
    )


def _patient(block: Sequence[LoopSegment]) -> Person:
    loops = _by_loop(block)
    own = loops.get("2000C", ())
    relationship = next((element(s, 1) for s in own if s[0] == "PAT"), "")
    return _person(loops.get("2010CA", ()), relationship, own)


def _person(segments: Segments, relationship: str, level: Segments) -> Person:
    """NM1 and DMG of 2010BA or 2010CA; PAT06 of the level is the date of death when PAT05 is D8."""
    dmg: list[str] = next((s for s in segments if s[0] == "DMG"), [])
    pat: list[str] = next((s for s in level if s[0] == "PAT"), [])
    return Person(
        party=_party(segments),
        birth_date=day(element(dmg, 2)),
        gender=element(dmg, 3),
        relationship=relationship,
        death_date=day(element(pat, 6)) if element(pat, 5) == "D8" else None,
    )


def _levels(
    claim_set: ClaimSet, billing: _Billing, subscriber: _Subscriber, patient: Person | None
) -> Levels:
    return Levels(
        kind=claim_set.kind,
        set_control_number=claim_set.header.control_number,
        purpose=claim_set.header.type or "CH",
        submitter=claim_set.submitter,
        receiver=claim_set.receiver,
        billing_provider=billing.provider,
        pay_to=billing.pay_to,
        subscriber=subscriber.person,
        patient=patient or subscriber.person,
        payer=subscriber.payer,
        responsibility=subscriber.responsibility,
        group_number=subscriber.group_number,
        plan_name=subscriber.plan_name,
        insurance_type=subscriber.insurance_type,
        filing_indicator=subscriber.filing_indicator,
        billing_level=billing.level,
        subscriber_level=subscriber.level,
    )
