"""The site is built without a warning, leads nowhere that is not there, and loads nothing from elsewhere."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from docs import make_site
from tests.worlds.places import DOCS, ROOT

pytestmark = pytest.mark.slow

LOADED = re.compile(r'<(?:script|img|iframe|source|link)\b[^>]*?\s(?:src|href)="?([^"\s>]+)')
LINK = re.compile(r'<(?:a|script|img|link)\b[^>]*?\s(?:src|href)="?([^"\s>]+)')
NAMED = re.compile(r'\s(?:id|name)="?([^"\s>]+)')
ANOTHER_SITE = re.compile(r"[a-z]+:|//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built HTML."""
    return make_site.build(tmp_path_factory.mktemp("site"))


def html(site: Path) -> dict[str, str]:
    """The pages by their address below the site; the page for what is not found links to its host."""
    found = (path for path in site.rglob("*.html") if path.name != "404.html")
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_every_link_leads_to_something(site: Path) -> None:
    pages = html(site)
    names = {page: set(NAMED.findall(text)) for page, text in pages.items()}
    wrong = []
    for page, text in pages.items():
        for link in LINK.findall(text):
            if ANOTHER_SITE.match(link):
                continue
            _, _, path, _, anchor = urlsplit(urljoin(f"https://site/{page}", link))
            target = f"{path[1:]}index.html" if path.endswith("/") else unquote(path[1:])
            if not (site / target).is_file() or (anchor and unquote(anchor) not in names[target]):
                wrong.append(f"{page}: {link}")
    assert wrong == []


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    for page, text in html(site).items():
        assert [link for link in LOADED.findall(text) if ANOTHER_SITE.match(link)] == [], page


def test_every_page_of_docs_is_in_the_navigation_and_built(site: Path) -> None:
    listed = re.findall(r'= "(\S+\.md)"', (ROOT / "zensical.toml").read_text(encoding="utf-8"))
    assert {path.relative_to(ROOT).as_posix() for path in DOCS.glob("*.md")} <= set(listed)
    built = html(site)
    for page in listed:
        address = page.removesuffix("README.md") if page.endswith("README.md") else page[:-3] + "/"
        assert f"{address}index.html" in built, page


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("zensical.toml", "README.md"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "README.md").write_text("# Start\n\n[gone](docs/gone.md)\n", encoding="utf-8")
    monkeypatch.setattr(make_site, "ROOT", tmp_path)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        make_site.build(tmp_path / "out")
    assert "page does not exist" in failed.value.output
