"""A small world to decide claims in: invented people, providers and fees, and claims written short."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

from x12_payer.adjudication.claims.case import OnFile
from x12_payer.adjudication.claims.engine import decide_claim, reverse_claim
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord, Consent, Fee, FeeSchedule, OtherCoverage
from x12_payer.authorization.facts import AccumulatorUse, Approval, MemberFacts
from x12_payer.authorization.parties import Contract, Directory, Member, Payer, Provider
from x12_payer.authorization.plans.plan import Plan, shipped_plans
from x12_payer.edi.messages.claim import Claim, OtherPayer, ServiceLine
from x12_payer.edi.messages.common import Diagnosis, Party, Period, Person, Procedure, Reference
from x12_payer.edi.messages.remittance import RemittanceClaim

NOW = datetime(2026, 7, 15, 8)
DAY = date(2026, 7, 8)
PCP, SPECIALIST, GROUP, THERAPIST, STRANGER = (
    "1000000001",
    "1000000002",
    "1000000003",
    "1000000004",
    "1000000005",
)
LAB, IMAGING, HOSPITAL, CHIRO, OUTSIDER = "1000000006", "1000000007", "1000000008", "1000000009", "1000000010"
HOME_HEALTH, ORTHODONTIST, DENTIST, SUPPLY = "1000000011", "1000000012", "1000000013", "1000000014"
ROLES = {
    PCP: "pcp",
    SPECIALIST: "specialist",
    GROUP: "therapy_group",
    THERAPIST: "therapist",
    STRANGER: "therapist",
    LAB: "laboratory",
    IMAGING: "imaging",
    HOSPITAL: "hospital",
    CHIRO: "chiropractor",
    OUTSIDER: "psychologist",
    HOME_HEALTH: "home_health",
    ORTHODONTIST: "orthodontist",
    DENTIST: "dentist",
    SUPPLY: "dme",
}
FEES = {
    "99213": "100",
    "99283": "300",
    "90837": "100",
    "97110": "40",
    "97140": "38",
    "97165": "105",
    "98940": "45",
    "81228": "250",
    "81432": "1200",
    "81433": "450",
    "70551": "600",
    "A7030": "80",
    "E0601": "60",
    "29881": "800",
    "27447": "1600",
    "77385": "500",
    "G0151": "150",
    "D1110": "90",
    "D2391": "101.01",
    "D2740": "1000",
    "D8080": "4000",
}
DAILY = {"0120": "1500", "0124": "1200", "1002": "700"}
PAYER = Payer("PAYER", "PAY01", "990000001", "ZZ", "PAYER01")


def money(text: str | int) -> Decimal:
    return Decimal(text)


def day(text: str) -> date:
    return date.fromisoformat(text)


def member(plan_id: str = "BAY-PPO", member_id: str = "M1", **more: Any) -> Member:
    base = Member(member_id, member_id, "18", "ROE", "JO", date(1980, 3, 15), "F", plan_id, date(2026, 1, 1))
    return evolve(base, **more)


def approval(number: str = "AU-1", **more: Any) -> Approval:
    base = Approval(
        key=f"{number}/{more.get('code', '')}",
        number=number,
        member_id="M1",
        kind="authorization",
        status="approved",
        service_type="62",
        requester_npi=PCP,
        provider_npi=IMAGING,
        units=Decimal(1),
        issued_date=date(2026, 7, 1),
        effective_date=date(2026, 7, 1),
        expiration_date=date(2026, 9, 30),
    )
    return evolve(base, **more)


def visits(number: str = "AU-1", units: int = 1, **more: Any) -> Approval:
    """Approved physical therapy visits at the group."""
    return approval(
        number, **{"service_type": "PT", "provider_npi": GROUP, "unit": "VS", "units": Decimal(units), **more}
    )


def line(code: str, charge: str | int, units: int = 1, on: date | None = DAY, **more: Any) -> ServiceLine:
    """`97110:GP` or `0120` (four digits are a revenue code) or `D1110`."""
    name, *modifiers = code.split(":")
    revenue = name if len(name) == 4 else ""
    qualifier = "AD" if name[0] == "D" else "HC"
    base = ServiceLine(
        number=str(more.pop("number", "1")),
        charge=Decimal(charge),
        procedure=None if revenue else Procedure(qualifier, name, tuple(modifiers)),
        revenue_code=revenue,
        unit="DA" if revenue else "UN",
        quantity=Decimal(units),
        period=Period("472", on, on) if on else None,
    )
    return evolve(base, **more)


def party(entity: str, npi: str) -> Party:
    return Party(entity, "2", npi, id_qualifier="XX", id=npi)


def claim(*lines: ServiceLine, by: str = IMAGING, member_id: str = "M1", **more: Any) -> Claim:
    """A professional claim at POS 11 of the billing provider `by`; `rendering`, `g1`, `f8` in short."""
    person = Person(
        Party("IL", "1", "ROE", "JO", id_qualifier="MI", id=member_id), date(1980, 3, 15), "F", "18"
    )
    numbered = tuple(evolve(one, number=str(n)) for n, one in enumerate(lines, 1))
    references = [Reference("G1", str(n)) for n in str(more.pop("g1", "")).split()]
    references += [Reference(q.upper(), str(more.pop(q))) for q in ("f8", "9f", "4n") if q in more]
    rendering = more.pop("rendering", "")
    base = Claim(
        kind="P",
        set_control_number="0001",
        ordinal=1,
        position=1,
        submitter=Party("41"),
        billing_provider=party("85", by),
        subscriber=person,
        patient=person,
        payer=Party("PR"),
        responsibility="P",
        control_number="CLM-1",
        charge=sum((one.charge for one in lines), Decimal(0)),
        facility_code="11",
        facility_qualifier="B",
        frequency="1",
        lines=numbered,
        filing_indicator="12",
        references=tuple(references),
        diagnoses=(Diagnosis("ABK", "M5450"),),
        providers=(party("82", str(rendering)),) if rendering else (),
    )
    return evolve(base, **more)


def stay(
    *lines: ServiceLine, begin: str, end: str, by: str = HOSPITAL, bill: str = "11", **more: Any
) -> Claim:
    """An institutional claim from admission to discharge; its lines have no dates of their own."""
    return claim(
        *(evolve(one, period=None) for one in lines),
        by=by,
        kind="I",
        facility_code=bill,
        facility_qualifier="A",
        statement=Period("434", day(begin), day(end)),
        admission=Period("435", day(begin), day(begin)),
        **more,
    )


@frozen
class World:
    """Everything on file; `decide` and `reverse` give the record and the world after it."""

    facts: ClaimFacts
    fees: tuple[Fee, ...] = ()
    plans: Mapping[str, Plan] = field(factory=shipped_plans)
    others: tuple[Approval, ...] = ()
    payer: Payer = PAYER
    issued: int = 0

    def decide(
        self, what: Claim, now: datetime = NOW, reversal: ClaimRecord | None = None
    ) -> tuple[ClaimRecord, "World"]:
        others = {a.number: (a,) for a in self.others}
        on_file = OnFile(self.plans, directory(), schedule(self.fees), self.payer, others, now.date())
        record = decide_claim(what, f"ICN{self.issued + 1}", self.facts, on_file, now.date(), reversal)
        return record, evolve(self, facts=self.facts.after(record), issued=self.issued + 1)

    def reverse(self, original: ClaimRecord, now: datetime = NOW) -> tuple[ClaimRecord, "World"]:
        record = reverse_claim(original, f"ICN{self.issued + 1}", now, self.facts)
        return record, evolve(self, facts=self.facts.after(record), issued=self.issued + 1)

    def correct(self, original: ClaimRecord, what: Claim, now: datetime = NOW) -> tuple[ClaimRecord, "World"]:
        """A replacement: the reversal, then the corrected claim."""
        reversal, after = self.reverse(original, now)
        return after.decide(what, now, reversal)

    def cancelled(self, number: str) -> "World":
        """The world after the approvals of the number were cancelled."""
        member = self.facts.member
        rows = tuple(evolve(a, status="cancelled") if a.number == number else a for a in member.approvals)
        return evolve(self, facts=evolve(self.facts, member=evolve(member, approvals=rows)))

    def left(self, number: str) -> Decimal:
        """Units left under an authorization number."""
        return sum((a.left for a in self.facts.member.approvals if a.number == number), Decimal(0))


def world(
    plan_id: str = "BAY-PPO",
    *approvals: Approval,
    accumulators: Mapping[str, str] | None = None,
    consents: tuple[Consent, ...] = (),
    other_coverage: tuple[OtherCoverage, ...] = (),
    spans: tuple[Member, ...] = (),
    **more: Any,
) -> World:
    """A person M1 on the plan with a met deductible unless said otherwise."""
    used = {"deductible": "1000", **(accumulators or {})}
    facts = MemberFacts(
        "M1",
        spans or (member(plan_id, pcp_npi=PCP),),
        approvals,
        tuple(AccumulatorUse(name, 2026, Decimal(value)) for name, value in used.items()),
    )
    return World(ClaimFacts(facts, (), consents, other_coverage), **more)


def directory() -> Directory:
    outside = {STRANGER, OUTSIDER}
    contracts = {
        (npi, plan): (Contract(npi, plan, date(2020, 1, 1)),)
        for npi in ROLES
        for plan in shipped_plans()
        if npi not in outside and plan != "BAY-INDEMNITY"
    }
    return Directory(
        {npi: Provider(npi, "2", f"P{npi}", role=role) for npi, role in ROLES.items()}, contracts
    )


def schedule(extra: tuple[Fee, ...] = ()) -> FeeSchedule:
    found: dict[str, tuple[Fee, ...]] = {}
    base = [fee(code, amount) for code, amount in FEES.items()]
    base += [fee(code, amount, basis="day") for code, amount in DAILY.items()]
    for one in (*base, *extra):
        found[one.code] = (*found.get(one.code, ()), one)
    return FeeSchedule(found)


def fee(
    code: str, amount: str, basis: str = "unit", plan_id: str = "*", npi: str = "", modifier: str = ""
) -> Fee:
    return Fee(plan_id, npi, code, modifier, basis, Decimal(amount), date(2024, 1, 1))


def consent(npi: str, code: str) -> Consent:
    return Consent("M1", npi, code, date(2026, 7, 1), date(2026, 12, 31))


def primary_elsewhere() -> OtherCoverage:
    return OtherCoverage("M1", "OTHER", "OTH1", "P1", "primary", date(2026, 1, 1))


def other_payer(paid: str, **more: Any) -> OtherPayer:
    return evolve(OtherPayer("P", paid=Decimal(paid)), **more)


def remitted(record: ClaimRecord) -> RemittanceClaim:
    """What the 835 says; fails when the claim waits."""
    assert record.remittance is not None
    return record.remittance


def cas(record: ClaimRecord, at: int = 0) -> dict[str, Decimal]:
    """The adjustments of a line as {'CO*45': amount}, equal reasons added up."""
    return summed(remitted(record).lines[at].adjustments)


def summed(adjustments: tuple[object, ...]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for a in adjustments:
        key = f"{a.group}*{a.reason}"  # type: ignore[attr-defined]
        found[key] = found.get(key, Decimal(0)) + a.amount  # type: ignore[attr-defined]
    return found


def balanced(record: ClaimRecord) -> bool:
    """Line, claim and patient responsibility equations (wire_rules 6.2)."""
    found = remitted(record)
    for one in found.lines:
        if one.charge - sum(a.amount for a in one.adjustments) != one.paid:
            return False
    every = (*found.adjustments, *(a for one in found.lines for a in one.adjustments))
    if found.charge - sum(a.amount for a in every) != found.paid:
        return False
    if found.lines and sum(one.charge for one in found.lines) != found.charge:
        return False
    owed = sum(a.amount for a in every if a.group == "PR")
    return found.status == "22" or owed == found.patient_responsibility
