"""Types 4 and 6, lines of service: their numbers, and what a kind of service requires besides the guide.
Which codes are meant is in maps/codes/line_rules.csv."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from x12_payer.edi.snip.rules.claim_view import ClaimView, Line
from x12_payer.edi.snip.rules.collector import Collector, reads, text
from x12_payer.edi.snip.rules.services import (
    MINUTES,
    PROCEDURE,
    rules_of,
)
from x12_payer.edi.wire.segments import LoopSegment

_QUADRANTS = frozenset(("10", "20", "30", "40"))
_AMBULANCE_PARTIES = ("PW", "45")  # pick-up, drop-off
_FOUR_OR_MORE = 4


def check_lines(claim: ClaimView, separator: str, collector: Collector) -> None:
    """Every rule of type 6 on the lines of a claim."""
    for line in claim.lines:
        service = line.service
        for key, number in service.faults:
            if line.segment is not None:
                collector.add(key, line.segment, number)
        if service.rules and line.segment is not None:
            for rule, (kinds, check) in _BY_RULE.items():
                if rule in service.rules and claim.kind in kinds:
                    check(line, line.segment, service.rules[rule], separator, collector)
        if claim.kind == "D" and line.rest:
            _surfaces_without_tooth(line, collector)
    if claim.kind == "P":
        _ambulance(claim, collector)
        _inpatient(claim, collector)


def check_numbers(claim: ClaimView, collector: Collector) -> None:
    """LX counts the lines from 1; a line control number is used once."""
    lines = claim.lines
    if [line.lx[1][-1] for line in lines] != _ordinals(len(lines)):
        _count_lines(lines, collector)
    controls = [line.control for line in lines if line.control]
    if len(set(controls)) < len(controls):
        _repeated_controls(lines, collector)


@lru_cache(maxsize=1000)
def _ordinals(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


@reads("line-number-sequence", "LX01")
def _count_lines(lines: list[Line], collector: Collector) -> None:
    """A number that is wrong once may go on either way."""
    expected = counted = 1
    for line in lines:
        number = text(line.lx[1], 1)
        if number in (str(expected), str(counted)):
            expected = counted = int(number) + 1
        else:
            collector.add("line-number-sequence", line.lx, 1)
            counted += 1
            expected = int(number) + 1 if number.isdecimal() and len(number) < 7 else counted


@reads("line-control-repeat", "REF01 REF02")
def _repeated_controls(lines: list[Line], collector: Collector) -> None:
    used: set[str] = set()
    for line in lines:
        if line.named is not None and line.control in used:
            collector.add("line-control-repeat", line.named, 2)
        used.add(line.control)


@reads("line-repeat", "*")
def check_repeats(claim: ClaimView, collector: Collector) -> None:
    """No line says the same as another one in everything but its numbers (LX, REF*6R)."""
    services = [tuple(line.segment[1]) for line in claim.lines if line.segment is not None]
    if len(set(services)) == len(services):
        return
    seen = set()
    for line in claim.lines:
        dated = tuple(line.dated[1]) if line.dated is not None else ()
        content = (*(tuple(i[1]) for i in (line.segment, *line.rest) if i is not None), dated)
        if content in seen and line.segment is not None:
            collector.add("line-repeat", line.segment)
        seen.add(content)


@reads("line-anesthesia-minutes", "SV101 SV103")
def _anesthesia(line: Line, segment: LoopSegment, _: str, separator: str, collector: Collector) -> None:
    """Anesthesia is billed in minutes, but for what is billed by the day or case."""
    days = "anesthesia_days" in line.service.rules
    if segment[1][0] == "SV1" and text(segment[1], 3) != MINUTES and not days:
        collector.add("line-anesthesia-minutes", segment, 3)


@reads("line-description-missing", "SV101 SV202 NTE LIN")
def _described(line: Line, segment: LoopSegment, _: str, separator: str, collector: Collector) -> None:
    """A code that says nothing by itself needs a description (component 07) or a note."""
    element = PROCEDURE[segment[1][0]]
    parts = text(segment[1], element).split(separator)
    if not (len(parts) > 6 and parts[6]) and not line.others("NTE") and not line.others("LIN"):
        collector.add("line-description-missing", segment, element, 7, "")


def _ambulance(claim: ClaimView, collector: Collector) -> None:
    """An ambulance claim says what was transported how (CR1) and from where to where. It is known by its
    procedures; supplies alone make none, nor does what a physician did in the ambulance."""
    for line in claim.lines if claim.ruled else ():
        if "ambulance" in line.service.rules and line.segment is not None:
            _transport(claim, line.segment, collector)
            return


@reads("inpatient-admission-missing", "CLM05 DTP01")
def _inpatient(claim: ClaimView, collector: Collector) -> None:
    """A visit to an inpatient says when the stay began."""
    if "inpatient_place" in rules_of(claim.facility) and "435" not in claim.days:
        collector.add("inpatient-admission-missing", claim.clm, 5, 1)


@reads("ambulance-transport-missing", "SV101 CR1")
@reads("ambulance-locations-missing", "SV101 NM101")
def _transport(claim: ClaimView, segment: LoopSegment, collector: Collector) -> None:
    tags = {i[1][0] for line in claim.lines for i in line.rest} | claim.own.keys()
    parties = {text(i[1], 1) for line in claim.lines for i in line.others("NM1")}
    if "CR1" not in tags:
        collector.add("ambulance-transport-missing", segment)
    if not all(f"NM1*{party}" in claim.own or party in parties for party in _AMBULANCE_PARTIES):
        collector.add("ambulance-locations-missing", segment)


# --- dental


@reads("tooth-missing", "SV301 TOO")
def _tooth(line: Line, segment: LoopSegment, _: str, separator: str, collector: Collector) -> None:
    """A service on one tooth names it."""
    if not line.others("TOO"):
        collector.add("tooth-missing", segment, 1, 2)


@reads("surface-missing", "SV301 TOO03")
@reads("surface-count", "SV301 TOO03")
def _surfaces(line: Line, segment: LoopSegment, needs: str, separator: str, collector: Collector) -> None:
    """A filling names the surfaces, as many as its code says."""
    for tooth in line.others("TOO"):
        count = len([s for s in text(tooth[1], 3).split(separator) if s])
        if not count:
            collector.add("surface-missing", tooth, 3)
        elif count != int(needs) and not (int(needs) == _FOUR_OR_MORE < count):
            collector.add("surface-count", tooth, 3)


@reads("quadrant-missing", "SV301 SV304 TOO")
def _quadrant(line: Line, segment: LoopSegment, _: str, separator: str, collector: Collector) -> None:
    """A service by quadrant names it (SV304), or a tooth in it."""
    areas = set(text(segment[1], 4).split(separator)) if segment[1][0] == "SV3" else _QUADRANTS
    if not areas & _QUADRANTS and not line.others("TOO"):
        collector.add("quadrant-missing", segment, 4)


@reads("surface-without-tooth", "TOO02 TOO03")
def _surfaces_without_tooth(line: Line, collector: Collector) -> None:
    for tooth in line.others("TOO"):
        if text(tooth[1], 3) and not text(tooth[1], 2):
            collector.add("surface-without-tooth", tooth, 2)


_Check = Callable[[Line, LoopSegment, str, str, Collector], None]
# the rules of line_rules.csv, with the kinds of claims (P, I, D) that they are for
_BY_RULE: Mapping[str, tuple[str, _Check]] = {
    "anesthesia": ("P", _anesthesia),
    "described": ("PI", _described),
    "tooth": ("D", _tooth),
    "surfaces": ("D", _surfaces),
    "quadrant": ("D", _quadrant),
}
