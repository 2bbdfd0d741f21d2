"""Envelope and acknowledgments from the bytes to TA1 and 999: scenarios X."""

from collections.abc import Callable

import pytest

from tests.worlds.payer.e2e import CLAIM, INQUIRY, World, interchange

TEXT_OUTSIDE = "warning: There is text outside the interchanges: it was skipped"
GROUP_999 = [
    "GS*FA*TIDEGATE*BEACONCOAST*20260706*1015*9*X*005010X231A1",
    "ST*999*0001*005010X231A1",
    "AK1*HB*1*005010X279A1",
    "AK2*271*0001*005010X279A1",
    "IK5*A",
    "AK9*A*1*1*1",
    "SE*6*0001",
    "GE*1*9",
]


def valid(number: int = 501) -> bytes:
    """One interchange with a 270."""
    return interchange("270", [INQUIRY], number)


def around(inside: list[str], groups: int, number: int = 502, asked: str = "0") -> bytes:
    """Segments inside an ISA and an IEA."""
    isa = valid(number).decode().split("~")[0].replace("*0*T*", f"*{asked}*T*")
    return "".join(f"{s}~" for s in [isa, *inside, f"IEA*{groups}*{number:09d}"]).encode()


def inside(data: bytes) -> list[str]:
    """The segments between ISA and IEA."""
    return data.decode().split("~")[1:-2]


def isa_element(number: int, value: str) -> Callable[[bytes], bytes]:
    """Writes over an element of the ISA."""

    def spoil(data: bytes) -> bytes:
        head, rest = data[:106].decode(), data[106:]
        parts = head[:-1].split("*")
        parts[number] = value
        return ("*".join(parts) + head[-1]).encode() + rest

    return spoil


@pytest.mark.parametrize(
    ("spoil", "note"),
    [
        (isa_element(1, "77"), "010"),
        (isa_element(3, "77"), "012"),
        (isa_element(5, "99"), "005"),
        (isa_element(6, " " * 15), "006"),
        (isa_element(6, f"{'NOBODY':15}"), "006"),
        (isa_element(7, "99"), "007"),
        (isa_element(8, " " * 15), "008"),
        (isa_element(8, f"{'SOMEBODYELSE':15}"), "009"),
        (isa_element(9, "261306"), "014"),
        (isa_element(10, "2561"), "015"),
        (isa_element(11, "*"), "022"),  # the element separator itself
        (isa_element(11, ":"), "022"),
        (isa_element(12, "00401"), "017"),
        (isa_element(13, "ABC000501"), "018"),
        (isa_element(14, "2"), "019"),
        (isa_element(15, "X"), "020"),
        (isa_element(16, "A"), "027"),
        (isa_element(16, "^"), "022"),  # twice the same
        (isa_element(6, "TIDEGATE"), "024"),
        (lambda data: data.replace(b"IEA*1", b"IEA*2"), "021"),
        (lambda data: data.replace(b"IEA*1*000000501", b"IEA*1*000000777"), "001"),
        (lambda data: data[:400], "023"),
        (lambda data: data[:106], "023"),
        (lambda data: data[:100], "024"),
        (lambda data: data.replace(b"ISA*", b"ISAX"), "024"),
        (lambda data: data.replace(b"ISA*", b"ISA "), "024"),
        (lambda data: data.replace(b"*260706*1015*", b"*260706 1015*", 1), "024"),
    ],
)
def test_a_refused_interchange_is_answered_by_a_bare_ta1_that_is_valid_itself(
    spoil: Callable[[bytes], bytes], note: str, world: World
) -> None:
    (done,) = world.process(spoil(valid()))
    out = world.receive(spoil(valid()))  # reads the same TA1 again under its guide
    assert done.report.refused
    assert list(out.sets) == ["TA1"]
    assert [s.split("*")[4:] for s in out.all("TA1")] == [["R", note]]


@pytest.mark.parametrize("number", ["/../../ab", "a/b/c/d/e", "12345678\n"])
def test_what_is_no_control_number_does_not_get_into_a_file_name(number: str, world: World) -> None:
    (done,) = world.process(isa_element(13, number)(valid()))
    assert [file.name for file in done.files] == ["sent.000000000.TA1.x12"]


