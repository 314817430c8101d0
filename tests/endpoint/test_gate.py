"""Writes to a home's data are judged by its shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SH, Graph

from parley.config import Settings
from parley.endpoint.gate import make_gate
from parley.engine.live import LiveEngine
from parley.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from parley.home import Home

PREFIXES = "PREFIX pl: <https://w3id.org/parley/ns#> PREFIX plid: <https://w3id.org/parley/id/> "
BAD = PREFIXES + "INSERT DATA { <https://w3id.org/parley/id/claim/x/1a> a pl:Claim }"


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
