"""Acknowledgments that come in: matched to what we sent, recorded, reported (CONTRACT section 2)."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, select

from tests.worlds.edi_command import edi, play
from tests.worlds.payer.e2e import INQUIRY, NOON, World, interchange
from tests.worlds.places import SAMPLES
from x12_payer.adjudication.pipeline.received import outcome
from x12_payer.adjudication.pipeline.sent import sent_sets
from x12_payer.adjudication.pipeline.values import Acknowledged, Report, report_from, report_text
from x12_payer.adjudication.store.records import restore
from x12_payer.adjudication.store.schema import acknowledgments
from x12_payer.adjudication.store.sent import sent_where
from x12_payer.adjudication.store.store import open_store
from x12_payer.adjudication.store.unit import Outbound, SentSet, Unit
from x12_payer.commands.process import acknowledged_line
from x12_payer.edi.messages.acknowledgment import Acknowledgment, SetResult
from x12_payer.edi.wire.writer import OutboundGroup, OutboundInterchange, OutboundSet, write_interchange

DAY = "260706/1200"  # ISA09 and ISA10 of what is sent at noon


def recorded(unit: Unit) -> Sequence[Row[Any]]:
    """Every acknowledgment that came, oldest first."""
    return unit.connection.execute(select(acknowledgments).order_by(acknowledgments.c.id)).all()


# -- what was sent ---------------------------------------------------------------------------------


def written(groups: list[OutboundGroup], used: str = "", ta1: bool = False) -> bytes:
    note = ("TA1", "000000001", "260706", "1015", "A", f"000{used}")
    parts = OutboundInterchange("ZZ", "US", "ZZ", "THEM", 12, datetime(2026, 7, 6, 12), "P")
    return write_interchange(evolve(parts, groups=tuple(groups), ta1=note if ta1 else None))


@given(
    sizes=st.lists(st.tuples(st.sampled_from(["271", "835", "999"]), st.integers(1, 4)), max_size=4),
    used=st.sampled_from(["", "*", "~", "^", ":", "*~"]),
)
def test_every_set_that_is_written_is_found(sizes: list[tuple[str, int]], used: str) -> None:
    """Whatever separators are in its values."""
    bodies = {
        "271": [("BHT", "0022", "11", "R{}"), ("MSG", f"ST GS {used}")],
        "835": [("BPR", "I", "0"), ("TRN", "1", "R{}"), ("MSG", used or "x")],
        "999": [("AK1", "HC", "1"), ("AK9", "A")],
    }
    groups, expected = [], []
    for number, (kind, count) in enumerate(sizes, 5):
        sets = []
        for n in range(1, count + 1):
            body = [tuple(e.format(n) for e in segment) for segment in bodies[kind]]
            sets.append(OutboundSet(kind, f"{n:04d}", "005010XYZ", body))
            reference = "" if kind == "999" else f"R{n}"
            expected.append(("XX", str(number), "005010XYZ", kind, f"{n:04d}", reference))
        groups.append(OutboundGroup("XX", number, "005010XYZ", "US", "THEM", sets))
    found = list(sent_sets([Outbound("f", written(groups, used, ta1=not sizes))]))
    assert found == [
        SentSet("f", "ZZ/THEM", "000000012", DAY, *numbers) for numbers in (expected or [("",) * 6])
    ]


# -- what came -------------------------------------------------------------------------------------


@pytest.fixture
def sent(world: World) -> dict[str, SentSet]:
    """What TIDEGATE was sent in answer to two inquiries in an interchange, by kind and set number."""
    world.send("270", INQUIRY, INQUIRY.replace("*R1*", "*R2*"))
    with world.store.unit(datetime.fromisoformat(NOON)) as unit:
        found = [s for n in "12" for s in sent_where(unit, "ZZ/TIDEGATE", group_number=n)]
    return {f"{one.set_id} {one.set_number}": one for one in found}


def inbound(*segments: str, sender: str = "TIDEGATE", groups: int = 1, number: int = 700) -> bytes:
    """One interchange to us: what is between ISA and IEA."""
    isa = (
        f"ISA*00*          *00*          *ZZ*{sender:15}*ZZ*BEACONCOAST    *260706*1215*^*00501"
        f"*{number:09d}*0*T*:"
    )
    return "".join(f"{s}~" for s in (isa, *segments, f"IEA*{groups}*{number:09d}")).encode()


def group(kind: str, *bodies: list[str]) -> list[str]:
    """A functional group with a set for each body."""
    gs01, version = {
        "999": ("FA", "005010X231A1"),
        "997": ("FA", "005010"),
        "824": ("AG", "005010X186A1"),
        "277CA": ("HN", "005010X214"),
    }[kind]
    segments = [f"GS*{gs01}*TIDEGATE*BEACONCOAST*20260706*1215*9*X*{version}"]
    for n, body in enumerate(bodies, 1):
        segments += [f"ST*{kind[:3]}*{n:04d}*{version}", *body, f"SE*{len(body) + 2}*{n:04d}"]
    return [*segments, f"GE*{len(bodies)}*9"]


def acknowledged(world: World, data: bytes) -> list[str]:
    """The line of each acknowledgment; nothing is answered and nothing counts as rejected."""
    lines = []
    for done in world.process(data):
        assert done.files == ()
        assert not done.report.refused
        lines += [acknowledged_line(one) for one in done.report.acknowledged]
    return [line.replace("\x1b[31m\x1b[1m", "").replace("\x1b[0m", "") for line in lines]


def ack(one: SentSet, *sets: str, result: str = "A", version: str = "") -> list[str]:
    """The body of a 999 on the group of a set we sent."""
    return [
        f"AK1*{one.functional_id}*{one.group_number}*{version or one.version}",
        *sets,
        f"AK9*{result}*2*2*1",
    ]


OURS = "our sent.000000101.271.x12"
FAULT = ["AK2*271*0002*005010X279A1", "IK3*NM1*8*2100C*8", "CTX*TRN02:T1", "IK4*9*67*1", "IK5*R*5*I5"]
VALID = ["AK2*271*0001*005010X279A1", "IK5*A"]


def test_what_an_inquiry_is_answered_with_is_kept(sent: dict[str, SentSet]) -> None:
    assert set(sent) == {"999 0001", "271 0001", "271 0002"}
    assert sent["271 0002"] == SentSet(
        *("sent.000000101.271.x12", "ZZ/TIDEGATE", "000000002", DAY),
        *("HB", "2", "005010X279A1", "271", "0002", "R2"),
    )
    assert sent["999 0001"].reference == ""


@pytest.mark.parametrize(
    ("sets", "result", "line"),
    [
        ([], "A", f"999: {OURS} accepted"),
        (VALID, "A", f"999: {OURS} accepted"),
        (
            [*VALID, *FAULT],
            "P",
            f"999: {OURS} REJECTED in part: set 0002 (5 I5), see `edi explain`",
        ),
        (FAULT, "R", f"999: {OURS} REJECTED: set 0002 (5 I5), see `edi explain`"),
        ([], "R*2*2*0*1", f"999: {OURS} REJECTED: note 1, see `edi explain`"),
        (
            ["AK2*271*0001", "IK5*E*5"],
            "E",
            f"999: {OURS} accepted with errors: set 0001 (5), see `edi explain`",
        ),
        (FAULT, "A", f"999: {OURS} REJECTED in part: set 0002 (5 I5), see `edi explain`"),
        (
            ["AK2*271*0009", "IK5*R*5"],
            "P",
            f"999: {OURS} REJECTED in part: a set we did not send, see `edi explain`",
        ),
        (
            ["AK2*835*0001", "IK5*R*5"],
            "R",
            f"999: {OURS} REJECTED: a set we did not send, see `edi explain`",
        ),
        ([], "?", f"999: {OURS} received, its result is not readable"),
    ],
)
def test_a_999_is_reported_in_a_line(
    sets: list[str], result: str, line: str, world: World, sent: dict[str, SentSet]
) -> None:
    body = ack(sent["271 0001"], *sets)
    body[-1] = f"AK9*{result}"
    assert acknowledged(world, inbound(*group("999", body))) == [line]


def test_several_groups_in_one_999(world: World, sent: dict[str, SentSet]) -> None:
    """Each of its sets answers a group: our 271, our 999 (that nobody need answer), one we did not send."""
    stranger = ["AK1*HP*77*005010X221A1", "AK9*R*1*1*0"]
    bodies = [ack(sent["271 0001"], *FAULT, result="R"), ack(sent["999 0001"]), stranger]
    assert acknowledged(world, inbound(*group("999", *bodies))) == [
        f"999: {OURS} REJECTED: set 0002 (5 I5), see `edi explain`",
        "999: our sent.000000101.999.x12 accepted",
        "999: answers nothing we sent (HP 77)",
    ]


def test_the_same_group_twice_in_a_file_is_one_line(world: World, sent: dict[str, SentSet]) -> None:
    bodies = [ack(sent["271 0001"], *VALID), ack(sent["271 0001"], *FAULT, result="R")]
    (line,) = acknowledged(world, inbound(*group("999", *bodies)))
    assert line == (
        f"999: {OURS} REJECTED in part: set 0002 (5 I5), see `edi explain`; an answer to the same came before"
    )


@pytest.mark.parametrize(
    "body",
    [
        "AK1*HB*3*005010X279A1",  # a number of no group
        "AK1*HP*2*005010X279A1",  # of another kind
        "AK1*HB*2*005010X217",  # of another guide
        "AK1*HB*BRANDT*005010X279A1",
        "AK1*HB",
        "AK1",
    ],
)
def test_what_answers_nothing_we_sent(body: str, world: World, sent: dict[str, SentSet]) -> None:
    (line,) = acknowledged(world, inbound(*group("999", [body, "AK9*R*1*1*0"])))
    assert line.startswith("999: answers nothing we sent")
    assert "BRANDT" not in line


@pytest.mark.parametrize("version", ["005010X279", "005010X279A1", "005010X279A3", "-"])
def test_an_erratum_or_a_leading_zero_is_no_difference(
    version: str, world: World, sent: dict[str, SentSet]
) -> None:
    one = evolve(sent["271 0001"], group_number="0002")
    body = ack(one, version=version)
    body[0] = body[0].removesuffix("*-")
    assert acknowledged(world, inbound(*group("999", body))) == [f"999: {OURS} accepted"]


def test_an_acknowledgment_from_another_partner(world: World, sent: dict[str, SentSet]) -> None:
    body = ack(sent["271 0001"], *FAULT, result="R")
    data = inbound(*group("999", body), sender="NORTHBILL")
    assert acknowledged(world, data) == ["999: answers nothing we sent (HB 2)"]


def test_a_997(world: World, sent: dict[str, SentSet]) -> None:
    body = ["AK1*HB*2", "AK2*271*0001", "AK3*NM1*8**8", "AK4*9*67*1", "AK5*R*5", "AK9*P*2*2*1"]
    lines = acknowledged(world, inbound(*group("997", body)))
    assert lines == [f"997: {OURS} REJECTED in part: set 0001 (5), see `edi explain`"]


@pytest.mark.parametrize(
    ("ta1", "line"),
    [
        ("000000002*260706*1200*A*000", f"TA1: {OURS} accepted"),
        (
            "000000002*260706*1200*E*022",
            f"TA1: {OURS} accepted with errors: note 022, see `edi explain`",
        ),
        ("000000002*260706*1200*R*006", f"TA1: {OURS} REJECTED: note 006, see `edi explain`"),
        ("000000001*260706*1200*A*000", "TA1: our sent.000000101.999.x12 accepted"),
        ("000000002***R*024", f"TA1: {OURS} REJECTED: note 024, see `edi explain`"),
        ("000000002*260705*1200*R*006", "TA1: answers nothing we sent (000000002)"),  # another day
        ("000000002*260706*1201*R*006", "TA1: answers nothing we sent (000000002)"),
        ("000000003*260706*1200*R*006", "TA1: answers nothing we sent (000000003)"),
        ("", "TA1: answers nothing we sent"),
    ],
)
def test_a_ta1(ta1: str, line: str, world: World, sent: dict[str, SentSet]) -> None:
    assert acknowledged(world, inbound(f"TA1*{ta1}", groups=0)) == [line]


def test_a_ta1_for_our_ta1_and_one_beside_a_999(world: World, sent: dict[str, SentSet]) -> None:
    (refused,) = world.process(inbound("GS*HS*A*B*20260706*1015*1*X*005010X279A1", "GE*0*1", groups=2))
    assert refused.report.answers == ("sent.000000700.TA1.x12",)
    both = ("TA1*000000003*260706*1200*A*000", *group("999", ack(sent["271 0001"])))
    assert acknowledged(world, inbound(*both, number=701)) == [
        "TA1: our sent.000000700.TA1.x12 accepted",
        f"999: {OURS} accepted",
    ]


ITEM = "OTI*{}*TN*{}***20260706*1200*{}*{}*271*005010X279A1"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ([ITEM.format("TA", "NA", "2", "0001")], [f"824: {OURS} accepted"]),
        (
            [ITEM.format("TR", "NA", "0002", "0002"), "TED*024*BRANDT", "RED*NA****IBP*E054"],
            [f"824: {OURS} REJECTED: set 0002, 024, E054, see `edi explain`"],
        ),
        (
            [ITEM.format("TA", "NA", "2", "0001"), ITEM.format("TR", "NA", "2", "0002"), "TED*BRANDT"],
            [f"824: {OURS} REJECTED in part: set 0002, ?, see `edi explain`"],
        ),
        (
            [ITEM.format("IA", "X", "2", "0001"), ITEM.format("IR", "Y", "2", "0001"), "TED*848"],
            [f"824: {OURS} REJECTED in part: set 0001, 848, see `edi explain`"],
        ),
        (["OTI*TR*TN*R2", "TED*007"], [f"824: {OURS} REJECTED: 007, see `edi explain`"]),
        (["OTI*TR*TN*R7", "TED*007"], ["824: answers nothing we sent"]),
        (["OTI*GR*BT*NA*****2"], [f"824: {OURS} REJECTED: see `edi explain`"]),
        (["OTI*TR*TN*NA", "TED*007"], ["824: answers nothing we sent"]),
        ([ITEM.format("TR", "NA", "8", "0001")], ["824: answers nothing we sent (8)"]),
    ],
)
def test_an_824(body: list[str], lines: list[str], world: World, sent: dict[str, SentSet]) -> None:
    assert acknowledged(world, inbound(*group("824", ["BGN*11*A1*20260706", *body]))) == lines


def batch(reference: str, *claims: str) -> list[str]:
    """The body of a 277CA: the batch by its reference, and the status of each claim."""
    levels = [
        *("BHT*0085*08*A1*20260706*1215*TH", "HL*1**20*1", "NM1*PR*2*OTHER*****PI*1", "TRN*1*OTHER-1"),
        *("HL*2*1*21*1", "NM1*41*2*US*****46*1", f"TRN*2*{reference}", "STC*A1:19:PR*20260706*WQ*2"),
        *("HL*3*2*19*1", "NM1*85*2*WE*****XX*1201100017", "HL*4*3*PT"),
    ]
    return [*levels, *(s for claim in claims for s in ("NM1*QC*1*BRANDT*TESSA", "TRN*2*C1", claim))]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (batch("R1"), f"277CA: {OURS} accepted"),
        (
            batch("R1", "STC*A3:33:IL*20260706*U*1", "STC*A3:33:IL*20260706*U*1"),
            f"277CA: {OURS} REJECTED in part: A1:19:PR, A3:33:IL 2 times, see `edi explain`",
        ),
        (batch("R3", "STC*A3:33:IL*20260706*U*1"), "277CA: answers nothing we sent"),
        (batch("OTHER-1"), "277CA: answers nothing we sent"),
        (batch("R3", "TRN*2*R1", "STC*A2:20*20260706*WQ*1"), "277CA: answers nothing we sent"),
        ([s for s in batch("", "TRN*2*R1") if s != "TRN*2*"], "277CA: answers nothing we sent"),
    ],
)
def test_a_277ca(body: list[str], line: str, world: World, sent: dict[str, SentSet]) -> None:
    assert acknowledged(world, inbound(*group("277CA", body))) == [line]


def test_of_two_that_have_a_reference_the_later_is_meant(world: World, sent: dict[str, SentSet]) -> None:
    world.send("270", INQUIRY)
    lines = acknowledged(world, inbound(*group("824", ["OTI*TA*TN*R1"])))
    assert lines == ["824: our sent.000000102.271.x12 accepted"]


# -- again, broken, among others -------------------------------------------------------------------


def test_the_same_acknowledgment_again(world: World, sent: dict[str, SentSet]) -> None:
    segments = group("999", ack(sent["271 0001"], *FAULT, result="R"))
    first = acknowledged(world, inbound(*segments))
    assert acknowledged(world, inbound(*segments)) == first  # the same bytes: what was said of them
    again = "; an answer to the same came before"
    assert acknowledged(world, inbound(*segments, number=701)) == [line + again for line in first]
    with world.store.unit(datetime.fromisoformat(NOON)) as unit:
        assert [row.repeats for row in recorded(unit)] == [0, 1]


def test_an_answer_of_another_kind_is_no_repetition(world: World, sent: dict[str, SentSet]) -> None:
    body = ack(sent["271 0001"])
    assert acknowledged(world, inbound(*group("999", body))) == [f"999: {OURS} accepted"]
    assert acknowledged(world, inbound(*group("997", body), number=701)) == [f"997: {OURS} accepted"]


def test_the_items_of_a_set_are_recorded_together(world: World, sent: dict[str, SentSet]) -> None:
    items = [ITEM.format(result, ref, "2", "0001") for result, ref in (("IA", "X"), ("IR", "Y"), ("IR", "Z"))]
    body = [items[0], items[1], "TED*848", items[2], "TED*848", ITEM.format("TA", "NA", "2", "0002")]
    world.process(inbound(*group("824", body)))
    with world.store.unit(datetime.fromisoformat(NOON)) as unit:
        first, second = (restore(row.record, Acknowledgment) for row in recorded(unit))
    assert (first.result, first.statuses) == ("IA IR", (("848", 2),))
    assert second.sets == (SetResult("271", "0002", "TA"),)


def test_what_is_recorded(world: World, sent: dict[str, SentSet]) -> None:
    body = [*ack(sent["271 0001"], *VALID, *FAULT)[:-1], "AK9*P*2*2*1*5"]
    world.process(inbound("TA1*000000001*260706*1200*R*006", *group("999", body)))
    with world.store.unit(datetime.fromisoformat(NOON)) as unit:
        ta1, group_ = recorded(unit)
    names = ("kind", "refers_to", "result", "sender", "sent", "repeats")
    assert [getattr(ta1, name) for name in names] == [
        *("TA1", "000000001*260706*1200", "R 006", "ZZ/TIDEGATE", "sent.000000101.999.x12", 0)
    ]
    assert [getattr(group_, name) for name in names] == [
        *("999", "HB*2*005010X279A1", "P 5", "ZZ/TIDEGATE", "sent.000000101.271.x12", 0)
    ]
    assert restore(group_.record, Acknowledgment) == Acknowledgment(
        "999",
        "P",
        ("5",),
        functional_id="HB",
        group="2",
        version="005010X279A1",
        counts=("2", "2", "1"),
        sets=(SetResult("271", "0001", "A"), SetResult("271", "0002", "R", ("5", "I5"))),
    )


def test_no_value_of_a_person_is_recorded(world: World, sent: dict[str, SentSet]) -> None:
    bad = ["AK2*271*0001", "IK3*NM1*8*2100C*8", "CTX*SUBSCRIBER:BRANDT", "IK4*9*67*7*BRANDT", "IK5*R*5"]
    advice = [ITEM.format("TR", "NA", "2", "0001"), "TED*024*BRANDT*NM1*4*3*1035*BRANDT*BRANDT"]
    world.process(inbound(*group("999", ack(sent["271 0001"], *bad))))
    world.process(inbound(*group("824", advice), number=701))
    world.process(inbound(*group("277CA", batch("R1", "STC*A3:33*20260706*U*1**********BRANDT")), number=702))
    with world.store.unit(datetime.fromisoformat(NOON)) as unit:
        rows = recorded(unit)
    assert len(rows) == 3
    assert "BRANDT" not in "".join(str(tuple(row)) for row in rows)


@pytest.mark.parametrize("cut", range(7))
def test_a_999_that_breaks_off_is_recorded_as_far_as_it_goes(
    cut: int, world: World, sent: dict[str, SentSet]
) -> None:
    body = ack(sent["271 0001"], *FAULT, result="R")
    segments = [*group("999", body)[: 2 + cut], "SE*0*0001", "GE*1*9"]
    lines = acknowledged(world, inbound(*segments))
    expected = (
        "REJECTED: set 0002 (5 I5), see `edi explain`" if cut > 5 else "received, its result is not readable"
    )
    assert lines == [f"999: {OURS} {expected}" if cut else "999: answers nothing we sent"]


def test_claims_and_an_acknowledgment_in_one_interchange(world: World, sent: dict[str, SentSet]) -> None:
    segments = world_inquiry(703)
    data = inbound(*segments, *group("999", ack(sent["271 0001"])), groups=2, number=703)
    (done,) = world.process(data)
    assert [one.result for one in done.report.acknowledged] == ["accepted"]
    assert {name.split(".")[-2] for name in done.report.answers} == {"999", "271"}


def test_several_interchanges_in_a_file(world: World, sent: dict[str, SentSet]) -> None:
    first = inbound("TA1*000000002*260706*1200*A*000", groups=0)
    second = inbound(*group("999", ack(sent["271 0001"])), number=701)
    assert acknowledged(world, first + b"\r\n" + second) == [f"TA1: {OURS} accepted", f"999: {OURS} accepted"]


def world_inquiry(number: int) -> list[str]:
    return interchange("270", [INQUIRY], number).decode().split("~")[1:-2]


# -- what results amount to ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "result", "sets", "expected"),
    [
        ("TA1", "A", "", "accepted"),
        ("999", "A", "A A", "accepted"),
        ("999", "E", "A E", "errors"),
        ("999", "P", "A R", "part"),
        ("999", "R", "A R", "rejected"),
        ("999", "M", "", "rejected"),
        ("997", "", "R R", "rejected"),
        ("997", "", "A X", "part"),
        ("997", "", "", "unclear"),
        ("999", "Q", "A", "accepted"),
        ("824", "TC", "", "accepted"),
        ("824", "IE TE", "", "errors"),
        ("824", "IR TR", "", "rejected"),
        ("277CA", "U", "", "rejected"),
        ("277CA", "U WQ", "", "part"),
    ],
)
def test_what_results_amount_to(kind: str, result: str, sets: str, expected: str) -> None:
    results = tuple(SetResult("837", f"{n:04d}", code) for n, code in enumerate(sets.split()))
    assert outcome(Acknowledgment(kind, result, functional_id="HC", sets=results)) == expected


def test_a_report_with_acknowledgments_comes_back_from_the_store() -> None:
    one = Acknowledged("999", "f.999.x12", "rejected", "HB 2", ("set 0001 (5)",), 1)
    report = Report("f", "000000001", acknowledged=(one,))
    assert report_from(report_text(report)) == report
    older = json.loads(report_text(report))
    del older["acknowledged"]
    assert report_from(json.dumps(older)) == evolve(report, acknowledged=())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_bytes_make_it_raise(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder) / "store.db")
        raw = bytearray(data.draw(st.sampled_from(SPOILED)))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(106, len(raw) - 1))
            raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6))
        for done in world.process(bytes(raw)):
            for one in done.report.acknowledged:
                assert acknowledged_line(one).replace("\x1b", "").isprintable()


SPOILED = [
    inbound(*group("999", ["AK1*HB*2*005010X279A1", *VALID, *FAULT, "AK9*P*2*2*1"])),
    inbound(*group("824", [ITEM.format("TR", "R1", "2", "0001"), "TED*024", "RED*NA****IBP*E054"])),
    inbound(*group("277CA", batch("R1", "STC*A3:33:IL*20260706*U*1"))),
    inbound("TA1*000000002*260706*1200*R*006", groups=0),
]


# -- the store and the command ---------------------------------------------------------------------


def test_a_store_from_before_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    open_store(str(path))
    with sqlite3.connect(path) as old:
        old.execute("DELETE FROM counters")  # an older store does not know its form
        old.execute("DROP TABLE sent")
        old.execute("DROP TABLE acknowledgments")
        old.execute(
            "CREATE TABLE acknowledgments (id INTEGER NOT NULL PRIMARY KEY, interchange INTEGER NOT NULL,"
            " kind TEXT NOT NULL, refers_to TEXT NOT NULL, result TEXT NOT NULL)"
        )
        old.execute("INSERT INTO acknowledgments VALUES (1, 1, '999', 'HB*2', 'A')")
    old.close()
    for _ in range(2):
        with open_store(str(path)).unit(datetime.fromisoformat(NOON)) as unit:
            (row,) = recorded(unit)
            assert (row.refers_to, row.sender, row.sent, row.repeats, row.record) == ("HB*2", "", "", 0, "")
    with sqlite3.connect(path) as now:
        indexes = {name for (name,) in now.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    now.close()
    assert {"ix_acknowledgments_sent", "acknowledgments_refers_to", "ix_sent_group_number"} <= indexes


STORY = SAMPLES / "14-cost-share-and-payment-run"


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store after the story's payment run, whose 835 is our interchange 5 of 8 May, 18:00."""
    folder = tmp_path_factory.mktemp("paid")
    assert [said.exit for said in play(STORY, folder)] == [0, 0, 0, 0]
    return folder


