"""Every page at three widths, light and dark: offline, without errors, accessible, in its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Watched

pytestmark = pytest.mark.browser

WIDTHS = (1280, 768, 390)
SCHEMES = ("light", "dark")
#: Where all rules of accessibility are tried: each width, each scheme, at least once.
TRIED = ((1280, "light"), (1280, "dark"), (768, "light"), (390, "dark"))

CLAIMS = """PREFIX pl: <https://w3id.org/parley/ns#>
SELECT ?claim ?who WHERE { ?claim pl:claimant ?who } ORDER BY ?claim LIMIT 5"""
PAGES = {
    "home": "/",
    "reading": "/documents/iras-3036",
    "actor": "/id/actor/russia",
    "claim": "/id/claim/iras-3036/11c",
    "occurrence": "/id/occurrence/tajik-mediated-contacts",
    "timeline": "/timeline",
    "network": "/network",
    "stances": "/stances",
    "questions": "/questions",
    "mediator": "/questions/p03-mediator",
    "claimants": "/questions/claims-by-claimant",
    "contacts": "/questions/contacts-of-actor",
    "sparql": "/sparql",
    "rows": f"/sparql?query={quote(CLAIMS)}",
    "graph": f"/sparql?query={quote('DESCRIBE <https://w3id.org/parley/id/actor/tajikistan>')}",
    "search": "/search?q=taliban",
    "validation": "/validation",
    "ontology": "/ns",
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_keeps_to_itself_and_in_its_frame(
    open_page: Callable[..., Watched], path: str, width: int, scheme: str
) -> None:
    """Nothing is fetched from elsewhere, nothing fails, nothing sticks out sideways."""
    watched = open_page(path, width=width, scheme=scheme)
    watched.page.wait_for_load_state("networkidle")

    assert (watched.left, watched.errors) == ([], [])
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "scheme"), TRIED)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_accessible(
    open_page: Callable[..., Watched], path: str, width: int, scheme: str
) -> None:
    """No rule of WCAG 2.2 AA and of good practice that axe knows is broken."""
    page = open_page(path, width=width, scheme=scheme).page

    found = Axe().run(page, options=RULES).response["violations"]

    assert [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found] == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_works_without_scripts(open_page: Callable[..., Watched], path: str) -> None:
    """Without JavaScript a page has its heading and its ways on, and asks nobody else."""
    watched = open_page(path, scripts=False)

    assert watched.page.locator("h1").first.inner_text()
    assert watched.page.get_by_role("link", name="Questions").first.is_visible()
    assert watched.left == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_can_be_reached_and_followed_by_keyboard(
    open_page: Callable[..., Watched], width: int
) -> None:
    """The links in the timeline are links: focus, Enter, and the page of the entry opens."""
    page = open_page("/timeline", width=width).page

    page.locator("svg.timeline a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/**")

    assert "/id/" in page.url
