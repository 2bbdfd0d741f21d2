"""Plans as data and the one look-up that 271, 278 and claims share (CONTRACT section 4).

A plan is rows: dated, each citing its rule ids, read in order; the first that fits answers. A rule change
is a new row."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from attrs import evolve

from x12_payer.authorization.lists import table
from x12_payer.authorization.parties import Directory
from x12_payer.authorization.plans import files as plan_files
from x12_payer.authorization.plans.category import categories, category, cost_class
from x12_payer.authorization.plans.rows import Plan, Terms, by_type_alone, fits
from x12_payer.authorization.services import CostShare, Limit, Requirement, Service
from x12_payer.authorization.settings import diagnosis_fits, is_emergency
from x12_payer.edi.codes.ranges import in_range
from x12_payer.edi.frozen import frozen

__all__ = [
    "Criteria",
    "Plan",
    "Terms",
    "category",
    "cost_share",
    "criteria",
    "in_network",
    "limits",
    "parse_plan",
    "parse_plans",
    "referral",
    "requirement",
    "service_type",
    "shipped_plans",
    "terms",
]


@frozen
class Criteria:
    """One row of criteria.csv: when a request is approved without a reviewer.

    diagnoses: prefixes, one has to begin a diagnosis of the request; documents: PWK01 types wanted unless a
    PWK or MSG came; maximum: units (UN, of the service) or days (DY, of the event) above which it is cut."""

    first: str
    last: str
    diagnoses: tuple[str, ...]
    documents: tuple[str, ...]
    maximum: Decimal | None
    unit: str
    effective: date
    end: date
    rule: str

    def met(self, diagnoses: tuple[str, ...]) -> bool:
        """True when one of the diagnoses begins as the row wants it."""
        return diagnosis_fits(diagnoses, self.diagnoses)


@cache
def _all_shipped() -> Mapping[str, Plan]:
    """Every shipped plan, the abstract ones included. A bad shipped file is a bug: ValueError."""
    folder = resources.files("x12_payer.maps").joinpath("rules")
    texts = {
        f.name.removesuffix(".toml"): f.read_text(encoding="utf-8")
        for f in sorted(folder.iterdir(), key=lambda f: f.name)
        if f.name.endswith(".toml")
    }
    plans: dict[str, Plan] = {}
    while waiting := [name for name in texts if name not in plans]:
        ready = [n for n in waiting if plan_files.head_of(texts[n])[1] in ("", *plans)]
        for name in ready or waiting:
            plan, problems = plan_files.read_plan(texts[name], f"{name}.toml", plans, judged=False)
            if plan is None or plan.id != name:
                raise ValueError("; ".join(problems) or f"{name}.toml: id differs from the file name")
            plans[name] = plan
    return plans


@cache
def shipped_plans() -> Mapping[str, Plan]:
    """The plans of maps/rules by id, parsed once; those that are only bases are left out."""
    return {name: plan for name, plan in _all_shipped().items() if not plan.abstract}


def parse_plan(
    text: str, source: str, bases: Mapping[str, Plan] | None = None
) -> tuple[Plan | None, tuple[str, ...]]:
    """A user's plan file: (plan, ()) or (None, messages `source: table n, key: what is wrong`).

    `base` may name a shipped plan, a shipped base (COMMERCIAL ...) or one of `bases`."""
    return plan_files.read_plan(text, source, {**_all_shipped(), **(bases or {})})


def parse_plans(
    texts: Mapping[str, str], bases: Mapping[str, Plan] | None = None, judged: bool = True
) -> tuple[Mapping[str, tuple[Plan, str]], tuple[str, ...]]:
    """Users' plan files by source: (plan, source) by id, and what is wrong with any of them. One may be based
    on another, whatever their order; judged as in `read_plan`."""
    known = {**_all_shipped(), **(bases or {})}
    heads = {source: plan_files.head_of(text) for source, text in texts.items()}
    found: dict[str, tuple[Plan, str]] = {}
    problems: list[str] = []
    waiting = dict(texts)
    while waiting:
        ids = {heads[source][0]: source for source in waiting}
        ready = [source for source in waiting if ids.get(heads[source][1], source) == source]
        for source in ready or list(waiting):
            plan, wrong = plan_files.read_plan(waiting.pop(source), source, known, judged)
            problems += wrong
            if plan is not None:
                known[plan.id] = plan
                found[plan.id] = plan, source
    return found, tuple(problems)


@lru_cache(maxsize=4096)
def terms(plan: Plan, day: date) -> Terms:
    """The plan's terms in force on the day (empty terms when none are), with every benefit limit in force."""
    probe = Service(day=day)
    found = next((row.terms for row in plan.terms if fits(row.match, probe)), Terms())
    in_force = tuple(row.limit for row in plan.limits if row.match.effective <= day <= row.match.end)
    return evolve(found, limits=_first_of_each(in_force))


