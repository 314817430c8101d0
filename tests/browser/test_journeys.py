"""Four journeys of a reader, played in the browser and judged by what stands on the screen."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from .conftest import Watched

pytestmark = pytest.mark.browser

BROKEN = """SELECT ?mediator (COUNT(?contact) AS ?contacts)
WHERE {
  ?contact pl:hasMediator ?mediator .
}
GROUP BY ?mediator
"""
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def seen(page: Page) -> str:
    """Return the text that stands on the page, without what is folded away."""
    return page.locator("main").inner_text()


@both_ways
def test_who_mediated_and_in_which_words(
    open_page: Callable[..., Watched], *, scripts: bool
) -> None:
    """From the front page by the questions to the mediator, the sentence, and its place."""
    watched = open_page("/", scripts=scripts)
    page = watched.page

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    page.get_by_role("link", name="The mediator").click()

    assert "Tajikistan" in seen(page)
    assert "established by Tajikistan as the mediator, between Russia and" in seen(page)

    page.locator("td.words a.number").first.click()

    assert "/documents/iras-3036" in page.url
    page.locator(":target").wait_for()

    assert "as the mediator" in page.locator("main").inner_text()
    assert watched.left == []


@both_ways
def test_how_the_stance_changed(open_page: Callable[..., Watched], *, scripts: bool) -> None:
    """On the timeline the negative view stands before the changed one, and leads to its claim."""
    page = open_page("/", scripts=scripts).page

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Timeline").click()
    page.get_by_label("Only what is about").select_option("actor/taliban")
    page.get_by_role("button", name="Show").click()
    early = page.locator("svg.timeline a", has_text="negative").locator(".mark").bounding_box()
    late = page.locator("svg.timeline a", has_text="changed").locator(".mark").bounding_box()

    assert early
    assert late
    assert early["x"] + early["width"] <= late["x"]

    page.locator("svg.timeline a", has_text="changed").locator("text").click()
    page.wait_for_url("**/id/claim/iras-3036/9a")

    assert "the 2010s" in seen(page)


def test_write_a_query_mend_its_error_download_it(
    open_page: Callable[..., Watched], tmp_path: Path
) -> None:
    """The error is named and placed, one click mends it, the rows come as CSV."""
    page = open_page("/sparql").page
    page.locator(".editor.painted").wait_for()

    page.get_by_label("Query").fill(BROKEN)
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").wait_for()

    assert "The prefix pl: is not declared." in page.get_by_role("alert").inner_text()
    assert "Line 3, column 12" in page.get_by_role("alert").inner_text()
    assert page.locator(".t-error").inner_text() == "pl:hasMediator"

    page.get_by_role("link", name="Add it and run").click()

    assert page.locator("table.solutions tbody tr").first.inner_text().startswith("Tajikistan")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    download.value.save_as(tmp_path / "rows.csv")
    text = (tmp_path / "rows.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))

    assert rows[:2] == [
        ["mediator", "contacts"],
        ["https://w3id.org/parley/id/actor/tajikistan", "1"],
    ]


def test_a_name_is_completed_by_its_label_with_its_prefix(
    open_page: Callable[..., Watched],
) -> None:
    """Typing a label offers the term; taking it writes the short name and its PREFIX line."""
    page = open_page("/sparql").page
    page.locator(".editor.painted").wait_for()
    area = page.get_by_label("Query")

    area.fill("SELECT * WHERE { ?x a ")
    area.press("End")
    area.press_sequentially("mediat")
    page.get_by_role("option", name="pl:MediatedContact").click()

    assert area.input_value() == (
        "PREFIX pl: <https://w3id.org/parley/ns#>\nSELECT * WHERE { ?x a pl:MediatedContact"
    )


def test_queries_asked_are_kept_in_the_browser(open_page: Callable[..., Watched]) -> None:
    """What was asked is listed on the page, and can be forgotten."""
    page = open_page("/sparql?query=ASK%20%7B%20%3Fx%20%3Fy%20%3Fz%20%7D").page

    assert page.locator("#history a").all_inner_texts() == ["ASK { ?x ?y ?z }"]

    page.get_by_role("button", name="Forget them").click()

    assert not page.locator("#history").is_visible()


@both_ways
def test_a_claim_leads_to_wikidata(open_page: Callable[..., Watched], *, scripts: bool) -> None:
    """From a claim in the article to the actor it names, and to the same actor outside."""
    watched = open_page("/id/claim/iras-3036/11c", scripts=scripts)
    page = watched.page

    page.locator("main").get_by_role("link", name="Tajikistan", exact=True).first.click()
    page.wait_for_url("**/id/actor/tajikistan")
    link = page.locator("main a[href*='wikidata.org']").first
    link.wait_for()

    assert link.get_attribute("href") == "http://www.wikidata.org/entity/Q863"
    assert watched.left == []
