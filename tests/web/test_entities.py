"""What a page on an entity shows: who says what of it, for and against, over time, and ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.web import ego

from .conftest import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from .html import Element

RUSSIA = "/id/actor/russia"


def section(shown: Element, title: str) -> Element:
    """Return the list that follows a heading."""
    main = shown.one("main")
    parts = [p for p in main.all() if p.tag in {"h2", "ul", "ol", "dl"}]
    place = next(n for n, p in enumerate(parts) if p.tag == "h2" and p.text == title)
    return next(p for p in parts[place:] if p.tag != "h2")


def test_an_actor_is_named_defined_and_classed(show: Callable[..., Element]) -> None:
    """Labels first, in every language the data has; then what it is."""
    opening = show(RUSSIA).one("div", "opening")

    assert opening.one("h1").text == "Russia"
    assert {b.attributes["lang"] for b in opening.one("p", "names").all("bdi")} == {"ru", "fa"}
    assert (
        opening.one("p", "lead").text
        == "the Russian Federation as an acting state, apart from its territory"
    )
    assert [chip.text for chip in opening.all("a", "chip")] == ["actor", "state"]


def test_the_numbers_of_an_actor_lead_to_as_many_claims(
    show: Callable[..., Element], monkeypatch: pytest.MonkeyPatch, client: FlaskClient
) -> None:
    """For, against and ascribed: the list has what the number promises."""
    monkeypatch.setattr("parley.web.cards.LISTED", 500)
    links = show("/id/actor/taliban").one("ul", "counts").all("a")
    promised = {a.attributes["href"]: int(a.one("strong").text) for a in links}
    found = {path: len(show(path).all("article", "claim")) for path in promised}
    client.application.extensions["parley"].pages.clear()

    assert found == promised
    assert len(promised) == 3


def test_what_is_ascribed_to_an_actor_is_never_its_own_statement(
    show: Callable[..., Element],
) -> None:
    """Aims and views of Russia say that they are, and who reports them."""
    aims = [item.text for item in section(show(RUSSIA), "Objectives").all("li")]
    ascribed = [a.one("p", "says").text for a in show(f"{RUSSIA}?show=by").all("article", "claim")]

    assert all("aim of" in aim and "via Alireza Nouri" in aim for aim in aims)
    assert all(says.startswith(("view of", "aim of", "said by")) for says in ascribed)
    assert "makes" not in show(RUSSIA).one("ul", "counts").text


def test_for_and_against_stand_in_the_order_of_time(show: Callable[..., Element]) -> None:
    """Each period with its claims; those that deny are marked so."""
    moments = section(show(RUSSIA), "For and against, over time").all("li")
    times = [m.one("time").attributes["datetime"] for m in moments if m.all("time")]
    denying = [m.text for m in moments if "against" in m.attributes.get("class", "")]

    assert times == ["199X", "1995", "1996", "200X", "2001-09-11/..", "201X"]
    assert denying
    assert all("denied" in text for text in denying)


def test_an_actor_stands_in_a_picture_of_what_it_is_tied_to(show: Callable[..., Element]) -> None:
    """Each line leads to a claim; the table says of each tie who says so."""
    shown = show(RUSSIA)
    picture = shown.one("svg", "ego")
    tied = shown.one("section", **{"aria-labelledby": "tied"})
    rows = [[cell.text for cell in row.all("td")] for row in tied.one("tbody").all("tr")]
    lines = picture.all("a", "edge")

    assert all(a.attributes["href"].startswith("/documents/iras-3036/") for a in lines)
    assert ["Iran", "cooperates with", "Russia"] in [row[:3] for row in rows]
    assert "Russia" in {n.one("text").text for n in picture.all("a", "node")}
    assert all(row[4] for row in rows)


def around(shown: Element) -> tuple[int, int]:
    """Return how many things are drawn around an entity, and how many more the page names."""
    drawn = len(shown.one("svg", "ego").all("a", "node")) - 1
    words = shown.one("section", **{"aria-labelledby": "tied"}).one("summary").text.split()
    return drawn, int(words[-2])


def test_a_picture_around_an_entity_never_drowns(
    client: FlaskClient, show: Callable[..., Element], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the most claimed ties are drawn, and the page says how many more there are."""
    usual = around(show(RUSSIA))
    monkeypatch.setattr(ego, "DRAWN", 2)
    client.application.extensions["parley"].pages.clear()
    few = around(show(RUSSIA))
    client.application.extensions["parley"].pages.clear()

    assert few[0] == 4
    assert sum(few) == sum(usual)


