"""The reading view: the whole article, every claim beside its words, filters, pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from parley.corpus import documents
from parley.web import documents as reading

from . import html
from .conftest import SECOND, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from parley.home import Home

    from .html import Element

ARTICLE = "/documents/iras-3036"
COUNT = """PREFIX pl: <https://w3id.org/parley/ns#>
SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE { ?claim pl:hasEvidence ?p ; a pl:Claim }"""


def ask(client: FlaskClient, query: str) -> list[dict[str, str]]:
    """Return the solutions of a query as plain texts."""
    answer = client.get("/sparql", query_string={"query": query, "format": "json"})
    rows = json.loads(answer.data)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def notes(page: Element) -> list[str]:
    """Return the ids of the claims in the margin."""
    return [note.attributes["id"] for note in page.all("li", "claim")]


def test_the_article_is_shown_word_for_word(show: Callable[..., Element], home: Home) -> None:
    """Cut into marks as it is, the text on the page is the source, line by line."""
    source = documents.read(home.documents / "iras-3036").text
    shown = [words.without("sup").raw for words in show(ARTICLE).all("div", "words")]

    assert shown == [line for line in source.splitlines() if line.strip()]


def test_every_claim_stands_in_the_margin_once(
    show: Callable[..., Element], client: FlaskClient
) -> None:
    """As many notes as the dataset has claims, each with its own id."""
    found = notes(show(ARTICLE))

    assert len(found) == len(set(found)) == int(ask(client, COUNT)[0]["n"])


@pytest.mark.parametrize("path", [ARTICLE, f"{ARTICLE}?mode=attitude", "/"])
def test_words_and_claims_lead_to_each_other(show: Callable[..., Element], path: str) -> None:
    """Every link within the page has its target, without any script."""
    page = show(path)
    ids = {element.attributes["id"] for element in page.all() if "id" in element.attributes}
    links = {a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"][0] == "#"}

    assert links - ids == set()
    assert {f"c-{a.text}" for sup in page.all("sup") for a in sup.all("a")} == set(notes(page))


def test_a_note_says_who_says_it_via_whom_and_when(show: Callable[..., Element]) -> None:
    """The Kremlin's view is the Kremlin's, reported by the author, of the 1990s."""
    note = show(ARTICLE).one("li", id="c-6a")

    assert note.text == (
        "6a The views of the Kremlin on the Taliban were negative "
        "view of the Kremlin, via Alireza Nouri · the 1990s"
    )
    assert "attitude" in note.attributes["class"]


def test_a_passage_is_marked_with_its_words(show: Callable[..., Element]) -> None:
    """The marks of a claim's passage together hold its quotation."""
    page = show(ARTICLE)
    span = page.one("li", id="c-6a").attributes["data-p"]
    marks = [m.raw for m in page.all("mark") if span in m.attributes["data-p"].split()]

    assert "".join(marks) == "the Kremlin’s views on the Taliban were negative"


def test_a_sentence_without_claims_is_pale_in_the_strip(show: Callable[..., Element]) -> None:
    """The byline carries no claim, the first sentence of the text does."""
    cells = show(ARTICLE).one("ol", "strip").all("li")

    assert [len(cells[0].all("a")), len(cells[4].all("a"))] == [0, 1]


def test_each_filter_leaves_what_its_chip_promises(show: Callable[..., Element]) -> None:
    """The number on a chip is the number of claims behind it."""
    chips = show(ARTICLE).one("div", "facets").all("a", "chip")
    promised = {c.attributes["href"]: int(c.one("span", "n").text) for c in chips}
    sample = list(promised)[::7]

    assert {href: len(notes(show(href))) for href in sample} == {h: promised[h] for h in sample}


def test_filters_add_up_and_can_be_taken_back(show: Callable[..., Element]) -> None:
    """Two choices hold together; the chips above lead back by one each."""
    page = show(f"{ARTICLE}?mode=attitude&polarity=negative")
    found = [set(notes(show(f"{ARTICLE}?{one}"))) for one in ("mode=attitude", "polarity=negative")]
    back = [a.attributes["href"] for a in page.one("p", "chosen").all("a")]

    assert set(notes(page)) == found[0] & found[1] != set()
    assert back == [f"{ARTICLE}?polarity=negative", f"{ARTICLE}?mode=attitude", ARTICLE]


