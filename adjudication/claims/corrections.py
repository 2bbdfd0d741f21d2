"""Which claim a correction or void means: the chain of a claim and its corrections (CONTRACT section 7).

A claim, its replacement, the replacement of that and so on are one chain, and at most one claim of it is
in force. REF*F8 may name any claim of the chain and means the one in force, because senders keep the
first number we gave them. After a void none is.

A correction that pends waits at the end of its chain, and what it corrects stays in force meanwhile: for
units, duplicates, status and everybody else. The next correction or void replaces the one that is
waiting, which is withdrawn and never decided. So a void that names the waiting correction takes back what
that one would have replaced, as if the correction had been decided in time."""

from collections.abc import Iterable, Mapping
from datetime import date

from x12_payer.adjudication.records import ClaimRecord
from x12_payer.edi.frozen import frozen

Claims = Mapping[str, ClaimRecord]


@frozen
class Meant:
    """What a correction or void takes away. `active`: the decided claim to be reversed, None when nothing
    was decided yet; `waiting`: claims that pend and are withdrawn, the first of a chain first."""

    active: ClaimRecord | None
    waiting: tuple[ClaimRecord, ...] = ()

    @property
    def claim(self) -> ClaimRecord | None:
        """The claim that is corrected: the decided one, else the one that waits; None without either."""
        return self.active or (self.waiting[-1] if self.waiting else None)


def by_number(claims: Iterable[ClaimRecord]) -> Claims:
    """Claims by our claim control number."""
    return {claim.claim_number: claim for claim in claims}


def last_of_chain(number: str, claims: Claims) -> ClaimRecord | None:
    """The claim at the end of the chain that the number belongs to: decided or waiting; None when it was
    voided or is not ours."""
    claim = claims.get(number)
    while claim is not None and claim.status == "reversed":
        claim = claims.get(claim.replaced_by)
    return None if claim is None or claim.status == "reversal" else claim


def meant(number: str, claims: Claims) -> Meant:
    """What a correction that names this number takes away."""
    found = last_of_chain(number, claims)
    waiting: list[ClaimRecord] = []
    while found is not None and found.status == "pended":
        waiting.insert(0, found)
        found = last_of_chain(found.replaces, claims) if found.replaces else None
        if found is not None and found.claim_number in {c.claim_number for c in waiting}:
            found = None
    if found is not None:
        known = {c.claim_number for c in waiting}
        waiting += [c for c in claims.values() if c.claim_number not in known and waits_for(c, found, claims)]
    return Meant(found, tuple(waiting))


def waits_for(claim: ClaimRecord, active: ClaimRecord, claims: Claims) -> bool:
    """True for a correction that pends and would take the place of the claim in force."""
    if claim.status != "pended" or not claim.replaces:
        return False
    last = last_of_chain(claim.replaces, claims)
    return last is not None and last.claim_number == active.claim_number


def last_remitted(number: str, claims: Claims) -> date | None:
    """The latest remittance of a claim and of what it replaced."""
    days: list[date] = []
    claim = claims.get(number)
    seen: set[str] = set()
    while claim is not None and claim.claim_number not in seen:
        seen.add(claim.claim_number)
        if claim.remitted is not None:
            days.append(claim.remitted)
        claim = claims.get(claim.replaces)
    return max(days, default=None)
