"""What the conductor passes along: the settings of a run, one answer, the report of one interchange."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from attrs import asdict

from x12_payer.adjudication.records import Payee
from x12_payer.authorization.parties import Payer
from x12_payer.authorization.plans.plan import Plan
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Party
from x12_payer.edi.wire.segments import OutSegment

Body = Sequence[OutSegment]


@frozen
class Settings:
    """One run: who we are, what is loaded, and the only clock."""

    payer: Payer
    plans: Mapping[str, Plan]
    partners: frozenset[tuple[str, str]]
    payees: Mapping[str, Payee]
    as_of: datetime
    pay: bool = True
    any_partner: bool = False
    maps: Path | None = None  # the user's own code lists and overlays


def payer_party(settings: Settings, entity: str, qualifier: str) -> Party:
    """We, as an NM1 names us."""
    payer = settings.payer
    return Party(entity, "2", payer.name, id_qualifier=qualifier, id=payer.payer_id)


@frozen
class Answer:
    """One outbound transaction set: file kind, GS01, version (GS08) and its body."""

    kind: str  # 271 277 278 277CA 835 999
    set_id: str
    functional_id: str
    version: str
    body: Body
    pended: int = 0  # events of a 278 that wait for a reviewer
    events: tuple[tuple[str, ...], ...] = ()  # of a 278, for the audit: number, status, reason


@frozen
class Acknowledged:
    """What the other side says of a file of ours. Codes and control numbers only."""

    kind: str  # TA1 999 997 824 277CA
    file: str  # ours, '' when it answers nothing we sent
    result: str  # accepted, errors, part, rejected, unclear
    refers_to: str  # ISA13, GS01 and GS06, as named
    details: tuple[str, ...] = ()  # what is not accepted: 'set 0001 (5)'
    repeats: int = 0  # how often the same was acknowledged before


@frozen
class Report:
    """What became of one inbound interchange. Control numbers and counts only."""

    file: str
    interchange: str  # ISA13
    ta1: str = ""  # note code when refused
    sets: int = 0
    accepted: int = 0
    rejected: int = 0
    claims: int = 0
    claims_refused: int = 0  # in the 277CA
    claims_denied: int = 0
    claims_pended: int = 0
    claims_paid: int = 0  # with money or without
    requests_pended: int = 0  # events of a 278 that wait for a reviewer
    answers: tuple[str, ...] = ()  # file names
    paid: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()
    repeated: bool = False
    unreadable: bool = False
    failed: bool = False  # by a fault of ours
    groups_rejected: int = 0  # as a whole
    acknowledged: tuple[Acknowledged, ...] = ()  # what came in of files of ours

    @property
    def refused(self) -> bool:
        """True when TA1 or 999 rejected something."""
        return bool(self.ta1) or self.rejected > 0 or self.groups_rejected > 0 or self.unreadable


def report_text(report: Report) -> str:
    """A report as JSON text."""
    return json.dumps({**asdict(report), "paid": str(report.paid)}, separators=(",", ":"))


def report_from(text: str) -> Report:
    """The report `report_text` made the text from."""
    values = json.loads(text)
    values.setdefault("claims_refused", values.pop("claims_rejected", 0))  # the name before 0.2
    values.update(
        paid=Decimal(values["paid"]),
        answers=tuple(values["answers"]),
        notes=tuple(values["notes"]),
        acknowledged=tuple(
            Acknowledged(**{**one, "details": tuple(one["details"])})
            for one in values.get("acknowledged", ())
        ),
    )
    return Report(**values)
