"""What `build` wrote, read again by the parsers; and messages without the places a reader found them at."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import evolve

from x12_payer.edi.messages.claim import Claim
from x12_payer.edi.messages.claim_status import ClaimInquiry
from x12_payer.edi.messages.eligibility import EligibilityInquiry
from x12_payer.edi.messages.services_review import ServicesReview
from x12_payer.edi.parsers.registry import parse
from x12_payer.edi.snip.validate import diagnostics_in
from x12_payer.edi.wire.segments import Source

AS_OF = date(2026, 7, 15)


def errors(text: str) -> list[str]:
    """What `edi validate` has against it, types 1 to 6."""
    found = diagnostics_in(Source(data=text.encode("latin-1")), 6, AS_OF)
    return [f"{f.segment} {f.tag}{f.element:02} {f.loop}: {f.code}" for f in found if f.is_error]


def sets(text: str) -> Iterator[Any]:
    """The whole-set message of each set; of an 837 its claims, one by one."""
    yield from parse(text.encode("latin-1"))


def messages(text: str) -> list[Any]:
    """Every claim, inquiry and review, without the place it was found at."""
    found: list[Any] = []
    for one in sets(text):
        found += [one] if isinstance(one, Claim) else getattr(one, "reviews", ()) or one.inquiries
    return [unplaced(m) for m in found]


def unplaced(message: Any) -> Any:
    """The message without what says where in a file it was."""
    match message:
        case Claim():
            lines = tuple(evolve(line, position=0) for line in message.lines)
            places: dict[str, Any] = {"set_control_number": "", "ordinal": 0, "position": 0}
            return evolve(message, **places, lines=lines, billing_level="", subscriber_level="")
        case EligibilityInquiry() | ClaimInquiry():
            return evolve(message, levels=())
        case ServicesReview():
            services = tuple(evolve(s, level="") for s in message.services)
            return evolve(message, levels=(), services=services)
    return message
