"""835 (005010X221A1): one payment to one payee. Claims (2100) and lines (2110) are written in x835_claim."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from x12_payer.edi.builders.common import address, d8, number, numbered
from x12_payer.edi.builders.x835_claim import remittance_claim
from x12_payer.edi.messages.common import Contact, Party
from x12_payer.edi.messages.remittance import ClaimGroup, ProviderAdjustment, Remittance
from x12_payer.edi.wire.segments import OutSegment

_PAYER_REFERENCES = ("2U", "EO", "HI", "NF")  # REF01 of 1000A
# REF01 of 1000B; a provider's tax number comes as EI or SY in an 837
_PAYEE_REFERENCES = {"EI": "TJ", "SY": "TJ", "TJ": "TJ", "0B": "0B", "D3": "D3", "PQ": "PQ"}
_TAX_ID, _PLAN_ID = "FI", "XV"  # N103
_NAME_LENGTH = 60  # N102
_PAIRS = 6  # of reason and amount in one PLB
_CONTACT_NUMBERS = 3
_CONTACT_QUALIFIERS = ("EM", "TE", "UR")  # PER03 of PER*BL


def build_835(remittance: Remittance) -> list[OutSegment]:
    """The body of one 835, BPR to the last PLB. The amounts are written as they are given: whether they
    balance is for x12_payer.edi.snip.rules.balance.check_835 to say before the set leaves."""
    body: list[OutSegment] = [
        _payment(remittance),
        ("TRN", "1", remittance.trace, _company(remittance), remittance.originator_code),
    ]
    if remittance.currency:
        body.append(("CUR", "PR", remittance.currency))
    if remittance.receiver:
        body.append(("REF", "EV", remittance.receiver))
    if remittance.version:
        body.append(("REF", "F2", remittance.version))
    if remittance.produced:
        body.append(("DTM", "405", d8(remittance.produced)))
    body += _payer(remittance.payer)
    body += _payee(remittance.payee)
    if remittance.delivery:
        body.append(("RDM", *remittance.delivery))
    body += _groups(remittance)
    body += _provider_adjustments(remittance.provider_adjustments, remittance.payee)
    return body


def _groups(remittance: Remittance) -> Iterator[OutSegment]:
    """Every LX with its claims; a group without a claim comes last."""
    described = {group.number: group for group in remittance.groups}
    for number_, claims in groupby(remittance.claims, key=lambda claim: claim.group):
        yield from _group(described.pop(number_, ClaimGroup(number_)))
        for claim in claims:
            yield from remittance_claim(claim)
    for group in described.values():
        yield from _group(group)


def _group(group: ClaimGroup) -> Iterator[OutSegment]:
    """LX, TS3 and TS2."""
    yield ("LX", group.number)
    named = (
        group.provider,
        group.facility_code,
        d8(group.fiscal_period_end) if group.fiscal_period_end else "",
    )
    ts3, ts2 = numbered("TS3", group.sums), numbered("TS2", group.sums)
    if any(named) or ts3:
        yield ("TS3", *named, *ts3[3:])
    if ts2:
        yield ("TS2", *ts2)


def _company(remittance: Remittance) -> str:
    """TRN03 and BPR10: 1 says that a tax number follows."""
    return remittance.originator or "1" + remittance.payer_tax_id


def _payment(remittance: Remittance) -> OutSegment:
    """BPR: nothing paid is H and NON; a check names the originator, a transfer both accounts as well."""
    day = d8(remittance.payment_date) if remittance.payment_date else ""
    amount, flag = number(remittance.amount), "D" if remittance.debit else "C"
    if not remittance.handling and (remittance.method == "NON" or remittance.amount == 0):
        return ("BPR", "H", amount, flag, "NON", *[""] * 11, day)
    head = ("BPR", remittance.handling or "I", amount, flag, remittance.method)
    if remittance.method == "NON" and not remittance.payment_format:
        return (*head, *[""] * 11, day)
    form = remittance.payment_format or ("CCP" if remittance.method == "ACH" else "")
    return (*head, form, *_accounts(remittance), day)


def _accounts(remittance: Remittance) -> tuple[str, ...]:
    """BPR06 to BPR15: an account only where it is known, or where a transfer has to name it."""
    payer = payee = ("",) * 4
    if remittance.method == "ACH" or remittance.payer_account:
        bank = (remittance.payer_routing_qualifier, remittance.payer_routing)
        payer = (*bank, remittance.payer_account_type, remittance.payer_account)
    if remittance.method == "ACH" or remittance.payee_account:
        bank = (remittance.payee_routing_qualifier, remittance.payee_routing)
        payee = (*bank, remittance.payee_account_type, remittance.payee_account)
    return (*payer, _company(remittance), remittance.originator_code, *payee)


def _payer(payer: Party) -> Iterator[OutSegment]:
    """1000A. PER*BL is required by the errata; with no contact on file it names the payer. PER*IC is the page
    of a payer that has a PER*BL."""
    named = (payer.id_qualifier, payer.id) if payer.id_qualifier == _PLAN_ID else ()
    yield ("N1", "PR", payer.last_name[:_NAME_LENGTH], *named)
    yield from address(payer.address)
    if payer.id and not named and not payer.reference("2U"):
        yield ("REF", "2U", payer.id)
    for reference in payer.references:
        if reference.qualifier in _PAYER_REFERENCES:
            yield ("REF", reference.qualifier, reference.value)
    yield from (_contact(c, "CX") for c in payer.contacts if c.function == "CX")
    known = any(c.function == "BL" for c in payer.contacts)
    pages = [c for c in payer.contacts if known and c.function == "IC"]
    technical = [c for c in payer.contacts if c.function != "CX" and c not in pages]
    yield from (_contact(c, "BL", payer.last_name) for c in technical or [Contact("BL", payer.last_name)])
    yield from (_contact(c, "IC") for c in pages)


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
    person = f"{payee.last_name} {payee.first_name}".strip()
    yield ("N1", "PE", person[:_NAME_LENGTH], *_identifier(payee))
    yield from address(payee.address)
    for reference in payee.references:
        qualifier = _PAYEE_REFERENCES.get(reference.qualifier, "")
        if qualifier and (payee.npi or qualifier != "TJ"):
            yield ("REF", qualifier, reference.value)


def _identifier(payee: Party) -> tuple[str, str]:
    """N103 and N104 of the payee: NPI, else a plan id or tax number as it was read, else the REF of one."""
    if payee.npi or payee.id_qualifier in (_TAX_ID, _PLAN_ID):
        return payee.id_qualifier, payee.id
    return _TAX_ID, payee.reference("TJ", "EI", "SY")


def _provider_adjustments(found: Sequence[ProviderAdjustment], payee: Party) -> Iterator[OutSegment]:
    """PLB: one for each fiscal year end, six pairs each, in the order given inside a year."""
    own = _identifier(payee)[1]

    def head(a: ProviderAdjustment) -> tuple[str, str]:
        return a.provider or own, d8(a.fiscal_year_end) if a.fiscal_year_end else ""

    ordered = sorted(found, key=lambda a: head(a)[1])
    for named, group in groupby(ordered, key=head):
        pairs = [((a.code, a.reference), number(a.amount)) for a in group]
        for at in range(0, len(pairs), _PAIRS):
            part = pairs[at : at + _PAIRS]
            yield ("PLB", *named, *(element for pair in part for element in pair))
