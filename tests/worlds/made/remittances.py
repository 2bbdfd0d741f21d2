"""835: remittances, for Hypothesis."""

from datetime import date
from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st

from tests.worlds.made.common import (
    addresses,
    amounts,
    bare,
    cents,
    contacts,
    counts,
    days,
    digits,
    maybe_cents,
    maybe_word,
    nonzero,
    npi,
    of,
    organizations,
    people,
    procedures,
    references,
    some,
    spans,
    word,
)
from x12_payer.edi.messages.claim import (
    Adjustment,
)
from x12_payer.edi.messages.common import (
    Amount,
    Contact,
    Period,
    Person,
    Reference,
)
from x12_payer.edi.messages.remittance import (
    ClaimGroup,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)


def adjustments() -> st.SearchStrategy[tuple[Adjustment, ...]]:
    """As they are written: by group and reason, each once."""
    reasons = ("1", "2", "23", "45", "197", "A1")
    one = st.builds(Adjustment, of("CO", "OA", "PR"), of(*reasons), nonzero, st.none() | counts)
    order = {reason: at for at, reason in enumerate(reasons)}
    return st.lists(one, max_size=8, unique_by=lambda a: (a.group, a.reason)).map(
        lambda found: tuple(sorted(found, key=lambda a: (a.group, order[a.reason])))
    )


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
