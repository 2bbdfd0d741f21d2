"""SNIP types 3 to 6 of one set: sums, situations between segments, outside code sets, lines of service.

The set streams by in blocks (a claim, an HL branch, an 835 claim), so that memory does not grow with it. What
types 1 and 2 have reported is not reported again."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib import import_module
from sys import maxsize
from typing import Protocol

from attrs import frozen

from edi.check import CheckedSet
from edi.codelists import CodeLists
from edi.diagnostics import Diagnostic
from edi.segments import Delimiters, LoopSegment, Source
from edi.situations_blocks import segment_blocks, set_blocks, set_texts
from edi.situations_codes import code_plan
from edi.situations_offsets import with_offsets
from edi.situations_report import MOST_FINDINGS, Block, Report, marks_of
from edi.situations_tools import Tools


class Rules(Protocol):
    """The pass over one set: its blocks in order, the last one begins with SE."""

    def take(self, block: Block) -> None:
        """Look at one block; findings go to the report."""


class Start(Protocol):
    """Begins a pass."""

    def __call__(self, tools: Tools, report: Report) -> Rules:
        """The rules for one set."""


@frozen(eq=False)
class Family:
    """How sets of some guides are looked at: where blocks begin, and the rules."""

    cuts: frozenset[str]
    start: Start


# How the names of the guides begin, the module of their rules, and what it calls its cuts and its start. Only
# the module of the set at hand is imported.
FAMILIES = (
    (("837",), "edi.situations_837", "CUTS", "claim_rules"),
    (("835",), "edi.situations_835", "CUTS", "remittance_rules"),
    (("270", "276"), "edi.situations_inquiries", "CUTS", "inquiry_rules"),
    (("271", "277."), "edi.situations_inquiries", "CUTS", "response_rules"),
    (("278",), "edi.situations_reviews", "CUTS", "review_rules"),
    (("277CA",), "edi.situations_acknowledgments", "CUTS_277CA", "claim_acknowledgment_rules"),
    (("999",), "edi.situations_acknowledgments", "CUTS_999", "implementation_rules"),
)
QUICK = "837"  # sets whose blocks are so much alike that it pays to learn what sound ones look like


def situations(
    s: CheckedSet, segments: Iterable[LoopSegment], delimiters: Delimiters, as_of: date, codes: CodeLists
) -> Iterator[Diagnostic]:
    """What types 3 to 6 find in one set, block by block. `segments` are those of the set from ST to SE with
    their loops; positions have no byte offset (`check_set` has them). A set whose guide is not known gives
    nothing."""
    family = _family(s.guide)
    if family is not None:
        yield from _pass(s, family, segment_blocks(segments, family.cuts), delimiters, as_of, codes)


def check_set(
    source: Source, s: CheckedSet, delimiters: Delimiters, as_of: date, codes: CodeLists
) -> list[Diagnostic]:
    """The same, read from the file: the set is not walked again unless there is something to find, and then
    for the places alone."""
    found = found_in_set(source, s, delimiters, as_of, codes, MOST_FINDINGS)
    return list(with_offsets(source, s, delimiters, found))


def found_in_set(
    source: Source,
    s: CheckedSet,
    delimiters: Delimiters,
    as_of: date,
    codes: CodeLists,
    most: int = maxsize,
) -> list[Diagnostic]:
    """The same without loops and offsets, for one who reads the set again anyway; at most `most`."""
    family = _family(s.guide)
    if family is None:
        return []
    if s.guide.startswith(QUICK) and not any(d.is_error for d in s.diagnostics):
        return list(_quick_pass(source, s, delimiters, as_of, codes, most))
    blocks = set_blocks(source, s, delimiters, family.cuts)
    return list(_pass(s, family, blocks, delimiters, as_of, codes, most))


@cache
def _family(guide: str) -> Family | None:
    for guides, module, cuts, start in FAMILIES:
        if guide.startswith(guides):
            rules = import_module(module)
            return Family(getattr(rules, cuts), getattr(rules, start))
    return None


def _pass(
    s: CheckedSet,
    family: Family,
    blocks: Iterable[Block],
    delimiters: Delimiters,
    as_of: date,
    codes: CodeLists,
    most: int = MOST_FINDINGS,
) -> Iterator[Diagnostic]:
    tools = _tools(s, delimiters, as_of, codes, most)
    rules, report = family.start(tools, tools.report), tools.report
    for block in blocks:
        rules.take(block)
        if report.found:
            yield from report.take()


def _quick_pass(
    source: Source, s: CheckedSet, delimiters: Delimiters, as_of: date, codes: CodeLists, most: int
) -> Iterator[Diagnostic]:
    """The same on claims in which types 1 and 2 found no error."""
    from edi.situations_quick import quick_claims

    tools = _tools(s, delimiters, as_of, codes, most)
    rules = quick_claims(tools)
    for texts in set_texts(source, s, delimiters):
        rules.take(texts)
        yield from tools.report.take()
    rules.end()
    yield from tools.report.take()


def _tools(s: CheckedSet, delimiters: Delimiters, as_of: date, codes: CodeLists, most: int) -> Tools:
    report = Report(s.ordinal, marks_of(s.diagnostics), most=most)
    return Tools(s.guide, as_of.strftime("%Y%m%d"), delimiters, codes, code_plan(s.guide, codes), report)
