"""The site as files, on a plain file server, in a subfolder, looked at in a browser."""

from __future__ import annotations

import functools
import http.server
import threading
import zlib
from typing import TYPE_CHECKING

import pytest

from parley.config import Settings
from parley.engine.workers import PoolEngine
from parley.home import find_home
from parley.publishing.site import Fetched, write_site
from parley.web.app import create_app

from .conftest import ROOT, Watched, watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
#: Parts of addresses that are left out to save time: as if there were no such things.
LEFT_OUT = ("/id/proposition", "/id/passage", "/id/topic", "/id/argument", "/about?", "/graph")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder_url(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a folder with the site, below the root of a file server."""
    root = tmp_path_factory.mktemp("host")
    settings = Settings(client_concurrency=100)
    with PoolEngine(store, settings) as engine:
        client = create_app(engine, settings, find_home(ROOT), store).test_client()

        def fetch(address: str) -> Fetched:
            if address.startswith(LEFT_OUT) or (
                address.startswith("/id/")
                and not address.startswith("/id/actor/russia")
                and zlib.crc32(address.encode()) % 16
            ):
                return Fetched(404)
            answer = client.get(address, headers={"Accept": "text/html, */*;q=0.5"})
            location = answer.headers.get("Location", "")
            return Fetched(answer.status_code, answer.content_type or "", location, answer.data)

        write_site(root / "institute" / "parley", fetch, (), about={})
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/institute/parley/"
        server.shutdown()
        thread.join()


@pytest.fixture
def visitor(browser: Browser, folder_url: str) -> Iterator[Watched]:
    """A page of the folder that is watched."""
    context = browser.new_context(base_url=folder_url)
    watched = Watched(context.new_page())
    watch(watched, folder_url)
    yield watched
    context.close()
    assert watched.left == []
    assert watched.errors == []


@pytest.mark.parametrize(
    "file",
    ["", "documents/iras-3036.html", "id/actor/russia.html", "ns.html", "network.html",
     "timeline.html", "questions.html", "validation.html", "search.html"],
)  # fmt: skip
def test_a_page_of_the_folder_is_sound(visitor: Watched, folder_url: str, file: str) -> None:
    """It has its style, and no script fails or asks for anything outside the folder."""
    visitor.page.goto(folder_url + file)

    assert visitor.page.locator("h1").count() == 1
    assert visitor.page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == (
        "absolute"
    )


def test_a_reader_goes_from_page_to_page(visitor: Watched, folder_url: str) -> None:
    """From the article to a claim's words, to an actor, to its data, to the start."""
    page = visitor.page
    page.goto(folder_url)
    page.locator("sup.ref a").first.click()
    assert "#c-" in page.url
    page.goto(f"{folder_url}id/actor/russia.html")
    turtle = page.evaluate(
        "fetch(document.querySelector('.formats a[type=\"text/turtle\"]').href).then(r => r.text())"
    )
    page.locator("a.brand").click()

    assert "actor:russia" in turtle
    assert page.url == f"{folder_url}index.html"


def test_the_search_needs_no_server(visitor: Watched, folder_url: str) -> None:
    """From any page's field to the things found, as you type, and on to one of them."""
    page = visitor.page
    page.goto(f"{folder_url}timeline.html")
    page.fill("#search", "Russia")
    page.press("#search", "Enter")
    page.wait_for_selector("#results .hits")
    assert page.url.endswith("search.html?q=Russia")
    assert page.locator("#results mark").first.text_content() == "Russia"
    page.fill("#words", "no such words anywhere")
    assert "Nothing holds" in (page.locator("#results").text_content() or "")
    page.fill("#words", "'good' taliban")
    assert "the “good”" in (page.locator("#results").text_content() or "")
    page.fill("#words", "US")
    assert page.locator("#results mark").count() > 0
    assert page.locator("#results a").get_by_text("Russia", exact=True).count() == 0
    page.fill("#words", "russia")
    page.locator("#results a", has_text="Russia").first.click()

    assert page.url == f"{folder_url}id/actor/russia.html"


def test_a_query_is_shown_and_a_server_asked_for(visitor: Watched, folder_url: str) -> None:
    """A link to SPARQL shows its query, with what would answer it."""
    page = visitor.page
    page.goto(f"{folder_url}id/actor/russia.html")
    page.locator("footer a", has_text="The query behind this page").click()

    assert "needs a running server" in (page.locator("main").text_content() or "")
    assert "SELECT ?property ?value" in (page.locator("pre code").text_content() or "")
