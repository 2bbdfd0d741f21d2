"""Bodies of 837 sets for tests: naming the loops of a sound body without the guide engine."""

from collections.abc import Iterator

from edi.parsers.common import LoopSegment

_HL = {"20": "2000A", "22": "2000B", "23": "2000C"}
_NM1 = {
    "": {"41": "1000A", "40": "1000B"},
    "2000A": {"85": "2010AA", "87": "2010AB", "PE": "2010AC"},
    "2000B": {"IL": "2010BA", "PR": "2010BB"},
    "2000C": {"QC": "2010CA"},
    "2300": {"DN": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "71": "2310A", "72": "2310B"},
    "2320": {"IL": "2330A", "PR": "2330B", "82": "2330D"},
    "2400": {"82": "2420A", "DK": "2420E", "DN": "2420F"},
}
_OPENERS = {"CLM": "2300", "LX": "2400", "LIN": "2410", "SVD": "2430"}


def loop_segments(body: str, element: str = "*") -> Iterator[LoopSegment]:
    """ST to SE as the parser gets them; `body` has one segment a line, from BHT on."""
    level = loop = ""
    lines = (line.strip() for line in body.splitlines() if line.strip())
    for ordinal, line in enumerate(("ST*837*0001", *lines, "SE*0*0001"), 1):
        segment = line.split(element)
        tag = segment[0]
        if tag == "HL":
            level = loop = _HL[segment[3]]
        elif tag == "SBR" and level not in ("2000B",):
            level = loop = "2320"
        elif tag in _OPENERS:
            loop = _OPENERS[tag]
            level = {"2410": "2400", "2430": "2400"}.get(loop, loop)
        elif tag == "NM1":
            loop = _NM1[level][segment[1]]
        yield loop, segment, ordinal
