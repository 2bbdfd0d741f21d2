"""Claims that are decided → 835s: one set a payee, balanced and read back before anything leaves."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import structlog
from attrs import frozen

from adjudication.pipeline_outbound import Correspondent, write_file
from adjudication.pipeline_sent import sent_sets
from adjudication.pipeline_values import Answer, Settings
from adjudication.records import ClaimRecord
from adjudication.remittance import interest_of, make_remittances
from adjudication.store_claims import (
    add_remittance,
    correspondents,
    mark_remitted,
    open_balances,
    save_balances,
    save_interest,
)
from adjudication.store_facts import claims_to_pay, directory
from adjudication.store_records import restore
from adjudication.store_unit import NO_INTERCHANGE, Outbound, Unit
from edi.balance import check_835
from edi.builders.x835 import build_835
from edi.check import check_interchanges
from edi.diagnostics import Diagnostic
from edi.segments import Source

log = structlog.get_logger()


@frozen
class Remitted:
    """What a payment run gave: the 835 file (none when nothing was due), dollars paid, operator notes."""

    files: tuple[Outbound, ...] = ()
    paid: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()


def release(
    to: Correspondent, prefix: str, records: Sequence[ClaimRecord], row: int, unit: Unit, settings: Settings
) -> Remitted:
    """The 835 file for decided claims; those that pend are left out. When our own engine finds anything in
    it, nothing leaves and the claims stay unpaid until `edi pay`."""
    due = [record for record in records if record.remittance is not None and not record.trace]
    if not due or not settings.pay:
        return Remitted()
    npis = {record.billing_npi for record in due}
    remittances, balances = make_remittances(
        due,
        directory(unit, npis).providers,
        open_balances(unit, npis),
        settings.payer,
        traces(unit),
        settings.as_of,
        settings.payees,
    )
    answers = [Answer("835", "835", "HP", "005010X221A1", tuple(build_835(r))) for r in remittances]
    file = write_file(to, prefix, "835", answers, unit)
    if found := faults(file.content):
        log.error("835 held back", findings=found, claims=[record.claim_number for record in due])
        return Remitted(notes=(f"835 held back: {', '.join(sorted(set(found)))}",))
    today = settings.as_of.date()
    for remittance in remittances:
        payee = remittance.payee.id
        paid = [record.claim_number for record in due if record.billing_npi == payee]
        add_remittance(unit, remittance.trace, payee, remittance.amount, today, row)
        mark_remitted(unit, paid, remittance.trace, today)
        save_interest(unit, interest_of(remittance))
    save_balances(unit, balances)
    return Remitted((file,), sum((r.amount for r in remittances), Decimal(0)))


def pay_run(unit: Unit, settings: Settings) -> tuple[str, ...]:
    """835s for every claim that is in none yet, a file for each correspondent the claims came from; the files
    are kept in the store until they are published. Gives notes for the operator."""
    senders = correspondents(unit)
    by_sender: dict[str, list[ClaimRecord]] = {}
    for interchange, records in claims_to_pay(unit).items():
        by_sender.setdefault(senders[interchange], []).extend(records)
    notes: list[str] = []
    for sender, records in by_sender.items():
        to = restore(sender, Correspondent)
        run = release(to, "", records, NO_INTERCHANGE, unit, settings)
        unit.save_answers(NO_INTERCHANGE, run.files, sent_sets(run.files), "")
        notes += run.notes
    return tuple(notes)


def traces(unit: Unit) -> Iterator[str]:
    """Trace numbers (TRN02) without end."""
    while True:
        yield f"{unit.take_numbers('trace'):09d}"


def faults(content: bytes) -> tuple[str, ...]:
    """The errors that our own engine finds in a written 835: against the guide, and equations that do not
    hold. A warning holds nothing back: blanks before a CLM01 must be echoed."""
    found: list[Diagnostic] = []
    for interchange in check_interchanges(Source(data=content), every_guide=True):
        found += interchange.diagnostics
        found += [d for g in interchange.groups for d in g.diagnostics]
        found += [d for g in interchange.groups for s in g.sets for d in s.diagnostics]
    errors = [d.code for d in found if d.is_error]
    return (*errors, *(key for one in _sets(content) for key in check_835(one)))


def _sets(content: bytes) -> Iterator[list[list[str]]]:
    """The segments of each set of a file that we wrote."""
    text = content.decode("latin-1")
    element, terminator = text[3], text[105]
    one: list[list[str]] = []
    for part in text.split(terminator):
        segment = part.strip("\r\n").split(element)
        if segment[0] == "ST":
            one = []
        one.append(segment)
        if segment[0] == "SE":
            yield one
