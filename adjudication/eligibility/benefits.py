"""What a 271 answers for each service of the inquiry: whether it is covered and needs authorization, what
the member pays, what limits it and what is left (CONTRACT sections 4 and 5, scenarios E01 and E10 to
E16).

EB11 comes from the look-up that claims and the 278 use; equal statements are merged by repeating EB03."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import evolve

from x12_payer.adjudication.eligibility.coverage import (
    BOTH,
    Coverage,
    NetworkAnswer,
    Question,
    answered_type,
    generic_types,
    is_supported,
    network_answers,
    service_type_rows,
)
from x12_payer.adjudication.eligibility.plan import CALENDAR_YEAR, PLAN, REMAINING, deductible, used
from x12_payer.authorization.services import CostShare, Limit, Requirement
from x12_payer.edi.messages.common import Contact, Party
from x12_payer.edi.messages.eligibility import Benefit, ServiceInquiry

VISIT, ADMISSION = "27", "36"  # EB06


def active_benefits(coverage: Coverage, asked: ServiceInquiry) -> Iterator[Benefit]:
    """The statements of an active coverage about one EQ: that the plan is active, and what is asked."""
    yield evolve(_active(coverage, PLAN), in_network=coverage.network)
    kinds = asked.service_types or (() if asked.procedure else PLAN)
    if any(kind in PLAN or not is_supported(coverage, kind) for kind in kinds):
        yield from _generic(coverage)
    for kind in kinds:
        if kind not in PLAN and is_supported(coverage, kind):
            yield from _explicit(
                coverage,
                Question(kind, place_of_service=asked.place_of_service, diagnoses=asked.diagnoses),
            )
    if asked.procedure:
        question = Question("", asked.procedure, asked.place_of_service, asked.diagnoses)
        yield from _explicit(coverage, question)


def merged(benefits: Iterable[Benefit]) -> tuple[Benefit, ...]:
    """Each statement once; those that differ in EB03 alone as one with EB03 repeated (X12 2201, 2267). The
    plan as a whole (30) is by itself."""
    found: dict[tuple[bool, Benefit], dict[str, None]] = {}
    for benefit in benefits:
        key = (benefit.service_types == PLAN, evolve(benefit, service_types=()))
        found.setdefault(key, {}).update(dict.fromkeys(benefit.service_types))
    return tuple(evolve(benefit, service_types=tuple(kinds)) for (_, benefit), kinds in found.items())


# -- the plan and its main service types (30) --------------------------------------------------------


def _generic(coverage: Coverage) -> Iterator[Benefit]:
    """EB*1 for each main type the plan covers, then what the member pays; what is not covered is not named
    (CONTRACT 7)."""
    money: list[Benefit] = []
    for kind in generic_types():
        stated = network_answers(coverage, Question(kind))
        if not stated[0].covered:
            continue
        yield _active(coverage, (kind,))
        money.extend(b for f in stated for b in _costs(coverage, (kind,), f))
    yield from money


def _active(coverage: Coverage, kinds: tuple[str, ...]) -> Benefit:
    plan = coverage.plan
    return Benefit("1", "IND", kinds, insurance_type=plan.product, plan_description=plan.name)


# -- one service -----------------------------------------------------------------------------------


def _explicit(coverage: Coverage, question: Question) -> Iterator[Benefit]:
    """Every statement about one service type or procedure, with its EB13 and place of service."""
    kinds = answered_type(coverage, question)
    for benefit in _statements(coverage, question, kinds):
        yield evolve(
            benefit,
            service_types=benefit.service_types or kinds,
            procedure=question.procedure,
            place_of_service=question.place_of_service,
        )


def _statements(coverage: Coverage, question: Question, kinds: tuple[str, ...]) -> Iterator[Benefit]:
    stated = network_answers(coverage, question)
    if not stated[0].covered:
        yield Benefit("I", "IND", kinds, authorization="N", in_network=BOTH)
        return
    yield from _covered(coverage, question, kinds, stated)
    for network_answer in stated:
        yield from _costs(coverage, kinds, network_answer)
    inside = stated[0]
    yield from _threshold(coverage, kinds, inside.requirement)
    for limit in inside.share.limits:
        yield from _limit(coverage, limit, _reported(coverage, question, inside.requirement))


def _covered(
    coverage: Coverage, question: Question, kinds: tuple[str, ...], stated: tuple[NetworkAnswer, ...]
) -> Iterator[Benefit]:
    """EB*1 with EB11: one statement when network makes no difference to it, else one for each (X12 1605)."""
    letters = [_reported(coverage, question, f.requirement) for f in stated]
    alike = len({(letter, f.requirement.message) for letter, f in zip(letters, stated, strict=True)}) == 1
    networks = [BOTH] if len(stated) > 1 and alike else [f.network for f in stated]
    for network_answer, letter, network in zip(stated, letters, networks, strict=False):
        need = network_answer.requirement
        yield evolve(
            _active(coverage, kinds),
            authorization=letter,
            in_network=network,
            messages=() if need.threshold is not None or not need.message else (need.message,),
            related=_delegate(need),
        )


def _reported(coverage: Coverage, question: Question, need: Requirement) -> str:
    """EB11. Beyond a threshold it depends on the visits used; a wide service type may leave it open (U)."""
    row = service_type_rows().get(question.service_type, {})
    stated = row.get("authorization", "")
    if question.procedure is None and stated:
        return "" if stated == "-" else stated
    if need.threshold is not None:
        return "Y" if used(coverage, need.threshold_accumulator) >= need.threshold else "N"
    return need.flag


def _delegate(need: Requirement) -> tuple[Party, ...]:
    """Who reviews the service for us, in 2120 (GEN-33, VND-01)."""
    if not need.delegate:
        return ()
    contacts = (Contact("IC", "", (("TE", need.delegate_phone),)),) if need.delegate_phone else ()
    return (Party("X3", "2", need.delegate, contacts=contacts),)


def _costs(coverage: Coverage, kinds: tuple[str, ...], network_answer: NetworkAnswer) -> Iterator[Benefit]:
    """EB*B copay, EB*C deductible with what is left, EB*A coinsurance; a copay of 0 when nothing is due."""
    share, network = network_answer.share, network_answer.network
    if not network_answer.covered or share.category == "other":
        return
    if share.deductible:
        yield from _deductible(coverage, kinds, network_answer)
    if share.coinsurance:
        yield Benefit("A", "IND", kinds, percent=share.coinsurance, in_network=network)
    if share.copay or not (share.deductible or share.coinsurance):
        yield Benefit("B", "IND", kinds, time_period=_per(share), amount=share.copay, in_network=network)


def _deductible(
    coverage: Coverage, kinds: tuple[str, ...], network_answer: NetworkAnswer
) -> Iterator[Benefit]:
    if _has_deductible(coverage, network_answer.shares_as):
        for benefit in deductible(coverage, kinds, network_answer.shares_as):
            yield evolve(benefit, in_network=network_answer.network)


def _has_deductible(coverage: Coverage, network: str) -> bool:
    """False for a plan whose deductible is 0: the plan's own EB*C says so once."""
    return any(b.amount for b in deductible(coverage, PLAN, network) if b.time_period == CALENDAR_YEAR)


