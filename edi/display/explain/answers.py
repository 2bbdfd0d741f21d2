"""The answers in plain words: STC of a 277CA or 277, CLP, CAS and remarks of an 835, AAA and HCR of a 271 or
278."""

from collections.abc import Callable, Iterator, Mapping

from x12_payer.edi.codes.lists import code_lists
from x12_payer.edi.codes.texts import text_of
from x12_payer.edi.display.annotate import NamedSegment
from x12_payer.edi.display.elements import printable
from x12_payer.edi.display.explain.original import Look, Target, looks_for
from x12_payer.edi.display.explain.values import ExplainedLine, Progress, coded, counted, day, money
from x12_payer.edi.snip.rules.statuses import contradicts

Lines = Iterator[ExplainedLine]
BATCH_LOOPS = ("2200B", "2200C")  # status of the receiver or a provider, not of a claim
SERVICE_LOOP = "2000F"
FIRST_LOOKS = ("NM1", "EQ", "UM", "SV1", "SV2", "SV3")  # what a level is known by
USUAL_LOOKS = {"2200C": (Look("NM1", "85"), Look("NM1", "1P"))}
ASKED_IN = {"2010FA": "2010F"}  # loops of an answer that the request calls otherwise (X217, X215)
ANYWHERE = frozenset({"DTP", "EQ", "HI"})  # may be at another level than the answer says
ENTITY = "the entity"
RECEIPT, TAKEN = "A1", "WQ"  # category of what is but received, and the action that goes with it
RECEIVED = "received"
CONTRADICTION = "Category and action contradict each other: ask the sender which of them holds"


def _bht(segment: NamedSegment, progress: Progress) -> Lines:
    progress.batch, progress.unit = segment.at(3), ""
    yield from ()


def _hl(segment: NamedSegment, progress: Progress) -> Lines:
    yield from _totals(segment, progress)
    if segment.loop == SERVICE_LOOP:
        progress.services += 1
        progress.service_trace = ""
    else:
        progress.unit, progress.services = "", 0
    progress.lines, progress.in_line = 0, False


def _trn(segment: NamedSegment, progress: Progress) -> Lines:
    progress.lines, progress.in_line = 0, False
    if segment.loop == SERVICE_LOOP:
        progress.service_trace = progress.service_trace or segment.at(2)
    elif segment.loop in BATCH_LOOPS:
        progress.batch = segment.at(2) if segment.loop == BATCH_LOOPS[0] else progress.batch
    elif segment.at(1) == "2" or not progress.unit:
        progress.unit = segment.at(2)
    yield from ()


# --- 277CA and 277 -----------------------------------------------------------------------------------------


def _stc(segment: NamedSegment, progress: Progress) -> Lines:
    separator = segment.delimiters.component
    statuses = [text.split(separator) for text in map(segment.at, (1, 10, 11)) if text]
    yield ExplainedLine("heading", 0, f"{_subject(segment, progress)}: {_outcome(segment)}")
    if contradicts(list(segment.elements), separator, code_lists()):
        yield ExplainedLine("text", 1, CONTRADICTION)
    for number, parts in enumerate(statuses):
        category, code, entity = (*parts, "", "", "")[:3]
        looks, element = looks_for("status", code, entity=entity)
        looks = looks or USUAL_LOOKS.get(segment.loop, ())
        unit = progress.batch if segment.loop in BATCH_LOOPS else progress.unit
        target = Target("unit", (unit,), looks=looks, line=progress.line(), element=element)
        text = f"{coded('category', category)}: {_status(code, entity)}"
        yield ExplainedLine("text", 1, text, target if looks or number == 0 else None)


def _total(segment: NamedSegment, progress: Progress) -> Lines:
    """QTY and AMT of a batch: how many claims of what charge were accepted, and how many were not."""
    if segment.loop in BATCH_LOOPS and (result := text_of("total", segment.at(1))):
        progress.totals[segment.tag, result] = segment.at(2)
    yield from ()


