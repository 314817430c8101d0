"""The description counts what is there, and keeps the licence apart from the articles' rights."""

from __future__ import annotations

import hashlib
import warnings
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF

from parley.namespaces import DCAT_NS, GRAPH, PL, PLID, SCHEMA, VOID
from parley.publishing import dumps, void

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from rdflib.term import Node


@pytest.fixture(scope="module")
def description(nquads: bytes) -> Graph:
    """Its description."""
    files = {f"dump.{d.ending}": dumps.make(nquads, d.media_type) for d in dumps.DUMPS}
    return void.describe(nquads, base_url="http://e/", version="v1", files=files)


def number(graph: Graph, subject: Node, prop: Node) -> int:
    """Return the one number that a property gives."""
    (value,) = graph.objects(subject, prop)
    return int(str(value))


def test_the_dataset_is_counted_truly(description: Graph, dataset: Graph) -> None:
    """Triples, subjects, objects, classes and properties are those rdflib counts."""
    counted = {p: number(description, void.DATASET, p) for p in (
        VOID.triples, VOID.distinctSubjects, VOID.distinctObjects, VOID.classes, VOID.properties,
    )}  # fmt: skip

    assert counted == {
        VOID.triples: len(dataset),
        VOID.distinctSubjects: len(set(dataset.subjects())),
        VOID.distinctObjects: len(set(dataset.objects())),
        VOID.classes: len({o for o in dataset.objects(None, RDF.type) if isinstance(o, URIRef)}),
        VOID.properties: len(set(dataset.predicates())),
    }


def test_a_class_is_counted_by_its_instances(description: Graph, dataset: Graph) -> None:
    """The partition of claims has as many entities as there are claims."""
    (part,) = description.subjects(VOID["class"], PL.Claim)

    assert number(description, part, VOID.entities) == len(
        set(dataset.subjects(RDF.type, PL.Claim))
    )


def test_a_property_is_counted_by_its_triples(description: Graph, dataset: Graph) -> None:
    """The partition of claimant has as many triples as the dataset."""
    (part,) = description.subjects(VOID.property, PL.claimant)

    assert number(description, part, VOID.triples) == len(set(dataset.subject_objects(PL.claimant)))


#: What the description counts, by what the endpoint counts.
COUNTS = {
    "class": "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x FILTER(ISIRI(?x)) } GROUP BY ?x",
    "property": "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x",
    "graph": "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x",
    "whole": "SELECT ('triples' AS ?x) (COUNT(*) AS ?n) { ?s ?p ?o }",
    "subjects": "SELECT ('subjects' AS ?x) (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
}


def counted(client: FlaskClient, name: str) -> dict[str, int]:
    """Ask the endpoint to count."""
    answer = client.get("/sparql", query_string={"query": COUNTS[name], "format": "json"})
    rows = answer.get_json()["results"]["bindings"]
    return {row["x"]["value"]: int(row["n"]["value"]) for row in rows}


def test_every_number_is_what_the_endpoint_counts(client: FlaskClient) -> None:
    """Each partition by class and property, each graph, and the whole.

    Distinct objects are those of the dump, where a number of two types is two terms.
    """
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")

    def partitions(prop: Node, number_of: Node) -> dict[str, int]:
        return {str(o): number(graph, s, number_of) for s, o in graph.subject_objects(prop)}

    described = {str(part) for part in graph.objects(void.DATASET, VOID.subset)
                 if (part, RDF.type, VOID.Linkset) not in graph}  # fmt: skip

    assert partitions(VOID["class"], VOID.entities) == counted(client, "class")
    assert partitions(VOID.property, VOID.triples) == counted(client, "property")
    assert {name: number(graph, URIRef(name), VOID.triples) for name in described} == counted(
        client, "graph"
    )
    assert counted(client, "whole") | counted(client, "subjects") == {
        "triples": number(graph, void.DATASET, VOID.triples),
        "subjects": number(graph, void.DATASET, VOID.distinctSubjects),
    }


def test_drafts_are_counted_apart(nquads: bytes, description: Graph) -> None:
    """A graph of drafts is described, and no part of the numbers of the whole."""
    name = "https://w3id.org/parley/graph/drafts/x"
    draft = f"<http://e/s> <http://e/p> <http://e/o> <{name}> .\n"
    graph = void.describe(nquads + draft.encode(), files={})

    assert number(graph, URIRef(name), VOID.triples) == 1
    assert number(graph, void.DATASET, VOID.triples) == number(
        description, void.DATASET, VOID.triples
    )


