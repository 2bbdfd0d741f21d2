"""Reading facts for a chunk of messages: a few queries for everybody in it, never one for each claim."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve
from sqlalchemy import ColumnElement, Table, or_, select

from x12_payer.adjudication.people import Roster
from x12_payer.adjudication.records import ClaimFacts, ClaimRecord, Consent, Fee, FeeSchedule, OtherCoverage
from x12_payer.adjudication.store import schema
from x12_payer.adjudication.store.lists import one_of
from x12_payer.adjudication.store.records import restore
from x12_payer.adjudication.store.unit import Unit
from x12_payer.authorization.facts import AccumulatorUse, Approval, MemberFacts, ReviewCase
from x12_payer.authorization.parties import Contract, Directory, Member, Provider
from x12_payer.edi.messages.common import Person

StoredRow = Mapping[str, Any]
ZERO = Decimal(0)
Days = tuple[date, date]  # first and last


def _optional_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(unit: Unit, table: Table, condition: ColumnElement[bool], *order: Any) -> list[StoredRow]:
    found = unit.connection.execute(select(table).where(condition).order_by(*order))
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found]


def _in(table: Table, column: str, values: Iterable[str]) -> ColumnElement[bool]:
    return one_of(table.c[column], values)


# -- people ----------------------------------------------------------------------------------------


class RosterIndex:
    """The coverage spans of everybody a chunk could mean, by what they can be found with."""

    def __init__(self, spans: Sequence[Member]) -> None:
        self.by_id: dict[str, list[Member]] = defaultdict(list)
        self.by_subscriber: dict[str, list[Member]] = defaultdict(list)
        self.by_birth: dict[date, list[Member]] = defaultdict(list)
        for span in spans:
            self.by_id[span.member_id].append(span)
            self.by_subscriber[span.subscriber_id].append(span)
            self.by_birth[span.birth_date].append(span)

    def roster(self, *people: Person | None) -> Roster:
        """The candidates for the people of one message: by id with family, by birth date when without id."""
        found: dict[tuple[str, date], Member] = {}
        for person in people:
            for span in self._candidates(person) if person else ():
                found[span.member_id, span.effective_date] = span
        return Roster(tuple(found.values()))

    def _candidates(self, person: Person) -> Iterable[Member]:
        if not person.id:
            born = self.by_birth.get(person.birth_date, []) if person.birth_date else []
            for span in born:
                yield from self.by_subscriber.get(span.subscriber_id, [])
            return
        for span in [*self.by_id.get(person.id, []), *self.by_subscriber.get(person.id, [])]:
            yield from self.by_subscriber.get(span.subscriber_id, [])

    def spans(self, member_id: str) -> tuple[Member, ...]:
        """Every coverage span of one person, oldest first."""
        return tuple(self.by_id.get(member_id, ()))


def roster_index(unit: Unit, people: Iterable[Person | None]) -> RosterIndex:
    """Everybody the people could mean, with their families."""
    asked = [person for person in people if person is not None]
    ids = {person.id for person in asked if person.id}
    births = {person.birth_date.isoformat() for person in asked if not person.id and person.birth_date}
    table = schema.reference["members"]
    meant = or_(
        _in(table, "member_id", ids), _in(table, "subscriber_id", ids), _in(table, "birth_date", births)
    )
    families = table.c.subscriber_id.in_(select(table.c.subscriber_id).where(meant))
    rows = _rows(unit, table, families, table.c.member_id, table.c.effective_date)
    return RosterIndex([_member(row) for row in rows])


def roster_of(unit: Unit, member_ids: Iterable[str]) -> RosterIndex:
    """The coverage spans of these members."""
    table = schema.reference["members"]
    rows = _rows(unit, table, _in(table, "member_id", member_ids), table.c.member_id, table.c.effective_date)
    return RosterIndex([_member(row) for row in rows])


def _member(row: StoredRow) -> Member:
    return Member(**{**_dated(row), "birth_date": date.fromisoformat(row["birth_date"])})


def directory(unit: Unit, npis: Iterable[str]) -> Directory:
    """The providers of these NPIs with their contracts."""
    wanted = {npi for npi in npis if npi}
    providers, networks = schema.reference["providers"], schema.reference["networks"]
    contracts: dict[tuple[str, str], tuple[Contract, ...]] = {}
    for row in _rows(unit, networks, _in(networks, "npi", wanted), networks.c.effective_date):
        contract = Contract(
            row["npi"],
            row["plan_id"],
            date.fromisoformat(row["effective_date"]),
            _optional_day(row["termination_date"]),
        )
        key = (contract.npi, contract.plan_id)
        contracts[key] = (*contracts.get(key, ()), contract)
    found = {row["npi"]: Provider(**row) for row in _rows(unit, providers, _in(providers, "npi", wanted))}
    return Directory(found, contracts)


# -- approvals, accumulators, cases ----------------------------------------------------------------


def _loaded_approval(row: StoredRow) -> Approval:
    parts = ("authorization_number", "service_type", "provider_npi", "code", "code_to", "modifier")
    return Approval(
        key="/".join(row[p] for p in parts),
        number=row["authorization_number"],
        member_id=row["member_id"],
        kind=row["kind"],
        status=row["status"],
        service_type=row["service_type"],
        requester_npi=row["requester_npi"],
        provider_npi=row["provider_npi"],
        code=row["code"],
        code_to=row["code_to"],
        modifiers=tuple(row["modifier"].replace(":", " ").split()),
        unit=row["unit"],
        units=Decimal(row["units"]),
        issued_date=_optional_day(row["issued_date"]),
        effective_date=_optional_day(row["effective_date"]),
        expiration_date=_optional_day(row["expiration_date"]),
        reason=row["reason"],
        case_number=row["authorization_number"] if row["status"] in ("denied", "pended") else "",
    )


def _approvals(unit: Unit, loaded: ColumnElement[bool], decided: ColumnElement[bool]) -> list[Approval]:
    """Loaded rows and our own; ours replace a loaded row of the same key (revised, cancelled)."""
    table = schema.reference["authorizations"]
    found = {a.key: a for a in map(_loaded_approval, _rows(unit, table, loaded, *table.primary_key.columns))}
    for row in _rows(unit, schema.approvals, decided, schema.approvals.c.key):
        found[row["key"]] = restore(row["record"], Approval)
    if not found:
        return []
    used: dict[str, Decimal] = defaultdict(Decimal)
    for row in _rows(unit, schema.uses, _in(schema.uses, "approval_key", found)):
        used[row["approval_key"]] += Decimal(row["units"])
    return [evolve(a, used=used[a.key]) if a.key in used else a for a in found.values()]


def approvals_by_number(unit: Unit, numbers: Iterable[str]) -> Mapping[str, tuple[Approval, ...]]:
    """Approvals by authorization or case number, whoever they belong to."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    loaded = schema.reference["authorizations"]
    own = schema.approvals
    found: dict[str, list[Approval]] = defaultdict(list)
    for approval in _approvals(
        unit,
        _in(loaded, "authorization_number", wanted),
        or_(_in(own, "number", wanted), _in(own, "case_number", wanted)),
    ):
        for number in {approval.number, approval.case_number} & wanted:
            found[number].append(approval)
    return {number: tuple(rows) for number, rows in found.items()}


