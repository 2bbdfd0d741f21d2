"""What types 3 to 7 find in a 270, 276 or 278, from the file to the answer: every row of inquiry_edits.csv
that says something, where it says it, and what is reported besides (nothing)."""

from datetime import datetime
from pathlib import Path

import pytest
from attrs import frozen

from tests.worlds.engines.pyx12_guides import pyx12_says, write_maps
from tests.worlds.payer.e2e import NOON, World, body_of, interchange
from x12_payer.edi.display.explain.explain import explain
from x12_payer.edi.reading.check import check_interchanges, loop_segments
from x12_payer.edi.snip.companion import Companion, Rule, RulePlace
from x12_payer.edi.snip.set_errors import set_errors
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import Source

ELIGIBILITY = """
BHT*0022*13*R1*20260706*1015
HL*1**20*1
@payer
HL*2*1*21*1
@provider 1P 1201100017
N3*1 WHARF LANE
N4*AVON*ME*04101
PRV*PE*PXC*207Q00000X
HL*3*2*22*0
TRN*1*T1*9TIDEGATE0
NM1*IL*1*QUINCY*ABEL****MI*B200
PRV*RF*PXC*207X00000X
DMG*D8*19721009*M
HI*ABK:M1711
DTP*291*RD8*20260706-20260710
EQ*98
DTP*291*RD8*20260706-20260707
EQ**HC:70551
"""
FAMILY = """
BHT*0022*13*R1*20260706*1015
HL*1**20*1
@payer
HL*2*1*21*1
@provider 1P 1201100017
HL*3*2*22*1
@member B100
DTP*291*RD8*20260701-20260731
HL*4*3*23*0
TRN*1*T1*9TIDEGATE0
@dependent B101
INS*N*19
DTP*291*RD8*20260706-20260710
EQ*98
"""
STATUS = """
BHT*0010*13*Q1*20260806*0900
HL*1**20*1
@payer
HL*2*1*21*1
NM1*41*2*TIDE GATE EXCHANGE*****46*TIDEGATE
HL*3*2*19*1
@provider 1P 1201100017
HL*4*3*22*0
DMG*D8*19721009*M
NM1*IL*1*QUINCY*ABEL****MI*B200
TRN*1*T1
AMT*T3*140
DTP*472*RD8*20260706-20260707
SVC*HC:99213*140*****1
DTP*472*RD8*20260706-20260709
"""
REVIEW = """
BHT*0007*13*A1*20260706*1100
HL*1**20*1
NM1*X3*2*BEACON COAST HEALTH*****PI*BCH77
HL*2*1*21*1
@provider 1P 1201100017
N3*1 WHARF LANE
N4*AVON*ME*04101
PRV*RF*PXC*207Q00000X
HL*3*2*22*1
@member B200
HL*4*3*EV*1
TRN*1*T1*9TIDEGATE1
UM*HS*I*62*22:B
DTP*AAH*RD8*20260713-20260720
HI*ABK:G43009*DR:123
CL1*3
PWK*77*FX***AC*ATT1
NM1*SJ*2*HALYARD IMAGING*****XX*1807700079
N3*2 WHARF LANE
N4*BATH*ME*04101
PRV*PE*PXC*261QR0200X
HL*5*4*SS*0
UM*HS*I*62*12:B
DTP*472*RD8*20260713-20260714
SV1*HC:70551:26**UN*1
NM1*SJ*2*HALYARD*****XX*1807700079
N3*3 WHARF LANE
N4*CAMDEN*ME*04101
PRV*PE*PXC*2085R0202X
HL*6*4*SS*0
DTP*472*D8*20260713
SV2*0611*HC:70552**UN*1
"""
NOTICE = """
BHT*0007*CN*N1*20260706*0930*NO
HL*1**20*1
@provider FA 1908800083
N3*1 WHARF LANE
N4*AVON*ME*04101
HL*2*1*21*1
NM1*X3*2*BEACON COAST HEALTH*****PI*BCH77
HL*3*2*22*1
@member B200
HL*4*3*EV*0
TRN*1*T1*9TIDEGATE1
UM*AR*I*MH*21:B**03
DTP*435*RD8*20260705-20260706
CL1*1
NM1*FA*2*ISLAND HOSPITAL*****XX*1908800083
"""
INQUIRY = """
BHT*0007*28*I1*20260706*1100
HL*1**20*1
NM1*X3*2*BEACON COAST HEALTH*****PI*BCH77
HL*2*1*21*1
@provider 1P 1201100017
HL*3*2*22*1
@member B200
HL*4*3*EV*0
TRN*1*T1*9TIDEGATE1
UM*HS*I*62*22:B
REF*NT*CASE260706000001
DTP*AAH*RD8*20260713-20260720
NM1*SJ*2*HALYARD IMAGING*****XX*1807700079
"""
FAMILY_276 = """
HL*4*3*22*1
NM1*IL*1*MARLOW*EDNA****MI*B100
HL*5*4*23
DMG*D8*20140203*M
NM1*QC*1*MARLOW*THEO
"""
FAMILY_278 = """
@member B100
HL*4*3*23*1
@patient B101
HL*5*4*EV*0
"""
BODIES = {"270": ELIGIBILITY, "276": STATUS, "278": REVIEW, "278I": INQUIRY, "278N": NOTICE}
# Row (diagnostic, set, loop): the set it is tried in, what is changed into what, what is said at which loop.
CASES = [
    ("period-reversed 270 2100", "270", "06-20260710", "06-20260705", "2100C 57"),
    ("period-reversed 270 2110", "270", "06-20260707", "06-20260705", "2110C 57"),
    ("inquiry-missing 270", "270", ELIGIBILITY[ELIGIBILITY.index("EQ") :], "", "2100C 15"),
    ("code-taxonomy 270 2100", "270", "207Q00000X", "207Q000000", "2100B 45"),
    ("code-taxonomy 270 2100", "270", "207X00000X", "207X000000", "2100C 45"),
    ("code-state 270 2100B", "270", "AVON*ME", "AVON*QX", "2100B 47"),
    ("code-zip 270 2100B", "270", "AVON*ME*04101", "AVON*ME*041011", "2100B 97"),
    ("code-country 270 2100B", "270", "AVON*ME*04101", "AVON*ME*04101*QQ", "2100B 97"),
    ("code-diagnosis 270 2100", "270", "M1711", "M17.11", "2110C AF 2110C AF"),
    ("code-procedure 270 2110", "270", "HC:70551", "HC:7055", "2110C AG"),
    ("code-drug 270 2110", "270", "HC:70551", "N4:7055", "2110C AG"),
    ("period-reversed 276 22", "276", "06-20260707", "06-20260705", "2200D E0:187"),
    ("period-reversed 276 22", "276", "06-20260709", "06-20260705", "2200D E0:187"),
    ("code-procedure 276 2210", "276", "HC:99213", "HC:9921", "2200D E0:454"),
    ("code-modifier 276 2210", "276", "HC:99213", "HC:99213:2-", "2200D E0:453"),
    ("code-revenue 276 2210", "276", "HC:99213", "NU:9999", "2200D E0:455"),
    ("code-drug 276 2210", "276", "HC:99213", "N4:9921", "2200D E0:218"),
    ("period-reversed 278 2000E 435", "278N", "05-20260706", "05-20260704", "2000E AM"),
    ("period-reversed 278 2000E", "278", "13-20260720", "13-20260710", "2000E 57"),
    ("period-reversed 278 2000E", "278I", "13-20260720", "13-20260710", "2000E AA 2000E 57"),
    ("period-reversed 278 2000F", "278", "13-20260714", "13-20260710", "2000F 57"),
    ("review-empty 278", "278N", "I*MH*", "I**", "2000E 15"),
    ("review-admission-date-missing 278", "278N", "DTP*435*RD8*20260705-20260706\n", "", "2000E AM"),
    ("code-npi 278 2010EA", "278", "IMAGING*****XX*1807700079", "IMAGING*****XX*1807700078", "2010EA 43"),
    (
        "code-npi 278 2010EA",
        "278I",
        "IMAGING*****XX*1807700079",
        "IMAGING*****XX*1807700078",
        "2000E AA 2010EA 43",
    ),
    ("code-npi 278 2010EA", "278N", "HOSPITAL*****XX*1908800083", "HOSPITAL*****XX*1908800084", "2010EA 43"),
    ("code-npi 278 2010F", "278", "HALYARD*****XX*1807700079", "HALYARD*****XX*1807700078", "2010FA 43"),
    ("code-taxonomy 278 2010B", "278", "207Q00000X", "207Q000000", "2010B 45"),
    ("code-taxonomy 278 2010EA", "278", "261QR0200X", "261QR02000", "2010EA 45"),
    ("code-taxonomy 278 2010F", "278", "2085R0202X", "2085R02020", "2010FA 45"),
    ("code-state 278 2010A", "278N", "AVON*ME", "AVON*QX", "2010A 47"),
    ("code-state 278 2010B", "278", "AVON*ME", "AVON*QX", "2010B 47"),
    ("code-state 278 2010EA", "278", "BATH*ME", "BATH*QX", "2010EA 47"),
    ("code-state 278 2010F", "278", "CAMDEN*ME", "CAMDEN*QX", "2010FA 47"),
    ("code-zip 278 2010A", "278N", "AVON*ME*04101", "AVON*ME*041011", "2010A 97"),
    ("code-zip 278 2010B", "278", "AVON*ME*04101", "AVON*ME*041011", "2010B 97"),
    ("code-zip 278 2010EA", "278", "BATH*ME*04101", "BATH*ME*041011", "2010EA 97"),
    ("code-zip 278 2010F", "278", "CAMDEN*ME*04101", "CAMDEN*ME*041011", "2010FA 97"),
    ("code-country 278 2010A", "278N", "AVON*ME*04101", "AVON*ME*04101*QQ", "2010A 97"),
    ("code-country 278 2010B", "278", "AVON*ME*04101", "AVON*ME*04101*QQ", "2010B 97"),
    ("code-country 278 2010EA", "278", "BATH*ME*04101", "BATH*ME*04101*QQ", "2010EA 97"),
    ("code-country 278 2010F", "278", "CAMDEN*ME*04101", "CAMDEN*ME*04101*QQ", "2010FA 97"),
    ("code-diagnosis 278 2000E", "278", "G43009", "G4", "2000E AF"),
    ("code-drg 278 2000E", "278", "DR:123", "DR:12", "2000E AF"),
    ("code-admission 278 2000E", "278", "CL1*3", "CL1*Z", "2000E 33"),
    ("code-place 278 2000E", "278", "22:B", "00:B", "2000E 33"),
    ("code-place 278 2000F", "278", "12:B", "00:B", "2000F 33"),
    ("code-bill-type 278 2000E", "278", "22:B", "00:A", "2000E 33"),
    ("code-bill-type 278 2000F", "278", "12:B", "00:A", "2000F 33"),
    ("code-procedure 278 2000F", "278", "HC:70551", "HC:7055", "2000F AG"),
    ("code-drug 278 2000F", "278", "HC:70551:26", "N4:7055", "2000F AG"),
    ("code-modifier 278 2000F", "278", "HC:70551:26", "HC:70551:2-", "2000F AG"),
    ("code-revenue 278 2000F", "278", "SV2*0611", "SV2*9999", "2000F AG"),
    ("code-tooth 278 2000F", "278", "SV2*0611*HC:70552**UN*1", "SV3*AD:D8080*10****1\nTOO*JP*99", "2000F 33"),
]
AT = datetime.fromisoformat(NOON)


