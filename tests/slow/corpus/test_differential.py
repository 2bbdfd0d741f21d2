"""pyx12 under our guides, and our engine: of each sample they say the same, or the difference is listed here.

Compared are the verdict on the file (types 1 and 2) and, where both refuse it, the segment of the
first error. GS01 `XX` is fixed before (`unmasked`), or neither engine would look at the set behind it."""

import pytest

from tests.slow.corpus.corpus_files import read, sample_names, unmasked
from tests.worlds.engines.engines_differ import SEGMENT, VERDICT, Maps, difference

REPEATS = "pyx12 4.0.0 does not split a repeated simple element"
SEPARATOR = "ISA16 is ':' and the body uses '>': we warn and read on, pyx12 takes the composite for one value"
CTX = "pyx12 counts the two kinds of CTX as one"
GS01 = "a 277 in a group HR: we warn and read on, pyx12 has no map for it"
SET_GUIDE = (
    "ST03 is not the guide of GS08: we refuse the set at its ST and look no further, pyx12 goes by GS08"
)
BEHIND = "separators behind the last value: we warn, pyx12 refuses"
BETWEEN = "a segment between GS and ST: pyx12 says nothing of it and stumbles over the set"
VERSION = "ISA12 is neither 00401 nor 00501: pyx12 refuses without a segment"

FIXTURES = "kputnam+stupidedi/spec/fixtures/005010"
LINUX = "LinuxForHealth+x12"
GENERIC = "response-to-generic-request-by"
DIFFERENCES = {  # file -> what differs, why
    f"{LINUX}/demo-file/demo.271": (VERDICT, REPEATS),
    f"{LINUX}/src/tests/resources/271_005010X279A1/dependent-health-benefit-check.271": (VERDICT, REPEATS),
    f"{FIXTURES}/X279-HB271/fail/1.edi": (VERDICT, REPEATS),
    f"{FIXTURES}/X279-HB271/pass/1.edi": (VERDICT, REPEATS),
    f"{FIXTURES}/X279-HB271/pass/3.edi": (VERDICT, REPEATS),
    f"{FIXTURES}/X279-HB271/pass/{GENERIC}-clinic-for-patient-(subscriber)-eligibility.edi": (
        VERDICT,
        REPEATS,
    ),
    f"{FIXTURES}/X279-HB271/pass/{GENERIC}-physician-for-patient-(dependent)-eligibility.edi": (
        VERDICT,
        REPEATS,
    ),
    f"{LINUX}/src/tests/resources/837_005010X222A2/demo.example6.837": (VERDICT, SEPARATOR),
    f"{LINUX}/src/tests/resources/837_005010X222A2/demo.example11.837": (VERDICT, SEPARATOR),
    f"{LINUX}/src/tests/resources/837_005010X222A2/demo.example12.837": (VERDICT, SEPARATOR),
    f"{LINUX}/src/tests/resources/837_005010X223A3/ppo-repriced-claim.837i": (VERDICT, SEPARATOR),
    f"{FIXTURES}/X222-HC837/fail/11.edi": (VERDICT, SEPARATOR),
    f"{FIXTURES}/X222-HC837/fail/12.edi": (SEGMENT, SEPARATOR),
    f"{FIXTURES}/X222-HC837/fail/6.edi": (SEGMENT, SEPARATOR),
    f"{FIXTURES}/X231A1-FA999/pass/response-to-functional-group-containing-3-837s.edi": (VERDICT, CTX),
    f"{FIXTURES}/X212-HR277/pass/claim-response.edi": (VERDICT, GS01),
    f"{FIXTURES}/X212-HR277/pass/info-receiver-response.edi": (VERDICT, GS01),
    f"{FIXTURES}/X212-HR277/pass/provider-response.edi": (VERDICT, GS01),
    f"{FIXTURES}/X300-HC837/pass/example-1.edi": (SEGMENT, SET_GUIDE),
    f"{FIXTURES}/X300-HC837/pass/example-2.edi": (SEGMENT, SET_GUIDE),
    f"{FIXTURES}/X298-HC837/pass/example-1.edi": (SEGMENT, SET_GUIDE),
    f"{FIXTURES}/X298-HC837/pass/example-2.edi": (SEGMENT, SET_GUIDE),
    "gunajii+EDI-parser-and-validator/scripts/test_parser.py.1.edi": (SEGMENT, SET_GUIDE),
    "kreddys+edi-lens/src/ediParser/ediParser.test.ts.2.edi": (SEGMENT, SET_GUIDE),
    "kreddys+edi-lens/src/ediParser/ediParser.test.ts.3.edi": (SEGMENT, SET_GUIDE),
    f"{FIXTURES}/X222-HC837/fail/5.edi": (VERDICT, BEHIND),
    "moov-io+x12/examples/example_5010_835/sample1.txt": (VERDICT, BEHIND),
    "albmarin+badX12/tests/files/errors/unknown_segment_error.edi": (SEGMENT, BETWEEN),
    "xlate+staedi/src/test/java/io/xlate/edi/internal/stream/EventSequenceTest.java.1.edi": (
        SEGMENT,
        VERSION,
    ),
    "xlate+staedi/src/test/resources/x12/sample837-original.edi": (SEGMENT, VERSION),
    "xlate+staedi/src/test/resources/x12/sample837-small.edi": (SEGMENT, VERSION),
}
LEAST_COMPARED = 230  # of the 397 files; the others have no set with a guide of ours

SAMPLES = sample_names()


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Maps:
    return Maps(tmp_path_factory.mktemp("maps"))


def test_the_engines_agree_or_the_difference_is_listed(maps: Maps) -> None:
    seen = {name: difference(unmasked(read(name)), maps) for name in SAMPLES}
    assert {name: what for name, what in seen.items() if what} == {n: k for n, (k, _) in DIFFERENCES.items()}
    assert len([what for what in seen.values() if what is not None]) >= LEAST_COMPARED


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("HI*BK:", "HI*XXX:", ""),  # both refuse, at one segment
        ("HL*1**20*1", "HL*1**20*1**", VERDICT),  # a listed kind of difference: the comparison sees it
    ],
)
def test_the_comparison_can_tell(old: str, new: str, expected: str, maps: Maps) -> None:
    text = read(f"{FIXTURES}/X222-HC837/pass/3a.edi")
    assert old in text
    assert difference(text, maps) == ""
    assert difference(text.replace(old, new), maps) == expected
