"""Every code that a sender may send has one consequence, or a reason to have none: a list that lets in what
nothing acts on costs money (a reopening paid as a new claim). The guides are walked against
maps/codes/consequences.csv."""

from functools import cache
from importlib import import_module
from inspect import getsource

import pytest

from tests.worlds.payer.claim_forms import body, outcomes, professional
from tests.worlds.payer.e2e import World
from tests.worlds.payer.review_forms import asked, review_outcomes
from x12_payer.authorization.lists import listed, table
from x12_payer.edi.codes.frequencies import frequencies
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.guides.model import ElementSpec
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.reading.check import inbound_guides
from x12_payer.edi.tables import rows

QUESTIONS = ("270", "276", "278Q", "837")
# Elements on whose value a decision could hang, by segment and number (component). Qualifiers only name what
# is beside them, and outside lists are judged by the day (code_lists.csv).
WALKED = (
    *(
        "BHT02",
        "BHT06",
        "UM01",
        "UM02",
        "UM04-2",
        "UM05-1",
        "UM05-2",
        "UM05-3",
        "UM06",
        "UM07",
        "UM08",
        "UM09",
    ),
    *("UM10", "HSD01", "HSD03", "HSD05", "HSD07", "HSD08", "HCR01", "INS02", "CRC02", "CLM05-2", "CLM06"),
    *("CLM07", "CLM08", "CLM09", "CLM10", "CLM11-1", "CLM11-2", "CLM12", "CLM19", "CLM20", "SBR01", "SBR02"),
    *("SBR05", "SBR09", "PAT01", "PWK02", "CAS01", "CN101", "HCP01", "SV103", "SV204", "SV109", "SV111"),
    *("SV112", "SV120", "SV305", "OI03", "OI04", "OI06", "NTE01", "EQ03"),
)
CLAIMS_ONLY = ("PWK01", "CRC01", "CRC03")  # a 278's documents and conditions are asked for by type
PCP, THERAPY = "1201100017", "1403300035"


