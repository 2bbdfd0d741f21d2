"""Type 4 on institutional claims: admission data, statement dates, line dates; type 6: what was done, on home
health and outpatient bills."""

from collections.abc import Mapping

from x12_payer.edi.codes.frequencies import ends_stay
from x12_payer.edi.snip.rules.claim_view import ClaimView, Line
from x12_payer.edi.snip.rules.collector import Collector, reads, text
from x12_payer.edi.snip.rules.services import rules_of

INPATIENT, OUTPATIENT, HOME, HOSPICE = "inpatient", "outpatient", "home", "hospice"
STILL_PATIENT = "30"


@reads("attending-missing", "NM101 SV201")
def check_institutional(claim: ClaimView, bill_classes: Mapping[str, str], collector: Collector) -> None:
    """Every rule on one institutional claim. `bill_classes` says what a type of bill is for."""
    kind = bill_classes.get(claim.facility, "")
    if kind == INPATIENT:
        _admission(claim, collector)
        _discharge(claim, collector)
    elif kind == OUTPATIENT:
        _line_dates(claim, collector)
        _procedures(claim, collector)
    elif kind == HOME:
        _home_health(claim, collector)
    if kind in (INPATIENT, HOSPICE):
        _still_there(claim, collector)
    _statement(claim, collector)
    if "NM1*71" not in claim.own and not all(_is_transport(line) for line in claim.lines):
        collector.add("attending-missing", claim.clm)


def _is_transport(line: Line) -> bool:
    """An ambulance line has no attending provider."""
    return line.segment is not None and "transport" in rules_of(text(line.segment[1], 1))


@reads("admission-date-missing", "CLM05 DTP01")
@reads("admission-type-missing", "CLM05 CL101")
def _admission(claim: ClaimView, collector: Collector) -> None:
    """An inpatient bill says when and how the patient was admitted."""
    if "435" not in claim.days:
        collector.add("admission-date-missing", claim.clm, 5, 1)
    cl1 = claim.own.get("CL1")
    if cl1 is not None and not text(cl1[1], 1):
        collector.add("admission-type-missing", cl1, 1)


@reads("discharge-hour-missing", "CLM05 CL103 DTP01")
def _discharge(claim: ClaimView, collector: Collector) -> None:
    """The last bill of a stay says at which hour the patient left."""
    status = text(claim.own["CL1"][1], 3) if "CL1" in claim.own else STILL_PATIENT
    if ends_stay(claim.kind, claim.frequency) and status != STILL_PATIENT and "096" not in claim.days:
        collector.add("discharge-hour-missing", claim.clm, 5, 3)


@reads("still-patient-final", "CLM05 CL103")
def _still_there(claim: ClaimView, collector: Collector) -> None:
    """Who is still a patient gets another bill: this one is not the last."""
    cl1 = claim.own.get("CL1")
    if cl1 is not None and text(cl1[1], 3) == STILL_PATIENT and ends_stay(claim.kind, claim.frequency):
        collector.add("still-patient-final", cl1, 3)


@reads("line-procedure-missing", "CLM05 SV201 SV202")
def _procedures(claim: ClaimView, collector: Collector) -> None:
    """Some revenue codes of an outpatient bill say nothing without the procedure."""
    for line in claim.lines:
        item = line.segment
        if item is not None and not line.service.code and "procedure" in rules_of(text(item[1], 1)):
            collector.add("line-procedure-missing", item, 2)


@reads("line-date-missing", "CLM05 SV202 DTP01 DTP02 DTP03")
def _line_dates(claim: ClaimView, collector: Collector) -> None:
    """An outpatient line says its day unless the statement covers one day only."""
    stated = claim.days.get("434")
    if stated is None or stated[0] == stated[1]:
        return
    for line in claim.lines:
        if line.dated is None and line.segment is not None and line.service.code:
            collector.add("line-date-missing", line.segment)


@reads("admission-after-statement", "DTP01 DTP02 DTP03")
def _statement(claim: ClaimView, collector: Collector) -> None:
    """The statement covers the dates of the lines, and the stay began by its end."""
    stated = claim.days.get("434")
    if stated is None or not stated[0] or stated[1] < stated[0]:
        return
    first, last, _ = stated
    for line in claim.lines:
        if line.dated is not None and line.first and not first <= line.first <= line.last <= last:
            _outside(line, collector)
    admitted = claim.days.get("435")
    if admitted is not None and admitted[0] > last:
        collector.add("admission-after-statement", admitted[2], 3)


@reads("line-outside-statement", "SV201 DTP01 DTP02 DTP03")
def _outside(line: Line, collector: Collector) -> None:
    """A line that ends before it begins is reported as such; that of a HIPPS code has the date of the
    assessment."""
    assessed = line.segment is not None and "assessment" in rules_of(text(line.segment[1], 1))
    if line.dated is not None and line.first <= line.last and not assessed:
        collector.add("line-outside-statement", line.dated, 3)


@reads("home-health-start-missing", "CLM05 DTP01")
@reads("home-health-procedure-missing", "CLM05 SV201 SV202")
def _home_health(claim: ClaimView, collector: Collector) -> None:
    """Home health says when care began, and what was done at each visit."""
    if "435" not in claim.days:
        collector.add("home-health-start-missing", claim.clm, 5, 1)
    for line in claim.lines:
        item = line.segment
        if item is not None and not line.service.code and "home_visit" in rules_of(text(item[1], 1)):
            collector.add("home-health-procedure-missing", item, 2)
