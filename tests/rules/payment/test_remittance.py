"""835s from decided claims: one a payee, in order, balanced with PLB."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import DAY, GROUP, IMAGING, NOW, PAYER, PCP, claim, directory, line, world
from x12_payer.adjudication.claims.engine import reverse_claim
from x12_payer.adjudication.payment.remittance import in_order, interest, interest_of, make_remittances
from x12_payer.adjudication.records import Balance, ClaimRecord, Payee
from x12_payer.authorization.parties import Payer
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.snip.rules.balance import check_835

D = Decimal


def traces() -> Iterator[str]:
    return (f"T{n}" for n in count(1))


def paid(amount: str | int, npi: str = PCP, **more: Any) -> ClaimRecord:
    """A record that pays (or, negative, takes back) the amount."""
    base, _ = world().decide(claim(line("99213", 140), by=npi))
    assert base.remittance is not None
    value = D(amount)
    remittance = evolve(base.remittance, charge=value, paid=value, patient_responsibility=D(0), lines=())
    return evolve(base, paid=value, remittance=remittance, **more)


def run(
    *records: ClaimRecord,
    owed: Sequence[Balance] = (),
    payer: Payer = PAYER,
    now: datetime = NOW,
) -> tuple[tuple[Remittance, ...], tuple[Balance, ...]]:
    return make_remittances(records, directory().providers, owed, payer, traces(), now)


def plb(remittance: Remittance) -> list[tuple[str, Decimal]]:
    return [(a.code, a.amount) for a in remittance.provider_adjustments]


def forwarded(remittance: Remittance) -> str:
    """The FB pairs, `reference amount`."""
    found = (a for a in remittance.provider_adjustments if a.code == "FB")
    return ", ".join(f"{a.reference} {a.amount}" for a in found)


def balances(text: str, npi: str = PCP) -> tuple[Balance, ...]:
    """`OLD 60, NEW 40` as what the payee owes, the oldest first."""
    pairs = (one.split() for one in text.split(", ") if one)
    return tuple(Balance(npi, reference, D(amount)) for reference, amount in pairs)


def after_all(before: Sequence[Balance], changed: Sequence[Balance]) -> str:
    """What is owed after a run, in the form of `balances`."""
    owed = {b.reference: b.amount for b in (*before, *changed)}
    return ", ".join(f"{reference} {amount}" for reference, amount in owed.items() if amount)


def test_one_remittance_a_payee_in_order_of_the_first_claim() -> None:
    found, after = run(paid(10, GROUP), paid(20, PCP), paid(30, GROUP))
    assert [(r.payee.npi, r.amount, r.trace) for r in found] == [(GROUP, 40, "T1"), (PCP, 20, "T2")]
    assert (after, found[0].payment_date, found[0].method) == ((), NOW.date(), "CHK")


def test_claims_that_wait_are_in_no_remittance() -> None:
    waiting, _ = world().decide(claim(line("99499", 10), by=PCP))
    assert run(waiting) == ((), ())
    assert run(waiting, owed=balances("OLD 5"))[1] == ()


# claims, owed before -> payment, FB, owed afterwards; T1 is the trace of the 835 made
BALANCES = [
    ([100, 50], "", 150, "", ""),
    ([0], "", 0, "", ""),
    ([-100], "", 0, "T1 -100", "T1 100"),
    ([-200, 100], "", 0, "T1 -100", "T1 100"),
    ([1650], "OLD 100", 1550, "OLD 100", ""),
    ([60], "OLD 100", 0, "OLD 60", "OLD 40"),
    ([100], "OLD 100", 0, "OLD 100", ""),
    ([-50], "OLD 100", 0, "T1 -50", "OLD 100, T1 50"),
    ([0], "OLD 100", 0, "", "OLD 100"),
    ([80, -80], "OLD 100", 0, "", "OLD 100"),
    ([300], "OLD 100, NEW 50", 150, "OLD 100, NEW 50", ""),
    ([120], "OLD 100, NEW 50", 0, "OLD 100, NEW 20", "NEW 30"),
    ([70], "OLD 100, NEW 50", 0, "OLD 70", "OLD 30, NEW 50"),
]


@pytest.mark.parametrize(("claims", "before", "payment", "pairs", "after"), BALANCES)
def test_balances(claims: list[int], before: str, payment: int, pairs: str, after: str) -> None:
    owed = balances(before)
    (found,), changed = run(*(paid(c) for c in claims), owed=owed)
    assert (found.amount, forwarded(found), after_all(owed, changed)) == (payment, pairs, after)
    assert found.method == ("CHK" if payment else "NON")
    assert {a.fiscal_year_end for a in found.provider_adjustments} <= {date(2026, 12, 31)}


def test_a_balance_of_another_payee_stays() -> None:
    (found,), changed = run(paid(10), owed=balances("OLD 5", GROUP))
    assert (found.amount, changed) == (10, ())


@settings(max_examples=80)
@given(
    st.lists(st.decimals(-500, 500, places=2), min_size=1, max_size=6),
    st.lists(st.decimals("0.01", 300, places=2), max_size=4),
)
def test_every_remittance_balances(amounts: list[Decimal], owed: list[Decimal]) -> None:
    before = {f"OLD{n}": amount for n, amount in enumerate(owed)}
    (found,), changed = run(
        *(paid(str(a)) for a in amounts), owed=tuple(Balance(PCP, ref, a) for ref, a in before.items())
    )
    after = before | {b.reference: b.amount for b in changed}
    assert check_835(build_835(found)) == []
    assert found.amount >= 0
    assert found.amount - sum(after.values()) == sum(amounts) - sum(owed)
    assert all(amount >= 0 for amount in after.values())
    if sum(amounts) <= 0:
        assert before.items() <= after.items()


def test_an_electronic_payment_needs_both_accounts() -> None:
    account = {PCP: Payee(PCP, "021000021", "DA", "987654")}
    bank = evolve(PAYER, routing_number="011000015", account_number="123456")
    for payer, accounts, method in (
        (bank, account, "ACH"),
        (bank, {}, "CHK"),
        (PAYER, account, "CHK"),
    ):
        found, _ = make_remittances([paid(10)], {}, (), payer, traces(), NOW, accounts)
        assert found[0].method == method
        assert (found[0].payee_account != "") is (method == "ACH")
    none, _ = make_remittances([paid(0)], {}, (), bank, traces(), NOW, account)
    assert (none[0].method, none[0].payee_account) == ("NON", "")


# -- order -----------------------------------------------------------------------------------------


def record(number: str, status: str = "paid", replaces: str = "") -> ClaimRecord:
    return paid(1, claim_number=number, status=status, replaces=replaces)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("A B C", "A B C"),
        ("A -A A' B", "A -A A' B"),
        ("B A' -A C", "B -A A' C"),
        ("A' B -A", "-A A' B"),
        ("-B A' -A B'", "-B B' -A A'"),
    ],
)
def test_a_reversal_comes_before_its_correction(given_: str, expected: str) -> None:
    made = {
        name: record(
            name, "reversal" if name[0] == "-" else "paid", name.strip("-'") if len(name) > 1 else ""
        )
        for name in given_.split()
    }
    assert " ".join(r.claim_number for r in in_order(list(made.values()))) == expected


# -- interest --------------------------------------------------------------------------------------

PROMPT = evolve(PAYER, interest_annual_percent=D("18"), interest_after_days=30)


@pytest.mark.parametrize(
    ("amount", "days", "owed"),
    [("1000", 30, "0"), ("1000", 31, "0.49"), ("1000", 60, "14.79"), ("0", 60, "0"), ("-1000", 60, "0")],
)
def test_interest_runs_after_the_prompt_pay_days(amount: str, days: int, owed: str) -> None:
    received = date(2026, 1, 1)
    assert interest(D(amount), received, date.fromordinal(received.toordinal() + days), PROMPT) == D(owed)
    assert interest(D(amount), received, date.fromordinal(received.toordinal() + days), PAYER) == 0


def test_interest_is_paid_as_plb_and_never_as_cas() -> None:
    late = paid(1000, received=date(2026, 5, 16))
    (found,), _ = run(late, payer=PROMPT)
    assert (plb(found), found.amount, found.claims[0].interest) == (
        [("L6", D("-14.79"))],
        D("1014.79"),
        D("14.79"),
    )
    assert found.provider_adjustments[0].reference == late.claim_number
    assert check_835(build_835(found)) == []


@pytest.mark.parametrize(
    ("made", "interest_paid", "pairs"),
    [
        ([("A", 1000, "paid", "")], {"A": "14.79"}, ["-14.79"]),
        ([("A", 1000, "paid", ""), ("V", -1000, "reversal", "A")], {}, []),
        ([("A", 1000, "reversed", ""), ("V", -1000, "reversal", "A")], {}, []),
        (
            [("A", 1000, "reversed", ""), ("BR", -1000, "reversal", "A"), ("B", 800, "paid", "A")],
            {"B": "11.84"},
            ["-11.84"],
        ),
    ],
)
def test_interest_is_on_what_is_in_force_at_the_end_of_the_run(
    made: list[tuple[str, int, str, str]], interest_paid: dict[str, str], pairs: list[str]
) -> None:
    late = [
        named(paid(amount, received=date(2026, 5, 16), status=status, replaces=replaces), number)
        for number, amount, status, replaces in made
    ]
    (found,), _ = run(*late, payer=PROMPT)
    assert interest_of(found) == {number: D(amount) for number, amount in interest_paid.items()}
    assert [str(a.amount) for a in found.provider_adjustments if a.code == "L6"] == pairs
    assert check_835(build_835(found)) == []


def named(record: ClaimRecord, number: str) -> ClaimRecord:
    assert record.remittance is not None
    return evolve(
        record, claim_number=number, remittance=evolve(record.remittance, payer_control_number=number)
    )


def test_a_reversal_takes_back_the_interest_that_was_paid() -> None:
    original = evolve(paid(1000), interest=D("14.79"), trace="T0", remitted=date(2026, 7, 1))
    reversal = reverse_claim(original, "V", NOW)
    (found,), changed = run(reversal, payer=PROMPT)
    assert found.claims[0].interest == D("-14.79")
    assert plb(found) == [("L6", D("14.79")), ("FB", D("-1014.79"))]
    assert after_all((), changed) == "T1 1014.79"
    assert (found.amount, interest_of(found)) == (0, {})
    assert check_835(build_835(found)) == []


def test_interest_taken_back_beside_claims_that_come_to_nothing_is_carried() -> None:
    original = evolve(paid(80), interest=D("0.92"))
    (found,), changed = run(
        reverse_claim(original, "BR", NOW), paid(80, claim_number="B"), owed=balances("OLD 5"), payer=PROMPT
    )
    assert (found.amount, forwarded(found)) == (0, "T1 -0.92")
    assert after_all(balances("OLD 5"), changed) == "OLD 5, T1 0.92"


# -- parties ---------------------------------------------------------------------------------------


def test_payer_and_payee_are_named_as_on_file() -> None:
    payer = evolve(
        PAYER, address="1 PLAZA", city="BOSTON", state="MA", zip="02110", contact_phone="8005550100"
    )
    (found,), _ = run(paid(10, IMAGING), payer=payer)
    assert (found.payer.last_name, found.payer.id, found.payer_tax_id) == ("PAYER", "PAY01", "990000001")
    assert found.payer.contacts[0].numbers == (("TE", "8005550100"),)
    assert (found.payee.last_name, found.payee.npi) == (f"P{IMAGING}", IMAGING)
    unknown, _ = make_remittances([paid(10)], {}, (), PAYER, traces(), NOW)
    assert unknown[0].payee.npi == PCP
    assert unknown[0].produced is not None
    assert unknown[0].produced > DAY
