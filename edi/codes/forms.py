"""The form of outside codes, without their lists: NPI check digit, ICD-10-CM, CPT, HCPCS, CDT.

A form says that a code could exist, not that it does (CONTRACT section 6, SNIP 5)."""

import re
from functools import lru_cache

# The Luhn sum of an NPI begins with that of the prefix 80840, United States health identifiers (45 CFR
# 162.406). python-stdnum has it, too, but importing that takes longer than checking a small file.
_NPI_PREFIX = 24
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the digits of twice a digit, summed
_NPI = re.compile(r"[12][0-9]{9}")
# Letter, digit, digit (A and B close some categories), then up to four more; a point is not sent.
_ICD10_CM = re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}")
# CPT category I, II (F), III (T), administrative (M), proprietary laboratory analyses (U), and giving a
# vaccine (A).
_CPT = re.compile(r"[0-9]{4}[0-9FTMU]|0[0-9]{3}A")
_HCPCS = re.compile(r"[A-V][0-9]{4}")
_CDT = re.compile(r"D[0-9]{4}")


@lru_cache(maxsize=4096)
def is_npi(value: str) -> bool:
    """True for ten digits that begin with 1 or 2 and whose check digit fits."""
    if not _NPI.fullmatch(value):
        return False
    digits = [int(digit) for digit in value]
    return (_NPI_PREFIX + sum(digits[1::2]) + sum(_DOUBLED[digit] for digit in digits[::2])) % 10 == 0


def is_icd10_cm(code: str) -> bool:
    """True when the code, sent without a point, has the form of ICD-10-CM."""
    return bool(_ICD10_CM.fullmatch(code))


def is_cdt(code: str) -> bool:
    """True when the code has the form of CDT."""
    return bool(_CDT.fullmatch(code))


def is_hcpcs(code: str) -> bool:
    """True when the code has the form of CPT or of HCPCS level II."""
    return bool(_CPT.fullmatch(code) or _HCPCS.fullmatch(code))
