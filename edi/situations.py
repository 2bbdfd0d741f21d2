"""SNIP types 3 to 6 of one set: sums, situations between segments, outside code sets, lines of service.

The set streams by in blocks (a claim, an HL branch, an 835 claim), so that memory does not grow with it. What
types 1 and 2 have reported is not reported again."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from sys import maxsize
from typing import Protocol

from attrs import frozen

from edi import (
    situations_835,
    situations_837,
    situations_acknowledgments,
    situations_inquiries,
    situations_reviews,
)
from edi.check import CheckedSet
from edi.codelists import CodeLists
from edi.diagnostics import Diagnostic
from edi.segments import Delimiters, LoopSegment, Source
from edi.situations_blocks import segment_blocks, set_blocks
from edi.situations_codes import Plan, code_plan
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

    guides: tuple[str, ...]  # how the names of the guides begin
    cuts: frozenset[str]
    start: Start


FAMILIES = (
    Family(("837",), situations_837.CUTS, situations_837.claim_rules),
    Family(("835",), situations_835.CUTS, situations_835.remittance_rules),
    Family(("270", "276"), situations_inquiries.CUTS, situations_inquiries.inquiry_rules),
    Family(("271", "277."), situations_inquiries.CUTS, situations_inquiries.response_rules),
    Family(("278",), situations_reviews.CUTS, situations_reviews.review_rules),
    Family(
        ("277CA",),
        situations_acknowledgments.CUTS_277CA,
        situations_acknowledgments.claim_acknowledgment_rules,
    ),
    Family(("999",), situations_acknowledgments.CUTS_999, situations_acknowledgments.implementation_rules),
)


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
    blocks = set_blocks(source, s, delimiters, family.cuts)
    return list(_pass(s, family, blocks, delimiters, as_of, codes, most))


def _family(guide: str) -> Family | None:
    return next((f for f in FAMILIES if guide.startswith(f.guides)), None)


def _pass(
    s: CheckedSet,
    family: Family,
    blocks: Iterable[Block],
    delimiters: Delimiters,
    as_of: date,
    codes: CodeLists,
    most: int = MOST_FINDINGS,
) -> Iterator[Diagnostic]:
    report = Report(s.ordinal, marks_of(s.diagnostics), most=most)
    tools = Tools(s.guide, as_of.strftime("%Y%m%d"), delimiters, codes, _plan(s.guide, codes), report)
    rules = family.start(tools, report)
    for block in blocks:
        rules.take(block)
        if report.found:
            yield from report.take()


@cache
def _plan(guide: str, codes: CodeLists) -> Plan:
    return code_plan(guide, codes)