def _per(share: CostShare) -> str:
    """EB06 of a copay: an admission or a visit."""
    return ADMISSION if share.category == "inpatient" else VISIT


# -- limits ----------------------------------------------------------------------------------------


def _threshold(coverage: Coverage, kinds: tuple[str, ...], need: Requirement) -> Iterator[Benefit]:
    """Visits a year that need no authorization, and that those beyond do (CHI-01)."""
    if need.threshold is None:
        return
    limit = Limit(need.threshold_accumulator, need.threshold, "VS", kinds, need.rule)
    yield from _limit(coverage, limit, "N")
    beyond = f"AUTHORIZATION REQUIRED FOR VISITS {need.threshold + 1} AND BEYOND"
    yield Benefit("D", "IND", kinds, authorization="Y", in_network=BOTH, messages=(need.message or beyond,))


def _limit(coverage: Coverage, limit: Limit, letter: str) -> Iterator[Benefit]:
    """EB*F with the visits of a year and those left, for all the service types that share them (STR-02)."""
    left = max(limit.quantity - used(coverage, limit.accumulator), Decimal(0))
    for period, quantity in ((CALENDAR_YEAR, limit.quantity), (REMAINING, left)):
        yield Benefit(
            "F",
            "IND",
            limit.service_types,
            time_period=period,
            quantity_qualifier=limit.unit,
            quantity=quantity,
            authorization=letter,
            in_network=BOTH,
        )
