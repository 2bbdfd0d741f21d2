"""The table of diagnostics: each key is raised in one module and has a sample that provokes it."""

import ast
import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pytest

from tests.unit.edi.reading.test_check import FAULTS, REVIEW
from tests.worlds.places import EDI, TESTS
from tests.worlds.text.wire import (
    ELIGIBILITY,
    TWO_CLAIMS,
    after,
    check,
    claims,
    codes,
    findings,
    group,
    header,
    instead,
    interchange,
    transaction,
    wire,
)
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.reading.envelope import isa_elements

GUIDE_TESTS = TESTS / "unit" / "edi" / "guides"


def one(*body: str, **more: str) -> list[str]:
    return interchange(group(transaction(body or TWO_CLAIMS, **more)))


BILLED = "NM1*85*1*PATEL*ANIL****XX*1922222223"
FLAT = wire(claims(), "~")
WRAPPED = b"\n".join(FLAT[at : at + 120] for at in range(0, len(FLAT), 120))
SAMPLES: dict[str, list[str] | bytes] = {
    **{code: claims(body) for code, body, *_ in FAULTS},
    "not-x12": b"hello",
    "isa-length": ["ISA*00*", *claims()[1:]],
    "lines-wrapped": WRAPPED,
    "isa-version": interchange(group(transaction(TWO_CLAIMS)), isa=header(version="00401")),
    "isa-element": interchange(group(transaction(TWO_CLAIMS)), isa=header(usage="Q")),
    "separator-invalid": interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition=":")),
    "delimiter": interchange(group(transaction(TWO_CLAIMS)), isa=header(repetition="U")),
    "component-separator": claims([segment.replace(":", ">") for segment in TWO_CLAIMS]),
    "isa-control": interchange(group(transaction(TWO_CLAIMS)), trailer="000000999"),
    "isa-groups": interchange(group(transaction(TWO_CLAIMS)), count="2"),
    "iea-missing": claims()[:-1],
    "interchange-structure": interchange(transaction(TWO_CLAIMS)),
    "text-outside": wire(claims()) + b"behind",
    "unterminated": wire(claims()).rstrip(b"~\n"),
    "gs-element": [segment.replace("*20260706*1015*104*X", "*20260799*1015*104*X") for segment in claims()],
    "group-unsupported": interchange(group(functional="PO")),
    "group-version": interchange(group(version="004010X098A1")),
    "group-control": interchange(group(transaction(TWO_CLAIMS), number="X")),
    "ge-missing": interchange(group(transaction(TWO_CLAIMS))[:-1]),
    "ge-control": interchange(group(transaction(TWO_CLAIMS), trailer="9")),
    "ge-count": interchange(group(transaction(TWO_CLAIMS), included="9")),
    "group-structure": interchange(group(["N3*STRAY"], transaction(TWO_CLAIMS), included="1")),
    "set-unsupported": interchange(
        group(
            transaction(["BHT*0007*11*1*20260706*1015"], set_id="278", guide="005010X217"),
            transaction(["BHT*0007*13*1*20260706*1015"], set_id="278", guide="005010X217", number="0002"),
            functional="HI",
            version="005010X217",
        )
    ),
    "set-foreign": one(*ELIGIBILITY, set_id="270"),
    "set-unnamed": one(number="1"),
    "set-id": one(set_id="8-7"),
    "set-control": one(number="00-1"),
    "hl-parent-service": interchange(
        group(
            transaction([*REVIEW, "HL*5*4*SS*0", "HL*6*5*SS*0"], set_id="278", guide="005010X217"),
            functional="HI",
            version="005010X217",
        )
    ),
    "group-duplicate": interchange(group(transaction(TWO_CLAIMS)), group(transaction(TWO_CLAIMS))),
    "group-party": [s.replace("*CLEARCO01*ATL", "**ATL") for s in claims()],
    "ta1-element": [header(), "TA1*1*260706*1015*A*000", "IEA*0*000000104"],
    "set-duplicate": interchange(group(transaction(TWO_CLAIMS), transaction(TWO_CLAIMS))),
    "set-guide": one(guide="005010X223A2"),
    "set-group": interchange(
        group(
            transaction(ELIGIBILITY, set_id="271", guide="005010X279A1"),
            functional="HS",
            version="005010X279A1",
        )
    ),
    "se-missing": interchange(group(transaction(TWO_CLAIMS)[:-1])),
    "se-control": one(trailer="0009"),
    "se-count": one(count="9"),
    "segment-empty": claims(after("CLM", "")),
    "element-missing": claims(instead("CLM", "CLM*C1*280****Y*A*Y*Y")),
    "element-short": claims(instead("N4", "N4*B*MA*021100001")),
    "element-time": claims(instead("BHT", "BHT*0019*00*T1*20260706*2515*CH")),
    "element-exclusion": claims(instead("N4", "N4*BOSTON*MA*021100001****X")),
    "element-repeats": claims(instead("SBR", "SBR*P*18^19*GRP200******12")),
    "element-components": claims(instead("SV1", "SV1*HC:99213:1:2:3:4:D:X:Y*140*UN*1***1")),
    "element-not-used": claims(instead("NM1*85", "NM1*85*1*PATEL*ANIL**DR**XX*1922222223")),
    "element-blanks": claims(instead("NM1*85", "NM1*85*1*PATEL *ANIL****XX*1922222223")),
    "separators-behind": claims(instead("NM1*85", BILLED + "**")),
    "findings-capped": claims(after("CLM", *["ZZZ*1"] * 501)),
}
FOR_EVERY_GUIDE = {"set-group"}
WIRE = {code for code, row in diagnostic_codes().items() if row.snip in ("1", "2")}
NOT_IN_A_GUIDE = {"element-exclusion", "element-pattern"}


