"""Types 3 to 6 on the three 837: claim by claim, with the levels above."""

from attrs import define, field

from x12_payer.edi.codes.frequencies import takes_back
from x12_payer.edi.snip.rules.adjustments import CAS_AMOUNTS, check_adjustments, check_remarks
from x12_payer.edi.snip.rules.balance import amount, charge_837
from x12_payer.edi.snip.rules.claim_view import ClaimView, claim_view, service_days
from x12_payer.edi.snip.rules.collector import Amounts, Collector, LoopBlock, reads, text
from x12_payer.edi.snip.rules.diagnoses import ICD_9, LISTED, NOTHING, check_bill_codes, check_diagnoses
from x12_payer.edi.snip.rules.institutional import check_institutional
from x12_payer.edi.snip.rules.levels import Tree, check_birth, check_created
from x12_payer.edi.snip.rules.lines import check_lines, check_numbers, check_repeats
from x12_payer.edi.snip.rules.parties import check_beside, check_billing
from x12_payer.edi.snip.rules.payers import check_payers, check_sums
from x12_payer.edi.snip.rules.services import CENTS, CHARGE, POINTERS, last_digit
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

CUTS = frozenset(("HL", "CLM", "SE"))
SELF = "18"
AMOUNTS: Amounts = {
    "CLM": frozenset((2,)),
    **{tag: frozenset((element,)) for tag, element in CHARGE.items()},
    "SBR": frozenset(),
    "SVD": frozenset((1, 2)),
    "AMT": frozenset((1, 2)),
    "CAS": CAS_AMOUNTS,
}
KEPT_CLAIMS = 20_000  # earlier claims that are remembered to find one that comes twice
_NAMED = frozenset(("IL", "QC"))
_ADDRESS = frozenset(("N3", "N4"))
_PREDETERMINATION = "PB"
_HI = frozenset(("HI",))
_DATED_CAUSES = frozenset(("AA", "OA"))
# accident, onset, first treatment, last menses, acute manifestation, last seen, last x-ray, first contact
_BEFORE_SERVICE = ("439", "431", "454", "484", "453", "304", "455", "444")
_BY_PAPER = frozenset(("BM", "EL", "EM", "FT", "FX"))  # PWK02: comes apart from the claim

ClaimFacts = tuple[str, str, str, str, str]  # frequency, charge, first day, subscriber, patient


@define(eq=False)
class PersonView:
    """One 2000B or 2000C: the segments that the rules look at."""

    hl: LoopSegment
    sbr: LoopSegment | None
    name: LoopSegment | None  # NM1*IL or QC
    born: LoopSegment | None  # DMG
    pat: LoopSegment | None
    known_by: str  # the last element of the name: the id, or the first name
    addressed: bool  # have the name's own N3 and N4 been sent?
    claims: int = 0
    patients: int = 0


