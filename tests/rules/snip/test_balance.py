"""The balance equations: what balances passes, and each thing that does not is named once, at its place."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.text.bodies import DENTAL, INSTITUTIONAL, loop_segments
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.messages.common import Party, Procedure
from x12_payer.edi.messages.remittance import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine
from x12_payer.edi.snip.rules.balance import Imbalance, Numbered, balance_835, check_835, claim_837
from x12_payer.edi.wire.segments import LoopSegment

D = Decimal
ZERO = D(0)
VALID = """
BPR*I*1550*C*CHK
TRN*1*T*1990000001
LX*1
CLP*PT-1001*22*-150*-100**HM*I1
SVC*HC:97110*-150*-100
CAS*CO*45*-30
CAS*PR*3*-20
CLP*GL-501*1*2100*1750*50*12*I2
CAS*PR*3*50
SVC*HC:81432*1500*1200
CAS*CO*45*200**198*100*1
SVC*HC:81433*600*600
CLP*IP-1*1*400*0*400*12*I3
CAS*PR*197*400
PLB*1933333332*20261231*WO:A*150*L6:B*-50
SE*14*0001
"""


def balance_837(set_: Iterable[LoopSegment]) -> Iterator[Imbalance]:
    """What does not add up in one 837 set, claim by claim."""
    claim: list[Numbered] = []
    for _, segment, ordinal in set_:
        if segment[0] in ("CLM", "HL", "SE"):
            yield from claim_837(claim)
            claim = []
        if segment[0] == "CLM" or claim:
            claim.append((ordinal, segment))
    yield from claim_837(claim)


def segments(text: str) -> list[list[str]]:
    return [line.split("*") for line in text.strip().splitlines()]


def test_a_valid_remittance() -> None:
    assert check_835(segments(VALID)) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("SVC*HC:81432*1500*1200", "SVC*HC:81432*1500*1199.99", [("balance-835-line", 10)]),
        ("CAS*CO*45*200**198*100*1", "CAS*CO*45*200", [("balance-835-line", 10), ("balance-835-claim", 8)]),
        (
            "SVC*HC:81433*600*600",
            "SVC*HC:81433*601*601",
            [("balance-835-charge", 8)],
        ),
        ("CLP*GL-501*1*2100*1750*50", "CLP*GL-501*1*2100*1750*51", [("balance-835-patient", 8)]),
        ("CLP*GL-501*1*2100*1750*50", "CLP*GL-501*1*2100*1750", [("balance-835-patient", 8)]),
        (
            "CLP*GL-501*1*2100*1750*50",
            "CLP*GL-501*1*2100*1751*50",
            [("balance-835-claim", 8), ("balance-835-payment", 1)],
        ),
        ("CLP*PT-1001*22", "CLP*PT-1001*1", [("balance-835-patient", 4)]),
        ("BPR*I*1550", "BPR*I*1550.01", [("balance-835-payment", 1)]),
        ("*150*L6:B*-50", "*150*L6:B*50", [("balance-835-payment", 1)]),
        (
            "BPR*I*1550",
            "BPR*I*-1550",
            [("balance-835-payment", 1), ("balance-835-negative-payment", 1)],
        ),
        ("CAS*PR*197*400", "CAS*PR*197", [("balance-835-claim", 13), ("balance-835-patient", 13)]),
        ("CAS*PR*197*400", "CAS*PR*197*x", [("balance-835-claim", 13), ("balance-835-patient", 13)]),
    ],
)
def test_each_equation_is_named_at_its_place(before: str, after: str, found: list[tuple[str, int]]) -> None:
    assert VALID.count(before) == 1
    broken = segments(VALID.replace(before, after))
    assert [(i.key, i.ordinal) for i in balance_835(broken)] == found
    assert check_835(broken) == [key for key, _ in found]


def test_the_figures_of_an_imbalance() -> None:
    (found,) = balance_835(segments(VALID.replace("BPR*I*1550", "BPR*I*9250")))
    assert (found.stated, found.summed) == (D(9250), D(1550))


# --- remittances made up ----------------------------------------------------------------------------------

MONEY = st.decimals(min_value=-5000, max_value=5000, places=2)
ADJUSTMENT = st.builds(
    Adjustment,
    group=st.sampled_from(["CO", "OA", "PI", "PR"]),
    reason=st.sampled_from(["1", "2", "3", "23", "45", "96", "101", "119", "197", "198", "A1", "B7"]),
    amount=MONEY,
    quantity=st.none() | st.integers(-3, 9).map(D),
)
ADJUSTMENTS = st.lists(ADJUSTMENT, max_size=9).map(tuple)


def total(adjustments: Sequence[Adjustment], group: str = "") -> Decimal:
    return sum((a.amount for a in adjustments if group in ("", a.group)), ZERO)


@st.composite
def lines(draw: st.DrawFn) -> RemittanceLine:
    charge, adjustments = draw(MONEY), draw(ADJUSTMENTS)
    return RemittanceLine(
        charge=charge,
        paid=charge - total(adjustments),
        procedure=draw(st.sampled_from([None, Procedure("HC", "97110", ("GP",))])),
        revenue_code="0120",
        adjustments=adjustments,
    )


@st.composite
def claims(draw: st.DrawFn) -> RemittanceClaim:
    of_claim, found = draw(ADJUSTMENTS), tuple(draw(st.lists(lines(), max_size=4)))
    charge = sum((line.charge for line in found), ZERO) if found else draw(MONEY)
    every = (*of_claim, *(a for line in found for a in line.adjustments))
    return RemittanceClaim(
        control_number="C1",
        status=draw(st.sampled_from(["1", "2", "22", "25"])),
        charge=charge,
        paid=charge - total(every),
        patient_responsibility=total(every, "PR"),
        filing_indicator="12",
        payer_control_number="ICN1",
        patient=Party("QC", "1", "A", "B"),
        adjustments=of_claim,
        lines=found,
    )


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    found = tuple(draw(st.lists(claims(), max_size=4)))
    kept = [
        ProviderAdjustment(code, f"R{n}", amount, date(year, 12, 31))
        for n, (code, amount, year) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.sampled_from(["WO", "L6"]), MONEY, st.sampled_from([2025, 2026])), max_size=9
                )
            )
        )
    ]
    amount = sum((c.paid for c in found), ZERO) - sum((a.amount for a in kept), ZERO)
    if amount < 0:
        kept.append(ProviderAdjustment("FB", "CARRIED", amount, date(2026, 12, 31)))
        amount = ZERO
    return Remittance(
        payer=Party("PR", last_name="PAYER"),
        payee=Party("85", last_name="PAYEE", id_qualifier="XX", id="1933333332"),
        trace="T1",
        payer_tax_id="990000001",
        method="CHK",
        amount=amount,
        produced=date(2026, 7, 15),
        payment_date=date(2026, 7, 15),
        claims=found,
        provider_adjustments=tuple(kept),
    )


@pytest.mark.slow
@settings(deadline=None)
@given(remittances())
def test_what_balances_is_written_so_that_it_balances(made: Remittance) -> None:
    assert check_835(build_835(made)) == []


CENTS = st.sampled_from([D("0.01"), D("-0.01"), D(1), D("1000.10")])


@pytest.mark.slow
@settings(deadline=None)
@given(remittances(), CENTS, st.data())
def test_what_does_not_balance_is_reported(made: Remittance, off: Decimal, data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(["payment", "paid", "charge", "patient", "line", "adjustment"]))
    if where == "payment" or not made.claims:
        assert "balance-835-payment" in check_835(build_835(evolve(made, amount=made.amount + off)))
        return
    at = data.draw(st.integers(0, len(made.claims) - 1))
    claim = made.claims[at]
    broken, key = spoiled(claim, where, off)
    reported = evolve(made, claims=(*made.claims[:at], broken, *made.claims[at + 1 :]))
    assert (key in check_835(build_835(reported))) == bool(key)


def spoiled(claim: RemittanceClaim, where: str, off: Decimal) -> tuple[RemittanceClaim, str]:
    """The claim with one figure off, and the key that has to report it ('' where nothing is wrong)."""
    if where == "paid":
        return evolve(claim, paid=claim.paid + off), "balance-835-claim"
    if where == "charge":
        return evolve(claim, charge=claim.charge + off), "balance-835-claim"
    if where == "patient":
        owed = evolve(claim, patient_responsibility=claim.patient_responsibility + off)
        return owed, "" if claim.status == "22" else "balance-835-patient"
    if where == "line" and claim.lines:
        first = evolve(claim.lines[0], paid=claim.lines[0].paid + off)
        return evolve(claim, lines=(first, *claim.lines[1:])), "balance-835-line"
    extra = (*claim.adjustments, Adjustment("CO", "45", off))
    return evolve(claim, adjustments=extra), "balance-835-claim"


TEXT = st.one_of(st.text(max_size=4), st.sampled_from(["22", "NaN", "1E99999", "-1", "PR", "D"]))
ODD = st.lists(
    st.builds(
        lambda tag, rest: [tag, *rest],
        st.sampled_from(
            ["BPR", "LX", "CLP", "CAS", "SVC", "PLB", "SE", "CLM", "SV1", "SVD", "SBR", "AMT", "HL"]
        ),
        st.lists(TEXT, max_size=9),
    ),
    max_size=20,
)


@settings(deadline=None)
@given(ODD)
def test_nothing_makes_it_raise(odd: list[list[str]]) -> None:
    check_835(odd)
    list(balance_837(("2300", s, n) for n, s in enumerate(odd, 1)))


# --- 837 --------------------------------------------------------------------------------------------------

COORDINATED = """
HL*3*1*22*0
SBR*S*18*GRP200******12
CLM*DP-1*300***22:B:1*Y*A*Y*Y
HI*ABK:J069
SBR*P*18*******12
CAS*CO*45*10
AMT*D*130
AMT*EAF*40
NM1*IL*1*WHITE*NORA****MI*PM55501
NM1*PR*2*PRIMARY MUTUAL*****PI*PRIM1
SBR*T*18*******CI
NM1*IL*1*WHITE*NORA****MI*TM1
NM1*PR*2*THIRD MUTUAL*****PI*THIRD1
LX*1
SV1*HC:99213*200*UN*1***1
SVD*PRIM1*80*HC:99213**1
CAS*CO*45*80
CAS*PR*2*40
SVD*THIRD1*0*HC:99213**1
CAS*OA*23*200
LX*2
SV1*HC:99214*100*UN*1***1
SVD*PRIM1*40*HC:99214**1
CAS*PR*2*10
SVD*PRIM1*30*HC:99215**1
CAS*PR*1*20
CLM*DP-2*50***22:B:1*Y*A*Y*Y
LX*1
SV1*HC:99213*50*UN*1***1
"""
BALANCED = COORDINATED.replace("SVD*PRIM1*80", "SVD*PRIM1*70").replace("CAS*CO*45*80", "CAS*CO*45*90")


def imbalances(body: str) -> list[tuple[str, int]]:
    numbered = enumerate(body.strip().splitlines(), 1)
    return [(i.key, i.ordinal) for i in balance_837(("", line.split("*"), n) for n, line in numbered)]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("SVD*PRIM1*70", "SVD*PRIM1*70", []),
        ("CLM*DP-1*300", "CLM*DP-1*301", [("balance-837-charge", 3), ("balance-837-other-payer", 7)]),
        ("CLM*DP-2*50", "CLM*DP-2*50.01", [("balance-837-charge", 27)]),
        ("SVD*PRIM1*70", "SVD*PRIM1*71", [("balance-837-line-payment", 16)]),
        ("SVD*PRIM1*30", "SVD*PRIM1*31", [("balance-837-line-payment", 23)]),
        ("SVD*THIRD1*0", "SVD*THIRD1*1", [("balance-837-line-payment", 19)]),
        ("AMT*D*130", "AMT*D*131", [("balance-837-other-payer", 7)]),
        ("CAS*CO*45*10", "CAS*CO*45*11", [("balance-837-other-payer", 7)]),
        ("AMT*D*130", "AMT*A8*999", []),
    ],
)
def test_the_equations_of_an_837(before: str, after: str, found: list[tuple[str, int]]) -> None:
    assert imbalances(BALANCED.replace(before, after)) == found


def test_the_charge_is_elsewhere_in_sv2_and_sv3() -> None:
    valid = INSTITUTIONAL.replace("21000.50", "21000.5")
    assert list(balance_837(loop_segments("837", valid))) == []
    assert list(balance_837(loop_segments("837", DENTAL))) == []
    assert [i.key for i in balance_837(loop_segments("837", DENTAL.replace("*4250*", "*4000*")))] == [
        "balance-837-charge"
    ]
