"""The tests of a 278 in the order of CONTRACT section 5: one function for each rule, returning a verdict or
None.

A reason is raised here and nowhere else; its codes are one row of maps/codes/reasons.csv."""

from collections.abc import Callable
from decimal import Decimal

from attrs import evolve

from x12_payer.authorization.lists import listed
from x12_payer.authorization.plans.plan import cost_share, criteria, in_network, terms
from x12_payer.authorization.reviews.complete import provider_unknown, provider_unnamed
from x12_payer.authorization.reviews.lines import servicing_parties
from x12_payer.authorization.reviews.periods import benefit_left, quota_left
from x12_payer.authorization.reviews.values import (
    EXTENSION,
    INITIAL,
    RENEWAL,
    REVISION,
    THERAPIES,
    Context,
    Line,
    Verdict,
)
from x12_payer.edi.messages.common import Contact

_CLINICALS = ("77",)  # PWK01 asked for when a reviewer has nothing to read

Test = Callable[[Context, Line], Verdict | None]


def benefit_used_up(context: Context, line: Line) -> Verdict | None:
    """The benefit limit of the year is used up (STR-02, CHI-02): A3 0L, even where nothing is required."""
    return Verdict("A3", "review_benefit_limit") if benefit_left(context, line) == 0 else None


def not_covered(context: Context, line: Line) -> Verdict | None:
    """The plan does not cover it: A3 0M, over the age A3 0Y (BH-19, DEN-13); a provider out of network on a
    plan that pays its own alone A3 09 (GEN-23)."""
    if line.requirement.answer == "not_covered":
        return Verdict("A3", line.requirement.denial)
    own_alone = terms(context.plan, line.begin).out_of_network == "refused"
    share = cost_share(context.plan, line.service if own_alone else evolve(line.service, in_network=True))
    return None if share.covered else Verdict("A3", share.reason)


def not_required(context: Context, line: Line) -> Verdict | None:
    """Nothing has to be asked: NA 0H. So below a threshold of visits (CHI-01) and where a notice will do."""
    needed = line.requirement
    nothing = needed.answer == "not_required" or _below_threshold(context, line)
    if not nothing and not needed.notification:
        return None
    return Verdict("NA", "review_not_required", message="" if nothing else needed.message)


def _below_threshold(context: Context, line: Line) -> bool:
    needed = line.requirement
    if needed.threshold is None:
        return False
    used = context.facts.accumulated(needed.threshold_accumulator, line.begin.year)
    return used < needed.threshold and used + (line.asked.units or Decimal(1)) <= needed.threshold


def may_not_request(context: Context, line: Line) -> Verdict | None:
    """The requester is none of those the plan names (GEN-05, PTO-07, PTO-08, DEN-16)."""
    who = line.requirement.requesters
    if context.review.category.certification_type == EXTENSION and who:
        who = (*who, *line.requirement.extension_requesters)
    if not who:
        return None
    if who == ("orthodontist",):
        return _no_orthodontist(context, line)
    if is_new_evaluation(context, line) and line.asked.documented:
        who = (*who, *line.requirement.extension_requesters)
    if any(_is_one(context, line, kind) for kind in who):
        return None
    if "referred_specialist" in who or "chiropractor" in who:
        return Verdict("A3", "review_no_referral")
    return Verdict("A3", "review_not_the_pcp")


def _no_orthodontist(context: Context, line: Line) -> Verdict | None:
    npis = {context.review.requester.npi, *(p.npi for p in servicing_parties(context.review, line.asked))}
    if all(_is_orthodontist(context, npi) for npi in npis):
        return None
    return Verdict("A3", "review_no_orthodontist")


def _is_orthodontist(context: Context, npi: str) -> bool:
    provider = context.directory.provider(npi)
    return provider is not None and (
        provider.role == "orthodontist" or listed("orthodontist_taxonomy", provider.taxonomy)
    )


