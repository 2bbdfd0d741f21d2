"""What a 277CA says of the findings of types 3 to 7: the table, and which claims get a finding."""

import pytest

from tests.worlds.payer.short import status_words
from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.display.explain.original import looks_for
from x12_payer.edi.edits.claims import ClaimEdits, claim_edits, status_entity
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, LoopSegment

CATEGORIES = {"A3", "A6", "A7", "A8"}  # what rejects in a batch 277CA (wire_rules 1.3)
NOT_OF_CLAIMS = (
    "balance-835",
    "balance-277ca",
    "balance-999",
    "inquiry-",
    "review-",
    "benefit-",
    "remit-",
    "related-",
    "status-",
    "payment-",
    "reversal-",
    "acknowledgment-",
    "adjustment-",
    "person-",
)
NEITHER = {"code-status", "code-review-reason", "code-routing", "situations-capped", "block-capped"}

# A set with two billing providers; the first has a subscriber with two claims and one with a patient.
WALK: list[LoopSegment] = [
    (loop, text.split("*"), number)
    for number, (loop, text) in enumerate(
        [
            ("", "ST*837*0001"),
            ("2000A", "HL*1**20*1"),  # 2
            ("2010AA", "NM1*85*2*CLINIC"),
            ("2010AA", "N4*PORTLAND*XQ*04101"),  # 4
            ("2000B", "HL*2*1*22*0"),  # 5
            ("2010BA", "NM1*IL*1*A"),
            ("2010BA", "N4*PORTLAND*XQ*04101"),  # 7
            ("2300", "CLM*A1*10"),  # 8
            ("2310B", "NM1*82*1*B"),
            ("2310B", "PRV*PE*PXC*X"),  # 10
            ("2400", "LX*1"),  # 11
            ("2400", "SV1*HC:9*10"),  # 12
            ("2400", "LX*2"),  # 13
            ("2420A", "NM1*P3*1*C****XX*1"),  # 14
            ("2300", "CLM*A2*10"),  # 15
            ("2000B", "HL*3*1*22*1"),  # 16
            ("2000C", "HL*4*3*23*0"),  # 17
            ("2010CA", "NM1*QC*1*D"),
            ("2010CA", "N4*PORTLAND*XQ*04101"),  # 19
            ("2300", "CLM*B1*10"),  # 20
            ("2330A", "NM1*IL*1*E"),
            ("2330A", "N4*PORTLAND*XQ*04101"),  # 22
            ("2000A", "HL*5**20*1"),  # 23
            ("2010AA", "NM1*85*2*OTHER"),
            ("2000B", "HL*6*5*22*0"),
            ("2300", "CLM*C1*10"),  # 26
            ("", "SE*27*0001"),
        ],
        1,
    )
]
CLAIMS = {8: "A1", 15: "A2", 20: "B1", 26: "C1"}


def diagnostic_at(code: str, at: int, element: int = 0) -> Diagnostic:
    return Diagnostic(code, Position(at, at, 0, WALK[at - 1][1][0], "", element))


def edited(*findings: Diagnostic) -> dict[str, list[str]]:
    edits = claim_edits(findings, WALK, DEFAULT_DELIMITERS)
    return {CLAIMS[at]: status_words(e.statuses) for at, e in edits.items()}


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (diagnostic_at("code-state", 4, 2), {"A1": ["A7:501:85"], "A2": ["A7:501:85"], "B1": ["A7:501:85"]}),
        (diagnostic_at("code-state", 7, 2), {"A1": ["A7:501:IL"], "A2": ["A7:501:IL"]}),
        (diagnostic_at("code-state", 19, 2), {"B1": ["A7:501:QC"]}),
        (diagnostic_at("code-state", 22, 2), {"B1": ["A7:501:GB"]}),
        (diagnostic_at("code-taxonomy", 10, 3), {"A1": ["A7:145:82"]}),
        (diagnostic_at("code-npi", 14, 9), {"A1": ["A7:562:DN"]}),
        (diagnostic_at("balance-837-charge", 15, 2), {"A2": ["A7:178"]}),
        (diagnostic_at("hl-children", 5, 4), {}),
        (diagnostic_at("claim-duplicate", 15, 1), {}),
        (diagnostic_at("tooth-missing", 12), {}),
    ],
)
def test_who_gets_a_finding(finding: Diagnostic, expected: dict[str, list[str]]) -> None:
    assert edited(finding) == expected


