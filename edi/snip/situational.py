"""SNIP types 3 to 6 of one set: sums, situations between segments, external code sets, lines of service.

The set streams by in blocks (a claim, an HL branch, an 835 claim), so that memory does not grow with it.
What types 1 and 2 have reported is not reported again."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib import import_module
from sys import maxsize
from typing import TYPE_CHECKING, Protocol

from attrs import define, evolve, field

from x12_payer.edi.codes.lists import CodeLists
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.frozen import frozen
from x12_payer.edi.reading.checked import CheckedSet, Follow
from x12_payer.edi.snip.blocks import MOST_IN_BLOCK, segment_blocks, set_blocks, set_texts
from x12_payer.edi.snip.offsets import with_offsets
from x12_payer.edi.snip.rules.codes import code_plan
from x12_payer.edi.snip.rules.collector import MOST_DIAGNOSTICS, Collector, LoopBlock, Marks, marks_of
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import Delimiters, LoopSegment, Source

if TYPE_CHECKING:
    from x12_payer.edi.snip.fast_path.claims import FastClaims, Memory


class Rules(Protocol):
    """The pass over one set: its blocks in order, the last one begins with SE."""

    def take(self, block: LoopBlock) -> None:
        """Look at one block; diagnostics go to the collector."""


class Start(Protocol):
    """Begins a pass."""

    def __call__(self, tools: Tools, collector: Collector) -> Rules:
        """The rules for one set."""


@frozen(eq=False)
class Family:
    """How sets of some guides are looked at: where blocks begin, and the rules."""

    cuts: frozenset[str]
    start: Start


# How the names of the guides begin, the module of their rules, and what it calls its cuts and its start. Only
# the module of the set at hand is imported.
FAMILIES = (
    (("837",), "x12_payer.edi.snip.rules.claims", "CUTS", "claim_rules"),
    (("835",), "x12_payer.edi.snip.rules.remittances", "CUTS", "remittance_rules"),
    (("270", "276"), "x12_payer.edi.snip.rules.inquiries", "CUTS", "inquiry_rules"),
    (("271", "277."), "x12_payer.edi.snip.rules.answers", "CUTS", "response_rules"),
    (("278",), "x12_payer.edi.snip.rules.reviews", "CUTS", "review_rules"),
    (("277CA",), "x12_payer.edi.snip.rules.acknowledgments", "CUTS_277CA", "claim_acknowledgment_rules"),
    (("999",), "x12_payer.edi.snip.rules.acknowledgments", "CUTS_999", "implementation_rules"),
)
FAST = "837"  # sets whose blocks are so much alike that it pays to learn what valid ones look like


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
    source: Source,
    s: CheckedSet,
    delimiters: Delimiters,
    as_of: date,
    codes: CodeLists,
    memory: "Memory | None" = None,
) -> list[Diagnostic]:
    """The same, read from the file: the set is not walked again unless there is something to find, and then
    for the places alone."""
    found = found_in_set(source, s, delimiters, as_of, codes, MOST_DIAGNOSTICS, memory)
    return list(with_offsets(source, s, delimiters, found))


def found_in_set(
    source: Source,
    s: CheckedSet,
    delimiters: Delimiters,
    as_of: date,
    codes: CodeLists,
    most: int = maxsize,
    memory: "Memory | None" = None,
) -> list[Diagnostic]:
    """The same without loops and offsets, for one who reads the set again anyway; at most `most`. `memory` is
    what the run has learned of claims; without one this set learns for itself."""
    family = _family(s.guide) if s.walked else None  # else its segments may be anything
    if family is None:
        return []
    if s.followed is not None:
        return list(s.followed)
    if s.guide.startswith(FAST) and not any(d.is_error for d in s.diagnostics):
        learned = {} if memory is None else memory
        claims = _claims(s.guide, delimiters, s.ordinal, as_of, codes, most, learned)
        for texts in set_texts(source, s, delimiters):
            claims.take(texts)
        return list(claims.end())
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
    blocks: Iterable[LoopBlock],
    delimiters: Delimiters,
    as_of: date,
    codes: CodeLists,
    most: int = MOST_DIAGNOSTICS,
) -> Iterator[Diagnostic]:
    collector = Collector(s.ordinal, marks_of(s.diagnostics), most=most)
    rules = family.start(_tools(s.guide, delimiters, as_of, codes, collector), collector)
    for block in blocks:
        if len(block) > MOST_IN_BLOCK:
            _take_begin(rules, block, collector)
        else:
            rules.take(block)
        if collector.found:
            yield from collector.take()


def _take_begin(rules: Rules, block: LoopBlock, collector: Collector) -> None:
    """Let the rules have the begin of a block that is too long: what asks for the whole of it is left alone,
    sums too."""
    marks = collector.marks
    collector.marks = evolve(marks, everywhere=True)
    rules.take(block[:MOST_IN_BLOCK])
    collector.marks = marks
    collector.add("block-capped", block[MOST_IN_BLOCK])


@define(eq=False)
class ClaimsFollowed:
    """Types 3 to 6 on one 837 set as its segments go by. It holds when types 1 and 2 find no error."""

    rules: "FastClaims"
    collector: Collector
    found: list[Diagnostic] = field(factory=list)

    def take(self, texts: list[str]) -> None:
        """The next segments, ST first."""
        self.rules.take(texts)
        self.found += self.collector.take()

    def end(self) -> tuple[Diagnostic, ...]:
        """What was found, without loops and offsets."""
        self.rules.end()
        return (*self.found, *self.collector.take())


def follow_claims(
    as_of: date, codes: CodeLists, most: int = MOST_DIAGNOSTICS, memory: "Memory | None" = None
) -> Follow:
    """Lets `check_interchanges` do types 3 to 6 of 837 sets in the same pass, with at most so many
    diagnostics a set; `found_in_set` then has them ready. `memory` is what the run has learned of claims;
    without one what is learned ends with this check."""
    learned: Memory = {} if memory is None else memory

    def follow(guide: str, delimiters: Delimiters, ordinal: int) -> ClaimsFollowed | None:
        if not guide.startswith(FAST):
            return None
        return _claims(guide, delimiters, ordinal, as_of, codes, most, learned)

    return follow


def _claims(
    guide: str,
    delimiters: Delimiters,
    ordinal: int,
    as_of: date,
    codes: CodeLists,
    most: int,
    memory: "Memory",
) -> ClaimsFollowed:
    from x12_payer.edi.snip.fast_path.claims import fast_claims

    collector = Collector(ordinal, Marks(), most=most)
    return ClaimsFollowed(fast_claims(_tools(guide, delimiters, as_of, codes, collector), memory), collector)


def _tools(guide: str, delimiters: Delimiters, as_of: date, codes: CodeLists, collector: Collector) -> Tools:
    return Tools(guide, as_of.strftime("%Y%m%d"), delimiters, codes, code_plan(guide, codes), collector)
