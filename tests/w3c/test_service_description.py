"""W3C: the service description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from .suite import Case, of_kind

if TYPE_CHECKING:
    from .client import Endpoint

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
#: Property to the class its subjects have, and the class its objects have when there is one.
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.feature: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.extensionFunction: (SD.Service, None),
    SD.propertyFeature: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}


@pytest.fixture(scope="module")
def description(endpoint: Endpoint) -> Graph:
    """Return what a GET on the endpoint says."""
    answer = endpoint.send("GET", endpoint.sparql, headers={"Accept": "text/turtle"})
    assert answer.status == 200
    assert answer.media_type == "text/turtle"
    return Graph().parse(answer.body, format="turtle")


@pytest.mark.parametrize("case", of_kind("ServiceDescriptionTest"), ids=lambda case: case.label)
def test_service_description(case: Case, description: Graph, endpoint: Endpoint) -> None:
    """A GET on the endpoint returns RDF, with the true address, in terms of the vocabulary."""
    checks = {
        "returns-rdf": lambda: len(description) > 0,
        "has-endpoint-triple": lambda: (None, SD.endpoint, URIRef(endpoint.sparql)) in description,
        "conforms-to-schema": lambda: violations(description) == [],
    }

    assert checks[case.iri.rpartition("#")[2]]()


def violations(graph: Graph) -> list[str]:
    """Return the triples that break the vocabulary's schema."""
    if (None, RDF.type, SD.Service) not in graph:
        return ["no sd:Service"]
    found = []
    for s, p, o in graph:
        if not str(p).startswith(str(SD)):
            continue
        domain, value = SCHEMA.get(p, (None, None))  # type: ignore[call-overload]
        if domain is None or (s, RDF.type, domain) not in graph:
            found.append(f"{s} {p} {o}")
        if value is not None and (o, RDF.type, value) not in graph:
            found.append(f"{o} is no {value}")
    return found
