"""One cell of the grid asked of the 270, the 278 and the 837 engine, each by a message of its own, as raw as
a file would have it; and what each says in one form."""

from datetime import date, datetime
from decimal import Decimal

from attrs import evolve, field, frozen

from tests.slow.grid.grid_cells import DIRECTORY, PCP, PLANS, SERVICE, Cell
from x12_payer.adjudication.claims.case import OnFile
from x12_payer.adjudication.claims.engine import decide_claim
from x12_payer.adjudication.eligibility.engine import CoverageOnFile, decide_eligibility
from x12_payer.adjudication.people import Roster
from x12_payer.adjudication.records import ClaimFacts, Fee, FeeSchedule
from x12_payer.authorization.facts import Approval, MemberFacts
from x12_payer.authorization.parties import Payer
from x12_payer.authorization.reviews.engine import Numbers, decide_review, plan_of, receive_notification
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.messages.common import (
    Attachment,
    Contact,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    Trace,
)
from x12_payer.edi.messages.eligibility import Benefit, EligibilityInquiry, ServiceInquiry
from x12_payer.edi.messages.services_review import ReviewCategory, ServiceRequest, ServicesReview

ZERO = Decimal(0)
ASKED, PAID = datetime(2026, 7, 6, 12), datetime(2026, 8, 1, 8)
ALLOWED, CHARGE = Decimal(1000), Decimal(1200)  # of the whole line, whatever its quantity
PAYER = Payer("NORTH STAR HEALTH", "NST01", "880000001", "ZZ", "NORTHSTAR", contact_phone="8005550100")
EVERY_DOCUMENT = tuple(Attachment(kind, "FX") for kind in ("77", "RR", "DA", "RB", "CK", "08", "06", "09"))


@frozen
class Stated:
    """What one transaction says. needed: yes, no, notice, or '' where it does not say; share: what the member
    owes of an allowed amount of 1000 as (copay, deductible, coinsurance), None where it does not say."""

    covered: bool
    needed: str = ""
    share: tuple[Decimal, ...] | None = None
    words: str = field(default="", eq=False)  # for people


def facts_of(cell: Cell, *approvals: Approval) -> MemberFacts:
    """The person with a referral to the provider, so that referrals hide nothing, and these approvals."""
    referral = Approval(
        "R", "R", "A1", "referral", "approved", "3", PCP, cell.npi, unit="VS", units=Decimal(99),
        issued_date=date(2026, 1, 2), effective_date=date(2026, 1, 2), expiration_date=date(2026, 12, 31),
    )  # fmt: skip
    return MemberFacts("A1", (cell.member,), (referral, *approvals))


def party(entity: str, npi: str) -> Party:
    """A provider by NPI, with a telephone."""
    contact = Contact("IC", "", (("TE", "6175550111"),))
    return Party(entity, "2", "SOMEBODY", id_qualifier="XX", id=npi, contacts=(contact,))


def person(cell: Cell) -> Person:
    """The member as every message sends one."""
    who = cell.member
    return Person(
        Party("IL", "1", who.last_name, who.first_name, id_qualifier="MI", id="A1"), who.birth_date, "F", "18"
    )


def procedure(cell: Cell) -> Procedure | None:
    """The code as SV1, SV2, SV3 or EQ02 has it."""
    modifiers = (cell.modifier,) if cell.modifier else ()
    return Procedure("AD" if cell.code[0] == "D" else "HC", cell.code, modifiers) if cell.code else None


# -- 270 ---------------------------------------------------------------------------------------------------


def is_inquired(cell: Cell) -> bool:
    """A 270 knows a code or a type, a place and diagnoses: no bill type, no revenue code, no urgency."""
    if cell.emergency or cell.beside:
        return False
    return bool(cell.service_type or (cell.code and cell.place and not cell.revenue))


def ask_270(cell: Cell) -> Stated | None:
    """The 271's statements for the network of the provider, None where it answers for the plan as a whole."""
    kinds = (cell.service_type,) if cell.service_type else ()
    asked = ServiceInquiry(
        kinds,
        None if kinds else procedure(cell),
        place_of_service=cell.place,
        diagnoses=(cell.diagnosis,),
        period=Period("291", SERVICE, SERVICE),
    )
    inquiry = EligibilityInquiry(
        ("1", "2", "3"), Party("PR", id_qualifier="PI", id="NST01"), party("1P", cell.npi), person(cell),
        services=(asked,),
    )  # fmt: skip
    on_file = CoverageOnFile(lambda _: facts_of(cell), DIRECTORY, PLANS, PAYER)
    answer = decide_eligibility(inquiry, Roster((cell.member,)), on_file, ASKED)
    assert answer.benefits, answer
    own = [b for b in answer.benefits if b.service_types != ("30",) and b.procedure == asked.procedure]
    own = [b for b in own if not kinds or kinds[0] in b.service_types]
    if not own:
        return None
    here = [b for b in own if b.in_network in ("Y" if cell.inside else "N", "W")]
    status = next((b for b in here if b.information in ("1", "I")), None)
    if status is None or status.information == "I":
        return Stated(False, words="EB*I" if status else "no EB*1 for the network")
    words = f"EB11 {status.authorization} EB12 {status.in_network}"
    need = {"Y": "yes", "N": "notice" if any("NOTIF" in m for m in status.messages) else "no"}
    return Stated(True, need.get(status.authorization, ""), _share(here), words)


