"""Answers as a payer sends them, for Hypothesis: 271, 277, 277CA, 278 responses, 835 and 834 in the form in
which they are read back. What a builder works out by itself is tested apart."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from attrs import evolve
from hypothesis import strategies as st

from x12_payer.edi.messages.claim import (
    Adjustment,
    Claim,
    ClaimAcknowledgment,
    ClaimAcknowledgmentSet,
    ClaimSet,
    LevelAcknowledgment,
    LineAcknowledgment,
    ProviderAcknowledgment,
    ServiceLine,
)
from x12_payer.edi.messages.claim_status import (
    ClaimInquiry,
    ClaimStatusAnswer,
    ClaimStatusClaim,
    ClaimStatusResponse,
    LineStatus,
    Status,
    StatusInformation,
)
from x12_payer.edi.messages.common import (
    Address,
    Amount,
    Attachment,
    Contact,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    Rejection,
    SetHeader,
    Trace,
)
from x12_payer.edi.messages.eligibility import (
    Benefit,
    EligibilityAnswer,
    EligibilityInquiry,
    EligibilityResponse,
)
from x12_payer.edi.messages.enrollment import (
    Coverage,
    EnrollmentHeader,
    Language,
    MemberEnrollment,
    OtherInsurance,
    ReportingCategory,
)
from x12_payer.edi.messages.remittance import (
    ClaimGroup,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from x12_payer.edi.messages.services_review import (
    Certification,
    ReviewCategory,
    ReviewDecision,
    ReviewResponse,
    ServiceDecision,
    ServiceRequest,
    ServicesReview,
)

T = TypeVar("T")
CREATED = datetime(2026, 7, 15, 9, 30)
NOBODY = Party("")

word = st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True)
words = st.from_regex(r"[A-Z][A-Z0-9]{0,7}( [A-Z0-9]{1,7}){0,2}", fullmatch=True)
digits = st.from_regex(r"[1-9][0-9]{4,8}", fullmatch=True)
npi = st.from_regex(r"[12][0-9]{9}", fullmatch=True)
maybe_word = st.just("") | word
days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
cents = st.decimals(0, 99999, places=2)
nonzero = st.decimals("0.01", 9999, places=2) | st.decimals(-9999, "-0.01", places=2)
counts = st.integers(1, 400).map(Decimal)
maybe_cents = st.none() | cents
procedures = st.builds(
    Procedure,
    st.just("HC"),
    st.from_regex(r"[0-9]{5}", fullmatch=True),
    st.lists(word, max_size=4).map(tuple),
)


def some(strategy: st.SearchStrategy[T], most: int = 3, least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def of(*values: T) -> st.SearchStrategy[T]:
    return st.sampled_from(values)


@st.composite
def periods(draw: st.DrawFn, qualifier: st.SearchStrategy[str], ranges: bool = True) -> Period:
    """A DTP as it is read: with its text."""
    begin, end = sorted((draw(days), draw(days)))
    if not ranges or draw(st.booleans()) or begin == end:
        return Period(draw(qualifier), begin, begin, "D8", f"{begin:%Y%m%d}")
    return Period(draw(qualifier), begin, end, "RD8", f"{begin:%Y%m%d}-{end:%Y%m%d}")


@st.composite
def spans(draw: st.DrawFn, qualifier: str) -> Period:
    """Two DTM as they are read: a period without a text."""
    begin, end = sorted((draw(days), draw(days)))
    return Period(qualifier, begin, end, "D8" if begin == end else "RD8")


def references(*qualifiers: str) -> st.SearchStrategy[tuple[Reference, ...]]:
    """One REF for some of the qualifiers, in their order."""
    return st.sets(of(*qualifiers)).flatmap(
        lambda chosen: st.tuples(*(st.builds(Reference, st.just(q), word) for q in qualifiers if q in chosen))
    )


addresses = st.builds(
    Address,
    some(words, 2, 1),
    words,
    of("MA", "NH"),
    st.from_regex(r"[0-9]{9}", fullmatch=True),
)


def contacts(function: str = "IC") -> st.SearchStrategy[Contact]:
    numbers = st.tuples(of("TE", "EM"), digits)
    return st.builds(Contact, st.just(function), st.just("") | words, some(numbers, 3, 1))


@st.composite
def people(draw: st.DrawFn, entity: str, with_id: bool = True, relationship: str = "") -> Person:
    name = Party(
        entity,
        "1",
        draw(words),
        draw(maybe_word),
        draw(maybe_word),
        draw(st.just("") | of("JR", "SR", "III")),
        *(("MI", draw(word)) if with_id else ()),
        address=draw(st.none() | addresses),
    )
    return Person(name, draw(days), draw(of("F", "M", "U")), relationship)


def organizations(
    entity: str, qualifier: str = "PI", **more: st.SearchStrategy[object]
) -> st.SearchStrategy[Party]:
    return st.builds(
        Party, st.just(entity), st.just("2"), words, id_qualifier=st.just(qualifier), id=npi, **more
    )


def headers(
    set_id: str, version: str, structure: str, purpose: str, type_: str
) -> st.SearchStrategy[SetHeader]:
    return st.builds(
        SetHeader,
        st.just(set_id),
        st.just("0001"),
        st.just(version),
        st.just(structure),
        st.just(purpose),
        word,
        st.just(CREATED),
        st.just(type_),
    )


traces = st.builds(Trace, st.just("1"), word, st.just("9") | digits, maybe_word)
rejections = st.builds(Rejection, of("Y", "N"), of("15", "72", "75"), of("C", "N"))
diagnoses = st.builds(Diagnosis, of("ABK", "ABF"), st.from_regex(r"[A-Z][0-9]{2,5}", fullmatch=True))
quantities = st.builds(
    Quantity, of("VS", "DY", "HS"), counts, maybe_word, maybe_word, of("", "34"), maybe_word
)


def refused(strategy: st.SearchStrategy[tuple[Rejection, ...]]) -> st.SearchStrategy[tuple[Rejection, ...]]:
    """AAA as a builder writes those of several answers: each once."""
    return strategy.map(lambda found: tuple(dict.fromkeys(found)))


aaas = refused(some(rejections, 2, 1))


class Numbers:
    """HL01 of one set, in the order in which levels are written."""

    def __init__(self) -> None:
        self.last = 0

    def next(self, above: tuple[str, ...] = ()) -> tuple[str, ...]:
        self.last += 1
        return (*above, str(self.last))


# --- 835 ----------------------------------------------------------------------------------------------------


def adjustments() -> st.SearchStrategy[tuple[Adjustment, ...]]:
    """As they are written: by group and reason, each once."""
    reasons = ("1", "2", "23", "45", "197", "A1")
    one = st.builds(Adjustment, of("CO", "OA", "PR"), of(*reasons), nonzero, st.none() | counts)
    order = {reason: at for at, reason in enumerate(reasons)}
    return st.lists(one, max_size=8, unique_by=lambda a: (a.group, a.reason)).map(
        lambda found: tuple(sorted(found, key=lambda a: (a.group, order[a.reason])))
    )


def amounts(*qualifiers: str) -> st.SearchStrategy[tuple[Amount, ...]]:
    return some(st.builds(Amount, of(*qualifiers), cents))


@st.composite
def remittance_lines(draw: st.DrawFn) -> RemittanceLine:
    procedure = draw(st.none() | procedures)
    paid = draw(st.none() | counts)
    billed = draw(st.none() | counts)
    return RemittanceLine(
        charge=draw(cents),
        paid=draw(cents),
        procedure=procedure,
        revenue_code=draw(of("", "0120")) if procedure else "0120",
        units_paid=paid,
        units_billed=None if billed == (paid or Decimal(1)) else billed,
        period=draw(st.none() | spans("472")),
        adjustments=draw(adjustments()),
        references=draw(references("G1", "LU", "6R", "HPI", "0K")),
        allowed=draw(maybe_cents),
        remarks=draw(some(of("N54", "N362", "M15"))),
        procedure_billed=draw(st.none() | procedures),
        amounts=draw(amounts("KH", "T2")),
        quantities=draw(amounts("ZK", "ZL")),
        other_remarks=draw(some(st.builds(Reference, st.just("RX"), word), 1)),
    )


@st.composite
def remittance_claims(draw: st.DrawFn, group: str) -> RemittanceClaim:
    status = draw(of("1", "2", "4", "22"))
    tag, places = draw(of(("MIA", (1, 2, 4, 24)), ("MOA", (1, 2, 8))))
    values = [Amount(f"{tag}{at:02}", draw(cents)) for at in sorted({1} | draw(st.sets(of(*places))))]
    inpatient = tag == "MIA"
    if not inpatient and draw(st.booleans()):
        values = []
    return RemittanceClaim(
        control_number=draw(word),
        status=status,
        charge=draw(cents),
        paid=draw(cents),
        patient_responsibility=Decimal(0) if status == "22" else draw(cents),
        filing_indicator=draw(of("HM", "12", "MB")),
        payer_control_number=draw(word),
        patient=draw(people("QC").map(bare)),
        facility_code=draw(of("", "11")),
        frequency=draw(of("", "1")),
        drg=draw(of("", "470")),
        insured=draw(st.none() | people("IL").map(bare)),
        rendering=draw(st.none() | organizations("82", "XX")),
        corrected_patient=draw(st.none() | people("74").map(corrected)),
        adjustments=draw(adjustments()),
        references=draw(references("G1", "EA", "F8", "HPI")),
        statement=draw(st.none() | spans("232")),
        received=draw(st.none() | days),
        expiration=draw(st.none() | days),
        coverage=draw(maybe_cents),
        patient_paid=draw(maybe_cents),
        interest=draw(maybe_cents),
        remarks=draw(some(of("MA01", "MA18", "N54"), 5)),
        inpatient=inpatient,
        lines=draw(some(remittance_lines(), 2)),
        group=group,
        patient_status=draw(of("", "30")),
        drg_weight=draw(st.none() | counts),
        discharge_fraction=draw(st.none() | counts),
        crossover=draw(st.none() | organizations("TT")),
        corrected_payer=draw(st.none() | organizations("PR")),
        other_insured=draw(st.none() | people("GB").map(bare)),
        adjudication=tuple(values),
        contacts=draw(some(contacts("CX"))),
        amounts=draw(amounts("D8", "NL")),
        quantities=draw(amounts("CA", "LA")),
        periods=draw(some(days.map(lambda day: Period("009", day, day)), 1)),
    )


def bare(person: Person) -> Party:
    """A name as an 835 has it: without an address."""
    return evolve(person.party, address=None)


def corrected(person: Person) -> Person:
    return Person(evolve(bare(person), id_qualifier="C"))


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    ways = (("CHK", "I", ""), ("ACH", "I", "CCP"), ("ACH", "C", "CTX"), ("NON", "H", ""))
    method, handling, form = draw(of(*ways))
    accounts = [draw(digits) if method == "ACH" else "" for _ in range(4)]
    names = [str(n) for n in range(1, draw(st.integers(1, 2)) + 1)]
    groups = [ClaimGroup(n, draw(npi), "11", draw(days), draw(sums())) for n in names]
    payee = draw(
        organizations("PE", "XX", address=addresses, references=references("TJ", "0B", "PQ"))
        | organizations("PE", "FI", address=addresses, references=references("0B"))
    )
    others = of("", "0000000000")  # no NPI of a payee
    plb = some(st.builds(ProviderAdjustment, of("FB", "WO", "L6"), word, nonzero, days, others), 8)
    payer_says = {"references": references("2U", "EO"), "contacts": payer_contacts()}
    return Remittance(
        payer=draw(organizations("PR", "XV", address=addresses, **payer_says)),
        payee=payee,
        trace=draw(word),
        payer_tax_id=draw(digits),
        method=method,
        amount=draw(cents),
        produced=draw(days),
        payment_date=draw(days),
        claims=tuple(draw(remittance_claims(n)) for n in names for _ in range(draw(st.integers(1, 2)))),
        provider_adjustments=tuple(sorted(draw(plb), key=lambda a: a.fiscal_year_end or date.min)),
        payer_routing=accounts[0],
        payer_account=accounts[1],
        payee_routing=accounts[2],
        payee_account_type="DA" if method == "ACH" else "",
        payee_account=accounts[3],
        receiver=draw(maybe_word),
        groups=tuple(groups),
        control_number="0001",
        handling=handling,
        payment_format=form,
        originator_code=draw(of("", "7")) if method == "ACH" else "",
        currency=draw(of("", "USD")),
        version=draw(maybe_word),
        delivery=draw(of((), ("BM",), ("OL", "PAYEE", "HOST"))),
    )


def payer_contacts() -> st.SearchStrategy[tuple[Contact, ...]]:
    page = Contact("IC", "", (("UR", "WWW.PAYER.EXAMPLE"),))
    return st.tuples(contacts("CX"), contacts("BL"), st.just(page))


def sums() -> st.SearchStrategy[tuple[Amount, ...]]:
    names = ("TS304", "TS305", "TS313", "TS201", "TS219")
    return st.tuples(*(st.builds(Amount, st.just(n), counts) for n in names))


# --- 271 ----------------------------------------------------------------------------------------------------


@st.composite
def benefits(draw: st.DrawFn) -> Benefit:
    return Benefit(
        information=draw(of("1", "A", "B", "C", "F", "CB")),
        coverage_level=draw(of("", "IND", "FAM")),
        service_types=draw(some(of("30", "98", "UC"))),
        insurance_type=draw(of("", "HM")),
        plan_description=draw(st.just("") | words),
        time_period=draw(of("", "23", "27")),
        amount=draw(maybe_cents),
        percent=draw(st.none() | of(Decimal("0.2"), Decimal(1))),
        quantity_qualifier=draw(of("", "VS")),
        quantity=draw(st.none() | counts),
        authorization=draw(of("", "Y", "N", "U")),
        in_network=draw(of("", "Y", "N", "W")),
        procedure=draw(st.none() | procedures),
        periods=draw(some(periods(of("291", "348")))),
        messages=draw(some(words)),
        place_of_service=draw(of("", "11")),
        related=draw(some(related())),
        references=draw(references("18", "1L", "9F")),
        rejections=draw(some(rejections, 1)),
        diagnosis_pointers=draw(some(of("1", "2"), 2)),
        quantities=draw(some(quantities, 2)),
        additional=draw(some(st.builds(Reference, st.just("BF"), word), 2)),
    )


@st.composite
def related(draw: st.DrawFn) -> Party:
    party = draw(organizations("P3", "XX", address=st.none() | addresses, contacts=some(contacts(), 2)))
    return evolve(party, provider_code="PC", taxonomy="207Q00000X") if draw(st.booleans()) else party


@st.composite
def eligibility_responses(draw: st.DrawFn) -> EligibilityResponse:
    at = Numbers()
    answers: list[EligibilityAnswer] = []
    for _ in range(draw(st.integers(1, 2))):
        source = draw(organizations("PR", contacts=some(contacts(), 2)))
        levels = at.next()
        if draw(st.integers(0, 5)) == 0:
            answers.append(_ended(levels, source, source_rejections=draw(aaas)))
            continue
        for _ in range(draw(st.integers(1, 2))):
            receiver = draw(organizations("1P", "XX", address=st.none() | addresses))
            below = at.next(levels)
            if draw(st.integers(0, 5)) == 0:
                answers.append(_ended(below, source, receiver, receiver_rejections=draw(aaas)))
                continue
            for _ in range(draw(st.integers(1, 2))):
                answers += draw(_family(at, below, source, receiver))
    return EligibilityResponse(draw(headers("271", "005010X279A1", "0022", "11", "")), tuple(answers))


def _ended(
    levels: tuple[str, ...], source: Party, receiver: Party = NOBODY, **rejected: tuple[Rejection, ...]
) -> EligibilityAnswer:
    inquiry = EligibilityInquiry(levels, source, receiver, Person(NOBODY))
    return EligibilityAnswer(inquiry, source, **rejected)  # type: ignore[arg-type]


@st.composite
def _family(
    draw: st.DrawFn, at: Numbers, above: tuple[str, ...], source: Party, receiver: Party
) -> list[EligibilityAnswer]:
    """A subscriber, or dependents below one, or both."""
    levels = at.next(above)
    subscriber = draw(people("IL", relationship="18"))
    number = draw(maybe_word)
    if number:
        subscriber = evolve(subscriber, party=evolve(subscriber.party, references=(Reference("6P", number),)))
    returned = draw(some(traces, 2))
    corrected = draw(st.booleans())
    children = draw(st.integers(0, 2))
    base = _ended(levels, source, receiver)
    base = evolve(base, subscriber=subscriber, group_number=number, subscriber_corrected=corrected)
    found = []
    if not children or draw(st.booleans()):
        inquiry = evolve(base.inquiry, subscriber=subscriber, traces=returned)
        own = evolve(base, inquiry=inquiry, own_traces=draw(some(traces, 1)))
        covered = _coverage(1 if children else 0)
        said = draw(st.fixed_dictionaries({"subscriber_rejections": aaas}) | covered)
        found.append(evolve(own, **said))
    for _ in range(children):
        dependent = draw(people("03", with_id=False, relationship="19"))
        inquiry = evolve(
            base.inquiry,
            levels=at.next(levels),
            subscriber=subscriber,
            dependent=dependent,
            traces=draw(some(traces, 2)),
            subscriber_traces=returned,
        )
        answer = evolve(
            base,
            inquiry=inquiry,
            dependent=dependent,
            dependent_corrected=draw(st.booleans()),
            own_traces=draw(some(traces, 1)),
        )
        said = draw(st.fixed_dictionaries({"dependent_rejections": aaas}) | _coverage(0))
        found.append(evolve(answer, **said))
    return found


def _coverage(least: int) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "periods": some(periods(of("346", "356"))),
            "diagnoses": some(diagnoses, 2),
            "benefits": some(benefits(), 3, least),
        }
    )


# --- 277 ----------------------------------------------------------------------------------------------------

statuses = st.builds(Status, of("F1", "F2", "P1"), of("65", "84", "20"), of("", "QC", "1P"))


@st.composite
def informations(draw: st.DrawFn, brief: bool = False) -> StatusInformation:
    found = StatusInformation(draw(some(statuses, 3, 1)), draw(days), message=draw(maybe_word))
    if brief:
        return found
    return evolve(
        found,
        charge=draw(maybe_cents),
        paid=draw(maybe_cents),
        adjudicated=draw(st.none() | days),
        remitted=draw(st.none() | days),
        trace=draw(maybe_word),
    )


@st.composite
def line_statuses(draw: st.DrawFn) -> LineStatus:
    procedure = draw(st.none() | procedures)
    return LineStatus(
        information=draw(some(informations(brief=True), 2, 1)),
        charge=draw(cents),
        paid=draw(cents),
        procedure=procedure,
        revenue_code=draw(of("", "0450")) if procedure else "0450",
        units=draw(counts),
        line_control_number=draw(maybe_word),
        period=draw(periods(st.just("472"))),
    )


status_claims = st.builds(
    ClaimStatusClaim,
    some(informations(), 2, 1),
    references("1K", "BLT", "EJ"),
    st.none() | periods(st.just("472")),
    some(line_statuses(), 2),
)


@st.composite
def status_responses(draw: st.DrawFn) -> ClaimStatusResponse:
    at = Numbers()
    payer = draw(organizations("PR", contacts=some(contacts(), 1)))
    answers: list[ClaimStatusAnswer] = []
    top = at.next()
    for _ in range(draw(st.integers(1, 2))):
        levels = at.next(top)
        receiver = draw(organizations("41", "46"))
        asked = ClaimInquiry(levels, payer, receiver, NOBODY, Person(NOBODY))
        if draw(st.booleans()):
            said = draw(st.lists(informations(brief=True), min_size=1, max_size=2, unique=True))
            answers += [ClaimStatusAnswer(asked, one, level_trace="BATCH1") for one in said]
            continue
        levels = at.next(levels)
        asked = evolve(asked, levels=levels, provider=draw(organizations("1P", "XX")))
        if draw(st.booleans()):
            answers.append(
                ClaimStatusAnswer(asked, provider_status=draw(informations(brief=True)), level_trace="0")
            )
            continue
        for _ in range(draw(st.integers(1, 2))):
            answers += draw(_patients(at, levels, asked))
    return ClaimStatusResponse(draw(headers("277", "005010X212", "0010", "08", "DG")), payer, tuple(answers))


@st.composite
def _patients(
    draw: st.DrawFn, at: Numbers, above: tuple[str, ...], asked: ClaimInquiry
) -> list[ClaimStatusAnswer]:
    levels = at.next(above)
    asked = evolve(asked, levels=levels, subscriber=Person(draw(people("IL").map(bare))))
    traces_ = draw(st.lists(word, min_size=1, max_size=2, unique=True))
    children = draw(st.integers(0, 1))
    found = []
    if not children or draw(st.booleans()):
        found += [_status_answer(asked, t, draw(some(status_claims, 2, 1))) for t in traces_]
    if children:
        dependent = Person(draw(people("QC", with_id=False).map(bare)))
        asked = evolve(asked, levels=at.next(levels), dependent=dependent)
        found += [_status_answer(asked, t, draw(some(status_claims, 2, 1))) for t in traces_]
    return found


def _status_answer(
    asked: ClaimInquiry, trace: str, claims: tuple[ClaimStatusClaim, ...]
) -> ClaimStatusAnswer:
    return ClaimStatusAnswer(evolve(asked, trace=Trace("1", trace)), claims=claims)


# --- 277CA --------------------------------------------------------------------------------------------------


@st.composite
def door_statuses(draw: st.DrawFn, action: str, dated: bool = True) -> StatusInformation:
    return StatusInformation(
        draw(some(st.builds(Status, of("A2", "A3", "A7"), of("20", "33", "562"), of("", "85")), 2, 1)),
        draw(days) if dated else None,
        charge=draw(maybe_cents),
        action=action,
        message=draw(maybe_word),
    )


def _firsts(information: Sequence[StatusInformation]) -> tuple[Status, ...]:
    """The first status of each STC, with the code of a second one of its category."""
    found = []
    for one in information:
        first, second = (*one.statuses, Status("", ""))[:2]
        found.append(evolve(first, other=second.code if second.category == first.category else ""))
    return tuple(found)


@st.composite
def level_acknowledgments(draw: st.DrawFn, trace: str) -> LevelAcknowledgment:
    return LevelAcknowledgment(
        trace,
        draw(some(door_statuses(draw(of("WQ", "U"))), 2, 1)),
        draw(amounts("90", "AA")),
        draw(amounts("YU", "YY")),
    )


@st.composite
def acknowledged_lines(draw: st.DrawFn) -> LineAcknowledgment:
    procedure = draw(st.none() | procedures)
    number = draw(word)
    line = ServiceLine(
        number=number,
        charge=draw(cents),
        procedure=procedure,
        revenue_code=draw(of("", "0450")) if procedure else "0450",
        quantity=draw(counts),
        period=draw(st.none() | periods(st.just("472"))),
        references=(Reference("6R", number),),
    )
    information = draw(some(door_statuses("U", dated=False), 2, 1))
    return LineAcknowledgment(line, _firsts(information), information)


@st.composite
def claim_acknowledgments(
    draw: st.DrawFn, ordinal: int, submitter: Party, provider: Party, payer: Party, level: str
) -> ClaimAcknowledgment:
    accepted = draw(st.booleans())
    information = draw(some(door_statuses("WQ" if accepted else "U"), 2, 1))
    patient = Person(draw(people("QC").map(bare)))
    institutional = draw(st.booleans())
    period = draw(periods(st.just("472")))
    claim = Claim(
        kind="I" if institutional else "P",
        set_control_number="",
        ordinal=ordinal,
        position=0,
        submitter=submitter,
        billing_provider=provider,
        subscriber=patient,
        patient=patient,
        payer=payer,
        responsibility="",
        control_number=draw(word),
        charge=next((i.charge for i in information if i.charge is not None), Decimal(0)),
        facility_code="11" if institutional else "",
        facility_qualifier="A" if institutional else "",
        frequency="1" if institutional else "",
        lines=(),
        references=draw(references("D9")),
        statement=period if institutional else None,
        service_period=None if institutional else period,
        billing_level=level,
    )
    return ClaimAcknowledgment(
        claim,
        accepted,
        _firsts(information),
        draw(word) if accepted else "",
        draw(some(acknowledged_lines(), 2)),
        information,
    )


@st.composite
def acknowledgment_sets(draw: st.DrawFn) -> ClaimAcknowledgmentSet:
    payer, submitter = draw(organizations("PR")), draw(organizations("41", "46"))
    at = Numbers()
    top = at.next(at.next())
    header = draw(headers("277", "005010X214", "0085", "08", "TH"))
    claims: list[ClaimAcknowledgment] = []
    providers = []
    for _ in range(draw(st.integers(0, 2))):
        provider = draw(organizations("85", draw(of("XX", "FI"))))
        level = at.next(top)[-1]
        providers.append(ProviderAcknowledgment(level, provider, draw(level_acknowledgments("0"))))
        for _ in range(draw(st.integers(0, 2))):
            at.next()
            one = claim_acknowledgments(len(claims) + 1, submitter, provider, payer, level)
            claims.append(draw(one))
    batch = draw(level_acknowledgments(draw(word)))
    return ClaimAcknowledgmentSet(
        claim_set=ClaimSet(SetHeader("837", "", "", reference=batch.trace), "", submitter, NOBODY),
        payer=payer,
        reference=header.reference,
        received=draw(days),
        processed=draw(days),
        claims=tuple(claims),
        batch=batch,
        providers=tuple(providers),
        payer_trace=draw(of("", "TRACE9")),
        header=header,
    )


# --- 278 ----------------------------------------------------------------------------------------------------

certifications = st.builds(
    Certification, of("A1", "A3", "A4", "A6"), maybe_word, of("", "0V", "0Q"), of("", "Y")
)
attachments = st.builds(Attachment, of("03", "OZ"), of("FX", "EL"), maybe_word)


def decided_periods(order: Sequence[str], ranges: Sequence[str]) -> st.SearchStrategy[tuple[Period, ...]]:
    return st.sets(of(*order), max_size=4).flatmap(
        lambda chosen: st.tuples(*(periods(st.just(q), q in ranges) for q in order if q in chosen))
    )


@st.composite
def providers(draw: st.DrawFn) -> Party:
    party = draw(
        organizations(
            "SJ",
            "XX",
            address=st.none() | addresses,
            references=references("0B", "EI"),
            contacts=some(contacts(), 1),
        )
    )
    return evolve(party, provider_code="PE", taxonomy="207Q00000X") if draw(st.booleans()) else party


@st.composite
def named_providers(draw: st.DrawFn) -> tuple[tuple[Party, ...], tuple[tuple[Rejection, ...], ...]]:
    found = draw(some(providers(), 2))
    rejected = tuple(draw(some(rejections, 1)) for _ in found)
    return found, rejected if any(rejected) else ()


@st.composite
def service_decisions(draw: st.DrawFn, level: str) -> ServiceDecision:
    segment = draw(of("", "SV1", "SV2", "SV3"))
    units = draw(st.none() | counts) if segment else None
    unit = draw(of("UN", "DA")) if units and segment != "SV3" else ""
    teeth = draw(some(st.tuples(of("3", "14"), some(of("M", "O"), 2)), 2))
    first, *more = (*teeth, ("", ()))
    parties, rejected = draw(named_providers())
    request = ServiceRequest(
        level=level,
        traces=draw(some(traces, 2)),
        category=draw(st.none() | categories("")),
        procedure=draw(procedures) if segment in ("SV1", "SV3") else None,
        segment=segment,
        revenue_code="0120" if segment == "SV2" else "",
        charge=draw(maybe_cents) if segment else None,
        unit=unit,
        units=units,
        providers=parties,
        tooth=first[0],
        surfaces=first[1],
        oral_cavity=draw(some(of("10", "20"), 2)) if segment == "SV3" else (),
        more_teeth=tuple(t for t in more if t[0]),
    )
    return ServiceDecision(
        request=request,
        certification=draw(st.none() | certifications),
        rejections=draw(some(rejections, 1)),
        procedure=request.procedure,
        unit=unit,
        units=units,
        quantity=draw(st.none() | quantities),
        periods=draw(decided_periods(("472", "102", "036", "007"), ("472", "007"))),
        references=draw(references("NT", "BB")),
        attachments=draw(some(attachments, 2)),
        messages=draw(some(words, 1)),
        provider_rejections=rejected,
        own_traces=draw(some(traces, 1)),
    )


def categories(urgency: str) -> st.SearchStrategy[ReviewCategory]:
    return st.builds(
        ReviewCategory,
        of("HS", "SC"),
        of("I", "S"),
        of("", "62"),
        st.just("22"),
        st.just("B"),
        st.just(urgency),
    )


@st.composite
def review_responses(draw: st.DrawFn) -> ReviewResponse:
    at = Numbers()
    payer = draw(organizations("X3", contacts=some(contacts(), 1)))
    pended = draw(st.booleans())
    decisions: list[ReviewDecision] = []
    top = at.next()
    if draw(st.integers(0, 5)) == 0:
        decisions = [_stopped(top, payer, pended, payer_rejections=draw(aaas))]
    for _ in range(0 if decisions else draw(st.integers(1, 2))):
        levels = at.next(top)
        requester = draw(organizations("1P", "XX", references=references("EI")))
        if draw(st.integers(0, 3)) == 0:
            decisions.append(_stopped(levels, payer, pended, requester, requester_rejections=draw(aaas)))
            continue
        for _ in range(draw(st.integers(1, 2))):
            decisions += draw(_events(at, levels, _stopped(levels, payer, pended, requester)))
    header = headers("278", "005010X217", "0007", "11", "19" if pended else "18")
    return ReviewResponse(draw(header), "review", payer, tuple(decisions))


def _stopped(
    levels: tuple[str, ...],
    payer: Party,
    pended: bool,
    requester: Party = NOBODY,
    **rejected: tuple[Rejection, ...],
) -> ReviewDecision:
    review = ServicesReview(levels, payer, requester, Person(NOBODY), None, ReviewCategory(), asked=False)
    return ReviewDecision(review, pended=pended, **rejected)  # type: ignore[arg-type]


@st.composite
def _events(
    draw: st.DrawFn, at: Numbers, above: tuple[str, ...], base: ReviewDecision
) -> list[ReviewDecision]:
    levels = at.next(above)
    subscriber = draw(people("IL", relationship="18"))
    base = evolve(base, review=evolve(base.review, levels=levels, subscriber=subscriber))
    if draw(st.integers(0, 3)) == 0:
        return [evolve(base, subscriber_rejections=draw(aaas))]
    if draw(st.booleans()):
        levels = at.next(levels)
        dependent = draw(people("QC", with_id=False, relationship="19"))
        base = evolve(base, review=evolve(base.review, levels=levels, dependent=dependent))
        if draw(st.integers(0, 3)) == 0:
            return [evolve(base, dependent_rejections=draw(aaas))]
    return [draw(_event(at, levels, base)) for _ in range(draw(st.integers(1, 2)))]


@st.composite
def _event(draw: st.DrawFn, at: Numbers, above: tuple[str, ...], base: ReviewDecision) -> ReviewDecision:
    levels = at.next(above)
    parties, rejected = draw(named_providers())
    review = evolve(
        base.review,
        levels=levels,
        asked=True,
        category=draw(categories("U")),
        traces=draw(some(traces, 2)),
        diagnoses=draw(some(diagnoses, 4)),
        admission_type=draw(of("", "1")),
        providers=parties,
    )
    stopped = draw(st.booleans())
    services = 0 if stopped else draw(st.integers(0, 2))
    return evolve(
        base,
        review=review,
        event_rejections=draw(aaas) if stopped else (),
        certification=draw(st.none() | certifications),
        quantity=draw(st.none() | quantities),
        periods=draw(decided_periods(("AAH", "435", "102", "036", "007"), ("AAH", "435", "007"))),
        references=draw(references("NT", "BB")),
        attachments=draw(some(attachments, 2)),
        messages=draw(some(words, 1)),
        provider_rejections=rejected,
        own_traces=draw(some(traces, 1)),
        services=tuple(draw(service_decisions(at.next(levels)[-1])) for _ in range(services)),
    )


# --- 834 ----------------------------------------------------------------------------------------------------

enrollment_headers = st.builds(
    EnrollmentHeader,
    st.just("0001"),
    st.just("005010X220A1"),
    of("00", "15"),
    word,
    st.just(CREATED),
    of("2", "4"),
    organizations("P5", "FI"),
    organizations("IN", "XV"),
    some(organizations("BO", "FI"), 1),
    maybe_word,
    some(periods(st.just("007"), ranges=False), 1),
    amounts("TO", "ET"),
)
other_insurance = st.builds(
    OtherInsurance,
    of("P", "S"),
    word,
    of("1", "5"),
    some(of("35", "48"), 2),
    references("60", "6P"),
    some(periods(st.just("344"), ranges=False), 1),
    some(organizations("IN", "XV", address=st.none() | addresses), 1),
)
coverages = st.builds(
    Coverage,
    of("001", "021", "024"),
    of("HLT", "DEN"),
    st.just("") | words,
    of("", "EMP", "FAM"),
    st.booleans(),
    some(periods(of("348", "349"), ranges=False), 2),
    amounts("P3", "D2"),
    references("17", "1L"),
    some(organizations("P3", "XX", address=st.none() | addresses, contacts=some(contacts(), 1)), 2),
    some(other_insurance, 2),
)


@st.composite
def enrolled(draw: st.DrawFn, header: EnrollmentHeader, ordinal: int) -> MemberEnrollment:
    relationship = draw(of("18", "01", "19"))
    name = draw(people("IL"))
    party = evolve(name.party, id_qualifier="34", contacts=draw(some(contacts("IP"), 1)))
    former = draw(st.none() | people("70").map(lambda p: evolve(p, party=evolve(bare(p), id_qualifier="34"))))
    return MemberEnrollment(
        header=header,
        ordinal=ordinal,
        subscriber=relationship == "18",
        relationship=relationship,
        maintenance=draw(of("001", "021", "024")),
        member=evolve(name, party=party, relationship=relationship, death_date=draw(st.none() | days)),
        reason=draw(of("", "AI")),
        benefit_status=draw(of("A", "C")),
        medicare=draw(of((), ("A",), ("C", "1"))),
        cobra_event=draw(of("", "1")),
        employment=draw(of("", "FT")),
        student=draw(of("", "F")),
        disabled=draw(st.booleans()),
        confidentiality=draw(of("", "R")),
        birth_sequence=draw(st.none() | counts),
        marital_status=draw(of("", "M")),
        references=draw(references("0F", "1L", "17", "DX")),
        periods=draw(some(periods(of("356", "357"), ranges=False), 2)),
        amounts=draw(amounts("P3", "C1")),
        languages=draw(some(st.builds(Language, of("LE"), word, maybe_word, of("", "7")), 2)),
        former=former,
        mailing=draw(st.none() | addresses),
        parties=draw(some(organizations("36", "24", address=st.none() | addresses), 2)),
        coverages=draw(some(coverages, 2)),
        categories=draw(some(reporting_categories, 2)),
    )


reporting_categories = st.builds(
    ReportingCategory,
    st.builds(Party, st.just("75"), st.just("2"), words),
    st.none() | st.builds(Reference, of("17", "ZZ"), word),
    st.none() | periods(st.just("007")),
)


@st.composite
def enrollments(draw: st.DrawFn) -> tuple[EnrollmentHeader, tuple[MemberEnrollment, ...]]:
    header = draw(enrollment_headers)
    return header, tuple(draw(enrolled(header, n)) for n in range(1, draw(st.integers(0, 3)) + 1))
