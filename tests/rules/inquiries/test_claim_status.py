"""276 to 277: which claims an inquiry finds, and what is said of each."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.payer_world import (
    DIRECTORY,
    GONE,
    GROUP,
    MOTHER,
    PAYER,
    PCP,
    PPO,
    ROSTER,
    SON,
    SPECIALIST,
    TODAY,
    as_sent,
    day,
    line_record,
    payer,
    person,
    provider,
    record,
)
from tests.worlds.payer.short import status_words
from x12_payer.adjudication.claim_status import ClaimsOnFile, decide_status
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.authorization.parties import Member
from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    LineInquiry,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import Party, Period, Procedure, Reference, Trace

NOW = TODAY.date()


def inquiry(**changes: Any) -> ClaimInquiry:
    values: dict[str, Any] = {
        "levels": ("1", "2", "3", "4"),
        "payer": payer(),
        "receiver": Party("41", id_qualifier="46", id="CLEARCO01"),
        "provider": provider(SPECIALIST),
        "subscriber": as_sent(PPO),
        "trace": Trace("1", "CS-1"),
    }
    return ClaimInquiry(**{**values, **changes})


def ask(asked: ClaimInquiry, *claims: ClaimRecord, receiver_known: bool = True) -> ClaimStatusAnswer:
    def held(member_id: str) -> tuple[ClaimRecord, ...]:
        return tuple(c for c in claims if c.member_id == member_id)

    return decide_status(asked, ROSTER, ClaimsOnFile(held, DIRECTORY, PAYER), receiver_known, TODAY)


def only(answer: ClaimStatusAnswer) -> ClaimStatusClaim:
    assert len(answer.claims) == 1
    return answer.claims[0]


# -- above the claim ---------------------------------------------------------------------------------


def test_an_unknown_receiver_is_answered_at_its_level() -> None:
    answer = ask(inquiry(), record(), receiver_known=False)
    assert answer.receiver_status == StatusInformation((Status("E0", "0", "41"),), NOW)
    assert (answer.provider_status, answer.claims) == (None, ())


def test_another_payer_is_answered_at_the_receiver_level() -> None:
    answer = ask(inquiry(payer=payer("OTHER")), record())
    assert answer.receiver_status == StatusInformation((Status("E0", "116", "PR"),), NOW)
    assert answer.claims == ()


@pytest.mark.parametrize("npi", ["1888888884", "1911111115", ""])
def test_an_unknown_provider_is_answered_at_its_level(npi: str) -> None:
    answer = ask(inquiry(provider=provider(npi)), record(billing_npi=npi))
    assert answer.provider_status == StatusInformation((Status("E0", "24", "1P"),), NOW)
    assert (answer.receiver_status, answer.claims) == (None, ())


# -- nothing found -----------------------------------------------------------------------------------

SENT = (Reference("EJ", "NONE-1"), Reference("1K", "X9"), Reference("LU", "9"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subscriber": person("ZULU", "ANN", date(1970, 1, 1), "M999")}, "E0:33:IL"),
        ({"subscriber": person("VOSS", "KARL", date(1970, 1, 1), "M200")}, "E0:33:IL"),
        ({"subscriber": person("VOGT", "KARL", PPO.birth_date, "M200")}, "E0:33:IL"),
        ({"subscriber": as_sent(MOTHER), "dependent": as_sent(PPO, "QC")}, "E0:33:QC"),
        ({"subscriber": as_sent(GONE)}, "D0:35"),
        ({}, "D0:35"),
    ],
)
def test_nothing_found_gives_back_what_was_sent_and_no_amounts(changes: dict[str, Any], said: str) -> None:
    period = day(date(2026, 7, 2))
    entry = only(ask(inquiry(references=SENT, charge=Decimal(140), period=period, **changes), record()))
    (information,) = entry.information
    assert status_words(information.statuses) == [said]
    assert information == StatusInformation(information.statuses, NOW)
    assert entry.references == (Reference("1K", "X9"), Reference("EJ", "NONE-1"))
    assert (entry.period, entry.lines) == (period, ())


# -- which claims ------------------------------------------------------------------------------------

JULY_2 = day(date(2026, 7, 2))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"references": (Reference("1K", "N1"),)}, True),
        ({"references": (Reference("1K", "N2"),)}, False),
        ({"references": (Reference("EJ", "PC-1"),)}, True),
        ({"references": (Reference("EJ", "PC-9"),)}, False),
        ({"references": (Reference("EJ", "PC-1"), Reference("1K", "N2"))}, False),
        ({"references": (Reference("6P", "ANY"), Reference("LU", "ANY"))}, True),
        ({"references": (Reference("D9", "CH-1"),)}, False),
        ({"charge": Decimal("140.00")}, True),
        ({"charge": Decimal("140.01")}, False),
        ({"period": JULY_2}, True),
        ({"period": Period("472", date(2026, 6, 1), date(2026, 7, 2))}, True),
        ({"period": day(date(2026, 7, 3))}, False),
        ({"period": Period("472", date(2026, 6, 1), date(2026, 7, 1))}, False),
        ({"provider": provider(PCP)}, False),
        ({"subscriber": as_sent(MOTHER)}, False),
    ],
)
def test_every_criterion_sent_must_agree(changes: dict[str, Any], found: bool) -> None:
    entry = only(ask(inquiry(**changes), record()))
    assert (status_words(entry.information[0].statuses) == ["F1:65"]) == found
    assert (Reference("1K", "N1") in entry.references) == (
        found or Reference("1K", "N1") in changes.get("references", ())
    )


def test_the_rendering_provider_may_ask_too() -> None:
    asked = inquiry(provider=provider(PCP))
    assert status_words(only(ask(asked, record(rendering_npi=PCP))).information[0].statuses) == ["F1:65"]
    line = evolve(line_record(), rendering_npi=PCP)
    assert status_words(only(ask(asked, record(lines=(line,)))).information[0].statuses) == ["F1:65"]


def test_the_bill_type_of_a_hospital_claim() -> None:
    held = record(kind="I", facility_code="11", frequency="1")
    for sent, said in (("111", "F1:65"), ("0111", "F1:65"), ("131", "D0:35")):
        entry = only(ask(inquiry(references=(Reference("BLT", sent),)), held))
        assert status_words(entry.information[0].statuses) == [said]
    assert Reference("BLT", "111") in only(ask(inquiry(), held)).references


def test_a_dependents_claims_are_found_below_the_subscriber_only() -> None:
    held = record(member_id="M101", subscriber_id="M100")
    asked = inquiry(subscriber=as_sent(MOTHER), dependent=as_sent(SON, "QC"))
    assert status_words(only(ask(asked, held)).information[0].statuses) == ["F1:65"]
    assert status_words(only(ask(inquiry(subscriber=as_sent(MOTHER)), held)).information[0].statuses) == [
        "D0:35"
    ]


def test_several_claims_are_answered_one_by_one_up_to_the_most() -> None:
    held = [record(f"N{n}") for n in range(21)]
    answer = ask(inquiry(period=JULY_2), *held[:20])
    assert [c.references[0].value for c in answer.claims] == [f"N{n}" for n in range(20)]
    assert status_words(only(ask(inquiry(period=JULY_2), *held)).information[0].statuses) == ["D0:485"]


# -- what is said ------------------------------------------------------------------------------------


def test_a_paid_claim() -> None:
    entry = only(ask(inquiry(references=(Reference("EJ", "PC-1"),)), record()))
    assert entry.information == (
        StatusInformation(
            (Status("F1", "65"),),
            date(2026, 7, 4),
            Decimal(140),
            Decimal(80),
            date(2026, 7, 4),
            date(2026, 7, 5),
            "T900",
        ),
    )
    assert entry.references == (Reference("1K", "N1"), Reference("EJ", "PC-1"))
    assert entry.period == JULY_2
    (line,) = entry.lines
    assert (line.charge, line.paid, line.units) == (Decimal(140), Decimal(80), Decimal(1))
    assert (line.procedure, line.line_control_number, line.period) == (Procedure("HC", "99213"), "L1", JULY_2)
    assert status_words(line.information[0].statuses) == ["F1:65"]


DENIED = line_record("1", "140", "0", "claim_no_authorization")
LIMITED = line_record("2", "60", "0", "claim_benefit_limit")
PAID = line_record("2", "60", "50")
UNREFERRED = line_record("1", "140", "0", "claim_no_referral")
EARLY = line_record("1", "140", "0", "claim_not_yet_covered")
CUT = line_record("3", "90", "30", "claim_units_over")


@pytest.mark.parametrize(
    ("held", "claim", "lines"),
    [
        (record(lines=(DENIED,), status="denied"), ["F2:84", "F2:252:85"], ["F2:252:85"]),
        (record(lines=(DENIED, LIMITED), status="denied"), ["F2:84", "F2:252:85"], ["F2:252:85", "F2:483"]),
        (record(lines=(LIMITED,), status="denied"), ["F2:483"], ["F2:483"]),
        (record(lines=(line_record("1", "9", "0"),), status="denied"), ["F2:1"], ["F2:1"]),
        (record(lines=(DENIED, PAID)), ["F1:65"], ["F2:252:85", "F1:65"]),
        (record(lines=(UNREFERRED,), status="denied"), ["F2:94:82"], ["F2:94:82"]),
        (record(lines=(EARLY,), status="denied"), ["F2:88:QC"], ["F2:88:QC"]),
        (record(lines=(CUT,)), ["F1:65"], ["F1:65"]),
        (record(lines=(line_record("1", "140", "0", "claim_capitated"),)), ["F1:105"], ["F1:105"]),
        (record(lines=(line_record("1", "70", "30", "claim_days_over"),)), ["F1:456"], ["F1:456"]),
        (record(reasons=("claim_precertification_penalty",)), ["F1:100"], ["F1:65"]),
        (record(lines=(line_record("1", "140", "0", "claim_deductible"),)), ["F4:1"], ["F4:1"]),
        (record(remitted=None, trace=""), ["F1:3"], ["F1:3"]),
        (record(status="predetermined"), ["F0:37"], ["F0:37"]),
        (record(status="reversed", replaced_by="N2"), ["F3:686"], ["F3:686"]),
    ],
)
def test_the_state_of_a_claim(held: ClaimRecord, claim: list[str], lines: list[str]) -> None:
    entry = only(ask(inquiry(), held))
    assert status_words(entry.information[0].statuses) == claim
    assert [status_words(line.information[0].statuses) for line in entry.lines] == [[x] for x in lines]


def test_a_pended_claim_has_a_charge_and_nothing_that_looks_final() -> None:
    lines = (line_record("1", "140", "0", "claim_no_fee"), line_record("2", "60", "0"))
    entry = only(
        ask(inquiry(), record(lines=lines, status="pended", adjudicated=None, remitted=None, trace=""))
    )
    (information,) = entry.information
    assert information == StatusInformation((Status("P1", "45"),), NOW, charge=Decimal(200))
    assert [status_words(line.information[0].statuses) for line in entry.lines] == [["P1:45"], ["P1:45"]]


def test_a_replaced_claim_and_its_correction() -> None:
    original = record("N1", status="reversed", replaced_by="N2")
    reversal = record("N2R", status="reversal", replaces="N1", charge=Decimal(-140), paid=Decimal(-80))
    corrected = record("N2", replaces="N1", frequency="7")
    answer = ask(inquiry(references=(Reference("EJ", "PC-1"),)), original, reversal, corrected)
    assert [(c.references[0].value, status_words(c.information[0].statuses)) for c in answer.claims] == [
        ("N1", ["F3:101"]),
        ("N2", ["F1:65"]),
    ]
    assert answer.claims[0].information[0].paid == 0
    by_number = ask(inquiry(references=(Reference("1K", "N2R"),)), original, reversal, corrected)
    assert status_words(only(by_number).information[0].statuses) == ["F3:686"]
    assert only(by_number).information[0].charge == 140


def test_a_correction_that_waits_and_one_that_was_withdrawn() -> None:
    """What is corrected stays in force; a correction that another one took the place of was replaced, and
    a claim that was voided is voided though a correction of it waited once."""
    paid, waits = record("N1"), record("N2", status="pended", replaces="N1", remittance=None)
    by_account = inquiry(references=(Reference("EJ", "PC-1"),))
    answer = ask(by_account, paid, waits)
    assert [status_words(c.information[0].statuses) for c in answer.claims] == [["F1:65"], ["P1:45"]]
    withdrawn = evolve(waits, status="reversed", replaced_by="N3")
    answer = ask(by_account, paid, withdrawn, record("N3", status="pended", replaces="N1"))
    assert [status_words(c.information[0].statuses) for c in answer.claims] == [
        ["F1:65"],
        ["F3:101"],
        ["P1:45"],
    ]
    void = record("V", status="reversal", replaces="N1")
    gone = [evolve(paid, status="reversed", replaced_by="V"), evolve(withdrawn, replaced_by="V")]
    answer = ask(by_account, *gone, void)
    assert [status_words(c.information[0].statuses) for c in answer.claims] == [["F3:686"], ["F3:686"]]


@pytest.mark.parametrize(
    ("want", "numbers"),
    [
        (LineInquiry(line_control_number="L2"), ["L2"]),
        (LineInquiry(procedure=Procedure("HC", "99213")), ["L1", "L2"]),
        (LineInquiry(line_control_number="L1", procedure=Procedure("HC", "99213")), ["L1"]),
    ],
)
def test_the_lines_asked_for(want: LineInquiry, numbers: list[str]) -> None:
    entry = only(ask(inquiry(lines=(want,)), record(lines=(DENIED, PAID))))
    assert [line.line_control_number for line in entry.lines] == numbers
    every = only(ask(inquiry(), record(lines=(DENIED, PAID))))
    assert [line.line_control_number for line in every.lines] == ["L1", "L2"]


UNHELD = [
    LineInquiry(procedure=Procedure("HC", "99999")),
    LineInquiry(procedure=Procedure("HC", "99213", ("GP",))),
    LineInquiry(procedure=Procedure("HC", "99213"), period=day(date(2026, 7, 9))),
    LineInquiry(line_control_number="L1", revenue_code="0120"),
    LineInquiry(line_control_number="1"),
    LineInquiry(line_control_number="L9", charge=Decimal(30), units=Decimal(2)),
]


@pytest.mark.parametrize("want", UNHELD)
def test_a_line_that_the_claim_does_not_have_is_given_back_as_not_found(want: LineInquiry) -> None:
    entry = only(ask(inquiry(lines=(want,)), record(lines=(DENIED, PAID))))
    (line,) = entry.lines
    assert status_words(entry.information[0].statuses) == ["F1:65"]  # the claim is answered
    assert status_words(line.information[0].statuses) == ["D0:35"]
    assert (line.procedure, line.revenue_code) == (want.procedure, want.revenue_code)
    assert (line.line_control_number, line.units) == (want.line_control_number, want.units)
    assert (line.charge, line.paid) == (want.charge or 0, 0)


def test_held_lines_come_before_those_that_are_not_found() -> None:
    asked = (UNHELD[0], LineInquiry(line_control_number="L2"))
    entry = only(ask(inquiry(lines=asked), record(lines=(DENIED, PAID))))
    assert [status_words(line.information[0].statuses) for line in entry.lines] == [["F1:65"], ["D0:35"]]


def test_a_line_without_a_number_of_its_own_is_known_by_lx() -> None:
    bare = evolve(PAID, control_number="")
    entry = only(ask(inquiry(lines=(LineInquiry(line_control_number="2"),)), record(lines=(DENIED, bare))))
    assert [status_words(line.information[0].statuses) for line in entry.lines] == [["F1:65"]]


@given(
    st.sampled_from(["N1", "N2", ""]),
    st.sampled_from(["PC-1", "PC-9", ""]),
    st.sampled_from([Decimal(140), Decimal(9), None]),
    st.sampled_from([PPO, MOTHER, GONE]),
    st.sampled_from([SPECIALIST, PCP, GROUP]),
)
def test_without_a_match_nothing_on_file_is_reported(
    number: str, account: str, charge: Decimal | None, who: Member, npi: str
) -> None:
    references = tuple(Reference(q, v) for q, v in (("1K", number), ("EJ", account)) if v)
    asked = inquiry(
        references=references,
        charge=charge,
        subscriber=as_sent(who),
        provider=provider(npi),
    )
    entry = only(ask(asked, record()))
    fits = number != "N2" and account != "PC-9" and charge != 9 and who is PPO and npi == SPECIALIST
    if fits:
        assert status_words(entry.information[0].statuses) == ["F1:65"]
    else:
        assert entry == ClaimStatusClaim((StatusInformation((Status("D0", "35"),), NOW),), references, None)
