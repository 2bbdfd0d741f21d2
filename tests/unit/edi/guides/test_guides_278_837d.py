"""The 278 and 837D guides: shape of the files, and pyx12 as an independent judge of what they accept."""

import csv
import io
import json
import logging
import re
import shutil
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest
from pyx12.params import params
from pyx12.x12n_document import x12n_document

from tests.worlds.places import ROOT
from tests.worlds.text import wire

GUIDES = ROOT / "maps" / "guides"
PYX12_MAPS = Path(str(files("pyx12"))) / "map"

GS08 = {
    "278Q.X217.xml": "005010X217",
    "278R.X217.xml": "005010X217",
    "278Q.X215.xml": "005010X215",
    "278R.X215.xml": "005010X215",
    "278Q.X216.xml": "005010X216",
    "278R.X216.xml": "005010X216",
    "837D.X224A2.xml": "005010X224A2",
}
FILES = sorted(GS08)
ALIASES = ("005010X224", "005010X224A1", "005010X224A3")


def root_of(name: str) -> ET.Element:
    return ET.parse(GUIDES / name).getroot()


def codes_of(node: ET.Element) -> frozenset[str]:
    return frozenset(code.text or "" for code in node.findall("valid_codes/code"))


def qualifier(segment: ET.Element) -> frozenset[str]:
    """The codes that tell this segment from its namesakes: element 01, its first component, or HL03."""
    if segment.get("xid") == "HL":
        return codes_of(segment.findall("element")[2])
    first = next(child for child in segment if child.tag in ("element", "composite"))
    return codes_of(first if first.tag == "element" else first.findall("element")[0])


def opening(node: ET.Element) -> ET.Element:
    """A segment itself, or the segment that opens a loop (through wrappers)."""
    while node.tag == "loop":
        node = min((c for c in node if c.tag in ("loop", "segment")), key=lambda c: int(c.get("pos", "0")))
    return node


@pytest.fixture(scope="module", params=FILES)
def guide(request: pytest.FixtureRequest) -> tuple[str, ET.Element]:
    return request.param, root_of(request.param)


def test_every_node_has_its_attributes(guide: tuple[str, ET.Element]) -> None:
    wanted = {
        "loop": ("xid", "pos", "usage", "repeat", "name"),
        "segment": ("xid", "pos", "usage", "max_use", "name"),
        "element": ("xid", "data_ele", "usage", "seq", "name"),
        "composite": ("xid", "data_ele", "usage", "seq", "name"),
    }
    for node in guide[1].iter():
        for attribute in wanted.get(node.tag, ()):
            assert node.get(attribute), (node.attrib, attribute)
        if node.tag in wanted:
            assert node.get("usage") in ("R", "S", "N"), node.attrib
        for count in (node.get("repeat"), node.get("max_use")):
            assert count is None or count == ">1" or int(count) >= 1, node.attrib


def test_elements_are_numbered_without_a_gap(guide: tuple[str, ET.Element]) -> None:
    for segment in guide[1].iter("segment"):
        members = [child for child in segment if child.tag in ("element", "composite")]
        for number, member in enumerate(members, 1):
            assert member.get("xid") == f"{segment.get('xid')}{number:02d}"
            assert member.get("seq") == f"{number:02d}"
            for place, component in enumerate(member.findall("element"), 1):
                assert component.get("xid") == f"{member.get('xid')}-{place:02d}"
                assert component.get("seq") == f"{place:02d}"


def test_data_elements_exist(guide: tuple[str, ET.Element]) -> None:
    known = {e.get("ele_num") for e in ET.parse(PYX12_MAPS / "dataele.xml").getroot().iter("data_ele")}
    with open(ROOT / "maps" / "codes" / "data_elements.csv", newline="", encoding="utf-8") as table:
        known |= {row["data_ele"] for row in csv.DictReader(table)}
    assert {e.get("data_ele") for e in guide[1].iter("element")} <= known