def test_a_filter_that_nothing_passes_says_so(show: Callable[..., Element]) -> None:
    """The article stays; the page offers the way back."""
    page = show(f"{ARTICLE}?voice=nobody")

    assert notes(page) == []
    assert "No claim of this article passes the filter" in page.one("p", "empty").text


def test_a_script_gets_the_part_that_changes(client: FlaskClient) -> None:
    """The same address, asked by our script, answers with the reading view alone."""
    answer = client.get(ARTICLE, headers={"X-Parley-Fragment": "1", "Accept": "text/html"})
    part = html.read(answer.get_data(as_text=True))

    assert [c.tag for c in part.children if not isinstance(c, str)] == ["section"]


def test_a_claim_has_a_permanent_address_in_its_article(client: FlaskClient) -> None:
    """It leads to the claim's place; what is no claim is not found."""
    found = client.get(f"{ARTICLE}/6a")

    assert (found.status_code, found.headers["Location"]) == (303, f"{ARTICLE}#c-6a")
    assert client.get(f"{ARTICLE}/999z").status_code == 404


def strip(shown: Element) -> list[str]:
    """Return the boxes of the strip: which sentence, and how many claims it makes."""
    boxes = shown.one("ol", "strip").all("a") + shown.one("ol", "strip").all("span")
    return sorted((box.attributes["title"] for box in boxes), key=lambda t: int(t.split()[1][:-1]))


def test_a_long_article_is_cut_into_pages(
    client: FlaskClient, show: Callable[..., Element], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages together hold each claim once, and a claim's address knows its page."""
    whole, sentences = notes(show(ARTICLE)), strip(show(ARTICLE))
    monkeypatch.setattr(reading, "_PAGE_CLAIMS", 40)
    client.application.extensions["parley"].pages.entries.clear()
    pages, strips, path = [], [], f"{ARTICLE}?page=1"
    while path:
        page = show(path)
        pages.append(notes(page))
        strips += strip(page)
        path = next((a.attributes["href"] for a in page.all("a", rel="next")), "")
    last = pages[-1][-1].removeprefix("c-")
    address = client.get(f"{ARTICLE}/{last}").headers["Location"]
    client.application.extensions["parley"].pages.entries.clear()

    assert len(pages) > 3
    assert [claim for page in pages for claim in page] == whole
    assert strips == sentences
    assert address == f"{ARTICLE}?page={len(pages)}#c-{last}"


def test_a_page_never_shows_words_where_they_do_not_stand(
    shelf_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the source is not the one that was curated, the page is refused."""
    text = "Once. " + (SECOND / "source.txt").read_text(encoding="utf-8")
    monkeypatch.setattr(reading, "read_source", lambda slug: documents.from_text(text, slug))
    shelf_app.extensions["parley"].pages.entries.clear()
    path = f"/documents/{SECOND.name}"
    answer = shelf_app.test_client().get(path, headers={"Accept": "text/html"})

    assert answer.status_code == 500
    assert "The article cannot be shown" in answer.get_data(as_text=True)


def test_without_the_source_the_claims_are_listed(
    shelf_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home that serves somebody else's data shows the claims in reading order."""
    monkeypatch.setattr(reading, "read_source", lambda _slug: None)
    shelf_app.extensions["parley"].pages.entries.clear()
    found = page(shelf_app.test_client(), f"/documents/{SECOND.name}")
    shelf_app.extensions["parley"].pages.entries.clear()

    assert notes(found) == ["c-3a", "c-4a", "c-4b"]


def test_characters_outside_the_basic_plane_count_once(show_shelf: Callable[..., Element]) -> None:
    """Offsets are code points: words after an emoji are marked where they stand."""
    words = [
        w.without("sup").raw for w in show_shelf(f"/documents/{SECOND.name}").all("div", "words")
    ]

    assert words == [
        line
        for line in (SECOND / "source.txt").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
