"""From a set to its reader, and from a file to the typed messages of every set in it.

`parse` checks nothing: a set is read as far as possible, right or wrong; the rooms `reading` and `snip`
report what is wrong with it. It streams: one set at a time, and of an 837 and an 834 one claim or member
at a time, so memory does not grow with the file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from x12_payer.edi.diagnostics.model import Diagnostic, Position
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.engine import is_envelope
from x12_payer.edi.guides.registry import rows_for
from x12_payer.edi.guides.walk import loops_of
from x12_payer.edi.messages.acknowledgment import Acknowledgment
from x12_payer.edi.messages.claim import Claim, ClaimAcknowledgmentSet
from x12_payer.edi.messages.claim_status import ClaimStatusRequest, ClaimStatusResponse
from x12_payer.edi.messages.eligibility import EligibilityRequest, EligibilityResponse
from x12_payer.edi.messages.enrollment import MemberEnrollment
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.messages.services_review import ReviewRequest, ReviewResponse
from x12_payer.edi.parsers.acknowledgments import parse_acknowledgments, parse_ta1
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.parsers.x271 import parse_271
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.parsers.x277 import parse_277
from x12_payer.edi.parsers.x277ca import parse_277ca
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.parsers.x278_response import parse_278_response
from x12_payer.edi.parsers.x834 import parse_834
from x12_payer.edi.parsers.x835 import parse_835
from x12_payer.edi.parsers.x837 import parse_837
from x12_payer.edi.reading.envelope import ISA_LENGTH, NOT_X12, SET_UNSUPPORTED, find_header, read_header
from x12_payer.edi.reading.file_kinds import what_it_is
from x12_payer.edi.reading.tree import FileOrBytes, is_content, source_of
from x12_payer.edi.reading.verdict import IEA_MISSING, SE_MISSING
from x12_payer.edi.wire.inputs import opened
from x12_payer.edi.wire.segments import Block, Delimiters, LoopSegment, Source, blocks, line_end

Message = (
    Acknowledgment
    | Claim
    | ClaimAcknowledgmentSet
    | ClaimStatusRequest
    | ClaimStatusResponse
    | EligibilityRequest
    | EligibilityResponse
    | MemberEnrollment
    | Remittance
    | ReviewRequest
    | ReviewResponse
)
# Gives the messages of one set, from its segments with their loops, its delimiters and its GS08.
Reader = Callable[[Iterable[LoopSegment], Delimiters, str], Iterable[Message]]

ENVELOPE_INITIALS = ("I", "G", "S")  # of ISA, IEA, GS, GE, ST


@frozen
class SetReader:
    """How a set is read: its reader and, where that needs the loops, the guide that names them."""

    read: Reader
    guide: str = ""


def _one(parser: Callable[[Iterable[LoopSegment], Delimiters, str], Message]) -> Reader:
    """A reader of a set that is one message."""
    return lambda segments, delimiters, version: (parser(segments, delimiters, version),)


def _claims(segments: Iterable[LoopSegment], delimiters: Delimiters, version: str) -> Iterator[Claim]:
    return parse_837(segments, delimiters, version)[1]


def _members(
    segments: Iterable[LoopSegment], delimiters: Delimiters, version: str
) -> Iterator[MemberEnrollment]:
    return parse_834(segments, delimiters, version)[1]


def _acknowledgments_of(kind: str) -> Reader:
    """A reader of acknowledgments that need no guide."""
    return lambda segments, delimiters, _: parse_acknowledgments(
        kind, (segment for _, segment, _ in segments), delimiters
    )


# By the first part of the guide's name; the guide where ST01 is known and GS08 is not.
_READERS: Mapping[str, tuple[Reader, str]] = {
    "270": (_one(parse_270), "270.X279A1"),
    "271": (_one(parse_271), ""),
    "276": (_one(parse_276), "276.X212"),
    "277": (_one(parse_277), ""),
    "277CA": (_one(parse_277ca), ""),
    "278Q": (_one(parse_278), "278Q.X217"),
    "278R": (_one(parse_278_response), ""),
    "834": (_members, ""),
    "835": (_one(parse_835), ""),
    "837P": (_claims, "837P.X222A1"),
    "837I": (_claims, "837I.X223A2"),
    "837D": (_claims, "837D.X224A2"),
    "824": (_acknowledgments_of("824"), ""),
    "997": (_acknowledgments_of("997"), ""),
    "999": (_acknowledgments_of("999"), ""),
}
_837 = {"X096": "837I", "X097": "837D"}  # guides of 004010; the third is X098
_ANSWERS = ("11", "53", "49")  # BHT02 of a 278 that answers
_CLAIM_ACKNOWLEDGMENT = "0085"  # BHT01 of a 277CA


def reader_of(
    version: str, set_id: str, functional_id: str = "", bht: tuple[str, str] = ("", "")
) -> SetReader | None:
    """The reader of a set by GS08, ST01, GS01 and its BHT01 and BHT02, which part the sets of one ST01; None
    for a set that nothing here reads. A set of another version is read as the one of its ST01."""
    rows = rows_for(version, functional_id, set_id, bht[1])
    name = rows[0].key if rows else ""
    kind = name.partition(".")[0] or _kind(version, set_id, *bht)
    known = _READERS.get(kind)
    return SetReader(known[0], known[1] and (name or known[1])) if known else None


def _kind(version: str, set_id: str, structure: str, purpose: str) -> str:
    """The kind of a set whose GS08 is no guide's here."""
    match set_id:
        case "837":
            return next((kind for guide, kind in _837.items() if guide in version), "837P")
        case "278":
            return "278R" if purpose in _ANSWERS else "278Q"
        case "277" if structure == _CLAIM_ACKNOWLEDGMENT:
            return "277CA"
    return set_id


