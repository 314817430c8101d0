"""Search, questions and queries: what is asked in words and in SPARQL, and how it is answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from parley.engine import results
from parley.web import text, yasgui

from .conftest import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from .html import Element

PREFIX = "PREFIX pl: <https://w3id.org/parley/ns#>\n"


def ask(query: str) -> str:
    """Return the address of a query's page."""
    return f"/sparql?query={quote(PREFIX + query)}"


def headings(shown: Element) -> list[str]:
    """Return the headings of the columns of an answer."""
    return [th.text for th in shown.one("table", "solutions").one("thead").all("th")]


def test_search_finds_names_aliases_claims_and_passages(show: Callable[..., Element]) -> None:
    """By kind, the actors first, each with how many there are."""
    groups = [h.text for h in show("/search?q=taliban").one("div", id="results").all("h2")]

    assert [g.rsplit(maxsplit=1)[0] for g in groups[:5]] == [
        "Actors", "Objectives", "Contacts and other occurrences", "Claims", "Passages",
    ]  # fmt: skip


def test_search_marks_the_words_it_found(show: Callable[..., Element]) -> None:
    """All of them, in whatever case."""
    hits = show("/search?q=TALIBAN+contacts").one("div", id="results").all("li")
    marked = [{m.text.lower() for m in hit.all("mark")} for hit in hits]

    assert len(hits) > 3
    assert all(words == {"taliban", "contacts"} for words in marked)


def test_search_knows_an_alias(show: Callable[..., Element]) -> None:
    """What the article calls it leads to what it is."""
    hit = show("/search?q=this+state").one("div", id="results").all("li")[0]

    assert hit.text == "Russia also called this state"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ('"moderate" taliban', "“moderate” Taliban"),
        ("russia's views", "Russia’s views on the Taliban relatively changed in the 2010s"),
        ("the 'good' taliban", "“good” Taliban"),
    ],
)
def test_search_takes_the_marks_of_a_keyboard(
    show: Callable[..., Element], asked: str, found: str
) -> None:
    """Straight quotation marks and apostrophes find what the text has in curly ones."""
    hits = show(f"/search?q={quote(asked)}").one("div", id="results").all("li")

    assert any(hit.text.startswith(found) for hit in hits)


def test_search_takes_words_from_their_beginning(show: Callable[..., Element]) -> None:
    """The US are the United States, not Russia; what begins no word is found within words."""
    hits = show("/search?q=US").one("div", id="results").all("li")

    assert hits[0].text == "United States also called the US"
    assert {mark.text.lower() for hit in hits for mark in hit.all("mark")} == {"us"}
    assert not any(hit.text == "Russia" for hit in hits)
    assert show("/search?q=qaed").one("div", id="results").all("li")
    assert show("/search?q=ajikistan").one("div", id="results").all("li")


def test_marks_alone_ask_for_nothing(show: Callable[..., Element]) -> None:
    """A lone apostrophe is no word."""
    assert show("/search?q='").one("div", id="results").all("li") == []


def test_search_says_when_it_finds_nothing(show: Callable[..., Element]) -> None:
    """And what to try instead."""
    assert "Try fewer words" in show("/search?q=zeppelin").one("p", "empty").text


def test_search_answers_as_one_types(client: FlaskClient) -> None:
    """The same address, asked by our script, gives the results alone."""
    answer = client.get("/search?q=lebed", headers={"X-Parley-Fragment": "1"})

    assert "<html" not in answer.get_data(as_text=True)
    assert "Lebed" in answer.get_data(as_text=True)


def test_a_long_list_of_hits_has_pages(show: Callable[..., Element]) -> None:
    """All of a kind can be reached."""
    first = show("/search?q=a&kind=claim")
    second = show(first.one("a", rel="next").attributes["href"])
    texts = [[li.text for li in p.one("div", id="results").all("li")] for p in (first, second)]

    assert len(texts[0]) == 30
    assert set(texts[0]) & set(texts[1]) == set()


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?who ?claim WHERE { ?claim pl:claimant ?who } LIMIT 2", ["who", "claim"]),
        ("SELECT ?claim ?who WHERE { ?claim pl:claimant ?who } LIMIT 2", ["claim", "who"]),
        ("SELECT * WHERE { ?who ^pl:claimant ?claim } LIMIT 2", ["who", "claim"]),
        ("SELECT DISTINCT * { ?b pl:claimant ?a } LIMIT 2", ["b", "a"]),
    ],
    ids=["named", "named otherwise", "all", "all, distinct"],
)
def test_columns_stand_in_the_order_of_the_query(
    show: Callable[..., Element], query: str, columns: list[str]
) -> None:
    """As they are named, or first stand; the words behind a row come last."""
    assert headings(show(ask(query)))[:2] == columns


