"""Which approvals a service line may be booked against (CONTRACT section 5, "837", and 7, "Approvals";
wire_rules section 8).

The first test that leaves no approval names the reason (a key of reasons.csv); nothing here counts money.
Those that fit come in groups, the best first: named on the line, on the claim, then found by search; among
these the exact code, the narrower range, the service type; in a group the first to expire is first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from x12_payer.authorization.facts import Approval
from x12_payer.authorization.lists import listed
from x12_payer.authorization.plans.category import category_of_type
from x12_payer.authorization.plans.plan import category
from x12_payer.authorization.services import Service
from x12_payer.edi.codes.ranges import in_range
from x12_payer.edi.frozen import frozen

_FOREVER = date.max
_ANY_CODE = 36**12  # wider than every range of codes


@frozen
class Wanted:
    """What one service line needs an approval for.

    category and service_type: as the plans know the line. codes: HCPCS, then revenue code. providers: every
    NPI that may have been approved (billing, rendering, facility). days: the dates of the line, of a stay the
    day of admission. whole: every date has to be inside one approval (exact matching). notice: an admission
    that the plan wants a notice of. inpatient: rendered in a hospital, which decides what some types mean."""

    category: str
    service_type: str
    codes: tuple[str, ...]
    modifiers: frozenset[str]
    providers: frozenset[str]
    days: tuple[date, ...]
    stay: bool = False
    whole: bool = False
    notice: bool = False
    inpatient: bool = False


@frozen
class Named:
    """The authorization numbers (REF*G1) of the line and of the claim; both count, the line's first."""

    line: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()

    def __contains__(self, approval: Approval) -> bool:
        """True when one of the numbers is the approval's own, or that of its case."""
        return self.rank(approval) < len((self.line, self.claim))

    def __bool__(self) -> bool:
        return bool(self.line or self.claim)

    def rank(self, approval: Approval) -> int:
        """0 for an approval named on the line, 1 on the claim, 2 on neither."""
        own = {approval.number, approval.case_number} - {""}
        return next((n for n, given in enumerate((self.line, self.claim)) if own & set(given)), 2)


@frozen
class Match:
    """The approvals that fit, in groups of equals, the best first; or why none does.

    lack: `none` nothing is on file, `void` nothing that counts for this member (cancelled, another's),
    `misfit` something is but does not fit or was denied."""

    lots: tuple[tuple[Approval, ...], ...] = ()
    reason: str = ""
    lack: str = ""

    @property
    def first(self) -> Approval:
        """The approval that comes first."""
        return self.lots[0][0]


def find(
    wanted: Wanted,
    named: Named,
    approvals: Sequence[Approval],
    others: Mapping[str, tuple[Approval, ...]],
) -> Match:
    """The approvals of a line: by the numbers on line and claim when there are any, else by search.

    `approvals` are the member's; `others` what is on file by number for anybody."""
    if named:
        return _by_number(wanted, named, approvals, others)
    return _by_search(wanted, approvals)


def referral(wanted: Wanted, approvals: Sequence[Approval], numbers: Sequence[str]) -> Match:
    """The approved referrals of the member to one of the providers on the day (CONTRACT section 5)."""
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
    return Match((tuple(sorted(named or fits, key=_expiry)),))


def _by_number(
    wanted: Wanted,
    named: Named,
    approvals: Sequence[Approval],
    others: Mapping[str, tuple[Approval, ...]],
) -> Match:
    given = [a for a in approvals if a in named]
    if not given and any(others.get(number) for number in (*named.line, *named.claim)):
        return Match(reason="claim_authorization_of_another_member", lack="void")
    counting = [a for a in given if _counts(a, wanted)]
    approved = [a for a in counting if a.status == "approved"]
    if not approved:
        return _not_approved(counting)
    for test, key in _TESTS:
        approved = [a for a in approved if test(a, wanted)]
        if not approved:
            return _not_approved_though_fitting(counting, wanted) or Match(reason=key, lack="misfit")
    return Match(_ordered(wanted, approved, named))


def _by_search(wanted: Wanted, approvals: Sequence[Approval]) -> Match:
    fits = [a for a in approvals if _counts(a, wanted) and _fits(a, wanted)]
    approved = [a for a in fits if a.status == "approved"]
    if approved:
        return Match(_ordered(wanted, approved, Named()))
    return _not_approved([a for a in fits if a.status == "denied"])


def _counts(approval: Approval, wanted: Wanted) -> bool:
    """A referral is no authorization; a notice is one for an admission that the plan wants a notice of."""
    return approval.kind == "authorization" or (approval.kind == "notification" and wanted.notice)


