"""One person's coverage on one day, and the plan's answer about one service in and out of its network."""

from datetime import date
from functools import cache

from attrs import evolve

from x12_payer.adjudication.records import OtherCoverage
from x12_payer.authorization.facts import MemberFacts
from x12_payer.authorization.parties import Directory, Member
from x12_payer.authorization.plans.plan import (
    Plan,
    Terms,
    cost_share,
    in_network,
    requirement,
    service_type,
    terms,
)
from x12_payer.authorization.services import CostShare, Requirement, Service
from x12_payer.authorization.settings import diagnosis_codes, is_emergency
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Procedure
from x12_payer.edi.tables import rows

# EB12: in network, out of network, the same in both.
IN, OUT, BOTH = "Y", "N", "W"


@frozen
class Coverage:
    """The span in force on the day with everything an answer about it needs."""

    span: Member
    plan: Plan
    facts: MemberFacts
    day: date
    directory: Directory
    other: tuple[OtherCoverage, ...] = ()
    npi: str = ""  # of the provider asked about

    @property
    def terms(self) -> Terms:
        """The plan's terms on the day."""
        return terms(self.plan, self.day)

    @property
    def network(self) -> str:
        """EB12 of the plan line: whether the provider asked about is in the network (GEN-40)."""
        if not self.npi:
            return BOTH
        return IN if in_network(self.plan, self.directory, self.npi, self.day) else OUT

    @property
    def age(self) -> int:
        """Completed years on the day."""
        born = self.span.birth_date
        return self.day.year - born.year - ((self.day.month, self.day.day) < (born.month, born.day))


@frozen
class Question:
    """One service asked about: a service type or a procedure, with its setting."""

    service_type: str = ""
    procedure: Procedure | None = None
    place_of_service: str = ""
    diagnoses: tuple[str, ...] = ()


@frozen
class NetworkAnswer:
    """What the plan says of a service for one EB12."""

    network: str
    share: CostShare
    requirement: Requirement
    emergency: bool = False

    @property
    def shares_as(self) -> str:
        """The network whose deductible counts: an emergency is shared as in network wherever it is."""
        return IN if self.emergency and self.network == OUT else self.network

    @property
    def covered(self) -> bool:
        """True when the plan pays for it at all."""
        return self.share.covered and self.requirement.answer != "not_covered"


@cache
def service_type_rows() -> dict[str, dict[str, str]]:
    """service_types.csv by code."""
    return {row["code"]: row for row in rows("service_types")}


@cache
def generic_types() -> tuple[str, ...]:
    """The service types that a request for 30 answers one by one (X12 1911, CORE 260)."""
    return tuple(code for code, row in service_type_rows().items() if row["generic"] == "Y")


def network_answers(coverage: Coverage, question: Question) -> tuple[NetworkAnswer, ...]:
    """What the plan says of the service: once when it is the same everywhere or nothing is paid outside the
    network, else for in network and out of it."""
    inside = _network_answer(coverage, question, IN)
    if not coverage.terms.network:
        return (evolve(inside, network=BOTH),)
    outside = _network_answer(coverage, question, OUT)
    if not outside.covered:
        return (inside,) if inside.covered else (evolve(inside, network=BOTH),)
    if _alike(inside, outside):
        return (evolve(inside, network=BOTH),)
    return (inside, outside)


def _network_answer(coverage: Coverage, question: Question, network: str) -> NetworkAnswer:
    service = asked_service(coverage, question, network == IN)
    share, need = cost_share(coverage.plan, service), requirement(coverage.plan, service)
    return NetworkAnswer(network, share, need, is_emergency(service))


def _alike(inside: NetworkAnswer, outside: NetworkAnswer) -> bool:
    return (
        inside.requirement.flag == outside.requirement.flag
        and money(inside.share) == money(outside.share)
        and inside.covered == outside.covered
    )


def money(share: CostShare) -> tuple[object, ...]:
    """What of a cost share the member pays."""
    return (share.copay, share.deductible, share.coinsurance)


def asked_service(coverage: Coverage, question: Question, inside: bool = True) -> Service:
    """The question as the plan's look-ups take it."""
    procedure = question.procedure or Procedure()
    return Service(
        day=coverage.day,
        service_type=question.service_type,
        code=procedure.code,
        modifiers=procedure.modifiers,
        place_of_service=question.place_of_service,
        diagnoses=diagnosis_codes(question.diagnoses),
        in_network=inside,
        age=coverage.age,
    )


def is_supported(coverage: Coverage, kind: str) -> bool:
    """True when the plan can speak of the service type; any other is answered as 30 (E15)."""
    if kind in generic_types() or kind in coverage.terms.carved_out:
        return True
    return cost_share(coverage.plan, asked_service(coverage, Question(kind))).category != "other"


def answered_type(coverage: Coverage, question: Question) -> tuple[str, ...]:
    """EB03: the service type asked about, for a procedure the one of its category, () when it has none."""
    if question.procedure is None:
        return (question.service_type,)
    kind = service_type(asked_service(coverage, question))
    return (kind,) if kind else ()