def test_an_unnamed_column_goes_last() -> None:
    """A variable that the text does not show has the last place."""
    assert results.in_order(["a", "b"], "SELECT * WHERE { ?b ?p ?c }") == ["b", "a"]


def test_a_row_leads_to_the_sentence_behind_it(show: Callable[..., Element]) -> None:
    """A claim in a row brings its words, its sentence's number and whose claim it is."""
    query = "SELECT ?claim { ?claim pl:content ?c FILTER(STRENDS(STR(?claim), '/6a')) }"
    row = show(ask(query)).one("table", "solutions").one("tbody").one("tr")

    assert "view of the Kremlin, via Alireza Nouri" in row.all("td")[0].text
    assert "Sentence 6, claim 6a" in row.one("td", "words").text


def test_rows_are_sorted_by_what_is_shown(show: Callable[..., Element]) -> None:
    """Numbers as numbers, names by label; a second click turns the order."""
    query = "SELECT ?who (COUNT(*) AS ?n) { ?c pl:claimant ?who } GROUP BY ?who ORDER BY ?who"
    path = f"{ask(query)}&sort=-n"
    numbers = [int(td.text) for td in show(path).one("tbody").all("td", "quantity")]
    named = [
        row.all("td")[0].all("a")[0].text
        for row in show(f"{ask(query)}&sort=who").one("tbody").all("tr")
    ]

    assert numbers == sorted(numbers, reverse=True)
    assert named == sorted(named, key=str.casefold)


def test_a_count_asks_for_bars_and_dates_for_a_timeline(show: Callable[..., Element]) -> None:
    """The picture follows from the columns; bare rows have none."""
    counted = show(ask("SELECT ?who (COUNT(*) AS ?n) { ?c pl:claimant ?who } GROUP BY ?who"))
    dated = show(ask("SELECT ?c ?when { ?c pl:holdsDuring/pl:edtf ?when }"))
    bare = show(ask("SELECT ?cue { ?c pl:cueText ?cue } LIMIT 3"))

    assert [len(p.all("svg", "bars")) for p in (counted, dated, bare)] == [1, 0, 0]
    assert [len(p.all("svg", "timeline")) for p in (counted, dated, bare)] == [0, 1, 0]


def test_many_rows_come_in_pages(show: Callable[..., Element]) -> None:
    """Two hundred to a page; the total is said."""
    shown = show(ask("SELECT ?s ?p { ?s ?p ?o } LIMIT 450"))
    last = show(f"{ask('SELECT ?s ?p { ?s ?p ?o } LIMIT 450')}&page=3")

    assert "450 rows" in shown.one("p", "facts").text
    assert len(shown.one("tbody").all("tr")) == 200
    assert len(last.one("tbody").all("tr")) == 50


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        ("SELECT ?s { ?s a pl:Claim } LIMIT 1", ["CSV", "TSV", "JSON", "XML"]),
        ("ASK { ?s a pl:Claim }", ["CSV", "TSV", "JSON", "XML"]),
        (
            "CONSTRUCT { ?s a pl:Claim } WHERE { ?s a pl:Claim } LIMIT 1",
            ["Turtle", "N-Triples", "JSON-LD", "RDF/XML", "TriG", "N-Quads"],
        ),
    ],
    ids=["rows", "yes or no", "graph"],
)
def test_an_answer_can_be_downloaded_in_every_format(
    client: FlaskClient, show: Callable[..., Element], query: str, formats: list[str]
) -> None:
    """Each link gives a file, or says why it cannot."""
    links = {a.text: a.attributes["href"] for a in show(ask(query)).one("p", "formats").all("a")}

    assert list(links) == formats
    assert {client.get(link).status_code for link in links.values()} == {200}