@frozen
class Answer:
    """One answer set with the loop of each segment, and the bytes of its file."""

    content: bytes
    segments: tuple[tuple[str, str], ...]

    def rejections(self) -> str:
        """Every AAA03 and every status of a 277, each after its loop."""
        found = [(loop, s.split("*")) for loop, s in self.segments]
        reported = [f"{loop} {e[3]}" for loop, e in found if e[0] == "AAA"]
        return " ".join(
            reported + [f"{loop} {' '.join([e[1], *e[10:]])}" for loop, e in found if e[0] == "STC"]
        )

    def tags(self, *starts: str) -> list[str]:
        """The segments that begin so."""
        return [text for _, text in self.segments if text.startswith(starts)]

    def after(self, start: str) -> list[str]:
        """The segments behind the first that begins so, the last ones of the set aside."""
        texts = [text for _, text in self.segments]
        return texts[next(i for i, text in enumerate(texts) if text.startswith(start)) : -1]


def answers(world: World, kind: str, *bodies: str) -> list[Answer]:
    """The answers to one interchange with these sets."""
    world._sent += 1
    done = world.process(interchange(kind, bodies, world._sent))
    (file,) = [f for one in done for f in one.files if f.name.split(".")[-2] in ("271", "277", "278")]
    source = Source(data=file.content)
    found = []
    for checked in check_interchanges(source, every_guide=True):
        for one in (s for group in checked.groups for s in group.sets):
            assert not one.diagnostics
            items = loop_segments(source, one, checked.delimiters)
            segments = tuple((loop, "*".join(elements)) for loop, elements, _ in items)
            found.append(Answer(file.content, segments))
    return found