def test_a_refused_number_is_not_used_up(world: World) -> None:
    refused = isa_element(15, "X")(valid())
    assert world.receive(refused).has("TA1", "TA1*000000501*260706*1015*R*020")
    assert world.receive(valid()).has("271", "TRN*2*T1*9TIDEGATE0")
    assert world.receive(refused).has("TA1", "TA1*000000501*260706*1015*R*020")


@pytest.mark.parametrize("asked", ["0", "1"])
def test_a_ta1_is_given_when_asked_for_whatever_the_999_says(asked: str, world: World) -> None:
    bad = inside(valid())
    bad.remove("HL*1**20*1")
    kinds = [
        set(world.receive(around(body, 1, number, asked)).sets)
        for number, body in ((503, inside(valid())), (504, bad))
    ]
    assert kinds == [{"999", "271"}, {"999"}]
    (done,) = world.process(around(bad, 1, 505, asked))
    assert (b"TA1*000000505*260706*1015*A*000~" in done.files[0].content) is (asked == "1")


@pytest.mark.parametrize(
    ("segments", "expected", "refused"),
    [
        (["GE*0*5"], "AK9*A*0*0*0", False),
        (["GE*1*5"], "AK9*R*1*0*0*5", True),
        (["GE*0*6"], "AK9*R*0*0*0*4", True),
    ],
)
def test_a_group_without_sets(segments: list[str], expected: str, refused: bool, world: World) -> None:
    start = "GS*HC*TIDEGATE*BEACONCOAST*20260706*1015*5*X*005010X222A1"
    data = around([start, *segments], 1)
    (done,) = world.process(data)
    assert done.report.refused is refused
    assert world.receive(data).has("999", "AK1*HC*5*005010X222A1", expected)


@pytest.mark.parametrize("asked", ["0", "1"])
def test_an_interchange_without_groups_is_answered_all_the_same(asked: str, world: World) -> None:
    out = world.receive(around([], 0, asked=asked))
    assert out.sets == {"TA1": [["TA1*000000502*260706*1015*A*000"]]}


def test_mixed_groups_are_each_answered(world: World) -> None:
    old = [s.replace("005010X279A1", "004010X092A1").replace("*501*", "*7*") for s in inside(valid())]
    old[-1] = "GE*1*7"
    data = around([*old, *inside(valid()), *GROUP_999], 3)
    out = world.receive(data)
    assert set(out.sets) == {"999", "271"}
    assert out.find("999", "AK1") == ["AK1*HS*7*004010X092A1", "AK1*HS*501*005010X279A1"]
    assert out.find("999", "AK9") == ["AK9*R*1*1*0*2", "AK9*A*1*1*1"]


TA1_ALONE = ["TA1*000000001*260706*1015*A*000"]


@pytest.mark.parametrize("asked", ["0", "1"])
@pytest.mark.parametrize(("segments", "groups"), [(GROUP_999, 1), (TA1_ALONE, 0)])
def test_acknowledgments_are_never_answered(
    segments: list[str], groups: int, asked: str, world: World
) -> None:
    (done,) = world.process(around(segments, groups, asked=asked))
    assert (done.files, done.report.refused) == ((), False)


def test_not_even_a_ta1_with_a_fault_is_answered(world: World) -> None:
    first, other = around(TA1_ALONE, 0), around(["TA1*000000002*260706*1015*R*023"], 0)
    stranger = isa_element(6, f"{'NOBODY':15}")(other)
    for data in (first, other, stranger, first):
        (done,) = world.process(data)
        assert (done.files, done.report.refused) == ((), False)


