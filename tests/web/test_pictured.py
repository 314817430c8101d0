"""Timeline, network and stances: pictures with their tables, in pages where there is much."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from parley.web import network, stances, timeline

from .conftest import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from .html import Element


@pytest.fixture
def few(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A client of an application that draws and lists little."""
    for module in (timeline, network):
        monkeypatch.setattr(module, "DRAWN", 2)
        monkeypatch.setattr(module, "LISTED", 5)
    monkeypatch.setattr(stances, "LISTED", 5)
    client.application.extensions["parley"].pages.clear()
    yield client
    client.application.extensions["parley"].pages.clear()


def walk(client: FlaskClient, path: str) -> list[Element]:
    """Return a page and all that follow it."""
    pages = []
    while path:
        pages.append(page(client, path))
        path = next((a.attributes["href"] for a in pages[-1].all("a", rel="next")), "")
    return pages


def rows(shown: Element) -> list[str]:
    """Return the rows of the table below a picture, their cells divided by bars."""
    table = shown.one("main").all("div", "table")[0].one("tbody")
    cells = [[c for c in row.children if not isinstance(c, str)] for row in table.all("tr")]
    return [" | ".join(cell.text for cell in row) for row in cells]


@pytest.mark.parametrize("path", ["/timeline", "/network"])
def test_a_long_table_is_cut_into_pages_that_lose_nothing(
    few: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Together the pages have the rows of the whole, in its order."""
    cut = [row for shown in walk(few, path) for row in rows(shown)]
    few.application.extensions["parley"].pages.clear()
    for module in (timeline, network):
        monkeypatch.setattr(module, "LISTED", 1_000)

    assert cut == rows(page(few, path))
    assert len(cut) > 10


@pytest.mark.parametrize("path", ["/timeline", "/network"])
def test_a_picture_draws_the_first_and_says_how_many_more(few: FlaskClient, path: str) -> None:
    """A note says what is left out, and that a choice would show it."""
    shown = page(few, path)
    [note] = shown.one("main").all("p", role="note")

    assert "more" in note.text
    assert "Choose a document or an actor" in note.text
    assert len(shown.one("svg").all("g") + shown.one("svg").all("a")) < 40


def test_each_number_of_the_matrix_leads_to_as_many_claims(few: FlaskClient) -> None:
    """Also where the claims stand on another page of the list."""
    shown = page(few, "/stances")
    found = {}
    for cell in shown.one("table").all("a"):
        path, _, name = cell.attributes["href"].partition("#")
        listed = page(few, path or "/stances")
        pair = listed.one("dt", id=name)
        lists = listed.all("dl", "pairs")
        own = next(dl for dl in lists if pair in dl.all("dt"))
        place = own.all("dt").index(pair)
        found[cell.attributes["aria-label"]] = len(own.all("dd")[place].all("li"))

    assert found == {label: int(label.split(": ")[1].split()[0]) for label in found}
    assert any("page=" in cell.attributes["href"] for cell in shown.one("table").all("a"))


def test_every_stance_says_whose_claim_it_is(show: Callable[..., Element]) -> None:
    """A view ascribed to Russia does not stand there as the author's, nor as a fact."""
    items = [li for dl in show("/stances").all("dl", "pairs") for li in dl.all("li")]
    said = [li.one("small", "says").text for li in items]

    assert all("Alireza Nouri" in text or text.startswith("said by") for text in said)
    assert any(text.startswith("view of Russia, via Alireza Nouri") for text in said)


def test_the_timeline_says_in_its_tooltips_whose_claim_an_entry_is(
    show: Callable[..., Element],
) -> None:
    """Pointing at a bar tells the time, the holder and the claim."""
    tips = [title.text for title in show("/timeline").one("svg").all("title")]
    negative = next(tip for tip in tips if tip.startswith("The views of the Kremlin"))

    assert negative == (
        "The views of the Kremlin on the Taliban were negative. "
        "the 1990s. view of the Kremlin, via Alireza Nouri. Claims 6a"
    )


def test_what_the_source_does_not_date_gets_no_date(show: Callable[..., Element]) -> None:
    """In the table it is undated, and last of its kind."""
    contacts = [row for row in rows(show("/timeline")) if "| Contacts |" in row]

    assert [row.startswith("undated") for row in contacts] == [False, False, True, True, True]


@pytest.mark.parametrize("name", ["timeline", "network"])
def test_a_picture_is_a_file_of_its_own(client: FlaskClient, name: str) -> None:
    """Downloaded it parses, has absolute links and its own colours."""
    answer = client.get(f"/picture/{name}.svg?about=actor/taliban")
    root = ET.fromstring(answer.data)  # noqa: S314 - our own output
    links = [a.attrib["href"] for a in root.iter("{http://www.w3.org/2000/svg}a")]

    assert answer.mimetype == "image/svg+xml"
    assert links
    assert all(link.startswith("http://") for link in links)
    assert b'fill="#' in answer.data


def test_a_scope_limits_a_picture(show: Callable[..., Element]) -> None:
    """About the Taliban there is less than about everything, and nothing else."""
    assert set(rows(show("/timeline?about=actor/taliban"))) < set(rows(show("/timeline")))


def test_an_unknown_scope_is_not_found(client: FlaskClient) -> None:
    """A name that stands for nothing is said to."""
    answer = client.get("/timeline?about=actor/nobody", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert "Nothing here is about actor/nobody" in answer.get_data(as_text=True)
