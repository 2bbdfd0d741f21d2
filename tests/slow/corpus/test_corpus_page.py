"""docs/corpus.md says what is found now, and every fault that pyx12 names and we do not has its reason."""

import pytest

from tests.slow.corpus.corpus_files import sample_names
from tests.slow.corpus.corpus_table import (
    ADDED,
    AS_OF,
    DROPPED,
    FOUND,
    OTHER,
    PYX12_HEAD,
    SPELLING,
    WHY_NOT,
    Change,
    changes,
    in_5010,
    page,
    pyx12_row,
    stems,
    why,
)
from tests.worlds.places import ROOT
from tests.worlds.text.wire import claims, instead, wire
from x12_payer.edi.snip.validate import diagnostics_in
from x12_payer.edi.wire.segments import Source


def test_the_page_is_what_is_found_now() -> None:
    assert (ROOT / "docs" / "corpus.md").read_text(encoding="utf-8") == page()


def test_what_is_not_found_has_a_reason_and_no_other() -> None:
    left = {
        row[0] for row in map(pyx12_row, stems()) if row[PYX12_HEAD.index("named by pyx12 and not found")]
    }
    assert left <= set(WHY_NOT)
    assert set(WHY_NOT) - left <= {"trailer_errors"}, "a reason for what is found"
    assert [name for name in sample_names() if "/fail/" in name], "the corpus is not the one described"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["A*1", "B*2"], ["A*1", "B*3"], [Change(2, "B*2", "B*3")]),
        (["A*1", "B*2"], ["B*2"], [Change(1, "A*1", "")]),
        (["A*1", "C*2"], ["A*1", "B*1", "C*2"], [Change(2, "", "B*1")]),
        (
            ["A*1", "B*2", "C*3"],
            ["A*2", "D*9", "B*4", "C*3"],
            [Change(1, "A*1", "A*2"), Change(2, "", "D*9"), Change(2, "B*2", "B*4")],
        ),
        (["A*1"], ["A*1"], []),
    ],
)
def test_changes(old: list[str], new: list[str], expected: list[Change]) -> None:
    assert list(changes(old, new)) == expected


def test_why() -> None:
    data = wire(claims(instead("CLM*C1", "CLM*C1*280***11:X:1*Y*A*Y*Y")))
    found = [f for f in diagnostics_in(Source(data=data), 2, AS_OF) if f.is_error]
    assert why(Change(found[0].segment, "CLM*1", "CLM*2"), found, True) == FOUND
    assert why(Change(1, "STC*1", "STC*2"), [], True) == OTHER
    assert why(Change(1, "N4*Boston*1.50", "N4*BOSTON*1.5"), [], True) == SPELLING
    assert why(Change(1, "", "N4*BOSTON"), [], True) == ADDED
    assert why(Change(1, "N4*BOSTON", ""), [], True) == DROPPED


def test_a_set_of_4010_in_the_envelope_of_5010() -> None:
    header = "ISA*00*" + " " * 10 + "*00*" + " " * 10 + "*ZZ*A              *ZZ*B              *260706*1015*"
    old = header + "U*00401*000000104*0*T*:~\nGS*HC*A*B*20260706*1015*1*X*004010X098A1~\nST*837*0001~\n"
    new = (
        header
        + "^*00501*000000104*0*T*:~\nGS*HC*A*B*20260706*1015*1*X*005010X222A1~\nST*837*0001*005010X222A1~\n"
    )
    assert in_5010(old) == new
