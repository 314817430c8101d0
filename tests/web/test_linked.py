"""Every IRI answers as a page and as data, all forms agree, and each says where the others are."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from pyld import jsonld
from rdflib import RDF, Graph, URIRef
from rdflib.compare import isomorphic

from . import html

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BASE = "https://w3id.org/parley"
WIKIDATA = "/about?iri=http%3A%2F%2Fwww.wikidata.org%2Fentity%2FQ159"
THINGS = ("/id/actor/russia", "/id/claim/iras-3036/5a", "/id/document/iras-3036", "/ns",
          "/relation/mediates", "/graph/links", "/all", "/schemes", "/file/ontology/parley.ttl",
          "/data/actors", "/authors", WIKIDATA)  # fmt: skip
FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
PAGES = ("/", "/documents/iras-3036", "/id/document/iras-3036", "/id/claim/iras-3036/5a",
         "/id/actor/alireza-nouri", "/id/actor/nato", "/id/place/kabul",
         "/id/occurrence/capture-of-the-il-76-crew")  # fmt: skip


def address(path: str, ending: str) -> str:
    """Return the address of a form of what is at a path."""
    return f"{path}&format={ending}" if "?" in path else f"{path}.{ending}"


def read(body: bytes, media_type: str) -> Graph:
    """Read RDF by rdflib."""
    form = {"application/ld+json": "json-ld", "application/rdf+xml": "xml"}.get(
        media_type, "turtle"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=body.decode("utf-8"), format=form)


def by_oxigraph(text: str) -> Graph:
    """Read JSON-LD by pyoxigraph."""
    lines = ox.serialize(
        (ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(text, ox.RdfFormat.JSON_LD)),
        format=ox.RdfFormat.N_TRIPLES,
    )
    return Graph().parse(data=lines or b"", format="nt")


def by_processor(text: str) -> Graph:
    """Read JSON-LD by a JSON-LD processor, which may fetch nothing."""

    def refuse(url: str, _: object) -> None:
        raise AssertionError(f"The context {url} is not in the document.")

    options = {"format": "application/n-quads", "documentLoader": refuse}
    return Graph().parse(data=jsonld.to_rdf(json.loads(text), options), format="nt")


@pytest.mark.parametrize("path", THINGS)
def test_ending_parameter_and_accept_give_the_same(client: FlaskClient, path: str) -> None:
    """And each form says the same as the others; the ontology, which is large, as much."""
    graphs = []
    for ending, media_type in FORMATS.items():
        by_ending = client.get(address(path, ending))
        by_accept = client.get(path, headers={"Accept": f"{media_type}, text/html;q=0.5"})
        assert by_ending.status_code == by_accept.status_code == 200
        assert by_ending.mimetype == by_accept.mimetype == media_type
        assert by_ending.data == by_accept.data
        graphs.append(read(by_ending.data, media_type))

    assert len(graphs[0]) > 0
    assert {len(graph) for graph in graphs} == {len(graphs[0])}
    assert path == "/ns" or all(isomorphic(graphs[0], graph) for graph in graphs[1:])


@pytest.mark.parametrize("path", THINGS)
def test_a_page_links_its_forms_and_its_iri(client: FlaskClient, path: str) -> None:
    """In its Link header and in its head; each link leads somewhere."""
    page = client.get(path, headers={"Accept": "text/html"})
    links = re.findall(r'<([^>]*)>; rel="(\w+)"', page.headers["Link"])
    head = html.read(page.text)
    shown = {e.attributes["href"] for e in head.all("link", rel="alternate")}
    alternates = {link for link, rel in links if rel == "alternate"}

    assert alternates == shown
    assert {rel for _, rel in links} == {"alternate", "canonical", "describedby"}
    assert [client.get(link).status_code for link in alternates] == [200] * len(alternates)


@pytest.mark.parametrize("path", THINGS)
def test_data_link_the_page(client: FlaskClient, path: str) -> None:
    """And the description of the dataset."""
    link = client.get(address(path, "ttl")).headers["Link"]

    assert f'<{path}>; rel="alternate"; type="text/html"' in link
    assert '</.well-known/void>; rel="describedby"' in link
    assert 'rel="canonical"' in link


@pytest.mark.parametrize("path", [*THINGS, *(address(path, "ttl") for path in THINGS)])
def test_what_a_client_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    """By its entity tag; caches are told what the answer depends on."""
    first = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})
    again = client.get(
        path, headers={"Accept": "text/html, */*;q=0.1", "If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304
    assert not again.data
    assert "Accept" in first.headers["Vary"]
    assert "Accept" in again.headers["Vary"]


def test_every_kind_of_iri_leads_somewhere(client: FlaskClient) -> None:
    """Of each kind of ours that the dump or the dataset's description names, one is followed."""
    named = client.get("/dump.nq").text + client.get("/.well-known/void?format=nt").text
    iris = sorted({iri.partition("#")[0] for iri in re.findall(rf"<({BASE}/[^>]+)>", named)})
    kinds = {re.sub(r"[^/]*\d[^/]*|(?<=id/actor/).*", "", i).rpartition("/")[0]: i for i in iris}
    answers = {
        iri: client.get(
            iri.removeprefix(BASE), headers={"Accept": "text/turtle"}, follow_redirects=True
        )
        for iri in kinds.values()
    }

    assert len(kinds) > 20
    assert {iri: a.status for iri, a in answers.items() if a.mimetype != "text/turtle"} == {}


