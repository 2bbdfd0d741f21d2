"""Nouns that several transactions share. Element refs are the guide's, as printed."""

from datetime import date, datetime
from decimal import Decimal

from x12_payer.edi.frozen import frozen


@frozen
class Reference:
    """One REF: qualifier REF01, value REF02, description REF03."""

    qualifier: str
    value: str
    description: str = ""


@frozen
class Address:
    """N3 and N4."""

    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


@frozen
class Contact:
    """One PER: function PER01, name PER02, then pairs of (qualifier, number)."""

    function: str = "IC"
    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@frozen
class Party:
    """Who is in an NM1 (or N1) with what belongs to it: N3, N4, REF, PER, PRV."""

    entity: str  # NM101
    entity_type: str = "2"  # NM102: 1 person, 2 organization
    last_name: str = ""  # NM103: last name or organization
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    id_qualifier: str = ""  # NM108: XX NPI, MI member id, PI payer id, 46 ETIN ...
    id: str = ""  # NM109
    address: Address | None = None
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    provider_code: str = ""  # PRV01
    taxonomy: str = ""  # PRV03 when PRV02 is PXC

    @property
    def npi(self) -> str:
        """NM109 when NM108 is XX, else ''."""
        return self.id if self.id_qualifier == "XX" else ""

    def reference(self, *qualifiers: str) -> str:
        """REF02 of the first reference with one of the qualifiers, else ''."""
        return first_reference(self.references, *qualifiers)


@frozen
class Person:
    """A subscriber, dependent or patient as sent: name, birth, sex, relationship."""

    party: Party
    birth_date: date | None = None  # DMG02
    gender: str = ""  # DMG03
    relationship: str = ""  # INS02, PAT01 or SBR02; 18 is self
    death_date: date | None = None
    birth_order: str = ""  # INS17: which of several born together

    @property
    def id(self) -> str:
        """Member id as sent (NM109 with NM108 MI or II), else ''."""
        return self.party.id if self.party.id_qualifier in ("MI", "II") else ""


@frozen
class Period:
    """One DTP: qualifier DTP01; a single day has end == begin. `text` is DTP03 as sent."""

    qualifier: str
    begin: date
    end: date
    format: str = "D8"  # DTP02
    text: str = ""


@frozen
class Trace:
    """One TRN: type TRN01, reference TRN02, originating company TRN03, TRN04."""

    type: str
    reference: str
    company: str = ""
    division: str = ""


@frozen
class Procedure:
    """A procedure composite (C003): qualifier HC, AD, ... with modifiers; code_to is component 8."""

    qualifier: str = ""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    description: str = ""
    code_to: str = ""


@frozen
class Diagnosis:
    """One HI composite: qualifier ABK, ABF, ABJ ...; code without a point; poa is component 9."""

    qualifier: str
    code: str
    poa: str = ""
    day: date | None = None  # component 4 when component 3 is D8


@frozen
class Attachment:
    """One PWK: report type PWK01, transmission PWK02, control number PWK06."""

    type: str
    transmission: str = ""
    control_number: str = ""


@frozen
class Quantity:
    """One HSD or a quantity with its unit: `HSD*VS*26`, `HSD*DY*40***7*60`."""

    unit: str  # VS DY HS MN FL UN ...
    value: Decimal
    frequency_unit: str = ""  # HSD03
    frequency: str = ""  # HSD04
    period_unit: str = ""  # HSD05
    period: str = ""  # HSD06
    pattern: str = ""  # HSD07
    time: str = ""  # HSD08


@frozen
class Amount:
    """One AMT or QTY: qualifier 01 and value 02; or one element that is named by its reference (MIA04)."""

    qualifier: str
    value: Decimal


@frozen
class Rejection:
    """One AAA: valid AAA01 (Y N), reason AAA03, follow-up AAA04."""

    valid: str
    reason: str
    follow_up: str = "C"


@frozen
class SetHeader:
    """BHT and the set's envelope: what an answer must echo."""

    set_id: str  # ST01
    control_number: str  # ST02
    version: str  # GS08 of the group
    structure: str = ""  # BHT01
    purpose: str = ""  # BHT02
    reference: str = ""  # BHT03
    created: datetime | None = None  # BHT04, BHT05
    type: str = ""  # BHT06


# A segment of a set that no field of its message has: elements with the tag at 0, composites as they were.
Segment = tuple[str, ...]


def first_reference(references: tuple[Reference, ...], *qualifiers: str) -> str:
    """REF02 of the first reference whose REF01 is one of the qualifiers, else ''."""
    for reference in references:
        if reference.qualifier in qualifiers:
            return reference.value
    return ""