def answer(world: World, kind: str, body: str) -> Answer:
    (only,) = answers(world, kind, body)
    return only


def errors_of(content: bytes) -> set[str]:
    """What types 3 to 6 find in a file of ours."""
    source = Source(data=content)
    return {
        d.code
        for checked in check_interchanges(source, every_guide=True)
        for group in checked.groups
        for one in group.sets
        for d in set_errors(source, one, checked.delimiters, "", AT.date())
    }


@pytest.fixture(scope="module")
def pyx12_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = ("271.X279A1", "277.X212", "278R.X217", "278R.X215", "278R.X216")
    return write_maps(tmp_path_factory.mktemp("maps"), [f"{name}.xml" for name in files])


def test_every_row_that_says_something_has_a_case() -> None:
    said = {
        " ".join(filter(None, (r["diagnostic"], r["set"], r["loop"], r["qualifier"])))
        for r in rows("inquiry_edits")
        if not r["why"] and not r["diagnostic"].startswith("companion")
    }
    assert {row for row, *_ in CASES} == said


ONE_SERVICE = ("2110C 57", "2110C AG")  # the other service is answered
NO_PATIENT = ("2100B", "2010A", "2010B")
ON_FILE = ("HCR", "REF*6P", "DTP*346", "EB*1", "EB*B", "STC*F", "STC*D0")


