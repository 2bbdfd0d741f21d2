"""The conductor: a file of interchanges in, committed answers out. It reads like a table of contents.

    read and check → refuse with TA1, or acknowledge with 999 → parse, decide, build each accepted set → pay
    → commit everything of one interchange together → publish what was committed

Only the modules of this folder see parsers, builders, engines and store together."""

import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from attrs import evolve

from x12_payer.adjudication.pipeline.claims import Batch, answer_claims
from x12_payer.adjudication.pipeline.decided import Decided, of_claims, of_interchange
from x12_payer.adjudication.pipeline.inbound import Seal
from x12_payer.adjudication.pipeline.outbound import (
    acceptance,
    acknowledgments,
    correspondent,
    refusal_body,
    write_file,
)
from x12_payer.adjudication.pipeline.payment import Remitted, remit
from x12_payer.adjudication.pipeline.received import acknowledging, only_acknowledges, receive
from x12_payer.adjudication.pipeline.sent import sent_sets
from x12_payer.adjudication.pipeline.values import Answer, Report, Settings, report_from, report_text
from x12_payer.adjudication.store.audit import Act, record_act
from x12_payer.adjudication.store.records import dump
from x12_payer.adjudication.store.store import Store, digest
from x12_payer.adjudication.store.unit import Known, Outbound, Unit
from x12_payer.edi.edits.claims import claim_edits
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.check import TEXT_OUTSIDE, CheckedInterchange, CheckedSet, loop_segments
from x12_payer.edi.reading.envelope import NO_REPETITION, NOT_X12
from x12_payer.edi.snip.set_errors import set_errors
from x12_payer.edi.wire.segments import Source

READ_SIZE = 1 << 20
REMARKS = frozenset({NO_REPETITION, TEXT_OUTSIDE})  # warnings that go to stderr


@frozen
class Processed:
    """One interchange done: what is said of it and the files to publish."""

    report: Report
    files: tuple[Outbound, ...]


def process_source(
    source: Source,
    interchanges: Iterable[CheckedInterchange],
    file: str,
    stem: str,
    store: Store,
    settings: Settings,
    kept: Seal | None = None,
) -> Iterator[Processed]:
    """Every interchange of one file, each a transaction of its own, in file order. `file` names it in the
    report, `stem` begins the names of its answers; `kept` is the file as it was before it was checked."""
    for checked in interchanges:
        if nothing_readable(checked):
            yield Processed(Report(file, "", notes=(*unreadable(checked),), unreadable=True), ())
            continue
        work = partial(process_unchanged, source, checked, kept, file, stem, settings)
        with rare_collections(checked):
            done = store.run(settings.as_of, work)
        yield evolve(done, report=evolve(done.report, file=file))


