"""The search for subscribers and dependents: what was sent, who is found, what is said when nobody is."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.payer_world import (
    EVERYBODY,
    GONE,
    MOTHER,
    PAYER,
    PPO,
    ROSTER,
    SAME_1,
    SON,
    TWIN,
    as_sent,
    member,
    payer,
    person,
)
from x12_payer.adjudication.people import (
    Roster,
    find_dependent,
    find_subscriber,
    is_our_payer,
    normalised_name,
    rejection,
    rejections,
)
from x12_payer.authorization.parties import Member
from x12_payer.edi.messages.common import Party, Person, Rejection
from x12_payer.edi.tables import reason

BORN, OTHER_DAY = PPO.birth_date, date(1970, 3, 2)


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda m: m.member_id)
def test_everybody_is_found_by_what_is_on_file(who: Member) -> None:
    match = find_subscriber(as_sent(who), ROSTER)
    assert (match.member_id, match.spans, match.reasons) == (who.member_id, (who,), ())


@pytest.mark.parametrize(
    ("sent", "reasons"),
    [
        (person("VOSS", "KARL", BORN, "M200"), ()),
        (person("VOSS", "KARL", None, "M200"), ()),
        (person("", "", BORN, "M200"), ()),
        (person("VOSS", "KARL", BORN), ()),
        (person("voss", "Karl", BORN, "M200"), ()),
        (person("VOSS", "KARL", OTHER_DAY, "M200"), ("member_birth_date",)),
        (person("VOGT", "KARL", BORN, "M200"), ("member_name",)),
        (person("VOSS", "KARLA", BORN, "M200"), ("member_name",)),
        (person("VOGT", "KARL", OTHER_DAY, "M200"), ("member_birth_date", "member_name")),
        (person("VOGT", "KARL", None, "M200"), ("member_name",)),
        (person("VOSS", "KARL", BORN, "M999"), ("member_not_found_72",)),
        (person("VOSS", "KARL", None, "M999"), ("member_not_found_75",)),
        (person("", "", BORN, "M999"), ("member_not_found_75",)),
        (person("ZULU", "ANN", BORN), ("member_not_found_75",)),
        (person("SMITH", "JOHN", date(1980, 1, 1)), ("member_several",)),
        (person("SMITH", "JOHN", date(1980, 1, 1), "M402"), ()),
        (person("", "", None, "M200"), ("member_birth_date_missing", "member_name_missing")),
        (person("VOSS", "", None, "M200"), ()),
        (person("VOGT", "", None, "M200"), ("member_name",)),
        (person("", "KARL", None, "M200"), ("member_birth_date_missing", "member_name_missing")),
        (person("VOSS", "KARL"), ("member_birth_date_missing",)),
        (person("VOSS", "", BORN), ("member_name_missing",)),
    ],
)
def test_subscriber(sent: Person, reasons: tuple[str, ...]) -> None:
    match = find_subscriber(sent, ROSTER)
    assert match.reasons == reasons
    assert match.found == (not reasons)


def test_a_member_with_two_spans_is_one_person() -> None:
    later = evolve(PPO, plan_id="BAY-HMO", last_name="VOSS-HALE", effective_date=date(2026, 4, 1))
    match = find_subscriber(person("Voss Hale", "KARL", BORN, "M200"), Roster((later, PPO)))
    assert match.spans == (PPO, later)
    assert find_subscriber(person("VOSS", "KARL", BORN), Roster((later, PPO))).member_id == "M200"


MOTHER_FOUND = find_subscriber(as_sent(MOTHER), ROSTER)


@pytest.mark.parametrize(
    ("sent", "found", "reasons"),
    [
        (as_sent(SON, "03"), "M101", ()),
        (as_sent(TWIN, "QC"), "M102", ()),
        (person("", "Ben", SON.birth_date, entity="03"), "M101", ()),
        (person("O'BRIEN-STONE", "BEN", entity="03"), "M101", ()),
        (person("O'BRIEN-STONE", "BEN", date(2012, 9, 8), entity="03"), "", ("member_dependent_not_found",)),
        (person("O'BRIEN-STONE", "DAN", SON.birth_date, entity="03"), "", ("member_dependent_not_found",)),
        (person("", "", SON.birth_date, entity="03"), "", ("member_dependent_several",)),
        (person("O'BRIEN-STONE", "", entity="03"), "", ("member_dependent_not_found",)),
        (as_sent(PPO, "03"), "", ("member_dependent_not_found",)),
        (as_sent(MOTHER, "03"), "", ("member_dependent_not_found",)),
    ],
)
def test_dependent(sent: Person, found: str, reasons: tuple[str, ...]) -> None:
    match = find_dependent(sent, MOTHER_FOUND, ROSTER)
    assert (match.member_id, match.reasons) == (found, reasons)


def test_a_dependent_of_another_family_is_not_found() -> None:
    match = find_subscriber(as_sent(PPO), ROSTER)
    assert find_dependent(as_sent(SON, "03"), match, ROSTER).reasons == ("member_dependent_not_found",)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("O'Brien", "OBRIEN"),
        ("SMITH-JONES", "SMITHJONES"),
        ("Smith Jones", "SMITHJONES"),
        ("SMITH, JR.", "SMITH"),
        ("SMITH/III", "SMITH"),
        ("Dr. Smith Ph.D.", "SMITH"),
        ("MUÑOZ", "MUNOZ"),
        ("ST. CLAIR", "STCLAIR"),
        ("V", "V"),
        ("JR", "JR"),
        ("", ""),
        ("---", ""),
    ],
)
def test_names_as_they_are_compared(written: str, compared: str) -> None:
    assert normalised_name(written) == compared


NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=20)


@given(NAMES)
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalised_name(name)
    assert once == normalised_name(once)
    assert not any(c.isspace() for c in once)
    assert once == once.upper()


@given(
    st.from_regex(r"[A-Z]{4,10}", fullmatch=True), st.sampled_from(["", " JR", ", SR.", " III", "-", " M.D."])
)
def test_case_marks_and_suffixes_do_not_matter(name: str, suffix: str) -> None:
    assert normalised_name(f"{name[0]}{name[1:].lower()}{suffix}") == normalised_name(name)


def test_a_first_name_may_hold_the_middle_name() -> None:
    who = member("M9", "POE", "ANN MAE", date(1990, 1, 1))
    sent = person("POE", "ANN", None, "M9", middle_name="MAE")
    assert find_subscriber(sent, Roster((who,))).found
    assert not find_subscriber(person("POE", "ANN", None, "M9"), Roster((who,))).found


def test_aaa01_says_whether_the_data_are_valid() -> None:
    assert rejection("member_several") == Rejection("Y", "76", "C")
    assert rejection("member_birth_date") == Rejection("N", "71", "C")
    assert rejections(("member_name", "member_name_missing")) == (Rejection("N", "73", "C"),)


@given(
    st.sampled_from(["VOSS", "VOGT", ""]),
    st.sampled_from(["KARL", "KURT", ""]),
    st.sampled_from([BORN, OTHER_DAY, None]),
    st.sampled_from(["M200", "M300", "M999", ""]),
)
def test_a_reason_is_an_aaa_and_names_nobody(
    last: str, first: str, born: date | None, member_id: str
) -> None:
    match = find_subscriber(person(last, first, born, member_id), ROSTER)
    assert match.found != bool(match.reasons)
    assert match.found or not match.spans
    assert all(reason(key).aaa for key in match.reasons)


def test_our_payer_by_payer_id_or_tax_id() -> None:
    assert is_our_payer(payer("nst01"), PAYER)
    assert is_our_payer(Party("PR", id_qualifier="FI", id="880000001"), PAYER)
    assert not is_our_payer(payer("OTHER"), PAYER)
    assert not is_our_payer(payer("880000001"), PAYER)


def test_who_is_gone_is_still_found() -> None:
    assert find_subscriber(as_sent(GONE), ROSTER).member_id == "M300"
    assert find_subscriber(as_sent(SAME_1), ROSTER).member_id == "M401"
