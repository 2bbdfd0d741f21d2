"""Interchanges of x12sdk's seeded generator: what is valid passes, and each flaw of it is listed here.

Where a line describes a flaw it is fixed, and then nothing may be left that is an error."""

import re
from datetime import date

import pytest

from x12_payer.edi.snip.validate import diagnostics_in
from x12_payer.edi.wire.segments import Source

generate = pytest.importorskip("x12sdk.generate", reason="x12sdk is a dependency of development only")

AS_OF = date(2026, 7, 15)
SEEDS = range(1, 11)
ICD = "ICD-10-CM codes under BK and BF, which stand for ICD-9-CM"
FLAWS = {  # set -> error code -> why it is right
    "270": {},
    "271": {},
    "276": {"inquiry-birth-missing": "no DMG where the patient is the subscriber"},
    "277": {"element-missing": "no BHT06, which X212 requires"},
    "835": {
        "element-missing": "no BPR16, which X221A1 requires",
        "segment-missing": "no PER*BL in 1000A, which X221A1 requires",
        "remit-date-missing": "no date of service, neither of the claim nor of a line",
        "balance-835-patient": "CLP05 is empty and a CAS*PR says what the patient owes",
        "adjustment-remark-missing": "no remark beside a reason for which list 139 wants one",
    },
    "837p": {"code-diagnosis": ICD, "diagnosis-version": ICD},
    "837i": {"code-diagnosis": ICD, "diagnosis-version": ICD},
}
FIXES = {  # set -> what is put right, and how
    "276": [(r"(HL\*\d+\*\d+\*22\*0~\n)", r"\1DMG*D8*19800101*F~\n")],
    "277": [(r"(BHT[^~]*)~", r"\1*DG~")],
    "835": [
        (r"(BPR[^~]*)~", r"\1************20260101~"),
        (r"(N4\*[^~]*~\n)(N1\*PE)", r"\1PER*BL*HELP*TE*5550100100~\n\2"),
        (r"(SVC\*[^~]*~\n)", r"\1DTM*472*20251101~\n"),
    ],
    "837p": [(r"HI\*BK:", "HI*ABK:"), (r"\*BF:", "*ABF:")],
    "837i": [(r"HI\*BK:", "HI*ABK:"), (r"\*BF:", "*ABF:")],
}
LEFT = {"835": {"balance-835-patient", "adjustment-remark-missing"}}  # what no line can fix


def errors(text: str) -> set[str]:
    found = diagnostics_in(Source(data=text.encode("latin-1")), 6, AS_OF)
    return {f.code for f in found if f.is_error}


def generated(kind: str, seed: int) -> str:
    text = getattr(generate, f"generate_{kind}")(seed=seed)
    assert isinstance(text, str)
    return text


def fixed(kind: str, text: str) -> str:
    """With as many segments more in SE01 as were put in."""
    before = text.count("~")
    for pattern, instead in FIXES.get(kind, []):
        text, changes = re.subn(pattern, instead, text)
        assert changes or "BF" in pattern
    more = text.count("~") - before
    return re.sub(r"SE\*(\d+)", lambda m: f"SE*{int(m[1]) + more}", text)


@pytest.mark.parametrize("kind", FLAWS)
def test_it_is_seeded(kind: str) -> None:
    assert generated(kind, 1) == generated(kind, 1)
    assert generated(kind, 1) != generated(kind, 2)


@pytest.mark.parametrize("kind", FLAWS)
def test_its_flaws_are_found_and_no_others(kind: str) -> None:
    found = [errors(generated(kind, seed)) for seed in SEEDS]
    assert set().union(*found) == set(FLAWS[kind])


@pytest.mark.parametrize("kind", FLAWS)
def test_fixed_it_passes(kind: str) -> None:
    for seed in SEEDS:
        assert errors(fixed(kind, generated(kind, seed))) <= LEFT.get(kind, set())
