"""Plan files (TOML): read and checked strictly. The format is public: maps/README.md.

Nothing here raises for a bad file: every mistake is a message that names the table and the key."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import evolve, fields

from x12_payer.authorization.plans.category import categories
from x12_payer.authorization.plans.checks import plan_problems
from x12_payer.authorization.plans.rows import (
    CostShareRow,
    LimitRow,
    Match,
    Plan,
    ReferralRow,
    RequirementRow,
    Terms,
    TermsRow,
)
from x12_payer.authorization.services import CostShare, Limit, Requirement
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import reasons
from x12_payer.edi.toml_text import TomlTextError, toml_tables

_HEAD = {"id": str, "name": str, "product": str, "base": str, "abstract": bool}
_MATCH = {
    "network": "word",
    "codes": "ranges",
    "diagnoses": "words",
    "places": "words",
    "service_types": "words",
    "roles": "words",
    "emergency": "flag",
    "inpatient": "flag",
    "observation": "flag",
    "same_day_surgery": "flag",
    "age_from": "count",
    "age_under": "count",
    "effective": "day",
    "end": "day",
}
_OUTCOME = {
    "terms": {
        "deductible": "amount",
        "out_of_pocket_max": "amount",
        "dental_maximum": "amount",
        "out_of_network_deductible": "amount",
        "network": "flag",
        "primary_care": "flag",
        "out_of_network": "word",
        "carved_out": "words",
        "rule": "word",
    },
    "cost_share": {
        "class": "words",
        "covered": "flag",
        "denial": "word",
        "copay": "amount",
        "deductible": "flag",
        "coinsurance": "amount",
        "maximum": "word",
        "rule": "word",
    },
    "requirement": {
        "category": "words",
        "answer": "word",
        "matching": "word",
        "requesters": "words",
        "extension_requesters": "words",
        "quota": "amount",
        "quota_unit": "word",
        "quota_scope": "word",
        "quota_once": "flag",
        "auto_approve": "flag",
        "validity": "word",
        "threshold": "amount",
        "threshold_accumulator": "word",
        "message": "word",
        "delegate": "word",
        "delegate_phone": "word",
        "documents": "words",
        "extension_documents": "words",
        "notice_days": "amount",
        "before_service": "flag",
        "notification": "flag",
        "window_days": "count",
        "penalty": "amount",
        "liability": "word",
        "denial": "word",
        "otherwise": "flag",
        "rule": "word",
    },
    "limit": {
        "accumulator": "word",
        "quantity": "amount",
        "unit": "word",
        "service_types": "words",
        "rule": "word",
    },
    "referral": {"rule": "word"},
}
# Conditions elsewhere, here what the row says: whether the plan has a network, what a limit counts.
_NO_CONDITION = {"terms": "network", "limit": "service_types"}
_NEEDED = {
    "terms": ("rule",),
    "cost_share": ("rule",),
    "requirement": ("answer", "rule"),
    "limit": ("accumulator", "quantity", "unit", "service_types", "rule"),
    "referral": ("codes", "rule"),
}
_ONE_OF = {
    "network": ("in", "out"),
    "answer": ("required", "not_required", "not_covered", "delegated"),
    "matching": ("exact", "cut_back"),
    "quota_unit": ("VS", "DY", "UN"),
    "unit": ("VS", "DY", "UN"),
    "quota_scope": ("provider",),
    "liability": ("provider", "member"),
    "out_of_network": ("review", "refused"),
    "maximum": ("dental_maximum",),
}
_CLASSES = (
    "office",
    "therapy",
    "chiropractic",
    "mental_health",
    "imaging",
    "surgery",
    "inpatient",
    "emergency",
    "emergency_imaging",
    "laboratory",
    "equipment",
    "home_health",
    "observation",
    "preventive",
    "other",
    "dental_preventive",
    "dental_basic",
    "dental_major",
    "dental_orthodontia",
)
# The classes a row that names none speaks of: a dental benefit is never meant by the way (CONTRACT 7).
_UNNAMED = tuple(name for name in _CLASSES if not name.startswith("dental_"))


class _BadValueError(ValueError):
    """A value of the wrong kind; only inside this module."""


@frozen
class _Row:
    """One row of a plan file, converted: what it matches and what it says."""

    match: Match
    values: dict[str, Any]


def read_plan(
    text: str, source: str, bases: Mapping[str, Plan], judged: bool = True
) -> tuple[Plan | None, tuple[str, ...]]:
    """A plan and no messages, or None and one message for each thing wrong: `source: table n, key: what`.

    judged: what could never apply is wrong, too; a plan that was loaded before is only read."""
    try:
        data = toml_tables(text)
    except TomlTextError as error:
        return None, (f"{source}: {error}",)
    problems: list[str] = []
    head = _head(data, source, bases, problems)
    rows = {name: _rows(data.get(name, []), name, source, problems) for name in _OUTCOME}
    if judged and not problems:
        problems += plan_problems(data, source)
    if problems:
        return None, tuple(problems)
    own = Plan(
        **head,
        terms=tuple(TermsRow(r.match, Terms(**r.values)) for r in rows["terms"]),
        cost_shares=tuple(_cost_share_row(r) for r in rows["cost_share"]),
        requirements=tuple(_requirement_row(r) for r in rows["requirement"]),
        limits=tuple(LimitRow(r.match, Limit(**r.values)) for r in rows["limit"]),
        referrals=tuple(ReferralRow(r.match, r.values["rule"]) for r in rows["referral"]),
    )
    plan = _inherit(own, bases.get(own.base))
    if judged and not plan.abstract and not plan.cost_shares:
        return None, (f"{source}: cost_share: no row, of its own or of a base: the plan would cover nothing",)
    return indexed(plan), ()


def head_of(text: str) -> tuple[str, str]:
    """The `id` and the `base` of a plan file, '' when it has none or is unreadable."""
    try:
        data = toml_tables(text)
    except TomlTextError:
        return "", ""
    return str(data.get("id", "")), str(data.get("base", ""))


def indexed(plan: Plan) -> Plan:
    """The plan with its rows sorted out by category and by class, so that a look-up reads few rows."""
    by_category = {
        name: tuple(r for r in plan.requirements if not r.categories or name in r.categories)
        for name in ("", *categories())
    }
    by_class = {
        name: tuple(r for r in plan.cost_shares if name in (r.classes or _UNNAMED)) for name in _CLASSES
    }
    return evolve(plan, requirements_by_category=by_category, cost_shares_by_class=by_class)


def _head(
    data: dict[str, Any], source: str, bases: Mapping[str, Plan], problems: list[str]
) -> dict[str, Any]:
    for key, value in data.items():
        if key in _HEAD:
            if not isinstance(value, _HEAD[key]):
                problems.append(f"{source}: {key}: expected {_HEAD[key].__name__}")
        elif key not in _OUTCOME:
            problems.append(f"{source}: {key}: unknown key")
    if not data.get("id"):
        problems.append(f"{source}: id: missing")
    base = data.get("base", "")
    if base and base not in bases:
        problems.append(f"{source}: base: no plan of that id")
    return {key: data[key] for key in _HEAD if key in data}


def _rows(tables: Any, name: str, source: str, problems: list[str]) -> list[_Row]:
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        problems.append(f"{source}: {name}: write it as [[{name}]]")
        return []
    return [_row(t, name, f"{source}: {name} {n}", problems) for n, t in enumerate(tables, 1)]


def _row(table: dict[str, Any], name: str, where: str, problems: list[str]) -> _Row:
    kinds = _MATCH | _OUTCOME[name]
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in kinds:
            problems.append(f"{where}, {key}: unknown key")
            continue
        try:
            values[key] = _CONVERT[kinds[key]](value)
            _check(name, key, values[key])
        except _BadValueError as error:
            problems.append(f"{where}, {key}: {error}")
    problems.extend(f"{where}, {key}: missing" for key in _needed(name, values) if key not in table)
    if values.get("end", date.max) < values.get("effective", date.min):
        problems.append(f"{where}, end: before effective")
    condition = {f.name for f in fields(Match)} - {_NO_CONDITION.get(name, "")}
    match = Match(**{k: v for k, v in values.items() if k in condition and k in _MATCH})
    return _Row(match, {k: v for k, v in values.items() if k not in condition})


def _needed(name: str, values: dict[str, Any]) -> tuple[str, ...]:
    """What the row has to say; a refusal has to say why."""
    refuses = values.get("answer") == "not_covered" or values.get("covered") is False
    return (*_NEEDED[name], "denial") if refuses else _NEEDED[name]


def _check(name: str, key: str, value: Any) -> None:
    allowed = _ONE_OF.get(key)
    if allowed and isinstance(value, str) and value not in allowed:
        raise _BadValueError("one of " + ", ".join(allowed))
    if key == "denial" and value not in reasons():
        raise _BadValueError("no such key in reasons.csv")
    known = categories() if key == "category" else _CLASSES if key == "class" else None
    if known is not None and (unknown := [v for v in value if v not in known]):
        raise _BadValueError("unknown: " + ", ".join(unknown))
    if key == "validity" and not _is_validity(value):
        raise _BadValueError("end_of_year, or issue+N, start+N or asked+N (days)")


def _is_validity(value: str) -> bool:
    start, plus, days = value.partition("+")
    return value == "end_of_year" or (start in ("issue", "start", "asked") and plus == "+" and days.isdigit())


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _BadValueError("expected text in quotes")
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _BadValueError("expected a list")
    return tuple(_word(v) for v in value)


def _code_ranges(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = [v.partition("-") for v in _words(value)]
    return tuple((first, last or first) for first, _, last in pairs)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _BadValueError("expected true or false")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _BadValueError("expected a whole number")
    return value


def _amount(value: Any) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise _BadValueError('expected an amount in quotes, as "20.00"')
    return number


def _day(value: Any) -> date:
    if type(value) is not date:
        raise _BadValueError("expected a date, as 2026-01-01")
    return value


_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "word": _word,
    "words": _words,
    "ranges": _code_ranges,
    "flag": _flag,
    "count": _count,
    "amount": _amount,
    "day": _day,
}


def _cost_share_row(row: _Row) -> CostShareRow:
    values = dict(row.values)
    classes = values.pop("class", ())
    reason = values.pop("denial", "")
    return CostShareRow(row.match, classes, CostShare(category="", reason=reason, **values))


def _requirement_row(row: _Row) -> RequirementRow:
    values = dict(row.values)
    names, otherwise = values.pop("category", ()), values.pop("otherwise", False)
    return RequirementRow(row.match, names, Requirement(category="", **values), otherwise)


def _inherit(own: Plan, base: Plan | None) -> Plan:
    if base is None:
        return own
    return evolve(
        own,
        name=own.name or base.name,
        product=own.product or base.product,
        terms=own.terms + base.terms,
        cost_shares=own.cost_shares + base.cost_shares,
        requirements=own.requirements + base.requirements,
        limits=own.limits + base.limits,
        referrals=own.referrals + base.referrals,
    )
