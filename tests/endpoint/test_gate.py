"""Writes to a home's data are judged by its shapes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SH, XSD, Graph, Literal, URIRef

from parley.config import Settings
from parley.endpoint.gate import make_gate, read_judged
from parley.engine.live import LiveEngine
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from parley.build.pipeline import BuildResult
    from parley.home import Home

PREFIXES = "PREFIX pl: <https://w3id.org/parley/ns#> PREFIX plid: <https://w3id.org/parley/id/> "
BAD = PREFIXES + "INSERT DATA { <https://w3id.org/parley/id/claim/x/1a> a pl:Claim }"

#: Another name of an entity that is there.
GOOD = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { GRAPH <https://w3id.org/parley/graph/entities> {
  <https://w3id.org/parley/id/actor/russia> skos:altLabel 'an alias'@en } }"""


@pytest.fixture
def gated(home: Home) -> Iterator[FlaskClient]:
    """A client of an empty writable endpoint behind the shapes of the project."""
    settings = Settings(writable=True)
    with LiveEngine.temporary(settings, validate=make_gate(home)) as engine:
        yield create_app(engine, settings, home).test_client()


def update(client: FlaskClient, text: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    """Send an update."""
    response = client.post(
        "/sparql", data=text, content_type="application/sparql-update", headers={"Accept": accept}
    )
    return response.status_code, response.headers.get("Content-Type", ""), response.data


def test_a_write_that_breaks_the_shapes_is_refused_with_the_report(gated: FlaskClient) -> None:
    """422, the violations in words, the report as RDF, and nothing written."""
    status, media_type, body = update(gated, BAD)
    _, turtle_type, turtle = update(gated, BAD, "text/turtle")
    exists = gated.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"}).get_json(force=True)

    assert (status, media_type) == (422, "application/problem+json")
    assert b"claim" in body
    assert turtle_type.startswith("text/turtle")
    report = Graph().parse(turtle, format="turtle")
    assert (None, RDF.type, SH.ValidationReport) in report
    assert (None, RDF.type, SH.ValidationResult) in report
    assert exists["boolean"] is False


def test_a_write_that_keeps_to_the_shapes_is_done(gated: FlaskClient) -> None:
    """What no shape forbids is written."""
    owl = "PREFIX owl: <http://www.w3.org/2002/07/owl#> "

    status, _, _ = update(gated, owl + "INSERT DATA { <http://e/new> a owl:Ontology }")

    exists = gated.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"}).get_json(force=True)
    assert status == 204
    assert exists["boolean"] is True


def test_the_projects_own_graph_can_be_written_to(built: BuildResult, home: Home) -> None:
    """The served dataset passes its own gate; what breaks it is refused, with only that named."""
    settings = Settings(writable=True)
    start = built.generation.dataset

    with LiveEngine.temporary(settings, initial=start, validate=make_gate(home)) as engine:
        client = create_app(engine, settings, home).test_client()
        refused, _, body = update(client, BAD)
        done, _, said = update(client, GOOD)
        exists = client.get("/sparql", query_string={"query": "ASK { ?s ?p 'an alias'@en }"})

    assert (refused, done) == (422, 204), said
    results = json.loads(body)["results"]
    assert results
    assert [line for line in results if "claim/x/1a" not in line] == []
    assert exists.get_json(force=True)["boolean"] is True


NS = "https://w3id.org/parley/ns#"
GRAPHS = "https://w3id.org/parley/graph/"
RANGE = "<http://www.w3.org/2000/01/rdf-schema#range>"
INTEGER = f"<{XSD.integer}>"


def test_what_a_build_does_not_validate_the_gate_does_not_either() -> None:
    """Views, drafts and provenance are left out; triples that name them are not."""
    lines = [
        f"<a:1> <a:p> <{GRAPHS}view/x> .",
        *(
            f"<a:{number}> <a:p> <a:o> <{GRAPHS}{name}> ."
            for number, name in enumerate(("entities", "view/x", "drafts/x", "provenance"), 2)
        ),
        "<a:9> <a:p> <<( <a:s> <a:p> <a:o> )>> <a:g> .",
    ]

    graph = read_judged("\n".join(lines).encode("utf-8"))

    assert set(graph.subjects()) == {URIRef("a:1"), URIRef("a:2")}


@pytest.mark.parametrize("number", ["0", "5", "-1", "9" * 5000])
def test_numbers_are_judged_as_plain_integers(number: str) -> None:
    """Those of a derived type are so in the store, and the shapes want no other."""
    datatype = XSD.integer if number.startswith(("-", "9")) else XSD.nonNegativeInteger
    line = f'<a:s> <a:p> "{number}"^^<{datatype}> <a:g> .'

    graph = read_judged(line.encode("utf-8"))

    assert list(graph.objects(URIRef("a:s"))) == [Literal(number, datatype=XSD.integer)]
