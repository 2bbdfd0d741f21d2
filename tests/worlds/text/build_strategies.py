"""Realistic messages for the builders: names of any length, a few parties and people who come again, codes
that exist, sums that agree."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from x12_payer.edi.messages.claim import (
    Adjustment,
    Claim,
    Drug,
    Indicators,
    Occurrence,
    OtherPayer,
    PriorPayment,
    ServiceLine,
)
from x12_payer.edi.messages.claim_status import ClaimInquiry, LineInquiry
from x12_payer.edi.messages.common import (
    Address,
    Attachment,
    Contact,
    Diagnosis,
    Party,
    Period,
    Person,
    Procedure,
    Quantity,
    Reference,
    SetHeader,
    Trace,
)
from x12_payer.edi.messages.eligibility import EligibilityInquiry, ServiceInquiry
from x12_payer.edi.messages.services_review import (
    ReviewCategory,
    ReviewRequest,
    ServiceRequest,
    ServicesReview,
)

CREATED = datetime(2026, 7, 6, 10, 15)
NPIS = ("1911111114", "1922222223", "1933333332", "1944444441", "1955555556", "1988888883")
ICD = ("I10", "E119", "M5450", "J069", "M1711", "R51")
PAYER = Party("PR", "2", "ATLANTIC HEALTH PLAN", id_qualifier="PI", id="ATL01")
DAYS = st.dates(date(2026, 1, 2), date(2026, 7, 1))
WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ -'./ÉÑ0", min_size=1, max_size=25).map(str.strip).filter(bool)
NUMBERS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", min_size=2, max_size=20)
MONEY = st.integers(1, 999_999).map(lambda cents: Decimal(cents) / 100)
ADDRESSES = st.builds(
    Address,
    st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    st.sampled_from(("BOSTON", "QUINCY")),
    st.just("MA"),
    st.sampled_from(("021080001", "02169")),
)
CONTACTS = st.builds(
    Contact,
    name=WORDS,
    numbers=st.sampled_from(
        ((("TE", "6175550100"),), (("TE", "6175550100"), ("EX", "12"), ("FX", "6175550101")))
    ),
)


def day(qualifier: str, on: date) -> Period:
    """One day, as a reader gives it."""
    return Period(qualifier, on, on, "D8", f"{on:%Y%m%d}")


def days(qualifier: str) -> st.SearchStrategy[Period]:
    """A day, or a week."""

    def made(begin: date, length: int) -> Period:
        end = begin + timedelta(days=length)
        if not length:
            return day(qualifier, begin)
        return Period(qualifier, begin, end, "RD8", f"{begin:%Y%m%d}-{end:%Y%m%d}")

    return st.builds(made, DAYS, st.integers(0, 6))


def some(items: Any, most: int = 3, least: int = 0) -> Any:
    """A tuple of distinct items."""
    strategy = items if isinstance(items, st.SearchStrategy) else st.sampled_from(items)
    return st.lists(strategy, min_size=least, max_size=most, unique=True).map(tuple)


TAX_IDS = ("EI", "SY", "TJ")  # nine digits


def references(*qualifiers: str) -> Any:
    """A REF of some of the qualifiers."""

    def one(qualifier: str) -> st.SearchStrategy[Reference]:
        value = st.just("043210003") if qualifier in TAX_IDS else NUMBERS
        return st.builds(Reference, st.just(qualifier), value)

    return some(qualifiers).flatmap(lambda found: st.tuples(*map(one, found)))


def people(entity: str, member: bool, **more: Any) -> st.SearchStrategy[Person]:
    """A person; a member has an id."""
    return st.builds(
        Person,
        st.builds(
            Party,
            st.just(entity),
            st.just("1"),
            last_name=WORDS,
            first_name=WORDS,
            middle_name=st.sampled_from(("", "Q")),
            suffix=st.sampled_from(("", "JR")),
            id_qualifier=st.just("MI" if member else ""),
            id=st.from_regex("A[0-9]{9}", fullmatch=True) if member else st.just(""),
            **more.pop("party", {}),
        ),
        birth_date=st.dates(date(1940, 1, 1), date(2020, 12, 31)),
        gender=st.sampled_from("FM"),
        **more,
    )


def providers(entity: str, **more: Any) -> st.SearchStrategy[Party]:
    """A person with an NPI."""
    return st.builds(
        Party,
        st.just(entity),
        st.just("1"),
        last_name=WORDS,
        first_name=WORDS,
        id_qualifier=st.just("XX"),
        id=st.sampled_from(NPIS),
        **more,
    )


def traces(most: int = 2) -> Any:
    """Traces of one's own."""
    return some(st.builds(Trace, st.just("1"), NUMBERS, st.just("9CLEARCO01")), most)


