"""Reference data for a generated 837P: every subscriber a member, every provider known and contracted, every
procedure with a fee. So that a benchmark decides and pays claims and does not only refuse them."""

from collections.abc import Iterator
from pathlib import Path

PLAN = "BAY-PPO"
FEES = {"7": "300.00", "8": "60.00", "9": "80.00"}  # by the first digit of the code

MEMBER_HEADER = (
    "member_id,subscriber_id,relationship,last_name,first_name,birth_date,gender,address,city,state,zip,"
    "plan_id,group_number,effective_date,termination_date,pcp_npi"
)
PROVIDER_HEADER = "npi,entity_type,name,first_name,tax_id,taxonomy,role,address,city,state,zip"
PAYER = """name = "ATLANTIC HEALTH PLAN"
payer_id = "ATL01"
tax_id = "990000001"
interchange_qualifier = "ZZ"
interchange_id = "ATLANTIC01"
address = "1 HARBOR PLAZA"
city = "BOSTON"
state = "MA"
zip = "021100001"
contact_name = "PROVIDER SERVICES"
contact_phone = "8005550100"
"""


def write_reference(claims: Path, folder: Path) -> None:
    """The CSV files for the claims of one generated file."""
    folder.mkdir(parents=True, exist_ok=True)
    members: dict[str, str] = {}
    providers: dict[str, str] = {}
    codes: set[str] = set()
    segments = _segments(claims)
    for segment in segments:
        if segment[0] == "NM1" and segment[1] == "IL":
            _, street, city, birth = segment, next(segments), next(segments), next(segments)
            row = [segment[9], segment[9], "18", segment[3], segment[4], _day(birth[2]), birth[3]]
            row += [street[1], *city[1:4], PLAN, "GRP1", "2026-01-01", "", ""]
            members[segment[9]] = ",".join(row)
        elif segment[0] == "NM1" and segment[1] in ("85", "82"):
            row = [segment[9], segment[2], segment[3], segment[4], "990000002", "", "specialist"]
            providers[segment[9]] = ",".join([*row, "1 WHARF ST", "BOSTON", "MA", "021100001"])
        elif segment[0] == "SV1":
            codes.add(segment[1].split(":")[1])
    _write(folder / "members.csv", MEMBER_HEADER, members.values())
    _write(folder / "providers.csv", PROVIDER_HEADER, providers.values())
    contracts = (f"{npi},{PLAN},2020-01-01," for npi in providers)
    _write(folder / "networks.csv", "npi,plan_id,effective_date,termination_date", contracts)
    fees = (f"*,,{code},,unit,{FEES.get(code[0], '50.00')},2024-01-01," for code in sorted(codes))
    header = "plan_id,npi,code,modifier,basis,amount,effective_date,termination_date"
    _write(folder / "fees.csv", header, fees)
    (folder / "payer.toml").write_text(PAYER, encoding="utf-8")


def _segments(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="latin-1") as lines:
        for line in lines:
            yield line.rstrip("~\r\n").split("*")


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def _write(path: Path, header: str, rows: object) -> None:
    assert hasattr(rows, "__iter__")
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
