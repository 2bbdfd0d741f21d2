"""Random approvals and claims against a second, plain reading of the order of approvals (CONTRACT 7)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from authorization.facts import Approval
from edi.messages.claim import Claim
from edi.messages.common import Period, Reference
from tests.claim_world import DAY, GROUP, PCP, THERAPIST, approval, claim, fee, line, world

CODES = {"97110:GP": "PT", "97140:GP": "PT", "97530:GO": "AD", "97530:GP": "PT"}
FEES = (fee("97530", "42"),)
NUMBERS = ("AU-1", "AU-2", "AU-3")


@frozen
class Row:
    """One row of an approval, as the plain reading needs it."""

    number: str
    service_type: str
    codes: tuple[str, str]  # first and last; ('', '') all of the type
    unit: str
    units: int
    first: date
    last: date
    status: str = "approved"
    provider: str = GROUP

    def approval(self, at: int) -> Approval:
        return approval(
            self.number,
            key=f"{at}",
            service_type=self.service_type,
            provider_npi=self.provider,
            code=self.codes[0],
            code_to=self.codes[1],
            unit=self.unit,
            units=Decimal(self.units),
            effective_date=self.first,
            expiration_date=self.last,
            status=self.status,
        )


@frozen
class Billed:
    """One line of a claim: its code, units for each of its dates, and the number on it."""

    code: str
    share: int
    day: date
    dates: int
    number: str

    @property
    def days(self) -> list[date]:
        return [self.day + timedelta(n) for n in range(self.dates)]


ROWS = st.builds(
    Row,
    st.sampled_from(NUMBERS),
    st.sampled_from(("PT", "PT", "AD")),
    st.sampled_from((("97110", ""), ("97530", ""), ("97110", "97150"), ("97032", "97546"), ("", ""))),
    st.sampled_from(("UN", "UN", "VS")),
    st.integers(0, 4),
    st.sampled_from((date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 9))),
    st.sampled_from((date(2026, 7, 9), date(2026, 8, 31), date(2026, 9, 30))),
    st.sampled_from(("approved",) * 5 + ("cancelled", "denied")),
    st.sampled_from((GROUP,) * 5 + (PCP,)),
)
LINES = st.builds(
    Billed,
    st.sampled_from(tuple(CODES)),
    st.integers(1, 4),
    st.integers(0, 2).map(lambda n: DAY + timedelta(n)),
    st.sampled_from((1, 1, 2, 3)),
    st.sampled_from(("", "", "", *NUMBERS)),
)
CLAIMS = st.lists(st.tuples(st.lists(LINES, min_size=1, max_size=3), st.sampled_from(("", "", *NUMBERS))))


@frozen
class Book:
    """What is left of each row, and the dates its visits were counted on."""

    rows: Sequence[Row]
    left: dict[int, int]
    counted: set[tuple[int, date]] = field(factory=set)

    def fits(self, at: int, billed: Billed, names: tuple[str, str]) -> bool:
        row, procedure = self.rows[at], billed.code[:5]
        first, last = row.codes[0], row.codes[1] or row.codes[0]
        return (
            (row.number in names or names == ("", ""))
            and (row.status, row.provider, row.service_type) == ("approved", GROUP, CODES[billed.code])
            and (not first or first <= procedure <= last)
            and any(row.first <= day <= row.last for day in billed.days)
        )

    def free(self, at: int, day: date) -> bool:
        return self.rows[at].unit == "VS" and (at, day) in self.counted

    def order(self, at: int, names: tuple[str, str], days: list[date]) -> tuple[object, ...]:
        row, known = self.rows[at], any(self.free(at, day) for day in days)
        return _rank(row, names), not known, row.last, row.number, str(at)

    def expected(self, billed: Billed, names: tuple[str, str]) -> dict[tuple[int, date], int]:
        """Units by row and date: one number that has enough, else several, best first."""
        giving = [
            at
            for at in range(len(self.rows))
            if self.fits(at, billed, names)
            and (self.left[at] or any(self.free(at, day) for day in billed.days))
        ]
        giving.sort(key=lambda at: self.order(at, names, billed.days))
        for number in dict.fromkeys(self.rows[at].number for at in giving):
            mine = [at for at in giving if self.rows[at].number == number]
            takes, covered = self._take(mine, billed, names)
            if covered == billed.share * billed.dates:
                return takes
        return self._take(giving, billed, names)[0]

    def _take(
        self, giving: list[int], billed: Billed, names: tuple[str, str]
    ) -> tuple[dict[tuple[int, date], int], int]:
        takes: dict[tuple[int, date], int] = {}
        left, covered = dict(self.left), 0
        for day in billed.days:
            lacks = billed.share
            there = [at for at in giving if self.rows[at].first <= day <= self.rows[at].last]
            for at in sorted(there, key=lambda at: self.order(at, names, [day])):
                by_visit, free = self.rows[at].unit == "VS", self.free(at, day)
                some = (0 if free else min(1, left[at])) if by_visit else min(left[at], lacks)
                if lacks and (some or free):
                    takes[at, day] = some
                    left[at] -= some
                    lacks = 0 if by_visit else lacks - some
            covered += billed.share - lacks
        return takes, covered

    def used(self, takes: dict[tuple[int, date], int]) -> None:
        for (at, day), units in takes.items():
            self.left[at] -= units
            self.counted.add((at, day))

    def told(self, takes: dict[tuple[int, date], int]) -> list[tuple[int, date, int]]:
        """As uses are kept: a visit each date, units of a row together on the first of its dates."""
        found: dict[tuple[int, date], int] = {}
        for (at, day), units in takes.items():
            first = min(d for a, d in takes if a == at)
            key = (at, day if self.rows[at].unit == "VS" else first)
            found[key] = found.get(key, 0) + units
        return sorted((at, day, units) for (at, day), units in found.items())


def _rank(row: Row, names: tuple[str, str]) -> tuple[int, int]:
    """Named on the line, on the claim, found; the exact code, the narrower range, the service type."""
    tier = names.index(row.number) if row.number in names else 2
    first, last = row.codes
    return tier, int(last) - int(first) if last else 0 if first else 99999


def written(at: int, lines: Sequence[Billed], number: str) -> Claim:
    """The claim; no two lines are billed alike, so none is a duplicate."""
    billed = [
        line(
            b.code,
            200 + 10 * at + n,
            b.share * b.dates,
            period=Period("472", b.days[0], b.days[-1]),
            references=(Reference("G1", b.number),) if b.number else (),
        )
        for n, b in enumerate(lines)
    ]
    return claim(*billed, by=GROUP, rendering=THERAPIST, g1=number, control_number=f"C{at}")


@settings(max_examples=200, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6), CLAIMS, st.randoms())
def test_the_approval_used_is_the_one_that_the_order_names(
    rows: list[Row], claims: list[tuple[list[Billed], str]], random: object
) -> None:
    held = tuple(row.approval(at) for at, row in enumerate(rows))
    state = world("BAY-HMO", *held, fees=FEES)
    book = Book(rows, {at: row.units for at, row in enumerate(rows)})
    records = []
    for at, (lines, number) in enumerate(claims):
        record, state = state.decide(written(at, lines, number))
        records.append(record)
        for n, billed in enumerate(lines, 1):
            takes = book.expected(billed, (billed.number, number))
            book.used(takes)
            made = [u for u in record.uses if u.line == str(n)]
            told = sorted((int(u.approval_key), u.service_date, int(u.units)) for u in made)
            assert told == book.told(takes), (billed, number)
        now = {int(a.key): a for a in state.facts.member.approvals}
        assert all(0 <= a.used <= a.units for a in now.values())
        assert {key: a.left for key, a in now.items()} == book.left
    random.shuffle(records)  # type: ignore[attr-defined]
    for record in records:
        _, state = state.reverse(record)
        assert all(0 <= a.used <= a.units for a in state.facts.member.approvals)
    assert state.facts.member.approvals == held


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4), st.lists(LINES, min_size=1, max_size=3), st.randoms())
def test_a_cancelled_approval_gives_a_correction_what_its_claim_used_and_no_more(
    rows: list[Row], lines: list[Billed], random: object
) -> None:
    state = world("BAY-HMO", *(row.approval(at) for at, row in enumerate(rows)), fees=FEES)
    first, state = state.decide(written(0, lines, ""))
    other, state = state.decide(written(1, lines, ""))
    for number in NUMBERS:
        state = state.cancelled(number)
    new, _ = state.decide(written(2, lines, ""))
    assert not new.uses
    if random.random() < 0.5:  # type: ignore[attr-defined]
        _, state = state.reverse(other)
    used: dict[str, Decimal] = {}
    for use in first.uses:
        used[use.approval_key] = used.get(use.approval_key, Decimal(0)) + use.units
    again = written(3, [evolve(b, share=b.share + 1) for b in lines], "")
    corrected, after = state.correct(first, evolve(again, frequency="7"))
    taken: dict[str, Decimal] = {}
    for use in corrected.uses:
        taken[use.approval_key] = taken.get(use.approval_key, Decimal(0)) + use.units
    assert all(units <= used.get(key, Decimal(0)) for key, units in taken.items())
    assert all(0 <= a.used <= a.units for a in after.facts.member.approvals)