# --- 270 ----------------------------------------------------------------------------------------------------

SERVICES = st.builds(
    ServiceInquiry,
    service_types=some(("30", "98", "PT", "AL"), least=1),
    place_of_service=st.sampled_from(("", "11")),
    references=references("G1"),
    period=st.none() | days("291"),
) | st.builds(ServiceInquiry, procedure=st.just(Procedure("HC", "70551", ("26",))))


@st.composite
def eligibility(draw: Any) -> list[EligibilityInquiry]:
    """Inquiries of one file."""
    receivers = draw(
        some(
            providers(
                "1P",
                references=references("TJ", "JD"),
                provider_code=st.just("PC"),
                taxonomy=st.just("207Q00000X"),
            ),
            2,
            1,
        )
    )
    known = {"references": references("SY", "6P"), "address": st.none() | ADDRESSES}
    members = draw(some(people("IL", member=True, party=known), 2, 1))
    children = draw(
        some(people("03", member=False, relationship=st.sampled_from(("01", "19", "34")), party=known), 2)
    )
    found = []
    for _ in range(draw(st.integers(1, 6))):
        child = draw(st.sampled_from((None, *children)))
        subscriber = draw(st.sampled_from(members))
        asked = evolve(
            EligibilityInquiry((), PAYER, draw(st.sampled_from(receivers)), subscriber, child),
            traces=draw(traces()),
            period=draw(st.none() | days("291")),
            diagnoses=draw(st.sampled_from(((), (Diagnosis("ABK", "I10"), Diagnosis("ABF", "E119"))))),
            services=draw(some(SERVICES, least=1)),
            subscriber_traces=draw(traces(1)) if child else (),
        )
        found.append(asked)
    return found


# --- 276 ----------------------------------------------------------------------------------------------------

LINES = st.builds(
    LineInquiry,
    procedure=st.builds(Procedure, st.just("HC"), st.sampled_from(("97110", "70551")), some(("GP", "59"))),
    revenue_code=st.sampled_from(("", "0420")),
    charge=MONEY,
    units=st.integers(1, 9).map(Decimal),
    line_control_number=st.just("") | NUMBERS,
    period=days("472"),
)


@st.composite
def claim_status(draw: Any) -> list[ClaimInquiry]:
    """Inquiries of one file."""
    receivers = draw(
        some(
            st.builds(Party, st.just("41"), st.just("2"), WORDS, id_qualifier=st.just("46"), id=NUMBERS), 2, 1
        )
    )
    asking = draw(some(providers("1P"), 2, 1))
    members = draw(some(people("IL", member=True), 2, 1))
    children = draw(some(people("QC", member=False), 2))
    found = []
    for _ in range(draw(st.integers(1, 6))):
        receiver, provider = draw(st.sampled_from(receivers)), draw(st.sampled_from(asking))
        subscriber, child = draw(st.sampled_from(members)), draw(st.sampled_from((None, *children)))
        asked = evolve(
            ClaimInquiry((), PAYER, receiver, provider, subscriber, child),
            trace=Trace("1", draw(NUMBERS)),
            references=draw(references("1K", "EJ", "D9")),
            charge=draw(MONEY),
            period=draw(days("472")),
            lines=draw(some(LINES, 2)),
        )
        found.append(asked)
    return found


# --- 278 ----------------------------------------------------------------------------------------------------