@pytest.mark.parametrize(("row", "kind", "before", "after", "said"), CASES)
def test_what_is_said_where(
    row: str, kind: str, before: str, after: str, said: str, world: World, pyx12_maps: Path
) -> None:
    assert before in BODIES[kind]
    reported = answer(world, kind, BODIES[kind].replace(before, after, 1))
    assert reported.rejections() == said
    assert bool(reported.tags(*ON_FILE)) == (said in ONE_SERVICE)
    assert [t[:8] for t in reported.tags("TRN")] == ([] if said.startswith(NO_PATIENT) else ["TRN*2*T1"])
    # The values come back as they were sent, the wrong one too: nothing else is wrong with the answer.
    assert errors_of(reported.content) <= {row.split()[0]}
    found = pyx12_says(reported.content.decode("latin-1"), pyx12_maps)[1]
    assert {s.text[1:].split(")")[0] for s in found} <= set(after.split("*")), found


@pytest.mark.parametrize("kind", BODIES)
def test_nothing_is_said_of_a_valid_set(kind: str, world: World) -> None:
    reported = answer(world, kind, BODIES[kind])
    assert reported.rejections() == {"276": "2200D D0:35", "278I": "2000E AA"}.get(kind, "")
    assert bool(reported.tags(*ON_FILE)) == (kind != "278I")


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("270", "HL*3*2*22*0", "HL*3*2*22*1"),
        ("270", "PRV*RF", "REF*SY*000112222\nN3*4 LANE\nN4*DOVER*QX*041011*QQ\nPRV*RF"),
        ("276", "DTP*472*RD8*20260706-20260707\n", ""),
        ("276", "DMG*D8*19721009*M\n", ""),
        ("276", STATUS[STATUS.index("\nTRN") :].rstrip(), ""),
        ("278", "N3*1 WHARF", "REF*EI*000000000\nN3*1 WHARF"),
        ("278", "DMG*D8", "N3*4 LANE\nN4*DOVER*QX*041011*QQ\nDMG*D8"),
        ("278", "UM*HS*I*62*22:B\nDTP", "UM*HS*I*62*22:B*AA:::QX\nDTP"),
    ],
)
def test_what_no_answer_rests_on_is_passed_over(kind: str, before: str, after: str, world: World) -> None:
    body = body_with_members(BODIES[kind])
    assert before in body
    reported = answer(world, kind, body.replace(before, after, 1))
    assert reported.rejections() in ("", "2200D D0:35")
    assert reported.tags(*ON_FILE)


