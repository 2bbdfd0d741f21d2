"""What a 271, 277 or 278 says of what types 3 to 7 find in its inquiry: the table and the walk."""

import re
from collections.abc import Iterator
from functools import cache
from inspect import getsource

import pytest
from attrs import frozen

from x12_payer.adjudication.pipeline.refusals import topmost
from x12_payer.edi.codes.lists import CodePlace, code_lists
from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.edits.inquiries import EVERY, InquiryEdits, inquiry_edits
from x12_payer.edi.guides.model import ElementSpec, SegmentNode
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.messages.claim_status import Status
from x12_payer.edi.messages.common import Rejection
from x12_payer.edi.snip.rules import inquiries as situations_inquiries
from x12_payer.edi.snip.rules import levels as situations_levels
from x12_payer.edi.snip.rules import reviews as situations_reviews
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, LoopSegment

QUESTIONS = {
    "270": ("270.X279A1",),
    "276": ("276.X212",),
    "278": ("278Q.X217", "278Q.X215", "278Q.X216"),
}
ANSWERS = {"270.X279A1": "271.X279A1", **{f"278Q.{x}": f"278R.{x}" for x in ("X217", "X215", "X216")}}
ANSWERED_IN = {("270.X279A1", "2000C"): "2100C", ("270.X279A1", "2000D"): "2100D"}
ANSWERED_IN |= {("278Q.X217", "2010F"): "2010FA", ("278Q.X215", "2010F"): "2010FA"}
SITUATIONS = {  # errors that are between segments, by the loops in which they are reported
    "270": {
        "created-in-future": ("HEADER",),
        "hl-children": ("2000A", "2000B", "2000C", "2000D"),
        "inquiry-missing": ("2000C", "2000D"),
        "inquiry-person-unidentified": ("2100C", "2100D"),
        "birth-in-future": ("2100C", "2100D"),
    },
    "276": {
        "created-in-future": ("HEADER",),
        "hl-children": ("2000A", "2000B", "2000C", "2000D"),
        "inquiry-missing": ("2000D", "2000E"),
        "inquiry-person-unidentified": ("2100D", "2100E"),
        "inquiry-birth-missing": ("2000D", "2000E"),
        "birth-in-future": ("2000D", "2000E"),
        "inquiry-claim-undated": ("2200D", "2200E"),
    },
    "278": {
        "hl-children": ("2000A", "2000B", "2000C", "2000D", "2000E", "2000F"),
        "created-in-future": ("HEADER",),
        "review-empty": ("2000E",),
        "line-units": ("2000E", "2000F"),
        "birth-in-future": ("2010C", "2010D"),
        "review-reference-missing": ("2000E",),
        "review-admission-date-missing": ("2000E",),
    },
}
COMPANION = ("companion-required", "companion-forbidden", "companion-code")


# -- the table -----------------------------------------------------------------------------------------


@frozen
class Found:
    """A finding that a guide makes possible: what, in which guide, at which segment and element."""

    code: str
    guide: str
    loop: str
    tag: str
    element: int = 0
    qualifier: str = ""

    @property
    def set_id(self) -> str:
        return self.guide[:3]

    def row(self) -> dict[str, str] | None:
        """The first row of the table that fits."""
        for r in rows("inquiry_edits"):
            same = (r["diagnostic"], r["set"]) == (self.code, self.set_id)
            here = self.loop.startswith(r["loop"]) and r["tag"] in ("", self.tag)
            value = r["element"] in ("", str(self.element)) and r["qualifier"] in ("", self.qualifier)
            if same and here and value:
                return r
        return None


@cache
def possible() -> tuple[Found, ...]:
    """Every error of types 3 to 5 that an accepted 270, 276 or 278 may have."""
    found = [
        Found(code, guide, loop, "HL")
        for set_id, guides in QUESTIONS.items()
        for guide in guides
        for code, loops in SITUATIONS[set_id].items()
        for loop in loops
    ]
    for guides in QUESTIONS.values():
        for guide in guides:
            for node in guide_named(guide).segments:
                found += _of_segment(guide, node)
    return tuple(found)


def _of_segment(guide: str, node: SegmentNode) -> Iterator[Found]:
    lists = code_lists()
    specs = {spec.number: spec for spec in node.elements if spec.usage != "N"}
    for place in lists.places:
        if place.tag != node.tag or not place.belongs_to(guide):
            continue
        for number in range(place.element, max(specs) + 1, place.step) if place.step else (place.element,):
            if number in specs and _asked(place.component, specs[number]) and _chosen(place, specs):
                yield Found(lists.lists[place.codes].diagnostic, guide, node.loop, node.tag, number)
    if node.tag == "DTP" and "RD8" in specs[2].codes:
        for qualifier in specs[1].codes:
            yield Found("period-reversed", guide, node.loop, "DTP", 3, qualifier)