def test_positions_never_decrease(guide: tuple[str, ET.Element]) -> None:
    for loop in guide[1].iter("loop"):
        positions = [int(child.get("pos", "")) for child in loop if child.tag in ("loop", "segment")]
        assert positions == sorted(positions), loop.get("xid")


def test_neighbours_differ(guide: tuple[str, ET.Element]) -> None:
    """Segments and loop openings of one id at one place differ in a qualifier."""
    for loop in guide[1].iter("loop"):
        seen: dict[tuple[str | None, str | None], list[frozenset[str]]] = {}
        for child in (c for c in loop if c.tag in ("loop", "segment")):
            start = opening(child)
            mine, others = qualifier(start), seen.setdefault((start.get("xid"), child.get("pos")), [])
            for other in others:
                assert mine, (loop.get("xid"), start.get("xid"))
                assert other, (loop.get("xid"), start.get("xid"))
                assert not mine & other, (loop.get("xid"), start.get("xid"), mine)
            others.append(mine)


def test_a_syntax_note_names_elements_of_its_segment(guide: tuple[str, ET.Element]) -> None:
    for segment in guide[1].iter("segment"):
        count = len([c for c in segment if c.tag in ("element", "composite")])
        for note in segment.findall("syntax"):
            text = note.text or ""
            assert re.fullmatch(r"[PRCLE](\d\d){2,}", text), text
            assert all(1 <= int(text[i : i + 2]) <= count for i in range(1, len(text), 2)), text


def test_the_registry_names_each_file() -> None:
    with open(GUIDES / "guides.csv", newline="", encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["file"] in GS08]
    assert {row["file"] for row in rows} == set(FILES)
    for row in rows:
        st03 = next(e for e in root_of(row["file"]).iter("element") if e.get("xid") == "ST03")
        assert row["gs08"] in codes_of(st03), row
        assert (row["status"] == "alias") == (row["gs08"] != GS08[row["file"]]), row
    keys = [(r["gs08"], r["gs01"], r["st01"], c) for r in rows for c in r["bht02"].split("|")]
    assert len(keys) == len(set(keys)), "two files for one kind of set"


def test_envelope_is_the_same_in_all_files() -> None:
    def envelope(name: str) -> list[bytes]:
        isa = root_of(name).find("loop")
        assert isa is not None
        segments = isa.findall("segment") + isa.findall("loop[@xid='GS_LOOP']/segment")
        return [ET.tostring(segment).strip() for segment in segments]

    assert all(envelope(name) == envelope(FILES[0]) for name in FILES)


def test_the_event_hangs_under_the_patient_whoever_it_is() -> None:
    for name in FILES:
        if name.startswith("278"):
            root = root_of(name)
            for parent in ("2000C", "2000D"):
                loop = next(node for node in root.iter("loop") if node.get("xid") == parent)
                assert loop.find("loop[@xid='2000E']/loop[@xid='2000F']") is not None, (name, parent)
    dental = root_of("837D.X224A2.xml")
    usage = [n.get("usage") for n in dental.iter("loop") if n.get("xid") == "2300"]
    assert usage == ["S", "R"], "2300 under the subscriber, then under the patient"


# pyx12 as the judge


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """guide file -> a map folder in which pyx12 knows just that guide."""
    folders = {}
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    for name in FILES:
        folder = tmp_path_factory.mktemp(name)
        for part in ("x12.control.00501.xml", "codes.xml", "dataele.xml"):
            shutil.copy(PYX12_MAPS / part, folder)
        shutil.copy(GUIDES / name, folder)
        ids = [GS08[name], *(ALIASES if name.startswith("837D") else ())]
        fic = "HC" if name.startswith("837D") else "HI"
        rows = "".join(f'<map vriic="{i}" fic="{fic}" abbr="x">{name}</map>' for i in ids)
        (folder / "maps.xml").write_text(f'<maps><version icvn="00501">{rows}</version></maps>')
        folders[name] = str(folder)
    return folders


