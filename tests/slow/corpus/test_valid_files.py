"""Valid public files stay valid, and every file is answered by findings, never by an exception."""

from datetime import date

import pytest

from tests.slow.corpus.corpus_files import CORPUS, sample_names
from tests.unit.edi.reading.test_check_properties import everything
from tests.worlds.text.valid_sets import findings
from tests.worlds.text.wire import findings as findings_of
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.wire.segments import Source

TODAY = date(2026, 11, 1)
BOX, ENTITY = {"billing-address-box"}, {"status-entity-missing"}
# Line payers are placeholders (P, S) and a tooth holds its surface; a billing provider lives in a post office
# box; a status says nothing of whom it means: the files themselves are odd.
ODD = {
    "example-1.edi": {"line-payer-unknown"},
    "example-2.edi": {"line-payer-unknown", "surface-missing"},
    "/demo.example11.837": BOX,
    "X222-HC837/pass/11.edi": BOX,
    "X222A1-HC837/pass/ppo-repriced-claim.edi": BOX,
    "X214-HN277/pass/3.edi": ENTITY,
    "X214-HN277/pass/4.edi": ENTITY,
}
VALID = (CORPUS / "MUST_ACCEPT.txt").read_text().splitlines()


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_has_no_error_of_types_1_and_2(name: str) -> None:
    found = list(check_interchanges(Source(str(CORPUS / name)), every_guide=True))
    assert [d for d in findings_of(found) if d.is_error] == []
    assert all(s.accepted for i in found for g in i.groups for s in g.sets)


@pytest.mark.parametrize("name", VALID)
def test_a_valid_file_has_no_situational_error(name: str) -> None:
    """Invented ids and totals are rightly questioned: types 3 and 5 are left out."""
    found = findings((CORPUS / name).read_bytes(), TODAY)
    wrong = {d.code for d in found if d.is_error and d.row.snip in "46"}
    assert wrong <= next((odd for end, odd in ODD.items() if name.endswith(end)), set())


@pytest.mark.parametrize("name", sample_names())
def test_every_file_is_answered(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    assert everything(data)
    findings(data, TODAY)