@pytest.mark.parametrize(
    "spoil",
    [
        isa_element(6, f"{'NOBODY':15}"),
        isa_element(8, f"{'SOMEBODYELSE':15}"),
        isa_element(12, "00401"),
        lambda data: data.replace(b"IEA*1", b"IEA*2"),
        lambda data: data[: data.index(b"IEA*")],
    ],
    ids=["sender", "receiver", "version", "IEA01", "no IEA"],
)
def test_not_even_a_999_with_a_fault_around_it_is_answered(
    spoil: Callable[[bytes], bytes], world: World
) -> None:
    (done,) = world.process(spoil(around(GROUP_999, 1)))
    assert (done.files, done.report.refused) == ((), False)
    assert "never answered" in done.report.notes[0]
    assert [one.kind for one in done.report.acknowledged] == ["999"]


def test_a_segment_at_the_head_of_a_set_does_not_repeat(world: World) -> None:
    twice = INQUIRY.replace("HL*1**20*1", "BHT*0022*13*R2*20260706*1015\nHL*1**20*1")
    out = world.send("270", twice)
    assert set(out.sets) == {"999"}
    assert out.has("999", "IK3*BHT*3**5", "IK5*R*5", "AK9*R*1*1*0")


def test_separators_in_a_value_are_echoed_by_others(world: World) -> None:
    body = inside(valid())
    ours = around([s.replace("*T1*", "*A%B#C*") for s in body], 1).decode()
    data = ours.translate(str.maketrans("*~:^%#", "|'>!*~")).encode()
    (done,) = world.process(data)
    answer = next(f.content for f in done.files if ".271." in f.name).decode()
    assert (answer[3], answer[82], answer[104], answer[105]) == ("|", "!", ">", "'")
    assert "TRN|2|A*B~C|9TIDEGATE0'" in answer


def test_text_outside_is_reported_to_the_operator(world: World) -> None:
    (done,) = world.process(valid() + b"\nisa*00*lower case is no header")
    assert done.report.notes == (TEXT_OUTSIDE,)
    assert not done.report.refused
    (clean,) = world.process(b"\xef\xbb\xbf\r\n " + valid(506) + b"\r\n\r\n")
    assert clean.report.notes == ()


def test_a_claim_number_that_begins_with_a_blank_is_echoed_and_paid(world: World) -> None:
    claim = CLAIM.replace("CLM*X-1", "CLM* X-1")
    (done,) = world.process(interchange("837P", [claim], 507))
    payment = next(f.content for f in done.files if ".835." in f.name)
    assert b"CLP* X-1*1*140*" in payment
    assert not done.report.notes


@pytest.mark.parametrize("asked", ["0", "1"])
@pytest.mark.parametrize("sign", ["U", "7", " "])
def test_no_repetition_separator_is_a_warning(sign: str, asked: str, world: World) -> None:
    data = isa_element(14, asked)(isa_element(11, sign)(valid()))
    (done,) = world.process(data)
    assert not done.report.refused
    assert any("ISA11" in note for note in done.report.notes)
    content = done.files[0].content
    assert content[82:83] == b"^"
    assert (b"TA1*000000501*260706*1015*E*022~" in content) is (asked == "1")
    assert world.receive(data).has("271", "TRN*2*T1*9TIDEGATE0")


def test_the_ta1_of_an_interchange_without_groups_says_what_was_wrong(world: World) -> None:
    out = world.receive(isa_element(11, "U")(around([], 0)))
    assert out.sets == {"TA1": [["TA1*000000502*260706*1015*E*022"]]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ISA*00*", "106 characters"),
        (b"ISABELLA", "106 characters"),
        (b"\xef\xbb\xbf\r\nISA no header", "106 characters"),
        (b"GS*HC", "nothing begins with ISA"),
        (b"", "nothing begins with ISA"),
    ],
)
def test_an_interchange_that_cannot_be_named_is_not_answered(data: bytes, said: str, world: World) -> None:
    (done,) = world.process(data)
    assert (done.files, done.report.unreadable) == ((), True)
    assert said in done.report.notes[0]


@pytest.mark.parametrize("behind", [b"\x1a", b"\r\n\x1a\r\n", b"\n-- end of file --\n"])
def test_what_follows_the_last_interchange_is_a_warning(behind: bytes, world: World) -> None:
    (done,) = world.process(valid() + behind)
    assert not done.report.refused
    assert done.report.notes == (TEXT_OUTSIDE,)
    assert any(".271." in file.name for file in done.files)
