"""Who is in a 278, before any rule of a plan."""

from datetime import date

import pytest

from x12_payer.adjudication.eligibility.review_parties import identify
from x12_payer.adjudication.people import Roster
from x12_payer.authorization.parties import Directory, Member, Payer, Provider
from x12_payer.edi.messages.common import Party, Person
from x12_payer.edi.messages.services_review import ReviewCategory, ServicesReview

PCP = "1911111114"
PAYER = Payer("PLAN", "PAY01", "990000001", "ZZ", "PAYER01")
DIRECTORY = Directory(providers={PCP: Provider(PCP, "1", "LIN", role="pcp")}, contracts={})
BORN = date(1980, 3, 15)
JANE = Member("A1", "A1", "18", "RIVERA", "JANE", BORN, "F", "BAY-HMO", date(2026, 1, 1))


def review(member_id: str, last: str, first: str, born: date | None, **parties: Party) -> ServicesReview:
    subscriber = Party("IL", "1", last, first, id_qualifier="MI" if member_id else "", id=member_id)
    return ServicesReview(
        levels=("1", "2", "3", "4"),
        payer=parties.get("payer", Party("X3", id_qualifier="PI", id="PAY01")),
        requester=parties.get("requester", Party("1P", id_qualifier="XX", id=PCP)),
        subscriber=Person(subscriber, born),
        dependent=None,
        category=ReviewCategory("HS", "I", "PT"),
    )


@pytest.mark.parametrize(
    ("member_id", "last", "first", "born", "expected"),
    [
        ("A1", "RIVERA", "JANE", BORN, []),
        ("A1", "RIVERA", "", None, []),
        ("A9", "NOBODY", "ANN", BORN, ["72"]),
        ("A9", "NOBODY", "", None, ["58"]),
        ("A9", "NOBODY", "ANN", None, ["58"]),
        ("A9", "", "", BORN, ["75"]),
        ("", "NOBODY", "ANN", BORN, ["75"]),
        ("A1", "RIVIERA", "JANE", date(1981, 3, 15), ["71", "73"]),
    ],
)
def test_the_patient_or_why_not(
    member_id: str, last: str, first: str, born: date | None, expected: list[str]
) -> None:
    found = identify(review(member_id, last, first, born), Roster((JANE,)), DIRECTORY, PAYER)
    codes = [r.reason for r in found.refusal.subscriber_rejections] if found.refusal else []
    assert codes == expected
    assert found.patient.found == (not expected)


def test_the_first_level_that_fails_is_answered_alone() -> None:
    stranger = Party("1P", id_qualifier="XX", id="1234567893")
    nobody = review("A9", "NOBODY", "ANN", BORN, requester=stranger)
    refusal = identify(nobody, Roster((JANE,)), DIRECTORY, PAYER).refusal
    assert refusal is not None
    assert [r.reason for r in refusal.requester_rejections] == ["51"]
    assert refusal.subscriber_rejections == ()
