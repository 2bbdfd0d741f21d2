"""End to end, in this process: reference rows in, one interchange in, outbound sets out.

    world = World(tmp_path / "store.db")
    world.load("authorizations", "AU1,B200,authorization,approved,...")
    out = world.send("270", body)
    assert out.has("271", "NM1*IL*1*QUINCY", "EB*1*IND*30")

The people and places of e2e_data/ are invented. A body has a segment a line; a line that begins with @ stands
for segments about somebody on file: @payer, @head (837 submitter and receiver), @provider 1P NPI,
@billing NPI (837 2010AA), @member ID (name and birth), @subscriber ID (with address), @patient ID (QC, with
address), @dependent ID (03). Every outbound file is held to its guide before a test sees it."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen

from tests.worlds.places import E2E_DATA
from x12_payer.adjudication.pipeline.interchange import Processed, process_source
from x12_payer.adjudication.pipeline.values import Settings
from x12_payer.adjudication.reference.reference import TABLES, read_reference
from x12_payer.adjudication.store.store import open_store
from x12_payer.edi.reading.check import check_interchanges
from x12_payer.edi.snip.set_errors import check_to_answer
from x12_payer.edi.wire.segments import Source

NOON = "2026-07-06T12:00:00"
# One inquiry (270) and one claim (837P) that stand for any.
INQUIRY = """
BHT*0022*13*R1*20260706*1015
HL*1**20*1
@payer
HL*2*1*21*1
@provider 1P 1201100017
HL*3*2*22*0
TRN*1*T1*9TIDEGATE0
@member B200
EQ*30
"""
CLAIM = """
BHT*0019*00*B1*20260706*1015*CH
@head
HL*1**20*1
@billing 1201100017
HL*2*1*22*0
SBR*P*18*******12
@subscriber B200
@payer
CLM*X-1*140***11:B:1*Y*A*Y*Y
HI*ABK:M1711
LX*1
SV1*HC:99213*140*UN*1***1
DTP*472*D8*20260702
"""
SETS = {  # ST01, GS01, GS08
    "270": ("270", "HS", "005010X279A1"),
    "276": ("276", "HR", "005010X212"),
    "278": ("278", "HI", "005010X217"),
    "278I": ("278", "HI", "005010X215"),
    "278N": ("278", "HI", "005010X216"),
    "837P": ("837", "HC", "005010X222A1"),
    "837I": ("837", "HC", "005010X223A2"),
    "837D": ("837", "HC", "005010X224A2"),
}

Segments = list[str]


@frozen
class Out:
    """What came out of one interchange: the sets of each kind (TA1 999 271 277 277CA 278 835), ST to SE."""

    sets: Mapping[str, Sequence[Segments]]

    def all(self, kind: str) -> Segments:
        """Every segment of a kind of answer."""
        return [segment for one in self.sets.get(kind, ()) for segment in one]

    def has(self, kind: str, *starts: str) -> bool:
        """True when segments that begin so (whole elements) are in the answers, in this order."""
        rest = iter(self.all(kind))
        return all(any(_begins(segment, start) for segment in rest) for start in starts)

    def find(self, kind: str, start: str) -> Segments:
        """Every segment of the kind that begins so."""
        return [segment for segment in self.all(kind) if _begins(segment, start)]

    def part(self, kind: str, start: str, *ends: str) -> Segments:
        """From the first segment that begins so up to the next that begins with one of `ends`."""
        segments = self.all(kind)
        first = next(i for i, s in enumerate(segments) if _begins(s, start))
        for last in range(first + 1, len(segments)):
            if any(_begins(segments[last], end) for end in ends):
                return segments[first:last]
        return segments[first:]

    def value(self, kind: str, start: str, element: int) -> str:
        """An element (1-based) of the first segment that begins so."""
        return self.find(kind, start)[0].split("*")[element]


def _begins(segment: str, start: str) -> bool:
    return segment == start or segment.startswith(start if start.endswith("*") else f"{start}*")


@cache
def _rows(table: str) -> Mapping[str, Mapping[str, str]]:
    text = (E2E_DATA / f"{table}.csv").read_text(encoding="utf-8")
    return {next(iter(row.values())): row for row in csv.DictReader(io.StringIO(text))}


# -- bodies ----------------------------------------------------------------------------------------


def body_of(text: str) -> Segments:
    """The segments of a body, short forms written out."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return [segment for line in lines for segment in (_short(line) if line[0] == "@" else [line])]


