"""270 and 276 from the file to the answer: scenarios E and S with people of our own."""

import pytest

from tests.worlds.payer.e2e import INQUIRY, Out, World

PCP, SPECIALIST, THERAPY, LAB = "1201100017", "1302200021", "1403300035", "1706600065"
LATER = "2026-08-06T09:00:00"


def eligibility(who: str, *asked: str, day: str = "20260706", npi: str = PCP) -> str:
    """A 270 about one subscriber."""
    return "\n".join(
        [
            "BHT*0022*13*R1*20260706*1015",
            "HL*1**20*1",
            "@payer",
            "HL*2*1*21*1",
            npi if npi.startswith("NM1") else f"@provider 1P {npi}",
            "HL*3*2*22*0",
            "TRN*1*T1*9TIDEGATE0",
            who,
            f"DTP*291*D8*{day}",
            *(asked or ("EQ*30",)),
        ]
    )


def family(subscriber: str, dependent: str, *asked: str) -> str:
    """A 270 about a dependent."""
    return "\n".join(
        [
            "BHT*0022*13*R2*20260706*1015",
            "HL*1**20*1",
            "@payer",
            "HL*2*1*21*1",
            f"@provider 1P {PCP}",
            "HL*3*2*22*1",
            subscriber,
            "HL*4*3*23*0",
            "TRN*1*T2*9TIDEGATE0",
            dependent,
            *(asked or ("EQ*30",)),
        ]
    )


def status(subscriber: str, *claims: str, npi: str = PCP, receiver: str = "TIDEGATE") -> str:
    """A 276 about one subscriber; `subscriber` is DMG and NM1, each claim a TRN with what follows."""
    return "\n".join(
        [
            "BHT*0010*13*Q1*20260806*0900",
            "HL*1**20*1",
            "@payer",
            "HL*2*1*21*1",
            f"NM1*41*2*TIDE GATE EXCHANGE*****46*{receiver}",
            "HL*3*2*19*1",
            npi if npi.startswith("NM1") else f"@provider 1P {npi}",
            "HL*4*3*22*0",
            subscriber,
            *claims,
        ]
    )


QUINCY = "DMG*D8*19721009*M\nNM1*IL*1*QUINCY*ABEL****MI*B200"


def visits(*claims: tuple[str, str, str], npi: str = PCP, member: str = "B200") -> str:
    """An 837P with one line a claim: claim id, code and charge as `99213*140`, day."""
    lines = ["BHT*0019*00*F1*20260715*0800*CH", "@head", "HL*1**20*1", f"@billing {npi}"]
    lines += ["HL*2*1*22*0", "SBR*P*18*******12", f"@subscriber {member}", "@payer"]
    for number, service, day in claims:
        charge = service.split("*")[1]
        lines += [f"CLM*{number}*{charge}***11:B:1*Y*A*Y*Y", "HI*ABK:M1711", "LX*1"]
        lines += [f"SV1*HC:{service}*UN*1***1", f"DTP*472*D8*{day}"]
    return "\n".join(lines)


# -- 271: who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("NM1*IL*1*NOBODY*ANN****MI*B999\nDMG*D8*19700101*F", ["AAA*N**72*C"]),
        ("NM1*IL*1*NOBODY*ANN\nDMG*D8*19700101*F", ["AAA*N**75*C"]),
        ("NM1*IL*1*YOUNG*SAM\nDMG*D8*19900919*M", ["AAA*Y**76*C"]),
        ("NM1*IL*1******MI*B200", ["AAA*N**58*C", "AAA*N**73*C"]),
        ("NM1*IL*1*QUINCY*ABEL****MI*B200\nDMG*D8*19721010*M", ["AAA*N**71*C"]),
        ("NM1*IL*1*QUINBY*ABEL****MI*B200\nDMG*D8*19721009*M", ["AAA*N**73*C"]),
        ("NM1*IL*1*QUINBY*ABEL****MI*B200\nDMG*D8*19721010*M", ["AAA*N**71*C", "AAA*N**73*C"]),
        ("NM1*IL*1*Quincy, Sr.*abel****MI*B200\nDMG*D8*19721009*M", []),
        ("NM1*IL*1*QUINCY*ABEL\nDMG*D8*19721009*M", []),
        ("NM1*IL*1******MI*B200\nDMG*D8*19721009*M", []),
    ],
)
def test_who_is_meant(world: World, who: str, said: list[str]) -> None:
    out = world.send("270", eligibility(who))
    assert out.find("271", "AAA") == said
    assert bool(out.find("271", "EB")) == (not said)
    if said:  # what was sent comes back, and nothing on file
        sent = who.split("\n")
        assert out.has("271", "TRN*2*T1*9TIDEGATE0", sent[0], *sent[1:])
        assert not out.find("271", "REF")


