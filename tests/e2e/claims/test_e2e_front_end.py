"""The edits at the door, from the 837 to the 277CA: scenarios X05 to X07, C15, C16, C18, C32."""

from collections.abc import Mapping

import pytest

from tests.worlds.payer.e2e import Out, World

AS_OF = "2026-07-15T08:00:00"
QUINCY = "@subscriber B200"


def claim(
    number: str,
    charge: str = "140",
    *,
    who: str = QUINCY,
    line: str = "99213*140",
    day: str = "20260710",
    frequency: str = "1",
    diagnosis: str = "M1711",
    set_of_codes: str = "ABK",
    payer: str = "@payer",
    responsibility: str = "P",
    place: str = "11:B:{}*Y*A*Y*Y",
    pointers: str = "1",
    first: str = "",
    more: str = "",
    after: str = "",
) -> str:
    """One professional claim of a subscriber with one line. `first` comes before HI, `more` behind it,
    `after` at the end of the line."""
    return "\n".join(
        [
            "HL*?*1*22*0",
            f"SBR*{responsibility}*18*******12",
            who,
            payer,
            f"CLM*{number}*{charge}***{place.format(frequency)}",
            first,
            f"HI*{set_of_codes}:{diagnosis}",
            more,
            "LX*1",
            f"SV1*HC:{line}*UN*1***{pointers}",
            f"DTP*472*D8*{day}",
            after,
        ]
    )


def claims(*parts: str, billing: str = "@billing 1201100017") -> str:
    """An 837P set with one billing provider."""
    head = f"BHT*0019*00*FILE*20260715*0800*CH\n@head\nHL*1**20*1\n{billing}\n"
    return head + "\n".join(part.replace("HL*?*", f"HL*{n}*") for n, part in enumerate(parts, 2))


def claim_statuses(out: Out) -> Mapping[str, list[str]]:
    """What the 277CA says of each claim: STC01 and the action, by CLM01 (the last claim of a number wins)."""
    found: dict[str, list[str]] = {}
    number = ""
    for segment in out.part("277CA", "NM1*85"):
        parts = segment.split("*")
        if parts[0] == "HL":
            number = "?" if parts[3] == "PT" else ""
        elif parts[0] == "SVC":  # 2220D says the line's own findings once more
            number = ""
        elif parts[0] == "TRN" and number:
            number = parts[2]
            found[number] = []
        elif parts[0] == "STC" and number:
            found[number].append(f"{parts[1]} {parts[3]}")
    return found


def paid(out: Out) -> list[str]:
    return [segment.split("*")[1] for segment in out.find("835", "CLP")]


def person(last: str, first: str, number: str, born: str) -> str:
    return f"NM1*IL*1*{last}*{first}****MI*{number}\nN3*1 PIER\nN4*PORTLAND*ME*041010009\nDMG*D8*{born}*M"