def test_a_page_about_nothing_in_particular_names_the_description(client: FlaskClient) -> None:
    """So that a program that comes to the front page finds the data."""
    page = html.read(client.get("/", headers={"Accept": "text/html"}).text)

    assert [e.attributes["href"] for e in page.all("link", rel="describedby")] == [
        "/.well-known/void"
    ]


def test_another_form_has_another_tag(client: FlaskClient) -> None:
    """Or a cache would give a page to a program."""
    tags = {client.get(address("/id/actor/russia", e)).headers["ETag"] for e in FORMATS}

    assert len(tags) == len(FORMATS)


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [("/id/actor/nobody", "text/turtle", 404), ("/id/actor/russia", "image/png", 406),
     ("/all/9.9.9", "text/turtle", 404), ("/id/actor/russia?format=doc", "*/*", 406),
     ("/about?iri=nothing", "text/turtle", 400)],
)  # fmt: skip
def test_what_cannot_be_given_is_a_problem(
    client: FlaskClient, path: str, accept: str, status: int
) -> None:
    """Not an empty graph, and not another format."""
    assert client.get(path, headers={"Accept": accept}).status_code == status


def test_an_iri_of_ours_is_looked_up_at_its_own_address(client: FlaskClient) -> None:
    """The page on any IRI sends those with a page of their own there."""
    answer = client.get("/about", query_string={"iri": f"{BASE}/id/actor/russia"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/id/actor/russia"


@pytest.mark.parametrize("path", ["/id/actor/iran", "/id/claim/iras-3036/5a", "/all"])
def test_three_libraries_read_the_same_json_ld(client: FlaskClient, path: str) -> None:
    """rdflib, pyoxigraph and a JSON-LD processor find what the Turtle says."""
    turtle = read(client.get(f"{path}.ttl").data, "text/turtle")
    text = client.get(f"{path}.jsonld").text
    found = [read(text.encode(), "application/ld+json"), by_oxigraph(text), by_processor(text)]

    assert all(isomorphic(turtle, graph) for graph in found)


def within(client: FlaskClient, path: str) -> str:
    """Return the JSON-LD within a page."""
    page = html.read(client.get(path, headers={"Accept": "text/html"}).text)
    return page.one("script", type="application/ld+json").raw


@pytest.mark.parametrize("path", PAGES)
def test_three_libraries_read_the_same_within_a_page(client: FlaskClient, path: str) -> None:
    """Without fetching a context."""
    text = within(client, path)
    graphs = [read(text.encode(), "application/ld+json"), by_oxigraph(text), by_processor(text)]

    assert len(graphs[0]) > 2
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])


@pytest.mark.parametrize(
    ("path", "iri", "kind"),
    [("/id/claim/iras-3036/5a", "claim/iras-3036/5a", "Claim"),
     ("/documents/iras-3036", "document/iras-3036", "Article"),
     ("/id/actor/alexander-lebed", "actor/alexander-lebed", "Person"),
     ("/id/occurrence/capture-of-the-il-76-crew", "occurrence/capture-of-the-il-76-crew", "Event")],
)  # fmt: skip
def test_a_page_says_what_it_is_about(client: FlaskClient, path: str, iri: str, kind: str) -> None:
    """In the words of schema.org."""
    graph = by_processor(within(client, path))

    assert (URIRef(f"{BASE}/id/{iri}"), RDF.type, URIRef(f"https://schema.org/{kind}")) in graph


def test_a_claim_within_its_page_is_somebody_s(client: FlaskClient) -> None:
    """It names who makes it, in what, in which words."""
    first, *others = json.loads(within(client, "/id/claim/iras-3036/5a"))["@graph"]

    assert first["author"] == [{"@id": f"{BASE}/id/actor/alireza-nouri"}]
    assert first["appearance"] == [{"@id": f"{BASE}/id/document/iras-3036"}]
    assert first["text"][0]["@value"].startswith("Russia’s first contacts")
    assert {node["@type"][0] for node in others} == {"Article", "Person"}


def test_nothing_claimed_is_said_of_an_event(client: FlaskClient) -> None:
    """Only what it is called: who took part, and when, somebody claims."""
    (event,) = json.loads(within(client, "/id/occurrence/capture-of-the-il-76-crew"))["@graph"]

    assert set(event) <= {"@id", "@type", "name", "alternateName", "description", "url", "sameAs"}


def test_a_thing_of_no_kind_there_says_nothing(client: FlaskClient) -> None:
    """Schema.org has no passages."""
    page = client.get("/id/topic/terrorism", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert '<script type="application/ld+json">' not in page.text