def test_a_graph_is_shown_as_a_picture_and_as_text(show: Callable[..., Element]) -> None:
    """What a query constructs can be looked at."""
    query = """CONSTRUCT { ?o pl:hasParticipant ?a } WHERE { ?o pl:hasParticipant ?a }"""
    shown = show(ask(query))

    assert shown.one("svg", "graph").all("a", "node")
    assert "hasParticipant" in shown.one("pre", "turtle").text


def test_a_question_with_parameters_offers_labels_to_choose_from(
    show: Callable[..., Element],
) -> None:
    """The choices are things of the right class; the answer is to the one chosen."""
    shown = show("/questions/contacts-of-actor?actor=actor/syrian-opposition")
    [chosen] = [o.text for o in shown.one("select").all("option") if "selected" in o.attributes]

    assert chosen == "Syrian opposition groups"
    assert "contacts of Russia with Syrian" in shown.one("table", "solutions").text


def test_a_value_of_a_question_is_only_ever_a_term(client: FlaskClient) -> None:
    """What would break out of the query is refused."""
    evil = quote("> } DROP ALL #")
    answer = client.get(f"/questions/contacts-of-actor?actor={evil}")

    assert answer.status_code == 400


def test_yasgui_is_offered_where_it_is_installed(
    client: FlaskClient, show: Callable[..., Element], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package there is no link, and the page says how to get it."""
    linked = [a.text for a in show("/sparql").all("a") if a.attributes["href"] == "/yasgui"]
    expected = ["YASGUI"] if yasgui.has_yasgui() else []
    monkeypatch.setattr(yasgui, "_binary", lambda: None)
    answer = client.get("/yasgui", headers={"Accept": "text/html"})

    assert linked == expected
    assert [a.text for a in show("/sparql").all("a") if a.attributes["href"] == "/yasgui"] == []
    assert answer.status_code == 404
    assert "pip install" in answer.get_data(as_text=True)


def test_yasgui_comes_from_this_server_alone(client: FlaskClient) -> None:
    """Its script and style sheet, and our prefixes, all from here; no inline script is let in."""
    assert yasgui.has_yasgui(), "the extra dev brings it"
    shown = client.get("/yasgui", headers={"Accept": "text/html"})
    found = [client.get(f"/yasgui/{name}") for name in ("yasgui.min.js", "yasgui.min.css")]

    assert "script-src 'self';" in shown.headers["Content-Security-Policy"]
    assert [answer.mimetype for answer in found] == ["text/javascript", "text/css"]
    assert all(len(answer.data) > 50_000 for answer in found)
    assert (
        json.loads(client.get("/yasgui/prefixes.json").data)["pl"] == "https://w3id.org/parley/ns#"
    )
    assert client.get("/yasgui/logo.svg").status_code == 404


def test_the_page_of_a_list_shows_the_page_behind(client: FlaskClient) -> None:
    """Lists know their neighbours."""
    shown = page(client, "/browse/claims?page=2")

    assert [a.attributes["href"] for a in shown.all("a", rel="prev")] == ["/browse/claims"]


@pytest.mark.parametrize(
    ("cut", "before", "after"),
    [
        ("hese tools at", "…tools at", "hese tools…"),
        (" at the start", " at the start", " at the…"),
        ("word", "word", "word"),
        ("", "", ""),
        ("the end. ", "…end. ", "the end. "),
    ],
)
def test_the_words_around_a_quotation_are_whole(cut: str, before: str, after: str) -> None:
    """What was cut within a word is shown from the next one, or up to the one before."""
    assert (text.from_word(cut), text.to_word(cut)) == (before, after)


def test_a_row_rests_on_the_claims_that_name_what_it_holds(show: Callable[..., Element]) -> None:
    """Not on all that speak of the same contact: the mediator's row shows who mediates."""
    row = show("/questions/p03-mediator").one("table", "solutions").one("tbody").one("tr")
    numbers = [a.text for a in row.one("td", "words").all("a", "number")]

    assert numbers == ["11c"]
