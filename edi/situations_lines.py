"""Type 6, line of service: what a kind of service asks for besides the guide. Which codes are meant stands in
maps/codes/line_rules.csv."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from edi.balance import amount
from edi.segments import LoopSegment
from edi.situations_claim import PROCEDURE, UNITS, ClaimView, Line
from edi.situations_report import Report, text
from edi.tables import rows

MINUTES = "MJ"
_UNIT_OF_MEASURE = {"SV1": 3, "SV2": 4}
_QUADRANTS = frozenset(("10", "20", "30", "40"))
_AMBULANCE_PARTIES = ("PW", "45")  # pick-up, drop-off
_FOUR_OR_MORE = 4


@cache
def _rules() -> tuple[Mapping[str, str], ...]:
    return tuple(rows("line_rules"))


@lru_cache(maxsize=20_000)
def rules_of(code: str) -> Mapping[str, str]:
    """The rules that speak of a procedure, place or revenue code, each with what it needs."""
    found: dict[str, str] = {}
    for row in _rules():
        first, last = row["from"], row["to"] or row["from"]
        if len(code) == len(first) and first <= code <= last:
            found.setdefault(row["rule"], row["needs"])
    return found


def check_lines(claim: ClaimView, separator: str, report: Report) -> None:
    """Every rule of type 6 on the lines of a claim."""
    ambulance: LoopSegment | None = None
    for line in claim.lines:
        if line.service is None:
            continue
        elements = line.service[1]
        tag = elements[0]
        _units(line.service, elements, tag, report)
        code = _code(text(elements, PROCEDURE[tag]), separator)
        asked = rules_of(code)
        if asked:
            for rule, check in _BY_RULE.items():
                if rule in asked:
                    check(line, line.service, asked[rule], separator, report)
        if text(elements, _UNIT_OF_MEASURE.get(tag, 0)) == MINUTES:
            _minutes(line.service, asked, report)
        if claim.kind == "P" and ambulance is None:
            place = text(elements, 5) or claim.facility
            if "ambulance" in asked or (not code.startswith("A") and "ambulance_place" in rules_of(place)):
                ambulance = line.service
        elif claim.kind == "D" and line.rest:
            _surfaces_without_tooth(line, report)
    if ambulance is not None:
        _transport(claim, ambulance, report)


def _code(value: str, separator: str) -> str:
    """The code of a C003 composite."""
    return value.split(separator, 2)[1] if separator in value else ""


def _units(service: LoopSegment, elements: list[str], tag: str, report: Report) -> None:
    """Units are more than zero. An institutional line without a charge may have none."""
    number = UNITS[tag]
    stated = text(elements, number)
    if stated and amount(stated) <= 0 and not (tag == "SV2" and not amount(text(elements, 3))):
        report.say("line-units", service, number)


def _minutes(service: LoopSegment, asked: Mapping[str, str], report: Report) -> None:
    """Minutes are for anesthesia."""
    if "anesthesia" not in asked:
        report.say("line-minutes-unexpected", service, 3)


def _anesthesia(line: Line, service: LoopSegment, _: str, separator: str, report: Report) -> None:
    """Anesthesia is billed in minutes, but for what is billed by the day or case."""
    code = _code(text(service[1], 1), separator)
    if service[1][0] == "SV1" and text(service[1], 3) != MINUTES and "anesthesia_days" not in rules_of(code):
        report.say("line-anesthesia-minutes", service, 3)


def _described(line: Line, service: LoopSegment, _: str, separator: str, report: Report) -> None:
    """A code that says nothing by itself needs a description (component 07) or a note."""
    element = PROCEDURE[service[1][0]]
    parts = text(service[1], element).split(separator)
    if not (len(parts) > 6 and parts[6]) and not line.others("NTE") and not line.others("LIN"):
        report.say("line-description-missing", service, element, 7, "")


def _transport(claim: ClaimView, service: LoopSegment, report: Report) -> None:
    """An ambulance claim says what was transported how (CR1) and from where to where."""
    tags = {i[1][0] for line in claim.lines for i in line.rest} | claim.own.keys()
    parties = {text(i[1], 1) for line in claim.lines for i in line.others("NM1")}
    if "CR1" not in tags:
        report.say("ambulance-transport-missing", service)
    if not all(f"NM1*{party}" in claim.own or party in parties for party in _AMBULANCE_PARTIES):
        report.say("ambulance-locations-missing", service)


# --- dental


def _tooth(line: Line, service: LoopSegment, _: str, separator: str, report: Report) -> None:
    """A service on one tooth names it."""
    if not line.others("TOO"):
        report.say("tooth-missing", service, 1, 2)


def _surfaces(line: Line, service: LoopSegment, needs: str, separator: str, report: Report) -> None:
    """A filling names the surfaces, as many as its code says."""
    teeth = line.others("TOO")
    named = [len([s for s in text(i[1], 3).split(separator) if s]) for i in teeth]
    for tooth, count in zip(teeth, named, strict=True):
        if not count:
            report.say("surface-missing", tooth, 3)
        elif count != int(needs) and not (int(needs) == _FOUR_OR_MORE < count):
            report.say("surface-count", tooth, 3)


def _quadrant(line: Line, service: LoopSegment, _: str, separator: str, report: Report) -> None:
    """A service by quadrant names it (SV304), or a tooth in it."""
    areas = set(text(service[1], 4).split(separator)) if service[1][0] == "SV3" else _QUADRANTS
    if not areas & _QUADRANTS and not line.others("TOO"):
        report.say("quadrant-missing", service, 4)


def _surfaces_without_tooth(line: Line, report: Report) -> None:
    for tooth in line.others("TOO"):
        if text(tooth[1], 3) and not text(tooth[1], 2):
            report.say("surface-without-tooth", tooth, 2)


_BY_RULE: Mapping[str, Callable[[Line, LoopSegment, str, str, Report], None]] = {
    "anesthesia": _anesthesia,
    "described": _described,
    "tooth": _tooth,
    "surfaces": _surfaces,
    "quadrant": _quadrant,
}
