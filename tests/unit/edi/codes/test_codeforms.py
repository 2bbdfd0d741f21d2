"""Forms of outside codes: what is accepted, what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from x12_payer.edi.codes.forms import is_cdt, is_hcpcs, is_icd10_cm, is_npi


@pytest.mark.parametrize("npi", ["1234567893", "1911111114", "1200000010", "2000000002"])
def test_npi_with_a_fitting_check_digit(npi: str) -> None:
    assert is_npi(npi)


@pytest.mark.parametrize(
    "npi",
    ["1234567890", "1911111115", "", "123456789", "12345678934", "A234567893", "3234567899", "١٢٣٤٥٦٧٨٩٣"],
)
def test_npi_of_another_form_or_check_digit(npi: str) -> None:
    assert not is_npi(npi)


@given(st.from_regex(r"[12][0-9]{9}", fullmatch=True))
def test_the_check_digit_is_that_of_luhn_behind_80840(npi: str) -> None:
    assert is_npi(npi) == luhn.is_valid(f"80840{npi}")


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
def test_exactly_one_check_digit_fits(stem: str) -> None:
    assert sum(is_npi(f"{stem}{digit}") for digit in range(10)) == 1


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(stem: str, place: int, shift: int) -> None:
    valid = next(f"{stem}{d}" for d in range(10) if is_npi(f"{stem}{d}"))
    wrong = f"{valid[:place]}{(int(valid[place]) + shift) % 10}{valid[place + 1 :]}"
    assert not is_npi(wrong)


@pytest.mark.parametrize("code", ["M25561", "Z00", "C4A0", "C7B00", "S72001A", "U071", "T560X1A", "M1A00X0"])
def test_icd10_cm_form(code: str) -> None:
    assert is_icd10_cm(code)


@pytest.mark.parametrize("code", ["71946", "M2", "M25.561", "m25561", "MM5561", "S72001AXX", "", "MC561"])
def test_not_icd10_cm_form(code: str) -> None:
    assert not is_icd10_cm(code)


@pytest.mark.parametrize(
    "code", ["99213", "00100", "0001U", "0042T", "0071A", "3008F", "0002M", "J9000", "G0151", "E0601"]
)
def test_hcpcs_form(code: str) -> None:
    assert is_hcpcs(code)


@pytest.mark.parametrize("code", ["9921", "992133", "99213X", "W1234", "ABCDE", "", "9921A", "j9000"])
def test_not_hcpcs_form(code: str) -> None:
    assert not is_hcpcs(code)


def test_cdt_form() -> None:
    assert is_cdt("D0120")
    assert not is_cdt("99213")