def story_ack(paid: Path, name: str, *segments: str, groups: int) -> Path:
    """An interchange from the story's clearinghouse."""
    text = inbound(*segments, sender="QUARRYNET", groups=groups, number=int(name)).decode()
    path = paid / f"{name}.x12"
    path.write_text(text.replace("BEACONCOAST    ", "GRANITEVALLEY  "))
    return path


def test_the_835_of_a_payment_run_is_found_and_a_rejection_is_seen(paid: Path) -> None:
    ta1 = story_ack(paid, "801", "TA1*000000005*260508*1800*R*009", groups=0)
    arguments = ("--db", paid / "store.db", "--out", paid / "out", "--as-of", "2026-05-09T08:00:00")
    said = edi("process", *arguments, ta1)
    line = "801.x12: TA1: our 000000005.835.x12 REJECTED: note 009, see `edi explain`\n"
    assert (said.exit, said.stderr) == (0, line)
    assert list((paid / "out").iterdir()) == []


def test_json_says_it_too(paid: Path) -> None:
    body = ["AK1*HP*5*005010X221A1", "AK2*835*0003", "IK5*R*5", "AK9*P*3*3*2"]
    path = story_ack(paid, "802", *group("999", body), groups=1)
    arguments = ("--db", paid / "store.db", "--out", paid / "out", "--format", "json")
    said = edi("process", *arguments, path)
    assert said.exit == 0
    assert json.loads(said.stdout)["acknowledged"] == [
        {
            "kind": "999",
            "file": "000000005.835.x12",
            "result": "part",
            "refers_to": "HP 5",
            "details": ["set 0003 (5)"],
            "repeats": 0,
        }
    ]