@define(eq=False)
class ClaimRules:
    """The pass over one 837 set. `recent` and `older` hold the facts of earlier claims."""

    kind: str  # P I D
    tools: Tools
    collector: Collector
    tree: Tree
    subscriber: PersonView | None = None
    patient: PersonView | None = None
    recent: dict[str, ClaimFacts] = field(factory=dict)
    older: dict[str, ClaimFacts] = field(factory=dict)

    def take(self, block: LoopBlock) -> None:
        """One block: the head, an HL, or a claim."""
        tag = block[0][1][0]
        if tag == "CLM":
            self._claim(block)
            return
        self.collector.unit = ("", "")
        self.tools.check_codes(block, self.tools.today if self.collector.marks.whole(block) else "")
        if tag == "HL":
            self._level(block)
        elif tag == "ST":
            check_created(block, self.tools.today, self.collector)
        elif tag == "SE":
            self.end_subscriber()
            self.tree.leave()

    # --- levels

    def _level(self, block: LoopBlock) -> None:
        self.tree.enter(block)
        elements = block[0][1]
        code = elements[3] if len(elements) > 3 else ""
        if code != "23":
            self.end_subscriber()
        if code == "22":
            self.subscriber = person = person_view(block)
        elif code == "23":
            self.patient = person = person_view(block)
            if self.subscriber is not None:
                self.subscriber.patients += 1
        else:
            if code == "20":
                check_billing(block, self.collector)
            return
        if person.born is not None:
            check_birth(person.born, self.tools.today, self.collector)

    @reads("subscriber-without-claim", "HL", level=True)
    @reads("patient-loop-surplus", "HL SBR02", level=True)
    def end_subscriber(self) -> None:
        """A subscriber has a claim, or patients that have (HL04 says so). Who is the patient has a claim."""
        person = self.subscriber
        self.subscriber = self.patient = None
        if person is None or person.claims or self.collector.marks.broken:
            return
        if not person.patients and text(person.hl[1], 4) != "1":
            self.collector.add("subscriber-without-claim", person.hl)
        elif person.patients and person.sbr is not None and _is_self(person.sbr):
            self.collector.add("patient-loop-surplus", person.sbr, 2)

    # --- a claim

    def _claim(self, block: LoopBlock) -> None:
        collector = self.collector
        collector.unit = ("CLM01", text(block[0][1], 1))
        claim = claim_view(self.kind, block, self.tools.delimiters.component)
        first, last = service_days(claim)
        today = self.tools.today
        self.tools.check_codes(block, last if last <= today else "")
        if self.subscriber is not None and self.patient is None:
            self.subscriber.claims += 1
        self._sums(claim, block)
        if not collector.marks.whole(block):
            return
        self._person(claim, first, last)
        self._twice(claim, first)
        check_claim(claim, self.tools.delimiters.component, collector)
        check_version(claim, last, self.tools, collector)
        check_diagnoses(claim, self.tools.delimiters.component, collector)
        check_beside(claim, collector)
        if self.kind == "D" and not last:
            check_served(claim, collector)
        check_dates(claim, first, last, today, collector)
        check_numbers(claim, collector)
        check_payers(claim, self.subscriber.sbr if self.subscriber else None, today, collector)
        if claim.payments:
            check_adjustments(block, collector)
            check_remarks(
                block, self.tools.codes.lists["carc_later"], "other-payer-remark-missing", collector
            )
        if self.kind == "I":
            codes = self.tools.codes
            check_institutional(claim, codes.bill_classes, collector)
            asks = codes.bill_asks.get(claim.facility, NOTHING)
            check_bill_codes(claim, self.tools.delimiters.component, asks, collector)
        check_lines(claim, self.tools.delimiters.component, collector)
        check_repeats(claim, collector)

    @reads("balance-837-charge", "CLM02 SV102 SV203 SV302")
    def _sums(self, claim: ClaimView, block: LoopBlock) -> None:
        marks = self.collector.marks
        if marks.unread(block, AMOUNTS) or (marks.broken and not _one_service_each(claim, block)):
            return
        if claim.payments:
            check_sums(claim, block, self.collector)
            return
        stated = amount(text(claim.clm[1], 2))
        if stated == claim.charged or stated < 0 or any(line.service.charge < 0 for line in claim.lines):
            return  # a negative charge is reported as such
        for found in charge_837(claim.clm[2], stated, (line.service.charge for line in claim.lines)):
            self.collector.add(found.key, claim.clm, 2)

    @reads("patient-loop-missing", "HL03 SBR02")
    @reads("patient-birth-missing", "HL03 SBR02 NM101 DMG")
    @reads("patient-address-missing", "HL03 SBR02 NM101 DMG N3 N4")
    @reads("subscriber-id-missing", "HL03 SBR02 NM101 NM109")
    @reads("birth-after-service", "HL03 DMG02 DTP01 DTP02 DTP03")
    @reads("death-before-service", "HL03 PAT06 DTP01 DTP02 DTP03")
    def _person(self, claim: ClaimView, first: str, last: str) -> None:
        """The patient is the subscriber (SBR02 18), or has a level of his own. He was born before the service
        and did not die before it."""
        subscriber, person = self.subscriber, self.patient or self.subscriber
        if subscriber is None or person is None:
            return
        if self.patient is None and subscriber.claims == 1 and subscriber.sbr is not None:
            if not _is_self(subscriber.sbr):
                self.collector.add("patient-loop-missing", subscriber.sbr, 2)
            elif person.born is None and person.name is not None and not self.collector.marks.broken:
                self.collector.add("patient-birth-missing", person.name)
            elif not person.addressed and person.name is not None and not self.collector.marks.broken:
                self.collector.add("patient-address-missing", person.name)
            if _is_self(subscriber.sbr) and person.name is not None and not text(person.name[1], 9):
                self.collector.add("subscriber-id-missing", person.name, 9)
        if person.born is not None and last and last < text(person.born[1], 2) <= self.tools.today:
            self.collector.add("birth-after-service", person.born, 2)
        died = text(person.pat[1], 6) if person.pat is not None else ""
        if died and died < first:
            self.collector.add("death-before-service", claim.clm)

    @reads("claim-duplicate", "CLM01 CLM02 CLM05 NM1 DTP01 DTP02 DTP03")
    @reads("claim-number-repeat", "CLM01 CLM02 CLM05 NM1 DTP01 DTP02 DTP03")
    def _twice(self, claim: ClaimView, first: str) -> None:
        """The same claim twice in a set, or its number used for another one."""
        number = text(claim.clm[1], 1)
        subscriber, patient = self.subscriber, self.patient
        facts = (
            claim.frequency,
            text(claim.clm[1], 2),
            first,
            subscriber.known_by if subscriber is not None else "",
            patient.known_by if patient is not None else "",
        )
        before = self.recent.get(number) or self.older.get(number)
        if before == facts:
            self.collector.add("claim-duplicate", claim.clm, 1)
        elif before is not None and before[0] == facts[0]:
            self.collector.add("claim-number-repeat", claim.clm, 1)
        self.remember(number, facts)

    def remember(self, number: str, facts: ClaimFacts) -> None:
        """A claim is done: its number, and what would make another one the same."""
        if len(self.recent) >= KEPT_CLAIMS:
            self.older, self.recent = self.recent, {}
        self.recent[number] = facts