def _short(line: str) -> Segments:
    word, *words = line[1:].split()
    match word:
        case "payer":
            return ["NM1*PR*2*BEACON COAST HEALTH*****PI*BCH77"]
        case "head":
            return [
                "NM1*41*2*TIDE GATE EXCHANGE*****46*TIDEGATE",
                "PER*IC*DESK*TE*2075550111",
                "NM1*40*2*BEACON COAST HEALTH*****46*BCH77",
            ]
        case "provider":
            return [_provider(*words)]
        case "billing":
            row = _rows("providers")[words[0]]
            return [_provider("85", words[0]), *_address(row), f"REF*EI*{row['tax_id']}"]
    row = _rows("members")[words[0]]
    entity = {"patient": "QC", "dependent": "03"}.get(word, "IL")
    number = f"****MI*{row['member_id']}" if entity == "IL" else ""
    address = _address(row) if word in ("subscriber", "patient") else []
    birth = f"DMG*D8*{row['birth_date'].replace('-', '')}*{row['gender']}"
    return [f"NM1*{entity}*1*{row['last_name']}*{row['first_name']}{number}", *address, birth]


def _provider(entity: str, npi: str) -> str:
    row = _rows("providers")[npi]
    return f"NM1*{entity}*{row['entity_type']}*{row['name']}*{row['first_name']}****XX*{npi}"


def _address(row: Mapping[str, str]) -> Segments:
    return [f"N3*{row['address']}", f"N4*{row['city']}*{row['state']}*{row['zip']}"]


def interchange(kind: str, bodies: Sequence[str], number: int) -> bytes:
    """One interchange from TIDEGATE with one group and a set for each body."""
    set_id, functional, version = SETS[kind]
    segments = [
        "ISA*00*          *00*          *ZZ*TIDEGATE       *ZZ*BEACONCOAST    *260706*1015*^*00501"
        f"*{number:09d}*0*T*:",
        f"GS*{functional}*TIDEGATE*BEACONCOAST*20260706*1015*{number}*X*{version}",
    ]
    for n, text in enumerate(bodies, 1):
        body = body_of(text)
        segments += [f"ST*{set_id}*{n:04d}*{version}", *body, f"SE*{len(body) + 2}*{n:04d}"]
    segments += [f"GE*{len(bodies)}*{number}", f"IEA*1*{number:09d}"]
    return "".join(f"{segment}~" for segment in segments).encode()


# -- the payer at work -----------------------------------------------------------------------------


class World:
    """A store with the data of e2e_data/, and what is sent to it."""

    def __init__(self, path: Path, maps: Path | None = None) -> None:
        self.store = open_store(str(path))
        self.maps = maps
        self._load(E2E_DATA)
        self._sent = 100

    def load(self, table: str, *rows: str) -> None:
        """More reference rows, each as a line of its CSV."""
        with TemporaryDirectory() as folder:
            text = "\n".join([",".join(TABLES[table].columns), *rows, ""])
            (Path(folder) / f"{table}.csv").write_text(text, encoding="utf-8")
            self._load(Path(folder))

    def _load(self, folder: Path) -> None:
        data, problems = read_reference([folder], self.store.held)
        assert not problems, problems
        self.store.load(data)

    def send(self, kind: str, *bodies: str, as_of: str = NOON, pay: bool = True) -> Out:
        """One interchange with a set for each body; what came out."""
        self._sent += 1
        return self.receive(interchange(kind, bodies, self._sent), as_of, pay)

    def receive(self, data: bytes, as_of: str = NOON, pay: bool = True) -> Out:
        """Any bytes, all interchanges in them; what came out."""
        found: dict[str, list[Segments]] = {}
        for done in self.process(data, as_of, pay):
            for file in done.files:
                found.setdefault(file.name.split(".")[-2], []).extend(sets_of(file.content))
        return Out(found)

    def process(self, data: bytes, as_of: str = NOON, pay: bool = True) -> list[Processed]:
        """Any bytes; the report and the files of each interchange in them."""
        store, now, source = self.store, datetime.fromisoformat(as_of), Source(data=data)
        assert store.payer is not None
        known = (store.payer, store.plans, store.partners, store.payees)
        settings = Settings(*known, now, pay=pay, maps=self.maps)
        checked = check_to_answer(source, now.date(), self.maps)
        return list(process_source(source, checked, "sent", "sent", store, settings))


def sets_of(content: bytes) -> list[Segments]:
    """The sets of an outbound file, which must be clean under its guide."""
    for one in check_interchanges(Source(data=content), every_guide=True):
        findings = [*one.diagnostics, *(d for group in one.groups for d in group.diagnostics)]
        findings += [d for group in one.groups for checked in group.sets for d in checked.diagnostics]
        assert not one.ta1, one.ta1
        assert not findings, findings
    segments = [s.strip() for s in content.decode("latin-1").split("~") if s.strip()]
    starts = [i for i, s in enumerate(segments) if s.startswith(("ST*", "TA1*"))]
    ends = [i for i, s in enumerate(segments) if s.startswith(("SE*", "TA1*"))]
    return [segments[first : last + 1] for first, last in zip(starts, ends, strict=True)]
