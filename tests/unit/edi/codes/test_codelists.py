"""Outside code sets: dates, forms, places, and a user's own lists."""

import csv
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.text.valid_sets import PROFESSIONAL, findings, interchange, raised
from x12_payer.edi.codes.lists import CodeList, code_lists
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.guides.registry import guide_named, registry
from x12_payer.edi.tables import rows

# What the guides leave to outside lists, by the name that their files use.
EXTERNAL = {
    "states": "state",
    "country": "country",
    "currency": "currency",
    "pos": "place_of_service",
    "remark_code": "rarc",
    "claim_status": "claim_status",
    "claim_status_cat": "claim_status_category",
}


@pytest.mark.parametrize(
    ("name", "code", "day", "holds"),
    [
        ("carc", "197", "20260101", True),
        ("carc", "197", "20061030", False),  # since 2006-10-31
        ("carc", "15", "20180501", True),  # stopped 2018-05-01
        ("carc", "15", "20180502", False),
        ("carc", "999", "20260101", False),
        ("rarc", "N362", "20260101", True),
        ("rarc", "N9999", "20260101", False),
        ("place_of_service", "11", "19990101", True),
        ("place_of_service", "10", "20211231", False),
        ("place_of_service", "10", "20220101", True),
        ("place_of_service", "30", "20260101", False),
        ("claim_status", "562", "20260101", True),
        ("claim_status_category", "A7", "20260101", True),
        ("claim_status_category", "A9", "20260101", False),
        ("review_reason", "0V", "20260101", True),
        ("review_reason", "0I", "20260101", False),
        ("bill_type", "11", "20260101", True),
        ("bill_type", "33", "20130930", True),
        ("bill_type", "33", "20131001", False),
        ("revenue", "0120", "20260101", True),
        ("revenue", "0033", "20260101", False),
        ("revenue", "120", "20260101", False),
        ("state", "MA", "", True),
        ("state", "ZZ", "", False),
        ("country", "US", "", True),
        ("country", "AN", "20101231", True),
        ("country", "AN", "20260101", False),
        ("npi", "1234567893", "", True),
        ("npi", "1234567890", "", False),
        ("ein", "123456789", "", True),
        ("ein", "1234567", "", False),
        ("ssn", "000456789", "", False),
        ("icd10_cm", "M25561", "", True),
        ("icd10_cm", "25561", "", False),
        ("icd10_pcs", "0SRD0J9", "", True),
        ("icd10_pcs", "0SRD0I9", "", False),
        ("icd9_cm", "V5789", "", True),
        ("hcpcs", "G0151", "", True),
        ("hcpcs", "X0151", "", False),
        ("cdt", "D2392", "", True),
        ("taxonomy", "207Q00000X", "", True),
        ("taxonomy", "207Q00000Z", "", False),
        ("taxonomy", "203BF0100Y", "", True),  # as in guide examples
        ("zip", "02108", "", True),
        ("zip", "021080001", "", True),
        ("zip", "02108-0001", "", False),
        ("tooth", "32", "", True),
        ("tooth", "33", "", False),
        ("tooth", "AS", "", True),
        ("routing", "011000015", "", True),
        ("routing", "011000016", "", False),
        ("ndc", "00409488710", "", True),
    ],
)
def test_codes(name: str, code: str, day: str, holds: bool) -> None:
    for _ in range(2):  # a code that is remembered to hold holds as before
        assert code_lists().lists[name].holds(code, day) is holds


@given(st.sampled_from(sorted(code_lists().lists)), st.text(max_size=12))
def test_any_text_is_judged_and_the_same_twice(name: str, code: str) -> None:
    codes: CodeList = code_lists().lists[name]
    assert codes.holds(code, "20260101") == codes.holds(code, "20260101")
    assert codes.holds("", "20260101")


def test_every_list_says_what_is_wrong() -> None:
    for codes in code_lists().lists.values():
        assert diagnostic_codes()[codes.diagnostic].snip == "5"
        codes.read()
        assert codes.test is not None or len(codes.valid) + len(codes.dated) > 3


def test_files_are_sorted_out() -> None:
    """No code has two rows with days that overlap, and every row has a source."""
    for row in rows("code_lists"):
        if row["file"]:
            entries = rows(row["file"])
            assert all(entry["source"] for entry in entries)
            spans = [(e["code"], e["effective"] or "0", e["end"] or "9") for e in entries]
            for code, first, last in spans:
                others = [s for s in spans if s[0] == code and s != (code, first, last)]
                assert first <= last
                assert not any(f <= last and first <= t for _, f, t in others)
            assert len(spans) == len(set(spans))


@pytest.mark.parametrize("guide", sorted({row.key for row in registry()}))
def test_every_outside_list_of_a_guide_has_its_place(guide: str) -> None:
    """Where a guide leaves an element to an outside list, code_places.csv says which."""
    places = [p for p in code_lists().places if p.belongs_to(guide)]
    for node in guide_named(guide).segments:
        for spec in node.elements:
            for inner in (spec, *spec.components):
                if not inner.external or inner.usage == "N" or spec.usage == "N":
                    continue
                component = inner.number if inner is not spec else 0
                found = {
                    p.codes.removesuffix("_later")
                    for p in places
                    if (p.tag, p.element, p.component) == (node.tag, spec.number, component)
                }
                assert EXTERNAL[inner.external] in found, (node.tag, spec.number, component)


def test_a_users_list_stands_for_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "place_of_service.csv").write_text(
        "code,effective,end,source\n11,,2026-06-02,mine\n30,,,mine\n"
    )
    own = code_lists([tmp_path])
    assert own.lists["place_of_service"].holds("30", "20260101")
    assert not own.lists["place_of_service"].holds("12", "20260101")
    assert own.lists["carc"].holds("197", "20260101")
    found = raised(findings(interchange("P", PROFESSIONAL), codes=own))
    assert found == [("5", "code-place", "CLM")]  # the second claim is of 2026-06-03
    assert code_lists().lists["place_of_service"].holds("12", "20260101")


def test_a_form_becomes_a_list(tmp_path: Path) -> None:
    text = resources.files("x12_payer.maps").joinpath("codes", "code_lists.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("#", "taxonomy,"))]
    lines.append("taxonomy,,,taxonomies,code-taxonomy,mine")
    (tmp_path / "code_lists.csv").write_text("\n".join(lines) + "\n")
    with (tmp_path / "taxonomies.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["code", "effective", "end", "source"], ["208D00000X", "", "", "mine"]])
    own = code_lists([tmp_path])
    assert own.lists["taxonomy"].holds("208D00000X", "20260101")
    assert not own.lists["taxonomy"].holds("207Q00000X", "20260101")


def test_a_place_of_an_unknown_list_is_reported(tmp_path: Path) -> None:
    header = "tag,element,component,when,list,guide,source\n"
    (tmp_path / "code_places.csv").write_text(header + "NM1,9,,8=XX,nip,,typing error\n")
    with pytest.raises(ValueError, match="nip"):
        code_lists([tmp_path])
