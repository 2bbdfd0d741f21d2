"""276 to 277: which claims an inquiry means, and the status of each (CONTRACT section 5, "277").

Every criterion that was sent has to agree. A failure above the claim is reported at its level, and
nothing below it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from x12_payer.adjudication.people import PersonMatch, Roster, find_dependent, find_subscriber, is_our_payer
from x12_payer.adjudication.records import ClaimRecord, LineRecord
from x12_payer.authorization.parties import Directory, Payer
from x12_payer.edi.codes.lists import names_entity
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    LineInquiry,
    LineStatus,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import Period, Procedure, Reference
from x12_payer.edi.tables import ReasonCodes, reason, rows

ClaimsOf = Callable[[str], tuple[ClaimRecord, ...]]


@frozen
class ClaimState:
    """The state of a claim as a whole: its key in reasons.csv, whether money and dates are reported too."""

    key: str
    finalized: bool = True


@frozen
class ClaimsOnFile:
    """What the payer holds when it answers about claims: those of a member by its id, the oldest first."""

    claims: ClaimsOf
    directory: Directory
    payer: Payer


def decide_status(
    inquiry: ClaimInquiry, roster: Roster, on_file: ClaimsOnFile, receiver_known: bool, as_of: datetime
) -> ClaimStatusAnswer:
    """The answer to one inquiry: a status of the receiver or provider, else one entry a claim found.

    `roster`: those whom the inquiry may mean."""
    today, claims = as_of.date(), on_file.claims
    if not is_our_payer(inquiry.payer, on_file.payer):
        return ClaimStatusAnswer(inquiry, receiver_status=_plain("status_payer", today))
    if not receiver_known:
        return ClaimStatusAnswer(inquiry, receiver_status=_plain("status_receiver", today))
    if on_file.directory.provider(inquiry.provider.npi) is None:
        return ClaimStatusAnswer(inquiry, provider_status=_plain("status_provider", today))
    subscriber = find_subscriber(inquiry.subscriber, roster)
    if not subscriber.found:
        return _nothing(inquiry, "status_subscriber", today)
    patient = _patient(inquiry, subscriber, roster)
    if not patient.found:
        return _nothing(inquiry, "status_dependent", today)
    found = tuple(matching(inquiry, claims(patient.member_id)))
    if not found:
        return _nothing(inquiry, "status_no_claim", today)
    if len(found) > _most_claims():
        return _nothing(inquiry, "status_too_many", today)
    corrections = {c.claim_number for c in claims(patient.member_id) if c.status != "reversal"}
    return ClaimStatusAnswer(
        inquiry, claims=tuple(describe(c, inquiry, c.replaced_by in corrections, today) for c in found)
    )


def _patient(inquiry: ClaimInquiry, subscriber: PersonMatch, roster: Roster) -> PersonMatch:
    if inquiry.dependent is None:
        return subscriber
    return find_dependent(inquiry.dependent, subscriber, roster)


@cache
def _most_claims() -> int:
    return next(int(row["value"]) for row in rows("answer_limits") if row["key"] == "status_claims")


# -- answers without a claim -----------------------------------------------------------------------


def _status(row: ReasonCodes) -> Status:
    return Status(row.category, row.status, row.entity)


def _plain(key: str, today: date) -> StatusInformation:
    """A status without amounts (X12 1614)."""
    return StatusInformation((_status(reason(key)),), today)


def _nothing(inquiry: ClaimInquiry, key: str, today: date) -> ClaimStatusAnswer:
    """One 2200D that gives back what was sent and reports nothing on file."""
    entry = ClaimStatusClaim((_plain(key, today),), _returnable(inquiry.references), inquiry.period)
    return ClaimStatusAnswer(inquiry, claims=(entry,))


def _returnable(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """The references a 277 may hold, in its order (X212, 2200D)."""
    order = ("1K", "BLT", "EJ", "XZ", "VV", "D9")
    kept = [r for r in references if r.qualifier in order]
    return tuple(sorted(kept, key=lambda r: order.index(r.qualifier)))


# -- which claims ----------------------------------------------------------------------------------


def matching(inquiry: ClaimInquiry, claims: tuple[ClaimRecord, ...]) -> Iterator[ClaimRecord]:
    """The claims that agree with everything sent. The record of a reversal is our own book-keeping: it is
    found only by its own number."""
    asked = {r.qualifier: r.value for r in inquiry.references}
    originals = {c.claim_number for c in claims if c.status != "reversal"}
    for claim in claims:
        own = claim.status != "reversal" or (
            asked.get("1K") == claim.claim_number and claim.claim_number not in originals
        )
        if own and agrees(inquiry, claim):
            yield claim


def agrees(inquiry: ClaimInquiry, claim: ClaimRecord) -> bool:
    """True when every criterion sent agrees: 1K, EJ, BLT, D9, charge, dates and provider."""
    held = {
        "1K": claim.claim_number,
        "EJ": claim.control_number,
        "D9": claim.clearinghouse_trace,
        "BLT": _bill_type(claim),
    }
    sent = {r.qualifier: r.value for r in inquiry.references if r.qualifier in held}
    if "BLT" in sent:
        sent["BLT"] = sent["BLT"].lstrip("0")
    return (
        all(held[qualifier] == value for qualifier, value in sent.items())
        and (inquiry.charge is None or inquiry.charge == claim.charge)
        and _dates_overlap(inquiry.period, claim)
        and inquiry.provider.npi in _providers(claim)
    )


def _bill_type(claim: ClaimRecord) -> str:
    return f"{claim.facility_code}{claim.frequency}".lstrip("0") if claim.kind == "I" else ""


def _dates_overlap(period: Period | None, claim: ClaimRecord) -> bool:
    return period is None or (period.begin <= claim.service_end and claim.service_begin <= period.end)


def _providers(claim: ClaimRecord) -> set[str]:
    return {claim.billing_npi, claim.rendering_npi, *(line.rendering_npi for line in claim.lines)} - {""}


# -- the state of a claim ----------------------------------------------------------------------------


def describe(claim: ClaimRecord, inquiry: ClaimInquiry, replaced: bool, today: date) -> ClaimStatusClaim:
    """One 2200D: status, references, dates and lines of a claim. `replaced`: a corrected claim followed."""
    active = _active(claim, replaced)
    return ClaimStatusClaim(
        information=(_information(claim, active, today),),
        references=_references(claim, inquiry),
        period=Period("472", claim.service_begin, claim.service_end),
        lines=tuple(_lines(inquiry, claim, active, today)),
    )


def _active(claim: ClaimRecord, replaced: bool) -> ClaimState:
    if claim.status in ("reversed", "reversal"):
        return ClaimState("status_replaced" if replaced else "status_voided")
    if claim.status == "pended":
        return ClaimState("status_pended", finalized=False)
    if claim.status == "predetermined":
        return ClaimState("status_predetermined")
    if claim.status == "denied":
        return ClaimState("status_denied")
    return ClaimState(_payment(claim.paid, claim))


def _payment(paid: Decimal, claim: ClaimRecord) -> str:
    """Paid, still to be paid, or nothing due (a deductible took it all)."""
    if not paid:
        return "status_nothing_due"
    return "status_paid" if claim.remitted else "status_to_be_paid"


def _information(claim: ClaimRecord, active: ClaimState, today: date) -> StatusInformation:
    statuses = _claim_statuses(claim, active)
    if not active.finalized:
        return StatusInformation(statuses, today, charge=abs(claim.charge))
    return StatusInformation(
        statuses,
        claim.adjudicated or today,
        charge=abs(claim.charge),
        paid=Decimal(0) if _gone(claim) else claim.paid,
        adjudicated=claim.adjudicated,
        remitted=claim.remitted,
        trace=claim.trace,
    )


def _gone(claim: ClaimRecord) -> bool:
    return claim.status in ("reversed", "reversal")


def _claim_statuses(claim: ClaimRecord, active: ClaimState) -> tuple[Status, ...]:
    """STC01 and STC10: what the deciding reason says, where it speaks of this kind of outcome; else the
    in force itself. A denied claim adds what its line says (F2:84 with F2:252)."""
    own = reason(active.key)
    if not _has_reasons(claim):
        return (_status(own),)
    keys = dict.fromkeys((*claim.reasons, *(key for line in claim.lines for key in line.reasons)))
    first = next((r for r in map(reason, keys) if _speaks(r, own.category)), None)
    if first is None:
        return (_status(own),)
    statuses = [_stated(first, own.category, first.status)]
    if claim.status == "denied" and first.line_status:
        statuses.append(_stated(first, own.category, first.line_status))
    return tuple(statuses)


def _has_reasons(claim: ClaimRecord) -> bool:
    """Reversed and predetermined claims say what became of them, not what decided them."""
    return claim.status in ("paid", "denied", "pended")


def _speaks(row: ReasonCodes, category: str) -> bool:
    """True when the row has a status for an outcome of this category. A row without a category denies."""
    return bool(row.status) and _kind(row.category or "F2") == _kind(category)


def _kind(category: str) -> str:
    """Pending (P, R), payment or its absence (F1, F4), denial (the rest)."""
    if category[:1] in ("P", "R"):
        return "pending"
    return "payment" if category in ("F1", "F4") else "denial"


def _stated(row: ReasonCodes, category: str, code: str) -> Status:
    """Where a row has two statuses, the entity goes with the one that asks for it."""
    whom = "" if row.line_status and not names_entity(code) else row.entity
    return Status(row.category or category, code, whom)


def _references(claim: ClaimRecord, inquiry: ClaimInquiry) -> tuple[Reference, ...]:
    known = [Reference("1K", claim.claim_number)]
    if _bill_type(claim):
        known.append(Reference("BLT", _bill_type(claim)))
    known.append(Reference("EJ", claim.control_number))
    if claim.clearinghouse_trace:
        known.append(Reference("D9", claim.clearinghouse_trace))
    qualifiers = {r.qualifier for r in known}
    return _returnable((*known, *(r for r in inquiry.references if r.qualifier not in qualifiers)))


# -- lines -----------------------------------------------------------------------------------------


def _lines(
    inquiry: ClaimInquiry, claim: ClaimRecord, active: ClaimState, today: date
) -> Iterator[LineStatus]:
    """The lines that were asked for, all of them when none was. One that the claim does not have is given
    back as it was asked, not found."""
    for line in claim.lines:
        if not inquiry.lines or any(_same_line(want, line) for want in inquiry.lines):
            yield _line(line, claim, active, today)
    for want in inquiry.lines:
        if not any(_same_line(want, line) for line in claim.lines):
            yield _unheld(want, claim, today)


def _unheld(want: LineInquiry, claim: ClaimRecord, today: date) -> LineStatus:
    return LineStatus(
        information=(_plain("status_no_line", today),),
        charge=want.charge or Decimal(0),
        paid=Decimal(0),
        procedure=want.procedure,
        revenue_code=want.revenue_code,
        units=want.units,
        line_control_number=want.line_control_number,
        period=want.period or Period("472", claim.service_begin, claim.service_end),
    )


def _same_line(want: LineInquiry, line: LineRecord) -> bool:
    """True when everything that was sent of a line agrees; a line without a number of its own is known by
    LX01, as the 277CA and 835 name it."""
    if want.line_control_number and want.line_control_number != (line.control_number or line.number):
        return False
    if want.procedure and not _same_procedure(want.procedure, line.procedure):
        return False
    if want.revenue_code and want.revenue_code != line.revenue_code:
        return False
    if want.period and line.period:
        return want.period.begin <= line.period.end and line.period.begin <= want.period.end
    return True


def _same_procedure(want: Procedure, have: Procedure | None) -> bool:
    """The same code, with the modifiers that were named."""
    return have is not None and want.code == have.code and set(want.modifiers) <= set(have.modifiers)


def _line(line: LineRecord, claim: ClaimRecord, active: ClaimState, today: date) -> LineStatus:
    effective = (claim.adjudicated or today) if active.finalized else today
    period = line.period or Period("472", claim.service_begin, claim.service_end)
    reported = active.finalized and not _gone(claim)
    return LineStatus(
        information=(StatusInformation((_line_status(line, claim, active),), effective),),
        charge=abs(line.charge),
        paid=line.paid if reported else Decimal(0),
        procedure=line.procedure,
        revenue_code=line.revenue_code,
        units=line.quantity,
        line_control_number=line.control_number,
        period=Period("472", period.begin, period.end),
    )


def _line_status(line: LineRecord, claim: ClaimRecord, active: ClaimState) -> Status:
    """A line says its own reason whatever became of the claim; without one, what the claim says."""
    if not _has_reasons(claim):
        return _status(reason(active.key))
    rows_ = [r for r in map(reason, line.reasons) if r.status]
    if claim.status == "paid":
        payment = reason(_payment(line.paid, claim))
        # A line that was cut back is still paid; one without money says why.
        stated = next((r for r in rows_ if not line.paid or _speaks(r, payment.category)), None)
        return _stated(stated, "F2", stated.line_status or stated.status) if stated else _status(payment)
    own = reason(active.key)
    stated = next((r for r in rows_ if _speaks(r, own.category)), None)
    if stated is None:
        return _claim_statuses(claim, active)[0]
    return _stated(stated, own.category, stated.line_status or stated.status)