VERSIONS = {"review": "005010X217", "inquiry": "005010X215", "notification": "005010X216"}
PURPOSES = {"review": "13", "inquiry": "28", "notification": "14"}
DENTAL = st.builds(
    ServiceRequest,
    st.just(""),
    segment=st.just("SV3"),
    procedure=st.just(Procedure("AD", "D2392")),
    charge=st.none() | MONEY,
    units=st.just(Decimal(2)),
    oral_cavity=st.just(("10", "20")),
    tooth=st.just("3"),
    surfaces=st.just(("M", "O")),
    more_teeth=st.just((("14", ()),)),
)
MEDICAL = st.builds(
    ServiceRequest,
    st.just(""),
    traces=traces(),
    category=st.none() | st.just(ReviewCategory("HS", "I", "PT", "11", "B")),
    segment=st.just("SV1"),
    procedure=st.just(Procedure("HC", "97110", ("GP",), "", "97140")),
    charge=st.none() | MONEY,
    unit=st.just("UN"),
    units=st.integers(1, 30).map(Decimal),
    quantity=st.none() | st.just(Quantity("VS", Decimal(12), "WK", "2", "34", "6")),
    period=st.none() | days("472"),
    references=references("BB"),
    attachments=some((Attachment("OB", "EL", "ATT-1"), Attachment("77", "FX"))),
    messages=some(WORDS, 1),
    providers=some(providers("SJ", address=ADDRESSES, contacts=some(CONTACTS, 1)), 1),
)


@st.composite
def reviews(draw: Any) -> ReviewRequest:
    """A review request as a reader gives it."""
    known = {"references": references("SY", "6P"), "address": st.none() | ADDRESSES}
    subscriber = draw(people("IL", member=True, party=known, relationship=st.just("18")))
    child = draw(st.none() | people("QC", member=False, relationship=st.sampled_from(("01", "19"))))
    requester = draw(
        providers(
            "1P",
            address=ADDRESSES,
            contacts=some(CONTACTS, 1),
            references=references("EI"),
            provider_code=st.just("PC"),
            taxonomy=st.just("207Q00000X"),
        )
    )
    review = ServicesReview(
        (),
        evolve(PAYER, entity="X3"),
        requester,
        subscriber,
        child,
        ReviewCategory(
            "HS", "I", draw(st.sampled_from(("PT", "73"))), "11", "B", draw(st.sampled_from(("", "U"))), "Y"
        ),
        traces=draw(traces()),
        diagnoses=draw(
            some(ICD, least=1).map(
                lambda codes: tuple(Diagnosis("ABK" if not n else "ABF", c) for n, c in enumerate(codes))
            )
        ),
        quantity=draw(st.none() | st.just(Quantity("VS", Decimal(12)))),
        periods=(draw(days("AAH")),),
        references=draw(references("NT")),
        attachments=draw(some((Attachment("OB", "EL", "ATT-1"), Attachment("77", "FX")))),
        messages=draw(some(WORDS, 1)),
        providers=draw(
            some(
                providers(
                    "SJ",
                    contacts=some(CONTACTS, 1),
                    provider_code=st.just("PE"),
                    taxonomy=st.just("225100000X"),
                ),
                2,
                1,
            )
        ),
        services=draw(some(MEDICAL | DENTAL, 2)),
    )
    header = SetHeader("278", "0001", VERSIONS["review"], "0007", PURPOSES["review"], draw(NUMBERS), CREATED)
    return ReviewRequest(header, "review", (review,))


# --- 837 ----------------------------------------------------------------------------------------------------

