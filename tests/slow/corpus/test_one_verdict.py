"""On public files, too, `edi validate` and the TA1 and 999 of `edi process` agree unit by unit."""

import pytest

from tests.slow.corpus.corpus_files import CORPUS, sample_names
from tests.worlds.engines.verdicts import opinions
from x12_payer.edi.wire.segments import Source


@pytest.mark.parametrize("name", sample_names())
def test_what_is_valid_is_taken(name: str) -> None:
    found = list(opinions(Source(str(CORPUS / name))))
    assert found
    assert [one for one in found if one.valid != one.taken] == []