@pytest.mark.parametrize(
    ("receiver", "network"),
    [
        ("NM1*1P*2*DRIFTWOOD THERAPY*****FI*870100003", "W"),
        ("NM1*FA*2*ISLAND HOSPITAL*****SV*L-12", "W"),
        ("NM1*1P*2*DRIFTWOOD THERAPY*****XX*1403300035", "Y"),
    ],
)
def test_the_network_of_who_asks(world: World, receiver: str, network: str) -> None:
    out = world.send("270", INQUIRY.replace("@provider 1P 1201100017", receiver).replace("EQ*30", "EQ*98"))
    assert not out.find("271", "AAA")
    plan_line = next(s.split("*") for s in out.find("271", "EB*1") if s.split("*")[3] == "30")
    assert plan_line[12] == network


@pytest.mark.parametrize(("npi", "reason"), [("1201100018", "43"), ("1234567893", "51")])
def test_an_invalid_or_unknown_provider_ends_the_answer(world: World, npi: str, reason: str) -> None:
    out = world.send("270", eligibility("@member B200", npi=f"NM1*1P*1*AMES*VERA****XX*{npi}"))
    assert out.find("271", "AAA") == [f"AAA*N**{reason}*C"]
    assert [hl.split("*")[3] for hl in out.find("271", "HL")] == ["20", "21"]


def test_a_dependent_is_answered_at_the_own_level_and_without_the_subscriber_s_benefits(world: World) -> None:
    out = world.send("270", family("@member B100", "@dependent B101\nINS*N*19", "EQ*98"))
    below = out.part("271", "HL*4*3*23")
    assert below[1:4] == ["TRN*2*T2*9TIDEGATE0", "NM1*03*1*MARLOW*THEO", "DMG*D8*20140203*M"]
    assert "INS*N*19" in below
    assert out.find("271", "EB") == [s for s in below if s.startswith("EB")] != []


def test_an_unknown_dependent_says_nothing_of_the_family(world: World) -> None:
    subscriber = "NM1*IL*1*MARLOW*EDNA****MI*B100"
    out = world.send("270", family(subscriber, "NM1*03*1*MARLOW*TESS\nDMG*D8*20140203*F"))
    assert out.part("271", "HL*3", "HL*4") == ["HL*3*2*22*1", subscriber]
    assert out.find("271", "AAA") == ["AAA*N**67*C"]
    assert not out.find("271", "EB")


# -- 271: when and what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("20240705", "AAA*N**62*C"),
        ("20240706", "EB*6"),
        ("20260831", "EB*1"),
        ("20260901", "AAA*N**63*C"),
    ],
)
def test_how_far_one_may_look(world: World, day: str, said: str) -> None:
    out = world.send("270", eligibility("@member B200", day=day))
    assert out.has("271", said)
    assert bool(out.find("271", "AAA")) != bool(out.find("271", "EB"))


@pytest.mark.parametrize(
    ("member", "day", "said", "not_said"),
    [
        ("B600", "20260430", ("DTP*347*D8*20260430", "EB*1*IND*30*HM"), "EB*6"),
        ("B600", "20260501", ("DTP*347*D8*20260430", "EB*6*IND*30*HM"), "EB*1"),
        ("B800", "20260630", ("REF*6P*G80", "EB*1*IND*30*HM"), "EB*1*IND*30*PR"),
        ("B800", "20260701", ("REF*6P*G81", "EB*1*IND*30*PR"), "EB*1*IND*30*HM"),
    ],
)
def test_the_coverage_of_the_day(
    world: World, member: str, day: str, said: tuple[str, ...], not_said: str
) -> None:
    out = world.send("270", eligibility(f"@member {member}", day=day))
    assert out.has("271", *said)
    assert not out.find("271", not_said)


