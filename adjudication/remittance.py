"""Decided claims gathered into 835s: one payment a payee, balanced with PLB (CONTRACT section 5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve, frozen

from adjudication.pricing import HUNDRED, cents
from adjudication.records import ClaimRecord, Payee
from authorization.parties import Payer, Provider
from edi.messages.common import Address, Contact, Party, Reference
from edi.messages.remittance import ProviderAdjustment, Remittance, RemittanceClaim

ZERO = Decimal(0)
DAYS_A_YEAR = Decimal(365)


@frozen
class Run:
    """What every remittance of one payment run shares."""

    payer: Payer
    payees: Mapping[str, Provider]
    accounts: Mapping[str, Payee]
    today: date


def make_remittances(
    records: Sequence[ClaimRecord],
    payees: Mapping[str, Provider],
    balances: Mapping[str, Decimal],
    payer: Payer,
    traces: Iterator[str],
    as_of: datetime,
    accounts: Mapping[str, Payee] | None = None,
) -> tuple[tuple[Remittance, ...], Mapping[str, Decimal]]:
    """One remittance for each billing NPI with decided claims, in order of its first claim; and the balances
    afterwards.

    balances: dollars a payee owes us from earlier runs, by NPI (positive). A pended claim is in no
    remittance; a payee without claims keeps its balance. accounts: payees.csv by NPI."""
    run = Run(payer, payees, accounts or {}, as_of.date())
    after = dict(balances)
    remittances: list[Remittance] = []
    for npi, claims in _by_payee(records).items():
        remittance, owed = _remit(run, npi, claims, after.get(npi, ZERO), next(traces))
        remittances.append(remittance)
        after.pop(npi, None)
        if owed:
            after[npi] = owed
    return tuple(remittances), after


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
    run: Run, npi: str, records: Sequence[ClaimRecord], carried: Decimal, trace: str
) -> tuple[Remittance, Decimal]:
    """The remittance of one payee and what the payee owes afterwards. BPR02 = sum CLP04 - sum PLB, never
    negative: what is missing is carried forward (FB)."""
    claims = [_with_interest(record, run) for record in records]
    adjustments = [*_interest(claims, run.today), *_forwarded(npi, carried, run.today)]
    total = sum((c.paid for c in claims), ZERO) - sum((a.amount for a in adjustments), ZERO)
    owed = max(-total, ZERO)
    adjustments += _forwarded(npi, -owed, run.today)
    amount = total + owed
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
    return (_to_account(remittance, run.payer, account) if account else remittance), owed


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


def _forwarded(npi: str, amount: Decimal, today: date) -> list[ProviderAdjustment]:
    """FB: positive takes back an earlier balance, negative carries one forward; one reference a payee."""
    return [_plb("FB", npi, amount, today)] if amount else []


def _plb(code: str, reference: str, amount: Decimal, today: date) -> ProviderAdjustment:
    return ProviderAdjustment(code, reference, amount, date(today.year, 12, 31))


# -- prompt-pay interest (payer.toml; off when absent) ---------------------------------------------


def _with_interest(record: ClaimRecord, run: Run) -> RemittanceClaim:
    claim = record.remittance
    assert claim is not None
    owed = interest(claim.paid, record.received, run.today, run.payer)
    return evolve(claim, interest=owed) if owed else claim


def interest(paid: Decimal, received: date, paid_on: date, payer: Payer) -> Decimal:
    """Simple interest on a payment for each day after the payer's prompt-pay days, in cents."""
    if payer.interest_annual_percent is None or payer.interest_after_days is None or paid <= ZERO:
        return ZERO
    late = max((paid_on - received).days - payer.interest_after_days, 0)
    return cents(paid * payer.interest_annual_percent / HUNDRED * late / DAYS_A_YEAR)


def _interest(claims: Sequence[RemittanceClaim], today: date) -> list[ProviderAdjustment]:
    """L6, negative: money added to the payment, never a CAS (scenario R04)."""
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
