"""The main job on spoiled files: whatever is in an interchange, it is answered, nothing raises, and what
goes out is valid."""

import random
from datetime import datetime
from pathlib import Path

import pytest

from tests.worlds.places import SAMPLES
from x12_payer.adjudication.pipeline.interchange import process_source
from x12_payer.adjudication.reference.reference import read_reference
from x12_payer.adjudication.store.store import open_store
from x12_payer.commands.stores import settings_of
from x12_payer.edi.snip.set_errors import check_to_answer
from x12_payer.edi.snip.validate import diagnostics_in
from x12_payer.edi.wire.segments import Source

STORIES = [p for p in sorted(SAMPLES.iterdir()) if (p / "data").is_dir()]
AS_OF = datetime(2026, 7, 15, 8)
TIMES = 6  # each file is spoiled
VALUES = ["", "0", "-1", "XX", "20260230", "20991231", "1E9", "A:B", "1234567890", "8", "S", "18", "QC", "PB"]


def spoiled(text: str, chance: random.Random) -> str:
    """An interchange with one to three faults, a number of its own, and SE01 counted again, so that most of
    the faults get past the envelope."""
    segments = text.split("~")
    for _ in range(chance.choice([1, 1, 2, 3])):
        at = chance.randrange(2, len(segments) - 3)
        kind = chance.random()
        if kind < 0.15:
            del segments[at]
        elif kind < 0.3:
            segments.insert(at, segments[at])
        else:
            elements = segments[at].split("*")
            number = chance.randrange(1, max(2, len(elements)))
            elements[number:] = [chance.choice([*VALUES, *elements[number:][:1]]), *elements[number + 1 :]]
            segments[at] = "*".join(elements)
    return "~".join(counted(segments)).replace(text[90:99], f"{chance.randrange(10**9):09d}")


def counted(segments: list[str]) -> list[str]:
    """The segments with SE01 as many as there are from ST to SE."""
    done, count = [], 0
    for segment in segments:
        elements = segment.strip().split("*")
        count = 1 if elements[0] == "ST" else count + 1
        if elements[0] == "SE":
            segment = "\n" + "*".join(["SE", str(count), *elements[2:]])
        done.append(segment)
    return done


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_spoiled_file_is_answered_by_valid_ones(story: Path, tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store.db"))
    store.load(read_reference([story / "data"])[0])
    settings = settings_of(store, AS_OF, any_partner=True)
    chance = random.Random(story.name)
    for path in sorted((story / "inbound").glob("*.x12")):
        text = path.read_bytes().decode("latin-1")
        if text[103:106] != "*:~" or text.count("~") < 8:
            continue
        for _ in range(TIMES):
            data = spoiled(text, chance).encode("latin-1")
            source = Source(data=data)
            checked = check_to_answer(source, AS_OF.date())
            for done in process_source(source, checked, path.name, path.stem, store, settings):
                assert not any("own_check" in note for note in done.report.notes)
                for file in done.files:
                    found = diagnostics_in(Source(data=file.content), 3, AS_OF.date())
                    assert [(f.code, f.tag) for f in found if f.is_error] == [], (file.name, data)
