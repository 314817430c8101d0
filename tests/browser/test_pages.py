"""Every page at three widths, light and dark: offline, without errors, accessible, in its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from parley.config import Settings
from parley.engine.workers import PoolEngine
from parley.home import find_home
from parley.web.app import create_app

from .conftest import ROOT, Watched, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = (1280, 768, 390)
SCHEMES = ("light", "dark")
LOOKS = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]

CLAIMS = """PREFIX pl: <https://w3id.org/parley/ns#>
SELECT ?claim ?who WHERE { ?claim pl:claimant ?who } ORDER BY ?claim LIMIT 5"""
PAGES = {
    "home": "/",
    "reading": "/documents/iras-3036?mode=communication",
    "actor": "/id/actor/russia",
    "claims of an actor": "/id/actor/russia?show=against",
    "claim": "/id/claim/iras-3036/11c",
    "proposition": "/id/proposition/russia-distinguishes-between-al-qaeda-and-taliban",
    "objective": "/id/objective/iras-3036-2",
    "occurrence": "/id/occurrence/tajik-mediated-contacts",
    "place": "/id/place/afghanistan",
    "period": "/id/period/2010s",
    "passage": "/id/passage/iras-3036/526-699",
    "document": "/id/document/iras-3036",
    "relation": "/relation/mediates",
    "elsewhere": "/about?iri=http%3A%2F%2Fwww.wikidata.org%2Fentity%2FQ863",
    "list": "/browse/actors",
    "list of claims": "/browse/claims",
    "list of voices": "/browse/voices",
    "shelf": "/documents",
    "nothing passes": "/documents/iras-3036?mode=communication&certainty=none",
    "old link": "/browse/actors?version=0123456789abcdef",
    "Persian": "/id/actor/russia?lang=fa",
    "timeline": "/timeline",
    "timeline of one": "/timeline?about=actor/taliban",
    "network": "/network",
    "stances": "/stances",
    "questions": "/questions",
    "mediator": "/questions/p03-mediator",
    "claimants": "/questions/claims-by-claimant",
    "contacts": "/questions/contacts-of-actor",
    "sparql": "/sparql",
    "rows": f"/sparql?query={quote(CLAIMS)}",
    "graph": f"/sparql?query={quote('DESCRIBE <https://w3id.org/parley/id/actor/tajikistan>')}",
    "mistake": f"/sparql?query={quote('SELECT * WHERE { ?x a foaf:Person }')}",
    "yes or no": f"/sparql?query={quote('ASK { ?x ?y ?z }')}",
    "no rows": f"/sparql?query={quote('SELECT ?x WHERE { ?x ?x ?x }')}",
    "nothing": "/id/actor/nobody",
    "search": "/search?q=taliban",
    "search for nothing": "/search",
    "search in vain": "/search?q=zzzz",
    "validation": "/validation",
    "ontology": "/ns",
}
#: Routes that answer with data, a file or another address; YASGUI, which is not ours; a page that
#: another address has too.
NO_PAGES = {
    "ontology.show_version",
    "static", "documents.find_claim", "questions.show_text", "gallery.show_picture",
    "vocabulary.show_vocabulary", "validation.send_report", "search_index.show_index",
    "yasgui.show_yasgui", "yasgui.send_file", "publishing.show_dump", "publishing.show_description",
    "publishing.show_dataset", "publishing.show_context", "publishing.show_citation",
    "doors._health", "doors._metrics", "doors._openapi", "doors./sparql/", "doors./store",
    "doors./store/<path:graph>",
}  # fmt: skip
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


#: Pages that say by their status that something is wrong; the browser notes that as an error.
WRONG = {"mistake", "nothing"}


@pytest.fixture(scope="module")
def watched(browser: Browser, base_url: str) -> Iterator[Watched]:
    """One tab for all pages: what a width and a scheme change, they change without loading.

    It wants no motion, so that no colour is judged half way to another.
    """
    with browser.new_context(base_url=base_url, reduced_motion="reduce") as context:
        tab = Watched(context.new_page())
        watch(tab, base_url)
        yield tab


@pytest.fixture(scope="module")
def still(browser: Browser, base_url: str) -> Iterator[Watched]:
    """One tab that runs no scripts."""
    with browser.new_context(base_url=base_url, java_script_enabled=False) as context:
        tab = Watched(context.new_page())
        watch(tab, base_url)
        yield tab


def turn(page: Page, width: int, scheme: str) -> Page:
    """Give the window a width and the reader's wish for light or dark."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    return page


def overhang(page: Page) -> int:
    """Return by how much the page is wider than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(found, 0)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules of accessibility that the page breaks, and where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


def faults(page: Page) -> list[tuple[object, ...]]:
    """Return in which windows a page sticks out, or breaks a rule of accessibility."""
    wide = [(*look, by) for look in LOOKS if (by := overhang(turn(page, *look)))]
    broken = [(*look, rules) for look in LOOKS if (rules := violations(turn(page, *look)))]
    return [*wide, *broken]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_to_itself_and_in_its_frame_and_is_accessible(
    watched: Watched, name: str
) -> None:
    """Nothing comes from elsewhere, fails or sticks out; axe finds WCAG 2.2 AA and more kept."""
    watched.forget()
    watched.page.context.clear_cookies()
    page = turn(watched.page, 1280, "light")
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")

    assert (watched.left, [] if name in WRONG else watched.errors) == ([], [])
    assert faults(page) == []


def test_every_kind_of_page_is_looked_at(store: Path) -> None:
    """A new route is either among the pages that are tried here or said to be none."""
    with PoolEngine(store, Settings()) as engine:
        routes = create_app(engine, Settings(), find_home(ROOT), store).url_map
    tried = {routes.bind("").match(urlsplit(path).path)[0] for path in PAGES.values()}

    assert {rule.endpoint for rule in routes.iter_rules()} == tried | NO_PAGES
    assert tried & NO_PAGES == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_without_scripts(still: Watched, name: str) -> None:
    """Without JavaScript a page has its heading and its ways on, and asks nobody else."""
    still.forget()
    still.page.goto(PAGES[name])

    assert still.page.locator("h1").first.inner_text()
    assert still.page.get_by_role("link", name="Questions").first.is_visible()
    assert still.left == []


@pytest.mark.parametrize("path", ["/", "/sparql"])
def test_a_page_opened_on_a_phone_is_in_its_frame_from_the_start(
    open_page: Callable[..., Watched], path: str
) -> None:
    """Opened narrow, not made narrow: scripts that measure find the same frame."""
    tab = open_page(path, width=390)
    tab.page.wait_for_load_state("networkidle")

    assert (overhang(tab.page), tab.left, tab.errors) == (0, [], [])


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
