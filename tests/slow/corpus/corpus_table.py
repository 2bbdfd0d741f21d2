"""docs/corpus.md: the documented faults of the sample corpus, and where our check finds them.

python -m tests.slow.corpus.corpus_table > docs/corpus.md"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher

from attrs import frozen

from tests.slow.corpus.corpus_files import CORPUS, manifest, read, unmasked
from tests.worlds.text.found import sets_of
from x12_payer.edi.diagnostics.model import diagnostic_codes
from x12_payer.edi.reading.check import CheckedInterchange, check_interchanges
from x12_payer.edi.snip.validate import LocatedDiagnostic, diagnostics_in
from x12_payer.edi.wire.segments import Source

AS_OF = date(2026, 7, 15)
FIXTURES = "kputnam+stupidedi/spec/fixtures/005010/"
PYX12 = "azoner+pyx12/pyx12/test/x12testdata.py/"
FOUND, UNREAD = "found", "not read"
SPELLING, ENVELOPE, ADDED, DROPPED, OTHER = "spelling", "envelope", "added", "dropped", "other value"
IN_5010 = {  # the guide of 4010 -> ours
    "004010X098": "005010X222A1",
    "004010X096": "005010X223A2",
    "004010X091": "005010X221A1",
    "004010X092": "005010X279A1",
    "004010X094": "005010X217",
}


@frozen
class Change:
    """One segment that differs between a file and its valid twin; '' where one of them has none. `place` is
    the ordinal of the segment in the file, of the one behind for what is added."""

    place: int
    old: str
    new: str


def checked(text: str) -> list[CheckedInterchange]:
    return list(check_interchanges(Source(data=text.encode("latin-1")), every_guide=True))


def errors(text: str) -> list[LocatedDiagnostic]:
    return [f for f in diagnostics_in(Source(data=text.encode("latin-1")), 6, AS_OF) if f.is_error]


def segments(text: str) -> list[str]:
    """The segments with the usual separators, whatever those of the file are."""
    marks = text[3:4] + text[82:83] + text[104:105] if text[105:106] in ("~", "|", "\n") else "*^:"
    terminator = text[105] if marks != "*^:" else "~"
    usual = str.maketrans(marks, "*^:")
    return [s.strip().translate(usual) for s in text.split(terminator) if s.strip()]


def changes(old: list[str], new: list[str]) -> Iterator[Change]:
    """What differs, segment by segment: blocks that differ are lined up by their segment ids."""
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        before, after = ([s.split("*")[0] for s in block] for block in (old[a:b], new[c:d]))
        for inner, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if inner == "equal":
                pairs = zip(range(a + i, a + j), old[a + i : a + j], new[c + k : c + m], strict=True)
                yield from (Change(n + 1, x, y) for n, x, y in pairs if x != y)
                continue
            yield from (Change(n + 1, old[n], "") for n in range(a + i, a + j))
            yield from (Change(a + j + 1, "", y) for y in new[c + k : c + m])


def _plain(segment: str) -> list[str]:
    """Elements without what is only spelling: small letters, zeros behind a decimal point."""
    parts = re.split(r"[*:>]", segment.upper())
    return [re.sub(r"\.?0+$", "", p) if re.fullmatch(r"\d+\.\d+", p) else p for p in parts]


def why(change: Change, found: list[LocatedDiagnostic], is_read: bool) -> str:
    """FOUND, or the reason why nothing is said of a change."""
    if any(f.segment == change.place for f in found):
        return FOUND
    if not is_read:
        return UNREAD
    if not change.old or not change.new:
        return DROPPED if change.old else ADDED
    if _plain(change.old) == _plain(change.new):
        return SPELLING
    return ENVELOPE if change.old.split("*")[0] in ("ISA", "GS", "ST", "SE") else OTHER


def described(found: list[LocatedDiagnostic], snip: range) -> str:
    """Findings as `17 NM108 8/I6`: ordinal in the set, element, IK304 and IK403; without them the name."""
    out = []
    for f in (f for f in found if f.snip in snip):
        row = diagnostic_codes()[f.code]
        name = f.code + (f" (IK502 {row.ik502})" if row.ik502 else "")
        codes = "/".join(c for c in (row.ik304, row.ik403) if c) or name
        out.append(f"{f.set_segment} {f.tag}{f'{f.element:02d}' if f.element else ''} {codes}")
    return ", ".join(out)


def refused(text: str) -> str:
    """What answers a file as it is: TA105, AK905, or IK502."""
    found = checked(text)
    ta1 = [f"TA1 {i.ta1}" for i in found if i.ta1]
    groups = [f"AK905 {c}" for i in found for g in i.groups for c in g.rejected_codes]
    sets = [f"IK502 {c}" for s in sets_of(found) for c in s.reject_codes]
    return ", ".join(dict.fromkeys([*ta1, *groups, *sets])) or "accepted"


def twin_of(name: str, purpose: str) -> str:
    """The valid twin of a fail/ file, '' when the corpus has none."""
    named = re.search(r"to reach (\S+?):", purpose)
    return FIXTURES + named[1] if named and (CORPUS / FIXTURES / named[1]).exists() else ""


def stupidedi_row(name: str, purpose: str) -> tuple[list[str], Counter[str]]:
    text, twin = unmasked(read(name)), twin_of(name, purpose)
    found = errors(text)
    is_read = any(s.guide for s in sets_of(checked(text)))
    every = list(changes(segments(text), segments(read(twin)))) if twin else []
    count = Counter(why(c, found, is_read) for c in every)
    left = ", ".join(f"{n} {k}" for k, n in sorted(count.items()) if k != FOUND)
    cells = [
        name.removeprefix(FIXTURES),
        refused(read(name)),
        described(found, range(1, 3)),
        described(found, range(3, 7)),
    ]
    return [*cells, str(count[FOUND]) if twin else "no twin", left], count


def in_5010(text: str) -> str:
    """A 4010 interchange with the envelope of 5010, so that its sets are read at all."""
    text = re.sub(r"(ISA[^~]{79})U(.)00401", r"\1^\g<2>00501", text)
    out, guide = [], ""
    for part in re.split(r"(~\s*)", text):
        elements = part.split("*")
        if elements[0] == "GS":
            guide = IN_5010.get(elements[-1][:10], elements[-1])
            elements[-1] = guide
        elif elements[0] == "ST" and elements[1] != "835" and len(elements) == 3:
            elements.append(guide)
        out.append("*".join(elements))
    return "".join(out)


def acknowledged(text: str) -> tuple[str, list[tuple[str, int, str]]]:
    """What a 997 or 999 says: its codes as `refused` puts them, and the segments it names, with their ordinal
    in the set and AK304 or AK304/AK403."""
    codes: dict[str, list[str]] = {"TA1": [], "AK905": [], "IK502": []}
    named: list[tuple[str, int, str]] = []
    for one in (s.split("*") for s in segments(text)):
        if one[0] == "TA1" and one[4] == "R":
            codes["TA1"] += one[5:6]
        elif one[0] == "AK9":
            codes["AK905"] += one[5:]
        elif one[0] in ("AK5", "IK5"):
            codes["IK502"] += one[2:]
        elif one[0] in ("AK3", "IK3"):
            named.append((one[1], int(one[2]), one[4]))
        elif one[0] in ("AK4", "IK4"):
            tag, place, code = named[-1]
            named = named[:-1] if "/" not in code else named
            named.append((tag, place, f"8/{one[3]}"))
    every = dict.fromkeys(f"{k} {v}" for k, values in codes.items() for v in values)
    return ", ".join(every) or "accepted", named


def is_found(tag: str, place: int, code: str, found: list[LocatedDiagnostic]) -> bool:
    """Is a fault that pyx12 names among ours? What is missing it counts at the segment before the gap, we at
    the one behind."""
    at = place + 1 if code == "3" else place
    here = [f for f in found if f.tag == tag and f.set_segment in (place, at)]
    return any(described([f], range(1, 3)).endswith(f" {code}") for f in here)


def pyx12_row(stem: str) -> list[str]:
    """Name, our answer to the file, pyx12's, ours in the envelope of 5010; faults found; not found."""
    source = read(f"{PYX12}{stem}.source.edi")
    beside = sorted((CORPUS / PYX12).glob(f"{stem}.expected-*"))
    answer, named = acknowledged(beside[0].read_text("latin-1")) if beside else ("none given", [])
    found = errors(in_5010(source))
    hits = [f"{n} {tag} {code}" for tag, n, code in named if is_found(tag, n, code, found)]
    left = [f"{n} {tag} {code}" for tag, n, code in named if not is_found(tag, n, code, found)]
    cells = [stem, refused(source), answer, refused(in_5010(source))]
    return [*cells, _list(hits), _list(left), WHY_NOT.get(stem, "")]


