"""Messages in, the text of a whole interchange out: groups, sets, control numbers and delimiters.

The guide of each kind of message is in one table; its GS01, GS08, ST01 and ST03 are those of
maps/guides/guides.csv. What was written is read back and checked (types 1 and 2) before it is given away."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from x12_payer.edi.builders.common import grouped
from x12_payer.edi.builders.refusal import WriteError
from x12_payer.edi.builders.unwritable import bad_values, errors_in
from x12_payer.edi.builders.x270 import build_270
from x12_payer.edi.builders.x271 import build_271
from x12_payer.edi.builders.x276 import build_276
from x12_payer.edi.builders.x277 import build_277
from x12_payer.edi.builders.x277ca import build_277ca
from x12_payer.edi.builders.x278 import build_278
from x12_payer.edi.builders.x278_request import build_278_request
from x12_payer.edi.builders.x834 import build_834
from x12_payer.edi.builders.x835 import build_835
from x12_payer.edi.builders.x837.set import build_837, receiver_of
from x12_payer.edi.builders.x999 import build_999, restated_999
from x12_payer.edi.frozen import frozen
from x12_payer.edi.guides.registry import GuideRow, current_row
from x12_payer.edi.messages.acknowledgment import Acknowledgment
from x12_payer.edi.messages.claim import Claim, ClaimAcknowledgmentSet
from x12_payer.edi.messages.claim_status import ClaimInquiry, ClaimStatusRequest, ClaimStatusResponse
from x12_payer.edi.messages.common import SetHeader
from x12_payer.edi.messages.eligibility import EligibilityInquiry, EligibilityRequest, EligibilityResponse
from x12_payer.edi.messages.enrollment import MemberEnrollment
from x12_payer.edi.messages.remittance import Remittance
from x12_payer.edi.messages.services_review import ReviewRequest, ReviewResponse, ServicesReview
from x12_payer.edi.reading.checked import CheckedGroup
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS, Delimiters, OutSegment
from x12_payer.edi.wire.writer import OutboundGroup, OutboundInterchange, OutboundSet, interchange_text

MOST_IN_SET = 5_000  # claims or inquiries in one ST
CLAIMS = {"P": "837P.X222A1", "I": "837I.X223A2", "D": "837D.X224A2"}
REQUESTS = {"review": "278Q.X217", "inquiry": "278Q.X215", "notification": "278Q.X216"}
RESPONSES = {"review": "278R.X217", "inquiry": "278R.X215", "notification": "278R.X216"}

# No guide of the 834 is here: its values are looked at, its elements are not
ENROLLMENT = GuideRow("005010X220A1", "BE", "834", "")

Whole = (  # each is a set
    EligibilityRequest
    | EligibilityResponse
    | ClaimStatusRequest
    | ClaimStatusResponse
    | ServicesReview
    | ReviewRequest
    | ReviewResponse
    | ClaimAcknowledgmentSet
    | Remittance
    | CheckedGroup
    | Acknowledgment
)
Writable = Whole | EligibilityInquiry | ClaimInquiry | Claim | MemberEnrollment


@frozen
class TradingPartner:
    """One side of an interchange: ISA05-06 or ISA07-08, and its code in the GS (the id where it has none)."""

    id: str
    qualifier: str = "ZZ"
    code: str = ""


@frozen
class _Set:
    """One set to be written: the name of its guide ('': an 834), and its body."""

    guide: str
    body: Sequence[OutSegment]


def build(
    messages: Iterable[Writable],
    *,
    sender: TradingPartner,
    receiver: TradingPartner,
    created: datetime,
    control_number: int = 1,
    group_number: int = 1,
    usage: str = "P",
    delimiters: Delimiters = DEFAULT_DELIMITERS,
) -> str:
    """The text of one interchange that holds the messages, a line end after each terminator; as bytes it is
    Latin-1.

    Claims of the same kind, purpose, submitter and receiver go together in sets of at most 5,000, and so
    do eligibility and claim status inquiries; every other message is a set of its own. Sets of the same
    guide go in one group. `created` is the time of the ISA, the GS and of every BHT that has none of its
    own; `control_number` is ISA13, `group_number` the first GS06, ST02 counts from 0001 in each group.

    Raises WriteError when no valid interchange can hold the messages: a value is too long, holds a separator
    or a character beyond Latin-1, is not in the guide's list, or is missing. Raises TypeError for what is no
    message that a set is built from.

    >>> from datetime import date, datetime
    >>> from x12_payer.edi.messages.common import Party, Person
    >>> from x12_payer.edi.messages.eligibility import EligibilityInquiry, ServiceInquiry
    >>> payer = Party("PR", "2", "ATLANTIC HEALTH PLAN", id_qualifier="PI", id="ATL01")
    >>> doctor = Party("1P", "1", "LIN", "MEI", id_qualifier="XX", id="1911111114")
    >>> member = Party("IL", "1", "RIVERA", "JANE", id_qualifier="MI", id="A100000001")
    >>> patient = Person(member, birth_date=date(1980, 3, 15), gender="F")
    >>> asked = EligibilityInquiry((), payer, doctor, patient, services=(ServiceInquiry(("30",)),))
    >>> text = build(
    ...     [asked],
    ...     sender=TradingPartner("CLEARCO01"),
    ...     receiver=TradingPartner("ATLANTIC01"),
    ...     created=datetime(2026, 7, 6, 10, 15),
    ... )
    >>> print(text[107:])  # doctest: +NORMALIZE_WHITESPACE
    GS*HS*CLEARCO01*ATLANTIC01*20260706*1015*1*X*005010X279A1~
    ST*270*0001*005010X279A1~
    BHT*0022*13*0000000010001*20260706*1015~
    HL*1**20*1~
    NM1*PR*2*ATLANTIC HEALTH PLAN*****PI*ATL01~
    HL*2*1*21*1~
    NM1*1P*1*LIN*MEI****XX*1911111114~
    HL*3*2*22*0~
    NM1*IL*1*RIVERA*JANE****MI*A100000001~
    DMG*D8*19800315*F~
    EQ*30~
    SE*11*0001~
    GE*1*1~
    IEA*1*000000001~
    """
    given = list(messages)
    sets = list(_sets([m for m in given if not _is_ta1(m)], f"{control_number:09d}", created))
    by_guide = grouped(sets, lambda one: one.guide)
    interchange = OutboundInterchange(
        sender_qualifier=sender.qualifier,
        sender=sender.id,
        receiver_qualifier=receiver.qualifier,
        receiver=receiver.id,
        control_number=control_number,
        created=created,
        usage=usage,
        ta1=_ta1([m for m in given if isinstance(m, Acknowledgment) and _is_ta1(m)]),
        groups=[
            _group(same, number, sender.code or sender.id, receiver.code or receiver.id)
            for number, same in enumerate(by_guide, group_number)
        ],
    )
    guides = [one.guide for same in by_guide for one in same]
    return _written(interchange, delimiters, guides)


def _written(interchange: OutboundInterchange, delimiters: Delimiters, guides: Sequence[str]) -> str:
    """The text, checked before and after."""
    faults = bad_values(interchange, delimiters, guides)
    if faults:
        raise WriteError(faults)
    text = interchange_text(interchange, delimiters)
    faults = errors_in(text, ENROLLMENT.gs01)
    if faults:
        raise WriteError(faults)
    return text


def _is_ta1(message: Writable) -> bool:
    return isinstance(message, Acknowledgment) and message.kind == "TA1"


def _ta1(stated: Sequence[Acknowledgment]) -> OutSegment | None:
    """The TA1 of the interchange, which has one at most."""
    if len(stated) > 1:
        raise TypeError("an interchange holds one TA1: build another one for each")
    for one in stated:
        day, _, time = one.created.partition("/")
        return ("TA1", one.interchange, day, time, one.result, *one.codes)
    return None


def _group(sets: Sequence[_Set], number: int, sender: str, receiver: str) -> OutboundGroup:
    """One functional group of sets of the same guide."""
    guide = sets[0].guide
    row = current_row(guide) if guide else ENROLLMENT
    written = [OutboundSet(row.st01, f"{n:04d}", row.gs08, one.body) for n, one in enumerate(sets, 1)]
    return OutboundGroup(row.gs01, number, row.gs08, sender, receiver, written)


def _sets(messages: Sequence[Writable], reference: str, created: datetime) -> Iterator[_Set]:
    """The sets in the order of their first messages. BHT03 of a set that has none is the number of the
    interchange and the set's own."""
    batches = grouped(enumerate(messages), lambda item: _belongs_to(*item))
    cut = (batch[at : at + MOST_IN_SET] for batch in batches for at in range(0, len(batch), MOST_IN_SET))
    for number, batch in enumerate(cut, 1):
        header = SetHeader("", "", "", reference=f"{reference}{number:04d}")
        yield _set([message for _, message in batch], header, created)