def findings(text: str, folder: str) -> list[str]:
    """What pyx12 has to say against an interchange, as `code text`; empty when it accepts it."""
    out = io.StringIO()
    accepted = x12n_document(params(), io.StringIO(text), None, None, fd_json=out, map_path=folder)
    found: list[str] = []

    def collect(node: object) -> None:
        if isinstance(node, dict):
            if "err_cde" in node:
                found.append(f"{node['err_cde']} {node['err_str']}")
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(json.loads(out.getvalue()))
    assert accepted == (not found), (accepted, found)
    return found


def wrap(name: str, body: str) -> str:
    set_id, group = ("837", "HC") if name.startswith("837D") else ("278", "HI")
    guide_id = GS08[name]
    lines = [line.strip() for line in body.strip().splitlines()]
    parties = f"ZZ*{'SENDER':<15}*ZZ*{'PAYER':<15}"
    head = f"ISA*00*{' ' * 10}*00*{' ' * 10}*{parties}*260706*1015*^*00501*000000001*0*T*:"
    return "".join(
        f"{line}~\n"
        for line in [
            head,
            f"GS*{group}*SENDER*PAYER*20260706*1015*1*X*{guide_id}",
            f"ST*{set_id}*0001*{guide_id}",
            *lines,
            f"SE*{len(lines) + 2}*0001",
            "GE*1*1",
            "IEA*1*000000001",
        ]
    )


UMO = "HL*1**20*1\nNM1*X3*2*INVENTED PLAN*****PI*PLAN1"
REQUESTER = "HL*2*1*21*1\nNM1*1P*1*DOE*ANN****XX*1911111114"
SUBSCRIBER = "HL*3*2*22*1\nNM1*IL*1*ROE*JO****MI*M100\nDMG*D8*19800101*F"
DEPENDENT = "HL*4*3*23*1\nNM1*QC*1*ROE*LEE\nDMG*D8*20150101*M\nINS*N*19"
EVENT = "HL*4*3*EV*1\nTRN*1*T1*9SENDER001"
SERVICE = "HL*5*4*SS*0"