def member_facts(unit: Unit, index: RosterIndex, member_ids: Iterable[str]) -> dict[str, MemberFacts]:
    """Approvals, accumulators and 278 cases of these members."""
    ids = {m for m in member_ids if m}
    approvals: dict[str, list[Approval]] = defaultdict(list)
    loaded = schema.reference["authorizations"]
    for approval in _approvals(unit, _in(loaded, "member_id", ids), _in(schema.approvals, "member_id", ids)):
        approvals[approval.member_id].append(approval)
    accumulators = _accumulators(unit, ids)
    cases: dict[str, list[ReviewCase]] = defaultdict(list)
    for row in _rows(unit, schema.cases, _in(schema.cases, "member_id", ids), schema.cases.c.case_number):
        cases[row["member_id"]].append(restore(row["record"], ReviewCase))
    return {
        m: MemberFacts(m, index.spans(m), tuple(approvals[m]), tuple(accumulators[m]), tuple(cases[m]))
        for m in ids
    }


def _accumulators(unit: Unit, ids: set[str]) -> dict[str, list[AccumulatorUse]]:
    """What was loaded and what claims added, one sum for each member, accumulator and year."""
    loaded, own = schema.reference["accumulators"], schema.accumulator_uses
    sums: dict[tuple[str, str, int], Decimal] = {}
    for row in _rows(unit, loaded, _in(loaded, "member_id", ids), *loaded.primary_key.columns):
        sums[row["member_id"], row["accumulator"], int(row["year"])] = Decimal(row["value"])
    added = select(own.c.member_id, own.c.name, own.c.year, own.c.amount).where(_in(own, "member_id", ids))
    for member, name, year, amount in unit.connection.execute(added.order_by(own.c.id)):
        key = member, name, year
        sums[key] = sums.get(key, ZERO) + Decimal(amount)
    found: dict[str, list[AccumulatorUse]] = defaultdict(list)
    for (member, name, year), total in sums.items():
        found[member].append(AccumulatorUse(name, year, total))
    return found


# -- claims ----------------------------------------------------------------------------------------


def claim_of(row: StoredRow) -> ClaimRecord:
    """The claim of a row: what changes after the decision is in the columns."""
    record = restore(row["record"], ClaimRecord)
    return evolve(
        record,
        status=row["status"],
        replaced_by=row["replaced_by"],
        trace=row["trace"],
        remitted=_optional_day(row["remitted"]),
        interest=Decimal(row["interest"]) if row["interest"] else record.interest,
    )


def claims_of(unit: Unit, member_ids: Iterable[str]) -> dict[str, tuple[ClaimRecord, ...]]:
    """Every claim of these members, oldest first."""
    return _by_member(unit, _in(schema.claims, "member_id", member_ids))