def test_each_graph_is_a_subset_with_its_size(description: Graph, graphs: dict[str, Graph]) -> None:
    """Every named graph is described with the number of its triples."""
    found = {
        str(part): number(description, part, VOID.triples)
        for part in description.objects(void.DATASET, VOID.subset)
        if (part, RDF.type, VOID.Linkset) not in description
    }

    assert found == {name: len(graph) for name, graph in graphs.items()}


def test_links_are_counted_by_where_they_lead(description: Graph, graphs: dict[str, Graph]) -> None:
    """The link sets name Wikidata and GeoNames with as many links as the tables have, no other."""
    linksets = list(description.subjects(RDF.type, VOID.Linkset))
    found = {
        str(description.value(linkset, VOID.objectsTarget)): number(
            description, linkset, VOID.triples
        )
        for linkset in linksets
    }
    links = [str(o) for o in graphs[str(GRAPH.links)].objects(None, SCHEMA.sameAs)]

    assert found == {
        "https://www.wikidata.org/": sum("wikidata" in link for link in links),
        "https://sws.geonames.org/": sum("geonames" in link for link in links),
    }
    assert {description.value(s, VOID.linkPredicate) for s in linksets} == {SCHEMA.sameAs}


def test_the_licence_is_not_that_of_the_article(description: Graph) -> None:
    """The data are under CC BY 4.0; the article is a source with rights of its own."""
    article = PLID["document/iras-3036"]

    assert set(description.objects(void.DATASET, DCTERMS.license)) == {void.LICENCE}
    assert (void.DATASET, DCTERMS.source, article) in description
    assert "belongs to IRAS" in str(description.value(article, DCTERMS.rights))
    assert description.value(article, DCTERMS.license) is None


def test_each_dump_has_its_size_and_checksum(description: Graph, nquads: bytes) -> None:
    """A distribution says how many bytes and which digest to expect."""
    dump = URIRef("http://e/dump.nq")
    checksum = description.value(dump, void.SPDX.checksum)

    assert number(description, dump, DCAT_NS.byteSize) == len(nquads)
    assert str(description.value(checksum, void.SPDX.checksumValue)) == (
        hashlib.sha256(nquads).hexdigest()
    )


def test_the_server_describes_itself(client: FlaskClient) -> None:
    """/.well-known/void is Turtle with the endpoint's address and the version of the data."""
    answer = client.get("/.well-known/void")
    graph = Graph().parse(data=answer.data, format="turtle")

    assert answer.mimetype == "text/turtle"
    assert str(graph.value(void.DATASET, VOID.sparqlEndpoint)).endswith("/sparql")
    assert isinstance(graph.value(void.DATASET, DCAT_NS.version), Literal)


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld"),
     ("application/rdf+xml", "xml"), ("", "turtle")],
)  # fmt: skip
def test_the_description_is_negotiated(client: FlaskClient, accept: str, parser: str) -> None:
    """Every format of RDF says the same, and caches are told that Accept decides."""
    turtle = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    answer = client.get("/.well-known/void", headers={"Accept": accept} if accept else {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = Graph().parse(data=answer.text, format=parser)

    assert "Accept" in answer.headers["Vary"]
    assert isomorphic(graph, turtle)


def test_what_the_description_is_about_leads_to_it(client: FlaskClient) -> None:
    """The IRIs of the dataset and of its link sets are answered by 303; others are unknown."""
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    linksets = [s for s in graph.subjects(RDF.type, VOID.Linkset) if isinstance(s, URIRef)]

    for iri in [void.DATASET, *linksets]:
        path = iri.removeprefix("https://w3id.org/parley")
        data = client.get(path, headers={"Accept": "text/turtle"})
        assert data.status_code == 303
        assert (iri, None, None) in Graph().parse(
            data=client.get(data.headers["Location"]).data, format="turtle"
        )
        assert client.get(path, headers={"Accept": "text/html"}).headers["Location"] == "/"
    assert client.get("/linkset/sameAs-nowhere").status_code == 404
