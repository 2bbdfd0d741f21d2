"""Every 837 of tests/worlds/text/inbound, written back from the values and compared with what was sent."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.worlds.text.bodies import loop_segments
from tests.worlds.text.inbound_sets import inbound_sets
from x12_payer.edi.messages.claim import Claim, ServiceLine
from x12_payer.edi.parsers.x837 import parse_837
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS

SETS = [pytest.param(kind, "\n".join(lines), id=name) for name, kind, lines in inbound_sets("837")]


def number(value: Decimal) -> str:
    return format(value, "f").rstrip("0").rstrip(".") if "." in format(value, "f") else format(value, "f")


def line_texts(line: ServiceLine, kind: str) -> Iterator[str]:
    yield f"LX*{line.number}"
    code = ""
    if line.procedure:
        code = ":".join((line.procedure.qualifier, line.procedure.code, *line.procedure.modifiers))
    charge, quantity = number(line.charge), number(line.quantity)
    pointers = ":".join(line.diagnosis_pointers)
    if kind == "837P":
        yield f"SV1*{code}*{charge}*{line.unit}*{quantity}*{line.place_of_service}**{pointers}"
    elif kind == "837I":
        yield f"SV2*{line.revenue_code}*{code}*{charge}*{line.unit}*{quantity}"
    else:
        yield f"SV3*{code}*{charge}*{line.place_of_service}*{':'.join(line.oral_cavity)}**{quantity}"
    for tooth in line.teeth:
        yield f"TOO*JP*{tooth}"
    if line.period:
        yield f"DTP*472*{line.period.format}*{line.period.text}"
    yield from (f"REF*{r.qualifier}*{r.value}" for r in line.references)
    yield from (
        f"NM1*{p.entity}*{p.entity_type}*{p.last_name}*{p.first_name}****XX*{p.id}" for p in line.providers
    )
    for paid in line.prior_payments:
        assert paid.procedure
        yield f"SVD*{paid.payer_id}*{number(paid.paid)}*HC:{paid.procedure.code}**1"
        yield from (f"CAS*{a.group}*{a.reason}*{number(a.amount)}" for a in paid.adjustments)


def claim_texts(claim: Claim, kind: str) -> Iterator[str]:
    place = f"{claim.facility_code}:{claim.facility_qualifier}:{claim.frequency}"
    yield f"CLM*{claim.control_number}*{number(claim.charge)}***{place}"
    yield from (f"DTP*{p.qualifier}*{p.format}*{p.text}" for p in claim.periods)
    if claim.admission_type:
        yield f"CL1*{claim.admission_type}*{claim.admission_source}*{claim.patient_status}"
    yield from (f"REF*{r.qualifier}*{r.value}" for r in claim.references)
    for d in claim.diagnoses:
        yield f"HI*{d.qualifier}:{d.code}" + (f":::::::{d.poa}" if d.poa else "")
    yield from (f"HI*DR:{claim.drg}" for _ in range(1) if claim.drg)
    yield from (
        f"NM1*{p.entity}*{p.entity_type}*{p.last_name}*{p.first_name}****XX*{p.id}" for p in claim.providers
    )
    for line in claim.lines:
        yield from line_texts(line, kind)


def sent_texts(body: str) -> list[list[str]]:
    """The lines of each claim that the values can say, as sent: HI one composite a line, CLM to CLM05."""
    claims: list[list[str]] = []
    other = above = False
    for line in body.splitlines():
        tag, *rest = line.split("*")
        if tag in ("CLM", "HL"):
            above, other = tag == "HL", False
        if tag == "CLM":
            claims.append([])
            line = "*".join(["CLM", *rest[:5]])
        other = (other or tag == "SBR") and tag != "LX"
        if (
            above
            or other
            or not claims
            or (tag == "DTP" and rest[1] == "TM")
            or (tag == "DTP" and rest[0] == "573")
        ):
            continue
        if tag == "HI":
            claims[-1] += [f"HI*{text}" for text in rest]
        elif tag in ("CLM", "DTP", "CL1", "REF", "NM1", "LX", "SV1", "SV2", "SV3", "TOO", "SVD", "CAS"):
            claims[-1].append("*".join(["TOO", *rest[:2]]) if tag == "TOO" else line)
    return claims


@pytest.mark.parametrize(("kind", "body"), SETS)
def test_the_claims_say_what_was_sent(kind: str, body: str) -> None:
    version = {"837P": "005010X222A1", "837I": "005010X223A2", "837D": "005010X224A2"}[kind]
    claims = list(parse_837(loop_segments("837", body), DEFAULT_DELIMITERS, version)[1])
    assert claims
    sent = sent_texts(body)
    for claim, texts in zip(claims, sent, strict=True):
        said = [text.rstrip("*") for text in claim_texts(claim, kind)]
        assert sorted(said) == sorted(text.rstrip("*") for text in texts)
        assert claim.payer.id
        assert claim.billing_provider.npi
        assert claim.subscriber.party.last_name
    assert [c.ordinal for c in claims] == list(range(1, len(claims) + 1))
