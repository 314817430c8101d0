"""The review page in the browser: accessible, offline, by keyboard, and nothing lost."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from parley.drafting.review.reviews import Review
from parley.home import Home
from parley.web.review.access import Keys
from parley.web.review.app import create_review_app

from .conftest import ROOT, Watched, serve_app, watch
from .test_pages import overhang, turn, violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

SLUG = "who-spoke"
LOOKS = ((1400, "light"), (1400, "dark"), (360, "light"), (360, "dark"))
#: Selects words of the article, and returns from where to where a hand would draw the mouse.
STRETCH = """(words) => {
  const root = document.getElementById("article");
  const range = document.createRange();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let before = "", ends = [];
  const at = root.textContent.indexOf(words);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    for (const [index, place] of [at, at + words.length].entries())
      if (!ends[index] && place <= before.length + text.data.length && place >= before.length)
        ends[index] = [text, place - before.length];
    before += text.data;
  }
  range.setStart(...ends[0]);
  range.setEnd(...ends[1]);
  root.scrollIntoView();
  const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
  const first = boxes[0], last = boxes.at(-1);
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


@dataclass(frozen=True)
class Desk:
    """A review that runs: the address with its key, and the file under review."""

    address: str
    claims: Path

    @property
    def text(self) -> str:
        """What the file says now."""
        return self.claims.read_text(encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a document whose claims are all drafts."""
    for folder in ("ontology", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / folder, copy_function=os.link)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    case = ROOT / "tests" / "cases" / "review" / SLUG
    shutil.copytree(case, tmp_path / "data" / "documents" / SLUG)
    return Home(tmp_path)


@pytest.fixture
def desk(home: Home) -> Iterator[Desk]:
    """A review of it, served in this process."""
    token = secrets.token_urlsafe()
    review = Review(home, SLUG, "Jane Roe")
    with serve_app(lambda port: create_review_app(review, Keys(port, token))) as address:
        claims = home.documents / SLUG / "claims.ttl"
        yield Desk(f"{address}/review/{SLUG}#{token}", claims)


@pytest.fixture
def open_desk(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Open reviews by ``open_desk(address)``, each in a browser of its own; all are watched."""
    with contextlib.ExitStack() as stack:

        def open_(address: str, width: int = 1400) -> Watched:
            context = stack.enter_context(
                browser.new_context(
                    viewport={"width": width, "height": 900}, reduced_motion="reduce"
                )
            )
            watched = Watched(context.new_page())
            watch(watched, address.partition("/review/")[0])
            watched.page.goto(address)
            watched.page.locator("#card .proposal").wait_for()
            return watched

        yield open_


def tally(page: Page, words: str) -> None:
    """Wait until the bar has counted what the file holds."""
    page.locator("#tally", has_text=words).wait_for()


def test_the_page_is_accessible_in_all_its_states(
    desk: Desk, open_desk: Callable[..., Watched]
) -> None:
    """Card, form with a list open, and keys, wide and narrow, light and dark; axe finds nothing."""
    tab = open_desk(desk.address)
    page = tab.page
    states = {
        "card": (),
        "form": ("e",),
        "list": tuple("taliban"),
        "keys": ("Escape", "Escape", "?"),
    }
    found = {}
    for name, keys in states.items():
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        for look in LOOKS:
            turn(page, *look)
            found[name, look] = (overhang(page), violations(page))
        turn(page, 1400, "light")

    assert found == dict.fromkeys(found, (0, []))
    assert len(found) == 16
    assert (tab.left, tab.errors) == ([], [])


def test_the_policy_lets_nothing_in(desk: Desk, open_desk: Callable[..., Watched]) -> None:
    """A script or an image that got into the page would not run or load."""
    page = open_desk(desk.address).page
    policy = page.request.get(desk.address).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.url == desk.address.partition("#")[0]


def test_the_key_in_the_address_is_needed(desk: Desk, browser: Browser) -> None:
    """Another browser on this machine sees no text, and how to get in."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(desk.address.partition("#")[0])
        page.locator("#notice", has_text="parley review has printed").wait_for()

        assert page.locator("#article").inner_text() == ""


def test_keys_decide_and_undo_gives_the_file_back(
    desk: Desk, open_desk: Callable[..., Watched]
) -> None:
    """Accepted, rejected, and both taken back; the file is as it was, byte for byte."""
    page, before = open_desk(desk.address).page, desk.text
    for key in "ar":
        page.keyboard.press(key)
    tally(page, "1 accepted, 1 rejected")
    decided = desk.text
    for key in "uu":
        page.keyboard.press(key)
    tally(page, "0 of")

    assert decided != before
    assert desk.text == before


def test_single_keys_can_be_turned_off(desk: Desk, open_desk: Callable[..., Watched]) -> None:
    """Who dictates turns them off; Tab and Enter still reach every decision."""
    page, before = open_desk(desk.address).page, desk.text
    page.keyboard.press("?")
    page.get_by_label("Single keys decide").press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_load_state("networkidle")
    untouched = desk.text
    page.get_by_role("link", name="To the proposal").press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent.trim()") != "Accept a":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tally(page, "1 accepted")

    assert untouched == before


def test_two_tabs_do_not_overwrite_each_other(
    desk: Desk, open_desk: Callable[..., Watched]
) -> None:
    """The second is told what the first has done, shows it, and goes on from there."""
    one, two = (open_desk(desk.address).page for _ in range(2))
    one.keyboard.press("r")
    tally(one, "1 rejected")
    gone = two.locator("#card .top b").inner_text()
    held: list[Route] = []
    two.route("**/decisions", lambda route: held.append(route))
    with two.expect_request("**/decisions"):
        two.keyboard.press("a")
    after = two.locator("#card .top b").inner_text()
    two.keyboard.press("a")
    two.unroute("**/decisions")
    held[0].continue_()
    two.locator("#notice", has_text=f"changed meanwhile: {gone} is gone").wait_for()
    told = two.locator("#notice").inner_text()
    tally(two, "1 of")
    two.get_by_role("button", name=after, exact=False).first.click()
    two.keyboard.press("a")
    tally(two, "1 accepted, 1 rejected")

    assert f"Not saved: {gone}, {after}" in told
    assert desk.text.count("pl:reviewed") == 1


def test_selected_words_become_the_quotation(desk: Desk, open_desk: Callable[..., Watched]) -> None:
    """Drawn with the mouse over several lines, while the form is open."""
    page = open_desk(desk.address).page
    page.get_by_role("button", name="4a").click()
    page.keyboard.press("e")
    page.locator("form").wait_for()
    words = "The Tajik government said that it had never passed a message to any faction"
    left, top, right, bottom = page.evaluate(STRETCH, words)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=5)
    page.mouse.up()
    page.get_by_label("Quotation").press("Control+Enter")
    tally(page, "1 edited")

    assert f'pl:quote "{words}' in desk.text


def test_subject_relation_and_object_are_completed(
    desk: Desk, open_desk: Callable[..., Watched]
) -> None:
    """A few letters and Enter find each; the words that stood for the object go."""
    page = open_desk(desk.address).page
    page.get_by_role("button", name="4a").click()
    page.keyboard.press("e")
    picked = (("Subject", "tajikist"), ("Relation", "equips"), ("Object", "talib"))
    for label, letters in picked:
        field = page.get_by_role("combobox", name=label, exact=True)
        if field.is_hidden():
            box = page.locator(".picker", has=page.get_by_text(label, exact=True))
            box.get_by_role("button", name="Take away").press("Backspace")
        field.press_sequentially(letters)
        page.locator(".picker li:visible").first.wait_for()
        field.press("Enter")
    page.get_by_label("or, for the object, words").fill("")
    page.keyboard.press("Control+Enter")
    tally(page, "1 edited")

    assert "pl:relation plr:equips" in desk.text
    assert "Tajikistan equips Taliban" in desk.text


def test_a_killed_review_loses_nothing(home: Home, open_desk: Callable[..., Watched]) -> None:
    """What was counted is in the file; what was not is named; the next start goes on."""
    claims = home.documents / SLUG / "claims.ttl"
    with reviewing(home) as (process, address):
        page = open_desk(address).page
        page.keyboard.press("r")
        tally(page, "1 rejected")
        decided = claims.read_bytes()
        process.send_signal(signal.SIGKILL)
        process.wait()
        lost = page.locator("#card .top b").inner_text()
        page.keyboard.press("a")
        page.locator("#notice", has_text=f"has ended: start parley review again. Not saved: {lost}")
        page.locator("#notice").wait_for()
        told = page.locator("#notice").inner_text()
    with reviewing(home) as (_, address):
        again = open_desk(address).page
        tally(again, "1 rejected")
        waiting = again.locator("#card .top b").inner_text()

    assert f"Not saved: {lost}" in told
    assert waiting == lost
    assert claims.read_bytes() == decided


@contextlib.contextmanager
def reviewing(home: Home) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``parley review`` and say which process it is and where."""
    command = [sys.executable, "-m", "parley", "review", SLUG, "--home", str(home.root)]
    with subprocess.Popen(
        [*command, "--no-browser", "--curator", "Jane Roe"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()
