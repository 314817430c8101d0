"""The first seconds: the article with its numbers, questions and timeline, or the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.web import timeline

from .conftest import SECOND, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from .html import Element


def leads(part: Element) -> dict[str, str]:
    """Return where the links of a part lead, by their words."""
    return {a.text: a.attributes["href"] for a in part.all("a")}


def test_the_front_page_says_what_it_is_and_whose(show: Callable[..., Element]) -> None:
    """Title, author, publisher, date, and that all of it is somebody's claim."""
    opening = show("/").one("div", "opening")

    assert opening.one("h1").text == "Objectives behind Russia’s Contacting with Taliban"
    assert opening.one("p", "byline").text == "Alireza Nouri, IRAS, 23 February 2017"
    assert "Every statement is a claim, the author’s or a source’s" in opening.one("p", "lead").text


def test_the_numbers_lead_to_the_lists_they_count(show: Callable[..., Element]) -> None:
    """Each number is a link, and the list behind it has as many."""
    links = leads(show("/").one("ul", "counts"))
    listed = {
        text: len(show(path).all("tbody")[0].all("tr"))
        for text, path in links.items()
        if not text.endswith("claims")
    }

    assert [text.split()[1] for text in links] == [
        "claims", "voices", "actors", "objectives", "contacts",
    ]  # fmt: skip
    assert {text: int(text.split()[0]) for text in listed} == listed


def test_the_front_page_takes_one_sentence_apart(show: Callable[..., Element]) -> None:
    """A newcomer sees what a claim is: the words, what they claim, who says so and via whom."""
    front = show("/")
    taken = front.one("figure", "specimen")
    facts = dict(zip((t.text for t in taken.all("dt")), taken.all("dd"), strict=True))
    place = taken.one("a", "number").attributes["href"]
    note = front.one("li", id=place.removeprefix("#"))
    span = note.attributes["data-p"]
    marks = front.one("div", "reading").all("mark")
    words = "".join(m.raw for m in marks if span in m.attributes["data-p"].split())

    assert taken.one("mark").raw == words
    assert taken.one("mark").raw in taken.one("p").raw
    assert facts["Claimed"].text in note.text
    assert facts["Said by"].text == (
        "Alexander Lebed, as Secretary of the Russian Security Council, 1996"
    )
    assert facts["Reported by"].text == "Alireza Nouri"


def test_the_front_page_offers_questions_that_have_answers(show: Callable[..., Element]) -> None:
    """A newcomer begins with a question in plain language; each leads to its answer."""
    offered = leads(show("/").one("section", "ask"))
    answers = {text: show(path).one("h1").text for text, path in offered.items()}

    assert "How did Russia’s stance toward the Taliban change over time?" in offered
    assert answers == {text: text for text in offered}
    assert all(show(path).all("table", "solutions") for path in offered.values())


def test_the_timeline_leads_to_what_it_shows(show: Callable[..., Element]) -> None:
    """Every entry of the picture is a link into the data."""
    targets = [a.attributes["href"] for a in show("/").one("svg").all("a")]

    assert len(targets) > 5
    assert all(target.startswith("/id/") for target in targets)


def test_several_documents_make_a_shelf(show_shelf: Callable[..., Element]) -> None:
    """The newest first, each with who wrote it, when, and how many claims and voices it has."""
    shelf = show_shelf("/").one("ol", "shelf")
    books = shelf.all("li")

    assert [leads(book.one("h3")).popitem()[1] for book in books] == [
        f"/documents/{SECOND.name}",
        "/documents/iras-3036",
    ]
    assert books[1].one("p", "tally").text == "219 claims by 10 voices"
    assert (
        show_shelf("/documents").one("ol", "shelf").text == show_shelf("/").one("ol", "shelf").text
    )


def test_a_shelf_offers_questions_across_documents(show_shelf: Callable[..., Element]) -> None:
    """Not those of one article."""
    offered = leads(show_shelf("/").one("section", "ask"))

    assert "/questions/contested-propositions" in offered.values()
    assert not any("/questions/p0" in path for path in offered.values())