def body_with_members(body: str) -> str:
    """The body with @member lines written out."""
    return "\n".join(body_of(body))


# -- levels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said", "levels"),
    [
        ("06-20260710", "06-20260701", "2100D 57", "20 21 22 23"),
        ("01-20260731", "01-20260630", "2100C 57", "20 21 22"),
        ("EQ*98", "EQ**HC:7055", "2110D AG", "20 21 22 23"),
    ],
)
def test_a_dependent(before: str, after: str, said: str, levels: str, world: World) -> None:
    reported = answer(world, "270", FAMILY.replace(before, after, 1))
    assert reported.rejections() == said
    assert [hl.split("*")[3] for hl in reported.tags("HL")] == levels.split()
    assert reported.tags("TRN") == ["TRN*2*T1*9TIDEGATE0"]
    assert not reported.tags(*ON_FILE)


def test_a_dependent_s_claim_and_event(world: World) -> None:
    status = STATUS[: STATUS.index("HL*4")] + FAMILY_276 + STATUS[STATUS.index("TRN*1") :]
    assert answer(world, "276", status.replace("06-20260707", "06-20260705")).rejections() == "2200E E0:187"
    event = REVIEW[REVIEW.index("TRN") : REVIEW.index("HL*5")].replace("G43009", "G4")
    reported = answer(world, "278", REVIEW[: REVIEW.index("@member")] + FAMILY_278 + event)
    assert reported.rejections() == "2000E AF"
    assert [hl.split("*")[3] for hl in reported.tags("HL")] == ["20", "21", "22", "23", "EV"]


WRONG_NPI = ("@provider 1P 1201100017", "NM1*1P*1*AMES*VERA****XX*1201100018")


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("270", ("B200", "B999", "06-20260710", "06-20260705"), "2100C 72 2100C 57"),
        (
            "270",
            (*WRONG_NPI, "AVON*ME", "AVON*QX"),
            "2100B 43 2100B 47",
        ),
        (
            "270",
            (*WRONG_NPI, "06-20260710", "06-20260705"),
            "2100B 43",
        ),
        ("270", ("B200", "B999", "HC:70551", "HC:7055"), "2100C 72"),
        ("276", ("B200", "B999", "06-20260707", "06-20260705"), "2200D E0:33:IL E0:187"),
        (
            "276",
            (*WRONG_NPI, "HC:99213", "HC:9"),
            "2200C E0:24:1P",
        ),
        ("276", ("06-20260707", "06-20260705", "HC:99213", "HC:9"), "2200D E0:187 E0:454"),
        ("278", ("@member B200", "@member B600", "G43009", "G4"), "2010C 95"),
        ("278", ("@member B200", "NM1*IL*1*X*Y****MI*B999", "HC:70551", "HC:7"), "2010C 58"),
        ("278", ("BCH77", "OTHER", "AVON*ME", "AVON*QX"), "2010A 79"),
        ("278N", ("BCH77", "OTHER", "AVON*ME", "AVON*QX"), "2010A 47"),
        ("278", ("UM*HS*I*62*22", "UM*IN*I*62*22", "BATH*ME", "BATH*QX"), "2000E 33 2010EA 47"),
        ("278", ("G43009", "G4", "BATH*ME", "BATH*QX"), "2000E AF 2010EA 47"),
        ("278", ("HC:70551", "HC:7", "CAMDEN*ME", "CAMDEN*QX"), "2000F AG 2010FA 47"),
        ("278", ("HC:70551", "HC:7", "HC:70552", "HC:7"), "2000F AG 2000F AG"),
        ("278", ("G43009", "G4", "HC:70551", "HC:7"), "2000E AF"),
    ],
)
def test_the_topmost_level_is_reported_with_what_the_engine_says_there(
    kind: str, changes: tuple[str, str, str, str], said: str, world: World
) -> None:
    first, then, second, other = changes
    reported = answer(world, kind, BODIES[kind].replace(first, then, 1).replace(second, other, 1))
    assert reported.rejections() == said
    assert not reported.tags(*ON_FILE)


