"""Inbound sets to parse, kept in tests/inbound/<kind>.txt: a line `# name`, then the segments from BHT on."""

from pathlib import Path

FOLDER = Path(__file__).parent / "inbound"


def inbound_sets(kind: str) -> list[tuple[str, str, list[str]]]:
    """(name, kind, segments) of every set whose kind begins so: 837, 837P, 278."""
    found: list[tuple[str, str, list[str]]] = []
    for path in sorted(FOLDER.glob(f"{kind}*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                found.append((line[2:], path.stem, []))
            else:
                found[-1][2].append(line)
    return found