OTHER_PAYER = (
    "SBR*P*18*******12\n{}OI***Y***Y\nNM1*IL*1*BARTER*HUGH****MI*FM9001\nNM1*PR*2*FIRST*****PI*FIRS1"
)
REFUSED = {
    "unknown member": ({"who": person("ZULU", "ANN", "B999", "19700101")}, ["A3:33:IL U"]),
    "other birth date": ({"who": person("QUINCY", "ABEL", "B200", "19721010")}, ["A7:158:IL U"]),
    "other payer": ({"payer": "NM1*PR*2*ELSEWHERE*****PI*ELSE1"}, ["A3:116 U"]),
    "total": ({"charge": "150"}, ["A7:178 U"]),
    "diagnosis": ({"diagnosis": "71946"}, ["A7:254 U"]),
    "diagnosis with a point": ({"diagnosis": "M25.561"}, ["A7:254 U"]),
    "diagnosis of ICD-9": ({"diagnosis": "71946", "set_of_codes": "BK"}, ["A7:254 U"]),
    "procedure": ({"line": "9921*140"}, ["A7:454 U"]),
    "tomorrow": ({"day": "20260716"}, ["A7:510 U"]),
    "referring NPI": ({"more": "NM1*DN*1*BOONE*CARL****XX*1302200022"}, ["A7:562:DN U"]),
    "rendering NPI of the line": ({"after": "NM1*82*1*EVANS*NELL****XX*1504400040"}, ["A7:562:82 U"]),
    "replacement of nothing": ({"frequency": "7"}, ["A7:464 U"]),
    "void of nothing": ({"frequency": "8"}, ["A7:464 U"]),
    "replacement of an unknown claim": ({"frequency": "7", "first": "REF*F8*NONE"}, ["A3:464 U"]),
    "secondary": ({"responsibility": "S"}, ["A6:286 U"]),
    "secondary, nothing paid told": (
        {"responsibility": "S", "more": OTHER_PAYER.format("")},
        ["A6:286 U"],
    ),
    "pointer": ({"pointers": "1:2"}, ["A7:477 U"]),
    "place": ({"place": "00:B:{}*Y*A*Y*Y"}, ["A7:249 U"]),
    "modifier": ({"line": "99213:2#*140"}, ["A7:453 U"]),
    "units": ({"after": "LX*2\nSV1*HC:99214*0*UN*0***1\nDTP*472*D8*20260710"}, ["A7:476 U"]),
    "payer's place twice": (
        {"responsibility": "S", "more": OTHER_PAYER.format("AMT*D*140\n").replace("SBR*P", "SBR*S")},
        ["A7:742 U"],
    ),
    "accident without its date": ({"place": "11:B:{}*Y*A*Y*Y**AA:::ME"}, ["A6:727 U"]),
    "taxonomy": (
        {"more": "NM1*82*1*EVANS*NELL****XX*1504400049\nPRV*PE*PXC*207Q"},
        ["A7:145:82 U"],
    ),
    "state of the service place": (
        {"more": "NM1*77*2*CLINIC\nN3*1 PIER\nN4*PORTLAND*XQ*041010009"},
        ["A7:501:77 U"],
    ),
    "attachment without number": ({"first": "PWK*OZ*EL"}, ["A6:489 U"]),
    "two findings": ({"charge": "150", "day": "20260716"}, ["A7:178 U", "A7:510 U"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_the_door(world: World, name: str) -> None:
    changes, said = REFUSED[name]
    out = world.send("837P", claims(claim("BAD", **changes), claim("GOOD", day="20260709")), as_of=AS_OF)
    assert claim_statuses(out) == {"BAD": said, "GOOD": ["A2:20 WQ"]}
    assert len(out.find("277CA", "REF*1K")) == 1
    assert out.has("277CA", "QTY*90*1", "QTY*AA*1", "NM1*85", "QTY*QA*1", "QTY*QC*1")
    assert paid(out) == ["GOOD"]


@pytest.mark.parametrize(
    "changes",
    [
        {"day": "20260715"},
        {"who": person("Quincy III", "abel", "B200", "19721009")},
        {"responsibility": "S", "more": OTHER_PAYER.format("AMT*D*0\n"), "who": "@subscriber B904"},
        {"first": "REF*F8*OTHER"},
    ],
    ids=["today", "name", "secondary with nothing paid", "a number without need"],
)
def test_let_in(world: World, changes: dict[str, str]) -> None:
    out = world.send("837P", claims(claim("ONE", **changes)), as_of=AS_OF)
    assert claim_statuses(out) == {"ONE": ["A2:20 WQ"]}
    assert paid(out) == ["ONE"]


@pytest.mark.parametrize("npi", ["1201100018", "1234567893"])
def test_a_billing_provider_we_cannot_know_is_in_each_claim(world: World, npi: str) -> None:
    billing = f"NM1*85*1*AMES*VERA****XX*{npi}\nN3*1 PIER\nN4*PORTLAND*ME*041010009\nREF*EI*870100001"
    out = world.send("837P", claims(claim("A"), claim("B", day="20260709"), billing=billing), as_of=AS_OF)
    assert claim_statuses(out) == {"A": ["A7:562:85 U"], "B": ["A7:562:85 U"]}
    assert not out.all("835")


def test_a_dependent_is_looked_for_in_the_family(world: World) -> None:
    def family(number: str, patient: str) -> str:
        line = "LX*1\nSV1*HC:99213*140*UN*1***1\nDTP*472*D8*20260710"
        return f"PAT*19\n{patient}\nCLM*{number}*140***11:B:1*Y*A*Y*Y\nHI*ABK:J069\n{line}"

    stranger = "NM1*QC*1*MARLOW*TESS\nN3*1 PIER\nN4*PORTLAND*ME*041010009\nDMG*D8*20140203*F"
    subscriber = "HL*2*1*22*1\nSBR*P********12\nNM1*IL*1*MARLOW*EDNA****MI*B100\n@payer"
    body = [subscriber, "HL*3*2*23*0", family("KNOWN", "@patient B101")]
    body += ["HL*4*2*23*0", family("STRANGE", stranger)]
    out = world.send("837P", claims(*body), as_of=AS_OF)
    assert claim_statuses(out) == {"KNOWN": ["A2:20 WQ"], "STRANGE": ["A3:33:QC U"]}
    assert paid(out) == ["KNOWN"]


@pytest.mark.parametrize("apart", [False, True], ids=["in one set", "in two sets"])
def test_the_same_claim_twice_in_a_file(world: World, apart: bool) -> None:
    twice = [claims(claim("C1")), claims(claim("C1"))] if apart else [claims(claim("C1"), claim("C1"))]
    out = world.send("837P", *twice, as_of=AS_OF)
    statuses = [s.split("*")[1] for s in out.find("277CA", "STC") if s.split("*")[1] != "A1:19:PR"]
    assert statuses == ["A2:20", "A3:746"]
    assert paid(out) == ["C1"]
    again = world.send("837P", claims(claim("C2")), as_of=AS_OF)
    assert claim_statuses(again) == {"C2": ["A2:20 WQ"]}
    assert again.has("835", "CLP*C2*1*140*0", "CAS*OA*18*140")


def test_a_claim_is_voided_once_and_by_its_own_patient(world: World) -> None:
    first = world.send("837P", claims(claim("V1")), as_of=AS_OF)
    void = {"frequency": "8", "first": f"REF*F8*{first.value('277CA', 'REF*1K', 2)}"}
    strange = world.send("837P", claims(claim("V2", who="@subscriber B902", **void)), as_of=AS_OF)
    assert claim_statuses(strange) == {"V2": ["A3:464 U"]}
    done = world.send("837P", claims(claim("V1", **void)), as_of=AS_OF)
    assert done.has("835", "CLP*V1*22*-140*-80")
    again = world.send("837P", claims(claim("V1", **void)), as_of=AS_OF)
    assert claim_statuses(again) == {"V1": ["A3:464 U"]}


def test_institutional_and_dental_claims_pass_the_same_door(world: World) -> None:
    def file(billing: str, who: str, rest: str) -> str:
        return claims(f"HL*?*1*22*0\nSBR*P*18*******12\n{who}\n@payer\n{rest}", billing=billing)

    stay = "DTP*434*RD8*20260714-20260716\nCL1*1*1*01\nHI*ABK:S0990XA\nNM1*71*1*BOONE*CARL****XX*1302200022"
    line = "LX*1\nSV2*0450*HC:99284*500*UN*1\nDTP*472*D8*20260714"
    body = file("@billing 1908800083", QUINCY, f"CLM*I1*600***13:A:1**A*Y*Y\n{stay}\n{line}")
    assert claim_statuses(world.send("837I", body, as_of=AS_OF)) == {
        "I1": ["A7:178 U", "A7:510 U", "A7:562:71 U"]
    }
    teeth = "CLM*D1*90***11:B:1*Y*A*Y*Y\nDTP*472*D8*20260710\nLX*1\nSV3*AD:1110*90****1"
    body = file("@billing 1414141410", "@subscriber B700", teeth)
    assert claim_statuses(world.send("837D", body, as_of=AS_OF)) == {"D1": ["A7:454 U"]}
