"""Finding a person: the search for a subscriber or a dependent, the same for 270, 276, 278 and 837.

Rules (CONTRACT section 5, "271"): a member id with a date of birth or a name finds the person; without an
id the name and the date of birth together do. What differs is named, and nothing on file is disclosed."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from x12_payer.authorization.parties import Member, Payer
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.common import Party, Person, Rejection
from x12_payer.edi.tables import reason, rows

# Keys of reasons.csv that another answer may put in each other's place (scenario A21).
BIRTH_DATE_MISSING = "member_birth_date_missing"
NOBODY_FITS = "member_not_found_75"  # not all four elements were sent: 75, not 72 (E05)


@frozen
class Roster:
    """The coverage spans of everybody a message could mean: same member id, or same birth date when no id was
    sent, with all persons of the same subscriber."""

    spans: tuple[Member, ...] = ()


@frozen
class PersonMatch:
    """Who was found, with every span of the person (oldest first); or why nobody was: keys of reasons.csv."""

    member_id: str = ""
    spans: tuple[Member, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """True when exactly one person fits."""
        return bool(self.member_id)


@frozen
class Differences:
    """What of a person's data is missing or differs from a member's."""

    birth_date: bool
    name: bool


# -- names (CORE 258) ------------------------------------------------------------------------------


@cache
def _affixes(position: str) -> frozenset[str]:
    return frozenset(row["affix"] for row in rows("name_affixes") if row["position"] == position)


@lru_cache(maxsize=8192)
def normalised_name(name: str) -> str:
    """A name as it is compared: upper case, without accents, titles, suffixes, punctuation and blanks."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    # Marks inside a word fall out; blanks, commas and slashes part words (D.D.S. is one, SMITH/JR are two).
    parted = re.sub(r"[\s,/]+", " ", plain.upper())
    words = [w for w in (re.sub(r"[\W_]", "", part) for part in parted.split(" ")) if w]
    while len(words) > 1 and words[-1] in _affixes("last"):
        words.pop()
    while len(words) > 1 and words[0] in _affixes("first"):
        words.pop(0)
    return "".join(words)


def names_agree(person: Person, member: Member) -> bool:
    """True when what was sent of the name is the member's, after normalising; a part not sent agrees."""
    sent = person.party
    if sent.last_name and normalised_name(sent.last_name) != normalised_name(member.last_name):
        return False
    if not sent.first_name:
        return True
    on_file = normalised_name(member.first_name)
    with_middle = f"{sent.first_name}{sent.middle_name}"
    return on_file in (normalised_name(sent.first_name), normalised_name(with_middle))


def _full_name(person: Person) -> bool:
    return bool(person.party.last_name and person.party.first_name)


def _differences(person: Person, member: Member) -> Differences:
    born = person.birth_date
    return Differences(born is not None and born != member.birth_date, not names_agree(person, member))


# -- subscriber ------------------------------------------------------------------------------------


def find_subscriber(person: Person, roster: Roster) -> PersonMatch:
    """The member a 2100C (2010BA ...) means. Reasons: member_not_found_72, member_not_found_75,
    member_birth_date, member_name, member_birth_date_missing, member_name_missing, member_several."""
    missing = _missing(person)
    if missing:
        return PersonMatch(reasons=missing)
    return _by_id(person, roster) if person.id else _by_name(person, roster)


def _missing(person: Person) -> tuple[str, ...]:
    """What a search cannot do without: with an id a birth date or a last name, without one the birth date and
    the full name (E07)."""
    enough = person.birth_date is not None or bool(person.party.last_name)
    if person.id and enough:
        return ()
    found = []
    if person.birth_date is None:
        found.append(BIRTH_DATE_MISSING)
    if not _full_name(person):
        found.append("member_name_missing")
    return tuple(found)


def _by_id(person: Person, roster: Roster) -> PersonMatch:
    spans = _of_member(roster, person.id)
    if not spans:
        all_four = person.birth_date is not None and _full_name(person)
        return PersonMatch(reasons=("member_not_found_72",) if all_four else (NOBODY_FITS,))
    # A name may have changed between two spans: the one that fits best speaks.
    differences = min((_differences(person, span) for span in spans), key=lambda d: d.birth_date + d.name)
    reasons = []
    if differences.birth_date:
        reasons.append("member_birth_date")
    if differences.name:
        reasons.append("member_name")
    return PersonMatch(reasons=tuple(reasons)) if reasons else PersonMatch(person.id, spans)


def _by_name(person: Person, roster: Roster) -> PersonMatch:
    ids = _member_ids(s for s in roster.spans if s.birth_date == person.birth_date and names_agree(person, s))
    if len(ids) > 1:
        return PersonMatch(reasons=("member_several",))
    return PersonMatch(ids[0], _of_member(roster, ids[0])) if ids else PersonMatch(reasons=(NOBODY_FITS,))


def _of_member(roster: Roster, member_id: str) -> tuple[Member, ...]:
    spans = [s for s in roster.spans if s.member_id == member_id]
    return tuple(sorted(spans, key=lambda s: s.effective_date))


def _member_ids(spans: Iterable[Member]) -> list[str]:
    return list(dict.fromkeys(s.member_id for s in spans))


# -- dependent -------------------------------------------------------------------------------------


def find_dependent(person: Person, subscriber: PersonMatch, roster: Roster) -> PersonMatch:
    """The person of the subscriber's family that a 2100D (2010CA ...) means: name and birth date as far as
    they were sent. Reasons: member_dependent_not_found, member_dependent_several."""
    family = {s.subscriber_id for s in subscriber.spans}
    ids = _member_ids(
        s
        for s in roster.spans
        if s.subscriber_id in family and s.member_id != subscriber.member_id and _is_dependent(person, s)
    )
    if len(ids) > 1:
        return PersonMatch(reasons=("member_dependent_several",))
    if not ids:
        return PersonMatch(reasons=("member_dependent_not_found",))
    return PersonMatch(ids[0], _of_member(roster, ids[0]))


def _is_dependent(person: Person, member: Member) -> bool:
    """A first name or a birth date must have been sent: a family name alone finds nobody."""
    if person.id and person.id not in (member.member_id, member.subscriber_id):
        return False
    if not person.party.first_name and person.birth_date is None:
        return False
    differences = _differences(person, member)
    return not differences.birth_date and not differences.name


# -- whom one asks --------------------------------------------------------------------------------


def is_our_payer(sent: Party, payer: Payer) -> bool:
    """True when the id names us: our payer id, or our tax id under FI."""
    ours = payer.tax_id if sent.id_qualifier == "FI" else payer.payer_id
    return sent.id.upper() == ours.upper()


# -- AAA -------------------------------------------------------------------------------------------


def rejection(key: str, valid: str = "") -> Rejection:
    """The AAA of a reason. `valid` sets AAA01 where a guide leaves no choice (X217 knows N alone)."""
    row = reason(key)
    return Rejection(valid or _data_are_valid(row.aaa), row.aaa, row.follow_up)


def _data_are_valid(aaa: str) -> str:
    """AAA01: Y when the data are valid but name more than one person, else N (X12 1642)."""
    return "Y" if aaa in ("68", "76") else "N"


def rejections(keys: Iterable[str]) -> tuple[Rejection, ...]:
    """The AAAs of some reasons, one each."""
    return tuple(dict.fromkeys(rejection(key) for key in keys))
