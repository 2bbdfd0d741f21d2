"""What a fingerprint leaves out, and which diagnostics need it no more: no rule is passed over.

Rules declare what they read (`reads` of rules/collector.py). A place is KEPT, or each diagnostic that reads
it is SETTLED there: fast_path/claims.py and fingerprint.py check for every claim that the rule would report
nothing, or send the claim to the rules. What a rule reads beyond that is kept in the fingerprint as it is,
with the order of the segments: `unsettled` finds it from the declarations. So a rule added tomorrow is right
from the start; whoever wants it fast settles it here, and tests compare both ways."""

from collections.abc import Iterator, Mapping

from x12_payer.edi.snip.rules.collector import Reads

EVERYTHING = "*"
# Segments of which claims or their levels keep everything, in order, but for what LEFT_OUT names.
KEPT = frozenset(("CL1", "CLM", "DN1", "DN2", "HL", "PAT", "SBR"))
LEFT_OUT = frozenset(("CLM01", "CLM02", "HL01", "HL02", "HL04", "SBR03", "SBR04"))

# By place (an element, or a segment id for all of it) the diagnostics that need it no more, with why.
_SETTLED = {
    # two services the same on the same days: Layout.repeats
    "*": "line-repeat",
    # a number that was used before goes to the rules
    "CLM01": "claim-duplicate claim-number-repeat",
    # more than zero, a plain amount, and the sum of the lines
    "CLM02": """balance-837-charge balance-837-line-payment balance-837-other-payer charge-decimals
        charge-negative charge-zero claim-duplicate claim-number-repeat""",
    # the rules follow the tree; HL03 says which level it is
    "HL": "hl-children patient-loop-surplus subscriber-without-claim",
    # only a claim in which another payer has a part: it goes to the rules
    "SBR": """balance-837-line-payment balance-837-other-payer line-payer-unknown
        other-payer-date-in-future""",
    # Timing keeps the order of the days and of today
    "DTP": """accident-date-missing admission-after-statement admission-date-missing birth-after-service
        claim-duplicate claim-number-repeat date-after-service death-before-service diagnosis-version
        discharge-hour-missing home-health-start-missing inpatient-admission-missing line-date-missing
        line-outside-statement other-payer-date-in-future service-date-missing service-in-future""",
    # its presence is in the tags of the level, its day is compared
    "DMG": "birth-after-service birth-in-future patient-address-missing patient-birth-missing",
    # qualifiers stay, codes are numbered; one that a rule speaks of has its own fingerprint or none
    "HI": """admitting-diagnosis-missing diagnosis-repeat diagnosis-version operating-missing pointer-repeat
        pointer-without-diagnosis present-on-admission-missing principal-external-cause
        visit-reason-missing""",
    # counted
    "LX": "line-number-sequence",
    # roles stay in levels and where a service or party is special; ids that are missing have no fingerprint
    "NM1": """ambulance-locations-missing attending-missing balance-837-line-payment balance-837-other-payer
        billing-address-box billing-zip-short claim-duplicate claim-number-repeat line-payer-unknown
        operating-missing patient-address-missing patient-birth-missing referring-missing
        subscriber-id-missing""",
    # REF*F8 is looked for; a reference that is repeated goes to the rules
    "REF": "claim-original-missing line-control-repeat",
    # wrong by itself, or one a rule speaks of: stays in full; pointers: the last is compared, none repeated
    "SV1": """ambulance-locations-missing ambulance-transport-missing balance-837-charge
        balance-837-line-payment balance-837-other-payer charge-decimals charge-negative
        line-anesthesia-minutes line-description-missing line-minutes-unexpected line-units
        number-decimals pointer-repeat pointer-without-diagnosis""",
    # stays in full but for the charge, the units, and codes of which no rule speaks
    "SV2": """attending-missing balance-837-charge balance-837-line-payment balance-837-other-payer
        charge-decimals charge-negative home-health-procedure-missing line-date-missing
        line-description-missing line-minutes-unexpected line-outside-statement line-procedure-missing
        line-units number-decimals visit-reason-missing""",
    # like SV1
    "SV3": """balance-837-charge balance-837-line-payment balance-837-other-payer charge-decimals
        charge-negative line-units number-decimals pointer-repeat pointer-without-diagnosis
        quadrant-missing surface-count surface-missing tooth-missing""",
    # stays with the other segments of a line, or in full with a service that a rule speaks of
    "TOO": "quadrant-missing surface-count surface-missing surface-without-tooth tooth-missing",
    # asked for by a service that stays in full, and with it the tags
    "CR1": "ambulance-transport-missing",
    # the same
    "LIN": "line-description-missing",
    # the same
    "NTE": "line-description-missing",
    # stays but for PWK06, of which it stays whether it is there
    "PWK": "attachment-number-missing",
    # its presence is in the tags of the level; that of a billing provider is looked at whole
    "N3": "billing-address-box patient-address-missing",
    # the same
    "N4": "billing-zip-short patient-address-missing",
    # a claim in which another payer has a part goes to the rules
    "AMT": "balance-837-line-payment balance-837-other-payer other-payer-payment-missing",
    # the same
    "CAS": """adjustment-reason-repeat adjustment-zero balance-837-line-payment balance-837-other-payer
        other-payer-payment-missing other-payer-remark-missing""",
    # the same
    "LQ": "other-payer-remark-missing",
    # the same
    "MIA": "other-payer-remark-missing",
    # the same
    "MOA": "other-payer-remark-missing",
    # the same
    "SVD": """balance-837-line-payment balance-837-other-payer line-payer-unknown
        other-payer-payment-missing""",
    # the rules look at the head of every set
    "BHT": "created-in-future",
}
SETTLED: Mapping[str, frozenset[str]] = {place: frozenset(v.split()) for place, v in _SETTLED.items()}
# Raised at an HL: checked for every level by fast_path/claims.py.
SETTLED_LEVELS = frozenset(
    [
        "billing-address-box",
        "billing-zip-short",
        "birth-in-future",
        "created-in-future",
        "hl-children",
        "patient-loop-surplus",
        "subscriber-without-claim",
    ]
)


