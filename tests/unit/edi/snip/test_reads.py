"""What rules declare that they read: it is all that they read, and the fast path passes none of them over."""

import ast
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from inspect import getsource
from types import ModuleType

import pytest
from attrs import evolve

from tests.unit.edi.snip.test_fast_path import CODES, OTHERS, RICH, VALUES, many, placed
from tests.worlds.places import EXAMPLES
from tests.worlds.text.valid_sets import AS_OF, DENTAL, INSTITUTIONAL, PROFESSIONAL, interchange
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.diagnostics.page import changed, pages
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.reading.checked import CheckedSet
from x12_payer.edi.snip.fast_path.claims import FastClaims, Memory, fast_claims
from x12_payer.edi.snip.fast_path.settled import (
    EVERYTHING,
    KEPT,
    LEFT_OUT,
    SETTLED,
    SETTLED_LEVELS,
    kept_texts,
    levels_are_settled,
    split_place,
    unsettled,
)
from x12_payer.edi.snip.rules import (
    adjustments,
    claims,
    collector,
    diagnoses,
    institutional,
    levels,
    lines,
    parties,
    payers,
    services,
)
from x12_payer.edi.snip.rules.balance import amount
from x12_payer.edi.snip.rules.claim_view import ClaimView
from x12_payer.edi.snip.rules.claims import ClaimRules
from x12_payer.edi.snip.rules.codes import code_plan
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, Marks, Reads, declared, reads, text
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.snip.situational import follow_claims, found_in_set, situations
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Source

RULES = (adjustments, claims, diagnoses, institutional, levels, lines, parties, payers, services)
OTHER_SETS = {"provider-adjustment-zero"}  # of an 835
# What tables ask of one segment by itself: a segment has a part of a fingerprint when all is well with it.
BY_TABLE = {one.diagnostic for one in code_lists().lists.values()} | {
    "address-state-missing",
    "address-zip-missing",
    "period-reversed",
}
GUIDES = {"P": "837P.X222A1", "I": "837I.X223A2", "D": "837D.X224A2"}
BODIES = (("P", PROFESSIONAL), ("I", INSTITUTIONAL), ("D", DENTAL), ("P", RICH))
STRUCTURE = frozenset(("ST", "SE", "HL", "CLM", "LX", "SV1", "SV2", "SV3"))
Segments = list[list[str]]
Found = dict[str, list[int]]


# -- every rule declares