SUBMITTER = Party(
    "41",
    "2",
    "CLEARCO CLEARINGHOUSE",
    id_qualifier="46",
    id="CLEARCO01",
    contacts=(Contact("IC", "DESK", (("TE", "6175550100"),)),),
)
RECEIVER = Party("40", "2", "ATLANTIC HEALTH PLAN", id_qualifier="46", id="ATL01")
OTHER = Party("PR", "2", "PRIMARY MUTUAL", id_qualifier="PI", id="PRIM1")
BILLING = st.builds(
    Party,
    st.just("85"),
    st.just("2"),
    WORDS,
    id_qualifier=st.just("XX"),
    id=st.sampled_from(NPIS),
    address=st.builds(
        Address, st.just(("102 WHARF ST",)), st.just("BOSTON"), st.just("MA"), st.just("021100001")
    ),
    references=st.just((Reference("EI", "043210003"),)),
    provider_code=st.just("BI"),
    taxonomy=st.just("225100000X"),
)
PAY_TO = Party("87", "2", address=Address(("PO BOX 1",), "BOSTON", "MA", "021100002"))
ATTENDING = {"P": ("82", "PE"), "I": ("71", "AT"), "D": ("82", "PE")}
CODES = {"P": ("HC", ("97110", "99213")), "I": ("HC", ("99284", "70551")), "D": ("AD", ("D2392", "D1110"))}


@st.composite
def lines(draw: Any, kind: str, number: int, day_of_service: date, prior: bool) -> ServiceLine:
    """A service line; one that another payer has seen is adjusted to nothing by that payer."""
    qualifier, codes = CODES[kind]
    procedure = Procedure(
        qualifier, draw(st.sampled_from(codes)), draw(some(("GP", "59"))) if kind == "P" else ()
    )
    charge = draw(MONEY)
    line = ServiceLine(
        str(number),
        charge,
        procedure,
        quantity=Decimal(draw(st.integers(1, 9))),
        period=day("472", day_of_service),
        references=draw(references("6R")),
    )
    if kind == "P":
        drug = st.none() | st.builds(Drug, st.just("00002143301"), st.just(Decimal(2)), st.just("ML"))
        line = evolve(
            line,
            place_of_service=draw(st.sampled_from(("", "12"))),
            diagnosis_pointers=("1",),
            emergency=draw(st.booleans()),
            drug=draw(drug),
            attachments=draw(some((Attachment("OZ", "EL", "ATT-1"),))),
        )
    elif kind == "I":
        line = evolve(line, revenue_code=draw(st.sampled_from(("0450", "0320"))))
    else:
        teeth = draw(st.sampled_from(((), ("3",), ("3", "14"))))
        fillings = draw(st.booleans()) if teeth else False
        each: Any = draw(st.tuples(*(some(("M", "O", "D"), 2, 2) for _ in teeth))) if fillings else ()
        line = evolve(
            line,
            procedure=Procedure("AD", "D2392" if fillings else "D7140" if teeth else "D1110"),
            teeth=teeth,
            surfaces=tuple(s for one in each for s in one),
            surfaces_of=each if len(each) > 1 else (),
            oral_cavity=draw(some(("10", "20"))),
        )
    if prior:
        seen = (Adjustment("CO", "45", charge - 1), Adjustment("PR", "2", Decimal(1), Decimal(1)))
        payment = PriorPayment(OTHER.id, Decimal(0), line.procedure, line.quantity, seen, date(2026, 7, 2))
        line = evolve(line, prior_payments=(payment,))
    return line


@st.composite
def claim(draw: Any, kind: str, number: int, pools: Any) -> Claim:
    """A claim of somebody in the pools (billing providers, members, children)."""
    billing, members, children = pools
    subscriber = draw(st.sampled_from(members))
    child = draw(st.sampled_from((None, *children)))
    prior = draw(st.booleans())
    on = draw(DAYS)
    serviced = draw(st.lists(st.just(0), min_size=1, max_size=3))
    made = tuple(draw(lines(kind, n, on, prior)) for n, _ in enumerate(serviced, 1))
    total = sum((line.charge for line in made), Decimal(0))
    entity, role = ATTENDING[kind]
    subscriber = evolve(subscriber, relationship="" if child else "18")
    if child:
        subscriber = evolve(
            subscriber, birth_date=None, gender="", party=evolve(subscriber.party, address=None)
        )
    base = Claim(
        kind,
        "",
        0,
        0,
        SUBMITTER,
        draw(st.sampled_from(billing)),
        subscriber,
        child or subscriber,
        PAYER,
        "S" if prior else "P",
        f"C{number}-{draw(NUMBERS)}"[:20],
        total,
        "11",
        "A" if kind == "I" else "B",
        "1",
        made,
        group_number=draw(st.sampled_from(("", "GRP200"))),
        filing_indicator="CI",
        pay_to=draw(st.sampled_from((None, PAY_TO))) if kind != "D" else None,
        receiver=RECEIVER,
        references=draw(references("G1", "9F")),
        diagnoses=(Diagnosis("ABK", "I10", "Y" if kind == "I" else ""),),
        providers=(draw(providers(entity, provider_code=st.just(role), taxonomy=st.just("225100000X"))),),
        attachments=draw(some((Attachment("OZ" if kind != "D" else "DA", "EL", "ATT-1"),))),
    )
    if prior:
        base = evolve(base, other_payers=(draw(other_payers(total, len(made))),))
    return _of_kind(draw, base, on)


