"""The external code sets (SNIP type 5): which codes are in force on a day, and where in a segment they are
sent.

Lists, forms and places are tables of maps/codes (code_lists.csv, code_places.csv and the lists that they
name). A user's folder may hold files of the same names; they replace the shipped ones."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path

from attrs import define, field

from x12_payer.edi.codes.forms import is_cdt, is_hcpcs, is_icd10_cm, is_npi
from x12_payer.edi.frozen import frozen
from x12_payer.edi.tables import rows

KEPT_CODES = 20_000  # codes of one list that are remembered to hold
ALWAYS_SINCE = "20030101"  # a code in use before this day is not asked for its first day

_NO_END = "9"
_USUAL = frozenset(("code", "to", "effective", "end", "source"))  # columns of every list

CodeRow = Mapping[str, str]
Test = Callable[[str], bool]


def _is_routing(code: str) -> bool:
    from stdnum.us import rtn  # it takes long to import, and only an 835 asks

    return bool(rtn.is_valid(code))


_CHECKS: Mapping[str, Test] = {
    "npi": is_npi,
    "icd10_cm": is_icd10_cm,
    "hcpcs": is_hcpcs,
    "cdt": is_cdt,
    "routing": _is_routing,
}


@define(eq=False)
class CodeList:
    """One outside code set. `valid` are codes known to hold on any day (the empty one among them); `dated`
    the others by code with their first and last day (CCYYMMDD); `notes` what else its file says of a code, by
    column; `test` judges the form, when there is one.
    The rows of its file are `entries`, which are read when a code is asked for first: a file asks but few
    of the sets."""

    name: str
    diagnostic: str  # what is said of a code that does not hold
    valid: set[str] = field(factory=lambda: {""}, repr=False)
    dated: dict[str, tuple[tuple[str, str], ...]] = field(factory=dict, repr=False)
    notes: dict[str, dict[str, str]] = field(factory=dict, repr=False)
    test: Test | None = None
    entries: Callable[[], Iterable[CodeRow]] | None = field(default=None, repr=False)
    end: str = _NO_END  # the last day on which claims use the set; not asked for here
    later: bool = False  # may a code have come into use behind the day?

    def holds(self, code: str, day: str) -> bool:
        """Is this a code of the set on the day (CCYYMMDD; '' is any day)? The empty code always is."""
        if self.entries is not None:
            self.read()
        if code in self.valid:
            return True
        if any(self._is_in_use(day, first, last) for first, last in self.dated.get(code, ())):
            return True
        if self.test is None or not self.test(code):
            return False
        if len(self.valid) < KEPT_CODES:
            self.valid.add(code)
        return True

    def lasts(self, code: str, first: str, last: str) -> bool:
        """Is this a code of the set on each day from the first to the last one?"""
        if self.end < last:
            return not code
        holds = self.holds(code, "")
        spans = self.dated.get(code)
        return holds and (spans is None or any(a <= first and last <= b for a, b in spans))

    def note(self, code: str, column: str) -> str:
        """What a further column of the file says of a code, '' when it says nothing."""
        return self.noted(column).get(code, "")

    def noted(self, column: str) -> Mapping[str, str]:
        """What a further column of the file says, by code; codes of which it says nothing are left out."""
        if self.entries is not None:
            self.read()
        return self.notes.get(column, {})

    def _is_in_use(self, day: str, first: str, last: str) -> bool:
        return not day or (day <= last and (self.later or first <= day))

    def read(self) -> None:
        """Take in the rows of the file, once."""
        entries, self.entries = self.entries, None
        for entry in entries() if entries is not None else ():
            first, last = _day(entry.get("effective"), "0"), _day(entry.get("end"), _NO_END)
            further = [column for column in entry if column and column not in _USUAL]
            for code in _span(entry["code"], entry.get("to") or ""):
                if first <= ALWAYS_SINCE and last == _NO_END:
                    self.valid.add(code)
                else:
                    self.dated[code] = (*self.dated.get(code, ()), (first, last))
                for column in further:
                    if entry[column]:
                        self.notes.setdefault(column, {})[code] = entry[column]


@frozen
class CodePlace:
    """One row of code_places.csv. `element` is the first element, `step` the way to the next (0: only one);
    `component` 0 is the whole element. The code counts where element `when_element` (or component
    `when_component` of the same composite) is one of `when`; empty: everywhere."""

    tag: str
    element: int
    step: int
    component: int
    codes: str  # the name of the list
    when_element: int = 0
    when_component: int = 0
    when: frozenset[str] = frozenset()
    guides: tuple[str, ...] = ()

    def belongs_to(self, guide: str) -> bool:
        """Has the guide (837P.X222A1) such a place?"""
        return not self.guides or guide.startswith(self.guides)


@frozen(eq=False)
class CodeLists:
    """Every outside code set by name, and where their codes are sent."""

    lists: Mapping[str, CodeList]
    places: tuple[CodePlace, ...]
    bill_classes: Mapping[str, str]  # inpatient, outpatient ... by type of bill
    bill_asks: Mapping[str, frozenset[str]]  # which further data a type of bill asks for


def code_lists(folders: Iterable[Path] = ()) -> CodeLists:
    """The code sets, a file of a folder in place of the shipped one of its name; a later folder goes before
    an earlier one. A column that is missing is empty."""
    paths = tuple(folders)
    return _shipped() if not paths else _assemble(paths)


def names_entity(status: str) -> bool:
    """Does a claim status (list 508) ask for the entity that is meant?"""
    return bool(_shipped().lists["claim_status"].note(status, "needs_entity"))


@cache
def _shipped() -> CodeLists:
    return _assemble(())


def _assemble(folders: tuple[Path, ...]) -> CodeLists:
    lists = {row["list"]: _code_list(row, folders) for row in _table("code_lists", folders)}
    places = tuple(_place(row) for row in _table("code_places", folders))
    unknown = {place.codes for place in places} - set(lists)
    if unknown:
        raise ValueError(f"code_places.csv names lists that code_lists.csv has not: {sorted(unknown)}")
    bills = _table("bill_types", folders)
    classes = {row["code"]: row.get("class") or "" for row in bills}
    asks = {row["code"]: frozenset((row.get("asks") or "").split()) for row in bills}
    return CodeLists(lists, places, classes, asks)


def _table(name: str, folders: tuple[Path, ...]) -> list[dict[str, str]]:
    for folder in reversed(folders):
        path = folder / f"{name}.csv"
        if path.is_file():
            text = path.read_text(encoding="utf-8-sig")
            return list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))
    return rows(name)


def _code_list(row: CodeRow, folders: tuple[Path, ...]) -> CodeList:
    """One row of code_lists.csv."""
    entries = partial(_table, row["file"], folders) if row["file"] else None
    end, later = _day(row.get("end"), _NO_END), bool(row.get("later"))
    return CodeList(row["list"], row["diagnostic"], test=_test(row), entries=entries, end=end, later=later)


def _test(row: CodeRow) -> Test | None:
    if row["check"]:
        return _CHECKS[row["check"]]
    if not row["pattern"]:
        return None
    whole = re.compile(row["pattern"], re.ASCII).fullmatch
    return lambda code: whole(code) is not None


def _day(text: str | None, default: str) -> str:
    return (text or "").replace("-", "") or default


def _span(first: str, last: str) -> Iterable[str]:
    """The codes from `first` to `last`, both of digits and as long as the first; `last` empty is one code."""
    if not last:
        return (first,)
    if not (first.isdigit() and last.isdigit()):
        raise ValueError(f"{first} to {last}: a span goes from digits to digits")
    return (str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def _place(row: CodeRow) -> CodePlace:
    element, _, step = row["element"].partition("+")
    asked, _, choices = (row["when"] or "").partition("=")
    number, _, component = asked.partition(".")
    return CodePlace(
        tag=row["tag"],
        element=int(element),
        step=int(step or 1) if "+" in row["element"] else 0,
        component=int(row["component"] or 0),
        codes=row["list"],
        when_element=int(number or 0),
        when_component=int(component or 0),
        when=frozenset(choices.split("|")) if asked else frozenset(),
        guides=tuple((row["guide"] or "").split()),
    )