def claims_within(unit: Unit, days: Mapping[str, Days]) -> dict[str, tuple[ClaimRecord, ...]]:
    """Of these members' decided claims those with a service within the member's days, oldest first."""
    if not days:
        return {}
    first, last = min(begin for begin, _ in days.values()), max(end for _, end in days.values())
    within = {m: (begin.isoformat(), end.isoformat()) for m, (begin, end) in days.items()}
    table = schema.claims
    near = (table.c.service_begin <= last.isoformat()) & (table.c.service_end >= first.isoformat())
    asked = _in(table, "member_id", days) & table.c.status.in_(["paid", "denied"])
    columns = table.c.member_id, table.c.service_begin, table.c.service_end, table.c.claim_number
    past = unit.connection.execute(select(*columns).where(asked & (near | (table.c.service_end == ""))))
    meant = {
        number
        for member, begin, end, number in past
        if not end or (begin <= within[member][1] and within[member][0] <= end)
    }
    return _by_member(unit, _in(table, "claim_number", meant)) if meant else {}


def _by_member(unit: Unit, asked: ColumnElement[bool]) -> dict[str, tuple[ClaimRecord, ...]]:
    found: dict[str, list[ClaimRecord]] = defaultdict(list)
    for row in _rows(unit, schema.claims, asked, schema.claims.c.sequence):
        found[row["member_id"]].append(claim_of(row))
    return {m: tuple(records) for m, records in found.items()}


def claims_by_number(unit: Unit, numbers: Iterable[str]) -> dict[str, ClaimRecord]:
    """Claims by our own claim control number."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    rows = _rows(unit, schema.claims, _in(schema.claims, "claim_number", wanted))
    return {row["claim_number"]: claim_of(row) for row in rows}


def claim_chains(unit: Unit, numbers: Iterable[str]) -> dict[str, ClaimRecord]:
    """The claims of these numbers with what they replaced and what replaced them, on to both ends."""
    found: dict[str, ClaimRecord] = {}
    wanted = {number for number in numbers if number}
    while wanted:
        more = claims_by_number(unit, wanted)
        found.update(more)
        linked = {n for claim in more.values() for n in (claim.replaced_by, claim.replaces) if n}
        wanted = linked.difference(found, wanted)
    return found


def claims_to_pay(unit: Unit) -> dict[int, list[ClaimRecord]]:
    """Finalized claims and reversals that are in no 835 yet, oldest first, by inbound interchange."""
    table = schema.claims
    unpaid = (table.c.trace == "") & table.c.status.in_(
        ["paid", "denied", "predetermined", "reversal", "reversed"]
    )
    found: dict[int, list[ClaimRecord]] = defaultdict(list)
    for row in _rows(unit, table, unpaid, table.c.sequence):
        claim = claim_of(row)
        if claim.remittance is not None:  # what was withdrawn undecided, and our own book-keeping
            found[row["interchange"]].append(claim)
    return found


def claim_facts(unit: Unit, index: RosterIndex, days: Mapping[str, Days | None]) -> dict[str, ClaimFacts]:
    """Everything a claim decision looks at, for these members. Of their claims only the decided ones within
    the days: no other can matter to a claim of these days that corrects nothing; all when None."""
    ids = {m for m in days if m}
    members = member_facts(unit, index, ids)
    claims = claims_of(unit, {m for m in ids if days[m] is None})
    claims |= claims_within(unit, {m: within for m, within in days.items() if m and within is not None})
    other = other_coverage(unit, ids)
    consents: dict[str, list[Consent]] = defaultdict(list)
    table = schema.reference["consents"]
    for row in _rows(unit, table, _in(table, "member_id", ids), *table.primary_key.columns):
        consents[row["member_id"]].append(Consent(**_dated(row)))
    return {
        m: ClaimFacts(facts, claims.get(m, ()), tuple(consents[m]), other.get(m, ()))
        for m, facts in members.items()
    }


def other_coverage(unit: Unit, member_ids: Iterable[str]) -> dict[str, tuple[OtherCoverage, ...]]:
    """Other coverage rows by member."""
    table = schema.reference["other_coverage"]
    found: dict[str, list[OtherCoverage]] = defaultdict(list)
    for row in _rows(unit, table, _in(table, "member_id", member_ids), *table.primary_key.columns):
        found[row["member_id"]].append(OtherCoverage(**_dated(row)))
    return {m: tuple(rows) for m, rows in found.items()}


def _dated(row: StoredRow) -> dict[str, Any]:
    return {
        **row,
        "effective_date": date.fromisoformat(row["effective_date"]),
        "termination_date": _optional_day(row["termination_date"]),
    }


def fee_schedule(unit: Unit, codes: Iterable[str]) -> FeeSchedule:
    """The fee rows of these codes."""
    table = schema.reference["fees"]
    fees: dict[str, list[Fee]] = defaultdict(list)
    for row in _rows(unit, table, _in(table, "code", codes), *table.primary_key.columns):
        fees[row["code"]].append(Fee(**{**_dated(row), "amount": Decimal(row["amount"])}))
    return FeeSchedule({code: tuple(rows) for code, rows in fees.items()})