@cache
def raised_in() -> Mapping[str, set[str]]:
    """The modules of edi/ that hold each string; docstrings and what is only compared are left out."""
    found: dict[str, set[str]] = {}
    for path in sorted(EDI.rglob("*.py")):
        tree = ast.parse(path.read_text())
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        compared = (node for node in ast.walk(tree) if isinstance(node, ast.Compare))
        docs |= {id(part) for node in compared for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                found.setdefault(node.value, set()).add(str(path.relative_to(EDI)))
    return found


@pytest.mark.parametrize("code", sorted(WIRE))
def test_each_key_is_raised_in_one_module(code: str) -> None:
    assert len(raised_in().get(code, ())) == 1


@pytest.mark.parametrize("code", sorted(WIRE - NOT_IN_A_GUIDE))
def test_each_key_has_a_sample_that_provokes_it(code: str) -> None:
    assert code in codes(SAMPLES[code], code in FOR_EVERY_GUIDE)


@pytest.mark.parametrize("code", sorted(NOT_IN_A_GUIDE))
def test_what_no_sample_here_provokes_has_a_test_of_its_own(code: str) -> None:
    text = (GUIDE_TESTS / "test_guide_elements.py").read_text() + (
        GUIDE_TESTS / "test_guide_walk.py"
    ).read_text()
    assert code.removeprefix("segment-") in text


def test_rows_are_whole() -> None:
    notes = {row.ta105 for row in isa_elements().values()}
    ack = guide_named("999.X231A1")
    listed = {
        spec.ref: spec.codes
        for segment in ack.segments
        for spec in segment.elements
        if spec.ref.startswith(("IK", "AK"))
    }
    for row in diagnostic_codes().values():
        assert row.severity in ("error", "warning")
        assert row.snip in tuple("1234567")
        assert row.text
        assert row.source
        assert not row.ik304 or row.ik304 in listed["IK304"]
        assert not row.ik403 or row.ik403 in listed["IK403"]
        assert not row.ik502 or row.ik502 in listed["IK502"]
        assert not row.ak905 or row.ak905 in listed["AK905"]
        assert bool(row.ik403) <= (row.ik304 == "8")
        if row.severity == "warning":
            assert (row.ta105, row.ak905, row.ik304, row.ik502) == ("",) * 4
    assert all(note.isdigit() and len(note) == 3 for note in notes)


def test_tables_are_sorted_out() -> None:
    for name in ("diagnostics", "isa_elements", "inbound_guides"):
        text = resources.files("x12_payer.maps").joinpath("codes", f"{name}.csv").read_text()
        found = [row[0] for row in csv.reader(text.splitlines())]
        assert len(found) == len(set(found))


def test_no_diagnostic_text_holds_a_value() -> None:
    for sample in SAMPLES.values():
        for found in findings(check(sample)):
            assert "HADDAD" not in found.row.text