def _asked(component: int, spec: ElementSpec) -> bool:
    return not component or any(c.number == component and c.usage != "N" for c in spec.components)


def _chosen(place: CodePlace, specs: dict[int, ElementSpec]) -> bool:
    """Can the choice be made on which the code hangs?"""
    if place.when_component:
        parts = specs[place.element].components
        spec = next((c for c in parts if c.number == place.when_component), None)
    elif place.when_element:
        spec = specs.get(place.when_element)
    else:
        return True
    if spec is None:
        return "" in place.when
    return not spec.codes or bool(place.when & (spec.codes | {""}))


def test_every_error_that_an_inquiry_may_have_is_answered_or_has_a_reason_not_to() -> None:
    assert len({f.code for f in possible()}) > 20
    assert [f for f in possible() if f.row() is None] == []
    for set_id in QUESTIONS:
        for code in COMPANION:
            assert Found(code, f"{set_id}?", "9999", "ZZ").row() is not None


def test_what_the_rules_of_inquiries_say_is_in_the_lists_above() -> None:
    modules = (situations_inquiries, situations_levels, situations_reviews)
    said = {key for module in modules for key in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', getsource(module))}
    errors = {r["code"] for r in rows("diagnostics") if r["severity"] == "error"}
    listed = {code for codes in SITUATIONS.values() for code in codes}
    assert said & errors == listed


def test_every_row_is_of_use() -> None:
    used = [f.row() for f in possible()]
    assert [r for r in rows("inquiry_edits") if r not in used and r["diagnostic"] not in COMPANION] == []
    known = {r["code"] for r in rows("diagnostics") if r["severity"] == "error"}
    for r in rows("inquiry_edits"):
        assert r["diagnostic"] in known
        assert bool(r["aaa"]) + bool(r["status"]) + bool(r["why"]) == 1, r
        assert bool(r["aaa"]) == bool(r["follow_up"]), r
        assert bool(r["status"]) == bool(r["category"]), r
        assert bool(r["source"]) != bool(r["why"]), r
        assert not r["aaa"] or r["set"] != "276", r
        assert not r["status"] or r["set"] == "276", r


def allowed(guide: str, loop: str) -> dict[int, frozenset[str]]:
    """The codes of AAA03 and AAA04 in a loop of an answer."""
    node = next(n for n in guide_named(guide).segments if n.tag == "AAA" and n.loop == loop)
    return {spec.number: spec.codes for spec in node.elements}


def of_companions() -> Iterator[Found]:
    """Where a partner may ask for something besides: every loop."""
    for guides in QUESTIONS.values():
        for guide in guides:
            for loop in dict.fromkeys(n.loop for n in guide_named(guide).segments):
                yield from (Found(code, guide, loop, "ZZ") for code in COMPANION)


def test_an_aaa_is_one_that_the_guide_allows_there() -> None:
    seen = set()
    for one in (*possible(), *of_companions()):
        r = one.row()
        if r is None or not r["aaa"]:
            continue
        loop = f"2110{one.loop[-1]}" if r["told"] else one.loop
        codes = allowed(ANSWERS[one.guide], ANSWERED_IN.get((one.guide, loop), loop))
        assert not codes[3] or r["aaa"] in codes[3], (one, r)
        assert not codes[4] or r["follow_up"] in codes[4], (one, r)
        seen.add(tuple(r.items()))
    assert len(seen) == sum(bool(r["aaa"]) for r in rows("inquiry_edits"))


def test_a_status_is_one_of_the_lists() -> None:
    known = {r["code"] for r in rows("claim_status")}
    for r in rows("inquiry_edits"):
        if r["status"]:
            assert r["status"] in known
            assert r["category"] == "E0"


# -- the walk ------------------------------------------------------------------------------------------


def walk(set_id: str, *lines: str) -> list[LoopSegment]:
    """Segments written as `loop segment`."""
    parted = [line.split(" ", 1) for line in ("ST " + f"ST*{set_id}*0001", *lines)]
    return [(loop, text.split("*"), number) for number, (loop, text) in enumerate(parted, 1)]


def finding(code: str, at: int, element: int = 0) -> Diagnostic:
    return Diagnostic(code, Position(at, at, element=element))


def test_an_aaa_is_at_its_level_and_its_service() -> None:
    segments = walk(
        "270",
        "2000B HL*2*1*21*1",  # 2
        "2100B N4*X*XQ*04101",  # 3
        "2000C HL*3*2*22*0",
        "2100C DTP*291*RD8*2-1",  # 5
        "2110C EQ*30",
        "2110C EQ**HC:1",  # 7
        "2110C DTP*291*RD8*2-1",  # 8
        "2000C HL*4*2*22*0",
        "2100C HI*BK:X",  # 10
        "2110C EQ**HC:1",  # 11
    )
    found = [
        finding("code-state", 3, 2),
        finding("period-reversed", 5, 3),
        finding("code-procedure", 7, 2),
        finding("period-reversed", 8, 3),
        finding("code-diagnosis", 10, 1),
        finding("code-procedure", 11, 2),
    ]
    reported = inquiry_edits(found, segments, DEFAULT_DELIMITERS)
    assert {place: [r.reason for r in said] for place, said in reported.rejections.items()} == {
        ("2", 0): ["47"],
        ("3", 0): ["57"],
        ("3", 2): ["AG", "57"],
        ("4", EVERY): ["AF"],
        ("4", 1): ["AG"],
    }
    assert reported.statuses == {}
    assert reported.rejections["3", 0] == (Rejection("N", "57", "C"),)


def test_a_status_goes_with_the_claim_whose_line_is_wrong() -> None:
    segments = walk(
        "276",
        "2000D HL*4*3*22*0",
        "2200D TRN*1*A",
        "2210D SVC*HC:99213*1",
        "2200D TRN*1*B",
        "2210D SVC*HC:1*1",  # 6
        "2210D DTP*472*RD8*2-1",  # 7
        "2210D SVC*HC:2*1",  # 8
        "2000D HL*5*3*22*1",
        "2000E HL*6*5*23",
        "2200E TRN*1*C",
        "2200E DTP*472*RD8*2-1",  # 12
    )
    found = [finding("code-procedure", 6, 1), finding("period-reversed", 7, 3)]
    found += [finding("code-procedure", 8, 1), finding("period-reversed", 12, 3)]
    reported = inquiry_edits(found, segments, DEFAULT_DELIMITERS)
    procedure, dates = Status("E0", "454"), Status("E0", "187")
    assert reported.statuses == {("4", 2): (procedure, dates), ("6", 1): (dates,)}
    assert reported.rejections == {}


def test_providers_are_counted_in_their_loop() -> None:
    segments = walk(
        "278",
        "2000E HL*4*3*EV*1",
        "2000E HI*ABK:X",  # 3
        "2010EA NM1*SJ*1",
        "2010EA NM1*71*1",  # 5
        "2010EA N4*X*XQ",  # 6
        "2010EB NM1*FS*2",
        "2000F HL*5*4*SS*0",
        "2000F SV1*HC:1",  # 9
        "2010F NM1*SJ*1",  # 10
    )
    found = [finding("code-diagnosis", 3, 1), finding("code-npi", 5, 9), finding("code-state", 6, 2)]
    found += [finding("code-procedure", 9, 1), finding("code-npi", 10, 9)]
    reported = inquiry_edits(found, segments, DEFAULT_DELIMITERS)
    assert {place: [r.reason for r in said] for place, said in reported.rejections.items()} == {
        ("4", 0): ["AF"],
        ("4", 2): ["43", "47"],
        ("5", 0): ["AG"],
        ("5", 1): ["43"],
    }


def test_a_valid_set_is_not_read_again() -> None:
    def unread() -> Iterator[LoopSegment]:
        raise AssertionError
        yield

    reported = inquiry_edits([], unread(), DEFAULT_DELIMITERS)
    assert (reported.rejections, reported.statuses) == ({}, {})


# -- beside what the engines say -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("... ... ...", "... 57 ..."),
        ("... 51 ...", "... 51,57 ..."),
        ("... 57 ...", "... 57 ..."),
        ("79 ... ...", "79 ... ..."),
        ("... ... 95", "... 57 ..."),
    ],
)
def test_the_topmost_level_alone_is_reported(engine: str, expected: str) -> None:
    edits = InquiryEdits(
        {("2", 0): (rejected("57"),), ("3", 0): (rejected("15"),), ("3", 1): (rejected("AG"),)}
    )
    own = [(rejected(code),) if code.strip(".") else () for code in engine.split()]
    reported = topmost(own, ("1", "2", "3"), edits)
    assert " ".join(",".join(r.reason for r in said) or "..." for said in reported) == expected


def rejected(code: str) -> Rejection:
    return Rejection("N", code, "C")
