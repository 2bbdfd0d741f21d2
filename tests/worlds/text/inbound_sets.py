"""Inbound sets to parse, kept in inbound/<kind>.txt: a line `# name`, then the segments from BHT on."""

from tests.worlds.places import INBOUND


def inbound_sets(kind: str) -> list[tuple[str, str, list[str]]]:
    """(name, kind, segments) of every set whose kind begins so: 837, 837P, 278."""
    found: list[tuple[str, str, list[str]]] = []
    for path in sorted(INBOUND.glob(f"{kind}*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                found.append((line[2:], path.stem, []))
            else:
                found[-1][2].append(line)
    return found
