"""Companion overlays: what one partner requires besides the guides (maps/companion/*.toml, format in
maps/README.md). A guide is narrowed and never changed: something may be required, forbidden or limited to
some codes, and the severity of a diagnostic of types 3 to 7 may be another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from attrs import define, evolve, field

from x12_payer.edi.diagnostics.model import Diagnostic, Judged, Position, diagnostic_codes
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.model import all_loops
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.reading.check import loop_segments
from x12_payer.edi.reading.checked import CheckedSet
from x12_payer.edi.snip.offsets import with_offsets
from x12_payer.edi.tables import map_path
from x12_payer.edi.toml_text import TomlTextError, toml_tables
from x12_payer.edi.wire.segments import Delimiters, LoopSegment, Source

REQUIRED, FORBIDDEN, LIMITED = "companion-required", "companion-forbidden", "companion-code"
MOST_DIAGNOSTICS = 500  # listed for one set
_ELEMENT = re.compile(r"([A-Z][A-Z0-9]{1,2})(\d{2})(?:-(\d{2}))?")
_SEVERITIES = frozenset(("error", "warning"))
_FIXED_TYPES = frozenset("12")  # the 999 says what these weigh


@frozen
class RulePlace:
    """A segment id with, for a segment, the value of element 01 (empty: any), or an element and component."""

    tag: str
    qualifier: str = ""
    element: int = 0
    component: int = 0


@frozen
class Rule:
    """One [[rule]]. `kind` is the diagnostic that it raises; `codes` are those allowed (companion-code) or
    forbidden (companion-forbidden; empty: the thing itself is)."""

    kind: str
    place: RulePlace
    guide: str = ""  # how the guide's name begins; empty: every guide
    loop: str = ""  # empty: wherever the segment is
    codes: frozenset[str] = frozenset()
    message: str = ""


@frozen
class Weight:
    """One [[severity]]: what a diagnostic counts for with this partner."""

    code: str
    severity: str
    guide: str = ""


@frozen
class Companion:
    """One file. Days are inclusive; None is open."""

    name: str
    partners: frozenset[str]  # ISA06 without blanks
    rules: tuple[Rule, ...] = ()
    weights: tuple[Weight, ...] = ()
    effective: date | None = None
    end: date | None = None

    def holds(self, partner: str, day: date) -> bool:
        """Is this what the partner asks for on the day?"""
        begun = self.effective is None or self.effective <= day
        return partner.strip() in self.partners and begun and (self.end is None or day <= self.end)


# --- reading


@cache
def shipped_companions() -> tuple[Companion, ...]:
    """The companions of maps/companion."""
    files = map_path("companion").iterdir()
    texts = {f.name: f.read_text(encoding="utf-8") for f in files if f.name.endswith(".toml")}
    return tuple(read_companion(texts[name], name) for name in sorted(texts))


def companion_for(partner: str, day: date, companions: Iterable[Companion]) -> Companion | None:
    """The companion of a partner (ISA06) on a day: the first that holds."""
    return next((c for c in companions if c.holds(partner, day)), None)


def read_companion(text: str, name: str) -> Companion:
    """A companion from the text of its file. ValueError says in which file and table what is wrong."""
    try:
        data = toml_tables(text)
    except TomlTextError as error:
        raise ValueError(f"{name}: {error}") from None
    known = {"partners", "name", "effective", "end", "source", "rule", "severity"}
    _only(data, known, name)
    if not data.get("partners"):
        raise ValueError(f"{name}: partners is missing")
    return Companion(
        name=data.get("name", name),
        partners=frozenset(data["partners"]),
        rules=tuple(_rule(row, f"{name}: rule {n}") for n, row in enumerate(data.get("rule", ()), 1)),
        weights=tuple(
            _weight(row, f"{name}: severity {n}") for n, row in enumerate(data.get("severity", ()), 1)
        ),
        effective=data.get("effective"),
        end=data.get("end"),
    )


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"{where}: {unknown[0]} is not known")


def _rule(row: Mapping[str, Any], where: str) -> Rule:
    """One [[rule]]: `require` or `forbid` a segment, or say of an `element` that it is required, forbidden,
    forbids some values, or takes only these `codes`."""
    _only(row, {"guide", "loop", "require", "forbid", "element", "codes", "message", "source"}, where)
    given = [key for key in ("require", "forbid", "codes") if key in row]
    if len(given) != 1:
        raise ValueError(f"{where}: say one of require, forbid and codes")
    kind = {"require": REQUIRED, "forbid": FORBIDDEN, "codes": LIMITED}[given[0]]
    value = row[given[0]]
    if "element" in row:
        place = _element_place(row["element"], where)
    elif isinstance(value, str) and kind != LIMITED:
        tag, _, qualifier = value.partition("*")
        place = RulePlace(tag, qualifier)
    else:
        raise ValueError(f"{where}: element is missing")
    if kind == REQUIRED and not place.element and not row.get("loop"):
        raise ValueError(f"{where}: a required segment needs its loop")
    codes = frozenset(value) if isinstance(value, list) else frozenset()
    return Rule(kind, place, row.get("guide", ""), row.get("loop", ""), codes, row.get("message", ""))


def _element_place(ref: str, where: str) -> RulePlace:
    found = _ELEMENT.fullmatch(ref)
    if found is None:
        raise ValueError(f"{where}: {ref} is no element such as NM109 or CLM05-01")
    return RulePlace(found[1], "", int(found[2]), int(found[3] or 0))


def _weight(row: Mapping[str, Any], where: str) -> Weight:
    _only(row, {"guide", "code", "severity", "source"}, where)
    code, severity = row.get("code", ""), row.get("severity", "")
    if code not in diagnostic_codes() or severity not in _SEVERITIES:
        raise ValueError(f"{where}: name a code of diagnostics.csv and the severity error or warning")
    if diagnostic_codes()[code].snip in _FIXED_TYPES:
        raise ValueError(f"{where}: {code} is of type 1 or 2, which the 999 decides")
    return Weight(code, severity, row.get("guide", ""))


# --- applying


def judged_for_partner(
    companion: Companion, source: Source, one: CheckedSet, delimiters: Delimiters, found: list[Diagnostic]
) -> list[Judged]:
    """The diagnostics of one set as they count with the partner, and what his companion asks for besides,
    with loops and offsets."""
    judged = list(overlay(companion, one, found, loop_segments(source, one, delimiters), delimiters))
    before, added = judged[: len(found)], judged[len(found) :]
    added.sort(key=lambda j: j.diagnostic.position.set_segment)
    placed = with_offsets(source, one, delimiters, [j.diagnostic for j in added])
    return before + [evolve(j, diagnostic=d) for j, d in zip(added, placed, strict=True)]


def overlay(
    companion: Companion,
    s: CheckedSet,
    diagnostics: Iterable[Diagnostic],
    segments: Iterable[LoopSegment],
    delimiters: Delimiters,
) -> Iterator[Judged]:
    """The diagnostics of one set as they count with the partner, then what the partner asks for besides. The
    segments are those of the set from ST to SE."""
    weights = {w.code: w.severity for w in companion.weights if s.guide.startswith(w.guide)}
    for one in diagnostics:
        yield Judged(one, weights.get(one.code, one.row.severity), one.row.text)
    rules = [rule for rule in companion.rules if s.guide.startswith(rule.guide)]
    if not rules or not s.guide:
        return
    found = (pair for item in _Walk(s, rules, delimiters).run(segments) for pair in item)
    for count, (rule, place, value) in enumerate(found):
        if count == MOST_DIAGNOSTICS:
            return
        one = Diagnostic(rule.kind, place, value)
        yield Judged(one, weights.get(one.code, one.row.severity), rule.message or one.row.text)


Found = tuple[Rule, Position, str]


@define(eq=False)
class _Walk:
    """One pass over a set. `open` are loops in which a required segment is still awaited, with the segment
    that opened each."""

    s: CheckedSet
    rules: list[Rule]
    delimiters: Delimiters
    loops: Mapping[str, tuple[str, frozenset[str]]] = field(init=False)
    open: dict[int, LoopSegment] = field(factory=dict)  # by index of the rule

    def __attrs_post_init__(self) -> None:
        self.loops = _loops(self.s.guide)

    def run(self, segments: Iterable[LoopSegment]) -> Iterator[list[Found]]:
        """What is wrong, segment by segment."""
        for item in segments:
            found = [hit for index, rule in enumerate(self.rules) for hit in self._step(index, rule, item)]
            if found:
                yield found
        yield [self._absent(self.rules[index], opener) for index, opener in self.open.items()]

    def _step(self, index: int, rule: Rule, item: LoopSegment) -> Iterator[Found]:
        loop, elements, _ = item
        if rule.kind == REQUIRED and not rule.place.element:
            yield from self._await(index, rule, item)
        elif elements[0] == rule.place.tag and rule.loop in ("", loop):
            if not rule.place.element:
                if not rule.place.qualifier or _value(elements, 1) == rule.place.qualifier:
                    yield self._found(rule, item, "")
                return
            for value in self._values(rule.place, elements):
                if _broken(rule, value):
                    yield self._found(rule, item, value)

    def _await(self, index: int, rule: Rule, item: LoopSegment) -> Iterator[Found]:
        """A loop opens or ends, or the segment comes."""
        loop, elements, _ = item
        anchor, inside = self.loops.get(rule.loop, ("", frozenset()))
        opens = loop == rule.loop and elements[0] == anchor
        if index in self.open and (opens or loop not in inside):
            yield self._absent(rule, self.open.pop(index))
        if opens:
            self.open[index] = item
        here = loop == rule.loop and elements[0] == rule.place.tag
        if here and (not rule.place.qualifier or _value(elements, 1) == rule.place.qualifier):
            self.open.pop(index, None)

    def _values(self, place: RulePlace, elements: list[str]) -> list[str]:
        value = _value(elements, place.element)
        if not place.component:
            return value.split(self.delimiters.repetition)
        pieces = value.split(self.delimiters.component)
        return [pieces[place.component - 1] if place.component <= len(pieces) else ""]

    def _absent(self, rule: Rule, opener: LoopSegment) -> Found:
        return self._found(rule, opener, "")

    def _found(self, rule: Rule, item: LoopSegment, value: str) -> Found:
        loop, elements, ordinal = item
        place = Position(
            self.s.ordinal + ordinal - 1,
            ordinal,
            tag=elements[0],
            loop=loop,
            element=rule.place.element,
            component=rule.place.component,
        )
        return rule, place, value


def _value(elements: list[str], number: int) -> str:
    return elements[number] if number < len(elements) else ""


def _broken(rule: Rule, value: str) -> bool:
    """Does the value of an element break the rule? What is absent breaks only a rule that requires it."""
    if rule.kind == REQUIRED:
        return not value
    if not value:
        return False
    return value not in rule.codes if rule.kind == LIMITED else not rule.codes or value in rule.codes


@cache
def _loops(guide: str) -> Mapping[str, tuple[str, frozenset[str]]]:
    """For each loop of a guide the segment id that opens it, and the loops in it, itself too."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for loop in all_loops(guide_named(guide).root):
        inside = frozenset(inner.id for inner in all_loops(loop))
        anchor, before = found.get(loop.id, (loop.anchor.tag, frozenset[str]()))
        found[loop.id] = (anchor, before | inside)
    return found
