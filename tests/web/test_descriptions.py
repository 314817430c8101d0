"""A thing as data is all that it is said to be and a page of what points at it, never more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, BNode, Graph, URIRef

from parley.config import Settings
from parley.corpus import queries
from parley.engine.convert import serialise
from parley.engine.live import LiveEngine
from parley.web import descriptions
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from parley.home import Home

BASE = "https://w3id.org/parley"
HUB = f"{BASE}/id/actor/hub"
POINTING = 10_000
GRAPH = f"<{BASE}/graph/entities>"
#: A thing with blank nodes in blank nodes, a list of them among it, and one that leads in a circle.
NESTED = f"""
<{BASE}/id/topic/nested> <http://e/p> [
    <http://e/list> ( [ <http://e/in> [ <http://e/deep> ( "a" [ <http://e/last> "z" ] ) ] ] "b" ) ;
    <http://e/other> <http://e/iri>
] , _:round .
_:round <http://e/back> _:round , <{BASE}/id/topic/nested> .
<http://e/iri> <http://e/p> "of another" .
[] <http://e/points> <{BASE}/id/topic/nested> .
"""


@pytest.fixture(scope="module")
def hub(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an application over a thing at which very many others point, and a nested one."""
    path = tmp_path_factory.mktemp("hub") / "hub.nq"
    lines = [f"<{HUB}> <http://e/p{n}> <http://e/o> {GRAPH} .\n" for n in range(3)]
    lines += [f"<{BASE}/id/claim/x/{n}> <http://e/about> <{HUB}> {GRAPH} .\n" for n in
              range(POINTING)]  # fmt: skip
    nested = ox.serialize(ox.parse(NESTED, ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    lines += [line.removesuffix(b".").decode() + f"{GRAPH} .\n" for line in
              (nested or b"").splitlines()]  # fmt: skip
    path.write_text("".join(lines), encoding="utf-8")
    settings = Settings(client_concurrency=100, workers=1)
    with LiveEngine.temporary(settings, initial=path) as engine:
        yield create_app(engine, settings, home).test_client()


def links(answer: TestResponse) -> dict[str, str]:
    """Return the addresses of the pages beside an answer, by relation."""
    found = re.findall(r'<([^>]*)>; rel="(next|prev)"', answer.headers["Link"])
    return {rel: address for address, rel in found}


def walk(client: FlaskClient, address: str, **headers: str) -> list[Graph]:
    """Follow rel=next from an address; return each page, read."""
    pages = []
    while address:
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        pages.append(Graph().parse(data=answer.data, format="turtle"))
        address = links(answer).get("next", "")
    return pages


def test_a_hub_is_described_page_by_page(hub: FlaskClient) -> None:
    """Every page is small, no triple is on two, and together they are all there is."""
    pages = walk(hub, "/id/actor/hub.ttl")
    union = sum(pages, Graph())

    assert len(pages) == POINTING // descriptions.INCOMING
    assert max(map(len, pages)) <= descriptions.INCOMING + 3
    assert sum(map(len, pages)) == len(union) == POINTING + 3
    assert set(pages[0].triples((URIRef(HUB), None, None))) == set(
        union.triples((URIRef(HUB), None, None))
    )


def test_pages_are_found_by_accept_as_well(hub: FlaskClient) -> None:
    """The next page is at the same address with page=, in the same format."""
    second = hub.get("/id/actor/hub?page=2", headers={"Accept": "text/turtle"})

    assert second.mimetype == "text/turtle"
    assert links(second) == {"prev": "/id/actor/hub", "next": "/id/actor/hub?page=3"}
    assert links(hub.get("/id/actor/hub.nt?page=10")) == {"prev": "/id/actor/hub.nt?page=9"}


def test_there_is_no_page_after_the_last(hub: FlaskClient) -> None:
    """It is not found, and no empty graph."""
    assert hub.get("/id/actor/hub.ttl?page=11").status_code == 404


def test_what_fits_has_one_page(client: FlaskClient) -> None:
    """Nothing in this article is a hub of that size."""
    assert links(client.get("/id/actor/russia.ttl")) == {}


def test_blank_nodes_come_with_what_they_hold(hub: FlaskClient) -> None:
    """Lists and nests too; nothing of another IRI's comes along, a circle ends."""
    found = Graph().parse(data=hub.get("/id/topic/nested.ttl").data, format="turtle")
    texts = {str(o) for o in found.objects() if not isinstance(o, BNode | URIRef)}
    dangling = {o for o in found.objects() if isinstance(o, BNode)} - set(found.subjects())

    assert texts == {"a", "b", "z"}
    assert not dangling
    assert len(list(found.subjects(RDF.first))) == 4
    assert (URIRef("http://e/iri"), None, None) not in found
    assert (None, URIRef("http://e/points"), None) not in found


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf"])
def test_blank_nodes_have_the_same_names_each_time(hub: FlaskClient, ending: str) -> None:
    """So that the same description has the same entity tag."""
    hub.application.extensions["parley"].pages.clear()
    first = hub.get(f"/id/topic/nested.{ending}").headers["ETag"]
    hub.application.extensions["parley"].pages.clear()
    hub.application.extensions["parley"].views.forget()

    assert hub.get(f"/id/topic/nested.{ending}").headers["ETag"] == first


def test_a_claim_is_described_with_what_points_at_it(client: FlaskClient) -> None:
    """Both directions, as the whole data have them."""
    this = URIRef(f"{BASE}/id/claim/iras-3036/5a")
    whole = Graph().parse(data=client.get("/dump.ttl").data, format="turtle")
    found = Graph().parse(data=client.get("/id/claim/iras-3036/5a.ttl").data, format="turtle")

    assert set(found) == {*whole.triples((this, None, None)), *whole.triples((None, None, this))}


def test_every_term_of_the_ontology_is_described_whole(client: FlaskClient, home: Home) -> None:
    """The depth to which blank nodes are followed is enough for each class expression here."""
    dump = client.get("/dump.nq").data
    whole = Graph().parse(data=serialise(dump, "application/n-triples", {}), format="nt")
    store = ox.Store()
    store.load(dump, format=ox.RdfFormat.N_QUADS)
    query = queries.read(home.queries / "views" / "entity.rq")
    terms = {s for s in whole.subjects(RDF.type, OWL.Class) if isinstance(s, URIRef)}
    sizes = {}
    for term in terms:
        text = queries.bind(query, {"this": term})
        found = store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QueryTriples)
        sizes[term] = len(list(found))

    assert len(terms) > 60
    assert sizes == {term: len(whole.cbd(term)) for term in terms}
