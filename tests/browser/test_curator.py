"""A new article, from its HTML to the shelf: drafted, reviewed by keyboard, built and served."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from parley.build import pipeline
from parley.cli.draft import draft
from parley.drafting import model
from parley.home import Home

from .conftest import ROOT, Watched, serve_build, watch
from .test_pages import faults, turn
from .test_review import reviewing, tally

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(model.find_model() is None, reason="needs the language model"),
]

ARTICLE = ROOT / "tests" / "cases" / "review" / "who-spoke.html"
SLUG = "who-spoke"
DENIED = "Tajikistan did not mediate"
#: How long a key and the decision before it take a practised hand (Card, Moran and Newell, The
#: Keystroke-Level Model, CACM 23(7), 1980), and how fast an attentive reader reads.
KEY_S, DECISION_S, WORDS_PER_S = 0.28, 1.35, 3.3


@dataclass(frozen=True)
class Told:
    """What the review has told: the keys that decided, the words read, the bar, any refusal."""

    keys: str
    words: int
    bar: str
    refused: bool


@dataclass(frozen=True)
class Seen:
    """What stands on the shelf: its books, both sides of the contradiction, and where one leads."""

    books: list[str]
    sides: list[str]
    place: str
    beside: str
    wrong: list[str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The shipped home with the new article drafted into it."""
    root = tmp_path_factory.mktemp("curator")
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, root / folder, copy_function=os.link)
    arguments = ["--home", str(root), "--out", str(root / "data" / "documents"), "--slug", SLUG]
    told = CliRunner().invoke(draft, [str(ARTICLE), *arguments], catch_exceptions=False)
    assert f"parley review {SLUG}" in told.stderr
    return Home(root)


def test_from_a_new_article_to_the_shelf(
    browser: Browser, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten proposals are decided by one key each, and the shelf shows the contradiction."""
    begun = time.monotonic()
    told = review_ten(browser, home)
    waiting = (home.documents / SLUG / "claims.ttl").read_text("utf-8").count("pl:drafted")
    built = pipeline.build(home, home.root / "store", reasoned=False)
    seen = see_shelf(browser, home)
    with capsys.disabled():
        sys.stdout.write(in_minutes(told, time.monotonic() - begun))

    assert (told.bar[:5], told.refused, len(told.keys)) == ("10 of", False, 10)
    assert "m" in told.keys.lower()
    assert waiting > 0
    assert built.report.conforms
    assert [side.partition(" by ")[0] for side in seen.sides] == ["affirmed", "denied"]
    assert "established by Tajikistan as the mediator" in seen.sides[0]
    assert DENIED in seen.sides[1]
    assert any("Who spoke with the Taliban" in book and "drafted" in book for book in seen.books)
    assert seen.place.startswith(f"/documents/{SLUG}#c-3")
    assert f"{DENIED} the contacts" in seen.beside
    assert "denied" in seen.beside
    assert seen.wrong == []


def review_ten(browser: Browser, home: Home) -> Told:
    """Decide on the first ten proposals, each once its words are there and the last is saved."""
    keys, words = "", 0
    with reviewing(home) as (_, address), browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.locator("#card .proposal").wait_for()
        while len(keys) < 10:
            shown = page.locator("#card .proposal").inner_text()
            keys += key_for(shown)
            words += len(shown.split())
            page.keyboard.press(keys[-1])
            tally(page, f"{len(keys)} of")
        bar = page.locator("#tally").inner_text()
        return Told(keys, words, bar, page.locator("#notice").is_visible())


def key_for(words: str) -> str:
    """Return the key with which a curator answers a proposal that reads so."""
    if DENIED in words and "mediates the contacts" in words:
        return "m" if words.index("mediates the contacts") < words.index("proposition m") else "M"
    return "r" if "not told as having taken place" in words else "a"


def see_shelf(browser: Browser, home: Home) -> Seen:
    """Look at the front page, and follow the denial to its words."""
    still = browser.new_context(reduced_motion="reduce")
    with serve_build(home, home.root / "store") as shelf, still as context:
        watched = Watched(context.new_page())
        watch(watched, shelf)
        page = watched.page
        page.goto(shelf)
        item = page.locator(".meetings .dispute", has_text="Tajikistan mediates")
        books = page.locator("ol.shelf > li").all_inner_texts()
        sides = item.locator(".side").all_inner_texts()
        wrong = faults(page)
        turn(page, 1280, "light")
        item.locator(".side blockquote a").nth(1).click()
        page.locator(":target").wait_for()
        place, beside = page.url.removeprefix(shelf), page.locator(":target").inner_text()
        wrong += faults(page)
        return Seen(books, sides, place, beside, [*watched.left, *watched.errors, *map(str, wrong)])


def in_minutes(told: Told, machine_s: float) -> str:
    """Return what the journey takes: keys, a person's minutes as calculated, and the machine's."""
    person_s = len(told.keys) * (KEY_S + DECISION_S) + told.words / WORDS_PER_S
    return (
        f"\n10 proposals: {len(told.keys)} keys ({told.keys}), {told.words} words to read: "
        f"{person_s / 60:.1f} min of a person, as calculated; review, build and shelf took "
        f"{machine_s / 60:.1f} min of this machine.\n"
    )