def _totals(segment: NamedSegment, progress: Progress) -> Lines:
    """What was counted, when all of it is known: '2 of 8 claims rejected, 310.00'."""
    counts = {result: counted(count) for (tag, result), count in progress.totals.items() if tag == "QTY"}
    for result, count in counts.items():
        charge = progress.totals.get(("AMT", result), "")
        text = f"{count} of {sum(counts.values())} claims {result}" + (f", {money(charge)}" if charge else "")
        yield ExplainedLine("text", 1, text)
    progress.totals.clear()


def _subject(segment: NamedSegment, progress: Progress) -> str:
    if progress.in_line:
        return f"Claim {printable(progress.unit)}, line {progress.lines}"
    if segment.loop in BATCH_LOOPS:
        who = "The provider's part" if segment.loop == BATCH_LOOPS[1] else "The submission"
        return f"{who} of {printable(progress.batch)}"
    if segment.loop == "2200A":
        return "The payer"
    return f"Claim {printable(progress.unit)}"


def _outcome(segment: NamedSegment) -> str:
    """STC03 of a 277CA; the money of a 277. What is but received is not yet accepted, whatever STC03 says."""
    category = segment.at(1).split(segment.delimiters.component)[0]
    parts = [RECEIVED if category == RECEIPT and segment.at(3) == TAKEN else text_of("STC03", segment.at(3))]
    for number, word in ((4, "charge"), (5, "paid")):
        if segment.at(number):
            parts.append(f"{word} {money(segment.at(number))}")
    if segment.at(6):
        parts.append(f"decided {day(segment.at(6))}")
    if segment.at(9):
        parts.append(f"check or trace {printable(segment.at(9))}")
    return ", ".join(part for part in parts if part) or "status"


def _status(code: str, entity: str) -> str:
    """A status code in words; where it speaks of an entity, the one named with it."""
    words = text_of("status", code) or "code"
    who = text_of("entity", entity)
    if who and ENTITY in words:
        return f"{words.replace(ENTITY, f'the {who}', 1)} ({printable(code)}, {printable(entity)})"
    about = f", {printable(entity)} {who}".rstrip() if entity else ""
    words = words if entity else words.replace("the entity's ", "the ", 1)
    return f"{words} ({printable(code)}{about})"


# --- 835 ---------------------------------------------------------------------------------------------------


def _bpr(segment: NamedSegment, progress: Progress) -> Lines:
    how = text_of("payment", segment.at(4)) or printable(segment.at(4))
    yield ExplainedLine("heading", 0, f"Payment of {money(segment.at(2))}, {how}, {day(segment.at(16))}")


def _clp(segment: NamedSegment, progress: Progress) -> Lines:
    at = segment.at
    progress.unit, progress.lines, progress.in_line = at(1), 0, False
    share = f", patient's share {money(at(5))}" if at(5) else ""
    paid = f"charge {money(at(3))}, paid {money(at(4))}{share}"
    text = f"Claim {printable(at(1))}: {coded('CLP02', at(2))}; {paid}"
    looks = (Look("CLM"),)
    yield ExplainedLine("heading", 0, text, Target("unit", (at(1),), looks=looks))


def _svc(segment: NamedSegment, progress: Progress) -> Lines:
    progress.lines, progress.in_line = progress.lines + 1, True
    if segment.loop != "2110":
        return
    text = f"Line {progress.lines}, {printable(segment.at(1))}: charge {money(segment.at(2))}"
    yield ExplainedLine("text", 1, f"{text}, paid {money(segment.at(3))}", _line_target(progress))


def _line_target(progress: Progress) -> Target:
    return Target("unit", (progress.unit,), line=progress.line())


def _cas(segment: NamedSegment, progress: Progress) -> Lines:
    group = segment.at(1)
    if segment.guide and not segment.guide.startswith("835"):
        return  # what another payer did, in a claim
    for number in range(2, len(segment.elements), 3):
        code, amount, units = segment.at(number), segment.at(number + 1), segment.at(number + 2)
        if code:
            many = f" for {printable(units)} unit{'' if units == '1' else 's'}" if units else ""
            text = f"{money(amount)}{many}: {coded('CARC', code)}; {coded('CAS01', group)}"
            yield ExplainedLine("text", 2 if progress.in_line else 1, text)


