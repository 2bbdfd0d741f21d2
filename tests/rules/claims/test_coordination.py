"""What we pay and say after other payers (CONTRACT section 7): tables of public 835 arithmetic, and what
holds whatever the payers before us did."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.payer.claim_world import (
    DAY,
    HOSPITAL,
    OUTSIDER,
    PCP,
    SPECIALIST,
    World,
    approval,
    balanced,
    cas,
    claim,
    consent,
    fee,
    line,
    remitted,
    stay,
    summed,
    visits,
    world,
)
from x12_payer.adjudication.records import ClaimRecord
from x12_payer.authorization.plans.plan import shipped_plans
from x12_payer.edi.messages.claim import Adjustment, Claim, OtherPayer, PriorPayment
from x12_payer.edi.messages.common import Party, Period

ZERO = Decimal(0)


def adjustments(text: str) -> tuple[Adjustment, ...]:
    """`CO*45*80 PR*2*40` as triplets."""
    found = (part.split("*") for part in text.split())
    return tuple(Adjustment(group, code, Decimal(amount)) for group, code, amount in found)


def svd(paid: str, said_of_it: str = "", payer: str = "P1", left: str = "") -> PriorPayment:
    """2430 of a payer."""
    liability = Decimal(left) if left else None
    return PriorPayment(
        payer, Decimal(paid), adjustments=adjustments(said_of_it), patient_liability=liability
    )


def payer(name: str = "P1", paid: str = "", said_of_it: str = "", left: str = "") -> OtherPayer:
    """2320 of a payer."""
    return OtherPayer(
        "P",
        payer=Party("PR", "2", id_qualifier="PI", id=name),
        paid=Decimal(paid) if paid else None,
        patient_liability=Decimal(left) if left else None,
        adjustments=adjustments(said_of_it),
    )


def after(what: Claim, *others: OtherPayer, lines: Sequence[Sequence[PriorPayment]] = ()) -> Claim:
    reported = (
        evolve(one, prior_payments=tuple(said_of_it))
        for one, said_of_it in zip(what.lines, lines, strict=True)
    )
    place = "S" if len(others) < 2 else "T"
    return evolve(
        what, responsibility=place, other_payers=others, lines=tuple(reported) if lines else what.lines
    )


def outcome(record: ClaimRecord) -> tuple[Decimal, dict[str, Decimal]]:
    """What is paid, and every adjustment of the claim."""
    assert balanced(record)
    found = remitted(record)
    every = (*found.adjustments, *(a for one in found.lines for a in one.adjustments))
    return record.paid, summed(every)


def amounts(text: str) -> dict[str, Decimal]:
    return {f"{a.group}*{a.reason}": a.amount for a in adjustments(text)}


VISIT = claim(line("99213", 200), by=PCP)  # fee 100, copay 20: alone we would pay 80
SURGERY = claim(line("29881", 1000), by=PCP, facility_code="22")  # fee 800


@pytest.mark.parametrize(
    ("others", "lines", "paid", "expected"),
    [
        # said of the line alone
        ([payer()], [svd("80", "CO*45*80 PR*2*40")], 40, "OA*23*160"),
        ([payer()], [svd("40", "CO*45*40 PR*2*120")], 80, "OA*23*80 PR*3*20 CO*45*20"),
        ([payer()], [svd("0", "PR*96*200")], 80, "PR*3*20 CO*45*100"),
        ([payer()], [svd("0", "CO*29*200")], 0, "OA*23*200"),
        ([payer()], [svd("100", "CO*45*100")], 0, "OA*23*200"),
        ([payer()], [svd("250", "CO*94*-50")], 0, "OA*23*200"),  # paid more than the charge
        ([payer()], [svd("80", "CO*45*80 PR*2*40", left="30")], 30, "OA*23*160 PR*3*10"),
        # split by the payer
        ([payer()], [svd("50", "CO*45*50"), svd("30", "CO*45*30 PR*2*40")], 40, "OA*23*160"),
        # parts of a cent
        ([payer()], [svd("79.995", "CO*45*80 PR*2*40.005")], "40.01", "OA*23*159.99"),
        # said of the claim and the line
        ([payer(paid="80", said_of_it="PR*1*40")], [svd("120", "CO*45*80")], 40, "OA*23*160"),
        ([payer(said_of_it="PR*1*40")], [svd("120", "CO*45*80")], 40, "OA*23*160"),
        ([payer(paid="80", said_of_it="PR*1*40")], [svd("120", "CO*45*60 PR*1*20")], 60, "OA*23*140"),
        ([payer(paid="80", said_of_it="CO*45*40")], [svd("120", "CO*45*40 PR*3*40")], 40, "OA*23*160"),
        # said twice
        (
            [payer(paid="80", said_of_it="CO*45*80 PR*2*40")],
            [svd("80", "CO*45*80 PR*2*40")],
            40,
            "OA*23*160",
        ),
        ([payer(said_of_it="CO*45*80 PR*2*40")], [svd("80", "CO*45*80 PR*2*40")], 40, "OA*23*160"),
        # said of the claim alone
        ([payer(paid="80", said_of_it="CO*45*80 PR*2*40")], [], 40, "OA*23*160"),
        ([payer(said_of_it="CO*45*80 PR*2*40")], [], 40, "OA*23*160"),
        ([payer(paid="80", left="40")], [], 40, "OA*23*160"),
        ([payer(paid="80", said_of_it="CO*45*80 PR*2*40", left="40")], [], 40, "OA*23*160"),
        ([payer(paid="80")], [], 80, "OA*23*80 PR*3*20 CO*45*20"),
        ([payer(paid="0")], [], 80, "PR*3*20 CO*45*100"),
        ([payer(paid="300")], [], 0, "OA*23*200"),
        # tertiary
        (
            [payer("P1"), payer("P2")],
            [svd("80", "CO*45*80 PR*2*40"), svd("20", "OA*23*160 PR*2*20", "P2")],
            20,
            "OA*23*180",
        ),
        (
            [payer("P1"), payer("P2")],
            [svd("0", "PR*96*200"), svd("120", "CO*45*60 PR*3*20", "P2")],
            20,
            "OA*23*180",
        ),
        (
            [payer("P1"), payer("P2")],
            [svd("80", "CO*45*80 PR*2*40"), svd("0", "OA*23*160 PR*96*40", "P2")],
            40,
            "OA*23*160",
        ),
        (
            [payer("P1"), payer("P2")],  # the second gave its write-off as if it were the first
            [svd("80", "CO*45*80 PR*2*40"), svd("20", "CO*45*160 PR*2*20", "P2")],
            20,
            "OA*23*180",
        ),
        ([payer("P1"), payer("P2", paid="20")], [svd("80", "CO*45*80 PR*2*40")], 20, "OA*23*180"),
        ([payer("P1"), payer("P2", paid="20", left="15")], [svd("80", "CO*45*80 PR*2*40")], 15, "OA*23*185"),
        ([payer("P1", paid="80"), payer("P2", paid="20", left="20")], [], 20, "OA*23*180"),
        ([payer("P1"), payer("P2")], [svd("80", "CO*45*80 PR*2*40")], 40, "OA*23*160"),  # comes after us
    ],
)
def test_one_line(
    others: list[OtherPayer], lines: list[PriorPayment], paid: int | str, expected: str
) -> None:
    record, _ = world().decide(after(VISIT, *others, lines=[lines] if lines else ()))
    assert outcome(record) == (Decimal(paid), amounts(expected))


@pytest.mark.parametrize(
    ("spent", "prior", "paid", "expected", "moved"),
    [
        ("0", svd("400", "CO*45*200 PR*2*400"), 240, "OA*23*600 PR*1*160", (160, 160)),
        ("0", svd("0", "PR*1*1000"), 240, "PR*1*500 PR*2*60 CO*45*200", (500, 560)),
        ("0", svd("0", "PR*1*800 CO*45*200"), 240, "OA*23*200 PR*1*500 PR*2*60", (500, 560)),
        ("500", svd("300", "CO*45*200 PR*2*500"), 500, "OA*23*500", (0, 0)),
        ("500", svd("100", "CO*45*200 PR*2*700"), 640, "OA*23*300 PR*2*60", (0, 60)),
    ],
)
def test_the_member_owes_what_is_left(
    spent: str, prior: PriorPayment, paid: int, expected: str, moved: tuple[int, int]
) -> None:
    """M09: our own share where the primary left more than we pay; the accumulators follow."""
    before = world(accumulators={"deductible": spent})
    record, state = before.decide(after(SURGERY, payer(), lines=[[prior]]))
    assert outcome(record) == (paid, amounts(expected))
    assert record.patient_responsibility == moved[1]
    member = state.facts.member
    assert member.accumulated("deductible", 2026) - Decimal(spent) == moved[0]
    assert member.accumulated("out_of_pocket", 2026) == moved[1]
    _, state = state.reverse(record)
    assert state.facts.member.accumulated("out_of_pocket", 2026) == 0


def test_a_line_refused_keeps_its_reason_for_what_is_left() -> None:
    prior = svd("80", "CO*45*80 PR*2*40")
    what = claim(line("70551", 200), by=PCP)
    record, _ = world().decide(after(what, payer(), lines=[[prior]]))
    assert outcome(record) == (0, amounts("OA*23*160 CO*197*40"))
    assert record.status == "denied"
    record, _ = world().decide(after(what, payer(), lines=[[svd("100", "CO*45*100")]]))
    assert outcome(record) == (0, amounts("OA*23*200"))
    assert (record.status, record.lines[0].reasons) == ("denied", ("claim_no_authorization",))


def test_what_is_no_longer_reported_has_no_remark() -> None:
    three = claim(line("97110:GP", 300, 3, on=DAY), by=PCP)
    approved = visits(units=2, provider_npi=PCP, unit="UN")
    alone, _ = world("BAY-HMO", approved).decide(three)
    assert (cas(alone)["CO*198"], remitted(alone).lines[0].remarks) == (100, ("N362",))
    record, _ = world("BAY-HMO", approved).decide(after(three, payer(paid="150", left="60")))
    assert outcome(record) == (60, amounts("OA*23*240"))
    assert remitted(record).lines[0].remarks == ()
    record, _ = world("BAY-HMO", approved).decide(after(three, payer(paid="0")))
    assert outcome(record)[1]["CO*198"] == 100
    assert remitted(record).lines[0].remarks == ("N362",)


def test_a_duplicate_after_others_stays_one() -> None:
    what = after(VISIT, payer(), lines=[[svd("80", "CO*45*80 PR*2*40")]])
    _, state = world().decide(what)
    record, _ = state.decide(what)
    assert outcome(record) == (0, amounts("OA*18*200"))


def test_capitated_after_others() -> None:
    monthly = (fee("99213", "0", basis="capitated", npi=PCP),)
    record, _ = world(fees=monthly).decide(after(VISIT, payer(), lines=[[svd("80", "CO*45*80 PR*2*40")]]))
    assert outcome(record) == (0, amounts("OA*23*160 PR*3*20 CO*24*20"))


def test_a_provider_without_contract_keeps_what_is_above_the_fee() -> None:
    what = claim(line("99213", 200), by=OUTSIDER)
    prior = svd("20", "PR*2*180")
    record, _ = world().decide(after(what, payer(), lines=[[prior]]))
    assert outcome(record) == (60, amounts("OA*23*20 PR*2*40 PR*45*80"))


def test_predetermined_after_others() -> None:
    what = evolve(claim(line("D2740", 1200), by=PCP), kind="D", predetermination=True)
    dental = world("BAY-DENTAL", accumulators={"dental_maximum": "1200"})
    record, state = dental.decide(after(what, payer(paid="600", said_of_it="CO*45*400 PR*2*200")))
    assert outcome(record) == (0, amounts("OA*23*1000 OA*101*200"))
    assert state.facts.member.accumulated("dental_maximum", 2026) == 1200


def test_the_yearly_maximum_is_spent_by_what_is_paid() -> None:
    """The first crown takes 100 of the 300 left, so the second one has 200."""
    what = evolve(claim(line("D2740", 1000), line("D2740", 1000), by=PCP), kind="D")
    dental = world("BAY-DENTAL", accumulators={"dental_maximum": "1200"})
    lines = [[svd("900", "PR*2*100")], [svd("0", "PR*2*1000")]]
    record, state = dental.decide(after(what, payer(), lines=lines))
    assert [one.paid for one in remitted(record).lines] == [100, 200]
    assert cas(record, 1) == amounts("PR*2*500 PR*119*300")
    assert state.facts.member.accumulated("dental_maximum", 2026) == 1500


def test_a_penalty_counts_against_our_benefit() -> None:
    """BH-07: 500 less of a benefit of 4,500; what the primary left is below that."""
    week = stay(line("0124", 5000, 3), by=HOSPITAL, begin="2026-07-01", end="2026-07-04")
    fep = world("FEP-STANDARD")
    alone, _ = fep.decide(week)
    assert outcome(alone)[1]["PR*197"] == 500
    record, _ = fep.decide(after(week, payer(paid="4000", said_of_it="PR*1*1000")))
    assert outcome(record) == (1000, amounts("OA*23*4000"))
    record, _ = fep.decide(after(week, payer(paid="0", said_of_it="PR*1*5000")))
    assert outcome(record)[0] == alone.paid


def test_a_stay_priced_as_one() -> None:
    days = approval("AU-S", service_type="48", provider_npi=HOSPITAL, unit="DY", units=Decimal(5))
    drg = fee("470", "12000", basis="drg")
    week = stay(
        line("0120", 12000, 3),
        line("0360", 8000),
        by=HOSPITAL,
        begin="2026-07-01",
        end="2026-07-04",
        drg="470",
    )
    plan = world("BAY-HMO", days, fees=(drg,))
    lines = [[svd("5000", "CO*45*7000")], [svd("6000", "PR*2*2000")]]
    record, _ = plan.decide(after(week, payer(), lines=lines))
    assert remitted(record).lines == ()
    assert outcome(record) == (2000, amounts("OA*23*18000"))
    record, _ = plan.decide(after(week, payer(paid="3000", said_of_it="PR*1*17000")))
    assert outcome(record) == (12000, amounts("OA*23*3000 CO*45*5000"))


TWO = claim(line("99213", 200), line("97110:GP", 200, 3), by=PCP)  # alone 80 and 120


@pytest.mark.parametrize(
    ("other", "lines", "paid", "first", "second"),
    [
        # left to the patient of the claim: used where we have a benefit for it
        (payer(paid="300", left="100"), (), [80, 20], "OA*23*120", "OA*23*180"),
        (payer(paid="100", said_of_it="PR*1*300"), (), [80, 120], "OA*23*100 PR*3*20", "CO*45*80"),
        # the claim's deductible comes out of what the lines were paid
        (
            payer(paid="90", said_of_it="PR*1*110"),
            [[svd("100", "CO*45*100")], [svd("100", "CO*45*100")]],
            [80, 30],
            "OA*23*120",
            "OA*23*170",
        ),
        # nothing is said of the second line
        (payer(paid="80"), [[svd("80", "CO*45*80 PR*2*40")], []], [40, 120], "OA*23*160", "CO*45*80"),
    ],
)
def test_two_lines(
    other: OtherPayer, lines: Sequence[Sequence[PriorPayment]], paid: list[int], first: str, second: str
) -> None:
    record, _ = world().decide(after(TWO, other, lines=lines))
    assert [one.paid for one in remitted(record).lines] == paid
    assert [cas(record, 0), cas(record, 1)] == [amounts(first), amounts(second)]
    assert balanced(record)


# -- whatever the others did -----------------------------------------------------------------------

PERIODS = st.integers(0, 3).map(lambda n: Period("472", DAY, DAY + timedelta(n)))
CENTS = st.integers(0, 60000).map(lambda n: Decimal(n) / 100)
SPLITS = st.tuples(*[st.integers(0, 4)] * 4)  # weights of paid, written off, OA*23 of others, patient


@frozen
class Before:
    """A claim after other payers, and what these explain and leave."""

    claim: Claim
    explained: Decimal
    left: Decimal


def parts(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """The amount taken apart to the cent by weights; the last part has the rest."""
    total, left = sum(weights) or 1, amount
    found = []
    for weight in weights[:-1]:
        part = min((amount * weight / total).quantize(Decimal("0.01")), left)
        found.append(part)
        left -= part
    return [*found, left]


@st.composite
def befores(draw: st.DrawFn) -> Before:
    """One to three payers in turn, each deciding on what the one before left to the patient of each line and
    giving it by line, for the claim, or the patient's part for the claim alone."""
    codes = draw(
        st.lists(st.sampled_from(("99213", "29881", "70551", "H0036", "97110:GP")), min_size=1, max_size=3)
    )
    charges = [draw(CENTS) for _ in codes]
    what = claim(
        *(
            line(code, str(charge), draw(st.integers(1, 5)), period=draw(PERIODS))
            for code, charge in zip(codes, charges, strict=True)
        ),
        by=draw(st.sampled_from((PCP, SPECIALIST, OUTSIDER))),
        facility_code=draw(st.sampled_from(("11", "22", "23"))),
    )
    left, explained = list(charges), ZERO
    payments: list[list[PriorPayment]] = [[] for _ in codes]
    others = []
    for number in range(draw(st.integers(1, 3))):
        name, level = f"P{number}", draw(st.sampled_from(("line", "claim", "both")))
        whole: dict[tuple[str, str], Decimal] = {}
        paid_by_claim = ZERO
        for at, charge in enumerate(charges):
            paid, off, write, patient = parts(left[at], draw(SPLITS))
            explained += paid + off + write
            triplets = {
                ("CO", "45"): off,
                ("PI", "94"): write,
                ("OA", "23"): charge - left[at],
                ("PR", "2"): patient,
            }
            left[at] = patient
            if level == "both":
                whole["PR", "2"] = whole.get(("PR", "2"), ZERO) + triplets.pop(("PR", "2"))
                payments[at].append(_svd(name, paid + patient, triplets))
            elif level == "line":
                payments[at].append(_svd(name, paid, triplets))
            else:
                for key, amount in triplets.items():
                    whole[key] = whole.get(key, ZERO) + amount
            paid_by_claim += paid
        others.append(evolve(payer(name, str(paid_by_claim)), adjustments=tuple(_triplets(whole))))
    return Before(after(what, *others, lines=payments), explained, sum(left, ZERO))


