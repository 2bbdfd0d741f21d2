"""pyx12 under our guides, and our engine: of the files of samples/, as they come in and as they go out, they
say the same, or the difference has its reason here."""

import pytest

from tests.worlds.engines.engines_differ import SEGMENT, VERDICT, Maps, difference
from tests.worlds.places import SAMPLES

FILES = sorted(SAMPLES.rglob("*.x12"))
REPEATS = "pyx12 4.0.0 does not split a repeated simple element"
CUT = "the file ends inside the interchange: pyx12 names no segment"
DIFFERENCES = {  # file -> what differs, why
    "01-eligibility/expected/1-coverage.000000101.271.x12": (VERDICT, REPEATS),
    "01-eligibility/expected/2-before-the-end.000000102.271.x12": (VERDICT, REPEATS),
    "03-therapy/expected/3-what-is-left.000000303.271.x12": (VERDICT, REPEATS),
    "10-bad-files/inbound/2-cut-off.x12": (SEGMENT, CUT),
    "14-cost-share-and-payment-run/expected/2-deductible-now.000001402.271.x12": (VERDICT, REPEATS),
}


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Maps:
    return Maps(tmp_path_factory.mktemp("maps"))


def test_the_engines_agree_or_the_difference_is_listed(maps: Maps) -> None:
    seen = {
        str(path.relative_to(SAMPLES)): difference(path.read_bytes().decode("latin-1"), maps)
        for path in FILES
    }
    assert {n: what for n, what in seen.items() if what} == {n: what for n, (what, _) in DIFFERENCES.items()}
    compared = [what for what in seen.values() if what is not None]
    assert len(compared) > len(FILES) * 3 // 4, "most of the samples have a guide of ours"
