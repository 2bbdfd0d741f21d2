"""Acknowledgments that were sent to us (TA1, 999, 997, 824, 277CA): matched to what we sent, recorded, and
reported to the operator; never answered (CONTRACT section 2)."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby

from attrs import evolve

from x12_payer.adjudication.pipeline.values import Acknowledged
from x12_payer.adjudication.store.sent import add_acknowledgment, sent_where, times_before
from x12_payer.adjudication.store.unit import SentSet, Unit
from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.frozen import frozen
from x12_payer.edi.messages.acknowledgment import Acknowledgment
from x12_payer.edi.parsers.acknowledgments import parse_acknowledgments, parse_ta1
from x12_payer.edi.reading.check import CheckedInterchange
from x12_payer.edi.reading.envelope import ISA_LENGTH
from x12_payer.edi.tables import rows
from x12_payer.edi.wire.segments import Source, blocks

ACCEPTED, ERRORS, PART, REJECTED, UNCLEAR = "accepted", "errors", "part", "rejected", "unclear"
MOST_DETAILS = 5  # reported of one file
GUIDE_ID = 10  # 005010X221: what follows is an erratum
CODE = re.compile("[A-Z]{0,2}[0-9]{1,4}")
UNREPORTED = "?"  # stands for what is no code: it could be anybody's name


def only_acknowledges(checked: CheckedInterchange) -> bool:
    """True for an interchange that holds acknowledgments and nothing else: that is never answered, whatever
    is wrong with it, or two sides would go on answering each other for ever."""
    holds = bool(checked.ta1_segments or checked.groups)
    return holds and all(acknowledging(group.gs) for group in checked.groups)


def acknowledging(gs: Sequence[str]) -> str:
    """The kind of acknowledgment a group (GS elements at their numbers) holds, '' when it is none."""
    known = (*gs, *[""] * 9)
    fits = (kind for gs01, gs08, kind in _groups() if known[1] == gs01 and known[8].startswith(gs08))
    return next(fits, "")


@cache
def _groups() -> tuple[tuple[str, str, str], ...]:
    """GS01, beginning of GS08 and kind of acknowledgments.csv."""
    return tuple((row["gs01"], row["gs08"] or "", row["kind"]) for row in rows("acknowledgments"))


@frozen
class Received:
    """What came of acknowledgments: one of each of our files and one of each that answers nothing we sent,
    and notes on groups that say nothing."""

    reported: tuple[Acknowledged, ...]
    notes: tuple[str, ...] = ()


def receive(source: Source, checked: CheckedInterchange, row: int, unit: Unit) -> Received:
    """Match and record every acknowledgment of an interchange (`row` in the store)."""
    sender = "/".join(part.strip() for part in checked.isa[5:7])
    reported: dict[tuple[str, ...], Acknowledged] = {}
    spoke: set[int] = set()
    for group, ack in acknowledgments_in(source, checked):
        spoke.add(group)
        sets = answered(ack, sender, unit)
        file = sets[0].name if sets else ""
        repeats = times_before(unit, sender, ack.kind, ack.refers_to)
        add_acknowledgment(unit, row, sender, ack, file, repeats)
        one = Acknowledged(ack.kind, file, outcome(ack), _refers_to(ack), _details(ack, sets), repeats)
        key = (ack.kind, file) if file else (ack.kind, "", ack.refers_to)
        reported[key] = _together(reported[key], one) if key in reported else one
    return Received(tuple(reported.values()), tuple(_silent(checked, spoke)))


def _silent(checked: CheckedInterchange, spoke: Collection[int]) -> Iterator[str]:
    """A note on each group of acknowledgments in which none was found."""
    for ordinal, group in enumerate(checked.groups, 1):
        kind = acknowledging(group.gs)
        if kind and ordinal not in spoke:
            number = f" {group.gs[6]}" if group.gs[6].isdigit() else ""
            yield f"{kind}: group{number} holds no acknowledgment that can be read; nothing is recorded of it"


# -- reading -----------------------------------------------------------------------------------------------


def acknowledgments_in(source: Source, checked: CheckedInterchange) -> Iterator[tuple[int, Acknowledgment]]:
    """Every acknowledgment of an interchange, in file order, with the ordinal of its group; TA1s (0) are
    first."""
    for ta1 in checked.ta1_segments:
        yield 0, parse_ta1(ta1)
    if not any(acknowledging(group.gs) for group in checked.groups):
        return
    for (kind, group, _), one in groupby(_inside(source, checked), key=lambda found: found[:3]):
        segments = (segment for *_, segment in one)
        for ack in parse_acknowledgments(kind, segments, checked.delimiters):
            yield group, ack


def _inside(source: Source, checked: CheckedInterchange) -> Iterator[tuple[str, int, int, list[str]]]:
    """The segments of acknowledgments, each with the kind of its set, the ordinals of its group and its set.
    They are cut again: the check keeps no set of a group without a guide."""
    kind = group = ""
    groups = number = 0
    end = checked.offset + checked.length
    for block in blocks(source, checked.offset + ISA_LENGTH, end, checked.delimiters.segment, ""):
        for text in block.texts:
            segment = text.split(checked.delimiters.element)
            if segment[0] == "GS":
                kind, group, groups = "", acknowledging(segment), groups + 1
            elif segment[0] == "ST":
                named = segment[1] if len(segment) > 1 else ""
                kind, number = (
                    (named if named in ("997", "999", "824") else group) if group else "",
                    number + 1,
                )
            if kind:
                yield kind, groups, number, segment


# -- matching ----------------------------------------------------------------------------------------------


def answered(ack: Acknowledgment, sender: str, unit: Unit) -> tuple[SentSet, ...]:
    """The sets of ours that an acknowledgment speaks of: those of the interchange, the group or the set it
    names, when they went to the one who answers. () when we sent nothing of the kind."""
    if ack.kind == "TA1":
        found = sent_where(unit, sender, control_number=ack.interchange)
        return tuple(one for one in found if _same_moment(ack.created, one.created))
    if ack.group:
        found = sent_where(unit, sender, group_number=ack.group.lstrip("0"))
        return tuple(one for one in found if _same_group(ack, one))
    found = sent_where(unit, sender, reference=ack.reference) if ack.reference else ()
    return found[-1:]  # a reference may come back: the latest is meant


def _same_moment(named: str, created: str) -> bool:
    """TA102 and TA103 against ISA09 and ISA10; what is not named is not compared."""
    return all(a in ("", b) for a, b in zip(named.split("/"), created.split("/"), strict=True))


def _same_group(ack: Acknowledgment, one: SentSet) -> bool:
    """GS01 and GS08 as far as they are named; an erratum of the same guide is the same."""
    same = ack.functional_id in ("", one.functional_id)
    return same and one.version.startswith(ack.version[:GUIDE_ID])


# -- what it amounts to ------------------------------------------------------------------------------------


def outcome(ack: Acknowledgment) -> str:
    """What an acknowledgment says of the whole: accepted, errors (accepted with errors), part (rejected in
    part), rejected, unclear."""
    whole = _outcome("999" if ack.kind == "997" else ack.kind, ack.result)
    sets = [_outcome("set", one.result) for one in ack.sets] if ack.functional_id else []
    return whole if whole in (REJECTED, PART) else _joined([whole, *sets])


def _outcome(list_name: str, result: str) -> str:
    """Of one result, or of several parted by blanks (acknowledgment_results.csv)."""
    return _joined([_results().get((list_name, code), UNCLEAR) for code in result.split()])


@cache
def _results() -> dict[tuple[str, str], str]:
    return {(row["list"], row["code"]): row["outcome"] for row in rows("acknowledgment_results")}


def _joined(outcomes: Iterable[str]) -> str:
    """Of several parts: the one they share; a part where some are accepted and some are not."""
    found = set(outcomes) - {UNCLEAR}
    if len(found) < 2:
        return next(iter(found), UNCLEAR)
    if found == {ACCEPTED, ERRORS}:
        return ERRORS
    return REJECTED if found == {PART, REJECTED} else PART


def _together(one: Acknowledged, other: Acknowledged) -> Acknowledged:
    """What two acknowledgments of the same file say."""
    return evolve(
        one,
        result=_joined([one.result, other.result]),
        details=(*one.details, *other.details)[:MOST_DETAILS],
        repeats=max(one.repeats, other.repeats),
    )


# -- what is reported: codes and numbers of ours, never a value that could be somebody's -------------------


def _refers_to(ack: Acknowledgment) -> str:
    """The numbers an acknowledgment names, as far as they are numbers."""
    kind = ack.functional_id if len(ack.functional_id) == 2 else ""
    named = (kind, *(n for n in (ack.interchange, ack.group) if n.isdigit()))
    return " ".join(filter(None, named))


def _details(ack: Acknowledgment, sets: Sequence[SentSet]) -> tuple[str, ...]:
    """What is not simply accepted: notes of the whole, sets with their codes, statuses."""
    if outcome(ack) == ACCEPTED:
        return ()
    whole = [_reported("TA105" if ack.kind == "TA1" else "AK905", code) for code in ack.codes]
    ours = {(one.set_id, one.set_number) for one in sets}
    parts = [
        f"set {one.number}{_codes(one.codes)}"
        if (one.set_id, one.number) in ours
        else "a set we did not send"
        for one in ack.sets
        if sets and _outcome("set" if ack.functional_id else ack.kind, one.result) != ACCEPTED
    ]
    statuses = [_status(status, count) for status, count in ack.statuses]
    found = [*([f"note {' '.join(whole)}"] if whole else []), *parts, *statuses]
    more = len(found) - MOST_DETAILS
    return (*found[:MOST_DETAILS], *([f"{more} more"] if more > 0 else []))


def _codes(codes: Sequence[str]) -> str:
    return f" ({' '.join(_reported('IK502', code) for code in codes)})" if codes else ""


def _status(status: str, count: int) -> str:
    """A status with its number: A3:33:IL, 2 times."""
    parts = zip(("category", "status", "entity"), status.split(":"), strict=False)
    reported = ":".join(_reported(name, code) for name, code in parts)
    return reported if count == 1 else f"{reported} {count} times"


def _reported(list_name: str, code: str) -> str:
    """A code that is one."""
    return code if text_of(list_name, code) or CODE.fullmatch(code) else UNREPORTED