def test_a_thing_without_ties_has_no_picture(show: Callable[..., Element]) -> None:
    """An empty frame helps nobody."""
    assert show("/id/document/iras-3036").all("svg", "ego") == []


def test_what_points_at_an_entity_is_listed_in_pages(
    client: FlaskClient, show: Callable[..., Element], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first few on the page itself, all of them behind a link, page by page."""
    monkeypatch.setattr("parley.web.entities._MENTIONS", 30)
    client.application.extensions["parley"].pages.clear()
    links = {a.text: a.attributes["href"] for a in show(RUSSIA).all("a", "button")}
    first = show(links["All that points at it"])
    second = show(first.one("a", rel="next").attributes["href"])
    client.application.extensions["parley"].pages.clear()

    assert len(first.one("main").all("span", "v")) == 30
    assert second.one("main").all("span", "v")


def test_an_actor_leads_to_the_same_actor_elsewhere(show: Callable[..., Element]) -> None:
    """As a card with the name of the place."""
    card = show(RUSSIA).one("ul", "elsewhere").one("a")

    assert card.attributes["href"] == "http://www.wikidata.org/entity/Q159"
    assert card.text == "wikidata.org Q159"


def test_a_proposition_that_documents_dispute_says_so(shelf_app: Flask) -> None:
    """Who affirms it and who denies it stand side by side."""
    shown = page(shelf_app.test_client(), "/id/proposition/tajikistan-mediates-contacts")
    headings = [h.text for h in shown.one("main").all("h2")]

    assert "Disputed here" in shown.one("p", "verdict").text
    assert headings[:2] == ["Who affirms it", "Who denies it"]


@pytest.mark.parametrize(
    ("headers", "heading", "direction"),
    [
        ({}, "Russia", None),
        ({"Accept_Language": "ru"}, "Россия", "ltr"),
        ({"Accept_Language": "fa-IR, en;q=0.5"}, "روسیه", "rtl"),
        ({"Accept_Language": "tlh"}, "Russia", None),
    ],
    ids=["none", "Russian", "Persian", "one the data lacks"],
)
def test_labels_are_in_the_readers_language(
    show: Callable[..., Element], headers: dict[str, str], heading: str, direction: str | None
) -> None:
    """Names follow the reader, with their direction; the interface stays English."""
    shown = show(RUSSIA, **headers)
    label = shown.one("h1").one("bdi")

    assert label.text == heading
    assert label.attributes.get("dir") == direction
    assert shown.one("html").attributes["lang"] == "en"
    assert "Timeline" in shown.one("nav", **{"aria-label": "Main"}).text


def test_a_language_once_chosen_is_kept(client: FlaskClient) -> None:
    """The choice in the foot holds for the next pages, and can be taken back."""
    offered = {
        a.attributes["lang"]: a.attributes["href"]
        for a in page(client, RUSSIA).one("p", "languages").all("a")
    }
    page(client, offered["ru"])
    kept = page(client, RUSSIA).one("h1").text
    page(client, offered["en"])

    assert set(offered) == {"en", "fa", "ru"}
    assert kept == "Россия"
    assert page(client, RUSSIA).one("h1").text == "Russia"


@pytest.mark.parametrize("kind", ["actors", "objectives", "contacts", "places", "periods"])
def test_a_list_counts_the_claims_that_the_page_of_a_thing_has(
    show: Callable[..., Element], kind: str
) -> None:
    """The number beside a name is what its page promises, for and against together."""
    row = show(f"/browse/{kind}").one("tbody").all("tr")[0]
    numbers = show(row.one("a").attributes["href"]).one("ul", "counts").all("a")
    promised = sum(int(a.one("strong").text) for a in numbers if "ascribed" not in a.text)

    assert int(row.one("td", "quantity").text) == promised > 0