@contextmanager
def rare_collections(checked: CheckedInterchange) -> Iterator[None]:
    """Frozen values make no circles: looking for some after every 700 of them took a fifth of the time. SQL
    statements make some: the few of each 500 claims can wait for the end, those of each inquiry cannot."""
    before = gc.get_threshold()
    claims_alone = all(one.set_id == "837" for group in checked.groups for one in group.sets)
    gc.set_threshold(0 if claims_alone else 200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def nothing_readable(checked: CheckedInterchange) -> bool:
    """True when there is no ISA, or none whose number can be read: a TA1 could not say what it answers."""
    return checked.isa == ("",)


def unreadable(checked: CheckedInterchange) -> Iterator[str]:
    """What is wrong with an interchange that cannot be answered."""
    for found in checked.diagnostics:
        if found.code == NOT_X12:
            yield "; ".join(filter(None, ("no interchange in it: nothing begins with ISA", found.detail)))
        elif found.is_error:
            where = f"at byte {found.position.offset}"
            more = f"; {found.detail}" if found.detail else ""
            yield f"no answer is possible: {found.row.text} {where}, and its ISA13 cannot be read{more}"


def process_unchanged(
    source: Source,
    checked: CheckedInterchange,
    kept: Seal | None,
    file: str,
    stem: str,
    settings: Settings,
    unit: Unit,
) -> Processed:
    """One interchange, when at the end its bytes are still those that were checked; else nothing of it."""
    done = process_interchange(source, checked, file, stem, settings, unit)
    if kept is not None:
        kept.check(source, checked.offset, checked.length)
    return done


def process_interchange(
    source: Source, checked: CheckedInterchange, file: str, stem: str, settings: Settings, unit: Unit
) -> Processed:
    """One interchange: refused, known already, or answered; nothing is published here."""
    icn = control_number(checked)
    hashed = digest(pieces(source, checked))
    if (known := unit.known_bytes(hashed)) is not None:
        return as_recorded(known, unit, repeated=True)
    ta1 = refusal(checked, unit, settings)
    recorded = ta1 and only_acknowledges(checked)  # never answered: the name of the file does not matter
    if ta1 and (known := unit.known_refusal(hashed, ta1, "" if recorded else file)) is not None:
        return as_recorded(known, unit, repeated=bool(recorded))
    to = correspondent(checked, settings.payer)
    row = unit.add_interchange(address(checked, 5), address(checked, 7), icn, hashed, ta1, dump(to), file)
    prefix = f"{stem}.{icn or '0' * 9}"
    files: tuple[Outbound, ...]
    decided = Decided()
    if recorded:
        note = f"acknowledgments with a fault in their envelope ({ta1}): recorded, never answered"
        received = receive(source, checked, row, unit)
        files, report = (), Report("", icn, notes=(note, *received.notes), acknowledged=received.reported)
    elif ta1:
        files = (write_file(to, prefix, "TA1", (), unit, refusal_body(checked, ta1)),)
        report = Report("", icn, ta1=ta1, notes=remarks(checked))
    else:
        report, files, decided = answer_interchange(source, checked, prefix, row, unit, settings)
    report = evolve(report, file=file, answers=tuple(f.name for f in files))
    unit.save_answers(row, files, sent_sets(files), report_text(report))
    record_act(unit, Act("process", of_interchange(report, decided), file, hashed))
    return Processed(report, files)


def as_recorded(known: Known, unit: Unit, repeated: bool) -> Processed:
    """What was answered before. A refusal counts each time it is met: the file is as wrong as it was."""
    return Processed(evolve(report_from(known.summary), repeated=repeated), unit.answers(known.id))


def refusal(checked: CheckedInterchange, unit: Unit, settings: Settings) -> str:
    """The TA105 note code an interchange is refused with, '' when it is good (CONTRACT section 5, "TA1").
    These bytes were not accepted before: whoever used up the number sent others."""
    if checked.ta1:
        return checked.ta1
    if settings.any_partner:
        return ""
    if settings.partners and (checked.isa[5].strip(), checked.isa[6].strip()) not in settings.partners:
        return "006"
    if checked.isa[8].strip() != settings.payer.interchange_id:
        return "009"
    used = unit.accepted_with(address(checked, 5), address(checked, 7), control_number(checked))
    return "025" if used else ""


def answer_interchange(
    source: Source, checked: CheckedInterchange, prefix: str, row: int, unit: Unit, settings: Settings
) -> tuple[Report, tuple[Outbound, ...], Decided]:
    """Acknowledgments and answers of an interchange that is not refused, and what was decided."""
    to = correspondent(checked, settings.payer)
    ours = [group for group in checked.groups if not acknowledging(group.gs)]
    received = receive(source, checked, row, unit)
    batch = Batch(row)
    answers = [
        answer_set(source, checked, one, unit, settings, batch)
        for group in ours
        for one in group.sets
        if one.accepted
    ]
    files = []
    ta1 = None if only_acknowledges(checked) else acceptance(checked)
    if ours or ta1:
        kind = "999" if ours else "TA1"
        files.append(write_file(to, prefix, kind, acknowledgments(checked, ours), unit, ta1))
    for kind in ("271", "277", "278", "277CA"):
        if found := [answer for answer in answers if answer.kind == kind]:
            files.append(write_file(to, prefix, kind, found, unit))
    remitted = remit(to, prefix, batch.records, row, unit, settings)
    ended = outcomes(batch, remitted)
    report = Report(
        "",
        control_number(checked),
        sets=sum(group.received for group in ours),
        accepted=sum(group.accepted for group in ours),
        rejected=sum(group.received - group.accepted for group in ours),
        claims=len(batch.accepted) + len(batch.rejected),
        claims_refused=len(batch.rejected),
        claims_denied=ended["denied"],
        claims_pended=ended["pended"],
        claims_paid=ended["paid"],
        requests_pended=sum(answer.pended for answer in answers),
        paid=remitted.paid,
        notes=(*remarks(checked), *received.notes, *remitted.notes),
        groups_rejected=sum(bool(group.rejected_codes) for group in ours),
        acknowledged=received.reported,
    )
    events = tuple(event for answer in answers for event in answer.events)
    decided = Decided(of_claims(batch.records, remitted.held), events, remitted.remittances)
    return report, (*files, *remitted.files), decided


def outcomes(batch: Batch, remitted: Remitted) -> Counter[str]:
    """How many accepted claims ended how, by status."""
    own = set(batch.accepted)
    return Counter(
        "pended" if record.claim_number in remitted.held else record.status
        for record in batch.records
        if record.claim_number in own
    )


def answer_set(
    source: Source,
    checked: CheckedInterchange,
    one: CheckedSet,
    unit: Unit,
    settings: Settings,
    batch: Batch,
) -> Answer:
    """The answer to one accepted set: look at it more closely, then read it again, this time to parse."""
    delimiters = checked.delimiters
    errors = set_errors(source, one, delimiters, checked.isa[6], settings.as_of.date(), settings.maps)
    walked, segments = (loop_segments(source, one, delimiters) for _ in range(2))
    if one.set_id == "837":
        claims = claim_edits(errors, walked, delimiters)
        return answer_claims(segments, delimiters, one.version, unit, settings, batch, claims)
    from x12_payer.adjudication.pipeline.inquiries import (  # a run of claims does not wait for these
        ANSWERS,
        InquirySet,
    )
    from x12_payer.edi.edits.inquiries import inquiry_edits

    edits = inquiry_edits(errors, walked, delimiters)
    return ANSWERS[one.set_id](InquirySet(segments, delimiters, one.version, unit, settings, edits))


def pieces(source: Source, checked: CheckedInterchange) -> Iterator[bytes]:
    """The bytes of one interchange."""
    at, end = checked.offset, checked.offset + checked.length
    while at < end and (piece := source.read(at, min(READ_SIZE, end - at))):
        yield piece
        at += len(piece)


def control_number(checked: CheckedInterchange) -> str:
    """ISA13, '' when unreadable or no number: it becomes part of a file name."""
    number = checked.isa[13] if len(checked.isa) > 13 else ""
    return number if re.fullmatch("[0-9]{9}", number) else ""


def address(checked: CheckedInterchange, at: int) -> str:
    """Qualifier and id of a party: ISA05/06 or ISA07/08."""
    return "/".join(part.strip() for part in checked.isa[at : at + 2])


def remarks(checked: CheckedInterchange) -> tuple[str, ...]:
    """What the operator has to know of the envelope beside the TA1's own words."""
    reported = (f"warning: {d.row.text}" for d in checked.diagnostics if d.code in REMARKS)
    details = (d.detail for d in checked.diagnostics if d.detail)
    return tuple(dict.fromkeys((*reported, *details)))
