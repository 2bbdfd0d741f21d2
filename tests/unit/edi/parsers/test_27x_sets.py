"""Every 270, 276 and 278 of tests/worlds/text/inbound parses to what one reads in its lines."""

from decimal import Decimal

import pytest

from tests.worlds.text.bodies import loop_segments
from tests.worlds.text.inbound_sets import inbound_sets
from x12_payer.edi.messages.common import Party, Period
from x12_payer.edi.parsers.x270 import parse_270
from x12_payer.edi.parsers.x276 import parse_276
from x12_payer.edi.parsers.x278 import parse_278
from x12_payer.edi.wire.segments import DEFAULT_DELIMITERS


def of(kind: str) -> list[object]:
    return [pytest.param(k, lines, id=name) for name, k, lines in inbound_sets(kind)]


def texts(lines: list[str], prefix: str, at: int) -> list[str]:
    """Element `at` of every line that begins so."""
    found = [line.split("*") for line in lines if line.startswith(prefix)]
    return [e[at] if at < len(e) else "" for e in found]


def shown(periods: list[Period | None]) -> list[str]:
    return [p.text for p in periods if p]


def npis(parties: list[Party]) -> list[str]:
    return [p.npi for p in parties]


@pytest.mark.parametrize(("kind", "lines"), of("270"))
def test_270(kind: str, lines: list[str]) -> None:
    request = parse_270(loop_segments("270", "\n".join(lines)), DEFAULT_DELIMITERS, kind)
    assert request.header.reference == texts(lines, "BHT", 3)[0]
    inquiries = request.inquiries
    assert len(inquiries) == sum(line.startswith("HL") and line.endswith("*0") for line in lines)
    assert [t.reference for i in inquiries for t in i.traces] == texts(lines, "TRN*1", 2)
    assert [i.subscriber.id for i in inquiries] == texts(lines, "NM1*IL", 9)
    dependents = [i.dependent for i in inquiries if i.dependent]
    assert [d.party.first_name for d in dependents] == texts(lines, "NM1*03", 4)
    assert [d.relationship for d in dependents] == texts(lines, "INS*N", 2)
    people = [p for i in inquiries for p in (i.subscriber, i.dependent) if p]
    assert [f"{p.birth_date:%Y%m%d}" for p in people if p.birth_date] == texts(lines, "DMG*D8", 2)
    assert npis([i.receiver for i in inquiries]) == texts(lines, "NM1*1P", 9)
    assert [i.source.id for i in inquiries] == texts(lines, "NM1*PR", 9)
    assert shown([i.period for i in inquiries]) == texts(lines, "DTP*291", 3)
    services = [s for i in inquiries for s in i.services]
    assert ["^".join(s.service_types) for s in services] == texts(lines, "EQ", 1)
    coded = [f"{s.procedure.qualifier}:{s.procedure.code}" for s in services if s.procedure]
    assert coded == [c for c in texts(lines, "EQ", 2) if c]
    assert [s.place_of_service for s in services if s.place_of_service] == texts(lines, "III*ZZ", 2)


@pytest.mark.parametrize(("kind", "lines"), of("276"))
def test_276(kind: str, lines: list[str]) -> None:
    inquiries = parse_276(loop_segments("276", "\n".join(lines)), DEFAULT_DELIMITERS, kind).inquiries
    assert [i.trace.reference for i in inquiries if i.trace] == texts(lines, "TRN*1", 2)
    numbers = [r.value for i in inquiries for r in i.references]
    numbers += [line.line_control_number for i in inquiries for line in i.lines if line.line_control_number]
    assert numbers == texts(lines, "REF", 2)
    charges = [i.charge for i in inquiries if i.charge is not None]
    assert charges == [Decimal(t) for t in texts(lines, "AMT*T3", 2)]
    periods = [period for i in inquiries for period in (i.period, *(line.period for line in i.lines))]
    assert shown(periods) == texts(lines, "DTP*472", 3)
    assert [i.subscriber.id for i in inquiries] == texts(lines, "NM1*IL", 9)
    births = [i.subscriber.birth_date for i in inquiries]
    assert [f"{b:%Y%m%d}" for b in births if b] == texts(lines, "DMG*D8", 2)
    assert npis([i.provider for i in inquiries]) == texts(lines, "NM1*1P", 9)
    assert [i.receiver.id for i in inquiries] == texts(lines, "NM1*41", 9)


@pytest.mark.parametrize(("kind", "lines"), of("278"))
def test_278(kind: str, lines: list[str]) -> None:
    version = {"278": "005010X217", "278I": "005010X215", "278N": "005010X216"}[kind]
    reviews = parse_278(loop_segments("278", "\n".join(lines)), DEFAULT_DELIMITERS, version).reviews
    services = [s for r in reviews for s in r.services]
    assert len(reviews) == len([t for t in texts(lines, "HL", 3) if t == "EV"])
    assert len(services) == len([t for t in texts(lines, "HL", 3) if t == "SS"])
    traces = [t for r in reviews for t in (*r.traces, *(t for s in r.services for t in s.traces))]
    assert [t.reference for t in traces] == texts(lines, "TRN*1", 2)
    assert [r.subscriber.id for r in reviews] == texts(lines, "NM1*IL", 9)
    assert [r.payer.id for r in reviews] == texts(lines, "NM1*X3", 9)
    people = [
        p for r in reviews for p in (r.requester, *r.providers, *(p for s in r.services for p in s.providers))
    ]
    sent = [line.split("*")[9] for line in lines if line.startswith("NM1") and "*XX*" in line]
    assert npis(people) == sent
    categories = [c for r in reviews for c in (r.category, *(s.category for s in r.services)) if c]
    assert [c.request_category for c in categories] == texts(lines, "UM", 1)
    assert [c.certification_type for c in categories] == texts(lines, "UM", 2)
    assert [c.service_type for c in categories] == texts(lines, "UM", 3)
    places = [f"{c.facility_code}:{c.facility_qualifier}".strip(":") for c in categories]
    assert places == texts(lines, "UM", 4)
    assert [c.level_of_service for c in categories] == texts(lines, "UM", 6)
    assert [r.value for review in reviews for r in review.references] == texts(lines, "REF", 2)
    dates = [*(p for r in reviews for p in r.periods), *(s.period for s in services)]
    assert shown(dates) == texts(lines, "DTP", 3)
    codes = [f"{d.qualifier}:{d.code}" for r in reviews for d in r.diagnoses]
    assert codes == [c for line in lines if line.startswith("HI*") for c in line.split("*")[1:]]
    quantities = [q for q in (*(r.quantity for r in reviews), *(s.quantity for s in services)) if q]
    assert [str(q.value) for q in quantities] == texts(lines, "HSD", 2)
    sent_with = [*(a for r in reviews for a in r.attachments), *(a for s in services for a in s.attachments)]
    assert [a.control_number for a in sent_with] == texts(lines, "PWK", 6)
    assert [r.admission_type for r in reviews if r.admission_type] == texts(lines, "CL1", 1)
    written = [
        ":".join((s.procedure.qualifier, s.procedure.code, *s.procedure.modifiers))
        for s in services
        if s.procedure
    ]
    asked = [(line.split("*") + [""] * 6) for line in lines if line.startswith("SV")]
    assert written == [e[2] if e[0] == "SV2" else e[1] for e in asked]
    units = [e[{"SV1": 4, "SV2": 5, "SV3": 6}[e[0]]] for e in asked]
    assert ["" if s.units is None else str(s.units) for s in services if s.segment] == units