def test_the_front_page_of_a_long_shelf_shows_the_newest(
    shelf_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how many there are, and where all of them stand."""
    monkeypatch.setattr("parley.web.pages.NEWEST", 1)
    shelf_app.extensions["parley"].pages.clear()
    front = page(shelf_app.test_client(), "/")
    shelf_app.extensions["parley"].pages.clear()

    assert len(front.one("ol", "shelf").all("li")) == 1
    assert leads(front.one("main"))["All documents"] == "/documents"
    assert leads(front.one("ul", "counts"))["2 documents"] == "/documents"


@pytest.mark.parametrize(
    ("dates", "count", "chosen"),
    [
        (["1990", "1990", "2000", "2010", "2020", "2030"], 3, ["1990", "2010", "2030"]),
        (["1990", "2000", "2000", "2000"], 3, ["1990", "2000", "2000"]),
        (["1990"], 4, ["1990"]),
        (["1990", "2000"], 1, ["1990"]),
    ],
    ids=["many times", "few times", "few entries", "one"],
)
def test_the_front_page_times_different_times(
    dates: list[str], count: int, chosen: list[str]
) -> None:
    """Not the earliest only, where a lane has more than is drawn."""
    lane = [timeline.Entry(f"i{n}", "stance", date) for n, date in enumerate(dates)]

    assert [entry.date for entry in timeline.some_of_each(lane, count)] == chosen


def test_a_long_shelf_has_pages(shelf_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No document is lost between them."""
    monkeypatch.setattr("parley.web.shelf.LISTED", 1)
    shelf_app.extensions["parley"].pages.clear()
    client = shelf_app.test_client()
    first = page(client, "/documents")
    second = page(client, first.one("a", rel="next").attributes["href"])
    shelf_app.extensions["parley"].pages.clear()

    assert [len(p.one("ol", "shelf").all("li")) for p in (first, second)] == [1, 1]
    assert first.one("ol", "shelf").text != second.one("ol", "shelf").text
    assert second.all("a", rel="next") == []


def test_the_query_behind_a_page_gives_what_the_page_shows(
    client: FlaskClient, show: Callable[..., Element]
) -> None:
    """The link in the foot opens the editor with the query, and running it gives the rows."""
    behind = {
        path: leads(show(path).one("footer"))["The query behind this page"]
        for path in ("/browse/actors", "/timeline", "/network", "/stances", "/id/actor/taliban")
    }
    rows = {path: client.get(f"{link}&format=csv").status_code for path, link in behind.items()}
    actors = client.get(f"{behind['/browse/actors']}&format=csv").get_data(as_text=True)

    assert set(rows.values()) == {200}
    assert len(actors.splitlines()) - 1 == len(show("/browse/actors").all("tbody")[0].all("tr"))


def test_a_static_file_is_sent_whole_and_may_be_kept(client: FlaskClient) -> None:
    """Its digest is in its address; without it, or with another, a browser must ask again."""
    address = next(
        line.split('"')[1].replace("&amp;", "&")
        for line in client.get("/").get_data(as_text=True).split("href=")
        if "app.css" in line.split(">")[0]
    )
    kept = client.get(address, headers={"Accept-Encoding": "gzip"})
    asked = client.get("/static/app.css")
    again = client.get("/static/app.css", headers={"If-None-Match": asked.headers["ETag"]})

    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["Content-Encoding"] == "gzip"
    assert len(kept.data) < len(asked.data) / 3
    assert "immutable" not in asked.headers["Cache-Control"]
    assert again.status_code == 304


def test_nothing_but_static_files_is_sent_as_such(client: FlaskClient) -> None:
    """No address climbs out of their folder."""
    names = ("nothing.css", "..%2fapp.py", "%2e%2e%2fapp.py", "templates")

    assert {client.get(f"/static/{name}").status_code for name in names} == {404}
