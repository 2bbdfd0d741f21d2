"""One classification of services for everybody: category (what the rules speak of) and cost-share class.

The codes are in maps/rules/service_codes.csv and cost_classes.csv (CONTRACT section 4)."""

from collections.abc import Mapping
from functools import cache, lru_cache

from x12_payer.authorization.lists import listed, table
from x12_payer.authorization.services import Service
from x12_payer.authorization.settings import (
    in_emergency_department,
    is_emergency,
    is_inpatient,
    is_observation,
    is_surgery,
)
from x12_payer.edi.codes.ranges import in_range
from x12_payer.edi.frozen import frozen


@frozen
class CodeRange:
    """One row of a code table: name is the category or the class, kind code, modifier, revenue, bill ..."""

    name: str
    kind: str
    first: str
    last: str


@frozen
class Category:
    """One row of categories.csv."""

    name: str
    service_type: str
    cost_class: str


@cache
def categories() -> Mapping[str, Category]:
    """categories.csv by name."""
    return {
        r["category"]: Category(r["category"], r["service_type"], r["cost_class"])
        for r in table("categories")
    }


@cache
def _ranges(name: str, kind: str) -> tuple[CodeRange, ...]:
    column = "category" if name == "service_codes" else "class"
    rows = (CodeRange(r[column], r["kind"], r["from"], r["to"] or r["from"]) for r in table(name))
    return tuple(r for r in rows if r.kind == kind)


@lru_cache(maxsize=8192)
def _name_of(table_name: str, kind: str, value: str) -> str:
    rows = _ranges(table_name, kind)
    return next((r.name for r in rows if in_range(value, r.first, r.last)), "")


def category(service: Service) -> str:
    """The category the rules know the service by, '' when none fits (CONTRACT section 4, the categories).

    In order: a referral request; the bill type of a home health agency, a nursing facility, a hospice; the
    therapy modifier; the code; the revenue code; the service type. Outpatient oncology is none in a stay."""
    if service.request_category == "SC":
        return "referral"
    if service.type_of_bill and (bill := _name_of("service_codes", "bill", service.type_of_bill)):
        return bill
    if service.code:
        found = _by_modifier(service.modifiers) or _by_code(service)
        if found == "oncology" and is_inpatient(service):
            found = ""
        if found:
            return found
    if service.revenue_code:
        found = _name_of("service_codes", "revenue", service.revenue_code)
        if found and (found != "inpatient" or is_inpatient(service)):
            return found
        return ""
    return "" if service.code else _by_service_type(service)


def _by_modifier(modifiers: tuple[str, ...]) -> str:
    return next((n for m in modifiers if (n := _name_of("service_codes", "modifier", m))), "")


def _by_code(service: Service) -> str:
    """The code's category. Physical and occupational therapy share their codes: without a modifier the
    service type of the request tells them apart."""
    found = _name_of("service_codes", "code", service.code)
    if found != "physical_therapy" or not service.service_type:
        return found
    named = _name_of("service_codes", "service_type", service.service_type)
    return named if named == "occupational_therapy" else found


def category_of_type(service_type: str, inpatient: bool) -> str:
    """The category a service type names, '' when none. A psychiatric admission (A7) is inpatient in a
    hospital, elsewhere residential (BH-05, BH-09)."""
    if service_type == "A7" and inpatient:
        return "inpatient"
    return _name_of("service_codes", "service_type", service_type) if service_type else ""


def _by_service_type(service: Service) -> str:
    """A service type without a code. An admission is inpatient care unless its type names another stay."""
    if not service.service_type:
        return ""
    found = category_of_type(service.service_type, is_inpatient(service))
    if service.request_category != "AR":
        return found or ("inpatient" if is_inpatient(service) else "")
    return found if listed("admission_category", found) else "inpatient"


def cost_class(service: Service, name: str) -> str:
    """The cost-share class of a service whose category is `name` (CONTRACT section 4, the plan table)."""
    kind = categories()[name].cost_class if name else ""
    if kind.startswith("dental") or kind == "home_health":
        return kind
    if is_inpatient(service) or kind == "inpatient":
        return "inpatient"
    if is_observation(service):
        return "observation"
    by_code = _class_of(service)
    if name == "high_tech_radiology":
        return "emergency_imaging" if is_emergency(service) else "imaging"
    if by_code.startswith(("laboratory", "equipment", "dental")) or kind in ("laboratory", "equipment"):
        return kind or by_code
    if by_code == "emergency" or in_emergency_department(service):
        return "emergency"
    if by_code == "surgery" or is_surgery(service.code):
        return "surgery"
    return kind or by_code or "other"


def _class_of(service: Service) -> str:
    if service.code:
        return _name_of("cost_classes", "code", service.code)
    if service.revenue_code:
        return _name_of("cost_classes", "revenue", service.revenue_code)
    return _name_of("cost_classes", "service_type", service.service_type) if service.service_type else ""
