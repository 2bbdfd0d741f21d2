"""One claim of an 835 (2100) with its lines (2110)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from x12_payer.edi.messages.common import Amount, Party, Period, Person, Reference
from x12_payer.edi.messages.remittance import RemittanceClaim, RemittanceLine
from x12_payer.edi.parsers.bag import Bag
from x12_payer.edi.parsers.common import contact, element, reference
from x12_payer.edi.parsers.x837_shared import (
    Segments,
    Shared,
    adjustments,
    money,
    named_elements,
    number,
    shared_party,
    shared_procedure,
)

_PREDETERMINED = "25"  # CLP02
_NO_SERVICE_DATE = date(1900, 1, 1)  # DTM02 of a predetermination
_REVENUE = "NU"  # SVC01-01
_REMARKS = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}
_LIST = "HE"  # LQ01: remark codes


def read_claim(block: Segments, group: str, shared: Shared) -> RemittanceClaim:
    """CLP and what follows it up to the next one. An amount that is none is 0; where one of a kind may be
    the first is read."""
    own, lines = _cut(block)
    bag = Bag(own)
    clp = bag.first("CLP")
    names = _names(bag, shared)
    mia, moa = bag.first("MIA"), bag.first("MOA")
    corrected = names.get("74")
    status = element(clp, 2)
    return RemittanceClaim(
        control_number=element(clp, 1),
        status=status,
        charge=money(element(clp, 3)),
        paid=money(element(clp, 4)),
        patient_responsibility=money(element(clp, 5)),
        filing_indicator=element(clp, 6),
        payer_control_number=element(clp, 7),
        patient=names.get("QC", Party("")),
        facility_code=element(clp, 8),
        frequency=element(clp, 9),
        drg=element(clp, 11),
        insured=names.get("IL"),
        rendering=names.get("82"),
        corrected_patient=Person(corrected) if corrected else None,
        adjustments=adjustments(bag.all("CAS")),
        references=tuple([reference(s) for s in bag.all("REF")]),
        statement=_span(bag, "232", "233"),
        received=bag.day("DTM", "050"),
        expiration=bag.day("DTM", "036"),
        coverage=_amount(bag, "AU"),
        patient_paid=_amount(bag, "F5"),
        interest=_amount(bag, "I"),
        remarks=(*_remarks(mia), *_remarks(moa)),
        inpatient=bool(mia),
        lines=tuple([_line(line, status == _PREDETERMINED, shared) for line in lines]),
        group=group,
        patient_status=element(clp, 10),
        drg_weight=number(element(clp, 12)),
        discharge_fraction=number(element(clp, 13)),
        crossover=names.get("TT"),
        corrected_payer=names.get("PR"),
        other_insured=names.get("GB"),
        adjudication=(*_numbers(mia), *_numbers(moa)),
        contacts=tuple([contact(s) for s in bag.all("PER")]),
        amounts=bag.amounts("AMT"),
        quantities=bag.amounts("QTY"),
        periods=bag.days("DTM"),
        other=bag.left(),
    )


def _cut(block: Segments) -> tuple[Segments, list[Segments]]:
    """The claim's own segments, and those of each line."""
    starts = [at for at, segment in enumerate(block) if segment[0] == "SVC"]
    own = block[: starts[0]] if starts else block
    return own, [block[start:end] for start, end in pairwise((*starts, len(block)))]


def _names(bag: Bag, shared: Shared) -> dict[str, Party]:
    """The first NM1 of each kind."""
    found: dict[str, Party] = {}
    for entity in ("QC", "IL", "74", "82", "TT", "PR", "GB"):
        if name := bag.first("NM1", entity):
            found[entity] = shared_party([list(name)], shared)
    return found


def _amount(bag: Bag, qualifier: str) -> Decimal | None:
    found = bag.amount("AMT", qualifier)
    return found.value if found else None


def _remarks(segment: Sequence[str]) -> tuple[str, ...]:
    """The remark codes of a MIA or MOA."""
    return tuple(code for at in _REMARKS[segment[0]] if (code := element(segment, at))) if segment else ()


def _numbers(segment: Sequence[str]) -> tuple[Amount, ...]:
    return named_elements(segment, but=_REMARKS[segment[0]]) if segment else ()


def _span(bag: Bag, begin: str, end: str) -> Period | None:
    """Two DTM as a period; the end is the begin where it is not sent."""
    first = bag.day("DTM", begin)
    if first is None:
        return None
    last = bag.day("DTM", end) or first
    return Period(begin, first, last, "D8" if first == last else "RD8")


def _line(block: Segments, predetermined: bool, shared: Shared) -> RemittanceLine:
    """SVC and what follows it up to the next one."""
    bag = Bag(block)
    svc = bag.first("SVC")
    service = shared_procedure(element(svc, 1), shared)
    by_revenue = service is not None and service.qualifier == _REVENUE
    lists = [s for s in bag.all("LQ") if len(s) > 1]
    return RemittanceLine(
        charge=money(element(svc, 2)),
        paid=money(element(svc, 3)),
        procedure=None if by_revenue else service,
        revenue_code=service.code if service and by_revenue else element(svc, 4),
        units_paid=number(element(svc, 5)),
        units_billed=number(element(svc, 7)),
        period=_service_period(bag, predetermined),
        adjustments=adjustments(bag.all("CAS")),
        references=tuple([reference(s) for s in bag.all("REF")]),
        allowed=_amount(bag, "B6"),
        remarks=tuple([element(s, 2) for s in lists if element(s, 1) == _LIST]),
        procedure_billed=shared_procedure(element(svc, 6), shared),
        amounts=bag.amounts("AMT"),
        quantities=bag.amounts("QTY"),
        other_remarks=tuple(
            [Reference(s[1], element(s, 2)) for s in lists if element(s, 1) not in ("", _LIST)]
        ),
        other=bag.left(),
    )


def _service_period(bag: Bag, predetermined: bool) -> Period | None:
    """DTM 472, else 150 and 151, as a DTP*472 has it; None for the date that stands for none in a
    predetermination."""
    single = bag.day("DTM", "472")
    if single:
        return None if predetermined and single == _NO_SERVICE_DATE else Period("472", single, single)
    found = _span(bag, "150", "151")
    return Period("472", found.begin, found.end, found.format) if found else None
