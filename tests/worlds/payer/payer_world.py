"""A small fictional payer for engine tests: members, providers, an inquiry, a claim, a claim record."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from x12_payer.adjudication.people import Roster
from x12_payer.adjudication.records import ClaimRecord, LineRecord
from x12_payer.authorization.parties import Contract, Directory, Member, Payer, Provider
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.messages.common import Diagnosis, Party, Period, Person, Procedure

TODAY = datetime(2026, 7, 6, 12, 0)
PAYER = Payer("NORTH STAR HEALTH", "NST01", "880000001", "ZZ", "NORTHSTAR")
PCP, SPECIALIST, GROUP = "1234567893", "1922222223", "1933333332"


def member(
    member_id: str,
    last: str,
    first: str,
    born: date,
    plan: str = "BAY-HMO",
    *,
    subscriber: str = "",
    relationship: str = "",
    begin: date = date(2026, 1, 1),
    end: date | None = None,
    pcp: str = "",
) -> Member:
    """One coverage span."""
    subscriber = subscriber or member_id
    relationship = relationship or ("18" if subscriber == member_id else "19")
    return Member(
        member_id,
        subscriber,
        relationship,
        last,
        first,
        born,
        "F",
        plan,
        begin,
        end,
        group_number="G77",
        pcp_npi=pcp,
    )


MOTHER = member("M100", "O'Brien-Stone", "ADA", date(1980, 5, 1), pcp=PCP)
SON = member("M101", "O'BRIEN-STONE", "BEN", date(2012, 9, 9), subscriber="M100")
TWIN = member("M102", "O'BRIEN-STONE", "CAL", date(2012, 9, 9), subscriber="M100")
PPO = member("M200", "VOSS", "KARL", date(1970, 2, 3), "BAY-PPO")
GONE = member("M300", "LUND", "EVA", date(1965, 3, 4), end=date(2026, 5, 31))
SAME_1 = member("M401", "SMITH", "JOHN", date(1980, 1, 1))
SAME_2 = member("M402", "SMITH", "JOHN", date(1980, 1, 1), "BAY-PPO")
EVERYBODY = (MOTHER, SON, TWIN, PPO, GONE, SAME_1, SAME_2)
ROSTER = Roster(EVERYBODY)

DIRECTORY = Directory(
    {
        PCP: Provider(PCP, "1", "WARD", "IDA", "111", role="pcp"),
        SPECIALIST: Provider(SPECIALIST, "1", "REED", "MAX", "222", role="specialist"),
        GROUP: Provider(GROUP, "2", "QUAY THERAPY", "", "333", role="therapy_group"),
    },
    {(PCP, "BAY-HMO"): (Contract(PCP, "BAY-HMO", date(2020, 1, 1)),)},
)


def person(
    last: str = "",
    first: str = "",
    born: date | None = None,
    member_id: str = "",
    entity: str = "IL",
    **more: Any,
) -> Person:
    """A person as a message sends one."""
    party = Party(entity, "1", last, first, id_qualifier="MI" if member_id else "", id=member_id, **more)
    return Person(party, born)


def as_sent(who: Member, entity: str = "IL") -> Person:
    """A member as a valid message sends one; a dependent or patient without id."""
    return person(
        who.last_name, who.first_name, who.birth_date, who.member_id if entity == "IL" else "", entity
    )


def provider(npi: str, entity: str = "1P") -> Party:
    """A provider by NPI."""
    return Party(entity, "2", "SOMEBODY", id_qualifier="XX", id=npi)


def payer(payer_id: str = "NST01") -> Party:
    """The payer as a message names it."""
    return Party("PR", "2", "NORTH STAR", id_qualifier="PI", id=payer_id)


def day(value: date, qualifier: str = "472") -> Period:
    """A DTP of one day."""
    return Period(qualifier, value, value)


def service_line(
    number: str = "1", charge: str = "140", code: str = "99213", on: date = date(2026, 7, 2)
) -> ServiceLine:
    """One professional line."""
    return ServiceLine(number, Decimal(charge), Procedure("HC", code), period=day(on))


def claim(who: Member = PPO, *lines: ServiceLine, **changes: Any) -> Claim:
    """A professional claim of a subscriber; `changes` replace its fields."""
    lines = lines or (service_line(),)
    values: dict[str, Any] = {
        "kind": "P",
        "set_control_number": "0001",
        "ordinal": 1,
        "position": 20,
        "submitter": Party("41"),
        "billing_provider": provider(SPECIALIST, "85"),
        "subscriber": as_sent(who),
        "patient": as_sent(who),
        "payer": payer(),
        "responsibility": "P",
        "control_number": "PC-1",
        "charge": sum((x.charge for x in lines), Decimal(0)),
        "facility_code": "11",
        "facility_qualifier": "B",
        "frequency": "1",
        "lines": lines,
        "diagnoses": (Diagnosis("ABK", "M25561"),),
    }
    return Claim(**{**values, **changes})


def line_record(number: str = "1", charge: str = "140", paid: str = "80", *reasons: str) -> LineRecord:
    """One decided line."""
    return LineRecord(
        number,
        Decimal(charge),
        Decimal(paid),
        Procedure("HC", "99213"),
        period=day(date(2026, 7, 2)),
        control_number=f"L{number}",
        reasons=reasons,
    )


def record(number: str = "N1", **changes: Any) -> ClaimRecord:
    """A paid and remitted professional claim of PPO; `changes` replace its fields."""
    lines = changes.get("lines", (line_record(),))
    values: dict[str, Any] = {
        "claim_number": number,
        "member_id": PPO.member_id,
        "subscriber_id": PPO.member_id,
        "plan_id": "BAY-PPO",
        "kind": "P",
        "control_number": "PC-1",
        "frequency": "1",
        "billing_npi": SPECIALIST,
        "billing_tax_id": "222",
        "charge": sum((x.charge for x in lines), Decimal(0)),
        "paid": sum((x.paid for x in lines), Decimal(0)),
        "patient_responsibility": Decimal(20),
        "status": "paid",
        "received": date(2026, 7, 3),
        "adjudicated": date(2026, 7, 4),
        "service_begin": date(2026, 7, 2),
        "service_end": date(2026, 7, 2),
        "facility_code": "11",
        "lines": lines,
        "trace": "T900",
        "remitted": date(2026, 7, 5),
    }
    return ClaimRecord(**{**values, **changes})