def test_a_rejection_is_red_on_a_terminal_only() -> None:
    one = Acknowledged("999", "f.999.x12", "rejected", "HB 2")
    assert acknowledged_line(one).startswith("\x1b[31m\x1b[1m999: our f.999.x12 REJECTED")
    assert "\x1b" not in acknowledged_line(evolve(one, result="accepted"))


@pytest.mark.parametrize(
    ("kind", "segments"),
    [
        ("824", [*group("824")[:1], "BGN*11*Q1*20260706*1200", "OTI*TR*TN*1", "GE*1*9"]),
        ("824", group("824", ["BGN*11*Q1*20260706*1200"])),
        ("999", group("999")),
        ("277CA", [*group("277CA")[:1], "BHT*0085*08*1", "GE*1*9"]),
    ],
)
def test_a_group_that_acknowledges_nothing_leaves_a_note(
    kind: str, segments: list[str], world: World
) -> None:
    (done,) = world.process(inbound(*segments))
    assert (done.files, done.report.refused, done.report.acknowledged) == ((), False, ())
    (note,) = done.report.notes
    assert note.startswith(f"{kind}: group 9 holds no acknowledgment")


def test_the_note_names_the_silent_group_among_others(world: World, sent: dict[str, SentSet]) -> None:
    spoken = group("999", ack(sent["271 0001"]))
    silent = [s.replace("*9*X*", "*10*X*").replace("GE*0*9", "GE*0*10") for s in group("824")]
    (done,) = world.process(inbound(*spoken, *silent, groups=2))
    assert [one.kind for one in done.report.acknowledged] == ["999"]
    assert len(done.report.notes) == 1
    assert done.report.notes[0].startswith("824: group 10 ")