@pytest.mark.parametrize(
    ("member", "asked", "said"),
    [
        ("B100", "EQ*PT", "EB*1*IND*PT*HM*BAY HMO******Y*Y"),
        ("B100", "EQ*PT", "EB*F*IND*PT^AD***29***VS*40"),
        ("B400", "EQ*PT", "EB*1*IND*PT*PR*FEP STANDARD******N"),
        ("B400", "EQ*PT", "EB*F*IND*PT^AD^AF***23***VS*75"),
        ("B200", "EQ*62\nIII*ZZ*22", "EB*1*IND*62*PR*BAY PPO******Y"),
        ("B200", "EQ*62\nIII*ZZ*23", "EB*1*IND*62*PR*BAY PPO******N"),
        ("B200", "EQ**HC:81432", "EB*1*IND*5*PR*BAY PPO******Y*W*HC:81432"),
        ("B300", "EQ**HC:81432", "EB*1*IND*5*HN*MEDICARE HMO******N*Y*HC:81432"),
        ("B400", "EQ**HC:H0036", "EB*I*IND*MH********N*W*HC:H0036"),
        ("B100", "EQ*33", "EB*D*IND*33********Y*W"),
        ("B903", "EQ*33", "EB*F*IND*33***23***VS*12*N*W"),
        ("B200", "EQ*64", "EB*1*IND*1^33^47^48^50^86^98^MH^UC"),
        ("B700", "EQ*35", "EB*F*IND*35***29*400"),
        ("B904", "EQ*30", "EB*R*IND*30"),
    ],
)
def test_what_is_said_of_a_service(world: World, member: str, asked: str, said: str) -> None:
    out = world.send("270", eligibility(f"@member {member}", asked))
    assert out.find("271", said)
    assert not out.find("271", "AAA")


def test_a_paid_claim_is_seen_by_the_next_answer(world: World) -> None:
    def left() -> list[str]:
        return world.send("270", eligibility("@member B902")).find("271", "EB*C*IND*30***29")

    assert left()[0] == "EB*C*IND*30***29*500*****Y"
    world.send("837P", visits(("DD-1", "29881*1000", "20260702"), member="B902", npi=SPECIALIST))
    assert left()[0] == "EB*C*IND*30***29*0*****Y"


# -- 277 ---------------------------------------------------------------------------------------------


def three_visits(world: World) -> None:
    claims = [(f"V{n}", f"99213*{140 + n}", "20260710") for n in range(3)]
    world.send("837P", visits(*claims), as_of="2026-07-15T08:00:00")


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("DTP*472*D8*20260710", ["V0", "V1", "V2"]),
        ("DTP*472*RD8*20260701-20260710", ["V0", "V1", "V2"]),
        ("DTP*472*D8*20260711", []),
        ("AMT*T3*141", ["V1"]),
        ("REF*EJ*V2", ["V2"]),
        ("REF*EJ*V2\nAMT*T3*141", []),
        ("REF*1K*UNKNOWN\nREF*EJ*V2", []),
    ],
)
def test_every_criterion_sent_must_agree(world: World, claim: str, found: list[str]) -> None:
    three_visits(world)
    out = world.send("276", status(QUINCY, f"TRN*1*S1\n{claim}"), as_of=LATER)
    if found:
        assert [s.split("*")[2] for s in out.find("277", "REF*EJ")] == found
        assert out.find("277", "TRN") == ["TRN*2*S1"] * len(found)
        assert len(out.find("277", "STC*F1:65*20260715**")) == len(found)
    else:
        assert out.find("277", "STC") == ["STC*D0:35*20260806"]
        assert not out.find("277", "SVC")