REQUEST = f"""BHT*0007*13*R1*20260706*1015
{UMO}
{REQUESTER}
PER*IC**TE*6175550111
{SUBSCRIBER}
{EVENT}
UM*HS*I*62*22:B*****Y
REF*BB*A1
DTP*435*D8*20260715
DTP*AAH*RD8*20260701-20260731
HI*ABK:M5450*ABF:G4489
HSD*VS*12
CL1*3
PWK*77*FX***AC*ATT1
MSG*CLINICAL NOTE
NM1*SJ*2*CLINIC*****XX*1933333332
PRV*PE*PXC*225100000X
{SERVICE}
UM*HS*I*2
DTP*472*D8*20260715
SV2**HC:27447
NM1*SJ*1*DOE*BOB****XX*1922222223
HL*6*4*SS*0
SV3*AD:D8080*4000****1
TOO*JP*12*M:O
HL*7*4*SS*0
SV1*HC:97110:GP*150*UN*3
"""
RESPONSE = f"""BHT*0007*11*R1*20260706*1016*19
{UMO}
PER*IC*REVIEW DESK*TE*8005550100
{REQUESTER}
{SUBSCRIBER}
HL*4*3*EV*1
TRN*2*T1*9SENDER001
UM*HS*I*62*22:B
HCR*A4*A100*0U^0V
REF*NT*C1
REF*BB*A1
DTP*AAH*D8*20260706
DTP*102*D8*20260706
DTP*036*D8*20261231
DTP*007*RD8*20260706-20261231
HI*ABK:M5450
HSD*DY*40***7*60
PWK*77*FX
MSG*SEND THE NOTES
NM1*SJ*2*CLINIC*****XX*1933333332
NM1*L5*2*REVIEW DESK
PER*IC**TE*8005550100
{SERVICE}
TRN*2*T2*9SENDER001
HCR*A6*A101
REF*NT*C1
DTP*472*D8*20260715
DTP*036*D8*20261231
HI*LOI:18657-7
SV1*HC:97110*150*UN*3
MSG*TEXT
"""
REJECTED = {
    "payer": f"{UMO}\nAAA*N**42*P",
    "requester": f"{UMO}\n{REQUESTER}\nAAA*N**51*C",
    "subscriber": f"{UMO}\n{REQUESTER}\nHL*3*2*22*0\nNM1*IL*1*ROE*JO****MI*M100\nAAA*N**72*C\nAAA*Y**76*C",
    "dependent": f"{UMO}\n{REQUESTER}\n{SUBSCRIBER}\nHL*4*3*23*0\nNM1*QC*1*ROE*LEE\nAAA*N**67*C",
    "event": f"{UMO}\n{REQUESTER}\n{SUBSCRIBER}\nHL*4*3*EV*0\nTRN*2*T1*9SENDER001\nAAA*N**AA*C\nUM*HS*I",
    "service": f"{UMO}\n{REQUESTER}\n{SUBSCRIBER}\nHL*4*3*EV*1\nUM*HS*S\nHCR*A3**25\n{SERVICE}\nAAA*N**33*C",
}
INQUIRY = f"""BHT*0007*28*I1*20260707*0900
{UMO}
{REQUESTER}
HL*3*2*22*1
NM1*IL*1*ROE*JO****MI*M100
DMG*D8*19800101
HL*4*3*EV*0
TRN*1*T1*9SENDER001
UM*HS*I*62
REF*NT*C1
"""
CERTIFIED = f"""{INQUIRY.replace("EV*0", "EV*1")}{SERVICE}
HCR*A1
DTP*102*D8*20260701
DTP*036*D8*20260831
DTP*007*RD8*20260701-20260831
"""
FACILITY = "NM1*FA*2*HOSPITAL*****XX*1988888883"
NOTICE = f"""BHT*0007*CN*N1*20260706*0930*NO
HL*1**20*1
{FACILITY}
HL*2*1*21*1
NM1*X3*2*INVENTED PLAN*****PI*PLAN1
{SUBSCRIBER}
HL*4*3*EV*0
TRN*1*T1*9SENDER001
UM*AR*I*MH*21:B**03
DTP*435*D8*20260705
HI*ABK:F329
CL1*1
{FACILITY}
PER*IC**TE*6175550188
"""
RECEIPT = f"""BHT*0007*53*N1*20260706*0931
HL*1**20*1
{FACILITY}
HL*2*1*21*1
NM1*X3*2*INVENTED PLAN*****PI*PLAN1
{SUBSCRIBER}
HL*4*3*EV*0
TRN*2*T1*9SENDER001
"""
SUBMITTER = """NM1*41*2*SENDER*****46*SENDER
PER*IC*DESK*TE*6175550100
NM1*40*2*INVENTED PLAN*****46*PLAN1
HL*1**20*1"""
BILLING = "NM1*85*1*DOE*ANN****XX*1911111114\nN3*1 ROAD\nN4*BOSTON*MA*021100001\nREF*EI*123456789"
HOLDER = """NM1*IL*1*ROE*JO****MI*M100
N3*1 ROAD
N4*BOSTON*MA*02110
DMG*D8*19800101*F
NM1*PR*2*INVENTED PLAN*****PI*PLAN1"""
DENTAL_CLAIM = """CLM*D1*4000***11:B:1*Y*A*Y*Y**********PB
DTP*452*D8*20260713
DTP*472*D8*20260713
DN1*24
DN2*12*M****JP
PWK*DA*EL***AC*ATT1
REF*G1*A1
NTE*ADD*TEXT
HI*ABK:K021*ABF:K022
NM1*82*1*DOE*ANN****XX*1911111114
PRV*PE*PXC*1223G0001X
"""
OTHER_PAYER = """SBR*P*18*******CI
CAS*PR*2*20
AMT*D*80
OI***Y***Y
NM1*IL*1*ROE*JO****MI*Z1
NM1*PR*2*OTHER PLAN*****PI*OTHER
"""
LINE = """LX*1
SV3*AD:D8080*4000**20**1*****1
TOO*JP*12*M:O
DTP*472*D8*20260713
REF*6R*L1
SVD*OTHER*80*AD:D8080**1
CAS*PR*2*20
DTP*573*D8*20260714
"""
DENTAL = f"""BHT*0019*00*D1*20260715*0800*CH
{SUBMITTER}
{BILLING}
HL*2*1*22*0
SBR*P*18*******CI
{HOLDER}
{DENTAL_CLAIM}{LINE.split("SVD")[0]}HL*3*1*22*1
SBR*S********CI
{HOLDER}
HL*4*3*23*0
PAT*19
NM1*QC*1*ROE*LEE
N3*1 ROAD
N4*BOSTON*MA*02110
DMG*D8*20150101*M
{DENTAL_CLAIM}{OTHER_PAYER}{LINE}"""