def _share(benefits: list[Benefit]) -> tuple[Decimal, ...] | None:
    """What EB*B, EB*C and EB*A make of an allowed amount of 1000."""
    copay = next((b.amount for b in benefits if b.information == "B"), None)
    deductible = next((b.amount for b in benefits if b.information == "C" and b.time_period == "29"), None)
    percent = next((b.percent for b in benefits if b.information == "A"), None)
    if copay is None and deductible is None and percent is None:
        return None
    owed = min(deductible or ZERO, ALLOWED)
    return (copay or ZERO, owed, (ALLOWED - owed) * (percent or ZERO))


# -- 278 ---------------------------------------------------------------------------------------------------

_ACTIONS = {"NA": "no", "A1": "yes", "A6": "yes", "A4": "yes", "CT": "yes"}
_REFUSED = {"0M", "0Y", "09"}  # HCR03: not covered, over the age, not this provider


def review_of(cell: Cell) -> ServicesReview:
    """The request, everything said that may be said."""
    period = Period("435" if cell.stay else "AAH", SERVICE, SERVICE)
    facility = (cell.bill, "A") if cell.bill else (cell.place, "B")
    kind = "AR" if cell.stay else "HS"
    category = ReviewCategory(
        kind, "I", cell.stay or cell.service_type, *facility, "03" if cell.emergency == "4N" else ""
    )
    request = ServiceRequest(
        "5",
        procedure=procedure(cell),
        revenue_code=cell.revenue,
        segment="SV2" if cell.revenue else "SV3" if cell.code[:1] == "D" else "SV1",
        unit="UN",
        units=Decimal(cell.quantity),
        period=Period("472", SERVICE, SERVICE),
    )
    by_type = not cell.code and not cell.revenue
    unit = "DY" if cell.stay else "VS" if cell.provider in ("therapy_group", "chiropractor") else ""
    asker = cell.npi if cell.provider == "orthodontist" else PCP
    return ServicesReview(
        ("1", "2", "3", "4"), Party("X3"), party("1P", asker), person(cell), None, category,
        traces=(Trace("1", "T-1", "9CLEARCO01"),),
        diagnoses=(Diagnosis("ABK", cell.diagnosis),),
        quantity=Quantity(unit, Decimal(cell.quantity)) if unit else None,
        periods=(period,),
        admission_type="1" if cell.emergency == "CL1" else "3" if cell.stay else "",
        attachments=EVERY_DOCUMENT,
        providers=(party("FA" if cell.stay else "SJ", cell.npi),),
        services=() if cell.stay or by_type else (request, *_beside(cell, period)),
    )  # fmt: skip


def _beside(cell: Cell, period: Period) -> tuple[ServiceRequest, ...]:
    """What else is asked for that day."""
    if not cell.beside:
        return ()
    by_revenue = len(cell.beside) == 4
    code = None if by_revenue else Procedure("HC", cell.beside)
    revenue = cell.beside if by_revenue else ""
    segment = "SV2" if by_revenue else "SV1"
    one = ServiceRequest(
        "6", procedure=code, revenue_code=revenue, segment=segment, unit="UN", units=Decimal(1)
    )
    return (evolve(one, period=period),)


def ask_278(cell: Cell) -> tuple[Stated, tuple[Approval, ...]]:
    """What the review says, and the approvals it ends in: its own, those a reviewer or the delegate gives, or
    the receipt of a notice where that is asked for."""
    review, facts = review_of(cell), facts_of(cell)
    plan = plan_of(review, facts, PLANS, ASKED)
    outcome = decide_review(review, facts, plan, DIRECTORY, Numbers("AU1", "CASE1"), ASKED)
    line = next((s.certification for s in outcome.decision.services), outcome.decision.certification)
    if line is None:  # an AAA: something that a required approval is decided by was not sent
        return Stated(True, "yes", words="AAA"), ()
    words = f"{line.action} {line.reason}".strip()
    if line.action == "A3":
        return Stated(line.reason not in _REFUSED, "", words=words), ()
    if line.action == "NA" and any("NOTIF" in m for m in outcome.decision.messages):
        notice = receive_notification(review, facts, plan, DIRECTORY, Numbers("AU1", "CASE1"), ASKED)
        return Stated(True, "notice", words=words), notice.approvals
    return Stated(True, _ACTIONS[line.action], words=words), _approved(cell, line.action, outcome.approvals)