def _not_approved_though_fitting(given: Iterable[Approval], wanted: Wanted) -> Match | None:
    """A row of the number is the line's own, and was denied or cancelled: that is the reason."""
    fits = [a for a in given if a.status in ("denied", "cancelled") and _fits(a, wanted)]
    return _not_approved(fits) if fits else None


def _not_approved(found: Sequence[Approval]) -> Match:
    if any(a.status == "denied" for a in found):
        return Match(reason="claim_authorization_denied", lack="misfit")
    if any(a.status == "cancelled" for a in found):
        return Match(reason="claim_authorization_cancelled", lack="void")
    return Match(reason="claim_no_authorization", lack="none")


# -- the tests, in their order ---------------------------------------------------------------------


def provider_fits(approval: Approval, wanted: Wanted) -> bool:
    """The approved provider bills, renders or is the facility (PTO-11: the group, not its therapist)."""
    return approval.provider_npi in wanted.providers or not approval.provider_npi


def code_fits(approval: Approval, wanted: Wanted) -> bool:
    """The service type, and the code: exact, in the approved range, or any when none was named; with the
    modifiers approved."""
    if not _service_type_fits(approval, wanted):
        return False
    if wanted.stay and approval.unit == "DY":
        return True  # days of a stay approved with its procedure
    if approval.code and not any(in_range(c, approval.code, approval.code_to) for c in wanted.codes):
        return False
    needed = (m for m in approval.modifiers if not listed("informational_modifier", m))
    return all(m in wanted.modifiers for m in needed)


def dates_fit(approval: Approval, wanted: Wanted) -> bool:
    """It holds on a date of the line; on every one of a line that is covered whole or not at all."""
    inside = (approval.holds_on(day) for day in wanted.days)
    return all(inside) if wanted.whole else any(inside)


_TESTS: tuple[tuple[Callable[[Approval, Wanted], bool], str], ...] = (
    (provider_fits, "claim_authorization_provider"),
    (code_fits, "claim_authorization_code"),
    (dates_fit, "claim_authorization_dates"),
)


def _fits(approval: Approval, wanted: Wanted) -> bool:
    return all(test(approval, wanted) for test, _ in _TESTS)


def _service_type_fits(approval: Approval, wanted: Wanted) -> bool:
    """The approved service type is the line's, or is known by the same category; with a code or without.

    A type that names no kind of service (unknown to the plans, or only where: hospital, surgery) leaves it to
    the code, but never lets one therapy be another."""
    known = category_of_type(approval.service_type, wanted.inpatient)
    if known == wanted.category or approval.service_type == wanted.service_type:
        return True
    if wanted.stay and approval.unit == "DY":
        # an admission is approved under the type it was asked for (medical, surgical, psychiatric ...)
        return not listed("days_category", known) and not listed("therapy_category", known)
    if not approval.code or not wanted.category:
        return bool(approval.code)
    if known and not listed("general_category", known):
        return False
    under = _category_under(approval, wanted)
    return not (listed("therapy_category", under) and listed("therapy_category", wanted.category))


def _category_under(approval: Approval, wanted: Wanted) -> str:
    """The category of an approved code by its own modifiers; '' when it is the line's."""
    code = next((c for c in wanted.codes if c), "")
    found = category(Service(day=wanted.days[0], code=code, modifiers=approval.modifiers))
    return "" if found == wanted.category else found


# -- their order -----------------------------------------------------------------------------------


def _ordered(wanted: Wanted, fits: Iterable[Approval], named: Named) -> tuple[tuple[Approval, ...], ...]:
    """In groups of equals, each in the order of expiry."""

    def preference(approval: Approval) -> tuple[int, int]:
        return named.rank(approval), _width(approval, wanted)

    ordered = sorted(fits, key=lambda a: (preference(a), _expiry(a)))
    return tuple(tuple(group) for _, group in groupby(ordered, preference))


def _expiry(approval: Approval) -> tuple[date, str, str]:
    return approval.expiration_date or _FOREVER, approval.number, approval.key


def _width(approval: Approval, wanted: Wanted) -> int:
    """How many codes the approval speaks of: 0 the exact one, then its range, at last all of the type."""
    first, last = approval.code, approval.code_to or approval.code
    if not any(in_range(code, first, last) for code in wanted.codes):
        return _ANY_CODE
    return _place(last) - _place(first)


def _place(code: str) -> int:
    """Codes in the order of their characters, as numbers."""
    return int(code, 36) if code.isalnum() and code.isascii() else 0