def raised(module: ModuleType) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The functions of a module that add a diagnostic by its name, the name, and what they declare."""
    for node in ast.walk(ast.parse(getsource(module))):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = {
            one.args[0].value
            for one in node.decorator_list
            if isinstance(one, ast.Call) and one.args and isinstance(one.args[0], ast.Constant)
        }
        for call in ast.walk(node):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "add"
            ):
                key = call.args[0]
                if isinstance(key, ast.Constant) and "-" in str(key.value):
                    yield node.name, str(key.value), frozenset(map(str, names))


@pytest.mark.parametrize("module", RULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_rule_declares_what_it_reads(module: ModuleType) -> None:
    for function, key, names in raised(module):
        assert key in names | OTHER_SETS, f"{function} raises {key}: say above it what it reads (@reads)"


def test_services_are_looked_at_by_declared_rules() -> None:
    assert services.SERVICE_RULES.keys() <= declared().keys()


def test_every_rule_of_today_is_settled() -> None:
    """Else the fast path is slow: fingerprints hold what differs from claim to claim."""
    assert unsettled(declared()) == {}
    assert levels_are_settled(declared())


def test_nothing_is_settled_that_no_rule_reads() -> None:
    for place, keys in SETTLED.items():
        for key in keys:
            assert any(one.startswith(place) for one in declared()[key].places), (place, key)
    assert {key for key, one in declared().items() if one.level} == SETTLED_LEVELS


# -- what they declare is all they read


def by_rules(kind: str, segments: Segments) -> Found:
    """What the rules alone report of a set: where, by code."""
    one = CheckedSet("837", "1", "", GUIDES[kind], "", 1, 0, 0, len(segments), (), True)
    items = [("", elements, n) for n, elements in enumerate(segments, 1)]
    found: Found = defaultdict(list)
    for d in situations(one, items, DEFAULT_DELIMITERS, AS_OF, code_lists()):
        found[d.code].append(d.position.set_segment)
    return found


def bases() -> list[tuple[str, Segments]]:
    """Valid sets, and each example of a diagnostic of claims."""
    found = [(kind, f"ST*837*1\n{body.strip()}\nSE*1*1".splitlines()) for kind, body in BODIES]
    for code, page in pages().items():
        if page.example.startswith("837") and code in declared():
            whole = changed((EXAMPLES / f"{page.example}.x12").read_text(), page.change).replace("\n", "")
            body = re.search(r"ST\*.*~SE\*[^~]*", whole)
            assert body
            found.append((page.example[3], body[0].split("~")))
    return [(kind, [one.split("*") for one in body]) for kind, body in found]


BASES = bases()


def is_declared(key: str, tag: str, number: int) -> bool:
    places = declared()[key].places
    if not number:
        return EVERYTHING in places or any(split_place(place)[0] == tag for place in places)
    return not places.isdisjoint((EVERYTHING, tag, f"{tag}{number:02}"))


def pool() -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for _, segments in BASES:
        for tag, *elements in segments:
            for number, value in enumerate(elements, 1):
                found[tag, number].add(value)
    return {place: sorted(values) for place, values in found.items()}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 9))])
def test_rules_read_only_what_they_declare(seed: int) -> None:
    rng, values, changes = random.Random(seed), pool(), 0
    for kind, segments in BASES:
        before = by_rules(kind, segments)
        for at in rng.sample(range(1, len(segments) - 1), min(20, len(segments) - 2)):
            tag = segments[at][0]
            number = rng.randrange(0, len(segments[at]) + 1)
            if not number and tag in STRUCTURE:
                continue
            other = [*segments[at], ""]
            if number:
                near = values.get((tag, number), [""])
                other[number] = rng.choice((rng.choice(near), rng.choice((*VALUES, *OTHERS, *CODES)), ""))
            new = [other] if number else []
            after = by_rules(kind, [*segments[:at], *new, *segments[at + 1 :]])
            for key in declared().keys() & (before.keys() | after.keys()):
                same = before[key] == after[key] if number else len(before[key]) == len(after[key])
                changes += not same
                assert same or is_declared(key, tag, number), (key, segments[at], other, number)
        assert before.keys() <= declared().keys() | BY_TABLE
    assert changes > 50


# -- and the fast path passes none of them over


def both(data: bytes, memory: Memory) -> list[str]:
    """The codes of a file, the same by the fast path and by the rules alone."""
    source, found = Source(data=data), []
    for one in check_interchanges(source, every_guide=True):
        for s in (s for group in one.groups for s in group.sets):
            if not any(d.is_error for d in s.diagnostics):
                again = evolve(s, diagnostics=())
                fast = found_in_set(source, again, one.delimiters, AS_OF, code_lists(), 500, memory)
                items = loop_segments(source, s, one.delimiters)
                plain = list(situations(again, items, one.delimiters, AS_OF, code_lists()))
                assert placed(fast) == placed(plain)
                found += [d.code for d in plain]
    return found


def learned() -> Memory:
    """What the fast path has learned from valid claims of every kind."""
    memory: Memory = {}
    for kind, body in BODIES:
        assert both(interchange(kind, "\n".join(many(body.strip().splitlines(), 2))), memory) == []
    for path in EXAMPLES.glob("837*.x12"):
        both(path.read_bytes(), memory)
    assert sum(len(one.valid) for one in memory.values()) > 5
    return memory


def asked(kind: str, texts: list[str], memory: Memory, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The claims of a set that the fast path leaves to the rules; types 1 and 2 do not look at it."""
    left: list[str] = []
    by_rules = FastClaims._by_rules

    def noting(self: FastClaims, block: list[str]) -> None:
        left.extend(one.split("*")[1] for one in block[:1] if one.startswith("CLM*"))
        by_rules(self, block)

    guide, lists = GUIDES[kind], code_lists()
    plan, into = code_plan(guide, lists), Collector(1, Marks())
    tools = Tools(guide, AS_OF.strftime("%Y%m%d"), DEFAULT_DELIMITERS, lists, plan, into)
    with monkeypatch.context() as patch:
        patch.setattr(FastClaims, "_by_rules", noting)
        fast = fast_claims(tools, memory)
        fast.take(texts)
        fast.end()
    return left


