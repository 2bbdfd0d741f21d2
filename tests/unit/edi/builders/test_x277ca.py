"""The 277CA builder: goldens for each level, and that its counts and sums are those of the claims."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.text.bodies import DENTAL, INSTITUTIONAL, PROFESSIONAL, loop_segments
from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.messages.claim import (
    Claim,
    ClaimAcknowledgment,
    ClaimAcknowledgmentSet,
    LineAcknowledgment,
)
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.messages.common import Party, Period, Reference
from x12_payer.edi.parsers.x837 import parse_837
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

PAYER = Party("PR", last_name="ATLANTIC HEALTH PLAN", id_qualifier="PI", id="ATL01")
CREATED = datetime(2026, 7, 16, 9, 5)
ACCEPTED = (Status("A2", "20"),)


def claims_of(body: str, version: str = "005010X222A1") -> list[Claim]:
    return list(parse_837(loop_segments("837", body), DEFAULT_DELIMITERS, version)[1])


def accepted(claim: Claim) -> ClaimAcknowledgment:
    return ClaimAcknowledgment(claim, True, ACCEPTED, f"ICN{claim.ordinal}")


def acknowledgment(*claims: ClaimAcknowledgment, body: str = PROFESSIONAL) -> ClaimAcknowledgmentSet:
    claim_set, _ = parse_837(loop_segments("837", body), DEFAULT_DELIMITERS, "005010X222A1")
    return ClaimAcknowledgmentSet(claim_set, PAYER, "CA1", date(2026, 7, 15), date(2026, 7, 16), claims)


def built(*claims: ClaimAcknowledgment) -> list[str]:
    return lines(build_277ca(acknowledgment(*claims), CREATED))


def test_two_accepted_one_rejected_for_the_patient_one_for_a_line() -> None:
    first, second, child, other = claims_of(PROFESSIONAL)
    line = LineAcknowledgment(first.lines[0], (Status("A7", "454"),))
    rejected_line = ClaimAcknowledgment(first, False, (Status("A7", "454"),), lines=(line,))
    rejected = ClaimAcknowledgment(child, False, (Status("A3", "33", "QC"), Status("A7", "178")), "NOT-SAID")
    assert built(rejected_line, accepted(second), rejected, accepted(other)) == [
        "BHT*0085*08*CA1*20260716*0905*TH",
        "HL*1**20*1",
        "NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01",
        "TRN*1*CA1",
        "DTP*050*D8*20260715",
        "DTP*009*D8*20260716",
        "HL*2*1*21*1",
        "NM1*41*2*CLEARCO CLEARINGHOUSE*****46*CLEARCO01",
        "TRN*2*B1",
        "STC*A1:19:PR*20260716*WQ*690",
        "QTY*90*2",
        "QTY*AA*2",
        "AMT*YU*190",
        "AMT*YY*500",
        "HL*3*2*19*1",
        "NM1*85*2*HARBOR THERAPY*****XX*1933333332",
        "TRN*1*0",
        "STC*A1:19:PR**WQ*550",
        "QTY*QA*1",
        "QTY*QC*2",
        "AMT*YU*50",
        "AMT*YY*500",
        "HL*4*3*PT",
        "NM1*QC*1*RIVERA*JANE*Q**JR*MI*A100000001",
        "TRN*2*PT-1",
        "STC*A7:454*20260716*U*300",
        "DTP*472*RD8*20260708-20260710",
        "SVC*HC:97110:GP:59*150*****3",
        "STC*A7:454**U",
        "REF*FJ*L-1",
        "DTP*472*RD8*20260708-20260710",
        "HL*5*3*PT",
        "NM1*QC*1*RIVERA*JANE*Q**JR*MI*A100000001",
        "TRN*2*PT-2",
        "STC*A2:20*20260716*WQ*50",
        "REF*1K*ICN2",
        "DTP*472*D8*20260712",
        "HL*6*3*PT",
        "NM1*QC*1*HADDAD*SAMI****MI*A100000003",
        "TRN*2*DP-1",
        "STC*A3:33:QC*20260716*U*200",
        "STC*A7:178*20260716*U*200",
        "DTP*472*D8*20260708",
        "HL*7*2*19*1",
        "NM1*85*1*LIN*MEI****XX*1911111114",
        "TRN*1*0",
        "STC*A1:19:PR**WQ*140",
        "QTY*QA*1",
        "AMT*YU*140",
        "HL*8*7*PT",
        "NM1*QC*1*FELD*RUTH****MI*A100000004",
        "TRN*2*OV-1",
        "STC*A2:20*20260716*WQ*140",
        "REF*1K*ICN4",
        "DTP*472*D8*20260709",
    ]


def test_an_institutional_claim_has_its_bill_type_and_statement_dates() -> None:
    (claim,) = claims_of(INSTITUTIONAL, "005010X223A2")
    claim = evolve(claim, references=(*claim.references, Reference("D9", "CLEARINGHOUSE-7")))
    room, emergency = claim.lines
    lines = tuple(LineAcknowledgment(line, (Status("A7", "455"),)) for line in (room, emergency))
    out = built(ClaimAcknowledgment(claim, False, (Status("A7", "455"),), lines=lines))
    assert out[out.index("TRN*2*HS-1") :] == [
        "TRN*2*HS-1",
        "STC*A7:455*20260716*U*21000.5",
        "REF*D9*CLEARINGHOUSE-7",
        "REF*BLT*111",
        "DTP*472*RD8*20260715-20260722",
        "SVC*NU:0120*21000*****7",
        "STC*A7:455**U",
        "REF*FJ*1",
        "SVC*HC:99284:25*.5**0450***1",
        "STC*A7:455**U",
        "REF*FJ*2",
        "DTP*472*D8*20260715",
    ]


def test_a_dental_claim_has_its_own_date_and_a_predetermination_the_day_of_receipt() -> None:
    (claim,) = claims_of(DENTAL, "005010X224A2")
    assert "DTP*472*D8*20260713" in built(accepted(claim))
    undated = evolve(claim, service_period=None)
    assert "DTP*472*D8*20260715" in built(accepted(undated))


def test_the_dates_of_a_professional_claim_span_its_lines() -> None:
    claim = claims_of(PROFESSIONAL)[0]
    later = Period("472", date(2026, 7, 20), date(2026, 7, 20))
    claim = evolve(claim, lines=(claim.lines[0], evolve(claim.lines[1], period=later)))
    assert "DTP*472*RD8*20260708-20260720" in built(accepted(claim))


def test_a_provider_without_an_npi_is_named_by_its_tax_number() -> None:
    claim = claims_of(PROFESSIONAL)[0]
    claim = evolve(claim, billing_provider=evolve(claim.billing_provider, id_qualifier="", id=""))
    assert "NM1*85*2*HARBOR THERAPY*****FI*043210003" in built(accepted(claim))


def test_a_patient_without_any_member_id_is_still_named() -> None:
    claim = claims_of(PROFESSIONAL)[0]
    nameless = evolve(claim.subscriber, party=evolve(claim.subscriber.party, id_qualifier="", id=""))
    claim = evolve(claim, subscriber=nameless, patient=nameless)
    assert "NM1*QC*1*RIVERA*JANE*Q**JR*MI*UNKNOWN" in built(accepted(claim))


def test_a_set_with_no_claim_stops_at_the_receiver() -> None:
    out = built()
    assert out[-3:] == [
        "NM1*41*2*CLEARCO CLEARINGHOUSE*****46*CLEARCO01",
        "TRN*2*B1",
        "STC*A1:19:PR*20260716*WQ*0",
    ]
    assert "HL*2*1*21*0" in out


@pytest.mark.parametrize(("first", "second", "levels"), [("1", "1", 1), ("1", "9", 2)])
def test_one_provider_level_for_each_billing_level(first: str, second: str, levels: int) -> None:
    claim = claims_of(PROFESSIONAL)[0]
    out = built(
        accepted(evolve(claim, billing_level=first)), accepted(evolve(claim, billing_level=second, ordinal=2))
    )
    assert sum(1 for s in out if s.startswith("HL*") and s.split("*")[3] == "19") == levels


CHARGES = st.decimals(min_value=0, max_value=99999, places=2)


@settings(deadline=None)
@given(st.lists(st.tuples(CHARGES, st.booleans(), st.sampled_from("123")), max_size=12))
def test_counts_and_sums_are_those_of_the_claims(made: list[tuple[Decimal, bool, str]]) -> None:
    claim = claims_of(PROFESSIONAL)[0]
    acks = [
        ClaimAcknowledgment(evolve(claim, charge=charge, billing_level=level, ordinal=n), good, ACCEPTED, "K")
        for n, (charge, good, level) in enumerate(made, 1)
    ]
    segments = [s.split("*") for s in built(*acks)]
    for qualifiers, good in ((("90", "QA"), True), (("AA", "QC"), False)):
        for qualifier in qualifiers:
            counts = [int(s[2]) for s in segments if s[:2] == ["QTY", qualifier]]
            assert sum(counts) == sum(1 for _, g, _ in made if g is good)
            assert 0 not in counts
    for qualifier, good in (("YU", True), ("YY", False)):
        sums = [Decimal(s[2]) for s in segments if s[:2] == ["AMT", qualifier]]
        assert sum(sums) == 2 * sum(c for c, g, _ in made if g is good)  # at the receiver and the providers
    hls = [s for s in segments if s[0] == "HL"]
    assert [s[1] for s in hls] == [str(n) for n in range(1, len(hls) + 1)]
    parents = {s[1]: s[3] for s in hls}
    assert all(parents[s[2]] == {"21": "20", "19": "21", "PT": "19"}[s[3]] for s in hls[1:])
    assert sum(1 for s in segments if s[:2] == ["REF", "1K"]) == sum(1 for _, g, _ in made if g)
