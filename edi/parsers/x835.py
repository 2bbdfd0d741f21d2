"""835 (005010X221A1): one payment to one payee, as a provider's office reads it.

The set is cut at LX, CLP and PLB by segment id alone, so an 835 whose loops are out of order is read as well
as one in order. What no field of the message has is kept in its `other`."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, field

from x12_payer.edi.messages.common import Party, Segment
from x12_payer.edi.messages.remittance import ClaimGroup, ProviderAdjustment, Remittance, RemittanceClaim
from x12_payer.edi.parsers.common import (
    PARTY_SEGMENTS,
    LoopSegment,
    day,
    element,
    organization,
)
from x12_payer.edi.parsers.x835_claim import read_claim
from x12_payer.edi.parsers.x837_shared import Shared, money, named_elements
from x12_payer.edi.wire.segments import Delimiters

_TAX_NUMBER = "1"  # TRN03 and BPR10: a tax number follows
_HEADER = ("ST", "BPR", "TRN", "CUR", "REF*EV", "REF*F2", "DTM*405")  # what is read before the first N1
_PARTIES = ("N1*PR", "N1*PE")
_DELIVERY = "RDM"


@define
class _Cut:
    """The set in pieces: the segments of its head by name, its two parties, its groups, claims and PLB."""

    head: dict[str, list[str]] = field(factory=dict)
    parties: dict[str, Party] = field(factory=dict)
    groups: list[ClaimGroup] = field(factory=list)
    claims: list[RemittanceClaim] = field(factory=list)
    adjustments: list[list[str]] = field(factory=list)
    other: list[Segment] = field(factory=list)

    def at(self, name: str, number: int) -> str:
        """An element of a segment of the head, '' when there is none."""
        return element(self.head.get(name, ()), number)


def parse_835(segments: Iterable[LoopSegment], delimiters: Delimiters, version: str = "") -> Remittance:
    """One 835 set from ST to SE. Odd content never raises: what cannot be read is empty, None or zero."""
    cut = _cut(segments, Shared(delimiters))
    payee = cut.parties.get("N1*PE", Party(""))
    originator = cut.at("TRN", 3) or cut.at("BPR", 10)
    is_tax_number = originator.startswith(_TAX_NUMBER) and cut.at("BPR", 10) in ("", originator)
    return Remittance(
        payer=cut.parties.get("N1*PR", Party("")),
        payee=payee,
        trace=cut.at("TRN", 2),
        payer_tax_id=originator.removeprefix(_TAX_NUMBER) if is_tax_number else "",
        method=cut.at("BPR", 4),
        amount=money(cut.at("BPR", 2)),
        produced=day(cut.at("DTM*405", 2)),
        payment_date=day(cut.at("BPR", 16)),
        claims=tuple(cut.claims),
        provider_adjustments=tuple(_provider_adjustments(cut.adjustments, payee, delimiters)),
        payer_routing=cut.at("BPR", 7),
        payer_account=cut.at("BPR", 9),
        payee_routing=cut.at("BPR", 13),
        payee_account_type=cut.at("BPR", 14),
        payee_account=cut.at("BPR", 15),
        receiver=cut.at("REF*EV", 2),
        groups=tuple(_worth_naming(cut)),
        control_number=cut.at("ST", 2),
        handling=cut.at("BPR", 1),
        debit=cut.at("BPR", 3) == "D",
        payment_format=cut.at("BPR", 5),
        payer_routing_qualifier=cut.at("BPR", 6) or "01",
        payer_account_type=cut.at("BPR", 8) or "DA",
        payee_routing_qualifier=cut.at("BPR", 12) or "01",
        originator="" if is_tax_number else originator,
        originator_code=cut.at("BPR", 11) or cut.at("TRN", 4),
        currency=cut.at("CUR", 2),
        version=cut.at("REF*F2", 2),
        delivery=tuple(cut.head.get(_DELIVERY, ())[1:]),
        other=tuple(cut.other),
    )


def _cut(segments: Iterable[LoopSegment], shared: Shared) -> _Cut:
    cut = _Cut()
    number = "1"
    for block in _blocks(segments):
        match block[0][0]:
            case "CLP":
                cut.claims.append(read_claim(block, number, shared))
            case "LX":
                number = element(block[0], 1)
                cut.groups.append(_group(block, number))
                cut.other += [tuple(s) for s in block[1:] if s[0] not in ("TS3", "TS2")]
            case "PLB":
                cut.adjustments.append(block[0])
                cut.other += map(tuple, block[1:])
            case "N1":
                _take_party(cut, block)
            case _:
                _take_header(cut, block)
    return cut


def _blocks(segments: Iterable[LoopSegment]) -> Iterator[list[list[str]]]:
    """What comes before the first party, then each N1, LX, CLP and PLB with what follows it. An N1 behind
    the first claim or group opens nothing: it is kept with what is before it."""
    block: list[list[str]] = []
    in_detail = False
    for _, segment, _ in segments:
        tag = segment[0]
        in_detail = in_detail or tag in ("LX", "CLP")
        if tag in ("CLP", "LX", "PLB") or (tag == "N1" and not in_detail):
            if block:
                yield block
            block = [segment]
        elif tag != "SE":
            block.append(segment)
    if block:
        yield block


def _take_header(cut: _Cut, block: Sequence[list[str]]) -> None:
    for segment in block:
        name = segment[0] if segment[0] in _HEADER else "*".join(segment[:2])
        if name in _HEADER and name not in cut.head:
            cut.head[name] = segment
        else:
            cut.other.append(tuple(segment))


def _take_party(cut: _Cut, block: Sequence[list[str]]) -> None:
    """An N1 with what belongs to it: the payer, the payee, or somebody an 835 does not name."""
    name = "*".join(block[0][:2])
    if name not in _PARTIES or name in cut.parties:
        cut.other += map(tuple, block)
        return
    cut.parties[name] = organization(block[0], block[1:])
    for segment in block[1:]:
        if segment[0] == _DELIVERY and _DELIVERY not in cut.head:
            cut.head[_DELIVERY] = segment
        elif segment[0] not in PARTY_SEGMENTS:
            cut.other.append(tuple(segment))


def _group(block: Sequence[list[str]], number: str) -> ClaimGroup:
    """LX with TS3 and TS2."""
    ts3: Sequence[str] = next((s for s in block if s[0] == "TS3"), ())
    ts2: Sequence[str] = next((s for s in block if s[0] == "TS2"), ())
    return ClaimGroup(
        number,
        provider=element(ts3, 1),
        facility_code=element(ts3, 2),
        fiscal_period_end=day(element(ts3, 3)),
        sums=(*named_elements(ts3, start=4), *named_elements(ts2)),
    )


def _worth_naming(cut: _Cut) -> Iterator[ClaimGroup]:
    """Groups that say more than their number, and those without a claim."""
    used = {claim.group for claim in cut.claims}
    for group in cut.groups:
        if group != ClaimGroup(group.number) or group.number not in used:
            yield group


def _provider_adjustments(
    found: Iterable[list[str]], payee: Party, delimiters: Delimiters
) -> Iterator[ProviderAdjustment]:
    """Each pair of each PLB."""
    for plb in found:
        provider = element(plb, 1)
        for at in range(3, len(plb), 2):
            if plb[at]:
                code, _, named = plb[at].partition(delimiters.component)
                yield ProviderAdjustment(
                    code,
                    named,
                    money(element(plb, at + 1)),
                    day(element(plb, 2)),
                    "" if provider == payee.id else provider,
                )
