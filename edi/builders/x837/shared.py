"""What the parts of the 837 builder share."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from x12_payer.edi.builders.common import address, contact, name, number, reference, specialty
from x12_payer.edi.messages.claim import Adjustment
from x12_payer.edi.messages.common import Party
from x12_payer.edi.wire.segments import OutSegment

TRIPLETS = 6  # of reason, amount and quantity in one CAS


def party_segments(party: Party) -> Iterator[OutSegment]:
    """NM1, PRV, N3, N4, REF, PER."""
    yield name(party)
    yield from specialty(party)
    yield from address(party.address)
    yield from map(reference, party.references)
    yield from map(contact, party.contacts)


def adjustment_segments(adjustments: Sequence[Adjustment]) -> Iterator[OutSegment]:
    """A CAS for each run of one group, its reasons in the order given."""
    for group, run in groupby(adjustments, key=lambda a: a.group):
        triplets = [(a.reason, number(a.amount), number(a.quantity)) for a in run]
        for at in range(0, len(triplets), TRIPLETS):
            yield ("CAS", group, *(part for triplet in triplets[at : at + TRIPLETS] for part in triplet))