@pytest.mark.parametrize(("kind", "body"), BODIES[:3], ids=["P", "I", "D"])
def test_what_is_kept_keeps_a_claim_from_being_passed_over(
    kind: str, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, memory, changes = ["ST*837*1", *body.strip().splitlines(), "SE*1*1"], Memory(), 0
    assert asked(kind, texts, memory, monkeypatch)
    assert asked(kind, texts, memory, monkeypatch) == []
    begin = next(at for at, one in enumerate(texts) if one.startswith("HL*2*"))
    for at in range(begin, len(texts)):
        tag, *elements = texts[at].split("*")
        for number in range(1, len(elements) + 1):
            if tag in KEPT and f"{tag}{number:02}" not in LEFT_OUT and tag != "HL":
                new = [*elements[: number - 1], "Q7", *elements[number:]]
                other = [*texts[:at], "*".join((tag, *new)), *texts[at + 1 :]]
                assert asked(kind, other, Memory(memory), monkeypatch), other[at]
                changes += 1
    assert changes > 10


OF_CLAIMS = sorted(
    code for code, page in pages().items() if code in declared() and page.example.startswith("837")
)


def test_each_rule_has_an_example() -> None:
    assert set(OF_CLAIMS) == declared().keys()


@pytest.mark.parametrize("code", OF_CLAIMS)
def test_a_claim_that_is_faulted_after_it_was_learned(code: str) -> None:
    page = pages()[code]
    valid = (EXAMPLES / f"{page.example}.x12").read_text()
    memory = learned()
    assert code in both(changed(valid, page.change).encode("latin-1"), memory)
    assert code in both(changed(valid, page.change).encode("latin-1"), memory)  # and is not learned


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_any_element_of_a_learned_claim_is_changed(seed: int) -> None:
    rng, values, memory, found = random.Random(seed), pool(), learned(), 0
    for kind, body in BODIES:
        texts = body.strip().splitlines()
        for at in range(len(texts)):
            elements = texts[at].split("*")
            number = rng.randrange(1, len(elements))
            near = values.get((elements[0], number), [""])
            elements[number] = rng.choice((rng.choice(near), rng.choice((*VALUES, *OTHERS, *CODES))))
            new = [*texts[:at], "*".join(elements), *texts[at + 1 :]]
            found += len(both(interchange(kind, "\n".join(new)), memory))
    assert found > 5


# -- nor one that is added tomorrow


def charge(claim: ClaimView) -> bool:
    return amount(text(claim.clm[1], 2)) >= 10_000_000


def number(claim: ClaimView) -> bool:
    return text(claim.clm[1], 1) == "C2-2"


def rendering(claim: ClaimView) -> bool:
    return "NM1*82" in claim.own and text(claim.own["NM1*82"][1], 3) == "READ"


def units(claim: ClaimView) -> bool:
    return any(line.segment and amount(text(line.segment[1], 4)) >= 1000 for line in claim.lines)


def procedure(claim: ClaimView) -> bool:
    return any(line.service.code == "99214" for line in claim.lines)


def diagnosis(claim: ClaimView) -> bool:
    return any("J060" in text(item[1], 1) for item in claim.codes)


def weekend(claim: ClaimView) -> bool:
    return any(line.first == "20260607" for line in claim.lines)


def noted(claim: ClaimView) -> bool:
    return any(line.others("NTE") for line in claim.lines)


TRAPS: list[tuple[Callable[[ClaimView], bool], str, list[tuple[str, str]]]] = [
    (
        charge,
        "CLM02",
        [("CLM*C2-2*90*", "CLM*C2-2*20000000*"), ("SV1*HC:99212*90*", "SV1*HC:99212*20000000*")],
    ),
    (number, "CLM01", []),
    (rendering, "NM101 NM103", [("NM1*82*1*REED*", "NM1*82*1*READ*")]),
    (units, "SV104", [("SV1*HC:99212*90*UN*1*", "SV1*HC:99212*90*UN*1000*")]),
    (procedure, "SV101", [("SV1*HC:99212*", "SV1*HC:99214*")]),
    (diagnosis, "HI01", [("HI*ABK:J069", "HI*ABK:J060")]),
    (weekend, "DTP03", [("DTP*472*D8*20260603", "DTP*472*D8*20260607")]),
    (noted, "NTE", [("DTP*472*D8*20260603", "DTP*472*D8*20260603\nNTE*ADD*SEEN TWICE")]),
]


@pytest.mark.parametrize(("rule", "places", "change"), TRAPS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_rule_of_tomorrow_is_not_passed_over(
    rule: Callable[[ClaimView], bool],
    places: str,
    change: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, key = claims.check_claim, "rule-of-tomorrow"

    def with_rule(claim: ClaimView, separator: str, collector: Collector) -> None:
        before(claim, separator, collector)
        if rule(claim):
            collector.add(key, claim.clm)

    def found() -> list[str]:
        body = "\n".join(many(PROFESSIONAL.strip().splitlines(), 3))
        for old, new in change:
            begin, _, end = body.rpartition(old)
            assert begin
            body = begin + new + end
        source = Source(data=interchange("P", body))
        (one,) = check_interchanges(source, follow=follow_claims(AS_OF, code_lists()))
        (s,) = one.groups[0].sets
        assert s.followed is not None
        return [d.code for d in s.followed if d.code == key]

    assert found() == []
    monkeypatch.setattr(claims, "check_claim", with_rule)
    if rule not in (number, rendering, noted):
        assert found() == []  # without declaring it: this is what the test above is for
    monkeypatch.setattr(collector, "_DECLARED", dict(declared()))
    reads(key, places)(with_rule)
    assert found() == [key]


def test_a_rule_of_tomorrow_on_levels_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, key = ClaimRules._level, "rule-of-tomorrow"

    def with_rule(self: ClaimRules, block: LoopBlock) -> None:
        before(self, block)
        if any(item[1][0] == "N4" and text(item[1], 1) == "SALEM" for item in block):
            self.collector.add(key, block[0])

    monkeypatch.setattr(ClaimRules, "_level", with_rule)
    monkeypatch.setattr(collector, "_DECLARED", dict(declared()))
    reads(key, "N401", level=True)(with_rule)
    source = Source(data=interchange("P", "\n".join(many(PROFESSIONAL.strip().splitlines(), 3))))
    (one,) = check_interchanges(source, follow=follow_claims(AS_OF, code_lists()))
    assert [d.code for d in one.groups[0].sets[0].followed or ()] == [key] * 3


def test_what_is_kept_besides() -> None:
    new = {"a-b": Reads(frozenset(("CLM02", "CLM05", "SBR03", "NTE", "NM101")))}
    assert unsettled(new) == {"CLM": (2,), "SBR": (3,), "NTE": (0,), "NM1": (1,)}
    assert unsettled({"a-b": Reads(frozenset((EVERYTHING,)))}) == {EVERYTHING: (0,)}
    kept = {"CLM": (2,), "NTE": (0,), "NM1": (9,)}
    block = ["CLM*A*5", "NM1*82*1", "NTE*X*Y"]
    assert [*kept_texts(block, kept, "*")] == ["5", "CLM", "", "NM1", "NTE*X*Y", "NTE"]
    assert [*kept_texts(block[:1], {EVERYTHING: (0,)}, "*")] == ["CLM*A*5", "CLM"]
