"""What a run says on its streams and in its logs names nobody: no name, birth date, address or member id of
the data or of the files (DESIGN: no PHI in logs or error texts)."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.worlds.edi_command import Said, demo, edi, play
from tests.worlds.places import SAMPLES

STORIES = demo().stories()
WORDS = ("last_name", "first_name", "member_id", "subscriber_id", "birth_date", "address", "policy_id")
STORY = SAMPLES / "03-therapy"
AS_OF = "2026-05-11T08:00:00"


def of_the_data(data: Path) -> set[str]:
    """Everything personal in the reference data, dates in both ways of writing them."""
    found: set[str] = set()
    for name in ("members", "other_coverage"):
        if (data / f"{name}.csv").exists():
            with open(data / f"{name}.csv", newline="", encoding="utf-8") as rows:
                found |= {row[c] for row in csv.DictReader(rows) for c in WORDS if row.get(c)}
    return found | {value.replace("-", "") for value in found if re.fullmatch(r"\d{4}-\d\d-\d\d", value)}


def of_the_files(folder: Path) -> set[str]:
    """Everything personal in inbound files: names and ids of NM1 IL, QC and 03, the birth dates of DMG."""
    found: set[str] = set()
    for path in folder.iterdir():
        for segment in path.read_text(encoding="latin-1").split("~"):
            parts = segment.strip().split("*")
            if parts[0] == "NM1" and len(parts) > 4 and parts[1] in ("IL", "QC", "03"):
                found |= {parts[3], parts[4], *parts[9:10]}
            elif parts[0] == "DMG" and len(parts) > 2:
                found.add(parts[2])
    return found - {""}


def named(said: Iterable[Said], words: Iterable[str]) -> list[str]:
    """The words that were said, whatever their case; only whole words count."""
    text = "\n".join(one.stdout + one.stderr for one in said)
    return [w for w in sorted(words) if re.search(rf"(?<![\w]){re.escape(w)}(?![\w])", text, re.IGNORECASE)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_names_nobody(
    story: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    words = of_the_data(story / "data") | of_the_files(story / "inbound")
    assert len(words) >= 8
    said = play(story, tmp_path)
    assert said[0].stdout
    beside = Said(0, "".join(capfd.readouterr()), caplog.text)
    assert named([*said, beside], words) == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_log_is_json_and_names_nobody(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = play(story, tmp_path / "text")
    monkeypatch.setenv("EDI_LOG", "json")
    said = play(story, tmp_path / "json")
    assert [one.exit for one in said] == [one.exit for one in plain]
    assert named(said, of_the_data(story / "data") | of_the_files(story / "inbound")) == []
    for step, one in zip(demo().read_story(story)["step"], said[1:], strict=True):
        lines = [json.loads(line) for line in one.stderr.splitlines()]
        interchanges = [line for line in lines if line["event"] == "interchange"]
        assert len(interchanges) >= len(step.get("inbound", ()))
        assert all(
            {"file", "ta1", "claims", "paid", "as_of", "operator", "seconds"} <= {*i} for i in interchanges
        )


def test_the_test_can_fail() -> None:
    words = of_the_data(STORY / "data")
    assert {"BRANDT", "TESSA", "1984-04-17", "19840417", "GVH100200301", "20 ORCHARD ROAD"} <= words
    assert named([Said(0, "", "claim of brandt held")], words) == ["BRANDT"]
    assert named([Said(0, "", "born 19840417.")], words) == ["19840417"]


SPOILED = {
    "name too long": ("NM1*IL*1*BRANDT*", "NM1*IL*1*" + "BRANDT" * 15 + "*"),
    "birth date that is none": ("DMG*D8*19840417", "DMG*D8*19841799"),
    "gender that is none": ("DMG*D8*19840417*F", "DMG*D8*19840417*BRANDT"),
    "name where a number should be": ("*UN*3**", "*UN*BRANDT**"),
    "id of a qualifier we do not know": ("*MI*GVH100200301", "*BRANDT*GVH100200301"),
    "address missing": ("N3*20 ORCHARD ROAD~", ""),
    "element after the last": ("*MI*GVH100200301~", "*MI*GVH100200301****TESSA*BRANDT~"),
    "segment of another guide": ("N3*20 ORCHARD ROAD~", "N3*20 ORCHARD ROAD~\nBRANDT*TESSA~"),
    "name as a control number": ("SE*", "SE*BRANDT"),
    "charge in words": ("CLM*PT-A*150", "CLM*PT-A*TESSA BRANDT"),
}


@pytest.mark.parametrize("spoiled", SPOILED)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_spoiled_file_names_nobody(spoiled: str, form: str, store: Path, tmp_path: Path) -> None:
    text = (STORY / "inbound" / "2-visits.x12").read_text()
    old, new = SPOILED[spoiled]
    assert old in text
    (tmp_path / "spoiled.x12").write_text(text.replace(old, new))
    said = edi(
        *("process", "--db", store, "--out", tmp_path / "out", "--as-of", AS_OF, "--format", form),
        tmp_path / "spoiled.x12",
    )
    words = of_the_data(STORY / "data") | of_the_files(STORY / "inbound") | {"BRANDT" * 15, "19841799"}
    assert "Traceback" not in said.stderr
    assert "internal error" not in said.stderr
    assert named([said], words) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1984-04-17", "17 April 1984"),
        (",18,BRANDT", ",BRANDT,BRANDT"),
        (",F,", ",TESSA,"),
        ("BAY-HMO", "TESSA"),
        ("GVH100200301,GVH100200301", ",GVH100200301"),
        ("TESSA", '"TESSA'),
        ("TESSA,", "TESSA,BRANDT,1984-04-17,"),
        ("member_id", "GVH100200301"),
    ],
)
def test_bad_reference_rows_name_nobody(old: str, new: str, tmp_path: Path) -> None:
    text = (STORY / "data" / "members.csv").read_text()
    assert old in text
    (tmp_path / "members.csv").write_text(text.replace(old, new))
    said = edi("load", "--db", tmp_path / "store.db", STORY / "data" / "payer.toml", tmp_path / "members.csv")
    assert said.exit == 2
    words = (of_the_data(STORY / "data") | {"17 April 1984"}) - ({new} if new in ("TESSA",) else set())
    found = named([said], words)
    assert found == ([new] if old == "member_id" else [])  # a column's name is reported: it is no value


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_validate_and_explain_mask_people_unless_asked(story: Path) -> None:
    words = of_the_data(story / "data") | of_the_files(story / "inbound")
    said = [edi("validate", story / "inbound", story / "expected")]
    inbound = {path.stem: path for path in (story / "inbound").iterdir()}
    for answer in sorted((story / "expected").iterdir()):
        original = inbound.get(answer.name.split(".")[0])
        said.append(edi("explain", answer, *([original] if original else [])))
    assert [one for one in said[1:] if one.exit != 0] == []
    assert named(said, words) == []
