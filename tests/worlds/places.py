"""Where things lie in a checkout, whichever folder a test moves to."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
DOCS = ROOT / "docs"
EDI = ROOT / "edi"
EXAMPLES = DOCS / "examples"
GUIDES = ROOT / "maps" / "guides"
SAMPLES = ROOT / "samples"
TESTS = ROOT / "tests"
CRASHERS = (
    TESTS / "worlds" / "text" / "crashers"
)  # files that once made the reader raise or contradict itself
INBOUND = TESTS / "worlds" / "text" / "inbound"  # sets to parse, see inbound_sets.py
E2E_DATA = TESTS / "worlds" / "payer" / "e2e_data"  # the reference data of e2e.World
