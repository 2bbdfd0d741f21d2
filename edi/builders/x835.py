"""835 (005010X221A1): one payment to one payee. Claims (2100) and lines (2110) are written in x835_claim."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from x12_payer.edi.builders.common import address, d8, number
from x12_payer.edi.builders.x835_claim import remittance_claim
from x12_payer.edi.messages.common import Contact, Party
from x12_payer.edi.messages.remittance import ProviderAdjustment, Remittance
from x12_payer.edi.wire.segments import OutSegment

_PAYER_REFERENCES = ("2U", "EO", "HI", "NF")  # REF01 of 1000A
# REF01 of 1000B; a provider's tax number comes as EI or SY in an 837
_PAYEE_REFERENCES = {"EI": "TJ", "SY": "TJ", "TJ": "TJ", "0B": "0B", "D3": "D3", "PQ": "PQ"}
_NAME_LENGTH = 60  # N102
_PAIRS = 6  # of reason and amount in one PLB
_CONTACT_NUMBERS = 3
_CONTACT_QUALIFIERS = ("EM", "TE", "UR")  # PER03 of PER*BL


def build_835(remittance: Remittance) -> list[OutSegment]:
    """The body of one 835, BPR to the last PLB. The amounts are written as they are given: whether they
    balance is for x12_payer.edi.snip.rules.balance.check_835 to say before the set leaves."""
    body: list[OutSegment] = [
        _payment(remittance),
        ("TRN", "1", remittance.trace, _company(remittance)),
    ]
    if remittance.receiver:
        body.append(("REF", "EV", remittance.receiver))
    body.append(("DTM", "405", d8(remittance.produced)))
    body += _payer(remittance.payer)
    body += _payee(remittance.payee)
    if remittance.claims:
        body.append(("LX", "1"))
    for claim in remittance.claims:
        body += remittance_claim(claim)
    body += _provider_adjustments(remittance.provider_adjustments, remittance.payee)
    return body


def _company(remittance: Remittance) -> str:
    """TRN03 and BPR10: 1 says that a tax number follows."""
    return "1" + remittance.payer_tax_id


def _payment(remittance: Remittance) -> OutSegment:
    """BPR: nothing paid is H and NON; a check names the originator, a transfer both accounts as well."""
    day = d8(remittance.payment_date)
    if remittance.method == "NON" or remittance.amount == 0:
        return ("BPR", "H", number(remittance.amount), "C", "NON", *[""] * 11, day)
    head = ("BPR", "I", number(remittance.amount), "C", remittance.method)
    if remittance.method != "ACH":
        return (*head, *[""] * 5, _company(remittance), *[""] * 5, day)
    payer = ("01", remittance.payer_routing, "DA", remittance.payer_account)
    payee = ("01", remittance.payee_routing, remittance.payee_account_type, remittance.payee_account)
    return (*head, "CCP", *payer, _company(remittance), "", *payee, day)


def _payer(payer: Party) -> Iterator[OutSegment]:
    """1000A. PER*BL is required by the errata; with no contact on file it names the payer."""
    yield ("N1", "PR", payer.last_name[:_NAME_LENGTH])
    yield from address(payer.address)
    if payer.id and not payer.reference("2U"):
        yield ("REF", "2U", payer.id)
    for reference in payer.references:
        if reference.qualifier in _PAYER_REFERENCES:
            yield ("REF", reference.qualifier, reference.value)
    yield from (_contact(c, "CX") for c in payer.contacts if c.function == "CX")
    technical = [c for c in payer.contacts if c.function != "CX"] or [Contact("BL", payer.last_name)]
    yield from (_contact(c, "BL", payer.last_name) for c in technical)


def _contact(contact: Contact, function: str, nameless: str = "") -> OutSegment:
    """PER with up to three numbers. PER*BL may not begin with a fax or an extension: those that may come
    first, and with neither name nor number it says `nameless`."""
    first = [pair for pair in contact.numbers if pair[0] in _CONTACT_QUALIFIERS]
    rest = [pair for pair in contact.numbers if pair[0] not in _CONTACT_QUALIFIERS]
    pairs = [*first, *rest][:_CONTACT_NUMBERS]
    name = contact.name or ("" if pairs else nameless)
    return ("PER", function, name[:_NAME_LENGTH], *(part for pair in pairs for part in pair))


def _payee(payee: Party) -> Iterator[OutSegment]:
    """1000B: by NPI with the tax number in REF*TJ, else by the tax number itself."""
    tax_number = payee.reference("TJ", "EI", "SY")
    person = f"{payee.last_name} {payee.first_name}".strip()
    identifier = ("XX", payee.npi) if payee.npi else ("FI", tax_number)
    yield ("N1", "PE", person[:_NAME_LENGTH], *identifier)
    yield from address(payee.address)
    for reference in payee.references:
        qualifier = _PAYEE_REFERENCES.get(reference.qualifier, "")
        if qualifier and (payee.npi or qualifier != "TJ"):
            yield ("REF", qualifier, reference.value)


def _provider_adjustments(found: Sequence[ProviderAdjustment], payee: Party) -> Iterator[OutSegment]:
    """PLB: one for each fiscal year end, six pairs each, in the order given inside a year."""
    provider = payee.npi or payee.reference("TJ", "EI", "SY")
    ordered = sorted(found, key=lambda a: a.fiscal_year_end)
    for day, group in groupby(ordered, key=lambda a: a.fiscal_year_end):
        pairs = [((a.code, a.reference), number(a.amount)) for a in group]
        for at in range(0, len(pairs), _PAIRS):
            part = pairs[at : at + _PAIRS]
            yield ("PLB", provider, d8(day), *(element for pair in part for element in pair))