def for_dependent(body: str) -> str:
    """The same set with the event under a dependent: a level in between, every later level one up."""
    subscriber, event = body.split("HL*4*3*EV", 1)
    services = re.sub(r"HL\*(\d)\*4\*SS", lambda m: f"HL*{int(m[1]) + 1}*5*SS", event)
    return f"{subscriber}{DEPENDENT}\nHL*5*4*EV{services}"


VALID = [
    ("278Q.X217.xml", REQUEST),
    ("278Q.X217.xml", for_dependent(REQUEST)),
    ("278R.X217.xml", RESPONSE),
    ("278R.X217.xml", for_dependent(RESPONSE)),
    ("278R.X217.xml", RESPONSE.replace("HSD*DY*40***7*60", "HSD*****29*2")),  # a reservation
    *(("278R.X217.xml", f"BHT*0007*11*R1*20260706*1016*18\n{tree}") for tree in REJECTED.values()),
    *(("278R.X215.xml", f"BHT*0007*11*R1*20260706*1016*18\n{tree}") for tree in REJECTED.values()),
    ("278R.X216.xml", f"BHT*0007*53*N1*20260706*1016\n{REJECTED['payer']}"),
    ("278R.X216.xml", f"BHT*0007*53*N1*20260706*1016\n{REJECTED['subscriber']}"),
    ("278Q.X215.xml", INQUIRY),
    ("278Q.X215.xml", for_dependent(INQUIRY).replace("INS*N*19\n", "")),
    ("278Q.X215.xml", INQUIRY.replace("UM*HS*I*62\n", "")),
    ("278Q.X215.xml", INQUIRY.replace("HL*3*2*22*1\n", "HL*3*2*22*1\nTRN*1*T0*9SENDER001\n")),
    ("278Q.X215.xml", INQUIRY.replace("REF*NT*C1\n", "HCR*A1\nREF*NT*C1\n")),
    ("278Q.X215.xml", CERTIFIED),
    ("278R.X215.xml", RESPONSE),
    ("278R.X215.xml", RESPONSE.replace("*11*R1*20260706*1016*19", "*49*R1*20260706*1016*RD")),
    ("278Q.X216.xml", NOTICE),
    ("278Q.X216.xml", for_dependent(NOTICE)),
    ("278Q.X216.xml", NOTICE.replace("CN*N1", "53*N1").replace("*NO", "")),
    ("278R.X216.xml", RECEIPT + "REF*NT*N100\n"),
    ("278R.X216.xml", RECEIPT + "UM*AR*I*MH*21:B\nHCR*A3**17\nREF*NT*N100\n"),
    ("278R.X216.xml", RECEIPT + "HCR*A1*N100\nREF*NT*N100\nDTP*435*D8*20260705\nHSD*DY*3\n" + FACILITY),
    ("837D.X224A2.xml", DENTAL),
    ("837D.X224A2.xml", DENTAL.replace("20150101*M\n", "20150101*M\nREF*Y4*PC1\nREF*SY*123456789\n")),
    ("837D.X224A2.xml", DENTAL.replace("REF*G1*A1\n", "REF*4N*3\nREF*G1*A1\n")),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "body"), VALID)
