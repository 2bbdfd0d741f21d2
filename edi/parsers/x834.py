"""834 (005010X220): one set read as a stream of members, as an 837 is of claims.

The set is split at INS, and a member at NM1, HD, COB and LX, by segment id alone: there is no guide of an
834 here, and sponsors differ in what they send. Only the current member is held."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, field

from x12_payer.edi.messages.common import Address, Party, Person, Segment
from x12_payer.edi.messages.enrollment import (
    Coverage,
    EnrollmentHeader,
    Language,
    MemberEnrollment,
    OtherInsurance,
    ReportingCategory,
)
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import (
    PARTY_SEGMENTS,
    LoopSegment,
    components,
    day,
    element,
    moment,
    organization,
    reference,
    repeats,
)
from x12_payer.edi.parsers.levels import cut, taken_party, taken_periods
from x12_payer.edi.parsers.x837_shared import number
from x12_payer.edi.wire.segments import Delimiters

_SPONSOR, _PAYER, _BROKERS = "P5", "IN", ("BO", "TV")  # N101
_MEMBER, _FORMER, _MAILING = ("IL", "74"), "70", "31"  # NM101
_NOBODY = Party("")


def parse_834(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str
) -> tuple[EnrollmentHeader, Iterator[MemberEnrollment]]:
    """One 834 set, ST to SE: what is at its head, and its members one at a time in the order received.

    The iterator draws on `segments` as it goes. Odd content never raises: what cannot be read is empty or
    None."""
    blocks = _blocks(segments)
    header = _header(next(blocks), version)
    return header, (_member(block, header, n, delimiters) for n, block in enumerate(blocks, 1))


def _blocks(segments: Iterable[LoopSegment]) -> Iterator[list[list[str]]]:
    """The head of the set, then one block for each INS."""
    block: list[list[str]] = []
    for _, segment, _ in segments:
        if segment[0] == "INS":
            yield block
            block = [segment]
        elif segment[0] != "SE":
            block.append(segment)
    yield block


def _header(block: Sequence[list[str]], version: str) -> EnrollmentHeader:
    head, parties = cut(block, "N1")
    bag = Bag(head)
    st, bgn = bag.first("ST"), bag.first("BGN")
    found: dict[str, list[Party]] = {}
    others: list[Segment] = []
    for party in parties:
        entity, own = element(party[0], 1), Bag(party)
        if entity in _BROKERS or (entity in (_SPONSOR, _PAYER) and entity not in found):
            beside = [s for tag in sorted(PARTY_SEGMENTS) for s in own.all(tag)]
            found.setdefault(entity, []).append(organization(own.first("N1"), beside))
        others += own.left()
    return EnrollmentHeader(
        control_number=element(st, 2),
        version=version,
        purpose=element(bgn, 1),
        reference=element(bgn, 2),
        created=moment(element(bgn, 3), element(bgn, 4)),
        action=element(bgn, 8),
        sponsor=found.get(_SPONSOR, [_NOBODY])[0],
        payer=found.get(_PAYER, [_NOBODY])[0],
        brokers=tuple(p for entity in _BROKERS for p in found.get(entity, ())),
        policy=element(bag.first("REF", "38"), 2),
        periods=taken_periods(bag),
        totals=bag.amounts("QTY"),
        other=(*bag.left(), *others),
    )


@define
class _Names:
    """Who is named in a member, apart from the providers and payers of a coverage."""

    member: Bag = field(factory=lambda: Bag([]))
    former: Person | None = None
    mailing: Address | None = None
    parties: list[Party] = field(factory=list)
    left: list[Bag] = field(factory=list)


def _member(
    block: Sequence[list[str]], header: EnrollmentHeader, ordinal: int, delimiters: Delimiters
) -> MemberEnrollment:
    person, rest = cut(block, "HD", "LS", "DSB")
    own, named = cut(person, "NM1")
    bag = Bag(own)
    ins = bag.first("INS")
    names = _names(named)
    dmg = names.member.first("DMG")
    categories = [b for b in rest if b[0][0] == "LS"]
    disabilities = [b for b in rest if b[0][0] == "DSB"]
    party = taken_party(names.member)
    return MemberEnrollment(
        header=header,
        ordinal=ordinal,
        subscriber=element(ins, 1) == "Y",
        relationship=element(ins, 2),
        maintenance=element(ins, 3),
        member=Person(party, day(element(dmg, 2)), element(dmg, 3), element(ins, 2), day(element(ins, 12))),
        reason=element(ins, 4),
        benefit_status=element(ins, 5),
        medicare=tuple(components(element(ins, 6), delimiters)) if element(ins, 6) else (),
        cobra_event=element(ins, 7),
        employment=element(ins, 8),
        student=element(ins, 9),
        disabled=element(ins, 10) == "Y",
        confidentiality=element(ins, 13),
        birth_sequence=number(element(ins, 17)),
        marital_status=element(dmg, 4),
        references=tuple(map(reference, bag.all("REF"))),
        periods=taken_periods(bag),
        amounts=names.member.amounts("AMT"),
        languages=tuple(Language(*(element(s, n) for n in range(1, 5))) for s in names.member.all("LUI")),
        former=names.former,
        mailing=names.mailing,
        parties=tuple(names.parties),
        coverages=tuple(_coverage(b, delimiters) for b in rest if b[0][0] == "HD"),
        categories=tuple(c for b in categories for c in _categories(b)),
        other=(
            *bag.left(),
            *names.member.left(),
            *([tuple(dmg)] if any(dmg[5:]) else ()),
            *(s for one in names.left for s in one.left()),
            *(tuple(s) for b in disabilities for s in b),
        ),
    )


def _names(blocks: Sequence[list[list[str]]]) -> _Names:
    """2100: the member first, whoever comes first when nobody is called so."""
    found = _Names()
    bags = [(element(block[0], 1), Bag(block)) for block in blocks]
    first = next((n for n, (entity, _) in enumerate(bags) if entity in _MEMBER), 0)
    for at, (entity, bag) in enumerate(bags):
        if at == first:
            found.member = bag
            continue
        found.left.append(bag)
        if entity == _FORMER and found.former is None:
            dmg = bag.first("DMG")
            found.former = Person(taken_party(bag), day(element(dmg, 2)), element(dmg, 3))
        elif entity == _MAILING and found.mailing is None:
            found.mailing = taken_party(bag).address
        else:
            found.parties.append(taken_party(bag))
    return found


def _coverage(block: Sequence[list[str]], delimiters: Delimiters) -> Coverage:
    """HD with its providers (LX, NM1) and other insurance (COB, NM1)."""
    own, rest = cut(block, "COB", "LX")
    bag = Bag(own)
    hd = bag.first("HD")
    providers = [one for b in rest if b[0][0] == "LX" for one in cut(b, "NM1")[1]]
    bags = [Bag(one) for one in providers]
    parties = tuple(map(taken_party, bags))
    return Coverage(
        maintenance=element(hd, 1),
        insurance_line=element(hd, 3),
        plan=element(hd, 4),
        level=element(hd, 5),
        late=element(hd, 9) == "Y",
        periods=taken_periods(bag),
        amounts=bag.amounts("AMT"),
        references=tuple(map(reference, bag.all("REF"))),
        providers=parties,
        other_insurance=tuple(_other_insurance(b, delimiters) for b in rest if b[0][0] == "COB"),
        other=(*bag.left(), *(s for one in bags for s in one.left())),
    )


def _other_insurance(block: Sequence[list[str]], delimiters: Delimiters) -> OtherInsurance:
    own, names = cut(block, "NM1")
    bag = Bag(own)
    cob = bag.first("COB")
    bags = [Bag(name) for name in names]
    payers = tuple(map(taken_party, bags))
    return OtherInsurance(
        responsibility=element(cob, 1),
        policy=element(cob, 2),
        coordination=element(cob, 3),
        service_types=repeats(element(cob, 4), delimiters),
        references=tuple(map(reference, bag.all("REF"))),
        periods=taken_periods(bag),
        payers=payers,
        other=(*bag.left(), *(s for one in bags for s in one.left())),
    )


def _categories(block: Sequence[list[str]]) -> Iterator[ReportingCategory]:
    """LS*2700 to LE: one N1*75 in each LX, with a REF and a DTP."""
    for one in cut(block, "N1")[1]:
        bag = Bag(one)
        party = organization(bag.first("N1"))
        found, periods = bag.first("REF"), taken_periods(bag)
        bag.all("LX")
        bag.all("LE")
        yield ReportingCategory(
            party, reference(found) if found else None, next(iter(periods), None), bag.left()
        )
