"""What a claim frequency does: every code of the lists has one row, and everybody asks the table."""

import re

import pytest

from tests.worlds.places import ROOT
from x12_payer.edi.codes.frequencies import REFUSED, effect, ends_stay, frequencies, takes_back
from x12_payer.edi.tables import rows

LISTED = [("I", row["code"]) for row in rows("bill_frequencies")] + [
    (kind, row["code"]) for row in rows("claim_frequencies") for kind in "PD"
]


def test_the_table_speaks_of_every_code_of_the_lists_once() -> None:
    keys = [(row["kind"], row["frequency"]) for row in rows("frequency_effects")]
    assert sorted(keys) == sorted(LISTED)
    assert {f.does for f in frequencies().values()} == {"claim", "zero", "replacement", "void", "refused"}


@pytest.mark.parametrize(
    ("kind", "codes", "does"),
    [
        ("I", "12349", "claim"),
        ("I", "0", "zero"),
        ("I", "7Q", "replacement"),
        ("I", "8", "void"),
        ("I", "5ABCDEFGHIJKMNOPXYZ6R", "refused"),
        ("P", "1", "claim"),
        ("P", "7", "replacement"),
        ("P", "8", "void"),
        ("P", "0234569QXY", "refused"),
        ("D", "1", "claim"),
        ("D", "7", "replacement"),
        ("D", "8", "void"),
        ("D", "023459QZ", "refused"),
    ],
)
def test_what_a_frequency_does(kind: str, codes: str, does: str) -> None:
    assert {effect(kind, code) for code in codes} == {does}
    assert {takes_back(kind, code) for code in codes} == {does in ("replacement", "void")}


def test_the_last_bill_of_a_stay_and_a_code_nobody_knows() -> None:
    assert [code for code in "0123456789Q" if ends_stay("I", code)] == ["1", "4", "9"]
    assert (effect("I", ""), effect("P", "77"), ends_stay("P", "1")) == (REFUSED, REFUSED, False)


def test_nobody_compares_a_frequency_with_a_code_of_his_own() -> None:
    compared = re.compile(r"frequency (?:==|!=|in|not in) [\"'({\[]")
    assert compared.search('if claim.frequency in ("7", "8"):')
    files = [f for room in ("edi", "authorization", "adjudication") for f in (ROOT / room).rglob("*.py")]
    assert [f.name for f in files if compared.search(f.read_text(encoding="utf-8"))] == []
