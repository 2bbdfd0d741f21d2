"""What we echo is cut to what an outbound set can carry; everything else is left as it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.payer.claim_forms import body, professional
from tests.worlds.payer.e2e import World
from x12_payer.edi.builders.echo import fit
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import OutSegment

LIMITS = [(row["segment"], int(row["element"]), int(row["length"])) for row in rows("echo_limits")]


@pytest.mark.parametrize(("tag", "element", "length"), LIMITS)
def test_a_longer_value_is_cut(tag: str, element: int, length: int) -> None:
    def with_(size: int) -> OutSegment:
        return (tag, *["Q"] * (element - 1), "A" * size, "Z")

    assert list(fit([with_(length + 1)])) == [with_(length)]
    assert list(fit([with_(length)])) == [with_(length)]
    assert list(fit([("CAS", "CO", "45", "1")])) == [("CAS", "CO", "45", "1")]


def test_a_cut_leaves_no_blank_at_the_end_and_no_composite_is_touched() -> None:
    assert list(fit([("REF", "EA", "A" * 49 + " B")])) == [("REF", "EA", "A" * 49)]
    assert list(fit([("REF", "G1", ("A" * 60, "B"))])) == [("REF", "G1", ("A" * 60, "B"))]


@given(st.lists(st.tuples(st.sampled_from(["REF", "NM1", "CLP"]), st.text("AB ", max_size=99))))
def test_nothing_is_lost_or_added(segments: list[OutSegment]) -> None:
    assert len(list(fit(segments))) == len(segments)
    assert list(fit(fit(segments))) == list(fit(segments))


def test_the_longest_values_that_come_in_go_out(tmp_path: Path) -> None:
    """Every echoed value as long as the 837 lets it be: each answer is clean under its guide."""
    account, number = "A" * 38, "R" * 50
    form = professional(
        account,
        "1201100017",
        "B200",
        f"99213 140 1 20260708 REF*6R*{number}",
        references=tuple(f"{qualifier}*{number}" for qualifier in ("D9", "EA", "G1")),
    )
    text = body([form]).replace("HC:99213*", f"HC:99213:::::{'T' * 80}*")
    out = World(tmp_path / "store.db").send("837P", text, as_of="2026-08-15T08:00:00")
    assert out.value("835", "CLP", 1) == account
    assert out.has("835", f"REF*EA*{number}", f"REF*6R*{number}")
    assert out.has("277CA", f"TRN*2*{account}", f"REF*D9*{number}")
