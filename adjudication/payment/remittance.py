"""Decided claims gathered into 835s: one payment for each payee, balanced with PLB (CONTRACT section 5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.pricing import HUNDRED, cents
from x12_payer.adjudication.records import Balance, ClaimRecord, Payee
from x12_payer.authorization.parties import Payer, Provider
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Address, Contact, Party, Reference
from x12_payer.edi.messages.remittance import ProviderAdjustment, Remittance, RemittanceClaim

ZERO = Decimal(0)
DAYS_A_YEAR = Decimal(365)


@frozen
class Run:
    """What every remittance of one payment run shares."""

    payer: Payer
    payees: Mapping[str, Provider]
    accounts: Mapping[str, Payee]
    today: date
    gone: frozenset[str]  # claims that are not in force at the end of the run

    def is_in_force(self, record: ClaimRecord) -> bool:
        """True for a claim that nothing has taken back, in this run or before."""
        return record.status != "reversed" and record.claim_number not in self.gone


def make_remittances(
    records: Sequence[ClaimRecord],
    payees: Mapping[str, Provider],
    balances: Iterable[Balance],
    payer: Payer,
    traces: Iterator[str],
    as_of: datetime,
    accounts: Mapping[str, Payee] | None = None,
) -> tuple[tuple[Remittance, ...], tuple[Balance, ...]]:
    """One remittance for each billing NPI with decided claims, in order of its first claim; and the balances
    that it changed or opened.

    balances: what payees owe us from earlier runs, the oldest first. A pended claim is in no remittance; a
    payee without claims keeps its balances. accounts: payees.csv by NPI."""
    gone = frozenset(record.replaces for record in records if record.status == "reversal")
    run = Run(payer, payees, accounts or {}, as_of.date(), gone)
    open_: dict[str, list[Balance]] = {}
    for balance in balances:
        open_.setdefault(balance.npi, []).append(balance)
    remittances: list[Remittance] = []
    changed: list[Balance] = []
    for npi, claims in _by_payee(records).items():
        remittance, moved = _remit(run, npi, claims, open_.get(npi, ()), next(traces))
        remittances.append(remittance)
        changed += moved
    return tuple(remittances), tuple(changed)


def _by_payee(records: Sequence[ClaimRecord]) -> dict[str, list[ClaimRecord]]:
    found: dict[str, list[ClaimRecord]] = {}
    for record in records:
        if record.remittance is not None:
            found.setdefault(record.billing_npi, []).append(record)
    return {npi: in_order(claims) for npi, claims in found.items()}


def in_order(records: Sequence[ClaimRecord]) -> list[ClaimRecord]:
    """The records as decided, but a reversal before every other record that replaces the same original."""
    first: dict[str, int] = {}
    for at, record in enumerate(records):
        if record.replaces:
            first.setdefault(record.replaces, at)

    def place(item: tuple[int, ClaimRecord]) -> tuple[int, bool, int]:
        at, record = item
        if not record.replaces:
            return at, False, at
        return first[record.replaces], record.status != "reversal", at

    return [record for _, record in sorted(enumerate(records), key=place)]


def _remit(
    run: Run, npi: str, records: Sequence[ClaimRecord], open_: Sequence[Balance], trace: str
) -> tuple[Remittance, list[Balance]]:
    """The remittance of one payee, and its balances that changed. BPR02 = sum CLP04 - sum PLB, never
    negative: what is missing is carried forward (FB)."""
    claims = [_with_interest(record, run) for record in records]
    adjustments = _interest(claims, run.today)
    paid = sum((c.paid for c in claims), ZERO)
    due = paid - sum((a.amount for a in adjustments), ZERO)
    forwarded, moved = _balances(npi, paid, due, open_, trace, run.today)
    adjustments += forwarded
    amount = due - sum((a.amount for a in forwarded), ZERO)
    account = run.accounts.get(npi)
    remittance = Remittance(
        payer=_payer(run.payer),
        payee=_payee(npi, run.payees.get(npi), records[0].billing_tax_id),
        trace=trace,
        payer_tax_id=run.payer.tax_id,
        method=_method(amount, run.payer, account),
        amount=amount,
        produced=run.today,
        payment_date=run.today,
        claims=tuple(claims),
        provider_adjustments=tuple(adjustments),
    )
    return (_to_account(remittance, run.payer, account) if account else remittance), moved


def _method(amount: Decimal, payer: Payer, account: Payee | None) -> str:
    """NON for nothing, ACH when both sides have an account, else a check."""
    if not amount:
        return "NON"
    return "ACH" if account and payer.routing_number and payer.account_number else "CHK"


def _to_account(remittance: Remittance, payer: Payer, account: Payee) -> Remittance:
    if remittance.method != "ACH":
        return remittance
    return evolve(
        remittance,
        payer_routing=payer.routing_number,
        payer_account=payer.account_number,
        payee_routing=account.routing_number,
        payee_account_type=account.account_type,
        payee_account=account.account_number,
    )


def _balances(
    npi: str, paid: Decimal, due: Decimal, open_: Sequence[Balance], trace: str, today: date
) -> tuple[list[ProviderAdjustment], list[Balance]]:
    """The FB of an 835 and the balances they change. What is due to us is carried forward under this 835's
    trace (negative), and taken back later under the same number (positive), the oldest balance first. An 835
    in which the claims pay nothing, or less, leaves earlier balances alone."""
    if due < ZERO:
        return [_plb("FB", trace, due, today)], [Balance(npi, trace, -due, today)]
    taken: list[ProviderAdjustment] = []
    moved: list[Balance] = []
    left = due if paid > ZERO else ZERO
    for balance in open_:
        part = min(balance.amount, left)
        if part > ZERO:
            left -= part
            taken.append(_plb("FB", balance.reference, part, today))
            moved.append(evolve(balance, amount=balance.amount - part))
    return taken, moved


def _plb(code: str, reference: str, amount: Decimal, today: date) -> ProviderAdjustment:
    return ProviderAdjustment(code, reference, amount, date(today.year, 12, 31))


# -- prompt-pay interest (payer.toml; off when absent) ---------------------------------------------


def _with_interest(record: ClaimRecord, run: Run) -> RemittanceClaim:
    """The claim with the interest on what is in force; a reversal takes back what was paid with the claim."""
    claim = record.remittance
    assert claim is not None
    if record.status == "reversal":
        owed = record.interest
    else:
        owed = (
            interest(claim.paid, record.received, run.today, run.payer) if run.is_in_force(record) else ZERO
        )
    return evolve(claim, interest=owed) if owed else claim


def interest(paid: Decimal, received: date, paid_on: date, payer: Payer) -> Decimal:
    """Simple interest on a payment for each day after the payer's prompt-pay days, in cents."""
    if payer.interest_annual_percent is None or payer.interest_after_days is None or paid <= ZERO:
        return ZERO
    late = max((paid_on - received).days - payer.interest_after_days, 0)
    return cents(paid * payer.interest_annual_percent / HUNDRED * late / DAYS_A_YEAR)


