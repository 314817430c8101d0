"""W3C: the SPARQL Protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .http_cases import exchanges, graph_data
from .suite import Case, of_kind

if TYPE_CHECKING:
    from .client import Endpoint

FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {
        "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json",
        "application/n-quads",
    },
}  # fmt: skip


@pytest.mark.parametrize("case", of_kind("ProtocolTest"), ids=lambda case: case.label)
def test_protocol(case: Case, endpoint: Endpoint) -> None:
    """Each request of the test has a status, a format and a truth value it may have."""
    endpoint.clear()
    for name, iri in graph_data(case):
        endpoint.load(iri, name)

    for exchange in exchanges(case):
        url = exchange.path.replace("/sparql/", endpoint.sparql, 1)
        if "update" in case.name and exchange.headers.get("content-type", "") != (
            "application/sparql-query"
        ):
            url = exchange.path.replace("/sparql/", endpoint.update, 1)
        answer = endpoint.send(exchange.method, url, exchange.body, exchange.headers)

        assert exchange.allows(answer.status), (exchange, answer)
        if exchange.format:
            assert answer.media_type in FORMATS[exchange.format]
        if exchange.boolean:
            assert truth(answer.media_type, answer.body) == (exchange.boolean == "true")


def truth(media_type: str, body: bytes) -> bool:
    """Return the answer to an ASK."""
    if media_type == "application/sparql-results+json":
        return bool(json.loads(body)["boolean"])
    return b"<boolean>true</boolean>" in body
