"""The automaton on a small guide made for the purpose: what fits, what is missing, how it goes on."""

import pytest

from x12_payer.edi.guides.automaton import Automaton
from x12_payer.edi.guides.model import Guide
from x12_payer.edi.guides.states import State, Step
from x12_payer.edi.guides.xml import load
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

GUIDE_LINES = """
loop ISA_LOOP 10 R 1
 loop ST_LOOP 20 R >1
  ST 10 R 1
  wrapper HEADER 20 R 1
   BHT 10 R 1
   loop 1000 20 R 1
    NM1*41 10 R 1
    N3 20 R 1
    N4 30 S 1
  wrapper DETAIL 30 R >1
   loop 2000 10 R >1
    HL 10 R 1
    loop 2300 20 S 2
     CLM 10 R 1
     REF*G1 20 S 1
     REF*D9 20 R 2
     HI 30 R 1
     loop 2310A 40 S 1
      NM1*82 10 R 1
      N3 20 S 1
     loop 2310B 40 S 1
      NM1*77 10 R 1
     loop 2400 50 R 3
      LX 10 R 1
      SV1 20 R 1
      K3 30 N 1
  SE 40 R 1
"""

VALID = [
    *("BHT", "NM1*41", "N3", "N4", "HL", "CLM", "REF*G1", "REF*D9", "HI*BK", "NM1*82", "N3"),
    *("LX", "SV1", "LX", "SV1", "CLM", "REF*D9", "HI*BK", "LX", "SV1", "HL", "SE"),
]
LOOPS = [
    *("HEADER", "1000", "1000", "1000", "2000", "2300", "2300", "2300", "2300", "2310A", "2310A"),
    *("2400", "2400", "2400", "2400", "2300", "2300", "2300", "2400", "2400", "2000", "ST_LOOP"),
]


def guide_xml(lines: str) -> str:
    """The XML of a guide written short: indented lines of kind, id, position, usage and repeat."""
    out, ends = ['<transaction xid="999" name="Small">'], [(-1, "</transaction>")]
    for line in filter(None, lines.splitlines()):
        depth = len(line) - len(line.lstrip())
        while ends[-1][0] >= depth:
            out.append(ends.pop()[1])
        name, *rest = line.split()
        kind = {"loop": "explicit", "wrapper": "wrapper"}.get(name)
        if kind:
            xid, pos, usage, repeat = rest
            out.append(
                f'<loop xid="{xid}" type="{kind}" pos="{pos}" usage="{usage}" name="" repeat="{repeat}">'
            )
            ends.append((depth, "</loop>"))
            continue
        tag, _, code = name.partition("*")
        pos, usage, repeat = rest
        codes = f"<valid_codes><code>{code}</code></valid_codes>" if code else ""
        element = f'<element xid="{tag}01" data_ele="98" usage="S" seq="01" name="">{codes}</element>'
        start = f'<segment xid="{tag}" pos="{pos}" usage="{usage}" max_use="{repeat}" name="">'
        out.append(f"{start}{element}</segment>")
    return (
        "".join([*out, *(end for _, end in reversed(ends))]).replace("&gt;", ">").replace('">1"', '"&gt;1"')
    )


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load("small", guide_xml(GUIDE_LINES).encode())


def run(guide: Guide, segments: list[str]) -> list[tuple[State, Step]]:
    automaton = Automaton(guide, DEFAULT_DELIMITERS)
    state, taken = automaton.start, []
    for segment in segments:
        step = automaton.step(state, segment.split("*"))
        taken.append((state, step))
        state = step.state
    return taken


def faults(guide: Guide, segments: list[str]) -> list[str]:
    """What is said of each segment, missing ones as -LOOP.TAG."""
    found = []
    for segment, (_, step) in zip(segments, run(guide, segments), strict=True):
        found += [f"-{node.loop}.{node.tag}" for node in step.missing]
        if step.fault:
            found.append(f"{segment}:{step.fault.removeprefix('segment-')}")
        if step.qualifier_only:
            found.append(f"{segment}:qualifier")
    return found


def change(start: str, *new: str, nth: int = 0) -> list[str]:
    at = [i for i, segment in enumerate(VALID) if segment.startswith(start)][nth]
    return [*VALID[:at], *new, *VALID[at + 1 :]]


def test_valid_set_gives_its_loops_and_nothing_to_say(guide: Guide) -> None:
    assert [step.loop for _, step in run(guide, VALID)] == LOOPS
    assert faults(guide, VALID) == []


