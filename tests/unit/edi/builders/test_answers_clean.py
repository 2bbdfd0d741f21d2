"""What the engines answer is clean under the guides of 271, 277 and 277CA once it is built."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from tests.worlds.payer.payer_world import (
    DIRECTORY,
    EVERYBODY,
    PAYER,
    PCP,
    PPO,
    ROSTER,
    SPECIALIST,
    TODAY,
    as_sent,
    claim,
    day,
    line_record,
    member,
    payer,
    person,
    provider,
    record,
    service_line,
)
from tests.worlds.text.outbound import lines
from x12_payer.adjudication.claim_status import ClaimsOnFile, decide_status
from x12_payer.adjudication.claims.front_end import NO_EDITS, check_claim
from x12_payer.adjudication.eligibility.engine import CoverageOnFile, decide_eligibility
from x12_payer.adjudication.people import Roster
from x12_payer.adjudication.records import ClaimRecord, OtherCoverage
from x12_payer.authorization.facts import MemberFacts
from x12_payer.authorization.parties import Member
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.edits.claims import ClaimEdits
from x12_payer.edi.messages.claim import ClaimAcknowledgment, ClaimAcknowledgmentSet, ClaimSet
from x12_payer.edi.messages.claim_status import ClaimInquiry, ClaimStatusResponse, Status
from x12_payer.edi.messages.common import Party, Period, Person, Procedure, Reference, SetHeader, Trace
from x12_payer.edi.messages.eligibility import EligibilityInquiry, EligibilityResponse, ServiceInquiry
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import OutSegment, Source

ISA = (
    "ISA*00*          *00*          *ZZ*NORTHSTAR      *ZZ*CLEARCO01      "
    "*260706*1015*^*00501*000000001*0*T*:"
)


def findings(segments: Sequence[OutSegment], set_id: str, version: str, group: str) -> list[str]:
    """Codes and places of everything the guide check says of the built set."""
    body = [f"ST*{set_id}*0001*{version}", *lines(segments)]
    file = [
        ISA,
        f"GS*{group}*NORTHSTAR*CLEARCO01*20260706*1015*1*X*{version}",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    source = Source(data="".join(f"{line}~\n" for line in file).encode("latin-1"))
    checked = [s for i in check_interchanges(source, every_guide=True) for g in i.groups for s in g.sets]
    assert len(checked) == 1
    return [f"{d.code} {d.position}" for d in checked[0].diagnostics]


def eligibility(*services: ServiceInquiry, who: Person, **changes: Any) -> list[str]:
    values: dict[str, Any] = {
        "levels": ("1", "2", "3"),
        "source": payer(),
        "receiver": provider(PCP),
        "subscriber": who,
        "traces": (Trace("1", "T1", "9CLEARCO01"),),
        "services": services,
    }
    asked = EligibilityInquiry(**{**values, **changes})
    spans = (*EVERYBODY, *EACH_PLAN)
    other = OtherCoverage("", "FIRST MUTUAL", "FM1", "POL7", "primary", date(2026, 1, 1))
    on_file = CoverageOnFile(
        lambda m: MemberFacts(m, tuple(s for s in spans if s.member_id == m)),
        DIRECTORY,
        shipped_plans(),
        PAYER,
        lambda _: (other,),
    )
    answer = decide_eligibility(asked, Roster(spans), on_file, TODAY)
    header = SetHeader("270", "0001", "005010X279A1", reference="R1")
    return findings(build_271(EligibilityResponse(header, (answer,)), TODAY), "271", "005010X279A1", "HB")


EACH_PLAN = tuple(
    member(f"P{n:03}", "QUILL", "NED", date(1985, 6, 15), plan, pcp=PCP)
    for n, plan in enumerate(sorted(shipped_plans()))
)
SERVICES = (
    ServiceInquiry(("30",)),
    ServiceInquiry(("98", "PT", "33", "62"), place_of_service="22"),
    ServiceInquiry((), Procedure("HC", "81432", ("59",))),
    ServiceInquiry(("ON", "48", "35", "38", "BB", "64")),
    ServiceInquiry(("98",), period=day(date(2027, 1, 1), "291")),
)


@pytest.mark.parametrize("who", EACH_PLAN, ids=lambda m: m.plan_id)
def test_271_of_every_plan(who: Member) -> None:
    assert eligibility(*SERVICES, who=as_sent(who)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"source": payer("OTHER")},
        {"receiver": provider("1911111115")},
        {"who": person("ZULU", "ANN", date(1970, 1, 1), "M999")},
        {"who": person("SMITH", "JOHN", date(1980, 1, 1))},
        {"who": person(member_id="M200")},
        {"period": day(date(2020, 1, 1), "291")},
        {
            "who": as_sent(EVERYBODY[0]),
            "dependent": as_sent(EVERYBODY[1], "03"),
            "levels": ("1", "2", "3", "4"),
        },
        {"who": as_sent(EVERYBODY[0]), "dependent": as_sent(PPO, "03"), "levels": ("1", "2", "3", "4")},
        {"who": as_sent(EVERYBODY[4])},
        {"period": Period("291", date(2026, 1, 1), date(2026, 12, 31), "RD8")},
    ],
)
def test_271_of_every_refusal(changes: dict[str, Any]) -> None:
    assert eligibility(SERVICES[0], **{"who": as_sent(PPO), **changes}) == []


RECORDS = (
    record("N1"),
    record("N2", status="pended", adjudicated=None, remitted=None, trace="", paid=Decimal(0)),
    record("N3", lines=(line_record("1", "140", "0", "claim_no_authorization"),), status="denied"),
    record("N4", status="reversed", replaced_by="N5"),
    record(
        "N5",
        kind="I",
        clearinghouse_trace="CH1",
        lines=(evolve(line_record(), procedure=None, revenue_code="0120"),),
    ),
)


@pytest.mark.parametrize("held", [RECORDS, (), *((r,) for r in RECORDS)])
@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, True),
        ({}, False),
        ({"provider": provider("1888888884")}, True),
        ({"subscriber": person("ZULU", "ANN", date(1970, 1, 1), "M999")}, True),
        ({"references": (Reference("EJ", "PC-1"), Reference("6P", "G")), "charge": Decimal(140)}, True),
    ],
)
def test_277(held: tuple[ClaimRecord, ...], changes: dict[str, Any], known: bool) -> None:
    values: dict[str, Any] = {
        "levels": ("1", "2", "3", "4"),
        "payer": payer(),
        "receiver": Party("41", "2", "CLEARCO", id_qualifier="46", id="CLEARCO01"),
        "provider": provider(SPECIALIST),
        "subscriber": as_sent(PPO),
        "trace": Trace("1", "CS-1"),
    }
    asked = ClaimInquiry(**{**values, **changes})
    answer = decide_status(asked, ROSTER, ClaimsOnFile(lambda _: held, DIRECTORY, PAYER), known, TODAY)
    header = SetHeader("276", "0001", "005010X212", reference="R1")
    built = build_277(ClaimStatusResponse(header, payer(), (answer,)), TODAY)
    assert findings(built, "277", "005010X212", "HN") == []


def edits_of(row: dict[str, str]) -> ClaimEdits:
    """What a row of claim_edits.csv says, of the claim and of its line."""
    status = Status(row["category"], row["status"], row["entity"].replace("*", "82"))
    return ClaimEdits((status,), {9: (status,)})


def test_277ca_of_every_finding() -> None:
    line = evolve(service_line("2"), position=9)
    parties = {r["status_entity"] for r in rows("claim_entities")}
    sent = [
        (claim(PPO, payer=payer("OTHER")), NO_EDITS),
        (claim(PPO, frequency="7", responsibility="S"), NO_EDITS),
        (claim(PPO, subscriber=person("ZULU", "ANN", date(1970, 1, 1), "M999")), NO_EDITS),
        *((claim(PPO, line), edits_of(row)) for row in rows("claim_edits") if row["status"]),
        *((claim(PPO), ClaimEdits((Status("A7", "562", entity),))) for entity in sorted(parties)),
    ]
    acknowledged = []
    for one, edits in sent:
        result = check_claim(one, ROSTER, DIRECTORY, PAYER, edits=edits)
        assert not result.accepted
        acknowledged.append(ClaimAcknowledgment(one, False, result.statuses, lines=result.lines))
    assert sum(bool(a.lines) for a in acknowledged) > 50
    header = SetHeader("837", "0001", "005010X222A1", reference="R1")
    claims = ClaimSet(header, "P", Party("41", "2", "CLEARCO", id_qualifier="46", id="C1"), Party("40"))
    ours = Party("PR", "2", "NORTH STAR", id_qualifier="PI", id="NST01")
    ack = ClaimAcknowledgmentSet(claims, ours, "1", TODAY.date(), TODAY.date(), tuple(acknowledged))
    assert findings(build_277ca(ack, TODAY), "277", "005010X214", "HN") == []


def test_the_check_itself_would_notice() -> None:
    header = SetHeader("276", "0001", "005010X212", reference="R1")
    built = build_277(ClaimStatusResponse(header, payer(), ()), TODAY)
    assert findings([*built, ("ZZZ", "1")], "277", "005010X212", "HN") != []
