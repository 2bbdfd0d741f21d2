"""What the 277CA and 835 builders write is clean under its guide, whatever it says; and the parser reads what
the guide engine names."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings

from tests.rules.snip.test_balance import remittances
from tests.unit.edi.builders import test_x277ca as acks
from tests.unit.edi.builders import test_x835 as pays
from tests.unit.edi.parsers.test_x837_sets import SETS
from tests.worlds.text.bodies import DENTAL, INSTITUTIONAL, PROFESSIONAL, loop_segments
from tests.worlds.text.outbound import lines
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.guides.walk import loops_of, walk
from x12_payer.edi.messages.claim import Adjustment, Claim, ClaimAcknowledgment, LineAcknowledgment
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.messages.common import Party, Period, Person, Procedure, Reference
from x12_payer.edi.messages.remittance import ProviderAdjustment, Remittance
from x12_payer.edi.parsers.x837 import parse_837
from x12_payer.edi.snip.rules.balance import check_835
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Block

VERSIONS = {"837P": "005010X222A1", "837I": "005010X223A2", "837D": "005010X224A2"}
GUIDES = {"837P": "837P.X222A1", "837I": "837I.X223A2", "837D": "837D.X224A2"}


def findings(guide: str, st: str, body: list[str]) -> list[str]:
    """What the guide says against a body (the segments between ST and SE)."""
    whole = [st, *body, f"SE*{len(body) + 2}*0001"]
    pass_ = walk(guide, DEFAULT_DELIMITERS, 1)
    pass_.feed(Block(whole, whole, 0, 1), 1)
    assert pass_.ended
    return [
        f"{d.code} {d.position.loop} {d.position.tag}{d.position.element:02}"
        f" {whole[d.position.set_segment - 1]}"
        for d in pass_.diagnostics
    ]


def of_835(remittance: Remittance) -> list[str]:
    return findings("835.X221A1", "ST*835*0001", lines(build_835(remittance)))


def of_277ca(*claims: ClaimAcknowledgment) -> list[str]:
    built = lines(build_277ca(acks.acknowledgment(*claims), acks.CREATED))
    return findings("277CA.X214", "ST*277*0001*005010X214", built)


def test_a_fault_is_found() -> None:
    assert of_835(pays.remittance(pays.therapy_claim(status="99")))
    assert of_277ca(acks.accepted(evolve(acks.claims_of(PROFESSIONAL)[0], control_number="")))


FULL_LINE = pays.therapy_line(
    period=Period("472", date(2026, 7, 1), date(2026, 7, 3)),
    references=tuple(Reference(q, "X1") for q in ("0K", "HPI", "6R", "G1")),
    remarks=("N54", "N362"),
    revenue_code="0420",
    units_paid=Decimal(2),
)
FULL_CLAIM = pays.therapy_claim(
    filing_indicator="FI",
    drg="470",
    insured=evolve(pays.PATIENT, first_name="JOHN", id="A2"),
    rendering=Party("82", "1", "VEGA", "ROSA", id_qualifier="XX", id="1944444441"),
    corrected_patient=Person(Party("IL", "1", "RIVERA", "JANET", id_qualifier="MI", id="A9")),
    adjustments=(Adjustment("PR", "197", Decimal(500)),),
    references=tuple(Reference(q, "X1") for q in ("1G", "G1", "EA", "F8")),
    statement=Period("434", date(2026, 7, 1), date(2026, 7, 4)),
    received=date(2026, 7, 6),
    expiration=date(2026, 6, 30),
    coverage=Decimal(10000),
    interest=Decimal("12.50"),
    remarks=("MA67", "N1"),
    lines=(FULL_LINE, pays.therapy_line(procedure=None, revenue_code="0120")),
)
PLB = (
    ProviderAdjustment("FB", "X", Decimal(-1), date(2026, 12, 31)),
    ProviderAdjustment("L6", "Y", Decimal(-1), date(2025, 12, 31)),
)


@pytest.mark.parametrize(
    "remittance",
    [
        pays.remittance(pays.therapy_claim()),
        pays.remittance(FULL_CLAIM, receiver="CLEARCO01", provider_adjustments=PLB),
        pays.remittance(evolve(FULL_CLAIM, inpatient=True, remarks=("N1", "N2", "N3", "N4", "N5", "N6"))),
        pays.remittance(pays.therapy_claim(paid=Decimal(0)), method="NON"),
        pays.remittance(provider_adjustments=PLB),
        pays.remittance(pays.therapy_claim(), payer=evolve(pays.PAYER, contacts=())),
        pays.remittance(
            pays.therapy_claim(lines=(pays.therapy_line(procedure=Procedure("AD", "D8080")),)),
            method="ACH",
            payer_routing="011000015",
            payer_account="123456",
            payee_routing="021000021",
            payee_account_type="DA",
            payee_account="987654",
        ),
        pays.remittance(pays.therapy_claim(), payee=evolve(pays.PAYEE, id_qualifier="", id="")),
    ],
    ids=["plain", "full", "inpatient", "nothing-paid", "no-claims", "no-contact", "transfer", "tax-number"],
)
def test_an_835(remittance: Remittance) -> None:
    assert of_835(remittance) == []


@settings(deadline=None, max_examples=50)
@given(remittances())
def test_any_remittance_that_balances(made: Remittance) -> None:
    made = evolve(made, payer=pays.PAYER)
    assert of_835(made) == []
    assert check_835([text.split("*") for text in lines(build_835(made))]) == []


def rejected(claim: Claim) -> ClaimAcknowledgment:
    found = (Status("A7", "562", "82"), Status("A7", "178"))
    lines = tuple(LineAcknowledgment(line, found) for line in claim.lines)
    return ClaimAcknowledgment(claim, False, found, lines=lines)


@pytest.mark.parametrize(
    ("body", "version"),
    [(PROFESSIONAL, VERSIONS["837P"]), (INSTITUTIONAL, VERSIONS["837I"]), (DENTAL, VERSIONS["837D"])],
)
def test_a_277ca(body: str, version: str) -> None:
    claims = acks.claims_of(body, version)
    assert of_277ca(*(acks.accepted(c) for c in claims)) == []
    assert of_277ca(*(rejected(c) for c in claims)) == []
    assert of_277ca(*(rejected(c) if c.ordinal % 2 else acks.accepted(c) for c in claims)) == []
    assert of_277ca() == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        *SETS,
        pytest.param("837P", PROFESSIONAL, id="professional"),
        pytest.param("837I", INSTITUTIONAL, id="institutional"),
        pytest.param("837D", DENTAL, id="dental"),
    ],
)
def test_the_guide_names_the_loops_that_the_parser_knows(kind: str, body: str) -> None:
    by_hand = list(loop_segments("837", body))
    named = list(loops_of(GUIDES[kind], DEFAULT_DELIMITERS, ["*".join(s) for _, s, _ in by_hand]))
    read = parse_837(named, DEFAULT_DELIMITERS, VERSIONS[kind])
    assert list(read[1]) == list(parse_837(by_hand, DEFAULT_DELIMITERS, VERSIONS[kind])[1])
    assert read[0] == parse_837(by_hand, DEFAULT_DELIMITERS, VERSIONS[kind])[0]
