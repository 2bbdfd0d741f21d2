"""Type 4 on the diagnoses of a claim: what comes first, what is repeated, and what else an institutional
bill needs (admitting diagnosis, reason for the visit, present on admission, who operated).

Which codes are meant is in maps/codes/diagnosis_rules.csv, which bills need what in bill_types.csv."""

from collections.abc import Iterator
from functools import cache, lru_cache

from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.rules.claim_view import ClaimView
from x12_payer.edi.snip.rules.collector import Collector, reads, text
from x12_payer.edi.snip.rules.services import rules_of
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import LoopSegment

PRINCIPAL = frozenset(("ABK", "BK"))
LISTED = frozenset((*PRINCIPAL, "ABF", "BF", "TQ"))  # the diagnoses that lines point at
NOTHING: frozenset[str] = frozenset()  # what a type of bill asks for that has no row
EXTERNAL_CAUSE, POA_EXEMPT = "external_cause", "poa_exempt"
ICD_9 = frozenset(("BK", "BF", "BJ", "PR", "BN"))
_ICD_9, _ICD_10 = "9", "10"
_PREFIX = 3  # characters of a code by which the rules know it
_POA = 9  # component of a composite: present on admission
_ON_ADMISSION = frozenset(("ABK", "ABF"))
_PROCEDURES = frozenset(("BBR", "BR"))
_ADMITTING, _VISIT_REASONS = frozenset(("ABJ", "BJ")), frozenset(("APR", "PR"))

Coded = tuple[LoopSegment, int, list[str]]  # an HI, the element, its components


@frozen
class Rule:
    """One row of diagnosis_rules.csv."""

    name: str
    code_set: str
    first: str
    last: str
    ends: str

    def speaks_of(self, code: str) -> bool:
        """Is the code one of the row?"""
        meant = self.first <= code[:_PREFIX] <= self.last
        return meant and (not self.ends or code[_PREFIX + 3 :] in tuple(self.ends))


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(row["rule"], row["set"], row["from"], row["to"] or row["from"], row["ends"])
        for row in rows("diagnosis_rules")
    )


@lru_cache(maxsize=20_000)
def diagnosis_rules(qualifier: str, code: str) -> frozenset[str]:
    """The rules of diagnosis_rules.csv that speak of a diagnosis."""
    of_set = _ICD_9 if qualifier in ICD_9 else _ICD_10
    return frozenset(rule.name for rule in _rules() if rule.code_set == of_set and rule.speaks_of(code))


@reads("principal-external-cause", "HI")
@reads("diagnosis-repeat", "HI")
def check_diagnoses(claim: ClaimView, separator: str, collector: Collector) -> None:
    """A diagnosis is listed once, and no external cause first."""
    seen: set[str] = set()
    for item, number, parts in _coded(claim, separator):
        if parts[0] not in LISTED or not parts[1]:
            continue
        if parts[0] in PRINCIPAL and EXTERNAL_CAUSE in diagnosis_rules(parts[0], parts[1]):
            collector.add("principal-external-cause", item, number, 2, parts[1])
        if parts[1] in seen:
            collector.add("diagnosis-repeat", item, number, 2, parts[1])
        seen.add(parts[1])


@reads("admitting-diagnosis-missing", "CLM05 HI")
@reads("visit-reason-missing", "CLM05 HI SV201 CL101")
@reads("operating-missing", "HI NM101")
@reads("present-on-admission-missing", "CLM05 HI")
def check_bill_codes(claim: ClaimView, separator: str, asks: frozenset[str], collector: Collector) -> None:
    """What an institutional bill says in HI. `asks` is what its type asks for."""
    if not claim.codes:
        return
    coded = list(_coded(claim, separator))
    qualifiers = {parts[0] for _, _, parts in coded}
    if "admitting" in asks and not qualifiers & _ADMITTING:
        collector.add("admitting-diagnosis-missing", claim.codes[0])
    if "visit_reason" in asks and not qualifiers & _VISIT_REASONS and _unscheduled(claim):
        collector.add("visit-reason-missing", claim.codes[0])
    for item, number, parts in coded:
        if parts[0] in _PROCEDURES and "NM1*72" not in claim.own:
            collector.add("operating-missing", item, number)
        elif "poa" in asks and parts[0] in _ON_ADMISSION and not _answers(parts):
            collector.add("present-on-admission-missing", item, number, _POA, "")


def _coded(claim: ClaimView, separator: str) -> Iterator[Coded]:
    """Each composite of the HI of a claim."""
    for item in claim.codes:
        for number, composite in enumerate(item[1][1:], 1):
            yield item, number, [*composite.split(separator), ""]


def _unscheduled(claim: ClaimView) -> bool:
    """Does a line speak of a visit that nobody planned? Some revenue codes do so only with an admission type
    (CL101) that their row names."""
    cl1 = claim.own.get("CL1")
    urgency = text(cl1[1], 1) if cl1 is not None else ""
    for line in claim.lines:
        needs = rules_of(text(line.segment[1], 1)).get("visit_reason") if line.segment is not None else None
        if needs is not None and (not needs or urgency in needs.split()):
            return True
    return False


def _answers(parts: list[str]) -> bool:
    """Does a diagnosis say whether it was present on admission, or need not?"""
    return (len(parts) > _POA and parts[_POA - 1] != "") or POA_EXEMPT in diagnosis_rules(parts[0], parts[1])