def _approved(cell: Cell, action: str, rows: tuple[Approval, ...]) -> tuple[Approval, ...]:
    if action == "CT":
        row = Approval("AU1/1", "AU1", "A1", "authorization", "approved", "", PCP, cell.npi, code=cell.code)
        rows = (evolve(row, units=Decimal(cell.quantity)),)
    last = date(2026, 12, 31)
    rows = tuple(a for a in rows if a.code == cell.code)
    return tuple(
        a if a.status == "approved" else evolve(
            a, status="approved", number="AU1", issued_date=ASKED.date(), effective_date=ASKED.date(),
            expiration_date=last,
        )
        for a in rows
    )  # fmt: skip


# -- 837 ---------------------------------------------------------------------------------------------------


def claim_of(cell: Cell) -> Claim:
    """The claim of the service alone."""
    line = ServiceLine(
        "1",
        CHARGE,
        procedure(cell),
        revenue_code=cell.revenue,
        unit="DA" if cell.stay else "UN",
        quantity=Decimal(cell.quantity),
        period=None if cell.stay else Period("472", SERVICE, SERVICE),
    )
    lines = (line, *_line_beside(cell))
    until = date.fromordinal(SERVICE.toordinal() + cell.quantity)
    kind = "I" if cell.bill else "D" if cell.code[:1] == "D" else "P"
    return Claim(
        kind, "0001", 1, 1, Party("41"), party("85", cell.npi), person(cell), person(cell), Party("PR"), "P",
        "PC-1", CHARGE * len(lines),
        facility_code=cell.bill or cell.place,
        facility_qualifier="A" if cell.bill else "B",
        frequency="1",
        lines=lines,
        references=(Reference("4N", "3"),) if cell.emergency == "4N" else (),
        diagnoses=(Diagnosis("ABK", cell.diagnosis),),
        statement=Period("434", SERVICE, until if cell.stay else SERVICE) if cell.bill else None,
        admission=Period("435", SERVICE, SERVICE) if cell.stay else None,
        admission_type="1" if cell.emergency == "CL1" else "3" if cell.stay else "",
    )  # fmt: skip


def _line_beside(cell: Cell) -> tuple[ServiceLine, ...]:
    """What else was done that day."""
    if not cell.beside:
        return ()
    by_revenue = len(cell.beside) == 4
    code = None if by_revenue else Procedure("HC", cell.beside)
    revenue = cell.beside if by_revenue else ""
    return (ServiceLine("2", CHARGE, code, revenue_code=revenue, period=Period("472", SERVICE, SERVICE)),)


_NEEDED = {"197"}  # CARC: an approval is wanted
_UNCOVERED = {"96", "242", "6"}


def ask_837(cell: Cell, *approvals: Approval) -> Stated:
    """What the claim is given with these approvals on file."""
    code = cell.code or cell.revenue
    basis = "unit" if cell.code else "day"
    price = Fee("*", "", code, "", basis, ALLOWED / cell.quantity, date(2024, 1, 1))
    other = evolve(price, code=cell.beside, basis="unit", amount=ALLOWED)
    fees = FeeSchedule({cell.beside: (other,), code: (price,)})
    on_file = OnFile(PLANS, DIRECTORY, fees, PAYER, {}, PAID.date())
    facts = ClaimFacts(facts_of(cell, *approvals))
    record = decide_claim(claim_of(cell), "ICN1", facts, on_file, PAID.date())
    assert record.remittance is not None, cell
    said = record.remittance
    found = [*said.adjustments, *said.lines[0].adjustments]
    paid = said.lines[0].paid
    words = f"paid {paid} " + " ".join(f"{a.group}{a.reason}:{a.amount}" for a in found)
    reasons = {a.reason for a in found}
    if reasons & _NEEDED:
        return Stated(True, "yes", words=words)
    if reasons & _UNCOVERED:
        return Stated(False, words=words)
    owed = {a.reason: a.amount for a in found if a.group == "PR"}
    share = tuple(owed.pop(carc, ZERO) for carc in ("3", "1", "2"))
    full = paid + sum(share) == ALLOWED
    return Stated(True, "no" if full else "part", None if cell.beside else share, words)
