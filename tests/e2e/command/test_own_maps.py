"""A user's own code lists and companion overlays: what they change, and what is said of a folder that cannot
be used."""

from datetime import date
from pathlib import Path

import pytest

from tests.e2e.claims.test_e2e_front_end import AS_OF, claim, claim_statuses, claims
from tests.worlds.edi_command import edi
from tests.worlds.payer.e2e import World
from x12_payer.edi.snip.companion import companion_for
from x12_payer.edi.snip.own_maps import codes_of, companions_of, problems_of
from x12_payer.edi.tables import map_path

PLACES = "code,effective,end,source\n12,,,ours\n"
OVERLAY = """
partners = ["TIDEGATE"]
name = "what we ask of the clinics"
[[rule]]
guide = "837P"
require = "REF*EA"
loop = "2300"
message = "send the medical record number"
[[severity]]
code = "attachment-number-missing"
severity = "warning"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "codes").mkdir()
    (tmp_path / "companion").mkdir()
    return tmp_path


def test_lists_and_overlays_of_the_folder_count(folder: Path) -> None:
    (folder / "codes" / "place_of_service.csv").write_text(PLACES)
    (folder / "companion" / "clinics.toml").write_text(OVERLAY)
    assert problems_of(folder) == ()
    places = codes_of(folder).lists["place_of_service"]
    assert (places.holds("12", "20260701"), places.holds("11", "20260701")) == (True, False)
    assert codes_of(None).lists["place_of_service"].holds("11", "20260701")
    found = companion_for("TIDEGATE", date(2026, 7, 1), companions_of(folder))
    assert found is not None
    assert companion_for("TIDEGATE", date(2026, 7, 1), companions_of(None)) is None


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("codes/places_of_service.csv", PLACES, "places_of_service.csv: no code list has this name"),
        ("codes/place_of_service.csv", "kode,end\n11,\n", "place_of_service.csv: code: column is missing"),
        (
            "codes/revenue_codes.csv",
            "code,to\n0100,01x9\n",
            "0100 to 01x9: a span goes from",
        ),
        ("codes/code_lists.csv", "list,check,pattern,file,diagnostic\nnpi,,(,,code-npi\n", "unterminated"),
        ("codes/code_lists.csv", "list,check\nnpi,npi\n", "a column or list is missing: 'file'"),
        ("codes/code_lists.csv", "list,check,pattern,file\nnpi,npi\n", "fewer values than the table has"),
        ("codes/carc.csv", "code,effective,end\n", "carc.csv: has no row"),
        ("codes/carc.csv", "", "carc.csv: has no row"),
        ("codes/carc.csv", "code\nM\xfcller\n", "carc.csv: is not UTF-8 (byte 6)"),
        ("companion/x.toml", 'name = "M\xfcller"', "x.toml: is not UTF-8 (byte 9)"),
        ("companion/x.toml", "partners = [", "x.toml"),
        ("companion/x.toml", 'name = "nobody"', "partners is missing"),
    ],
)
def test_a_folder_that_cannot_be_used(folder: Path, file: str, text: str, words: str) -> None:
    (folder / file).write_bytes(text.encode("latin-1"))
    assert any(words in problem for problem in problems_of(folder)), problems_of(folder)
    done = edi("validate", "--maps", folder, __file__)
    assert (done.exit, words in done.stderr) == (2, True)


def test_a_list_names_a_finding_that_there_is(folder: Path) -> None:
    own = map_path("codes", "code_lists.csv").read_text(encoding="utf-8").replace("code-npi", "code-nip")
    (folder / "codes" / "code_lists.csv").write_text(own)
    assert problems_of(folder) == (f"{folder}/codes: npi: diagnostics.csv has no 'code-nip'",)


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == (f"{tmp_path}: has neither codes/ nor companion/",)


def test_a_place_of_the_users_list_and_a_rule_of_the_overlay(folder: Path, tmp_path: Path) -> None:
    (folder / "codes" / "place_of_service.csv").write_text(PLACES)
    (folder / "companion" / "clinics.toml").write_text(OVERLAY)
    world = World(tmp_path / "store.db", folder)
    record = "REF*EA*MR1"
    sent = claims(
        claim("HOME", place="12:B:{}*Y*A*Y*Y", first=record),
        claim("OFFICE", first=record, day="20260709"),
        claim("NO RECORD", place="12:B:{}*Y*A*Y*Y", day="20260708"),
        claim("PAPER", place="12:B:{}*Y*A*Y*Y", day="20260707", first="PWK*OZ*EL\n" + record),
    )
    own = world.send("837P", sent, as_of=AS_OF)
    assert claim_statuses(own) == {
        "HOME": ["A2:20 WQ"],
        "OFFICE": ["A7:249 U"],
        "NO RECORD": ["A6:481 U"],
        "PAPER": ["A2:20 WQ"],
    }