def _is_one(context: Context, line: Line, kind: str) -> bool:
    """The requester is of this kind: pcp, referred_specialist, or a role of providers.csv."""
    npi = context.review.requester.npi
    provider = context.directory.provider(npi)
    role = provider.role if provider else ""
    if kind == "pcp":
        return npi == context.span.pcp_npi if context.span.pcp_npi else role == "pcp"
    if kind == "referred_specialist":
        return has_open_referral(context, npi)
    return role == kind or (kind == "therapist" and role == "therapy_group")


def has_open_referral(context: Context, npi: str) -> bool:
    """A referral of the member to the provider is approved and open on the day of receipt (PTO-09)."""
    today = context.today
    return any(
        a.kind == "referral"
        and a.status == "approved"
        and a.provider_npi == npi
        and (a.effective_date is None or a.effective_date <= today)
        and (a.expiration_date is None or today <= a.expiration_date)
        for a in context.facts.approvals
    )


def delegated(context: Context, line: Line) -> Verdict | None:
    """A vendor decides (ONC-03, VND-01): CT 0J, with whom to ask."""
    needed = line.requirement
    if needed.answer != "delegated":
        return None
    numbers = (("TE", needed.delegate_phone),) if needed.delegate_phone else ()
    contact = Contact("IC", needed.delegate, numbers)
    return Verdict("CT", "review_delegated", message=needed.message, contact=contact)


def therapist_not_contracted(context: Context, line: Line) -> Verdict | None:
    """No therapist without a contract may treat, even in a contracted group (PTO-20, SLP-04): A3 09."""
    if line.category not in THERAPIES:
        return None
    named = servicing_parties(context.review, line.asked)
    if all(in_network(context.plan, context.directory, p.npi, line.begin) for p in named):
        return None
    return Verdict("A3", "review_therapist_not_contracted")


def out_of_network(context: Context, line: Line) -> Verdict | None:
    """Nobody of the plan's network: a reviewer decides (GEN-30, HHC-02)."""
    if line.service.in_network or terms(context.plan, line.begin).out_of_network != "review":
        return None
    return Verdict("A4", "review_out_of_network", wanted=_unless_documented(line, _CLINICALS))


def late(context: Context, line: Line) -> Verdict | None:
    """Asked for after the service (GTX-09, BH-14): A3 17."""
    asked_after = line.asked.begin is not None and line.asked.begin < context.today
    return Verdict("A3", "review_late") if line.requirement.before_service and asked_after else None


def outside_threshold_window(context: Context, line: Line) -> Verdict | None:
    """More than seven days from the first visit that needs an authorization (CHI-05): A3 17."""
    needed, begin = line.requirement, line.asked.begin
    if needed.threshold is None or needed.window_days is None or begin is None:
        return None
    if abs((context.today - begin).days) <= needed.window_days:
        return None
    return Verdict("A3", "review_outside_window")


def is_new_evaluation(context: Context, line: Line) -> bool:
    """The first visit of a new episode when the period's visits are given out; with a prescription the
    therapist may ask for it (PTO-18)."""
    return (
        listed("therapy_evaluation", line.asked.code)
        and line.requirement.quota is not None
        and quota_left(context, line) == 0
        and context.review.category.certification_type in (INITIAL, "")
    )


def new_evaluation(context: Context, line: Line) -> Verdict | None:
    """One visit beyond the quota to evaluate a new episode (PTO-18): A1, A6 when more was asked."""
    return cut(context, line, Verdict("A1"), Decimal(1)) if is_new_evaluation(context, line) else None


def quota_used_up(context: Context, line: Line) -> Verdict | None:
    """Nothing left of the quota of the period (PTO-12, SLP-05, HHC-04): A3 04. An extension is outside it."""
    if context.review.category.certification_type == EXTENSION:
        return None
    return Verdict("A3", "review_quota_used_up") if quota_left(context, line) == 0 else None


def quantity_missing(_context: Context, line: Line) -> Verdict | None:
    """A quota or a referral is approved in visits or dates: how many has to be said (HRM-03). Hours and
    months are neither."""
    uncounted = line.asked.units is None or not listed("counted_unit", line.asked.unit)
    if line.requirement.auto_approve and uncounted:
        return Verdict("A4", "review_quantity_missing")
    return None