def claim_rules(tools: Tools, collector: Collector) -> ClaimRules:
    """The rules for one 837 set."""
    return ClaimRules(tools.guide[3], tools, collector, Tree(collector))


def person_view(block: LoopBlock) -> PersonView:
    """What an HL with its segments says of a person."""
    sbr = name = born = pat = None
    own: set[str] = set()  # what follows the name, up to the next one
    address = own
    for item in block:
        tag = item[1][0]
        if tag == "NM1":
            address = set()
            if text(item[1], 1) in _NAMED:
                name, own = item, address
        elif tag in _ADDRESS:
            address.add(tag)
        elif tag == "SBR":
            sbr = item
        elif tag == "DMG":
            born = item
        elif tag == "PAT":
            pat = item
    known_by = name[1][-1] if name is not None else ""
    return PersonView(block[0], sbr, name, born, pat, known_by, own == _ADDRESS)


def _is_self(sbr: LoopSegment) -> bool:
    return text(sbr[1], 2) == SELF


def _one_service_each(claim: ClaimView, block: LoopBlock) -> bool:
    """Has each line its service, and each service its line? Else a charge is missing, or is elsewhere."""
    services = sum(item[1][0] in CHARGE for item in block)
    return services == len(claim.lines) and all(line.segment is not None for line in claim.lines)


# --- rules on one claim


@reads("claim-original-missing", "CLM05 REF01")
@reads("attachment-number-missing", "PWK02 PWK06")
def check_claim(claim: ClaimView, separator: str, collector: Collector) -> None:
    """What the claim's own segments ask of one another."""
    elements = claim.clm[1]
    if takes_back(claim.kind, claim.frequency) and "REF*F8" not in claim.own:
        collector.add("claim-original-missing", claim.clm, 5, 3)
    _charges(claim, collector)
    if len(elements) > 11 and elements[11]:
        _accident(claim, elements[11].split(separator), collector)
    _pointers(claim, separator, collector)
    attachment = claim.own.get("PWK")
    if attachment is not None and text(attachment[1], 2) in _BY_PAPER and not text(attachment[1], 6):
        collector.add("attachment-number-missing", attachment, 6)


@reads("service-date-missing", "CLM19 DTP01 DTP02 DTP03")
def check_served(claim: ClaimView, collector: Collector) -> None:
    """A dental claim has a date of service, unless it asks what would be paid (CLM19 PB)."""
    dated = "472" in claim.days or any(line.dated for line in claim.lines)
    if not dated and text(claim.clm[1], 19) != _PREDETERMINATION:
        collector.add("service-date-missing", claim.clm)