def in_network(plan: Plan, directory: Directory, npi: str, day: date) -> bool:
    """Contracted with the plan on the day. On a plan without a network everybody counts as contracted; what
    names nobody is not held against anybody."""
    return not npi or not terms(plan, day).network or directory.contracted(npi, plan.id, day)


def requirement(plan: Plan, service: Service) -> Requirement:
    """What the plan asks for before the service; `not_required` when no row speaks of it."""
    name = category(service)
    service = _as_networked(plan, service)
    rows = [row for row in plan.requirements_by_category[name] if fits(row.match, service)]
    nothing = Requirement(answer="not_required", category=name, rule="")
    found = next((row.requirement for row in rows if not row.otherwise), nothing)
    if found.answer == "not_required" or found.notification:
        found = next((row.requirement for row in rows if row.otherwise), found)
    return evolve(found, category=name)


def cost_share(plan: Plan, service: Service) -> CostShare:
    """How plan and member share the allowed amount; not covered (PR*96) when no row speaks of the class.

    `category` of the answer is the cost-share class. An emergency is shared as in network wherever it is."""
    kind = cost_class(service, category(service))
    networked = _as_networked(plan, service)
    asked_of = requirement(plan, service)
    if asked_of.answer == "not_covered":
        return CostShare(category=kind, covered=False, reason=asked_of.denial, rule=asked_of.rule)
    promised = terms(plan, service.day)
    if by_type_alone(service) in promised.carved_out:
        return CostShare(category=kind, covered=False, reason="plan_not_covered", rule=promised.rule)
    rows = plan.cost_shares_by_class.get(kind, ())
    found = next((row.share for row in rows if fits(row.match, networked)), None)
    if found is None:
        return CostShare(category=kind, covered=False, reason="plan_not_covered", rule=promised.rule)
    return evolve(
        found,
        category=kind,
        limits=limits(plan, service),
        maximum_amount=promised.dental_maximum if found.maximum else None,
        balance_billing=not networked.in_network and not is_emergency(service),
    )


def limits(plan: Plan, service: Service) -> tuple[Limit, ...]:
    """The benefit limits that count the service (STR-02, PTO-03, CHI-02); () when none does."""
    kind = service_type(service)
    found = (r.limit for r in plan.limits if fits(r.match, service) and kind in r.limit.service_types)
    return _first_of_each(tuple(found))


def referral(plan: Plan, service: Service) -> str:
    """The rule ids when the visit needs an approved referral (member, provider, date), else ''."""
    asked = _as_networked(plan, service)
    return next((row.rule for row in plan.referrals if fits(row.match, asked)), "")


def service_type(service: Service) -> str:
    """The X12 service type of the service's category; as it was sent when it has none."""
    name = category(service)
    return categories()[name].service_type if name else service.service_type


@cache
def _all_criteria() -> tuple[Criteria, ...]:
    return tuple(
        Criteria(
            first=row["code_from"],
            last=row["code_to"] or row["code_from"],
            diagnoses=_prefixes(row["diagnoses"]),
            documents=tuple(row["documents"].split()),
            maximum=Decimal(row["maximum"]) if row["maximum"] else None,
            unit=row["unit"],
            effective=date.fromisoformat(row["effective"]),
            end=date.fromisoformat(row["end"]) if row["end"] else date.max,
            rule=row["rule"],
        )
        for row in table("criteria")
    )


def criteria(code: str, day: date) -> Criteria | None:
    """The criteria row of a procedure code on a day, or None (then a reviewer decides)."""
    rows = _all_criteria()
    return next((c for c in rows if in_range(code, c.first, c.last) and c.effective <= day <= c.end), None)


def _prefixes(text: str) -> tuple[str, ...]:
    """'G40-G47 R51' as ('G40', ..., 'G47', 'R51')."""
    found: list[str] = []
    for word in text.split():
        first, dash, last = word.partition("-")
        numbers = range(int(first[1:]), int(last[1:]) + 1) if dash else ()
        found.extend([f"{first[0]}{n:02d}" for n in numbers] or [first])
    return tuple(found)


def _as_networked(plan: Plan, service: Service) -> Service:
    """On a plan without a network every provider counts as contracted (CONTRACT section 4)."""
    if service.in_network or terms(plan, service.day).network:
        return service
    return evolve(service, in_network=True)


def _first_of_each(found: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """A row of the plan itself comes before the base's row of the same accumulator."""
    return tuple({limit.accumulator: limit for limit in reversed(found)}.values())[::-1]
