"""The form of outside codes, without their lists: NPI check digit, ICD-10-CM, CPT, HCPCS, CDT.

A form says that a code could exist, not that it does (CONTRACT section 6, SNIP 5)."""

import re
from functools import lru_cache

from stdnum import luhn

# An NPI is checked with the prefix of United States health identifiers in front (45 CFR 162.406).
_NPI_PREFIX = "80840"
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
    return bool(_NPI.fullmatch(value)) and bool(luhn.is_valid(_NPI_PREFIX + value))


def is_icd10_cm(code: str) -> bool:
    """True when the code, sent without a point, has the form of ICD-10-CM."""
    return bool(_ICD10_CM.fullmatch(code))


def is_cdt(code: str) -> bool:
    """True when the code has the form of CDT."""
    return bool(_CDT.fullmatch(code))


def is_hcpcs(code: str) -> bool:
    """True when the code has the form of CPT or of HCPCS level II."""
    return bool(_CPT.fullmatch(code) or _HCPCS.fullmatch(code))


def is_procedure(qualifier: str, code: str) -> bool:
    """True when the code has the form its qualifier (C003-01) asks for; other qualifiers are not judged."""
    if qualifier == "HC":
        return is_hcpcs(code)
    if qualifier == "AD":
        return is_cdt(code)
    return True