def test_a_line_is_named_and_its_claim_says_the_same() -> None:
    edits = claim_edits(
        [diagnostic_at("code-procedure", 12, 1), diagnostic_at("code-npi", 14, 9)], WALK, DEFAULT_DELIMITERS
    )
    procedure, npi = Status("A7", "454"), Status("A7", "562", "DN")
    assert edits == {8: ClaimEdits((procedure, npi), {11: (procedure,), 13: (npi,)})}


def test_the_same_status_is_reported_once_beside_what_comes_from_above() -> None:
    both = edited(
        diagnostic_at("code-zip", 4, 3),
        diagnostic_at("balance-837-charge", 8, 2),
        diagnostic_at("charge-negative", 8, 2),
    )
    assert both["A1"] == ["A7:500:85", "A7:178"]


@pytest.mark.parametrize(
    ("segment", "code", "element", "expected"),
    [
        ("DTP*434*RD8*20260702-20260701", "period-reversed", 3, "A7:188"),
        ("DTP*472*RD8*20260702-20260701", "period-reversed", 3, "A7:187"),
        ("HI*BH:1", "code-condition", 1, "A7:719"),
        ("HI*BG:1", "code-condition", 1, "A7:460"),
        ("HI*BBR:1", "code-inpatient-procedure", 1, "A7:465"),
        ("HI*BBR:0*BBQ:1", "code-inpatient-procedure", 2, "A7:490"),
        ("PRV*BI*PXC*X", "code-taxonomy", 3, "A7:145:85"),  # in 2000A, before the name
        ("CL1*X", "code-admission", 1, "A7:231"),
        ("CL1*1*X", "code-admission", 2, "A7:229"),
        ("CL1*1*1*X", "code-admission", 3, "A7:234"),
        ("CLM*1*1*********AA:::XQ", "code-state", 11, "A7:750"),
    ],
)
def test_rows_by_segment_element_and_qualifier(segment: str, code: str, element: int, expected: str) -> None:
    elements = segment.split("*")
    walk: list[LoopSegment] = [("2300", ["CLM", "N", "1"], 1), ("2300", elements, 2)]
    finding = Diagnostic(code, Position(2, 2, 0, elements[0], "2300", element))
    (edits,) = claim_edits([finding], walk, DEFAULT_DELIMITERS).values()
    assert status_words(edits.statuses) == [expected]


def test_every_error_that_a_claim_may_have_is_reported_or_has_a_reason_not_to() -> None:
    errors = {r["code"] for r in rows("diagnostics") if r["severity"] == "error" and int(r["snip"]) >= 3}
    of_claims = {code for code in errors if not code.startswith(NOT_OF_CLAIMS)} - NEITHER
    table = rows("claim_edits")
    assert of_claims <= {r["diagnostic"] for r in table}
    assert {r["diagnostic"] for r in table} <= {r["code"] for r in rows("diagnostics")}
    for r in table:
        assert bool(r["status"]) == bool(r["category"]) == bool(r["source"]) != bool(r["why"]), r


def test_statuses_are_codes_of_the_277ca() -> None:
    known = {r["code"] for r in rows("claim_status")}
    named = {r["status_entity"] for r in rows("claim_entities")} | {"", "*"}
    for r in rows("claim_edits"):
        if r["status"]:
            assert r["status"] in known, r
            assert r["category"] in CATEGORIES, r
            assert r["entity"] in named, r


def test_explain_has_words_and_a_place_for_every_status() -> None:
    said = {r["status"] for r in rows("claim_edits") if r["status"]}
    assert [code for code in sorted(said) if not text_of("status", code)] == []
    nowhere = {code for code in said if not looks_for("status", code)[0]}
    assert nowhere == {"481"}  # what a partner asks for may be anything


def test_a_party_without_a_name_of_its_own() -> None:
    assert (status_entity("P3"), status_entity("??"), status_entity("IL", "2330A")) == ("DN", "", "GB")
