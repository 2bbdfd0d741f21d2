"""Codes that ask for another one have it: in every row we can send, and in what `edi validate` reads."""

import pytest

from tests.worlds.text.valid_sets import findings, interchange, raised
from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.edits.claims import status_entity
from x12_payer.edi.guides.registry import guide_named
from x12_payer.edi.tables import rows

LISTS = code_lists().lists
SENT = [(name, row) for name in ("reasons", "claim_edits", "inquiry_edits") for row in rows(name)]
GUIDES = ("837P.X222A1", "837I.X223A2", "837D.X224A2")


def asks(code: str, column: str, name: str = "claim_status") -> bool:
    return bool(LISTS[name].note(code, column))


def test_the_lists_know_what_asks() -> None:
    assert [
        c for c in ("16", "19", "88", "94", "96", "252", "562", "761") if not asks(c, "needs_entity")
    ] == []
    assert [c for c in ("0", "20", "33", "65", "84", "104", "187") if asks(c, "needs_entity")] == []
    assert [c for c in ("21", "402", "510", "732") if not asks(c, "needs_other")] == []
    remarks = ("16", "96", "125", "129", "148", "226", "227", "234", "250", "251", "252", "A1")
    assert [c for c in remarks if not asks(c, "needs_remark", "carc")] == []
    assert [c for c in ("1", "45", "197", "204", "B7") if asks(c, "needs_remark", "carc")] == []


@pytest.mark.parametrize(("name", "row"), SENT, ids=lambda value: value if isinstance(value, str) else "")
def test_every_row_that_is_sent_has_what_its_codes_ask_for(name: str, row: dict[str, str]) -> None:
    for code in filter(None, (row.get("status"), row.get("line_status"))):
        assert row["entity"] or not asks(code, "needs_entity"), row
        assert row.get("other") or not asks(code, "needs_other"), row
    assert row.get("rarc") or not asks(row.get("carc") or "", "needs_remark", "carc"), row


def test_a_party_in_whose_loop_a_finding_may_be_has_a_name_in_a_277ca() -> None:
    """Rows with the entity * say the party of the loop: each one of the guides has its name."""
    nameless = set()
    for name in GUIDES:
        nodes = guide_named(name).segments
        watched = {
            n.loop
            for n in nodes
            if n.tag in ("N3", "N4", "REF", "PRV", "DMG") and n.loop[:2] in ("20", "23", "24")
        }
        for node in nodes:
            if node.tag == "NM1" and node.loop in watched:
                party = next(spec for spec in node.elements if spec.number == 1)
                nameless |= {(node.loop, code) for code in party.codes if not status_entity(code, node.loop)}
    assert nameless == set()


RESPONSE = """
BHT*0010*08*R1*20260715*1015*DG
HL*1**20*1
NM1*PR*2*PAYER*****PI*P1
HL*2*1*21*1
NM1*41*2*CLEARING*****46*SENDER
HL*3*2*19*1
NM1*1P*1*HILL*ANA****XX*1234567893
HL*4*3*22*0
NM1*IL*1*STONE*KIM****MI*M1
TRN*2*T1
STC*F2:104*20260715**140*0*20260715
REF*1K*2607150000001
DTP*472*D8*20260702
SVC*HC:99213*140*0****1
STC*F2:104*20260715
DTP*472*D8*20260702
"""


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("F2:104", []),
        ("F2:96", [("4", "status-entity-missing", "STC")]),
        ("F2:96:82", []),
        ("F2:88", [("4", "status-entity-missing", "STC")]),
        ("F2:88:QC", []),
        ("F2:402", [("4", "status-detail-missing", "STC")]),
    ],
)
def test_a_status_of_a_277(status: str, expected: list[tuple[str, str, str]]) -> None:
    for before in ("STC*F2:104*20260715**", "STC*F2:104*20260715\nDTP"):
        body = RESPONSE.replace(before, before.replace("F2:104", status), 1)
        assert raised(findings(interchange("277", body))) == expected


def test_further_statuses_of_an_stc() -> None:
    more = RESPONSE.replace("*140*0*20260715\n", "*140*0*20260715****F2:252\n", 1)
    (found,) = findings(interchange("277", more))
    assert (found.code, found.position.element, found.position.component) == ("status-entity-missing", 10, 3)
    named = more.replace("F2:252", "F2:252:85").replace("STC*F2:104*20260715**", "STC*F2:402*20260715**")
    assert findings(interchange("277", named)) == []  # the second one says which data are meant


REMITTANCE = """
BPR*I*80*C*CHK************20260715
TRN*1*000000001*1990000001
DTM*405*20260715
N1*PR*PAYER
N3*1 A ST
N4*BOSTON*MA*021100001
PER*BL*DESK*TE*8005550100
N1*PE*HILL ANA*XX*1234567893
LX*1
CLP*C1*1*140*80*20*12*2607150000001*11*1
NM1*QC*1*STONE*KIM****MI*M1
SVC*HC:99213*140*80**1
DTM*472*20260702
CAS*CO*{reason}*40
CAS*PR*3*20
"""
MISSING = [("4", "adjustment-remark-missing", "CAS")]


@pytest.mark.parametrize(
    ("reason", "change", "expected"),
    [
        ("45", ("", ""), []),
        ("16", ("", ""), MISSING),
        ("252", ("", ""), MISSING),
        ("A1", ("", ""), MISSING),
        ("96", ("CAS*PR*3*20\n", "CAS*PR*3*20\nLQ*HE*N130\n"), []),
        ("96", ("CAS*PR*3*20\n", "CAS*PR*3*20\nLQ*RX*76\n"), []),
        ("96", ("MI*M1\n", "MI*M1\nMOA***N130\n"), []),
        ("96", ("MI*M1\n", "MI*M1\nMOA*50\n"), MISSING),
    ],
)
def test_a_reason_of_an_835(
    reason: str, change: tuple[str, str], expected: list[tuple[str, str, str]]
) -> None:
    body = REMITTANCE.format(reason=reason)
    assert raised(findings(interchange("835", body.replace(*change) if change[0] else body))) == expected
