"""Faults inside a set, from the bytes to the 999: which segment, which element, which code."""

import pytest

from tests.worlds.payer.e2e import CLAIM, INQUIRY, World, body_of, interchange

BODIES = {"837P": body_of(CLAIM), "270": body_of(INQUIRY)}
GS = {"837P": ("837", "005010X222A1"), "270": ("270", "005010X279A1")}


def changed(kind: str, start: str, new: list[str]) -> str:
    """The body with other segments in the place of the first that begins so."""
    body = list(BODIES[kind])
    at = next(i for i, segment in enumerate(body) if segment.startswith(start))
    return "\n".join([*body[:at], *new, *body[at + 1 :]])


CASES = [
    # a level that was left out
    ("270", "HL*2", [], ["IK3*HL*5*2000*3"]),
    ("270", "HL*3", [], ["IK3*HL*7*2000*3"]),
    ("837P", "HL*2", [], ["IK3*HL*11*2000*3"]),
    # a level of a kind that is unknown, or unknown here
    ("837P", "HL*2", ["HL*2*1*@@*0"], ["IK3*HL*11*2000*8", "IK4*3*735*7*@@"]),
    ("270", "EQ", ["EQ*30", "HL*4*3*PT*0"], ["IK3*HL*12*2110*8", "IK4*3*735*I6*PT"]),
    # codes: X12 has them, or nobody
    ("837P", "SV1", ["SV1*HC:99213*140*EA*1***1"], ["IK3*SV1*21*2400*8", "CTX*CLM01:X-1", "IK4*3*355*I6*EA"]),
    ("837P", "SV1", ["SV1*HC:99213*140*@@*1***1"], ["IK3*SV1*21*2400*8", "CTX*CLM01:X-1", "IK4*3*355*7*@@"]),
    ("837P", "DTP*472", ["DTP*472*D6*260702"], ["IK3*DTP*22*2400*8", "CTX*CLM01:X-1", "IK4*2*1250*I6*D6"]),
    ("270", "EQ", ["EQ*@@"], ["IK3*EQ*11*2110*8", "CTX*TRN02:T1", "IK4*1*1365*7*@@"]),
    ("270", "EQ", ["EQ*30^@@"], ["IK3*EQ*11*2110*8", "CTX*TRN02:T1", "IK4*1::2*1365*7*@@"]),
    # segments: of another 837, of other sets, of none
    ("837P", "HI", ["HI*ABK:M1711", "CL1*1*1*01"], ["IK3*CL1*20*2300*I4", "CTX*CLM01:X-1"]),
    ("837P", "HI", ["HI*ABK:M1711", "PO1*1"], ["IK3*PO1*20*2300*6", "CTX*CLM01:X-1"]),
    ("837P", "HI", ["HI*ABK:M1711", "QQQ*1"], ["IK3*QQQ*20*2300*1", "CTX*CLM01:X-1"]),
    # dates, times, numbers
    ("270", "BHT", ["BHT*0022*13*R1*260706*1015"], ["IK3*BHT*2**8", "IK4*4*373*8*260706"]),
    ("270", "BHT", ["BHT*0022*13*R1*20260706*2460"], ["IK3*BHT*2**8", "IK4*5*337*9*2460"]),
    (
        "837P",
        "SV1",
        ["SV1*HC:99213*+140*UN*1***1"],
        ["IK3*SV1*21*2400*8", "CTX*CLM01:X-1", "IK4*2*782*6*+140"],
    ),
    # what belongs together
    ("270", "NM1*1P", ["NM1*1P*2*BAY CLINIC*****XX*"], ["IK3*NM1*6*2100*8", "IK4*9*67*1"]),
    ("270", "EQ", ["EQ*"], ["IK3*EQ*11*2110*8", "CTX*TRN02:T1", "IK4*1*1365*2"]),
]


@pytest.mark.parametrize(("kind", "start", "new", "expected"), CASES)
def test_one_fault_is_reported_once(
    kind: str, start: str, new: list[str], expected: list[str], world: World
) -> None:
    out = world.send(kind, changed(kind, start, new))
    st01, guide = GS[kind]
    assert set(out.sets) == {"999"}
    assert out.all("999")[2:-1] == [f"AK2*{st01}*0001*{guide}", *expected, "IK5*R*5", "AK9*R*1*1*0"]


def test_the_base_of_the_cases_is_valid(world: World) -> None:
    for kind, body in BODIES.items():
        out = world.send(kind, "\n".join(body))
        assert out.all("999")[3:-1] == ["IK5*A", "AK9*A*1*1*1"]


def test_a_set_of_another_group_is_refused_and_its_neighbour_is_accepted(world: World) -> None:
    own, other = interchange("270", [INQUIRY, INQUIRY], 700).decode().split("ST*270*0002*005010X279A1~")
    for st, code in (("ST*276*0002*005010X212~", "I6"), ("ST*276*0002*005010X279A1~", "18")):
        number = "000000700" if code == "I6" else "000000701"
        data = f"{own}{st}{other}".replace("000000700", number)
        out = world.receive(data.encode())
        assert [s for s in out.all("999") if s[:3] in ("IK5", "AK9")] == [
            "IK5*A",
            f"IK5*R*{code}",
            "AK9*P*2*2*1",
        ]
        assert len(out.sets["271"]) == 1


def test_a_group_number_used_twice_refuses_the_second_group(world: World) -> None:
    segments = interchange("270", [INQUIRY], 702).decode().split("~")
    data = "~".join([*segments[:-2], *segments[1:-2], "IEA*2*000000702", ""])
    out = world.receive(data.encode())
    assert out.find("999", "AK9") == ["AK9*A*1*1*1", "AK9*R*1*1*0*19"]
    assert len(out.sets["271"]) == 1


def test_a_value_of_any_length_and_with_our_separators_is_reported(world: World) -> None:
    value = "A*B~C:" * 20
    text = interchange("270", [changed("270", "TRN", [f"TRN*1*T1*{'Q' * 120}"])], 703).decode()
    data = text.translate(str.maketrans("*~:^", "|'>!")).replace("Q" * 120, value).encode()
    (done,) = world.process(data)
    answer = done.files[0].content.decode()
    assert (answer[3], answer[82], answer[104], answer[105]) == ("|", "!", ">", "'")
    assert f"IK4|3|509|5|{value[:99]}'" in answer