def interest_of(remittance: Remittance) -> dict[str, Decimal]:
    """The interest that a remittance pays, by our claim number."""
    return {c.payer_control_number: c.interest for c in remittance.claims if c.interest and c.interest > ZERO}


def _interest(claims: Sequence[RemittanceClaim], today: date) -> list[ProviderAdjustment]:
    """L6, negative: money added to the payment, never a CAS (scenario R04); positive takes it back."""
    return [_plb("L6", c.payer_control_number, -c.interest, today) for c in claims if c.interest]


# -- parties ---------------------------------------------------------------------------------------


def _payer(payer: Payer) -> Party:
    numbers = (("TE", payer.contact_phone),) if payer.contact_phone else ()
    return Party(
        entity="PR",
        last_name=payer.name,
        id_qualifier="PI",
        id=payer.payer_id,
        address=Address((payer.address,) if payer.address else (), payer.city, payer.state, payer.zip),
        contacts=(Contact("BL", payer.contact_name, numbers),),
    )


def _payee(npi: str, provider: Provider | None, tax_id: str) -> Party:
    """The payee as on file; a provider nobody loaded is named by its NPI."""
    if provider is None:
        known = (Reference("TJ", tax_id),) if tax_id else ()
        return Party(entity="PE", last_name=npi, id_qualifier="XX", id=npi, references=known)
    number = provider.tax_id or tax_id
    return Party(
        entity="PE",
        entity_type=provider.entity_type,
        last_name=provider.name,
        first_name=provider.first_name,
        id_qualifier="XX",
        id=npi,
        address=Address(
            (provider.address,) if provider.address else (), provider.city, provider.state, provider.zip
        ),
        references=(Reference("TJ", number),) if number else (),
    )
