"""What the audit says was decided: our own numbers, statuses, amounts and the keys of reasons (reasons.csv
names the rule behind each). No value of a person."""

from collections.abc import Container, Iterable
from typing import Any

from x12_payer.adjudication.pipeline.own_check import OWN_CHECK
from x12_payer.adjudication.pipeline.values import Report
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.edi.frozen import frozen

REPORTED = ("interchange", "ta1", "sets", "accepted", "rejected", "claims_refused")

DecidedClaim = tuple[str, str, str, str]  # number, status, dollars paid, keys of reasons


@frozen
class Decided:
    """What one interchange decided. events: of a 278, number, status and reason. remittances: trace, payee
    and dollars."""

    claims: tuple[DecidedClaim, ...] = ()
    events: tuple[tuple[str, ...], ...] = ()
    remittances: tuple[tuple[str, str, str], ...] = ()


def of_interchange(report: Report, decided: Decided) -> dict[str, Any]:
    """One inbound interchange; what is empty is left out."""
    found = {name: getattr(report, name) for name in REPORTED}
    found |= {"claims": decided.claims, "events": decided.events, "remittances": decided.remittances}
    found |= {"answers": report.answers}
    return {name: value for name, value in found.items() if value}


def of_claims(claims: Iterable[ClaimRecord], held: Container[str] = ()) -> tuple[DecidedClaim, ...]:
    """The claims as decided; those that our own check held wait."""
    return tuple(
        [
            (c.claim_number, "pended", "0", OWN_CHECK)
            if c.claim_number in held
            else (c.claim_number, c.status, str(c.paid), _reasons(c))
            for c in claims
        ]
    )


def _reasons(claim: ClaimRecord) -> str:
    return " ".join(dict.fromkeys((*claim.reasons, *[key for line in claim.lines for key in line.reasons])))