def parse(file: FileOrBytes) -> Iterator[Message | Diagnostic]:
    """The messages of every set of a file (a path, bytes, or text), in file order; a TA1 comes where it was.
    In place of what cannot be read (no X12, a set that nothing here reads, a missing end) comes a
    Diagnostic that says so. Raises OSError for a path that cannot be opened, and nothing for any bytes.

    >>> from x12_payer.edi.messages.remittance import Remittance
    >>> for message in parse("docs/examples/835.x12"):
    ...     match message:
    ...         case Remittance(trace=trace, amount=paid, claims=claims):
    ...             print(trace, paid, [claim.status for claim in claims])
    ...         case Diagnostic(code=code):
    ...             print("cannot be read:", code)
    000000001 210 ['1', '1']
    """
    if is_content(file):
        yield from _parse(source_of(file))
        return
    with opened(Path(str(file))) as source:
        yield from _parse(source)


def _parse(source: Source) -> Iterator[Message | Diagnostic]:
    offset, _ = find_header(source, 0)
    if offset < 0:
        yield Diagnostic(NOT_X12, Position(), detail=what_it_is(source))
    ordinal = 0
    while offset >= 0:
        header = read_header(source, offset)
        after = offset + ISA_LENGTH if header.readable else offset + 3
        if header.readable:
            wire = _Wire(source, offset, header.delimiters, ordinal)
            yield from wire.messages()
            after, ordinal = wire.end, wire.ordinal
        else:
            place = Position(ordinal + 1, 0, offset, "ISA")
            yield from (Diagnostic(code, place, value) for code, _, value in header.faults)
        offset, _ = find_header(source, after)


class _Wire:
    """The segments of one interchange behind its ISA, taken one by one."""

    def __init__(self, source: Source, offset: int, delimiters: Delimiters, ordinal: int) -> None:
        self.delimiters = delimiters
        self.ordinal = ordinal + 1  # of the segment taken last, in the file
        self._start = offset + ISA_LENGTH
        line = line_end(source.read(self._start, 2).decode("latin-1"))
        begin = self._start + len(line)
        self._pieces = blocks(source, begin, source.size, delimiters.segment, line)
        self._block: Block | None = None
        self._at = 0  # the next segment in the block
        self._last: tuple[Block, int] | None = None  # the segment taken last

    @property
    def end(self) -> int:
        """The offset behind the segment taken last."""
        if self._last is None:
            return self._start
        block, at = self._last
        return block.offsets[at] + len(block.texts[at])

    def messages(self) -> Iterator[Message | Diagnostic]:
        """What the groups and TA1s hold, up to the IEA."""
        gs = [""] * 9
        while text := self._peek():
            elements = text.split(self.delimiters.element)
            tag = elements[0]
            if tag == "ISA":
                break
            self._take()
            if tag == "ST":
                yield from self._set(gs, text, [*elements, "", "", ""])
            elif tag == "GS":
                gs = [*elements, *[""] * 9]
            elif tag == "TA1":
                yield parse_ta1(elements)
            elif tag == "IEA":
                return
        yield Diagnostic(IEA_MISSING, Position(self.ordinal, 0, self.end))

    def _set(self, gs: list[str], start: str, st: list[str]) -> Iterator[Message | Diagnostic]:
        place = Position(self.ordinal, 1, self.end - len(start), "ST")
        bht = [*(self._peek().split(self.delimiters.element)), "", "", ""]
        ways = (bht[1], bht[2]) if bht[0] == "BHT" else ("", "")
        reader = reader_of(gs[8] or st[3], st[1], gs[1], ways)
        ended: list[str] = []
        texts = self._texts(start, ended)
        if reader is None:
            yield Diagnostic(SET_UNSUPPORTED, place, st[1])
        else:
            yield from reader.read(self._loops(reader, texts), self.delimiters, gs[8] or st[3])
        for _ in texts:  # what the reader left
            pass
        if not ended:
            yield Diagnostic(SE_MISSING, place)

    def _loops(self, reader: SetReader, texts: Iterator[str]) -> Iterator[LoopSegment]:
        if reader.guide:
            return loops_of(reader.guide, self.delimiters, texts)
        separator = self.delimiters.element
        return (("", text.split(separator), number) for number, text in enumerate(texts, 1))

    def _texts(self, start: str, ended: list[str]) -> Iterator[str]:
        """From ST to SE, which is then in `ended`, or up to the next segment of an envelope."""
        separator = self.delimiters.element
        end = "SE" + separator
        yield start
        while (block := self._loaded()) is not None:
            for at in range(self._at, len(block.texts)):
                text = block.texts[at]
                if text[:1] in ENVELOPE_INITIALS and is_envelope(text, separator):
                    self._at = at
                    return
                self._at = at + 1
                if not text:
                    continue
                self.ordinal += 1
                if text.startswith(end):
                    self._last = (block, at)
                    ended.append(text)
                    yield text
                    return
                yield text
            self._last = (block, len(block.texts) - 1)

    def _loaded(self) -> Block | None:
        """The block with the next segment, None at the end."""
        while self._block is None or self._at >= len(self._block.texts):
            self._block, self._at = next(self._pieces, None), 0
            if self._block is None:
                return None
        return self._block

    def _peek(self) -> str:
        """The next segment, '' at the end; empty ones are passed over."""
        while (block := self._loaded()) is not None:
            if text := block.texts[self._at]:
                return text
            self._at += 1
        return ""

    def _take(self) -> None:
        if self._block is not None:
            self._last = (self._block, self._at)
        self._at += 1
        self.ordinal += 1