def _svd(name: str, paid: Decimal, triplets: Mapping[tuple[str, str], Decimal]) -> PriorPayment:
    return PriorPayment(name, paid, adjustments=tuple(_triplets(triplets)))


def _triplets(of: Mapping[tuple[str, str], Decimal]) -> list[Adjustment]:
    return [Adjustment(group, code, amount) for (group, code), amount in of.items() if amount]


def _of(record: ClaimRecord, group: str) -> Decimal:
    return sum((amount for key, amount in outcome(record)[1].items() if key.startswith(group)), ZERO)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(set(shipped_plans()) - {"BAY-DENTAL"})),
    befores(),
    st.booleans(),
    st.integers(0, 800),
)
def test_after_any_payers(plan: str, before: Before, agreed: bool, spent: int) -> None:
    state: World = world(
        plan,
        accumulators={"deductible": str(spent)},
        consents=(consent(PCP, "70551"),) if agreed else (),
    )
    alone, _ = state.decide(evolve(before.claim, responsibility="P"))
    record, then = state.decide(before.claim)
    if record.status == "pended":
        return
    assert balanced(record)
    assert all(a.amount > 0 for one in remitted(record).lines for a in one.adjustments)
    assert all(0 <= one.paid <= one.charge for one in remitted(record).lines)
    assert record.paid <= before.left
    for one, first in zip(remitted(record).lines, remitted(alone).lines, strict=True):
        assert one.paid <= first.paid
        shares = ("PR*1", "PR*2", "PR*3")
        assert sum(summed(one.adjustments).get(k, ZERO) for k in shares) <= sum(
            summed(first.adjustments).get(k, ZERO) for k in shares
        )
    assert outcome(record)[1].get("OA*23", ZERO) == before.explained
    assert record.paid + _of(record, "PR") + _of(record, "CO") == before.left
    given_share = sum((outcome(record)[1].get(k, ZERO) for k in ("PR*1", "PR*2", "PR*3")), ZERO)
    assert then.facts.member.accumulated("out_of_pocket", 2026) == given_share
    total = sum(
        (min(a.paid, c.charge) for a, c in zip(remitted(alone).lines, before.claim.lines, strict=True)), ZERO
    )
    if all(len(one.prior_payments) == 0 for one in before.claim.lines):  # said of the claim alone
        assert record.paid == min(total, before.left)