# -- what is beside it, and what is left behind ---------------------------------------------------------


def test_the_next_patient_of_a_270_is_answered(world: World) -> None:
    next_one = "HL*4*2*22*0\nTRN*1*T2*9TIDEGATE0\n@member B300\nEQ*98"
    valid = answer(world, "270", ELIGIBILITY + next_one)
    faulty = answer(world, "270", ELIGIBILITY.replace("06-20260710", "06-20260705") + next_one)
    assert faulty.rejections() == "2100C 57"
    assert faulty.after("HL*4") == valid.after("HL*4")
    assert any(text.startswith("EB*1") for text in faulty.after("HL*4"))


def test_one_service_of_two_is_answered_as_if_it_were_alone(world: World) -> None:
    alone = answer(world, "270", ELIGIBILITY.replace("EQ**HC:70551\n", ""))
    beside = answer(world, "270", ELIGIBILITY.replace("HC:70551", "HC:7055"))
    assert beside.after("HL*3") == [*alone.after("HL*3"), "EB*V************HC:7055", "AAA*N**AG*C"]


def test_the_next_claim_of_a_276_is_answered(world: World) -> None:
    claim = "CLM*V1*140***11:B:1*Y*A*Y*Y\nHI*ABK:M1711\nLX*1\nSV1*HC:99213*140*UN*1***1\nDTP*472*D8*20260706"
    head = "BHT*0019*00*F1*20260715*0800*CH\n@head\nHL*1**20*1\n@billing 1201100017\nHL*2*1*22*0"
    world.send("837P", f"{head}\nSBR*P*18*******12\n@subscriber B200\n@payer\n{claim}")
    two = STATUS + "TRN*1*T2\nDTP*472*D8*20260706"
    assert answer(world, "276", two).tags("STC*F")
    reported = answer(world, "276", two.replace("06-20260707", "06-20260705"))
    assert reported.rejections().startswith("2200D E0:187 2200D F")
    first = reported.segments[: [text for _, text in reported.segments].index("TRN*2*T2")]
    assert [text[:7] for _, text in first][-3:] == ["TRN*2*T", "STC*E0:", "DTP*472"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("AVON*ME", "AVON*QX"),
        ("G43009", "G4"),
        ("BATH*ME", "BATH*QX"),
        ("HC:70551", "HC:7055"),
        ("CAMDEN*ME", "CAMDEN*QX"),
    ],
)
def test_a_refused_event_leaves_nothing_behind(before: str, after: str, world: World, tmp_path: Path) -> None:
    refused, decided = answers(world, "278", REVIEW.replace(before, after), REVIEW)
    fresh = answer(World(tmp_path / "fresh.db"), "278", REVIEW)
    assert refused.tags("AAA")
    assert not refused.tags("HCR", "REF*NT")
    assert decided.after("BHT") == fresh.after("BHT")