@cache
def sent() -> dict[tuple[str, str], frozenset[str]]:
    """The codes of each element in the inbound guides, by set and element (UM04-2)."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for name in sorted(inbound_guides()):
        if not name.startswith(QUESTIONS):
            continue
        for node in guide_named(name).segments:
            for spec in node.elements:
                for element, codes in _codes(node.tag, spec):
                    wanted = WALKED + (CLAIMS_ONLY if name.startswith("837") else ())
                    if element in wanted:
                        key = (name[:3], element)
                        found[key] = found.get(key, frozenset()) | codes
    return found


def _codes(tag: str, spec: ElementSpec) -> list[tuple[str, frozenset[str]]]:
    if spec.usage == "N":
        return []
    whole = [(f"{tag}{spec.number:02}", spec.codes)] if spec.codes else []
    parts = [(f"{tag}{spec.number:02}-{c.number}", c.codes) for c in spec.components if c.codes]
    return [*whole, *parts]


@cache
def reported_of() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows("consequences"):
        found.setdefault((row["set"], row["element"]), []).extend(row["codes"].split())
    return found


def test_the_guides_have_what_is_walked() -> None:
    assert {element for _, element in sent()} == {*WALKED, *CLAIMS_ONLY}
    assert sum(map(len, sent().values())) > 350


@pytest.mark.parametrize("key", sorted(sent()), ids=lambda key: " ".join(key))
def test_every_code_has_a_row(key: tuple[str, str]) -> None:
    codes = reported_of().get(key, [])
    assert sorted(sent()[key] - {*codes}) == []


def test_a_row_speaks_of_codes_that_can_be_sent_and_of_each_once() -> None:
    for key, codes in reported_of().items():
        assert len(codes) == len(set(codes)), key
        assert set(codes) <= sent()[key], (key, set(codes) - sent()[key])


@pytest.mark.parametrize(
    "row", rows("consequences"), ids=lambda r: f"{r['set']} {r['element']} {r['codes'][:12]}"
)
def test_a_consequence_is_a_function_that_is_there(row: dict[str, str]) -> None:
    assert row["source"]
    assert bool(row["consequence"]) != bool(row["why"])
    if row["consequence"]:
        module, _, name = row["consequence"].rpartition(".")
        assert getsource(getattr(import_module(module), name))


# -- the lists behind the functions ----------------------------------------------------------------------


def test_every_frequency_of_the_lists_has_an_effect() -> None:
    lists = code_lists().lists
    for kind, name in (("P", "claim_frequency"), ("D", "claim_frequency"), ("I", "bill_frequency")):
        lists[name].holds("1", "")
        known = {*lists[name].valid, *lists[name].dated} - {""}
        assert {code for code in known if (kind, code) not in frequencies()} == set()


def test_what_is_counted_and_what_is_not() -> None:
    by_code = {(r["set"], r["element"], c): r for r in rows("consequences") for c in r["codes"].split()}
    for code in sent()["837", "CLM20"]:
        late = "late" in by_code["837", "CLM20", code]["source"]
        assert listed("accepted_delay", code) != late, code
    for code in sent()["278", "HSD01"]:
        assert listed("counted_unit", code) == (code in ("DY", "FL", "VS")), code
    days = {row["code"] for row in table("period_days")}
    assert sent()["278", "HSD03"] <= days
    assert sent()["278", "HSD05"] - days == {"6", "26", "27"}
    assert {code for code in sent()["837", "BHT06"] if not listed("charged", code)} == {"RP", "31"}
    assert {code for code in sent()["837", "SBR01"] if not listed("claim_status", code)} == set()


# -- what nothing acted on before ------------------------------------------------------------------------


@pytest.mark.parametrize(("purpose", "status"), [("CH", "A2:20"), ("RP", "A7:538"), ("31", "A7:538")])
def test_only_what_is_charged_is_paid(world: World, purpose: str, status: str) -> None:
    claims = body([professional("V", PCP, "B100", "99213 140 1 20260708")])
    assert claims.splitlines()[0].endswith("*CH")
    out = world.send("837P", claims.replace("*CH\n", f"*{purpose}\n", 1), as_of="2026-08-15T08:00:00")
    assert [s.split("*")[1] for s in out.find("277CA", "STC")][-1] == status
    assert bool(out.find("835", "CLP")) == (purpose == "CH")


@pytest.mark.parametrize("order", ["P", "U"])
def test_who_is_first_for_all_we_know_is_asked_about_other_coverage(world: World, order: str) -> None:
    world.load("other_coverage", "B100,OTHER PLAN,OP1,P9,primary,2026-01-01,")
    claims = [professional("V", PCP, "B100", "99213 140 1 20260708", payer_order=order)]
    assert "CO22:140" in outcomes(world.send("837P", body(claims), as_of="2026-08-15T08:00:00"))["V"]


@pytest.mark.parametrize(
    ("quantity", "said"),
    [("HSD*VS*2", "A1"), ("HSD*DY*2", "A1"), ("HSD*MN*2", "A4 0U"), ("HSD*HS*2", "A4 0U")],
)
def test_hours_and_months_are_no_visits(world: World, quantity: str, said: str) -> None:
    request = asked("Q", "B100", PCP, "UM*HS*I*PT*11:B", "HI*ABK:M5450", quantity, provider=THERAPY)
    assert review_outcomes(world.send("278", request)).startswith(f"Q {said}")


@pytest.mark.parametrize(("purpose", "reviewed"), [("13", True), ("01", False), ("36", False)])
def test_what_asks_for_no_review_gets_none(world: World, purpose: str, reviewed: bool) -> None:
    request = asked("Q", "B100", PCP, "UM*HS*I*PT*11:B", "HI*ABK:M5450", "HSD*VS*2", provider=THERAPY)
    assert request.count("*13*") >= 1
    out = world.send("278", request.replace("BHT*0007*13*", f"BHT*0007*{purpose}*", 1))
    assert bool(out.find("278", "HCR")) == reviewed
    assert bool(out.find("278", "AAA*N**33")) != reviewed
