"""Citations hold hostile labels, and name the version that is cited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from parley.publishing.citations import Work, to_bibtex, to_csl, to_ris

if TYPE_CHECKING:
    from flask.testing import FlaskClient

WORK = Work(
    iri="https://w3id.org/parley/id/claim/iras-3036/5a",
    title="Russia had its first contacts with the Taliban in 1995",
    authors=("Alireza Nouri",),
    issued="2017-02-23",
    publisher="IRAS",
    address="http://e/id/claim/iras-3036/5a",
    version="8c1c4dfc",
    container="Parley",
)
HOSTILE = 'a}, url = {http://evil}\n\\input{/etc/passwd}\r\nER  - \r\nTY  - X "%$&#_~^'


def test_bibtex_of_a_claim() -> None:
    """The entry has title, author, year, publisher, address and version."""
    assert to_bibtex(WORK) == (
        "@misc{parley-https-w3id-org-parley-id-claim-iras-3036-5a,\n"
        "  title = {{Russia had its first contacts with the Taliban in 1995}},\n"
        "  author = {{Alireza Nouri}},\n"
        "  year = {2017},\n"
        "  publisher = {IRAS},\n"
        "  howpublished = {Parley},\n"
        "  url = {http://e/id/claim/iras-3036/5a},\n"
        "  version = {8c1c4dfc},\n"
        "}\n"
    )


def test_ris_of_a_claim() -> None:
    """The record begins with its type and ends with ER."""
    assert to_ris(WORK).split("\r\n") == [
        "TY  - GEN",
        "TI  - Russia had its first contacts with the Taliban in 1995",
        "AU  - Alireza Nouri",
        "PY  - 2017",
        "DA  - 2017/02/23",
        "T2  - Parley",
        "PB  - IRAS",
        "UR  - http://e/id/claim/iras-3036/5a",
        "ET  - 8c1c4dfc",
        "ER  - ",
        "",
    ]


def test_csl_of_a_claim() -> None:
    """The item has the date in parts and the version."""
    (item,) = json.loads(to_csl(WORK))

    assert item["issued"] == {"date-parts": [[2017, 2, 23]]}
    assert item["author"] == [{"literal": "Alireza Nouri"}]
    assert item["version"] == "8c1c4dfc"
    assert item["container-title"] == "Parley"


def test_a_hostile_label_cannot_leave_its_bibtex_field() -> None:
    """Braces and backslashes of a label are escaped."""
    text = to_bibtex(Work("http://e/x", HOSTILE))
    bare = text.replace(r"\{", "").replace(r"\}", "")

    assert bare.count("{") == bare.count("}")
    assert r"\input" not in text
    assert len(text.splitlines()) == 3


def test_a_hostile_label_cannot_begin_a_ris_field() -> None:
    """Line breaks in a label become spaces."""
    assert len(to_ris(Work("http://e/x", HOSTILE)).split("\r\n")) == 4


@pytest.mark.parametrize("title", ["", "\x00", "\u2028ER  - "])
def test_control_characters_vanish(title: str) -> None:
    """Nothing unprintable comes through, whatever the format."""
    work = Work("http://e/x", title)

    assert all(c.isprintable() or c in "\r\n" for c in to_ris(work) + to_bibtex(work))


def test_the_server_cites_a_claim(client: FlaskClient) -> None:
    """A claim is cited with the article's author and the version of the data."""
    iri = "https://w3id.org/parley/id/claim/iras-3036/5a"
    (item,) = json.loads(client.get("/cite", query_string={"iri": iri, "format": "csl"}).data)

    assert item["title"] == WORK.title
    assert item["author"] == [{"literal": "Alireza Nouri"}]
    assert item["issued"] == {"date-parts": [[2017, 2, 23]]}
    assert item["version"] == client.get("/health").get_json()["version"]


@pytest.mark.parametrize(
    ("iri", "author", "part"),
    [("actor/russia", "The Parley authors", True), ("document/iras-3036", "Alireza Nouri", False)],
)
def test_a_thing_is_cited_as_part_of_the_dataset(
    client: FlaskClient, iri: str, author: str, part: bool
) -> None:
    """Under its authors when no article says it; an article is a work of its own."""
    asked = {"iri": f"https://w3id.org/parley/id/{iri}", "format": "csl"}
    (item,) = json.loads(client.get("/cite", query_string=asked).data)

    assert item["author"] == [{"literal": author}]
    assert ("container-title" in item) is part


def test_every_tool_and_file_of_the_build_can_be_cited(client: FlaskClient) -> None:
    """Their names have no language; their pages offer a citation."""
    query = "SELECT ?s { ?s a ?c VALUES ?c { prov:SoftwareAgent prov:Entity } }"
    asked = {"query": f"PREFIX prov: <http://www.w3.org/ns/prov#> {query}"}
    found = client.get("/sparql", query_string=asked, headers={"Accept": "text/csv"})
    things = [*found.text.split()[1:], "https://schema.org/sha256"]
    answers = [client.get("/cite", query_string={"iri": iri, "format": "ris"}) for iri in things]

    assert len(things) > 10
    assert [a.request.query_string for a in answers if a.status_code != 200] == []


def test_a_thing_is_cited_by_its_english_name(client: FlaskClient) -> None:
    """Though it has names in other languages too."""
    asked = {"iri": "https://w3id.org/parley/id/actor/taliban", "format": "csl"}
    (item,) = json.loads(client.get("/cite", query_string=asked).data)

    assert item["title"] == "Taliban"


def test_the_server_cites_an_answer_with_its_version(client: FlaskClient) -> None:
    """The permalink of an answer names the query and the version of the data."""
    text = client.get("/cite", query_string={"query": "ASK {}", "format": "ris"}).text
    version = client.get("/health").get_json()["version"]

    assert f"version={version}" in text
    assert "query=ASK+%7B%7D" in text


@pytest.mark.parametrize(
    ("asked", "status"),
    [({"iri": "x y"}, 400), ({"iri": "http://e/none"}, 404), ({"format": "doc"}, 400)],
)
def test_what_cannot_be_cited_is_said(
    client: FlaskClient, asked: dict[str, str], status: int
) -> None:
    """No IRI, an unknown thing, an unknown format: a problem of the request."""
    assert client.get("/cite", query_string=asked).status_code == status
