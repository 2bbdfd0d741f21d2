"""Our own check of an 835 before it is sent: what fails holds back only itself (CONTRACT section 7).

A file is checked once. Only when it fails are the payees and claims at fault looked for; they wait
(`claim_own_check`) and everything else goes out. A claim that waits is decided again when its 835 would
pass."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count

from attrs import evolve

from x12_payer.adjudication.claims.waiting import taken_and_returned, waiting_again
from x12_payer.adjudication.payment.culprits import culprits
from x12_payer.adjudication.payment.remittance import make_remittances
from x12_payer.adjudication.pipeline.outbound import Correspondent, draft
from x12_payer.adjudication.pipeline.values import Answer, Settings
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.adjudication.store.claims import drop_reversal, reinstate, rewrite_claim, save_claims
from x12_payer.adjudication.store.facts import claim_facts, claims_by_number, roster_of
from x12_payer.adjudication.store.unit import NO_INTERCHANGE, Unit
from x12_payer.authorization.parties import Provider
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.reading.envelope import ISA_LENGTH, read_header
from x12_payer.edi.snip.rules.balance import check_835
from x12_payer.edi.wire.segments import Source, blocks

OWN_CHECK = "claim_own_check"
ZERO = Decimal(0)


@frozen
class Trial:
    """What it takes to see whether claims would pass: a file of them alone that takes no numbers."""

    to: Correspondent
    payees: Mapping[str, Provider]
    settings: Settings

    def faults(self, records: Sequence[ClaimRecord]) -> tuple[str, ...]:
        """What our own check finds in an 835 of these records."""
        return faults(draft(self.to, answers_of(self._remittances(records)), self.settings.as_of))

    def fails(self, records: Sequence[ClaimRecord]) -> bool:
        """True when our own check finds anything in an 835 of these records."""
        return bool(self.faults(records))

    def payee_faults(self, records: Sequence[ClaimRecord]) -> tuple[str, ...]:
        """What our own check finds in an 835 to the payee of these records that names no claim."""
        bare = [
            evolve(one, claims=(), provider_adjustments=(), amount=ZERO, method="NON")
            for one in self._remittances(records[:1])
        ]
        return faults(draft(self.to, answers_of(bare), self.settings.as_of))

    def _remittances(self, records: Sequence[ClaimRecord]) -> tuple[Remittance, ...]:
        traces = (f"{n:09d}" for n in count(1))
        settings = self.settings
        return make_remittances(
            records, self.payees, (), settings.payer, traces, settings.as_of, settings.payees
        )[0]


def answers_of(remittances: Sequence[Remittance]) -> list[Answer]:
    """The 835 sets of a file."""
    return [Answer("835", "835", "HP", "005010X221A1", tuple(build_835(r))) for r in remittances]


# -- what fails --------------------------------------------------------------------------------------


def at_fault(due: Sequence[ClaimRecord], trial: Trial) -> dict[str, tuple[str, ...]]:
    """The records because of which an 835 fails, by number with what is found: those of a payee that no 835
    can name, else the claims that fail by themselves."""
    by_payee: dict[str, list[ClaimRecord]] = {}
    for record in due:
        by_payee.setdefault(record.billing_npi, []).append(record)
    found: dict[str, tuple[str, ...]] = {}
    groups = list(by_payee.values())
    for group in culprits(groups, lambda some: trial.fails([record for one in some for record in one])):
        payee = trial.payee_faults(group)
        for record in group if payee else culprits(group, trial.fails):
            found[record.claim_number] = payee or trial.faults([record])
    return found


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
    source, one = Source(data=content), list[list[str]]()
    delimiters = read_header(source, 0).delimiters
    for block in blocks(source, ISA_LENGTH, source.size, delimiters.segment, "\n"):
        for text in block.texts:
            segment = text.split(delimiters.element)
            if segment[0] == "ST":
                one = []
            one.append(segment)
            if segment[0] == "SE":
                yield one


# -- what it holds -------------------------------------------------------------------------------------


@frozen
class Held:
    """What came of records at fault: claims that wait now, by number with what was found; every record that
    leaves the run with them; claims that are in force again as they were decided."""

    claims: Mapping[str, tuple[str, ...]]
    never: Mapping[str, tuple[str, ...]]  # taken back already: neither goes out
    out: frozenset[str]
    active: frozenset[str]


@frozen
class Due:
    """The records of a run by number; its reversals and corrections by the number of what they take the
    place of."""

    records: Mapping[str, ClaimRecord]
    reversals: Mapping[str, ClaimRecord]
    corrections: Mapping[str, ClaimRecord]

    def holders(self, record: ClaimRecord) -> list[str]:
        """The claims that wait when the record does: of a reversal beside a correction that correction,
        else its own; what took that back in turn before it."""
        if record.status == "reversal":
            record = self.corrections.get(record.replaces, record)
        later = self.reversals.get(record.claim_number)
        return [*(self.holders(later) if later is not None else ()), record.claim_number]


def hold(found: Mapping[str, tuple[str, ...]], due: Sequence[ClaimRecord], unit: Unit) -> Held:
    """Take the records at fault out of a run. A claim waits together with the reversal beside it, and what it
    corrects stays; a void waits. A claim that something took back already never goes out, nor does what
    took it back."""
    run = Due(
        {record.claim_number: record for record in due},
        {record.replaces: record for record in due if record.status == "reversal"},
        {record.replaces: record for record in due if record.replaces and record.status != "reversal"},
    )
    waiting: dict[str, tuple[str, ...]] = {}
    never: dict[str, tuple[str, ...]] = {}
    out: set[str] = set(found)
    for number, codes in found.items():
        record, later = run.records[number], run.reversals.get(number)
        if later is not None:
            out.add(later.claim_number)
            never[number] = codes
            _never_sent((number, later.claim_number), unit)
        elif record.status != "reversed" and not (record.status == "reversal" and record.replaces in found):
            waiting.update(dict.fromkeys(run.holders(record), codes))
    active: set[str] = set()
    for number in waiting:
        record = run.records[number]
        beside = record if record.status == "reversal" else run.reversals.get(record.replaces)
        out.add(number)
        if beside is not None and beside.replaces in never:
            beside = None  # what it corrects never went out: there is nothing to put back in force
        if beside is not None:
            out.add(beside.claim_number)
            active.add(beside.replaces)
        _wait(record, beside, unit)
    return Held(waiting, never, frozenset(out), frozenset(active.difference(out)))


def _never_sent(numbers: Sequence[str], unit: Unit) -> None:
    """A claim and what took it back come to nothing: no 835 says anything of them."""
    for record in claims_by_number(unit, numbers).values():
        rewrite_claim(unit, evolve(record, remittance=None))


def _wait(record: ClaimRecord, beside: ClaimRecord | None, unit: Unit) -> None:
    """The claim waits; the reversal beside it (or the void that it is) is undone."""
    if record.status == "reversal":
        reinstate(unit, record.replaces)
        rewrite_claim(unit, waiting_again(record, OWN_CHECK))
        return
    if beside is not None:
        drop_reversal(unit, beside)
    member = record.member_id
    facts = claim_facts(unit, roster_of(unit, [member]), {member: None})[member]
    kept = taken_and_returned(record, f"{record.claim_number}H{unit.take_numbers('hold')}", unit.as_of, facts)
    rewrite_claim(unit, waiting_again(record, OWN_CHECK))
    if kept is not None:
        save_claims(unit, [kept], NO_INTERCHANGE)