def unsettled(declared: Mapping[str, Reads]) -> Mapping[str, tuple[int, ...]]:
    """The elements that a fingerprint has to keep besides, by segment id; 0 is the whole segment. Empty when
    every rule is settled."""
    found: dict[str, tuple[int, ...]] = {}
    for code, one in declared.items():
        for place in one.places:
            if not _is_settled(code, place):
                tag, number = split_place(place)
                found[tag] = (*found.get(tag, ()), number)
    return found


def levels_are_settled(declared: Mapping[str, Reads]) -> bool:
    """May a level be passed over at all?"""
    return all(code in SETTLED_LEVELS for code, one in declared.items() if one.level)


def split_place(place: str) -> tuple[str, int]:
    """CLM02 is element 2 of CLM; SV101 element 1 of SV1, N3 a segment (0)."""
    return (place[:-2], int(place[-2:])) if len(place) > 3 else (place, 0)


def _is_settled(code: str, place: str) -> bool:
    tag, number = split_place(place)
    if tag in KEPT and not any(one == place or (not number and one.startswith(tag)) for one in LEFT_OUT):
        return True
    return any(code in SETTLED.get(one, ()) for one in (place, tag))


def kept_texts(block: list[str], kept: Mapping[str, tuple[int, ...]], separator: str) -> Iterator[str]:
    """Of a block, what has to be kept besides: segment ids, and the elements with them."""
    for text in block:
        elements = text.split(separator)
        tag = elements[0]
        numbers = () if EVERYTHING not in kept else (0,)
        for number in (*numbers, *kept.get(tag, ())):
            yield text if not number else elements[number] if number < len(elements) else ""
        yield tag