def _remark(code: str, progress: Progress) -> ExplainedLine:
    return ExplainedLine("text", 2 if progress.in_line else 1, f"Remark: {coded('RARC', code)}")


def _lq(segment: NamedSegment, progress: Progress) -> Lines:
    if segment.at(1) == "HE":
        yield _remark(segment.at(2), progress)


def _moa(segment: NamedSegment, progress: Progress) -> Lines:
    yield from (_remark(code, progress) for code in filter(None, segment.elements[3:8]))


def _mia(segment: NamedSegment, progress: Progress) -> Lines:
    yield from (_remark(code, progress) for code in (segment.at(n) for n in (5, 20, 21, 22, 23)) if code)


def _plb(segment: NamedSegment, progress: Progress) -> Lines:
    progress.in_line = False
    yield ExplainedLine(
        "heading", 0, f"Adjustments of the whole payment to provider {printable(segment.at(1))}"
    )
    for number in range(3, len(segment.elements) - 1, 2):
        code, _, reference = segment.at(number).partition(segment.delimiters.component)
        about = f", reference {printable(reference)}" if reference else ""
        amount = segment.at(number + 1)
        way = "more is paid" if amount.startswith("-") else "less is paid"
        yield ExplainedLine("text", 1, f"{money(amount.lstrip('-'))} {way}: {coded('PLB03', code)}{about}")


# --- 271 and 278 -------------------------------------------------------------------------------------------


def _level(segment: NamedSegment) -> str:
    """Where an answer belongs: 'Subscriber name (2100C)'."""
    name = segment.loops[-1].name if segment.loops else ""
    return f"{name} ({segment.loop})" if segment.loop else name


def _aaa(segment: NamedSegment, progress: Progress) -> Lines:
    code, loop = segment.at(3), ASKED_IN.get(segment.loop, segment.loop)
    looks, element = looks_for("AAA03", code, loop=loop)
    wider = tuple(Look(look.tag, look.qualifier) for look in looks if look.tag in ANYWHERE)
    usual = tuple(Look(tag, "", loop) for tag in FIRST_LOOKS)
    target = Target(
        "unit", (progress.unit or progress.batch,), looks=(*looks, *wider, *usual), element=element
    )
    yield ExplainedLine("heading", 0, f"{_level(segment)}: {coded('AAA03', code)}", target)
    yield ExplainedLine("text", 1, coded("AAA01", segment.at(1)))
    if segment.at(4):
        yield ExplainedLine("text", 1, f"What to do: {coded('AAA04', segment.at(4))}")


def _hcr(segment: NamedSegment, progress: Progress) -> Lines:
    number = f", number {printable(segment.at(2))}" if segment.at(2) else ""
    service = segment.loop == SERVICE_LOOP
    line = (progress.service_trace or f"#{progress.services}") if service else ""
    looks = () if service else (Look("UM", "", segment.loop), Look("UM"))
    target = Target(
        "unit", (progress.unit or progress.service_trace or progress.batch,), looks=looks, line=line
    )
    text = f"{_level(segment)}: {coded('HCR01', segment.at(1))}{number}"
    yield ExplainedLine("heading", 0, text, target)
    if segment.at(3):
        yield ExplainedLine("text", 1, f"Why: {coded('HCR03', segment.at(3))}")


ANSWERS: Mapping[str, Callable[[NamedSegment, Progress], Lines]] = {
    "BHT": _bht,
    "HL": _hl,
    "TRN": _trn,
    "STC": _stc,
    "BPR": _bpr,
    "CLP": _clp,
    "SVC": _svc,
    "CAS": _cas,
    "LQ": _lq,
    "MOA": _moa,
    "MIA": _mia,
    "PLB": _plb,
    "AAA": _aaa,
    "HCR": _hcr,
    "QTY": _total,
    "AMT": _total,
    "SE": _totals,
}