def test_valid_sets_are_accepted(name: str, body: str, maps: dict[str, str]) -> None:
    assert findings(wrap(name, body), maps[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", ["48", "57", "98", "A7", "AB", "CG", "CH", "CI", "CJ", "DM", "45", "46", "40"]
)
@pytest.mark.parametrize(("name", "body"), [("278Q.X217.xml", REQUEST), ("278R.X217.xml", RESPONSE)])
def test_service_types_the_plans_answer_are_accepted(
    name: str, body: str, code: str, maps: dict[str, str]
) -> None:
    """What a 270 may ask about may be asked for: some are in no source of the guide's list (UM03)."""
    asked = body.replace("UM*HS*I*62*", f"UM*HS*I*{code}*")
    assert asked != body
    assert findings(wrap(name, asked), maps[name]) == []


# guide, valid body, what is changed, by what, what pyx12 says (code and element or segment)
BROKEN = [
    ("278Q.X217.xml", REQUEST, "BHT*0007*13", "BHT*0007*11", "7 (11)", "BHT02"),
    ("278Q.X217.xml", REQUEST, "UM*HS*I*62*22:B*****Y\n", "", "3 Mandatory segment", "(UM)"),
    ("278Q.X217.xml", REQUEST, "HL*3*2*22*1", "HL*3*2*22*0", "7 (0)", "HL04"),
    ("278Q.X217.xml", REQUEST, "REF*BB*A1", "HCR*A1*A1", "1 Segment HCR", ""),
    ("278Q.X217.xml", REQUEST, "PI*PLAN1", "XX*PLAN1", "7 (XX)", "NM108"),
    ("278Q.X217.xml", REQUEST, "*RD8*20260701-20260731", "*RD8*20260701", "8 ", "DTP03"),
    ("278Q.X217.xml", REQUEST, "UM*HS*I*62", "UM*HS*I*6Z", "7 (6Z)", "UM03"),
    ("278Q.X217.xml", REQUEST, "HSD*VS*12", "HSD*VS", "8 Syntax Error (P0102)", "HSD02"),
    ("278Q.X217.xml", REQUEST, "MSG*CLINICAL NOTE", "MSG*A\nMSG*B", "5 Segment MSG", ""),
    ("278R.X217.xml", RESPONSE, "HCR*A6*A101", "HCR*A2*A101", "1 Segment HCR", ""),
    ("278R.X217.xml", RESPONSE, "HL*3*2*22*1", "N3*1 ROAD\nHL*3*2*22*1", "1 Segment N3", ""),
    ("278R.X217.xml", RESPONSE, "UM*HS*I*62*22:B\n", "UM*HS*I*62*22:B***U*1\n", "10 ", "UM07"),
    ("278R.X217.xml", RESPONSE, "DMG*D8*19800101*F", "N4**MA*02110\nDMG*D8*19800101*F", "1 ", "N401"),
    ("278Q.X215.xml", INQUIRY, "REF*NT*C1\n", "REF*NT*C1\nMSG*TEXT\n", "1 Segment MSG", ""),
    ("278Q.X215.xml", INQUIRY, "BHT*0007*28", "BHT*0007*13", "7 (13)", "BHT02"),
    ("278Q.X216.xml", NOTICE, "HL*1**20*1\n" + FACILITY, "HL*1**20*1", "3 Mandatory loop", "(2010A)"),
    ("278Q.X216.xml", NOTICE, "DTP*435*D8", "DTP*435*TM", "7 (TM)", "DTP02"),
    ("278R.X216.xml", RECEIPT, "TRN*2*T1", "TRN*3*T1", "1 Segment TRN", ""),
    ("837D.X224A2.xml", DENTAL, "SV3*AD:", "SV3*HC:", "1 Segment SV3", ""),
    ("837D.X224A2.xml", DENTAL, "CLM*D1*4000***11:B:1", "CLM*D1*4000***11:A:1", "7 (A)", "CLM05-02"),
    ("837D.X224A2.xml", DENTAL, "SVD*OTHER*80*AD:", "SVD*OTHER*80*HC:", "7 (HC)", "SVD03"),
    ("837D.X224A2.xml", DENTAL, "Y*Y**********PB", "Y*Y**AA:AB********PB", "7 (AB)", "CLM11-02"),
    ("837D.X224A2.xml", DENTAL, "PAT*19\n", "", "3 Mandatory segment", "(PAT)"),
    ("837D.X224A2.xml", DENTAL, "N4*BOSTON*MA*02110\n", "N4*BOSTON*ZZ*02110\n", "7 (ZZ)", "N402"),
    ("837D.X224A2.xml", DENTAL, "OI***Y***Y\n", "", "3 Mandatory segment", "(OI)"),
    ("837D.X224A2.xml", DENTAL, "REF*G1*A1\n", "REF*G1*A1\nREF*G1*A2\n", "5 Segment REF", ""),
    ("837D.X224A2.xml", DENTAL, "REF*G1*A1\n", "REF*4N*8\nREF*G1*A1\n", "7 (8)", "REF02"),
    ("837D.X224A2.xml", DENTAL, "NTE*ADD", "NTE*DCP", "1 Segment NTE", ""),
    ("837D.X224A2.xml", DENTAL, "DN2*12*M", "DN2*12*I", "7 (I)", "DN202"),
    ("837D.X224A2.xml", DENTAL, "DTP*452*D8*20260713\n", "DTP*452*D8*20260713\n" * 2, "5 Segment DTP", ""),
    (
        "837D.X224A2.xml",
        DENTAL,
        "*PI*PLAN1\nCLM",
        "*PI*PLAN1\nREF*G2*B1\nREF*LU*B2\nCLM",
        "5 Segment REF",
        "",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "body", "old", "new", "said", "where"), BROKEN)
def test_broken_sets_are_refused(
    name: str, body: str, old: str, new: str, said: str, where: str, maps: dict[str, str]
) -> None:
    assert old in body
    found = findings(wrap(name, body.replace(old, new)), maps[name])
    assert any(f.startswith(said) and where in f for f in found), found


BOTH_WAYS = [
    ("005010X217", RESPONSE, "278R.X217"),
    ("005010X217", RESPONSE.replace("*1016*19", "*1016"), "278R.X217"),
    ("005010X217", REQUEST, "278Q.X217"),
    ("005010X215", INQUIRY, "278Q.X215"),
    ("005010X215", INQUIRY.replace("REF*NT*C1\n", "HCR*A1\nREF*NT*C1\n"), "278Q.X215"),
    ("005010X215", RESPONSE, "278R.X215"),
    ("005010X216", NOTICE, "278Q.X216"),
    ("005010X216", RECEIPT + "HCR*A1*N100\nREF*NT*N100\n", "278R.X216"),
    *(
        (version, f"BHT*0007*11*R1*20260706*1016\n{tree}", f"278R.{version[-4:]}")
        for version in ("005010X217", "005010X215", "005010X216")
        for tree in REJECTED.values()
    ),
]


@pytest.mark.parametrize("purpose", ["99", "XX", "1"])
@pytest.mark.parametrize(("version", "body", "guide"), BOTH_WAYS)
def test_a_wrong_bht02_is_one_finding_and_changes_no_direction(
    version: str, body: str, guide: str, purpose: str
) -> None:
    segments = re.sub(r"^BHT\*0007\*\w+", f"BHT*0007*{purpose}", body.strip()).splitlines()
    one = wire.transaction(segments, set_id="278", guide=version)
    (found,) = wire.check(wire.interchange(wire.group(one, functional="HI", version=version)), True)
    assert [s.guide for s in found.groups[0].sets] == [guide]
    assert {(d.position.tag, d.position.element) for d in wire.findings([found])} <= {("BHT", 2)}
