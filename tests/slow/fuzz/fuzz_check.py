"""A fuzz target: whatever the bytes, they are checked and acknowledged, and nothing raises.

By hand, with the extra `fuzz` installed; libFuzzer's options, then folders: the first keeps what is found,
all are read for seeds besides the samples:

    python -m tests.slow.fuzz.fuzz_check -max_total_time=60
    python -m tests.slow.fuzz.fuzz_check -max_total_time=600 /tmp/found FOLDER

A file that fails is written to the current directory; once fixed, it goes to tests/worlds/text/crashers/."""

import gc
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import FunctionType

from tests.worlds.places import CRASHERS, SAMPLES
from x12_payer.edi.builders.ta1 import ta1_segment
from x12_payer.edi.builders.x999 import build_999
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.diagnostics.model import Diagnostic
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.parsers.x837 import parse_837
from x12_payer.edi.reading.check import check_interchanges, inbound_guides, loop_segments
from x12_payer.edi.reading.checked import CheckedInterchange, CheckedSet
from x12_payer.edi.snip.situational import check_set
from x12_payer.edi.wire.segments import OutSegment, Source
from x12_payer.edi.wire.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange

AS_OF = date(2026, 7, 15)
NOW = datetime(2026, 7, 15, 8, 0)
LONGEST = 1 << 14
PIECES = (61, 1 << 15)  # read in pieces of these sizes, a file is the same file
PARSERS: Mapping[str, Callable[..., object]] = {
    "270": parse_270,
    "276": parse_276,
    "278": parse_278,
}
ODD = (
    b"",
    b" ",
    b"0",
    b"-1",
    b"1E9",
    b"99999999999999999999",
    b"20260230",
    b"XX",
    b"A:B:C",
    b"A^B",
    b"\xff",
    b"\0",
)


def target(data: bytes) -> None:
    """One file through all that looks at what a sender wrote; raises when something is wrong with us."""
    found = [list(check_interchanges(Source(data=data, chunk=size), every_guide=True)) for size in PIECES]
    assert found[0] == found[1], "the size of the pieces makes a difference"
    source = Source(data=data)
    for one in found[1]:
        _located(one.diagnostics, data)
        if one.ta1:
            ta1_segment(one.isa, "R", one.ta1)
        for group in one.groups:
            _located(group.diagnostics, data)
            _is_valid_999(one, build_999(group, one.delimiters))
            for s in group.sets:
                _located(s.diagnostics, data)
                _deeper(source, one, s, data)


def _located(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic], data: bytes) -> None:
    for d in diagnostics:
        assert d.row.text
        assert 0 <= d.position.offset <= len(data)


def _deeper(source: Source, one: CheckedInterchange, s: CheckedSet, data: bytes) -> None:
    """Types 3 to 6 of any set; an accepted one of a payer's is parsed."""
    _located(check_set(source, s, one.delimiters, AS_OF, code_lists()), data)
    if not s.accepted or s.guide not in inbound_guides():
        return
    segments = list(loop_segments(source, s, one.delimiters))
    assert len(segments) == s.segment_count
    if s.set_id == "837":
        for _ in parse_837(segments, one.delimiters, s.version)[1]:
            pass
    elif s.set_id in PARSERS:
        PARSERS[s.set_id](segments, one.delimiters, s.version)


def _is_valid_999(one: CheckedInterchange, body: list[OutSegment]) -> None:
    """Our acknowledgment has no error under its own guide."""
    answer = OutboundSet("999", "0001", "005010X231A1", body)
    group = OutboundGroup("FA", 1, "005010X231A1", "PAYER", "SENDER", [answer])
    out = OutboundInterchange("ZZ", "PAYER", "ZZ", "SENDER", 1, NOW, "T", groups=[group])
    sent = write_interchange(out, one.delimiters)
    (again,) = check_interchanges(Source(data=sent), every_guide=True)
    findings = [*again.diagnostics, *again.groups[0].diagnostics, *again.groups[0].sets[0].diagnostics]
    assert [d.code for d in findings if d.is_error] == []


@cache
def seeds() -> tuple[bytes, ...]:
    """The interchanges of the samples, in and out, that are not too long, and what once crashed."""
    paths = [*SAMPLES.rglob("*.x12"), *CRASHERS.glob("*.x12")]
    return tuple(p.read_bytes() for p in sorted(paths) if p.stat().st_size <= LONGEST)


def mutate(data: bytes, rng: random.Random) -> bytes:
    """The same with one to four changes: segments and elements left out, doubled, moved or replaced."""
    segments = data.split(b"~")
    for _ in range(rng.randint(1, 4)):
        at, other = rng.randrange(len(segments)), rng.randrange(len(segments))
        kind = rng.randrange(6)
        if kind == 0 and len(segments) > 1:
            del segments[at]
        elif kind == 1:
            segments.insert(other, segments[at])
        elif kind == 2:
            segments[at], segments[other] = segments[other], segments[at]
        elif kind == 3:
            donor = rng.choice(seeds()).split(b"~")
            segments.insert(at, rng.choice(donor))
        elif kind == 4:
            segments[at] = _element_changed(segments[at], segments[other], rng)
        else:
            segments[at] = _byte_changed(segments[at], rng)
    return b"~".join(segments)[:LONGEST]


def _element_changed(segment: bytes, other: bytes, rng: random.Random) -> bytes:
    elements = segment.split(b"*")
    elements[rng.randrange(len(elements))] = rng.choice((*ODD, *other.split(b"*")))
    return b"*".join(elements)


def _byte_changed(segment: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(segment) + 1)
    return segment[:at] + bytes([rng.randrange(256)]) + segment[at + rng.randrange(3) :]


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """`count` spoilt interchanges, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        yield mutate(rng.choice(seeds()), rng)


def _custom_mutator(data: bytes, max_size: int, seed: int) -> bytes:
    import atheris

    rng = random.Random(seed)
    spoilt = atheris.Mutate(data, max_size) if rng.random() < 0.3 else mutate(data, rng)
    return bytes(spoilt[:max_size])


def _fuzz(folder: str) -> None:
    import atheris

    for function in [f for f in gc.get_objects() if isinstance(f, FunctionType)]:
        if (function.__module__ or "").startswith("x12_payer.edi"):
            atheris.instrument_func(function)
    options = [f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:], folder], target, custom_mutator=_custom_mutator)
    atheris.Fuzz()


def main() -> None:
    """Run the fuzzer until it is stopped, or as its options say."""
    for data in seeds():
        target(data)  # tables are read before anything is timed
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds()):
            (Path(folder) / f"{number:04d}.x12").write_bytes(data)
        child = os.fork()  # the fuzzer leaves without a word: somebody has to tidy up
        if child == 0:
            _fuzz(folder)
        status = os.waitpid(child, 0)[1]
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