def _list(items: list[str]) -> str:
    return ", ".join(f"{k} ({n} times)" if n > 1 else k for k, n in Counter(items).items())


def stems() -> list[str]:
    return sorted(p.name.removesuffix(".source.edi") for p in (CORPUS / PYX12).glob("*.source.edi"))


def _table(head: list[str], lines: list[list[str]]) -> str:
    every = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in every)


def page() -> str:
    """The whole of docs/corpus.md."""
    purposes = {n: row["purpose"] for n, row in manifest().items() if "/fail/" in n}
    made = [stupidedi_row(n, purposes[n]) for n in sorted(purposes)]
    total = sum((count for _, count in made), Counter())
    sums = "\n".join(f"| {k} | {total[k]} | {text} |" for k, text in MEANING.items())
    return PAGE.format(
        stupidedi=_table(STUPIDEDI_HEAD, [row for row, _ in made]),
        sums=sums,
        pyx12=_table(PYX12_HEAD, [pyx12_row(stem) for stem in stems()]),
    )


STUPIDEDI_HEAD = ["file", "as it is", "types 1 and 2", "types 3 to 6", "changes found", "not found"]
PYX12_HEAD = [
    "file",
    "we, as it is",
    "pyx12's acknowledgment",
    "we, in the envelope of 5010",
    "named by pyx12 and found",
    "named by pyx12 and not found",
    "why not",
]
MEANING = {
    FOUND: "we report something at the segment",
    OTHER: "the guide takes both values: an NM108 other than XX, a diagnosis, a well-formed ZIP code; our"
    " guide is lenient on purpose where CLM05-02 is empty, as in a valid example, and on HL04 with an AAA",
    ADDED: "the twin has one more segment that the guide does not require",
    DROPPED: "the twin lacks a segment that the guide allows",
    SPELLING: "small letters, zeros after a decimal point: the same value",
    ENVELOPE: "an older erratum id of the same guide, another control number, a count that fits its own file",
    UNREAD: "the header is not readable (TA1 024) or the guide is not one of ours (820, 834)",
}
SAME_ONCE = "one fault, one diagnostic: what follows from it is not reported again"
WHY_NOT = {
    "bad_header_looping": "11111111 is a day of the calendar; 39 N1 is found with code 2 (not in its"
    " place; 1 says that there is no such id); " + SAME_ONCE,
    "834_eol_in_element": "an 834 is not one of ours",
    "trailer_errors": "IEA01 and IEA02 are both wrong and a TA1 has one note; 018 is no note for either here",
    "elements": "REF*87 was of 4010 and is no segment of 5010 in the header (found with code 2); MIM is in no"
    " code list, its length is not reported as well",
    "loop_counting": SAME_ONCE + ": the first 2400 too many",
    "mult_isa": "REF*87 was of 4010",
    "multiple_trn": "REF*87 was of 4010",
    "trailing_terms": "CLM18 is not used in 5010; what is there is found from CLM09 on",
}
PAGE = """# The sample corpus: documented faults, and what is found of them

Made by `python -m tests.slow.corpus.corpus_table > docs/corpus.md` from public sample files
($EDI_CORPUS); `make corpus` compares this page with what is found now.
`tests/slow/corpus/test_differential.py` holds
pyx12 under our guides against our engine on every file of it and lists each difference with its reason.

A diagnostic is written `17 NM108 8/I6`: ordinal of the segment in its set, element, IK304 and IK403; one that
has no code in a 999, or is of types 3 to 6, has its name instead (docs/diagnostics.md).

## stupidedi: `fail/` beside `pass/`

Nearly all of these files are refused for their GS01 `XX` alone: AK905 1, nothing else is looked at. To show
what else is wrong, the columns after `as it is` are with the GS01 that belongs to ST01. A change is a segment
that differs from the valid twin; most of them are not faults under the guide:

| | segments | |
|---|---|---|
{sums}

{stupidedi}

## pyx12: its expected acknowledgment beside the source

These are interchanges of 4010 (and 834s), which a 5010 payer refuses: TA1 017, or AK905 1 for an 834.
To compare all the same, the second answer of ours is to the same file with the envelope of 5010
(ISA11, ISA12, GS08, ST03). Its sets are then read by the guide of 5010: what only 4010 knows or allows is an
extra diagnostic, so there is IK502 5 where pyx12 accepts. pyx12 reports what is missing at the segment before
the gap and we at the one after it; that counts as found.

{pyx12}
"""


if __name__ == "__main__":
    print(page(), end="")