def test_more_claims_than_an_answer_holds(world: World) -> None:
    claims = [(f"W{n}", f"99213*{200 + n}", "20260709") for n in range(21)]
    world.send("837P", visits(*claims), as_of="2026-07-15T08:00:00")
    narrow = world.send("276", status(QUINCY, "TRN*1*S1\nAMT*T3*205"), as_of=LATER)
    assert narrow.find("277", "REF*EJ") == ["REF*EJ*W5"]
    wide = world.send("276", status(QUINCY, "TRN*1*S2\nDTP*472*D8*20260709"), as_of=LATER)
    assert wide.find("277", "STC") == ["STC*D0:485*20260806"]


@pytest.mark.parametrize(
    ("asked", "said", "deepest"),
    [
        (status(QUINCY, "TRN*1*S1", receiver="STRANGER"), ["TRN*2*Q1", "STC*E0:0:41*20260806"], "21"),
        (
            status(QUINCY, "TRN*1*S1", npi="NM1*1P*2*NOT HERE*****XX*1234567893"),
            ["TRN*1*Q1", "STC*E0:24:1P*20260806"],
            "19",
        ),
        (status(QUINCY.replace("1009", "1010"), "TRN*1*S1"), ["TRN*2*S1", "STC*E0:33:IL*20260806"], "22"),
    ],
)
def test_a_failure_is_reported_at_its_level_and_nothing_below(
    world: World, asked: str, said: list[str], deepest: str
) -> None:
    three_visits(world)
    out = world.send("276", asked, as_of=LATER)
    assert [s for s in out.all("277") if s.startswith(("TRN", "STC", "SVC", "REF"))] == said
    assert out.find("277", "HL")[-1].split("*")[3] == deepest


def status_codes(out: Out) -> list[str]:
    """Status composites of each STC, the first and the tenth element."""
    parts = [s.split("*") for s in out.find("277", "STC")]
    return ["+".join(filter(None, (p[1], "".join(p[10:11])))) for p in parts]


def test_denied_in_part_and_whole(world: World) -> None:
    world.load(
        "authorizations",
        f"AU-G,B200,authorization,approved,5,{PCP},{LAB},81432,,,UN,1,2026-07-01,2026-07-01,2026-09-30,",
        f"AU-N,B200,authorization,denied,62,{PCP},{LAB},70551,,,UN,1,2026-07-01,2026-07-01,2026-09-30,0F",
    )
    both = visits(("PART", "81432*1500", "20260710"), ("WANT", "72148*700", "20260710"), npi=LAB)
    both = both.replace("CLM*PART*1500", "CLM*PART*2100").replace(
        "DTP*472*D8*20260710\nCLM*WANT",
        "DTP*472*D8*20260710\nLX*2\nSV1*HC:81433*600*UN*1***1\nDTP*472*D8*20260710\nCLM*WANT",
    )
    both = both.replace("HI*ABK:M1711", "REF*G1*AU-G\nHI*ABK:M1711", 1)
    world.send("837P", both, as_of="2026-07-15T08:00:00")
    part = world.send("276", status(QUINCY, "TRN*1*S1\nREF*EJ*PART", npi=LAB), as_of=LATER)
    assert status_codes(part) == ["F1:65", "F1:65", "F2:252:85"]
    want = world.send("276", status(QUINCY, "TRN*1*S2\nREF*EJ*WANT", npi=LAB), as_of=LATER)
    assert status_codes(want) == ["F2:84+F2:252:85", "F2:252:85"]
    world.send("837P", visits(("NO", "70551*900", "20260711"), npi=LAB), as_of="2026-07-15T08:00:00")
    denied = world.send("276", status(QUINCY, "TRN*1*S3\nREF*EJ*NO", npi=LAB), as_of=LATER)
    assert status_codes(denied)[0].startswith("F2:84")


def test_a_claim_that_waits_for_pricing_is_no_final_claim(world: World) -> None:
    world.send("837P", visits(("WAIT", "99204*220", "20260710")), as_of="2026-07-15T08:00:00")
    out = world.send("276", status(QUINCY, "TRN*1*S1\nREF*EJ*WAIT"), as_of=LATER)
    assert status_codes(out) == ["P1:45", "P1:45"]
    assert out.find("277", "STC")[0] == "STC*P1:45*20260806**220"
