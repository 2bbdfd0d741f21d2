"""278s written short for the end-to-end tests, and what an answer says written short.

    asked("T1", "B100", PCP, "UM*HS*I*PT*11:B", "HI*ABK:M5450", "HSD*VS*26", provider=THERAPY)
    review_outcomes(out) == "T1 A1 HSD*VS*26 036:20261231"

An answer: TRN02, the AAAs, HCR01 and HCR03 of the event, its HSD, DTP 036 and REF BB; then each service after
a bar: its HCR and, when cut, its units."""

from collections.abc import Sequence

from tests.worlds.payer.e2e import Out

UMO = "NM1*X3*2*BEACON COAST HEALTH*****PI*BCH77"
_ORDER = ("UM", "REF", "DTP", "HI", "HSD", "CL1", "PWK", "MSG")  # of 2000E


def asked(
    trace: str,
    member: str,
    requester: str,
    um: str,
    *event: str,
    provider: str = "",
    services: Sequence[Sequence[str]] = (),
    dependent: str = "",
) -> str:
    """The body of an X217 request; a service is its segments. Event segments come in any order."""
    entity = "FA" if um.startswith("UM*AR") else "SJ"
    segments = [f"BHT*0007*13*{trace}*20260706*1100", "HL*1**20*1", UMO, "HL*2*1*21*1"]
    segments += [f"@provider 1P {requester}", "PER*IC**TE*2075550111", *_patient(member, dependent)]
    level = 5 if dependent else 4
    segments += [f"HL*{level}*{level - 1}*EV*{1 if services else 0}", *_event(trace, um, event)]
    segments += [f"@provider {entity} {provider}"] if provider else []
    for number, service in enumerate(services, level + 1):
        segments += [f"HL*{number}*{level}*SS*0", *service]
    return "\n".join(segments)


def noticed(trace: str, member: str, facility: str, um: str, *event: str, dependent: str = "") -> str:
    """The body of an X216 notice of an admission."""
    segments = [f"BHT*0007*CN*{trace}*20260706*0930*NO", "HL*1**20*1", f"@provider FA {facility}"]
    segments += ["HL*2*1*21*1", UMO, *_patient(member, dependent)]
    level = 5 if dependent else 4
    segments += [f"HL*{level}*{level - 1}*EV*0", *_event(trace, um, event), f"@provider FA {facility}"]
    return "\n".join(segments)


def inquired(trace: str, member: str, requester: str, um: str, *event: str) -> str:
    """The body of an X215 inquiry."""
    segments = [f"BHT*0007*28*{trace}*20260707*0900", "HL*1**20*1", UMO, "HL*2*1*21*1"]
    segments += [f"@provider 1P {requester}", *_patient(member, "")]
    return "\n".join([*segments, "HL*4*3*EV*0", *_event(trace, um, event)])


def _patient(member: str, dependent: str) -> list[str]:
    below = ["HL*4*3*23*1", f"@patient {dependent}"] if dependent else []
    return ["HL*3*2*22*1", f"@member {member}", *below]


def _event(trace: str, um: str, event: Sequence[str]) -> list[str]:
    ordered = sorted((um, *event), key=lambda segment: _ORDER.index(segment.split("*")[0]))
    return [f"TRN*1*{trace}*9TIDEGATE1", *ordered]


def service(code: str, units: int | None = 1, day: str = "20260713") -> tuple[str, ...]:
    """One 2000F."""
    dental = code.startswith("D")
    quantity = "" if units is None else f"**UN*{units}"
    line = f"SV3*AD:{code}*4000****{units}" if dental else f"SV1*HC:{code}{quantity}"
    return (f"DTP*472*D8*{day}", line)


def review_outcomes(out: Out) -> str:
    """The answers of one interchange, a line for each set."""
    return "\n".join(_said(one) for one in out.sets.get("278", ()))


def _said(segments: Sequence[str]) -> str:
    words: list[str] = []
    service_level = False
    for parts in (segment.split("*") for segment in segments):
        match parts:
            case ["HL", _, _, "SS", *_]:
                service_level = True
                words.append("|")
            case ["AAA", _, _, code, *_]:
                words.append(f"AAA{code}")
            case ["HCR", action, _, why]:
                words.append(f"{action} {why}")
            case ["HCR", action, *_]:
                words.append(action)
            case ["TRN", "2", trace, *_]:
                words.append(trace)
            case ["HSD", *_]:
                words.append("*".join(parts))
            case ["DTP", "036", _, day] if not service_level:
                words.append(f"036:{day}")
            case ["REF", "BB", number] if not service_level:
                words.append(f"BB:{number}")
            case ["SV1", _, _, _, units] if service_level and words[-1] == "A6":
                words.append(units)
    return " ".join(words)
