"""Cutting bytes into segments: every chunk size gives the same, and places are true."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from x12_payer.edi.wire.segments import Block, Source, blocks, line_end


def cut(data: bytes, chunk: int = 1 << 20, terminator: str = "~", line: str = "\n") -> list[Block]:
    return list(blocks(Source(data=data, chunk=chunk), 0, len(data), terminator, line))


def texts(found: list[Block]) -> list[str]:
    return [text for block in found for text in block.texts]


@pytest.mark.parametrize(
    ("data", "line", "expected"),
    [
        (b"A*1~\nB*2~\n", "\n", ["A*1", "B*2"]),
        (b"A*1~B*2~", "", ["A*1", "B*2"]),
        (b"A*1~\r\nB*2~\r\n", "\r\n", ["A*1", "B*2"]),
        (b"A*1~\nB*2~C*3~\nD~\n", "\n", ["A*1", "B*2", "C*3", "D"]),  # one line end is missing
        (b"A*1~\nB*2~\n\n\nC*3~\n", "\n", ["A*1", "B*2", "C*3"]),  # blank lines
        (b"A*1~\n  B*2~\n", "\n", ["A*1", "B*2"]),  # indented
        (b"A*1~\n\tB*2~\n", "\n", ["A*1", "B*2"]),
        (b"A*1~\nB*2", "\n", ["A*1", "B*2"]),  # the last has no terminator
        (b"A*1~\nB*2~", "\n", ["A*1", "B*2"]),  # nor the last line end
        (b"A*1~~B*2~", "", ["A*1", "", "B*2"]),  # empty segments are kept for the reader to judge
        (b"A*1~B\n*2~", "", ["A*1", "B\n*2"]),  # a line end inside is data
        (b"A*1~\n\rB*2~\n", "\n", ["A*1", "B*2"]),  # a line end of another kind
        (b"", "", []),
        (b"~\n", "\n", [""]),
    ],
)
def test_cut(data: bytes, line: str, expected: list[str]) -> None:
    assert texts(cut(data, line=line)) == expected


def test_newline_as_terminator() -> None:
    assert texts(cut(b"A*1\nB*2\nC*3\n", terminator="\n", line="")) == ["A*1", "B*2", "C*3"]


def test_only_the_last_block_may_have_an_open_end() -> None:
    found = cut(b"A*1~\nB*2~\nC", chunk=4)
    assert [block.open_end for block in found] == [False, False, True]


@given(
    st.lists(st.text("AB1* ", min_size=1).map(str.strip).filter(bool), min_size=1),
    st.lists(st.sampled_from(["", "\n", "\r\n", "\n\n", "\n  ", "\n\t"]), min_size=1),
    st.integers(1, 40),
)
def test_any_chunk_size_gives_the_same_segments_and_true_offsets(
    segments: list[str], ends: list[str], chunk: int
) -> None:
    data = "".join(s + "~" + ends[i % len(ends)] for i, s in enumerate(segments)).encode()
    found = cut(data, chunk, line=line_end(ends[0]))
    assert texts(found) == segments
    for block in found:
        for text, offset in zip(block.texts, block.offsets, strict=True):
            assert data[offset : offset + len(text)].decode() == text


def test_a_path_is_read_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "in.x12"
    path.write_bytes(b"A*1~\nB*2~\n")
    source = Source(str(path), chunk=3)
    assert source.size == 10
    assert texts(list(blocks(source, 0, source.size, "~", "\n"))) == ["A*1", "B*2"]
    assert source.read(8, 100) == b"~\n"
    assert source.read(50, 10) == b""


def test_text_without_terminator_is_not_read_to_its_end() -> None:
    data = b"A*1~" + b"x" * 5000
    found = list(blocks(Source(data=data, chunk=100), 0, len(data), "~", "", longest=500))
    assert found[-1].open_end
    assert len(found[-1].texts[0]) < 1000
