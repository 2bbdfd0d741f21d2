"""The 837 parser: what each loop becomes, who belongs above which claim, and that nothing makes it raise."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.text.bodies import DENTAL, INSTITUTIONAL, PROFESSIONAL, loop_segments
from x12_payer.edi.messages.claim import (
    CONSENTED,
    ORDINARY,
    Adjustment,
    Claim,
    ClaimSet,
    Drug,
    Indicators,
    Occurrence,
)
from x12_payer.edi.messages.common import Attachment, Diagnosis, Procedure, Reference
from x12_payer.edi.parsers import x837_shared
from x12_payer.edi.parsers.common import LoopSegment
from x12_payer.edi.parsers.x837 import claim_kind, parse_837
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters


def parsed(
    body: str, version: str = "005010X222A1", delimiters: Delimiters = DEFAULT_DELIMITERS
) -> tuple[ClaimSet, list[Claim]]:
    claim_set, claims = parse_837(loop_segments("837", body, delimiters.element), delimiters, version)
    return claim_set, list(claims)


def sent(ordinal: int) -> list[str]:
    return next(s for _, s, at in loop_segments("837", PROFESSIONAL) if at == ordinal)


def professional() -> dict[str, Claim]:
    return {c.control_number: c for c in parsed(PROFESSIONAL)[1]}


def test_the_head_of_the_set() -> None:
    claim_set, _ = parsed(PROFESSIONAL)
    header = claim_set.header
    assert (header.set_id, header.control_number, header.version) == ("837", "0001", "005010X222A1")
    assert (header.structure, header.purpose, header.reference, header.type) == ("0019", "00", "B1", "CH")
    assert header.created is not None
    assert header.created.isoformat() == "2026-07-15T08:30:00"
    assert (claim_set.submitter.id, claim_set.submitter.contacts[0].numbers) == (
        "CLEARCO01",
        (("TE", "6175550100"),),
    )
    assert (claim_set.receiver.entity, claim_set.receiver.id) == ("40", "ATL01")


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("005010X222A1", "P"),
        ("005010X222", "P"),
        ("005010X223A2", "I"),
        ("005010X224A2", "D"),
        ("", "P"),
    ],
)
def test_the_kind_follows_the_version(version: str, kind: str) -> None:
    assert claim_kind(version) == kind
    claim_set, claims = parsed(PROFESSIONAL, version)
    assert claim_set.kind == kind
    assert {c.kind for c in claims} == {kind}


def test_each_claim_is_under_its_own_levels() -> None:
    _, claims = parsed(PROFESSIONAL)
    assert [
        (c.ordinal, c.control_number, c.billing_level, c.subscriber_level, c.billing_provider.npi)
        for c in claims
    ] == [
        (1, "PT-1", "1", "2", "1933333332"),
        (2, "PT-2", "1", "2", "1933333332"),
        (3, "DP-1", "1", "3", "1933333332"),
        (4, "OV-1", "5", "6", "1911111114"),
    ]
    assert [sent(c.position)[:2] for c in claims] == [["CLM", c.control_number] for c in claims]


def test_parties_above_claims_are_shared_not_read_again() -> None:
    first, second, third, fourth = parsed(PROFESSIONAL)[1]
    assert first.billing_provider is second.billing_provider is third.billing_provider
    assert first.subscriber is second.subscriber
    assert first.payer is second.payer is third.payer is fourth.payer
    assert first.submitter is fourth.submitter


def test_the_billing_provider_and_the_pay_to_address() -> None:
    claims = professional()
    provider = claims["PT-1"].billing_provider
    assert (provider.entity, provider.last_name, provider.provider_code, provider.taxonomy) == (
        "85",
        "HARBOR THERAPY",
        "BI",
        "225100000X",
    )
    assert provider.reference("EI") == "043210003"
    assert provider.address is not None
    assert provider.address.lines == ("102 WHARF ST", "FLOOR 2")
    pay_to = claims["PT-2"].pay_to
    assert pay_to is not None
    assert pay_to.address is not None
    assert pay_to.address.zip == "021100002"
    assert claims["OV-1"].pay_to is None
    assert claims["OV-1"].billing_provider.taxonomy == ""


def test_subscriber_and_dependent() -> None:
    claims = professional()
    own = claims["PT-1"]
    assert own.patient is own.subscriber
    assert (own.subscriber.id, own.subscriber.relationship) == ("A100000001", "18")
    assert (own.subscriber.birth_date, own.subscriber.gender) == (date(1980, 3, 15), "F")
    assert (own.subscriber.party.middle_name, own.subscriber.party.suffix) == ("Q", "JR")
    assert (own.responsibility, own.group_number, own.filing_indicator) == ("P", "GRP100", "HM")
    child = claims["DP-1"]
    assert (child.subscriber.party.first_name, child.patient.party.first_name) == ("OMAR", "SAMI")
    assert (child.patient.relationship, child.patient.birth_date) == ("19", date(2015, 1, 1))
    assert (child.patient.id, child.subscriber.id) == ("", "A100000003")
    assert child.patient.death_date == date(2026, 7, 20)
    assert (child.responsibility, child.group_number, child.filing_indicator) == ("S", "GRP200", "12")
    assert claims["OV-1"].patient is claims["OV-1"].subscriber
    assert (claims["OV-1"].group_number, claims["OV-1"].filing_indicator) == ("", "")


def test_the_claim_itself() -> None:
    claim = professional()["PT-1"]
    assert (claim.charge, claim.facility_code, claim.facility_qualifier, claim.frequency) == (
        Decimal(300),
        "11",
        "B",
        "7",
    )
    assert (claim.delay_reason, claim.predetermination, claim.patient_paid) == ("3", False, Decimal(20))
    assert claim.references == (Reference("G1", "AU-1"), Reference("F8", "ICN-0"))
    assert claim.diagnoses == (Diagnosis("ABK", "M5450"), Diagnosis("ABF", "M1711"))
    assert claim.attachments == (Attachment("OZ", "EL", "ATT-1"),)
    assert [(p.qualifier, p.begin) for p in claim.periods] == [("435", date(2026, 7, 1))]
    assert claim.admission == claim.periods[0]
    assert claim.statement is None
    rendering = claim.provider("82")
    assert rendering is not None
    assert (rendering.npi, rendering.taxonomy) == ("1944444441", "225100000X")
    assert [p.entity for p in claim.providers] == ["DN", "82"]
    second = professional()["PT-2"]
    assert (second.references, second.providers, second.patient_paid, second.delay_reason) == (
        (),
        (),
        None,
        "",
    )


def test_consent_and_cause() -> None:
    claims = professional()
    assert claims["PT-1"].indicators == claims["OV-1"].indicators == ORDINARY
    assert claims["PT-2"].indicators is claims["OV-1"].indicators
    body = PROFESSIONAL.replace("CLM*PT-2*50***11:B:1*Y*A*Y*Y", "CLM*PT-2*50***11:B:1*N*C*W*I*P*AA:OA::MA*02")
    claim = next(c for c in parsed(body)[1] if c.control_number == "PT-2")
    assert claim.indicators == Indicators("N", "C", "W", "I", "P", ("AA", "OA"), "MA", "", "02")


def test_what_the_levels_above_say() -> None:
    first = professional()["PT-1"]
    assert first.receiver is not None
    assert (first.receiver.entity, first.receiver.id) == ("40", "ATL01")
    child = professional()["DP-1"]
    assert (child.group_number, child.plan_name, child.insurance_type) == ("GRP200", "PLAN NAME", "")


def test_a_professional_line() -> None:
    first, second = professional()["PT-1"].lines
    assert (first.number, first.charge, first.unit, first.quantity) == ("1", Decimal(150), "UN", Decimal(3))
    assert first.procedure == Procedure("HC", "97110", ("GP", "59"))
    assert (first.place_of_service, first.diagnosis_pointers, first.emergency) == ("12", ("1", "2"), True)
    assert first.period is not None
    assert (first.period.begin, first.period.end) == (date(2026, 7, 8), date(2026, 7, 10))
    assert (first.control_number, first.drug_code) == ("L-1", "00002143301")
    assert [(p.entity, p.npi) for p in first.providers] == [("82", "1955555556"), ("DK", "1911111114")]
    assert first.providers[0].reference("0B") == "LIC1"
    assert first.drug == Drug("00002143301", Decimal(2), "ML")
    assert (second.number, second.unit, second.quantity) == ("2", "MJ", Decimal(15))
    assert (second.charge, second.place_of_service, second.emergency) == (Decimal("150.00"), "", False)
    assert second.attachments == (Attachment("CT", "AB"),)
    assert (second.references, second.providers, second.drug_code) == ((), (), "")
    assert [sent(line.position) for line in (first, second)] == [["LX", "1"], ["LX", "2"]]


def test_a_number_that_is_another_payers_is_not_ours() -> None:
    line = professional()["PT-1"].lines[0]
    assert [(r.qualifier, r.value) for r in line.references] == [
        ("6R", "L-1"),
        ("G1", "AU-2"),
        ("9F", "RF-OURS"),
    ]


def test_other_payers_and_what_they_did_with_the_line() -> None:
    claim = professional()["DP-1"]
    first, second = claim.other_payers
    assert (first.responsibility, first.filing_indicator) == ("P", "12")
    assert (first.paid, first.patient_liability, first.paid_on) == (
        Decimal(80),
        Decimal(40),
        date(2026, 7, 11),
    )
    assert first.payer is not None
    assert first.insured is not None
    assert (first.payer.id, first.insured.id) == ("PRIM1", "PM55501")
    assert first.references == (Reference("F8", "THEIR-ICN"),)
    assert (first.relationship, first.indicators) == ("18", CONSENTED)
    assert first.adjustments == (
        Adjustment("CO", "45", Decimal(10)),
        Adjustment("PR", "1", Decimal(5), Decimal(1)),
        Adjustment("PR", "2", Decimal(7)),
        Adjustment("PR", "3", Decimal(9), Decimal(2)),
    )
    assert second.payer is not None
    assert (second.responsibility, second.payer.id, second.paid, second.adjustments) == (
        "T",
        "THIRD1",
        None,
        (),
    )
    (line,) = claim.lines
    by_first, by_second = line.prior_payments
    assert (by_first.payer_id, by_first.paid, by_first.units) == ("PRIM1", Decimal(80), Decimal(1))
    assert by_first.procedure == Procedure("HC", "99213")
    assert [(a.group, a.reason, a.amount) for a in by_first.adjustments] == [
        ("CO", "45", Decimal(80)),
        ("PR", "2", Decimal(40)),
    ]
    assert by_first.paid_on == date(2026, 7, 12)
    assert (by_second.payer_id, by_second.paid, by_second.paid_on) == ("THIRD1", Decimal(0), None)
    assert professional()["OV-1"].other_payers == ()


def test_an_institutional_claim() -> None:
    (claim,) = parsed(INSTITUTIONAL, "005010X223A2")[1]
    assert (claim.charge, claim.facility_code, claim.facility_qualifier) == (Decimal("21000.50"), "11", "A")
    assert claim.statement is not None
    assert (claim.statement.begin, claim.statement.end) == (date(2026, 7, 15), date(2026, 7, 22))
    assert claim.admission is not None
    assert (claim.admission.begin, claim.admission.text) == (date(2026, 7, 15), "202607150800")
    assert (claim.admission_type, claim.admission_source, claim.patient_status) == ("3", "1", "01")
    assert [(d.qualifier, d.code, d.poa) for d in claim.diagnoses] == [
        ("ABK", "M1711", "Y"),
        ("ABJ", "M1711", ""),
        ("APR", "R51", ""),
        ("APR", "R52", ""),
        ("ABF", "E119", "N"),
        ("ABF", "I10", ""),
    ]
    assert claim.drg == "470"
    assert [(p.qualifier, p.code) for p in claim.procedures] == [("BBR", "0SRC0J9"), ("BBQ", "0SRD0J9")]
    assert claim.value_codes == (("80", Decimal(7)), ("02", Decimal("12.5")))
    assert claim.condition_codes == ("02", "C5")
    assert claim.occurrence_codes == ("74", "A1", "11")
    assert claim.occurrences[:2] == (
        Occurrence("74", date(2026, 7, 18), date(2026, 7, 19)),
        Occurrence("A1", date(2026, 7, 15)),
    )
    assert claim.procedures[0].day == date(2026, 7, 16)
    assert claim.discharge_time == "1100"
    assert claim.indicators == Indicators(provider_signature="")
    assert [p.entity for p in claim.providers] == ["71"]
    room, emergency = claim.lines
    assert (room.revenue_code, room.procedure, room.charge, room.unit, room.quantity, room.period) == (
        "0120",
        None,
        Decimal(21000),
        "DA",
        Decimal(7),
        None,
    )
    assert (emergency.revenue_code, emergency.procedure, emergency.charge) == (
        "0450",
        Procedure("HC", "99284", ("25",)),
        Decimal("0.5"),
    )


def test_a_dental_claim() -> None:
    (claim,) = parsed(DENTAL, "005010X224A2")[1]
    assert claim.predetermination
    assert claim.service_period is not None
    assert claim.service_period.begin == date(2026, 7, 13)
    assert claim.attachments == (Attachment("DA", "EL", "ATT-88"),)
    braces, filling = claim.lines
    assert (braces.procedure, braces.charge, braces.quantity, braces.teeth) == (
        Procedure("AD", "D8080"),
        Decimal(4000),
        Decimal(1),
        (),
    )
    assert (filling.place_of_service, filling.oral_cavity, filling.quantity) == (
        "22",
        ("10", "20"),
        Decimal(2),
    )
    assert filling.teeth == ("3", "14")
    assert filling.surfaces == ("M", "O", "D", "O")
    assert (filling.surfaces_of, braces.surfaces_of) == ((("M", "O", "D"), ("O",)), ())
    assert filling.diagnosis_pointers == ("1", "3")


def test_the_sets_own_component_separator_is_used() -> None:
    (claim,) = parsed(
        INSTITUTIONAL.replace(":", ">").replace("*", "|"),
        "005010X223A2",
        Delimiters(element="|", component=">"),
    )[1]
    plain = parsed(INSTITUTIONAL, "005010X223A2")[1][0]
    assert claim == plain


def test_a_full_memo_is_emptied_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = parsed(PROFESSIONAL)
    monkeypatch.setattr(x837_shared, "_MEMO_LIMIT", 1)
    assert parsed(PROFESSIONAL) == before


def test_claims_are_read_one_at_a_time() -> None:
    taken = 0

    def endless() -> Iterator[LoopSegment]:
        nonlocal taken
        segments = list(loop_segments("837", PROFESSIONAL))[:-1]
        clm = next(i for i, (_, s, _) in enumerate(segments) if s[0] == "CLM")
        for item in segments:
            taken += 1
            yield item
        while True:
            for item in segments[clm:]:
                taken += 1
                yield item

    claim_set, claims = parse_837(endless(), DEFAULT_DELIMITERS, "005010X222A1")
    assert taken < 12
    assert claim_set.header.reference == "B1"
    assert [next(claims).ordinal for _ in range(50)] == list(range(1, 51))
    assert taken < 50 * len(PROFESSIONAL.splitlines())


@pytest.mark.parametrize("body", [PROFESSIONAL, INSTITUTIONAL, DENTAL])
def test_equal_claims_are_equal_values(body: str) -> None:
    assert parsed(body) == parsed(body)


LOOPS = (
    "ST_LOOP HEADER 1000A 1000B 2000A 2010AA 2010AB 2000B 2010BA 2010BB 2000C 2010CA 2300"
    " 2310A 2310B 2320 2330A 2330B 2330C 2400 2410 2420A 2430"
)
TAGS = (
    "ST BHT HL NM1 N3 N4 REF PER PRV SBR PAT DMG CLM DTP CL1 PWK AMT HI CAS OI LX SV1 SV2"
    " SV3 TOO LIN SVD SE XX"
)
TEXTS = st.one_of(
    st.sampled_from(["", ":", "HC:", "::::", "ABK:", "BE:1:::x", "2U:", "D8", "RD8", "DT", "PB", "Y", "NaN"]),
    st.sampled_from(["1E999999", "-", ".", "20260230", "20260101-", "-20260101", "472", "434", "D", "F5"]),
    st.text(max_size=12),
)
ODD = st.lists(
    st.tuples(
        st.sampled_from(LOOPS.split()),
        st.builds(
            lambda tag, rest: [tag, *rest], st.sampled_from(TAGS.split()), st.lists(TEXTS, max_size=20)
        ),
        st.integers(1, 999),
    ),
    max_size=40,
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(ODD, st.sampled_from(["005010X222A1", "005010X223A2", "005010X224A2", "odd"]))
def test_nothing_makes_it_raise(segments: list[LoopSegment], version: str) -> None:
    claims = list(parse_837(iter(segments), DEFAULT_DELIMITERS, version)[1])
    assert len(claims) == sum(1 for _, s, _ in segments if s[0] == "CLM")
    assert all(c.charge.is_finite() and all(line.charge.is_finite() for line in c.lines) for c in claims)
