"""The pages of the repository as a site, built with Zensical from zensical.toml.
`python docs/make_site.py build/site` writes it below that folder; `make site` does.

The pages are copied as they lie in the repository, so that a link which works on the files works on the site.
A warning of Zensical, such as a link that leads nowhere, fails the build. Nothing is fetched."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("docs", "samples", "maps", "tests", "changes", "edi", "authorization", "adjudication", "commands")
LINKED = ("LICENSE", "docs/examples/*")  # what pages link to besides pages


def pages() -> Iterator[Path]:
    """Everything that is part of the site, without the fragments of the next changelog."""
    yield from ROOT.glob("*.md")
    for folder in FOLDERS:
        yield from (page for page in (ROOT / folder).rglob("*.md") if not page.name.startswith("+"))
    for pattern in LINKED:
        yield from ROOT.glob(pattern)


def build(out: Path) -> Path:
    """Build the site below a folder, which is emptied, and return the folder of its HTML.

    Raises subprocess.CalledProcessError, with what Zensical printed, if it warned of anything.
    """
    shutil.rmtree(out, ignore_errors=True)
    for page in pages():
        copy = out / "pages" / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, copy)
    shutil.copyfile(ROOT / "zensical.toml", out / "zensical.toml")
    command = [
        sys.executable,
        "-m",
        "zensical",
        "build",
        "--strict",
        "--config-file",
        str(out / "zensical.toml"),
    ]
    subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return out / "site"


if __name__ == "__main__":
    try:
        print(build(Path(sys.argv[1]).resolve()) / "index.html")
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.output)
