"""Which approvals a service line may be booked against (CONTRACT section 5, "837"; wire_rules section 8).

The first test that leaves no approval names the reason (a key of reasons.csv); nothing here counts money."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import frozen

from authorization.facts import Approval
from authorization.lists import listed
from authorization.plan import category
from authorization.services import Service
from authorization.units import ZERO, Ledger
from edi.code_ranges import in_range

_FOREVER = date.max


@frozen
class Wanted:
    """What one service line needs an approval for.

    category and service_type: as the plans know the line. codes: HCPCS, then revenue code. providers: every
    NPI that may have been approved (billing, rendering, facility). stay: a day of an inpatient or residential
    stay, tested on the admission date."""

    category: str
    service_type: str
    codes: tuple[str, ...]
    modifiers: frozenset[str]
    providers: frozenset[str]
    begin: date
    end: date
    stay: bool = False
    at_least: Decimal = ZERO  # units an approval must still have to be chosen before another (exact matching)


@frozen
class Match:
    """The approvals that fit, all of one number and first to expire first; or why none does.

    lack: `none` nothing is on file, `void` nothing that counts for this member (cancelled, another's),
    `misfit` something is but does not fit or was denied."""

    lots: tuple[Approval, ...] = ()
    reason: str = ""
    lack: str = ""


def find(
    wanted: Wanted,
    numbers: Sequence[str],
    approvals: Sequence[Approval],
    others: Mapping[str, tuple[Approval, ...]],
    ledger: Ledger,
) -> Match:
    """The approvals of a line: by the numbers on the claim when there are any, else by search.

    `approvals` are the member's; `others` what is on file by number for anybody."""
    own = [a for a in approvals if a.kind != "referral"]
    if numbers:
        return _by_number(wanted, numbers, own, others, ledger)
    return _by_search(wanted, own, ledger)


def referral(wanted: Wanted, approvals: Sequence[Approval], numbers: Sequence[str], ledger: Ledger) -> Match:
    """The approved referral of the member to one of the providers on the day (CONTRACT section 5)."""
    fits = [
        a
        for a in approvals
        if a.kind == "referral"
        and a.status == "approved"
        and provider_fits(a, wanted)
        and dates_fit(a, wanted)
    ]
    if not fits:
        return Match(reason="claim_no_referral", lack="none")
    named = [a for a in fits if a.number in numbers]
    lots = _first_to_expire(wanted, named or fits, ledger)
    return Match(lots)


def _by_number(
    wanted: Wanted,
    numbers: Sequence[str],
    approvals: Sequence[Approval],
    others: Mapping[str, tuple[Approval, ...]],
    ledger: Ledger,
) -> Match:
    named = [a for a in approvals if a.number in numbers or (a.case_number and a.case_number in numbers)]
    if not named and any(others.get(number) for number in numbers):
        return Match(reason="claim_authorization_of_another_member", lack="void")
    approved = [a for a in named if a.status == "approved"]
    if not approved:
        return _not_approved(named)
    for test, key in _TESTS:
        approved = [a for a in approved if test(a, wanted)]
        if not approved:
            return Match(reason=key, lack="misfit")
    return Match(_first_to_expire(wanted, approved, ledger))


def _by_search(wanted: Wanted, approvals: Sequence[Approval], ledger: Ledger) -> Match:
    fits = [a for a in approvals if all(test(a, wanted) for test, _ in _TESTS)]
    approved = [a for a in fits if a.status == "approved"]
    if approved:
        return Match(_first_to_expire(wanted, approved, ledger))
    return _not_approved([a for a in fits if a.status == "denied"])


def _not_approved(found: Sequence[Approval]) -> Match:
    if any(a.status == "denied" for a in found):
        return Match(reason="claim_authorization_denied", lack="misfit")
    if any(a.status == "cancelled" for a in found):
        return Match(reason="claim_authorization_cancelled", lack="void")
    return Match(reason="claim_no_authorization", lack="none")


def provider_fits(approval: Approval, wanted: Wanted) -> bool:
    """The approved provider bills, renders or is the facility (PTO-11: the group, not its therapist)."""
    return approval.provider_npi in wanted.providers or not approval.provider_npi


def code_fits(approval: Approval, wanted: Wanted) -> bool:
    """Exact code, approved range, or any code of the service type; with the modifiers approved."""
    if not approval.code:
        return _service_type_fits(approval, wanted)
    if wanted.stay and approval.unit == "DY":
        return True  # days of a stay approved with its procedure
    if not any(in_range(code, approval.code, approval.code_to) for code in wanted.codes):
        return False
    needed = (m for m in approval.modifiers if not listed("informational_modifier", m))
    return all(m in wanted.modifiers for m in needed)


def dates_fit(approval: Approval, wanted: Wanted) -> bool:
    """Inside effective to expiration, both inclusive; a stay is tested on the day of admission."""
    end = wanted.begin if wanted.stay else wanted.end
    starts = approval.effective_date is None or approval.effective_date <= wanted.begin
    return starts and (approval.expiration_date is None or end <= approval.expiration_date)


_TESTS: tuple[tuple[Callable[[Approval, Wanted], bool], str], ...] = (
    (provider_fits, "claim_authorization_provider"),
    (code_fits, "claim_authorization_code"),
    (dates_fit, "claim_authorization_dates"),
)


def _service_type_fits(approval: Approval, wanted: Wanted) -> bool:
    approved = category(Service(day=wanted.begin, service_type=approval.service_type))
    if approved == wanted.category or approval.service_type == wanted.service_type:
        return True
    # an admission is approved under the service type it was asked for (medical, surgical, psychiatric ...)
    return wanted.stay and approval.unit == "DY" and not listed("days_category", approved)


def _first_to_expire(wanted: Wanted, fits: Sequence[Approval], ledger: Ledger) -> tuple[Approval, ...]:
    """The rows of the number that expires first and still has units; of the first one when none has."""
    ordered = sorted(fits, key=lambda a: (a.expiration_date or _FOREVER, a.number, a.key))
    usable = next((a for a in ordered if _usable(a, wanted, ledger)), ordered[0])
    return tuple(a for a in ordered if a.number == usable.number)


def _usable(approval: Approval, wanted: Wanted, ledger: Ledger) -> bool:
    left = ledger.left(approval)
    return (left > ZERO and left >= wanted.at_least) or (approval.key, wanted.begin) in ledger.counted
