"""Decided claims → 835s: one set for each payee, balanced and read back before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import evolve, field

from x12_payer.adjudication.payment.remittance import interest_of, make_remittances
from x12_payer.adjudication.pipeline.decided import of_claims
from x12_payer.adjudication.pipeline.outbound import Correspondent, write_file
from x12_payer.adjudication.pipeline.own_check import Trial, answers_of, at_fault, faults, hold
from x12_payer.adjudication.pipeline.pended import decide_pended
from x12_payer.adjudication.pipeline.sent import sent_sets
from x12_payer.adjudication.pipeline.values import Settings
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.adjudication.store.audit import Act, record_act
from x12_payer.adjudication.store.claims import (
    add_remittance,
    correspondents,
    mark_remitted,
    open_balances,
    save_balances,
    save_interest,
)
from x12_payer.adjudication.store.facts import claims_by_number, claims_to_pay, directory
from x12_payer.adjudication.store.records import restore
from x12_payer.adjudication.store.unit import NO_INTERCHANGE, Outbound, Unit
from x12_payer.authorization.parties import Provider
from x12_payer.edi.frozen import frozen


@frozen
class Remitted:
    """What a payment run gave: the 835 file (none when nothing was due), dollars paid, operator notes, and
    the claims that our own check held, by number with what it found."""

    files: tuple[Outbound, ...] = ()
    paid: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()
    held: Mapping[str, tuple[str, ...]] = field(factory=dict)
    remittances: tuple[tuple[str, str, str], ...] = ()  # for the audit: trace, payee, dollars


def remit(
    to: Correspondent, prefix: str, records: Sequence[ClaimRecord], row: int, unit: Unit, settings: Settings
) -> Remitted:
    """The 835 file for decided claims; those that pend are left out. The file is checked as a whole; what
    makes it fail waits, and the rest goes out."""
    due = [record for record in records if record.remittance is not None and not record.trace]
    due = [*_not_yet_reported(due, unit), *due] if settings.pay else due
    payees = directory(unit, {record.billing_npi for record in due}).providers if settings.pay else {}
    held: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    while due and settings.pay:
        made = _remitted(to, prefix, due, row, unit, settings, payees)
        if made is not None:
            return evolve(made, notes=tuple(notes), held=held)
        found = hold(at_fault(due, Trial(to, payees, settings)), due, unit)
        held.update(found.claims)
        notes += [f"claim {n} pends, own_check: {_would_fail(codes)}" for n, codes in found.claims.items()]
        notes += [
            f"claim {n} was taken back and is in no 835: {_would_fail(c)}" for n, c in found.never.items()
        ]
        active = claims_by_number(unit, found.active)
        due = [active.get(r.claim_number, r) for r in due if r.claim_number not in found.out]
    return Remitted(notes=tuple(notes), held=held)


def _not_yet_reported(due: Sequence[ClaimRecord], unit: Unit) -> list[ClaimRecord]:
    """Claims decided without payment that these records take back: no 835 reverses what none has reported."""
    here = {record.claim_number for record in due}
    taken_back = {r.replaces for r in due if r.status == "reversal"} - here
    found = claims_by_number(unit, taken_back)
    return [found[n] for n in sorted(found) if found[n].remittance is not None and not found[n].trace]


def _would_fail(codes: tuple[str, ...]) -> str:
    return f"the 835 would fail ({', '.join(sorted(set(codes)))})"


def _remitted(
    to: Correspondent,
    prefix: str,
    due: Sequence[ClaimRecord],
    row: int,
    unit: Unit,
    settings: Settings,
    payees: Mapping[str, Provider],
) -> Remitted | None:
    """The file of these records, everything about it in the store, and what it pays; None when it fails our
    own check: then nothing is kept but that its numbers are used up."""
    npis = {record.billing_npi for record in due}
    owed = open_balances(unit, npis)
    remittances, balances = make_remittances(
        due, payees, owed, settings.payer, _traces(unit), settings.as_of, settings.payees
    )
    file = write_file(to, prefix, "835", answers_of(remittances), unit)
    if faults(file.content):
        return None
    today = settings.as_of.date()
    numbers: dict[str, list[str]] = {}
    for record in due:
        numbers.setdefault(record.billing_npi, []).append(record.claim_number)
    for remittance in remittances:
        payee = remittance.payee.id
        add_remittance(unit, remittance.trace, payee, remittance.amount, today, row)
        mark_remitted(unit, numbers[payee], remittance.trace, today)
        save_interest(unit, interest_of(remittance))
    save_balances(unit, balances)
    each = tuple((r.trace, r.payee.id, str(r.amount)) for r in remittances)
    return Remitted((file,), sum((r.amount for r in remittances), Decimal(0)), remittances=each)


def pay_run(unit: Unit, settings: Settings) -> tuple[str, ...]:
    """Claims that pended and can be decided now; then 835s for every claim that is in none yet, a file for
    each correspondent the claims came from; the files are kept in the store until they are published. Gives
    notes for the operator."""
    decided = decide_pended(unit, settings)
    notes = [f"claim {claim.claim_number} pended and is decided now: {outcome(claim)}" for claim in decided]
    senders = correspondents(unit)
    files: list[str] = []
    remittances: list[tuple[str, str, str]] = []
    by_sender: dict[str, list[ClaimRecord]] = {}
    for interchange, records in claims_to_pay(unit).items():
        by_sender.setdefault(senders[interchange], []).extend(records)
    for sender, records in by_sender.items():
        to = restore(sender, Correspondent)
        run = remit(to, "", records, NO_INTERCHANGE, unit, settings)
        unit.save_answers(NO_INTERCHANGE, run.files, sent_sets(run.files), "")
        notes += run.notes
        files += [file.name for file in run.files]
        remittances += run.remittances
    if decided or files:
        paid = {"claims": of_claims(decided), "remittances": remittances, "answers": files}
        record_act(unit, Act("pay", paid))
    return tuple(notes)


def outcome(claim: ClaimRecord) -> str:
    """How a claim was decided; a void is a reversal to us."""
    return "voided" if claim.status == "reversal" else claim.status


def _traces(unit: Unit) -> Iterator[str]:
    """Trace numbers (TRN02) without end."""
    while True:
        yield f"{unit.take_numbers('trace'):09d}"