def other_payers(total: Decimal, count: int) -> st.SearchStrategy[OtherPayer]:
    """Another payer who paid nothing; what it adjusted is in the lines."""
    return st.builds(
        OtherPayer,
        st.just("P"),
        st.just("CI"),
        st.just(OTHER),
        people("IL", member=True).map(lambda person: person.party),
        paid=st.just(Decimal(0)),
        patient_liability=st.none() | st.just(Decimal(count)),
        relationship=st.sampled_from(("18", "19")),
        group_number=st.sampled_from(("", "G9")),
        indicators=st.just(Indicators("", "", "Y", "Y")),
    )


def _of_kind(draw: Any, base: Claim, on: date) -> Claim:
    """What only a claim of its kind says."""
    if base.kind == "P":
        accident = Indicators("N", "C", "N", "I", "", ("AA",), "MA")
        hurt = draw(st.booleans())
        return evolve(
            base,
            indicators=accident if hurt else Indicators(),
            periods=(day("439", on),) if hurt else (),
            patient_paid=draw(st.none() | st.just(Decimal(1))),
            condition_codes=draw(some(("AA", "AB"))),
        )
    if base.kind == "D":
        return evolve(base, indicators=Indicators(), predetermination=False)
    stay = Period("434", on, on + timedelta(days=3), "RD8", f"{on:%Y%m%d}-{on + timedelta(days=3):%Y%m%d}")
    admitted = Period("435", on, on, "DT", f"{on:%Y%m%d}0830")
    return evolve(
        base,
        indicators=Indicators(provider_signature=""),
        periods=(stay, admitted),
        statement=stay,
        admission=admitted,
        discharge_time="1100",
        admission_type="3",
        admission_source="1",
        patient_status="01",
        diagnoses=(*base.diagnoses, Diagnosis("ABJ", "I10"), Diagnosis("ABF", "E119", "N")),
        drg=draw(st.sampled_from(("", "470"))),
        procedures=draw(
            st.sampled_from(((), (Diagnosis("BBR", "0SRC0J9", day=on), Diagnosis("BBQ", "0SRD0J9", day=on))))
        ),
        value_codes=draw(st.sampled_from(((), (("80", Decimal(3)), ("02", Decimal("12.5")))))),
        condition_codes=draw(some(("02", "C5"))),
        occurrences=draw(
            st.sampled_from(((), (Occurrence("74", on, on + timedelta(days=1)), Occurrence("A1", on))))
        ),
    )


@st.composite
def claims(draw: Any, kind: str) -> list[Claim]:
    """Claims of one file."""
    entity = "2" if kind == "I" else draw(st.sampled_from("12"))
    billing = tuple(evolve(p, entity_type=entity) for p in draw(some(BILLING, 2, 1)))
    home = {"address": ADDRESSES}
    members = draw(some(people("IL", member=True, party=home), 2, 1))
    children = draw(
        some(people("QC", member=False, relationship=st.sampled_from(("19", "01")), party=home), 2)
    )
    count = draw(st.integers(1, 4))
    return [draw(claim(kind, n, (billing, members, children))) for n in range(count)]