@reads("diagnosis-version", "HI DTP01 DTP02 DTP03")
def check_version(claim: ClaimView, last: str, tools: Tools, collector: Collector) -> None:
    """ICD-9 was followed by ICD-10; the date of service says which one counts. Reported once; a code that
    has not the form of ICD-9 is reported as such."""
    old = tools.codes.lists["icd9_cm"]
    if not old.end < last <= tools.today:
        return
    for item in claim.codes:
        qualifier, _, code = text(item[1], 1).partition(tools.delimiters.component)
        if qualifier in ICD_9 and old.holds(code, last):
            collector.add("diagnosis-version", item, 1, 1)
            return


@reads("charge-zero", "CLM02")
@reads("charge-negative", "CLM02")
@reads("charge-decimals", "CLM02")
def _charges(claim: ClaimView, collector: Collector) -> None:
    """A charge is not negative and has whole cents; a claim without any is odd."""
    stated = text(claim.clm[1], 2)
    charge = amount(stated)
    if not charge:
        collector.add("charge-zero", claim.clm, 2)
    if charge < 0:
        collector.add("charge-negative", claim.clm, 2)
    if last_digit(charge) < CENTS:
        collector.add("charge-decimals", claim.clm, 2)


@reads("accident-date-missing", "CLM11 DTP01")
@reads("accident-state-missing", "CLM11")
def _accident(claim: ClaimView, causes: list[str], collector: Collector) -> None:
    """A car or other accident has its date; a car accident its state (or country)."""
    named = set(causes[:3])
    if named & _DATED_CAUSES and "439" not in claim.days and claim.kind != "I":
        collector.add("accident-date-missing", claim.clm, 11)
    if "AA" in named and not any(causes[3:5]):
        collector.add("accident-state-missing", claim.clm, 11, 4, "")


def _pointers(claim: ClaimView, separator: str, collector: Collector) -> None:
    """A pointer of a line points at a diagnosis of the claim, and at each one once. With a wrong HI nobody
    knows how many there are."""
    if claim.kind == "I" or collector.marks.faulty(claim.codes, _HI):
        return
    listed = 0
    for _, elements, _ in claim.codes:
        if len(elements) > 1 and elements[1].split(separator, 1)[0] in LISTED:
            listed += len(elements) - 1
    for line in claim.lines:
        if (line.service.highest > listed or line.service.misdirected) and line.segment is not None:
            _line_pointers(line.segment, listed, separator, collector)


@reads("pointer-without-diagnosis", "HI SV107 SV311")
@reads("pointer-repeat", "HI SV107 SV311")
def _line_pointers(item: LoopSegment, listed: int, separator: str, collector: Collector) -> None:
    number = POINTERS.get(item[1][0], 0)
    pointers = text(item[1], number).split(separator)
    for component, pointer in enumerate(pointers, 1):
        if pointer.isdecimal() and not 0 < int(pointer) <= listed:
            collector.add("pointer-without-diagnosis", item, number, component, pointer)
        elif pointer and pointer in pointers[: component - 1]:
            collector.add("pointer-repeat", item, number, component, pointer)


@reads("date-after-service", "DTP01 DTP02 DTP03")
def check_dates(claim: ClaimView, first: str, last: str, today: str, collector: Collector) -> None:
    """Services lie in the past, and accidents and the like before them."""
    if last > today or (claim.days and _stated_to(claim) > today):
        _in_future(claim, today, collector)
    if not claim.days or not last:
        return
    for qualifier in _BEFORE_SERVICE:
        if qualifier in claim.days and claim.days[qualifier][0] > last:
            collector.add("date-after-service", claim.days[qualifier][2], 3)


def _stated_to(claim: ClaimView) -> str:
    """The last day of the claim's own dates of service or statement, '' when it has none."""
    stated = claim.days.get("472") or claim.days.get("434")
    return stated[1] if stated is not None else ""


@reads("service-in-future", "DTP01 DTP02 DTP03")
def _in_future(claim: ClaimView, today: str, collector: Collector) -> None:
    """The first date of service that lies in the future."""
    for line in claim.lines:
        if line.dated is not None and line.last > today:
            collector.add("service-in-future", line.dated, 3)
            return
    stated = claim.days.get("472") or claim.days.get("434")
    if stated is not None and stated[1] > today:
        collector.add("service-in-future", stated[2], 3)
