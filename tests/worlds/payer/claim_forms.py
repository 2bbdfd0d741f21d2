"""Claims written short for the end-to-end tests, and what an 835 says of each written short.

    professional("A1", PCP, "B200", "99213 140 1 20260601")
    outcomes(out)["A1"] == "1 140 80 20 | 99213 140 80 CO45:40 PR3:20"

An outcome: CLP02 to CLP05, the claim's CAS, G1; then for each line the code, charge, paid, CAS, remarks, G1,
and `0/2` when SVC05 and SVC07 differ. Several CLP of one claim are in order with ` ## ` between them. A
claim that a 277CA refuses is `U` with its codes, one that waits is `pends`."""

from collections.abc import Sequence
from typing import Any

from attrs import evolve, field, frozen

from tests.worlds.payer.e2e import Out


@frozen
class Form:
    """One claim: its CLM, where it hangs, and the segments around its lines."""

    kind: str  # P I D
    number: str
    billing: str
    subscriber: str
    lines: tuple[str, ...]  # code charge quantity [date or range [segments below ...]]
    place: str = "11"
    frequency: str = "1"
    diagnosis: str = "M5450"
    before: tuple[str, ...] = ()  # DTP and CL1 of the claim
    references: tuple[str, ...] = ()  # REF01*REF02
    after: tuple[str, ...] = ()  # 2310 and 2320
    dependent: str = ""
    payer_order: str = "P"
    tail: str = ""  # CLM10 and on
    charge: str = ""
    codes: tuple[str, ...] = field(factory=tuple)  # more HI


def professional(number: str, billing: str, subscriber: str, *lines: str, **more: Any) -> Form:
    """An 837P claim."""
    return evolve(Form("P", number, billing, subscriber, lines), **more)


def dental(number: str, billing: str, subscriber: str, *lines: str, **more: Any) -> Form:
    """An 837D claim."""
    return evolve(Form("D", number, billing, subscriber, lines), **more)


def stay(number: str, billing: str, subscriber: str, begin: str, end: str, *lines: str, **more: Any) -> Form:
    """An inpatient 837I claim; `codes` come behind the admitting diagnosis."""
    before = ("DTP*096*TM*1100", f"DTP*434*RD8*{begin}-{end}", f"DTP*435*DT*{begin}1000", "CL1*3*1*01")
    codes = ("HI*ABJ:M1711", *more.pop("codes", ()))
    form = Form("I", number, billing, subscriber, lines, before=before, codes=codes)
    return evolve(form, **more)


def again(form: Form, frequency: str, original: str, *lines: str) -> Form:
    """The claim once more as a replacement (7) or a void (8) of our claim number `original`."""
    references = (*form.references, f"F8*{original}")
    return evolve(form, frequency=frequency, references=references, lines=lines or form.lines)


def body(forms: Sequence[Form]) -> str:
    """The body of one 837 set with these claims."""
    segments = ["BHT*0019*00*E2E*20260706*0800*CH", "@head"]
    level = 0
    for form in forms:
        top, level = level + 1, level + 2
        below = 1 if form.dependent else 0
        segments += [f"HL*{top}**20*1", f"@billing {form.billing}", f"HL*{level}*{top}*22*{below}"]
        segments += [f"SBR*{form.payer_order}*{'' if below else '18'}*G1******12"]
        segments += [f"@subscriber {form.subscriber}", "@payer"]
        if form.dependent:
            level += 1
            segments += [f"HL*{level}*{level - 1}*23*0", "PAT*19", f"@patient {form.dependent}"]
        segments += _claim(form)
    return "\n".join(segments)


