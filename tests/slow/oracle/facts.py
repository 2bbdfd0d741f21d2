"""What the oracle knows of plans and services: CONTRACT section 4, its table and its categories."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LIMIT = 60  # PT and OT visits a calendar year
PCP, GROUP, HOME = "1201100017", "1403300035", "1212121218"


@dataclass(frozen=True)
class Service:
    """One procedure: its service type, who renders it here, its fee and how it shares cost."""

    procedure: str
    modifier: str
    service_type: str
    npi: str
    fee: Decimal
    copay: Decimal = Decimal(0)
    deductible: bool = False
    exact: bool = False
    limited: bool = False  # counts towards the therapy visits
    unit: str = "UN"  # of its approvals


@dataclass(frozen=True)
class Plan:
    """One plan: what is needed before which service types, its amounts a year."""

    required: frozenset[str]
    deductible: Decimal
    out_of_pocket: Decimal
    limit: bool

    def needs(self, service: Service) -> bool:
        """True when the plan wants an approval for the service."""
        return service.service_type in self.required


def _service(code: str, *facts: Any, **more: Any) -> tuple[str, Service]:
    procedure, _, modifier = code.partition(":")
    return code, Service(procedure, modifier, *facts, **more)


D20, D75 = Decimal(20), Decimal(75)
SERVICES = dict(
    [
        _service("99213", "98", PCP, Decimal(100), D20),
        _service("90837", "A6", PCP, Decimal(110), D20),
        _service("72148", "62", PCP, Decimal(500), D75),
        _service("81432", "5", PCP, Decimal(1200), exact=True),
        _service("81433", "5", PCP, Decimal(450), exact=True),
        _service("A7030", "12", PCP, Decimal(80)),
        _service("29881", "2", PCP, Decimal(800), deductible=True),
        _service("97110:GP", "PT", GROUP, Decimal(40), D20, limited=True, unit="VS"),
        _service("97140:GP", "PT", GROUP, Decimal(38), D20, limited=True, unit="VS"),
        _service("97530:GO", "AD", GROUP, Decimal(42), D20, limited=True, unit="VS"),
        _service("G0151", "42", HOME, Decimal(150), unit="DY"),
    ]
)
PLANS = {
    "BAY-HMO": Plan(frozenset({"5", "62", "12", "PT", "AD"}), Decimal(500), Decimal(2000), True),
    "BAY-PPO": Plan(frozenset({"5", "62", "12"}), Decimal(500), Decimal(4000), True),
    "MEDICARE-HMO": Plan(frozenset({"62", "12", "PT", "AD", "42"}), Decimal(0), Decimal(3400), False),
}
OFFERED = {  # what the sequences bill on each plan; MEDICARE-HMO has cost shares of its own
    "BAY-HMO": (
        "99213",
        "90837",
        "72148",
        "81432",
        "81433",
        "A7030",
        "29881",
        "97110:GP",
        "97140:GP",
        "97530:GO",
    ),
    "BAY-PPO": ("99213", "90837", "72148", "81432", "81433", "A7030", "29881", "97110:GP", "97530:GO"),
    "MEDICARE-HMO": ("A7030", "97110:GP", "97140:GP", "97530:GO", "G0151"),
}