def test_a_refused_cancellation_cancels_nothing(world: World) -> None:
    approved = answer(world, "278", REVIEW).tags("HCR*")[0].split("*")
    assert approved[1] == "A1"
    cancel = REVIEW.replace("UM*HS*I*62*22:B\nDTP", f"UM*HS*3*62*22:B\nREF*BB*{approved[2]}\nDTP")
    asked = INQUIRY.replace("REF*NT*CASE260706000001", f"REF*BB*{approved[2]}")
    assert answer(world, "278", cancel.replace("G43009", "G4")).rejections() == "2000E AF"
    assert answer(world, "278I", asked).tags("HCR*")[0] == f"HCR*A1*{approved[2]}"
    assert answer(world, "278", cancel).tags("HCR*C")
    assert answer(world, "278I", asked).tags("HCR*")[0] == f"HCR*C*{approved[2]}"


def test_an_inquiry_about_a_review_says_nothing_of_it_beside_an_aaa(world: World) -> None:
    number = answer(world, "278", REVIEW).tags("HCR*")[0].split("*")[2]
    asked = INQUIRY.replace("REF*NT*CASE260706000001", f"REF*BB*{number}")
    reported = answer(world, "278I", asked.replace("13-20260720", "13-20260710"))
    assert reported.rejections() == "2000E 57"
    assert not reported.tags("HI", "HSD", "SV1", "HCR", "HL*5")


@pytest.mark.parametrize(
    ("kind", "before", "after", "segment"),
    [
        ("270", "AVON*ME*04101", "AVON*ME*041011", "N4*AVON*ME*041011"),
        ("270", "M1711", "M17.11", "HI*ABK:M17.11"),
        ("276", "HC:99213", "HC:9921", "SVC*HC:9921*140*****1"),
        ("278", "CAMDEN*ME*04101", "CAMDEN*ME*041011", "N4*CAMDEN*ME*041011"),
        (
            "278",
            "HALYARD*****XX*1807700079",
            "HALYARD*****XX*1807700078",
            "NM1*SJ*2*HALYARD*****XX*1807700078",
        ),
        ("278", "HC:70551", "HC:7055", "SV1*HC:7055:26**UN*1"),
    ],
)
def test_the_answer_explained_points_at_what_is_wrong(
    kind: str, before: str, after: str, segment: str, world: World
) -> None:
    body = BODIES[kind].replace(before, after, 1)
    original = interchange(kind, [body], 101)
    reported = [
        x.text for x in explain(Source(data=answer(world, kind, body).content), Source(data=original))
    ]
    place = next(text for text in reported if "in the original" in text)
    offset = int(place.partition("byte ")[2].partition(",")[0])
    assert original[offset:].split(b"~")[0].decode() == segment


# -- what a partner asks for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "rule", "said"),
    [
        ("270", Rule("companion-required", RulePlace("TRN", "", 4), loop="2000C"), "2100C 15"),
        ("270", Rule("companion-forbidden", RulePlace("EQ", "", 2), loop="2110C"), "2110C 33"),
        ("270", Rule("companion-forbidden", RulePlace("HI"), loop="2100C"), ""),
        ("276", Rule("companion-required", RulePlace("REF", "EJ"), loop="2200D"), "2200D E0:481"),
        ("278", Rule("companion-code", RulePlace("UM", "", 6), loop="2000E", codes=frozenset("E")), ""),
        (
            "278",
            Rule("companion-code", RulePlace("UM", "", 3), loop="2000E", codes=frozenset("1")),
            "2000E 33",
        ),
        ("278", Rule("companion-required", RulePlace("PER"), loop="2010EA"), "2010EA 15"),
        ("278", Rule("companion-required", RulePlace("INS"), loop="2010C"), ""),
    ],
)
def test_a_companion_guide(
    kind: str, rule: Rule, said: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    companion = Companion("invented", frozenset(("TIDEGATE",)), (rule,))
    monkeypatch.setattr("x12_payer.edi.snip.set_errors.companion_for", lambda *_: companion)
    reported = answer(world, kind, BODIES[kind])
    assert reported.rejections() == said