def _claim(form: Form) -> list[str]:
    charge = form.charge or str(sum(float(line.split()[1]) for line in form.lines))
    answers = "**A*Y*Y" if form.kind == "I" else "*Y*A*Y*Y"
    qualifier = "A" if form.kind == "I" else "B"
    clm = f"CLM*{form.number}*{charge}***{form.place}:{qualifier}:{form.frequency}{answers}{form.tail}"
    present = ":::::::Y" if form.kind == "I" else ""
    diagnosis = [] if form.kind == "D" else [f"HI*ABK:{form.diagnosis}{present}"]
    references = [f"REF*{reference}" for reference in form.references]
    segments = [clm, *form.before, *references, *diagnosis, *form.codes]
    if form.kind == "I":
        segments.append("@provider 71 1302200021")
    segments += form.after
    for number, line in enumerate(form.lines, 1):
        code, amount, quantity, *rest = line.split()
        segments += [f"LX*{number}", _service(form.kind, code, amount, quantity)]
        form_of = "RD8" if rest and "-" in rest[0] else "D8"
        segments += [f"DTP*472*{form_of}*{rest[0]}", *rest[1:]] if rest else []
    return segments


def _service(kind: str, code: str, charge: str, quantity: str) -> str:
    if kind == "I":
        return f"SV2*{code}**{charge}*DA*{quantity}"
    if kind == "D":
        return f"SV3*AD:{code}*{charge}****{quantity}"
    return f"SV1*HC:{code}*{charge}*UN*{quantity}***1"


# -- outcomes --------------------------------------------------------------------------------------


def claim_numbers(out: Out) -> dict[str, str]:
    """Our claim control number (277CA REF*1K) by the sender's."""
    found: dict[str, str] = {}
    number = ""
    for segment in out.all("277CA"):
        parts = segment.split("*")
        if parts[0] == "TRN":
            number = parts[2]
        elif parts[:2] == ["REF", "1K"]:
            found[number] = parts[2]
    return found


def outcomes(out: Out) -> dict[str, str]:
    """What became of each claim, by the sender's number."""
    return {**_refused(out), **_paid(out)}


def _refused(out: Out) -> dict[str, str]:
    found: dict[str, str] = {}
    number, level = "", ""
    for parts in (segment.split("*") for segment in out.all("277CA")):
        if parts[0] == "HL":
            level = parts[3]
        elif parts[0] == "TRN" and level == "PT":
            number = parts[2]
            found[number] = ""
        elif parts[0] == "STC" and number and level == "PT":
            found[number] = "pends" if parts[3] == "WQ" else f"{found[number] or 'U'} {parts[1]}"
        elif parts[0] == "SVC":
            number = ""
    return found


def _paid(out: Out) -> dict[str, str]:
    blocks: dict[str, list[list[list[str]]]] = {}
    for parts in (segment.split("*") for segment in out.all("835")):
        if parts[0] == "CLP":
            blocks.setdefault(parts[1], []).append([parts[2:6]])
        elif parts[0] in ("CAS", "REF", "SVC", "LQ") and blocks:
            list(blocks.values())[-1][-1].append(parts)
        if parts[0] == "CLP":  # the claim at hand is the last of the dictionary
            blocks[parts[1]] = blocks.pop(parts[1])
    return {number: " ## ".join(map(_block, found)) for number, found in blocks.items()}


def _block(segments: list[list[str]]) -> str:
    head, *rest = segments
    parts: list[list[str]] = [[" ".join(value or "0" for value in head)]]
    units = [""]
    for segment in rest:
        if segment[0] == "SVC":
            parts.append([segment[1].split(":", 1)[1], *segment[2:4]])
            units.append(f"{segment[5]}/{segment[7]}" if len(segment) > 7 else "")
        elif segment[0] == "CAS":
            parts[-1] += [f"{segment[1]}{segment[n]}:{segment[n + 1]}" for n in range(2, len(segment), 3)]
        elif segment[0] == "LQ" or segment[1] == "G1":
            parts[-1].append(segment[2])
    joined = [" ".join([*part, unit]).strip() for part, unit in zip(parts, units, strict=True)]
    return " | ".join(joined)