def test_loops_open_and_segments_are_counted(guide: Guide) -> None:
    taken = dict(zip(VALID, run(guide, VALID), strict=True))
    assert [loop.id for loop in taken["HL"][1].opens] == ["2000"]
    assert not taken["HL"][1].counted
    assert taken["REF*D9"][1].counted
    assert taken["REF*D9"][1].opens == ()


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        (change("BHT"), ["-HEADER.BHT"]),
        (change("N3"), ["-1000.N3"]),
        (change("REF*D9"), ["-2300.REF"]),
        (change("HI"), ["-2300.HI"]),
        (change("SV1"), ["-2400.SV1"]),
        (change("SV1", nth=2), ["-2400.SV1"]),
        # the segment that opens a loop is left out: the loop is entered all the same
        (change("NM1*41"), ["-1000.NM1"]),
        (change("LX"), ["-2400.LX"]),
        (change("HL"), ["-2000.HL"]),
        # what is not in the guide
        (change("HI", "ZZZ", "HI*BK"), ["ZZZ:unknown"]),
        (change("HI", "PLB", "HI*BK"), ["PLB:foreign"]),
        (change("SV1", "SV1", "K3"), ["K3:not-used"]),
        # order
        (change("N3", "N4", "N3")[:4] + VALID[4:], ["-1000.N3", "N3:sequence"]),
        (change("NM1*82", "NM1*82", "REF*G1"), ["REF*G1:sequence"]),
        (change("LX", "LX", "HI*BK"), ["HI*BK:sequence"]),
        # the segment that opens a loop has changed places with the next one
        ([*VALID[:1], "N3", "NM1*41", *VALID[3:]], ["-1000.NM1", "NM1*41:sequence"]),
        ([*VALID[:4], "CLM", "HL", *VALID[6:]], ["-2000.HL", "HL:sequence"]),
        ([*VALID[:11], "SV1", "LX", *VALID[13:]], ["-2400.LX", "-2400.SV1"]),  # or LX was left out
        # a loop opened twice that may be there once
        (change("NM1*82", "NM1*82", "NM1*82"), ["NM1*82:loop-repeat"]),
        # what has no place follows from what was reported before it
        (change("LX", "LX", "N4", "NM1*41", "N3"), ["N4:unexpected"]),
        # qualifiers
        (change("HI", "REF*XX", "HI*BK"), ["REF*XX:qualifier"]),
        (change("REF*G1", "REF*XX"), ["REF*XX:qualifier"]),  # taken for the D9 that is awaited
        (change("HI", "HI*XX"), []),  # the only HI there is: its code is an element's matter
        (change("NM1*41", "NM1*14"), []),
        (change("NM1*82", "NM1*XX", "N3"), ["NM1*XX:qualifier"]),  # and its N3 is passed over
        # nothing but ST and SE
        (["SE"], ["-HEADER.BHT", "-1000.NM1", "-2000.HL"]),
    ],
)
def test_one_fault_one_finding(guide: Guide, segments: list[str], expected: list[str]) -> None:
    assert faults(guide, segments) == expected


def test_a_late_segment_counts_as_met(guide: Guide) -> None:
    taken = run(guide, ["BHT", "NM1*41", "N4", "N3", "HL", "SE"])
    assert taken[3][1].late
    assert taken[4][1].missing == ()


def test_same_state_same_object(guide: Guide) -> None:
    automaton = Automaton(guide, DEFAULT_DELIMITERS)
    first = automaton.step(automaton.start, ["BHT"])
    assert automaton.step(automaton.start, ["BHT", "1"]) is first


def test_strange_segments_do_not_pile_up(guide: Guide) -> None:
    automaton = Automaton(guide, DEFAULT_DELIMITERS)
    for number in range(1000):
        automaton.step(automaton.start, [f"Q{number}"])
        automaton.step(automaton.start, ["NM1", str(number)])
    assert len(automaton.start.steps) < 10
    assert len(automaton.states) < 5


def test_lost_state_waits_for_the_next_level(guide: Guide) -> None:
    automaton = Automaton(guide, DEFAULT_DELIMITERS)
    state = automaton.start
    for segment in ("BHT", "NM1*41", "N3", "HL"):
        state = automaton.step(state, segment.split("*")).state
    state = automaton.lost(state)
    for segment in ("CLM", "HI", "LX"):
        step = automaton.step(state, [segment])
        assert (step.fault, step.missing) == ("", ())
        state = step.state
    step = automaton.step(state, ["HL"])
    assert (step.loop, step.missing) == ("2000", ())
