"""The editor, the search and the reading view in a real browser: what they do as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.web import yasgui

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from .conftest import Watched

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(open_page: Callable[..., Watched]) -> Page:
    """The page for queries, its editor ready and empty."""
    page = open_page("/sparql").page
    page.locator(".editor.painted").wait_for()
    page.get_by_label("Query").fill("")
    return page


def test_a_term_nobody_defines_is_underlined(editor: Page) -> None:
    """A slip in one of our names shows while it is written; other names are left alone."""
    editor.get_by_label("Query").fill(
        "SELECT * { ?x a pl:Objectiv, pl:Objective, ex:Anything ; pl:holdsDuring/pl:edtf ?y }"
    )

    assert editor.locator(".t-unknown").all_inner_texts() == ["pl:Objectiv"]


def test_a_completion_can_be_undone(editor: Page) -> None:
    """Ctrl+Z gives back what was typed, and the prefix line goes with it."""
    area = editor.get_by_label("Query")
    area.press_sequentially("ASK { ?x a pl:Mediat")
    area.press("Enter")
    completed = area.input_value()
    area.press("Control+z")
    area.press("Control+z")

    assert completed.endswith("ASK { ?x a pl:MediatedContact")
    assert area.input_value() == "ASK { ?x a pl:Mediat"


def test_a_term_is_found_by_its_definition(editor: Page) -> None:
    """One need not know what it is called; the definition of the chosen one is read."""
    area = editor.get_by_label("Query")
    area.press_sequentially("SELECT * { ?x a outright")
    option = editor.get_by_role("option").first
    option.wait_for()

    assert "outright" in option.locator(".definition").inner_text()


def test_an_entity_is_found_by_its_label(editor: Page) -> None:
    """Actors and places are offered as their names are typed."""
    area = editor.get_by_label("Query")
    area.press_sequentially("DESCRIBE Tajik")
    editor.get_by_role("option", name="actor:tajikistan").click()

    assert area.input_value() == (
        "PREFIX actor: <https://w3id.org/parley/id/actor/>\nDESCRIBE actor:tajikistan"
    )


def test_the_keyboard_is_not_trapped_in_the_editor(editor: Page) -> None:
    """Tab leads on to the button; Ctrl+/ makes a comment and unmakes it."""
    area = editor.get_by_label("Query")
    area.fill("ASK {}")
    area.press("Control+/")
    commented = area.input_value()
    area.press("Control+/")
    area.press("Escape")
    area.press("Tab")

    assert (commented, area.input_value()) == ("# ASK {}", "ASK {}")
    assert editor.evaluate("document.activeElement.textContent") == "Run"


def test_a_query_is_shared_by_its_address(editor: Page) -> None:
    """After running, the address alone brings query and answer back."""
    editor.get_by_label("Query").fill("ASK { ?a ?b ?c }")
    editor.get_by_role("button", name="Run").click()
    editor.get_by_text("Yes.").wait_for()
    editor.goto(editor.url)

    assert editor.get_by_label("Query").input_value() == "ASK { ?a ?b ?c }"
    assert editor.get_by_text("Yes.").is_visible()


def test_search_answers_while_one_types(open_page: Callable[..., Watched]) -> None:
    """The key / leads to the field; hits appear with the words marked, the address follows."""
    page = open_page("/search").page
    page.keyboard.press("/")
    page.keyboard.type("lebed")
    page.locator("#results mark").first.wait_for()
    page.wait_for_url("**/search?q=lebed")

    assert {m.lower() for m in page.locator("#results mark").all_inner_texts()} == {"lebed"}


def test_a_claim_and_its_words_light_up_together(open_page: Callable[..., Watched]) -> None:
    """Pointing at a note lights all the words of its passage, and nothing else."""
    page = open_page("/documents/iras-3036").page
    note = page.locator("#c-6a")
    span = note.get_attribute("data-p")
    note.hover()
    lit = page.locator("mark.lit")

    assert lit.count() > 0
    assert all(span in (m.get_attribute("data-p") or "").split() for m in lit.all())


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_reading_view_is_filtered_step_by_step(
    open_page: Callable[..., Watched], *, scripts: bool
) -> None:
    """By the colour key and by a chip; the claims left are those the chip promises."""
    page = open_page("/documents/iras-3036", scripts=scripts).page
    page.get_by_role("link", name="somebody’s view").click()
    page.locator(".chosen").wait_for()
    if not page.locator(".facets").is_visible():
        page.locator(".filters summary").first.click()
    chip = page.get_by_role("region", name="Voice").get_by_role("link").first
    promised = int(chip.locator(".n").inner_text())
    chip.click()
    page.wait_for_url("**voice=**")
    page.locator(".chosen a.chip").nth(1).wait_for()

    assert page.locator("li.claim").count() == promised
    assert page.locator(".chosen strong").inner_text() == str(promised)


def test_yasgui_asks_this_server_and_no_other(open_page: Callable[..., Watched]) -> None:
    """It starts, runs its query here, and neither prefixes nor completions come from elsewhere."""
    assert yasgui.has_yasgui(), "the extra dev brings it"
    watched = open_page("/yasgui")
    watched.page.locator(".yasqe_queryButton").first.click()
    watched.page.locator(".yasr_results tbody tr").first.wait_for()

    assert (watched.left, watched.errors) == ([], [])