def _belongs_to(index: int, message: Writable) -> object:
    """What messages of the same set have in common."""
    match message:
        case EligibilityInquiry() | ClaimInquiry():
            return type(message)
        case Claim():
            return (message.kind, message.purpose, message.submitter, receiver_of(message))
        case MemberEnrollment():
            return message.header
        case _:
            return index


def _set(batch: Sequence[Writable], header: SetHeader, created: datetime) -> _Set:
    """The set of a batch. `header` is that of a set whose messages have none."""
    match batch[0]:
        case EligibilityInquiry():
            asked = tuple(m for m in batch if isinstance(m, EligibilityInquiry))
            return _whole(EligibilityRequest(header, asked), header, created)
        case ClaimInquiry():
            claims = tuple(m for m in batch if isinstance(m, ClaimInquiry))
            return _whole(ClaimStatusRequest(header, claims), header, created)
        case Claim() as first:
            billed = [m for m in batch if isinstance(m, Claim)]
            return _Set(CLAIMS[first.kind], build_837(billed, header.reference, created))
        case MemberEnrollment() as first:
            members = [m for m in batch if isinstance(m, MemberEnrollment)]
            return _Set("", list(build_834(first.header, members)))
        case first:
            return _whole(first, header, created)


def _whole(message: Whole, header: SetHeader, created: datetime) -> _Set:
    """The set of a message that is one."""
    match message:
        case EligibilityRequest():
            return _Set("270.X279A1", build_270(message, created))
        case EligibilityResponse():
            return _Set("271.X279A1", build_271(message, created))
        case ClaimStatusRequest():
            return _Set("276.X212", build_276(message, created))
        case ClaimStatusResponse():
            return _Set("277.X212", build_277(message, created))
        case ServicesReview():
            return _whole(ReviewRequest(header, "review", (message,)), header, created)
        case ReviewRequest():
            return _Set(REQUESTS[message.kind], build_278_request(message, created))
        case ReviewResponse():
            return _Set(RESPONSES[message.kind], build_278(message, created))
        case ClaimAcknowledgmentSet():
            return _Set("277CA.X214", build_277ca(message, created))
        case Remittance():
            return _Set("835.X221A1", build_835(message))
        case CheckedGroup():
            return _Set("999.X231A1", build_999(message, DEFAULT_DELIMITERS))
        case Acknowledgment(kind="999"):
            return _Set("999.X231A1", restated_999(message))
    raise TypeError(f"no set is built from {type(message).__name__} {getattr(message, 'kind', '')}".rstrip())