def documents_missing(context: Context, line: Line) -> Verdict | None:
    """The records the plan wants did not come: A4 0U with the PWK wanted. What the plan names (BH-15, DEN-17,
    HHC-09, PTO-17) has to come by its type; where criteria want clinicals (HTR-10) any PWK or MSG does."""
    more = _asks_for_more(context, line)
    named = line.requirement.extension_documents if more else line.requirement.documents
    wanted = tuple(kind for kind in named if kind not in line.asked.attached)
    row = criteria(line.asked.code, line.begin)
    if row and not named and not more:
        wanted = _unless_documented(line, row.documents)
    return Verdict("A4", "review_documents_missing", wanted=wanted) if wanted else None


def _asks_for_more(context: Context, line: Line) -> bool:
    again = context.review.category.certification_type
    return again == EXTENSION or (again == RENEWAL and not line.requirement.auto_approve)


def within_quota(context: Context, line: Line) -> Verdict | None:
    """Approved without criteria (PTO-13, HHC-03, referrals): A1, or A6 with what quota and benefit leave."""
    if not line.requirement.auto_approve or context.review.category.certification_type == EXTENSION:
        return None
    verdict = cut(context, line, Verdict("A1"), quota_left(context, line))
    return evolve(verdict, message="MAXIMUM VISITS") if verdict.action == "A6" else verdict


def criteria_met(context: Context, line: Line) -> Verdict | None:
    """The diagnosis meets the criteria of the code (GEN-32, AMG-01): A1, or A6 above the units it allows."""
    row = criteria(line.asked.code, line.begin)
    if row is None or not row.met(line.service.diagnoses):
        return None
    if context.review.category.certification_type not in (INITIAL, REVISION, ""):
        return None
    by_days = row.maximum if row.unit == "DY" else None
    asked_in_days = line.asked.unit == "DY"
    most = row.maximum if asked_in_days == (row.unit == "DY") else None
    return cut(context, line, Verdict("A1", days=by_days), most)


def needs_reviewer(_context: Context, line: Line) -> Verdict:
    """Criteria not met, or none on file (GEN-32): A4 0V."""
    return Verdict("A4", "review_medical_review", wanted=_unless_documented(line, _CLINICALS))


def cut(context: Context, line: Line, verdict: Verdict, most: Decimal | None) -> Verdict:
    """The verdict with no more units than `most` and the benefit leave; A6 when that is fewer than asked."""
    allowed = [n for n in (most, benefit_left(context, line)) if n is not None]
    asked = line.asked.units
    if not allowed or asked is None or asked <= min(allowed):
        return verdict
    return evolve(verdict, action="A6", units=min(allowed))


def _unless_documented(line: Line, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return () if line.asked.documented else wanted


TESTS: tuple[Test, ...] = (
    benefit_used_up,
    not_covered,
    not_required,
    may_not_request,
    provider_unnamed,
    provider_unknown,
    delegated,
    therapist_not_contracted,
    out_of_network,
    late,
    outside_threshold_window,
    new_evaluation,
    quota_used_up,
    quantity_missing,
    documents_missing,
    within_quota,
    criteria_met,
)


def decide_line(context: Context, line: Line) -> Verdict:
    """The first test that answers; a reviewer when none does."""
    return next((v for test in TESTS if (v := test(context, line))), None) or needs_reviewer(context, line)


def decide_stay(context: Context, line: Line, services: tuple[Verdict, ...]) -> Verdict:
    """The stay of an admission: what its services were given decides it (AMG-01, BH-08).

    Approved when a service whose criteria speak of days is; the days are cut to those."""
    own = decide_line(context, line)
    days = [v.days for v in services if v.action in ("A1", "A6") and v.days is not None]
    if own != needs_reviewer(context, line) or not days or any(v.action == "A4" for v in services):
        return own
    if line.asked.units is None:
        return Verdict("A1", units=max(days))
    return cut(context, line, Verdict("A1"), max(days))
