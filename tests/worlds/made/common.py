"""Strategies for what answers have in common: names, dates, amounts, references.

Messages are made in the form in which they are read back; what a builder works out by itself is tested
apart."""

from datetime import date, datetime
from decimal import Decimal
from string import ascii_uppercase
from typing import TypeVar

from attrs import evolve
from hypothesis import strategies as st

from x12_payer.edi.messages.common import (
    Address,
    Amount,
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

T = TypeVar("T")
CREATED = datetime(2026, 7, 15, 9, 30)
NOBODY = Party("")

word = st.text(ascii_uppercase + "0123456789", min_size=1, max_size=8)
words = st.lists(word, min_size=1, max_size=3).map(" ".join)
digits = st.integers(10000, 999999999).map(str)
npi = st.integers(1000000000, 2999999999).map(str)
maybe_word = st.just("") | word
days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
cents = st.decimals(0, 99999, places=2)
nonzero = st.decimals("0.01", 9999, places=2) | st.decimals(-9999, "-0.01", places=2)
counts = st.integers(1, 400).map(Decimal)
maybe_cents = st.none() | cents
procedures = st.builds(
    Procedure,
    st.just("HC"),
    st.integers(10000, 99999).map(str),
    st.lists(word, max_size=4).map(tuple),
)


def some(strategy: st.SearchStrategy[T], most: int = 3, least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def each_once(
    strategy: st.SearchStrategy[T], most: int = 3, least: int = 0
) -> st.SearchStrategy[tuple[T, ...]]:
    """For what answers about one person share: a builder writes what is equal among them once."""
    return st.lists(strategy, min_size=least, max_size=most, unique_by=repr).map(tuple)


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
    st.integers(100000000, 999999999).map(str),
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
        "MI" if with_id else "",
        draw(word) if with_id else "",
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
diagnoses = st.builds(Diagnosis, of("ABK", "ABF"), word)
quantities = st.builds(
    Quantity, of("VS", "DY", "HS"), counts, maybe_word, maybe_word, of("", "34"), maybe_word
)


def refused(strategy: st.SearchStrategy[tuple[Rejection, ...]]) -> st.SearchStrategy[tuple[Rejection, ...]]:
    """AAA as a builder writes those of several answers: each once."""
    return strategy.map(lambda found: tuple(dict.fromkeys(found)))


aaas = refused(each_once(rejections, 2, 1))


class Numbers:
    """HL01 of one set, in the order in which levels are written."""

    def __init__(self) -> None:
        self.last = 0

    def next(self, above: tuple[str, ...] = ()) -> tuple[str, ...]:
        self.last += 1
        return (*above, str(self.last))


def amounts(*qualifiers: str) -> st.SearchStrategy[tuple[Amount, ...]]:
    return some(st.builds(Amount, of(*qualifiers), cents))


def bare(person: Person) -> Party:
    """A name without an address."""
    return evolve(person.party, address=None)
