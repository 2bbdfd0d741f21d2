"""The tests of a service line that look at one thing each and deny the whole line (CONTRACT section 5).

`first_failure` runs them in order; a line that passes goes on to approvals, limits and money."""

from collections.abc import Callable
from datetime import date

from x12_payer.adjudication.claims.authorization import consented
from x12_payer.adjudication.claims.case import ClaimCase, LineCase
from x12_payer.adjudication.records import LineRecord
from x12_payer.authorization.duplicates import NO_PROCEDURE, Item, days_of, line_key
from x12_payer.authorization.lists import listed
from x12_payer.authorization.plans.plan import in_network
from x12_payer.edi.codes.frequencies import REPLACEMENT
from x12_payer.edi.messages.claim import ServiceLine
from x12_payer.edi.messages.common import Period
from x12_payer.edi.tables import reasons

NO_LONGER_COVERED = "claim_no_longer_covered"


def not_eligible(case: ClaimCase, day: date) -> str:
    """Why no coverage span includes the line's date: after one that ended, or before the first."""
    if any(span.effective_date <= day for span in case.facts.member.spans):
        return NO_LONGER_COVERED
    return "claim_not_yet_covered"


def is_duplicate(at: LineCase) -> bool:
    """What makes two lines the same (authorization/duplicates.py) was decided before (scenario C16)."""
    if not at.case.active:
        return False
    key = line_key(line_item(at.case.billing_npi, at.line, at.period))
    decided = (line_item(c.billing_npi, line, line.period) for c in at.case.active for line in c.lines)
    return any(line_key(one) == key for one in decided)


def line_item(
    npi: str,
    line: ServiceLine | LineRecord,
    period: Period | None,
    place: str = "",
    renderers: tuple[str, ...] = (),
) -> Item:
    """A claim line, sent or decided, as it is compared with others; `npi` is who bills it."""
    what, (begin, end) = line.procedure or NO_PROCEDURE, days_of(period) or (None, None)
    return Item(
        npi=npi,
        code=what.code,
        code_to=what.code_to,
        modifiers=what.modifiers,
        revenue_code=line.revenue_code,
        sites=line.sites,
        begin=begin,
        end=end,
        quantity=line.quantity,
        charge=line.charge,
        place=place,
        renderers=renderers,
    )


def filed_late(at: LineCase) -> bool:
    """Received more than the filing limit after the service, without an accepted delay reason (CLM20). A
    correction has a limit of its own, which was held at the door."""
    if at.case.effect == REPLACEMENT:
        return False
    late = (at.case.received - at.period.end).days > at.case.payer.timely_filing_days
    return late and not listed("accepted_delay", at.case.claim.delay_reason)


def other_payer_first(at: LineCase) -> bool:
    """Billed to us as primary while another payer is primary that day (CHI-07)."""
    if not at.case.facts.other_coverage:
        return False
    day = at.day
    return at.case.claim.is_billed_first and any(
        c.order == "primary"
        and c.effective_date <= day
        and (c.termination_date is None or day <= c.termination_date)
        for c in at.case.facts.other_coverage
    )


def not_orthodontist(at: LineCase) -> bool:
    """Covered orthodontic treatment by somebody who is no orthodontist (DEN-16)."""
    if not at.cost.covered or not listed("orthodontia_category", at.requirement.category):
        return False
    service = at.service
    return not (
        listed("orthodontist_role", service.provider_role)
        or listed("orthodontist_taxonomy", service.provider_taxonomy)
        or (not service.provider_role and listed("orthodontist_taxonomy", _taxonomy_sent(at)))
    )


def _taxonomy_sent(at: LineCase) -> str:
    claim = at.case.claim
    party = next(
        (p for p in (*at.line.providers, *claim.providers) if p.entity == "82"), claim.billing_provider
    )
    return party.taxonomy


def therapist_not_contracted(at: LineCase) -> bool:
    """A contracted group bills therapy by a therapist without a contract (PTO-20)."""
    billing = at.case.billing_npi
    return (
        at.rendering_npi not in ("", billing)
        and listed("therapy_category", at.requirement.category)
        and at.service.in_network
        and not in_network(at.plan, at.case.directory, at.rendering_npi, at.day)
    )


_HISTORY: tuple[tuple[Callable[[LineCase], bool], str], ...] = (
    (is_duplicate, "claim_duplicate"),
    (filed_late, "claim_filed_late"),
)
_ALWAYS: tuple[tuple[Callable[[LineCase], bool], str], ...] = (
    (other_payer_first, "claim_other_payer_first"),
    (not_orthodontist, "claim_not_orthodontist"),
    (therapist_not_contracted, "claim_therapist_not_contracted"),
)
_EVERY = (*_HISTORY, *_ALWAYS)


def first_failure(at: LineCase) -> str:
    """The key of the first test the line fails, '' when none. A predetermination has no history."""
    tests = _ALWAYS if at.case.claim.predetermination else _EVERY
    for fails, key in tests:
        if fails(at):
            return key
    return ""


def not_covered(at: LineCase) -> str:
    """Why the plan does not cover the service: what the plan's row says where that has a CARC. The provider
    owes it, unless the member agreed to be billed (GEN-37)."""
    own = reasons()["claim_not_covered"]
    row = reasons().get(at.cost.reason, own)
    found = row if row.carc else own
    return "claim_not_covered_consent" if found.carc == own.carc and _agreed(at) else found.key


def _agreed(at: LineCase) -> bool:
    """In writing and on file, or said by a modifier."""
    return consented(at) or any(listed("agreed_modifier", one) for one in at.service.modifiers)
