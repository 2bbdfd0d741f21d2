"""834: members, for Hypothesis."""

from attrs import evolve
from hypothesis import strategies as st

from tests.worlds.made.common import (
    CREATED,
    addresses,
    amounts,
    bare,
    contacts,
    counts,
    days,
    maybe_word,
    of,
    organizations,
    people,
    periods,
    references,
    some,
    word,
    words,
)
from x12_payer.edi.messages.common import (
    Party,
    Reference,
)
from x12_payer.edi.messages.enrollment import (
    Coverage,
    EnrollmentHeader,
    Language,
    MemberEnrollment,
    OtherInsurance,
    ReportingCategory,
)

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
